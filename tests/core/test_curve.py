"""The motivation curve: DOMAIN 4.1-4.3 to the printed digits, and what effort and concerns may do to it."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from followup.core.curve import bend, concern_level, mood_at, steepest_fall, weekly_fall
from followup.core.model.plan import CurveShape
from followup.core.numbers import PRESETS, ConcernNumbers, CurveNumbers

COMPLEXITIES = ("simple", "moderate", "complex")


def shape(complexity: str, effort: float = 0.0, concerns: float = 0.0) -> CurveShape:
    return bend(PRESETS[complexity].curve, effort=effort, concerns=concerns)


# The curve as printed

DAYS = (0, 3, 7, 10, 14, 21, 28, 35, 45, 60, 66, 90, 120, 150)


@pytest.mark.parametrize(
    ("complexity", "moods"),
    [
        ("simple", (85, 85, 73, 65, 71, 85, 85, 85, 85, 85, 85, 85, 85, 85)),
        ("moderate", (85, 85, 85, 83, 76, 59, 50, 53, 65, 83, 85, 85, 85, 85)),
        ("complex", (85, 85, 85, 85, 85, 82, 75, 66, 51, 40, 40, 51, 74, 85)),
    ],
)
def test_mood_by_day_of_use(complexity: str, moods: tuple[int, ...]) -> None:
    curve = shape(complexity)

    assert tuple(round(100 * mood_at(curve, day)) for day in DAYS) == moods


@pytest.mark.parametrize(
    ("day", "mood"), [(17.5, 0.6750), (28, 0.5000), (47, 0.6750), (10, 0.8327), (60, 0.8289), (30, 0.5024)]
)
def test_exact_moods_of_the_moderate_curve(day: float, mood: float) -> None:
    assert mood_at(shape("moderate"), day) == pytest.approx(mood, abs=5e-5)


@pytest.mark.parametrize(
    ("effort", "concerns", "printed"),
    [
        (0.0, 0.00, (35.0, 50.0, 7.0, 28.0, 66.0, 18.3)),
        (0.5, 0.00, (26.2, 58.8, 7.0, 30.6, 61.2, 12.2)),
        (1.0, 0.00, (17.5, 67.5, 7.0, 33.2, 56.5, 7.3)),
        (0.0, 0.25, (38.5, 46.5, 6.5, 26.7, 70.8, 20.9)),
        (0.0, 0.50, (42.0, 43.0, 6.0, 25.4, 75.5, 23.8)),
        (1.0, 0.50, (21.0, 64.0, 6.0, 30.6, 66.0, 9.4)),
        (0.0, 1.00, (49.0, 36.0, 4.9, 22.8, 85.0, 30.2)),
    ],
)
def test_what_effort_and_concerns_do_to_the_moderate_curve(
    effort: float, concerns: float, printed: tuple[float, ...]
) -> None:
    curve = shape("moderate", effort, concerns)
    depth, low, starts, trough, recovered, fall = printed

    assert 100 * curve.depth == pytest.approx(depth, abs=0.051)
    assert 100 * mood_at(curve, curve.trough) == pytest.approx(low, abs=0.051)
    assert curve.dip_starts == pytest.approx(starts, abs=0.051)
    assert curve.trough == pytest.approx(trough, abs=0.051)
    assert curve.recovered == pytest.approx(recovered, abs=0.051)
    assert 700 * steepest_fall(curve) == pytest.approx(fall, abs=0.051)


@pytest.mark.parametrize(
    ("severities", "level"),
    [
        ([], 0.0),
        (["minor"], 0.10),
        (["moderate"], 0.25),
        (["major"], 0.50),
        (["moderate", "moderate"], 0.4375),
        (["minor", "moderate", "major"], 0.6625),
    ],
)
def test_open_concerns_as_one_number(severities: list[str], level: float) -> None:
    assert concern_level(severities, ConcernNumbers()) == pytest.approx(level)


@pytest.mark.parametrize("complexity", COMPLEXITIES)
def test_closed_forms_hold(complexity: str) -> None:
    """Steepest fall = pi*D / (2*(L1-L0)); area of the dip = D*(L2-L0)/2 when both levels are equal."""
    curve = shape(complexity)
    step = 0.01
    days = [i * step for i in range(int(curve.recovered / step) + 1)]
    moods = [mood_at(curve, day) for day in days]

    steepest = max((one - other) / step for one, other in pairwise(moods))
    area = sum((curve.effectiveness - mood) * step for mood in moods)

    assert steepest == pytest.approx(steepest_fall(curve), rel=1e-3)
    assert area == pytest.approx(curve.depth * (curve.recovered - curve.dip_starts) / 2, rel=1e-3)


@pytest.mark.parametrize("complexity", COMPLEXITIES)
def test_b3_high_in_novelty_falls_to_one_low_point_and_climbs_back(complexity: str) -> None:
    """B3."""
    curve = shape(complexity, effort=0.5)
    falling = [mood_at(curve, day) for day in range(math.ceil(curve.dip_starts), math.floor(curve.trough) + 1)]
    rising = [mood_at(curve, day) for day in range(math.ceil(curve.trough), math.ceil(curve.recovered) + 1)]

    assert mood_at(curve, 0) == mood_at(curve, curve.dip_starts) == curve.novelty
    assert falling == sorted(falling, reverse=True)
    assert rising == sorted(rising)
    assert min(*falling, *rising) >= curve.novelty - curve.depth


@pytest.mark.parametrize("complexity", COMPLEXITIES)
def test_b5_effectiveness_is_as_high_as_novelty(complexity: str) -> None:
    """B5."""
    curve = shape(complexity, effort=0.3, concerns=0.4)

    assert mood_at(curve, curve.recovered) == mood_at(curve, 10_000) == curve.novelty


def test_before_the_start_of_use_mood_is_as_in_novelty() -> None:
    assert mood_at(shape("moderate"), -30) == 0.85


def test_a_level_of_effectiveness_of_its_own_is_reached() -> None:
    curve = bend(replace(PRESETS["moderate"].curve, effectiveness=0.95), effort=0.0, concerns=0.0)

    assert mood_at(curve, 66) == mood_at(curve, 200) == 0.95


@pytest.mark.parametrize(("day", "fall"), [(0, 0.0), (7, 0.0), (28, 0.0875), (40, 0.0)])
def test_weekly_fall_looks_back_a_week_and_is_never_negative(day: float, fall: float) -> None:
    assert weekly_fall(shape("moderate"), day) == pytest.approx(fall, abs=1e-4)


# Invariants 3 and 4, on presets, on odd stage lengths, and on whatever hypothesis finds

ODD_STAGES = [
    (0, 1, 2),  # as short as can be
    (14, 160, 180),  # an event: a long fall and a short rise
    (3, 4, 90),  # a short fall and a long rise
    (0, 28, 66),  # the dip begins at once
    (30, 31, 32),
    (200, 210, 400),
    (-20, 8, 40),  # learning begins before the start of use
]
GRID = [i / 8 for i in range(9)]


def curves(stages: tuple[float, float, float], depth: float = 0.35) -> CurveNumbers:
    start, trough, recovered = stages
    return CurveNumbers(depth=depth, dip_start=start, trough=trough, recovered=recovered)


def stage_days() -> st.SearchStrategy[tuple[float, float, float]]:
    lengths = st.tuples(st.integers(0, 60), st.integers(1, 300), st.integers(1, 300))
    return lengths.map(lambda cut: (cut[0], cut[0] + cut[1], cut[0] + cut[1] + cut[2]))


def assert_not_better(worse: CurveShape, better: CurveShape) -> None:
    """`worse` is nowhere higher and falls nowhere less steeply than `better` at its steepest."""
    days = range(-10, int(max(worse.recovered, better.recovered)) + 10)
    assert all(mood_at(worse, day) <= mood_at(better, day) + 1e-9 for day in days)
    assert steepest_fall(worse) >= steepest_fall(better) - 1e-9


@pytest.mark.parametrize("stages", [*ODD_STAGES, (3, 10, 21), (7, 28, 66), (14, 60, 150)])
def test_b11_b17_on_a_grid(stages: tuple[float, float, float]) -> None:
    """B11, B17: More concerns never make the curve higher or gentler, more effort never lower or steeper."""
    numbers = curves(stages)
    for fixed in GRID:
        for less, more in pairwise(GRID):
            calm, worried = (bend(numbers, effort=fixed, concerns=c) for c in (less, more))
            idle, busy = (bend(numbers, effort=e, concerns=fixed) for e in (less, more))
            assert_not_better(worried, calm)
            assert_not_better(idle, busy)


@given(
    stages=stage_days(),
    depth=st.floats(0.01, 0.57),  # deeper dips meet the lowest mood there is and only change their dates
    effort=st.tuples(st.floats(0, 1), st.floats(0, 1)),
    concerns=st.tuples(st.floats(0, 1), st.floats(0, 1)),
)
def test_b11_b17_on_any_stages(
    stages: tuple[float, float, float],
    depth: float,
    effort: tuple[float, float],
    concerns: tuple[float, float],
) -> None:
    """B11, B17."""
    numbers = curves(stages, depth)
    worse = bend(numbers, effort=min(effort), concerns=max(concerns))
    better = bend(numbers, effort=max(effort), concerns=min(concerns))

    assert_not_better(worse, better)


@given(stages=stage_days(), effort=st.floats(0, 1), concerns=st.floats(0, 1))
def test_days_of_the_dip_keep_their_order(stages: tuple[float, float, float], effort: float, concerns: float) -> None:
    curve = bend(curves(stages), effort=effort, concerns=concerns)

    assert curve.dip_starts < curve.trough < curve.recovered


@given(depth=st.floats(0.01, 0.8), concerns=st.floats(0, 1))
def test_b18_full_effort_leaves_a_quarter_of_the_dip(depth: float, concerns: float) -> None:
    """B18."""
    curve = bend(curves((7, 28, 66), depth), effort=1.0, concerns=concerns)

    assert curve.depth >= 0.25 * depth > 0


@example(novelty=0.1, depth=0.95, effort=1.0, concerns=0.0, day=33)
@given(
    novelty=st.floats(0.1, 1),
    depth=st.floats(0, 0.95),
    effort=st.floats(0, 1),
    concerns=st.floats(0, 1),
    day=st.floats(-100, 1000),
)
def test_mood_stays_between_nothing_and_everything(
    novelty: float, depth: float, effort: float, concerns: float, day: float
) -> None:
    numbers = replace(curves((7, 28, 66), depth), novelty=novelty)

    assert 0 <= mood_at(bend(numbers, effort=effort, concerns=concerns), day) <= 1


def test_b11_concerns_make_the_dip_deeper_steeper_and_earlier() -> None:
    """B11."""
    calm, worried = shape("moderate"), shape("moderate", concerns=0.5)

    assert worried.depth > calm.depth
    assert steepest_fall(worried) > steepest_fall(calm)
    assert worried.dip_starts < calm.dip_starts
    assert worried.trough < calm.trough


def test_b17_effort_makes_the_dip_shallower_and_gentler() -> None:
    """B17."""
    idle, busy = shape("moderate"), shape("moderate", effort=1.0)

    assert busy.depth < idle.depth
    assert steepest_fall(busy) < steepest_fall(idle)
    assert busy.recovered < idle.recovered
