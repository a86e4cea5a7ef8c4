"""Keys: short names by which customers are typed, made of what they are called; no two are the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence

from followup.core.model.customer import Customer
from followup.store import Store

LONGEST_KEY = 24


def key_base(name: str) -> str:
    """A short, typeable key from a name, such as `anna-meyer`. Never a bare number."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_KEY].strip("-")
    if not slug or slug.isdecimal():
        return f"c-{slug}" if slug else "customer"
    return slug


class NewKeys:
    """Keys for many new customers: the one in the table where it is free, else one made of the name.

    The number given last is remembered for each name that came more than once.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._numbers: dict[str, int] = {}

    def of(self, customers: Sequence[Customer]) -> list[str]:
        """A key that nobody has for each of them."""
        bases = [key_base(customer.name) for customer in customers]
        new = {base for base in bases if base not in self._numbers}
        self._numbers |= self._store.highest_keys(new)
        given = self._store.used_keys({customer.key for customer in customers} - {""})
        keys = []
        for customer, base in zip(customers, bases, strict=True):
            key = customer.key if customer.key and customer.key not in given else self._next(base, given)
            given.add(key)
            keys.append(key)
        own = {customer.key for customer in customers}
        for clash in self._store.used_keys([key for key in keys if key not in own]):  # somebody is called Anna 2
            place = keys.index(clash)
            while self._store.key_exists(keys[place]):
                keys[place] = self._next(bases[place], given)
            given.add(keys[place])
        return keys

    def of_name(self, name: str) -> str:
        """A key that nobody has, for one customer of this name."""
        return self.of([Customer(name=name)])[0]

    def _next(self, base: str, given: Collection[str]) -> str:
        if base not in self._numbers and base not in given:
            return base
        number = self._numbers.get(base, 1) + 1
        while (key := f"{base}-{number}") in given:
            number += 1
        self._numbers[base] = number
        return key
