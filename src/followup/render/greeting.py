"""The first words: no data file yet."""

from __future__ import annotations

from followup.render.line import BLANK, Line, strong
from followup.render.screen import Screen
from followup.render.table import Column, table

_WAYS = (
    ("followup import FILE", "your customers, from the CSV file that any CRM exports"),
    ("followup add NAME", "your first customer by hand"),
    ("followup demo", "a playground with sample data; touches nothing of yours"),
)


def greeting_lines(screen: Screen) -> list[Line]:
    """What followup is in two lines, and the three ways to begin."""
    lines = [
        *screen.paragraph("followup tells you whom to contact today after a sale, why and in which words."),
        *screen.paragraph("It plans around the dip in a new customer's mood, and learns from what happened."),
        BLANK,
        *screen.paragraph("Begin with one of these:"),
    ]
    columns = (Column(title=""), Column(title="", least=20, most=80))
    return [*lines, *table(columns, [[strong(command), what] for command, what in _WAYS], screen)]
