"""Relationship strength: DOMAIN 4.6 to the printed digits, and B38: it never rests."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.core.numbers import Numbers
from followup.core.planner.added import cap_days, rhythm_days
from followup.core.strength import days_until, strength_at


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
    stabilities = [30 * 1.35**number for number in range(6)]

    assert [round(days_until(0.85, stability)) for stability in stabilities] == [49, 66, 90, 121, 163, 220]


@given(stability=st.floats(1, 5000), days=st.tuples(st.integers(0, 5000), st.integers(0, 5000)).map(sorted))
def test_b38_strength_strictly_falls_without_contact(stability: float, days: list[int]) -> None:
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
    assert rhythm_days(tier, kind, Numbers()) == days
    assert cap_days(tier, kind, Numbers()) == cap
