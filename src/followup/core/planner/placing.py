"""Placing: working days, windows, minimum gaps, caps and deadlines turn written dates into real ones.

DOMAIN 5.1 steps 8 and 9, 3.7. On conflict a contact is postponed inside its window rather than brought forward.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from followup.core.dates import Calendar
from followup.core.model.channel import CAPPED
from followup.core.model.stage import Stage, StageMap
from followup.core.numbers import ContactNumbers
from followup.core.planner.draft import Draft, day_text

ONE_DAY = timedelta(days=1)
CAP_DAYS = 90
FURTHEST_SHIFT = 366


class Diary:
    """The unsolicited contacts of one person, real and planned: what caps and gaps are counted from."""

    def __init__(self, stages: StageMap, numbers: ContactNumbers) -> None:
        self._stages = stages
        self._gaps: Mapping[str, int] = numbers.min_gap_days
        self._caps = numbers.caps_90_days
        self._days: list[date] = []
        self._by_channel: dict[str, list[date]] = {channel: [] for channel in CAPPED}

    def note(self, day: date, channel: str) -> None:
        """Count a contact."""
        insort(self._days, day)
        if channel in self._by_channel:
            insort(self._by_channel[channel], day)

    def forget(self, day: date, channel: str) -> None:
        """Take a contact out again: an extra step gave way."""
        self._days.remove(day)
        if channel in self._by_channel:
            self._by_channel[channel].remove(day)

    def gap_on(self, day: date) -> int:
        """The minimum gap in days between unsolicited contacts in the stage of `day`."""
        stage = self._stages.on(day)
        return self._gaps.get(stage, self._gaps["default"])

    def too_close(self, day: date) -> date | None:
        """A contact that lies closer to `day` than the minimum gap of either of the two stages, or None."""
        own = self.gap_on(day)
        for other in self._days:
            distance = abs((day - other).days)
            if distance < own or distance < self.gap_on(other):
                return other
        return None

    def over_cap(self, day: date, channel: str) -> bool:
        """True when one more contact by `channel` on `day` breaks the cap of some 90-day window."""
        cap = self._caps.get(channel)
        if cap is None:
            return False
        days = sorted([*self._by_channel.get(channel, ()), day])
        return any((days[i + cap] - days[i]).days < CAP_DAYS for i in range(len(days) - cap))


def candidates(draft: Draft, target: date, *, backward_first: bool) -> Iterator[date]:
    """The days of the window from `target` on: forward first, or backward first for deadlines (DOMAIN 5.1)."""
    first, last = max(draft.opens, draft.earliest), min(draft.closes, draft.latest)
    forward = (target + timedelta(days=i) for i in range((last - target).days + 1))
    backward = (target - timedelta(days=i) for i in range(1, (target - first).days + 1))
    if backward_first:
        yield target
        yield from backward
        yield from (target + timedelta(days=i) for i in range(1, (last - target).days + 1))
    else:
        yield from forward
        yield from backward


def working_candidates(draft: Draft, target: date, calendar: Calendar) -> list[date]:
    """Days of the window that are working days; with `any_day` every day of it."""
    days = candidates(draft, target, backward_first=draft.deadline is not None)
    if draft.step.any_day:
        return list(days)
    return [day for day in days if calendar.is_working_day(day)]


def outside_window(draft: Draft, target: date, calendar: Calendar) -> date | None:
    """A working day beyond a window that has none: the next one, else the last one before, within hard bounds."""
    forward, backward = calendar.next_working_day(target), calendar.previous_working_day(target)
    if draft.deadline is not None and backward >= draft.earliest:
        return backward
    if forward <= draft.latest:
        return forward
    return backward if backward >= draft.earliest else None


def place(draft: Draft, target: date, calendar: Calendar, diary: Diary) -> bool:
    """Date a draft near `target`. False when it cannot be dated: an extra that gives way, or bounds without a day.

    A core step is never dropped for a cap or a gap: it moves inside its window, else stays with the reason shown.
    """
    days = working_candidates(draft, target, calendar)
    if not days:
        day = outside_window(draft, target, calendar)
        if day is None:
            return False
        days = [day]
    chosen = days[0]
    if not draft.solicited:
        free = next((day for day in days if _fits(draft, day, diary)), None)
        if free is None and draft.step.extra:
            draft.say("gives_way", "an extra step gives way: caps or gaps leave no day in its window")
            return False
        if free is None:
            chosen = next((day for day in days if diary.too_close(day) is None), days[0])
            _explain_conflict(draft, chosen, diary)
        else:
            _explain_move(draft, days[0], free, diary)
            chosen = free
    settle(draft, target, chosen, calendar)
    return True


def settle(draft: Draft, target: date, day: date, calendar: Calendar) -> None:
    """Write the day into the draft, widen the window where it had no working day, and say why it moved."""
    draft.due = day
    if day != target and (why := "" if draft.step.any_day else calendar.why_not(target)):
        direction = "back" if day < target else "forward"
        draft.say("working_day", f"{day_text(target)} is {why}: moved {direction} to {day_text(day)}", day=target)
    if not draft.opens <= day <= draft.closes:
        draft.say("window", "no working day in its window: the nearest allowed one is taken")
    draft.opens, draft.closes = min(draft.opens, day), max(draft.closes, day)


def _fits(draft: Draft, day: date, diary: Diary) -> bool:
    return diary.too_close(day) is None and not diary.over_cap(day, draft.channel)


def _explain_move(draft: Draft, wanted: date, day: date, diary: Diary) -> None:
    if day == wanted:
        return
    near = diary.too_close(wanted)
    if near is not None:
        text = f"at least {max(diary.gap_on(wanted), diary.gap_on(near))} days from the contact of {day_text(near)}"
        draft.say("gap", f"moved to {day_text(day)}: {text}", near=near, wanted=wanted)
    else:
        draft.say("cap", f"moved to {day_text(day)}: the cap for {draft.channel} in 90 days", wanted=wanted)


def _explain_conflict(draft: Draft, day: date, diary: Diary) -> None:
    near = diary.too_close(day)
    if near is not None:
        draft.say("gap", f"close to the contact of {day_text(near)}; a core step is not dropped for that", near=near)
    if diary.over_cap(day, draft.channel):
        draft.say("cap", f"over the cap for {draft.channel} in 90 days; a core step is not dropped for that")


def count_known(diary: Diary, contacts: Iterable[tuple[date, str]]) -> None:
    """Count contacts that already happened or that another sale of the same person needs."""
    for day, channel in contacts:
        diary.note(day, channel)


def stage_bounds(stages: StageMap, stage: Stage) -> tuple[date, date]:
    """First and last day of a stage, both included: a boundary day belongs to both neighbours (PLAYBOOKS)."""
    span = stages[stage]
    return span.begin or date.min, span.end or date.max
