"""Tables in JSON: one object a line, a list of objects, or the `items` of followup's own export.

Objects become rows with their keys as headings, in the order in which the keys are first met. Numbers keep the digits
they are written with, true and false are words, null is an empty cell; a list of texts is parted by ` ::: `, or stays
JSON where that would part a text; an object within an object gives headings such as `address.city`. The file is read
twice, an object at a time.
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
_TELLTALE = re.compile(r"^\* |:::|[,;|\n\r]")  # a text with one of these would not come out of a parted list as it was
_LIST_KEYS = frozenset(
    """
    items data results records rows value values entries elements list objects hits nodes edges contacts customers
    people persons leads accounts companies organizations organisations clients users members subscribers profiles deals
    opportunities sales orders transactions tickets kontakte kunden clientes contactos contatti clienti
    """.split()  # noqa: SIM905 - a list of words reads better than forty quotes
)
_PLAIN_LIST_KEYS = ("items", "data", "results", "records", "rows")
_WRAPPERS = ("properties", "attributes", "fields", "node")  # what some interfaces put around the cells of a row
_LISTED_VALUES = ("value", "email", "phone", "number", "address")
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
    elif first == "{" and (path := _list_path(next(source.text(encoding), "").lstrip(_SPACE))):
        yield from _within(text, path)
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
        if text.peek() == "]":
            text.refuse("a comma stands behind the last object of the list", hint="take the comma away")


def _within(text: _Text, path: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """The objects of the list that an outer object holds under the keys of `path`; what else it says is left aside."""
    text.take("{")
    done = False
    while True:
        key = text.value()
        if not isinstance(key, str) or not text.take(":"):
            text.refuse("this is not JSON: a key and a colon are missing", hint=_JSON_HINT)
        if key == path[0] and not done:
            if text.peek() != ("{" if path[1:] else "["):
                text.refuse(f"{key!r} is not a list", hint=_JSON_HINT)
            yield from _within(text, path[1:]) if path[1:] else _listed(text)
            done = True
        else:
            text.value()
        if text.take("}"):
            return
        if not text.take(","):
            text.refuse("the outer object has no end: it was cut off", hint=_JSON_HINT)


_KEY = re.compile(r'\s*("(?:[^"\\]|\\.)*")\s*:\s*')
_COMMA = re.compile(r"\s*,")
_LIST_OF_OBJECTS = re.compile(r"\[\s*[{\]]")
_DEEPEST_LIST = 4


def _list_path(text: str, at: int = 0, depth: int = 1) -> tuple[str, ...]:
    """The keys down to the list in an outer object such as {"schema": "followup.export/1", "items": [...]}, or none.

    An object that says who it is, before or behind the list, is a customer itself. Only the beginning of the file is
    looked at: what stands before the list is short.
    """
    path: tuple[str, ...] = ()
    ours, at = False, at + 1
    while match := _KEY.match(text, at):
        begin, sign = match.end(), text[match.end() : match.end() + 1]
        try:
            key = json.loads(match[1])
            value, at = json.JSONDecoder().raw_decode(text, begin)
        except (ValueError, RecursionError):
            key, value, at = match[1][1:-1], "", len(text)
        ours = ours or (key == "schema" and str(value).startswith("followup."))
        if sign == "[" and not path and _is_list_key(key, text, begin):
            path = (key,)
        elif not ours and (found := heading(key)) and found.field in _WHO:
            return ()
        elif sign == "{" and not path and key not in _WRAPPERS and depth < _DEEPEST_LIST:
            inner = _list_path(text, begin, depth + 1)
            path = (key, *inner) if inner else ()
        comma = _COMMA.match(text, at)
        if not comma:
            break
        at = comma.end()
    return path


def _is_list_key(key: str, text: str, begin: int) -> bool:
    return key in _PLAIN_LIST_KEYS or (key in _LIST_KEYS and _LIST_OF_OBJECTS.match(text, begin) is not None)


def _object(text: _Text) -> tuple[int, dict[str, str]]:
    if text.peek() != "{":
        if text.peek():
            text.refuse("this is not a JSON object", hint='write one object for each row, such as {"name": "Ann"}')
        text.refuse("the list has no end: it was cut off", hint=_JSON_HINT)
    line = text.line
    found = text.value()
    if _is_keyed(found):
        text.source.refuse(
            "the objects stand under keys of their own, not in a list",
            line=line,
            hint='write them as a list: [{"name": "Ann"}, {"name": "Bob"}]',
        )
    cells: dict[str, str] = {}
    try:
        _flatten(found, "", cells, 1)
        _check_texts(cells)
    except _BadJsonError as error:
        text.source.refuse(str(error), line=line, hint=_DEPTH_HINT if str(error) == _TOO_DEEP else _JSON_HINT)
    return line, cells


def _is_keyed(found: dict[str, Any]) -> bool:
    """True for {"1": {"name": "Ann"}, "2": {"name": "Bob"}}: a customer under each key."""
    values = list(found.values())
    if not values or not all(isinstance(each, dict) and each for each in values):
        return False
    return all(any((known := heading(key)) and known.field in _WHO for key in each) for each in values) and (
        len(values) > 1 or not any(heading(key) or key in _WRAPPERS for key in found)
    )


# ---------------------------------------------------------------------------------- values as cells


def _flatten(found: dict[str, Any], before: str, cells: dict[str, str], depth: int) -> None:
    if depth > MAX_DEPTH:
        raise _BadJsonError(_TOO_DEEP)
    for key, value in found.items():
        if key in _WRAPPERS and isinstance(value, dict) and _is_wrapper(value, cells, found):
            _flatten(value, before, cells, depth + 1)
            continue
        name = _heading(before + key)
        if name in cells:
            raise _BadJsonError(f"the key {name!r} stands twice in one object")
        if value.__class__ is str:
            cells[name] = value
        elif isinstance(value, dict) and value and key not in KEPT_AS_JSON:
            _flatten(value, f"{name}.", cells, depth + 1)
        else:
            cells[name] = _cell(value, depth + 1)


def _is_wrapper(inner: dict[str, Any], cells: dict[str, str], outer: dict[str, Any]) -> bool:
    """True for {"id": "7", "properties": {"email": ...}}: cells of the row, and none that it has already."""
    names = {_heading(key) for key in inner}
    return not (names & cells.keys() or names & outer.keys() or names <= {"type", "url"})


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
    if isinstance(value, list) and value[0].__class__ is dict:
        value = _listed_values(value)
    if isinstance(value, list) and all(isinstance(each, str) and not _TELLTALE.search(each) for each in value):
        return BETWEEN.join(value)
    return _written(value, depth)


def _listed_values(found: list[Any]) -> list[Any]:
    """The addresses of [{"value": "a@x.example", "primary": true, "label": "work"}, ...], the primary one first."""
    if not all(isinstance(each, dict) and len(each) <= 6 for each in found):
        return found
    key = next((key for key in _LISTED_VALUES if all(isinstance(each.get(key), str) for each in found)), "")
    flags = ("primary", "label", "type", "is_primary", "isPrimary", "id", key)
    if not key or not all(name in flags for each in found for name in each):
        return found
    first = sorted(found, key=lambda each: not (each.get("primary") or each.get("is_primary") or each.get("isPrimary")))
    return [str(each[key]) for each in first]


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
