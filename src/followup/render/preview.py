"""A playbook's plan drawn before anyone is called."""

from __future__ import annotations

from followup.actions.results import Preview, TouchpointView
from followup.render.curve import Mark, curve_lines
from followup.render.customer import anchor_lines, stage_lines
from followup.render.line import BLANK, Line, Part, Span, dim, joined, strong
from followup.render.screen import Screen
from followup.render.table import Column, table
from followup.render.words import count, day, iso, numbers, spoken

_COLUMNS = (
    Column(title="Due"),
    Column(title="Step", most=28),
    Column(title="For", drop=1),
    Column(title="By", drop=2),
    Column(title="Stage", drop=4),
    Column(title="Fine from", drop=3, label=True),
    Column(title="To", drop=3, label=True),
    Column(title="Goal", least=24, most=70, drop=5, wrap=True),
    Column(title=""),
)


def preview_lines(result: Preview, screen: Screen) -> list[Line]:
    """Title, curve, dates, touchpoints in order, and what is left out with the reason."""
    lines = screen.paragraph(
        *joined([[strong(result.title)], [dim(f"playbook {result.playbook}")]], screen.glyphs.separator)
    )
    lines += anchor_lines(result.anchors, result.assumed_anchors, screen)
    lines += stage_lines(result.stages, screen)
    lines += curve_lines(
        result.mood,
        result.curve,
        screen,
        live_on=result.live_on,
        today=None,
        marks=[Mark(on=view.due_on, kind="planned") for view in result.touchpoints if view.due_on],
    )
    if result.factors:
        lines += screen.paragraph(dim("Service: "), *numbers(result.factors), indent=2)
    lines += [BLANK, *screen.paragraph(strong(count(len(result.touchpoints), "touchpoint")))]
    lines += table(_COLUMNS, [_row(view) for view in result.touchpoints], screen)
    if result.left_out:
        lines += [BLANK, *screen.paragraph(strong("Left out"))]
        for reason in result.left_out:
            lines += screen.paragraph(f"{reason.rule}: ", dim(reason.text), indent=2, hang=4)
    return lines


def _row(view: TouchpointView) -> list[Part]:
    state = "" if view.status == "open" else view.status
    return [
        day(view.due_on) if view.due_on else dim("no date yet"),
        strong(view.step + (f" #{view.occurrence}" if view.occurrence > 1 else "")),
        spoken(view.purpose),
        spoken(view.channel),
        dim(spoken(view.stage)),
        dim(iso(view.opens_on)),
        dim(iso(view.closes_on)),
        Span(view.goal, "dim"),
        dim(state),
    ]
