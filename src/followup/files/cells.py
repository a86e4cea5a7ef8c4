"""What a cell of a table says: dates, yes or no, e-mail addresses, tags, codes. Text in, value or `CellError` out.

Dates are ISO wherever they look like ISO. Day and month of any other date are told apart per *column*: one cell with
a part above 12 settles it for all, and a column that leaves both readings open is not guessed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from difflib import get_close_matches

from followup.core.model.channel import CHANNELS, ROLES
from followup.files.header_words import plain_words
from followup.files.zones import is_zone, nearest_zone

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


class CellError(ValueError):
    """A cell does not say what its column promises; the text is a sentence, `hint` how to mend it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


# ----------------------------------------------------------------------------------------------- dates


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
        raise CellError(f"{_short(text)} lies outside the years {FIRST_YEAR}-{LAST_YEAR}")
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
            raise CellError(f"{_short(text)} is not written year first", "write dates as 2026-12-01")
        day, month = (match[1], match[3]) if order == "dmy" else (match[3], match[1])
        if int(month) > 12 >= int(day):
            said = "day, month, year" if order == "dmy" else "month, day, year"
            raise CellError(f"{_short(text)} is no date in the order {said}", "write dates as 2026-12-01")
        return _calendar_day(text, match[4], month, day)
    if match := _DAY_NAME_YEAR.fullmatch(text):
        return _calendar_day(text, match[3], str(_month(text, match[2])), match[1])
    if match := _NAME_DAY_YEAR.fullmatch(text):
        return _calendar_day(text, match[3], str(_month(text, match[1])), match[2])
    raise CellError(f"{_short(text)} is not a whole date", "write dates as 2026-12-01")


def _calendar_day(text: str, year: str, month: str, day: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise CellError(f"{_short(text)} is not a day of the calendar", "write dates as 2026-12-01") from None


def _month(text: str, name: str) -> int:
    name = name.lower()
    for number, month in enumerate(_MONTHS, start=1):
        if name in (month, month[:3]) or (month == "september" and name == "sept"):
            return number
    raise CellError(f"{_short(text)} names no month that is known here", "write dates as 2026-12-01")


def _in_words(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1].capitalize()}"


# ------------------------------------------------------------------------------------ yes, no, opt-out

_YES = frozenset(
    (
        "1",
        "true",
        "t",
        "yes",
        "y",
        "x",
        "on",
        "ja",
        "j",
        "wahr",
        "oui",
        "o",
        "vrai",
        "si",
        "s",
        "verdadero",
        "verdad",
        "sim",
        "✓",
        "✔",
        "☑",
    )
)
_NO = frozenset(("0", "false", "f", "no", "n", "off", "nein", "falsch", "non", "faux", "falso", "nao", "nee", "-", "–"))
_LEFT = frozenset(
    (
        "do not contact",
        "do not allow",
        "dnc",
        "opted out",
        "opt out",
        "optout",
        "optedout",
        "unsubscribed",
        "unsubscribe",
        "unsub",
        "globally unsubscribed",
        "blocked",
        "blacklisted",
        "blocklisted",
        "stop",
        "never contact",
        "complained",
        "reported as spam",
        "abgemeldet",
        "gesperrt",
        "desabonne",
        "desinscrit",
        "dado de baja",
        "baja",
    )
)
_STAYED = frozenset(
    (
        "allow",
        "allowed",
        "opted in",
        "opt in",
        "optin",
        "subscribed",
        "active",
        "contact",
        "ok",
        "none",
        "null",
        "n a",
        "na",
        "not opted out",
        "never subscribed",
        "not subscribed",
        "no consent",
        "unknown",
        "pending",
        "unconfirmed",
        "bounced",
        "cleaned",
        "archived",
    )
)


def read_yes_no(text: str) -> bool:
    """Give True or False for a yes-or-no cell in English, German, French or Spanish; empty is no.

    Raises CellError for anything else: a wish to be left alone is not guessed.
    """
    word = text.strip().casefold()
    plain = plain_words(text)
    if not word or word in _NO or plain in _NO:
        return False
    if word in _YES or plain in _YES:
        return True
    raise CellError(f"{_short(text)} is neither yes nor no", "write yes or no")


def read_opt_out(text: str, *, kind: str) -> bool:
    """True when the cell says that the customer must not be contacted; empty never does.

    `kind` tells the column apart: `flag` (yes means leave alone), `may` (no means leave alone), `time` (when it was
    asked for: any entry means leave alone) and `state` (words such as `unsubscribed`; every other state means
    nothing). Raises CellError where a flag is neither yes nor no.
    """
    plain = plain_words(text)
    if not text.strip():
        return False
    if plain in _LEFT:
        return True
    if kind == "state":
        return False
    if plain in _STAYED:
        return False
    if kind == "time":
        return text.strip().casefold() not in _NO
    answer = read_yes_no(text)
    return not answer if kind == "may" else answer


# -------------------------------------------------------------------------------------- other contents

