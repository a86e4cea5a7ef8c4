"""`show`: who they are, the curve, where they are on it, what happened and what comes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Desk

STYLE = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.parametrize(
    "word", ["anna-meyer", "ANNA-MEYER", "anna", "eyer", "Meyer GmbH", "anna@meyer.example", "+49 (30) 1234567"]
)
def test_a_customer_goes_by_key_part_of_a_name_email_or_phone(anna: Desk, word: str) -> None:
    anna.does("add", "Ben Ode", "--phone", "555 2")
    assert anna.json("show", word)["customer"]["key"] == "anna-meyer"


def test_the_screen_of_a_customer_in_the_dip(anna: Desk) -> None:
    for number in ("1", "2"):
        anna.does("done", number, "good", "glad about the plan", today="2026-01-06")
    anna.does("concern", "add", "anna", "import takes hours", today="2026-01-14")
    said = STYLE.sub("", anna.does("--color", "always", "show", "anna", today="2026-01-26"))
    for words in (
        "Anna Meyer",
        "Meyer GmbH",
        "anna@meyer.example",
        "Ledgerline",
        "Their goal: close the month in three days",
        "learning, day 15 of 59",
        "mood (est.)",
        "import takes hours",
        "glad about the plan",
        "What comes",
        "What happened",
    ):
        assert words in said, words
    assert any(mark in said for mark in "▁▂▃▄▅▆▇█⠁⣀⠤▖▗▘▝╭╮╯╰┤─"), "the curve is drawn"


def test_the_curve_is_told_in_days_and_dates(anna: Desk) -> None:
    """Where the low point lies, as a date, in a pipe as well."""
    said = anna.does("show", "anna")
    assert "The dip begins on day 7 (Mon 2026-01-12)" in said
    assert "(assumed)" in said, "the start of use is an assumption"


def test_dates_are_assumed_until_they_are_recorded(anna: Desk) -> None:
    assert anna.sale()["assumed_anchors"] == ["live"]
    anna.does("anchor", "set", "anna", "live", "today")
    assert anna.sale()["assumed_anchors"] == []


def test_the_mood_is_a_whole_number_and_says_that_it_is_estimated(anna: Desk) -> None:
    """E13: without a score of the last days the mood is called estimated."""
    mood = anna.sale(today="2026-01-26")["mood"]
    assert set(mood) >= {"model", "evidence", "estimate", "measured_on"}
    assert (mood["label"], mood["measured"], mood["measured_on"]) == ("estimated", None, None)
    assert isinstance(mood["model"], int)
    assert 0 <= mood["estimate"] <= 100


@pytest.mark.parametrize(
    ("args", "says", "hint", "code"),
    [
        (("nobody",), "no customer matches 'nobody'", "followup list", 1),
        (("anna-mayer",), "no customer matches 'anna-mayer'", "did you mean anna-meyer?", 1),
        (("",), "no customer matches ''", "followup list", 1),
        ((" ",), "no customer matches", "followup list", 1),
        (("%",), "no customer matches '%'", "followup list", 1),
        ((), "CUSTOMER", "followup show --help", 2),
    ],
)
def test_refusals(anna: Desk, args: tuple[str, ...], says: str, hint: str, code: int) -> None:
    anna.refuses("show", *args, says=says, hint=hint, code=code)


def test_several_matches_are_listed(two_annas: Desk) -> None:
    answer = two_annas.refuses("show", "anna", says="'anna' matches 2 customers", hint="use the key")
    assert answer.err.count("\n  ") == 2
    told = two_annas("show", "anna", "--json")
    assert told.code == 1
    assert told.json["candidates"] == ["anna-meyer  Anna Meyer (Meyer GmbH)", "anna-mayer  Anna Mayer"]
