"""The dip watch: a prevention check wherever too much low mood would pass unattended (DOMAIN 4.5, B6).

Days of use are counted from the start of use; planned contacts count as contacts on their day. Contacts for a
concern do not: they would push the next look away from exactly those who need it (2.I invariant 3).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import count

from followup.core.curve import mood_at
from followup.core.model.plan import CurveShape
from followup.core.model.stage import Stage
from followup.core.mood import clamped
from followup.core.numbers import WatchNumbers
from followup.core.planner.anchors import LIVE
from followup.core.planner.built_in import DIP_WATCH
from followup.core.planner.draft import Draft, added_draft, day_text
from followup.core.planner.expand import Settled, still_wanted
from followup.core.planner.facts import StepFacts
from followup.core.planner.placing import Diary
from followup.core.planner.situation import Situation

ONE_DAY = timedelta(days=1)
CHANNELS = ("phone", "message", "email")
UNCAPPED_CHANNEL = "video"


def watch_days(shape: CurveShape, numbers: WatchNumbers, *, start: int = 0, delta: float = 0.0) -> list[int]:
    """The bare dip watch: days of use on which it falls due if nothing else is planned (DOMAIN 4.5).

    `delta` is how far the estimate lies above the modelled curve, below when negative.
    """
    days: list[int] = []
    last, exposure, day = start, 0.0, start
    while (day := day + 1) <= shape.recovered:
        exposure += _exposure(shape, numbers, day, delta)
        if _is_due(shape, numbers, day, day - last, exposure):
            days.append(day)
            last, exposure = day, 0.0
    return days


@lru_cache(maxsize=256)
def _exposures(shape: CurveShape, numbers: WatchNumbers, delta: float) -> tuple[float, ...]:
    """The exposure of every day of use until recovery; the same for all sales with the same curve."""
    return tuple(_exposure(shape, numbers, day, delta) for day in range(int(shape.recovered) + 1))


def _exposure(shape: CurveShape, numbers: WatchNumbers, day: int, delta: float) -> float:
    """How much one day without contact adds, in mood-days; falling days weigh more."""
    weight = numbers.falling_factor if day <= shape.base_trough else 1.0
    mood = clamped(mood_at(shape, day) + delta) if delta else mood_at(shape, day)
    return max(0.0, shape.effectiveness - mood) * weight


def _is_due(shape: CurveShape, numbers: WatchNumbers, day: int, gap: int, exposure: float) -> bool:
    longest = numbers.max_gap_falling if day <= shape.base_trough else numbers.max_gap_rising
    return gap >= longest or (exposure >= numbers.theta and gap >= numbers.min_gap)


@dataclass(frozen=True, slots=True)
class Look:
    """Where a look is needed: the day it falls due, the contact before it, the next one planned, the mood-days."""

    day: date
    last: date
    following: date | None
    exposure: float


class Watch:
    """Looks after one sale between its contacts, real and planned; `delta` is what evidence adds to the curve."""

    def __init__(self, situation: Situation, shape: CurveShape, diary: Diary, origin: date, delta: float = 0.0) -> None:
        self._situation = situation
        self._shape = shape
        self._diary = diary
        self._origin = origin
        self._numbers = situation.numbers.watch
        self._delta = delta
        # What was tried, moved or left out says that the seller has looked: no look is asked for in hindsight.
        self._told = max((a.on for a in situation.ordered if a.step), default=date.min)

    def drafts(self, planned: Iterable[Draft], attended: Mapping[date, date]) -> list[Draft]:
        """The looks that are needed after the last contact, between planned ones and days attended to otherwise.

        `attended` has for each such day the first one that it covers.
        """
        by_day = {draft.due: draft for draft in planned if draft.due is not None}
        touched = sorted({*by_day, *attended})
        numbers = _free_numbers(self._situation.facts_of(DIP_WATCH.id))
        first, last_day = self._span()
        added: list[Draft] = []
        last, exposure, day = first, 0.0, first
        exposures = _exposures(self._shape, self._numbers, self._delta)
        position = 0
        while (day := day + ONE_DAY) <= last_day:
            while position < len(touched) and touched[position] < day:
                position += 1
            if position < len(touched) and touched[position] == day:
                last, exposure = day, 0.0
                continue
            use_day = (day - self._origin).days
            exposure += exposures[use_day] if 0 <= use_day < len(exposures) else 0.0
            if day <= self._told or not _is_due(self._shape, self._numbers, use_day, (day - last).days, exposure):
                continue
            following = touched[position] if position < len(touched) else None
            look = Look(day, last, following, exposure)
            if following is not None and self._is_covered(look, by_day.get(following), attended.get(following)):
                last = following
            elif (chosen := self._day_for(look)) is not None:
                added.append(self._draft(look, chosen, next(numbers)))
                last = chosen
            else:
                last = day
            exposure, day = 0.0, last
        return added

    def _span(self) -> tuple[date, date]:
        """From the start of use or of learning to recovery, in any case to the end of learning as written."""
        learning = self._situation.timeline.stages[Stage.LEARNING]
        begin = min(self._origin, learning.begin or self._origin)
        end = self._origin + timedelta(days=int(self._shape.recovered))
        contacts = [contact.on for contact in self._situation.valuable]
        contacts += [problem.until for problem in self._situation.problems if problem.until is not None]
        contacts += [hold.end for hold in self._situation.timeline.holds if hold.end is not None]
        return max(begin, self._situation.floor, *contacts), max(end, learning.end or end)

    def _is_covered(self, look: Look, draft: Draft | None, covers_from: date | None) -> bool:
        """True when the next contact is near, or its window holds the day, and the gap does not grow too long."""
        assert look.following is not None
        if (look.following - look.last).days > self._numbers.max_gap_rising:
            return False
        near = (look.following - look.day).days <= self._numbers.absorb_days
        tried = covers_from is not None and covers_from <= look.day
        if near or tried or (draft is not None and draft.opens <= look.day <= draft.closes):
            if draft is not None:
                draft.say("watch", f"also covers the dip watch of {day_text(look.day)}", day=look.day)
            return True
        return False

    def _draft(self, look: Look, chosen: date, number: int) -> Draft:
        draft = added_draft(DIP_WATCH, number, chosen)
        draft.due, draft.nominal, draft.closes = chosen, look.day, max(chosen, look.day)
        draft.earliest = self._situation.floor
        draft.vanishes_after = max(draft.closes, self._span()[1])  # nobody looks after a dip that is over
        theta, gap = self._numbers.theta, (chosen - look.last).days
        draft.say(
            "watch",
            f"dip watch: {gap} days without contact since {day_text(look.last)}, "
            f"{look.exposure:.1f} of {theta:g} mood-days unattended (assumption)",
            exposure=round(look.exposure, 4),
            theta=theta,
            gap=gap,
            last=look.last,
        )
        if chosen != look.day:
            text = f"{day_text(look.day)} does not suit: moved to {day_text(chosen)}"
            draft.say("working_day", text, day=look.day)
        if (near := self._diary.too_close(chosen)) is not None:
            text = f"close to the contact of {day_text(near)}: nobody is left alone in learning for too long"
            draft.say("gap", text, near=near, kept=True)
        self._choose_channel(draft, chosen)
        self._diary.note(chosen, draft.channel)
        return draft

    def _day_for(self, look: Look) -> date | None:
        """The day itself or an earlier one, never too close to a neighbour; else a later one (B6).

        Where gaps leave no day, the look is left out; but inside learning, where the next contact is further than the
        limit, it takes the working day that lies furthest from its neighbours.
        """
        calendar, numbers = self._situation.calendar, self._numbers
        limit = look.last + timedelta(days=numbers.max_gap_rising)
        earliest = max(look.last + timedelta(days=numbers.min_gap), self._told)
        latest = look.day
        if look.following is not None:
            latest = min(latest, look.following - timedelta(days=numbers.min_gap))
        back = (latest - timedelta(days=i) for i in range((latest - earliest).days + 1))
        ahead = (look.day + timedelta(days=i) for i in range(1, (limit - look.day).days + 1))
        for day in (*back, *ahead):
            if calendar.is_working_day(day) and self._diary.too_close(day) is None:
                return day
        learning = self._situation.timeline.stages[Stage.LEARNING]
        if not learning.holds(look.day):
            return None
        return self._least_bad(look, limit)

    def _least_bad(self, look: Look, limit: date) -> date | None:
        """A working day up to the limit as far from the neighbours as can be; the first one after it if need be."""
        calendar = self._situation.calendar
        until = min(limit, look.following - ONE_DAY) if look.following is not None else limit
        days = [look.last + timedelta(days=i) for i in range(1, (until - look.last).days + 1)]
        free = [day for day in days if day > self._told and calendar.is_working_day(day)]
        if free:
            return max(free, key=lambda day: min((day - look.last).days, ((look.following or limit) - day).days))
        day = calendar.next_working_day(max(limit, look.day))
        return day if look.following is None or day < look.following else None

    def _choose_channel(self, draft: Draft, day: date) -> None:
        """The customer's next channel that is still under its cap, their own first (appendix C)."""
        preferred = self._situation.sale.profile.channel
        order = sorted(CHANNELS, key=lambda channel: channel != preferred)
        under_cap = (channel for channel in order if not self._diary.over_cap(day, channel))
        draft.channel = next(under_cap, UNCAPPED_CHANNEL)
        if draft.channel != order[0]:
            draft.say("cap", f"by {draft.channel}: the cap for {order[0]} in 90 days is reached")


