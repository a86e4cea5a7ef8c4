"""Working days, offsets and the words people type for a day."""

from __future__ import annotations

import calendar as stdlib_calendar
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.core.dates import Calendar, add, approximate_days, parse_date, times
from followup.core.model.playbook import Duration, Unit
from followup.errors import FollowupError

MONDAY = date(2026, 1, 5)
PLAIN = Calendar()


def some_days() -> st.SearchStrategy[date]:
    return st.dates(date(1990, 1, 1), date(2100, 1, 1))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Any working week, with closed days and holidays around the days of the tests."""
    near = st.dates(date(2025, 12, 1), date(2026, 3, 31))
    free = draw(st.frozensets(near, max_size=12))
    return Calendar(
        weekdays=draw(st.frozensets(st.integers(0, 6), min_size=1)),
        closed=draw(st.frozensets(near, max_size=12)),
        holiday_name=lambda day: "a holiday" if day in free else "",
    )


def near_days() -> st.SearchStrategy[date]:
    return st.dates(date(2025, 12, 1), date(2026, 3, 31))


# Working days


@given(days=calendars(), start=near_days(), count=st.integers(-40, 40))
def test_working_days_are_counted_one_by_one(days: Calendar, start: date, count: int) -> None:
    """Against the plainest way to count: walk, and count each day that is worked on."""
    walked, left = start, abs(count)
    while left:
        walked += timedelta(days=1 if count > 0 else -1)
        left -= days.is_working_day(walked)

    assert days.add_working_days(start, count) == walked
    assert add(start, Duration(count, Unit.WORKING_DAY), days) == walked


@given(days=calendars(), start=near_days())
def test_the_next_and_the_last_working_day(days: Calendar, start: date) -> None:
    following, last = days.next_working_day(start), days.previous_working_day(start)

    assert days.is_working_day(following)
    assert days.is_working_day(last)
    assert last <= start <= following
    between = [last + timedelta(days=i) for i in range(1, (following - last).days)]
    assert not any(days.is_working_day(day) for day in between)


@given(days=calendars(), start=near_days())
def test_why_not_speaks_exactly_about_days_off(days: Calendar, start: date) -> None:
    assert bool(days.why_not(start)) is not days.is_working_day(start)


@pytest.mark.parametrize(
    ("on", "said"),
    [
        (date(2026, 1, 10), "a Saturday"),
        (date(2026, 1, 6), "Epiphany"),
        (date(2026, 1, 7), "a closed day"),
        (date(2026, 1, 8), ""),
    ],
)
def test_why_a_day_is_off(on: date, said: str) -> None:
    off = {date(2026, 1, 6): "Epiphany"}
    days = Calendar(closed={date(2026, 1, 7)}, holiday_name=lambda day: off.get(day, ""))

    assert days.why_not(on) == said


def test_bd_skips_holidays_and_d_does_not() -> None:
    days = Calendar(closed={date(2026, 1, 6), date(2026, 1, 7)})

    assert add(MONDAY, Duration(2, Unit.WORKING_DAY), days) == date(2026, 1, 9)
    assert add(MONDAY, Duration(2), days) == date(2026, 1, 7)


@pytest.mark.parametrize(("count", "expected"), [(1, "2026-01-12"), (0, "2026-01-10"), (-1, "2026-01-09")])
def test_working_days_from_a_saturday(count: int, expected: str) -> None:
    saturday = date(2026, 1, 10)

    assert PLAIN.add_working_days(saturday, count).isoformat() == expected


def test_a_calendar_without_a_working_day_is_refused() -> None:
    with pytest.raises(FollowupError, match="at least one working day"):
        Calendar(weekdays=frozenset())


def test_a_calendar_that_is_closed_for_years_is_refused() -> None:
    always = Calendar(holiday_name=lambda day: "strike")

    with pytest.raises(FollowupError, match="no working day within a year"):
        always.next_working_day(MONDAY)


# Offsets


@pytest.mark.parametrize(
    ("start", "amount", "unit", "expected"),
    [
        ("2026-01-31", 1, "m", "2026-02-28"),
        ("2024-01-31", 1, "m", "2024-02-29"),
        ("2026-01-31", 2, "m", "2026-03-31"),
        ("2026-03-31", -1, "m", "2026-02-28"),
        ("2024-02-29", 1, "y", "2025-02-28"),
        ("2024-02-29", 4, "y", "2028-02-29"),
        ("2024-02-29", -1, "y", "2023-02-28"),
        ("2024-02-29", 12, "m", "2025-02-28"),
        ("2025-12-24", 2, "w", "2026-01-07"),
        ("2025-12-24", -3, "d", "2025-12-21"),
        ("2025-08-31", 6, "m", "2026-02-28"),
    ],
)
def test_adding(start: str, amount: int, unit: str, expected: str) -> None:
    assert add(date.fromisoformat(start), Duration(amount, Unit(unit)), PLAIN).isoformat() == expected


@given(start=some_days(), months=st.integers(-240, 240))
def test_months_clamp_to_the_end_of_a_short_month_and_never_spill_over(start: date, months: int) -> None:
    moved = add(start, Duration(months, Unit.MONTH), PLAIN)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = stdlib_calendar.monthrange(year, month + 1)[1]

    assert moved == date(year, month + 1, min(start.day, last))


def test_repeats_in_months_are_counted_from_the_first_day_and_never_chained() -> None:
    """31 January, 28 February, 31 March: a short month does not shorten those after it."""
    first = date(2026, 1, 31)
    series = [add(first, times(Duration(1, Unit.MONTH), number), PLAIN) for number in range(4)]

    assert [str(day) for day in series] == ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]


@given(
    start=near_days(),
    amount=st.integers(0, 36),
    unit=st.sampled_from([Unit.DAY, Unit.WEEK, Unit.MONTH, Unit.YEAR]),
)
def test_the_approximate_length_is_near_the_real_one(start: date, amount: int, unit: Unit) -> None:
    duration = Duration(amount, unit)

    assert approximate_days(duration) == pytest.approx((add(start, duration, PLAIN) - start).days, abs=3)


@pytest.mark.parametrize("text", ["3d", "-2w", "5bd", "6m", "-1y"])
def test_a_duration_says_itself_as_it_is_written(text: str) -> None:
    sign = -1 if text.startswith("-") else 1
    digits = "".join(c for c in text if c.isdigit())
    unit = text.lstrip("-").removeprefix(digits)

    assert str(Duration(sign * int(digits), Unit(unit))) == text


# What people type for a day


@pytest.mark.parametrize(
    ("text", "forward", "back"),
    [
        ("2026-12-01", "2026-12-01", "2026-12-01"),
        ("today", "2026-01-07", "2026-01-07"),
        ("tomorrow", "2026-01-08", "2026-01-08"),
        ("yesterday", "2026-01-06", "2026-01-06"),
        ("  Today ", "2026-01-07", "2026-01-07"),
        ("thu", "2026-01-08", "2026-01-01"),
        ("tue", "2026-01-13", "2026-01-06"),
        ("wed", "2026-01-14", "2026-01-07"),  # today's own weekday: next week, or today
        ("WEDNESDAY", "2026-01-14", "2026-01-07"),
        ("sun", "2026-01-11", "2026-01-04"),
        ("3d", "2026-01-10", "2026-01-10"),
        ("+3d", "2026-01-10", "2026-01-10"),
        ("-3d", "2026-01-04", "2026-01-04"),
        ("2w", "2026-01-21", "2026-01-21"),
        ("1m", "2026-02-07", "2026-02-07"),
        ("1y", "2027-01-07", "2027-01-07"),
        ("5bd", "2026-01-14", "2026-01-14"),
        ("-5bd", "2025-12-31", "2025-12-31"),
        ("0d", "2026-01-07", "2026-01-07"),
    ],
)
def test_words_for_a_day(text: str, forward: str, back: str) -> None:
    wednesday = date(2026, 1, 7)

    assert str(parse_date(text, today=wednesday, calendar=PLAIN)) == forward
    assert str(parse_date(text, today=wednesday, calendar=PLAIN, past=True)) == back


@given(today=some_days(), name=st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]))
def test_weekdays_look_forward_for_plans_and_back_for_what_happened(today: date, name: str) -> None:
    forward = parse_date(name, today=today, calendar=PLAIN)
    back = parse_date(name, today=today, calendar=PLAIN, past=True)

    assert f"{forward:%a}".lower() == f"{back:%a}".lower() == name
    assert 1 <= (forward - today).days <= 7
    assert 0 <= (today - back).days <= 6


@pytest.mark.parametrize("text", ["31m", "31 January", "1m"])
def test_end_of_january_plus_a_month(text: str) -> None:
    if text == "1m":
        assert str(parse_date(text, today=date(2026, 1, 31), calendar=PLAIN)) == "2026-02-28"
    elif text == "31m":
        assert str(parse_date(text, today=date(2026, 1, 31), calendar=PLAIN)) == "2028-08-31"
    else:
        with pytest.raises(FollowupError):
            parse_date(text, today=date(2026, 1, 31), calendar=PLAIN)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "2026-02-30",  # impossible
        "2025-02-29",
        "2026-13-01",
        "2026-00-10",
        "0000-01-01",
        "2026-1-5",  # partial or in another order: never guessed
        "2026-01",
        "2026",
        "01/02/2026",
        "1.2.2026",
        "20260105",
        "2026-01-05T10:00",
        "2026-W02-1",
        "3",
        "d",
        "3x",
        "3.5d",
        "--3d",
        "3d4d",
        "mo",
        "monda",
        "next week",
        "99999y",  # outside the calendar
        "-9999y",
        "99999m",
        "٣d",  # digits of another script
        "２０２６-01-05",
        "5bd\x00",
    ],
)
@pytest.mark.parametrize("past", [False, True])
def test_what_is_not_a_date_is_refused_with_a_hint(text: str, past: bool) -> None:
    with pytest.raises(FollowupError) as refusal:
        parse_date(text, today=MONDAY, calendar=PLAIN, past=past)

    assert "2026-12-01" in refusal.value.hint


@given(st.text(max_size=12))
def test_any_text_is_a_day_or_refused(text: str) -> None:
    try:
        found = parse_date(text, today=MONDAY, calendar=PLAIN)
    except FollowupError:
        return
    assert isinstance(found, date)
