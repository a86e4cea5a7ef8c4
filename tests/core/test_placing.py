"""Working days, windows, minimum gaps, caps and deadlines: where a written date comes to lie (DOMAIN 3.7, 5.1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.core.dates import Calendar
from followup.core.model.history import NO_HISTORY
from followup.core.model.playbook import AnchorRule, Duration, Playbook, StageRule, Step, When
from followup.core.model.sale import Profile, Sale
from followup.core.model.stage import Stage, StageMap, StageSpan
from followup.core.numbers import ContactNumbers
from followup.core.planner import plan
from followup.core.planner.placing import Diary

# Learning runs from Monday 2026-01-12 to Thursday 2026-03-12, effectiveness to Saturday 2026-07-04.

ONE = """
anchors: {{sale: signed, live: {{says: in use, default: sale}}, law: the new law}}
steps:
  - {{id: one, stage: {stage}, when: {when}, window: {window}, purpose: {purpose}, channel: meeting{more}}}
"""


@pytest.fixture
def one(read: Any, planned: Any) -> Any:
    """Plan a single step."""

    def made(
        when: str,
        window: str = "[0, 0]",
        *,
        stage: str = "learning",
        purpose: str = "prevention",
        more: str = "",
        **facts: Any,
    ) -> Any:
        return planned(read(ONE.format(when=when, window=window, stage=stage, purpose=purpose, more=more)), **facts)

    return made


# Days off. 2026-01-24 is a Saturday.


@pytest.mark.parametrize(
    ("when", "window", "due"),
    [
        ("live+18", "[-2, 2]", "2026-01-23"),  # a Friday stays
        ("live+19", "[-2, 2]", "2026-01-26"),  # forward inside the window
        ("live+20", "[-2, 2]", "2026-01-26"),
        ("live+19", "[-2, 0]", "2026-01-23"),  # back, where the window allows nothing else
        ("live+19", "[-2, 1]", "2026-01-23"),
        ("live+20", "[0, 0]", "2026-01-26"),  # no working day in the window: the next one
        ("live+19", "[0, 1]", "2026-01-26"),
    ],
)
def test_a_day_off_moves_inside_the_window_forward_first(one: Any, when: str, window: str, due: str) -> None:
    plan = one(when, window)

    assert plan.due("one") == due
    assert ("working_day" in plan.rules("one")) is (when != "live+18")


def test_a_window_without_a_working_day_says_so(one: Any) -> None:
    plan = one("live+19", "[0, 1]")

    assert "Sat 24 January 2026 is a Saturday: moved forward to Mon 26 January 2026" in plan.why("one", "working_day")
    assert plan.why("one", "window")
    assert plan["one"].closes_on == date(2026, 1, 26)


def test_holidays_and_closed_days_are_days_off_by_name(one: Any, holidays: Any) -> None:
    calendar = holidays("2026-01-26", name="Founders' Day", closed=["2026-01-27"])
    plan = one("live+21", "[-1, 4]", calendar=calendar)

    assert plan.due("one") == "2026-01-28"
    assert "Founders' Day" in plan.why("one", "working_day")


def test_another_working_week(one: Any) -> None:
    weekend = Calendar(weekdays=frozenset({5, 6}))

    assert one("live+21", "[-1, 4]", calendar=weekend).due("one") == "2026-01-25"
    assert one("live+21", "[0, 6]", calendar=weekend).due("one") == "2026-01-31"


@pytest.mark.parametrize("when", ["live+19", "live+20"])
def test_any_day_may_fall_on_a_weekend(one: Any, when: str) -> None:
    plan = one(when, more=", any_day: true")

    assert plan["one"].due_on.weekday() >= 5
    assert "working_day" not in plan.rules("one")


def test_a_step_stays_inside_its_stage(one: Any) -> None:
    """Learning ends on a Sunday: not on to Monday, but back to Friday. Its last day itself is allowed."""
    assert one("live+66", "[-3, 3]", sale="2026-01-08").due("one") == "2026-03-13"
    assert one("live+66", "[-3, 3]", sale="2026-01-09").due("one") == "2026-03-16"


def test_a_stage_without_any_working_day_gets_nothing(one: Any, holidays: Any) -> None:
    days = holidays(*(str(date(2026, 1, 5) + timedelta(days=shift)) for shift in range(10)))
    plan = one("sale+1", "[0, 3]", stage="novelty", purpose="welcome", calendar=days)

    assert "one" not in plan.steps()
    assert plan.left_out("one") == "expires: no allowed working day is left for it"


# Deadlines


@pytest.mark.parametrize(
    ("law", "when", "window", "due"),
    [
        ("2026-03-01", "law", "[0, 0]", "2026-02-27"),  # a Sunday: back, never past it
        ("2026-03-01", "law-1", "[-1, 3]", "2026-02-27"),
        ("2026-03-02", "law-1", "[-1, 3]", "2026-03-02"),  # the last day itself, before the window would be left
        ("2026-03-03", "law-2", "[0, 3]", "2026-03-02"),  # nothing before it in the window
        ("2026-03-05", "law-4", "[-3, 9]", "2026-02-27"),  # back is first choice
    ],
)
def test_what_has_a_deadline_moves_back_and_never_past_it(one: Any, law: str, when: str, window: str, due: str) -> None:
    plan = one(when, window, more=", deadline: law, any_stage: true", law=law)

    assert plan.due("one") == due
    assert str(plan["one"].deadline_on) == law


def test_a_passed_deadline_is_not_made_up_for(one: Any) -> None:
    facts = {"more": ", deadline: law, any_stage: true", "law": "2026-03-05"}

    assert one("law-4", "[-3, 4]", today="2026-03-05", **facts).still_open()[0:1] != []
    late = one("law-4", "[-3, 4]", today="2026-03-06", **facts)
    assert late["one"].status == "expired"


def test_a_date_by_hand_past_the_deadline_is_warned_of(one: Any, done: Any) -> None:
    """Invariant 12."""
    facts = {"more": ", deadline: law, any_stage: true", "law": "2026-03-05"}
    moved = done(one("law-4", "[-3, 4]", **facts)["one"], "2026-03-02", kind="snoozed", to_on=date(2026, 3, 9))
    plan = one("law-4", "[-3, 4]", activities=[moved], today="2026-03-06", **facts)

    assert plan.due("one") == "2026-03-09"
    assert plan["one"].status == "open"
    assert "past its deadline" in plan.why("one", "warning")


def test_no_answer_does_not_lead_past_a_deadline(one: Any, done: Any) -> None:
    facts = {"more": ", deadline: law, any_stage: true", "law": "2026-03-05"}
    tried = done(one("law-2", "[-1, 1]", **facts)["one"], "2026-03-04", "no-answer")
    plan = one("law-2", "[-1, 1]", activities=[tried], today="2026-03-04", **facts)

    assert plan.due("one") == "2026-03-05"


# Minimum gaps: 1 day in novelty, 3 in learning, 5 elsewhere; the longer one counts across a boundary

TWO = """
steps:
  - {{id: a, stage: {stage}, when: {a}, window: {aw}, purpose: {ap}, channel: meeting, need: {an}}}
  - {{id: b, stage: {stage}, when: {b}, window: {bw}, purpose: {bp}, channel: meeting, need: {bn}}}
