"""Signatures first; bodies follow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from followup.core.model.activity import Activity
from followup.core.model.concern import Concern
from followup.core.model.customer import Contact, Customer
from followup.core.model.plan import Plan
from followup.core.model.promise import Promise
from followup.core.model.reading import Reading
from followup.core.model.sale import Sale
from followup.store.journal import Entry
from followup.store.values import (
    CustomerFacts, DueRow, HistoryEntry, Identity, PlanChange, SaleFacts, StepText, StoredTouchpoint, Undone,
)


class Store:
    path: Path
    notice: str
    writable: bool

    @classmethod
    def open(cls, path: Path, *, create: bool = False, read_only: bool = False, timeout: float = 10.0) -> Self: raise NotImplementedError
    def close(self) -> None: raise NotImplementedError
    def __enter__(self) -> Self: raise NotImplementedError
    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None: raise NotImplementedError
    def backup(self, target: Path) -> None: raise NotImplementedError
    # journal
    def write(self, *, command: str, now: datetime, dry_run: bool = False) -> AbstractContextManager[Entry]: raise NotImplementedError
    def history(self, *, limit: int = 50, customer_id: int | None = None) -> list[HistoryEntry]: raise NotImplementedError
    def undo(self) -> Undone: raise NotImplementedError
    # customers and contacts
    def customer(self, customer_id: int) -> Customer: raise NotImplementedError
    def find_customers(self, text: str, *, limit: int = 20) -> list[Customer]: raise NotImplementedError
    def customers(self) -> Iterator[Customer]: raise NotImplementedError
    def customer_count(self) -> int: raise NotImplementedError
    def contact(self, contact_id: int) -> Contact: raise NotImplementedError
    def contacts_of(self, customer_id: int) -> list[Contact]: raise NotImplementedError
    def key_exists(self, key: str) -> bool: raise NotImplementedError
    def all_keys(self) -> set[str]: raise NotImplementedError
    def identities(self) -> Iterator[Identity]: raise NotImplementedError
    def add_customer(self, customer: Customer) -> int: raise NotImplementedError
    def add_customers(self, customers: Sequence[Customer]) -> list[int]: raise NotImplementedError
    def update_customer(self, customer_id: int, **fields: Any) -> None: raise NotImplementedError
    def add_contact(self, contact: Contact) -> int: raise NotImplementedError
    def add_contacts(self, contacts: Sequence[Contact]) -> list[int]: raise NotImplementedError
    def update_contact(self, contact_id: int, **fields: Any) -> None: raise NotImplementedError
    def set_main_contact(self, contact_id: int) -> None: raise NotImplementedError
    # playbooks, sales, anchors
    def pin_playbook(self, *, key: str, title: str, text: str, steps: Iterable[StepText]) -> int: raise NotImplementedError
    def playbook_text(self, playbook_id: int) -> tuple[str, str]: raise NotImplementedError
    def playbook_sales(self) -> dict[str, int]: raise NotImplementedError
    def add_sale(self, sale: Sale, *, playbook_id: int) -> int: raise NotImplementedError
    def add_sales(self, sales: Sequence[tuple[Sale, int]]) -> list[int]: raise NotImplementedError
    def update_sale(self, sale_id: int, **fields: Any) -> None: raise NotImplementedError  # product, goal, playbook_id, life_cycle, extensiveness, complexity
    def set_anchor(self, sale_id: int, name: str, on: date | None) -> None: raise NotImplementedError
    # other facts
    def add_activity(self, activity: Activity) -> int: raise NotImplementedError
    def add_activities(self, activities: Iterable[Activity]) -> None: raise NotImplementedError
    def add_concern(self, concern: Concern) -> int: raise NotImplementedError  # number is given by the store
    def resolve_concern(self, concern_id: int, on: date | None) -> None: raise NotImplementedError
    def concern(self, concern_id: int) -> Concern: raise NotImplementedError
    def concerns(self, *, customer_id: int | None = None, include_resolved: bool = True) -> list[tuple[Concern, Customer]]: raise NotImplementedError
    def add_promise(self, promise: Promise) -> int: raise NotImplementedError  # number is given by the store
    def update_promise(self, promise_id: int, **fields: Any) -> None: raise NotImplementedError
    def promise(self, promise_id: int) -> Promise: raise NotImplementedError
    def promises(self, *, customer_id: int | None = None) -> list[tuple[Promise, Customer]]: raise NotImplementedError
    def add_reading(self, reading: Reading) -> int: raise NotImplementedError
    def add_readings(self, readings: Iterable[Reading]) -> None: raise NotImplementedError
    def last_words(self, customer_ids: Iterable[int]) -> dict[int, str]: raise NotImplementedError
    def done_count(self, on: date) -> int: raise NotImplementedError
    def setting(self, name: str) -> str | None: raise NotImplementedError
    def set_setting(self, name: str, value: str | None) -> None: raise NotImplementedError
    # facts in bulk
    def customer_facts(self, customer_ids: Iterable[int] | None = None) -> Iterator[CustomerFacts]: raise NotImplementedError
    def sale_facts(self, sale_id: int) -> tuple[CustomerFacts, SaleFacts]: raise NotImplementedError
    # projection
    def save_plans(self, plans: Iterable[tuple[int, Plan]]) -> list[PlanChange]: raise NotImplementedError
    def sales_to_refresh(self, today: date) -> list[int]: raise NotImplementedError  # customer ids
    def stored_plan(self, sale_id: int) -> Plan | None: raise NotImplementedError
    def stored_plans(self, sale_ids: Iterable[int]) -> dict[int, Plan]: raise NotImplementedError  # touchpoints included
    def touchpoint(self, touchpoint_id: int) -> StoredTouchpoint: raise NotImplementedError
    def stored_touchpoints(self, sale_ids: Iterable[int]) -> list[StoredTouchpoint]: raise NotImplementedError
    # due
    def due(self, *, until: date, stage: str | None = None, purpose: str | None = None, channel: str | None = None, customer_id: int | None = None) -> list[DueRow]: raise NotImplementedError
    def next_due_on(self, after: date) -> date | None: raise NotImplementedError
    def open_counts(self, until: date) -> dict[date, int]: raise NotImplementedError
