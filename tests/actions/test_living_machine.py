"""The living plan under any sequence of commands and days: invariants 1-12 hold after every step (DOMAIN 2.I).

The commands' own use cases run on a real data file. After each step the sales are looked at from outside: the facts
with the plan that is stored, and what planning gives for the same facts in another order. A command may refuse; then
nothing has changed. A larger run: HYPOTHESIS_PROFILE=full, or LIVING_EXAMPLES and LIVING_STEPS.
"""

from __future__ import annotations

import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import pytest
import yaml
from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from followup.actions import planning
from followup.actions.concerns import add_concern, resolve_concern
from followup.actions.context import Context
from followup.actions.due import DueFilter, due
from followup.actions.enrol import NewCustomer, NewSale, add, add_contact, add_sale, set_anchor, set_field
from followup.actions.holding import do_not_contact, hold, resume
from followup.actions.journal import undo
from followup.actions.library import Library, Volume, bad_playbook
from followup.actions.pages import show
from followup.actions.planning import bring_up_to_date
from followup.actions.promises import add_promise, keep_promise
from followup.actions.readings import add_reading
from followup.actions.record import done, log, skip, snooze
from followup.actions.refresh import refresh
from followup.actions.replanning import replan_sales
from followup.actions.stages import move_stage
from followup.actions.told import Told, read_outcomes
from followup.core.curve import mood_at
from followup.core.dates import Calendar
from followup.core.model.activity import Activity
from followup.core.model.concern import SEVERITIES, Concern
from followup.core.model.customer import Customer
from followup.core.model.history import History
from followup.core.model.outcome import MILESTONES, OUTCOMES
from followup.core.model.plan import Plan
from followup.core.model.playbook import EXTENSIVENESS, LIFE_CYCLES, TIERS, USAGES, Playbook
from followup.core.model.purpose import PURPOSES, Purpose
from followup.core.model.sale import Profile
from followup.core.model.stage import STAGES, Stage
from followup.core.model.touchpoint import Status, Touchpoint
from followup.core.mood import strength_on
from followup.core.numbers import Numbers, playbook_numbers
from followup.core.planner import plan
from followup.core.planner.built_in import ADDED_STEPS
from followup.core.planner.facts import in_order, real_contacts
from followup.core.planner.holds import holds_of
from followup.core.planner.problems import SAME_CHAIN
from followup.errors import BusyError, DataFileError, FollowupError
from followup.files.config_file import Config
from followup.files.playbook_reader import read_playbook
from followup.store import CustomerFacts, SaleFacts, Store
from followup.store.plans import plan_row, touchpoint_row

MONDAY = date(2026, 1, 5)
BOOKS = ("saas", "retail", "services", "vehicle", "real_estate", "equipment", "event_hotel")
SELLING = ("lead_generation", "persuasive", "renewal")
ADDED = {step.id for step in ADDED_STEPS}
CAP_DAYS = 90
TIE = 1e-9
MOST_CUSTOMERS, MOST_SALES = 2, 3


# The playbooks: the shipped ones, and editions of them that somebody has edited since


class Shelf(Library):
    """The shipped playbooks, each read once, in the edition that lies on the shelf now."""

    def __init__(self) -> None:
        super().__init__()
        self.editions: dict[str, int] = {}

    def volume(self, key_or_file: str) -> Volume:
        """A playbook ready for use."""
        return edition(key_or_file, self.editions.get(key_or_file, 0))


@cache
def edition(key: str, number: int) -> Volume:
    """A shipped playbook as somebody edited it: number 0 is the original. Raises BadFileError like the library."""
    if number == 0:
        return Library().volume(key)
    chance = Random(number)
    written: dict[str, Any] = yaml.load(edition(key, 0).text, yaml.BaseLoader)
    steps: list[dict[str, Any]] = written["steps"]
    for _ in range(3):
        step = chance.choice(steps)
        match chance.choice(("gone", "renamed", "channel", "window", "later", "extra")):
            case "gone":
                steps.remove(step)
            case "renamed":
                step["id"] = f"{step['id']}_b"
            case "channel":
                step["channel"] = chance.choice(("phone", "email", "message"))
            case "window":
                step["window"] = [chance.choice(("-2", "0")), chance.choice(("0", "3", "9"))]
            case "later":
                if step.get("when", "").startswith(("live+", "sale+")) and step["when"][5:].isdecimal():
                    step["when"] = f"{step['when'][:5]}{int(step['when'][5:]) + chance.choice((1, 3, 8))}"
            case "extra":
                step["extra"] = chance.choice(("true", "false"))
    text = yaml.safe_dump(written, sort_keys=False)
    playbook, problems = read_playbook(text, source=f"{key}.yaml")
    if playbook is None:
        raise bad_playbook(key, problems)
    return Volume(playbook=playbook, text=text, source=f"{key}.yaml")


@cache
def empty_file() -> bytes:
    """A data file in which nothing is; made once in each process, then copied."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "followup.db"
        Store.open(path, create=True).close()
        return path.read_bytes()


# What is said to a command; days are counted from the day of the command


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a user says about a contact."""

    outcomes: tuple[str, ...]
    back: int = 0
    inbound: bool = False
    purpose: str = ""
    channel: str = ""
    score: float | None = None  # a share of the scale
    milestone: str = ""
    concern: str = ""
    promise_in: int | None = None
    to_in: int | None = None
    at_ten: bool = False
    referred: bool = False
    usage: str = ""
    opportunity: str = ""

    def __repr__(self) -> str:
        said = {one.name: getattr(self, one.name) for one in fields(self) if getattr(self, one.name) != one.default}
        return f"Said({', '.join(f'{name}={value!r}' for name, value in said.items())})"

    def told(self, today: date, kpi: str) -> Told:
        """The same in the words of the use case. Raises FollowupError for outcomes that contradict each other."""
        lowest, highest = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)}[kpi]
        return Told(
            outcomes=read_outcomes(",".join(self.outcomes)),
            on=today - timedelta(days=self.back),
            inbound=self.inbound,
            purpose=self.purpose,
            channel=self.channel,
            score=None if self.score is None else round(lowest + self.score * (highest - lowest)),
            milestone=self.milestone,
            concern=self.concern,
            promise="send the guide" if self.promise_in is not None else "",
            promise_by=None if self.promise_in is None else today + timedelta(days=self.promise_in),
            to_on=None if self.to_in is None else today + timedelta(days=self.to_in),
            to_time=time(10) if self.at_ten and self.to_in is not None else None,
            referred=("Bert Blum",) if self.referred else (),
            usage=self.usage,
            opportunity=self.opportunity,
        )


