"""Values for the names in a message: where each one stands on record, and the command that supplies it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from types import MappingProxyType

from followup.core.dates import Calendar, approximate_days
from followup.core.letter import address_name, day_words, listed, month_words, quoted
from followup.core.model.activity import Activity
from followup.core.model.concern import SEVERITIES, Concern
from followup.core.model.customer import Contact, Customer, outward_name
from followup.core.model.extra import PREFIX, plain_extra
from followup.core.model.plan import Plan
from followup.core.model.playbook import Playbook, Step
from followup.core.model.promise import Promise
from followup.core.model.touchpoint import Touchpoint
from followup.core.numbers import playbook_numbers
from followup.core.planner.anchors import LIVE, SALE, first_cycle_from, resolve_anchors
from followup.core.planner.built_in import BUILT_IN
from followup.core.planner.facts import in_order, last_contact_on, step_facts
from followup.core.planner.problems import ACKNOWLEDGE, FIX, RECHECK, UPDATE, VERIFY, VISIT, Problem, problems_of
from followup.core.planner.profile import setting_of
from followup.files.config_file import Me
from followup.files.placeholders import Group, Placeholder, placeholder
from followup.store import CustomerFacts, SaleFacts

ABOUT_ONE_CONCERN = ("concern", "concern_again")
ABOUT_A_PROBLEM = (ACKNOWLEDGE, UPDATE, FIX, VERIFY, RECHECK, VISIT)
LASTING = frozenset({"event_name", "annual_km", "coordinator", "operator_lead", "service_adviser", "consumable"})
"""Once-only values that stay true for a customer: a column of the user's own may hold them."""

OF_A_SALE = frozenset({"goal", "product", "concern", "feedback_items", "last_result", "last_contact"})
"""Values that belong to one of several sales: the command that supplies them says to which."""

OWED_ANSWER = "answer: "
"""What the promise to answer a doubt begins with where nobody put it into words."""

MOST_RAISED = 8
"""Points that one message reports back on."""

_BY_ANSWER = {
    "adopted": "we have adopted it",
    "planned": "it is planned",
    "declined": "we will not do it, and I will tell you why",
}
_BECAME = {"adopted": "adopted", "planned": "planned", "declined": "we will not do it"}
_RAISED = ("idea", "concern", "problem")
_GOOD = ("great", "good")


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What a message is about: the touchpoint, the sale with all that is recorded, the person, the seller.

    `others` are the other open touchpoints of the sale; `given` are values typed for this message alone; `referred`
    are those whom the customer named to the seller, where the touchpoint is about that.
    """

    touchpoint: Touchpoint
    number: int
    facts: CustomerFacts
    sale: SaleFacts
    plan: Plan | None
    playbook: Playbook
    step: Step | None
    person: Contact | None
    people: Sequence[Contact]
    others: Sequence[Touchpoint]
    me: Me
    calendar: Calendar
    today: date
    given: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    referred: Sequence[str] = ()

    @cached_property
    def customer_name(self) -> str:
        """What the customer is called in whatever goes out: never by the name of who must be left alone."""
        return outward_name(self.facts.customer, self.facts.contacts)

    @cached_property
    def concerns(self) -> tuple[Concern, ...]:
        """The open concerns of the sale: the one that the touchpoint is about, then the worst and newest."""
        opened = [concern for concern in self.sale.history.concerns if concern.is_open and concern.text.strip()]
        opened.sort(key=lambda one: (SEVERITIES.index(one.severity), one.opened_on, one.number), reverse=True)
        if self.touchpoint.step in ABOUT_ONE_CONCERN:
            opened.sort(key=lambda one: one.number != self.touchpoint.occurrence)
        return tuple(opened)

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """The problems of the sale, in the order in which they happened."""
        activities = self.sale.history.activities
        setting = setting_of(self.sale.sale.profile, self.playbook)
        return problems_of(activities, step_facts(activities), playbook_numbers(self.playbook, setting.complexity))

    @cached_property
    def problem(self) -> Problem | None:
        """The problem that the touchpoint answers, else the open one; None without either."""
        if self.touchpoint.step in ABOUT_A_PROBLEM and self.touchpoint.step != UPDATE:
            found = next((one for one in self.problems if one.number == self.touchpoint.occurrence), None)
            if found is not None:
                return found
        opened = [one for one in self.problems if one.is_open]
        if opened or self.touchpoint.purpose != "recovery":
            return opened[-1] if opened else None
        return self.problems[-1] if self.problems else None

    @cached_property
    def trouble(self) -> str:
        """What the customer said about that problem, '' where nobody wrote it down."""
        if self.problem is None:
            return ""
        told = [
            activity
            for activity in in_order(self.sale.history.activities)
            if activity.kind == "contacted" and "problem" in activity.outcomes and activity.on == self.problem.on
        ]
        return next((activity.note.strip() for activity in told if activity.note.strip()), "")

    @cached_property
    def promise(self) -> Promise | None:
        """The promise that the touchpoint keeps."""
        if self.touchpoint.step != "promise":
            return None
        promises = self.sale.history.promises
        return next((one for one in promises if one.number == self.touchpoint.occurrence), None)

    @cached_property
    def extra(self) -> Mapping[str, str]:
        """The columns of the user's own under plain names; those of the sale beat those of the customer."""
        return plain_extra(self.facts.customer.extra, self.sale.sale.extra)

    @cached_property
    def anchors(self) -> Mapping[str, date | None]:
        """The dates of the sale, known or assumed."""
        if self.plan is not None:
            return self.plan.anchors
        return resolve_anchors(self.playbook, self.sale.sale.anchors, self.calendar).dates


