"""The digest as a calendar: one entry for each touchpoint, on the day of the digest."""

from __future__ import annotations

from datetime import date, datetime

from followup.actions.reminded import Digest
from followup.actions.results import TouchpointView
from followup.files.ics import Entry, calendar_text
from followup.render.digest import Card, cards
from followup.render.words import clock, touch_words, who, why_now

NAME = "followup"


def digest_ics(digest: Digest, *, zone: str, changed_at: datetime) -> str:
    """The digest as iCalendar text; it wants a digest with uids.

    What is overdue stands on the day of the digest, because nobody looks at yesterday. A time agreed for that day is a
    time in `zone` (IANA); without a zone the entry takes the day, and its title says the time. A later digest replaces
    the entries of an earlier one.
    """
    full, brief = cards(digest)
    known = {card.number: card for card in (*full, *brief)}
    entries = [
        _entry(view, uid, known.get(str(view.id)), digest.today, zone, changed_at)
        for view, uid in zip(digest.items, digest.uids, strict=True)
    ]
    return calendar_text(entries, name=NAME).decode("utf-8")


def _entry(view: TouchpointView, uid: str, card: Card | None, today: date, zone: str, changed_at: datetime) -> Entry:
    at = view.agreed_time if view.due_on == today else None
    named = f"{clock(at)} " if at is not None and not zone else ""
    return Entry(
        uid=uid,
        sequence=today.toordinal(),
        changed_at=changed_at,
        on=today,
        at=at if zone else None,
        zone=zone if at is not None else "",
        summary=f"{named}{who(view.customer, view.contact)}: {touch_words(view)}",
        description="\n".join(_description(view, card)),
        location=view.reach,
    )


def _description(view: TouchpointView, card: Card | None) -> list[str]:
    if card is None or not card.facts:
        return [why_now(view), f'followup done {view.id} good "what was said"']
    return [f"{fact.label}: {text}" for fact in card.facts for text in fact.texts if text]
