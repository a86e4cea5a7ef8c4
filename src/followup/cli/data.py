"""In and out: import, export, demo."""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer

from followup.cli.options import DryRun, Json
from followup.cli.session import Session
from followup.errors import EXIT_OK, FollowupError

if TYPE_CHECKING:
    from followup.actions.context import Context
    from followup.actions.importing import ImportWish

STDIN = STDOUT = Path("-")
LF = "\n"
MAP_FILE = "columns.txt"  # what hints call a mapping file


def import_file(
    context: typer.Context,
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="Any table with headings, or JSON lines; - reads standard input."),
    ] = None,
    kind: Annotated[
        str,
        typer.Option(
            "--kind",
            metavar="KIND",
            help="What the rows are: customers, sales, contacts, activities, readings, concerns or promises.",
        ),
    ] = "",
    playbook: Annotated[str, typer.Option("--playbook", help="Playbook for the sales: a key or a file.")] = "",
    signed: Annotated[str, typer.Option("--signed", metavar="DATE", help="Sale date for rows that have none.")] = "",
    mapping: Annotated[
        Path | None, typer.Option("--map", metavar="FILE", help="Which column is what: lines such as email = Mail.")
    ] = None,
    save_map: Annotated[
        Path | None,
        typer.Option(
            "--save-map",
            metavar="FILE",
            help="Keep the mapping here, to edit and use again.",
        ),
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
    everything: Annotated[
        Path | None,
        typer.Option("--all", metavar="DIR", help="All that export --all wrote, into an empty file."),
    ] = None,
    revert: Annotated[bool, typer.Option("--revert", help="Take back the last import.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing.")] = False,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> int:
    """Customers, or what else --kind says, from a spreadsheet or a CRM. All rows or none; safe to repeat."""
    session: Session = context.obj
    if sum((file is not None, everything is not None, revert)) != 1:
        raise typer.BadParameter("name one file, or --all DIR, or --revert", param_hint="FILE")
    if file is None:
        return _import_all_or_revert(session, everything, dry_run=dry_run, as_json=as_json)
    from followup.actions.importing import ImportWish

    wish = ImportWish(
        source=file,
        name=str(file),
        kind=kind,
        map_file=mapping,
        save_map=save_map,
        playbook=playbook,
        signed=session.day(signed, past=True) if signed else None,
        date_format=date_format or None,
        skip_bad=skip_bad,
        only=only,
        encoding=encoding,
    )
    if file != STDIN:
        return _take_in(session, wish, yes=yes, dry_run=dry_run, as_json=as_json)
    with _kept_stdin() as kept:
        return _take_in(session, replace(wish, source=kept), yes=yes, dry_run=dry_run, as_json=as_json)


@contextmanager
def _kept_stdin() -> Iterator[Path]:
    """Standard input as a file, because a table is read more than once; for the owner's eyes and gone afterwards."""
    from shutil import copyfileobj
    from tempfile import NamedTemporaryFile

    with NamedTemporaryFile(prefix="followup-") as file:
        copyfileobj(sys.stdin.buffer, file)
        file.flush()
        yield Path(file.name)


def _import_all_or_revert(session: Session, folder: Path | None, *, dry_run: bool, as_json: bool) -> int:
    if folder is None:
        from followup.actions.reverting import revert_import

        with session.open(dry_run=dry_run) as opened:
            return session.show(revert_import(opened), as_json=as_json)
    from followup.actions.import_everything import import_all

    with session.open(create=True, dry_run=dry_run) as opened:
        return session.show(import_all(opened, folder), as_json=as_json)


def _take_in(session: Session, wish: ImportWish, *, yes: bool, dry_run: bool, as_json: bool) -> int:
    """Show how the table is understood, ask on a terminal, then take it in."""
    from followup.actions.importing import carry_out, prepare
    from followup.render import progress_bar

    asks = not (yes or dry_run or as_json) and sys.stdin.isatty() and sys.stdout.isatty()
    with session.open(create=True, dry_run=dry_run) as opened, ExitStack() as stack:
        with progress_bar(sys.stderr, shown=sys.stderr.isatty()) as progress:
            prepared = stack.enter_context(prepare(opened, wish, progress))
        preview = prepared.preview(opened)
        if not as_json:
            session.show(preview)
            sys.stdout.flush()  # seen before anything is written, in a pipe too
        if asks and not typer.confirm("Take these rows in?", default=True):
            again = f"followup import {quote(wish.called)}"
            hint = f"{again} --dry-run --save-map {MAP_FILE}, edit that file, then {again} --map {MAP_FILE}"
            raise FollowupError("nothing was imported", hint=hint)
        with progress_bar(sys.stderr, shown=sys.stderr.isatty()) as progress:
            imported = carry_out(opened, prepared, progress)
        if not as_json:
            imported = replace(imported, notices=imported.notices[len(preview.notices) :])  # said above
        return session.show(imported, as_json=as_json)


def export(
    context: typer.Context,
    kind: Annotated[
        str,
        typer.Argument(
            metavar="KIND",
            help="customers, contacts, sales, touchpoints, activities, concerns, promises, readings or referrals; or "
            "mailing: everybody with an e-mail who may be written to.",
        ),
    ] = "",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to this file; - is standard output.")
    ] = None,
    format_: Annotated[
        str, typer.Option("--format", help="csv or json, for touchpoints also ics; without it, what FILE ends in.")
    ] = "",
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
        CALENDAR,
        ExportWish,
        check_format,
        export_all,
        export_file,
        kind_named,
        plan_of_today,
        table_text,
    )
    from followup.core.visible import visible
    from followup.render import plain_json

    session: Session = context.obj
    if bool(kind) == (everything is not None) or (everything is not None and output is not None):
        raise typer.BadParameter("name one table, or --all DIR for every table", param_hint="KIND")
    target = None if output == STDOUT else output
    if kind:
        kind_named(kind)
    wanted = check_format(
        format_ or ("json" if as_json and target is None and everything is None else ""), target, kind
    )
    if as_json and wanted != "json" and target is None and everything is None:
        raise typer.BadParameter(f"give -o FILE for {wanted}: standard output has the JSON", param_hint="--json")
    wish = ExportWish(format=wanted, raw=raw)
    with session.open() as opened:
        if everything is not None:
            return session.show(export_all(opened, everything, wish, dumps=plain_json), as_json=as_json)
        table = kind_named(kind)
        if wanted == CALENDAR:
            return _calendar(session, opened, target, as_json=as_json)
        if target is not None:
            return session.show(export_file(opened, table, target, wish, dumps=plain_json), as_json=as_json)
        for notice in plan_of_today(opened):
            sys.stderr.write(f"Note: {visible(notice)}\n")
        return _stream(table_text(opened, table, wish, dumps=plain_json))


def _calendar(session: Session, opened: Context, target: Path | None, *, as_json: bool) -> int:
    from followup.actions.calendar_feed import export_calendar, touchpoints_calendar
    from followup.actions.exporting import plan_of_today
    from followup.cli.calendars import wall_clock
    from followup.cli.main import EXIT_BROKEN_PIPE, silence_stdout
    from followup.core.visible import visible

    clock = wall_clock(session)
    if target is not None:
        return session.show(export_calendar(opened, target, clock=clock), as_json=as_json)
    for notice in plan_of_today(opened):
        sys.stderr.write(f"Note: {visible(notice)}\n")
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(touchpoints_calendar(opened, clock=clock))
        sys.stdout.buffer.flush()
    except BrokenPipeError:  # here, because Typer would make a failure of it
        silence_stdout()
        return EXIT_BROKEN_PIPE
    return EXIT_OK


def _stream(texts: Generator[str, None, None]) -> int:
    """Write records as UTF-8 whatever the stream is set to; a terminal gets them harmless, one on a line."""
    from contextlib import closing

    from followup.cli.main import EXIT_BROKEN_PIPE, silence_stdout
    from followup.core.visible import visible

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
