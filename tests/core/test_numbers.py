"""Every default of DOMAIN appendix B, and how a playbook overrides it."""

from __future__ import annotations

from typing import Any

import pytest

from followup.core.model.playbook import Playbook
from followup.core.model.purpose import PURPOSES
from followup.core.numbers import PRESETS, numbers_for, playbook_numbers

CURVE = "novelty effectiveness depth dip_start trough recovered maintenance"
WATCH = "theta min_gap max_gap_falling max_gap_rising max_gap_effective"


def at(complexity: str, path: str) -> Any:
    """A default by its path, such as `curve.effort.depth` or `contact.caps_90_days.phone`."""
    value: Any = PRESETS[complexity]
    for name in path.split("."):
        value = value[name] if hasattr(value, "keys") else getattr(value, name)
    return value


@pytest.mark.parametrize(
    ("complexity", "section", "names", "values"),
    [
        ("simple", "curve", CURVE, (0.85, 0.85, 0.20, 3, 10, 21, 60)),
        ("moderate", "curve", CURVE, (0.85, 0.85, 0.35, 7, 28, 66, 180)),
        ("complex", "curve", CURVE, (0.85, 0.85, 0.45, 14, 60, 150, 330)),
        ("simple", "watch", WATCH, (2.0, 3, 4, 7, 30)),
        ("moderate", "watch", WATCH, (2.5, 3, 7, 10, 30)),
        ("complex", "watch", WATCH, (4.0, 4, 10, 14, 45)),
    ],
)
def test_what_complexity_changes(complexity: str, section: str, names: str, values: tuple[float, ...]) -> None:
    assert tuple(at(complexity, f"{section}.{name}") for name in names.split()) == values


@pytest.mark.parametrize(
    ("complexity", "days"), [("simple", (30, 7)), ("moderate", (90, 60, 30)), ("complex", (120, 90, 60, 30, 7))]
)
def test_renewal_chain(complexity: str, days: tuple[int, ...]) -> None:
    assert at(complexity, "renewal_chain") == days


@pytest.mark.parametrize("complexity", PRESETS)
@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("curve.effort.depth", 0.5),
        ("curve.effort.trough_shift", 0.25),
        ("curve.effort.rise", 0.25),
        ("curve.effort.floor", 0.25),
        ("curve.effort.prior", 0.5),
        ("curve.concerns.depth", 0.4),
        ("curve.concerns.trough_shift", 0.25),
        ("curve.concerns.rise", 0.5),
        ("curve.concerns.start", 0.3),
        ("curve.concerns.minor", 0.10),
        ("curve.concerns.moderate", 0.25),
        ("curve.concerns.major", 0.50),
        ("evidence.half_life_days", 21),
        ("evidence.maintenance_half_life_days", 45),
        ("evidence.prior_weight", 1),
        ("readings.great", 0.95),
        ("readings.good", 0.85),
        ("readings.ok", 0.65),
        ("readings.concern", 0.40),
        ("readings.problem", 0.20),
        ("readings.silent", 0.45),
        ("watch.falling_factor", 1.5),
        ("watch.absorb_days", 3),
        ("maintenance.start_stability_days", 30),
        ("maintenance.min_stability_days", 7),
        ("maintenance.target", {"A": 0.85, "B": 0.85, "C": 0.80}),
        (
            "maintenance.growth",
            {"great": 1.6, "good": 1.35, "ok": 1.15, "flat": 1.0, "concern": 0.8, "problem": 0.4},
        ),
        ("maintenance.cap_days", {"A": 90, "B": 120, "C": 180, "private": 365}),
        ("modifiers.usage", {"heavy": (1.5, 0.5, 1.5), "normal": (1, 1, 1), "light": (1, 1.5, 0.75)}),
        ("modifiers.life_cycle.introduction", (0.75, 0.75, 1.5)),
        ("modifiers.life_cycle.growth", (1.5, 1.5, 1)),
        ("modifiers.life_cycle.maturity", (1, 1, 1)),
        ("modifiers.life_cycle.decline", (1, 0.75, 0.75)),
        ("modifiers.extensiveness", {"low": 1.25, "medium": 1.0, "high": 0.75}),
        ("modifiers.clamp", (0.5, 2.0)),
        ("contact.caps_90_days", {"phone": 3, "email": 4, "message": 4, "letter": 9}),
        ("contact.pressure_email_when_calls", {"0": 5, "1": 5, "2": 4, "3": 3}),
        ("contact.min_gap_days", {"novelty": 1, "learning": 3, "default": 5}),
        ("contact.hours", "09:00-18:00"),
        ("contact.working_days", ("mon", "tue", "wed", "thu", "fri")),
        ("retry.routine.tries", 3),
        ("retry.routine.working_days", (0, 2, 5)),
        ("retry.urgent.tries", 6),
        ("retry.urgent.working_days", (0, 1, 3, 6, 10, 15)),
        ("retry.voicemail_on", (1, 2)),
        ("retry.alternate_channel", True),
        ("recovery.acknowledge_hours", 4),
        ("recovery.acknowledge_hard_hours", 24),
        ("recovery.update_every_days", 3),
        ("recovery.solve_days", 7),
        ("recovery.solve_days_new_customer", 4),
        ("recovery.verify_after_days", 2),
        ("recovery.recheck_after_days", 14),
        ("recovery.block_selling_after_verify_days", 14),
        ("recovery.repeat_window_days", 90),
        ("feedback.relationship_score_min_days", 180),
        ("feedback.event_score_min_days", 90),
        ("feedback.low_score_callback_hours", 24),
        ("feedback.max_questions", 3),
        ("lead_generation.min_days_between", 180),
        ("lead_generation.thank_days", 1),
        ("lead_generation.report_back_days", 14),
        ("rhythm.prior_gaps", 2),
        ("rhythm.due", 0.85),
        ("rhythm.late", 1.25),
        ("rhythm.at_risk", 1.5),
        ("rhythm.dormant", 3.0),
    ],
)
def test_a_default_that_is_the_same_for_every_complexity(complexity: str, path: str, value: Any) -> None:
    assert at(complexity, path) == value


