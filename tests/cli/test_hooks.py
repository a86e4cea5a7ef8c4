"""`hooks.on_done`: another program follows what is recorded; it can neither lose data nor change an answer."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Desk, Program

    Hook = Callable[[str], None]

RECORDED = "; the contact is recorded"


@pytest.fixture
def hook(anna: Desk) -> Hook:
    """Name a Python program as the hook."""

    def name(script: str) -> None:
        anna.does("config", "set", "hooks.on_done", shlex.join([sys.executable, "-c", script]))

    return name


@pytest.fixture
def told(hook: Hook, tmp_path: Path) -> Callable[[], list[Any]]:
    """A hook that keeps what it is told; gives all of it."""
    place = tmp_path / "told"
    script = f"import sys; open({str(place)!r}, 'a', encoding='utf-8').write(sys.stdin.read())"
    hook(script)
    return lambda: (
        [json.loads(line) for line in place.read_text(encoding="utf-8").splitlines()] if place.exists() else []
    )


def test_the_hook_of_done_gets_the_json_of_done(anna: Desk, told: Callable[[], list[Any]]) -> None:
    printed = anna.json("done", "1", "good", "loves Ünïcödé\x1b[2J")
    assert told() == [printed]
    assert printed["schema"] == "followup.done/1"
    assert printed["activity"]["outcomes"] == ["good"]


def test_the_hook_gets_the_same_without_json(anna: Desk, told: Callable[[], list[Any]]) -> None:
    said = anna.does("log", "anna", "great", "called by herself", "--inbound")
    (got,) = told()
    assert got["verb"] == "logged"
    assert got["activity"]["note"] == "called by herself"
    assert "called by herself" not in said or "{" not in said


def test_what_was_not_recorded_is_not_told(anna: Desk, told: Callable[[], list[Any]]) -> None:
    anna.does("done", "1", "good", "--dry-run")
    anna.does("log", "anna", "good", "--dry-run", "--json")
    anna.refuses("done", "999", "good", says="999")
    anna.does("skip", "2")
    assert told() == []
    anna.does("done", "1", "good")
    assert anna.json("done", "1", "good")["already"] is True
    assert len(told()) == 1


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("import sys; sys.exit(3)", "ended with 3"),
        ("import sys; print('hello'); sys.exit('no CRM today\\x1b[2J')", r"ended with 1: no CRM today\x1b[2J"),
        ("import os; os.kill(os.getpid(), 9)", "was ended by SIGKILL"),
        ("import sys; sys.stdin.close(); sys.exit(1)", "ended with 1"),
    ],
)
@pytest.mark.parametrize("as_json", [False, True])
def test_a_hook_that_fails_is_noted_and_changes_nothing(
    script: str, says: str, as_json: bool, anna: Desk, hook: Hook
) -> None:
    hook(script)
    answer = anna("done", "1", "good", *(["--json"] if as_json else []))
    assert answer.code == 0
    assert says in answer.err
    assert answer.err.startswith("Note: the hook ")
    assert answer.err.endswith(f"{RECORDED}\n")
    assert answer.err.count("\n") == 1
    assert "hello" not in answer.out
    if as_json:
        assert answer.json["activity"]["outcomes"] == ["good"]
    assert anna.step("welcome_note")["status"] == "done"


def test_a_hook_that_does_not_exist_is_noted(anna: Desk) -> None:
    anna.does("config", "set", "hooks.on_done", "no-such-program-at-all --with words")
    answer = anna("log", "anna", "good", "fine")
    assert answer.code == 0
    assert answer.err.startswith("Note: the hook no-such-program-at-all could not be started")
    assert len(anna.rows("activity")) == 1


def test_the_answer_is_there_before_the_hook_has_ended(
    anna: Desk, hook: Hook, program: Program, tmp_path: Path
) -> None:
    """What is recorded is safe before the hook begins, and nobody waits for a hook to read what comes next."""
    go, over = tmp_path / "go", tmp_path / "over"
    waits = f"[time.sleep(0.02) for _ in range(400) if not pathlib.Path({str(go)!r}).exists()]"
    hook(f"import pathlib, time; {waits}; pathlib.Path({str(over)!r}).touch()")
    with program.start("done", "1", "good", stdout=-1, stderr=-1) as process:
        assert process.stdout is not None
        assert b"recorded" in process.stdout.readline()
        assert not over.exists()
        assert anna.step("welcome_note")["status"] == "done"
        go.touch()
        _, said = process.communicate(timeout=30)
        assert (process.returncode, said) == (0, b"")
    assert over.exists()


def test_a_hook_may_ask_the_program_itself(anna: Desk, hook: Hook, program: Program) -> None:
    words = ["log", "anna", "no-answer", "from the hook", "--dry-run"]
    call = f"subprocess.run([sys.executable, '-m', 'followup', *{words!r}], stdin=subprocess.DEVNULL)"
    hook(f"import subprocess, sys; sys.exit({call}.returncode)")
    run = program("done", "1", "good")
    assert (run.code, run.err) == (0, b"")


def test_a_reader_that_goes_away_does_not_keep_the_hook_from_hearing(
    anna: Desk, told: Callable[[], list[Any]], program: Program
) -> None:
    with program.start("done", "1", "good", stdout=-1, stderr=-1) as process:
        assert process.stdout is not None
        process.stdout.close()
        process.wait(30)
        assert process.stderr is not None
        assert process.stderr.read() == b""
    assert len(told()) == 1


def test_without_a_hook_nothing_is_loaded_for_one(anna: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("followup.delivery.hooks", "followup.delivery.processes"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    anna.does("done", "1", "good")
    assert not {"followup.delivery.hooks", "followup.delivery.processes"} & set(sys.modules)
