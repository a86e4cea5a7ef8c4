"""Tables as other tools write them: any encoding, delimiter and line ends, they read alike or say why not."""

from __future__ import annotations

import codecs
import csv
import os
import tempfile
import tracemalloc
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.errors import BadFileError, FollowupError, NotFoundError
from followup.files.tables import MAX_CELL, Row, read_table

ENCODINGS = {
    "utf-8": "utf-8",
    "utf-8-sig": "utf-8-sig",
    "utf-16": "utf-16",
    "utf-16-le": "utf-16-le",  # without a byte order mark
    "utf-16-be": "utf-16-be",
    "cp1252": "cp1252",
}
DELIMITERS = (",", ";", "\t", "|")
LINE_ENDS = ("\n", "\r\n", "\r")
QUOTING = (csv.QUOTE_MINIMAL, csv.QUOTE_ALL)
HEADINGS = ["Name", "E-Mail", "Notes"]
WESTERN = [
    ["Jürgen Müller", "jm@x.example", "a, b; c | d\te"],
    ["Zoë O’Neil", "zoe@x.example", 'said "yes"\ntwice'],
    ["José Núñez", "", "“€5 – ½”"],
]


def rows_of(source: Path | bytes) -> list[tuple[str, ...]]:
    return [row.cells for row in read_table(source).rows]


def write(path: Path, rows: list[list[str]], encoding: str, delimiter: str, end: str, quoting: int) -> Path:
    # A stray CR or LF inside a cell must stay what it is, so nothing may translate line ends on the way.
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows([HEADINGS, *rows])
    return path


@pytest.mark.parametrize(
    ("encoding", "delimiter", "end", "quoting"), [*product(ENCODINGS, DELIMITERS, LINE_ENDS, QUOTING)]
)
def test_every_way_to_write_a_table_reads_the_same(
    tmp_path: Path, encoding: str, delimiter: str, end: str, quoting: int
) -> None:
    """Bar 19: 6 encodings x 4 delimiters x 3 line ends x quoting, on real files."""
    table = read_table(write(tmp_path / "t.csv", WESTERN, encoding, delimiter, end, quoting))

    assert table.headers == tuple(HEADINGS)
    assert [list(row.cells) for row in table.rows] == WESTERN
    assert (table.dialect.encoding, table.dialect.delimiter) == (ENCODINGS[encoding], delimiter)
    assert bool(table.notices) == (encoding == "cp1252")


cell = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
awkward = st.sampled_from(["\r", "\n", "\r\n", '"', ";", " ", "=1+1", "\u2028", "\x85", "\x0b", "'", "\ufeff", "，"])


