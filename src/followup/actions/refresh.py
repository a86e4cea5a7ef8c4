"""What time alone changes is brought up to date once a day, for the sales it concerns and no others (DESIGN 3)."""

from __future__ import annotations

from followup.actions.context import Context
from followup.errors import BusyError, DataFileError

READ_ONLY_NOTICE = "the data file cannot be written: this is the plan as it was last stored"
BUSY_NOTICE = "another process is writing: this is the plan as it was last stored"
PATIENCE = 0.5  # seconds; a list that only looks does not wait for a long import


def refresh(context: Context) -> str:
    """Once a day: plan anew the sales that time alone has changed, in one transaction (DESIGN 3).

    Gives a notice when the file cannot be written now, else ''.
    """
    stale = context.store.sales_to_refresh(context.today)
    if not stale:
        return ""
    if not context.store.writable:
        return READ_ONLY_NOTICE
    try:
        with context.store.write(command="refresh", now=context.now, patience=PATIENCE):
            from followup.actions.planning import replan

            replan(context, stale)
    except DataFileError:
        return READ_ONLY_NOTICE
    except BusyError:
        return BUSY_NOTICE
    return ""
