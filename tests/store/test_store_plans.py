"""Stored plans: numbers survive, nothing is written twice, changes are told, staleness cannot be forgotten."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.core.model.activity import Activity
from followup.core.model.concern import Concern
from followup.core.model.customer import Contact, Customer
from followup.core.model.evidence import Clue, Evidence, Relationship
from followup.core.model.plan import Plan
from followup.core.model.promise import Promise
from followup.core.model.reading import Reading
from followup.core.model.sale import Sale
from followup.core.model.stage import STAGES, Stage, StageMap, StageSpan
from followup.core.model.touchpoint import Reason, Status
from followup.errors import NotFoundError
from followup.store import Alias, PlanChange, Store
from followup.store.convert import evidence, evidence_text, relationship, relationship_text
from followup.store.plans import stages_from


def ids(store: Store, sale_id: int) -> dict[tuple[str, int], int]:
    return {(each.touchpoint.step, each.touchpoint.occurrence): each.id for each in store.stored_touchpoints([sale_id])}


def test_a_plan_comes_back_as_it_was_saved(store: Store, sample: Any) -> None:
    sold = sample.sell(store)
    plan = sample.plan(
        sample.touchpoint(due=1),
        sample.touchpoint(
            "visit",
            due=4,
            stage=Stage.LEARNING,
            deadline_on=sample.plus(9),
            agreed_time=time(14, 30),
            by_hand=True,
            extra=True,
            to="decider",
            tries=2,
            reasons=(Reason("gap", "«Zürich» 3 days apart", {"days": 3, "share": 1 / 3, "name": None, "on": True}),),
        ),
        sample.touchpoint("call", 2, due=30, status=Status.DONE, done_on=sample.plus(31)),
        sample.touchpoint("renewal", due=None, status=Status.WAITING),
    )
    assert store.stored_plan(sold.sale_id) is None
    with store.write(command="plan", now=sample.now):
        store.save_plans([(sold.sale_id, plan)])
    assert store.stored_plan(sold.sale_id) == plan
    assert store.stored_plans([sold.sale_id, 99]) == {sold.sale_id: plan}


def test_a_plan_of_which_little_is_known_comes_back_too(store: Store, sample: Any) -> None:
    sold = sample.sell(store)
    unknown = Plan(stages=StageMap(tuple(StageSpan(stage, None, None) for stage in STAGES), None), anchors={})
    with store.write(command="plan", now=sample.now):
        store.save_plans([(sold.sale_id, unknown)])
    assert store.stored_plan(sold.sale_id) == unknown


FINITE = st.floats(allow_nan=False, allow_infinity=False)
CLUES = st.builds(
    Clue,
    on=st.dates(),
    value=FINITE,
    quality=FINITE,
    offset=FINITE,
    source=st.text(st.characters(exclude_categories=["Cs"])),
    measured=st.booleans(),
)
CLOCKS = st.lists(st.tuples(st.dates(), FINITE), min_size=1).map(tuple)


@given(
    st.none() | st.builds(Evidence, clues=st.lists(CLUES).map(tuple), half_life_days=FINITE, prior_weight=FINITE),
    st.none() | st.builds(Relationship, clocks=CLOCKS),
)
def test_what_was_heard_comes_back_number_by_number(heard: Evidence | None, clocks: Relationship | None) -> None:
    """E13: evidence and strength are computed from what is stored, so nothing of it may be rounded."""
    assert evidence(evidence_text(heard)) == heard
    assert relationship(relationship_text(clocks)) == clocks


HEARD = Evidence(
    clues=(
        Clue(on=date(2026, 1, 7), value=0.9, quality=1 / 3, offset=-0.05, source="outcome great"),
        Clue(on=date(2026, 1, 9), value=0.8, quality=0.9, offset=0.1, source="nps 9", measured=True),
    ),
    half_life_days=14,
)
CLOCKED = Relationship(clocks=((date(2026, 2, 1), 14.0), (date(2026, 3, 1), 23.8)))


def test_evidence_strength_and_flags_are_stored_with_the_plan(store: Store, sample: Any) -> None:
    sold = sample.sell(store)
    flags = (Reason("stuck", "no first result after three extensions", {"extensions": 3}),)
    sample.save(store, sold.sale_id, sample.touchpoint())
    sample.save(store, sold.sale_id, sample.touchpoint(), evidence=HEARD, relationship=CLOCKED, flags=flags)
    stored = store.stored_plan(sold.sale_id)
    assert stored == sample.plan(sample.touchpoint(), evidence=HEARD, relationship=CLOCKED, flags=flags)
    [row] = store.due(until=sample.day)
    assert (row.evidence, row.relationship) == (HEARD, CLOCKED)
    sample.save(store, sold.sale_id, sample.touchpoint())
    [row] = store.due(until=sample.day)
    assert (row.evidence, row.relationship) == (None, None)


@given(st.lists(st.none() | st.dates(), min_size=5, max_size=5), st.none() | st.dates())
def test_stages_end_where_the_next_known_one_begins(begins: list[date | None], trough: date | None) -> None:
    """B1: no gap and no overlap, as the planner makes them."""
    row = {f"{stage}_on": begin and begin.isoformat() for stage, begin in zip(STAGES, begins, strict=True)}
    stages = stages_from(row | {"trough_on": trough and trough.isoformat()})
    assert stages.trough == trough
    assert [span.begin for span in stages] == begins
    for at, span in enumerate(stages):
        assert span.end == next((begin for begin in begins[at + 1 :] if begin is not None), None)


def test_saving_the_same_plan_again_writes_nothing(store: Store, sample: Any) -> None:
    """The plan is idempotent: no row is touched, no change is told."""
    sold = sample.sell(store)
    touchpoints = [sample.touchpoint(occurrence=number, due=number) for number in range(1, 6)]
    sample.save(store, sold.sale_id, *touchpoints)
    before = store._all("SELECT * FROM touchpoint") + store._all("SELECT * FROM plan")
    with store.write(command="plan", now=sample.now):
        written = store._connection.total_changes
        assert store.save_plans([(sold.sale_id, sample.plan(*reversed(touchpoints)))]) == []
        assert store._connection.total_changes == written
    assert store._all("SELECT * FROM touchpoint") + store._all("SELECT * FROM plan") == before


def test_a_touchpoint_keeps_its_number_whatever_changes(store: Store, sample: Any) -> None:
    sold = sample.sell(store)
    first = [sample.touchpoint("a"), sample.touchpoint("b"), sample.touchpoint("b", 2)]
    sample.save(store, sold.sale_id, *first)
    before = ids(store, sold.sale_id)
    moved = replace(first[1], due_on=sample.plus(9), status=Status.DONE, channel="email", reasons=())
    sample.save(store, sold.sale_id, moved, sample.touchpoint("c"), first[2])
    after = ids(store, sold.sale_id)
    assert after.keys() == {("b", 1), ("b", 2), ("c", 1)}
    assert {name: after[name] for name in before if name in after} == {
        name: before[name] for name in before if name in after
    }


def test_a_touchpoint_that_is_planned_again_takes_its_number_back(store: Store, sample: Any) -> None:
    """A number that was on a screen can be typed after an undo; meanwhile no other touchpoint has it."""
    sold, other = sample.sell(store), sample.sell(store, "bolt")
    first = [sample.touchpoint("a"), sample.touchpoint("b"), sample.touchpoint("b", 2)]
    sample.save(store, sold.sale_id, *first)
    before = ids(store, sold.sale_id)
    for _ in range(2):
        sample.save(store, sold.sale_id)
        assert ids(store, sold.sale_id) == {}
        with pytest.raises(NotFoundError):
            store.touchpoint(before["b", 2])
        sample.save(store, sold.sale_id, sample.touchpoint("c"))
        sample.save(store, other.sale_id, *first)
        elsewhere = ids(store, sold.sale_id) | ids(store, other.sale_id)
        assert not set(elsewhere.values()) & set(before.values()), "not even the highest number, dropped last"
        sample.save(store, sold.sale_id, *reversed(first))
        assert ids(store, sold.sale_id) == before
    assert store.touchpoint(before["b", 2]).touchpoint == first[2]


def test_numbers_of_many_sales_come_back_with_one_question_for_a_chunk(store: Store, sample: Any) -> None:
    """Numbers are looked up together, and only where something is added."""
    owners: list[int] = []
    with store.write(command="add", now=sample.now):
        playbook_id = store.pin_playbook(key="saas", title="", text="", steps=[])
        for number in range(40):
            owner = store.add_customer(Customer(key=f"c{number}", name="C"))
            owners += store.add_sales([(Sale(customer_id=owner, added_on=sample.day), playbook_id)])

    def plan(*touchpoints: Any) -> int:
        asked: list[str] = []
        with store.write(command="plan", now=sample.now):
            store._connection.set_trace_callback(asked.append)
            store.save_plans((sale_id, sample.plan(*touchpoints)) for sale_id in owners)
            store._connection.set_trace_callback(None)
        return sum("FROM dropped_touchpoint" in each for each in asked)

    assert plan(sample.touchpoint("a"), sample.touchpoint("b")) == 1
    before = {each.id: each for each in store.stored_touchpoints(owners)}
    assert plan(sample.touchpoint("b")) == 0
    assert plan(sample.touchpoint("a"), sample.touchpoint("b")) == 1
    assert {each.id: each for each in store.stored_touchpoints(owners)} == before


def test_the_numbers_of_a_sale_that_is_gone_are_forgotten_and_not_given_again(store: Store, sample: Any) -> None:
    sold = sample.sell(store)
    sample.save(store, sold.sale_id, sample.touchpoint("a"), sample.touchpoint("b"))
    gone = set(ids(store, sold.sale_id).values())
    sample.save(store, sold.sale_id, sample.touchpoint("a"))
    with store.write(command="undo", now=sample.now):
        store.undo()
    assert store._all("SELECT * FROM dropped_touchpoint") == []
    again = sample.sell(store)
    sample.save(store, again.sale_id, sample.touchpoint("a"), sample.touchpoint("b"))
    assert not gone & set(ids(store, again.sale_id).values())


OPEN, WAITING = Status.OPEN, Status.WAITING


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (None, (OPEN, 3), ("added", None, 3)),
        (None, (WAITING, None), ("added", None, None)),
        (None, (Status.DONE, 3), None),
        (None, (Status.ABSORBED, 3), None),
        ((OPEN, 3), (OPEN, 3), None),
        ((OPEN, 3), (OPEN, 5), ("moved", 3, 5)),
        ((WAITING, None), (OPEN, 5), ("moved", None, 5)),
        ((OPEN, 5), (WAITING, None), ("moved", 5, None)),
        ((OPEN, 3), (Status.DONE, 3), None),
        ((OPEN, 3), (Status.SKIPPED, 3), None),
        ((OPEN, 3), (Status.ABSORBED, 3), ("dropped", 3, None)),
        ((OPEN, 3), (Status.CANCELLED, 3), ("dropped", 3, None)),
        ((OPEN, 3), (Status.HELD, 3), ("dropped", 3, None)),
        ((OPEN, 3), (Status.EXPIRED, 3), ("dropped", 3, None)),
        ((OPEN, 3), None, ("dropped", 3, None)),
        ((Status.DONE, 3), None, None),
        ((Status.DONE, 3), (OPEN, 4), ("added", None, 4)),
        ((Status.HELD, 3), (OPEN, 8), ("added", None, 8)),
        ((Status.DONE, 3), (Status.DONE, 4), None),
    ],
)
def test_changes_are_told_as_the_seller_sees_them(
    store: Store, sample: Any, before: Any, after: Any, change: tuple[str, int | None, int | None] | None
) -> None:
    sold = sample.sell(store)

    def plan(known: tuple[Status, int | None] | None) -> list[PlanChange]:
        touchpoints = [] if known is None else [sample.touchpoint(status=known[0], due=known[1])]
        return sample.save(store, sold.sale_id, *touchpoints)

    plan(before)
    expected = []
    if change is not None:
        from_on, to_on = (None if days is None else sample.plus(days) for days in change[1:])
        expected = [
            PlanChange(sale_id=sold.sale_id, step="call", occurrence=1, change=change[0], from_on=from_on, to_on=to_on)
        ]
    assert plan(after) == expected


def test_plans_of_many_sales_are_saved_together(store: Store, sample: Any) -> None:
    """More than are read at a time; each sale gets its own touchpoints under its customer's number."""
    owners = {}
    with store.write(command="add", now=sample.now):
        playbook_id = store.pin_playbook(key="saas", title="", text="", steps=[])
        for number in range(3):
            owner = store.add_customer(Customer(key=f"c{number}", name="C"))
            new = [(Sale(customer_id=owner, added_on=sample.day), playbook_id)] * 400
            owners |= dict.fromkeys(store.add_sales(new), owner)
        plans = ((sale_id, sample.plan(sample.touchpoint(due=sale_id % 50))) for sale_id in owners)
        changes = store.save_plans(plans)
    assert [change.sale_id for change in changes] == list(owners)
    stored = store.stored_touchpoints(owners)
    assert {each.sale_id: each.customer_id for each in stored} == owners
    assert all(each.touchpoint.due_on == sample.plus(each.sale_id % 50) for each in stored)


