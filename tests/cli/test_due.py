"""`due`: overdue, due today and coming; lanes, then priority; one line per customer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Desk, WriteTable


@pytest.fixture
def shop(anna: Desk) -> Desk:
    """Anna signed today, Ben is in the dip, Cara a year on; Dan has no sale."""
    anna.does("add", "Ben Ode", "--playbook", "saas", "--signed", "2025-12-15", "--phone", "555 1")
    anna.does("add", "Cara Diaz", "--playbook", "saas", "--signed", "2024-12-20", "--tier", "A")
    anna.does("add", "Dan Eko")
    return anna


def test_without_a_data_file_it_greets_and_names_the_three_ways_to_begin(desk: Desk) -> None:
    for args in ((), ("due",)):
        said = desk.does(*args)
        for way in ("followup import FILE", "followup add NAME", "followup demo"):
            assert way in said
    assert not desk.cli.db.exists()
    assert desk.json("due")["items"] == []
    assert not desk.cli.db.exists(), "looking makes no file"


def test_a_bare_followup_is_due(anna: Desk) -> None:
    assert anna.does() == anna.does("due") != ""


def test_in_a_pipe_each_customer_is_one_uncut_line(shop: Desk) -> None:
    lines = shop.does("due", "--days", "30").splitlines()
    assert len(lines) == 3
    fields = [line.split("\t") for line in lines]
    assert {len(row) for row in fields} == {16}
    anna = next(row for row in fields if row[4] == "Anna Meyer")
    assert anna[:4] == ["1", "today", "2026-01-05", ""]
    assert anna[6:9] == ["email", "anna@meyer.example", "welcome"]
    assert anna[-1] == "anna-meyer"


def test_the_oldest_windows_come_first_and_coming_ones_last(shop: Desk) -> None:
    items = shop.json("due", "--days", "30", today="2026-01-07")["items"]
    late = [item["days_overdue"] > 0 for item in items]
    assert late[0]
    due = [item for item in items if item["due_on"] <= "2026-01-07"]
    coming = [item for item in items if item["due_on"] > "2026-01-07"]
    assert items == due + coming
    assert [i["priority"] for i in due] == sorted((i["priority"] for i in due), reverse=True)
    assert [i["due_on"] for i in coming] == sorted(i["due_on"] for i in coming)


def test_one_line_per_customer_with_the_rest_folded_and_all_unfolds(anna: Desk) -> None:
    (line,) = anna.json("due", today="2026-01-09")["items"]
    assert line["folded_count"] >= 1
    everything = anna.json("due", "--all", today="2026-01-09")["items"]
    assert len(everything) == line["folded_count"] + 1
    assert {item["folded_count"] for item in everything} == {0}
    assert f"+{line['folded_count']}" in anna.does("--color", "always", "due", today="2026-01-09")


@pytest.mark.parametrize(
    ("option", "value", "field"),
    [
        ("--stage", "novelty", "stage"),
        ("--stage", "Learning", "stage"),
        ("--purpose", "welcome", "purpose"),
        ("--channel", "phone", "channel"),
        ("--customer", "ben", "customer_key"),
    ],
)
def test_filters_narrow_the_list(shop: Desk, option: str, value: str, field: str) -> None:
    everything = shop.json("due", "--all", "--days", "60")["items"]
    found = shop.json("due", "--all", "--days", "60", option, value)["items"]
    wanted = {"ben": "ben-ode", "Learning": "learning"}.get(value, value)
    assert found == [item for item in everything if item[field] == wanted]
    assert 0 < len(found) < len(everything)


def test_the_limit_hides_and_says_how_many(desk: Desk, table: WriteTable) -> None:
    rows = [{"Name": f"Customer {n}", "Signed": "2026-01-05", "Playbook": "retail"} for n in range(15)]
    desk.does("import", table(rows))
    standard = desk.json("due")
    assert (len(standard["items"]), standard["hidden_count"], standard["due_count"]) == (12, 3, 15)
    assert desk.json("due", "--limit", "4")["hidden_count"] == 11
    assert len({item["customer"] for item in desk.json("due", "--all")["items"]}) == 15
    desk.does("config", "set", "contact.capacity", "5")
    assert len(desk.json("due")["items"]) == 5
    assert "followup due --limit 15" in desk("due").err + desk("--color", "always", "due").out


def test_after_an_absence_it_says_once_what_is_gone(desk: Desk, table: WriteTable) -> None:
    """At most five by name, and where the reasons are."""
    rows = [{"Name": f"Customer {n}", "Signed": "2026-01-05", "Goal": "order", "Playbook": "saas"} for n in range(7)]
    desk.does("import", table(rows))
    (said,) = desk.json("due", today="2026-01-30")["notices"]
    assert said.startswith("no longer on the list: ")
    assert "expired" in said
    assert said.count("Customer ") == 5
    assert re.search(r" and \d+ more\); why: followup show CUSTOMER$", said)
    assert desk.json("due", today="2026-01-30")["notices"] == []


def test_a_full_list_for_three_days_names_what_could_go_first(desk: Desk, table: WriteTable) -> None:
    """DOMAIN 4.9: roll-over is said on the third day, with up to five to leave out, extra ones first."""
    rows = [{"Name": f"Customer {n}", "Signed": "2026-01-05", "Playbook": "retail"} for n in range(15)]
    desk.does("import", table(rows))

    def overload(today: str, *args: str) -> list[str]:
        return [text for text in desk.json("due", *args, today=today)["notices"] if text.startswith("more than ")]

    assert overload("2026-01-05") == overload("2026-01-06") == []
    (said,) = overload("2026-01-07")
    assert said.startswith("more than 12 were due on each of the last 3 days")
    assert overload("2026-01-07", "--all") == [], "nothing is hidden"
    assert overload("2026-01-07", "--limit", "15") == [], "everything fits"


def test_exit_code_10_only_when_asked_for_and_something_is_due(anna: Desk) -> None:
    assert anna("due", "--exit-code").code == 10
    assert anna("due", "--exit-code", "--json").code == 10
    assert anna("due").code == 0
    anna.does("done", "1", "good")
    assert anna("due", "--exit-code").code == 0, "an empty list is a success"
    assert anna("due", "--exit-code", "--days", "9").code == 0, "what is coming is not due"


def test_an_empty_day_names_the_next_one(anna: Desk) -> None:
    anna.does("done", "1", "good")
    page = anna.json("due")
    assert (page["items"], page["next_due_on"], page["done_today"]) == ([], "2026-01-06", 1)
    assert "Nothing due today. Next: Tue 2026-01-06." in anna.does("--color", "always", "due")


def test_time_alone_is_brought_up_to_date_once(anna: Desk) -> None:
    """What was missed shows the next day; the second look changes nothing, and time is not a command."""
    first = anna("due", today="2026-01-16")
    assert first.err.startswith("Note: no longer on the list: ")
    assert "Anna Meyer: who_else" in first.err
    rows = anna.rows("touchpoint"), anna.rows("plan")
    anna.does("due", today="2026-01-16")
    anna.does("show", "anna", today="2026-01-16")
    assert (anna.rows("touchpoint"), anna.rows("plan")) == rows
    assert anna.json("plan", "--rebuild", today="2026-01-16")["changes"] == []
    assert (anna.rows("touchpoint"), anna.rows("plan")) == rows
    assert [line["command"] for line in anna.json("history")["items"]] == ["add"]


def test_the_early_referral_ask_expires_in_novelty(anna: Desk) -> None:
    """DOMAIN appendix C, variation e: it is not moved into learning."""
    steps = [item["step"] for item in anna.json("due", "--all", today="2026-01-09")["items"]]
    assert "who_else" not in steps
    assert anna.step("who_else", today="2026-01-09")["status"] == "expired"


@pytest.mark.parametrize(
    ("args", "says", "hint", "code"),
    [
        (("--stage", "lerning"), "'lerning' is not a stage", "did you mean learning?", 1),
        (("--purpose", "prevntion"), "'prevntion' is not a purpose", "did you mean prevention?", 1),
        (("--channel", "fone"), "'fone' is not a channel", "did you mean phone?", 1),
        (("--customer", "nobody"), "no customer matches 'nobody'", "followup list", 1),
        (("--days", "-1"), "--days", "followup due --help", 2),
        (("--days", "soon"), "--days", "followup due --help", 2),
        (("--limit", "0"), "--limit", "followup due --help", 2),
        (("extra",), "extra", "followup due --help", 2),
    ],
)
def test_refusals(anna: Desk, args: tuple[str, ...], says: str, hint: str, code: int) -> None:
    anna.refuses("due", *args, says=says, hint=hint, code=code)


def test_an_ambiguous_customer_is_asked_about(two_annas: Desk) -> None:
    two_annas.refuses("due", "--customer", "anna", says="'anna' matches 2 customers", hint="anna-meyer")
