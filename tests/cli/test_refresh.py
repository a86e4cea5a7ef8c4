"""What time alone changes is brought up to date by the first look of the day, and looking never waits for a writer."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Desk


def test_an_early_referral_ask_that_was_not_made_in_time_leaves_the_list_by_itself(cli: Any) -> None:
    """B32, variation (e) of the worked example: it expires and never slides into learning."""
    cli("add", "Anna", "--playbook", "saas", "--signed", "2026-01-05", "--tier", "A", today="2026-01-05")
    before = cli("due", "--all", "--json", today="2026-01-08").json["items"]

    after = cli("due", "--all", "--json", today="2026-01-09").json["items"]

    assert "who_else" in {item["step"] for item in before}
    assert "who_else" not in {item["step"] for item in after}
    shown = cli("show", "anna", "--json", today="2026-01-09").json["sales"][0]["touchpoints"]
    assert [t["status"] for t in shown if t["step"] == "who_else"] == ["expired"]


def test_a_list_does_not_wait_for_somebody_who_writes(cli: Any) -> None:
    cli("add", "Anna", "--playbook", "saas", "--signed", "2026-01-05", today="2026-01-05")
    with closing(sqlite3.connect(cli.db, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        begun = time.monotonic()

        answer = cli("due", "--json", today="2026-01-09")

        assert time.monotonic() - begun < 5
        other.execute("ROLLBACK")
    assert answer.code == 0
    assert "as it was last stored" in answer.json["notices"][0]
    assert answer.json["items"]


def test_plan_says_what_left_the_list_by_itself(cli: Any) -> None:
    cli("add", "Anna", "--playbook", "saas", "--signed", "2026-01-05", "--tier", "A", today="2026-01-05")

    tried = cli("plan", "--dry-run", today="2026-01-09")
    told = cli("plan", today="2026-01-09")

    assert "no longer on the list: " in tried.out
    assert "Anna: who_else" in told.out
    assert cli("plan", "--json", today="2026-01-09").json["said"] == []


LATER = "2026-02-02"
FIRST_COMMANDS = [
    ("reading", "add", "anna", "nps", "6"),
    ("hold", "anna", "--until", "+18d"),
    ("stage", "anna", "effectiveness"),
    ("promise", "add", "anna", "the export", "--by", "fri"),
    ("concern", "add", "anna", "too slow"),
    ("set", "anna", "email", "am@meyer.example"),
    ("anchor", "set", "anna", "live", "2026-01-06"),
    ("contact", "add", "anna", "Theo Lang"),
    ("sale", "add", "anna", "--playbook", "retail", "--signed", "today"),
    ("dnc", "anna"),
    ("replan", "anna", "--playbook", "retail"),
    ("skip", "6"),
    ("snooze", "6", "thu"),
    ("log", "anna", "ok"),
    ("done", "6", "ok"),
    ("undo",),
]


def told(answer: Any) -> Any:
    return answer.get("changes", answer.get("items")), answer.get("said")


@pytest.mark.parametrize("args", FIRST_COMMANDS, ids=" ".join)
def test_the_first_command_after_some_days_tells_only_its_own_effect(anna: Desk, args: tuple[str, ...]) -> None:
    """What lapsed by time alone is a notice, the one that `due` gives; "What changed" is what was typed."""
    anna.does("done", "1", "ok")
    before = anna.cli.db.read_bytes()
    looked = anna.json("due", today=LATER)["notices"]
    after_a_look = anna.json(*args, today=LATER)
    assert after_a_look["notices"] == []

    anna.cli.db.write_bytes(before)
    first = anna.json(*args, today=LATER)

    assert told(first) == told(after_a_look)
    assert first["notices"] == looked
    assert "no longer on the list: " in looked[0]
    assert anna.json("due", today=LATER)["notices"] == []


def test_resume_tells_only_its_own_effect_too(anna: Desk) -> None:
    anna.does("hold", "anna")
    before = anna.cli.db.read_bytes()
    anna.json("due", today=LATER)
    after_a_look = anna.json("resume", "anna", today=LATER)

    anna.cli.db.write_bytes(before)

    assert told(anna.json("resume", "anna", today=LATER)) == told(after_a_look)


def test_what_is_up_to_date_is_planned_once(anna: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from followup.actions import planning

    planned: list[int] = []
    plan = planning.plan

    def counted(*args: Any, **options: Any) -> Any:
        planned.append(1)
        return plan(*args, **options)

    monkeypatch.setattr(planning, "plan", counted)
    anna.does("set", "anna", "tier", "A")
    assert len(planned) == 1
    anna("set", "anna", "tier", "B", today=LATER)
    assert len(planned) == 3
