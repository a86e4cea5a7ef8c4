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
_LIVE_RULE = AnchorRule(LIVE, "use starts", When(SALE))


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


def resolve_anchors(playbook: Playbook, known: Mapping[str, date], calendar: Calendar) -> Anchors:
    """Every anchor of the playbook: recorded dates first, then default rules; None where neither says."""
    rules = {SALE: AnchorRule(SALE), LIVE: _LIVE_RULE, **playbook.anchors}
    dates: dict[str, date | None] = {}
    for name in (*rules, *(name for name in known if name not in rules)):
        dates[name] = _resolve(name, rules, known, calendar, ())
    assumed = frozenset(name for name, day in dates.items() if day is not None and name not in known)
    repeats = {name: rule.repeats for name, rule in rules.items() if rule.repeats is not None}
    missing = {name: _root(name, rules) for name, day in dates.items() if day is None}
    return Anchors(dates, assumed, repeats, missing)


def _resolve(
    name: str,
    rules: Mapping[str, AnchorRule],
    known: Mapping[str, date],
    calendar: Calendar,
    asked: tuple[str, ...],
) -> date | None:
    if name in known:
        return known[name]
    rule = rules.get(name)
    if rule is None or rule.default is None or name in asked:
        return None
    base = _resolve(rule.default.base, rules, known, calendar, (*asked, name))
    return None if base is None else add(base, rule.default.offset, calendar)


def _root(name: str, rules: Mapping[str, AnchorRule]) -> str:
    """The anchor at the end of a chain of defaults; the first one again where they go round in a circle."""
    seen = [name]
    while (rule := rules.get(seen[-1])) is not None and rule.default is not None:
        if rule.default.base in seen:
            return name
        seen.append(rule.default.base)
    return seen[-1]


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
