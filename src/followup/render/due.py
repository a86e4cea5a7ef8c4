"""The due list: overdue, today, coming; one line for a customer, a second one with the reason.

Wide screens show everything in columns. Where columns do not fit they move into the second line, least needed first; below 60
columns each customer is a short stack. The number, the date and the name stay everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from followup.actions.results import DueList, TouchpointView
from followup.render.line import BLANK, Line, Part, Role, Span, dim, joined, late, strong
from followup.render.measure import cut, line_width, width
from followup.render.screen import Screen
from followup.render.table import Column, fit, heading, row_line
from followup.render.words import (
    WEEKDAYS,
    clock,
    count,
    day,
    due_role,
    iso,
    mood,
    spoken,
    stage_day,
    who,
    why_now,
)

SECTIONS = ("Overdue", "Today", "Coming")

_INDENT = 2
_ROOM_FOR_WORDS = 20  # cells in the second line below which the customer's last words are not begun
_NO_DATE = "no date"


def section(view: TouchpointView, today: date) -> str:
    """Overdue, Today or Coming."""
    if view.days_overdue > 0 or (view.due_on is not None and view.due_on < today):
        return "Overdue"
    return "Today" if view.due_on == today else "Coming"


def due_lines(result: DueList, screen: Screen) -> list[Line]:
    """The whole screen: the day, the sections, what was done and what is left."""
    groups = {
        name: [view for view in result.items if section(view, result.today) == name] for name in SECTIONS
    }
    lines = _headline(result, groups, screen)
    if result.items:
        lines += _stacks(groups, result.today, screen) if screen.narrow else _table(groups, result.today, screen)
    lines += [BLANK, *_footer(result, screen)]
    return lines


def _headline(
    result: DueList, groups: dict[str, list[TouchpointView]], screen: Screen
) -> list[Line]:
    today = f"{WEEKDAYS[result.today.weekday()]} {iso(result.today)}"
    parts: list[Part] = [strong(today)]
    if counted := [f"{len(views)} {name.lower()}" for name, views in groups.items() if views]:
        parts.append(dim(screen.glyphs.separator + ", ".join(counted)))
    return screen.paragraph(*parts)


def _section_title(name: str) -> Span:
    role: Role = "late" if name == "Overdue" else "strong"
    return Span(name, role)


def _mark(view: TouchpointView) -> str:
    """What stands before everything else whatever its score: problems, broken promises, deadlines."""
    return "!" if view.lane < 3 else ""


def _due_words(view: TouchpointView, today: date) -> str:
    """The date as it can be typed, `today` today, with the time when one was agreed."""
    on = "today" if view.due_on == today else iso(view.due_on) or _NO_DATE
    return f"{on} {clock(view.agreed_time)}".rstrip()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """One item with its cells cleaned, in the order of `_COLUMNS`."""

    view: TouchpointView
    cells: list[Span]


_COLUMNS = (
    Column(title="ID", right=True),
    Column(title="Due"),
    Column(title="Who", least=22, most=36),
    Column(title="By", drop=1),
    Column(title="How to reach", most=40, drop=3),
    Column(title="For", drop=2),
    Column(title="Stage", drop=4),
    Column(title="Mood (est.)"),
    Column(title="More"),
)
_REACH, _FOR, _STAGE = 4, 5, 6
_BY = 3


def _entry(view: TouchpointView, today: date, screen: Screen) -> _Entry:
    cells: list[Part] = [
        strong("" if view.id is None else str(view.id)),
        Span(_due_words(view, today), due_role(view.due_on, today)),
        strong(who(view.customer, view.contact) or view.step),
        spoken(view.channel),
        view.reach,
        spoken(view.purpose),
        dim(stage_day(view.stage, view.stage_day, view.stage_days)),
        mood(view.mood, view.trend, screen.glyphs),
        f"+{view.folded_count}" if view.folded_count else "",
    ]
    return _Entry(view=view, cells=screen.spans(cells))


def _table(groups: dict[str, list[TouchpointView]], today: date, screen: Screen) -> list[Line]:
    entries = {name: [_entry(view, today, screen) for view in views] for name, views in groups.items()}
    rows = [entry.cells for group in entries.values() for entry in group]
    kept = fit(_COLUMNS, rows, screen.width - _INDENT)
    lines: list[Line] = [BLANK, heading(_COLUMNS, kept, screen, indent=_INDENT)]
    for name, group in entries.items():
        if not group:
            continue
        lines.append((_section_title(name),))
        for entry in group:
            row = row_line(entry.cells, _COLUMNS, kept, screen, indent=_INDENT)
            lines.append(_marked(row, _mark(entry.view)))
            lines += _second_line(entry, kept, screen)
    return lines


def _marked(row: Line, mark: str) -> Line:
    """The row with its mark in the indentation."""
    return (late(f"{mark} "), *row[1:]) if mark else row


def _second_line(entry: _Entry, kept: Sequence[tuple[int, int]], screen: Screen) -> list[Line]:
    """What the columns had no room for, why it is due now, the customer's last words, and what you will give."""
    view = entry.view
    there = {index for index, _ in kept}
    indent = _INDENT + kept[0][1] + 2
    room = screen.width - indent
    separator = screen.glyphs.separator
    cells = entry.cells
    groups: list[list[Part]] = []
    if _BY not in there:
        groups.append([cells[_BY]])
    if _REACH not in there:
        groups.append([Span(cells[_REACH].text)])
    if _FOR not in there:
        groups.append([cells[_FOR]])
    if _STAGE not in there:
        groups.append([cells[_STAGE]])
    groups.append([Span(screen.clean(why_now(view)), "late" if view.days_overdue else "")])
    spans = joined(groups, separator)
    for label, text in (("", _quoted(view.last_words)), ("give: ", view.gives)):
        left = room - line_width(tuple(spans)) - len(separator) * bool(spans)
        said = screen.clean(text)
        if said and left >= min(_ROOM_FOR_WORDS, width(said) + len(label)):
            spans = joined([spans, [dim(label + cut(said, left - len(label), screen.glyphs.ellipsis))]], separator)
    if not spans:
        return []
    return [(Span(" " * indent), *_cut_spans(spans, room, screen.glyphs.ellipsis))]


