"""`next`: one recommended action for a customer, with its reason and a day (E14, E23)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from followup.actions.context import Context
from followup.actions.finding import facts_of, find_customer
from followup.actions.pages import flags_of, owner_of
from followup.actions.refresh import refresh
from followup.actions.results import Advice, TouchpointView
from followup.actions.steps import step_words
from followup.actions.telling import main_reason
from followup.actions.views import plan_view
from followup.core.model.promise import Promise
from followup.core.model.touchpoint import Reason, Status
from followup.core.planner.draft import day_text
from followup.store import CustomerFacts

# What is wrong with a sale as a whole and comes before what is merely due, worst first.
PRESSING = (
    "problem",
    "at_risk",
    "low_mood",
    "stuck",
    "neglected",
    "silent",
    "no_result",
    "dormant",
    "complacency",
)
ON_HOLD = "on_hold"
RECOVERY, PROMISE = "recovery", "promise"
HOW = {
    "phone": "call",
    "email": "write to",
    "message": "send a message to",
    "letter": "send a letter to",
    "visit": "visit",
    "meeting": "meet",
    "video": "hold a video call with",
    "screen_share": "share a screen with",
    "in_person": "talk to",
}


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is open for a customer, the most important first; what is wrong; what is owed and late."""

    views: tuple[TouchpointView, ...]
    flags: tuple[Reason, ...]
    broken: tuple[Promise, ...]
    waiting: tuple[str, ...]  # anchors whose dates are missing
    left_out: tuple[Reason, ...]
    today: date

    @property
    def due(self) -> tuple[TouchpointView, ...]:
        """What is due today or overdue."""
        return tuple(view for view in self.views if _is_due(view, self.today))


def advise(context: Context, which: str) -> Advice:
    """The one action that comes first for a customer: trouble, then what is due, then the next date."""
    notice = refresh(context) or context.store.notice
    facts = facts_of(context, find_customer(context, which).id)
    touchpoint, text, reason, command = _advice(facts, _outlook(context, facts))
    return Advice(
        today=context.today,
        notices=(notice,) if notice else (),
        customer=facts.customer.name,
        customer_key=facts.customer.key,
        touchpoint=touchpoint,
        text=text,
        reason=reason,
        command=command,
        notes=facts.customer.notes,
    )


def _outlook(context: Context, facts: CustomerFacts) -> Outlook:
    sales = {sale.sale.number: sale for sale in facts.sales}
    plans = context.store.stored_plans(sales)
    owners = {number: owner_of(context, facts, sale, plans.get(number)) for number, sale in sales.items()}
    stored = context.store.stored_touchpoints(sales)
    views = [
        plan_view(one.touchpoint, owners[one.sale_id], context.today, number=one.id)
        for one in stored
        if one.touchpoint.is_open and one.touchpoint.due_on is not None
    ]
    promises = [promise for sale in facts.sales for promise in sale.history.promises]
    waits = [one.touchpoint.reasons for one in stored if one.touchpoint.status is Status.WAITING]
    return Outlook(
        views=tuple(sorted(views, key=lambda view: _rank(view, context.today))),
        flags=tuple(
            flag
            for number, sale in sales.items()
            for flag in flags_of(sale, facts, plans.get(number), owners[number], context.today)
        ),
        broken=tuple(promise for promise in promises if promise.is_open and promise.by < context.today),
        waiting=tuple(str(r.inputs["anchor"]) for reasons in waits for r in reasons if "anchor" in r.inputs),
        left_out=tuple(reason for plan in plans.values() for reason in plan.left_out),
        today=context.today,
    )


def _rank(view: TouchpointView, today: date) -> tuple[object, ...]:
    """As the due list ranks: due ones by lane and priority, coming ones by date."""
    if not _is_due(view, today):
        return (1, view.due_on, view.id)
    return (0, view.lane, -view.priority, view.due_on, view.id)


def _is_due(view: TouchpointView, today: date) -> bool:
    return view.due_on is not None and view.due_on <= today


Found = tuple[TouchpointView | None, str, str, str]


