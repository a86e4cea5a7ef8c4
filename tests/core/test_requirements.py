"""Requirements that no other test holds, each named by its id: facts and playbooks in, dates out (DOMAIN 2)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from followup.core.model.activity import Activity
from followup.core.model.concern import Concern
from followup.core.model.history import History
from followup.core.model.playbook import Playbook
from followup.core.model.purpose import PURPOSES, Move, Service
from followup.core.model.sale import Profile
from followup.core.model.stage import IMPLEMENTATION, Stage
from followup.core.model.touchpoint import Status
from followup.core.mood import mood_on
from followup.core.numbers import PRESETS
from followup.files.playbook_lint import check_playbook
from followup.files.playbook_reader import read_playbook
from followup.files.shipped import shipped_playbook_text

EVENTS = {"event": "2026-06-01", "event_end": "2026-06-02", "finish": "2026-04-01"}
GOODS, SERVICES = ("equipment", "vehicle", "real_estate", "retail"), ("saas", "services", "event_hotel")
PRIVATE = ("vehicle", "real_estate", "retail")


def on(text: str) -> date:
    return date.fromisoformat(text)


def contact(day: str, outcomes: str, purpose: str = "", **more: Any) -> Activity:
    """A contact as it is recorded: `contact("2026-01-19", "good,idea", "feedback")`."""
    return Activity(kind="contacted", on=on(day), outcomes=tuple(outcomes.split(",")), purpose=purpose, **more)


def numbered(*activities: Activity) -> list[Activity]:
    return [replace(activity, id=number) for number, activity in enumerate(activities, start=1)]


SMALL = """\
playbook: small
title: t
goal: g
kpi: nps
{more}anchors: {{sale: signed}}
steps:
  - {{id: call, stage: learning, when: live+14, purpose: {purpose}, channel: phone, goal: g, gives: x,
     ask: [What got in the way?], message: "{{first_name}}, {{goal}}{words}"{rest}}}
"""


def errors(purpose: str = "prevention", *, more: str = "", words: str = "", rest: str = "", drop: str = "") -> str:
    """All errors of a small playbook as one text; '' when it is sound."""
    text = SMALL.format(purpose=purpose, more=more, words=words, rest=rest)
    problems = read_playbook(text.replace(drop, "") if drop else text, source="f")[1]
    return "\n".join(str(one) for one in problems if one.severity == "error")


# From source A


def test_every_contact_has_exactly_one_service_kind(any_shipped: Playbook, planned: Any) -> None:
    """A1: prevention, education, feedback or none; an unknown kind is refused."""
    kinds = set(Service)
    assert {planned_one.service for planned_one in planned(any_shipped, live="2026-01-08", **EVENTS).touchpoints} <= {
        kind.value for kind in kinds
    }
    assert all(purpose.service in kinds for purpose in any_shipped.purposes.values())
    own = "purposes: {audit: {stages: [learning], service: %s}}\n"
    assert errors("audit", more=own % "prevention") == ""
    assert "advice" in errors("audit", more=own % "advice")


def test_what_sells_is_no_service_and_a_service_makes_no_offer() -> None:
    """A2, E15: service and sales are never mixed in one contact."""
    assert all(purpose.service is Service.NONE for purpose in PURPOSES.values() if purpose.selling)
    for kind in ("prevention", "education", "feedback"):
        assert errors(kind) == ""
        for word in ("{offer}", "{price}"):
            assert "must not sell" in errors(kind, words=f" {word}")


def test_heavy_users_may_be_recognised_in_a_message() -> None:
    """A12: {usage_note} is a placeholder that every message may use."""
    assert errors(words=" {usage_note}") == ""
    assert "usage_remark" in errors(words=" {usage_remark}")


def test_an_inbound_complaint_starts_a_recovery_in_every_stage(saas: Playbook, planned: Any) -> None:
    """A21, E3: proactive contact does not replace recovery."""
    for day, stage in (
        ("2026-01-08", "novelty"),
        ("2026-01-26", "learning"),
        ("2026-04-13", "effectiveness"),
        ("2026-09-07", "maintenance"),
    ):
        result = Activity(kind="milestone", milestone="first_result", on=on("2026-02-10"))
        before = numbered(result) if day > "2026-02-10" else []
        quiet = planned(saas, today=day, activities=before)
        assert quiet.plan.stages.on(on(day)) == stage
        assert "recovery_acknowledge" not in quiet.steps()
        complaint = contact(day, "problem", direction="inbound", id=9)
        assert planned(saas, today=day, activities=[*before, complaint]).due("recovery_acknowledge") == day


def test_goods_and_services_consumers_and_businesses_have_a_playbook(shipped: Any) -> None:
    """A23, B44: the source's own example, a hotel that sells to a meeting planner, is among them."""
    for key in (*GOODS, *SERVICES):
        book = shipped(key)
        speaks_of_company = any("{company}" in step.message + "".join(step.ask) for step in book.steps)
        assert speaks_of_company is (key not in PRIVATE), key
    hotel = shipped("event_hotel")
    assert "planner" in hotel.title
    assert {"event", "event_end", "rebook"} <= set(hotel.anchors)


