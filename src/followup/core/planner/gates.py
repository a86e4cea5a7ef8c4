"""Gates: on which days a purpose may be dated at all, whatever was written (DOMAIN 5.3, 2.I invariant 2).

Here stand the gates that need no history. Those that do are named as reasons, so that nobody is surprised.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

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

    def holds(self, day: date) -> bool:
        """True when the gate is open on `day`."""
        return self.first <= day <= self.last


HISTORY_GATES = {
    "lead_generation": "ask only if the last two outcomes were at least ok and one was good, or a score of 9 "
    "(CSAT 4) is on file, nothing is open, and no one asked within 180 days",
    "persuasive": "only after a needs talk within the year or with a need on file, a last outcome of at least ok, "
    "no open problem, and 14 days after a verified recovery",
    "renewal": "talk terms only after the value review, and settle an open major concern first",
    "reminder": "needs a result on file; without one, ask for the result instead",
}
NEVER_IN_LEARNING = "never in learning"


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


def openings_for(purpose: Purpose, timeline: Timeline) -> list[Opening] | None:
    """When the gate of a purpose is open, in order; None means that it has no gate on dates."""
    stages = timeline.stages
    match purpose.name:
        case "lead_generation":
            return _lead_openings(stages, timeline.anchors.get("live"))
        case "persuasive":
            return _from(stages[Stage.MAINTENANCE].begin, "only in maintenance")
        case "needs_assessment" | "decision_criteria":
            return _from(stages[Stage.EFFECTIVENESS].begin, "only once effectiveness is reached")
        case "encouragement":
            return _only_in_learning(stages)
    return _outside_learning(stages) if purpose.selling else None


def _from(begin: date | None, text: str) -> list[Opening]:
    return [Opening(begin, date.max, text)] if begin is not None else []


def _lead_openings(stages: StageMap, live_on: date | None) -> list[Opening]:
    openings = []
    early_end, novelty = early_novelty_end(stages, live_on), stages[Stage.NOVELTY].begin
    if early_end is not None and novelty is not None:
        first = max(novelty, live_on or novelty)
        openings.append(Opening(first, early_end, f"early in novelty, {NEVER_IN_LEARNING}"))
    late = late_effectiveness_begin(stages)
    return openings + _from(late, f"late in effectiveness or in maintenance, {NEVER_IN_LEARNING}")


def _only_in_learning(stages: StageMap) -> list[Opening]:
    learning = stages[Stage.LEARNING]
    if learning.begin is None:
        return []
    last = learning.end - ONE_DAY if learning.end is not None else date.max
    return [Opening(learning.begin, last, "only in learning")]


def _outside_learning(stages: StageMap) -> list[Opening]:
    learning = stages[Stage.LEARNING]
    if learning.begin is None:
        return [Opening(date.min, date.max, NEVER_IN_LEARNING)]
    before = Opening(date.min, learning.begin - ONE_DAY, NEVER_IN_LEARNING)
    return [before, *_from(learning.end, NEVER_IN_LEARNING)]
