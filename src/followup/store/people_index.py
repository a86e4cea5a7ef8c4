"""By what customers are known: keys, ids, e-mails, names and phones of them and their people, in bounded memory.

`candidates` (see `identities`) finds those who share a whole identity; a table of facts often says less: a company
alone, or the name of one of several people there. What is looked up is kept as numbers in a scratch file of SQLite,
which has no name and goes with the index.
"""

from __future__ import annotations

import sqlite3
import weakref
from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import NamedTuple

from followup.store.convert import to_json
from followup.store.customers import digits
from followup.store.failures import translated
from followup.store.identities import comparable
from followup.store.store import Store

KEY, ID, EMAIL, NAME, COMPANY, PERSON, PHONE = "key", "id", "email", "name", "company", "person", "phone"

_SCRATCH = (
    "PRAGMA journal_mode = OFF",
    "PRAGMA synchronous = OFF",
    "PRAGMA cache_size = -32768",
    "CREATE TABLE mark (hash INTEGER NOT NULL, customer_id INTEGER NOT NULL)",
    "BEGIN",
)
_ADD = "INSERT INTO mark (hash, customer_id) VALUES (?, ?)"
_INDEX = "CREATE INDEX mark_hash ON mark (hash, customer_id)"
_FIND = """
    SELECT DISTINCT wanted.value, mark.customer_id
    FROM json_each(?) AS wanted CROSS JOIN mark ON mark.hash = wanted.value
    ORDER BY mark.customer_id
    """


class Mark(NamedTuple):
    """One thing by which somebody is known: what it is, and the text as it is compared."""

    what: str
    text: str


def mark(what: str, text: str) -> Mark:
    """The mark of a text. Phones are compared by their digits; keys and ids as they are; all else without case."""
    if what == PHONE:
        return Mark(what, digits(text))
    return Mark(what, text.strip() if what in (KEY, ID) else comparable(text))


class PeopleIndex:
    """Finds customers by single marks. It knows the data file as it was when the index was made."""

    def __init__(self, store: Store) -> None:
        self._path = store.path
        with translated(store.path):
            self._scratch = sqlite3.connect("", isolation_level=None)
            weakref.finalize(self, self._scratch.close)
            for statement in _SCRATCH:
                self._scratch.execute(statement)
            marks = ((hash(each), customer_id) for each, customer_id in _marks(store) if each.text)
            self._scratch.executemany(_ADD, marks)
            self._scratch.execute(_INDEX)
            self._scratch.execute("COMMIT")

    def find(self, wanted: Collection[Mark]) -> dict[Mark, tuple[int, ...]]:
        """The numbers of the customers who have each of these marks; marks that nobody has are missing."""
        by_hash = {hash(each): each for each in wanted if each.text}
        found: defaultdict[Mark, list[int]] = defaultdict(list)
        with translated(self._path):
            for hashed, customer_id in self._scratch.execute(_FIND, (to_json(sorted(by_hash)),)):
                found[by_hash[hashed]].append(customer_id)
        return {each: tuple(numbers) for each, numbers in found.items()}


def _marks(store: Store) -> Iterator[tuple[Mark, int]]:
    for customer, _ in store.exported_customers():
        yield mark(KEY, customer.key), customer.id
        yield mark(ID, customer.external_id), customer.id
        yield mark(NAME, customer.name), customer.id
        yield mark(COMPANY, customer.company), customer.id
    for contact, _ in store.exported_contacts():
        yield mark(EMAIL, contact.email), contact.customer_id
        yield mark(PERSON, contact.name), contact.customer_id
        yield mark(PHONE, contact.phone), contact.customer_id
    for alias in store.exported_aliases():
        yield mark(KEY, alias.alias.key), alias.customer_id
        yield mark(ID, alias.alias.external_id), alias.customer_id
        yield mark(NAME, alias.alias.name), alias.customer_id
        yield mark(COMPANY, alias.alias.company), alias.customer_id
