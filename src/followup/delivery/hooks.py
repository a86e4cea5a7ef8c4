"""Commands of the user's own that are told what happened, after it is safe in the data file."""

from __future__ import annotations

import signal
from collections.abc import Mapping, Sequence

from followup.core.visible import visible

TIMEOUT = 10.0
"""Seconds that a hook may take; somebody is waiting for the next prompt."""
_QUOTED = 160


def run_hook(command: Sequence[str], payload: str, *, environment: Mapping[str, str], timeout: float = TIMEOUT) -> str:
    """Run `command` (words, no shell) with `payload` on its input; give '' or one sentence about what went wrong.

    Its output is discarded; of its error output the last line is quoted, made harmless. After `timeout` seconds it
    and all it started in its process group are ended; what it left running when it ended by itself stays. It need
    not read its input. No failure of a hook is an exception: what it is told about is already stored.
    """
    from followup.delivery.processes import run_program

    name = visible(command[0])[:_QUOTED] if command else ""
    if not name:
        return "the hook is empty"
    try:
        ended = run_program(command, environment=environment, timeout=timeout, given=payload.encode("utf-8", "replace"))
    except (OSError, ValueError) as error:
        reason = (error.strerror or "").lower() if isinstance(error, OSError) else "a word of it cannot be passed on"
        return f"the hook {name} could not be started: {reason or 'the system refused'}"
    if ended.code == 0:
        return ""
    return f"the hook {name} {_how(ended.code, timeout)}{_last_line(ended.err)}"


def _how(code: int | None, timeout: float) -> str:
    if code is None:
        return f"took longer than {timeout:g} seconds and was ended"
    if code > 0:
        return f"ended with {code}"
    try:
        return f"was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"was ended by signal {-code}"


def _last_line(err: bytes) -> str:
    lines = [line for line in err.decode("utf-8", "replace").replace("\r", "\n").split("\n") if line.strip()]
    if not lines:
        return ""
    line = visible(lines[-1].strip())
    return f": {line[: _QUOTED - 1]}…" if len(line) > _QUOTED else f": {line}"
