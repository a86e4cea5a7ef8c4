"""The data file as a file: what lies at its path, private creation, who may write, drives, locks."""

from __future__ import annotations

import os
import re
import stat
from contextlib import suppress
from pathlib import Path

from followup.errors import DataFileError

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700

_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
_HINT = "followup --db FILE due"

_NETWORK = re.compile(r"nfs4?|cifs|smb3|smbfs|9p|afs|ceph|lustre|gpfs|davfs|fuse\.(sshfs|rclone|davfs2?|s3fs|.*smb.*)")
_MOUNTS = Path("/proc/self/mountinfo")
_LOCKS = Path("/proc/locks")

# The bytes that SQLite locks to write: in `-shm` when there is a write-ahead log, else in the file itself.
_WAL_WRITE_BYTE = 120
_PENDING_BYTE = 0x4000_0000


def locate(path: Path) -> tuple[Path, int]:
    """The real path, links followed once, and the size of the file there; 0 when nothing is there yet.

    Raises DataFileError for a folder, a pipe, a dangling link, a loop of links and the like, unopened.
    """
    try:
        real = Path(os.path.realpath(path))
        found = real.stat()
    except FileNotFoundError as error:
        if os.path.islink(path):  # noqa: PTH114 - a failing disk must not fail the question
            raise DataFileError(f"{path} is a link to {real}, which does not exist.", hint=_HINT) from error
        return real, 0
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise DataFileError(f"{path} cannot be opened: {said}.", hint=_HINT) from error
    for is_kind, name in _KINDS:
        if is_kind(found.st_mode):
            raise DataFileError(f"{path} is {name}, not a data file of followup.", hint=_HINT)
    if not _allowed(real, os.R_OK):
        raise DataFileError(f"{path} cannot be read: permission denied.", hint=f"chmod u+r {path}")
    return real, found.st_size


def create_private(path: Path) -> None:
    """Make an empty file that only its owner may read, in folders that only the owner may enter.

    The umask does not matter. A file or folder that is there stays; an empty file becomes private. Raises
    DataFileError.
    """
    try:
        for folder in reversed([each for each in path.parents if not each.exists()]):
            with suppress(FileExistsError):
                folder.mkdir(PRIVATE_FOLDER)
                folder.chmod(PRIVATE_FOLDER)
        handle = os.open(path, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, PRIVATE_FILE)
        try:
            os.fchmod(handle, PRIVATE_FILE)
        finally:
            os.close(handle)
    except OSError as error:
        raise DataFileError(
            f"{path} cannot be created: {error.strerror}.", hint="followup --db FILE import CUSTOMERS.csv"
        ) from error


def is_writable(path: Path) -> bool:
    """True when both the file and its folder can be written: SQLite keeps its log beside the file."""
    return _allowed(path, os.W_OK) and _allowed(path.parent, os.W_OK)


def _allowed(path: Path, mode: int) -> bool:
    return os.access(path, mode, effective_ids=os.access in os.supports_effective_ids)


def beside(path: Path, suffix: str) -> Path:
    """A file with the same name and a longer end: `-wal`, `-shm`, `-journal`, `.bak-1`."""
    return path.with_name(path.name + suffix)


def network_type(path: Path) -> str:
    """The type of the network drive that holds `path`, such as `nfs4`; empty for a local or unknown one."""
    with suppress(OSError):
        if os.major(path.stat().st_dev) == 0:  # a real disk has a number
            return _network_type(path, _MOUNTS.read_text(errors="surrogateescape"))
    return ""


def _network_type(path: Path, mounts: str) -> str:
    best = ""
    found = ""
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        fields = before.split(" ")
        if len(fields) < 5 or not after:
            continue
        point = _unescaped(fields[4])
        if len(point) >= len(best) and path.is_relative_to(point):
            best, found = point, after.split(" ", 1)[0]
    return found if _NETWORK.fullmatch(found) else ""


def _unescaped(text: str) -> str:
    for code, character in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        text = text.replace(code, character)
    return text


def lock_holder(path: Path) -> int | None:
    """The other process that holds the write lock of the data file at `path`, where the system tells (Linux)."""
    with suppress(OSError):
        locks = _LOCKS.read_text()
        return _holder(beside(path, "-shm"), locks, _WAL_WRITE_BYTE) or _holder(path, locks, _PENDING_BYTE + 1)
    return None


def _holder(path: Path, locks: str, byte: int) -> int | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    place = f"{os.major(found.st_dev):02x}:{os.minor(found.st_dev):02x}:{found.st_ino}"
    for line in locks.splitlines():
        fields = line.split()
        if len(fields) == 8 and fields[3] == "WRITE" and fields[5] == place:
            last = float("inf") if fields[7] == "EOF" else int(fields[7])
            process = int(fields[4])
            if int(fields[6]) <= byte <= last and process > 0 and process != os.getpid():
                return process
    return None
