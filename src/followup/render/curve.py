"""The motivation curve as a picture: the modelled line, today, the touchpoints on the time axis (DOMAIN 4.1).

plotext draws the line on a bare canvas; the axes, marks and labels around it are placed here, so that they
line up with whole columns and read the same without colour and in ASCII.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from followup.actions.results import CurveView
from followup.render.line import Line, Part, Role, Span, dim, strong
from followup.render.measure import pad
from followup.render.screen import Screen
from followup.render.words import day

LEAST_WIDTH = 30
"""Columns below which there is no picture, only the words."""

_HEIGHT = 9
_LOW_HEIGHT = 7
_WIDEST = 100
_GUTTER = 5  # "100 |"
_BEFORE = 21  # days before the start of use that are drawn at most
_AFTER_RECOVERY = 1.4  # of the days until recovery: how far the picture goes
_AFTER_TODAY = 14  # days after today that are drawn at least

MarkKind = Literal["done", "planned", "late"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A touchpoint on the time axis."""

    on: date
    kind: MarkKind


def curve_lines(
    mood: Sequence[tuple[int, float]],
    curve: CurveView | None,
    screen: Screen,
    *,
    live_on: date | None,
    today: date | None,
    marks: Sequence[Mark] = (),
    estimate: int | None = None,
    indent: int = 2,
) -> list[Line]:
    """The picture and what it says in words.

    `mood` holds (day of use, level 0-1). Without `live_on` the axis counts days instead of showing dates.
    The words alone stand where the screen is too narrow, in a pipe, or where plotext cannot be loaded.
    """
    lines: list[Line] = []
    if len(mood) > 1 and screen.kind == "terminal" and screen.width >= LEAST_WIDTH + indent:
        lines += _Picture(
            mood=mood,
            curve=curve,
            screen=screen,
            live_on=live_on,
            today_at=(today - live_on).days if today and live_on else None,
            marks=marks,
            estimate=estimate,
            indent=indent,
        ).lines()
    if curve:
        lines += screen.paragraph(*_told(curve, live_on), indent=indent)
    return lines


def _told(curve: CurveView, live_on: date | None) -> list[Part]:
    """The curve in words."""

    def at(days: float) -> str:
        when = f"day {days:.0f}"
        return f"{when} ({day(live_on + timedelta(days=round(days)))})" if live_on else when

    if curve.depth <= 0:
        return [dim("No dip is expected: the mood stays near "), f"{curve.novelty_level * 100:.0f}", dim(".")]
    lowest = max(curve.novelty_level - curve.depth, 0.0)
    return [
        dim("The dip begins on "),
        at(curve.dip_starts),
        dim(", is deepest on "),
        at(curve.trough),
        dim(f" at about {lowest * 100:.0f}, and is over by "),
        at(curve.recovered),
        dim("."),
    ]


