"""Tables that fit: columns take what they need, give way when the screen is narrow, and stack when it is very narrow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from followup.render.line import Line, Part, Role, Span, dim, span
from followup.render.measure import cut, pad, width
from followup.render.screen import Screen

GAP = 2
"""Cells between two columns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table.

    It takes the width of its widest cell, never more than `most`. It may shrink to `least` (None: it is never cut). Where
    even that is too wide, the column with the highest `drop` goes first; 0 stays always.
    """

    title: str
    least: int | None = None
    most: int = 60
    drop: int = 0
    right: bool = False


Row = Sequence[Part]


def fit(columns: Sequence[Column], rows: Sequence[Row], room: int) -> list[tuple[int, int]]:
    """The columns that fit into `room` cells, each as (index, width).

    Cells must be clean already. Columns without any text are left out.
    """
    natural = {
        index: min(column.most, max(width(column.title), *(width(span(row[index]).text) for row in rows)))
        for index, column in enumerate(columns)
        if any(span(row[index]).text for row in rows)
    }
    least = {index: min(cells, _least(columns[index], cells)) for index, cells in natural.items()}

    def total(widths: dict[int, int]) -> int:
        return sum(widths.values()) + GAP * max(len(widths) - 1, 0)

    while total(least) > room:
        droppable = [index for index in least if columns[index].drop]
        if not droppable:
            break
        worst = max(droppable, key=lambda index: (columns[index].drop, index))
        del natural[worst], least[worst]
    excess = total(natural) - room
    while excess > 0:
        shrinkable = [index for index, cells in natural.items() if cells > least[index]]
        if not shrinkable:
            break
        widest = max(shrinkable, key=lambda index: (natural[index] - least[index], natural[index]))
        natural[widest] -= 1
        excess -= 1
    return list(natural.items())


def _least(column: Column, natural: int) -> int:
    return natural if column.least is None else max(column.least, min(width(column.title), natural))


def heading(columns: Sequence[Column], kept: Sequence[tuple[int, int]], screen: Screen, *, indent: int) -> Line:
    """The titles of the columns that fit, dim."""
    return row_line([dim(column.title) for column in columns], columns, kept, screen, indent=indent)


def row_line(
    row: Row, columns: Sequence[Column], kept: Sequence[tuple[int, int]], screen: Screen, *, indent: int
) -> Line:
    """One row, each cell cut and filled to its column; nothing follows the last text."""
    spans: list[Span] = [Span(" " * indent)]
    gap = 0
    for index, cells in kept:
        cell = span(row[index])
        text = cut(cell.text, cells, screen.glyphs.ellipsis)
        filled = pad(text, cells, right=columns[index].right)
        before = len(filled) - len(filled.lstrip(" "))
        after = len(filled) - len(filled.rstrip(" "))
        if text.strip(" "):
            spans.append(Span(" " * (gap + before)))
            spans.append(Span(filled[before : len(filled) - after], cell.role))
            gap = after + GAP
        else:
            gap += cells + GAP
    return tuple(spans)


def table(
    columns: Sequence[Column], rows: Sequence[Row], screen: Screen, *, indent: int = 2, titles: bool = True
) -> list[Line]:
    """A whole table: aligned on a terminal, stacked where it is narrow, cells with tabs between them in a pipe."""
    if not rows:
        return []
    clean = [screen.spans(row) for row in rows]
    room = screen.room
    if room is None:
        return [_with_tabs(row) for row in clean]
    if screen.narrow:
        return [line for row in clean for line in stacked(columns, row, screen, indent=indent)]
    kept = fit(columns, clean, room - indent)
    lines = [row_line(row, columns, kept, screen, indent=indent) for row in clean]
    if titles and any(column.title for column in columns):
        lines.insert(0, heading(columns, kept, screen, indent=indent))
    return lines


def _with_tabs(row: Sequence[Span]) -> Line:
    return (Span("\t".join(cell.text for cell in row)),)


def stacked(columns: Sequence[Column], row: Sequence[Span], screen: Screen, *, indent: int) -> list[Line]:
    """One item as several lines: the first column stands out, the others follow as `title: value`."""
    role: Role = row[0].role or "strong"
    lines = screen.paragraph(Span(row[0].text, role), indent=indent, hang=indent + 2)
    for column, cell in zip(columns[1:], row[1:], strict=True):
        if not cell.text:
            continue
        label = [dim(f"{column.title}: ")] if column.title else []
        lines += screen.paragraph(*label, cell, indent=indent + 2, hang=indent + 4)
    return lines
