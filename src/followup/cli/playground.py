"""The playground of `followup demo`: invented customers in a temporary file."""

from __future__ import annotations

import tempfile
from pathlib import Path

from followup.actions.context import Context
from followup.actions.due import DueFilter, due
from followup.actions.finding import find_customer
from followup.actions.importing import ImportWish, import_table
from followup.actions.pages import show
from followup.actions.results import Imported
from followup.cli.session import Session
from followup.errors import FollowupError
from followup.files.csv_out import write_private
from followup.files.sample import sample_csv
from followup.store import Store


def play(session: Session, keep: Path | None, *, as_json: bool) -> None:
    """Fill a new file with the sample, then show today's list and one customer in the dip with the curve.

    On a day off the playground takes the next working day as today, so that there is something to see.
    """
    if keep is not None and (keep.exists() or keep.is_symlink()):
        raise FollowupError(f"{keep} exists already", hint="followup demo --keep another-file.db")
    path = keep or Path(tempfile.mkdtemp(prefix="followup-demo-")) / "followup.db"
    today = session.calendar.next_working_day(session.today)
    with Store.open(path, create=True) as store:
        context = Context(store=store, config=session.config, library=session.library, today=today, now=session.now)
        imported = _fill(context)
        listed = due(context, DueFilter())
        if as_json:
            session.show(listed, as_json=True)
            return
        session.lay_out()
        shown = next((item for item in listed.items if item.stage == "learning"), next(iter(listed.items), None))
        _say(session, f"{imported.created} invented customers, {imported.sales_created} sales, all in {path}", "")
        session.show(listed)
        if shown is not None and shown.customer_key is not None:
            _say(session, "")
            session.show(show(context, find_customer(context, shown.customer_key)))
            _say(
                session,
                "",
                f"Try it yourself: export FOLLOWUP_DB={path} FOLLOWUP_TODAY={today}",
                f'then: followup, followup why {shown.id}, followup done {shown.id} good "it works"',
            )


def _fill(context: Context) -> Imported:
    """The sample goes the way any table goes: through a file and `import`."""
    with tempfile.TemporaryDirectory(prefix="followup-") as folder:
        table = Path(folder) / "sample.csv"
        write_private(table, sample_csv(context.today).encode())
        return import_table(context, ImportWish(source=table))


def _say(session: Session, *lines: str) -> None:
    for line in lines:
        session.screen.write(line + "\n")
