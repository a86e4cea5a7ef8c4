"""`done`, `log`, `skip`, `snooze`: what happened is recorded as an activity; the plan follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, time

from followup.actions.context import Context
from followup.actions.finding import counted_for, facts_of, find_customer, find_sale, find_touchpoint
from followup.actions.outcomes import added_facts, words_of
from followup.actions.pages import upcoming
from followup.actions.planning import replan, up_to_date
from followup.actions.results import Recorded
from followup.actions.steps import step_words
from followup.actions.telling import explained, planned_sentence
from followup.actions.told import About, Told, activity_about, check_score, check_told
from followup.actions.views import activity_view
from followup.core.model.activity import Activity
from followup.core.model.customer import Customer
from followup.core.model.outcome import reached
from followup.core.model.touchpoint import Status
from followup.core.planner.draft import day_text
from followup.core.planner.facts import step_facts
from followup.errors import FollowupError, NotFoundError
from followup.store import CustomerFacts, SaleFacts, StoredTouchpoint

WHAT_HAPPENED = {Status.DONE: "done", Status.SKIPPED: "skipped", Status.EXPIRED: "expired"}
# Not planned any more; a contact that took place all the same is a fact.
TOO_LATE_TO_PLAN = (Status.EXPIRED, Status.ABSORBED, Status.HELD, Status.CANCELLED)
# What a contact that was planned is not for.
NEVER_PLANNED = {"problem", "stop", "wrong-contact"}
ASKED_AGAIN_WORKING_DAYS = 5  # for a contact put off to no day in particular


def done(context: Context, which: str, told: Told) -> Recorded:
    """Record a contact for a touchpoint, plan anew and tell what comes next. Done twice is said, not repeated."""
    check_told(context, told)
    with context.write("done") as entry:
        stored, notices = _find_up_to_date(context, which)
        facts = facts_of(context, stored.customer_id)
        customer = facts.customer
        happened_after_all = stored.touchpoint.status in TOO_LATE_TO_PLAN
        if not happened_after_all and (already := _already(context, stored, customer, notices)):
            return already
        about = _about(context, facts, find_sale(context, facts, stored.sale_id), stored)
        check_score(about.playbook, told)
        number = context.store.add_activity(_contacted(stored, told))
        said = [_contact_sentence(stored, told), *words_of(about, told), *added_facts(context, about, told)]
        said += _put_off(context, customer, stored, told)
        entry.summary = f"touchpoint {stored.id} of {customer.key}: {','.join(told.outcomes)}"
        result = _recorded(context, "done", customer.id, said, number, stored, known=facts, notices=notices)
        _refuse_unless_put_off(context, stored, told)
        return result


def log(context: Context, which: str, told: Told, *, sale: int | None = None) -> Recorded:
    """Record a contact that was not planned: it counts like any other, whoever began it (A3, DOMAIN 5.5)."""
    check_told(context, told)
    with context.write("log") as entry:
        customer = find_customer(context, which)
        notices = up_to_date(context, [customer.id])
        facts = facts_of(context, customer.id)
        found = find_sale(context, facts, sale)
        about = _about(context, facts, found, None)
        check_score(about.playbook, told)
        number = context.store.add_activity(_unplanned(about, told))
        said = [_log_sentence(about, told) + counted_for(facts, found, sale)]
        said += added_facts(context, about, told)
        stored = _next_open(context, found) if "postponed" in told.outcomes else None
        if stored is not None:
            said += _put_off(context, customer, stored, told)
        elif told.to_on is not None:
            raise NotFoundError(f"{customer.name} has nothing open to put off", hint=f"followup show {customer.key}")
        entry.summary = f"contact with {customer.key}: {','.join(told.outcomes)}"
        meant = _meant_for(context, found, told)
        result = _recorded(context, "logged", customer.id, said, number, None, known=facts, also=meant, notices=notices)
        if stored is not None:
            _refuse_unless_put_off(context, stored, told)
        return result


def _find_up_to_date(context: Context, which: str) -> tuple[StoredTouchpoint, tuple[str, ...]]:
    """The touchpoint that is meant, as it stands today, and the notice of what else time has taken off the plan.

    One that time has taken off the plan is given as it stood last.
    """
    known = find_touchpoint(context, which) if which.isdecimal() else None
    customer_id = known.customer_id if known is not None else find_customer(context, which).id
    notices = up_to_date(context, [customer_id], but=known)
    try:
        return find_touchpoint(context, which), notices
    except NotFoundError:
        if known is None:
            raise
        return known, notices


def _about(context: Context, facts: CustomerFacts, sale: SaleFacts, stored: StoredTouchpoint | None) -> About:
    plan = context.store.stored_plan(sale.sale.number)
    return About(
        customer=facts.customer,
        sale=sale,
        playbook=context.library.pinned(context.store, sale.playbook_id),
        stages=plan.stages if plan is not None else None,
        stored=stored,
    )


def _already(
    context: Context, stored: StoredTouchpoint, customer: Customer, notices: tuple[str, ...]
) -> Recorded | None:
    status = stored.touchpoint.status
    if status is Status.OPEN:
        return None
    if status is Status.WAITING:
        reason = stored.touchpoint.reasons[0].text if stored.touchpoint.reasons else "it waits for a date"
        raise FollowupError(f"{_step(stored)} is not due yet: {reason}", hint=f"followup show {customer.key}")
    told = WHAT_HAPPENED.get(status, status.value)
    when = f", on {day_text(stored.touchpoint.done_on)}" if stored.touchpoint.done_on else ""
    return Recorded(
        today=context.today,
        notices=notices,
        verb=told,
        customer=customer.name,
        customer_key=customer.key,
        activity=None,
        next=upcoming(context, facts_of(context, customer.id)),
        already=True,
        said=(f"{_step(stored)}{when}",),
        dry_run=context.dry_run,
    )


def _contacted(stored: StoredTouchpoint, told: Told) -> Activity:
    return activity_about(
        stored,
        kind="contacted",
        on=told.on,
        channel=told.channel,
        direction=_direction(told),
        outcomes=told.outcomes,
        note=told.words,
        score=told.score,
        minutes=told.minutes,
    )


def _unplanned(about: About, told: Told) -> Activity:
    return Activity(
        sale_id=about.sale_id,
        kind="contacted",
        on=told.on,
        direction=_direction(told),
        channel=told.channel,
        outcomes=told.outcomes,
        note=told.words,
        score=told.score,
        minutes=told.minutes,
        purpose=told.purpose,
    )


def _step(stored: StoredTouchpoint) -> str:
    return step_words(stored.touchpoint.step)


def _direction(told: Told) -> str:
    return "inbound" if told.inbound else "outbound"


def _contact_sentence(stored: StoredTouchpoint, told: Told) -> str:
    how = ", ".join(told.outcomes)
    if reached(told.outcomes):
        open_still = "; it stays open" if "postponed" in told.outcomes else ""
        return f"recorded: {_step(stored)}, {how}, on {day_text(told.on)}{open_still}"
    return f"recorded a try: {_step(stored)}, {how}, on {day_text(told.on)}; it stays open"


def _log_sentence(about: About, told: Told) -> str:
    what = "a contact" if reached(told.outcomes) else "a try"
    began = f", {about.customer.name} began it" if told.inbound else f" with {about.customer.name}"
    purpose = f", {told.purpose.replace('_', ' ')}" if told.purpose else ""
    return f"recorded: {what}{began}, {', '.join(told.outcomes)}{purpose}, on {day_text(told.on)}"


def _meant_for(context: Context, sale: SaleFacts, told: Told) -> Iterator[str]:
    """How to count a contact as the one that is open now, when nobody said what it was for and it was no trouble."""
    if told.purpose or "postponed" in told.outcomes or NEVER_PLANNED & {*told.outcomes}:
        return
    for one in _open_ones(context, sale):
        planned = one.touchpoint
        begins = min(planned.due_on or date.max, planned.opens_on or date.max)
        if begins <= told.on:
            on = f" --on {told.on}" if told.on != context.today else ""
            typed = f"followup undo, then followup done {one.id} {','.join(told.outcomes)}{on}"
            yield f"{_step(one)} is open now and stays so; if this was it: {typed}"
            return


def _open_ones(context: Context, sale: SaleFacts) -> list[StoredTouchpoint]:
    """What is open in a sale, earliest first."""
    stored = context.store.stored_touchpoints([sale.sale.number])
    return [one for one in stored if one.touchpoint.is_open and one.touchpoint.due_on is not None]


def _next_open(context: Context, sale: SaleFacts) -> StoredTouchpoint | None:
    return next(iter(_open_ones(context, sale)), None)


def _put_off(context: Context, customer: Customer, stored: StoredTouchpoint, told: Told) -> Iterator[str]:
    """The customer asked for another day: it is agreed, and restarts no clock (DOMAIN 5.4, postponed)."""
    if "postponed" not in told.outcomes:
        return
    calendar = context.calendars.of(customer)
    day = told.to_on or calendar.add_working_days(told.on, ASKED_AGAIN_WORKING_DAYS)
    agreed = activity_about(stored, kind="agreed", on=told.on, to_on=day, to_time=told.to_time)
    context.store.add_activity(agreed)
    step, clock = _step(stored), f" at {told.to_time:%H:%M}" if told.to_time is not None else ""
    if told.to_on is not None:
        yield f"next: {step} on {day_text(day)}{clock}, as agreed"
        yield from _warnings(context, stored, day, told.to_time)
    else:
        yield f"next: {step} is asked again on {day_text(day)}, {ASKED_AGAIN_WORKING_DAYS} working days later"
        yield f"another day: followup snooze {stored.id} DATE"


def _refuse_unless_put_off(context: Context, stored: StoredTouchpoint, told: Told) -> None:
    if "postponed" in told.outcomes and told.to_on is not None:
        _refuse_unless_moved(context, stored, told.to_on)


def skip(context: Context, which: str, *, why: str = "") -> Recorded:
    """Leave a touchpoint out. A repeating step keeps its rhythm; one that was overdue starts again from today."""
    with context.write("skip") as entry:
        stored, notices = _find_up_to_date(context, which)
        customer = context.store.customer(stored.customer_id)
        if already := _already(context, stored, customer, notices):
            return already
        number = context.store.add_activity(activity_about(stored, kind="skipped", on=context.today, note=why))
        entry.summary = f"touchpoint {stored.id} of {customer.key}"
        said = [f"skipped: {_step(stored)}; it does not count as a contact"]
        return _recorded(context, "skipped", customer.id, said, number, stored, notices=notices)


def snooze(context: Context, which: str, day: date, at: time | None = None) -> Recorded:
    """Move a touchpoint to a day set by hand; the day survives every later plan. With a time it is an agreement."""
    with context.write("snooze") as entry:
        stored, notices = _find_up_to_date(context, which)
        customer = context.store.customer(stored.customer_id)
        if already := _already(context, stored, customer, notices):
            return already
        if day < context.today:
            raise FollowupError(f"{day} has passed", hint=f"followup snooze {stored.id} tomorrow")
        warnings = _warnings(context, stored, day, at)
        kind = "agreed" if at is not None else "snoozed"
        number = context.store.add_activity(activity_about(stored, kind=kind, on=context.today, to_on=day, to_time=at))
        entry.summary = f"touchpoint {stored.id} of {customer.key} to {day}"
        clock = f" at {at:%H:%M}" if at is not None else ""
        was = f" (was {day_text(stored.touchpoint.due_on)})" if stored.touchpoint.due_on else ""
        said = [f"moved {_step(stored)} to {day_text(day)}{clock}{was}", *warnings]
        result = _recorded(context, "snoozed", customer.id, said, number, stored, notices=notices)
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
        f"{_step(stored)} cannot be on {day_text(day)}" + (f": {gates[-1]}" if gates else ""),
        hint=nearest if now.due_on != stored.touchpoint.due_on else f"followup skip {stored.id}, or leave its date",
    )


def _warnings(context: Context, stored: StoredTouchpoint, day: date, at: time | None) -> list[str]:
    """What the user should know about a day, and a time agreed for it, for this touchpoint."""
    touchpoint = stored.touchpoint
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
    if at is not None and (zone := context.config.calendar.timezone):
        from followup.files.zones import meant_instead

        if meant := meant_instead(day, at, zone):
            warnings.append(f"warning: {at:%H:%M} does not exist that night in {zone}: {meant:%H:%M}")
    return warnings


def _recorded(
    context: Context,
    verb: str,
    customer_id: int,
    said: Iterable[str],
    number: int,
    stored: StoredTouchpoint | None,
    *,
    known: CustomerFacts | None = None,
    also: Iterable[str] = (),
    notices: tuple[str, ...] = (),
) -> Recorded:
    """Plan the customer anew and tell what changed; `number` is the activity. Only inside a write.

    `known` is what was there before: the plan of a sale that is new is no list of changes. `also` are sentences that
    look at the new plan, and `notices` what time alone did before.
    """
    sentences = list(said)
    changes = replan(context, [customer_id])
    facts = facts_of(context, customer_id)
    for sale_id in _new_sales(known, facts):
        sentences.append(f"sale {sale_id}: {planned_sentence(c for c in changes if c.sale_id == sale_id)}")
        changes = [change for change in changes if change.sale_id != sale_id]
    fact = next(a for sale in facts.sales for a in sale.history.activities if a.id == number)
    hidden = (stored.sale_id, *_name(stored)) if stored is not None and _closed_now(facts, stored) else None
    if verb == "snoozed":
        hidden = None
    return Recorded(
        today=context.today,
        notices=notices,
        verb=verb,
        customer=facts.customer.name,
        customer_key=facts.customer.key,
        activity=activity_view(fact),
        next=upcoming(context, facts),
        changes=explained(context, facts, [c for c in changes if (c.sale_id, c.step, c.occurrence) != hidden]),
        said=(*sentences, *also),
        dry_run=context.dry_run,
    )


def _new_sales(known: CustomerFacts | None, facts: CustomerFacts) -> list[int]:
    before = {sale.sale.number for sale in (known or facts).sales}
    return [sale.sale.number for sale in facts.sales if sale.sale.number not in before]


def _name(stored: StoredTouchpoint) -> tuple[str, int]:
    return stored.touchpoint.step, stored.touchpoint.occurrence


def _closed_now(facts: CustomerFacts, stored: StoredTouchpoint) -> bool:
    """True when the touchpoint itself was dealt with: that is what was recorded, not a change of the plan."""
    step, occurrence = _name(stored)
    activities = next(sale.history.activities for sale in facts.sales if sale.sale.number == stored.sale_id)
    mine = step_facts(activities).get(step)
    return mine is not None and occurrence in mine.closed
