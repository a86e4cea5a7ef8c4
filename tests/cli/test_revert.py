"""`import --revert`: the last import goes back, also behind other commands, and nothing of theirs is lost."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Build, Desk, WriteTable

ROWS = tuple(
    {
        "Name": f"Customer {at:02}",
        "Email": f"c{at}@x.example",
        "Phone": f"030 {at}",
        "Signed": f"2026-01-{at + 1:02}",
        "Product": f"P{at}",
        "Goal": "sleep",
        "Playbook": ("saas", "retail")[at % 2],
    }
    for at in range(14)
)
UPDATES = (
    {"Name": "Anna Meyer", "Email": "anna@meyer.example", "Country": "DE", "Notes": "from the file", "Seats": "40",
     "Phone": "030 99", "Product": "Shop", "Signed": "2025-12-01", "Goal": "x", "Playbook": "retail"},
)  # fmt: skip


def add_anna(desk: Desk) -> None:
    desk.does("add", "Anna Meyer", "--email", "anna@meyer.example", "--playbook", "saas", "--goal", "x")
    desk.does("add", "Ben Ode", "--email", "ben@ode.example", "--playbook", "retail")


@pytest.fixture
def full(built: Callable[[str, Build], Desk], table: WriteTable) -> Desk:
    """Anna and Ben typed in, then fourteen customers and news of Anna imported."""

    def build(desk: Desk) -> None:
        add_anna(desk)
        desk.does("import", table((*ROWS, *UPDATES)), "--yes")

    return built("revert", build)


def everything(desk: Desk, key: str) -> dict[str, Any]:
    """All that is exported of a customer, whatever the table."""
    tables = {kind: desk.json("export", kind)["items"] for kind in KINDS}
    return {
        kind: [row for row in rows if key in (row.get("key"), row.get("customer_key"))] for kind, rows in tables.items()
    }


KINDS = ("customers", "contacts", "sales", "touchpoints", "activities", "concerns", "promises", "readings")


def keys(desk: Desk) -> set[str]:
    return {each["key"] for each in desk.json("export", "customers")["items"]}


def test_right_after_the_import_it_is_the_undo(desk: Desk, table: WriteTable) -> None:
    add_anna(desk)
    before = desk.facts(), desk.rows("plan"), desk.rows("touchpoint")
    desk.does("import", table((*ROWS, *UPDATES)), "--yes")
    assert desk.facts() != before[0]
    said = desk.does("import", "--revert")
    after = desk.facts()
    assert {name: after[name] for name in after if name != "playbook"} == {
        name: rows for name, rows in before[0].items() if name != "playbook"
    }
    assert set(before[0]["playbook"]) <= set(after["playbook"]), "texts of playbooks may stay"
    assert (desk.rows("plan"), desk.rows("touchpoint")) == before[1:]
    assert said.startswith("took back: import (")
    assert "restored: 15 customers; " in said
    assert desk.json("plan", "--rebuild")["changes"] == []


def test_customers_whom_nobody_touched_go_and_others_stay_as_they_are(full: Desk) -> None:
    full.does("log", "customer-03", "good", "glad")
    full.does("set", "customer-07", "tier", "A")
    full.does("contact", "add", "customer-09", "Zoe Quick")
    full.does("add", "Late Comer", "--playbook", "saas")
    staying = ("customer-03", "customer-07", "customer-09", "late-comer", "ben-ode")
    before = {key: everything(full, key) for key in staying}
    said = full.does("import", "--revert")
    assert keys(full) == {"anna-meyer", *staying}
    assert {key: everything(full, key) for key in staying} == before
    assert "3 customers stay as they are, because later commands changed them: " in said
    assert "Customer 03 (customer-03), Customer 07 (customer-07), Customer 09 (customer-09)" in said
    assert "to see what changed them: followup history customer-03" in said
    assert full.json("plan", "--rebuild")["changes"] == []


def test_known_customers_get_their_old_values_back(desk: Desk, table: WriteTable) -> None:
    add_anna(desk)
    before = everything(desk, "anna-meyer")
    desk.does("import", table(UPDATES), "--yes")
    assert everything(desk, "anna-meyer") != before
    desk.does("add", "Late Comer")
    desk.does("set", "ben-ode", "tier", "A")
    desk.does("import", "--revert")
    assert everything(desk, "anna-meyer") == before


def test_a_known_customer_whom_later_commands_changed_keeps_what_the_import_said(full: Desk) -> None:
    full.does("set", "anna-meyer", "tier", "A")
    before = everything(full, "anna-meyer")
    assert "1 customer stays as it is, because later commands changed it: Anna Meyer (anna-meyer)" in full.does(
        "import", "--revert"
    )
    assert everything(full, "anna-meyer") == before
    assert before["customers"][0]["notes"] == "from the file"


def test_a_command_that_was_undone_does_not_count(full: Desk) -> None:
    full.does("log", "customer-03", "good")
    full.does("undo")
    full.does("import", "--revert")
    assert keys(full) == {"anna-meyer", "ben-ode"}


def test_of_many_that_stay_the_first_ten_are_named(full: Desk) -> None:
    for at in range(13):
        full.does("set", f"customer-{at:02}", "tier", "A")
    said = full.does("import", "--revert")
    assert "13 customers stay as they are" in said
    assert "Customer 09 (customer-09) and 3 more" in said
    assert "customer-10" not in said


def test_a_customer_who_was_merged_meanwhile_is_named_as_who_it_is_now(full: Desk) -> None:
    full.does("merge", "ben-ode", "customer-03")
    before = everything(full, "ben-ode")
    said = full.does("import", "--revert")
    assert "1 customer stays as it is, because later commands changed it: Ben Ode (ben-ode)" in said
    assert everything(full, "ben-ode") == before
    assert full.json("show", "customer-03")["customer"]["key"] == "ben-ode"


def test_the_history_knows_which_import_was_taken_back(full: Desk) -> None:
    full.does("set", "ben-ode", "tier", "A")
    full.does("set", "customer-03", "tier", "A")
    told = full.json("import", "--revert")
    lines = full.json("history")["items"]
    assert [(line["command"], line["undone"]) for line in lines] == [
        ("import --revert", False),
        *(("set", False), ("set", False)),
        ("import", True),
        *(("add", False), ("add", False)),
    ]
    assert told["id"] == lines[3]["id"]
    assert lines[0]["summary"] == f"entry {told['id']}: 14 customers, 1 left"
    assert (told["schema"], told["command"], told["dry_run"]) == ("followup.written/1", "import --revert", False)


def test_the_import_before_is_next(full: Desk, table: WriteTable) -> None:
    full.does(
        "import", table([{**ROWS[0], "Name": "Second Wave", "Email": "s@x.example", "Phone": ""}], "more.csv"), "--yes"
    )
    full.does("import", "--revert")
    assert keys(full) == {"anna-meyer", "ben-ode", *(f"customer-{at:02}" for at in range(14))}
    full.does("import", "--revert")
    assert keys(full) == {"anna-meyer", "ben-ode"}
    full.refuses("import", "--revert", says="There is no import to take back", hint="followup history")


def test_a_later_import_that_changed_a_customer_counts_as_well(full: Desk, table: WriteTable) -> None:
    """What the second import changed and a later command fixed stays; so the first one leaves it, too."""
    full.does("import", table([{"Email": "c3@x.example", "Name": "Customer 03", "Notes": "new"}], "more.csv"), "--yes")
    full.does("set", "customer-03", "tier", "A")
    full.refuses("import", "--revert", says="nothing of the import can be taken back: 1 customer stays as it is")
    full.does("undo")
    full.does("import", "--revert")
    full.does("import", "--revert")
    assert keys(full) == {"anna-meyer", "ben-ode"}


def test_undo_goes_on_behind_an_import_that_was_taken_back_in_part(full: Desk) -> None:
    """Command by command back to an empty file, also over what the import left on a customer."""
    full.does("set", "anna-meyer", "tier", "A")
    full.does("log", "customer-03", "good")
    full.does("import", "--revert")
    assert keys(full) == {"anna-meyer", "ben-ode", "customer-03"}
    full.does("undo")  # the contact
    full.does("undo")  # the tier
    full.does("undo")  # Ben
    assert keys(full) == {"anna-meyer", "customer-03"}
    full.does("undo")  # Anna, with what the import said of her
    assert keys(full) == {"customer-03"}
    full.refuses("undo", says="nothing to undo", hint="followup history")
    assert full.json("plan", "--rebuild")["changes"] == []


def test_without_an_import_there_is_nothing_to_take_back(desk: Desk) -> None:
    desk.refuses("import", "--revert", says="no data file", hint="followup import FILE")
    add_anna(desk)
    desk.refuses("import", "--revert", says="There is no import to take back", hint="followup history")


def test_the_same_file_can_come_again(full: Desk, table: WriteTable) -> None:
    full.does("import", "--revert")
    told = full.json("import", table((*ROWS, *UPDATES)))
    assert (told["created"], told["updated"]) == (14, 1)


def test_a_dry_run_tells_and_changes_nothing(full: Desk) -> None:
    full.does("set", "customer-03", "tier", "A")
    full.does("due")
    before = full.files()
    said = full.does("import", "--revert", "--dry-run")
    assert full.files() == before
    assert full.does("import", "--revert") + "Dry run: nothing was changed.\n" == said


def test_what_lapsed_by_time_alone_is_a_notice(desk: Desk, table: WriteTable) -> None:
    later = "2026-02-02"
    add_anna(desk)
    desk.does("import", table(UPDATES), "--yes")
    before = desk.cli.db.read_bytes()
    looked = desk.json("due", today=later)["notices"]
    after_a_look = desk.json("import", "--revert", today=later)
    desk.cli.db.write_bytes(before)
    first = desk.json("import", "--revert", today=later)
    assert (first["changes"], first["said"]) == (after_a_look["changes"], after_a_look["said"])
    assert "no longer on the list: " in looked[0]
    assert "no longer on the list: " in first["notices"][0]


@pytest.mark.parametrize("seed", range(3))
def test_whatever_was_typed_after_it_untouched_customers_go_back_exactly(
    desk: Desk, table: WriteTable, seed: int
) -> None:
    """Some commands on some customers in any order; the others are what they were before the import, or not there."""
    chance = random.Random(seed)
    add_anna(desk)
    known = ("anna-meyer", "ben-ode")
    before = {key: everything(desk, key) for key in known}
    desk.does("import", table((*ROWS, *UPDATES)), "--yes")
    everybody = [*known, *(f"customer-{at:02}" for at in range(14))]
    touched = set(chance.sample(everybody, 5))
    for _ in range(8):
        key = chance.choice(sorted(touched))
        command, *rest = chance.choice(
            [("log", "good", "--concern", "x"), ("set", "tier", "A"), ("hold",), ("contact add", "Zoe Quick"), ("dnc",)]
        )
        desk(*command.split(), key, *rest)
        if chance.random() < 0.2:
            desk.does("set", key, "notes", f"gone {chance.random()}")
            desk.does("undo")
    stay = {key: everything(desk, key) for key in touched}
    desk.does("import", "--revert")
    changed = _touched(desk, everybody)
    assert changed <= touched
    for key in everybody:
        if key in changed:
            assert everything(desk, key) == stay[key]
        elif key in known:
            assert everything(desk, key) == before[key]
        else:
            assert key not in keys(desk)
    assert desk.json("plan", "--rebuild")["changes"] == []


def _touched(desk: Desk, everybody: list[str]) -> set[str]:
    """Who has a command behind the import in the history that was not undone."""
    apart = ("import", "import --revert", "undo", "add")
    there = keys(desk)
    histories = {key: desk.json("history", key)["items"] for key in everybody if key in there}
    return {
        key
        for key, lines in histories.items()
        if any(line["command"] not in apart and not line["undone"] for line in lines)
    }
