"""Standing: where a sale really stands, by its curve, its evidence and what moved its stages (DOMAIN 4.2, 4.4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from followup.core.curve import bend, concern_level, mood_at
from followup.core.model.concern import Concern
from followup.core.model.evidence import Evidence, Relationship
from followup.core.model.history import Elsewhere
from followup.core.model.plan import CurveShape
from followup.core.model.playbook import Playbook
from followup.core.model.stage import Stage, StageMap
from followup.core.model.touchpoint import Reason
from followup.core.mood import delta_on, mood_on
from followup.core.numbers import CurveNumbers
from followup.core.planner.anchors import LIVE
from followup.core.planner.choosing import Chosen
from followup.core.planner.clues import Heard, evidence_of, heard_from, is_silent
from followup.core.planner.draft import day_text
from followup.core.planner.effort import HOW_DONE, Effort, effort_of
from followup.core.planner.moves import Moves, stage_moves
from followup.core.planner.permission import is_late_ask
from followup.core.planner.problems import gates_turn_on, open_problem
from followup.core.planner.reordering import REORDER, reorder_flag
from followup.core.planner.rotation import relationship_of
from followup.core.planner.situation import Situation
from followup.core.planner.stages import with_moves
from followup.core.planner.waiting import end_of

TOO_LOW = 0.15  # under the effectiveness level: too low to call it effectiveness (DOMAIN 4.4)
TIE = 1e-9
LOW_BELOW = 0.25  # under the effectiveness level: a customer at risk, who is tried sooner (DOMAIN 3.8)


@dataclass(frozen=True, slots=True)
class Standing:
    """The bent curve, the evidence, the relationship, what the seller should know, and when time changes it.

    `watched` is the curve that the dip watch looks by: what was left undone makes it look sooner, but nothing done
    well makes it look later (B7).
    """

    shape: CurveShape
    watched: CurveShape
    evidence: Evidence | None
    relationship: Relationship | None
    flags: tuple[Reason, ...]
    again_on: tuple[date | None, ...]

    def forbids(self, situation: Situation) -> Elsewhere:
        """What this sale forbids the others of the same customer."""
        learning = situation.timeline.stages[Stage.LEARNING]
        problem = situation.problems[-1] if situation.problems else None
        block = timedelta(days=situation.numbers.recovery.block_selling_after_verify_days)
        ended = problem.until if problem is not None else None
        asked = [contact.on for contact in situation.valuable if is_late_ask(contact, situation)]
        return Elsewhere(
            learning=((learning.begin, learning.end),) if learning.begin is not None else (),
            problem_on=problem.on if problem is not None and problem.is_open else None,
            selling_from=ended + block if ended is not None else None,
            asked_on=max(asked, default=None),
        )


def settle(situation: Situation, chosen: Chosen, effort: float | None) -> tuple[Situation, Standing]:
    """The situation with its stages where they really lie, and the curve and evidence that follow.

    `effort` (0-1) stands for what was really done, as a forecast does.
    """
    steps = [step for step, _ in chosen]
    written = situation
    heard = heard_from(written.ordered, written.history.readings, written.playbook.kpi, written.numbers.readings)

    def effort_on(day: date) -> Effort:
        return effort_of(steps, written, as_of=day)

    def shape_on(day: date) -> CurveShape:
        level = effort_on(day).value if effort is None else effort
        return curve_of(written, level, (c for c in written.history.concerns if _was_open(c, day)))

    def was_low(day: date) -> bool:
        shape = shape_on(day)
        mood = mood_then(written, heard, shape, day)
        return mood is not None and mood < shape.effectiveness - TOO_LOW - TIE

    moves = stage_moves(written, was_low)
    moved = replace(written, timeline=with_moves(written.timeline, moves.begins), reasons=moves.reasons)
    hold = written.hold
    now = effort_on(situation.today if hold is None else hold.begin)
    opened = [concern for concern in situation.history.concerns if concern.is_open]
    shape = curve_of(moved, now.value if effort is None else effort, opened)
    careful = min(situation.numbers.curve.effort.prior, now.hoped)
    watched = curve_of(moved, careful if effort is None else effort, opened)
    evidence = _evidence(moved, heard, shape, moved.today)
    relationship = relationship_of(moved)
    settled = replace(moved, is_low=_low(moved, shape, evidence))
    rhythm, rhythm_on = _reorder(moved)
    standing = Standing(
        shape=shape,
        watched=watched,
        evidence=evidence,
        relationship=relationship,
        flags=(*_flags(settled, moves, now, effort), *([rhythm] if rhythm is not None else [])),
        again_on=(
            moves.next_on,
            now.next_on,
            rhythm_on,
            moved.timeline.stages[Stage.MAINTENANCE].begin,
            *(hold.end for hold in moved.timeline.holds),
            *gates_turn_on(moved.problems, moved.numbers.recovery),
        ),
    )
    return settled, standing


def _was_open(concern: Concern, day: date) -> bool:
    return concern.opened_on <= day and (concern.resolved_on is None or concern.resolved_on > day)


def curve_of(situation: Situation, effort: float, concerns: Iterable[Concern]) -> CurveShape:
    """The sale's curve: days from its stages, levels from the preset, bent by effort and concerns (4.1, 4.2)."""
    curve, timeline = situation.numbers.curve, situation.timeline
    level = concern_level([concern.severity for concern in concerns], curve.concerns)
    days = with_stage_days(curve, situation.playbook, timeline.anchors.get(LIVE), timeline.stages)
    return bend(days, effort=effort, concerns=level)


