"""The heart: `plan` dates every contact of one sale and says why (DESIGN 3, DOMAIN 5.1).

The answer depends on its arguments alone, not on the order of the history, and planning twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from followup.core.curve import bend, concern_level, open_severities
from followup.core.dates import Calendar
from followup.core.model.history import History
from followup.core.model.plan import CurveShape, Plan
from followup.core.model.playbook import Playbook, Step
from followup.core.model.sale import Sale
from followup.core.model.stage import Stage
from followup.core.model.touchpoint import Reason, Touchpoint
from followup.core.numbers import CurveNumbers
from followup.core.planner import touchpoints
from followup.core.planner.added import BUILT_IN, CONCERN, CONCERN_AGAIN, concern_drafts, keep_in_touch
from followup.core.planner.anchors import LIVE, SALE
from followup.core.planner.arranging import Arrangement
from followup.core.planner.choosing import chosen_steps
from followup.core.planner.draft import Draft
from followup.core.planner.expand import Made, Settled, Waiting, drafts_of
from followup.core.planner.late import catch_up, is_late, one_at_a_time
from followup.core.planner.placing import Diary
from followup.core.planner.situation import Situation, survey
from followup.core.planner.watch import Watch, looks_under_way, watched_from
from followup.errors import FollowupError


def plan(
    playbook: Playbook,
    sale: Sale,
    history: History,
    calendar: Calendar,
    *,
    today: date,
    effort: float | None = None,
    occurrences: int = 1,
) -> Plan:
    """Stages, curve, touchpoints and reasons of one sale.

    `effort` (0-1) is early effort; without it the prior holds. `occurrences` is how many dates of a repeating step
    are planned; one is what the due list needs. Nothing is dated before the sale came into the plan. Raises
    FollowupError when a date falls outside the calendar.
    """
    try:
        situation = survey(playbook, sale, history, calendar, today=today)
        return _plan(situation, effort=effort, occurrences=occurrences)
    except (OverflowError, ValueError) as error:
        if not _is_outside_calendar(error):
            raise
        raise FollowupError(
            "the dates of this sale lead outside the calendar", hint="look at its anchors: followup anchor set"
        ) from error


def _is_outside_calendar(error: Exception) -> bool:
    return isinstance(error, OverflowError) or "year" in str(error)


def _plan(situation: Situation, *, effort: float | None, occurrences: int) -> Plan:
    timeline = situation.timeline
    shape = curve_of(situation, effort)
    past = [
        touchpoints.closed(activity, number, situation)
        for facts in situation.facts.values()
        for number, activity in facts.closed.items()
    ]
    result = Plan(
        stages=timeline.stages,
        anchors=timeline.anchors.dates,
        assumed_anchors=tuple(sorted(timeline.anchors.assumed)),
        live_on=timeline.anchors.get(LIVE),
        curve=shape,
        factors=situation.factors,
        touchpoints=touchpoints.in_order(past),
    )
    if over := _over(situation):
        return replace(result, left_out=(over,))
    found = Found(situation)
    _expand(found, occurrences)
    arrangement = Arrangement(situation, _diary(situation))
    hidden = _place(found, arrangement, shape)
    upcoming = [touchpoints.planned(draft, situation) for draft in arrangement.placed]
    return replace(
        result,
        touchpoints=touchpoints.in_order([*past, *found.others, *upcoming]),
        left_out=(*found.left_out, *arrangement.given_way),
        refresh_on=touchpoints.refresh_on([*arrangement.placed, *arrangement.unplaced], hidden, situation.today),
    )


def curve_of(situation: Situation, effort: float | None) -> CurveShape:
    """The sale's curve: days from its stages, levels from the preset, bent by effort and concerns (4.1, 4.2)."""
    curve = situation.numbers.curve
    return bend(
        _with_stage_days(curve, situation),
        effort=curve.effort.prior if effort is None else effort,
        concerns=concern_level(open_severities(situation.history.concerns), curve.concerns),
    )


def _with_stage_days(curve: CurveNumbers, situation: Situation) -> CurveNumbers:
    """Dip start, trough and recovery in days of use as the stages lie, unless the playbook wrote the curve's own."""
    stages, live = situation.timeline.stages, situation.timeline.anchors.get(LIVE)
    learning = stages[Stage.LEARNING]
    if live is None or learning.begin is None or learning.end is None or stages.trough is None:
        return curve
    written = situation.playbook.overrides.get("curve", {})

    def use_day(name: str, on: date) -> float:
        return getattr(curve, name) if name in written else float((on - live).days)

    return replace(
        curve,
        dip_start=use_day("dip_start", learning.begin),
        trough=use_day("trough", stages.trough),
        recovered=use_day("recovered", learning.end),
    )


