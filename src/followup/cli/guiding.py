"""How to hold a conversation, and the record of results: guide, file."""

from __future__ import annotations

import sys
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from followup.cli.options import Json, OutFile, Who
from followup.cli.session import Session
from followup.errors import EXIT_OK, FollowupError

if TYPE_CHECKING:
    from followup.actions.customer_file import CustomerFile

STDOUT = Path("-")


def guide(
    context: typer.Context,
    purpose: Annotated[
        str, typer.Argument(metavar="[PURPOSE]", help="recovery, feedback, ...; without one all are listed.")
    ] = "",
    as_json: Json = False,
) -> int:
    """How to hold a conversation of this purpose: begin, listen, ask, end, and what not to say."""
    from followup.actions.guide import guide_for, list_guides, purpose_named

    session: Session = context.obj
    if not purpose:
        return session.show(list_guides(today=session.today), as_json=as_json)
    with ExitStack() as stack:
        store = None
        if not purpose_named(purpose) and session.has_data_file():
            with suppress(FollowupError):  # a guide needs no data file: one that cannot be read is no reason to refuse
                store = stack.enter_context(session.open(read_only=True)).store
        page = guide_for(purpose, today=session.today, library=session.library, store=store)
    return session.show(page, as_json=as_json)


def customer_file(
    context: typer.Context,
    customer: Who,
    format_: Annotated[
        str, typer.Option("--format", help="text, markdown or html; without it, what FILE ends in.")
    ] = "",
    output: OutFile = None,
    as_json: Json = False,
) -> int:
    """The record of results and problems, for somebody new who decides. They may read every word of it."""
    from followup.actions.customer_file import check_file_format, customer_file, keep_file
    from followup.actions.finding import find_customer
    from followup.render.customer_file import file_text

    session: Session = context.obj
    target = None if output == STDOUT else output
    wanted = check_file_format(format_, target)
    with session.open() as opened:
        record = customer_file(opened, find_customer(opened, customer))
        if target is not None:
            record = keep_file(opened, record, target, file_text(record, wanted))
    if target is not None or as_json or (wanted == "text" and not format_ and output is None):
        return session.show(record, as_json=as_json)
    return _print(record, file_text(record, wanted))


def _print(record: CustomerFile, text: str) -> int:
    """A document on standard output, UTF-8 whatever the stream is set to; what is beside it goes to the other one."""
    from followup.cli.main import EXIT_BROKEN_PIPE, silence_stdout

    for notice in record.notices:
        sys.stderr.write(f"Note: {notice}\n")
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode())
        sys.stdout.buffer.flush()
    except BrokenPipeError:  # here, because Typer would make a failure of it
        silence_stdout()
        return EXIT_BROKEN_PIPE
    return EXIT_OK
