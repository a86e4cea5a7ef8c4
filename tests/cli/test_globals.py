"""Global options, help, completion, exit codes, and errors as JSON."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

import followup

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Desk

COMMANDS = (
    *("import", "due", "done", "snooze", "show", "why", "log", "skip", "next", "plan", "replan"),
    *("add", "sale add", "contact add"),
    *("concern add", "concern resolve", "concern list", "anchor set", "set", "list", "demo", "undo", "history"),
    *("config show", "config get", "config set", "config path", "playbook list", "playbook show"),
    *("playbook check", "playbook preview", "playbook new", "playbook schema", "playbook tune"),
)


def test_help_shows_the_six_first_and_the_rest_in_panels(desk: Desk) -> None:
    said = desk.does("--help")
    first = [said.index(f"│ {name} ") for name in ("import", "due", "done", "snooze", "show", "why")]
    panels = [said.index(f"─ {name} ") for name in ("Start here", "Every day", "Customers", "Playbooks", "Safety")]
    assert first == sorted(first)
    assert panels[0] < first[0]
    assert max(first) < min(panels[1:])


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_and_every_one_that_reports_has_json(desk: Desk, command: str) -> None:
    said = desk.does(*command.split(), "--help")
    assert "Usage: followup " + command in said
    if command != "playbook schema":
        assert "--json" in said
    assert not desk.cli.db.exists()


@pytest.mark.parametrize(
    "command",
    [
        "import",
        "done",
        "log",
        "replan",
        "snooze",
        "skip",
        "plan",
        "add",
        "sale add",
        "contact add",
        "concern add",
        "concern resolve",
        "anchor set",
        "set",
        "undo",
        "config set",
        "playbook new",
        "playbook tune",
    ],
)
def test_every_command_that_writes_has_a_dry_run(desk: Desk, command: str) -> None:
    assert "--dry-run" in desk.does(*command.split(), "--help")


def test_the_version(desk: Desk) -> None:
    assert desk.does("--version") == f"followup {followup.__version__}\n"


@pytest.mark.parametrize(
    ("shell", "words"), [("bash", "complete -o default"), ("zsh", "#compdef followup"), ("fish", "complete --command")]
)
def test_completion_scripts(desk: Desk, shell: str, words: str) -> None:
    assert words in desk.does("--show-completion", shell)


def test_completion_for_a_shell_that_has_none(desk: Desk) -> None:
    desk.refuses("--show-completion", "tcsh", says="'tcsh'", hint="bash zsh fish")


def test_db_and_config_may_be_named(anna: Desk, tmp_path: Path) -> None:
    other, settings = tmp_path / "deep" / "other.db", tmp_path / "other.toml"
    assert anna("--db", other, "add", "Ben").code == 0
    assert [item["customer"] for item in anna("--db", other, "list", "--json").json["items"]] == ["Ben"]
    assert [item["customer"] for item in anna.json("list")["items"]] == ["Anna Meyer"]
    assert anna("--config", settings, "config", "set", "contact.capacity", "3").code == 0
    assert anna("--config", settings, "config", "get", "contact.capacity").out == "contact.capacity\t3\n"
    assert anna.does("config", "get", "contact.capacity") == "contact.capacity\t12\n"


def test_today_comes_from_the_option_then_the_environment(anna: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert anna.json("due")["today"] == "2026-01-05"
    assert anna.json("due", today="2026-02-02")["today"] == "2026-02-02"
    monkeypatch.setenv("FOLLOWUP_TODAY", "yesterday")
    anna.refuses("due", says="'yesterday' is not a day", hint="--today 2026-12-01")


def test_without_either_it_is_the_day_in_the_configured_zone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Same instant, two days: where it is already tomorrow, it is tomorrow."""
    monkeypatch.delenv("FOLLOWUP_TODAY")
    days = []
    for zone in ("Pacific/Kiritimati", "Pacific/Niue"):
        desk.does("config", "set", "calendar.timezone", zone)
        days.append(desk.json("due")["today"])
    assert days[0] > days[1], "25 hours apart"


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("--today", "soon", "due"), "'soon' is not a day"),
        (("--today", "2026-02-30", "due"), "'2026-02-30' is not a day"),
    ],
)
def test_a_bad_today_is_refused(anna: Desk, args: tuple[str, ...], says: str) -> None:
    anna.refuses(*args, says=says, hint="--today 2026-12-01")


