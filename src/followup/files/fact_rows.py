"""Facts from the rows of a table: each row becomes a person, a contact that took place, a reading, a concern or a
promise, or problems with a line.

Nothing is guessed about how a contact went: where a row does not plainly say it, the row is a problem.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import TypeVar

from followup.core.model.activity import ACTIVITY_KINDS, Activity
from followup.core.model.channel import CHANNELS
from followup.core.model.concern import CATEGORIES, SEVERITIES, Concern
from followup.core.model.customer import Contact
from followup.core.model.outcome import MILESTONES, OUTCOMES
from followup.core.model.promise import ABOUT, ANSWERS, Promise
from followup.core.model.reading import READING_KINDS, UNDERSTOOD, UNDERSTOOD_READINGS, USAGE_READINGS
from followup.core.model.stage import STAGES
from followup.files import cell_dates, opt_outs
from followup.files import cells as read
from followup.files import fact_words as words
from followup.files.cell_dates import DateColumn, check_format, orders_of
from followup.files.cells import CellError, short
from followup.files.customer_rows import RowProblem
from followup.files.fact_mapping import DATES, SCORES, FactMapping, scale_in
from followup.files.header_words import OPT_OUT_STATES, OPT_OUT_TIMES, header_key, plain_words
from followup.files.tables import Row, Table

T = TypeVar("T")

OPEN, NOTE, MISSED, UNANSWERED_SCORE = "open", "note", "missed", "unanswered"
"""Why a row is no fact: not done (yet) or not delivered; no talk; a call of theirs that nobody took; no score."""

_CLOCK = re.compile(r"[T ]([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?[^APap]*([AaPp])?")
_PERSON = re.compile(r"(.*?)\s*[(<]([^()<>\s]+@[^()<>\s]+)[)>]")
_WHOLE = re.compile(r"([0-9]{1,4})(?:[.,]0+)?")
_OUT_OF = re.compile(r"([0-9]{1,2}) ?(?:/|out of|von|sur|de) ?([0-9]{1,2})")
_HOURS = re.compile(r"([0-9]{1,3}):([0-9]{2}):([0-9]{2})(?:[.,][0-9]+)?")
_SPAN = re.compile(
    r"(?:([0-9]+) ?h(?:ours?|r|rs)?\.?,? ?)?"
    r"(?:([0-9]+) ?m(?:in(?:ute)?(?:s|n|en)?)?\.?,? ?)?"
    r"(?:([0-9]+) ?s(?:ec(?:ond)?s?|ek)?\.?)?"
)
_NUMBER = re.compile(r"([0-9]{1,7})(?:[.,][0-9]+)?")
_TOPS = {"nps": 10, "csat": 5, "ces": 7}


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """What a row says about whose it is, and about which sale; empty where it says nothing.

    `sale` is the number of a sale, in followup's own tables alone.
    """

    key: str = ""
    ids: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    sale: int | None = None
    product: str = ""
    sale_ids: tuple[str, ...] = ()
    deal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRow:
    """One row as values. `left_out` says why it is no fact, '' where it is one. `is_own`: followup wrote it."""

    line: int
    whose: Whose
    left_out: str = ""
    is_own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRow(FactRow):
    """A person. `given` names the fields that the row really filled."""

    contact: Contact
    given: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityRow(FactRow):
    """What happened, without its sale. `at` is the minute of the day for the order of one day, 0 when unknown.

    `assumed` says what was concluded: `held` (reached, because the tool says that it took place) or `written` (an
    e-mail or message went out). `is_done`: the tool says that it took place. `has_vague_duration`: its length was left
    out, since the unit is not known.
    """

    activity: Activity
    at: int = 0
    assumed: str = ""
    is_done: bool = True
    has_vague_duration: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One reading of a row: its scale, the value as written, and the heading it stands under."""

    kind: str
    value: str
    column: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingRow(FactRow):
    """What was measured on a day; several scales are several readings."""

    on: date
    note: str
    measured: tuple[Measured, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernRow(FactRow):
    """A concern, without its sale. `given` names the fields that the row really filled."""

    concern: Concern
    given: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseRow(FactRow):
    """A promise, without its sale. `given` names the fields that the row really filled."""

    promise: Promise
    given: frozenset[str] = frozenset()


class FactReader:
    """Reads the rows of a table of facts one after the other."""

    def __init__(self, table: Table, mapping: FactMapping, *, date_format: str | None) -> None:
        """Raises BadFileError when a date column leaves the order of day and month open, naming every such column."""
        given = check_format(date_format)
        self.mapping = mapping
        self.headers = table.headers
        self.orders = _date_orders(table, mapping, given)
        self._read = _READERS[mapping.kind]

    def read(self, row: Row) -> FactRow | tuple[RowProblem, ...]:
        """What a row says, or everything that is wrong with it."""
        if row.fault:
            hint = "give the row as many cells as there are headings, and quote cells with the delimiter in"
            return (RowProblem(line=row.line, column="", value="", message=row.fault, hint=hint, cells=row.cells),)
        cells = _Cells(self, row)
        fact = self._read(cells)
        return fact if fact is not None and not cells.problems else tuple(cells.problems)


def _date_orders(table: Table, mapping: FactMapping, given: str) -> dict[int, str]:
    """Read through the date columns once and give, by column, how it writes day and month."""
    dates = {c: DateColumn(given=given) for name in DATES[mapping.kind] for c in mapping.columns.get(name, ())}
    if not dates:
        return {}
    for row in table.rows:
        if not row.fault:
            for column, found in dates.items():
                found.look(row.cells[column], row.line)
    return orders_of(dates, table.headers, table.source)


class _Cells:
    """The cells of one row by field, and what is wrong with them."""

    def __init__(self, reader: FactReader, row: Row) -> None:
        self.reader = reader
        self.mapping = reader.mapping
        self.row = row
        self.problems: list[RowProblem] = []
        self.given: set[str] = set()

    def raw(self, name: str) -> str:
        """The first filled cell of a field as written, '' when there is none."""
        return next((text for _, text in self.filled(name)), "")

    def text(self, name: str) -> str:
        """The same without blanks around it."""
        return self.raw(name).strip()

    def filled(self, name: str) -> list[tuple[int, str]]:
        """The filled cells of a field with their columns."""
        columns = self.mapping.columns.get(name, ())
        found = [(column, self.row.cells[column]) for column in columns if self.row.cells[column].strip()]
        if found:
            self.given.add(name)
        return found

    def value(self, name: str, reader: Callable[[str], T], nothing: T) -> T:
        """The first filled cell read by `reader`; one that cannot be read is a problem of the row."""
        for column, text in self.filled(name):
            try:
                return reader(text)
            except CellError as error:
                self.refuse(column, error.message, error.hint)
                return nothing
        return nothing

    def day(self, *names: str) -> date | None:
        """The day in the first filled cell of these fields."""
        for name in names:
            for column, text in self.filled(name):
                if cell_dates.no_date(text):
                    continue
                try:
                    return cell_dates.read_date(text, self.reader.orders[column])
                except CellError as error:
                    self.refuse(column, error.message, error.hint)
                    return None
        return None

    def needed_day(self, *names: str) -> date | None:
        """The same; without any it is a problem of the row."""
        day = self.day(*names)
        if day is None and not self.problems:
            column = next((c for name in names for c in self.mapping.columns.get(name, ())), -1)
            self.refuse(column, "the day is missing", "write it as 2026-12-01, or delete the row")
        return day

    def exact(self, name: str) -> str:
        """The cell of a field to the last blank, in followup's own tables."""
        column = self.mapping.first(name)
        return self.row.cells[column] if column >= 0 else ""

    def notes(self, name: str = "note") -> str:
        """All texts of a field, each once, one under the other."""
        return "\n".join(dict.fromkeys(text.strip() for _, text in self.filled(name)))

    def refuse(self, column: int, message: str, hint: str = "") -> None:
        """Add a problem of a cell, or with column -1 of the whole row."""
        self.problems.append(
            RowProblem(
                line=self.row.line,
                column=self.reader.headers[column] if column >= 0 else "",
                value=self.row.cells[column] if column >= 0 else "",
                message=message,
                hint=hint,
                cells=self.row.cells,
            )
        )

    def refuse_field(self, name: str, message: str, hint: str = "") -> None:
        """Add a problem of the first filled cell of a field."""
        self.refuse(next((column for column, _ in self.filled(name)), self.mapping.first(name)), message, hint)

    # Whose row it is

    def whose(self) -> Whose:
        """Who and which sale are meant. A row that names nobody is a problem."""
        emails = [address for column, text in self.filled("email") for address in self._addresses(column, text)]
        names, more = _people(self.raw("name"))
        full = " ".join(part for part in (self.text("first_name"), self.text("last_name")) if part)
        customers, others = _people(self.raw("customer"))
        companies = [*_several(text for _, text in self.filled("company"))]
        if self.mapping.kind == words.CONTACTS:  # the names are those of the people there
            companies, customers = [*customers, *companies], []
        found = Whose(
            key=self.text("customer_key"),
            ids=_several(text for _, text in self.filled("customer_id")),
            emails=tuple(dict.fromkeys((*emails, *more, *others))),
            names=tuple(dict.fromkeys((*customers, *names, *([full] if full and not names else ())))),
            companies=tuple(dict.fromkeys(companies)),
            phones=_several(text for _, text in self.filled("phone")),
            related=tuple(dict.fromkeys(text.strip() for _, text in self.filled("related"))),
            sale=self.value("sale", _number, None) if self.mapping.is_own else None,
            product=self.text("product"),
            sale_ids=_several(text for _, text in self.filled("sale_id")),
            deal=self.text("deal"),
        )
        if not any((found.key, found.ids, found.emails, found.names, found.companies, found.phones, found.related)):
            self.refuse(-1, "this row does not say whose it is", "fill in a customer, a company or an e-mail")
        return found

    def _addresses(self, column: int, text: str) -> list[str]:
        try:
            return [address for part in read.split_values(text, addresses=True) if (address := read.read_email(part))]
        except CellError as error:
            self.refuse(column, error.message, error.hint)
            return []


def _people(text: str) -> tuple[list[str], list[str]]:
    """Names and addresses in a cell such as `Ann Lee (ann@x.example); Bo Li`."""
    names, emails = [], []
    for part in re.split(r";|:::|\n", text):
        if match := _PERSON.fullmatch(part.strip()):
            names.append(match[1].strip())
            emails.append(match[2])
        elif "@" in part and " " not in part.strip():
            emails.append(part.strip())
        else:
            names.append(part.strip())
    return [name for name in names if name], emails


def _several(texts: Iterable[str]) -> tuple[str, ...]:
    """The single values of cells that may hold several, parted by semicolons."""
    return tuple(dict.fromkeys(part.strip() for text in texts for part in re.split(r";|:::", text) if part.strip()))


def _number(text: str) -> int:
    if not (text.strip().isascii() and text.strip().isdecimal() and len(text.strip()) <= 15):
        raise CellError(f"{short(text)} is not a number", "write a whole number, or leave the cell empty")
    return int(text.strip())


def _chosen(choices: tuple[str, ...], noun: str) -> Callable[[str], str]:
    return lambda text: read.read_choice(text, choices, noun=noun)


def _worded(meanings: Mapping[str, str], choices: tuple[str, ...], noun: str) -> Callable[[str], str]:
    return lambda text: meanings.get(plain_words(text)) or read.read_choice(text, choices, noun=noun)


# ------------------------------------------------------------------------------------------ contacts


def _contact(cells: _Cells) -> FactRow | None:
    mapping = cells.mapping
    whose = cells.whose()
    first, last = cells.text("first_name"), cells.text("last_name")
    name = cells.raw("name") or " ".join(part for part in (first, last) if part) or next(iter(whose.emails), "")
    if not name.strip():
        cells.refuse(-1, "this row names no person", "fill in a name or an e-mail, or delete the row")
    role = read.read_role(cells.text("role"))
    contact = Contact(
        name=name,
        first_name=first,
        role=role,
        email=next(iter(whose.emails), ""),
        phone=next((part for _, text in cells.filled("phone") for part in read.split_values(text)), ""),
        channel=cells.value("channel", read.read_channel, ""),
        do_not_contact=_opted_out(cells),
        is_main=cells.value("is_main", opt_outs.read_yes_no, False),
    )
    given = cells.given & {"first_name", "email", "phone", "channel", "is_main"}
    if cells.given & {"name", "first_name", "last_name"}:
        given.add("name")
    if role:
        given.add("role")
    return ContactRow(line=cells.row.line, whose=whose, is_own=mapping.is_own, contact=contact, given=frozenset(given))


def _opted_out(cells: _Cells) -> bool:
    """True when any column says so: a wish to be left alone is never read narrowly."""
    out = False
    for column, text in cells.filled("do_not_contact"):
        key = header_key(cells.reader.headers[column])
        kind = "time" if key in OPT_OUT_TIMES else "state" if key in OPT_OUT_STATES else "flag"
        try:
            out = opt_outs.read_opt_out(text, kind=kind) or out
        except CellError as error:
            cells.refuse(column, error.message, error.hint)
    return out


# ---------------------------------------------------------------------------------------- activities


def _activity(cells: _Cells) -> FactRow | None:
    return _own_activity(cells) if cells.mapping.is_own else _logged(cells)


def _own_activity(cells: _Cells) -> FactRow | None:
    """A row that followup wrote: every kind of activity, exactly as it was recorded."""
    on = cells.needed_day("on")
    activity = Activity(
        kind=cells.value("kind", _chosen(ACTIVITY_KINDS, "kind of activity"), ""),
        on=on or date.min,
        direction=cells.value("direction", _chosen(("inbound", "outbound"), "direction"), "outbound"),
        channel=cells.value("channel", _chosen(CHANNELS, "channel"), ""),
        outcomes=cells.value("outcomes", read_codes, ()),
        note=cells.exact("note"),
        score=cells.value("score", _number, None),
        minutes=cells.value("minutes", _number, None),
        step=cells.text("step"),
        occurrence=cells.value("occurrence", _number, None) or 0,
        purpose=cells.text("purpose"),
        stage=cells.value("stage", _chosen(tuple(stage.value for stage in STAGES), "stage"), ""),
        due_on=cells.day("due_on"),
        opens_on=cells.day("opens_on"),
        closes_on=cells.day("closes_on"),
        to_on=cells.day("to_on"),
        to_time=cells.value("to_time", read_time, None),
        milestone=cells.value("milestone", _chosen(MILESTONES, "milestone"), ""),
        external_id=cells.text("external_id"),
    )
    if not activity.kind and not cells.problems:
        cells.refuse_field("kind", "the kind of activity is missing", f"write one of {', '.join(ACTIVITY_KINDS)}")
    return ActivityRow(line=cells.row.line, whose=cells.whose(), is_own=True, activity=activity)


def read_codes(text: str) -> tuple[str, ...]:
    """Outcome codes from a cell such as `good,idea`. Raises CellError for any other word."""
    parts = (part.strip().lower().replace("_", "-") for part in re.split(",|:::", text))
    codes = tuple(dict.fromkeys(filter(None, parts)))
    for code in codes:
        if code not in OUTCOMES:
            raise CellError(f"{short(code)} is not an outcome", f"write one of {', '.join(OUTCOMES)}")
    return codes


def read_time(text: str) -> time:
    """A time of day such as 14:30. Raises CellError."""
    try:
        return time.fromisoformat(text.strip())
    except ValueError:
        raise CellError(f"{short(text)} is not a time of day", "write it as 14:30") from None


def _logged(cells: _Cells) -> FactRow | None:
    """A row of another tool: a contact that took place, or one that is left out."""
    day = cells.needed_day("on", "made_on")
    sort, channel, via = _sort_and_channel(cells)
    direction, is_missed = _direction(cells)
    state = _state(cells)
    said = cells.text("outcomes")
    verdict = _verdict(cells, sort=sort, direction=direction, is_missed=is_missed, state=state, said=said)
    minutes, vague = _minutes(cells)
    score = cells.value("score", _number, None)
    if verdict is None or day is None:
        cells.whose()
        return None
    subject, body = cells.text("subject"), cells.notes()
    kept = [f"({said})"] if said and not verdict.is_plain else []
    kept += [f"(via {via})"] if via else []
    note = ": ".join(dict.fromkeys(part for part in (subject, body) if part))
    activity = Activity(
        kind="contacted",
        on=day,
        direction=direction or "outbound",
        channel=channel,
        outcomes=verdict.outcomes,
        note=" ".join(part for part in (note, *kept) if part),
        score=score,
        minutes=minutes,
        external_id=cells.text("external_id"),
    )
    return ActivityRow(
        line=cells.row.line,
        whose=cells.whose(),
        left_out=verdict.left_out,
        activity=activity,
        at=_minute(cells),
        assumed=verdict.assumed,
        is_done=state is True,
        has_vague_duration=vague,
    )


@dataclass(frozen=True, slots=True)
class _Verdict:
    """How a contact went, or why it is none. `is_plain`: the words of the row say no more than the outcomes do."""

    outcomes: tuple[str, ...] = ()
    left_out: str = ""
    assumed: str = ""
    is_plain: bool = True


def _verdict(
    cells: _Cells, *, sort: str, direction: str, is_missed: bool, state: bool | str | None, said: str
) -> _Verdict | None:
    """How it went, told by the result, else by its state and kind; None with a problem where nothing plain tells."""
    plain = plain_words(said)
    codes = _codes(said)
    if codes:
        return _Verdict(codes)
    if state is False or plain in words.OPEN:
        return _Verdict(left_out=OPEN)
    result = words.RESULTS.get(plain) or (state if isinstance(state, str) else "")
    nobody_took_it = direction == "inbound" and result in ("no-answer", "left-message") and sort not in words.WRITTEN
    if is_missed or plain in words.MISSED or result == MISSED or nobody_took_it:
        return _Verdict(left_out=MISSED)
    is_talk = sort not in (words.NOTE, words.TASK) or plain not in words.DONE
    if result and is_talk:
        return _Verdict((result,))
    if sort in (words.NOTE, words.TASK):
        return _Verdict(left_out=NOTE)
    if sort in words.WRITTEN:
        if direction == "inbound":
            return _Verdict(("ok",), is_plain=not said)
        return _Verdict(("left-message",), assumed="written", is_plain=not said)
    if state is True and (sort or said):
        return _Verdict(("ok",), assumed="held", is_plain=not said or plain in words.DONE)
    if cells.problems:
        return None
    if said:
        message = f"{short(said)} does not say plainly whether somebody was reached"
        cells.refuse_field("outcomes", message, f"write one of {', '.join(OUTCOMES)}")
    else:
        hint = "fill in a result, such as ok, no-answer or left-message, or a state, such as completed"
        cells.refuse(-1, "nothing in this row says how the contact went", hint)
    return None


def _codes(said: str) -> tuple[str, ...]:
    try:
        return read_codes(said)
    except CellError:
        return ()


def _sort_and_channel(cells: _Cells) -> tuple[str, str, str]:
    """The kind of activity in the words of a CRM, the channel, and a channel's word that is none of ours."""
    sort = cells.mapping.sort
    for column, text in cells.filled("kind"):
        plain = plain_words(text)
        sort = words.TYPES.get(plain, "")
        if not sort and not cells.text("outcomes"):
            hint = "write call, meeting, e-mail, message, visit, note or task; or say in a column how it went"
            cells.refuse(column, f"{short(text)} is no kind of activity that is known here", hint)
    told = cells.text("channel")
    meant = words.TYPES.get(plain_words(told), "")
    channel = words.CHANNEL_OF.get(meant, "")
    if told and not channel:
        try:
            channel = read.read_channel(told)
        except CellError:
            return sort, words.CHANNEL_OF.get(sort, ""), told
    return sort or meant, channel or words.CHANNEL_OF.get(sort, ""), ""


def _direction(cells: _Cells) -> tuple[str, bool]:
    """`inbound`, `outbound` or '', and whether it is a call of theirs that nobody took."""
    for name in ("direction", "kind"):
        for column, text in cells.filled(name):
            plain = plain_words(text)
            if plain in words.MISSED:
                return "inbound", True
            if plain in words.INBOUND:
                return "inbound", False
            if plain in words.OUTBOUND:
                return "outbound", False
            if name == "direction" and plain not in ("internal", "unknown"):
                cells.refuse(column, f"{short(text)} is neither inbound nor outbound", "write inbound or outbound")
    return "", False


def _state(cells: _Cells) -> bool | str | None:
    """True when the tool says that it took place, False when it did not (yet), a result where it says one, or None."""
    for column, text in cells.filled("status"):
        plain = plain_words(text)
        if plain in words.DONE or text.strip() in ("✓", "✔"):
            return True
        if plain in words.OPEN:
            return False
        if plain in words.RESULTS or plain in words.MISSED:
            return words.RESULTS.get(plain, MISSED)
        cells.refuse(column, f"{short(text)} is no state that is known here", "write completed or open")
    return None


def _minutes(cells: _Cells) -> tuple[int | None, bool]:
    """Minutes of the contact, and whether a length was left out because its unit is not known."""
    for name, unit in (("minutes", 60), ("seconds", 1), ("duration", 0)):
        for column, text in cells.filled(name):
            seconds = _seconds(text.strip(), unit)
            if seconds is not None:
                return (max(1, round(seconds / 60)) if seconds else 0), False
            if not unit:
                return None, True
            cells.refuse(column, f"{short(text)} is no length of time", "write a number, or 0:12:30")
    return None, False


def _seconds(text: str, unit: int) -> int | None:
    """Seconds in a cell such as `0:12:30`, `750 sec`, `1 h 5 min`, or a bare number with the unit of its heading."""
    if match := _HOURS.fullmatch(text):
        return int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3])
    if unit and _NUMBER.fullmatch(text):
        return round(float(text.replace(",", ".")) * unit)
    match = _SPAN.fullmatch(text.casefold())
    if match and any(match.groups()):
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        return hours * 3600 + minutes * 60 + seconds
    return 0 if text in ("0", "0:00", "00:00") else None


