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
OTHER_CHANNEL = {"phone": "message", "message": "phone", "email": "phone", "video": "phone", "letter": "email"}


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
    waits = waits_for(draft, situation.numbers, at_risk=situation.is_low(tries[0].on))
    last = tries[-1]
    if len(tries) > len(waits):
        times = "once" if len(tries) == 1 else f"in {len(tries)} tries"
        text = f"not reached {times}: no more for this contact; close it with a short written note"
        draft.say("retry", text, tries=len(tries))
        return last
    tomorrow = last.on + ONE_DAY
    ladder = add(tries[0].on, waits[len(tries) - 1], situation.calendar)
    wanted = max(situation.timeline.run_on(last.on, ladder), tomorrow, draft.opens)
    draft.nominal, draft.earliest = wanted, max(draft.earliest, tomorrow)
    draft.closes = max(draft.closes, wanted)
    other = draft.step.fallback or (OTHER_CHANNEL.get(draft.channel, "") if _alternates(situation) else "")
    if other and len(tries) % 2:
        draft.channel = other
    text = f"not reached on {day_text(last.on)}: try {len(tries) + 1} of {len(waits) + 1}, by {draft.channel}"
    if draft.channel == "phone" and len(tries) + 1 in situation.numbers.retry.voicemail_on:
        text += "; leave a short message if nobody answers"
    draft.say("retry", text, tries=len(tries))
    return None


def _alternates(situation: Situation) -> bool:
    return situation.numbers.retry.alternate_channel


def waits_for(draft: Draft, numbers: Numbers, *, at_risk: bool = False) -> tuple[Duration, ...]:
    """How long after the first try each further one comes: the step's own rule, else the default ladder.

    Renewal, recovery, deadlines and customers at risk are tried sooner and more often (DOMAIN 3.8).
    """
    reaction = draft.step.outcomes.get("no-answer")
    if reaction is not None and reaction.retry is not None:
        return reaction.retry
    urgent = at_risk or draft.purpose.name in URGENT or draft.deadline is not None
    ladder = numbers.retry.urgent if urgent else numbers.retry.routine
    return tuple(Duration(days, Unit.WORKING_DAY) for days in ladder.working_days[1 : ladder.tries])
