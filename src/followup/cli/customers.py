"""Customers and their facts: add, sale add, contact add, concern, anchor, set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from followup.cli.options import (
    Anchors,
    Complexity,
    DryRun,
    Extensiveness,
    Goal,
    Json,
    LifeCycle,
    Live,
    Playbook,
    Product,
    SaleNumber,
    Signed,
    Tier,
    Usage,
    Who,
)
from followup.cli.session import Session

if TYPE_CHECKING:
    from followup.actions.enrol import NewSale

sale = typer.Typer(help="Purchases.", no_args_is_help=True)
contact = typer.Typer(help="People at a customer.", no_args_is_help=True)
concern = typer.Typer(help="Doubts, open until they are settled.", no_args_is_help=True)
anchor = typer.Typer(help="Dates that a plan hangs on.", no_args_is_help=True)

Email = Annotated[str, typer.Option("--email", help="E-mail address.")]
Phone = Annotated[str, typer.Option("--phone", help="Phone number; kept as typed.")]
Role = Annotated[str, typer.Option("--role", help="decider, user, champion or finance.")]
Channel = Annotated[str, typer.Option("--channel", help="How they like to be reached.")]


def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The customer's name.")],
    playbook: Playbook = "",
    signed: Signed = "",
    live: Live = "",
    product: Product = "",
    goal: Goal = "",
    anchors: Anchors = None,
    company: Annotated[str, typer.Option("--company", help="Their company.")] = "",
    email: Email = "",
    phone: Phone = "",
    role: Role = "",
    channel: Channel = "",
    country: Annotated[str, typer.Option("--country", help="For public holidays: a code or a name.")] = "",
    usage: Usage = "",
    tier: Tier = "",
    life_cycle: LifeCycle = "",
    extensiveness: Extensiveness = "",
    complexity: Complexity = "",
    tag: Annotated[list[str] | None, typer.Option("--tag", help="A tag; may be given several times.")] = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> int:
    """Customer, contact and sale in one go."""
    from followup.actions.enrol import NewCustomer, add

    session: Session = context.obj
    new = NewCustomer(
        name=name,
        company=company,
        email=email,
        phone=phone,
        role=role,
        channel=channel,
        usage=usage,
        tier=tier.upper(),
        country=country,
        tags=tuple(tag or ()),
    )
    bought = new_sale(session, playbook, signed, live, product, goal, anchors, life_cycle, extensiveness, complexity)
    with session.open(create=True, dry_run=dry_run) as opened:
        return session.show(add(opened, new, bought), as_json=as_json)


def new_sale(
    session: Session,
    playbook: str,
    signed: str,
    live: str,
    product: str,
    goal: str,
    anchors: list[str] | None,
    life_cycle: str,
    extensiveness: str,
    complexity: str,
) -> NewSale:
    """A purchase from its options."""
    from followup.actions.enrol import NewSale, check_choice
    from followup.core.model.sale import Profile

    return NewSale(
        playbook=playbook,
        signed=session.day(signed) if signed else None,
        live=session.day(live) if live else None,
        product=product,
        goal=goal,
        anchors={name: session.day(text) for name, text in named_dates(anchors)},
        profile=Profile(
            life_cycle=check_choice("life_cycle", life_cycle) if life_cycle else "",
            extensiveness=check_choice("extensiveness", extensiveness) if extensiveness else "",
            complexity=check_choice("complexity", complexity) if complexity else "",
        ),
    )


def named_dates(anchors: list[str] | None) -> list[tuple[str, str]]:
    """NAME=DATE pairs. Raises a usage error for anything else."""
    pairs = [tuple(text.split("=", 1)) for text in anchors or ()]
    if any(len(pair) != 2 for pair in pairs):
        raise typer.BadParameter("write NAME=DATE, for example renewal=2027-01-05", param_hint="--anchor")
    return [(name.strip(), day.strip()) for name, day in pairs]


@sale.command("add")
def sale_add(
    context: typer.Context,
    customer: Who,
    playbook: Playbook = "",
    signed: Signed = "",
    live: Live = "",
    product: Product = "",
    goal: Goal = "",
    anchors: Anchors = None,
    life_cycle: LifeCycle = "",
    extensiveness: Extensiveness = "",
    complexity: Complexity = "",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> int:
    """Another purchase of a known customer."""
    from followup.actions.enrol import add_sale

    session: Session = context.obj
    bought = new_sale(session, playbook, signed, live, product, goal, anchors, life_cycle, extensiveness, complexity)
    with session.open(dry_run=dry_run) as opened:
        return session.show(add_sale(opened, customer, bought), as_json=as_json)


@contact.command("add")
def contact_add(
    context: typer.Context,
    customer: Who,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The person's name.")],
    email: Email = "",
    phone: Phone = "",
    role: Role = "",
    channel: Channel = "",
    main: Annotated[bool, typer.Option("--main", help="Make them the main contact.")] = False,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> int:
    """Another person at a customer."""
    from followup.actions.enrol import add_contact

    session: Session = context.obj
    with session.open(dry_run=dry_run) as opened:
        result = add_contact(
            opened, customer, name=name, email=email, phone=phone, role=role, channel=channel, main=main
        )
    return session.show(result, as_json=as_json)


@concern.command("add")
def concern_add(
    context: typer.Context,
    customer: Who,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="The doubt, in their words.")],
    severity: Annotated[str, typer.Option("--severity", help="minor, moderate or major.")] = "moderate",
    category: Annotated[
        str, typer.Option("--category", help="product, price, delivery, support, company or other.")
    ] = "other",
    number: SaleNumber = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> int:
    """Record a doubt: it deepens the modelled dip and gets a contact of its own."""
    from followup.actions.concerns import add_concern
    from followup.actions.enrol import check_choice

    session: Session = context.obj
    severity, category = check_choice("severity", severity), check_choice("category", category)
    with session.open(dry_run=dry_run) as opened:
        result = add_concern(opened, customer, text, severity=severity, category=category, sale=number)
    return session.show(result, as_json=as_json)


@concern.command("resolve")
def concern_resolve(
    context: typer.Context,
    number: Annotated[int, typer.Argument(metavar="ID", max=10**15, help="Number in followup concern list.")],
    note: Annotated[str, typer.Argument(metavar="[NOTE]", help="What settled it.")] = "",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> int:
    """Close a doubt."""
    from followup.actions.concerns import resolve_concern

    session: Session = context.obj
    with session.open(dry_run=dry_run) as opened:
        return session.show(resolve_concern(opened, number, note), as_json=as_json)


@concern.command("list")
def concern_list(
    context: typer.Context,
    customer: Annotated[str, typer.Argument(metavar="[CUSTOMER]", help="Only this customer.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="Resolved ones as well.")] = False,
    as_json: Json = False,
) -> int:
    """Doubts that are open."""
    from followup.actions.concerns import list_concerns

    session: Session = context.obj
    with session.open() as opened:
        return session.show(list_concerns(opened, customer or None, include_resolved=everything), as_json=as_json)


@anchor.command("set", context_settings={"ignore_unknown_options": True})  # a DATE may be -3d
def anchor_set(
    context: typer.Context,
    customer: Who,
    name: Annotated[str, typer.Argument(metavar="NAME", help="live, renewal, event, ...")],
    day: Annotated[str, typer.Argument(metavar="DATE", help="The date.")],
    number: SaleNumber = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> int:
    """Record a date; everything that hangs on it moves."""
    from followup.actions.enrol import set_anchor

    session: Session = context.obj
    on = session.day(day)
    with session.open(dry_run=dry_run) as opened:
        return session.show(set_anchor(opened, customer, name, on, sale=number), as_json=as_json)


def set_field(
    context: typer.Context,
    customer: Who,
    field: Annotated[str, typer.Argument(metavar="FIELD", help="name, email, usage, tier, goal, ...")],
    value: Annotated[str, typer.Argument(metavar="VALUE", help="The new value; '' empties it.")],
    number: SaleNumber = None,
    person: Annotated[
        str, typer.Option("--contact", metavar="X", help="Not the main contact: name, e-mail, number.")
    ] = "",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> int:
    """Change a field of a customer, the main contact or a sale."""
    from followup.actions.enrol import set_field

    session: Session = context.obj
    with session.open(dry_run=dry_run) as opened:
        return session.show(set_field(opened, customer, field, value, sale=number, person=person), as_json=as_json)


def merge(
    context: typer.Context,
    customer: Who,
    other: Annotated[str, typer.Argument(metavar="OTHER", help="The same customer once more: becomes a part of it.")],
    dry_run: DryRun = False,
    as_json: Json = False,
) -> int:
    """Two entries of one customer become one; the old names find it still."""
    from followup.actions.merging import merge

    session: Session = context.obj
    with session.open(dry_run=dry_run) as opened:
        return session.show(merge(opened, customer, other), as_json=as_json)
