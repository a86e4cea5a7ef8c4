"""Touchpoints as entries of a calendar, and what a calendar has to be told about them.

An entry has the same uid for ever: it is made of the number and the key of the sale, the step and the occurrence, which
neither a merge, an undo, a restored export nor an edited playbook changes. Its sequence grows whenever what it says
changes, and when it is cancelled or comes back.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import ClassVar
from uuid import UUID, uuid5

from followup.actions.context import Context
from followup.actions.questions import filled_questions
from followup.actions.results import Result
from followup.actions.views import due_view
from followup.files.ics import CANCELLED_SUMMARY, Entry, starts_at
from followup.store import DueRow
from followup.store.calendar_entries import NOTHING, ToldEntry

UID_DOMAIN = "@followup"
MEETING_MINUTES = 30  # how long an agreed time takes in the calendar
RINGS_BEFORE = 15  # minutes before an agreed time, where an alarm only names a time of day

ADDED, CHANGED, CANCELLED, UNCHANGED = "added", "changed", "cancelled", "unchanged"

_NAMESPACE = UUID("6b1f3f43-5b6a-5f0e-9a39-0c2a4fd2c6d1")


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarItem:
    """One entry in a result. `at` and `zone` are of an agreed time; `change` is what the calendar is told."""

    uid: str
    sequence: int
    change: str  # added, changed, cancelled or unchanged
    on: date
    at: time | None
    zone: str | None
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarResult(Result):
    """What a calendar was told (`calendar`, `calendar push`). `entries` counts open contacts, not cancellations.

    `path` is the file of a feed, `url` the calendar on a server. `left_count` entries on the server have the uid of one
    of ours and came from another data file; `failed_count` could not be written or removed there.
    """

    SCHEMA: ClassVar[str] = "followup.calendar/1"
    path: str | None = None
    url: str | None = None
    customer: str | None = None
    customer_key: str | None = None
    entries: int
    added: int
    changed: int
    cancelled: int
    unchanged: int
    left_count: int = 0
    failed_count: int = 0
    written: bool = False  # the bytes of the file, or anything on the server, changed
    items: tuple[CalendarItem, ...] = ()
    dry_run: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WallClock:
    """The clock by which times are agreed: of a named zone, or of this machine where that has no name."""

    zone: str = ""
    to_utc: Callable[[datetime], datetime] = lambda wall: wall.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """When entries ring: agreed times so many `minutes` before, all other contacts `at` a time of their day."""

    minutes: int
    at: time


def uid_of(sale_id: int, sale_key: str, step: str, occurrence: int) -> str:
    """The uid of a touchpoint, the same for ever."""
    return f"{uuid5(_NAMESPACE, json.dumps([sale_id, sale_key, step, occurrence]))}{UID_DOMAIN}"


def open_entries(
    context: Context, rows: Sequence[DueRow], *, clock: WallClock, changed_at: datetime, alarm: Alarm | None = None
) -> list[Entry]:
    """One entry for each due row, as if the calendar were told for the first time (sequence 0)."""
    keys = context.store.sale_keys({row.sale_id for row in rows})
    asks = filled_questions(context, rows)
    return [
        _entry(
            row,
            uid_of(row.sale_id, keys[row.sale_id], row.step, row.occurrence),
            asks[row.touchpoint_id],
            clock=clock,
            changed_at=changed_at,
            alarm=alarm,
        )
        for row in rows
    ]


def _entry(
    row: DueRow, uid: str, ask: Iterable[str], *, clock: WallClock, changed_at: datetime, alarm: Alarm | None
) -> Entry:
    on, at, zone = row.due_on, row.agreed_time, clock.zone
    if at is not None and not zone:
        on, at = _utc(on, at, clock)
    rings = None
    if alarm is not None:
        rings = alarm.minutes if at is not None else -(alarm.at.hour * 60 + alarm.at.minute)
    view = due_view(row, row.due_on)  # as of its own day: the words change with the plan, not with every morning
    asks = "\n".join(f"- {question}" for question in ask)
    reach = f"{row.channel.replace('_', ' ')} {view.reach}".strip()
    parts = (
        ("Why now: ", view.why_now),
        ("Goal: ", view.goal),
        ("Give: ", view.gives),
        ("Ask:\n", asks),
        ("With: ", row.contact if row.contact != row.customer else ""),
        ("How to reach: ", reach),
        ("Afterwards: ", f'followup done {row.touchpoint_id} good "..."'),
    )
    return Entry(
        uid=uid,
        sequence=0,
        changed_at=changed_at,
        on=on,
        at=at,
        zone=zone if at is not None else "",
        minutes=MEETING_MINUTES,
        summary=f"{row.customer}: {row.purpose.replace('_', ' ')} ({row.channel.replace('_', ' ')})",
        description="\n".join(f"{label}{text}" for label, text in parts if text),
        location=view.reach,
        alarm_minutes=rings,
    )


def _utc(on: date, at: time, clock: WallClock) -> tuple[date, time | None]:
    """A time of this machine's clock in UTC; an all-day entry where the calendar has no room for it."""
    try:
        instant = clock.to_utc(datetime.combine(on, at)).astimezone(UTC)
    except (OverflowError, ValueError, OSError):
        return on, None
    return instant.date(), instant.time()


