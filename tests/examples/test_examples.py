"""Every file in examples/ does what it says."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.conftest import Cli

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
KNOWN = {
    "customers.csv",
    "make_customers.py",
    "morning.sh",
    "crontab",
    "schedulers",
    "import-everything.sh",
    "imports",
}
IMPORTS = sorted(path.name for path in (EXAMPLES / "imports").iterdir())
SCRIPT = (EXAMPLES / "import-everything.sh").read_text(encoding="utf-8")
TAKEN = [line.split()[1:] for line in SCRIPT.splitlines() if line.startswith("take ")]


@pytest.fixture
def cron(tmp_path: Path) -> dict[str, str]:
    """An environment as poor as cron's, with a `followup` on the path."""
    program = tmp_path / "bin" / "followup"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m followup "$@"\n', encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return {
        "HOME": str(tmp_path),
        "PATH": f"{program.parent}:/usr/bin:/bin",
        "PYTHONPATH": str(ROOT / "src"),
        "FOLLOWUP_DB": str(tmp_path / "followup.db"),
        "FOLLOWUP_CONFIG": str(tmp_path / "config.toml"),
        "FOLLOWUP_TODAY": "2026-11-23",
    }


def run(environment: dict[str, str], *command: str, seconds: int = 60) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=seconds)


def test_every_example_is_known_here() -> None:
    found = {path.name for path in EXAMPLES.iterdir() if not path.name.startswith("__")}

    assert found == KNOWN


def test_the_morning_script_prints_the_list_and_exits_with_0(cron: dict[str, str]) -> None:
    taken = run(cron, "followup", "import", str(EXAMPLES / "customers.csv"))
    assert taken.returncode == 0, taken.stderr

    answer = run(cron, "sh", str(EXAMPLES / "morning.sh"))

    assert answer.returncode == 0
    assert answer.stderr == ""
    assert 1 <= len(answer.stdout.splitlines()) <= 12
    assert all(line.split("\t")[0].isdecimal() for line in answer.stdout.splitlines())


def test_the_morning_script_is_silent_when_nothing_is_due(cron: dict[str, str]) -> None:
    run(cron, "followup", "add", "Anna", "--playbook", "saas", "--signed", "2027-03-01")

    answer = run(cron, "sh", str(EXAMPLES / "morning.sh"))

    assert (answer.returncode, answer.stdout) == (0, "")


def test_the_morning_script_passes_a_failure_on(cron: dict[str, str]) -> None:
    Path(cron["FOLLOWUP_DB"]).write_text("not a data file", encoding="utf-8")

    answer = run(cron, "sh", str(EXAMPLES / "morning.sh"))

    assert answer.returncode == 3
    assert "Error:" in answer.stderr


def test_the_sample_is_what_its_script_makes(tmp_path: Path) -> None:
    made = tmp_path / "customers.csv"

    subprocess.run(
        [sys.executable, str(EXAMPLES / "make_customers.py"), str(made)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        check=True,
        timeout=60,
    )

    assert made.read_bytes() == (EXAMPLES / "customers.csv").read_bytes()


def test_the_import_script_takes_every_sample_and_leaves_nothing_behind(cron: dict[str, str], tmp_path: Path) -> None:
    """All samples in, the due list at the end, and no trace in the temporary folder or in the user's own file."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()

    answer = run({**cron, "TMPDIR": str(temporary)}, "sh", str(EXAMPLES / "import-everything.sh"), seconds=180)

    assert answer.returncode == 0, answer.stdout[-2000:] + answer.stderr
    listed = answer.stdout.split("$ followup due\n")[1].splitlines()
    assert len(listed) > 2
    assert all(line.split("\t")[0].isdecimal() for line in listed)
    assert not list(temporary.iterdir())
    assert not Path(cron["FOLLOWUP_DB"]).exists()


def test_every_sample_is_taken_by_the_script_and_shown_on_the_page() -> None:
    page = (ROOT / "docs" / "bring-your-customers.md").read_text(encoding="utf-8")

    assert [name for name in IMPORTS if name not in SCRIPT] == []
    assert [name for name in IMPORTS if name not in page] == []


@pytest.fixture
def desk(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """A command line beside the samples, on their day."""
    monkeypatch.chdir(EXAMPLES / "imports")
    monkeypatch.setenv("FOLLOWUP_TODAY", "2026-11-23")
    return cli


def take(desk: Cli, words: list[str]) -> Any:
    """One `take` line of the script, with --json."""
    rejects = str(desk.db.with_name("rejects.csv"))
    answer = desk("import", *(rejects if word.startswith('"$folder') else word for word in words), "--json")
    assert answer.code == 0, answer
    return answer.json


def test_the_samples_change_nothing_the_second_time(desk: Cli) -> None:
    """And whoever opted out in the other tool is left alone here."""
    first = [take(desk, words) for words in TAKEN]
    again = [take(desk, words) for words in TAKEN]

    assert all(told["created"] or told["updated"] for told in first)
    assert [(told["source"], told["created"], told["updated"], told["sales_created"]) for told in again] == [
        (words[0], 0, 0, 0) for words in TAKEN
    ]
    customers = desk("export", "customers", "--format", "json").json["items"]
    assert {one["name"] for one in customers if one["do_not_contact"]} == {
        "Grace Okafor",
        "Hiro Tanabe",
        "Marisol Vega",
        "Jonas van Dijk",
        "Meera Iyer",
        "Rüdiger Zöllner",
    }


@pytest.mark.parametrize("name", IMPORTS)
def test_the_people_of_the_samples_are_invented(name: str) -> None:
    """No address of anybody: reserved domains only."""
    text = (EXAMPLES / "imports" / name).read_bytes().decode("utf-8", "replace")

    domains = re.findall(r"[\w.+-]+@([\w.-]+\w)", text)

    assert [domain for domain in domains if not domain.endswith(".example")] == []
