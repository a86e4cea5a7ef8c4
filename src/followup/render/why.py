"""Every rule and number behind one touchpoint: its date, its priority, the mood, and what is an assumption."""

from __future__ import annotations

from followup.actions.results import MoodView, Why
from followup.render.curve import curve_lines
from followup.render.line import BLANK, Line, Part, dim, late, strong
from followup.render.mood import flag_lines, measured_words, mood_title
from followup.render.screen import Screen
from followup.render.table import Column, table
from followup.render.words import (
    arrow,
    clock,
    day,
    iso,
    lateness,
    more_line,
    note_lines,
    number,
    numbers,
    reason_lines,
    shown,
    spoken,
    stage_day,
    understood_words,
    who,
    why_now,
)


def why_lines(result: Why, screen: Screen) -> list[Line]:
    """The touchpoint, the reasons for its date and priority, the mood and what was heard, what would change it."""
    lines = _touchpoint(result, screen)
    lines += _section("Look at this", flag_lines(result.flags, screen, with_numbers=True), screen)
    lines += _section("Why", reason_lines(result.reasons, screen), screen)
    lines += _section("Priority", _priority(result, screen), screen)
    lines += _section(mood_title(result.mood), _mood(result, screen), screen)
    lines += _section("What was heard", _readings(result, screen), screen)
    lines += _section("Early effort", _effort(result, screen), screen)
    lines += _section("Relationship", _relationship(result, screen), screen)
    lines += _section("How much service", _factors(result, screen), screen)
    lines += _section(
        "What would change it",
        [line for text in result.would_change for line in screen.paragraph(text, indent=2, hang=4)],
        screen,
    )
    lines += _section(
        "Numbers that are conventions",
        [line for text in result.assumptions for line in screen.paragraph(dim(text), indent=2, hang=4)],
        screen,
    )
    return lines


def _section(title: str, body: list[Line], screen: Screen) -> list[Line]:
    return [BLANK, *screen.paragraph(strong(title)), *body] if body else []


def _touchpoint(result: Why, screen: Screen) -> list[Line]:
    view = result.touchpoint
    head: list[Part] = [strong(f"{view.id} " if view.id is not None else "")]
    head += [strong(who(view.customer, view.contact) or view.step)]
    lines = screen.paragraph(*head)
    on = f"{day(view.due_on)} {clock(view.agreed_time)}".rstrip()
    when: list[Part] = [strong(on)]
    if view.days_overdue:
        when.append(late(f" ({lateness(view.days_overdue)})"))
    lines += screen.facts(
        [
            when,
            [f"{spoken(view.purpose)} ({spoken(view.service)})"],
            [f"{spoken(view.channel)} {view.reach}".rstrip()],
            [stage_day(view.stage, view.stage_day, view.stage_days)],
            [dim(f"step {view.step}" + (f" #{view.occurrence}" if view.occurrence > 1 else ""))],
            [dim("fine from "), iso(view.opens_on), dim(" to "), iso(view.closes_on)] if view.opens_on else [],
            [dim("never after "), iso(view.deadline_on)] if view.deadline_on else [],
            ["set by hand"] if view.by_hand else [],
            [strong(view.status)] if view.status != "open" else [],
        ],
        indent=2,
    )
    for label, text in (("Why now: ", why_now(view)), ("Goal: ", view.goal), ("Give: ", view.gives)):
        if text:
            lines += screen.paragraph(dim(label), text, indent=2, hang=4)
    for question in view.ask:
        lines += screen.paragraph(dim("Ask: "), question, indent=2, hang=4)
    if view.last_words:
        lines += screen.paragraph(dim("They last said: "), f'"{view.last_words}"', indent=2, hang=4)
    return lines + note_lines(result.notes, screen)


