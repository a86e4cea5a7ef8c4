"""The journal: every write is one transaction and one entry, which can be read again and taken back."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from types import MappingProxyType

from followup.errors import NotFoundError
from followup.store.convert import Parameters, Row, SqlValue, id_list
from followup.store.database import Database, begin, roll_back
from followup.store.failures import translated, unwritable
from followup.store.schema import FACT_TABLES
from followup.store.values import HistoryEntry, Reverted, Undone

_NEXT_ENTRY = "SELECT coalesce(max(id), 0) + 1 FROM journal_entry"
_OPEN_ENTRY = "INSERT INTO journal_open (id, entry_id) VALUES (1, ?)"
_CLOSE_ENTRY = "DELETE FROM journal_open"
_HAS_ROWS = "SELECT 1 FROM journal WHERE entry_id = ? LIMIT 1"
_KEEP_ENTRY = "INSERT INTO journal_entry (id, at, command, summary, undoes) VALUES (?, ?, ?, ?, ?)"

_LAST_NUMBER = "SELECT seq FROM sqlite_sequence WHERE name = ?"

_HISTORY = """
    SELECT entry.id, entry.at, entry.command, entry.summary, entry.undoes,
           EXISTS (SELECT 1 FROM journal_entry AS later WHERE later.undoes = entry.id) AS undone
    FROM journal_entry AS entry
    WHERE :customer_id IS NULL
       OR entry.id IN (SELECT entry_id FROM journal WHERE customer_id = :customer_id)
       OR entry.id IN (SELECT entry_id FROM journal WHERE customer_id IN (
            SELECT gone.row_id FROM journal_entry AS merge JOIN journal AS gone ON gone.entry_id = merge.id
            WHERE merge.command = 'merge' AND gone.table_name = 'customer' AND gone.op = 'delete'
              AND json_extract(gone.old, '$.key') IN (SELECT key FROM alias WHERE customer_id = :customer_id)))
    ORDER BY entry.id DESC
    LIMIT :limit
    """
_NEWEST = """
    SELECT entry.id, entry.at, entry.command, entry.summary, entry.undoes, 0 AS undone
    FROM journal_entry AS entry
    WHERE entry.undoes IS NULL AND NOT EXISTS (SELECT 1 FROM journal_entry AS later
    WHERE later.undoes = entry.id)
    ORDER BY entry.id DESC
    LIMIT 1
    """
_NEWEST_IMPORT = """
    SELECT entry.id, entry.at, entry.command, entry.summary, entry.undoes, 0 AS undone
    FROM journal_entry AS entry
    WHERE (entry.command = 'import' OR entry.command LIKE 'import %') AND entry.undoes IS NULL
      AND NOT EXISTS (SELECT 1 FROM journal_entry AS later WHERE later.undoes = entry.id)
    ORDER BY entry.id DESC
    LIMIT 1
    """
_ROWS_BACKWARDS = """
    SELECT id, table_name, row_id, op, old FROM journal INDEXED BY journal_by_entry
    WHERE entry_id = :entry AND id < :before
      AND (:customers IS NULL OR customer_id IN (SELECT value FROM json_each(:customers)))
    ORDER BY id DESC
    LIMIT :most
    """
# What later entries did to the customers of an entry and nothing has taken back. An entry is taken back for a customer
# by whatever took back it, or one before it, afterwards and changed that customer.
_STANDING = """
    SELECT DISTINCT journal.entry_id, journal.customer_id
    FROM journal INDEXED BY journal_by_customer JOIN journal_entry AS entry ON entry.id = journal.entry_id
    WHERE journal.customer_id IN (SELECT customer_id FROM journal WHERE entry_id = :entry)
      AND journal.customer_id IS NOT NULL AND journal.entry_id > :entry AND entry.undoes IS NULL
      AND NOT EXISTS (
            SELECT 1 FROM journal_entry AS counter
            WHERE counter.id > journal.entry_id AND counter.undoes <= journal.entry_id
              AND EXISTS (SELECT 1 FROM journal AS back
                          WHERE back.customer_id = journal.customer_id AND back.entry_id = counter.id))
    ORDER BY journal.entry_id DESC, journal.customer_id
    """
_ALL_CUSTOMERS_OF_ENTRY = """
    SELECT DISTINCT customer_id FROM journal WHERE entry_id = ? AND customer_id IS NOT NULL ORDER BY customer_id
    """
_STILL_THERE = "SELECT id FROM customer WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id"
_CUSTOMERS_OF_ENTRY = """
    SELECT id FROM customer WHERE id IN (SELECT customer_id FROM journal WHERE entry_id = ?) ORDER BY id
    """
_CUSTOMERS_NOT_NEW = """
    SELECT id FROM customer
    WHERE id IN (SELECT customer_id FROM journal WHERE entry_id = :entry)
      AND id NOT IN (SELECT row_id FROM journal
                     WHERE entry_id = :entry AND table_name = 'customer' AND op = 'insert')
    ORDER BY id
    """


_CHUNK = 10_000
_LAST = 2**63 - 1  # no row of the journal has this number


@dataclass(slots=True, kw_only=True)
class Entry:
    """The journal entry of the running write; set `summary` (ids and counts, no customer text) meanwhile."""

    id: int
    command: str
    at: datetime
    summary: str = ""
    undoes: int | None = None


class Journal(Database):
    """Transactions with their history."""

    _entry: Entry | None = None

    @contextmanager
    def write(
        self, *, command: str, now: datetime, dry_run: bool = False, patience: float | None = None
    ) -> Iterator[Entry]:
        """One transaction and one journal entry: kept on leaving, gone after any exception or with `dry_run`.

        `now` is an instant with a zone; `patience` is how many seconds to wait for the lock, if not as long as
        usual. An entry in which no fact changed is not kept. Raises BusyError when another process writes for too
        long, DataFileError when the file cannot be written or the disk is full.
        """
        if self._entry is not None:
            raise RuntimeError("a write cannot begin inside another")
        if not self.writable:
            raise unwritable(self.path)
        if now.tzinfo is None:
            raise ValueError("an instant needs a zone")
        try:
            with translated(self.path):
                begin(self._connection, self._timeout if patience is None else patience)
                number = self._connection.execute(_NEXT_ENTRY).fetchone()[0]
                self._connection.execute(_OPEN_ENTRY, (number,))
            self._entry = Entry(id=number, command=command, at=now.astimezone(UTC))
            yield self._entry
            if not dry_run:
                self._keep(self._entry)
        finally:
            self._entry = None
            with translated(self.path):
                roll_back(self._connection)

    def _keep(self, entry: Entry) -> None:
        if self._first(_HAS_ROWS, (entry.id,)):
            at = entry.at.isoformat(timespec="seconds")
            self._run(_KEEP_ENTRY, (entry.id, at, entry.command, entry.summary, entry.undoes))
        self._run(_CLOSE_ENTRY)
        self._run("COMMIT")

    def _write_only(self) -> Entry:
        """The running entry; a change outside a write is a bug."""
        if self._entry is None:
            raise RuntimeError("a change belongs inside `with store.write(...)`")
        return self._entry

    def _change(self, sql: str, parameters: Parameters = ()) -> int:
        """Run one change and give how many rows it touched."""
        self._write_only()
        return self._run(sql, parameters).rowcount

    def _add(self, table: str, sql: str, rows: Sequence[Row]) -> list[int]:
        """Insert rows and give their numbers: a number of 0 is replaced by the next one of the table."""
        self._write_only()
        last = self._first(_LAST_NUMBER, (table,))
        highest: int = last["seq"] if last else 0
        numbers = []
        for row in rows:
            number = int(row["id"] or highest + 1)
            highest = max(highest, number)
            row["id"] = number
            numbers.append(number)
        self._run_many(sql, rows)
        return numbers

    def history(self, *, limit: int = 50, customer_id: int | None = None) -> list[HistoryEntry]:
        """What was written, newest first; with `customer_id`, what touched this customer, or who was merged into it."""
        return [_entry_from(row) for row in self._all(_HISTORY, {"limit": limit, "customer_id": customer_id})]

    def touched_by_undo(self) -> list[int]:
        """The customers whom the next undo changes and does not take away; none when there is nothing to undo."""
        newest = self._first(_NEWEST)
        return [row["id"] for row in self._all(_CUSTOMERS_NOT_NEW, {"entry": newest["id"]})] if newest else []

    def undo(self) -> Undone:
        """Take back the newest entry that can be taken back, inside a write, which becomes its counterpart.

        An undo is not taken back: the one before it is next. Raises NotFoundError when there is nothing.
        """
        running = self._write_only()
        newest = self._first(_NEWEST)
        if newest is None:
            raise NotFoundError("There is nothing to undo.", hint="followup history")
        entry = _entry_from(newest)
        running.undoes = entry.id
        counts: Counter[str] = Counter()
        for later, group in groupby(self._standing(entry.id), key=lambda each: each[0]):
            counts += self._take_back_entry(later, [customer_id for _, customer_id in group])
        counts += self._take_back_entry(entry.id)
        touched = tuple(row["id"] for row in self._all(_CUSTOMERS_OF_ENTRY, (entry.id,)))
        return Undone(entry=entry, customer_ids=touched, counts=MappingProxyType(dict(counts)))

    def touched_by_revert(self) -> list[int]:
        """The customers whom the newest import changed and did not bring in; none when there is no import."""
        newest = self._first(_NEWEST_IMPORT)
        return [row["id"] for row in self._all(_CUSTOMERS_NOT_NEW, {"entry": newest["id"]})] if newest else []

    def revert_import(self) -> Reverted:
        """Take back the newest import that was not taken back, inside a write, which becomes its counterpart.

        Customers whom later commands changed that still stand are left as they are, with everything of theirs; texts
        of playbooks stay. Raises NotFoundError when there is no import, or only one of which nothing can go.
        """
        running = self._write_only()
        newest = self._first(_NEWEST_IMPORT)
        if newest is None:
            raise NotFoundError("There is no import to take back.", hint="followup history")
        entry = _entry_from(newest)
        left = dict.fromkeys(customer_id for _, customer_id in self._standing(entry.id))
        customers = [row["customer_id"] for row in self._all(_ALL_CUSTOMERS_OF_ENTRY, (entry.id,))]
        free = [customer_id for customer_id in customers if customer_id not in left]
        counts = self._take_back_entry(entry.id, free)
        running.undoes = entry.id
        return Reverted(
            entry=entry,
            customer_ids=tuple(row["id"] for row in self._all(_STILL_THERE, (id_list(free),))),
            customers_count=len(free),
            counts=MappingProxyType(dict(counts)),
            left=tuple(sorted(left)),
        )

    def _standing(self, entry_id: int) -> list[tuple[int, int]]:
        """Later entries, the newest first, with customers of this one whom they changed and who were not taken back.

        For the newest entry that is not taken back these are imports that were taken back in part.
        """
        return [(row["entry_id"], row["customer_id"]) for row in self._all(_STANDING, {"entry": entry_id})]

    def _take_back_entry(self, entry_id: int, customer_ids: Collection[int] | None = None) -> Counter[str]:
        """Do the opposite of an entry, or of what it did to these customers; gives rows by table."""
        counts: Counter[str] = Counter()
        before = _LAST
        wanted = {"entry": entry_id, "customers": None if customer_ids is None else id_list(customer_ids)}
        while rows := self._all(_ROWS_BACKWARDS, {**wanted, "before": before, "most": _CHUNK}):
            for (table, op), run in groupby(rows, key=lambda row: (row["table_name"], row["op"])):
                counts[table] += self._take_back(table, op, list(run))
            before = rows[-1]["id"]
        return counts

    def _take_back(self, table: str, op: str, rows: list[Row]) -> int:
        """Do the opposite of some changes of one table, the last one first."""
        if op == "insert":
            self._run_many(_delete(table), [(row["row_id"],) for row in rows])
            return len(rows)
        for row in rows:
            old: dict[str, SqlValue] = json.loads(row["old"])
            if op == "update":
                self._run(_update(table, tuple(old)), (*old.values(), row["row_id"]))
            else:
                self._run(_insert(table, tuple(old)), tuple(old.values()))
        return len(rows)


def _entry_from(row: Row) -> HistoryEntry:
    return HistoryEntry(
        id=row["id"],
        at=datetime.fromisoformat(row["at"]),
        command=row["command"],
        summary=row["summary"],
        undone=bool(row["undone"]),
        undoes=row["undoes"],
    )


# Which table and columns an undo writes is read from the journal: names, checked before they become SQL.


def _delete(table: str) -> str:
    if table == "playbook":  # a sale that an import left behind may follow it still
        return "DELETE FROM playbook WHERE id = ? AND NOT EXISTS (SELECT 1 FROM sale WHERE playbook_id = playbook.id)"
    return f"DELETE FROM {_table(table)} WHERE id = ?"  # noqa: S608 - a checked name


def _update(table: str, columns: tuple[str, ...]) -> str:
    changes = ", ".join(f"{_column(column)} = ?" for column in columns)
    return f"UPDATE {_table(table)} SET {changes} WHERE id = ?"  # noqa: S608 - checked names


def _insert(table: str, columns: tuple[str, ...]) -> str:
    names = ", ".join(_column(column) for column in columns)
    places = ", ".join("?" for _ in columns)
    return f"INSERT INTO {_table(table)} ({names}) VALUES ({places})"  # noqa: S608 - checked names


def _table(name: str) -> str:
    if name not in FACT_TABLES:
        raise ValueError(f"the journal names a table that holds no facts: {name!r}")
    return name


def _column(name: str) -> str:
    if not name.isidentifier():
        raise ValueError(f"the journal names a column that cannot exist: {name!r}")
    return name
