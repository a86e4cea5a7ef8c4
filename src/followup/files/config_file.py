"""The settings file (TOML): one table of all settings, from which it is read, checked, shown, changed and documented.

Reading is cheap, because every command does it: a missing file means the defaults, and what only some settings need
is imported where it is needed. Whatever is wrong in a file is told at once, with lines, and the nearest setting for a
mistyped one. Passwords do not belong in it.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Any

from followup.core.model.channel import CHANNELS
from followup.core.model.playbook import TIERS, USAGES
from followup.errors import BadFileError, FollowupError, NotFoundError, Problem
from followup.files.text_files import read_small_text

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SECURITIES = ("starttls", "tls", "none")
FORMATS = ("text", "markdown", "html", "json", "ics")
_PORTS = {"starttls": 587, "tls": 465, "none": 25}


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting: `section.key`, what kind of value it takes, its default as text, and one line of help."""

    section: str
    key: str
    kind: str
    default: str
    help: str
    choices: tuple[str, ...] = ()
    least: int = 0
    most: int = 10_000

    @property
    def name(self) -> str:
        """The dotted name, as `config get` takes it."""
        return f"{self.section}.{self.key}"


def _setting(name: str, kind: str, default: str, text: str, **more: Any) -> Setting:
    section, key = name.split(".", 1)
    return Setting(section=section, key=key, kind=kind, default=default, help=text, **more)


CONFIG_SPEC: tuple[Setting, ...] = (
    _setting("me.name", "text", "", "your name, as messages sign it"),
    _setting("me.company", "text", "", "your company"),
    _setting("me.phone", "text", "", "the number customers reach you at"),
    _setting("me.email", "email", "", "the address customers write to"),
    _setting("me.signature", "lines", "", "what stands under a message; several lines are fine"),
    _setting("calendar.country", "country", "", "whose public holidays are kept free (ISO code such as DE)"),
    _setting("calendar.subdivision", "subdivision", "", "state or region with holidays of its own, such as BY"),
    _setting("calendar.working_days", "days", "mon tue wed thu fri", "the days you work"),
    _setting("calendar.hours", "hours", "09:00-18:00", "when customers may be contacted"),
    _setting("calendar.timezone", "zone", "", "your time zone, such as Europe/Berlin; empty: the system's"),
    _setting("calendar.closed", "dates", "", "further days on which you do not work"),
    _setting("defaults.playbook", "name", "", "playbook of a sale where none is named"),
    _setting("defaults.tier", "choice", "B", "tier of a new customer", choices=TIERS),
    _setting("defaults.usage", "choice", "normal", "usage of a new customer", choices=USAGES),
    _setting("defaults.channel", "choice", "", "channel of a new contact; empty: the step's", choices=CHANNELS),
    _setting("contact.capacity", "whole", "12", "touchpoints you can do in a day", least=1, most=1000),
    # DOMAIN appendix B, contact: what is written here goes before the numbers of any playbook's complexity.
    _setting("contact.caps_90_days.phone", "whole", "3", "unsolicited calls to one person in 90 days"),
    _setting("contact.caps_90_days.email", "whole", "4", "unsolicited e-mails to one person in 90 days"),
    _setting("contact.caps_90_days.message", "whole", "4", "unsolicited messages to one person in 90 days"),
    _setting("contact.caps_90_days.letter", "whole", "9", "unsolicited letters to one person in 90 days"),
    _setting("contact.pressure_email_when_calls.0", "whole", "5", "e-mails that are fine beside no call"),
    _setting("contact.pressure_email_when_calls.1", "whole", "5", "e-mails that are fine beside one call"),
    _setting("contact.pressure_email_when_calls.2", "whole", "4", "e-mails that are fine beside two calls"),
    _setting("contact.pressure_email_when_calls.3", "whole", "3", "e-mails that are fine beside three calls"),
    _setting("contact.min_gap_days.novelty", "whole", "1", "days between unsolicited contacts in novelty"),
    _setting("contact.min_gap_days.learning", "whole", "3", "days between unsolicited contacts in learning"),
    _setting("contact.min_gap_days.default", "whole", "5", "days between unsolicited contacts elsewhere"),
    _setting("contact.hours", "hours", "09:00-18:00", "the same as calendar.hours, which goes first"),
    _setting("contact.working_days", "days", "mon tue wed thu fri", "as calendar.working_days, which goes first"),
    _setting("smtp.host", "text", "", "mail server for remind --via email"),
    _setting("smtp.port", "whole", "", "port; 587 with starttls, 465 with tls, 25 with none", least=1, most=65_535),
    _setting("smtp.security", "choice", "starttls", "none is for this machine only", choices=SECURITIES),
    _setting("smtp.user", "text", "", "user name at the mail server"),
    _setting("smtp.password_command", "command", "", "command that prints the password; no shell runs it"),
    _setting("smtp.password_env", "name", "", "environment variable that holds the password"),
    _setting("smtp.from", "email", "", "sender of the digest; empty: me.email"),
    _setting("smtp.to", "emails", "", "who gets the digest; empty: me.email"),
    _setting("remind.via", "words", "stdout", "where remind goes: stdout, email, desktop, or a URL"),
    _setting("remind.format", "choice", "text", "how remind writes", choices=FORMATS),
    _setting("caldav.url", "text", "", "calendar on a CalDAV server, for calendar push"),
    _setting("caldav.user", "text", "", "user name at the calendar server"),
    _setting("caldav.password_command", "command", "", "command that prints the password; no shell runs it"),
    _setting("caldav.password_env", "name", "", "environment variable that holds the password"),
    _setting("hooks.on_done", "command", "", "command run after a contact is recorded; JSON on its input"),
    _setting("hooks.on_due", "command", "", "command run after remind found something due; JSON on its input"),
)
"""Every setting there is: the only list of them."""

