"""`dnc`: a customer or one person there is left alone at once, until that is taken back."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Desk


def add_cem(desk: Desk) -> None:
    desk.does("contact", "add", "anna", "Cem Kaya", "--email", "cem@meyer.example", "--role", "user")


def test_a_customer_is_left_alone_at_once(anna: Desk) -> None:
    """E11, C6: Nothing is due any more, and the plan says why."""
    assert anna.json("due", "--days", "60", "--all")["items"]
    said = anna.does("dnc", "anna")
    assert "do not contact Anna Meyer: everything that was planned is cancelled" in said
    assert "to take it back: followup dnc anna-meyer --off" in said
    assert "welcome_note dropped, it was due on Mon 2026-01-05: they are not to be contacted" in said
    assert "no longer needed" not in said
    page = anna.json("show", "anna")
    assert page["customer"]["do_not_contact"] is True
    assert anna.open_dates() == {}
    assert anna.json("due", "--days", "3660", "--all")["items"] == []


def test_taking_it_back_plans_again(anna: Desk) -> None:
    before, plan = anna.facts(), anna.open_dates()
    anna.does("dnc", "anna")
    said = anna.does("dnc", "anna", "--off")
    assert "Anna Meyer may be contacted again" in said
    assert (anna.facts(), anna.open_dates()) == (before, plan)


@pytest.mark.parametrize(
    ("first", "again", "says"),
    [
        (("dnc", "anna"), ("dnc", "anna"), "Anna Meyer is not contacted already; nothing was changed"),
        ((), ("dnc", "anna", "--off"), "Anna Meyer may be contacted already; nothing was changed"),
        (
            ("dnc", "anna", "--contact", "cem"),
            ("dnc", "anna", "--contact", "cem"),
            "Cem Kaya is not contacted already; nothing was changed",
        ),
        (
            (),
            ("dnc", "anna", "--contact", "cem", "--off"),
            "Cem Kaya may be contacted already; nothing was changed",
        ),
    ],
)
def test_saying_it_twice_changes_nothing(anna: Desk, first: tuple[str, ...], again: tuple[str, ...], says: str) -> None:
    add_cem(anna)
    if first:
        anna.does(*first)
    before, entries = anna.facts(), anna.json("history")["items"]
    assert says in anna.does(*again)
    assert anna.facts() == before
    assert anna.json("history")["items"] == entries


@pytest.mark.parametrize("named", ["Anna Meyer", "anna@meyer.example", "ANNA@MEYER.EXAMPLE", "meyer"])
def test_one_person_is_left_alone_and_the_others_go_on(anna: Desk, named: str) -> None:
    add_cem(anna)
    said = anna.does("dnc", "anna-meyer", "--contact", named)
    assert "do not contact Anna Meyer of Anna Meyer" in said
    assert "left to talk to: Cem Kaya" in said
    assert [one["do_not_contact"] for one in anna.json("show", "anna-meyer")["contacts"]] == [True, False]
    (item,) = anna.json("due")["items"]
    assert item["contact"] == "Cem Kaya"
    said = anna.does("dnc", "anna-meyer", "--contact", named, "--off")
    assert "Anna Meyer may be contacted again" in said
    assert anna.json("due")["items"][0]["contact"] == "Anna Meyer"


def test_the_last_person_takes_everything_along(anna: Desk) -> None:
    said = anna.does("dnc", "anna", "--contact", "Anna Meyer")
    assert "nobody is left to talk to: everything that was planned is cancelled" in said
    assert "followup dnc anna-meyer --contact 'Anna Meyer' --off" in said
    assert anna.open_dates() == {}


def test_a_person_and_the_whole_customer_are_two_things(anna: Desk) -> None:
    add_cem(anna)
    anna.does("dnc", "anna", "--contact", "cem")
    anna.does("dnc", "anna")
    said = anna.does("dnc", "anna", "--off")
    assert "Cem Kaya is still not contacted: followup dnc anna-meyer --contact 'Cem Kaya' --off" in said
    anna.does("dnc", "anna")
    said = anna.does("dnc", "anna", "--contact", "cem", "--off")
    assert "Anna Meyer as a whole is still not contacted: followup dnc anna-meyer --off" in said


@pytest.mark.parametrize("name", ['Bo "$(touch pwned)" Li', "Bo; exit 'x'", "Bo `id` \\", "-Bo Li"])
def test_what_is_said_to_take_it_back_can_be_typed_whatever_the_name(anna: Desk, name: str) -> None:
    """A name is data: pasted into a shell it stays one word."""
    anna.does("contact", "add", "anna", "--", name)
    told = anna.json("dnc", "anna", "--contact=" + name)
    program, *words = shlex.split(told["said"][-1].removeprefix("to take it back: "))
    assert program == "followup"
    assert words[:2] == ["dnc", "anna-meyer"]
    assert f"{name} may be contacted again" in anna.json(*words)["said"]


def test_two_people_with_one_name_are_told_apart_by_number(anna: Desk) -> None:
    for _ in range(2):
        anna.does("contact", "add", "anna", "Cem Kaya")
    numbers = [each["id"] for each in anna.json("show", "anna")["contacts"] if each["name"] == "Cem Kaya"]
    anna.refuses(
        "dnc", "anna", "--contact", "Cem Kaya", says="matches 2 people", hint=f"for example: --contact {numbers[0]}"
    )
    anna.does("dnc", "anna", "--contact", str(numbers[1]))
    silent = [each["id"] for each in anna.json("show", "anna")["contacts"] if each["do_not_contact"]]
    assert silent == [numbers[1]]


@pytest.mark.parametrize(
    ("args", "says", "hint"),
    [
        (("nobody",), "no customer matches 'nobody'", "followup list"),
        (("anna", "--contact", "Dora"), "nobody at Anna Meyer is called 'Dora'", "use one of: Anna Meyer; Cem Kaya"),
        (("anna", "--contact", "@meyer"), "nobody at Anna Meyer is called '@meyer'", "use one of"),
        (("anna", "--contact", " "), "nobody at Anna Meyer is called ' '", "use one of"),
        (("anna", "--contact", "a"), "'a' matches 2 people at Anna Meyer", "use the e-mail"),
    ],
)
def test_refusals(anna: Desk, args: tuple[str, ...], says: str, hint: str) -> None:
    add_cem(anna)
    anna.refuses("dnc", *args, says=says, hint=hint)


def test_a_customer_without_a_sale_may_be_left_alone_too(anna: Desk) -> None:
    anna.does("add", "Ben Ode")
    anna.does("dnc", "ben")
    assert anna.json("show", "ben")["customer"]["do_not_contact"] is True


@pytest.mark.parametrize("args", [("dnc", "anna"), ("dnc", "anna", "--contact", "anna")])
def test_a_dry_run_changes_nothing_and_undo_takes_it_back(anna: Desk, args: tuple[str, ...]) -> None:
    before, plan = anna.facts(), anna.open_dates()
    assert "Dry run: nothing was changed." in anna.does(*args, "--dry-run")
    assert anna.facts() == before
    told = anna.json(*args)
    assert (told["schema"], told["command"], told["customer_key"]) == ("followup.written/1", "dnc", "anna-meyer")
    anna.does("undo")
    assert (anna.facts(), anna.open_dates()) == (before, plan)
