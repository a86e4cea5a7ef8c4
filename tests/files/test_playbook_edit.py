"""Numbers change inside a playbook; comments, order and layout do not (A22)."""

from __future__ import annotations

import re
from difflib import unified_diff

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from followup.core.model.stage import Stage
from followup.errors import FollowupError
from followup.files.playbook_edit import STAGE_DAYS, has_number, stage_days, with_number, with_stage_day
from followup.files.playbook_lint import check_playbook
from followup.files.playbook_reader import read_playbook
from followup.files.shipped import shipped_playbook_names, shipped_playbook_text

STEPS = """\
steps:
  - id: hello
    stage: novelty
    when: sale
    purpose: welcome
    goal: g
    gives: h
"""
HEAD = "playbook: mine\ntitle: Mine\n"


def changed(before: str, after: str) -> list[str]:
    """The lines that differ, with + and -."""
    lines = unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), n=0)
    return [line for line in lines if line[:3] not in ("---", "+++") and not line.startswith("@@")]


@pytest.mark.parametrize("key", shipped_playbook_names())
def test_a_shipped_playbook_keeps_every_other_line(key: str) -> None:
    text = shipped_playbook_text(key)
    after = with_number(text, "curve", "depth", "0.41", source=key)

    assert after.replace("\ncurve: {depth: 0.41}\n", "", 1) == text
    assert check_playbook(after, source=key) == check_playbook(text, source=key) == []
    playbook, _ = read_playbook(after, source=key)
    assert playbook is not None
    assert playbook.overrides["curve"] == {"depth": 0.41}


def test_days_of_a_shipped_playbook() -> None:
    text = shipped_playbook_text("saas")
    days = {name: (day.base, day.days, day.written) for name, day in stage_days(text, source="saas").items()}

    assert days == {
        "learning": ("live", 7, "live+7"),
        "trough": ("live", 28, "live+28"),
        "effectiveness": ("live", 66, "live+66"),
        "maintenance": ("live", 180, "live+180"),
    }
    after = with_stage_day(text, "trough", 24, source="saas")
    assert changed(text, after) == [
        "-  learning:      {from: live+7, trough: live+28}\n",
        "+  learning:      {from: live+7, trough: live+24}\n",
    ]


def test_dates_that_do_not_count_days_from_the_sale_are_left_alone() -> None:
    text = shipped_playbook_text("event_hotel")
    days = stage_days(text, source="event_hotel")

    assert (days["learning"].base, days["learning"].days) == ("sale", 14)
    assert {name for name, day in days.items() if day.days is None} == {"trough", "effectiveness", "maintenance"}
    for name in ("trough", "effectiveness", "maintenance"):
        with pytest.raises(FollowupError, match=r"not some days after live or sale") as caught:
            with_stage_day(text, name, 30, source="event_hotel")
        assert "followup playbook check" in caught.value.hint


@pytest.mark.parametrize(
    ("written", "after"),
    [
        ("live+7", "live+9"),
        ("live+7d", "live+9d"),
        ("live + 7", "live + 9"),
        ('"live+7"', '"live+9"'),
        ("'sale+7'", "'sale+9'"),
        ("live+007  # a week", "live+9  # a week"),
        ("live+1w", None),
        ("live+7bd", None),
        ("live", None),
        ("live-7", None),
        ("event+7", None),
        ('"live\\u002b7"', None),
        (">-\n      live+7", None),
    ],
)
def test_only_the_digits_change(written: str, after: str | None) -> None:
    text = f"{HEAD}stages:\n  learning:\n    from: {written}\n{STEPS}"
    if after is None:
        with pytest.raises(FollowupError):
            with_stage_day(text, "learning", 9, source="mine.yaml")
    else:
        assert with_stage_day(text, "learning", 9, source="mine.yaml") == text.replace(written, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("curve: {depth: 0.35}\n", "curve: {depth: 0.41}\n"),
        ("curve: {depth: '0.35'}\n", "curve: {depth: '0.41'}\n"),
        ("curve: {novelty: 0.9}\n", "curve: {depth: 0.41, novelty: 0.9}\n"),
        ("curve: {}  # none yet\n", "curve: {depth: 0.41}  # none yet\n"),
        ("curve:\n  depth: 0.35  # deep\n", "curve:\n  depth: 0.41  # deep\n"),
        ("curve:  # {ours}\n  # high\n  novelty: 0.9\n", "curve:  # {ours}\n  # high\n  depth: 0.41\n  novelty: 0.9\n"),
        ("curve:\n  {novelty: 0.9,\n   trough: 30}\n", "curve:\n  {depth: 0.41, novelty: 0.9,\n   trough: 30}\n"),
        ("", "curve: {depth: 0.41}\n"),
        ("# When each stage begins\n# and why\n", "curve: {depth: 0.41}\n# When each stage begins\n# and why\n"),
        ("\n# Stages\n", "\ncurve: {depth: 0.41}\n\n# Stages\n"),
    ],
)
def test_a_number_of_a_section_is_changed_or_added(before: str, after: str) -> None:
    rest = f"stages:\n  learning: {{from: live+7, trough: live+28}}\n{STEPS}"
    text = with_number(f"{HEAD}{before}{rest}", "curve", "depth", "0.41", source="mine.yaml")

    assert text == f"{HEAD}{after}{rest}"
    assert read_playbook(text, source="mine.yaml")[0] is not None


