"""One customer: who they are, the curve drawn, where they are on it, what comes, what happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from followup.actions.results import (
    ActivityView,
    ConcernView,
    ContactView,
    CustomerPage,
    CustomerView,
    PromiseView,
    SaleView,
    SpanView,
    TouchpointView,
)
from followup.actions.steps import step_words, why_not
from followup.core.model.touchpoint import Reason
from followup.render.curve import Mark, curve_lines
from followup.render.line import BLANK, Line, Part, Span, dim, joined, late, strong
from followup.render.mood import MEASURED, flag_lines, measured_words
from followup.render.screen import Screen
from followup.render.table import Column, table
from followup.render.words import (
    arrow,
    clock,
    day,
    due_role,
    iso,
    lateness,
    more_line,
    number,
    shown,
    spoken,
    stage_day,
    understood_words,
    what_for,
)

_ABOUT_A_STEP = ("skipped", "snoozed", "agreed")
_COMING = ("open", "held", "waiting")
_GONE = {"expired": "expired", "absorbed": "folded into another"}
_STOPS = ("on_hold", "problem")


def customer_lines(result: CustomerPage, screen: Screen) -> list[Line]:
    """The whole page of a customer (`show`)."""
    lines = _about(result.customer, screen)
    lines += _people(result.contacts, screen)
    if not result.sales:
        lines += [
            BLANK,
            *screen.paragraph("No sale is being followed up yet: ", strong(f"followup sale add {result.customer.key}")),
        ]
    for sale in result.sales:
        lines += [BLANK, *_sale(sale, result.customer, result.today, screen)]
    return lines


def _about(customer: CustomerView, screen: Screen) -> list[Line]:
    place = "-".join(part for part in (customer.country, customer.subdivision) if part)
    company = customer.company if customer.company.casefold() != customer.name.casefold() else ""
    facts = (
        customer.key,
        company,
        spoken(customer.kind),
        f"tier {customer.tier}" if customer.tier else "",
        f"{customer.usage} use" if customer.usage else "",
        place,
        customer.timezone,
        ", ".join(customer.tags),
    )
    lines = screen.paragraph(strong(customer.name))
    lines += screen.facts([[dim(fact)] for fact in facts if fact], indent=2)
    if customer.do_not_contact:
        lines += screen.paragraph(late("Do not contact"), " - nothing is planned for them", indent=2)
    if customer.notes:
        lines += screen.paragraph(customer.notes, indent=2)
    if customer.external_id:
        lines += screen.paragraph(dim("external id "), customer.external_id, indent=2)
    for name, value in customer.extra.items():
        if value:
            lines += screen.paragraph(dim(f"{name}: "), value, indent=2, hang=4)
    return lines


def _people(contacts: Sequence[ContactView], screen: Screen) -> list[Line]:
    if not contacts:
        return []
    columns = (
        Column(title="People", least=12, most=32, wrap=True),
        Column(title="Role", drop=2),
        Column(title="Phone", drop=1),
        Column(title="E-mail", most=44, drop=1),
        Column(title="Prefers", drop=3, label=True),
        Column(title=""),
    )
    rows: list[list[Part]] = [
        [
            strong(contact.name),
            spoken(contact.role),
            contact.phone,
            contact.email,
            spoken(contact.channel),
            late("do not contact") if contact.do_not_contact else "main" if contact.is_main else "",
        ]
        for contact in sorted(contacts, key=lambda contact: not contact.is_main)
    ]
    return table(columns, rows, screen)


def _sale(sale: SaleView, customer: CustomerView, today: date, screen: Screen) -> list[Line]:
    """One sale: heading, the curve, then what comes and what was."""
    lines = screen.facts(
        [
            [strong(sale.product or f"Sale {sale.id}")],
            [dim(f"sale {sale.id}") if sale.product else ""],
            [dim(f"playbook {sale.playbook}")],
            [dim(f"worth {number(sale.value)}") if sale.value is not None else ""],
        ]
    )
    if sale.goal:
        lines += screen.paragraph(dim("Their goal: "), sale.goal, indent=2, hang=4)
    for name, text in sale.extra.items():
        lines += screen.paragraph(dim(f"{name}: "), text, indent=2, hang=4)
    lines += screen.facts(_standing(sale, screen), indent=2)
    lines += flag_lines(sale.flags, screen)
    lines += curve_lines(
        sale.mood_line,
        sale.curve,
        screen,
        live_on=sale.live_on,
        today=today,
        marks=_marks(sale, today),
        estimate=sale.mood.estimate if sale.mood else None,
    )
    lines += anchor_lines(sale.anchors, sale.assumed_anchors, screen)
    lines += stage_lines(sale.stages, screen)
    lines += _coming(sale, customer, today, screen)
    lines += _left_out(sale, screen)
    lines += _concerns(sale.concerns, screen)
    lines += _promises(sale.promises, today, screen)
    lines += _happened(sale.activities, customer, screen)
    return lines


def _standing(sale: SaleView, screen: Screen) -> list[list[Part]]:
    """Where the sale is: stage and day, mood with what it is made of, strength, what they understood."""
    estimate: list[Part] = []
    if sale.mood:
        parts = [f"model {sale.mood.model}"]
        if sale.mood.evidence is not None:
            parts.append(f"evidence {sale.mood.evidence}")
        if sale.mood.measured_on and sale.mood.label != MEASURED:
            parts.append(measured_words(sale.mood))
        trend = f"{arrow(sale.trend, screen.glyphs)} {sale.trend or ''}".strip()
        if sale.mood.label == MEASURED:
            estimate = ["mood ", strong(measured_words(sale.mood)), ", "]
        estimate += [
            "mood (est.) " if not estimate else "estimated ",
            strong(f"{sale.mood.estimate} {trend}".rstrip()),
            dim(f" ({', '.join(parts)})"),
        ]
    strength: list[Part] = []
    if sale.strength is not None:
        strength = ["relationship strength ", strong(str(sale.strength))]
    knowledge: list[Part] = [understood_words(sale.understood, sale.understood_on)]
    return [[strong(stage_day(sale.stage, sale.stage_day, sale.stage_days))], estimate, strength, knowledge]


def _marks(sale: SaleView, today: date) -> list[Mark]:
    """The touchpoints that are dated: done ones on the day they were done."""
    marks: list[Mark] = []
    for view in sale.touchpoints:
        if view.status == "done" and (view.done_on or view.due_on):
            marks.append(Mark(on=view.done_on or view.due_on or today, kind="done"))
        elif view.status in _COMING and view.due_on:
            marks.append(Mark(on=view.due_on, kind="late" if view.due_on < today else "planned"))
    return marks


def anchor_lines(anchors: Mapping[str, date | None], assumed: Sequence[str], screen: Screen) -> list[Line]:
    """The named dates; those that follow from a default are marked as assumed."""
    if not anchors:
        return []
    groups: list[list[Part]] = []
    for name, on in anchors.items():
        mark = [dim(" (assumed)")] if name in assumed and on else []
        groups.append([dim(f"{spoken(name)} "), iso(on) or "not known", *mark])
    return screen.paragraph(dim("Dates: "), *joined(groups, ", "), indent=2, hang=4)


def stage_lines(stages: Mapping[str, SpanView], screen: Screen) -> list[Line]:
    """The stages with the day on which each begins."""
    groups: list[list[Part]] = [
        [dim(f"{spoken(name)} "), f"from {iso(span.begin)}" if span.begin else "not dated yet"]
        for name, span in stages.items()
    ]
    return screen.paragraph(dim("Stages: "), *joined(groups, ", "), indent=2, hang=4) if groups else []


def _coming(sale: SaleView, customer: CustomerView, today: date, screen: Screen) -> list[Line]:
    coming = sorted(
        (view for view in sale.touchpoints if view.status in _COMING),
        key=lambda view: (view.due_on or date.max, -view.priority),
    )
    lines: list[Line] = [BLANK, *screen.paragraph(strong("What comes"))]
    if not coming:
        return lines + screen.paragraph("Nothing is planned.", indent=2)
    limit = shown(len(coming), screen)
    lines += touchpoint_table(coming[:limit], today, screen)
    for view in coming[:limit]:
        if view.status == "held" and (reason := status_reason(view, sale.flags)):
            held = f"{view.id}" if view.id is not None else _step(view)
            lines += screen.paragraph(dim(f"{held} is held: "), reason, indent=2, hang=4)
    return lines + more_line(len(coming) - limit, screen, f"followup due --customer {customer.key} --days 365 --all")


def _left_out(sale: SaleView, screen: Screen) -> list[Line]:
    """What left the list without being done, newest first, each with the reason."""
    gone = sorted(
        (view for view in sale.touchpoints if view.status in _GONE),
        key=lambda view: (view.due_on or date.min, view.id or 0),
        reverse=True,
    )
    if not gone:
        return []
    columns = (
        Column(title="ID", right=True),
        Column(title="Was due"),
        Column(title="For"),
        Column(title="Step", drop=1),
        Column(title="What became of it", least=24, most=90, wrap=True),
    )
    limit = shown(len(gone), screen)
    rows: list[list[Part]] = [
        [
            strong("" if view.id is None else str(view.id)),
            dim(iso(view.due_on)),
            what_for(view),
            dim(_step(view)),
            ": ".join(filter(None, (_GONE[view.status], status_reason(view)))),
        ]
        for view in gone[:limit]
    ]
    lines: list[Line] = [BLANK, *screen.paragraph(strong("What fell away")), *table(columns, rows, screen)]
    return lines + more_line(len(gone) - limit, screen)


def status_reason(view: TouchpointView, flags: Sequence[Reason] = ()) -> str:
    """Why a touchpoint is held, expired or folded: its own reason, else what stops the whole sale."""
    stops = [flag.text for flag in flags if flag.rule in _STOPS]
    return why_not(view.status, view.reasons) or (stops[-1] if stops else "")


def _step(view: TouchpointView) -> str:
    return step_words(view.step, view.occurrence)


def touchpoint_table(views: Sequence[TouchpointView], today: date, screen: Screen) -> list[Line]:
    """Touchpoints of one sale in order: number, day, purpose, channel, stage, step."""
    columns = (
        Column(title="ID", right=True),
        Column(title="Due"),
        Column(title="For"),
        Column(title="By", drop=1),
        Column(title="To", least=10, most=24, drop=4),
        Column(title="Stage", drop=2),
        Column(title="Step", drop=3),
        Column(title=""),
    )
    rows: list[list[Part]] = []
    for view in views:
        on = f"{day(view.due_on)} {clock(view.agreed_time)}".rstrip()
        state = [
            lateness(view.days_overdue),
            "" if view.status == "open" else view.status,
            "set by hand" if view.by_hand else "",
            f"deadline {iso(view.deadline_on)}" if view.deadline_on else "",
        ]
        rows.append(
            [
                strong("" if view.id is None else str(view.id)),
                Span(on, due_role(view.due_on, today) if view.status == "open" else "dim"),
                what_for(view),
                spoken(view.channel),
                view.contact or "",
                dim(spoken(view.stage)),
                dim(_step(view)),
                Span(", ".join(filter(None, state)), "late" if view.days_overdue else "dim"),
            ]
        )
    return table(columns, rows, screen)


def _concerns(concerns: Sequence[ConcernView], screen: Screen) -> list[Line]:
    if not concerns:
        return []
    return [
        BLANK,
        *screen.paragraph(strong("Concerns")),
        *concern_table(concerns, screen, with_customer=False),
    ]


def concern_table(concerns: Sequence[ConcernView], screen: Screen, *, with_customer: bool) -> list[Line]:
    """Concerns, open ones first."""
    columns = (
        Column(title="ID", right=True),
        *((Column(title="Customer", least=12, most=30),) if with_customer else ()),
        Column(title="Since", label=True),
        Column(title="How bad"),
        Column(title="About", drop=1),
        Column(title="What they said", least=20, most=80, wrap=True),
        Column(title="", drop=2),
    )
    rows: list[list[Part]] = []
    for concern in sorted(concerns, key=lambda concern: concern.resolved_on is not None):
        is_open = concern.resolved_on is None
        rows.append(
            [
                strong(str(concern.id)),
                *((concern.customer,) if with_customer else ()),
                iso(concern.opened_on),
                Span(concern.severity, "late" if is_open and concern.severity == "major" else ""),
                concern.category,
                Span(concern.text, "" if is_open else "dim"),
                "open" if is_open else dim(f"resolved {iso(concern.resolved_on)}"),
            ]
        )
    return table(columns, rows, screen)


def _promises(promises: Sequence[PromiseView], today: date, screen: Screen) -> list[Line]:
    if not promises:
        return []
    columns = (
        Column(title="ID", right=True),
        Column(title="By"),
        Column(title="What we owe them", least=20, most=80, wrap=True),
        Column(title=""),
    )
    rows: list[list[Part]] = []
    for promise in sorted(promises, key=lambda promise: (promise.told_on is not None, promise.by)):
        if promise.told_on:
            state: Part = dim(f"kept, told {iso(promise.told_on)}")
        elif promise.done_on:
            state = strong("done, tell them")
        elif promise.by < today:
            state = late(lateness((today - promise.by).days))
        else:
            state = "open"
        rows.append([strong(str(promise.id)), iso(promise.by), promise.text, state])
    return [BLANK, *screen.paragraph(strong("Promises")), *table(columns, rows, screen)]


def _happened(activities: Sequence[ActivityView], customer: CustomerView, screen: Screen) -> list[Line]:
    lines: list[Line] = [BLANK, *screen.paragraph(strong("What happened"))]
    if not activities:
        return lines + screen.paragraph("Nothing is recorded yet.", indent=2)
    limit = shown(len(activities), screen)
    newest = sorted(activities, key=lambda activity: (activity.on, activity.id), reverse=True)
    lines += activity_table(newest[:limit], screen)
    return lines + more_line(len(activities) - limit, screen, f"followup history {customer.key}")


def activity_table(activities: Sequence[ActivityView], screen: Screen) -> list[Line]:
    """Recorded facts: the day, what, how it went, and the words."""
    columns = (
        Column(title="On"),
        Column(title="What", least=18, most=40, wrap=True),
        Column(title="How it went", least=12, most=32, wrap=True),
        Column(title="By", drop=2),
        Column(title="Note", least=20, most=90, wrap=True),
    )
    rows: list[list[Part]] = [
        [
            iso(activity.on),
            what_happened(activity),
            strong(", ".join(activity.outcomes)),
            joined_words(spoken(activity.channel), "they came to us" if activity.direction == "inbound" else ""),
            joined_words(
                activity.note,
                f"score {activity.score}" if activity.score is not None else "",
                f"{activity.minutes} min" if activity.minutes is not None else "",
            ),
        ]
        for activity in activities
    ]
    return table(columns, rows, screen)


def what_happened(activity: ActivityView) -> str:
    """An activity in a few words: `contacted (prevention)`, `snoozed to 2026-03-20`."""
    words = spoken(activity.kind)
    if activity.milestone:
        words += f" {spoken(activity.milestone)}"
    if activity.to_on:
        words += f" to {iso(activity.to_on)}"
    about = spoken(activity.purpose) or (activity.step if activity.kind in _ABOUT_A_STEP else "")
    return f"{words} ({about})" if about else words


def joined_words(*words: str) -> str:
    """The words that are there, with commas."""
    return ", ".join(word for word in words if word)
