"""What one's own log says about a playbook, pulled towards what the playbook assumed (A22, DOMAIN 4.7).

Three small estimates: depth and speed of the dip, how often people can be reached, and when first results come. With
little data they stay near the playbook. They are rates, never causes: who gets more contacts often has more trouble.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from followup.core.curve import LOWEST_TROUGH, bend, mood_at
from followup.core.model.plan import CurveShape
from followup.core.numbers import CurveNumbers

SPREAD = 0.20  # of single readings around the curve
DEPTH_PRIOR, DEPTH_STEP = 0.10, 0.03
STRETCH_PRIOR, STRETCH_STEP = 0.30, 0.08  # of the logarithm of the stretch
GRID = range(-10, 11)
LEAST_DEPTH = 0.05  # a dip is never tuned away (B18)
LOST = 0.1  # what a customer lost before the trough would have said

FEW, MANY = 5, 20
NOTHING_YET, PLAYBOOK, BLEND, YOURS = "nothing yet", "mostly the playbook", "blend", "your data"

ANSWER_PRIORS: Mapping[str, float] = MappingProxyType({"phone": 0.35, "email": 0.30, "message": 0.45, "visit": 0.9})
FACE_TO_FACE = frozenset({"visit", "meeting", "in_person", "video", "screen_share"})
PRIOR_CONTACTS = 10
BETTER_BY = 0.10
ENOUGH_TRIES = 3  # fewer are an accident
TIE = 1e-9

PSEUDO_CUSTOMERS = 6


# Depth and speed of the dip


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """The curve of one sale as the playbook has it, and what bends it, both 0-1 (DOMAIN 4.1, 4.2)."""

    curve: CurveNumbers
    effort: float = 0.0
    concerns: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One reading: whose it is, the day of use, and the mood it says (0-1)."""

    customer: int
    day: float
    value: float
    base: Base

    @property
    def is_honeymoon(self) -> bool:
        """True for a reading in novelty that lies above the curve: it says nothing about the dip (B7)."""
        return self.day <= self.base.curve.dip_start and self.value > self.base.curve.novelty


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveFit:
    """Depth (0-1) and stretch of the dip that fit best, and what they rest on.

    `stretch` multiplies the days on which the dip starts, is lowest and ends. `left_out` counts novelty highs.
    """

    depth_before: float
    depth: float
    stretch: float
    customers: int
    readings: int
    left_out: int

    @property
    def confidence(self) -> str:
        """How much of this is the user's own data."""
        return confidence(self.customers)


def confidence(customers: int) -> str:
    """How sure a fit is: fewer than 5 customers mostly the playbook, fewer than 20 a blend (DOMAIN 4.7)."""
    if not customers:
        return NOTHING_YET
    if customers < FEW:
        return PLAYBOOK
    return BLEND if customers < MANY else YOURS


def fit_curve(heard: Iterable[Heard], *, depth: float) -> CurveFit:
    """The most likely depth and stretch on a grid of 21 by 21 around the playbook's (DOMAIN 4.7).

    `depth` is that of the playbook before effort and concerns bend it; what is found is the same for every sale, on
    top of its own. Without readings the playbook stays as it is.
    """
    everything = list(heard)
    counted = [one for one in everything if not one.is_honeymoon]
    highest = min((one.base.curve.novelty for one in counted), default=1.0) - LOWEST_TROUGH
    deeper = [i for i in GRID if i == 0 or LEAST_DEPTH - TIE <= depth + i * DEPTH_STEP <= highest + TIE]
    depths = {base: {i: _bent_depth(base, i) for i in deeper} for base in {one.base for one in counted}}
    misfits = [
        (
            _prior_misfit(i, j) + sum(misfit.at(depths[base][i]) for base, misfit in misfits.items()),
            abs(i) + abs(j),
            i,
            j,
        )
        for j, misfits in ((j, _misfits(counted, j)) for j in GRID)
        for i in deeper
    ]
    _, _, i, j = min(misfits)
    return CurveFit(
        depth_before=depth,
        depth=depth + i * DEPTH_STEP,
        stretch=math.exp(j * STRETCH_STEP),
        customers=len({one.customer for one in counted}),
        readings=len(counted),
        left_out=len(everything) - len(counted),
    )


def _prior_misfit(i: int, j: int) -> float:
    return (i * DEPTH_STEP / DEPTH_PRIOR) ** 2 + (j * STRETCH_STEP / STRETCH_PRIOR) ** 2


