"""Mood: from the modelled curve and what was heard to an estimate (DOMAIN 4.4); in maintenance by strength (4.6).

Levels are 0-1 (shown x100). Everything but a fresh score is an estimate, and is called one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from followup.core.curve import mood_at
from followup.core.model.evidence import Clue, Evidence, Relationship
from followup.core.model.plan import CurveShape
from followup.core.strength import strength_at

LOWEST, HIGHEST = 0.02, 0.98
WEEK, MONTH = 7, 30  # days that a trend looks back, before and in maintenance
MEASURED_DAYS = 7  # so long a score speaks for itself; later it is one reading among others (E13, a convention)
TIE = 1e-9
NO_EVIDENCE = Evidence()


@dataclass(frozen=True, slots=True)
class Mood:
    """The mood of one day, levels 0-1: the model, what the evidence says (None without any), and the estimate.

    `fall` is how much the estimate fell within the last week, never negative. `improving` is False on a tie (B38).
    """

    model: float
    evidence: float | None
    estimate: float
    fall: float
    improving: bool
    measured_on: date | None = None


def weight_of(clue: Clue, evidence: Evidence, day: date) -> float:
    """What a reading weighs on a day: its quality, halved with every half-life; nothing before its own day."""
    age = (day - clue.on).days
    return 0.0 if age < 0 else float(clue.quality * 0.5 ** (age / evidence.half_life_days))


def delta_on(evidence: Evidence, day: date) -> float:
    """How far the estimate lies above the model: sum(w * offset) / (sum(w) + 1); the 1 is the prior (DOMAIN 4.4)."""
    weights = [weight_of(clue, evidence, day) for clue in evidence.clues]
    total = sum(w * clue.offset for w, clue in zip(weights, evidence.clues, strict=True))
    trusted = sum(weights) + evidence.prior_weight
    return total / trusted if trusted else 0.0


def level_on(evidence: Evidence, day: date) -> float | None:
    """The weighted mean of the readings themselves, 0-1; None before the first."""
    weights = [weight_of(clue, evidence, day) for clue in evidence.clues]
    if not sum(weights):
        return None
    return sum(w * clue.value for w, clue in zip(weights, evidence.clues, strict=True)) / sum(weights)


def model_on(curve: CurveShape, live_on: date, relationship: Relationship | None, day: date) -> float:
    """The modelled mood of a day: the curve; in maintenance the effectiveness level times strength (DOMAIN 4.6)."""
    if relationship is None or day < relationship.clocks[0][0]:
        return mood_at(curve, (day - live_on).days)
    return curve.effectiveness * strength_on(relationship, day)


def strength_on(relationship: Relationship, day: date) -> float:
    """Relationship strength 0-1 on a day, from the last clock that had started by then; 1 before maintenance."""
    since, stability = clock_on(relationship, day)
    return strength_at((day - since).days, stability)


def clock_on(relationship: Relationship, day: date) -> tuple[date, float]:
    """The clock that runs on a day, as its first day and the stability; before maintenance the one that comes."""
    started = [clock for clock in relationship.clocks if clock[0] <= day]
    return started[-1] if started else relationship.clocks[0]


def mood_on(
    curve: CurveShape,
    live_on: date,
    day: date,
    *,
    evidence: Evidence = NO_EVIDENCE,
    relationship: Relationship | None = None,
    maintenance_on: date | None = None,
) -> Mood:
    """Model, evidence and estimate of one day (DOMAIN 4.4). Without evidence the estimate is the model.

    A relationship whose first clock is later than `maintenance_on` was unknown until its first contact; that contact
    improves it, unless bad news came with it.
    """

    def estimate(on: date) -> float:
        model = model_on(curve, live_on, relationship, on)
        return clamped(model + delta_on(evidence, on)) if evidence.clues else model

    now, score = estimate(day), last_score(evidence, day)
    in_maintenance = relationship is not None and day >= relationship.clocks[0][0]
    before = estimate(day - timedelta(days=MONTH if in_maintenance else WEEK))
    is_new = relationship is not None and _is_new(relationship, maintenance_on, day)
    week_ago = estimate(day - timedelta(days=WEEK))
    return Mood(
        model=model_on(curve, live_on, relationship, day),
        evidence=level_on(evidence, day),
        estimate=now,
        fall=max(0.0, week_ago - now),
        improving=now > before + TIE or (is_new and delta_on(evidence, day) > -TIE),
        measured_on=score.on if score is not None else None,
    )


def _is_new(relationship: Relationship, maintenance_on: date | None, day: date) -> bool:
    first = relationship.clocks[0][0]
    return maintenance_on is not None and maintenance_on < first <= day < first + timedelta(days=MONTH)


def last_score(evidence: Evidence, day: date) -> Clue | None:
    """The newest score given by a day; None without one."""
    scores = [clue for clue in evidence.clues if clue.measured and clue.on <= day]
    return max(scores, key=lambda clue: clue.on, default=None)


def is_measured(score: Clue | None, day: date) -> bool:
    """True while a score is so fresh that the mood counts as measured; all else is estimated (E13)."""
    return score is not None and 0 <= (day - score.on).days <= MEASURED_DAYS


def clamped(level: float) -> float:
    """A level kept between 0.02 and 0.98: nobody is ever quite lost or quite sure (DOMAIN 4.4)."""
    return min(HIGHEST, max(LOWEST, level))
