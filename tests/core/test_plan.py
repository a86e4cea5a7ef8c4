"""The plan of one sale from end to end: the worked example, and what happens over time."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from followup.core.dates import Calendar
from followup.core.model.activity import Activity
from followup.core.model.concern import Concern
from followup.core.model.history import History, Taken
from followup.core.model.playbook import Playbook
from followup.core.model.sale import Profile
from followup.core.model.touchpoint import Status
from followup.core.planner.plan import step_named
from followup.errors import FollowupError

# Concerns and caps


def test_a_resolved_concern_needs_no_contact(saas: Playbook, planned: Any) -> None:
    on = date(2025, 12, 20)
    plan = planned(saas, concerns=[Concern(severity="major", opened_on=on, resolved_on=on)])

    assert plan.touchpoints == planned(saas).touchpoints


def test_b12_each_open_concern_gets_a_contact_of_its_own(saas: Playbook, planned: Any) -> None:
    """B12."""
    concerns = [Concern(number=number, opened_on=date(2025, 12, 20)) for number in (1, 2)]
    plan = planned(saas, concerns=concerns)

    assert [(one.step, one.occurrence) for one in plan.touchpoints if one.step == "concern"] == [
        ("concern", 1),
        ("concern", 2),
    ]


def test_b12_a_concern_that_comes_up_later_is_taken_up_within_two_working_days(saas: Playbook, planned: Any) -> None:
    """B12."""
    friday = date(2026, 2, 20)
    plan = planned(saas, today=friday, concerns=[Concern(opened_on=friday)])

    assert plan.due("concern") == "2026-02-24"


def test_after_learning_a_concern_is_answered_by_closing_the_loop(saas: Playbook, planned: Any) -> None:
    opened = date(2026, 8, 3)
    plan = planned(saas, today=opened, concerns=[Concern(opened_on=opened)])

    assert (plan.due("concern"), plan["concern"].purpose) == ("2026-08-05", "close_loop")


def test_the_cap_for_mails_holds_when_pulse_comes_in(saas: Playbook, planned: Any) -> None:
    """E17: Day 3 to 92 has room for four e-mails: the score moves inside its window to make room for a fifth."""
    plan = planned(saas, profile=Profile(usage="heavy"))
    mails = [plan[step].due_on for step in ("who_else", "lesson_one", "pulse", "result_letter")]
    score = plan["relationship_score"]

    assert (score.due_on - mails[0]).days == 90
    assert score.due_on <= score.closes_on == date(2026, 4, 15)
    assert "cap" in plan.rules("relationship_score")


# Nothing is forgotten, nothing bursts


@pytest.mark.parametrize("today", ["2025-12-01", "2026-02-01", "2026-06-01", "2028-01-01"])
def test_a_missed_step_stays_on_the_list_until_it_is_dealt_with(saas: Playbook, planned: Any, today: str) -> None:
    assert planned(saas, today=today)["dip_call"].status is Status.OPEN


def test_b25_there_is_always_a_next_contact(any_shipped: Playbook, planned: Any) -> None:
    """B25."""
    for today in ("2025-11-01", "2026-01-05", "2026-04-01", "2027-06-01", "2035-01-01"):
        assert planned(any_shipped, today=today, added=today).still_open()


def test_b25_where_nothing_else_is_planned_one_keeps_in_touch(book: Playbook, planned: Any, done: Any) -> None:
    """
    # B25
    anchors: {sale: signed, live: in use}
    steps:
      - {id: lesson, stage: learning, when: live+10, purpose: education}
    """
    plan = planned(book)
    assert plan["lesson"].status is Status.WAITING
    assert (plan.still_open(), plan.due("keep_in_touch")) == (["keep_in_touch"], "2026-02-23")  # 49 days

    contact = done(plan["keep_in_touch"], "2026-02-25", "good")
    again = planned(book, today="2026-02-25", activities=[contact])
    assert again.all_due("keep_in_touch") == ["2026-02-23", "2026-04-15"]


def test_d7_maintenance_repeats_until_the_customer_leaves(saas: Playbook, planned: Any) -> None:
    """D7."""
    left = Activity(kind="milestone", milestone="left", on=date(2026, 9, 1))
    plan = planned(saas, today="2026-09-01", activities=[left])

    assert plan.still_open() == []
    assert plan.left_out("left") == "the customer has left"


def test_e11_who_must_not_be_contacted_gets_nothing(any_shipped: Playbook, planned: Any) -> None:
    """E11: Do-not-contact beats everything: steps, concerns, deadlines and dates by hand."""
    moved = Activity(
        kind="agreed", on=date(2026, 1, 6), to_on=date(2026, 2, 2), step=any_shipped.steps[0].id, occurrence=1
    )
    plan = planned(
        any_shipped,
        do_not_contact=True,
        activities=[moved],
        concerns=[Concern(severity="major", opened_on=date(2026, 1, 6))],
    )

    assert plan.touchpoints == ()
    assert plan.left_out("do_not_contact")
    assert plan.plan.refresh_on is None


def test_what_was_done_stays_on_record_after_a_stop(saas: Playbook, planned: Any, done: Any) -> None:
    call = done(planned(saas)["week_one"], "2026-01-12", "stop")
    plan = planned(saas, do_not_contact=True, activities=[call])

    assert plan.steps() == ["week_one"]
    assert plan["week_one"].status is Status.DONE


# Sales that come into the plan late (E1, trap 6)


def test_a_sale_of_2021_gets_exactly_one_open_contact(any_shipped: Playbook, planned: Any) -> None:
    plan = planned(any_shipped, sale="2021-03-01", added="2026-03-02", event="2021-06-01", finish="2021-06-01")

    (only,) = [one for one in plan.touchpoints if one.status is Status.OPEN]
    assert only.due_on >= date(2026, 3, 2)


def test_the_first_contact_of_an_old_sale_is_one_that_listens(saas: Playbook, planned: Any) -> None:
    plan = planned(saas, sale="2021-03-01", added="2026-03-02")

    assert plan.still_open() == ["needs_review"]
    assert plan["needs_review"].service == "feedback"
    assert "no contact on record" in plan.why("needs_review", "catch_up")


def test_after_the_first_contact_an_old_sale_gets_its_whole_rhythm(saas: Playbook, planned: Any, done: Any) -> None:
    first = planned(saas, sale="2021-03-01", added="2026-03-02")["needs_review"]
    told = done(first, first.due_on, "good")
    plan = planned(saas, sale="2021-03-01", added="2026-03-02", today=first.due_on, activities=[told])

    assert {"needs_review", "whats_new", "next_use", "renewal_value"} <= set(plan.still_open())
    assert all(one.due_on > first.due_on for one in plan.touchpoints if one.status is Status.OPEN)


def test_a_skipped_first_contact_does_not_come_back_at_once(saas: Playbook, planned: Any, done: Any) -> None:
    first = planned(saas, sale="2021-03-01", added="2026-03-02")["needs_review"]
    skipped = done(first, "2026-03-03", kind="skipped")
    plan = planned(saas, sale="2021-03-01", added="2026-03-02", today="2026-03-03", activities=[skipped])
    names = Counter((one.step, one.occurrence) for one in plan.touchpoints)

    assert max(names.values()) == 1
    assert all(one.due_on > date(2026, 3, 3) for one in plan.touchpoints if one.status is Status.OPEN)


def test_an_outside_date_that_is_on_record_comes_first_for_an_old_sale(saas: Playbook, planned: Any) -> None:
    plan = planned(saas, sale="2021-03-01", added="2026-03-02", renewal="2026-06-01")

    assert plan.still_open() == ["renewal_value"]


def test_the_same_sale_is_spread_to_the_same_day_for_ever(saas: Playbook, planned: Any) -> None:
    plans = [planned(saas, sale="2021-03-01", added="2026-03-02", today=f"2026-03-{day:02}") for day in (2, 9, 30)]

    assert len({plan.due("needs_review") for plan in plans}) == 1


def test_an_open_concern_of_an_old_sale_is_taken_up_besides(saas: Playbook, planned: Any) -> None:
    concern = Concern(severity="major", opened_on=date(2026, 3, 2))
    plan = planned(saas, sale="2021-03-01", added="2026-03-02", concerns=[concern])

    assert plan.still_open() == ["concern", "needs_review"]
    assert plan.due("concern") == "2026-03-04"


def test_a_sale_that_comes_in_during_learning_starts_there(saas: Playbook, planned: Any) -> None:
    """Steps whose window closed before are not planned; the watch counts from the day it came in."""
    plan = planned(saas, sale="2025-12-15", added="2026-01-14")

    assert plan.still_open()[:2] == ["progress_call", "you_said_we_did"]
    assert "before the sale came into the plan" in plan.left_out("dip_call")


def test_a_window_that_is_still_open_is_used(saas: Playbook, planned: Any) -> None:
    """`dip_call` was due two days ago, its window is open until today."""
    plan = planned(saas, added="2026-01-21")

    assert plan.due("dip_call") == "2026-01-21"
    assert "spread" in plan.rules("dip_call")


def test_a_sale_that_comes_in_during_effectiveness_is_first_asked_how_it_goes(saas: Playbook, planned: Any) -> None:
    """The next step by the playbook asks for a favour, and weeks away."""
    plan = planned(saas, sale="2025-12-01", added="2026-03-20")

    assert plan.still_open()[:2] == ["catch_up", "introduction"]
    assert plan["catch_up"].due_on + timedelta(days=5) <= plan["introduction"].due_on


def test_nobody_is_asked_twice_how_it_goes(saas: Playbook, planned: Any) -> None:
    plan = planned(saas, sale="2025-12-01", added="2026-03-01")

    assert "catch_up" not in plan.steps()
    assert plan.still_open()[0] == "relationship_score"


# Repeats


EVERY = """
stages: {learning: {from: live+7}, effectiveness: {from: live+20}, maintenance: {from: live+60}}
steps:
  - {id: review, stage: maintenance, when: live+70, every: 90d, window: [-5, 10], purpose: reminder, channel: meeting}
