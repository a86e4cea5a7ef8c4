"""Mood: the vectors of DOMAIN 4.4 to the printed digits, and what an estimate may and may not be."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.core.curve import bend, mood_at
from followup.core.model.evidence import Clue, Evidence, Relationship
from followup.core.mood import HIGHEST, LOWEST, Mood, delta_on, is_measured, last_score, mood_on, strength_on, weight_of
from followup.core.numbers import PRESETS

LIVE = date(2026, 1, 1)
CURVE = bend(PRESETS["moderate"].curve, effort=0, concerns=0)
MAINTENANCE = 180  # days of use on which it begins


def on(day: float) -> date:
    return LIVE + timedelta(days=round(day))


def clue(day: int, value: float, quality: float, *, measured: bool = False) -> Clue:
    offset = value - mood_at(CURVE, day)
    return Clue(on=on(day), value=value, quality=quality, offset=offset, source="test", measured=measured)


def score(day: int, points: int) -> Clue:
    return clue(day, points / 10, 1.0, measured=True)


def good(day: int) -> Clue:
    return clue(day, 0.85, 0.6)


def concern(day: int) -> Clue:
    return clue(day, 0.40, 0.6)


def feel(day: int, *clues: Clue, relationship: Relationship | None = None) -> Mood:
    return mood_on(CURVE, LIVE, on(day), evidence=Evidence(clues=clues), relationship=relationship)


# The printed vectors, moderate, day 30


@pytest.mark.parametrize(
    ("clues", "delta", "estimate"),
    [
        ((score(14, 6), concern(28)), -0.0707, 0.4317),
        ((score(28, 2),), -0.1451, 0.3573),
        ((good(14), good(21), good(28)), +0.1459, 0.6483),
    ],
    ids=["score 6 and a concern", "score 2", "three times good"],
)
def test_estimate_on_day_30(clues: tuple[Clue, ...], delta: float, estimate: float) -> None:
    assert delta_on(Evidence(clues=clues), on(30)) == pytest.approx(delta, abs=5e-5)
    assert feel(30, *clues).estimate == pytest.approx(estimate, abs=5e-5)
    assert feel(30, *clues).model == pytest.approx(0.5024, abs=5e-5)


def test_without_evidence_the_estimate_is_the_model() -> None:
    felt = feel(30)

    assert felt.estimate == felt.model == mood_at(CURVE, 30)
    assert (felt.evidence, felt.measured_on) == (None, None)


# How a reading counts


@pytest.mark.parametrize(("age", "weight"), [(-1, 0.0), (0, 0.6), (21, 0.3), (42, 0.15)])
def test_b39_a_reading_halves_every_three_weeks_and_says_nothing_before_its_day(age: int, weight: float) -> None:
    """B39."""
    assert weight_of(good(28), Evidence(), on(28 + age)) == pytest.approx(weight)


def test_a_reading_halves_more_slowly_in_maintenance() -> None:
    assert weight_of(good(28), Evidence(half_life_days=45), on(28 + 45)) == pytest.approx(0.3)


def test_the_estimate_lies_between_model_and_evidence() -> None:
    felt = feel(30, score(28, 2), concern(29))

    assert felt.evidence is not None
    assert felt.evidence < felt.estimate < felt.model


def test_evidence_is_the_weighted_mean_of_the_readings() -> None:
    assert feel(28, score(28, 2)).evidence == pytest.approx(0.2)
    assert feel(28, score(28, 2), concern(28)).evidence == pytest.approx((0.2 + 0.6 * 0.4) / 1.6)


def test_a_reading_of_tomorrow_changes_nothing_today() -> None:
    assert feel(27, score(28, 2)).estimate == feel(27).estimate
    assert feel(27, score(28, 2)).evidence is None


def test_readings_alone_count_where_the_model_is_given_no_weight() -> None:
    bare = Evidence(clues=(score(28, 2),), prior_weight=0)

    assert mood_on(CURVE, LIVE, on(28), evidence=bare).estimate == pytest.approx(0.2)
    assert mood_on(CURVE, LIVE, on(27), evidence=bare).estimate == pytest.approx(mood_at(CURVE, 27))


@pytest.mark.parametrize(("points", "bound"), [(0, LOWEST), (10, HIGHEST)])
def test_an_estimate_never_reaches_nothing_or_everything(points: int, bound: float) -> None:
    felt = feel(28, *[clue(28, points * 5 - 10, 1.0)])

    assert felt.estimate == bound


@given(
    clues=st.lists(st.tuples(st.integers(0, 400), st.floats(0, 1), st.floats(0.1, 1)), min_size=1, max_size=8),
    day=st.integers(-30, 900),
)
def test_an_estimate_stays_within_its_bounds(clues: list[tuple[int, float, float]], day: int) -> None:
    felt = feel(day, *[clue(on, value, quality) for on, value, quality in clues])

    assert LOWEST <= felt.estimate <= HIGHEST
    assert felt.fall >= 0


@given(day=st.integers(1, 300), value=st.floats(0.3, 1))
def test_a_worse_reading_never_gives_a_better_estimate(day: int, value: float) -> None:
    assert feel(day, clue(day, value - 0.2, 1.0)).estimate <= feel(day, clue(day, value, 1.0)).estimate


# Measured or estimated (E13)


@pytest.mark.parametrize(
    ("clues", "measured_on"),
    [
        ((), None),
        ((good(20),), None),
        ((score(14, 6), concern(28)), on(14)),
        ((score(14, 6), score(25, 8)), on(25)),
        ((score(31, 6),), None),
    ],
)
def test_e13_only_a_score_counts_as_measured_from_its_day_on(clues: tuple[Clue, ...], measured_on: date | None) -> None:
    """E13."""
    assert feel(30, *clues).measured_on == measured_on


@pytest.mark.parametrize(("age", "measured"), [(-1, False), (0, True), (7, True), (8, False)])
def test_e13_a_score_counts_as_measured_for_a_week(age: int, measured: bool) -> None:
    """E13."""
    assert is_measured(score(20, 6), on(20 + age)) is measured


def test_e13_without_a_score_all_is_estimated() -> None:
    """E13."""
    heard = Evidence(clues=(good(20), concern(25)))

    assert last_score(heard, on(30)) is None
    assert not is_measured(None, on(30))


# Fall and trend


@pytest.mark.parametrize(
    ("day", "fall", "improving"),
    [(5, 0.0, False), (21, 0.175, False), (28, 0.0875, False), (47, 0.0, True), (100, 0.0, False)],
)
def test_b38_a_week_decides_where_mood_goes_and_rest_is_decay(day: int, fall: float, improving: bool) -> None:
    """B38."""
    felt = feel(day)

    assert felt.fall == pytest.approx(fall, abs=5e-4)
    assert felt.improving is improving


def test_bad_news_of_today_is_a_fall_of_this_week() -> None:
    assert feel(60, concern(60)).fall > 0.05
    assert not feel(60, concern(60)).improving


# Maintenance: the effectiveness level times strength (DOMAIN 4.6)

RELATIONSHIP = Relationship(clocks=((on(MAINTENANCE), 30), (on(229), 40.5)))


@pytest.mark.parametrize(
    ("day", "strength"), [(100, 1.0), (180, 1.0), (210, 0.9), (228, 0.8525), (229, 1.0), (269, 0.9), (270, 0.8989)]
)
def test_strength_runs_from_the_last_clock_that_started(day: int, strength: float) -> None:
    assert strength_on(RELATIONSHIP, on(day)) == pytest.approx(strength, abs=1.5e-3)


def test_mood_in_maintenance_is_the_normal_level_times_strength() -> None:
    assert feel(210, relationship=RELATIONSHIP).model == pytest.approx(0.85 * 0.9)
    assert feel(179, relationship=RELATIONSHIP).model == mood_at(CURVE, 179)


@given(day=st.integers(MAINTENANCE + 1, 228))
def test_b38_without_a_contact_mood_in_maintenance_decays_every_day(day: int) -> None:
    """B38."""
    felt = feel(day, relationship=RELATIONSHIP)

    assert not felt.improving
    assert felt.model < feel(day - 1, relationship=RELATIONSHIP).model


@pytest.mark.parametrize(("day", "improving"), [(228, False), (229, True), (235, True), (260, False)])
def test_trend_in_maintenance_compares_with_thirty_days_ago(day: int, improving: bool) -> None:
    assert feel(day, relationship=RELATIONSHIP).improving is improving


@pytest.mark.parametrize(
    ("day", "began", "improving"),
    [(300, 180, True), (329, 180, True), (330, 180, False), (300, 300, False), (299, 180, False)],
)
def test_the_first_contact_improves_a_relationship_nobody_knew(day: int, began: int, improving: bool) -> None:
    """A sale that came in during maintenance: its first clock is a contact, not the begin of maintenance."""
    met = Relationship(clocks=((on(300), 40.5),))

    assert mood_on(CURVE, LIVE, on(day), relationship=met, maintenance_on=on(began)).improving is improving


def test_bad_news_in_a_first_contact_improve_nothing() -> None:
    met, heard = Relationship(clocks=((on(300), 12),)), Evidence(clues=(concern(300),))

    assert not mood_on(CURVE, LIVE, on(301), evidence=heard, relationship=met, maintenance_on=on(180)).improving


def test_readings_move_mood_in_maintenance_too() -> None:
    assert feel(210, concern(205), relationship=RELATIONSHIP).estimate < 0.85 * 0.9
