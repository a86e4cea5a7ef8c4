"""`contact add`: another person at a customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Desk


def test_another_person_with_a_role_is_who_that_role_means(anna: Desk) -> None:
    """E19."""
    said = anna.does("contact", "add", "anna", "Cem Kaya", "--role", "user", "--email", "cem@meyer.example")
    assert "added Cem Kaya at Anna Meyer" in said
    first, second = anna.json("show", "anna")["contacts"]
    assert (first["name"], first["is_main"]) == ("Anna Meyer", True)
    assert (second["name"], second["first_name"], second["role"]) == ("Cem Kaya", "Cem", "user")
    assert not second["is_main"]


def test_the_main_contact_changes_hands_and_the_list_says_so(anna: Desk) -> None:
    said = anna.does("contact", "add", "anna", "Cem Kaya", "--phone", "+49 30 99", "--main")
    assert "as the main contact" in said
    people = {one["name"]: one["is_main"] for one in anna.json("show", "anna")["contacts"]}
    assert people == {"Anna Meyer": False, "Cem Kaya": True}
    (item,) = anna.json("due")["items"]
    assert (item["customer"], item["contact"]) == ("Anna Meyer", "Cem Kaya")


def successors(desk: Desk) -> list[tuple[int, str]]:
    """Sale and name of everybody recorded as the new person who decides."""
    sales = desk.json("show", "anna-meyer")["sales"]
    return [(sale["id"], one["note"]) for sale in sales for one in sale["activities"] if one["kind"] == "successor"]


def roles(desk: Desk) -> dict[str, str]:
    return {one["name"]: one["role"] for one in desk.json("show", "anna-meyer")["contacts"]}


def test_a_new_person_who_decides_is_recorded_for_each_sale(anna: Desk) -> None:
    """B28: an introduction with the record of results follows; the former one is not asked to decide any more."""
    anna.does("set", "anna", "role", "decider")
    assert successors(anna) == [], "nobody decided before"
    anna.does("sale", "add", "anna", "--playbook", "retail", "--signed", "today")
    said = anna.does("contact", "add", "anna", "Bea Boss", "--role", "decider")
    assert "Bea Boss is the new person who decides: introduce yourself with the record of results" in said
    assert "Anna Meyer does not decide any more; to leave them out: " in said
    assert "followup dnc anna-meyer --contact 'Anna Meyer'" in said
    assert successors(anna) == [(1, "Bea Boss"), (2, "Bea Boss")]
    assert roles(anna) == {"Anna Meyer": "", "Bea Boss": "decider"}
    anna.does("undo")
    assert (successors(anna), roles(anna)) == ([], {"Anna Meyer": "decider"})


@pytest.mark.parametrize("role", ["", "user", "champion", "finance"])
def test_another_person_who_does_not_decide_succeeds_nobody(anna: Desk, role: str) -> None:
    anna.does("set", "anna", "role", "decider")
    anna.does("contact", "add", "anna", "Cem Kaya", *(("--role", role) if role else ()))
    assert successors(anna) == []


def test_after_a_wrong_contact_the_new_decider_is_the_successor(anna: Desk) -> None:
    """B28: the person who was known has left; once somebody follows, that is settled."""
    anna.does("done", anna.number("welcome_note"), "wrong-contact")
    said = anna.does("contact", "add", "anna", "Bea Boss", "--role", "decider")
    assert "Bea Boss is the new person who decides" in said
    assert "Anna Meyer is still the main contact; to leave them out: " in said
    assert successors(anna) == [(1, "Bea Boss")]
    anna.does("set", "anna", "role", "", "--contact", "bea")
    anna.does("set", "anna", "role", "decider", "--contact", "bea")
    assert successors(anna) == [(1, "Bea Boss")]


def test_the_decider_changes_through_set(anna: Desk) -> None:
    """B28: a person who is known already takes over."""
    anna.does("contact", "add", "anna", "Bea Boss", "--role", "decider")
    said = anna.does("set", "anna", "role", "decider")
    assert "Anna Meyer is the new person who decides" in said
    assert successors(anna) == [(1, "Anna Meyer")]
    anna.does("set", "anna", "role", "decider")
    assert successors(anna) == [(1, "Anna Meyer")], "said twice it is no change"
    anna.does("set", "anna", "role", "decider", "--contact", "Bea")
    assert successors(anna) == [(1, "Anna Meyer"), (1, "Bea Boss")]
    assert roles(anna) == {"Anna Meyer": "", "Bea Boss": "decider"}


@pytest.mark.parametrize(
    ("args", "says", "hint"),
    [
        (("anna", ""), "the name is empty", "quotes"),
        (("anna", "   "), "the name is empty", "quotes"),
        (("anna", "Cem", "--role", "champoin"), "is not a role", "did you mean champion?"),
        (("anna", "Cem", "--channel", "vist"), "is not a channel", "did you mean visit?"),
        (("anna", "Cem", "--email", "cem at meyer"), "is not an e-mail address", "--email"),
        (("nobody", "Cem"), "no customer matches 'nobody'", "followup list"),
    ],
)
def test_refusals(anna: Desk, args: tuple[str, ...], says: str, hint: str) -> None:
    anna.refuses("contact", "add", *args, says=says, hint=hint)


def test_somebody_of_the_same_name_is_pointed_out(anna: Desk) -> None:
    anna.does("contact", "add", "anna", "Cem Kaya")
    said = anna.does("contact", "add", "anna", "cem kaya", "--email", "cem@meyer.example")
    first = anna.json("show", "anna")["contacts"][1]["id"]
    assert f'followup set anna-meyer email "..." --contact {first}' in " ".join(said.split())
    assert len(anna.json("show", "anna")["contacts"]) == 3, "two people may have one name"
