"""The worked example of DOMAIN appendix C, date by date: saas, tier B, normal use, sale on Monday 2026-01-05."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from followup.core.model.activity import Activity
from followup.core.model.concern import Concern
from followup.core.model.playbook import Playbook
from followup.core.model.purpose import PURPOSES
from followup.core.model.sale import Profile
from followup.core.model.touchpoint import Status

SALE, RENEWAL = "2026-01-05", "2027-01-05"
DATES = {
    "fit_check": "2025-12-22",
    "open_worries": "2025-12-31",
    "welcome_note": "2026-01-05",
    "plan_together": "2026-01-06",
    "first_job": "2026-01-07",
    "who_else": "2026-01-08",
    "week_one": "2026-01-12",
    "dip_call": "2026-01-19",
    "lesson_one": "2026-01-26",
    "progress_call": "2026-02-02",
    "you_said_we_did": "2026-02-09",
    "result_letter": "2026-03-16",
    "relationship_score": "2026-04-06",
    "introduction": "2026-05-20",
    "needs_review": "2026-07-06",
    "renewal_value": "2026-10-07",
}


@pytest.fixture
def example(saas: Playbook, planned: Any) -> Any:
    """Plan the example with one thing changed."""

    def with_change(**changes: Any) -> Any:
        return planned(saas, **{"sale": SALE, "renewal": RENEWAL, **changes})

    return with_change


@pytest.mark.parametrize("step", DATES)
def test_each_contact_is_on_its_day(example: Any, step: str) -> None:
    assert example().due(step) == DATES[step]


def test_the_factors_bring_the_extra_lesson_in_and_leave_the_extra_pulse_out(example: Any) -> None:
    plan = example()

    assert plan.plan.factors == {"prevention": 1.5, "education": 1.5, "feedback": 1.0}
    assert "choosing_well" in plan.steps()
    assert "pulse" not in plan.steps()
    assert "feedback factor 1.00 (assumption)" in plan.left_out("pulse")


def test_the_first_inserted_watch_is_ten_days_after_the_last_planned_contact_by_the_next_channel(example: Any) -> None:
    watches = [found for found in example().touchpoints if found.step == "dip_watch"]

    assert watches[0].due_on == date(2026, 2, 19)
    assert watches[0].channel == "message"  # three calls in 90 days are the cap
    assert "cap" in {reason.rule for reason in watches[0].reasons}


def test_b6_no_gap_in_learning_is_longer_than_ten_days(example: Any) -> None:
    """B6."""
    days = sorted(t.due_on for t in example().touchpoints if t.stage == "learning")

    assert max((later - earlier).days for earlier, later in pairwise(days)) <= 10


def test_b32_the_early_ask_never_slips_past_its_day(example: Any) -> None:
    """B32."""
    ask = example()["who_else"]

    assert str(ask.closes_on) == "2026-01-08"


def test_variation_a_a_major_concern_left_open(example: Any) -> None:
    """B11, B12: an extra contact two days into use, an earlier dip, and no watch later than before."""
    calm = example()
    worried = example(concerns=[Concern(severity="major", opened_on=date(2025, 12, 20))])

    assert worried.due("concern") == "2026-01-07"
    assert round(worried.plan.curve.dip_starts) == 6
    assert worried.plan.curve.depth > calm.plan.curve.depth
    looks, calm_looks = worried.all_due("dip_watch"), calm.all_due("dip_watch")
    assert len(looks) >= len(calm_looks) > 0
    assert all(look <= calm_look for look, calm_look in zip(looks, calm_looks, strict=False))
    assert {step: worried.due(step) for step in DATES} == DATES
    assert list(worried.plan.stages) == list(calm.plan.stages)


def test_variation_b_great_in_novelty_changes_nothing_after_it(example: Any, done: Any) -> None:
    """B7, S18, invariant 5: high spirits now are not proof that all is well."""
    before = example(today="2026-01-12")
    activity = done(before["week_one"], "2026-01-12", "great")

    after = example(today="2026-01-12", activities=[activity])

    later = [(t.step, t.occurrence, t.due_on) for t in before.touchpoints if t.due_on > date(2026, 1, 12)]
    assert [(t.step, t.occurrence, t.due_on) for t in after.touchpoints if t.due_on > date(2026, 1, 12)] == later


def test_variation_d_heavy_use_changes_how_many_and_which(example: Any) -> None:
    """A4, A8, A9: prevention 2.0 (clamped from 2.25), education 0.75, feedback 1.5."""
    plan = example(profile=Profile(usage="heavy"))

    assert plan.plan.factors == {"prevention": 2.0, "education": 0.75, "feedback": 1.5}
    assert "pulse" in plan.steps()
    assert "choosing_well" not in plan.steps()


EARLY_CONTACTS = ("welcome_note", "plan_together", "first_job", "who_else", "week_one")


@pytest.fixture
def until_the_dip(example: Any, done: Any) -> list[Activity]:
    """Everything up to week one was done on its day and went well."""
    fresh = example()
    return [done(fresh[step], DATES[step], "good", id=number) for number, step in enumerate(EARLY_CONTACTS, start=1)]


def test_variation_c_a_problem_in_the_dip_call(example: Any, done: Any, until_the_dip: list[Activity]) -> None:
    """A21, B16, C18: the recovery chain; `lesson_one` is held until it is verified; no selling until 14 days after."""
    told = [*until_the_dip, done(example()["dip_call"], "2026-01-19", "problem", id=6)]
    opened = example(today="2026-01-19", activities=told)
    chain = {one.step: str(one.due_on) for one in opened.touchpoints if one.purpose == "recovery"}
    assert chain == {
        "recovery_acknowledge": "2026-01-19",
        "recovery_update": "2026-01-22",
        "recovery_fix": "2026-01-23",  # a new customer: within four days
        "recovery_verify": "2026-01-26",
        "recovery_recheck": "2026-02-09",
    }
    assert opened["lesson_one"].status is Status.HELD
    assert "dip_watch" not in opened.steps()

    for number, (day, step) in enumerate(
        (("2026-01-19", "recovery_acknowledge"), ("2026-01-22", "recovery_fix"), ("2026-01-26", "recovery_verify")), 7
    ):
        plan = example(today=day, activities=told)
        assert plan["lesson_one"].status is Status.HELD, day
        told.append(done(plan[step], day, "good", id=number))
    verified = example(today="2026-01-26", activities=told)
    assert (verified["lesson_one"].status, verified.due("lesson_one")) == (Status.OPEN, "2026-01-27")
    assert verified.due("recovery_recheck") == "2026-02-09"
    assert {step: verified.due(step) for step in list(DATES)[9:]} == {step: DATES[step] for step in list(DATES)[9:]}


def test_variation_c_nothing_is_sold_before_fourteen_days_after(
    example: Any, done: Any, until_the_dip: list[Activity]
) -> None:
    """C18: the same problem, mended only in May, keeps the ask of 20 May away."""
    told = [*until_the_dip, done(example()["dip_call"], "2026-01-19", "problem", id=6)]
    told.append(Activity(kind="milestone", milestone="first_result", on=date(2026, 2, 10), id=7))
    fixed = Activity(
        kind="contacted", on=date(2026, 5, 18), outcomes=("good",), step="recovery_fix", occurrence=1, id=8
    )
    checked = replace(fixed, on=date(2026, 5, 20), step="recovery_verify", id=9)
    told += [replace(one, purpose="recovery") for one in (fixed, checked)]
    plan = example(today="2026-05-20", activities=told)
    selling = [one for one in plan.touchpoints if PURPOSES[one.purpose].selling and one.status is not Status.DONE]
    assert {one.step for one in selling} >= {"introduction", "next_use", "renewal_terms"}
    assert [one for one in selling if one.due_on < date(2026, 6, 3)] == []


def test_variation_d_from_the_day_on_which_it_is_known(example: Any, until_the_dip: list[Activity]) -> None:
    """A4, A8, A9: set on 20 January, the past stays as it was, and only what is to come changes."""
    before = example(today="2026-01-20", activities=until_the_dip)
    after = example(today="2026-01-20", activities=until_the_dip, profile=Profile(usage="heavy"))
    assert after.plan.factors == {"prevention": 2.0, "education": 0.75, "feedback": 1.5}
    own = [set(plan.steps()) - {"dip_watch"} for plan in (before, after)]
    assert own[1] - own[0] == {"pulse"}
    assert own[0] - own[1] == {"choosing_well"}
    assert after.due("pulse") == "2026-02-19"
    assert "education factor 0.75 (assumption)" in after.left_out("choosing_well")
    for step in own[0] & own[1]:
        found = after[step]
        same = found.due_on == before[step].due_on
        assert same or (step == "relationship_score" and found.opens_on <= found.due_on <= found.closes_on), step
    done = [one for one in after.touchpoints if one.status is Status.DONE]
    assert [(one.step, str(one.due_on)) for one in done] == [(step, DATES[step]) for step in EARLY_CONTACTS]


def test_variation_e_an_ask_that_was_not_made_expires_and_is_not_moved_into_learning(example: Any) -> None:
    on_its_day = example(today="2026-01-08")["who_else"]
    too_late = example(today="2026-01-09")["who_else"]

    assert on_its_day.status is Status.OPEN
    assert too_late.status is Status.EXPIRED
    assert too_late.due_on == on_its_day.due_on


@pytest.mark.parametrize("signed", ["2020-02-29", "2021-03-01", "2021-12-24", "2023-06-10"])
def test_an_old_sale_gets_one_sensible_next_contact(saas: Playbook, planned: Any, signed: str) -> None:
    """E1, trap 6: not twenty overdue ones, and all the rest is planned once somebody was reached."""
    plan = planned(saas, sale=signed, added="2026-11-23")

    assert plan.still_open() == ["needs_review"]
    assert date(2026, 11, 23) <= plan["needs_review"].due_on <= date(2027, 3, 23)
    assert plan.rules("needs_review") == ["catch_up"]


def test_a_thousand_old_sales_do_not_fall_on_one_day(saas: Playbook, planned: Any) -> None:
    days = Counter(
        planned(saas, sale="2021-03-01", added="2026-11-23", key=f"customer-{number}/1")["needs_review"].due_on
        for number in range(1000)
    )

    assert len(days) >= 60
    assert max(days.values()) <= 30
    assert all(day.weekday() < 5 for day in days)


def test_a_recorded_outside_date_comes_before_that_first_contact(saas: Playbook, planned: Any) -> None:
    """A renewal that is only assumed demands nothing; one that was recorded does."""
    plan = planned(saas, sale="2021-03-01", renewal="2027-03-01", added="2026-11-23")

    assert plan.still_open() == ["renewal_value"]


def test_after_the_first_contact_an_old_sale_has_its_whole_rhythm(saas: Playbook, planned: Any, done: Any) -> None:
    """B25, B35: the next needs talk counts from the contact that really happened."""
    first = planned(saas, sale="2021-03-01", added="2026-11-23")["needs_review"]
    contact = done(first, first.due_on, "good")

    plan = planned(saas, sale="2021-03-01", added="2026-11-23", today=first.due_on, activities=[contact])

    following = [t for t in plan.touchpoints if t.step == "needs_review" and t.status is Status.OPEN]
    assert [t.occurrence for t in following] == [2]
    assert 178 <= (following[0].due_on - first.due_on).days <= 183
    assert {"whats_new", "next_use", "renewal_value"} <= set(plan.still_open())
