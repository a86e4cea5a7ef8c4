"""Columns of the user's own: from a table into conditions and messages of a playbook, and changed by hand."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Desk, WriteTable

DOCS = Path(__file__).parents[2] / "docs" / "playbooks.md"
BOOK = """
playbook: tiers
title: Tiers
goal: Everybody gets what they pay for.
steps:
  - id: hello
    stage: novelty
    when: sale+1
    purpose: welcome
    goal: g
    gives: h
    message: "{first_name}, welcome to {extra.plan_tier|your plan}. Trouble? {seller_phone}"
  - id: review
    stage: maintenance
    when: live+200
    purpose: feedback
    if: {extra: {plan_tier: [gold, silver], anzahl_nutzer: 25}}
    goal: g
    gives: h
"""
ROWS = [
    {"Name": "Anna Meyer", "Email": "a@x.example", "Plan Tier": "Gold ", "Anzahl Nutzer": "25"},
    {"Name": "Ben Ode", "Email": "b@x.example", "Plan Tier": "bronze", "Anzahl Nutzer": "25"},
    {"Name": "Cem Kaya", "Email": "c@x.example", "Plan Tier": "", "Anzahl Nutzer": ""},
]


@pytest.fixture
def tiers(desk: Desk) -> Desk:
    """A playbook that looks at columns of the user's own."""
    own = desk.cli.config.with_name("playbooks")
    own.mkdir()
    (own / "tiers.yaml").write_text(BOOK, encoding="utf-8")
    return desk


@pytest.fixture
def three(tiers: Desk, table: WriteTable) -> Desk:
    """Three customers from a table with two columns that an import knows nothing of."""
    told = tiers.json("import", table(ROWS), "--playbook", "tiers", "--signed", "2026-01-05")
    assert told["created"] == 3
    return tiers


def extra(desk: Desk, who: str) -> Any:
    return desk.json("show", who)["customer"]["extra"]


def has_review(desk: Desk, who: str) -> bool:
    return "review/1" in desk.open_dates(who)


def stale(desk: Desk) -> list[int]:
    """The sales whose plans the data file calls out of date."""
    with closing(sqlite3.connect(desk.cli.db)) as connection:
        return [number for (number,) in connection.execute("SELECT sale_id FROM plan WHERE refresh_on = ''")]


def test_a_column_of_a_table_decides_who_gets_a_step(three: Desk) -> None:
    assert {who: has_review(three, who) for who in ("anna-meyer", "ben-ode", "cem-kaya")} == {
        "anna-meyer": True,
        "ben-ode": False,
        "cem-kaya": False,
    }
    assert dict(extra(three, "anna-meyer")) == {"Plan Tier": "Gold ", "Anzahl Nutzer": "25"}


def test_the_next_import_with_another_value_plans_anew_and_the_same_one_changes_nothing(
    three: Desk, table: WriteTable
) -> None:
    before = three.facts(), three.open_dates("anna-meyer")
    again = three.json("import", table(ROWS), "--playbook", "tiers", "--signed", "2026-01-05")
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 3)
    assert (three.facts(), three.open_dates("anna-meyer")) == before
    assert stale(three) == []
    changed = [{**ROWS[0], "Plan Tier": "iron"}, {**ROWS[1], "Plan Tier": "SILVER"}, ROWS[2]]
    told = three.json("import", table(changed), "--playbook", "tiers", "--signed", "2026-01-05")
    assert (told["updated"], told["unchanged"]) == (2, 1)
    assert (has_review(three, "anna-meyer"), has_review(three, "ben-ode")) == (False, True)


def test_set_changes_a_column_and_tells_what_became_of_the_plan(three: Desk) -> None:
    told = three.json("set", "ben", "extra.plan_tier", "Silver")
    assert told["said"] == ["extra.plan_tier of Ben Ode is now: Silver"]
    assert [(one["step"], one["change"]) for one in told["changes"]] == [("review", "added")]
    assert dict(extra(three, "ben-ode")) == {"Plan Tier": "Silver", "Anzahl Nutzer": "25"}
    told = three.json("set", "ben", "extra.planTier", "wood")
    assert [(one["step"], one["change"], one["reason"]) for one in told["changes"]] == [
        ("review", "dropped", "only for plan_tier gold or silver; here: wood")
    ]
    told = three.json("set", "cem", "extra.plan_tier", "gold")
    assert told["changes"] == []
    assert dict(extra(three, "cem-kaya")) == {"plan_tier": "gold"}


def test_an_empty_value_takes_a_column_away_and_undo_brings_it_back(three: Desk) -> None:
    before = three.facts()
    told = three.json("set", "anna", "extra.Plan Tier", "")
    assert told["said"] == ["extra.plan_tier of Anna Meyer is now: (empty)"]
    assert [one["reason"] for one in told["changes"]] == ["only for plan_tier gold or silver; here: none"]
    assert dict(extra(three, "anna-meyer")) == {"Anzahl Nutzer": "25"}
    three.does("undo")
    assert three.facts() == before
    assert has_review(three, "anna-meyer")


def test_a_dry_run_tells_and_changes_nothing(three: Desk) -> None:
    before = three.facts()
    told = three.json("set", "ben", "extra.plan_tier", "gold", "--dry-run")
    assert told["dry_run"]
    assert [one["step"] for one in told["changes"]] == ["review"]
    assert three.facts() == before
    assert not has_review(three, "ben-ode")


