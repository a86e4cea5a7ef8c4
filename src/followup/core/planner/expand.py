"""Expanding: from steps as written to drafts with a written date, window and hard bounds (DOMAIN 5.1, 3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count, islice

from followup.core.dates import add, approximate_days, times
from followup.core.model.activity import Activity
from followup.core.model.outcome import valuable
from followup.core.model.playbook import Duration, Step
from followup.core.model.purpose import Purpose
from followup.core.model.stage import Stage
from followup.core.model.touchpoint import Reason
from followup.core.planner.anchors import cycle, first_cycle_from, repeats_before
from followup.core.planner.draft import Draft, day_text
from followup.core.planner.gates import HISTORY_GATES, openings_for
from followup.core.planner.profile import condition_holds, extra_is_in, interval_of, thinned_out
from followup.core.planner.retries import take_over
from followup.core.planner.situation import Situation
from followup.core.planner.stages import Squeeze

MOST_LOOKED_AT = 400  # dates of a repeating step that are looked at before it is taken for impossible
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A step that hangs on an anchor nobody knows yet."""

    step: Step
    occurrence: int
    anchor: str


@dataclass(frozen=True, slots=True)
class Settled:
    """An occurrence that needs no more: another contact covered it, or it was tried in vain often enough.

    `by` is that contact (DOMAIN 5.1 step 6, A18) or the last try.
    """

    draft: Draft
    by: Activity
    covered: bool


Made = Draft | Waiting | Settled | Reason


@dataclass(frozen=True, slots=True)
class Slot:
    """Where one occurrence of a step falls, and why there.

    `number` is its place in a bounded series, 0 for simply the next one. `anchor_on` is the date it hangs on.
    What was recorded up to `since` belongs to an earlier date of that anchor.
    """

    on: date
    words: str = ""
    number: int = 0
    anchor_on: date | None = None
    since: date = date.min


def chosen_steps(situation: Situation) -> tuple[list[tuple[Step, list[Reason]]], list[Reason]]:
    """The steps that apply to this profile with the reasons, and the reasons of those left out (DOMAIN 5.2)."""
    thin = thinned_out(_by_date(situation), situation.factors)
    chosen: list[tuple[Step, list[Reason]]] = []
    left_out: list[Reason] = []
    for step in situation.playbook.steps:
        if not condition_holds(step, situation.setting):
            left_out.append(Reason(step.id, "its conditions (`if:`) do not hold for this customer"))
        elif not step.extra and step.id not in thin:
            chosen.append((step, []))
        else:
            is_in, reason = _by_profile(step, situation)
            if is_in:
                chosen.append((step, [reason]))
            else:
                left_out.append(reason)
    return chosen, left_out


def _by_date(situation: Situation) -> list[tuple[Step, Purpose]]:
    """All steps in order of their written dates, unknown ones last."""
    steps = [(step, situation.playbook.purposes[step.purpose]) for step in situation.playbook.steps]
    date_of = situation.timeline.date_of
    return sorted(steps, key=lambda pair: date_of(pair[0].when, pair[0].bound_to) or date.max)


def _by_profile(step: Step, situation: Situation) -> tuple[bool, Reason]:
    """Whether the profile brings in an extra step, and why; a core step that comes here is thinned out."""
    purpose, tier = situation.playbook.purposes[step.purpose], situation.setting.tier
    factor = situation.factors.get(purpose.service, 1.0)
    said = f"{purpose.service} factor {factor:.2f} (assumption)"
    inputs = {"factor": round(factor, 4), "kind": purpose.service.value, "tier": tier}
    if not step.extra:
        return False, Reason(step.id, f"every second core step of its kind is dropped: {said}", inputs)
    if extra_is_in(purpose, situation.factors, tier):
        return True, Reason("profile", f"an extra step, brought in by {said}", inputs)
    return False, Reason(step.id, f"an extra step; {said} does not bring it in for tier {tier}", inputs)


