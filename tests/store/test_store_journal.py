"""The journal: nothing is forgotten, nothing is rewritten, and undo is exact."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from followup.core.model.activity import Activity
from followup.core.model.concern import Concern
from followup.core.model.customer import Contact, Customer
from followup.core.model.promise import Promise
from followup.core.model.reading import Reading
from followup.core.model.sale import Sale
from followup.errors import NotFoundError
from followup.store import Alias, StepText, Store, schema

NOW = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
DAY = date(2026, 1, 5)


def one_of_each(store: Store, sample: Any) -> None:
    """One row in every fact table."""
    sold = sample.sell(store)
    with store.write(command="fill", now=NOW):
        store.add_activity(Activity(sale_id=sold.sale_id, kind="contacted", on=DAY, note="said hello"))
        store.add_concern(Concern(sale_id=sold.sale_id, text="price", opened_on=DAY))
        store.add_promise(Promise(sale_id=sold.sale_id, text="a call", by=DAY))
        store.add_reading(Reading(sale_id=sold.sale_id, kind="nps", value="9", on=DAY))
        store.set_setting("name", "value")
        store.add_alias(sold.customer_id, Alias(key="acme-inc", external_id="7", name="Acme Inc", company="Acme"))


def columns(store: Store, table: str) -> list[str]:
    return [row["name"] for row in store._all(f"PRAGMA table_info({table})")]


def last_rows(store: Store, table: str) -> list[dict[str, Any]]:
    return store._all(
        "SELECT table_name, op, old, new FROM journal "
        "WHERE table_name = ? AND entry_id = (SELECT max(id) FROM journal_entry)",
        (table,),
    )


def dump(store: Store) -> bytes:
    """Every fact, as bytes."""
    rows = ((table, store._all(f"SELECT * FROM {table} ORDER BY id")) for table in schema.FACT_TABLES)
    return repr([*rows, store._all("SELECT * FROM step ORDER BY playbook_id, step")]).encode()


# Nothing is forgotten


@pytest.mark.parametrize("table", schema.FACT_TABLES)
def test_every_change_of_every_fact_is_journaled(store: Store, sample, table: str) -> None:
    """Insert, update of each single column, delete: with what was there before."""
    one_of_each(store, sample)
    row = store._all(f"SELECT * FROM {table}")[0]
    inserts = store._all("SELECT old, new FROM journal WHERE table_name = ? AND op = 'insert'", (table,))
    assert inserts == [{"old": None, "new": None}]
    for column in columns(store, table):
        if column == "id" or column.endswith("_id"):
            continue
        value = 1 - row[column] if column.startswith(("do_not", "is_")) else f"{row[column] or 0}9"
        if isinstance(row[column], int) or column in ("score", "minutes"):
            value = int(value)
        if (table, column) == ("sale", "value"):
            value = 9.5
        with store.write(command="change", now=NOW):
            store._run(f"UPDATE {table} SET {column} = ?", (value,))
        [change] = last_rows(store, table)
        assert change["op"] == "update"
        assert change["old"] == store._first("SELECT json_object(?, ?) AS is_", (column, row[column]))["is_"]
        assert change["new"] == store._first("SELECT json_object(?, ?) AS is_", (column, value))["is_"]
        with store.write(command="undo", now=NOW):
            store.undo()
        assert store._all(f"SELECT * FROM {table}")[0] == row
    with store.write(command="delete", now=NOW):
        for each in reversed(schema.FACT_TABLES):  # what belongs to others first
            store._run(f"DELETE FROM {each}")
    [gone] = last_rows(store, table)
    assert (gone["op"], gone["new"]) == ("delete", None)
    with store.write(command="undo", now=NOW):
        store.undo()
    assert store._all(f"SELECT * FROM {table}") == [row]


def test_a_replaced_row_is_journaled_as_deleted_and_added(store: Store) -> None:
    """INSERT OR REPLACE passes delete triggers by unless `recursive_triggers` is on."""
    with store.write(command="set", now=NOW):
        store.set_setting("name", "old")
    with store.write(command="set", now=NOW):
        store._run("INSERT OR REPLACE INTO setting (name, value) VALUES ('name', 'new')")
    assert [row["op"] for row in last_rows(store, "setting")] == ["delete", "insert"]


@pytest.mark.parametrize("table", schema.PROJECTION_TABLES)
def test_what_follows_from_facts_is_not_journaled(store: Store, sample, table: str) -> None:
    sold = sample.sell(store)
    entries = len(store.history())
    sample.save(store, sold.sale_id, sample.touchpoint(), sample.touchpoint(occurrence=2))
    assert len(store.history()) == entries
    assert store._all("SELECT 1 FROM journal WHERE table_name = ?", (table,)) == []


def test_a_write_without_a_change_leaves_no_entry(store: Store, sample) -> None:
    sold = sample.sell(store)
    with store.write(command="set", now=NOW) as entry:
        store.update_customer(sold.customer_id, name=store.customer(sold.customer_id).name)
        store.set_main_contact(sold.contact_id)
        store.set_anchor(sold.sale_id, "sale", DAY)
        entry.summary = "nothing"
    assert [each.command for each in store.history()] == ["add"]


# Nothing is rewritten


@pytest.mark.parametrize("table", ["journal", "journal_entry"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id + 1000", "DELETE FROM {}", "UPDATE {} SET id = id"])
def test_the_journal_is_only_ever_added_to(store: Store, sample, table: str, statement: str) -> None:
    sample.sell(store)
    before = store._all(f"SELECT * FROM {table}")
    with closing(sqlite3.connect(store.path)) as other, pytest.raises(sqlite3.IntegrityError, match="only ever added"):
        other.execute(statement.format(table))
    with pytest.raises(sqlite3.IntegrityError, match="only ever added"), store.write(command="x", now=NOW):
        store._run(statement.format(table))
    assert store._all(f"SELECT * FROM {table}") == before


def test_history_tells_what_was_written_newest_first(store: Store, sample) -> None:
    acme, bolt = sample.sell(store), sample.sell(store, "bolt")
    later = NOW + timedelta(hours=1)
    with store.write(command="set", now=later) as entry:
        store.update_customer(bolt.customer_id, notes="new")
        entry.summary = "customer 2: notes"
    told = [(each.id, each.command, each.summary, each.undone) for each in store.history()]
    assert told == [
        (3, "set", "customer 2: notes", False),
        (2, "add", "customer 2", False),
        (1, "add", "customer 1", False),
    ]
    assert store.history()[0].at == later
    assert [each.id for each in store.history(limit=1)] == [3]
    assert [each.id for each in store.history(customer_id=bolt.customer_id)] == [3, 2]
    assert [each.id for each in store.history(customer_id=acme.customer_id)] == [1]
    assert store.history(customer_id=99) == []


def test_history_is_in_universal_time(store: Store) -> None:
    east = datetime.fromisoformat("2026-01-05T01:30:00+09:00")
    with store.write(command="set", now=east):
        store.set_setting("a", "b")
    assert store._first("SELECT at FROM journal_entry") == {"at": "2026-01-04T16:30:00+00:00"}


# Undo


def undo(store: Store) -> Any:
    with store.write(command="undo", now=NOW):
        return store.undo()


def test_undo_takes_back_the_newest_write_and_then_the_one_before(store: Store, sample) -> None:
    states = [dump(store)]
    sold = sample.sell(store)
    states.append(dump(store))
    with store.write(command="set", now=NOW) as entry:
        store.update_customer(sold.customer_id, name="Renamed")
        store.set_anchor(sold.sale_id, "sale", None)
        store.set_anchor(sold.sale_id, "live", DAY)
        entry.summary = "3 changes"
    undone = undo(store)
    assert (undone.entry.command, undone.entry.summary) == ("set", "3 changes")
    assert undone.customer_ids == (sold.customer_id,)
    assert undone.counts == {"customer": 1, "anchor": 2}
    assert dump(store) == states.pop()
    assert undo(store).customer_ids == (), "a customer who is gone needs no plan"
    assert dump(store) == states.pop()
    with pytest.raises(NotFoundError, match="nothing to undo"):
        undo(store)
    assert [(each.id, each.undoes, each.undone) for each in store.history()] == [
        (4, 1, False),
        (3, 2, False),
        (2, None, True),
        (1, None, True),
    ]


def test_after_an_undo_a_new_write_is_undone_first(store: Store) -> None:
    for value in ("a", "b"):
        with store.write(command="set", now=NOW):
            store.set_setting("name", value)
    undo(store)
    with store.write(command="set", now=NOW):
        store.set_setting("name", "c")
    seen = [store.setting("name")]
    for _ in range(2):
        undo(store)
        seen.append(store.setting("name"))
    assert seen == ["c", "a", None]


def test_an_undo_that_is_only_tried_changes_nothing(store: Store, sample) -> None:
    sample.sell(store)
    before = dump(store)
    with store.write(command="undo", now=NOW, dry_run=True):
        store.undo()
    assert dump(store) == before
    assert not store.history()[0].undone


def test_an_undo_asks_for_the_plans_it_touches(store: Store, sample) -> None:
    sold = sample.sell(store)
    sample.save(store, sold.sale_id, sample.touchpoint(), refresh_on=None)
    with store.write(command="done", now=NOW):
        store.add_activity(Activity(sale_id=sold.sale_id, kind="contacted", on=DAY))
        store.save_plans([(sold.sale_id, sample.plan(refresh_on=None))])
    assert store.sales_to_refresh(DAY) == []
    undo(store)
    assert store.sales_to_refresh(DAY) == [sold.customer_id]


def test_numbers_are_never_given_twice(store: Store, sample) -> None:
    """What was undone stays what it was in the journal: a new customer is not mistaken for it."""
    first = sample.sell(store)
    undo(store)
    second = sample.sell(store)
    assert second.customer_id > first.customer_id
    assert second.sale_id > first.sale_id


@pytest.mark.parametrize(
    "row",
    [("sqlite_schema", "name"), ("customer", "name = 'x' WHERE 1 --")],
    ids=["a foreign table", "SQL for a column"],
)
def test_a_journal_that_somebody_tampered_with_does_not_become_sql(store: Store, sample, row: tuple[str, str]) -> None:
    sample.sell(store)
    table, column = row
    store._connection.execute(
        "INSERT INTO journal_entry (id, at, command, summary) VALUES (9, '2026-01-01T00:00:00+00:00', 'x', '')"
    )
    store._connection.execute(
        "INSERT INTO journal (entry_id, table_name, row_id, op, old) VALUES (9, ?, 1, 'update', json_object(?, 'x'))",
        (table, column),
    )
    before = dump(store)
    with pytest.raises(ValueError, match="journal names"):
        undo(store)
    assert dump(store) == before


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))
SAME_STEPS = (StepText(step="call", purpose="prevention", ask=("How?",)),)


class Writes(RuleBasedStateMachine):
    """Random writes, each a command of its own; undone one by one they lead back over every state in between."""

    template: Path
    folder: Path
    numbers: Iterator[int] = count()

    @initialize()
    def begin(self) -> None:
        path = self.folder / f"{next(self.numbers)}.db"
        shutil.copy(self.template, path)
        self.store = Store.open(path)
        self.keys = count()
        self.states: list[bytes] = [dump(self.store)]

    def teardown(self) -> None:
        if not hasattr(self, "store"):
            return
        journal = self.store._all("SELECT * FROM journal ORDER BY id")
        while len(self.states) > 1:
            self.take_back()
        assert journal == self.store._all("SELECT * FROM journal ORDER BY id LIMIT ?", (len(journal),))
        with pytest.raises(NotFoundError):
            undo(self.store)
        self.store.close()
        self.store.path.unlink()

    def write(self, *changes: Callable[[Store], object]) -> None:
        entries = len(self.store.history(limit=10_000))
        with self.store.write(command="change", now=NOW):
            for change in changes:
                change(self.store)
        if len(self.store.history(limit=10_000)) > entries:
            self.states.append(dump(self.store))
        assert dump(self.store) == self.states[-1], "a change was not journaled"

    def any_id(self, table: str, pick: int) -> int:
        ids = [row["id"] for row in self.store._all(f"SELECT id FROM {table} ORDER BY id")]
        return int(ids[pick % len(ids)])

    def there_is(self, table: str) -> bool:
        return hasattr(self, "store") and bool(self.store._all(f"SELECT 1 FROM {table} LIMIT 1"))

    @rule(
        names=st.lists(TEXTS, min_size=1, max_size=3), tags=st.lists(TEXTS, max_size=2), text=TEXTS, off=st.booleans()
    )
    def add_customers(self, names: list[str], tags: list[str], text: str, off: bool) -> None:
        people = [
            Customer(key=f"k{next(self.keys)}", name=name, tags=tuple(tags), extra={text: name}, do_not_contact=off)
            for name in names
        ]

        def add(store: Store) -> None:
            for number in store.add_customers(people):
                store.add_contact(Contact(customer_id=number, name=text, is_main=not off))

        self.write(add)

    @rule(pick=st.integers(0, 99), text=TEXTS, goal=TEXTS, on=DAYS)
    @precondition(lambda self: self.there_is("customer"))
    def add_sale(self, pick: int, text: str, goal: str, on: date) -> None:
        customer_id = self.any_id("customer", pick)

        def add(store: Store) -> None:
            playbook_id = store.pin_playbook(key="saas", title="S", text=text, steps=SAME_STEPS)
            sale = Sale(key="s", customer_id=customer_id, goal=goal, added_on=on, anchors={"sale": on, text: on})
            store.add_sale(sale, playbook_id=playbook_id)

        self.write(add)

    @rule(pick=st.integers(0, 99), text=TEXTS, flag=st.booleans())
    @precondition(lambda self: self.there_is("customer"))
    def change_people(self, pick: int, text: str, flag: bool) -> None:
        customer_id, contact_id = self.any_id("customer", pick), self.any_id("contact", pick)
        self.write(
            lambda store: store.update_customer(customer_id, notes=text, do_not_contact=flag),
            lambda store: store.update_contact(contact_id, email=text),
            lambda store: store.set_main_contact(contact_id),
        )

    @rule(pick=st.integers(0, 99), text=TEXTS, name=st.sampled_from(["sale", "live"]), on=st.none() | DAYS)
    @precondition(lambda self: self.there_is("sale"))
    def change_sale(self, pick: int, text: str, name: str, on: date | None) -> None:
        sale_id = self.any_id("sale", pick)
        self.write(
            lambda store: store.set_anchor(sale_id, name, on),
            lambda store: store.update_sale(sale_id, product=text),
        )

    @rule(pick=st.integers(0, 99), text=TEXTS, on=DAYS, score=st.none() | st.integers(-(2**62), 2**62))
    @precondition(lambda self: self.there_is("sale"))
    def record(self, pick: int, text: str, on: date, score: int | None) -> None:
        sale_id = self.any_id("sale", pick)
        self.write(
            lambda store: store.add_activity(
                Activity(sale_id=sale_id, kind="contacted", on=on, outcomes=("good",), note=text, score=score)
            ),
            lambda store: store.add_concern(Concern(sale_id=sale_id, text=text, opened_on=on)),
            lambda store: store.add_promise(Promise(sale_id=sale_id, text=text, by=on)),
            lambda store: store.add_reading(Reading(sale_id=sale_id, kind="nps", value=text, on=on)),
        )

    @rule(pick=st.integers(0, 99), on=st.none() | DAYS, text=TEXTS)
    @precondition(lambda self: self.there_is("concern"))
    def resolve(self, pick: int, on: date | None, text: str) -> None:
        concern_id, promise_id = self.any_id("concern", pick), self.any_id("promise", pick)
        self.write(
            lambda store: store.resolve_concern(concern_id, on),
            lambda store: store.update_promise(promise_id, told_on=on, text=text),
        )

    @rule(name=st.sampled_from("ab"), value=st.none() | TEXTS)
    def set(self, name: str, value: str | None) -> None:
        self.write(lambda store: store.set_setting(name, value))

    @rule()
    @precondition(lambda self: hasattr(self, "states") and len(self.states) > 1)
    def take_back(self) -> None:
        undo(self.store)
        self.states.pop()
        assert dump(self.store) == self.states[-1]


@pytest.mark.trust
def test_undo_leads_back_over_every_state(empty_file: Path, tmp_path: Path) -> None:
    """Undo^k gives the bytes of the state k writes ago, and the journal only grows."""
    from hypothesis.stateful import run_state_machine_as_test

    machine = type("WritesHere", (Writes,), {"template": empty_file, "folder": tmp_path})
    usual = settings.default.max_examples
    run_state_machine_as_test(machine, settings=settings(max_examples=max(20, usual // 3), stateful_step_count=30))
