"""A data file for each test, and sample customers, sales and plans to put into it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from followup.core.model.customer import Contact, Customer
from followup.core.model.plan import CurveShape, Plan
from followup.core.model.sale import Sale
from followup.core.model.stage import STAGES, Stage, StageMap, StageSpan
from followup.core.model.touchpoint import Reason, Status, Touchpoint
from followup.store import StepText, Store

NOW = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
DAY = date(2026, 1, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sold:
    """The numbers of one customer with one contact and one sale."""

    customer_id: int
    contact_id: int
    sale_id: int
    playbook_id: int


class Sample:
    """Values for tests; what a test does not name is ordinary."""

    now = NOW
    day = DAY

    def plus(self, days: int) -> date:
        return DAY + timedelta(days)

    def sell(self, store: Store, key: str = "acme", **customer: Any) -> Sold:
        """One customer with a main contact and a sale, in a write of its own."""
        with store.write(command="add", now=NOW) as entry:
            customer_id = store.add_customer(
                Customer(key=key, **{"name": key.title(), "company": f"{key.title()} Ltd", **customer})
            )
            contact_id = store.add_contact(
                Contact(
                    customer_id=customer_id,
                    name=f"Jane of {key}",
                    email=f"jane@{key}.test",
                    phone="+49 30 123456",
                    is_main=True,
                )
            )
            playbook_id = store.pin_playbook(
                key="saas",
                title="Software",
                text="playbook: saas\n",
                steps=[StepText(step="call", purpose="prevention", goal="hear doubts", gives="time", ask=("How?",))],
            )
            sale = Sale(key=f"{key}-1", customer_id=customer_id, added_on=DAY, anchors={"sale": DAY})
            sale_id = store.add_sale(sale, playbook_id=playbook_id)
            entry.summary = f"customer {customer_id}"
        return Sold(customer_id=customer_id, contact_id=contact_id, sale_id=sale_id, playbook_id=playbook_id)

    def touchpoint(self, step: str = "call", occurrence: int = 1, due: int | None = 0, **more: Any) -> Touchpoint:
        """An open call, due so many days after the sample day."""
        on = None if due is None else self.plus(due)
        values: dict[str, Any] = {
            "step": step,
            "occurrence": occurrence,
            "purpose": "prevention",
            "service": "prevention",
            "channel": "phone",
            "stage": Stage.NOVELTY,
            "status": Status.OPEN,
            "due_on": on,
            "opens_on": on,
            "closes_on": on,
            "reasons": (Reason("anchor", "3 days after the sale", {"days": 3, "squeezed": False}),),
        }
        return Touchpoint(**(values | more))

    def plan(self, *touchpoints: Touchpoint, **more: Any) -> Plan:
        """A plan whose stages begin ten days apart."""
        begins = [self.plus(10 * i) for i in range(len(STAGES))]
        spans = tuple(
            StageSpan(stage, begin, end) for stage, begin, end in zip(STAGES, begins, [*begins[1:], None], strict=True)
        )
        values: dict[str, Any] = {
            "stages": StageMap(spans, self.plus(25)),
            "anchors": {"sale": DAY, "live": None},
            "assumed_anchors": ("live",),
            "live_on": self.plus(5),
            "curve": CurveShape(
                novelty=0.85,
                effectiveness=1 / 3,
                depth=0.35,
                dip_starts=7.5,
                trough=30.0,
                recovered=60.0,
                base_trough=30.0,
                effort=0.5,
                concerns=0.1,
            ),
            "factors": {"prevention": 1.25, "education": 1 / 3},
            "touchpoints": touchpoints,
            "left_out": (Reason("renewal", "no renewal date", {}),),
            "refresh_on": self.plus(14),
        }
        return Plan(**(values | more))

    def save(self, store: Store, sale_id: int, *touchpoints: Touchpoint, **more: Any) -> list[Any]:
        """Save a plan of these touchpoints in a write of its own."""
        with store.write(command="plan", now=NOW):
            return list(store.save_plans([(sale_id, self.plan(*touchpoints, **more))]))


@pytest.fixture(scope="session")
def sample() -> Sample:
    return Sample()


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data file with tables and nothing in them."""
    path = tmp_path_factory.mktemp("empty") / "followup.db"
    Store.open(path, create=True).close()
    return path


@pytest.fixture
def new_file(empty_file: Path, tmp_path: Path) -> Callable[[], Path]:
    """Each call gives the path of another fresh data file."""
    numbers = iter(range(1_000_000))

    def give() -> Path:
        path = tmp_path / f"followup-{next(numbers)}.db"
        shutil.copy(empty_file, path)
        return path

    return give


@pytest.fixture
def store(new_file: Callable[[], Path]) -> Iterator[Store]:
    with Store.open(new_file()) as opened:
        yield opened
