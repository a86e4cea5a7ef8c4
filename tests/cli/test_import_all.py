"""`import --all`: a whole data file comes back from its tables, with the same numbers, keys and plan, or not at all."""

from __future__ import annotations

import csv
import json
import sqlite3
import stat
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest

from followup.files.shipped import shipped_playbook_text
from followup.store.schema import FACT_TABLES

if TYPE_CHECKING:
    from tests.cli.conftest import Build, Desk

MONDAY = "2026-01-05"
LATER = "2026-03-09"
WAYS = [(), ("--raw",), ("--format", "json")]
HOSTILE = (
    *("=cmd|' /C calc'!A0", "+1", "-2+3", "@x", "'=twice", "a\nb\r\nc\rd", 'O\'Neil, "Annie"', "a\tb;c|d"),
    *("Eve\x1b[2J\x07", "Zoë 👩‍👩‍👧‍👦", "x,y,z\n1,2,3\n4,5,6\n", "[red]", '["a"]', "null", "Total: 3"),
)


@pytest.fixture(params=WAYS, ids=str)
def way(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """How the tables are written."""
    return tuple(request.param)


def live(desk: Desk) -> None:
    """A file in which everything has happened that followup can record."""
    desk.does(
        *("add", "Anna Meyer", "--company", "Meyer GmbH", "--email", "anna@meyer.example", "--phone", "+49 30 123"),
        *("--playbook", "saas", "--signed", "2025-12-01", "--live", "2025-12-08", "--product", "Ledgerline"),
        *("--goal", "=1+1", "--tag", "vip", "--tag", "north, south", "--anchor", "renewal=2026-12-01"),
    )
    desk.does("add", "Bo Li", "--playbook", "vehicle", "--signed", MONDAY, "--phone", "0151 22222")
    desk.does("add", "Cy Ohm", "--email", "cy@ohm.example")
    desk.does("contact", "add", "anna-meyer", "Zoe Meyer", "--email", "zoe@meyer.example", "--role", "decider")
    desk.does("sale", "add", "bo-li", "--playbook", "retail", "--signed", MONDAY, "--product", "Oven")
    due = [str(one["id"]) for one in desk.json("due", "--days", "60", "--all")["items"]]
    desk.does("done", due[0], "good,referral", "=1+1", "--referred", "Zoe Quick", "--score", "9", "--minutes", "12")
    desk.does("snooze", due[1], "2026-02-02", "14:30")
    desk.does("skip", due[2], "--why", "not now")
    desk.does("log", "bo-li", "concern", "too dear", "--inbound", "--on", MONDAY, today="2026-01-12")
    desk.does("concern", "add", "anna-meyer", "a\nslow\r\nreport", "--severity", "major", today="2026-01-12")
    desk.does("concern", "resolve", "1", "a discount", today="2026-01-19")
    desk.does("promise", "add", "anna-meyer", "an offer", "--by", "2026-02-20", today="2026-01-20")
    desk.does("reading", "add", "anna-meyer", "nps", "9", "--note", "+49", today="2026-01-20")
    desk.does("reading", "add", "anna-meyer", "usage", "down", today="2026-01-26")
    desk.does("hold", "bo-li", "--until", "2026-02-16", today="2026-01-26")
    desk.does("stage", "anna-meyer", "learning", today="2026-02-23")
    desk.does("set", "cy-ohm", "notes", "@SUM(A1)", today="2026-02-23")
    desk.does("dnc", "cy-ohm", today="2026-02-23")
    desk.does("undo", today="2026-02-23")
    desk.does("log", "anna-meyer", "problem", "down again", today="2026-03-02")
    desk.does("dnc", "anna-meyer", "--contact", "zoe", today="2026-03-02")


@pytest.fixture
def lived(built: Callable[[str, Build], Desk]) -> Desk:
    return built("lived in", live)


def out(desk: Desk, folder: Path, way: tuple[str, ...] = (), *, db: Path | None = None, today: str = LATER) -> Path:
    """Write everything into a folder."""
    desk.does(*(("--db", db) if db else ()), "export", "--all", folder, *way, today=today)
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def there_and_back(desk: Desk, tmp_path: Path, way: tuple[str, ...], *, today: str = LATER) -> Path:
    """Export, import into an empty file, export again: all the same. Gives the new file."""
    first, new = out(desk, tmp_path / "first", way, today=today), tmp_path / "new.db"
    desk.does("--db", new, "import", "--all", first, today=today)
    assert files(out(desk, tmp_path / "second", way, db=new, today=today)) == files(first)
    return new


def facts(db: Path) -> Mapping[str, list[tuple[object, ...]]]:
    """What is recorded, but for the numbers of pinned texts and of dates, which nobody sees."""
    found: dict[str, list[tuple[object, ...]]] = {}
    if not db.exists():
        return found
    with closing(sqlite3.connect(db)) as connection:
        for table in FACT_TABLES:
            hidden = {"playbook": ["id"], "sale": ["playbook_id"], "anchor": ["id"]}.get(table, [])
            names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})") if row[1] not in hidden]
            found[table] = sorted(connection.execute(f"SELECT {', '.join(names)} FROM {table}"), key=str)
    return found


