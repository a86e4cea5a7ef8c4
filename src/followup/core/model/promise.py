"""Promise: an action we owe the customer; closed only when the customer was told (C14, C15)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

ABOUT: tuple[str, ...] = ("", "concern", "problem", "idea")
ANSWERS: tuple[str, ...] = ("", "adopted", "planned", "declined")


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """Something we said we would do by a date. `number` counts the promises of its sale from 1.

    `about` says what it was born from; `concern` is the number of the concern it answers, 0 for none. `answer` is
    what became of an idea (C15).
    """

    id: int = 0
    sale_id: int = 0
    number: int = 1
    text: str = ""
    by: date
    done_on: date | None = None
    told_on: date | None = None
    about: str = ""
    concern: int = 0
    answer: str = ""

    @property
    def is_open(self) -> bool:
        """True until the customer was told (C14)."""
        return self.told_on is None
