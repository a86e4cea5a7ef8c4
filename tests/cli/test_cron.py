"""`followup cron`: what it prints can be piped on as it is, names this program and these files, and changes nothing."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Cli

SOURCE = Path(__file__).parents[2] / "src"


def in_a_process(
    folder: Path, *words: str, before: tuple[str, ...] = (sys.executable, "-m", "followup"), **more: str
) -> subprocess.CompletedProcess[str]:
    environment = {"HOME": str(folder), "PATH": "/usr/bin:/bin", "PYTHONPATH": str(SOURCE), **more}
    return subprocess.run(
        [*before, *words], cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A `followup` of its own, in a folder whose name needs every quote."""
    path = tmp_path / "my programs 100%" / "followup"
    path.parent.mkdir()
    path.write_text(
        f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(SOURCE))} exec {sys.executable} -c "'
        f'import sys; sys.argv[0] = \'{path}\'; from followup.cli.main import run; run()" "$@"\n',
        encoding="utf-8",
    )
    path.chmod(0o755)
    return path


def test_in_a_pipe_it_prints_the_crontab_lines_and_nothing_else(cli: Cli) -> None:
    answer = cli("cron", "--system", "cron")

    assert answer.code == 0
    comment, job = answer.out.splitlines()
    assert comment.startswith("# followup, mon-fri at 07:30; ")
    assert job.startswith("30 7-17 * * 1-5 /")
    assert job.endswith(f" --db {cli.db} --config {cli.config} remind")
    assert "Note: remind prints" in answer.err


@pytest.mark.parametrize("system", ["cron", "systemd", "launchd", "windows"])
def test_it_changes_nothing_and_needs_no_data_file(cli: Cli, tmp_path: Path, system: str) -> None:
    before = {path: path.read_bytes() for path in tmp_path.rglob("*")}

    answer = cli("cron", "--system", system)

    assert answer.code == 0
    assert {path: path.read_bytes() for path in tmp_path.rglob("*")} == before
    assert not cli.db.exists()


def test_json_has_everything_and_no_field_is_missing(cli: Cli) -> None:
    told = cli("cron", "--system", "cron", "--at", "8:05", "--days", "mon,wed", "--json", today="2026-01-05").json

    assert told["schema"] == "followup.cron/1"
    assert told["today"] == "2026-01-05"
    assert told["path"] is None
    assert told["at"] == "08:05"
    assert told["days"] == ["mon", "wed"]
    assert told["command"][-1] == "remind"
    assert told["text"].splitlines()[1].startswith("5 8-17 * * 1,3 ")
    (install,) = told["install"]
    again = shlex.join([*told["command"][: told["command"].index("--db")], "cron"])
    assert install == f"(crontab -l 2>/dev/null; {again} --at 8:05 --days mon,wed --system cron) | crontab -"
    assert set(told) == {
        "schema", "today", "notices", "system", "text", "install", "path", "command", "at", "days", "parts",
    }  # fmt: skip


def test_the_parts_of_systemd_are_files_by_themselves(cli: Cli) -> None:
    told = cli("cron", "--system", "systemd", "--json").json

    for part in ("service", "timer"):
        assert cli("cron", "--system", "systemd", "--part", part).out == told["parts"][f"followup.{part}"]


@pytest.mark.parametrize(
    ("words", "code", "says", "hint"),
    [
        (["--at", "25:00"], 1, "'25:00' is not a time of day", "14:30"),
        (["--at", "half past"], 1, "not a time of day", "14:30"),
        (["--days", "weekdays"], 1, "'weekdays' is not a day", "--days mon-fri"),
        (["--system", "crom"], 1, "no scheduler 'crom'", "--system cron"),
        (["--via", "e-mail"], 1, "no target 'e-mail'", "--via email"),
        (["--via", "slack://secret"], 1, "may hold a secret", "remind.via"),
        (["--system", "cron", "--part", "timer"], 2, "no part", "--part timer"),
        (["--system", "systemd", "--part", "socket"], 2, "no part", "--part timer"),
    ],
)
def test_what_makes_no_sense_is_refused(cli: Cli, words: list[str], code: int, says: str, hint: str) -> None:
    answer = cli("cron", *words)

    assert (answer.code, answer.out) == (code, "")
    assert says in answer.err.splitlines()[0]
    assert hint in answer.err.splitlines()[-1]
    assert "secret" not in answer.err.replace("a secret", "")


def test_a_refusal_with_json_is_json(cli: Cli) -> None:
    answer = cli("cron", "--days", "x", "--json")

    assert answer.code == 1
    assert answer.json["schema"] == "followup.error/1"


def test_the_default_files_are_not_named(program: Path, tmp_path: Path) -> None:
    """Where cron finds the same files by itself, the line is short."""
    answer = in_a_process(tmp_path, "cron", "--system", "cron", before=(str(program),))

    assert answer.returncode == 0, answer.stderr
    quoted = str(program).replace("%", "\\%")
    assert answer.stdout.splitlines()[1] == f"30 7-17 * * 1-5 '{quoted}' remind"


