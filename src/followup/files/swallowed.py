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

_KINDS = (
    re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+"),
    re.compile(r"(?:https?://|www\.)\S+"),
    re.compile(r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}(?:[T ].*)?"),
    re.compile(r"[+(]?[0-9][0-9 ()/.,+-]*"),
)
_LINE_END = re.compile(r"\r\n|\r|\n")
_MANY = 6  # so many cells in a line of a note are no chance, whatever they hold


class RowShapes:
    """What the columns of a table hold where that is plain to see, learnt from rows on lines of their own."""

    def __init__(self, rows: Sequence[Sequence[str]], width: int) -> None:
        self.width = width
        whole = [row for row in rows if len(row) == width]
        self._kinds = {}
        for column in range(width):
            filled = [text for row in whole if (text := row[column].strip())]
            kind = next((kind for kind in _KINDS if filled and all(map(kind.fullmatch, filled))), None)
            if kind is not None:
                self._kinds[column] = kind

    def hiding_cell(self, cells: Sequence[str], form: Form) -> int:
        """Give the place of the cell that holds other rows, in a record that goes over several lines, or -1."""
        fits = len(cells) == self.width
        for column, cell in enumerate(cells):
            if "\n" not in cell and "\r" not in cell:
                continue
            # So many delimiters it takes at least; nearly every note of several lines has fewer.
            whole = line_ends(cell) - (not fits)
            if whole <= 0 or cell.count(form.delimiter) < whole * (self.width - 1):
                continue
            if self._are_rows(list(cells[:column]), _LINE_END.split(cell), list(cells[column + 1 :]), form):
                return column
        return -1

    def _are_rows(self, before: list[str], parts: list[str], after: list[str], form: Form) -> bool:
        inner = [part for part in parts[1:-1] if part.strip()]
        rows = [_parted(part, form) for part in inner]
        if len(before) + 1 + len(after) == self.width:
            # Nothing else is wrong with the record: then all its lines have to be rows, with the first and the last.
            rows += [before + _parted(parts[0], form), _parted(parts[-1], form) + after]
        return bool(rows) and all(map(self._is_row, rows))

    def _is_row(self, cells: Sequence[str]) -> bool:
        if len(cells) != self.width:
            return False
        told = [(kind, text) for column, kind in self._kinds.items() if (text := cells[column].strip())]
        return all(kind.fullmatch(text) for kind, text in told) if told else self.width >= _MANY


def _parted(line: str, form: Form) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=form.delimiter, quotechar=form.quote), [""])
    except csv.Error:
        return []
