"""`merge`: two entries of one customer become one; nothing is lost, nobody is called by mistake, and undo is exact."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from followup.store import Store

if TYPE_CHECKING:
    from tests.cli.conftest import Build, Desk, WriteTable

MONDAY = "2026-01-05"


def add_both(desk: Desk) -> None:
    """Meyer, and Meyer once more as another tool knows them."""
    desk.does(
        *("add", "Meyer GmbH", "--email", "anna@meyer.example", "--playbook", "saas", "--signed", MONDAY),
        *("--product", "Ledgerline", "--goal", "close in three days", "--tag", "vip", "--tier", "A"),
    )
    desk.does(
        *("add", "Meyer Berlin", "--company", "Meyer", "--email", "ben@meyer.example", "--phone", "030 7"),
        *("--playbook", "retail", "--signed", "2025-12-01", "--product", "Shop", "--country", "DE"),
        *("--tag", "north", "--tag", "vip"),
    )
    desk.does("contact", "add", "meyer-berlin", "Cleo Ohm", "--role", "finance", "--email", "cleo@meyer.example")


@pytest.fixture
def two(built: Callable[[str, Build], Desk]) -> Desk:
    return built("two meyers", add_both)


def change(desk: Desk, customer: int, **fields: Any) -> None:
    """Record what an import would."""
    with Store.open(desk.cli.db) as store, store.write(command="import", now=datetime(2026, 1, 5, tzinfo=UTC)):
        store.update_customer(customer, **fields)


def one(desk: Desk, key: str = "meyer-gmbh") -> dict[str, Any]:
    """The customer as it is exported."""
    found = [each for each in desk.json("export", "customers")["items"] if each["key"] == key]
    return dict(found[0])


def people(desk: Desk) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in desk.json("export", "contacts")["items"]}


def projected(desk: Desk) -> list[Any]:
    with closing(sqlite3.connect(desk.cli.db)) as connection:
        return [connection.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall() for name in ("plan", "touchpoint")]


def merged(desk: Desk) -> str:
    return desk.does("merge", "meyer-gmbh", "meyer-berlin")


# What moves


def test_people_move_and_the_main_one_stays(two: Desk) -> None:
    merged(two)
    assert {name: (each["customer_key"], each["is_main"]) for name, each in people(two).items()} == {
        "Meyer GmbH": ("meyer-gmbh", True),
        "Meyer Berlin": ("meyer-gmbh", False),
        "Cleo Ohm": ("meyer-gmbh", False),
    }


def test_a_customer_without_people_gets_the_main_one_of_the_other(two: Desk) -> None:
    with Store.open(two.cli.db) as store, store.write(command="x", now=datetime(2026, 1, 5, tzinfo=UTC)):
        store.drop_contact(1)
    merged(two)
    assert {name: each["is_main"] for name, each in people(two).items()} == {"Meyer Berlin": True, "Cleo Ohm": False}


@pytest.mark.parametrize("email", ["ANNA@Meyer.example", "anna@meyer.example"])
def test_the_same_email_is_the_same_person_filled_up(two: Desk, email: str) -> None:
    """What the first says of the person stays; what it does not say comes from the second; what differs is told."""
    two.does("set", "meyer-gmbh", "role", "decider")
    two.does("contact", "add", "meyer-berlin", "A. Meyer", "--email", email, "--phone", "0170 1", "--role", "user")
    said = merged(two)
    known = people(two)
    assert sorted(known) == ["Cleo Ohm", "Meyer Berlin", "Meyer GmbH"]
    anna = known["Meyer GmbH"]
    assert (anna["email"], anna["phone"], anna["role"]) == ("anna@meyer.example", "0170 1", "decider")
    assert "name of Meyer GmbH: Meyer GmbH, not A. Meyer" in said
    assert "role of Meyer GmbH: decider, not user" in said


@pytest.mark.parametrize(
    ("mine", "theirs", "count"),
    [("", "", 1), ("e@x.example", "", 1), ("", "e@x.example", 1), ("e@x.example", "f@x.example", 2)],
)
def test_the_same_name_is_the_same_person_unless_the_emails_differ(
    two: Desk, mine: str, theirs: str, count: int
) -> None:
    two.does("contact", "add", "meyer-gmbh", "Eva Lang", "--email", mine)
    two.does("contact", "add", "meyer-berlin", "EVA  lang", "--email", theirs, "--phone", "0171")
    merged(two)
    evas = [each for name, each in people(two).items() if name.casefold().split() == ["eva", "lang"]]
    assert len(evas) == count
    if count == 1:
        assert (evas[0]["name"], evas[0]["email"], evas[0]["phone"]) == ("Eva Lang", mine or theirs, "0171")


def test_sales_move_with_everything_on_them(two: Desk) -> None:
    """What happened, doubts, promises, measured values, dates; the numbers on the screen stay."""
    first = str(two.sale("meyer-berlin")["touchpoints"][0]["id"])
    two.does("log", "meyer-berlin", "good", "glad", "--concern", "too dear", "--promise", "a call", "--by", "fri")
    two.does("reading", "add", "meyer-berlin", "csat", "5")
    two.does("anchor", "set", "meyer-berlin", "live", "2025-12-03")
    before = two.json("show", "meyer-berlin")["sales"][0]
    merged(two)
    after = {sale["id"]: sale for sale in two.json("show", "meyer-gmbh")["sales"]}
    assert sorted(after) == [1, 2]
    mine = after[2]
    for name in ("product", "playbook", "anchors", "activities", "live_on", "stages"):
        assert mine[name] == before[name]
    for name in ("concerns", "promises"):
        assert [{**each, "customer": "", "customer_key": ""} for each in mine[name]] == [
            {**each, "customer": "", "customer_key": ""} for each in before[name]
        ]
    numbers = {(each["step"], each["occurrence"]): each["id"] for each in before["touchpoints"]}
    assert all(
        numbers.get((each["step"], each["occurrence"]), each["id"]) == each["id"] for each in mine["touchpoints"]
    )
    assert two.json("why", first)["touchpoint"]["customer_key"] == "meyer-gmbh"
    assert {each["customer_key"] for kind in ("activities", "concerns", "promises", "readings", "touchpoints", "sales")
            for each in two.json("export", kind)["items"]} == {"meyer-gmbh"}  # fmt: skip


def test_keys_of_sales_stay_and_stay_unique(two: Desk) -> None:
    """They spread dates: the plans of sales do not jump because of a merge, and a later sale gets one of its own."""

    def keys() -> list[Any]:
        with closing(sqlite3.connect(two.cli.db)) as connection:
            return [row[0] for row in connection.execute("SELECT key FROM sale ORDER BY id")]

    two.does("sale", "add", "meyer-berlin", "--playbook", "saas", "--signed", "2025-11-03")
    before = keys()
    merged(two)
    assert keys() == before
    two.does("sale", "add", "meyer-gmbh", "--playbook", "saas", "--signed", "2025-10-01")
    assert len(set(keys())) == 4


def test_tags_are_united_and_notes_joined(two: Desk) -> None:
    change(two, 1, notes="pays late")
    change(two, 2, notes="likes tea")
    merged(two)
    assert (one(two)["tags"], one(two)["notes"]) == (["vip", "north"], "pays late\nlikes tea")


@pytest.mark.parametrize(
    ("mine", "theirs", "joined"), [("", "tea", "tea"), ("tea", "", "tea"), ("tea, no milk", "tea", "tea, no milk")]
)
def test_notes_are_not_repeated(two: Desk, mine: str, theirs: str, joined: str) -> None:
    change(two, 1, notes=mine)
    change(two, 2, notes=theirs)
    merged(two)
    assert one(two)["notes"] == joined


def test_empty_fields_are_filled_and_others_stay(two: Desk) -> None:
    change(two, 2, external_id="C-2", timezone="Europe/Berlin", subdivision="BE", tier="C")
    said = merged(two)
    it = one(two)
    assert (it["name"], it["tier"]) == ("Meyer GmbH", "A")
    assert [it[name] for name in ("company", "country", "subdivision", "timezone", "external_id")] == [
        *("Meyer", "DE", "BE", "Europe/Berlin", "C-2")
    ]
    assert "filled up: company, country, subdivision, timezone, external_id" in said
    assert "tier A, not C" in said


def test_a_region_is_not_taken_into_another_country(two: Desk) -> None:
    change(two, 1, country="AT")
    change(two, 2, subdivision="BE", timezone="Europe/Berlin")
    merged(two)
    assert [one(two)[name] for name in ("country", "subdivision", "timezone")] == ["AT", "", ""]


def test_columns_of_the_users_own_are_united_and_nothing_is_lost(two: Desk) -> None:
    change(two, 1, extra={"Plan Tier": "gold", "Seats": "40", "Seats (2)": "41", "Same": "x"})
    change(two, 2, extra={"plan_tier": "silver", "Seats": "50", "Floor": "3", "Same": "x", "Empty": ""})
    merged(two)
    assert one(two)["extra"] == {
        "Plan Tier": "gold",
        "Seats": "40",
        "Seats (2)": "41",
        "Same": "x",
        "plan_tier (2)": "silver",
        "Seats (3)": "50",
        "Floor": "3",
        "Empty": "",
    }


# Whoever must be left alone stays alone


@pytest.mark.parametrize("which", ["meyer-gmbh", "meyer-berlin"])
def test_a_customer_to_be_left_alone_is_left_alone_after_it(two: Desk, which: str) -> None:
    two.does("dnc", which)
    said = merged(two)
    assert one(two)["do_not_contact"] is True
    assert "Meyer GmbH is not contacted; to take that back: followup dnc meyer-gmbh --off" in said
    assert two.json("due", "--all", "--days", "900")["items"] == []


@pytest.mark.parametrize("which", ["meyer-gmbh", "meyer-berlin"])
def test_a_person_to_be_left_alone_is_left_alone_after_it(two: Desk, which: str) -> None:
    for key in ("meyer-gmbh", "meyer-berlin"):
        two.does("contact", "add", key, "Eva Lang", "--email", "eva@x.example")
    two.does("dnc", which, "--contact", "Eva Lang")
    said = merged(two)
    assert people(two)["Eva Lang"]["own_do_not_contact"] is True
    assert "not contacted there: Eva Lang" in said
    assert two.json("due", "--all", "--days", "900")["items"]


def test_a_person_who_comes_along_is_left_alone_as_before(two: Desk) -> None:
    two.does("dnc", "meyer-berlin", "--contact", "Cleo")
    merged(two)
    assert {name: each["own_do_not_contact"] for name, each in people(two).items()} == {
        "Meyer GmbH": False,
        "Meyer Berlin": False,
        "Cleo Ohm": True,
    }


# The old names


def test_both_names_are_told_and_what_moved(two: Desk) -> None:
    first, second, *_ = merged(two).splitlines()
    assert (
        first == "Meyer Berlin (meyer-berlin) is a part of Meyer GmbH (meyer-gmbh) now, and found there by either name"
    )
    assert second == "1 sale moved, 2 people moved"


@pytest.mark.parametrize(
    "args",
    [
        ("show",),
        ("list",),
        ("history",),
        ("log", "good"),
        ("set", "tier", "C"),
        ("contact add", "Zoe"),
        ("sale add", "--playbook", "saas"),
        ("concern add", "slow"),
        ("reading add", "usage", "up"),
        ("anchor set", "live", MONDAY, "--sale", "1"),
        ("dnc",),
        ("hold",),
        ("next",),
        ("plan",),
    ],
    ids=lambda args: args[0],
)
@pytest.mark.parametrize("old", ["meyer-berlin", "MEYER-BERLIN", "C-2"])
def test_no_command_on_the_old_key_or_id_fails(two: Desk, old: str, args: tuple[str, ...]) -> None:
    change(two, 1, external_id="C-1")
    change(two, 2, external_id="C-2")
    merged(two)
    command, *rest = args
    answer = two(*command.split(), old, *rest)
    assert answer.code == 0, answer
    assert one(two)["external_id"] == "C-1"


def test_the_history_of_both_is_the_history_of_one(two: Desk) -> None:
    two.does("add", "Other")
    two.does("log", "meyer-berlin", "good")
    merged(two)
    for key in ("meyer-gmbh", "meyer-berlin"):
        lines = two.json("history", key)["items"]
        assert [line["command"] for line in lines] == ["merge", "log", "contact add", "add", "add"]
    two.does("merge", "other", "meyer-gmbh")
    assert [line["command"] for line in two.json("history", "other")["items"]] == [
        *("merge", "merge", "log", "add", "contact add", "add", "add")
    ]


def test_a_key_that_was_merged_is_given_to_nobody_else(two: Desk) -> None:
    merged(two)
    two.does("add", "Meyer Berlin")
    assert {each["key"] for each in two.json("export", "customers")["items"]} == {"meyer-gmbh", "meyer-berlin-2"}


def test_a_merged_customer_is_merged_on_with_all_its_names(two: Desk) -> None:
    two.does("add", "Meyer Holding")
    merged(two)
    two.does("merge", "meyer-holding", "meyer-gmbh")
    for old in ("meyer-gmbh", "meyer-berlin", "meyer-holding"):
        assert two.json("show", old)["customer"]["key"] == "meyer-holding"


def test_referrals_name_the_customer_that_is_left(two: Desk) -> None:
    two.does("log", "meyer-berlin", "referral", "--referred", "Zoe Quick")
    merged(two)
    (referral,) = two.json("export", "referrals")["items"]
    assert (referral["referred_by"], referral["referred_by_key"]) == ("Meyer GmbH", "meyer-gmbh")


def test_nobody_is_referred_by_themselves(two: Desk) -> None:
    two.does("log", "meyer-gmbh", "referral", "--referred", "Zoe Quick")
    two.does("merge", "meyer-gmbh", "zoe-quick")
    assert two.json("export", "referrals")["items"] == []
    assert "referred_by" not in one(two)["extra"]


OLD_FILE = (
    {"Id": "C-1", "Name": "Meyer GmbH", "Email": "anna@meyer.example", "Tags": "vip", "Notes": "pays late",
     "Country": "AT", "Product": "Ledgerline", "Goal": "x", "Signed": MONDAY, "Seats": "40"},
    {"Id": "C-2", "Name": "Meyer Berlin", "Email": "ben@meyer.example", "Tags": "north", "Notes": "likes tea",
     "Country": "DE", "Product": "Shop", "Goal": "y", "Signed": "2025-12-01", "Seats": "50"},
)  # fmt: skip
TWINS = tuple({**row, "Name": "Meyer"} for row in OLD_FILE)
WITHOUT_ID = tuple({name: cell for name, cell in row.items() if name != "Id"} for row in OLD_FILE)
ALIKE = tuple({**row, "Name": "Meyer"} for row in WITHOUT_ID)


@pytest.mark.parametrize("swapped", [False, True], ids=["as it was", "other way round"])
@pytest.mark.parametrize(
    "rows", [OLD_FILE, TWINS, WITHOUT_ID, ALIKE], ids=["ids", "one name", "no ids", "one name, no ids"]
)
def test_the_old_file_finds_the_customer_and_changes_nothing_back(
    desk: Desk, table: WriteTable, rows: tuple[dict[str, str], ...], swapped: bool
) -> None:
    path = table(rows)
    desk.does("import", path, "--playbook", "saas")
    first, second = [each["key"] for each in desk.json("export", "customers")["items"]]
    desk.does("merge", first, second)
    before = desk.facts()
    told = desk.json("import", table(rows[::-1]) if swapped else path, "--playbook", "saas")
    assert desk.facts() == before
    assert (told["created"], told["updated"], told["sales_created"]) == (0, 0, 0)


# Whom it means


@pytest.mark.parametrize(
    ("which", "other"), [("gmbh", "berlin"), ("anna@meyer.example", "BEN@meyer.example"), ("Meyer GmbH", "cleo")]
)
def test_customers_are_named_as_everywhere(two: Desk, which: str, other: str) -> None:
    two.does("merge", which, other)
    assert [each["key"] for each in two.json("export", "customers")["items"]] == ["meyer-gmbh"]


@pytest.mark.parametrize("args", [("meyer-gmbh", "meyer-gmbh"), ("meyer-gmbh", "anna@meyer.example")])
def test_a_customer_is_not_merged_with_itself(two: Desk, args: tuple[str, str]) -> None:
    two.refuses("merge", *args, says="are the same customer: Meyer GmbH (meyer-gmbh)", hint="followup list")


def test_a_merge_is_not_done_twice(two: Desk) -> None:
    merged(two)
    two.refuses("merge", "meyer-gmbh", "meyer-berlin", says="are the same customer", hint="followup list")


def test_somebody_who_is_not_known_or_not_clear_is_refused(two: Desk) -> None:
    two.refuses("merge", "meyer-gmbh", "nobody", says="no customer matches 'nobody'", hint="followup list")
    two.refuses("merge", "mey", "meyer-gmbh", says="matches 2 customers", hint="use the key")


# Plans


def test_plans_are_made_anew_and_what_changed_is_told(two: Desk) -> None:
    """A problem in one of the sales now also stops selling and asking in the other ones."""
    two.does("log", "meyer-berlin", "problem", "it burns")
    before = {(each["sale"], each["step"], each["occurrence"]): each["due_on"] for each in all_open(two)}
    told = two.json("merge", "meyer-gmbh", "meyer-berlin")
    after = {(each["sale"], each["step"], each["occurrence"]): each["due_on"] for each in all_open(two)}
    moved = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    assert moved
    assert {(each["step"], each["occurrence"]) for each in told["changes"]} == {key[1:] for key in moved}
    assert all(each["reason"] for each in told["changes"])
    assert two.json("plan", "--rebuild")["changes"] == []
    assert (told["customer_key"], told["command"], told["dry_run"]) == ("meyer-gmbh", "merge", False)


def all_open(desk: Desk) -> list[dict[str, Any]]:
    return [each for each in desk.json("export", "touchpoints")["items"] if each["status"] in ("open", "waiting")]


def test_what_lapsed_by_time_alone_is_a_notice(two: Desk) -> None:
    """ "What changed" is the effect of the merge, whether or not somebody looked before."""
    later = "2026-02-02"
    before = two.cli.db.read_bytes()
    looked = two.json("due", today=later)["notices"]
    after_a_look = two.json("merge", "meyer-gmbh", "meyer-berlin", today=later)
    two.cli.db.write_bytes(before)
    first = two.json("merge", "meyer-gmbh", "meyer-berlin", today=later)
    assert (first["changes"], first["said"]) == (after_a_look["changes"], after_a_look["said"])
    assert first["notices"] == looked
    assert "no longer on the list: " in looked[0]


# Back again


def test_undo_takes_the_whole_merge_back_exactly(two: Desk) -> None:
    """Facts, plans and the numbers on the screen are what they were."""
    change(two, 2, external_id="C-2", notes="tea", extra={"Seats": "50"})
    for key in ("meyer-gmbh", "meyer-berlin"):
        two.does("contact", "add", key, "Eva Lang", "--phone", key)
        two.does("log", key, "good", "--concern", "dear", "--promise", "call", "--by", "fri")
    two.does("dnc", "meyer-berlin", "--contact", "Eva")
    before = two.facts(), projected(two), two.json("show", "meyer-gmbh"), two.json("show", "meyer-berlin")
    merged(two)
    assert two.facts() != before[0]
    two.does("undo")
    assert (two.facts(), projected(two), two.json("show", "meyer-gmbh"), two.json("show", "meyer-berlin")) == before
    assert two.json("plan", "--rebuild")["changes"] == []


def test_a_dry_run_tells_and_changes_nothing(two: Desk) -> None:
    two.does("due")
    before = two.files()
    said = two.does("merge", "meyer-gmbh", "meyer-berlin", "--dry-run")
    assert two.files() == before
    assert merged(two) + "Dry run: nothing was changed.\n" == said


def test_the_history_names_keys_alone(two: Desk) -> None:
    merged(two)
    newest = two.json("history", "meyer-berlin")["items"][0]
    assert (newest["command"], newest["summary"]) == ("merge", "meyer-berlin into meyer-gmbh: 1 sales, 2 contacts")
