"""Relationship strength in maintenance: it falls every day without a valuable contact (DOMAIN 4.6, B38).

The formula has the shape of a forgetting curve; its numbers are conventions. One function, so that it can be swapped.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from followup.core.model.outcome import UNREACHED

if TYPE_CHECKING:  # the due list asks for strength without any of the numbers
    from followup.core.numbers import MaintenanceNumbers

DECAY = 19 / 81  # 0.9 ** (-1 / 0.5) - 1: strength is 90 % after `stability` days
WORST_FIRST = ("problem", "concern", "flat", "ok", "good", "great")
SAYS_NOTHING = UNREACHED | {"postponed", "stop"}
OTHERWISE = "good"  # a referral, an idea or a purchase by itself


def strength_at(days: float, stability: float) -> float:
    """Strength 0-1, `days` after the last valuable contact; `stability` = days until it is 0.9 (DOMAIN 4.6)."""
    return float((1 + DECAY * max(0.0, days) / stability) ** -0.5)


def days_until(target: float, stability: float) -> float:
    """Days until strength falls to `target` (0-1, above 0): S/F * (target^-2 - 1) (DOMAIN 4.6)."""
    return stability / DECAY * (target**-2 - 1)


def interval_days(stability: float, target: float, cap: int) -> int:
    """Whole days until strength falls to `target` and the next contact is due: 1 to `cap` (DOMAIN 4.6)."""
    return max(1, min(cap, round(days_until(target, stability))))


def next_stability(stability: float, outcomes: Sequence[str], numbers: MaintenanceNumbers) -> float:
    """Stability in days after a contact: good ones lengthen it, bad ones shorten it (DOMAIN 4.6).

    Of several outcomes the worst counts. It stays as it was when nobody was reached. Shrinking ends at 7 days.
    """
    growth = numbers.growth.get(telling(outcomes), 1.0)
    least = min(stability, numbers.min_stability_days) if growth < 1 else 0.0
    return max(least, growth * stability)


def telling(outcomes: Sequence[str]) -> str:
    """The outcome that says how a contact went: the worst one; '' when nobody was reached or nothing was said."""
    worst = next((code for code in WORST_FIRST if code in outcomes), "")
    if worst:
        return worst
    return OTHERWISE if any(code not in SAYS_NOTHING for code in outcomes) else ""