class Values:
    """Gives values by name, '' where there is none. `used_anchors` collects the anchors whose dates were used."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.used_anchors: set[str] = set()

    def __call__(self, name: str) -> str:
        """The value of a name: typed for this message, else what is on record."""
        subject = self.subject
        if given := subject.given.get(name, "").strip():
            return given
        if name.startswith(PREFIX):
            return subject.extra.get(name.removeprefix(PREFIX), "")
        if (read := _READERS.get(name)) is not None:
            return read(subject)
        known = placeholder(name, anchors=subject.playbook.anchors, own=subject.playbook.placeholders)
        if known is None:
            return ""
        if known.anchors:
            return self._anchor(known)
        if known.group is Group.WORDS:
            return _own_word(subject, name)
        return subject.extra.get(name, "") if name in LASTING else ""

    def _anchor(self, known: Placeholder) -> str:
        """The date of the first of its anchors that has one; of a repeating one, the one that is meant."""
        subject = self.subject
        for name in known.anchors:
            first = subject.anchors.get(name)
            if first is None:
                continue
            self.used_anchors.add(name)
            on = _cycle_of(name, first, subject)
            return month_words(on, subject.today) if known.name == "purchase_month" else day_words(on, subject.today)
        return ""


def _cycle_of(name: str, first: date, subject: Subject) -> date:
    """The date of an anchor that is meant: of a repeating one, what the step hangs on, else the next."""
    rule, step = subject.playbook.anchors.get(name), subject.step
    if rule is None or rule.repeats is None:
        return first
    due = subject.touchpoint.due_on or subject.today
    if step is not None and step.when.base == name and step.id not in BUILT_IN:
        offset, half = approximate_days(step.when.offset), approximate_days(rule.repeats) / 2
        due -= timedelta(days=round(offset + half))
    return max(first, first_cycle_from(first, rule.repeats, due, subject.calendar))


def _own_word(subject: Subject, name: str) -> str:
    """Words on file: as `set` wrote them, else from a column of the user's own."""
    written = str(subject.facts.customer.extra.get(name, "")).strip()
    return written or subject.extra.get(name, "")


def called(person: Contact, customer: Customer) -> str:
    """What to call a person in a letter, '' for a contact that is no person, such as the company itself."""
    companies = [customer.company]
    if customer.kind == "company" and customer.name.casefold() != person.name.casefold():
        companies.append(customer.name)
    return address_name(person.first_name, person.name, companies=companies)


def _first_name(subject: Subject) -> str:
    customer, person = subject.facts.customer, subject.person
    if person is not None:
        return called(person, customer)
    if customer.kind != "person" or subject.customer_name != customer.name:
        return ""
    return address_name("", customer.name, companies=(customer.company,))


def _company(subject: Subject) -> str:
    customer = subject.facts.customer
    if customer.company:
        return customer.company
    named = {person.name.casefold() for person in subject.facts.contacts}
    return customer.name if customer.kind == "company" and customer.name.casefold() not in named else ""


def _decision_maker(subject: Subject) -> str:
    return next((person.name for person in subject.people if person.role == "decider"), "")


def _contact_for_trouble(subject: Subject) -> str:
    me = subject.me
    reach = me.phone or me.email
    return f"{me.name}, {reach}" if me.name and reach else reach


def _goal(subject: Subject) -> str:
    return subject.sale.sale.goal.strip() or _own_word(subject, "goal")


def _need(subject: Subject) -> str:
    return subject.sale.sale.need.strip() or _own_word(subject, "need")


def _concern(subject: Subject) -> str:
    return subject.concerns[0].text if subject.concerns else _own_word(subject, "concern")


