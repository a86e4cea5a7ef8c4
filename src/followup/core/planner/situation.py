"""Situation: everything that the contacts of one sale are dated by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from followup.core.dates import Calendar
from followup.core.model.activity import Activity
from followup.core.model.history import History
from followup.core.model.playbook import Playbook
from followup.core.model.purpose import PURPOSES, Purpose
from followup.core.model.sale import Sale
from followup.core.model.stage import Stage
from followup.core.model.touchpoint import Reason
from followup.core.numbers import Numbers, playbook_numbers
from followup.core.planner.anchors import resolve_anchors
from followup.core.planner.facts import StepFacts, facts_in_order, in_order, is_contact, is_valuable
from followup.core.planner.holds import Hold, holds_of
from followup.core.planner.problems import Problem, problems_of
from followup.core.planner.profile import Factors, Setting, factors_of, setting_of
from followup.core.planner.reordering import with_rhythm
from followup.core.planner.stages import Timeline, build_timeline

NOTHING = StepFacts()


def _never(day: date) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Situation:
    """One sale on one day: its playbook, profile, numbers, stages and what has happened so far."""

    playbook: Playbook
    sale: Sale
    history: History
    calendar: Calendar
    today: date
    setting: Setting
    numbers: Numbers
    factors: Factors
    timeline: Timeline
    facts: Mapping[str, StepFacts]
    contacts: tuple[Activity, ...]
    valuable: tuple[Activity, ...]
    floor: date  # nothing is planned before it
    ordered: tuple[Activity, ...] = ()  # all activities in the order in which they happened
    problems: tuple[Problem, ...] = ()
    reasons: tuple[Reason, ...] = ()  # what moved its stages
    is_low: Callable[[date], bool] = _never  # whether the estimated mood was far below normal on a day

    def facts_of(self, step_id: str) -> StepFacts:
        """What happened to a step; empty when nothing did."""
        return self.facts.get(step_id, NOTHING)

    @property
    def told_on(self) -> date:
        """The day of the last thing that happened: nothing new is dated before it."""
        return self.ordered[-1].on if self.ordered else self.floor

    @property
    def recorded_on(self) -> date:
        """The same with what was measured: what lies ahead of it is not moved back behind it."""
        return max([self.told_on, *(reading.on for reading in self.history.readings)])

    @property
    def hold(self) -> Hold | None:
        """The hold that the sale is on today, if any."""
        return next((hold for hold in self.timeline.holds if hold.holds(self.today)), None)

    def purpose_named(self, name: str) -> Purpose | None:
        """A purpose of the playbook or a built-in one."""
        return self.playbook.purposes.get(name) or PURPOSES.get(name)


def survey(playbook: Playbook, sale: Sale, history: History, calendar: Calendar, *, today: date) -> Situation:
    """What follows from the facts before any step is looked at: profile, numbers, anchors and stages."""
    setting = setting_of(sale.profile, playbook)
    numbers = playbook_numbers(playbook, setting.complexity)
    anchors = with_rhythm(resolve_anchors(playbook, sale.anchors, calendar), sale, history, numbers.rhythm)
    ordered = tuple(in_order(history.activities))
    holds = holds_of(ordered)
    timeline = build_timeline(playbook, anchors, calendar, numbers.curve, holds)
    facts = facts_in_order(ordered)
    return Situation(
        playbook=playbook,
        sale=sale,
        history=history,
        calendar=calendar,
        today=today,
        setting=setting,
        numbers=numbers,
        factors=factors_of(setting, numbers.modifiers),
        timeline=timeline,
        facts=facts,
        contacts=tuple(filter(is_contact, ordered)),
        valuable=tuple(filter(is_valuable, ordered)),
        floor=_floor(sale, timeline, history),
        ordered=ordered,
        problems=problems_of(ordered, facts, numbers),
    )


def _floor(sale: Sale, timeline: Timeline, history: History) -> date:
    """The day the sale came into the plan; for an old sale, the day on which somebody first did something about it.

    An old sale gets one contact to begin with: what follows from it must not be overdue on the day it is planned.
    """
    begin = timeline.stages[Stage.MAINTENANCE].begin
    if begin is None or sale.added_on <= begin:
        return sale.added_on
    return max(sale.added_on, min((a.on for a in history.activities if a.step), default=sale.added_on))
