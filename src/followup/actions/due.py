"""`due`: today's list. Lanes first, then priority, ties by value, then the oldest; one line per customer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from followup.actions.context import Context
from followup.actions.refresh import refresh
from followup.actions.results import DueList
from followup.actions.views import due_view, feeling_on, priority_of, touchpoint_of
from followup.core.priority import VALUE
from followup.store import DueRow


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

    Without a limit of its own the list holds the configured capacity (DOMAIN 4.9); `unfold` shows everything.
    """
    notice = refresh(context) or context.store.notice
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
    shown = due_now[:limit] + coming
    words = store.last_words({row.customer_id for row, _ in shown})
    return DueList(
        today=today,
        notices=(notice,) if notice else (),
        items=tuple(
            due_view(row, today, folded=folded, last_words=words.get(row.customer_id, "")) for row, folded in shown
        ),
        hidden_count=max(0, len(due_now) - len(due_now[:limit])),
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
        feeling = feeling_on(row.curve, row.live_on, today)
        found = priority_of(touchpoint_of(row, reasons=False), feeling, row.tier, row.usage, today)
        return (0, found.lane, -found.score, -VALUE.get(row.tier, 1.0), row.due_on, row.touchpoint_id)

    return sorted(rows, key=rank)


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