@dataclass(slots=True)
class _Misfit:
    """How badly the readings of one base fit, as a function of the depth: mood falls in a straight line with it."""

    square: float = 0.0
    cross: float = 0.0
    fall: float = 0.0

    def add(self, above: float, fall: float) -> None:
        """Add a reading: how far it lies above the level without a dip, and how much that falls with depth."""
        self.square += above * above
        self.cross += above * fall
        self.fall += fall * fall

    def at(self, depth: float) -> float:
        """sum((y - m)/0.20)^2 at this depth."""
        return (self.square + 2 * depth * self.cross + depth * depth * self.fall) / SPREAD**2


def _misfits(heard: Iterable[Heard], j: int) -> dict[Base, _Misfit]:
    """The misfits of all bases at one stretch of the grid."""
    found: dict[Base, tuple[CurveShape, CurveShape, _Misfit]] = {}
    for one in heard:
        if one.base not in found:
            shape = bend(_slower(one.base.curve, j), effort=one.base.effort, concerns=one.base.concerns)
            found[one.base] = replace(shape, depth=0.0), replace(shape, depth=1.0), _Misfit()
        flat, deep, misfit = found[one.base]
        level = mood_at(flat, one.day)
        misfit.add(one.value - level, level - mood_at(deep, one.day))
    return {base: misfit for base, (_, _, misfit) in found.items()}


def _slower(curve: CurveNumbers, j: int) -> CurveNumbers:
    k = math.exp(j * STRETCH_STEP)
    return replace(curve, dip_start=curve.dip_start * k, trough=curve.trough * k, recovered=curve.recovered * k)


def _bent_depth(base: Base, i: int) -> float:
    deeper = replace(base.curve, depth=base.curve.depth + i * DEPTH_STEP)
    return bend(deeper, effort=base.effort, concerns=base.concerns).depth


# Answer rates


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRate:
    """How often people are reached on a channel for a purpose, 0-1, pulled towards what is usual."""

    purpose: str
    channel: str
    tried: int = 0
    answered: int = 0

    @property
    def prior(self) -> float:
        """What is usual on this channel."""
        return ANSWER_PRIORS["visit"] if self.channel in FACE_TO_FACE else ANSWER_PRIORS[self.channel]

    @property
    def rate(self) -> float:
        """(10*p0 + answered) / (10 + tried) (DOMAIN 4.7)."""
        return (PRIOR_CONTACTS * self.prior + self.answered) / (PRIOR_CONTACTS + self.tried)


def answer_rates(tries: Iterable[tuple[str, str, bool]]) -> tuple[AnswerRate, ...]:
    """Rates from (purpose, channel, answered), by name. Channels on which nobody answers, like letters, have none."""
    counts: defaultdict[tuple[str, str], list[bool]] = defaultdict(list)
    for purpose, channel, answered in tries:
        if channel in ANSWER_PRIORS or channel in FACE_TO_FACE:
            counts[purpose, channel].append(answered)
    return tuple(
        AnswerRate(purpose=purpose, channel=channel, tried=len(answers), answered=sum(answers))
        for (purpose, channel), answers in sorted(counts.items())
    )


def better_channel(rate: AnswerRate, rates: Iterable[AnswerRate]) -> AnswerRate | None:
    """The best other channel for the same purpose if it is better by 0.10, else None (DOMAIN 4.7).

    A call, an e-mail and a message may replace each other even untried. A visit costs a day: it is only suggested
    where some were made. Fewer than three tries say nothing against a channel.
    """
    if rate.tried < ENOUGH_TRIES:
        return None
    known = {one.channel: one for one in rates if one.purpose == rate.purpose and _counts(one)}
    for channel in ANSWER_PRIORS.keys() - FACE_TO_FACE:
        known.setdefault(channel, AnswerRate(purpose=rate.purpose, channel=channel))
    known.pop(rate.channel, None)
    best = max(known.values(), key=lambda one: (one.rate, one.channel))
    return best if best.rate - rate.rate >= BETTER_BY - TIE else None


def _counts(rate: AnswerRate) -> bool:
    return rate.channel not in FACE_TO_FACE or rate.tried >= ENOUGH_TRIES


# Time to the first result


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """How long a customer used the product until the first result, or has waited for it so far, in days."""

    days: float
    recovered: float
    reached: bool

    @property
    def counts(self) -> bool:
        """Who waits still enters only beyond the day on which the playbook expects recovery."""
        return self.reached or self.days > self.recovered


def first_result_factor(waits: Iterable[Wait]) -> float:
    """When first results come, as a multiple of the day on which the playbook expects recovery (DOMAIN 4.7).

    The mean of ln(day / L2), pulled towards 0 by six customers on time. Above 1: later than the playbook says.
    """
    logs = [math.log(max(1.0, wait.days) / max(1.0, wait.recovered)) for wait in waits if wait.counts]
    return math.exp(sum(logs) / (len(logs) + PSEUDO_CUSTOMERS))
