"""What must hold for every playbook, sale, profile, calendar and day (DOMAIN 2.I), on generated ones."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, given, note, settings
from hypothesis import strategies as st

from followup.core.dates import Calendar
from followup.core.model.activity import Activity
from followup.core.model.channel import CHANNELS
from followup.core.model.concern import Concern
from followup.core.model.history import History, Taken
from followup.core.model.plan import Plan
from followup.core.model.playbook import AnchorRule, Duration, Playbook, StageRule, Step, Unit, When
from followup.core.model.purpose import PURPOSES
from followup.core.model.sale import Profile, Sale
from followup.core.model.stage import STAGES, Stage
from followup.core.model.touchpoint import Status, Touchpoint
from followup.core.numbers import playbook_numbers
from followup.core.planner import plan
from followup.core.planner.built_in import ADDED_STEPS

ADDED = {step.id for step in ADDED_STEPS}
SELLING = ("lead_generation", "persuasive", "renewal")
ODD_DATES = [
    date(2024, 2, 29),
    date(2025, 12, 24),
    date(2025, 12, 31),
    date(2026, 1, 31),
    date(2026, 1, 5),
    date(2026, 2, 28),
    date(2026, 5, 2),
    date(2026, 8, 31),
]


# Playbooks


@dataclass(frozen=True)
class Layout:
    """On which anchors the stages of a playbook hang, and how many days each of them has as written."""

    anchors: dict[str, AnchorRule]
    stages: dict[Stage, StageRule]
    bases: dict[Stage, tuple[str, int, int]]  # anchor, first and last day from it


def days(amount: int) -> Duration:
    return Duration(amount)


@st.composite
def layouts(draw: st.DrawFn) -> Layout:
    kind = draw(st.sampled_from(["use", "event", "work"]))
    before, novel = draw(st.integers(0, 45)), draw(st.integers(0, 20))
    fall, rise = draw(st.integers(0, 60)), draw(st.integers(1, 90))
    rest = draw(st.integers(0, 180))
    lag = draw(st.integers(0, 60))
    anchors = {
        "sale": AnchorRule("sale"),
        "live": AnchorRule("live", default=When("sale", days(lag))),
        "renewal": AnchorRule("renewal", default=When("sale", Duration(1, Unit.YEAR)), repeats=Duration(1, Unit.YEAR)),
        "refill": AnchorRule("refill", default=When("live", days(40)), repeats=Duration(6, Unit.WEEK)),
        "warranty": AnchorRule("warranty"),
        "law": AnchorRule("law", default=When("live", days(100))),
    }
    start = When("sale", days(-before))
    if kind == "event":
        anchors["event"] = AnchorRule("event", default=draw(st.sampled_from([None, When("sale", days(90))])))
        anchors["event_end"] = AnchorRule("event_end", default=When("event", days(draw(st.integers(0, 4)))))
        stages = {
            Stage.BEFORE_SALE: StageRule(start),
            Stage.NOVELTY: StageRule(When("sale")),
            Stage.LEARNING: StageRule(When("sale", days(novel)), When("event", days(-min(rise, 40)))),
            Stage.EFFECTIVENESS: StageRule(When("event")),
            Stage.MAINTENANCE: StageRule(When("event_end", days(rest))),
        }
        bases = {
            Stage.BEFORE_SALE: ("sale", -before, 0),
            Stage.NOVELTY: ("sale", 0, novel),
            Stage.LEARNING: ("event", -60, 0),
            Stage.EFFECTIVENESS: ("event_end", 0, rest),
            Stage.MAINTENANCE: ("event_end", rest, rest + 600),
        }
        return Layout(anchors, stages, bases)
    low, recovered = novel + fall, novel + fall + rise
    end = "live"
    if kind == "work":
        anchors["finish"] = AnchorRule("finish", default=When("live", days(draw(st.integers(0, 120)))))
        end = "finish"
    stages = {
        Stage.BEFORE_SALE: StageRule(start),
        Stage.NOVELTY: StageRule(When("sale")),
        Stage.LEARNING: StageRule(When("live", days(novel)), When("live", days(low))),
        Stage.EFFECTIVENESS: StageRule(When(end, days(recovered if end == "live" else 21))),
        Stage.MAINTENANCE: StageRule(When(end, days(recovered + rest if end == "live" else 21 + rest))),
    }
    effective = recovered if end == "live" else 21
    bases = {
        Stage.BEFORE_SALE: ("sale", -before, 0),
        Stage.NOVELTY: ("live", 0, novel),
        Stage.LEARNING: ("live", novel, recovered),
        Stage.EFFECTIVENESS: (end, effective, effective + rest),
        Stage.MAINTENANCE: (end, effective + rest, effective + rest + 600),
    }
    return Layout(anchors, stages, bases)


def windows() -> st.SearchStrategy[tuple[int, int]]:
    wide = st.tuples(st.integers(-14, 0), st.integers(0, 30))
    tight = st.tuples(st.integers(-2, 0), st.integers(0, 3))
    return st.one_of(st.just((0, 0)), tight, wide)


@st.composite
def whens(draw: st.DrawFn, stage: Stage, layout: Layout) -> When:
    """A date inside the stage, as far as it is certain before any sale exists."""
    base, first, last = layout.bases[stage]
    kind = draw(st.sampled_from(["anchor", "anchor", "stage", "percent", "trough", "months"]))
    if kind == "percent" and stage is not Stage.MAINTENANCE:
        return When(stage, percent=draw(st.sampled_from([0.0, 25.0, 33.3, 50.0, 100.0])))
    if kind == "trough" and stage is Stage.LEARNING:
        return When("trough", days(draw(st.integers(-3, 3))))
    if kind == "months" and stage is Stage.MAINTENANCE:
        unit, most = draw(st.sampled_from([(Unit.MONTH, 18), (Unit.YEAR, 2), (Unit.WEEK, 60)]))
        return When(stage, Duration(draw(st.integers(0, most)), unit))
    offset = draw(st.integers(first, last))
    if kind == "stage":
        unit = draw(st.sampled_from([Unit.DAY, Unit.WORKING_DAY]))
        length = (last - first) if unit is Unit.DAY else (last - first) * 5 // 7
        return When(stage, Duration(draw(st.integers(0, max(0, length))), unit))
    return When(base, days(offset))


@st.composite
def steps(draw: st.DrawFn, number: int, layout: Layout) -> Step:
    purpose = PURPOSES[draw(st.sampled_from(sorted(set(PURPOSES) - {"recovery"})))]
    stage = draw(st.sampled_from(purpose.stages))
    step = Step(
        id=f"s{number:02}",
        purpose=purpose.name,
        goal="g",
        gives="g",
        stage=stage,
        when=draw(whens(stage, layout)),
        window=draw(windows()),
        channel=draw(st.sampled_from(CHANNELS[:5])),
        extra=draw(st.sampled_from([False, False, True])),
    )
    match draw(st.sampled_from(["once"] * 5 + ["every", "until", "cycle", "deadline", "any_day", "outside"])):
        case "every":
            return replace(step, every=Duration(draw(st.integers(1, 400))))
        case "until" if stage is Stage.NOVELTY:
            return replace(step, when=When("sale", days(1)), every=Duration(draw(st.integers(1, 20))), until="live")
        case "cycle":
            anchor = draw(st.sampled_from(["renewal", "refill"]))
            when = When(anchor, days(-draw(st.integers(0, 30))))
            deadline = draw(st.sampled_from(["", anchor]))
            bound = not draw(st.booleans())
            return replace(step, when=when, cycle=True, deadline=deadline, any_stage=not bound)
        case "deadline" | "outside" as kind:
            anchor = draw(st.sampled_from(["renewal", "warranty", "law"]))
            unit = draw(st.sampled_from([Unit.DAY, Unit.WORKING_DAY, Unit.MONTH]))
            when = When(anchor, Duration(-draw(st.integers(0, 3)), unit))
            return replace(step, when=when, any_stage=True, deadline=anchor if kind == "deadline" else "")
        case "any_day":
            return replace(step, any_day=True)
    return step


@st.composite
def playbooks(draw: st.DrawFn, max_steps: int = 12) -> Playbook:
    layout = draw(layouts())
    count = draw(st.integers(0, max_steps))
    overrides: dict[str, dict[str, object]] = {}
    if draw(st.integers(0, 3)) == 0:
        overrides["contact"] = {"min_gap_days": {"learning": draw(st.integers(0, 6))}}
    if draw(st.integers(0, 3)) == 0:
        overrides["contact"] = {"caps_90_days": {"phone": draw(st.integers(0, 4))}}
    if draw(st.integers(0, 3)) == 0:
        overrides["curve"] = {"depth": draw(st.floats(0.05, 0.8))}
    return Playbook(
        key="made",
        title="Made",
        complexity=draw(st.sampled_from(["simple", "moderate", "complex"])),
        life_cycle=draw(st.sampled_from(["introduction", "growth", "maturity", "decline"])),
        extensiveness=draw(st.sampled_from(["low", "medium", "high"])),
        anchors=layout.anchors,
        stages=layout.stages,
        steps=tuple(draw(steps(number, layout)) for number in range(count)),
        overrides=overrides,
    )


# Sales


@dataclass(frozen=True)
class Case:
    """Everything that goes into a plan."""

    playbook: Playbook
    sale: Sale
    history: History
    calendar: Calendar
    today: date
    effort: float | None = None
    days_off: str = ""

    def __repr__(self) -> str:
        """As short as a person wants to read it."""
        book, sale = self.playbook, self.sale
        anchors = {name: str(rule.default) for name, rule in book.anchors.items() if rule.default}
        stages = {str(stage): f"{rule.begins} {rule.trough or ''}" for stage, rule in book.stages.items()}
        lines = [
            f"{book.complexity} {book.life_cycle} {book.extensiveness} {book.overrides}",
            f"{anchors}",
            f"{stages}",
        ]
        for step in book.steps:
            kind = "extra" if step.extra else "core"
            more = {
                name: getattr(step, name)
                for name in ("every", "cycle", "until", "deadline", "any_stage", "any_day")
                if getattr(step, name)
            }
            lines.append(
                f"{step.id} {kind} {step.stage} {step.when} {step.window} {step.purpose} {step.channel} {more}"
            )
        dates = {name: str(on) for name, on in sale.anchors.items()}
        lines.append(f"{dates} added {sale.added_on} today {self.today} {sale.profile} effort {self.effort}")
        lines += [f"{a.on} {a.kind} {a.step} {a.occurrence} {a.outcomes} {a.to_on}" for a in self.history.activities]
        lines += [f"{c.severity} {c.opened_on}" for c in self.history.concerns]
        lines += [f"taken {t.on} {t.channel}" for t in self.history.taken]
        return "\n".join(["", *lines, f"{sorted(self.calendar.weekdays)} {self.days_off}"])

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))

    def plan(self, **changes: object) -> Plan:
        case = replace(self, **changes)  # type: ignore[arg-type]
        return plan(case.playbook, case.sale, case.history, case.calendar, today=case.today, effort=case.effort)


def sale_days() -> st.SearchStrategy[date]:
    return st.one_of(st.sampled_from(ODD_DATES), st.dates(date(2024, 1, 1), date(2027, 12, 31)))


def profiles() -> st.SearchStrategy[Profile]:
    return st.builds(
        Profile,
        usage=st.sampled_from(["heavy", "normal", "light"]),
        tier=st.sampled_from("ABC"),
        kind=st.sampled_from(["company", "person"]),
        life_cycle=st.sampled_from(["", "introduction", "growth", "maturity", "decline"]),
        extensiveness=st.sampled_from(["", "low", "medium", "high"]),
        complexity=st.sampled_from(["", "simple", "moderate", "complex"]),
        channel=st.sampled_from(["", "email", "phone", "message"]),
    )


@st.composite
def calendars(draw: st.DrawFn, around: date) -> tuple[Calendar, str]:
    near = st.integers(-60, 400).map(lambda shift: around + timedelta(days=shift))
    free = draw(st.frozensets(near, max_size=8))
    week = draw(st.sampled_from([range(5), range(6), (1, 2, 3), range(7)]))
    closed = draw(st.frozensets(near, max_size=8))
    calendar = Calendar(
        weekdays=frozenset(week), closed=closed, holiday_name=lambda day: "a holiday" if day in free else ""
    )
    return calendar, " ".join(sorted(map(str, free | closed)))


@st.composite
def cases(draw: st.DrawFn, *, late: bool = True, plain_calendar: bool = False) -> Case:
    playbook, sold = draw(playbooks()), draw(sale_days())
    calendar, days_off = (Calendar(), "") if plain_calendar else draw(calendars(sold))
    known = {"sale": sold}
    for name in playbook.anchors:
        if name != "sale" and draw(st.integers(0, 2)) == 0:
            known[name] = sold + timedelta(days=draw(st.integers(-30, 500)))
    shift = draw(st.integers(-60, 900)) if late and draw(st.booleans()) else -400
    added = sold + timedelta(days=shift)
    today = added + timedelta(days=draw(st.sampled_from([0, 0, 1, 30, 200])))
    severities = draw(st.lists(st.sampled_from(["minor", "moderate", "major"]), max_size=2))
    concerns = tuple(
        Concern(number=number, severity=severity, opened_on=min(sold, today))
        for number, severity in enumerate(severities, start=1)
    )
    near = st.integers(-30, 300).map(lambda days_after: sold + timedelta(days=days_after))
    taken = tuple(draw(st.lists(st.builds(Taken, on=near, channel=st.sampled_from(CHANNELS[:4])), max_size=2)))
    return Case(
        playbook,
        Sale(key=draw(st.sampled_from(["a/1", "b/2"])), anchors=known, added_on=added, profile=draw(profiles())),
        History(concerns=concerns, taken=taken),
        calendar,
        today,
        draw(st.sampled_from([None, 0.0, 0.5, 1.0])),
        days_off,
    )


@st.composite
def lived_cases(draw: st.DrawFn) -> Case:
    """Cases in which things have happened: contacts, skips, snoozes and tries, each recorded as the command does."""
    case = draw(cases())
    for _ in range(draw(st.integers(1, 6))):
        made = case.plan()
        doable = [one for one in made.touchpoints if one.status is Status.OPEN]
        if not doable:
            break
        what = draw(st.sampled_from(doable[:4]))
        on = max(case.today, what.due_on or case.today) if draw(st.booleans()) else case.today
        case = replace(case, today=max(case.today, on))
        number = len(case.history.activities) + 1
        activity = draw(activities(what, on, number))
        case = replace(case, history=replace(case.history, activities=(*case.history.activities, activity)))
        case = replace(case, today=case.today + timedelta(days=draw(st.sampled_from([0, 1, 9, 80]))))
    return case


@st.composite
def activities(draw: st.DrawFn, what: Touchpoint, on: date, number: int) -> Activity:
    planned = {
        "id": number,
        "on": on,
        "channel": what.channel,
        "step": what.step,
        "occurrence": what.occurrence,
        "purpose": what.purpose,
        "stage": what.stage.value,
        "due_on": what.due_on,
        "opens_on": what.opens_on,
        "closes_on": what.closes_on,
    }
    match draw(st.sampled_from(["done", "done", "try", "skip", "snooze", "agree", "log"])):
        case "done":
            outcome = draw(st.sampled_from(["great", "good", "ok", "flat", "concern"]))
            return Activity(**planned, kind="contacted", outcomes=(outcome,))
        case "try":
            return Activity(**planned, kind="contacted", outcomes=("no-answer",))
        case "skip":
            return Activity(**planned, kind="skipped")
        case "log":
            return Activity(
                id=number, on=on, kind="contacted", outcomes=("good",), purpose=what.purpose, channel="phone"
            )
        case kind:
            to_on = on + timedelta(days=draw(st.integers(0, 90)))
            return Activity(**planned, kind="agreed" if kind == "agree" else "snoozed", to_on=to_on)


# The invariants


def open_ones(made: Plan) -> list[Touchpoint]:
    return [one for one in made.touchpoints if one.status is Status.OPEN]


def dated(made: Plan) -> Iterator[tuple[Touchpoint, date]]:
    return ((one, one.due_on) for one in open_ones(made) if one.due_on is not None)


def rules_of(touchpoint: Touchpoint) -> set[str]:
    return {reason.rule for reason in touchpoint.reasons}


def is_excused(touchpoint: Touchpoint) -> bool:
    """True when a gap or a cap may be broken: it says that it stays all the same, or the user set its day."""
    return touchpoint.by_hand or any(reason.inputs.get("kept") for reason in touchpoint.reasons)


def is_pushy(touchpoint: Touchpoint) -> bool:
    """An extra step that should have given way."""
    return touchpoint.extra and not touchpoint.by_hand


def unsolicited(case: Case, made: Plan) -> list[tuple[Touchpoint, date]]:
    """What the customer does not expect: neither by its purpose nor because the date was agreed."""
    agreed = {(a.step, a.occurrence) for a in case.history.activities if a.kind == "agreed"}
    return [
        (one, due)
        for one, due in dated(made)
        if not PURPOSES[one.purpose].solicited and not (one.by_hand and (one.step, one.occurrence) in agreed)
    ]


def unsolicited_contacts(case: Case) -> list[Activity]:
    return [
        activity
        for activity in case.history.activities
        if activity.kind == "contacted"
        and "no-answer" not in activity.outcomes
        and not PURPOSES[activity.purpose].solicited
    ]


# Rules that every plan keeps


def b1_stages_meet_without_gap_or_overlap(case: Case, made: Plan) -> None:
    """Invariant 1: exactly one stage on any date."""
    begins = [span.begin for span in made.stages if span.begin is not None]
    assert [span.stage for span in made.stages] == list(STAGES)
    assert begins == sorted(begins)
    for span in made.stages:
        later = [other.begin for other in made.stages if STAGES.index(other.stage) > STAGES.index(span.stage)]
        assert span.end == next((begin for begin in later if begin is not None), None)
    for shift in range(-60, 900, 7):
        day = case.sale.anchors["sale"] + timedelta(days=shift)
        holding = [span.stage for span in made.stages if span.holds(day)]
        assert holding == [made.stages.on(day)] or not (holding or begins) or day < begins[0]


def the_trough_lies_in_learning(case: Case, made: Plan) -> None:
    learning, trough = made.stages[Stage.LEARNING], made.stages.trough
    if learning.begin is not None and trough is not None:
        assert learning.begin <= trough
        assert learning.end is None or trough <= learning.end


def b25_an_open_sale_has_a_next_contact(case: Case, made: Plan) -> None:
    """Invariant 1: at least one contact in the future or overdue."""
    assert open_ones(made)


def b32_nobody_is_asked_for_anything_inside_learning(case: Case, made: Plan) -> None:
    """Invariant 2, after all shifting, snoozing and retrying; a contract that ends in learning is warned of."""
    for one, due in dated(made):
        if one.purpose in SELLING and made.stages.on(due) is Stage.LEARNING:
            assert one.purpose == "renewal"
            assert "warning" in rules_of(one)


def a_touchpoint_says_its_stage(case: Case, made: Plan) -> None:
    assert all(one.stage is made.stages.on(due) for one, due in dated(made))


def a_step_stays_inside_its_stage(case: Case, made: Plan) -> None:
    """First and last day included, after all shifting; only a date by hand may leave it."""
    for one, due in dated(made):
        step = case.playbook.step(one.step)
        if step is None or step.bound_to is None or one.by_hand or "catch_up" in rules_of(one):
            continue
        span = made.stages[step.bound_to]
        assert span.begin is not None
        assert span.begin <= due
        assert span.end is None or due <= span.end


def nothing_falls_on_a_day_off(case: Case, made: Plan) -> None:
    for one, due in dated(made):
        step = case.playbook.step(one.step)
        free = (step is not None and step.any_day) or one.by_hand
        assert free or case.calendar.is_working_day(due)


def nothing_is_due_outside_its_window(case: Case, made: Plan) -> None:
    for one, due in dated(made):
        assert one.opens_on is not None
        assert one.closes_on is not None
        assert one.opens_on <= due <= one.closes_on


def nothing_is_dated_before_its_window_opens(case: Case, made: Plan) -> None:
    """The written window; only where bounds leave no later day may a date come before it."""
    for one, due in dated(made):
        step = case.playbook.step(one.step)
        written = [r.inputs["nominal"] for r in one.reasons if r.rule == "written"]
        if step is None or not written or one.by_hand or rules_of(one) & {"squeeze", "bounds", "gate", "window"}:
            continue
        assert due >= date.fromisoformat(str(written[0])) + timedelta(days=step.window[0])


def nothing_is_dated_before_the_sale_came_into_the_plan(case: Case, made: Plan) -> None:
    assert all(due >= case.sale.added_on or one.by_hand for one, due in dated(made))


def a_deadline_is_never_passed_without_a_warning(case: Case, made: Plan) -> None:
    """Invariant 12."""
    for one, due in dated(made):
        if one.deadline_on is not None and due > one.deadline_on:
            assert one.by_hand
            assert "warning" in rules_of(one)


def minimum_gaps_hold_or_a_core_step_says_why_not(case: Case, made: Plan) -> None:
    """Invariant 8: extra steps give way; of two core steps that cannot part, one says so."""
    gaps = playbook_numbers(case.playbook, case.sale.profile.complexity).contact.min_gap_days

    def are_too_close(day: date, other: date) -> bool:
        wanted = max(gaps.get(made.stages.on(one), gaps["default"]) for one in (day, other))
        return abs((day - other).days) < wanted

    found = unsolicited(case, made)
    for index, (one, due) in enumerate(found):
        for other, other_due in found[index + 1 :]:
            if are_too_close(due, other_due):
                note(f"{one.step} {due}, {other.step} {other_due}")
                assert is_excused(one) or is_excused(other)
                assert "dip_watch" in (one.step, other.step) or not (is_pushy(one) or is_pushy(other))
        for taken in [*case.history.taken, *unsolicited_contacts(case)]:
            if are_too_close(taken.on, due):
                note(f"{one.step} {due}, taken {taken.on}")
                assert is_excused(one)
                assert one.by_hand or not one.extra


def caps_hold_or_a_core_step_says_why_not(case: Case, made: Plan) -> None:
    """Invariant 8: in any 90 days no more unsolicited contacts by one channel than its cap."""
    caps = playbook_numbers(case.playbook, case.sale.profile.complexity).contact.caps_90_days
    for channel, cap in caps.items():
        mine: list[tuple[date, Touchpoint | None]] = []
        mine += [(due, one) for one, due in unsolicited(case, made) if one.channel == channel]
        taken = [*case.history.taken, *unsolicited_contacts(case)]
        mine += [(one.on, None) for one in taken if one.channel == channel]
        mine.sort(key=lambda pair: pair[0])
        for first in range(len(mine) - cap):
            window = mine[first : first + cap + 1]
            members = [one for _, one in window if one is not None]
            if (window[-1][0] - window[0][0]).days < 90 and members:
                note(f"{channel} {[(one.step, str(one.due_on)) for one in members]}")
                assert any(is_excused(one) for one in members)
                assert not any(is_pushy(one) for one in members)


def each_touchpoint_is_named_once(case: Case, made: Plan) -> None:
    names = Counter((one.step, one.occurrence) for one in made.touchpoints)
    assert not [name for name, count in names.items() if count > 1]


RULES = (
    b1_stages_meet_without_gap_or_overlap,
    the_trough_lies_in_learning,
    b25_an_open_sale_has_a_next_contact,
    b32_nobody_is_asked_for_anything_inside_learning,
    a_touchpoint_says_its_stage,
    a_step_stays_inside_its_stage,
    nothing_falls_on_a_day_off,
    nothing_is_due_outside_its_window,
    nothing_is_dated_before_its_window_opens,
    nothing_is_dated_before_the_sale_came_into_the_plan,
    a_deadline_is_never_passed_without_a_warning,
    minimum_gaps_hold_or_a_core_step_says_why_not,
    caps_hold_or_a_core_step_says_why_not,
    each_touchpoint_is_named_once,
)


@settings(max_examples=4 * settings.default.max_examples)
@given(cases())
def test_every_rule_holds_for_a_new_sale(case: Case) -> None:
    made = case.plan()
    for rule in RULES:
        rule(case, made)


@settings(max_examples=2 * settings.default.max_examples)
@given(lived_cases())
def test_every_rule_holds_after_things_have_happened(case: Case) -> None:
    made = case.plan()
    for rule in RULES:
        rule(case, made)


# Rules about more than one plan


@given(st.one_of(cases(), lived_cases()), st.randoms(use_true_random=False))
def test_planning_depends_on_the_facts_alone(case: Case, chance: random.Random) -> None:
    """Invariant 10: same input, same plan, whatever the order of the history."""
    shuffled = {
        name: tuple(chance.sample(facts, len(facts)))
        for name in ("activities", "concerns", "taken")
        if (facts := getattr(case.history, name))
    }

    assert case.plan() == case.plan() == case.plan(history=replace(case.history, **shuffled))


@given(st.one_of(cases(), lived_cases()), st.floats(0, 1))
def test_nothing_changes_until_the_day_the_plan_names(case: Case, share: float) -> None:
    """Planning on any day before `refresh_on` gives the same plan."""
    made = case.plan()
    last = made.refresh_on or case.today + timedelta(days=4000)
    assert last > case.today
    between = case.today + timedelta(days=int(share * ((last - case.today).days - 1)))
    for day in (between, last - timedelta(days=1)):
        assert case.plan(today=day) == made


@given(cases(), st.lists(st.sampled_from(["minor", "moderate", "major"]), min_size=1, max_size=3), st.floats(0, 1))
def test_effort_and_concerns_bend_only_the_curve_and_what_is_added(
    case: Case, severities: list[str], effort: float
) -> None:
    plain = case.plan(effort=None, history=replace(case.history, concerns=()))
    opened = min(case.sale.anchors["sale"], case.today)
    concerns = tuple(Concern(number=i, severity=s, opened_on=opened) for i, s in enumerate(severities))
    bent = case.plan(effort=effort, history=replace(case.history, concerns=concerns))

    def written(made: Plan) -> list[tuple[object, ...]]:
        return [(t.step, t.occurrence, t.due_on, t.status, t.channel) for t in made.touchpoints if t.step not in ADDED]

    assert bent.stages == plain.stages
    assert written(bent) == written(plain)


@given(cases(late=False), st.lists(st.sampled_from(["minor", "moderate", "major"]), min_size=1, max_size=3))
def test_more_concerns_never_make_the_next_look_later(case: Case, severities: list[str]) -> None:
    """Invariant 3, with everything else that is planned, days off and caps."""
    opened = min(case.sale.anchors["sale"], case.today)
    worried = tuple(Concern(number=i, severity=s, opened_on=opened) for i, s in enumerate(severities))
    looks = [
        [
            due
            for one, due in dated(case.plan(history=replace(case.history, concerns=concerns)))
            if one.step == "dip_watch"
        ]
        for concerns in ((), worried)
    ]
    calm, sooner = looks

    assert len(sooner) >= min(1, len(calm))
    assert not calm or sooner[0] <= calm[0]


@given(cases(plain_calendar=True))
def test_b6_nobody_is_left_alone_in_learning(case: Case) -> None:
    """B6: The longest gap between contacts inside learning: 7, 10, 14 days for simple, moderate, complex."""
    made = case.plan()
    learning = made.stages[Stage.LEARNING]
    assume(learning.begin is not None and learning.end is not None and not case.history.taken)
    maintenance = made.stages[Stage.MAINTENANCE].begin
    assume(maintenance is None or case.sale.added_on <= maintenance)
    first = max(learning.begin, case.sale.added_on)
    limit = playbook_numbers(case.playbook, case.sale.profile.complexity).watch.max_gap_rising
    folded = (one.due_on for one in made.touchpoints if one.status is Status.ABSORBED and one.due_on is not None)
    expired = (one.due_on for one in made.touchpoints if one.status is Status.EXPIRED and one.due_on is not None)
    planned = {*(due for _, due in dated(made)), *folded, *expired}
    contacts = sorted(due for due in planned if first <= due <= learning.end)
    for earlier, later in pairwise([first, *contacts, learning.end]):
        note(f"{earlier} {later}")
        assert (later - earlier).days <= limit


@given(cases(late=False), st.sampled_from(["great", "good"]))
def test_b7_high_spirits_in_novelty_change_nothing_in_learning(case: Case, outcome: str) -> None:
    """B7: Invariant 5: a good contact on its day in novelty leaves the set and the dates of learning as they are."""
    made = case.plan()
    early = [
        one
        for one, due in dated(made)
        if one.stage is Stage.NOVELTY and (step := case.playbook.step(one.step)) is not None and not step.repeating
    ]
    assume(early)
    first = early[0]
    facts = {name: getattr(first, name) for name in ("step", "occurrence", "purpose", "channel", "due_on")}
    told = Activity(id=1, kind="contacted", on=first.due_on or case.today, outcomes=(outcome,), **facts)
    after = case.plan(history=replace(case.history, activities=(told,)))

    def learning(plan_of: Plan) -> list[tuple[str, date]]:
        return [(one.step, due) for one, due in dated(plan_of) if due > told.on and one.stage is Stage.LEARNING]

    assert learning(after) == learning(made)


# Invariants 6 and 7


def counts(case: Case, **profile: str) -> Counter[str]:
    changed = replace(case.sale, profile=replace(case.sale.profile, **profile))
    return Counter(
        one.service for one in case.plan(sale=changed).touchpoints if one.step not in ADDED and one.due_on is not None
    )


@pytest.mark.parametrize(
    ("field", "values", "growing", "shrinking"),
    [
        ("usage", ("light", "normal", "heavy"), ("prevention", "feedback"), ("education",)),
        ("life_cycle", ("introduction", "growth"), ("prevention", "education"), ("feedback",)),
        ("extensiveness", ("high", "medium", "low"), ("prevention", "education", "feedback"), ()),
    ],
)
@given(case=cases(late=False))
def test_profile_changes_counts_in_one_direction(
    field: str, values: tuple[str, ...], growing: tuple[str, ...], shrinking: tuple[str, ...], case: Case
) -> None:
    found = [counts(case, **{field: value}) for value in values]
    for less, more in pairwise(found):
        assert all(less[kind] <= more[kind] for kind in growing)
        assert all(less[kind] >= more[kind] for kind in shrinking)
