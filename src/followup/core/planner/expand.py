"""Expanding: from steps as written to drafts with a written date, window and hard bounds (DOMAIN 5.1, step 3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from followup.core.dates import Calendar, add, approximate_days, times
from followup.core.model.activity import Activity
from followup.core.model.playbook import Duration, Playbook, Step
from followup.core.model.purpose import Purpose
from followup.core.model.sale import Sale
from followup.core.model.stage import Stage
from followup.core.model.touchpoint import Reason
from followup.core.numbers import Numbers
from followup.core.planner.anchors import cycle, first_cycle_from
from followup.core.planner.draft import Draft, day_text
from followup.core.planner.facts import StepFacts
from followup.core.planner.gates import HISTORY_GATES, openings_for
from followup.core.planner.placing import stage_bounds
from followup.core.planner.profile import (
    Factors,
    Setting,
    condition_holds,
    extra_is_in,
    interval_of,
    thinned_out,
)
from followup.core.planner.stages import Timeline

MOST_REPEATS = 2000
ONE_DAY = timedelta(days=1)
NO_FACTS = StepFacts()


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything the steps of one sale are dated by."""

    playbook: Playbook
    sale: Sale
    setting: Setting
    factors: Factors
    numbers: Numbers
    timeline: Timeline
    calendar: Calendar
    today: date

    @property
    def floor(self) -> date:
        """The day before which nothing is planned: the sale came into the plan on it."""
        return self.sale.added_on


@dataclass(frozen=True, slots=True)
class Waiting:
    """A step that hangs on an anchor nobody knows yet."""

    step: Step
    anchor: str


def chosen_steps(situation: Situation) -> tuple[list[tuple[Step, list[Reason]]], list[Reason]]:
    """The steps that apply to this profile with the reasons, and the reasons of those left out (DOMAIN 5.2)."""
    playbook, factors, setting = situation.playbook, situation.factors, situation.setting
    dated = sorted(
        ((step, playbook.purposes[step.purpose]) for step in playbook.steps),
        key=lambda pair: situation.timeline.date_of(pair[0].when, pair[0].stage) or date.max,
    )
    thin = thinned_out(dated, factors)
    chosen: list[tuple[Step, list[Reason]]] = []
    left_out: list[Reason] = []
    for step in playbook.steps:
        purpose = playbook.purposes[step.purpose]
        factor = factors.get(purpose.service, 1.0)
        said = f"{purpose.service} factor {factor:.2f} (assumption)"
        inputs = {"factor": round(factor, 4), "kind": purpose.service.value, "tier": setting.tier}
        if not condition_holds(step, setting):
            left_out.append(Reason(step.id, "its conditions (`if:`) do not hold for this customer"))
        elif step.extra and not extra_is_in(purpose, factors, setting.tier):
            left_out.append(Reason(step.id, f"an extra step; {said} does not bring it in for tier {setting.tier}", inputs))
        elif step.id in thin:
            left_out.append(Reason(step.id, f"every second core step of its kind is dropped: {said}", inputs))
        else:
            reasons = [Reason("profile", f"an extra step, brought in by {said}", inputs)] if step.extra else []
            chosen.append((step, reasons))
    return chosen, left_out


def drafts_of(
    step: Step, why: list[Reason], facts: StepFacts, situation: Situation, last_of_purpose: date | None, count: int
) -> Iterator[Draft | Waiting | Reason]:
    """Drafts of the next `count` occurrences of a step; a Waiting without its anchor; a Reason when none is left."""
    purpose = situation.playbook.purposes[step.purpose]
    first = situation.timeline.date_of(step.when, step.stage)
    if first is None:
        yield Waiting(step, unknown_anchor(step, situation))
        return
    if not step.repeating and not _cycles(step, situation):
        if not facts.closed:
            yield _one(step, purpose, why, 1, first, facts, situation)
        return
    occurrence = facts.last_closed + 1
    for number, day, words in _repeats(step, purpose, first, facts, situation, last_of_purpose):
        draft = _one(step, purpose, why, number or occurrence, day, facts, situation)
        if isinstance(draft, Reason):
            continue  # missed before the sale came into the plan: jump to the first that can still be met
        if words:
            draft.say("repeats", words)
        yield draft
        occurrence = draft.occurrence + 1
        count -= 1
        if not count:
            return


