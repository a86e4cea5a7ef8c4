"""`promise add|done|list`: what we owe stays open until it is done and the customer was told (C14, C15, E18)."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Desk

ADD = ("promise", "add", "anna", "send the guide", "--by", "fri")


def test_a_promise_is_recorded_with_its_day(anna: Desk) -> None:
    said = anna.does(*ADD)
    assert "promise 1 to Anna Meyer, by Fri 9 January 2026; it stays open until it is done and they were told" in said
    (promise,) = anna.sale()["promises"]
    assert promise["text"] == "send the guide"
    assert (promise["by"], promise["done_on"], promise["told_on"]) == ("2026-01-09", None, None)


def test_done_is_not_closed_before_the_customer_was_told(anna: Desk) -> None:
    """C14: it stays on the list until it is done AND the customer was told; whom to tell and how is said."""
    anna.does(*ADD)
    said = anna.does("promise", "done", "1", today="2026-01-07")
    assert "promise 1 to Anna Meyer is done, in time; it stays open until they were told" in said
    assert "tell Anna Meyer (+49 30 1234567, anna@meyer.example), then: followup promise done 1 --told" in said
    (line,) = anna.json("promise", "list", today="2026-01-07")["items"]
    assert (line["state"], line["done_on"], line["told_on"]) == ("tell", "2026-01-07", None)
    said = anna.does("promise", "done", "1", "--told", today="2026-01-08")
    assert "promise 1 to Anna Meyer is kept, in time: done, and told on Thu 8 January 2026" in said
    assert anna.json("promise", "list", today="2026-01-08")["items"] == []
    (line,) = anna.json("promise", "list", "--all", today="2026-01-08")["items"]
    assert (line["state"], line["done_on"], line["told_on"]) == ("kept", "2026-01-07", "2026-01-08")


def test_done_and_told_in_one_go_on_a_day_in_the_past(anna: Desk) -> None:
    anna.does(*ADD)
    anna.does("promise", "done", "1", "--told", "--on", "tue", today="2026-01-08")
    (promise,) = anna.sale()["promises"]
    assert (promise["done_on"], promise["told_on"]) == ("2026-01-06", "2026-01-06")


def test_whom_to_tell_when_nobody_may_be_contacted(anna: Desk) -> None:
    anna.does(*ADD)
    anna.does("dnc", "anna")
    said = anna.does("promise", "done", "1")
    assert "only when they come to you: they are not to be contacted" in said
    assert "+49 30" not in said


def test_broken_promises_come_first_and_are_marked(two_annas: Desk) -> None:
    """The most pressing first: broken, then only to be told, then open ones by their day."""
    for text, by in (("later", "2026-03-02"), ("soon", "2026-01-14"), ("told", "2026-01-13"), ("late", "2026-01-09")):
        two_annas.does("promise", "add", "anna-meyer", text, "--by", by)
    two_annas.does("promise", "add", "anna-mayer", "very late", "--by", "tomorrow")
    two_annas.does("promise", "done", "3", today="2026-01-12")
    listed = two_annas.json("promise", "list", today="2026-01-12")["items"]
    assert [(one["text"], one["state"]) for one in listed] == [
        ("very late", "broken"),
        ("late", "broken"),
        ("told", "tell"),
        ("soon", "open"),
        ("later", "open"),
    ]
    mine = two_annas.json("promise", "list", "anna-mayer", today="2026-01-12")["items"]
    assert [one["id"] for one in mine] == [5]
    first = two_annas.does("promise", "list", today="2026-01-12").splitlines()[0]
    assert first == "5\tbroken\t2026-01-06\t\t\t\t\tanna-mayer\tAnna Mayer\tvery late"


@pytest.mark.parametrize(("today", "state"), [("2026-01-09", "open"), ("2026-01-10", "broken")])
def test_a_promise_is_broken_from_the_day_after_its_day(anna: Desk, today: str, state: str) -> None:
    anna.does(*ADD)
    assert [one["state"] for one in anna.json("promise", "list", today=today)["items"]] == [state]


def test_kept_promises_are_counted(anna: Desk) -> None:
    """E18: expectations rise, so kept promises are tracked; late is not kept in time."""
    for number, (by, done) in enumerate((("tue", "2026-01-06"), ("tue", "2026-01-08"), ("wed", "")), start=1):
        anna.does("promise", "add", "anna", f"thing {number}", "--by", by)
        if done:
            anna.does("promise", "done", str(number), "--told", today=done)
    told = anna.json("promise", "list", "--all", today="2026-01-09")
    assert (told["kept_count"], told["late_count"], told["broken_count"]) == (1, 1, 1)
    assert [one["state"] for one in told["items"]] == ["broken", "kept", "late"]
    said = anna.does("promise", "done", "3", "--told", today="2026-01-09")
    assert "is kept, 2 days late" in said


def test_an_idea_has_a_status(anna: Desk) -> None:
    """C15: adopted, planned, or declined with the reason."""
    anna.does("promise", "add", "anna", "a dark theme", "--by", "fri", "--about", "idea")
    said = anna.does("promise", "done", "1")
    assert "what became of the idea? followup promise done 1 --answer adopted, planned or declined" in said
    said = anna.does("promise", "done", "1", "--answer", "declined")
    assert "their idea is declined; tell them the reason" in said
    (line,) = anna.json("promise", "list")["items"]
    assert (line["about"], line["answer"], line["state"]) == ("idea", "declined", "tell")
    said = anna.does("promise", "done", "1", "--told", "--answer", "planned")
    assert "their idea is planned" in said
    assert anna.json("promise", "list", "--all")["items"][0]["answer"] == "planned"


def test_the_status_of_an_idea_may_come_after_it_was_closed(anna: Desk) -> None:
    anna.does("promise", "add", "anna", "a dark theme", "--by", "fri", "--about", "idea")
    assert "what became of the idea?" in anna.does("promise", "done", "1", "--told")
    anna.does("promise", "done", "1", "--answer", "adopted")
    (line,) = anna.json("promise", "list", "--all")["items"]
    assert (line["answer"], line["told_on"]) == ("adopted", "2026-01-05")


def test_a_promise_belongs_to_the_newest_sale_or_the_one_named(anna: Desk) -> None:
    anna.does("sale", "add", "anna", "--playbook", "retail", "--signed", "today")
    anna.does(*ADD)
    anna.does(*ADD, "--sale", "1")
    assert [one["sale"] for one in anna.json("promise", "list")["items"]] == [2, 1]


def test_a_day_on_which_nobody_works_is_said(anna: Desk) -> None:
    assert "warning: Sun 11 January 2026 is a Sunday" in anna.does("promise", "add", "anna", "x", "--by", "sun")


@pytest.mark.parametrize(
    ("args", "says", "hint"),
    [
        (("add", "anna", " ", "--by", "fri"), "the promise is empty", "quotes"),
        (("add", "anna", "x", "--by", "2026-01-04"), "Sun 4 January 2026 has passed", "--by fri"),
        (("add", "anna", "x", "--by", "someday"), "'someday' is not a date", "write 2026-12-01"),
        (("add", "anna", "x", "--by", "fri", "--sale", "7"), "Anna Meyer has no sale 7", "--sale with one of: 1"),
        (("add", "anna", "x", "--by", "fri", "--about", "ideas"), "'ideas' is not a subject", "did you mean idea?"),
        (("add", "nobody", "x", "--by", "fri"), "no customer matches 'nobody'", "followup list"),
        (("done", "7"), "no promise number 7", "followup promise list"),
        (("done", "1", "--on", "2026-01-06"), "Tue 6 January 2026 lies in the future", "followup promise done 1"),
        (("done", "1", "--answer", "adopted"), "promise 1 answers no idea", "followup promise done 1 --told"),
        (("done", "1", "--answer", "adoptd"), "'adoptd' is not a status of an idea", "did you mean adopted?"),
        (("list", "nobody"), "no customer matches 'nobody'", "followup list"),
    ],
)
def test_refusals(anna: Desk, args: tuple[str, ...], says: str, hint: str) -> None:
    anna.does(*ADD)
    anna.refuses("promise", *args, says=says, hint=hint)


def test_what_is_known_is_not_recorded_again(anna: Desk) -> None:
    anna.does(*ADD)
    anna.does("promise", "done", "1", today="2026-01-06")
    again = ("promise", "done", "1")
    anna.refuses(*again, says="the customer must still be told", hint="followup promise done 1 --told")
    anna.refuses(*again, "--told", says="lies before the day on which it was done", hint="--told")
    anna.does("promise", "done", "1", "--told", today="2026-01-06")
    anna.refuses(*again, "--told", says="promise 1 was closed on 2026-01-06", hint="followup promise list --all")


def test_a_promise_needs_its_day(anna: Desk) -> None:
    anna.refuses("promise", "add", "anna", "x", says="--by", hint="followup promise add --help", code=2)


def test_a_customer_without_a_sale_is_promised_nothing_yet(anna: Desk) -> None:
    anna.does("add", "Ben Ode")
    anna.refuses("promise", "add", "ben", "x", "--by", "fri", says="has no sale yet", hint="followup sale add ben-ode")


@pytest.mark.parametrize("args", [ADD, ("promise", "done", "1"), ("promise", "done", "1", "--told")])
def test_a_dry_run_changes_nothing_and_undo_takes_it_back(anna: Desk, args: tuple[str, ...]) -> None:
    if args is not ADD:
        anna.does(*ADD)
    before, plan = anna.facts(), anna.open_dates()
    assert "Dry run: nothing was changed." in anna.does(*args, "--dry-run")
    assert anna.facts() == before
    anna.does(*args)
    assert anna.facts() != before
    anna.does("undo")
    assert (anna.facts(), anna.open_dates()) == (before, plan)


def test_a_file_from_before_the_program_knew_the_step_shows_its_words(anna: Desk) -> None:
    """The words of a playbook's steps are kept with it; those of a step that the program has learned since are not."""
    anna.does("promise", "add", "anna", "send the guide", "--by", "today")
    (known,) = [one for one in anna.json("due", "--all")["items"] if one["step"] == "promise"]
    with closing(sqlite3.connect(anna.cli.db)) as connection, connection:
        connection.execute("DELETE FROM step WHERE step = 'promise'")
    (found,) = [one for one in anna.json("due", "--all")["items"] if one["step"] == "promise"]
    assert known["goal"]
    assert found == known


def test_json_tells_the_promise(anna: Desk) -> None:
    told = anna.json(*ADD)
    assert (told["schema"], told["command"], told["id"], told["sale"]) == ("followup.written/1", "promise add", 1, 1)
    told = anna.json("promise", "list")
    assert told["schema"] == "followup.promises/1"
    assert {"id", "text", "by", "done_on", "told_on", "customer_key", "state"} <= told["items"][0].keys()