@pytest.mark.parametrize(
    ("purpose", "effort"),
    [
        ("fit_check", 0.5),
        ("concern_resolution", 0.75),
        ("welcome", 0.5),
        ("co_planning", 2),
        ("education", 1),
        ("prevention", 1),
        ("feedback", 0),
        ("lead_generation", 0),
    ],
)
def test_weight_of_a_purpose_in_early_effort(purpose: str, effort: float) -> None:
    assert PURPOSES[purpose].effort == effort


# Overrides


def test_a_written_number_beats_the_preset_of_every_complexity() -> None:
    written = {"curve": {"depth": 0.3, "recovered": 50}, "watch": {"theta": 1.5}}
    for complexity in PRESETS:
        numbers = numbers_for(complexity, written)

        assert (numbers.curve.depth, numbers.curve.recovered, numbers.watch.theta) == (0.3, 50, 1.5)
        assert numbers.curve.trough == PRESETS[complexity].curve.trough


def test_a_nested_override_leaves_its_neighbours_alone() -> None:
    written = {
        "curve": {"effort": {"floor": 0.4}},
        "contact": {"caps_90_days": {"phone": 1}},
        "retry": {"routine": {"tries": 2}},
        "modifiers": {"usage": {"heavy": (1.2, 0.8, 1.2)}},
    }
    numbers = numbers_for("moderate", written)

    assert (numbers.curve.effort.floor, numbers.curve.effort.depth) == (0.4, 0.5)
    assert numbers.contact.caps_90_days == {"phone": 1, "email": 4, "message": 4, "letter": 9}
    assert (numbers.retry.routine.tries, numbers.retry.routine.working_days) == (2, (0, 2, 5))
    assert numbers.modifiers.usage["heavy"] == (1.2, 0.8, 1.2)
    assert numbers.modifiers.usage["light"] == (1, 1.5, 0.75)


def test_a_list_is_replaced_as_a_whole() -> None:
    assert numbers_for("complex", {"renewal_chain": (45, 15)}).renewal_chain == (45, 15)


def test_overrides_change_no_default() -> None:
    numbers_for("moderate", {"curve": {"depth": 0.9}, "contact": {"min_gap_days": {"novelty": 9}}})

    assert PRESETS["moderate"].curve.depth == 0.35
    assert PRESETS["moderate"].contact.min_gap_days["novelty"] == 1


def test_the_complexity_of_a_sale_beats_that_of_its_playbook() -> None:
    playbook = Playbook(key="k", title="t", complexity="simple")

    assert playbook_numbers(playbook).curve.depth == 0.20
    assert playbook_numbers(playbook, "complex").curve.depth == 0.45


def test_overrides_as_an_author_writes_them(book: Playbook) -> None:
    """
    complexity: simple
    curve: {depth: 0.3, effort: {floor: 0.4}, evidence: {half_life_days: 10}, readings: {good: 0.9}}
    watch: {theta: 1.5, max_gap_rising: 9}
    contact: {min_gap_days: {learning: 2}, caps_90_days: {email: 6}}
    modifiers: {clamp: [0.4, 3], extensiveness: {low: 1.1}}
    renewal_chain: [45, 15]
    effort_weights: {co_planning: 3}
    steps:
      - {id: hello, stage: novelty, when: sale, purpose: welcome}
    """
    numbers = playbook_numbers(book)

    assert (numbers.curve.depth, numbers.curve.effort.floor) == (0.3, 0.4)
    assert (numbers.evidence.half_life_days, numbers.readings.good) == (10, 0.9)
    assert (numbers.watch.theta, numbers.watch.max_gap_rising, numbers.watch.min_gap) == (1.5, 9, 3)
    assert (numbers.contact.min_gap_days["learning"], numbers.contact.caps_90_days["email"]) == (2, 6)
    assert (numbers.modifiers.clamp, numbers.modifiers.extensiveness["low"]) == ((0.4, 3), 1.1)
    assert numbers.renewal_chain == (45, 15)
    assert book.purposes["co_planning"].effort == 3
