"""Gates: on which days a purpose may be dated at all, whatever was written (DOMAIN 5.3, 2.I invariant 2).

Here stand the gates that need no history. Those that do are named as reasons, so that nobody is surprised.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from followup.core.model.playbook import Step
from followup.core.model.purpose import Purpose
from followup.core.model.stage import Stage, StageMap
from followup.core.planner.stages import Timeline

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Opening:
    """Days on which a gate is open, both ends included, and the rule in words."""

    first: date
    last: date
    text: str


HISTORY_GATES = {
    "lead_generation": "ask only if the last two outcomes were at least ok and one was good, or a score of 9 "
    "(CSAT 4) is on file, nothing is open, and no one asked within 180 days",
    "persuasive": "only after a needs talk within the year or with a need on file, a last outcome of at least ok, "
    "no open problem, and 14 days after a verified recovery",
    "renewal": "talk terms only after the value review, and settle an open major concern first",
    "reminder": "needs a result on file; without one, ask for the result instead",
}


def early_novelty_end(stages: StageMap, live_on: date | None) -> date | None:
    """The last day of the first half of novelty's in-use part (B32), or None while it is unknown."""
    learning = stages[Stage.LEARNING].begin
    novelty = stages[Stage.NOVELTY].begin
    if learning is None or novelty is None:
        return None
    begin = max(novelty, live_on or novelty)
    return begin + (learning - begin) // 2 if learning > begin else None


def late_effectiveness_begin(stages: StageMap) -> date | None:
    """The first day of the second half of effectiveness (B32), or None while it is unknown."""
    span = stages[Stage.EFFECTIVENESS]
    if span.begin is None or span.days is None:
        return None
    return span.begin + timedelta(days=(span.days + 1) // 2)


def _lead_openings(timeline: Timeline) -> list[Opening]:
    stages, live_on = timeline.stages, timeline.anchors.get("live")
    openings = []
    early_end = early_novelty_end(stages, live_on)
    novelty = stages[Stage.NOVELTY].begin
    if early_end is not None and novelty is not None:
        first = max(novelty, live_on or novelty)
        openings.append(Opening(first, early_end, "early in novelty, never in learning"))
    late = late_effectiveness_begin(stages)
    if late is not None:
        openings.append(Opening(late, date.max, "late in effectiveness or in maintenance, never in learning"))
    return openings


def openings_for(step: Step, purpose: Purpose, timeline: Timeline) -> list[Opening] | None:
    """When the gate of a purpose is open; None means that it has no gate on dates."""
    stages = timeline.stages
    learning, effective = stages[Stage.LEARNING], stages[Stage.EFFECTIVENESS]
    match purpose.name:
        case "lead_generation":
            return _lead_openings(timeline)
        case "persuasive":
            begin = stages[Stage.MAINTENANCE].begin
            return [Opening(begin, date.max, "only in maintenance")] if begin else []
        case "needs_assessment" | "decision_criteria":
            return [Opening(effective.begin, date.max, "only once effectiveness is reached")] if effective.begin else []
        case "encouragement":
            if learning.begin is None:
                return []
            last = learning.end - ONE_DAY if learning.end else date.max
            return [Opening(learning.begin, last, "only in learning")]
        case "renewal":
            return _outside_learning(stages)
    if purpose.selling:
        return _outside_learning(stages)
    return None


def _outside_learning(stages: StageMap) -> list[Opening]:
    learning = stages[Stage.LEARNING]
    if learning.begin is None:
        return [Opening(date.min, date.max, "never in learning")]
    openings = [Opening(date.min, learning.begin - ONE_DAY, "never in learning")]
    if learning.end is not None:
        openings.append(Opening(learning.end, date.max, "never in learning"))
    return openings