@given(
    rows=st.lists(st.tuples(cell | awkward, cell | awkward, cell), max_size=8),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]),
    delimiter=st.sampled_from(DELIMITERS),
    end=st.sampled_from(LINE_ENDS),
    quoting=st.sampled_from(QUOTING),
)
def test_any_text_survives_a_real_file(
    rows: list[tuple[str, str, str]], encoding: str, delimiter: str, end: str, quoting: int
) -> None:
    """Bar 18: what a csv writer put into a file comes out again to the letter; blank rows are left out."""
    with tempfile.TemporaryDirectory() as folder:
        # Python's writer leaves a lone CR bare when lines end in LF; a careful tool quotes it.
        careful = csv.QUOTE_ALL if any("\r" in c or "\n" in c for row in rows for c in row) else quoting
        path = write(Path(folder) / "t.csv", [list(row) for row in rows], encoding, delimiter, end, careful)

        assert rows_of(path) == [row for row in rows if "".join(row).strip()]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(
            'Name,Email\nAnn,a@x\n"Bob,b@x\nCy,c@x\n',
            "line 3: the quote opened on this line is never closed",
            id="open",
        ),
        pytest.param(
            'Name,Email\n"A\nB",a@x\nC,"d@x\n\nE,e@x',
            "line 4: the quote opened on this line is never closed",
            id="late",
        ),
        pytest.param('Name,Email\n"A"x,a@x\n', "line 2: text follows the closing quote of a cell", id="after"),
        pytest.param(
            'Name,Email\nAnn,"a@x\nBob,b@x\n"Cy",c@x\n',
            "line 4: text follows the closing quote of a cell (the quote was opened on line 2)",
            id="swallowed",
        ),
        pytest.param("Name,Email\nA\0nn,a@x\n", "line 2: the line holds a NUL character", id="nul"),
        pytest.param(
            f"Name,Notes\nAnn,x\nBob,{'y' * (MAX_CELL + 1)}\n",
            "line 3: the cell that begins on this line is longer than 1 MiB",
            id="huge",
        ),
        pytest.param(
            'Name,Notes\nAnn,x\nBob,"' + "yyyyyyy\n" * (MAX_CELL // 8 + 1),
            "line 3: the cell that begins on this line is longer than 1 MiB",
            id="huge-open",
        ),
        pytest.param("", "the file is empty", id="empty"),
        pytest.param(" \n\n,,\n", "the file is empty", id="blank"),
        pytest.param("name^email\nAnn^a@x\n", "line 1: only one column was found, 'name^email'", id="strange"),
        pytest.param("sep=^\nname^email\n", "line 1: the first line asks for '^' between cells", id="sep"),
    ],
)
def test_a_file_that_cannot_be_told_apart_is_refused_with_its_line(text: str, message: str) -> None:
    """TRUST 2.2: no rest of a file swallowed into one cell, no single column by accident."""
    with pytest.raises(BadFileError) as caught:
        rows_of(text.encode())

    separator = ", " if message.startswith("line") else ": "
    assert caught.value.sentence == f"input{separator}{message}"
    assert len(caught.value.problems) == 1
    assert caught.value.hint


def test_the_place_of_an_open_quote_is_exact() -> None:
    with pytest.raises(BadFileError) as caught:
        rows_of(b'Name;Notes\r\n"A\r\nB";x\r\nC;"never\r\n')

    problem = caught.value.problems[0]
    assert (problem.source, problem.line, problem.column) == ("input", 4, 3)


def test_a_quote_in_the_middle_of_a_plain_cell_is_text() -> None:
    assert rows_of(b'Name,Notes\nAnn "Bee" Lee,5" pipe\n') == [('Ann "Bee" Lee', '5" pipe')]


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        (b"Name,Email,Phone\nAnn,a@x\nBob,b@x,1\n", {2: "this row has 2 cells, the headings have 3"}),
        (b"Name,Email\nAnn,a@x,1\n", {2: "this row has 3 cells, the headings have 2"}),
        (b'Name,Notes\n"A\nA",x\nB\n', {4: "this row has 1 cell, the headings have 2"}),
        (b"Name,Email\r\rAnn,a@x\r\r\rBob\r", {6: "this row has 1 cell, the headings have 2"}),
        (b"Name,Email\nAnn,a@x,,\n", {}),  # empty cells too many lose nothing
        (b"Name,Email,,\nAnn,a@x,,\nBob,b@x\n", {}),  # nor do headings without a name at the end
    ],
)
def test_ragged_rows_are_told_by_their_physical_line(text: bytes, faults: dict[int, str]) -> None:
    rows = list(read_table(text).rows)

    assert {row.line: row.fault for row in rows if row.fault} == faults


def test_lines_are_counted_through_cells_of_several_lines_and_blank_lines() -> None:
    text = b'Name,Notes\r\n"A","1\r\n2\r\n3"\r\n\r\n , \r\nB,x\r\n'

    assert list(read_table(text).rows) == [Row(2, ("A", "1\r\n2\r\n3")), Row(7, ("B", "x"))]


