"""Planning: facts in, stored plan out. The plan is a projection; what time changes is brought up to date daily."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from followup.actions.context import Context
from followup.actions.results import Change, Planned
from followup.core.model.channel import CAPPED
from followup.core.model.customer import Customer
from followup.core.model.history import Taken
from followup.core.model.plan import Plan
from followup.core.model.touchpoint import Touchpoint
from followup.core.planner import plan
from followup.store import CustomerFacts, PlanChange, SaleFacts


def plan_sale(facts: CustomerFacts, sale: SaleFacts, taken: tuple[Taken, ...], context: Context) -> Plan:
    """The plan of one sale from its facts; `taken` are contacts the same person has for other sales."""
    playbook = context.library.pinned(context.store, sale.playbook_id)
    if caps := contact_overrides(context):
        merged = {**caps, **playbook.overrides.get("contact", {})}
        playbook = replace(playbook, overrides={**playbook.overrides, "contact": merged})
    calendar = context.calendars.of(facts.customer)
    history = replace(sale.history, taken=taken)
    return plan(playbook, sale.sale, history, calendar, today=context.today)


def contact_overrides(context: Context) -> Mapping[str, Any]:
    """Numbers of DOMAIN appendix B `contact` that the configuration sets; a playbook's own number beats them."""
    return context.config.contact.overrides


def plan_customer(facts: CustomerFacts, context: Context) -> Iterator[tuple[int, Plan]]:
    """Plans of all sales of a customer, oldest sale first: later ones leave room for earlier ones (DOMAIN 3.7)."""
    taken: tuple[Taken, ...] = ()
    for sale in facts.sales:
        made = plan_sale(facts, sale, taken, context)
        taken += tuple(_taken(made.touchpoints, context, sale))
        yield sale.sale.number, made


def _taken(touchpoints: Iterable[Touchpoint], context: Context, sale: SaleFacts) -> Iterator[Taken]:
    purposes = context.library.pinned(context.store, sale.playbook_id).purposes
    for touchpoint in touchpoints:
        day = touchpoint.done_on or touchpoint.due_on
        if day is None or touchpoint.status not in ("open", "done"):
            continue
        purpose = purposes.get(touchpoint.purpose)
        solicited = touchpoint.agreed_time is not None or (purpose is not None and purpose.solicited)
        yield Taken(day, touchpoint.channel if touchpoint.channel in CAPPED else "", solicited)


def replan(context: Context, customer_ids: Iterable[int] | None) -> list[PlanChange]:
    """Plan these customers (None: all) and store what differs. Only inside a write."""
    facts = context.store.customer_facts(customer_ids)
    return context.store.save_plans(made for one in facts for made in plan_customer(one, context))


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
        entry.summary = f"{len(owners)} sales"
    return Planned(
        today=context.today,
        sales_count=len(owners),
        touchpoints_count=touchpoints,
        changes=tuple(change_view(change, owner=owners[change.sale_id]) for change in changes),
        rebuilt=rebuild,
        dry_run=context.dry_run,
    )


def change_view(change: PlanChange, reason: str = "", *, owner: Customer | None = None) -> Change:
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
    )
