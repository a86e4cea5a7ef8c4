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
    Owner,
    activity_view,
    concern_view,
    contact_view,
    curve_view,
    customer_view,
    mood_line,
    mood_view,
    plan_view,
    promise_view,
    spans,
    stage_day,
    strength_view,
)
from followup.core.alarms import alarms, allowed_gap
from followup.core.model.customer import Customer
from followup.core.model.plan import Plan
from followup.core.model.reading import last_understood
from followup.core.model.stage import Stage
from followup.core.model.touchpoint import Reason
from followup.core.numbers import playbook_numbers
from followup.core.planner.facts import in_order, last_contact_on, valuable_contacts
from followup.core.planner.profile import setting_of
from followup.core.planner.rotation import rhythm_tier
from followup.store import CustomerFacts, SaleFacts, StoredTouchpoint

BATCH = 500  # customers whose plans are read at once
EFFORT, ON_HOLD, STAGE_MOVED = "effort", "on_hold", "stage"  # rules of what the planner says about a whole sale
FIRST_RESULT = "first_result"


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
        evidence=stored.evidence if stored else None,
        relationship=stored.relationship if stored else None,
    )


def upcoming(context: Context, facts: CustomerFacts, *, most: int = 3) -> tuple[TouchpointView, ...]:
    """The next open touchpoints of a customer: trouble and broken promises that are due, then earliest first."""
    sales = {sale.sale.number: sale for sale in facts.sales}
    plans = context.store.stored_plans(sales)
    stored = [one for one in context.store.stored_touchpoints(sales) if one.touchpoint.is_open]
    stored.sort(key=_by_date)
    due = sum(one.touchpoint.due_on is not None and one.touchpoint.due_on <= context.today for one in stored)
    views = [
        plan_view(
            one.touchpoint,
            owner_of(context, facts, sales[one.sale_id], plans.get(one.sale_id)),
            context.today,
            number=one.id,
        )
        for one in stored[: max(due, most)]
    ]
    return tuple(sorted(views, key=lambda view: not _is_trouble(view, context.today))[:most])


def _is_trouble(view: TouchpointView, today: date) -> bool:
    return view.lane == 1 and view.due_on is not None and view.due_on <= today


def _by_date(stored: StoredTouchpoint) -> tuple[date, int]:
    return stored.touchpoint.due_on or date.max, stored.id


def _sale_view(context: Context, facts: CustomerFacts, sale: SaleFacts) -> SaleView:
    today, number = context.today, sale.sale.number
    stored = context.store.stored_plan(number)
    owner = owner_of(context, facts, sale, stored)
    touchpoints = sorted(context.store.stored_touchpoints([number]), key=_by_date)
    feeling = owner.feeling(today)
    stages = stored.stages if stored else None
    knowledge = last_understood(sale.history.readings)
    stage, day, days = stage_day(stages, today) if stages is not None else ("before_sale", None, None)
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
        strength=strength_view(owner.relationship, today),
        trend=feeling.trend if feeling else None,
        touchpoints=tuple(plan_view(one.touchpoint, owner, today, number=one.id) for one in touchpoints),
        activities=tuple(activity_view(activity) for activity in in_order(sale.history.activities)),
        concerns=tuple(concern_view(concern, facts.customer) for concern in sale.history.concerns),
        promises=tuple(promise_view(promise, facts.customer) for promise in sale.history.promises),
        flags=flags_of(sale, facts, stored, owner, today),
        understood=knowledge.value if knowledge else None,
        understood_on=knowledge.on if knowledge else None,
        value=sale.sale.value,
        external_id=sale.sale.external_id,
        extra=dict(sale.sale.extra),
    )


def flags_of(sale: SaleFacts, facts: CustomerFacts, made: Plan | None, owner: Owner, today: date) -> tuple[Reason, ...]:
    """What to look at about a sale: what the planner flagged, then the alarms of today (B40, C16)."""
    if made is None:
        return ()
    told = tuple(flag for flag in made.flags if flag.rule != EFFORT)
    if facts.customer.do_not_contact or sale.sale.do_not_contact or any(flag.rule == ON_HOLD for flag in told):
        return told
    customer, feeling = facts.customer, owner.feeling(today)
    stage = made.stages.on(today)
    contacts = valuable_contacts(sale.history.activities)
    begin = made.stages[Stage.NOVELTY].begin or sale.sale.added_on
    since = contacts[-1].on if contacts else max(begin, sale.sale.added_on)
    setting = setting_of(sale.sale.profile, owner.playbook)
    allowed = allowed_gap(
        stage,
        playbook_numbers(owner.playbook, setting.complexity),
        tier=rhythm_tier(setting),
        kind=customer.kind,
    )
    return told + alarms(
        feeling.mood if feeling else None,
        feeling.level if feeling else 0.0,
        silent_days=(today - since).days,
        allowed_days=allowed,
        awaits_result=stage is Stage.LEARNING and _awaits_result(sale, told, owner),
    )


def _awaits_result(sale: SaleFacts, told: tuple[Reason, ...], owner: Owner) -> bool:
    """True when the playbook names a first result, learning had to go on for longer, and none was recorded (B4)."""
    if not owner.playbook.first_result:
        return False
    has_result = any(activity.milestone == FIRST_RESULT for activity in sale.history.activities)
    return not has_result and any("extensions" in flag.inputs for flag in told)


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
    feeling = owner.feeling(today)
    stage, day, days = stage_day(mine.stages, today) if mine else (Stage.BEFORE_SALE.value, None, None)
    return ListItem(
        customer=customer.name,
        customer_key=customer.key,
        sale=sale.sale.number,
        product=sale.sale.product,
        playbook=owner.playbook.key,
        stage=stage,
        stage_day=day,
        stage_days=days,
        mood=feeling.estimate if feeling else None,
        strength=strength_view(owner.relationship, today),
        trend=feeling.trend if feeling else None,
        tier=customer.tier,
        tags=customer.tags,
        last_contact_on=last_contact_on(sale.history.activities),
        next=plan_view(following.touchpoint, owner, today, number=following.id) if following else None,
        flags=tuple(flag for flag in flags_of(sale, facts, mine, owner, today) if flag.rule != STAGE_MOVED),
    )
