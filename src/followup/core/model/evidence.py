"""Evidence: what scores, usage and outcomes say about mood, and how strong the relationship is (DOMAIN 4.4, 4.6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Clue:
    """One reading: what it says about mood (0-1), how much it weighs when fresh (0-1), and where it comes from.

    `offset` is how far it lies above the modelled curve of its day; negative below.
    """

    on: date
    value: float
    quality: float
    offset: float
    source: str
    measured: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The readings that count, oldest first, and the days after which a reading counts half."""

    clues: tuple[Clue, ...] = ()
    half_life_days: float = 21
    prior_weight: float = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Relationship:
    """Where each clock of the relationship started: the day, and the stability in days from then on.

    The first is the begin of maintenance; each contact of value starts a new one (DOMAIN 4.6).
    """

    clocks: tuple[tuple[date, float], ...]

    @property
    def since(self) -> date:
        """The day from which strength falls now."""
        return self.clocks[-1][0]

    @property
    def stability(self) -> float:
        """Days until strength has fallen to 90 %."""
        return self.clocks[-1][1]
