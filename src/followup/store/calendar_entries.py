"""What each calendar was told: stable entries, counted changes, one cancellation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from followup.store.convert import Row, chunks, id_list
from followup.store.journal import Journal

NOTHING = ""
"""The content of an entry that this calendar shows no more, or not yet. Its count goes on when it comes back."""

_TOLD = "SELECT uid, sequence, content, begins, changed_at FROM calendar_entry WHERE target = ? ORDER BY uid"
_KEEP = """
    INSERT INTO calendar_entry (target, uid, sequence, content, begins, changed_at)
    VALUES (:target, :uid, :sequence, :content, :begins, :changed_at)
    ON CONFLICT (target, uid) DO UPDATE
    SET sequence = excluded.sequence, content = excluded.content, begins = excluded.begins,
        changed_at = excluded.changed_at
    """
_FORGET = "DELETE FROM calendar_entry WHERE target = :target AND uid = :uid"
_SALE_KEYS = "SELECT id, key FROM sale WHERE id IN (SELECT value FROM json_each(?))"
_EVER_PLANNED = """
    SELECT sale_id, step, occurrence FROM touchpoint WHERE customer_id = :customer_id
    UNION
    SELECT dropped.sale_id, dropped.step, dropped.occurrence
    FROM dropped_touchpoint AS dropped JOIN sale ON sale.id = dropped.sale_id WHERE sale.customer_id = :customer_id
    ORDER BY 1, 2, 3
    """
_CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldEntry:
    """What a calendar was told about one touchpoint. `content` is a SHA-256, or NOTHING.

    `begins` is the day of an all-day entry, or a UTC instant; `changed_at` a UTC instant. A `sequence` of -1 says that
    the calendar is about to be told for the first time.
    """

    uid: str
    sequence: int
    content: str
    begins: date | datetime
    changed_at: datetime


class CalendarEntries(Journal):
    """The entries of calendars, a file, a pipe or a server each. No undo touches them: what went out is out."""

    def told_entries(self, target: str) -> dict[str, ToldEntry]:
        """What a calendar was told, by uid."""
        return {row["uid"]: _entry_from(row) for row in self._all(_TOLD, (target,))}

    def keep_told_entries(self, target: str, entries: Iterable[ToldEntry]) -> None:
        """Record what a calendar is told. Only inside a write."""
        self._write_only()
        for chunk in chunks(entries, _CHUNK):
            self._run_many(_KEEP, [_row_of(target, entry) for entry in chunk])

    def forget_told_entries(self, target: str, uids: Iterable[str]) -> None:
        """Forget what a calendar was never told in the end. Only inside a write."""
        self._write_only()
        for chunk in chunks(uids, _CHUNK):
            self._run_many(_FORGET, [{"target": target, "uid": uid} for uid in chunk])

    def sale_keys(self, sale_ids: Iterable[int]) -> dict[int, str]:
        """The keys of sales, which never change, by number."""
        return {row["id"]: row["key"] for row in self._all(_SALE_KEYS, (id_list(sale_ids),))}

    def ever_planned(self, customer_id: int) -> list[tuple[int, str, int]]:
        """Every touchpoint a customer has or once had in a plan: sale, step, occurrence."""
        rows = self._all(_EVER_PLANNED, {"customer_id": customer_id})
        return [(row["sale_id"], row["step"], row["occurrence"]) for row in rows]


def _entry_from(row: Row) -> ToldEntry:
    begins = row["begins"]
    return ToldEntry(
        uid=row["uid"],
        sequence=row["sequence"],
        content=row["content"],
        begins=datetime.fromisoformat(begins) if "T" in begins else date.fromisoformat(begins),
        changed_at=datetime.fromisoformat(row["changed_at"]),
    )


def _row_of(target: str, entry: ToldEntry) -> Row:
    begins = entry.begins
    return {
        "target": target,
        "uid": entry.uid,
        "sequence": entry.sequence,
        "content": entry.content,
        "begins": _instant(begins) if isinstance(begins, datetime) else begins.isoformat(),
        "changed_at": _instant(entry.changed_at),
    }


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
