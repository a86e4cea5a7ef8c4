"""Placeholders in messages: which names exist, who supplies them, and how a message is taken apart.

`{name}` is replaced, `{name|fallback}` gives a fallback, `{{` and `}}` are braces. Bare known names only: no
attribute access, no format codes, one pass (DOMAIN 6). The one name with a dot is a column of the user's own table,
`{extra.plan_tier}`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from types import MappingProxyType

from followup.core.model.extra import PREFIX, extra_name, is_extra_name
from followup.errors import Problem


class Group(StrEnum):
    """Where a value comes from (DOMAIN 6). Only once-only values may be asked for when drafting."""

    IDENTITY = "identity"
    WORDS = "words"
    DATES = "dates"
    ONCE = "once"
    EXTRA = "extra"


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A name that may stand in braces: its group, its meaning, and the command that supplies a missing value.

    `personal` is False where the value says nothing about the customer (C5). `anchors` are the anchors that a
    date is taken from, the first one that the playbook has.
    """

    name: str
    group: Group
    says: str
    supplied_by: str
    personal: bool = True
    anchors: tuple[str, ...] = ()


def _identity(name: str, says: str, command: str, *, personal: bool = True) -> Placeholder:
    return Placeholder(name, Group.IDENTITY, says, command, personal)


def _words(name: str, says: str, command: str = "") -> Placeholder:
    return Placeholder(name, Group.WORDS, says, command or f'followup set CUSTOMER {name} "..."')


def _date(name: str, says: str, *anchors: str, command: str = "") -> Placeholder:
    supplied = command or f"followup anchor set CUSTOMER {anchors[0]} DATE"
    return Placeholder(name, Group.DATES, says, supplied, anchors=anchors)


def _once(name: str, says: str, *, personal: bool = True) -> Placeholder:
    return Placeholder(name, Group.ONCE, says, f'followup message ID --set {name}="..."', personal)


def _column(name: str, column: str) -> Placeholder:
    says = f'the column "{column.replace("_", " ")}" of an imported table'
    return Placeholder(name, Group.EXTRA, says, f'followup set CUSTOMER {name} "..."')


_ALL = (
    _identity("first_name", "the contact's first name", 'followup contact add CUSTOMER "First Last"'),
    _identity("company", "the customer's company", 'followup set CUSTOMER company "..."'),
    _identity("product", "what they bought", 'followup set CUSTOMER product "..."'),
    _identity("decision_maker", "the contact who decides", 'followup contact add CUSTOMER "NAME" --role decider'),
    _identity("seller_name", "your name", 'followup config set me.name "..."', personal=False),
    _identity("seller_company", "your company", 'followup config set me.company "..."', personal=False),
    _identity("seller_phone", "your phone number", 'followup config set me.phone "..."', personal=False),
    _identity("seller_email", "your e-mail address", 'followup config set me.email "..."', personal=False),
    _identity(
        "contact_for_trouble",
        "whom to call when something is wrong",
        'followup config set me.phone "..."',
        personal=False,
    ),
    _words("goal", "what they bought it for, in their words"),
    _words("use_case", "what they use it for"),
    _words("reason", "why they chose it"),
    _words("old_way", "how they did it before"),
    _words("usage_note", "what is special about how they use it"),
    _words("concern", "the open concern", 'followup concern add CUSTOMER "..."'),
    _words("last_result", "the last result they named", 'followup log CUSTOMER good "..."'),
    _words("feedback_items", "what they raised", 'followup promise add CUSTOMER "..." --by DATE'),
    _words("need", "the need they named"),
    _words("problem_solved", "the problem that the purchase solved"),
    _words("last_contact", "when you last spoke", "followup log CUSTOMER OUTCOME"),
    _date("date", "the date of this contact", command="followup snooze ID DATE"),
    _date("next_date", "the date of the next contact", command='followup message ID --set next_date="..."'),
    _date("start_date", "the date of the sale", "sale"),
    _date("sale_date", "the date of the sale", "sale"),
    _date("live_date", "the date on which use starts", "live"),
    _date("renewal_date", "the end of the paid term", "renewal"),
    _date("warranty_end", "the end of the warranty", "warranty", "builder_warranty"),
    _date("service_date", "the date of the next service", "service"),
    _date("tax_deadline", "the deadline for filing", "tax_deadline"),
    _date("event_date", "the first day of the event", "event"),
    _date("rebook_date", "the date on which they choose again", "rebook"),
    _date("reorder_date", "the date on which they run out", "reorder"),
    _date("delivery_date", "the date of delivery", "delivery", "live"),
    _date("purchase_month", "the month of the purchase", "sale"),
    _once("news", "what is new"),
    _once("why_it_matters", "why the news matters to them"),
    _once("status", "where things stand"),
    _once("finding", "what you found"),
    _once("task", "the job you show them"),
    _once("first_task", "the first job to do together"),
    _once("link", "a link", personal=False),
    _once("offer", "what you offer", personal=False),
    _once("price", "the price", personal=False),
    _once("accessory", "a part that fits"),
    _once("annual_km", "how far they drive in a year"),
    _once("care_step", "the next step of care"),
    _once("common_snag", "what most often goes wrong"),
    _once("consumable", "what runs out"),
    _once("coordinator", "who coordinates on your side"),
    _once("cutoff", "the date of release"),
    _once("dates", "the dates you hold for them"),
    _once("days", "how many days it takes"),
    _once("drop_item", "what to leave out"),
    _once("event_name", "what the event is called"),
    _once("expert", "the specialist you asked"),
    _once("minutes", "how many minutes it takes"),
    _once("n_done", "how many points are done"),
    _once("n_points", "how many points there are"),
    _once("n_total", "how many points there are in all"),
    _once("new_item", "what to add"),
    _once("next_step", "what comes next"),
    _once("observation", "what you noticed"),
    _once("operator_lead", "who leads the operators"),
    _once("paper_list", "which papers to keep"),
    _once("pickup", "how many rooms are booked"),
    _once("plan_item", "the item of their plan that needs care"),
    _once("reference_name", "a customer who will take a call"),
    _once("referral_offer", "what a recommendation brings both sides"),
    _once("register_until", "the last day to register"),
    _once("return_until", "the last day to return it"),
    _once("season", "the season that begins"),
    _once("second_use", "a second use of the product"),
    _once("service_adviser", "the adviser in the workshop"),
    _once("service_hours", "the hours at which service is due"),
    _once("slots", "the dates you can offer"),
    _once("start_tip", "the tip for the first use"),
    _once("street", "the street of the house"),
    _once("tax_relief", "which relief they can get"),
    _once("time", "the time of day"),
    _once("todo", "what they have to do"),
    _once("value", "what it is worth now"),
)

