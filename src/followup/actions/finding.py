"""Finding what the user names: customers by key, part of a name, e-mail or phone; touchpoints by number or customer."""

from __future__ import annotations

from followup.actions.context import Context
from followup.actions.steps import step_words
from followup.core.model.customer import Customer
from followup.errors import AmbiguousError, NotFoundError
from followup.store import CustomerFacts, SaleFacts, StoredTouchpoint

MOST_CANDIDATES = 20
LONGEST_NUMBER = 18  # digits; SQLite counts no further
MOST_TYPED = 60  # letters of a name that are compared with keys
MOST_COMPARED = 5000  # keys: more would be felt


def find_customer(context: Context, text: str) -> Customer:
    """The one customer that `text` names. Raises NotFoundError or AmbiguousError; changes nothing."""
    found = context.store.find_customers(text, limit=MOST_CANDIDATES)
    if not found:
        raise NotFoundError(f"no customer matches {text!r}", hint=_meant(context, text) + "followup list")
    if len(found) > 1:
        raise AmbiguousError(
            f"{text!r} matches {len(found)} customers{' or more' if len(found) == MOST_CANDIDATES else ''}",
            candidates=[f"{customer.key}  {customer.name}" + _company(customer) for customer in found],
            hint=f"use the key, for example: {found[0].key}",
        )
    return found[0]


def _meant(context: Context, text: str) -> str:
    """`did you mean KEY? ` for the key nearest to what was typed, else ''."""
    from difflib import get_close_matches

    typed = text.strip().lower().replace(" ", "-")[:MOST_TYPED]
    keys = [key for key in context.store.all_keys() if key[:1] == typed[:1]]
    near = get_close_matches(typed, sorted(keys)[:MOST_COMPARED], n=1, cutoff=0.75)
    return f"did you mean {near[0]}? " if near else ""


def _company(customer: Customer) -> str:
    return f" ({customer.company})" if customer.company and customer.company != customer.name else ""


def facts_of(context: Context, customer_id: int) -> CustomerFacts:
    """Everything recorded about one customer."""
    return next(iter(context.store.customer_facts([customer_id])))


def find_sale(context: Context, facts: CustomerFacts, number: int | None) -> SaleFacts:
    """The sale with this number, or the customer's only one, or the newest that a playbook follows."""
    if not facts.sales:
        raise NotFoundError(
            f"{facts.customer.name} has no sale yet",
            hint=f"followup sale add {facts.customer.key} --playbook saas --signed {context.today}",
        )
    if number is None:
        return facts.sales[-1]
    for sale in facts.sales:
        if sale.sale.number == number:
            return sale
    numbers = ", ".join(str(sale.sale.number) for sale in facts.sales)
    raise NotFoundError(f"{facts.customer.name} has no sale {number}", hint=f"use --sale with one of: {numbers}")


def counted_for(facts: CustomerFacts, sale: SaleFacts, number: int | None) -> str:
    """The end of a sentence: for which of several sales something counts when nobody said which; else ''."""
    if number is not None or len(facts.sales) < 2:
        return ""
    return f"; counted for sale {sale.sale.number}, another one: --sale N"


def find_touchpoint(context: Context, text: str) -> StoredTouchpoint:
    """The touchpoint with this number, or the one open touchpoint of the customer that is meant.

    For a customer that is the one due; with nothing due the next one. Several due ones are listed, none chosen.
    """
    if text.isdecimal():
        return context.store.touchpoint(int(text[:LONGEST_NUMBER]))
    customer = find_customer(context, text)
    facts = facts_of(context, customer.id)
    stored = context.store.stored_touchpoints([sale.sale.number for sale in facts.sales])
    opened = [one for one in stored if one.touchpoint.is_open and one.touchpoint.due_on is not None]
    opened.sort(key=lambda one: (one.touchpoint.due_on, one.id))
    due = [one for one in opened if one.touchpoint.due_on is not None and one.touchpoint.due_on <= context.today]
    if len(due) > 1:
        raise AmbiguousError(
            f"{customer.name} has {len(due)} contacts due",
            candidates=[f"{one.id}  {one.touchpoint.due_on}  {_step(one)}" for one in due],
            hint=f"use the number, for example: {due[0].id}",
        )
    if not opened:
        raise NotFoundError(f"{customer.name} has nothing open", hint=f"followup show {customer.key}")
    return (due or opened)[0]


def _step(stored: StoredTouchpoint) -> str:
    return step_words(stored.touchpoint.step, stored.touchpoint.occurrence)


def check_filter(what: str, value: str) -> str | None:
    """A value to filter by, None when there is none. Raises FollowupError, naming the nearest, for an unknown one."""
    if not value:
        return None
    from followup.actions.enrol import check_choice

    return check_choice(what, value)
