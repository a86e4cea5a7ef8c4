"""Concerns: an open one gets contacts of its own until it is settled (B12, C14, DOMAIN 5.1, 5.4)."""

from __future__ import annotations

from datetime import date, timedelta

from followup.core.dates import add
from followup.core.model.activity import Activity
from followup.core.model.concern import Concern
from followup.core.model.playbook import Step
from followup.core.model.purpose import PURPOSES, Service
from followup.core.model.stage import Stage
from followup.core.planner.built_in import CONCERN, CONCERN_AGAIN, CONCERN_CHECK
from followup.core.planner.draft import Draft, added_draft, day_text
from followup.core.planner.expand import Settled, still_wanted
from followup.core.planner.situation import Situation

CONCERN_DAYS = 2  # days of use after which an open concern is taken up (DOMAIN 5.1, step 5)
WORKING_DAYS = 2  # working days within which a new concern is taken up (DOMAIN 5.4)
CHECK_DAYS, CHECK_DAYS_IN_NOVELTY = 5, 3  # after which an answered concern is looked at again (DOMAIN 5.4)
MOST_DOUBLINGS = 4  # each further look waits twice as long as the one before, up to 80 days


def concern_drafts(situation: Situation) -> list[Draft | Settled]:
    """A first contact for each open concern, another at the start of learning, then looks until it is settled."""
    opened = [concern for concern in situation.history.concerns if concern.is_open]
    opened.sort(key=lambda concern: (concern.opened_on, concern.number))
    drafts = [draft for concern in opened for draft in _contacts_for(concern, situation)]
    made = [one for draft in drafts for one in still_wanted(draft, situation)]
    if opened and not any(isinstance(one, Draft) for one in made):
        made += still_wanted(_next_look(opened, situation), situation)
    return made


def _contacts_for(concern: Concern, situation: Situation) -> list[Draft]:
    floor, learning = situation.floor, situation.timeline.stages[Stage.LEARNING].begin
    first = max(_first_day(concern, situation), floor)
    drafts = [_draft(CONCERN, concern.number, first, concern, situation)]
    ahead = learning is not None and learning >= floor and max(first, concern.opened_on) < learning
    if ahead and learning is not None and not _was_taken_up(learning, situation):
        drafts.append(_draft(CONCERN_AGAIN, concern.number, learning, concern, situation))
    return drafts


def _first_day(concern: Concern, situation: Situation) -> date:
    """Where an answer was promised, the contact is the check of it; else it is the answer itself."""
    opened, calendar = concern.opened_on, situation.calendar
    if any(promise.concern == concern.number for promise in situation.history.promises):
        return _check_day(opened, situation)
    soon = calendar.add_working_days(opened, WORKING_DAYS)
    live = situation.timeline.anchors.get("live")
    early = live + timedelta(days=CONCERN_DAYS) if live is not None else soon
    return early if opened <= early else soon


def _check_day(day: date, situation: Situation) -> date:
    """Five days later, three in novelty; or what the step on which it was voiced says itself (`check:`)."""
    for contact in situation.contacts:
        step = situation.playbook.step(contact.step) if contact.step else None
        reaction = step.outcomes.get("concern") if step is not None else None
        if contact.on == day and "concern" in contact.outcomes and reaction is not None and reaction.check is not None:
            return add(day, reaction.check, situation.calendar)
    return day + timedelta(days=_check_days(day, situation))


def _check_days(day: date, situation: Situation) -> int:
    early = situation.timeline.stages.on(day) in (Stage.BEFORE_SALE, Stage.NOVELTY)
    return CHECK_DAYS_IN_NOVELTY if early else CHECK_DAYS


def _next_look(opened: list[Concern], situation: Situation) -> Draft:
    """One more look for all that is still open, after the last contact about them."""
    facts = situation.facts_of(CONCERN_CHECK.id)
    oldest = min(concern.opened_on for concern in opened)
    told = [
        *_last_of(CONCERN.id, situation),
        *_last_of(CONCERN_AGAIN.id, situation),
        *_last_of(CONCERN_CHECK.id, situation),
    ]
    last = max((a.on for a in told if a.on >= oldest), default=oldest)
    looks = sum(1 for a in facts.closed.values() if a.on >= oldest)
    days = _check_days(last, situation) * 2 ** min(looks, MOST_DOUBLINGS)
    day = situation.timeline.run_on(last, last + timedelta(days=days))
    return _draft(CONCERN_CHECK, facts.last_closed + 1, max(day, situation.floor), opened[0], situation)


def _last_of(step: str, situation: Situation) -> list[Activity]:
    facts = situation.facts_of(step)
    return [*facts.closed.values(), *(tries[-1] for tries in facts.tries.values())]


def _was_taken_up(day: date, situation: Situation) -> bool:
    """True when a contact for prevention was made near a day: an open concern was a part of it."""
    near = timedelta(days=situation.numbers.watch.absorb_days)
    for contact in situation.valuable:
        purpose = situation.purpose_named(contact.purpose)
        if purpose is not None and purpose.service is Service.PREVENTION and abs(contact.on - day) <= near:
            return True
    return False


def _draft(step: Step, occurrence: int, day: date, concern: Concern, situation: Situation) -> Draft:
    """Later than learning a concern is answered like any other remark: by closing the loop (C14)."""
    stage = situation.timeline.stages.on(day)
    name = step.purpose if stage in PURPOSES[step.purpose].stages else "close_loop"
    draft = added_draft(step, occurrence, day, PURPOSES[name])
    draft.closes = day + timedelta(days=WORKING_DAYS)
    draft.earliest = situation.floor
    draft.say(
        "concern",
        f"a {concern.severity} concern is open since {day_text(concern.opened_on)}; it would come back by itself",
        severity=concern.severity,
        category=concern.category,
        about=concern.text,
    )
    return draft
