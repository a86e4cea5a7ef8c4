"""`import`: any table of customers, all rows or none, safe to repeat."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Desk, Program, WriteTable

ANNA = {
    "Name": "Anna Meyer",
    "Company": "Meyer GmbH",
    "E-Mail": "anna@meyer.example",
    "Phone": "+49 30 1",
    "Signed": "2026-01-05",
    "Playbook": "saas",
    "Goal": "fewer errors",
}
BEN = {
    "Name": "Ben Ødegård",
    "Company": "Ode AS",
    "E-Mail": "ben@ode.example",
    "Phone": "01234",
    "Signed": "2025-11-03",
    "Playbook": "saas",
    "Goal": "one list for all",
}
BAD = (
    {**ANNA, "E-Mail": "anna at meyer"},
    BEN,
    {"Name": "", "Signed": "2026-01-05"},
    {**BEN, "Name": "Cara", "E-Mail": "cara@ode.example", "Signed": "2026-13-05"},
)
COUNTS = ("rows", "created", "updated", "unchanged", "skipped", "sales_created")


def counts(told: Any) -> dict[str, int]:
    return {name: told[name] for name in COUNTS if told[name]}


@pytest.mark.parametrize(
    ("delimiter", "encoding", "said"),
    [
        (",", "utf-8", "utf-8"),
        (",", "utf-8-sig", "utf-8"),
        (";", "cp1252", "cp1252"),
        ("\t", "utf-8", "utf-8"),
        ("|", "utf-16", "utf-16"),
    ],
)
def test_any_common_table_comes_in_whole(
    desk: Desk, table: WriteTable, delimiter: str, encoding: str, said: str
) -> None:
    told = desk.json("import", table((ANNA, BEN), delimiter=delimiter, encoding=encoding))
    assert counts(told) == {"rows": 2, "created": 2, "sales_created": 2}
    assert told["dialect"]["delimiter"] == delimiter
    assert told["dialect"]["encoding"].lower().startswith(said)
    page = desk.json("show", "ben@ode.example")
    assert (page["customer"]["name"], page["contacts"][0]["phone"]) == ("Ben Ødegård", "01234")
    assert page["sales"][0]["anchors"]["sale"] == "2025-11-03"
    assert told["mapping"]["email"] == "E-Mail"
    assert told["unmapped"] == []


def test_what_it_says(desk: Desk, table: WriteTable) -> None:
    said = desk.does("import", table((ANNA, BEN)))
    assert "2 rows; customers: 2 new" in said
    assert "2 sales followed up from now on." in said
    assert "Read as utf-8, separated by comma." in said
    assert "email\tE-Mail\tanna@meyer.example\tben@ode.example" in said
    assert said.index("email\t") < said.index("2 new"), "the mapping comes before anything is written"


def test_the_same_file_again_changes_nothing(desk: Desk, table: WriteTable) -> None:
    """Three times the same file: no duplicate, no change, no journal entry."""
    path = table((ANNA, BEN))
    desk.does("import", path)
    before = desk.facts(), desk.rows("touchpoint"), desk.json("history")["items"]
    for _ in range(2):
        assert counts(desk.json("import", path)) == {"rows": 2, "unchanged": 2}
    assert (desk.facts(), desk.rows("touchpoint"), desk.json("history")["items"]) == before


@pytest.mark.parametrize(
    ("column", "value", "where", "field"),
    [
        ("Phone", "+49 30 2", "contacts", "phone"),
        ("Company", "Meyer AG", "customer", "company"),
        ("Name", "Anna Meyer-Lüdenscheid", "customer", "name"),
        ("Goal", "sleep at night", "sales", "goal"),
        ("Product", "Ledgerline", "sales", "product"),
    ],
)
def test_a_changed_cell_changes_that_alone(
    desk: Desk, table: WriteTable, column: str, value: str, where: str, field: str
) -> None:
    desk.does("import", table((ANNA, BEN)))
    before = desk.json("show", "anna@meyer.example")
    assert counts(desk.json("import", table(({**ANNA, column: value}, BEN)))) == {
        "rows": 2,
        "updated": 1,
        "unchanged": 1,
    }
    after = desk.json("show", "anna@meyer.example")
    place = after[where] if where == "customer" else after[where][0]
    assert place[field] == value
    old = before[where] if where == "customer" else before[where][0]
    assert {name for name in old if name != "touchpoints" and old[name] != place[name]} <= {field, "first_name"}
    assert len(after["sales"]) == 1


def test_a_changed_date_moves_the_plan(desk: Desk, table: WriteTable) -> None:
    desk.does("import", table((ANNA,)))
    told = desk.json("import", table(({**ANNA, "Signed": "2026-01-12"},)))
    assert counts(told) == {"rows": 1, "updated": 1}
    assert desk.sale()["anchors"]["sale"] == "2026-01-12"
    assert desk.step("dip_call")["due_on"] == "2026-01-26"


def test_an_empty_cell_empties_nothing(desk: Desk, table: WriteTable) -> None:
    desk.does("import", table((ANNA,)))
    before = desk.facts()
    bare = {name: "" if name in ("Phone", "Goal", "Company") else text for name, text in ANNA.items()}
    assert counts(desk.json("import", table((bare,)))) == {"rows": 1, "unchanged": 1}
    assert desk.facts() == before


def test_two_people_with_one_name_stay_two(desk: Desk, table: WriteTable) -> None:
    """A different e-mail, id or phone is another person; the same file again finds each of them."""
    rows = [
        {"ID": "7", "Name": "Anna Meyer", "Email": "", "Phone": "", "Signed": "2026-01-05"},
        {"ID": "8", "Name": "Anna Meyer", "Email": "", "Phone": "", "Signed": "2026-01-05"},
        {"ID": "", "Name": "Kim Lee", "Email": "kim@a.example", "Phone": "", "Signed": "2026-01-05"},
        {"ID": "", "Name": "Kim Lee", "Email": "kim@b.example", "Phone": "", "Signed": "2026-01-05"},
        {"ID": "", "Name": "Ola Nord", "Email": "", "Phone": "555 01", "Signed": "2026-01-05"},
        {"ID": "", "Name": "Ola Nord", "Email": "", "Phone": "555 02", "Signed": "2026-01-05"},
    ]
    path = table(rows)
    assert counts(desk.json("import", path, "--playbook", "retail"))["created"] == 6
    assert counts(desk.json("import", path, "--playbook", "retail")) == {"rows": 6, "unchanged": 6}
    rows[4] = {**rows[4], "Phone": "555 03"}
    assert counts(desk.json("import", table(rows), "--playbook", "retail")) == {"rows": 6, "updated": 1, "unchanged": 5}
    phones = {one["contacts"][0]["phone"] for one in (desk.json("show", key) for key in ("ola-nord", "ola-nord-2"))}
    assert phones == {"555 03", "555 02"}


def test_a_repeated_row_is_skipped_and_its_line_named(desk: Desk, table: WriteTable) -> None:
    answer = desk("import", table((ANNA, BEN, ANNA)), "--json")
    told = answer.json
    assert counts(told) == {"rows": 3, "created": 2, "skipped": 1, "sales_created": 2}
    assert "skipped as repeats of a customer on an earlier line: 4" in told["notices"]


def test_who_opted_out_is_kept_and_never_due(desk: Desk, table: WriteTable) -> None:
    rows = ({**ANNA, "Email Opt Out": "yes"}, {**BEN, "Email Opt Out": "no", "Signed": "2026-01-05"})
    desk.does("import", table(rows))
    assert desk.json("show", "anna-meyer")["customer"]["do_not_contact"] is True
    due = desk.json("due", "--all", "--days", "3660")["items"]
    assert {item["customer"] for item in due} == {"Ben Ødegård"}
    listed = {item["customer"]: item["next"] for item in desk.json("list")["items"]}
    assert listed["Anna Meyer"] is None
    desk.does("import", table(({**ANNA, "Email Opt Out": "no"},)))
    assert desk.json("show", "anna-meyer")["customer"]["do_not_contact"] is True, "taken back by hand only"


def test_a_later_wish_to_opt_out_is_heard(desk: Desk, table: WriteTable) -> None:
    desk.does("import", table(({**ANNA, "Do Not Contact": ""},)))
    assert desk.json("due")["items"]
    assert counts(desk.json("import", table(({**ANNA, "Do Not Contact": "1"},)))) == {"rows": 1, "updated": 1}
    assert desk.json("due", "--all", "--days", "3660")["items"] == []


def test_a_next_contact_becomes_the_agreed_date_of_the_first_touchpoint(desk: Desk, table: WriteTable) -> None:
    path = table(({**ANNA, "Next Follow Up": "2026-01-09"},))
    desk.does("import", path)
    first = desk.step("welcome_note")
    assert (first["due_on"], first["by_hand"]) == ("2026-01-09", True)
    assert desk.sale()["activities"][0]["kind"] == "agreed"
    assert counts(desk.json("import", path)) == {"rows": 1, "unchanged": 1}
    moved = desk.json("import", table(({**ANNA, "Next Follow Up": "2026-01-13"},)))
    assert counts(moved) == {"rows": 1, "updated": 1}
    assert "2026-01-13" in desk.open_dates().values()


def test_a_next_contact_that_has_passed_is_not_a_date(desk: Desk, table: WriteTable) -> None:
    path = table(({**ANNA, "Next Follow Up": "2025-12-01"},))
    desk.does("import", path)
    assert desk.sale()["activities"] == []
    assert counts(desk.json("import", path)) == {"rows": 1, "unchanged": 1}


def test_without_a_date_there_is_no_sale_and_it_says_how_to_mend_it(desk: Desk, table: WriteTable) -> None:
    path = table([{"Name": "Anna", "Email": "a@x.example"}, {"Name": "Ben", "Email": "b@x.example"}])
    answer = desk("import", path, "--playbook", "saas")
    assert answer.code == 0
    assert "2 customers without a sale" in answer.err
    assert f"followup import {path} --playbook saas --signed 2026-01-05" in answer.err
    assert desk.json("show", "anna")["sales"] == []
    told = desk.json("import", path, "--playbook", "saas", "--signed", "2026-01-05")
    assert counts(told) == {"rows": 2, "updated": 2, "sales_created": 2}, "the sentence can be typed, and helps"
    assert counts(desk.json("import", path, "--playbook", "saas", "--signed", "today")) == {"rows": 2, "unchanged": 2}


def test_bad_rows_are_all_named_and_nothing_is_imported(desk: Desk, table: WriteTable) -> None:
    path = table(BAD)
    answer = desk.refuses("import", path, says="3 rows of", hint=f"followup import {path} --skip-bad rejects.csv")
    assert "nothing was imported" in answer.err
    assert f"{path}:2: E-Mail: 'anna at meyer' is not an e-mail address" in answer.err
    assert f"{path}:4: this row has no name" in answer.err
    assert f"{path}:5: Signed: '2026-13-05' is not a day of the calendar" in answer.err
    assert not desk.cli.db.exists(), "a refused first import leaves no data file behind"
    told = desk("import", path, "--json").json
    assert told["schema"] == "followup.error/1"
    assert [problem["line"] for problem in told["problems"]] == [2, 4, 5]


def test_skip_bad_takes_the_good_and_writes_the_bad_to_be_mended(desk: Desk, table: WriteTable) -> None:
    """What was refused can be mended in place and imported again."""
    rejects = desk.cli.db.with_name("rejects.csv")
    told = desk.json("import", table(BAD), "--skip-bad", rejects)
    assert counts(told) == {"rows": 4, "created": 1, "skipped": 3, "sales_created": 1}
    assert [(one["line"], one["column"], one["value"]) for one in told["rejected"]] == [
        *[(2, "E-Mail", "anna at meyer"), (4, "", ""), (5, "Signed", "2026-13-05")]
    ]
    assert told["rejects_file"] == str(rejects)
    assert stat.S_IMODE(rejects.stat().st_mode) == 0o600
    assert desk("import", rejects).code == 1, "still bad"
    mended = rejects.read_text(encoding="utf-8")
    mended = mended.replace("anna at meyer", "anna@meyer.example").replace("2026-13-05", "2026-01-05")
    rejects.write_text(mended, encoding="utf-8")
    second = desk.json("import", rejects, "--skip-bad", rejects)
    assert counts(second) == {"rows": 3, "created": 2, "skipped": 1, "sales_created": 2}
    assert desk.json("show", "anna-meyer")["customer"]["extra"] == {}, "the reason is no fact about the customer"


def test_rejects_never_replace_another_file(desk: Desk, table: WriteTable) -> None:
    path = table(BAD)
    before = path.read_bytes()
    desk.refuses("import", path, "--skip-bad", path, says="holds something else", hint="--skip-bad")
    assert path.read_bytes() == before
    assert not desk.cli.db.exists()


def test_where_rejects_cannot_be_written_nothing_is_imported(desk: Desk, table: WriteTable) -> None:
    missing = desk.cli.db.parent / "no" / "such" / "rejects.csv"
    desk.refuses("import", table(BAD), "--skip-bad", missing, says=str(missing))
    assert not desk.cli.db.exists()


def test_a_playbook_for_all_rows_and_one_of_a_row(desk: Desk, table: WriteTable) -> None:
    rows = ({**ANNA, "Playbook": ""}, {**BEN, "Playbook": "retail"})
    desk.does("import", table(rows), "--playbook", "services")
    found = {item["customer"]: item["playbook"] for item in desk.json("list")["items"]}
    assert found == {"Anna Meyer": "services", "Ben Ødegård": "retail"}


def test_only_takes_rows_with_a_tag(desk: Desk, table: WriteTable) -> None:
    """E21."""
    rows = ({**ANNA, "Tags": "vip, pilot"}, {**BEN, "Tags": ""})
    told = desk.json("import", table(rows), "--only", "pilot")
    assert counts(told) == {"rows": 1, "created": 1, "sales_created": 1}


def test_a_map_says_which_column_is_which(desk: Desk, table: WriteTable) -> None:
    path = table([{"Feld 1": "Anna", "Feld 2": "a@x.example", "Feld 3": "05.01.2026"}])
    mapping = desk.cli.db.with_name("map.txt")
    mapping.write_text("# ours\nname = Feld 1\nemail = Feld 2\nsigned = Feld 3\n", encoding="utf-8")
    told = desk.json("import", path, "--map", mapping, "--playbook", "saas", "--date-format", "dmy")
    assert counts(told) == {"rows": 1, "created": 1, "sales_created": 1}
    mapping.write_text("name = Feld 1\nemial = Feld 9\n", encoding="utf-8")
    answer = desk.refuses("import", path, "--map", mapping, says="emial")
    assert "did you mean email?" in answer.err


def test_dates_that_could_be_two_days_are_asked_about(desk: Desk, table: WriteTable) -> None:
    path = table(({**ANNA, "Signed": "03/04/2026"},))
    desk.refuses("import", path, says="Signed", hint="--date-format dmy")
    for order, day in (("dmy", "2026-04-03"), ("mdy", "2026-03-04")):
        desk.does("import", path, "--date-format", order)
        assert desk.sale()["anchors"]["sale"] == day
    desk.does("import", table(({**ANNA, "Signed": "03/04/2026"}, {**BEN, "Signed": "25/12/2025"})))
    assert desk.sale()["anchors"]["sale"] == "2026-04-03", "a day above 12 settles the column"


@pytest.mark.parametrize(
    ("args", "says", "hint", "code"),
    [
        (("--playbook", "sass"), "no playbook is called 'sass'", "did you mean saas?", 1),
        (("--kind", "sails"), "'sails' is nothing that can be imported", "--kind sales", 1),
        (("--map", "/nowhere/map"), "there is no file /nowhere/map", "check the name", 1),
        (("--date-format", "xyz"), "no date format 'xyz'", "dmy, mdy or ymd", 2),
        (("--signed", "someday"), "'someday' is not a date", "", 1),
        (("--frob",), "--frob", "followup import --help", 2),
    ],
)
def test_refusals(desk: Desk, table: WriteTable, args: tuple[str, ...], says: str, hint: str, code: int) -> None:
    desk.refuses("import", table((ANNA,)), *args, says=says, hint=hint, code=code)
    assert not desk.cli.db.exists()


def test_an_unknown_playbook_in_a_row_is_a_bad_row(desk: Desk, table: WriteTable) -> None:
    answer = desk.refuses("import", table((ANNA, {**BEN, "Playbook": "sass"})), says="1 row of")
    assert ":3: playbook: no playbook is called 'sass'" in answer.err


def odd_files(folder: Path) -> dict[str, Path]:
    fifo = folder / "fifo.csv"
    os.mkfifo(fifo)
    files = {
        "no file": folder / "missing.csv",
        "folder": folder,
        "empty": folder / "empty.csv",
        "pipe": fifo,
        "device": Path("/dev/zero"),
        "binary": folder / "photo.csv",
        "one column": folder / "numbers.csv",
        "open quote": folder / "quote.csv",
    }
    files["empty"].write_bytes(b"")
    files["binary"].write_bytes(bytes(range(256)) * 8)
    files["one column"].write_text("amount\n1\n2\n", encoding="utf-8")
    files["open quote"].write_text('Name,Email\n"Anna,a@x.example\nBen,b@x.example\n', encoding="utf-8")
    return files


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("no file", "there is no file"),
        ("folder", "is a folder"),
        ("empty", "the file is empty"),
        ("pipe", "fifo.csv"),
        ("device", "/dev/zero"),
        ("binary", "photo.csv"),
        ("one column", "numbers.csv"),
        ("open quote", "quote"),
    ],
)
def test_what_is_no_table_is_refused_at_once(desk: Desk, tmp_path: Path, kind: str, says: str) -> None:
    desk.refuses("import", odd_files(tmp_path)[kind], says=says)
    assert not desk.cli.db.exists()


def test_a_table_with_headings_alone_is_empty_not_wrong(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "headings.csv"
    path.write_text("Name,Email\n", encoding="utf-8")
    assert counts(desk.json("import", path)) == {}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ((ANNA, BEN), ""),
        (({**ANNA, "Goal": ""}, BEN), "1 customer of moderate or complex playbooks has no goal: "),
        (({**ANNA, "Goal": ""}, {**BEN, "Goal": " "}), "2 customers of moderate or complex playbooks have no goal: "),
        (({**ANNA, "Goal": "", "Playbook": "retail"}, BEN), ""),
        (({**ANNA, "Goal": "", "Signed": ""}, BEN), ""),
    ],
)
def test_d4_missing_goals_are_said_once_with_their_number(
    desk: Desk, table: WriteTable, rows: tuple[dict[str, str], ...], said: str
) -> None:
    """D4: a sale without a goal comes in all the same; the same table again says nothing."""
    path = table(rows)
    told = desk.json("import", path)
    goals = [notice for notice in told["notices"] if "no goal" in notice]
    assert told["created"] == 2
    assert len(goals) == bool(said)
    if said:
        assert goals[0].startswith(said)
        assert 'followup set CUSTOMER goal "..."' in goals[0]
    assert not any("no goal" in notice for notice in desk.json("import", path)["notices"])


def test_a_table_comes_through_a_pipe(program: Program, table: WriteTable) -> None:
    """`curl ... | followup import -`: nobody is asked anything, and nothing is left behind."""
    text = table((ANNA, BEN)).read_bytes()
    done = program("import", "-", "--json", typed=text)
    assert done.code == 0, done
    assert counts(json.loads(done.out)) == {"rows": 2, "created": 2, "sales_created": 2}
    bad = program("import", "-", typed=b"Name,Signed\nAnn,2026-13-05\n")
    assert (bad.code, b"-:2: Signed" in bad.err) == (1, True), bad
