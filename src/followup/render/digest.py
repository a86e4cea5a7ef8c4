"""The digest in words: what every form of it says, and the plain text for a mail, a pipe or a terminal.

Whoever reads it has nothing else at hand: so why now, what they said last, what to give, what to ask, how to reach
them, and what to type afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from followup.actions.reminded import Digest, DigestEntry
from followup.actions.results import TouchpointView
from followup.core.visible import visible
from followup.render.line import Span
from followup.render.measure import wrap
from followup.render.words import WEEKDAYS, clock, count, lateness, spoken, stage_day, touch_words, who, why_now

WIDTH = 72
"""Columns of the text: what a mail program shows without breaking lines."""

WRITTEN = ("email", "message", "letter")  # channels for which a draft helps
MOST_IN_A_NOTIFICATION = 4
CLOSING = "Every number and rule behind a date: followup why ID"
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_NEEDS = {"phone": "phone", "message": "phone", "email": "email"}  # what must be known for a channel
_LABEL_WIDTH = 12
_INDENT = 4

Kind = Literal["", "quote", "list", "command", "phone", "email"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing to know about a customer today: its label and its texts, one of each kind that is written alike."""

    label: str
    texts: tuple[str, ...]
    kind: Kind = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One customer, ready to be written: number to type, who, what for, and the facts. Text as it is, not cleaned."""

    number: str
    title: str
    what: str
    late: bool
    facts: tuple[Fact, ...] = ()


def long_day(day: date) -> str:
    """`Monday 5 January 2026`."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def digest_summary(digest: Digest) -> str:
    """`3 customers to contact, 1 of them overdue`."""
    total, late = len(digest.entries), digest.overdue_count
    said = f"{count(total, 'customer')} to contact"
    if not late:
        return said
    whole = "overdue" if total == 1 else "all of them overdue"
    return f"{said}, {whole if late == total else f'{late} of them overdue'}"


def digest_subject(digest: Digest) -> str:
    """One line for a mail or a notification, without anything that a customer said: others may see it."""
    day = digest.today
    return f"followup {WEEKDAYS[day.weekday()][:3]} {day.day} {_MONTHS[day.month - 1][:3]}: {digest_summary(digest)}"


def cards(digest: Digest) -> tuple[list[Card], list[Card]]:
    """The customers that are written out, and those that get one line."""
    full = [_card(entry) for entry in digest.entries if entry.full]
    brief = [_brief(entry) for entry in digest.entries if not entry.full]
    return full, brief


def digest_text(digest: Digest, *, width: int | None = WIDTH) -> str:
    """The digest as plain text of at most `width` columns, commands and very long words aside; None breaks no line."""
    full, brief = cards(digest)
    lines = [f"followup, {long_day(digest.today)}", f"{digest_summary(digest)}."]
    for card in full:
        lines += ["", *_card_lines(card, width)]
    if brief:
        lines += ["", "Then, one line each:" if full else "One line each:", ""]
        for card in brief:
            lines += _hung(_numbered(card), f"{card.title}: {card.what}", width)
    for notice in digest.notices:
        lines += ["", *_hung("Note: ", notice, width)]
    return "\n".join([*lines, "", CLOSING, ""])


def digest_notification(digest: Digest) -> str:
    """A few short lines for a notification: who, how, and why now."""
    shown = digest.entries[:MOST_IN_A_NOTIFICATION]
    lines = [visible(f"{_title(each)}: {_brief_words(each)}") for each in shown]
    if more := len(digest.entries) - len(shown):
        lines.append(f"and {more} more: followup")
    return "\n".join(lines)


def _card(entry: DigestEntry) -> Card:
    view = entry.first
    stage = stage_day(view.stage, view.stage_day, view.stage_days)
    return Card(
        number=_number(view),
        title=_title(entry),
        what=", ".join(filter(None, [touch_words(view), stage])),
        late=view.days_overdue > 0,
        facts=tuple(fact for fact in _facts(entry) if any(fact.texts)),
    )


