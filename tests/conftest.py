"""What every test may rely on: a home that is nobody's, a `cli` to type into, and stable hypothesis runs."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# "fast" gives the same examples on every machine; "full" looks for new ones.
settings.register_profile("fast", max_examples=60, deadline=None, derandomize=True)
settings.register_profile(
    "full", max_examples=1000, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))

NOT_A_DATA_FILE = "A test must choose its own data file: use the `cli` fixture or --db.\n"
UNSET = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "FOLLOWUP_TODAY")


@pytest.fixture(scope="session", autouse=True)
def nobodys_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep every test, and every process that a test starts, away from the files of the person who runs it.

    Without a choice of its own a test meets a data file that no command accepts: forgetting is loud.
    """
    home = tmp_path_factory.mktemp("nobodys-home")
    folders = {
        "XDG_DATA_HOME": home / "data",
        "XDG_CONFIG_HOME": home / "config",
        "XDG_STATE_HOME": home / "state",
        "XDG_CACHE_HOME": home / "cache",
        "XDG_RUNTIME_DIR": home / "run",
    }
    for folder in folders.values():
        folder.mkdir(mode=0o700)
    not_a_data_file = home / "a-test-must-choose-its-data-file"
    not_a_data_file.write_text(NOT_A_DATA_FILE, encoding="utf-8")
    config = empty_config(home)
    with pytest.MonkeyPatch.context() as patch:
        for name in UNSET:
            patch.delenv(name, raising=False)
        patch.setenv("HOME", str(home))
        patch.setenv("FOLLOWUP_DB", str(not_a_data_file))
        patch.setenv("FOLLOWUP_CONFIG", str(config))
        for name, folder in folders.items():
            patch.setenv(name, str(folder))
        yield home
    assert not_a_data_file.read_text(encoding="utf-8") == NOT_A_DATA_FILE, "a test wrote where it should not"


def empty_config(folder: Path) -> Path:
    """Make an empty configuration that only its owner can read."""
    path = folder / "config.toml"
    path.touch(mode=0o600)
    return path


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a command gave back: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Give standard output as the JSON it must be."""
        return json.loads(self.out)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cli:
    """`cli("due", "--json", today="2026-03-02")` runs a command in this process, on this test's data file."""

    db: Path
    config: Path
    patch: pytest.MonkeyPatch
    capture: pytest.CaptureFixture[str]

    def __call__(self, *args: str | Path, today: str | None = None, stdin: str = "") -> Answer:
        from followup.cli.main import main

        before = ["--today", today] if today else []
        self.capture.readouterr()
        self.patch.setattr("sys.stdin", io.StringIO(stdin))
        code = main([*before, *map(str, args)])
        out, err = self.capture.readouterr()
        return Answer(code=code, out=out, err=err)


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Give a command line with a data file that does not exist yet and an empty configuration."""
    db = tmp_path / "followup.db"
    config = empty_config(tmp_path)
    monkeypatch.setenv("FOLLOWUP_DB", str(db))
    monkeypatch.setenv("FOLLOWUP_CONFIG", str(config))
    return Cli(db=db, config=config, patch=monkeypatch, capture=capsys)
