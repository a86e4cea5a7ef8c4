"""The due list: what comes first, overdue, today, coming; a line for each customer, a second with the reason.

Wide screens show everything in columns. Where columns do not fit they move into the second line, least
needed first; below 60 columns each customer is a short stack. The number, the date and the name stay
everywhere.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from followup.actions.results import DueList, TouchpointView
from followup.render.line import BLANK, Line, Part, Role, Span, dim, joined, strong
from followup.render.measure import cut, line_width, width
from followup.render.screen import Screen
from followup.render.table import GAP, Column, fit, heading, row_lines
from followup.render.words import (
    WEEKDAYS,
    clock,
    day,
    due_role,
    iso,
    lateness,
    mood,
    spoken,
    stage_day,
    what_for,
    who,
    why_now,
)

_TITLES = {
    "First": "First: a problem, a broken promise or a deadline",
    "Overdue": "Overdue",
    "Today": "Today",
    "Coming": "Coming",
}

_INDENT = 2
_MOST_ROWS = 2  # rows of reasons below a customer's line
_ROOM_FOR_WORDS = 20  # cells below which the customer's last words are not begun
_USUAL_LANE = 3  # lanes 1 and 2 stand above every score (DOMAIN 4.9)
_NO_DATE = "no date"
_LATE_WORDS = re.compile(r"^\d+ days? late(?:; |, |$)")


def section(view: TouchpointView, today: date) -> str:
    """Overdue, Today or Coming."""
    if view.days_overdue > 0 or (view.due_on is not None and view.due_on < today):
        return "Overdue"
    return "Today" if view.due_on == today else "Coming"


def due_lines(result: DueList, screen: Screen) -> list[Line]:
    """The whole screen: the day, the sections, what was done and what is left."""
    groups: dict[str, list[TouchpointView]] = {name: [] for name in _TITLES}
    for view in result.items:
        name = section(view, result.today)
        groups["First" if view.lane < _USUAL_LANE and name != "Coming" else name].append(view)
    lines = _headline(result, screen)
    if result.items:
        lines += _stacks(groups, result.today, screen) if screen.narrow else _table(groups, result.today, screen)
    lines += [BLANK, *_footer(result, screen)]
    return lines


def _headline(result: DueList, screen: Screen) -> list[Line]:
    today = f"{WEEKDAYS[result.today.weekday()]} {iso(result.today)}"
    parts: list[Part] = [strong(today)]
    found = Counter(section(view, result.today) for view in result.items)
    counted = [f"{found[name]} {name.lower()}" for name in ("Overdue", "Today", "Coming") if found[name]]
    shown = result.due_count - result.hidden_count
    first = f"the first {shown} of {result.due_count}: " if result.hidden_count else ""
    if counted:
        parts.append(dim(screen.glyphs.separator + first + ", ".join(counted)))
    return screen.paragraph(*parts)


def _section_title(name: str, screen: Screen) -> list[Line]:
    role: Role = "late" if name in ("First", "Overdue") else "strong"
    return screen.paragraph(Span(_TITLES[name], role))


def _due_words(view: TouchpointView, today: date) -> str:
    """How late it is, `today` with the time when one was agreed, or the date as it can be typed."""
    if view.days_overdue > 0:
        return lateness(view.days_overdue)
    on = "today" if view.due_on == today else iso(view.due_on) or _NO_DATE
    return f"{on} {clock(view.agreed_time)}".rstrip()


def _why(view: TouchpointView) -> str:
    """Why it is due now, without the lateness that the list shows beside it."""
    return _LATE_WORDS.sub("", view.why_now)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """One item with its cells cleaned, in the order of `_COLUMNS`."""

    view: TouchpointView
    cells: list[Span]


_COLUMNS = (
    Column(title="ID", right=True),
    Column(title="Due"),
    Column(title="Who", least=22, most=44),
    Column(title="How to reach", most=60, drop=2),
    Column(title="For", drop=1),
    Column(title="Stage", drop=3),
    Column(title="Mood (est.)"),
)
_REACH, _FOR, _STAGE = 3, 4, 5


def _for(view: TouchpointView) -> str:
    """The purpose, and how many more touchpoints of this customer wait behind it."""
    return what_for(view) + (f" +{view.folded_count}" if view.folded_count else "")


def _stage(view: TouchpointView, today: date) -> str:
    """The stage and its day; a coming contact may lie in a later stage than today."""
    if section(view, today) == "Coming":
        return spoken(view.stage)
    return stage_day(view.stage, view.stage_day, view.stage_days)


def _entry(view: TouchpointView, today: date, screen: Screen) -> _Entry:
    cells: list[Part] = [
        strong("" if view.id is None else str(view.id)),
        Span(_due_words(view, today), due_role(view.due_on, today)),
        strong(who(view.customer, view.contact) or view.step),
        f"{spoken(view.channel)} {view.reach}".rstrip(),
        _for(view),
        dim(_stage(view, today)),
        mood(view.mood, view.trend, screen.glyphs),
    ]
    return _Entry(view=view, cells=screen.spans(cells))


def _table(groups: dict[str, list[TouchpointView]], today: date, screen: Screen) -> list[Line]:
    entries = {name: [_entry(view, today, screen) for view in views] for name, views in groups.items()}
    rows = [entry.cells for group in entries.values() for entry in group]
    kept = fit(_COLUMNS, rows, screen.width - _INDENT)
    lines: list[Line] = [BLANK, heading(_COLUMNS, kept, indent=_INDENT)]
    for name, group in entries.items():
        if not group:
            continue
        lines += _section_title(name, screen)
        for entry in group:
            lines += row_lines(entry.cells, _COLUMNS, kept, screen, indent=_INDENT)
            lines += _second_line(entry, kept, screen)
    return lines


def _second_line(entry: _Entry, kept: Sequence[tuple[int, int]], screen: Screen) -> list[Line]:
    """What has no column: how to reach them, why now, the stage, their last words, what you will give."""
    view = entry.view
    there = {index for index, _ in kept}
    indent = _INDENT + kept[0][1] + GAP
    room = screen.width - indent
    separator = screen.glyphs.separator
    groups: list[list[Part]] = [[entry.cells[index]] for index in (_REACH, _FOR) if index not in there]
    groups.append([screen.clean(_why(view))])
    if _STAGE not in there:
        groups.append([entry.cells[_STAGE]])
    rows = _rows(groups, room, screen)
    for label, text in (("", _quoted(view.last_words)), ("give: ", view.gives)):
        left = room - line_width(tuple(rows[-1])) - len(separator) * bool(rows[-1])
        said = screen.clean(text)
        if said and left >= min(_ROOM_FOR_WORDS, width(said) + len(label)):
            shortened = dim(label + cut(said, left - len(label), screen.glyphs.ellipsis))
            rows[-1] = joined([rows[-1], [shortened]], separator)
    return [(Span(" " * indent), *row) for row in rows if row]


def _quoted(words: str) -> str:
    return f'"{words}"' if words else ""


def _rows(groups: Sequence[Sequence[Part]], room: int, screen: Screen) -> list[list[Span]]:
    """The groups in one row, or in two where they are long; what is still too long is cut."""
    separator, ellipsis = screen.glyphs.separator, screen.glyphs.ellipsis
    rows: list[list[Span]] = [[]]
    for group in groups:
        longer = joined([rows[-1], group], separator)
        if line_width(tuple(longer)) <= room:
            rows[-1] = longer
        elif len(rows) < _MOST_ROWS and rows[-1]:
            rows.append(_cut_spans(joined([group], separator), room, ellipsis))
        else:
            rows[-1] = _cut_spans(longer, room, ellipsis)
            break
    return rows


def _cut_spans(spans: Sequence[Span], room: int, ellipsis: str) -> list[Span]:
    """Spans that take at most `room` cells together; the last one says when something is missing."""
    if line_width(tuple(spans)) <= room:
        return list(spans)
    short: list[Span] = []
    left = room
    for index, part in enumerate(spans):
        cells = width(part.text)
        more = any(other.text for other in spans[index + 1 :])
        if cells > left or (more and cells > left - len(ellipsis)):
            short.append(Span(cut(part.text + ellipsis * more, left, ellipsis), part.role))
            break
        short.append(part)
        left -= cells
    return short


def _stacks(groups: dict[str, list[TouchpointView]], today: date, screen: Screen) -> list[Line]:
    lines: list[Line] = []
    for name, views in groups.items():
        if not views:
            continue
        lines += [BLANK, *_section_title(name, screen)]
        for view in views:
            lines += _stack(view, today, screen)
    return lines


def _stack(view: TouchpointView, today: date, screen: Screen) -> list[Line]:
    """One customer in a few short lines."""
    number = "" if view.id is None else str(view.id)
    first: list[Part] = []
    if number:
        first.append(strong(f"{number} "))
    first.append(strong(who(view.customer, view.contact) or view.step))
    on = Span(f"{iso(view.due_on) or _NO_DATE} {clock(view.agreed_time)}".rstrip(), due_role(view.due_on, today))
    feeling = mood(view.mood, view.trend, screen.glyphs).strip()
    lines = screen.paragraph(*first, hang=4)
    lines += screen.facts([[on], [why_now(view)]], indent=4)
    lines += screen.paragraph(*joined([[spoken(view.channel)], [view.reach]], " "), indent=4, hang=6)
    lines += screen.facts([[_for(view)], [_stage(view, today)]], indent=4)
    if feeling:
        lines += screen.paragraph(f"mood (est.) {feeling}", indent=4)
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
        due = sum(view.due_on is None or view.due_on <= result.today for view in result.items)
        lines += screen.paragraph(
            f"{result.hidden_count} more beyond the limit: ",
            strong(f"followup due --limit {due + result.hidden_count}"),
            " or ",
            strong("followup due --all"),
        )
    if result.items and not screen.narrow and result.items[0].id is not None:
        first = result.items[0].id
        record = f'Record: followup done {first} good "what was said"'
        lines += screen.paragraph(dim(f"{record}{screen.glyphs.separator}why: followup why {first}"))
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
