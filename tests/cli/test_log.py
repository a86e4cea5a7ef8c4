"""`log`: a contact that nobody planned counts like any other, whoever began it (A3, DOMAIN 5.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from followup.core.model.outcome import OUTCOMES

if TYPE_CHECKING:
    from tests.cli.conftest import Desk


def test_it_is_recorded_without_a_step(anna: Desk) -> None:
    told = anna.json("log", "anna", "good", "asked about the export", "--minutes", "12", "--channel", "phone")
    fact = told["activity"]
    assert told["schema"] == "followup.done/1"
    assert (fact["kind"], fact["step"], fact["occurrence"], fact["purpose"]) == ("contacted", "", 0, "")
    assert (fact["direction"], fact["channel"], fact["minutes"]) == ("outbound", "phone", 12)
    assert (fact["note"], fact["outcomes"], fact["on"]) == ("asked about the export", ["good"], "2026-01-05")
    assert told["already"] is False


def test_a3_who_began_it_is_kept(anna: Desk) -> None:
    """A3: outbound is proactive, inbound reactive."""
    assert anna.json("log", "anna", "ok", "--inbound")["activity"]["direction"] == "inbound"
    assert "Anna Meyer began it" in anna.does("log", "anna", "ok", "--inbound")
    assert "with Anna Meyer" in anna.does("log", "anna", "ok")


def test_with_its_purpose_it_does_what_was_planned_for(anna: Desk) -> None:
    """DOMAIN 5.1 step 6: a logged contact that covered the purpose satisfies the planned one."""
    told = anna.json("log", "anna", "good", "--purpose", "welcome", "--inbound")
    assert anna.step("welcome_note")["status"] == "absorbed"
    (change,) = [one for one in told["changes"] if one["step"] == "welcome_note"]
    assert change["change"] == "dropped"
    assert "did what it is for (welcome)" in change["reason"]


def test_without_a_purpose_it_says_how_to_count_it_as_what_is_open(anna: Desk) -> None:
    said = anna.does("log", "anna", "good", "a pleasant call")
    assert "welcome_note is open now" in said
    assert "followup undo, then followup done 1 good" in said
    assert anna.step("welcome_note")["status"] == "open"
    anna.does("undo")
    anna.does("done", "1", "good")
    assert anna.step("welcome_note")["status"] == "done"


def test_the_day_and_every_code_are_in_what_is_to_be_typed(anna: Desk) -> None:
    said = anna.does("log", "anna", "good,idea", "more colours", "--on", "2026-01-05", today="2026-01-06")
    assert "followup done 1 good,idea --on 2026-01-05" in said


def test_nothing_is_suggested_where_nothing_is_open_or_the_purpose_was_said(anna: Desk) -> None:
    assert "open now" not in anna.does("log", "anna", "good", "--purpose", "feedback")
    anna.does("done", "1", "good")
    assert "open now" not in anna.does("log", "anna", "good")


@pytest.mark.parametrize("outcome", ["problem", "stop", "wrong-contact"])
def test_what_nobody_plans_is_not_taken_for_what_is_open(anna: Desk, outcome: str) -> None:
    assert "open now" not in anna.does("log", "anna", outcome, "--inbound")


def test_b24_a_contact_that_gave_nothing_says_so(anna: Desk) -> None:
    """B24."""
    assert "nothing of value was given: no clock starts anew" in anna.does("log", "anna", "flat", "checking in")


def test_an_open_problem_comes_first_in_what_is_told_next(anna: Desk) -> None:
    told = anna.json("log", "anna", "problem", "down", "--inbound", today="2026-01-13")
    assert told["next"][0]["step"] == "recovery_acknowledge"
    waiting = [one for one in told["changes"] if one["status"] == "held"]
    assert {one["change"] for one in waiting} == {"dropped"}


def test_a_real_contact_restarts_the_clock_and_a_try_does_not(anna: Desk) -> None:
    """DOMAIN 5.5, B24: the clock runs from the last real contact, whoever started it."""
    today = "2026-02-23"
    tried = anna.json("log", "anna", "no-answer", "--dry-run", today=today)["changes"]
    assert [one for one in tried if one["step"] == "dip_watch" and one["change"] == "moved"] == []
    reached = anna.json("log", "anna", "good", "--inbound", today=today)["changes"]
    assert any(one["step"] == "dip_watch" for one in reached), reached


def test_what_time_alone_has_changed_is_no_effect_of_it(anna: Desk) -> None:
    """Weeks after the last command: what expired meanwhile is not told as a change."""
    told = anna.json("log", "anna", "no-answer", today="2026-02-02")
    assert told["changes"] == []
    assert anna.step("who_else", today="2026-02-02")["status"] == "expired"


def test_what_was_postponed_is_what_is_open_today(anna: Desk) -> None:
    said = anna.does("log", "anna", "postponed", today="2026-02-02")
    assert "welcome_note" not in said


def test_back_dated_it_happened_on_its_day(anna: Desk) -> None:
    said = anna.does("log", "anna", "good", "--on", "-3d", today="2026-01-20")
    assert "on Sat 17 January 2026" in said
    assert anna.sale(today="2026-01-20")["activities"][0]["on"] == "2026-01-17"


def test_it_adds_facts_like_done(anna: Desk) -> None:
    anna.does("log", "anna", "concern,idea", "the export is slow", "--milestone", "first_use", "--usage", "up")
    sale = anna.sale()
    assert [one["text"] for one in sale["concerns"]] == ["the export is slow"]
    assert len(sale["promises"]) == 2
    assert "first_use" in [one["milestone"] for one in sale["activities"]]


def test_several_sales_are_told_apart(anna: Desk) -> None:
    anna.does("sale", "add", "anna", "--playbook", "services", "--product", "Set-up")
    assert "counted for sale 2, another one: --sale N" in anna.does("log", "anna", "good", "--dry-run")
    said = anna.does("log", "anna", "good", "--sale", "1")
    assert "another one" not in said
    first, second = anna.json("show", "anna")["sales"]
    assert (len(first["activities"]), len(second["activities"])) == (1, 0)


def test_postponed_pins_what_is_open(anna: Desk) -> None:
    said = anna.does("log", "anna", "postponed", "--to", "2026-01-08", "--at", "10:30")
    assert "next: welcome_note on Thu 8 January 2026 at 10:30, as agreed" in said
    step = anna.step("welcome_note")
    assert (step["due_on"], step["agreed_time"], step["status"]) == ("2026-01-08", "10:30", "open")


def test_a_dry_run_changes_nothing(anna: Desk) -> None:
    before = anna.facts()
    said = anna.does("log", "anna", "concern,purchase,referral", "x", "--referred", "Bob", "--dry-run")
    assert "Dry run: nothing was changed." in said
    assert anna.facts() == before


def test_undo_takes_all_of_it_back_in_one_step(anna: Desk) -> None:
    before, plan = anna.facts(), anna.open_dates()
    anna.does(
        *("log", "anna", "good,concern,idea,referral,purchase,stop", "all at once", "--referred", "Bob Stone"),
        *("--milestone", "first_result", "--usage", "down", "--score", "3", "--opportunity", "a second site"),
    )
    after = anna.facts()
    for table in ("activity", "concern", "promise", "reading", "customer", "contact", "sale"):
        assert after[table] != before[table], table
    anna.does("undo")
    now = anna.facts()
    for table in ("activity", "concern", "promise", "reading", "customer", "contact", "sale", "anchor"):
        assert now[table] == before[table], table
    assert anna.open_dates() == plan


@pytest.mark.parametrize(
    ("args", "says", "hint"),
    [
        (("nobody", "good"), "no customer matches 'nobody'", "followup list"),
        (("anna", "god"), "'god' is not an outcome", "did you mean good?"),
        (("anna", "good", "--purpose", "welcom"), "'welcom' is not a purpose", "did you mean welcome?"),
        (("anna", "good", "--sale", "9"), "Anna Meyer has no sale 9", "--sale with one of: 1"),
        (("anna", "good", "--on", "tomorrow"), "lies in the future", "followup snooze"),
        (("anna", "good", "--tone", "tens"), "'tens' is not a tone", "did you mean tense?"),
        (("anna", "good", "--usage", "upp"), "'upp' is not a usage reading", "did you mean up?"),
        (("anna", "good", "--score", "11"), "11 is no nps score", "0 to 10"),
        (("anna", "good", "--to", "fri"), "--to belongs to the outcome postponed", "good,postponed"),
        (("anna", "good", "--referred", "Bob"), "--referred belongs to the outcome referral", "good,referral"),
        (("anna", "good", "--severity", "major"), "--severity belongs to the outcome concern", "good,concern"),
        (("anna", "good", "--product", "Bulbs"), "--product belongs to the outcome purchase", "good,purchase"),
        (("anna", "postponed", "--at", "10:00"), "a time needs its day", "--to fri"),
        (("anna", "postponed", "--to", "2026-01-01"), "2026-01-01 lies before the contact", "--to"),
        (("anna", "referral", "--referred", " "), "the referred is empty", "--referred"),
        (("anna", "good", "--opportunity", " "), "the opportunity is empty", "--opportunity"),
        (("anna", "purchase", "--playbook", "sas"), "no playbook is called 'sas'", "did you mean saas?"),
    ],
)
def test_refusals(anna: Desk, args: tuple[str, ...], says: str, hint: str) -> None:
    anna.refuses("log", *args, says=says, hint=hint)


def test_a_customer_without_a_sale_needs_one_first(desk: Desk) -> None:
    desk.does("add", "Dan Eko")
    desk.refuses("log", "dan", "good", says="Dan Eko has no sale yet", hint="followup sale add dan-eko")


def test_an_ambiguous_customer_is_asked_about(two_annas: Desk) -> None:
    two_annas.refuses("log", "anna", "good", says="'anna' matches 2 customers", hint="use the key")


def test_somebody_who_must_not_be_contacted_may_still_call(anna: Desk) -> None:
    anna.does("done", "1", "stop")
    said = anna.does("log", "anna", "good", "called after all", "--inbound")
    assert "recorded: a contact" in said
    assert anna.open_dates() == {}


def test_c11_at_a_terminal_it_asks_for_their_words(anna: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """C11: the log asks for the customer's own words; Enter leaves them out, and a note given is not asked for."""
    monkeypatch.setattr("followup.cli.asking.somebody_is_there", lambda: True)
    answer = anna.cli("log", "anna", "good", stdin="looks forward to it\n")
    assert (answer.code, "in their words?" in answer.out + answer.err) == (0, True)
    anna.cli("log", "anna", "good", stdin="\n")
    anna.cli("log", "anna", "good", "no question")
    assert [one["note"] for one in anna.sale()["activities"]] == ["looks forward to it", "", "no question"]


