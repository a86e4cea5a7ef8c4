"""Playbooks in the docstrings of tests: YAML in, dates out.

A docstring holds only what its test is about. What every playbook needs besides (a title, a goal for each step ...)
is filled in, and the text goes through the same reader as a user's file.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Protocol

import pytest
import yaml

from followup.core.dates import Calendar
from followup.core.model.activity import Activity
from followup.core.model.concern import Concern
from followup.core.model.history import History
from followup.core.model.plan import Plan
from followup.core.model.playbook import Playbook
from followup.core.model.sale import Profile, Sale
from followup.core.model.stage import Stage
from followup.core.model.touchpoint import Status, Touchpoint
from followup.core.planner import plan
from followup.files.playbook_reader import read_playbook
from followup.files.shipped import shipped_playbook_text

HEAD = {"playbook": "test", "version": "1", "title": "A test", "goal": "To be sure."}
STEP = {"goal": "To be sure.", "gives": "Certainty."}
EARLY = date(1990, 1, 1)
USUAL = Profile()
NO_HOLIDAYS = Calendar()


@cache
def read(text: str) -> Playbook:
    """The playbook of a docstring; fails loudly when the reader would refuse it."""
    written: dict[str, Any] = yaml.load(inspect.cleandoc(text), yaml.BaseLoader) or {}
    whole = {**HEAD, **written, "steps": [{**STEP, **step} for step in written.get("steps", [])]}
    playbook, problems = read_playbook(yaml.safe_dump(whole), source="docstring")
    assert playbook is not None, [str(problem) for problem in problems if problem.severity == "error"]
    return playbook


@cache
def shipped(key: str) -> Playbook:
    """A playbook that comes with followup."""
    playbook, _ = read_playbook(shipped_playbook_text(key), source=key)
    assert playbook is not None
    return playbook


def day(text: str | date | None) -> date | None:
    """An ISO date, or nothing."""
    return date.fromisoformat(text) if isinstance(text, str) else text


@dataclass(frozen=True)
class Planned:
    """A plan, asked in the words of a test."""

    plan: Plan
    touchpoints: tuple[Touchpoint, ...] = field(repr=False)

    def __getitem__(self, step: str) -> Touchpoint:
        found = [one for one in self.touchpoints if one.step == step]
        assert len(found) == 1, f"{step}: {len(found)} touchpoints in {self.steps()}"
        return found[0]

    def due(self, step: str) -> str:
        """When the one touchpoint of a step is due."""
        return str(self[step].due_on)

    def all_due(self, step: str) -> list[str]:
        """When all touchpoints of a step are due."""
        return [str(one.due_on) for one in self.touchpoints if one.step == step]

    def steps(self, *, status: Status | None = None) -> list[str]:
        """The steps that are planned, in order of date."""
        return [one.step for one in self.touchpoints if status is None or one.status is status]

    def still_open(self) -> list[str]:
        """The steps that are still to be done."""
        return self.steps(status=Status.OPEN)

    def rules(self, step: str) -> list[str]:
        """The rules that decided about a step."""
        return [reason.rule for reason in self[step].reasons]

    def why(self, step: str, rule: str) -> str:
        """What a rule says about a step."""
        return " ".join(reason.text for reason in self[step].reasons if reason.rule == rule)

    def left_out(self, step: str) -> str:
        """Why a step is not planned; '' when nothing is said."""
        return " ".join(reason.text for reason in self.plan.left_out if reason.rule == step)

    def stage(self, name: str) -> tuple[str, str]:
        """First day of a stage, and of the one after it."""
        span = self.plan.stages[Stage(name)]
        return str(span.begin), str(span.end)


class Planner(Protocol):
    """`planned(book, sale="2026-01-05")` plans one sale of a playbook."""

    def __call__(
        self,
        book: Playbook,
        *,
        sale: str = "2026-01-05",
        today: str | date | None = None,
        added: str | date | None = None,
        profile: Profile = USUAL,
        calendar: Calendar = NO_HOLIDAYS,
        activities: Iterable[Activity] = (),
        concerns: Iterable[Concern] = (),
        history: History | None = None,
        key: str = "acme/1",
        do_not_contact: bool = False,
        effort: float | None = None,
        occurrences: int = 1,
        **anchors: str,
    ) -> Planned: ...


def plan_one(
    book: Playbook,
    *,
    sale: str = "2026-01-05",
    today: str | date | None = None,
    added: str | date | None = None,
    profile: Profile = USUAL,
    calendar: Calendar = NO_HOLIDAYS,
    activities: Iterable[Activity] = (),
    concerns: Iterable[Concern] = (),
    history: History | None = None,
    key: str = "acme/1",
    do_not_contact: bool = False,
    effort: float | None = None,
    occurrences: int = 1,
    **anchors: str,
) -> Planned:
    """Plan one sale. Without `added` it was there from the beginning; without `today` nothing has happened yet."""
    dates = {name: date.fromisoformat(on) for name, on in {"sale": sale, **anchors}.items()}
    added_on = day(added) or EARLY
    made = plan(
        book,
        Sale(key=key, anchors=dates, added_on=added_on, profile=profile, do_not_contact=do_not_contact),
        history or History(activities=tuple(activities), concerns=tuple(concerns)),
        calendar,
        today=day(today) or added_on,
        effort=effort,
        occurrences=occurrences,
    )
    return Planned(made, made.touchpoints)


@pytest.fixture
def planned() -> Planner:
    """Plan one sale."""
    return plan_one


@pytest.fixture
def book(request: pytest.FixtureRequest) -> Playbook:
    """The playbook in the docstring of the test."""
    return read(request.function.__doc__)


@pytest.fixture
def saas() -> Playbook:
    """The shipped playbook of the worked example."""
    return shipped("saas")


@pytest.fixture(params=["equipment", "event_hotel", "real_estate", "retail", "saas", "services", "vehicle"])
def any_shipped(request: pytest.FixtureRequest) -> Playbook:
    """Each of the shipped playbooks in turn."""
    return shipped(request.param)


class Happened(Protocol):
    """`done(touchpoint, "2026-01-19", "good")`: what the command records for a touchpoint."""

    def __call__(
        self, what: Touchpoint, on: str | date, *outcomes: str, kind: str = "contacted", **more: Any
    ) -> Activity: ...


@pytest.fixture
def done() -> Happened:
    """Record what happened to a touchpoint, as the command does."""
    return happened


def happened(what: Touchpoint, on: str | date, *outcomes: str, kind: str = "contacted", **more: Any) -> Activity:
    """An activity about a touchpoint; it keeps what was planned."""
    facts: Mapping[str, Any] = {
        "channel": what.channel,
        "step": what.step,
        "occurrence": what.occurrence,
        "purpose": what.purpose,
        "stage": what.stage.value,
        "due_on": what.due_on,
        "opens_on": what.opens_on,
        "closes_on": what.closes_on,
        **more,
    }
    on_day = day(on)
    assert on_day is not None
    return Activity(kind=kind, on=on_day, outcomes=outcomes, **facts)


@pytest.fixture
def holidays() -> Any:
    """A calendar whose public holidays are the days given: `holidays("2026-01-06", name="Epiphany")`."""

    def made(*days: str, name: str = "a holiday", closed: Iterable[str] = ()) -> Calendar:
        free = {date.fromisoformat(one) for one in days}
        return Calendar(
            closed=frozenset(date.fromisoformat(one) for one in closed),
            holiday_name=lambda when: name if when in free else "",
        )

    return made


@pytest.fixture(name="read")
def read_fixture() -> Any:
    """Read a playbook that is not in the docstring of its test."""
    return read


@pytest.fixture(name="shipped")
def shipped_fixture() -> Any:
    """Read one of the shipped playbooks by key."""
    return shipped
