"""Reading: a measured score, the usage or the knowledge of a sale (A6, A20, E7, E13)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

UNDERSTOOD = "understood"
READING_KINDS: tuple[str, ...] = ("nps", "csat", "ces", "usage", UNDERSTOOD)
USAGE_READINGS: tuple[str, ...] = ("up", "steady", "down")
UNDERSTOOD_READINGS: tuple[str, ...] = ("yes", "no")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One measured value: a score as text, usage `up`, `steady`, `down`, or understood `yes`, `no`."""

    id: int = 0
    sale_id: int = 0
    kind: str
    value: str
    on: date
    note: str = ""


def last_understood(readings: Iterable[Reading]) -> Reading | None:
    """The last word on whether they understood what they were taught; None when nobody asked (A6)."""
    told = (reading for reading in readings if reading.kind == UNDERSTOOD)
    return max(told, key=lambda reading: (reading.on, reading.id), default=None)
