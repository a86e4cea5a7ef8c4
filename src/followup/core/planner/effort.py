"""Early effort: how much of what should come early was really done, and in time (DOMAIN 4.2, B17)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from followup.core.dates import add, times
from followup.core.model.activity import Activity
from followup.core.model.outcome import reached
from followup.core.model.playbook import Step
from followup.core.model.purpose import Purpose
from followup.core.model.stage import Stage
from followup.core.planner.profile import interval_of
from followup.core.planner.situation import Situation

EARLY = (Stage.BEFORE_SALE, Stage.NOVELTY)
EARLY_SHARE = 0.25  # of the fall: learning contacts up to there count as early
IN_TIME, LATE, NOT_DONE = 1.0, 0.5, 0.0
HOW_DONE = {IN_TIME: "in time", LATE: "late", NOT_DONE: "not done"}
MOST_REPEATS = 200  # of one early step
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Counted:
    """One early contact that was due: what it weighs, and 1 in time, 0.5 late but before the trough, 0 not done."""

    step: str
    weight: float
    done: float


@dataclass(frozen=True, slots=True)
class Effort:
    """Early effort 0-1 with what counted, and the next day on which something left undone would count.

    `hoped` is what it comes to if all that still has its time is done in it.
    """

    value: float
    hoped: float
    counted: tuple[Counted, ...]
    next_on: date | None


def effort_of(steps: Iterable[Step], situation: Situation, *, as_of: date) -> Effort:
    """(0.5 + sum of weight x done) / (1 + sum of weights) over early contacts due by a day; nothing due gives 0.5."""
    counted: list[Counted] = []
    waiting: list[date] = []
    ahead = 0.0
    for step in steps:
        purpose = situation.playbook.purposes[step.purpose]
        if not purpose.effort:
            continue
        for occurrence, closes in _early_dates(step, purpose, situation):
            if closes < situation.floor:
                continue  # over before the sale came into the plan: nobody's fault
            done = _done(step, purpose, occurrence, closes, situation, as_of)
            if done is not None:
                counted.append(Counted(step.id, purpose.effort, done))
            else:
                waiting.append(closes + ONE_DAY)
                ahead += purpose.effort
    total = sum(one.weight for one in counted)
    done = situation.numbers.curve.effort.prior + sum(one.weight * one.done for one in counted)
    hoped = (done + ahead) / (1 + total + ahead)
    return Effort(done / (1 + total), hoped, tuple(counted), min(waiting, default=None))


def _early_dates(step: Step, purpose: Purpose, situation: Situation) -> Iterator[tuple[int, date]]:
    """Occurrence and last day of each early contact of a step, as written and on a working day."""
    first = situation.timeline.date_of(step.when, step.bound_to)
    if first is None or not _is_early(step, first, situation):
        return
    last = timedelta(days=step.window[1])
    if not step.repeating:
        yield 1, max(first + last, situation.calendar.next_working_day(first))
        return
    end = situation.timeline.anchors.get(step.until) if step.until else None
    if end is None or step.every is None:
        return
    interval = interval_of(step, purpose, situation.factors)
    for number in range(MOST_REPEATS):
        on = add(first, times(interval, number), situation.calendar)
        if on > end:
            return
        yield number + 1, max(on + last, situation.calendar.next_working_day(on))


def _is_early(step: Step, day: date, situation: Situation) -> bool:
    """Before the sale, in novelty, or in the first quarter of the fall."""
    if step.bound_to in EARLY:
        return True
    stages = situation.timeline.stages
    begin, trough = stages[Stage.LEARNING].begin, stages.trough
    if step.bound_to is not Stage.LEARNING or begin is None or trough is None:
        return False
    return (day - begin).days <= EARLY_SHARE * (trough - begin).days


def _done(
    step: Step, purpose: Purpose, occurrence: int, closes: date, situation: Situation, as_of: date
) -> float | None:
    """1, 0.5 or 0; None while there is still time."""
    closed = situation.facts_of(step.id).closed.get(occurrence)
    if closed is not None and closed.on <= as_of:
        return _worth(closed, max(closes, closed.closes_on or closes), situation)
    opens = closes - timedelta(days=step.window[1] - step.window[0])
    for contact in situation.valuable:
        if not contact.step and contact.purpose == purpose.name and opens <= contact.on <= min(closes, as_of):
            return IN_TIME
    return None if as_of <= closes else NOT_DONE


def _worth(activity: Activity, closes: date, situation: Situation) -> float:
    if activity.kind != "contacted" or not reached(activity.outcomes):
        return NOT_DONE
    if activity.on <= closes:
        return IN_TIME
    trough = situation.timeline.stages.trough
    return LATE if trough is not None and activity.on < trough else NOT_DONE
