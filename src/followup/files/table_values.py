"""What a table file is to everyone else: its headings, its rows with their lines, and how it was read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

_DELIMITER_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", "": "JSON"}


class Row(NamedTuple):
    """One record: the physical line it begins on (from 1), its cells, and what is wrong with its shape, or ''.

    A tuple, because a large file makes millions of them.
    """

    line: int
    cells: tuple[str, ...]
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How the file was read: encoding as Python names it, and the delimiter itself, which is '' for JSON."""

    encoding: str
    delimiter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table file. `rows` gives a new iterator each time; faults that end the file raise BadFileError on the way.

    A heading that stands twice is told apart as `email` and `email (2)`; `duplicates` names all that are concerned.
    """

    source: str
    headers: tuple[str, ...]
    dialect: Dialect
    duplicates: frozenset[str] = frozenset()
    header_line: int = 1
    _opening: tuple[str, ...] = ()
    _closing: list[str] = field(default_factory=list, compare=False)
    _rows: Callable[[list[str]], Iterator[Row]] = field(repr=False, compare=False)

    @property
    def rows(self) -> Iterator[Row]:
        """All rows from the top; blank lines are left out, ragged rows come with their `fault`."""
        return self._rows(self._closing)

    @property
    def notices(self) -> tuple[str, ...]:
        """What there is to say about the reading; about the end of the file only once the rows were read to it."""
        return (*self._opening, *self._closing)

    def sample(self, count: int = 200) -> list[Row]:
        """The first rows, for guessing what the columns hold."""
        return list(islice(self.rows, count))


def delimiter_name(delimiter: str) -> str:
    """Give a delimiter in words, for sentences: `semicolons`."""
    return _DELIMITER_NAMES.get(delimiter, repr(delimiter))
