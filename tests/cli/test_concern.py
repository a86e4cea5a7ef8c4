"""`concern add|resolve|list`: doubts bend the curve until they are settled (B10-B13)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Desk


def test_a_concern_gets_a_contact_and_deepens_the_dip(anna: Desk) -> None:
    before = anna.sale()["curve"]
    said = anna.does(
        *("concern", "add", "anna", "the price is high", "--severity", "major", "--category", "price"),
    )
    assert "concern 1 (major, price) is open for Anna Meyer" in said
    assert "concern added on Wed 2026-01-07" in said, "two days after the start of use (DOMAIN 5.1)"
    sale = anna.sale()
    assert sale["curve"]["depth"] > before["depth"]
    assert sale["curve"]["trough"] <= before["trough"]
    (concern,) = sale["concerns"]
    assert (concern["text"], concern["severity"], concern["category"]) == ("the price is high", "major", "price")
    assert (concern["opened_on"], concern["resolved_on"]) == ("2026-01-05", None)


def test_resolving_takes_the_contact_and_the_bend_away(anna: Desk) -> None:
    before = anna.sale()
    anna.does("concern", "add", "anna", "too slow")
    said = anna.does("concern", "resolve", "1", "showed the shortcut", today="2026-01-06")
    assert "concern 1 of Anna Meyer is resolved: showed the shortcut" in said
    after = anna.sale()
    assert after["curve"] == before["curve"]
    assert after["concerns"][0]["resolved_on"] == "2026-01-06"
    assert not any(step.startswith("concern") for step in anna.open_dates())


def test_the_list_shows_open_ones_and_with_all_the_rest(two_annas: Desk) -> None:
    two_annas.does("concern", "add", "anna-meyer", "first")
    two_annas.does("concern", "add", "anna-mayer", "second", "--severity", "minor")
    two_annas.does("concern", "resolve", "1")
    assert [one["text"] for one in two_annas.json("concern", "list")["items"]] == ["second"]
    assert [one["text"] for one in two_annas.json("concern", "list", "--all")["items"]] == ["second", "first"]
    assert two_annas.json("concern", "list", "anna-meyer")["items"] == []
    assert two_annas.does("concern", "list") == "2\t2026-01-05\t\tminor\tother\tanna-mayer\tAnna Mayer\tsecond\n"


def test_a_concern_may_name_one_of_several_sales(anna: Desk) -> None:
    anna.does("sale", "add", "anna", "--playbook", "retail", "--signed", "today")
    anna.does("concern", "add", "anna", "about the first", "--sale", "1")
    anna.does("concern", "add", "anna", "about the newest")
    assert [one["sale"] for one in anna.json("concern", "list")["items"]] == [1, 2]


@pytest.mark.parametrize(
    ("args", "says", "hint"),
    [
        (("add", "anna", ""), "the concern is empty", "quotes"),
        (("add", "anna", "  "), "the concern is empty", "quotes"),
        (("add", "anna", "x", "--severity", "mayor"), "'mayor' is not a severity", "did you mean major?"),
        (("add", "anna", "x", "--category", "prise"), "'prise' is not a category", "did you mean price?"),
        (("add", "anna", "x", "--sale", "7"), "Anna Meyer has no sale 7", "--sale with one of: 1"),
        (("add", "nobody", "x"), "no customer matches 'nobody'", "followup list"),
        (("resolve", "7"), "no concern number 7", "followup concern list"),
        (("list", "nobody"), "no customer matches 'nobody'", "followup list"),
    ],
)
def test_refusals(anna: Desk, args: tuple[str, ...], says: str, hint: str) -> None:
    anna.refuses("concern", *args, says=says, hint=hint)


def test_a_customer_without_a_sale_has_nothing_to_doubt(anna: Desk) -> None:
    anna.does("add", "Ben Ode")
    anna.refuses("concern", "add", "ben", "x", says="Ben Ode has no sale yet", hint="followup sale add ben-ode")


def test_a_closed_concern_is_not_closed_again(anna: Desk) -> None:
    anna.does("concern", "add", "anna", "x")
    anna.does("concern", "resolve", "1")
    anna.refuses("concern", "resolve", "1", says="was resolved on 2026-01-05", hint="followup concern list")


def test_an_id_is_a_number(anna: Desk) -> None:
    anna.refuses("concern", "resolve", "x", says="ID", hint="followup concern resolve --help", code=2)
