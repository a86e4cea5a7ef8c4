"""A seller's morning with the hundred sample customers: what is typed, and the sentences that come back."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Build, Desk

SAMPLE = Path(__file__).parents[2] / "examples" / "customers.csv"
MONDAY, TUESDAY, FRIDAY = "2026-11-23", "2026-11-24", "2026-11-27"
STYLE = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture
def morning(built: Callable[[str, Build], Desk], monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The sample, imported on the Monday it was made for, on a screen of 120 columns."""
    monkeypatch.setenv("FOLLOWUP_TODAY", MONDAY)
    monkeypatch.setenv("COLUMNS", "120")
    return built("sample", take_in_the_sample)


def take_in_the_sample(desk: Desk) -> None:
    said = desk.does("import", SAMPLE)
    assert "100 rows; customers: 100 new" in said
    assert "100 sales followed up from now on." in said
    assert re.search(r"^next contact\tNext Contact\t", said, re.MULTILINE)


def screen(desk: Desk, *args: str, today: str | None = None) -> str:
    """What stands on the terminal, without the colours."""
    return STYLE.sub("", desk.does("--color", "always", *args, today=today))


def due(desk: Desk, *args: str, today: str | None = None) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = desk.json("due", *args, today=today)["items"]
    return items


def test_the_first_look(morning: Desk) -> None:
    said = screen(morning)
    assert said.startswith("Monday 2026-11-23 · ")
    items = due(morning)
    assert 0 < len(items) <= 12, "one screen"
    assert len(due(morning, "--all")) <= 30, "a hundred old customers are no flood"
    for item in items:
        assert item["customer"] in said
        assert str(item["id"]) in said
        assert item["why_now"], "each line with its reason"
    assert re.search(r"left: \d+", said)
    assert f'followup done {items[0]["id"]} good "what was said"' in said
    assert not {item["customer"] for item in items} & opted_out(morning), "nobody who asked to be left alone"


def opted_out(desk: Desk) -> set[str]:
    named = {item["customer_key"] for item in desk.json("list")["items"] if item["next"] is None}
    pages = (desk.json("show", key) for key in named)
    return {page["customer"]["name"] for page in pages if page["customer"]["do_not_contact"]}


def test_a_whole_morning(morning: Desk) -> None:
    first, second, third, fourth, fifth, sixth, *_ = due(morning)
    number = [str(item["id"]) for item in (first, first, second, third, fourth, fifth, sixth)]

    # Who is this, and why now?
    assert first["customer"] in screen(morning, "show", first["customer_key"])
    because = screen(morning, "why", number[1])
    for words in ("Why now:", "Priority", "of 100", "Mood (estimated)", "What would change it"):
        assert words in because
    assert f"followup snooze {number[1]} DATE" in because

    # The call went well: five seconds, and what comes next.
    said = morning.does("done", number[1], "good", "the shortcut works")
    assert f"recorded: {first['step']}, good, on Mon 23 November 2026" in said
    assert re.search(r"Next: \w{3} 202\d-\d\d-\d\d, ", said)
    assert "the shortcut works" in screen(morning, "show", first["customer_key"])

    # Nobody answered.
    said = morning.does("done", number[2], "no-answer")
    assert f"recorded a try: {second['step']}, no-answer, on Mon 23 November 2026; it stays open" in said

    # A doubt, and a promise.
    said = morning.does(
        *("done", number[3], "ok", "they wait for the export", "--concern", "the export is slow"),
        *("--promise", "send the workaround", "--by", "wed"),
    )
    assert "a moderate concern is open now: the export is slow; it bends the curve" in said
    assert "promised by Wed 25 November 2026" in said
    assert "the export is slow" in morning.does("concern", "list")

    # They asked for Friday.
    said = morning.does("snooze", number[4], "fri", "10:30")
    assert f"moved {fourth['step']} to Fri 27 November 2026 at 10:30 (was Mon 23 November 2026)" in said

    # Met by chance yesterday: leave it out.
    said = morning.does("skip", number[5], "--why", "met them at the fair")
    assert f"skipped: {fifth['step']}; it does not count as a contact" in said

    # No more calls - typed for the wrong customer.
    said = morning.does("done", number[6], "stop")
    assert "do not contact: everything that was planned is cancelled" in said
    assert sixth["customer"] not in screen(morning, "due", "--all")
    said = morning.does("undo")
    assert said.startswith(f"took back: done (touchpoint {number[6]} of {sixth['customer_key']}: stop)")
    assert sixth["customer"] in screen(morning, "due", "--all")

    # What is left.
    left = due(morning, "--all")
    gone = {item["customer_key"] for item in (first, third, fourth, fifth)}
    assert not {(item["customer_key"], item["step"]) for item in left} & {
        (item["customer_key"], item["step"]) for item in (first, third, fourth, fifth)
    }
    assert "Done today:" in screen(morning)
    journal = [line["command"] for line in morning.json("history")["items"]]
    assert journal == ["undo", "done", "skip", "snooze", "done", "done", "done", "import"]

    # The next morning: what was done is done, what was not answered comes again in its time.
    tomorrow = due(morning, "--all", "--days", "14", today=TUESDAY)
    assert "Tuesday 2026-11-24" in screen(morning, today=TUESDAY)
    again = [(item["customer_key"], item["step"]) for item in tomorrow]
    for item in (first, third, fifth):
        assert (item["customer_key"], item["step"]) not in again or item["occurrence"] > 1
    assert (second["customer_key"], second["step"]) in again
    assert sixth["customer_key"] in {key for key, _ in again}
    assert len(gone) == 4

    # Friday has come.
    friday = {(item["customer_key"], item["step"]): item for item in due(morning, "--all", today=FRIDAY)}
    agreed = friday[fourth["customer_key"], fourth["step"]]
    assert (agreed["due_on"], agreed["agreed_time"], agreed["by_hand"]) == (FRIDAY, "10:30", True)
    assert "agreed with them" in agreed["why_now"]


def test_a_week_of_mornings_is_never_a_flood(morning: Desk) -> None:
    """Everything due is done each day, and what that brings on the same day as well; the list ends every day."""
    for day in (MONDAY, TUESDAY, FRIDAY):
        contacts = 0
        for _ in range(3):
            for item in due(morning, "--all", today=day):
                morning.does("done", str(item["id"]), "good", today=day)
                contacts += 1
        assert due(morning, "--all", today=day) == []
        assert contacts <= 30, day
    assert morning.json("plan", "--rebuild", today=FRIDAY)["changes"] == []
