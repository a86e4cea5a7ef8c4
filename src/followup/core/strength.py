"""Relationship strength in maintenance: it falls every day without a valuable contact (DOMAIN 4.6, B38).

The formula has the shape of a forgetting curve; its numbers are conventions. One function, so that it can be swapped.
"""

from __future__ import annotations

DECAY = 19 / 81  # 0.9 ** (-1 / 0.5) - 1: strength is 90 % after `stability` days


def strength_at(days: float, stability: float) -> float:
    """Strength 0-1, `days` after the last valuable contact; `stability` = days until it is 0.9 (DOMAIN 4.6)."""
    return float((1 + DECAY * max(0.0, days) / stability) ** -0.5)


def days_until(target: float, stability: float) -> float:
    """Days until strength falls to `target` (0-1, above 0): S/F * (target^-2 - 1) (DOMAIN 4.6)."""
    return stability / DECAY * (target**-2 - 1)
