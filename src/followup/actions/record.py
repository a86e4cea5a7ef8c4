"""`done`, `skip`, `snooze`: what happened is recorded as an activity; the plan follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time

from followup.actions.context import Context
from followup.actions.finding import facts_of, find_sale, find_touchpoint
from followup.actions.pages import upcoming
from followup.actions.planning import change_view, replan
from followup.actions.results import Change, Recorded
from followup.actions.views import activity_view
from followup.core.model.activity import Activity
from followup.core.model.concern import Concern
from followup.core.model.customer import Customer
from followup.core.model.outcome import MILESTONES, OUTCOMES, reached
from followup.core.model.promise import Promise
from followup.core.model.touchpoint import Reason, Status
from followup.core.planner.anchors import LIVE, SALE
from followup.core.planner.draft import day_text
from followup.errors import FollowupError
from followup.store import CustomerFacts, PlanChange, StoredTouchpoint

WHAT_HAPPENED = {Status.DONE: "done", Status.SKIPPED: "skipped", Status.EXPIRED: "expired"}
# Not planned any more; a contact that took place all the same is a fact.
TOO_LATE_TO_PLAN = (Status.EXPIRED, Status.ABSORBED, Status.HELD, Status.CANCELLED)
SCALES = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the user says about a contact."""

    outcomes: tuple[str, ...]
    note: str = ""
    on: date
    channel: str = ""
    score: int | None = None
    minutes: int | None = None
    milestone: str = ""
    concern: str = ""
    promise: str = ""
    promise_by: date | None = None


def read_outcomes(text: str) -> tuple[str, ...]:
    """Outcome codes from `good,idea`. Raises FollowupError naming the nearest code."""
    from difflib import get_close_matches

    codes = tuple(dict.fromkeys(word.strip().lower().replace("_", "-") for word in text.split(",") if word.strip()))
    for code in codes or ("",):
        if code not in OUTCOMES:
            near = get_close_matches(code, OUTCOMES, n=1)
            meant = f"did you mean {near[0]}? " if near else ""
            raise FollowupError(f"{code!r} is not an outcome", hint=f"{meant}use one of: {' '.join(OUTCOMES)}")
    _refuse_contradiction(codes)
    return codes


NOBODY_SPOKEN_TO = ("no-answer", "left-message")


def _refuse_contradiction(codes: tuple[str, ...]) -> None:
    spoken = [code for code in codes if code not in NOBODY_SPOKEN_TO]
    unanswered = [code for code in codes if code in NOBODY_SPOKEN_TO]
    if spoken and unanswered:
        raise FollowupError(
            f"{spoken[0]} and {unanswered[0]} contradict each other",
            hint=f"give one of the two: {spoken[0]} if you spoke to somebody, {unanswered[0]} if not",
        )


def done(context: Context, which: str, told: Told) -> Recorded:
    """Record a contact for a touchpoint, plan anew and tell what comes next. Done twice is said, not repeated."""
    _check(context, told)
    with context.write("done") as entry:
        stored = find_touchpoint(context, which)
        customer = context.store.customer(stored.customer_id)
        happened_after_all = stored.touchpoint.status in TOO_LATE_TO_PLAN
        if not happened_after_all and (already := _already(context, stored, customer)):
            return already
        _check_score(context, stored, told)
        number = context.store.add_activity(_contacted(stored, told))
        said = [_contact_sentence(stored, told)]
        said += _side_facts(context, stored, told)
        entry.summary = f"touchpoint {stored.id} of {customer.key}: {','.join(told.outcomes)}"
        return _recorded(context, "done", stored, said, number)


