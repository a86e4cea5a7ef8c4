"""The record of a customer as a document: the same blocks as text, Markdown and HTML."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from followup.actions.customer_file import (
    CustomerFile,
    FileConcern,
    FileIdea,
    FilePerson,
    FileProblem,
    FilePromise,
    FileSale,
    FileScore,
)
from followup.render.html import html_element, html_list, html_page, html_text
from followup.render.line import BLANK, Line, dim, strong
from followup.render.markdown import markdown_heading, markdown_quote, markdown_text
from followup.render.screen import Screen, lines_text, make_screen
from followup.render.words import count, spoken

TITLE = "Record of results and problems"
_DOCUMENT_WIDTH = "78"

_ROLES = {"decider": "decides", "user": "works with it", "champion": "stands up for it", "finance": "finance"}
_DATES = {
    "live": "In use since",
    "finish": "Finished",
    "delivery": "Delivered",
    "event": "Event",
    "warranty": "Warranty until",
    "builder_warranty": "Builder's warranty until",
    "service": "Next service",
    "renewal": "Term until",
}
_MILESTONES = {
    "first_use": "used for the first time",
    "first_result": "the first result",
    "renewed": "renewed",
    "repurchased": "bought again",
}
_SCALES = {"nps": "would recommend it", "csat": "satisfied", "ces": "easy to work with"}
_ANSWERS = {"adopted": "adopted", "planned": "planned", "declined": "declined"}


class Said(NamedTuple):
    """Somebody's own words, to be shown as such."""

    text: str


