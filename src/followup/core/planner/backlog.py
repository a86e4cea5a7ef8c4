"""Backlog: what was not done in its time. One later contact of the same kind makes up for it (DOMAIN 5.1 step 6).

So an absence leaves one contact of a kind for a sale, not five; nothing that must not be dropped is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
    by_kind: dict[str, list[Draft]] = {}
    for draft in sorted(placed, key=lambda d: (d.due or date.max, d.step.id)):
        if draft.due is not None and not draft.waits and not draft.has_expired(today):
            by_kind.setdefault(_kind(draft.purpose), []).append(draft)
    return [day for drafts in by_kind.values() for day in _fold_kind(drafts, today)]


def _fold_kind(drafts: list[Draft], today: date) -> Iterator[date]:
    """The same for the contacts of one kind, in order of date."""
    for i, draft in enumerate(drafts):
        later = [other for other in drafts[i + 1 :] if (other.due or date.max) > (draft.due or date.max)]
        if not later or not _may_fold(draft):
            continue
        over, due = draft.closes + ONE_DAY, [other for other in later if (other.due or date.max) <= today]
        coming = [other.due for other in later if other.due is not None and other.due > today]
        if over <= today and due:
            draft.folded_into = due[-1].step.id
            text = f"its window closed on {day_text(draft.closes)}; {_named(due[-1])} makes up for it"
            draft.say("folded", text, into=due[-1].step.id)
            due[-1].say("folded", f"also makes up for {_named(draft)}")
            yield from coming[:1]
        else:
            yield max(over, later[0].due or over)


def _named(draft: Draft) -> str:
    return f"the {draft.purpose.name.replace('_', ' ')} of {day_text(draft.due or draft.nominal)}"


def _may_fold(draft: Draft) -> bool:
    """True for what one later contact may make up for: nothing set by hand, under way, promised or with a deadline."""
    bound = draft.by_hand is not None or draft.tries or draft.deadline is not None or draft.step.any_stage
    return not bound and not draft.is_early_ask and draft.purpose.name not in NEVER_FOLDED


def _same_kind(one: Purpose, other: Purpose) -> bool:
    return _kind(one) == _kind(other)


def _kind(purpose: Purpose) -> str:
    """What one contact can make up for another by: the service kind; the purpose itself where that says nothing."""
    if purpose.service is Service.NONE or purpose.name in NEVER_FOLDED:
        return purpose.name
    return purpose.service.value