def _facts(entry: DigestEntry) -> Iterator[Fact]:
    view = entry.first
    agreed = f"agreed for {clock(view.agreed_time)}" if view.agreed_time else ""
    yield Fact(label="Why now", texts=(": ".join(filter(None, [agreed, why_now(view)])),))
    yield Fact(label="Goal", texts=(view.goal,))
    yield Fact(label="They want", texts=(entry.wants,))
    yield Fact(label="They said", texts=(view.last_words,), kind="quote")
    yield Fact(label="Give", texts=(view.gives,))
    yield Fact(label="Ask", texts=entry.ask, kind="list")
    if entry.role or not _same(view.contact, view.customer):
        person = view.contact or ""
        yield Fact(label="Reach", texts=(f"{person} ({spoken(entry.role)})" if entry.role else person,))
    yield Fact(label="Phone", texts=(entry.phone,), kind="phone")
    yield Fact(label="E-mail", texts=(entry.email,), kind="email")
    if view.channel in _NEEDS and not view.reach:
        what = _NEEDS[view.channel]
        yield Fact(label="Missing", texts=(f"followup set {view.customer_key} {what} {what.upper()}",), kind="command")
    yield Fact(label="About them", texts=(" ".join(entry.notes.split()),))
    yield Fact(label="Also due", texts=tuple(_other(other) for other in entry.others), kind="list")
    if view.channel in WRITTEN:
        yield Fact(label="Draft", texts=(f"followup message {_number(view)}",), kind="command")
    yield Fact(label="Record", texts=(f'followup done {_number(view)} good "what was said"',), kind="command")


def _same(one: str | None, other: str | None) -> bool:
    """True when two names are the same to a reader."""
    return (one or "").casefold() == (other or "").casefold()


def _brief(entry: DigestEntry) -> Card:
    view = entry.first
    return Card(
        number=_number(view),
        title=_title(entry),
        what=", ".join(filter(None, [_brief_words(entry), *map(_other, entry.others)])),
        late=view.days_overdue > 0,
    )


def _brief_words(entry: DigestEntry) -> str:
    view = entry.first
    return ", ".join(filter(None, [f"{touch_words(view)} {view.reach}".rstrip(), why_now(view)]))


def _title(entry: DigestEntry) -> str:
    """Customer, contact and company, each once."""
    view = entry.first
    name = who(view.customer, view.contact)
    company = entry.company
    return name if not company or company.casefold() in name.casefold() else f"{name}, {company}"


def _other(view: TouchpointView) -> str:
    return ", ".join(filter(None, [f"{touch_words(view)} ({_number(view)})", lateness(view.days_overdue)]))


def _number(view: TouchpointView) -> str:
    return "" if view.id is None else str(view.id)


def _card_lines(card: Card, width: int | None) -> list[str]:
    lines = [*_hung(_numbered(card), card.title, width), *_hung(" " * _INDENT, card.what, width)]
    for fact in card.facts:
        label = f"{' ' * _INDENT}{fact.label + ':':<{_LABEL_WIDTH}}"
        for text in filter(None, fact.texts):
            shown = f'"{text}"' if fact.kind == "quote" else text
            copied = fact.kind in ("command", "phone", "email")  # in one piece
            lines += _hung(label, shown, None if copied else width)
            label = " " * len(label)
    return lines


def _numbered(card: Card) -> str:
    return f"{card.number:<{_INDENT - 1}} "


def _hung(head: str, text: str, width: int | None) -> list[str]:
    """Harmless lines of at most `width` cells, the first behind `head`, the others as far to the right."""
    room = None if width is None else width - len(head)
    wrapped = ["".join(span.text for span in line).rstrip() for line in wrap([Span(visible(text))], room)]
    return [f"{head if place == 0 else ' ' * len(head)}{line}".rstrip() for place, line in enumerate(wrapped)]
