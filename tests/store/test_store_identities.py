"""Who a row of a table may be about: found whatever the letters, also through an alias, in bounded memory."""

from __future__ import annotations

import shutil
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from followup.core.model.customer import Contact, Customer
from followup.store import Alias, Identity, Store, Wanted, comparable, identities

NOW = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)


def add(store: Store, sample: Any, key: str, *people: str, phone: str = "", **fields: Any) -> int:
    """A customer with a person for each e-mail."""
    with store.write(command="add", now=sample.now):
        number = store.add_customer(Customer(**{"key": key, "name": key.title(), **fields}))
        store.add_contacts(
            [
                Contact(customer_id=number, name=email, email=email, phone=phone, is_main=not at)
                for at, email in enumerate(people)
            ]
        )
    return number


def found(store: Store, *wanted: Wanted) -> list[int]:
    store.index_identities()
    return [each.customer_id for each in store.candidates(wanted)]


@pytest.fixture
def crowd(store: Store, sample: Any) -> Store:
    """1 Acme, 2 Strasse, 3 Zoe, known as two others as well, 4 nobody in particular."""
    add(
        store,
        sample,
        "acme",
        "Jane@Acme.example",
        "bob@acme.example",
        name="ACME  Tools",
        company="Acme",
        external_id="7",
    )
    add(store, sample, "strasse", "größe@straße.example", name="Straße", company="", external_id="8")
    add(store, sample, "zoe", "", name="Zoë", company="ｚ ＧｍｂＨ")
    add(store, sample, "nobody", name="Nobody", company="Inc")
    with store.write(command="merge", now=sample.now):
        store.add_alias(3, Alias(key="zora", external_id="99", name="Zora", company="Old"))
        store.add_alias(3, Alias(key="zita", name="Zita"))
    return store


WANTED = [
    pytest.param(Wanted(key="acme"), [1], id="key"),
    pytest.param(Wanted(key="ACME"), [], id="a key is exact"),
    pytest.param(Wanted(external_id="7"), [1], id="id of another tool"),
    pytest.param(Wanted(emails=("JANE@ACME.example",)), [1], id="e-mail in capitals"),
    pytest.param(Wanted(emails=("bob@acme.example",)), [1], id="e-mail of another person there"),
    pytest.param(Wanted(emails=("GRÖSSE@STRASSE.example",)), [2], id="e-mail with letters of its own"),
    pytest.param(Wanted(emails=("ｊａｎｅ@acme.example",)), [1], id="e-mail in wide letters"),
    pytest.param(Wanted(name="acme tools", company="ACME"), [1], id="name and company, blanks and capitals"),
    pytest.param(Wanted(name="acme tools"), [], id="a name alone is another one"),
    pytest.param(Wanted(name="STRASSE"), [2], id="sharp s"),
    pytest.param(Wanted(name="Zoe\u0308", company="Z GMBH"), [3], id="composed accent, wide letters"),
    pytest.param(Wanted(key="zora"), [3], id="key before the merge"),
    pytest.param(Wanted(external_id="99"), [3], id="id before the merge"),
    pytest.param(Wanted(name="zora", company="OLD"), [3], id="name before the merge"),
    pytest.param(Wanted(name="Zita"), [3], id="name before another merge"),
    pytest.param(Wanted(), [], id="nothing said"),
    pytest.param(
        Wanted(name="%", company="_", key="'", external_id='"', emails=("*",)), [], id="letters with a meaning"
    ),
]


@pytest.mark.parametrize(("wanted", "numbers"), WANTED)
def test_whom_a_row_may_be_about(crowd: Store, wanted: Wanted, numbers: list[int]) -> None:
    assert found(crowd, wanted) == numbers
    others = (Wanted(name="Nobody", company="inc"), Wanted(key="nobody"), Wanted(key="no such"))
    assert found(crowd, wanted, *others) == sorted({*numbers, 4}), "many rows at once"