_BY_NAME: Mapping[str, Setting] = MappingProxyType({setting.name: setting for setting in CONFIG_SPEC})
_SECTIONS: tuple[str, ...] = tuple(dict.fromkeys(setting.section for setting in CONFIG_SPEC))
_OVERRIDES = ("caps_90_days", "pressure_email_when_calls", "min_gap_days", "hours", "working_days")


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """Who sells."""

    name: str = ""
    company: str = ""
    phone: str = ""
    email: str = ""
    signature: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarSettings:
    """When work is done. `hours` is `HH:MM-HH:MM`; `working_days` are mon..sun in the order of the week."""

    country: str = ""
    subdivision: str = ""
    working_days: tuple[str, ...] = WEEKDAYS[:5]
    hours: str = "09:00-18:00"
    timezone: str = ""
    closed: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultSettings:
    """What a new customer or sale gets where nothing is said; '' is nothing."""

    playbook: str = ""
    tier: str = "B"
    usage: str = "normal"
    channel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactSettings:
    """Touchpoints a day, and the numbers of DOMAIN appendix B `contact` that the file writes, by name."""

    capacity: int = 12
    overrides: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpSettings:
    """The mail server. `sender` is the setting `from`; commands are split into words, to run without a shell."""

    host: str = ""
    port: int = 587
    security: str = "starttls"
    user: str = ""
    password_command: tuple[str, ...] = ()
    password_env: str = ""
    sender: str = ""
    to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindSettings:
    """Where `remind` goes when nothing is said, and how it writes."""

    via: tuple[str, ...] = ("stdout",)
    format: str = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaldavSettings:
    """The calendar server; its command is split into words, to run without a shell."""

    url: str = ""
    user: str = ""
    password_command: tuple[str, ...] = ()
    password_env: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HookSettings:
    """Commands to run, split into words; empty for none."""

    on_done: tuple[str, ...] = ()
    on_due: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """All settings. `written` holds, by dotted name, the values that the file really writes."""

    me: Me = Me()
    calendar: CalendarSettings = CalendarSettings()
    defaults: DefaultSettings = DefaultSettings()
    contact: ContactSettings = ContactSettings()
    smtp: SmtpSettings = SmtpSettings()
    remind: RemindSettings = RemindSettings()
    caldav: CaldavSettings = CaldavSettings()
    hooks: HookSettings = HookSettings()
    written: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


def read_config(path: Path | None, *, thorough: bool = False) -> Config:
    """Give the settings of a file; None or a missing file gives the defaults.

    `thorough` also asks the holiday library whether it knows country and subdivision, which costs 0.1 s; without it
    the country only has to be an ISO code. Raises BadFileError with every problem of the file, FollowupError for a
    file that cannot be read.
    """
    text = read_small_text(path) if path is not None else None
    if path is None or text is None:
        return Config()
    return _parse(text, path.name, thorough=thorough)


def get_value(config: Config, name: str) -> str:
    """Give one setting as text, as `set_value` takes it; NotFoundError names the nearest setting."""
    setting = _known(name)
    return as_text(setting, config.written[name]) if name in config.written else _in_force(config, setting)


