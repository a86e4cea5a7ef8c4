"""Long tables: no more memory than short ones, a bar on a terminal and none in a pipe, and Ctrl-C leaves nothing.

200,000 rows under `make trust`, 20,000 (some tests: fewer) otherwise.
"""

from __future__ import annotations

import os
import pty
import select
import signal
import sys
import time
from pathlib import Path

import pytest

from tests.trust.installed import FULL, PATIENCE, Installed, write_table

pytestmark = [pytest.mark.trust, pytest.mark.timeout(1800)]

HEADINGS = ["Customer ID", "Name", "E-mail", "Company", "Phone", "Notes", "Stadtteil"]
SHORT, LONG = (20_000, 200_000) if FULL else (2_000, 20_000)
MOST = 300  # MB
GROWTH = 60  # MB

ONE_CHUNK = """
import sys
from followup.actions import importing
from followup.cli.main import main

importing.CHUNK = 10**9
sys.exit(main(sys.argv[1:]))
"""


def table_of(folder: Path, size: int) -> Path:
    rows = (
        [
            *(f"C{number}", f"Person{number} Family{number}", f"p{number}@firm{number}.example", f"Firm {number}"),
            *(f"+49 30 {number:07}", f"note {number},\nsecond line", f"Ort {number % 50}"),
        ]
        for number in range(size)
    )
    return write_table(folder / f"{size}.csv", [HEADINGS, *rows])


def check_growth(small: float, large: float) -> None:
    """Ten times the rows, and no more than some MB more."""
    assert large <= MOST
    assert large - small < GROWTH


def test_memory_does_not_grow_with_the_table(installed: Installed) -> None:
    """Bounded memory: import, the same import again, and export, each in a process that is measured."""
    short, long = (table_of(installed.folder, size) for size in (SHORT, LONG))
    small = installed.measured("import", short)
    large = installed.other("long.db")
    first = large.measured("import", long, "--json")
    assert (first.json["rows"], first.json["created"], large.count("customer")) == (LONG, LONG, LONG)
    check_growth(small.peak, first.peak)
    if FULL:
        again = large.measured("import", long, "--json")
        assert (again.json["unchanged"], again.json["created"], again.json["updated"]) == (LONG, 0, 0)
        check_growth(small.peak, again.peak)
    out = large.measured("export", "customers", "-o", installed.folder / "out.csv")
    check_growth(small.peak, out.peak)


def test_a_refusal_of_a_long_table_stays_small(installed: Installed) -> None:
    """Bounded memory: every row is bad and every row is told, which takes some; the rows themselves are not kept."""
    size = LONG if FULL else LONG // 5
    short, long = (table_of(installed.folder, each) for each in (SHORT, size))
    for path in (short, long):
        path.write_text(path.read_text(encoding="utf-8").replace("@firm", " at firm"), encoding="utf-8")
    refused = [installed.measured("import", path) for path in (short, long)]
    assert [said.code for said in refused] == [1, 1]
    assert refused[1].peak <= MOST
    skipped = installed.measured("import", long, "--json", "--skip-bad", installed.folder / "rejects.csv")
    assert (skipped.json["rejected_count"], skipped.json["created"]) == (size, 0)
    assert skipped.peak <= MOST


class Terminal:
    """The program on a terminal of its own."""

    def __init__(self, installed: Installed, *args: str | Path) -> None:
        self.main, other = pty.openpty()
        self.process = installed.start(
            *args,
            stdin=other,
            stdout=other,
            stderr=other,
            env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "80"},
        )
        os.close(other)
        self.drawn = b""

    def read_until(self, text: bytes = b"") -> bool:
        """Read on until the text was drawn, or to the end; True when it was."""
        until = time.monotonic() + PATIENCE
        while not text or text not in self.drawn:
            if not select.select([self.main], [], [], max(0.0, until - time.monotonic()))[0]:
                return False
            try:
                self.drawn += os.read(self.main, 65536)
            except OSError:  # how the end of a terminal is told
                return False
        return True

    def end(self) -> int:
        """Wait for the end; gives the exit code."""
        self.read_until()
        os.close(self.main)
        return self.process.wait(PATIENCE)


def test_a_bar_on_a_terminal_and_none_in_a_pipe(installed: Installed) -> None:
    """A long import tells how far it is, on a terminal alone; a short one does not."""
    path, short = table_of(installed.folder, 5500), table_of(installed.folder, 50)
    shown = Terminal(installed, "import", path, "--yes")
    assert shown.end() == 0
    assert b"Reading" in shown.drawn
    assert b"Taking in" in shown.drawn
    assert b"/5500" in shown.drawn
    quiet = Terminal(installed, "import", short, "--yes")
    assert quiet.end() == 0
    assert b"Taking in" not in quiet.drawn
    piped = installed.other("piped.db").runs("import", path)
    assert all(line.startswith("Note: ") for line in piped.err.splitlines())
    assert "\x1b" not in piped.out + piped.err
    assert "Taking in" not in piped.out + piped.err


@pytest.mark.parametrize("word", [b"Reading", b"Taking in"] if FULL else [b"Taking in"])
def test_ctrl_c_leaves_nothing(installed: Installed, word: bytes) -> None:
    """Ctrl-C while the bar is drawn: exit 130, the bar is gone, and there is no data file."""
    terminal = Terminal(installed, "import", table_of(installed.folder, 20_000 if FULL else 6000), "--yes")
    assert terminal.read_until(word)
    terminal.process.send_signal(signal.SIGINT)
    assert terminal.end() == 130
    assert b"interrupted; nothing is half done" in terminal.drawn
    assert terminal.drawn.rstrip().endswith(b"nothing is half done")
    assert b"Traceback" not in terminal.drawn
    assert installed.beside() == []


@pytest.mark.skipif(not FULL, reason="takes long")
def test_a_table_held_in_memory_is_found_out(installed: Installed) -> None:
    """Bounded memory can fail: an import that takes the whole table as one chunk."""
    small = installed.measured("import", table_of(installed.folder, SHORT))
    path = table_of(installed.folder, 60_000)
    large = installed.other("one-chunk.db")
    said = large.measured("import", path, "--json", starts=[sys.executable, "-c", ONE_CHUNK])
    assert said.json["created"] == 60_000
    with pytest.raises(AssertionError):
        check_growth(small.peak, said.peak)
