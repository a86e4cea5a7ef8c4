"""What the documentation shows is what the program does (DESIGN, rule 10)."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = ["README.md", *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").glob("*.md"))]


def transcripts() -> ModuleType:
    spec = importlib.util.spec_from_file_location("transcripts", ROOT / "docs" / "transcripts.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", PAGES)
def test_console_blocks_show_what_the_commands_print(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")

    now = transcripts().renewed(text)

    assert now.splitlines() == text.splitlines(), f"python docs/transcripts.py {page} --write"


def test_the_readme_has_a_transcript_within_its_first_lines() -> None:
    head = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:8]

    assert "```console" in head


@pytest.mark.parametrize("page", PAGES)
def test_links_to_files_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")

    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
        assert (ROOT / page).parent.joinpath(target).exists(), target


def test_every_command_is_documented_in_its_help() -> None:
    from typer.main import get_command

    from followup.cli.app import app

    def commands(group: object, path: str = "followup") -> list[tuple[str, str]]:
        found = getattr(group, "commands", {})
        return [pair for name, each in found.items() for pair in commands(each, f"{path} {name}")] or [
            (path, getattr(group, "help", "") or "")
        ]

    silent = [path for path, text in commands(get_command(app)) if not text.strip()]

    assert silent == []


def test_the_changelog_has_one_unreleased_section() -> None:
    assert (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").count("## Unreleased") == 1


def test_no_file_names_an_index_or_a_place_on_this_machine() -> None:
    import subprocess

    if len(ROOT.parts) < 3:
        pytest.skip("a checkout this high up has no path of its own")
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    names = listed.stdout.splitlines() or [str(p.relative_to(ROOT)) for p in ROOT.glob("*.*") if p.is_file()]
    leak = re.compile(r"(?:^|\s)(?:--)?(?:extra-)?index-url[ =:]|files\.pythonhosted|" + re.escape(str(ROOT)) + r"/")
    own = Path(__file__).relative_to(ROOT)

    found = [
        name
        for name in names
        if Path(name) != own
        and (ROOT / name).is_file()
        and leak.search((ROOT / name).read_text(encoding="utf-8", errors="replace"))
    ]

    assert found == []
