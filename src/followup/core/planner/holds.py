"""Holds: while a sale is on hold its delays stand still; afterwards what remained of them runs on (DESIGN 3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from followup.core.model.activity import Activity


@dataclass(frozen=True, slots=True)
class Hold:
    """The days `[begin, end)` on which a sale was or is on hold; an open one has no end."""

    begin: date
    end: date | None

    def holds(self, day: date) -> bool:
        """True when `day` lies in the hold."""
        return self.begin <= day and (self.end is None or day < self.end)


def holds_of(in_order: Iterable[Activity]) -> tuple[Hold, ...]:
    """The holds of a sale from its activities in the order in which they happened; they never overlap."""
    found: list[Hold] = []
    for activity in in_order:
        if activity.kind == "held":
            _close(found, activity.on)
            found.append(Hold(activity.on, activity.to_on))
        elif activity.kind == "resumed":
            _close(found, activity.on)
    return tuple(hold for hold in found if hold.end is None or hold.begin < hold.end)


def _close(found: list[Hold], on: date) -> None:
    if found and found[-1].holds(on):
        found[-1] = Hold(found[-1].begin, on)


def run_on(holds: Sequence[Hold], base: date, day: date) -> date:
    """The day on which a delay from `base` to `day` is over when holds in between do not count.

    A hold without an end is not added: nobody knows yet how long it will be.
    """
    for hold in holds:
        if hold.end is not None and base < hold.end and day >= hold.begin and day > base:
            day += hold.end - max(hold.begin, base)
    return day
