"""Profile: usage, life cycle and extensiveness decide how many and which contacts a sale gets (5.2, A4).

All factors are assumptions (A19): visible in `why`, overridable in YAML.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from followup.core.dates import approximate_days
from followup.core.model.extra import PREFIX, same_value
from followup.core.model.playbook import Duration, Playbook, Step, Unit
from followup.core.model.purpose import Purpose, Service
from followup.core.model.sale import Profile
from followup.core.numbers import ModifierNumbers

INCLUDE_FROM = 1.2
NEUTRAL_FROM = 0.8
THIN_OUT_AT = 0.6
LONGEST_WITHOUT_FEEDBACK = 365  # days (A7)
LONGEST_VALUE = 60  # letters of a customer's value, or of the values of a condition, that a reason repeats
KINDS = (Service.PREVENTION, Service.EDUCATION, Service.FEEDBACK)

_ORDER = {Service.PREVENTION: 0, Service.FEEDBACK: 1, Service.EDUCATION: 2}

Factors = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Setting:
    """A profile with the playbook's own values filled in where the sale says nothing."""

    usage: str
    tier: str
    kind: str
    tags: tuple[str, ...]
    life_cycle: str
    extensiveness: str
    complexity: str
    extra: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def setting_of(profile: Profile, playbook: Playbook) -> Setting:
    """The profile that holds for a sale: its own values, else those of the playbook."""
    return Setting(
        profile.usage or "normal",
        profile.tier or "B",
        profile.kind,
        profile.tags,
        profile.life_cycle or playbook.life_cycle,
        profile.extensiveness or playbook.extensiveness,
        profile.complexity or playbook.complexity,
        profile.extra,
    )


def factors_of(setting: Setting, numbers: ModifierNumbers) -> Factors:
    """Factor = usage x life cycle x extensiveness per service kind, clamped to 0.5-2.0 (DOMAIN 5.2)."""
    low, high = numbers.clamp
    usage, cycle = numbers.usage[setting.usage], numbers.life_cycle[setting.life_cycle]
    contact = numbers.extensiveness[setting.extensiveness]
    return {kind.value: max(low, min(high, usage[i] * cycle[i] * contact)) for i, kind in enumerate(KINDS)}


@dataclass(frozen=True, slots=True)
class Unmet:
    """A condition that does not hold: the fact, the values that it may have, and those that it has."""

    fact: str
    allowed: tuple[str, ...]
    here: tuple[str, ...]

    def __str__(self) -> str:
        wanted, found = _short(" or ".join(self.allowed)), _short(", ".join(self.here)) or "none"
        return f"{self.fact.removeprefix(PREFIX)} {wanted}; here: {found}"


def unmet_conditions(step: Step, setting: Setting) -> Iterator[Unmet]:
    """The plain conditions of a step's `if:` that do not hold; none when the step is for this customer.

    Values of the user's own columns are compared without regard to case and spaces.
    """
    for fact, allowed in step.condition.allowed.items():
        here = _values_of(fact, setting)
        same = same_value if fact.startswith(PREFIX) else str.__eq__
        if not any(same(one, other) for one in here for other in allowed):
            yield Unmet(fact, allowed, here)


def _values_of(fact: str, setting: Setting) -> tuple[str, ...]:
    if fact == "tag":
        return setting.tags
    if fact.startswith(PREFIX):
        value = setting.extra.get(fact.removeprefix(PREFIX), "")
        return (value,) if value else ()
    return (str(getattr(setting, fact)),)


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST_VALUE else plain[: LONGEST_VALUE - 1] + "…"


def extra_is_in(purpose: Purpose, factors: Factors, tier: str) -> bool:
    """Whether an extra step comes in: from factor 1.2 for everyone, from 0.8 for A customers (DOMAIN 5.2)."""
    factor = factors.get(purpose.service, 1.0)
    if factor >= INCLUDE_FROM:
        return True
    return tier == "A" and factor >= NEUTRAL_FROM


def extra_rank(purpose: Purpose, factors: Factors) -> tuple[float, int]:
    """Which extra steps come first when there is not room for all: those whose kind the profile raises most.

    So no kind that a profile raises loses contacts to one that it lowers (DOMAIN 2.I, invariants 6 and 7).
    """
    factor = factors.get(purpose.service)
    return (-factor, _ORDER[purpose.service]) if factor is not None else (0.0, len(_ORDER))


def thinned_out(steps: Iterable[tuple[Step, Purpose]], factors: Factors) -> set[str]:
    """Ids of core steps that a factor of 0.6 or less drops: every second one of that kind, in order of date.

    Kept are the first one in each stage, what is anchored to a deadline, what repeats (its interval stretches
    instead), and what the customer expects anyway: welcome, planning, concerns, closing the loop (5.2).
    """
    dropped: set[str] = set()
    seen: dict[str, int] = {}
    stages: set[tuple[str, object]] = set()
    for step, purpose in steps:
        kind = purpose.service.value
        if factors.get(kind, 1.0) > THIN_OUT_AT or step.extra or step.repeating or purpose.solicited:
            continue
        seen[kind] = seen.get(kind, 0) + 1
        first_in_stage = (kind, step.stage) not in stages
        stages.add((kind, step.stage))
        if seen[kind] % 2 == 0 and not first_in_stage and not step.deadline and not step.any_stage:
            dropped.add(step.id)
    return dropped


def interval_of(step: Step, purpose: Purpose, factors: Factors) -> Duration:
    """How long a repeating step waits: `every` divided by the factor of its kind (DOMAIN 5.2).

    A feedback touch is never stretched beyond a year (A7). At least one day.
    """
    every = step.every or Duration(1)
    factor = factors.get(purpose.service, 1.0)
    if factor == 1.0:
        return every
    written = approximate_days(every)
    days = written / factor
    if purpose.service is Service.FEEDBACK:
        days = min(days, max(written, LONGEST_WITHOUT_FEEDBACK))
    return Duration(max(1, round(days)), Unit.DAY)