# The way back


def test_everything_comes_back_with_its_numbers_and_its_plan(lived: Desk, tmp_path: Path, way: tuple[str, ...]) -> None:
    new = there_and_back(lived, tmp_path, way)
    assert facts(new) == facts(lived.cli.db)
    for args in (("due", "--days", "90", "--all"), ("list",), ("show", "anna-meyer"), ("show", "bo-li")):
        assert lived.json("--db", new, *args, today=LATER) == lived.json(*args, today=LATER)


def test_it_says_what_came_back(lived: Desk, tmp_path: Path) -> None:
    folder = out(lived, tmp_path / "out")
    told = lived.json("--db", tmp_path / "new.db", "import", "--all", folder, today=LATER)
    assert (told["schema"], told["command"]) == ("followup.written/1", "import --all")
    (said,) = told["said"]
    assert "4 customers" in said
    assert "3 sales" in said
    assert stat.S_IMODE((tmp_path / "new.db").stat().st_mode) == 0o600


def gather(desk: Desk) -> None:
    for number, text in enumerate(HOSTILE):
        desk.does("add", "--email", f"n{number}@x.example", "--playbook", "retail", "--tag", text, "--", text)
        desk.does("log", "--", f"n{number}@x.example", "good", text)


@pytest.fixture
def crowd(built: Callable[[str, Build], Desk]) -> Desk:
    return built("hostile crowd", gather)


def test_texts_of_a_spreadsheet_a_terminal_or_a_table_come_back(
    crowd: Desk, tmp_path: Path, way: tuple[str, ...]
) -> None:
    there_and_back(crowd, tmp_path, way, today=MONDAY)


def test_what_is_planned_later_takes_no_number_that_somebody_has(lived: Desk, tmp_path: Path) -> None:
    folder, new = out(lived, tmp_path / "out"), tmp_path / "new.db"
    much_later = "2026-09-14"
    lived.does("--db", new, "import", "--all", folder, today=much_later)
    before = {row["id"]: (row["sale"], row["step"], row["occurrence"]) for row in rows(folder / "touchpoints.csv")}
    told = lived.json("--db", new, "export", "touchpoints", today=much_later)["items"]
    after = {str(row["id"]): (str(row["sale"]), row["step"], str(row["occurrence"])) for row in told}
    assert set(after) - set(before)
    assert {number: after[number] for number in after.keys() & before.keys()} == {
        number: before[number] for number in after.keys() & before.keys()
    }


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return [*csv.DictReader(file)]


def test_a_sale_keeps_the_text_that_it_follows_when_the_playbook_changed(
    desk: Desk, tmp_path: Path, way: tuple[str, ...]
) -> None:
    book = tmp_path / "retail.yaml"
    old = shipped_playbook_text("retail")
    edited = old.replace("steps:", "# edited since\nsteps:", 1)
    book.write_text(old)
    desk.does("add", "Anna", "--playbook", book, "--signed", MONDAY)
    book.write_text(edited)
    desk.does("add", "Bo", "--playbook", book, "--signed", MONDAY)
    book.unlink()
    there_and_back(desk, tmp_path, way, today=MONDAY)
    texts = sorted(path.read_text() for path in (tmp_path / "first" / "playbooks").iterdir())
    assert texts == sorted([old, edited])


def test_by_what_else_somebody_is_known_after_a_merge_comes_back(
    lived: Desk, tmp_path: Path, way: tuple[str, ...]
) -> None:
    lived.does("merge", "cy-ohm", "bo-li", today=LATER)
    new = there_and_back(lived, tmp_path, way)
    assert facts(new) == facts(lived.cli.db)
    assert facts(new)["alias"]