def seldom(strategy: st.SearchStrategy[Any], otherwise: Any) -> st.SearchStrategy[Any]:
    """Mostly the plain value."""
    return st.one_of(st.just(otherwise), st.just(otherwise), st.just(otherwise), strategy)


OUTCOME_SETS = st.one_of(
    st.sampled_from(["good", "great", "ok", "good", "no-answer", "flat", "concern", "problem"]).map(lambda one: (one,)),
    st.sampled_from(OUTCOMES[:-1]).map(lambda one: (one,)),
    st.lists(st.sampled_from(OUTCOMES), min_size=1, max_size=3, unique=True).map(tuple),
)


@st.composite
def sayings(draw: st.DrawFn, *, logged: bool = False) -> Said:
    outcomes = draw(OUTCOME_SETS)
    postponed = "postponed" in outcomes and draw(st.booleans())
    return Said(
        outcomes=outcomes,
        back=draw(seldom(st.integers(1, 30), 0)),
        inbound=draw(st.booleans()) if logged else draw(seldom(st.just(True), False)),
        purpose=draw(st.sampled_from(["", *PURPOSES])) if logged else "",
        channel=draw(seldom(st.sampled_from(["phone", "email", "message", "visit"]), "")),
        score=draw(seldom(st.floats(0, 1), None)),
        milestone=draw(seldom(st.sampled_from(MILESTONES), "")),
        concern=draw(seldom(st.just("is it worth it"), "")),
        promise_in=draw(seldom(st.integers(0, 20), None)),
        to_in=draw(st.integers(0, 30)) if postponed else None,
        at_ten=draw(st.booleans()) if postponed else False,
        referred="referral" in outcomes and draw(st.booleans()),
        usage=draw(seldom(st.sampled_from(["up", "steady", "down"]), "")),
        opportunity=draw(seldom(st.just("a second one"), "")),
    )


PROFILES = st.builds(
    Profile,
    usage=st.just(""),
    tier=st.just(""),
    life_cycle=seldom(st.sampled_from(LIFE_CYCLES), ""),
    extensiveness=seldom(st.sampled_from(EXTENSIVENESS), ""),
    complexity=seldom(st.sampled_from(["simple", "moderate", "complex"]), ""),
)
SIGNED = st.one_of(st.just(0), st.integers(-10, 10), st.integers(-70, -15), st.integers(-400, 60))
LIVE = st.one_of(st.none(), st.integers(0, 40))
EVENT = st.one_of(st.none(), st.integers(20, 200))
PICK = st.integers(0, 7)


# A sale seen from outside


@dataclass(frozen=True, slots=True, kw_only=True)
class Living:
    """One sale: what is recorded, the plan that is stored, and the history with which it was planned."""

    customer: Customer
    facts: SaleFacts
    playbook: Playbook
    history: History
    calendar: Calendar
    plan: Plan
    today: date

    def __str__(self) -> str:
        return f"sale {self.facts.sale.number} ({self.playbook.key}) of {self.customer.key} on {self.today}"

    @property
    def numbers(self) -> Numbers:
        return playbook_numbers(self.playbook, self.facts.sale.profile.complexity)

    @property
    def activities(self) -> list[Activity]:
        return in_order(self.facts.history.activities)

    @property
    def is_over(self) -> bool:
        left = any(a.kind == "milestone" and a.milestone == "left" for a in self.activities)
        return left or self.facts.sale.do_not_contact

    @property
    def on_hold(self) -> bool:
        return any(one.holds(self.today) for one in holds_of(self.activities))

    @property
    def open_ones(self) -> list[Touchpoint]:
        return [one for one in self.plan.touchpoints if one.status is Status.OPEN]

    @property
    def dated(self) -> list[tuple[Touchpoint, date]]:
        return [(one, one.due_on) for one in self.open_ones if one.due_on is not None]

    def purpose(self, name: str) -> Purpose | None:
        return self.playbook.purposes.get(name) or PURPOSES.get(name)

    def is_solicited(self, name: str) -> bool:
        purpose = self.purpose(name)
        return purpose is not None and purpose.solicited

    def replanned(self, **changes: Any) -> Plan:
        """What planning gives with other facts."""
        history = replace(self.history, **changes)
        return plan(self.playbook, self.facts.sale, history, self.calendar, today=self.today)

    def told(self, *touchpoints: Touchpoint) -> str:
        """What went wrong, in words."""
        lines = [f"{self}: stages {[(s.stage.value, str(s.begin)) for s in self.plan.stages]}"]
        for one in touchpoints:
            lines.append(f"  {one.step} {one.occurrence} {one.purpose} {one.channel} {one.status} due {one.due_on}")
            lines += [f"    {reason.rule}: {reason.text}" for reason in one.reasons]
        return "\n".join(lines)


def rules_of(touchpoint: Touchpoint) -> set[str]:
    return {reason.rule for reason in touchpoint.reasons}


def is_new(touchpoint: Touchpoint) -> bool:
    """True for a contact that the planner alone has dated: nothing has happened to it yet."""
    return not (touchpoint.done_on or touchpoint.tries or touchpoint.by_hand)


def is_excused(touchpoint: Touchpoint) -> bool:
    """True when a gap or a cap may be broken: it says that it stays all the same, or the user set its day."""
    return touchpoint.by_hand or any(reason.inputs.get("kept") for reason in touchpoint.reasons)


# Rules about one sale


def one_stage_on_every_day(sale: Living) -> None:
    """Invariant 1, B1."""
    begins = [span.begin for span in sale.plan.stages if span.begin is not None]
    assert begins == sorted(begins), sale.told()
    for span in sale.plan.stages:
        later = [other.begin for other in sale.plan.stages if STAGES.index(other.stage) > STAGES.index(span.stage)]
        assert span.end == next((begin for begin in later if begin is not None), None), sale.told()
    holding = [span.stage for span in sale.plan.stages if span.holds(sale.today)]
    assert holding in ([sale.plan.stages.on(sale.today)], []), sale.told()