def config_values(config: Config) -> dict[str, str]:
    """Give every setting as text, by dotted name, in the order of CONFIG_SPEC."""
    return {setting.name: get_value(config, setting.name) for setting in CONFIG_SPEC}


def set_value(path: Path, name: str, text: str) -> None:
    """Write one setting into the file; an empty text takes it out again. Comments and layout of the file stay.

    Everything is checked before anything is written. The file is made where there is none: 0600, its folder 0700.
    Raises NotFoundError for an unknown setting, FollowupError for a value it cannot take, BadFileError for a file
    that is not in order.
    """
    import tomlkit

    from followup.files.csv_out import write_private

    setting = _known(name)
    path = path.resolve()
    before = read_small_text(path)
    if before:
        _parse(before, path.name)
    document = tomlkit.parse(before or "# Settings of followup. All of them: followup config show\n")
    *tables, key = name.split(".")
    place: Any = document
    for table in tables:
        if table not in place:
            place[table] = tomlkit.table()
        place = place[table]
    if text.strip():
        place[key] = _toml_value(setting, text)
    elif key in place:
        del place[key]
    after = tomlkit.dumps(document)
    try:
        _parse(after, path.name, thorough=name.startswith("calendar."))
    except BadFileError as error:
        problem = error.problems[0]
        raise FollowupError(problem.message, hint=problem.hint) from None
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(path, after.encode())


def as_text(setting: Setting, value: Any) -> str:
    """Give a value as text, as it is typed behind `config set`."""
    if setting.kind == "command":
        return shlex.join(value)
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    return str(value)


# --------------------------------------------------------------------------------------------- reading