@pytest.mark.parametrize(
    ("args", "says", "hint"),
    [
        (("frobnicate",), "No such command 'frobnicate'", "followup --help"),
        (("--frob",), "No such option: --frob", "followup --help"),
        (("--color", "red", "due"), "--color", "followup --help"),
        (("due", "--jsno"), "No such option: --jsno", "followup due --help"),
        (("concern", "frob"), "No such command 'frob'", "followup concern --help"),
        (("done",), "Missing argument 'ID'", "followup done --help"),
    ],
)
def test_wrong_usage_is_exit_2_and_names_the_help(anna: Desk, args: tuple[str, ...], says: str, hint: str) -> None:
    anna.refuses(*args, says=says, hint=hint, code=2)


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("done", "99", "good", "--json"), 1),
        (("--json",), 2),
        (("due", "--json", "--frob"), 2),
        (("frobnicate", "--json"), 2),
        (("done", "--json"), 2),
        (("import", "missing.csv", "--json"), 1),
        (("--today", "x", "due", "--json"), 1),
        (("config", "get", "nope", "--json"), 1),
        (("playbook", "show", "nope", "--json"), 1),
        (("undo", "--json", "extra"), 2),
    ],
)
def test_a_failure_with_json_is_json_on_stdout_and_nothing_else(anna: Desk, args: tuple[str, ...], code: int) -> None:
    answer = anna(*args)
    assert (answer.code, answer.err) == (code, "")
    told = answer.json
    assert told["schema"] == "followup.error/1"
    assert told["error"]
    assert told["hint"]


WRONG_FILES = {
    "text": b"not a database, just a note\n" * 40,
    "short": b"x",
    "cut": b"SQLite format 3\x00" + bytes(100),
}


@pytest.mark.parametrize("kind", [*WRONG_FILES, "other program", "newer", "folder"])
@pytest.mark.parametrize("args", [("due",), ("add", "Ben"), ("done", "1", "good", "--json")], ids=" ".join)
def test_a_data_file_that_is_not_ours_is_exit_3_and_stays_as_it_is(
    desk: Desk, kind: str, args: tuple[str, ...]
) -> None:
    db = desk.cli.db
    if kind in WRONG_FILES:
        db.write_bytes(WRONG_FILES[kind])
    elif kind == "folder":
        db.mkdir()
    else:
        if kind == "newer":
            desk.does("add", "Anna")
        with closing(sqlite3.connect(db)) as connection:
            connection.execute("CREATE TABLE moz_places (id)" if kind != "newer" else "PRAGMA user_version = 999")
            connection.commit()
    before = desk.files()
    answer = desk(*args)
    assert answer.code == 3, answer
    told = answer.json["error"] if "--json" in args else answer.err
    assert str(db) in told
    assert "Traceback" not in answer.err
    assert desk.files() == before


def test_a_bug_is_one_line_and_its_log_holds_no_customer_data(
    anna: Desk, monkeypatch: pytest.MonkeyPatch, nobodys_home: Path
) -> None:
    def explode(*_: object, **__: object) -> None:
        secret = "anna@meyer.example"
        raise ZeroDivisionError(f"while writing to {secret}")

    monkeypatch.setattr("followup.actions.record.upcoming", explode)
    before = anna.facts()
    answer = anna("done", "1", "good", "a note of hers")
    assert (answer.code, answer.out) == (70, "")
    assert answer.err.splitlines()[0] == "Error: this is a bug in followup (ZeroDivisionError)"
    assert len(answer.err.splitlines()) == 2
    assert "Traceback" not in answer.err
    assert anna.facts() == before, "nothing half done"
    log = next((nobodys_home / "state").rglob("bugs.log"))
    text = log.read_text(encoding="utf-8")
    assert "record.py" in text
    assert "ZeroDivisionError" in text
    for secret in ("meyer.example", "a note of hers", "Anna"):
        assert secret not in text + answer.err
    assert log.stat().st_mode & 0o077 == 0
    assert anna("done", "1", "good", "--json").json["schema"] == "followup.error/1"


def test_a_note_may_begin_with_a_dash_after_two_dashes(anna: Desk) -> None:
    anna.does("done", "1", "good", "--", "-5 % asked for")
    assert anna.sale()["activities"][0]["note"] == "-5 % asked for"
