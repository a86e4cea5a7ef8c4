"""Slots: where the occurrences of a repeating step fall (PLAYBOOKS `every`, `until`, `cycle`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from followup.core.dates import add, times
from followup.core.model.activity import Activity
from followup.core.model.outcome import valuable
from followup.core.model.playbook import Duration, Step
from followup.core.planner.anchors import cycle, repeats_before
from followup.core.planner.draft import day_text
from followup.core.planner.profile import interval_of
from followup.core.planner.situation import Situation


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


def slots_of(step: Step, first: date, last: Activity | None, occurrence: int, situation: Situation) -> Iterator[Slot]:
    """Where a repeating step falls, from the first date that can still be met.

    `first` is its written day, `last` what its last occurrence ended with, `occurrence` the number of the next one.
    """
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


def stage_end(step: Step, situation: Situation) -> date:
    """The last day on which an occurrence can fall: the end of the stage that the step is bound to."""
    stage = step.bound_to
    end = situation.timeline.end_for_steps(stage) if stage is not None else None
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
        on = situation.timeline.run_on(base, add(base, times(interval, number), situation.calendar))
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
