"""Writing: one transaction, waiting for others, nothing partial after any failure."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from followup.core.model.activity import Activity
from followup.core.model.customer import Customer
from followup.errors import EXIT_BUSY, EXIT_DATA_FILE, BusyError, DataFileError, FollowupError
from followup.store import Store, journal
from followup.store.failures import translated

NOW = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)


def keys(store: Store) -> set[str]:
    return {customer.key for customer in store.customers()}


def customers(count: int, prefix: str = "c") -> list[Customer]:
    return [Customer(key=f"{prefix}{number}", name=f"Customer {number}") for number in range(count)]


# One transaction


def test_a_write_is_kept_when_it_ends_well(store: Store) -> None:
    with store.write(command="add", now=NOW):
        store.add_customers(customers(3))
    with Store.open(store.path) as other:
        assert keys(other) == {"c0", "c1", "c2"}


def fail_in_a_write(store: Store, failure: type[BaseException]) -> None:
    with store.write(command="add", now=NOW):
        store.add_customers(customers(555))
        raise failure


@pytest.mark.parametrize("failure", [ZeroDivisionError, KeyboardInterrupt, SystemExit, GeneratorExit])
def test_a_write_that_fails_or_is_interrupted_changes_nothing(store: Store, failure: type[BaseException]) -> None:
    with pytest.raises(failure):
        fail_in_a_write(store, failure)
    assert keys(store) == set()
    assert store.history() == []
    with store.write(command="add", now=NOW):
        store.add_customers(customers(1))
    assert keys(store) == {"c0"}


def test_a_dry_run_shows_and_changes_nothing(store: Store) -> None:
    with store.write(command="add", now=NOW, dry_run=True) as entry:
        store.add_customers(customers(3))
        entry.summary = "3 customers"
        assert keys(store) == {"c0", "c1", "c2"}
    assert keys(store) == set()
    assert store.history() == []


def test_writes_do_not_nest(store: Store) -> None:
    with store.write(command="add", now=NOW):
        store.add_customers(customers(1))
        with pytest.raises(RuntimeError), store.write(command="add", now=NOW):
            pass
    assert keys(store) == {"c0"}


def test_an_instant_without_a_zone_is_a_bug(store: Store) -> None:
    with pytest.raises(ValueError, match="zone"), store.write(command="add", now=NOW.replace(tzinfo=None)):
        pass


@pytest.mark.parametrize(
    "change",
    [
        lambda store: store.add_customer(Customer(key="a", name="A")),
        lambda store: store.add_activity(Activity(kind="contacted", on=date(2026, 1, 1))),
        lambda store: store.set_setting("a", "b"),
        lambda store: store.set_setting("a", None),
        lambda store: store.save_plans([]),
        lambda store: store.undo(),
    ],
)
def test_a_change_outside_a_write_is_a_bug(store: Store, change: Callable[[Store], object]) -> None:
    with pytest.raises(RuntimeError, match="write"):
        change(store)


def test_the_file_itself_refuses_what_goes_past_the_journal(store: Store) -> None:
    """Also with another program: without a running entry a fact cannot change."""
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        with pytest.raises(sqlite3.IntegrityError, match=r"journal\.entry_id"):
            other.execute("INSERT INTO setting (name, value) VALUES ('a', 'b')")
        assert other.execute("SELECT count(*) FROM setting").fetchone() == (0,)


def test_text_that_is_no_unicode_is_refused_with_a_sentence(store: Store) -> None:
    """What a terminal in another encoding hands over."""
    with pytest.raises(FollowupError, match="not valid Unicode"), store.write(command="add", now=NOW):
        store.add_customer(Customer(key="a", name="caf\udce9"))
    assert keys(store) == set()


# The write lock is taken at once


@contextmanager
def statements(store: Store) -> Iterator[list[str]]:
    seen: list[str] = []
    store._connection.set_trace_callback(seen.append)
    try:
        yield seen
    finally:
        store._connection.set_trace_callback(None)


def locks_at_once(store: Store) -> bool:
    """Whether a write takes the lock before it reads or changes anything, and ends in one commit."""
    with statements(store) as seen, store.write(command="add", now=NOW):
        store.key_exists("a")
        store.set_setting("name", f"value {len(seen)}")
    seen = [each for each in seen if "busy_timeout" not in each and not each.startswith("--")]
    return seen[0] == "BEGIN IMMEDIATE" and seen[-1] == "COMMIT" and sum("COMMIT" in each for each in seen) == 1


def test_a_write_takes_the_lock_before_it_reads(store: Store) -> None:
    """A deferred BEGIN fails at once under cron and hand use, whatever the timeout."""
    assert locks_at_once(store)


def test_the_check_above_sees_a_deferred_transaction(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "begin", lambda connection, timeout: connection.execute("BEGIN"))
    assert not locks_at_once(store)


# Others write too

WRITER = """
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from followup.core.model.activity import Activity
from followup.store import Store