PLACEHOLDERS: Mapping[str, Placeholder] = MappingProxyType({known.name: known for known in _ALL})
TROUBLE_CONTACTS = frozenset({"contact_for_trouble", "seller_phone"})
OWN_WORDS = frozenset({"goal", "use_case", "reason"})
MOST_FAULTS = 20
MOST_OPTIONS = 400  # names that a suggestion is looked for among
OFFERS = frozenset({"offer", "price"})


def placeholder(
    name: str, *, anchors: Collection[str] = (), own: Mapping[str, str] = MappingProxyType({})
) -> Placeholder | None:
    """What a name means in a playbook with these anchors and own once-only names; None when it is unknown.

    Besides the table, `{ANCHOR_date}` exists for every anchor, `{extra.COLUMN}` for any column of the user's own
    table, and the playbook's own `placeholders:`.
    """
    if (column := name.removeprefix(PREFIX)) != name:
        return _column(name, column) if is_extra_name(column) else None
    if name in own:
        return _once(name, own[name])
    if name in PLACEHOLDERS:
        return PLACEHOLDERS[name]
    anchor = name.removesuffix("_date")
    if anchor != name and anchor in anchors:
        return _date(name, f"the date of {anchor}", anchor)
    return None


def placeholder_names(*, anchors: Collection[str] = (), own: Collection[str] = ()) -> tuple[str, ...]:
    """Every name that is known in a playbook with these anchors and own names, in alphabetical order.

    `{extra.COLUMN}` may stand in any playbook besides; its names are those of the user's tables.
    """
    return tuple(sorted({*PLACEHOLDERS, *own, *(f"{anchor}_date" for anchor in anchors)}))


@dataclass(frozen=True, slots=True)
class Literal:
    """Text that is kept as it is; `{{` and `}}` are already single braces."""

    text: str


@dataclass(frozen=True, slots=True)
class Slot:
    """A place to fill. `fallback` is None when the author gave none; `offset` is where its brace stands."""

    name: str
    fallback: str | None = None
    offset: int = 0


