"""Between the values of the model and what a column holds: text, whole numbers, decimals, JSON text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, time
from itertools import islice
from types import MappingProxyType
from typing import Any, TypeVar

from followup.core.model.evidence import Clue, Evidence, Relationship
from followup.core.model.touchpoint import Reason

SqlValue = str | int | float | None
Parameters = Mapping[str, SqlValue] | Sequence[SqlValue]
Row = dict[str, Any]  # columns by name

T = TypeVar("T")

_OF_A_CLUE = ("value", "quality", "offset", "source", "measured")  # after its day, in a JSON list

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


def evidence_text(evidence: Evidence | None) -> str | None:
    """Evidence as a JSON object; None for none."""
    if evidence is None:
        return None
    clues = [[each.on.isoformat(), *(getattr(each, name) for name in _OF_A_CLUE)] for each in evidence.clues]
    return to_json({"half_life_days": evidence.half_life_days, "prior_weight": evidence.prior_weight, "clues": clues})


def evidence(text: str | None) -> Evidence | None:
    """The evidence of such an object."""
    if not text:
        return None
    said = json.loads(text)
    clues = (Clue(on=date.fromisoformat(on), **dict(zip(_OF_A_CLUE, rest, strict=True))) for on, *rest in said["clues"])
    return Evidence(clues=tuple(clues), half_life_days=said["half_life_days"], prior_weight=said["prior_weight"])


def relationship_text(relationship: Relationship | None) -> str | None:
    """The clocks of a relationship as a JSON list of `[day, stability]`; None for none."""
    if relationship is None:
        return None
    return to_json([[since.isoformat(), stability] for since, stability in relationship.clocks])


def relationship(text: str | None) -> Relationship | None:
    """The relationship of such a list."""
    if not text:
        return None
    return Relationship(clocks=tuple((date.fromisoformat(since), stability) for since, stability in json.loads(text)))


def id_list(ids: Iterable[int]) -> str:
    """Numbers as the JSON list that `json_each(?)` takes: any number of them in one parameter."""
    return to_json(list(ids))


def chunks(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of at most `size`, so that memory stays bounded."""
    iterator = iter(values)
    while chunk := list(islice(iterator, size)):
        yield chunk
