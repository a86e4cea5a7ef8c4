"""Arranging: contacts of one person on days that keep gaps and caps (DOMAIN 5.1 step 9, 2.I invariant 8).

Core steps come first, in order of date, then extra ones. Who finds no free day in its window may ask its
neighbours to move inside theirs. If that does not help, a core step stays with the reason, an extra one gives way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from hashlib import blake2b
from itertools import islice

from followup.core.model.touchpoint import Reason
from followup.core.planner.draft import Draft, day_text
from followup.core.planner.placing import CAP_DAYS, Diary, possible_days
from followup.core.planner.profile import extra_rank
from followup.core.planner.situation import Situation

LATE_DAYS = 15  # within which what is late already finds a day that keeps the gap
MOST_NEIGHBOURS = 6
MOST_OPTIONS = 60
MOST_DAYS = 200  # working days of a window that are looked at
MOST_TRIALS = 600  # days tried for one group of neighbours
MOST_TRIALS_IN_ALL = 12_000  # for one plan, so that no playbook takes for ever
FURTHEST_NEIGHBOUR = timedelta(days=2 * CAP_DAYS)


class Arrangement:
    """The contacts placed so far, the diary they fill, and the reasons of those that found no place."""

    def __init__(self, situation: Situation, diary: Diary) -> None:
        self.placed: list[Draft] = []
        self.unplaced: list[Draft] = []
        self.given_way: list[Reason] = []
        self.diary = diary
        self._situation = situation
        self._told = situation.recorded_on
        self._trials_left = MOST_TRIALS_IN_ALL

    def add_all(self, drafts: Iterable[Draft]) -> None:
        """Place drafts: those set by hand stand, then core steps by date, then extra ones by rank."""
        core: list[Draft] = []
        extra: list[Draft] = []
        for draft in drafts:
            if draft.by_hand is not None:
                _stand(draft, draft.by_hand)
                self._keep(draft)
            else:
                self._aim(draft)
                (extra if draft.step.extra else core).append(draft)
        factors = self._situation.factors
        core.sort(key=_by_date)
        extra.sort(key=lambda draft: (extra_rank(draft.purpose, factors), _by_date(draft)))
        for draft in (*core, *extra):
            self._place(draft)
        for draft in (*core, *extra):
            if draft.due is not None:
                self._explain(draft)

    def _aim(self, draft: Draft) -> None:
        """Where placing starts, and the days that come into question."""
        if draft.earliest > draft.latest:
            return
        first, last = max(draft.opens, draft.earliest), min(draft.closes, draft.latest)
        floor = self._situation.floor
        if draft.nominal < floor <= draft.closes and first <= last and not draft.added:
            days = (last - first).days + 1
            draft.target = first + timedelta(days=spread(self._situation.sale.key, draft.step.id, days))
            left = "the last day still open" if days == 1 else f"spread over the {days} days still open"
            draft.say("spread", f"its date had passed when the sale came in: {left}", days=days)
        else:
            draft.target = min(max(draft.nominal, draft.earliest), draft.latest)
            _move_window(draft)
        if draft.target >= self._told:
            draft.not_before = self._told

    def _place(self, draft: Draft) -> None:
        days = possible_days(draft, self._situation.calendar) if draft.earliest <= draft.latest else iter(())
        if (best := next(days, None)) is None:
            self._give_up(draft, _no_day(draft))
            return
        draft.best = draft.due = best
        self._mind_cap(draft, best)
        if not draft.solicited and not self.diary.is_free(best, draft.channel):
            free = next((day for day in islice(days, MOST_DAYS) if self._is_free(day, draft)), None)
            if free is None and best < self._told:
                free = self._free_after(draft)
            if free is not None:
                draft.due = free
            elif not self._rearrange(draft):
                if draft.step.extra:
                    draft.due = None
                    self._give_up(draft, _gives_way(draft))
                    return
                draft.crowded = True
                apart = (day for day in self._options(draft) if self.diary.too_close(day) is None)
                draft.due = next(apart, best)
        self._keep(draft)

    def _is_free(self, day: date, draft: Draft) -> bool:
        """True on a day that keeps gaps and caps; who is late already is not moved to another day that has passed."""
        return (day >= self._told or draft.target >= self._told) and self.diary.is_free(day, draft.channel)

    def _free_after(self, draft: Draft) -> date | None:
        """For what is late anyway the first day after the last contact that keeps the gap, also beyond its window."""
        days = (self._told + timedelta(days=i) for i in range(1, LATE_DAYS))
        usable = (day for day in days if day <= draft.latest and self._situation.calendar.is_working_day(day))
        return next((day for day in usable if self.diary.is_free(day, draft.channel)), None)

    def _mind_cap(self, draft: Draft, day: date) -> None:
        """A preferred channel whose cap is reached gives way to the one that was written."""
        if draft.solicited or not draft.reasons or draft.channel == draft.step.channel:
            return
        if any(r.rule == "preference" for r in draft.reasons) and self.diary.over_cap(day, draft.channel):
            draft.say("cap", f"by {draft.step.channel}: the cap for {draft.channel} in 90 days is reached")
            draft.channel = draft.step.channel

    def _options(self, draft: Draft) -> list[date]:
        """All days that a draft may take; few drafts are ever asked."""
        if not draft.options:
            draft.options = list(islice(possible_days(draft, self._situation.calendar), MOST_OPTIONS))
        return draft.options

    def _keep(self, draft: Draft) -> None:
        self.placed.append(draft)
        if not draft.solicited and draft.due is not None:
            self.diary.note(draft.due, draft.channel)

    def _give_up(self, draft: Draft, why: Reason) -> None:
        self.unplaced.append(draft)
        self.given_way.append(why)

    def _rearrange(self, draft: Draft) -> bool:
        """Move the neighbours of a draft inside their windows so that it finds a day; False if that cannot be."""
        neighbours = self._neighbours(draft) if self._trials_left > 0 else []
        self._trials_left -= len(self.placed) // 100  # looking for them counts as well
        if not neighbours:
            return False
        before = [(other, other.due or other.best) for other in neighbours]
        for other, day in before:
            self.diary.forget(day, other.channel)
        group = [(one.channel, self._options(one)) for one in (draft, *neighbours)]
        days, trials = fewest_moves(group, self.diary)
        self._trials_left -= trials
        if days is not None:
            draft.due, *moved = days
            before = list(zip(neighbours, moved, strict=True))
        for other, day in before:
            other.due = day
            self.diary.note(day, other.channel)
        return days is not None

    def _neighbours(self, draft: Draft) -> list[Draft]:
        """Placed contacts that can move and are in the way of a draft, or of one that would have to move."""
        movable = [
            other
            for other in self.placed
            if not (other.solicited or other.crowded or other.by_hand)
            and abs(other.target - draft.target) <= FURTHEST_NEIGHBOUR
            and len(self._options(other)) > 1
        ]
        movable.sort(key=lambda other: (abs(other.target - draft.target), _by_date(other)))
        found = [draft]
        for one in found:
            for other in movable:
                if len(found) > MOST_NEIGHBOURS:
                    break
                if other not in found and self._in_the_way(one, other, draft):
                    found.append(other)
        return found[1:]

    def _in_the_way(self, one: Draft, other: Draft, draft: Draft) -> bool:
        mine, theirs = self._options(one), self._options(other)
        apart = max(min(theirs) - max(mine), min(mine) - max(theirs))
        if apart < self.diary.reach:
            return True
        return one is draft and one.channel == other.channel and apart.days < CAP_DAYS

    def _explain(self, draft: Draft) -> None:
        """Say why a draft lies where it lies; widen its window where no day of it was left."""
        due, best, target = draft.due, draft.best, draft.target
        assert due is not None
        if best != target:
            why = self._situation.calendar.why_not(target) or "not allowed"
            direction = "back" if best < target else "forward"
            draft.say("working_day", f"{day_text(target)} is {why}: moved {direction} to {day_text(best)}", day=target)
        if due != best or draft.crowded:
            self.diary.forget(due, draft.channel)
            if due != best:
                _explain_move(draft, best, due, self.diary)
            if draft.crowded:
                _explain_crowd(draft, due, self.diary)
            self.diary.note(due, draft.channel)
        if not draft.opens <= due <= draft.closes:
            draft.say("window", "no working day in its window: the nearest allowed one is taken")
            draft.opens, draft.closes = min(draft.opens, due), max(draft.closes, due)


def fewest_moves(group: Sequence[tuple[str, list[date]]], diary: Diary) -> tuple[list[date] | None, int]:
    """Days for a group of contacts, each a channel and its days, best first, that keep every gap and cap.

    All together lie as few places down their lists as can be. None if there are no such days, or none were found in
    a bounded number of trials; how many it took is given as well.
    """
    best: list[date] | None = None
    bound = sum(len(options) for _, options in group)
    trials = 0
    days: list[date] = []

    def search(cost: int) -> None:
        nonlocal best, bound, trials
        if len(days) == len(group):
            best, bound = list(days), cost
            return
        channel, options = group[len(days)]
        for rank, day in enumerate(options):
            if cost + rank >= bound or trials >= MOST_TRIALS:
                return
            trials += 1
            if diary.is_free(day, channel):
                diary.note(day, channel)
                days.append(day)
                search(cost + rank)
                days.pop()
                diary.forget(day, channel)

    search(0)
    return best, trials


def spread(key: str, salt: str, days: int) -> int:
    """A number in [0, days) that depends on the key alone: load is spread without chance."""
    digest = blake2b(f"{key}\0{salt}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % days


def _by_date(draft: Draft) -> tuple[date, float, str, int]:
    return (draft.target, -draft.purpose.weight, draft.step.id, draft.occurrence)


def _move_window(draft: Draft) -> None:
    """Cut the window to the bounds; where they leave nothing of it, it moves along with the date."""
    target, before, after = draft.target, draft.nominal - draft.opens, draft.closes - draft.nominal
    if target != draft.nominal:
        draft.say("bounds", f"moved to {day_text(target)}: its stage, gate or deadline allows no other day")
    if target > draft.closes:
        draft.closes = target + after
    if target < draft.opens:
        draft.opens = target - before
    draft.opens, draft.closes = max(draft.opens, draft.earliest), min(draft.closes, draft.latest)


def _stand(draft: Draft, day: date) -> None:
    """A date set by hand holds; a passed deadline or a missed window is said aloud."""
    draft.due = draft.target = day
    draft.say("by_hand", f"set by hand to {day_text(day)}", day=day)
    if draft.deadline is not None and day > draft.deadline:
        draft.say("warning", f"past its deadline of {day_text(draft.deadline)}", deadline=draft.deadline)
    elif not draft.opens <= day <= draft.closes:
        draft.say("warning", f"outside its window, {day_text(draft.opens)} to {day_text(draft.closes)}")
    draft.opens, draft.closes = min(draft.opens, day), max(draft.closes, day)


def _explain_move(draft: Draft, wanted: date, day: date, diary: Diary) -> None:
    near = diary.too_close(wanted)
    if near is not None:
        text = f"at least {diary.gap_between(wanted, near)} days from the contact of {day_text(near)}"
        draft.say("gap", f"moved to {day_text(day)}: {text}", near=near, wanted=wanted)
    elif diary.over_cap(wanted, draft.channel):
        draft.say("cap", f"moved to {day_text(day)}: the cap for {draft.channel} in 90 days", wanted=wanted)
    else:
        draft.say("gap", f"moved to {day_text(day)} inside its window, to leave room for others", wanted=wanted)


def _explain_crowd(draft: Draft, day: date, diary: Diary) -> None:
    near = diary.too_close(day)
    if near is not None:
        text = f"close to the contact of {day_text(near)}; a core step is not dropped for that"
        draft.say("gap", text, near=near, kept=True)
    if diary.over_cap(day, draft.channel):
        text = f"over the cap for {draft.channel} in 90 days; a core step is not dropped for that"
        draft.say("cap", text, kept=True)


def _gives_way(draft: Draft) -> Reason:
    return _reason(draft, "an extra step gives way: caps or gaps leave no day in its window")


def _no_day(draft: Draft) -> Reason:
    """Why it has no day: its gate is shut, or days off leave none that is allowed."""
    if draft.earliest > draft.latest and draft.reasons[-1].rule == "gate":
        return _reason(draft, draft.reasons[-1].text)
    return _reason(draft, "expires: no allowed working day is left for it")


def _reason(draft: Draft, text: str) -> Reason:
    return Reason(draft.step.id, text, {"occurrence": draft.occurrence, "nominal": draft.nominal.isoformat()})
