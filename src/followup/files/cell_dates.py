"""Dates as other tools write them in a cell, and what a whole column says about the order of day and month.

Dates are ISO wherever they look like ISO. Day and month of any other date are told apart per *column*: one cell with
a part above 12 settles it for all, and a column that leaves both readings open is not guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta

from followup.files.cells import CellError, short

DATE_FORMATS = ("dmy", "mdy", "ymd")
FIRST_YEAR, LAST_YEAR = 1900, 2199
_SERIAL_ZERO = date(1899, 12, 30)  # day 0 of the spreadsheets' own count, with their leap year of 1900 allowed for
_SERIALS = range(20_000, 80_000)  # 1954 to 2119: a number outside is no date of a sale

_CLOCK = r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?(?: ?[AaPp]\.?[Mm]\.?)?"
_TIME = rf"(?:(?:[Tt]|,? +){_CLOCK}(?: ?(?:[Zz]|UTC|GMT|[+-][0-9]{{2}}:?[0-9]{{2}}))?)?"
_ISO = re.compile(rf"([0-9]{{4}})([-/.])([0-9]{{1,2}})\2([0-9]{{1,2}}){_TIME}")
_COMPACT = re.compile(rf"((?:19|20|21)[0-9]{{2}})([0-9]{{2}})([0-9]{{2}})(?:{_TIME}|T[0-9]{{6}}Z?)")
_TWO_AND_YEAR = re.compile(rf"([0-9]{{1,2}})([-/.])([0-9]{{1,2}})\2([0-9]{{4}}){_TIME}")
_DAY_NAME_YEAR = re.compile(rf"([0-9]{{1,2}})(?:st|nd|rd|th)?\.?[ -]([A-Za-z]{{3,9}})\.?,?[ -]([0-9]{{4}}){_TIME}")
_NAME_DAY_YEAR = re.compile(rf"([A-Za-z]{{3,9}})\.? ([0-9]{{1,2}})(?:st|nd|rd|th)?,? ([0-9]{{4}}){_TIME}")
_SERIAL = re.compile(r"([0-9]{5})(?:[.,][0-9]+)?")
_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)


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
        text = text.strip()
        if not text:
            return
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


def read_date(text: str, order: str) -> date:
    """Give the day a cell names. `order` comes from `DateColumn.order`; a time of day behind the date is left out.

    Raises CellError for partial, impossible, two-digit-year and worded dates, and for years outside 1900-2199.
    """
    text = text.strip()
    day = _day(text, order)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise CellError(f"{short(text)} lies outside the years {FIRST_YEAR}-{LAST_YEAR}")
    return day


def looks_like_date(text: str) -> bool:
    """True when a cell is written like a whole date, be it a possible day or not."""
    text = text.strip()
    shapes = (_ISO, _COMPACT, _TWO_AND_YEAR, _DAY_NAME_YEAR, _NAME_DAY_YEAR)
    return any(shape.fullmatch(text) for shape in shapes)


def _day(text: str, order: str) -> date:
    if order == "serial" and (match := _SERIAL.fullmatch(text)):
        return _SERIAL_ZERO + timedelta(days=int(match[1]))
    if match := _ISO.fullmatch(text):
        return _calendar_day(text, match[1], match[3], match[4])
    if match := _COMPACT.fullmatch(text):
        return _calendar_day(text, match[1], match[2], match[3])
    if match := _TWO_AND_YEAR.fullmatch(text):
        if order == "ymd":
            raise CellError(f"{short(text)} is not written year first", "write dates as 2026-12-01")
        day, month = (match[1], match[3]) if order == "dmy" else (match[3], match[1])
        if int(month) > 12 >= int(day):
            said = "day, month, year" if order == "dmy" else "month, day, year"
            raise CellError(f"{short(text)} is no date in the order {said}", "write dates as 2026-12-01")
        return _calendar_day(text, match[4], month, day)
    if match := _DAY_NAME_YEAR.fullmatch(text):
        return _calendar_day(text, match[3], str(_month(text, match[2])), match[1])
    if match := _NAME_DAY_YEAR.fullmatch(text):
        return _calendar_day(text, match[3], str(_month(text, match[1])), match[2])
    raise CellError(f"{short(text)} is not a whole date", "write dates as 2026-12-01")


def _calendar_day(text: str, year: str, month: str, day: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise CellError(f"{short(text)} is not a day of the calendar", "write dates as 2026-12-01") from None


def _month(text: str, name: str) -> int:
    name = name.lower()
    for number, month in enumerate(_MONTHS, start=1):
        if name in (month, month[:3]) or (month == "september" and name == "sept"):
            return number
    raise CellError(f"{short(text)} names no month that is known here", "write dates as 2026-12-01")


def _in_words(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1].capitalize()}"
