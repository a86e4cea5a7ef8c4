"""The heart: `plan` dates every contact of one sale and says why (DESIGN 3, DOMAIN 5.1).

The answer depends on its arguments alone, not on the order of the history, and planning twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from followup.core.dates import Calendar
from followup.core.model.history import Elsewhere, History
from followup.core.model.plan import Plan
from followup.core.model.playbook import Playbook, Step
from followup.core.model.sale import Sale
from followup.core.model.touchpoint import Reason, Touchpoint
from followup.core.mood import delta_on
from followup.core.planner import touchpoints
from followup.core.planner.anchors import LIVE, SALE
from followup.core.planner.arranging import Arrangement
from followup.core.planner.backlog import fold
from followup.core.planner.built_in import BUILT_IN, CONCERN, CONCERN_AGAIN, CONCERN_CHECK
from followup.core.planner.choosing import Chosen, chosen_steps
from followup.core.planner.concerns import concern_drafts
from followup.core.planner.draft import Draft
from followup.core.planner.expand import Made, Settled, Waiting, drafts_of
from followup.core.planner.good_news import next_renewal, record_before
from followup.core.planner.late import catch_up, is_late, one_at_a_time
from followup.core.planner.placing import Diary
from followup.core.planner.problems import open_problem
from followup.core.planner.reactions import reaction_drafts
from followup.core.planner.recovery import recovery_drafts
from followup.core.planner.rotation import keep_in_touch, rhythm_contact
from followup.core.planner.situation import Situation, survey
from followup.core.planner.standing import Standing, settle
from followup.core.planner.variety import vary_channel
from followup.core.planner.watch import Watch, attend_in_time, looks_under_way, tried_on, watched_from
from followup.errors import FollowupError

ONE_DAY = timedelta(days=1)


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
    chosen, left_out = chosen_steps(situation)
    over = _over(situation)
    if over is not None:  # time goes on without it: it stands where the last thing happened
        situation = replace(situation, today=_last_day(situation))
    situation, standing = settle(situation, chosen, effort)
    timeline = situation.timeline
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
        curve=standing.shape,
        factors=situation.factors,
        touchpoints=touchpoints.in_order(past),
        evidence=standing.evidence,
        relationship=standing.relationship,
        flags=standing.flags,
        made_on=situation.today,
    )
    if over is not None:
        return replace(result, left_out=(over,))
    found = Found(situation, left_out=left_out)
    _expand(found, chosen, occurrences)
    arrangement = Arrangement(situation, _diary(situation))
    renewal = next_renewal(situation)
    hidden = _place(found, arrangement, standing, renewal)
    folds = fold(arrangement.placed, situation.today)
    attend_in_time(arrangement.placed, situation)
    vary_channel(arrangement.placed, arrangement.diary, situation)
    upcoming = [touchpoints.planned(draft, situation) for draft in arrangement.placed]
    all_drafts = [*arrangement.placed, *arrangement.unplaced]
    again_on = [*standing.again_on, *folds, *([renewal[0] + ONE_DAY] if renewal[0] is not None else [])]
    return replace(
        result,
        touchpoints=touchpoints.in_order([*past, *found.others, *upcoming]),
        left_out=(*found.left_out, *arrangement.given_way),
        refresh_on=touchpoints.refresh_on(all_drafts, hidden, again_on, situation.today),
    )


def forbids(playbook: Playbook, sale: Sale, history: History, calendar: Calendar, *, today: date) -> Elsewhere:
    """What a sale forbids the other sales of the same customer (trap 7, DOMAIN 5.3)."""
    situation = survey(playbook, sale, history, calendar, today=today)
    situation, standing = settle(situation, chosen_steps(situation)[0], None)
    return standing.forbids(situation)


def _over(situation: Situation) -> Reason | None:
    """Why nothing more is planned for this sale, or None."""
    if situation.sale.do_not_contact:
        return Reason("do_not_contact", "the customer does not want to be contacted")
    if any(a.kind == "milestone" and a.milestone == "left" for a in situation.history.activities):
        return Reason("left", "the customer has left")
    return None


def _last_day(situation: Situation) -> date:
    return max((activity.on for activity in situation.ordered), default=situation.sale.added_on)


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


def _expand(found: Found, chosen: Chosen, occurrences: int) -> None:
    """Drafts of all steps that apply and of what happened; what waits or is settled; what is left out."""
    situation = found.situation
    for step, why in chosen:
        found.take(drafts_of(step, why, situation, occurrences))
    found.take(concern_drafts(situation))
    found.take(recovery_drafts(situation))
    found.take(reaction_drafts(situation))


def _diary(situation: Situation) -> Diary:
    """Unsolicited contacts that already count: real ones of this sale and those of the person's other sales."""
    diary = Diary(situation.timeline.stages, situation.numbers.contact)
    for taken in situation.history.taken:
        if not taken.solicited:
            diary.note(taken.on, taken.channel)
    for activity in situation.contacts:
        purpose = situation.purpose_named(activity.purpose)
        if activity.direction == "inbound":
            diary.note(activity.on, "")  # they called: no cap, but they are not called again at once
        elif not (purpose is not None and purpose.solicited):
            diary.note(activity.on, activity.channel)
    return diary


