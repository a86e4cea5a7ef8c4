"""`guide`: how to hold a conversation, in half a minute, before the call (C20)."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from followup.core.model.purpose import PURPOSES
from followup.files.guides import GUIDES
from followup.files.shipped import shipped_playbook_text
from followup.render.measure import width

if TYPE_CHECKING:
    from tests.cli.conftest import Desk

ANSI = re.compile(r"\x1b\[[0-9;]*m")
OWN_PURPOSE = "purposes:\n  site_tour: {stages: [effectiveness, maintenance], service: none, weight: 0.4}\n"
PARTS = ("For: ", "Begin: ", "Listen: ", "Ask two or three:", "Not: ", "End: ", "In writing: ", "Then type:")


def test_without_a_purpose_all_seventeen_are_listed_with_a_line_each(desk: Desk) -> None:
    lines = [line.split("\t") for line in desk.does("guide").splitlines()]
    assert lines == [[name, guide.summary] for name, guide in GUIDES.items()]
    assert len(lines) == 17


@pytest.mark.parametrize("purpose", GUIDES)
def test_a_guide_has_all_its_parts_in_order(desk: Desk, purpose: str) -> None:
    """C20: plain in a pipe, a part on a line."""
    out = desk.does("guide", purpose)
    starts = [out.index(f"\n{part}") for part in PARTS]
    assert starts == sorted(starts)
    assert "\x1b" not in out
    for question in GUIDES[purpose].ask:
        assert f"\n  - {question}\n" in out
    assert len(out.splitlines()) <= 24
    assert not desk.cli.db.exists()


@pytest.mark.parametrize("columns", [40, 80, 140])
@pytest.mark.parametrize("purpose", ["", *GUIDES])
def test_a_guide_fits_the_screen(desk: Desk, monkeypatch: pytest.MonkeyPatch, purpose: str, columns: int) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    shown = ANSI.sub("", desk.does("--color", "always", "guide", *filter(None, [purpose])))
    assert max(map(width, shown.splitlines())) <= columns
    if purpose:
        words = " ".join(shown.split())
        guide = GUIDES[purpose]
        for text in (guide.aim, guide.begin, guide.listen, *guide.ask, guide.avoid, guide.end, guide.written):
            assert text in words
        assert len(shown.splitlines()) <= {40: 60, 80: 32, 140: 24}[columns]


@pytest.mark.parametrize("typed", ["lead_generation", "lead-generation", "Lead Generation", " LEAD_generation "])
def test_a_purpose_may_be_written_as_people_write(desk: Desk, typed: str) -> None:
    assert desk.does("guide", typed) == desk.does("guide", "lead_generation")


@pytest.mark.parametrize(
    ("typed", "hint"),
    [("recovry", "followup guide recovery"), ("welcom", "followup guide welcome"), ("12", "followup guide")],
)
def test_the_nearest_purpose_is_named(desk: Desk, typed: str, hint: str) -> None:
    """A number of the due list is no purpose either."""
    answer = desk.refuses("guide", typed, says=f"there is no purpose {typed!r}", hint=hint)
    assert answer.err.splitlines()[-1] == f"Try: {hint}"


def test_an_own_purpose_has_no_guide_and_that_is_said(desk: Desk) -> None:
    """B42: own purposes are allowed; the playbook of the user's folder is named."""
    folder = desk.cli.config.parent / "playbooks"
    folder.mkdir()
    text = shipped_playbook_text("saas").replace("playbook: saas\n", "playbook: mine\n", 1)
    (folder / "mine.yaml").write_text(f"{text}\n{OWN_PURPOSE}", encoding="utf-8")
    (folder / "broken.yaml").write_text("playbook: [\n", encoding="utf-8")
    says = "'site_tour' is a purpose that the playbook mine made for itself"
    desk.refuses("guide", "site_tour", says=says, hint="followup playbook show mine")
    desk.refuses("guide", "recovry", says="there is no purpose", hint="followup guide recovery")


def test_an_own_purpose_of_a_playbook_that_a_sale_follows_is_known_as_well(desk: Desk, tmp_path: Path) -> None:
    """B42: its file may be gone, its text is pinned."""
    file = tmp_path / "tours.yaml"
    text = shipped_playbook_text("saas").replace("playbook: saas\n", "playbook: tours\n", 1)
    file.write_text(f"{text}\n{OWN_PURPOSE}", encoding="utf-8")
    desk.does("add", "Anna Meyer", "--playbook", file, "--signed", "2026-01-05")
    file.unlink()
    desk.refuses("guide", "site_tour", says="that the playbook tours made for itself", hint="followup playbook show")


def test_a_guide_needs_no_data_file(desk: Desk) -> None:
    desk.cli.db.write_bytes(b"not a data file")
    assert desk("guide", "recovery").code == 0
    answer = desk("guide", "recovry")
    assert (answer.code, answer.err.splitlines()[-1]) == (1, "Try: followup guide recovery")


def test_json_of_the_list_and_of_a_guide(desk: Desk) -> None:
    """Fields are never missing: without a purpose `guide` is null."""
    listed = desk.json("guide")
    assert (listed["schema"], listed["today"], listed["guide"]) == ("followup.guide/1", "2026-01-05", None)
    assert [item["purpose"] for item in listed["items"]] == [*PURPOSES]
    assert set(listed["items"][0]) == {"purpose", "summary", "stages", "service", "selling"}
    told = desk.json("guide", "decision_criteria")
    assert [item["purpose"] for item in told["items"]] == ["decision_criteria"]
    assert told["items"][0]["stages"] == ["maintenance"]
    guide = told["guide"]
    assert set(guide) == {
        *("purpose", "summary", "aim", "begin", "listen", "ways", "ask", "avoid", "end", "written", "record")
    }
    assert [way["title"] for way in guide["ways"]] == ["They are new to it", "They know the field"]
    assert guide["ask"] == [*GUIDES["decision_criteria"].ask]


@pytest.mark.parametrize("command", sorted({command for guide in GUIDES.values() for command in guide.record}))
def test_what_a_guide_says_to_type_can_be_typed(anna: Desk, tmp_path: Path, command: str) -> None:
    """C11: the words go in as the guide shows it."""
    number = str(anna.json("due", "--customer", "anna-meyer", "--days", "9")["items"][0]["id"])
    anna.does("log", "anna-meyer", "idea", "a dark mode")  # a promise that may be declined
    values = {"ID": number, "PROMISE": "1", "CUSTOMER": "anna-meyer", "FILE": str(tmp_path / "record.html")}
    program, *args = [values.get(word, word) for word in shlex.split(command)]
    assert program == "followup"
    anna.does(*args, *([] if args[0] == "file" else ["--dry-run"]))
