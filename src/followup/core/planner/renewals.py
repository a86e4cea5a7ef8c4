"""Renewals: a chain of contacts before a term ends, longer for complex products, with its value review first (3.6)."""

from __future__ import annotations

from dataclasses import replace

from followup.core.dates import approximate_days
from followup.core.model.playbook import Duration, Step, When
from followup.core.model.stage import Stage
from followup.core.planner import built_in
from followup.core.planner.situation import Situation

RENEWAL = "renewal"
NEAR_DAYS = 10  # a written contact so near stands for the one of the chain
WINDOW, LAST_WINDOW = (-7, 7), (-3, 3)
BY_LEAD = {
    120: built_in.RENEWAL_REVIEW,
    90: built_in.RENEWAL_TERMS_TALK,
    60: built_in.RENEWAL_TALKS,
    30: built_in.RENEWAL_SIGNATURE,
    7: built_in.RENEWAL_LAST_CHECK,
}


def chain_steps(situation: Situation) -> list[Step]:
    """What the renewal chain of this complexity has beyond what the playbook writes.

    A playbook that writes its own chain has the last word, unless the sale is of another complexity than it was
    written for.
    """
    playbook = situation.playbook
    rule = playbook.anchors.get(RENEWAL)
    written = [s for s in playbook.steps if s.purpose == RENEWAL]
    if rule is None or (written and situation.setting.complexity == playbook.complexity):
        return []
    leads = [-approximate_days(step.when.offset) for step in written if step.when.base == RENEWAL]
    missing = [
        days for days in situation.numbers.renewal_chain if not any(abs(days - lead) <= NEAR_DAYS for lead in leads)
    ]
    longest = max([*leads, *missing], default=0)
    return [_step(days, is_first=days == longest, again=rule.repeats is not None) for days in missing]


def _step(days: int, *, is_first: bool, again: bool) -> Step:
    """One contact of the chain; the first one, whenever it is, reviews the value."""
    nearest = min(BY_LEAD, key=lambda lead: abs(lead - days))
    return replace(
        built_in.RENEWAL_REVIEW if is_first else BY_LEAD[nearest],
        stage=Stage.MAINTENANCE,
        any_stage=True,
        when=When(RENEWAL, Duration(-days)),
        cycle=again,
        window=WINDOW if days > -LAST_WINDOW[0] * 3 else LAST_WINDOW,
    )
