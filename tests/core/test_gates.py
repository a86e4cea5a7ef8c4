"""On which days a purpose may be dated at all, whatever was written: DOMAIN 5.3, B32, C18."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from followup.core.model.stage import Stage
from followup.core.model.touchpoint import Status

STEP = """
anchors: {{sale: signed, live: {{says: in use, default: sale}}, term: {{says: end of the term}}}}
steps:
  - {{id: ask, stage: {stage}, when: {when}, window: {window}, purpose: {purpose}, channel: meeting{more}}}
"""


@pytest.fixture
def ask(read: Any, planned: Any) -> Any:
    """Plan one step of a purpose; learning runs from 2026-01-12 to 2026-03-11, effectiveness to 2026-07-03."""

    def made(purpose: str, stage: str, when: str, window: str = "[0, 0]", more: str = "", **changes: Any) -> Any:
        text = STEP.format(purpose=purpose, stage=stage, when=when, window=window, more=more)
        return planned(read(text), **changes)

    return made


# Referrals: early in novelty, late in effectiveness, in maintenance (B32)


@pytest.mark.parametrize(("when", "due"), [("live", "2026-01-05"), ("live+2", "2026-01-07"), ("live+3", "2026-01-08")])
def test_b32_a_referral_may_be_asked_for_in_the_first_half_of_novelty(ask: Any, when: str, due: str) -> None:
    """B32."""
    assert ask("lead_generation", "novelty", when).due("ask") == due


@pytest.mark.parametrize(
    ("sale", "when", "window", "due"),
    [
        ("2026-01-08", "live+3", "[-2, 3]", "2026-01-09"),  # a Sunday at the end of the first half: back to Friday
        ("2026-01-10", "live", "[0, 0]", "2026-01-12"),  # a Saturday: forward, the first half lasts until Tuesday
        ("2026-01-09", "live+1", "[0, 0]", "2026-01-12"),
        ("2026-01-09", "live+3", "[-1, 3]", "2026-01-12"),
    ],
)
def test_b32_days_off_never_push_a_referral_out_of_early_novelty(
    ask: Any, sale: str, when: str, window: str, due: str
) -> None:
    """B32."""
    assert ask("lead_generation", "novelty", when, window, sale=sale).due("ask") == due


def test_b32_an_early_referral_that_cannot_be_placed_expires(ask: Any, holidays: Any) -> None:
    """B32."""
    days = ["2026-01-05", "2026-01-06", "2026-01-07", "2026-01-08"]
    plan = ask("lead_generation", "novelty", "live+2", "[-2, 1]", calendar=holidays(*days))

    assert "ask" not in plan.steps()
    assert plan.left_out("ask").startswith("expires")


@pytest.mark.parametrize(
    ("when", "due"),
    [("live+123", "2026-05-08"), ("live+130", "2026-05-15"), ("live+180", "2026-07-03")],
)
def test_b32_a_referral_may_be_asked_for_in_the_second_half_of_effectiveness(ask: Any, when: str, due: str) -> None:
    """B32."""
    assert ask("lead_generation", "effectiveness", when).due("ask") == due


def test_b32_a_referral_written_too_early_in_effectiveness_moves_to_its_second_half(ask: Any) -> None:
    """B32."""
    plan = ask("lead_generation", "effectiveness", "live+115", "[-5, 20]")

    assert plan.due("ask") == "2026-05-08"  # day 57 of 114
    assert "late in effectiveness" in plan.why("ask", "gate")


@pytest.mark.parametrize("shift", range(0, 75, 3))
@pytest.mark.parametrize("purpose", ["lead_generation", "persuasive", "renewal"])
def test_c18_nobody_is_sold_to_in_learning_wherever_the_date_falls(ask: Any, purpose: str, shift: int) -> None:
    """C18: A step that hangs on an outside date, wherever that lies in learning."""
    plan = ask(purpose, "maintenance", f"live+{shift}", "[-2, 2]", ", any_stage: true")
    learning = plan.plan.stages[Stage.LEARNING]

    for one in plan.touchpoints:
        if one.step == "ask":
            assert not learning.holds(one.due_on)


@pytest.mark.parametrize("to", ["2026-01-20", "2026-02-14", "2026-03-11"])
def test_b32_a_referral_cannot_be_snoozed_into_learning(ask: Any, done: Any, to: str) -> None:
    """B32: Invariant 2 holds after snoozing: it goes to the first day on which it may be asked."""
    plan = ask("lead_generation", "effectiveness", "live+130", "[-10, 10]")
    moved = done(plan["ask"], "2026-01-06", kind="snoozed", to_on=date.fromisoformat(to))
    plan = ask("lead_generation", "effectiveness", "live+130", "[-10, 10]", activities=[moved])

    assert plan.due("ask") == "2026-05-08"
    assert "nobody is asked for anything" in plan.why("ask", "warning")


def test_b32_an_early_referral_that_is_snoozed_into_learning_goes_back(ask: Any, done: Any) -> None:
    """B32."""
    plan = ask("lead_generation", "novelty", "live+2", "[-1, 1]")
    moved = done(plan["ask"], "2026-01-07", kind="snoozed", to_on=date(2026, 1, 14))
    plan = ask("lead_generation", "novelty", "live+2", "[-1, 1]", activities=[moved], today="2026-01-09")

    assert plan["ask"].status is Status.EXPIRED
    assert plan.due("ask") <= "2026-01-08"


def test_b32_a_referral_is_not_tried_again_into_learning(ask: Any, done: Any) -> None:
    """B32."""
    plan = ask("lead_generation", "novelty", "live+3", "[-1, 0]")
    tried = done(plan["ask"], "2026-01-08", "no-answer")
    plan = ask("lead_generation", "novelty", "live+3", "[-1, 0]", activities=[tried], today="2026-01-08")

    assert "ask" not in plan.still_open()


def test_b32_a_late_sale_does_not_spread_a_referral_into_learning(ask: Any) -> None:
    """B32."""
    for shift in range(1, 12):
        added = date(2026, 1, 5) + timedelta(days=shift)
        plan = ask("lead_generation", "novelty", "live+3", "[-3, 9]", added=added)
        for one in plan.touchpoints:
            assert one.step != "ask" or one.due_on <= date(2026, 1, 8)


# Selling


def test_c18_a_proposal_waits_for_maintenance(ask: Any) -> None:
    """C18."""
    plan = ask("persuasive", "maintenance", "live+120", "[0, 5]", ", any_stage: true")

    assert plan.due("ask") == "2026-07-06"
    assert "only in maintenance" in plan.why("ask", "gate")


def test_a_renewal_moves_out_of_learning(ask: Any) -> None:
    """The term ends in effectiveness; talk about it would fall into learning."""
    plan = ask("renewal", "maintenance", "term-30", "[-5, 5]", ", any_stage: true, deadline: term", term="2026-04-01")

    assert plan.due("ask") == "2026-03-12"


def test_a_contract_that_ends_in_learning_wins_with_a_warning(ask: Any) -> None:
    plan = ask("renewal", "maintenance", "term-7", "[-5, 5]", ", any_stage: true, deadline: term", term="2026-02-27")

    assert plan.due("ask") == "2026-02-20"
    assert plan["ask"].stage is Stage.LEARNING
    assert "its date wins" in plan.why("ask", "warning")


@pytest.mark.parametrize("purpose", ["needs_assessment", "decision_criteria"])
def test_needs_and_criteria_wait_for_effectiveness(ask: Any, purpose: str) -> None:
    plan = ask(purpose, "maintenance", "live+30", "[0, 3]", ", any_stage: true")

    assert plan.due("ask") == "2026-03-12"


def test_encouragement_belongs_to_learning_alone(ask: Any) -> None:
    plan = ask("encouragement", "learning", "live+66", "[-4, 4]")

    assert plan.due("ask") == "2026-03-11"


@pytest.mark.parametrize("purpose", ["lead_generation", "persuasive", "renewal", "reminder"])
def test_a_gate_that_needs_history_is_named(ask: Any, purpose: str) -> None:
    assert len(ask(purpose, "maintenance", "live+200").why("ask", "gate")) > 20


def test_b42_an_own_purpose_that_sells_stays_out_of_learning(read: Any, planned: Any) -> None:
    """B42."""
    book = read(
        """
        purposes:
          tour: {stages: [learning, maintenance], selling: true}
          visit: {stages: [learning, maintenance]}
        steps:
          - {id: tour, stage: learning, when: live+20, purpose: tour, any_stage: true, channel: meeting}
          - {id: visit, stage: learning, when: live+30, purpose: visit, any_stage: true, channel: meeting}
        """
    )
    plan = planned(book)

    assert plan.plan.stages.on(date.fromisoformat(plan.due("tour"))) is not Stage.LEARNING
    assert plan.due("visit") == "2026-02-04"
