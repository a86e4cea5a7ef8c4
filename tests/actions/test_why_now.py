"""Why a contact is due, in one clause: what was promised, which doubt, who chose the day (C14, DESIGN 6)."""

from __future__ import annotations

from datetime import date, time

import pytest

from followup.actions.views import why_now
from followup.core.model.touchpoint import Reason, Status, Touchpoint

TODAY = date(2026, 3, 12)


def touchpoint(step: str, *reasons: Reason, at: time | None = None) -> Touchpoint:
    return Touchpoint(
        step=step,
        occurrence=1,
        purpose="close_loop",
        service="feedback",
        channel="phone",
        stage="learning",
        status=Status.OPEN,
        due_on=TODAY,
        opens_on=None,
        closes_on=None,
        reasons=reasons,
        agreed_time=at,
    )


@pytest.mark.parametrize(
    ("step", "reason", "at", "words"),
    [
        (
            "promise",
            Reason("promise", "promised", {"about": "send a plan"}),
            None,
            "you promised: send a plan",
        ),
        ("promise", Reason("promise", "promised"), None, "you promised it"),
        ("concern", Reason("concern", "open", {"about": "loses rows"}), None, "an open concern: loses rows"),
        ("concern", Reason("concern", "open"), None, "an open concern"),
        ("dip_call", Reason("by_hand", "set by hand"), None, "you set this date"),
        ("dip_call", Reason("by_hand", "set by hand"), time(14, 30), "agreed with them"),
    ],
)
def test_why_now(step: str, reason: Reason, at: time | None, words: str) -> None:
    assert why_now(touchpoint(step, reason, at=at), None, TODAY) == words