def content_of(entry: Entry) -> str:
    """What an entry says, as a SHA-256 that nobody can read."""
    at = None if entry.at is None else entry.at.isoformat()
    says = (entry.on.isoformat(), at, entry.zone, entry.minutes, entry.summary, entry.description, entry.location)
    text = json.dumps([*says, entry.url, entry.alarm_minutes])
    return hashlib.sha256(text.encode()).hexdigest()


def told(entry: Entry) -> ToldEntry:
    """What is remembered of an entry that a calendar is told."""
    return ToldEntry(
        uid=entry.uid,
        sequence=entry.sequence,
        content=NOTHING if entry.cancelled else content_of(entry),
        begins=begins_of(entry),
        changed_at=entry.changed_at,
    )


def begins_of(entry: Entry) -> date | datetime:
    """The day of an entry, or the UTC instant of an agreed time."""
    if entry.at is None:
        return entry.on
    try:
        return starts_at(entry.on, entry.at, entry.zone).astimezone(UTC)
    except OverflowError:
        return entry.on


def cancellation(gone: ToldEntry, now: datetime) -> Entry:
    """The entry that takes another back: it names the day and nobody."""
    timed = gone.begins.astimezone(UTC) if isinstance(gone.begins, datetime) else None
    return Entry(
        uid=gone.uid,
        sequence=gone.sequence + 1,
        changed_at=now,
        on=gone.begins if timed is None else timed.date(),
        at=None if timed is None else timed.time(),
        minutes=MEETING_MINUTES,
        summary=CANCELLED_SUMMARY,
        cancelled=True,
    )


def counted(before: Mapping[str, ToldEntry], wanted: Iterable[Entry], now: datetime) -> list[tuple[str, Entry]]:
    """What a feed says next, each with what changed: open entries as counted on, then one cancellation of each other.

    An entry that says what it said keeps sequence and time of change, so that the same plan gives the same bytes.
    """
    now = now.astimezone(UTC).replace(microsecond=0)
    said: list[tuple[str, Entry]] = []
    uids = set()
    for entry in wanted:
        uids.add(entry.uid)
        old = before.get(entry.uid)
        if old is None:
            said.append((ADDED, replace(entry, changed_at=now)))
        elif old.content == content_of(entry):
            said.append((UNCHANGED, replace(entry, sequence=old.sequence, changed_at=old.changed_at)))
        else:
            change = ADDED if old.content == NOTHING else CHANGED
            said.append((change, replace(entry, sequence=old.sequence + 1, changed_at=now)))
    gone = (old for uid, old in before.items() if uid not in uids and old.content != NOTHING)
    return [*said, *((CANCELLED, cancellation(old, now)) for old in gone)]


def item_of(change: str, entry: Entry) -> CalendarItem:
    """An entry as a result shows it."""
    return CalendarItem(
        uid=entry.uid,
        sequence=entry.sequence,
        change=change,
        on=entry.on,
        at=entry.at,
        zone=None if entry.at is None else entry.zone or "UTC",
        summary=entry.summary,
    )
