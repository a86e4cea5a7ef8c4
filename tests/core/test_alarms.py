"""Alarms: B40 neglect behind a good mood, and C16 risk that shows before anybody complains."""

from __future__ import annotations

import pytest

from followup.core.alarms import alarms, allowed_gap
from followup.core.model.stage import Stage
from followup.core.mood import Mood
from followup.core.numbers import PRESETS


def mood(estimate: float, model: float = 0.85) -> Mood:
    return Mood(model=model, evidence=None, estimate=estimate, fall=0.0, improving=False)


def rules(felt: Mood | None, silent: int = 0, allowed: int | None = 90, *, awaits_result: bool = False) -> list[str]:
    found = alarms(felt, 0.85, silent_days=silent, allowed_days=allowed, awaits_result=awaits_result)
    return [reason.rule for reason in found]


@pytest.mark.parametrize(
    ("stage", "tier", "kind", "gaps"),
    [
        (Stage.BEFORE_SALE, "B", "company", (None, None, None)),
        (Stage.NOVELTY, "B", "company", (None, None, None)),
        (Stage.LEARNING, "B", "company", (7, 10, 14)),
        (Stage.EFFECTIVENESS, "B", "company", (30, 30, 45)),
        (Stage.MAINTENANCE, "A", "company", (90, 90, 90)),
        (Stage.MAINTENANCE, "C", "company", (180, 180, 180)),
        (Stage.MAINTENANCE, "A", "person", (365, 365, 365)),
    ],
)
def test_the_gap_that_is_allowed(stage: Stage, tier: str, kind: str, gaps: tuple[int | None, ...]) -> None:
    """For simple, moderate and complex sales."""
    assert tuple(allowed_gap(stage, numbers, tier=tier, kind=kind) for numbers in PRESETS.values()) == gaps


@pytest.mark.parametrize(
    ("estimate", "silent", "expected"),
    [
        (0.85, 90, []),
        (0.85, 91, ["complacency"]),
        (0.70, 91, ["complacency"]),
        (0.60, 91, ["neglected"]),
    ],
)
def test_b40_a_good_mood_without_a_contact_of_value_is_an_alarm(
    estimate: float, silent: int, expected: list[str]
) -> None:
    """B40."""
    assert rules(mood(estimate, model=estimate), silent) == expected


def test_silence_is_an_alarm_where_no_mood_is_known() -> None:
    assert rules(None, 91) == ["neglected"]


def test_before_learning_nobody_is_neglected() -> None:
    assert rules(mood(0.85), 400, None) == []


@pytest.mark.parametrize(
    ("estimate", "model", "expected"),
    [
        (0.43, 0.50, ["low_mood"]),
        (0.50, 0.50, []),
        (0.48, 0.50, []),
        (0.75, 0.85, []),
        (0.60, 0.85, ["low_mood"]),
    ],
)
def test_c16_a_mood_below_what_is_usual_warns_early(estimate: float, model: float, expected: list[str]) -> None:
    """C16: The expected low point of the dip is no alarm; being clearly below it is."""
    assert rules(mood(estimate, model)) == expected


def test_c16_a_missed_milestone_warns_early() -> None:
    """C16."""
    assert rules(mood(0.85), awaits_result=True) == ["no_result"]


def test_each_alarm_says_its_numbers() -> None:
    (found,) = alarms(mood(0.8, 0.8), 0.85, silent_days=130, allowed_days=120, awaits_result=False)

    assert "130 days" in found.text
    assert dict(found.inputs) == {"days": 130, "allowed": 120}
