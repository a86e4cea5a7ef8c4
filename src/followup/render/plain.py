r"""Output in a pipe: one uncut line for each item, fields between tabs, no colour, no headings.

Fields hold no tab and no line end, whatever the customer's text holds; an unknown value is an empty field.
Columns are only ever added at the end:

- due: id, overdue|today|coming, due_on, agreed_time, customer, contact, channel, reach, purpose, stage,
stage_day, mood,
  trend, why now, folded_count, customer_key
- list: customer_key, customer, sale, product, playbook, stage, stage_day, mood, trend, strength,
last_contact_on, next due_on,
  next purpose, next id, tier, tags, what to look at
- concern list: id, opened_on, resolved_on, severity, category, customer_key, customer, text
- promise list: id, state, by, done_on, told_on, about, answer, customer_key, customer, text
- playbook list: playbook, title, complexity, steps_count, sales_count, source
- playbook preview: due_on, opens_on, closes_on, step, occurrence, purpose, channel, stage, status, goal
- playbook check: file:line:column: error|warning, message, hint
- history: id, at, command, summary, undone; for a customer's activities: id, on, kind, outcomes, channel,
direction, note
- config: name, value
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, time

from followup.actions.results import (
    ActivityView,
    Checked,
    ConcernList,
    ConfigView,
    CustomerList,
    DueList,
    History,
    HistoryLine,
    PlaybookList,
    Preview,
    PromiseList,
    Result,
)
from followup.core.visible import visible
from followup.render.due import section
from followup.render.words import clock, why_now

Field = str | int | date | time | bool | Sequence[str] | None


def _field(value: Field) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, time):
        return clock(value)
    if isinstance(value, date):
        return value.isoformat()
    return visible(str(value) if isinstance(value, str | int) else ", ".join(value))


def plain_rows(result: Result) -> list[list[Field]] | None:
    """The rows of a result that is a list; None for one that is told in words."""
    match result:
        case DueList():
            return _due(result)
        case CustomerList():
            return _customers(result)
        case ConcernList():
            return [
                [c.id, c.opened_on, c.resolved_on, c.severity, c.category, c.customer_key, c.customer, c.text]
                for c in result.items
            ]
        case PromiseList():
            return [
                [p.id, p.state, p.by, p.done_on, p.told_on, p.about, p.answer, p.customer_key, p.customer, p.text]
                for p in result.items
            ]
        case PlaybookList():
            return [[p.playbook, p.title, p.complexity, p.steps_count, p.sales_count, p.source] for p in result.items]
        case Preview():
            return [
                [
                    t.due_on,
                    t.opens_on,
                    t.closes_on,
                    t.step,
                    t.occurrence,
                    t.purpose,
                    t.channel,
                    t.stage,
                    t.status,
                    t.goal,
                ]
                for t in result.touchpoints
            ]
        case Checked():
            return [[_place(p.source, p.line, p.column), p.severity, p.message, p.hint] for p in result.problems]
        case History():
            return [*map(_activity, result.activities), *map(_journal, result.items)]
        case ConfigView():
            return [[name, value] for name, value in result.values.items()] or [[result.path]]
        case _:
            return None


def _activity(fact: ActivityView) -> list[Field]:
    return [fact.id, fact.on, fact.kind, fact.outcomes, fact.channel, fact.direction, fact.note]


def _journal(line: HistoryLine) -> list[Field]:
    return [line.id, line.at, line.command, line.summary, line.undone]


def _due(result: DueList) -> list[list[Field]]:
    return [
        [
            view.id,
            section(view, result.today).lower(),
            view.due_on,
            view.agreed_time,
            view.customer,
            view.contact,
            view.channel,
            view.reach,
            view.purpose,
            view.stage,
            view.stage_day,
            view.mood,
            view.trend,
            why_now(view),
            view.folded_count,
            view.customer_key,
        ]
        for view in result.items
    ]


def _customers(result: CustomerList) -> list[list[Field]]:
    return [
        [
            item.customer_key,
            item.customer,
            item.sale,
            item.product,
            item.playbook,
            item.stage,
            item.stage_day,
            item.mood,
            item.trend,
            item.strength,
            item.last_contact_on,
            item.next.due_on if item.next else None,
            item.next.purpose if item.next else None,
            item.next.id if item.next else None,
            item.tier,
            item.tags,
            [flag.rule for flag in item.flags],
        ]
        for item in result.items
    ]


def _place(source: str, line: int, column: int) -> str:
    place = source
    if line:
        place += f":{line}" + (f":{column}" if column else "")
    return f"{place}:"


def rows_text(rows: Iterable[Iterable[Field]]) -> str:
    """Rows as text: tabs between fields, one line each."""
    return "".join("\t".join(map(_field, row)) + "\n" for row in rows)
