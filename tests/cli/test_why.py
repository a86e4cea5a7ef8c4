"""`why`: every rule and number behind a date, a purpose, a channel and a priority."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Desk


@pytest.mark.parametrize(
    ("step", "rule", "words"),
    [
        ("dip_call", "written", "written as live+14: Mon 19 January 2026"),
        ("relationship_score", "working_day", "Sun 5 April 2026 is a Sunday: moved forward to Mon 6 April 2026"),
        ("choosing_well", "profile", "an extra step, brought in by education factor 1.50 (assumption)"),
        ("renewal_value", "repeats", "for renewal on Tue 5 January 2027"),
        ("dip_watch", "watch", "dip watch"),
        ("introduction", "gate", "ask only if"),
        ("dip_call", "assumed", "the date of live is assumed"),
    ],
)
def test_each_rule_says_itself(anna: Desk, step: str, rule: str, words: str) -> None:
    number = anna.number(step)
    told = anna.json("why", number)
    assert next(reason["text"] for reason in told["reasons"] if reason["rule"] == rule).startswith(words)
    assert words in anna.does("why", number)


def test_the_parts_of_the_priority_add_up(anna: Desk) -> None:
    """DOMAIN 4.9: a score, and its parts shown."""
    told = anna.json("why", anna.number("dip_call"), today="2026-01-19")
    parts = dict(told["priority_parts"])
    value = parts.pop("value")
    assert set(parts) == {"risk", "purpose", "late", "close"}
    assert abs(sum(parts.values()) * value - told["touchpoint"]["priority"]) <= 1
    assert (parts["purpose"], value) == (20, 1)


def test_mood_curve_factors_and_assumptions_are_shown(anna: Desk) -> None:
    told = anna.json("why", "1")
    assert told["factors"] == {"prevention": 1.5, "education": 1.5, "feedback": 1.0}
    assert told["curve"]["dip_starts"] == 7
    assert told["mood"]["model"] == 85
    assert told["assumptions"]
    said = anna.does("why", "1")
    assert "prevention 1.5, education 1.5, feedback 1" in said
    assert "the depth and timing of the dip" in said


def test_what_would_change_it_can_be_typed(anna: Desk) -> None:
    """Each hint is a command that works."""
    number = anna.number("dip_call")
    said = anna.json("why", number)["would_change"]
    assert f"another day by hand: followup snooze {number} DATE" in said
    command = next(text for text in said if "anchor set" in text).split(": followup ")[1]
    anna.does(*command.replace("DATE", "2026-01-12").split())
    assert anna.step("dip_call")["due_on"] == "2026-01-26"


def test_the_customer_may_stand_for_the_next_one(anna: Desk) -> None:
    assert anna.json("why", "anna")["touchpoint"]["step"] == "welcome_note"


@pytest.mark.parametrize(
    ("args", "says", "hint", "code"),
    [
        (("99",), "no touchpoint number 99", "followup due", 1),
        (("99999999999999999999",), "no touchpoint number", "followup due", 1),
        (("nobody",), "no customer matches 'nobody'", "followup list", 1),
        ((), "ID", "followup why --help", 2),
    ],
)
def test_refusals(anna: Desk, args: tuple[str, ...], says: str, hint: str, code: int) -> None:
    anna.refuses("why", *args, says=says, hint=hint, code=code)


def test_several_due_are_listed(anna: Desk) -> None:
    anna.refuses("why", "anna", says="Anna Meyer has 2 contacts due", hint="use the number", today="2026-01-06")


def test_a_customer_with_nothing_open_says_so(anna: Desk) -> None:
    anna.does("add", "Ben Ode")
    anna.refuses("why", "ben", says="Ben Ode has nothing open", hint="followup show ben-ode")


def test_each_reading_is_told_with_its_weight(anna: Desk) -> None:
    """DOMAIN 4.4: model, evidence, estimate, and where they come from."""
    anna.does("done", anna.number("dip_call", today="2026-01-19"), "ok", "--score", "4", today="2026-01-19")
    number = anna.number("progress_call", today="2026-01-21")
    told = anna.json("why", number, today="2026-01-21")
    (reading,) = told["readings"]
    assert (reading["on"], reading["value"], reading["source"]) == ("2026-01-19", 40, "nps 4")
    assert reading["measured"]
    assert 0.9 < reading["weight"] < 1
    assert told["mood"]["evidence"] == 40 < told["mood"]["estimate"] < told["mood"]["model"]
    assert told["touchpoint"]["mood"] == told["mood"]["estimate"]
    said = anna.does("why", number, today="2026-01-21")
    assert "Mood (measured)" in said
    assert "no reading has been used" not in said


def test_early_effort_is_told_with_what_counted(anna: Desk) -> None:
    anna.does("done", "1", "good")
    (effort,) = anna.json("why", anna.number("dip_call", today="2026-01-19"), today="2026-01-19")["effort"]
    assert effort["rule"] == "effort"
    assert "welcome_note in time" in effort["text"]
    assert "Early effort" in anna.does("why", anna.number("dip_call", today="2026-01-19"), today="2026-01-19")


def test_the_lane_says_why(anna: Desk) -> None:
    told = anna.json("why", "1")
    assert told["touchpoint"]["lane"] == 3
    assert told["lane_reason"].startswith("no problem, no broken promise")
    assert [reason["rule"] for reason in told["priority_reasons"]] == list(told["priority_parts"])


def test_in_maintenance_strength_and_stability_are_told(anna: Desk) -> None:
    day = "2026-09-01"
    number = str(next(one["id"] for one in anna.sale(today=day)["touchpoints"] if one["status"] == "open"))
    told = anna.json("why", number, today=day)
    assert anna.sale(today=day)["strength"] == told["strength"] < 100
    assert (told["stability_days"], told["strength_since"]) == (
        30,
        anna.sale(today=day)["stages"]["maintenance"]["begin"],
    )


def test_c22_personal_notes_are_shown_before_the_call(anna: Desk) -> None:
    """C22: on one line, whatever was typed; without any there is no such line."""
    assert "About them" not in anna.does("why", "1")
    assert anna.json("why", "1")["notes"] == ""
    anna.does("set", "anna", "notes", "sails\n\nallergic to nuts")
    about = [line.strip() for line in anna.does("why", "1").splitlines() if "About them" in line]
    assert about == ["About them: sails allergic to nuts"]
    assert anna.json("why", "1")["notes"] == "sails\n\nallergic to nuts"