def _free_numbers(facts: StepFacts) -> Iterator[int]:
    """Occurrences that nothing has happened to yet, from the last one that is closed."""
    taken = {*facts.closed, *facts.moved, *facts.tries}
    return (number for number in count(facts.last_closed + 1) if number not in taken)


def watched_from(situation: Situation) -> date | None:
    """The day that counts as the start of use; while it is unknown, as if learning began when the preset says."""
    live = situation.timeline.anchors.get(LIVE)
    learning = situation.timeline.stages[Stage.LEARNING].begin
    if live is not None or learning is None:
        return live
    return learning - timedelta(days=round(situation.numbers.curve.dip_start))


def looks_under_way(situation: Situation) -> tuple[list[Draft | Settled], list[date]]:
    """Looks with a date by hand or a try behind them; and days that count as attended to.

    The day of a look that was moved, tried or skipped is attended to: it is not asked for again at once.
    """
    facts = situation.facts_of(DIP_WATCH.id)
    looks: list[Draft | Settled] = []
    attended = [a.due_on or a.on for a in facts.closed.values() if a.kind == "skipped"]
    for number in sorted({*facts.moved, *facts.tries} - {*facts.closed}):
        told = [*facts.tries.get(number, ()), *([facts.moved[number]] if number in facts.moved else [])]
        day = told[0].due_on or told[0].on
        draft = added_draft(DIP_WATCH, number, day)
        draft.earliest = situation.floor
        (look,) = still_wanted(draft, situation)
        looks.append(look)
        attended += [day] if isinstance(look, Draft) else [day, look.by.on]
    return looks, attended


def tried_on(situation: Situation) -> dict[date, date]:
    """The days on which contacts were due that were tried in vain, each with the first day of its window.

    The try moved the contact, but leaves no gap behind.
    """
    tried = [
        tries[0]
        for facts in situation.facts.values()
        for occurrence, tries in facts.tries.items()
        if occurrence not in facts.closed
    ]
    return {a.due_on: a.opens_on or a.due_on for a in tried if a.due_on is not None}


def attend_in_time(placed: Iterable[Draft], situation: Situation) -> None:
    """In learning the window of the next contact ends where nobody may be left alone for longer (B6)."""
    learning = situation.timeline.stages[Stage.LEARNING]
    coming = [d for d in placed if d.due is not None and not d.has_expired(situation.today) and not d.waits]
    following = min(coming, key=lambda d: (d.due or date.max, d.step.id), default=None)
    if following is None or following.due is None or not learning.holds(following.due):
        return
    last = max([contact.on for contact in situation.valuable], default=learning.begin or following.due)
    limit = last + timedelta(days=situation.numbers.watch.max_gap_rising)
    if following.due <= limit < following.closes:
        following.closes = limit
        following.say("watch", f"by {day_text(limit)} at the latest: nobody is left alone in learning for longer")
