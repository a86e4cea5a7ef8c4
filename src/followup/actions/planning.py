"""Planning: facts in, stored plan out. The plan is a projection; what time changes is brought up to date daily."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from followup.actions.context import Context
from followup.actions.refresh import lapsed
from followup.actions.results import Change, Planned
from followup.core.model.channel import CAPPED
from followup.core.model.customer import Customer
from followup.core.model.history import Elsewhere, History, Taken
from followup.core.model.plan import Plan
from followup.core.model.playbook import Playbook
from followup.core.model.touchpoint import Status, Touchpoint
from followup.core.planner import plan
from followup.core.planner.facts import real_contacts
from followup.core.planner.plan import forbids
from followup.core.planner.sharing import elsewhere
from followup.store import CustomerFacts, PlanChange, SaleFacts, StoredTouchpoint


def plan_sale(facts: CustomerFacts, sale: SaleFacts, history: History, context: Context) -> Plan:
    """The plan of one sale from its facts; `history` also knows what the customer's other sales take and forbid."""
    calendar = context.calendars.of(facts.customer)
    return plan(playbook_of(sale, context), sale.sale, history, calendar, today=context.today)


def playbook_of(sale: SaleFacts, context: Context) -> Playbook:
    """The playbook pinned to a sale, with what the configuration says about contacts laid under it."""
    playbook = context.library.pinned(context.store, sale.playbook_id)
    if caps := contact_overrides(context):
        merged = {**caps, **playbook.overrides.get("contact", {})}
        playbook = replace(playbook, overrides={**playbook.overrides, "contact": merged})
    return playbook


def contact_overrides(context: Context) -> Mapping[str, Any]:
    """Numbers of DOMAIN appendix B `contact` that the configuration sets; a playbook's own number beats them."""
    return context.config.contact.overrides


def plan_customer(facts: CustomerFacts, context: Context) -> Iterator[tuple[int, Plan]]:
    """Plans of all sales of a customer, oldest sale first: later ones leave room for earlier ones (DOMAIN 3.7).

    What was really made for one sale counts for every other one.
    """
    made = {sale.sale.number: tuple(_made(sale, context)) for sale in facts.sales} if len(facts.sales) > 1 else {}
    ahead: tuple[Taken, ...] = ()
    forbidden = _forbidden(facts, context)
    for sale in facts.sales:
        number = sale.sale.number
        taken = (*ahead, *(one for other, contacts in made.items() if other != number for one in contacts))
        history = replace(sale.history, taken=taken, elsewhere=elsewhere(forbidden, but=number))
        planned = plan_sale(facts, sale, history, context)
        ahead += tuple(_ahead(planned.touchpoints, context, sale))
        yield number, planned


def _forbidden(facts: CustomerFacts, context: Context) -> Mapping[int, Elsewhere]:
    """What each sale forbids the others; nothing where there is only one."""
    if len(facts.sales) < 2:
        return {}
    calendar = context.calendars.of(facts.customer)
    return {
        sale.sale.number: forbids(playbook_of(sale, context), sale.sale, sale.history, calendar, today=context.today)
        for sale in facts.sales
    }


def _made(sale: SaleFacts, context: Context) -> Iterator[Taken]:
    """Contacts that were really made for a sale; those that the customer began count towards gaps only."""
    purposes = context.library.pinned(context.store, sale.playbook_id).purposes
    for contact in real_contacts(sale.history.activities):
        purpose = purposes.get(contact.purpose)
        channel = contact.channel if contact.channel in CAPPED and contact.direction == "outbound" else ""
        yield Taken(contact.on, channel, purpose is not None and purpose.solicited)


def _ahead(touchpoints: Iterable[Touchpoint], context: Context, sale: SaleFacts) -> Iterator[Taken]:
    """Contacts that are planned for a sale."""
    purposes = context.library.pinned(context.store, sale.playbook_id).purposes
    for touchpoint in touchpoints:
        if touchpoint.due_on is None or not touchpoint.is_open:
            continue
        purpose = purposes.get(touchpoint.purpose)
        solicited = touchpoint.agreed_time is not None or (purpose is not None and purpose.solicited)
        yield Taken(touchpoint.due_on, touchpoint.channel if touchpoint.channel in CAPPED else "", solicited)


def replan(context: Context, customer_ids: Iterable[int] | None) -> list[PlanChange]:
    """Plan these customers (None: all) and store what differs. Only inside a write."""
    facts = context.store.customer_facts(customer_ids)
    return context.store.save_plans(made for one in facts for made in plan_customer(one, context))


def up_to_date(
    context: Context, customer_ids: Iterable[int], *, but: StoredTouchpoint | None = None
) -> tuple[str, ...]:
    """Plan anew those of these customers whom time alone has overtaken, and give the notice of what lapsed.

    It comes before what a command records, whose effect it is not (DESIGN 3). Only inside a write. `but` is the
    touchpoint that the command is about: what becomes of it is the command's to tell.
    """
    stale = set(customer_ids).intersection(context.store.sales_to_refresh(context.today))
    if not stale:
        return ()
    own = (but.sale_id, but.touchpoint.step, but.touchpoint.occurrence) if but is not None else None
    changes = replan(context, sorted(stale))
    notice = lapsed(context, [each for each in changes if (each.sale_id, each.step, each.occurrence) != own])
    return (notice,) if notice else ()


def bring_up_to_date(context: Context, *, customer_id: int | None, rebuild: bool) -> Planned:
    """`plan`: bring plans up to date; with `rebuild` from facts alone, whatever is stored."""
    ids = [customer_id] if customer_id is not None else None
    if ids is None and not rebuild:
        ids = context.store.sales_to_refresh(context.today)
    owners: dict[int, Customer] = {}
    touchpoints = 0

    def planned() -> Iterator[tuple[int, Plan]]:
        nonlocal touchpoints
        for facts in context.store.customer_facts(ids):
            for number, made in plan_customer(facts, context):
                owners[number] = facts.customer
                touchpoints += len(made.touchpoints)
                yield number, made

    with context.write("plan") as entry:
        changes = context.store.save_plans(planned())
        said = lapsed(context, changes)
        entry.summary = f"{len(owners)} sales"
    return Planned(
        today=context.today,
        said=(said,) if said else (),
        sales_count=len(owners),
        touchpoints_count=touchpoints,
        changes=tuple(change_view(change, owner=owners[change.sale_id]) for change in changes),
        rebuilt=rebuild,
        dry_run=context.dry_run,
    )


def change_view(
    change: PlanChange, reason: str = "", *, owner: Customer | None = None, status: Status | None = None
) -> Change:
    """A stored plan's change as commands show it; `owner` where it is not plain whose it is."""
    return Change(
        step=change.step,
        occurrence=change.occurrence,
        change=change.change,
        from_on=change.from_on,
        to_on=change.to_on,
        reason=reason,
        customer=owner.name if owner is not None else None,
        customer_key=owner.key if owner is not None else None,
        status=status.value if status is not None else None,
    )
