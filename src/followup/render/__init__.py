"""Results made readable: rich on a terminal, plain lines in a pipe, JSON for scripts.

`cli` makes a `Screen` from facts and calls `render`; nothing here reads the clock, the environment or the
command line.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import TextIO

from followup.actions.results import Result
from followup.errors import FollowupError
from followup.render.screen import Screen, make_screen
from followup.render.show import render, render_greeting

__all__ = [
    "Screen",
    "error_json",
    "make_screen",
    "plain_json",
    "progress_bar",
    "render",
    "render_error",
    "render_greeting",
    "to_json",
]


def to_json(result: Result, *, encoding: str = "utf-8") -> str:
    """The JSON of a result (`as_json.to_json`); loads nothing else."""
    from followup.render import as_json

    return as_json.to_json(result, encoding=encoding)


def plain_json(value: object) -> str:
    """Plain values as JSON on one line (`as_json.plain_json`)."""
    from followup.render import as_json

    return as_json.plain_json(value)


def error_json(error: FollowupError, today: date | None, *, encoding: str = "utf-8") -> str:
    """The JSON of a failure (`as_json.error_json`)."""
    from followup.render import as_json

    return as_json.error_json(error, today, encoding=encoding)


def render_error(error: FollowupError, stream: TextIO) -> None:
    """A failure for people (`errors.render_error`)."""
    from followup.render import errors

    errors.render_error(error, stream)


def progress_bar(stream: TextIO, *, shown: bool) -> AbstractContextManager[Callable[[str, int, int], None]]:
    """A bar for what takes long (`progress.progress_bar`)."""
    from followup.render import progress

    return progress.progress_bar(stream, shown=shown)
