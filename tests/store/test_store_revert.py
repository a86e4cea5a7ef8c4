"""Taking back an import among other commands: each customer goes back exactly, or stays exactly as it is."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from followup.core.model.activity import Activity
from followup.core.model.customer import Contact, Customer
from followup.core.model.sale import Sale
from followup.errors import NotFoundError
from followup.store import Alias, Store

NOW = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
DAY = date(2026, 1, 5)
OF_CUSTOMER = {
    "customer": "id = ?",
    "contact": "customer_id = ?",
    "alias": "customer_id = ?",
    "sale": "customer_id = ?",
    "anchor": "sale_id IN (SELECT id FROM sale WHERE customer_id = ?)",
    "activity": "sale_id IN (SELECT id FROM sale WHERE customer_id = ?)",
}


def dump(store: Store, customer_id: int) -> str:
    """Every fact of a customer."""
    return repr(
        [
            store._all(f"SELECT * FROM {table} WHERE {whose} ORDER BY id", (customer_id,))
            for table, whose in OF_CUSTOMER.items()
        ]
    )


NOBODY = repr([[]] * len(OF_CUSTOMER))


class Desk:
    """A data file with commands typed into it, and what each customer was before each of them."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.numbers = iter(range(1, 10**6))
        self.before: dict[int, list[tuple[int, str]]] = {}  # customer -> (entry, what it was before), the last one last
        self.standing: list[tuple[int, str]] = []  # entries that can be taken back

    def customers(self) -> list[int]:
        return [customer.id for customer in self.store.customers()]

    def dumps(self) -> dict[int, str]:
        known = {*self.before, *self.customers()}
        return {number: dump(self.store, number) for number in known}

    @contextmanager
    def command(self, name: str) -> Iterator[None]:
        """One command; what it changed is noted."""
        before = self.dumps()
        with self.store.write(command=name, now=NOW) as entry:
            yield
        after = self.dumps()
        changed = [number for number in after if before.get(number, NOBODY) != after[number]]
        for number in changed:
            self.before.setdefault(number, []).append((entry.id, before.get(number, NOBODY)))
        if changed:
            self.standing.append((entry.id, name))

    def pick(self, number: int) -> int:
        known = self.customers()
        return known[number % len(known)] if known else 0

    def new(self, playbook: str) -> None:
        at = next(self.numbers)
        customer_id = self.store.add_customer(Customer(key=f"c{at}", name=f"C {at}"))
        self.store.add_contact(Contact(customer_id=customer_id, name="Jane", email=f"j{at}@x.example", is_main=True))
        self.buy(customer_id, playbook)

    def buy(self, customer_id: int, playbook: str) -> None:
        playbook_id = self.store.pin_playbook(key=playbook, title="", text=playbook, steps=[])
        sale = Sale(key=f"s{next(self.numbers)}", customer_id=customer_id, added_on=DAY, anchors={"sale": DAY})
        self.store.add_sale(sale, playbook_id=playbook_id)

    def change(self, customer_id: int) -> None:
        at = next(self.numbers)
        self.store.update_customer(customer_id, notes=f"note {at}")
        [facts] = self.store.customer_facts([customer_id])
        for sale in facts.sales[:1]:
            self.store.add_activity(Activity(sale_id=sale.sale.number, kind="contacted", on=DAY, note=f"{at}"))
        for person in facts.contacts[:1]:
            self.store.update_contact(person.id, phone=str(at))

    # Commands

    def imports(self, first: int, second: int) -> None:
        """Two new customers; two known ones changed, one of them with a new sale."""
        with self.command("import"):
            known = sorted({self.pick(first), self.pick(second)} - {0})
            for number in known:
                self.change(number)
            for number in known[:1]:
                self.buy(number, f"playbook {first % 3}")
            self.new(f"playbook {first % 3}")
            self.new(f"playbook {second % 3}")

    def adds(self, first: int, second: int) -> None:
        with self.command("add"):
            self.new(f"playbook {first % 3}")

    def sets(self, first: int, second: int) -> None:
        if number := self.pick(first):
            with self.command("set"):
                self.change(number)

    def merges(self, first: int, second: int) -> None:
        keeps, goes = self.pick(first), self.pick(second)
        if keeps != goes:
            store = self.store
            with self.command("merge"):
                gone = store.customer(goes)
                for person in store.contacts_of(goes):
                    store.update_contact(person.id, customer_id=keeps, is_main=False)
                store.move_sales(goes, to=keeps)
                store.move_aliases(goes, to=keeps)
                store.drop_customer(goes)
                store.add_alias(keeps, Alias(key=gone.key, name=gone.name))

    def undoes(self, first: int, second: int) -> None:
        """The newest command goes back, with what imports that were taken back in part left on its customers."""
        with self.store.write(command="undo", now=NOW):
            if not self.standing:
                with pytest.raises(NotFoundError):
                    self.store.undo()
                return
            entry_id, _ = self.standing.pop()
            expected = self.dumps()
            for number, stack in self.before.items():
                while any(each == entry_id for each, _ in stack):
                    expected[number] = stack.pop()[1]
            assert self.store.undo().entry.id == entry_id
        assert self.dumps() == expected

    def reverts(self, first: int, second: int) -> None:
        """Of the newest import all customers go back who were not changed since; the others stay."""
        imports = [entry_id for entry_id, name in self.standing if name == "import"]
        with self.store.write(command="import --revert", now=NOW):
            if not imports:
                with pytest.raises(NotFoundError):
                    self.store.revert_import()
                return
            entry_id = imports[-1]
            expected = self.dumps()
            mine = {number: stack for number, stack in self.before.items() if any(e == entry_id for e, _ in stack)}
            free = [number for number, stack in mine.items() if stack[-1][0] == entry_id]
            for number in free:
                expected[number] = mine[number].pop()[1]
            reverted = self.store.revert_import()
        assert self.dumps() == expected
        assert reverted.entry.id == entry_id
        assert set(reverted.left) == mine.keys() - set(free)
        assert set(reverted.customer_ids) == {number for number in free if expected[number] != NOBODY}
        assert reverted.customers_count == len(free)
        if free:  # else nothing was written, and the import can still be taken back
            self.standing = [each for each in self.standing if each[0] != entry_id]


