"""Options that many commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

START_HERE = "Start here"
EVERY_DAY = "Every day"
CUSTOMERS = "Customers"
PLAYBOOKS = "Playbooks"
IN_AND_OUT = "In and out"
LOOKING = "Looking"
SAFETY = "Safety"

Json = Annotated[bool, typer.Option("--json", help="One JSON object for scripts.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would change; change nothing.")]
Who = Annotated[str, typer.Argument(metavar="CUSTOMER", help="Key, part of a name, e-mail or phone.")]
Which = Annotated[str, typer.Argument(metavar="ID", help="Number in the due list, or the customer.")]
SaleNumber = Annotated[int | None, typer.Option("--sale", help="Which sale, when there are several.")]
Playbook = Annotated[str, typer.Option("--playbook", help="Playbook that follows the sale: a key or a file.")]
Signed = Annotated[str, typer.Option("--signed", metavar="DATE", help="Day of signature or purchase.")]
Live = Annotated[str, typer.Option("--live", metavar="DATE", help="Day on which use starts.")]
Product = Annotated[str, typer.Option("--product", help="What was bought.")]
Goal = Annotated[str, typer.Option("--goal", help="What the customer wants from it, in their words.")]
Anchors = Annotated[
    list[str] | None,
    typer.Option("--anchor", metavar="NAME=DATE", help="Another date, for example renewal=2027-01-05."),
]
Usage = Annotated[str, typer.Option("--usage", help="heavy, normal or light.")]
Tier = Annotated[str, typer.Option("--tier", help="A, B or C.")]
LifeCycle = Annotated[str, typer.Option("--life-cycle", help="introduction, growth, maturity or decline.")]
Extensiveness = Annotated[str, typer.Option("--extensiveness", help="low, medium or high.")]
Complexity = Annotated[str, typer.Option("--complexity", help="simple, moderate or complex.")]
OutFile = Annotated[Path | None, typer.Option("--output", "-o", help="Where to write.")]
