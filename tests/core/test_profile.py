"""How usage, life cycle and extensiveness change a plan: DOMAIN 5.2, A4, A7-A9, A13, A14, A16."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from followup.core.model.playbook import Duration, Playbook, Unit
from followup.core.model.sale import Profile
from followup.core.numbers import ModifierNumbers
from followup.core.planner.profile import factors_of, setting_of

PLAYBOOK = Playbook(key="k", title="t")


def factors(usage: str, life_cycle: str, extensiveness: str) -> tuple[float, ...]:
    profile = Profile(usage=usage, life_cycle=life_cycle, extensiveness=extensiveness)
    found = factors_of(setting_of(profile, PLAYBOOK), ModifierNumbers())
    return tuple(found[kind] for kind in ("prevention", "education", "feedback"))


@pytest.mark.parametrize(
    ("usage", "life_cycle", "extensiveness", "expected"),
    [
        ("heavy", "growth", "low", (2.00, 0.94, 1.88)),
        ("heavy", "introduction", "medium", (1.12, 0.50, 2.00)),
        ("light", "growth", "high", (1.12, 1.69, 0.56)),
        ("normal", "maturity", "low", (1.25, 1.25, 1.25)),
        ("normal", "growth", "medium", (1.5, 1.5, 1.0)),
        ("heavy", "growth", "medium", (2.0, 0.75, 1.5)),
        ("normal", "maturity", "medium", (1, 1, 1)),
        ("normal", "decline", "medium", (1, 0.75, 0.75)),
    ],
)
def test_factors(usage: str, life_cycle: str, extensiveness: str, expected: tuple[float, ...]) -> None:
    assert factors(usage, life_cycle, extensiveness) == pytest.approx(expected, abs=0.0051)


def test_a_sale_without_values_of_its_own_takes_those_of_the_playbook() -> None:
    playbook = replace(PLAYBOOK, life_cycle="growth", extensiveness="low", complexity="complex")
    setting = setting_of(Profile(), playbook)

    assert (setting.usage, setting.life_cycle, setting.extensiveness, setting.complexity) == (
        "normal",
        "growth",
        "low",
        "complex",
    )


EXTRAS = """
stages:
  learning: {from: live+7, trough: live+28}
  effectiveness: {from: live+66}
  maintenance: {from: live+180}
steps:
  - {id: core, stage: novelty, when: sale, purpose: welcome}
  - {id: look, stage: learning, when: live+20, purpose: prevention, channel: meeting, need: extra}
  - {id: lesson, stage: learning, when: live+30, purpose: education, channel: meeting, need: extra}
  - {id: score, stage: learning, when: live+40, purpose: feedback, channel: meeting, need: extra}
  - {id: news, stage: maintenance, when: live+200, purpose: reminder, channel: meeting, need: extra}
"""


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        ({}, ""),
        ({"tier": "A"}, "look lesson score news"),
        ({"life_cycle": "growth"}, "look lesson"),
        ({"life_cycle": "introduction"}, "score"),
        ({"life_cycle": "introduction", "tier": "A"}, "score news"),
        ({"usage": "heavy"}, "look score"),
        ({"usage": "heavy", "tier": "A"}, "look score news"),
        ({"usage": "light"}, "lesson"),
        ({"usage": "light", "tier": "A"}, "look lesson news"),
        ({"extensiveness": "low"}, "look lesson score"),
        ({"extensiveness": "high", "tier": "A"}, "news"),
        ({"tier": "C"}, ""),
        ({"usage": "heavy", "life_cycle": "introduction"}, "score"),  # prevention 1.125
        ({"usage": "heavy", "life_cycle": "introduction", "tier": "A"}, "look score news"),
    ],
)
def test_which_extra_steps_come_in(read: Any, planned: Any, profile: dict[str, str], expected: str) -> None:
    """From 1.2 for everyone, from 0.8 for A customers, below never; no service kind: A customers only."""
    found = planned(read(EXTRAS), profile=Profile(**profile)).steps()

    assert [step for step in found if step not in ("core", "dip_watch")] == expected.split()


@pytest.mark.parametrize(("clamp", "is_in"), [("[0.5, 1.2]", True), ("[0.5, 1.19]", False), ("[0.5, 1.199999]", False)])
def test_the_threshold_for_everyone_is_1_2(read: Any, planned: Any, clamp: str, is_in: bool) -> None:
    book = read(EXTRAS + f"modifiers: {{clamp: {clamp}}}")

    assert ("look" in planned(book, profile=Profile(life_cycle="growth")).steps()) is is_in


@pytest.mark.parametrize(("low", "is_in"), [("0.8", True), ("0.79", False)])
def test_the_threshold_for_a_customers_is_0_8(read: Any, planned: Any, low: str, is_in: bool) -> None:
    book = read(EXTRAS + f"modifiers: {{extensiveness: {{high: {low}}}}}")
    profile = Profile(extensiveness="high", tier="A")

    assert ("look" in planned(book, profile=profile).steps()) is is_in


def test_a19_a_factor_is_named_as_an_assumption(read: Any, planned: Any) -> None:
    """A19."""
    heavy = planned(read(EXTRAS), profile=Profile(usage="heavy"))

    assert "1.50 (assumption)" in heavy.why("look", "profile")
    assert "0.50 (assumption)" in heavy.left_out("lesson")


THINNED = """
stages:
  learning: {from: live+7, trough: live+28}
  effectiveness: {from: live+66}
  maintenance: {from: live+180}
