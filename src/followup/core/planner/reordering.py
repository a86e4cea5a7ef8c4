"""Reordering: who bought again has a rhythm of their own, and the next purchase is expected by it (DOMAIN 4.8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from followup.core.dates import approximate_days
from followup.core.model.history import History
from followup.core.model.playbook import Duration
from followup.core.model.sale import Sale
from followup.core.model.touchpoint import Reason
from followup.core.numbers import RhythmNumbers
from followup.core.planner.anchors import SALE, Anchors
from followup.core.planner.draft import day_text
from followup.core.rhythm import flag_of, personal_gap

REORDER = "reorder"
IN_WORDS = {
    "late": "the next purchase is late",
    "at_risk": "no purchase for one and a half times the usual gap: at risk",
    "dormant": "no purchase for three times the usual gap: dormant",
}


def purchases_of(sale: Sale, history: History) -> list[date]:
    """The days on which this customer bought, in order: the sale, and every time again."""
    days = {a.on for a in history.activities if a.kind == "milestone" and a.milestone == "repurchased"}
    if SALE in sale.anchors:
        days.add(sale.anchors[SALE])
    return sorted(days)


def with_rhythm(anchors: Anchors, sale: Sale, history: History, numbers: RhythmNumbers) -> Anchors:
    """The anchors with `reorder` where the customer's own rhythm expects it, once they have bought again.

    A date that the user entered after the last purchase stands.
    """
    cycle, days = anchors.repeats.get(REORDER), purchases_of(sale, history)
    if cycle is None or len(days) < 2:
        return anchors
    gap = round(_gap(cycle, days, numbers))
    entered = sale.anchors.get(REORDER)
    expected = entered if entered is not None and entered > days[-1] else days[-1] + timedelta(days=gap)
    return replace(
        anchors,
        dates={**anchors.dates, REORDER: expected},
        assumed=anchors.assumed | {REORDER} if expected != entered else anchors.assumed,
        repeats={**anchors.repeats, REORDER: Duration(gap)},
    )


def reorder_flag(
    anchors: Anchors, sale: Sale, history: History, numbers: RhythmNumbers, *, cycle: Duration | None, today: date
) -> tuple[Reason | None, date | None]:
    """What the silence since the last purchase says, and the next day on which it says something else."""
    days = purchases_of(sale, history)
    if cycle is None or not days or REORDER not in anchors.repeats:
        return None, None
    gap = _gap(cycle, days, numbers)
    since = (today - days[-1]).days
    shares = (numbers.late, numbers.at_risk, numbers.dormant)
    following = (days[-1] + timedelta(days=-int(-share * gap // 1)) for share in shares)
    next_on = min((day for day in following if day > today), default=None)
    flag = flag_of(since, gap, numbers)
    if flag not in IN_WORDS:
        return None, next_on
    text = f"{IN_WORDS[flag]} (the last one on {day_text(days[-1])}, usually every {round(gap)} days)"
    return Reason(flag, text, {"on": days[-1].isoformat(), "gap": round(gap, 1)}), next_on


def _gap(cycle: Duration, days: list[date], numbers: RhythmNumbers) -> float:
    return personal_gap(approximate_days(cycle), [(b - a).days for a, b in pairwise(days)], numbers)
