"""`hold`, `resume`, `dnc`: customers who are to be left in peace, for a while or for good."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from shlex import quote

from followup.actions.context import Context
from followup.actions.enrol import written
from followup.actions.finding import facts_of, find_customer, find_sale
from followup.actions.people import find_person
from followup.actions.planning import up_to_date
from followup.actions.results import Written
from followup.actions.telling import NO_LONGER, NOT_CONTACTED
from followup.core.model.activity import Activity
from followup.core.model.customer import Contact, Customer
from followup.core.planner.draft import day_text
from followup.core.planner.facts import in_order
from followup.core.planner.holds import Hold, holds_of
from followup.errors import FollowupError
from followup.store import SaleFacts

STAYS_DUE = "recovery and deadlines stay due, everything else waits"


def hold_of(sale: SaleFacts, today: date) -> Hold | None:
    """The hold in which a sale is on a day, None when it is not on hold."""
    holds = holds_of(in_order(sale.history.activities))
    return next((hold for hold in holds if hold.holds(today)), None)


def hold(context: Context, which: str, *, until: date | None, why: str) -> Written:
    """Let every sale of a customer wait, until a day or until `resume` (DESIGN 3).

    Raises FollowupError when the customer is on hold already or `until` is not in the future.
    """
    if until is not None and until <= context.today:
        word = "has passed" if until < context.today else "is today"
        raise FollowupError(f"{day_text(until)} {word}: a hold ends on a day to come", hint="--until 2w")
    with context.write("hold") as entry:
        customer = find_customer(context, which)
        notices = up_to_date(context, [customer.id])
        facts = facts_of(context, customer.id)
        find_sale(context, facts, None)
        running = [hold_of(sale, context.today) for sale in facts.sales]
        if None not in running:
            raise FollowupError(_is_held(customer, running[0]), hint=f"followup resume {customer.key}")
        for sale, held in zip(facts.sales, running, strict=True):
            if held is None:
                context.store.add_activity(
                    Activity(sale_id=sale.sale.number, kind="held", on=context.today, to_on=until, note=why.strip())
                )
        entry.summary = f"{customer.key}, {running.count(None)} of {len(running)} sales"
        end = f"until {day_text(until)}" if until else f"until you say: followup resume {customer.key}"
        said = [f"{customer.name} is on hold {end}", STAYS_DUE]
        return written(context, "hold", customer.id, said, notices=notices)


def _is_held(customer: Customer, held: Hold | None) -> str:
    since = f" since {day_text(held.begin)}" if held else ""
    end = f", until {day_text(held.end)}" if held and held.end else ""
    return f"{customer.name} is on hold{since}{end}"


def resume(context: Context, which: str) -> Written:
    """Go on with a customer: what remained of each delay runs on from today, without a burst.

    Raises FollowupError when the customer is not on hold.
    """
    with context.write("resume") as entry:
        customer = find_customer(context, which)
        notices = up_to_date(context, [customer.id])
        facts = facts_of(context, customer.id)
        find_sale(context, facts, None)
        waiting = [(sale, held) for sale in facts.sales if (held := hold_of(sale, context.today)) is not None]
        if not waiting:
            raise FollowupError(f"{customer.name} is not on hold", hint=f"followup hold {customer.key} --until 2w")
        for sale, _ in waiting:
            context.store.add_activity(Activity(sale_id=sale.sale.number, kind="resumed", on=context.today))
        entry.summary = f"{customer.key}, {len(waiting)} of {len(facts.sales)} sales"
        days = max((context.today - held.begin).days for _, held in waiting)
        rested = f" after {days} day{'s' if days > 1 else ''}" if days else ""
        said = [f"{customer.name} goes on{rested}: what remained of each delay runs on from today"]
        return written(context, "resume", customer.id, said, notices=notices)


def do_not_contact(context: Context, which: str, *, person: str, off: bool) -> Written:
    """Leave a customer, or one `person` there, alone at once and for good; with `off` take that back.

    Saying it twice changes nothing. Raises NotFoundError or AmbiguousError for a person.
    """
    with context.write("dnc") as entry:
        customer = find_customer(context, which)
        notices = up_to_date(context, [customer.id])
        people = context.store.contacts_of(customer.id)
        if person:
            chosen = find_person(customer, people, person)
            entry.summary = f"contact {chosen.id} of {customer.key}: {'may be contacted' if off else 'not any more'}"
            said = _person(context, customer, people, chosen, off=off)
        else:
            entry.summary = f"{customer.key}: {'may be contacted' if off else 'not any more'}"
            said = _everybody(context, customer, people, off=off)
        result = written(context, "dnc", customer.id, said, notices=notices)
        changes = [replace(each, reason=NOT_CONTACTED) if each.reason == NO_LONGER else each for each in result.changes]
        return result if off else replace(result, changes=tuple(changes))


def _everybody(context: Context, customer: Customer, people: list[Contact], *, off: bool) -> list[str]:
    silent = [each for each in people if each.do_not_contact]
    still = [f"{each.name} is still not contacted: {_off(customer, each)}" for each in silent]
    if customer.do_not_contact is not off:
        now = "may be contacted already" if off else "is not contacted already"
        return [f"{customer.name} {now}; nothing was changed", *(still if off else ())]
    context.store.update_customer(customer.id, do_not_contact=not off)
    if off:
        return [f"{customer.name} may be contacted again; what is still to be done is planned anew", *still]
    return [
        f"do not contact {customer.name}: everything that was planned is cancelled",
        f"to take it back: followup dnc {customer.key} --off",
    ]


def _person(context: Context, customer: Customer, people: list[Contact], chosen: Contact, *, off: bool) -> list[str]:
    if chosen.do_not_contact is not off:
        now = "may be contacted already" if off else "is not contacted already"
        said = [f"{chosen.name} {now}; nothing was changed"]
    else:
        context.store.update_contact(chosen.id, do_not_contact=not off)
        said = [f"{chosen.name} may be contacted again" if off else f"do not contact {chosen.name} of {customer.name}"]
    if off:
        if customer.do_not_contact:
            said.append(f"{customer.name} as a whole is still not contacted: followup dnc {customer.key} --off")
        return said
    left = [each for each in people if each.id != chosen.id and not each.do_not_contact]
    if left:
        said.append(f"left to talk to: {', '.join(each.name for each in left)}")
    else:
        said.append("nobody is left to talk to: everything that was planned is cancelled")
    said.append(f"to take it back: {_off(customer, chosen)}")
    return said


def _off(customer: Customer, person: Contact) -> str:
    return f"followup dnc {customer.key} --contact {quote(person.name)} --off"
