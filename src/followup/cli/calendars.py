"""Calendars: a feed in a file, or entries on a server."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from datetime import UTC, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from followup.cli.options import DryRun, Json
from followup.cli.session import Session
from followup.errors import EXIT_OK, EXIT_REFUSED, FollowupError

if TYPE_CHECKING:
    from followup.actions.calendar_entries import Alarm, WallClock

STDOUT = Path("-")
LOCALTIME = Path("/etc/localtime")
LONGEST_ALARM = 40_320  # minutes: four weeks

calendar = typer.Typer()

OneCustomer = Annotated[str, typer.Option("--customer", metavar="CUSTOMER", help="Only this customer.")]
AlarmAt = Annotated[
    str,
    typer.Option(
        "--alarm",
        metavar="MINUTES|TIME",
        help="Ring so many minutes before an agreed time, or at this time of the day.",
    ),
]


@calendar.callback(invoke_without_command=True)
def feed(
    context: typer.Context,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to this file; - is standard output.")
    ] = None,
    customer: OneCustomer = "",
    alarm: AlarmAt = "",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> int:
    """Your open contacts as a calendar feed (ICS): all-day entries, agreed times with their hour.

    Write it to a file again and again: calendar apps that subscribe to the file follow what changes, and see once that
    something was cancelled.
    """
    session: Session = context.obj
    if context.invoked_subcommand is not None:
        if output or customer or alarm or dry_run or as_json:
            raise typer.BadParameter(f"options of {context.invoked_subcommand} stand behind its name")
        return EXIT_OK
    from followup.actions.calendar_feed import FeedWish, write_feed
    from followup.actions.finding import find_customer
    from followup.cli.main import EXIT_BROKEN_PIPE, silence_stdout
    from followup.core.visible import visible

    target = None if output == STDOUT else output
    streams = target is None and not (as_json or dry_run)
    rings = alarm_of(session, alarm)
    with session.open(dry_run=dry_run) as opened:
        wish = FeedWish(
            path=target,
            emit=_to_stdout if streams else None,
            customer=find_customer(opened, customer) if customer else None,
            clock=wall_clock(session),
            alarm=rings,
        )
        try:
            result = write_feed(opened, wish)
        except BrokenPipeError:  # here, because Typer would make a failure of it
            silence_stdout()
            return EXIT_BROKEN_PIPE
    if not streams:
        return session.show(result, as_json=as_json)
    for notice in result.notices:
        sys.stderr.write(f"Note: {visible(notice)}\n")
    return EXIT_OK


@calendar.command()
def push(
    context: typer.Context,
    url: Annotated[
        str, typer.Argument(metavar="[URL]", help="The calendar on the server; without it, caldav.url.")
    ] = "",
    user: Annotated[str, typer.Option("--user", help="User name at the server; without it, caldav.user.")] = "",
    customer: OneCustomer = "",
    alarm: AlarmAt = "",
    take_over: Annotated[
        bool, typer.Option("--take-over", help="Also entries there that another data file of yours has pushed.")
    ] = False,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> int:
    """Your open contacts onto a CalDAV server. Entries of yours there stay; what is done is removed."""
    from followup.actions.calendar_push import PushWish, push_entries
    from followup.actions.finding import find_customer

    session: Session = context.obj
    rings = alarm_of(session, alarm)
    with session.open(dry_run=dry_run) as opened:
        wish = PushWish(
            url=url,
            user=user,
            environment=os.environ,
            customer=find_customer(opened, customer) if customer else None,
            clock=wall_clock(session),
            alarm=rings,
            take_over=take_over,
        )
        result = push_entries(opened, wish)
    session.show(result, as_json=as_json)
    return EXIT_REFUSED if result.failed_count else EXIT_OK


def _to_stdout(text: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(text)
    sys.stdout.buffer.flush()  # before anything is remembered of it


def alarm_of(session: Session, text: str) -> Alarm | None:
    """When entries ring; None for never. Raises FollowupError.

    Minutes are for agreed times; then everything else rings when the working hours begin. With a time of day, agreed
    times ring a quarter of an hour before.
    """
    if not text:
        return None
    from followup.actions.calendar_entries import RINGS_BEFORE, Alarm

    typed = text.strip()
    if not (typed.isascii() and typed.isdecimal()):
        try:
            return Alarm(minutes=RINGS_BEFORE, at=session.clock(typed))
        except FollowupError:
            hint = "--alarm 15 (minutes before an agreed time), or --alarm 08:30"
            raise FollowupError(f"{text!r} is neither minutes nor a time of day", hint=hint) from None
    if len(typed) > len(str(LONGEST_ALARM)) or int(typed) > LONGEST_ALARM:
        raise FollowupError(f"an alarm rings at most {LONGEST_ALARM} minutes before", hint="--alarm 15")
    begin = session.config.calendar.hours.partition("-")[0]
    return Alarm(minutes=int(typed), at=time.fromisoformat(begin))


def wall_clock(session: Session) -> WallClock:
    """The clock by which times are agreed: of `calendar.timezone`, else of this machine, by name where it has one."""
    from followup.actions.calendar_entries import WallClock

    zone = session.config.calendar.timezone or system_zone(os.environ)
    return WallClock(zone=zone, to_utc=lambda wall: wall.astimezone(UTC))


def system_zone(environment: Mapping[str, str], localtime: Path = LOCALTIME) -> str:
    """The name of this machine's time zone, such as Europe/Berlin; '' where it has none that is known."""
    from followup.files.zones import is_zone

    named = environment.get("TZ", "").removeprefix(":")
    if not named:
        try:
            named = str(localtime.resolve(strict=True))
        except OSError:
            return ""
    name = named.rpartition("zoneinfo/")[2].removeprefix("posix/").removeprefix("right/")
    return name if is_zone(name) else ""
