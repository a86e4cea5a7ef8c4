"""What time alone changes is brought up to date by the first look of the day, and looking never waits for a writer."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from typing import Any


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
