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
class Elsewhere:
    """What other sales of the same customer forbid here: they share gates (trap 7, DOMAIN 5.3).

    `learning` are days `[begin, end)` on which nobody is asked for a referral, `problem_on` the day of an open
    problem, `selling_from` the first day on which selling is allowed again after one, `asked_on` the last referral
    ask.
    """

    learning: tuple[tuple[date, date | None], ...] = ()
    problem_on: date | None = None
    selling_from: date | None = None
    asked_on: date | None = None


NOWHERE = Elsewhere()


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The facts of one sale. Their order does not matter: planning sorts them by what they say."""

    activities: tuple[Activity, ...] = ()
    concerns: tuple[Concern, ...] = ()
    readings: tuple[Reading, ...] = ()
    promises: tuple[Promise, ...] = ()
    taken: tuple[Taken, ...] = ()
    elsewhere: Elsewhere = NOWHERE


NO_HISTORY = History()