"""


def test_a_rhythm_counts_from_the_last_actual_contact(read: Any, planned: Any, done: Any) -> None:
    """Due on 2026-03-16, done eight days late: the next one 90 days after the contact."""
    book = read(EVERY)
    first = planned(book)["review"]
    plan = planned(book, today="2026-03-24", activities=[done(first, "2026-03-24", "good")])

    assert str(first.due_on) == "2026-03-16"
    assert plan.all_due("review") == ["2026-03-16", "2026-06-22"]


def test_a_contact_of_the_same_purpose_elsewhere_moves_the_rhythm(read: Any, planned: Any, done: Any) -> None:
    book = read(EVERY)
    told = [
        done(planned(book)["review"], "2026-03-16", "good"),
        Activity(kind="contacted", on=date(2026, 5, 4), outcomes=("good",), purpose="reminder", id=2),
    ]
    plan = planned(book, today="2026-05-04", activities=told)

    assert plan.all_due("review")[-1] == "2026-08-03"  # 90 days after is 2026-08-02, a Sunday


@pytest.mark.parametrize(
    ("kind", "on", "outcomes", "following"),
    [
        ("skipped", "2026-03-16", (), "2026-06-15"),  # in time: the rhythm of the plan goes on
        ("skipped", "2026-04-20", (), "2026-07-20"),  # overdue: it starts again from that day
        ("contacted", "2026-03-20", ("flat",), "2026-06-15"),  # nothing of value: no clock restarts
        ("contacted", "2026-03-20", ("ok",), "2026-06-18"),
    ],
)
def test_what_the_next_interval_counts_from(
    read: Any, planned: Any, done: Any, kind: str, on: str, outcomes: tuple[str, ...], following: str
) -> None:
    book = read(EVERY)
    told = done(planned(book)["review"], on, *outcomes, kind=kind)

    assert planned(book, today=on, activities=[told]).all_due("review")[-1] == following


def test_after_a_long_pause_a_rhythm_jumps_to_the_first_date_that_can_be_met(read: Any, planned: Any) -> None:
    book = read(EVERY.replace("reminder", "feedback"))
    told = Activity(kind="contacted", on=date(2026, 3, 1), outcomes=("ok",), purpose="welcome")
    plan = planned(book, added="2029-01-01", activities=[told])

    (due,) = plan.all_due("review")
    assert "2029-01-01" <= due <= "2029-04-01"


def test_more_occurrences_on_request(read: Any, planned: Any) -> None:
    plan = planned(read(EVERY), occurrences=3)

    assert plan.all_due("review") == ["2026-03-16", "2026-06-15", "2026-09-14"]  # 12 and 11 September are weekend
    assert [one.occurrence for one in plan.touchpoints if one.step == "review"] == [1, 2, 3]


WEEKLY = """
anchors: {sale: signed, live: keys}
stages: {learning: {from: live+7}, effectiveness: {from: live+20}, maintenance: {from: live+60}}
steps:
  - {id: status, stage: novelty, when: sale+10, every: 7d, until: live, window: [-1, 2], purpose: welcome}
