"""Which column of a customer table holds what: guessed from headings and a look at the cells, or told by the user.

A guess is only made where it is sure. A column that fits no field is not lost: it goes to the customer's `extra`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from types import MappingProxyType

from followup.core.model.playbook import TIERS, USAGES
from followup.errors import BadFileError, Problem
from followup.files import cells, opt_outs
from followup.files.cell_dates import looks_like_date
from followup.files.cells import CellError, is_placeholder, looks_like_phone
from followup.files.countries import country_code
from followup.files.csv_out import PROBLEM_COLUMN
from followup.files.header_words import (
    CUSTOMERS,
    FIELDS,
    SALES,
    Heading,
    header_key,
    heading,
    looks_like_sales,
    opt_out_kind,
    phrase_set,
    plain_words,
)
from followup.files.tables import Row, Table
from followup.files.zones import is_zone

__all__ = [
    "ANCHORS",
    "ANCHOR_PREFIX",
    "CUSTOMERS",
    "DATE_FIELDS",
    "SALES",
    "CustomerMapping",
    "guess_mapping",
    "looks_like_sales",
    "map_customers",
]

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
DATE_FIELDS = (*ANCHORS, "next_contact", "last_contact", "added_on")
LEAVE_OUT = ("", "-")
_HELPERS = ("loose_name", "party", "deal_name", "deal_or_name")  # resolved into other fields
_OWN = ("life_cycle", "extensiveness", "complexity", "added_on", "anchors")  # known by followup's own tables alone
_OWN_KEYS = ("key", "customer_key")  # the headings by which followup's own tables are known
_IDENTITY = ("name", "first_name", "last_name", "company", "email", "phone")


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerMapping:
    """Column numbers (from 0) by field, first choice first; `opt_out_kinds` says how to read an opt-out column.

    `ignored` are columns that followup wrote for itself; they are neither mapped nor kept. `kind` says what a row is:
    one of the customers, or one of the sales.
    """

    headers: tuple[str, ...]
    columns: Mapping[str, tuple[int, ...]]
    opt_out_kinds: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))
    ignored: frozenset[int] = frozenset()
    kind: str = CUSTOMERS

    def first(self, name: str) -> int:
        """The first column of a field, or -1."""
        return self.columns.get(name, (-1,))[0]

    @property
    def is_own(self) -> bool:
        """True for a table that followup itself wrote: its cells are taken exactly as they are."""
        key = self.first("key")
        return key >= 0 and self.headers[key] in _OWN_KEYS

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


def map_customers(table: Table, explicit: Mapping[str, str] | None = None, *, kind: str = CUSTOMERS) -> CustomerMapping:
    """Give the mapping of a table by its headings and first 200 rows; see `guess_mapping`."""
    return guess_mapping(
        table.headers, table.sample(), explicit=explicit, duplicates=table.duplicates, source=table.source, kind=kind
    )


def guess_mapping(
    headers: Sequence[str],
    rows_sample: Sequence[Row],
    *,
    explicit: Mapping[str, str] | None = None,
    duplicates: Collection[str] = (),
    source: str = "input",
    kind: str = CUSTOMERS,
) -> CustomerMapping:
    """Give the column of every field that the headings and the sample are sure about; `explicit` (field -> heading,
    or '-' for none, `phone_2` for a second column) goes before any guess.

    In a table of `sales` some headings mean something else: `Record ID` is the sale's, `Close Date` its signature.
    Raises BadFileError: all unknown fields and columns of `explicit` at once, each with the nearest known one; a
    heading that stands twice where one of the two is needed; a table without any name, company, e-mail or phone.
    """
    guess = _Guess(tuple(headers), rows_sample, kind)
    told, left_out = _told(guess.headers, explicit or {}, source)
    guess.take(told, left_out)
    guess.resolve()
    columns = {name: found for name, found in guess.columns.items() if name not in _HELPERS and name not in left_out}
    _refuse_duplicates(guess.headers, columns, told, duplicates, source)
    if not any(name in columns for name in _IDENTITY):
        listed = ", ".join(repr(header) for header in guess.headers[:12])
        raise BadFileError(
            f"{source} has no column for a name, a company, an e-mail or a phone; its columns are {listed}",
            hint="say which is which with --map FILE, with a line such as: name = COLUMN",
        )
    kinds = {column: opt_out_kind(guess.headings[column]) for column in columns.get("do_not_contact", ())}
    taken = {column for found in columns.values() for column in found}
    return CustomerMapping(
        headers=guess.headers,
        columns=MappingProxyType({name: columns[name] for name in sorted(columns, key=_field_order)}),
        opt_out_kinds=MappingProxyType(kinds),
        ignored=guess.written_for_itself - taken,
        kind=kind,
    )


def guessable_fields(mapping: CustomerMapping) -> tuple[str, ...]:
    """The fields that a guess might fill from columns that fill none in this mapping."""
    taken = {column for columns in mapping.columns.values() for column in columns} | mapping.ignored
    found: set[str] = set()
    for column, header in enumerate(mapping.headers):
        if column in taken:
            continue
        if _is_anchor(header):
            found.add(header)
        elif known := heading(header, mapping.kind):
            found |= _RESOLVED.get(known.field, {known.field})
    return tuple(sorted(found - mapping.columns.keys(), key=_field_order))


_NAMES = {"name", "company", "first_name", "last_name"}
_RESOLVED = {
    **dict.fromkeys(("loose_name", "party", "name", "company"), _NAMES),
    "deal_name": {"product"},
    "deal_or_name": {*_NAMES, "product", "sale_id"},
}
_PLACES = {name: place for place, name in enumerate(FIELDS)}


def _field_order(name: str) -> tuple[int, str]:
    return _PLACES.get(name, len(_PLACES)), name


def _is_anchor(header: str) -> bool:
    return header.startswith(ANCHOR_PREFIX) and header.removeprefix(ANCHOR_PREFIX).isidentifier()


# ---------------------------------------------------------------------------------- what the user says


def _told(
    headers: tuple[str, ...], explicit: Mapping[str, str], source: str
) -> tuple[dict[str, tuple[int, ...]], frozenset[str]]:
    """Give (field -> columns, fields to leave out) of an explicit mapping; refuse at once all that is unknown."""
    told: dict[str, dict[int, int]] = {}
    left_out: set[str] = set()
    problems: list[Problem] = []
    for written, header in explicit.items():
        name, place = _field_named(written)
        if not name:
            known = [n for n in FIELDS if n not in _HELPERS]
            near = get_close_matches(written, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"fields are {', '.join(known)}"
            problems.append(Problem(source=source, message=f"there is no field {written!r}", hint=hint))
        elif header.strip() in LEAVE_OUT:
            left_out.add(name)
        elif (column := _column_named(header, headers)) < 0:
            close = get_close_matches(header, headers, n=1)
            hint = f"did you mean {close[0]!r}?" if close else f"columns are {', '.join(map(repr, headers[:20]))}"
            problems.append(Problem(source=source, message=f"there is no column {header!r}", hint=hint))
        elif place in told.setdefault(name, {}):
            problems.append(Problem(source=source, message=f"{name} is mapped twice", hint="name one column for it"))
        else:
            told[name][place] = column
    return settled(told, left_out, problems, source)


def settled(
    told: Mapping[str, Mapping[int, int]], left_out: Collection[str], problems: Sequence[Problem], source: str
) -> tuple[dict[str, tuple[int, ...]], frozenset[str]]:
    """Give (field -> its columns by place, fields to leave out) of what the user told; raise BadFileError with all
    that is unknown.
    """
    if problems:
        first = problems[0]
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise BadFileError(f"{source}: {first.message}{more}", hint=first.hint, problems=problems)
    ordered = {name: tuple(places[place] for place in sorted(places)) for name, places in told.items()}
    return ordered, frozenset(left_out) - told.keys()


_ONE_OF_SEVERAL = re.compile(r"(.+)_([1-9][0-9]?)")


def _field_named(written: str) -> tuple[str, int]:
    """Give (field, place): `phone_2` is the second column of the field phone; '' for no field."""
    name = written.strip()
    if _is_anchor(name) or (name in FIELDS and name not in _HELPERS):
        return name, 1
    match = _ONE_OF_SEVERAL.fullmatch(name)
    if match and match[1] in FIELDS and FIELDS[match[1]].many:
        return match[1], int(match[2])
    found = heading(name)
    return (found.field if found and found.sure and found.field not in _HELPERS else ""), 1


def _column_named(header: str, headers: tuple[str, ...]) -> int:
    if header in headers:
        return headers.index(header)
    same = [column for column, name in enumerate(headers) if header_key(name) == header_key(header)]
    if len(same) == 1:
        return same[0]
    places = [column for column in range(len(headers)) if column_by_place(headers, column) == header]
    return places[0] if places else -1


def column_by_place(headers: Sequence[str], column: int) -> str:
    """What a column is called in a mapping when its heading cannot be said there: `column 7`."""
    name = f"column {column + 1}"
    return name if name not in headers else f"#{name}"


_NEEDED = frozenset((*_IDENTITY, *DATE_FIELDS, "key", "external_id", "do_not_contact", "playbook", "sale_id", "value"))


def _refuse_duplicates(
    headers: tuple[str, ...],
    columns: dict[str, tuple[int, ...]],
    told: Collection[str],
    duplicates: Collection[str],
    source: str,
) -> None:
    """A heading that stands twice is only refused where it would fill a field: which of the two is not guessed.

    Fields that nothing depends on are left out instead, and both columns are kept.
    """
    for name, taken in [*columns.items()]:
        doubled = [column for column in taken if headers[column] in duplicates and name not in told]
        if doubled and name not in _NEEDED:
            columns[name] = tuple(column for column in taken if column not in doubled)
            if not columns[name]:
                del columns[name]
            continue
        for column in doubled:
            plain = headers[column].rsplit(" (", 1)[0] if headers[column].endswith(")") else headers[column]
            places = [
                n for n, h in enumerate(headers, 1) if h == plain or (h in duplicates and h.startswith(f"{plain} ("))
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

    def __init__(self, headers: tuple[str, ...], rows: Sequence[Row], kind: str) -> None:
        self.headers = headers
        self.headings = [heading(header, kind) for header in headers]
        self.keys = {header_key(header) for header in headers}
        self.rows = [row.cells for row in rows if not row.fault]
        self.columns: dict[str, tuple[int, ...]] = {}
        self.told: Collection[str] = ()
        self.is_own = bool({*_OWN_KEYS} & {*headers})
        self.written_for_itself = frozenset(
            column for column, header in enumerate(headers) if header in _written_for_itself(headers)
        )

    def values(self, column: int) -> list[str]:
        """The filled cells of a column in the sample."""
        found = (row[column].strip() for row in self.rows)
        return [cell for cell in found if cell and not is_placeholder(cell, words=False)]

    def take(self, told: Mapping[str, tuple[int, ...]], left_out: Collection[str]) -> None:
        """Take what the user told, then for every other field its candidates in order of preference."""
        self.columns = {**told}
        self.told = told
        taken = {column for columns in told.values() for column in columns} | self.written_for_itself
        candidates: dict[str, list[_Candidate]] = {}
        for column, (header, found) in enumerate(zip(self.headers, self.headings, strict=True)):
            if column in taken:
                continue
            if _is_anchor(header):
                candidates.setdefault(header, []).append(_Candidate(0, 0, column))
            elif found and self.holds(found, column):
                candidates.setdefault(found.field, []).append(_Candidate(found.rank, found.number, column))
        for name, found_for in candidates.items():
            if name in told or name in left_out:
                continue
            ordered = self.without_users([candidate.column for candidate in sorted(found_for)])
            if name == "external_id" and len(ordered) > 1:
                ordered = tuple(sorted(ordered, key=self.has_repeats))
            if len(ordered) > 1 and not (name in FIELDS and FIELDS[name].many):
                ordered = tuple(sorted(ordered, key=self.is_empty))
            # All names stay until it is clear which of them is the company's (resolve).
            keep_all = name in ("name", *_HELPERS) or (name in FIELDS and FIELDS[name].many)
            self.columns[name] = ordered if keep_all else ordered[:1]

    def without_users(self, columns: list[int]) -> tuple[int, ...]:
        """A `user` is the customer only where no other column is: in most tools it is the seller."""
        others = tuple(column for column in columns if not header_key(self.headers[column]).startswith("user "))
        return others or tuple(columns)

    def is_empty(self, column: int) -> bool:
        """True when no cell of the sample says anything: another column of the same meaning goes before it."""
        return not self.values(column)

    def has_repeats(self, column: int) -> bool:
        """True when a column says the same of several rows, as the id of a company does of its people."""
        values = self.values(column)
        return len(set(values)) < len(values)

    def holds(self, found: Heading, column: int) -> bool:
        """True when the cells do not speak against a heading; asked of weak headings and closed sets."""
        header, values = self.headers[column], self.values(column)
        if found.field == "key":
            return header in _OWN_KEYS
        if self.is_own and header == found.field:
            return True
        if found.field in _OWN:
            return self.is_own and header == found.field
        if found.field in _CLOSED:
            readable = sum(map(_CLOSED[found.field], values))
            return readable * 2 >= len(values) if values else found.word == found.field
        if found.field == "do_not_contact":
            return _holds_opt_out(found, values)
        if found.word in _WANTS_CELLS and not values:
            return False
        if found.field == "deal_or_name":
            return True
        check = _WEAK.get(found.word) or (_BY_FIELD.get(found.field) if not found.sure else None)
        if values and check and not any(map(check, values)):
            return False
        general = _GENERAL.get(found.field)
        return not values or general is None or general(values)

    # Who is who

    def resolve(self) -> None:
        """Tell apart persons, companies and deals where a heading alone does not say which of them it names."""
        self._resolve_loose_names()
        first, last = "first_name" in self.columns, "last_name" in self.columns
        self._resolve_deal_names()
        self._resolve_full_name(first, last)
        self._resolve_party()
        self._resolve_accounts(first or last)

    def _resolve_loose_names(self) -> None:
        for name, word, other in (("first_name", "first", "last_name"), ("last_name", "last", "first_name")):
            if name in self.columns and self._word(self.columns[name][0]) == word and other not in self.columns:
                del self.columns[name]  # `First` alone may be the first of anything
        first, last = "first_name" in self.columns, "last_name" in self.columns
        named = self.columns.pop("loose_name", ())
        contacts = [column for column in named if len(self._word(column).split()) > 1]
        loose = tuple(contacts or named)[:1]
        if contacts and len(contacts) < len(named) and "name" not in self.columns:  # `Nom` beside `Nom du contact`
            self.columns.setdefault("company", tuple(column for column in named if column not in contacts)[:1])
        if loose and last and not first:
            self.columns["first_name"] = loose
        elif loose and first and not last:
            self.columns["last_name"] = loose
        elif loose and first and last:
            of_contact = "contact" in self._word(self.columns["last_name"][0]).split()
            if of_contact or (self.values(loose[0]) and not self._within("last_name", loose[0])):
                self.columns.setdefault("company", loose)
        elif loose and "name" not in self.columns:
            self.columns["name"] = loose
        elif loose and not (self.values(loose[0]) and self._holds(self.columns["name"][0], loose[0])):
            self.columns.setdefault("company", loose)  # beside a contact person, unless both name the person

    def _resolve_deal_names(self) -> None:
        """The name of a deal stands for its product where no column has one."""
        either = self.columns.pop("deal_or_name", ())[:1]
        deal = self.columns.pop("deal_name", ())[:1]
        named = any(name in self.columns for name in ("name", "first_name", "last_name", "company", "party"))
        if either and all(re.fullmatch(r"#?[0-9]+", value) for value in self.values(either[0])):
            self.columns.setdefault("sale_id", either)
        elif either and not deal and named:
            deal = either
        elif either and not named:
            self.columns["name"] = either
        if deal:
            self.columns.setdefault("product", deal)

    def _resolve_full_name(self, first: bool, last: bool) -> None:
        if "name" in self.told:
            return
        names = self.columns.pop("name", ())
        if not names:
            return
        if first and last:  # the person is whose last name it holds; another name is the company's
            persons = [column for column in names if self._within("last_name", column)]
            others = [column for column in names if column not in persons]
            if others:
                self.columns.setdefault("company", (others[0],))
            if persons:
                self.columns["name"] = (persons[0],)
            return
        names = self._contacts_first(names)
        chosen = names[0]
        if first and self._word(chosen) in ("name", "naam") and not self._within("first_name", chosen):
            self.columns["last_name"] = (chosen,)
        elif last and self._word(chosen) == "name" and not self._within("last_name", chosen):
            self.columns["first_name"] = (chosen,)
        else:
            self.columns["name"] = (chosen,)
        if len(names) > 1 and "company" not in self.columns and "name" in self.columns:
            other = self.headings[names[1]]
            if other and other.word in _OF_EITHER:  # `Name` beside `Contact name`: the first is the company's
                self.columns["company"] = (names[1],)

    def _contacts_first(self, names: tuple[int, ...]) -> tuple[int, ...]:
        """`Display name` beside `Primary contact name` is the company's, unless both say the same."""
        contacts = [column for column in names if "contact" in self._word(column).split()]
        if self._word(names[0]) not in _OF_EITHER or not contacts:
            return names
        same = [row[names[0]].strip() == cell for row in self.rows if (cell := row[contacts[0]].strip())]
        return names if sum(same) * 2 > len(same) else (contacts[0], names[0])

    def _resolve_party(self) -> None:
        party = self.columns.pop("party", ())[:1]
        person = any(name in self.columns for name in ("name", "first_name", "last_name"))
        if party and not person:
            self.columns["name"] = party
        elif party and "company" not in self.columns and self._word(party[0]) not in _BUYERS:
            self.columns["company"] = party

    def _resolve_accounts(self, parts: bool) -> None:
        """In a table of companies `Name` is the company; beside `Related Company`, `Company` is the seller's own."""
        if "company" in self.columns and "company" not in self.told:
            related = [column for column in self.columns["company"] if self._word(column) in _RELATED]
            if related:
                self.columns["company"] = tuple(related)
        if parts or "company" in self.columns or "name" not in self.columns or "name" in self.told:
            return
        if self._word(self.columns["name"][0]) == "name" and self.keys & _OF_COMPANIES and not self.keys & _OF_PERSONS:
            self.columns["company"] = self.columns.pop("name")

    def _word(self, column: int) -> str:
        found = self.headings[column]
        return found.word if found else ""

    def _within(self, part: str, whole: int) -> bool:
        """True when the full name mostly holds the first or last name; also when the sample cannot tell."""
        return self._holds(whole, self.columns[part][0])

    def _holds(self, whole: int, part: int) -> bool:
        pairs = [(row[part].strip().casefold(), row[whole].casefold()) for row in self.rows]
        pairs = [(small, large) for small, large in pairs if small and large.strip()]
        return sum(small in large for small, large in pairs) * 2 >= len(pairs)


