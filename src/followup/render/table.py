"""Tables that fit: columns take what they need, give way, and stack on a narrow screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from followup.render.line import Line, Part, Span, dim, span
from followup.render.measure import cut, width, wrap
from followup.render.screen import Screen

GAP = 2
"""Cells between two columns."""

_NARROWEST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table.

    It takes the width of its widest cell, never more than `most`. It may shrink to `least` (None: it is
    never cut). Where even that is too wide, the column with the highest `drop` goes first; 0 stays always.
    Text that is too wide is cut, or goes on below with `wrap`.
    """

    title: str
    least: int | None = None
    most: int = 60
    drop: int = 0
    right: bool = False
    wrap: bool = False
    label: bool = False


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
    _shrink(natural, least, total(natural) - room)
    _shrink(natural, dict.fromkeys(natural, _NARROWEST), total(natural) - room)
    return list(natural.items())


def _shrink(widths: dict[int, int], least: dict[int, int], excess: int) -> None:
    """Take `excess` cells away, always from the column with the most to give."""
    while excess > 0:
        widest = max(widths, key=lambda index: (widths[index] - least[index], widths[index]), default=None)
        if widest is None or widths[widest] <= least[widest]:
            return
        widths[widest] -= 1
        excess -= 1


def _least(column: Column, natural: int) -> int:
    return natural if column.least is None else max(column.least, min(width(column.title), natural))


def heading(columns: Sequence[Column], kept: Sequence[tuple[int, int]], *, indent: int) -> Line:
    """The titles of the columns that fit, dim."""
    titles = [dim(column.title) for column in columns]
    texts = [column.title for column in columns]
    for index, cells in kept:
        texts[index] = texts[index][:cells]
    return _line(titles, texts, columns, kept, indent)


def row_lines(
    row: Sequence[Span],
    columns: Sequence[Column],
    kept: Sequence[tuple[int, int]],
    screen: Screen,
    *,
    indent: int,
) -> list[Line]:
    """One row: each cell cut to its column, or wrapped inside it onto further lines."""
    pieces = {index: _pieces(row[index], columns[index], cells, screen) for index, cells in kept}
    height = max((len(texts) for texts in pieces.values()), default=0)
    return [
        _line(
            row,
            [_at(pieces.get(index, []), number) for index in range(len(columns))],
            columns,
            kept,
            indent,
        )
        for number in range(height)
    ]


def _pieces(cell: Span, column: Column, cells: int, screen: Screen) -> list[str]:
    if not column.wrap:
        return [cut(cell.text, cells, screen.glyphs.ellipsis)]
    lines = wrap([cell], cells)
    return ["".join(part.text for part in line) for line in lines]


def _at(texts: Sequence[str], number: int) -> str:
    return texts[number] if number < len(texts) else ""


def _line(
    row: Sequence[Span],
    texts: Sequence[str],
    columns: Sequence[Column],
    kept: Sequence[tuple[int, int]],
    indent: int,
) -> Line:
    """Texts in their columns with the roles of `row`; nothing follows the last text."""
    spans: list[Span] = [Span(" " * indent)]
    gap = 0
    for index, cells in kept:
        text = texts[index].strip(" ")
        slack = cells - width(text)
        before = slack if columns[index].right and text else 0
        if text:
            spans.append(Span(" " * (gap + before)))
            spans.append(Span(text, row[index].role))
            gap = GAP + slack - before
        else:
            gap += cells + GAP
    return tuple(spans)


def table(
    columns: Sequence[Column], rows: Sequence[Row], screen: Screen, *, indent: int = 2, titles: bool = True
) -> list[Line]:
    """A whole table: aligned on a terminal, stacked where it is narrow, with tabs in a pipe."""
    if not rows:
        return []
    clean = [screen.spans(row) for row in rows]
    room = screen.room
    if room is None:
        return [_with_tabs(row) for row in clean]
    if screen.narrow:
        return [line for row in clean for line in stacked(columns, row, screen, indent=indent)]
    kept = fit(columns, clean, room - indent)
    lines = [line for row in clean for line in row_lines(row, columns, kept, screen, indent=indent)]
    if titles and any(column.title for column in columns):
        lines.insert(0, heading(columns, kept, indent=indent))
    return lines


def sectioned(
    columns: Sequence[Column],
    sections: Sequence[tuple[str, Sequence[Row]]],
    screen: Screen,
    *,
    indent: int = 2,
) -> list[Line]:
    """A table in sections, each with a dim title; the columns line up through all of them."""
    room = screen.room
    if room is None or screen.narrow:
        lines: list[Line] = []
        for title, rows in sections:
            lines += [*screen.paragraph(dim(title)), *table(columns, rows, screen, indent=indent)]
        return lines
    clean = [(title, [screen.spans(row) for row in rows]) for title, rows in sections]
    kept = fit(columns, [row for _, rows in clean for row in rows], room - indent)
    lines = [heading(columns, kept, indent=indent)] if clean else []
    for title, rows in clean:
        lines += screen.paragraph(dim(title))
        lines += [line for row in rows for line in row_lines(row, columns, kept, screen, indent=indent)]
    return lines


def _with_tabs(row: Sequence[Span]) -> Line:
    return (Span("\t".join(cell.text for cell in row)),)


def stacked(columns: Sequence[Column], row: Sequence[Span], screen: Screen, *, indent: int) -> list[Line]:
    """One item as several lines: the first cell stands out, the others follow as short facts.

    A number stands before the second cell. A column with `label` says its title.
    """
    heads = 2 if columns[0].right and len(row) > 1 and row[1].text else 1
    head: list[Part] = []
    for cell in row[:heads]:
        head += [" "] if head else []
        head.append(Span(cell.text, cell.role or "strong"))
    rest = [
        [dim(f"{column.title.lower()} " if column.label else ""), cell]
        for column, cell in zip(columns[heads:], row[heads:], strict=True)
        if cell.text
    ]
    return [*screen.paragraph(*head, indent=indent, hang=indent + 2), *screen.facts(rest, indent=indent + 2)]
