"""Bar 21: k of n rows are bad: nothing comes in and each is named by its line, or all but those k, which can be mended.

And no cell of a guarded table can be taken for a formula, while nothing of it is lost.
"""

from __future__ import annotations

import stat
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.trust.installed import FULL, Installed, first_lines, records_of, write_table
from tests.trust.naughty import BY_CATEGORY, NAUGHTY

pytestmark = [pytest.mark.trust, pytest.mark.timeout(1200)]

TABLES = 300 if FULL else 8  # of each part
PARTS = 2 if FULL else 1

HEADINGS = ["Name", "E-mail", "Company", "Notes", "Playbook", "Signed", "Stadtteil"]
FAULTS = ("bad e-mail", "bad date", "a cell too few", "a cell too many", "no such playbook", "nobody")
NOTES = ["", "called twice", "a\nb", "a\r\nb\r\n\r\nc", "a\rb", '"quoted"\n', "x, y; z", "\n\n\n!", "=1+1\n+1"]
RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table whose rows would all be good, and which of them have which fault."""

    good: list[list[str]]
    faults: dict[int, str]

    @property
    def rows(self) -> list[list[str]]:
        """The rows with their faults."""
        return [spoilt(row, self.faults[place]) if place in self.faults else row for place, row in enumerate(self.good)]

    def write(self, path: Path) -> Path:
        return write_table(path, [HEADINGS, *self.rows])

    @property
    def bad_lines(self) -> list[int]:
        """On which lines of the file the bad rows begin."""
        lines = list(first_lines([HEADINGS, *self.rows]))[1:]
        return [lines[place] for place in sorted(self.faults)]


def spoilt(row: Sequence[str], fault: str) -> list[str]:
    name, _, company, notes, playbook, signed, other = row
    return {
        "bad e-mail": [name, "anna at meyer", company, notes, playbook, signed, other],
        "bad date": [*row[:5], "2026-13-05", other],
        "a cell too few": [*row[:-1]],
        "a cell too many": [*row, "one more"],
        "no such playbook": [*row[:4], "saaas", signed, other],
        "nobody": ["", "", "", notes, playbook, signed, other],
    }[fault]


def good_row(number: int, notes: str) -> list[str]:
    who = f"Person{number} Family{number}"
    mail = f"p{number}@firm{number}.example"
    return [who, mail, f"Firm {number}", notes, "retail", f"2025-11-{number % 28 + 1:02}", f"Ort {number}"]


@st.composite
def sheets(draw: st.DrawFn) -> Sheet:
    notes = draw(st.lists(st.sampled_from(NOTES), min_size=1, max_size=9))
    bad = draw(st.dictionaries(st.integers(0, len(notes) - 1), st.sampled_from(FAULTS), min_size=1))
    return Sheet([good_row(number, text) for number, text in enumerate(notes)], bad)


def check_refused(installed: Installed, sheet: Sheet, *, process: bool = False) -> None:
    """Nothing comes in; every bad row is named, by the line of the file on which it begins, and no other."""
    installed.forget()
    path = sheet.write(installed.folder / "t.csv")
    run = installed.run if process else installed.here
    answer = run("import", path, "--json")
    assert answer.code == 1
    assert sorted({problem["line"] for problem in answer.json["problems"]}) == sheet.bad_lines
    assert len(answer.json["problems"]) >= len(sheet.faults)
    assert f"{len(sheet.faults)} row" in answer.json["error"]
    said = run("import", path)
    assert (said.code, said.out) == (1, "")
    assert all(f"{path}:{line}: " in said.err for line in sheet.bad_lines)
    assert installed.beside() == []


def check_skipped(installed: Installed, sheet: Sheet, *, process: bool = False) -> None:
    """The good rows come in and the bad ones lie in a file for the owner alone; mended, they make the table whole."""
    installed.forget()
    folder = installed.folder
    path, rejects = sheet.write(folder / "t.csv"), folder / "rejects.csv"
    rejects.unlink(missing_ok=True)
    do = installed.runs if process else installed.does
    told = do("import", path, "--json", "--skip-bad", rejects).json
    good, bad = len(sheet.good) - len(sheet.faults), len(sheet.faults)
    assert (told["rows"], told["created"], told["rejected_count"]) == (len(sheet.good), good, bad)
    assert sorted({each["line"] for each in told["rejected"]}) == sheet.bad_lines
    assert installed.count("customer") == good
    assert stat.S_IMODE(rejects.stat().st_mode) == 0o600

    head, *kept = records_of(rejects)
    assert len(kept) == bad
    assert head[0] == "followup_problem"
    assert [name for name in head if not name.startswith("followup_")] == HEADINGS
    assert all(row[0] for row in kept)
    places = zip(sorted(sheet.faults), kept, strict=True)
    write_table(rejects, [head, *(mended(head, row, sheet.rows[place], sheet.good[place]) for place, row in places)])
    told = do("import", rejects, "--json").json
    assert (told["rows"], told["created"], told["unchanged"]) == (bad, bad, 0)
    assert told["unmapped"] == ["Stadtteil"]

    whole = installed.other("whole.db")
    whole.does("import", write_table(folder / "whole.csv", [HEADINGS, *sheet.good]))
    assert everything(installed) == everything(whole)


def mended(head: Sequence[str], cells: Sequence[str], bad: Sequence[str], good: Sequence[str]) -> list[str]:
    """A row as somebody mends it in a spreadsheet: a cell too many goes, and what is wrong is typed anew.

    A spreadsheet shows every row in the columns of the headings; what was right is left as it is found.
    """
    row = [*cells]
    if len(bad) > len(HEADINGS):
        del row[head.index(HEADINGS[-1]) + 1]
    shown = dict(zip(head, [*row, *[""] * (len(head) - len(row))], strict=True))
    for heading, was, wanted in zip(HEADINGS, [*bad, ""], good, strict=False):
        assert shown[heading] in (was, f"'{was}")
        if was != wanted:
            shown[heading] = wanted
    return [*shown.values()]


def everything(installed: Installed) -> dict[str, list[Any]]:
    """All tables without the numbers that only say in which order the rows came in."""
    told = {}
    for kind in ("customers", "contacts", "sales", "activities"):
        rows = installed.table(kind, "--raw")
        told[kind] = sorted([(name, cell) for name, cell in row.items() if name not in ("id", "sale")] for row in rows)
    planned = installed.table("touchpoints", "--raw")
    told["steps"] = sorted((row["customer_key"], row["step"], row["occurrence"], row["status"]) for row in planned)
    return told


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="followup-trust-") as name:
        yield Path(name)


@pytest.mark.parametrize("part", range(PARTS))
def test_all_bad_rows_are_named_by_line_and_nothing_comes_in(part: int, folder: Path) -> None:
    """Bar 21: whichever rows, whichever faults, whatever line ends stand in the cells before them."""
    installed = Installed.new(folder)

    @settings(max_examples=TABLES)
    @given(sheets())
    def refused(sheet: Sheet) -> None:
        check_refused(installed, sheet)

    refused()


@pytest.mark.parametrize("part", range(PARTS))
def test_bad_rows_are_set_aside_mended_and_taken(part: int, folder: Path) -> None:
    """Bar 21: n - k rows come in, k lie in a file of their own, and mended they give the whole table."""
    installed = Installed.new(folder)

    @settings(max_examples=TABLES)
    @given(sheets())
    def skipped(sheet: Sheet) -> None:
        check_skipped(installed, sheet)

    skipped()


def large_sheet(size: int) -> Sheet:
    good = [good_row(number, NOTES[number % len(NOTES)]) for number in range(size)]
    return Sheet(good, {place: FAULTS[place % len(FAULTS)] for place in range(3, size, 7)})


@pytest.mark.parametrize("size", [40, 2500] if FULL else [20])
def test_in_processes_of_their_own(installed: Installed, size: int) -> None:
    """Bar 21: the program as a shell starts it, also over several chunks of rows."""
    check_refused(installed, large_sheet(size), process=True)
    check_skipped(installed, large_sheet(size), process=True)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_formula_in_a_row_that_is_set_aside(installed: Installed, fault: str) -> None:
    """Bar 21: the mark of a guarded row stands in its own column, however many cells the row has."""
    check_skipped(installed, Sheet([good_row(0, "=1+1"), good_row(1, "")], {0: fault}))


def test_every_row_bad(installed: Installed) -> None:
    """Bar 21: k = n: with `--skip-bad` all of them are set aside and no customer is there."""
    sheet = Sheet([good_row(number, "x") for number in range(6)], dict(enumerate(FAULTS)))
    check_refused(installed, sheet)
    check_skipped(installed, sheet)


# ------------------------------------------------------------------------------------------ formulas


def guarded_tables(installed: Installed) -> dict[str, list[list[str]]]:
    """Every table, as a spreadsheet gets it."""
    installed.does("export", "--all", installed.folder / "guarded")
    return {path.stem: records_of(path) for path in (installed.folder / "guarded").glob("*.csv")}


def check_no_formulas(installed: Installed) -> int:
    """No cell of any guarded table begins as a formula does; gives how many cells would have without the guard."""
    tables = guarded_tables(installed)
    assert len(tables) >= 9
    bad = [(name, cell) for name, rows in tables.items() for row in rows for cell in row if is_formula(cell)]
    assert bad == []
    installed.does("export", "--all", installed.folder / "raw", "--raw")
    raw = [cell for path in (installed.folder / "raw").glob("*.csv") for row in records_of(path) for cell in row]
    return sum(map(is_formula, raw))


def is_formula(cell: str) -> bool:
    return cell.startswith(RUN_BY_SPREADSHEETS)


def fill(installed: Installed, texts: Sequence[str]) -> None:
    """Everything that can be recorded says these texts."""
    headings = ["Name", "E-mail", "Company", "Notes", "Product", "Goal", "Playbook", "Signed", "Labels", "=cmd"]
    rows = [
        [text, f"n{number}@x.example", *[text] * 4, "retail", "2026-01-05", text, text]
        for number, text in enumerate(texts)
    ]
    installed.does("import", write_table(installed.folder / "t.csv", [headings, *rows]))
    due = {item["customer_key"]: str(item["id"]) for item in installed.told("due", "--days", "60", "--all")["items"]}
    for (key, number), text in zip(due.items(), texts, strict=False):
        installed.does("done", number, "good", "--concern", text, "--promise", text, "--by", "fri", "--", text)
        installed.does("set", "--", key, "phone", text)
        installed.does("reading", "add", key, "csat", "5", "--note", text)


def test_no_cell_of_any_table_is_a_formula_and_nothing_is_lost(installed: Installed) -> None:
    """Bar 21: 0 cells begin with = + - @ TAB CR NUL in a guarded table, in whatever column; back in they are equal."""
    strings = NAUGHTY if FULL else BY_CATEGORY["formulas"]
    fill(installed, [text for text in strings if text.strip()][:: 1 if FULL else 4])
    assert check_no_formulas(installed) > 50
    other = installed.other("other.db")
    other.does("import", "--all", installed.folder / "guarded")
    other.does("export", "--all", installed.folder / "again", "--raw")
    for path in (installed.folder / "raw").glob("*.csv"):
        assert (installed.folder / "again" / path.name).read_bytes() == path.read_bytes()
    kept = installed.facts()
    installed.does("export", "customers", "-o", installed.folder / "customers.csv")
    told = installed.told("import", installed.folder / "customers.csv")
    assert (told["created"], told["updated"], told["rejected"]) == (0, 0, [])
    assert installed.facts() == kept


def test_a_rejects_file_is_safe_in_a_spreadsheet(installed: Installed) -> None:
    """Bar 21: the rows set aside are opened in a spreadsheet to be mended."""
    texts = [text for text in NAUGHTY if is_formula(text) and text.strip()]
    rows = [[text, "anna at meyer", text, text, "", "", text] for text in texts]
    rejects = installed.folder / "rejects.csv"
    installed.does("import", write_table(installed.folder / "t.csv", [HEADINGS, *rows]), "--skip-bad", rejects)
    assert not [cell for row in records_of(rejects) for cell in row if is_formula(cell)]
    head, *kept = records_of(rejects)
    mail = head.index("E-mail")
    for number, row in enumerate(kept):
        row[mail] = f"n{number}@x.example"
    write_table(rejects, [head, *kept])
    assert installed.told("import", rejects)["created"] == len(texts)
    assert sorted(row["notes"] for row in installed.table("customers", "--raw")) == sorted(texts)


# ------------------------------------------------------------------------------------------ planted faults


def test_lines_counted_as_records_are_found_out(installed: Installed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bar 21 can fail: a reader that counts records, not lines."""
    from followup.files import tables

    right = tables.records

    def counted(*args: Any) -> Iterator[tuple[int, int, list[str]]]:
        return ((number, number, cells) for number, (_, _, cells) in enumerate(right(*args), start=1))

    monkeypatch.setattr(tables, "records", counted)
    sheet = Sheet([good_row(1, "a\nb"), good_row(2, "")], {1: "bad e-mail"})
    with pytest.raises(AssertionError):
        check_refused(installed, sheet)


