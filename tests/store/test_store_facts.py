"""Facts: every field of the model is kept, people are found by what is typed, reading in bulk stays in bulk."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.core.model.activity import Activity
from followup.core.model.concern import Concern
from followup.core.model.customer import Contact, Customer
from followup.core.model.extra import plain_extra
from followup.core.model.history import NO_HISTORY
from followup.core.model.plan import CurveShape, Plan
from followup.core.model.promise import Promise
from followup.core.model.reading import Reading
from followup.core.model.sale import Profile, Sale
from followup.core.model.stage import STAGES
from followup.core.model.touchpoint import Touchpoint
from followup.errors import NotFoundError
from followup.store import StepText, Store
from followup.store.customers import digits, folded

NOW = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)

# What a column is called where it is not called like its field, and what is no column of its own.
RENAMED: dict[type, dict[str, str]] = {
    Activity: {"on": "on_date"},
    Promise: {"by": "by_date"},
    Reading: {"on": "on_date"},
    Touchpoint: {"to": "to_role"},
    Sale: {"number": "id"},
    CurveShape: {field.name: f"curve_{field.name}" for field in fields(CurveShape)},
}
ELSEWHERE: dict[type, set[str]] = {
    Sale: {
        "playbook",  # by playbook_id
        "anchors",  # a table of their own
        "profile",  # of the customer, except for what is the sale's own
        "do_not_contact",  # of the customer and the contacts
        "need",  # of the customer
    },
    Profile: {"usage", "tier", "kind", "tags", "channel", "extra"},  # of the customer and the main contact
    Plan: {"stages", "curve", "touchpoints"},
}
BESIDES: dict[str, set[str]] = {
    "sale": {"playbook_id"},
    "step": {"playbook_id"},
    "plan": {"sale_id", "trough_on", *(f"{stage}_on" for stage in STAGES)},
    "touchpoint": {"id", "sale_id", "customer_id"},
}


@pytest.mark.parametrize(
    ("table", "models"),
    [
        ("customer", [Customer]),
        ("contact", [Contact]),
        ("sale", [Sale, Profile]),
        ("activity", [Activity]),
        ("concern", [Concern]),
        ("promise", [Promise]),
        ("reading", [Reading]),
        ("step", [StepText]),
        ("plan", [Plan, CurveShape]),
        ("touchpoint", [Touchpoint]),
    ],
)
def test_every_field_of_the_model_has_its_column(store: Store, table: str, models: list[type]) -> None:
    expected = BESIDES.get(table, set()) | {
        RENAMED.get(model, {}).get(field.name, field.name)
        for model in models
        for field in fields(model)
        if field.name not in ELSEWHERE.get(model, set())
    }
    assert {row["name"] for row in store._all(f"PRAGMA table_info({table})")} == expected


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
DAY = st.dates()
MAYBE_DAY = st.none() | DAY
NUMBER = st.none() | st.integers(-(2**63), 2**63 - 1)


def built(model: type[Any], **given_: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A value of the model with every field drawn: none is left at its default."""
    by_type: dict[str, st.SearchStrategy[Any]] = {
        "str": TEXT,
        "bool": st.booleans(),
        "int": st.integers(0, 2**63 - 1),
        "int | None": NUMBER,
        "float | None": st.none() | st.floats(allow_nan=False),
        "date": DAY,
        "date | None": MAYBE_DAY,
        "time | None": st.none() | st.times(),
        "tuple[str, ...]": st.lists(TEXT, max_size=3).map(tuple),
        "Mapping[str, str]": st.dictionaries(TEXT, TEXT, max_size=3),
    }
    drawn = {
        field.name: given_[field.name] if field.name in given_ else by_type[str(field.type)] for field in fields(model)
    }
    return st.builds(model, **drawn)


