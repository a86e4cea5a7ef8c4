"""Permission: what the facts allow to ask of a customer, and from when (DOMAIN 5.3, B27, C18, D6, D9, E15)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from followup.core.dates import approximate_days
from followup.core.model.activity import Activity
from followup.core.model.playbook import Step
from followup.core.model.purpose import PURPOSES, Purpose, Service
from followup.core.model.reading import last_understood
from followup.core.model.stage import STAGES
from followup.core.planner.built_in import ASK_NAME, ASK_RESULT
from followup.core.planner.clues import mood_code
from followup.core.planner.draft import Draft, day_text
from followup.core.planner.moves import PROMOTER
from followup.core.planner.problems import well_recovered_on
from followup.core.planner.renewals import chain_steps
from followup.core.planner.situation import Situation

NEEDS_DAYS = 365  # for so long a needs talk opens the gate of persuasion
WELL = ("ok", "good", "great")
VERY_WELL = ("good", "great")
SELLING = ("persuasive", "renewal", "lead_generation")
NEVER_SHUT = date.min


@dataclass(frozen=True, slots=True)
class Permission:
    """From which day facts allow a contact; `shut` while they do not, with the reason.

    `instead` is what it does as long as what it needs is missing.
    """

    since: date = NEVER_SHUT
    shut: str = ""
    instead: Step | None = None


ALLOWED = Permission()


def permission_for(draft: Draft, situation: Situation) -> Permission:
    """What the history says about a draft. An early ask in novelty needs only that no other sale stands against it."""
    match draft.purpose.name:
        case "lead_generation":
            return _early_ask(draft, situation) if draft.is_early_ask else _lead(draft, situation)
        case "persuasive":
            return _persuasive(draft, situation)
        case "renewal":
            return _renewal(draft, situation)
        case "reminder" if not has_result(situation):
            return Permission(shut="no result is on file yet: it asks for the result instead", instead=ASK_RESULT)
    return ALLOWED


def _early_ask(draft: Draft, situation: Situation) -> Permission:
    for begin, end in situation.history.elsewhere.learning:
        if begin <= draft.nominal and (end is None or draft.nominal < end):
            return Permission(shut="another sale is in learning: nobody is asked for a name meanwhile")
    return ALLOWED


def _lead(draft: Draft, situation: Situation) -> Permission:
    asked = [situation.history.elsewhere.asked_on or date.min]
    asked += [contact.on for contact in situation.valuable if is_late_ask(contact, situation)]
    since = date.min
    if max(asked) > date.min:
        since = max(asked) + timedelta(days=situation.numbers.lead_generation.min_days_between)
    for begin, end in sorted(situation.history.elsewhere.learning, key=lambda span: span[0]):
        if begin <= max(draft.nominal, since) and (end is None or max(draft.nominal, since) < end):
            if end is None:
                return Permission(shut="another sale is in learning: nobody is asked for a name meanwhile")
            since = max(since, end)
    if (shut := _taught_badly(situation)) or (shut := _two_in_a_row(situation)):
        return Permission(shut=shut)
    if not _recovered_well(situation) and not _high_score(situation):
        pleased = _since_true(situation.valuable, _pleased)
        if pleased is None:
            return Permission(shut="the last two outcomes are not both at least ok with one good, and no high score")
        since = max(since, pleased)
    return Permission(since=since)


def is_late_ask(contact: Activity, situation: Situation) -> bool:
    """A referral was asked for; the soft ask early in novelty does not count."""
    if contact.purpose != "lead_generation":
        return False
    stage = contact.stage or situation.timeline.stages.on(contact.on)
    return stage not in STAGES[:2]


def _persuasive(draft: Draft, situation: Situation) -> Permission:
    if shut := _two_in_a_row(situation) or _taught_badly(situation):
        return Permission(shut=shut)
    recent = draft.nominal - timedelta(days=NEEDS_DAYS)
    talks = [c.on for c in situation.valuable if c.purpose == "needs_assessment" and c.on >= recent]
    if not talks and not situation.sale.need:
        asking = _lead(draft, situation)
        if draft.opens <= situation.today and not asking.shut and asking.since <= draft.nominal:
            return Permission(shut="no need is on file: ask for a name instead (B34)", instead=ASK_NAME)
        return Permission(shut="no needs talk within a year and no need on file: ask for needs first")
    if not _recovered_well(situation) and (not situation.valuable or not _well(situation.valuable[-1])):
        return Permission(shut="the last contact did not go well enough to offer anything")
    return Permission(since=max(talks, default=NEVER_SHUT))


def _renewal(draft: Draft, situation: Situation) -> Permission:
    if any(concern.is_open and concern.severity == "major" for concern in situation.history.concerns):
        return Permission(shut="a major concern is open: it comes before any talk of terms")
    base = draft.step.when.base
    steps = (*situation.playbook.steps, *chain_steps(situation))
    chain = [step for step in steps if step.purpose == "renewal" and step.when.base == base]
    if len(chain) < 2:
        return ALLOWED
    review = min(chain, key=lambda step: approximate_days(step.when.offset))
    if review.id == draft.step.id:
        return ALLOWED
    lead = timedelta(days=round(approximate_days(draft.step.when.offset) - approximate_days(review.when.offset)))
    written = draft.nominal - lead
    if written + timedelta(days=review.window[1]) < situation.floor:
        return ALLOWED  # it was over before the sale came into the plan
    opened = written + timedelta(days=review.window[0]) - lead
    facts = situation.facts_of(review.id)
    told = [a.on for a in facts.closed.values() if a.on >= opened]
    told += [tries[-1].on for tries in facts.tries.values() if tries[-1].on >= opened]
    if not told:
        return Permission(shut=f"the value review comes first: {review.id}")
    return ALLOWED


def has_result(situation: Situation) -> bool:
    """True when good news is on file: a first result, a delighted customer, a high score (B27)."""
    for activity in situation.history.activities:
        if activity.kind == "milestone" and activity.milestone in ("first_result", "renewed", "repurchased"):
            return True
        if activity.kind == "contacted" and "great" in activity.outcomes:
            return True
    return _high_score(situation)


def _high_score(situation: Situation) -> bool:
    """True when the last score is one of a promoter: NPS 9, CSAT 4, CES 6."""
    scores = [(a.on, a.score) for a in situation.history.activities if a.score is not None]
    scores += [(r.on, round(float(r.value))) for r in situation.history.readings if r.kind == situation.playbook.kpi]
    return bool(scores) and max(scores)[1] >= PROMOTER[situation.playbook.kpi]


def _recovered_well(situation: Situation) -> bool:
    """True while a well-ended recovery keeps the customer open to offers (D9)."""
    return well_recovered_on(situation.problems, situation.today, situation.numbers.recovery) is not None


def _taught_badly(situation: Situation) -> str:
    """Who does not understand the product yet is asked for nothing (A6, D6)."""
    lessons = [c for c in situation.valuable if _service(c, situation) is Service.EDUCATION]
    unsettled = any(concern.is_open for concern in situation.history.concerns)
    if lessons and unsettled and "concern" in lessons[-1].outcomes:
        return f"a concern from the lesson of {day_text(lessons[-1].on)} is open"
    knowledge = last_understood(situation.history.readings)
    if knowledge is not None and knowledge.value == "no":
        return f"on {day_text(knowledge.on)} they had not understood it yet: teach before you ask"
    return ""


def _two_in_a_row(situation: Situation) -> str:
    """Never two contacts in a row that ask for something: one that gives comes between."""
    if situation.valuable and situation.valuable[-1].purpose in SELLING:
        last = situation.valuable[-1]
        if situation.timeline.stages.on(last.on) not in STAGES[:2]:
            return f"the last contact, on {day_text(last.on)}, asked for something too: one that gives comes first"
    return ""


def _service(contact: Activity, situation: Situation) -> Service:
    purpose: Purpose | None = situation.purpose_named(contact.purpose) or PURPOSES.get(contact.purpose)
    return purpose.service if purpose is not None else Service.NONE


def _well(contact: Activity) -> bool:
    code = mood_code(contact.outcomes)
    return code in WELL or not code


def _pleased(contacts: Sequence[Activity]) -> bool:
    """The last two outcomes at least ok, one of them good."""
    last = contacts[-2:]
    return len(last) == 2 and all(map(_well, last)) and any(mood_code(c.outcomes) in VERY_WELL for c in last)


def _since_true(contacts: Sequence[Activity], holds: Callable[[Sequence[Activity]], bool]) -> date | None:
    """The day of the contact since which something has held of the last two without a break; None when not now."""
    since: date | None = None
    for i, contact in enumerate(contacts):
        if not holds(contacts[max(0, i - 1) : i + 1]):
            since = None
        elif since is None:
            since = contact.on
    return since
