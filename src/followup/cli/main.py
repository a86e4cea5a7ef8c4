"""The one door: runs a command, and turns every failure into a sentence, a hint and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn

import typer

from followup.errors import (
    EXIT_BUG,
    EXIT_INTERRUPTED,
    EXIT_OK,
    EXIT_REFUSED,
    EXIT_USAGE,
    FollowupError,
)

PRIVATE_UMASK = 0o077
EXIT_BROKEN_PIPE = 141
SHELLS = ("bash", "zsh", "fish")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line and give its exit code (CLI.md). Prints at most one sentence about a failure."""
    args = list(sys.argv[1:] if argv is None else argv)
    os.umask(PRIVATE_UMASK)
    _open_closed_streams()
    try:
        code = _run(args)
        sys.stdout.flush()
    except BrokenPipeError:
        silence_stdout()
        return EXIT_BROKEN_PIPE
    except FollowupError as error:
        return _refuse(error, args)
    except typer.TyperException as error:
        usage = FollowupError(
            error.format_message(), hint=_help_of(error), exit_code=getattr(error, "exit_code", EXIT_USAGE)
        )
        return _refuse(usage, args)
    except (typer.Abort, KeyboardInterrupt):
        code = EXIT_INTERRUPTED
    except OSError as error:
        return _refuse(FollowupError(_os_sentence(error), hint="check the place and try again"), args)
    except Exception as error:  # noqa: BLE001 - the one door for bugs: nobody shall see a traceback
        return _bug(error, args)
    if code == EXIT_INTERRUPTED:
        sys.stderr.write("interrupted; nothing is half done\n")
    return code


def run() -> NoReturn:
    """The installed program."""
    raise SystemExit(main())


def _show_completion(shell: str) -> int:
    """`--show-completion SHELL`: the script of that shell. Without a name Typer finds out which shell is running."""
    from typer.completion import shell_complete

    if shell not in SHELLS:
        raise FollowupError(f"no completion is known for {shell!r}", hint=f"use one of: {' '.join(SHELLS)}")
    return shell_complete(_program(), {}, "followup", "_FOLLOWUP_COMPLETE", f"source_{shell}")


@cache
def _program() -> Any:
    from followup.cli.app import app

    return typer.main.get_command(app)


def _run(args: list[str]) -> int:
    if len(args) == 2 and args[0] == "--show-completion":
        return _show_completion(args[1])
    try:
        code = _program().main(args=args, prog_name="followup", standalone_mode=False)
    except SystemExit as leaving:  # Typer leaves by itself, with 1, when nobody reads any more
        if isinstance(leaving.__context__, BrokenPipeError):
            raise leaving.__context__ from None
        raise
    return code if isinstance(code, int) else EXIT_OK


def _open_closed_streams() -> None:
    """A stream that was closed (`>&-`) leads nowhere; its number must not go to the data file."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            mode = "r" if name == "stdin" else "w"
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - for the whole run


def _refuse(error: FollowupError, args: Sequence[str]) -> int:
    from followup.render import error_json, render_error

    try:
        if "--json" in args:
            sys.stdout.write(error_json(error, _today_of(args), encoding=sys.stdout.encoding or "utf-8"))
            sys.stdout.flush()
        else:
            render_error(error, sys.stderr)
    except BrokenPipeError:
        silence_stdout()
    except OSError:
        with suppress(OSError):
            render_error(error, sys.stderr)
    try:
        sys.stdout.flush()
    except OSError:
        silence_stdout()
    return error.exit_code or EXIT_REFUSED


def _today_of(args: Sequence[str]) -> date | None:
    """The day of a run that failed before or after it knew its day; None where that is what failed."""
    from followup.cli.session import Session

    named = [value for option, value in pairwise(args) if option == "--today"]
    try:
        return Session(today_option=named[0] if named else "").today
    except FollowupError:
        return None


def _help_of(error: typer.TyperException) -> str:
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "followup"
    return f"{path} --help"


def _os_sentence(error: OSError) -> str:
    place = f": {error.filename}" if error.filename else ""
    return f"{error.strerror or 'the system refused'}{place}"


def silence_stdout() -> None:
    """Nobody reads any more: keep Python from complaining when it flushes at exit."""
    try:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
    except (OSError, ValueError):
        return


def _bug(error: Exception, args: Sequence[str]) -> int:
    """One line for the user; where it happened goes into a log file, without anything a customer said."""
    path = _log(error)
    where = f"details without customer data: {path}" if path else "no log could be written"
    bug = FollowupError(
        f"this is a bug in followup ({type(error).__name__})", hint=f"please report it; {where}", exit_code=EXIT_BUG
    )
    return _refuse(bug, args)


def _log(error: Exception) -> str:
    import traceback

    from platformdirs import user_state_path

    from followup import __version__

    frames = traceback.extract_tb(error.__traceback__)
    lines = [f"followup {__version__}, Python {sys.version.split()[0]}, {type(error).__name__}"]
    lines += [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
    try:
        folder = user_state_path("followup")
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = folder / "bugs.log"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n\n")
    except OSError:
        return ""
    return str(path)
