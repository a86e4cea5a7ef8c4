"""Customer and Contact: who bought, and the people there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Who bought: a company or a person. `key` is short and unique; `external_id` is the id in another tool."""

    id: int = 0
    key: str = ""
    name: str
    company: str = ""
    kind: str = "company"
    country: str = ""
    subdivision: str = ""
    timezone: str = ""
    usage: str = "normal"
    tier: str = "B"
    tags: tuple[str, ...] = ()
    notes: str = ""
    external_id: str = ""
    do_not_contact: bool = False
    extra: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A person at a customer. `channel` is the preferred one, empty when unknown; `is_main` is the default person."""

    id: int = 0
    customer_id: int = 0
    name: str
    first_name: str = ""
    role: str = ""
    email: str = ""
    phone: str = ""
    channel: str = ""
    do_not_contact: bool = False
    is_main: bool = False


def outward_name(customer: Customer, contacts: Iterable[Contact]) -> str:
    """What a customer is called in whatever goes out: by company, or by somebody else there, where the name of the
    customer is that of a person who must be left alone.
    """
    people = tuple(contacts)
    silent = {person.name.casefold() for person in people if person.do_not_contact}
    if customer.name.casefold() not in silent:
        return customer.name
    return customer.company or next((person.name for person in people if not person.do_not_contact), customer.name)
