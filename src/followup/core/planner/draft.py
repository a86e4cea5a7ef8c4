"""Draft: a touchpoint while it is being dated. Only the planner sees it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from followup.core.model.playbook import Step
from followup.core.model.purpose import Purpose
from followup.core.model.touchpoint import Reason


@dataclass(slots=True, kw_only=True)
class Draft:
    """One step on its way to a date.

    `nominal` is the date as written. `opens`..`closes` is the window around it. `earliest`..`latest` are the hard
    bounds that stage, gate, deadline and the day of enrolment set; both ends are included.
    """

    step: Step
    purpose: Purpose
    occurrence: int
    channel: str
    nominal: date
    opens: date
    closes: date
    earliest: date = date.min
    latest: date = date.max
    deadline: date | None = None
    by_hand: date | None = None
    agreed_time: time | None = None
    tries: int = 0
    added: bool = False
    due: date | None = None
    reasons: list[Reason] = field(default_factory=list)

    @property
    def solicited(self) -> bool:
        """True when the customer expects it: it counts towards no cap and no gap (DOMAIN 3.7).

        The days of an event (`any_day`) and a date set together are agreed contacts.
        """
        return self.purpose.solicited or self.step.any_day or self.agreed_time is not None

    def say(self, rule: str, text: str, **inputs: Any) -> None:
        """Keep a reason; dates in `inputs` become ISO text."""
        plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in inputs.items()}
        self.reasons.append(Reason(rule, text, plain))


def day_text(day: date) -> str:
    """A day as the reasons say it: `Mon 19 January 2026`."""
    return f"{day:%a} {day.day} {day:%B} {day.year}"
