"""Schema changes, in the order in which they run; each one's name is its identity, recorded in the file.

The only module that imports sqlite_utils: it is loaded when a file is created or brought up to date.
"""

from __future__ import annotations

import sqlite3

from sqlite_utils import Database, Migrations

from followup.store import schema
from followup.store.views import DUE, VIEWS

migrations = Migrations("followup")


@migrations()
def m001_initial(db: Database) -> None:
    """All tables, the journal and its triggers."""
    for statement in schema.INITIAL:
        db.execute(statement)
    for table in schema.FIRST_FACT_TABLES:
        for statement in schema.journal_triggers(table, list(db[table].columns_dict)):
            db.execute(statement)


@migrations()
def m002_living_plan(db: Database) -> None:
    """What promises were born from and became; what plans say about mood, strength, the whole sale; kept numbers."""
    for column in (
        "about TEXT NOT NULL DEFAULT ''",
        "concern INTEGER NOT NULL DEFAULT 0",  # its number within the sale
        "answer TEXT NOT NULL DEFAULT ''",
    ):
        db.execute(f"ALTER TABLE promise ADD COLUMN {column}")
    _journal_again(db, "promise")
    for column in ("evidence", "relationship", "flags"):
        db.execute(f"ALTER TABLE plan ADD COLUMN {column} TEXT")  # JSON
    db.execute("DROP TRIGGER customer_UPDATE_wants_plan")
    columns = (*schema.PLANNED_BY, "extra")  # it holds what the customer needs next
    db.execute(schema.wants_plan("customer", "UPDATE", schema.SALES_OF.format("NEW.id"), columns))
    db.execute("UPDATE plan SET refresh_on = ''")
    db.execute(schema.DROPPED_TOUCHPOINT)


@migrations()
def m003_other_tools(db: Database) -> None:
    """What other tools call sales and activities, what a sale is worth, former names of customers; the views."""
    for column in (
        "external_id TEXT NOT NULL DEFAULT ''",
        "value REAL",  # unknown: NULL
        "extra TEXT NOT NULL DEFAULT '{}'",  # JSON object
    ):
        db.execute(f"ALTER TABLE sale ADD COLUMN {column}")
    db.execute("ALTER TABLE activity ADD COLUMN external_id TEXT NOT NULL DEFAULT ''")
    for table in ("sale", "activity"):
        db.execute(f"CREATE INDEX {table}_external_id ON {table} (external_id) WHERE external_id <> ''")
        _journal_again(db, table)
    for statement in schema.ALIAS:
        db.execute(statement)
    for statement in schema.journal_triggers("alias", list(db["alias"].columns_dict)):
        db.execute(statement)
    _wants_plan_again(db, "sale", "NEW.id", schema.PLANNED_BY_SALE)
    _wants_plan_again(db, "activity", "NEW.sale_id", schema.PLANNED_BY_ACTIVITY)
    db.execute(schema.MOVES_TOUCHPOINTS)
    for view in VIEWS:
        db.execute(view)


@migrations()
def m004_what_goes_out(db: Database) -> None:
    """What was sent, what calendars were told, when plans were made; the view `due` names nobody to be left alone."""
    for statement in (*schema.DELIVERY, schema.CALENDAR_ENTRY, *schema.MADE_ON, "DROP VIEW due", DUE):
        db.execute(statement)


def _wants_plan_again(db: Database, table: str, sales: str, columns: tuple[str, ...]) -> None:
    """Make the trigger of an update again, so that only these columns ask for a new plan."""
    db.execute(f"DROP TRIGGER {table}_UPDATE_wants_plan")
    db.execute(schema.wants_plan(table, "UPDATE", sales, columns))


def _journal_again(db: Database, table: str) -> None:
    """Make the triggers of a fact table again, so that its new columns are journaled too."""
    for op in ("insert", "update", "delete"):
        db.execute(f"DROP TRIGGER {table}_{op}_journaled")
    for statement in schema.journal_triggers(table, list(db[table].columns_dict)):
        db.execute(statement)


def migrate(connection: sqlite3.Connection) -> None:
    """Run what has not run yet, inside the transaction that the caller has begun."""
    migrations.apply(Database(connection, strict=True))
