"""`anchor set`: a date is recorded, and everything that hangs on it moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Desk


def test_a_late_start_of_use_moves_the_dip_and_its_contacts(anna: Desk) -> None:
    before = anna.open_dates()
    said = anna.does("anchor", "set", "anna", "live", "2026-01-19")
    assert "live of Anna Meyer is Mon 19 January 2026" in said
    assert "progress_call moved from Mon 2026-02-02 to Mon 2026-02-16" in said
    after = anna.open_dates()
    assert after["progress_call/1"] == "2026-02-16", "the trough is 28 days after the start of use"
    assert after["welcome_note/1"] == before["welcome_note/1"], "what hangs on the signature stays"
    assert anna.sale()["assumed_anchors"] == []


def test_the_date_of_a_renewal_moves_the_renewal_alone(anna: Desk) -> None:
    before = anna.open_dates()
    anna.does("anchor", "set", "anna", "renewal", "2027-02-02")
    after = anna.open_dates()
    moved = {step for step in before if after.get(step) != before[step]}
    assert {"renewal_value/1", "renewal_terms/1", "renewal_close/1"} <= moved
    assert not moved & {"dip_call/1", "progress_call/1", "result_letter/1", "relationship_score/1"}


def test_dates_are_echoed_as_they_were_understood(anna: Desk) -> None:
    assert "live of Anna Meyer is Fri 9 January 2026" in anna.does("anchor", "set", "anna", "live", "fri")
    assert "live of Anna Meyer is Mon 12 January 2026" in anna.does("anchor", "set", "anna", "live", "5bd")
    assert "live of Anna Meyer is Sat 3 January 2026" in anna.does("anchor", "set", "anna", "live", "-2d")


def test_use_before_the_sale_is_doubted_aloud(anna: Desk) -> None:
    said = anna.does("anchor", "set", "anna", "live", "2025-01-12")
    assert "warning: use starts 358 days before the sale of Mon 5 January 2026" in said
    assert "warning" not in anna.does("anchor", "set", "anna", "live", "2026-01-12")


@pytest.mark.parametrize(
    ("args", "says", "hint"),
    [
        (("anna", "renewl", "2027-01-01"), "saas has no anchor 'renewl'", "did you mean renewal?"),
        (("anna", "", "2027-01-01"), "has no anchor ''", "sale live renewal"),
        (("anna", "live", "2026-02-29"), "not a day of the calendar", "2026-12-01"),
        (("anna", "live", "someday"), "'someday' is not a date", "mon..sun"),
        (("anna", "live", "today", "--sale", "9"), "has no sale 9", "--sale"),
        (("nobody", "live", "today"), "no customer matches 'nobody'", "followup list"),
    ],
)
def test_refusals(anna: Desk, args: tuple[str, ...], says: str, hint: str) -> None:
    anna.refuses("anchor", "set", *args, says=says, hint=hint)
