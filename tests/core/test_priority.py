"""Priority and lanes of what is due (DOMAIN 4.9)."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.core.model.purpose import PURPOSES
from followup.core.priority import (
    Priority,
    closeness,
    lane_of,
    lateness,
    prioritise,
    rank_of,
    risk_of,
    score,
    weight_of,
)

TODAY = date(2026, 2, 2)


def rank(
    purpose: str = "prevention",
    *,
    due: int = 0,
    window: tuple[int, int] = (-3, 10),
    deadline: int | None = None,
    mood: float = 0.85,
    fall: float = 0.0,
    tier: str = "B",
    usage: str = "normal",
) -> Priority:
    """A touchpoint due `due` days from today; its window and deadline are days from its due date."""
    due_on = TODAY + timedelta(days=due)
    return prioritise(
        purpose=purpose,
        due_on=due_on,
        opens_on=due_on + timedelta(days=window[0]),
        closes_on=due_on + timedelta(days=window[1]),
        deadline_on=None if deadline is None else due_on + timedelta(days=deadline),
        today=TODAY,
        mood=mood,
        effectiveness=0.85,
        weekly_fall=fall,
        tier=tier,
        usage=usage,
    )


# The printed vectors


def test_trough_call_on_its_day() -> None:
    risk = risk_of(0.50, 0.85, 0.0)

    assert score(risk=risk, purpose=0.8, late=0, close=0, value=1) == pytest.approx(41.8, abs=0.05)
    assert rank("prevention", mood=0.50).score == 42


def test_falling_part_three_days_late() -> None:
    risk, late = risk_of(0.76, 0.85, 0.138), lateness(3, 3)

    assert score(risk=risk, purpose=0.8, late=late, close=0, value=1) == pytest.approx(46.5, abs=0.05)


def test_good_news_letter_on_time() -> None:
    assert score(risk=0, purpose=0.4, late=0, close=0, value=1) == pytest.approx(10.0)
    assert rank("reminder").score == 10


@pytest.mark.parametrize(
    ("purpose", "weight"),
    [
        ("recovery", 1.0),
        ("concern_resolution", 0.9),
        ("prevention", 0.8),
        ("renewal", 0.8),
        ("co_planning", 0.75),
        ("encouragement", 0.75),
        ("education", 0.6),
        ("close_loop", 0.6),
        ("feedback", 0.5),
        ("welcome", 0.5),
        ("needs_assessment", 0.45),
        ("reminder", 0.4),
        ("lead_generation", 0.35),
        ("informative", 0.3),
        ("decision_criteria", 0.3),
        ("persuasive", 0.3),
    ],
)
def test_weight_of_a_purpose(purpose: str, weight: float) -> None:
    assert weight_of(purpose, "normal") == weight


def test_a_promise_weighs_nearly_as_much_as_recovery() -> None:
    assert weight_of("close_loop", "normal", step="promise") == 0.95
    assert weight_of("close_loop", "heavy", step="promise") == 0.95


def test_every_purpose_has_a_weight() -> None:
    assert len(PURPOSES) == 17
    assert all(0 < purpose.weight <= 1 for purpose in PURPOSES.values())


@pytest.mark.parametrize(("days_left", "close"), [(-5, 1), (0, 1), (2, 1), (3, 0.5), (7, 0.5), (8, 0)])
def test_a_window_that_ends_soon_presses(days_left: int, close: float) -> None:
    assert closeness(days_left) == close


@pytest.mark.parametrize(
    ("days", "tau", "late"), [(0, 5, 0.0), (-4, 5, 0.0), (3, 0, 0.632), (3, 3, 0.632), (10, 10, 0.632)]
)
def test_lateness_has_a_tau_of_at_least_three_days(days: int, tau: float, late: float) -> None:
    assert lateness(days, tau) == pytest.approx(late, abs=5e-4)


# What must come first


def test_a11_prevention_of_a_heavy_user_outranks_that_of_a_light_one() -> None:
    """A11."""
    assert rank("prevention", usage="heavy").score > rank("prevention", usage="light").score


def test_a10_feedback_of_a_heavy_user_comes_first() -> None:
    """A10."""
    assert rank("feedback", usage="heavy").score > rank("feedback", usage="normal").score


def test_heavy_use_lifts_nothing_else() -> None:
    assert rank("education", usage="heavy").score == rank("education", usage="normal").score


def test_b19_prevention_while_mood_falls_outranks_the_same_while_it_recovers() -> None:
    """B19."""
    assert rank(mood=0.65, fall=0.12).score > rank(mood=0.65, fall=0.0).score


@pytest.mark.parametrize(("better", "worse"), [("A", "B"), ("B", "C")])
def test_a_more_valuable_customer_comes_first(better: str, worse: str) -> None:
    assert rank(mood=0.6, tier=better).score > rank(mood=0.6, tier=worse).score


@pytest.mark.parametrize(
    ("purpose", "deadline", "lane"),
    [
        ("recovery", None, 1),
        ("prevention", 2, 2),
        ("prevention", 0, 2),
        ("prevention", -1, 2),
        ("prevention", 3, 3),
        ("renewal", None, 3),
    ],
)
def test_lanes(purpose: str, deadline: int | None, lane: int) -> None:
    assert rank(purpose, deadline=deadline).lane == lane
    assert lane_of(purpose, None if deadline is None else TODAY + timedelta(days=deadline), TODAY) == lane


@pytest.mark.parametrize(
    ("due", "deadline", "lane"),
    [(-1, None, 1), (0, None, 3), (3, None, 3), (-3, 2, 1), (-3, 3, 2), (-3, 5, 2), (-3, 6, 3)],
)
def test_a_promise_past_its_day_is_broken(due: int, deadline: int | None, lane: int) -> None:
    """Its day is the deadline where it has one: it may be planned some days earlier."""
    day = None if deadline is None else TODAY + timedelta(days=due + deadline)

    assert lane_of("close_loop", day, TODAY, step="promise", due_on=TODAY + timedelta(days=due)) == lane


def test_rank_is_lane_then_score_then_value_then_age() -> None:
    def key(found: Priority, tier: str = "B", due: int = 0) -> tuple[object, ...]:
        usual = {"purpose": "education", "usage": "normal", "weekly_fall": 0.0}
        return rank_of(found, tier=tier, due_on=TODAY + timedelta(days=due), **usual)

    low, high = Priority(40, 3, {}), Priority(60, 3, {})
    wanted = [key(Priority(1, 1, {})), key(Priority(1, 2, {})), key(high), key(low, "A"), key(low, due=-2), key(low)]

    for first, second in pairwise(wanted):
        assert first < second


def test_the_parts_add_up_to_the_score() -> None:
    ranked = rank(due=-4, mood=0.6, fall=0.1, tier="A")
    addends = [part for name, part in ranked.parts.items() if name != "value"]

    assert ranked.score == round(min(100, sum(addends) * ranked.parts["value"]))


@given(
    purpose=st.sampled_from(sorted(PURPOSES)),
    due=st.integers(-400, 400),
    mood=st.floats(0, 1),
    fall=st.floats(0, 1),
    tier=st.sampled_from("ABC"),
    usage=st.sampled_from(["heavy", "normal", "light"]),
)
def test_a_score_is_a_whole_number_from_0_to_100(
    purpose: str, due: int, mood: float, fall: float, tier: str, usage: str
) -> None:
    ranked = rank(purpose, due=due, mood=mood, fall=fall, tier=tier, usage=usage)

    assert isinstance(ranked.score, int)
    assert 0 <= ranked.score <= 100
    assert ranked.lane in (1, 2, 3)


@given(days=st.integers(0, 300), mood=st.floats(0, 1))
def test_waiting_never_lowers_the_score(days: int, mood: float) -> None:
    assert rank(due=-days - 1, mood=mood).score >= rank(due=-days, mood=mood).score
