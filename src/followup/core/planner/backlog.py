"""Backlog: what was not done in its time. One later contact of the same kind makes up for it (DOMAIN 5.1 step 6).

So an absence leaves one contact of a kind for a sale, not five; nothing that must not be dropped is.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from followup.core.model.activity import Activity
from followup.core.model.purpose import Purpose, Service
from followup.core.planner.draft import Draft, day_text
from followup.core.planner.situation import Situation

ONE_DAY = timedelta(days=1)
NEVER_FOLDED = ("recovery", "close_loop", "concern_resolution", "renewal")


def overtaken_by(draft: Draft, situation: Situation) -> Activity | None:
    """The first contact of the same kind that was made after the window of a draft had closed, if any."""
    if not _may_fold(draft):
        return None
    for contact in situation.valuable:
        if contact.on <= draft.closes or (contact.step == draft.step.id and contact.occurrence <= draft.occurrence):
            continue
        purpose = situation.purpose_named(contact.purpose)
        if purpose is not None and _same_kind(purpose, draft.purpose):
            return contact
    return None


def fold(placed: Iterable[Draft], today: date) -> list[date]:
    """Fold what is over into the latest contact of its kind that is due; gives the days on which more may fold."""
    open_ones = sorted((d for d in placed if d.due is not None), key=lambda d: (d.due or date.max, d.step.id))
    again: list[date] = []
    for i, draft in enumerate(open_ones):
        if not _may_fold(draft) or draft.has_expired(today):
            continue
        later = [
            other
            for other in open_ones[i + 1 :]
            if (other.due or date.max) > (draft.due or date.max)
            and _same_kind(other.purpose, draft.purpose)
            and not other.waits
            and not other.has_expired(today)
        ]
        over = draft.closes + ONE_DAY
        due = [other for other in later if other.due is not None and other.due <= today]
        if over <= today and due:
            draft.folded_into = due[-1].step.id
            text = f"its window closed on {day_text(draft.closes)}; {_named(due[-1])} makes up for it"
            draft.say("folded", text, into=due[-1].step.id)
            again += [other.due for other in later if other.due is not None and other.due > today][:1]
            due[-1].say("folded", f"also makes up for {_named(draft)}")
        elif later and later[0].due is not None:
            again.append(max(over, later[0].due))
    return again


def _named(draft: Draft) -> str:
    return f"the {draft.purpose.name.replace('_', ' ')} of {day_text(draft.due or draft.nominal)}"


def _may_fold(draft: Draft) -> bool:
    """True for what one later contact may make up for: nothing set by hand, under way, promised or with a deadline."""
    bound = draft.by_hand is not None or draft.tries or draft.deadline is not None or draft.step.any_stage
    return not bound and not draft.is_early_ask and draft.purpose.name not in NEVER_FOLDED


def _same_kind(one: Purpose, other: Purpose) -> bool:
    if one.name == other.name:
        return True
    special = one.name in NEVER_FOLDED or other.name in NEVER_FOLDED
    return one.service is other.service and one.service is not Service.NONE and not special
