"""Passwords: a command, else a variable, else the keyring; never shown (TRUST 2.9, bar 13)."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring

from followup.delivery import secrets
from followup.delivery.secrets import CALDAV_SERVICE, SMTP_SERVICE, find_password
from followup.errors import NotDeliveredError

SECRET = "s3cret-Ünïcödé word"


class Memory(KeyringBackend):
    """A keyring that holds one password; what it is asked for is noted."""

    priority = 1  # type: ignore[assignment]

    def __init__(self, answer: str | Exception | None) -> None:
        super().__init__()
        self.answer = answer
        self.asked: list[tuple[str, str]] = []

    def get_password(self, service: str, username: str) -> str | None:
        self.asked.append((service, username))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def set_password(self, service: str, username: str, password: str) -> None:
        raise AssertionError

    def delete_password(self, service: str, username: str) -> None:
        raise AssertionError


@pytest.fixture(autouse=True)
def no_keyring() -> Iterator[None]:
    """A machine without a keyring, as cron finds it, unless the test brings one."""
    before = keyring.get_keyring()
    keyring.set_keyring(NoKeyring())
    yield
    keyring.set_keyring(before)


def holding(answer: str | Exception | None) -> Memory:
    memory = Memory(answer)
    keyring.set_keyring(memory)
    return memory


def find(
    command: Sequence[str] = (),
    variable: str = "",
    environment: Mapping[str, str] | None = None,
    user: str = "ann",
    **more: Any,
) -> str | None:
    return find_password(
        command=command, variable=variable, environment={**os.environ, **(environment or {})}, user=user, **more
    )


def printing(text: str) -> list[str]:
    return [sys.executable, "-c", f"import sys; sys.stdout.buffer.write({text.encode()!r})"]


def refused(*args: Any, code: int = 1, **more: Any) -> NotDeliveredError:
    """The refusal, which holds no secret."""
    with pytest.raises(NotDeliveredError) as caught:
        find(*args, **more)
    error = caught.value
    assert error.exit_code == code
    assert error.hint
    assert SECRET not in error.sentence + error.hint
    assert "s3cret" not in repr(error.__cause__) + error.sentence + error.hint
    return error


@pytest.mark.parametrize(
    ("printed", "password"),
    [
        (SECRET + "\n", SECRET),
        (SECRET, SECRET),
        (SECRET + "\r\n", SECRET),
        (SECRET + "\nlogin: ann\nurl: mail.example.com\n", SECRET),
        (" leading and trailing \n", " leading and trailing "),
    ],
)
def test_a_command_gives_its_first_line(printed: str, password: str) -> None:
    assert find(printing(printed)) == password


def test_the_order_is_command_variable_keyring() -> None:
    memory = holding("from the keyring")
    environment = {"MAIL_PASSWORD": "from the variable"}
    assert find(printing("from the command"), "MAIL_PASSWORD", environment) == "from the command"
    assert find((), "MAIL_PASSWORD", environment) == "from the variable"
    assert memory.asked == []
    assert find((), "", environment) == "from the keyring"
    assert find((), "NOT_SET", environment) == "from the keyring"
    assert memory.asked == [(SMTP_SERVICE, "ann")] * 2
    assert find(service=CALDAV_SERVICE, user="bea") == "from the keyring"
    assert memory.asked[-1] == ("followup-caldav", "bea")


def test_none_where_nothing_is_named() -> None:
    assert find(user="") is None
    holding(None)
    assert find() is None


def test_a_command_gets_the_environment_and_no_shell(tmp_path: Path) -> None:
    script = "import os, sys; print(os.environ['STORE'], sys.argv[1:], sys.stdin.read())"
    command = [sys.executable, "-c", script, "$HOME; touch x", "*"]
    assert find(command, environment={"STORE": "here"}) == "here ['$HOME; touch x', '*'] "


@pytest.mark.parametrize(
    ("script", "says"),
    [
        (f"print({SECRET!r}); raise SystemExit(3)", "ended with 3"),
        (f"import sys; sys.exit({SECRET!r})", "ended with 1"),
        (f"import os; print({SECRET!r}, flush=True); os.kill(os.getpid(), 15)", "was ended by signal 15"),
        ("", "printed no password"),
        (f"print(); print({SECRET!r})", "printed no password"),
        ("import sys; sys.stdout.buffer.write(b'\\xff\\xfe\\n')", "not text"),
    ],
)
def test_a_command_that_fails_is_told_without_what_it_said(script: str, says: str) -> None:
    error = refused([sys.executable, "-c", script], "NOT_ASKED", {"NOT_ASKED": "x"})
    assert says in error.sentence
    assert "smtp.password_command" in error.hint


@pytest.mark.parametrize("command", [["no-such-program-at-all"], ["/"], ["/dev/null"], [""], ["a\0b"]])
def test_a_command_that_cannot_be_started_is_a_sentence(command: list[str]) -> None:
    assert "could not be started" in refused(command).sentence


@pytest.mark.parametrize(
    "script",
    [
        "import time; time.sleep(60)",
        "import subprocess, sys; subprocess.run(['sleep', '60'])",
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)",
        "while True: print('x' * 10_000)",
    ],
    ids=["sleeps", "its child sleeps", "does not want to end", "prints for ever"],
)
def test_a_command_that_takes_too_long_is_ended_and_may_be_tried_again(script: str) -> None:
    began = time.monotonic()
    error = refused([sys.executable, "-c", script], timeout=0.4, code=75)
    assert time.monotonic() - began < 15
    assert "took longer than 0.4 seconds" in error.sentence


@pytest.mark.parametrize("environment", [{}, {"MAIL_PASSWORD": ""}])
def test_a_variable_that_holds_nothing_is_named(environment: dict[str, str]) -> None:
    error = refused((), "MAIL_PASSWORD", environment)
    assert "MAIL_PASSWORD" in error.sentence
    assert "cron" in error.hint


def test_without_a_keyring_the_other_two_ways_are_named() -> None:
    error = refused()
    assert "there is no keyring" in error.sentence
    assert "cron" in error.sentence
    assert "smtp.password_command" in error.hint
    assert "smtp.password_env" in error.hint
    assert "caldav.password_env" in refused(service=CALDAV_SERVICE).hint


@pytest.mark.parametrize("failure", [RuntimeError(f"locked {SECRET}"), OSError(2, "no D-Bus"), ValueError()])
def test_a_keyring_that_fails_is_told_in_our_words(failure: Exception) -> None:
    holding(failure)
    assert "did not give the password" in refused().sentence


def test_a_keyring_that_waits_for_somebody_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "KEYRING_PATIENCE", 0.2)
    memory = holding(SECRET)
    monkeypatch.setattr(memory, "get_password", lambda *_: time.sleep(0.6))
    error = refused(code=75)
    assert "did not answer" in error.sentence
    time.sleep(0.6)


def test_without_the_library_keyring_there_is_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert find() is None
