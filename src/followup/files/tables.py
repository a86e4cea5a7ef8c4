"""Tables as any tool exports them: text with positions, nothing guessed silently.

The kind of file, its encoding, its layout and its headings are settled when a table is opened; rows are then read one
at a time, so a file may be larger than memory. What is left out on the way is said with its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path

from followup.files.cells import short
from followup.files.csv_out import GUARD_COLUMN, unguard
from followup.files.encodings import Encoding, find_encoding, given_encoding
from followup.files.file_kinds import refuse_other_kinds
from followup.files.header_words import is_known_heading
from followup.files.json_tables import is_json, read_json
from followup.files.layouts import DELIMITERS, Layout, find_layout, headings
from followup.files.records import MAX_CELL, records, unwrapped
from followup.files.report_rows import (
    ANYWHERE,
    AT_THE_END,
    FIGURES,
    NO_FOOTER,
    NOTE,
    SUM_LETTERS,
    footer_kind,
    is_lone_note,
    lines_in_words,
    may_be_sum,
)
from followup.files.sources import MAX_LINE, Source, line_ends
from followup.files.swallowed import RowShapes
from followup.files.table_values import Dialect, Row, Table, delimiter_name

__all__ = ["DELIMITERS", "MAX_CELL", "MAX_LINE", "Dialect", "Row", "Table", "delimiter_name", "read_table"]

MAX_FOOTER = 30  # rows at the end of a table
_BLANK = frozenset(
    ("", " ", "\t", "\r", "\n", "\f", "\v", "\ufeff", "\u00a0")
)  # signs of a row that needs a closer look


def read_table(source: Path | bytes, *, source_name: str = "", encoding: str = "") -> Table:
    """Open a table with headings: comma, semicolon, tab or bar between the cells, or JSON objects with keys.

    `source` is the path of a regular file, or its bytes; `source_name` is what messages call it. `encoding` overrides
    the detection. Raises NotFoundError, or BadFileError with the line, for a file that cannot be read as a whole; the
    shape of the rows is looked at only when they are read.
    """
    file = Source(source, source_name or (source.name if isinstance(source, Path) else "input"))
    refuse_other_kinds(file)
    found = given_encoding(file, encoding) if encoding else find_encoding(file)
    if is_json(file, found.name):
        return read_json(file, found)
    return _read_csv(file, found)


def _read_csv(file: Source, found: Encoding) -> Table:
    layout = find_layout(file, found.name)
    names, duplicates = headings(layout.cells)
    guarded = GUARD_COLUMN in names
    return Table(
        source=file.name,
        headers=tuple(unguard(name) for name in names if name != GUARD_COLUMN) if guarded else names,
        dialect=Dialect(encoding=found.name, delimiter=layout.form.delimiter),
        duplicates=duplicates,
        header_line=layout.line,
        _opening=(*found.notices, *layout.notices),
        _rows=partial(_rows, file, found.name, layout, names),
    )


def _rows(file: Source, encoding: str, layout: Layout, names: tuple[str, ...], closing: list[str]) -> Iterator[Row]:
    """Give the rows below the headings, and at the end say in `closing` what was left out."""
    width, first_heading = len(names), layout.cells[0]
    most_empty = width - 3  # a row with an address or more than two cells filled is no footer, unless they are sums
    sieve = _Sieve(file, layout, width)
    shapes: RowShapes | None = None
    guard = names.index(GUARD_COLUMN) if GUARD_COLUMN in names else -1
    count = 0
    for first, last, cells in islice(records(file, encoding, layout.form), layout.skip_records, None):
        if first != last:
            shapes = shapes or RowShapes(layout.sample, width)
            if (column := shapes.hiding_cell(cells, layout.form)) >= 0:
                file.refuse(
                    f"the quote opened on this line is closed only on line {last}, with whole rows inside it",
                    line=first + sum(map(line_ends, cells[:column])),
                    hint="close the quote on its own line, or take it away",
                )
        if (
            len(cells) == width
            and (cells.count("") <= most_empty or "@" in "".join(cells))
            and (first_cell := cells[0]) != first_heading
            and first_cell[:1] not in _BLANK
            and (first_cell[0] not in SUM_LETTERS or not may_be_sum(first_cell))
            and not (sieve.held or sieve.after_blank or sieve.below_sum)
            and guard < 0
        ):
            count += 1
            yield Row(first, tuple(cells))
            continue
        for row in sieve.sift(first, cells):
            count += 1
            yield _unguarded(row, guard) if guard >= 0 else row
    for row in sieve.rest():
        count += 1
        yield _unguarded(row, guard) if guard >= 0 else row
    closing[:] = sieve.notices()
    if not count:
        closing.append(f"there are headings on line {layout.line} and no rows below them")


_WAS = re.compile(r" was (?=left|read)")


class _Sieve:
    """Parts the rows of a table from the lines of a report: totals, notes below the last row, headings again."""

    def __init__(self, file: Source, layout: Layout, width: int) -> None:
        self.file = file
        self.form = layout.form
        self.headings = [cell.strip() for cell in layout.cells]
        self.width = width
        self.held: list[Row] = []  # what may be the footer, until the next row or the end of the file tells
        self.kinds: list[int] = []
        self.after_blank = False
        self.below_sum = False
        self.again: list[int] = []
        self.title = 0  # the line of what may be the title of a group, while it is the last row held
        self.titles: list[int] = []
        self.first_title = ""
        self.footers: list[int] = []
        self.first_footer = ""
        self.wrapped: list[int] = []

    def sift(self, line: int, cells: list[str]) -> tuple[Row, ...]:
        """Give the rows that a record brings: itself, some that were held back, or none yet.

        Raises BadFileError where another table begins.
        """
        if len(cells) == 1 < self.width and (inner := self._in_quotes(cells)):
            self.wrapped.append(line)
            cells = inner
        row = Row(line, tuple(cells)) if len(cells) == self.width else _fit(line, cells, self.width)
        if not "".join(cells).strip() or cells == ["\x1a"]:  # the last sign of old DOS files
            self.after_blank = True
            return ()
        if self._are_headings(cells):
            self.again.append(line)
            self._leave_out_title()
            return tuple(self.rest())
        if self.after_blank and _are_other_headings(cells):
            hint = "import each table as a file of its own"
            self.file.refuse("another table begins on this line", line=line, hint=hint)
        kind = footer_kind(cells)
        if kind == NO_FOOTER and row.fault and is_lone_note(cells):
            kind = NOTE
        is_title = _may_be_title(row, after_blank=self.after_blank)
        if kind == ANYWHERE or (kind == FIGURES and self.below_sum):
            self.below_sum = True
            self._leave_out(row)
            return ()
        self.below_sum = False
        if (is_title or self._may_be_footer(row, len(cells), kind)) and len(self.held) < MAX_FOOTER:
            self.held.append(row)
            self.kinds.append(kind)
            self.title = line if is_title else 0
            self.after_blank = False
            return ()
        kept = (*self.held, row)
        self.held, self.kinds, self.after_blank = [], [], False
        return kept

    def rest(self) -> list[Row]:
        """The rows held back that are no footer, once nothing follows them."""
        said = [place for place, kind in enumerate(self.kinds) if kind not in (NO_FOOTER, FIGURES)]
        start = min(said, default=len(self.held))
        while said and start and self.held[start - 1].fault:
            start -= 1
        for row in self.held[start:]:
            self._leave_out(row)
        kept = self.held[:start]
        self.held, self.kinds, self.after_blank = [], [], False
        return kept

    def notices(self) -> list[str]:
        """What was left out, with its lines."""
        said = []
        if self.again:
            said.append(f"{lines_in_words(self.again)} {_has(self.again)} the headings again and was left out")
        if self.wrapped:
            said.append(f"{lines_in_words(self.wrapped)} stood in quotes as a whole, and was read")
        if self.titles:
            shown = short(self.first_title)
            said.append(f"{lines_in_words(self.titles)} was left out as the title of a group: {shown}")
        if self.footers:
            shown = short(self.first_footer)
            said.append(f"{lines_in_words(sorted(self.footers))} was left out as the footer of a report: {shown}")
        return [_WAS.sub(" were ", text, count=1) if text.startswith("lines") else text for text in said]

    def _in_quotes(self, cells: list[str]) -> list[str]:
        """The cells of a line that is in quotes as a whole, as some tools write the lines that have quotes in them."""
        inner = unwrapped(cells, self.form)
        if len(inner) != self.width or any(cell.startswith(" ") for cell in inner):
            return []
        return inner if self.width > 3 or any("@" in cell for cell in inner) else []

    def _are_headings(self, cells: list[str]) -> bool:
        first = cells[0].strip().lstrip("\ufeff")
        if first != self.headings[0].lstrip("\ufeff"):
            return len(cells) == 1 and first.casefold() in ("sep=,", "sep=;", "sep=\t", "sep=|", "sep=")
        return [cell.strip() for cell in cells[1:]] == self.headings[1:]

    def _may_be_footer(self, row: Row, count: int, kind: int) -> bool:
        if kind == NOTE or (kind == AT_THE_END and self.width > 1):
            return True
        if kind == FIGURES:
            return AT_THE_END in self.kinds
        if count == 1 < self.width and row.fault:
            return self.after_blank or bool(self.held)
        # Below a note of the report only such notes stand; below a sum there may be another customer.
        return (
            NOTE in self.kinds and sum(1 for cell in row.cells if cell.strip()) == 1 and "@" not in "".join(row.cells)
        )

    def _leave_out_title(self) -> None:
        """Drop the row directly above headings that come again when it is the title of what follows."""
        if self.held and not self.after_blank and self.held[-1].line == self.title:
            self.titles.append(self.title)
            title = "".join(self.held.pop().cells).strip()
            self.kinds.pop()
            self.first_title = self.first_title or title

    def _leave_out(self, row: Row) -> None:
        self.footers.append(row.line)
        self.first_footer = self.first_footer or " ".join(cell for cell in row.cells if cell.strip())


def _may_be_title(row: Row, *, after_blank: bool) -> bool:
    """True for one filled cell, on a line of its own or below a blank one, that is nobody's address or phone."""
    text = "".join(row.cells).strip()
    short_row = len(row.cells) == 1 and bool(row.fault)
    return (
        (short_row or (after_blank and sum(1 for cell in row.cells if cell.strip()) == 1))
        and "@" not in text
        and sum(map(str.isdigit, text)) < 6
    )


