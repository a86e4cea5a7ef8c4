"""Sales that move to the edited text of their playbook, or to another one: the diff, sale by sale."""

from __future__ import annotations

from followup.actions.results import ReplanItem, Replanned
from followup.render.line import Line, dim, strong
from followup.render.screen import Screen
from followup.render.words import change_parts, count, more_line, shown

CHANGES_SHOWN = 20


def replanned_lines(result: Replanned, screen: Screen) -> list[Line]:
    """Every sale with what changes in its plan, then the sum."""
    if not result.items:
        left = f"; {count(result.unchanged_count, 'sale')} left alone" if result.unchanged_count else ""
        return screen.paragraph(f"Nothing to do: no sale follows an older text of its playbook{left}.")
    limit = shown(len(result.items), screen)
    lines = [line for item in result.items[:limit] for line in _item(item, screen)]
    lines += more_line(len(result.items) - limit, screen)
    return lines + screen.paragraph(
        _sum(result), *([strong("Dry run: nothing was changed.")] if result.dry_run else [])
    )


def _item(item: ReplanItem, screen: Screen) -> list[Line]:
    playbook = item.playbook if item.was == item.playbook else f"{item.was} to {item.playbook}"
    product = f", {item.product}" if item.product else ""
    lines = screen.paragraph(strong(item.customer), dim(f" (sale {item.sale}{product}, {playbook})"))
    limit = shown(len(item.changes), screen, CHANGES_SHOWN)
    for change in item.changes[:limit]:
        lines += screen.paragraph(*change_parts(change), indent=2, hang=4)
    if not item.changes:
        lines += screen.paragraph(dim("no date changes"), indent=2)
    return lines + more_line(len(item.changes) - limit, screen)


def _sum(result: Replanned) -> str:
    changes = sum(len(item.changes) for item in result.items)
    told = f"{count(len(result.items), 'sale')}, {count(changes, 'date')} changed"
    return f"{told}, {result.unchanged_count:,} left alone. " if result.unchanged_count else f"{told}. "