anchors: {exam: the exam, law: the new law}
steps:
  - {id: n1, stage: novelty, when: live+1, purpose: education, channel: meeting}
  - {id: n2, stage: novelty, when: live+5, purpose: education, channel: meeting}
  - {id: l1, stage: learning, when: live+10, purpose: education, channel: meeting}
  - {id: l2, stage: learning, when: live+20, purpose: encouragement, channel: meeting}
  - {id: l3, stage: learning, when: live+30, purpose: education, channel: meeting}
  - {id: l4, stage: learning, when: live+40, purpose: education, channel: meeting}
  - {id: e1, stage: effectiveness, when: live+80, purpose: education, channel: meeting}
  - {id: e2, stage: effectiveness, when: live+100, purpose: education, channel: meeting, deadline: exam}
  - {id: e3, stage: effectiveness, when: live+120, purpose: education, channel: meeting, any_stage: true}
  - {id: look, stage: effectiveness, when: live+130, purpose: prevention, channel: meeting}
  - {id: news, stage: maintenance, when: live+200, every: 120d, purpose: informative, channel: meeting}
"""


def test_a_factor_of_0_6_or_less_drops_every_second_core_step_of_its_kind(read: Any, planned: Any) -> None:
    """But never the first of a stage, nor one with a deadline or an outside date, nor what repeats."""
    plain = planned(read(THINNED), exam="2026-05-01")
    heavy = planned(read(THINNED), exam="2026-05-01", profile=Profile(usage="heavy"))

    dropped = [step for step in plain.steps() if step not in heavy.steps() and step != "dip_watch"]
    assert dropped == ["n2", "l2", "l4"]


@pytest.mark.parametrize(("education", "thinned"), [(0.6, True), (0.601, False)])
def test_the_threshold_for_dropping_is_0_6(read: Any, planned: Any, education: float, thinned: bool) -> None:
    book = read(THINNED + f"modifiers: {{usage: {{heavy: [1, {education}, 1]}}}}")
    heavy = planned(book, exam="2026-05-01", profile=Profile(usage="heavy"))

    assert ("l2" not in heavy.steps()) is thinned


@pytest.mark.parametrize(
    ("purpose", "usage", "expected"),
    [
        ("informative", "normal", "2026-11-02"),  # 120 days after 2026-07-05, a Sunday
        ("informative", "light", "2026-09-23"),  # 120 / 1.5 = 80
        ("informative", "heavy", "2027-03-02"),  # 120 / 0.5 = 240
        ("needs_assessment", "heavy", "2026-09-23"),
        ("needs_assessment", "light", "2026-12-14"),  # 120 / 0.75 = 160, a Saturday
        ("reminder", "heavy", "2026-11-02"),  # no service kind: unchanged
    ],
)
def test_repeats_come_at_every_divided_by_the_factor(
    read: Any, planned: Any, purpose: str, usage: str, expected: str
) -> None:
    book = read(
        f"""
        stages: {{maintenance: {{from: live+100}}}}
        steps:
          - {{id: again, stage: maintenance, when: live+181, every: 120d, purpose: {purpose}, channel: meeting}}
        """
    )
    dates = planned(book, profile=Profile(usage=usage), occurrences=2).all_due("again")

    assert dates == ["2026-07-06", expected]


@pytest.mark.parametrize(
    ("every", "usage", "days"), [("300d", "light", 365), ("400d", "light", 400), ("360d", "normal", 360)]
)
def test_a7_a_feedback_rhythm_is_never_stretched_beyond_a_year(
    read: Any, planned: Any, every: str, usage: str, days: int
) -> None:
    """A7."""
    book = read(
        f"""
        stages: {{maintenance: {{from: live+100}}}}
        steps:
          - {{id: ask, stage: maintenance, when: live+210, every: {every}, purpose: feedback, any_day: true}}
        """
    )
    first, second = planned(book, profile=Profile(usage=usage), occurrences=2).touchpoints[-2:]

    assert (second.due_on - first.due_on).days == days


def test_an_interval_that_is_not_stretched_keeps_its_unit(book: Playbook, planned: Any) -> None:
    """
    stages: {maintenance: {from: live+100}}
    steps:
      - {id: ask, stage: maintenance, when: live+6m, every: 6m, purpose: feedback, channel: meeting}
    """
    assert planned(book, sale="2026-02-28", occurrences=2).all_due("ask") == ["2026-08-28", "2027-03-01"]
    assert book.steps[0].every == Duration(6, Unit.MONTH)


# A4: change one field and the plan changes in the stated direction, in no other

EVERYTHING = """
stages:
  learning: {from: live+7, trough: live+28}
  effectiveness: {from: live+66}
  maintenance: {from: live+180}
