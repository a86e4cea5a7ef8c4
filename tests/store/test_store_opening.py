"""Opening: private from birth, foreign files left alone, read-only places, network drives."""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import sqlite3
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from followup.errors import EXIT_DATA_FILE, DataFileError
from followup.store import MissingFileError, Store, location, schema

NOW = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def too_open(folder: Path) -> list[str]:
    """What in or below a folder anybody but the owner may touch."""
    return [str(each) for each in [folder, *folder.rglob("*")] if each.lstat().st_mode & 0o077]


def tables(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        return {row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}


# A file that is not there


def test_no_file_is_said_and_none_is_made(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError) as refusal:
        Store.open(tmp_path / "followup.db")
    assert refusal.value.hint == "followup import FILE"
    assert list(tmp_path.iterdir()) == []


def test_an_empty_file_counts_as_none_until_it_is_to_be_created(tmp_path: Path) -> None:
    path = tmp_path / "followup.db"
    path.touch()
    with pytest.raises(MissingFileError):
        Store.open(path)
    assert path.read_bytes() == b""
    with Store.open(path, create=True) as store:
        assert store.customer_count() == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077, 0o777])
def test_everything_made_is_private_whatever_the_umask(tmp_path: Path, mask: int, sample) -> None:
    """The file, its log, its index, and the folders on the way."""
    tmp_path.chmod(0o700)
    path = tmp_path / "share" / "followup" / "followup.db"
    with umask(mask), Store.open(path, create=True) as store:
        sample.sell(store)
        made = {each.name for each in path.parent.iterdir()}
        assert made == {"followup.db", "followup.db-wal", "followup.db-shm"}
        assert too_open(tmp_path) == []
    assert [each.name for each in path.parent.iterdir()] == ["followup.db"]
    assert too_open(tmp_path) == []


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_a_backup_is_private_whatever_the_umask(store: Store, tmp_path: Path, mask: int) -> None:
    target = tmp_path / "safe" / "copy.db"
    with umask(mask):
        store.backup(target)
    assert too_open(target.parent) == []


def test_folders_that_are_there_keep_their_mode(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir(mode=0o755)
    shared.chmod(0o755)
    Store.open(shared / "followup.db", create=True).close()
    assert stat.S_IMODE(shared.stat().st_mode) == 0o755


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DataFileError) as refusal:
        Store.open(tmp_path / "file" / "followup.db", create=True)
    assert "\n" not in refusal.value.sentence