def test_an_identity_says_everything_that_tells_customers_apart(crowd: Store) -> None:
    crowd.index_identities()
    acme, zoe = crowd.candidates([Wanted(key="acme"), Wanted(key="zora")])
    assert acme == Identity(
        customer_id=1,
        key="acme",
        external_id="7",
        name="ACME  Tools",
        company="Acme",
        emails=("Jane@Acme.example", "bob@acme.example"),
        phones=(),
    )
    assert zoe.aliases == (
        Alias(key="zora", external_id="99", name="Zora", company="Old"),
        Alias(key="zita", name="Zita"),
    )


def test_looking_before_the_index_is_a_bug(store: Store) -> None:
    with pytest.raises(RuntimeError, match="index_identities"):
        store.candidates([])


def test_inside_a_write_and_in_a_file_that_cannot_be_written(crowd: Store, sample: Any) -> None:
    with crowd.write(command="import", now=sample.now):
        assert found(crowd, Wanted(name="nobody", company="INC")) == [4]
    with Store.open(crowd.path, read_only=True) as reader:
        assert found(reader, Wanted(name="nobody", company="INC")) == [4]
    crowd.close()
    before = crowd.path.read_bytes()
    crowd.path.chmod(0o400)
    with Store.open(crowd.path) as reader:
        assert found(reader, Wanted(name="nobody", company="INC"), Wanted(key="zora")) == [3, 4]
    assert crowd.path.read_bytes() == before


def test_what_another_process_wrote_meanwhile_is_seen_by_the_next_indexing(crowd: Store, sample: Any) -> None:
    """Whoever checks a table first and writes later indexes again: nobody comes in twice."""
    assert found(crowd, Wanted(name="Late Comer")) == []
    with Store.open(crowd.path) as other:
        add(other, sample, "late", name="Late Comer")
    assert found(crowd, Wanted(name="late comer")) == [5]


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(key="new"),
        Wanted(external_id="N1"),
        Wanted(name="NEW  one"),
        Wanted(emails=("Größe@One.example",)),
    ],
    ids=["key", "id", "name", "e-mail"],
)
def test_a_customer_of_the_running_write_is_found_once_learned(crowd: Store, sample: Any, wanted: Wanted) -> None:
    assert found(crowd, wanted) == []
    number = add(crowd, sample, "new", "größe@one.example", name="New One", external_id="N1")
    crowd.learn_identities([number])
    assert found(crowd, wanted) == [number], "indexing again forgets nothing"


def test_what_somebody_is_called_now_takes_the_place_of_what_was(crowd: Store, sample: Any) -> None:
    crowd.index_identities()
    with crowd.write(command="set", now=sample.now):
        crowd.update_customer(1, name="Apex")
        crowd.learn_identities([1])
        assert [each.name for each in crowd.candidates([Wanted(name="apex", company="acme")])] == ["Apex"]
        assert crowd.candidates([Wanted(name="acme tools", company="acme")]) == []