def _priority(result: Why, screen: Screen) -> list[Line]:
    view = result.touchpoint
    lanes = {1: "problems and broken promises", 2: "deadlines within two days"}
    parts: list[Part] = [strong(str(view.priority)), " of 100"]
    if view.lane in lanes:
        parts.append(f", in the lane that comes first: {lanes[view.lane]}")
    lines = screen.paragraph(*parts, indent=2)
    if result.lane_reason:
        lines += screen.paragraph(dim(f"Lane {view.lane}: "), result.lane_reason, indent=2, hang=4)
    if result.priority_parts:
        lines += screen.paragraph(*numbers(result.priority_parts), indent=2, hang=4)
    for reason in result.priority_reasons:
        lines += screen.paragraph(reason.text, indent=4, hang=6)
    return lines


def _mood(result: Why, screen: Screen) -> list[Line]:
    lines: list[Line] = []
    if result.mood:
        mood = result.mood
        parts: list[Part] = [
            strong(f"{mood.estimate} {arrow(result.touchpoint.trend, screen.glyphs)}".rstrip()),
            " of 100: the model says ",
            str(mood.model),
        ]
        if mood.evidence is not None:
            parts.append(f", what was recorded says {mood.evidence}")
        if mood.measured_on:
            parts.append(f", {measured_words(mood)}")
        lines += screen.paragraph(*parts, indent=2)
        if mood.evidence is not None:
            lines += screen.paragraph(dim(_estimated(mood)), indent=2, hang=4)
    if result.curve:
        lines += curve_lines((), result.curve, screen, live_on=None, today=None)
        lines += screen.paragraph(
            *numbers(
                {
                    "early_effort": result.curve.effort,
                    "open_concerns": result.curve.concerns,
                    "depth": result.curve.depth,
                }
            ),
            indent=2,
        )
    return lines


def _estimated(mood: MoodView) -> str:
    """How the estimate follows from the model: it need not lie between the two, since the model was another then."""
    off = mood.estimate - mood.model
    if off == 0:
        return "What was recorded lay about where the model was on those days."
    side = "above" if off > 0 else "below"
    return (
        f"What was recorded lay {side} the model of those days; with the model weighed in, "
        f"that makes {abs(off)} {'more' if off > 0 else 'less'} than the model of today."
    )


def _readings(result: Why, screen: Screen) -> list[Line]:
    """Each reading with its day, what it says, and what it still weighs; the estimate lies between it and the model."""
    columns = (
        Column(title="On"),
        Column(title="Says", right=True, label=True),
        Column(title="Weighs", right=True, label=True),
        Column(title="", drop=1),
        Column(title="From", least=12, most=60, wrap=True),
    )
    newest = sorted(result.readings, key=lambda reading: reading.on, reverse=True)
    limit = shown(len(newest), screen)
    rows: list[list[Part]] = [
        [
            iso(reading.on),
            strong(str(reading.value)),
            number(round(reading.weight, 2)),
            "measured" if reading.measured else dim("inferred"),
            reading.source,
        ]
        for reading in newest[:limit]
    ]
    lines = table(columns, rows, screen) if rows else []
    lines += more_line(len(newest) - limit, screen, "--json has them all")
    if knowledge := understood_words(result.understood, result.understood_on):
        lines += screen.paragraph(knowledge, dim(" (no mood: it shuts or opens the gates of asking)"), indent=2, hang=4)
    return lines


def _effort(result: Why, screen: Screen) -> list[Line]:
    return reason_lines(result.effort, screen)


def _relationship(result: Why, screen: Screen) -> list[Line]:
    if result.strength is None:
        return []
    parts: list[list[Part]] = [["strength ", strong(f"{result.strength}"), " of 100"]]
    if result.stability_days is not None:
        parts.append([f"falls to 90 in {result.stability_days:.0f} days without a contact of value"])
    if result.strength_since:
        parts.append([dim("counted from "), iso(result.strength_since)])
    return screen.facts(parts, indent=2)


def _factors(result: Why, screen: Screen) -> list[Line]:
    if not result.factors:
        return []
    return screen.paragraph(*numbers(result.factors), dim(" (1 is the playbook as written)"), indent=2)
