"""`concern add|resolve|list`: doubts that bend the curve until they are settled (B10-B13)."""

from __future__ import annotations

from followup.actions.context import Context
from followup.actions.enrol import check_text, written
from followup.actions.finding import counted_for, facts_of, find_customer, find_sale
from followup.actions.outcomes import answer_given
from followup.actions.planning import up_to_date
from followup.actions.results import ConcernList, Written
from followup.actions.views import concern_view
from followup.core.model.activity import Activity
from followup.core.model.concern import Concern
from followup.errors import FollowupError


def add_concern(context: Context, which: str, text: str, *, severity: str, category: str, sale: int | None) -> Written:
    """Record a doubt; it deepens the modelled dip and gets a contact of its own (B11, B12)."""
    doubt = check_text("concern", text)
    with context.write("concern add") as entry:
        customer = find_customer(context, which)
        notices = up_to_date(context, [customer.id])
        facts = facts_of(context, customer.id)
        found = find_sale(context, facts, sale)
        concern_id = context.store.add_concern(
            Concern(
                sale_id=found.sale.number, text=doubt, severity=severity, category=category, opened_on=context.today
            )
        )
        entry.summary = f"concern {concern_id} of {customer.key}"
        opened = f"concern {concern_id} ({severity}, {category}) is open for {customer.name}"
        said = [opened + counted_for(facts, found, sale)]
        sale_id = found.sale.number
        return written(context, "concern add", customer.id, said, sale=sale_id, number=concern_id, notices=notices)


def resolve_concern(context: Context, concern_id: int, note: str = "") -> Written:
    """Close a doubt. Raises FollowupError when it is closed already."""
    with context.write("concern resolve") as entry:
        concern = context.store.concern(concern_id)
        if not concern.is_open:
            raise FollowupError(
                f"concern {concern_id} was resolved on {concern.resolved_on}", hint="followup concern list"
            )
        customer = context.store.sale_facts(concern.sale_id)[0].customer
        notices = up_to_date(context, [customer.id])
        context.store.resolve_concern(concern_id, context.today)
        if note:
            told = Activity(sale_id=concern.sale_id, kind="concern_resolved", on=context.today, note=note)
            context.store.add_activity(told)
        entry.summary = f"concern {concern_id} of {customer.key}"
        said = [f"concern {concern_id} of {customer.name} is resolved" + (f": {note}" if note else "")]
        sale = find_sale(context, facts_of(context, customer.id), concern.sale_id)
        said += answer_given(context, concern, sale.history.promises, context.today)
        sale_id = concern.sale_id
        return written(context, "concern resolve", customer.id, said, sale=sale_id, number=concern_id, notices=notices)


def list_concerns(context: Context, which: str | None, *, include_resolved: bool) -> ConcernList:
    """Concerns of one customer or of all, open ones first, oldest first."""
    customer_id = find_customer(context, which).id if which else None
    found = context.store.concerns(customer_id=customer_id, include_resolved=include_resolved)
    found.sort(key=lambda pair: (not pair[0].is_open, pair[0].opened_on, pair[0].id))
    return ConcernList(today=context.today, items=tuple(concern_view(concern, owner) for concern, owner in found))
