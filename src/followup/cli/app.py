"""The program: global options, and every command in its panel. Without a command it is `due`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from followup import __version__
from followup.cli import (
    calendars,
    cron,
    customers,
    data,
    drafting,
    everyday,
    facts,
    guiding,
    playbooks,
    recording,
    reminding,
    safety,
)
from followup.cli.options import CUSTOMERS, EVERY_DAY, IN_AND_OUT, LOOKING, PLAYBOOKS, SAFETY, START_HERE
from followup.cli.session import Session
from followup.errors import EXIT_OK

HELP = """Whom to contact today after a sale, why, how, and what happens next.

To begin: followup import FILE, or followup add NAME. Every morning: followup. After a contact: followup done ID good.
"""

app = typer.Typer(
    name="followup",
    help=HELP,
    invoke_without_command=True,
    no_args_is_help=False,
    add_completion=True,
    pretty_exceptions_enable=False,
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"followup {__version__}")
        raise typer.Exit(EXIT_OK)


@app.callback()
def start(
    context: typer.Context,
    db: Annotated[Path | None, typer.Option("--db", metavar="FILE", help="The data file (or FOLLOWUP_DB).")] = None,
    config: Annotated[
        Path | None, typer.Option("--config", metavar="FILE", help="The configuration (or FOLLOWUP_CONFIG).")
    ] = None,
    today: Annotated[
        str, typer.Option("--today", metavar="YYYY-MM-DD", help="Take this day as today (or FOLLOWUP_TODAY).")
    ] = "",
    color: Annotated[str, typer.Option("--color", metavar="WHEN", help="auto, always or never.")] = "auto",
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
) -> int:
    """Take the global options; without a command show what is due."""
    if color not in ("auto", "always", "never"):
        raise typer.BadParameter("use auto, always or never", param_hint="--color")
    context.obj = Session(db, config, today, color)
    return everyday.due(context) if context.invoked_subcommand is None else EXIT_OK


app.command("import", rich_help_panel=START_HERE)(data.import_file)
app.command("due", rich_help_panel=START_HERE)(everyday.due)
app.command("done", rich_help_panel=START_HERE)(recording.done)
app.command("snooze", rich_help_panel=START_HERE)(recording.snooze)
app.command("show", rich_help_panel=START_HERE)(everyday.show)
app.command("why", rich_help_panel=START_HERE)(everyday.why)

app.command("log", rich_help_panel=EVERY_DAY)(recording.log)
app.command("skip", rich_help_panel=EVERY_DAY)(recording.skip)
app.command("hold", rich_help_panel=EVERY_DAY)(facts.hold)
app.command("resume", rich_help_panel=EVERY_DAY)(facts.resume)
app.command("message", rich_help_panel=EVERY_DAY)(drafting.message)
app.command("guide", rich_help_panel=EVERY_DAY)(guiding.guide)
app.command("next", rich_help_panel=EVERY_DAY)(everyday.next_action)
app.command("plan", rich_help_panel=EVERY_DAY)(everyday.plan)

app.command("add", rich_help_panel=CUSTOMERS)(customers.add)
app.add_typer(customers.sale, name="sale", rich_help_panel=CUSTOMERS)
app.add_typer(customers.contact, name="contact", rich_help_panel=CUSTOMERS)
app.add_typer(customers.concern, name="concern", rich_help_panel=CUSTOMERS)
app.add_typer(facts.promise, name="promise", rich_help_panel=CUSTOMERS)
app.add_typer(facts.reading, name="reading", rich_help_panel=CUSTOMERS)
app.add_typer(customers.anchor, name="anchor", rich_help_panel=CUSTOMERS)
app.command("stage", rich_help_panel=CUSTOMERS)(facts.stage)
app.command("set", rich_help_panel=CUSTOMERS)(customers.set_field)
app.command("dnc", rich_help_panel=CUSTOMERS)(facts.dnc)
app.command("merge", rich_help_panel=CUSTOMERS)(customers.merge)

app.add_typer(playbooks.playbook, name="playbook", rich_help_panel=PLAYBOOKS)
app.command("replan", rich_help_panel=PLAYBOOKS)(everyday.replan)

app.command("list", rich_help_panel=LOOKING)(everyday.list_customers)
app.command("file", rich_help_panel=LOOKING)(guiding.customer_file)

app.command("export", rich_help_panel=IN_AND_OUT)(data.export)
app.command("remind", rich_help_panel=IN_AND_OUT)(reminding.remind)
app.add_typer(calendars.calendar, name="calendar", rich_help_panel=IN_AND_OUT)
app.command("cron", rich_help_panel=IN_AND_OUT)(cron.cron)
app.command("demo", rich_help_panel=IN_AND_OUT)(data.demo)

app.command("undo", rich_help_panel=SAFETY)(safety.undo)
app.command("history", rich_help_panel=SAFETY)(safety.history)
app.add_typer(safety.config, name="config", rich_help_panel=SAFETY)
