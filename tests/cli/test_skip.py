"""`skip`: a contact is left out; it does not count as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Desk


def test_it_is_left_out_with_the_reason_on_file(anna: Desk) -> None:
    said = anna.does("skip", "1", "--why", "met them at the signature")
    assert "skipped: welcome_note; it does not count as a contact" in said
    assert "Next: Tue 2026-01-06" in said
    (fact,) = anna.sale()["activities"]
    assert (fact["kind"], fact["note"], fact["outcomes"]) == ("skipped", "met them at the signature", [])
    assert anna.step("welcome_note")["status"] == "skipped"
    assert anna.json("list")["items"][0]["last_contact_on"] is None


def test_skip_twice_is_said_and_recorded_once(anna: Desk) -> None:
    anna.does("skip", "1")
    before = anna.facts()
    assert anna.json("skip", "1")["already"] is True
    assert "Already skipped: Anna Meyer. Nothing was changed." in anna.does("skip", "1")
    assert "Already skipped: Anna Meyer" in anna.does("done", "1", "good")
    assert anna.facts() == before


def test_a_repeating_step_keeps_its_rhythm(desk: Desk) -> None:
    """The review of a customer in maintenance comes again half a year later, whether it was held or not."""
    desk.does("add", "Cara", "--playbook", "saas", "--signed", "2025-01-06", today="2025-07-01")
    before = desk.step("needs_review", "cara", today="2025-07-01")
    desk.does("skip", str(before["id"]), today=before["due_on"])
    after = desk.step("needs_review", "cara", today=before["due_on"])
    assert (after["occurrence"], after["status"]) == (before["occurrence"] + 1, "open")
    assert after["due_on"][:7] == "2026-01"


def test_the_customer_may_stand_for_what_is_due(anna: Desk) -> None:
    assert "skipped: welcome_note" in anna.does("skip", "anna")


@pytest.mark.parametrize(
    ("args", "says", "hint", "code"),
    [
        (("99",), "no touchpoint number 99", "followup due", 1),
        (("nobody",), "no customer matches 'nobody'", "followup list", 1),
        ((), "ID", "followup skip --help", 2),
    ],
)
def test_refusals(anna: Desk, args: tuple[str, ...], says: str, hint: str, code: int) -> None:
    anna.refuses("skip", *args, says=says, hint=hint, code=code)


def test_several_due_are_listed_and_none_is_chosen(anna: Desk) -> None:
    answer = anna.refuses("skip", "anna", says="Anna Meyer has 2 contacts due", today="2026-01-06")
    assert "2  2026-01-06  plan_together" in answer.err
