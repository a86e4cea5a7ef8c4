"""Calendar files (iCalendar, RFC 5545): entries out as text that every calendar app reads the same way.

The same entries give the same bytes, whenever and wherever they are written: nothing here asks a clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote

from followup.core.visible import visible, visible_lines

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from icalendar import Alarm, Event, Timezone, TimezoneDaylight, TimezoneStandard

PRODUCT = "-//followup//followup//EN"
CANCELLED_SUMMARY = "cancelled"
REFRESH = timedelta(hours=1)
"""How often an app that subscribes should look for something new."""

_URI_CHARACTERS = "!#$&'()*+,/:;=?@[]~%"
_DAY = timedelta(days=1)
_WEEK = timedelta(weeks=1)
_SECOND = timedelta(seconds=1)
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_TWICE = 2  # clocks that follow a rule change twice a year
_EVERY_MONTH_HAS = 4  # of each weekday
_YEARS_AHEAD = 12  # for so long a rule has to hold to be called one
_LAST_RULED = 2500


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a calendar: all day `on`, or `at` a wall-clock time in `zone` for so many `minutes`.

    `zone` is an IANA name; empty means that `on` and `at` are UTC. `changed_at` is an instant with a zone. A time that
    a clock skips counts as if the clock had not moved (02:30 is 03:30); of a time that comes twice the first is meant.
    `alarm_minutes` is how long before the beginning it rings, negative for after it; an all-day entry begins at
    midnight. Of a `cancelled` entry only uid, sequence, day and time are written: nothing about the person.
    """

    uid: str
    sequence: int
    changed_at: datetime
    on: date
    at: time | None = None
    zone: str = ""
    minutes: int = 30
    summary: str
    description: str = ""
    location: str = ""
    url: str = ""
    cancelled: bool = False
    alarm_minutes: int | None = None


def calendar_text(entries: Iterable[Entry], *, name: str, method: str = "PUBLISH") -> bytes:
    """Give a calendar as UTF-8 with CRLF line ends, no line over 75 octets, in an order of its own.

    All text is made harmless first (`visible`); line ends inside it stay. Without `name` and `method` it is what a
    CalDAV server stores: an entry and the zone it needs, nothing about a feed. Raises ValueError for a zone that does
    not exist.
    """
    from icalendar import Calendar, vDuration

    ordered = sorted(entries, key=lambda entry: (entry.on, entry.at or time.min, entry.uid))
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    if method:
        calendar.add("method", method)
    if name:
        calendar["x-wr-calname"] = _text(visible(name))
        refresh = vDuration(REFRESH)
        refresh.params["VALUE"] = "DURATION"
        calendar["refresh-interval"] = refresh
        calendar["x-published-ttl"] = "PT1H"
    years: dict[str, list[int]] = {}
    events = []
    for entry in ordered:
        event, zone = _event(entry)
        events.append(event)
        if zone:
            years.setdefault(zone, []).extend((entry.on.year, (entry.on + _DAY).year))
    for zone in sorted(years):
        calendar.add_component(_timezone(zone, min(years[zone]), max(years[zone])))
    for event in events:
        calendar.add_component(event)
    text: bytes = calendar.to_ical()
    return text


def starts_at(on: date, at: time, zone: str) -> datetime:
    """The beginning of a timed entry as an instant: UTC without a zone, else the time on the clock of the zone.

    A time in a gap counts by the offset before it, one that comes twice is the first (RFC 5545, 3.3.5). Raises
    OverflowError at the very ends of the calendar, ValueError for a zone that does not exist.
    """
    wall = datetime.combine(on, at.replace(tzinfo=None, fold=0, microsecond=0))
    if zone in ("", "UTC"):
        return wall.replace(tzinfo=UTC)
    where = _zone(zone)
    offset = wall.replace(tzinfo=where).utcoffset() or timedelta()
    return (wall - offset).replace(tzinfo=UTC).astimezone(where)