# From source B


def test_contact_begins_before_the_signature(any_shipped: Playbook, planned: Any) -> None:
    """B8, B41: service begins on day 0, the signature; what comes before it prevents, and has negative days."""
    early = [step for step in any_shipped.steps if step.stage is Stage.BEFORE_SALE]
    assert early
    assert all(step.when.base == "sale" and str(step.when).startswith("sale-") for step in early)
    assert {any_shipped.purposes[step.purpose].selling for step in early} == {False}
    plan = planned(any_shipped, sale="2026-03-05", added="2026-01-05", **EVENTS)
    assert plan.stage("novelty")[0] == "2026-03-05"
    for step in early:
        if step.id in plan.steps():
            assert plan.due(step.id) < "2026-03-05"


def test_fit_and_concerns_come_before_the_signature_and_a_plan_soon_after(any_shipped: Playbook) -> None:
    """B9, B10, B15, B20: an honest fit check, worries on the table, their own plan, two contacts in novelty."""
    early = {step.purpose for step in any_shipped.steps if step.stage is Stage.BEFORE_SALE}
    assert "fit_check" in early
    if any_shipped.complexity != "simple":
        assert "concern_resolution" in early
        novelty = [step for step in any_shipped.steps if step.stage is Stage.NOVELTY]
        assert len(novelty) >= 2
        assert "co_planning" in early | {step.purpose for step in novelty}


def test_a_problem_on_any_step_is_answered(any_shipped: Playbook, planned: Any, done: Any) -> None:
    """B16: whatever contact it comes up in, and whether or not the step says what to do."""
    fresh = planned(any_shipped, live="2026-01-08", **EVENTS)
    for one in fresh.touchpoints:
        if one.due_on is not None and one.due_on >= on("2026-01-05"):
            day = str(one.due_on)
            plan = planned(
                any_shipped, live="2026-01-08", today=day, activities=[done(one, day, "problem", id=1)], **EVENTS
            )
            assert plan.due("recovery_acknowledge") == day, one.step


def test_the_mood_is_read_while_it_falls_and_around_the_low_point(any_shipped: Playbook, planned: Any) -> None:
    """B21: also where the dip watch has to do it."""
    plan = planned(any_shipped, live="2026-01-08", **EVENTS)
    learning, trough = plan.plan.stages[Stage.LEARNING], plan.plan.stages.trough
    days = [t.due_on for t in plan.touchpoints if t.stage is Stage.LEARNING]
    quarter = learning.days / 4
    assert any(learning.begin <= day < trough for day in days)
    assert any(abs((day - trough).days) <= quarter for day in days)


def test_at_least_half_of_the_effort_lies_by_the_low_point(any_shipped: Playbook, planned: Any) -> None:
    """B22: of all that is planned from the signature to maintenance, without the looks that are added."""
    plan = planned(any_shipped, live="2026-01-05", profile=Profile(tier="A"), **EVENTS)
    own = {step.id for step in any_shipped.steps if step.stage in IMPLEMENTATION}
    days = [t.due_on for t in plan.touchpoints if t.step in own and t.due_on is not None]
    assert sum(day <= plan.plan.stages.trough for day in days) * 2 >= len(days)


