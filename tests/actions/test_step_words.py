"""How steps are called in sentences."""

from __future__ import annotations

import pytest

from followup.actions.steps import ADDED, step_words
from followup.core.planner.built_in import BUILT_IN


def test_every_step_that_the_plan_adds_has_words() -> None:
    assert set(ADDED) == set(BUILT_IN)


def test_no_words_look_like_an_identifier_and_none_stand_for_two_steps() -> None:
    assert [words for words in ADDED.values() if "_" in words] == []
    assert len(set(ADDED.values())) == len(ADDED)


@pytest.mark.parametrize(
    ("step", "occurrence", "words"),
    [("dip_watch", 2, "dip watch #2"), ("week_one", 1, "week_one"), ("promise", 1, "promise")],
)
def test_a_step_of_a_playbook_keeps_the_name_its_author_gave(step: str, occurrence: int, words: str) -> None:
    assert step_words(step, occurrence) == words
