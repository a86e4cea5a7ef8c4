"""Every way to write a table gives the same rows or a refusal that names the cause; dates are right or refused.

Bars 19 and 25 of the trust tests. `make trust` runs them with more rows and more columns than `make test`.
"""

from __future__ import annotations

import csv
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from random import Random

import pytest
from hypothesis import settings

from followup.errors import BadFileError
from followup.files.cell_dates import DateColumn, read_date
from followup.files.cells import CellError
from followup.files.tables import read_table

pytestmark = pytest.mark.trust

FULL = settings.default is not None and settings.default.max_examples >= 1000
ROWS = 2000 if FULL else 40
COLUMNS = 5000 if FULL else 200

# Encoding to write in -> what it is read as, and whether there has to be a notice.
ENCODINGS = {
    "utf-8": ("utf-8", False),
    "utf-8-sig": ("utf-8-sig", False),
    "utf-16": ("utf-16", False),
    "utf-16-le": ("utf-16-le", False),  # without a byte order mark
    "utf-16-be": ("utf-16-be", False),
    "utf-32": ("utf-32", False),
    "utf-32-le": ("utf-32-le", False),
    "cp1252": ("cp1252", True),
}
NAMED_ONLY = ("cp1250", "mac_roman", "cp850", "cp437")  # read when the user names them, refused when not
DELIMITERS = (",", ";", "\t", "|")
LINE_ENDS = ("\n", "\r\n", "\r")
QUOTING = (csv.QUOTE_MINIMAL, csv.QUOTE_ALL)
FIRST_LINES = ("", "sep=")
HEADINGS = ["Name", "E-Mail", "Phone", "Notes"]
PEOPLE = [
    ["Jürgen Müller", "jm@x.example", "+49 89 1", "a, b; c | d\te"],
    ["Zoë García", "zoe@x.example", "", 'said "yes"\ntwice'],
    ["José Núñez", "", "0034 1", ' 6" pipe '],
    ["", "nobody@x.example", "", "'quoted'\r\n\r\nlines"],
    ["Ann", "ann@x.example", "", "=1+1"],
]


def people() -> list[list[str]]:
    """Rows enough for some chunks of the file."""
    return [[*PEOPLE[number % len(PEOPLE)][:3], PEOPLE[number % len(PEOPLE)][3]] for number in range(ROWS)]