def test_maintenance_waits_until_use_is_effective(any_shipped: Playbook, planned: Any) -> None:
    """B23: what maintains and develops comes after the implementation; only outside dates keep their day."""
    late = {step.id for step in any_shipped.steps if step.stage is Stage.MAINTENANCE and not step.any_stage}
    plan = planned(any_shipped, live="2026-01-08", **EVENTS)
    begins = plan.plan.stages[Stage.MAINTENANCE].begin
    assert late
    assert [t.step for t in plan.touchpoints if t.step in late and t.due_on is not None and t.due_on < begins] == []


def test_maintenance_is_put_off_with_the_results(book: Playbook, planned: Any) -> None:
    """
    # B23, B4
    anchors: {sale: signed}
    first_result: one job is done
    stages:
      before_sale: {from: sale-7}
      novelty: {from: sale}
      learning: {from: live+7, trough: live+28}
      effectiveness: {from: live+66}
      maintenance: {from: live+80}
    steps:
      - {id: call, stage: maintenance, when: live+80, window: [0, 30], purpose: prevention}
    """
    assert planned(book, today="2026-01-05").due("call") == "2026-03-26"
    late = planned(book, today="2026-03-26")
    assert late.stage("effectiveness")[0] == "2026-04-09"
    assert late.due("call") >= late.stage("effectiveness")[0]


def test_a_social_call_is_no_contact(book: Playbook, planned: Any) -> None:
    """
    # B24
    anchors: {sale: signed}
    steps:
      - {id: news, stage: maintenance, when: live+200, every: 90d, window: [-5, 5], purpose: informative}
    """
    chat, gift = (contact("2026-07-20", outcome, "informative") for outcome in ("flat", "good"))
    assert planned(book, today="2026-07-20", activities=[chat])["news"].status is Status.OPEN
    after = [one for one in planned(book, today="2026-07-20", activities=[gift]).touchpoints if one.step == "news"]
    assert [(one.status, str(one.due_on)) for one in after] == [
        (Status.ABSORBED, "2026-07-24"),
        (Status.OPEN, "2026-10-19"),
    ]


def test_success_stories_of_others_are_sent_for_information(shipped: Any) -> None:
    """B29: as a reminder or an informative contact, in every playbook for businesses."""
    for key in {*GOODS, *SERVICES} - set(PRIVATE):
        book = shipped(key)
        stories = {name for name, resource in book.resources.items() if resource.form == "case_study"}
        shown = [step for step in book.steps if stories & set(step.resources)]
        assert {step.purpose for step in shown} & {"reminder", "informative"}, key


def test_complexity_changes_lengths_numbers_channels_and_depth(shipped: Any, planned: Any) -> None:
    """B43, C3: transactional, moderate and consultative sales differ (DOMAIN 3.14)."""
    lengths, counts, depths, visits = [], [], [], []
    for key in ("retail", "saas", "equipment"):
        book = shipped(key)
        stages = planned(book, live="2026-01-05", **EVENTS).plan.stages
        lengths.append((stages[Stage.MAINTENANCE].begin - on("2026-01-05")).days)
        steps = [step for step in book.steps if step.stage in IMPLEMENTATION and not step.extra]
        counts.append(len(steps))
        depths.append(PRESETS[book.complexity].curve.depth)
        visits.append(sum(step.channel in ("visit", "meeting", "in_person") for step in steps))
    assert lengths == sorted(set(lengths))
    assert depths == sorted(set(depths))
    assert visits == sorted(set(visits))
    assert counts[0] < min(counts[1:])
    assert counts[0] >= 2
    assert min(counts[1:]) >= 4


# From source C


def test_not_too_soon_and_not_too_late(any_shipped: Playbook, planned: Any) -> None:
    """C2: the first question about use comes 1 to 21 days after it starts; in simple sales at the short end."""
    plan = planned(any_shipped, sale="2026-01-05", live="2026-01-12", **EVENTS)
    days = [(t.due_on - on("2026-01-12")).days for t in plan.touchpoints if t.due_on is not None]
    first = min(day for day in days if day >= 1)
    assert first <= (7 if any_shipped.complexity == "simple" else 21)


