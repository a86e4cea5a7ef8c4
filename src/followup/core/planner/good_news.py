"""Good news: before a renewal the results belong on record, where a new decision maker finds them (B30, B27)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from followup.core.dates import add, approximate_days
from followup.core.model.activity import Activity
from followup.core.model.purpose import PURPOSES
from followup.core.planner import built_in
from followup.core.planner.anchors import first_cycle_from
from followup.core.planner.draft import Draft, added_draft, day_text
from followup.core.planner.expand import Settled, still_wanted
from followup.core.planner.permission import has_result
from followup.core.planner.renewals import RENEWAL, chain_steps
from followup.core.planner.situation import Situation

RECORD_DAYS, RECORD_WINDOW = 90, 25  # good news must be on record within so many days before a renewal (B30)


def record_before(
    renewal: tuple[date | None, int], placed: Iterable[Draft], situation: Situation
) -> list[Draft | Settled]:
    """A contact with the good news before a renewal, where none was made and none is planned (B30)."""
    ends, number = renewal
    if ends is None:
        return []
    opens, closes = ends - timedelta(days=RECORD_DAYS), ends - timedelta(days=1)
    known = [contact.on for contact in situation.valuable if _is_record(contact, situation)]
    known += [draft.due for draft in placed if draft.step.purpose == "reminder" and draft.due is not None]
    if any(opens <= on <= closes for on in known):
        return []
    written = add(ends, built_in.RENEWAL_RECORD.when.offset, situation.calendar)
    draft = added_draft(built_in.RENEWAL_RECORD, number, max(written, situation.told_on))
    draft.opens, draft.closes = opens, min(closes, draft.nominal + timedelta(days=RECORD_WINDOW))
    draft.earliest, draft.latest = max(opens, situation.floor), closes
    draft.vanishes_after, draft.turns_on = closes, opens
    draft.say("renewal", f"good news belongs on record before the renewal of {day_text(ends)}", renewal=ends)
    if not has_result(situation) and situation.today >= draft.opens:
        draft.purpose = PURPOSES[built_in.ASK_RESULT.purpose]
        draft.say("instead", "no result is on file yet: it asks for the result instead", step=built_in.ASK_RESULT.id)
    return still_wanted(draft, situation)


def next_renewal(situation: Situation) -> tuple[date | None, int]:
    """The next renewal that is asked for, and the how manieth it is; None where there is none any more."""
    anchors = situation.timeline.anchors
    start, repeats = anchors.get(RENEWAL), anchors.repeats.get(RENEWAL)
    steps = (*situation.playbook.steps, *chain_steps(situation))
    if start is None or not any(step.purpose == RENEWAL and step.when.base == RENEWAL for step in steps):
        return None, 0
    day = max(situation.today, situation.floor)
    if repeats is None:
        return (start if start >= day else None), 1
    ends = first_cycle_from(start, repeats, day, situation.calendar)
    return ends, round((ends - start).days / approximate_days(repeats)) + 1


def _is_record(contact: Activity, situation: Situation) -> bool:
    """True for a contact with the good news, also when it had to ask for the result instead."""
    step = situation.playbook.step(contact.step) or built_in.BUILT_IN.get(contact.step)
    return contact.purpose == "reminder" or (step is not None and step.purpose == "reminder")
