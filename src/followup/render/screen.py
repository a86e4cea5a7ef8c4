"""Screen: where output goes and what that place can show. `cli` makes it from facts, never looked up here."""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TextIO

from followup.core.visible import visible
from followup.render.line import Line, Part, Span, joined, span
from followup.render.measure import line_width, wrap

Kind = Literal["terminal", "pipe"]
ColorChoice = Literal["auto", "always", "never"]

NARROW = 60
"""Below this many columns lists are stacked: several short lines for one item instead of a table."""

_LEAST_WIDTH = 20
_USUAL_WIDTH = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Glyphs:
    """The few signs that are drawn, in Unicode or in ASCII."""

    separator: str = " · "
    ellipsis: str = "…"
    up: str = "↑"
    down: str = "↓"
    arrow: str = "→"
    rule: str = "─"
    corner: str = "└"
    tick: str = "┴"
    wall: str = "│"
    done: str = "●"
    planned: str = "○"


UNICODE = Glyphs()
ASCII = Glyphs(
    separator=" | ",
    ellipsis="...",
    up="up",
    down="down",
    arrow="->",
    rule="-",
    corner="+",
    tick="+",
    wall="|",
    done="x",
    planned="o",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """Where output goes.

    A `terminal` gets lines laid out for `width` columns; a `pipe` gets one uncut line for each item,
    without colour. `color` allows colours, `emphasis` bold and dim. `unicode` is False where only ASCII can
    be drawn. `notes` takes what is not data (in a pipe); without it such lines are left out there.
    """

    stream: TextIO
    notes: TextIO | None = None
    width: int = _USUAL_WIDTH
    height: int | None = None
    color: bool = False
    emphasis: bool = False
    kind: Kind = "pipe"
    unicode: bool = True
    encoding: str = "utf-8"

    @property
    def room(self) -> int | None:
        """Columns that a line may take; None in a pipe, where nothing is cut."""
        return self.width if self.kind == "terminal" else None

    @property
    def narrow(self) -> bool:
        """True where lists must be stacked."""
        return self.kind == "terminal" and self.width < NARROW

    @property
    def glyphs(self) -> Glyphs:
        """The signs that can be drawn here."""
        return UNICODE if self.unicode else ASCII

    def clean(self, text: str) -> str:
        r"""`text` made harmless, and as it will really appear: what the encoding lacks is `\u65e5`."""
        shown = visible(text)
        if shown.isascii() or self.encoding.startswith("utf"):
            return shown
        return shown.encode(self.encoding, "backslashreplace").decode(self.encoding)

    def spans(self, parts: Iterable[Part]) -> list[Span]:
        """The parts as cleaned spans."""
        return [Span(self.clean(part.text), part.role) for part in map(span, parts)]

    def paragraph(self, *parts: Part, indent: int = 0, hang: int | None = None) -> list[Line]:
        """Cleaned parts as lines that fit; one line in a pipe."""
        return wrap(self.spans(parts), self.room, indent=indent, hang=hang)

    def facts(self, groups: Iterable[Iterable[Part]], *, indent: int = 0) -> list[Line]:
        """Short facts in a row; a line ends between two of them where that is possible."""
        separator = self.glyphs.separator
        rows: list[list[Span]] = []
        for group in groups:
            spans = self.spans(group)
            if not any(part.text for part in spans):
                continue
            longer = joined([rows[-1], spans], separator) if rows else spans
            if rows and (self.room is None or indent + line_width(tuple(longer)) <= self.room):
                rows[-1] = longer
            else:
                rows.append(spans)
        return [line for row in rows for line in wrap(row, self.room, indent=indent, hang=indent + 2)]

    def write_lines(self, lines: Iterable[Line]) -> None:
        """Write laid out lines as bare words."""
        self.write(lines_text(lines))

    def write(self, text: str) -> None:
        """Write to the stream; a character that its encoding lacks becomes an escape instead of an error."""
        put(self.stream, text)


def lines_text(lines: Iterable[Line]) -> str:
    """Lines as bare words, each of them harmless; tabs between the cells of a table stay."""
    return "".join(
        "\t".join(visible(cell) for cell in "".join(part.text for part in line).split("\t")).rstrip(" ") + "\n"
        for line in lines
    )


def put(stream: TextIO, text: str) -> None:
    r"""Write `text` to `stream`; a character that its encoding lacks becomes an escape, never an error."""
    encoding = stream.encoding or "utf-8"
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding))


def make_screen(
    stream: TextIO,
    *,
    isatty: bool,
    notes: TextIO | None = None,
    columns: str | None = None,
    size: tuple[int, int] | None = None,
    color: ColorChoice = "auto",
    no_color: str | None = None,
    term: str | None = None,
) -> Screen:
    """The screen that follows from facts.

    `columns` is the text of COLUMNS and wins over `size`, the (columns, lines) the terminal reports.
    `no_color` is the text of NO_COLOR: colours go when it is not empty, bold and dim stay. `term` is TERM:
    `dumb` means neither colours nor drawing characters. `color="always"` gives the terminal's layout even
    in a pipe (for `| less -R`), `"never"` no escape sequence at all.
    """
    encoding = _encoding(stream)
    dumb = term == "dumb"
    terminal = isatty or color == "always"
    emphasis = terminal and color != "never" and (color == "always" or not dumb)
    return Screen(
        stream=stream,
        notes=notes,
        width=_width(columns, size),
        height=size[1] if size and size[1] > 0 else None,
        color=emphasis and (color == "always" or not no_color),
        emphasis=emphasis,
        kind="terminal" if terminal else "pipe",
        unicode=encoding.startswith("utf") and not dumb,
        encoding=encoding,
    )


def _width(columns: str | None, size: tuple[int, int] | None) -> int:
    if columns and columns.isascii() and columns.isdigit() and int(columns[:6]) > 0:
        return max(int(columns[:6]), _LEAST_WIDTH)
    if size and size[0] > 0:
        return max(size[0], _LEAST_WIDTH)
    return _USUAL_WIDTH


def _encoding(stream: TextIO) -> str:
    """The stream's encoding by its standard name; UTF-8 where the stream has none (text kept in memory)."""
    try:
        return codecs.lookup(stream.encoding or "utf-8").name
    except LookupError:
        return "ascii"
