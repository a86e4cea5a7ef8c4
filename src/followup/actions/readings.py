"""`reading add`: scores, usage and knowledge, and what they mean (A6, E7, DOMAIN 4.4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from shlex import quote

from followup.actions.context import Context
from followup.actions.enrol import check_choice, written
from followup.actions.finding import counted_for, facts_of, find_customer, find_sale
from followup.actions.outcomes import not_understood
from followup.actions.planning import up_to_date
from followup.actions.results import Written
from followup.actions.told import not_on_scale
from followup.core.model.customer import Customer
from followup.core.model.plan import Plan
from followup.core.model.reading import UNDERSTOOD, Reading
from followup.core.model.stage import Stage
from followup.core.mood import NO_EVIDENCE, mood_on
from followup.core.planner.clues import SCALES, USAGE, score_level
from followup.core.planner.draft import day_text
from followup.errors import FollowupError
from followup.store import SaleFacts

USAGE_KIND = "usage"

# From which score on, and up to which, a scale calls somebody glad or unhappy (DOMAIN 3.4, 5.3).
GLAD = {"nps": 9, "csat": 4, "ces": 6}
UNHAPPY = {"nps": 6, "csat": 2, "ces": 3}


def add_reading(
    context: Context, which: str, kind: str, value: str, *, on: date, note: str, sale: int | None
) -> Written:
    """Record a score, the usage of a sale or whether they understood, plan anew, and say what it means.

    Raises FollowupError for another scale than the one of the pinned playbook (E7), for a value that is not on
    the scale, and for a day in the future.
    """
    scale = check_choice("kind of reading", kind.strip())
    if on > context.today:
        raise FollowupError(
            f"{day_text(on)} lies in the future: what was not measured yet cannot be recorded",
            hint=f"followup reading add {quote(which)} {scale} {quote(value)}",
        )
    with context.write("reading add") as entry:
        customer = find_customer(context, which)
        notices = up_to_date(context, [customer.id])
        facts = facts_of(context, customer.id)
        found = find_sale(context, facts, sale)
        number = found.sale.number
        _check_scale(context, customer, found, scale)
        clean = check_value(scale, value)
        before = context.store.stored_plan(number)
        reading_id = context.store.add_reading(
            Reading(sale_id=number, kind=scale, value=clean, on=on, note=note.strip())
        )
        entry.summary = f"{scale} reading {reading_id} of {customer.key}"
        recorded = f"recorded: {scale} {clean} of {customer.name} on {day_text(on)}{counted_for(facts, found, sale)}"
        result = written(
            context, "reading add", customer.id, [recorded], sale=number, number=reading_id, notices=notices
        )
        after = context.store.stored_plan(number)
        if scale == UNDERSTOOD:
            meaning = _knowledge(clean, customer.key, number)
        else:
            meaning = _meaning(scale, clean, on, before, after, context.today)
        return replace(result, said=(*result.said, *meaning))


def _check_scale(context: Context, customer: Customer, sale: SaleFacts, kind: str) -> None:
    """One scale for each playbook, so that scores can be compared (E7); usage and knowledge are no scales."""
    playbook = context.library.pinned(context.store, sale.playbook_id)
    if kind in SCALES and kind != playbook.kpi:
        raise FollowupError(
            f"{playbook.key} measures with {playbook.kpi}, not with {kind}: scales are not mixed",
            hint=f"followup reading add {customer.key} {playbook.kpi} VALUE",
        )


def check_value(kind: str, value: str) -> str:
    """The value as it is stored. Raises FollowupError for one that is not on the scale."""
    if kind == USAGE_KIND:
        return check_choice("usage reading", value.strip())
    if kind == UNDERSTOOD:
        return check_choice("word for understood", value.strip())
    lowest, highest = SCALES[kind]
    text = value.strip()
    if not (text.isascii() and text.isdecimal() and len(text) <= 3 and lowest <= int(text) <= highest):
        raise not_on_scale(kind, repr(value))
    return str(int(text))


def level_of(kind: str, value: str) -> float:
    """What a score or usage says about the mood, 0-1 (DOMAIN 4.4)."""
    return USAGE[value] if kind == USAGE_KIND else score_level(kind, int(value))


def _knowledge(value: str, key: str, sale: int) -> Iterable[str]:
    """Knowledge is no mood: it only opens or shuts the gates of asking (A6, D6)."""
    if value == "no":
        yield from not_understood(key, sale)
    else:
        yield "they understand it; it says nothing about their mood"


def _meaning(kind: str, value: str, on: date, before: Plan | None, after: Plan | None, today: date) -> Iterable[str]:
    level = level_of(kind, value)
    sentence = f"{_judged(kind, value)}: it reads as a mood of {round(100 * level)} of 100"
    if after is None or after.curve is None or after.live_on is None or on < after.live_on:
        yield f"{sentence}; use had not started, so there is no curve to compare it with"
        return
    model = mood_on(after.curve, after.live_on, on, relationship=after.relationship).model
    yield f"{sentence}; the model says {round(100 * model)} for that day"
    if level > model and after.stages.on(on) in (Stage.BEFORE_SALE, Stage.NOVELTY):
        yield "everybody is glad in novelty: it does not raise the estimate"
    now, then = _estimate(after, today), _estimate(before, today)
    if now is not None and then is not None:
        yield (
            f"the estimated mood of today stays {now}"
            if now == then
            else f"the estimated mood of today is {now}, was {then}"
        )


def _judged(kind: str, value: str) -> str:
    if kind == USAGE_KIND:
        return {"up": "they use it more", "steady": "they use it as before", "down": "they use it less"}[value]
    if int(value) >= GLAD[kind]:
        return "glad"
    return "unhappy" if int(value) <= UNHAPPY[kind] else "in between"


def _estimate(plan: Plan | None, today: date) -> int | None:
    """The estimated mood of a day, 0-100; None while the start of use is unknown."""
    if plan is None or plan.curve is None or plan.live_on is None:
        return None
    evidence = plan.evidence or NO_EVIDENCE
    return round(
        100 * mood_on(plan.curve, plan.live_on, today, evidence=evidence, relationship=plan.relationship).estimate
    )
