"""`file`: the record of results and problems, for somebody new who decides (B27, B28).

The customer reads it. So it holds what they said, what was bought, what went wrong and how it ended, and what was
promised; never a mood, a priority, a tier, a severity, a note about a person or who recommended whom. Words noted in a
contact are quoted only where it went well and nothing was asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from followup.actions.context import Context
from followup.actions.exporting import refuse_own_file
from followup.actions.finding import facts_of
from followup.actions.promises import state_of
from followup.actions.refresh import refresh
from followup.actions.results import Result
from followup.core.model.activity import Activity
from followup.core.model.channel import ROLES
from followup.core.model.concern import Concern
from followup.core.model.customer import Contact, Customer, outward_name
from followup.core.model.extra import extra_value, plain_extra
from followup.core.model.outcome import TONES
from followup.core.model.promise import Promise
from followup.core.model.purpose import PURPOSES
from followup.core.model.touchpoint import Touchpoint
from followup.core.numbers import playbook_numbers
from followup.core.planner.anchors import LIVE, SALE
from followup.core.planner.clues import SCALES
from followup.core.planner.facts import in_order, is_contact, step_facts
from followup.core.planner.problems import ACKNOWLEDGE, FIX, RECHECK, SAME_CHAIN, VERIFY, Problem, problems_of
from followup.core.planner.profile import setting_of
from followup.errors import EXIT_USAGE, FollowupError
from followup.files.csv_out import write_private
from followup.store import CustomerFacts, SaleFacts

if TYPE_CHECKING:
    from followup.core.model.playbook import Playbook

FORMATS = ("text", "markdown", "html")
ENDINGS = {".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html"}
DATES = (LIVE, "finish", "delivery", "event", "warranty", "builder_warranty", "service", "renewal")
"""The anchors of a sale that are worth telling, besides the day of the purchase."""

RESULTS = ("first_result", "renewed", "repurchased")  # milestones that are good news
PRAISE = frozenset({"good", "great"})
NOT_FOR_THEM = frozenset({"concern", "problem", "idea", "referral", "stop", "wrong-contact", "flat", "postponed"})
"""With one of these the words of a contact stand elsewhere in the record, or are nobody else's business."""
NEXT_DAYS, MOST_NEXT = 180, 4

