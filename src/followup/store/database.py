"""Opening the data file and nothing else: checks, creation, pragmas, migration, read-only places."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from followup.errors import BusyError, DataFileError
from followup.store import location, schema
from followup.store.convert import Parameters, Row
from followup.store.failures import MissingFileError, translated, unwritable

_SMALLEST_PAGE = 512  # bytes; SQLite takes a file of one byte for an empty one
OLDEST_SQLITE = (3, 37, 0)  # the first with STRICT tables
BUSY_SECONDS = 10.0
PATIENCE = 60.0  # seconds; another run may be talking to a slow server
_TABLES = "SELECT 1 FROM sqlite_schema LIMIT 1"
OTHER_FILE = "followup --db FILE due"
_BUSY_SLICES = 40  # a wait for a lock is cut in slices, between which Ctrl-C is heard

_PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA recursive_triggers = ON",  # or INSERT OR REPLACE deletes rows past the triggers
    "PRAGMA secure_delete = ON",
    "PRAGMA synchronous = FULL",
    "PRAGMA cache_size = -32768",  # KiB at most: a long import need not write its pages again and again
)


class Database:
    """A connection to the data file. Every failure of the file or the disk comes out as a FollowupError."""

    def __init__(
        self, connection: sqlite3.Connection, path: Path, *, writable: bool, notice: str, timeout: float
    ) -> None:
        self._connection = connection
        self._timeout = timeout
        self.path = path
        self.writable = writable
        self.notice = notice

    @classmethod
    def open(cls, path: Path, *, create: bool = False, read_only: bool = False, timeout: float = BUSY_SECONDS) -> Self:
        """Open the data file at `path`; with `create`, make it if there is none. `timeout` is in seconds.

        Links are followed once. A file that is not ours is refused and left as it is (DataFileError); where
        there is none, or an empty one, that is a MissingFileError. A file that cannot be written is read all
        the same, and `notice` says so.
        """
        if sqlite3.sqlite_version_info < OLDEST_SQLITE:
            raise DataFileError(
                f"SQLite {sqlite3.sqlite_version} is too old for followup.",
                hint="Use a Python with SQLite 3.37 or newer.",
            )
        real, size = location.locate(path)
        if size == 0 and not create:
            raise MissingFileError(f"There is no data file at {path} yet.", hint="followup import FILE")
        if size == 0:
            location.create_private(real)
        with translated(real):
            refuse_foreign(real, size)
            writable = location.is_writable(real)
            connection, notice = _open_writable(real, timeout) if writable else _open_unwritable(real)
        return cls(connection, real, writable=writable and not read_only, notice=notice, timeout=timeout)

    def close(self) -> None:
        """Close the file; the log beside it is folded in and removed."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def backup(self, target: Path) -> None:
        """Write an exact copy, also while others write: complete and private, or not there at all.

        Replaces `target`. Raises DataFileError.
        """
        if os.path.realpath(target) == str(self.path):
            raise DataFileError(f"{target} is the data file itself.", hint="followup backup FILE")
        if self._connection.in_transaction:
            raise RuntimeError("a backup inside a write would hold what is not committed yet")
        with translated(target):
            copy_database(self._connection, target)

    @contextmanager
    def one_at_a_time(self, command: str, *, patience: float = PATIENCE) -> Iterator[None]:
        """Be the only one who runs this command on this data file; wait at most `patience` seconds for that.

        It is for what sends and remembers: whatever an earlier run left half done is a leftover then, and of nobody
        who is still at it. The lock is on an empty private file beside the data file, which all who use the same file
        share whatever they call it, which is theirs to write, and which is local wherever the data file is. It stays
        there: the lock ends with its process, the file does not matter. Raises BusyError, DataFileError where no lock
        can be had.
        """
        from filelock import FileLock, Timeout

        path = location.beside(self.path, f".{command.replace(' ', '-')}-lock")
        lock = FileLock(path, timeout=patience, mode=location.PRIVATE_FILE)
        try:
            lock.acquire()
        except Timeout:
            raise BusyError(
                f"Another followup {command} is still at work on {self.path}.", hint="Try again in a minute."
            ) from None
        except PermissionError:
            raise unwritable(self.path) from None
        except (OSError, NotImplementedError) as error:
            said = getattr(error, "strerror", None) or error
            raise DataFileError(f"{path} cannot be locked: {said}.", hint=f"rm {path}") from error
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def _snapshot(self) -> Iterator[None]:
        """Several reads that see one state of the file; inside a write they see that write."""
        if self._connection.in_transaction:
            yield
            return
        self._run("BEGIN")
        try:
            yield
        finally:
            self._run("COMMIT")

    def _all(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        with translated(self.path):
            cursor = self._connection.execute(sql, parameters)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor]

    def _first(self, sql: str, parameters: Parameters = ()) -> Row | None:
        return next(iter(self._all(sql, parameters)), None)

    def _run(self, sql: str, parameters: Parameters = ()) -> sqlite3.Cursor:
        with translated(self.path):
            return self._connection.execute(sql, parameters)

    def _run_many(self, sql: str, rows: Iterable[Parameters]) -> None:
        with translated(self.path):
            self._connection.executemany(sql, rows)