steps:
  - {id: p1, stage: learning, when: live+10, purpose: prevention, channel: visit}
  - {id: p2, stage: learning, when: live+24, purpose: prevention, channel: visit, need: extra}
  - {id: p3, stage: effectiveness, when: live+80, purpose: prevention, channel: visit}
  - {id: p4, stage: effectiveness, when: live+160, purpose: prevention, channel: visit}
  - {id: p5, stage: effectiveness, when: live+170, purpose: prevention, channel: visit}
  - {id: e1, stage: learning, when: live+14, purpose: education, channel: visit}
  - {id: e2, stage: learning, when: live+34, purpose: education, channel: visit, need: extra}
  - {id: e3, stage: learning, when: live+44, purpose: education, channel: visit}
  - {id: e4, stage: effectiveness, when: live+90, purpose: education, channel: visit}
  - {id: e5, stage: effectiveness, when: live+100, purpose: education, channel: visit}
  - {id: f1, stage: learning, when: live+54, purpose: feedback, channel: visit}
  - {id: f2, stage: learning, when: live+60, purpose: feedback, channel: visit, need: extra}
  - {id: f3, stage: effectiveness, when: live+110, purpose: feedback, channel: visit}
  - {id: f4, stage: effectiveness, when: live+120, purpose: feedback, channel: visit}
  - {id: f5, stage: effectiveness, when: live+130, purpose: feedback, channel: visit}
  - {id: none, stage: effectiveness, when: live+140, purpose: reminder, channel: visit}
"""


def counts(read: Any, planned: Any, **profile: str) -> dict[str, int]:
    found = planned(read(EVERYTHING), profile=Profile(**profile))
    kinds = [one.service for one in found.touchpoints if one.step != "dip_watch"]
    return {kind: kinds.count(kind) for kind in ("prevention", "education", "feedback", "none")}


@pytest.mark.parametrize(
    ("field", "more", "less", "raised", "lowered"),
    [
        ("usage", "heavy", "normal", "prevention feedback", "education"),  # A8, A9
        ("usage", "light", "normal", "education", ""),  # A9
        ("life_cycle", "growth", "introduction", "prevention education", "feedback"),  # A13, A14
        ("extensiveness", "low", "high", "prevention education feedback", ""),  # A16
    ],
)
def test_a4_one_field_changes_the_plan_in_its_direction_only(
    read: Any, planned: Any, field: str, more: str, less: str, raised: str, lowered: str
) -> None:
    """A4."""
    high, low = counts(read, planned, **{field: more}), counts(read, planned, **{field: less})

    assert {kind for kind in high if high[kind] > low[kind]} == set(raised.split())
    assert {kind for kind in high if high[kind] < low[kind]} == set(lowered.split())


CONDITIONS = """
steps:
  - {id: all, stage: novelty, when: sale, purpose: welcome}
  - {id: some, stage: novelty, when: sale+1, purpose: welcome, if: %s}
