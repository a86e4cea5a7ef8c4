"""What a writing command changed, and what comes next, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from followup.actions.results import Change, Planned, Recorded, TouchpointView, Written
from followup.render.line import BLANK, Line, Part, Span, dim, strong
from followup.render.screen import Screen
from followup.render.words import (
    change_parts,
    clock,
    count,
    day,
    due_role,
    more_line,
    shown,
    touch_words,
    who,
    why_now,
)

_DRY_RUN = "Dry run: nothing was changed."


def recorded_lines(result: Recorded, screen: Screen) -> list[Line]:
    """What was recorded, what comes next and why, which dates moved."""
    lines: list[Line] = []
    if result.already:
        lines += screen.paragraph(f"Already {result.verb}: ", strong(result.customer), ". Nothing was changed.")
    elif not result.said:
        lines += screen.paragraph(f"{result.verb.capitalize()}: ", strong(result.customer))
    lines += _said(result.said, screen)
    lines += _next(result.next, result.today, screen, customer=result.customer)
    lines += _changes(result.changes, screen)
    return lines + _dry_run(result.dry_run, screen)


def written_lines(result: Written, screen: Screen) -> list[Line]:
    """What the command did, what comes next, which dates moved."""
    lines = _said(result.said, screen)
    if not lines:
        lines = screen.paragraph(f"{result.command}: done")
    lines += _next(result.next, result.today, screen, customer=result.customer)
    lines += _changes(result.changes, screen)
    return lines + _dry_run(result.dry_run, screen)


def planned_lines(result: Planned, screen: Screen) -> list[Line]:
    """How many plans were brought up to date, and what changed in them."""
    done = "rebuilt" if result.rebuilt else "brought up to date"
    lines = screen.paragraph(
        f"{count(result.sales_count, 'plan')} {done}, {count(result.touchpoints_count, 'touchpoint')}; ",
        f"{count(len(result.changes), 'date')} changed." if result.changes else "no date changed.",
    )
    lines += _changes(result.changes, screen)
    lines += _said(result.said, screen)
    return lines + _dry_run(result.dry_run, screen)


def _said(sentences: Sequence[str], screen: Screen) -> list[Line]:
    return [line for sentence in sentences for line in screen.paragraph(sentence, hang=2)]


def _next(views: Sequence[TouchpointView], today: date, screen: Screen, *, customer: str | None) -> list[Line]:
    """The next touchpoints; the customer is named where it is another one."""
    lines: list[Line] = []
    limit = shown(len(views), screen, 3)
    for index, view in enumerate(views[:limit]):
        label = "Next: " if index == 0 else "then: "
        on = f"{day(view.due_on)} {clock(view.agreed_time)}".rstrip()
        parts: list[Part] = [
            dim(label),
            Span(on, "late" if due_role(view.due_on, today) == "late" else "strong"),
            f", {touch_words(view)}",
        ]
        if name := who(None if view.customer == customer else view.customer, view.contact):
            parts.append(f" with {name}")
        if view.id is not None:
            parts.append(dim(f" (ID {view.id})"))
        if reason := why_now(view) or (view.reasons[0].text if view.reasons else ""):
            parts.append(dim(f": {reason}"))
        lines += screen.paragraph(*parts, hang=6)
    return lines + more_line(len(views) - limit, screen, indent=6)


def _changes(changes: Sequence[Change], screen: Screen) -> list[Line]:
    if not changes:
        return []
    limit = shown(len(changes), screen)
    lines: list[Line] = [BLANK, *screen.paragraph(strong("What changed"))]
    before = ""
    for change in changes[:limit]:
        said = replace(change, reason="") if change.reason == before else change
        lines += screen.paragraph(*change_parts(said), indent=2, hang=4)
        before = change.reason
    return lines + more_line(len(changes) - limit, screen)


def _dry_run(dry_run: bool, screen: Screen) -> list[Line]:
    return screen.paragraph(strong(_DRY_RUN)) if dry_run else []
