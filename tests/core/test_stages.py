"""Stage boundaries from anchors, and what happens where anchors lie close, out of order or nowhere."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from followup.core.model.playbook import Playbook
from followup.core.model.sale import Profile
from followup.core.model.stage import STAGES, Stage
from followup.core.model.touchpoint import Status


def begins(plan: Any) -> list[str]:
    return [str(span.begin) for span in plan.plan.stages]


def test_b1_one_stage_on_any_date(any_shipped: Playbook, planned: Any) -> None:
    """B1."""
    stages = planned(any_shipped, event="2026-06-01", finish="2026-04-01").plan.stages
    spans = list(stages)

    assert [span.stage for span in spans] == list(STAGES)
    assert all(one.end == following.begin for one, following in pairwise(spans))
    assert spans[-1].end is None
    assert stages.on(date(2020, 1, 1)) is Stage.BEFORE_SALE


@pytest.mark.parametrize(
    ("complexity", "expected"),
    [
        ("simple", ["2025-12-15", "2026-01-05", "2026-01-08", "2026-01-26", "2026-03-06"]),
        ("moderate", ["2025-12-15", "2026-01-05", "2026-01-12", "2026-03-12", "2026-07-04"]),
        ("complex", ["2025-12-15", "2026-01-05", "2026-01-19", "2026-06-04", "2026-12-01"]),
    ],
)
def test_b43_stages_that_are_not_written_follow_from_complexity(
    book: Playbook, planned: Any, complexity: str, expected: list[str]
) -> None:
    """
    # B43
    steps:
      - {id: hello, stage: novelty, when: sale, purpose: welcome}
    """
    assert begins(planned(book, profile=Profile(complexity=complexity))) == expected


def test_b2_novelty_starts_with_the_signature_and_learning_counts_from_use(book: Playbook, planned: Any) -> None:
    """
    # B2
    steps:
      - {id: hello, stage: novelty, when: sale, purpose: welcome}
    """
    plan = planned(book, live="2026-03-02")

    assert plan.stage("novelty") == ("2026-01-05", "2026-03-09")
    assert plan.stage("learning") == ("2026-03-09", "2026-05-07")
    assert str(plan.plan.stages.trough) == "2026-03-30"


def test_a_written_stage_beats_the_preset_and_a_missing_trough_keeps_its_share(book: Playbook, planned: Any) -> None:
    """
    stages: {learning: {from: live+10}, effectiveness: {from: live+128}}
    steps:
      - {id: hello, stage: novelty, when: sale, purpose: welcome}
    """
    plan = planned(book)

    assert plan.stage("learning") == ("2026-01-15", "2026-05-13")
    assert str(plan.plan.stages.trough) == "2026-02-26"  # 21/59 of 118 days
    assert plan.stage("maintenance")[0] == "2026-07-04"


def test_days_in_months_years_and_working_days(book: Playbook, planned: Any) -> None:
    """
    stages: {learning: {from: live+5bd}, effectiveness: {from: live+1m}, maintenance: {from: live+1y}}
    steps:
      - {id: hello, stage: novelty, when: sale, purpose: welcome}
    """
    assert begins(planned(book, sale="2024-02-29")) == [
        "2024-02-08",
        "2024-02-29",
        "2024-03-07",
        "2024-03-29",
        "2025-02-28",
    ]


# Writing a date


@pytest.mark.parametrize(
    ("when", "due"),
    [
        ("live+14", "2026-01-19"),
        ("live+14d", "2026-01-19"),
        ("live+10bd", "2026-01-19"),
        ("live+2w", "2026-01-19"),
        ("learning", "2026-01-12"),
        ("learning+7", "2026-01-19"),
        ("learning+25%", "2026-01-27"),  # 14.75 days of 59
        ("learning+0%", "2026-01-12"),
        ("learning+100%", "2026-03-12"),
        ("trough", "2026-02-02"),
        ("trough-3", "2026-01-30"),
        ("trough+2bd", "2026-02-04"),
        ("effectiveness-1w", "2026-03-05"),
    ],
)
def test_a_date_is_a_base_and_an_offset(read: Any, planned: Any, when: str, due: str) -> None:
    book = read(
        f"""
        steps:
          - {{id: one, stage: learning, when: {when}, purpose: education, channel: meeting}}
        """
    )
    assert planned(book).due("one") == due


def test_holidays_do_not_count_as_working_days_in_offsets(read: Any, planned: Any, holidays: Any) -> None:
    book = read(
        """
        steps:
          - {id: bd, stage: learning, when: live+10bd, purpose: education, channel: meeting}
          - {id: d, stage: learning, when: live+30, purpose: education, channel: meeting}
        """
    )
    plan = planned(book, calendar=holidays("2026-01-06", "2026-01-15"))

    assert (plan.due("bd"), plan.due("d")) == ("2026-01-21", "2026-02-04")


# Anchors that nobody knows yet


UNKNOWN = """
anchors: {sale: signed, live: {says: in use, default: sale}, event: the event, end: {says: over, default: event+1}}
stages:
  learning: {from: sale+14, trough: event-21}
  effectiveness: {from: event}
  maintenance: {from: end+45}