path, name, times, sale_id = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
sys.stdin.read(1)
for number in range(times):
    with Store.open(path) as store:
        store.due(until=date(2027, 1, 1))
        with store.write(command="done", now=datetime(2026, 1, 5, tzinfo=UTC)) as entry:
            count = int(store.setting("count") or 0)
            store.add_activity(
                Activity(sale_id=sale_id, kind="contacted", on=date(2026, 1, 5), note=f"{name} {number}")
            )
            store.set_setting("count", str(count + 1))
            entry.summary = f"{name} {number}"
"""


@pytest.mark.trust
def test_four_processes_lose_nothing_and_see_no_lock(store: Store, sample) -> None:
    """4 x 25 writes, each of which also reads; the sum tells a lost update."""
    sale_id = sample.sell(store).sale_id
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(store.path), f"p{number}", "25", str(sale_id)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(4)
    ]
    answers = [process.communicate("x") for process in processes]
    assert answers == [("", "")] * 4
    notes = {row["note"] for row in store._all("SELECT note FROM activity")}
    assert notes == {f"p{process} {number}" for process in range(4) for number in range(25)}
    assert store.setting("count") == "100"
    assert len(store.history(limit=1000)) == 101


@contextmanager
def locked(path: Path) -> Iterator[sqlite3.Connection]:
    """Another process' write lock."""
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other
        if other.in_transaction:
            other.execute("ROLLBACK")


def test_a_lock_that_stays_ends_in_one_sentence(store: Store) -> None:
    """Within the time, exit code 75, nothing changed; reading goes on meanwhile."""
    with Store.open(store.path, timeout=0.4) as waiting, locked(store.path):
        began = time.monotonic()
        with pytest.raises(BusyError) as refusal, waiting.write(command="add", now=NOW):
            pass
        waited = time.monotonic() - began
        assert keys(waiting) == set()
    assert 0.3 <= waited <= 1.5
    assert refusal.value.exit_code == EXIT_BUSY
    assert str(store.path) in refusal.value.sentence
    assert refusal.value.sentence.startswith("Another process is writing"), "this process is not another one"
    assert refusal.value.hint == "Try again in a moment."


def test_a_lock_that_goes_is_waited_for(store: Store) -> None:
    with Store.open(store.path, timeout=10) as waiting, locked(store.path) as other:
        timer = threading.Timer(0.4, lambda: other.execute("ROLLBACK"))
        timer.start()
        with waiting.write(command="add", now=NOW):
            waiting.add_customers(customers(1))
        timer.join()
    assert keys(store) == {"c0"}


@pytest.mark.skipif(not Path("/proc/locks").exists(), reason="only Linux tells who holds a lock")
@pytest.mark.parametrize("mode", ["WAL", "DELETE"])
def test_the_process_that_holds_the_lock_is_named(new_file: Callable[[], Path], mode: str) -> None:
    path = new_file()
    script = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "c.execute('PRAGMA journal_mode = ' + sys.argv[2]); c.execute('BEGIN IMMEDIATE');"
        "print('locked', flush=True); sys.stdin.read(1)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(path), mode], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "locked\n"
        with (
            pytest.raises(BusyError, match=rf"\({holder.pid}\)"),
            Store.open(path, timeout=0.2) as store,
            store.write(command="add", now=NOW),
        ):
            pass
        holder.communicate("x")


# The disk


def test_a_full_disk_is_said_and_nothing_changes(store: Store) -> None:
    with store.write(command="add", now=NOW):
        store.add_customers(customers(1, "before"))
    pages = store._connection.execute("PRAGMA page_count").fetchone()[0]
    store._connection.execute(f"PRAGMA max_page_count = {pages + 5}")
    with pytest.raises(DataFileError, match="is full") as refusal, store.write(command="add", now=NOW):
        store.add_customers(customers(5000))
    assert refusal.value.exit_code == EXIT_DATA_FILE
    assert keys(store) == {"before0"}
    store._connection.execute("PRAGMA max_page_count = 1000000")
    with store.write(command="add", now=NOW):
        store.add_customers(customers(1, "after"))
    assert keys(store) == {"before0", "after0"}


# kill -9

