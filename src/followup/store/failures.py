"""Failures of the data file, said so that a person can mend them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from followup.errors import BusyError, DataFileError, FollowupError
from followup.store.location import lock_holder

_SMALL = 64 * 1024  # bytes: what the log beside the data file needs at the least


class MissingFileError(FollowupError):
    """There is no data file yet, or an empty one."""


def busy(path: Path) -> BusyError:
    """Somebody else is writing; names the process where the system tells."""
    holder = lock_holder(path)
    who = f"Another process ({holder})" if holder else "Another process"
    return BusyError(f"{who} is writing to {path}.", hint="Try again in a moment.")


def damaged(path: Path, detail: str) -> DataFileError:
    """The file was ours, but cannot be read any more."""
    return DataFileError(f"{path} is damaged: {detail}.", hint="followup restore FILE")


def unwritable(path: Path) -> DataFileError:
    """The file or its folder cannot be written."""
    return DataFileError(
        f"{path} cannot be written: the file or its folder is read-only.",
        hint=f"chmod u+w {path.parent} {path}",
    )


def _full(path: Path) -> DataFileError:
    return DataFileError(f"The disk with {path} is full; nothing was changed.", hint="Free some space and try again.")


def _failed(path: Path, detail: str) -> DataFileError:
    return DataFileError(f"The disk with {path} failed: {detail}.", hint="Look after the disk, then try again.")


def _is_full(path: Path) -> bool:
    """True when next to nothing fits on the disk: SQLite says only that its log could not be made longer."""
    import shutil  # only where something went wrong: reading a list shall load nothing it does not need

    try:
        return shutil.disk_usage(path.parent).free < _SMALL
    except OSError:
        return False


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn what SQLite says about the file or the disk into one sentence; anything else is a bug."""
    try:
        yield
    except sqlite3.Error as error:
        failure = _failure(path, error)
        if failure is None:
            raise
        raise failure from error
    except OSError as error:
        raise _failed(path, error.strerror or "no reason given") from error
    except UnicodeEncodeError as error:
        raise FollowupError(
            "A text holds characters that are not valid Unicode, so nothing was changed.",
            hint="Type the text again, or save the file as UTF-8.",
        ) from error


def _failure(path: Path, error: sqlite3.Error) -> FollowupError | None:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte is the kind, the rest the detail
    match code:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED | sqlite3.SQLITE_PROTOCOL:
            return busy(path)
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return damaged(path, str(error))
        case sqlite3.SQLITE_FULL:
            return _full(path)
        case sqlite3.SQLITE_IOERR:
            return _full(path) if _is_full(path) else _failed(path, str(error))
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            return unwritable(path)
        case sqlite3.SQLITE_CANTOPEN:
            return DataFileError(f"{path} cannot be opened ({error}).", hint="followup --db FILE due")
        case _:
            return None