def test_a_row_that_is_passed_over_is_found_out(installed: Installed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bar 21 can fail: an import that names the first bad row alone."""
    from followup.actions import importing

    right = importing.Rejects.add
    monkeypatch.setattr(
        importing.Rejects, "add", lambda self, row, problems: None if self.count else right(self, row, problems)
    )
    sheet = Sheet([good_row(1, ""), good_row(2, ""), good_row(3, "")], {0: "bad date", 2: "bad e-mail"})
    with pytest.raises(AssertionError):
        check_refused(installed, sheet)


def test_a_guard_that_does_nothing_is_found_out(installed: Installed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bar 21 can fail: an export without a guard."""
    from followup.files import csv_out

    monkeypatch.setattr(csv_out, "guard", lambda cell: cell)
    fill(installed, ["=1+1", "@x"])
    with pytest.raises(AssertionError):
        check_no_formulas(installed)


def test_a_row_that_is_lost_is_found_out(installed: Installed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bar 21 can fail: a rejects file without its last row."""
    from followup.actions import importing

    right = importing.Rejects._kept
    monkeypatch.setattr(importing.Rejects, "_kept", lambda self: iter([*right(self)][:-1]))
    sheet = Sheet([good_row(1, ""), good_row(2, "")], {0: "bad date"})
    with pytest.raises(AssertionError):
        check_skipped(installed, sheet)
