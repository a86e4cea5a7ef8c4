"""What the command tests share: a seller's desk on Monday 5 January 2026, one customer, small tables, the program."""

from __future__ import annotations

import csv
import io
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from followup.store.schema import FACT_TABLES

if TYPE_CHECKING:
    from tests.conftest import Answer, Cli

MONDAY = "2026-01-05"
SOURCE = Path(__file__).parents[2] / "src"


@dataclass(frozen=True, slots=True)
class Desk:
    """A command line with the questions that many tests ask."""

    cli: Cli

    def __call__(self, *args: str | Path, today: str | None = None) -> Answer:
        return self.cli(*args, today=today)

    def does(self, *args: str | Path, today: str | None = None) -> str:
        """Run what must succeed quietly, and give what it says; what time took off the list may be noted beside."""
        answer = self.cli(*args, today=today)
        beside = [line for line in answer.err.splitlines() if not line.startswith("Note: no longer on the list: ")]
        assert (answer.code, beside) == (0, []), answer
        return answer.out

    def json(self, *args: str | Path, today: str | None = None) -> Any:
        """Run what must succeed with --json, and give the object."""
        return json.loads(self.does(*args, "--json", today=today))

    def refuses(self, *args: str | Path, says: str, hint: str = "", code: int = 1, today: str | None = None) -> Answer:
        """Run what must be refused: exit code, one sentence and a hint, nothing on stdout, nothing changed."""
        before = self.facts()
        answer = self.cli(*args, today=today)
        assert answer.code == code, answer
        assert answer.out == ""
        first, *_, last = answer.err.splitlines()
        assert says in first, answer.err
        assert first.startswith("Error: ")
        if hint:
            assert last.startswith("Try: "), answer.err
            assert hint in last
        assert "Traceback" not in answer.err
        assert self.facts() == before
        return answer

    def sale(self, customer: str = "anna-meyer", *, today: str | None = None) -> Any:
        """The newest sale of a customer as `show --json` gives it."""
        return self.json("show", customer, today=today)["sales"][-1]

    def step(self, name: str, customer: str = "anna-meyer", *, today: str | None = None) -> Any:
        """The first touchpoint of a step that is still open, else the last one of it."""
        mine = [one for one in self.sale(customer, today=today)["touchpoints"] if one["step"] == name]
        return next((one for one in mine if one["status"] == "open"), mine[-1] if mine else None)

    def number(self, name: str, customer: str = "anna-meyer", *, today: str | None = None) -> str:
        """The number to type for a step."""
        return str(self.step(name, customer, today=today)["id"])

    def open_dates(self, customer: str = "anna-meyer", *, today: str | None = None) -> dict[str, str]:
        """Step (and occurrence) -> date of everything that is open."""
        return {
            f"{one['step']}/{one['occurrence']}": one["due_on"]
            for one in self.sale(customer, today=today)["touchpoints"]
            if one["status"] == "open"
        }

    def rows(self, table: str) -> list[tuple[Any, ...]]:
        """All rows of a table of the data file."""
        with closing(sqlite3.connect(self.cli.db)) as connection:
            return connection.execute(f"SELECT * FROM {table} ORDER BY rowid").fetchall()

    def facts(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything recorded in the data file; empty without one."""
        if not self.cli.db.exists():
            return {}
        return {table: self.rows(table) for table in sorted(FACT_TABLES)}

    def files(self) -> dict[str, bytes]:
        """Every file beside the data file, byte for byte."""
        folder = self.cli.db.parent
        return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(autouse=True)
def monday(monkeypatch: pytest.MonkeyPatch) -> str:
    """Every command runs on Monday 5 January 2026 unless it is told another day."""
    monkeypatch.setenv("FOLLOWUP_TODAY", MONDAY)
    return MONDAY


@pytest.fixture
def desk(cli: Cli) -> Desk:
    """A command line without a data file yet."""
    return Desk(cli)


Build = Callable[[Desk], None]
_BUILT: dict[str, bytes] = {}


@pytest.fixture
def built(desk: Desk) -> Callable[[str, Build], Desk]:
    """Give a desk with the data file that `build` leaves; made once in each process, then copied."""

    def copy(name: str, build: Build) -> Desk:
        if name not in _BUILT:
            build(desk)
            _BUILT[name] = desk.cli.db.read_bytes()
        else:
            with os.fdopen(os.open(desk.cli.db, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
                file.write(_BUILT[name])
        return desk

    return copy


def add_anna(desk: Desk) -> None:
    desk.does(
        *("add", "Anna Meyer", "--company", "Meyer GmbH", "--email", "anna@meyer.example"),
        *("--phone", "+49 30 1234567", "--product", "Ledgerline", "--goal", "close the month in three days"),
        *("--playbook", "saas", "--signed", MONDAY, "--anchor", "renewal=2027-01-05"),
    )


def add_two_annas(desk: Desk) -> None:
    add_anna(desk)
    desk.does("add", "Anna Mayer", "--playbook", "saas", "--signed", MONDAY)


@pytest.fixture
def anna(built: Callable[[str, Build], Desk]) -> Desk:
    """The worked example: Anna Meyer signs for saas today, the term ends in a year (DOMAIN appendix C)."""
    return built("anna", add_anna)


@pytest.fixture
def two_annas(built: Callable[[str, Build], Desk]) -> Desk:
    """Two customers whose names begin alike."""
    return built("two annas", add_two_annas)


Rows = Sequence[Mapping[str, str]]
WriteTable = Callable[..., Path]


@pytest.fixture
def table(tmp_path: Path) -> WriteTable:
    """Write rows as a delimiter-separated file: `table(rows, name="x.csv", delimiter=";", encoding="cp1252")`."""

    def write(rows: Rows, name: str = "customers.csv", *, delimiter: str = ",", encoding: str = "utf-8") -> Path:
        headings: Iterable[str] = dict.fromkeys(heading for row in rows for heading in row)
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, list(headings), delimiter=delimiter, restval="")
        writer.writeheader()
        writer.writerows(rows)
        path = tmp_path / name
        path.write_bytes(text.getvalue().encode(encoding))
        return path

    return write


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What the program gave back: exit code and bytes."""

    code: int
    out: bytes
    err: bytes


@dataclass(frozen=True, slots=True)
class Program:
    """The installed program in a process of its own, on the data file of the test."""

    db: Path
    config: Path

    @property
    def command(self) -> list[str]:
        """How it is started."""
        return [sys.executable, "-m", "followup"]

    def environment(self, **more: str) -> dict[str, str]:
        """The environment of the test with the files and the day of the test."""
        mine = {"FOLLOWUP_DB": str(self.db), "FOLLOWUP_CONFIG": str(self.config), "FOLLOWUP_TODAY": MONDAY}
        return {**os.environ, "PYTHONPATH": str(SOURCE), **mine, **more}

    def start(self, *args: str | bytes | Path, **options: Any) -> subprocess.Popen[bytes]:
        """Start it and do not wait."""
        options.setdefault("env", self.environment())
        return subprocess.Popen([*self.command, *args], **options)

    def __call__(self, *args: str | bytes | Path, typed: bytes = b"", **options: Any) -> Run:
        """Run it to its end, with `typed` on standard input."""
        options.setdefault("env", self.environment())
        done = subprocess.run(
            [*self.command, *args],
            check=False,
            input=typed,
            stdout=options.pop("stdout", subprocess.PIPE),
            stderr=subprocess.PIPE,
            timeout=60,
            **options,
        )
        return Run(code=done.returncode, out=done.stdout or b"", err=done.stderr)


@pytest.fixture
def program(cli: Cli) -> Program:
    """The program as a shell or cron runs it."""
    return Program(cli.db, cli.config)
