"""`why`: every rule and number behind a touchpoint, and what would change it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from followup.actions.context import Context
from followup.actions.finding import facts_of, find_touchpoint
from followup.actions.pages import EFFORT, flags_of, owner_of
from followup.actions.refresh import refresh
from followup.actions.results import ReadingView, Why
from followup.actions.views import Feeling, Owner, curve_view, mood_view, plan_view, priority_of, strength_view
from followup.core.model.customer import Customer
from followup.core.model.evidence import Evidence
from followup.core.model.plan import Plan
from followup.core.model.reading import last_understood
from followup.core.model.touchpoint import Reason, Touchpoint
from followup.core.mood import clock_on, weight_of
from followup.core.planner.anchors import SALE
from followup.core.planner.built_in import BUILT_IN
from followup.core.planner.draft import day_text
from followup.core.planner.plan import step_named
from followup.core.priority import PROMISE, Priority
from followup.core.priority import weight_of as weight_of_purpose

RECOVERY = "recovery"
ALWAYS_ASSUMED = (
    "the depth and timing of the dip, and how effort and concerns bend it, are judgement, not measurement",
    "the factors for usage, life cycle and extensiveness are assumptions; a playbook may override them",
    "minimum gaps are conventions; the caps for 90 days come from one field study of car buyers",
    "the weights of purposes, risk, lateness and value in the priority are judgement",
)


def why(context: Context, which: str) -> Why:
    """The reasons that the planner gave when it decided, with curve, mood, readings, factors, flags and priority."""
    notice = refresh(context) or context.store.notice
    today = context.today
    stored = find_touchpoint(context, which)
    facts = facts_of(context, stored.customer_id)
    sale = next(sale for sale in facts.sales if sale.sale.number == stored.sale_id)
    made = context.store.stored_plan(stored.sale_id)
    owner = owner_of(context, facts, sale, made)
    feeling = owner.feeling(today)
    touchpoint, customer = stored.touchpoint, facts.customer
    ranked = priority_of(touchpoint, feeling, customer.tier, customer.usage, today)
    relationship = owner.relationship
    strength = strength_view(relationship, today)
    running = relationship if strength is not None else None
    knowledge = last_understood(sale.history.readings)
    since, stability = clock_on(running, today) if running is not None else (None, None)
    return Why(
        today=today,
        notices=(notice,) if notice else (),
        touchpoint=plan_view(touchpoint, owner, today, number=stored.id),
        reasons=touchpoint.reasons,
        curve=curve_view(owner.curve),
        mood=mood_view(feeling),
        priority_parts={name: round(value, 2) for name, value in ranked.parts.items()},
        factors={name: round(value, 4) for name, value in (made.factors if made else {}).items()},
        assumptions=assumptions(owner, today),
        would_change=would_change(touchpoint, made, customer.key, stored.id, _hangs_on(owner, touchpoint)),
        lane_reason=lane_reason(touchpoint, ranked.lane, today),
        priority_reasons=tuple(priority_reasons(touchpoint, ranked, feeling, customer, today)),
        readings=readings(owner.evidence, today),
        effort=tuple(flag for flag in (made.flags if made else ()) if flag.rule == EFFORT),
        strength=strength,
        stability_days=None if stability is None else round(stability, 2),
        strength_since=since,
        flags=flags_of(sale, facts, made, owner, today),
        understood=knowledge.value if knowledge else None,
        understood_on=knowledge.on if knowledge else None,
        notes=customer.notes,
    )


def readings(evidence: Evidence | None, today: date) -> tuple[ReadingView, ...]:
    """What was heard up to today, oldest first, with what it weighs today (DOMAIN 4.4)."""
    if evidence is None:
        return ()
    return tuple(
        ReadingView(
            on=clue.on,
            value=round(100 * clue.value),
            weight=round(weight_of(clue, evidence, today), 4),
            source=clue.source,
            measured=clue.measured,
        )
        for clue in sorted(evidence.clues, key=lambda clue: clue.on)
        if clue.on <= today
    )


def assumptions(owner: Owner, today: date) -> tuple[str, ...]:
    """Which of the numbers are conventions or assumptions (A19)."""
    said = list(ALWAYS_ASSUMED)
    if owner.evidence is not None and any(clue.on <= today for clue in owner.evidence.clues):
        said.append(
            "what an outcome, a score or usage says about mood is a convention, and so is that it counts half "
            f"after {owner.evidence.half_life_days:g} days"
        )
    else:
        said.append("mood is estimated from the curve; no reading has been used")
    if strength_view(owner.relationship, today) is not None:
        said.append("how fast a relationship weakens, and what a contact adds, are conventions")
    return tuple(said)


def lane_reason(touchpoint: Touchpoint, lane: int, today: date) -> str:
    """Why a touchpoint stands in its lane (DOMAIN 4.9)."""
    if lane == 1 and touchpoint.step == PROMISE:
        by = touchpoint.deadline_on or touchpoint.due_on or today
        return f"it was promised by {day_text(by)}, and they have not been told"
    if lane == 1:
        return "a problem is being put right"
    if lane == 2 and touchpoint.deadline_on is not None:
        passed = "passed" if touchpoint.deadline_on < today else "is within two days"
        return f"its deadline, {day_text(touchpoint.deadline_on)}, {passed}"
    return "no problem, no broken promise, no deadline within two days: the score decides"


def priority_reasons(
    touchpoint: Touchpoint, ranked: Priority, feeling: Feeling | None, customer: Customer, today: date
) -> Iterator[Reason]:
    """Every addend of the priority in words (DOMAIN 4.9)."""
    parts = {name: round(value, 1) for name, value in ranked.parts.items()}
    yield Reason("risk", f"{parts['risk']:g} of 40 for risk: {_risk_text(feeling)}", {"points": parts["risk"]})
    about = "a promise" if touchpoint.step == PROMISE else touchpoint.purpose.replace("_", " ")
    heavy = weight_of_purpose(touchpoint.purpose, customer.usage) > weight_of_purpose(touchpoint.purpose, "normal")
    lifted = ", 0.1 more for heavy use" if heavy and touchpoint.step != PROMISE else ""
    weight = f"{ranked.parts['purpose'] / 25:g}"
    text = f"{parts['purpose']:g} of 25 for what it is for: {about} weighs {weight}{lifted}"
    yield Reason("purpose", text, {"points": parts["purpose"]})
    late = max(0, (today - (touchpoint.due_on or today)).days)
    lateness = f"{late} day{'' if late == 1 else 's'} late" if late else "not late"
    yield Reason("late", f"{parts['late']:g} of 20 for lateness: {lateness}", {"points": parts["late"]})
    yield Reason("close", f"{parts['close']:g} of 15 for time running out: {_end_text(touchpoint)}", {})
    yield Reason("value", f"times {ranked.parts['value']:g} for tier {customer.tier}", {})


def _risk_text(feeling: Feeling | None) -> str:
    if feeling is None:
        return "the start of use is not known, so the mood is taken as normal"
    fall = round(100 * feeling.mood.fall)
    falling = f", {fall} lower than a week ago" if fall else ", no lower than a week ago"
    return f"mood is estimated at {feeling.estimate} where {100 * feeling.level:.0f} is normal{falling}"


def _end_text(touchpoint: Touchpoint) -> str:
    ends = [day for day in (touchpoint.closes_on, touchpoint.deadline_on) if day is not None]
    return f"the last day is {day_text(min(ends))}" if ends else "it has no last day"


def _hangs_on(owner: Owner, touchpoint: Touchpoint) -> str:
    step = step_named(owner.playbook, touchpoint.step)
    if step is None or (touchpoint.step in BUILT_IN and step.when.base == SALE):  # it hangs on what happened
        return ""
    return step.when.base


def would_change(touchpoint: Touchpoint, made: Plan | None, key: str, number: int, anchor: str) -> tuple[str, ...]:
    """What would move this date, each with the command to type."""
    told = []
    if touchpoint.is_open:
        told.append(f"another day by hand: followup snooze {number} DATE")
    if made is not None and anchor in made.anchors:
        assumed = " (now assumed)" if anchor in made.assumed_anchors else ""
        told.append(f"the date of {anchor}{assumed}: followup anchor set {key} {anchor} DATE")
    if touchpoint.extra:
        told.append(f"it comes in by profile: followup set {key} usage heavy|normal|light, or tier A|B|C")
    if touchpoint.purpose == RECOVERY:
        told.append(f"each of these contacts starts the days of the next one: followup done {number} OUTCOME")
    if touchpoint.step == "dip_watch":
        told.append("any real contact before it: followup done ID OUTCOME")
    if touchpoint.step == PROMISE:
        told.append(f"keeping it and telling them: followup done {number} OUTCOME")
    if touchpoint.step.startswith("concern"):
        told.append("settling the concern: followup concern list, followup concern resolve ID")
    return tuple(told)
