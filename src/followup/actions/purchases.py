"""Purchases that follow from a contact: a new sale, signed already or before its signature (B37, DOMAIN 5.4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from followup.actions.context import Context
from followup.actions.finding import facts_of
from followup.actions.library import Volume
from followup.actions.told import About, Told
from followup.core.dates import add, times
from followup.core.model.playbook import Playbook
from followup.core.model.sale import Profile, Sale
from followup.core.model.stage import Stage
from followup.core.planner.anchors import SALE
from followup.errors import NotFoundError


def add_following_sale(context: Context, about: About, told: Told) -> tuple[int, str]:
    """A sale signed on the day of the contact; its number and the key of its playbook."""
    product = told.product.strip() or about.sale.sale.product
    playbook, playbook_id = _following(context, about, told)
    return _add(context, about, playbook, playbook_id, product, {SALE: told.on}), playbook.key


def opens_before_sale(context: Context, about: About, told: Told) -> tuple[int, str, date]:
    """A sale that stands before its signature from the day of the contact on: number, playbook and assumed signature.

    Its signature is taken to be as far ahead as the playbook begins before one.
    """
    playbook, playbook_id = _following(context, about, told)
    begins = playbook.stages[Stage.BEFORE_SALE].begins
    calendar = context.calendars.of(about.customer)
    signature = add(told.on, times(begins.offset, -1), calendar) if begins.base == SALE else told.on
    product = told.product.strip() or told.opportunity.strip()
    return _add(context, about, playbook, playbook_id, product, {SALE: signature}), playbook.key, signature


def _following(context: Context, about: About, told: Told) -> tuple[Playbook, int]:
    """The playbook that follows the new sale: the one named, else the same as it is today, else as it was pinned."""
    if told.playbook:
        return _pinned(context, context.library.volume(told.playbook))
    try:
        return _pinned(context, context.library.volume(about.playbook.key))
    except NotFoundError:
        return about.playbook, about.sale.playbook_id


def _pinned(context: Context, volume: Volume) -> tuple[Playbook, int]:
    return volume.playbook, context.library.pin(context.store, volume)


def _add(
    context: Context, about: About, playbook: Playbook, playbook_id: int, product: str, anchors: Mapping[str, date]
) -> int:
    before = about.sale.sale
    number = len(facts_of(context, about.customer.id).sales) + 1
    sale = Sale(
        key=f"{about.customer.key}/{number}",
        customer_id=about.customer.id,
        product=product,
        goal=before.goal if product == before.product else "",
        playbook=playbook.key,
        anchors=anchors,
        added_on=context.today,
        profile=Profile(),
    )
    return context.store.add_sale(sale, playbook_id=playbook_id)