class _Wrong(Exception):  # noqa: N818
    """A value that a setting cannot take: what is wrong, and how to mend it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def _parse(text: str, source: str, *, thorough: bool = False) -> Config:
    import tomllib

    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        said, line, column = _toml_place(str(error), last_line=text.count("\n") + 1)
        hint = 'write text in quotes, for example: country = "DE"'
        problem = Problem(source=source, line=line, column=column, message=said, hint=hint)
        raise BadFileError(f"{source}, line {line}: {said}", hint=hint, problems=[problem]) from None
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, value in _flat(tables):
        try:
            values[name] = _READERS[_expected(name, value).kind](value, _BY_NAME[name])
        except _Wrong as wrong:
            line = _line_of(text, name)
            problems.append(Problem(source=source, line=line, message=wrong.message, hint=wrong.hint))
    for name, clash in _against_each_other(values, thorough=thorough):
        line = _line_of(text, name)
        problems.append(Problem(source=source, line=line, message=clash.message, hint=clash.hint))
    if problems:
        problems.sort(key=lambda problem: problem.line)
        first = problems[0]
        place = f"{source}, line {first.line}" if first.line else source
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise BadFileError(f"{place}: {first.message}{more}", hint=first.hint, problems=problems)
    return _config(values)


def _toml_place(message: str, *, last_line: int) -> tuple[str, int, int]:
    """Take the position out of a message of tomllib: `... (at line 3, column 5)` or `... (at end of document)`."""
    if match := re.search(r" \(at line (\d+), column (\d+)\)$", message):
        return message[: match.start()], int(match[1]), int(match[2])
    return message.removesuffix(" (at end of document)"), last_line, 0


def _flat(tables: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """Give (dotted name, value); tables are walked into as far as the settings have tables."""
    for key, value in tables.items():
        name = f"{above}.{key}" if above else key
        inside = any(known.startswith(f"{name}.") for known in _BY_NAME)
        if isinstance(value, dict) and inside:
            yield from _flat(value, name)
        else:
            yield name, value


def _expected(name: str, value: Any) -> Setting:
    """Give the setting of a name in the file; refuse the name with the nearest one."""
    if name in _BY_NAME:
        return _BY_NAME[name]
    if name in ("smtp.password", "smtp.pass", "smtp.passwd"):
        raise _Wrong("passwords do not belong in this file", "use password_command or password_env")
    section, _, key = name.partition(".")
    if not key:
        if section in _SECTIONS:
            raise _Wrong(f"{section} is a section", f"write [{section}] on a line of its own")
        if not isinstance(value, dict):
            homes = [known for known in _BY_NAME if known.endswith(f".{section}")]
            hint = f"it belongs under [{homes[0].split('.')[0]}]" if homes else _near(section, _SECTIONS)
            raise _Wrong(f"{section} stands in no section", hint)
        raise _Wrong(f"there is no section [{section}]", _near(section, _SECTIONS))
    if section not in _SECTIONS:
        raise _Wrong(f"there is no section [{section}]", _near(section, _SECTIONS))
    if any(known.startswith(f"{name}.") for known in _BY_NAME):
        inner = [known.removeprefix(f"{name}.") for known in _BY_NAME if known.startswith(f"{name}.")]
        raise _Wrong(f"{name} takes several numbers", f"write [{name}] and under it {', '.join(inner)}")
    keys = [setting.key for setting in CONFIG_SPEC if setting.section == section]
    raise _Wrong(f"there is no setting {key!r} in [{section}]", _near(key, keys))


def _near(word: str, words: Sequence[str]) -> str:
    near = get_close_matches(word, words, n=1)
    return f"did you mean {near[0]}?" if near else f"there are: {', '.join(words)}"


def _known(name: str) -> Setting:
    """The setting of a name somebody typed."""
    if name in _BY_NAME:
        return _BY_NAME[name]
    if name.startswith("smtp.pass"):
        raise NotFoundError(
            "passwords do not belong in the settings file",
            hint="followup config set smtp.password_command 'pass show mail'",
        )
    near = get_close_matches(name, _BY_NAME, n=1) or [
        known for known in _BY_NAME if known.rsplit(".", 1)[-1] == name.rsplit(".", 1)[-1]
    ]
    hint = f"did you mean {near[0]}?" if near else "followup config show"
    raise NotFoundError(f"there is no setting {name!r}", hint=hint)


def _line_of(text: str, name: str) -> int:
    """Give the line on which a setting (or, failing that, its section) is written; 0 when it cannot be told."""
    table, found = "", 0
    for number, line in enumerate(text.split("\n"), start=1):
        plain = line.split("#", 1)[0].strip()
        if match := re.fullmatch(r"\[+\s*([^\]]+?)\s*\]+", plain):
            table = match[1].replace(" ", "").replace('"', "").replace("'", "")
            if table == name:
                return number
            found = number if not found and name.startswith(f"{table}.") else found
        elif "=" in plain:
            key = plain.split("=", 1)[0].replace(" ", "").replace('"', "").replace("'", "")
            written = f"{table}.{key}" if table else key
            if written == name or name.startswith(f"{written}."):
                return number
    return found


# ------------------------------------------------------------------------------------- kinds of values


def _text(value: Any, setting: Setting) -> str:
    if not isinstance(value, str):
        raise _Wrong(f"{setting.name} takes text", f'write {setting.key} = "..."')
    if setting.kind != "lines" and ("\n" in value or "\r" in value):
        raise _Wrong(f"{setting.name} takes one line of text", "take the line ends out")
    if "\0" in value:
        raise _Wrong(f"{setting.name} holds a NUL character", "take it out")
    return value if setting.kind == "lines" else value.strip()


def _name(value: Any, setting: Setting) -> str:
    text = _text(value, setting)
    if not re.fullmatch(r"[A-Za-z0-9_-]*", text):
        raise _Wrong(f"{setting.name} takes one word of letters, digits, _ and -, not {text!r}", "shorten it")
    return text


def _email(value: Any, setting: Setting) -> str:
    from followup.files.cells import CellError, read_email

    try:
        return read_email(_text(value, setting))
    except CellError as error:
        raise _Wrong(f"{setting.name}: {error.message}", "write name@host") from None


def _country(value: Any, setting: Setting) -> str:
    from followup.files.countries import ISO_CODES, country_code

    text = _text(value, setting)
    code = text.upper()
    if text and code not in ISO_CODES:
        meant = country_code(text)
        hint = f'write {setting.key} = "{meant}"' if meant else "write its ISO code, such as DE, US or GB"
        raise _Wrong(f"{text!r} is not the code of a country", hint)
    return code


def _zone(value: Any, setting: Setting) -> str:
    from followup.files.zones import is_zone, nearest_zone

    text = _text(value, setting)
    if text and not is_zone(text):
        raise _Wrong(f"{text!r} is not a time zone", nearest_zone(text))
    return text


def _choice(value: Any, setting: Setting) -> str:
    text = _text(value, setting)
    for choice in (*setting.choices, *([""] if not setting.default else [])):
        if text.casefold() == choice.casefold():
            return choice
    raise _Wrong(f"{setting.name} cannot be {text!r}", _near(text, setting.choices))


def _whole(value: Any, setting: Setting) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _Wrong(f"{setting.name} takes a whole number", f"write {setting.key} = {setting.default or 587}")
    if not setting.least <= value <= setting.most:
        raise _Wrong(f"{setting.name} cannot be {value}", f"write a number from {setting.least} to {setting.most}")
    return value


_HOURS = re.compile(r"([0-9]{1,2}):([0-9]{2}) ?[-–] ?([0-9]{1,2}):([0-9]{2})")


def _hours(value: Any, setting: Setting) -> str:
    text = _text(value, setting)
    match = _HOURS.fullmatch(text)
    first, last = (int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])) if match else (0, 0)
    if not match or int(match[2]) > 59 or int(match[4]) > 59 or not first < last <= 24 * 60:
        raise _Wrong(f"{setting.name} cannot be {text!r}", f'write {setting.key} = "09:00-18:00"')
    return f"{first // 60:02}:{first % 60:02}-{last // 60:02}:{last % 60:02}"


_DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _days(value: Any, setting: Setting) -> tuple[str, ...]:
    """Working days from a list, or from words: `mon tue wed`, `mon-fri`; at least one."""
    parts = re.split(r"[,\s]+", value.strip()) if isinstance(value, str) else value
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise _Wrong(f"{setting.name} takes a list of days", f'write {setting.key} = ["mon", "tue"]')
    found: set[int] = set()
    for part in filter(None, parts):
        first, _, last = part.partition("-")
        begin = _weekday(first, setting)
        end = _weekday(last, setting) if last else begin
        found |= {(begin + step) % 7 for step in range((end - begin) % 7 + 1)}
    if not found:
        raise _Wrong(f"{setting.name} needs at least one day", f'write {setting.key} = ["mon", "tue", "wed"]')
    return tuple(WEEKDAYS[day] for day in sorted(found))


def _weekday(text: str, setting: Setting) -> int:
    word = text.strip().casefold()
    for number, names in enumerate(zip(WEEKDAYS, _DAY_NAMES, strict=True)):
        if word in names:
            return number
    raise _Wrong(f"{setting.name}: {text!r} is not a day", _near(word, (*WEEKDAYS, *_DAY_NAMES)))


def _dates(value: Any, setting: Setting) -> tuple[date, ...]:
    from followup.files.cell_dates import read_date
    from followup.files.cells import CellError

    parts = re.split(r"[,\s]+", value.strip()) if isinstance(value, str) else value
    if not isinstance(parts, list):
        raise _Wrong(f"{setting.name} takes a list of dates", f"write {setting.key} = [2026-12-24]")
    found: set[date] = set()
    for part in parts:
        if isinstance(part, datetime) or not isinstance(part, date | str):
            raise _Wrong(f"{setting.name} takes dates, not {part!r}", f"write {setting.key} = [2026-12-24]")
        if part == "":
            continue
        try:
            found.add(part if isinstance(part, date) else read_date(part, "ymd"))
        except CellError as error:
            raise _Wrong(f"{setting.name}: {error.message}", f"write {setting.key} = [2026-12-24]") from None
    return tuple(sorted(found))


def _words(value: Any, setting: Setting) -> tuple[str, ...]:
    parts = value.split() if isinstance(value, str) else value
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise _Wrong(f"{setting.name} takes text or a list of texts", f'write {setting.key} = ["{setting.default}"]')
    return tuple(dict.fromkeys(word for part in parts if (word := part.strip())))


def _emails(value: Any, setting: Setting) -> tuple[str, ...]:
    parts = re.split(r"[,;\s]+", value) if isinstance(value, str) else value
    return tuple(_email(part, setting) for part in _words(parts, setting))


def _command(value: Any, setting: Setting) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return tuple(value)
    try:
        return tuple(shlex.split(_text(value, setting)))
    except ValueError as error:
        raise _Wrong(f"{setting.name}: {str(error).lower()}", "close the quote") from None


_READERS: Mapping[str, Callable[[Any, Setting], Any]] = MappingProxyType(
    {
        "text": _text,
        "lines": _text,
        "name": _name,
        "email": _email,
        "emails": _emails,
        "country": _country,
        "subdivision": _text,
        "zone": _zone,
        "choice": _choice,
        "whole": _whole,
        "hours": _hours,
        "days": _days,
        "dates": _dates,
        "words": _words,
        "command": _command,
    }
)


def _toml_value(setting: Setting, text: str) -> Any:
    """Give what `text` is in TOML; raise FollowupError for a text the setting cannot take."""
    from followup.files.countries import country_code

    value: Any = text.replace("\\n", "\n") if setting.kind == "lines" else text.strip()
    if setting.kind == "country":
        value = country_code(text) or text.strip()
    if setting.kind == "whole" and re.fullmatch(r"[0-9]{1,9}", text.strip()):
        value = int(text)
    try:
        read = _READERS[setting.kind](value, setting)
    except _Wrong as wrong:
        example = f"followup config set {setting.name} {shlex.quote(setting.default)}" if setting.default else ""
        typed = wrong.hint if wrong.hint.startswith("did you") else example or wrong.hint
        raise FollowupError(wrong.message, hint=typed) from None
    if setting.kind == "command":
        return value
    return list(read) if isinstance(read, tuple) else read


# ------------------------------------------------------------------------------------------- the whole


def _against_each_other(values: Mapping[str, Any], *, thorough: bool) -> Iterator[tuple[str, _Wrong]]:
    """Give what is wrong between settings that are each fine."""
    country, subdivision = values.get("calendar.country", ""), values.get("calendar.subdivision", "")
    if subdivision and not country:
        yield (
            "calendar.subdivision",
            _Wrong("a subdivision needs its country", "followup config set calendar.country DE"),
        )
    elif thorough and country:
        yield from _unknown_place(country, subdivision)
    host = values.get("smtp.host", "")
    if values.get("smtp.security") == "none" and host and not _is_this_machine(host):
        hint = 'write security = "starttls" or security = "tls"'
        yield "smtp.security", _Wrong(f"mail to {host} would go over the network unencrypted", hint)


def _unknown_place(country: str, subdivision: str) -> Iterator[tuple[str, _Wrong]]:
    import holidays

    known = holidays.list_supported_countries(include_aliases=True)
    if country not in known:
        yield (
            "calendar.country",
            _Wrong(f"no public holidays are known for {country}", "list them in calendar.closed"),
        )
    elif subdivision and subdivision not in known[country]:
        places = [place for place in known[country] if place.isascii()]
        message = f"no public holidays are known for {subdivision!r} in {country}"
        same = [place for place in places if place.casefold() == subdivision.casefold()]
        listed = f"there are {', '.join(places[:60])}; " if places else ""
        hint = f"did you mean {same[0]}?" if same else f"{listed}for none: followup config set calendar.subdivision ''"
        yield "calendar.subdivision", _Wrong(message, hint)


def _is_this_machine(host: str) -> bool:
    import ipaddress

    if host.casefold() in ("localhost", "localhost.localdomain", "ip6-localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _config(values: Mapping[str, Any]) -> Config:
    """Put the settings together; values that are not written keep their defaults."""

    def section(name: str) -> dict[str, Any]:
        return {key.split(".", 1)[1]: value for key, value in values.items() if key.startswith(f"{name}.")}

    contact = section("contact")
    calendar = {key: contact[key] for key in ("hours", "working_days") if key in contact} | section("calendar")
    smtp = section("smtp")
    smtp.setdefault("port", _PORTS[smtp.get("security", "starttls")])
    if "from" in smtp:
        smtp["sender"] = smtp.pop("from")
    overrides: dict[str, Any] = {}
    for key, value in contact.items():
        table, _, inner = key.partition(".")
        if inner:
            overrides.setdefault(table, {})[inner] = value
        elif table in _OVERRIDES:
            overrides[table] = value
    frozen = {key: MappingProxyType(value) if isinstance(value, dict) else value for key, value in overrides.items()}
    config = Config(
        me=Me(**section("me")),
        calendar=CalendarSettings(**calendar),
        defaults=DefaultSettings(**section("defaults")),
        contact=ContactSettings(overrides=MappingProxyType(frozen)),
        smtp=SmtpSettings(**smtp),
        remind=RemindSettings(**section("remind")),
        caldav=CaldavSettings(**section("caldav")),
        hooks=HookSettings(**section("hooks")),
        written=MappingProxyType(dict(values)),
    )
    if "capacity" in contact:
        return replace(config, contact=replace(config.contact, capacity=contact["capacity"]))
    return config


def _in_force(config: Config, setting: Setting) -> str:
    """The default of a setting that the file does not write; a few follow from others."""
    if setting.name == "smtp.port":
        return str(config.smtp.port)
    if setting.name in ("calendar.hours", "calendar.working_days"):
        return as_text(setting, getattr(config.calendar, setting.key))
    return setting.default
