"""The other facts: promise, reading, hold, resume, stage, dnc."""

from __future__ import annotations

from typing import Annotated

import typer

from followup.cli.options import DryRun, Json, SaleNumber, Who
from followup.cli.session import Session

promise = typer.Typer(help="What you owe customers, open until they were told.", no_args_is_help=True)
reading = typer.Typer(help="Scores and usage.", no_args_is_help=True)

HappenedOn = Annotated[str, typer.Option("--on", metavar="DATE", help="When it happened, if not today.")]


@promise.command("add")
def promise_add(
    context: typer.Context,
    customer: Who,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What you promised.")],
    by: Annotated[str, typer.Option("--by", metavar="DATE", help="Until when.")],
    about: Annotated[str, typer.Option("--about", help="What it was born from: concern, problem or idea.")] = "",
    number: SaleNumber = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> int:
    """Record what you owe them, with its day."""
    from followup.actions.enrol import check_choice
    from followup.actions.promises import add_promise

    session: Session = context.obj
    day, subject = session.day(by), check_choice("subject of a promise", about) if about else ""
    with session.open(dry_run=dry_run) as opened:
        return session.show(add_promise(opened, customer, text, by=day, about=subject, sale=number), as_json=as_json)


@promise.command("done")
def promise_done(
    context: typer.Context,
    number: Annotated[int, typer.Argument(metavar="ID", max=10**15, help="Number in followup promise list.")],
    told: Annotated[bool, typer.Option("--told", help="The customer was told as well: it is closed.")] = False,
    answer: Annotated[str, typer.Option("--answer", help="Of an idea: adopted, planned or declined.")] = "",
    on: HappenedOn = "",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> int:
    """Record that a promise is done; it stays open until the customer was told."""
    from followup.actions.enrol import check_choice
    from followup.actions.promises import keep_promise

    session: Session = context.obj
    day = session.day(on, past=True) if on else session.today
    became = check_choice("status of an idea", answer) if answer else ""
    with session.open(dry_run=dry_run) as opened:
        return session.show(keep_promise(opened, number, told=told, answer=became, on=day), as_json=as_json)


@promise.command("list")
def promise_list(
    context: typer.Context,
    customer: Annotated[str, typer.Argument(metavar="[CUSTOMER]", help="Only this customer.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="Closed ones as well.")] = False,
    as_json: Json = False,
) -> int:
    """What you owe, broken promises first."""
    from followup.actions.promises import list_promises

    session: Session = context.obj
    with session.open() as opened:
        return session.show(list_promises(opened, customer or None, everything=everything), as_json=as_json)


@reading.command("add", context_settings={"ignore_unknown_options": True})  # a VALUE may be -1, which is refused
def reading_add(
    context: typer.Context,
    customer: Who,
    kind: Annotated[
        str, typer.Argument(metavar="KIND", help="nps, csat or ces, by the playbook; or usage, understood.")
    ],
    value: Annotated[str, typer.Argument(metavar="VALUE", help="The score; or up, steady, down; or yes, no.")],
    on: HappenedOn = "",
    note: Annotated[str, typer.Option("--note", help="What they said to it.")] = "",
    number: SaleNumber = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> int:
    """Record a score, how much they use it or whether they understood it, and say what it means."""
    from followup.actions.readings import add_reading

    session: Session = context.obj
    day = session.day(on, past=True) if on else session.today
    with session.open(dry_run=dry_run) as opened:
        result = add_reading(opened, customer, kind, value, on=day, note=note, sale=number)
    return session.show(result, as_json=as_json)


def hold(
    context: typer.Context,
    customer: Who,
    until: Annotated[str, typer.Option("--until", metavar="DATE", help="The day on which it goes on.")] = "",
    why: Annotated[str, typer.Option("--why", help="Why it waits.")] = "",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> int:
    """Let a customer wait. Recovery and deadlines stay due."""
    from followup.actions.holding import hold

    session: Session = context.obj
    day = session.day(until) if until else None
    with session.open(dry_run=dry_run) as opened:
        return session.show(hold(opened, customer, until=day, why=why), as_json=as_json)


def resume(context: typer.Context, customer: Who, dry_run: DryRun = False, as_json: Json = False) -> int:
    """Go on after a hold: what remained of each delay runs on."""
    from followup.actions.holding import resume

    session: Session = context.obj
    with session.open(dry_run=dry_run) as opened:
        return session.show(resume(opened, customer), as_json=as_json)


def stage(
    context: typer.Context,
    customer: Who,
    name: Annotated[
        str, typer.Argument(metavar="[STAGE]", help="The stage that begins; without it, where they are.")
    ] = "",
    on: Annotated[str, typer.Option("--on", metavar="DATE", help="When it began, if not today.")] = "",
    number: SaleNumber = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> int:
    """Where each sale stands and what would move it; or set a stage by hand."""
    from followup.actions.stages import move_stage, stages_of

    session: Session = context.obj
    if on and not name:
        raise typer.BadParameter("a day needs the stage that began on it", param_hint="--on")
    day = session.day(on, past=True) if on else session.today
    with session.open(dry_run=dry_run) as opened:
        if not name:
            return session.show(stages_of(opened, customer, sale=number), as_json=as_json)
        return session.show(move_stage(opened, customer, name, on=day, sale=number), as_json=as_json)


def dnc(
    context: typer.Context,
    customer: Who,
    person: Annotated[str, typer.Option("--contact", metavar="X", help="Only this person: name, e-mail, number.")] = "",
    off: Annotated[bool, typer.Option("--off", help="They may be contacted again.")] = False,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> int:
    """Do not contact: a customer, or one person there. Everything planned is cancelled at once."""
    from followup.actions.holding import do_not_contact

    session: Session = context.obj
    with session.open(dry_run=dry_run) as opened:
        return session.show(do_not_contact(opened, customer, person=person, off=off), as_json=as_json)