"""


def test_a_bounded_series_runs_to_its_anchor_and_no_further(read: Any, planned: Any) -> None:
    plan = planned(read(WEEKLY), live="2026-02-05", occurrences=99)

    assert plan.all_due("status") == ["2026-01-15", "2026-01-22", "2026-01-29", "2026-02-05"]


def test_a_missed_date_of_a_bounded_series_is_gone(read: Any, planned: Any) -> None:
    book = read(WEEKLY)

    assert planned(book, live="2026-02-05", today="2026-01-17").all_due("status") == ["2026-01-15"]
    plan = planned(book, live="2026-02-05", today="2026-01-18")
    assert (plan.all_due("status"), plan["status"].occurrence) == (["2026-01-22"], 2)


def test_a_snoozed_date_of_a_bounded_series_is_kept(read: Any, planned: Any, done: Any) -> None:
    book = read(WEEKLY)
    first = planned(book, live="2026-02-05")["status"]
    moved = done(first, "2026-01-15", kind="snoozed", to_on=date(2026, 1, 20))
    plan = planned(book, live="2026-02-05", today="2026-01-19", activities=[moved])

    assert plan.all_due("status")[0] == "2026-01-20"


def test_a_bounded_series_waits_for_its_end(read: Any, planned: Any) -> None:
    plan = planned(read(WEEKLY))

    assert plan["status"].status is Status.WAITING
    assert "waits for the date of live" in plan.why("status", "waiting")


CYCLE = """
anchors: {sale: signed, live: {says: in use, default: sale}, service: {says: due, default: live+6m, repeats: 6m}}
stages: {learning: {from: live+7}, effectiveness: {from: live+20}, maintenance: {from: live+60}}
steps:
  - {id: book, when: service-14, every: cycle, window: [-7, 7], deadline: service, any_stage: true, purpose: prevention}