def _last_result(subject: Subject) -> str:
    """What they named as their result: as written by hand, else the note of the last contact that went well."""
    if written := str(subject.facts.customer.extra.get("last_result", "")).strip():
        return written
    notes = [one.note.strip() for one in _heard(subject) if any(code in _GOOD for code in one.outcomes)]
    return next((note for note in reversed(notes) if note), "") or subject.extra.get("last_result", "")


def _heard(subject: Subject) -> Iterator[Activity]:
    return (one for one in in_order(subject.sale.history.activities) if one.kind == "contacted")


def _feedback_items(subject: Subject) -> str:
    """What they raised, each with its state: what was done first, then what comes, then what will not be.

    As written by hand where somebody wrote it; else their ideas, doubts and problems, open ones and those closed since
    they were last told; without any of these what they were promised.
    """
    if written := str(subject.facts.customer.extra.get("feedback_items", "")).strip():
        return written
    raised = [*_answered(subject, _RAISED), *_doubts(subject)] or [*_answered(subject, ("",))]
    items: dict[str, str] = {}
    for _, text, state in sorted(raised, key=lambda point: point[0])[:MOST_RAISED]:
        items.setdefault(" ".join(text.split()).removesuffix("."), state)
    told = "; ".join(f"{text} ({state})" for text, state in items.items())
    return told or subject.extra.get("feedback_items", "")


def _answered(subject: Subject, about: Collection[str]) -> Iterator[tuple[int, str, str]]:
    """Promises born of something: place in the list, the words, the state."""
    doubts = {concern.number: concern for concern in subject.sale.history.concerns}
    for promise in subject.sale.history.promises:
        if promise.about not in about or not _is_news(promise.told_on, subject):
            continue
        doubt = doubts.get(promise.concern)
        text = doubt.text if doubt is not None and doubt.text.strip() else promise.text.removeprefix(OWED_ANSWER)
        settled = doubt.resolved_on if doubt is not None else None
        state = f"settled on {day_words(settled, subject.today)}" if settled else _state(promise, subject.today)
        is_done = settled is not None or promise.done_on is not None
        if text.strip():
            yield (3 if promise.answer == "declined" else 0 if is_done else 1), text, state


def _state(promise: Promise, today: date) -> str:
    """`done on Friday 6 November`, `planned, promised for ...`, `we will not do it`; late is said as late."""
    became = _BECAME.get(promise.answer, "")
    if promise.answer == "declined":
        return became
    if promise.done_on is not None:
        when = f"done on {day_words(promise.done_on, today)}"
    elif promise.by < today:
        when = f"late: it was promised for {day_words(promise.by, today)}"
    else:
        when = f"promised for {day_words(promise.by, today)}"
    return f"{became}, {when}" if became else when


def _doubts(subject: Subject) -> Iterator[tuple[int, str, str]]:
    """Doubts that no promise answers: place in the list, the words, the state."""
    answered = {promise.concern for promise in subject.sale.history.promises if promise.about == "concern"}
    for concern in subject.sale.history.concerns:
        on = concern.resolved_on
        if concern.number not in answered and concern.text.strip() and _is_news(on, subject):
            state = "still open" if on is None else f"settled on {day_words(on, subject.today)}"
            yield (2 if on is None else 0), concern.text, state


def _is_news(closed_on: date | None, subject: Subject) -> bool:
    """True for what is open, and for what was closed after they were last told of everything."""
    told = [
        activity.on
        for activity in _heard(subject)
        if activity.purpose == "close_loop" and activity.step not in BUILT_IN
    ]
    return closed_on is None or not told or closed_on > max(told)


def _last_contact(subject: Subject) -> str:
    on = last_contact_on(subject.sale.history.activities)
    return day_words(on, subject.today) if on is not None else _own_word(subject, "last_contact")


def _date(subject: Subject) -> str:
    touchpoint = subject.touchpoint
    if touchpoint.due_on is None:
        return ""
    on = max(touchpoint.due_on, subject.today) if touchpoint.is_open else touchpoint.due_on
    at = f" at {touchpoint.agreed_time:%H:%M}" if touchpoint.agreed_time is not None and on == touchpoint.due_on else ""
    return day_words(on, subject.today) + at


def _next_date(subject: Subject) -> str:
    after = max(subject.touchpoint.due_on or subject.today, subject.today)
    coming = [one for one in subject.others if one.due_on is not None and one.due_on > after]
    following = min(coming, key=lambda one: (one.due_on or date.max, one.step), default=None)
    if following is None or following.due_on is None:
        return ""
    at = f" at {following.agreed_time:%H:%M}" if following.agreed_time is not None else ""
    return day_words(following.due_on, subject.today) + at