def test_a_plan_of_an_unknown_sale_is_refused(store: Store, sample: Any) -> None:
    with pytest.raises(NotFoundError, match="77"), store.write(command="plan", now=sample.now):
        store.save_plans([(77, sample.plan())])


def test_undated_touchpoints_come_last(store: Store, sample: Any) -> None:
    sold = sample.sell(store)
    sample.save(
        store,
        sold.sale_id,
        sample.touchpoint("late", due=9),
        sample.touchpoint("some day", due=None, status=Status.WAITING),
        sample.touchpoint("b", 2, due=1),
        sample.touchpoint("b", 1, due=1),
        sample.touchpoint("a", 3, due=1),
    )
    stored = [(each.touchpoint.step, each.touchpoint.occurrence) for each in store.stored_touchpoints([sold.sale_id])]
    assert stored == [("a", 3), ("b", 1), ("b", 2), ("late", 1), ("some day", 1)]


# What has to be planned again


@pytest.mark.parametrize(("days", "wanted"), [(13, []), (14, [1]), (15, [1])])
def test_time_alone_asks_for_a_plan_from_its_day_on(store: Store, sample: Any, days: int, wanted: list[int]) -> None:
    sold = sample.sell(store)
    sample.save(store, sold.sale_id, refresh_on=sample.plus(14))
    assert store.sales_to_refresh(sample.plus(days)) == wanted