def test_the_benefit_they_bought_it_for_is_asked_about(any_shipped: Playbook) -> None:
    """C1: by the goal that they stated themselves."""
    words = ("{goal}", "{use_case}", "{reason}")
    after = [step for step in any_shipped.steps if step.stage is not Stage.BEFORE_SALE]
    assert any(word in step.message + " ".join(step.ask) for step in after for word in words)


def test_every_contact_gives_something() -> None:
    """C19: a step without `gives` is refused."""
    assert errors() == ""
    assert "gives" in errors(drop=" gives: x,")


# From source D


def test_help_is_passive_or_active_and_free_or_not() -> None:
    """D1, D2, D3: resources say so, and steps may only hand out those that the playbook lists."""
    shelf = "resources:\n  guide: {title: Guide, mode: %s, form: manual, link: 'https://example.com', fee: %s}\n"
    assert errors(more=shelf % ("passive", "false"), rest=", resources: [guide]") == ""
    assert errors(more=shelf % ("active", "true"), rest=", resources: [guide]") == ""
    assert "mode" in errors(more=shelf % ("sometimes", "false"))
    assert "fee" in errors(more=shelf % ("passive", "perhaps"))
    assert "guides" in errors(more=shelf % ("passive", "false"), rest=", resources: [guides]")


@pytest.mark.parametrize("key", [*GOODS, *SERVICES])
def test_lessons_come_in_more_than_one_form(key: str) -> None:
    """D5: to read, watch or talk about, in moderate and complex sales; and no paid help goes unannounced (D3)."""
    said = "\n".join(str(problem) for problem in check_playbook(shipped_playbook_text(key), source=key))
    assert "teaches in one form only" not in said
    assert "costs money" not in said


@pytest.mark.parametrize("step", ["ask", "offer"])
def test_who_does_not_understand_it_yet_is_asked_for_nothing(read: Any, planned: Any, step: str) -> None:
    """D6, E15: a concern about a lesson shuts both gates until it is resolved."""
    book = read(
        """
        anchors: {sale: signed}
        steps:
          - {id: ask, stage: maintenance, when: live+250, window: [-5, 60], purpose: lead_generation}
          - {id: offer, stage: maintenance, when: live+250, window: [-5, 60], purpose: persuasive}
        """
    )
    told = numbered(
        contact("2026-08-03", "good", "needs_assessment"),
        contact("2026-08-10", "good", "feedback"),
        contact("2026-08-17", "concern", "education"),
        contact("2026-08-24", "good", "feedback"),
        contact("2026-08-31", "good", "prevention"),
    )
    opened = Concern(number=1, opened_on=on("2026-08-17"))
    today = planned(book).due(step)

    def status(*concerns: Concern) -> Status:
        history = History(activities=tuple(told), concerns=concerns)
        mine = [t for t in planned(book, today=today, history=history).touchpoints if t.step == step]
        return mine[0].status

    assert status(opened) is Status.HELD
    assert status(replace(opened, resolved_on=on("2026-08-31"))) is Status.OPEN


@pytest.mark.parametrize("key", [*GOODS, *SERVICES])
def test_contact_goes_on_for_the_life_of_the_product(shipped: Any, planned: Any, key: str) -> None:
    """D7, D8, B25: years later something is still planned, within half a year for businesses, a year for others."""
    limit = 365 if key in PRIVATE else 182
    for today in ("2028-01-03", "2031-06-02"):
        plan = planned(shipped(key), today=today, activities=[contact(today, "good", "feedback")], **EVENTS)
        coming = min(t.due_on for t in plan.touchpoints if t.status is Status.OPEN)
        assert coming <= on(today) + timedelta(days=limit)


# From source E


def test_all_four_value_moves_are_made(any_shipped: Playbook, planned: Any) -> None:
    """E2: inspire, motivate, educate, adjust, in what is really planned for a customer like any other."""
    plan = planned(any_shipped, live="2026-01-08", **EVENTS)
    moves = {any_shipped.purposes[t.purpose].move for t in plan.touchpoints}
    assert moves == set(Move)