Piece = str | Said
Item = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; `level` counts from 1."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence on its own."""

    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and values."""

    pairs: tuple[tuple[str, Piece], ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Item, ...]


Block = Heading | Sentence | Facts | Items


def customer_file_lines(result: CustomerFile, screen: Screen) -> list[Line]:
    """The record as a screen shows it, or where it was written (`file`)."""
    if result.written_to is not None:
        said = f"the record of {result.customer} is written to {result.written_to}"
        return screen.paragraph(f"{said}; read it before you hand it over")
    return _lines(record_blocks(result), screen)


def file_text(result: CustomerFile, kind: str) -> str:
    """The record as a document: `text`, `markdown` or `html`."""
    blocks = record_blocks(result)
    if kind == "html":
        return html_page(f"{TITLE}: {_whose(result)}", _html(blocks))
    if kind == "markdown":
        return _markdown(blocks)
    page = make_screen(io.StringIO(), isatty=True, columns=_DOCUMENT_WIDTH, color="never")
    return lines_text(_lines(blocks, page))


# What stands in the record


def record_blocks(result: CustomerFile) -> Iterator[Block]:
    """The record from top to bottom."""
    yield Heading(1, TITLE)
    yield Facts((("For", _whose(result)), ("As of", long_date(result.today))))
    if result.people or result.seller:
        yield Heading(2, "Who is involved")
        yield Items(tuple((_person(person),) for person in _everybody(result)))
    for sale in result.sales:
        yield Heading(2, sale.product or "Purchase")
        yield from _sale(sale, result.today)
    if not result.sales:
        yield Heading(2, "Purchases")
        yield Sentence("No purchase is on record yet.")


def long_date(on: date) -> str:
    """A day as it stands in a letter: `5 January 2026`."""
    return f"{on.day} {on:%B} {on.year}"


def _whose(result: CustomerFile) -> str:
    if not result.company or result.company.casefold() == result.customer.casefold():
        return result.customer
    return f"{result.customer}, {result.company}"


def _everybody(result: CustomerFile) -> Iterator[FilePerson]:
    yield from result.people
    if result.seller is not None:
        yield result.seller


def _person(person: FilePerson) -> str:
    role = _ROLES.get(person.role, spoken(person.role)) if person.role else None
    return ", ".join(filter(None, (person.name, role, person.company, person.phone, person.email)))


def _sale(sale: FileSale, today: date) -> Iterator[Block]:
    yield Sentence(_balance(sale))
    yield Facts(tuple(_about(sale, today)))
    yield Heading(3, "Results")
    yield _list([item for _, item in sorted(_results(sale), key=lambda each: each[0])], "No result is on record yet.")
    yield Heading(3, "Problems and doubts, and how they ended")
    yield _list([item for _, item in sorted(_troubles(sale), key=lambda each: each[0])], "None is on record.")
    if sale.promises:
        yield Heading(3, "What was promised")
        yield Items(tuple(map(_promise, sale.promises)))
    if sale.ideas:
        yield Heading(3, "Suggestions, and what became of them")
        yield Items(tuple(map(_idea, sale.ideas)))
    if sale.next:
        yield Heading(3, "What comes next")
        yield Items(tuple((f"{long_date(each.on) if each.on else 'These days'}: {each.text}",) for each in sale.next))


def _list(items: Iterable[Item], without: str) -> Block:
    listed = tuple(items)
    return Items(listed) if listed else Sentence(without)


def _balance(sale: FileSale) -> str:
    """Results next to problems (B27): `On record: 3 results, 2 problems or doubts, 1 of them settled.`"""
    good = count(sale.results_count, "result") if sale.results_count else "no result yet"
    if not sale.problems_count:
        return f"On record: {good}, no problem and no doubt."
    bad = count(sale.problems_count, "problem or doubt", "problems or doubts")
    if sale.settled_count == sale.problems_count:
        settled = {1: "settled", 2: "both settled"}.get(sale.problems_count, "all settled")
    else:
        settled = f"{sale.settled_count or 'none'} of them settled"
        settled = "not settled yet" if sale.problems_count == 1 else settled
    return f"On record: {good}, {bad}, {settled}."


def _about(sale: FileSale, today: date) -> Iterator[tuple[str, Piece]]:
    bought = sale.bought_on is not None and sale.bought_on <= today
    yield "Bought" if bought else "Signature", long_date(sale.bought_on) if sale.bought_on else "not yet"
    for name, on in sale.dates.items():
        yield _DATES[name], long_date(on)
    for label, text in (("Goal", sale.goal), ("Chosen because", sale.reason), ("Before", sale.old_way)):
        if text:
            yield label, Said(text)


def _results(sale: FileSale) -> Iterator[tuple[date, Item]]:
    for reached in sale.milestones:
        words = f"{long_date(reached.on)}: {_MILESTONES[reached.name]}"
        yield reached.on, (words, ": ", Said(reached.text)) if reached.text else (words,)
    for note in sale.words:
        yield note.on, (f"{long_date(note.on)}: ", Said(note.text))
    for score in sale.scores:
        yield score.on, (_score(score),)


def _score(score: FileScore) -> str:
    return f"{long_date(score.on)}: {score.value} of {score.most} ({_SCALES[score.kind]})"


def _troubles(sale: FileSale) -> Iterator[tuple[date, Item]]:
    for problem in sale.problems:
        yield problem.on, _problem(problem)
    for concern in sale.concerns:
        yield concern.opened_on, _concern(concern)


def _problem(problem: FileProblem) -> Item:
    said: list[Piece] = [f"{long_date(problem.on)}: ", Said(problem.text) if problem.text else "a problem", "."]
    if problem.answered_on:
        said.append(f" Answered {_after(problem.on, problem.answered_on)}.")
    if problem.solved_on and problem.days is not None:
        said.append(f" Solved {_after(problem.on, problem.solved_on)}.")
    if problem.confirmed_on:
        said.append(f" Confirmed on {long_date(problem.confirmed_on)}")
        said += [": ", Said(problem.words), "."] if problem.words else ["."]
    elif problem.again:
        said.append(" It was not settled when the next problem came.")
    else:
        said.append(" It is not confirmed yet that it works." if problem.solved_on else " Not solved yet.")
    return tuple(said)


def _after(since: date, on: date) -> str:
    days = (on - since).days
    later = f"after {count(days, 'day')}" if days else "the same day"
    return f"on {long_date(on)}, {later}"


def _concern(concern: FileConcern) -> Item:
    head: Item = (f"{long_date(concern.opened_on)}: ", Said(concern.text), ". ")
    if concern.resolved_on is None:
        return (*head, "Still open.")
    ended = f"Settled {_after(concern.opened_on, concern.resolved_on)}"
    return (*head, f"{ended}: ", Said(concern.answer), ".") if concern.answer else (*head, f"{ended}.")


def _promise(promise: FilePromise) -> Item:
    return Said(promise.text), f", by {long_date(promise.by)}: {_kept(promise)}"


def _kept(promise: FilePromise) -> str:
    done = promise.done_on or promise.told_on
    if done is None:
        return "not kept yet" if promise.state == "broken" else "not due yet"
    late = (done - promise.by).days
    return f"done on {long_date(done)}, " + (f"{count(late, 'day')} late" if late > 0 else "in time")


def _idea(idea: FileIdea) -> Item:
    if not idea.answer:
        return Said(idea.text), f": an answer by {long_date(idea.by)}"
    on = f", told on {long_date(idea.told_on)}" if idea.told_on else ""
    return Said(idea.text), f": {_ANSWERS.get(idea.answer, idea.answer)}{on}"


# The three ways to write it


def _lines(blocks: Iterable[Block], screen: Screen) -> list[Line]:
    lines: list[Line] = []
    for block in blocks:
        match block:
            case Heading(level=level, text=text):
                lines += [*([BLANK] if lines else []), *screen.paragraph(strong(text), indent=2 if level > 2 else 0)]
            case Sentence(text=text):
                lines += screen.paragraph(text, indent=2)
            case Facts(pairs=pairs):
                for name, value in pairs:
                    lines += screen.paragraph(dim(f"{name}: "), _plain(value), indent=2, hang=4)
            case Items(items=items):
                for item in items:
                    lines += screen.paragraph("- ", *map(_plain, item), indent=2, hang=4)
    return lines


def _plain(piece: Piece) -> str:
    return f'"{piece.text}"' if isinstance(piece, Said) else piece


def _markdown(blocks: Iterable[Block]) -> str:
    parts = []
    for block in blocks:
        match block:
            case Heading(level=level, text=text):
                parts.append(markdown_heading(level, text))
            case Sentence(text=text):
                parts.append(markdown_text(text))
            case Facts(pairs=pairs):
                parts.append("\n".join(f"- {markdown_text(name)}: {_marked((value,))}" for name, value in pairs))
            case Items(items=items):
                parts.append("\n".join(f"- {_marked(item)}" for item in items))
    return "\n\n".join(parts) + "\n"


def _marked(item: Item) -> str:
    return "".join(markdown_quote(piece.text) if isinstance(piece, Said) else _between(piece) for piece in item)


def _between(piece: str) -> str:
    """Words of ours between two quotes, with the spaces at their ends."""
    bare = piece.strip(" ")
    before, _, after = piece.partition(bare)
    return f"{before}{markdown_text(bare)}{after}"


def _html(blocks: Iterable[Block]) -> str:
    parts = []
    for block in blocks:
        match block:
            case Heading(level=level, text=text):
                parts.append(html_element(f"h{level}", html_text(text)))
            case Sentence(text=text):
                parts.append(html_element("p", html_text(text)))
            case Facts(pairs=pairs):
                rows = (
                    html_element("dt", html_text(name)) + html_element("dd", _tagged((value,))) for name, value in pairs
                )
                parts.append(html_element("dl", "\n".join(rows)))
            case Items(items=items):
                parts.append(html_list(map(_tagged, items)))
    return html_element("main", "\n" + "\n".join(parts) + "\n")


def _tagged(item: Item) -> str:
    return "".join(f"“{html_text(piece.text)}”" if isinstance(piece, Said) else html_text(piece) for piece in item)