def test_a_plan_that_time_never_changes_is_left_alone(store: Store, sample: Any) -> None:
    sold = sample.sell(store)
    sample.save(store, sold.sale_id, refresh_on=None)
    assert store.sales_to_refresh(date.max) == []


def test_a_new_sale_asks_for_a_plan_once_for_its_customer(store: Store, sample: Any) -> None:
    sold, other = sample.sell(store), sample.sell(store, "bolt")
    assert store.sales_to_refresh(date.min) == [sold.customer_id, other.customer_id]
    sample.save(store, sold.sale_id)
    with store.write(command="add", now=sample.now):
        sale = replace(store.sale_facts(other.sale_id)[1].sale, number=0)
        store.add_sales([(sale, other.playbook_id)] * 2)
    assert store.sales_to_refresh(date.min) == [other.customer_id]


CHANGES: dict[str, Callable[[Store, Any, date], object]] = {
    "an activity": lambda store, sold, on: store.add_activity(Activity(sale_id=sold.sale_id, kind="held", on=on)),
    "a concern": lambda store, sold, on: store.add_concern(Concern(sale_id=sold.sale_id, opened_on=on)),
    "a promise": lambda store, sold, on: store.add_promise(Promise(sale_id=sold.sale_id, by=on)),
    "a reading": lambda store, sold, on: store.add_reading(Reading(sale_id=sold.sale_id, kind="nps", value="3", on=on)),
    "an anchor": lambda store, sold, on: store.set_anchor(sold.sale_id, "live", on),
    "an anchor moved": lambda store, sold, on: store.set_anchor(sold.sale_id, "sale", date.max),
    "an anchor gone": lambda store, sold, on: store.set_anchor(sold.sale_id, "sale", None),
    "a column of the sale": lambda store, sold, on: store.update_sale(sold.sale_id, extra={"plan_tier": "gold"}),
    "the sale": lambda store, sold, on: store.update_sale(sold.sale_id, complexity="complex"),
    "usage": lambda store, sold, on: store.update_customer(sold.customer_id, usage="heavy"),
    "do not contact": lambda store, sold, on: store.update_customer(sold.customer_id, do_not_contact=True),
    "a contact": lambda store, sold, on: store.add_contact(Contact(customer_id=sold.customer_id, name="N")),
    "what they need next": lambda store, sold, on: store.update_customer(sold.customer_id, extra={"need": "vans"}),
    "the channel": lambda store, sold, on: store.update_contact(sold.contact_id, channel="visit"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_fact_that_changes_asks_for_a_plan(store: Store, sample: Any, what: str) -> None:
    """No command can forget it; saving the plan in the same write settles it."""
    sold, other = sample.sell(store), sample.sell(store, "bolt")
    for each in (sold, other):
        sample.save(store, each.sale_id, sample.touchpoint(), refresh_on=None)
    before = store.stored_plan(sold.sale_id)
    with store.write(command="change", now=sample.now):
        CHANGES[what](store, sold, sample.day)
        assert store.sales_to_refresh(date.min) == [sold.customer_id]
    assert store.sales_to_refresh(date.min) == [sold.customer_id]
    assert store.stored_plan(sold.sale_id) == before, "the plan that is stored can be shown meanwhile"
    sample.save(store, sold.sale_id, sample.touchpoint(), refresh_on=None)
    assert store.sales_to_refresh(date.max) == []


def test_words_about_a_customer_ask_for_no_plan(store: Store, sample: Any) -> None:
    sold = sample.sell(store)
    sample.save(store, sold.sale_id, refresh_on=None)
    with store.write(command="set", now=sample.now):
        store.update_customer(sold.customer_id, name="New name", notes="words", external_id="C-7")
        store.update_sale(sold.sale_id, external_id="D-7", value=1200)
        store.add_alias(sold.customer_id, Alias(key="old"))
    assert store.sales_to_refresh(date.max) == []


def test_a_plan_of_a_later_day_is_out_of_date_and_one_that_stays_as_it_is_keeps_its_day(
    store: Store, sample: Any
) -> None:
    sold = sample.sell(store)

    def saved(made: int, *touchpoints: Any) -> None:
        with store.write(command="plan", now=sample.now):
            plan = sample.plan(*touchpoints, refresh_on=None)
            store.save_plans([(sold.sale_id, replace(plan, made_on=sample.plus(made)))])

    saved(0, sample.touchpoint())
    saved(9, sample.touchpoint())
    assert store.sales_to_refresh(sample.day) == [], "what was planned again and is the same holds since then"
    saved(9, sample.touchpoint(due=3))
    assert store.sales_to_refresh(sample.plus(8)) == [sold.customer_id]
    assert store.sales_to_refresh(sample.plus(9)) == []
    saved(2, sample.touchpoint(due=3))
    assert store.sales_to_refresh(sample.plus(2)) == []


def test_looking_for_what_to_plan_uses_an_index(store: Store) -> None:
    from followup.store.plans import _TO_REFRESH

    days = {"today": "2026-01-01"}
    details = [row["detail"] for row in store._all(f"EXPLAIN QUERY PLAN {_TO_REFRESH}", days)]
    assert any("plan_refresh (refresh_on<?)" in each for each in details)
    assert any("plan_made (made_on>?)" in each for each in details)
    assert not any("SCAN" in each for each in details)
