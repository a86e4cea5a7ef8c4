"""The line that makes the digest come by itself: cron."""

from __future__ import annotations

import os
import shutil
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from followup.cli.options import Json
from followup.cli.session import Session
from followup.errors import FollowupError


def cron(
    context: typer.Context,
    at: Annotated[str, typer.Option("--at", metavar="TIME", help="When, in the morning.")] = "07:30",
    days: Annotated[
        str, typer.Option("--days", metavar="DAYS", help="mon-fri; mon,wed,fri; daily. Without: calendar.working_days.")
    ] = "",
    via: Annotated[
        list[str] | None,
        typer.Option("--via", metavar="TARGET", help="stdout, email, desktop. Without: remind.via each time."),
    ] = None,
    system: Annotated[
        str, typer.Option("--system", help="cron, systemd, launchd, windows. Without: that of this machine.")
    ] = "",
    once: Annotated[
        bool, typer.Option("--once", help="cron: one run a day, without the hourly ones that catch up.")
    ] = False,
    part: Annotated[str, typer.Option("--part", help="systemd: only the service, or the timer.")] = "",
    as_json: Json = False,
) -> int:
    """What makes remind come by itself on this machine: to be piped into crontab, or into a file. Changes nothing."""
    from followup.actions.scheduling import Place, schedule

    session: Session = context.obj
    program = _program()
    typed = [*_as_typed(program), *_global_options(session)]
    typed += ["cron", *_asked(at=at, days=days, via=via or (), system=system, once=once)]
    result = schedule(
        session.config,
        Place(
            program=program,
            options=_files(session),
            typed=tuple(typed),
            home=str(Path.home()),
            session_bus=os.environ.get("DBUS_SESSION_BUS_ADDRESS", ""),
            zone_differs=_zone_differs(session),
            passing=_is_passing(program),
        ),
        system=system or _system(),
        at=session.clock(at),
        today=session.today,
        days=days,
        via=tuple(via or ()),
        once=once,
        part=part,
    )
    if not as_json:
        _check_encoding(result.text)
    return session.show(result, as_json=as_json)


def _system() -> str:
    """The usual scheduler of this platform; systemd where there is no cron."""
    platform = sys.platform
    usual = {"darwin": "launchd", "win32": "windows"}.get(platform, "cron")
    return "systemd" if usual == "cron" and not shutil.which("crontab") and shutil.which("systemctl") else usual


def _program() -> tuple[str, ...]:
    """What starts followup from anywhere: the command that was typed, else this Python with `-m`.

    Links are kept as they are: they stay while the versions behind them change.
    """
    started = sys.argv[0] if sys.argv else ""
    if started and Path(started).name not in ("__main__.py", "-c", "-m"):
        found = shutil.which(started)
        if found and Path(found).stem == "followup":
            return (os.path.abspath(found),)  # noqa: PTH100 - `resolve` would follow links
    return (os.path.abspath(sys.executable), "-m", "followup")  # noqa: PTH100


def _as_typed(program: tuple[str, ...]) -> tuple[str, ...]:
    """The program as a person types it: its name where the shell finds it by that."""
    found = shutil.which("followup")
    return ("followup",) if found and program == (os.path.abspath(found),) else program  # noqa: PTH100


def _is_passing(program: tuple[str, ...]) -> bool:
    """True for a program in a cache or a temporary folder."""
    import tempfile

    path = Path(program[0])
    return ".cache" in path.parts or path.is_relative_to(tempfile.gettempdir())


def _files(session: Session) -> tuple[str, ...]:
    """`--db` and `--config` with whole paths, where an option or a variable of this shell has chosen the place."""
    chosen = {
        "--db": (session.db_option, ("FOLLOWUP_DB", "XDG_DATA_HOME"), session.db_path),
        "--config": (session.config_option, ("FOLLOWUP_CONFIG", "XDG_CONFIG_HOME"), session.config_path),
    }
    words: list[str] = []
    for option, (given, variables, path) in chosen.items():
        if given or any(os.environ.get(name) for name in variables):
            words += [option, os.path.abspath(path)]  # noqa: PTH100
    return tuple(words)


def _global_options(session: Session) -> list[str]:
    given = {"--db": session.db_option, "--config": session.config_option}
    return [word for option, path in given.items() if path for word in (option, str(path))]


def _asked(*, at: str, days: str, via: list[str] | tuple[str, ...], system: str, once: bool) -> list[str]:
    """The options of this command as they can be typed again."""
    words = ["--at", at] if at != "07:30" else []
    words += ["--days", days] if days else []
    words += [word for target in via for word in ("--via", target)]
    words += ["--system", system] if system else []
    return words + (["--once"] if once else [])


def _zone_differs(session: Session) -> bool:
    """True when this machine's clock and that of `calendar.timezone` differ on some day of the year."""
    name = session.config.calendar.timezone
    if not name:
        return False
    from zoneinfo import ZoneInfo

    zone = ZoneInfo(name)
    days: list[datetime] = [session.now + timedelta(days=7 * week) for week in range(53)]
    return any(day.astimezone().utcoffset() != day.astimezone(zone).utcoffset() for day in days)


def _check_encoding(text: str) -> None:
    """A letter that this stream cannot hold would be replaced, and the line would name another file."""
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError as error:
        letter = text[error.start]
        raise FollowupError(
            f"{letter!a} in a path cannot be written here, where the encoding is {sys.stdout.encoding}",
            hint="PYTHONUTF8=1 followup cron",
        ) from None
