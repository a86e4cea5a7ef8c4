"""Concern: a doubt with category and severity, open or resolved (B10-B13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

SEVERITIES: tuple[str, ...] = ("minor", "moderate", "major")
CATEGORIES: tuple[str, ...] = ("product", "price", "delivery", "support", "company", "other")


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """A worry of a customer about one sale. `number` counts the concerns of its sale from 1."""

    id: int = 0
    sale_id: int = 0
    number: int = 1
    text: str = ""
    severity: str = "moderate"
    category: str = "other"
    opened_on: date
    resolved_on: date | None = None

    @property
    def is_open(self) -> bool:
        """True until it is resolved."""
        return self.resolved_on is None
