"""A quote that is opened by mistake, and closed by chance in a later row, hides the rows between inside one cell.

The csv module sees nothing wrong. It shows in the lines of that cell: each of them parts into as many cells as the
table has columns, with addresses, numbers and dates where the other rows have theirs.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence

from followup.files.records import Form
from followup.files.sources import line_ends

_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_KINDS = (
    _ADDRESS,
    re.compile(r"(?:https?://|www\.)\S+"),
    re.compile(r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}(?:[T ].*)?"),
    re.compile(r"[+(]?[0-9][0-9 ()/.,+-]*"),
)
_LINE_END = re.compile(r"\r\n|\r|\n")
_MOST = 0.8  # of the cells of a column, which may have a wrong one in it
_MANY = 6  # so many cells in a line of a note are no chance, whatever they hold


class RowShapes:
    """What the columns of a table hold where that is plain to see, learnt from rows on lines of their own."""

    def __init__(self, rows: Sequence[Sequence[str]], width: int) -> None:
        self.width = width
        whole = [row for row in rows if len(row) == width]
        self._kinds = {}
        for column in range(width):
            filled = [text for row in whole if (text := row[column].strip())]
            least = _MOST * len(filled)
            kind = next((kind for kind in _KINDS if sum(map(bool, map(kind.fullmatch, filled))) >= least), None)
            if filled and kind is not None:
                self._kinds[column] = kind

    def hiding_cell(self, cells: Sequence[str], form: Form) -> int:
        """Give the place of the cell that holds other rows, in a record that goes over several lines, or -1."""
        fits = len(cells) == self.width
        for column, cell in enumerate(cells):
            if "\n" not in cell and "\r" not in cell:
                continue
            # So many delimiters it takes at least; nearly every note of several lines has fewer.
            least = (line_ends(cell) - 1) * (self.width - 1) + (column if fits else 0)
            if cell.count(form.delimiter) < max(least, 1):
                continue
            if self._are_rows(list(cells[:column]), _LINE_END.split(cell), list(cells[column + 1 :]), form):
                return column
        return -1

    def _are_rows(self, before: list[str], parts: list[str], after: list[str], form: Form) -> bool:
        inner = [_parted(part, form) for part in parts[1:-1] if part.strip()]
        if not all(map(self._is_row, inner)):
            return False
        if len(before) + 1 + len(after) != self.width:
            return bool(inner)
        # Nothing else is wrong with the record: then all its lines have to be rows, with the first and the last.
        last = _parted(parts[-1], form)
        if self._is_row(before + _parted(parts[0], form)) and self._is_row(last + after):
            return True
        # A cell that has a delimiter itself, and so was meant to be quoted, makes the first and the last line longer
        # than a row. Then an address or more has to stand in its column, in the lines within the quotes.
        first_cells = last[: len(before) + 1]
        return (
            len(last) > len(before)
            and self._fits(first_cells)
            and (any(map(self._tells, inner)) or self._tells(first_cells))
        )

    def _is_row(self, cells: Sequence[str]) -> bool:
        if len(cells) != self.width:
            return False
        return self._fits(cells) if any(cells[column].strip() for column in self._kinds) else self.width >= _MANY

    def _fits(self, cells: Sequence[str]) -> bool:
        good, bad, _ = self._look(cells)
        return good > bad or not bad

    def _tells(self, cells: Sequence[str]) -> bool:
        good, _, address = self._look(cells)
        return address or good > 1

    def _look(self, cells: Sequence[str]) -> tuple[int, int, bool]:
        """How many cells are of the kind of their column, how many are not, and whether an address is among them."""
        good = bad = 0
        address = False
        for column, kind in self._kinds.items():
            if column < len(cells) and (text := cells[column].strip()):
                if kind.fullmatch(text):
                    good += 1
                    address = address or kind is _ADDRESS
                else:
                    bad += 1
        return good, bad, address


def _parted(line: str, form: Form) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=form.delimiter, quotechar=form.quote), [""])
    except csv.Error:
        return []
