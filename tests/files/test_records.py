"""Quotes and lines: a fault is told where it begins, and no row is ever swallowed by another."""

from __future__ import annotations

import contextlib
import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.errors import BadFileError
from followup.files import records, sources
from followup.files.tables import Row, read_table

PEOPLE = "Name,Email,Phone,Revenue\n" + "".join(f"P{i},p{i}@x.example,+49 {i},{i}\n" for i in range(15))
MORE = "".join(f"Q{i},q{i}@x.example,+49 {i},{i}\n" for i in range(900))


def refusal(text: str) -> BadFileError:
    with pytest.raises(BadFileError) as caught:
        list(read_table(text.encode()).rows)
    return caught.value


@pytest.mark.parametrize(
    ("rest", "message"),
    [
        (f'"Bob,b@x.example,,1\n{MORE}', "is never closed"),
        (f'Bob,"b@x.example,,1\n{MORE}', "is never closed"),
        (
            f'"Bob,b@x.example,,1\n{MORE}"Xu, Li",z@x.example,,1\n',
            "meets another one on line 918, and text follows that",
        ),
        (
            f'"Bob,b@x.example,,1\n{MORE}Pipe 5",z@x.example,,1\n{MORE}',
            "is closed only on line 918, with whole rows inside it",
        ),
        ('"Bob,b@x.example,,1\nPipe 5",z@x.example,,1\n', "is closed only on line 18, with whole rows inside it"),
        (f'Bob,b@x.example,,"1\n{MORE}Cy,c@x.example,,5"\n', "is closed only on line 918, with whole rows inside it"),
        (
            'Bob,"b@x.example,,1\nQ,q@x.example,,2\nPipe 5",z@x.example,,1\n',
            "is closed only on line 19, with whole rows",
        ),
        ('"a\nb",b@x.example,,"1\n"C",c@x.example,,2\n', "meets another one on line 19"),
    ],
)
def test_an_open_quote_is_told_where_it_was_opened_even_when_chance_closes_it(rest: str, message: str) -> None:
    """TRUST 2.2: the line of the opening quote, and no rows gone inside a cell."""
    error = refusal(PEOPLE + rest)

    opened = 18 if rest.startswith('"a') else 17
    assert error.sentence.startswith(f"input, line {opened}: the quote opened on this line ")
    assert message in error.sentence
    assert error.problems[0].line == opened


@pytest.mark.parametrize(
    "note",
    [
        "1 Sample Road\nSuite 4, B, C\nBoston, MA, 02134",
        "call first, then\nmail, ok, fine",
        "a,b\nc,d\ne,f",
        "see below:\n\n- one, two, three\n- four, five, six",
        'he said ""yes"", and\r\nthen, well, left',
    ],
)
@pytest.mark.parametrize("place", [0, 2, 3])
def test_a_note_of_several_lines_is_a_note(note: str, place: int) -> None:
    cells = ["Ann", "a@x.example", "+49", "5"]
    cells[place] = f'"{note}"'
    rows = list(read_table(f"{PEOPLE}{','.join(cells)}\nBob,b@x.example,+1,6\n".encode()).rows)

    assert rows[15].cells[place] == note.replace('""', '"')
    assert rows[16].cells[0] == "Bob"


WIDE = ["Name", "Company", "Email", "Phone", "Sale date", "Unsubscribed", "Notes"]
NOTE_LAST = [
    [f"P {i}", f"F {i}", f"p{i}@x.example", f"+44 20 {i:04}", f"2026-02-{i:02}", "no", ""] for i in range(1, 9)
]


