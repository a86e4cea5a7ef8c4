"""Prospects: people whom a customer named, kept with who named them (B33)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from followup.actions.context import Context
from followup.actions.enrol import check_text, first_name_of
from followup.actions.keys import NewKeys
from followup.core.model.customer import Contact, Customer

PROSPECT = "prospect"
REFERRED_BY = "referred_by"
MOST_ALIKE = 1000


def add_prospects(context: Context, referrer: Customer, names: Iterable[str]) -> Iterator[str]:
    """A customer without a sale for each name that is not known yet, and a sentence for each. Only inside a write."""
    for name in (check_text("name", name) for name in names):
        known = _known(context, name)
        if known is not None:
            yield f"{name} is known already as {known.key}; not added again"
            continue
        key = _add(context, name, referrer)
        yield f"new prospect: {name} ({key}), referred by {referrer.name}; a phone: followup set {key} phone NUMBER"


def _known(context: Context, name: str) -> Customer | None:
    """A customer with exactly this name or key."""
    wanted = name.casefold()
    found = context.store.find_customers(name, limit=MOST_ALIKE)
    return next((one for one in found if wanted in (one.name.casefold(), one.key)), None)


def _add(context: Context, name: str, referrer: Customer) -> str:
    store, defaults = context.store, context.config.defaults
    key = NewKeys(store).of_name(name)
    customer_id = store.add_customer(
        Customer(
            key=key,
            name=name,
            kind="person",
            usage=defaults.usage,
            tier=defaults.tier,
            tags=(PROSPECT,),
            extra={REFERRED_BY: referrer.key},
        )
    )
    store.add_contact(Contact(customer_id=customer_id, name=name, first_name=first_name_of(name), is_main=True))
    return key