def drafts_of(step: Step, why: list[Reason], situation: Situation, wanted: int) -> Iterator[Made]:
    """The next `wanted` occurrences of a step; what it waits for; or the reason why there is none."""
    facts = situation.facts_of(step.id)
    missing = _missing(step, situation)
    if missing:
        yield Waiting(step, facts.last_closed + 1, missing)
        return
    first = situation.timeline.date_of(step.when, step.bound_to)
    assert first is not None
    if not step.repeating:
        if not facts.closed:
            slot = Slot(first, anchor_on=situation.timeline.anchors.get(step.when.base))
            yield _occurrence(step, why, 1, slot, situation)
        return
    last = facts.closed.get(facts.last_closed)
    yield from _series(step, why, first, last, facts.last_closed + 1, situation, wanted)


def _missing(step: Step, situation: Situation) -> str:
    """The anchor whose date must be known before this step has one, or ''."""
    timeline = situation.timeline
    if missing := timeline.missing_for(step.when):
        return missing
    if step.bound_to is not None and timeline.stages[step.bound_to].begin is None:
        return timeline.missing_for(timeline.rules[step.bound_to].begins) or step.bound_to.value
    return timeline.anchors.missing.get(step.until, "") if step.until else ""


def _series(
    step: Step,
    why: list[Reason],
    first: date,
    last: Activity | None,
    occurrence: int,
    situation: Situation,
    wanted: int,
) -> Iterator[Made]:
    """The next occurrences of a repeating step, from the first that can still be met."""
    end = _stage_end(step, situation)
    for slot in islice(_slots(step, first, last, occurrence, situation), MOST_LOOKED_AT):
        if slot.on > end and slot.on > first:
            break
        made = _occurrence(step, why, slot.number or occurrence, slot, situation)
        if isinstance(made, Settled):
            yield made
            if not step.until:
                following = made.draft.occurrence + 1
                yield from _series(step, why, first, made.by, following, situation, wanted)
                return
        elif isinstance(made, Draft) and made.earliest <= made.latest:
            if step.until and made.by_hand is None:
                made.vanishes_after = slot.on + timedelta(days=step.window[1])
            yield made
            occurrence, wanted = made.occurrence + 1, wanted - 1
            if not wanted:
                return
    yield Reason(step.id, "its stage, gate or deadline allows none of its dates")


def _slots(step: Step, first: date, last: Activity | None, occurrence: int, situation: Situation) -> Iterator[Slot]:
    if step.every is None:
        return _cycle_slots(step, first, last, occurrence, situation)
    interval = interval_of(step, situation.playbook.purposes[step.purpose], situation.factors)
    if step.until:
        return _slots_until(step, first, interval, occurrence, situation)
    return _slots_every(step, first, last, interval, situation)


def _from_day(step: Step, situation: Situation) -> date:
    """The first day on which an occurrence can be met: the sale is in the plan and the stage has begun."""
    stage = step.bound_to
    begin = situation.timeline.stages[stage].begin if stage is not None else None
    return max(situation.floor, begin or date.min)


def _stage_end(step: Step, situation: Situation) -> date:
    stage = step.bound_to
    end = situation.timeline.stages[stage].end if stage is not None else None
    return end or date.max


def _slots_every(
    step: Step, first: date, last: Activity | None, interval: Duration, situation: Situation
) -> Iterator[Slot]:
    """A rhythm: counted from the last actual contact of the purpose, before the first one from the written day."""
    anchor_on = situation.timeline.anchors.get(step.when.base)
    base, start, words = first, 0, f"repeats every {interval}"
    if last is not None:
        base, start = _counted_from(last, step.purpose, situation), 1
        words = f"{interval} after {_told(last)}, {day_text(base)}"
    start = max(start, repeats_before(base, interval, _from_day(step, situation)))
    after = timedelta(days=step.window[1])
    for number in count(start):
        on = add(base, times(interval, number), situation.calendar)
        if number == 0 or on + after >= _from_day(step, situation):
            yield Slot(on, words if number else "", anchor_on=anchor_on)


def _counted_from(last: Activity, purpose: str, situation: Situation) -> date:
    """Where the next interval begins: at the last contact of value; else the step keeps the rhythm of the plan."""
    if last.kind == "contacted" and valuable(last.outcomes):
        return max([last.on, *(a.on for a in situation.valuable if a.purpose == purpose)])
    overdue = last.closes_on is not None and last.on > last.closes_on
    return last.on if overdue or last.due_on is None else last.due_on


def _told(last: Activity) -> str:
    if last.kind == "skipped":
        return "the skipped one"
    return "the last contact of this purpose" if valuable(last.outcomes) else "the one without a result"