def write(path: Path, encoding: str, delimiter: str, end: str, quoting: int, first: str = "") -> Path:
    # A line end inside a cell must stay what it is, so nothing may translate line ends on the way.
    with path.open("w", encoding=encoding, newline="") as file:
        if first:
            file.write(f"{first}{delimiter}{end}")
        csv.writer(file, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows([HEADINGS, *people()])
    return path


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("delimiter", DELIMITERS)
def test_every_way_to_write_a_table_reads_the_same(tmp_path: Path, encoding: str, delimiter: str) -> None:
    """Bar 19: 8 encodings x 4 delimiters x 3 line ends x 2 ways of quoting x with and without `sep=`: 384 files."""
    read_as, notice = ENCODINGS[encoding]
    for end, quoting, first in product(LINE_ENDS, QUOTING, FIRST_LINES):
        # Python's writer leaves a lone CR or LF bare where lines end in the other; a careful tool quotes it.
        careful = csv.QUOTE_ALL if end != "\r\n" else quoting
        table = read_table(write(tmp_path / "t.csv", encoding, delimiter, end, careful, first))

        assert table.headers == tuple(HEADINGS)
        assert [list(row.cells) for row in table.rows] == people()
        assert (table.dialect.encoding, table.dialect.delimiter) == (read_as, delimiter)
        assert bool(table.notices) == notice


@pytest.mark.parametrize("encoding", NAMED_ONLY)
@pytest.mark.parametrize("delimiter", DELIMITERS)
def test_other_code_pages_are_refused_by_name_and_read_when_named(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    """Bar 19: no mojibake. Where every letter is the same in both pages, Windows-1252 is right as well."""
    table = {ord(a): b for a, b in zip("ëíñ", "ęłń", strict=True)} if encoding == "cp1250" else {}
    path = tmp_path / "t.csv"
    for end, quoting in product(LINE_ENDS, QUOTING):
        careful = csv.QUOTE_ALL if end != "\r\n" else quoting
        text = write(path, "utf-8", delimiter, end, careful).read_bytes().decode().translate(table)
        path.write_bytes(text.encode(encoding))

        with pytest.raises(BadFileError, match="neither UTF-8 nor Windows-1252") as caught:
            read_table(path)
        assert caught.value.problems[0].line == 2
        rows = [list(row.cells) for row in read_table(path, encoding=encoding).rows]
        assert rows == [[cell.translate(table) for cell in row] for row in people()]


@pytest.mark.parametrize("delimiter", "^~:#")
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_no_table_becomes_a_single_column(tmp_path: Path, encoding: str, delimiter: str) -> None:
    """Bar 19: 0 silent single columns."""
    for end, quoting in product(LINE_ENDS, QUOTING):
        with pytest.raises(BadFileError, match=r"only one column was found|the cells are parted by '[\^~:#]'"):
            read_table(write(tmp_path / "t.csv", encoding, delimiter, end, quoting))


# ------------------------------------------------------------------------------------------------ bar 25

SHAPES = {
    "dmy": ("{d:02}/{m:02}/{y}", "{d}.{m}.{y}", "{d:02}-{m:02}-{y} 02:30", "{d}/{m}/{y}, 14:05"),
    "mdy": ("{m:02}/{d:02}/{y}", "{m}/{d}/{y} 2:30 PM", "{m:02}-{d:02}-{y}", "{m}.{d}.{y}"),
}
SURE = ("{y}-{m:02}-{d:02}", "{y}/{m}/{d}", "{y}-{m:02}-{d:02}T02:30:00Z", "{d} Mar {y}", "0000-00-00", "n/a", "")


def column(chance: Random, order: str) -> list[tuple[str, date | None]]:
    """A column of dates in one order, some of them written so that the order does not matter."""
    shape = chance.choice(SHAPES[order])
    most = chance.choice((12, 12, 31))  # two thirds of the columns hold no day above 12
    cells: list[tuple[str, date | None]] = []
    for _ in range(chance.randint(1, 30)):
        day = date(2020, 1, 1) + timedelta(days=chance.randrange(3000))
        day = day.replace(day=chance.randint(1, min(most, 28)))
        pattern = chance.choice(SURE) if chance.random() < 0.2 else shape
        if "Mar" in pattern:
            day = day.replace(month=3)
        text = pattern.format(d=day.day, m=day.month, y=day.year)
        cells.append((text, day if pattern not in ("0000-00-00", "n/a", "") else None))
    return cells


def test_columns_of_dates_are_right_or_refused() -> None:
    """Bar 25: 100 % of the undecidable columns refused, 100 % of the decidable right, ISO never swapped."""
    chance = Random(25)
    seen = {"right": 0, "refused": 0}
    for number in range(COLUMNS):
        order = ("dmy", "mdy")[number % 2]
        cells = column(chance, order)
        found = DateColumn()
        for line, (text, _) in enumerate(cells, start=2):
            found.look(text, line)
        loose = [day for text, day in cells if day and not text.startswith(str(day.year)) and "Mar" not in text]
        if any(day.day > 12 for day in loose) or all(day.day == day.month for day in loose):
            told = found.order()
            assert [read_date(text, told) for text, day in cells if day] == [day for _, day in cells if day]
            seen["right"] += 1
        else:
            with pytest.raises(CellError, match="may be"):
                found.order()
            seen["refused"] += 1
            found.given = order
            assert [read_date(text, found.order()) for text, day in cells if day] == [day for _, day in cells if day]

    assert min(seen.values()) > COLUMNS / 5