@pytest.fixture(scope="module")
def shared(empty_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One file for all examples of a property: each example is rolled back."""
    path = tmp_path_factory.mktemp("shared") / "followup.db"
    shutil.copy(empty_file, path)
    with Store.open(path) as store:
        yield store


@contextmanager
def tried(store: Store) -> Iterator[int]:
    """A write with a customer and a sale (its number) to hang things on, taken back at the end."""
    with store.write(command="try", now=NOW, dry_run=True):
        customer_id = store.add_customer(Customer(key="owner", name="Owner"))
        playbook_id = store.pin_playbook(key="saas", title="", text="", steps=[])
        yield store.add_sale(Sale(customer_id=customer_id, added_on=NOW.date()), playbook_id=playbook_id)


@given(customer=built(Customer, id=st.just(0)))
def test_customers_are_kept_exactly(shared: Store, customer: Customer) -> None:
    with tried(shared):
        number = shared.add_customer(replace(customer, key=f"own {customer.key}"))
        assert shared.customer(number) == replace(customer, id=number, key=f"own {customer.key}")


@given(contact=built(Contact, id=st.just(0)))
def test_contacts_are_kept_exactly(shared: Store, contact: Contact) -> None:
    with tried(shared) as sale_id:
        owner = shared.sale_facts(sale_id)[0].customer.id
        number = shared.add_contact(replace(contact, customer_id=owner))
        assert shared.contact(number) == replace(contact, id=number, customer_id=owner)
        assert shared.contacts_of(owner) == [shared.contact(number)]


@given(
    activity=built(Activity, id=st.just(0)),
    concern=built(Concern, id=st.just(0)),
    promise=built(Promise, id=st.just(0)),
    reading=built(Reading, id=st.just(0)),
)
def test_what_happened_is_kept_exactly(
    shared: Store, activity: Activity, concern: Concern, promise: Promise, reading: Reading
) -> None:
    with tried(shared) as sale_id:
        activity, concern, promise, reading = (
            replace(each, sale_id=sale_id) for each in (activity, concern, promise, reading)
        )
        numbers = (
            shared.add_activity(activity),
            shared.add_concern(concern),
            shared.add_promise(promise),
            shared.add_reading(reading),
        )
        history = shared.sale_facts(sale_id)[1].history
        assert history.activities == (replace(activity, id=numbers[0]),)
        assert history.concerns == (replace(concern, id=numbers[1], number=1),)
        assert history.promises == (replace(promise, id=numbers[2], number=1),)
        assert history.readings == (replace(reading, id=numbers[3]),)
        assert history.taken == ()


@given(
    sale=built(
        Sale,
        number=st.just(0),
        customer_id=st.just(0),
        anchors=st.dictionaries(TEXT, DAY, max_size=4),
        profile=built(Profile),
    )
)
def test_sales_are_kept_exactly(shared: Store, sale: Sale) -> None:
    with tried(shared):
        customer = Customer(
            key="c", name="C", usage="heavy", tier="A", kind="person", tags=("vip",), extra={"need": sale.need}
        )
        customer_id = shared.add_customer(customer)
        shared.add_contact(Contact(customer_id=customer_id, name="Side", channel="letter"))
        shared.add_contact(Contact(customer_id=customer_id, name="Main", channel="visit", is_main=True))
        playbook_id = shared.pin_playbook(key="retail", title="", text="text", steps=[])
        number = shared.add_sale(replace(sale, customer_id=customer_id), playbook_id=playbook_id)
        facts, kept = shared.sale_facts(number)
        assert kept.sale == replace(
            sale,
            number=number,
            customer_id=customer_id,
            playbook="retail",
            profile=replace(
                sale.profile,
                usage="heavy",
                tier="A",
                kind="person",
                tags=("vip",),
                channel="visit",
                extra=plain_extra(customer.extra, sale.extra),
            ),
            do_not_contact=False,
        )
        assert kept.playbook_id == playbook_id
        assert facts.sales == (kept,)
        assert [contact.name for contact in facts.contacts] == ["Main", "Side"]


def test_numbers_can_be_brought_along(store: Store, sample: Any) -> None:
    """What was exported with its numbers comes back with them; new rows go on after the highest."""
    with store.write(command="import", now=sample.now):
        numbers = store.add_customers(
            [Customer(id=number, key=f"c{at}", name="C") for at, number in enumerate([0, 40, 0, 7, 0])]
        )
    assert numbers == [1, 40, 41, 7, 42]
    assert [customer.id for customer in store.customers()] == sorted(numbers)


def test_many_customers_are_read_in_pieces(store: Store, sample: Any) -> None:
    with store.write(command="import", now=sample.now):
        numbers = store.add_customers([Customer(key=f"c{n}", name="C") for n in range(2500)])
    assert store.customer_count() == 2500
    assert [customer.id for customer in store.customers()] == numbers
    assert [facts.customer.id for facts in store.customer_facts()] == numbers
    assert store.all_keys() == {f"c{n}" for n in range(2500)}


# Changes


def test_fields_are_changed_one_by_one(store: Store, sample: Any) -> None:
    sold = sample.sell(store)
    before = store.sale_facts(sold.sale_id)
    with store.write(command="set", now=sample.now):
        store.update_customer(sold.customer_id, tier="A", tags=("vip", "berlin"), extra={"size": "40"})
        store.update_contact(sold.contact_id, channel="letter", role="decider")
        store.update_sale(sold.sale_id, product="Reports", goal="ten users", complexity="complex")
    facts, sale = store.sale_facts(sold.sale_id)
    assert facts.customer == replace(before[0].customer, tier="A", tags=("vip", "berlin"), extra={"size": "40"})
    assert facts.contacts == (replace(before[0].contacts[0], channel="letter", role="decider"),)
    profile = replace(
        before[1].sale.profile,
        tier="A",
        tags=("vip", "berlin"),
        complexity="complex",
        channel="letter",
        extra={"size": "40"},
    )
    assert sale.sale == replace(before[1].sale, product="Reports", goal="ten users", profile=profile)


@pytest.mark.parametrize(
    "change",
    [
        lambda store: store.update_customer(1, nmae="x"),
        lambda store: store.update_contact(1, mail="x"),
        lambda store: store.update_sale(1, customer_id=2),
        lambda store: store.update_promise(1, due="x"),
    ],
)
def test_an_unknown_field_is_a_bug(store: Store, sample: Any, change: Callable[[Store], None]) -> None:
    sold = sample.sell(store)
    with store.write(command="add", now=sample.now):
        store.add_promise(Promise(sale_id=sold.sale_id, by=sample.day))
    with pytest.raises(TypeError), store.write(command="set", now=sample.now):
        change(store)


def test_anchors_are_set_moved_and_forgotten(store: Store, sample: Any) -> None:
    sold = sample.sell(store)
    seen = []
    for on in (sample.plus(3), sample.plus(5), None, None):
        with store.write(command="anchor", now=sample.now):
            store.set_anchor(sold.sale_id, "live", on)
        seen.append(dict(store.sale_facts(sold.sale_id)[1].sale.anchors))
    alone = {"sale": sample.day}
    assert seen == [alone | {"live": sample.plus(3)}, alone | {"live": sample.plus(5)}, alone, alone]


def test_there_is_one_main_contact(store: Store, sample: Any) -> None:
    sold, other = sample.sell(store), sample.sell(store, "bolt")
    with store.write(command="contact", now=sample.now):
        second = store.add_contact(Contact(customer_id=sold.customer_id, name="Boss"))
        store.set_main_contact(second)
    assert [(each.id, each.is_main) for each in store.contacts_of(sold.customer_id)] == [
        (second, True),
        (sold.contact_id, False),
    ]
    assert store.contact(other.contact_id).is_main


def test_the_same_playbook_text_is_pinned_once(store: Store, sample: Any) -> None:
    steps = [StepText(step="call", purpose="prevention", ask=("How?", "Why?"))]
    with store.write(command="add", now=sample.now):
        pinned = [
            store.pin_playbook(key=key, title="T", text=text, steps=steps)
            for key, text in [("a", "one"), ("a", "two"), ("a", "one"), ("b", "one"), ("a", "two")]
        ]
    assert pinned == [1, 2, 1, 3, 2]
    assert [store.playbook_text(number) for number in (1, 2, 3)] == [("a", "one"), ("a", "two"), ("b", "one")]
    assert len(store._all("SELECT 1 FROM step")) == 3


def test_a_step_of_the_playbook_comes_before_one_of_the_program_with_the_same_name(store: Store, sample: Any) -> None:
    """A playbook may name a step as the program names one of its own; pinned again it gets words it had none for."""
    mine = StepText(step="catch_up", purpose="feedback", goal="mine")
    added = StepText(step="catch_up", purpose="prevention", goal="the program's")
    new = StepText(step="meet_successor", purpose="welcome", goal="be known")

    def pin(*steps: StepText) -> int:
        with store.write(command="add", now=sample.now):
            return store.pin_playbook(key="a", title="T", text="one", steps=steps)

    assert pin(mine, added) == pin(mine, added, new) == 1
    words = store._all("SELECT step, goal FROM step ORDER BY step")
    assert words == [{"step": "catch_up", "goal": "mine"}, {"step": "meet_successor", "goal": "be known"}]


def test_sales_are_counted_by_playbook(store: Store, sample: Any) -> None:
    assert store.playbook_sales() == {}
    sold = sample.sell(store)
    sample.sell(store, "bolt")
    with store.write(command="add", now=sample.now):
        other = store.pin_playbook(key="retail", title="", text="", steps=[])
        newer = store.pin_playbook(key="saas", title="", text="edited", steps=[])
        for playbook_id in (other, newer):
            store.add_sale(Sale(customer_id=sold.customer_id, added_on=sample.day), playbook_id=playbook_id)
    assert store.playbook_sales() == {"retail": 1, "saas": 3}


@pytest.mark.parametrize(
    "ask",
    [
        lambda store: store.customer(9),
        lambda store: store.contact(9),
        lambda store: store.concern(9),
        lambda store: store.promise(9),
        lambda store: store.sale_facts(9),
        lambda store: store.playbook_text(9),
        lambda store: store.touchpoint(9),
    ],
)
def test_what_does_not_exist_is_said_with_where_to_look(store: Store, ask: Callable[[Store], object]) -> None:
    with pytest.raises(NotFoundError, match="9") as refusal:
        ask(store)
    assert refusal.value.hint.startswith("followup ")


@pytest.mark.parametrize(
    "change",
    [
        lambda store: store.update_customer(9, name="x"),
        lambda store: store.update_contact(9, name="x"),
        lambda store: store.set_main_contact(9),
        lambda store: store.update_sale(9, product="x"),
        lambda store: store.set_anchor(9, "live", date(2026, 1, 1)),
        lambda store: store.resolve_concern(9, date(2026, 1, 1)),
        lambda store: store.update_promise(9, text="x"),
    ],
)
def test_what_does_not_exist_cannot_be_changed(store: Store, sample: Any, change: Callable[[Store], None]) -> None:
    with pytest.raises(NotFoundError), store.write(command="set", now=sample.now):
        change(store)


# Who may be contacted at all


@pytest.mark.parametrize(
    ("customer", "contacts", "expected"),
    [
        (False, [], False),
        (True, [], True),
        (False, [False], False),
        (False, [True], True),
        (False, [True, False], False),
        (True, [False, False], True),
        (False, [True, True], True),
    ],
)
def test_a_sale_is_left_alone_when_the_customer_or_everybody_there_wants_it(
    store: Store, sample: Any, customer: bool, contacts: list[bool], expected: bool
) -> None:
    with store.write(command="add", now=sample.now):
        customer_id = store.add_customer(Customer(key="c", name="C", do_not_contact=customer))
        for number, left_alone in enumerate(contacts):
            store.add_contact(
                Contact(
                    customer_id=customer_id,
                    name="N",
                    channel=f"channel {number}",
                    do_not_contact=left_alone,
                    is_main=not number,
                )
            )
        playbook_id = store.pin_playbook(key="saas", title="", text="", steps=[])
        sale_id = store.add_sale(Sale(customer_id=customer_id, added_on=sample.day), playbook_id=playbook_id)
    sale = store.sale_facts(sale_id)[1].sale
    assert sale.do_not_contact is expected
    assert sale.profile.channel == (f"channel {contacts.index(False)}" if False in contacts else "")


# Concerns, promises, activities


def test_concerns_and_promises_are_numbered_within_their_sale(store: Store, sample: Any) -> None:
    acme, bolt = sample.sell(store), sample.sell(store, "bolt")
    with store.write(command="concern", now=sample.now):
        for sale in (acme, bolt, acme):
            store.add_concern(Concern(sale_id=sale.sale_id, number=77, opened_on=sample.day))
            store.add_promise(Promise(sale_id=sale.sale_id, number=77, by=sample.day))
    assert [(each.id, each.number) for each, _ in store.concerns()] == [(1, 1), (2, 1), (3, 2)]
    assert [(each.id, each.number) for each, _ in store.promises()] == [(1, 1), (2, 1), (3, 2)]


def test_open_concerns_come_first_and_say_whose_they_are(store: Store, sample: Any) -> None:
    acme, bolt = sample.sell(store), sample.sell(store, "bolt")
    with store.write(command="concern", now=sample.now):
        for sale, days in [(acme, 3), (bolt, 1), (acme, 2)]:
            store.add_concern(Concern(sale_id=sale.sale_id, opened_on=sample.plus(days)))
        store.resolve_concern(2, sample.plus(9))
    assert [(each.id, who.key) for each, who in store.concerns()] == [(3, "acme"), (1, "acme"), (2, "bolt")]
    assert [each.id for each, _ in store.concerns(include_resolved=False)] == [3, 1]
    assert [each.id for each, _ in store.concerns(customer_id=bolt.customer_id)] == [2]
    assert store.concern(2).resolved_on == sample.plus(9)
    with store.write(command="concern", now=sample.now):
        store.resolve_concern(2, None)
    assert store.concern(2).is_open


def test_readings_of_all_sales_of_a_customer_come_by_day(store: Store, sample: Any) -> None:
    acme, bolt = sample.sell(store), sample.sell(store, "bolt")
    with store.write(command="reading", now=sample.now):
        second = store.add_sale(replace(store.sale_facts(acme.sale_id)[1].sale, number=0), playbook_id=acme.playbook_id)
        for sale_id, days in ((acme.sale_id, 5), (second, 1), (bolt.sale_id, 3), (acme.sale_id, 1)):
            store.add_reading(Reading(sale_id=sale_id, kind="nps", value="9", on=sample.plus(days)))
    assert [each.id for each in store.readings(acme.customer_id)] == [2, 4, 1]


def test_a_promise_stays_first_until_the_customer_was_told(store: Store, sample: Any) -> None:
    """C14: done is not enough."""
    acme, bolt = sample.sell(store), sample.sell(store, "bolt")
    with store.write(command="promise", now=sample.now):
        for sale, days in [(acme, 3), (bolt, 1), (acme, 2)]:
            store.add_promise(Promise(sale_id=sale.sale_id, by=sample.plus(days)))
        store.update_promise(2, done_on=sample.plus(1))
        store.update_promise(3, done_on=sample.plus(1), told_on=sample.plus(2))
    assert [(each.id, who.key) for each, who in store.promises()] == [(2, "bolt"), (1, "acme"), (3, "acme")]
    assert [each.id for each, _ in store.promises(customer_id=acme.customer_id)] == [1, 3]
    assert store.promise(2).done_on == sample.plus(1)


def test_last_words_are_those_of_the_last_contact_with_a_note(store: Store, sample: Any) -> None:
    acme, bolt, mute = sample.sell(store), sample.sell(store, "bolt"), sample.sell(store, "mute")
    told = [
        (acme, "contacted", 5, "first on that day"),
        (acme, "contacted", 5, "last on that day"),
        (acme, "contacted", 9, ""),
        (acme, "skipped", 10, "no time"),
        (acme, "contacted", 2, "recorded late"),
        (bolt, "contacted", 1, "only this"),
        (mute, "snoozed", 1, "later"),
    ]
    with store.write(command="done", now=sample.now):
        for sale, kind, days, note in told:
            store.add_activity(Activity(sale_id=sale.sale_id, kind=kind, on=sample.plus(days), note=note))
    everybody = [acme.customer_id, bolt.customer_id, mute.customer_id]
    assert store.last_words(everybody) == {acme.customer_id: "last on that day", bolt.customer_id: "only this"}
    assert store.last_words([]) == {}


def test_contacts_of_a_day_are_counted(store: Store, sample: Any) -> None:
    sold = sample.sell(store)
    with store.write(command="done", now=sample.now):
        store.add_activities(
            Activity(sale_id=sold.sale_id, kind=kind, on=sample.plus(days))
            for kind, days in [("contacted", 0), ("contacted", 0), ("skipped", 0), ("contacted", 1)]
        )
    assert [store.done_count(sample.plus(days)) for days in (-1, 0, 1)] == [0, 2, 1]


def test_settings_are_set_changed_and_removed(store: Store, sample: Any) -> None:
    seen = [store.setting("digest")]
    for value in ("abc", "abd", None):
        with store.write(command="import", now=sample.now):
            store.set_setting("digest", value)
        seen.append(store.setting("digest"))
    assert seen == [None, "abc", "abd", None]


# Finding


@pytest.fixture
def address_book(store: Store, sample: Any) -> Store:
    people: list[tuple[str, dict[str, Any], list[dict[str, Any]]]] = [
        ("acme", {"name": "Acme", "external_id": "C-100"}, [{"name": "Jane Doe", "email": "Jane@Acme.test"}]),
        ("acme-europe", {"name": "Acme Europe", "company": "Acme Holding"}, [{"name": "Ivan", "phone": "030 5556677"}]),
        ("strasse", {"name": "Bäckerei STRASSE", "company": "Straße GmbH"}, [{"name": "O'Neil", "email": "x@y.test"}]),
        ("cafe", {"name": "Cafe\u0301 100%", "company": "A_B"}, [{"name": "Zoë", "phone": "+49 (89) 123-456"}]),
        ("kyiv", {"name": "Київ", "company": ""}, []),
    ]
    with store.write(command="import", now=sample.now):
        for key, customer, contacts in people:
            number = store.add_customer(Customer(key=key, **customer))
            for contact in contacts:
                store.add_contact(Contact(customer_id=number, **contact))
    return store


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("acme", ["acme"]),
        ("ACME", ["acme"]),
        ("  acme ", ["acme"]),
        ("acm", ["acme", "acme-europe"]),
        ("acme europe", ["acme-europe"]),
        ("Acme Holding", ["acme-europe"]),
        ("hold", ["acme-europe"]),
        ("jane@acme.TEST", ["acme"]),
        ("jane@acme", []),
        ("C-100", ["acme"]),
        ("c-1000", []),
        ("030/555 66 77", ["acme-europe"]),
        ("0049 89 123456", ["cafe"]),
        ("+4989123456", ["cafe"]),
        ("123456", []),
        ("jane", ["acme"]),
        ("o'neil", ["strasse"]),
        ("straße", ["strasse"]),
        ("bäckerei", ["strasse"]),
        ("café", ["cafe"]),
        ("100%", ["cafe"]),
        ("%", ["cafe"]),
        ("_", ["cafe"]),
        ("київ", ["kyiv"]),
        ("КИЇВ", ["kyiv"]),
        ("", []),
        ("   ", []),
        ("'; DROP TABLE customer; --", []),
        ("nobody", []),
    ],
)
def test_customers_are_found_by_what_people_type(address_book: Store, text: str, found: list[str]) -> None:
    """Key, e-mail, external id, phone number, then name: the surest match alone answers."""
    assert [customer.key for customer in address_book.find_customers(text)] == found


def test_only_so_many_are_found(address_book: Store) -> None:
    assert len(address_book.find_customers("a")) > 2
    assert len(address_book.find_customers("a", limit=2)) == 2


def test_keys_are_exact(address_book: Store) -> None:
    assert address_book.key_exists("acme")
    assert not address_book.key_exists("Acme")
    assert not address_book.key_exists("acm")


@given(TEXT, TEXT)
def test_folding_ignores_case_and_nothing_else(left: str, right: str) -> None:
    assert folded(left.upper()).casefold() == folded(left.upper())
    assert folded(folded(left)) == folded(left) or not left.isascii()
    assert (folded(left) == folded(right)) == (left.lower() == right.lower()) or not (left + right).isascii()


@pytest.mark.parametrize(
    ("text", "number"), [("+49 (0)30-1", "490301"), ("0049 30 1", "49301"), ("ext. 12", "12"), ("none", ""), ("٣", "")]
)
def test_digits_of_a_phone_number(text: str, number: str) -> None:
    assert digits(text) == number


def test_identities_tell_everybody_apart(address_book: Store) -> None:
    identities = list(address_book.identities_of([1, 2, 3, 4, 5]))
    assert [each.customer_id for each in identities] == [1, 2, 3, 4, 5]
    assert (identities[0].external_id, identities[0].name) == ("C-100", "Acme")
    assert [each.emails for each in identities] == [("Jane@Acme.test",), (), ("x@y.test",), (), ()]
    assert [each.phones for each in identities] == [(), ("030 5556677",), (), ("+49 (89) 123-456",), ()]


# In bulk


def test_facts_come_in_a_few_queries(store: Store, sample: Any) -> None:
    """Never one query for each customer or sale."""
    sold = [sample.sell(store, f"c{number}") for number in range(30)]
    with store.write(command="done", now=sample.now):
        for each in sold:
            store.add_activity(Activity(sale_id=each.sale_id, kind="contacted", on=sample.day, to_time=time(9, 30)))
    seen: list[str] = []
    store._connection.set_trace_callback(seen.append)
    facts = list(store.customer_facts())
    store._connection.set_trace_callback(None)
    assert len(seen) <= 14
    assert [each.customer.id for each in facts] == [each.customer_id for each in sold]
    assert [each.sales[0].sale.number for each in facts] == [each.sale_id for each in sold]
    assert all(len(each.sales[0].history.activities) == 1 for each in facts)


def test_facts_of_some_and_of_nobody(store: Store, sample: Any) -> None:
    first, _, third = (sample.sell(store, key) for key in ("a", "b", "c"))
    wanted = [third.customer_id, first.customer_id, 99, first.customer_id]
    assert [each.customer.key for each in store.customer_facts(wanted)] == ["a", "c"]
    assert list(store.customer_facts([])) == []


def test_a_customer_may_have_many_sales_or_none(store: Store, sample: Any) -> None:
    sold = sample.sell(store)
    with store.write(command="add", now=sample.now):
        store.add_customer(Customer(key="none", name="None"))
        numbers = store.add_sales([(Sale(customer_id=sold.customer_id, added_on=sample.day), sold.playbook_id)] * 3)
    facts = {each.customer.key: each for each in store.customer_facts()}
    assert [each.sale.number for each in facts["acme"].sales] == [sold.sale_id, *numbers]
    assert facts["none"].sales == ()
    assert facts["acme"].sales[0].history == NO_HISTORY