def _slots_until(step: Step, first: date, interval: Duration, occurrence: int, situation: Situation) -> Iterator[Slot]:
    """A bounded series on a fixed grid; the last day is included. What was missed is not caught up."""
    end = situation.timeline.anchors.get(step.until)
    assert end is not None
    moved = situation.facts_of(step.id).moved
    live_from = max(_from_day(step, situation), situation.today)
    after = timedelta(days=step.window[1])
    words = f"repeats every {interval} until {step.until}, {day_text(end)}"
    for number in count(occurrence - 1):
        on = add(first, times(interval, number), situation.calendar)
        if on > end:
            return
        if on + after >= live_from or number + 1 in moved:
            yield Slot(on, words, number + 1, situation.timeline.anchors.get(step.when.base))


def _cycle_slots(
    step: Step, first: date, last: Activity | None, occurrence: int, situation: Situation
) -> Iterator[Slot]:
    """Once for each date of its anchor; done for one date, it is armed for the next (`every: cycle`).

    What was missed is not made up for once its deadline, or the day set by hand instead, has passed.
    """
    anchors, calendar, when = situation.timeline.anchors, situation.calendar, step.when
    repeats, start = anchors.repeats.get(when.base), anchors.get(when.base)
    after = date.min
    if last is not None:
        after = max(last.due_on or last.on, last.on) + timedelta(days=max(1, step.window[1]))
    if repeats is None or start is None:
        if first > after:
            yield Slot(first, anchor_on=start)
        return
    since = date.min
    moved = situation.facts_of(step.id).moved.get(occurrence)
    for number in count(repeats_before(first, repeats, max(after, _from_day(step, situation)))):
        anchor = cycle(start, repeats, number, calendar)
        on = first if number == 0 else add(anchor, when.offset, calendar)
        if on <= after:
            continue
        if step.deadline == when.base and anchor < situation.today:
            by_hand = moved.to_on if moved is not None and since < moved.on <= anchor else None
            if by_hand is None or by_hand < situation.today:
                since = anchor
                continue
        yield Slot(on, f"for {when.base} on {day_text(anchor)}", anchor_on=anchor, since=since)


def _occurrence(
    step: Step, why: list[Reason], number: int, slot: Slot, situation: Situation
) -> Draft | Settled | Reason:
    """One occurrence with its window and hard bounds; or settled already; or why it is not planned."""
    draft = _written(step, why, number, slot, situation)
    if (contact := _covering(draft, situation)) is not None:
        return Settled(draft, contact, covered=True)
    if _has_no_day(draft, situation):
        return Reason(step.id, f"{step.bound_to} has no day for this sale")
    closes = draft.closes
    _bound(draft, slot, situation)
    if (last_try := take_over(draft, situation, since=slot.since)) is not None:
        return Settled(draft, last_try, covered=False)
    if closes < situation.floor and draft.by_hand is None and not draft.tries:
        return Reason(step.id, f"its window closed on {day_text(closes)}, before the sale came into the plan")
    _gate(draft, slot, situation)
    return draft


def _has_no_day(draft: Draft, situation: Situation) -> bool:
    """True when its stage is empty, as where anchors lie out of order, and begins outside its window."""
    if draft.step.bound_to is None:
        return False
    span = situation.timeline.stages[draft.step.bound_to]
    return span.days == 0 and not draft.opens <= (span.begin or date.min) <= draft.closes


def _written(step: Step, why: list[Reason], number: int, slot: Slot, situation: Situation) -> Draft:
    """One occurrence as written, with its window; both squeezed where anchors lie too close together."""
    timeline, nominal = situation.timeline, slot.on
    draft = Draft(
        step=step,
        purpose=situation.playbook.purposes[step.purpose],
        occurrence=number,
        channel=step.channel,
        nominal=nominal,
        opens=nominal + timedelta(days=step.window[0]),
        closes=nominal + timedelta(days=step.window[1]),
    )
    draft.say("written", f"written as {step.when}: {day_text(nominal)}", when=str(step.when), nominal=nominal)
    draft.reasons.extend(why)
    if step.when.base in timeline.anchors.assumed:
        draft.say("assumed", f"the date of {step.when.base} is assumed", anchor=step.when.base)
    squeeze = timeline.squeeze_of(step.when, step.bound_to) if timeline.squeezes else None
    if squeeze is not None:
        _squeeze(draft, squeeze)
    if slot.words:
        draft.say("repeats", slot.words)
    return draft


