"""Good news: before a renewal the results belong on record, where a new decision maker finds them (B30, B27)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from followup.core.dates import add, approximate_days
from followup.core.model.purpose import PURPOSES
from followup.core.planner import built_in
from followup.core.planner.anchors import first_cycle_from
from followup.core.planner.draft import Draft, added_draft, day_text
from followup.core.planner.expand import Settled, still_wanted
from followup.core.planner.permission import has_result
from followup.core.planner.renewals import RENEWAL, chain_steps
from followup.core.planner.situation import Situation

RECORD_DAYS, RECORD_WINDOW = 90, 25  # good news must be on record within so many days before a renewal (B30)


def record_before_renewal(placed: Iterable[Draft], situation: Situation) -> list[Draft | Settled]:
    """A contact with the good news before a renewal, where none was made and none is planned (B30)."""
    anchors = situation.timeline.anchors
    start, repeats = anchors.get(RENEWAL), anchors.repeats.get(RENEWAL)
    if start is None or not _is_followed(situation):
        return []
    number = 0
    day = max(situation.today, situation.floor)
    if repeats is not None:
        ends = first_cycle_from(start, repeats, day, situation.calendar)
        number = round((ends - start).days / approximate_days(repeats))
    else:
        ends = start
    opens = ends - timedelta(days=RECORD_DAYS)
    known = [c.on for c in situation.valuable if c.purpose == "reminder"]
    known += [d.due for d in placed if d.step.purpose == "reminder" and d.due is not None]
    if ends < day or any(opens <= on < ends for on in known):
        return []
    draft = added_draft(
        built_in.RENEWAL_RECORD, number + 1, add(ends, built_in.RENEWAL_RECORD.when.offset, situation.calendar)
    )
    draft.opens, draft.closes = opens, draft.nominal + timedelta(days=RECORD_WINDOW)
    draft.earliest, draft.latest = max(opens, situation.floor), ends - timedelta(days=1)
    draft.say("renewal", f"good news belongs on record before the renewal of {day_text(ends)}", renewal=ends)
    if not has_result(situation) and situation.today >= draft.opens:
        draft.purpose = PURPOSES[built_in.ASK_RESULT.purpose]
        draft.say("instead", "no result is on file yet: it asks for the result instead", step=built_in.ASK_RESULT.id)
    return still_wanted(draft, situation)


def _is_followed(situation: Situation) -> bool:
    """True where a renewal is asked for at all, and maintenance begins before it."""
    steps = (*situation.playbook.steps, *chain_steps(situation))
    return any(step.purpose == RENEWAL and step.when.base == RENEWAL for step in steps)