def refuse_foreign(path: Path, size: int) -> None:
    """Raise DataFileError unless the file at `path` is ours or empty.

    Looks at the first pages only, in a way that takes no lock and leaves no file beside it.
    """
    if 0 < size < _SMALLEST_PAGE:
        raise _no_sqlite_file(path)
    for last_look in (False, True):
        try:
            with closing(sqlite3.connect(f"{path.as_uri()}?immutable=1", uri=True)) as connection:
                _recognise(connection, path)
            return
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_NOTADB:
                raise _no_sqlite_file(path) from error
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_CORRUPT or last_look:
                raise
            if _logs(path):
                return  # perhaps just growing under another process: opening it properly tells


def _no_sqlite_file(path: Path) -> DataFileError:
    return DataFileError(f"{path} is not a data file of followup: it is no SQLite file.", hint=OTHER_FILE)


def _logs(path: Path) -> list[Path]:
    """What another process, or a crash, left beside the file."""
    return [log for suffix in ("-wal", "-journal") if (log := location.beside(path, suffix)).exists()]


def _recognise(connection: sqlite3.Connection, path: Path) -> int:
    """The data version of an open file, 0 when it is empty. Raises DataFileError if foreign or newer."""
    application, version = (
        connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")
    )
    blank = not application and not version and connection.execute(_TABLES).fetchone() is None
    if application != schema.APPLICATION_ID and not blank:
        raise DataFileError(
            f"{path} is not a data file of followup: it is the SQLite file of another program "
            f"(application id {application}).",
            hint=OTHER_FILE,
        )
    if version > schema.VERSION:
        raise DataFileError(
            f"{path} was written by a newer followup: it has data version {version}, "
            f"and this one knows {schema.VERSION}.",
            hint="pip install --upgrade followup",
        )
    return int(version)


def begin(connection: sqlite3.Connection, timeout: float) -> None:
    """Take the write lock at once (BEGIN IMMEDIATE), waiting at most `timeout` seconds for it.

    A deferred transaction would fail without waiting as soon as somebody else has written meanwhile.
    """
    connection.execute(f"PRAGMA busy_timeout = {round(timeout * 1000 / _BUSY_SLICES)}")
    try:
        for left in reversed(range(_BUSY_SLICES)):
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if left and error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
                    continue
                raise
            return
    finally:
        connection.execute(f"PRAGMA busy_timeout = {round(timeout * 1000)}")


def roll_back(connection: sqlite3.Connection) -> None:
    """Leave the transaction, if one is still open, with nothing changed."""
    if connection.in_transaction:
        connection.execute("ROLLBACK")


