"""The tables of the data file, as first created. What comes later is a migration (see `migrations`).

Facts are what people told us: triggers keep every change of them in the journal, and no code can forget it.
The projection (`step`, `plan`, `touchpoint`) follows from the facts and is not journaled.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

APPLICATION_ID = 0x464F4C55  # "FOLU": bytes 68-71 of the file say whose it is
VERSION = 4  # `user_version`: how many migrations have run

FIRST_FACT_TABLES: tuple[str, ...] = (  # of the first version
    "customer",
    "contact",
    "playbook",
    "sale",
    "anchor",
    "activity",
    "concern",
    "promise",
    "reading",
    "setting",
)
FACT_TABLES: tuple[str, ...] = (*FIRST_FACT_TABLES, "alias")
PROJECTION_TABLES: tuple[str, ...] = ("step", "plan", "touchpoint", "dropped_touchpoint")

_FACTS = (
    """
    CREATE TABLE customer (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        company TEXT NOT NULL,
        kind TEXT NOT NULL,
        country TEXT NOT NULL,
        subdivision TEXT NOT NULL,
        timezone TEXT NOT NULL,
        usage TEXT NOT NULL,
        tier TEXT NOT NULL,
        tags TEXT NOT NULL,                          -- JSON list
        notes TEXT NOT NULL,
        external_id TEXT NOT NULL,
        do_not_contact INTEGER NOT NULL CHECK (do_not_contact IN (0, 1)),
        extra TEXT NOT NULL                          -- JSON object
    ) STRICT
    """,
    "CREATE INDEX customer_external_id ON customer (external_id) WHERE external_id <> ''",
    """
    CREATE TABLE contact (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        customer_id INTEGER NOT NULL REFERENCES customer (id),
        name TEXT NOT NULL,
        first_name TEXT NOT NULL,
        role TEXT NOT NULL,
        email TEXT NOT NULL,
        phone TEXT NOT NULL,
        channel TEXT NOT NULL,
        do_not_contact INTEGER NOT NULL CHECK (do_not_contact IN (0, 1)),
        is_main INTEGER NOT NULL CHECK (is_main IN (0, 1))
    ) STRICT
    """,
    "CREATE INDEX contact_customer ON contact (customer_id)",
    "CREATE INDEX contact_email ON contact (email COLLATE NOCASE) WHERE email <> ''",
    """
    CREATE TABLE playbook (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL,
        digest TEXT NOT NULL,                        -- SHA-256 of the text
        title TEXT NOT NULL,
        text TEXT NOT NULL,
        UNIQUE (key, digest)
    ) STRICT
    """,
    """
    CREATE TABLE sale (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL,
        customer_id INTEGER NOT NULL REFERENCES customer (id),
        playbook_id INTEGER NOT NULL REFERENCES playbook (id),
        product TEXT NOT NULL,
        goal TEXT NOT NULL,
        life_cycle TEXT NOT NULL,
        extensiveness TEXT NOT NULL,
        complexity TEXT NOT NULL,
        added_on TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX sale_customer ON sale (customer_id)",
    "CREATE INDEX sale_playbook ON sale (playbook_id)",
    """
    CREATE TABLE anchor (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        sale_id INTEGER NOT NULL REFERENCES sale (id),
        name TEXT NOT NULL,
        on_date TEXT NOT NULL,
        UNIQUE (sale_id, name)
    ) STRICT
    """,
    """
    CREATE TABLE activity (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        sale_id INTEGER NOT NULL REFERENCES sale (id),
        kind TEXT NOT NULL,
        on_date TEXT NOT NULL,
        direction TEXT NOT NULL,
        channel TEXT NOT NULL,
        outcomes TEXT NOT NULL,                      -- JSON list
        note TEXT NOT NULL,
        score INTEGER,
        minutes INTEGER,
        step TEXT NOT NULL,
        occurrence INTEGER NOT NULL,
        purpose TEXT NOT NULL,
        stage TEXT NOT NULL,
        due_on TEXT,
        opens_on TEXT,
        closes_on TEXT,
        to_on TEXT,
        to_time TEXT,
        milestone TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX activity_sale ON activity (sale_id)",
    "CREATE INDEX activity_day ON activity (on_date)",
    """
    CREATE TABLE concern (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        sale_id INTEGER NOT NULL REFERENCES sale (id),
        number INTEGER NOT NULL,
        text TEXT NOT NULL,
        severity TEXT NOT NULL,
        category TEXT NOT NULL,
        opened_on TEXT NOT NULL,
        resolved_on TEXT,
        UNIQUE (sale_id, number)
    ) STRICT
    """,
    """
    CREATE TABLE promise (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        sale_id INTEGER NOT NULL REFERENCES sale (id),
        number INTEGER NOT NULL,
        text TEXT NOT NULL,
        by_date TEXT NOT NULL,
        done_on TEXT,
        told_on TEXT,
        UNIQUE (sale_id, number)
    ) STRICT
    """,
    """
    CREATE TABLE reading (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        sale_id INTEGER NOT NULL REFERENCES sale (id),
        kind TEXT NOT NULL,
        value TEXT NOT NULL,
        on_date TEXT NOT NULL,
        note TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX reading_sale ON reading (sale_id)",
    """
    CREATE TABLE setting (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL UNIQUE,
        value TEXT NOT NULL
    ) STRICT
    """,
)

# `refresh_on` is the first day on which the plan has to be made again: NULL never, '' at once. `anchors` is
# NULL until the sale was planned for the first time.
_PROJECTION = (
    """
    CREATE TABLE step (
        playbook_id INTEGER NOT NULL REFERENCES playbook (id) ON DELETE CASCADE,
        step TEXT NOT NULL,
        purpose TEXT NOT NULL,
        goal TEXT NOT NULL,
        gives TEXT NOT NULL,
        ask TEXT NOT NULL,                           -- JSON list
        PRIMARY KEY (playbook_id, step)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE plan (
        sale_id INTEGER PRIMARY KEY REFERENCES sale (id) ON DELETE CASCADE,
        refresh_on TEXT,
        live_on TEXT,
        before_sale_on TEXT,
        novelty_on TEXT,
        learning_on TEXT,
        effectiveness_on TEXT,
        maintenance_on TEXT,
        trough_on TEXT,
        curve_novelty REAL,
        curve_effectiveness REAL,
        curve_depth REAL,
        curve_dip_starts REAL,
        curve_trough REAL,
        curve_recovered REAL,
        curve_base_trough REAL,
        curve_effort REAL,
        curve_concerns REAL,
        factors TEXT,                                -- JSON object of numbers
        anchors TEXT,                                -- JSON object of dates and null
        assumed_anchors TEXT,                        -- JSON list of names
        left_out TEXT                                -- JSON list of reasons
    ) STRICT
    """,
    "CREATE INDEX plan_refresh ON plan (refresh_on)",
    """
    CREATE TABLE touchpoint (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        sale_id INTEGER NOT NULL REFERENCES sale (id) ON DELETE CASCADE,
        customer_id INTEGER NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
        step TEXT NOT NULL,
        occurrence INTEGER NOT NULL,
        purpose TEXT NOT NULL,
        service TEXT NOT NULL,
        channel TEXT NOT NULL,
        stage TEXT NOT NULL,
        status TEXT NOT NULL,
        due_on TEXT,
        opens_on TEXT,
        closes_on TEXT,
        deadline_on TEXT,
        agreed_time TEXT,
        by_hand INTEGER NOT NULL,
        extra INTEGER NOT NULL,
        to_role TEXT NOT NULL,
        tries INTEGER NOT NULL,
        done_on TEXT,
        reasons TEXT NOT NULL,                       -- JSON list
        UNIQUE (sale_id, step, occurrence)
    ) STRICT
    """,
    "CREATE INDEX touchpoint_customer ON touchpoint (customer_id)",
    "CREATE INDEX touchpoint_due ON touchpoint (due_on) WHERE status = 'open'",
)

# One row for each person who may be contacted. A customer of whom no person is known has one row without a
# contact; a customer of whom every person must be left alone has none.
_CONTACTABLE = """
    CREATE VIEW contactable AS
    SELECT customer.id AS customer_id, contact.id AS contact_id, contact.name AS name,
           contact.first_name AS first_name, contact.role AS role, contact.email AS email,
           contact.phone AS phone, contact.channel AS channel, contact.is_main AS is_main
    FROM customer
    LEFT JOIN contact ON contact.customer_id = customer.id AND contact.do_not_contact = 0
    WHERE customer.do_not_contact = 0
      AND (contact.id IS NOT NULL
           OR NOT EXISTS (SELECT 1 FROM contact AS anyone WHERE anyone.customer_id = customer.id))
    """

# `journal_open` has its one row only while a write runs: it tells the triggers which entry they belong to.
# Without it `entry_id` is NULL and the change is refused, so that nothing is written past the journal.
_JOURNAL = (
    """
    CREATE TABLE journal_entry (
        id INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        command TEXT NOT NULL,
        summary TEXT NOT NULL,
        undoes INTEGER UNIQUE REFERENCES journal_entry (id)
    ) STRICT
    """,
    """
    CREATE TABLE journal (
        id INTEGER PRIMARY KEY,
        entry_id INTEGER NOT NULL REFERENCES journal_entry (id) DEFERRABLE INITIALLY DEFERRED,
        customer_id INTEGER,
        table_name TEXT NOT NULL,
        row_id INTEGER NOT NULL,
        op TEXT NOT NULL CHECK (op IN ('insert', 'update', 'delete')),
        old TEXT,                                    -- JSON: what an update changed, or the row that went
        new TEXT                                     -- JSON: what an update changed it to
    ) STRICT
    """,
    "CREATE INDEX journal_by_entry ON journal (entry_id)",
    "CREATE INDEX journal_by_customer ON journal (customer_id, entry_id) WHERE customer_id IS NOT NULL",
    "CREATE TABLE journal_open (id INTEGER PRIMARY KEY CHECK (id = 1), entry_id INTEGER NOT NULL) STRICT",
    *(
        f"""
    CREATE TRIGGER {table}_{verb}_refused BEFORE {verb} ON {table}
    BEGIN SELECT RAISE(ABORT, 'the journal is only ever added to'); END
    """
        for table in ("journal", "journal_entry")
        for verb in ("UPDATE", "DELETE")
    ),
)

# What a plan takes from the customer, in the first version.
PLANNED_BY = ("kind", "country", "subdivision", "timezone", "usage", "tier", "tags", "do_not_contact")

SALES_OF = "SELECT id FROM sale WHERE customer_id = {}"


def wants_plan(table: str, op: str, sales: str, columns: tuple[str, ...] = ()) -> str:
    """The trigger that marks the plans of `sales` (SQL) when a row, or one of `columns`, changes."""
    when = "WHEN " + " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in columns) if columns else ""
    return f"""
    CREATE TRIGGER {table}_{op}_wants_plan AFTER {op} ON {table} {when}
    BEGIN UPDATE plan SET refresh_on = '' WHERE sale_id IN ({sales}) AND refresh_on IS NOT ''; END
    """  # noqa: S608 - names of this module


# Every sale has a plan row from birth, and what a plan depends on marks it: no plan is out of date unnoticed.
_PLAN_TRIGGERS = (
    """
    CREATE TRIGGER sale_INSERT_wants_plan AFTER INSERT ON sale
    BEGIN INSERT INTO plan (sale_id, refresh_on) VALUES (NEW.id, ''); END
    """,
    wants_plan("sale", "UPDATE", "NEW.id"),
    wants_plan(
        "customer",
        "UPDATE",
        SALES_OF.format("NEW.id"),
        PLANNED_BY,
    ),
    wants_plan("contact", "INSERT", SALES_OF.format("NEW.customer_id")),
    wants_plan(
        "contact", "UPDATE", SALES_OF.format("NEW.customer_id"), ("role", "channel", "do_not_contact", "is_main")
    ),
    wants_plan("contact", "DELETE", SALES_OF.format("OLD.customer_id")),
    *(
        wants_plan(table, op, f"{row}.sale_id")
        for table in ("anchor", "activity", "concern", "promise", "reading")
        for op, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD"))
    ),
)

# The numbers of touchpoints that left the plan at some time: whichever is planned again takes its own back. A row
# stays when it does.
DROPPED_TOUCHPOINT = """
    CREATE TABLE dropped_touchpoint (
        sale_id INTEGER NOT NULL REFERENCES sale (id) ON DELETE CASCADE,
        step TEXT NOT NULL,
        occurrence INTEGER NOT NULL,
        id INTEGER NOT NULL,
        PRIMARY KEY (sale_id, step, occurrence)
    ) STRICT, WITHOUT ROWID
    """

# By what else a customer is known: the names of those who were merged into it.
ALIAS: tuple[str, ...] = (
    """
    CREATE TABLE alias (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        customer_id INTEGER NOT NULL REFERENCES customer (id),
        key TEXT NOT NULL DEFAULT '',
        external_id TEXT NOT NULL DEFAULT '',
        name TEXT NOT NULL DEFAULT '',
        company TEXT NOT NULL DEFAULT ''
    ) STRICT
    """,
    "CREATE INDEX alias_customer ON alias (customer_id)",
    "CREATE INDEX alias_key ON alias (key) WHERE key <> ''",
    "CREATE INDEX alias_external_id ON alias (external_id) WHERE external_id <> ''",
)

# What a plan takes from the sale itself and from what happened: not what other tools call them, or what it is worth.
PLANNED_BY_SALE = (
    *("key", "customer_id", "playbook_id", "product", "goal"),
    *("life_cycle", "extensiveness", "complexity", "added_on", "extra"),
)
PLANNED_BY_ACTIVITY = (
    *("sale_id", "kind", "on_date", "direction", "channel", "outcomes", "note", "score", "minutes", "step"),
    *("occurrence", "purpose", "stage", "due_on", "opens_on", "closes_on", "to_on", "to_time", "milestone"),
)
# A sale that another customer gets takes its touchpoints along.
MOVES_TOUCHPOINTS = """
    CREATE TRIGGER sale_UPDATE_moves_touchpoints AFTER UPDATE OF customer_id ON sale
    WHEN OLD.customer_id IS NOT NEW.customer_id
    BEGIN UPDATE touchpoint SET customer_id = NEW.customer_id WHERE sale_id = NEW.id; END
    """

# What went out, which no undo takes back: none of this is a fact about customers, and none of it is journaled. A row of
# `delivery` is claimed before something is sent and marked sent after it. One that stays `claimed` may have arrived.
DELIVERY: tuple[str, ...] = (
    """
    CREATE TABLE delivery (
        target TEXT NOT NULL,                        -- stdout, email:ADDRESS, desktop, a digest of any other address
        day TEXT NOT NULL,
        sale_id INTEGER NOT NULL REFERENCES sale (id) ON DELETE CASCADE,
        step TEXT NOT NULL,
        occurrence INTEGER NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('claimed', 'sent')),
        at TEXT NOT NULL,                            -- UTC instant of the last change
        PRIMARY KEY (target, day, sale_id, step, occurrence)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX delivery_sale ON delivery (sale_id)",
)

# The first day on which the stored plan was made as it is: on an earlier day it is out of date. That comes about by a
# clock that ran ahead, or by a look ahead, which must take nothing off the list of the days between.
MADE_ON: tuple[str, ...] = (
    "ALTER TABLE plan ADD COLUMN made_on TEXT",
    "CREATE INDEX plan_made ON plan (made_on)",
)

# What each calendar (a file or a server) was told about a touchpoint. It outlives the sale, so that an entry can be
# cancelled, and holds nothing that a customer said.
CALENDAR_ENTRY = """
    CREATE TABLE calendar_entry (
        target TEXT NOT NULL,                        -- which calendar
        uid TEXT NOT NULL,
        sequence INTEGER NOT NULL,
        content TEXT NOT NULL,                       -- SHA-256 of what it said
        begins TEXT NOT NULL,                        -- a date, or an instant
        changed_at TEXT NOT NULL,                    -- UTC instant
        PRIMARY KEY (target, uid)
    ) STRICT, WITHOUT ROWID
    """

INITIAL: tuple[str, ...] = (*_FACTS, *_PROJECTION, _CONTACTABLE, *_JOURNAL, *_PLAN_TRIGGERS)

_CUSTOMER_OF = {
    "customer": "{row}.id",
    "contact": "{row}.customer_id",
    "sale": "{row}.customer_id",
    "alias": "{row}.customer_id",
    "playbook": "NULL",
    "setting": "NULL",
}
_CUSTOMER_OF_SALE = "(SELECT customer_id FROM sale WHERE id = {row}.sale_id)"


def journal_triggers(table: str, columns: Sequence[str]) -> Iterator[str]:
    """The statements that journal every change of a fact table; a migration that changes it runs them again.

    An insert keeps no values (the row itself, or the next change of it, has them); an update keeps what it
    changed, and nothing when it changed nothing; a delete keeps the row.
    """
    changed = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in columns)
    unchanged = ", ".join(f"iif(OLD.{column} IS NEW.{column}, '$.{column}', '$.-')" for column in columns)
    old, new = (", ".join(f"'{column}', {row}.{column}" for column in columns) for row in ("OLD", "NEW"))
    difference = f"json_remove(json_object({old}), {unchanged}), json_remove(json_object({new}), {unchanged})"
    yield _journal_trigger(table, "insert", "NEW", "NULL, NULL")
    yield _journal_trigger(table, "update", "NEW", difference, when=f"WHEN {changed}")
    yield _journal_trigger(table, "delete", "OLD", f"json_object({old}), NULL")


def _journal_trigger(table: str, op: str, row: str, values: str, when: str = "") -> str:
    customer = _CUSTOMER_OF.get(table, _CUSTOMER_OF_SALE).format(row=row)
    return f"""
    CREATE TRIGGER {table}_{op}_journaled AFTER {op} ON {table} {when}
    BEGIN
        INSERT INTO journal (entry_id, customer_id, table_name, row_id, op, old, new)
        VALUES ((SELECT entry_id FROM journal_open), {customer}, '{table}', {row}.id, '{op}', {values});
    END
    """  # noqa: S608 - names of this module and of its columns
