"""Draft: a touchpoint while it is being dated. Only the planner sees it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from followup.core.model.activity import Activity
from followup.core.model.playbook import Step
from followup.core.model.purpose import PURPOSES, Purpose
from followup.core.model.touchpoint import Reason, Scalar


@dataclass(slots=True, kw_only=True, eq=False)
class Draft:
    """One step on its way to a date.

    `nominal` is the date as written. `opens`..`closes` is the window around it. `earliest`..`latest` are the hard
    bounds that stage, gate, deadline and the day of enrolment set; all ends are included. What lies ahead of the
    last recorded fact is not moved back behind it (`not_before`). `target` is where placing
    starts, `best` the day it would like to take, `options` all that it may take (once somebody asks), and `due` the
    one it takes. `crowded` is a core step for which caps and gaps left none of them. `waits` says what it has to
    wait for, whatever its date; `shut` is a gate that must have opened by its day; `folded_into` is the step that
    makes up for it.
    """

    step: Step
    purpose: Purpose
    occurrence: int
    channel: str
    nominal: date
    opens: date
    closes: date
    earliest: date = date.min
    not_before: date = date.min  # where placing may look back to
    latest: date = date.max
    deadline: date | None = None
    moved: Activity | None = None  # the last snooze or agreement
    tries: int = 0
    added: bool = False
    target: date = date.min
    best: date = date.min
    options: list[date] = field(default_factory=list)
    due: date | None = None
    crowded: bool = False
    vanishes_after: date | None = None  # one of a bounded series: what is missed is simply gone
    waits: str = ""
    shut: str = ""
    turns_on: date | None = None  # from when it asks for what it lacks instead
    folded_into: str = ""
    reasons: list[Reason] = field(default_factory=list)

    @property
    def by_hand(self) -> date | None:
        """The day that the user set, if any."""
        return self.moved.to_on if self.moved is not None else None

    @property
    def solicited(self) -> bool:
        """True when the customer expects it: it counts towards no cap and no gap (DOMAIN 3.7)."""
        return self.purpose.solicited or (self.moved is not None and self.moved.kind == "agreed")

    @property
    def is_early_ask(self) -> bool:
        """True for a referral asked for early in novelty: done in its time or not at all (B32)."""
        return self.purpose.name == "lead_generation" and self.step.stage == "novelty"

    def say(self, rule: str, text: str, **inputs: Scalar | date) -> None:
        """Keep a reason; dates in `inputs` become ISO text."""
        plain: dict[str, Scalar] = {}
        for name, value in inputs.items():
            plain[name] = value.isoformat() if isinstance(value, date) else value
        self.reasons.append(Reason(rule, text, plain))

    def has_expired(self, today: date) -> bool:
        """True when it is not made up for later: an early referral ask, or a passed deadline."""
        return self.last_day is not None and today > self.last_day

    @property
    def last_day(self) -> date | None:
        """The day after which it expires; None when it stays until it is dealt with."""
        if self.vanishes_after is not None:
            return self.vanishes_after
        if self.deadline is not None:
            return max(self.deadline, self.by_hand or self.deadline)
        return self.closes if self.is_early_ask else None


def added_draft(step: Step, occurrence: int, day: date, purpose: Purpose | None = None) -> Draft:
    """A draft of an added step on `day`; its window is that day until placing widens it."""
    return Draft(
        step=step,
        purpose=purpose or PURPOSES[step.purpose],
        occurrence=occurrence,
        channel=step.channel,
        nominal=day,
        opens=day,
        closes=day,
        added=True,
    )


@lru_cache(maxsize=4096)
def day_text(day: date) -> str:
    """A day as the reasons say it: `Mon 19 January 2026`."""
    return f"{day:%a} {day.day} {day:%B} {day.year}"