"""


@pytest.mark.parametrize(
    ("condition", "profile", "holds"),
    [
        ("{usage: heavy}", {"usage": "heavy"}, True),
        ("{usage: heavy}", {}, False),
        ("{usage: [heavy, normal]}", {}, True),
        ("{tag: pilot}", {"tags": ("pilot", "north")}, True),
        ("{tag: [pilot, beta]}", {"tags": ("beta",)}, True),
        ("{tag: pilot}", {"tags": ("pilots",)}, False),
        ("{usage: heavy, tag: pilot}", {"usage": "heavy"}, False),
        ("{usage: heavy, tag: pilot}", {"usage": "heavy", "tags": ("pilot",)}, True),
        ("{tier: [A, B]}", {"tier": "C"}, False),
        ("{kind: person}", {"kind": "person"}, True),
        ("{life_cycle: growth}", {"life_cycle": "growth"}, True),
        ("{life_cycle: maturity}", {}, True),  # the playbook's own
        ("{extensiveness: low}", {}, False),
        ("{complexity: complex}", {"complexity": "complex"}, True),
        ("{extra: {plan_tier: gold}}", {"extra": {"plan_tier": "gold"}}, True),
        ("{extra: {plan_tier: Gold}}", {"extra": {"plan_tier": " GOLD "}}, True),
        ("{extra: {plan_tier: [gold, silver]}}", {"extra": {"plan_tier": "Silver"}}, True),
        ("{extra: {plan_tier: gold}}", {"extra": {"plan_tier": "gold plus"}}, False),
        ("{extra: {plan_tier: gold}}", {"extra": {"plan": "gold"}}, False),
        ("{extra: {plan_tier: gold}}", {}, False),
        ("{extra: {seats: 25}}", {"extra": {"seats": "25"}}, True),
        ("{extra: {ort: köln}}", {"extra": {"ort": "KO\u0308LN"}}, True),
        ("{extra: {strasse: Hauptstraße 1}}", {"extra": {"strasse": "HAUPTSTRASSE 1"}}, True),
        ("{extra: {plan_tier: gold, seats: 25}}", {"extra": {"plan_tier": "gold"}}, False),
        ("{extra: {plan_tier: gold, seats: 25}}", {"extra": {"plan_tier": "gold", "seats": "25"}}, True),
        ("{tier: A, extra: {plan_tier: gold}}", {"extra": {"plan_tier": "gold"}}, False),
        ("{extra: {}}", {}, True),
    ],
)
def test_all_conditions_must_hold(
    read: Any, planned: Any, condition: str, profile: dict[str, Any], holds: bool
) -> None:
    found = planned(read(CONDITIONS % condition), profile=Profile(**profile))

    assert ("some" in found.steps()) is holds
    assert found.left_out("some").startswith("only for ") is not holds


@pytest.mark.parametrize(
    ("condition", "profile", "said"),
    [
        ("{usage: heavy}", {}, "only for usage heavy; here: normal"),
        ("{tier: [A, B]}", {"tier": "C"}, "only for tier A or B; here: C"),
        ("{kind: person}", {}, "only for kind person; here: company"),
        ("{life_cycle: growth}", {}, "only for life_cycle growth; here: maturity"),
        ("{extensiveness: [low, high]}", {}, "only for extensiveness low or high; here: medium"),
        ("{complexity: simple}", {"complexity": "complex"}, "only for complexity simple; here: complex"),
        ("{tag: [pilot, beta]}", {"tags": ("north", "south")}, "only for tag pilot or beta; here: north, south"),
        ("{tag: pilot}", {}, "only for tag pilot; here: none"),
        (
            "{extra: {plan_tier: [gold, silver]}}",
            {"extra": {"plan_tier": "bronze"}},
            "only for plan_tier gold or silver; here: bronze",
        ),
        ("{extra: {plan_tier: gold}}", {}, "only for plan_tier gold; here: none"),
        (
            "{usage: heavy, tier: B, extra: {seats: 9}}",
            {"extra": {"seats": "a\nb"}},
            "only for usage heavy; here: normal, and for seats 9; here: a b",
        ),
        ("{extra: {seats: 9}}", {"extra": {"seats": "x" * 5000}}, f"only for seats 9; here: {'x' * 59}…"),
    ],
)
def test_each_condition_that_does_not_hold_is_named(
    read: Any, planned: Any, condition: str, profile: dict[str, Any], said: str
) -> None:
    assert planned(read(CONDITIONS % condition), profile=Profile(**profile)).left_out("some") == said
