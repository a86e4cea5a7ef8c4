"""After no answer: when a contact is tried again, and when it is given up (DOMAIN 3.8)."""

from __future__ import annotations

from datetime import date, timedelta

from followup.core.dates import add
from followup.core.model.activity import Activity
from followup.core.model.playbook import Duration, Unit
from followup.core.numbers import Numbers
from followup.core.planner.draft import Draft, day_text
from followup.core.planner.situation import Situation

ONE_DAY = timedelta(days=1)
URGENT = ("renewal", "recovery")


def take_over(draft: Draft, situation: Situation, *, since: date = date.min) -> Activity | None:
    """Take over what the history says about this occurrence: a date set by hand, or the tries so far.

    Gives the last try when it was tried in vain often enough; then nothing more is planned for it. Facts recorded
    up to `since` belong to an earlier date of its anchor.
    """
    facts = situation.facts_of(draft.step.id)
    moved = facts.moved.get(draft.occurrence)
    tries = [a for a in facts.tries.get(draft.occurrence, ()) if a.on > since]
    draft.tries = len(tries)
    if moved is not None and moved.on > since and not (tries and (moved.to_on or moved.on) <= tries[-1].on):
        draft.moved = moved
    elif tries:
        return _try_again(draft, tries, situation)
    return None


def _try_again(draft: Draft, tries: list[Activity], situation: Situation) -> Activity | None:
    """The next try by the ladder, counted from the first one; the last one made when there is no other."""
    waits = waits_for(draft, situation.numbers)
    last = tries[-1]
    if len(tries) > len(waits):
        times = "once" if len(tries) == 1 else f"in {len(tries)} tries"
        draft.say("retry", f"not reached {times}: no more for this contact", tries=len(tries))
        return last
    tomorrow = last.on + ONE_DAY
    wanted = max(add(tries[0].on, waits[len(tries) - 1], situation.calendar), tomorrow, draft.opens)
    draft.nominal, draft.earliest = wanted, max(draft.earliest, tomorrow)
    draft.closes = max(draft.closes, wanted)
    if draft.step.fallback and len(tries) % 2:
        draft.channel = draft.step.fallback
    draft.say("retry", f"not reached on {day_text(last.on)}: try {len(tries) + 1}", tries=len(tries))
    return None


def waits_for(draft: Draft, numbers: Numbers) -> tuple[Duration, ...]:
    """How long after the first try each further one comes: the step's own rule, else the default ladder."""
    reaction = draft.step.outcomes.get("no-answer")
    if reaction is not None and reaction.retry is not None:
        return reaction.retry
    urgent = draft.purpose.name in URGENT or draft.deadline is not None
    ladder = numbers.retry.urgent if urgent else numbers.retry.routine
    return tuple(Duration(days, Unit.WORKING_DAY) for days in ladder.working_days[1 : ladder.tries])
