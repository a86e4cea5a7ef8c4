"""The list of customers: where each one stands, and what comes next."""

from __future__ import annotations

from followup.actions.results import ConcernList, CustomerList, ListItem
from followup.render.customer import concern_table
from followup.render.line import BLANK, Line, Part, Span, dim, strong
from followup.render.mood import flag_words
from followup.render.screen import Screen
from followup.render.table import Column, table
from followup.render.words import arrow, count, due_role, iso, mood, spoken, what_for

_COLUMNS = (
    Column(title="Customer", least=22, most=36),
    Column(title="Key", most=24, drop=9),
    Column(title="Product", least=10, most=24, drop=7),
    Column(title="Stage", drop=1),
    Column(title="Mood (est.)", label=True),
    Column(title="Strength", drop=3, label=True),
    Column(title="Last contact", drop=2, label=True),
    Column(title="Next", label=True),
    Column(title="For", drop=4),
    Column(title="Look at", least=8, most=28, drop=6),
    Column(title="Tier", drop=5, label=True),
    Column(title="Tags", least=6, most=20, drop=8),
)


def customers_lines(result: CustomerList, screen: Screen) -> list[Line]:
    """One line for each sale, in the order given."""
    if not result.items:
        return screen.paragraph(
            "No customer matches. All of them: ",
            strong("followup list"),
            ", a new one: ",
            strong("followup add NAME"),
        )
    rows = [_row(item, result, screen) for item in result.items]
    customers = len({item.customer_key for item in result.items})
    sales = sum(item.sale is not None for item in result.items)
    counted = count(customers, "customer") + (f", {count(sales, 'sale')}" if sales != customers else "")
    return [*table(_COLUMNS, rows, screen, indent=0), BLANK, *screen.paragraph(dim(counted))]


def _row(item: ListItem, result: CustomerList, screen: Screen) -> list[Part]:
    upcoming = item.next
    feeling = mood(item.mood, item.trend, screen.glyphs)
    strength = "" if item.strength is None else str(item.strength)
    if not feeling and strength:
        strength = f"{strength} {arrow(item.trend, screen.glyphs)}".rstrip()
    return [
        strong(item.customer),
        dim(item.customer_key),
        item.product or "",
        _stage(item),
        feeling,
        strength,
        iso(item.last_contact_on),
        Span(iso(upcoming.due_on), due_role(upcoming.due_on, result.today)) if upcoming else dim("nothing"),
        what_for(upcoming) if upcoming else "",
        Span(flag_words(item.flags), "late"),
        item.tier,
        ", ".join(item.tags),
    ]


def _stage(item: ListItem) -> Part:
    """The stage and its day, short: `learning 16/59`."""
    if not item.stage:
        return dim("no sale")
    passed = "/".join(str(days) for days in (item.stage_day, item.stage_days) if days is not None)
    return f"{spoken(item.stage)} {passed}".rstrip()


def concerns_lines(result: ConcernList, screen: Screen) -> list[Line]:
    """Concerns of all customers (`concern list`)."""
    if not result.items:
        return screen.paragraph("No concerns are recorded.")
    return concern_table(result.items, screen, with_customer=True)