def copy_database(source: sqlite3.Connection, target: Path) -> None:
    """Copy to a private file beside `target`, then put it in place in one step."""
    part = location.beside(target, ".part")
    with suppress(FileNotFoundError):
        part.unlink()
    location.create_private(part)
    try:
        with closing(sqlite3.connect(f"{part.as_uri()}?mode=rw", uri=True)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, complete in itself
        part.replace(target)
        _flush_folder(target.parent)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _connect(path: Path | str, query: str, timeout: float = BUSY_SECONDS) -> sqlite3.Connection:
    name = f"{path.as_uri()}?{query}" if isinstance(path, Path) else path
    connection = sqlite3.connect(name, uri=True, timeout=timeout, isolation_level=None)
    try:
        for pragma in _PRAGMAS:
            connection.execute(pragma)
    except BaseException:
        connection.close()
        raise
    return connection


def _open_writable(path: Path, timeout: float) -> tuple[sqlite3.Connection, str]:
    connection = _connect(path, "mode=rw", timeout)
    try:
        if _recognise(connection, path) < schema.VERSION:
            _bring_up_to_date(connection, path, timeout)
        return connection, _choose_journal_mode(connection, path)
    except BaseException:
        connection.close()
        raise


def _bring_up_to_date(connection: sqlite3.Connection, path: Path, timeout: float) -> None:
    """Create the tables, or run the migrations that are missing after copying the file: all or nothing."""
    from followup.store.migrations import migrate

    begin(connection, timeout)
    try:
        version = _recognise(connection, path)
        if version < schema.VERSION:  # nobody else did it while we waited for the lock
            if version:
                with closing(_connect(path, "mode=rw", timeout)) as reader:
                    copy_database(reader, location.beside(path, f".bak-{version}"))
            migrate(connection)
            connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {schema.VERSION}")
        connection.execute("COMMIT")
    finally:
        roll_back(connection)


def _choose_journal_mode(connection: sqlite3.Connection, path: Path) -> str:
    """A write-ahead log on a local disk; on a network drive, where none works, a journal and a notice."""
    network = location.network_type(path)
    wanted = "delete" if network else "wal"
    mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
    if mode != wanted:
        with suppress(sqlite3.OperationalError):  # in use by others just now: the next opening will do it
            mode = connection.execute(f"PRAGMA journal_mode = {wanted}").fetchone()[0]
    if network:
        return f"{path} lies on a network drive ({network}): use it from one computer at a time."
    return ""


def _open_unwritable(path: Path) -> tuple[sqlite3.Connection, str]:
    """Read a file that cannot be written: in place when it is complete, else a private copy in memory."""
    logs = _logs(path)
    if any(log.stat().st_size for log in logs):
        connection = _private_copy(path, logs)
        notice = f"{path} cannot be written: this is a private copy of it, and nothing can be recorded."
    else:
        connection = _connect(path, "immutable=1")
        notice = f"{path} cannot be written: it can be read, but nothing can be recorded."
    try:
        connection.execute("PRAGMA query_only = ON")
        if _recognise(connection, path) < schema.VERSION:
            raise DataFileError(
                f"{path} was written by an older followup and cannot be brought up to date: it is read-only.",
                hint=unwritable(path).hint,
            )
    except BaseException:
        connection.close()
        raise
    return connection, notice


def _private_copy(path: Path, logs: Iterable[Path]) -> sqlite3.Connection:
    import shutil  # seldom needed, and slow to load
    import tempfile

    with tempfile.TemporaryDirectory(prefix="followup-") as folder:
        copy = Path(folder, path.name)
        for each in (path, *logs):
            target = Path(folder, each.name)
            shutil.copyfile(each, target)
            target.chmod(location.PRIVATE_FILE)
        memory = _connect(":memory:", "")
        with closing(_connect(copy, "mode=rw")) as source:
            source.backup(memory)
    return memory
