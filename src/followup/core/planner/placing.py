"""Where a contact may be placed: working days of its window, minimum gaps and caps (DOMAIN 3.7, 5.1 step 8)."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from followup.core.dates import Calendar
from followup.core.model.channel import CAPPED
from followup.core.model.stage import StageMap
from followup.core.numbers import ContactNumbers
from followup.core.planner.draft import Draft

CAP_DAYS = 90


class Diary:
    """The unsolicited contacts of one person, real and planned: what caps and gaps are counted from."""

    def __init__(self, stages: StageMap, numbers: ContactNumbers) -> None:
        self._stages = stages
        self._gaps: Mapping[str, int] = numbers.min_gap_days
        self._caps = numbers.caps_90_days
        self._reach = timedelta(days=max(self._gaps.values()))
        self._gap_on: dict[date, int] = {}
        self._days: list[date] = []
        self._by_channel: dict[str, list[date]] = {channel: [] for channel in CAPPED}

    @property
    def reach(self) -> timedelta:
        """The longest of the minimum gaps: contacts further apart do not disturb each other."""
        return self._reach

    def note(self, day: date, channel: str) -> None:
        """Count a contact."""
        insort(self._days, day)
        if channel in self._by_channel:
            insort(self._by_channel[channel], day)

    def forget(self, day: date, channel: str) -> None:
        """Take a contact out again."""
        self._days.remove(day)
        if channel in self._by_channel:
            self._by_channel[channel].remove(day)

    def gap_on(self, day: date) -> int:
        """The minimum gap in days between unsolicited contacts in the stage of `day`."""
        gap = self._gap_on.get(day)
        if gap is None:
            gap = self._gap_on[day] = self._gaps.get(self._stages.on(day), self._gaps["default"])
        return gap

    def gap_between(self, day: date, other: date) -> int:
        """The minimum gap that holds between two days: the longer one of their stages."""
        return max(self.gap_on(day), self.gap_on(other))

    def too_close(self, day: date) -> date | None:
        """The nearest contact that lies closer to `day` than the minimum gap, or None."""
        days, reach = self._days, self._reach
        right = bisect_left(days, day)
        left = right - 1
        while True:
            before = day - days[left] if left >= 0 else reach
            after = days[right] - day if right < len(days) else reach
            if min(before, after) >= reach:
                return None
            if before <= after:
                other, left = days[left], left - 1
            else:
                other, right = days[right], right + 1
            if abs((day - other).days) < self.gap_between(day, other):
                return other

    def over_cap(self, day: date, channel: str) -> bool:
        """True when one more contact by `channel` on `day` breaks the cap of some 90-day window."""
        cap = self._caps.get(channel)
        if cap is None:
            return False
        days = self._by_channel.get(channel, [])
        if len(days) < cap:
            return False
        place = bisect_left(days, day)
        around = [*days[max(0, place - cap) : place], day, *days[place : place + cap]]
        return any((around[i + cap] - around[i]).days < CAP_DAYS for i in range(len(around) - cap))

    def is_free(self, day: date, channel: str) -> bool:
        """True when one more contact by `channel` on `day` keeps every gap and every cap."""
        return self.too_close(day) is None and not self.over_cap(day, channel)


def possible_days(draft: Draft, calendar: Calendar) -> Iterator[date]:
    """The days a draft may take, best first: working days of its window from its target on, then those before it.

    Deadlines look back first (DOMAIN 5.1). A window without a working day gives the next one, or the last one
    before where bounds or a deadline forbid that; none at all when the bounds leave no working day.
    """
    any_day, found = draft.step.any_day, False
    for day in _window_days(draft):
        if any_day or calendar.is_working_day(day):
            found = True
            yield day
    if not (found or any_day):
        yield from _beyond_window(draft, calendar)


def _window_days(draft: Draft) -> Iterator[date]:
    """Every day of the window inside the bounds, the target first if it is one of them."""
    target, last = draft.target, min(draft.closes, draft.latest)
    first = max(draft.opens, draft.earliest, draft.not_before)
    if first <= target <= last:
        yield target
    after = (target + timedelta(days=i) for i in range(1, (last - target).days + 1))
    before = (target - timedelta(days=i) for i in range(1, (target - first).days + 1))
    for days in (after, before) if draft.deadline is None else (before, after):
        yield from days


def _beyond_window(draft: Draft, calendar: Calendar) -> list[date]:
    around = (calendar.next_working_day(draft.target), calendar.previous_working_day(draft.target))
    allowed = [day for day in around if draft.earliest <= day <= draft.latest]
    return allowed[-1:] if draft.deadline is not None else allowed[:1]
