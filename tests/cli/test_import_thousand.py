"""A thousand customers at once, some of them old: nobody is lost, and the first morning is not a flood."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Desk, WriteTable

MONDAY = date(2026, 3, 2)
OLDEST = date(2020, 1, 1)
COUNTRIES = ("DE", "US", "GB", "FR", "ES", "NL", "CA", "CH", "AT", "SE")
HOW_MANY = 1000


def rows() -> list[dict[str, str]]:
    """Sales on any day from 2020 to today, all over the world; the same ones on every machine."""
    chance = random.Random(20260302)
    span = (MONDAY - OLDEST).days
    return [
        {
            "ID": f"C{number:04}",
            "Name": f"Person{number} Family{number}",
            "Company": f"Firm {number}",
            "Email": f"p{number}@firm{number}.example",
            "Country": chance.choice(COUNTRIES),
            "Signed": (OLDEST + timedelta(days=chance.randrange(span + 1))).isoformat(),
            "Tier": chance.choice("ABC"),
            "Usage": chance.choice(("heavy", "normal", "light")),
        }
        for number in range(HOW_MANY)
    ]


def test_a_thousand_old_sales_make_a_calm_first_morning(
    desk: Desk, table: WriteTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """E1: Everybody has a next contact, in its window, on a working day where they live, spread over weeks."""
    import holidays

    monkeypatch.setenv("FOLLOWUP_TODAY", MONDAY.isoformat())
    customers = rows()
    path = table(customers)
    told = desk.json("import", path, "--playbook", "saas")
    assert (told["created"], told["sales_created"]) == (HOW_MANY, HOW_MANY)

    items: list[dict[str, Any]] = desk.json("due", "--all", "--days", "3660")["items"]
    assert {item["customer"] for item in items} == {row["Name"] for row in customers}, "nobody is lost"
    country = {row["Name"]: row["Country"] for row in customers}
    off = {code: holidays.country_holidays(code, years=range(2026, 2037)) for code in COUNTRIES}
    for item in items:
        day = date.fromisoformat(item["due_on"])
        assert day >= MONDAY, item
        assert item["opens_on"] <= item["due_on"] <= item["closes_on"] or item["reasons"], item
        assert item["opens_on"] <= item["due_on"], item
        assert day.weekday() < 5, item
        assert day not in off[country[item["customer"]]], item

    first = desk.json("due")
    assert (len(first["items"]), first["due_count"] <= 60) == (12, True)
    assert first["hidden_count"] == first["due_count"] - 12
    by_day = Counter(item["due_on"] for item in items)
    assert max(by_day.values()) <= 0.06 * len(items), by_day.most_common(3)
    in_six_weeks = [day for day in by_day if day <= (MONDAY + timedelta(weeks=6)).isoformat()]
    assert len(in_six_weeks) >= 20, "spread over the coming weeks"

    before = desk.facts()
    again = desk.json("import", path, "--playbook", "saas")
    assert (again["unchanged"], again["created"], again["updated"]) == (HOW_MANY, 0, 0)
    assert desk.facts() == before
    desk.does("undo")
    assert {table for table, rows in desk.facts().items() if rows} == set()