"""


def test_a_cycle_is_armed_again_when_its_anchor_comes_again(read: Any, planned: Any, done: Any) -> None:
    book = read(CYCLE)
    first = planned(book)["book"]
    plan = planned(book, today=first.due_on, activities=[done(first, first.due_on, "good")])

    assert str(first.due_on) == "2026-06-19"  # 14 days before 2026-07-05 is a Sunday: back before the deadline
    assert plan.all_due("book") == ["2026-06-19", "2026-12-22"]


def test_a_cycle_counts_every_date_from_the_first_one(read: Any, planned: Any) -> None:
    """A service due on 31 August: end of February, then 31 August again."""
    plan = planned(read(CYCLE), service="2026-08-31", occurrences=3)

    assert [str(one.deadline_on) for one in plan.touchpoints if one.step == "book"] == [
        "2026-08-31",
        "2027-02-28",
        "2027-08-31",
    ]


def test_a_missed_cycle_is_not_made_up_for(read: Any, planned: Any) -> None:
    book = read(CYCLE)

    assert planned(book, today="2026-07-05").due("book") == "2026-06-19"
    assert planned(book, today="2026-07-06").due("book") == "2026-12-22"


def test_a_date_by_hand_does_not_haunt_the_next_cycle(read: Any, planned: Any, done: Any) -> None:
    book = read(CYCLE)
    moved = done(planned(book)["book"], "2026-06-19", kind="snoozed", to_on=date(2026, 6, 26))

    assert planned(book, today="2026-06-20", activities=[moved]).due("book") == "2026-06-26"
    assert planned(book, today="2026-07-06", activities=[moved]).due("book") == "2026-12-22"


def test_a_date_by_hand_past_the_deadline_of_a_cycle_stands_until_it_has_passed(
    read: Any, planned: Any, done: Any
) -> None:
    book = read(CYCLE)
    moved = done(planned(book)["book"], "2026-06-19", kind="agreed", to_on=date(2026, 7, 10))

    plan = planned(book, today="2026-07-07", activities=[moved])
    assert (plan.due("book"), plan["book"].status) == ("2026-07-10", Status.OPEN)
    assert "past its deadline" in plan.why("book", "warning")
    assert planned(book, today="2026-07-11", activities=[moved]).due("book") == "2026-12-22"


def test_a_new_date_of_an_anchor_without_repeats_arms_its_step_again(read: Any, planned: Any, done: Any) -> None:
    book = read(CYCLE.replace("default: live+6m, repeats: 6m", "default: live+6m"))
    told = done(planned(book)["book"], "2026-06-19", "good")

    assert planned(book, today="2026-06-19", activities=[told]).all_due("book") == ["2026-06-19"]
    again = planned(book, today="2026-07-06", activities=[told], service="2027-03-01")
    assert again.all_due("book") == ["2026-06-19", "2027-02-15"]


# What the user records


def test_a_step_that_is_done_stays_done(saas: Playbook, planned: Any, done: Any) -> None:
    call = planned(saas)["dip_call"]
    plan = planned(saas, today="2026-01-20", activities=[done(call, "2026-01-20", "good")])

    assert plan["dip_call"].status is Status.DONE
    assert plan["dip_call"].done_on == date(2026, 1, 20)
    assert plan.due("dip_call") == "2026-01-19"


def test_a_skipped_step_does_not_come_back(saas: Playbook, planned: Any, done: Any) -> None:
    letter = planned(saas)["result_letter"]
    plan = planned(saas, activities=[done(letter, "2026-03-16", kind="skipped")])

    assert plan["result_letter"].status is Status.SKIPPED


def test_a_date_by_hand_survives_every_new_plan(saas: Playbook, planned: Any, done: Any) -> None:
    moved = done(planned(saas)["lesson_one"], "2026-01-20", kind="snoozed", to_on=date(2026, 1, 31))
    plan = planned(saas, today="2026-01-21", activities=[moved], profile=Profile(usage="light"))

    assert plan.due("lesson_one") == "2026-01-31"  # a Saturday: their wish
    assert plan["lesson_one"].by_hand
    assert "outside its window" in plan.why("lesson_one", "warning")


def test_the_last_of_several_dates_by_hand_holds(saas: Playbook, planned: Any, done: Any) -> None:
    lesson = planned(saas)["lesson_one"]
    moves = [
        done(lesson, "2026-01-22", kind="snoozed", to_on=date(2026, 1, 30), id=2),
        done(lesson, "2026-01-20", kind="snoozed", to_on=date(2026, 1, 28), id=1),
    ]

    assert planned(saas, activities=moves).due("lesson_one") == "2026-01-30"


def test_an_agreed_date_with_a_time_needs_no_gap(saas: Playbook, planned: Any, done: Any) -> None:
    from datetime import time

    lesson = planned(saas)["lesson_one"]
    agreed = done(lesson, "2026-01-20", kind="agreed", to_on=date(2026, 1, 20), to_time=time(14, 30))
    plan = planned(saas, today="2026-01-20", activities=[agreed])

    assert plan["lesson_one"].agreed_time == time(14, 30)
    assert plan.due("dip_call") == "2026-01-19"


def test_others_leave_room_for_a_date_by_hand(saas: Playbook, planned: Any, done: Any) -> None:
    moved = done(planned(saas)["lesson_one"], "2026-01-19", kind="snoozed", to_on=date(2026, 1, 30))
    plan = planned(saas, activities=[moved])

    assert plan.due("progress_call") == "2026-02-02"  # exactly three days on
    moved = replace(moved, to_on=date(2026, 2, 2))
    assert planned(saas, activities=[moved]).due("progress_call") == "2026-02-05"


LADDER = """
stages: {learning: {from: live+7, trough: live+28}, effectiveness: {from: live+66}, maintenance: {from: live+180}}
steps:
  - {id: call, stage: learning, when: live+14, window: [-2, 10], channel: phone, fallback: email, purpose: prevention%s}
