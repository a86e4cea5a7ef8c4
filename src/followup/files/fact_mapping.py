"""Which column of a table of facts holds what: by its headings and a look at the cells, or as the user says.

A guess is only made where it is sure. What fits no field is named as such and is not taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType

from followup.core.model.activity import ACTIVITY_KINDS
from followup.core.model.outcome import OUTCOMES
from followup.core.model.reading import READING_KINDS
from followup.errors import BadFileError, Problem
from followup.files import fact_words as words
from followup.files.cell_dates import looks_like_date
from followup.files.csv_out import PROBLEM_COLUMN
from followup.files.customer_mapping import LEAVE_OUT, CustomerMapping, column_by_place, settled
from followup.files.fact_words import ACTIVITIES, CONCERNS, CONTACTS, FIELDS, PROMISES, READINGS, field_of
from followup.files.header_words import FIELDS as CUSTOMER_FIELDS
from followup.files.header_words import header_key, plain_words
from followup.files.tables import Table

DATES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        CONTACTS: (),
        ACTIVITIES: ("on", "made_on", "due_on", "opens_on", "closes_on", "to_on"),
        READINGS: ("on", "made_on"),
        CONCERNS: ("opened_on", "resolved_on"),
        PROMISES: ("by", "done_on", "told_on"),
    }
)
"""Fields that are dates, by kind of table."""

WHOSE = (
    "customer_key",
    "customer_id",
    "customer",
    "company",
    "name",
    "first_name",
    "last_name",
    "email",
    "phone",
    "related",
)
SCORES = ("nps", "csat", "ces", "usage", "understood")
_MOST_NAMED = 12  # columns in a sentence
_ONE_OF_SEVERAL = re.compile(r"(.+)_([1-9][0-9]?)")
_TOLD_BY = (words.CALL, words.MEETING, words.EMAIL, words.NOTE, words.TASK)


@dataclass(frozen=True, slots=True, kw_only=True)
class FactMapping(CustomerMapping):
    """Column numbers by field. `is_own`: the table is one that followup wrote; `sort` is the one kind of activity that
    all rows are where the headings say so (`Call outcome`), else ''.
    """

    kind: str
    is_own: bool = False
    sort: str = ""


def map_facts(table: Table, kind: str, explicit: Mapping[str, str] | None = None) -> FactMapping:
    """Give the mapping of a table of `kind` (one of FACT_KINDS); `explicit` is field -> heading, '-' for no column.

    Raises BadFileError for unknown fields and columns of `explicit`, all at once, for a heading that stands twice where
    one of the two is needed, and for a table that lacks what its rows cannot do without.
    """
    told, left_out = _told(table, kind, explicit or {})
    is_own = words.OWN_HEADINGS[kind] <= {*table.headers}
    columns = _own(table, kind, told) if is_own else _guessed(table, kind, told)
    for name in left_out:
        columns.pop(name, None)
    _refuse_duplicates(table, kind, columns, told)
    _refuse_incomplete(table, kind, columns)
    taken = {column for found in columns.values() for column in found}
    spare = {PROBLEM_COLUMN} | (words.OWN_SPARE[kind] if is_own else set())
    return FactMapping(
        headers=table.headers,
        columns=MappingProxyType(columns),
        ignored=frozenset(c for c, header in enumerate(table.headers) if header in spare and c not in taken),
        kind=kind,
        is_own=is_own,
        sort="" if is_own or kind != ACTIVITIES or "kind" in columns else _sort_of(table),
    )


def _own(table: Table, kind: str, told: Mapping[str, tuple[int, ...]]) -> dict[str, tuple[int, ...]]:
    """The columns of a table that followup wrote: headings are field names."""
    own = {name: (column,) for column, name in enumerate(table.headers) if name in FIELDS[kind]}
    if kind == CONTACTS:
        own["do_not_contact"] = (table.headers.index("own_do_not_contact"),)
    return {**own, **told}


def _guessed(table: Table, kind: str, told: Mapping[str, tuple[int, ...]]) -> dict[str, tuple[int, ...]]:
    cells = [row.cells for row in table.sample() if not row.fault]
    taken = {column for columns in told.values() for column in columns}
    found: dict[str, list[tuple[int, int]]] = {}
    for column, header in enumerate(table.headers):
        named = field_of(kind, header.removesuffix(" (2)"))
        if column in taken or named is None or named[0] in told:
            continue
        name, rank = named
        values = [text for row in cells if (text := row[column].strip())]
        if _holds(kind, name, header, values):
            found.setdefault(name, []).append((rank, column))
    columns: dict[str, tuple[int, ...]] = {**told}
    for name in FIELDS[kind]:
        if name in found:
            ordered = tuple(column for _, column in sorted(found[name]))
            columns[name] = ordered if FIELDS[kind][name].many else ordered[:1]
    if kind == READINGS and "value" in columns and any(name in columns for name in SCORES):
        columns.pop("value")  # what is named by its scale is plainer
    return columns


def _sort_of(table: Table) -> str:
    """The one kind of activity that headings such as `Call outcome` or `Note body` tell; '' where they do not agree."""
    keys = [header_key(header) for header in table.headers]
    found = {
        sort for sort in _TOLD_BY for key in keys if key.startswith(f"{sort} ") and not key.startswith("email address")
    }
    return found.pop() if len(found) == 1 else ""


# ------------------------------------------------------------------------------------ looks at cells


def _holds(kind: str, name: str, header: str, values: list[str]) -> bool:
    """True when the cells do not speak against what a heading says; without any cell the heading is believed."""
    check = _LOOKS.get((kind, name)) or _LOOKS.get(("", name))
    if name in DATES[kind]:
        check = looks_like_date
    return check is None or not values or any(map(check, values))


def _is_type(text: str) -> bool:
    plain = plain_words(text)
    return plain in words.TYPES or plain in words.INBOUND or plain in words.OUTBOUND or plain in ACTIVITY_KINDS


def _is_state(text: str) -> bool:
    plain = plain_words(text)
    return any(plain in known for known in (words.DONE, words.OPEN, words.RESULTS, words.MISSED))


def _is_result(text: str) -> bool:
    codes = {part.strip().lower().replace("_", "-") for part in text.split(",")}
    plain = plain_words(text)
    return codes <= {*OUTCOMES} or any(
        plain in known for known in (words.RESULTS, words.OPEN, words.DONE, words.MISSED)
    )


def _is_direction(text: str) -> bool:
    plain = plain_words(text)
    return plain in words.INBOUND or plain in words.OUTBOUND or plain in words.MISSED


def _is_scale(text: str) -> bool:
    return bool(scale_in(text)) or text.strip().casefold() in READING_KINDS


def scale_in(text: str) -> str:
    """The scale that a survey's type or name plainly says (`NPS survey Q3`), '' for none or for two."""
    plain = plain_words(text)
    if plain in words.SCALES:
        return words.SCALES[plain]
    found = {words.SCALES[name] for name in ("nps", "csat", "ces", "net promoter") if f" {name} " in f" {plain} "}
    return found.pop() if len(found) == 1 else ""


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))


