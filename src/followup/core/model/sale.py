"""Sale: one purchase being followed up, and the profile that shapes its plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What shapes how many and which contacts a sale gets (A4). Empty fields fall back to the playbook.

    `extra` holds what the user's own columns say about the customer, under plain names (`plan_tier`).
    """

    usage: str = "normal"
    tier: str = "B"
    kind: str = "company"
    tags: tuple[str, ...] = ()
    life_cycle: str = ""
    extensiveness: str = ""
    complexity: str = ""
    channel: str = ""
    extra: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """One purchase being followed up. `key` never changes and spreads load; `number` is its id in the data file.

    `anchors` holds the dates that are known; `added_on` is the day on which the sale came into the plan. `need` is what
    the customer is known to need next, which opens the gate of persuasion (DOMAIN 5.3). `external_id` is the id in
    another tool, `value` what the purchase is worth (None: unknown), `extra` what other columns said about it.
    """

    key: str = ""
    number: int = 0
    customer_id: int = 0
    product: str = ""
    goal: str = ""
    need: str = ""
    playbook: str = ""
    anchors: Mapping[str, date] = field(default_factory=lambda: MappingProxyType({}))
    added_on: date
    profile: Profile = Profile()
    do_not_contact: bool = False
    external_id: str = ""
    value: float | None = None
    extra: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
