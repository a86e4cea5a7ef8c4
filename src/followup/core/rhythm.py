"""Personal reorder rhythm: how long a customer takes from purchase to purchase, and what silence says (DOMAIN 4.8).

The own gaps of a customer count beside the playbook's cycle, which counts as a few gaps more: one early reorder
moves the rhythm a little, ten move it most of the way.
"""

from __future__ import annotations

from collections.abc import Sequence

from followup.core.numbers import RhythmNumbers

FLAGS: tuple[str, ...] = ("dormant", "at_risk", "late", "due")  # the gravest first
TIE = 1e-9


def personal_gap(cycle_days: float, own_gaps: Sequence[float], numbers: RhythmNumbers) -> float:
    """Days from one purchase to the next: (2*G + sum of own gaps) / (2 + n), G the playbook's cycle (DOMAIN 4.8).

    Without gaps of their own, and where the prior weighs nothing, it is the cycle. Purchases on one day (gap 0 or
    less) are one purchase and do not count.
    """
    gaps = [gap for gap in own_gaps if gap > 0]
    weight = numbers.prior_gaps + len(gaps)
    if weight <= 0:
        return cycle_days
    return (numbers.prior_gaps * cycle_days + sum(gaps)) / weight


def flag_of(days_since_last: float, gap: float, numbers: RhythmNumbers) -> str:
    """What the days since the last purchase say: '', due, late, at_risk or dormant (0.85, 1.25, 1.5, 3.0 gaps).

    A limit belongs to what it begins. A gap of 0 or less says nothing.
    """
    if gap <= 0:
        return ""
    share = days_since_last / gap + TIE
    return next((flag for flag in FLAGS if share >= getattr(numbers, flag)), "")