# What is planned, as the customer may read it. What asks for something or sells is not told beforehand.
_PLAIN_WORDS = {
    "fit_check": "We look together at whether it fits.",
    "concern_resolution": "We take up what worries you.",
    "co_planning": "We plan the start together.",
    "welcome": "We welcome you and show the first step.",
    "prevention": "We look whether anything is about to get in the way.",
    "education": "We show you what helps you next.",
    "feedback": "We ask how it works for you.",
    "encouragement": "We help with what is hardest now.",
    "close_loop": "We tell you what became of what you said.",
    "recovery": "We put right what went wrong.",
    "reminder": "We go through your results together.",
    "informative": "We send you news that concern you.",
    "needs_assessment": "We ask what has changed for you.",
    "decision_criteria": "We talk about what counts in such a decision.",
    "renewal": "We talk about the next term.",
}
_NOT_TOLD = ("referral_thanks", "referral_report", "promise", "find_successor")  # told elsewhere, or about others
_MEETS = "meet_successor"
_TONE = re.compile(rf"\s*\(tone: (?:{'|'.join(TONES)})\)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePerson:
    """Somebody who is involved. Of the customer's people only name and role are told."""

    name: str
    role: str | None = None
    company: str | None = None
    phone: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileNote:
    """What they said on a day, in their words."""

    on: date
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileMilestone:
    """Something that was reached: `first_use`, `first_result`, `renewed`, `repurchased`."""

    on: date
    name: str
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileScore:
    """A score as it was given: `value` on the scale `kind` (nps, csat, ces) up to `most`."""

    on: date
    kind: str
    value: str
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FileProblem:
    """What went wrong, and how it ended. `days` is how long it took until it was solved; None while it is not.

    `confirmed_on` is the day on which they said that it is settled, with their `words`. `again` is True for one that
    was not settled when the next one came.
    """

    on: date
    text: str | None
    answered_on: date | None
    solved_on: date | None
    confirmed_on: date | None
    days: int | None
    words: str | None = None
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FileConcern:
    """A doubt, and how it ended. `days` is how long it was open; None while it is."""

    opened_on: date
    text: str
    resolved_on: date | None
    days: int | None
    answer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePromise:
    """Something that was promised. `state`: `kept`, `late` (kept late), `tell` (done), `open`, `broken` (overdue)."""

    text: str
    by: date
    done_on: date | None
    told_on: date | None
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileIdea:
    """A suggestion of theirs, and its answer: `adopted`, `planned`, `declined`, or None while it is owed by `by`."""

    text: str
    by: date
    answer: str | None
    told_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePlan:
    """What comes next, in plain words; `on` is None for what is due in these days."""

    on: date | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSale:
    """One purchase: what, when, why, and what came of it. The counts are of everything told below (B27)."""

    product: str | None
    bought_on: date | None
    dates: Mapping[str, date] = field(default_factory=dict)
    goal: str | None = None
    reason: str | None = None
    old_way: str | None = None
    milestones: tuple[FileMilestone, ...] = ()
    words: tuple[FileNote, ...] = ()
    scores: tuple[FileScore, ...] = ()
    problems: tuple[FileProblem, ...] = ()
    concerns: tuple[FileConcern, ...] = ()
    promises: tuple[FilePromise, ...] = ()
    ideas: tuple[FileIdea, ...] = ()
    next: tuple[FilePlan, ...] = ()
    results_count: int = 0
    problems_count: int = 0
    settled_count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerFile(Result):
    """The record of one customer. `written_to` is the file that it was written to, if it was."""

    SCHEMA: ClassVar[str] = "followup.file/1"
    customer: str
    customer_key: str
    company: str | None
    people: tuple[FilePerson, ...]
    seller: FilePerson | None
    sales: tuple[FileSale, ...]
    written_to: str | None = None


def check_file_format(name: str, target: Path | None) -> str:
    """The format with this name; without one, what the ending of the target says, else text. Raises FollowupError."""
    if not name:
        return ENDINGS.get(target.suffix.casefold(), "text") if target is not None else "text"
    if name in FORMATS:
        return name
    near = get_close_matches(name, FORMATS, n=1)
    hint = f"--format {near[0]}" if near else "--format text, markdown or html"
    raise FollowupError(f"a record cannot be written as {name!r}", hint=hint, exit_code=EXIT_USAGE)


def customer_file(context: Context, customer: Customer) -> CustomerFile:
    """The record of a customer, a part for each sale.

    Raises FollowupError for somebody who must be left alone: the record is made to be handed to them.
    """
    notice = refresh(context) or context.store.notice
    reachable = context.store.reachable([customer.id])
    if customer.id not in reachable:
        raise FollowupError(
            f"{customer.name} asked to be left alone, and this record is made to be handed to them",
            hint=f"followup show {customer.key}",
        )
    facts = facts_of(context, customer.id)
    return CustomerFile(
        today=context.today,
        notices=(notice,) if notice else (),
        customer=outward_name(facts.customer, facts.contacts),
        customer_key=customer.key,
        company=customer.company or None,
        people=tuple(_people(reachable[customer.id])),
        seller=_seller(context),
        sales=tuple(_sale(context, facts, sale) for sale in facts.sales),
    )


def keep_file(context: Context, record: CustomerFile, target: Path, text: str) -> CustomerFile:
    """Write the record whole or not at all, readable by its owner only (0600). Raises FollowupError."""
    refuse_own_file(context, [target])
    write_private(target, text.encode())
    return replace(record, written_to=str(target))


def _people(contacts: Iterable[Contact]) -> Iterator[FilePerson]:
    """Who decides first, then champions, users and finance, then everybody else."""
    for person in sorted(contacts, key=lambda each: ROLES.index(each.role) if each.role in ROLES else len(ROLES)):
        yield FilePerson(name=person.name, role=person.role or None)


def _seller(context: Context) -> FilePerson | None:
    me = context.config.me
    if not (me.name or me.company):
        return None
    return FilePerson(name=me.name, company=me.company or None, phone=me.phone or None, email=me.email or None)


def _sale(context: Context, facts: CustomerFacts, sale: SaleFacts) -> FileSale:
    playbook = context.library.pinned(context.store, sale.playbook_id)
    history, today = sale.history, context.today
    activities = [activity for activity in in_order(history.activities) if activity.on <= today]
    problems = tuple(_problems(activities, playbook, sale))
    milestones, words = _good_news(activities, problems)
    concerns = tuple(_concerns(history.concerns, activities))
    whole = facts.customer.extra if sale is facts.sales[0] else {}  # what was said once belongs to the first purchase
    said = plain_extra(whole, sale.sale.extra)
    anchors = sale.sale.anchors
    return FileSale(
        product=sale.sale.product or None,
        bought_on=anchors.get(SALE),
        dates={name: anchors[name] for name in DATES if name in anchors},
        goal=sale.sale.goal or None,
        reason=extra_value(said, "reason") or None,
        old_way=extra_value(said, "old_way") or None,
        milestones=milestones,
        words=words,
        scores=tuple(_scores(sale, activities, playbook.kpi)),
        problems=problems,
        concerns=concerns,
        promises=tuple(_promises(history.promises, history.concerns, today)),
        ideas=tuple(_idea(promise) for promise in history.promises if promise.about == "idea"),
        next=tuple(_next(context, sale)),
        results_count=len(words) + sum(each.name in RESULTS for each in milestones),
        problems_count=len(problems) + len(concerns),
        settled_count=sum(each.confirmed_on is not None for each in problems)
        + sum(each.resolved_on is not None for each in concerns),
    )


def _good_news(
    activities: list[Activity], problems: Iterable[FileProblem]
) -> tuple[tuple[FileMilestone, ...], tuple[FileNote, ...]]:
    """What was reached and what they said, each once: words of the same day belong to a milestone that has none."""
    quoted = {(each.confirmed_on, each.words) for each in problems}
    words = [note for note in _words(activities) if (note.on, note.text) not in quoted]
    milestones = []
    for reached in _milestones(activities):
        note = next((each for each in words if each.on == reached.on), None)
        if reached.name in RESULTS and not reached.text and note is not None:
            words.remove(note)
            reached = replace(reached, text=note.text)
        milestones.append(reached)
    return tuple(milestones), tuple(words)


def _milestones(activities: Iterable[Activity]) -> Iterator[FileMilestone]:
    for activity in activities:
        if activity.kind == "milestone" and activity.milestone in ("first_use", *RESULTS):
            yield FileMilestone(on=activity.on, name=activity.milestone, text=_said(activity) or None)


def _words(activities: Iterable[Activity]) -> Iterator[FileNote]:
    """What they said when it went well, in contacts that asked for nothing."""
    for activity in activities:
        codes = {*activity.outcomes}
        if activity.kind != "contacted" or not codes & PRAISE or codes & NOT_FOR_THEM:
            continue
        if activity.step in SAME_CHAIN:  # told with the problem
            continue
        purpose = PURPOSES.get(activity.purpose)
        if (purpose is None or not purpose.selling) and (text := _said(activity)):
            yield FileNote(on=activity.on, text=text)


def _said(activity: Activity) -> str:
    """The words of a contact, without the tone that was heard in them (C12)."""
    return _TONE.sub("", activity.note).strip()


def _scores(sale: SaleFacts, activities: Iterable[Activity], kpi: str) -> Iterator[FileScore]:
    given = [(activity.on, kpi, str(activity.score)) for activity in activities if activity.score is not None]
    given += [(each.on, each.kind, each.value) for each in sale.history.readings if each.kind in SCALES]
    for on, kind, value in sorted(dict.fromkeys(given)):
        if kind in SCALES:
            yield FileScore(on=on, kind=kind, value=value, most=SCALES[kind][1])


def _problems(activities: list[Activity], playbook: Playbook, sale: SaleFacts) -> Iterator[FileProblem]:
    numbers = playbook_numbers(playbook, setting_of(sale.sale.profile, playbook).complexity)
    found = problems_of(activities, step_facts(activities), numbers)
    begun = [a for a in activities if a.kind == "contacted" and "problem" in a.outcomes and a.step not in SAME_CHAIN]
    for problem, activity in zip(found, begun, strict=True):
        yield _problem(problem, _said(activity))


def _problem(problem: Problem, text: str) -> FileProblem:
    """It is settled once they said so when they were asked; one that only made way for the next is not."""
    answered, solved = (_reached(problem, step) for step in (ACKNOWLEDGE, FIX))
    asked = _reached(problem, VERIFY) or _reached(problem, RECHECK)
    worse = asked is not None and "problem" in asked.outcomes
    confirmed = asked if not problem.is_open and not worse else None
    ended = solved or confirmed
    return FileProblem(
        on=problem.on,
        text=text or None,
        answered_on=answered.on if answered else None,
        solved_on=ended.on if ended else None,
        confirmed_on=confirmed.on if confirmed else None,
        days=(ended.on - problem.on).days if ended else None,
        words=(_said(confirmed) or None) if confirmed else None,
        again=worse or (not problem.is_open and asked is None),
    )


def _reached(problem: Problem, step: str) -> Activity | None:
    """The contact in which a step of the recovery was really done."""
    activity = problem.closed.get(step)
    return activity if activity is not None and is_contact(activity) else None


def _concerns(concerns: Iterable[Concern], activities: list[Activity]) -> Iterator[FileConcern]:
    listed = sorted(concerns, key=lambda each: (each.opened_on, each.id))
    answers = {a.on: _said(a) for a in activities if a.kind == "concern_resolved"}
    days = [each.resolved_on for each in listed]
    for concern in listed:
        on = concern.resolved_on
        yield FileConcern(
            opened_on=concern.opened_on,
            text=concern.text,
            resolved_on=on,
            days=(on - concern.opened_on).days if on is not None else None,
            answer=(answers.get(on) or None) if on is not None and days.count(on) == 1 else None,
        )


def _promises(promises: Iterable[Promise], concerns: Iterable[Concern], today: date) -> Iterator[FilePromise]:
    """What was promised; the answer that a doubt is owed by itself is told with the doubt."""
    owed = {f"answer: {concern.text}" for concern in concerns}
    for promise in sorted(promises, key=lambda each: (each.by, each.id)):
        if promise.about == "idea" or (promise.about == "concern" and promise.text in owed):
            continue
        yield FilePromise(
            text=promise.text,
            by=promise.by,
            done_on=promise.done_on,
            told_on=promise.told_on,
            state=state_of(promise, today),
        )


def _idea(promise: Promise) -> FileIdea:
    return FileIdea(text=promise.text, by=promise.by, answer=promise.answer or None, told_on=promise.told_on)


def _next(context: Context, sale: SaleFacts) -> Iterator[FilePlan]:
    """What is open and dated, each thing once, the next ones only."""
    planned = [one.touchpoint for one in context.store.stored_touchpoints([sale.sale.number])]
    told: dict[str, date] = {}
    for it in sorted(planned, key=lambda each: (each.due_on or date.max, each.step)):
        text = _plain_words(it)
        if text and it.is_open and it.due_on is not None and (it.due_on - context.today).days <= NEXT_DAYS:
            told.setdefault(text, it.due_on)
    for text, on in [*told.items()][:MOST_NEXT]:
        yield FilePlan(on=on if on > context.today else None, text=text)


def _plain_words(it: Touchpoint) -> str:
    if it.step in _NOT_TOLD:
        return ""
    if it.step == _MEETS:
        return "We introduce ourselves to you."
    return _PLAIN_WORDS.get(it.purpose, "")
