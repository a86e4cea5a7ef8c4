"""Variety: two contacts in a row that gained nothing ask for another way (DOMAIN 5.4, `ok`)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from followup.core.planner.draft import Draft
from followup.core.planner.placing import Diary
from followup.core.planner.situation import Situation


def vary_channel(placed: Iterable[Draft], diary: Diary, situation: Situation) -> None:
    """After two `ok` in a row the next contact takes its other channel, if it has one that is under its cap."""
    last = situation.valuable[-2:]
    if len(last) < 2 or any(contact.outcomes != ("ok",) for contact in last):
        return
    coming = [
        d for d in placed if d.due is not None and d.by_hand is None and not d.tries and d.purpose.name != "recovery"
    ]
    draft = min(coming, key=lambda one: (one.due or date.max, one.step.id), default=None)
    if draft is None or draft.due is None or not draft.step.fallback or draft.channel != last[-1].channel:
        return
    if draft.solicited or not diary.over_cap(draft.due, draft.step.fallback):
        draft.channel = draft.step.fallback
        draft.say("variety", f"the last two contacts gained nothing: this one by {draft.channel}")