def _is_small_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 2


def _is_usage(text: str) -> bool:
    return plain_words(text) in words.USAGE


_LOOKS: Mapping[tuple[str, str], Callable[[str], bool]] = MappingProxyType(
    {
        ("", "email"): lambda text: "@" in text,
        ("", "phone"): lambda text: sum(map(str.isdigit, text)) >= 5 and "@" not in text,
        (ACTIVITIES, "kind"): _is_type,
        (ACTIVITIES, "status"): _is_state,
        (ACTIVITIES, "outcomes"): _is_result,
        (ACTIVITIES, "direction"): _is_direction,
        (ACTIVITIES, "channel"): _is_type,
        (ACTIVITIES, "score"): _is_small_number,
        (READINGS, "kind"): _is_scale,
        (READINGS, "value"): lambda text: _has_digit(text) or _is_usage(text),
        **{(READINGS, name): _has_digit for name in ("nps", "csat", "ces")},
        (READINGS, "usage"): _is_usage,
        (READINGS, "category"): lambda text: plain_words(text) in words.PROMOTERS,
        (CONCERNS, "category"): lambda text: plain_words(text) in words.CATEGORY,
        (CONCERNS, "severity"): lambda text: plain_words(text) in words.SEVERITY,
    }
)


# ------------------------------------------------------------------------------------------ refusals


