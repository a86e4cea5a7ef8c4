"""In and out: import, demo."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from followup.cli.options import DryRun, Json
from followup.cli.session import Session
from followup.errors import EXIT_OK, FollowupError

KINDS = ("customers",)


def import_file(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Any delimiter-separated file with headings.")],
    playbook: Annotated[str, typer.Option("--playbook", help="Playbook for the sales: a key or a file.")] = "",
    signed: Annotated[str, typer.Option("--signed", metavar="DATE", help="Sale date for rows that have none.")] = "",
    kind: Annotated[str, typer.Option("--kind", help="What the rows are: customers.")] = "customers",
    mapping: Annotated[
        Path | None, typer.Option("--map", metavar="FILE", help="Which column is what: lines such as email = Mail.")
    ] = None,
    date_format: Annotated[
        str, typer.Option("--date-format", metavar="F", help="Order of dates: dmy, mdy or ymd.")
    ] = "",
    encoding: Annotated[
        str, typer.Option("--encoding", help="How the file is encoded, if followup cannot tell: cp1250, ...")
    ] = "",
    skip_bad: Annotated[
        Path | None, typer.Option("--skip-bad", metavar="REJECTS", help="Take the good rows, write the bad ones here.")
    ] = None,
    only: Annotated[str, typer.Option("--only", metavar="TAG", help="Only rows with this tag.")] = "",
    yes: Annotated[bool, typer.Option("--yes", hidden=True, help="Ask nothing.")] = False,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> int:
    """Customers from a spreadsheet or a CRM. Safe to repeat; bad rows are reported and nothing is half imported."""
    from followup.actions.importing import ImportWish, import_customers

    session: Session = context.obj
    if kind not in KINDS:
        raise FollowupError(f"{kind!r} cannot be imported yet", hint=f"use --kind {' or '.join(KINDS)}")
    wish = ImportWish(
        source=file,
        map_file=mapping,
        playbook=playbook,
        signed=session.day(signed, past=True) if signed else None,
        date_format=date_format or None,
        skip_bad=skip_bad,
        only=only,
        encoding=encoding,
    )
    with session.open(create=True, dry_run=dry_run) as opened:
        return session.show(import_customers(opened, wish), as_json=as_json)


def demo(
    context: typer.Context,
    keep: Annotated[
        Path | None, typer.Option("--keep", metavar="FILE", help="Keep the playground in this file.")
    ] = None,
    as_json: Json = False,
) -> int:
    """A playground with a hundred invented customers in a temporary file; touches nothing of yours."""
    from followup.cli.playground import play

    session: Session = context.obj
    play(session, keep, as_json=as_json)
    return EXIT_OK