Part = Literal | Slot


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong at `offset` of a message; `token` is the piece of text that is wrong."""

    offset: int
    token: str
    message: str
    hint: str


_TOKEN = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_COLUMN = re.compile(r"\s*extra\s*\.(.*)", re.IGNORECASE | re.DOTALL)


def split_message(text: str, *, known: Collection[str]) -> tuple[tuple[Part, ...], tuple[Fault, ...]]:
    """The parts of a message in one pass, and what is wrong with its braces or names. Never raises.

    After `MOST_FAULTS` faults the rest is not looked at.
    """
    parts: list[Part] = []
    faults: list[Fault] = []
    literal: list[str] = []
    end = 0
    for match in _TOKEN.finditer(text):
        literal.append(text[end : match.start()])
        end = match.end()
        token, inner = match.group(), match.group(1)
        if token in ("{{", "}}"):
            literal.append(token[0])
        elif len(faults) >= MOST_FAULTS:
            break
        elif inner is None:
            faults.append(_stray(token, match.start()))
        elif isinstance(found := _slot(inner, match.start(), token, known), Fault):
            faults.append(found)
        else:
            if before := "".join(literal):
                parts.append(Literal(before))
            literal = []
            parts.append(found)
    if rest := "".join((*literal, text[end:])):
        parts.append(Literal(rest))
    return tuple(parts), tuple(faults)


def _stray(token: str, offset: int) -> Fault:
    if token == "{":
        return Fault(offset, token, 'the brace "{" is never closed', "close it with }, or write {{ for a plain brace")
    return Fault(offset, token, 'the brace "}" closes nothing', "delete it, or write }} for a plain brace")


def _slot(inner: str, offset: int, token: str, known: Collection[str]) -> Slot | Fault:
    name, bar, fallback = inner.partition("|")
    if not inner.strip():
        return Fault(offset, token, "there is no name in the braces", "write a name such as {first_name}")
    if column := _COLUMN.fullmatch(name):
        if fault := _bad_column(name, column.group(1), offset, token):
            return fault
    elif not _NAME.fullmatch(name):
        bare = _NAME.match(name.strip())
        hint = f"write {{{bare.group().lower()}}}" if bare else "write {{ and }} for plain braces"
        return Fault(offset, token, f"only a bare name may stand in braces, not {_shown(token)}", hint)
    elif name == PREFIX[:-1] and name not in known:
        return Fault(offset, token, f"{{{name}}} names no column", _COLUMN_HINT)
    elif name not in known:
        near = nearest(name, known)
        hint = f"did you mean {{{near}}}?" if near else _unknown_hint(name)
        return Fault(offset, token, f"{{{name}}} is not a placeholder", hint)
    if bar and not fallback.strip():
        return Fault(offset, token, f"the fallback of {{{name}}} is empty", f"write {{{name}|words}} or {{{name}}}")
    return Slot(name, fallback.strip() if bar else None, offset)


def _bad_column(name: str, heading: str, offset: int, token: str) -> Fault | None:
    """What is wrong with the name of a column; None when it is as it should be."""
    plain = extra_name(heading)
    if name == PREFIX + plain and plain:
        return None
    if not plain:
        return Fault(offset, token, f"{_shown(token)} names no column", _COLUMN_HINT)
    return Fault(offset, token, f"{_shown(token)} is not the plain name of a column", f"write {{{PREFIX}{plain}}}")


def _unknown_hint(name: str) -> str:
    plain = extra_name(name)
    column = f", or write {{{PREFIX}{plain}}} for a column of your table" if plain else ""
    return f"add it under placeholders: if it is to be typed when drafting{column}"


def _shown(token: str) -> str:
    return " ".join((token if len(token) <= 40 else token[:39] + "…").split())


_COLUMN_HINT = "name a column of your table in plain words: {extra.plan_tier}"


def nearest(word: str, options: Collection[str]) -> str:
    """The option that looks most like a word, or '' when none does."""
    folded = word.strip().lower().replace("-", "_").replace(" ", "_")
    by_fold = {option.lower().replace("-", "_"): option for option in sorted(options)[:MOST_OPTIONS]}
    if folded in by_fold:
        return by_fold[folded]
    near = get_close_matches(folded[:60], by_fold, n=1, cutoff=0.6)
    return by_fold[near[0]] if near else ""


def parse_message(
    text: str, *, source: str = "message", known: Collection[str] = PLACEHOLDERS
) -> tuple[tuple[Part, ...], list[Problem]]:
    """The parts of a message and its problems, with line and column inside the text. Never raises."""
    parts, faults = split_message(text, known=known)
    return parts, [_problem(fault, text, source) for fault in faults]


def _problem(fault: Fault, text: str, source: str) -> Problem:
    line = text.count("\n", 0, fault.offset) + 1
    column = fault.offset - (text.rfind("\n", 0, fault.offset) + 1) + 1
    return Problem(source=source, line=line, column=column, message=fault.message, hint=fault.hint, value=fault.token)


def slots_of(text: str) -> Iterator[str]:
    """The names in braces of a text that was already checked, in order, with repeats."""
    for match in _TOKEN.finditer(text):
        if match.group(1) is not None:
            yield match.group(1).partition("|")[0]
