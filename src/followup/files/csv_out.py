"""CSV going out, safe to open in a spreadsheet, and files for the owner's eyes only.

A spreadsheet runs a cell that begins with = + - @ as a formula, also behind a tab or in full-width letters. Such
cells get one `'` in front (OWASP ASVS 1.2.10), and the table then has a last column, `followup_guard`, that marks the
rows in which this was done: reading takes exactly that one `'` away again, so the way out and back changes nothing.
"""

from __future__ import annotations

import contextlib
import csv
import errno
import io
import os
import re
import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from followup.errors import EXIT_DATA_FILE, FollowupError

GUARD_COLUMN = "followup_guard"
GUARD_MARK = "1"
PROBLEM_COLUMN = "followup_problem"

_FORMULA = re.compile(r"'*[=+\-@\t\r\x00＝＋－＠]")
_GUARDED = re.compile(r"'+[=+\-@\t\r\x00＝＋－＠]")
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


def guard(cell: str) -> str:
    """Give the cell with one `'` in front when a spreadsheet might run it, else as it is."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguard(cell: str) -> str:
    """Take away the one `'` that `guard` put in front: `unguard(guard(cell)) == cell` for every text."""
    return cell[1:] if _GUARDED.match(cell) else cell


def csv_line(cells: Sequence[str]) -> str:
    """Give one record of RFC 4180, ending in a line feed; quotes, commas and line ends inside a cell are kept."""
    text = io.StringIO()
    # The writer quotes whatever stands in its own line end, so CR LF makes it quote a lone CR as well.
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue().removesuffix("\r\n") + "\n"


def write_csv(headers: Sequence[str], rows: Iterable[Sequence[str]], *, raw: bool) -> str:
    """Give a table as CSV text: comma, double quotes, one record a line, headings first.

    Without `raw`, cells that a spreadsheet might run are guarded and, where there are any, the rows are marked in a
    last column. With `raw` every cell is written as it is, for other programs.
    """
    lines = [[*row] for row in rows]
    if raw:
        return "".join(map(csv_line, [headers, *lines]))
    guarded = [[guard(cell) for cell in line] for line in lines]
    marks = [GUARD_MARK if safe != line else "" for safe, line in zip(guarded, lines, strict=True)]
    head = [guard(cell) for cell in headers]
    if any(marks) or head != [*headers]:
        head.append(GUARD_COLUMN)
        for line, mark in zip(guarded, marks, strict=True):
            line.append(mark)
    return "".join(map(csv_line, [head, *guarded]))


def csv_records(headers: Sequence[str], rows: Callable[[], Iterable[Sequence[str]]], *, raw: bool) -> Iterator[str]:
    """Give a table of any length as `write_csv` does, record by record and with one record in memory.

    `rows` is asked twice for the same rows unless `raw`: first to see whether any cell has to be guarded.
    """
    marked = not raw and any(guard(cell) != cell for row in chain([headers], rows()) for cell in row)
    if not marked:
        yield from map(csv_line, chain([headers], rows()))
        return
    yield csv_line([*map(guard, headers), GUARD_COLUMN])
    for row in rows():
        safe = [*map(guard, row)]
        yield csv_line([*safe, GUARD_MARK if safe != [*row] else ""])


def rejects_records(headers: Sequence[str], rows: Iterable[tuple[str, Sequence[str]]]) -> Iterator[str]:
    """Give a table of rejected rows, each with what is wrong with it, to be mended in a spreadsheet and read again.

    The mark of guarded rows stands in front, because a rejected row may have too few cells or too many.
    """
    yield csv_line([PROBLEM_COLUMN, GUARD_COLUMN, *map(guard, headers)])
    for problem, cells in rows:
        safe = [*map(guard, cells)]
        yield csv_line([guard(problem), GUARD_MARK if safe != [*cells] else "", *safe])


def write_private(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, readable by its owner only (0600); an existing file is replaced.

    The bytes go to a new file beside it, to the disk, and only then under the name. A symbolic link, a folder, a pipe
    or a device under that name is refused. Raises FollowupError; the old file is then as it was.
    """
    with private_file(path) as write:
        write(data)


@contextlib.contextmanager
def private_file(path: Path) -> Iterator[Callable[[bytes], object]]:
    """Give what writes a file piece by piece, on the terms of `write_private`: it gets its name on leaving, and any
    exception leaves everything as it was.
    """
    _refuse_odd_target(path)
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:100]}.", suffix=".tmp", dir=path.parent)
    except OSError as error:
        raise _cannot_write(path, error) from error
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield _writer(path, file)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        _sync_folder(path.parent)
    except BaseException as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        if isinstance(error, OSError):
            raise _cannot_write(path, error) from error
        raise


def private_folder(path: Path) -> None:
    """Make a folder for the owner's eyes only (0700) where there is none yet. Raises FollowupError."""
    try:
        path.mkdir(mode=stat.S_IRWXU)
    except FileExistsError:
        if not path.is_dir():
            raise FollowupError(f"{path} is not a folder; nothing was written", hint="name a folder") from None
    except OSError as error:
        raise _cannot_write(path, error) from error


def _writer(path: Path, file: BinaryIO) -> Callable[[bytes], object]:
    def write(data: bytes) -> None:
        try:
            file.write(data)
        except OSError as error:
            raise _cannot_write(path, error) from error

    return write


def _refuse_odd_target(path: Path) -> None:
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    except OSError as error:
        raise _cannot_write(path, error) from error
    if stat.S_ISREG(mode):
        return
    kinds = ((stat.S_ISLNK, "a symbolic link"), (stat.S_ISDIR, "a folder"), (stat.S_ISFIFO, "a pipe"))
    kind = next((name for holds, name in kinds if holds(mode)), "not a regular file")
    raise FollowupError(f"{path} is {kind}; nothing was written", hint="name a plain file")


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _cannot_write(path: Path, error: OSError) -> FollowupError:
    if error.errno in _FULL:
        reason = "the disk is full" if error.errno != errno.EIO else "the disk does not take it"
        return FollowupError(
            f"{path} could not be written: {reason}; what was there before is unchanged",
            hint="free some space, then type the command again",
            exit_code=EXIT_DATA_FILE,
        )
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return FollowupError(f"{path} could not be written: there is no folder {path.parent}", hint="make it first")
    why = error.strerror or type(error).__name__
    return FollowupError(f"{path} could not be written: {why.lower()}", hint="name another place")
