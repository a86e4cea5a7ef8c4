"""Priority: what comes first among what is due, 0-100 with its parts (DOMAIN 4.9)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from followup.core.model.purpose import PURPOSES, Purpose

VALUE: Mapping[str, float] = {"A": 1.25, "B": 1.0, "C": 0.8}
HEAVY_BONUS = 0.1  # on the purpose weight of prevention and feedback for heavy users (A10, A11)
SHORTEST_TAU = 3.0
PROMISE = "promise"  # the step that every open promise gets
PROMISE_WEIGHT = 0.95
URGENT = (1, 2)  # lanes that stand above every score and outside the capacity


@dataclass(frozen=True, slots=True)
class Priority:
    """A score 0-100 with its addends (already weighted, before the customer's value) and the lane 1-3."""

    score: int
    lane: int
    parts: Mapping[str, float]


def risk_of(mood: float, effectiveness: float, weekly_fall: float) -> float:
    """Risk 0-1 from how far mood lies below normal and how fast it falls per week (levels 0-1)."""
    return max(0.0, min(1.0, 0.7 * (effectiveness - mood) / 0.45 + 0.3 * weekly_fall / 0.20))


def lateness(days_overdue: int, tau: float) -> float:
    """0-1: 1 - exp(-days/tau); `tau` is half the window, at least 3 days. Not yet due is 0."""
    return 1 - math.exp(-max(0, days_overdue) / max(SHORTEST_TAU, tau))


def closeness(days_left: int) -> float:
    """1 if the window or deadline ends within 2 days (or has ended), 0.5 within 7, else 0."""
    if days_left <= 2:
        return 1.0
    return 0.5 if days_left <= 7 else 0.0


def weight_of(purpose: str, usage: str, known: Mapping[str, Purpose] = PURPOSES, *, step: str = "") -> float:
    """How much a purpose weighs, 0-1; a promise 0.95; heavy users' prevention and feedback 0.1 more (A10, A11)."""
    if step == PROMISE:
        return PROMISE_WEIGHT
    found = known.get(purpose)
    weight = found.weight if found is not None else 0.5
    return weight + HEAVY_BONUS if usage == "heavy" and purpose in ("prevention", "feedback") else weight


def score(*, risk: float, purpose: float, late: float, close: float, value: float) -> float:
    """100 * min(1, (0.40 risk + 0.25 purpose + 0.20 late + 0.15 close) * value)."""
    return 100 * min(1.0, (0.40 * risk + 0.25 * purpose + 0.20 * late + 0.15 * close) * value)


def prioritise(
    *,
    purpose: str,
    due_on: date,
    opens_on: date,
    closes_on: date,
    deadline_on: date | None,
    today: date,
    mood: float,
    effectiveness: float,
    weekly_fall: float,
    tier: str,
    usage: str,
    step: str = "",
) -> Priority:
    """Lane, score and parts of one touchpoint; `mood` (estimated), `effectiveness`, `weekly_fall` are levels 0-1."""
    days_overdue = (today - due_on).days
    ends_on = closes_on if deadline_on is None else min(closes_on, deadline_on)
    risk = risk_of(mood, effectiveness, weekly_fall)
    weight = weight_of(purpose, usage, step=step)
    late = lateness(days_overdue, (closes_on - opens_on).days / 2)
    close = closeness((ends_on - today).days)
    value = VALUE.get(tier, 1.0)
    total = score(risk=risk, purpose=weight, late=late, close=close, value=value)
    parts = {
        "risk": 40 * risk,
        "purpose": 25 * weight,
        "late": 20 * late,
        "close": 15 * close,
        "value": value,
    }
    lane = lane_of(purpose, deadline_on, today, step=step, due_on=due_on)
    return Priority(round(total), lane, parts)


def lane_of(purpose: str, deadline_on: date | None, today: date, *, step: str = "", due_on: date | None = None) -> int:
    """1 recovery and broken promises, 2 a hard deadline within two days, 3 everything else (DOMAIN 4.9)."""
    promised = deadline_on or due_on
    is_broken = step == PROMISE and promised is not None and promised < today
    if purpose == "recovery" or is_broken:
        return 1
    if deadline_on is not None and (deadline_on - today).days <= 2:
        return 2
    return 3


def rank_of(
    priority: Priority, *, purpose: str, tier: str, usage: str, weekly_fall: float, due_on: date
) -> tuple[object, ...]:
    """What sorts due touchpoints, first comes first: lane, score, value, then the oldest (DOMAIN 4.9).

    Where all of that ties, prevention comes first while mood is falling (B19), and feedback of heavy users (A10).
    """
    falling = weekly_fall if purpose == "prevention" else 0.0
    heard_first = purpose == "feedback" and usage == "heavy"
    return (priority.lane, -priority.score, -VALUE.get(tier, 1.0), -falling, not heard_first, due_on)
