"""`due`: today's list. Lanes first, then priority, ties by value, then the oldest; one line per customer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from followup.actions.context import Context
from followup.actions.refresh import refresh
from followup.actions.results import DueList
from followup.actions.views import due_view, feeling_of, priority_of, touchpoint_of
from followup.core.priority import URGENT, VALUE, lane_of, rank_of
from followup.store import DueRow

OVERLOAD_DAYS = 3  # so many days in a row with more due than the capacity, and the list says what could go
MOST_NAMED = 5
GOES_FIRST = ("informative", "decision_criteria", "lead_generation")  # after extra steps (DOMAIN 4.9)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueFilter:
    """What to list: `days` ahead, one stage, purpose, channel or customer; `limit` lines; `unfold` every touchpoint."""

    days: int = 0
    stage: str | None = None
    purpose: str | None = None
    channel: str | None = None
    customer_id: int | None = None
    limit: int | None = None
    unfold: bool = False


def due(context: Context, wanted: DueFilter) -> DueList:
    """What is due up to `days` from today, most important first; coming items follow what is due, by date.

    Without a limit of its own the list holds the configured capacity; what is urgent (lanes 1 and 2) is shown in any
    case, and the rest rolls over to the next day (DOMAIN 4.9). `unfold` shows everything.
    """
    notices = [refresh(context) or context.store.notice]
    today, store = context.today, context.store
    rows = store.due(
        until=today + timedelta(days=wanted.days),
        stage=wanted.stage,
        purpose=wanted.purpose,
        channel=wanted.channel,
        customer_id=wanted.customer_id,
    )
    ranked = ranked_rows(rows, today)
    lines = [(row, 0) for row in ranked] if wanted.unfold else fold(ranked)
    due_now = [line for line in lines if line[0].due_on <= today]
    coming = [line for line in lines if line[0].due_on > today]
    limit = wanted.limit if wanted.limit is not None else (None if wanted.unfold else context.config.contact.capacity)
    shown = within(limit, due_now, today)
    if limit is not None and len(shown) < len(due_now):
        notices.append(overload([row for row in ranked if row.due_on <= today], limit, today))
    words = store.last_words({row.customer_id for row, _ in [*shown, *coming]})
    return DueList(
        today=today,
        notices=tuple(filter(None, notices)),
        items=tuple(
            due_view(row, today, folded=folded, last_words=words.get(row.customer_id, ""))
            for row, folded in [*shown, *coming]
        ),
        hidden_count=len(due_now) - len(shown),
        done_today=store.done_count(today),
        due_count=len(due_now),
        next_due_on=None if due_now else store.next_due_on(today),
        customer_count=store.customer_count(),
    )


def ranked_rows(rows: Iterable[DueRow], today: date) -> list[DueRow]:
    """Due rows by lane, priority, value and age; then coming rows by date."""

    def rank(row: DueRow) -> tuple[object, ...]:
        if row.due_on > today:
            return (1, row.due_on, -VALUE.get(row.tier, 1.0), row.touchpoint_id)
        feeling = feeling_of(row, today)
        order = rank_of(
            priority_of(touchpoint_of(row, reasons=False), feeling, row.tier, row.usage, today),
            purpose=row.purpose,
            tier=row.tier,
            usage=row.usage,
            weekly_fall=feeling.mood.fall if feeling else 0.0,
            due_on=row.due_on,
        )
        return (0, *order, row.touchpoint_id)

    return sorted(rows, key=rank)


def within(limit: int | None, due_now: Sequence[tuple[DueRow, int]], today: date) -> list[tuple[DueRow, int]]:
    """The first lines up to the limit, and everything urgent, which stands above them (DOMAIN 4.9)."""
    if limit is None or len(due_now) <= limit:
        return list(due_now)
    urgent = sum(lane_of_row(row, today) in URGENT for row, _ in due_now)
    return list(due_now[: max(limit, urgent)])


def lane_of_row(row: DueRow, today: date) -> int:
    """The lane of a due row."""
    return lane_of(row.purpose, row.deadline_on, today, step=row.step, due_on=row.due_on)


def overload(ranked: Sequence[DueRow], capacity: int, today: date) -> str:
    """A notice when more than the capacity was due three days in a row, with what could be left out; else ''.

    So much was due already on the first of the three days. Contacts with a date by hand are never named.
    """
    begin = today - timedelta(days=OVERLOAD_DAYS - 1)
    if len({row.customer_id for row in ranked if row.due_on <= begin}) <= capacity:
        return ""
    said = f"more than {capacity} were due on each of the last {OVERLOAD_DAYS} days"
    named = ", ".join(f"{row.customer}: {row.step} ({row.touchpoint_id})" for row in left_out_first(ranked, today))
    return f"{said}; what could be left out first: {named} - followup skip ID" if named else said


def left_out_first(ranked: Sequence[DueRow], today: date) -> list[DueRow]:
    """Up to five contacts that a full day can do without: extra steps, then by purpose, the least pressing first."""
    known = {purpose: place for place, purpose in enumerate(GOES_FIRST, start=1)}

    def place(row: DueRow) -> int | None:
        return 0 if row.extra else known.get(row.purpose)

    free = [row for row in reversed(ranked) if not row.by_hand and lane_of_row(row, today) not in URGENT]
    found = [(number, row) for row in free if (number := place(row)) is not None]
    return [row for _, row in sorted(found, key=lambda each: each[0])[:MOST_NAMED]]


def fold(rows: Iterable[DueRow]) -> list[tuple[DueRow, int]]:
    """One row per customer, the most important one, with the number of others behind it."""
    first: dict[int, DueRow] = {}
    others: dict[int, int] = {}
    for row in rows:
        if row.customer_id in first:
            others[row.customer_id] += 1
        else:
            first[row.customer_id], others[row.customer_id] = row, 0
    return [(row, others[customer_id]) for customer_id, row in first.items()]


def is_due(result: DueList) -> bool:
    """True when something is due today or overdue (`--exit-code`)."""
    return result.due_count > 0


def no_data_yet(today: date) -> DueList:
    """The list of somebody without a data file: empty, with the way to begin."""
    return DueList(today=today, items=(), notices=("no data file yet: followup import FILE, or followup add NAME",))