def wide_table(delimiter: str, place: int, lines_: list[tuple[int, str]]) -> str:
    """The table with its last column moved to `place`, and some of its cells written as they are told by row."""
    rows = [WIDE, *NOTE_LAST]
    for at, written in lines_:
        rows[at] = [*rows[at][:-1], written]
    return "".join(delimiter.join([*row[:place], row[-1], *row[place:-1]]) + "\n" for row in rows)


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ('"called, left message', 'said ok"'),
        ('"called, left message', '"'),
        ('"called, left, message', 'said ok, fine"'),
        ('"', 'well, ok"'),
        ('"called', 'ok"'),
        ('"see 1, 2, 3, 4, 5, 6 and 7', 'x"'),
    ],
)
@pytest.mark.parametrize("rows", [1, 2, 5])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("place", [6, 4, 3])
def test_rows_in_a_note_whose_quote_is_closed_by_chance_are_never_swallowed(
    opening: str, closing: str, rows: int, delimiter: str, place: int
) -> None:
    """TRUST 2.2: nothing but a quote is wrong with the file, and no customer vanishes inside a note."""
    text = wide_table(
        delimiter, place, [(2, opening.replace(",", delimiter)), (2 + rows, closing.replace(",", delimiter))]
    )
    table = read_table(text.encode())
    found: list[Row] = []
    with contextlib.suppress(BadFileError):
        found.extend(table.rows)
    if len(found) < 8 and not any(row.fault for row in found):
        assert refusal(text).problems[0].line == 3


def test_the_swallowed_rows_are_told_by_the_line_of_the_opening_quote() -> None:
    text = wide_table(",", 6, [(6, '"called, left message'), (8, 'said ok"')])

    assert refusal(text).sentence == (
        "input, line 7: the quote opened on this line is closed only on line 9, with whole rows inside it"
    )


GENUINE_NOTES = {
    "address": "Firm Ltd\n1 Sample Road, Suite 4, Block B\nBoston, MA, 02134, USA\n",
    "many commas": "Unit 3, Floor 2, Block B, Park East, Town, Leeds, LS1\nUnit 4, 2, C, Park, Town, York, Y1",
    "signature": "Best regards,\nAnn Lee, Sales, Firm Ltd\nann@firm.example, +44 20 5550 0001\nwww.firm.example",
    "signature with bars": "Ann Lee | Sales | Firm | ann@firm.example | +44 20 5550 | 2026-02-03\nSent from my phone",
    "pasted e-mail": "From: Ann <ann@x.example>\nTo: Sam, Kim, Lou, Pat, Max, Eve, Jo\nDate: Mon, 2 Feb\n\nHi,\nyes.",
    "quoted reply": 'He wrote: ""yes, gladly, but later, in May"".\n> call, mail, or visit\n> thanks, Bob',
    "bullets": "- one; two; three\n- four; five; six\n- seven; eight; nine; ten; eleven; twelve",
    "bullets of seven": "* a; b; c; d; e; f; g\n* h; i; j; k; l; m; n\n* o; p; q; r; s; t; u",
    "call log": "2026-02-03, called, no answer\n2026-02-10, called, left message\n2026-02-11, mailed, ok",
    "prices": "1,000.00 for A\n2,000.00 for B\n3,000.00, less 10 %, for C",
    "people": "Ann Lee, ann@x.example\nBob Ito, bob@x.example\nCyd Fox, cyd@x.example",
    "tabs": "a\tb\tc\td\te\tf\tg\nh\ti\tj\tk\tl\tm\tn",
    "code": "if (a, b, c, d, e, f, g) {\n  x(a, b, c, d, e, f, g);\n}\n",
    "blank lines": "one,\n\n\ntwo,\n\nthree",
    "one long sentence": "well, yes, no, maybe, perhaps, later, soon,\nbut then, again, who, knows, what, it, is",
    "line feeds only": "\n\n\n",
    "carriage returns": "a, b\r\nc, d\re, f",
    "form": "Name: Ann, Lee\nPhone: +44 20 5550, ext 5\nMail: ann@x.example, bob@x.example",
}


@pytest.mark.parametrize("note", GENUINE_NOTES)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("place", [0, 1, 3, 6])
def test_what_people_write_into_notes_is_no_row(note: str, delimiter: str, place: int) -> None:
    text = wide_table(delimiter, place, [(3, f'"{GENUINE_NOTES[note]}"'), (5, f'"{GENUINE_NOTES[note]}"')])
    rows = list(read_table(text.encode()).rows)

    assert [row.fault for row in rows] == [""] * 8
    assert [row.cells[place] for row in rows if row.cells[place]] == [GENUINE_NOTES[note].replace('""', '"')] * 2


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_an_address_of_several_lines_is_one_cell_of_a_narrow_table(delimiter: str) -> None:
    for address in ("1 Sample Road, Suite 4\nBoston, MA", "A, B\nC, D", "A; B\nC; D\nE; F", "x\ny, z"):
        text = f'Name{delimiter}Address\nAnn{delimiter}"{address}"\nBob{delimiter}"{address}"\n'

        assert [row.cells for row in read_table(text.encode()).rows] == [("Ann", address), ("Bob", address)]


