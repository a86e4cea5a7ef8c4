"""The views that other programs read: `customers`, `due`, `pipeline`, `contactable`. Names and columns stay."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from followup.core.model.outcome import OUTCOMES, reached
from followup.core.model.stage import Stage
from followup.store.plans import stages_from

if TYPE_CHECKING:
    from tests.cli.conftest import Build, Desk

MONDAY = "2026-01-05"
COLUMNS = {
    "customers": (
        "id key name company kind country subdivision tier usage tags do_not_contact notes external_id contact role "
        "email phone sales last_contact_on next_due_on"
    ),
    "due": (
        "id customer_key customer company contact email phone product playbook stage purpose channel step occurrence "
        "due_on opens_on closes_on deadline_on goal gives"
    ),
    "pipeline": (
        "id customer_key customer company product value playbook signed_on live_on renewal_on stage novelty_on "
        "learning_on effectiveness_on maintenance_on last_contact_on next_due_on next_purpose"
    ),
    "contactable": "customer_id contact_id name first_name role email phone channel is_main",
}


def view(desk: Desk, name: str, where: str = "true") -> list[dict[str, Any]]:
    """The rows of a view, as any program reads them."""
    with closing(sqlite3.connect(desk.cli.db)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(f"SELECT * FROM {name} WHERE {where}")]


def fill(desk: Desk) -> None:
    """Customers of several playbooks and years: people with roles, people to be left alone, and what happened."""
    playbooks = ("saas", "retail", "vehicle")
    for at in range(12):
        signed = f"2025-{at + 1:02}-10"
        desk.does(
            *("add", f"Customer {at}", "--email", f"c{at}@x.example", "--phone", f"030 {at}", "--company", f"Co {at}"),
            *("--playbook", playbooks[at % 3], "--signed", signed, "--product", f"P{at}", "--tag", f"t{at % 2}"),
        )
        desk.does(
            *("contact", "add", f"c{at}@x.example", f"Second {at}", "--email", f"second{at}@x.example"),
            *("--role", ("decider", "user", "champion")[at % 3]),
        )
    desk.does("sale", "add", "customer-1", "--playbook", "saas", "--signed", MONDAY, "--anchor", "renewal=2027-01-05")
    desk.does("add", "Nobody Yet")
    desk.does("dnc", "customer-3")
    desk.does("dnc", "customer-4", "--contact", "customer 4")
    desk.does("dnc", "customer-5", "--contact", "customer 5")
    desk.does("dnc", "customer-5", "--contact", "second 5")
    desk.does("log", "customer-0", "good", "--on", "2025-12-20")
    desk.does("log", "customer-0", "no-answer", "--on", "2025-12-29")
    desk.does("log", "customer-1", "great", "--sale", "2", "--on", "2026-01-02")
    desk.does("plan")


@pytest.fixture
def crowd(built: Callable[[str, Build], Desk]) -> Desk:
    return built("views", fill)


@pytest.mark.parametrize("name", COLUMNS)
def test_the_columns_of_a_view_stay(anna: Desk, name: str) -> None:
    """Columns may be added at the end; scripts of other people name these."""
    with closing(sqlite3.connect(anna.cli.db)) as connection:
        found = [column[0] for column in connection.execute(f"SELECT * FROM {name}").description]
    assert found == COLUMNS[name].split()


# due


@pytest.mark.parametrize("days", [0, 400])
def test_due_is_what_the_due_list_shows(crowd: Desk, days: int) -> None:
    """The same touchpoints, and in every column the same value."""
    shown = crowd.json("due", "--all", "--days", str(days))["items"]
    until = date.fromordinal(date.fromisoformat(MONDAY).toordinal() + days)
    rows = {row["id"]: row for row in view(crowd, "due", f"due_on <= '{until}'")}
    assert len(shown) > (5 if days else 1)
    assert rows.keys() == {item["id"] for item in shown}
    for item in shown:
        row = rows[item["id"]]
        both = row.keys() & item.keys() - {"goal", "gives", "contact"}
        assert len(both) >= 14
        assert {name: row[name] for name in both} == {name: item[name] for name in both}
        assert (row["contact"] or None) == item["contact"]
        if row["goal"]:
            assert (row["goal"], row["gives"]) == (item["goal"], item["gives"])
    assert sum(bool(row["goal"]) for row in rows.values()) >= len(rows) / 2


def test_due_names_whom_the_due_list_would_call(crowd: Desk) -> None:
    shown = {item["id"]: (item["contact"], item["email"], item["phone"]) for item in _with_addresses(crowd)}
    assert shown
    assert {row["id"]: (row["contact"], row["email"], row["phone"]) for row in view(crowd, "due")} == shown


def _with_addresses(desk: Desk) -> list[dict[str, Any]]:
    from followup.store import Store

    with Store.open(desk.cli.db) as store:
        return [
            {"id": row.touchpoint_id, "contact": row.contact, "email": row.email, "phone": row.phone}
            for row in store.due(until=date.max)
        ]


# customers


def test_customers_has_a_row_for_each_customer(crowd: Desk) -> None:
    rows = {row["key"]: row for row in view(crowd, "customers")}
    assert list(rows) == [*(f"customer-{at}" for at in range(12)), "nobody-yet"]
    exported = {one["key"]: one for one in crowd.json("export", "customers")["items"]}
    for key, row in rows.items():
        for name in (
            "id",
            "name",
            "company",
            "kind",
            "country",
            "subdivision",
            "tier",
            "usage",
            "notes",
            "external_id",
        ):
            assert row[name] == exported[key][name]
        assert row["tags"] == str(exported[key]["tags"]).replace("'", '"')
        assert bool(row["do_not_contact"]) is exported[key]["do_not_contact"]
    assert [rows[key]["sales"] for key in ("customer-0", "customer-1", "nobody-yet")] == [1, 2, 0]


def test_the_person_of_a_customer_is_the_main_one_who_may_be_contacted(crowd: Desk) -> None:
    rows = {row["key"]: (row["contact"], row["role"], row["email"], row["phone"]) for row in view(crowd, "customers")}
    assert rows["customer-2"] == ("Customer 2", "", "c2@x.example", "030 2")
    assert rows["customer-4"] == ("Second 4", "user", "second4@x.example", "")
    for left_alone in ("customer-3", "customer-5"):
        assert rows[left_alone] == (None, None, None, None)


def test_last_contact_and_next_date_are_those_of_the_list(crowd: Desk) -> None:
    """A try that reached nobody is no contact."""
    listed: dict[str, list[dict[str, Any]]] = {}
    for item in crowd.json("list")["items"]:
        listed.setdefault(item["customer_key"], []).append(item)
    for row in view(crowd, "customers"):
        mine = listed[row["key"]]
        contacts = [item["last_contact_on"] for item in mine if item["last_contact_on"]]
        dates = [item["next"]["due_on"] for item in mine if item["next"] and item["next"]["due_on"]]
        assert row["last_contact_on"] == max(contacts, default=None)
        assert row["next_due_on"] == min(dates, default=None)
    rows = {row["key"]: row for row in view(crowd, "customers")}
    assert [rows[f"customer-{at}"]["last_contact_on"] for at in (0, 1, 2)] == ["2025-12-20", "2026-01-02", None]


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_a_contact_counts_when_somebody_was_reached(anna: Desk, outcome: str) -> None:
    more = {"postponed": ("--to", "2026-02-02"), "concern": ("--concern", "x"), "referral": ("--referred", "Zoe")}
    anna.does("log", "anna", outcome, *more.get(outcome, ()))
    row = view(anna, "customers", "key = 'anna-meyer'")[0]
    sale = view(anna, "pipeline", "customer_key = 'anna-meyer'")[0]
    expected = MONDAY if reached((outcome,)) else None
    assert (row["last_contact_on"], sale["last_contact_on"]) == (expected, expected)


# pipeline


def test_pipeline_has_a_row_for_each_sale(crowd: Desk) -> None:
    listed = {item["sale"]: item for item in crowd.json("list")["items"] if item["sale"]}
    rows = {row["id"]: row for row in view(crowd, "pipeline")}
    assert rows.keys() == listed.keys()
    assert len(rows) == 13
    for number, row in rows.items():
        item = listed[number]
        following = item["next"] or {"due_on": None, "purpose": None}
        assert (row["customer"], row["customer_key"], row["playbook"], row["product"]) == (
            *(item["customer"], item["customer_key"], item["playbook"]),
            item["product"],
        )
        assert row["last_contact_on"] == item["last_contact_on"]
        assert (row["next_due_on"], row["next_purpose"]) == (following["due_on"], following["purpose"])
        shown = {one["id"]: one for one in crowd.json("show", item["customer_key"])["sales"]}[number]
        assert row["live_on"] == shown["live_on"]
        assert row["signed_on"] == shown["anchors"]["sale"]
        for stage in ("novelty", "learning", "effectiveness", "maintenance"):
            assert row[f"{stage}_on"] == shown["stages"][stage]["begin"]
    assert [row["renewal_on"] for row in rows.values() if row["renewal_on"]] == ["2027-01-05"]


def test_the_stage_is_that_of_the_day_of_the_machine(crowd: Desk) -> None:
    begins = ("novelty_on", "learning_on", "effectiveness_on", "maintenance_on")
    today = date.today()  # noqa: DTZ011 - what the view goes by
    with closing(sqlite3.connect(crowd.cli.db)) as connection, connection:
        for number in range(1, 14):
            days = [(today + timedelta(10 * at - 5 * number)).isoformat() for at in range(1, 5)]
            known = [None if number in (3, 7) and at in (1, 3) else day for at, day in enumerate(days)]
            names = ", ".join(f"{name} = ?" for name in begins)
            connection.execute(f"UPDATE plan SET {names} WHERE sale_id = ?", (*known, number))
    rows = view(crowd, "pipeline")
    stages = [stages_from({"before_sale_on": None, "trough_on": None, **row}).on(today) for row in rows]
    assert [row["stage"] for row in rows] == stages
    assert set(stages) == set(Stage)


def test_the_value_of_a_sale_is_a_number_or_nothing(anna: Desk) -> None:
    from datetime import UTC, datetime

    from followup.store import Store

    assert [row["value"] for row in view(anna, "pipeline")] == [None]
    with Store.open(anna.cli.db) as store, store.write(command="import", now=datetime.now(UTC)):
        store.update_sale(1, value=1200.5)
    assert [row["value"] for row in view(anna, "pipeline")] == [1200.5]


# Everybody who must be left alone


def test_no_view_has_an_address_of_somebody_who_must_be_left_alone(crowd: Desk) -> None:
    forbidden = {"c3@x.example", "second3@x.example", "c4@x.example", "c5@x.example", "second5@x.example"}
    for name in COLUMNS:
        cells = {str(value) for row in view(crowd, name) for value in row.values()}
        assert not cells & forbidden, name
        assert not cells & {"030 3", "030 4", "030 5"}, name
    left_alone = ("customer-3", "customer-5")
    assert not [row for row in view(crowd, "due") if row["customer_key"] in left_alone]
    assert not [
        row["next_due_on"]
        for row in view(crowd, "pipeline", "next_due_on IS NOT NULL")
        if row["customer_key"] in left_alone
    ]
    assert not [
        row["next_due_on"] for row in view(crowd, "customers", "next_due_on IS NOT NULL") if row["key"] in left_alone
    ]


# Speed


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("customers", "key = 'customer-1'"),
        ("due", "due_on <= '2026-01-05'"),
        ("pipeline", "id = 3"),
        ("customers", "true"),
        ("due", "true"),
        ("pipeline", "true"),
    ],
)
def test_a_view_reads_what_belongs_to_a_row_by_an_index(crowd: Desk, name: str, where: str) -> None:
    """At most the table that the rows come from is read whole; lists inside a row (outcomes) are not tables."""
    with closing(sqlite3.connect(crowd.cli.db)) as connection:
        steps = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN SELECT * FROM {name} WHERE {where}")]
    scans = [step for step in steps if step.startswith("SCAN") and "VIRTUAL TABLE" not in step]
    assert len(scans) <= 1, steps
    if where != "true":
        assert not scans or "touchpoint_due" in scans[0], steps
    assert not [step for step in steps if "AUTOMATIC" in step], steps
