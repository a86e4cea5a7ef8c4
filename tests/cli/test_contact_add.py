"""`contact add`: another person at a customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Desk


def test_another_person_with_a_role_is_who_that_role_means(anna: Desk) -> None:
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