def test_in_a_pipe_nothing_is_asked(anna: Desk) -> None:
    answer = anna.cli("log", "anna", "good", stdin="not a note\n")
    assert answer.err == ""
    assert anna.sale()["activities"][0]["note"] == ""


@pytest.mark.parametrize("outcome", ["no-answer", "left-message", "no-answer,left-message"])
@pytest.mark.parametrize(
    "option", [("--score", "9"), ("--tone", "tense"), ("--understood", "no"), ("--concern", "too slow")]
)
def test_what_they_said_needs_somebody_who_was_reached(anna: Desk, outcome: str, option: tuple[str, str]) -> None:
    anna.refuses("log", "anna", outcome, *option, says=f"{option[0]} is what the customer said", hint="reading add")
    anna.refuses("done", "1", outcome, *option, says="nobody was reached", hint="concern add")
    anna.does("log", "anna", "good", *option)


@pytest.mark.parametrize("command", ["done", "log"])
def test_the_help_names_every_outcome(desk: Desk, command: str) -> None:
    said = desk.does(command, "--help").replace(",", " ").replace(";", " ").split()
    assert [code for code in OUTCOMES if code not in said] == []


@pytest.mark.parametrize(
    "command",
    [
        ("log", "anna", "good"),
        ("reading", "add", "anna", "nps", "9"),
        ("promise", "add", "anna", "the guide", "--by", "fri"),
        ("concern", "add", "anna", "too slow"),
        ("anchor", "set", "anna", "live", "tomorrow"),
    ],
)
def test_for_which_of_several_sales_it_counts_is_said(anna: Desk, command: tuple[str, ...]) -> None:
    counted = "counted for sale 2, another one: --sale N"
    assert "counted for" not in anna.does(*command)
    anna.does("undo")
    anna.does("sale", "add", "anna", "--playbook", "services", "--signed", "2026-01-05")
    assert counted in anna.does(*command, "--dry-run")
    assert "counted for" not in anna.does(*command, "--sale", "2")
