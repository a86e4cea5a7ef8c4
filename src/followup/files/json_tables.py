"""Tables in JSON: one object a line, a list of objects, or the `items` of followup's own export.

Objects become rows with their keys as headings, in the order in which the keys are first met. Numbers keep the digits
they are written with, true and false are words, null is an empty cell; a list of texts is parted by ` ::: `; an object
within an object gives headings such as `address.city`. The file is read twice, an object at a time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache, partial
from itertools import chain
from typing import Any, NamedTuple, NoReturn

from followup.files.encodings import Encoding
from followup.files.header_words import heading
from followup.files.sources import Source, line_ends
from followup.files.table_values import Dialect, Row, Table

MAX_OBJECT = 8 * 1024 * 1024  # characters of one object
MAX_COLUMNS = 2000
MAX_DEPTH = 30
KEPT_AS_JSON = ("extra", "anchors", "reasons")
BETWEEN = " ::: "
_LIST_KEYS = ("items", "data", "results", "records", "rows", "value")
_WHO = ("name", "first_name", "last_name", "loose_name", "party", "company", "email", "phone")
_SPACE = " \t\r\n\ufeff"


class _Number(str):
    """A number with the digits it is written with."""

    __slots__ = ()


class _BadJsonError(Exception):
    """An object cannot be taken; the text is the sentence."""


def is_json(source: Source, encoding: str) -> bool:
    """True when the first sign of a text is `{` or `[` and what follows may be JSON: `[Name],[E-Mail]` is a heading."""
    for text in source.text(encoding):
        if begin := text.lstrip(_SPACE):
            return bool(re.match(r'\{\s*(?:["\'}]|$)|\[\s*(?:[\[{"\]\d-]|true|false|null|$)', begin))
    return False


def read_json(source: Source, encoding: Encoding) -> Table:
    """Open a table of JSON objects. Raises BadFileError with the line of whatever is no object or no JSON."""
    columns: dict[str, int] = {}
    header_line = 0
    for line, cells in _objects(source, encoding.name):
        header_line = header_line or line
        for name in cells:
            columns.setdefault(name, len(columns))
        if len(columns) > MAX_COLUMNS:
            hint = "is this a table of customers?"
            source.refuse(f"the objects have more than {MAX_COLUMNS} keys", line=line, hint=hint)
    empty = () if header_line else ("there is no object in the file, and so no row",)
    return Table(
        source=source.name,
        headers=tuple(columns),
        dialect=Dialect(encoding=encoding.name, delimiter=""),
        header_line=header_line or 1,
        _opening=(*encoding.notices, *empty),
        _rows=partial(_rows, source, encoding.name, columns),
    )


def _rows(source: Source, encoding: str, columns: dict[str, int], closing: list[str]) -> Iterator[Row]:
    for line, cells in _objects(source, encoding):
        if not "".join(cells.values()).strip():
            continue
        if len(cells) == len(columns) and [*cells] == [*columns]:
            yield Row(line, tuple(cells.values()))
        else:
            yield Row(line, tuple(cells.get(name, "") for name in columns))
    closing.clear()


# ---------------------------------------------------------------------------------- objects of a file


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _BadJsonError(f"the key {twice!r} stands twice in one object")
    return found


def _no_number(text: str) -> NoReturn:
    raise _BadJsonError(f"{text} is no number of JSON")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_unique, parse_int=_Number, parse_float=_Number, parse_constant=_no_number
)


class _Position(NamedTuple):
    """Where a value begins: its line, and the values that stand around it."""

    line: int
    value: Any


class _Text:
    """The text of a file with a place in it; only as much of it as one object needs is in memory."""

    def __init__(self, source: Source, encoding: str) -> None:
        self.source = source
        self._chunks = source.text(encoding)
        self._text = ""
        self._at = 0
        self._line = 1
        self._counted = 0

    @property
    def line(self) -> int:
        """The line of the place."""
        self._line += line_ends(self._text[self._counted : self._at])
        self._counted = self._at
        return self._line

    def peek(self) -> str:
        """The next sign that is no space, '' at the end; the place moves to it."""
        while True:
            found = _NO_SPACE.search(self._text, self._at)
            if found:
                self._at = found.start()
                return found[0]
            self._at = len(self._text)
            if not self._more():
                return ""

    def take(self, sign: str) -> bool:
        """Step over a sign when it is the next one."""
        if self.peek() == sign:
            self._at += 1
            return True
        return False

    def value(self) -> Any:
        """Read one JSON value from here on. Raises BadFileError with its line."""
        self.peek()
        while True:
            try:
                found, self._at = _DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if self._goes_on(error) and self._more():
                    continue
                self._refuse(error)
            except _BadJsonError as error:
                self.refuse(str(error), hint="export it again, or mend the object by hand")
            except RecursionError:
                self.refuse(_TOO_DEEP, hint=_DEPTH_HINT)
            else:
                return found

    def refuse(self, message: str, *, hint: str = "") -> NoReturn:
        """Refuse the file at the place."""
        self.source.refuse(message, line=self.line, hint=hint)

    def _goes_on(self, error: json.JSONDecodeError) -> bool:
        if len(self._text) - self._at > MAX_OBJECT:
            self.refuse("the object is longer than 8 MiB", hint="is this a table of customers?")
        return error.pos >= len(self._text) - 16 or error.msg.startswith("Unterminated string")

    def _more(self) -> bool:
        chunk = next(self._chunks, "")
        if chunk:
            self._line = self.line
            self._text = self._text[self._at :] + chunk
            self._at = self._counted = 0
        return bool(chunk)

    def _refuse(self, error: json.JSONDecodeError) -> NoReturn:
        before = self._text[self._at : error.pos]
        line = self.line + line_ends(before)
        newline = max(self._text.rfind("\n", 0, error.pos), self._text.rfind("\r", 0, error.pos))
        column = error.pos - newline if newline >= 0 or line == 1 else 0
        self.source.refuse(f"this is not JSON: {_in_words(error.msg)}", line=line, column=column, hint=_JSON_HINT)


_NO_SPACE = re.compile(r"[^ \t\r\n\ufeff]")
_JSON_HINT = "export it again, or mend it by hand; a table may also come as CSV"
_DEPTH_HINT = "export it as CSV instead"
_TOO_DEEP = f"objects and lists stand more than {MAX_DEPTH} deep in one another"


def _in_words(message: str) -> str:
    said = {
        "Expecting property name enclosed in double quotes": "a key in double quotes is missing",
        "Expecting value": "a value is missing",
        "Expecting ',' delimiter": "a comma is missing",
        "Expecting ':' delimiter": "a colon is missing",
        "Unterminated string starting at": "the text that begins here has no end",
        "Invalid control character at": "a line end or control character stands in a text",
    }
    return said.get(message, message[:1].lower() + message[1:])


def _objects(source: Source, encoding: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Give (line, cells by heading) of every object in the file."""
    text = _Text(source, encoding)
    first = text.peek()
    if first == "[":
        yield from _listed(text)
    elif first == "{" and (key := _list_key(source, encoding)):
        yield from _within(text, key)
    else:
        while text.peek():
            yield _object(text)
            text.take(",")
        return
    if text.peek():
        text.refuse("something follows the end of the list", hint="write one list, or one object a line")


