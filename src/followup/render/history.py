"""What was written to the data file, newest first, and what was recorded about a customer."""

from __future__ import annotations

from followup.actions.results import History, HistoryLine
from followup.render.customer import activity_table
from followup.render.line import BLANK, Line, Part, dim, strong
from followup.render.screen import Screen
from followup.render.table import Column, table

_COLUMNS = (
    Column(title="When (UTC)"),
    Column(title="Command", most=24),
    Column(title="What", least=24, most=100, wrap=True),
    Column(title=""),
)


def history_lines(result: History, screen: Screen) -> list[Line]:
    """The journal; with a customer also the activities."""
    lines: list[Line] = []
    if result.customer:
        lines += screen.paragraph(strong(result.customer))
    if result.activities:
        lines += activity_table(result.activities, screen)
    if result.items:
        if lines:
            lines.append(BLANK)
        lines += table(_COLUMNS, [_row(item) for item in result.items], screen)
    if not result.items and not result.activities:
        lines += screen.paragraph("Nothing is recorded yet.")
    return lines


def _row(item: HistoryLine) -> list[Part]:
    return [moment(item.at), strong(item.command), item.summary, dim("undone") if item.undone else ""]


def moment(at: str) -> str:
    """An ISO instant to the minute: `2026-03-12 14:05`."""
    return at[:16].replace("T", " ")
