"""Promises, and the stages of a customer's sales."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from followup.actions.results import CustomerStages, PromiseLine, PromiseList, StageLine
from followup.render.line import BLANK, Line, Part, dim, joined, late, strong
from followup.render.screen import Screen
from followup.render.table import Column, table
from followup.render.words import count, day, iso, lateness, spoken

_COLUMNS = (
    Column(title="ID", right=True),
    Column(title="By"),
    Column(title="Customer", least=12, most=24),
    Column(title="What we owe them", least=20, most=80, wrap=True),
    Column(title=""),
)


def promises_lines(result: PromiseList, screen: Screen) -> list[Line]:
    """Promises of all customers or of one (`promise list`), and how many were kept (E18)."""
    if not result.items:
        lines = screen.paragraph("Nothing is promised.")
    else:
        lines = table(_COLUMNS, [_row(line, result.today) for line in result.items], screen)
    if screen.kind == "terminal" and (kept := _kept(result)):
        lines += [BLANK, *screen.paragraph(dim(kept))]
    return lines


def _row(line: PromiseLine, today: date) -> Sequence[Part]:
    return [strong(str(line.id)), iso(line.by), line.customer, line.text, _state(line, today)]


def _state(line: PromiseLine, today: date) -> Part:
    answer = f", {line.answer}" if line.answer else ""
    match line.state:
        case "broken":
            return late(f"broken, {lateness((today - line.by).days)}")
        case "tell":
            return strong(f"done{answer}: tell them")
        case "kept":
            return dim(f"kept{answer}, told {iso(line.told_on)}")
        case "late":
            return dim(f"kept late{answer}, told {iso(line.told_on)}")
        case _:
            return f"open{answer}"


def _kept(result: PromiseList) -> str:
    """`4 of 5 promises were kept in time`; nothing while none could be."""
    due = result.kept_count + result.late_count + result.broken_count
    return f"{result.kept_count} of {count(due, 'promise')} kept in time" if due else ""


def stages_lines(result: CustomerStages, screen: Screen) -> list[Line]:
    """Each sale: its stage and day, the next one, what would move it (`stage`)."""
    lines: list[Line] = []
    for item in result.items:
        if lines:
            lines.append(BLANK)
        lines += _stage(result.customer, item, screen)
    return lines


def _stage(customer: str, item: StageLine, screen: Screen) -> list[Line]:
    sale = joined([[part] for part in (strong(customer), item.product, dim(item.playbook)) if part], ", ")
    lines = screen.paragraph(*sale, dim(f" (sale {item.sale})"))
    passed = f"day {item.stage_day}" if item.stage_day is not None else ""
    if passed and item.stage_days is not None:
        passed += f" of {item.stage_days}"
    where = [part for part in (spoken(item.stage), passed, f"since {day(item.since)}" if item.since else "") if part]
    lines += screen.paragraph(strong(where[0]), *(f", {part}" for part in where[1:]), indent=2)
    if item.next_stage:
        lines += screen.paragraph(f"then {spoken(item.next_stage)} from {day(item.next_on)}", indent=2)
    for flag in item.flags:
        lines += screen.paragraph(late(flag.text) if flag.rule == "stuck" else flag.text, indent=2, hang=4)
    for sentence in item.would_move:
        lines += screen.paragraph(dim("- "), sentence, indent=2, hang=4)
    return lines