def test_the_folder_and_everything_in_it_is_private(lived: Desk, tmp_path: Path) -> None:
    folder = out(lived, tmp_path / "out")
    for path in folder.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_one_undo_takes_all_of_it_back_and_a_dry_run_keeps_nothing(lived: Desk, tmp_path: Path) -> None:
    folder, new = out(lived, tmp_path / "out"), tmp_path / "new.db"
    lived.does("--db", new, "import", "--all", folder, "--dry-run", today=LATER)
    assert not any(facts(new).values())
    lived.does("--db", new, "import", "--all", folder, today=LATER)
    assert facts(new) == facts(lived.cli.db)
    lived.does("--db", new, "undo", today=LATER)
    assert not any(facts(new).values())
    lived.does("--db", new, "import", "--all", folder, today=LATER)
    assert facts(new) == facts(lived.cli.db)


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_was_done_comes_back(desk: Desk, tmp_path: Path, seed: int) -> None:
    """A walk through the commands, day after day."""
    chance, day = Random(seed), date(2026, 1, 5)
    for name, playbook in (("Ann", "saas"), ("Bo", "equipment"), ("Cy", "retail")):
        desk.does("add", name, "--playbook", playbook, "--signed", MONDAY, "--company", f"{name} Inc")
    for _ in range(12):
        day += timedelta(chance.choice([0, 0, 1, 5, 12]))
        due = desk("due", "--days", "30", "--all", "--json", today=str(day)).json["items"]
        number = str(chance.choice(due)["id"]) if due else "1"
        who = chance.choice(["ann", "bo", "cy"])
        outcome = chance.choice(
            ["great", "good", "ok", "flat", "concern", "problem", "no-answer", "left-message", "postponed", "idea"]
        )
        wish = chance.choice(
            [
                ("done", number, outcome, "a note"),
                ("done", number, outcome),
                ("log", who, outcome, "--on", str(day - timedelta(chance.randint(0, 20)))),
                ("snooze", number, str(day + timedelta(chance.randint(1, 30)))),
                ("skip", number),
                ("hold", who),
                ("resume", who),
                ("concern", "add", who, "a doubt"),
                ("promise", "add", who, "a thing", "--by", str(day + timedelta(5))),
                ("stage", who, chance.choice(["effectiveness", "maintenance"])),
                ("anchor", "set", who, "live", str(day)),
                ("replan", who),
                ("undo",),
            ]
        )
        assert desk(*wish, today=str(day)).code in (0, 1)
    there_and_back(desk, tmp_path, WAYS[seed % 3], today=str(day))


# Refusals


def spoil(folder: Path, name: str, old: str, new: str) -> None:
    """Put `new` in place of all that is `old` in a file; "" is the end of the file."""
    path = folder / name
    text = path.read_bytes().decode()
    assert old in text
    path.write_bytes((text.replace(old, new) if old else text + new).encode())


@pytest.mark.parametrize(("name", "old", "new", "says"), [
    ("customers.csv", "anna-meyer", "bo-li", "two customers have this key"),
    ("customers.csv", ",company,", ",firm,", "lacks the column company"),
    ("customers.csv", ",company,kind,", ",kind,company,", "has its columns in another order"),
    ("customers.csv", "external_id", "external_id,shoe_size", "a newer one wrote it"),
    ("customers.csv", "id,key,name,company,kind,country,subdivision,timezone,role,email", "Name", "not a table of"),
    ("customers.csv", "", '"', "not as followup writes it"),
    ("customers.csv", "", "1,2\n", "this row has 2 cells"),
    ("contacts.csv", "anna-meyer", "nobody", "has no such customer"),
    ("sales.csv", "2025-12-01", "last year", "this is not"),
    ("sales.csv", "saas-", "nothing-", "there is no playbooks/nothing-"),
    ("sales.csv", "saas-", "../saas-", "there is no playbooks/../saas-"),
    ("activities.csv", "contacted", "called", "'called' is none of contacted"),
    ("activities.csv", "anna-meyer,1", "anna-meyer,2", "no such sale of this customer"),
    ("readings.csv", ",nps,9,", ",nps,90,", "is no nps score"),
    ("promises.csv", ",an offer,2026-02-20", ",an offer,soon", "not a day"),
    ("touchpoints.csv", "\n2,", "\n1,", "two rows have this number"),
], ids=str)  # fmt: skip
def test_tables_that_were_changed_are_refused_and_nothing_is_taken(
    lived: Desk, tmp_path: Path, name: str, old: str, new: str, says: str
) -> None:
    folder, fresh = out(lived, tmp_path / "out", ("--raw",)), tmp_path / "new.db"
    spoil(folder, name, old, new)
    answer = lived("--db", fresh, "import", "--all", folder, today=LATER)
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith("Error: ")
    assert says in answer.err
    assert "\nTry: " in answer.err
    assert not any(facts(fresh).values())


