"""A draft: what can be sent as it stands, and beside it, on a terminal only, what a person wants to know."""

from __future__ import annotations

from followup.actions.drafted import Draft
from followup.actions.drafting import questions_are_spoken
from followup.render.line import BLANK, Line, Part, dim, strong
from followup.render.screen import Screen
from followup.render.words import day, note_lines, spoken, who


def message_lines(result: Draft, screen: Screen) -> list[Line]:
    """In a pipe the words to send and nothing else; on a terminal whom, how and why as well, and what to type after."""
    if screen.kind == "pipe":
        return [line for text in result.text.removesuffix("\n").split("\n") for line in _as_it_is(text, screen)]
    lines = _head(result, screen)
    lines += [BLANK, *_words(result, screen)]
    lines += _section(_questions_title(result), [(text,) for text in result.ask], screen)
    lines += _section("Beside it", _facts(result), screen)
    lines += note_lines(result.notes or "", screen)
    if result.copied or result.opened:
        done = "Copied." if result.copied else ""
        lines += [BLANK, *screen.paragraph(f"{done} {'Open in your mail program.' if result.opened else ''}".strip())]
    lines += [BLANK, *screen.paragraph(dim("After sending: "), result.then, hang=2)]
    return lines


def _as_it_is(text: str, screen: Screen) -> list[Line]:
    return screen.paragraph(text) or [BLANK]


def _head(result: Draft, screen: Screen) -> list[Line]:
    lines = screen.paragraph(strong(f"{result.id} {who(result.customer, result.contact)}"))
    lines += screen.facts(
        [
            [f"{spoken(result.channel)} {result.reach or ''}".rstrip()],
            [spoken(result.purpose)],
            [dim("due "), day(result.due_on)] if result.due_on else [],
            [spoken(result.role)] if result.role else [],
        ],
        indent=2,
    )
    for reason in result.channel_reasons:
        lines += screen.paragraph(dim("Channel: "), dim(reason.text), indent=2, hang=4)
    return lines


def _words(result: Draft, screen: Screen) -> list[Line]:
    """Subject and body as they will be sent; long lines are wrapped here only."""
    lines: list[Line] = []
    if result.subject and result.channel != "message":
        lines += [*screen.paragraph(dim("Subject: "), strong(result.subject), hang=2), BLANK]
    for text in result.body.split("\n"):
        lines += _as_it_is(text, screen)
    return lines


def _questions_title(result: Draft) -> str:
    return "Ask" if questions_are_spoken(result) else "Questions to choose from"


def _facts(result: Draft) -> list[tuple[Part, ...]]:
    pairs = [("Goal: ", result.goal), ("Give: ", result.gives)]
    if result.last_words:
        pairs.append(("They last said: ", f'"{result.last_words}"'))
    return [(dim(label), text) for label, text in pairs if text]


def _section(title: str, rows: list[tuple[Part, ...]], screen: Screen) -> list[Line]:
    body = [line for row in rows for line in screen.paragraph(*row, indent=2, hang=4)]
    return [BLANK, *screen.paragraph(strong(title)), *body] if body else []
