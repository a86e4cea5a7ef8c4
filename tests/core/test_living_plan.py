"""Every date follows from what really happened: evidence, outcomes, holds, maintenance (DOMAIN 3.9, 4.4-4.8, 5)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from followup.core.curve import bend
from followup.core.model.activity import Activity
from followup.core.model.concern import Concern
from followup.core.model.history import Elsewhere, History
from followup.core.model.playbook import Playbook
from followup.core.model.promise import Promise
from followup.core.model.reading import Reading
from followup.core.model.sale import Profile
from followup.core.model.touchpoint import Status
from followup.core.mood import delta_on
from followup.core.numbers import PRESETS
from followup.core.planner.watch import watch_days

MODERATE = PRESETS["moderate"]


def on(text: str) -> date:
    return date.fromisoformat(text)


def act(day: str, outcomes: str = "", step: str = "", **more: Any) -> Activity:
    """A contact (or another kind of activity) as it is recorded: `act("2026-01-19", "problem", "dip_call")`."""
    kind = more.pop("kind", "contacted")
    occurrence = more.pop("occurrence", 1 if step else 0)
    said = tuple(outcomes.split(",")) if outcomes else ()
    return Activity(kind=kind, on=on(day), outcomes=said, step=step, occurrence=occurrence, **more)


def numbered(activities: Iterable[Activity]) -> list[Activity]:
    """Activities with numbers in the order in which they were recorded."""
    from dataclasses import replace

    return [replace(activity, id=number) for number, activity in enumerate(activities, start=1)]


def unannounced(planned: Any, book: Playbook, today: str, *, days: int = 200, **facts: Any) -> list[str]:
    """The first day on which time alone changes a plan that did not name that day; [] when there is none."""
    day = on(today)
    made = planned(book, today=day, **facts).plan
    for _ in range(days):
        day += timedelta(days=1)
        now = planned(book, today=day, **facts).plan
        if made.refresh_on == day:
            made = now
        elif now != made:
            return [f"{day}, not {made.refresh_on}"]
    return []


@pytest.fixture
def saas(shipped: Any) -> Playbook:
    book: Playbook = shipped("saas")
    return book


# Evidence


@pytest.mark.parametrize(
    ("delta", "looks"),
    [(0.0, [38, 48, 58]), (-0.1451, [36, 42, 50, 60]), (0.1459, [40, 50, 60])],
)
def test_the_dip_watch_follows_the_estimate(delta: float, looks: list[int]) -> None:
    """4.5: from day 30 (moderate), as modelled, after a low score, after three good outcomes."""
    shape = bend(MODERATE.curve, effort=0.0, concerns=0.0)
    assert watch_days(shape, MODERATE.watch, start=30, delta=delta) == looks


def test_readings_move_the_estimate_and_the_dip_watch(saas: Playbook, planned: Any) -> None:
    """Score 6 on day 14 and outcome concern on day 28: delta -0.07 (4.4), and the looks come sooner, never later."""
    told = [
        act("2026-01-19", "ok", "dip_call", score=6, purpose="prevention"),
        act("2026-02-02", "concern", "progress_call", purpose="encouragement"),
    ]
    with_evidence = planned(saas, today="2026-02-02", added="2026-01-19", effort=0.0, activities=told).plan

    assert with_evidence.evidence is not None
    assert [clue.source for clue in with_evidence.evidence.clues] == ["nps 6", "outcome concern"]
    assert delta_on(with_evidence.evidence, on("2026-02-04")) == pytest.approx(-0.0707, abs=5e-4)


def test_b7_high_spirits_in_novelty_are_no_evidence(saas: Playbook, planned: Any) -> None:
    """B7: S18: those above the curve are ignored, those below count."""
    great = planned(saas, today="2026-01-12", activities=[act("2026-01-08", "great", purpose="feedback")]).plan
    worried = planned(saas, today="2026-01-12", activities=[act("2026-01-08", "concern", purpose="feedback")]).plan

    assert great.evidence.clues == ()
    assert [clue.source for clue in worried.evidence.clues] == ["outcome concern"]


def test_b17_early_effort_counts_what_was_done_in_time(saas: Playbook, planned: Any, done: Any) -> None:
    """B17: (0.5 + sum of weight x done) / (1 + sum of weights), late before the trough is worth a half (4.2)."""
    fresh = planned(saas, added="2026-01-05")
    told = [
        done(fresh["welcome_note"], "2026-01-05", "good"),  # 0.5 in time
        done(fresh["plan_together"], "2026-01-16", "good"),  # 2, late
    ]
    plan = planned(saas, added="2026-01-05", today="2026-01-16", activities=told).plan
    # welcome 0.5, plan_together 2, first_job 1 (not done), week_one 1 (not done)
    assert plan.curve.effort == pytest.approx((0.5 + 0.5 * 1 + 2 * 0.5) / (1 + 0.5 + 2 + 1 + 1))
    assert "plan_together late (weight 2)" in next(flag.text for flag in plan.flags if flag.rule == "effort")


def test_b11_a_resolved_concern_does_not_bend_the_curve(saas: Playbook, planned: Any) -> None:
    """B11: only what is still open counts; a minor one weighs 0.10 (4.2)."""
    settled = Concern(number=1, severity="major", opened_on=on("2026-01-05"), resolved_on=on("2026-01-05"))
    still_open = Concern(number=2, severity="minor", opened_on=on("2026-01-05"))
    plan = planned(saas, today="2026-01-05", concerns=[settled, still_open]).plan
    assert plan.curve.concerns == pytest.approx(0.10)


def test_b18_even_full_effort_leaves_a_dip(saas: Playbook, planned: Any, done: Any) -> None:
    """B18."""
    fresh = planned(saas, added="2025-12-01")
    told = [done(one, str(one.due_on), "good") for one in fresh.touchpoints if str(one.due_on) <= "2026-01-19"]
    plan = planned(saas, added="2025-12-01", today="2026-01-20", activities=told).plan

    assert plan.curve.effort > 0.9
    assert 0.25 * MODERATE.curve.depth <= plan.curve.depth < 0.6 * MODERATE.curve.depth


def test_an_early_contact_that_was_left_out_deepens_the_dip_from_the_day_after(saas: Playbook, planned: Any) -> None:
    """What time alone changes: the plan says itself when it has to be made again."""
    before = planned(saas, added="2026-01-05", today="2026-01-06").plan
    assert before.refresh_on == on("2026-01-07")  # welcome_note may be sent until the 6th
    after = planned(saas, added="2026-01-05", today="2026-01-07").plan
    assert after.curve.effort < before.curve.effort
    assert after.curve.depth > before.curve.depth


def test_e7_a_score_counts_on_the_scale_of_its_playbook(shipped: Any, planned: Any) -> None:
    """E7."""
    for key, score, level in (("saas", 6, 0.6), ("retail", 4, 0.75)):
        plan = planned(shipped(key), today="2026-02-01", activities=[act("2026-02-01", "ok", score=score)]).plan
        assert [round(clue.value, 2) for clue in plan.evidence.clues] == [level]


def test_usage_is_a_reading_too(saas: Playbook, planned: Any) -> None:
    history = History(readings=(Reading(kind="usage", value="down", on=on("2026-02-01")),))
    [clue] = planned(saas, today="2026-02-02", history=history).plan.evidence.clues
    assert (clue.value, clue.quality, clue.source) == (0.35, 0.5, "usage down")


def test_two_unanswered_contacts_in_a_row_say_something(saas: Playbook, planned: Any) -> None:
    """DOMAIN 3.8: flagged as silent; several tries at one contact are one."""
    tries = [act("2026-01-19", "no-answer", "dip_call"), act("2026-01-21", "no-answer", "dip_call")]
    assert "silent" not in flags(planned(saas, today="2026-01-21", activities=tries))
    tries.append(act("2026-01-26", "left-message", "lesson_one"))
    plan = planned(saas, today="2026-01-26", activities=tries)
    assert "silent" in flags(plan)
    assert [clue.source for clue in plan.plan.evidence.clues] == ["two unanswered in a row"]
    tries.append(act("2026-01-27", "ok", "lesson_one"))
    assert "silent" not in flags(planned(saas, today="2026-01-27", activities=tries))


def flags(plan: Any) -> list[str]:
    return [flag.rule for flag in plan.plan.flags]


# Stages move by evidence


def test_b4_a_first_result_brings_effectiveness_early(saas: Playbook, planned: Any) -> None:
    """B4."""
    result = act("2026-02-10", kind="milestone", milestone="first_result")
    plan = planned(saas, today="2026-02-10", activities=[result])
    assert plan.stage("effectiveness")[0] == "2026-02-17"


def test_b4_a_result_before_the_trough_moves_nothing(saas: Playbook, planned: Any) -> None:
    """B4."""
    result = act("2026-01-20", kind="milestone", milestone="first_result")
    assert planned(saas, today="2026-01-20", activities=[result]).stage("effectiveness")[0] == "2026-03-12"


@pytest.mark.parametrize(
    ("today", "begins", "stuck"),
    [
        ("2026-03-11", "2026-03-12", False),
        ("2026-03-12", "2026-03-26", False),
        ("2026-03-26", "2026-04-09", False),
        ("2026-04-09", "2026-04-23", False),
        ("2026-04-23", "2026-04-23", True),
    ],
)
def test_b4_without_a_result_learning_goes_on_three_times_then_the_sale_is_stuck(
    saas: Playbook, planned: Any, today: str, begins: str, stuck: bool
) -> None:
    """B4."""
    plan = planned(saas, today=today)
    assert plan.stage("effectiveness")[0] == begins
    assert ("stuck" in flags(plan)) is stuck


def test_complex_sales_are_given_three_weeks(shipped: Any, planned: Any) -> None:
    plan = planned(shipped("equipment"), today="2026-06-10", live="2026-01-05")
    assert plan.stage("effectiveness")[0] == "2026-06-25"


def test_a_sale_that_came_in_late_is_not_held_in_learning(saas: Playbook, planned: Any) -> None:
    assert planned(saas, today="2026-04-20", added="2026-04-20").stage("effectiveness")[0] == "2026-03-12"


def test_an_event_is_not_put_off(shipped: Any, planned: Any) -> None:
    plan = planned(shipped("event_hotel"), today="2026-05-20", event="2026-05-18", event_end="2026-05-19")
    assert plan.stage("effectiveness")[0] == "2026-05-18"


@pytest.mark.parametrize("told", [["problem"], ["concern", "concern"]])
def test_trouble_in_novelty_starts_learning_at_once(saas: Playbook, planned: Any, told: list[str]) -> None:
    contacts = [act(f"2026-01-{6 + i:02}", outcome, purpose="prevention") for i, outcome in enumerate(told)]
    plan = planned(saas, today="2026-01-09", activities=contacts)
    assert plan.stage("learning")[0] == str(contacts[-1].on)
    assert plan.plan.curve.dip_starts <= (contacts[-1].on - on("2026-01-05")).days


def test_low_mood_and_an_open_problem_hold_the_customer_in_learning(saas: Playbook, planned: Any) -> None:
    result = act("2026-02-03", kind="milestone", milestone="first_use")
    good = [act("2026-02-02", "good", "progress_call"), act("2026-02-09", "good", "you_said_we_did")]
    assert planned(saas, today="2026-03-12", activities=[result, *good]).stage("effectiveness")[0] == "2026-03-12"
    low = [*good, act("2026-03-11", "ok", score=1)]
    assert planned(saas, today="2026-03-12", activities=low).stage("effectiveness")[0] == "2026-03-26"
    trouble = [*good, act("2026-03-10", "problem", direction="inbound")]
    assert planned(saas, today="2026-03-12", activities=trouble).stage("effectiveness")[0] == "2026-03-26"


def test_a_stage_set_by_hand_holds(saas: Playbook, planned: Any) -> None:
    early = act("2026-02-05", kind="stage_moved", stage="effectiveness")
    assert planned(saas, today="2026-02-05", activities=[early]).stage("effectiveness")[0] == "2026-02-05"
    back = act("2026-03-20", kind="stage_moved", stage="learning")
    plan = planned(saas, today="2026-03-20", added="2026-03-15", activities=[back])
    assert plan.stage("effectiveness")[0] == "2026-04-03"


# A problem and its recovery


PROBLEM = act("2026-01-19", "problem", "dip_call", purpose="prevention")


def test_variation_c_a_problem_opens_a_recovery_chain(saas: Playbook, planned: Any) -> None:
    """A21, B16: acknowledge today, update in three days, mend in four (a new customer), verify, look again."""
    plan = planned(saas, today="2026-01-19", renewal="2027-01-05", activities=[PROBLEM])
    chain = {one.step: str(one.due_on) for one in plan.touchpoints if one.purpose == "recovery"}
    assert chain == {
        "recovery_acknowledge": "2026-01-19",
        "recovery_update": "2026-01-22",
        "recovery_fix": "2026-01-23",
        "recovery_verify": "2026-01-26",
        "recovery_recheck": "2026-02-09",
    }
    assert plan["lesson_one"].status is Status.HELD
    assert plan.plan.flags[0].rule == "problem"


def test_an_inbound_complaint_opens_one_at_any_stage(saas: Playbook, planned: Any) -> None:
    """A21, E4: in maintenance there are seven days to mend it."""
    complaint = act("2026-09-07", "problem", direction="inbound")
    plan = planned(saas, today="2026-09-07", activities=[complaint])
    assert (plan.due("recovery_acknowledge"), plan.due("recovery_fix")) == ("2026-09-07", "2026-09-14")


def recovered(verified: str = "good") -> list[Activity]:
    return numbered(
        [
            PROBLEM,
            act("2026-01-19", "ok", "recovery_acknowledge", purpose="recovery"),
            act("2026-01-22", "good", "recovery_fix", purpose="recovery"),
            act("2026-01-26", verified, "recovery_verify", purpose="recovery"),
        ]
    )


def test_what_was_held_goes_on_once_it_is_verified(saas: Playbook, planned: Any) -> None:
    plan = planned(saas, today="2026-01-26", activities=recovered())
    assert (plan["lesson_one"].status, plan.due("lesson_one")) == (Status.OPEN, "2026-01-27")
    assert plan.due("recovery_recheck") == "2026-02-09"
    assert "problem" not in flags(plan)


def test_updates_come_every_three_days_until_it_is_mended(saas: Playbook, planned: Any) -> None:
    complaint = act("2026-09-07", "problem", id=1)
    told = [complaint, act("2026-09-08", "ok", "recovery_acknowledge", purpose="recovery", id=2)]
    assert planned(saas, today="2026-09-08", activities=told).due("recovery_update") == "2026-09-11"
    told.append(act("2026-09-10", "ok", "recovery_update", purpose="recovery", id=3))
    told[-1] = act("2026-09-09", "ok", "recovery_update", purpose="recovery", id=3)
    updates = planned(saas, today="2026-09-09", activities=told)
    assert [str(one.due_on) for one in updates.touchpoints if one.step == "recovery_update"][-1] != "2026-09-11"


def test_c18_no_selling_until_two_weeks_after_it_was_verified(book: Playbook, planned: Any) -> None:
    """
    # C18
    anchors: {sale: signed}
    steps:
      - {id: offer, stage: maintenance, when: sale+250, window: [-10, 60], purpose: persuasive}
    """
    talk = act("2026-08-03", "good", purpose="needs_assessment", id=1)
    problem = act("2026-09-07", "problem", direction="inbound", id=2)
    fixed = act("2026-09-10", "good", "recovery_fix", purpose="recovery", id=3)
    verified = act("2026-09-14", "good", "recovery_verify", purpose="recovery", id=4)

    plan = planned(book, today="2026-09-14", activities=[talk, problem, fixed, verified])
    assert plan.due("offer") == "2026-09-28"
    assert "no selling until 14 days" in plan.why("offer", "recovery")


def test_d9_a_good_recovery_opens_the_gates_for_a_while(book: Playbook, planned: Any) -> None:
    """
    # D9
    anchors: {sale: signed}
    steps:
      - {id: name, stage: maintenance, when: sale+255, window: [-30, 90], purpose: lead_generation}
    """
    told = numbered(
        [
            act("2026-09-01", "ok", purpose="feedback"),
            act("2026-09-02", "problem", direction="inbound"),
            act("2026-09-03", "ok", "recovery_fix", purpose="recovery"),
            act("2026-09-04", "good", "recovery_verify", purpose="recovery"),
            act("2026-09-05", "ok", purpose="feedback"),
            act("2026-09-06", "ok", purpose="feedback"),
        ]
    )
    assert planned(book, today="2026-09-17", activities=told)["name"].status is Status.OPEN
    late = planned(book, today="2026-11-20", activities=told)
    assert late["name"].status is Status.HELD  # sixty days later the last two outcomes count again


def test_a_second_failure_escalates(saas: Playbook, planned: Any) -> None:
    """Maxham and Netemeyer: the second problem within 90 days brings a visit (3.9)."""
    again = act("2026-02-20", "problem", "dip_watch", purpose="prevention", id=9)
    plan = planned(saas, today="2026-02-20", activities=[*recovered(), again])
    visits = [one for one in plan.touchpoints if one.step == "recovery_visit"]
    assert [(one.channel, str(one.due_on)) for one in visits] == [("visit", "2026-02-24")]


def test_a_failed_check_starts_the_recovery_again(saas: Playbook, planned: Any) -> None:
    plan = planned(saas, today="2026-01-26", activities=recovered("problem"))
    assert "2026-01-26" in plan.all_due("recovery_acknowledge")
    assert "problem" in flags(plan)


def test_invariant_9_with_an_open_problem_only_what_settles_it_is_due(any_shipped: Playbook, planned: Any) -> None:
    for day in ("2026-01-08", "2026-02-11", "2026-05-20", "2026-11-04"):
        plan = planned(any_shipped, today=day, live="2026-01-08", activities=[act(day, "problem")])
        for one in plan.touchpoints:
            if one.status is Status.OPEN and str(one.due_on) <= day:
                assert one.purpose in ("recovery", "close_loop", "prevention"), one


# Concerns, promises, names, people


def test_c14_a_concern_is_answered_and_looked_at_again(saas: Playbook, planned: Any) -> None:
    """C14: 5.4: the answer is promised for two working days later, the check comes five days after it was voiced."""
    told = act("2026-01-19", "concern", "dip_call", purpose="prevention", id=1)
    concern = Concern(number=1, opened_on=on("2026-01-19"))
    promise = Promise(number=1, by=on("2026-01-21"), about="concern", concern=1)
    history = History(activities=(told,), concerns=(concern,), promises=(promise,))
    plan = planned(saas, today="2026-01-19", history=history)

    assert plan.due("promise") == "2026-01-21"
    assert plan.due("concern") == "2026-01-26"  # the 24th is a Saturday


def test_an_open_concern_stays_on_the_list_until_it_is_settled(saas: Playbook, planned: Any) -> None:
    """C14, E5."""
    concern = Concern(number=1, opened_on=on("2026-01-19"))
    checked = act("2026-01-23", "ok", "concern", purpose="concern_resolution", id=1)
    plan = planned(saas, today="2026-01-23", history=History(activities=(checked,), concerns=(concern,)))
    assert plan.all_due("concern_check") == ["2026-01-28"]

    settled = Concern(number=1, opened_on=on("2026-01-19"), resolved_on=on("2026-01-23"))
    plan = planned(saas, today="2026-01-23", history=History(activities=(checked,), concerns=(settled,)))
    assert plan.all_due("concern_check") == []


def test_c14_a_promise_is_due_until_the_customer_was_told(saas: Playbook, planned: Any) -> None:
    """C14."""
    promise = Promise(number=3, by=on("2026-01-22"))
    for kept, due in ((None, "2026-01-22"), (on("2026-01-20"), "2026-01-20")):
        history = History(promises=(Promise(number=3, by=promise.by, done_on=kept),))
        plan = planned(saas, today="2026-01-20", history=history)
        assert (plan["promise"].occurrence, plan.due("promise")) == (3, due)
    told = History(promises=(Promise(number=3, by=promise.by, done_on=on("2026-01-20"), told_on=on("2026-01-21")),))
    assert "promise" not in planned(saas, today="2026-01-21", history=told).steps()


def test_a_name_is_thanked_for_and_reported_back(saas: Playbook, planned: Any) -> None:
    """B33: 3.11: thanks within a day, a word about what came of it after two weeks."""
    plan = planned(saas, today="2026-05-20", activities=[act("2026-05-20", "good,referral", "introduction")])
    assert (plan.due("referral_thanks"), plan.due("referral_report")) == ("2026-05-20", "2026-06-03")


def test_b28_a_new_decider_is_met_with_the_record_of_results(saas: Playbook, planned: Any) -> None:
    """B28."""
    gone = act("2026-09-07", "wrong-contact", "whats_new", id=1)
    plan = planned(saas, today="2026-09-07", activities=[gone])
    assert plan.due("find_successor") == "2026-09-09"
    found = act("2026-09-08", kind="successor", note="Carla Ruiz", id=2)
    plan = planned(saas, today="2026-09-08", activities=[gone, found])
    assert "find_successor" not in plan.steps()
    assert plan.due("meet_successor") == "2026-09-10"
    assert "Carla Ruiz" in plan.why("meet_successor", "successor")


def test_a_low_score_is_called_back_within_a_day(saas: Playbook, planned: Any) -> None:
    scored = act("2026-04-06", "ok", "relationship_score", score=3, purpose="feedback")
    assert planned(saas, today="2026-04-06", activities=[scored]).due("low_score_call") == "2026-04-07"
    spoken = act("2026-04-07", "ok", purpose="feedback")
    assert "low_score_call" not in planned(saas, today="2026-04-07", activities=[scored, spoken]).steps()


def test_after_two_contacts_without_gain_the_next_takes_another_way(book: Playbook, planned: Any, done: Any) -> None:
    """
    anchors: {sale: signed}
    steps:
      - {id: one, stage: maintenance, when: sale+200, purpose: feedback, channel: phone}
      - {id: two, stage: maintenance, when: sale+220, purpose: feedback, channel: phone}
      - {id: three, stage: maintenance, when: sale+240, purpose: feedback, channel: phone, fallback: visit}
    """
    fresh = planned(book)
    told = [done(fresh["one"], "2026-07-24", "ok"), done(fresh["two"], "2026-08-13", "ok")]
    assert planned(book, today="2026-08-13", activities=told)["three"].channel == "visit"
    told[-1] = done(fresh["two"], "2026-08-13", "good")
    assert planned(book, today="2026-08-13", activities=told)["three"].channel == "phone"


# Holds


@pytest.mark.parametrize(("until", "due"), [("2026-01-22", "2026-01-28"), ("2026-02-09", "2026-02-16")])
def test_what_remains_of_a_delay_runs_on_after_a_hold(book: Playbook, planned: Any, until: str, due: str) -> None:
    """
    anchors: {sale: signed}
    steps:
      - {id: call, stage: learning, when: sale+21, window: [-1, 1], purpose: prevention}
    """
    held = act("2026-01-20", kind="held", id=1)
    resumed = act(until, kind="resumed", id=2)
    assert planned(book, today="2026-01-21", activities=[held])["call"].status is Status.HELD
    assert planned(book, today=until, activities=[held, resumed]).due("call") == due


def test_pause_two_days_into_a_wait_of_three_leaves_one(book: Playbook, planned: Any) -> None:
    """
    anchors: {sale: signed}
    steps:
      - {id: call, stage: novelty, when: sale+3, purpose: prevention, any_day: true}
    """
    held, resumed = act("2026-01-07", kind="held", id=1), act("2026-01-21", kind="resumed", id=2)
    assert planned(book, today="2026-01-21", added="2026-01-05", activities=[held, resumed]).due("call") == "2026-01-22"


def test_recovery_and_deadlines_stay_due_on_hold(shipped: Any, planned: Any) -> None:
    retail = shipped("retail")
    history = History(
        activities=(act("2026-02-02", kind="held", id=1), act("2026-02-03", "problem", direction="inbound", id=2)),
        promises=(Promise(number=1, by=on("2026-02-04")),),
    )
    plan = planned(retail, today="2026-02-03", warranty="2026-03-05", history=history)
    assert {"recovery_acknowledge", "promise", "warranty_ends"} <= set(plan.still_open())
    assert "how_did_it_go" not in plan.still_open()


def test_no_burst_after_a_long_hold(any_shipped: Playbook, planned: Any) -> None:
    """Mautic 3340: three weeks later at most one contact is due, the rest is planned anew."""
    held, resumed = act("2026-01-14", kind="held", id=1), act("2026-02-04", kind="resumed", id=2)
    plan = planned(any_shipped, today="2026-02-04", added="2026-01-14", live="2026-01-05", activities=[held, resumed])
    due = [one for one in plan.touchpoints if one.status is Status.OPEN and str(one.due_on) <= "2026-02-04"]
    assert len(due) <= 1


def test_a_hold_with_an_end_ends_by_itself(saas: Playbook, planned: Any) -> None:
    held = act("2026-01-20", kind="held", to_on=on("2026-02-03"))
    plan = planned(saas, today="2026-01-20", added="2026-01-20", activities=[held])
    assert plan.due("lesson_one") == "2026-02-09"
    assert plan.plan.refresh_on is not None
    assert plan.plan.refresh_on <= on("2026-02-03")


def test_the_rhythm_stands_still_on_hold(shipped: Any, planned: Any) -> None:
    """Invariant 10: days that pass on hold move nothing that the plan did not announce."""
    contact = act("2026-01-26", "concern", "seasonal_care", purpose="prevention")
    told = numbered([contact, act("2026-02-25", kind="held")])
    facts = {"sale": "2025-05-04", "added": "2026-01-05", "activities": told}
    assert unannounced(planned, shipped("real_estate"), "2026-02-26", **facts) == []


# Absence


def test_after_an_absence_one_contact_of_a_kind_is_due(saas: Playbook, planned: Any) -> None:
    """Three weeks away: what was missed is folded into the latest of its kind, an early ask expires (B32)."""
    plan = planned(saas, added="2026-01-05", today="2026-01-26")
    due = [one for one in plan.touchpoints if one.status is Status.OPEN and str(one.due_on) <= "2026-01-26"]
    kinds = [one.service for one in due]
    assert len(kinds) == len(set(kinds))
    assert plan["who_else"].status is Status.EXPIRED
    assert plan["week_one"].status is Status.ABSORBED
    assert "the prevention of Mon 19 January 2026 makes up for it" in plan.why("week_one", "folded")


def test_a_contact_made_later_makes_up_for_what_was_missed(saas: Playbook, planned: Any, done: Any) -> None:
    fresh = planned(saas, added="2026-01-05")
    told = [done(fresh["dip_call"], "2026-01-26", "good")]
    plan = planned(saas, added="2026-01-05", today="2026-01-26", activities=told)
    assert plan["week_one"].status is Status.ABSORBED


# Maintenance


RHYTHM = """
anchors: {sale: signed}
steps:
  - {id: yearly, stage: maintenance, when: sale+545, every: 365d, window: [-5, 5], purpose: feedback}
