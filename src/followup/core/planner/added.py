"""Added contacts: what no playbook writes but the situation asks for (DOMAIN 5.1 step 5, B12, B25)."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count

from followup.core.model.concern import Concern
from followup.core.model.playbook import Duration, Step, When
from followup.core.model.purpose import PURPOSES, Service
from followup.core.model.stage import Stage
from followup.core.numbers import Numbers
from followup.core.planner.draft import Draft, added_draft, day_text
from followup.core.planner.expand import Settled, still_wanted
from followup.core.planner.situation import Situation
from followup.core.planner.watch import DIP_WATCH, watch_days
from followup.core.strength import days_until

CONCERN_DAYS = 2  # days of use after which an open concern is taken up (DOMAIN 5.1, step 5)
KEEP_IN_TOUCH_WINDOW = 7  # days
CONCERN_WORKING_DAYS = 2  # working days within which a new concern is taken up (DOMAIN 5.4)

CONCERN = Step(
    id="concern",
    purpose="concern_resolution",
    when=When("live", Duration(CONCERN_DAYS)),
    channel="phone",
    goal="Take up the open concern before it comes back by itself.",
    gives="A straight answer or a dated promise.",
    ask=("You had a doubt before; what has become of it?", "What would settle it for you?"),
    subject="Your question",
    message="{first_name}, you mentioned {concern}. I would like to settle that with you. Does {next_date} suit you?",
)
CONCERN_AGAIN = Step(
    id="concern_again",
    purpose="concern_resolution",
    when=When("learning"),
    channel="phone",
    goal="Settle the concern that is still open as learning starts.",
    gives="What was done about it, or an honest no.",
    ask=("What is left of that worry now that you use it?",),
    subject="Your question, again",
    message="{first_name}, {concern} is still open with us. Here is where it stands with {product}; what is missing?",
)
CATCH_UP = Step(
    id="catch_up",
    purpose="feedback",
    when=When("sale"),
    channel="phone",
    goal="Find out how they are doing: there is no contact on record since the sale.",
    gives="An open ear and help with the first thing they name.",
    ask=("What has gone well with it so far?", "What would you change about it?"),
    subject="How is it going?",
    message=(
        "{first_name}, it is a while since you chose {product}. What do you use it for today, and what gets in the way?"
    ),
)
KEEP_IN_TOUCH = Step(
    id="keep_in_touch",
    purpose="feedback",
    when=When("maintenance"),
    channel="phone",
    goal="Keep the relationship alive: nothing else is planned.",
    gives="Something useful for their situation.",
    ask=("What has changed for you since we last spoke?", "What comes next on your side?"),
    subject="A word from me",
    message="{first_name}, what has changed for you and {product} since we last spoke?",
)
ADDED_STEPS: tuple[Step, ...] = (DIP_WATCH, CONCERN, CONCERN_AGAIN, CATCH_UP, KEEP_IN_TOUCH)
BUILT_IN = {step.id: step for step in ADDED_STEPS}


def concern_drafts(situation: Situation) -> list[Draft | Settled]:
    """One contact for each open concern two days into use, another at the start of learning (B12, DOMAIN 5.1)."""
    timeline, floor = situation.timeline, situation.floor
    live, learning = timeline.anchors.get("live"), timeline.stages[Stage.LEARNING].begin
    drafts = []
    for concern in situation.history.concerns:
        if not concern.is_open:
            continue
        soon = situation.calendar.add_working_days(concern.opened_on, CONCERN_WORKING_DAYS)
        early = live + timedelta(days=CONCERN_DAYS) if live is not None else soon
        first = max(early if concern.opened_on <= early else soon, floor)
        drafts.append(_concern_draft(CONCERN, concern, first, situation))
        if learning is None or learning < floor or max(first, concern.opened_on) >= learning:
            continue
        if not _was_taken_up(learning, situation):
            drafts.append(_concern_draft(CONCERN_AGAIN, concern, learning, situation))
    return [made for draft in drafts for made in still_wanted(draft, situation)]


def _was_taken_up(day: date, situation: Situation) -> bool:
    """True when a contact for prevention was made near a day: an open concern was a part of it."""
    near = timedelta(days=situation.numbers.watch.absorb_days)
    for contact in situation.valuable:
        purpose = situation.purpose_named(contact.purpose)
        if purpose is not None and purpose.service is Service.PREVENTION and abs(contact.on - day) <= near:
            return True
    return False


def _concern_draft(step: Step, concern: Concern, day: date, situation: Situation) -> Draft:
    """Later than learning a concern is answered like any other remark: by closing the loop (C14)."""
    stage = situation.timeline.stages.on(day)
    name = step.purpose if stage in PURPOSES[step.purpose].stages else "close_loop"
    draft = added_draft(step, concern.number, day, PURPOSES[name])
    draft.closes = day + timedelta(days=CONCERN_WORKING_DAYS)
    draft.earliest = situation.floor
    draft.say(
        "concern",
        f"a {concern.severity} concern is open since {day_text(concern.opened_on)}; it would come back by itself",
        severity=concern.severity,
        category=concern.category,
    )
    return draft


def keep_in_touch(situation: Situation) -> list[Draft | Settled]:
    """No sale without a next date (B25): when nothing is planned, one contact by the maintenance rhythm.

    Those that were tried in vain come along; the rhythm goes on from the last try.
    """
    setting, facts = situation.setting, situation.facts_of(KEEP_IN_TOUCH.id)
    seen = [contact.on for contact in situation.valuable]
    seen += [activity.due_on or activity.on for activity in facts.closed.values()]
    begin = situation.timeline.stages[Stage.NOVELTY].begin or date.min
    days = rhythm_days(setting.tier, setting.kind, situation.numbers)
    made: list[Draft | Settled] = []
    for number in count(facts.last_closed + 1):
        start = max([*(seen or [situation.floor]), begin])
        draft = added_draft(KEEP_IN_TOUCH, number, start + timedelta(days=days))
        draft.closes += timedelta(days=KEEP_IN_TOUCH_WINDOW)
        draft.earliest = situation.floor
        text = f"nothing else is planned: {days} days after {day_text(start)} (assumption)"
        draft.say("rhythm", text, days=days)
        (found,) = still_wanted(draft, situation)
        made.append(found)
        if isinstance(found, Draft):
            break
        seen.append(found.by.on)
    return made


def rhythm_days(tier: str, kind: str, numbers: Numbers) -> int:
    """Days until the next contact in maintenance from the starting stability (DOMAIN 4.6), at most the cap."""
    rhythm = numbers.maintenance
    days = days_until(rhythm.target.get(tier, 0.85), rhythm.start_stability_days)
    return min(round(days), cap_days(tier, kind, numbers))


def cap_days(tier: str, kind: str, numbers: Numbers) -> int:
    """The longest interval without a contact in maintenance; private buyers have their own (DOMAIN 4.6)."""
    caps = numbers.maintenance.cap_days
    return caps["private"] if kind == "person" else caps[tier]


__all__ = [
    "ADDED_STEPS",
    "BUILT_IN",
    "CATCH_UP",
    "CONCERN",
    "CONCERN_AGAIN",
    "KEEP_IN_TOUCH",
    "cap_days",
    "concern_drafts",
    "keep_in_touch",
    "rhythm_days",
    "watch_days",
]
