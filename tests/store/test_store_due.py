"""The due list: one indexed query, and nobody who must be left alone."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.core.model.customer import Contact, Customer
from followup.core.model.sale import Sale
from followup.core.model.stage import Stage
from followup.core.model.touchpoint import Reason, Status
from followup.store import Store
from followup.store import due as due_queries


def steps(rows: list[Any]) -> list[str]:
    return [row.step for row in rows]


def test_a_due_row_holds_all_that_the_list_shows(store: Store, sample: Any) -> None:
    sold = sample.sell(store, tier="A", usage="heavy", kind="person")
    plan = sample.plan(
        sample.touchpoint(
            due=1,
            opens_on=sample.day,
            closes_on=sample.plus(3),
            deadline_on=sample.plus(4),
            agreed_time=time(9, 15),
            by_hand=True,
            tries=1,
        )
    )
    with store.write(command="plan", now=sample.now):
        store.update_sale(sold.sale_id, product="Reports")
        store.save_plans([(sold.sale_id, plan)])
    [row] = store.due(until=sample.plus(1))
    assert (row.customer, row.customer_key, row.company, row.kind) == ("Acme", "acme", "Acme Ltd", "person")
    assert (row.tier, row.usage) == ("A", "heavy")
    assert (row.contact_id, row.contact) == (sold.contact_id, "Jane of acme")
    assert (row.email, row.phone) == ("jane@acme.test", "+49 30 123456")
    assert (row.sale_id, row.customer_id, row.product, row.playbook) == (
        sold.sale_id,
        sold.customer_id,
        "Reports",
        "saas",
    )
    assert (row.goal, row.gives, row.ask) == ("hear doubts", "time", ("How?",))
    assert (row.due_on, row.opens_on, row.closes_on) == (sample.plus(1), sample.day, sample.plus(3))
    assert (row.deadline_on, row.agreed_time) == (sample.plus(4), time(9, 15))
    assert (row.by_hand, row.extra, row.tries, row.to) == (True, False, 1, "")
    assert row.reasons == (Reason("anchor", "3 days after the sale", {"days": 3, "squeezed": False}),)
    assert (row.live_on, row.stages, row.curve) == (plan.live_on, plan.stages, plan.curve)
    assert store.touchpoint(row.touchpoint_id).touchpoint == plan.touchpoints[0]


def test_a_touch_that_is_not_written_in_the_playbook_has_no_words(store: Store, sample: Any) -> None:
    sold = sample.sell(store)
    sample.save(store, sold.sale_id, sample.touchpoint("dip_watch"))
    [row] = store.due(until=sample.day)
    assert (row.goal, row.gives, row.ask) == ("", "", ())


def test_only_what_is_open_and_due_is_listed_oldest_first(store: Store, sample: Any) -> None:
    sold = sample.sell(store)
    touchpoints = [sample.touchpoint(status.value, due=0, status=status) for status in Status]
    touchpoints += [sample.touchpoint("tomorrow", due=1), sample.touchpoint("overdue", due=-40)]
    sample.save(store, sold.sale_id, *touchpoints)
    assert steps(store.due(until=sample.day)) == ["overdue", "open"]
    assert steps(store.due(until=sample.plus(1))) == ["overdue", "open", "tomorrow"]
    assert steps(store.due(until=sample.plus(-41))) == []


@pytest.mark.parametrize(
    ("narrowed", "expected"),
    [
        ({}, ["a", "b", "c"]),
        ({"stage": "novelty"}, ["a", "c"]),
        ({"purpose": "feedback"}, ["b"]),
        ({"channel": "email"}, ["c"]),
        ({"stage": "novelty", "channel": "phone"}, ["a"]),
        ({"customer_id": 1}, ["a", "b"]),
        ({"customer_id": 99}, []),
        ({"stage": "novelty' OR 1 --"}, []),
    ],
)
def test_the_list_can_be_narrowed(store: Store, sample: Any, narrowed: Any, expected: list[str]) -> None:
    acme, bolt = sample.sell(store), sample.sell(store, "bolt")
    sample.save(
        store,
        acme.sale_id,
        sample.touchpoint("a"),
        sample.touchpoint("b", stage=Stage.LEARNING, purpose="feedback"),
    )
    sample.save(store, bolt.sale_id, sample.touchpoint("c", channel="email"))
    assert steps(store.due(until=sample.day, **narrowed)) == expected


# Whom to speak to


@pytest.mark.parametrize(
    ("contacts", "to", "expected"),
    [
        ([], "", None),
        ([], "decider", None),
        ([("A", "", False, False)], "", "A"),
        ([("A", "", False, False), ("B", "", True, False)], "", "B"),
        ([("A", "decider", False, False), ("B", "user", True, False)], "decider", "A"),
        ([("A", "decider", False, True), ("B", "user", True, False)], "decider", "B"),
        ([("A", "decider", False, False), ("B", "user", True, False)], "finance", "B"),
        ([("A", "decider", False, False), ("B", "decider", True, False)], "decider", "B"),
        ([("A", "user", False, False), ("B", "user", False, False)], "user", "A"),
        ([("A", "", False, False), ("B", "user", True, True)], "", "A"),
        ([("A", "", False, False), ("B", "user", True, False)], "", "B"),
    ],
)
def test_the_person_is_the_one_with_the_role_else_the_main_one(
    store: Store, sample: Any, contacts: list[tuple[str, str, bool, bool]], to: str, expected: str | None
) -> None:
    with store.write(command="add", now=sample.now):
        customer_id = store.add_customer(Customer(key="c", name="C"))
        for name, role, is_main, left_alone in contacts:
            store.add_contact(
                Contact(customer_id=customer_id, name=name, role=role, is_main=is_main, do_not_contact=left_alone)
            )
        playbook_id = store.pin_playbook(key="saas", title="", text="", steps=[])
        sale_id = store.add_sale(Sale(customer_id=customer_id, added_on=sample.day), playbook_id=playbook_id)
    sample.save(store, sale_id, sample.touchpoint(to=to))
    [row] = store.due(until=sample.day)
    assert row.contact == (expected or "")
    assert (row.contact_id is None) == (expected is None)


PEOPLE = st.lists(
    st.tuples(
        st.booleans(),  # the customer must be left alone
        st.lists(st.tuples(st.booleans(), st.booleans(), st.sampled_from(["", "user", "decider"])), max_size=3),
        st.sampled_from(["", "user", "decider"]),
    ),
    max_size=5,
)


@given(people=PEOPLE)
def test_nobody_who_must_be_left_alone_is_ever_due(
    empty_file: Path, tmp_path_factory: pytest.TempPathFactory, sample: Any, people: Any
) -> None:
    """B, C and law: checked against the rule written out; each customer is listed exactly once or not at all."""
    path = tmp_path_factory.mktemp("due") / "followup.db"
    shutil.copy(empty_file, path)
    expected: dict[str, str] = {}
    with Store.open(path) as store:
        with store.write(command="add", now=sample.now):
            playbook_id = store.pin_playbook(key="saas", title="", text="", steps=[])
            for at, (left_alone, contacts, to) in enumerate(people):
                number = store.add_customer(Customer(key=f"c{at}", name="C", do_not_contact=left_alone))
                for place, (alone, is_main, role) in enumerate(contacts):
                    store.add_contact(
                        Contact(customer_id=number, name=f"{place}", role=role, do_not_contact=alone, is_main=is_main)
                    )
                sale_id = store.add_sale(Sale(customer_id=number, added_on=sample.day), playbook_id=playbook_id)
                store.save_plans([(sale_id, sample.plan(sample.touchpoint(to=to)))])
                reachable = [
                    (not (to and role == to), not is_main, place)
                    for place, (alone, is_main, role) in enumerate(contacts)
                    if not alone
                ]
                if not left_alone and (reachable or not contacts):
                    expected[f"c{at}"] = str(min(reachable)[2]) if reachable else ""
        listed = store.due(until=sample.plus(99))
        assert len(listed) == len({row.customer_key for row in listed})
        assert {row.customer_key: row.contact for row in listed} == expected
        assert store.open_counts(sample.day) == ({sample.day: len(expected)} if expected else {})
        assert store.next_due_on(sample.plus(-1)) == (sample.day if expected else None)
    path.unlink()


# Counts ahead


def test_the_next_day_with_something_due(store: Store, sample: Any) -> None:
    acme, alone = sample.sell(store), sample.sell(store, "alone", do_not_contact=True)
    sample.save(store, acme.sale_id, sample.touchpoint(due=9), sample.touchpoint("b", due=4))
    sample.save(store, alone.sale_id, sample.touchpoint(due=2))
    assert store.next_due_on(sample.day) == sample.plus(4)
    assert store.next_due_on(sample.plus(4)) == sample.plus(9)
    assert store.next_due_on(sample.plus(9)) is None


def test_how_much_is_due_on_each_day(store: Store, sample: Any) -> None:
    acme, alone = sample.sell(store), sample.sell(store, "alone", do_not_contact=True)
    sample.save(
        store,
        acme.sale_id,
        *(sample.touchpoint(f"s{at}", due=due) for at, due in enumerate([-3, 2, 2, 9])),
        sample.touchpoint("done", due=2, status=Status.DONE),
    )
    sample.save(store, alone.sale_id, sample.touchpoint(due=2))
    assert store.open_counts(sample.plus(5)) == {sample.plus(-3): 1, sample.plus(2): 2}


# Cheap


@pytest.mark.parametrize(
    ("query", "search"),
    [
        (due_queries.DUE, "touchpoint_due (due_on<?)"),
        (due_queries.NEXT_DUE, "touchpoint_due (due_on>?)"),
        (due_queries.OPEN_COUNTS, "touchpoint_due (due_on<?)"),
    ],
    ids=["due", "next", "counts"],
)
def test_the_due_list_reads_no_table_from_end_to_end(store: Store, query: str, search: str) -> None:
    values: Any = ("2026-01-05",)
    if query is due_queries.DUE:
        values = dict.fromkeys(["until", "stage", "purpose", "channel", "customer_id"])
    details = [row["detail"] for row in store._all(f"EXPLAIN QUERY PLAN {query}", values)]
    assert search in details[0]
    assert not [each for each in details if each.startswith("SCAN") or "MATERIALIZE" in each or "AUTO" in each]
    assert not [each for each in details if "TEMP B-TREE" in each and "LAST" not in each]


@pytest.mark.parametrize(
    "ask",
    [
        lambda store, sample: store.due(until=sample.plus(99)),
        lambda store, sample: store.sales_to_refresh(sample.plus(99)),
        lambda store, sample: store.next_due_on(sample.plus(-99)),
        lambda store, sample: store.open_counts(sample.plus(99)),
    ],
    ids=["due", "refresh", "next", "counts"],
)
def test_each_question_of_the_morning_is_one_query(
    store: Store, sample: Any, ask: Callable[[Store, Any], object]
) -> None:
    for number in range(5):
        sample.save(store, sample.sell(store, f"c{number}").sale_id, sample.touchpoint(), sample.touchpoint("b"))
    seen: list[str] = []
    store._connection.set_trace_callback(seen.append)
    assert ask(store, sample)
    store._connection.set_trace_callback(None)
    assert len(seen) == 1