def _place(found: Found, arrangement: Arrangement, standing: Standing, renewal: tuple[date | None, int]) -> list[Draft]:
    """Date everything, add what the situation asks for, and give what an old sale will be asked for only later."""
    situation = found.situation
    hidden: list[Draft] = []
    if is_late(situation):
        now, hidden = one_at_a_time(found.drafts, situation)
        arrangement.add_all(now)
    else:
        looks, attended = looks_under_way(situation)
        found.take(catch_up(found.drafts, situation))
        found.take(looks)
        arrangement.add_all(found.drafts)
        arrangement.add_all(found.take(record_before(renewal, arrangement.placed, situation)))
        if open_problem(situation.problems) is None:
            _watch(arrangement, standing, attended, situation)
            live = [draft for draft in arrangement.placed if _is_live(draft, situation)]
            gone = [draft for draft in arrangement.placed if _fell_away(draft, situation)]
            arrangement.add_all(found.take(rhythm_contact(standing.relationship, live, gone, situation)))
    if not any(_is_live(draft, situation) for draft in arrangement.placed) and situation.hold is None:
        arrangement.add_all(found.take(keep_in_touch(situation)))
    return hidden


def _is_live(draft: Draft, situation: Situation) -> bool:
    """True for a contact that will come, or waits to be made: neither over nor held."""
    if draft.due is None or draft.has_expired(situation.today):
        return False
    return not touchpoints.is_held(draft, draft.due, situation)


def _fell_away(draft: Draft, situation: Situation) -> bool:
    """True for what kept the rhythm until it expired or met a shut gate; what only a hold stops still stands."""
    if draft.due is None:
        return False
    return draft.has_expired(situation.today) or touchpoints.meets_shut_gate(draft, draft.due, situation)


def _watch(arrangement: Arrangement, standing: Standing, attended: Iterable[date], situation: Situation) -> None:
    """Add the looks of the dip watch; one near the start of learning takes up an open concern again as well."""
    origin = watched_from(situation)
    if origin is None:
        return
    concerns = [draft for draft in arrangement.placed if draft.step in (CONCERN, CONCERN_AGAIN, CONCERN_CHECK)]
    planned = [
        draft for draft in arrangement.placed if draft not in concerns and not draft.has_expired(situation.today)
    ]
    watch = Watch(situation, standing.watched, arrangement.diary, origin, _delta(standing))
    looks = watch.drafts(planned, {**{day: day for day in attended}, **tried_on(situation)})
    arrangement.placed += looks
    for draft in concerns:
        near = next((other for other in (*planned, *looks) if _takes_up(other, draft, situation)), None)
        if near is not None:
            near.say("concern", "also takes up the concern that is still open")
            arrangement.placed.remove(draft)


def _delta(standing: Standing) -> float:
    """How far the estimate lies off the curve by the newest reading: facts alone move it, not the passing of days."""
    clues = standing.evidence.clues if standing.evidence is not None else ()
    return delta_on(standing.evidence, clues[-1].on) if clues and standing.evidence is not None else 0.0


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
