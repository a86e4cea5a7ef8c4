"""`plan`: the stored plan is a projection of facts; planning twice changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Desk


@pytest.fixture
def busy(two_annas: Desk) -> Desk:
    """Two customers with something of everything on file."""
    for args in (
        ("done", "1", "good", "glad", "--promise", "send the guide", "--by", "fri"),
        ("skip", "2"),
        ("snooze", "3", "fri", "10:00"),
        ("concern", "add", "anna-meyer", "slow", "--severity", "major"),
        ("anchor", "set", "anna-meyer", "live", "2026-01-09"),
        ("sale", "add", "anna-mayer", "--playbook", "retail", "--signed", "2025-11-03"),
        ("set", "anna-mayer", "country", "US"),
    ):
        two_annas.does(*args)
    return two_annas


def test_a_rebuild_from_facts_alone_gives_the_same_rows(busy: Desk) -> None:
    for today in ("2026-01-05", "2026-01-16", "2026-03-30", "2026-12-28"):
        busy.does("plan", today=today)
        rows = busy.rows("touchpoint"), busy.rows("plan")
        told = busy.json("plan", "--rebuild", today=today)
        assert (told["rebuilt"], told["sales_count"], told["changes"]) == (True, 3, [])
        assert told["touchpoints_count"] == len(rows[0])
        assert (busy.rows("touchpoint"), busy.rows("plan")) == rows


def test_what_it_says(busy: Desk) -> None:
    assert "3 plans rebuilt" in busy.does("plan", "--rebuild")
    assert "no date changed" in busy.does("plan", "--rebuild")
    assert "0 plans brought up to date" in busy.does("plan")
    assert "1 plan brought up to date" in busy.does("plan", "anna-meyer")


def test_new_holidays_are_taken_up_by_a_rebuild(anna: Desk) -> None:
    """Easter Monday 2026 is 6 April: nobody in Germany is asked for a score then."""
    assert anna.step("relationship_score")["due_on"] == "2026-04-06"
    said = anna.does("config", "set", "calendar.country", "DE")
    assert "followup plan --rebuild" in said
    said = anna.does("plan", "--rebuild")
    assert "relationship_score moved from Mon 2026-04-06 to Tue 2026-04-07" in said
    assert anna.does("plan", "--rebuild").endswith("no date changed.\n")


@pytest.mark.parametrize(
    ("args", "says", "hint", "code"),
    [
        (("nobody",), "no customer matches 'nobody'", "followup list", 1),
        (("--rebuld",), "--rebuld", "followup plan --help", 2),
    ],
)
def test_refusals(anna: Desk, args: tuple[str, ...], says: str, hint: str, code: int) -> None:
    anna.refuses("plan", *args, says=says, hint=hint, code=code)


def test_an_ambiguous_customer_is_asked_about(two_annas: Desk) -> None:
    two_annas.refuses("plan", "anna", says="'anna' matches 2 customers", hint="anna-meyer")
