"""The channel of a contact whose author named none follows from its task (C7, DOMAIN 3.10)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from followup.core.model.channel import CHANNELS, TASK_CHANNELS, task_channel
from followup.core.model.playbook import COMPLEXITIES
from followup.core.model.purpose import PURPOSES

TABLE = """
welcome            message email        email
co_planning        email   meeting      meeting
education          message screen_share visit
prevention         message phone        visit
encouragement      email   phone        visit
feedback           email   phone        visit
concern_resolution phone   phone        phone
recovery           phone   phone        phone
reminder           email   email        letter
informative        email   email        email
lead_generation    email   phone        in_person
needs_assessment   email   meeting      meeting
decision_criteria  email   meeting      meeting
persuasive         email   meeting      meeting
renewal            email   meeting      meeting
fit_check          email   email        email
close_loop         email   email        email
"""
ROWS = [line.split() for line in TABLE.strip().splitlines()]
CASES = [
    (purpose, complexity, channel)
    for purpose, *channels in ROWS
    for complexity, channel in zip(COMPLEXITIES, channels, strict=True)
]


@pytest.mark.parametrize(("purpose", "complexity", "channel"), CASES)
def test_c7_the_channel_of_a_task(purpose: str, complexity: str, channel: str) -> None:
    """C7, DOMAIN 3.10: e-mail for routine, phone or visit for complex matters."""
    assert task_channel(purpose, complexity) == channel


def test_c7_the_table_speaks_of_every_purpose() -> None:
    """C7: the rows above are all purposes, and the table holds no word that is none of ours."""
    assert {purpose for purpose, *_ in ROWS} == set(PURPOSES)
    assert set(TASK_CHANNELS) <= set(PURPOSES)
    assert {channel for row in TASK_CHANNELS.values() for channel in row} <= {*CHANNELS, ""}


@pytest.mark.parametrize(("purpose", "complexity"), [("site_tour", "complex"), ("prevention", "odd"), ("", "")])
def test_c7_what_the_table_does_not_know_is_an_email(purpose: str, complexity: str) -> None:
    """C7: own purposes fall back to e-mail."""
    assert task_channel(purpose, complexity) == "email"


@pytest.mark.parametrize(
    ("complexity", "expected"), [("simple", "message"), ("moderate", "phone"), ("complex", "visit")]
)
def test_c7_an_unwritten_channel_is_planned_by_the_complexity(
    read: Any, planned: Any, complexity: str, expected: str
) -> None:
    """C7: what the author wrote stays; the rest follows from purpose and complexity."""
    text = f"""
    complexity: {complexity}
    purposes:
      site_tour: {{stages: [learning]}}
    steps:
      - {{id: unwritten, stage: learning, when: learning+1, window: [0, 5], purpose: prevention}}
      - {{id: written, stage: learning, when: learning+8, window: [0, 5], purpose: prevention, channel: letter}}
      - {{id: own, stage: learning, when: learning+15, window: [0, 5], purpose: site_tour}}
    """

    plan = planned(read(text))

    channels = [plan[step].channel for step in ("unwritten", "written", "own")]
    assert channels == [expected, "letter", "email"]


def test_c7_the_manual_shows_the_same_table() -> None:
    """C7: what an author reads is what the reader of playbooks does."""
    manual = (Path(__file__).parents[2] / "docs" / "playbooks.md").read_text(encoding="utf-8")
    _, rest = manual.split("### Channels\n")
    body, _ = rest.split("\n### ", maxsplit=1)
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in body.splitlines() if line.startswith("|")]
    told = {name: channels for first, *channels in rows[2:] for name in re.findall(r"`(\w+)`", first)}

    assert told == {name: [f"`{task_channel(name, size)}`" for size in COMPLEXITIES] for name in TASK_CHANNELS}
