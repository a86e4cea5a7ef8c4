"""The recipes of "Query the file" run as they are written, and every column of the views is explained there."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "query-the-file.md").read_text(encoding="utf-8")
VIEWS = ("customers", "due", "contactable", "pipeline")
TODAY = "2026-11-23"


def blocks(language: str) -> list[str]:
    """The blocks of a language, with the day of the sample in place of the day of the computer."""
    found = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return [block.replace("date('now', 'localtime'", f"date('{TODAY}'") for block in found]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `followup.db`, filled with the sample."""
    place = tmp_path_factory.mktemp("query")
    shutil.copy(ROOT / "examples" / "customers.csv", place)
    taken = subprocess.run(
        [sys.executable, "-m", "followup", "import", "customers.csv", "--yes"],
        cwd=place,
        env={
            "HOME": str(place),
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(ROOT / "src"),
            "FOLLOWUP_DB": str(place / "followup.db"),
            "FOLLOWUP_CONFIG": str(place / "config.toml"),
            "FOLLOWUP_TODAY": TODAY,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert taken.returncode == 0, taken.stderr
    return place


@pytest.fixture
def file(folder: Path) -> Iterator[sqlite3.Connection]:
    """The data file, read-only."""
    with closing(sqlite3.connect(f"file:{folder / 'followup.db'}?mode=ro", uri=True)) as connection:
        yield connection


@pytest.mark.parametrize("view", VIEWS)
def test_the_page_explains_the_columns_of_a_view_and_no_others(file: sqlite3.Connection, view: str) -> None:
    section = PAGE.split(f"\n### `{view}`", 1)[1].split("\n### ", 1)[0]
    cells = re.findall(r"^\| (`[^|]*) \|", section, re.MULTILINE)

    explained = [name for cell in cells for name in re.findall(r"`(\w+)`", cell)]

    assert explained == [column[0] for column in file.execute(f"SELECT * FROM {view}").description]


@pytest.mark.parametrize("recipe", blocks("sql"))
def test_a_recipe_runs_and_finds_something(file: sqlite3.Connection, recipe: str) -> None:
    found = file.execute(recipe).fetchall()

    assert found or "HAVING count(*) > 1" in recipe  # nobody in the sample has bought twice


def test_recipes_use_the_views_only() -> None:
    """Tables may change with any version."""
    asked = " ".join([*blocks("sql"), *blocks("python"), *blocks("console")])

    sources = {name.casefold() for name in re.findall(r"\b(?:from|join)\s+(\w+)", asked, re.IGNORECASE)}

    assert sources - {"contextlib"} <= set(VIEWS)
    assert sources >= set(VIEWS)


def test_the_python_recipe_runs_and_prints_rows(folder: Path) -> None:
    (recipe,) = blocks("python")

    ran = subprocess.run(
        [sys.executable, "-c", recipe], cwd=folder, capture_output=True, text=True, check=False, timeout=60
    )

    assert ran.returncode == 0, ran.stderr
    assert re.match(r"\d{4}-\d\d-\d\d \w", ran.stdout)


def test_the_copy_for_datasette_is_whole_and_private(folder: Path) -> None:
    (shell,) = [block for block in blocks("sh") if "vacuum into" in block]
    lines = [line.split("#")[0].strip() for line in shell.splitlines()]
    copied = "\n".join(line.replace("sqlite-utils", f"{sys.executable} -m sqlite_utils") for line in lines[:2])

    ran = subprocess.run(["sh", "-ec", copied], cwd=folder, capture_output=True, text=True, check=False, timeout=60)

    assert ran.returncode == 0, ran.stderr
    assert (folder / "look.db").stat().st_mode & 0o077 == 0
    with closing(sqlite3.connect(f"file:{folder / 'look.db'}?immutable=1", uri=True)) as copy:
        assert copy.execute("SELECT count(*) FROM customers").fetchone() == (100,)


@pytest.mark.parametrize("statement", ["UPDATE customer SET name = 'x'", "DELETE FROM sale", "DELETE FROM journal"])
def test_what_another_program_would_change_is_refused(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "followup.db")) as connection, pytest.raises(sqlite3.IntegrityError):
        connection.execute(statement)
