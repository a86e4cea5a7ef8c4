"""Problems: what went wrong, how far its recovery has come, and what waits for it (DOMAIN 3.9, A21, B16)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from followup.core.model.activity import Activity
from followup.core.model.outcome import reached
from followup.core.numbers import Numbers, RecoveryNumbers
from followup.core.planner.facts import StepFacts, in_order

ACKNOWLEDGE = "recovery_acknowledge"
UPDATE = "recovery_update"
FIX = "recovery_fix"
VERIFY = "recovery_verify"
RECHECK = "recovery_recheck"
VISIT = "recovery_visit"
SAME_CHAIN = (ACKNOWLEDGE, UPDATE, FIX, VISIT)  # a problem met on these is still the same one
CHAIN = (ACKNOWLEDGE, FIX, VERIFY, RECHECK, VISIT)
WELL = ("great", "good")
OPEN_FOR_OFFERS_DAYS = 60  # after a well-ended recovery the customer is open to offers until then (D9)


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem of a sale. `number` counts in the order of recording, so that late entries change no other.

    `until` is the day on which recovery was verified; None while it is open. `escalated` is a second failure near
    the one before (DOMAIN 3.9); `well` says that the customer was satisfied in the end.
    """

    number: int
    on: date
    escalated: bool
    closed: Mapping[str, Activity]
    until: date | None
    well: bool

    @property
    def is_open(self) -> bool:
        """True until the customer has confirmed that it is solved."""
        return self.until is None

    def closed_on(self, step: str) -> date | None:
        """When a step of its recovery was done or given up, if it was."""
        activity = self.closed.get(step)
        return activity.on if activity is not None else None


def problems_of(
    activities: Iterable[Activity], facts: Mapping[str, StepFacts], numbers: Numbers
) -> tuple[Problem, ...]:
    """The problems of a sale, in the order in which they happened; a later one takes over what was still open.

    What was tried in vain to the end of the urgent ladder counts as done with the last try.
    """
    begun = [a for a in activities if _begins(a)]
    number_of = {id(a): i + 1 for i, a in enumerate(sorted(begun, key=lambda a: (a.id, a.on, a.step, a.occurrence)))}
    ordered = in_order(begun)
    found = []
    for i, activity in enumerate(ordered):
        number = number_of[id(activity)]
        closed = {step: told for step in CHAIN if (told := _told(facts.get(step), number, numbers)) is not None}
        following = ordered[i + 1].on if i + 1 < len(ordered) else None
        until, well = _end(closed, following)
        near = timedelta(days=numbers.recovery.repeat_window_days)
        escalated = i > 0 and activity.on - ordered[i - 1].on <= near
        found.append(Problem(number, activity.on, escalated, closed, until, well))
    return tuple(found)


def _told(facts: StepFacts | None, number: int, numbers: Numbers) -> Activity | None:
    if facts is None:
        return None
    tries = facts.tries.get(number, [])
    given_up = tries[-1] if len(tries) >= numbers.retry.urgent.tries else None
    return facts.closed.get(number, given_up)


def _begins(activity: Activity) -> bool:
    """True for a contact that opens a problem of its own: one met while another is being solved is part of that."""
    return activity.kind == "contacted" and "problem" in activity.outcomes and activity.step not in SAME_CHAIN


def _end(closed: Mapping[str, Activity], following: date | None) -> tuple[date | None, bool]:
    """The day it was verified and whether all was well; who could not be asked is asked once more two weeks later."""
    verified = closed.get(VERIFY)
    if verified is not None and verified.kind == "contacted" and not reached(verified.outcomes):
        verified = closed.get(RECHECK)
    if verified is not None:
        well = any(code in WELL for code in verified.outcomes) and "problem" not in verified.outcomes
        if following is None or verified.on <= following:
            return verified.on, well
    return following, False


def open_problem(problems: Sequence[Problem]) -> Problem | None:
    """The problem that is not settled yet, if any; there is never more than one."""
    return problems[-1] if problems and problems[-1].is_open else None


def solve_by(problem: Problem, numbers: RecoveryNumbers, *, new_customer: bool) -> date:
    """The day by which it is to be solved: 7 days, 4 for somebody who bought a short while ago (DOMAIN 3.9)."""
    days = numbers.solve_days_new_customer if new_customer else numbers.solve_days
    return problem.on + timedelta(days=days)


def expected_end(problem: Problem, numbers: RecoveryNumbers, *, new_customer: bool) -> date:
    """When recovery should be verified as things stand; its true end once it has one."""
    if problem.until is not None:
        return problem.until
    fixed = problem.closed_on(FIX) or solve_by(problem, numbers, new_customer=new_customer)
    return fixed + timedelta(days=numbers.verify_after_days)


def open_on(problems: Sequence[Problem], day: date) -> Problem | None:
    """The problem that was open on a day, if any."""
    return next((p for p in problems if p.on <= day and (p.until is None or day < p.until)), None)


def well_recovered_on(problems: Sequence[Problem], day: date, numbers: RecoveryNumbers) -> Problem | None:
    """The problem whose good end opens the gates on a day: 14 to 60 days after it was verified (D9)."""
    for problem in reversed(problems):
        if problem.until is not None and problem.well:
            age = (day - problem.until).days
            if numbers.block_selling_after_verify_days <= age <= OPEN_FOR_OFFERS_DAYS:
                return problem
    return None


def gates_turn_on(problems: Sequence[Problem], numbers: RecoveryNumbers) -> list[date]:
    """The days on which a well-ended recovery opens the gates, and shuts them again."""
    ended = [problem.until for problem in problems if problem.until is not None and problem.well]
    days = (numbers.block_selling_after_verify_days, OPEN_FOR_OFFERS_DAYS + 1)
    return [until + timedelta(days=number) for until in ended for number in days]