steps:
  - {id: hello, stage: novelty, when: sale+1, purpose: welcome}
  - {id: early, stage: learning, when: sale+20, purpose: prevention}
  - {id: late, stage: learning, when: event-10, purpose: prevention}
  - {id: low, stage: learning, when: trough, purpose: encouragement}
  - {id: half, stage: learning, when: learning+50%, purpose: education}
  - {id: score, stage: effectiveness, when: sale+80, purpose: feedback}
  - {id: news, stage: maintenance, when: maintenance+30, purpose: informative}
"""


def test_what_hangs_on_an_unknown_anchor_waits_and_names_it(read: Any, planned: Any) -> None:
    plan = planned(read(UNKNOWN))

    assert plan.steps(status=Status.WAITING) == ["half", "late", "low", "news", "score"]
    assert {one.due_on for one in plan.touchpoints if one.status is Status.WAITING} == {None}
    for step in ("late", "low", "half", "score", "news"):
        assert "waits for the date of event" in plan.why(step, "waiting")
    assert {"hello", "early"} <= set(plan.still_open())


def test_a_stage_without_a_known_beginning_leaves_the_one_before_it_open(read: Any, planned: Any) -> None:
    stages = planned(read(UNKNOWN)).plan.stages

    assert (stages[Stage.LEARNING].begin, stages[Stage.LEARNING].end) == (date(2026, 1, 19), None)
    assert stages.on(date(2030, 1, 1)) is Stage.LEARNING


def test_once_the_anchor_is_known_everything_is_dated(read: Any, planned: Any) -> None:
    plan = planned(read(UNKNOWN), event="2026-04-20")

    assert plan.steps(status=Status.WAITING) == []
    assert (plan.due("late"), plan.due("low")) == ("2026-04-10", "2026-03-30")


def test_a_circle_of_defaults_is_unknown(planned: Any) -> None:
    from followup.core.model.playbook import AnchorRule, Playbook, StageRule, Step, When

    rules = {"a": AnchorRule("a", default=When("b")), "b": AnchorRule("b", default=When("a"))}
    step = Step(id="one", purpose="prevention", goal="g", gives="g", when=When("a"), any_stage=True)
    book = Playbook(key="k", title="t", anchors=rules, stages={Stage.LEARNING: StageRule(When("b"))}, steps=(step,))

    assert planned(book)["one"].status is Status.WAITING


# Anchors that lie too close together, or out of order


HOTEL = {"event": "2026-02-16", "event_end": "2026-02-18"}


def test_an_event_six_weeks_after_signature_squeezes_the_offsets_in_proportion(planned: Any, shipped: Any) -> None:
    """The playbook needs 14 days after the contract and 60 before the event; there are 42."""
    hotel = shipped("event_hotel")
    wide, narrow = planned(hotel, event="2026-06-15"), planned(hotel, **HOTEL)

    assert [span.begin for span in narrow.plan.stages] == sorted(span.begin for span in narrow.plan.stages)
    assert narrow.stage("learning") == ("2026-01-13", "2026-02-16")
    steps = ["contract_note", "kick_off", "half_way", "details_help", "hard_weeks", "pre_con"]
    for plan in (wide, narrow):
        dates = [plan[step].due_on for step in steps]
        assert dates == sorted(set(dates))
    assert all(narrow[step].due_on < date(2026, 2, 16) for step in steps)
    assert "42 days apart where the playbook needs 74" in narrow.why("half_way", "squeeze")


def test_what_belongs_before_the_event_is_not_moved_onto_it(planned: Any, shipped: Any) -> None:
    """Two days before, squeezed to one: a Sunday. Back to Friday, since the event is on Monday."""
    assert planned(shipped("event_hotel"), **HOTEL).due("pre_con") == "2026-02-13"


def test_a_long_lead_time_squeezes_nothing(planned: Any, shipped: Any) -> None:
    plan = planned(shipped("event_hotel"), event="2026-06-15")

    assert plan.due("half_way") == "2026-04-16"
    assert not any("squeeze" in [r.rule for r in one.reasons] for one in plan.touchpoints)


@pytest.mark.parametrize("gap", [1, 2, 5, 10, 20, 30, 44, 45, 60, 73, 74, 75, 200])
def test_nothing_crosses_the_later_anchor(planned: Any, shipped: Any, gap: int) -> None:
    from datetime import timedelta

    event = date(2026, 1, 5) + timedelta(days=gap)
    plan = planned(shipped("event_hotel"), event=str(event))

    for step in ("contract_note", "kick_off", "half_way", "details_help", "hard_weeks", "pre_con"):
        found = [one for one in plan.touchpoints if one.step == step]
        assert all(one.due_on <= event for one in found)
    assert plan.plan.stages.trough <= event


def test_a_short_project_squeezes_its_offsets_and_nothing_crosses_its_end(planned: Any, shipped: Any) -> None:
    plan = planned(shipped("services"), live="2026-01-12", finish="2026-02-02")

    dates = [plan[step].due_on for step in ("quick_win", "friction_check", "half_time", "points_closed")]
    assert dates == sorted(set(dates))
    assert dates[-1] == date(2026, 2, 2)
    assert plan.due("handover_pack") == "2026-02-04"


def test_offsets_that_never_lay_between_two_anchors_are_not_squeezed(read: Any, planned: Any) -> None:
    """Use starts with the signature by default: what counts from the signature was never meant to come before it."""
    book = read(
        """
        stages: {learning: {from: live+7}, effectiveness: {from: sale+60}, maintenance: {from: live+180}}
        steps:
          - {id: plan, stage: novelty, when: sale+5, purpose: co_planning}
          - {id: score, stage: effectiveness, when: sale+80, purpose: feedback, channel: meeting}
        """
    )
    plan = planned(book, live="2026-01-07")

    assert plan.stage("effectiveness") == ("2026-03-06", "2026-07-06")
    assert (plan.due("plan"), plan.due("score")) == ("2026-01-12", "2026-03-26")  # 2026-01-10 is a Saturday


def test_a_date_bound_step_is_never_squeezed(read: Any, planned: Any) -> None:
    text = UNKNOWN + "  - {id: permit, stage: learning, when: event-40, any_stage: true, purpose: prevention}\n"

    assert planned(read(text), event="2026-02-16").due("permit") == "2026-01-07"


@pytest.mark.parametrize("live", ["2025-01-01", "2025-12-01", "2026-01-04"])
def test_use_that_started_before_the_signature(saas: Playbook, planned: Any, live: str) -> None:
    plan = planned(saas, live=live)
    known = begins(plan)

    assert known == sorted(known)
    for one in plan.touchpoints:
        step = saas.step(one.step)
        if step is not None and step.bound_to is not None and one.due_on is not None:
            span = plan.plan.stages[step.bound_to]
            assert span.begin <= one.due_on <= (span.end or date.max)


def test_a_stage_without_a_day_gets_no_contacts_but_those_of_its_only_day(read: Any, planned: Any) -> None:
    """The use started a year before the signature: novelty is over before it began."""
    book = read(
        """
        steps:
          - {id: hello, stage: novelty, when: sale, purpose: welcome}
          - {id: plan, stage: novelty, when: sale+3, window: [-1, 2], purpose: co_planning}
        """
    )
    plan = planned(book, live="2025-01-05")

    assert plan.stage("novelty") == ("2026-01-05", "2026-01-05")
    assert plan.due("hello") == "2026-01-05"
    assert plan.left_out("plan") == "novelty has no day for this sale"


def test_anchors_out_of_order_keep_the_stages_in_order(planned: Any, shipped: Any) -> None:
    plan = planned(shipped("event_hotel"), sale="2026-05-01", event="2026-03-01")
    known = begins(plan)

    assert known == sorted(known)
    assert plan.still_open()
