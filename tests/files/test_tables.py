"""Tables as other tools write them: any encoding, delimiter and line ends, they read alike or say why not."""

from __future__ import annotations

import csv
import os
import tempfile
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.errors import BadFileError, NotFoundError
from followup.files.tables import MAX_CELL, Row, read_table

DELIMITERS = (",", ";", "\t", "|")
LINE_ENDS = ("\n", "\r\n", "\r")
QUOTING = (csv.QUOTE_MINIMAL, csv.QUOTE_ALL)
HEADINGS = ["Name", "E-Mail", "Notes"]


def rows_of(source: Path | bytes) -> list[tuple[str, ...]]:
    return [row.cells for row in read_table(source).rows]


def write(path: Path, rows: list[list[str]], encoding: str, delimiter: str, end: str, quoting: int) -> Path:
    # A stray CR or LF inside a cell must stay what it is, so nothing may translate line ends on the way.
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows([HEADINGS, *rows])
    return path


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
            "line 2: the quote opened on this line meets another one on line 4, and text follows that",
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
    [
        ("sep=;", ";"),
        ("SEP=,", ","),
        ("sep=\t", "\t"),
        ('"sep=|"', "|"),
        ("sep=;\r", ";"),
        ("\ufeffsep=;", ";"),
        ("sep=,,", ","),
    ],
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


REPORT = "Name,Email,Phone,Revenue\nAnn Lee,ann@x.example,+49 89 1,100\nCy Ito,,+1 555 1,300\n"


@pytest.mark.parametrize(
    "footer",
    [
        "Grand Total,,,400",
        "Grand Total (2 records),,,400",
        "Total,,,400.00",
        "Total",
        ",,Total:,400",
        "Summe,,,400",
        'Gesamt,,,"1.234,50 €"',
        'Total général,,,"1 234,50 €"',
        "Totales,,,400",
        "Subtotal,,,400",
        "Sous-total,,,400",
        "Count,2,,",
        "Records: 2,,,",
        "2 records,,,",
        "(2 rows affected)",
        "Anzahl Kunden: 2",
        '"Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved.",,,',
        "Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved.",
        "Confidential Information - Do Not Distribute,,,",
        "Generated by,Sam Seller,,",
        "Report generated on 2026-11-22",
        "End of report",
        "*** End of Report ***,,,",
        "Page 1 of 1,,,",
        "Sunday Nov 22 2026 05:00 AM GMT+00:00,,,",
    ],
)
@pytest.mark.parametrize("before", ["", "\n", ",,,\n"])
def test_sums_and_notes_at_the_end_are_left_out_with_their_line(before: str, footer: str) -> None:
    table = read_table(f"{REPORT}{before}{footer}\n".encode())

    assert [row.line for row in table.rows] == [2, 3]
    (notice,) = table.notices
    assert notice.startswith(f"line {5 if before else 4} was left out as the footer of a report: ")


@pytest.mark.parametrize(
    "row",
    [
        "Total Wine & More,,,",
        "Count Dracula,,,",
        "Total,total@x.example,,",
        "Total,,+33 1 47 44 45 46,",
        "Sum Ting,,,",
        "Created by Design Ltd,,,",
        "Summerfield,,,100",
        "Page & Sons,,,",
        "Confidential Films,,,",
        "3 Records Ltd,,,",
        "Grand Totally Ltd,,,3",
    ],
)
def test_a_customer_whose_name_is_like_a_sum_is_a_customer(row: str) -> None:
    table = read_table(f"{REPORT}{row}\n".encode())

    assert [one.line for one in table.rows] == [2, 3, 4]
    assert table.notices == ()