def _check(context: Context, told: Told) -> None:
    if told.on > context.today:
        raise FollowupError(
            f"{told.on} lies in the future: a contact that has not happened cannot be recorded",
            hint="followup snooze ID DATE",
        )
    if told.milestone and told.milestone not in MILESTONES:
        from difflib import get_close_matches

        near = get_close_matches(told.milestone, MILESTONES, n=1)
        meant = f"did you mean {near[0]}? " if near else ""
        raise FollowupError(f"{told.milestone!r} is not a milestone", hint=f"{meant}use one of: {' '.join(MILESTONES)}")
    for what, text in (("concern", told.concern), ("promise", told.promise)):
        if text and not text.strip():
            raise FollowupError(f"the {what} is empty", hint=f'--{what} "what was said"')
    if bool(told.promise) != (told.promise_by is not None):
        raise FollowupError("a promise needs a day by which it is kept", hint='--promise "send the guide" --by fri')


def _check_score(context: Context, stored: StoredTouchpoint, told: Told) -> None:
    """A score belongs to the one scale of the playbook."""
    if told.score is None:
        return
    sale = find_sale(context, facts_of(context, stored.customer_id), stored.sale_id)
    kpi = context.library.pinned(context.store, sale.playbook_id).kpi
    lowest, highest = SCALES[kpi]
    if not lowest <= told.score <= highest:
        raise FollowupError(f"{told.score} is no {kpi} score", hint=f"give a whole number from {lowest} to {highest}")


def _already(context: Context, stored: StoredTouchpoint, customer: Customer) -> Recorded | None:
    status = stored.touchpoint.status
    if status is Status.OPEN:
        return None
    if status is Status.WAITING:
        reason = stored.touchpoint.reasons[0].text if stored.touchpoint.reasons else "it waits for a date"
        raise FollowupError(f"{stored.touchpoint.step} is not due yet: {reason}", hint=f"followup show {customer.key}")
    told = WHAT_HAPPENED.get(status, status.value)
    when = f", on {day_text(stored.touchpoint.done_on)}" if stored.touchpoint.done_on else ""
    return Recorded(
        today=context.today,
        verb=told,
        customer=customer.name,
        customer_key=customer.key,
        activity=None,
        next=upcoming(context, facts_of(context, customer.id)),
        already=True,
        said=(f"{stored.touchpoint.step}{when}",),
        dry_run=context.dry_run,
    )


def _contacted(stored: StoredTouchpoint, told: Told) -> Activity:
    return _activity(
        stored,
        kind="contacted",
        on=told.on,
        channel=told.channel or stored.touchpoint.channel,
        outcomes=told.outcomes,
        note=told.note,
        score=told.score,
        minutes=told.minutes,
    )


def _activity(stored: StoredTouchpoint, *, kind: str, on: date, channel: str = "", **fields: object) -> Activity:
    """An activity about a touchpoint: it keeps what was planned, so that a rebuilt plan shows the same past."""
    touchpoint = stored.touchpoint
    return Activity(
        sale_id=stored.sale_id,
        kind=kind,
        on=on,
        channel=channel or touchpoint.channel,
        step=touchpoint.step,
        occurrence=touchpoint.occurrence,
        purpose=touchpoint.purpose,
        stage=touchpoint.stage.value,
        due_on=touchpoint.due_on,
        opens_on=touchpoint.opens_on,
        closes_on=touchpoint.closes_on,
        **fields,  # type: ignore[arg-type]
    )


def _contact_sentence(stored: StoredTouchpoint, told: Told) -> str:
    how = ", ".join(told.outcomes)
    if reached(told.outcomes):
        return f"recorded: {stored.touchpoint.step}, {how}, on {day_text(told.on)}"
    return f"recorded a try: {stored.touchpoint.step}, {how}, on {day_text(told.on)}; it stays open"


