"""`message`: the words to send for a touchpoint, filled in from what is on record. Nothing is recorded or sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta, tzinfo
from types import MappingProxyType
from typing import TYPE_CHECKING

from followup.actions.context import Context
from followup.actions.draft_values import (
    LASTING,
    Subject,
    Values,
    assumed_anchors,
    called,
    command_for,
    command_to_reach,
)
from followup.actions.drafted import Draft, ResourceView
from followup.actions.finding import facts_of, find_customer, find_touchpoint
from followup.actions.refresh import refresh
from followup.actions.steps import why_not
from followup.actions.views import person_for, reach_of, stand_in_for
from followup.core.letter import capital, is_sorry, names_first, opening_about_concerns, opening_about_problem
from followup.core.model.channel import REMOTE, task_channel
from followup.core.model.customer import Contact, Customer
from followup.core.model.extra import PREFIX
from followup.core.model.touchpoint import Reason, Scalar, Status, Touchpoint
from followup.core.planner.built_in import ASK_RESULT, BUILT_IN
from followup.core.planner.plan import step_named
from followup.core.planner.profile import setting_of
from followup.core.visible import visible, visible_lines
from followup.delivery.mail_program import mailto_link
from followup.errors import FollowupError, NotFoundError, Problem
from followup.files import stock_messages as stock
from followup.files.letters import Filled, fill_in, place_of
from followup.files.placeholders import Group, nearest, placeholder, placeholder_names, slots_of

if TYPE_CHECKING:
    from followup.core.model.playbook import Resource
    from followup.core.model.promise import Promise
    from followup.store import CustomerFacts, StoredTouchpoint

LONGEST_VALUE = 20_000  # letters of one value
WITHOUT_SUBJECT = ("message",)  # channels that know no subject line
WRITTEN = ("email", "message", "letter")
CALLED = ("phone",)
ABOUT_A_NAME = ("referral_thanks", "referral_report")
MOST_NAMED = 3  # names that thanks repeat
IDEA_WORDS = ("improve", "idea", "change", "next model", "wish", "would you add", "drop if", "missing", "taped on")
_FORMS = {"qa": "to read"}
_CHANNEL_RULES = ("preference", "retry", "variety")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is asked for: values typed for this message, a channel, a person. `here` is the seller's zone."""

    given: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    channel: str = ""
    contact: str = ""
    here: tzinfo | None = None


class MissingValuesError(FollowupError):
    """Values that the message needs and nobody has given. `asked` are those that may be typed now: name and meaning."""

    def __init__(self, sentence: str, *, hint: str, problems: list[Problem], asked: Mapping[str, str]) -> None:
        super().__init__(sentence, hint=hint, problems=problems)
        self.asked = asked


def read_given(texts: list[str]) -> dict[str, str]:
    """Values from `name=value`, as typed behind --set. Raises FollowupError for anything else."""
    given: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        name = name.strip().strip("{}")
        if not equals or not name:
            raise FollowupError(f"{text!r} gives no value", hint='--set news="what is new"')
        if not value.strip():
            raise FollowupError(f"the value of {name} is empty", hint=f'--set {name}="..."')
        if len(value) > LONGEST_VALUE:
            raise FollowupError(f"the value of {name} is longer than {LONGEST_VALUE:,} letters", hint="shorten it")
        if name in given:
            raise FollowupError(f"{name} is given twice", hint=f'--set {name}="..." once')
        given[name] = value.strip()
    return given


def draft_message(context: Context, which: str, order: Order) -> Draft:
    """The draft for a touchpoint, named by its number or the customer. Nothing is recorded.

    Raises NotFoundError or AmbiguousError, FollowupError where nobody may be contacted or the message has no words,
    and MissingValuesError with every missing value at once, each with its place and the command that supplies it (C4).
    """
    notice = refresh(context) or context.store.notice
    _refuse_silent(context, which)
    stored = find_touchpoint(context, which)
    draft = draft_of(context, subject_of(context, stored, order), order)
    return replace(draft, notices=(*([notice] if notice else []), *draft.notices))


