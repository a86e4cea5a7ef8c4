"""Telling: what a new plan changed, each date with the reason that the planner itself gave."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from followup.actions.context import Context
from followup.actions.planning import change_view
from followup.actions.results import Change
from followup.actions.steps import why_not
from followup.core.model.touchpoint import Reason, Status, Touchpoint
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
    "hold",
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
    "instead",
    "renewal",
    "profile",
    "written",
)
NO_LONGER = "no longer needed"
NOT_CONTACTED = "they are not to be contacted"


def main_reason(reasons: Sequence[Reason]) -> str:
    """The one reason that says most about a date; '' when there is none."""
    ranked = sorted(reasons, key=lambda r: _TELLING.index(r.rule) if r.rule in _TELLING else len(_TELLING))
    return ranked[0].text if ranked else ""


def explained(context: Context, facts: CustomerFacts, changes: Iterable[PlanChange]) -> tuple[Change, ...]:
    """Changes of one customer with their reasons."""
    given = reasons_given(context, [sale.sale.number for sale in facts.sales])
    silent = facts.customer.do_not_contact
    return tuple(_explained(change, given, silent=silent) for change in changes)


def _explained(change: PlanChange, given: ReasonsGiven, *, silent: bool) -> Change:
    reason = given.of(change)
    reason = NOT_CONTACTED if silent and reason == NO_LONGER else reason
    return change_view(change, reason, status=given.status(change))


@dataclass(frozen=True, slots=True)
class ReasonsGiven:
    """Why each touchpoint of the stored plans has its date, and why a step is not planned."""

    planned: Mapping[tuple[int, str, int], Touchpoint]
    left_out: Mapping[tuple[int, str], str]

    def of(self, change: PlanChange) -> str:
        """The reason for a new date, or for doing it not now or no more."""
        touchpoint = self.planned.get((change.sale_id, change.step, change.occurrence))
        if touchpoint is None:
            return self.left_out.get((change.sale_id, change.step), NO_LONGER)
        told = why_not(touchpoint.status, touchpoint.reasons) if change.change == "dropped" else ""
        return told or main_reason(touchpoint.reasons) or NO_LONGER

    def status(self, change: PlanChange) -> Status | None:
        """What became of something that is not to be done now and still stands in the plan."""
        touchpoint = self.planned.get((change.sale_id, change.step, change.occurrence))
        return touchpoint.status if touchpoint is not None and change.change == "dropped" else None


def reasons_given(context: Context, sale_ids: Collection[int]) -> ReasonsGiven:
    """The reasons in the stored plans of these sales, from one reading for all of them."""
    plans = context.store.stored_plans(sale_ids)
    return ReasonsGiven(
        planned={
            (sale_id, touchpoint.step, touchpoint.occurrence): touchpoint
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
