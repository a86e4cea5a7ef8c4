"""Sharing: several sales of one customer share their gates, as they share caps (trap 7, DOMAIN 5.3)."""

from __future__ import annotations

from collections.abc import Mapping

from followup.core.model.history import NOWHERE, Elsewhere


def elsewhere(forbidden: Mapping[int, Elsewhere], *, but: int) -> Elsewhere:
    """What all sales but one forbid it, taken together."""
    others = [found for number, found in forbidden.items() if number != but]
    if not others:
        return NOWHERE
    return Elsewhere(
        learning=tuple(span for other in others for span in other.learning),
        problem_on=min((o.problem_on for o in others if o.problem_on is not None), default=None),
        selling_from=max((o.selling_from for o in others if o.selling_from is not None), default=None),
        asked_on=max((o.asked_on for o in others if o.asked_on is not None), default=None),
    )