@pytest.mark.parametrize(
    ("first", "delimiter"),
    [("sep=;", ";"), ("SEP=,", ","), ("sep=\t", "\t"), ('"sep=|"', "|"), ("sep=;\r", ";")],
)
def test_the_first_line_may_name_the_delimiter(first: str, delimiter: str) -> None:
    table = read_table(f"{first}\nFoo{delimiter}Bar\n1{delimiter}2\n".encode())

    assert (table.headers, table.header_line) == (("Foo", "Bar"), 2)
    assert list(table.rows) == [Row(3, ("1", "2"))]


@pytest.mark.parametrize(
    ("text", "headers"),
    [
        ("Name;Company, Inc;Email\nA;B, C;d@x\n", ("Name", "Company, Inc", "Email")),
        ("Foo|Bar\n1,5|2\n", ("Foo", "Bar")),
        ("Foo;Bar;Baz\n1;2;3,4\n", ("Foo", "Bar", "Baz")),
        ("Nom;Prénom;Société\nA;B;C\n", ("Nom", "Prénom", "Société")),
        ("email\na@x\nb@x\n", ("email",)),
        ('name, email, "phone"\nAnn, a@x, "1, 2"\n', ("name", "email", "phone")),
        ("\ufeffName,Email\nAnn,a@x\n", ("Name", "Email")),
        ("\n\nName,Email\nAnn,a@x\n", ("Name", "Email")),
        ("Name,,Email\nAnn,x,a@x\n", ("Name", "column 2", "Email")),
        ("My customers\nName,Email\n", ("Name", "Email")),
    ],
)
def test_the_delimiter_is_told_by_the_headings(text: str, headers: tuple[str, ...]) -> None:
    assert read_table(text.encode()).headers == headers


def test_a_space_behind_every_delimiter_belongs_to_the_file_not_to_the_cells() -> None:
    assert rows_of(b'name, email, notes\nAnn, a@x, "b, c"\n') == [("Ann", "a@x", "b, c")]
    assert rows_of(b"name,email\nAnn , a@x\n") == [("Ann ", " a@x")]


def test_notes_above_the_headings_are_left_out_with_a_notice() -> None:
    text = b'Notes:\n"When exporting, mind this."\n\nFirst Name,Last Name,Email Address\nAnn,Lee,a@x.example\n'
    table = read_table(text)

    assert table.headers == ("First Name", "Last Name", "Email Address")
    assert list(table.rows) == [Row(5, ("Ann", "Lee", "a@x.example"))]
    assert table.notices == ("what stands before the headings on line 4 was left out",)


def test_the_footer_of_a_report_is_no_row_but_a_short_row_is() -> None:
    footer = b'\n"Contacts"\n"Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved."\n"Acme"\n'

    assert [row.cells for row in read_table(b"Name,Email\nAnn,a@x\n" + footer).rows] == [("Ann", "a@x")]
    assert [row.fault != "" for row in read_table(b"Name,Email\nAnn,a@x\n\nBob\nCy,c@x\n").rows] == [
        False,
        True,
        False,
    ]
    assert [row.fault != "" for row in read_table(b"Name,Email\nAnn,a@x\n\nBob\n").rows] == [False, True]


def test_a_heading_that_stands_twice_is_never_lost() -> None:
    table = read_table(b"name,email,email,email\nAnn,a@x,b@x,c@x\n")

    assert table.headers == ("name", "email", "email (2)", "email (3)")
    assert table.duplicates == {"email", "email (2)", "email (3)"}
    assert next(table.rows).cells == ("Ann", "a@x", "b@x", "c@x")


