"""An expected failure, told so that it can be mended: what, where, and what to type next."""

from __future__ import annotations

from typing import TextIO

from followup.core.visible import visible
from followup.errors import AmbiguousError, FollowupError
from followup.render.screen import put


def error_lines(error: FollowupError) -> list[str]:
    """`Error: sentence`, a line for each problem or candidate, `Try: hint`."""
    lines = [f"Error: {visible(error.sentence)}"]
    lines += [f"  {visible(str(problem))}" for problem in error.problems]
    if isinstance(error, AmbiguousError):
        lines += [f"  {visible(candidate)}" for candidate in error.candidates]
    if error.hint:
        lines.append(f"Try: {visible(error.hint)}")
    return lines


def render_error(error: FollowupError, stream: TextIO) -> None:
    """Write a failure to `stream` (stderr), without colour and without a traceback."""
    put(stream, "".join(f"{line}\n" for line in error_lines(error)))
