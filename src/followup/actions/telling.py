"""Telling: what a new plan changed, each date with the reason that the planner itself gave."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from followup.actions.context import Context
from followup.actions.planning import change_view
from followup.actions.results import Change
from followup.core.model.touchpoint import Reason
from followup.core.planner.draft import day_text
from followup.store import CustomerFacts, PlanChange

# What says most about a date comes first.
_TELLING = (
    "expired",
    "by_hand",
    "retry",
    "promise",
    "problem",
    "recovery",
    "referral",
    "successor",
    "low_score",
    "catch_up",
    "concern",
    "rotation",
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
# What says why something is not to be done now.
_WHY_NOT = ("absorbed", "folded", "expired", "on_hold", "recovery", "gate")
NO_LONGER = "no longer needed"


def main_reason(reasons: Sequence[Reason], *, first: Sequence[str] = ()) -> str:
    """The one reason that says most about a date, rules in `first` before all others; '' when there is none."""
    order = (*first, *_TELLING)
    ranked = sorted(reasons, key=lambda r: order.index(r.rule) if r.rule in order else len(order))
    return ranked[0].text if ranked else ""


def explained(context: Context, facts: CustomerFacts, changes: Iterable[PlanChange]) -> tuple[Change, ...]:
    """Changes of one customer with their reasons."""
    given = reasons_given(context, [sale.sale.number for sale in facts.sales])
    return tuple(change_view(change, given.of(change)) for change in changes)


@dataclass(frozen=True, slots=True)
class ReasonsGiven:
    """Why each touchpoint of the stored plans has its date, and why a step is not planned."""

    dated: Mapping[tuple[int, str, int], Sequence[Reason]]
    left_out: Mapping[tuple[int, str], str]

    def of(self, change: PlanChange) -> str:
        """The reason for a new date, or for doing it not now or no more."""
        reasons = self.dated.get((change.sale_id, change.step, change.occurrence), ())
        dated = main_reason(reasons, first=_WHY_NOT if change.change == "dropped" else ())
        return dated or self.left_out.get((change.sale_id, change.step), NO_LONGER)


def reasons_given(context: Context, sale_ids: Collection[int]) -> ReasonsGiven:
    """The reasons in the stored plans of these sales, from one reading for all of them."""
    plans = context.store.stored_plans(sale_ids)
    return ReasonsGiven(
        dated={
            (sale_id, touchpoint.step, touchpoint.occurrence): touchpoint.reasons
            for sale_id, plan in plans.items()
            for touchpoint in plan.touchpoints
        },
        left_out={(sale_id, reason.rule): reason.text for sale_id, plan in plans.items() for reason in plan.left_out},
    )


def planned_sentence(changes: Iterable[PlanChange]) -> str:
    """A whole new plan in one sentence: how many contacts, from when to when."""
    days = [change.to_on for change in changes if change.change == "added" and change.to_on is not None]
    if not days:
        return "nothing is dated yet"
    count = f"{len(days)} contact{'s' if len(days) != 1 else ''}"
    return f"planned {count}, the first on {day_text(min(days))}, the last on {day_text(max(days))}"
