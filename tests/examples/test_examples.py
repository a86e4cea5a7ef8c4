"""Every file in examples/ does what it says."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
KNOWN = {"customers.csv", "make_customers.py", "morning.sh", "crontab"}


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


def run(environment: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)


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


def test_the_crontab_has_one_line_of_five_fields_and_the_script() -> None:
    lines = (EXAMPLES / "crontab").read_text(encoding="utf-8").splitlines()

    jobs = [line for line in lines if line and not line.startswith("#") and not re.match(r"\w+=", line)]

    assert len(jobs) == 1
    assert re.fullmatch(r"(\S+\s+){5}/path/to/morning\.sh", jobs[0])


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
