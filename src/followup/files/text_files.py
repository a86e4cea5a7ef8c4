"""Small text files of the user: regular, UTF-8, of a sensible size."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from followup.errors import BadFileError, FollowupError, Problem

MAX_BYTES = 256 * 1024


def read_small_text(path: Path) -> str | None:
    """Give the text of a UTF-8 file (a byte order mark is left out), or None when there is no such file.

    Raises FollowupError for folders, pipes and devices, for files above 256 KiB or that may not be read, and
    BadFileError with the line where the text is not UTF-8. Never waits for a pipe.
    """
    try:
        if (kind := _odd_kind(path.stat().st_mode)) is None:
            handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
            with os.fdopen(handle, "rb") as file:
                data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise FollowupError(f"{path} cannot be read: {why.lower()}", hint="check who may read it") from error
    if kind is not None:
        raise FollowupError(f"{path} is {kind}", hint="name the file itself")
    if len(data) > MAX_BYTES:
        raise FollowupError(f"{path} is larger than {MAX_BYTES // 1024} KiB", hint="is this the right file?")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message, hint = "the line is not UTF-8", "save the file again as UTF-8"
        problem = Problem(source=path.name, line=line, message=message, hint=hint)
        raise BadFileError(f"{path.name}, line {line}: {message}", hint=hint, problems=[problem]) from None


def _odd_kind(mode: int) -> str | None:
    if stat.S_ISREG(mode):
        return None
    return "a folder, not a file" if stat.S_ISDIR(mode) else "not a regular file"