def _listed(text: _Text) -> Iterator[tuple[int, dict[str, str]]]:
    text.take("[")
    if text.take("]"):
        return
    while True:
        yield _object(text)
        if text.take("]"):
            return
        if not text.take(","):
            end = not text.peek()
            text.refuse("the list has no end: it was cut off" if end else "a comma is missing", hint=_JSON_HINT)


def _within(text: _Text, list_key: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The objects of the list that an outer object holds under `list_key`; what else it says is left aside."""
    text.take("{")
    done = False
    while True:
        key = text.value()
        if not isinstance(key, str) or not text.take(":"):
            text.refuse("this is not JSON: a key and a colon are missing", hint=_JSON_HINT)
        if key == list_key and not done:
            if text.peek() != "[":
                text.refuse(f"{key!r} is not a list", hint=_JSON_HINT)
            yield from _listed(text)
            done = True
        else:
            text.value()
        if text.take("}"):
            return
        if not text.take(","):
            text.refuse("the outer object has no end: it was cut off", hint=_JSON_HINT)


_MEMBER = re.compile(
    r'\s*("(?:[^"\\]|\\.)*")\s*:\s*(?:(?P<list>\[)|(?:"(?:[^"\\]|\\.)*"|[-+.0-9eE]+|true|false|null)\s*,?)'
)


def _list_key(source: Source, encoding: str) -> str:
    """The key of the list in an outer object such as {"schema": "followup.export/1", "items": [...]}, or ''.

    An object that is a customer itself says who it is before its first list.
    """
    begin = next(source.text(encoding), "").lstrip(_SPACE)
    at, ours = 1, False
    while match := _MEMBER.match(begin, at):
        try:
            key = json.loads(match[1])
        except ValueError:
            return ""
        if match["list"]:
            return key if key in _LIST_KEYS else ""
        ours = ours or (key == "schema" and '"followup.' in match[0])
        if not ours and (found := heading(key)) and found.field in _WHO:
            return ""
        at = match.end()
    return ""


def _object(text: _Text) -> tuple[int, dict[str, str]]:
    if text.peek() != "{":
        if text.peek():
            text.refuse("this is not a JSON object", hint='write one object for each row, such as {"name": "Ann"}')
        text.refuse("the list has no end: it was cut off", hint=_JSON_HINT)
    line = text.line
    found = text.value()
    cells: dict[str, str] = {}
    try:
        _flatten(found, "", cells, 1)
        _check_texts(cells)
    except _BadJsonError as error:
        text.source.refuse(str(error), line=line, hint=_DEPTH_HINT if str(error) == _TOO_DEEP else _JSON_HINT)
    return line, cells


# ---------------------------------------------------------------------------------- values as cells


def _flatten(found: dict[str, Any], before: str, cells: dict[str, str], depth: int) -> None:
    if depth > MAX_DEPTH:
        raise _BadJsonError(_TOO_DEEP)
    for key, value in found.items():
        name = _heading(before + key)
        if name in cells:
            raise _BadJsonError(f"the key {name!r} stands twice in one object")
        if value.__class__ is str:
            cells[name] = value
        elif isinstance(value, dict) and value and key not in KEPT_AS_JSON:
            _flatten(value, f"{name}.", cells, depth + 1)
        else:
            cells[name] = _cell(value, depth + 1)


@lru_cache(maxsize=MAX_COLUMNS)
def _heading(name: str) -> str:
    return " ".join(name.split()) or "(no name)"


def _cell(value: Any, depth: int) -> str:
    if isinstance(value, str):
        return str(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not value:
        return ""  # an empty list or object
    if isinstance(value, list) and all(isinstance(each, str) and BETWEEN.strip() not in each for each in value):
        return BETWEEN.join(value)
    return _written(value, depth)


def _check_texts(cells: dict[str, str]) -> None:
    """Raise _BadJsonError for what no data file can hold: NUL, and half a pair of UTF-16."""
    text = "".join(chain(cells, cells.values()))
    if "\0" in text:
        raise _BadJsonError("a text holds a NUL character")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise _BadJsonError("a text holds half a character (a lone surrogate)") from None


def _written(value: Any, depth: int) -> str:
    """A value as JSON again, with the digits of its numbers untouched."""
    if isinstance(value, _Number):
        return str(value)
    if depth > MAX_DEPTH and isinstance(value, dict | list):
        raise _BadJsonError(_TOO_DEEP)
    if isinstance(value, dict):
        inner = (f"{json.dumps(key, ensure_ascii=False)}: {_written(each, depth + 1)}" for key, each in value.items())
        return f"{{{', '.join(inner)}}}"
    if isinstance(value, list):
        return f"[{', '.join(_written(each, depth + 1) for each in value)}]"
    return json.dumps(value, ensure_ascii=False)
