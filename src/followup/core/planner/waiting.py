"""Waiting: what has to wait while a problem is open, and the selling that waits a little longer (DOMAIN 3.9, D9)."""

from __future__ import annotations

from datetime import date, timedelta

from followup.core.model.purpose import Service
from followup.core.model.stage import Stage
from followup.core.planner.draft import Draft, day_text
from followup.core.planner.problems import Problem, expected_end
from followup.core.planner.situation import Situation

ONE_DAY = timedelta(days=1)
GRACE = timedelta(days=2)  # for verifying and looking again
GOES_ON = ("recovery", "close_loop")


def wait_for_recovery(draft: Draft, situation: Situation) -> None:
    """Move a draft behind the problems that stand in its way; only what settles them and outside dates go on.

    A date set by hand stands, unless it sells (2.I invariant 9, C18).
    """
    if draft.purpose.name in GOES_ON or (draft.by_hand is not None and not draft.purpose.selling):
        return
    if draft.purpose.service is Service.PREVENTION and (draft.deadline is not None or draft.step.any_stage):
        return
    for problem in situation.problems:
        _wait_for(problem, draft, situation)
    if draft.purpose.selling:
        _wait_for_others(draft, situation)


def is_new_customer(problem: Problem, situation: Situation) -> bool:
    """True before maintenance: who bought a short while ago loses patience sooner (DOMAIN 3.9)."""
    return situation.timeline.stages.on(problem.on) is not Stage.MAINTENANCE


def verify_day(problem: Problem, situation: Situation) -> date:
    """When the customer should be asked whether it is solved, or was."""
    return expected_end(problem, situation.numbers.recovery, new_customer=is_new_customer(problem, situation))


def end_of(problem: Problem, situation: Situation) -> date:
    """When a problem was verified as solved; as long as it is open, the last day on which it should be."""
    day = verify_day(problem, situation)
    return situation.calendar.next_working_day(day) + GRACE if problem.is_open else day


def _wait_for(problem: Problem, draft: Draft, situation: Situation) -> None:
    end = end_of(problem, situation)
    wanted = max(draft.nominal, draft.earliest)
    if problem.is_open:
        ahead = f"the problem of {day_text(problem.on)} comes first"
        draft.shut = ahead  # whatever falls due while it is open, however long that takes
        if wanted <= end:
            draft.waits = ahead
    if draft.closes < problem.on:  # it was late already: it stays where it is
        if draft.waits:
            draft.say("recovery", f"held: {draft.waits}", problem=problem.on)
        return
    if problem.is_open and wanted <= end:
        text = f"held: {draft.waits}, confirmed as solved by {day_text(end)} if all goes well"
        _not_before(draft, end + ONE_DAY, text, problem)
    elif problem.on <= wanted <= end:
        _not_before(draft, end + ONE_DAY, f"held until the problem of {day_text(problem.on)} was solved", problem)
    if draft.purpose.selling:
        days = situation.numbers.recovery.block_selling_after_verify_days
        first = end + timedelta(days=days)
        if problem.on <= wanted < first:
            text = f"no selling until {days} days after the problem of {day_text(problem.on)} was solved"
            _not_before(draft, first, text, problem)


def _wait_for_others(draft: Draft, situation: Situation) -> None:
    """An open problem with another sale of the same customer stops selling here as well."""
    elsewhere = situation.history.elsewhere
    if elsewhere.problem_on is not None:
        draft.shut = f"another sale has an open problem since {day_text(elsewhere.problem_on)}"
    if elsewhere.selling_from is not None and max(draft.nominal, draft.earliest) < elsewhere.selling_from:
        draft.earliest = elsewhere.selling_from
        draft.say("recovery", f"no selling before {day_text(draft.earliest)}: a problem with another sale")


def _not_before(draft: Draft, day: date, text: str, problem: Problem) -> None:
    if draft.by_hand is not None and draft.by_hand < day:
        draft.say("warning", f"set by hand to {day_text(draft.by_hand)}, when nobody is sold anything")
        draft.moved = None
    if draft.earliest < day:
        draft.earliest = day
        draft.say("recovery", text, problem=problem.on, not_before=day)
