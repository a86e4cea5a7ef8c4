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
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from followup.core.model.promise import Promise
from followup.errors import DataFileError
from followup.store import Store, database, migrations, schema

NOW = schema.VERSION


def everything(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def next_version(monkeypatch: pytest.MonkeyPatch, change: Callable[[Database], None]) -> None:
    """Pretend that the program has come one data version further."""
    longer = Migrations("followup")
    with closing(sqlite3.connect(":memory:")) as empty:
        for known in migrations.migrations.pending(Database(empty)):
            longer(name=known.name)(known.fn)
    longer(name="m999_change")(change)
    monkeypatch.setattr(migrations, "migrations", longer)
    monkeypatch.setattr(schema, "VERSION", NOW + 1)


def as_of_version(path: Path, number: int) -> Path:
    """A data file as that version of the program left it: only the first so many migrations have run."""
    first = Migrations("followup")
    for made in (migrations.m001_initial, migrations.m002_living_plan, migrations.m003_other_tools)[:number]:
        first(name=made.__name__)(made)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("BEGIN")
        first.apply(Database(connection, strict=True))
        connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {number}")
        connection.execute("COMMIT")
    return path


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
        copy = store.path.with_name(f"{store.path.name}.bak-{NOW}")
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
    assert version(store.path) == NOW + 1
    assert sorted(each.name for each in store.path.parent.iterdir() if each.name.startswith(store.path.name)) == [
        store.path.name,
        copy.name,
    ]


# From version 1

FIRST_DATA = """
    INSERT INTO journal_open VALUES (1, 1);
    INSERT INTO customer VALUES (1, 'acme', 'Acme', '', 'company', '', '', '', 'normal', 'B', '[]', '', '', 0, '{}');
    INSERT INTO contact VALUES (1, 1, 'Jane Acme', 'Jane', 'decider', 'jane@acme.test', '', '', 0, 1);
    INSERT INTO playbook VALUES (1, 'saas', 'digest', 'Software', 'playbook: saas');
    INSERT INTO sale VALUES (1, 'acme-1', 1, 1, 'Ledger', '', '', '', '', '2026-01-05');
    INSERT INTO sale VALUES (2, 'acme-2', 1, 1, 'Abacus', '', '', '', '', '2026-01-06');
    INSERT INTO anchor VALUES (1, 1, 'sale', '2026-01-05');
    INSERT INTO activity VALUES (1, 1, 'contacted', '2026-01-06', 'outbound', 'phone', '["good"]', 'likes it', NULL,
        NULL, 'welcome', 1, 'welcome', 'novelty', NULL, NULL, NULL, NULL, NULL, '');
    INSERT INTO concern VALUES (1, 1, 1, 'too dear', 'minor', 'price', '2026-01-06', NULL);
    INSERT INTO promise VALUES (1, 1, 1, 'the guide', '2026-01-09', NULL, NULL);
    INSERT INTO promise VALUES (2, 1, 2, 'a call', '2026-01-12', NULL, NULL);
    INSERT INTO reading VALUES (1, 1, 'nps', '9', '2026-01-06', '');
    INSERT INTO journal_entry VALUES (1, '2026-01-06T09:00:00+00:00', 'add', 'all of it', NULL);
    DELETE FROM journal_open;
    UPDATE plan SET refresh_on = '2026-02-01', anchors = '{}', factors = '{}', assumed_anchors = '[]', left_out = '[]'
        WHERE sale_id = 1;
    INSERT INTO journal_open VALUES (1, 2);
    UPDATE promise SET done_on = '2026-01-08', told_on = '2026-01-08' WHERE id = 1;
    DELETE FROM promise WHERE id = 2;
    INSERT INTO journal_entry VALUES (2, '2026-01-08T09:00:00+00:00', 'promise', '2 promises', NULL);
    DELETE FROM journal_open;
"""


@pytest.fixture
def first_file(tmp_path: Path) -> Path:
    """A file of version 1 in which everything has been recorded."""
    path = as_of_version(tmp_path / "followup.db", 1)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(FIRST_DATA)
    assert version(path) == 1
    return path


GUIDE = Promise(id=1, sale_id=1, number=1, text="the guide", by=date(2026, 1, 9))


def test_a_file_of_the_first_version_keeps_everything(first_file: Path) -> None:
    """Facts, plans and history are what they were; a copy of the old file lies beside the new one."""
    dump = everything(first_file)
    with Store.open(first_file) as store:
        [facts] = store.customer_facts()
        history = facts.sales[0].history
        assert facts.customer.name == "Acme"
        assert [each.sale.product for each in facts.sales] == ["Ledger", "Abacus"]
        assert [each.name for each in facts.contacts] == ["Jane Acme"]
        assert [each.note for each in history.activities] == ["likes it"]
        assert [each.text for each in history.concerns] == ["too dear"]
        assert [each.value for each in history.readings] == ["9"]
        assert history.promises == (replace(GUIDE, done_on=date(2026, 1, 8), told_on=date(2026, 1, 8)),)
        assert [each.summary for each in store.history()] == ["2 promises", "all of it"]
        plan = store.stored_plan(1)
        assert plan is not None
        assert (plan.evidence, plan.relationship, plan.flags) == (None, None, ())
        assert store.sales_to_refresh(date.min) == [1], "every plan is made again"
        assert store._all("SELECT refresh_on FROM plan") == [{"refresh_on": ""}] * 2
    assert version(first_file) == schema.VERSION
    copy = first_file.with_name(f"{first_file.name}.bak-1")
    assert everything(copy) == dump
    assert version(copy) == 1


def test_what_the_first_version_wrote_can_be_taken_back_by_this_one(first_file: Path, sample) -> None:
    """Undo of an update and of a deletion of promises that were journaled without the newer columns."""
    with Store.open(first_file) as store:
        with store.write(command="undo", now=sample.now):
            assert store.undo().counts == {"promise": 2}
        assert [each for each, _ in store.promises()] == [
            GUIDE,
            replace(GUIDE, id=2, number=2, text="a call", by=date(2026, 1, 12)),
        ]


def test_a_promise_written_after_the_migration_is_journaled_whole(first_file: Path, sample) -> None:
    with Store.open(first_file) as store:
        with store.write(command="promise", now=sample.now):
            store.update_promise(1, about="idea", concern=1, answer="planned")
        assert store.promise(1).answer == "planned"
        assert store._first("SELECT old, new FROM journal ORDER BY id DESC") == {
            "old": '{"about":"","concern":0,"answer":""}',
            "new": '{"about":"idea","concern":1,"answer":"planned"}',
        }
        with store.write(command="undo", now=sample.now):
            store.undo()
        assert store.promise(1) == replace(GUIDE, done_on=date(2026, 1, 8), told_on=date(2026, 1, 8))


@pytest.mark.parametrize("number", range(1, NOW))
def test_a_migrated_file_is_built_like_a_new_one(number: int, tmp_path: Path, empty_file: Path) -> None:
    def built(path: Path) -> set[tuple[str, str]]:
        with closing(sqlite3.connect(path)) as connection:
            return set(connection.execute("SELECT name, sql FROM sqlite_schema"))

    old = as_of_version(tmp_path / "followup.db", number)
    Store.open(old).close()
    assert built(old) == built(empty_file)


# From version 2

SECOND_DATA = (
    FIRST_DATA.replace("NULL, NULL);", "NULL, NULL, '', 0, '');")
    + """
    UPDATE plan SET refresh_on = '2026-02-01';
    INSERT INTO touchpoint VALUES (7, 1, 1, 'call', 1, 'prevention', 'prevention', 'phone', 'novelty', 'open',
        '2026-01-09', '2026-01-09', '2026-01-12', NULL, NULL, 0, 0, '', 0, NULL, '[]');
    INSERT INTO dropped_touchpoint VALUES (1, 'visit', 1, 8);
    INSERT INTO journal_open VALUES (1, 3);
    UPDATE sale SET product = 'Ledgerline' WHERE id = 1;
    UPDATE activity SET note = 'loves it' WHERE id = 1;
    DELETE FROM activity WHERE id = 1;
    INSERT INTO journal_entry VALUES (3, '2026-01-09T09:00:00+00:00', 'set', 'sale 1', NULL);
    DELETE FROM journal_open;
    UPDATE plan SET refresh_on = '2026-02-01';
"""
)


@pytest.fixture
def second_file(tmp_path: Path) -> Path:
    """A file of version 2 in which everything has been recorded."""
    path = as_of_version(tmp_path / "followup.db", 2)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(SECOND_DATA)
    assert version(path) == 2
    return path


def test_a_file_of_the_second_version_keeps_everything(second_file: Path) -> None:
    """Facts, plans, numbers and history are what they were, no plan is made again; the old file lies beside it."""
    dump = everything(second_file)
    with Store.open(second_file) as store:
        [facts] = store.customer_facts()
        assert [each.sale.product for each in facts.sales] == ["Ledgerline", "Abacus"]
        assert [(each.sale.external_id, each.sale.value, each.sale.extra) for each in facts.sales] == [
            ("", None, {})
        ] * 2
        assert facts.sales[0].history.promises[0].text == "the guide"
        assert store.aliases_of(1) == []
        assert [each.id for each in store.stored_touchpoints([1])] == [7]
        assert store._all("SELECT id FROM dropped_touchpoint") == [{"id": 8}]
        assert store.sales_to_refresh(date(2026, 1, 31)) == []
        assert len(store.history()) == 3
    assert version(second_file) == schema.VERSION
    copy = second_file.with_name(f"{second_file.name}.bak-2")
    assert everything(copy) == dump


def test_what_the_second_version_wrote_can_be_taken_back_by_this_one(second_file: Path, sample) -> None:
    with Store.open(second_file) as store:
        with store.write(command="undo", now=sample.now):
            store.undo()
        [facts] = store.customer_facts()
        assert facts.sales[0].sale.product == "Ledger"
        assert [(each.note, each.external_id) for each in facts.sales[0].history.activities] == [("likes it", "")]


def test_what_other_tools_say_asks_for_no_new_plan(second_file: Path, sample) -> None:
    """Ids of sales and activities and the value of a sale move no date; a note or a column of one's own may."""
    with Store.open(second_file) as store:
        with store.write(command="undo", now=sample.now):
            store.undo()
        with store.write(command="plan", now=sample.now):
            store._run("UPDATE plan SET refresh_on = '2026-02-01'")
        with store.write(command="import", now=sample.now):
            store.update_sale(1, external_id="D-1", value=1200)
            store.update_activity(1, external_id="A-1")
        assert store.sales_to_refresh(sample.day) == []
        sale = store.sale_facts(1)[1]
        assert (sale.sale.external_id, sale.sale.value) == ("D-1", 1200.0)
        assert sale.history.activities[0].external_id == "A-1"
        with store.write(command="set", now=sample.now):
            store.update_activity(1, note="hated it")
        assert store.sales_to_refresh(sample.day) == [1]
        with store.write(command="plan", now=sample.now):
            store._run("UPDATE plan SET refresh_on = '2026-02-01'")
        with store.write(command="import", now=sample.now):
            store.update_sale(1, extra={"Stage": "won"})
        assert store.sales_to_refresh(sample.day) == [1]
        for _ in range(3):
            with store.write(command="undo", now=sample.now):
                store.undo()
        sale = store.sale_facts(1)[1]
        assert (sale.sale.external_id, sale.sale.value, sale.sale.extra) == ("", None, {})
        assert sale.history.activities[0].external_id == ""


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
        assert version(store.path) == NOW
    next_version(monkeypatch, add_website)
    Store.open(store.path).close()
    assert version(store.path) == NOW + 1


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
from sqlite_utils import Database, Migrations
from followup.store import Store, migrations, schema

def die(*_):
    os.kill(os.getpid(), {int(signal.SIGKILL)})

def change(db):
    db.execute("ALTER TABLE customer ADD COLUMN website TEXT NOT NULL DEFAULT ''")
    if {point!r} == "between":
        die()

longer = Migrations("followup")
for known in migrations.migrations.pending(Database(memory=True)):
    longer(name=known.name)(known.fn)
longer(name="m999_change")(change)
if {point!r} == "before":
    migrations.migrate = die
else:
    migrations.migrations = longer
schema.VERSION += 1
Store.open(Path(sys.argv[1]))
die()
"""
    killed = subprocess.run([sys.executable, "-c", script, str(store.path)], check=False, capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    if point == "after":
        assert version(store.path) == NOW + 1
        return
    assert version(store.path) == NOW
    assert everything(store.path) == before
    next_version(monkeypatch, add_website)
    with Store.open(store.path) as done:
        assert done.customer_count() == 1
    assert version(store.path) == NOW + 1


@pytest.mark.trust
def test_an_older_file_that_cannot_be_written_is_refused(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.close()
    before = store.path.read_bytes()
    next_version(monkeypatch, add_website)
    monkeypatch.setattr(database.location, "is_writable", lambda path: False)
    with pytest.raises(DataFileError, match="older followup"):
        Store.open(store.path)
    assert store.path.read_bytes() == before