def _advice(facts: CustomerFacts, outlook: Outlook) -> Found:
    """What to do, why, and what to type: the first of these that holds."""
    key = facts.customer.key
    if facts.customer.do_not_contact:
        return None, f"leave {facts.customer.name} alone", "they do not want to be contacted", f"followup show {key}"
    if not facts.sales:
        typed = f"followup sale add {key} --playbook saas --signed {outlook.today}"
        return None, "record the sale when there is one", "nothing is planned for a customer without a sale", typed
    found = next(_pressing(facts, outlook), None)
    if found is not None:
        return found
    if outlook.due:
        return _contact(outlook.due[0], outlook.today)
    for flag in outlook.flags:
        if flag.rule == ON_HOLD:
            return None, "wait", flag.text, f"followup resume {key}"
    if outlook.views:
        return _contact(outlook.views[0], outlook.today)
    if outlook.waiting:
        anchor = outlook.waiting[0]
        typed = f"followup anchor set {key} {anchor} DATE"
        return None, f"enter the date of {anchor}", "what is planned waits for it", typed
    reason = main_reason(outlook.left_out) or "nothing is open"
    return None, "nothing to do", reason, f"followup show {key}"


def _pressing(facts: CustomerFacts, outlook: Outlook) -> Iterator[Found]:
    """What must come first: an open problem, a broken promise, whatever is wrong with the sale as a whole."""
    wrong = sorted(
        (flag for flag in outlook.flags if flag.rule in PRESSING), key=lambda flag: PRESSING.index(flag.rule)
    )
    recovery = [view for view in outlook.views if view.step.startswith(RECOVERY)]
    problems = [flag for flag in wrong if flag.rule == "problem"]
    if problems or _first_due(recovery, outlook.today):
        why = problems[0].text if problems else "a problem is open"
        yield _answer(facts, recovery, outlook, why, "solve the open problem and tell them")
    for promise in outlook.broken:
        owed = [view for view in outlook.views if (view.step, view.occurrence) == (PROMISE, promise.number)]
        why = f"it was promised by {day_text(promise.by)}"
        what = "tell them that it is done" if promise.done_on is not None else "keep your promise and tell them"
        goal = f"{what}: {promise.text}"
        yield _answer(facts, owed, outlook, why, goal, f"followup promise done {promise.id} --told")
    for flag in wrong:
        yield _answer(facts, outlook.due or outlook.views, outlook, flag.text, "get in touch")


def _answer(
    facts: CustomerFacts, views: Sequence[TouchpointView], outlook: Outlook, why: str, otherwise: str, typed: str = ""
) -> Found:
    """The contact that answers to what is wrong; where none is due, what to do today all the same."""
    due = _first_due(views, outlook.today)
    if due is not None:
        goal = otherwise if due.step == PROMISE else due.goal
        return _contact(due, outlook.today, goal=goal, why=why)
    following = views[0] if views else None
    planned = f"; {step_words(following.step)} is planned on {_day(following)}" if following is not None else ""
    return following, f"today: {otherwise}", why + planned, typed or f"followup log {facts.customer.key} OUTCOME"


def _first_due(views: Iterable[TouchpointView], today: date) -> TouchpointView | None:
    return next((view for view in views if _is_due(view, today)), None)


def _contact(view: TouchpointView, today: date, *, goal: str = "", why: str = "") -> Found:
    """A touchpoint as advice: whom, how, when and what for; `why` is what was said about it already."""
    when = "today" if _is_due(view, today) else f"on {_day(view)}"
    whom = view.contact or view.customer or "them"
    text = f"{HOW.get(view.channel, 'contact')} {whom} {when}: {goal or view.goal or _spoken(view.purpose)}"
    return view, text, "; ".join(filter(None, (why, *_reasons(view, why)))), f"followup done {view.id} OUTCOME"


def _reasons(view: TouchpointView, why: str) -> tuple[str, ...]:
    """What the list and the plan say about a contact, without what was said already."""
    if not why:
        return (view.why_now, main_reason(view.reasons))
    if view.step == PROMISE:
        return (f"{view.days_overdue} days late" if view.days_overdue > 1 else "",)
    return (view.why_now, "" if view.step.startswith(RECOVERY) else main_reason(view.reasons))


def _day(view: TouchpointView) -> str:
    return day_text(view.due_on) if view.due_on is not None else "a day to come"


def _spoken(name: str) -> str:
    return name.replace("_", " ")
