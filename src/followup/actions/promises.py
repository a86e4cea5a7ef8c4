"""`promise add|done|list`: what we owe customers; closed only when it is done and they were told (C14, C15, E18)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from followup.actions.context import Context
from followup.actions.enrol import check_text, written
from followup.actions.finding import counted_for, facts_of, find_customer, find_sale
from followup.actions.planning import up_to_date
from followup.actions.results import PromiseLine, PromiseList, Written
from followup.actions.views import person_for
from followup.core.model.customer import Customer
from followup.core.model.promise import Promise
from followup.core.planner.draft import day_text
from followup.errors import FollowupError
from followup.store import CustomerFacts, SaleFacts

IDEA = "idea"
ANSWERED = {"adopted": "is adopted", "planned": "is planned", "declined": "is declined"}

# What can be said of a promise on a day, the most pressing first.
BROKEN, TELL, OPEN, KEPT, LATE = "broken", "tell", "open", "kept", "late"
STATES = (BROKEN, TELL, OPEN, KEPT, LATE)


def state_of(promise: Promise, today: date) -> str:
    """How a promise stands: `broken` past its day, `tell` done but not told, `open`, `kept` in time, or kept `late`."""
    if promise.told_on is not None:
        return LATE if _days_late(promise) > 0 else KEPT
    if promise.done_on is not None:
        return TELL
    return BROKEN if promise.by < today else OPEN


def _days_late(promise: Promise) -> int:
    """By how many days it was done after its day; not more than 0 when it was in time."""
    return ((promise.done_on or promise.told_on or promise.by) - promise.by).days


def add_promise(context: Context, which: str, text: str, *, by: date, about: str, sale: int | None) -> Written:
    """Record what we owe a customer, with its day (C14). Raises FollowupError for a day that has passed."""
    owed = check_text("promise", text)
    if by < context.today:
        raise FollowupError(f"{day_text(by)} has passed: a promise is for a day to come", hint="--by fri")
    with context.write("promise add") as entry:
        customer = find_customer(context, which)
        notices = up_to_date(context, [customer.id])
        facts = facts_of(context, customer.id)
        found = find_sale(context, facts, sale)
        promise_id = context.store.add_promise(Promise(sale_id=found.sale.number, text=owed, by=by, about=about))
        entry.summary = f"promise {promise_id} of {customer.key}"
        owing = f"promise {promise_id} to {customer.name}, by {day_text(by)}"
        said = [f"{owing}; it stays open until it is done and they were told{counted_for(facts, found, sale)}"]
        if why := context.calendars.of(customer).why_not(by):
            said.append(f"warning: {day_text(by)} is {why}")
        sale_id = found.sale.number
        return written(context, "promise add", customer.id, said, sale=sale_id, number=promise_id, notices=notices)


def keep_promise(context: Context, promise_id: int, *, told: bool, answer: str, on: date) -> Written:
    """A promise is done, or the customer was told, or both (`promise done`). It closes only with both (C14)."""
    if on > context.today:
        raise FollowupError(
            f"{day_text(on)} lies in the future: what has not happened cannot be recorded",
            hint=f"followup promise done {promise_id}",
        )
    with context.write("promise done") as entry:
        before = context.store.promise(promise_id)
        notices = up_to_date(context, [context.store.sale_facts(before.sale_id)[0].customer.id])
        after = _carried_out(before, told=told, answer=answer, on=on)
        context.store.update_promise(promise_id, done_on=after.done_on, told_on=after.told_on, answer=after.answer)
        facts, sale = context.store.sale_facts(before.sale_id)
        entry.summary = f"promise {promise_id} of {facts.customer.key}"
        said = list(_kept_sentences(after, facts, sale))
        return written(
            context,
            "promise done",
            facts.customer.id,
            said,
            sale=before.sale_id,
            number=promise_id,
            notices=notices,
        )


def _carried_out(promise: Promise, *, told: bool, answer: str, on: date) -> Promise:
    """The promise with what is new. Raises FollowupError for what is known already or cannot be."""
    command = f"followup promise done {promise.id}"
    if answer and promise.about != IDEA:
        raise FollowupError(f"promise {promise.id} answers no idea", hint=f"{command} --told")
    if not promise.is_open:
        if answer:
            return replace(promise, answer=answer)
        raise FollowupError(
            f"promise {promise.id} was closed on {promise.told_on}: it is done and they were told",
            hint="followup promise list --all",
        )
    if promise.done_on is not None:
        if not told and not answer:
            raise FollowupError(
                f"promise {promise.id} was done on {promise.done_on}; the customer must still be told",
                hint=f"{command} --told",
            )
        if told and on < promise.done_on:
            raise FollowupError(
                f"{on} lies before the day on which it was done, {promise.done_on}", hint=f"{command} --told"
            )
    return replace(
        promise,
        done_on=promise.done_on or on,
        told_on=on if told else None,
        answer=answer or promise.answer,
    )


def _kept_sentences(promise: Promise, facts: CustomerFacts, sale: SaleFacts) -> Iterable[str]:
    late = _days_late(promise)
    when = "in time" if late <= 0 else f"{late} day{'s' if late > 1 else ''} late"
    name = f"promise {promise.id} to {facts.customer.name}"
    command = f"followup promise done {promise.id}"
    if promise.told_on is not None:
        yield f"{name} is kept, {when}: done, and told on {day_text(promise.told_on)}"
    else:
        yield f"{name} is done, {when}; it stays open until they were told"
        yield f"tell {_reach(facts)}, then: {command} --told"
    if promise.about == IDEA:
        yield from _idea_sentences(promise, command)
    if doubt := next((each for each in sale.history.concerns if each.number == promise.concern and each.is_open), None):
        yield f"the concern it answers is still open: followup concern resolve {doubt.id}"


def _idea_sentences(promise: Promise, command: str) -> Iterable[str]:
    """What became of an idea: adopted, planned, or declined with the reason (C15)."""
    if not promise.answer:
        yield f"what became of the idea? {command} --answer adopted, planned or declined"
        return
    reason = "; tell them the reason" if promise.answer == "declined" and promise.told_on is None else ""
    yield f"their idea {ANSWERED[promise.answer]}{reason}"


def _reach(facts: CustomerFacts) -> str:
    """Whom to tell, and where: `Anna Meyer (+49 30 1234567, anna@meyer.example)`."""
    person = person_for("", facts.contacts)
    if facts.customer.do_not_contact or (facts.contacts and person is None):
        return f"{facts.customer.name} only when they come to you: they are not to be contacted"
    if person is None:
        return facts.customer.name
    where = ", ".join(text for text in (person.phone, person.email) if text)
    return f"{person.name} ({where})" if where else person.name


def list_promises(context: Context, which: str | None, *, everything: bool) -> PromiseList:
    """Promises of one customer or of all: broken ones first, then what is only to be told, then by their day.

    With `everything` also those that are closed. The counts are of closed promises either way (E18).
    """
    customer_id = find_customer(context, which).id if which else None
    lines = [
        promise_line(found, owner, context.today) for found, owner in context.store.promises(customer_id=customer_id)
    ]
    shown = [line for line in lines if everything or line.told_on is None]
    shown.sort(key=lambda line: (STATES.index(line.state), line.by, line.id))
    return PromiseList(
        today=context.today,
        items=tuple(shown),
        kept_count=sum(line.state == KEPT for line in lines),
        late_count=sum(line.state == LATE for line in lines),
        broken_count=sum(line.state == BROKEN for line in lines),
    )


def promise_line(promise: Promise, customer: Customer, today: date) -> PromiseLine:
    """A promise with whose it is and how it stands."""
    return PromiseLine(
        id=promise.id,
        sale=promise.sale_id,
        customer=customer.name,
        customer_key=customer.key,
        text=promise.text,
        by=promise.by,
        done_on=promise.done_on,
        told_on=promise.told_on,
        about=promise.about,
        answer=promise.answer,
        state=state_of(promise, today),
    )