def test_a_whole_table_pasted_into_a_note_is_refused_rather_than_taken_for_one_cell() -> None:
    wide = "A,B,C,D,E,F\n1,2,3,4,5,6\n"

    assert "with whole rows inside it" in refusal(wide + '1,2,3,4,5,"6\n1,2,3,4,5,6\n1,2,3,4,5,6"\n').sentence


@pytest.mark.parametrize(
    ("text", "line", "column", "hint"),
    [
        ('Name,Notes\n"A"x,1\n', 2, 4, 'a quote inside a cell twice: ""'),
        ('Name,Notes\nAnn,"a"b\n', 2, 8, 'a quote inside a cell twice: ""'),
        ('Name,Notes\n"a \\"b\\" c",1\n', 2, 6, 'twice, "", not as \\"'),
        ('Name,Notes\r\n"A\r\nB";"x', 2, 1, "take it away"),
    ],
)
def test_the_place_of_a_quoting_fault_is_exact(text: str, line: int, column: int, hint: str) -> None:
    problem = refusal(text).problems[0]

    assert (problem.line, problem.column) == (line, column)
    assert hint in problem.hint


def test_a_stray_quote_in_a_plain_cell_is_data() -> None:
    rows = read_table(b'Name,Notes,Email\nAnn "Bee" Lee,6" pipe,a@x\nBob,5"x7",b@x\n').rows

    assert [row.cells for row in rows] == [('Ann "Bee" Lee', '6" pipe', "a@x"), ("Bob", '5"x7"', "b@x")]


def test_lines_are_counted_through_all_kinds_of_line_ends() -> None:
    text = 'Name,Notes\r\nAnn,"1\r2\n3\r\n4"\rBob,x\n\rCy,y\r\n\r\nDee,z\u2028\x85\x0b\x0c\nEd,w\n'

    assert [row.line for row in read_table(text.encode()).rows] == [2, 6, 8, 10, 11]


@pytest.mark.parametrize("size", [1, 7, 64, 1000])
def test_no_chunk_of_any_size_parts_a_line_end_or_a_letter(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "_CHUNK", size)
    text = "Name,Notes\r\n" + "".join(f'Zoë {i},"a\r\nb\rc 李"\r\n' for i in range(40))
    rows = list(read_table(text.encode()).rows)

    assert [row.line for row in rows] == [2 + 3 * i for i in range(40)]
    assert {row.cells[1] for row in rows} == {"a\r\nb\rc 李"}
    assert list(read_table(text.encode("utf-16")).rows) == rows


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_line_of_more_than_8_mib_is_refused_with_its_number(end: str) -> None:
    long = ",".join(["x" * 1000] * 9000)
    error = refusal(f"Name,Notes{end}Ann,1{end}{long}{end}Bob,2{end}")

    assert error.sentence == "input, line 3: the line is longer than 8 MiB"


def test_a_cell_of_1_mib_is_read_and_a_longer_one_is_not() -> None:
    most = "y" * records.MAX_CELL

    assert next(read_table(f"Name,Notes\nAnn,{most}\n".encode()).rows).cells[1] == most
    assert "longer than 1 MiB" in refusal(f'Name,Notes\nAnn,"a"\nBob,"{most}y"\n').sentence


cells = st.text(st.sampled_from('ab ,;"\n\r'), max_size=6)


@given(st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=6), st.sampled_from(["\n", "\r\n", "\r"]))
def test_lines_of_records_are_physical_lines(rows: list[list[str]], end: str) -> None:
    """Each row's line is where its text really stands, by a count that knows nothing of csv."""
    text, lines, line = "Name,Notes,Email" + end, [], 2
    for row in rows:
        written = io.StringIO(newline="")
        csv.writer(written, lineterminator=end, quoting=csv.QUOTE_ALL).writerow(row)
        if "".join(row).strip():
            lines.append(line)
        line += sources.line_ends(written.getvalue())
        text += written.getvalue()
    found: list[Row] = list(read_table(text.encode()).rows)

    assert [row.line for row in found] == lines
    assert [list(row.cells) for row in found] == [row for row in rows if "".join(row).strip()]
