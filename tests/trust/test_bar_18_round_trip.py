"""Bar 18: what goes in as a table comes out as the same table, byte for byte, whatever the cells say.

What must be equal:

- A table as `export customers --raw` writes it goes into an empty file, and the export of that is equal byte for byte:
  name, company, notes and every text of `extra` in all their characters, blanks around them included. A cell of blanks
  alone is an empty cell. Blanks around e-mail, phone, key, tags and ids of other tools are taken off on the way in, so
  no export has them.
- A table of another program: name, company, notes, product, goal and unknown columns are equal cell by cell to what
  stood in the file, blanks included. Signs for nothing (`n/a`, `-`) and names with an address
  (`Ann (ann@x.example)`) are taken for what they are, so as a name or company they stand behind an `x` here.
- All tables (`export --all --raw`, `import --all`, `export --all --raw`): every file, byte for byte.
- The guarded export, which spreadsheets get, comes in as the same data as the raw one.
- NUL is the one character that no table may hold: it is refused by line.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from followup.files.cells import is_placeholder, read_people
from tests.trust.installed import FULL, Installed, records_of, rows_of, table_text, write_table
from tests.trust.naughty import NAUGHTY, OWN

pytestmark = [pytest.mark.trust, pytest.mark.timeout(1200)]

PARTS = 5 if FULL else 1  # so that several processes share the work
TABLES = 1000 if FULL else 25  # of each part
PROCESSES = 60 if FULL else 1
STRINGS = NAUGHTY if FULL else (*NAUGHTY[:: len(NAUGHTY) // 100], *OWN)

OWN_HEADINGS = [
    *(
        "id",
        "key",
        "name",
        "company",
        "kind",
        "country",
        "subdivision",
        "timezone",
        "role",
        "email",
        "phone",
        "channel",
    ),
    *("usage", "tier", "tags", "do_not_contact", "notes", "extra", "external_id"),
]
FOREIGN = ("Name", "E-mail", "Company", "Notes", "Product", "Goal", "Playbook", "Signed", "Labels", 'Häkel; "x"')
TEXTS = ("Name", "Company", "Notes", "Product", "Goal", 'Häkel; "x"')

# ------------------------------------------------------------------------------------------ tables of texts

letters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
texts = st.one_of(
    st.text(letters, max_size=12),
    st.text(st.sampled_from(" \t\r\n,;|\"'`=+-@＝\\\u00a0\ufeff\u2028\x85\x0b\x1c\x1a:{}[]a1"), max_size=12),
    st.sampled_from(NAUGHTY),
    st.builds("{}{}".format, st.sampled_from(NAUGHTY), st.sampled_from(NAUGHTY)),
).filter(lambda text: not text or not text.isspace())
filled = texts.filter(bool)
words = st.text(st.sampled_from("abcdäß0"), min_size=1, max_size=5)


@st.composite
def own_rows(draw: st.DrawFn) -> list[list[str]]:
    """Rows of `export customers --raw`, as some data file might have them."""
    rows = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        extra = draw(st.dictionaries(filled, filled, max_size=2))
        values = {
            "id": str(number),
            "key": f"k-{number}",
            "name": draw(filled),
            "company": draw(texts),
            "kind": draw(st.sampled_from(["person", "company"])),
            "country": draw(st.sampled_from(["", "DE", "US"])),
            "timezone": draw(st.sampled_from(["", "Europe/Berlin"])),
            "role": draw(st.sampled_from(["", "decider"])),
            "email": draw(st.sampled_from(["", f"n{number}@x.example", "all@x.example"])),
            "phone": draw(st.one_of(st.just(""), filled.map(str.strip))),
            "channel": draw(st.sampled_from(["", "phone"])),
            "usage": draw(st.sampled_from(["heavy", "normal", "light"])),
            "tier": draw(st.sampled_from("ABC")),
            "tags": ",".join(draw(st.lists(words, unique=True, max_size=2))),
            "do_not_contact": draw(st.sampled_from(["true", "false"])),
            "notes": draw(texts),
            "extra": json.dumps(extra, ensure_ascii=False) if extra else "",
            "external_id": draw(texts.map(str.strip)),
        }
        rows.append([values.get(name, "") for name in OWN_HEADINGS])
    return rows


def names_nobody(text: str) -> bool:
    """Signs for nothing as a name or a company, and names with an address in them, have tests of their own."""
    return is_placeholder(text) or bool(read_people(text))


def foreign_rows(cells: Iterable[Sequence[str]]) -> list[list[str]]:
    """Rows of another program from the texts of TEXTS; an address in each tells everybody apart."""
    rows = []
    for number, (name, company, notes, product, goal, other) in enumerate(cells, start=1):
        who = [f"x {text}" if names_nobody(text) else text for text in (name, company)]
        values = dict(zip(TEXTS, (*who, notes, product, goal, other), strict=True))
        values |= {"E-mail": f"n{number}@x.example", "Playbook": "retail", "Signed": "2026-01-05"}
        values["Labels"] = json.dumps([f"x, {number}", f"t {who[0]}".strip()], ensure_ascii=False)
        rows.append([values[heading] for heading in FOREIGN])
    return rows


# ------------------------------------------------------------------------------------------ what must hold


def check_own(installed: Installed, rows: list[list[str]], *, process: bool = False) -> None:
    """CSV -> data file -> CSV: the same bytes."""
    installed.forget()
    do = installed.runs if process else installed.does
    given_ = write_table(installed.folder / "given.csv", [OWN_HEADINGS, *rows])
    do("import", given_)
    do("export", "customers", "--raw", "-o", installed.folder / "out.csv")
    assert (installed.folder / "out.csv").read_bytes() == given_.read_bytes()


def check_foreign(installed: Installed, rows: list[list[str]], *, process: bool = False) -> None:
    """Cell by cell into the data file; from there as raw, guarded and whole tables into others, and out: no byte
    differs.
    """
    folder = installed.folder
    installed.forget()
    do = installed.runs if process else installed.does
    do("import", write_table(folder / "given.csv", [FOREIGN, *rows]))
    customers, sales = (items(installed, kind) for kind in ("customers", "sales"))
    wanted = [dict(zip(FOREIGN, row, strict=True)) for row in rows]
    assert len(customers) == len(sales) == len(rows)
    for one, sale, want in zip(customers, sales, wanted, strict=True):
        found = {
            "Name": one["name"],
            "Company": one["company"],
            "Notes": one["notes"],
            "Product": sale["product"],
            "Goal": sale["goal"],
            'Häkel; "x"': one["extra"].get('Häkel; "x"', ""),
        }
        kept = {heading: said(want[heading]) for heading in TEXTS}
        assert found == {**kept, "Name": kept["Name"] or kept["Company"] or want["E-mail"]}
        assert one["tags"] == json.loads(want["Labels"])

    do("export", "customers", "--raw", "-o", folder / "raw.csv")
    do("export", "customers", "-o", folder / "guarded.csv")
    for name in ("raw.csv", "guarded.csv"):
        other = installed.other("other.db")
        told = (other.runs if process else other.does)("import", folder / name, "--json").json
        assert (told["rows"], told["created"]) == (len(rows), len(rows))
        assert items(other, "customers") == customers
        (other.runs if process else other.does)("export", "customers", "--raw", "-o", folder / "again.csv")
        assert (folder / "again.csv").read_bytes() == (folder / "raw.csv").read_bytes()


def said(text: str) -> str:
    return "" if text.isspace() else text


def items(installed: Installed, kind: str) -> list[dict[str, Any]]:
    return list(installed.told("export", kind)["items"])


def check_everything(installed: Installed, *options: str) -> int:
    """All tables out, into an empty file, and out again: every file has the same bytes. Gives how many there are."""
    raw, way, back = (installed.folder / name for name in ("raw", "way", "back"))
    installed.does("export", "--all", raw, "--raw")
    installed.does("export", "--all", way, *options)
    other = installed.other("other.db")
    other.does("import", "--all", way)
    other.does("export", "--all", back, "--raw")
    files = {str(path.relative_to(raw)): path.read_bytes() for path in raw.rglob("*") if path.is_file()}
    assert {str(path.relative_to(back)): path.read_bytes() for path in back.rglob("*") if path.is_file()} == files
    return len(files)


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="followup-trust-") as name:
        yield Path(name)


# ------------------------------------------------------------------------------------------ tests


@pytest.mark.parametrize("part", range(PARTS))
def test_any_table_of_our_own_comes_back_byte_for_byte(part: int, folder: Path) -> None:
    """Bar 18: 5,000 tables under `make trust`, each through a data file of its own on the disk."""
    installed = Installed.new(folder)

    @settings(max_examples=TABLES)
    @given(own_rows())
    def comes_back(rows: list[list[str]]) -> None:
        check_own(installed, rows)

    comes_back()


@pytest.mark.parametrize("part", range(PARTS))
def test_any_table_of_another_program_keeps_every_cell(part: int, folder: Path) -> None:
    """Bar 18: every text as it stood in the file; and from there byte for byte."""
    installed = Installed.new(folder)

    @settings(max_examples=TABLES // 5)
    @given(st.lists(st.tuples(*[texts] * len(TEXTS)), min_size=1, max_size=4))
    def keeps(cells: list[tuple[str, ...]]) -> None:
        check_foreign(installed, foreign_rows(cells))

    keeps()


def turned(strings: Sequence[str], by: int) -> list[str]:
    return [*strings[by:], *strings[:by]]


def test_every_naughty_string_in_every_field_at_once(installed: Installed) -> None:
    """Bar 18: more than 515 strings and 45 of our own; each is once name, company, note, product, goal and unknown."""
    columns = [turned(STRINGS, 7 * place) for place in range(len(TEXTS))]
    check_foreign(installed, foreign_rows(zip(*columns, strict=True)))
    assert check_everything(installed) >= 10


def test_naughty_strings_through_real_processes(installed: Installed) -> None:
    """Bar 18: the same through the program as a shell starts it, a table for every process."""
    strings = NAUGHTY if FULL else OWN
    size = -(-len(strings) // PROCESSES)
    for start in range(0, len(strings), size):
        part = strings[start : start + size]
        columns = [turned(part, place) for place in range(len(TEXTS))]
        check_foreign(installed, foreign_rows(zip(*columns, strict=True)), process=FULL)
        rows = [[str(number), f"k-{number}", text, text, "person"] for number, text in enumerate(part, start=1)]
        rows = [
            [*row, *[""] * 7, "normal", "B", "", "false", row[2], "", row[2].strip()] for row in rows if row[2].strip()
        ]
        for number, row in enumerate(rows, start=1):
            row[0] = str(number)
        check_own(installed, rows, process=True)


@pytest.mark.parametrize("options", [("--raw",), (), ("--format", "json")], ids=["raw", "guarded", "json"])
def test_what_happened_comes_back_with_all_tables(installed: Installed, options: tuple[str, ...]) -> None:
    """Bar 18: notes of contacts, concerns, promises and readings as well, on every way out."""
    strings = [text for text in (OWN if FULL else OWN[::6]) if text.strip()]
    installed.does(
        "import", write_table(installed.folder / "t.csv", [FOREIGN, *foreign_rows([[t] * 6 for t in strings])])
    )
    due = installed.told("due", "--days", "60", "--all")["items"]
    numbers = {item["customer_key"]: str(item["id"]) for item in due}
    assert len(numbers) == len(strings)
    for number, text in zip(numbers.values(), strings, strict=True):
        installed.does("done", number, "good", "--concern", text, "--promise", text, "--by", "fri", "--", text)
    for key, text in zip(numbers, strings, strict=True):
        installed.does("reading", "add", key, "csat", "5", "--note", text)
        installed.does("set", "--", key, "phone", text)
    assert check_everything(installed, *options) >= 10
    notes = {row["note"] for row in rows_of(installed.folder / "raw" / "activities.csv")}
    assert {text.strip() for text in strings} <= {note.strip() for note in notes}


def test_customers_added_by_hand_come_back(installed: Installed) -> None:
    """Bar 18: what no import made, but `add` and `set`: name, company, phone, tags, notes."""
    strings = [text for text in (NAUGHTY if FULL else OWN) if text.strip()]
    for number, text in enumerate(strings):
        installed.does(
            *("add", "--company", text, "--phone", text, "--email", f"n{number}@x.example", "--tag", text, "--", text)
        )
        installed.does("set", f"n{number}@x.example", "notes", "--", text)
    for name, options in (("raw.csv", ("--raw",)), ("guarded.csv", ())):
        installed.does("export", "customers", "-o", installed.folder / name, *options)
        told = installed.told("import", installed.folder / name)
        assert (told["unchanged"], told["created"], told["updated"]) == (len(strings), 0, 0)
        other = installed.other("other.db")
        other.does("import", installed.folder / name)
        other.does("export", "customers", "--raw", "-o", installed.folder / "again.csv")
        assert rows_of(installed.folder / "again.csv") == rows_of(installed.folder / "raw.csv")
    assert (installed.folder / "again.csv").read_bytes() == (installed.folder / "raw.csv").read_bytes()


def test_customers_as_json_come_back(installed: Installed) -> None:
    """Bar 18: the JSON of an export is a table as well."""
    rows = foreign_rows([[text] * len(TEXTS) for text in OWN if text.strip()])
    installed.does("import", write_table(installed.folder / "t.csv", [FOREIGN, *rows]))
    installed.does("export", "customers", "--format", "json", "-o", installed.folder / "out.json")
    other = installed.other("other.db")
    other.does("import", installed.folder / "out.json")
    assert items(other, "customers") == items(installed, "customers")


def test_nul_is_refused_by_line(installed: Installed) -> None:
    """Bar 18: the one character that no table may hold, and nothing of such a table comes in."""
    path = installed.folder / "nul.csv"
    path.write_bytes(b"Name,E-mail\nAnn,a@x.example\nB\0n,b@x.example\n")
    said_ = installed.run("import", path)
    assert (said_.code, said_.out) == (1, "")
    assert "nul.csv:3" in said_.err or "line 3" in said_.err
    assert "NUL" in said_.err
    assert installed.beside() == []


# ------------------------------------------------------------------------------------------ planted faults


def test_a_writer_that_forgets_a_lone_cr_is_found_out(installed: Installed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bar 18 can fail: a writer that quotes CR LF and LF but no CR (`newline=''` forgotten, as it were)."""
    from followup.files import csv_out

    right = csv_out.csv_line
    monkeypatch.setattr(csv_out, "csv_line", lambda cells: right(cells).replace("\r", "\n"))
    rows = foreign_rows([["a\rb"] * 6])
    with pytest.raises(AssertionError):
        check_foreign(installed, rows)


def test_a_guard_that_is_not_taken_off_is_found_out(installed: Installed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bar 18 can fail: a reader that leaves the `'` where the export put it."""
    from followup.files import tables

    monkeypatch.setattr(tables, "unguard", lambda cell: cell)
    with pytest.raises(AssertionError):
        check_foreign(installed, foreign_rows([["=1+1"] * 6]))


def test_a_store_that_trims_is_found_out(installed: Installed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bar 18 can fail: a reader that takes the blanks off every cell."""
    from followup.files import customer_rows

    raw = customer_rows._Reading.raw
    monkeypatch.setitem(customer_rows._OF_CUSTOMER, "notes", ("notes", lambda reading: raw(reading, "notes").strip()))
    row = ["1", "k-1", "Ann", "", "person", *[""] * 7, "normal", "B", "", "false", " note", "", ""]
    with pytest.raises(AssertionError):
        check_own(installed, [row])


def test_the_tables_of_these_tests_are_written_right(tmp_path: Path) -> None:
    """The writer of these tests is no part of the program, and Python's reader gives back what it wrote."""
    rows = [[text, "x"] for text in NAUGHTY]
    path = tmp_path / "t.csv"
    path.write_bytes(table_text(rows).encode())
    assert records_of(path) == rows
