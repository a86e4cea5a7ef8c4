"""Filling in: a message with names in braces and the values for them become the text to send.

In one pass: a value is never looked at again, so braces, markup or code in it stay what they are. No format
language, no attribute, no expression: `{name}` and `{name|words instead}` is all there is (see `placeholders`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from followup.core.visible import visible
from followup.errors import BadFileError, FollowupError
from followup.files.placeholders import PLACEHOLDERS, Literal, Slot, parse_message

LONGEST_TEXT = 100_000  # letters of a text that is filled in; nobody sends a longer one

ValueOf = Callable[[str], str]
"""Gives the value of a name, '' where it has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A text filled in: the values it used, by name, and the names that have neither value nor fallback."""

    text: str
    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    missing: tuple[str, ...] = ()


def fill_in(text: str, value_of: ValueOf, *, known: Collection[str] = PLACEHOLDERS, source: str = "message") -> Filled:
    """Put the values into a text, in one pass. Each becomes one harmless line (`visible`); a blank one is missing.

    Where a value ends with the stop that follows it in the text, one of the two is left out. Raises BadFileError for
    braces and names that are not in order, FollowupError for a text that becomes longer than LONGEST_TEXT.
    """
    parts, problems = parse_message(text, source=source, known=known)
    if problems:
        raise BadFileError(
            f"{source} cannot be filled in: {problems[0].message}", hint=problems[0].hint, problems=problems
        )
    used: dict[str, str] = {}
    missing: dict[str, None] = {}
    pieces: list[str] = []
    length = 0
    for index, part in enumerate(parts):
        if isinstance(part, Literal):
            piece = part.text
        else:
            piece = _value(part, value_of, used, missing)
            following = parts[index + 1] if index + 1 < len(parts) else None
            if piece.endswith(".") and isinstance(following, Literal) and following.text.startswith("."):
                piece = piece[:-1]
        length += len(piece)
        if length > LONGEST_TEXT:
            raise FollowupError(
                f"the text becomes longer than {LONGEST_TEXT:,} letters",
                hint="shorten the values: followup show CUSTOMER",
            )
        pieces.append(piece)
    return Filled(text="".join(pieces), values=MappingProxyType(used), missing=tuple(missing))


def _value(slot: Slot, value_of: ValueOf, used: dict[str, str], missing: dict[str, None]) -> str:
    value = visible(value_of(slot.name)).strip()
    if value:
        used[slot.name] = value
    elif slot.fallback is None:
        missing[slot.name] = None
    return value or slot.fallback or ""


def place_of(text: str, name: str, *, from_line: int) -> tuple[int, int]:
    """Line and column of `{name}` in the text of a playbook, from a line on; (from_line, 0) where it is nowhere."""
    for number, line in enumerate(text.split("\n")[max(0, from_line - 1) :], start=max(1, from_line)):
        columns = [found for tail in "}|" if (found := line.find(f"{{{name}{tail}")) >= 0]
        if columns:
            return number, min(columns) + 1
    return from_line, 0