def with_stage_days(curve: CurveNumbers, playbook: Playbook, live_on: date | None, stages: StageMap) -> CurveNumbers:
    """Dip start, trough and recovery in days of use as the stages lie, unless the playbook wrote the curve's own."""
    learning = stages[Stage.LEARNING]
    if live_on is None or learning.begin is None or learning.end is None or stages.trough is None:
        return curve
    written, live = playbook.overrides.get("curve", {}), live_on

    def use_day(name: str, on: date) -> float:
        return getattr(curve, name) if name in written else float((on - live).days)

    return replace(
        curve,
        dip_start=use_day("dip_start", learning.begin),
        trough=use_day("trough", stages.trough),
        recovered=use_day("recovered", learning.end),
    )


def _evidence(situation: Situation, heard: Sequence[Heard], shape: CurveShape, day: date) -> Evidence | None:
    live = situation.timeline.anchors.get(LIVE)
    if live is None:
        return None
    return evidence_of(heard, shape, situation.timeline.stages, live, situation.numbers.evidence, today=day)


def mood_then(situation: Situation, heard: Sequence[Heard], shape: CurveShape, day: date) -> float | None:
    """The estimate of a day by what was known then, 0-1; None while the start of use is unknown."""
    live, evidence = situation.timeline.anchors.get(LIVE), _evidence(situation, heard, shape, day)
    if live is None or evidence is None:
        return None
    return mood_at(shape, (day - live).days) + delta_on(evidence, day)


def _low(situation: Situation, shape: CurveShape, evidence: Evidence | None) -> Callable[[date], bool]:
    """Whether the estimated mood of a day lies far below normal."""
    live = situation.timeline.anchors.get(LIVE)

    def is_low(day: date) -> bool:
        if live is None or evidence is None:
            return False
        return mood_on(shape, live, day, evidence=evidence).estimate < shape.effectiveness - LOW_BELOW

    return is_low


def _reorder(situation: Situation) -> tuple[Reason | None, date | None]:
    rule = situation.playbook.anchors.get(REORDER)
    return reorder_flag(
        situation.timeline.anchors,
        situation.sale,
        situation.history,
        situation.numbers.rhythm,
        cycle=rule.repeats if rule is not None else None,
        today=situation.today,
    )


def _flags(situation: Situation, moves: Moves, effort: Effort, forecast: float | None) -> list[Reason]:
    """What the seller should know about the sale as a whole."""
    flags = [reason for reason in moves.reasons if reason.rule == "stuck"]
    if (problem := open_problem(situation.problems)) is not None:
        until = day_text(end_of(problem, situation))
        text = f"a problem is open since {day_text(problem.on)}; confirmed as solved by {until} if all goes well"
        flags.append(Reason("problem", text, {"on": problem.on.isoformat()}))
    if (hold := situation.hold) is not None:
        until = f" until {day_text(hold.end)}" if hold.end is not None else ""
        flags.append(Reason("on_hold", f"on hold since {day_text(hold.begin)}{until}"))
    if is_silent(situation.ordered):
        flags.append(Reason("silent", "two contacts in a row went unanswered"))
    flags += [reason for reason in moves.reasons if reason.rule != "stuck"]
    if forecast is None:
        told = [f"{one.step} {HOW_DONE[one.done]} (weight {one.weight:g})" for one in effort.counted]
        done = ", ".join(told) or "nothing was due yet"
        flags.append(
            Reason("effort", f"early effort {effort.value:.2f}: {done} (assumption)", {"effort": effort.value})
        )
    return flags
