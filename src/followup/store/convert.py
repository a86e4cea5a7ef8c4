"""Between the values of the model and what a column holds: text, whole numbers, decimals, JSON text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, time
from itertools import islice
from types import MappingProxyType
from typing import Any, TypeVar

from followup.core.model.touchpoint import Reason

SqlValue = str | int | float | None
Parameters = Mapping[str, SqlValue] | Sequence[SqlValue]
Row = dict[str, Any]  # columns by name

T = TypeVar("T")

to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def iso(value: date | time | None) -> str | None:
    """ISO text of a day or a time of day."""
    return None if value is None else value.isoformat()


def day(text: str | None) -> date | None:
    """The day that ISO text says; None for nothing."""
    return date.fromisoformat(text) if text else None


def clock(text: str | None) -> time | None:
    """The time of day that ISO text says; None for nothing."""
    return time.fromisoformat(text) if text else None


def texts(text: str) -> tuple[str, ...]:
    """A JSON list of texts."""
    return () if text == "[]" else tuple(json.loads(text))


def mapping(text: str | None) -> Mapping[str, Any]:
    """A JSON object, not to be changed."""
    return MappingProxyType(json.loads(text) if text else {})


def reasons_text(reasons: Iterable[Reason]) -> str:
    """Reasons as a JSON list of `{rule, text, inputs}`."""
    return to_json([{"rule": each.rule, "text": each.text, "inputs": dict(each.inputs)} for each in reasons])


def reasons(text: str | None) -> tuple[Reason, ...]:
    """The reasons of such a list."""
    return tuple(
        Reason(each["rule"], each["text"], MappingProxyType(each["inputs"])) for each in json.loads(text or "[]")
    )


def id_list(ids: Iterable[int]) -> str:
    """Numbers as the JSON list that `json_each(?)` takes: any number of them in one parameter."""
    return to_json(list(ids))


def chunks(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of at most `size`, so that memory stays bounded."""
    iterator = iter(values)
    while chunk := list(islice(iterator, size)):
        yield chunk