def _over(situation: Situation) -> Reason | None:
    """Why nothing more is planned for this sale, or None."""
    if situation.sale.do_not_contact:
        return Reason("do_not_contact", "the customer does not want to be contacted")
    if any(a.kind == "milestone" and a.milestone == "left" for a in situation.history.activities):
        return Reason("left", "the customer has left")
    return None


@dataclass(slots=True)
class Found:
    """What the steps of a playbook and the situation come to, before any of it has its final day."""

    situation: Situation
    drafts: list[Draft] = field(default_factory=list)
    others: list[Touchpoint] = field(default_factory=list)  # waiting, covered already, or tried in vain
    left_out: list[Reason] = field(default_factory=list)

    def take(self, made: Iterable[Made]) -> list[Draft]:
        """Sort in what was made, and give the drafts among it."""
        drafts = []
        for one in made:
            match one:
                case Draft():
                    drafts.append(one)
                case Waiting():
                    self.others.append(touchpoints.waiting(one, self.situation))
                case Settled():
                    self.others.append(touchpoints.settled(one, self.situation))
                case Reason():
                    self.left_out.append(one)
        self.drafts += drafts
        return drafts


def _expand(found: Found, occurrences: int) -> None:
    """Drafts of all steps that apply and of open concerns; what waits or is settled; what is left out."""
    situation = found.situation
    chosen, found.left_out = chosen_steps(situation)
    for step, why in chosen:
        found.take(drafts_of(step, why, situation, occurrences))
    found.take(concern_drafts(situation))


def _diary(situation: Situation) -> Diary:
    """Unsolicited contacts that already count: real ones of this sale and those of the person's other sales."""
    diary = Diary(situation.timeline.stages, situation.numbers.contact)
    for taken in situation.history.taken:
        if not taken.solicited:
            diary.note(taken.on, taken.channel)
    for activity in situation.contacts:
        purpose = situation.purpose_named(activity.purpose)
        if activity.direction == "outbound" and not (purpose is not None and purpose.solicited):
            diary.note(activity.on, activity.channel)
    return diary


def _place(found: Found, arrangement: Arrangement, shape: CurveShape) -> list[Draft]:
    """Date everything, add what the situation asks for, and give what an old sale will be asked for only later."""
    situation = found.situation
    if is_late(situation):
        now, hidden = one_at_a_time(found.drafts, situation)
        arrangement.add_all(now)
    else:
        hidden = []
        looks, attended = looks_under_way(situation)
        found.take(catch_up(found.drafts, situation))
        found.take(looks)
        arrangement.add_all(found.drafts)
        _watch(arrangement, shape, attended, situation)
    if all(draft.has_expired(situation.today) for draft in arrangement.placed):
        arrangement.add_all(found.take(keep_in_touch(situation)))
    return hidden


def _watch(arrangement: Arrangement, shape: CurveShape, attended: Iterable[date], situation: Situation) -> None:
    """Add the looks of the dip watch; one near the start of learning takes up an open concern again as well."""
    origin = watched_from(situation)
    if origin is None:
        return
    concerns = [draft for draft in arrangement.placed if draft.step is CONCERN or draft.step is CONCERN_AGAIN]
    planned = [
        draft for draft in arrangement.placed if draft not in concerns and not draft.has_expired(situation.today)
    ]
    looks = Watch(situation, shape, arrangement.diary, origin).drafts(planned, attended)
    arrangement.placed += looks
    for draft in concerns:
        near = next((other for other in (*planned, *looks) if _takes_up(other, draft, situation)), None)
        if near is not None:
            near.say("concern", "also takes up the concern that is still open")
            arrangement.placed.remove(draft)


def _takes_up(other: Draft, concern: Draft, situation: Situation) -> bool:
    """A contact for prevention near the second one for a concern covers it; the first is always made (B12)."""
    if concern.step is not CONCERN_AGAIN or concern.by_hand is not None or concern.tries or other.due is None:
        return False
    near = abs((other.due - concern.nominal).days) <= situation.numbers.watch.absorb_days
    return near and other.purpose.service is concern.purpose.service


def step_named(playbook: Playbook, step_id: str) -> Step | None:
    """A step of the playbook or a built-in added one, by id."""
    return playbook.step(step_id) or BUILT_IN.get(step_id)


__all__ = ["SALE", "plan", "step_named"]