def unknown_anchor(step: Step, situation: Situation) -> str:
    """The anchor whose date must be known before this step has one."""
    base = step.when.base
    if base in situation.timeline.anchors.dates:
        return base
    rules = situation.playbook.stages
    stage = Stage.LEARNING if base == "trough" else Stage(base)
    for candidate in (stage, *list(Stage)[list(Stage).index(stage) + 1 :]):
        rule = rules.get(candidate)
        if rule is not None and situation.timeline.anchors.get(rule.begins.base) is None:
            return rule.begins.base
    return base


def _cycles(step: Step, situation: Situation) -> bool:
    return step.cycle or step.when.base in situation.timeline.anchors.repeats


def _repeats(
    step: Step,
    purpose: Purpose,
    first: date,
    facts: StepFacts,
    situation: Situation,
    last_of_purpose: date | None,
) -> Iterator[tuple[int, date, str]]:
    """(occurrence or 0 for the next one, date, words) of a repeating step, from the first that can still be met."""
    last = facts.closed.get(facts.last_closed)
    if step.every is None:
        yield from _anchor_cycles(step, first, last, situation)
        return
    interval = interval_of(step, purpose, situation.factors)
    words = f"repeats every {interval}"
    if step.until:
        yield from _until(step, first, interval, facts, situation)
        return
    start, base = 0, first
    if last is not None:
        base, start = _last_met(last, last_of_purpose), 1
        words = f"{interval} after the last contact of this purpose, {day_text(base)}"
        if last.kind == "skipped":
            words = f"{interval} after the skipped one, {day_text(base)}"
    missed = int((situation.floor - base).days / approximate_days(interval)) - 2
    for number in range(max(start, missed), max(start, missed) + MOST_REPEATS):
        yield 0, add(base, times(interval, number), situation.calendar), words if number else ""


def _last_met(last: Activity, last_of_purpose: date | None) -> date:
    """What the next interval counts from: the last contact; a step skipped in time keeps its rhythm."""
    if last.kind == "skipped":
        overdue = last.closes_on is not None and last.on > last.closes_on
        return last.on if overdue or last.due_on is None else last.due_on
    return max(last.on, last_of_purpose or last.on)


def _until(
    step: Step, first: date, interval: Duration, facts: StepFacts, situation: Situation
) -> Iterator[tuple[int, date, str]]:
    """A bounded series on a fixed grid; the last day is included. What was missed is not caught up."""
    end = situation.timeline.anchors.get(step.until)
    if end is None:
        return
    floor = max(situation.floor, situation.today)
    for number in range(MOST_REPEATS):
        day = add(first, times(interval, number), situation.calendar)
        if day > end:
            return
        if number + 1 > facts.last_closed and day + timedelta(days=step.window[1]) >= floor:
            yield number + 1, day, f"repeats every {interval} until {step.until}, {day_text(end)}"


def _anchor_cycles(
    step: Step, first: date, last: Activity | None, situation: Situation
) -> Iterator[tuple[int, date, str]]:
    """The step once for each date of its anchor; done for one date, it is armed for the next (`every: cycle`)."""
    anchors = situation.timeline.anchors
    repeats, start = anchors.repeats.get(step.when.base), anchors.get(step.when.base)
    after = date.min
    if last is not None:
        after = max(last.due_on or last.on, last.on) + timedelta(days=max(1, step.window[1]))
    if repeats is None or start is None:
        if first > after:
            yield 0, first, ""
        return
    offset = first - start
    for number in range(MOST_REPEATS):
        anchor = cycle(start, repeats, number, situation.calendar)
        expired = step.deadline == step.when.base and anchor < situation.today
        if anchor + offset > after and not expired:
            yield 0, anchor + offset, f"for {step.when.base} on {day_text(anchor)}"