def a_next_contact(sale: Living) -> None:
    """Invariant 1, B25: an active sale has a contact ahead or overdue; on hold at least one that waits for the end."""
    if not (sale.is_over or sale.on_hold):
        assert sale.dated, sale.told(*sale.plan.touchpoints)


def nothing_for_those_who_are_left_alone(sale: Living) -> None:
    """B37, C6: whoever said stop, or has left, has nothing open."""
    if sale.is_over:
        assert not sale.open_ones, sale.told(*sale.open_ones)


def nobody_is_sold_anything_in_learning(sale: Living) -> None:
    """Invariant 2, B32, C18: after all shifting and snoozing; a contract that ends in learning is warned of."""
    for one, due_on in sale.dated:
        if one.purpose in SELLING and sale.plan.stages.on(due_on) is Stage.LEARNING:
            assert one.purpose == "renewal", sale.told(one)
            assert "warning" in rules_of(one), sale.told(one)


def a_touchpoint_says_its_stage(sale: Living) -> None:
    for one, due_on in sale.dated:
        assert one.stage is sale.plan.stages.on(due_on), sale.told(one)


def a_dip_stays_a_dip(sale: Living) -> None:
    """Invariant 4, B18: whatever was done, the depth never falls below the floor."""
    curve, numbers = sale.plan.curve, sale.numbers.curve
    if curve is not None:
        floor = numbers.effort.floor * numbers.depth
        assert curve.depth >= floor - TIE, (sale.told(), curve)
        assert curve.dip_starts < curve.trough < curve.recovered, (sale.told(), curve)


def deadlines_hold(sale: Living) -> None:
    """Invariant 12: only a date by hand lies past a deadline, and it says so."""
    for one, due_on in sale.dated:
        if one.deadline_on is not None and due_on > one.deadline_on:
            assert one.by_hand, sale.told(one)
            assert "warning" in rules_of(one), sale.told(one)


def a_date_lies_in_its_window(sale: Living) -> None:
    for one, due_on in sale.dated:
        assert one.opens_on is not None, sale.told(one)
        assert one.closes_on is not None, sale.told(one)
        assert one.opens_on <= due_on <= one.closes_on, sale.told(one)


def nothing_falls_on_a_day_off(sale: Living) -> None:
    """E4: a promise keeps its day, and so does what the user set."""
    for one, due_on in sale.dated:
        step = sale.playbook.step(one.step)
        if one.by_hand or one.step == "promise" or (step is not None and step.any_day):
            continue
        assert sale.calendar.is_working_day(due_on), sale.told(one)


def with_an_open_problem_only_its_recovery_is_due(sale: Living) -> None:
    """Invariant 9: recovery, keeping promises, and prevention that an outside date demands; what was set by hand."""
    if not any(flag.rule == "problem" for flag in sale.plan.flags):
        return
    for one, due_on in sale.dated:
        if due_on > sale.today or one.purpose in ("recovery", "close_loop"):
            continue
        if one.by_hand and one.purpose not in SELLING:
            continue
        step = sale.playbook.step(one.step)
        outside = one.deadline_on is not None or (step is not None and step.any_stage)
        assert outside, sale.told(one)
        assert one.service == "prevention", sale.told(one)


def a_problem_is_open_until_it_is_verified(sale: Living) -> None:
    """A21, B16: what happened last says whether a problem is open."""
    began = [a for a in sale.activities if "problem" in a.outcomes and a.step not in SAME_CHAIN]
    if began and not any(a.step == "recovery_verify" and a.on >= began[-1].on for a in sale.activities):
        assert any(flag.rule == "problem" for flag in sale.plan.flags), sale.told()


def strength_only_falls(sale: Living) -> None:
    """Invariant 11, B38: strictly, as long as nobody is in contact."""
    relationship = sale.plan.relationship
    if relationship is None:
        return
    begin = max(sale.today, relationship.clocks[-1][0])
    levels = [strength_on(relationship, begin + timedelta(days=day)) for day in range(0, 120, 7)]
    assert all(later < earlier for earlier, later in pairwise(levels)), (sale.told(), levels)
    assert all(0 < level <= 1 for level in levels), (sale.told(), levels)


def a_further_concern_never_raises_the_mood(sale: Living) -> None:
    """Invariant 3, B11: the curve is nowhere higher with one more open concern, and the next look not later."""
    before = sale.plan
    number = max((concern.number for concern in sale.history.concerns), default=0) + 1
    worry = Concern(id=10**6, number=number, severity="major", opened_on=sale.today)
    after = sale.replanned(concerns=(*sale.history.concerns, worry))
    if before.curve is None or after.curve is None or before.live_on is None:
        return
    assert after.curve.depth >= before.curve.depth - TIE, (sale.told(), before.curve, after.curve)
    first = (sale.today - before.live_on).days
    if before.stages != after.stages:
        return  # low mood has made learning longer
    for use_day in range(first, first + 200, 5):
        calm, worried = mood_at(before.curve, use_day), mood_at(after.curve, use_day)
        assert worried <= calm + TIE, (sale.told(), use_day, calm, worried)
    if before.evidence is not None and before.evidence.clues:
        return  # a reading is an offset from the curve: where that falls less than on the day of the reading, it rises
    looks, sooner = (
        sorted(one.due_on for one in made.touchpoints if one.step == "dip_watch" and is_new(one) and one.due_on)
        for made in (before, after)
    )
    if looks:
        assert sooner, (sale.told(), looks)
        assert sooner[0] <= looks[0], (sale.told(), looks, sooner)