@pytest.mark.parametrize(
    "footer",
    [
        '"   Friday, Nov 20, 2026 09:12:00 AM GMT-8"',
        "   Friday, Nov 20, 2026 09:12:00 AM GMT-8",
        "Freitag, 20. November 2026",
        "20.11.2026 09:12 Uhr",
        "2026-11-20T09:12:00Z",
        '"Accrual Basis Friday, November 20, 2026 09:12 AM GMTZ"',
        "Exported on 20 November 2026",
        "Exported: 2026-11-20 09:12",
        "Report generated 11/20/2026",
        "This report was generated on 11/20/2026 by Sam",
        "Page 1 of 1",
        "Page 1",
        "Printed by Sam Seller",
        "Erstellt am 20.11.2026 um 09:12",
        "Stand: 20.11.2026",
        "Stand 20.11.2026",
        "Seite 1 von 1",
        "Exporté le 20/11/2026",
        "Imprimé par Sam",
        "Generado el 20/11/2026",
        "Página 1 de 1",
        "Gerado em 20/11/2026",
        "Stampato il 20/11/2026",
        "Afgedrukt op 20-11-2026",
        "Last updated: 2026-11-20",
        "Data as of Nov 20 2026",
        "As of 2026-11-20",
        "Date: 2026-11-20",
    ],
)
@pytest.mark.parametrize("before", ["", "\n", "\n\n", "Total,,,400\n\n"])
def test_a_stamp_below_the_last_row_is_left_out_with_its_line(before: str, footer: str) -> None:
    """A8: the last line of a report says when and by whom it was made."""
    table = read_table(f"{REPORT}{before}{footer}\n".encode())

    assert [(row.line, row.fault) for row in table.rows] == [(2, ""), (3, "")]
    (notice,) = table.notices
    assert str(3 + before.count("\n") + 1) in notice
    assert "left out as the footer of a report" in notice


@pytest.mark.parametrize("footer", ["Friday, Nov 20, 2026", "Friday, November 20, 2026 09:12:00 AM GMT-8"])
def test_a_stamp_that_its_commas_part_into_a_whole_row_is_a_stamp(footer: str) -> None:
    table = read_table(f"Name,Email,Phone\nAnn,a@x.example,\nFriday,man@crusoe.example,\n\n{footer}\n".encode())

    assert [row.line for row in table.rows] == [2, 3]


@pytest.mark.parametrize(
    "row",
    [
        "Printed by Hand Ltd,,,",
        "Friday,,,",
        "Page 3 Media,,,",
        "Stand 25 GmbH,,,",
        "Exporté Le Bon,,,",
        "Zum 12 Apostel,,,",
        "As of Yesterday,,,",
        "Monday,1,2,3",
        "Generated by AI Ltd,g@x.example,,",
    ],
)
def test_a_customer_whose_name_is_like_a_stamp_is_a_customer(row: str) -> None:
    for before in ("", "\n"):
        table = read_table(f"{REPORT}{before}{row}\n".encode())

        assert [(one.fault, one.cells) for one in table.rows][2:] == [("", tuple(row.split(",")))]
        assert table.notices == ()


@pytest.mark.parametrize(
    "row", ["Zum 12 Apostel", "Bea Two", "bea@two.example", "Exported by bea@two.example", "+49 89 1234", "Per 3"]
)
def test_a_lone_cell_at_the_end_that_may_be_somebody_stays_a_fault(row: str) -> None:
    rows = list(read_table(f"{REPORT}\n{row}\n".encode()).rows)

    assert [(one.line, one.fault != "") for one in rows] == [(2, False), (3, False), (5, True)]


BOARD = "Name,Company,Email,Phone\n"


