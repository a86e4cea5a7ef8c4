"""`snooze`: a day set by hand survives every later plan; what no date may do is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Desk


def test_the_day_is_echoed_and_survives_every_later_plan(anna: Desk) -> None:
    said = anna.does("snooze", "2", "thu")
    assert "moved plan_together to Thu 8 January 2026 (was Tue 6 January 2026)" in said
    anna.does("anchor", "set", "anna", "live", "2026-01-12")
    anna.does("plan", "--rebuild")
    step = anna.step("plan_together")
    assert (step["due_on"], step["by_hand"]) == ("2026-01-08", True)
    assert "set by hand" in anna.does("why", "2")


def test_with_a_time_it_is_an_agreement(anna: Desk) -> None:
    said = anna.does("snooze", "2", "wed", "14:30")
    assert "to Wed 7 January 2026 at 14:30" in said
    assert anna.step("plan_together")["agreed_time"] == "14:30"
    assert anna.sale()["activities"][0]["kind"] == "agreed"
    assert "14:30" in anna.cli("due", "--all", today="2026-01-07").out.split("\t")


@pytest.mark.parametrize(
    ("zone", "day", "at", "meant"),
    [
        ("Europe/Berlin", "2026-03-29", "02:30", "03:30"),
        ("America/New_York", "2027-03-14", "02:30", "03:30"),
        ("Australia/Lord_Howe", "2026-10-04", "02:15", "02:45"),
        ("Europe/Berlin", "2026-03-29", "03:00", ""),
        ("Europe/Berlin", "2026-10-25", "02:30", ""),
        ("Asia/Tokyo", "2026-03-29", "02:30", ""),
        ("", "2026-03-29", "02:30", ""),
    ],
)
def test_a_time_that_the_clocks_skip_is_said(anna: Desk, zone: str, day: str, at: str, meant: str) -> None:
    """RFC 5545, 3.3.5: it counts by the offset before the gap, in every calendar."""
    if zone:
        anna.does("config", "set", "calendar.timezone", zone)
    warning = f"warning: {at} does not exist that night in {zone}: {meant}"
    for command in (
        ("snooze", anna.number("first_job"), day, at),
        ("done", anna.number("first_job"), "postponed", "--to", day, "--at", at),
    ):
        said = anna.does(*command)
        assert f"at {at}" in said
        assert (warning in " ".join(said.split())) == bool(meant), said
        assert ("does not exist" in said) == bool(meant)


@pytest.mark.parametrize(
    ("word", "day"),
    [
        ("tomorrow", "2026-01-06"),
        ("mon", "2026-01-12"),
        ("fri", "2026-01-09"),
        ("3d", "2026-01-08"),
        ("2w", "2026-01-19"),
        ("5bd", "2026-01-12"),
        ("2026-01-09", "2026-01-09"),
        ("TODAY", "2026-01-05"),
    ],
)
def test_the_words_for_a_day(anna: Desk, word: str, day: str) -> None:
    anna.does("snooze", "1", word)
    assert anna.step("welcome_note")["due_on"] == day


@pytest.mark.parametrize(
    ("step", "day", "warning"),
    [
        ("week_one", "2026-01-20", "warning: its window closes on Mon 12 January 2026"),
        ("relationship_score", "2026-03-27", "warning: its window opens on"),
        ("renewal_close", "2027-01-08", "warning: that is past its deadline, Tue 5 January 2027"),
        ("welcome_note", "2026-01-10", "warning: Sat 10 January 2026 is a Saturday"),
    ],
)
def test_what_the_seller_should_know_is_a_warning(anna: Desk, step: str, day: str, warning: str) -> None:
    """Invariant 12: never past a deadline without a warning."""
    said = anna.does("snooze", anna.number(step), day)
    assert warning in said
    assert anna.step(step)["due_on"] == day


def test_a_holiday_of_the_customer_is_named(anna: Desk) -> None:
    anna.does("set", "anna", "country", "DE")
    assert "is New Year's Day" in anna.does("snooze", anna.number("needs_review"), "2027-01-01")


@pytest.mark.parametrize(
    "step", ["who_else", "introduction", "next_use", "renewal_value", "renewal_terms", "renewal_close"]
)
def test_nothing_that_asks_goes_into_learning(anna: Desk, step: str) -> None:
    """B32, C18, invariant 2: no referral, no selling, no renewal talk is dated there, and the hint helps."""
    number, before = anna.number(step), anna.open_dates()
    answer = anna.refuses("snooze", number, "2026-02-02", says=f"{step} cannot be on Mon 2 February 2026")
    assert "never in learning" in answer.err or "only in maintenance" in answer.err
    assert anna.open_dates() == before
    hint = answer.err.splitlines()[-1].removeprefix("Try: followup ").split()
    if hint[0] == "snooze":
        anna.does(*hint)
        assert anna.step(step)["due_on"] == hint[2]
    else:
        assert hint[:2] == ["skip", f"{number},"], "an early ask has no other time"


@pytest.mark.parametrize(
    ("args", "says", "hint", "code"),
    [
        (("1", "yesterday"), "2026-01-04 has passed", "followup snooze 1 tomorrow", 1),
        (("1", "2025-12-31"), "2025-12-31 has passed", "followup snooze 1 tomorrow", 1),
        (("1", "someday"), "'someday' is not a date", "mon..sun", 1),
        (("1", "2026-02-30"), "is not a day of the calendar", "", 1),
        (("1", "fri", "25:00"), "'25:00' is not a time of day", "14:30", 1),
        (("1", "fri", "noon"), "'noon' is not a time of day", "14:30", 1),
        (("99", "fri"), "no touchpoint number 99", "followup due", 1),
        (("nobody", "fri"), "no customer matches 'nobody'", "followup list", 1),
        (("1",), "DATE", "followup snooze --help", 2),
    ],
)
def test_refusals(anna: Desk, args: tuple[str, ...], says: str, hint: str, code: int) -> None:
    anna.refuses("snooze", *args, says=says, hint=hint, code=code)


def test_what_is_done_is_not_moved(anna: Desk) -> None:
    anna.does("done", "1", "good")
    before = anna.facts()
    assert anna.json("snooze", "1", "fri")["already"] is True
    assert anna.facts() == before


def test_several_due_are_listed_and_none_is_chosen(anna: Desk) -> None:
    anna.refuses("snooze", "anna", "fri", says="Anna Meyer has 2 contacts due", today="2026-01-06")
