"""Which column of a customer table holds what: guessed from headings and a look at the cells, or told by the user.

A guess is only made where it is sure. A column that fits no field is not lost: it goes to the customer's `extra`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType

from followup.core.model.playbook import TIERS, USAGES
from followup.errors import BadFileError, NotFoundError, Problem
from followup.files import cells
from followup.files.cell_dates import looks_like_date
from followup.files.cells import CellError
from followup.files.countries import country_code
from followup.files.csv_out import PROBLEM_COLUMN
from followup.files.header_words import (
    FIELDS,
    MAY_CONTACT,
    OPT_OUT_STATES,
    OPT_OUT_TIMES,
    Heading,
    header_key,
    heading,
)
from followup.files.tables import Row, Table
from followup.files.text_files import read_small_text
from followup.files.zones import is_zone

ANCHORS: Mapping[str, str] = MappingProxyType(
    {
        "signed": "sale",
        **{
            name: name
            for name in (
                "live",
                "renewal",
                "finish",
                "event",
                "event_end",
                "rebook",
                "service",
                "warranty",
                "reorder",
            )
        },
        **{name: name for name in ("tax_deadline", "builder_warranty", "cycle_end")},
    }
)
"""Fields that are dates of the sale, and the anchor each one sets; `anchor:NAME` sets any other."""

ANCHOR_PREFIX = "anchor:"
DATE_FIELDS = (*ANCHORS, "next_contact", "last_contact")
LEAVE_OUT = ("", "-")
_HELPERS = ("loose_name", "party")  # resolved into name, company, first or last name
_IDENTITY = ("name", "first_name", "last_name", "company", "email", "phone")


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerMapping:
    """Column numbers (from 0) by field, first choice first; `opt_out_kinds` says how to read an opt-out column.

    `ignored` are columns that followup wrote for itself; they are neither mapped nor kept.
    """

    headers: tuple[str, ...]
    columns: Mapping[str, tuple[int, ...]]
    opt_out_kinds: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))
    ignored: frozenset[int] = frozenset()

    def first(self, name: str) -> int:
        """The first column of a field, or -1."""
        return self.columns.get(name, (-1,))[0]

    @property
    def named(self) -> dict[str, str]:
        """Field -> heading; the second column of a field stands under `phone_2`, the third under `phone_3`."""
        return {
            name if place == 1 else f"{name}_{place}": self.headers[column]
            for name, columns in self.columns.items()
            for place, column in enumerate(columns, start=1)
        }

    @property
    def unmapped(self) -> tuple[str, ...]:
        """The headings that fill no field; their cells are kept in `extra`."""
        taken = {column for columns in self.columns.values() for column in columns} | self.ignored
        return tuple(header for column, header in enumerate(self.headers) if column not in taken)

    @property
    def anchors(self) -> dict[str, int]:
        """Anchor name -> column."""
        plain = {anchor: self.columns[name][0] for name, anchor in ANCHORS.items() if name in self.columns}
        named = {
            name.removeprefix(ANCHOR_PREFIX): columns[0]
            for name, columns in self.columns.items()
            if name.startswith(ANCHOR_PREFIX)
        }
        return plain | named


def map_customers(table: Table, explicit: Mapping[str, str] | None = None) -> CustomerMapping:
    """Give the mapping of a table by its headings and first 200 rows; see `guess_mapping`."""
    return guess_mapping(
        table.headers, table.sample(), explicit=explicit, duplicates=table.duplicates, source=table.source
    )


def guess_mapping(
    headers: Sequence[str],
    rows_sample: Sequence[Row],
    *,
    explicit: Mapping[str, str] | None = None,
    duplicates: Collection[str] = (),
    source: str = "input",
) -> CustomerMapping:
    """Give the column of every field that the headings and the sample are sure about; `explicit` (field -> heading,
    or '-' for none) goes before any guess.

    Raises BadFileError: all unknown fields and columns of `explicit` at once, each with the nearest known one; a
    heading that stands twice where one of the two is needed; a table without any name, company, e-mail or phone.
    """
    guess = _Guess(tuple(headers), rows_sample)
    told, left_out = _told(guess.headers, explicit or {}, source)
    guess.take(told, left_out)
    guess.resolve_names()
    columns = {name: found for name, found in guess.columns.items() if name not in _HELPERS}
    _refuse_duplicates(guess.headers, columns, told, duplicates, source)
    if not any(name in columns for name in _IDENTITY):
        listed = ", ".join(repr(header) for header in guess.headers[:12])
        raise BadFileError(
            f"{source} has no column for a name, a company, an e-mail or a phone; its columns are {listed}",
            hint="say which is which with --map FILE, with a line such as: name = COLUMN",
        )
    kinds = {column: _opt_out_kind(guess.headings[column]) for column in columns.get("do_not_contact", ())}
    order = sorted(columns, key=lambda name: (name not in FIELDS, list(FIELDS).index(name) if name in FIELDS else 0))
    return CustomerMapping(
        headers=guess.headers,
        columns=MappingProxyType({name: columns[name] for name in order}),
        opt_out_kinds=MappingProxyType(kinds),
        ignored=guess.ignored(columns),
    )


def read_mapping_file(path: Path) -> dict[str, str]:
    """Give field -> column from a file of lines `field = column` (or `field: column`); # begins a comment line.

    Quotes around the column are taken off; `-` leaves a field out. A JSON object is read as well. Raises
    NotFoundError, or BadFileError with all lines that are neither.
    """
    text = read_small_text(path)
    if text is None:
        raise NotFoundError(f"there is no file {path}", hint="check the name and the folder")
    if text.lstrip().startswith("{"):
        return _json_mapping(text, path)
    told: dict[str, str] = {}
    problems: list[Problem] = []
    for number, line in enumerate(text.split("\n"), start=1):
        plain = line.strip()
        if not plain or plain.startswith("#"):
            continue
        cut = min((place for mark in "=:" if (place := _mark(plain, mark)) > 0), default=-1)
        name = plain[:cut].strip().strip("\"'") if cut > 0 else ""
        if not name or name in told:
            message = f"{name} is mapped twice" if name else "expected a line such as: email = E-mail Address"
            problems.append(Problem(source=path.name, line=number, message=message))
            continue
        told[name] = _unquoted(plain[cut + 1 :].strip())
    if problems:
        raise BadFileError(f"{path.name} is not a mapping of columns", problems=problems)
    return told


def _mark(line: str, mark: str) -> int:
    """Where the field ends: `anchor:service = Due` has its colon inside the field."""
    return line.find(mark, len(ANCHOR_PREFIX) if line.startswith(ANCHOR_PREFIX) else 0)


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text


def _json_mapping(text: str, path: Path) -> dict[str, str]:
    try:
        told = json.loads(text)
    except ValueError as error:
        line = getattr(error, "lineno", 0)
        problem = Problem(source=path.name, line=line, message="this is not JSON")
        raise BadFileError(f"{path.name}, line {line}: this is not JSON", problems=[problem]) from None
    if not isinstance(told, dict) or not all(isinstance(value, str) for value in told.values()):
        raise BadFileError(f"{path.name} must map each field to the heading of one column, as text")
    return told


# ---------------------------------------------------------------------------------- what the user says


def _told(headers: tuple[str, ...], explicit: Mapping[str, str], source: str) -> tuple[dict[str, int], frozenset[str]]:
    """Give (field -> column, fields to leave out) of an explicit mapping; refuse at once all that is unknown."""
    told: dict[str, int] = {}
    left_out: set[str] = set()
    problems: list[Problem] = []
    for written, header in explicit.items():
        name = _field_named(written)
        if not name:
            near = get_close_matches(written, [n for n in FIELDS if n not in _HELPERS], n=1)
            hint = (
                f"did you mean {near[0]}?"
                if near
                else f"fields are {', '.join(n for n in FIELDS if n not in _HELPERS)}"
            )
            problems.append(Problem(source=source, message=f"there is no field {written!r}", hint=hint))
        elif header.strip() in LEAVE_OUT:
            left_out.add(name)
        elif (column := _column_named(header, headers)) < 0:
            close = get_close_matches(header, headers, n=1)
            hint = f"did you mean {close[0]!r}?" if close else f"columns are {', '.join(map(repr, headers[:20]))}"
            problems.append(Problem(source=source, message=f"there is no column {header!r}", hint=hint))
        elif name in told:
            problems.append(Problem(source=source, message=f"{name} is mapped twice", hint="name one column for it"))
        else:
            told[name] = column
    if problems:
        first = problems[0]
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise BadFileError(f"{source}: {first.message}{more}", hint=first.hint, problems=problems)
    return told, frozenset(left_out)


def _field_named(written: str) -> str:
    name = written.strip()
    if name.startswith(ANCHOR_PREFIX) and name.removeprefix(ANCHOR_PREFIX).isidentifier():
        return name
    if name in FIELDS and name not in _HELPERS:
        return name
    found = heading(name)
    return found.field if found and found.field not in _HELPERS else ""


def _column_named(header: str, headers: tuple[str, ...]) -> int:
    if header in headers:
        return headers.index(header)
    same = [column for column, name in enumerate(headers) if header_key(name) == header_key(header)]
    return same[0] if len(same) == 1 else -1


def _refuse_duplicates(
    headers: tuple[str, ...],
    columns: Mapping[str, tuple[int, ...]],
    told: Mapping[str, int],
    duplicates: Collection[str],
    source: str,
) -> None:
    """A heading that stands twice is only refused where it would fill a field: which of the two is not guessed."""
    for name, taken in columns.items():
        for column in taken:
            if headers[column] in duplicates and name not in told:
                plain = headers[column].rsplit(" (", 1)[0] if headers[column].endswith(")") else headers[column]
                places = [
                    n
                    for n, h in enumerate(headers, 1)
                    if h == plain or (h in duplicates and h.startswith(f"{plain} ("))
                ]
                numbers = f"{', '.join(map(str, places[:-1]))} and {places[-1]}"
                message = f"{len(places)} columns are called {plain!r}: numbers {numbers}"
                hint = f"rename one, or choose one with --map FILE and the line: {name} = {plain} (2)"
                problem = Problem(source=source, line=1, column=places[-1], message=message, hint=hint)
                raise BadFileError(f"{source}: {message}", hint=hint, problems=[problem])


# -------------------------------------------------------------------------------------------- guessing


@dataclass(frozen=True, slots=True, order=True)
class _Candidate:
    rank: int
    number: int
    column: int


class _Guess:
    """The work of one guess: headings, samples by column, and the columns found so far."""

    def __init__(self, headers: tuple[str, ...], rows: Sequence[Row]) -> None:
        self.headers = headers
        self.headings = [heading(header) for header in headers]
        self.rows = [row.cells for row in rows if not row.fault]
        self.columns: dict[str, tuple[int, ...]] = {}

    def values(self, column: int) -> list[str]:
        """The filled cells of a column in the sample."""
        return [cell for row in self.rows if (cell := row[column].strip())]

    def take(self, told: Mapping[str, int], left_out: Collection[str]) -> None:
        """Take what the user told, then for every other field its candidates in order of preference."""
        self.columns = {name: (column,) for name, column in told.items()}
        candidates: dict[str, list[_Candidate]] = {}
        for column, (header, found) in enumerate(zip(self.headers, self.headings, strict=True)):
            if column in told.values():
                continue
            if header.startswith(ANCHOR_PREFIX) and header.removeprefix(ANCHOR_PREFIX).isidentifier():
                candidates.setdefault(header, []).append(_Candidate(0, 0, column))
            elif found and self.holds(found, column):
                candidates.setdefault(found.field, []).append(_Candidate(found.rank, found.number, column))
        for name, found_for in candidates.items():
            if name in told or name in left_out:
                continue
            ordered = tuple(candidate.column for candidate in sorted(found_for))
            # All names stay until it is clear which of them is the company's (resolve_names).
            keep_all = name in ("name", "loose_name", "party") or (name in FIELDS and FIELDS[name].many)
            self.columns[name] = ordered if keep_all else ordered[:1]

    def holds(self, found: Heading, column: int) -> bool:
        """True when the cells do not speak against a heading; asked of weak headings and closed sets."""
        values = self.values(column)
        if found.field in _CLOSED:
            readable = sum(map(_CLOSED[found.field], values))
            return readable * 2 >= len(values) if values else found.word == found.field
        check = _WEAK.get(found.word)
        return check is None or not values or any(map(check, values))

    def resolve_names(self) -> None:
        """Tell apart persons and companies where a heading alone does not say which of the two it names."""
        first, last = "first_name" in self.columns, "last_name" in self.columns
        loose = self.columns.pop("loose_name", ())[:1]
        if loose and last and not first:
            self.columns["first_name"], first = loose, True
        elif loose and first and not last:
            self.columns["last_name"], last = loose, True
        elif loose and not (first or last) and "name" not in self.columns:
            self.columns["name"] = loose
        self._resolve_full_name(first, last)
        party = self.columns.pop("party", ())[:1]
        person = any(name in self.columns for name in ("name", "first_name", "last_name"))
        if party and not person:
            self.columns["name"] = party
        elif party and "company" not in self.columns:
            self.columns["company"] = party

    def _resolve_full_name(self, first: bool, last: bool) -> None:
        names = self.columns.pop("name", ())
        if not names:
            return
        chosen = names[0]
        word = found.word if (found := self.headings[chosen]) else ""
        if first and not last and word in ("name", "naam") and not self._within("first_name", chosen):
            self.columns["last_name"] = (chosen,)
        elif first and last and not self._within("last_name", chosen):
            self.columns.setdefault("company", (chosen,))
        else:
            self.columns["name"] = (chosen,)
        if len(names) > 1 and "company" not in self.columns and "name" in self.columns:
            other = self.headings[names[1]]
            if other and other.word == "name":  # `Name` beside `Contact name`: the first is the company's
                self.columns["company"] = (names[1],)

    def _within(self, part: str, whole: int) -> bool:
        """True when the full name mostly holds the first or last name; also when the sample cannot tell."""
        column = self.columns[part][0]
        pairs = [(row[column].strip().casefold(), row[whole].casefold()) for row in self.rows]
        pairs = [(small, large) for small, large in pairs if small and large.strip()]
        return sum(small in large for small, large in pairs) * 2 >= len(pairs)

    def ignored(self, columns: Mapping[str, tuple[int, ...]]) -> frozenset[int]:
        """Columns of followup's own tables that say nothing to another file: the problem, and the row number."""
        own = {column for column, header in enumerate(self.headers) if header == PROBLEM_COLUMN}
        if "key" in columns and "external_id" in columns:
            own |= {column for column, header in enumerate(self.headers) if header == "id"}
        return frozenset(own - {column for taken in columns.values() for column in taken})