def _event(entry: Entry) -> tuple[Event, str]:
    """The entry as a component, and the zone that has to be written with it ('' for none)."""
    from icalendar import Event

    changed_at = entry.changed_at.astimezone(UTC).replace(microsecond=0)
    event, zone = Event(), ""
    event["uid"] = _text(visible(entry.uid))
    event.add("sequence", entry.sequence)
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    start = _start(entry)
    if start is None:
        event.add("dtstart", entry.on)
        if entry.on < date.max:
            event.add("dtend", entry.on + _DAY)
        event.add("transp", "TRANSPARENT")
    else:
        zone = "" if start.tzinfo is UTC else entry.zone
        event.add("dtstart", start)
        end = (start.astimezone(UTC) + timedelta(minutes=entry.minutes)).astimezone(start.tzinfo)
        if end.fold:  # a wall-clock time that comes twice would be taken for the first one
            event.add("duration", timedelta(minutes=entry.minutes))
        else:
            event.add("dtend", end)
    if entry.cancelled:
        event["summary"] = _text(CANCELLED_SUMMARY)
        event.add("status", "CANCELLED")
        return event, zone
    event["summary"] = _text(visible(entry.summary))
    event.add("status", "CONFIRMED")
    for field, text in (("description", entry.description), ("location", entry.location)):
        if text:
            event[field] = _text("\n".join(visible_lines(text)))
    if entry.url:
        event.add("url", quote(visible(entry.url), safe=_URI_CHARACTERS))
    if entry.alarm_minutes is not None:
        event.add_component(_alarm(entry, entry.alarm_minutes))
    return event, zone


def _start(entry: Entry) -> datetime | None:
    """When a timed entry begins; None for an all-day one, and where the calendar has no room for it."""
    if entry.at is None:
        return None
    try:
        start = starts_at(entry.on, entry.at, entry.zone)
        _ = (start.astimezone(UTC) + 2 * _DAY, start.astimezone(UTC) - 2 * _DAY)
    except OverflowError:
        return None
    return start


def _alarm(entry: Entry, minutes: int) -> Alarm:
    from icalendar import Alarm

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm["description"] = _text(visible(entry.summary))
    alarm.add("trigger", timedelta(minutes=-minutes))
    return alarm


def _text(text: str) -> object:
    """A TEXT value, escaped as RFC 5545 says. The library's own would take a backslash before N for a line end."""
    return _text_type()(text)


@lru_cache(maxsize=1)
def _text_type() -> Callable[[str], object]:
    from icalendar import vText

    class Text(vText):
        def to_ical(self) -> bytes:
            plain = str(self).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
            return plain.replace("\n", "\\n").encode("utf-8")

    return Text


# --------------------------------------------------------------------------------------------- zones


def _zone(name: str) -> ZoneInfo:
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (OSError, LookupError) as error:
        raise ValueError(f"there is no time zone {name!r}") from error


def _timezone(name: str, first_year: int, last_year: int) -> Timezone:
    """The rules of a zone for these years: by a yearly rule where its clocks follow one, else change by change.

    Made here: the library puts the beginning of summer time an hour late.
    """
    from icalendar import Timezone

    timezone = Timezone()
    timezone.add("tzid", name)
    for from_then, onset, offset_before, rule in _observances(name, first_year, last_year):
        timezone.add_component(_observance(from_then, onset, offset_before, rule))
    return timezone


def _observance(
    from_then: datetime, onset: datetime, offset_before: timedelta, rule: _Rule | None
) -> TimezoneStandard | TimezoneDaylight:
    """What the clocks of a zone show from `from_then` on; `onset` is that moment on the clocks as they were before."""
    from icalendar import TimezoneDaylight, TimezoneStandard

    observance = TimezoneDaylight() if from_then.dst() else TimezoneStandard()
    observance.add("dtstart", onset)
    if rule is not None:
        observance.add("rrule", {"freq": "yearly", "bymonth": rule.month, "byday": rule.by_day})
    observance.add("tzoffsetfrom", offset_before)
    observance.add("tzoffsetto", from_then.utcoffset() or timedelta())
    observance["tzname"] = _text(from_then.tzname() or "")
    return observance


