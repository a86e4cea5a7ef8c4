"""In and out: import, export, demo."""

from __future__ import annotations

import sys
from collections.abc import Generator
from pathlib import Path
from typing import Annotated

import typer

from followup.cli.options import DryRun, Json
from followup.cli.session import Session
from followup.errors import EXIT_OK, FollowupError

KINDS = ("customers",)
STDOUT = Path("-")
LF = "\n"


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


def export(
    context: typer.Context,
    kind: Annotated[
        str,
        typer.Argument(
            metavar="KIND",
            help="customers, contacts, sales, touchpoints, activities, concerns, promises, readings or referrals.",
        ),
    ] = "",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to this file; - is standard output.")
    ] = None,
    format_: Annotated[str, typer.Option("--format", help="csv or json; without it, what FILE ends in.")] = "",
    raw: Annotated[
        bool, typer.Option("--raw", help="Every cell as it is, for programs: spreadsheets may run some as formulas.")
    ] = False,
    everything: Annotated[
        Path | None, typer.Option("--all", metavar="DIR", help="Every table, a file for each, into this folder.")
    ] = None,
    as_json: Json = False,
) -> int:
    """A table out, as CSV that is safe to open in a spreadsheet, or as JSON. A file appears whole or not at all."""
    from followup.actions.exporting import (
        ExportWish,
        check_format,
        export_all,
        export_file,
        kind_named,
        plan_of_today,
        table_text,
    )
    from followup.render import plain_json
    from followup.render.visible import visible

    session: Session = context.obj
    if bool(kind) == (everything is not None) or (everything is not None and output is not None):
        raise typer.BadParameter("name one table, or --all DIR for every table", param_hint="KIND")
    target = None if output == STDOUT else output
    if kind:
        kind_named(kind)
    wanted = check_format(format_ or ("json" if as_json and target is None and everything is None else ""), target)
    wish = ExportWish(format=wanted, raw=raw)
    with session.open() as opened:
        if everything is not None:
            return session.show(export_all(opened, everything, wish, dumps=plain_json), as_json=as_json)
        table = kind_named(kind)
        if target is not None:
            return session.show(export_file(opened, table, target, wish, dumps=plain_json), as_json=as_json)
        for notice in plan_of_today(opened):
            sys.stderr.write(f"Note: {visible(notice)}\n")
        return _stream(table_text(opened, table, wish, dumps=plain_json))


def _stream(texts: Generator[str, None, None]) -> int:
    """Write records as UTF-8 whatever the stream is set to; a terminal gets them harmless, one on a line."""
    from contextlib import closing

    from followup.cli.main import EXIT_BROKEN_PIPE, silence_stdout
    from followup.render.visible import visible

    out, as_terminal = sys.stdout.buffer, sys.stdout.isatty()
    try:
        with closing(texts):
            for text in texts:
                shown = f"{visible(text.removesuffix(LF))}{LF}" if as_terminal else text
                out.write(shown.encode())
        out.flush()
    except BrokenPipeError:  # here, because Typer would make a failure of it
        silence_stdout()
        return EXIT_BROKEN_PIPE
    return EXIT_OK


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
