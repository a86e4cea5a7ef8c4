"""The digest of what is due: one entry for each customer, with all that a call needs; nobody who must be left alone.

People come from due rows only, and those from the view `contactable`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from followup.actions.context import Context
from followup.actions.due import fold, overload, within
from followup.actions.questions import filled_questions
from followup.actions.reminded import Digest, DigestEntry
from followup.actions.results import TouchpointView
from followup.actions.views import due_view
from followup.store import CustomerFacts, DueRow


def digest_of(
    context: Context, ranked: Sequence[DueRow], notices: Iterable[str] = (), *, with_uids: bool = False
) -> Digest:
    """The digest of these due touchpoints, given with the most important first.

    As many customers as the capacity are told with all that is known about them, and whoever is urgent; of the rest
    one line each (DOMAIN 4.9). `with_uids` adds the names by which calendars know the touchpoints.
    """
    store, today = context.store, context.today
    words = store.last_words({row.customer_id for row in ranked})
    asks = filled_questions(context, ranked, today=today)
    views = {
        row.touchpoint_id: replace(
            due_view(row, today, last_words=words.get(row.customer_id, "")), ask=asks[row.touchpoint_id]
        )
        for row in ranked
    }
    others: dict[int, list[TouchpointView]] = {}
    for row in ranked:
        others.setdefault(row.customer_id, []).append(views[row.touchpoint_id])
    folded = fold(ranked)
    capacity = context.config.contact.capacity
    full = [row for row, _ in within(capacity, folded, today)]
    facts = {each.customer.id: each for each in store.customer_facts([row.customer_id for row in full])}
    entries = [
        _entry(row, views[row.touchpoint_id], others[row.customer_id][1:], facts.get(row.customer_id))
        for row, _ in folded
    ]
    crowded = overload(ranked, capacity, today) if len(full) < len(folded) else ""
    return Digest(
        today=today,
        entries=tuple(entries),
        items=tuple(views.values()),
        notices=(*notices, *([crowded] if crowded else [])),
        uids=tuple(_uids(context, ranked)) if with_uids else (),
    )


def _entry(
    row: DueRow, view: TouchpointView, others: Sequence[TouchpointView], facts: CustomerFacts | None
) -> DigestEntry:
    """One customer; `facts` where they are told in full."""
    sale = next((each for each in facts.sales if each.sale.number == row.sale_id), None) if facts else None
    return DigestEntry(
        first=view,
        others=tuple(others),
        company=row.company,
        role=row.contact_role,
        email=row.email,
        phone=row.phone,
        wants=sale.sale.goal if sale else "",
        ask=view.ask,
        notes=facts.customer.notes if facts else "",
        full=facts is not None,
    )


def _uids(context: Context, rows: Sequence[DueRow]) -> Iterator[str]:
    """The names of touchpoints in calendars: those of the calendar feed."""
    from followup.actions.calendar_entries import uid_of

    keys = context.store.sale_keys({row.sale_id for row in rows})
    return (uid_of(row.sale_id, keys[row.sale_id], row.step, row.occurrence) for row in rows)
