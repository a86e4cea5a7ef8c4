"""The installed program in its own process: pipes, cron, terminals, signals, two at once."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import sqlite3
import stat
import subprocess
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from wcwidth import wcswidth

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Build, Desk, Program, WriteTable

pytestmark = pytest.mark.trust

STYLE = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture
def shop(built: Callable[[str, Build], Desk], table: WriteTable) -> Desk:
    """Sixty customers, all of them due today."""
    rows = [{"Name": f"Käthe Customer{n:02}", "Email": f"c{n}@x.example", "Signed": "2026-01-05"} for n in range(60)]

    def take_in(desk: Desk) -> None:
        desk.does("import", table(rows), "--playbook", "retail")

    return built("sixty", take_in)


def on_a_terminal(program: Program, *args: str, **more: str) -> str:
    """What the program draws on a terminal, colours and all."""
    master, slave = pty.openpty()
    try:
        with program.start(
            *args,
            env=program.environment(**{"TERM": "xterm-256color", **more}),
            stdin=slave,
            stdout=slave,
            stderr=slave,
        ) as process:
            os.close(slave)
            slave = -1
            drawn = b""
            while select.select([master], [], [], 30)[0]:
                try:
                    piece = os.read(master, 65536)
                except OSError:
                    break
                if not piece:
                    break
                drawn += piece
            assert process.wait(timeout=30) == 0, drawn
    finally:
        os.close(master)
        if slave >= 0:
            os.close(slave)
    return drawn.decode("utf-8").replace("\r\n", "\n")


def test_a_reader_who_leaves_early_is_no_error(shop: Desk, program: Program) -> None:
    command = " ".join([*map(repr, program.command), "due", "--all", "--days", "400"])
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command} | head -1; echo ${{PIPESTATUS[0]}}"],
        env=program.environment(),
        capture_output=True,
        check=False,
        timeout=60,
    )
    first, code = done.stdout.decode().splitlines()
    assert "Käthe Customer" in first
    assert code in ("0", "141")
    assert done.stderr == b""


def test_a_closed_stdout_and_a_full_disk_are_one_line(shop: Desk, program: Program) -> None:
    done_without_streams = " ".join([*map(repr, program.command), "done", "1", "good", ">&-", "2>&-", "<&-"])
    closed = subprocess.run(
        ["bash", "-c", done_without_streams],
        env=program.environment(),
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert (closed.returncode, closed.stderr) == (0, b"")
    assert shop.json("due")["done_today"] == 1, "recorded all the same"
    with Path("/dev/full").open("wb") as full:
        done = program("due", "--json", stdout=full)
    assert done.code == 1
    assert b"Traceback" not in done.err
    assert done.err.decode().startswith("Error: ")
    assert len(done.err.splitlines()) <= 2


def test_the_environment_of_cron_is_enough(shop: Desk, program: Program) -> None:
    bare = {name: program.environment()[name] for name in ("PYTHONPATH", "HOME", "PATH")}
    done = program("--db", program.db, "--config", program.config, "--today", "2026-01-05", "due", env=bare)
    assert done.code == 0
    assert b"Traceback" not in done.err
    assert len(done.out.splitlines()) == 12
    assert "Käthe" in done.out.decode("utf-8")


@pytest.mark.parametrize("columns", ["20", "40", "80", "140"])
def test_no_line_is_wider_than_the_terminal(shop: Desk, program: Program, columns: str) -> None:
    drawn = on_a_terminal(program, "due", COLUMNS=columns)
    lines = STYLE.sub("", drawn).splitlines()
    assert max(wcswidth(line) for line in lines) <= int(columns)
    assert "\x1b[" in drawn, "bold at least"
    text = " ".join(" ".join(lines).split())
    number = str(shop.json("due")["items"][0]["id"])
    assert number in text
    assert "Käthe Cust" in text
    if columns == "40":
        assert "2026-01-05" in text or "today" in text


def test_no_color_and_dumb_terminals(shop: Desk, program: Program) -> None:
    colour = re.compile(r"\x1b\[[0-9;]*3[0-7]")
    late = {"FOLLOWUP_TODAY": "2026-02-02"}
    assert colour.search(on_a_terminal(program, "due", **late))
    assert not colour.search(on_a_terminal(program, "due", NO_COLOR="1", **late))
    assert colour.search(on_a_terminal(program, "due", NO_COLOR="", **late)), "empty does not count"
    assert "\x1b" not in on_a_terminal(program, "--color", "never", "due", **late)
    assert "\x1b" not in on_a_terminal(program, "due", TERM="dumb", **late)


def test_an_ascii_terminal_gets_escapes_and_no_traceback(shop: Desk, program: Program) -> None:
    environment = program.environment(LANG="C", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    environment |= {"PYTHONIOENCODING": "ascii:strict"}
    for args in (("due",), ("--color", "always", "due"), ("show", "c1@x.example"), ("due", "--json")):
        done = program(*args, env=environment)
        assert (done.code, b"Traceback" in done.err) == (0, False), done
        done.out.decode("ascii")
    assert json.loads(done.out)["items"][0]["customer"].startswith("Käthe")


def test_the_list_of_the_day_in_a_pipe_is_bytes_that_nothing_obeys(shop: Desk, program: Program) -> None:
    done = program("due")
    assert done.code == 0
    assert b"\x1b" not in done.out
    assert len(done.out.splitlines()) == 12


def test_files_are_for_their_owner_only(program: Program, tmp_path: Path) -> None:
    folder = tmp_path / "fresh"
    environment = program.environment(
        FOLLOWUP_DB=str(folder / "data" / "followup.db"), FOLLOWUP_CONFIG=str(folder / "config" / "config.toml")
    )
    options: dict[str, Any] = {"env": environment, "preexec_fn": lambda: os.umask(0)}
    source = tmp_path / "in.csv"
    source.write_text("Name,Email\nAnna,nonsense\nBen,b@x.example\n", encoding="utf-8")
    for args in (
        ("add", "Anna", "--playbook", "saas"),
        ("config", "set", "contact.capacity", "9"),
        ("playbook", "new", "mine"),
        ("import", source, "--skip-bad", folder / "rejects.csv"),
    ):
        done = program(*args, **options)
        assert done.code == 0, (args, done)
    found = list(folder.rglob("*"))
    assert len(found) >= 7
    wide = [str(path) for path in found if stat.S_IMODE(path.stat().st_mode) & 0o077]
    assert wide == []


def test_ctrl_c_is_130_and_nothing_is_half_done(desk: Desk, program: Program, table: WriteTable) -> None:
    """While another process holds the file the import waits; interrupted there, it has taken nobody in."""
    desk.does("add", "Anna", "--playbook", "saas")
    before = desk.facts()
    rows = [{"Name": f"Customer {n}", "Signed": "2026-01-05"} for n in range(50)]
    with closing(sqlite3.connect(program.db, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        process = program.start(
            "import", table(rows), "--playbook", "saas", stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert process.stdout is not None
        assert b"50 rows of customers" in process.stdout.readline(), "what it is about to take comes first"
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
        holder.execute("ROLLBACK")
    assert process.returncode == 130
    assert b"new" not in out
    assert b"nothing is half done" in err
    assert b"Traceback" not in err
    assert desk.facts() == before


def test_three_at_once_complete_it_once(anna: Desk, program: Program) -> None:
    runs = [
        program.start("done", "1", word, "--json", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for word in ("good", "great", "ok")
    ]
    told = []
    for run in runs:
        out, err = run.communicate(timeout=60)
        assert (run.returncode, err) == (0, b"")
        told.append(json.loads(out))
    assert sorted(one["already"] for one in told) == [False, True, True]
    (fact,) = anna.sale()["activities"]
    assert fact["outcomes"] == next(one["activity"]["outcomes"] for one in told if not one["already"])
    assert [line["command"] for line in anna.json("history")["items"]] == ["done", "add"]


def test_bytes_that_are_no_text_are_a_sentence(desk: Desk, program: Program) -> None:
    done = program(b"add", b"Jos\xe9")
    assert (done.code, done.out) == (1, b"")
    assert b"not text" in done.err
    assert not desk.cli.db.exists()


def test_a_bug_is_exit_70_in_one_line(anna: Desk, program: Program, tmp_path: Path) -> None:
    broken = (
        "import followup.actions.due as due\n"
        "def explode(*_, **__): raise KeyError('anna@meyer.example')\n"
        "due.fold = explode\n"
        "from followup.cli.main import main\n"
        "raise SystemExit(main(['due']))\n"
    )
    done = subprocess.run(
        [program.command[0], "-c", broken],
        env=program.environment(XDG_STATE_HOME=str(tmp_path / "state")),
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (70, b"")
    assert done.stderr.startswith(b"Error: this is a bug in followup (KeyError)\n")
    assert b"Traceback" not in done.stderr
    (log,) = (tmp_path / "state").rglob("*.log")
    assert b"meyer.example" not in log.read_bytes() + done.stderr
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
