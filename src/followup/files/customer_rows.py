"""Customers from the rows of a table: every row becomes a customer with its contact and dates, or problems with a
line.

Nothing in a row is lost: what fits no field, second phones and addresses, and words that have no meaning here stay in
the customer's `extra` under the heading they had.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from followup.core.model.customer import Contact, Customer
from followup.core.model.playbook import TIERS, USAGES
from followup.errors import EXIT_USAGE, BadFileError, FollowupError, Problem
from followup.files import cell_dates, opt_outs
from followup.files import cells as read
from followup.files.cell_dates import DATE_FORMATS, DateColumn
from followup.files.cells import CellError
from followup.files.countries import country_code
from followup.files.csv_out import PROBLEM_COLUMN, write_csv
from followup.files.customer_mapping import DATE_FIELDS, CustomerMapping
from followup.files.header_words import header_key
from followup.files.tables import Row, Table

_NO_DATES: Mapping[str, date] = MappingProxyType({})
_OWN_FLAGS = ("do not contact", "dnc")  # our own word for it; any other opt-out stays visible in `extra`


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerRow:
    """One row as values. `given` names the fields of customer and contact that the row really filled.

    `anchors` holds dates of the sale by anchor name (`sale` is the signature). A row without a person has no contact,
    unless it has an e-mail or a phone: then the contact carries the customer's name.
    """

    line: int
    customer: Customer
    contacts: tuple[Contact, ...] = ()
    playbook: str = ""
    product: str = ""
    goal: str = ""
    anchors: Mapping[str, date] = field(default_factory=lambda: _NO_DATES)
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


def read_customers(
    table: Table, mapping: CustomerMapping, *, date_format: str | None = None
) -> tuple[list[CustomerRow], list[RowProblem]]:
    """Give the customers of all good rows and the problems of all bad ones, both in the order of the file.

    `date_format` (dmy, mdy or ymd) settles the order of day and month. Raises BadFileError when a date column leaves
    that order open, naming every such column, and when the file breaks off (see `tables`).
    """
    if date_format and date_format not in DATE_FORMATS:
        raise FollowupError(
            f"there is no date format {date_format!r}",
            hint="--date-format dmy, mdy or ymd",
            exit_code=EXIT_USAGE,
        )
    reader = _RowReader(mapping, _date_orders(table, mapping, date_format or ""))
    good: list[CustomerRow] = []
    bad: list[RowProblem] = []
    for row in table.rows:
        problems: list[RowProblem] = []
        customer = reader.read(row, problems)
        if customer and not problems:
            good.append(customer)
        bad += sorted(problems, key=lambda problem: table.headers.index(problem.column) if problem.column else -1)
    return good, bad


def rejects_csv(table: Table, problems: Iterable[RowProblem]) -> str:
    """Give the rejected rows as a CSV that can be mended and imported again: the problem first, then the row as it
    was.

    Cells that a spreadsheet might run are guarded; the import takes the guard off again and ignores the first column.
    """
    by_line: dict[int, tuple[list[str], tuple[str, ...]]] = {}
    for problem in problems:
        said = f"{problem.column}: {problem.message}" if problem.column else problem.message
        by_line.setdefault(problem.line, ([], problem.cells))[0].append(said)
    rows = [("; ".join(said), *cells) for _, (said, cells) in sorted(by_line.items())]
    return write_csv((PROBLEM_COLUMN, *table.headers), rows, raw=False)


def _date_orders(table: Table, mapping: CustomerMapping, given: str) -> dict[int, str]:
    """Read through the date columns once and give, by column, how it writes day and month."""
    columns = {mapping.first(name) for name in DATE_FIELDS} | set(mapping.anchors.values())
    dates = {column: DateColumn(given=given) for column in sorted(columns) if column >= 0}
    if not dates:
        return {}
    for row in table.rows:
        if not row.fault:
            for column, found in dates.items():
                found.look(row.cells[column], row.line)
    orders: dict[int, str] = {}
    problems: list[Problem] = []
    for column, found in dates.items():
        try:
            orders[column] = found.order()
        except CellError as error:
            said = f"column {table.headers[column]!r}: {error.message}"
            problems.append(Problem(source=table.source, message=said, hint=_FORMAT_HINT, line=found.unsure_line))
    if problems:
        raise BadFileError(f"{table.source}, {problems[0].message}", hint=_FORMAT_HINT, problems=problems)
    return orders


_FORMAT_HINT = "say which it is: --date-format dmy, or --date-format mdy"


class _RowReader:
    """Reads one row after the other by a mapping; columns are looked up once."""

    def __init__(self, mapping: CustomerMapping, orders: Mapping[int, str]) -> None:
        self.mapping = mapping
        self.headers = mapping.headers
        self.orders = orders
        taken = {column for columns in mapping.columns.values() for column in columns} | mapping.ignored
        self.spare = [column for column in range(len(mapping.headers)) if column not in taken]
        self.anchors = mapping.anchors
        self.firsts = {name: columns[0] for name, columns in mapping.columns.items()}

    def read(self, row: Row, problems: list[RowProblem]) -> CustomerRow | None:
        """Give the customer of a row, or None with what is wrong added to `problems`."""
        if row.fault:
            hint = "give the row as many cells as there are headings, and quote cells with the delimiter in"
            problems.append(
                RowProblem(line=row.line, column="", value="", message=row.fault, hint=hint, cells=row.cells)
            )
            return None
        return _Reading(self, row, problems).customer_row()


class _Reading:
    """One row being read."""

    def __init__(self, reader: _RowReader, row: Row, problems: list[RowProblem]) -> None:
        self.reader = reader
        self.row = row
        self.cells = row.cells
        self.problems = problems
        self.extra: dict[str, str] = {}
        self.given: set[str] = set()

    # Cells

    def first_column(self, name: str) -> int:
        """The first column of a field, or -1."""
        return self.reader.firsts.get(name, -1)

    def raw(self, name: str) -> str:
        """The cell of a field exactly as written; '' when there is no such column or only blanks."""
        column = self.first_column(name)
        text = self.cells[column] if column >= 0 else ""
        if not text or not text.strip():
            return ""
        self.given.add(name)
        return text

    def text(self, name: str) -> str:
        """The cell of a field without blanks around it."""
        return self.raw(name).strip()

    def value(self, name: str, reader: Callable[[str], str]) -> str:
        """The cell read by `reader`; a cell that cannot be read is a problem of the row."""
        column = self.first_column(name)
        if not (text := self.cells[column] if column >= 0 else ""):
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
        name, count = self.reader.headers[column], 1
        while name in self.extra:
            count += 1
            name = f"{self.reader.headers[column]} ({count})"
        self.extra[name] = text

    # Fields

    def customer_row(self) -> CustomerRow | None:
        for column in self.reader.spare:
            if self.cells[column].strip():
                self.keep(column, self.cells[column])
        company = self.first_filled("company")
        email = self.reach("email", addresses=True)
        phone = self.reach("phone", addresses=False)
        first, person = self.person()
        name = person or company or email or phone
        if not name:
            # A cell that could not be read already says why there is nothing to call the customer by.
            if not self.problems:
                hint = "fill in a name, a company or an e-mail, or delete the row"
                self.refuse(-1, "this row has no name, no company, no e-mail and no phone", hint)
            return None
        contact = Contact(
            name=name,
            first_name=first,
            role=self.role(),
            email=email,
            phone=phone,
            channel=self.value("channel", read.read_channel),
            is_main=True,
        )
        customer = self.customer(name, company)
        row = CustomerRow(
            line=self.row.line,
            customer=customer,
            contacts=(contact,) if person or email or phone else (),
            playbook=self.text("playbook"),
            product=self.raw("product"),
            goal=self.raw("goal"),
            anchors=self.dates(),
            next_contact_on=self.day(self.first_column("next_contact")),
            last_contact_on=self.day(self.first_column("last_contact")),
            given=frozenset(self.given),
        )
        return None if self.problems else row

    def customer(self, name: str, company: str) -> Customer:
        kind = self.value("kind", read.read_kind)
        usage = self.value("usage", lambda text: read.read_choice(text, USAGES, noun="usage"))
        tier = self.value("tier", lambda text: read.read_choice(text, TIERS, noun="tier"))
        return Customer(
            key=self.text("key"),
            name=name,
            company=company,
            kind=kind or ("company" if company else "person"),
            country=self.country(),
            subdivision=self.first_filled("subdivision").strip(),
            timezone=self.value("timezone", read.read_zone),
            usage=usage or "normal",
            tier=tier or "B",
            tags=read.read_tags(tags) if (tags := self.raw("tags")) else (),
            notes=self.raw("notes"),
            external_id=self.text("external_id"),
            do_not_contact=self.opted_out(),
            extra=MappingProxyType(self.extra | self.own_extra()),
        )

    def person(self) -> tuple[str, str]:
        """Give (first name, full name) of the person; the full name is made of its parts where no column has it."""
        first, last, name = self.text("first_name"), self.text("last_name"), self.raw("name")
        if not name:
            return first, " ".join(part for part in (first, last) if part)
        if last and last.casefold() not in name.casefold():
            self.keep(self.first_column("last_name"), last)
        return first, name

    def first_filled(self, name: str) -> str:
        """The first filled column of a field; what stands in its other columns is kept in `extra`."""
        found = ""
        for column in self.reader.mapping.columns.get(name, ()):
            text = self.cells[column]
            if text.strip() and not found:
                found = text
                self.given.add(name)
            elif text.strip() and text != found:
                self.keep(column, text)
        return found

    def reach(self, name: str, *, addresses: bool) -> str:
        """The first e-mail or phone of all its columns; several in one cell count as several columns."""
        found = ""
        for column in self.reader.mapping.columns.get(name, ()):
            if not (text := self.cells[column]):
                continue
            try:
                values = read.split_values(text, addresses=addresses)
                values = [read.read_email(value) for value in values] if addresses else values
            except CellError as error:
                self.refuse(column, error.message, error.hint)
                continue
            for value in filter(None, values):
                if not found:
                    found = value
                    self.given.add(name)
                elif value != found:
                    self.keep(column, value)
        return found

    def country(self) -> str:
        text = self.first_filled("country")
        code = country_code(text) if text else ""
        if text and not code:
            self.extra["country"] = text
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
            if not text.strip():
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
        text = self.raw("extra")
        if not text:
            return {}
        try:
            told = json.loads(text)
        except ValueError:
            told = None
        if not isinstance(told, dict):
            self.refuse(self.first_column("extra"), "this is not a JSON object", 'write {"name": "value"}')
            return {}
        return {str(name): value if isinstance(value, str) else json.dumps(value) for name, value in told.items()}

    def dates(self) -> Mapping[str, date]:
        found = {name: day for name, column in self.reader.anchors.items() if (day := self.day(column))}
        return MappingProxyType(found) if found else _NO_DATES

    def day(self, column: int) -> date | None:
        if column < 0 or not self.cells[column].strip():
            return None
        try:
            return cell_dates.read_date(self.cells[column], self.reader.orders[column])
        except CellError as error:
            self.refuse(column, error.message, error.hint)
            return None
