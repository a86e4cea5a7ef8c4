"""What happened: done, log, skip, snooze."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from followup.cli.options import DryRun, Json, SaleNumber, Which, Who
from followup.cli.session import Session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from followup.actions.results import Recorded
    from followup.actions.told import Told

Outcome = Annotated[
    str,
    typer.Argument(
        metavar="OUTCOME",
        help="How it went: great, good, ok, flat (nothing of value given), concern, problem, no-answer, left-message, "
        "postponed, referral, purchase, idea, wrong-contact or stop; or several: good,idea.",
    ),
]
Note = Annotated[str, typer.Argument(metavar="[NOTE]", help="What the customer said, in their words.")]
Score = Annotated[int | None, typer.Option("--score", help="A score they gave.")]
Channel = Annotated[str, typer.Option("--channel", help="How it really happened.")]
On = Annotated[str, typer.Option("--on", metavar="DATE", help="When it happened, if not today.")]
Minutes = Annotated[int | None, typer.Option("--minutes", min=0, max=100_000, help="How long it took.")]
Tone = Annotated[str, typer.Option("--tone", help="What was not said: relaxed, neutral or tense.")]
Trend = Annotated[str, typer.Option("--usage", help="Their use since last time: up, steady or down.")]
Understood = Annotated[str, typer.Option("--understood", help="Whether they understood what you taught: yes or no.")]
Milestone = Annotated[str, typer.Option("--milestone", help="first_use, first_result, ...")]
Concern = Annotated[str, typer.Option("--concern", help="A doubt they voiced.")]
Severity = Annotated[str, typer.Option("--severity", help="How bad the doubt is: minor, moderate or major.")]
Category = Annotated[
    str, typer.Option("--category", help="What it is about: product, price, delivery, support, company or other.")
]
Promised = Annotated[str, typer.Option("--promise", help="What you promised; needs --by.")]
By = Annotated[str, typer.Option("--by", metavar="DATE", help="Until when you promised it.")]
To = Annotated[str, typer.Option("--to", metavar="DATE", help="With postponed: the day they asked for.")]
At = Annotated[str, typer.Option("--at", metavar="TIME", help="With --to: the time agreed, for example 14:30.")]
Referred = Annotated[
    list[str] | None, typer.Option("--referred", metavar="NAME", help="With referral: whom they named; several times.")
]
Product = Annotated[str, typer.Option("--product", help="With purchase or --opportunity: what is bought.")]
Playbook = Annotated[str, typer.Option("--playbook", help="With purchase or --opportunity: what follows it.")]
Opportunity = Annotated[
    str, typer.Option("--opportunity", metavar="TEXT", help="A need you found: opens a sale before its signature.")
]


def done(
    context: typer.Context,
    which: Which,
    outcome: Outcome,
    note: Note = "",
    score: Score = None,
    channel: Channel = "",
    on: On = "",
    minutes: Minutes = None,
    tone: Tone = "",
    usage: Trend = "",
    understood: Understood = "",
    milestone: Milestone = "",
    concern: Concern = "",
    severity: Severity = "",
    category: Category = "",
    promise: Promised = "",
    by: By = "",
    to: To = "",
    at: At = "",
    referred: Referred = None,
    product: Product = "",
    playbook: Playbook = "",
    opportunity: Opportunity = "",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> int:
    """Record a contact, plan anew, and say what comes next and why."""
    from followup.actions.record import done

    session: Session = context.obj
    told = _told(
        session,
        outcome=outcome,
        note=note,
        score=score,
        channel=channel,
        on=on,
        minutes=minutes,
        tone=tone,
        usage=usage,
        understood=understood,
        milestone=milestone,
        concern=concern,
        severity=severity,
        category=category,
        promise=promise,
        by=by,
        to=to,
        at=at,
        referred=referred,
        product=product,
        playbook=playbook,
        opportunity=opportunity,
    )
    with session.open(dry_run=dry_run) as opened:
        result = done(opened, which, told)
    return _shown_and_told(session, result, as_json=as_json)


def log(
    context: typer.Context,
    customer: Who,
    outcome: Outcome,
    note: Note = "",
    inbound: Annotated[bool, typer.Option("--inbound", help="They got in touch with you.")] = False,
    purpose: Annotated[str, typer.Option("--purpose", help="What it was for: feedback, education, ...")] = "",
    sale: SaleNumber = None,
    score: Score = None,
    channel: Channel = "",
    on: On = "",
    minutes: Minutes = None,
    tone: Tone = "",
    usage: Trend = "",
    understood: Understood = "",
    milestone: Milestone = "",
    concern: Concern = "",
    severity: Severity = "",
    category: Category = "",
    promise: Promised = "",
    by: By = "",
    to: To = "",
    at: At = "",
    referred: Referred = None,
    product: Product = "",
    playbook: Playbook = "",
    opportunity: Opportunity = "",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> int:
    """Record a contact that was not planned. It counts like any other."""
    from followup.actions.enrol import check_choice
    from followup.actions.record import log
    from followup.cli.asking import words

    session: Session = context.obj
    told = _told(
        session,
        outcome=outcome,
        note=note,
        score=score,
        channel=channel,
        on=on,
        minutes=minutes,
        tone=tone,
        usage=usage,
        understood=understood,
        milestone=milestone,
        concern=concern,
        severity=severity,
        category=category,
        promise=promise,
        by=by,
        to=to,
        at=at,
        referred=referred,
        product=product,
        playbook=playbook,
        opportunity=opportunity,
    )
    told = replace(told, inbound=inbound, purpose=check_choice("purpose", purpose) if purpose else "")
    if not note and not as_json:
        told = replace(told, note=words("What did they say, in their words? (Enter for nothing)"))
    with session.open(dry_run=dry_run) as opened:
        result = log(opened, customer, told, sale=sale)
    return _shown_and_told(session, result, as_json=as_json)


def _shown_and_told(session: Session, result: Recorded, *, as_json: bool) -> int:
    """Show what was recorded, then tell the user's own command `hooks.on_done`; what fails there is only noted."""
    try:
        return session.show(result, as_json=as_json)
    finally:
        command = session.config.hooks.on_done
        if command and not (result.dry_run or result.already):
            _tell(command, result)


