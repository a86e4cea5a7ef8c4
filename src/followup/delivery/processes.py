"""Another program, run without a shell, that can neither hold us up nor fill our memory."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

_PIECE = 65_536
_WAKE_EVERY = 0.05  # seconds; a program that ended may leave others behind that keep its output open
_LAST_WORDS = 0.5  # seconds for what an ended program has written and we have not read


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a program ended: `code` as the system gives it (negative: a signal), None when its time was up.

    `out` is the beginning of its output, `err` the end of its error output.
    """

    code: int | None
    out: bytes
    err: bytes


def run_program(
    command: Sequence[str],
    *,
    environment: Mapping[str, str] | None,
    timeout: float,
    given: bytes = b"",
    keep: int = 4096,
) -> Ended:
    """Run `command` with `given` on its input; it ends by itself or is ended after `timeout` seconds.

    It gets `environment` and nothing else of ours (None: all of it). It is the first of a process group of its own,
    which is ended with it; so it cannot ask at the terminal. Of what it writes `keep` bytes are kept, the rest is
    read and dropped. Not reading its input is fine. Raises OSError when it cannot be started, ValueError for a word
    that no program can get (one with a NUL).
    """
    until = time.monotonic() + timeout
    with subprocess.Popen(
        list(command),
        stdin=subprocess.PIPE if given else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=None if environment is None else dict(environment),
        process_group=0,
        bufsize=0,
    ) as process:
        try:
            return _talk(process, given, until, keep)
        finally:
            if process.returncode is None:
                _end(process)


def _talk(process: subprocess.Popen[bytes], given: bytes, until: float, keep: int) -> Ended:
    """Give it its input and take its output, until it has ended or its time is up."""
    rest = memoryview(given)
    kept = {"out": b"", "err": b""}
    with selectors.DefaultSelector() as pipes:
        for end, name in ((process.stdout, "out"), (process.stderr, "err"), (process.stdin, "in")):
            if end is not None:
                os.set_blocking(end.fileno(), False)
                pipes.register(end, selectors.EVENT_WRITE if name == "in" else selectors.EVENT_READ, name)
        ended_at: float | None = None
        while pipes.get_map():
            now = time.monotonic()
            if ended_at is None and process.poll() is not None:
                ended_at = now
                until = min(until, now + _LAST_WORDS)
            if now >= until:
                break
            ready = pipes.select(min(_WAKE_EVERY, until - now))
            if ended_at is not None and not ready:
                break
            for key, _ in ready:
                if key.data == "in":
                    rest = _give(key.fd, rest)
                    over = not rest
                else:
                    piece = _take(key.fd)
                    over = piece == b""
                    kept[key.data] = _kept(key.data, kept[key.data], piece or b"", keep)
                if over:
                    pipes.unregister(key.fd)
                    _close(process, key.data)
    try:
        code: int | None = process.wait(max(0.0, until - time.monotonic()))
    except subprocess.TimeoutExpired:
        code = None
    return Ended(code=code, out=kept["out"], err=kept["err"])


def _close(process: subprocess.Popen[bytes], name: str) -> None:
    pipe = {"in": process.stdin, "out": process.stdout, "err": process.stderr}[name]
    if pipe is not None:
        pipe.close()


def _give(pipe: int, rest: memoryview) -> memoryview:
    """Write as much as fits; give what remains, nothing when nobody reads."""
    try:
        return rest[os.write(pipe, rest[:_PIECE]) :]
    except BlockingIOError:
        return rest
    except OSError:  # closed unread
        return rest[:0]


def _take(pipe: int) -> bytes | None:
    """Read what is there; b"" at the end, None when there is nothing yet."""
    try:
        return os.read(pipe, _PIECE)
    except BlockingIOError:
        return None


def _kept(name: str, before: bytes, piece: bytes, keep: int) -> bytes:
    if name == "err":
        return (before + piece)[-keep:]
    return before + piece[: max(0, keep - len(before))]


def _end(process: subprocess.Popen[bytes]) -> None:
    """End it and all that it started in its group."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()
