"""Clues: what scores, usage and outcomes say about mood, against the curve of their day (DOMAIN 4.4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from followup.core.curve import mood_at
from followup.core.model.activity import Activity
from followup.core.model.evidence import Clue, Evidence
from followup.core.model.outcome import reached
from followup.core.model.plan import CurveShape
from followup.core.model.reading import Reading
from followup.core.model.stage import Stage, StageMap
from followup.core.numbers import EvidenceNumbers, ReadingNumbers

SCORE_QUALITY = 1.0
OUTCOME_QUALITY = 0.6
USAGE_QUALITY = 0.5
SILENCE_QUALITY = 0.3
SCALES = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)}
USAGE = {"up": 0.80, "steady": 0.65, "down": 0.35}
MOODS = ("problem", "concern", "ok", "good", "great")  # the worst of several counts
FORGOTTEN_AFTER = 8  # half-lives after which a reading no longer moves the estimate
TIE = 1e-9


def score_level(kpi: str, score: float) -> float:
    """A score as a level 0-1: NPS score/10, CSAT (score-1)/4, CES (score-1)/6 (DOMAIN 4.4)."""
    lowest, highest = SCALES[kpi]
    return (score - lowest) / (highest - lowest)


@lru_cache(maxsize=512)
def mood_code(outcomes: tuple[str, ...]) -> str:
    """The outcome that says most about mood: the worst one given; '' when none of them does."""
    return next((code for code in MOODS if code in outcomes), "")


@dataclass(frozen=True, slots=True)
class Heard:
    """One reading before it is held against a curve: its day, level 0-1, quality 0-1 and source."""

    on: date
    level: float
    quality: float
    source: str


def evidence_of(
    heard: Sequence[Heard], shape: CurveShape, stages: StageMap, live_on: date, numbers: EvidenceNumbers, *, today: date
) -> Evidence:
    """Every reading that counts, oldest first. Those in novelty that do not lie below the curve are left out (B7)."""
    in_maintenance = stages.on(today) is Stage.MAINTENANCE
    half_life = numbers.maintenance_half_life_days if in_maintenance else numbers.half_life_days
    clues = []
    for one in heard:
        if (heard[-1].on - one.on).days > FORGOTTEN_AFTER * half_life:
            continue
        offset = one.level - mood_at(shape, (one.on - live_on).days)
        if offset > -TIE and stages.on(one.on) in (Stage.BEFORE_SALE, Stage.NOVELTY):
            continue
        measured = one.quality == SCORE_QUALITY
        clues.append(
            Clue(on=one.on, value=one.level, quality=one.quality, offset=offset, source=one.source, measured=measured)
        )
    return Evidence(clues=tuple(clues), half_life_days=half_life, prior_weight=numbers.prior_weight)


def heard_from(
    ordered: Sequence[Activity], readings: Iterable[Reading], kpi: str, levels: ReadingNumbers
) -> tuple[Heard, ...]:
    """All readings of a sale in order; a score given in a contact stands for its outcome (DOMAIN 4.4)."""
    found = []
    for activity in ordered:
        if activity.kind != "contacted":
            continue
        if activity.score is not None:
            level = score_level(kpi, activity.score)
            found.append(Heard(activity.on, level, SCORE_QUALITY, f"{kpi} {activity.score}"))
        elif code := mood_code(activity.outcomes):
            found.append(Heard(activity.on, getattr(levels, code), OUTCOME_QUALITY, f"outcome {code}"))
    for reading in readings:
        source = f"{reading.kind} {reading.value}"
        if reading.value in USAGE:
            found.append(Heard(reading.on, USAGE[reading.value], USAGE_QUALITY, source))
        elif reading.kind in SCALES:
            found.append(Heard(reading.on, score_level(reading.kind, float(reading.value)), SCORE_QUALITY, source))
    silent = silent_since(ordered)
    found += [Heard(on, levels.silent, SILENCE_QUALITY, "two unanswered in a row") for on in silent]
    return tuple(sorted(found, key=lambda one: (one.on, one.source, one.level)))


def silent_since(ordered: Iterable[Activity]) -> tuple[date, ...]:
    """The days on which a second touchpoint in a row went unanswered (DOMAIN 3.8); several tries at one are one."""
    unanswered: list[tuple[str, int]] = []
    days = []
    for activity in ordered:
        if activity.kind != "contacted":
            continue
        if reached(activity.outcomes):
            unanswered = []
            continue
        which = (activity.step, activity.occurrence)
        if activity.step and which in unanswered:
            continue
        unanswered.append(which)
        if len(unanswered) == 2:
            days.append(activity.on)
    return tuple(days)


def is_silent(ordered: Iterable[Activity]) -> bool:
    """True while two touchpoints in a row went unanswered and nobody was reached since."""
    told = [activity for activity in ordered if activity.kind == "contacted"]
    last = next((i for i in reversed(range(len(told))) if reached(told[i].outcomes)), -1)
    return bool(silent_since(told[last + 1 :]))