"""


def test_no_answer_is_tried_again_by_the_ladder(read: Any, planned: Any, done: Any) -> None:
    """Two and five working days after the first try, by the second channel in between; three tries in all."""
    book = read(LADDER % "")
    call = planned(book)["call"]
    first = done(call, "2026-01-19", "no-answer", id=1)
    second = done(call, "2026-01-21", "left-message", id=2)
    third = done(call, "2026-01-26", "no-answer", id=3)

    plan = planned(book, today="2026-01-19", activities=[first])
    assert (plan.due("call"), plan["call"].channel, plan["call"].tries) == ("2026-01-21", "email", 1)
    plan = planned(book, today="2026-01-21", activities=[first, second])
    assert (plan.due("call"), plan["call"].channel, plan["call"].tries) == ("2026-01-26", "phone", 2)
    plan = planned(book, today="2026-01-26", activities=[first, second, third])
    assert "call" not in plan.still_open()
    assert plan["call"].status is Status.EXPIRED
    assert plan.why("call", "retry") == (
        "not reached in 3 tries: no more for this contact; close it with a short written note"
    )


def test_a_late_try_does_not_bring_the_next_one_into_the_past(read: Any, planned: Any, done: Any) -> None:
    book = read(LADDER % "")
    call = planned(book)["call"]
    tries = [done(call, "2026-01-19", "no-answer", id=1), done(call, "2026-01-28", "no-answer", id=2)]

    assert planned(book, today="2026-01-28", activities=tries).due("call") == "2026-01-29"


@pytest.mark.parametrize(
    ("rule", "expected"),
    [(", outcomes: {no-answer: {retry: [1d, 3d]}}", "2026-01-20"), (", outcomes: {no-answer: {retry: []}}", "")],
)
def test_a_step_may_have_its_own_ladder(read: Any, planned: Any, done: Any, rule: str, expected: str) -> None:
    book = read(LADDER % rule)
    told = done(planned(book)["call"], "2026-01-19", "no-answer")

    call = planned(book, today="2026-01-19", activities=[told])["call"]
    assert (str(call.due_on) if call.status is Status.OPEN else "") == expected


def test_a_renewal_is_tried_six_times(saas: Playbook, planned: Any, done: Any) -> None:
    close = planned(saas)["renewal_close"]
    days = ["2026-12-04", "2026-12-07", "2026-12-09", "2026-12-14", "2026-12-18"]
    tries = [done(close, on, "no-answer", id=number) for number, on in enumerate(days)]

    assert planned(saas, today=days[-1], activities=tries).due("renewal_close") == "2026-12-25"
    tries.append(done(close, "2026-12-25", "no-answer", id=9))
    given_up = planned(saas, today="2026-12-25", activities=tries)
    expired, following = (one for one in given_up.touchpoints if one.step == "renewal_close")
    assert expired.reasons[-1].text.startswith("not reached in 6 tries")
    assert [(one.status, str(one.due_on)) for one in (expired, following)] == [
        (Status.EXPIRED, "2026-12-04"),
        (Status.OPEN, "2027-12-06"),
    ]


def test_a_repeating_step_that_was_given_up_comes_again_in_its_rhythm(read: Any, planned: Any, done: Any) -> None:
    book = read(EVERY)
    review = planned(book)["review"]
    tries = [done(review, on, "no-answer") for on in ("2026-03-16", "2026-03-18", "2026-03-23")]
    plan = planned(book, today="2026-03-23", activities=tries)

    reviews = [(one.occurrence, one.status) for one in plan.touchpoints if one.step == "review"]
    assert reviews == [(1, Status.EXPIRED), (2, Status.OPEN)]
    assert plan.all_due("review") == ["2026-03-16", "2026-06-15"]


def test_b24_a_contact_that_gave_nothing_does_not_reset_the_watch(saas: Playbook, planned: Any, done: Any) -> None:
    """B24."""
    you_said = planned(saas)["you_said_we_did"]
    for outcome, look in (("ok", "2026-02-19"), ("flat", "2026-02-12")):
        plan = planned(saas, today="2026-02-09", effort=0.5, activities=[done(you_said, "2026-02-09", outcome)])
        assert plan.all_due("dip_watch")[0] == look


def test_a_contact_makes_the_looks_before_it_needless(saas: Playbook, planned: Any, done: Any) -> None:
    """The look of 19 February was missed, that of 27 February was made."""
    late_look = next(one for one in planned(saas).touchpoints if str(one.due_on) == "2026-02-27")
    plan = planned(saas, today="2026-02-27", activities=[done(late_look, "2026-02-27", "good")])

    assert [str(one.due_on) for one in plan.touchpoints if one.step == "dip_watch"] == ["2026-02-27", "2026-03-09"]


def test_a_look_that_was_not_answered_is_tried_again(saas: Playbook, planned: Any, done: Any) -> None:
    look = next(one for one in planned(saas).touchpoints if one.step == "dip_watch")
    plan = planned(saas, today="2026-02-19", activities=[done(look, "2026-02-19", "no-answer")])
    again = next(one for one in plan.touchpoints if one.step == "dip_watch")

    assert (again.occurrence, str(again.due_on), again.tries) == (1, "2026-02-23", 1)


def test_a_look_that_was_skipped_is_not_asked_for_again_at_once(saas: Playbook, planned: Any, done: Any) -> None:
    look = next(one for one in planned(saas).touchpoints if one.step == "dip_watch")
    plan = planned(saas, today="2026-02-19", activities=[done(look, "2026-02-19", kind="skipped")])

    assert plan.all_due("dip_watch")[:2] == ["2026-02-19", "2026-02-27"]


@pytest.mark.parametrize(
    ("purpose", "extensiveness", "direction", "covered"),
    [
        ("prevention", "medium", "outbound", True),
        ("prevention", "medium", "inbound", True),
        ("co_planning", "medium", "outbound", False),  # the same kind, but not the same purpose
        ("co_planning", "high", "outbound", True),  # A18: contact that happens anyway counts
        ("feedback", "high", "outbound", False),
        ("", "high", "outbound", False),
    ],
)
def test_a18_a_contact_that_happens_anyway_does_what_a_step_was_for(
    read: Any, planned: Any, purpose: str, extensiveness: str, direction: str, covered: bool
) -> None:
    """A18."""
    book = read(LADDER % "")
    visit = Activity(kind="contacted", on=date(2026, 1, 18), outcomes=("ok",), purpose=purpose, direction=direction)
    profile = Profile(extensiveness=extensiveness)
    plan = planned(book, today="2026-01-18", activities=[visit], profile=profile)

    assert (plan["call"].status is Status.ABSORBED) is covered
    assert (plan["call"].done_on == date(2026, 1, 18)) is covered


def test_a18_a_contact_outside_the_window_covers_nothing(read: Any, planned: Any) -> None:
    """A18."""
    book = read(LADDER % "")
    visit = Activity(kind="contacted", on=date(2026, 1, 16), outcomes=("ok",), purpose="prevention")

    assert planned(book, today="2026-01-16", activities=[visit])["call"].status is Status.OPEN


# A5: outside dates


def test_a5_an_outside_date_keeps_its_step_whatever_the_stage(read: Any, planned: Any) -> None:
    """A5."""
    book = read(
        """
        anchors: {tax: filing date}
        steps:
          - {id: relief, when: tax-30, window: [-10, 10], any_stage: true, deadline: tax, purpose: prevention}
        """
    )
    for tax, due in (("2026-02-20", "2026-01-21"), ("2026-05-31", "2026-05-01"), ("2027-12-31", "2027-12-01")):
        plan = planned(book, tax=tax)
        assert (plan.due("relief"), str(plan["relief"].deadline_on)) == (due, tax)
    assert planned(book)["relief"].status is Status.WAITING


def test_other_sales_of_the_same_person_take_their_days(saas: Playbook, planned: Any) -> None:
    history = History(taken=(Taken(date(2026, 1, 26), "email"),))

    assert planned(saas, history=history).due("lesson_one") == "2026-01-29"


# The plan as a value


def test_the_curve_follows_the_stages_of_the_sale(saas: Playbook, planned: Any) -> None:
    curve = planned(saas, effort=0.0, live="2026-01-19").plan.curve

    assert (curve.dip_starts, curve.trough, curve.recovered) == (7, 28, 66)
    assert planned(saas, effort=0.0, live="2026-01-19").plan.live_on == date(2026, 1, 19)


def test_a_curve_that_the_author_wrote_beats_the_stages(book: Playbook, planned: Any) -> None:
    """
    curve: {trough: 35, depth: 0.5}
    steps:
      - {id: hello, stage: novelty, when: sale, purpose: welcome}
    """
    curve = planned(book, effort=0.0).plan.curve

    assert (curve.dip_starts, curve.trough, curve.recovered, curve.depth) == (7, 35, 66, 0.5)


def test_without_a_word_about_effort_half_of_it_is_assumed(saas: Playbook, planned: Any) -> None:
    assert planned(saas).plan.curve.effort == 0.5


def test_dates_that_are_only_assumed_are_named(saas: Playbook, planned: Any) -> None:
    assert planned(saas).plan.assumed_anchors == ("live", "renewal")
    assert planned(saas, live="2026-01-05").plan.assumed_anchors == ("renewal",)
    assert "is assumed" in planned(saas).why("dip_call", "assumed")


@pytest.mark.parametrize("sale", ["9999-12-31", "0001-01-01"])
def test_a_sale_at_the_end_of_time_is_refused_in_words(saas: Playbook, planned: Any, sale: str) -> None:
    with pytest.raises(FollowupError, match="outside the calendar"):
        planned(saas, sale=sale)


def test_a_calendar_that_is_always_closed_is_refused_in_words(saas: Playbook, planned: Any) -> None:
    with pytest.raises(FollowupError, match="no working day within a year"):
        planned(saas, calendar=Calendar(holiday_name=lambda day: "closed"))


def test_every_reason_can_be_read_by_a_machine(any_shipped: Playbook, planned: Any) -> None:
    plan = planned(any_shipped, profile=Profile(tier="A"))

    for one in plan.touchpoints:
        assert one.reasons
        for reason in one.reasons:
            assert reason.rule.isidentifier()
            assert reason.text
            assert all(isinstance(value, str | int | float | bool) for value in reason.inputs.values())


def test_every_touchpoint_knows_its_step(any_shipped: Playbook, planned: Any) -> None:
    concern = Concern(severity="major", opened_on=date(2026, 1, 5))
    for one in planned(any_shipped, concerns=[concern]).touchpoints:
        step = step_named(any_shipped, one.step)
        assert step is not None
        assert step.goal
        assert step.gives