def test_many_processes_may_create_the_same_file_at_once(tmp_path: Path) -> None:
    path = tmp_path / "followup.db"
    script = (
        "import sys; from pathlib import Path; from followup.store import Store; sys.stdin.read(1);"
        "store = Store.open(Path(sys.argv[1]), create=True); print(store.customer_count()); store.close()"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    answers = [process.communicate("x") for process in processes]
    assert answers == [("0\n", "")] * 4
    with Store.open(path) as store:
        assert store.customer_count() == 0


# Files that are not ours


def sqlite_file(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in ("CREATE TABLE moz_places (id INTEGER PRIMARY KEY, url TEXT)", *statements):
            connection.execute(statement)


def ours(path: Path) -> None:
    with Store.open(path, create=True) as store, store.write(command="fill", now=NOW):
        for number in range(200):
            store.set_setting(f"name {number}", "value " * 50)


def newer(path: Path) -> None:
    ours(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA user_version = 99")


def cut(path: Path, size: int) -> None:
    ours(path)
    os.truncate(path, size)


def bound_socket(path: Path) -> None:
    with closing(socket.socket(socket.AF_UNIX)) as listening:
        before = Path.cwd()
        os.chdir(path.parent)  # the name of a socket must be short
        try:
            listening.bind(path.name)
        finally:
            os.chdir(before)


WRONG: dict[str, tuple[Callable[[Path], object], str]] = {
    "another program's SQLite file": (sqlite_file, "another program"),
    "another program's SQLite file with a log": (
        lambda path: sqlite_file(path, "PRAGMA journal_mode = WAL"),
        "another program",
    ),
    "another program's data version": (
        lambda path: sqlite_file(path, "PRAGMA user_version = 1"),
        "another program",
    ),
    "another application id": (
        lambda path: sqlite_file(path, "PRAGMA application_id = 252006675"),
        "application id 252006675",
    ),
    "another application id and no table": (
        lambda path: sqlite_file(path, "DROP TABLE moz_places", "PRAGMA application_id = 7"),
        "application id 7",
    ),
    "a newer data version": (newer, "data version 99"),
    "fifty bytes": (lambda path: path.write_bytes(os.urandom(50)), "no SQLite file"),
    "one byte": (lambda path: path.write_bytes(b"x"), "no SQLite file"),
    "a CSV file": (lambda path: path.write_text("name,email\nAnn,ann@a.test\n" * 400), "no SQLite file"),
    "zeros": (lambda path: path.write_bytes(bytes(8192)), "no SQLite file"),
    "cut in the first page": (lambda path: cut(path, 700), "damaged"),
    "cut in the middle": (lambda path: cut(path, 4096 * 9), "damaged"),
    "a folder": (lambda path: path.mkdir(), "a folder"),
    "a named pipe": (os.mkfifo, "a named pipe"),
    "a socket": (bound_socket, "a socket"),
    "a dangling link": (lambda path: path.symlink_to("nowhere.db"), "does not exist"),
    "a loop of links": (lambda path: path.symlink_to(path), "cannot be opened"),
}


def state(folder: Path) -> dict[str, str]:
    """Everything in a folder with what it holds."""
    found = {}
    for each in sorted(folder.rglob("*")):
        mode = each.lstat().st_mode
        content = hashlib.sha256(each.read_bytes()).hexdigest() if stat.S_ISREG(mode) else ""
        found[str(each)] = f"{mode:o} {content}"
    return found


@pytest.mark.trust
@pytest.mark.parametrize("create", [False, True], ids=["to read", "to create"])
@pytest.mark.parametrize("kind", WRONG)
def test_what_is_not_ours_is_refused_and_left_alone(tmp_path: Path, kind: str, create: bool) -> None:
    """One sentence, exit code 3, at once, every byte and the folder as before."""
    make, names = WRONG[kind]
    path = tmp_path / "followup.db"
    make(path)
    before = state(tmp_path)
    began = time.monotonic()
    with pytest.raises(DataFileError) as refusal:
        Store.open(path, create=create)
    assert time.monotonic() - began < 2
    assert names in refusal.value.sentence
    assert str(path) in refusal.value.sentence
    assert "\n" not in refusal.value.sentence
    assert refusal.value.hint
    assert refusal.value.exit_code == EXIT_DATA_FILE
    assert state(tmp_path) == before


def test_a_link_to_the_data_file_is_followed_once(tmp_path: Path, empty_file: Path) -> None:
    (tmp_path / "real").mkdir()
    shutil.copy(empty_file, tmp_path / "real" / "followup.db")
    link = tmp_path / "link.db"
    link.symlink_to("real/followup.db")
    with Store.open(link) as store:
        assert store.path == (tmp_path / "real" / "followup.db").resolve()
    assert link.is_symlink()


def test_a_damaged_page_is_said_where_it_is_read(tmp_path: Path, sample) -> None:
    path = tmp_path / "followup.db"
    with Store.open(path, create=True) as store:
        for number in range(60):
            sample.sell(store, f"customer-{number}", notes="words " * 300)
    content = bytearray(path.read_bytes())
    content[-40 * 4096 : -4096] = b"\xff" * 39 * 4096
    path.write_bytes(content)
    with pytest.raises(DataFileError, match="is damaged"), Store.open(path) as store:
        list(store.customer_facts())


# How it is opened


def test_the_file_says_whose_it_is_and_of_which_version(store: Store) -> None:
    header = store.path.read_bytes()[:100]
    assert header[:16] == b"SQLite format 3\x00"
    assert int.from_bytes(header[68:72], "big") == schema.APPLICATION_ID
    assert int.from_bytes(header[60:64], "big") == schema.VERSION


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("secure_delete", 1),
        ("recursive_triggers", 1),
        ("journal_mode", "wal"),
        ("busy_timeout", 10_000),
    ],
)
def test_how_the_file_is_kept_safe(store: Store, pragma: str, value: object) -> None:
    """FULL means that an acknowledged write is on the disk."""
    assert store._connection.execute(f"PRAGMA {pragma}").fetchone()[0] == value


def test_every_table_is_strict(store: Store) -> None:
    rows = store._connection.execute("PRAGMA table_list").fetchall()
    kinds = {name: strict for _, name, kind, _, _, strict in rows if kind == "table"}
    ours = {name: strict for name, strict in kinds.items() if not name.startswith("sqlite_")}
    assert set(schema.FACT_TABLES) | set(schema.PROJECTION_TABLES) < set(ours)
    assert ours == dict.fromkeys(ours, 1)


def test_an_orphan_is_refused_by_the_file_itself(store: Store, sample) -> None:
    with (
        pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"),
        store.write(command="add", now=sample.now),
    ):
        store._run("INSERT INTO anchor (sale_id, name, on_date) VALUES (99, 'sale', '2026-01-01')")


def test_what_was_deleted_leaves_no_trace(new_file: Callable[[], Path], sample) -> None:
    """`secure_delete` overwrites, and the log goes when the file is closed."""
    path = new_file()
    with Store.open(path) as store:
        with store.write(command="set", now=sample.now):
            store.set_setting("secret", "MARKER-31337")
        with store.write(command="set", now=sample.now):
            store._run("DROP TRIGGER setting_delete_journaled")
            store.set_setting("secret", None)
    assert b"MARKER-31337" not in path.read_bytes()
    assert not path.with_name(path.name + "-wal").exists()


def test_reading_does_not_load_sqlite_utils(store: Store, sample) -> None:
    """Its import costs a tenth of a second."""
    sample.save(store, sample.sell(store).sale_id, sample.touchpoint())
    script = (
        "import sys; from datetime import date; from pathlib import Path; from followup.store import Store\n"
        "with Store.open(Path(sys.argv[1])) as store:\n"
        "    print(len(store.due(until=date(2027, 1, 1))), len(list(store.customer_facts())))\n"
        "heavy = {'sqlite_utils', 'hashlib', 'tempfile', 'shutil', 'typer', 'rich', 'yaml'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    answer = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path[:] = {sys.path!r}\n{script}", str(store.path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (answer.stdout, answer.stderr) == ("1 1\n[]\n", "")


def test_read_only_on_request(store: Store, sample) -> None:
    sample.sell(store)
    with Store.open(store.path, read_only=True) as reader:
        assert reader.writable is False
        assert reader.notice == ""
        assert reader.customer_count() == 1
        with pytest.raises(DataFileError), reader.write(command="add", now=sample.now):
            pass


# Places that cannot be written


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that a plain user can reach (those of pytest are for one user only)."""
    folder = Path(tempfile.mkdtemp(prefix="followup-test-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        for each in [folder, *folder.rglob("*")]:
            each.chmod(0o700)
        shutil.rmtree(folder)


@contextmanager
def plain_user() -> Iterator[None]:
    """Modes mean nothing to root: be somebody else for a while."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def filled_file(public_folder: Path, sample) -> Path:
    path = public_folder / "place" / "followup.db"
    with Store.open(path, create=True) as store:
        sample.sell(store)
    path.chmod(0o644)
    return path


@pytest.mark.trust
@pytest.mark.parametrize("closed", ["file", "folder"])
def test_a_place_that_cannot_be_written_can_be_read(filled_file: Path, closed: str, sample) -> None:
    """A file with a write-ahead log in a read-only folder; SQLite alone cannot even read it."""
    filled_file.parent.chmod(0o555 if closed == "folder" else 0o777)
    filled_file.chmod(0o444 if closed == "file" else 0o666)
    before = state(filled_file.parent)
    with plain_user(), Store.open(filled_file) as store:
        assert store.customer_count() == 1
        assert store.writable is False
        assert "cannot be written" in store.notice
        with pytest.raises(DataFileError, match="read-only"), store.write(command="add", now=sample.now):
            pass
    assert state(filled_file.parent) == before


@pytest.mark.trust
def test_what_only_the_log_holds_is_read_too(filled_file: Path, sample) -> None:
    """After a crash the newest facts are in `-wal` only; a read-only place shows them from a private copy."""
    with Store.open(filled_file) as store:
        sample.sell(store, "late")
        crashed = filled_file.parent.parent / "crashed"
        shutil.copytree(filled_file.parent, crashed)
    for each in crashed.iterdir():
        each.chmod(0o444)
    crashed.chmod(0o555)
    before = state(crashed)
    with plain_user(), Store.open(crashed / "followup.db") as store:
        assert {customer.key for customer in store.customers()} == {"acme", "late"}
        assert "private copy" in store.notice
        with pytest.raises(DataFileError), store.write(command="add", now=sample.now):
            pass
    assert state(crashed) == before


@pytest.mark.trust
def test_a_file_that_cannot_be_read_is_refused(filled_file: Path) -> None:
    filled_file.parent.chmod(0o755)
    filled_file.chmod(0o000)
    with plain_user(), pytest.raises(DataFileError, match="cannot be read") as refusal:
        Store.open(filled_file)
    assert refusal.value.hint == f"chmod u+r {filled_file}"


@pytest.mark.trust
def test_a_folder_that_cannot_be_written_makes_no_file(public_folder: Path) -> None:
    public_folder.chmod(0o555)
    with plain_user(), pytest.raises(DataFileError, match="cannot be created"):
        Store.open(public_folder / "deeper" / "followup.db", create=True)
    assert list(public_folder.iterdir()) == []


# Network drives

MOUNTS = """\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
40 22 0:35 / /home/ann/remote\\040files rw,relatime - nfs4 server:/export rw
41 22 0:36 / /home/ann/remote\\040files/local rw - tmpfs tmpfs rw
42 22 0:37 / /mnt/cloud rw - fuse.sshfs ann@host: rw
43 22 0:38 / /mnt/c rw - 9p drvfs rw
garbage
"""


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/home/ann/followup.db", ""),
        ("/home/ann/remote files/followup.db", "nfs4"),
        ("/home/ann/remote files/local/followup.db", ""),
        ("/mnt/cloud/deep/followup.db", "fuse.sshfs"),
        ("/mnt/clouds/followup.db", ""),
        ("/mnt/c/followup.db", "9p"),
    ],
)
def test_network_drives_are_recognised(path: str, found: str) -> None:
    assert location._network_type(Path(path), MOUNTS) == found


def test_a_local_disk_is_no_network_drive(tmp_path: Path) -> None:
    assert location.network_type(tmp_path) == ""


def test_on_a_network_drive_there_is_no_write_ahead_log(
    new_file: Callable[[], Path], monkeypatch: pytest.MonkeyPatch, sample
) -> None:
    """A log does not work there, so the older journal serves, and a notice says what that means."""
    path = new_file()
    monkeypatch.setattr(location, "network_type", lambda path: "nfs4")
    with Store.open(path) as store:
        sample.sell(store)
        assert store._connection.execute("PRAGMA journal_mode").fetchone()[0] == "delete"
        assert store._connection.execute("PRAGMA synchronous").fetchone()[0] == 2
        assert "network drive (nfs4)" in store.notice
        assert not path.with_name(path.name + "-wal").exists()
    monkeypatch.undo()
    with Store.open(path) as store:
        assert store._connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        assert store.notice == ""
        assert store.customer_count() == 1


# Backup


def test_a_backup_is_complete_in_one_file_and_opens(store: Store, tmp_path: Path, sample) -> None:
    sample.sell(store)
    target = tmp_path / "backup.db"
    target.write_text("an older backup")
    store.backup(target)
    assert not list(tmp_path.glob("backup.db?*"))
    with Store.open(target) as copy:
        assert list(copy.customer_facts()) == list(store.customer_facts())


def test_a_backup_replaces_a_link_and_not_what_it_points_at(store: Store, tmp_path: Path) -> None:
    precious = tmp_path / "precious.txt"
    precious.write_text("mine")
    target = tmp_path / "backup.db"
    target.symlink_to(precious)
    store.backup(target)
    assert precious.read_text() == "mine"
    assert not target.is_symlink()


@pytest.mark.parametrize("place", ["itself", "a folder"])
def test_a_backup_that_cannot_be_is_refused_without_a_stump(store: Store, tmp_path: Path, place: str) -> None:
    (tmp_path / "folder").mkdir()
    before = sorted(tmp_path.iterdir())
    with pytest.raises(DataFileError):
        store.backup(store.path if place == "itself" else tmp_path / "folder")
    assert sorted(tmp_path.iterdir()) == before


def test_a_backup_does_not_hold_what_is_not_committed(store: Store, tmp_path: Path, sample) -> None:
    with store.write(command="add", now=sample.now), pytest.raises(RuntimeError):
        store.backup(tmp_path / "backup.db")
