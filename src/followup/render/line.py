"""Lines made of spans: what the screens build, before rich colours them or a pipe takes the bare words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

Role = Literal["", "late", "strong", "dim"]
"""What a piece of text means: late or wrong, worth a look first, less important. Empty: plain text."""


class Span(NamedTuple):
    """A piece of text with one role."""

    text: str
    role: Role = ""


Line = tuple[Span, ...]
Part = str | Span

BLANK: Line = ()


def span(part: Part) -> Span:
    """A part as a span; a bare string has no role."""
    return part if isinstance(part, Span) else Span(part)


def strong(text: str) -> Span:
    """Text to be seen first."""
    return Span(text, "strong")


def dim(text: str) -> Span:
    """Text of less importance."""
    return Span(text, "dim")


def late(text: str) -> Span:
    """Text about something late or wrong."""
    return Span(text, "late")


def joined(groups: Iterable[Iterable[Part]], separator: str) -> list[Span]:
    """Several groups of spans in a row, with a dim separator between those that hold text."""
    row: list[Span] = []
    for group in groups:
        spans = [span(part) for part in group]
        if not any(part.text for part in spans):
            continue
        if row:
            row.append(dim(separator))
        row.extend(spans)
    return row
