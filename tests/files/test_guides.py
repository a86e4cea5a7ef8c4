"""The guides: one for each purpose, whole, short, and with questions that would pass in a playbook (C9, C10, C20)."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from followup.core.model.purpose import PURPOSES, Service
from followup.files.guides import GUIDES, Guide
from followup.files.playbook_dates import chart_of
from followup.files.playbook_lint import View, generic_question, positive_first_question
from followup.files.playbook_reader import read_with_places
from followup.files.shipped import shipped_playbook_text

ALL = [*GUIDES.values()]
EACH = pytest.mark.parametrize("guide", ALL, ids=[guide.purpose for guide in ALL])
SELLS = re.compile(r"\b(price[sd]?|discount|upgrade|buy)\b", re.IGNORECASE)
COMMANDS = ("followup done ID ", "followup promise done PROMISE ", "followup file CUSTOMER")


def said(guide: Guide) -> str:
    ways = [f"{way.title} {way.text}" for way in guide.ways]
    return " ".join([guide.aim, guide.begin, guide.listen, *ways, *guide.ask, guide.avoid, guide.end, guide.written])


def test_there_is_a_guide_for_each_of_the_seventeen_purposes() -> None:
    """C20: in the order of the stages, none missing, none without a purpose."""
    assert [*GUIDES] == [*PURPOSES]
    assert len(GUIDES) == 17


@EACH
def test_a_guide_is_whole(guide: Guide) -> None:
    """C20: what for, begin, listen, what not to say, end, in writing, what to type."""
    parts = (guide.summary, guide.aim, guide.begin, guide.listen, guide.avoid, guide.end, guide.written)
    for text in (*parts, *guide.ask, *(way.text for way in guide.ways)):
        assert text == " ".join(text.split())
        assert len(text) > 20
    assert 3 <= len(guide.ask) <= 5
    assert guide.record
    assert all(command.startswith(COMMANDS) for command in guide.record)


@EACH
def test_a_guide_is_read_in_half_a_minute(guide: Guide) -> None:
    """C20: in a line for the list, and no longer than a page of a small screen."""
    assert len(guide.summary) <= 72
    assert guide.summary[0].islower()
    assert 120 <= len(said(guide).split()) <= 230
    assert "\n" not in guide.written
    assert len(guide.written) <= 140


def objections(*questions: str) -> list[str]:
    """What `playbook check` says about questions, each of them as the first one of a feedback contact."""
    text = shipped_playbook_text("saas")
    reading = read_with_places(text, source="saas.yaml")
    view = View(reading.playbook, chart_of(reading.playbook), reading.places)
    step = next(step for step in reading.playbook.steps if step.purpose == "feedback")
    return [
        message
        for question in questions
        for rule in (generic_question, positive_first_question)
        for _, message, _ in rule(view, replace(step, ask=(question,)))
    ]


@EACH
def test_the_questions_are_open_and_not_generic(guide: Guide) -> None:
    """C9, C10."""
    assert all(question.endswith("?") for question in guide.ask)
    assert objections(*guide.ask) == []


def test_the_check_of_the_questions_can_fail() -> None:
    assert objections("How is it going?") == ["this question is generic"]
    assert len(objections("Are you happy with it?")) == 2


@pytest.mark.parametrize("purpose", ["recovery", "concern_resolution"])
def test_trouble_is_acknowledged_before_anything_is_said_about_it(purpose: str) -> None:
    """C13: acknowledging stands first, explaining and mending after it."""
    begin = GUIDES[purpose].begin
    assert begin.startswith("Acknowledge")
    assert "without a but" in begin
    assert "Only then" in begin


def test_recovery_names_the_pace() -> None:
    """DOMAIN 3.9: four working hours, three days, a week, two days after and two weeks after; nothing is sold."""
    text = said(GUIDES["recovery"])
    for pace in ("four working hours", "every three days", "within a week", "two days after", "after two weeks"):
        assert pace in text
    assert "Nothing is sold" in text


def test_informative_covers_product_company_and_industry() -> None:
    """B31."""
    assert [way.title for way in GUIDES["informative"].ways] == ["Your products", "Your company", "Their industry"]


def test_decision_criteria_differ_by_what_they_know() -> None:
    """B36: whoever is new to it is taught a way to decide, whoever knows the field discusses criteria openly."""
    new, knows = GUIDES["decision_criteria"].ways
    assert (new.title, knows.title) == ("They are new to it", "They know the field")
    assert new.text.startswith("teach a way to decide")
    assert knows.text.startswith("discuss their criteria openly")


def test_feedback_asks_for_ideas_about_a_product_that_is_new_on_the_market() -> None:
    """A15; DOMAIN 3.4: the first question is about what went well, and no survey is announced; E9: three at most."""
    guide = GUIDES["feedback"]
    [way] = guide.ways
    assert way.title == "New on the market"
    assert "ideas for improvement" in way.text
    assert "worked best" in guide.ask[0]
    assert "Do not announce a survey" in guide.begin
    assert "More than three questions" in guide.avoid


def test_planning_is_offered_and_is_their_plan() -> None:
    """B15, DOMAIN 3.12: a choice is offered, they lead, and the work of the seller is not left to them."""
    guide = GUIDES["co_planning"]
    assert guide.begin.startswith("Offer the choice")
    assert guide.aim.startswith("Their plan")
    assert "Leaving work to them that is yours" in guide.avoid


def test_a_name_is_asked_for_where_there_is_reason_to_give_one() -> None:
    """B32, D6, DOMAIN 3.11: never while they struggle, seldom, thanks within a day, word within two weeks."""
    text = said(GUIDES["lead_generation"])
    for words in (
        "Never while they struggle",
        "once in half a year",
        "before they understand",
        "within a day",
        "weeks",
    ):
        assert words in text


@EACH
def test_service_and_selling_do_not_meet(guide: Guide) -> None:
    """A2, E15: what is for the customer does not begin, ask or end with an offer."""
    purpose = PURPOSES[guide.purpose]
    if purpose.service is Service.NONE:
        return
    for text in (guide.begin, *guide.ask, guide.end, guide.written):
        assert SELLS.search(text) is None, text


def test_learning_is_not_the_time_for_favours() -> None:
    """B32: encouragement says so."""
    assert "names, reviews and offers wait" in GUIDES["encouragement"].avoid
