"""Customers from the rows of a table: every row becomes a customer with its contact and dates, or problems with a
line.

Nothing in a row is lost: what fits no field, second phones and addresses, and words that have no meaning here stay in
the customer's `extra` under the heading they had.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from followup.core.model.customer import Contact, Customer
from followup.core.model.playbook import COMPLEXITIES, EXTENSIVENESS, LIFE_CYCLES, TIERS, USAGES
from followup.files import cell_dates, opt_outs
from followup.files import cells as read
from followup.files.cell_dates import DateColumn
from followup.files.cells import MAY_SAY_NOTHING, AmountColumn, CellError, is_placeholder, is_plain_address
from followup.files.countries import country_code
from followup.files.customer_mapping import DATE_FIELDS, SALES, CustomerMapping
from followup.files.header_words import header_key
from followup.files.tables import Row, Table

_NO_DATES: Mapping[str, date] = MappingProxyType({})
_AGAIN_AND_AGAIN = 3
_OWN_FLAGS = ("do not contact", "dnc")  # our own word for it; any other opt-out stays visible in `extra`


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerRow:
    """One row as values. `given` names the fields of customer and contact that the row really filled.

    `anchors` holds dates of the sale by anchor name (`sale` is the signature). A row without a person has no contact,
    unless it has an e-mail or a phone: then the contact carries the customer's name. `value` is what the sale is worth,
    `sale_id` its id in the other tool, `won` what the other tool says became of it (None: nothing).
    """

    line: int
    customer: Customer
    contacts: tuple[Contact, ...] = ()
    playbook: str = ""
    product: str = ""
    goal: str = ""
    value: float | None = None
    sale_id: str = ""
    won: bool | None = None
    life_cycle: str = ""
    extensiveness: str = ""
    complexity: str = ""
    anchors: Mapping[str, date] = field(default_factory=lambda: _NO_DATES)
    added_on: date | None = None
    next_contact_on: date | None = None
    last_contact_on: date | None = None
    given: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class RowProblem:
    """Why a row was not taken: physical line, heading and text of the cell ('' for the whole row), what and how to
    mend.

    `cells` are those of the whole row, for the rejects file; a row with several problems has them several times.
    """

    line: int
    column: str
    value: str
    message: str
    hint: str = ""
    cells: tuple[str, ...] = ()


class CustomerReader:
    """Reads the rows of one table by one mapping, one after the other."""

    def __init__(self, table: Table, mapping: CustomerMapping, date_format: str | None = None) -> None:
        """Go through the columns of dates and amounts once, to see how they are written.

        `date_format` (dmy, mdy or ymd) settles the order of day and month. Raises BadFileError when a date column
        leaves that order open, naming every such column, and when the file breaks off (see `tables`).
        """
        given = cell_dates.check_format(date_format)
        self.mapping = mapping
        self.headers = mapping.headers
        self.firsts = {name: columns[0] for name, columns in mapping.columns.items()}
        self.anchors = mapping.anchors
        self.orders, self.decimals = _look_through(table, mapping, given)
        taken = {column for columns in mapping.columns.values() for column in columns} | mapping.ignored
        self.spare = [(column, header) for column, header in enumerate(mapping.headers) if column not in taken]
        self.is_own = mapping.is_own
        self.wordy = frozenset() if self.is_own else _filled_with_words(table, mapping)
        self.of_contact = _present(_OF_CONTACT, mapping)
        self.of_customer = _present(_OF_CUSTOMER, mapping)
        self.of_sale = _present(_OF_SALE, mapping)
        self._rounded: dict[int, str] = {}
        self._places = {header: column for column, header in enumerate(mapping.headers)}

    @property
    def notices(self) -> list[str]:
        """What the user should know of the rows read so far, once for every column."""
        return [*self._rounded.values()]

    def rounded(self, column: int, text: str, line: int) -> None:
        """Note a phone that a spreadsheet has spoilt."""
        self._rounded.setdefault(
            column,
            f"column {self.headers[column]!r}, line {line}: {text} is no phone any more, a spreadsheet rounded it; "
            "such cells are kept aside as they are",
        )

    def read(self, row: Row) -> CustomerRow | tuple[RowProblem, ...]:
        """The customer of a row, or everything that is wrong with it, in the order of the columns."""
        if row.fault:
            hint = "give the row as many cells as there are headings, and quote cells with the delimiter in"
            return (RowProblem(line=row.line, column="", value="", message=row.fault, hint=hint, cells=row.cells),)
        reading = _Reading(self, row)
        found = reading.customer_row()
        if found is None or reading.problems:
            return tuple(sorted(reading.problems, key=lambda problem: self._places.get(problem.column, -1)))
        return found


def read_customers(
    table: Table, mapping: CustomerMapping, *, date_format: str | None = None
) -> tuple[list[CustomerRow], list[RowProblem]]:
    """Give the customers of all good rows and the problems of all bad ones, both in the order of the file.

    Raises as `CustomerReader` does.
    """
    reader = CustomerReader(table, mapping, date_format)
    good: list[CustomerRow] = []
    bad: list[RowProblem] = []
    for row in table.rows:
        found = reader.read(row)
        if isinstance(found, tuple):
            bad += found
        else:
            good.append(found)
    return good, bad


def _look_through(table: Table, mapping: CustomerMapping, given: str) -> tuple[dict[int, str], dict[int, str]]:
    """Read through the columns of dates and amounts once; give, by column, the order of day and month, and the
    decimal sign ('' where it stays open)."""
    columns = {mapping.first(name) for name in DATE_FIELDS} | set(mapping.anchors.values())
    dates = {column: DateColumn(given=given) for column in sorted(columns) if column >= 0}
    amounts = {column: AmountColumn() for column in mapping.columns.get("value", ())}
    if not dates and not amounts:
        return {}, {}
    for row in table.rows:
        if not row.fault:
            for column, found in dates.items():
                if (text := row.cells[column]) and not cell_dates.no_date(text):
                    found.look(text, row.line)
            for column, seen in amounts.items():
                seen.look(row.cells[column])
    orders = cell_dates.orders_of(dates, table.headers, table.source)
    return orders, {column: "." if mapping.is_own else seen.decimal() for column, seen in amounts.items()}


def _filled_with_words(table: Table, mapping: CustomerMapping) -> frozenset[int]:
    """The columns of names that have `NULL` or `None` again and again: there it is no name but nothing."""
    columns = [column for name in ("name", "company") for column in mapping.columns.get(name, ())]
    cells = [row.cells for row in table.sample() if not row.fault] if columns else []
    words = (
        (column, row[column].strip().casefold())
        for row in cells
        for column in columns
        if is_placeholder(row[column]) and not is_placeholder(row[column], words=False)
    )
    return frozenset(column for (column, _), count in Counter(words).items() if count >= _AGAIN_AND_AGAIN)


class _Reading:
    """One row being read."""

    __slots__ = ("cells", "extra", "given", "problems", "reader", "row")

    def __init__(self, reader: CustomerReader, row: Row) -> None:
        self.reader = reader
        self.row = row
        self.cells = row.cells
        self.problems: list[RowProblem] = []
        self.extra: dict[str, str] = {}
        self.given: set[str] = set()

    # Cells

    def first_column(self, name: str) -> int:
        """The first column of a field, or -1."""
        return self.reader.firsts.get(name, -1)

    def raw(self, name: str) -> str:
        """The cell of a field exactly as written; '' when there is no such column or only blanks."""
        column = self.reader.firsts.get(name, -1)
        if column < 0 or not (text := self.cells[column]) or text.isspace():
            return ""
        self.given.add(name)
        return text

    def text(self, name: str) -> str:
        """The cell of a field without blanks around it."""
        return self.raw(name).strip()

    def value(self, name: str, reader: Callable[[str], str]) -> str:
        """The cell read by `reader`; a cell that cannot be read is a problem of the row."""
        column = self.reader.firsts.get(name, -1)
        if column < 0 or not (text := self.cells[column]):
            return ""
        try:
            value = reader(text)
        except CellError as error:
            self.refuse(column, error.message, error.hint)
            return ""
        if value:
            self.given.add(name)
        return value

    def refuse(self, column: int, message: str, hint: str = "") -> None:
        """Add a problem of a cell, or with column -1 of the whole row."""
        self.problems.append(
            RowProblem(
                line=self.row.line,
                column=self.reader.headers[column] if column >= 0 else "",
                value=self.cells[column] if column >= 0 else "",
                message=message,
                hint=hint,
                cells=self.cells,
            )
        )

    def keep(self, column: int, text: str) -> None:
        """Keep a text under its heading; nothing is overwritten."""
        self.keep_as(self.reader.headers[column], text)

    def keep_as(self, heading: str, text: str) -> None:
        """Keep a text under a heading, or under `heading (2)` when there is one already."""
        name, count = heading, 1
        while name in self.extra:
            count += 1
            name = f"{heading} ({count})"
        self.extra[name] = text

    # Fields

    def customer_row(self) -> CustomerRow | None:
        """The whole row, or None when it says nothing to call the customer by or has a problem."""
        self.keep_spare()
        company = self.company()
        first, person, beside = self.person(company)
        email, called = self.emails(person or company, beside)
        phone = self.phone()
        person = person or ("" if company else called)
        name = person or company or email or phone
        if not name:
            # A cell that could not be read already says why there is nothing to call the customer by.
            if not self.problems:
                hint = "fill in a name, a company or an e-mail, or delete the row"
                self.refuse(-1, "this row has no name, no company, no e-mail and no phone", hint)
            return None
        # Only what the table has is asked for: a large file makes millions of rows.
        reader = self.reader
        contact = Contact(
            name=name,
            first_name=first,
            email=email,
            phone=phone,
            is_main=True,
            **{field: read_field(self) for field, read_field in reader.of_contact},
        )
        told: dict[str, Any] = {field: read_field(self) for field, read_field in reader.of_customer}
        kind = told.pop("kind", "") or ("company" if company else "person")
        sale: dict[str, Any] = {field: read_field(self) for field, read_field in reader.of_sale}
        if self.problems:
            return None
        return CustomerRow(
            line=self.row.line,
            customer=Customer(name=name, company=company, kind=kind, extra=MappingProxyType(self.extra), **told),
            contacts=(contact,) if person or email or phone else (),
            given=frozenset(self.given),
            **sale,
        )

    def keep_spare(self) -> None:
        """Keep the cells that fill no field, and what followup itself wrote as `extra`."""
        cells, extra = self.cells, self.extra
        if "extra" in self.reader.firsts:
            extra.update(self.own_extra())
        for column, heading in self.reader.spare:
            if (text := cells[column]) and not text.isspace():
                if heading in extra:
                    self.keep_as(heading, text)
                else:
                    extra[heading] = text

    # Who it is

    def company(self) -> str:
        """The first company of all columns; a sign for nothing (`-`, `n/a`) counts only where nothing else tells who
        it is."""
        found = ""
        for column in self.reader.mapping.columns.get("company", ()):
            text = self.cells[column]
            if not text or text.isspace() or (len(text) < 16 and self.says_nothing(column, text, _BESIDE_COMPANY)):
                continue
            if not found:
                found = text
                self.given.add("company")
            elif text != found:
                self.keep(column, text)
        return found

    def says_nothing(self, column: int, text: str, others: tuple[str, ...]) -> bool:
        """True for a sign for nothing in a row whose other fields say more; never in followup's own tables."""
        if self.reader.is_own or not is_placeholder(text, words=column in self.reader.wordy):
            return False
        columns = (column for name in others for column in self.reader.mapping.columns.get(name, ()))
        return any((cell := self.cells[column].strip()) and not is_placeholder(cell) for column in columns)

    def person(self, company: str) -> tuple[str, str, str]:
        """Give (first name, full name, e-mail that stood in the cell of the name).

        The full name is made of its parts where no column has it.
        """
        first, last, name = self.part("first_name"), self.part("last_name"), self.raw("name")
        beside = first or last or (company and not is_placeholder(company))
        wordy = self.first_column("name") in self.reader.wordy
        if beside and name and len(name) < 16 and not self.reader.is_own and is_placeholder(name, words=wordy):
            self.given.discard("name")
            name = ""
        if not name:
            return first, f"{first} {last}" if first and last else first or last, ""
        if last and last.casefold() not in name.casefold():
            self.keep(self.first_column("last_name"), last)
        if "@" in name and not self.reader.is_own and (people := read.read_people(name)):
            name, email = people[0]
            for other in people[1:]:
                self.keep(self.first_column("name"), "{} ({})".format(*other))
            return first, name, email
        return first, name, ""

    def part(self, name: str) -> str:
        """A first or last name; a sign for nothing, which some tools ask for, is none."""
        text = self.text(name)
        if text and text[0] in MAY_SAY_NOTHING and is_placeholder(text, words=False) and not self.reader.is_own:
            self.given.discard(name)
            return ""
        return text

    def emails(self, known_as: str, beside: str) -> tuple[str, str]:
        """Give (the first e-mail of all its columns, the name written beside it); all others are kept."""
        found, called = "", ""
        for column in self.reader.mapping.columns.get("email", ()):
            if not (text := self.cells[column]):
                continue
            if is_plain_address(text):
                if not found:
                    found = text
                elif text != found:
                    self.keep(column, text)
                continue
            if text.lstrip()[:3].casefold() == "/o=":  # an address inside of Exchange reaches nobody else
                self.keep(column, text)
                continue
            try:
                addresses = read.read_addresses(text)
            except CellError as error:
                self.refuse(column, error.message, error.hint)
                continue
            for address, display in addresses:
                written = f"{display} <{address}>" if display else address
                if not found:
                    found, called = address, display
                    if display and known_as and display.casefold() != known_as.casefold():
                        self.keep(column, written)
                elif address != found:
                    self.keep(column, written)
        if beside and not found:
            found = beside
        elif beside and beside != found:
            self.keep(self.first_column("name"), beside)
        if found:
            self.given.add("email")
        return found, called

    def phone(self) -> str:
        """The first phone of all its columns, as it is written; all others are kept."""
        found = ""
        for column in self.reader.mapping.columns.get("phone", ()):
            if not (text := self.cells[column]):
                continue
            for value in self.phones(column, text):
                if not found:
                    found = value
                    self.given.add("phone")
                elif value != found:
                    self.keep(column, value)
        return found

    def phones(self, column: int, text: str) -> Iterable[str]:
        """The phones of a cell without what wraps them; in followup's own tables the cell as it is."""
        if self.reader.is_own:
            return () if text.isspace() else (text,)
        several = ";" in text or ":::" in text or "\n" in text
        found = []
        for part in read.split_values(text) if several else (text,):
            value = read.unwrap_phone(part)
            if not value or (value[0] in MAY_SAY_NOTHING and is_placeholder(value)):
                continue
            if read.is_rounded(value):
                self.reader.rounded(column, value, self.row.line)
                self.keep(column, value)
            else:
                found.append(value)
        return found

    def external_id(self) -> str:
        """The id of the customer in the other tool; several of them in a table of sales are nobody's."""
        if self.reader.is_own:
            return self.raw("external_id")
        text = read.unwrap_digits(self.text("external_id"))
        if text and self.reader.mapping.kind == SALES and ";" in text:
            self.given.discard("external_id")
            self.keep(self.first_column("external_id"), text)
            return ""
        return text

    def sale_id(self) -> str:
        """The id of the sale in the other tool."""
        return self.raw("sale_id") if self.reader.is_own else read.unwrap_digits(self.text("sale_id"))

    # What is known of them

    def first_filled(self, name: str) -> str:
        """The first filled column of a field; what stands in its other columns is kept in `extra`."""
        found = ""
        for column in self.reader.mapping.columns.get(name, ()):
            text = self.cells[column]
            if not text or text.isspace():
                continue
            if not found:
                found = text
                self.given.add(name)
            elif text != found:
                self.keep(column, text)
        return found

    def country(self) -> str:
        text = self.first_filled("country")
        code = country_code(text) if text else ""
        if text and not code and not is_placeholder(text):
            self.keep_as("country", text)
        return code

    def role(self) -> str:
        """The role of the contact, where the column names one; any other title is kept in `extra`."""
        text = self.raw("role")
        role = read.read_role(text) if text else ""
        if text and not role:
            self.given.discard("role")
            self.keep(self.first_column("role"), text)
        return role

    def opted_out(self) -> bool:
        """True when any opt-out column says so: a wish to be left alone is never read narrowly."""
        out = False
        for column, kind in self.reader.mapping.opt_out_kinds.items():
            text = self.cells[column]
            if not text or text.isspace():
                continue
            try:
                says_out = opt_outs.read_opt_out(text, kind=kind)
            except CellError as error:
                self.refuse(column, error.message, error.hint)
                continue
            self.given.add("do_not_contact")
            out = out or says_out
            if kind != "flag" or (says_out and header_key(self.reader.headers[column]) not in _OWN_FLAGS):
                self.keep(column, text)
        return out

    def own_extra(self) -> dict[str, str]:
        """The `extra` column of followup's own tables: a JSON object of texts."""
        told = self.json_object("extra", '{"name": "value"}')
        return {str(name): value if isinstance(value, str) else json.dumps(value) for name, value in told.items()}

    def json_object(self, name: str, example: str) -> dict[str, object]:
        """The JSON object in the column of a field; empty when there is none."""
        if not (text := self.raw(name)):
            return {}
        try:
            told = json.loads(text)
        except (ValueError, RecursionError):
            told = None
        if isinstance(told, dict):
            return told
        self.refuse(self.first_column(name), "this is not a JSON object", f"write {example}")
        return {}

    # What was sold

    def amount(self) -> float | None:
        """What the sale is worth. A text that is not surely a number is kept in `extra`, and so is a currency."""
        column = self.first_column("value")
        text = self.raw("value")
        amount = read.read_amount(text, self.reader.decimals.get(column, "")) if text else None
        if text and (amount is None or any(char.isalpha() or ord(char) > 127 for char in text)):
            self.keep(column, text)
        if amount is None:
            self.given.discard("value")
            return None
        return float(amount)

    def won(self) -> bool | None:
        """What became of a deal: the first of its columns that knows; a stage with a name of its own is not won yet."""
        told = None
        for column in self.reader.mapping.columns["deal_stage"]:
            text = self.cells[column]
            if not text or text.isspace():
                continue
            self.keep(column, text)
            if told is None or told == "":
                told = read.read_deal_stage(text)
        return None if told is None else told == "won"

    def dates(self) -> Mapping[str, date]:
        """The dates of the sale by anchor."""
        found = {name: day for name, column in self.reader.anchors.items() if (day := self.day(column))}
        return MappingProxyType(found) if found else _NO_DATES

    def all_dates(self) -> Mapping[str, date]:
        """The same, with those in the `anchors` column of followup's own table."""
        return MappingProxyType({**self.own_anchors(), **self.dates()})

    def own_anchors(self) -> dict[str, date]:
        """The `anchors` column of followup's own table of sales: a JSON object of dates."""
        found = {}
        for name, text in self.json_object("anchors", '{"sale": "2026-12-01"}').items():
            if text is None:
                continue
            try:
                found[name] = date.fromisoformat(str(text))
            except ValueError:
                message = f"the date {name} is {read.short(str(text))}"
                self.refuse(self.first_column("anchors"), message, "write dates as 2026-12-01")
        return found

    def day(self, column: int) -> date | None:
        if column < 0 or not (text := self.cells[column]) or text.isspace():
            return None
        try:
            return _read_date(text, self.reader.orders[column])
        except CellError as error:
            if cell_dates.no_date(text):
                return None
            self.refuse(column, error.message, error.hint)
            return None


