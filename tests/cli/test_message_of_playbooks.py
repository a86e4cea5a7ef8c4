"""Every step of every shipped playbook, and every contact that the plan adds, becomes a message that can be sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from followup.actions.context import Context
from followup.actions.draft_values import LASTING, Subject
from followup.actions.drafted import Draft
from followup.actions.drafting import MissingValuesError, Order, draft_of, subject_of
from followup.cli.session import Session
from followup.core.model.playbook import Step
from followup.core.model.stage import Stage
from followup.core.model.touchpoint import Status, Touchpoint
from followup.core.planner.built_in import BUILT_IN
from followup.files.placeholders import Group, placeholder, slots_of
from followup.files.playbook_reader import read_playbook
from followup.files.shipped import shipped_playbook_names, shipped_playbook_text
from followup.files.stock_messages import STOCK

if TYPE_CHECKING:
    from tests.cli.conftest import Build, Desk

WORDS = {
    "use_case": "school runs and long trips",
    "reason": "the quiet ride",
    "old_way": "spreadsheets",
    "usage_note": "on the night shift",
    "need": "a second line",
    "problem_solved": "the late closes",
}
SELLER = '[me]\nname = "Ben Seller"\ncompany = "Ledger Ltd"\nphone = "+49 30 99"\nemail = "ben@ledger.example"\n'
STEPS = [
    (key, step.id)
    for key in shipped_playbook_names()
    if (playbook := read_playbook(shipped_playbook_text(key), source=key)[0]) is not None
    for step in playbook.steps
]


def build_with(key: str) -> Build:
    """A customer on a playbook of whom everything is known: dates, words, a decider, a good note, a promise."""

    def build(desk: Desk) -> None:
        playbook, _ = read_playbook(shipped_playbook_text(key), source=key)
        assert playbook is not None
        dates = [f"--anchor={name}=2026-06-01" for name in playbook.anchors if name not in ("sale", "live")]
        desk.does(
            *(
                "add",
                "Anna Meyer",
                "--company",
                "Meyer GmbH",
                "--email",
                "anna@meyer.example",
                "--product",
                "the Nordsee",
            ),
            *(
                "--product",
                "the Nordsee",
                "--goal",
                "close in three days",
                "--playbook",
                key,
                "--signed",
                "today",
                "--live",
                "2026-02-02",
                *dates,
            ),
        )
        for name, value in WORDS.items():
            desk.does("set", "anna-meyer", name, value)
        desk.does("contact", "add", "anna-meyer", "Petra Berg", "--role", "decider", "--email", "petra@meyer.example")
        desk.does("log", "anna-meyer", "good", "the close took four days")
        desk.does("promise", "add", "anna-meyer", "send the guide", "--by", "fri")

    return build


@dataclass(frozen=True, slots=True)
class Bench:
    """A data file that is open, and one of its touchpoints as a subject to vary."""

    context: Context
    subject: Subject

    def draft(self, step: Step, **given: str) -> Draft:
        """The draft of a step as if it were due, with every once-only value it needs."""
        own = self.subject.playbook.placeholders
        texts = (step.subject, step.message, *step.ask) if step.id not in BUILT_IN else self.stock(step.id)
        names = dict.fromkeys(name for text in texts for name in slots_of(text))
        for name in names:
            known = placeholder(name, anchors=self.subject.playbook.anchors, own=own)
            if known is not None and known.group is Group.ONCE:
                given.setdefault(name, f"[{name}]")
        return draft_of(self.context, self.about(step, given), Order(given=given))

    def with_words(self, **words: str) -> Bench:
        """The same with more words of the customer on file."""
        facts = self.subject.facts
        customer = replace(facts.customer, extra={**facts.customer.extra, **words})
        return Bench(self.context, replace(self.subject, facts=replace(facts, customer=customer)))

    def about(self, step: Step, given: dict[str, str]) -> Subject:
        """The subject with another step."""
        day = self.context.today
        touchpoint = Touchpoint(
            step=step.id,
            occurrence=1,
            purpose=step.purpose,
            service="none",
            channel=step.channel,
            stage=step.stage or Stage.MAINTENANCE,
            status=Status.OPEN,
            due_on=day,
            opens_on=day,
            closes_on=day,
            to=step.to,
        )
        return replace(self.subject, touchpoint=touchpoint, step=step, given=given)

    @staticmethod
    def stock(step: str) -> tuple[str, ...]:
        words = STOCK[step]
        return words.subject, words.message


@pytest.fixture
def bench(built: Callable[[str, Build], Desk]) -> Iterator[Callable[[str], Bench]]:
    """Open the data file of a customer on a playbook."""
    opened = []

    def sit_down(key: str) -> Bench:
        desk = built(f"everything about {key}", build_with(key))
        desk.cli.config.write_text(SELLER, encoding="utf-8")
        session = Session(desk.cli.db, desk.cli.config, "2026-01-05")
        session.now = datetime(2026, 1, 5, 12, tzinfo=UTC)
        door = session.open(dry_run=True)
        context = door.__enter__()
        opened.append(door)
        stored = context.store.stored_touchpoints([1])
        first = next(one for one in stored if one.touchpoint.is_open)
        return Bench(context, subject_of(context, first, Order()))

    yield sit_down
    for door in opened:
        door.__exit__(None, None, None)


def test_the_shipped_playbooks_have_all_their_steps_here() -> None:
    assert len(STEPS) >= 131


@pytest.mark.parametrize("key", shipped_playbook_names())
def test_every_step_of_a_shipped_playbook_becomes_a_message(key: str, bench: Callable[[str], Bench]) -> None:
    """C4, C5, D2, D3: filled in, personal, with what it hands over; the fee is said; nothing is left in braces."""
    desk = bench(key)
    for step in desk.subject.playbook.steps:
        subject = desk.subject
        if "concern" in slots_of(step.message):
            with pytest.raises(MissingValuesError, match="concern"):
                desk.draft(step)
            made = desk.with_words(concern="the waiting time").draft(step)
        else:
            made = desk.draft(step)
        words = f"{made.subject}\n{made.body}\n{' '.join(made.ask)}"
        assert "{" not in words, (key, step.id)
        assert "}" not in words, (key, step.id)
        if step.message.startswith("{first_name}, "):
            assert made.body.startswith(f"{made.values['first_name']}, "), (key, step.id)
        assert "  " not in made.subject, (key, step.id)
        assert ".. " not in made.body, (key, step.id)
        assert len(made.ask) == len(step.ask), (key, step.id, made.notices)
        signed = "Ben Seller" if made.channel == "message" else "Ben Seller\nLedger Ltd\n+49 30 99"
        assert made.body.endswith(f"\n\n{signed}"), (key, step.id)
        assert made.subject[0] == made.subject[0].upper(), (key, step.id)
        assert made.link is not None, (key, step.id)
        resources = [subject.playbook.resources[name] for name in step.resources]
        for resource in resources:
            assert resource.title in made.body
            assert resource.link in made.body
        assert made.body.count("(this one costs extra)") == sum(resource.fee for resource in resources)
        fees = [resource.fee for resource in made.resources]
        assert fees == sorted(fees)


@pytest.mark.parametrize("step", list(BUILT_IN))
def test_every_contact_that_the_plan_adds_becomes_a_message(step: str, bench: Callable[[str], Bench]) -> None:
    """C4, C5: with words of its own, and nothing left in braces."""
    desk = bench("saas")
    made = desk.with_words(concern="the waiting time").draft(BUILT_IN[step])
    assert "{" not in made.subject + made.body
    assert "Anna" in made.body or "Petra" in made.body
    assert len(made.values) >= 2
    assert made.subject
    assert "?" in made.body


def test_a_step_without_a_message_gets_words_for_its_purpose(bench: Callable[[str], Bench]) -> None:
    """C4: a contact that is only spoken still has words to begin with."""
    desk = bench("saas")
    step = next(one for one in desk.subject.playbook.steps if one.purpose == "needs_assessment")
    made = desk.draft(replace(step, message="", subject=""))
    assert "as if for the first time" in made.body
    assert made.subject == "What has changed since we last looked"


def test_the_date_of_a_repeating_anchor_is_the_one_that_is_meant(bench: Callable[[str], Bench]) -> None:
    desk = bench("saas")
    step = next(one for one in desk.subject.playbook.steps if one.id == "renewal_close")
    due = replace(desk.about(step, {}).touchpoint, due_on=datetime(2028, 5, 2, tzinfo=UTC).date())
    made = draft_of(desk.context, replace(desk.about(step, {}), touchpoint=due), Order())
    assert made.values["renewal_date"] == "1 June 2028"


def test_what_lasts_may_come_from_a_column(bench: Callable[[str], Bench]) -> None:
    desk = bench("event_hotel")
    assert "event_name" in LASTING
    step = next(one for one in desk.subject.playbook.steps if one.id == "kick_off")
    named = desk.with_words(**{"Event Name": "Sales Days"}).about(step, {})
    assert "running order for Sales Days" in draft_of(desk.context, named, Order()).body


def test_criteria_in_the_words_of_the_plan_differ_as_well(bench: Callable[[str], Bench]) -> None:
    """B36."""
    desk = bench("saas")
    bodies = []
    for level in ("low", "high"):
        given = {"sophistication": level}
        bodies.append(draft_of(desk.context, desk.about(BUILT_IN["rhythm_criteria"], given), Order(given=given)).body)
    assert "here is a way to decide" in bodies[0]
    assert "lay my own criteria open" in bodies[1]


@pytest.mark.parametrize(
    "step", ["dip_watch", "keep_in_touch", "recovery_update", "rhythm_needs", "rhythm_criteria", "rhythm_name"]
)
def test_what_comes_again_comes_in_other_words(step: str, bench: Callable[[str], Bench]) -> None:
    """Nobody sends the same words twice running."""
    desk, said = bench("saas"), []
    for number in range(1, 5):
        subject = desk.about(BUILT_IN[step], {})
        turn = replace(subject, touchpoint=replace(subject.touchpoint, occurrence=number))
        made = draft_of(desk.context, turn, Order())
        said.append((made.subject, made.body))
    assert len(set(said[:3])) == 3
    assert said[3] != said[2]


def test_news_in_the_words_of_the_plan_takes_turns(bench: Callable[[str], Bench]) -> None:
    """B31."""
    desk, given, bodies = bench("saas"), {"news": "n", "why_it_matters": "w"}, []
    for number in (1, 2, 3):
        subject = desk.about(BUILT_IN["rhythm_news"], given)
        turn = replace(subject, touchpoint=replace(subject.touchpoint, occurrence=number))
        bodies.append(draft_of(desk.context, turn, Order(given=given)).body)
    assert "something we make has changed" in bodies[0]
    assert "something changes at Ledger Ltd" in bodies[1]
    assert "in your trade made me think of Meyer GmbH" in bodies[2]