def _minute(cells: _Cells) -> int:
    """The minute of the day, for the order of what happened on one day; 0 where no time is said."""
    match = _CLOCK.search(cells.raw("on") or cells.raw("made_on"))
    if not match:
        return 0
    hour = int(match[1]) % 12 if match[4] else int(match[1])
    return (hour + (12 if (match[4] or "").lower() == "p" else 0)) * 60 + int(match[2])


# ------------------------------------------------------------------------------------------ readings


def _reading(cells: _Cells) -> FactRow | None:
    measured = [*_measured(cells)]
    whose, on = cells.whose(), cells.day("on", "made_on")
    if on is None and not cells.problems and measured:
        cells.needed_day("on", "made_on")
    return ReadingRow(
        line=cells.row.line,
        whose=whose,
        left_out="" if measured else UNANSWERED_SCORE,
        is_own=cells.mapping.is_own,
        on=on or date.min,
        note=cells.exact("note") if cells.mapping.is_own else cells.notes(),
        measured=tuple(measured),
    )


def _measured(cells: _Cells) -> Iterable[Measured]:
    for name in SCORES:
        for column, text in cells.filled(name):
            yield Measured(kind=name, value=_score(cells, column, text, name), column=cells.reader.headers[column])
    for column, text in cells.filled("value"):
        kind = _scale(cells)
        if kind:
            yield Measured(kind=kind, value=_score(cells, column, text, kind), column=cells.reader.headers[column])