@pytest.mark.parametrize(
    ("text", "rows", "titles", "again"),
    [
        (
            f"Contacts\n\nActive\n{BOARD}A,,a@x.example,\nB,,b@x.example,\n\nInactive\n{BOARD}C,,c@x.example,\n",
            [5, 6, 10],
            "line 8 was left out as the title of a group: 'Inactive'",
            "line 9 has",
        ),
        (
            f"{BOARD}A,,a@x.example,\nGroup 2\n{BOARD}B,,b@x.example,\nGroup 3\n{BOARD}",
            [2, 5],
            "lines 3 and 6 were left out as the title of a group: 'Group 2'",
            "lines 4 and 7 have",
        ),
        (
            f"{BOARD}A,,a@x.example,\n,,,\nInactive,,,\n{BOARD}B,,b@x.example,\n,,,\n",
            [2, 6],
            "line 4 was left out as the title of a group: 'Inactive'",
            "line 5 has",
        ),
        (
            f"{BOARD}A,,a@x.example,\n\nEmpty\n{BOARD}\nLost\n{BOARD}B,,b@x.example,\n",
            [2, 9],
            "lines 4 and 7 were left out as the title of a group: 'Empty'",
            "lines 5 and 8 have",
        ),
    ],
)
def test_titles_of_groups_above_headings_that_come_again_are_left_out(
    text: str, rows: list[int], titles: str, again: str
) -> None:
    """A board is exported group by group, each with its title and its headings."""
    table = read_table(text.encode())

    assert [(row.line, row.fault) for row in table.rows] == [(line, "") for line in rows]
    said = [notice for notice in table.notices if "before the headings" not in notice]
    assert said[1:] == [titles]
    assert said[0].startswith(again)


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        (f"{BOARD}A,,a@x.example,\nInactive\nB,,b@x.example,\n", [False, True, False]),
        (f"{BOARD}A,,a@x.example,\nInactive\n\n{BOARD}B,,b@x.example,\n", [False, True, False]),
        (f"{BOARD}A,,a@x.example,\nBob,,,\n{BOARD}B,,b@x.example,\n", [False, False, False]),
        (f"{BOARD}A,,a@x.example,\n\nbob@x.example\n{BOARD}B,,b@x.example,\n", [False, True, False]),
        (f"{BOARD}A,,a@x.example,\n+49 89 123456\n{BOARD}B,,b@x.example,\n", [False, True, False]),
        (f"{BOARD}A,,a@x.example,\nBob,Two\n{BOARD}B,,b@x.example,\n", [False, True, False]),
    ],
)
def test_a_row_that_is_no_title_of_a_group_is_never_left_out(text: str, faults: list[bool]) -> None:
    table = read_table(text.encode())

    assert [row.fault != "" for row in table.rows] == faults
    assert "title" not in "".join(table.notices)


@pytest.mark.parametrize("footer", ["Total,,,400", "2 records,,,", "End of report,,,"])
def test_a_footer_stands_at_the_end_and_nowhere_else(footer: str) -> None:
    table = read_table(f"{REPORT}{footer}\nDee Fox,dee@x.example,,1\n".encode())

    assert [row.line for row in table.rows] == [2, 3, 4, 5]
    assert table.notices == ()


def test_sums_of_groups_and_headings_in_the_middle_are_left_out_with_their_lines() -> None:
    """Exports put one behind the other."""
    table = read_table(f"{REPORT}Subtotal,,,400\n\ufeff{REPORT}Grand Total,,,800\n".encode())

    assert [row.line for row in table.rows] == [2, 3, 6, 7]
    assert table.notices == (
        "line 5 has the headings again and was left out",
        "lines 4 and 8 were left out as the footer of a report: 'Subtotal 400'",
    )


def test_figures_below_a_sum_belong_to_it() -> None:
    for word in ("Grand Total (2 records)", "Total"):
        table = read_table(f'{REPORT}"{word}",,,\n,,,\n,,,400\n'.encode())

        assert [row.line for row in table.rows] == [2, 3]
        assert table.notices == (f"lines 4 and 6 were left out as the footer of a report: '{word}'",)
    assert [row.line for row in read_table(f"{REPORT},,,400\n".encode()).rows] == [2, 3, 4]


