"""Moves: what really happened moves the boundaries of stages (DOMAIN 4.4, B4).

A problem or two concerns in novelty start learning at once. A first result after the trough brings effectiveness
within a week. Where learning should end but mood is low, a problem is open or no result is on record, learning is
extended, at most three times; then the sale is stuck. A stage set by hand holds from its day on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from followup.core.model.activity import Activity
from followup.core.model.stage import STAGES, Stage
from followup.core.model.touchpoint import Reason
from followup.core.planner.draft import day_text
from followup.core.planner.problems import open_on
from followup.core.planner.situation import Situation

RESULT_WITHIN_DAYS = 7
EXTENSION_DAYS: Mapping[str, int] = {"simple": 14, "moderate": 14, "complex": 21}
MOST_EXTENSIONS = 3
CONCERNS_THAT_START_LEARNING = 2
PROMOTER: Mapping[str, int] = {"nps": 9, "csat": 4, "ces": 6}


@dataclass(frozen=True, slots=True)
class Moves:
    """Stages that begin on another day than written, why, and the next day on which time alone may move one."""

    begins: Mapping[Stage, date]
    reasons: tuple[Reason, ...]
    next_on: date | None


IsLowOn = Callable[[date], bool]


def stage_moves(situation: Situation, is_low_on: IsLowOn) -> Moves:
    """The moves of a sale whose stages lie as written; `is_low_on` tells whether mood was low, as known on a day."""
    begins: dict[Stage, date] = {}
    reasons: list[Reason] = []
    _learning_at_once(situation, begins, reasons)
    next_on = _end_of_learning(situation, is_low_on, begins, reasons)
    _by_hand(situation, begins, reasons)
    return Moves(begins, tuple(reasons), next_on)


def _learning_at_once(situation: Situation, begins: dict[Stage, date], reasons: list[Reason]) -> None:
    stages = situation.timeline.stages
    novelty, learning = stages[Stage.NOVELTY].begin, stages[Stage.LEARNING].begin
    if novelty is None or learning is None:
        return
    concerns = 0
    for contact in situation.contacts:
        if not novelty <= contact.on < learning:
            continue
        concerns += "concern" in contact.outcomes
        if "problem" in contact.outcomes or concerns >= CONCERNS_THAT_START_LEARNING:
            begins[Stage.LEARNING] = contact.on
            what = "a problem" if "problem" in contact.outcomes else "two concerns"
            reasons.append(Reason("stage", f"{what} in novelty: learning starts on {day_text(contact.on)}"))
            return


def _end_of_learning(
    situation: Situation, is_low_on: IsLowOn, begins: dict[Stage, date], reasons: list[Reason]
) -> date | None:
    """Move the begin of effectiveness by results or their absence; gives the next day to look again."""
    end = situation.timeline.stages[Stage.EFFECTIVENESS].begin
    if end is None or situation.timeline.stages[Stage.LEARNING].begin == end or _comes_by_itself(situation):
        return None
    if (early := _by_result(situation, end)) is not None:
        begins[Stage.EFFECTIVENESS] = early
        reasons.append(Reason("stage", f"first result on record: effectiveness from {day_text(early)}"))
        return None
    longer = timedelta(days=EXTENSION_DAYS[situation.setting.complexity])
    written, extensions = end, 0
    while situation.today >= end and situation.sale.added_on <= end and (why := _too_early(situation, end, is_low_on)):
        if extensions == MOST_EXTENSIONS:
            text = f"stuck: learning was extended {MOST_EXTENSIONS} times since {day_text(written)}, and still {why}"
            reasons.append(Reason("stuck", text, {"extensions": extensions, "why": why}))
            return None
        extensions += 1
        end += longer
        begins[Stage.EFFECTIVENESS] = end
        reasons.append(Reason("stage", f"learning goes on until {day_text(end)}: {why}", {"extensions": extensions}))
        if (early := _by_result(situation, end)) is not None and early > end - longer:
            begins[Stage.EFFECTIVENESS] = early
            reasons.append(Reason("stage", f"first result on record: effectiveness from {day_text(early)}"))
            return None
    return end if situation.today < end else None


def _comes_by_itself(situation: Situation) -> bool:
    """True where effectiveness begins with an outside date itself, as an event: that cannot be put off."""
    begins = situation.timeline.rules[Stage.EFFECTIVENESS].begins
    return not begins.offset.amount and begins.percent is None and begins.base not in STAGES


def _by_result(situation: Situation, end: date) -> date | None:
    """A week after the first result, if that comes at or after the trough and before `end`."""
    trough = situation.timeline.stages.trough
    results = [a.on for a in situation.history.activities if a.kind == "milestone" and a.milestone == "first_result"]
    if trough is None or not results or min(results) < trough:
        return None
    early = min(results) + timedelta(days=RESULT_WITHIN_DAYS)
    return early if early < end else None


def _too_early(situation: Situation, day: date, is_low_on: IsLowOn) -> str:
    """Why effectiveness cannot begin on a day, by what was known then; '' when it can."""
    if open_on(situation.problems, day) is not None:
        return "a problem is open"
    if situation.playbook.first_result and not _has_result(situation, day):
        return "no first result is on record"
    return "the mood is too low" if is_low_on(day) else ""


def _has_result(situation: Situation, day: date) -> bool:
    """A first result by that day: the milestone, a delighted customer, a high score, or two good contacts in a row,
    the second at or after the trough (an assumption)."""
    activities = situation.history.activities
    if any(a.kind == "milestone" and a.milestone == "first_result" and a.on <= day for a in activities):
        return True
    if any(_states_result(a, situation) for a in situation.contacts if a.on <= day):
        return True
    trough, recent = situation.timeline.stages.trough, [a for a in situation.valuable if a.on <= day][-2:]
    if trough is None or len(recent) < 2 or recent[-1].on < trough:
        return False
    return all("good" in a.outcomes for a in recent)


def _states_result(contact: Activity, situation: Situation) -> bool:
    if contact.score is not None and contact.score >= PROMOTER[situation.playbook.kpi]:
        return True
    return "great" in contact.outcomes and situation.timeline.stages.on(contact.on) in STAGES[2:]


def _by_hand(situation: Situation, begins: dict[Stage, date], reasons: list[Reason]) -> None:
    """Stages set by hand: that one begins on the day; set back to one that is over, it lasts a while longer."""
    for activity in situation.ordered:
        if activity.kind != "stage_moved" or activity.stage not in STAGES:
            continue
        stage = Stage(activity.stage)
        written = {span.stage: span.begin for span in situation.timeline.stages}
        order = STAGES.index(stage)
        for later in STAGES[order + 1 :]:
            begin = begins.get(later, written[later])
            if begin is not None and begin <= activity.on:
                begins[later] = activity.on + timedelta(days=EXTENSION_DAYS[situation.setting.complexity])
        begin = begins.get(stage, written[stage])
        if begin is None or begin > activity.on:
            begins[stage] = activity.on
        reasons.append(Reason("stage", f"{stage} set by hand on {day_text(activity.on)}"))