def _told(table: Table, kind: str, explicit: Mapping[str, str]) -> tuple[dict[str, tuple[int, ...]], frozenset[str]]:
    """Give (field -> columns, fields to leave out) of an explicit mapping; refuse at once all that is unknown."""
    told: dict[str, dict[int, int]] = {}
    left_out: set[str] = set()
    problems: list[Problem] = []

    def refuse(message: str, hint: str) -> None:
        problems.append(Problem(source=table.source, message=message, hint=hint))

    for written, header in explicit.items():
        name, place = _field_named(kind, written)
        if header.strip() in LEAVE_OUT and (name or written in CUSTOMER_FIELDS):
            left_out.add(name)  # a field of customers is not here anyway
        elif not name:
            near = get_close_matches(written, FIELDS[kind], n=1)
            refuse(
                f"there is no field {written!r}",
                f"did you mean {near[0]}?" if near else f"fields of {kind} are {', '.join(FIELDS[kind])}",
            )
        elif (column := _column_named(header, table.headers)) < 0:
            close = get_close_matches(header, table.headers, n=1)
            listed = ", ".join(map(repr, table.headers[:_MOST_NAMED]))
            refuse(
                f"there is no column {header!r}", f"did you mean {close[0]!r}?" if close else f"columns are {listed}"
            )
        elif place in told.setdefault(name, {}):
            refuse(f"{name} is mapped twice", "name one column for it")
        else:
            told[name][place] = column
    return settled(told, left_out, problems, table.source)


def _field_named(kind: str, written: str) -> tuple[str, int]:
    """Give (field, place): `note_2` is the second column of the field note; '' for no field."""
    name = written.strip()
    if name in FIELDS[kind]:
        return name, 1
    match = _ONE_OF_SEVERAL.fullmatch(name)
    if match and match[1] in FIELDS[kind] and FIELDS[kind][match[1]].many:
        return match[1], int(match[2])
    found = field_of(kind, name)
    return (found[0] if found else ""), 1


def _column_named(header: str, headers: tuple[str, ...]) -> int:
    if header in headers:
        return headers.index(header)
    same = [column for column, name in enumerate(headers) if header_key(name) == header_key(header)]
    if len(same) == 1:
        return same[0]
    places = [column for column in range(len(headers)) if column_by_place(headers, column) == header]
    return places[0] if places else -1


def _refuse_duplicates(table: Table, kind: str, columns: Mapping[str, tuple[int, ...]], told: Collection[str]) -> None:
    """A heading that stands twice is only refused where it would fill a field that takes one column."""
    for name, taken in columns.items():
        header = table.headers[taken[0]]
        if header in table.duplicates and name not in told and not FIELDS[kind][name].many:
            plain = header.rsplit(" (", 1)[0]
            message = f"several columns are called {plain!r}"
            hint = f"rename one, or choose one with --map FILE and the line: {name} = {plain} (2)"
            problem = Problem(
                source=table.source, line=table.header_line, column=taken[0] + 1, message=message, hint=hint
            )
            raise BadFileError(f"{table.source}: {message}", hint=hint, problems=[problem])


def _refuse_incomplete(table: Table, kind: str, columns: Mapping[str, tuple[int, ...]]) -> None:
    """What no row can do without: whose it is, a day, and what was said."""
    for fields, what in (((*WHOSE,), "says whose a row is, such as customer or email"), *_NEEDED[kind]):
        if not any(name in columns for name in fields):
            listed = ", ".join(map(repr, table.headers[:_MOST_NAMED]))
            raise BadFileError(
                f"{table.source} has no column that {what}; its columns are {listed}",
                hint=f"say which is which with --map FILE, with a line such as: {fields[0]} = COLUMN",
            )
    if kind == READINGS and "value" in columns and "kind" not in columns and "category" not in columns:
        header = table.headers[columns["value"][0]]
        raise BadFileError(
            f"{table.source}: nothing says on which scale {header!r} is, nps (0-10), csat (1-5) or ces (1-7)",
            hint=f"call the column by its scale, or say it with --map FILE and the line: nps = {header}",
        )


_NEEDED: Mapping[str, tuple[tuple[tuple[str, ...], str], ...]] = MappingProxyType(
    {
        CONTACTS: ((("name", "first_name", "last_name", "email"), "names a person"),),
        ACTIVITIES: ((("on", "made_on"), "says on which day it was"),),
        READINGS: (
            (("value", *SCORES), "holds a score, or usage"),
            (("on", "made_on"), "says on which day it was measured"),
        ),
        CONCERNS: ((("text",), "says what the concern is"), (("opened_on",), "says since when")),
        PROMISES: ((("text",), "says what was promised"), (("by",), "says by when")),
    }
)