_ADDRESS = re.compile(r"[^\s@<>,;\x00-\x1f\x7f-\x9f]+@[^\s@<>,;\x00-\x1f\x7f-\x9f]+")
_NAMED_ADDRESS = re.compile(r"[^<>]*<([^<>]+)>")
_NOTHING = frozenset(("-", "–", "n/a", "na", "none", "null", "(none)", "(empty)"))
_SEVERAL = re.compile(r"\s*:::\s*")
_CHANNEL_WORDS = {
    "call": "phone",
    "telephone": "phone",
    "tel": "phone",
    "mobile": "phone",
    "phone call": "phone",
    "telefon": "phone",
    "telefono": "phone",
    "anruf": "phone",
    "email": "email",
    "mail": "email",
    "courriel": "email",
    "correo": "email",
    "sms": "message",
    "text": "message",
    "text message": "message",
    "whatsapp": "message",
    "chat": "message",
    "post": "letter",
    "brief": "letter",
    "lettre": "letter",
    "carta": "letter",
    "zoom": "video",
    "video call": "video",
    "teams": "video",
    "in person": "in_person",
    "screen share": "screen_share",
    "besuch": "visit",
    "visite": "visit",
    "visita": "visit",
}
_ROLE_WORDS = {
    "decision maker": "decider",
    "decisionmaker": "decider",
    "decider": "decider",
    "economic buyer": "decider",
    "entscheider": "decider",
    "decideur": "decider",
    "decisor": "decider",
    "user": "user",
    "end user": "user",
    "anwender": "user",
    "nutzer": "user",
    "utilisateur": "user",
    "usuario": "user",
    "champion": "champion",
    "sponsor": "champion",
    "executive sponsor": "champion",
    "finance": "finance",
    "billing": "finance",
    "accounting": "finance",
    "budget holder": "finance",
    "buchhaltung": "finance",
    "finanzen": "finance",
    "finances": "finance",
    "finanzas": "finance",
}


def split_values(text: str, *, addresses: bool = False) -> list[str]:
    """Give the single values of a cell that holds several (` ::: `); addresses also part at `;`, `,` and LF."""
    parts = [part.strip() for part in _SEVERAL.split(text)] if ":::" in text else [text.strip()]
    if addresses and text.count("@") > 1:
        parts = [piece.strip() for part in parts for piece in re.split(r"[;,\n\r]+", part)]
    return [part for part in parts if part]


def read_email(text: str) -> str:
    """Give the address in a cell, '' for an empty one; `Ann <ann@x.example>` gives the address between the brackets.

    An address has exactly one @ with something on both sides and neither spaces nor control characters; letters stay
    as they are written. Raises CellError otherwise.
    """
    text = text.strip()
    if text.casefold() in _NOTHING:
        return ""
    if match := _NAMED_ADDRESS.fullmatch(text):
        text = match[1].strip()
    if text and not _ADDRESS.fullmatch(text):
        raise CellError(f"{_short(text)} is not an e-mail address", "write name@host, or leave the cell empty")
    return text


def read_tags(text: str) -> tuple[str, ...]:
    """Give the tags of a cell: parted by ` ::: `, `;`, `,` or `|`, or a JSON list; each once, in the order written.

    The groups that an address book makes by itself (`* myContacts`) are no tags.
    """
    text = text.strip()
    parts: Iterable[str] = re.split(r":::|[;,|\n\r]", text)
    if text.startswith("["):
        try:
            listed = json.loads(text)
        except ValueError:
            listed = None
        if isinstance(listed, list) and all(isinstance(part, str) for part in listed):
            parts = listed
    return tuple(dict.fromkeys(tag for part in parts if (tag := part.strip()) and not tag.startswith("* ")))


def read_channel(text: str) -> str:
    """Give one of the channels, '' for an empty cell or `any`; raise CellError with the nearest channel otherwise."""
    plain = plain_words(text)
    name = plain.replace(" ", "_")
    if name in CHANNELS:
        return name
    if not plain or plain in ("any", "all", "none"):
        return ""
    if plain in _CHANNEL_WORDS:
        return _CHANNEL_WORDS[plain]
    raise CellError(f"{_short(text)} is not a channel", _nearest(plain, CHANNELS))


def read_role(text: str) -> str:
    """Give the role (decider, user, champion, finance) that a cell names, or '' when it names something else."""
    plain = plain_words(text)
    return plain if plain in ROLES else _ROLE_WORDS.get(plain, "")


def read_choice(text: str, choices: tuple[str, ...], *, noun: str) -> str:
    """Give the one of `choices` that a cell names, in any case; '' when empty; CellError with the nearest one."""
    word = text.strip().casefold()
    if not word:
        return ""
    for choice in choices:
        if word == choice.casefold():
            return choice
    raise CellError(f"{_short(text)} is not a {noun}", _nearest(word, choices))


_KIND_WORDS = {
    "company": "company",
    "organization": "company",
    "organisation": "company",
    "business": "company",
    "firma": "company",
    "unternehmen": "company",
    "societe": "company",
    "entreprise": "company",
    "empresa": "company",
    "person": "person",
    "individual": "person",
    "private": "person",
    "privat": "person",
    "personne": "person",
    "particulier": "person",
    "persona": "person",
    "particular": "person",
}


def read_kind(text: str) -> str:
    """Give `company` or `person`, '' for an empty cell; raise CellError for anything else."""
    plain = plain_words(text)
    if not plain or plain in _KIND_WORDS:
        return _KIND_WORDS.get(plain, "")
    raise CellError(f"{_short(text)} is neither company nor person", "write company or person")


def read_zone(text: str) -> str:
    """Give a time zone such as Europe/Berlin, '' for an empty cell; else CellError with the nearest one."""
    zone = text.strip()
    if not zone or is_zone(zone):
        return zone
    raise CellError(f"{_short(text)} is not a time zone", nearest_zone(zone))


def _nearest(word: str, choices: tuple[str, ...]) -> str:
    near = get_close_matches(word, choices, n=1)
    return f"did you mean {near[0]}?" if near else f"write one of {', '.join(choices)}"


def _short(text: str, width: int = 40) -> str:
    """A cell as a sentence quotes it: one line, not longer than `width`."""
    line = " ".join(text.split())
    return repr(line if len(line) <= width else line[: width - 1] + "…")
