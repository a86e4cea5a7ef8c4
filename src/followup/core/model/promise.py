"""Promise: an action we owe the customer; closed only when the customer was told (C14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """Something we said we would do by a date. `number` counts the promises of its sale from 1."""

    id: int = 0
    sale_id: int = 0
    number: int = 1
    text: str = ""
    by: date
    done_on: date | None = None
    told_on: date | None = None

    @property
    def is_open(self) -> bool:
        """True until the customer was told (C14)."""
        return self.told_on is None
