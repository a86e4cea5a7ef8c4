"""What goes to the scheduler: in a pipe the text and nothing else, on a terminal with what installs it."""

from __future__ import annotations

from followup.actions.scheduling import Schedule
from followup.render.line import BLANK, Line, Span, dim, strong
from followup.render.screen import Screen


def cron_lines(result: Schedule, screen: Screen) -> list[Line]:
    """The text as it is. No line of it, and no command, is ever broken: people copy them."""
    text: list[Line] = [(Span(line),) if line else BLANK for line in result.text.splitlines()]
    if screen.kind == "pipe":
        return text
    head = screen.paragraph(dim("To install it, type this:" if len(result.install) == 1 else "To install it, type:"))
    return [*text, BLANK, *head, *((strong(command),) for command in result.install)]
