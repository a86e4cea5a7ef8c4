"""`show` and `list`: everything about one customer, and all customers with where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice

from followup.actions.context import Context
from followup.actions.finding import facts_of
from followup.actions.refresh import refresh
from followup.actions.results import CustomerList, CustomerPage, ListItem, SaleView, TouchpointView
from followup.actions.views import (
    DECAYING,
    IMPROVING,
    Owner,
    activity_view,
    concern_view,
    contact_view,
    curve_view,
    customer_view,
    feeling_on,
    mood_line,
    mood_view,
    plan_view,
    promise_view,
    spans,
    stage_day,
)
from followup.core.model.customer import Customer
from followup.core.model.plan import Plan
from followup.core.model.stage import Stage, StageMap
from followup.core.numbers import playbook_numbers
from followup.core.planner.facts import in_order, last_contact_on
from followup.core.strength import strength_at
from followup.store import CustomerFacts, SaleFacts, StoredTouchpoint

BATCH = 500  # customers whose plans are read at once


def show(context: Context, customer: Customer) -> CustomerPage:
    """Who they are, where they are on the curve, what happened and what comes (`show`)."""
    notice = refresh(context) or context.store.notice
    facts = facts_of(context, customer.id)
    return CustomerPage(
        today=context.today,
        notices=(notice,) if notice else (),
        customer=customer_view(facts.customer),
        contacts=tuple(contact_view(contact) for contact in facts.contacts),
        sales=tuple(_sale_view(context, facts, sale) for sale in facts.sales),
    )


def owner_of(context: Context, facts: CustomerFacts, sale: SaleFacts, stored: Plan | None) -> Owner:
    """Whose touchpoints these are, for showing them."""
    return Owner(
        playbook=context.library.pinned(context.store, sale.playbook_id),
        sale=sale.sale.number,
        product=sale.sale.product,
        customer=facts.customer,
        contacts=facts.contacts,
        stages=stored.stages if stored else None,
        curve=stored.curve if stored else None,
        live_on=stored.live_on if stored else None,
    )


def upcoming(context: Context, facts: CustomerFacts, *, most: int = 3) -> tuple[TouchpointView, ...]:
    """The next open touchpoints of a customer, earliest first."""
    sales = {sale.sale.number: sale for sale in facts.sales}
    plans = context.store.stored_plans(sales)
    stored = [one for one in context.store.stored_touchpoints(sales) if one.touchpoint.is_open]
    stored.sort(key=_by_date)
    return tuple(
        plan_view(
            one.touchpoint,
            owner_of(context, facts, sales[one.sale_id], plans.get(one.sale_id)),
            context.today,
            number=one.id,
        )
        for one in stored[:most]
    )


def _by_date(stored: StoredTouchpoint) -> tuple[date, int]:
    return stored.touchpoint.due_on or date.max, stored.id


def _sale_view(context: Context, facts: CustomerFacts, sale: SaleFacts) -> SaleView:
    today, number = context.today, sale.sale.number
    stored = context.store.stored_plan(number)
    owner = owner_of(context, facts, sale, stored)
    touchpoints = sorted(context.store.stored_touchpoints([number]), key=_by_date)
    feeling = feeling_on(owner.curve, owner.live_on, today)
    stages = stored.stages if stored else None
    stage, day, days = stage_day(stages, today) if stages is not None else ("before_sale", None, None)
    strength = strength_of(sale, stages, owner, today)
    return SaleView(
        id=number,
        product=sale.sale.product,
        playbook=owner.playbook.key,
        goal=sale.sale.goal,
        stage=stage,
        stage_day=day,
        stage_days=days,
        stages=spans(stages) if stages is not None else {},
        anchors=stored.anchors if stored else dict(sale.sale.anchors),
        assumed_anchors=stored.assumed_anchors if stored else (),
        curve=curve_view(owner.curve),
        mood=mood_view(feeling),
        mood_line=mood_line(owner.curve, stages, owner.live_on) if stages is not None else (),
        live_on=owner.live_on,
        strength=strength,
        trend=trend_of(strength, sale, today) if strength is not None else (feeling.trend if feeling else None),
        touchpoints=tuple(plan_view(one.touchpoint, owner, today, number=one.id) for one in touchpoints),
        activities=tuple(activity_view(activity) for activity in in_order(sale.history.activities)),
        concerns=tuple(concern_view(concern, facts.customer) for concern in sale.history.concerns),
        promises=tuple(promise_view(promise, facts.customer) for promise in sale.history.promises),
    )


def strength_of(sale: SaleFacts, stages: StageMap | None, owner: Owner, today: date) -> int | None:
    """Relationship strength 0-100 in maintenance since the last real contact (DOMAIN 4.6); None where none is known."""
    if stages is None or stages.on(today) is not Stage.MAINTENANCE:
        return None
    begin, last = stages[Stage.MAINTENANCE].begin, last_contact_on(sale.history.activities)
    if begin is None or (last is None and sale.sale.added_on > begin):
        return None
    since = max(begin, last) if last is not None else begin
    numbers = playbook_numbers(owner.playbook)
    return round(100 * strength_at((today - since).days, numbers.maintenance.start_stability_days))


def trend_of(strength: int, sale: SaleFacts, today: date) -> str:
    """Improving only when somebody was reached within 30 days; otherwise a relationship decays (B38)."""
    last = last_contact_on(sale.history.activities)
    return IMPROVING if last is not None and (today - last).days <= 30 else DECAYING


def list_customers(
    context: Context,
    *,
    stage: str | None = None,
    tag: str | None = None,
    playbook: str | None = None,
    tier: str | None = None,
    text: str | None = None,
) -> CustomerList:
    """Customers with stage, mood, last contact and next touchpoint (`list`), by name; one line per sale."""
    if playbook and playbook not in context.store.playbook_sales():
        context.library.text_of(playbook)  # raises, naming the nearest, for one that does not exist
    notice = refresh(context) or context.store.notice
    ids = [customer.id for customer in context.store.find_customers(text, limit=10_000)] if text else None
    wanted = (
        facts
        for facts in context.store.customer_facts(ids)
        if (not tag or tag in facts.customer.tags) and (not tier or tier == facts.customer.tier)
    )
    items: list[ListItem] = []
    while batch := list(islice(wanted, BATCH)):
        items += [
            item
            for item in _list_items(context, batch)
            if stage in (None, item.stage) and playbook in (None, item.playbook)
        ]
    items.sort(key=lambda item: (item.customer.casefold(), item.sale or 0))
    return CustomerList(today=context.today, items=tuple(items), notices=(notice,) if notice else ())


def _list_items(context: Context, batch: list[CustomerFacts]) -> Iterator[ListItem]:
    """The lines of some customers, from two queries for all of them."""
    numbers = [sale.sale.number for facts in batch for sale in facts.sales]
    plans = context.store.stored_plans(numbers)
    first: dict[int, StoredTouchpoint] = {}
    for one in sorted(context.store.stored_touchpoints(numbers), key=_by_date):
        if one.touchpoint.is_open:
            first.setdefault(one.sale_id, one)
    for facts in batch:
        if not facts.sales:
            customer = facts.customer
            yield ListItem(customer=customer.name, customer_key=customer.key, tier=customer.tier, tags=customer.tags)
        for sale in facts.sales:
            yield _list_item(context, facts, sale, plans.get(sale.sale.number), first.get(sale.sale.number))


def _list_item(
    context: Context, facts: CustomerFacts, sale: SaleFacts, mine: Plan | None, following: StoredTouchpoint | None
) -> ListItem:
    customer, today = facts.customer, context.today
    owner = owner_of(context, facts, sale, mine)
    feeling = feeling_on(owner.curve, owner.live_on, today)
    stage, day, days = stage_day(mine.stages, today) if mine else (Stage.BEFORE_SALE.value, None, None)
    strength = strength_of(sale, mine.stages if mine else None, owner, today)
    return ListItem(
        customer=customer.name,
        customer_key=customer.key,
        sale=sale.sale.number,
        product=sale.sale.product,
        playbook=owner.playbook.key,
        stage=stage,
        stage_day=day,
        stage_days=days,
        mood=round(100 * feeling.mood) if feeling else None,
        strength=strength,
        trend=trend_of(strength, sale, today) if strength is not None else (feeling.trend if feeling else None),
        tier=customer.tier,
        tags=customer.tags,
        last_contact_on=last_contact_on(sale.history.activities),
        next=plan_view(following.touchpoint, owner, today, number=following.id) if following else None,
    )