def _one(
    step: Step,
    purpose: Purpose,
    why: list[Reason],
    occurrence: int,
    nominal: date,
    facts: StepFacts,
    situation: Situation,
) -> Draft | Reason:
    """One occurrence with its window and hard bounds, or the reason why it is not planned."""
    timeline = situation.timeline
    before, after = step.window
    squeeze = timeline.squeeze_of(step.when, step.stage)
    if squeeze is not None:
        before, after = round(before * squeeze.factor), round(after * squeeze.factor)
    draft = Draft(
        step=step,
        purpose=purpose,
        occurrence=occurrence,
        channel=step.channel,
        nominal=nominal,
        opens=nominal + timedelta(days=before),
        closes=nominal + timedelta(days=after),
    )
    draft.say("written", f"written as {step.when}: {day_text(nominal)}", when=str(step.when), nominal=nominal)
    draft.reasons.extend(why)
    if step.when.base in timeline.anchors.assumed:
        draft.say("assumed", f"the date of {step.when.base} is assumed, not recorded", anchor=step.when.base)
    if squeeze is not None:
        draft.say(
            "squeeze",
            f"{squeeze.earlier} and {squeeze.later} are {squeeze.found_days} days apart where the playbook needs "
            f"{squeeze.needed_days}: offsets shrink to {squeeze.factor:.0%}",
            factor=round(squeeze.factor, 4),
        )
    moved = facts.moved.get(occurrence)
    if moved is not None and moved.to_on is not None:
        draft.by_hand, draft.agreed_time = moved.to_on, moved.to_time
    draft.tries = len(facts.tries.get(occurrence, ()))
    if draft.by_hand is None and draft.closes < situation.floor:
        return Reason(step.id, f"its window closed on {day_text(draft.closes)}, before the sale came into the plan")
    _bound(draft, situation)
    return draft


def _bound(draft: Draft, situation: Situation) -> None:
    """Hard bounds: stage, deadline, day of enrolment, gate; the window is cut to them and moved into them."""
    step, timeline = draft.step, situation.timeline
    earliest, latest = situation.floor, date.max
    if step.stage is not None and not step.any_stage:
        begin, end = stage_bounds(timeline.stages, step.stage)
        earliest, latest = max(earliest, begin), end
    if step.deadline:
        last_day = _deadline_of(draft, situation)
        if last_day is not None:
            draft.deadline = last_day
            latest = min(latest, last_day)
    anchor = timeline.anchors.get(step.when.base)
    if anchor is not None and step.when.offset.amount < 0 and draft.nominal < anchor <= latest:
        latest = max(draft.closes, anchor - ONE_DAY)  # what belongs before a date is not moved onto it
    draft.earliest, draft.latest = earliest, latest
    _gate(draft, situation)
    if gate := HISTORY_GATES.get(draft.purpose.name):
        draft.say("gate", gate, purpose=draft.purpose.name)


def _deadline_of(draft: Draft, situation: Situation) -> date | None:
    """The date of the deadline's anchor that belongs to this occurrence: the first one not before the written day."""
    anchors = situation.timeline.anchors
    start, repeats = anchors.get(draft.step.deadline), anchors.repeats.get(draft.step.deadline)
    if start is None or repeats is None:
        return start
    return first_cycle_from(start, repeats, draft.nominal, situation.calendar)


def _gate(draft: Draft, situation: Situation) -> None:
    """Move the bounds into the first opening of the gate; back into its window if no later one is in reach."""
    openings = openings_for(draft.step, draft.purpose, situation.timeline)
    if openings is None:
        return
    if _contract_ends_in_learning(draft, situation):
        draft.say("warning", "the contract ends inside learning: its date wins over the gate")
        return
    wanted = min(max(draft.nominal, draft.earliest), draft.latest)
    usable = [o for o in openings if max(o.first, draft.earliest) <= min(o.last, draft.latest)]
    opening = next((o for o in usable if o.last >= wanted), None)
    if opening is None:
        opening = next((o for o in reversed(usable) if o.last >= draft.opens), None)
    if opening is None:
        draft.say("gate", f"{draft.purpose.name}: {openings[0].text if openings else 'its stage is not known yet'}")
        draft.latest = date.min
        return
    if not opening.first <= wanted <= opening.last:
        draft.say("gate", f"{draft.purpose.name}: {opening.text}", wanted=wanted)
    draft.earliest, draft.latest = max(draft.earliest, opening.first), min(draft.latest, opening.last)


def _contract_ends_in_learning(draft: Draft, situation: Situation) -> bool:
    if draft.purpose.name != "renewal":
        return False
    ends = situation.timeline.anchors.get(draft.step.when.base)
    return ends is not None and situation.timeline.stages.on(ends) is Stage.LEARNING