def draft_of(context: Context, subject: Subject, order: Order) -> Draft:
    """The draft about a subject. Raises as `draft_message` does."""
    return _Writer(context, subject, order).draft()


def _refuse_silent(context: Context, which: str) -> None:
    """A customer who is to be left alone has no open touchpoint; say that, not that there is nothing to do."""
    if not which.isdecimal():
        customer = find_customer(context, which)
        if customer.id not in context.store.reachable([customer.id]):
            raise _silent(customer)


def _silent(customer: Customer) -> FollowupError:
    return FollowupError(
        f"{customer.name} is not to be contacted: there is no draft", hint=f"followup show {customer.key}"
    )


def subject_of(context: Context, stored: StoredTouchpoint, order: Order) -> Subject:
    """What the message is about; people come from those who may be contacted, and from nowhere else.

    Raises FollowupError for a customer or person who must be left alone.
    """
    store, touchpoint = context.store, stored.touchpoint
    facts = facts_of(context, stored.customer_id)
    people = store.reachable([stored.customer_id]).get(stored.customer_id)
    if people is None or facts.customer.do_not_contact:
        raise _silent(facts.customer)
    sale = next(sale for sale in facts.sales if sale.sale.number == stored.sale_id)
    playbook = context.library.pinned(store, sale.playbook_id)
    named = stand_in_for(touchpoint.reasons) or touchpoint.step
    others = [one.touchpoint for one in store.stored_touchpoints([stored.sale_id]) if one.id != stored.id]
    return Subject(
        touchpoint=touchpoint,
        number=stored.id,
        facts=facts,
        sale=sale,
        plan=store.stored_plan(stored.sale_id),
        playbook=playbook,
        step=step_named(playbook, named),
        person=_person(facts.customer, people, touchpoint, order, context),
        people=people,
        others=[one for one in others if one.is_open],
        me=context.config.me,
        calendar=context.calendars.of(facts.customer),
        today=context.today,
        given=order.given,
        referred=_referred(context, facts, touchpoint),
    )


def _referred(context: Context, facts: CustomerFacts, touchpoint: Touchpoint) -> tuple[str, ...]:
    """Whom the customer named on the occasion that the touchpoint is about; nobody who must be left alone.

    A name is not kept with its occasion: with several, only as many names as occasions tell which is which.
    """
    if touchpoint.step not in ABOUT_A_NAME:
        return ()
    from followup.actions.prospects import REFERRED_BY

    key = facts.customer.key
    named = [one for one in context.store.exported_referrals(REFERRED_BY) if one.referrer_key == key]
    told = [activity for sale in facts.sales for activity in sale.history.activities]
    occasions = sum(activity.kind == "contacted" and "referral" in activity.outcomes for activity in told)
    if occasions > 1:
        place = touchpoint.occurrence - 1
        named = named[place : place + 1] if len(named) == occasions and len(facts.sales) == 1 else []
    return tuple(one.owner.name for one in named[:MOST_NAMED] if not one.owner.do_not_contact)


def _person(
    customer: Customer, people: list[Contact], touchpoint: Touchpoint, order: Order, context: Context
) -> Contact | None:
    if not order.contact:
        named = [person for person in people if called(person, customer)]
        return person_for(touchpoint.to, named or people)
    from followup.actions.people import find_person

    try:
        return find_person(customer, people, order.contact)
    except NotFoundError as error:
        everybody = context.store.contacts_of(customer.id)
        silent = [one for one in everybody if one.do_not_contact and _is_named(one, order.contact)]
        if not silent:
            raise
        raise FollowupError(f"{silent[0].name} is not to be contacted: there is no draft", hint=error.hint) from None


def _is_named(person: Contact, text: str) -> bool:
    typed = text.strip().casefold()
    return typed in (str(person.id), person.email.casefold()) or typed in person.name.casefold()


