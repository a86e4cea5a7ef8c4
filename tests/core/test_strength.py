"""Relationship strength: DOMAIN 4.6 to the printed digits, and B38: it never rests."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.core.model.outcome import OUTCOMES
from followup.core.model.playbook import Playbook
from followup.core.model.sale import Profile
from followup.core.numbers import Numbers
from followup.core.planner.profile import setting_of
from followup.core.planner.rotation import cap_days, rhythm_days
from followup.core.strength import days_until, interval_days, next_stability, strength_at

MAINTENANCE = Numbers().maintenance


@pytest.mark.parametrize(
    ("days", "strength"),
    [(0, 1.0), (15, 0.9461), (30, 0.9000), (49, 0.8503), (90, 0.7661), (180, 0.6445), (365, 0.5094)],
)
def test_strength_after_days_with_a_stability_of_30(days: int, strength: float) -> None:
    assert strength_at(days, 30) == pytest.approx(strength, abs=5e-5)


@pytest.mark.parametrize(("target", "factor"), [(0.90, 1.000), (0.85, 1.637), (0.80, 2.398), (0.75, 3.316)])
def test_days_until_a_target_are_a_multiple_of_stability(target: float, factor: float) -> None:
    assert days_until(target, 1) == pytest.approx(factor, abs=5e-4)
    assert days_until(target, 30) == pytest.approx(30 * factor, abs=0.015)


def test_uncapped_series_when_every_contact_is_good() -> None:
    """49, 66, 90, 121, 163, 220 days (DOMAIN 4.6)."""
    stability, series = 30.0, []
    for _ in range(6):
        series.append(interval_days(stability, 0.85, 1000))
        stability = next_stability(stability, ["good"], MAINTENANCE)

    assert series == [49, 66, 90, 121, 163, 220]


@pytest.mark.parametrize(
    ("outcomes", "days"),
    [
        (["great"], 48.0),
        (["good"], 40.5),
        (["ok"], 34.5),
        (["flat"], 30.0),
        (["concern"], 24.0),
        (["problem"], 12.0),
        (["great", "concern"], 24.0),
        (["good", "problem", "concern"], 12.0),
        (["good", "flat"], 30.0),
        (["great", "ok"], 34.5),
        (["referral"], 40.5),
        (["idea", "purchase"], 40.5),
        (["ok", "referral"], 34.5),
        (["no-answer"], 30.0),
        (["left-message"], 30.0),
        (["postponed"], 30.0),
        (["stop"], 30.0),
        ([], 30.0),
    ],
)
def test_stability_after_a_contact(outcomes: list[str], days: float) -> None:
    """The factors of DOMAIN 4.6; of several outcomes the worst counts, and no answer is no contact (trap 8)."""
    assert next_stability(30, outcomes, MAINTENANCE) == pytest.approx(days)


@pytest.mark.parametrize(("stability", "outcome", "days"), [(10, "problem", 7), (8, "concern", 7), (7, "concern", 7)])
def test_stability_never_shrinks_below_a_week(stability: float, outcome: str, days: float) -> None:
    assert next_stability(stability, [outcome], MAINTENANCE) == days


@pytest.mark.parametrize(("cap", "days"), [(90, 90), (121, 121), (180, 121), (1, 1)])
def test_an_interval_is_capped(cap: int, days: int) -> None:
    assert interval_days(30 * 1.35**3, 0.85, cap) == days


def test_an_interval_is_never_less_than_a_day() -> None:
    assert interval_days(1, 0.99, 90) == 1


@given(stability=st.floats(7, 500), outcomes=st.lists(st.sampled_from(OUTCOMES), max_size=4))
def test_a_problem_never_lengthens_the_rhythm(stability: float, outcomes: list[str]) -> None:
    after = next_stability(stability, outcomes, MAINTENANCE)

    assert next_stability(stability, [*outcomes, "problem"], MAINTENANCE) <= after


@given(stability=st.floats(1, 5000), days=st.tuples(st.integers(0, 5000), st.integers(0, 5000)).map(sorted))
def test_b38_strength_strictly_falls_without_contact(stability: float, days: list[int]) -> None:
    """B38."""
    earlier, later = days

    assert strength_at(later + 1, stability) < strength_at(earlier, stability) <= 1


@given(stability=st.floats(1, 5000), target=st.floats(0.1, 0.99))
def test_strength_meets_its_target_on_the_day_asked_for(stability: float, target: float) -> None:
    assert strength_at(days_until(target, stability), stability) == pytest.approx(target)


def test_strength_before_the_contact_is_full() -> None:
    assert strength_at(-3, 30) == 1.0


@pytest.mark.parametrize(
    ("tier", "kind", "days", "cap"),
    [("A", "company", 49, 90), ("B", "company", 49, 120), ("C", "company", 72, 180), ("B", "person", 49, 365)],
)
def test_first_gap_in_maintenance_and_its_cap(tier: str, kind: str, days: int, cap: int) -> None:
    """DOMAIN 3.14: 49 days for A and B, 72 for C; caps 90, 120, 180, and a year for private buyers."""
    setting = setting_of(Profile(tier=tier, kind=kind), Playbook(key="test", title="A test"))
    assert rhythm_days(setting, Numbers()) == days
    assert cap_days(tier, kind, Numbers()) == cap
