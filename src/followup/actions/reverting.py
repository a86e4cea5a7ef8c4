"""`import --revert`: the last import taken back, also when other commands came after it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from followup.actions.context import Context
from followup.actions.planning import change_view, plan_customer, up_to_date
from followup.actions.results import Written
from followup.core.model.customer import Customer
from followup.core.model.plan import Plan
from followup.errors import FollowupError
from followup.store import Reverted

MOST_NAMED = 10


def revert_import(context: Context) -> Written:
    """Take back the newest import that was not taken back; plans follow the facts.

    Customers whom later commands changed stay as they are and are named; a command that was undone does not count.
    Raises NotFoundError when there is no import, FollowupError when nothing of it can go.
    """
    with context.write("import --revert") as entry:
        notices = up_to_date(context, context.store.touched_by_revert())
        reverted = context.store.revert_import()
        named = _named(context, reverted)
        if not reverted.counts:
            raise FollowupError(
                f"nothing of the import can be taken back: {_who(reverted, named)}",
                hint=_next(named) or "followup undo",
            )
        owners: dict[int, Customer] = {}
        changes = context.store.save_plans(_planned(context, reverted, owners))
        left = len(reverted.left)
        entry.summary = f"entry {reverted.entry.id}: {reverted.customers_count} customers" + (
            f", {left} left" if left else ""
        )
        return Written(
            today=context.today,
            notices=notices,
            command="import --revert",
            said=tuple(_said(reverted, named)),
            id=reverted.entry.id,
            changes=tuple(change_view(change, owner=owners[change.sale_id]) for change in changes),
            dry_run=context.dry_run,
        )


def _planned(context: Context, reverted: Reverted, owners: dict[int, Customer]) -> Iterator[tuple[int, Plan]]:
    """Plans of those who went back; `owners` gets whose they are."""
    for facts in context.store.customer_facts(reverted.customer_ids):
        for number, made in plan_customer(facts, context):
            owners[number] = facts.customer
            yield number, made


def _named(context: Context, reverted: Reverted) -> Mapping[str, str]:
    """The first of those who are left: key -> name; whoever was merged counts as who they are now."""
    found: dict[str, str] = {}
    for customer_id in reverted.left:
        customer = context.store.customer_now(customer_id)
        if customer is not None:
            found[customer.key] = customer.name
        if len(found) == MOST_NAMED:
            break
    return found


def _said(reverted: Reverted, named: Mapping[str, str]) -> Iterator[str]:
    yield f"took back: {reverted.entry.command} ({reverted.entry.summary})"
    rows = ", ".join(f"{count} {table}" for table, count in reverted.counts.items())
    yield f"restored: {_customers(reverted.customers_count)}; {rows}"
    if reverted.left:
        yield _who(reverted, named)
        yield f"to see what changed them: {_next(named)}"


def _who(reverted: Reverted, named: Mapping[str, str]) -> str:
    """Who stays, and why."""
    count = len(reverted.left)
    names = ", ".join(f"{name} ({key})" for key, name in named.items())
    more = f" and {count - len(named)} more" if count > len(named) == MOST_NAMED else ""
    stay, them = ("stays as it is", "it") if count == 1 else ("stay as they are", "them")
    return f"{_customers(count)} {stay}, because later commands changed {them}: {names}{more}"


def _next(named: Mapping[str, str]) -> str:
    return f"followup history {next(iter(named))}" if named else ""


def _customers(count: int) -> str:
    return f"{count} customer{'s' if count != 1 else ''}"