def high_spirits_in_novelty_change_nothing_in_learning(sale: Living) -> None:
    """Invariant 5, B7: a contact in novelty went great, or it went well: learning is the same."""
    novelty = sale.plan.stages[Stage.NOVELTY]
    early = [
        a for a in sale.history.activities if {"great", "good"} & set(a.outcomes) and novelty.holds(a.on) and a.outcomes
    ]
    if not early:
        return
    chosen = early[-1]
    swapped = {"great": "good", "good": "great"}
    other = replace(chosen, outcomes=tuple(dict.fromkeys(swapped.get(code, code) for code in chosen.outcomes)))
    if {"great", "good"} <= set(chosen.outcomes):
        return
    after = sale.replanned(activities=tuple(other if a is chosen else a for a in sale.history.activities))

    def learning(made: Plan) -> list[tuple[str, int, date | None]]:
        return [(t.step, t.occurrence, t.due_on) for t in made.touchpoints if t.stage is Stage.LEARNING and t.is_open]

    assert learning(after) == learning(sale.plan), (sale.told(), chosen)


def each_touchpoint_is_named_once(sale: Living) -> None:
    names = Counter((one.step, one.occurrence) for one in sale.plan.touchpoints)
    assert not [name for name, count in names.items() if count > 1], sale.told()


ABOUT_A_SALE: tuple[Callable[[Living], None], ...] = (
    one_stage_on_every_day,
    a_next_contact,
    nothing_for_those_who_are_left_alone,
    nobody_is_sold_anything_in_learning,
    a_touchpoint_says_its_stage,
    a_dip_stays_a_dip,
    deadlines_hold,
    a_date_lies_in_its_window,
    nothing_falls_on_a_day_off,
    with_an_open_problem_only_its_recovery_is_due,
    a_problem_is_open_until_it_is_verified,
    strength_only_falls,
    a_further_concern_never_raises_the_mood,
    high_spirits_in_novelty_change_nothing_in_learning,
    each_touchpoint_is_named_once,
)


# Rules about all sales of a customer: one person feels them all (DOMAIN 3.7, trap 7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """An unsolicited contact: planned, or (without a touchpoint) really made."""

    on: date
    channel: str
    sale: Living
    touchpoint: Touchpoint | None = None

    def __str__(self) -> str:
        return self.sale.told(self.touchpoint) if self.touchpoint else f"{self.sale}: really made on {self.on}"


def unsolicited(sales: Sequence[Living]) -> Iterator[Counted]:
    for sale in sales:
        agreed = {(a.step, a.occurrence) for a in sale.activities if a.kind == "agreed"}
        for one, due_on in sale.dated:
            if not (sale.is_solicited(one.purpose) or (one.by_hand and (one.step, one.occurrence) in agreed)):
                yield Counted(on=due_on, channel=one.channel, sale=sale, touchpoint=one)
        for made in real_contacts(sale.activities):
            if not sale.is_solicited(made.purpose):
                channel = made.channel if made.direction == "outbound" else ""
                yield Counted(on=made.on, channel=channel, sale=sale)


def minimum_gaps_hold(sales: Sequence[Living]) -> None:
    """Invariant 8: two contacts lie a gap apart, or the one that was dated later says why it stays."""
    found = sorted(unsolicited(sales), key=lambda one: one.on)
    for index, one in enumerate(found):
        for other in found[index + 1 :]:
            pair = [each for each in (one, other) if each.touchpoint is not None]
            if not pair:
                continue
            judge = max((each.sale for each in pair), key=lambda sale: sale.facts.sale.number)
            gaps = judge.numbers.contact.min_gap_days
            wanted = max(gaps.get(judge.plan.stages.on(each.on), gaps["default"]) for each in (one, other))
            if (other.on - one.on).days < wanted:
                excused = any(is_excused(each.touchpoint) for each in pair if each.touchpoint is not None)
                assert excused, f"less than {wanted} days\n{one}\n{other}"


def caps_hold(sales: Sequence[Living]) -> None:
    """Invariant 8: in any 90 days no more unsolicited contacts by one channel than its cap, or one says why."""
    found = sorted(unsolicited(sales), key=lambda one: one.on)
    for channel in ("phone", "email", "message", "letter"):
        mine = [one for one in found if one.channel == channel]
        for sale in sales:
            cap = sale.numbers.contact.caps_90_days.get(channel)
            if cap is None:
                continue
            for first in range(len(mine) - cap):
                within = mine[first : first + cap + 1]
                planned = [one for one in within if one.touchpoint is not None]
                newest = max((one.sale.facts.sale.number for one in planned), default=None)
                if (within[-1].on - within[0].on).days >= CAP_DAYS or newest != sale.facts.sale.number:
                    continue
                excused = any(is_excused(one.touchpoint) for one in planned if one.touchpoint is not None)
                assert excused, "\n".join([f"more than {cap} by {channel}", *map(str, within)])


def sales_share_their_gates(sales: Sequence[Living]) -> None:
    """Trap 7: no referral is asked for while another sale is in learning; none sells while another has a problem."""
    for sale in sales:
        for other in sales:
            if other is sale or other.is_over:
                continue
            learning, trouble = other.plan.stages[Stage.LEARNING], any(f.rule == "problem" for f in other.plan.flags)
            for one, due_on in sale.dated:
                if due_on > sale.today or one.by_hand:
                    continue
                if one.purpose == "lead_generation":
                    assert not learning.holds(due_on), f"{sale.told(one)}\n{other.told()}"
                if one.purpose in SELLING and one.deadline_on is None:
                    assert not trouble, f"{sale.told(one)}\n{other.told()}"


ABOUT_A_CUSTOMER: tuple[Callable[[Sequence[Living]], None], ...] = (
    minimum_gaps_hold,
    caps_hold,
    sales_share_their_gates,
)


def counts(sale: Living, **profile: str) -> Counter[str]:
    """How many contacts of each service a fresh plan of the sale has, as if it had come in when it was signed."""
    told = sale.facts.sale
    came_in = min(told.added_on, told.anchors.get("sale", told.added_on))  # later, a series may hold one more or less
    bare = replace(told, added_on=came_in, profile=replace(told.profile, **profile))
    made = plan(sale.playbook, bare, History(), sale.calendar, today=bare.added_on)
    return Counter(one.service for one in made.touchpoints if one.step not in ADDED and one.due_on is not None)


PROFILE_RULES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "usage": (("light", "normal", "heavy"), ("prevention", "feedback"), ("education",)),
    "life_cycle": (("introduction", "growth"), ("prevention", "education"), ("feedback",)),
    "extensiveness": (("high", "medium", "low"), ("prevention", "education", "feedback"), ()),
}