def _scale(cells: _Cells) -> str:
    """The scale of a bare score: what the kind of survey says, or that people are promoters and detractors."""
    for column, text in cells.filled("kind"):
        word = text.strip().casefold()
        found = word if word in READING_KINDS else scale_in(text)
        if not found:
            cells.refuse(column, f"{short(text)} names no scale", f"write one of {', '.join(READING_KINDS)}")
        return found
    if any(plain_words(text) in words.PROMOTERS for _, text in cells.filled("category")):
        return "nps"
    cells.refuse_field(
        "value", "nothing says on which scale this is", f"write one of {', '.join(READING_KINDS)} beside it"
    )
    return ""


def _score(cells: _Cells, column: int, text: str, kind: str) -> str:
    """The value as it is recorded, where it can be read; whether the scale has it is asked later."""
    plain = text.strip()
    if kind in _TOPS:
        if match := _WHOLE.fullmatch(plain):
            return str(int(match[1]))
        if (match := _OUT_OF.fullmatch(plain.casefold())) and int(match[2]) == _TOPS[kind]:
            return str(int(match[1]))
        cells.refuse(column, f"{short(text)} is no {kind} score", f"write a whole number up to {_TOPS[kind]}")
        return ""
    if kind == UNDERSTOOD:
        try:
            return "yes" if opt_outs.read_yes_no(text) else "no"
        except CellError as error:
            cells.refuse(column, error.message, f"write {' or '.join(UNDERSTOOD_READINGS)}")
            return ""
    try:
        return _worded(words.USAGE, USAGE_READINGS, "usage")(text)
    except CellError as error:
        cells.refuse(column, error.message, error.hint)
        return ""


