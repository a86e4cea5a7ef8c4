"""Playbook and Step: what a YAML playbook says, as typed values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from followup.core.model.purpose import PURPOSES, Purpose
from followup.core.model.stage import Stage

COMPLEXITIES: tuple[str, ...] = ("simple", "moderate", "complex")
LIFE_CYCLES: tuple[str, ...] = ("introduction", "growth", "maturity", "decline")
EXTENSIVENESS: tuple[str, ...] = ("low", "medium", "high")
USAGES: tuple[str, ...] = ("heavy", "normal", "light")
TIERS: tuple[str, ...] = ("A", "B", "C")
KINDS: tuple[str, ...] = ("company", "person")
KPIS: tuple[str, ...] = ("nps", "csat", "ces")


class Unit(StrEnum):
    """Units of time: calendar days, working days, weeks, months, years."""

    DAY = "d"
    WORKING_DAY = "bd"
    WEEK = "w"
    MONTH = "m"
    YEAR = "y"


@dataclass(frozen=True, slots=True)
class Duration:
    """A signed length of time such as 3d, -2w or 5bd."""

    amount: int
    unit: Unit = Unit.DAY

    def __str__(self) -> str:
        return f"{self.amount}{self.unit}"


@dataclass(frozen=True, slots=True)
class When:
    """A date as written: ANCHOR, STAGE or `trough`, plus a duration, or plus a percentage of the stage.

    `base` is an anchor name, a stage name or `trough`. `percent` (0-100) is only used with a stage.
    """

    base: str
    offset: Duration = Duration(0)
    percent: float | None = None

    def __str__(self) -> str:
        if self.percent is not None:
            return f"{self.base}+{self.percent:g}%"
        if not self.offset.amount:
            return str(self.base)
        sign = "+" if self.offset.amount > 0 else "-"
        unit = "" if self.offset.unit is Unit.DAY else str(self.offset.unit)
        return f"{self.base}{sign}{abs(self.offset.amount)}{unit}"


@dataclass(frozen=True, slots=True)
class AnchorRule:
    """A named date of a sale: what it means, how it is guessed while unknown, when it comes again."""

    name: str
    says: str = ""
    default: When | None = None
    repeats: Duration | None = None


@dataclass(frozen=True, slots=True)
class StageRule:
    """Where a stage begins; for `learning` also its lowest day."""

    begins: When
    trough: When | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """Something to hand to a customer (D1, D2, D3)."""

    key: str
    title: str
    mode: str = "passive"
    form: str = ""
    link: str = ""
    fee: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """What a step says about one outcome: words for the seller and actions.

    `retry` is None when the step does not say, and empty when the customer is not to be chased.
    """

    says: str = ""
    check: Duration | None = None
    retry: tuple[Duration, ...] | None = None
    recovery: bool = False
    milestone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Plain conditions on facts; all must hold (`if:`). Each maps a fact to its allowed values.

    A fact with a dot is a column of the user's own: `extra.plan_tier`.
    """

    allowed: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One contact as written. Windows are days before (<= 0) and after (>= 0) the written date."""

    id: str
    purpose: str
    goal: str
    gives: str
    stage: Stage | None = None
    when: When
    every: Duration | None = None
    cycle: bool = False
    until: str = ""
    window: tuple[int, int] = (0, 0)
    deadline: str = ""
    any_stage: bool = False
    any_day: bool = False
    channel: str = "email"
    fallback: str = ""
    to: str = ""
    extra: bool = False
    condition: Condition = Condition()
    ask: tuple[str, ...] = ()
    subject: str = ""
    message: str = ""
    resources: tuple[str, ...] = ()
    outcomes: Mapping[str, Reaction] = field(default_factory=lambda: MappingProxyType({}))
    line: int = 0

    @property
    def repeating(self) -> bool:
        """True when the step comes again (`every:`)."""
        return self.every is not None or self.cycle

    @property
    def bound_to(self) -> Stage | None:
        """The stage that the step must stay in, or None when it keeps its date whatever the stage."""
        return None if self.any_stage else self.stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Playbook:
    """A whole playbook. `overrides` holds the numbers of DOMAIN appendix B that the author wrote."""

    key: str
    title: str
    goal: str = ""
    version: int = 1
    kpi: str = "nps"
    complexity: str = "moderate"
    life_cycle: str = "maturity"
    extensiveness: str = "medium"
    anchors: Mapping[str, AnchorRule] = field(default_factory=lambda: MappingProxyType({}))
    stages: Mapping[Stage, StageRule] = field(default_factory=lambda: MappingProxyType({}))
    first_result: str = ""
    resources: Mapping[str, Resource] = field(default_factory=lambda: MappingProxyType({}))
    placeholders: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    purposes: Mapping[str, Purpose] = field(default_factory=lambda: PURPOSES)
    overrides: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: MappingProxyType({}))
    steps: tuple[Step, ...] = ()

    def step(self, step_id: str) -> Step | None:
        """The step with this id, or None."""
        return next((step for step in self.steps if step.id == step_id), None)
