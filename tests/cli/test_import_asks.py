"""`import` on a terminal: what it understood, a question, and nothing before the answer."""

from __future__ import annotations

import os
import pty
import re
import select
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Desk, Program, WriteTable

ROWS = [
    {"Nom": "Zoë", "E-Mail": "zoe@x.example", "Plan": "gold"},
    {"Nom": "Bob", "E-Mail": "bob@x.example", "Plan": ""},
]
STYLE = re.compile(r"\x1b\[[0-9;]*m")
QUESTION = "Take these rows in? [Y/n]"


def on_a_terminal(program: Program, *args: str | Path, answer: str = "") -> tuple[int, str]:
    """Run the program with a terminal as all its streams and type `answer` at the question; exit code and screen."""
    mine, its = pty.openpty()
    env = program.environment(TERM="xterm", COLUMNS="100")
    process = program.start(*args, env=env, stdin=its, stdout=its, stderr=its)
    os.close(its)
    screen, end = b"", time.monotonic() + 60
    while time.monotonic() < end:
        ready, _, _ = select.select([mine], [], [], 0.2)
        if ready:
            try:
                screen += os.read(mine, 65536)
            except OSError:
                break
        if answer and QUESTION.encode() in screen:
            os.write(mine, f"{answer}\n".encode())
            answer = ""
        if not ready and process.poll() is not None:
            break
    os.close(mine)
    return process.wait(timeout=10), STYLE.sub("", screen.decode()).replace("\r\n", "\n")


@pytest.mark.parametrize(("answer", "code", "people"), [("y", 0, 2), ("n", 1, 0)])
def test_it_asks_before_anything_is_written(
    program: Program, desk: Desk, table: WriteTable, answer: str, code: int, people: int
) -> None:
    exit_code, screen = on_a_terminal(program, "import", table(ROWS), answer=answer)
    assert exit_code == code, screen
    before, after = (" ".join(part.split()) for part in screen.split(QUESTION))
    for shown in ("2 rows of customers", "Zoë", "bob@x.example", "Kept as they are: Plan"):
        assert shown in before
    if people:
        assert "customers: 2 new" in after
        assert len(desk.json("export", "customers", "--format", "json")["items"]) == people
    else:
        assert "nothing was imported" in after
        assert "--save-map columns.txt" in after
        assert not program.db.exists(), "no means no"


@pytest.mark.parametrize("flag", ["--yes", "--dry-run", "--json"])
def test_scripts_are_not_asked(program: Program, table: WriteTable, flag: str) -> None:
    exit_code, screen = on_a_terminal(program, "import", table(ROWS), flag)
    assert (exit_code, QUESTION in screen) == (0, False), screen


def test_a_saved_mapping_can_be_edited_and_used_again(desk: Desk, table: WriteTable, tmp_path: Path) -> None:
    path, mapping = table(ROWS), tmp_path / "columns.txt"
    told = desk.json("import", path, "--dry-run", "--save-map", mapping)
    assert (told["map_file"], desk.cli.db.exists()) == (str(mapping), False)
    assert mapping.stat().st_mode & 0o077 == 0
    again = desk.json("import", path, "--map", mapping, "--dry-run")
    assert (again["mapping"], again["unmapped"]) == (told["mapping"], told["unmapped"])
    mapping.write_text(mapping.read_text(encoding="utf-8") + "\ntags = Plan\n", encoding="utf-8")
    desk.json("import", path, "--map", mapping)
    assert desk.json("show", "zoe")["customer"]["tags"] == ["gold"]