def canvas(
    points: Sequence[tuple[float, float]],
    *,
    cells: tuple[int, int],
    x: tuple[float, float],
    y: tuple[float, float],
    unicode: bool,
) -> list[str] | None:
    """The bare line through `points` on `cells` (columns, rows), between the limits `x` and `y`.

    None where plotext cannot be loaded: its compiled part is missing on some machines, and a picture is not
    worth a failure.
    """
    try:
        import plotext
    except ImportError:
        return None
    columns, rows = cells
    plotext.terminal.limit(False, False)  # the size is ours, not that of the terminal plotext found
    figure = plotext.figure
    figure.clear()
    figure.theme("colorless")
    figure.plot_size(columns, rows)
    figure.axes(False)
    for axis, limits in (("x", x), ("y", y)):
        figure.ruler(axis).lim(*limits)
        figure.ruler(axis).ticks([])
    signal = figure.signal(
        [point[0] for point in points],
        [point[1] for point in points],
        marker="braille" if unicode else "*",
    )
    signal.lines()
    signal.density("full")
    figure.draw(signal)
    drawn = str(figure.build().string(colorless=True)).splitlines()
    figure.clear()
    empty = [" " * columns] * rows
    return [pad(line.replace("\u2800", " ")[:columns], columns) for line in (*drawn, *empty)][:rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Picture:
    """The canvas with its surroundings. Columns of the canvas count from 0."""

    mood: Sequence[tuple[int, float]]
    curve: CurveView | None
    screen: Screen
    live_on: date | None
    today_at: int | None
    marks: Sequence[Mark]
    estimate: int | None
    indent: int

    @property
    def _columns(self) -> int:
        return min(self.screen.width - 1, _WIDEST) - self.indent - _GUTTER

    @property
    def _begin(self) -> int:
        early = [0] if self.today_at is None else [0, max(self.today_at, -_BEFORE)]
        if self.live_on:
            early += [max((mark.on - self.live_on).days, -_BEFORE) for mark in self.marks]
        return min(self.mood[0][0], *early)

    @property
    def _end(self) -> int:
        """The last day that is drawn: what comes after the recovery is flat and would squeeze the dip."""
        last = self.mood[-1][0]
        if self.curve:
            wanted = math.ceil(self.curve.recovered * _AFTER_RECOVERY)
            if self.today_at is not None and self.today_at <= last:
                wanted = max(wanted, self.today_at + _AFTER_TODAY)
            last = min(last, wanted)
        return max(last, self._begin + 1)

    def _column(self, at: float) -> int | None:
        """The column of a day of use; None outside the picture."""
        if not self._begin <= at <= self._end:
            return None
        return round((at - self._begin) / (self._end - self._begin) * (self._columns - 1))

    def lines(self) -> list[Line]:
        """All rows, from the word `today` above to the legend below."""
        rows = _LOW_HEIGHT if self.screen.width < 70 else _HEIGHT
        levels = [level * 100 for _, level in self.mood]
        low = max(min(10 * int(min(levels) // 10) - 10, 40), 0)
        high = 100
        begin = [(float(self._begin), levels[0])] if self._begin < self.mood[0][0] else []
        drawn = canvas(
            [*begin, *((float(at), level * 100) for at, level in self.mood if at <= self._end)],
            cells=(self._columns, rows),
            x=(self._begin, self._end),
            y=(low, high),
            unicode=self.screen.unicode,
        )
        if drawn is None:
            return []
        labels = {0: high, rows - 1: low, (rows - 1) // 2: round((high + low) / 2)}
        return [
            self._today_words(),
            *(self._canvas_row(text, labels.get(index)) for index, text in enumerate(drawn)),
            self._axis(),
            *self._stages(),
            *self._touchpoints(),
            *self._dates(),
            *self._legend(),
        ]

    def _row(self, label: str, *spans: Span) -> Line:
        return (Span(" " * self.indent), dim(f"{label:>{_GUTTER - 2}} "), *spans)

    def _canvas_row(self, text: str, level: int | None) -> Line:
        wall = self.screen.glyphs.wall
        label = "" if level is None else str(level)
        at = None if self.today_at is None else self._column(self.today_at)
        if at is None or text[at] != " ":
            return self._row(label, dim(wall), Span(text.rstrip()))
        return self._row(label, dim(wall), Span(text[:at]), strong(wall), Span(text[at + 1 :].rstrip()))

    def _today_words(self) -> Line:
        said = f"mood (est.) {self.estimate}" if self.estimate is not None else ""
        if self.today_at is None:
            return self._row("", dim("mood (est.)"))
        at = self._column(self.today_at)
        if at is None and self.today_at > self._end:
            text = f"today is day {self.today_at} {self.screen.glyphs.arrow}"
            return self._row("", Span(" " * max(self._columns + 1 - len(text), 0)), strong(text))
        if at is None:
            text = f"today is {-self.today_at} days before the start of use"
            return self._row("", strong(text[: self._columns]))
        text = ", ".join(part for part in ("today", said) if part)
        start = min(max(at + 1 - len("today") // 2, 1), max(self._columns + 1 - len(text), 0))
        return self._row("", Span(" " * start), strong(text))

    def _axis(self) -> Line:
        glyphs = self.screen.glyphs
        cells = [glyphs.rule] * self._columns
        if self.curve:
            for at in (0.0, self.curve.dip_starts, self.curve.recovered):
                column = self._column(at)
                if column is not None and column:
                    cells[column] = glyphs.tick
        return self._row("", dim(glyphs.corner + "".join(cells)))

    def _place(self, labels: Sequence[tuple[int, str]]) -> str:
        """Labels at their columns, as many as fit beside each other; earlier in the sequence wins."""
        taken: list[tuple[int, int, str]] = []
        for column, text in labels:
            start = min(max(column, 0), self._columns - len(text))
            end = start + len(text)
            if start < 0 or any(start < other_end + 1 and other < end + 1 for other, other_end, _ in taken):
                continue
            taken.append((start, end, text))
        row = ""
        for start, _, text in sorted(taken):
            row = row.ljust(start) + text
        return row

    def _stages(self) -> list[Line]:
        """The names of the stages of the curve under their part of the axis."""
        if not self.curve:
            return []
        bounds = [0.0, self.curve.dip_starts, self.curve.recovered, float(self._end)]
        labels: list[tuple[int, str]] = []
        for name, begin, end in zip(("novelty", "learning", "effectiveness"), bounds, bounds[1:], strict=False):
            left = self._column(max(begin, self._begin))
            right = self._column(min(end, self._end))
            if left is None or right is None:
                continue
            if right - left > len(name):
                labels.append((left + (right - left - len(name) + 1) // 2, name))
        text = self._place(labels)
        return [self._row("", dim(" " + text))] if text else []

    def _dates(self) -> list[Line]:
        """Dates (or days) under the axis: start of use, lowest day, recovery."""
        ats = [0.0, *((self.curve.trough, self.curve.recovered) if self.curve else (float(self._end),))]
        labels: list[tuple[int, str]] = []
        for at in ats:
            column = self._column(at)
            if column is None:
                continue
            text = (self.live_on + timedelta(days=round(at))).isoformat() if self.live_on else f"day {at:.0f}"
            labels.append((column - (len(text) // 2 if column else 0), text))
        text = self._place(labels)
        return [self._row("", dim(" " + text))] if text else []

    def _touchpoints(self) -> list[Line]:
        """The touchpoints at their day; a late one wins over a planned one, and that over a done one."""
        if not self.live_on or not self.marks:
            return []
        glyphs = self.screen.glyphs
        signs: dict[MarkKind, tuple[str, Role]] = {
            "done": (glyphs.done, "dim"),
            "planned": (glyphs.planned, ""),
            "late": ("!", "late"),
        }
        cells: dict[int, tuple[str, Role]] = {}
        for kind in ("done", "planned", "late"):
            for mark in self.marks:
                column = self._column((mark.on - self.live_on).days)
                if mark.kind == kind and column is not None:
                    cells[column] = signs[mark.kind]
        spans = [Span(" ")]
        for column in range(max(cells, default=-1) + 1):
            sign, role = cells.get(column, (" ", ""))
            spans.append(Span(sign, role))
        return [self._row("", *spans)] if cells else []

    def _legend(self) -> list[Line]:
        if not self.live_on or not self.marks:
            return []
        glyphs = self.screen.glyphs
        kinds = {mark.kind for mark in self.marks}
        said = [
            f"{sign} {word}"
            for sign, word, kind in (
                (glyphs.done, "done", "done"),
                (glyphs.planned, "planned", "planned"),
                ("!", "late", "late"),
            )
            if kind in kinds
        ]
        return [self._row("", dim(" " + "  ".join(said)))]