_BESIDE_COMPANY = ("name", "first_name", "last_name", "email", "phone")
_read_date = lru_cache(maxsize=4096)(cell_dates.read_date)

_ReadField = Callable[[_Reading], Any]


def _text(name: str) -> _ReadField:
    return lambda reading: reading.text(name)


def _raw(name: str) -> _ReadField:
    return lambda reading: reading.raw(name)


def _value(name: str, reader: Callable[[str], str], default: str = "") -> _ReadField:
    return lambda reading: reading.value(name, reader) or default


def _choice(name: str, choices: tuple[str, ...], default: str = "") -> _ReadField:
    noun = name.replace("_", " ")
    return _value(name, lambda text: read.read_choice(text, choices, noun=noun), default)


def _day(name: str) -> _ReadField:
    return lambda reading: reading.day(reading.first_column(name))


# Field of the mapping -> (field of the value, how it is read)
_OF_CONTACT: Mapping[str, tuple[str, _ReadField]] = {
    "role": ("role", _Reading.role),
    "channel": ("channel", _value("channel", read.read_channel)),
}
_OF_CUSTOMER: Mapping[str, tuple[str, _ReadField]] = {
    "key": ("key", _text("key")),
    "kind": ("kind", _value("kind", read.read_kind)),
    "country": ("country", _Reading.country),
    "subdivision": ("subdivision", lambda reading: reading.first_filled("subdivision").strip()),
    "timezone": ("timezone", _value("timezone", read.read_zone)),
    "usage": ("usage", _choice("usage", USAGES, "normal")),
    "tier": ("tier", _choice("tier", TIERS, "B")),
    "tags": ("tags", lambda reading: read.read_tags(reading.raw("tags"))),
    "notes": ("notes", _raw("notes")),
    "external_id": ("external_id", _Reading.external_id),
    "do_not_contact": ("do_not_contact", _Reading.opted_out),
}
_OF_SALE: Mapping[str, tuple[str, _ReadField]] = {
    "playbook": ("playbook", _text("playbook")),
    "product": ("product", _raw("product")),
    "goal": ("goal", _raw("goal")),
    "value": ("value", _Reading.amount),
    "sale_id": ("sale_id", _Reading.sale_id),
    "deal_stage": ("won", _Reading.won),
    "life_cycle": ("life_cycle", _choice("life_cycle", LIFE_CYCLES)),
    "extensiveness": ("extensiveness", _choice("extensiveness", EXTENSIVENESS)),
    "complexity": ("complexity", _choice("complexity", COMPLEXITIES)),
    "added_on": ("added_on", _day("added_on")),
    "next_contact": ("next_contact_on", _day("next_contact")),
    "last_contact": ("last_contact_on", _day("last_contact")),
}


def _present(
    fields: Mapping[str, tuple[str, _ReadField]], mapping: CustomerMapping
) -> tuple[tuple[str, _ReadField], ...]:
    """How to read the fields that a table has."""
    found = [told for name, told in fields.items() if name in mapping.columns]
    if fields is _OF_SALE and "anchors" in mapping.columns:
        found.append(("anchors", _Reading.all_dates))
    elif fields is _OF_SALE and mapping.anchors:
        found.append(("anchors", _Reading.dates))
    return tuple(found)
