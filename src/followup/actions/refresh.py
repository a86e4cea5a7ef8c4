"""What time alone changes is brought up to date once a day, for the sales it concerns and no others (DESIGN 3)."""

from __future__ import annotations

from collections.abc import Iterable

from followup.actions.context import Context
from followup.actions.steps import step_words
from followup.core.model.touchpoint import Status
from followup.errors import BusyError, DataFileError
from followup.store import PlanChange, StoredTouchpoint

READ_ONLY_NOTICE = "the data file cannot be written: this is the plan as it was last stored"
BUSY_NOTICE = "another process is writing: this is the plan as it was last stored"
PATIENCE = 0.5  # seconds; a list that only looks does not wait for a long import
MOST_NAMED = 5
LAPSED = {Status.EXPIRED: "expired", Status.ABSORBED: "folded into another"}


def refresh(context: Context, *, patience: float = PATIENCE) -> str:
    """Once a day: plan anew the sales that time alone has changed, in one transaction (DESIGN 3).

    `patience` is how many seconds to wait for the data file. Gives a notice of what lapsed meanwhile, or that the
    file cannot be written now; else ''.
    """
    stale = context.store.sales_to_refresh(context.today)
    if not stale:
        return ""
    if not context.store.writable:
        return READ_ONLY_NOTICE
    try:
        with context.store.write(command="refresh", now=context.now, patience=patience):
            from followup.actions.planning import replan

            return lapsed(context, replan(context, stale))
    except DataFileError:
        return READ_ONLY_NOTICE
    except BusyError:
        return BUSY_NOTICE


def lapsed(context: Context, changes: Iterable[PlanChange]) -> str:
    """What left the list by itself, as a notice: how many expired or were folded, up to five by name; else ''.

    Only what a seller could have seen counts: a contact that was open before. Inside the write that changed it.
    """
    dropped = {(each.sale_id, each.step, each.occurrence) for each in changes if each.change == "dropped"}
    if not dropped:
        return ""
    stored = context.store.stored_touchpoints({sale_id for sale_id, _, _ in dropped})
    gone = [
        one
        for one in stored
        if (one.sale_id, one.touchpoint.step, one.touchpoint.occurrence) in dropped and one.touchpoint.status in LAPSED
    ]
    if not gone:
        return ""
    gone.sort(key=lambda one: (str(one.touchpoint.due_on), one.id))
    counts = [
        f"{sum(one.touchpoint.status is status for one in gone)} {words}"
        for status, words in LAPSED.items()
        if any(one.touchpoint.status is status for one in gone)
    ]
    more = f" and {len(gone) - MOST_NAMED} more" if len(gone) > MOST_NAMED else ""
    named = ", ".join(_named(context, one) for one in gone[:MOST_NAMED])
    return f"no longer on the list: {' and '.join(counts)} ({named}{more}); why: followup show CUSTOMER"


def _named(context: Context, stored: StoredTouchpoint) -> str:
    return f"{context.store.customer(stored.customer_id).name}: {step_words(stored.touchpoint.step)}"
