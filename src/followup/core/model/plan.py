"""Plan: what planning one sale gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from followup.core.model.evidence import Evidence, Relationship
from followup.core.model.stage import StageMap
from followup.core.model.touchpoint import Reason, Touchpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveShape:
    """The motivation curve of one sale: levels 0-1, days from the start of use (DOMAIN 4.1, 4.2).

    `base_trough` is the trough before effort and concerns bend it; the dip watch counts by it (DOMAIN 4.5).
    """

    novelty: float
    effectiveness: float
    depth: float
    dip_starts: float
    trough: float
    recovered: float
    base_trough: float
    effort: float
    concerns: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Stages, curve, touchpoints and reasons of one sale.

    It was made on `made_on`; `refresh_on` is the first day on which time alone can change it, None if it never does.
    `left_out` says for each step that is not planned why (rule = step id). `flags` are what the seller should know
    about the sale as a whole: rule `stuck`, `silent`, `on_hold`, `problem`, `late`, `at_risk`, `dormant`, ...
    """

    stages: StageMap
    anchors: Mapping[str, date | None]
    assumed_anchors: tuple[str, ...] = ()
    live_on: date | None = None
    curve: CurveShape | None = None
    factors: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    touchpoints: tuple[Touchpoint, ...] = ()
    left_out: tuple[Reason, ...] = ()
    evidence: Evidence | None = None
    relationship: Relationship | None = None
    flags: tuple[Reason, ...] = ()
    refresh_on: date | None = None
    made_on: date | None = field(default=None, compare=False)
