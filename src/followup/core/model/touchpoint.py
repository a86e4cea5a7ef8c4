"""Touchpoint: one step dated for one sale, with its window, status and the reasons behind the date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from types import MappingProxyType

from followup.core.model.stage import Stage

Scalar = str | int | float | bool | None


class Status(StrEnum):
    """What became of a touchpoint (CLI.md)."""

    OPEN = "open"
    DONE = "done"
    SKIPPED = "skipped"
    ABSORBED = "absorbed"
    EXPIRED = "expired"
    HELD = "held"
    CANCELLED = "cancelled"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a date is what it is: the rule, a sentence, and the numbers that went in."""

    rule: str
    text: str
    inputs: Mapping[str, Scalar] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Touchpoint:
    """A dated contact. It is named by (sale, step, occurrence); `id` is only its number on screen.

    Dates are None while an anchor is unknown (status `waiting`). `stage` is the stage in which `due_on` lies.
    `deadline_on` is the day past which it must not move.
    """

    step: str
    occurrence: int
    purpose: str
    service: str
    channel: str
    stage: Stage
    status: Status
    due_on: date | None
    opens_on: date | None
    closes_on: date | None
    deadline_on: date | None = None
    agreed_time: time | None = None
    by_hand: bool = False
    extra: bool = False
    to: str = ""
    tries: int = 0
    done_on: date | None = None
    reasons: tuple[Reason, ...] = ()

    @property
    def is_open(self) -> bool:
        """True while the seller still has to do it."""
        return self.status is Status.OPEN
