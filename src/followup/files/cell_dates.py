"""Dates as other tools write them in a cell, and what a whole column says about the order of day and month.

Dates are ISO wherever they look like ISO. Day and month of any other date are told apart per *column*: one cell with
a part above 12 settles it for all, and a column that leaves both readings open is not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from followup.errors import EXIT_USAGE, BadFileError, FollowupError, Problem
from followup.files.cells import CellError, short
from followup.files.month_names import MONTHS, is_day_name, month_named

DATE_FORMATS = ("dmy", "mdy", "ymd")
FIRST_YEAR, LAST_YEAR = 1900, 2199
_SERIAL_ZERO = date(1899, 12, 30)  # day 0 of the spreadsheets' own count, with their leap year of 1900 allowed for
_SERIALS = range(20_000, 80_000)  # 1954 to 2119: a number outside is no date of a sale

_CLOCK = r"[0-9]{1,2}[:.][0-9]{2}(?:[:.][0-9]{2}(?:[.,][0-9]{1,9})?)?(?: ?[AaPp]\.? ?[Mm]\.?)?(?: ?(?:Uhr|h))?"
_ZONE = r"(?:[Zz]|(?:UTC|GMT)?(?:[+-][0-9]{2}(?::?[0-9]{2})?)?(?: ?\([^()]{1,60}\))?|[A-Z][A-Za-z_]+(?:/[A-Za-z_]+)+)"
_TIME = rf"(?:(?:[Tt]|,? (?:at |um |à |a las )?){_CLOCK}(?: ?{_ZONE})?)?"
_WORD = r"[^\W\d_]{3,10}"
_OF = r"(?: ?[-/., ] ?|\.? (?:de |del |of )?|\.,? )"
_ISO = re.compile(rf"([0-9]{{4}})([-/.])([0-9]{{1,2}})\2([0-9]{{1,2}}){_TIME}")
_COMPACT = re.compile(rf"((?:19|20|21)[0-9]{{2}})([0-9]{{2}})([0-9]{{2}})(?:{_TIME}|T[0-9]{{6}}Z?)")
_TWO_AND_YEAR = re.compile(rf"([0-9]{{1,2}})([-/.]) ?([0-9]{{1,2}})\2 ?([0-9]{{4}}){_TIME}")
_DAY_NAME_YEAR = re.compile(rf"([0-9]{{1,2}})(?:st|nd|rd|th|er|º|°)?\.?{_OF}({_WORD}){_OF}([0-9]{{4}}){_TIME}")
_NAME_DAY_YEAR = re.compile(rf"({_WORD})\.?[ -]([0-9]{{1,2}})(?:st|nd|rd|th)?(?:,? |-)([0-9]{{4}}){_TIME}")
_YEAR_NAME_DAY = re.compile(rf"([0-9]{{4}})[-/ ]({_WORD})\.?[-/ ]([0-9]{{1,2}}){_TIME}")
_SHORT_YEAR = re.compile(
    rf"[0-9]{{1,2}}([-/.]) ?[0-9]{{1,2}}\1 ?'?[0-9]{{2}}{_TIME}"
    rf"|[0-9]{{1,2}}\.?{_OF}{_WORD}{_OF}'?[0-9]{{2}}{_TIME}|{_WORD}\.? [0-9]{{1,2}},? '?[0-9]{{2}}{_TIME}"
)
_DAY_OF_WEEK = re.compile(r"([^\W\d_]{2,10})\.?,? (?=[^\W_])")
_SERIAL = re.compile(r"([0-9]{5})(?:[.,][0-9]+)?")
_ZERO_DATE = re.compile(r"0{1,4}([-/.])0{1,2}\1(?:0{4}|0{1,2})(?:[T ]0{1,2}(?:[:.]00){1,2}(?:\.0+)?Z?)?")
_ZERO_SERIAL = frozenset(
    ("1/0/1900", "0/1/1900", "00/01/1900", "01/00/1900", "00.01.1900", "1900-01-00", "0")
)  # what spreadsheets show for day 0
_NOTHING = frozenset(
    """
    - -- – — / n/a #n/a na n.a. none null nil nan nat \\n k.a. (none) (empty) (blank) (null) <null> empty blank unknown
    never nie jamais nunca
    """.split()  # noqa: SIM905 - a list of words reads better than thirty quotes
)
_WRITE = "write dates as 2026-12-01"
_SAY_WHICH = "say which it is: --date-format dmy, or --date-format mdy"


@dataclass(slots=True)
class DateColumn:
    """Gathers, cell by cell, in which order a column writes day and month.

    `--date-format` (`given`) settles it beforehand. Lines are kept only of the cells that the sentences name.
    """

    given: str = ""
    first_above_12: tuple[int, str] | None = None
    second_above_12: tuple[int, str] | None = None
    either_way: tuple[int, str] | None = None
    serials_only: bool = True
    filled: int = field(default=0)

    def look(self, text: str, line: int) -> None:
        """Take one cell into account; `line` is where it stands."""
        if no_date(text):
            return
        text = _tidy(text)
        self.filled += 1
        if self.serials_only and not (_SERIAL.fullmatch(text) and int(text[:5]) in _SERIALS):
            self.serials_only = False
        if not (match := _TWO_AND_YEAR.fullmatch(text)):
            return
        first, second = int(match[1]), int(match[3])
        if 31 >= first > 12 >= second:
            self.first_above_12 = self.first_above_12 or (line, text)
        elif 31 >= second > 12 >= first:
            self.second_above_12 = self.second_above_12 or (line, text)
        elif first != second and 1 <= first <= 12 and 1 <= second <= 12:
            self.either_way = self.either_way or (line, text)

    @property
    def unsure_line(self) -> int:
        """The line of the cell that leaves the order open, 0 when there is none."""
        cell = self.either_way or self.second_above_12 or self.first_above_12
        return cell[0] if cell else 0

    def order(self) -> str:
        """Give `dmy`, `mdy`, `ymd` (nothing but ISO) or `serial`; raise CellError where both readings are open."""
        if self.serials_only and self.filled:
            return "serial"
        if self.given:
            return self.given
        if self.first_above_12 and self.second_above_12:
            (line, text), (other_line, other) = sorted((self.first_above_12, self.second_above_12))
            raise CellError(f"{text} (line {line}) and {other} (line {other_line}) write day and month in two orders")
        if self.first_above_12:
            return "dmy"
        if self.second_above_12:
            return "mdy"
        if self.either_way:
            line, text = self.either_way
            day_first, month_first = (_day(text, order) for order in ("dmy", "mdy"))
            raise CellError(
                f"{text} (line {line}) may be {_in_words(day_first)} or {_in_words(month_first)}, "
                "and no other cell tells"
            )
        return "dmy"  # nothing but ISO, or cells that read the same both ways, such as 05/05/2026


def check_format(given: str | None) -> str:
    """The order of day and month that the user gave, '' for none. Raises FollowupError for any other word."""
    if given and given not in DATE_FORMATS:
        raise FollowupError(
            f"there is no date format {given!r}", hint="--date-format dmy, mdy or ymd", exit_code=EXIT_USAGE
        )
    return given or ""


def orders_of(columns: Mapping[int, DateColumn], headers: Sequence[str], source: str) -> dict[int, str]:
    """Give by column in which order it writes day and month. Raises BadFileError naming every column that is open."""
    orders: dict[int, str] = {}
    problems: list[Problem] = []
    for column, seen in columns.items():
        try:
            orders[column] = seen.order()
        except CellError as error:
            said = f"column {headers[column]!r}: {error.message}"
            problems.append(Problem(source=source, message=said, hint=_SAY_WHICH, line=seen.unsure_line))
    if problems:
        raise BadFileError(f"{source}, {problems[0].message}", hint=_SAY_WHICH, problems=problems)
    return orders


def no_date(text: str) -> bool:
    """True for an empty cell, and for what tools write in place of a date that they do not have: 0000-00-00, n/a, -.

    A word that promises a date (TBD) is none of these.
    """
    plain = text.strip()
    if not plain:
        return True
    if plain[0] in "123456789" and plain not in _ZERO_SERIAL:
        return False  # most cells
    return plain.casefold() in _NOTHING or plain in _ZERO_SERIAL or _ZERO_DATE.fullmatch(plain) is not None


def read_date(text: str, order: str) -> date:
    """Give the day a cell names. `order` comes from `DateColumn.order`; a time of day behind the date is left out.

    Raises CellError for partial, impossible, two-digit-year and worded dates, for years outside 1900-2199, and for
    cells that stand for no date (ask `no_date` first).
    """
    return _read_date(text, order)


@lru_cache(maxsize=4096)
def _read_date(text: str, order: str) -> date:
    """The same, with the dates of late in mind: a column of dates repeats itself."""
    text = _tidy(text)
    day = _day(text, order)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise CellError(f"{short(text)} lies outside the years {FIRST_YEAR}-{LAST_YEAR}")
    return day


def looks_like_date(text: str) -> bool:
    """True when a cell is written like a whole date, be it a possible day or not."""
    return _is_whole(_tidy(text))


def _is_whole(text: str) -> bool:
    return any(shape.fullmatch(text) for shape in (_ISO, _COMPACT, _TWO_AND_YEAR)) or _named(text) is not None


def _tidy(text: str) -> str:
    """A cell with single plain spaces and without the day of the week before the date."""
    text = " ".join(text.split())
    match = _DAY_OF_WEEK.match(text) if text[:1].isalpha() else None
    if not match or not is_day_name(match[1]) or _named(text) is not None:  # `Mar. 29, 2026` is no French Tuesday
        return text
    rest = text[match.end() :]
    return rest if _is_whole(rest) else text


def _named(text: str) -> tuple[str, int, str] | None:
    """Year, month and day of a date with the name of its month; None for other texts and for unknown names."""
    if match := _DAY_NAME_YEAR.fullmatch(text):
        year, name, day = match[3], match[2], match[1]
    elif match := _NAME_DAY_YEAR.fullmatch(text):
        year, name, day = match[3], match[1], match[2]
    elif match := _YEAR_NAME_DAY.fullmatch(text):
        year, name, day = match[1], match[2], match[3]
    else:
        return None
    month = month_named(name)
    return (year, month, day) if month else None


def _day(text: str, order: str) -> date:
    if match := _ISO.fullmatch(text):
        return _calendar_day(text, match[1], match[3], match[4])
    if match := _TWO_AND_YEAR.fullmatch(text):
        if order == "ymd":
            raise CellError(f"{short(text)} is not written year first", _WRITE)
        day, month = (match[3], match[1]) if order == "mdy" else (match[1], match[3])
        if int(month) > 12 >= int(day):
            said = "month, day, year" if order == "mdy" else "day, month, year"
            raise CellError(f"{short(text)} is no date in the order {said}", _WRITE)
        return _calendar_day(text, match[4], month, day)
    if match := _SERIAL.fullmatch(text):
        if order == "serial":
            return _SERIAL_ZERO + timedelta(days=int(match[1]))
        hint = f"{_WRITE}; a spreadsheet's number is a date only where the whole column is, counted from 1900"
        raise CellError(f"{short(text)} is not a whole date", hint)
    if match := _COMPACT.fullmatch(text):
        return _calendar_day(text, match[1], match[2], match[3])
    if (found := _named(text)) is not None:
        return _calendar_day(text, found[0], str(found[1]), found[2])
    if _SHORT_YEAR.fullmatch(text):
        raise CellError(f"{short(text)} has a year of two digits, and its century is not guessed", _WRITE)
    if match := _DAY_NAME_YEAR.fullmatch(text) or _NAME_DAY_YEAR.fullmatch(text):
        raise CellError(f"{short(text)} names no month that is known here", _WRITE)
    raise CellError(f"{short(text)} is not a whole date", _WRITE)


def _calendar_day(text: str, year: str, month: str, day: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise CellError(f"{short(text)} is not a day of the calendar", _WRITE) from None


def _in_words(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]}"
