"""The floors and the bans are held by tools; here each rule is broken once, to see that the tool says so."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]
FLOORS = ("cli", "render", "actions", "store", "files", "core")
HOMES = {
    "typer": "cli",
    "rich": "render",
    "sqlite3": "store",
    "sqlite_utils": "store",
    "yaml": "files",
    "click": "",
}

# (a floor, what it must not import)
WRONG = [
    ("core", "followup.store"),
    ("core", "followup.files"),
    ("core", "followup.cli"),
    ("files", "followup.store"),
    ("store", "followup.files"),
    ("store", "followup.actions"),
    ("actions", "followup.render"),
    ("render", "followup.cli"),
    ("core", "os"),
    ("core", "time"),
    ("core", "random"),
    *[(floor, library) for library, home in HOMES.items() for floor in FLOORS if floor != home],
]

CLOCK_NOW = "Only cli reads the clock: take `now` as a required keyword"
CLOCK_TODAY = "Only cli reads the clock: take `today` as a required keyword"
ENVIRONMENT = "Only cli reads the environment: take the value as an argument"


def ruff(code: str, *, at: str) -> str:
    """Give what ruff says about `code`, were it the file `at` of this repository."""
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format=concise"]
    run = subprocess.run(
        [*command, "--stdin-filename", at, "-"],
        input=code,
        cwd=TOP,
        check=False,
        capture_output=True,
        text=True,
    )
    return run.stdout + run.stderr


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("import click\n\nclick.echo()\n", "Typer vendors its own Click: use typer"),
        ("from datetime import date\n\nprint_it = date.today()\n", CLOCK_TODAY),
        ("from datetime import UTC, datetime\n\nnow = datetime.now(UTC)\n", CLOCK_NOW),
        ("import time\n\nnow = time.time()\n", CLOCK_NOW),
        ("import os\n\nhome = os.environ['HOME']\n", ENVIRONMENT),
        ("import sys\n\nwords = sys.argv\n", "Only cli reads the command line"),
    ],
)
@pytest.mark.parametrize("floor", ["render", "actions", "store", "files", "core"])
def test_a_banned_name_is_refused_with_what_to_do_instead(code: str, message: str, floor: str) -> None:
    assert message in ruff(code, at=f"src/followup/{floor}/planted.py")


def test_cli_reads_the_clock() -> None:
    code = "from datetime import UTC, datetime\n\nnow = datetime.now(UTC)\n"

    assert "All checks passed" in ruff(code, at="src/followup/cli/planted.py")


def planted(imported: str) -> str:
    """Give the name of the module that makes the wrong import."""
    return f"planted_{imported.replace('.', '_')}"


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give import-linter's report on a copy of the package with one wrong import for each test below."""
    top = tmp_path_factory.mktemp("broken")
    shutil.copytree(TOP / "src", top / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(TOP / "pyproject.toml", top)
    package = top / "src" / "followup"
    for importer, imported in WRONG:
        (package / importer / f"{planted(imported)}.py").write_text(f"import {imported}\n", encoding="utf-8")
    (package / "newfloor").mkdir()
    (package / "newfloor" / "__init__.py").touch()
    command = [
        str(Path(sys.executable).with_name("lint-imports")),
        "--no-cache",
        "--config",
        "pyproject.toml",
    ]
    environment = {**os.environ, "PYTHONPATH": str(top / "src"), "COLUMNS": "200"}
    run = subprocess.run(command, cwd=top, env=environment, check=False, capture_output=True, text=True)
    assert run.returncode == 1, run.stdout + run.stderr
    return run.stdout


@pytest.mark.parametrize(("importer", "imported"), WRONG)
def test_a_wrong_import_breaks_the_contract(broken: str, importer: str, imported: str) -> None:
    assert f"followup.{importer}.{planted(imported)} -> {imported} (l.1)" in broken


def test_a_new_package_must_find_its_floor(broken: str) -> None:
    assert "followup.newfloor" in broken
