"""Recovery: what follows a problem until the customer has confirmed that it is solved (DOMAIN 3.9, A21)."""

from __future__ import annotations

from datetime import date, timedelta

from followup.core.model.playbook import Step
from followup.core.planner import built_in
from followup.core.planner.draft import Draft, added_draft, day_text
from followup.core.planner.expand import Settled, still_wanted
from followup.core.planner.problems import Problem, solve_by
from followup.core.planner.situation import Situation
from followup.core.planner.waiting import GRACE, is_new_customer, verify_day

VISIT_WORKING_DAYS = 2


def recovery_drafts(situation: Situation) -> list[Draft | Settled]:
    """Acknowledge, update, mend, verify; a visit at the second failure; and a look two weeks after it was verified."""
    if not situation.problems:
        return []
    problem = situation.problems[-1]
    drafts = _chain(problem, situation) if problem.is_open else []
    drafts.append(_recheck(problem, situation))
    return [made for draft in drafts for made in still_wanted(draft, situation)]


def _chain(problem: Problem, situation: Situation) -> list[Draft]:
    numbers = situation.numbers.recovery
    solve_on = solve_by(problem, numbers, new_customer=is_new_customer(problem, situation))
    acknowledge = _draft(built_in.ACKNOWLEDGE, problem, problem.on, situation)
    acknowledge.closes = problem.on + timedelta(hours=numbers.acknowledge_hard_hours)
    acknowledge.say(
        "recovery", f"within {numbers.acknowledge_hours} working hours, {numbers.acknowledge_hard_hours} at most"
    )
    chain = [acknowledge]
    if problem.escalated:
        visit = _draft(
            built_in.VISIT, problem, situation.calendar.add_working_days(problem.on, VISIT_WORKING_DAYS), situation
        )
        visit.opens = problem.on
        visit.say("recovery", f"the second problem within {numbers.repeat_window_days} days: go there in person")
        chain.append(visit)
    if problem.closed_on(built_in.FIX.id) is None:
        chain += _updates(problem, solve_on, situation)
    fix = _draft(built_in.FIX, problem, solve_on, situation)
    fix.opens = problem.on
    fix.say("recovery", f"solved within {(solve_on - problem.on).days} days, or a firm date by then")
    verify = _draft(built_in.VERIFY, problem, verify_day(problem, situation), situation)
    verify.closes += GRACE
    verify.say("recovery", f"{numbers.verify_after_days} days after it is mended: is it really solved?")
    return [*chain, fix, verify]


def _updates(problem: Problem, solve_on: date, situation: Situation) -> list[Draft]:
    """The next word about where it stands, every three days until the day on which it should be solved."""
    facts = situation.facts_of(built_in.UPDATE.id)
    told = [a.on for a in facts.closed.values() if a.on >= problem.on]
    since = max([problem.on, *told, problem.closed_on(built_in.ACKNOWLEDGE.id) or problem.on])
    day = since + timedelta(days=situation.numbers.recovery.update_every_days)
    if day >= solve_on:
        return []
    update = _draft(built_in.UPDATE, problem, day, situation)
    update.occurrence = facts.last_closed + 1
    update.say("recovery", f"{(day - since).days} days after the last word of {day_text(since)}")
    return [update]


def _recheck(problem: Problem, situation: Situation) -> Draft:
    days = situation.numbers.recovery.recheck_after_days
    verified = problem.closed_on(built_in.VERIFY.id) or verify_day(problem, situation)
    recheck = _draft(built_in.RECHECK, problem, verified + timedelta(days=days), situation)
    recheck.closes += GRACE
    recheck.say("recovery", f"{days} days after it was verified: has it come back?")
    return recheck


def _draft(step: Step, problem: Problem, day: date, situation: Situation) -> Draft:
    draft = added_draft(step, problem.number, day)
    draft.opens, draft.earliest = day, max(situation.floor, problem.on)
    draft.say("recovery", f"the problem of {day_text(problem.on)}", problem=problem.on, number=problem.number)
    return draft
