r"""Results as JSON: the contract for scripts. Only the standard library, so that it costs no time.

A field of the dataclass is a field of the object, under its own name; `from_on` and `to_on` of a change are
`from` and `to`. Nothing is left out: what is absent is `null`. Characters that a terminal would obey, or
that cannot be encoded, are written as \u escapes, so that the text is valid JSON on any stream and still
says exactly what was stored.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Mapping
from datetime import date, datetime, time
from enum import Enum
from typing import Any

from followup.actions.results import Change, Result
from followup.errors import AmbiguousError, FollowupError, Problem

_DECIMALS = 6

_UNSAFE = re.compile(
    "[\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
    "|[\U000e0000-\U000e007f]"
)

_RENAMED: dict[type[Any], dict[str, str]] = {Change: {"from_on": "from", "to_on": "to"}}
_KNOWN: dict[type[Any], tuple[tuple[str, str], ...]] = {}


def to_json(result: Result, *, encoding: str = "utf-8") -> str:
    """One object on one line: `schema`, `today`, then the fields of the result; ends with a newline.

    Dates are ISO, instants and times too, fractions have at most six decimals. `encoding` is the stream's:
    whatever it cannot hold is escaped.
    """
    return _dumped({"schema": result.SCHEMA, "today": result.today.isoformat(), **_fields(result)}, encoding)


def error_json(error: FollowupError, today: date | None, *, encoding: str = "utf-8") -> str:
    """A failure as `followup.error/1`; `candidates` lists the matches when a name was not clear."""
    candidates = error.candidates if isinstance(error, AmbiguousError) else ()
    return _dumped(
        {
            "schema": "followup.error/1",
            "today": today.isoformat() if today else None,
            "error": error.sentence,
            "hint": error.hint or None,
            "problems": [_problem(problem) for problem in error.problems],
            "candidates": list(candidates),
        },
        encoding,
    )


def plain_json(value: object, *, encoding: str = "utf-8") -> str:
    """Plain values as JSON on one line, without an end of line, as safe as `to_json`."""
    return _dumped(value, encoding).removesuffix("\n")


def _dumped(value: object, encoding: str) -> str:
    ascii_only = not encoding.lower().startswith("utf")
    text = json.dumps(value, ensure_ascii=ascii_only, allow_nan=False)
    return _UNSAFE.sub(_escaped, text) + "\n"


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x10000:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"


def _problem(problem: Problem) -> dict[str, object]:
    """A problem in the order in which people read it."""
    return {
        "source": problem.source,
        "line": problem.line,
        "column": problem.column,
        "severity": problem.severity,
        "message": problem.message,
        "hint": problem.hint,
        "value": problem.value,
    }


def _names(kind: type[Any]) -> tuple[tuple[str, str], ...]:
    """Field and JSON name of each field of a dataclass; worked out once for each kind."""
    if kind not in _KNOWN:
        renamed = _RENAMED.get(kind, {})
        names = (field.name for field in dataclasses.fields(kind))
        _KNOWN[kind] = tuple((name, renamed.get(name, name)) for name in names)
    return _KNOWN[kind]


def _fields(value: Any) -> dict[str, object]:
    return {name: _jsonable(getattr(value, field)) for field, name in _names(type(value)) if field != "today"}


def _jsonable(value: Any) -> object:
    """A value of the model as what `json` writes."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return round(value, _DECIMALS)
    if isinstance(value, time):
        return value.isoformat("minutes" if value.second == 0 else "seconds")
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _jsonable(item) for key, item in value.items()}
    if isinstance(value, tuple | list | frozenset | set):
        return [_jsonable(item) for item in value]
    if isinstance(value, Problem):
        return _problem(value)
    if dataclasses.is_dataclass(value):
        return _fields(value)
    raise TypeError(f"no JSON form for {type(value).__name__}")
