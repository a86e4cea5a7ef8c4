"""Bars 2, 1 and 4 for imports: killed, interrupted or out of disk, all rows of a table are in or none.

Under `make trust` 5,000 rows with their sales; otherwise some hundred.
"""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from tests.trust.installed import FULL, PATIENCE, Installed, write_table
from tests.trust.tracing import needs_strace, traced

pytestmark = [pytest.mark.trust, pytest.mark.timeout(1800)]

HEADINGS = ["Customer ID", "Name", "E-mail", "Company", "Notes", "Playbook", "Signed"]
MANY, SOME = (5000, 300) if FULL else (200, 60)
# (rows, kills), in parts that several processes share: 500 kills in all under `make trust`.
RANDOM_KILLS = [(MANY, 20), (MANY, 20), (SOME, 230), (SOME, 230)] if FULL else [(MANY, 3)]
KILLED_WRITES = [(SOME, 120), (MANY, 12)] if FULL else [(SOME, 2)]

COMMITS_EACH_CHUNK = """
import os, signal, sys
from followup.actions.import_customers import CustomerIntake
from followup.cli.main import main
from followup.store import Store

right, opened = CustomerIntake.take, Store.open

def without_foreign_keys(*args, **options):
    store = opened(*args, **options)
    store._connection.execute("PRAGMA foreign_keys = OFF")  # or SQLite refuses what is half done
    return store

def take(self, values):
    right(self, values)
    self._context.store._connection.commit()
    os.kill(os.getpid(), signal.SIGKILL)

CustomerIntake.take, Store.open = take, without_foreign_keys
main(sys.argv[1:])
"""


def table_of(folder: Path, size: int, *, sales: bool = True) -> Path:
    """So many customers with a note of two lines, and with a sale each where a playbook is named."""
    rows = (
        [
            *(f"C{number}", f"Person{number} Family{number}", f"p{number}@firm{number}.example", f"Firm {number}"),
            *(f"note {number},\nsecond line", "retail" if sales else "", f"2025-{number % 12 + 1:02}-15"),
        ]
        for number in range(size)
    )
    return write_table(folder / f"{size}.csv", [HEADINGS, *rows])


def there(installed: Installed) -> dict[str, int]:
    """How many rows each table has; SQLite rolls back what was half written when the file is opened."""
    if not installed.db.exists():
        return dict.fromkeys(("customer", "contact", "sale"), 0)
    with closing(sqlite3.connect(installed.db)) as connection:
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
        return {
            table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] if table in names else 0
            for table in ("customer", "contact", "sale")
        }


def check_all_or_nothing(installed: Installed, size: int) -> bool:
    """All or none of the customers, each with contact and sale, in a sound file. True: all."""
    found = there(installed)
    assert found in [dict.fromkeys(found, 0), dict.fromkeys(found, size)]
    assert not installed.db.exists() or installed.is_whole()
    return found["customer"] == size


def check_next_import(installed: Installed, path: Path, size: int) -> None:
    """The next import finds nothing in its way, and nobody comes in twice."""
    told = installed.runs("import", path, "--json").json
    assert (told["rows"], told["created"] + told["unchanged"], told["updated"]) == (size, size, 0)
    assert check_all_or_nothing(installed, size)


