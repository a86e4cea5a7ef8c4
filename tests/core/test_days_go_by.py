"""Invariant 10 in time: as days go by, a plan changes only on the days that it named itself (`refresh_on`).

Whatever happened: all outcomes, problems, promises, concerns, readings, holds, stages by hand, entries for days gone
by, and other sales of the same customer, on each playbook that comes with followup.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from hypothesis import given, note
from hypothesis import strategies as st

from followup.core.dates import Calendar
from followup.core.model.activity import Activity
from followup.core.model.concern import SEVERITIES, Concern
from followup.core.model.history import NO_HISTORY, Elsewhere, History, Taken
from followup.core.model.outcome import MILESTONES, OUTCOMES
from followup.core.model.plan import Plan
from followup.core.model.playbook import Playbook
from followup.core.model.promise import Promise
from followup.core.model.purpose import PURPOSES
from followup.core.model.reading import Reading
from followup.core.model.sale import Profile, Sale
from followup.core.model.stage import STAGES
from followup.core.model.touchpoint import Status, Touchpoint
from followup.core.planner import plan
from followup.files.playbook_reader import read_playbook
from followup.files.shipped import shipped_playbook_text

BOOKS = ("equipment", "event_hotel", "real_estate", "retail", "saas", "services", "vehicle")
MONDAY = date(2026, 1, 5)
ONE_DAY = timedelta(days=1)
CALENDAR = Calendar(holiday_name=lambda day: "a holiday" if day.day == 6 else "")
SCORES = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)}


@dataclass(frozen=True, slots=True)
class Lived:
    """A sale, what has happened, and the day it is."""

    playbook: Playbook
    sale: Sale
    history: History
    today: date

    def plan(self, today: date | None = None) -> Plan:
        """What planning gives, today or on a later day on which nothing more was recorded."""
        return plan(self.playbook, self.sale, self.history, CALENDAR, today=today or self.today)

    def told(self, **facts: Any) -> Lived:
        """The same with one more fact in each of the lists that are named."""
        more = {name: (*getattr(self.history, name), fact) for name, fact in facts.items()}
        return replace(self, history=replace(self.history, **more))


@cache
def shipped(key: str) -> Playbook:
    playbook, _ = read_playbook(shipped_playbook_text(key), source=key)
    assert playbook is not None
    return playbook


@st.composite
def lives(draw: st.DrawFn) -> Lived:
    playbook = shipped(draw(st.sampled_from(BOOKS)))
    signed = MONDAY + timedelta(days=draw(st.one_of(st.just(0), st.integers(-300, 60))))
    known = draw(st.dictionaries(st.sampled_from(sorted(playbook.anchors)), st.integers(0, 200), max_size=2))
    anchors = {**{name: signed + timedelta(days=after) for name, after in known.items()}, "sale": signed}
    added_on = draw(st.sampled_from([MONDAY, signed, signed + timedelta(days=60)]))
    profile = draw(
        st.builds(Profile, tier=st.sampled_from("ABC"), complexity=st.sampled_from(["", "simple", "complex"]))
    )
    need = draw(st.sampled_from(["", "a second one"]))
    sale = Sale(key="anna/1", anchors=anchors, added_on=added_on, profile=profile, need=need)
    life = Lived(playbook, sale, NO_HISTORY, added_on)
    for _ in range(draw(st.integers(0, 9))):
        life = draw(happens(life))
        life = replace(life, today=life.today + timedelta(days=draw(st.sampled_from([0, 1, 4, 9, 60]))))
    return life


@st.composite
def happens(draw: st.DrawFn, life: Lived) -> Lived:
    """One more thing; a contact is mostly one that is planned."""
    today, number = life.today, len(life.history.activities) + 1
    on = today - timedelta(days=draw(st.sampled_from([0, 0, 0, 1, 20])))
    ahead = today + timedelta(days=draw(st.integers(0, 60)))
    match draw(st.sampled_from(["done"] * 6 + ["log", "log", "moved", "hold", "stage", "milestone", "fact", "other"])):
        case "done" | "log" | "moved" as kind:
            made = life.plan()
            todo = [one for one in made.touchpoints if one.status is Status.OPEN][:4] if kind != "log" else []
            about = (
                dict(draw(st.sampled_from([about_planned(one) for one in todo]))) if todo else logged(draw, made, on)
            )
            if todo and kind == "moved":
                about["to_on"] = ahead
                return life.told(activities=Activity(id=number, kind=draw(MOVES), on=today, **about))
            outcomes = draw(st.lists(st.sampled_from(OUTCOMES[:-1]), min_size=1, max_size=2, unique=True).map(tuple))
            return with_contact(life, Activity(id=number, kind="contacted", on=on, outcomes=outcomes, **about))
        case "hold":
            until = draw(st.sampled_from([None, ahead + ONE_DAY]))
            kind = draw(st.sampled_from(["held", "held", "resumed"]))
            return life.told(activities=Activity(id=number, kind=kind, on=today, to_on=until))
        case "stage":
            stage = draw(st.sampled_from(STAGES[1:]))
            return life.told(activities=Activity(id=number, kind="stage_moved", on=today, stage=stage.value))
        case "milestone":
            name = draw(st.sampled_from(MILESTONES[2:-1]))
            return life.told(activities=Activity(id=number, kind="milestone", on=on, milestone=name))
        case "fact":
            return draw(st.sampled_from([*readings(draw, life, on), *promises(life, ahead), *settled(life)]))
    other = draw(st.sampled_from([Elsewhere(problem_on=on), Elsewhere(learning=((on, ahead),)), Elsewhere()]))
    life = life.told(taken=Taken(ahead, draw(st.sampled_from(["phone", "email", ""]))))
    return replace(life, history=replace(life.history, elsewhere=other))


MOVES = st.sampled_from(["snoozed", "agreed", "skipped"])


def about_planned(one: Touchpoint) -> Mapping[str, Any]:
    names = ("channel", "step", "occurrence", "purpose", "due_on", "opens_on", "closes_on")
    return {name: getattr(one, name) for name in names} | {"stage": one.stage.value}


def logged(draw: st.DrawFn, made: Plan, on: date) -> dict[str, Any]:
    purpose = draw(st.sampled_from(["", *PURPOSES]))
    direction = draw(st.sampled_from(["inbound", "outbound"]))
    return {"channel": "phone", "purpose": purpose, "direction": direction, "stage": made.stages.on(on).value}


def with_contact(life: Lived, contact: Activity) -> Lived:
    """A contact with the facts that its outcomes bring."""
    life = life.told(activities=contact)
    if "concern" in contact.outcomes:
        number = len(life.history.concerns) + 1
        severity = SEVERITIES[number % len(SEVERITIES)]
        life = life.told(concerns=Concern(number=number, severity=severity, opened_on=contact.on))
        life = promised(life, contact.on + timedelta(days=2), about="concern", concern=number)
    if "idea" in contact.outcomes:
        life = promised(life, contact.on + timedelta(days=14), about="idea")
    return life


def promised(life: Lived, by: date, **more: Any) -> Lived:
    return life.told(promises=Promise(number=len(life.history.promises) + 1, by=by, **more))


def readings(draw: st.DrawFn, life: Lived, on: date) -> list[Lived]:
    score = draw(st.integers(*SCORES[life.playbook.kpi]))
    said = [(life.playbook.kpi, str(score)), ("usage", "down"), ("understood", "no")]
    return [life.told(readings=Reading(kind=kind, value=value, on=on)) for kind, value in said]


def promises(life: Lived, by: date) -> list[Lived]:
    kept = tuple(replace(one, done_on=life.today, told_on=life.today) for one in life.history.promises)
    return [promised(life, by), replace(life, history=replace(life.history, promises=kept))]


def settled(life: Lived) -> list[Lived]:
    """The same with every concern resolved."""
    resolved = tuple(replace(one, resolved_on=max(life.today, one.opened_on)) for one in life.history.concerns)
    return [replace(life, history=replace(life.history, concerns=resolved))]


@given(lives(), st.floats(0, 1))
def test_as_days_go_by_a_plan_changes_only_on_the_days_that_it_named(life: Lived, share: float) -> None:
    """Invariant 10: made on its day, or on any later one before the next, a plan is the same."""
    made, day, last = life.plan(), life.today, life.today + timedelta(days=300)
    for _ in range(8):
        following = min(made.refresh_on or last, last)
        assert following > day or day == last
        for later in {day + timedelta(days=int(share * (following - day).days)), following - ONE_DAY}:
            if day < later < following:
                note(f"planned on {day} until {made.refresh_on}, and on {later}")
                assert life.plan(later) == made
        if following >= last:
            return
        day, made = following, life.plan(following)
