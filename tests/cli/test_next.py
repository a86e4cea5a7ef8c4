"""`next`: one recommended action with its reason and a day (E14, E23)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Desk


def test_e14_what_is_due_with_its_reason_and_what_to_type(anna: Desk) -> None:
    """E14: one action, and why."""
    told = anna.json("next", "anna")
    assert told["schema"] == "followup.next/1"
    assert (told["customer"], told["customer_key"]) == ("Anna Meyer", "anna-meyer")
    assert told["touchpoint"]["step"] == "welcome_note"
    assert told["text"].startswith("write to Anna Meyer today: ")
    assert told["reason"]
    assert told["command"] == "followup done 1 OUTCOME"


def test_in_words(anna: Desk) -> None:
    said = anna.does("next", "anna").splitlines()
    assert said[0].startswith("write to Anna Meyer today: Confirm the decision")
    assert said[1].strip().startswith("Why: ")
    assert said[2].strip() == "Type: followup done 1 OUTCOME"


def test_it_is_the_first_line_of_the_due_list(anna: Desk) -> None:
    for today in ("2026-01-07", "2026-01-26", "2026-03-16", "2026-10-07"):
        first = anna.json("due", "--customer", "anna", today=today)["items"][0]
        told = anna.json("next", "anna", today=today)
        assert told["touchpoint"]["id"] == first["id"], today


def test_e23_with_nothing_due_it_is_the_next_date(anna: Desk) -> None:
    """E23: advice always ends in a day."""
    anna.does("done", "1", "good")
    told = anna.json("next", "anna")
    assert told["touchpoint"]["step"] == "plan_together"
    assert told["text"].startswith("meet Anna Meyer on Tue 6 January 2026: ")
    assert date.fromisoformat(told["touchpoint"]["due_on"]) > date(2026, 1, 5)


def test_an_open_problem_comes_first(anna: Desk) -> None:
    anna.does("log", "anna", "problem", "the import fails", today="2026-01-07")
    told = anna.json("next", "anna", today="2026-01-07")
    assert told["touchpoint"]["step"] == "recovery_acknowledge"
    assert "problem" in told["reason"]


def test_a_broken_promise_comes_before_what_is_due(anna: Desk) -> None:
    anna.does("done", "1", "good", "--promise", "send the guide", "--by", "2026-01-06")
    told = anna.json("next", "anna", today="2026-01-09")
    assert (told["touchpoint"]["step"], told["touchpoint"]["occurrence"]) == ("promise", 1)
    assert told["text"].endswith("today: keep your promise and tell them: send the guide")
    assert told["reason"] == "it was promised by Tue 6 January 2026; 3 days late"


def test_a_promise_that_is_not_late_waits_for_its_day(anna: Desk) -> None:
    anna.does("done", "1", "good", "--promise", "send the guide", "--by", "2026-01-20")
    assert anna.json("next", "anna")["touchpoint"]["step"] == "plan_together"


def test_silence_is_said_with_what_is_due(anna: Desk) -> None:
    """DOMAIN 3.8: two contacts in a row without an answer."""
    for step in ("dip_call", "lesson_one"):
        number = anna.number(step, today="2026-01-19")
        for day in ("2026-01-19", "2026-01-21", "2026-01-26", "2026-02-02"):
            anna.cli("done", number, "no-answer", today=day)
    told = anna.json("next", "anna", today="2026-02-10")
    rules = [flag["rule"] for flag in anna.sale(today="2026-02-10")["flags"]]
    assert "silent" in rules
    assert told["touchpoint"] is not None


def test_a_customer_on_hold_waits(anna: Desk) -> None:
    anna.does("hold", "anna", "--until", "2026-02-02")
    told = anna.json("next", "anna", today="2026-01-07")
    assert (told["touchpoint"], told["text"], told["command"]) == (None, "wait", "followup resume anna-meyer")
    assert "2 February 2026" in told["reason"]


def test_somebody_who_wants_no_contact_is_left_alone(anna: Desk) -> None:
    anna.does("done", "1", "stop")
    told = anna.json("next", "anna")
    assert (told["touchpoint"], told["text"]) == (None, "leave Anna Meyer alone")
    assert told["command"] == "followup show anna-meyer"


def test_nothing_is_asked_of_somebody_who_has_left(anna: Desk) -> None:
    anna.does("log", "anna", "ok", "--milestone", "left")
    told = anna.json("next", "anna")
    assert (told["touchpoint"], told["text"], told["reason"]) == (None, "nothing to do", "the customer has left")


def test_neglect_is_said_and_answered_today(anna: Desk) -> None:
    """C16: the warning comes before the complaint, and with something to type."""
    for step in ("welcome_note", "plan_together"):
        anna.does("done", anna.number(step), "good", today="2026-01-06")
    today = "2026-03-02"
    for one in anna.sale(today=today)["touchpoints"]:
        if one["status"] == "open" and one["due_on"] <= today:
            anna.cli("skip", str(one["id"]), today=today)
    told = anna.json("next", "anna", today=today)
    rules = {flag["rule"] for flag in anna.sale(today=today)["flags"]}
    assert rules & {"neglected", "complacency", "low_mood"}
    assert "days" in told["reason"]
    assert told["command"].startswith("followup ")


def test_without_a_sale_there_is_one_to_record(desk: Desk) -> None:
    desk.does("add", "Dan Eko")
    told = desk.json("next", "dan")
    assert (told["touchpoint"], told["text"]) == (None, "record the sale when there is one")
    desk.does(*told["command"].split()[1:])
    assert desk.json("next", "dan")["touchpoint"]["step"] == "welcome_note"


def test_of_two_sales_the_more_important_contact(anna: Desk) -> None:
    anna.does("sale", "add", "anna", "--playbook", "services", "--product", "Set-up")
    anna.does("log", "anna", "problem", "the set-up fails", "--sale", "2")
    told = anna.json("next", "anna")
    assert (told["touchpoint"]["sale"], told["touchpoint"]["step"]) == (2, "recovery_acknowledge")


def test_it_changes_nothing(anna: Desk) -> None:
    before = anna.facts()
    anna.does("next", "anna")
    assert anna.facts() == before


@pytest.mark.parametrize(
    ("args", "says", "hint", "code"),
    [
        (("nobody",), "no customer matches 'nobody'", "followup list", 1),
        (("anna-meier",), "no customer matches 'anna-meier'", "did you mean anna-meyer?", 1),
        ((), "CUSTOMER", "followup next --help", 2),
    ],
)
def test_refusals(anna: Desk, args: tuple[str, ...], says: str, hint: str, code: int) -> None:
    anna.refuses("next", *args, says=says, hint=hint, code=code)


def test_c22_personal_notes_are_shown_before_the_call(anna: Desk) -> None:
    """C22: on one line, whatever was typed; without any there is no such line."""
    assert "About them" not in anna.does("next", "anna")
    assert anna.json("next", "anna")["notes"] == ""
    anna.does("set", "anna", "notes", "sails\n\nallergic to nuts")
    about = [line.strip() for line in anna.does("next", "anna").splitlines() if "About them" in line]
    assert about == ["About them: sails allergic to nuts"]
    assert anna.json("next", "anna")["notes"] == "sails\n\nallergic to nuts"


def test_c22_the_list_of_the_day_stays_short(anna: Desk) -> None:
    """C22: notes belong to the call, not to the list."""
    before = anna.does("due")
    anna.does("set", "anna", "notes", "sails")
    assert anna.does("due") == before