def _trouble(subject: Subject) -> str:
    return quoted(subject.trouble) if subject.trouble else ""


def _promised(subject: Subject) -> str:
    promise = subject.promise
    if promise is None:
        return ""
    doubts = {concern.number: concern.text for concern in subject.sale.history.concerns}
    told = doubts.get(promise.concern, "") if promise.about == "concern" else ""
    return quoted(told or promise.text.removeprefix(OWED_ANSWER))


def _answer(subject: Subject) -> str:
    return _BY_ANSWER.get(subject.promise.answer, "") if subject.promise is not None else ""


_READERS: Mapping[str, Callable[[Subject], str]] = {
    "first_name": _first_name,
    "company": _company,
    "product": lambda subject: subject.sale.sale.product.strip(),
    "decision_maker": _decision_maker,
    "seller_name": lambda subject: subject.me.name,
    "seller_company": lambda subject: subject.me.company,
    "seller_phone": lambda subject: subject.me.phone,
    "seller_email": lambda subject: subject.me.email,
    "contact_for_trouble": _contact_for_trouble,
    "goal": _goal,
    "need": _need,
    "concern": _concern,
    "last_result": _last_result,
    "feedback_items": _feedback_items,
    "last_contact": _last_contact,
    "date": _date,
    "next_date": _next_date,
    "trouble": _trouble,
    "promised": _promised,
    "answer": _answer,
    "referred": lambda subject: listed(subject.referred),
}


def command_for(name: str, subject: Subject) -> str:
    """What to type so that a missing value is there, with the customer's key and the number of the touchpoint."""
    from shlex import quote

    key = quote(subject.facts.customer.key)
    known = placeholder(name, anchors=subject.playbook.anchors, own=subject.playbook.placeholders)
    if known is None:
        return f"followup show {key}"
    once = f'followup message {subject.number} --set {name}="..."'
    if name == "date" and (anchor := _waits_for(subject)):
        command = f"followup anchor set {key} {anchor} DATE"
    elif known.anchors:
        anchor = next((one for one in known.anchors if one in (*subject.playbook.anchors, SALE, LIVE)), "")
        command = f"followup anchor set {key} {anchor} DATE" if anchor else once
    elif name == "date":
        command = once
    else:
        command = known.supplied_by.replace("CUSTOMER", key)
    if name == "first_name":
        command += _address_there(subject)
    command = command.replace(" ID", f" {subject.number}")
    of_a_sale = known.anchors or name in OF_A_SALE or command.startswith("followup anchor set")
    if command != once and len(subject.facts.sales) > 1 and of_a_sale:
        command += f" --sale {subject.sale.sale.number}"
    return command


def _waits_for(subject: Subject) -> str:
    """The anchor without a date that a step without a date hangs on; '' where it waits for something else."""
    if subject.touchpoint.due_on is not None or subject.step is None or subject.step.id in BUILT_IN:
        return ""
    base = subject.step.when.base
    return base if base in (*subject.playbook.anchors, SALE, LIVE) and subject.anchors.get(base) is None else ""


def command_to_reach(subject: Subject, field_name: str, value: str = '"..."') -> str:
    """What to type so that the person of the message has an address (`email`) or a number (`phone`).

    Whoever is not the main contact is named, by number where the name is not theirs alone or could not be typed.
    """
    from shlex import quote

    customer, person = subject.facts.customer, subject.person
    key = quote(customer.key)
    if person is None:
        return f'followup contact add {key} "First Last"{_address_there(subject)}'
    command = f"followup set {key} {field_name} {value}"
    main = next((one for one in subject.facts.contacts if one.is_main), next(iter(subject.facts.contacts), None))
    if main is not None and main.id == person.id:
        return command
    names = [one.name.casefold() for one in subject.facts.contacts]
    is_clear = names.count(person.name.casefold()) == 1 and person.name.isprintable()
    named = f'"{person.name}"' if re.fullmatch(r"[\w .,'-]+", person.name) else quote(person.name)
    return f"{command} --contact {named if is_clear else person.id}"


def _address_there(subject: Subject) -> str:
    """The address or number that is known without a person, as options of `contact add`; '' for none."""
    from shlex import quote

    known = next((one for one in subject.people if one.email or one.phone), None)
    if known is None:
        return ""
    ways = (("email", known.email), ("phone", known.phone))
    return "".join(f" --{name} {quote(value)}" for name, value in ways if value)


def assumed_anchors(values: Values) -> list[str]:
    """The anchors used whose dates nobody has confirmed."""
    plan = values.subject.plan
    return sorted(values.used_anchors & set(plan.assumed_anchors)) if plan is not None else []
