"""Dates: working days, offsets, and the words people type for a day.

Ranges are [begin, end). Months and years are added to the anchor itself, never chained, and clamp to the end of
a short month (31 January + 1m = 28 February); only then is a date shifted to a working day.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from dateutil.relativedelta import relativedelta

from followup.core.model.playbook import Duration, Unit
from followup.errors import FollowupError

WEEKDAYS: tuple[str, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WORKWEEK = frozenset(range(5))
LONGEST_BREAK = 366  # days without any working day after which a calendar is refused as nonsense
ONE_DAY = timedelta(days=1)


def no_holidays(day: date) -> str:
    """A calendar without public holidays."""
    return ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Answers working-day questions. `holiday_name` gives the name of a public holiday, or ''."""

    weekdays: Collection[int] = WORKWEEK
    closed: Collection[date] = frozenset()
    holiday_name: Callable[[date], str] = field(default=no_holidays, compare=False)

    def __post_init__(self) -> None:
        if not self.weekdays:
            raise FollowupError(
                "a calendar needs at least one working day",
                hint='followup config set calendar.working_days "mon tue wed thu fri"',
            )

    def is_working_day(self, day: date) -> bool:
        """True on a working weekday that is neither a holiday nor a closed day."""
        return day.weekday() in self.weekdays and day not in self.closed and not self.holiday_name(day)

    def why_not(self, day: date) -> str:
        """In words why `day` is not a working day; '' when it is one."""
        if day in self.closed:
            return "a closed day"
        if name := self.holiday_name(day):
            return name
        return "" if day.weekday() in self.weekdays else f"a {day:%A}"

    def next_working_day(self, day: date) -> date:
        """`day` itself or the first working day after it."""
        return self._seek(day, ONE_DAY)

    def previous_working_day(self, day: date) -> date:
        """`day` itself or the last working day before it."""
        return self._seek(day, -ONE_DAY)

    def _seek(self, day: date, step: timedelta) -> date:
        for _ in range(LONGEST_BREAK):
            if self.is_working_day(day):
                return day
            day += step
        raise FollowupError(
            "no working day within a year: the calendar is closed for too long",
            hint="followup config get calendar.closed",
        )

    def add_working_days(self, day: date, count: int) -> date:
        """The day `count` working days after `day`, or before it when negative; days off are not counted."""
        step = ONE_DAY if count >= 0 else -ONE_DAY
        for _ in range(abs(count)):
            day = self._seek(day + step, step)
        return day


def add(day: date, duration: Duration, calendar: Calendar) -> date:
    """`day` plus a duration; `bd` counts working days, months and years clamp to the end of the month."""
    amount, unit = duration.amount, duration.unit
    if unit is Unit.DAY:
        return day + timedelta(days=amount)
    if unit is Unit.WEEK:
        return day + timedelta(weeks=amount)
    if unit is Unit.WORKING_DAY:
        return calendar.add_working_days(day, amount)
    return _add_months(day, amount if unit is Unit.MONTH else 12 * amount)


@lru_cache(maxsize=4096)
def _add_months(day: date, months: int) -> date:
    return day + relativedelta(months=months)


def times(duration: Duration, count: int) -> Duration:
    """A duration `count` times, so that repeats are always counted from their anchor."""
    return Duration(duration.amount * count, duration.unit)


def approximate_days(duration: Duration) -> float:
    """About how many days a duration is; for comparing, never for dates."""
    per_unit = {
        Unit.DAY: 1.0,
        Unit.WORKING_DAY: 7 / 5,
        Unit.WEEK: 7.0,
        Unit.MONTH: 365.25 / 12,
        Unit.YEAR: 365.25,
    }
    return duration.amount * per_unit[duration.unit]


_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_RELATIVE = re.compile(r"([+-]?)([0-9]{1,5})(bd|d|w|m|y)")
_NAMED = {"today": 0, "tomorrow": 1, "yesterday": -1}
_WEEKDAY_NUMBER = {
    word: number
    for number, name in enumerate(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))
    for word in (name, name[:3])
}
DATE_HINT = "write 2026-12-01, today, tomorrow, mon..sun, 3d, 2w, 1m, 5bd or -3d"


def parse_date(text: str, *, today: date, calendar: Calendar, past: bool = False) -> date:
    """The day that `text` means, seen from `today` (CLI.md, DATE).

    Weekdays look forward for plans and, with `past`, back for what happened; the name of today's weekday means
    a week away for plans and today for what happened. Raises FollowupError for anything partial or impossible.
    """
    word = text.strip().lower()
    if word in _NAMED:
        return today + timedelta(days=_NAMED[word])
    if word in _WEEKDAY_NUMBER:
        return _weekday_near(today, _WEEKDAY_NUMBER[word], past=past)
    if _ISO.fullmatch(word):
        try:
            return date.fromisoformat(word)
        except ValueError:
            raise FollowupError(f"{text!r} is not a day of the calendar", hint=DATE_HINT) from None
    if match := _RELATIVE.fullmatch(word):
        sign, amount, unit = match.groups()
        try:
            return add(today, Duration(int(f"{sign}{amount}"), Unit(unit)), calendar)
        except (OverflowError, ValueError):
            raise FollowupError(f"{text!r} lies outside the calendar", hint=DATE_HINT) from None
    raise FollowupError(f"{text!r} is not a date", hint=DATE_HINT)


def _weekday_near(today: date, number: int, *, past: bool) -> date:
    if past:
        return today - timedelta(days=(today.weekday() - number) % 7)
    return today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)
