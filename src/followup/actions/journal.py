"""`undo` and `history`: what was written, and taking the last of it back."""

from __future__ import annotations

from datetime import UTC

from followup.actions.context import Context
from followup.actions.finding import facts_of
from followup.actions.planning import change_view, replan, up_to_date
from followup.actions.results import ActivityView, History, HistoryLine, Written
from followup.actions.views import activity_view
from followup.core.model.customer import Customer
from followup.core.planner.facts import in_order


def undo(context: Context) -> Written:
    """Take back the newest command that wrote and was not taken back yet; plans follow the facts."""
    with context.write("undo") as entry:
        notices = up_to_date(context, context.store.touched_by_undo())
        undone = context.store.undo()
        changes = replan(context, undone.customer_ids) if undone.customer_ids else []
        entry.summary = f"entry {undone.entry.id}, {undone.entry.command}"
        rows = ", ".join(f"{count} {table}" for table, count in undone.counts.items())
        return Written(
            today=context.today,
            notices=notices,
            command="undo",
            said=(f"took back: {undone.entry.command} ({undone.entry.summary})", f"restored: {rows}"),
            id=undone.entry.id,
            changes=tuple(change_view(change) for change in changes),
            dry_run=context.dry_run,
        )


def history(context: Context, customer: Customer | None, *, limit: int) -> History:
    """What was written, newest first; for one customer also what happened."""
    entries = context.store.history(limit=limit, customer_id=customer.id if customer else None)
    activities: tuple[ActivityView, ...] = ()
    if customer is not None:
        sales = facts_of(context, customer.id).sales
        everything = in_order(activity for sale in sales for activity in sale.history.activities)
        activities = tuple(activity_view(activity) for activity in reversed(everything))
    return History(
        today=context.today,
        items=tuple(
            HistoryLine(
                id=entry.id,
                at=entry.at.astimezone(UTC).isoformat(timespec="seconds"),
                command=entry.command,
                summary=entry.summary,
                undone=entry.undone,
            )
            for entry in entries
        ),
        activities=activities,
        customer=customer.name if customer else None,
    )
