"""Schema changes, in the order in which they run; each one's name is its identity, recorded in the file.

The only module that imports sqlite_utils: it is loaded when a file is created or brought up to date.
"""

from __future__ import annotations

import sqlite3

from sqlite_utils import Database, Migrations

from followup.store import schema

migrations = Migrations("followup")


@migrations()
def m001_initial(db: Database) -> None:
    """All tables, the journal and its triggers."""
    for statement in schema.INITIAL:
        db.execute(statement)
    for table in schema.FACT_TABLES:
        for statement in schema.journal_triggers(table, list(db[table].columns_dict)):
            db.execute(statement)


def migrate(connection: sqlite3.Connection) -> None:
    """Run what has not run yet, inside the transaction that the caller has begun."""
    migrations.apply(Database(connection, strict=True))
