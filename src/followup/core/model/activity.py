"""Activity: a recorded fact about a sale. Append-only; the plan is derived from these (DESIGN 3, rule 4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

ACTIVITY_KINDS: tuple[str, ...] = (
    "contacted",
    "skipped",
    "snoozed",
    "agreed",
    "held",
    "resumed",
    "milestone",
    "stage_moved",
    "concern_resolved",
    "successor",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """What happened. `on` is the day it happened; `step` and `occurrence` name the touchpoint it belongs to.

    `to_on` (and `to_time`) is the day a snooze or an agreement moves the touchpoint to; `due_on`, `opens_on` and
    `closes_on` are what was planned when it was recorded, so that a rebuilt plan shows the same past. A `held` lasts
    until `to_on` or the next `resumed`; a `stage_moved` names the `stage` that begins; a `successor` is a new person
    who decides (B28), named in the note. `external_id` is the id in another tool.
    """

    id: int = 0
    sale_id: int = 0
    kind: str
    on: date
    direction: str = "outbound"
    channel: str = ""
    outcomes: tuple[str, ...] = ()
    note: str = ""
    score: int | None = None
    minutes: int | None = None
    step: str = ""
    occurrence: int = 0
    purpose: str = ""
    stage: str = ""
    due_on: date | None = None
    opens_on: date | None = None
    closes_on: date | None = None
    to_on: date | None = None
    to_time: time | None = None
    milestone: str = ""
    external_id: str = ""
