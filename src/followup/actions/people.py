"""People at a customer: whom a command means, and who decides now (B28)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from shlex import quote

from followup.actions.context import Context
from followup.actions.finding import facts_of
from followup.core.model.activity import Activity
from followup.core.model.customer import Contact, Customer
from followup.core.planner.facts import in_order
from followup.errors import AmbiguousError, NotFoundError

DECIDER = "decider"


def note_successor(context: Context, customer: Customer, contact_id: int) -> list[str]:
    """When this person is the new one who decides: record it for each sale, and say so (B28).

    New means that somebody else decided before, or that the former person could not be found any more. Who decided
    before keeps no role, so that one person is asked. Only inside a write.
    """
    store = context.store
    person = store.contact(contact_id)
    others = [each for each in store.contacts_of(customer.id) if each.id != contact_id]
    former = [each for each in others if each.role == DECIDER]
    sales = facts_of(context, customer.id).sales
    is_missing = any(_somebody_is_missing(sale.history.activities) for sale in sales)
    if person.role != DECIDER or not (former or is_missing):
        return []
    for each in former:
        store.update_contact(each.id, role="")
    for sale in sales:
        told = Activity(sale_id=sale.sale.number, kind="successor", on=context.today, note=person.name)
        store.add_activity(told)
    said = [f"{person.name} is the new person who decides: introduce yourself with the record of results"] * bool(sales)
    said += [
        f"{each.name} does not decide any more; to leave them out: {_leave_out(customer, each)}" for each in former
    ]
    said += [
        f"{each.name} is still the main contact; to leave them out: {_leave_out(customer, each)}"
        for each in others
        if is_missing and each.is_main and each not in former
    ]
    return said


def _leave_out(customer: Customer, person: Contact) -> str:
    return f"followup dnc {customer.key} --contact {quote(person.name)}"


def _somebody_is_missing(activities: Iterable[Activity]) -> bool:
    """True when the person was not there any more, and nobody has followed since."""
    missing = False
    for activity in in_order(activities):
        if "wrong-contact" in activity.outcomes:
            missing = True
        elif activity.kind == "successor":
            missing = False
    return missing


def main_contact(customer: Customer, people: Sequence[Contact]) -> Contact:
    """The main contact of a customer, else the first one. Raises NotFoundError when nobody is known."""
    if not people:
        raise NotFoundError(
            f"{customer.name} has no contact yet", hint=f'followup contact add {customer.key} "First Last"'
        )
    return next((person for person in people if person.is_main), people[0])


def find_person(customer: Customer, people: Sequence[Contact], text: str) -> Contact:
    """The one person at a customer that `text` names: a number, a whole name or e-mail, else a part of a name.

    The number tells apart two people who have the same name. Raises NotFoundError or AmbiguousError, listing who is
    there.
    """
    typed = text.strip().casefold()
    exact = [each for each in people if typed and typed in (str(each.id), each.name.casefold(), each.email.casefold())]
    found = exact or [each for each in people if typed and typed in each.name.casefold()]
    if len(found) == 1:
        return found[0]
    if found:
        raise AmbiguousError(
            f"{text!r} matches {len(found)} people at {customer.name}",
            candidates=[f"{each.id}  {each.name}  {each.email}".rstrip() for each in found],
            hint=f"use the e-mail or the number, for example: --contact {quote(found[0].email or str(found[0].id))}",
        )
    known = "; ".join(each.name for each in people)
    raise NotFoundError(
        f"nobody at {customer.name} is called {text!r}",
        hint=f"use one of: {known}" if known else f'followup contact add {customer.key} "First Last"',
    )
