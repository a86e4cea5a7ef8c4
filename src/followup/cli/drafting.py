"""What to write: message."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from followup.cli.options import DryRun, Json, Which
from followup.cli.session import Session
from followup.errors import FollowupError

if TYPE_CHECKING:
    from followup.actions.drafted import Draft
    from followup.actions.drafting import Order

MOST_ASKED = 3  # times that a missing value is asked for before the refusal


def message(
    context: typer.Context,
    which: Which,
    copy: Annotated[bool, typer.Option("--copy", help="Also put it into the clipboard.")] = False,
    open_it: Annotated[
        bool, typer.Option("--open", help="Also open it in your mail program. Nothing is sent.")
    ] = False,
    given: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="A value for this message alone; several times."),
    ] = None,
    channel: Annotated[str, typer.Option("--channel", help="Another channel: email, phone, message, ...")] = "",
    person: Annotated[str, typer.Option("--contact", metavar="X", help="Another person: name, e-mail or number.")] = "",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> int:
    """The message to send, filled in. You send it; nothing is recorded."""
    from followup.actions.drafting import Order, read_given

    session: Session = context.obj
    if channel:
        from followup.actions.enrol import check_choice

        channel = check_choice("channel", channel)
    order = Order(given=read_given(given or []), channel=channel, contact=person, here=session.now.astimezone().tzinfo)
    draft = _drafted(session, which, order, dry_run=dry_run, asks=not as_json)
    if dry_run:
        told = [f"nothing was {what}: this is a dry run" for what, on in (("copied", copy), ("opened", open_it)) if on]
        return session.show(replace(draft, notices=(*draft.notices, *told)), as_json=as_json)
    draft, failed = _handed_over(draft, order.given, copy=copy, open_it=open_it)
    if failed is not None and as_json:
        raise failed
    code = session.show(draft, as_json=as_json)
    if failed is not None:
        raise failed
    return code


def _drafted(session: Session, which: str, order: Order, *, dry_run: bool, asks: bool) -> Draft:
    """The draft; what may be typed once is asked for where somebody is there, and never in a pipe."""
    from followup.actions.drafting import MissingValuesError, draft_message
    from followup.cli.asking import somebody_is_there, words

    for _ in range(MOST_ASKED):
        try:
            with session.open(dry_run=dry_run) as opened:
                return draft_message(opened, which, order)
        except MissingValuesError as missing:
            if not (asks and missing.asked and somebody_is_there()):
                raise
            typed = {name: words(f"{name.replace('_', ' ')} ({says})") for name, says in missing.asked.items()}
            if not any(typed.values()):
                raise
            order = replace(order, given={**order.given, **{name: value for name, value in typed.items() if value}})
    with session.open(dry_run=dry_run) as opened:
        return draft_message(opened, which, order)


def _handed_over(
    draft: Draft, given: Mapping[str, str], *, copy: bool, open_it: bool
) -> tuple[Draft, FollowupError | None]:
    """The draft in the clipboard and in the mail program, as asked for; and what went wrong, if anything did."""
    number = str(draft.id)
    sets = "".join(f" --set {shlex.quote(f'{name}={value}')}" for name, value in given.items())
    try:
        if copy:
            from followup.delivery.clipboard import copy_text

            copy_text(draft.text, environment=os.environ)
            draft = replace(draft, copied=True)
        if open_it:
            from followup.delivery.mail_program import open_link

            if draft.link is None:
                raise FollowupError(
                    f"no e-mail address of {draft.contact or draft.customer} is known that can be written to",
                    hint=_address_command(draft),
                )
            open_link(draft.link, environment=os.environ)
            draft = replace(draft, opened=True)
    except FollowupError as error:
        return draft, FollowupError(
            error.sentence, hint=error.hint.replace("message ID", f"message {number}{sets}"), exit_code=error.exit_code
        )
    return draft, None


def _address_command(draft: Draft) -> str:
    """What to type so that the person of a draft has an e-mail address."""
    from shlex import quote

    if draft.contact is None:
        return f'followup contact add {draft.customer_key} "First Last" --email NAME@HOST'
    return f"followup set {draft.customer_key} email NAME@HOST --contact {quote(draft.contact)}"