def test_of_a_crowd_with_one_name_those_who_can_be_told_apart_are_found(
    store: Store, sample: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thousand called Anna: the one with this phone, and those of whom nothing but the name is known."""
    monkeypatch.setattr(identities, "MOST_ALIKE", 5)
    for at in range(8):
        add(store, sample, f"anna-{at}", f"anna{at}@x.example", name="Anna", phone=f"030 {at}00000")
    bare = [add(store, sample, f"bare-{at}", name="anna") for at in range(7)]
    assert found(store, Wanted(name="Anna", phones=("(030) 300000",))) == [4, *bare[:5]]
    assert found(store, Wanted(name="Anna", emails=("ANNA6@x.example",))) == [7, *bare[:5]]
    assert found(store, Wanted(name="Anna", key="anna-2")) == [3, *bare[:5]]
    late = add(store, sample, "late", "late@x.example", name="Anna", phone="+77")
    store.learn_identities([late])
    assert late in found(store, Wanted(name="anna", phones=("77",)))


@pytest.fixture(scope="module")
def shared(empty_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One file for all examples: each is rolled back."""
    path = tmp_path_factory.mktemp("identities") / "followup.db"
    shutil.copy(empty_file, path)
    with Store.open(path) as opened:
        yield opened


ODD = st.text(st.sampled_from("aAßẞſéÉ ́ÖoＡİıK\u00a0 \t'ﬀ"), max_size=4)


@settings(max_examples=40)
@given(known=st.lists(st.tuples(ODD, ODD, ODD), min_size=1, max_size=4), wanted=st.tuples(ODD, ODD, ODD))
def test_those_found_are_those_who_compare_equal(
    shared: Store, known: list[tuple[str, str, str]], wanted: tuple[str, str, str]
) -> None:
    """The same whether they are stored or learned."""

    def same(one: tuple[str, str, str]) -> bool:
        name, company, email = map(comparable, one)
        mine = [*map(comparable, wanted)]
        by_name = [name, company] == mine[:2] and any(mine[:2])
        return by_name or bool(email and email == mine[2])

    alike = [number for number, one in enumerate(known, 1) if same(one)]
    store = shared
    store.forget_identities()
    with store.write(command="try", now=NOW, dry_run=True):
        store.index_identities()
        look = [Wanted(name=wanted[0], company=wanted[1], emails=(wanted[2],))]
        first = store.add_customers([Customer(key=str(at), name=n, company=c) for at, (n, c, _) in enumerate(known)])
        store.add_contacts(
            [Contact(customer_id=at, name="", email=e) for at, (_, _, e) in zip(first, known, strict=True)]
        )
        store.learn_identities(first)
        assert [each.customer_id - first[0] + 1 for each in store.candidates(look)] == alike
        store.forget_identities()
        store.index_identities()
        assert [each.customer_id - first[0] + 1 for each in store.candidates(look)] == alike


@given(text=st.text(max_size=8))
def test_comparing_does_not_depend_on_case_blanks_or_how_accents_are_written(text: str) -> None:
    assert comparable(comparable(text)) == comparable(text)
    assert comparable(f"  {text}\t ") == comparable(text)
    assert comparable(unicodedata.normalize("NFD", text)) == comparable(unicodedata.normalize("NFC", text))
    if not set(text) & set("İŉ\u0345") and text.upper().lower() == text.lower():
        assert comparable(text.upper()) == comparable(text)


# Keys


def test_the_highest_number_of_a_key(store: Store, sample: Any) -> None:
    """What makes keys in bulk goes on from: also where thousands have one base, and not by words or long numbers."""
    for key in ("anna", "anna-2", "anna-17", "anna-9x", "anna-meyer", "ben-3", f"anna-{2**63}", "dora"):
        add(store, sample, key)
    with store.write(command="merge", now=sample.now):
        store.add_alias(1, Alias(key="cleo"))
    assert store.highest_keys(["anna", "anna-meyer", "ben", "cleo", "dora", "eve"]) == {
        "anna": 17,
        "anna-meyer": 1,
        "cleo": 1,
        "dora": 1,
    }
    assert store.used_keys(["anna", "anna-3", "cleo"]) == {"anna", "cleo"}
    assert store.used_keys([]) == set()


def test_a_former_name_is_not_lost_when_a_customer_is_learned_again(crowd: Store) -> None:
    crowd.index_identities()
    crowd.learn_identities([3])
    for wanted in (Wanted(key="zora"), Wanted(external_id="99"), Wanted(name="zita")):
        assert [each.customer_id for each in crowd.candidates([wanted])] == [3]


def test_looking_up_a_chunk_needs_no_scan(crowd: Store) -> None:
    """Every part of the queries goes by an index of the data file."""
    sought = dict.fromkeys(("keys", "ids", "emails", "bases"), '["x"]')
    for sql in (identities._FOUND, identities._USED, identities._HIGHEST):
        plan = [row["detail"] for row in crowd._all(f"EXPLAIN QUERY PLAN {sql}", sought)]
        assert [line for line in plan if line.startswith("SCAN") and "VIRTUAL TABLE" not in line] == []
    for sql in (identities._DETAILS, identities._ALIASES):
        plan = [row["detail"] for row in crowd._all(f"EXPLAIN QUERY PLAN {sql}", ("[1]",))]
        assert not any(line.startswith("SCAN") and "VIRTUAL TABLE" not in line for line in plan)