COMMANDS = (Desk.imports, Desk.adds, Desk.sets, Desk.merges, Desk.undoes, Desk.reverts)


@pytest.fixture(scope="module")
def fresh(empty_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    path = tmp_path_factory.mktemp("revert") / "followup.db"

    def copy() -> Path:
        shutil.copy(empty_file, path)
        return path

    return copy


TYPED = st.tuples(st.sampled_from(COMMANDS), st.integers(0, 9), st.integers(0, 9))


@settings(max_examples=150)
@given(typed=st.lists(TYPED, min_size=4, max_size=25))
def test_whatever_is_typed_each_customer_goes_back_exactly_or_stays(
    fresh: Callable[[], Path], typed: list[Any]
) -> None:
    """Imports, other commands, merges, undo and revert in any order; in the end undo leads back to an empty file."""
    with Store.open(fresh()) as store:
        desk = Desk(store)
        desk.imports(0, 0)
        for command, first, second in typed:
            command(desk, first, second)
        while desk.standing:
            desk.undoes(0, 0)
        assert store._all("PRAGMA foreign_key_check") == []


def test_a_playbook_that_is_still_followed_stays(store: Store) -> None:
    """An import that is left in part may follow a text that an older command brought."""
    desk = Desk(store)
    desk.adds(0, 0)
    desk.imports(3, 3)
    desk.sets(1, 0)  # a customer of the import
    desk.reverts(0, 0)
    desk.undoes(0, 0)
    desk.undoes(0, 0)
    assert store.playbook_sales() == {"playbook 0": 1}
    assert desk.standing == []


def test_an_import_of_many_is_taken_back_in_pieces(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from followup.store import journal

    monkeypatch.setattr(journal, "_CHUNK", 7)
    desk = Desk(store)
    for _ in range(5):
        desk.imports(0, 3)
    desk.sets(8, 0)
    for _ in range(3):
        desk.reverts(0, 0)
    while desk.standing:
        desk.undoes(0, 0)
    left = set(desk.customers())
    assert left == {number for number, stack in desk.before.items() if stack}
