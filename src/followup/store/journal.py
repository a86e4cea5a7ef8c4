"""The journal: every write is one transaction and one entry, which can be read again and taken back."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from types import MappingProxyType

from followup.errors import NotFoundError
from followup.store.convert import SqlValue, id_list
from followup.store.database import Database, begin, roll_back
from followup.store.failures import translated, unwritable
from followup.store.schema import FACT_TABLES
from followup.store.values import HistoryEntry, Undone

_NEXT_ENTRY = "SELECT coalesce(max(id), 0) + 1 FROM journal_entry"
_OPEN_ENTRY = "INSERT INTO journal_open (id, entry_id) VALUES (1, ?)"
_CLOSE_ENTRY = "DELETE FROM journal_open"
_HAS_ROWS = "SELECT 1 FROM journal WHERE entry_id = ? LIMIT 1"
_KEEP_ENTRY = "INSERT INTO journal_entry (id, at, command, summary, undoes) VALUES (?, ?, ?, ?, ?)"

_HISTORY = """
    SELECT entry.id, entry.at, entry.command, entry.summary, entry.undoes,
           EXISTS (SELECT 1 FROM journal_entry AS later WHERE later.undoes = entry.id) AS undone
    FROM journal_entry AS entry
    WHERE :customer_id IS NULL OR entry.id IN (SELECT entry_id FROM journal WHERE customer_id = :customer_id)
    ORDER BY entry.id DESC
    LIMIT :limit
    """
_NEWEST = """
    SELECT entry.id, entry.at, entry.command, entry.summary, entry.undoes, 0 AS undone
    FROM journal_entry AS entry
    WHERE entry.undoes IS NULL AND NOT EXISTS (SELECT 1 FROM journal_entry AS later WHERE later.undoes = entry.id)
    ORDER BY entry.id DESC
    LIMIT 1
    """
_ROWS_BACKWARDS = "SELECT table_name, row_id, op, old FROM journal WHERE entry_id = ? ORDER BY id DESC"
_CUSTOMERS_OF_ENTRY = """
    SELECT id FROM customer WHERE id IN (SELECT customer_id FROM journal WHERE entry_id = ?) ORDER BY id
    """


@dataclass(slots=True, kw_only=True)
class Entry:
    """The journal entry of the running write; set `summary` (ids and counts, no customer text) before leaving."""

    id: int
    command: str
    at: datetime
    summary: str = ""
    undoes: int | None = None


class Journal(Database):
    """Transactions with their history."""

    _entry: Entry | None = None

    @contextmanager
    def write(self, *, command: str, now: datetime, dry_run: bool = False) -> Iterator[Entry]:
        """One transaction and one journal entry: kept on leaving, gone after any exception or with `dry_run`.

        `now` is an instant with a zone. An entry in which no fact changed is not kept. Raises BusyError when another
        process writes for too long, DataFileError when the file cannot be written or the disk is full.
        """
        if self._entry is not None:
            raise RuntimeError("a write cannot begin inside another")
        if not self.writable:
            raise unwritable(self.path)
        with translated(self.path):
            begin(self._connection, self._timeout)
            try:
                entry = Entry(
                    id=self._connection.execute(_NEXT_ENTRY).fetchone()[0], command=command, at=now.astimezone(UTC)
                )
                self._connection.execute(_OPEN_ENTRY, (entry.id,))
                self._entry = entry
                yield entry
                if not dry_run:
                    self._keep(entry)
            finally:
                self._entry = None
                roll_back(self._connection)

    def _keep(self, entry: Entry) -> None:
        run = self._connection.execute
        if run(_HAS_ROWS, (entry.id,)).fetchone():
            at = entry.at.isoformat(timespec="seconds")
            run(_KEEP_ENTRY, (entry.id, at, entry.command, entry.summary, entry.undoes))
        run(_CLOSE_ENTRY)
        run("COMMIT")

    def history(self, *, limit: int = 50, customer_id: int | None = None) -> list[HistoryEntry]:
        """What was written, newest first; with `customer_id`, what touched this customer."""
        return [_entry_from(row) for row in self._all(_HISTORY, {"limit": limit, "customer_id": customer_id})]

    def undo(self) -> Undone:
        """Take back the newest entry that can be taken back, inside a write, which becomes its counterpart.

        An undo is not taken back: the one before it is next. Raises NotFoundError when there is nothing.
        """
        assert self._entry is not None, "undo belongs inside a write"
        newest = self._first(_NEWEST)
        if newest is None:
            raise NotFoundError("There is nothing to undo.", hint="followup history")
        entry = _entry_from(newest)
        self._entry.undoes = entry.id
        counts: Counter[str] = Counter()
        rows = self._all(_ROWS_BACKWARDS, (entry.id,))
        for (table, op), run in groupby(rows, key=lambda row: (row["table_name"], row["op"])):
            counts[table] += self._take_back(table, op, list(run))
        touched = tuple(row["id"] for row in self._all(_CUSTOMERS_OF_ENTRY, (entry.id,)))
        return Undone(entry=entry, customer_ids=touched, counts=MappingProxyType(counts))

    def _take_back(self, table: str, op: str, rows: list[sqlite3.Row]) -> int:
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
