"""The personal reorder rhythm: DOMAIN 4.8 to the printed digits, and the flags that silence raises."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.core.numbers import RhythmNumbers
from followup.core.rhythm import FLAGS, flag_of, personal_gap

NUMBERS = RhythmNumbers()
GAPS = st.lists(st.floats(1, 2000), max_size=30)


@pytest.mark.parametrize(
    ("own_gaps", "gap"),
    [((), 120), ((80,), 106.7), ((80, 90, 85), 99), ((80,) * 10, 86.7)],
)
def test_own_gaps_count_beside_two_of_the_cycle(own_gaps: tuple[float, ...], gap: float) -> None:
    assert personal_gap(120, own_gaps, NUMBERS) == pytest.approx(gap, abs=0.05)


def test_two_purchases_on_one_day_are_one() -> None:
    assert personal_gap(120, (0, 80, 0), NUMBERS) == personal_gap(120, (80,), NUMBERS)


def test_without_a_prior_and_without_purchases_it_is_the_cycle() -> None:
    alone = RhythmNumbers(prior_gaps=0)

    assert personal_gap(120, (), alone) == 120
    assert personal_gap(120, (80, 90), alone) == 85


@given(cycle=st.floats(1, 2000), own_gaps=GAPS)
def test_the_gap_lies_between_the_cycle_and_the_own_gaps(cycle: float, own_gaps: list[float]) -> None:
    gap = personal_gap(cycle, own_gaps, NUMBERS)

    assert min([cycle, *own_gaps]) - 1e-6 <= gap <= max([cycle, *own_gaps]) + 1e-6


@pytest.mark.parametrize(
    ("days", "flag"),
    [
        (0, ""),
        (84, ""),
        (85, "due"),
        (124, "due"),
        (125, "late"),
        (149, "late"),
        (150, "at_risk"),
        (299, "at_risk"),
        (300, "dormant"),
        (5000, "dormant"),
    ],
)
def test_what_silence_says_at_a_gap_of_100_days(days: int, flag: str) -> None:
    assert flag_of(days, 100, NUMBERS) == flag


@pytest.mark.parametrize(("share", "flag"), [(0.85, "due"), (1.25, "late"), (1.5, "at_risk"), (3.0, "dormant")])
@given(gap=st.floats(1, 3000))
def test_a_limit_belongs_to_what_it_begins(share: float, flag: str, gap: float) -> None:
    assert flag_of(share * gap, gap, NUMBERS) == flag


@given(days=st.floats(0, 5000), more=st.floats(0, 5000), gap=st.floats(1, 3000))
def test_a_longer_silence_is_never_less_grave(days: float, more: float, gap: float) -> None:
    grave = ("", *reversed(FLAGS))

    assert grave.index(flag_of(days + more, gap, NUMBERS)) >= grave.index(flag_of(days, gap, NUMBERS))


def test_the_flags_follow_the_numbers_a_playbook_writes() -> None:
    assert flag_of(50, 100, RhythmNumbers(due=0.5, late=0.6)) == "due"
    assert flag_of(60, 100, RhythmNumbers(due=0.5, late=0.6)) == "late"
    assert flag_of(60, 0, NUMBERS) == ""