# ------------------------------------------------------------------------------ concerns and promises


def _concern(cells: _Cells) -> FactRow | None:
    text = _needed_text(cells)
    concern = Concern(
        number=cells.value("number", _number, None) or 0,
        text=text,
        severity=cells.value("severity", _worded(words.SEVERITY, SEVERITIES, "severity"), "") or "moderate",
        category=cells.value("category", _worded(words.CATEGORY, CATEGORIES, "category"), "") or "other",
        opened_on=cells.needed_day("opened_on") or date.min,
        resolved_on=cells.day("resolved_on"),
    )
    if concern.resolved_on is not None and concern.resolved_on < concern.opened_on and not cells.problems:
        cells.refuse_field("resolved_on", "it was resolved before it was opened", "mend one of the two days")
    return ConcernRow(
        line=cells.row.line,
        whose=cells.whose(),
        is_own=cells.mapping.is_own,
        concern=concern,
        given=frozenset(cells.given & {"severity", "category", "resolved_on"}),
    )


def _promise(cells: _Cells) -> FactRow | None:
    promise = Promise(
        number=cells.value("number", _number, None) or 0,
        text=_needed_text(cells),
        by=cells.needed_day("by") or date.min,
        done_on=cells.day("done_on"),
        told_on=cells.day("told_on"),
        about=cells.value("about", _chosen(ABOUT[1:], "subject of a promise"), ""),
        concern=cells.value("concern", _number, None) or 0,
        answer=cells.value("answer", _chosen(ANSWERS[1:], "status of an idea"), ""),
    )
    return PromiseRow(
        line=cells.row.line,
        whose=cells.whose(),
        is_own=cells.mapping.is_own,
        promise=promise,
        given=frozenset(cells.given & {"done_on", "told_on", "answer"}),
    )


def _needed_text(cells: _Cells) -> str:
    text = cells.exact("text") if cells.mapping.is_own else cells.text("text")
    if not text.strip():
        cells.refuse(cells.mapping.first("text"), "the text is missing", "say what it is about, or delete the row")
    return text


_READERS: Mapping[str, Callable[[_Cells], FactRow | None]] = {
    words.CONTACTS: _contact,
    words.ACTIVITIES: _activity,
    words.READINGS: _reading,
    words.CONCERNS: _concern,
    words.PROMISES: _promise,
}
