"""Stages: where a sale stands on a date. Exactly one on any date (B1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Stage(StrEnum):
    """The five stages, in the order in which a sale runs through them."""

    BEFORE_SALE = "before_sale"
    NOVELTY = "novelty"
    LEARNING = "learning"
    EFFECTIVENESS = "effectiveness"
    MAINTENANCE = "maintenance"


STAGES: tuple[Stage, ...] = tuple(Stage)
AFTER_SALE: tuple[Stage, ...] = STAGES[1:]
IMPLEMENTATION: tuple[Stage, ...] = (Stage.NOVELTY, Stage.LEARNING, Stage.EFFECTIVENESS)


@dataclass(frozen=True, slots=True)
class StageSpan:
    """The days `[begin, end)` of one stage; None where an anchor is not known yet or the stage is open."""

    stage: Stage
    begin: date | None
    end: date | None

    @property
    def days(self) -> int | None:
        """Length in days, or None while one of the ends is unknown."""
        if self.begin is None or self.end is None:
            return None
        return (self.end - self.begin).days

    def holds(self, day: date) -> bool:
        """True when `day` lies in `[begin, end)`; an unknown end holds every later day."""
        return self.begin is not None and self.begin <= day and (self.end is None or day < self.end)


@dataclass(frozen=True, slots=True)
class StageMap:
    """The stages of one sale: no gap, no overlap. `trough` is the lowest day of the dip as written."""

    spans: tuple[StageSpan, ...]
    trough: date | None

    def __iter__(self) -> Iterator[StageSpan]:
        return iter(self.spans)

    def __getitem__(self, stage: Stage) -> StageSpan:
        return self.spans[STAGES.index(stage)]

    def on(self, day: date) -> Stage:
        """The one stage that holds on `day`; before the first begin it is the first stage (B1)."""
        current = self.spans[0].stage
        for span in self.spans:
            if span.begin is not None and span.begin <= day:
                current = span.stage
        return current
