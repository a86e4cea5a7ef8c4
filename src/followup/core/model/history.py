"""History: what is known about one sale besides the sale itself, and contacts the same person has elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from followup.core.model.activity import Activity
from followup.core.model.concern import Concern
from followup.core.model.promise import Promise
from followup.core.model.reading import Reading


@dataclass(frozen=True, slots=True)
class Taken:
    """A day on which the same person is contacted for another sale: it counts towards caps and gaps (DOMAIN 3.7)."""

    on: date
    channel: str
    solicited: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The facts of one sale. Their order does not matter: planning sorts them by what they say."""

    activities: tuple[Activity, ...] = ()
    concerns: tuple[Concern, ...] = ()
    readings: tuple[Reading, ...] = ()
    promises: tuple[Promise, ...] = ()
    taken: tuple[Taken, ...] = ()


NO_HISTORY = History()
