"""Migrations: all or nothing, after a private copy of the file."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from followup.errors import DataFileError
from followup.store import Store, database, migrations, schema


def everything(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def next_version(monkeypatch: pytest.MonkeyPatch, change: Callable[[Database], None]) -> None:
    """Pretend that the program has come to data version 2."""
    two = Migrations("followup")
    two(name="m001_initial")(migrations.m001_initial)
    two(name="m002_change")(change)
    monkeypatch.setattr(migrations, "migrations", two)
    monkeypatch.setattr(schema, "VERSION", 2)


def add_website(db: Database) -> None:
    """What a later migration looks like: a column, and the triggers made again."""
    db.execute("ALTER TABLE customer ADD COLUMN website TEXT NOT NULL DEFAULT ''")
    for op in ("insert", "update", "delete"):
        db.execute(f"DROP TRIGGER customer_{op}_journaled")
    for statement in schema.journal_triggers("customer", list(db["customer"].columns_dict)):
        db.execute(statement)


def test_the_version_counts_the_migrations() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        assert len(migrations.migrations.pending(Database(connection))) == schema.VERSION


def test_an_older_file_is_copied_and_brought_up_to_date(store: Store, monkeypatch: pytest.MonkeyPatch, sample) -> None:
    sold = sample.sell(store)
    before = list(store.customer_facts())
    store.close()
    dump = everything(store.path)
    next_version(monkeypatch, add_website)
    old_mask = os.umask(0)
    try:
        newer = Store.open(store.path)
    finally:
        os.umask(old_mask)
    with newer:
        copy = store.path.with_name(store.path.name + ".bak-1")
        assert everything(copy) == dump
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
        assert list(newer.customer_facts()) == before
        assert newer.customer(sold.customer_id).name == "Acme"
        with newer.write(command="set", now=sample.now):
            newer._run("UPDATE customer SET website = 'https://acme.test'")
        assert newer._first("SELECT old FROM journal ORDER BY id DESC") == {"old": '{"website":""}'}
        with newer.write(command="undo", now=sample.now):
            newer.undo()
        assert newer._first("SELECT website FROM customer") == {"website": ""}
    assert version(store.path) == 2
    assert sorted(each.name for each in store.path.parent.iterdir() if each.name.startswith(store.path.name)) == [
        store.path.name,
        copy.name,
    ]


def test_a_file_that_is_up_to_date_is_not_copied(store: Store) -> None:
    store.close()
    Store.open(store.path).close()
    assert not list(store.path.parent.glob("*.bak*"))


def test_a_migration_that_fails_changes_nothing(store: Store, monkeypatch: pytest.MonkeyPatch, sample) -> None:
    sample.sell(store)
    store.close()
    before = everything(store.path)

    def fails(db: Database) -> None:
        add_website(db)
        db.execute("INSERT INTO nowhere VALUES (1)")

    with monkeypatch.context() as patch:
        next_version(patch, fails)
        with pytest.raises(sqlite3.OperationalError, match="nowhere"):
            Store.open(store.path)
        assert everything(store.path) == before
        assert version(store.path) == 1
    next_version(monkeypatch, add_website)
    Store.open(store.path).close()
    assert version(store.path) == 2


@pytest.mark.trust
@pytest.mark.parametrize("point", ["before", "between", "after"])
def test_a_migration_killed_at_any_point_is_done_by_the_next_opening(
    store: Store, point: str, sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample.sell(store)
    store.close()
    before = everything(store.path)
    script = f"""
import os, signal, sys
from pathlib import Path
from sqlite_utils import Migrations
from followup.store import Store, migrations, schema

def die(*_):
    os.kill(os.getpid(), {int(signal.SIGKILL)})

def change(db):
    db.execute("ALTER TABLE customer ADD COLUMN website TEXT NOT NULL DEFAULT ''")
    if {point!r} == "between":
        die()

two = Migrations("followup")
two(name="m001_initial")(migrations.m001_initial)
two(name="m002_change")(change)
if {point!r} == "before":
    migrations.migrate = die
else:
    migrations.migrations = two
schema.VERSION = 2
Store.open(Path(sys.argv[1]))
die()
"""
    killed = subprocess.run([sys.executable, "-c", script, str(store.path)], check=False, capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    if point == "after":
        assert version(store.path) == 2
        return
    assert version(store.path) == 1
    assert everything(store.path) == before
    next_version(monkeypatch, add_website)
    with Store.open(store.path) as done:
        assert done.customer_count() == 1
    assert version(store.path) == 2


@pytest.mark.trust
def test_an_older_file_that_cannot_be_written_is_refused(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.close()
    before = store.path.read_bytes()
    next_version(monkeypatch, add_website)
    monkeypatch.setattr(database.location, "is_writable", lambda path: False)
    with pytest.raises(DataFileError, match="older followup"):
        Store.open(store.path)
    assert store.path.read_bytes() == before