class _Writer:
    """Writes one draft. What is noticed on the way is said beside it."""

    def __init__(self, context: Context, subject: Subject, order: Order) -> None:
        self.context = context
        self.subject = subject
        self.order = order
        self.values = Values(subject)
        self.used: dict[str, str] = {}
        self.notices: list[str] = []
        playbook = subject.playbook
        self.known = (
            *placeholder_names(anchors=playbook.anchors, own=playbook.placeholders),
            *stock.STOCK_NAMES,
        )

    def draft(self) -> Draft:
        """The whole draft. Raises MissingValuesError."""
        subject, touchpoint = self.subject, self.subject.touchpoint
        person, customer, sale = subject.person, subject.facts.customer, subject.sale.sale
        name = subject.customer_name
        channel, reasons = self._channel()
        title, message, is_stock = self._words()
        self._check_given(title, message)
        head, said = self._filled(title, is_stock=is_stock, what="subject"), self._filled(message, is_stock=is_stock)
        self._refuse_missing(head, said, is_stock=is_stock)
        ask = self._questions()
        body = self._body(said.text, message, ask, channel, is_stock=is_stock)
        line = capital(visible(head.text).strip())
        email = person.email if person is not None else ""
        link = mailto_link(email, line, body)
        reach = reach_of(channel, email, person.phone) if person is not None else ""
        self._beside(channel, reach, email, link)
        return Draft(
            today=self.context.today,
            notices=tuple(dict.fromkeys(self.notices)),
            id=subject.number,
            customer=name,
            customer_key=customer.key,
            contact=person.name if person is not None else None,
            role=(person.role or None) if person is not None else None,
            sale=sale.number,
            product=sale.product or None,
            playbook=subject.playbook.key,
            step=touchpoint.step,
            occurrence=touchpoint.occurrence,
            stage=touchpoint.stage.value,
            purpose=touchpoint.purpose,
            due_on=touchpoint.due_on,
            channel=channel,
            channel_reasons=reasons,
            reach=reach or None,
            subject=line,
            body=body,
            text=f"{body}\n" if channel in WITHOUT_SUBJECT or not line else f"{line}\n\n{body}\n",
            ask=ask,
            goal=subject.step.goal if subject.step is not None else "",
            gives=subject.step.gives if subject.step is not None else "",
            resources=tuple(map(_resource_view, self._resources())),
            notes=customer.notes or None,
            last_words=self.context.store.last_words([customer.id]).get(customer.id) or None,
            values=dict(sorted(self.used.items())),
            link=link or None,
            then=f'followup done {subject.number} good "..."',
        )

    # The words

    def _words(self) -> tuple[str, str, bool]:
        """Subject and message as written, and whether they are stock: a built-in step, or one without a message."""
        step, touchpoint = self.subject.step, self.subject.touchpoint
        variant, number = self._variant(), touchpoint.occurrence
        if step is not None and step.id not in BUILT_IN and step.message.strip():
            return step.subject.strip() or self._usual_subject(), step.message, False
        found = stock.stock_for_step(step.id, variant, number) if step is not None else None
        words = found or stock.stock_for_purpose(touchpoint.purpose, variant, number)
        title = step.subject if step is not None and found is None and step.subject else words.subject
        return title, words.message, True

    def _usual_subject(self) -> str:
        """A subject for a message whose author wrote none; it never asks for a value."""
        subject = self.subject
        text = stock.subject_for_purpose(subject.step.purpose if subject.step is not None else "")
        return stock.NO_SUBJECT if fill_in(text, self.values, known=self.known).missing else text

    def _variant(self) -> str:
        """Which of several stock texts holds: by topic, by how practised they are, by what is known or was promised."""
        subject = self.subject
        purpose = subject.step.purpose if subject.step is not None else subject.touchpoint.purpose
        if purpose == "informative":
            return stock.topic_of(subject.touchpoint.occurrence)
        if purpose == "decision_criteria":
            return self._sophistication()
        if subject.step is not None and subject.step.id == ASK_RESULT.id:
            return "known" if self.values("last_result") else ""
        return _variant_of(subject.promise) if subject.promise is not None else ""

    def _sophistication(self) -> str:
        """How practised they are in judging such things: `low`, `high`, or '' where nobody said so (B36)."""
        given = self.order.given.get("sophistication") or self.subject.extra.get("sophistication", "")
        level = given.strip().casefold()
        if level in (stock.LOW, stock.HIGH):
            return level
        key = self.subject.facts.customer.key
        said = f"{visible(given)!r} is neither low nor high" if level else "nobody has said how practised they are"
        self.notices.append(f"{said} in judging such things: followup set {key} extra.sophistication low (or high)")
        return ""

    def _filled(self, text: str, *, is_stock: bool, what: str = "message") -> Filled:
        known = self.known if is_stock else self.known[: -len(stock.STOCK_NAMES)]
        step = self.subject.step.id if self.subject.step is not None else self.subject.touchpoint.step
        filled = fill_in(text, self.values, known=known, source=f"the {what} of {step}")
        self.used.update(filled.values)
        return filled

    def _questions(self) -> tuple[str, ...]:
        """The questions of the step, filled in; one that lacks a value is left out, and that is said."""
        questions = []
        asks = self.subject.step.ask if self.subject.step is not None else ()
        for text in asks:
            filled = fill_in(text, self.values, known=self.known)
            if filled.missing:
                name = filled.missing[0]
                typed = command_for(name, self.subject)
                self.notices.append(f"a question was left out, because {{{name}}} is not known: {typed}")
            else:
                self.used.update(filled.values)
                questions.append(visible(filled.text))
        if self._wants_ideas() and not any(_asks_for_ideas(question) for question in questions):
            filled = fill_in(stock.IDEA_QUESTION, self.values, known=self.known)
            if not filled.missing:
                questions.append(visible(filled.text))
        return tuple(questions)

    def _wants_ideas(self) -> bool:
        """True for feedback on a product that is new on the market (A15)."""
        subject = self.subject
        purpose = subject.step.purpose if subject.step is not None else subject.touchpoint.purpose
        return (
            purpose == "feedback"
            and setting_of(subject.sale.sale.profile, subject.playbook).life_cycle == "introduction"
        )

    def _body(self, said: str, template: str, ask: tuple[str, ...], channel: str, *, is_stock: bool) -> str:
        """The acknowledgement of trouble where there is any, the message, what belongs to it, and who writes."""
        parts = [self._opening(template), said.strip()]
        if self._wants_ideas() and channel in WRITTEN and not _asks_for_ideas(said):
            parts += [question for question in ask if _asks_for_ideas(question)][:1]
        if self.subject.touchpoint.purpose == "decision_criteria" and not is_stock:
            parts.append(stock.CRITERIA_LINES.get(self._sophistication(), ""))
        parts += [self._handed_over(), self._signature(channel)]
        return "\n\n".join("\n".join(visible_lines(part)) for part in parts if part)

    def _opening(self, template: str) -> str:
        """What stands first while a problem or a doubt is open: that, in their words, before any cure (C13)."""
        subject = self.subject
        problem, concerns = subject.problem, subject.concerns
        if subject.touchpoint.step == "meet_successor":  # somebody else had the trouble; the record tells of it
            return ""
        if problem is not None or subject.touchpoint.purpose == "recovery":
            if names_first(template, "trouble") or is_sorry(template):
                return ""
            return opening_about_problem(subject.trouble, subject.sale.sale.product.strip())
        if not concerns or names_first(template, "concern", *(["promised"] if _is_own_answer(subject) else [])):
            return ""
        return opening_about_concerns([concern.text for concern in concerns])

    # What goes along

    def _resources(self) -> list[Resource]:
        """What the step hands over: what is free first (D3)."""
        step, known = self.subject.step, self.subject.playbook.resources
        found = [known[key] for key in (step.resources if step is not None else ()) if key in known]
        return sorted(found, key=lambda resource: resource.fee)

    def _handed_over(self) -> str:
        """Each resource with its title, form and link; what costs extra says so (D2, D3, D5)."""
        lines = [_resource_line(resource) for resource in self._resources()]
        if not lines:
            return ""
        first = "To go with it:" if len(lines) == 1 else "Choose what suits you best:"
        return "\n".join((first, *lines))

    def _signature(self, channel: str) -> str:
        """Who writes: the signature of the configuration, else name, company and number; in a chat the name alone."""
        me = self.subject.me
        name, company = me.name.strip(), me.company.strip()
        if not (me.signature.strip() or name):
            self.notices.append('nobody signs: followup config set me.name "..."')
        lines = [each for each in dict.fromkeys((name, company, me.phone.strip())) if each] if name or company else []
        text = me.signature.strip() or "\n".join(lines)
        return (name or text.split("\n", 1)[0]) if channel == "message" else text

    # How it goes

    def _channel(self) -> tuple[str, tuple[Reason, ...]]:
        """The channel and why: do-not-contact, legal hours, preference, task, playbook, in this order (C6, C7)."""
        subject, touchpoint, step = self.subject, self.subject.touchpoint, self.subject.step
        channel, reasons = touchpoint.channel, []
        planned = [reason for reason in touchpoint.reasons if reason.rule in _CHANNEL_RULES]
        person, first = subject.person, subject.people[0] if subject.people else None
        written = step.channel if step is not None else channel
        if self.order.channel:
            channel = self.order.channel
            reasons.append(
                Reason("chosen", f"by {_spoken(channel)}: you asked for it", {"planned": touchpoint.channel})
            )
        elif (
            person is not None
            and first is not None
            and person.id != first.id
            and channel in REMOTE
            and not touchpoint.tries
        ):
            channel = person.channel if person.channel in REMOTE else written
            if channel != written:
                said = f"by {_spoken(channel)}, as {person.name} prefers, instead of {_spoken(written)}"
                reasons.append(Reason("preference", said, {"written": written}))
        else:
            reasons += planned
        if not reasons:
            reasons.append(self._usual(channel, written))
        if (hours := self._hours(channel)) is not None:
            reasons.insert(0, hours)
        return channel, tuple(reasons)

    def _usual(self, channel: str, written: str) -> Reason:
        """The task rule or the playbook, whichever the channel comes from."""
        subject = self.subject
        purpose, step = subject.touchpoint.purpose, subject.step
        complexity = setting_of(subject.sale.sale.profile, subject.playbook).complexity
        if channel == task_channel(purpose, complexity):
            text = f"{_spoken(channel)} is usual for {_spoken(purpose)} with a {complexity} product (assumption)"
            return Reason("task", text, {"purpose": purpose, "complexity": complexity})
        if step is not None and step.id in BUILT_IN:
            return Reason("built_in", f"{_spoken(channel)}: what the plan uses for such a contact", {"step": step.id})
        if channel == written:
            return Reason(
                "playbook", f"{_spoken(channel)}: written in the playbook", {"playbook": subject.playbook.key}
            )
        return Reason("planned", f"{_spoken(channel)}: as planned", {"written": written})

    def _hours(self, channel: str) -> Reason | None:
        """For a call that is due: whether it may be made now, by their own clock where it is known (DOMAIN 3.13)."""
        touchpoint, today = self.subject.touchpoint, self.context.today
        is_due = touchpoint.is_open and touchpoint.due_on is not None and touchpoint.due_on <= today
        if channel not in CALLED or not is_due:
            return None
        found = call_hours(self.context, self.subject, self.order.here)
        if found is None:
            return None
        if not found.fine:
            self.notices.append(found.text)
        inputs: dict[str, Scalar] = {"hours": found.hours, "zone": found.zone, "fine": found.fine}
        return Reason("hours", found.text, inputs)

    # What is said beside it

    def _beside(self, channel: str, reach: str, email: str, link: str) -> None:
        subject, touchpoint = self.subject, self.subject.touchpoint
        if touchpoint.status is not Status.OPEN:
            reason = why_not(touchpoint.status.value, touchpoint.reasons)
            became = touchpoint.status.value if touchpoint.done_on is None else f"done since {touchpoint.done_on}"
            self.notices.append(f"this contact is {became}" + (f": {reason}" if reason else ""))
        if subject.person is None:
            self.notices.append(f"nobody is known at {subject.customer_name}: {command_to_reach(subject, 'email')}")
        elif not reach:
            field_name = "email" if channel == "email" else "phone"
            known = "e-mail address" if channel == "email" else "number or address"
            command = command_to_reach(subject, field_name)
            self.notices.append(f"no {known} of {subject.person.name} is known: {command}")
        if email and not link:
            command = command_to_reach(subject, "email", "NAME@HOST")
            self.notices.append(f"the address {visible(email)} is not one that can be written to: {command}")
        if anchors := assumed_anchors(self.values):
            key, named = subject.facts.customer.key, anchors[0]
            self.notices.append(f"the date of {named} is assumed: followup anchor set {key} {named} DATE")
        purpose = subject.step.purpose if subject.step is not None else touchpoint.purpose
        if purpose == "informative":
            topic = stock.TOPIC_WORDS[stock.topic_of(touchpoint.occurrence)]
            self.notices.append(f"news takes turns, this time: {topic}")

    # What is missing

    def _check_given(self, title: str, message: str) -> None:
        """Every value that was typed has a place; what has none would be lost in silence."""
        texts = [title, message, *(self.subject.step.ask if self.subject.step is not None else ())]
        names = dict.fromkeys(name for text in texts for name in slots_of(text))
        if self.subject.touchpoint.purpose == "decision_criteria":
            names["sophistication"] = None
        for name in self.order.given:
            if name not in names:
                near = nearest(name, list(names))
                meant = f"did you mean {near}? " if near else ""
                raise FollowupError(
                    f"{{{name}}} does not stand in this message",
                    hint=f"{meant}it has: {', '.join(names)}" if names else "it has no names in braces",
                )

    def _refuse_missing(self, head: Filled, said: Filled, *, is_stock: bool) -> None:
        missing = list(dict.fromkeys((*said.missing, *head.missing)))
        if not missing:
            return
        problems = [self._problem(name, is_stock=is_stock) for name in missing]
        playbook = self.subject.playbook
        known = {name: placeholder(name, anchors=playbook.anchors, own=playbook.placeholders) for name in missing}
        once = {name: found.says for name, found in known.items() if found is not None and found.group is Group.ONCE}
        count = f"{len(missing)} value{'s' if len(missing) > 1 else ''}"
        raise MissingValuesError(
            f"the message to {self.subject.customer_name} needs {count} that nobody has given: "
            + ", ".join(f"{{{name}}}" for name in missing),
            hint=_all_at_once(list(once), self.subject.number) if len(once) == len(missing) else problems[0].hint,
            problems=problems,
            asked=once if len(once) == len(missing) else {},
        )

    def _problem(self, name: str, *, is_stock: bool) -> Problem:
        """One missing value: where it stands, what it means, and what to type."""
        subject = self.subject
        playbook = subject.playbook
        found = placeholder(name, anchors=playbook.anchors, own=playbook.placeholders)
        says = found.says if found is not None else stock.STOCK_NAMES.get(name, "")
        hint = command_for(name, subject)
        if name in LASTING:
            hint += f' (or for good: followup set {subject.facts.customer.key} {PREFIX}{name} "...")'
        source, line, column = f"step {subject.touchpoint.step}", 0, 0
        if not is_stock and subject.step is not None:
            source, text = self._file()
            line, column = place_of(text, name, from_line=subject.step.line)
        return Problem(
            source=source,
            line=line,
            column=column,
            message=f"{{{name}}} is not known" + (f": {says}" if says else ""),
            hint=hint,
            value=f"{{{name}}}",
        )

    def _file(self) -> tuple[str, str]:
        """The pinned text, and the name of its file while that still has the same text."""
        key, text = self.context.store.playbook_text(self.subject.sale.playbook_id)
        try:
            raw, source = self.context.library.text_of(key)
        except (FollowupError, OSError):
            return f"{key} (pinned)", text
        now = raw.decode("utf-8-sig", "replace") if isinstance(raw, bytes) else raw
        return (source, text) if now == text else (f"{key} (pinned)", text)


