"""The program on a terminal that is not there: a pty, read to its end, and a screen that obeys what was written."""

from __future__ import annotations

import fcntl
import io
import os
import pty
import struct
import sys
import termios
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pyte

from tests.trust.installed import NOT_GIVEN, PATIENCE, Installed


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Exit code, and every byte that the program wrote on its terminal."""

    code: int
    out: bytes


class Terminal:
    """A pty of so many columns that changes no byte: a line feed stays one."""

    def __init__(self, columns: int) -> None:
        self._master, self.slave = pty.openpty()
        mode = termios.tcgetattr(self.slave)
        mode[1] &= ~termios.OPOST
        termios.tcsetattr(self.slave, termios.TCSANOW, mode)
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
        self._read: list[bytes] = []
        self._reader = threading.Thread(target=self._follow)
        self._reader.start()

    def _follow(self) -> None:
        while True:
            try:
                piece = os.read(self._master, 65_536)
            except OSError:  # nobody has the other end any more
                return
            if not piece:
                return
            self._read.append(piece)

    def close(self) -> bytes:
        """Everything that was written."""
        os.close(self.slave)
        self._reader.join(PATIENCE)
        os.close(self._master)
        return b"".join(self._read)


def run_on_terminal(installed: Installed, *args: str | Path, columns: int = 200, before: Sequence[str] = ()) -> Written:
    """Run the program in a process whose standard streams are a terminal; `before` stands in its place."""
    terminal = Terminal(columns)
    bare = {name: value for name, value in os.environ.items() if name not in NOT_GIVEN}
    streams = dict.fromkeys(("stdin", "stdout", "stderr"), terminal.slave)
    process = installed.start(
        *args, before=before, program=not before, **streams, env={**bare, "TERM": "xterm-256color"}
    )
    code = process.wait(PATIENCE)
    return Written(code=code, out=terminal.close())


def here_on_terminal(installed: Installed, *args: str | Path, columns: int = 200) -> Written:
    """The same in this process, for thousands of runs."""
    from followup.cli.main import main

    terminal = Terminal(columns)
    with _stream(terminal.slave) as out, _stream(terminal.slave) as err, redirect_stdout(out), redirect_stderr(err):
        kept = {name: os.environ.get(name) for name in ("COLUMNS", "TERM")}
        os.environ |= {"COLUMNS": str(columns), "TERM": "xterm-256color"}
        try:
            code = main(installed.arguments(*args))
        finally:
            for name, value in kept.items():
                os.environ.pop(name)
                if value is not None:
                    os.environ[name] = value
    return Written(code=code, out=terminal.close())


@contextmanager
def _stream(descriptor: int) -> Iterator[io.TextIOWrapper]:
    with io.TextIOWrapper(os.fdopen(os.dup(descriptor), "wb"), encoding="utf-8", line_buffering=True) as stream:
        assert stream is not sys.stdout
        yield stream


def screen_after(written: bytes, columns: int = 200) -> pyte.Screen:
    """The screen after all of it was written, tall enough that nothing scrolls out."""
    screen = pyte.Screen(columns, written.count(b"\n") + written.count(b"\x1b") + len(written) // columns + 3)
    screen.set_mode(pyte.modes.LNM)  # a line feed begins a new line, as a terminal makes it
    pyte.ByteStream(screen).feed(written)
    return screen