def test_a_column_that_no_condition_looks_at_changes_no_date(three: Desk) -> None:
    before = three.open_dates("anna-meyer")
    assert three.json("set", "anna", "extra.colour", "red")["changes"] == []
    assert three.open_dates("anna-meyer") == before
    assert "colour: red" in three.does("show", "anna")
    assert "Plan Tier: Gold" in three.does("show", "anna")


def test_a_sale_may_say_something_else_than_its_customer(three: Desk) -> None:
    three.does("sale", "add", "anna", "--playbook", "tiers", "--signed", "today")
    both = [one["id"] for one in three.json("show", "anna-meyer")["sales"]]
    assert has_review(three, "anna-meyer")
    three.does("set", "anna", "extra.plan_tier", "wood", "--sale", str(both[1]))
    assert not has_review(three, "anna-meyer")
    assert extra(three, "anna-meyer")["Plan Tier"] == "Gold ", "the customer's own value stands"
    said = three.does("set", "anna", "extra.plan_tier", "silver")
    assert f"counted for sale {both[1]}" in said
    assert has_review(three, "anna-meyer")
    three.does("set", "anna", "extra.plan_tier", "", "--sale", str(both[1]))
    assert has_review(three, "anna-meyer"), "what the customer says holds again"
    three.refuses("set", "anna", "extra.plan_tier", "x", "--sale", "99", says="has no sale 99", hint="--sale")


@pytest.mark.parametrize(
    "value", ["=1+1", "[red]x[/red]", "{first_name}", "a\nb", "\x1b[2J", "x" * 5000, "'); DROP TABLE customer;--"]
)
def test_a_value_is_text_and_nothing_else(three: Desk, value: str) -> None:
    three.does("set", "anna", "extra.plan_tier", "--", value)
    assert extra(three, "anna-meyer")["Plan Tier"] == value.strip()
    assert "\x1b[2J" not in three.does("show", "anna")


@pytest.mark.parametrize(
    ("args", "says", "hint"),
    [
        (("extra.", "x"), "'extra.' names no column", "extra.plan_tier"),
        (("extra.--", "x"), "'extra.--' names no column", "extra.plan_tier"),
        (("extra", "x"), "'extra' is not a field", "extra.NAME"),
        (("plan_tier", "x"), "'plan_tier' is not a field", "extra.NAME"),
        (("extra.plan_tier", "x", "--contact", "anna"), "extra.plan_tier is no field of a person", "email"),
    ],
)
def test_refusals(three: Desk, args: tuple[str, ...], says: str, hint: str) -> None:
    three.refuses("set", "anna", *args, says=says, hint=hint)


# Authors


def test_check_takes_every_plain_name(tiers: Desk) -> None:
    found = tiers.json("playbook", "check", "tiers")["problems"]
    assert [one for one in found if one["severity"] == "error" or "extra" in one["message"]] == []


def test_check_names_line_and_column_of_a_name_that_is_not_plain(tiers: Desk, tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    text = BOOK.replace("{extra.plan_tier|", "{extra.Plan Tier|").replace("anzahl_nutzer", "Anzahl Nutzer")
    path.write_text(text, encoding="utf-8")
    told = tiers("playbook", "check", path, "--json")
    assert told.code == 1
    assert [
        (one["line"], one["column"], one["message"], one["hint"])
        for one in told.json["problems"]
        if one["severity"] == "error"
    ] == [
        (
            *(12, 40, "{extra.Plan Tier|your plan} is not the plain name of a column"),
            "write {extra.plan_tier}",
        ),
        (17, 45, '"Anzahl Nutzer" is not the plain name of a column', "write anzahl_nutzer:"),
    ]


def test_preview_shows_the_plan_of_a_customer_with_a_column(tiers: Desk) -> None:
    def preview(*options: str) -> Any:
        return tiers.json("playbook", "preview", "tiers", "--signed", "today", *options)

    bare = preview()
    assert "review" not in [one["step"] for one in bare["touchpoints"]]
    assert {"only for plan_tier gold or silver; here: none, and for anzahl_nutzer 25; here: none"} == {
        one["text"] for one in bare["left_out"] if one["rule"] == "review"
    }
    told = preview("--extra", "Plan Tier=GOLD", "--extra", "anzahl_nutzer=25")
    assert "review" in [one["step"] for one in told["touchpoints"]]
    for wrong in ("gold", "=gold"):
        tiers.refuses(
            *("playbook", "preview", "tiers", "--extra", wrong), says="NAME=VALUE", hint="preview --help", code=2
        )


def test_the_schema_for_editors_knows_the_columns(desk: Desk) -> None:
    schema = json.loads(desk.does("playbook", "schema"))
    columns = schema["properties"]["steps"]["items"]["properties"]["if"]["properties"]["extra"]
    assert columns["type"] == "object"
    assert re.search(columns["propertyNames"]["pattern"], "plan_tier")
    assert not re.search(columns["propertyNames"]["pattern"], "Plan Tier")


def test_the_page_on_playbooks_shows_a_step_that_can_be_used(desk: Desk, tmp_path: Path) -> None:
    section = DOCS.read_text(encoding="utf-8").partition("### Columns of your own")[2]
    step = section.partition("```yaml\n")[2].partition("```")[0]
    path = tmp_path / "seats.yaml"
    path.write_text(f"playbook: seats\ntitle: Seats\n{step}", encoding="utf-8")
    problems = desk.json("playbook", "check", path)["problems"]
    assert [one for one in problems if one["severity"] == "error"] == []
    told = ("--extra", "plan_tier=gold", "--extra", "country_manager=jane roe")
    assert [
        one["step"] for one in desk.json("playbook", "preview", path, *told)["touchpoints"] if one["step"] == "seats"
    ] == ["seats"]