@pytest.mark.parametrize("part", range(len(RANDOM_KILLS)))
def test_killed_at_any_moment(installed: Installed, part: int) -> None:
    """Bar 2: kill -9 at random moments of an import: 0 customers or all; the next import works."""
    size, kills = RANDOM_KILLS[part]
    path = table_of(installed.folder, size)
    began = time.monotonic()
    installed.runs("import", path)
    lasted = time.monotonic() - began
    installed.forget()
    chance = Random(part)
    completed = killed = 0
    for _ in range(kills):
        if there(installed)["customer"]:
            installed.forget()
        with installed.start("import", path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                process.wait(chance.uniform(0.1, 1.1) * lasted)
            except subprocess.TimeoutExpired:
                process.kill()
                killed += 1
            acknowledged = process.wait(PATIENCE) == 0
        completed += check_all_or_nothing(installed, size)
        assert not acknowledged or there(installed)["customer"] == size
    assert killed
    check_next_import(installed, path, size)


def calls_of(installed: Installed, call: str, path: Path) -> int:
    """How often an import that nothing disturbs makes a system call."""
    log = installed.folder / "trace"
    installed.runs("import", path, before=traced(call, "-o", str(log)))
    installed.forget()
    with log.open(encoding="utf-8", errors="replace") as lines:
        return sum(f"{call}(" in line for line in lines)


@needs_strace
@pytest.mark.parametrize("call", ["pwrite64", "fdatasync"])
@pytest.mark.parametrize(("size", "kills"), KILLED_WRITES)
def test_killed_at_every_so_many_writes(installed: Installed, size: int, kills: int, call: str) -> None:
    """Bars 1 and 2: kill -9 at the first, at the last and at evenly chosen writes and syncs of an import."""
    path = table_of(installed.folder, size)
    count = calls_of(installed, call, path)
    assert count
    step = max(1, (count - 1) // max(1, kills - 1))
    for number in sorted({1, count, *range(1, count + 1, step)}):
        if there(installed)["customer"]:
            installed.forget()
        inject = ("-o", os.devnull, "-e", f"inject={call}:signal=SIGKILL:when={number}")
        said = installed.run("import", path, before=traced(call, *inject))
        complete = check_all_or_nothing(installed, size)
        assert said.code != 0 or complete, number
    check_next_import(installed, path, size)


@pytest.mark.parametrize("room", [8, 300, 2000] if FULL else [100])
@pytest.mark.parametrize("known", [False, True], ids=["no data file yet", "a data file"])
def test_a_full_disk(installed: Installed, room: int, known: bool) -> None:
    """Bar 4: so many KB of room: exit 3, one sentence, nothing changed; with room the same import works."""
    size = MANY
    path = table_of(installed.folder, size)
    if known:
        installed.does("add", "Zoe Early", "--email", "zoe@early.example")
    before = installed.facts()
    taken = installed.db.stat().st_size if known else 200_000
    limit = taken + room * 1024

    def small_disk() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    said = installed.run("import", path, "--json", preexec_fn=small_disk)
    assert (said.code, said.err) == (3, ""), said
    assert "Traceback" not in said.out
    assert said.json["error"].count("\n") == 0
    assert installed.facts() == before
    assert bool(installed.beside()) is known
    assert not known or installed.is_whole()
    told = installed.runs("import", path, "--json").json
    assert (told["created"], installed.count("customer")) == (size, size + known)


@pytest.mark.parametrize("known", [False, True], ids=["no data file yet", "a data file"])
def test_interrupted(installed: Installed, known: bool) -> None:
    """Bar 2: Ctrl-C at some moments: exit 130 and nothing is there that was not there before, or it was done."""
    size = MANY
    path = table_of(installed.folder, size)
    if known:
        installed.does("add", "Zoe Early", "--email", "zoe@early.example")
    before, files = installed.facts(), sorted(installed.folder.iterdir())
    began = time.monotonic()
    copy = installed.other("copy.db")
    copy.runs("import", path)
    lasted = time.monotonic() - began
    copy.forget()
    codes = []
    for part in (0.01, 0.2, 0.4) if FULL else (0.1,):
        process = installed.start("import", path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert process.stdout is not None
        assert process.stdout.readline(), "the preview: the rows are about to be taken"
        time.sleep(part * lasted)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=PATIENCE)
        codes.append(process.returncode)
        if installed.facts() != before:  # it was done; the signal met a program that was leaving
            break
        assert (process.returncode, err) == (130, b"interrupted; nothing is half done\n")
        assert installed.facts() == before
        assert sorted(set(installed.folder.iterdir()) - {copy.folder / "out", copy.folder / "err"}) == files
    assert 130 in codes


def test_an_import_that_commits_each_chunk_is_found_out(installed: Installed) -> None:
    """Bar 2 can fail: an import that is kept a chunk at a time and is killed after the first."""
    path = table_of(installed.folder, 1100, sales=False)
    done = subprocess.run(
        [sys.executable, "-c", COMMITS_EACH_CHUNK, *installed.arguments("import", path)],
        check=False,
        capture_output=True,
        timeout=PATIENCE,
    )
    assert done.returncode == -signal.SIGKILL
    assert 0 < there(installed)["customer"] < 1100
    with pytest.raises(AssertionError):
        check_all_or_nothing(installed, 1100)
