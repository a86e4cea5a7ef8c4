"""The motivation curve: how mood runs from the start of use, and what bends it (DOMAIN 4.1, 4.2).

Levels are 0-1 (shown x100), time is days since the start of use. An estimate, never a measurement (trap 10).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

from followup.core.model.plan import CurveShape

if TYPE_CHECKING:  # the due list draws on the curve without any of the numbers
    from followup.core.numbers import ConcernNumbers, CurveNumbers

LOWEST_TROUGH = 0.05  # motivation never falls to nothing (DOMAIN 4.2)
SHORTEST = 0.25  # days between start, trough and end of a dip, whatever is overridden


def smooth_step(u: float) -> float:
    """s(u) = (1 - cos(pi*u)) / 2 for u in 0-1: flat at both ends (DOMAIN 4.1)."""
    return (1 - math.cos(math.pi * min(1.0, max(0.0, u)))) / 2


def concern_level(severities: Iterable[str], numbers: ConcernNumbers) -> float:
    """Open concerns as one number 0-1: 1 - prod(1 - severity) (DOMAIN 4.2, B11)."""
    calm = 1.0
    for severity in sorted(severities):  # in one order, so that not even the last digit depends on it
        calm *= 1 - getattr(numbers, severity)
    return 1 - calm


def bend(numbers: CurveNumbers, *, effort: float, concerns: float) -> CurveShape:
    """The curve of one sale (DOMAIN 4.2).

    Effort makes the dip gentler (B17), concerns make it deeper, steeper and sooner (B11); both are 0-1. Effort never
    removes the dip: depth stays above the floor (B18). The limit min(fall, rise) keeps the order of the dates for
    any stage lengths; days that an author wrote out of order are put a day apart.
    """
    start = numbers.dip_start
    trough = max(numbers.trough, start + 1)
    recovered = max(numbers.recovered, trough + 1)
    rise = recovered - trough
    narrow = min(trough - start, rise)
    by_effort, by_concerns = numbers.effort, numbers.concerns
    starts = start - by_concerns.start * concerns * max(0.0, min(start, narrow))
    low = trough + narrow * (by_effort.trough_shift * effort - by_concerns.trough_shift * concerns)
    low = max(low, starts + SHORTEST)
    wanted = numbers.depth * (1 - by_effort.depth * effort) * (1 + by_concerns.depth * concerns)
    return CurveShape(
        novelty=numbers.novelty,
        effectiveness=numbers.effectiveness,
        depth=min(max(wanted, by_effort.floor * numbers.depth), numbers.novelty - LOWEST_TROUGH),
        dip_starts=starts,
        trough=low,
        recovered=max(recovered + rise * (by_concerns.rise * concerns - by_effort.rise * effort), low + SHORTEST),
        base_trough=trough,
        effort=effort,
        concerns=concerns,
    )


def mood_at(shape: CurveShape, day: float) -> float:
    """Modelled motivation 0-1 on a day of use (DOMAIN 4.1); before the dip it is the novelty level."""
    if day <= shape.dip_starts:
        return shape.novelty
    low = shape.novelty - shape.depth
    if day < shape.trough:
        return shape.novelty - shape.depth * smooth_step((day - shape.dip_starts) / (shape.trough - shape.dip_starts))
    if day < shape.recovered:
        return low + (shape.effectiveness - low) * smooth_step((day - shape.trough) / (shape.recovered - shape.trough))
    return shape.effectiveness


def weekly_fall(shape: CurveShape, day: float) -> float:
    """How much motivation falls over the seven days up to `day`, 0-1, never negative (DOMAIN 4.9)."""
    return max(0.0, mood_at(shape, day - 7) - mood_at(shape, day))


def steepest_fall(shape: CurveShape) -> float:
    """The steepest fall per day, 0-1: pi*D / (2*(L1-L0)) (DOMAIN 4.1)."""
    return math.pi * shape.depth / (2 * (shape.trough - shape.dip_starts))
