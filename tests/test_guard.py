"""No test can reach the files of the person who runs it, and none can pass by meeting another test's data."""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import platformdirs
import pytest

PLACES = [
    platformdirs.user_data_path,
    platformdirs.user_config_path,
    platformdirs.user_state_path,
    platformdirs.user_cache_path,
    platformdirs.user_log_path,
]


def real_home() -> Path:
    """Give the home in the system's user table, which no variable can change."""
    return Path(pwd.getpwuid(os.getuid()).pw_dir).resolve()


def test_home_is_nobodys(nobodys_home: Path) -> None:
    assert Path.home() == nobodys_home
    assert Path.home().resolve() != real_home()


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
def test_default_places_lie_in_nobodys_home(nobodys_home: Path, place: Callable[[str], Path]) -> None:
    assert place("followup").is_relative_to(nobodys_home)


@pytest.mark.parametrize("name", ["HOME", "FOLLOWUP_DB", "FOLLOWUP_CONFIG", "XDG_DATA_HOME"])
def test_variables_point_into_nobodys_home(nobodys_home: Path, name: str) -> None:
    assert Path(os.environ[name]).is_relative_to(nobodys_home)


@pytest.mark.parametrize("name", ["NO_COLOR", "COLUMNS", "FOLLOWUP_TODAY"])
def test_variables_of_the_shell_do_not_leak_in(name: str) -> None:
    assert name not in os.environ


def test_a_started_process_is_guarded_too(nobodys_home: Path) -> None:
    code = "import pathlib, os; print(pathlib.Path.home(), os.environ['FOLLOWUP_DB'], sep='\\n')"
    home, db = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout.splitlines()

    assert Path(home) == nobodys_home
    assert Path(db).is_relative_to(nobodys_home)


def test_forgetting_to_choose_a_data_file_is_loud(nobodys_home: Path) -> None:
    """Exit 3: the file that the guard names is none of ours, and it stays as it was."""
    chosen_by_nobody = Path(os.environ["FOLLOWUP_DB"])
    before = chosen_by_nobody.read_bytes()

    due = [sys.executable, "-m", "followup", "due"]
    run = subprocess.run(due, check=False, capture_output=True, text=True)

    assert run.returncode == 3
    assert run.stdout == ""
    assert str(chosen_by_nobody) in run.stderr
    assert chosen_by_nobody.read_bytes() == before


def test_the_cli_fixture_has_a_data_file_of_its_own(cli, tmp_path: Path) -> None:
    answer = cli("--version")

    assert (answer.code, answer.err) == (0, "")
    assert "followup" in answer.out
    assert cli.db.parent == tmp_path
    assert os.environ["FOLLOWUP_DB"] == str(cli.db)