@pytest.mark.parametrize(
    "name",
    [
        "Jürgen Müller",
        "Zoë Bélanger",
        "O’Neil",
        "Þýðing",
        "Søren Ærø",
        "ŠKODA Praha",
        "L’Été",
        "¿Qué?",
        "12½ m²",
        "“A”",
    ],
)
def test_western_names_in_windows_1252_are_read_with_a_notice(name: str) -> None:
    table = read_table(f"Name,Email\n{name},a@x\n".encode("cp1252"), source_name="a.csv")

    assert next(table.rows).cells[0] == name
    notice = "a.csv is not UTF-8; it was read as Windows-1252: have a look at names with accents"
    assert table.notices == (notice,)


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("cp1251", "Иван Петров|Ольга Смирнова"),
        ("koi8_r", "Иван Петров|Ольга"),
        ("cp866", "Иван Петров|Ольга"),
        ("cp1250", "Łukasz Wałęsa|Józef Żak|Božena Němcová"),
        ("iso8859_2", "Łukasz Wałęsa|Józef Żak"),
        ("cp1253", "Γιώργος|Μαρία Παππά"),
        ("cp1255", "דוד כהן"),
        ("cp1256", "محمد علي"),
        ("mac_roman", "José Núñez|Jürgen Müller|Zoë"),
        ("cp850", "José Núñez|Jürgen Müller"),
        ("shift_jis", "山田太郎|鈴木 花子"),
        ("euc_jp", "山田太郎|鈴木 花子"),
        ("gb18030", "李小龙|王芳"),
        ("big5", "陳大文|林美"),
        ("euc_kr", "김철수|이영희"),
    ],
)
def test_letters_of_another_code_page_are_refused_not_mangled(encoding: str, names: str) -> None:
    """Bar 19: no mojibake. The file can still be read by naming its encoding."""
    data = "".join(f"{name},a@x\n" for name in ["Name", *names.split("|")]).encode(encoding)
    with pytest.raises(BadFileError, match="neither UTF-8 nor Windows-1252") as caught:
        read_table(data)

    assert caught.value.problems[0].line == 2
    assert "CSV UTF-8" in caught.value.hint
    assert [row[0] for row in rows_of_named(data, encoding)] == names.split("|")


def rows_of_named(data: bytes, encoding: str) -> list[tuple[str, ...]]:
    return [row.cells for row in read_table(data, encoding=encoding).rows]


def test_a_file_that_says_utf_8_and_is_not_is_refused_with_the_line() -> None:
    with pytest.raises(BadFileError) as caught:
        read_table(codecs.BOM_UTF8 + b"Name,Email\nAnn,a@x\nJos\xe9,j@x\n")

    assert caught.value.sentence == "input, line 3: the file begins as UTF-8-SIG, but this line is not"


@pytest.mark.parametrize("encoding", ["klingon", "base64", "cp1252\0"])
def test_an_unknown_encoding_is_refused(encoding: str) -> None:
    with pytest.raises(FollowupError, match="there is no encoding called"):
        read_table(b"Name,Email\nAnn,a@x\n", encoding=encoding)


def test_a_named_encoding_that_does_not_fit_is_refused_with_the_line() -> None:
    with pytest.raises(BadFileError, match="line 2: this line is not utf-8"):
        read_table("Name,Email\nJosé,a@x\n".encode("cp1252"), encoding="utf-8")


def test_what_is_no_regular_file_is_refused_at_once(tmp_path: Path) -> None:
    """TRUST 2.1, 2.2: nothing waits for a pipe, nothing is read from a device."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    for path in (pipe, tmp_path, Path("/dev/zero")):
        with pytest.raises(BadFileError, match=r"is a folder, not a table|is not a regular file"):
            read_table(path)
    with pytest.raises(NotFoundError, match="there is no file"):
        read_table(tmp_path / "missing.csv")


def test_a_table_larger_than_memory_is_read_row_by_row(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("Name,Notes\n")
        file.writelines(f"Person {number},{'x' * 200}\n" for number in range(60_000))
    tracemalloc.start()
    try:
        count = sum(1 for _ in read_table(path).rows)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert count == 60_000
    assert path.stat().st_size > 12_000_000 > 2 * peak


def test_rows_can_be_read_again_from_the_top() -> None:
    table = read_table(b"Name,Email\nAnn,a@x\nBob,b@x\n")

    assert list(table.rows) == list(table.rows)
    assert [row.cells[0] for row in table.sample(1)] == ["Ann"]
