"""`why`: every rule and number behind a touchpoint, and what would change it."""

from __future__ import annotations

from followup.actions.context import Context
from followup.actions.finding import facts_of, find_touchpoint
from followup.actions.pages import owner_of
from followup.actions.refresh import refresh
from followup.actions.results import Why
from followup.actions.views import Owner, curve_view, feeling_on, mood_view, plan_view, priority_of
from followup.core.model.plan import Plan
from followup.core.model.touchpoint import Touchpoint
from followup.core.planner.plan import step_named

ASSUMPTIONS = (
    "the depth and timing of the dip, and how effort and concerns bend it, are judgement, not measurement",
    "the factors for usage, life cycle and extensiveness are assumptions; a playbook may override them",
    "mood is estimated from the curve; no reading has been used",
    "minimum gaps are conventions; the caps for 90 days come from one field study of car buyers",
)


def why(context: Context, which: str) -> Why:
    """The reasons that the planner gave when it decided, with curve, mood, factors and the parts of the priority."""
    notice = refresh(context) or context.store.notice
    stored = find_touchpoint(context, which)
    facts = facts_of(context, stored.customer_id)
    sale = next(sale for sale in facts.sales if sale.sale.number == stored.sale_id)
    made = context.store.stored_plan(stored.sale_id)
    owner = owner_of(context, facts, sale, made)
    feeling = feeling_on(owner.curve, owner.live_on, context.today)
    touchpoint = stored.touchpoint
    ranked = priority_of(touchpoint, feeling, facts.customer.tier, facts.customer.usage, context.today)
    view = plan_view(touchpoint, owner, context.today, number=stored.id)
    return Why(
        today=context.today,
        notices=(notice,) if notice else (),
        touchpoint=view,
        reasons=touchpoint.reasons,
        curve=curve_view(owner.curve),
        mood=mood_view(feeling),
        priority_parts={name: round(value, 2) for name, value in ranked.parts.items()},
        factors={name: round(value, 4) for name, value in (made.factors if made else {}).items()},
        assumptions=ASSUMPTIONS,
        would_change=would_change(touchpoint, made, facts.customer.key, stored.id, _hangs_on(owner, touchpoint)),
    )


def _hangs_on(owner: Owner, touchpoint: Touchpoint) -> str:
    step = step_named(owner.playbook, touchpoint.step)
    return step.when.base if step is not None else ""


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
    if touchpoint.step == "dip_watch":
        told.append("any real contact before it: followup done ID OUTCOME")
    if touchpoint.step.startswith("concern"):
        told.append("settling the concern: followup concern list, followup concern resolve ID")
    return tuple(told)