"""


@pytest.fixture
def two(read: Any, planned: Any) -> Any:
    """Plan two steps, `a` and `b`."""

    def made(a: str, aw: str, b: str, bw: str, *, stage: str = "learning", facts: Any = None, **more: str) -> Any:
        names = {"ap": "prevention", "bp": "prevention", "an": "core", "bn": "core", **more}
        return planned(read(TWO.format(a=a, aw=aw, b=b, bw=bw, stage=stage, **names)), **(facts or {}))

    return made


@pytest.mark.parametrize(
    ("stage", "a", "b", "due"),
    [
        ("novelty", "live+1", "live+1", "2026-01-07"),
        ("novelty", "live+1", "live+2", "2026-01-07"),
        ("learning", "live+14", "live+15", "2026-01-22"),
        ("learning", "live+14", "live+17", "2026-01-22"),
        ("effectiveness", "live+91", "live+92", "2026-04-13"),  # 2026-04-11 is a Saturday
        ("effectiveness", "live+91", "live+96", "2026-04-13"),
    ],
)
def test_two_contacts_keep_the_gap_of_their_stage(two: Any, stage: str, a: str, b: str, due: str) -> None:
    plan = two(a, "[0, 0]", b, "[-1, 9]", stage=stage, ap="prevention", bp="education")

    assert plan.due("b") == due


def test_the_longer_gap_counts_across_a_boundary(read: Any, planned: Any) -> None:
    """The last day of learning and a day of effectiveness: five days apart, not three."""
    book = read(
        """
        steps:
          - {id: a, stage: learning, when: live+64, purpose: prevention, channel: meeting}
          - {id: b, stage: effectiveness, when: live+67, window: [0, 9], purpose: prevention, channel: meeting}
        """
    )
    plan = planned(book)

    assert (plan.due("a"), plan.due("b")) == ("2026-03-10", "2026-03-16")  # 2026-03-15 is a Sunday
    assert "at least 5 days from the contact of Tue 10 March 2026" in plan.why("b", "gap")


def test_who_cannot_wait_moves_the_other_inside_its_window(two: Any) -> None:
    """`b` must be on its day; `a` comes earlier or later instead."""
    assert two("live+21", "[-2, 9]", "live+22", "[0, 0]").due("a") == "2026-01-30"
    back = two("live+21", "[-4, 0]", "live+22", "[0, 0]")
    assert (back.due("a"), back.due("b")) == ("2026-01-23", "2026-01-27")
    assert "gap" in back.rules("a")


def test_two_core_steps_that_cannot_part_stay_and_say_so(two: Any) -> None:
    plan = two("live+21", "[0, 0]", "live+22", "[0, 0]")

    assert (plan.due("a"), plan.due("b")) == ("2026-01-26", "2026-01-27")
    assert "a core step is not dropped for that" in plan.why("b", "gap")


@pytest.mark.parametrize(("an", "bn", "stays", "gone"), [("extra", "core", "b", "a"), ("core", "extra", "a", "b")])
def test_an_extra_step_gives_way_to_a_core_step_in_whatever_order(
    two: Any, an: str, bn: str, stays: str, gone: str
) -> None:
    facts = {"profile": Profile(tier="A")}
    plan = two("live+21", "[0, 0]", "live+22", "[0, 0]", an=an, bn=bn, facts=facts)

    assert stays in plan.steps()
    assert gone not in plan.steps()
    assert "gives way" in plan.left_out(gone)


def test_an_extra_step_is_kept_when_moving_helps(two: Any) -> None:
    """A core step moves inside its window to make room: nothing is dropped that can be kept."""
    facts = {"profile": Profile(tier="A")}
    plan = two("live+21", "[0, 0]", "live+22", "[-1, 4]", an="extra", facts=facts)

    assert (plan.due("a"), plan.due("b")) == ("2026-01-26", "2026-01-29")


def test_of_two_extra_steps_the_kind_that_the_profile_raises_most_comes_in(two: Any) -> None:
    for ap, bp in (("feedback", "education"), ("education", "feedback")):
        facts = {"profile": Profile(tier="A", life_cycle="introduction", extensiveness="low")}
        plan = two("live+21", "[0, 0]", "live+22", "[0, 0]", ap=ap, bp=bp, an="extra", bn="extra", facts=facts)
        kinds = {one.service for one in plan.touchpoints if one.step in "ab"}
        assert kinds == {"feedback"}  # 1.875 against 0.94


def test_what_the_customer_expects_needs_no_gap(two: Any) -> None:
    plan = two("live+1", "[0, 0]", "live+1", "[0, 0]", stage="novelty", ap="welcome", bp="co_planning")

    assert (plan.due("a"), plan.due("b")) == ("2026-01-06", "2026-01-06")
    assert "gap" not in plan.rules("a") + plan.rules("b")


def test_an_event_day_on_a_weekend_keeps_others_away(read: Any, planned: Any) -> None:
    book = read(
        """
        steps:
          - {id: event, stage: learning, when: live+19, purpose: prevention, channel: in_person, any_day: true}
          - {id: call, stage: learning, when: live+21, window: [-1, 3], purpose: education}
        """
    )
    plan = planned(book)

    assert (plan.due("event"), plan.due("call")) == ("2026-01-24", "2026-01-27")


# Caps: 3 calls, 4 e-mails, 4 messages, 9 letters in any 90 days; nothing else is counted


def series(channel: str, count: int, need: str = "core", window: str = "[0, 0]", every: int = 10) -> str:
    lines = ["stages: {maintenance: {from: live+100}}", "steps:"]
    for number in range(count):
        step = f"id: s{number}, stage: maintenance, when: live+{105 + every * number}, window: {window}"
        need_of = need if number == count - 1 else "core"
        lines.append(f"  - {{{step}, purpose: prevention, channel: {channel}, any_day: true, need: {need_of}}}")
    return "\n".join(lines)


@pytest.mark.parametrize(("channel", "cap"), [("phone", 3), ("email", 4), ("message", 4), ("letter", 9)])
def test_a_core_step_over_its_cap_stays_and_says_so(read: Any, planned: Any, channel: str, cap: int) -> None:
    every = 10 if cap < 9 else 9
    plan = planned(read(series(channel, cap + 1, every=every)))

    assert "cap" not in [rule for number in range(cap) for rule in plan.rules(f"s{number}")]
    assert "a core step is not dropped" in plan.why(f"s{cap}", "cap")


@pytest.mark.parametrize("channel", ["meeting", "visit", "video", "screen_share", "in_person"])
def test_other_channels_have_no_cap(read: Any, planned: Any, channel: str) -> None:
    plan = planned(read(series(channel, 9, every=5)))

    assert all("cap" not in plan.rules(f"s{number}") for number in range(9))


def test_an_extra_step_over_its_cap_gives_way(read: Any, planned: Any) -> None:
    plan = planned(read(series("phone", 4, need="extra")), profile=Profile(tier="A"))

    assert "gives way" in plan.left_out("s3")


def test_a_step_moves_inside_its_window_to_keep_its_cap(read: Any, planned: Any) -> None:
    """Calls on days 105, 135, 165 and 190: the last one waits until day 195."""
    text = series("phone", 4, window="[-1, 9]", every=30).replace("live+195", "live+190")
    plan = planned(read(text))

    assert (plan["s3"].due_on - plan["s0"].due_on).days == 90
    assert "the cap for phone" in plan.why("s3", "cap")


def test_contacts_that_were_made_count(read: Any, planned: Any, done: Any) -> None:
    book = read(series("email", 4, every=20))
    first = planned(book)["s0"]
    calls = [done(first, f"2026-03-{day:02}", "ok", channel="email", step="", purpose="feedback") for day in (1, 8, 15)]
    plan = planned(book, today="2026-03-15", activities=calls)

    assert "cap" in plan.rules("s1")
    answered = [done(first, "2026-04-18", "ok", channel="email", step="", direction="inbound")]
    assert "gap" in planned(book, today="2026-04-18", activities=answered).rules("s0")  # they called: not again at once


# The diary against the plainest way to count


DAYS = st.dates(date(2026, 1, 1), date(2026, 8, 1))


def stage_map() -> StageMap:
    begins = [date(2025, 12, 1), date(2026, 1, 5), date(2026, 1, 12), date(2026, 3, 12), date(2026, 7, 4)]
    spans = [StageSpan(stage, begin, end) for stage, begin, end in zip(Stage, begins, [*begins[1:], None], strict=True)]
    return StageMap(tuple(spans), None)


@given(noted=st.lists(st.tuples(DAYS, st.sampled_from(["phone", "email", "visit"])), max_size=12), day=DAYS)
def test_gaps_and_caps_are_counted_as_by_hand(noted: list[tuple[date, str]], day: date) -> None:
    stages, diary = stage_map(), Diary(stage_map(), ContactNumbers())
    gaps = {Stage.NOVELTY: 1, Stage.LEARNING: 3}
    for on, channel in noted:
        diary.note(on, channel)

    def gap(on: date) -> int:
        return gaps.get(stages.on(on), 5)

    near = [on for on, _ in noted if abs((on - day).days) < max(gap(on), gap(day))]
    assert (diary.too_close(day) is not None) is bool(near)
    for channel, cap in (("phone", 3), ("email", 4)):
        mine = [on for on, by in noted if by == channel]
        windows = (day - timedelta(days=shift) for shift in range(90))
        over = any(sum(first <= on < first + timedelta(days=90) for on in mine) + 1 > cap for first in windows)
        assert diary.over_cap(day, channel) is over
    assert not diary.over_cap(day, "visit")


@given(noted=st.lists(st.tuples(DAYS, st.sampled_from(["phone", "visit"])), max_size=8), day=DAYS)
def test_what_is_forgotten_leaves_no_trace(noted: list[tuple[date, str]], day: date) -> None:
    diary, other = Diary(stage_map(), ContactNumbers()), Diary(stage_map(), ContactNumbers())
    for on, channel in noted:
        diary.note(on, channel)
        other.note(on, channel)
    diary.note(day, "phone")
    diary.forget(day, "phone")

    assert diary.is_free(day, "phone") == other.is_free(day, "phone")


# Whatever can be placed without a conflict is


@st.composite
def crowds(draw: st.DrawFn) -> list[tuple[int, int, int]]:
    """Days of learning and windows of a few core steps that lie close together."""
    step = st.tuples(st.integers(10, 26), st.integers(-4, 0), st.integers(0, 4))
    return draw(st.lists(step, min_size=2, max_size=4))


def can_part(crowd: list[tuple[int, int, int]], gap: int) -> bool:
    """True when some choice of days inside the windows keeps all of them apart."""
    choices = [range(day + before, day + after + 1) for day, before, after in crowd]
    return any(all(abs(a - b) >= gap for a, b in combinations(days, 2)) for days in product(*choices))


def assigned(crowd: list[tuple[int, int, int]]) -> Iterator[tuple[int, bool]]:
    """Days of use that the planner finds for a crowd, and whether each one says that it is too close."""
    steps = tuple(
        Step(
            id=f"s{number}",
            purpose="prevention",
            goal="g",
            gives="g",
            stage=Stage.LEARNING,
            when=When("live", Duration(day)),
            window=(before, after),
            channel="visit",
        )
        for number, (day, before, after) in enumerate(crowd)
    )
    stages = {
        Stage.LEARNING: StageRule(When("live", Duration(1)), When("live", Duration(20))),
        Stage.EFFECTIVENESS: StageRule(When("live", Duration(40))),
    }
    book = Playbook(key="k", title="t", anchors={"sale": AnchorRule("sale")}, stages=stages, steps=steps)
    sold = date(2026, 1, 5)
    sale = Sale(key="k", anchors={"sale": sold}, added_on=date(2025, 1, 1))
    every_day = Calendar(weekdays=frozenset(range(7)))
    for found in plan(book, sale, NO_HISTORY, every_day, today=date(2025, 1, 1)).touchpoints:
        if found.step != "dip_watch" and found.due_on is not None:
            yield (found.due_on - sold).days, any(reason.inputs.get("kept") for reason in found.reasons)


@given(crowds())
def test_core_steps_that_can_part_inside_their_windows_do(crowd: list[tuple[int, int, int]]) -> None:
    found = list(assigned(crowd))
    days = [day for day, _ in found]
    conflicts = any(abs(a - b) < 3 for a, b in combinations(days, 2))

    assert len(found) == len(crowd)
    assert conflicts is not can_part(crowd, 3)
    assert conflicts is any(kept for _, kept in found)
