"""Reading: a measured score or usage of a sale (E7, E13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

READING_KINDS: tuple[str, ...] = ("nps", "csat", "ces", "usage")
USAGE_READINGS: tuple[str, ...] = ("up", "steady", "down")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One measured value: a score as text, or usage `up`, `steady`, `down`."""

    id: int = 0
    sale_id: int = 0
    kind: str
    value: str
    on: date
    note: str = ""