def test_a_text_that_was_changed_is_not_what_the_sales_followed(lived: Desk, tmp_path: Path) -> None:
    folder = out(lived, tmp_path / "out")
    text = next(path for path in (folder / "playbooks").iterdir() if path.name.startswith("saas-"))
    text.write_text(text.read_text() + "\n")
    answer = lived("--db", tmp_path / "new.db", "import", "--all", folder, today=LATER)
    assert answer.code == 1
    assert "was changed after the export" in answer.err


def test_every_problem_is_told(lived: Desk, tmp_path: Path) -> None:
    folder = out(lived, tmp_path / "out")
    spoil(folder, "contacts.csv", "anna-meyer", "nobody")
    spoil(folder, "readings.csv", ",usage,down", ",usage,sideways")
    answer = lived("--db", tmp_path / "new.db", "import", "--all", folder, "--json", today=LATER)
    told = [(one["source"], one["line"]) for one in answer.json["problems"]]
    assert ("contacts.csv", 2) in told
    assert any(source == "readings.csv" for source, _ in told)


def test_a_file_of_a_newer_followup_is_refused(lived: Desk, tmp_path: Path) -> None:
    folder = out(lived, tmp_path / "out", ("--format", "json"))
    spoil(folder, "sales.json", "followup.export/1", "followup.export/2")
    answer = lived("--db", tmp_path / "new.db", "import", "--all", folder, today=LATER)
    assert answer.code == 1
    assert "written by a newer followup" in answer.err
    assert "pip install --upgrade followup" in answer.err


@pytest.mark.parametrize(
    ("gone", "says"),
    [("sales.csv", "is not complete: sales.csv is missing"), ("*.csv", "holds no tables of followup")],
)
def test_a_folder_that_is_not_complete_is_refused(lived: Desk, tmp_path: Path, gone: str, says: str) -> None:
    folder, fresh = out(lived, tmp_path / "out"), tmp_path / "new.db"
    for path in folder.glob(gone):
        path.unlink()
    answer = lived("--db", fresh, "import", "--all", folder, today=LATER)
    assert answer.code == 1
    assert says in answer.err


def test_both_kinds_of_tables_in_one_folder_are_refused(lived: Desk, tmp_path: Path) -> None:
    out(lived, tmp_path / "out", ("--format", "json"))
    folder = out(lived, tmp_path / "out")
    answer = lived("--db", tmp_path / "new.db", "import", "--all", folder, today=LATER)
    assert answer.code == 1
    assert "both as CSV and as JSON" in answer.err


def test_a_file_with_customers_takes_no_whole_export(lived: Desk, tmp_path: Path) -> None:
    folder = out(lived, tmp_path / "out")
    lived.refuses("import", "--all", folder, says="holds customers already", hint="--db NEW.db", today=LATER)


@pytest.mark.parametrize(("name", "says"), [("nowhere", "does not exist"), ("file.txt", "is a file, not a folder")])
def test_a_folder_must_be_one(lived: Desk, tmp_path: Path, name: str, says: str) -> None:
    (tmp_path / "file.txt").write_text("")
    lived.refuses("import", "--all", tmp_path / name, says=says, hint="name the folder", today=LATER)


def test_an_export_that_was_cut_off_is_refused(lived: Desk, tmp_path: Path) -> None:
    folder = out(lived, tmp_path / "out", ("--format", "json"))
    spoil(folder, "customers.json", "\n]}\n", "\n")
    answer = lived("--db", tmp_path / "new.db", "import", "--all", folder, today=LATER)
    assert answer.code == 1
    assert "the end is missing" in answer.err
    assert json.loads((folder / "sales.json").read_text())["items"]