def _side_facts(context: Context, stored: StoredTouchpoint, told: Told) -> Iterable[str]:
    """The concern, promise and milestone that came with a contact, each recorded as a fact of its own."""
    store = context.store
    if "stop" in told.outcomes:
        store.update_customer(stored.customer_id, do_not_contact=True)
        yield "do not contact: everything that was planned is cancelled"
    if told.concern:
        store.add_concern(Concern(sale_id=stored.sale_id, text=told.concern.strip(), opened_on=told.on))
        yield "a moderate concern is open now; it bends the curve and gets a contact of its own"
    if told.promise and told.promise_by is not None:
        store.add_promise(Promise(sale_id=stored.sale_id, text=told.promise.strip(), by=told.promise_by))
        yield f"promised by {day_text(told.promise_by)}"
    if told.milestone:
        store.add_activity(Activity(sale_id=stored.sale_id, kind="milestone", on=told.on, milestone=told.milestone))
        yield f"milestone: {told.milestone}"
        yield from _dated_milestone(context, stored.sale_id, told)


MILESTONE_ANCHORS = {"signed": SALE, "live": LIVE}


def _dated_milestone(context: Context, sale_id: int, told: Told) -> Iterable[str]:
    """Signature and start of use are anchors as well; signing with open concerns is said aloud (B10)."""
    anchor = MILESTONE_ANCHORS.get(told.milestone)
    if anchor is None:
        return
    context.store.set_anchor(sale_id, anchor, told.on)
    yield f"{anchor} is {day_text(told.on)}"
    if anchor == SALE:
        opened = [found for found, _ in context.store.concerns(include_resolved=False) if found.sale_id == sale_id]
        if opened:
            count = f"{len(opened)} open concern{'s' if len(opened) > 1 else ''}"
            yield f"warning: signed with {count}; the dip will be deeper"
        yield from (f"  {concern.severity}: {concern.text}" for concern in opened)


def skip(context: Context, which: str, *, why: str = "") -> Recorded:
    """Leave a touchpoint out. A repeating step keeps its rhythm; one that was overdue starts again from today."""
    with context.write("skip") as entry:
        stored = find_touchpoint(context, which)
        customer = context.store.customer(stored.customer_id)
        if already := _already(context, stored, customer):
            return already
        number = context.store.add_activity(_activity(stored, kind="skipped", on=context.today, note=why))
        entry.summary = f"touchpoint {stored.id} of {customer.key}"
        said = [f"skipped: {stored.touchpoint.step}; it does not count as a contact"]
        return _recorded(context, "skipped", stored, said, number)


def snooze(context: Context, which: str, day: date, at: time | None = None) -> Recorded:
    """Move a touchpoint to a day set by hand; the day survives every later plan. With a time it is an agreement."""
    with context.write("snooze") as entry:
        stored = find_touchpoint(context, which)
        customer = context.store.customer(stored.customer_id)
        if already := _already(context, stored, customer):
            return already
        warnings = _check_snooze(context, stored, day)
        kind = "agreed" if at is not None else "snoozed"
        number = context.store.add_activity(_activity(stored, kind=kind, on=context.today, to_on=day, to_time=at))
        entry.summary = f"touchpoint {stored.id} of {customer.key} to {day}"
        clock = f" at {at:%H:%M}" if at is not None else ""
        was = f" (was {day_text(stored.touchpoint.due_on)})" if stored.touchpoint.due_on else ""
        said = [f"moved {stored.touchpoint.step} to {day_text(day)}{clock}{was}", *warnings]
        result = _recorded(context, "snoozed", stored, said, number)
        _refuse_unless_moved(context, stored, day)
        return result


def _refuse_unless_moved(context: Context, stored: StoredTouchpoint, day: date) -> None:
    """What sells keeps to its gate by hand as well (B32, C18): a day that the planner does not take is refused."""
    now = context.store.touchpoint(stored.id).touchpoint
    if now.due_on == day or now.due_on is None:
        return
    gates = [reason.text for reason in now.reasons if reason.rule == "gate"]
    nearest = f"followup snooze {stored.id} {now.due_on}"
    raise FollowupError(
        f"{stored.touchpoint.step} cannot be on {day_text(day)}" + (f": {gates[-1]}" if gates else ""),
        hint=nearest if now.due_on != stored.touchpoint.due_on else f"followup skip {stored.id}, or leave its date",
    )