def _reads(reader: Callable[[str], object]) -> Callable[[str], bool]:
    def check(text: str) -> bool:
        try:
            reader(text)
        except CellError:
            return False
        return True

    return check


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def _is_phone(text: str) -> bool:
    return sum(map(str.isdigit, text)) >= 5 and "@" not in text


def _is_name(text: str) -> bool:
    return any(map(str.isalpha, text)) and "@" not in text


def _is_address(text: str) -> bool:
    return "@" in text


# Fields whose cells come from a closed set: the column is theirs only when at least half of its cells are
# from it.
_CLOSED: Mapping[str, Callable[[str], bool]] = MappingProxyType(
    {
        "channel": _reads(cells.read_channel),
        "usage": _reads(lambda text: cells.read_choice(text, USAGES, noun="usage")),
        "tier": _reads(lambda text: cells.read_choice(text, TIERS, noun="tier")),
        "kind": _reads(cells.read_kind),
        "timezone": is_zone,
        "extra": _is_object,
    }
)

# Headings that often mean something else: at least one cell must look the part.
_WEAK: Mapping[str, Callable[[str], bool]] = MappingProxyType(
    {
        **dict.fromkeys(("mail", "emails", "correo", "mail address"), _is_address),
        **dict.fromkeys(("work", "home", "sms", "whatsapp", "phones", "portable", "mobil", "movil", "cell"), _is_phone),
        **dict.fromkeys(("account", "accounts", "business"), lambda text: not text.isdigit()),
        **dict.fromkeys(("contact", "person", "primary contact", "kontakt", "contacto", "customer contact"), _is_name),
        **dict.fromkeys(("customer", "client", "buyer", "kunde", "cliente", "klant"), _is_name),
        **dict.fromkeys(("cc", "land", "staat"), lambda text: bool(country_code(text))),
        **dict.fromkeys(
            (
                *("sale", "purchased", "delivered", "event", "finish", "warranty", "renews", "next activity"),
                *("last activity", "follow up", "followup", "relance", "seguimiento", "reorder", "rebook"),
            ),
            looks_like_date,
        ),
    }
)


def _opt_out_kind(found: Heading | None) -> str:
    """How the opt-out column is read (see `cells.read_opt_out`)."""
    for kind, words in (("time", OPT_OUT_TIMES), ("may", MAY_CONTACT), ("state", OPT_OUT_STATES)):
        if found and found.word in words:
            return kind
    return "flag"