def _quoted(words: str) -> str:
    return f'"{words}"' if words else ""


def _cut_spans(spans: Iterable[Span], room: int, ellipsis: str) -> list[Span]:
    """Spans that take at most `room` cells together."""
    short: list[Span] = []
    for part in spans:
        cells = width(part.text)
        if cells > room:
            short.append(Span(cut(part.text, room, ellipsis), part.role))
            break
        short.append(part)
        room -= cells
    return short


def _stacks(groups: dict[str, list[TouchpointView]], today: date, screen: Screen) -> list[Line]:
    lines: list[Line] = []
    for name, views in groups.items():
        if not views:
            continue
        lines += [BLANK, (_section_title(name),)]
        for view in views:
            lines += _stack(view, today, screen)
    return lines


def _stack(view: TouchpointView, today: date, screen: Screen) -> list[Line]:
    """One customer in a few short lines."""
    separator = screen.glyphs.separator
    number = "" if view.id is None else str(view.id)
    mark = _mark(view)
    first: list[Part] = [late(f"{mark} ")] if mark else []
    if number:
        first.append(strong(f"{number} "))
    first.append(strong(who(view.customer, view.contact) or view.step))
    if view.folded_count:
        first.append(f" +{view.folded_count}")
    on = Span(f"{iso(view.due_on) or _NO_DATE} {clock(view.agreed_time)}".rstrip(), due_role(view.due_on, today))
    feeling = mood(view.mood, view.trend, screen.glyphs).strip()
    rows: list[list[Part]] = [
        list(joined([[on], [why_now(view)]], separator)),
        list(joined([[spoken(view.channel)], [view.reach]], " ")),
        list(joined([[spoken(view.purpose)], [stage_day(view.stage, view.stage_day, view.stage_days)]], separator)),
        [f"mood (est.) {feeling}"] if feeling else [],
    ]
    lines = screen.paragraph(*first, hang=4)
    for row in rows:
        if row:
            lines += screen.paragraph(*row, indent=4, hang=6)
    return lines


def _footer(result: DueList, screen: Screen) -> list[Line]:
    lines: list[Line] = []
    if not any(view.due_on is None or view.due_on <= result.today for view in result.items):
        lines += _nothing_due(result, screen)
    summary = joined(
        [
            [f"Done today: {result.done_today}"] if result.done_today or result.due_count else [],
            [f"left: {result.due_count}"] if result.due_count else [],
        ],
        screen.glyphs.separator,
    )
    if summary:
        lines += screen.paragraph(*summary)
    if result.hidden_count:
        limit = result.hidden_count + len(result.items)
        lines += screen.paragraph(
            f"{count(result.hidden_count, 'more customer')} due beyond the limit: ",
            strong(f"followup due --limit {limit}"),
            " or ",
            strong("followup due --all"),
        )
    if any(_mark(view) for view in result.items):
        lines += screen.paragraph(late("!"), dim(" comes first: a problem, a broken promise or a deadline"))
    if result.items and not screen.narrow and result.items[0].id is not None:
        first = result.items[0].id
        lines += screen.paragraph(dim(f'Then: followup done {first} good "what was said", followup why {first}'))
    return lines


def _nothing_due(result: DueList, screen: Screen) -> list[Line]:
    if result.next_due_on:
        return screen.paragraph(f"Nothing due today. Next: {day(result.next_due_on)}.")
    if result.customer_count:
        return screen.paragraph("Nothing due today, and nothing planned after it.")
    return screen.paragraph(
        "Nothing due today: there are no customers yet. Begin with ",
        strong("followup import FILE"),
        " or ",
        strong("followup add NAME"),
        ".",
    )


