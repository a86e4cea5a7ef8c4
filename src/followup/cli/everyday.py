"""The commands of every morning: due, done, snooze, skip, show, why, list, plan."""

from __future__ import annotations

from typing import Annotated

import typer

from followup.cli.options import DryRun, Json, Which, Who
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


def done(
    context: typer.Context,
    which: Which,
    outcome: Annotated[str, typer.Argument(metavar="OUTCOME", help="How it went: good, or several: good,idea.")],
    note: Annotated[str, typer.Argument(metavar="[NOTE]", help="What the customer said.")] = "",
    score: Annotated[int | None, typer.Option("--score", help="A score they gave.")] = None,
    channel: Annotated[str, typer.Option("--channel", help="How it really happened.")] = "",
    on: Annotated[str, typer.Option("--on", metavar="DATE", help="When it happened, if not today.")] = "",
    minutes: Annotated[int | None, typer.Option("--minutes", min=0, max=100_000, help="How long it took.")] = None,
    milestone: Annotated[str, typer.Option("--milestone", help="first_use, first_result, ...")] = "",
    concern: Annotated[str, typer.Option("--concern", help="A doubt they voiced.")] = "",
    promise: Annotated[str, typer.Option("--promise", help="What you promised; needs --by.")] = "",
    by: Annotated[str, typer.Option("--by", metavar="DATE", help="Until when you promised it.")] = "",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> int:
    """Record a contact, plan anew, and say what comes next and why."""
    from followup.actions.enrol import check_choice
    from followup.actions.record import Told, done, read_outcomes

    session: Session = context.obj
    told = Told(
        outcomes=read_outcomes(outcome),
        note=note,
        on=session.day(on, past=True) if on else session.today,
        channel=check_choice("channel", channel) if channel else "",
        score=score,
        minutes=minutes,
        milestone=milestone,
        concern=concern,
        promise=promise,
        promise_by=session.day(by) if by else None,
    )
    with session.open(dry_run=dry_run) as opened:
        return session.show(done(opened, which, told), as_json=as_json)


def skip(
    context: typer.Context,
    which: Which,
    why: Annotated[str, typer.Option("--why", help="Why it is left out.")] = "",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> int:
    """Leave a contact out. It does not count as a contact."""
    from followup.actions.record import skip

    session: Session = context.obj
    with session.open(dry_run=dry_run) as opened:
        return session.show(skip(opened, which, why=why), as_json=as_json)


def snooze(
    context: typer.Context,
    which: Which,
    day: Annotated[str, typer.Argument(metavar="DATE", help="tomorrow, fri, 3d, 2w, 5bd or 2026-12-01.")],
    time: Annotated[str, typer.Argument(metavar="[TIME]", help="An agreed time, for example 14:30.")] = "",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> int:
    """Move a contact to another day. The day you set survives every later plan."""
    from followup.actions.record import snooze

    session: Session = context.obj
    to_day, at = session.day(day), session.clock(time) if time else None
    with session.open(dry_run=dry_run) as opened:
        return session.show(snooze(opened, which, to_day, at), as_json=as_json)


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