def test_without_stages_the_section_comes_before_the_steps() -> None:
    assert with_number(HEAD + STEPS, "curve", "depth", "0.41", source="m") == HEAD + "curve: {depth: 0.41}\n" + STEPS


def test_a_playbook_in_braces_stays_in_braces() -> None:
    step = "{id: a, stage: novelty, when: sale, purpose: welcome, goal: g, gives: h}"
    text = f"{{playbook: mine, title: Mine, steps: [{step}]}}"
    after = with_number(text, "curve", "depth", "0.41", source="m")

    assert after == text.replace("steps:", "curve: {depth: 0.41}, steps:")
    assert read_playbook(after, source="m")[0] is not None


def test_line_ends_stay_as_they_are() -> None:
    text = (HEAD + "stages:\n  learning: {from: live+7}\n" + STEPS).replace("\n", "\r\n")
    after = with_stage_day(with_number(text, "curve", "depth", "0.41", source="m"), "learning", 10, source="m")

    assert after.count("\n") == after.count("\r\n") == text.count("\n") + 1


@pytest.mark.parametrize("section", ["curve: 3", "curve: [1]", "curve: {depth: deep}", "curve: {depth: {a: 1}}"])
def test_what_is_no_number_is_refused(section: str) -> None:
    with pytest.raises(FollowupError, match=r"m:3: curve.* cannot be changed") as caught:
        with_number(f"{HEAD}{section}\n{STEPS}", "curve", "depth", "0.41", source="m")
    assert caught.value.hint


@pytest.mark.parametrize("text", ["", "- a\n", "a: &x 1\n", "a: 1\na: 2\n", "title: x\n"])
def test_a_text_that_is_no_playbook_is_refused(text: str) -> None:
    with pytest.raises(FollowupError):
        with_number(text, "curve", "depth", "0.41", source="m")


def test_a_stage_that_is_not_written_is_refused() -> None:
    assert stage_days(HEAD + STEPS, source="m") == {}
    with pytest.raises(FollowupError, match="no day is written for trough"):
        with_stage_day(HEAD + STEPS, "trough", 20, source="m")


def test_whether_a_number_is_written() -> None:
    text = f"{HEAD}curve: {{trough: 20}}\n{STEPS}"

    assert has_number(text, "curve", "trough", source="m")
    assert not has_number(text, "curve", "depth", source="m")
    assert not has_number(HEAD + STEPS, "curve", "depth", source="m")


@settings(max_examples=40)
@given(
    key=st.sampled_from(["saas", "retail", "vehicle", "equipment"]),
    name=st.sampled_from(STAGE_DAYS),
    days=st.integers(0, 3000),
    hundredths=st.integers(1, 80),
)
def test_what_is_written_is_what_is_read(key: str, name: str, days: int, hundredths: int) -> None:
    text = shipped_playbook_text(key)
    depth = f"{hundredths / 100:.2f}"
    after = with_stage_day(with_number(text, "curve", "depth", depth, source=key), name, days, source=key)

    assert stage_days(after, source=key)[name].days == days
    assert re.findall(r"#.*", after) == re.findall(r"#.*", text)
    again = with_number(after, "curve", "depth", "0.50", source=key)
    assert again == after.replace(f"curve: {{depth: {depth}}}", "curve: {depth: 0.50}")
    old = stage_days(text, source=key)[name].days
    assert old is not None
    assert with_stage_day(after, name, old, source=key).replace(f"curve: {{depth: {depth}}}\n\n", "") == text


def test_the_new_days_are_those_of_the_stages() -> None:
    text = with_stage_day(shipped_playbook_text("saas"), "effectiveness", 60, source="saas")
    playbook, _ = read_playbook(text, source="saas")

    assert playbook is not None
    assert str(playbook.stages[Stage.EFFECTIVENESS].begins) == "live+60"