# Forks a child for each kill from a process that has everything loaded: many kills in little time.
KILLER = """
import json, os, random, shutil, signal, sys, time
from datetime import UTC, datetime
from pathlib import Path
from followup.core.model.customer import Contact, Customer
from followup.store import Store

NOW = datetime(2026, 1, 5, tzinfo=UTC)

def one_import(store, told, size):
    with store.write(command="import", now=NOW):
        ids = store.add_customers([Customer(key=f"c{n}", name="N" * 40) for n in range(size)])
        store.add_contacts([Contact(customer_id=each, name="Contact") for each in ids])
    os.write(told, b".")

def many_writes(store, told, size):
    for number in range(size):
        with store.write(command="add", now=NOW):
            customer_id = store.add_customer(Customer(key=f"c{number}", name="N" * 40))
            store.add_contact(Contact(customer_id=customer_id, name="Contact"))
        os.write(told, b".")

def run_and_kill(path, work, size, delay):
    reading, told = os.pipe()
    pid = os.fork()
    if not pid:
        store = Store.open(path)
        os.write(told, b"(")
        work(store, told, size)
        os._exit(0)
    os.close(told)
    os.read(reading, 1)
    began = time.monotonic()
    if delay is not None:
        time.sleep(delay)
        os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    took = time.monotonic() - began
    acknowledged = len(os.read(reading, 65536))
    os.close(reading)
    return took, acknowledged

def count(store, table):
    return store._first(f"SELECT count(*) AS n FROM {table}")["n"]

template, work, size, kills, seed = Path(sys.argv[1]), globals()[sys.argv[2]], *map(int, sys.argv[3:])
chance = random.Random(seed)
path = template.with_name("killed.db")
longest = None
for number in range(kills + 1):
    for left in path.parent.glob(path.name + "*"):
        left.unlink()
    shutil.copy(template, path)
    took, acknowledged = run_and_kill(path, work, size, longest and chance.random() * longest * 1.2)
    longest = longest or took
    with Store.open(path) as store:
        tables = ("customer", "contact", "journal_entry", "journal", "journal_open")
        found = {table: count(store, table) for table in tables}
        found["integrity"] = store._first("PRAGMA integrity_check")["integrity_check"]
        found["orphans"] = len(store._all("PRAGMA foreign_key_check"))
        with store.write(command="next", now=NOW):
            store.set_setting("next", "command")
    print(json.dumps({"acknowledged": acknowledged} | found))
"""


@pytest.mark.trust
@pytest.mark.parametrize(
    ("work", "size", "at_once"), [("one_import", 2000, 2000), ("many_writes", 40, 1)], ids=["import", "writes"]
)
def test_kill_9_leaves_nothing_partial(new_file: Callable[[], Path], work: str, size: int, at_once: int) -> None:
    """30 kills each; nothing acknowledged is lost, nothing is half there, the next command works."""
    killer = subprocess.run(
        [sys.executable, "-c", KILLER, str(new_file()), work, str(size), "30", "20260105"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert killer.stderr == ""
    untouched, *killed = [json.loads(line) for line in killer.stdout.splitlines()]
    assert untouched["customer"] == size
    assert len(killed) == 30
    assert any(found["customer"] < size for found in killed), "every kill came too late"
    for found in [untouched, *killed]:
        written, rest = divmod(found["customer"], at_once)
        assert rest == 0
        assert written - found["acknowledged"] in (0, 1)
        assert found["contact"] == found["customer"]
        assert found["journal_entry"] == written
        assert found["journal"] == 2 * found["customer"]
        assert (found["journal_open"], found["orphans"], found["integrity"]) == (0, 0, "ok")


@pytest.mark.parametrize(
    ("code", "kind", "says"),
    [
        (sqlite3.SQLITE_BUSY, BusyError, "writing to"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, BusyError, "writing to"),
        (sqlite3.SQLITE_LOCKED, BusyError, "writing to"),
        (sqlite3.SQLITE_CORRUPT, DataFileError, "is damaged"),
        (sqlite3.SQLITE_NOTADB, DataFileError, "is damaged"),
        (sqlite3.SQLITE_FULL, DataFileError, "is full"),
        (sqlite3.SQLITE_IOERR_FSYNC, DataFileError, "failed"),
        (sqlite3.SQLITE_READONLY_DIRECTORY, DataFileError, "read-only"),
        (sqlite3.SQLITE_CANTOPEN, DataFileError, "cannot be opened"),
    ],
)
def test_what_can_go_wrong_with_a_disk_is_one_sentence(
    tmp_path: Path, code: int, kind: type[FollowupError], says: str
) -> None:
    error = sqlite3.OperationalError("detail")
    error.sqlite_errorcode = code
    path = tmp_path / "followup.db"
    with pytest.raises(kind, match=says) as failure, translated(path):
        raise error
    assert str(path) in failure.value.sentence
    assert failure.value.hint


def test_a_mistake_in_the_program_is_not_dressed_up(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError), translated(tmp_path), closing(sqlite3.connect(":memory:")) as other:
        other.execute("SELECT nonsense FROM nowhere")
