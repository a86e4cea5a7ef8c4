"""`done`: a contact is recorded, the plan follows, and it says what comes next and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Desk


def test_the_contact_is_recorded_and_the_next_one_named(anna: Desk) -> None:
    said = anna.does("done", "1", "good", "looks forward to it")
    assert "recorded: welcome_note, good, on Mon 5 January 2026" in said
    assert "Next: Tue 2026-01-06, co planning by meeting with Anna Meyer (ID 2)" in said
    (fact,) = anna.sale()["activities"]
    assert (fact["kind"], fact["on"], fact["outcomes"]) == ("contacted", "2026-01-05", ["good"])
    assert (fact["note"], fact["channel"], fact["step"]) == ("looks forward to it", "email", "welcome_note")
    assert anna.step("welcome_note")["status"] == "done"
    assert anna.json("due")["done_today"] == 1


def test_everything_that_may_be_said_about_it(anna: Desk) -> None:
    """E20."""
    told = anna.json(
        *("done", "1", "great,idea", "wants a dark mode", "--score", "9", "--channel", "video"),
        *("--on", "yesterday", "--minutes", "25", "--milestone", "first_use", "--concern", "the price"),
        *("--promise", "send the guide", "--by", "fri"),
    )
    fact = told["activity"]
    assert (fact["kind"], fact["outcomes"], fact["score"]) == ("contacted", ["great", "idea"], 9)
    assert (fact["minutes"], fact["channel"], fact["on"]) == (25, "video", "2026-01-04")
    sale = anna.sale()
    assert [one["milestone"] for one in sale["activities"]] == ["", "first_use"]
    assert [(one["text"], one["severity"]) for one in sale["concerns"]] == [("the price", "moderate")]
    assert [(one["text"], one["by"]) for one in sale["promises"]] == [
        ("send the guide", "2026-01-09"),
        ("wants a dark mode", "2026-01-18"),
    ]
    assert "concern" in [change["step"] for change in told["changes"]]


def test_what_came_with_it_is_said_with_the_dates_as_understood(anna: Desk) -> None:
    said = anna.does("done", "1", "good", "--promise", "send the guide", "--by", "fri", "--concern", "slow")
    assert "promised by Fri 9 January 2026, send the guide" in said
    assert "a moderate concern is open now: slow" in said


def test_done_twice_is_said_and_recorded_once(anna: Desk) -> None:
    anna.does("done", "1", "good")
    before = anna.facts()
    again = anna.json("done", "1", "great", "twice")
    assert (again["already"], again["activity"], again["changes"]) == (True, None, [])
    assert again["next"][0]["step"] == "plan_together"
    said = anna.does("done", "1", "great", today="2026-01-06")
    assert said.startswith("Already done: Anna Meyer. Nothing was changed.\n")
    assert said.count("lready done") == 1, "said once"
    assert "Mon 5 January 2026" in said
    assert anna.facts() == before


@pytest.mark.parametrize("code", ["no-answer", "left-message", "no_answer", "NO-ANSWER"])
def test_not_reached_is_a_try_and_it_stays_open(anna: Desk, code: str) -> None:
    number = anna.number("dip_call")
    said = anna.does("done", number, code, today="2026-01-19")
    assert "recorded a try: dip_call" in said
    assert "it stays open" in said
    step = anna.step("dip_call", today="2026-01-19")
    assert step["status"] == "open"
    assert step["due_on"] > "2026-01-19"
    assert "try 2" in said


def test_the_customer_may_stand_for_what_is_due(anna: Desk) -> None:
    said = anna.does("done", "meyer", "good")
    assert "recorded: welcome_note" in said
    said = anna.does("done", "anna@meyer.example", "good", today="2026-01-06")
    assert "recorded: plan_together" in said
    said = anna.does("done", "anna-meyer", "good", today="2026-01-06")
    assert "recorded: first_job" in said, "with nothing due the next one is meant"


def test_several_due_are_listed_and_none_is_chosen(anna: Desk) -> None:
    answer = anna.refuses(
        "done", "anna", "good", says="Anna Meyer has 2 contacts due", hint="use the number", today="2026-01-07"
    )
    for line in ("2  2026-01-06  plan_together", "3  2026-01-07  first_job"):
        assert line in answer.err
    assert "welcome_note" not in answer.err, "its time is over: the list is the one of today"


def test_what_had_expired_may_have_happened_all_the_same(anna: Desk) -> None:
    """A contact that took place is a fact, however late somebody writes it down."""
    number = anna.number("who_else")
    said = anna.does("done", number, "referral", "--on", "2026-01-08", today="2026-01-12")
    assert "recorded: who_else, referral, on Thu 8 January 2026" in said
    assert anna.step("who_else", today="2026-01-12")["status"] == "done"
    assert anna.json("done", number, "good", today="2026-01-12")["already"] is True


def test_good_news_early_changes_nothing_after_it(anna: Desk) -> None:
    """DOMAIN appendix C, variation b, and invariant 5: high spirits in novelty are no proof (B7)."""
    for step, day in (("welcome_note", "05"), ("plan_together", "06"), ("first_job", "07"), ("who_else", "08")):
        anna.does("done", anna.number(step), "good", today=f"2026-01-{day}")
    before = anna.open_dates(today="2026-01-12")
    told = anna.json("done", anna.number("week_one"), "great", today="2026-01-12")
    assert told["changes"] == []
    del before["week_one/1"]
    assert anna.open_dates(today="2026-01-12") == before


def test_a_wish_to_be_left_alone_is_heard_at_once(anna: Desk) -> None:
    """DOMAIN 5.4, stop: do not contact, everything to come is cancelled."""
    said = anna.does("done", "1", "stop", "no more calls, please")
    assert "do not contact" in said
    assert anna.json("show", "anna")["customer"]["do_not_contact"] is True
    assert anna.json("due", "--days", "3660", "--all")["items"] == []
    assert anna.open_dates() == {}
    anna.does("undo")
    assert anna.json("show", "anna")["customer"]["do_not_contact"] is False


@pytest.mark.parametrize(
    ("args", "says", "hint"),
    [
        (("99", "good"), "no touchpoint number 99", "followup due"),
        (("nobody", "good"), "no customer matches 'nobody'", "followup list"),
        (("anna-meier", "good"), "no customer matches 'anna-meier'", "did you mean anna-meyer?"),
        (("1", "god"), "'god' is not an outcome", "did you mean good?"),
        (("1", ""), "'' is not an outcome", "use one of: great good"),
        (("1", "good,,grate"), "'grate' is not an outcome", "did you mean great?"),
        (("1", "good,no-answer"), "good and no-answer", "one of the two"),
        (("1", "good", "--on", "tomorrow"), "2026-01-06 lies in the future", "followup snooze ID DATE"),
        (("1", "good", "--on", "2026-06-31"), "is not a day of the calendar", "2026-12-01"),
        (("1", "good", "--on", "lately"), "'lately' is not a date", "-3d"),
        (("1", "good", "--promise", "x"), "a promise needs a day", "--by"),
        (("1", "good", "--by", "fri"), "--by is the day of a promise", "--promise"),
        (("1", "good", "--promise", "x", "--by", "soon"), "'soon' is not a date", ""),
        (("1", "good", "--promise", "  ", "--by", "fri"), "the promise is empty", ""),
        (("1", "good", "--concern", "  "), "the concern is empty", ""),
        (("1", "good", "--channel", "fone"), "'fone' is not a channel", "did you mean phone?"),
        (("1", "good", "--milestone", "firstuse"), "'firstuse' is not a milestone", "did you mean first_use?"),
        (("1", "good", "--score", "11"), "11 is no nps score", "0 to 10"),
        (("1", "good", "--score", "-1"), "-1 is no nps score", "0 to 10"),
    ],
)
def test_refusals(anna: Desk, args: tuple[str, ...], says: str, hint: str) -> None:
    anna.refuses("done", *args, says=says, hint=hint)


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("1",), "OUTCOME"),
        ((), "ID"),
        (("1", "good", "--minutes", "-5"), "--minutes"),
        (("1", "good", "--score", "nine"), "--score"),
        (("1", "good", "a note", "and more"), "and more"),
    ],
)
def test_wrong_usage(anna: Desk, args: tuple[str, ...], says: str) -> None:
    anna.refuses("done", *args, says=says, hint="followup done --help", code=2)


def test_an_ambiguous_customer_is_asked_about(two_annas: Desk) -> None:
    answer = two_annas.refuses("done", "anna", "good", says="'anna' matches 2 customers", hint="use the key")
    assert "anna-mayer  Anna Mayer" in answer.err


def test_a_back_dated_contact_is_replayed_in_the_order_it_happened(anna: Desk) -> None:
    anna.does("done", anna.number("dip_call"), "good", "--on", "mon", today="2026-01-21")
    (fact,) = anna.sale(today="2026-01-21")["activities"]
    assert fact["on"] == "2026-01-19", "a weekday looks back for what happened"
