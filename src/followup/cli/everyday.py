"""The commands of every morning: due, show, why, next, list, plan, replan."""

from __future__ import annotations

from typing import Annotated

import typer

from followup.cli.options import DryRun, Json, SaleNumber, Which, Who
from followup.cli.session import Session
from followup.errors import EXIT_DUE, EXIT_OK


def due(
    context: typer.Context,
    days: Annotated[int, typer.Option("--days", min=0, max=3660, help="Also what is coming in so many days.")] = 0,
    stage: Annotated[str, typer.Option("--stage", help="Only contacts in this stage.")] = "",
    purpose: Annotated[str, typer.Option("--purpose", help="Only this purpose.")] = "",
    channel: Annotated[str, typer.Option("--channel", help="Only this channel.")] = "",
    customer: Annotated[str, typer.Option("--customer", help="Only this customer.")] = "",
    limit: Annotated[int | None, typer.Option("--limit", min=1, max=1_000_000, help="At most so many lines.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every contact, not one line per customer.")] = False,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit with 10 when something is due.")] = False,
    as_json: Json = False,
) -> int:
    """Today's list: overdue, due today, and with --days what is coming. The most important first."""
    session: Session = context.obj
    if not session.has_data_file() and not as_json:
        from followup.render import render_greeting

        render_greeting(session.screen)
        return EXIT_OK
    from followup.actions.due import DueFilter, due, is_due, no_data_yet

    if not session.has_data_file():
        return session.show(no_data_yet(session.today), as_json=True)
    with session.open() as opened:
        from followup.actions.finding import check_filter, find_customer

        wanted = DueFilter(
            days=days,
            stage=check_filter("stage", stage),
            purpose=check_filter("purpose", purpose),
            channel=check_filter("channel", channel),
            customer_id=find_customer(opened, customer).id if customer else None,
            limit=limit,
            unfold=everything,
        )
        result = due(opened, wanted)
    session.show(result, as_json=as_json)
    return EXIT_DUE if exit_code and is_due(result) else EXIT_OK


def show(context: typer.Context, customer: Who, as_json: Json = False) -> int:
    """Who they are, where they are on the curve, what happened and what comes."""
    from followup.actions.finding import find_customer
    from followup.actions.pages import show

    session: Session = context.obj
    with session.open() as opened:
        return session.show(show(opened, find_customer(opened, customer)), as_json=as_json)


def why(context: typer.Context, which: Which, as_json: Json = False) -> int:
    """Every rule and number behind a date, a channel and a priority, and what would change it."""
    from followup.actions.explain import why

    session: Session = context.obj
    with session.open() as opened:
        return session.show(why(opened, which), as_json=as_json)


def list_customers(
    context: typer.Context,
    text: Annotated[str, typer.Argument(metavar="[CUSTOMER]", help="Only customers that match.")] = "",
    stage: Annotated[str, typer.Option("--stage", help="Only sales in this stage.")] = "",
    tag: Annotated[str, typer.Option("--tag", help="Only customers with this tag.")] = "",
    playbook: Annotated[str, typer.Option("--playbook", help="Only sales that follow this playbook.")] = "",
    tier: Annotated[str, typer.Option("--tier", help="Only customers of this tier.")] = "",
    as_json: Json = False,
) -> int:
    """Customers: stage, mood, last contact, next touchpoint."""
    from followup.actions.finding import check_filter
    from followup.actions.pages import list_customers

    session: Session = context.obj
    with session.open() as opened:
        result = list_customers(
            opened,
            text=text or None,
            stage=check_filter("stage", stage),
            tag=tag or None,
            playbook=playbook or None,
            tier=check_filter("tier", tier.upper()),
        )
    return session.show(result, as_json=as_json)


def plan(
    context: typer.Context,
    customer: Annotated[str, typer.Argument(metavar="[CUSTOMER]", help="Only this customer.")] = "",
    rebuild: Annotated[bool, typer.Option("--rebuild", help="From the facts alone, whatever is stored.")] = False,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> int:
    """Bring plans up to date. Planning twice changes nothing."""
    from followup.actions.finding import find_customer
    from followup.actions.planning import bring_up_to_date

    session: Session = context.obj
    with session.open(dry_run=dry_run) as opened:
        customer_id = find_customer(opened, customer).id if customer else None
        return session.show(bring_up_to_date(opened, customer_id=customer_id, rebuild=rebuild), as_json=as_json)


def next_action(context: typer.Context, customer: Who, as_json: Json = False) -> int:
    """One recommended action for a customer, with its reason and what to type."""
    from followup.actions.advice import advise

    session: Session = context.obj
    with session.open() as opened:
        return session.show(advise(opened, customer), as_json=as_json)


def replan(
    context: typer.Context,
    customer: Annotated[str, typer.Argument(metavar="[CUSTOMER]", help="Only the sales of this customer.")] = "",
    playbook: Annotated[
        str,
        typer.Option("--playbook", help="Another playbook for the customer; or whose sales are meant."),
    ] = "",
    sale: SaleNumber = None,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing.")] = False,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> int:
    """Move sales to the edited text of their playbook, or to another one. Shows what changes first."""
    from followup.actions.replanning import replan_sales
    from followup.actions.results import Written
    from followup.cli.asking import agrees, somebody_is_there

    session: Session = context.obj
    if sale is not None and not customer:
        raise typer.BadParameter("name the customer as well", param_hint="--sale")
    asks = somebody_is_there() and not (yes or dry_run or as_json)
    if asks:
        with session.open(dry_run=True) as opened:
            looked = replan_sales(opened, which=customer, playbook=playbook, sale=sale)
        session.show(looked)
        if not looked.items or not agrees("Change these plans?"):
            return EXIT_OK
    with session.open(dry_run=dry_run) as opened:
        result = replan_sales(opened, which=customer, playbook=playbook, sale=sale)
    if asks:
        return session.show(Written(today=result.today, command="replan", said=("The plans are changed.",)))
    return session.show(result, as_json=as_json)
