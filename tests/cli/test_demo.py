"""`demo`: a playground in a temporary file that touches nothing of yours."""

from __future__ import annotations

import re
import stat
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Desk


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


def test_it_shows_a_due_list_and_a_curve_and_what_to_try(desk: Desk, temporary: Path) -> None:
    said = desk.does("demo")
    assert "100" in said.splitlines()[0]
    for words in ("followup.db", "The dip begins on day", "export FOLLOWUP_DB=", "followup why", "followup done"):
        assert words in said, words
    assert not desk.cli.db.exists(), "nothing of yours is touched"
    (db,) = temporary.rglob("*.db")
    assert stat.S_IMODE(db.stat().st_mode) == 0o600
    assert list(temporary.rglob("*.csv")) == []


def test_what_it_offers_to_try_works(desk: Desk, temporary: Path) -> None:
    said = desk.does("demo")
    (db,) = temporary.rglob("*.db")
    number = re.search(r"followup why (\d+)", said)[1]  # type: ignore[index]
    today = desk("--db", db, "list", "--json").json["today"]
    for args in (("due",), ("why", number), ("done", number, "good", "it works"), ("undo",)):
        assert desk("--db", db, *args, today=today).code == 0, args


def test_keep_names_the_file_and_never_overwrites(desk: Desk, tmp_path: Path) -> None:
    kept = tmp_path / "play.db"
    told = desk.json("demo", "--keep", kept)
    assert told["schema"] == "followup.due/1"
    assert told["items"]
    assert kept.exists()
    before = kept.read_bytes()
    desk.refuses("demo", "--keep", kept, says="exists already", hint="followup demo --keep")
    assert kept.read_bytes() == before
