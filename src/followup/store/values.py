"""What the store gives besides the nouns of the model: facts in bulk, touchpoints, due rows, history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from followup.core.model.customer import Contact, Customer
from followup.core.model.evidence import Evidence, Relationship
from followup.core.model.history import History
from followup.core.model.plan import CurveShape
from followup.core.model.sale import Sale
from followup.core.model.stage import StageMap
from followup.core.model.touchpoint import Reason, Touchpoint
from followup.store import convert


@dataclass(frozen=True, slots=True, kw_only=True)
class StepText:
    """The words of one step that the due list shows."""

    step: str
    purpose: str
    goal: str = ""
    gives: str = ""
    ask: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleFacts:
    """One sale, the playbook text pinned to it, and everything recorded about it."""

    sale: Sale
    playbook_id: int
    history: History


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerFacts:
    """One customer with contacts (the main one first) and sales (by id)."""

    customer: Customer
    contacts: tuple[Contact, ...]
    sales: tuple[SaleFacts, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """What somebody was called who was merged into a customer; `key` and `external_id` find that customer still."""

    key: str = ""
    external_id: str = ""
    name: str = ""
    company: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What tells one customer from another when a table is imported. E-mails and phones: the main contact's first."""

    customer_id: int
    external_id: str
    name: str
    company: str
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    key: str = ""
    aliases: tuple[Alias, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a row of a table says about who it is; empty where it says nothing."""

    external_id: str = ""
    key: str = ""
    emails: tuple[str, ...] = ()
    name: str = ""
    company: str = ""
    phones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTouchpoint:
    """A touchpoint with its number and whose it is."""

    id: int
    sale_id: int
    customer_id: int
    touchpoint: Touchpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChange:
    """One date that a new plan changes for the seller. `change` is `added`, `moved` or `dropped`."""

    sale_id: int
    step: str
    occurrence: int
    change: str
    from_on: date | None
    to_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRow:
    """One open touchpoint of a customer who may be contacted, with all that the due list shows of it.

    `contact*`, `email` and `phone` are of the person to speak to: who has the role `to`, else the main
    contact, never one who must not be contacted; empty where none is known. `reasons`, `ask`, `evidence` and
    `relationship` are read when asked for, because a list shows few of its rows.
    """

    touchpoint_id: int
    sale_id: int
    customer_id: int
    step: str
    occurrence: int
    purpose: str
    service: str
    channel: str
    stage: str
    status: str
    due_on: date
    opens_on: date | None
    closes_on: date | None
    deadline_on: date | None
    agreed_time: time | None
    by_hand: bool
    extra: bool
    to: str
    tries: int
    reasons_json: str
    customer: str
    customer_key: str
    company: str
    kind: str
    tier: str
    usage: str
    contact_id: int | None
    contact: str
    contact_role: str
    email: str
    phone: str
    product: str
    playbook: str
    goal: str
    gives: str
    ask_json: str
    live_on: date | None
    stages: StageMap
    curve: CurveShape | None
    evidence_json: str | None = None
    relationship_json: str | None = None

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why the date is what it is."""
        return convert.reasons(self.reasons_json)

    @property
    def ask(self) -> tuple[str, ...]:
        """The questions to ask."""
        return convert.texts(self.ask_json)

    @property
    def evidence(self) -> Evidence | None:
        """What was heard about the mood of this sale."""
        return convert.evidence(self.evidence_json)

    @property
    def relationship(self) -> Relationship | None:
        """Where the clocks of the relationship started; None before maintenance."""
        return convert.relationship(self.relationship_json)


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One command that wrote. `at` is a UTC instant; `undoes` is the entry that this one took back."""

    id: int
    at: datetime
    command: str
    summary: str
    undone: bool = False
    undoes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """What an undo took back: the entry, the customers whose facts changed and still exist, rows by table."""

    entry: HistoryEntry
    customer_ids: tuple[int, ...]
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reverted:
    """What taking back an import did: the entry, how many customers went back, and who was left.

    `customer_ids` are those who went back and still exist, `left` those whom later commands changed (some of them may
    be a part of somebody else by now); `counts` are rows by table.
    """

    entry: HistoryEntry
    customer_ids: tuple[int, ...]
    customers_count: int
    counts: Mapping[str, int]
    left: tuple[int, ...]