def _written_for_itself(headers: tuple[str, ...]) -> frozenset[str]:
    """Headings of followup's own tables that say nothing to another file: the problem, the row number, the stage."""
    own = {PROBLEM_COLUMN}
    if {"key", "external_id"} <= set(headers):
        own |= {"id"}
    if {"customer_key", "anchors"} <= set(headers):
        own |= {"id", "stage", "sale_key", "playbook_text"}
    return frozenset(own)


_OF_EITHER = ("name", "naam", "display name")
_RELATED = phrase_set("related company, verbundenes unternehmen, societe liee, empresa relacionada")
_BUYERS = phrase_set(  # persons beside a person: another one, or what a shop calls the same one
    """
    buyer, buyer name, payer, payer name, purchaser, purchaser name, nombre del comprador, comprador, acheteur, kaufer
    besteller, покупатель, nabywca, nome do comprador, acquirente, compratore
    """
)
_OF_COMPANIES = phrase_set(
    """
    number of employees, employees, no of employees, annual revenue, parent account, parent account id, parent id
    ticker symbol, company domain name, company size, sic code, naics code, parent company, mitarbeiterzahl
    anzahl mitarbeiter, jahresumsatz, nombre d employes, chiffre d affaires, numero de empleados
    """
)
_OF_PERSONS = phrase_set(
    """
    job title, title, birthday, date of birth, salutation, gender, contact, position, lead status, reports to
    anrede, geburtstag, civilite, poste, cargo
    """
)


