"""What to do next for a customer, in three lines; a fourth when there are personal notes."""

from __future__ import annotations

from followup.actions.results import Advice
from followup.render.line import Line, dim, strong
from followup.render.screen import Screen
from followup.render.words import note_lines


def advice_lines(result: Advice, screen: Screen) -> list[Line]:
    """The action, the reason, what to know about them, and what to type."""
    whose = "" if result.customer in result.text else f"{result.customer}: "
    lines = screen.paragraph(whose, strong(result.text), hang=2)
    if result.reason:
        lines += screen.paragraph(dim("Why: "), result.reason, indent=2, hang=7)
    lines += note_lines(result.notes, screen)
    return lines + screen.paragraph(dim("Type: "), result.command, indent=2, hang=8)