def test_silence_is_never_read_as_satisfaction(saas: Playbook, planned: Any) -> None:
    """E3: the plan needs no complaint; contacts without an answer raise no mood and open no gate."""
    silent = numbered(
        contact("2026-04-06", "no-answer", "feedback", step="relationship_score", occurrence=1),
        contact("2026-04-08", "left-message", "feedback", step="relationship_score", occurrence=1),
        contact("2026-05-13", "no-answer", "close_loop"),
        contact("2026-05-14", "no-answer", "prevention"),
    )
    result = Activity(kind="milestone", milestone="first_result", on=on("2026-02-10"), id=9)
    quiet = planned(saas, today="2026-05-20", activities=[result])
    after = planned(saas, today="2026-05-20", activities=[result, *silent])
    assert quiet.still_open() != []
    assert after["introduction"].status is Status.HELD
    moods = [
        mood_on(p.plan.curve, p.plan.live_on, on("2026-05-20"), evidence=p.plan.evidence, relationship=None).estimate
        for p in (quiet, after)
    ]
    assert moods[1] < moods[0]


def test_a_playbook_says_what_it_is_judged_by(any_shipped: Playbook) -> None:
    """E6, E7: its goal, and one scale alone."""
    assert any_shipped.goal
    assert any_shipped.kpi in ("nps", "csat", "ces")
    assert "smiles" in errors(drop="kpi: nps\n", more="kpi: smiles\n")
    assert errors(drop="kpi: nps\n", more="kpi: [nps, csat]\n") != ""


def test_a_survey_asks_one_why_and_at_most_three_questions(any_shipped: Playbook) -> None:
    """E8, E9, C9: a score comes with an open question about the reason."""
    for step in any_shipped.steps:
        assert 1 <= len(step.ask) <= 3, step.id
        if any("0 to 10" in question or "1 to 5" in question for question in step.ask):
            assert any(word in " ".join(step.ask).lower() for word in ("reason", "why", "what")), step.id


def test_a_service_contact_never_makes_up_for_a_selling_one(saas: Playbook, planned: Any) -> None:
    """E15: nor the other way round, however much was missed."""
    for today in ("2026-02-02", "2026-06-15", "2026-12-14", "2027-06-14"):
        plan = planned(saas, added="2026-01-05", today=today, renewal="2027-01-05")
        by_id = {one.step: one for one in plan.touchpoints}
        for one in plan.touchpoints:
            for reason in one.reasons:
                into = reason.inputs.get("into")
                if reason.rule == "folded" and into:
                    kinds = {PURPOSES[one.purpose].selling, PURPOSES[by_id[str(into)].purpose].selling}
                    assert len(kinds) == 1, (one.step, into)


def test_caps_and_gaps_hold_for_a_whole_year(any_shipped: Playbook, planned: Any) -> None:
    """E17: what nobody asked for comes with a day, three or five between, and under the cap of its channel.

    Core steps that find no day keep theirs and say so; so does what was added to look after the dip.
    """
    plan = planned(any_shipped, live="2026-01-08", profile=Profile(usage="heavy", life_cycle="growth"), **EVENTS)
    unasked = [
        t
        for t in plan.touchpoints
        if t.due_on is not None
        and not any_shipped.purposes[t.purpose].solicited
        and not {"kept", "watch"} & {reason.rule for reason in t.reasons}
    ]
    days = sorted(t.due_on for t in unasked)
    assert all((later - earlier).days >= 1 for earlier, later in pairwise(days))
    for one in unasked:
        window = [t for t in unasked if timedelta(0) <= one.due_on - t.due_on < timedelta(days=90)]
        found = Counter(t.channel for t in window)
        assert found["phone"] <= 3, one
        assert found["email"] <= 4, one


def test_purposes_are_aimed_at_roles(saas: Playbook, planned: Any) -> None:
    """E19: in business there is no single decider; the user learns, the decider renews."""
    plan = planned(saas, renewal="2027-01-05")
    assert plan["dip_call"].to == "user"
    assert plan["renewal_terms"].to == "decider"
    assert plan["week_one"].to == ""