def _check_snooze(context: Context, stored: StoredTouchpoint, day: date) -> list[str]:
    """Refuse what no date may do; warn of what the user should know."""
    touchpoint = stored.touchpoint
    if day < context.today:
        raise FollowupError(f"{day} has passed", hint=f"followup snooze {stored.id} tomorrow")
    warnings = []
    if touchpoint.deadline_on is not None and day > touchpoint.deadline_on:
        warnings.append(f"warning: that is past its deadline, {day_text(touchpoint.deadline_on)}")
    elif touchpoint.closes_on is not None and day > touchpoint.closes_on:
        warnings.append(f"warning: its window closes on {day_text(touchpoint.closes_on)}")
    elif touchpoint.opens_on is not None and day < touchpoint.opens_on:
        warnings.append(f"warning: its window opens on {day_text(touchpoint.opens_on)}")
    calendar = context.calendars.of(context.store.customer(stored.customer_id))
    if why := calendar.why_not(day):
        warnings.append(f"warning: {day_text(day)} is {why}")
    return warnings


def _recorded(context: Context, verb: str, stored: StoredTouchpoint, said: Iterable[str], number: int) -> Recorded:
    """Plan the customer anew and tell what changed; `number` is the activity. Only inside a write."""
    sentences = tuple(said)
    changes = replan(context, [stored.customer_id])
    facts = facts_of(context, stored.customer_id)
    sale = next(sale for sale in facts.sales if sale.sale.number == stored.sale_id)
    fact = next(activity for activity in sale.history.activities if activity.id == number)
    mine = (stored.sale_id, stored.touchpoint.step, stored.touchpoint.occurrence)
    if verb == "snoozed" or not _closed_now(sale.history.activities, stored):
        mine = (0, "", 0)
    return Recorded(
        today=context.today,
        verb=verb,
        customer=facts.customer.name,
        customer_key=facts.customer.key,
        activity=activity_view(fact),
        next=upcoming(context, facts),
        changes=explained(context, facts, [c for c in changes if (c.sale_id, c.step, c.occurrence) != mine]),
        said=sentences,
        dry_run=context.dry_run,
    )


def _closed_now(activities: Iterable[Activity], stored: StoredTouchpoint) -> bool:
    from followup.core.planner.facts import step_facts

    facts = step_facts(activities).get(stored.touchpoint.step)
    return facts is not None and stored.touchpoint.occurrence in facts.closed


def explained(context: Context, facts: CustomerFacts, changes: Iterable[PlanChange]) -> tuple[Change, ...]:
    """Changes with the reason that the planner itself gave: for the new date, or for planning it no more."""
    sales = [sale.sale.number for sale in facts.sales]
    reasons = {
        (one.sale_id, one.touchpoint.step, one.touchpoint.occurrence): main_reason(one.touchpoint.reasons)
        for one in context.store.stored_touchpoints(sales)
    }
    dropped = {
        (sale_id, reason.rule): reason.text
        for sale_id, plan in context.store.stored_plans(sales).items()
        for reason in plan.left_out
    }
    return tuple(
        change_view(
            change,
            reasons.get((change.sale_id, change.step, change.occurrence))
            or dropped.get((change.sale_id, change.step), "no longer needed"),
        )
        for change in changes
    )


# What says most about a date comes first.
_TELLING = (
    "expired",
    "by_hand",
    "retry",
    "catch_up",
    "concern",
    "rhythm",
    "watch",
    "gap",
    "cap",
    "working_day",
    "bounds",
    "spread",
    "squeeze",
    "repeats",
    "profile",
    "written",
)


def main_reason(reasons: Sequence[Reason]) -> str:
    """The one reason that says most about a date; '' when there is none."""
    ranked = sorted(reasons, key=lambda r: _TELLING.index(r.rule) if r.rule in _TELLING else len(_TELLING))
    return ranked[0].text if ranked else ""
