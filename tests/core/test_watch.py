"""The dip watch on its own: DOMAIN 4.5, first contact on day 0 and no other touchpoints."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.core.curve import bend
from followup.core.numbers import PRESETS
from followup.core.planner.watch import watch_days


def days(complexity: str, effort: float, concerns: float) -> list[int]:
    numbers = PRESETS[complexity]
    return watch_days(bend(numbers.curve, effort=effort, concerns=concerns), numbers.watch)


@pytest.mark.parametrize(
    ("complexity", "effort", "concerns", "expected"),
    [
        ("simple", 0.0, 0.0, [4, 8, 15]),
        ("simple", 0.8, 0.0, [4, 8, 15]),
        ("simple", 0.0, 0.5, [4, 8, 15, 22]),
        ("moderate", 0.0, 0.0, [7, 14, 21, 27, 34, 43, 53, 63]),
        ("moderate", 0.8, 0.0, [7, 14, 21, 28, 38, 48, 58]),
        ("moderate", 0.0, 0.5, [7, 14, 21, 26, 32, 39, 48, 58, 68]),
        ("complex", 0.0, 0.0, [10, 20, 30, 40, 48, 55, 62, 72, 82, 94, 108, 122, 136, 150]),
        ("complex", 0.8, 0.0, [10, 20, 30, 40, 50, 60, 74, 88, 102, 116, 130]),
        (
            "complex",
            0.0,
            0.5,
            [10, 20, 30, 39, 46, 52, 57, 63, 71, 80, 89, 100, 113, 127, 141, 155, 169],
        ),
    ],
)
def test_days_of_use_on_which_a_look_is_due(
    complexity: str, effort: float, concerns: float, expected: list[int]
) -> None:
    assert days(complexity, effort, concerns) == expected


def test_from_day_30_of_the_moderate_curve_as_modelled() -> None:
    numbers = PRESETS["moderate"]
    shape = bend(numbers.curve, effort=0.0, concerns=0.0)

    assert watch_days(shape, numbers.watch, start=30) == [38, 48, 58]


LIMITS = {"simple": 7, "moderate": 10, "complex": 14}


@pytest.mark.parametrize("complexity", LIMITS)
@given(effort=st.floats(0, 1), concerns=st.floats(0, 1))
def test_b6_no_gap_exceeds_the_limit(complexity: str, effort: float, concerns: float) -> None:
    """B6."""
    found = [0, *days(complexity, effort, concerns)]

    assert all(later - earlier <= LIMITS[complexity] for earlier, later in pairwise(found))


@pytest.mark.parametrize("complexity", LIMITS)
@given(effort=st.floats(0, 1), levels=st.tuples(st.floats(0, 1), st.floats(0, 1)).map(sorted))
def test_more_concerns_never_make_a_look_later(complexity: str, effort: float, levels: list[float]) -> None:
    """Invariant 3: whatever the last contact, the next look comes no later."""
    numbers = PRESETS[complexity]
    calm, worried = (bend(numbers.curve, effort=effort, concerns=level) for level in levels)
    for start in range(0, int(calm.recovered), 5):
        later, sooner = (watch_days(shape, numbers.watch, start=start)[:1] for shape in (calm, worried))
        assert not later or (sooner and sooner[0] <= later[0])
