"""`hold` and `resume`: a customer waits, and what remained of each delay runs on (DESIGN 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Desk


def held(desk: Desk, *, sale: int = 0) -> list[tuple[Any, ...]]:
    """Kind, day, last day and note of what was recorded about holds."""
    activities = desk.json("show", "anna-meyer")["sales"][sale]["activities"]
    return [(one["kind"], one["on"], one["to_on"], one["note"]) for one in activities]


def test_a_hold_without_an_end_lasts_until_resume(anna: Desk) -> None:
    said = anna.does("hold", "anna", "--why", "on leave")
    assert "Anna Meyer is on hold until you say: followup resume anna-meyer" in said
    assert "recovery and deadlines stay due, everything else waits" in said
    assert held(anna) == [("held", "2026-01-05", None, "on leave")]
    said = anna.does("resume", "anna", today="2026-01-12")
    assert "Anna Meyer goes on after 7 days: what remained of each delay runs on from today" in said
    assert held(anna)[1:] == [("resumed", "2026-01-12", None, "")]


def test_a_hold_ends_on_its_day(anna: Desk) -> None:
    said = anna.does("hold", "anna", "--until", "2w")
    assert "Anna Meyer is on hold until Mon 19 January 2026" in said
    assert held(anna) == [("held", "2026-01-05", "2026-01-19", "")]
    again = ("hold", "anna")
    anna.refuses(
        *again,
        today="2026-01-18",
        says="Anna Meyer is on hold since Mon 5 January 2026, until Mon 19 January 2026",
        hint="followup resume anna-meyer",
    )
    anna.refuses("resume", "anna", today="2026-01-19", says="Anna Meyer is not on hold", hint="--until")
    anna.does(*again, today="2026-01-19")


def test_it_may_be_resumed_before_its_day_and_held_again(anna: Desk) -> None:
    anna.does("hold", "anna", "--until", "2w")
    assert "goes on after 1 day:" in anna.does("resume", "anna", today="2026-01-06")
    anna.does("hold", "anna", today="2026-01-06")
    assert "goes on: what remained" in anna.does("resume", "anna", today="2026-01-06")


def test_every_sale_waits_also_one_that_came_later(anna: Desk) -> None:
    anna.does("hold", "anna")
    anna.does("sale", "add", "anna", "--playbook", "retail", "--signed", "today")
    anna.does("hold", "anna", "--until", "fri")
    assert held(anna, sale=0) == [("held", "2026-01-05", None, "")]
    assert held(anna, sale=1) == [("held", "2026-01-05", "2026-01-09", "")]
    anna.does("resume", "anna")
    assert [one[0] for one in held(anna, sale=0)] == ["held", "resumed"]
    assert [one[0] for one in held(anna, sale=1)] == ["held", "resumed"]


@pytest.mark.parametrize(
    ("args", "says", "hint"),
    [
        (("hold", "anna", "--until", "2026-01-04"), "Sun 4 January 2026 has passed", "--until 2w"),
        (("hold", "anna", "--until", "today"), "Mon 5 January 2026 is today", "--until 2w"),
        (("hold", "anna", "--until", "soon"), "'soon' is not a date", "2026-12-01"),
        (("hold", "nobody"), "no customer matches 'nobody'", "followup list"),
        (("resume", "anna"), "Anna Meyer is not on hold", "followup hold anna-meyer --until 2w"),
        (("resume", "nobody"), "no customer matches 'nobody'", "followup list"),
    ],
)
def test_refusals(anna: Desk, args: tuple[str, ...], says: str, hint: str) -> None:
    anna.refuses(*args, says=says, hint=hint)


@pytest.mark.parametrize("command", ["hold", "resume"])
def test_without_a_sale_there_is_nothing_that_waits(anna: Desk, command: str) -> None:
    anna.does("add", "Ben Ode")
    anna.refuses(command, "ben", says="Ben Ode has no sale yet", hint="followup sale add ben-ode")


@pytest.mark.parametrize("command", ["hold", "resume"])
def test_a_dry_run_changes_nothing_and_undo_takes_it_back(anna: Desk, command: str) -> None:
    if command == "resume":
        anna.does("hold", "anna")
    before, plan = anna.facts(), anna.open_dates()
    assert "Dry run: nothing was changed." in anna.does(command, "anna", "--dry-run")
    assert anna.facts() == before
    told = anna.json(command, "anna")
    assert (told["schema"], told["command"], told["customer_key"]) == ("followup.written/1", command, "anna-meyer")
    assert anna.facts() != before
    anna.does("undo")
    assert (anna.facts(), anna.open_dates()) == (before, plan)


def test_what_happened_is_shown(anna: Desk) -> None:
    anna.does("hold", "anna", "--until", "fri", "--why", "on leave")
    assert "held to 2026-01-09" in anna.does("show", "anna")