def _variant_of(promise: Promise) -> str:
    """`concern`, `idea:done`, `done`: what a promise was born from, and whether it is done."""
    return ":".join([*filter(None, (promise.about,)), *(["done"] if promise.done_on is not None else [])])


def _is_own_answer(subject: Subject) -> bool:
    """True when the touchpoint keeps the promise that a doubt was given: it quotes the doubt itself."""
    return subject.promise is not None and subject.promise.about == "concern"


def _all_at_once(names: list[str], number: int) -> str:
    return f"followup message {number} " + " ".join(f'--set {name}="..."' for name in names)


def _asks_for_ideas(text: str) -> bool:
    return "?" in text and any(word in text.casefold() for word in IDEA_WORDS)


def _spoken(name: str) -> str:
    return name.replace("_", " ")


def _resource_line(resource: Resource) -> str:
    form = f" ({_FORMS.get(resource.form, _spoken(resource.form))})" if resource.form else ""
    link = f": {resource.link}" if resource.link else ""
    return f"- {resource.title}{form}{link}" + (" (this one costs extra)" if resource.fee else "")


def _resource_view(resource: Resource) -> ResourceView:
    return ResourceView(
        title=resource.title, link=resource.link, mode=resource.mode, form=resource.form, fee=resource.fee
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Whether somebody may be called now, in words."""

    fine: bool
    text: str
    hours: str
    zone: str


def call_hours(context: Context, subject: Subject, here: tzinfo | None) -> Hours | None:
    """Whether a call is fine now: in the hours of the configuration, on a working day, where the customer is (3.13).

    The day is the one the program works on, the time of day is now. Where their zone is not known, the seller's
    counts; None without any.
    """
    hours = context.config.calendar.hours
    name = subject.facts.customer.timezone or context.config.calendar.timezone
    zone = _zone(name) or here
    if zone is None or "-" not in hours:
        return None
    local = context.now.astimezone(zone)
    day = context.today + (local.date() - context.now.astimezone(_own_zone(context, here)).date())
    begin, end = (_clock(part) for part in hours.split("-", 1))
    idle = subject.calendar.why_not(day)
    theirs = f"where they are ({name})" if subject.facts.customer.timezone else "here"
    if not idle and begin <= local.time().replace(tzinfo=None) < end:
        return Hours(fine=True, text=f"calls are fine now: {hours}, {local:%H:%M} {theirs}", hours=hours, zone=name)
    why = f"it is {idle}" if idle else f"it is {local:%H:%M} {theirs}"
    again = _next_day(subject, day, early=not idle and local.time().replace(tzinfo=None) < begin)
    return Hours(fine=False, text=f"no calls now: {why}; fine again {again}, {hours}", hours=hours, zone=name)


def _own_zone(context: Context, here: tzinfo | None) -> tzinfo | None:
    """The zone in which the day of the program begins: the configured one, else that of the machine."""
    return _zone(context.config.calendar.timezone) or here


def _zone(name: str) -> tzinfo | None:
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name) if name else None
    except (OSError, ValueError, LookupError):
        return None


def _next_day(subject: Subject, day: date, *, early: bool) -> str:
    if early:
        return "today"
    return f"on {subject.calendar.next_working_day(day + timedelta(days=1)):%a %Y-%m-%d}"


def _clock(text: str) -> time:
    return datetime.strptime(text.strip(), "%H:%M").time()  # noqa: DTZ007 - a time of day, no instant


def questions_are_spoken(draft: Draft) -> bool:
    """True where the questions are asked aloud, so that they are talking points and no part of a text."""
    return draft.channel not in WRITTEN