def the_profile_changes_counts_in_one_direction(sale: Living) -> None:
    """Invariants 6 and 7, A8, A9, A13, A14, A16."""
    for name, (values, growing, shrinking) in PROFILE_RULES.items():
        for less, more in pairwise(counts(sale, **{name: value}) for value in values):
            assert all(less[kind] <= more[kind] for kind in growing), (sale.told(), name, less, more)
            assert all(less[kind] >= more[kind] for kind in shrinking), (sale.told(), name, less, more)


# The machine


Rows = dict[tuple[object, ...], dict[str, object]]


@dataclass(slots=True)
class Chronicle:
    """What was on record after the last step: facts may be added, never changed but by `undo`."""

    activities: dict[int, Activity] = field(default_factory=dict)
    closed: dict[tuple[int, str, int], tuple[object, ...]] = field(default_factory=dict)


class LivingPlan(RuleBasedStateMachine):
    """A seller with a data file of their own, who types whatever comes to mind."""

    def __init__(self) -> None:
        super().__init__()
        self.today = MONDAY
        self._folder = TemporaryDirectory(prefix="followup-machine-")
        self.path = Path(self._folder.name) / "followup.db"
        self.path.touch(mode=0o600)
        self.path.write_bytes(empty_file())
        self.store = Store.open(self.path)
        self.shelf = Shelf()
        self.config = Config()
        self.chronicle = Chronicle()
        self.taken_back = False
        self.unseen = False
        self.is_sound = False
        self.steps = 0

    def teardown(self) -> None:
        try:
            if self.is_sound:
                self._a_file_from_facts_alone_is_the_same()
        finally:
            self.store.close()
            self._folder.cleanup()

    # Helpers

    @property
    def context(self) -> Context:
        now = datetime.combine(self.today, time(8), UTC)
        return Context(store=self.store, config=self.config, library=self.shelf, today=self.today, now=now)

    def _try(self, said: str, command: Callable[[Context], object]) -> None:
        """Run a command. It may refuse with a sentence, and has changed nothing then; anything else is a bug."""
        self.steps += 1
        note(f"{self.today} {said}")
        before = self._newest_entry()
        refused = _refusal(command, self.context)
        if refused is not None:
            note(f"  refused: {refused}")
            assert refused.exit_code == 1
            assert self._newest_entry() == before

    def _newest_entry(self) -> int:
        entries = self.store.history(limit=1)
        return entries[0].id if entries else 0

    def _customers(self) -> list[CustomerFacts]:
        return [facts for facts in self.store.customer_facts() if facts.sales]

    def _customer(self, pick: int) -> CustomerFacts:
        customers = self._customers()
        return customers[pick % len(customers)]

    def _sale(self, pick: int) -> tuple[str, SaleFacts]:
        found = [(facts.customer.key, sale) for facts in self._customers() for sale in facts.sales]
        return found[pick % len(found)]

    def _touchpoint(self, pick: int, wanted: Callable[[Touchpoint], bool]) -> tuple[str, str, str] | None:
        """Number, words and scale of a stored touchpoint, the earliest for 0."""
        sales = {sale.sale.number: sale for facts in self._customers() for sale in facts.sales}
        found = [one for one in self.store.stored_touchpoints(sales) if wanted(one.touchpoint)]
        found.sort(key=lambda one: (one.touchpoint.due_on or date.max, one.id))
        if not found:
            return None
        one = found[pick % len(found)]
        kpi = self.shelf.pinned(self.store, sales[one.sale_id].playbook_id).kpi
        named = f"{one.touchpoint.step} {one.touchpoint.occurrence} of sale {one.sale_id}, due {one.touchpoint.due_on}"
        return str(one.id), named, kpi

    # Customers and sales

    def _new_sale(self, book: str, signed: int, live: int | None, event: int | None, profile: Profile) -> NewSale:
        on = self.today + timedelta(days=signed)
        return NewSale(
            playbook=book,
            signed=on,
            live=None if live is None else on + timedelta(days=live),
            anchors={"event": on + timedelta(days=event)} if book == "event_hotel" and event is not None else {},
            profile=profile,
        )

    @initialize(
        book=st.sampled_from(BOOKS),
        signed=SIGNED,
        live=LIVE,
        event=EVENT,
        profile=PROFILES,
        usage=st.sampled_from(USAGES),
        tier=st.sampled_from(TIERS),
        company=st.booleans(),
    )
    def first_customer(self, **said: Any) -> None:
        self._add(**said)

    @precondition(lambda self: len(self._customers()) < MOST_CUSTOMERS)
    @rule(
        book=st.sampled_from(BOOKS),
        signed=SIGNED,
        live=LIVE,
        event=EVENT,
        profile=PROFILES,
        usage=st.sampled_from(USAGES),
        tier=st.sampled_from(TIERS),
        company=st.booleans(),
    )
    def add(self, **said: Any) -> None:
        self._add(**said)

    def _add(
        self,
        book: str,
        signed: int,
        live: int | None,
        event: int | None,
        profile: Profile,
        usage: str,
        tier: str,
        company: bool,
    ) -> None:
        sale = self._new_sale(book, signed, live, event, profile)
        person = NewCustomer(
            name="Anna Meyer", company="Meyer GmbH" if company else "", usage=usage, tier=tier, email="a@b.example"
        )
        self._try(f"add {person} {sale}", lambda context: add(context, person, sale))
        if -30 <= signed <= 30 and self._customers():
            self._look()
            newest = self._customers()[-1]
            the_profile_changes_counts_in_one_direction(self._living(newest)[-1])

    @precondition(lambda self: any(len(facts.sales) < MOST_SALES for facts in self._customers()))
    @rule(pick=PICK, book=st.sampled_from(BOOKS), signed=SIGNED, live=LIVE, event=EVENT, profile=PROFILES)
    def sale_add(
        self, pick: int, book: str, signed: int, live: int | None, event: int | None, profile: Profile
    ) -> None:
        facts = self._customer(pick)
        sale = self._new_sale(book, signed, live, event, profile)
        if len(facts.sales) < MOST_SALES:
            self._try(f"sale add {facts.customer.key} {sale}", lambda c: add_sale(c, facts.customer.key, sale))

    @rule(pick=PICK, which=PICK, days=st.integers(-60, 200))
    def anchor_set(self, pick: int, which: int, days: int) -> None:
        key, sale = self._sale(pick)
        anchors = list(dict.fromkeys(("live", "sale", *self.shelf.pinned(self.store, sale.playbook_id).anchors)))
        name, on, number = anchors[which % len(anchors)], self.today + timedelta(days=days), sale.sale.number
        self._try(f"anchor set {key} {name} {on} --sale {number}", lambda c: set_anchor(c, key, name, on, sale=number))

    @rule(
        pick=PICK,
        what=st.one_of(
            st.tuples(st.just("usage"), st.sampled_from(USAGES)),
            st.tuples(st.just("tier"), st.sampled_from(TIERS)),
            st.tuples(st.just("life_cycle"), st.sampled_from(LIFE_CYCLES)),
            st.tuples(st.just("extensiveness"), st.sampled_from(EXTENSIVENESS)),
            st.tuples(st.just("complexity"), st.sampled_from(["simple", "moderate", "complex"])),
            st.tuples(st.just("kind"), st.sampled_from(["company", "person"])),
            st.tuples(st.just("channel"), st.sampled_from(["phone", "email", "message", ""])),
            st.tuples(st.just("need"), st.sampled_from(["a second one", ""])),
        ),
    )
    def set_field(self, pick: int, what: tuple[str, str]) -> None:
        key, sale = self._sale(pick)
        name, value = what
        self._try(
            f"set {key} {name} {value!r} --sale {sale.sale.number}",
            lambda c: set_field(c, key, name, value, sale=sale.sale.number),
        )

    # What happened

    @rule(pick=st.integers(0, 3), said=sayings())
    def done(self, pick: int, said: Said) -> None:
        self._done(pick, said, lambda one: one.is_open)

    @rule(pick=st.integers(0, 3), said=sayings())
    def done_what_is_due(self, pick: int, said: Said) -> None:
        self._done(pick, said, lambda one: one.is_open and one.due_on is not None and one.due_on <= self.today)

    @rule(pick=st.integers(0, 3), said=sayings())
    def done_what_was_added(self, pick: int, said: Said) -> None:
        """What no playbook writes: promises, recovery, concerns, the dip watch, the rhythm ..."""
        self._done(pick, said, lambda one: one.is_open and one.step in ADDED)

    @rule(pick=PICK, said=sayings())
    def done_what_is_not_open(self, pick: int, said: Said) -> None:
        self._done(pick, said, lambda one: not one.is_open)

    def _done(self, pick: int, said: Said, wanted: Callable[[Touchpoint], bool]) -> None:
        if found := self._touchpoint(pick, wanted):
            number, named, kpi = found
            said = self._within_reason(said)
            self._try(f"done {named}: {said}", lambda c: done(c, number, said.told(self.today, kpi)))

    def _within_reason(self, said: Said) -> Said:
        """Without a purchase, once there are sales enough: more of them make a step slow, and say nothing new."""
        if sum(len(facts.sales) for facts in self._customers()) < MOST_SALES:
            return said
        outcomes = tuple("good" if code == "purchase" else code for code in said.outcomes)
        return replace(said, outcomes=tuple(dict.fromkeys(outcomes)), opportunity="")

    @rule(pick=PICK, said=sayings(logged=True))
    def log(self, pick: int, said: Said) -> None:
        key, sale = self._sale(pick)
        kpi = self.shelf.pinned(self.store, sale.playbook_id).kpi
        said = self._within_reason(said)
        self._try(
            f"log {key} --sale {sale.sale.number}: {said}",
            lambda c: log(c, key, said.told(self.today, kpi), sale=sale.sale.number),
        )

    @rule(pick=st.integers(0, 3), days=st.integers(0, 60), at=st.sampled_from([None, None, time(10)]))
    def snooze(self, pick: int, days: int, at: time | None) -> None:
        if found := self._touchpoint(pick, lambda one: one.is_open):
            number, named, _ = found
            on = self.today + timedelta(days=days)
            self._try(f"snooze {named} to {on} {at or ''}", lambda c: snooze(c, number, on, at))

    @rule(pick=st.integers(0, 3))
    def skip(self, pick: int) -> None:
        if found := self._touchpoint(pick, lambda one: one.is_open):
            number, named, _ = found
            self._try(f"skip {named}", lambda c: skip(c, number))

    @rule(pick=PICK, days=st.one_of(st.none(), st.integers(1, 60)))
    def hold(self, pick: int, days: int | None) -> None:
        key = self._customer(pick).customer.key
        until = None if days is None else self.today + timedelta(days=days)
        self._try(f"hold {key} until {until}", lambda c: hold(c, key, until=until, why=""))

    @rule(pick=PICK)
    def resume(self, pick: int) -> None:
        key = self._customer(pick).customer.key
        self._try(f"resume {key}", lambda c: resume(c, key))

    @rule(pick=PICK, stage=st.sampled_from(STAGES), back=seldom(st.integers(1, 30), 0))
    def stage(self, pick: int, stage: Stage, back: int) -> None:
        key, sale = self._sale(pick)
        on, number = self.today - timedelta(days=back), sale.sale.number
        self._try(
            f"stage {key} {stage} --sale {number} --on {on}", lambda c: move_stage(c, key, stage, on=on, sale=number)
        )

    @rule(pick=PICK, severity=st.sampled_from(SEVERITIES))
    def concern_add(self, pick: int, severity: str) -> None:
        key, sale = self._sale(pick)
        number = sale.sale.number
        self._try(
            f"concern add {key} {severity} --sale {number}",
            lambda c: add_concern(c, key, "too dear", severity=severity, category="price", sale=number),
        )

    @rule(pick=PICK, word=st.sampled_from(["", "settled"]))
    def concern_resolve(self, pick: int, word: str) -> None:
        found = [concern for concern, _ in self.store.concerns(include_resolved=False)]
        if found:
            number = found[pick % len(found)].id
            self._try(f"concern resolve {number}", lambda c: resolve_concern(c, number, word))

    @rule(pick=PICK, days=st.integers(0, 30), about=st.sampled_from(["", "idea", "problem", "concern"]))
    def promise_add(self, pick: int, days: int, about: str) -> None:
        key, sale = self._sale(pick)
        by, number = self.today + timedelta(days=days), sale.sale.number
        self._try(
            f"promise add {key} by {by} {about} --sale {number}",
            lambda c: add_promise(c, key, "send it", by=by, about=about, sale=number),
        )

    @rule(pick=PICK, told=st.booleans(), back=seldom(st.integers(1, 20), 0))
    def promise_done(self, pick: int, told: bool, back: int) -> None:
        found = [promise for promise, _ in self.store.promises() if promise.is_open]
        if found:
            number, on = found[pick % len(found)].id, self.today - timedelta(days=back)
            self._try(
                f"promise done {number} told={told} on {on}",
                lambda c: keep_promise(c, number, told=told, answer="", on=on),
            )

    @rule(pick=PICK, share=st.sampled_from([0.0, 0.3, 0.6, 0.8, 1.0]), back=seldom(st.integers(1, 40), 0))
    def reading_add(self, pick: int, share: float, back: int) -> None:
        key, sale = self._sale(pick)
        kpi = self.shelf.pinned(self.store, sale.playbook_id).kpi
        score = Said(outcomes=("ok",), score=share).told(self.today, kpi).score
        self._reading(key, sale.sale.number, kpi, str(score), back)

    @rule(pick=PICK, usage=st.sampled_from(["up", "steady", "down"]), back=seldom(st.integers(1, 40), 0))
    def usage_read(self, pick: int, usage: str, back: int) -> None:
        key, sale = self._sale(pick)
        self._reading(key, sale.sale.number, "usage", usage, back)

    def _reading(self, key: str, number: int, kind: str, value: str, back: int) -> None:
        on = self.today - timedelta(days=back)
        self._try(
            f"reading add {key} {kind} {value} on {on} --sale {number}",
            lambda c: add_reading(c, key, kind, value, on=on, note="", sale=number),
        )

    @rule(pick=PICK, role=st.sampled_from(["decider", "user"]))
    def contact_add(self, pick: int, role: str) -> None:
        facts = self._customer(pick)
        key = facts.customer.key
        if len(facts.contacts) < 3:
            self._try(
                f"contact add {key} {role}",
                lambda c: add_contact(
                    c, key, name=f"Bo {len(facts.contacts)}", email="", phone="", role=role, channel="", main=False
                ),
            )

    @rule(pick=PICK, person=st.booleans(), off=st.booleans())
    def dnc(self, pick: int, person: bool, off: bool) -> None:
        facts = self._customer(pick)
        key, name = facts.customer.key, facts.contacts[-1].name if person else ""
        self._try(f"dnc {key} {name!r} off={off}", lambda c: do_not_contact(c, key, person=name, off=off))

    @precondition(lambda self: any(f.customer.do_not_contact for f in self._customers()))
    @rule(pick=PICK)
    def dnc_off(self, pick: int) -> None:
        key = self._customer(pick).customer.key
        self._try(f"dnc {key} --off", lambda c: do_not_contact(c, key, person="", off=True))

    @rule()
    def undo(self) -> None:
        entries = [one for one in self.store.history(limit=1000) if not one.undone and one.command != "undo"]
        if len(entries) > 1:  # the first customer stays
            self.taken_back = True
            self._try("undo", undo)

    @rule(pick=PICK, number=st.integers(0, 30))
    def replan(self, pick: int, number: int) -> None:
        """The text of a playbook was edited, and its sales move to it."""
        _, sale = self._sale(pick)
        key = self.shelf.pinned(self.store, sale.playbook_id).key
        self.shelf.editions[key] = number
        self._try(f"replan to edition {number} of {key}", lambda c: replan_sales(c))

    @rule(pick=PICK, book=st.sampled_from(BOOKS))
    def switch_playbook(self, pick: int, book: str) -> None:
        key, sale = self._sale(pick)
        number = sale.sale.number
        self._try(
            f"replan {key} --sale {number} --playbook {book}",
            lambda c: replan_sales(c, which=key, playbook=book, sale=number),
        )

    # Days

    @rule(days=st.integers(1, 40), seen=st.booleans())
    def days_pass(self, days: int, seen: bool) -> None:
        """Days go by; sometimes nobody looks at the list before the next command."""
        self._pass(days, seen=seen)

    def _pass(self, days: int, *, seen: bool) -> None:
        self.today += timedelta(days=days)
        self.unseen = not seen
        note(f"{self.today} {days} days have passed{'' if seen else ', and nobody looks'}")

    @rule(days=st.integers(41, 150))
    def a_season_passes(self, days: int) -> None:
        self._pass(days, seen=True)

    @rule()
    def until_something_is_due(self) -> None:
        after = self.store.next_due_on(self.today)
        if after is not None and (after - self.today).days < 400:
            self.today = after
            note(f"{self.today} something is due")

    # What must hold

    @invariant()
    def all_is_well(self) -> None:
        self.is_sound = False
        if self.unseen:
            self.unseen = False
            return
        self._look()
        for facts in self._customers():
            sales = self._living(facts)
            for sale in sales:
                for holds in ABOUT_A_SALE:
                    holds(sale)
            for together in ABOUT_A_CUSTOMER:
                together(sales)
        self._what_happened_stays()
        self._a_rebuild_changes_nothing()
        self._the_list_is_right()
        self.is_sound = True

    def _look(self) -> None:
        refresh(self.context)

    def _living(self, facts: CustomerFacts) -> list[Living]:
        """The sales of a customer. Invariant 10: planned from facts in any order they give what is stored."""
        chance = Random(self.steps)
        given: dict[int, History] = {}
        plan_sale = planning.plan_sale

        def watched(of: CustomerFacts, sale: SaleFacts, history: History, context: Context) -> Plan:
            given[sale.sale.number] = history
            return plan_sale(of, sale, history, context)

        context, stored = self.context, self.store.stored_plans(sale.sale.number for sale in facts.sales)
        with patch.object(planning, "plan_sale", watched):
            again = dict(planning.plan_customer(shuffled(facts, chance), context))
        for number, made in again.items():
            found = difference(number, facts.customer.id, made, stored[number])
            assert not found, f"sale {number} on {self.today}: {found}"
        return [
            Living(
                customer=facts.customer,
                facts=sale,
                playbook=self.shelf.pinned(self.store, sale.playbook_id),
                history=given[sale.sale.number],
                calendar=context.calendars.of(facts.customer),
                plan=stored[sale.sale.number],
                today=self.today,
            )
            for sale in facts.sales
        ]

    def _what_happened_stays(self) -> None:
        """Activities are only ever added, and what was done or skipped keeps its dates; but for `undo`."""
        now = Chronicle()
        for facts in self.store.customer_facts():
            for sale in facts.sales:
                now.activities |= {a.id: a for a in sale.history.activities}
            for one in self.store.stored_touchpoints(sale.sale.number for sale in facts.sales):
                touchpoint = one.touchpoint
                if touchpoint.status in (Status.DONE, Status.SKIPPED):
                    columns = ("status", "due_on", "done_on", "purpose", "channel", "opens_on", "closes_on", "stage")
                    name = one.sale_id, touchpoint.step, touchpoint.occurrence
                    now.closed[name] = tuple(getattr(touchpoint, column) for column in columns)
        before, self.chronicle = self.chronicle, now
        if self.taken_back:
            self.taken_back = False
            return
        assert before.activities.items() <= now.activities.items()
        for name, was in before.closed.items():
            assert now.closed.get(name) is not None, f"{name} was {was}"
            if not any(
                (a.sale_id, a.step, a.occurrence) == name
                for n, a in now.activities.items()
                if n not in before.activities
            ):
                assert now.closed[name] == was, name

    def _a_rebuild_changes_nothing(self) -> None:
        """Invariant 10: after the refresh of the day `plan --rebuild` has nothing to do."""
        before = self._rows(self.path)
        changes = bring_up_to_date(self.context, customer_id=None, rebuild=True).changes
        assert changes == ()
        found = differences(before, self._rows(self.path))
        assert not found, "\n".join(found)

    def _the_list_is_right(self) -> None:
        """Nobody who said stop is on the list, and nothing that is held; every page can be shown."""
        context = self.context
        listed = due(context, DueFilter(unfold=True))
        for item in listed.items:
            assert item.status == "open"
            customer = self.store.customer(self.store.touchpoint(item.id or 0).customer_id)
            assert not customer.do_not_contact, item
        for facts in self._customers():
            page = show(context, facts.customer)
            assert {sale.trend for sale in page.sales} <= {"improving", "decaying", None}
            for sale in page.sales:
                assert (sale.trend is None) == (sale.mood is None)
                assert sale.strength is None or 0 <= sale.strength <= 100

    def _a_file_from_facts_alone_is_the_same(self) -> None:
        """DESIGN 4: without its plans, the file is planned to the very same rows."""
        if not self._customers():
            return
        self._look()
        copy = self.path.with_name("facts-alone.db")
        self.store.backup(copy)
        with closing(sqlite3.connect(copy)) as connection, connection:
            connection.execute("DELETE FROM touchpoint")
        with Store.open(copy) as store:
            context = replace(self.context, store=store, library=Shelf())
            bring_up_to_date(context, customer_id=None, rebuild=True)
        found = differences(self._rows(self.path, numbers=False), self._rows(copy, numbers=False))
        assert not found, "\n".join(found)

    def _rows(self, path: Path, *, numbers: bool = True) -> Rows:
        rows: Rows = {}
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            for row in connection.execute("SELECT * FROM touchpoint"):
                columns = dict(row)
                if not numbers:
                    del columns["id"]
                rows[row["sale_id"], row["step"], row["occurrence"]] = columns
            for row in connection.execute("SELECT * FROM plan"):
                rows[row["sale_id"],] = {name: value for name, value in dict(row).items() if name != "made_on"}
        return rows


