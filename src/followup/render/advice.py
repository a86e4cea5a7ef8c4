"""What to do next for a customer, in three lines."""

from __future__ import annotations

from followup.actions.results import Advice
from followup.render.line import Line, dim, strong
from followup.render.screen import Screen


def advice_lines(result: Advice, screen: Screen) -> list[Line]:
    """The action, the reason, and what to type."""
    whose = "" if result.customer in result.text else f"{result.customer}: "
    lines = screen.paragraph(whose, strong(result.text), hang=2)
    if result.reason:
        lines += screen.paragraph(dim("Why: "), result.reason, indent=2, hang=7)
    return lines + screen.paragraph(dim("Type: "), result.command, indent=2, hang=8)
