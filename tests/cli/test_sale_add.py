"""`sale add`: another purchase is another sale, with a plan of its own that leaves room for the first."""

from __future__ import annotations

import itertools
from datetime import date
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Desk


def test_a_second_purchase_is_a_sale_of_its_own(anna: Desk) -> None:
    before = anna.open_dates()
    said = anna.does(
        *("sale", "add", "anna", "--playbook", "retail", "--signed", "today", "--product", "Mistral"),
    )
    assert "sale 2 follows retail from Mon 5 January 2026" in said
    assert "planned" in said
    first, second = anna.json("show", "anna")["sales"]
    assert (first["product"], second["product"]) == ("Ledgerline", "Mistral")
    assert second["touchpoints"]
    assert {f"{t['step']}/{t['occurrence']}": t["due_on"] for t in first["touchpoints"]} == before


def test_the_profile_of_the_sale_bends_its_plan(anna: Desk) -> None:
    """What the seller says about this sale goes before what the playbook assumes (DOMAIN 5.2)."""
    anna.does("add", "Ben Ode")
    anna.does("sale", "add", "ben", "--playbook", "saas", "--signed", "today", "--extensiveness", "low")
    assert "pulse/1" not in anna.open_dates("anna")
    assert "pulse/1" in anna.open_dates("ben"), "less contact by itself brings the feedback pulse in"


def test_two_sales_keep_the_gap_between_unsolicited_contacts(anna: Desk) -> None:
    """E17, E19: DOMAIN 3.7: caps and gaps are for the person, not for the sale."""
    anna.does("sale", "add", "anna", "--playbook", "saas", "--signed", "today")
    calls: dict[str, int] = {}
    for sale in anna.json("show", "anna")["sales"]:
        for one in sale["touchpoints"]:
            if one["step"] == "dip_watch":
                calls[one["due_on"]] = calls.get(one["due_on"], 0) + 1
    assert calls
    assert max(calls.values()) == 1
    days = sorted(map(date.fromisoformat, calls))
    assert all((later - earlier).days >= 3 for earlier, later in itertools.pairwise(days))


@pytest.mark.parametrize(
    ("args", "says", "hint"),
    [
        (("anna",), "which playbook follows this sale?", "--playbook saas"),
        (("anna", "--playbook", "sas"), "no playbook is called 'sas'", "did you mean saas?"),
        (("nobody", "--playbook", "saas"), "no customer matches 'nobody'", "followup list"),
        (("anna", "--playbook", "saas", "--signed", "31.12.2025"), "is not a date", "2026-12-01"),
        (("anna", "--playbook", "saas", "--anchor", "live=x"), "'x' is not a date", ""),
        (("anna", "--playbook", "retail", "--anchor", "renewal=2027-01-01"), "no anchor 'renewal'", "use one of"),
    ],
)
def test_refusals(anna: Desk, args: tuple[str, ...], says: str, hint: str) -> None:
    anna.refuses("sale", "add", *args, says=says, hint=hint)


def test_an_ambiguous_customer_is_asked_about(two_annas: Desk) -> None:
    answer = two_annas.refuses(
        "sale", "add", "anna", "--playbook", "saas", says="'anna' matches 2 customers", hint="anna-meyer"
    )
    assert "anna-meyer  Anna Meyer (Meyer GmbH)" in answer.err
    assert "anna-mayer  Anna Mayer" in answer.err


def test_d4_a_second_sale_without_a_goal_is_named_by_its_number(anna: Desk) -> None:
    """D4: the goal of the first sale is not that of the second."""
    told = anna.does("sale", "add", "anna", "--playbook", "services")
    assert 'what they want to reach is missing: followup set anna-meyer goal "..." --sale 2' in told
    anna.does("set", "anna-meyer", "goal", "a clean start", "--sale", "2")
    assert [sale["goal"] for sale in anna.json("show", "anna")["sales"]] == [
        "close the month in three days",
        "a clean start",
    ]
    assert "is missing" not in anna.does("sale", "add", "anna", "--playbook", "retail")
