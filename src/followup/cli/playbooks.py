"""Playbooks: list, show, check, preview, new, schema."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from followup.cli.customers import named_dates
from followup.cli.options import (
    Anchors,
    Complexity,
    DryRun,
    Extensiveness,
    Json,
    LifeCycle,
    Live,
    OutFile,
    Tier,
    Usage,
)
from followup.cli.session import Session
from followup.errors import EXIT_OK, EXIT_REFUSED

playbook = typer.Typer(help="Playbooks: look, check, preview, write your own.", no_args_is_help=True)

Key = Annotated[str, typer.Argument(metavar="KEY", help="A key of followup playbook list, or a file.")]


@playbook.command("list")
def playbook_list(context: typer.Context, as_json: Json = False) -> int:
    """The playbooks you can name."""
    from followup.actions.playbooks import list_playbooks

    session: Session = context.obj
    sales: dict[str, int] = {}
    if session.has_data_file():
        with session.open() as opened:
            sales = opened.store.playbook_sales()
    return session.show(list_playbooks(session.library, sales, today=session.today), as_json=as_json)


@playbook.command("show")
def playbook_show(context: typer.Context, key: Key, as_json: Json = False) -> int:
    """Stages, steps and the curve of a playbook."""
    from followup.actions.playbooks import show_playbook

    session: Session = context.obj
    return session.show(show_playbook(session.library, key, today=session.today), as_json=as_json)


@playbook.command("check")
def playbook_check(
    context: typer.Context,
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Playbook files or keys.")],
    strict: Annotated[bool, typer.Option("--strict", help="Warnings count as errors.")] = False,
    as_json: Json = False,
) -> int:
    """Every problem at once: file:line:column, what is wrong, how to mend it."""
    from followup.actions.playbooks import check, is_refused

    session: Session = context.obj
    result = check(session.library, files, strict=strict, today=session.today)
    session.show(result, as_json=as_json)
    return EXIT_REFUSED if is_refused(result) else EXIT_OK


@playbook.command("preview")
def playbook_preview(
    context: typer.Context,
    key: Key,
    signed: Annotated[str, typer.Option("--signed", metavar="DATE", help="Day of signature; today if left out.")] = "",
    live: Live = "",
    anchors: Anchors = None,
    usage: Usage = "normal",
    life_cycle: LifeCycle = "",
    extensiveness: Extensiveness = "",
    complexity: Complexity = "",
    tier: Tier = "B",
    extra: Annotated[
        list[str] | None,
        typer.Option("--extra", metavar="NAME=VALUE", help="A column of your own table; may be given several times."),
    ] = None,
    concern: Annotated[
        list[str] | None, typer.Option("--concern", help="An open concern: minor, moderate or major.")
    ] = None,
    effort: Annotated[float | None, typer.Option("--effort", min=0, max=1, help="Early effort, 0 to 1.")] = None,
    country: Annotated[str, typer.Option("--country", metavar="CC[-SUB]", help="For public holidays.")] = "",
    occurrences: Annotated[int, typer.Option("--occurrences", min=1, max=100, help="Dates of repeating steps.")] = 1,
    today: Annotated[str, typer.Option("--today", metavar="DATE", help="Take this day as today.")] = "",
    as_json: Json = False,
) -> int:
    """Stages, curve and dated contacts of a playbook, without any data file."""
    from followup.actions.enrol import check_choice
    from followup.actions.playbooks import PreviewWish, preview
    from followup.core.model.extra import plain_extra
    from followup.core.model.sale import Profile

    session: Session = context.obj
    wish = PreviewWish(
        signed=session.day(signed) if signed else session.today,
        live=session.day(live) if live else None,
        anchors={name: session.day(day) for name, day in named_dates(anchors)},
        profile=Profile(
            usage=check_choice("usage", usage),
            tier=check_choice("tier", tier),
            life_cycle=check_choice("life_cycle", life_cycle) if life_cycle else "",
            extensiveness=check_choice("extensiveness", extensiveness) if extensiveness else "",
            complexity=check_choice("complexity", complexity) if complexity else "",
            extra=plain_extra(dict(_named_values(extra))),
        ),
        concerns=tuple(check_choice("severity", severity) for severity in concern or ()),
        effort=effort,
        country=country,
        today=session.day(today) if today else session.given_today,
        occurrences=occurrences,
    )
    calendar = None if country else session.calendar
    return session.show(preview(session.library, key, wish, calendar=calendar), as_json=as_json)


def _named_values(pairs: list[str] | None) -> list[tuple[str, str]]:
    """NAME=VALUE pairs. Raises a usage error for anything else."""
    parted = [text.partition("=") for text in pairs or ()]
    if not all(name.strip() and sign for name, sign, _ in parted):
        raise typer.BadParameter("write NAME=VALUE, for example plan_tier=gold", param_hint="--extra")
    return [(name, value) for name, _, value in parted]


@playbook.command("new")
def playbook_new(
    context: typer.Context,
    key: Annotated[str, typer.Argument(metavar="KEY", help="The key of your playbook: a-z, 0-9, _ and -.")],
    model: Annotated[str, typer.Option("--from", metavar="KEY", help="Start from this playbook.")] = "",
    output: OutFile = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> int:
    """A commented playbook to start from."""
    from followup.actions.playbooks import new_playbook

    session: Session = context.obj
    result = new_playbook(
        session.library, key, model=model or None, target=output, today=session.today, dry_run=dry_run
    )
    return session.show(result, as_json=as_json)


@playbook.command("tune")
def playbook_tune(
    context: typer.Context,
    key: Key,
    apply: Annotated[bool, typer.Option("--apply", help="Write the proposal into your own playbook file.")] = False,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> int:
    """What your own log says about a playbook; proposes, and writes only with --apply."""
    from followup.actions.tuning import tune

    session: Session = context.obj
    with session.open(dry_run=dry_run) as opened:
        result = tune(opened, key, apply=apply)
    return session.show(result, as_json=as_json)


@playbook.command("schema")
def playbook_schema(
    context: typer.Context,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write it to a file.")] = None,
    as_json: Json = False,
) -> int:
    """JSON Schema of the language, so that editors complete and check while you type."""
    import json

    from followup.actions.playbooks import schema, write_schema

    session: Session = context.obj
    text = json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
    if output is None:
        sys.stdout.write(text)
        return EXIT_OK
    return session.show(write_schema(output, text, today=session.today), as_json=as_json)