def _tell(command: Sequence[str], result: Recorded) -> None:
    import os
    import sys
    from contextlib import suppress

    from followup.delivery.hooks import run_hook
    from followup.render import to_json

    with suppress(OSError):
        sys.stdout.flush()  # a hook may take its time
    if wrong := run_hook(command, to_json(result), environment=os.environ):
        with suppress(OSError):
            sys.stderr.write(f"Note: {wrong}; the contact is recorded\n")


def _told(
    session: Session,
    *,
    outcome: str,
    note: str,
    score: int | None,
    channel: str,
    on: str,
    minutes: int | None,
    tone: str,
    usage: str,
    understood: str,
    milestone: str,
    concern: str,
    severity: str,
    category: str,
    promise: str,
    by: str,
    to: str,
    at: str,
    referred: list[str] | None,
    product: str,
    playbook: str,
    opportunity: str,
) -> Told:
    """What the options say about a contact; words and dates are checked here, what belongs together later."""
    from followup.actions.enrol import check_choice
    from followup.actions.told import Told, read_outcomes

    return Told(
        outcomes=read_outcomes(outcome),
        note=note,
        on=session.day(on, past=True) if on else session.today,
        channel=check_choice("channel", channel) if channel else "",
        score=score,
        minutes=minutes,
        tone=check_choice("tone", tone) if tone else "",
        usage=check_choice("usage reading", usage) if usage else "",
        understood=check_choice("word for understood", understood) if understood else "",
        milestone=check_choice("milestone", milestone) if milestone else "",
        concern=concern,
        severity=check_choice("severity", severity) if severity else "",
        category=check_choice("category", category) if category else "",
        promise=promise,
        promise_by=session.day(by) if by else None,
        to_on=session.day(to) if to else None,
        to_time=session.clock(at) if at else None,
        referred=tuple(referred or ()),
        product=product,
        playbook=playbook,
        opportunity=opportunity,
    )


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
