"""Anchors: the named dates of a sale; unknown ones follow their default rule or wait (DOMAIN 5.1, step 1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import count

from followup.core.dates import Calendar, add, approximate_days, times
from followup.core.model.playbook import AnchorRule, Duration, Playbook, When

SALE = "sale"
LIVE = "live"
_ALWAYS = {SALE: AnchorRule(SALE), LIVE: AnchorRule(LIVE, "use starts", When(SALE))}


@dataclass(frozen=True, slots=True)
class Anchors:
    """The dates of a sale. `assumed` names those that follow from a default rule instead of a recorded date.

    `missing` says for each unknown one which anchor must be recorded to know it: itself, or the one it hangs on.
    """

    dates: Mapping[str, date | None]
    assumed: frozenset[str]
    repeats: Mapping[str, Duration]
    missing: Mapping[str, str]

    def get(self, name: str) -> date | None:
        """The first date of an anchor, or None while it is unknown."""
        return self.dates.get(name)


def anchor_rules(playbook: Playbook) -> Mapping[str, AnchorRule]:
    """The rule of every anchor; `sale` and `live` always exist."""
    return {**_ALWAYS, **playbook.anchors}


def resolve_anchors(playbook: Playbook, known: Mapping[str, date], calendar: Calendar) -> Anchors:
    """Every anchor of the playbook: recorded dates first, then default rules; None where neither says."""
    rules = anchor_rules(playbook)
    dates: dict[str, date | None] = dict(known)
    missing: dict[str, str] = {}
    for name in rules:
        _resolve(name, rules, dates, missing, calendar)
    assumed = frozenset(name for name, day in dates.items() if day is not None and name not in known)
    repeats = {name: rule.repeats for name, rule in rules.items() if rule.repeats is not None}
    return Anchors(dates, assumed, repeats, missing)


def _resolve(
    name: str,
    rules: Mapping[str, AnchorRule],
    dates: dict[str, date | None],
    missing: dict[str, str],
    calendar: Calendar,
) -> None:
    """Follow a chain of defaults to what is known, and date every link of it; a circle stays unknown."""
    chain: dict[str, When] = {}
    while (
        name not in dates and name not in chain and (rule := rules.get(name)) is not None and rule.default is not None
    ):
        chain[name] = rule.default
        name = rule.default.base
    day = dates.setdefault(name, None)
    if day is None:
        missing.setdefault(name, name)
    for link, default in reversed(chain.items()):
        if day is None:
            missing[link] = missing[name]
        else:
            day = add(day, default.offset, calendar)
        dates[link] = day


def cycle(first: date, repeats: Duration, number: int, calendar: Calendar) -> date:
    """The date of an anchor after `number` repeats, counted from its first date and never chained."""
    return add(first, times(repeats, number), calendar) if number else first


def repeats_before(first: date, repeats: Duration, day: date) -> int:
    """A number of repeats, 0 or more, that surely ends before `day`: where to begin to look."""
    return max(0, int((day - first).days / approximate_days(repeats)) - 2)


def first_cycle_from(first: date, repeats: Duration, day: date, calendar: Calendar) -> date:
    """The first date of a repeating anchor that is not before `day`."""
    numbers = count(repeats_before(first, repeats, day))
    return next(on for number in numbers if (on := cycle(first, repeats, number, calendar)) >= day)
