"""A hook is told what happened; nothing that it does can hold us up or harm us."""

from __future__ import annotations

import json
import os
import shlex
import signal
import sys
import time
from pathlib import Path

import pytest

from followup.delivery.hooks import run_hook

PAYLOAD = json.dumps({"schema": "followup.done/1", "said": "Grüße 語"})
LARGE = "x" * 10_000_000


def run(script: str, payload: str = PAYLOAD, *, timeout: float = 20.0) -> str:
    return run_hook([sys.executable, "-c", script], payload, environment=os.environ, timeout=timeout)


def is_alive(pid: int) -> bool:
    """True while a process runs; one that ended and that nobody has asked about does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").split(")")[-1].split()[0] != "Z"
    except OSError:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        return not Path("/proc/self").exists()


def test_a_hook_gets_the_payload_as_utf_8_and_the_environment_and_no_shell(tmp_path: Path) -> None:
    told = tmp_path / "told"
    script = (
        "import json, os, pathlib, sys\n"
        "data = sys.stdin.buffer.read().decode('utf-8')\n"
        f"pathlib.Path({str(told)!r}).write_text(json.dumps([data, sys.argv[1:], os.environ['PLACE']]))"
    )
    command = [sys.executable, "-c", script, "$HOME", "a b", "; touch x"]
    assert run_hook(command, PAYLOAD, environment={**os.environ, "PLACE": "here"}) == ""
    assert json.loads(told.read_text(encoding="utf-8")) == [PAYLOAD, ["$HOME", "a b", "; touch x"], "here"]


def test_a_large_payload_arrives_whole() -> None:
    script = f"import sys; sys.exit(sys.stdin.read() != 'x' * {len(LARGE)})"
    assert run(script, LARGE) == ""


@pytest.mark.parametrize(
    "script",
    [
        "pass",
        "import sys; sys.stdin.close()",
        "import sys; sys.stdin.read(10)",
        "import os; os.close(0); import time; time.sleep(0.3)",
    ],
    ids=["ends at once", "closes its input", "reads a little", "closes its input and goes on"],
)
def test_a_hook_need_not_read_its_input(script: str) -> None:
    assert run(script, LARGE) == ""


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_what_a_hook_writes_is_not_shown_when_it_succeeds(stream: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(f"import sys; sys.{stream}.write('x' * 3_000_000)") == ""
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("import sys; sys.exit(3)", "ended with 3"),
        ("import sys; print('first', file=sys.stderr); sys.exit('last words')", "ended with 1: last words"),
        ("import sys; sys.stderr.write('a\\n\\x1b]0;owned\\x07\\n\\n'); sys.exit(1)", r": \x1b]0;owned\x07"),
        ("import sys; sys.stderr.buffer.write(b'\\xff bad'); sys.exit(1)", ": \ufffd bad"),
        ("import sys; sys.exit('x' * 5000)", "x…"),
        ("import os; os.kill(os.getpid(), 9)", "was ended by SIGKILL"),
        ("import os; os.kill(os.getpid(), 15)", "was ended by SIGTERM"),
        ("raise ValueError('bad data')", "ended with 1: ValueError: bad data"),
    ],
)
def test_a_hook_that_fails_is_one_harmless_sentence(script: str, says: str) -> None:
    told = run(script)
    assert says in told
    assert told.startswith(f"the hook {sys.executable} ")
    assert "\n" not in told
    assert "\x1b" not in told
    assert len(told) < 400


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (["no-such-program-at-all"], "the hook no-such-program-at-all could not be started: no such file"),
        (["/"], "the hook / could not be started"),
        (["a\0b"], r"the hook a\x00b could not be started"),
        (["\x1b[2J"], r"the hook \x1b[2J could not be started"),
        ([""], "the hook is empty"),
        ([], "the hook is empty"),
    ],
)
def test_a_hook_that_cannot_be_started_is_a_sentence(command: list[str], says: str) -> None:
    assert run_hook(command, PAYLOAD, environment=os.environ).startswith(says)


@pytest.mark.parametrize(
    "script",
    [
        "import time; time.sleep(60)",
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)",
        "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)",
        "import sys\nwhile True: sys.stdout.write('x' * 65536)",
        "import sys\nwhile True: sys.stderr.write('x' * 65536)",
    ],
    ids=["sleeps", "does not want to end", "is stopped", "writes for ever", "complains for ever"],
)
def test_a_hook_that_takes_too_long_is_ended(script: str) -> None:
    began = time.monotonic()
    assert "took longer than 0.5 seconds and was ended" in run(script, LARGE, timeout=0.5)
    assert time.monotonic() - began < 15


def test_what_a_hook_started_ends_with_it(tmp_path: Path) -> None:
    place = tmp_path / "pid"
    command = ["sh", "-c", f"sleep 60 & echo $! > {shlex.quote(str(place))}; wait"]
    assert "took longer" in run_hook(command, PAYLOAD, environment=os.environ, timeout=1.0)
    pid = int(place.read_text(encoding="utf-8"))
    until = time.monotonic() + 20
    while is_alive(pid) and time.monotonic() < until:
        time.sleep(0.02)
    assert not is_alive(pid)


def test_what_a_hook_leaves_running_is_not_waited_for(tmp_path: Path) -> None:
    place = tmp_path / "pid"
    script = (
        "import pathlib, subprocess\n"
        "child = subprocess.Popen(['sleep', '30'])\n"
        f"pathlib.Path({str(place)!r}).write_text(str(child.pid))"
    )
    began = time.monotonic()
    assert run(script) == ""
    assert time.monotonic() - began < 15
    os.kill(int(place.read_text(encoding="utf-8")), signal.SIGKILL)


def test_endless_complaints_take_little_memory() -> None:
    import resource

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    run("import sys\nwhile True: sys.stderr.write('x' * 65536)", timeout=1.0)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 20 * 1024 * (1024 if sys.platform == "darwin" else 1)