def _are_other_headings(cells: list[str]) -> bool:
    """True for a line of headings: the first of its cells is a known one, and most of the others are."""
    filled = [cell for cell in cells if cell.strip()]
    if len(filled) < 2 or not is_known_heading(filled[0]):
        return False
    known = sum(map(is_known_heading, filled))
    return known > 1 and known * 2 > len(filled) and not any("@" in cell or cell[0].isdigit() for cell in filled)


def _has(lines: list[int]) -> str:
    return "has" if len(lines) == 1 else "have"


def _fit(line: int, cells: list[str], width: int) -> Row:
    """A row of another length than the headings: empty cells too many are no loss, anything else is a fault."""
    if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
        return Row(line, tuple(cells[:width]))
    count = len(cells)
    plural = "cell" if count == 1 else "cells"
    return Row(line, tuple(cells), f"this row has {count} {plural}, the headings have {width}")


def _unguarded(row: Row, guard: int) -> Row:
    """A row without the mark, its cells as they were; in a row of another length the mark is only sure in front."""
    if row.fault and (guard > 1 or len(row.cells) <= guard):
        return row
    kept = row.cells[:guard] + row.cells[guard + 1 :]
    return Row(row.line, tuple(unguard(cell) for cell in kept) if row.cells[guard].strip() else kept, row.fault)
