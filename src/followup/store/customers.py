"""Customers and contacts: rows <-> model, finding somebody by what people type, changes."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from followup.core.model.customer import Contact, Customer
from followup.errors import NotFoundError
from followup.store.convert import Row, SqlValue, mapping, texts, to_json
from followup.store.journal import Journal
from followup.store.values import Alias

_CUSTOMER = "SELECT * FROM customer WHERE id = ?"
_NEXT_CUSTOMERS = "SELECT * FROM customer WHERE id > ? ORDER BY id LIMIT ?"
_COUNT = "SELECT count(*) AS customers FROM customer"
_KEY = "SELECT 1 FROM customer WHERE key = :key UNION ALL SELECT 1 FROM alias WHERE key = :key AND key <> ''"
_KEYS = "SELECT key FROM customer UNION ALL SELECT key FROM alias WHERE key <> ''"
_ADD_CUSTOMER = """
    INSERT INTO customer (id, key, name, company, kind, country, subdivision, timezone, usage, tier,
                          tags, notes, external_id, do_not_contact, extra)
    VALUES (:id, :key, :name, :company, :kind, :country, :subdivision, :timezone, :usage, :tier, :tags,
            :notes, :external_id, :do_not_contact, :extra)
    """
_UPDATE_CUSTOMER = """
    UPDATE customer
    SET key = :key, name = :name, company = :company, kind = :kind, country = :country,
        subdivision = :subdivision, timezone = :timezone, usage = :usage, tier = :tier, tags = :tags,
        notes = :notes, external_id = :external_id, do_not_contact = :do_not_contact, extra = :extra
    WHERE id = :id
    """

_CONTACT = "SELECT * FROM contact WHERE id = ?"
_CONTACTS = "SELECT * FROM contact WHERE customer_id = ? ORDER BY is_main DESC, id"
_ADD_CONTACT = """
    INSERT INTO contact (id, customer_id, name, first_name, role, email, phone, channel, do_not_contact,
                         is_main)
    VALUES (:id, :customer_id, :name, :first_name, :role, :email, :phone, :channel, :do_not_contact, :is_main)
    """
_UPDATE_CONTACT = """
    UPDATE contact
    SET customer_id = :customer_id, name = :name, first_name = :first_name, role = :role,
        email = :email, phone = :phone, channel = :channel, do_not_contact = :do_not_contact,
        is_main = :is_main
    WHERE id = :id
    """
_SET_MAIN = """
    UPDATE contact SET is_main = (id = :contact_id)
    WHERE customer_id = :customer_id AND is_main <> (id = :contact_id)
    """

_ALIASES = "SELECT key, external_id, name, company FROM alias WHERE customer_id = ? ORDER BY id"
_ADD_ALIAS = """
    INSERT INTO alias (id, customer_id, key, external_id, name, company)
    VALUES (:id, :customer_id, :key, :external_id, :name, :company)
    """
_MOVE_ALIASES = "UPDATE alias SET customer_id = :new WHERE customer_id = :old"
_DROP_CUSTOMER = "DELETE FROM customer WHERE id = ?"
_DROP_CONTACT = "DELETE FROM contact WHERE id = ?"

_NOW = """
    SELECT * FROM customer WHERE id = :id
    UNION ALL SELECT customer.* FROM customer JOIN alias ON alias.customer_id = customer.id
    WHERE alias.key <> '' AND alias.key = (SELECT json_extract(journal.old, '$.key') FROM journal
                                           WHERE journal.customer_id = :id AND journal.table_name = 'customer'
                                             AND journal.op = 'delete' ORDER BY journal.id DESC LIMIT 1)
    LIMIT 1
    """

# How sure a match is, from the surest: the first of these that finds anybody is the answer.
_BY_KEY = "SELECT * FROM customer WHERE key IN (:text, :folded)"
_BY_FORMER_KEY = """
    SELECT * FROM customer WHERE id IN (SELECT customer_id FROM alias WHERE key IN (:text, :folded) AND key <> '')
    """
_BY_ADDRESS = """
    SELECT * FROM customer
    WHERE id IN (SELECT id FROM customer WHERE external_id = :text AND external_id <> '')
       OR id IN (SELECT customer_id FROM alias WHERE external_id = :text AND external_id <> '')
       OR id IN (SELECT customer_id FROM contact WHERE email = :text COLLATE NOCASE AND email <> '')
    ORDER BY id LIMIT :limit
    """
_BY_PHONE = """
    SELECT * FROM customer
    WHERE id IN (SELECT customer_id FROM contact WHERE phone <> '' AND digits(phone) = :digits)
    ORDER BY id LIMIT :limit
    """
_BY_NAME = """
    SELECT *, :folded IN (folded(name), folded(company)) AS whole
    FROM customer
    WHERE instr(folded(name || char(10) || company), :folded)
    ORDER BY whole DESC, id LIMIT :limit
    """
_BY_PERSON = """
    SELECT * FROM customer WHERE id IN (SELECT customer_id FROM contact WHERE instr(folded(name), :folded))
    ORDER BY id LIMIT :limit
    """

_CHUNK = 1000
_FEWEST_DIGITS = 5  # fewer are a part of a name or a key, not a phone number


class Customers(Journal):
    """Who bought, and the people there."""

    def customer(self, customer_id: int) -> Customer:
        """The customer with this number. Raises NotFoundError."""
        row = self._first(_CUSTOMER, (customer_id,))
        if row is None:
            raise NotFoundError(f"There is no customer number {customer_id}.", hint="followup list")
        return customer_from(row)

    def customer_now(self, customer_id: int) -> Customer | None:
        """The customer with this number, or whom that one was merged into; None when it is not there any more."""
        row = self._first(_NOW, {"id": customer_id})
        return None if row is None else customer_from(row)

    def customers(self) -> Iterator[Customer]:
        """All customers in the order of their numbers."""
        last = 0
        while rows := self._all(_NEXT_CUSTOMERS, (last, _CHUNK)):
            yield from map(customer_from, rows)
            last = rows[-1]["id"]

    def customer_count(self) -> int:
        """How many customers there are."""
        return int(self._all(_COUNT)[0]["customers"])

    def find_customers(self, text: str, *, limit: int = 20) -> list[Customer]:
        """Whom `text` may mean, at most `limit` of them; empty when it means nobody.

        The first of these that finds anybody is the answer: a key; the key of somebody who was merged into them;
        exactly an e-mail, an external id or a phone number; a whole name or company; a part of one; a part of a
        contact's name. Upper and lower case do not matter.
        """
        typed = text.strip()
        if not typed:
            return []
        self._connection.create_function("folded", 1, folded, deterministic=True)
        self._connection.create_function("digits", 1, digits, deterministic=True)
        values: dict[str, SqlValue] = {
            "text": typed,
            "folded": folded(typed),
            "digits": digits(typed),
            "limit": limit,
        }
        for query in (_BY_KEY, _BY_FORMER_KEY, _BY_ADDRESS, _BY_PHONE, _BY_NAME, _BY_PERSON):
            if query is _BY_PHONE and not looks_like_phone(typed):
                continue
            if found := self._all(query, values):
                best = found[0].get("whole")
                return [customer_from(row) for row in found if row.get("whole") == best]
        return []

    def key_exists(self, key: str) -> bool:
        """True when a customer, or somebody who was merged into one, has exactly this key."""
        return self._first(_KEY, {"key": key}) is not None

    def all_keys(self) -> set[str]:
        """The keys of all customers, and of those who were merged into them."""
        return {row["key"] for row in self._all(_KEYS)}

    def add_customer(self, customer: Customer) -> int:
        """Keep a new customer and give its number: `customer.id`, or the next one when that is 0."""
        return self.add_customers([customer])[0]

    def add_customers(self, customers: Sequence[Customer]) -> list[int]:
        """Keep new customers, fast, and give their numbers in the same order."""
        return self._add("customer", _ADD_CUSTOMER, [customer_row(each) for each in customers])

    def update_customer(self, customer_id: int, **fields: Any) -> None:
        """Change these fields of Customer. Raises NotFoundError; TypeError for an unknown field."""
        self._change(_UPDATE_CUSTOMER, customer_row(replace(self.customer(customer_id), **fields)))

    def drop_customer(self, customer_id: int) -> None:
        """Remove a customer who has no people, sales and aliases any more. Raises NotFoundError."""
        self.customer(customer_id)
        self._change(_DROP_CUSTOMER, (customer_id,))

    def aliases_of(self, customer_id: int) -> list[Alias]:
        """By what else a customer is known, the oldest first."""
        return [Alias(**row) for row in self._all(_ALIASES, (customer_id,))]

    def add_alias(self, customer_id: int, alias: Alias) -> int:
        """Keep by what else a customer is known, and give its number."""
        row: Row = {
            "id": 0,
            "customer_id": customer_id,
            "key": alias.key,
            "external_id": alias.external_id,
            "name": alias.name,
            "company": alias.company,
        }
        return self._add("alias", _ADD_ALIAS, [row])[0]

    def move_aliases(self, customer_id: int, *, to: int) -> int:
        """Give all aliases of a customer to another one; gives how many there are."""
        return self._change(_MOVE_ALIASES, {"old": customer_id, "new": to})

    def contact(self, contact_id: int) -> Contact:
        """The person with this number. Raises NotFoundError."""
        row = self._first(_CONTACT, (contact_id,))
        if row is None:
            raise NotFoundError(f"There is no contact number {contact_id}.", hint="followup list")
        return contact_from(row)

    def contacts_of(self, customer_id: int) -> list[Contact]:
        """The people at a customer, the main one first."""
        return [contact_from(row) for row in self._all(_CONTACTS, (customer_id,))]

    def add_contact(self, contact: Contact) -> int:
        """Keep a new person and give the number: `contact.id`, or the next one when that is 0."""
        return self.add_contacts([contact])[0]

    def add_contacts(self, contacts: Sequence[Contact]) -> list[int]:
        """Keep new people, fast, and give their numbers in the same order."""
        return self._add("contact", _ADD_CONTACT, [contact_row(each) for each in contacts])

    def update_contact(self, contact_id: int, **fields: Any) -> None:
        """Change these fields of Contact. Raises NotFoundError; TypeError for an unknown field."""
        self._change(_UPDATE_CONTACT, contact_row(replace(self.contact(contact_id), **fields)))

    def drop_contact(self, contact_id: int) -> None:
        """Remove a person. Raises NotFoundError."""
        self.contact(contact_id)
        self._change(_DROP_CONTACT, (contact_id,))

    def set_main_contact(self, contact_id: int) -> None:
        """Make this person the one main contact of their customer. Raises NotFoundError."""
        contact = self.contact(contact_id)
        self._change(_SET_MAIN, {"contact_id": contact_id, "customer_id": contact.customer_id})


def customer_row(customer: Customer) -> Row:
    """A customer as columns."""
    return {
        "id": customer.id,
        "key": customer.key,
        "name": customer.name,
        "company": customer.company,
        "kind": customer.kind,
        "country": customer.country,
        "subdivision": customer.subdivision,
        "timezone": customer.timezone,
        "usage": customer.usage,
        "tier": customer.tier,
        "tags": to_json(list(customer.tags)),
        "notes": customer.notes,
        "external_id": customer.external_id,
        "do_not_contact": int(customer.do_not_contact),
        "extra": to_json(dict(customer.extra)),
    }


def customer_from(row: Row) -> Customer:
    """The customer that a row says."""
    return Customer(
        id=row["id"],
        key=row["key"],
        name=row["name"],
        company=row["company"],
        kind=row["kind"],
        country=row["country"],
        subdivision=row["subdivision"],
        timezone=row["timezone"],
        usage=row["usage"],
        tier=row["tier"],
        tags=texts(row["tags"]),
        notes=row["notes"],
        external_id=row["external_id"],
        do_not_contact=bool(row["do_not_contact"]),
        extra=mapping(row["extra"]),
    )


def contact_row(contact: Contact) -> Row:
    """A contact as columns."""
    return {
        "id": contact.id,
        "customer_id": contact.customer_id,
        "name": contact.name,
        "first_name": contact.first_name,
        "role": contact.role,
        "email": contact.email,
        "phone": contact.phone,
        "channel": contact.channel,
        "do_not_contact": int(contact.do_not_contact),
        "is_main": int(contact.is_main),
    }


def contact_from(row: Row) -> Contact:
    """The contact that a row says."""
    return Contact(
        id=row["id"],
        customer_id=row["customer_id"],
        name=row["name"],
        first_name=row["first_name"],
        role=row["role"],
        email=row["email"],
        phone=row["phone"],
        channel=row["channel"],
        do_not_contact=bool(row["do_not_contact"]),
        is_main=bool(row["is_main"]),
    )


def folded(text: str) -> str:
    """Text as it is compared: case, and how an accent is encoded, do not matter."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()


def digits(text: str) -> str:
    """The digits of a phone number, without a leading 00 or +."""
    return "".join(each for each in text if each in "0123456789").removeprefix("00")


def looks_like_phone(text: str) -> bool:
    """True for a text of digits and what people write between them."""
    return len(digits(text)) >= _FEWEST_DIGITS and not set(text) - set("0123456789+-/(). ")
