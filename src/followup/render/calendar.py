"""What a calendar was told, in a line or two."""

from __future__ import annotations

from followup.actions.calendar_entries import CalendarResult
from followup.render.line import Line, dim, strong
from followup.render.screen import Screen
from followup.render.words import count


def calendar_lines(result: CalendarResult, screen: Screen) -> list[Line]:
    """How many contacts are in the calendar, and what changed in it."""
    whose = f" of {result.customer}" if result.customer else ""
    where = result.path or result.url
    place = f" in {where}" if where else " in the feed"
    numbers = ((result.added, "new"), (result.changed, "changed"), (result.cancelled, "taken out"))
    changes = ", ".join(f"{number} {word}" for number, word in numbers if number)
    lines = screen.paragraph(
        strong(count(result.entries, "contact")), f"{whose}{place}: ", changes or "nothing changed", hang=2
    )
    if result.path and not (changes or result.written or result.dry_run):
        lines += screen.paragraph(dim("The file is as it was."))
    return lines + (screen.paragraph(strong("Dry run: nothing was changed.")) if result.dry_run else [])