def test_notices_about_the_end_of_a_file_do_not_pile_up() -> None:
    table = read_table(f"{REPORT}Total,,,400\n".encode())
    before = table.notices
    for _ in range(3):
        assert len(list(table.rows)) == 2

    assert before == ()
    assert table.notices == ("line 4 was left out as the footer of a report: 'Total 400'",)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Name,Revenue,Weight\n,(EUR),[kg]\nAnn,1,2\n", [3]),
        ("Name,Revenue,Weight\n,EUR,kg\nAnn,1,2\n", [3]),
        ("Name,Email,Signed\ntext,text,yyyy-mm-dd\nAnn,a@x.example,2026-01-02\n", [3]),
        ("Name,Email\n----,-----\nAnn,a@x.example\n\n(1 rows affected)\n", [3]),
        ("Name,Email,Tags\nText,,\nAnn,a@x.example,\n", [2, 3]),  # somebody may be called Text
    ],
)
def test_a_line_of_units_below_the_headings_is_left_out(text: str, rows: list[int]) -> None:
    table = read_table(text.encode())

    assert [row.line for row in table.rows] == rows
    assert any("line 2 was left out" in notice for notice in table.notices) == (rows == [3])


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "Contacts Report\nAs of today\nFiltered By:\n   Show: All\n\nFirst Name,Last Name,Email\nAnn,Lee,a@x\n",
            6,
        ),
        (
            "Kontonummer:;DE12 3456\nZeitraum:;01.01.2026 - 31.01.2026\n\nKunde;E-Mail;Telefon\nAnn;a@x.example;\n",
            4,
        ),
        ("My list,,,\n,,,\nName,Email,Phone,City\nAnn,a@x.example,+1,X\n", 3),
        ("A list\nFoo,Bar,Baz\n1,2,3\n4,5,6\n", 2),
    ],
)
def test_titles_and_notes_of_a_report_above_the_headings_are_left_out(text: str, line: int) -> None:
    table = read_table(text.encode())

    assert table.header_line == line
    assert table.notices == (f"what stands before the headings on line {line} was left out",)
    assert next(table.rows).line == line + 1


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ann@x.example,Ann\nbob@x.example,Bob\n", "ann@x.example"),
        ("Ann Lee,+49 89 123456,email\n", "+49 89 123456"),
        ("Ann;Lee;2026-03-04\n", "2026-03-04"),
    ],
)
def test_a_file_without_headings_is_refused(text: str, value: str) -> None:
    with pytest.raises(BadFileError) as caught:
        read_table(text.encode())

    assert caught.value.sentence == f"input, line 1: the headings are missing: {value!r} is a value"


def test_headings_and_no_rows_are_a_table_of_no_rows() -> None:
    table = read_table(b"Name,Email\n")

    assert list(table.rows) == []
    assert table.notices == ("there are headings on line 1 and no rows below them",)


def test_a_table_in_single_quotes_is_read_as_such() -> None:
    assert rows_of(b"'Name','Email'\n'O''Neil, Ann','a@x.example'\n") == [("O'Neil, Ann", "a@x.example")]
    with pytest.raises(BadFileError, match="line 2: text follows the closing quote"):
        rows_of(b"'Name','Email'\n'O'Neil','a@x.example'\n")
    assert rows_of(b"Name,Email\n'Ann',a@x.example\n") == [("'Ann'", "a@x.example")]


GOOD = [("Ann Lee", "ann@x.example", "+49 89 1"), ("Bob Ito", "bob@x.example", "+1 555 1")]
HEAD, BODY = "Name,Email,Phone\n", "Ann Lee,ann@x.example,+49 89 1\nBob Ito,bob@x.example,+1 555 1\n"


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}{BODY}\x1a",
        f"{HEAD}{BODY[:-1]}\x1a",
        f"{HEAD}{BODY}\x1a\x1a\x1a",
        f"{HEAD}{BODY}\x1a\r\n",
        f"{HEAD}{BODY}\f",
        f"\n\n,,\n   \n{HEAD}{BODY}",
        f"\ufeff{HEAD}\ufeff{HEAD}{BODY}",
        "\n\n".join((HEAD + BODY).splitlines()),
        (HEAD + BODY).replace("\n", "\r\n", 1).replace("1\n", "1\r", 1),
        '"Name","Email","Phone"\n' + BODY,
        '"Full\nName","E-mail\naddress",Phone\n' + BODY,
        (HEAD + BODY).replace(",", "|").replace("Name", " Name ").replace("\n", "\n--------+-------+----\n", 1),
        (HEAD + BODY).replace(",", ",,"),
    ],
)
def test_what_old_and_odd_tools_put_around_a_table_is_no_row(text: str) -> None:
    table = read_table(text.encode())

    assert [tuple(cell for cell in row.cells if cell) for row in table.rows] == GOOD
    assert all(not row.fault for row in table.rows)


