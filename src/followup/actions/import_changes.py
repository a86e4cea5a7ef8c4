"""What a row of an imported table changes about a customer who is known; an empty cell empties nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from followup.actions.intake import Tally
from followup.actions.results import FieldChange
from followup.core.model.customer import Contact, Customer
from followup.core.model.extra import merged_extra
from followup.core.model.sale import Sale
from followup.core.planner.anchors import SALE
from followup.files.customer_rows import CustomerRow
from followup.store import CustomerFacts, Store, comparable

CONTACT_FIELDS = ("name", "first_name", "role", "email", "phone", "channel")
CUSTOMER_FIELDS = (
    "name",
    "company",
    "kind",
    "country",
    "subdivision",
    "timezone",
    "usage",
    "tier",
    "tags",
    "notes",
    "external_id",
)
SALE_WORDS = ("product", "goal", "value", "external_id")


class Teller:
    """Notes what changes about one customer, field by field."""

    def __init__(self, tally: Tally, customer: Customer, line: int) -> None:
        self._tally, self._customer, self._line = tally, customer, line

    def __call__(self, name: str, old: object, new: object) -> None:
        self._tally.change(
            FieldChange(
                customer=self._customer.name,
                customer_key=self._customer.key,
                field=name,
                old=_text(old),
                new=_text(new),
                line=self._line,
            )
        )


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {text}" for name, text in value.items())
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def leave_alone(store: Store, facts: CustomerFacts, row: CustomerRow, say: Teller) -> bool:
    """Hear a wish to be left alone; it is never taken back by a table."""
    if not row.customer.do_not_contact or facts.customer.do_not_contact:
        return False
    say("do_not_contact", "no", "yes")
    store.update_customer(facts.customer.id, do_not_contact=True)
    return True


def update_customer(
    store: Store, facts: CustomerFacts, row: CustomerRow, say: Teller, *, only_empty: bool, merged: bool
) -> bool:
    """Take what the row gives; `only_empty` fills gaps alone, and `merged` takes back nothing that a merge united."""
    old, new = facts.customer, row.customer
    if merged:
        tags = tuple(dict.fromkeys((*old.tags, *new.tags)))
        new = replace(new, tags=tags, notes=old.notes if new.notes in old.notes else new.notes)
    changes: dict[str, object] = {
        name: getattr(new, name)
        for name in CUSTOMER_FIELDS
        if name in row.given and getattr(new, name) != getattr(old, name) and getattr(new, name)
    }
    if only_empty:
        gaps = ("name",) if _is_unnamed(facts) else ()
        changes = {name: value for name, value in changes.items() if name in gaps or not getattr(old, name)}
    for name, value in changes.items():
        say(name, getattr(old, name), value)
    extra = {**new.extra, **old.extra} if only_empty else merged_extra(old.extra, new.extra)
    for name, text in extra.items():
        if old.extra.get(name) != text:
            say(name, old.extra.get(name, ""), text)
            changes["extra"] = extra
    if changes:
        store.update_customer(old.id, **changes)
    return bool(changes) | leave_alone(store, facts, row, say)


def _is_unnamed(facts: CustomerFacts) -> bool:
    """True where a customer is called by an address or a phone, for want of a name."""
    return any(facts.customer.name in (person.email, person.phone) for person in facts.contacts)


def update_person(store: Store, facts: CustomerFacts, row: CustomerRow, say: Teller, *, only_empty: bool) -> bool:
    """Take what the row says of the person; somebody new there becomes a contact. `only_empty` fills gaps alone."""
    new = next(iter(row.contacts), None)
    if new is None:
        return False
    # The name by which the customer is known, or an address instead of a name, does not say what the person is called.
    said = [name for name in CONTACT_FIELDS if getattr(new, name)]
    said = [name for name in said if name != "name" or new.name not in (facts.customer.name, new.email, new.phone)]
    old = _same_person(facts.contacts, new)
    if old is None:
        if said:
            store.add_contact(replace(new, customer_id=facts.customer.id, is_main=not facts.contacts))
            say("contact", "", new.name)
        return bool(said)
    changes = {name: getattr(new, name) for name in said if getattr(new, name) != getattr(old, name)}
    if comparable(new.email) == comparable(old.email):
        changes.pop("email", None)
    if only_empty:
        gaps = ("name",) if old.name in (old.email, old.phone) else ()
        changes = {name: value for name, value in changes.items() if name in gaps or not getattr(old, name)}
    for name, value in changes.items():
        if name != "name":
            say(name, getattr(old, name), value)
        elif old.name != facts.customer.name:  # a person who is the customer was told by that name
            say("contact", old.name, value)
    if new.do_not_contact and not old.do_not_contact:
        say("do_not_contact", "no", "yes")
        changes["do_not_contact"] = True
    if changes:
        store.update_contact(old.id, **changes)
    return bool(changes)


def _same_person(people: Iterable[Contact], new: Contact) -> Contact | None:
    """The known person that a row means: same e-mail, else same name, else the main one."""
    known = list(people)
    by_email = [p for p in known if new.email and comparable(p.email) == comparable(new.email)]
    by_name = [p for p in known if comparable(p.name) == comparable(new.name)]
    main = [p for p in known if p.is_main]
    return next(iter((*by_email, *by_name, *main)), None)


def update_sale(store: Store, old: Sale, new: Sale, row: CustomerRow, say: Teller) -> bool:
    """Take the words and dates of a sale that the row gives; True when any of them is another."""
    fields: dict[str, object] = {
        name: getattr(new, name)
        for name in SALE_WORDS
        if getattr(new, name) not in ("", None) and getattr(new, name) != getattr(old, name)
    }
    if (extra := merged_extra(old.extra, new.extra)) != dict(old.extra):
        fields["extra"] = extra
    for name, value in fields.items():
        say(name, getattr(old, name), value)
    if fields:
        store.update_sale(old.number, **fields)
    dates = {name: day for name, day in row.anchors.items() if old.anchors.get(name) != day}
    for name, day in dates.items():
        say(f"{name} date", old.anchors.get(name), day)
        store.set_anchor(old.number, name, day)
    return bool(fields or dates)


def same_sale(known: Iterable[Sale], new: Sale, *, strict: bool) -> Sale | None:
    """The known sale that a row means: same id, else same product and day, else same product, else same day, else any.

    With `strict`, for tables in which one customer has several rows, product and day must both be the same; a sale of
    that day whose product nobody has named yet is taken for it.
    """
    sales = list(known)
    if new.external_id and (same := [sale for sale in sales if sale.external_id == new.external_id]):
        return same[0]
    mine = [sale for sale in sales if sale.playbook == new.playbook and not (new.external_id and sale.external_id)]
    day = new.anchors[SALE]
    by_day = [sale for sale in mine if sale.anchors.get(SALE) == day]
    exact = [sale for sale in by_day if sale.product == new.product or not new.product]
    nameless = [sale for sale in by_day if not sale.product and not sale.external_id]
    if strict:
        return next(iter((*exact, *nameless)), None)
    by_product = [sale for sale in mine if sale.product == new.product]
    return next(iter((*exact, *by_product, *by_day, *(mine if not new.product else ()))), None)
