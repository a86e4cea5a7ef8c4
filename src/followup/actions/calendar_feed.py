"""`calendar`: the open contacts as a feed that calendar apps subscribe to.

The feed goes out first and is remembered after it, in one transaction around both: killed in between, the next run
tells the same again, cancellations included, and nothing that was told is forgotten.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from followup.actions.calendar_entries import (
    ADDED,
    CANCELLED,
    CHANGED,
    UNCHANGED,
    Alarm,
    CalendarResult,
    WallClock,
    counted,
    item_of,
    open_entries,
    told,
)
from followup.actions.context import Context
from followup.actions.exporting import refuse_own_file
from followup.actions.refresh import refresh
from followup.actions.results import Written
from followup.core.model.customer import Customer, outward_name
from followup.files.csv_out import write_private
from followup.files.ics import Entry, calendar_text
from followup.store.calendar_entries import ToldEntry

NAME = "followup"
READ_ONLY = "the data file cannot be written: what this feed says is not remembered"

Emit = Callable[[bytes], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedWish:
    """What a feed holds, and where it goes: a file, else `emit` (standard output), else nowhere (a report)."""

    path: Path | None = None
    emit: Emit | None = None
    customer: Customer | None = None
    clock: WallClock
    alarm: Alarm | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Feed:
    """A feed about to go out; `before` is what its target was told until then."""

    before: Mapping[str, ToldEntry]
    said: tuple[tuple[str, Entry], ...]
    text: bytes


def write_feed(context: Context, wish: FeedWish) -> CalendarResult:
    """Write the feed of everything open, or of one customer, and remember what this target was told.

    Each file, and standard output with or without a customer, is a target of its own. A file is written only when its
    bytes change, by its owner's eyes to be read, whole or not at all. A dry run, and a wish for neither a file nor
    `emit`, changes nothing. Raises FollowupError for a place that cannot be written, BusyError.
    """
    if wish.path is not None:
        refuse_own_file(context, [wish.path])
    notices = [refresh(context) or context.store.notice]
    emits = not context.dry_run and (wish.path is not None or wish.emit is not None)
    written = False
    with context.store.one_state():
        feed = _feed(context, wish)
    if emits and not context.store.writable:
        notices.append(READ_ONLY)
        written = _send(wish, feed.text)
    elif emits:
        with context.write("calendar"):  # others wait for it, so that what takes long is done already
            if context.store.told_entries(_target(wish)) != feed.before:
                feed = _feed(context, wish)
            written = _send(wish, feed.text)
            context.store.keep_told_entries(_target(wish), _news(feed))
    counts = Counter(change for change, _ in feed.said)
    return CalendarResult(
        today=context.today,
        notices=tuple(filter(None, notices)),
        path=None if wish.path is None else str(wish.path),
        customer=None if wish.customer is None else name_of(context, wish.customer),
        customer_key=None if wish.customer is None else wish.customer.key,
        entries=len(feed.said) - counts[CANCELLED],
        added=counts[ADDED],
        changed=counts[CHANGED],
        cancelled=counts[CANCELLED],
        unchanged=counts[UNCHANGED],
        written=written,
        items=tuple(item_of(change, entry) for change, entry in feed.said),
        dry_run=context.dry_run,
    )


def wanted_entries(
    context: Context, *, clock: WallClock, alarm: Alarm | None, customer_id: int | None, changed_at: datetime
) -> list[Entry]:
    """An entry for each open touchpoint of people who may be contacted, or of one of them."""
    rows = context.store.due(until=date.max, customer_id=customer_id)
    return open_entries(context, rows, clock=clock, changed_at=changed_at, alarm=alarm)


def touchpoints_calendar(context: Context, *, clock: WallClock) -> bytes:
    """The open touchpoints of people who may be contacted as a calendar that nothing is remembered of.

    Its entries carry the instant of the last change in the data file, so that the same facts give the same bytes.
    """
    with context.store.one_state():
        last = next(iter(context.store.history(limit=1)), None)
        changed_at = last.at if last is not None else datetime(1970, 1, 1, tzinfo=UTC)
        entries = wanted_entries(context, clock=clock, alarm=None, customer_id=None, changed_at=changed_at)
    return calendar_text(entries, name=NAME)


def export_calendar(context: Context, target: Path, *, clock: WallClock) -> Written:
    """Write the open touchpoints as a calendar file, readable by its owner only. Raises FollowupError."""
    refuse_own_file(context, [target])
    notice = refresh(context)
    text = touchpoints_calendar(context, clock=clock)
    write_private(target, text)
    count = text.count(b"BEGIN:VEVENT\r\n")
    said = f"{count} {'touchpoint' if count == 1 else 'touchpoints'} written to {target}"
    return Written(today=context.today, notices=(notice,) if notice else (), command="export", said=(said,))


def _feed(context: Context, wish: FeedWish) -> _Feed:
    before = context.store.told_entries(_target(wish))
    customer_id = None if wish.customer is None else wish.customer.id
    wanted = wanted_entries(
        context, clock=wish.clock, alarm=wish.alarm, customer_id=customer_id, changed_at=context.now
    )
    said = tuple(counted(before, wanted, context.now))
    return _Feed(before=before, said=said, text=calendar_text([entry for _, entry in said], name=_name(context, wish)))


def _news(feed: _Feed) -> list[ToldEntry]:
    return [told(entry) for change, entry in feed.said if change != UNCHANGED]


def _name(context: Context, wish: FeedWish) -> str:
    """What the feed is called; it names a customer only as long as they may be contacted."""
    if wish.customer is None or wish.customer.id not in context.store.reachable([wish.customer.id]):
        return NAME
    return f"{NAME}: {name_of(context, wish.customer)}"


def name_of(context: Context, customer: Customer) -> str:
    """What a customer is called in a calendar: never by the name of somebody who must be left alone."""
    return outward_name(customer, context.store.contacts_of(customer.id))


def _target(wish: FeedWish) -> str:
    """Under what this calendar is remembered. A path may name a customer, so that only its hash is kept."""
    if wish.path is not None:
        return f"file:{hashlib.sha256(str(wish.path.resolve()).encode(errors='surrogateescape')).hexdigest()[:32]}"
    return "stdout" if wish.customer is None else f"stdout:{wish.customer.id}"


def _send(wish: FeedWish, text: bytes) -> bool:
    """Bring the feed to where it goes; True when something was written."""
    if wish.path is None:
        if wish.emit is not None:
            wish.emit(text)
        return wish.emit is not None
    if _holds(wish.path, text):
        return False
    write_private(wish.path, text)
    return True


def _holds(path: Path, text: bytes) -> bool:
    """True when a plain file has exactly these bytes already, and its time may stay."""
    try:
        return not path.is_symlink() and path.is_file() and path.read_bytes() == text
    except OSError:
        return False