@pytest.mark.parametrize(
    ("text", "notice"),
    [
        (
            '"Name;Email;Phone"\n"Ann Lee;ann@x.example;+49 89 1"\n"Bob Ito;bob@x.example;+1 555 1"\n',
            "every line stands in quotes as a whole: what is within them was read",
        ),
        (
            '"Name,Email,Phone"\n"Ann Lee,ann@x.example,+49 89 1"\n"Bob Ito,bob@x.example,""+1 555 1"""\n',
            "every line stands in quotes as a whole: what is within them was read",
        ),
        (
            'Name,Email,Phone\n"Ann Lee,ann@x.example,+49 89 1"\nBob Ito,bob@x.example,+1 555 1\n',
            "line 2 stood in quotes as a whole, and was read",
        ),
        (
            'Name,Email,Phone\n"Ann Lee,ann@x.example,""+49 89 1"""\n"Bob Ito,bob@x.example,+1 555 1"\n',
            "lines 2 and 3 stood in quotes as a whole, and were read",
        ),
    ],
)
def test_lines_in_quotes_as_a_whole_are_read_with_a_notice(text: str, notice: str) -> None:
    """A spreadsheet that took every line for one cell writes it so."""
    table = read_table(text.encode())

    assert [row.cells for row in table.rows] == GOOD
    assert table.notices == (notice,)


@pytest.mark.parametrize(
    "text", ['Name,Email\n"Lee,Ann"\n', 'Name,City,Notes\n"Lee, Ann, Dr"\n', 'Name,Email,Phone\n"a, b, c@x.example"\n']
)
def test_one_cell_with_commas_in_it_is_not_taken_for_a_row(text: str) -> None:
    assert [row.fault != "" for row in read_table(text.encode()).rows] == [True]


@pytest.mark.parametrize("heading", ["Email", "E-Mail-Adresse", "Name", "Firma", "email address"])
def test_a_table_of_one_column_is_a_table(heading: str) -> None:
    table = read_table(f"{heading}\nann@x.example\n\nbob@x.example\n".encode())

    assert table.headers == (heading,)
    assert [row.cells for row in table.rows] == [("ann@x.example",), ("bob@x.example",)]


def test_the_one_column_of_a_table_may_have_commas_or_semicolons_in_it() -> None:
    assert rows_of(b"Firma\nAcme GmbH\nBeta & Co, KG\n") == [("Acme GmbH",), ("Beta & Co, KG",)]
    assert rows_of(b"Name\nLee, Ann; Dr\nIto, Bob\n") == [("Lee, Ann; Dr",), ("Ito, Bob",)]


def test_a_list_of_addresses_without_a_heading_is_told_so() -> None:
    with pytest.raises(BadFileError, match=r"the headings are missing: 'ann@x\.example' is a value"):
        read_table(b"ann@x.example\nbob@x.example\n")
    with pytest.raises(BadFileError, match="only one column was found, 'Subscribers'") as caught:
        read_table(b"Subscribers\nann@x.example\nbob@x.example\n")
    assert caught.value.hint == "call the column Email"


def test_two_thousand_columns_are_read() -> None:
    names = ["Name", "Email", *(f"field {number}" for number in range(1998))]
    table = read_table((",".join(names) + "\n" + ",".join(["x"] * 2000) + "\n").encode())

    assert len(table.headers) == 2000
    assert [len(row.cells) for row in table.rows] == [2000]


@pytest.mark.parametrize(
    "row", ["Company,,Phone", "Total,Rome,", "Ann,Company,City", "Phone,ann@x.example,1", "Name,Lee,", "City,1,2"]
)
def test_a_row_below_a_blank_line_is_a_row_even_with_words_of_headings_in_it(row: str) -> None:
    text = f"Name,Email,Status\nAnn,a@x.example,\n\n{row}\nBob,b@x.example,\n"
    if row == "Company,,Phone":
        with pytest.raises(BadFileError, match="line 4: another table begins on this line"):
            rows_of(text.encode())
    else:
        assert tuple(row.split(",")) in rows_of(text.encode())


def test_a_table_about_places_and_names_does_not_lie_on_its_side() -> None:
    assert len(rows_of(b"Name,Email\nPhone,p@x.example\nCity,c@x.example\n")) == 2


def test_a_heading_that_stands_twice_is_never_lost() -> None:
    table = read_table(b"name,email,email,email\nAnn,a@x,b@x,c@x\n")

    assert table.headers == ("name", "email", "email (2)", "email (3)")
    assert table.duplicates == {"email", "email (2)", "email (3)"}
    assert next(table.rows).cells == ("Ann", "a@x", "b@x", "c@x")


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