def _refusal(command: Callable[[Context], object], context: Context) -> FollowupError | None:
    """The sentence with which a command refuses; a data file that cannot take what it is given is a bug."""
    try:
        command(context)
    except (DataFileError, BusyError):
        raise
    except FollowupError as refused:
        return refused
    return None


def shuffled(facts: CustomerFacts, chance: Random) -> CustomerFacts:
    """The same customer, with everything recorded in another order."""

    def mixed(history: History) -> History:
        names = ("activities", "concerns", "readings", "promises")
        return replace(
            history, **{name: tuple(chance.sample(found := getattr(history, name), len(found))) for name in names}
        )

    return replace(facts, sales=tuple(replace(sale, history=mixed(sale.history)) for sale in facts.sales))


def difference(number: int, customer_id: int, made: Plan, stored: Plan) -> str:
    """What differs between two plans of a sale, in words; '' when nothing does."""
    new, old = plan_row(number, made), plan_row(number, stored)
    said = [f"{name}: {old[name]} is stored, {new[name]} is planned" for name in new if new[name] != old[name]]
    rows = [
        {(t.step, t.occurrence): touchpoint_row(number, customer_id, t) for t in one.touchpoints}
        for one in (stored, made)
    ]
    for name in sorted(rows[0].keys() | rows[1].keys()):
        before, after = (one.get(name, {}) for one in rows)
        for column in {**before, **after}:
            if before.get(column) != after.get(column):
                said.append(f"{name} {column}: {before.get(column)} is stored, {after.get(column)} is planned")
    return "\n".join(said)


def differences(before: Rows, after: Rows) -> list[str]:
    """What differs between two sets of rows, in words."""
    said = []
    for name in sorted(before.keys() | after.keys(), key=str):
        old, new = before.get(name, {}), after.get(name, {})
        said += [f"{name} {key}: {old.get(key)} -> {new.get(key)}" for key in old | new if old.get(key) != new.get(key)]
    return said


IS_LARGE = not settings.default.derandomize
LivingPlan.TestCase.settings = settings(
    max_examples=int(os.environ.get("LIVING_EXAMPLES", 200 if IS_LARGE else 25)),
    stateful_step_count=int(os.environ.get("LIVING_STEPS", 50 if IS_LARGE else 25)),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


@pytest.mark.timeout(7200 if IS_LARGE else 300)
class TestLivingPlan(LivingPlan.TestCase):  # type: ignore[misc, name-defined]
    """Invariants 1-12 after every step of any sequence of commands and days."""
