"""`stage`: where each sale of a customer stands and what would move it; or a stage set by hand (B3, B4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from shlex import quote

from followup.actions.context import Context
from followup.actions.enrol import check_choice, written
from followup.actions.finding import facts_of, find_customer, find_sale
from followup.actions.planning import plan_customer, up_to_date
from followup.actions.refresh import refresh
from followup.actions.results import CustomerStages, StageLine, Written
from followup.actions.views import stage_day
from followup.core.model.activity import Activity
from followup.core.model.plan import Plan
from followup.core.model.stage import STAGES, Stage, StageMap
from followup.core.planner.anchors import SALE
from followup.core.planner.draft import day_text
from followup.core.planner.moves import (
    CONCERNS_THAT_START_LEARNING,
    EXTENSION_DAYS,
    MOST_EXTENSIONS,
    RESULT_WITHIN_DAYS,
)
from followup.errors import FollowupError
from followup.store import CustomerFacts, SaleFacts

# Of all that a plan says about a sale, what has to do with its stage.
OF_THE_STAGE = frozenset({"stage", "stuck", "problem", "on_hold", "late"})


def stages_of(context: Context, which: str, *, sale: int | None) -> CustomerStages:
    """The stage of each sale of a customer today, its day, and what would move it (`stage CUSTOMER`)."""
    notice = refresh(context) or context.store.notice
    customer = find_customer(context, which)
    facts = facts_of(context, customer.id)
    chosen = find_sale(context, facts, sale)
    sales = facts.sales if sale is None else (chosen,)
    plans = context.store.stored_plans(each.sale.number for each in sales)
    return CustomerStages(
        today=context.today,
        notices=(notice,) if notice else (),
        customer=customer.name,
        customer_key=customer.key,
        items=tuple(_line(context, facts, each, plans.get(each.sale.number)) for each in sales),
    )


def _line(context: Context, facts: CustomerFacts, sale: SaleFacts, plan: Plan | None) -> StageLine:
    name, day, days = stage_day(plan.stages, context.today) if plan else (Stage.BEFORE_SALE.value, None, None)
    stage = Stage(name)
    coming = next_stage(plan.stages, context.today) if plan else None
    return StageLine(
        sale=sale.sale.number,
        product=sale.sale.product,
        playbook=sale.sale.playbook,
        stage=name,
        stage_day=day,
        stage_days=days,
        since=plan.stages[stage].begin if plan else None,
        next_stage=coming[0].value if coming else None,
        next_on=coming[1] if coming else None,
        flags=tuple(flag for flag in plan.flags if flag.rule in OF_THE_STAGE) if plan else (),
        would_move=tuple(_would_move(context, facts, sale, stage, plan)),
    )


def next_stage(stages: StageMap, today: date) -> tuple[Stage, date] | None:
    """The stage that comes after the one of a day, and when; None when none is dated."""
    later = ((span.stage, span.begin) for span in stages if span.begin is not None and span.begin > today)
    return min(later, key=lambda pair: pair[1], default=None)


def _would_move(
    context: Context, facts: CustomerFacts, sale: SaleFacts, stage: Stage, plan: Plan | None
) -> Iterator[str]:
    """What evidence would move the stage (DOMAIN 4.4), in words, and the command to move it by hand."""
    key = facts.customer.key
    number = f" --sale {sale.sale.number}" if len(facts.sales) > 1 else ""
    playbook = context.library.pinned(context.store, sale.playbook_id)
    match stage:
        case Stage.BEFORE_SALE:
            yield f"the signature starts novelty: followup anchor set {key} sale DATE{number}"
        case Stage.NOVELTY:
            yield f"a problem, or {CONCERNS_THAT_START_LEARNING} concerns, start learning at once"
        case Stage.LEARNING:
            yield from _out_of_learning(key, sale, plan, playbook.first_result)
            days = EXTENSION_DAYS[sale.sale.profile.complexity or playbook.complexity]
            needed = ", or no first result on record," if playbook.first_result else ""
            yield (
                f"low mood, an open problem{needed} on its last day extends learning by {days} days, "
                f"at most {MOST_EXTENSIONS} times; then the sale is stuck"
            )
        case Stage.EFFECTIVENESS:
            yield "nothing that is heard moves this stage: it ends on its day"
        case Stage.MAINTENANCE:
            yield f"a new purchase is a sale of its own: followup sale add {key} --playbook {playbook.key}"
    later = STAGES[STAGES.index(stage) + 1 :]
    if stage is not Stage.BEFORE_SALE and later:
        yield f"by hand: followup stage {key} {later[0].value}{number}"


def _out_of_learning(key: str, sale: SaleFacts, plan: Plan | None, first_result: str) -> Iterator[str]:
    results = [a.on for a in sale.history.activities if a.kind == "milestone" and a.milestone == "first_result"]
    if results:
        yield f"the first result is on record since {day_text(min(results))}"
        return
    trough = plan.stages.trough if plan else None
    from_day = f" from {day_text(trough)} on" if trough else ""
    what = f" ({first_result})" if first_result else ""
    yield (
        f"a first result{what}{from_day} brings effectiveness within {RESULT_WITHIN_DAYS} days: "
        f"followup log {key} good --milestone first_result"
    )


def move_stage(context: Context, which: str, name: str, *, on: date, sale: int | None) -> Written:
    """Record that a stage begins on a day, whatever the playbook says; the plan follows (B4).

    Raises FollowupError for an unknown stage, for the one it is in already, for a day in the future, and for a
    stage on the wrong side of the signature.
    """
    stage = Stage(check_choice("stage", name.strip().replace(" ", "_").replace("-", "_")))
    if on > context.today:
        raise FollowupError(
            f"{day_text(on)} lies in the future: a stage is recorded when it begins",
            hint=f"followup stage {quote(which)} {stage}",
        )
    with context.write("stage") as entry:
        customer = find_customer(context, which)
        notices = up_to_date(context, [customer.id])
        facts = facts_of(context, customer.id)
        found = find_sale(context, facts, sale)
        number = found.sale.number
        _check_side(customer.key, found, stage, on)
        stages = dict(plan_customer(facts, context))[number].stages
        before = stages.on(on)
        if before is stage:
            since = stages[stage].begin
            raise FollowupError(
                f"{_named(facts, found)} is in {_spoken(stage)} already"
                + (f", since {day_text(since)}" if since is not None and since <= on else ""),
                hint=f"followup stage {customer.key}",
            )
        context.store.add_activity(Activity(sale_id=number, kind="stage_moved", on=on, stage=stage.value))
        entry.summary = f"sale {number} of {customer.key}: {stage}"
        said = [f"{_named(facts, found)} is in {_spoken(stage)} from {day_text(on)}, was in {_spoken(before)}"]
        return written(context, "stage", customer.id, said, sale=number, notices=notices)


def _check_side(key: str, sale: SaleFacts, stage: Stage, on: date) -> None:
    """Before the signature there is one stage only, and after it never again."""
    signed = sale.sale.anchors.get(SALE)
    is_signed = signed is not None and signed <= on
    number = sale.sale.number
    if stage is Stage.BEFORE_SALE and is_signed:
        raise FollowupError(
            f"sale {number} was signed on {signed}: before_sale is over", hint=f"followup sale add {key} --signed DATE"
        )
    if stage is not Stage.BEFORE_SALE and not is_signed:
        when = f"is signed on {signed} only" if signed else "is not signed yet"
        raise FollowupError(f"sale {number} {when}", hint=f"followup anchor set {key} sale {on} --sale {number}")


def _named(facts: CustomerFacts, sale: SaleFacts) -> str:
    name = facts.customer.name
    if len(facts.sales) == 1:
        return name
    product = f" ({sale.sale.product})" if sale.sale.product else ""
    return f"sale {sale.sale.number}{product} of {name}"


def _spoken(stage: Stage) -> str:
    return stage.value.replace("_", " ")