@pytest.mark.parametrize(
    ("options", "variables", "named"),
    [
        (["--db", "my data.db"], {}, ["--db", "{here}/my data.db"]),
        (["--config", "c.toml"], {}, ["--config", "{here}/c.toml"]),
        ([], {"FOLLOWUP_DB": "x%.db"}, ["--db", "{here}/x%.db"]),
        ([], {"FOLLOWUP_DB": "~/x.db"}, ["--db", "{here}/x.db"]),
        ([], {"XDG_DATA_HOME": "{here}/share"}, ["--db", "{here}/share/followup/followup.db"]),
        ([], {"XDG_CONFIG_HOME": "{here}/etc"}, ["--config", "{here}/etc/followup/config.toml"]),
        (["--db", "a.db"], {"FOLLOWUP_DB": "b.db"}, ["--db", "{here}/a.db"]),
    ],
)
def test_files_that_only_this_shell_knows_of_are_named_with_whole_paths(
    program: Path, tmp_path: Path, options: list[str], variables: dict[str, str], named: list[str]
) -> None:
    here = str(tmp_path)
    variables = {name: value.format(here=here) for name, value in variables.items()}

    answer = in_a_process(tmp_path, *options, "cron", "--system", "cron", "--json", before=(str(program),), **variables)

    told = json.loads(answer.stdout)
    assert told["command"] == [str(program), *(word.format(here=here) for word in named), "remind"]
    assert shlex.join([str(program), *options, "cron"]) in told["install"][0]


@pytest.mark.parametrize("started", ["followup", "{bin}/followup", "{bin}/../bin/followup"])
def test_the_program_is_named_as_it_was_started_and_not_where_a_link_leads(
    cli: Cli, program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, started: str
) -> None:
    """An upgrade changes what lies behind the link, and leaves the link."""
    link = tmp_path / "bin" / "followup"
    link.parent.mkdir()
    link.symlink_to(program)
    monkeypatch.setenv("PATH", str(link.parent), prepend=os.pathsep)
    monkeypatch.setattr("sys.argv", [started.format(bin=link.parent)])

    told = cli("cron", "--system", "cron", "--json").json

    assert told["command"][0] == str(link)
    assert "; followup cron --system cron)" in told["install"][0]


def test_a_program_that_is_not_on_the_path_is_typed_in_full(
    cli: Cli, program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.setattr("sys.argv", [str(program)])

    told = cli("cron", "--system", "cron", "--json").json

    assert f"; {shlex.quote(str(program))} cron --system cron)" in told["install"][0]


def test_started_as_a_module_it_is_this_python(tmp_path: Path) -> None:
    answer = in_a_process(tmp_path, "cron", "--json")

    assert json.loads(answer.stdout)["command"] == [os.path.abspath(sys.executable), "-m", "followup", "remind"]  # noqa: PTH100


def test_a_program_in_a_temporary_folder_is_pointed_out(program: Path, tmp_path: Path) -> None:
    answer = in_a_process(tmp_path, "cron", "--json", before=(str(program),), TMPDIR=str(tmp_path))

    assert any("install followup for good" in notice for notice in json.loads(answer.stdout)["notices"])


@pytest.mark.parametrize(
    ("zone", "differs"), [("Europe/Berlin", True), ("UTC", False), ("Europe/London", True), ("", False)]
)
def test_another_zone_than_that_of_the_machine_is_pointed_out(tmp_path: Path, zone: str, differs: bool) -> None:
    """London and UTC agree in winter: the whole year counts."""
    (tmp_path / "c.toml").write_text(f'[calendar]\ntimezone = "{zone}"\n', encoding="utf-8")

    answer = in_a_process(
        tmp_path, "--config", "c.toml", "cron", "--system", "cron", "--json", TZ="UTC", FOLLOWUP_TODAY="2026-01-05"
    )

    notices = json.loads(answer.stdout)["notices"]
    assert any("clock of this machine" in notice for notice in notices) is differs


def test_letters_that_the_stream_cannot_hold_are_refused_not_replaced(tmp_path: Path) -> None:
    """A line with another name in it would be a line for another file."""
    answer = in_a_process(
        tmp_path, "--db", "Öl.db", "cron", "--system", "cron", PYTHONIOENCODING="ascii", PYTHONUTF8="0"
    )

    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr.splitlines()[-1] == "Try: PYTHONUTF8=1 followup cron"


@pytest.mark.parametrize("width", ["20", "40", "80", "140"])
def test_on_a_terminal_no_line_to_be_copied_is_broken(cli: Cli, monkeypatch: pytest.MonkeyPatch, width: str) -> None:
    monkeypatch.setenv("COLUMNS", width)

    piped = cli("cron", "--system", "cron").out
    answer = cli("--color", "always", "cron", "--system", "cron").out

    shown = answer.replace("\x1b[1m", "").replace("\x1b[2m", "").replace("\x1b[0m", "")
    assert shown.startswith(piped)
    (install,) = cli("cron", "--system", "cron", "--json").json["install"]
    assert install in shown.splitlines()
    beyond = shown.removeprefix(piped).splitlines()
    assert all(len(line) <= int(width) for line in beyond if "crontab" not in line)
