"""How mood, strength and urgency reach the screens: E13, B38, B40, DOMAIN 4.9."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from followup.actions.due import left_out_first, overload, ranked_rows, within
from followup.actions.explain import assumptions, lane_reason, priority_reasons, readings
from followup.actions.results import MoodView
from followup.actions.views import (
    Feeling,
    Owner,
    feeling_of,
    feeling_on,
    mood_view,
    priority_of,
    strength_view,
    touchpoint_of,
)
from followup.core.curve import bend, mood_at
from followup.core.model.customer import Customer
from followup.core.model.evidence import Clue, Evidence, Relationship
from followup.core.model.playbook import Playbook
from followup.core.model.stage import STAGES, StageMap, StageSpan
from followup.core.numbers import PRESETS
from followup.store import DueRow
from followup.store.convert import evidence_text, relationship_text

TODAY = date(2026, 3, 12)
LIVE = TODAY - timedelta(days=30)
CURVE = bend(PRESETS["moderate"].curve, effort=0, concerns=0)
STAGE_MAP = StageMap(tuple(StageSpan(stage, None, None) for stage in STAGES), None)


def on(days: int) -> date:
    return TODAY + timedelta(days=days)


def clue(days: int, value: float, quality: float = 1.0, *, measured: bool = True) -> Clue:
    offset = value - mood_at(CURVE, (on(days) - LIVE).days)
    return Clue(on=on(days), value=value, quality=quality, offset=offset, source="nps 2", measured=measured)


def feel(*clues: Clue, relationship: Relationship | None = None) -> Feeling:
    found = feeling_on(CURVE, LIVE, TODAY, evidence=Evidence(clues=clues), relationship=relationship)
    assert found is not None
    return found


def row(number: int = 1, *clues: Clue, **changed: Any) -> DueRow:
    """A prevention call for customer `number`, due today."""
    values: dict[str, Any] = {
        "touchpoint_id": number,
        "sale_id": number,
        "customer_id": number,
        "step": "dip_call",
        "occurrence": 1,
        "purpose": "prevention",
        "service": "prevention",
        "channel": "phone",
        "stage": "learning",
        "status": "open",
        "due_on": TODAY,
        "opens_on": None,
        "closes_on": on(30),
        "deadline_on": None,
        "agreed_time": None,
        "by_hand": False,
        "extra": False,
        "to": "",
        "tries": 0,
        "reasons_json": "[]",
        "customer": f"Customer {number}",
        "customer_key": f"customer-{number}",
        "company": "",
        "kind": "company",
        "tier": "B",
        "usage": "normal",
        "contact_id": None,
        "contact": "",
        "contact_role": "",
        "email": "",
        "phone": "",
        "product": "",
        "playbook": "saas",
        "goal": "",
        "gives": "",
        "ask_json": "[]",
        "live_on": LIVE,
        "stages": STAGE_MAP,
        "curve": CURVE,
        "evidence_json": evidence_text(Evidence(clues=clues)) if clues else None,
        **changed,
    }
    return DueRow(**values)


def order(*rows: DueRow) -> list[int]:
    return [one.touchpoint_id for one in ranked_rows(rows, TODAY)]


# Mood


@pytest.mark.parametrize(
    ("clues", "shown"),
    [
        ((), MoodView(model=50, evidence=None, estimate=50, measured_on=None)),
        (
            (clue(-2, 0.2),),
            MoodView(model=50, evidence=20, estimate=36, measured_on=on(-2), measured=20, label="measured"),
        ),
        ((clue(-2, 0.4, 0.6, measured=False),), MoodView(model=50, evidence=40, estimate=47, measured_on=None)),
    ],
)
def test_e13_a_score_of_the_last_days_is_measured_and_all_else_estimated(
    clues: tuple[Clue, ...], shown: MoodView
) -> None:
    """E13: Whole numbers only; a score of 2 on day 28 makes 36 of 50 on day 30 (DOMAIN 4.4)."""
    assert mood_view(feel(*clues)) == shown


def test_an_old_score_is_an_estimate_again() -> None:
    shown = mood_view(feel(clue(-20, 0.6)))

    assert shown is not None
    assert (shown.label, shown.measured, shown.measured_on) == ("estimated", 60, on(-20))


def test_while_the_start_of_use_is_unknown_there_is_no_mood() -> None:
    assert feeling_on(CURVE, None, TODAY) is None
    assert mood_view(None) is None


@pytest.mark.parametrize(
    ("days", "strength", "trend"), [(0, 100, "decaying"), (-30, 90, "decaying"), (-90, 77, "decaying"), (1, None, None)]
)
def test_b38_strength_is_a_whole_number_that_falls(days: int, strength: int | None, trend: str | None) -> None:
    """B38."""
    relationship = Relationship(clocks=((on(days), 30),))

    assert strength_view(relationship, TODAY) == strength
    if trend is not None:
        assert feel(relationship=relationship).trend in ("decaying", "improving")


def test_b38_without_a_contact_a_relationship_decays_and_one_of_value_improves_it() -> None:
    """B38."""
    assert feel(relationship=Relationship(clocks=((on(-90), 30),))).trend == "decaying"
    assert feel(relationship=Relationship(clocks=((on(-90), 30), (on(-1), 40.5)))).trend == "improving"


# Order


def test_the_estimate_decides_and_not_the_model() -> None:
    """DOMAIN 4.4, 4.9: two sales on the same day of the same curve; one of them gave a bad score."""
    assert order(row(1), row(2, clue(-2, 0.2))) == [2, 1]
    assert order(row(1, clue(-2, 0.9)), row(2)) == [2, 1]


def test_in_maintenance_a_weaker_relationship_presses_more() -> None:
    strong, weak = (relationship_text(Relationship(clocks=((on(days), 30),))) for days in (-10, -200))

    assert order(row(1, relationship_json=strong), row(2, relationship_json=weak)) == [2, 1]


def test_b19_prevention_while_mood_falls_comes_before_the_same_on_the_way_up() -> None:
    """B19: Days 21 and 40 of use lie equally deep, one on each side of the low point."""
    falling, rising = row(2, live_on=on(-21)), row(1, live_on=on(-40))

    assert mood_at(CURVE, 21) == pytest.approx(mood_at(CURVE, 40), abs=0.01)
    assert order(rising, falling) == [2, 1]


def test_b19_holds_where_the_scores_tie() -> None:
    """B19: At the top of the scale nothing tells two scores apart; the falling one still comes first."""
    drowned = {"due_on": on(-200), "closes_on": on(-190), "tier": "A"}
    falling = row(2, clue(-1, 0.0), live_on=on(-21), **drowned)
    rising = row(1, *[clue(-14, 0.0)] * 3, live_on=on(-40), **drowned)
    felt = [feeling_of(one, TODAY) for one in (falling, rising)]

    assert [one is not None and one.mood.fall > 0 for one in felt] == [True, False]
    assert [priority_of(touchpoint_of(falling), one, "A", "normal", TODAY).score for one in felt] == [100, 100]
    assert order(rising, falling) == [2, 1]


def test_a10_feedback_of_heavy_users_comes_first() -> None:
    """A10."""
    light, heavy = row(1, purpose="feedback"), row(2, purpose="feedback", usage="heavy")

    assert order(light, heavy) == [2, 1]


def test_a11_prevention_of_heavy_users_comes_first() -> None:
    """A11."""
    assert order(row(1, usage="light"), row(2, usage="heavy")) == [2, 1]


# Lanes and capacity


def promise(number: int, due: int, **changed: Any) -> DueRow:
    return row(number, step="promise", purpose="close_loop", due_on=on(due), **changed)


@pytest.mark.parametrize(
    ("one", "lane", "words"),
    [
        (row(step="recovery_fix", purpose="recovery"), 1, "a problem is being put right"),
        (promise(1, -1), 1, "it was promised by Wed 11 March 2026, and they have not been told"),
        (promise(1, 0), 3, "the score decides"),
        (row(deadline_on=on(2)), 2, "its deadline, Sat 14 March 2026, is within two days"),
        (row(deadline_on=on(-2)), 2, "its deadline, Tue 10 March 2026, passed"),
        (row(), 3, "no problem, no broken promise, no deadline within two days"),
    ],
)
def test_each_lane_says_why(one: DueRow, lane: int, words: str) -> None:
    touchpoint = touchpoint_of(one)
    found = priority_of(touchpoint, None, "B", "normal", TODAY)

    assert found.lane == lane
    assert words in lane_reason(touchpoint, lane, TODAY)


def test_a_broken_promise_and_a_deadline_stand_above_every_score() -> None:
    urgent = row(9, clue(-1, 0.0), due_on=on(-100), tier="A")

    assert order(urgent, row(2, purpose="reminder", deadline_on=on(1)), promise(3, -1, tier="C")) == [3, 2, 9]


@pytest.mark.parametrize(("limit", "shown"), [(1, 2), (2, 2), (3, 3), (9, 5), (None, 5)])
def test_urgent_contacts_are_shown_whatever_the_capacity(limit: int | None, shown: int) -> None:
    ranked = ranked_rows([*map(row, (1, 2, 3)), promise(4, -1), row(5, purpose="recovery")], TODAY)

    found = within(limit, [(one, 0) for one in ranked], TODAY)

    assert len(found) == shown
    assert {4, 5} <= {one.touchpoint_id for one, _ in found}


@pytest.mark.parametrize(("due", "said"), [(-2, True), (-1, False)])
def test_an_overload_counts_from_the_third_day(due: int, said: bool) -> None:
    rows = [row(number, due_on=on(due)) for number in (1, 2, 3)]

    assert bool(overload(rows, 2, TODAY)) is said
    assert overload(rows, 3, TODAY) == "", "the capacity holds"


def test_an_overload_names_what_could_go_first() -> None:
    """Extra steps, then informative, decision_criteria, lead_generation; never urgent ones or dates by hand."""
    rows = [
        row(1, purpose="lead_generation"),
        row(2, purpose="informative"),
        row(3, purpose="decision_criteria"),
        row(4, purpose="education", extra=True),
        row(5, purpose="informative", by_hand=True),
        row(6, purpose="informative", deadline_on=on(1)),
        row(7, purpose="prevention"),
        row(8, purpose="recovery", extra=True),
        row(9, purpose="informative", extra=True),
        row(10, purpose="informative"),
    ]
    ranked = ranked_rows(rows, TODAY)
    found = [one.touchpoint_id for one in left_out_first(ranked, TODAY)]

    assert (set(found[:2]), set(found[2:4]), found[4:]) == ({4, 9}, {2, 10}, [3])
    late = [row(number, purpose="informative", due_on=on(-3)) for number in (1, 2)]
    assert "Customer 1: dip_call (1)" in overload(late, 1, TODAY)
    assert "followup skip ID" in overload(late, 1, TODAY)


# What `why` tells


def test_readings_are_told_with_what_they_weigh_today() -> None:
    heard = Evidence(clues=(clue(-21, 0.2), clue(0, 0.4, 0.6, measured=False), clue(3, 0.9)))

    told = [(one.on, one.value, one.weight, one.source, one.measured) for one in readings(heard, TODAY)]

    assert told == [(on(-21), 20, 0.5, "nps 2", True), (TODAY, 40, 0.6, "nps 2", False)]
    assert readings(None, TODAY) == ()


def test_a19_what_is_assumed_is_named() -> None:
    """A19."""
    playbook = Playbook(key="x", version="1", title="", goal="", steps=())
    without, heard, kept = (
        " ".join(assumptions(Owner(playbook=playbook, **more), TODAY))
        for more in (
            {},
            {"evidence": Evidence(clues=(clue(-2, 0.2),), half_life_days=45)},
            {"relationship": Relationship(clocks=((on(-9), 30),))},
        )
    )

    assert "factors for usage, life cycle and extensiveness are assumptions" in without
    assert "no reading has been used" in without
    assert "half after 45 days" in heard
    assert "no reading has been used" not in heard
    assert "how fast a relationship weakens" in kept


def test_every_part_of_the_priority_is_told() -> None:
    customer = Customer(key="x", name="X", tier="A", usage="heavy")
    touchpoint, feeling = touchpoint_of(row(due_on=on(-3), closes_on=on(1))), feel(clue(-2, 0.2))
    ranked = priority_of(touchpoint, feeling, customer.tier, customer.usage, TODAY)

    told = {reason.rule: reason.text for reason in priority_reasons(touchpoint, ranked, feeling, customer, TODAY)}

    assert list(told) == list(ranked.parts)
    assert "mood is estimated at 36 where 85 is normal" in told["risk"]
    assert "prevention weighs 0.9, 0.1 more for heavy use" in told["purpose"]
    assert "3 days late" in told["late"]
    assert "the last day is Fri 13 March 2026" in told["close"]
    assert told["value"] == "times 1.25 for tier A"


def test_a_promise_weighs_as_a_promise() -> None:
    customer = Customer(key="x", name="X")
    touchpoint = touchpoint_of(promise(1, 0))
    ranked = priority_of(touchpoint, None, "B", "normal", TODAY)

    assert ranked.parts["purpose"] == pytest.approx(25 * 0.95)
    told = {reason.rule: reason.text for reason in priority_reasons(touchpoint, ranked, None, customer, TODAY)}
    assert "a promise weighs 0.95" in told["purpose"]
    assert "the start of use is not known" in told["risk"]
