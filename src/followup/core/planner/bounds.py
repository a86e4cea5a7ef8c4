"""Hard bounds of a date: stage, deadline, day of enrolment and the gate of its purpose (DOMAIN 5.1-5.3)."""

from __future__ import annotations

from datetime import date, timedelta

from followup.core.dates import approximate_days
from followup.core.model.purpose import PURPOSES
from followup.core.model.stage import Stage
from followup.core.planner.anchors import first_cycle_from
from followup.core.planner.draft import Draft, day_text
from followup.core.planner.gates import HISTORY_GATES, openings_for
from followup.core.planner.permission import permission_for
from followup.core.planner.situation import Situation
from followup.core.planner.slots import Slot

ONE_DAY = timedelta(days=1)
TURN_INTO_ANOTHER = ("reminder", "persuasive")  # purposes: once their window opens they ask for what they lack


def bound(draft: Draft, slot: Slot, situation: Situation) -> None:
    """Hard bounds: the day of enrolment, the stage, the deadline, and the date that it belongs before."""
    step = draft.step
    draft.earliest = max(draft.earliest, situation.floor)
    if (stage := step.bound_to) is not None:
        span = situation.timeline.stages[stage]  # a boundary day belongs to both neighbours
        draft.earliest = max(draft.earliest, span.begin or date.min)
        draft.latest = min(draft.latest, situation.timeline.end_for_steps(stage) or date.max)
    if step.deadline and (deadline := _deadline_of(draft, slot, situation)) is not None:
        draft.deadline = deadline
        draft.latest = min(draft.latest, deadline)
    anchor = slot.anchor_on if draft.deadline is None else None
    if anchor is not None and step.when.offset.amount < 0 and draft.nominal < anchor <= draft.latest:
        before_it = anchor - ONE_DAY  # what belongs before a date is not moved onto it
        if step.window[1] + approximate_days(step.when.offset) < 0:
            draft.closes = min(draft.closes, before_it)
        draft.latest = min(draft.latest, max(draft.closes, before_it))


def _deadline_of(draft: Draft, slot: Slot, situation: Situation) -> date | None:
    """The date of the deadline's anchor that belongs to this occurrence: the first not before the written day."""
    if draft.step.deadline == draft.step.when.base:
        return slot.anchor_on
    anchors = situation.timeline.anchors
    start, repeats = anchors.get(draft.step.deadline), anchors.repeats.get(draft.step.deadline)
    if start is None or repeats is None:
        return start
    return first_cycle_from(start, repeats, draft.nominal, situation.calendar)


def pass_gate(draft: Draft, slot: Slot, situation: Situation) -> None:
    """Move the bounds into the first opening of the gate; back into its window if no later one is in reach."""
    name = draft.purpose.name
    _ask_permission(draft, situation)
    openings = openings_for(draft.purpose, situation.timeline)
    if openings is None or (draft.by_hand is not None and not draft.purpose.selling):
        return  # a date by hand beats every gate but those that keep learning free of selling
    wanted = draft.by_hand or min(max(draft.nominal, draft.earliest), draft.latest)
    if _contract_ends_in_learning(draft, slot, situation):
        if situation.timeline.stages.on(wanted) is Stage.LEARNING:
            draft.say("warning", "the contract ends inside learning: its date wins over the gate")
        return
    if draft.by_hand is not None:
        if any(opening.holds(wanted) for opening in openings):
            return
        _release(draft, wanted)
    usable = [o for o in openings if max(o.first, draft.earliest) <= min(o.last, draft.latest)]
    opening = next((o for o in usable if o.last >= wanted), None)
    if opening is None:
        opening = next((o for o in reversed(usable) if o.last >= draft.opens), None)
    if opening is None:
        rule = openings[0].text if openings else "its stage is not known yet"
        draft.say("gate", f"{name}: {rule}")
        draft.earliest, draft.latest = date.max, date.min
        return
    if not opening.holds(wanted):
        draft.say("gate", f"{name}: {opening.text}", wanted=wanted)
    draft.earliest, draft.latest = max(draft.earliest, opening.first), min(draft.latest, opening.last)


def _ask_permission(draft: Draft, situation: Situation) -> None:
    """What the history allows: from when, or not as things stand; a reminder without a result asks for the result."""
    name = draft.purpose.name
    if name not in HISTORY_GATES:
        return
    draft.say("gate", HISTORY_GATES[name], purpose=name)
    if draft.by_hand is not None:
        return
    permission = permission_for(draft, situation)
    if name in TURN_INTO_ANOTHER:
        draft.turns_on = draft.opens
    if permission.instead is not None:
        if situation.today >= draft.opens:
            draft.purpose = PURPOSES[permission.instead.purpose]
            draft.say("instead", permission.shut, step=permission.instead.id)
        return
    if permission.shut:
        draft.shut = draft.shut or permission.shut
        draft.say("gate", f"as things stand: {permission.shut}", shut=True)
    elif permission.since > draft.earliest:
        draft.earliest = permission.since
        if permission.since > draft.nominal:
            draft.say("gate", f"not before {day_text(permission.since)}: the history allows it from then")


def _release(draft: Draft, wanted: date) -> None:
    """A date by hand on which nobody may be asked: the nearest allowed one is looked for from there."""
    draft.say("warning", f"set by hand to {day_text(wanted)}, when nobody is asked for anything", day=wanted)
    draft.nominal, draft.moved = wanted, None


def _contract_ends_in_learning(draft: Draft, slot: Slot, situation: Situation) -> bool:
    ends = slot.anchor_on
    return draft.purpose.name == "renewal" and ends is not None and situation.timeline.stages.on(ends) is Stage.LEARNING
