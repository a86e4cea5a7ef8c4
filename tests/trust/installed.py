"""The installed program on a data file of its own: in a process, or in this one where thousands of runs are needed."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hypothesis import settings

from followup.store.schema import FACT_TABLES

FULL = settings.default is not None and settings.default.max_examples >= 1000
"""True under `make trust`: the figures of the bars. Otherwise the same tests with fewer examples."""

TODAY = "2026-01-05"
NOT_GIVEN = ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "FOLLOWUP_TODAY", "FOLLOWUP_DB", "FOLLOWUP_CONFIG")
PATIENCE = 600  # seconds for one run on a machine that does much else


# A process counts the memory of the one that forked it as its own, so a small one has to do that.
_MEASURE = """
import os, sys
pid = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ)
_, status, used = os.wait4(pid, 0)
with open(sys.argv[1], "w") as file:
    file.write(str(used.ru_maxrss / (1024 if sys.platform != "darwin" else 1024 * 1024)))
sys.exit(os.waitstatus_to_exitcode(status))
"""


def command() -> list[str]:
    """How the program is started: the one that is installed beside this Python."""
    installed = shutil.which("followup", path=str(Path(sys.executable).parent))
    return [installed] if installed else [sys.executable, "-m", "followup"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Exit code, standard output, standard error; `peak` is the most memory that the process had, in MB."""

    code: int
    out: str
    err: str
    peak: float = 0.0

    @property
    def json(self) -> Any:
        """Standard output as the JSON it must be."""
        return json.loads(self.out)


class _Stream(io.TextIOWrapper):
    """A stream as a pipe is one: text and bytes go to the same place."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", newline="", write_through=True)

    def text(self) -> str:
        buffer = self.buffer
        assert isinstance(buffer, io.BytesIO)
        return buffer.getvalue().decode()


@dataclass(frozen=True, slots=True)
class Installed:
    """A folder with a data file (not there yet) and an empty configuration, and the program that works on it."""

    folder: Path
    db: Path

    @classmethod
    def new(cls, folder: Path, name: str = "followup.db") -> Installed:
        """A place for a data file in a folder that is there."""
        (folder / "config.toml").touch(mode=0o600)
        return cls(folder, folder / name)

    def other(self, name: str) -> Installed:
        """The same with a data file of another name, empty now."""
        found = Installed.new(self.folder, name)
        found.forget()
        return found

    def forget(self) -> None:
        """Take the data file away."""
        for path in self.beside():
            path.unlink()

    def beside(self) -> list[Path]:
        """The data file and its logs, as far as they are there."""
        names = (self.db, *(self.db.with_name(self.db.name + end) for end in ("-wal", "-shm", "-journal")))
        return [path for path in names if path.exists()]

    def arguments(self, *args: str | Path) -> list[str]:
        """The whole command line behind the name of the program."""
        own = ("--db", self.db, "--config", self.folder / "config.toml", "--today", TODAY)
        return [*map(str, own), *map(str, args)]

    # In this process

    def here(self, *args: str | Path) -> Said:
        """Run it in this process, on the real files."""
        from followup.cli.main import main

        out, err = _Stream(), _Stream()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(self.arguments(*args))
        return Said(code=code, out=out.text(), err=err.text())

    def does(self, *args: str | Path) -> Said:
        """Run in this process what must succeed."""
        said = self.here(*args)
        assert said.code == 0, (args, said)
        return said

    def told(self, *args: str | Path) -> Any:
        """Run in this process what must succeed, and give its JSON."""
        return self.does(*args, "--json").json

    # In a process

    def start(
        self, *args: str | Path, before: Sequence[str] = (), program: bool = True, **options: Any
    ) -> subprocess.Popen[bytes]:
        """Start it in a process of its own and do not wait; `before` stands before it on the command line, or in the
        place of the program.
        """
        bare = {name: value for name, value in os.environ.items() if name not in NOT_GIVEN}
        options.setdefault("stdin", subprocess.DEVNULL)
        options.setdefault("env", bare)
        return subprocess.Popen([*before, *(command() if program else ()), *self.arguments(*args)], **options)

    def run(self, *args: str | Path, before: Sequence[str] = (), **options: Any) -> Said:
        """Run it in a process of its own."""
        with (self.folder / "out").open("w+b") as out, (self.folder / "err").open("w+b") as err:
            process = self.start(*args, before=before, stdout=out, stderr=err, **options)
            code = process.wait(PATIENCE)
            out.seek(0)
            err.seek(0)
            return Said(code=code, out=out.read().decode(), err=err.read().decode())

    def measured(self, *args: str | Path, starts: Sequence[str] = ()) -> Said:
        """Run it, or what starts it, in a process of its own and measure what memory that takes."""
        peak = self.folder / "peak"
        before = [sys.executable, "-S", "-c", _MEASURE, str(peak), *starts]
        said = self.run(*args, before=before, program=not starts)
        return replace(said, peak=float(peak.read_text(encoding="utf-8")))

    def runs(self, *args: str | Path, **options: Any) -> Said:
        """Run in a process what must succeed."""
        said = self.run(*args, **options)
        assert said.code == 0, (args, said)
        return said

    # What is in the file

    def facts(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything recorded in the data file; nothing without one."""
        if not self.db.exists():
            return {}
        with contextlib.closing(sqlite3.connect(self.db)) as connection:
            return {
                table: connection.execute(f"SELECT * FROM {table} ORDER BY rowid").fetchall()
                for table in sorted(FACT_TABLES)
            }

    def is_whole(self) -> bool:
        """True when SQLite finds nothing wrong with the file, and no row points at a row that is not there."""
        with contextlib.closing(sqlite3.connect(self.db)) as connection:
            checked = connection.execute("PRAGMA integrity_check").fetchall()
            return checked == [("ok",)] and connection.execute("PRAGMA foreign_key_check").fetchall() == []

    def count(self, table: str) -> int:
        """How many rows a table of the data file has."""
        with contextlib.closing(sqlite3.connect(self.db)) as connection:
            (number,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
            return int(number)

    def table(self, kind: str, *options: str) -> list[dict[str, str]]:
        """A table as `export` gives it, by headings."""
        target = self.folder / "table.csv"
        self.does("export", kind, "-o", target, *options)
        return rows_of(target)


# ------------------------------------------------------------------------------------------ tables


def cell_text(cell: str) -> str:
    """A cell as RFC 4180 writes it; no writer of the program or of Python is asked."""
    return '"' + cell.replace('"', '""') + '"' if any(sign in cell for sign in ',"\r\n') else cell


def table_text(rows: Iterable[Sequence[str]]) -> str:
    """Rows as the text of a table: commas, and a line feed behind each."""
    return "".join(",".join(map(cell_text, row)) + "\n" for row in rows)


def first_lines(rows: Iterable[Sequence[str]]) -> Iterator[int]:
    """On which line of the file each row begins, counted as an editor counts: LF, CR LF and CR end a line."""
    line = 1
    for row in rows:
        yield line
        text = table_text([row])
        line += text.count("\n") + text.count("\r") - text.count("\r\n")


def write_table(path: Path, rows: Iterable[Sequence[str]]) -> Path:
    """Write rows as a table of UTF-8, byte for byte."""
    with path.open("wb") as file:
        for row in rows:
            file.write(table_text([row]).encode())
    return path


def records_of(path: Path) -> list[list[str]]:
    """All records of a CSV file, headings first, as Python's own reader parts them."""
    csv.field_size_limit(2**30)
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, strict=True))


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file by its headings."""
    head, *rest = records_of(path)
    return [dict(zip(head, cells, strict=True)) for cells in rest]