"""


def test_the_rhythm_grows_with_good_contacts(read: Any, planned: Any) -> None:
    """4.6: 49, 66, 90 days, then the cap of 120; maintenance begins on 4 July."""
    book, told = read(RHYTHM.replace("sale+545", "sale+3000")), []
    days = []
    today = "2026-07-04"
    for _ in range(5):
        plan = planned(book, today=today, activities=numbered(told))
        call = min((one for one in plan.touchpoints if one.status is Status.OPEN), key=lambda one: one.due_on)
        since = told[-1].on if told else on("2026-07-04")
        days.append((call.due_on - since).days)
        today = str(call.due_on)
        told.append(act(today, "good", call.step, occurrence=call.occurrence, purpose=call.purpose))
    assert all(abs(found - wanted) <= 3 for found, wanted in zip(days, [49, 66, 90, 120, 120], strict=True)), days


def test_b26_the_kinds_of_calls_take_turns(read: Any, planned: Any) -> None:
    """B26: Needs, news, good news, criteria, a name, a proposal; never two that ask in a row."""
    book, told, kinds = read(RHYTHM.replace("sale+545", "sale+3000")), [], []
    told.append(act("2026-06-01", kind="milestone", milestone="first_result"))
    today = "2026-07-04"
    for _ in range(8):
        plan = planned(book, today=today, activities=numbered(told))
        call = min((one for one in plan.touchpoints if one.status is Status.OPEN), key=lambda one: one.due_on)
        kinds.append(call.purpose)
        today = str(call.due_on)
        told.append(act(today, "good", call.step, occurrence=call.occurrence, purpose=call.purpose))
    selling = [kind in ("persuasive", "lead_generation") for kind in kinds]
    assert set(kinds[:7]) >= {
        "needs_assessment",
        "informative",
        "reminder",
        "decision_criteria",
        "lead_generation",
        "persuasive",
    }
    assert not any(one and other for one, other in pairwise(selling))


@pytest.mark.parametrize(("outcome", "moves"), [("good", True), ("ok", True), ("flat", False), ("no-answer", False)])
def test_b24_only_a_contact_of_value_restarts_the_clock(read: Any, planned: Any, outcome: str, moves: bool) -> None:
    """B24."""
    book = read(RHYTHM)
    before = planned(book, today="2026-08-01")
    after = planned(book, today="2026-08-01", activities=[act("2026-08-01", outcome)])
    first = [min(o.due_on for o in plan.touchpoints if o.status is Status.OPEN) for plan in (before, after)]
    assert (first[1] > first[0]) is moves


@pytest.mark.parametrize("direction", ["inbound", "outbound"])
def test_any_real_contact_restarts_the_clock_whoever_called(read: Any, planned: Any, direction: str) -> None:
    """Monica 6571: a call two days before the next one is due moves it."""
    book = read(RHYTHM)
    before = planned(book, today="2026-08-19")
    assert before.still_open() != []
    due = min(one.due_on for one in before.touchpoints if one.status is Status.OPEN)
    assert due == on("2026-08-24")  # 22 August is a Saturday
    call = act("2026-08-20", "good", direction=direction, purpose="")
    after = planned(book, today="2026-08-20", activities=[call])
    assert min(one.due_on for one in after.touchpoints if one.status is Status.OPEN) > on("2026-10-01")


def test_a_back_dated_older_contact_does_not_move_it(read: Any, planned: Any) -> None:
    book = read(RHYTHM)
    newest, older = act("2026-08-20", "ok", id=1), act("2026-07-10", "ok", id=2)
    one = planned(book, today="2026-08-20", activities=[newest])
    both = planned(book, today="2026-08-20", activities=[newest, older])
    assert one.plan.relationship.since == both.plan.relationship.since == on("2026-08-20")


def test_b38_strength_only_falls_until_the_next_contact(read: Any, planned: Any) -> None:
    """B38."""
    from followup.core.mood import strength_on

    relationship = planned(read(RHYTHM), today="2026-12-01").plan.relationship
    days = [date(2026, 7, 4 + i) for i in range(20)]
    falling = [strength_on(relationship, day) for day in days]
    assert all(later < earlier for earlier, later in pairwise(falling))


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ([], Status.HELD),
        (["ok", "ok"], Status.HELD),
        (["ok", "good"], Status.OPEN),
        (["good", "concern"], Status.HELD),
        (["good", "ok"], Status.OPEN),
    ],
)
def test_a_name_is_asked_for_only_from_pleased_customers(
    saas: Playbook, planned: Any, told: list[str], status: Status
) -> None:
    """C18, 5.3: the last two outcomes at least ok and one good."""
    contacts = [act(f"2026-04-{6 + 7 * i:02}", outcome, purpose="feedback") for i, outcome in enumerate(told)]
    contacts.append(act("2026-02-10", kind="milestone", milestone="first_result"))
    assert planned(saas, today="2026-05-20", activities=contacts)["introduction"].status is status


def test_a_high_score_opens_the_gate_as_well(saas: Playbook, planned: Any) -> None:
    scored = act("2026-04-06", "ok", "relationship_score", score=9, purpose="feedback")
    assert planned(saas, today="2026-05-20", activities=[scored])["introduction"].status is Status.OPEN


def test_b30_b27_good_news_needs_a_result_on_file(saas: Playbook, planned: Any) -> None:
    """B30, B27: 5.3: without one the contact asks for it."""
    waiting = planned(saas, today="2026-04-23")["result_letter"]
    assert waiting.purpose == "feedback"
    result = act("2026-02-20", kind="milestone", milestone="first_result")
    assert planned(saas, today="2026-03-16", activities=[result])["result_letter"].purpose == "reminder"


@pytest.mark.parametrize("book", ["services", "equipment"])
def test_the_plan_announces_the_day_on_which_a_reminder_asks_for_the_result(
    shipped: Any, planned: Any, book: str
) -> None:
    """Invariant 10: also where its window was moved or cut since."""
    anchors = {"live": "2026-01-29"} if book == "services" else {}
    facts = {"added": "2026-01-05", **anchors}
    assert unannounced(planned, shipped(book), "2026-03-30", **facts) == []


def test_b35_needs_before_persuasion(saas: Playbook, planned: Any) -> None:
    """B35."""
    good = [act("2026-10-20", "ok", purpose="informative"), act("2026-10-26", "ok", purpose="feedback")]
    assert planned(saas, today="2026-11-02", activities=good)["next_use"].status is Status.HELD
    talk = act("2026-07-06", "good", "needs_review", purpose="needs_assessment")
    assert planned(saas, today="2026-11-02", activities=[*good, talk])["next_use"].status is Status.OPEN


def test_the_value_review_comes_before_the_terms(saas: Playbook, planned: Any) -> None:
    today = "2026-11-09"
    review = act("2026-10-07", "good", "renewal_value", purpose="renewal")
    between = act("2026-10-20", "good", purpose="informative")
    assert planned(saas, today=today, renewal="2027-01-05")["renewal_terms"].status is Status.HELD
    plan = planned(saas, today=today, renewal="2027-01-05", activities=[review, between])
    assert plan["renewal_terms"].status is Status.OPEN


def test_a_personal_rhythm_expects_the_next_purchase(shipped: Any, planned: Any) -> None:
    """4.8: bought again after 80 days, the playbook says 90: the next one after (2 x 90 + 80) / 3 = 87 days."""
    again = act("2026-03-26", kind="milestone", milestone="repurchased")
    plan = planned(shipped("retail"), today="2026-03-26", activities=[again])
    assert plan.plan.anchors["reorder"] == on("2026-06-21")
    late = planned(shipped("retail"), today="2026-08-05", activities=[again])
    assert "at_risk" in flags(late)


# Two sales of one customer


PLEASED = (
    act("2026-03-05", kind="milestone", milestone="first_result"),
    act("2026-04-06", "good", purpose="feedback"),
    act("2026-04-13", "good", purpose="feedback"),
)


def test_trap_7_learning_in_one_sale_holds_the_ask_in_the_other(saas: Playbook, planned: Any) -> None:
    pleased = PLEASED
    busy = Elsewhere(learning=((on("2026-05-01"), on("2026-06-15")),))
    alone = planned(saas, today="2026-05-01", history=History(activities=pleased))
    assert alone.due("introduction") == "2026-05-20"
    shared = planned(saas, today="2026-05-01", history=History(activities=pleased, elsewhere=busy))
    assert shared.due("introduction") == "2026-06-15"


def test_a_problem_with_one_sale_stops_selling_in_the_other(saas: Playbook, planned: Any) -> None:
    pleased = PLEASED
    trouble = Elsewhere(problem_on=on("2026-05-19"))
    plan = planned(saas, today="2026-05-20", history=History(activities=pleased, elsewhere=trouble))
    assert plan["introduction"].status is Status.HELD


def test_somebody_is_asked_for_a_name_once_in_half_a_year(saas: Playbook, planned: Any) -> None:
    pleased = PLEASED
    asked = Elsewhere(asked_on=on("2025-12-01"))
    plan = planned(saas, today="2026-04-20", history=History(activities=pleased, elsewhere=asked))
    assert plan.due("introduction") >= "2026-05-30"


def test_variation_d_usage_changes_how_many_and_which(saas: Playbook, planned: Any) -> None:
    plan = planned(saas, today="2026-01-20", profile=Profile(usage="heavy"))
    assert plan.plan.factors == {"prevention": 2.0, "education": 0.75, "feedback": 1.5}
    assert "pulse" in plan.steps()
    assert "choosing_well" not in plan.steps()


@pytest.mark.parametrize(
    ("complexity", "leads"),
    [("simple", [30, 7]), ("moderate", [90, 60, 30]), ("complex", [120, 90, 60, 30, 7])],
)
def test_the_renewal_chain_is_as_long_as_the_product_is_complex(
    book: Playbook, planned: Any, complexity: str, leads: list[int]
) -> None:
    """
    anchors: {sale: signed, renewal: {says: end of the term, default: sale+1y, repeats: 1y}}
    steps:
      - {id: lesson, stage: learning, when: sale+10, purpose: education}
    """
    plan = planned(book, sale="2026-01-05", renewal="2027-06-30", profile=Profile(complexity=complexity))
    chain = [one for one in plan.touchpoints if one.purpose == "renewal"]
    days = [(on("2027-06-30") - one.due_on).days for one in chain if one.due_on is not None]
    assert len(days) == len(leads)
    assert all(abs(found - wanted) <= 3 for found, wanted in zip(days, leads, strict=True)), days
    assert chain[0].step == "renewal_review"


def test_a_chain_that_the_playbook_writes_stands(saas: Playbook, planned: Any) -> None:
    assert "renewal_review" not in planned(saas).steps()
    longer = planned(saas, renewal="2027-07-05", profile=Profile(complexity="complex"))
    assert {"renewal_review", "renewal_value", "renewal_last_check"} <= set(longer.steps())


def test_c6_the_customers_preference_comes_before_the_playbooks_channel(saas: Playbook, planned: Any) -> None:
    """C6, 3.7: where people do not meet; with the preferred channel at its cap the written one is taken."""
    plan = planned(saas, profile=Profile(channel="message"))
    assert plan["week_one"].channel == "message"
    assert plan["plan_together"].channel == "meeting"
    assert "as the customer prefers" in plan.why("week_one", "preference")


def test_b30_good_news_comes_before_a_renewal(book: Playbook, planned: Any) -> None:
    """
    # B30
    anchors: {sale: signed, renewal: {says: end of the term, default: sale+1y, repeats: 1y}}
    steps:
      - {id: review, stage: maintenance, when: renewal-90, every: cycle, any_stage: true, purpose: renewal}
    """
    result = act("2026-03-01", kind="milestone", milestone="first_result")
    plan = planned(book, today="2026-09-01", activities=[result])
    assert on("2026-10-07") <= plan["renewal_record"].due_on < on("2027-01-05")
    written = act("2026-10-20", "good", purpose="reminder")
    assert "renewal_record" not in planned(book, today="2026-10-20", activities=[result, written]).still_open()


def test_b34_without_a_need_a_name_is_asked_for_instead(saas: Playbook, planned: Any) -> None:
    """B34."""
    pleased = [
        act("2026-03-05", kind="milestone", milestone="first_result"),
        act("2026-10-20", "good", purpose="informative"),
        act("2026-10-26", "good", purpose="feedback"),
    ]
    plan = planned(saas, today="2026-11-02", activities=pleased)
    assert (plan["next_use"].purpose, plan["next_use"].status) == ("lead_generation", Status.OPEN)


# Nothing is asked for in hindsight


def test_a_try_makes_nothing_late(saas: Playbook, planned: Any, done: Any) -> None:
    """3.8: a try is no contact, and no other contact goes back in time for it."""
    fresh = planned(saas, added="2026-01-05", today="2026-01-26")
    tried = done(fresh["dip_call"], "2026-01-26", "no-answer", id=1)
    after = planned(saas, added="2026-01-05", today="2026-01-26", activities=[tried])
    assert after.due("lesson_one") >= "2026-01-26"
    assert min(after.all_due("dip_watch")) > "2026-01-26"


def test_a_recovery_that_nobody_answered_leaves_no_looks_behind(saas: Playbook, planned: Any) -> None:
    told = [act("2026-01-19", "problem", "dip_call", purpose="prevention")]
    told += [act("2026-01-22", "ok", "recovery_fix", purpose="recovery")]
    for day in ("2026-01-26", "2026-01-27", "2026-01-29", "2026-02-03", "2026-02-09", "2026-02-16"):
        told.append(act(day, "no-answer", "recovery_verify", purpose="recovery"))
    plan = planned(saas, today="2026-02-16", activities=numbered(told))
    assert "problem" in flags(plan)  # who could not be asked is asked once more
    assert plan.due("recovery_recheck") == "2026-03-02"
    told.append(act("2026-03-02", "good", "recovery_recheck", purpose="recovery"))
    plan = planned(saas, today="2026-03-02", activities=numbered(told))
    assert "problem" not in flags(plan)
    assert plan.all_due("dip_watch") == []  # ten days on learning is over


def test_b30_a_record_that_had_to_ask_for_the_result_is_not_asked_twice(saas: Playbook, planned: Any) -> None:
    """B30, B27."""
    asked = act("2026-10-20", "ok", "record_for_renewal", purpose="feedback")
    plan = planned(saas, today="2026-10-20", renewal="2027-01-05", activities=[asked])
    assert "renewal_record" not in plan.steps()


def test_d9_the_plan_says_itself_when_the_gates_turn(saas: Playbook, planned: Any) -> None:
    """D9: open from day 14 to day 60 after a good recovery; the plan is made again on both turns."""
    before = planned(saas, today="2026-01-27", activities=recovered()).plan
    assert before.refresh_on is not None
    days = [before.refresh_on]
    while days[-1] < on("2026-03-28"):
        following = planned(saas, today=days[-1], activities=recovered()).plan.refresh_on
        assert following is not None
        days.append(following)
    assert {on("2026-02-09"), on("2026-03-28")} <= set(days)
