"""Every contact that the plan adds has words of its own, held to what playbooks are held to (C5, C9, C13, B31, B36)."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from followup.core.letter import is_sorry, names_first
from followup.core.model.playbook import Step, When
from followup.core.model.purpose import PURPOSES
from followup.core.planner.built_in import ADDED_STEPS, BUILT_IN
from followup.files.placeholders import OFFERS, parse_message, placeholder_names, slots_of
from followup.files.playbook_dates import chart_of
from followup.files.playbook_lint import STEP_RULES, View
from followup.files.playbook_reader import read_playbook
from followup.files.shipped import shipped_playbook_text
from followup.files.stock_messages import (
    AGAIN,
    CRITERIA_LINES,
    HIGH,
    IDEA_QUESTION,
    LOW,
    STOCK,
    STOCK_FOR_PURPOSE,
    STOCK_NAMES,
    SUBJECT_FOR_PURPOSE,
    TOPIC_WORDS,
    TOPICS,
    Stock,
    stock_for_purpose,
    stock_for_step,
    topic_of,
)

TROUBLED = ("recovery", "concern_resolution")
ANCHORS = ("sale", "live", "renewal")
KNOWN = (*placeholder_names(anchors=ANCHORS, own=STOCK_NAMES), *STOCK_NAMES)
FIRST = [*STOCK.items(), *((f"for {purpose}", words) for purpose, words in STOCK_FOR_PURPOSE.items())]
EVERYTHING = [(name, words) for name, first in FIRST for words in (first, *AGAIN.get(first, ()))]
COMES_AGAIN = ["dip_watch", "keep_in_touch", "recovery_update", *(name for name in STOCK if name.startswith("rhythm_"))]
ONLY_SOFTWARE = ("click", "screen", "log in", "you use", "have you used", "old way", "long way", "feature", "install")


@pytest.fixture(scope="module")
def view() -> View:
    playbook, _ = read_playbook(shipped_playbook_text("saas"), source="saas")
    assert playbook is not None
    playbook = replace(playbook, placeholders=dict(STOCK_NAMES))
    return View(playbook, chart_of(playbook), {})


def test_no_contact_that_the_plan_adds_lacks_words() -> None:
    assert {name.partition(":")[0] for name in STOCK} == set(BUILT_IN)
    for step in ADDED_STEPS:
        assert stock_for_step(step.id) is not None, step.id
    assert stock_for_step("dip_call") is None


@pytest.mark.parametrize(
    ("variant", "name"),
    [
        ("", "promise"),
        ("done", "promise:done"),
        ("concern", "promise:concern"),
        ("concern:done", "promise:concern:done"),
        ("problem", "promise"),
        ("problem:done", "promise:done"),
        ("idea:done", "promise:idea"),
    ],
)
def test_the_nearest_variant_that_has_words_counts(variant: str, name: str) -> None:
    assert stock_for_step("promise", variant) == STOCK[name]


def test_no_purpose_lacks_words_for_a_step_without_a_message() -> None:
    assert {name.partition(":")[0] for name in STOCK_FOR_PURPOSE} == set(PURPOSES)
    assert stock_for_purpose("one_of_their_own") == STOCK_FOR_PURPOSE["feedback"]


@pytest.mark.parametrize(("name", "words"), EVERYTHING)
def test_stock_words_pass_the_lint_of_playbooks(name: str, words: Stock, view: View) -> None:
    """C5, C9, C10 and the others: every rule about a single step, on the message and on the message as a question."""
    step_id = name.removeprefix("for ").partition(":")[0]
    base = BUILT_IN.get(step_id) or Step(
        id="some", purpose=step_id, goal="g", gives="g", when=When("sale"), ask=("What did you try first?",)
    )
    for ask in (base.ask, (words.message,)):
        step = replace(base, subject=words.subject, message=words.message, ask=ask, channel="email", fallback="phone")
        findings = [finding for rule in STEP_RULES for finding in rule(view, step)]
        assert findings == [], name


@pytest.mark.parametrize(("name", "words"), EVERYTHING)
def test_stock_words_are_whole_and_ask_something(name: str, words: Stock) -> None:
    for text in (words.subject, words.message):
        assert parse_message(text, known=KNOWN)[1] == [], name
    assert "?" in words.message, name
    assert "first_name" in slots_of(words.message), name
    assert len(words.subject) < 60, name
    plain = name.partition(":")[0]
    purpose = BUILT_IN[plain].purpose if plain in BUILT_IN else plain.removeprefix("for ")
    assert PURPOSES[purpose].selling or not OFFERS.intersection(slots_of(words.message)), name


def test_no_two_stock_messages_are_alike() -> None:
    every = [words for name, words in STOCK.items() if name != "rhythm_news"]
    messages = [words.message for first in every for words in (first, *AGAIN.get(first, ()))]
    assert len(set(messages)) == len(messages)


@pytest.mark.parametrize("name", COMES_AGAIN)
def test_what_comes_again_has_at_least_three_wordings_that_take_turns(name: str) -> None:
    step, _, variant = name.partition(":")
    if step == "rhythm_news":  # what is new differs each time, and the three topics take turns
        wordings = [stock_for_step(step, topic_of(number), number) for number in range(1, 7)]
    else:
        wordings = [stock_for_step(step, variant, number) for number in range(1, 7)]
    assert len({words.message for words in wordings if words is not None}) >= 3
    assert len({words.subject for words in wordings if words is not None}) >= 3
    assert all(one != other for one, other in pairwise(wordings))
    assert stock_for_step(step, variant, 0) == stock_for_step(step, variant, 1)


@pytest.mark.parametrize("name", ["dip_watch", "keep_in_touch", "catch_up", "look_again", "rhythm_needs"])
def test_the_words_fit_a_house_and_a_machine_as_well(name: str) -> None:
    first = STOCK[name]
    for words in (first, *AGAIN.get(first, ())):
        said = f"{words.subject} {words.message}".casefold()
        assert [word for word in ONLY_SOFTWARE if word in said] == []
    said = " ".join(BUILT_IN[name].ask).casefold()
    assert [word for word in ONLY_SOFTWARE if word in said] == []


def test_every_purpose_has_a_subject() -> None:
    assert set(SUBJECT_FOR_PURPOSE) == set(PURPOSES)
    assert len(set(SUBJECT_FOR_PURPOSE.values())) == len(PURPOSES)
    for text in SUBJECT_FOR_PURPOSE.values():
        assert set(slots_of(text)) <= {"product"}


@pytest.mark.parametrize("step", [one.id for one in ADDED_STEPS if one.purpose in TROUBLED])
def test_trouble_is_acknowledged_before_any_cure(step: str) -> None:
    """C13."""
    for words in (STOCK[step], *AGAIN.get(STOCK[step], ())):
        assert names_first(words.message, "concern", "trouble") or is_sorry(words.message)


@pytest.mark.parametrize("purpose", TROUBLED)
def test_trouble_is_acknowledged_also_where_the_author_wrote_no_message(purpose: str) -> None:
    """C13."""
    message = STOCK_FOR_PURPOSE[purpose].message
    assert names_first(message, "concern", "trouble") or is_sorry(message)


def test_news_takes_turns_among_products_company_and_trade() -> None:
    """B31."""
    assert [topic_of(number) for number in (1, 2, 3, 4, 0)] == [*TOPICS, "products", "products"]
    assert set(TOPIC_WORDS) == set(TOPICS)
    texts = {stock_for_step("rhythm_news", topic) for topic in TOPICS}
    assert len(texts) == 3


def test_criteria_differ_by_how_practised_the_customer_is() -> None:
    """B36: low is offered a way to decide, high an open talk about criteria."""
    low, high, unknown = (stock_for_step("rhythm_criteria", level) for level in (LOW, HIGH, ""))
    assert low is not None
    assert high is not None
    assert "a way to decide" in low.message
    assert "my own criteria open" in high.message
    assert len({low, high, unknown}) == 3
    assert "way to decide" in CRITERIA_LINES[LOW]
    assert "criteria" in CRITERIA_LINES[HIGH]


def test_the_question_for_ideas_names_the_product() -> None:
    """A15."""
    assert "product" in slots_of(IDEA_QUESTION)


def test_the_first_message_names_whom_to_call() -> None:
    """A17."""
    assert "contact_for_trouble" in slots_of(STOCK_FOR_PURPOSE["welcome"].message)