def _squeeze(draft: Draft, squeeze: Squeeze) -> None:
    """Shrink the window like the offset, and let nothing cross either anchor."""
    before, after = draft.step.window
    draft.opens = draft.nominal + timedelta(days=round(before * squeeze.factor))
    draft.closes = draft.nominal + timedelta(days=round(after * squeeze.factor))
    draft.earliest, draft.latest = squeeze.first, squeeze.last
    draft.say(
        "squeeze",
        f"{squeeze.earlier} and {squeeze.later} are {squeeze.found_days} days apart where the playbook needs "
        f"{squeeze.needed_days}: offsets shrink to {squeeze.factor:.0%}",
        factor=round(squeeze.factor, 4),
    )


def _covering(draft: Draft, situation: Situation) -> Activity | None:
    """A contact outside the plan that did what this occurrence is for, inside its window (DOMAIN 5.1 step 6).

    It needs the same purpose; where the purchase brings much contact anyway, the same service kind (A18).
    """
    facts = situation.facts_of(draft.step.id)
    if draft.occurrence in facts.moved or draft.occurrence in facts.tries:
        return None
    used = {(contact.on, contact.id) for contact in facts.closed.values()}
    for contact in situation.valuable:
        if contact.step or not draft.opens <= contact.on <= draft.closes or (contact.on, contact.id) in used:
            continue
        purpose = situation.purpose_named(contact.purpose)
        if purpose is None:
            continue
        same_kind = purpose.service is draft.purpose.service and not purpose.selling
        often = situation.setting.extensiveness == "high" and purpose.service in situation.factors
        if purpose.name == draft.purpose.name or (same_kind and often):
            return contact
    return None


def _bound(draft: Draft, slot: Slot, situation: Situation) -> None:
    """Hard bounds: the day of enrolment, the stage, the deadline, and the date that it belongs before."""
    step = draft.step
    draft.earliest = max(draft.earliest, situation.floor)
    if (stage := step.bound_to) is not None:
        span = situation.timeline.stages[stage]  # a boundary day belongs to both neighbours
        draft.earliest = max(draft.earliest, span.begin or date.min)
        draft.latest = min(draft.latest, span.end or date.max)
    if step.deadline and (deadline := _deadline_of(draft, situation)) is not None:
        draft.deadline = deadline
        draft.latest = min(draft.latest, deadline)
    anchor = slot.anchor_on if draft.deadline is None else None
    if anchor is not None and step.when.offset.amount < 0 and draft.nominal < anchor <= draft.latest:
        before_it = anchor - ONE_DAY  # what belongs before a date is not moved onto it
        if step.window[1] + approximate_days(step.when.offset) < 0:
            draft.closes = min(draft.closes, before_it)
        draft.latest = min(draft.latest, max(draft.closes, before_it))


def _deadline_of(draft: Draft, situation: Situation) -> date | None:
    """The date of the deadline's anchor that belongs to this occurrence: the first not before the written day."""
    anchors = situation.timeline.anchors
    start, repeats = anchors.get(draft.step.deadline), anchors.repeats.get(draft.step.deadline)
    if start is None or repeats is None:
        return start
    return first_cycle_from(start, repeats, draft.nominal, situation.calendar)


def _gate(draft: Draft, slot: Slot, situation: Situation) -> None:
    """Move the bounds into the first opening of the gate; back into its window if no later one is in reach."""
    name = draft.purpose.name
    if name in HISTORY_GATES:
        draft.say("gate", HISTORY_GATES[name], purpose=name)
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


def _release(draft: Draft, wanted: date) -> None:
    """A date by hand on which nobody may be asked: the nearest allowed one is looked for from there."""
    draft.say("warning", f"set by hand to {day_text(wanted)}, when nobody is asked for anything", day=wanted)
    draft.nominal, draft.moved = wanted, None


def _contract_ends_in_learning(draft: Draft, slot: Slot, situation: Situation) -> bool:
    ends = slot.anchor_on
    return draft.purpose.name == "renewal" and ends is not None and situation.timeline.stages.on(ends) is Stage.LEARNING
