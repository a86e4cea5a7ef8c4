"""Safety: undo, history, config."""

from __future__ import annotations

from typing import Annotated

import typer

from followup.cli.options import DryRun, Json
from followup.cli.session import Session

config = typer.Typer(help="Settings.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="A setting, for example calendar.country.")]


def undo(context: typer.Context, dry_run: DryRun = False, as_json: Json = False) -> int:
    """Take back the last command that wrote."""
    from followup.actions.journal import undo

    session: Session = context.obj
    with session.open(dry_run=dry_run) as opened:
        return session.show(undo(opened), as_json=as_json)


def history(
    context: typer.Context,
    customer: Annotated[str, typer.Argument(metavar="[CUSTOMER]", help="Only this customer.")] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, max=1_000_000, help="At most so many entries.")] = 20,
    as_json: Json = False,
) -> int:
    """What was written, newest first."""
    from followup.actions.finding import find_customer
    from followup.actions.journal import history

    session: Session = context.obj
    with session.open() as opened:
        found = find_customer(opened, customer) if customer else None
        return session.show(history(opened, found, limit=limit), as_json=as_json)


@config.command("show")
def config_show(context: typer.Context, as_json: Json = False) -> int:
    """All settings with their values."""
    from followup.actions.configure import show_config

    session: Session = context.obj
    return session.show(show_config(session.config, session.config_path, today=session.today), as_json=as_json)


@config.command("get")
def config_get(context: typer.Context, name: Name, as_json: Json = False) -> int:
    """One setting."""
    from followup.actions.configure import get_config

    session: Session = context.obj
    result = get_config(session.config, session.config_path, name, today=session.today)
    return session.show(result, as_json=as_json)


@config.command("set")
def config_set(
    context: typer.Context,
    name: Name,
    value: Annotated[str, typer.Argument(metavar="VALUE", help="The new value.")],
    dry_run: DryRun = False,
    as_json: Json = False,
) -> int:
    """Change a setting; comments in the file survive."""
    from followup.actions.configure import set_config

    session: Session = context.obj
    result = set_config(session.library, session.config_path, name, value, today=session.today, dry_run=dry_run)
    return session.show(result, as_json=as_json)


@config.command("path")
def config_path(context: typer.Context, as_json: Json = False) -> int:
    """Where the configuration and the data are."""
    from followup.actions.configure import show_paths

    session: Session = context.obj
    result = show_paths(session.config_path, session.db_path, today=session.today)
    return session.show(result, as_json=as_json)