@dataclass(frozen=True, slots=True)
class _Rule:
    """The clocks change in this month on the `place`-th weekday (-1: the last), at this time of day."""

    month: int
    place: int
    weekday: int
    at: time

    @property
    def by_day(self) -> str:
        return f"{self.place}{_WEEKDAYS[self.weekday]}"

    def onset(self, year: int) -> datetime:
        first = date(year, self.month, 1)
        day = first + timedelta((self.weekday - first.weekday()) % 7)
        while (day + _WEEK).month == self.month and (self.place < 0 or (day.day - 1) // 7 + 1 < self.place):
            day += _WEEK
        return datetime.combine(day, self.at)


_Observance = tuple[datetime, datetime, timedelta, _Rule | None]


@lru_cache(maxsize=256)
def _observances(name: str, first_year: int, last_year: int) -> tuple[_Observance, ...]:
    where = _zone(name)
    by_rule = _by_rule(where, first_year - 1, max(last_year, first_year + _YEARS_AHEAD))
    if by_rule:
        return by_rule
    begin = datetime(first_year - 1, 12, 31, tzinfo=UTC) if first_year > 1 else datetime(1, 1, 2, tzinfo=UTC)
    end = datetime(min(last_year + 1, 9999), 1, 2, tzinfo=UTC)
    at_first = begin.astimezone(where)
    offset = at_first.utcoffset() or timedelta()
    found: list[_Observance] = [(at_first, at_first.replace(tzinfo=None), offset, None)]
    for change in _changes(begin, end, where):
        found.append((change.astimezone(where), (change + offset).replace(tzinfo=None), offset, None))
        offset = change.astimezone(where).utcoffset() or timedelta()
    return tuple(found)


def _by_rule(where: ZoneInfo, first_year: int, last_year: int) -> tuple[_Observance, ...]:
    """The two yearly rules that the clocks of a zone follow in all these years; nothing where they do not."""
    if first_year < 1 or last_year > _LAST_RULED:
        return ()
    years = {year: _changes_of(year, where) for year in range(first_year, last_year + 1)}
    if any(len(changes) != _TWICE for changes in years.values()):
        return ()
    found: list[_Observance] = []
    for place, change in enumerate(years[first_year]):
        offset = (change - _SECOND).astimezone(where).utcoffset() or timedelta()
        onset = (change + offset).replace(tzinfo=None)
        nth, is_last = (onset.day - 1) // 7 + 1, (onset + _WEEK).month != onset.month
        places = [-1] * is_last + [nth] * (nth <= _EVERY_MONTH_HAS)
        rules = [_Rule(onset.month, each, onset.weekday(), onset.time()) for each in places]
        holds = [
            rule
            for rule in rules
            if all(rule.onset(year) - offset == changes[place].replace(tzinfo=None) for year, changes in years.items())
        ]
        if not holds:
            return ()
        found.append((change.astimezone(where), onset, offset, holds[0]))
    return tuple(found)


def _changes_of(year: int, where: ZoneInfo) -> list[datetime]:
    return [*_changes(datetime(year, 1, 1, tzinfo=UTC), datetime(year, 12, 31, tzinfo=UTC), where)]


def _changes(begin: datetime, end: datetime, where: ZoneInfo) -> Iterator[datetime]:
    """The instants between two others at which the clocks of a zone change."""
    day = begin
    while day < end:
        if day.astimezone(where).utcoffset() != (day + _DAY).astimezone(where).utcoffset():
            yield _change(day, day + _DAY, where)
        day += _DAY


def _change(before: datetime, after: datetime, where: ZoneInfo) -> datetime:
    """The first instant after `before` with another offset than it, to the second; `after` has another one."""
    offset = before.astimezone(where).utcoffset()
    while after - before > _SECOND:
        middle = before + timedelta(seconds=(after - before) // _SECOND // 2)
        if middle.astimezone(where).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after
