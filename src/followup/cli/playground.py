"""The playground of `followup demo`: invented customers in a temporary file."""

from __future__ import annotations

import tempfile
from pathlib import Path

from followup.actions.context import Context
from followup.actions.due import DueFilter, due
from followup.actions.finding import find_customer
from followup.actions.importing import ImportWish, import_customers
from followup.actions.pages import show
from followup.cli.session import Session
from followup.errors import FollowupError
from followup.files.csv_out import write_csv, write_private
from followup.files.sample import sample_rows
from followup.render import Screen
from followup.store import Store


def play(session: Session, keep: Path | None, *, as_json: bool) -> None:
    """Fill a new file with the sample, then show today's list and one customer in the dip with the curve."""
    if keep is not None and (keep.exists() or keep.is_symlink()):
        raise FollowupError(f"{keep} exists already", hint="followup demo --keep another-file.db")
    path = keep or Path(tempfile.mkdtemp(prefix="followup-demo-")) / "followup.db"
    rows = sample_rows(session.today)
    table = path.with_name(f"{path.stem}-sample.csv")
    write_private(table, write_csv(list(rows[0]), [list(row.values()) for row in rows], raw=True).encode())
    with Store.open(path, create=True) as store:
        context = Context(
            store=store, config=session.config, library=session.library, today=session.today, now=session.now
        )
        imported = import_customers(context, ImportWish(source=table))
        table.unlink()
        listed = due(context, DueFilter())
        if as_json:
            session.show(listed, as_json=True)
            return
        _say(session.screen, f"{imported.created} invented customers, {imported.sales_created} sales: {path}")
        _say(session.screen, "")
        session.show(listed)
        in_dip = next((item for item in listed.items if item.stage == "learning"), None)
        chosen = in_dip or next(iter(listed.items), None)
        if chosen is not None and chosen.customer_key is not None:
            _say(session.screen, "")
            session.show(show(context, find_customer(context, chosen.customer_key)))
            _say(session.screen, "")
            _say(session.screen, f"Try it yourself:  export FOLLOWUP_DB={path}")
            _say(session.screen, f"then: followup · followup why {chosen.id} · followup done {chosen.id} good \"it works\"")


def _say(screen: Screen, text: str) -> None:
    screen.write(text + "\n")
