"""Reactions: what an outcome asks of the seller besides the next planned contact (DOMAIN 5.4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from followup.core.dates import add
from followup.core.model.activity import Activity
from followup.core.model.playbook import Duration, Step
from followup.core.planner import built_in
from followup.core.planner.draft import Draft, added_draft, day_text
from followup.core.planner.expand import Settled, still_wanted
from followup.core.planner.problems import open_problem
from followup.core.planner.situation import Situation

PROMISE_AHEAD = 3  # days before its day on which a promise may be kept as well
SUCCESSOR_WORKING_DAYS = 2
WEEK = timedelta(days=7)
LOW_SCORE = {"nps": 6, "csat": 2, "ces": 3}  # at most: that low, somebody calls back


def reaction_drafts(situation: Situation) -> list[Draft | Settled]:
    """Promises to keep, names to thank for, new people to meet, low scores to call back."""
    drafts = [
        *_promises(situation),
        *_referrals(situation),
        *_new_people(situation),
        *_low_scores(situation),
        *_checks(situation),
    ]
    return [made for draft in drafts for made in still_wanted(draft, situation)]


def _promises(situation: Situation) -> Iterator[Draft]:
    """A promise stays until it is kept and the customer was told (C14)."""
    for promise in situation.history.promises:
        if not promise.is_open:
            continue
        day = min(promise.by, promise.done_on or promise.by)
        draft = _draft(built_in.PROMISE, promise.number, day, situation)
        draft.opens = day - timedelta(days=PROMISE_AHEAD)
        text = f"promised by {day_text(promise.by)}"
        if promise.done_on is not None:
            text += f"; done on {day_text(promise.done_on)}, but the customer does not know yet"
        draft.say("promise", text, by=promise.by, about=promise.text)
        yield draft


def _referrals(situation: Situation) -> Iterator[Draft]:
    """Thanks within a day, and a word about what came of it two weeks later (DOMAIN 3.11)."""
    numbers = situation.numbers.lead_generation
    for number, activity in _numbered(situation, lambda a: a.kind == "contacted" and "referral" in a.outcomes):
        thanks = _draft(built_in.REFERRAL_THANKS, number, activity.on, situation)
        thanks.closes = activity.on + timedelta(days=numbers.thank_days)
        report = _draft(
            built_in.REFERRAL_REPORT, number, activity.on + timedelta(days=numbers.report_back_days), situation
        )
        report.closes += WEEK
        for draft in (thanks, report):
            draft.say("referral", f"they gave a name on {day_text(activity.on)}", on=activity.on)
            yield draft


def _new_people(situation: Situation) -> Iterator[Draft]:
    """Find out who follows somebody who has gone; bring the record of results to whoever decides now (B28)."""
    found = [a.on for a in situation.history.activities if a.kind == "successor"]
    found += [contact.on for contact in situation.valuable]
    for number, activity in _numbered(situation, lambda a: a.kind == "contacted" and "wrong-contact" in a.outcomes):
        if any(day >= activity.on for day in found):
            continue
        day = situation.calendar.add_working_days(activity.on, SUCCESSOR_WORKING_DAYS)
        draft = _draft(built_in.FIND_SUCCESSOR, number, day, situation)
        draft.opens = activity.on
        draft.say("successor", f"on {day_text(activity.on)} the person was no longer there", on=activity.on)
        yield draft
    for number, activity in _numbered(situation, lambda a: a.kind == "successor"):
        day = situation.calendar.add_working_days(activity.on, SUCCESSOR_WORKING_DAYS)
        draft = _draft(built_in.INTRODUCE, number, day, situation)
        draft.opens, draft.closes = activity.on, day + WEEK
        who = f", {activity.note}" if activity.note else ""
        draft.say("successor", f"somebody new decides since {day_text(activity.on)}{who}", on=activity.on)
        yield draft


def _low_scores(situation: Situation) -> Iterator[Draft]:
    """A call within a day after a low score, unless somebody has spoken to them since (DOMAIN 3.4)."""
    lowest = LOW_SCORE[situation.playbook.kpi]
    low = {a.on for a in situation.history.activities if a.score is not None and a.score <= lowest}
    for reading in situation.history.readings:
        if reading.kind in LOW_SCORE and float(reading.value) <= LOW_SCORE[reading.kind]:
            low.add(reading.on)
    if not low or open_problem(situation.problems) is not None:
        return
    newest = max(low)
    if any(contact.on > newest for contact in situation.valuable if contact.step != built_in.LOW_SCORE.id):
        return
    day = situation.calendar.next_working_day(newest + timedelta(days=1))
    draft = _draft(built_in.LOW_SCORE, len(low), max(day, situation.floor), situation)
    draft.opens = newest
    hours = situation.numbers.feedback.low_score_callback_hours
    draft.say("low_score", f"a low score on {day_text(newest)}: call back within {hours} hours", on=newest)
    yield draft


def _checks(situation: Situation) -> Iterator[Draft]:
    """The extra check that a step asks for after an outcome (`check:`), unless somebody spoke to them since.

    After a concern the check belongs to the concern, after a problem to its recovery.
    """
    since = max((c.on for c in situation.valuable if c.step != built_in.CHECK.id), default=date.min)
    asking = [a for a in situation.ordered if a.on >= since and _check_after(a, situation) is not None]
    if not asking:
        return
    for number, activity in _numbered(situation, lambda a: a.kind == "contacted" and bool(a.step)):
        wait = _check_after(activity, situation) if activity in asking else None
        if wait is None:
            continue
        day = add(activity.on, wait, situation.calendar)
        draft = _draft(built_in.CHECK, number, day, situation)
        draft.closes = day + WEEK
        draft.say("check", f"the contact of {day_text(activity.on)} asks for a look {wait} later", on=activity.on)
        yield draft


def _check_after(activity: Activity, situation: Situation) -> Duration | None:
    if activity.kind != "contacted" or not activity.step or {"concern", "problem"} & set(activity.outcomes):
        return None
    step = situation.playbook.step(activity.step)
    if step is None:
        return None
    for code in activity.outcomes:
        reaction = step.outcomes.get(code) or (step.outcomes.get("good") if code == "great" else None)
        if reaction is not None and reaction.check is not None:
            return reaction.check
    return None


def _numbered(situation: Situation, wanted: Callable[[Activity], bool]) -> Iterator[tuple[int, Activity]]:
    """Activities that are wanted, numbered from 1 in the order of recording: a late entry changes no other number."""
    found = [a for a in situation.history.activities if wanted(a)]
    found.sort(key=lambda a: (a.id, a.on, a.step, a.occurrence))
    yield from enumerate(found, start=1)


def _draft(step: Step, occurrence: int, day: date, situation: Situation) -> Draft:
    draft = added_draft(step, occurrence, day)
    draft.earliest = situation.floor
    return draft
