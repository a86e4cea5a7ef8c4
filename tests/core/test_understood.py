"""Whether they understood is a fact: it opens and shuts the gates of asking, and says nothing of mood (A6, D6)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from followup.core.model.activity import Activity
from followup.core.model.history import History
from followup.core.model.reading import Reading, last_understood
from followup.core.model.touchpoint import Touchpoint
from followup.core.numbers import PRESETS
from followup.core.planner.clues import heard_from

WAS_TAUGHT = date(2026, 4, 20)
ITS_DAY = {"introduction": "2026-06-04", "next_use": "2026-07-24"}


def said(day: str, value: str, number: int = 0) -> Reading:
    return Reading(id=number, kind="understood", value=value, on=date.fromisoformat(day))


def pleased_customer(*readings: Reading) -> History:
    """Two good contacts and a lesson, and what was said about it."""
    told = [
        Activity(id=1, kind="contacted", on=date(2026, 3, 2), outcomes=("great",), purpose="feedback"),
        Activity(id=2, kind="contacted", on=date(2026, 4, 6), outcomes=("great",), purpose="feedback"),
        Activity(id=3, kind="contacted", on=WAS_TAUGHT, outcomes=("good",), purpose="education"),
    ]
    return History(activities=tuple(told), readings=readings)


@pytest.mark.parametrize(
    ("readings", "last"),
    [
        ([], None),
        ([("2026-04-20", "no")], "no"),
        ([("2026-04-20", "no"), ("2026-04-27", "yes")], "yes"),
        ([("2026-04-27", "yes"), ("2026-04-20", "no")], "yes"),
        ([("2026-04-20", "yes"), ("2026-04-20", "no")], "no"),
    ],
)
def test_a6_the_last_word_counts(readings: list[tuple[str, str]], last: str | None) -> None:
    """A6: by day, on one day by the order of recording; whatever order they are stored in, scores are no such word."""
    known = [said(day, value, number) for number, (day, value) in enumerate(readings, start=1)]
    score = Reading(id=9, kind="nps", value="10", on=date(2026, 5, 1))

    found = last_understood([*reversed(known), score])

    assert (found.value if found else None) == last


def what_was_planned(plan: Any, step: str) -> Touchpoint:
    found: Touchpoint = next(one for one in plan.touchpoints if one.step == step)
    return found


@pytest.mark.parametrize(
    ("step", "readings", "shut"),
    [
        ("introduction", [], False),
        ("introduction", [("2026-04-20", "no")], True),
        ("introduction", [("2026-04-20", "no"), ("2026-04-27", "yes")], False),
        ("introduction", [("2026-04-20", "yes")], False),
        ("introduction", [("2026-04-20", "yes"), ("2026-04-27", "no")], True),
        ("next_use", [], False),
        ("next_use", [("2026-04-20", "no")], True),
        ("next_use", [("2026-04-20", "no"), ("2026-04-27", "yes")], False),
    ],
)
def test_a6_d6_who_has_not_understood_is_asked_for_nothing(
    planned: Any, read: Any, step: str, readings: list[tuple[str, str]], shut: bool
) -> None:
    """
    complexity: moderate
    stages:
      maintenance: {from: live+180}
    steps:
      - {id: introduction, stage: effectiveness, when: live+150, window: [-10, 20], purpose: lead_generation}
      - {id: next_use, stage: maintenance, when: live+200, window: [0, 30], purpose: persuasive}
    """
    book = read(test_a6_d6_who_has_not_understood_is_asked_for_nothing.__doc__)
    known = [said(day, value, number) for number, (day, value) in enumerate(readings, start=1)]
    history = pleased_customer(*known)
    needs = Activity(id=4, kind="contacted", on=date(2026, 3, 9), outcomes=("good",), purpose="needs_assessment")
    history = History(activities=(*history.activities, needs), readings=history.readings)

    plan = planned(book, history=history, today=ITS_DAY[step])

    touchpoint = what_was_planned(plan, step)
    told = any("had not understood it yet" in reason.text for reason in touchpoint.reasons)
    assert (touchpoint.is_open, told) == (not shut, shut), touchpoint


@pytest.mark.parametrize("value", ["yes", "no"])
def test_a6_understanding_is_no_mood(value: str) -> None:
    """A6, DOMAIN 4.4: knowledge is not satisfaction."""
    assert heard_from((), [said("2026-04-20", value)], "nps", PRESETS["moderate"].readings) == ()


@pytest.mark.parametrize("value", ["yes", "no"])
def test_a6_what_serves_them_stays_as_it_was(planned: Any, shipped: Any, value: str) -> None:
    """A6: only what asks for something waits: everything that teaches, prevents or listens keeps its day."""
    book = shipped("saas")

    before = planned(book, history=pleased_customer(), today="2026-05-04")
    after = planned(book, history=pleased_customer(said("2026-04-20", value)), today="2026-05-04")

    def dates(plan: Any) -> list[tuple[str, int, date | None, str]]:
        asks = ("lead_generation", "persuasive")
        return [(t.step, t.occurrence, t.due_on, t.status) for t in plan.touchpoints if t.purpose not in asks]

    assert dates(after) == dates(before)