_LINK_OR_COUNT = re.compile(r"https?://.*|[0-9]+", re.IGNORECASE)


def _holds_opt_out(found: Heading, values: list[str]) -> bool:
    """True when the cells of an opt-out column can be read as one."""
    kind = opt_out_kind(found)
    if kind == "state":
        of_mails = bool(
            {"email", "unsubscribed", "unsubscribe", "opt", "mailing", "newsletter"} & set(found.word.split())
        )
        if found.word == "status" or not values:
            return of_mails or (bool(values) and opt_outs.are_subscription_states(values))
        return any(map(opt_outs.is_subscription_state, values))
    if kind == "time" or not values:
        return True
    readable = _reads(lambda text: opt_outs.read_opt_out(text, kind=kind))
    if sum(map(readable, values)) * 2 >= len(values):
        return True
    # `Do not contact: by letter only` is refused by its line: a wish is never dropped for being said in other words.
    return found.sure and " " in found.word and not all(map(_LINK_OR_COUNT.fullmatch, values))


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
    except (ValueError, RecursionError):
        return False


_RECORD = re.compile(r"(?:00|a[0-9])[0-9A-Za-z]{13}(?:[0-9A-Za-z]{3})?|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _is_name(text: str) -> bool:
    """True for letters that are no address and no number of a record, such as `0035g00000AbCdE`."""
    return any(map(str.isalpha, text)) and "@" not in text and _RECORD.fullmatch(text) is None


def _is_address(text: str) -> bool:
    return "@" in text


_DATE_LIKE = re.compile(r"(?:19|20)[0-9]{2}|[0-9][./-][0-9]|^[0-9]{5}(?:[.,][0-9]+)?$")


def _is_dated(text: str) -> bool:
    """True for a date, and for what was plainly meant as one, such as `May 2026`."""
    return looks_like_date(text) or _DATE_LIKE.search(text) is not None


def _some_dated(values: list[str]) -> bool:
    return any(map(_is_dated, values))


def _mostly_dated(values: list[str]) -> bool:
    return sum(map(_is_dated, values)) * 2 >= len(values)


def _mostly_amounts(values: list[str]) -> bool:
    """True when most cells are amounts, also those that may be read two ways."""
    return sum(cells.looks_like_amount(value) for value in values) * 2 > len(values)


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

# What the cells of a field must be like as a whole, whatever its heading.
_GENERAL: Mapping[str, Callable[[list[str]], bool]] = MappingProxyType(
    {
        **dict.fromkeys(ANCHORS, _some_dated),
        **dict.fromkeys(("next_contact", "last_contact"), _mostly_dated),
        "value": _mostly_amounts,
        "phone": lambda values: any(any(map(str.isdigit, value)) for value in values),
    }
)

# What one cell at least must be like, where a heading was put together of single words.
_BY_FIELD: Mapping[str, Callable[[str], bool]] = MappingProxyType(
    {"email": _is_address, "phone": looks_like_phone, "country": lambda text: bool(country_code(text))}
)

_NO_REGIONS = phrase_set(
    """
    active, inactive, cancelled, canceled, open, opened, closed, new, confirmed, unconfirmed, bounced, complained, won
    subscribed, unsubscribed, lost, pending, draft, enabled, disabled, paid, unpaid, done, in progress, completed
    lead, customer, prospect
    """
)

# Headings that often mean something else: at least one cell must look the part.
_WEAK: Mapping[str, Callable[[str], bool]] = MappingProxyType(
    {
        "state": lambda text: plain_words(text) not in _NO_REGIONS,
        **dict.fromkeys(("mail", "emails", "correo", "mail address", "email id", "emailid", "subscriber"), _is_address),
        **dict.fromkeys(
            ("work", "home", "sms", "whatsapp", "phones", "portable", "mobil", "movil", "cell", "gsm", "celular"),
            looks_like_phone,
        ),
        **dict.fromkeys(
            ("account", "accounts", "business", "parent customer", "potential customer"),
            lambda text: not text.isdigit() and _RECORD.fullmatch(text) is None,
        ),
        **dict.fromkeys(("contact", "person", "primary contact", "kontakt", "contacto", "customer contact"), _is_name),
        **dict.fromkeys(("contatto", "contato", "контакт", "referente", "companies", "first"), _is_name),
        **dict.fromkeys(("last", "deal", "opportunity"), _is_name),
        "name": lambda text: re.fullmatch(r"#[0-9]+", text) is None,  # the number of an order
        **dict.fromkeys(("customer", "client", "buyer", "kunde", "cliente", "klant", "klient", "payer"), _is_name),
        **dict.fromkeys(("purchaser", "comprador", "acheteur", "kaufer", "besteller"), _is_name),
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

# Headings that mean something only where there are cells to show it.
_WANTS_CELLS = frozenset(
    ("account", "accounts", "business", "home", "work", "total", "value", "wert", "valeur", "valor")
)
