"""Calendar files: two readers of RFC 5545 understand them alike, whatever a name or a note contains (bar 29)."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from followup.core.visible import visible
from followup.files.ics import Entry, calendar_text, starts_at

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:vobject")

MOST = max(200, settings.default.max_examples) if settings.default is not None else 200
CHANGED = datetime(2026, 1, 5, 9, 30, 15, 123456, tzinfo=UTC)
_NAUGHTY = Path(__file__).parents[1] / "trust" / "naughty_strings.json"
NAUGHTY = [text for texts in json.loads(_NAUGHTY.read_text(encoding="utf-8")).values() for text in texts]
ZONES = (
    *("", "UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Casablanca"),
    *("America/Santiago", "Africa/Cairo", "Pacific/Apia", "Europe/Dublin"),
)
INJECTIONS = (
    "Anna\nBEGIN:VALARM\nACTION:EMAIL\nATTENDEE:mailto:evil@example.org\nEND:VALARM",
    "Anna\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:evil",
    "Anna\rATTENDEE:mailto:evil@example.org",
    "Anna\u2028ATTENDEE:mailto:evil@example.org",
    "Anna\x85ATTENDEE:mailto:evil@example.org\x00",
    "Anna\\nEND:VCALENDAR",
    "\\N\\\\N;,:\"'^n^^",
    ";LANGUAGE=de:evil",
    "x" * 74 + "\r\n ATTENDEE:evil",
)
TEXT = st.one_of(
    st.text(max_size=200),
    st.text(st.characters(codec="utf-8"), max_size=80),
    st.text(alphabet='\\nN;,:"\r\n\t \u202e日本é👩\u200d👩', max_size=120),
    st.sampled_from([*INJECTIONS, *NAUGHTY]),
)


def entry(**more: Any) -> Entry:
    said = {"uid": "1@followup", "sequence": 0, "changed_at": CHANGED, "on": date(2026, 1, 7), "summary": "Anna: call"}
    return Entry(**{**said, **more})


ENTRIES = st.lists(
    st.builds(
        entry,
        sequence=st.integers(0, 10_000),
        on=st.dates(date(1971, 1, 2), date(2099, 12, 30)),
        at=st.none() | st.times().map(lambda at: at.replace(microsecond=0)),
        zone=st.sampled_from(ZONES),
        minutes=st.integers(1, 600),
        summary=TEXT,
        description=TEXT,
        location=TEXT,
        url=TEXT,
        cancelled=st.booleans(),
        alarm_minutes=st.none() | st.integers(-1439, 40_320),
    ),
    max_size=5,
).map(lambda entries: [numbered(one, number) for number, one in enumerate(entries)])


def numbered(one: Entry, number: int) -> Entry:
    return Entry(**{name: getattr(one, name) for name in one.__slots__} | {"uid": f"{number}@followup"})


def cleaned(text: str) -> str:
    return "\n".join(visible(line) for line in text.replace("\r\n", "\n").split("\n"))


def lines_of(text: bytes) -> list[bytes]:
    assert text.endswith(b"\r\n")
    return text.removesuffix(b"\r\n").split(b"\r\n")


def events_of(text: bytes) -> dict[str, Any]:
    """The events by uid, as the library `icalendar` reads them."""
    return {str(event["UID"]): event for event in Calendar.from_ical(text).walk("VEVENT")}


def vobject_events_of(text: bytes) -> dict[str, Any]:
    """The events by uid, as the library `vobject` reads them."""
    import vobject

    known = getattr(vobject.icalendar, "__tzidMap")
    for zone in [*known]:
        if zone != "UTC":
            del known[zone]  # else the rules of the file that was read before would stand
    return {each.uid.value: each for each in vobject.readOne(text.decode()).contents.get("vevent", [])}


def instant(value: date | datetime) -> date | datetime:
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def text_of(event: Any, name: str) -> str:
    """A text of a vobject event; '' where it has none."""
    return str(getattr(event, name).value) if hasattr(event, name) else ""


# ------------------------------------------------------------------------------------ whatever it says


@settings(max_examples=MOST, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(entries=ENTRIES, name=TEXT)
def test_two_readers_agree_on_what_an_entry_says(entries: list[Entry], name: str) -> None:
    text = calendar_text(entries, name=name)
    one, other = events_of(text), vobject_events_of(text)
    assert set(one) == set(other) == {entry.uid for entry in entries}
    assert text.count(b"BEGIN:VEVENT\r\n") == len(entries)
    for said in entries:
        mine, theirs = one[said.uid], other[said.uid]
        summary = "cancelled" if said.cancelled else visible(said.summary)
        description = "" if said.cancelled else cleaned(said.description)
        location = "" if said.cancelled else cleaned(said.location)
        assert (str(mine["SUMMARY"]), text_of(theirs, "summary")) == (summary, summary)
        assert (str(mine.get("DESCRIPTION", "")), text_of(theirs, "description")) == (description, description)
        assert (str(mine.get("LOCATION", "")), text_of(theirs, "location")) == (location, location)
        assert (int(mine["SEQUENCE"]), int(theirs.sequence.value)) == (said.sequence, said.sequence)
        begins = said.on if said.at is None else starts_at(said.on, said.at, said.zone).astimezone(UTC)
        lasts = timedelta(1) if said.at is None else timedelta(minutes=said.minutes)
        assert instant(mine["DTSTART"].dt) == begins
        assert instant(theirs.dtstart.value) == begins
        end = mine["DTEND"].dt if "DTEND" in mine else mine["DTSTART"].dt.astimezone(UTC) + mine["DURATION"].dt
        assert instant(end) == begins + lasts
        if hasattr(theirs, "dtend"):
            assert instant(theirs.dtend.value) == begins + lasts


@settings(max_examples=MOST, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(entries=ENTRIES, name=TEXT)
def test_the_text_is_as_rfc_5545_wants_it(entries: list[Entry], name: str) -> None:
    text = calendar_text(entries, name=name)
    for line in lines_of(text):
        assert len(line) <= 75
        assert b"\n" not in line
        assert b"\r" not in line
        line.decode("utf-8")  # never inside a code point
        assert not set(line) & {*range(0x20), 0x7F}
    assert visible(text.decode().replace("\r\n", "")) == text.decode().replace("\r\n", "")


@settings(max_examples=60, deadline=None)
@given(entries=ENTRIES, name=TEXT, order=st.randoms(use_true_random=False))
def test_the_same_entries_give_the_same_bytes(entries: list[Entry], name: str, order: Any) -> None:
    shuffled = [*entries]
    order.shuffle(shuffled)
    assert calendar_text(shuffled, name=name) == calendar_text(entries, name=name)


@pytest.mark.parametrize("field", ["summary", "description", "location", "url", "uid"])
@pytest.mark.parametrize("hostile", INJECTIONS)
def test_no_text_becomes_a_component_or_a_property(field: str, hostile: str) -> None:
    text = calendar_text([entry(**{field: hostile}), entry(uid="2@followup")], name=hostile)
    calendar = Calendar.from_ical(text)
    assert [each.name for each in calendar.walk()] == ["VCALENDAR", "VEVENT", "VEVENT"]
    assert "ATTENDEE" not in {name for each in calendar.walk() for name in each}
    names = {line.partition(b":")[0].partition(b";")[0] for line in lines_of(text) if not line.startswith(b" ")}
    assert names <= {
        *(b"BEGIN", b"END", b"VERSION", b"PRODID", b"CALSCALE", b"METHOD", b"X-WR-CALNAME", b"REFRESH-INTERVAL"),
        *(b"X-PUBLISHED-TTL", b"SUMMARY", b"DTSTART", b"DTEND", b"DTSTAMP", b"UID", b"SEQUENCE", b"LAST-MODIFIED"),
        *(b"STATUS", b"TRANSP", b"DESCRIPTION", b"LOCATION", b"URL"),
    }


def test_a_backslash_before_n_stays_one() -> None:
    """`C:\\New` is a folder, not a line end."""
    text = calendar_text([entry(summary=r"C:\New\notes", description=r"\N \n")], name="")
    assert b"SUMMARY:C:\\\\New\\\\notes\r\n" in text
    assert str(events_of(text)["1@followup"]["SUMMARY"]) == r"C:\New\notes"
    assert vobject_events_of(text)["1@followup"].description.value == r"\N \n"


# ------------------------------------------------------------------------------------ days and times


def test_an_all_day_entry_is_a_date_and_takes_no_time_of_the_day() -> None:
    text = calendar_text([entry()], name="followup")
    assert b"DTSTART;VALUE=DATE:20260107\r\nDTEND;VALUE=DATE:20260108\r\n" in text
    assert b"TRANSP:TRANSPARENT\r\n" in text
    assert b"STATUS:CONFIRMED\r\n" in text
    assert b"DTSTAMP:20260105T093015Z\r\n" in text
    assert b"LAST-MODIFIED:20260105T093015Z\r\n" in text
    assert b"VTIMEZONE" not in text


@pytest.mark.parametrize("on", [date.min, date.max, date(9999, 12, 30)])
def test_the_ends_of_the_calendar_are_days_like_others(on: date) -> None:
    for said in (entry(on=on), entry(on=on, at=time(14, 30), zone="Europe/Berlin"), entry(on=on, at=time(14, 30))):
        assert events_of(calendar_text([said], name=""))["1@followup"]["DTSTART"].dt == on


@pytest.mark.parametrize(
    ("on", "at", "zone", "wall", "utc"),
    [
        (date(2026, 3, 29), time(2, 30), "Europe/Berlin", "20260329T033000", "2026-03-29T01:30:00+00:00"),
        (date(2026, 3, 8), time(2, 30), "America/New_York", "20260308T033000", "2026-03-08T07:30:00+00:00"),
        (date(2026, 10, 4), time(2, 15), "Australia/Lord_Howe", "20261004T024500", "2026-10-03T15:45:00+00:00"),
        (date(2026, 4, 24), time(0, 0), "Africa/Cairo", "20260424T010000", "2026-04-23T22:00:00+00:00"),
        (date(2011, 12, 30), time(12, 0), "Pacific/Apia", "20111231T120000", "2011-12-30T22:00:00+00:00"),
        (date(2026, 10, 25), time(2, 30), "Europe/Berlin", "20261025T023000", "2026-10-25T00:30:00+00:00"),
        (date(2026, 11, 1), time(1, 30), "America/New_York", "20261101T013000", "2026-11-01T05:30:00+00:00"),
        (date(2026, 7, 1), time(14, 30), "Europe/Berlin", "20260701T143000", "2026-07-01T12:30:00+00:00"),
        (date(2026, 7, 1), time(14, 30), "", "20260701T143000Z", "2026-07-01T14:30:00+00:00"),
        (date(2026, 7, 1), time(14, 30), "UTC", "20260701T143000Z", "2026-07-01T14:30:00+00:00"),
    ],
)
def test_an_agreed_time_is_a_moment_that_exists(on: date, at: time, zone: str, wall: str, utc: str) -> None:
    """RFC 5545, 3.3.5: a time that a clock skips counts by the offset before; of one that comes twice the first."""
    text = calendar_text([entry(on=on, at=at, zone=zone)], name="")
    head = "DTSTART" if wall.endswith("Z") else f"DTSTART;TZID={zone}"
    assert f"{head}:{wall}\r\n" in text.decode()
    assert instant(events_of(text)["1@followup"]["DTSTART"].dt).isoformat() == utc
    assert instant(vobject_events_of(text)["1@followup"].dtstart.value).isoformat() == utc
    assert (b"BEGIN:VTIMEZONE" in text) == (not wall.endswith("Z"))


def test_what_ends_in_the_hour_that_comes_twice_says_how_long_it_takes() -> None:
    text = calendar_text([entry(on=date(2026, 10, 25), at=time(2, 45), zone="Europe/Berlin")], name="")
    assert b"DURATION:PT30M\r\n" in text
    assert b"DTEND" not in text


@settings(max_examples=60, deadline=None)
@given(
    on=st.dates(date(1980, 1, 1), date(2037, 12, 31)),
    at=st.times().map(lambda at: at.replace(microsecond=0)),
    zone=st.sampled_from([zone for zone in ZONES if zone]),
)
def test_the_time_zone_that_is_written_with_it_is_the_real_one(on: date, at: time, zone: str) -> None:
    """Somebody who knows nothing but the file gets the same moment: the rules are read from it alone."""
    begins = starts_at(on, at, zone)
    text = calendar_text([entry(on=on, at=at, zone=zone)], name="")
    if zone == "UTC":
        return
    rules = next(iter(Calendar.from_ical(text).walk("VTIMEZONE")))
    onsets = []
    for each in rules.subcomponents:
        first = each["DTSTART"].dt.replace(tzinfo=None)
        changes = [first]
        if "RRULE" in each:
            until = begins.replace(tzinfo=None) + timedelta(400)
            changes = rrulestr(each["RRULE"].to_ical().decode(), dtstart=first).between(first, until, inc=True)
        onsets += [(change - each["TZOFFSETFROM"].td, each["TZOFFSETTO"].td) for change in changes]
    moment = begins.astimezone(UTC).replace(tzinfo=None)
    assert max(each for each in onsets if each[0] <= moment)[1] == begins.utcoffset()
    assert all(now.astimezone(ZoneInfo(zone)).utcoffset() == offset for now, offset in aware(onsets))


def aware(onsets: list[tuple[datetime, timedelta]]) -> list[tuple[datetime, timedelta]]:
    return [(onset.replace(tzinfo=UTC), offset) for onset, offset in onsets]


def test_clocks_that_follow_a_yearly_rule_are_written_as_one() -> None:
    text = calendar_text([entry(at=time(9), zone="Europe/Berlin")], name="").decode()
    assert "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\n" in text
    assert "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\n" in text
    assert "DTSTART:20250330T020000\r\n" in text
    assert "DTSTART:20251026T030000\r\n" in text


def test_a_zone_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        calendar_text([entry(at=time(9), zone="Mars/Base")], name="")


# ------------------------------------------------------------------------------------ what else it says


def test_a_cancelled_entry_says_nothing_about_the_person() -> None:
    said = entry(
        summary="Anna Meyer: problem (phone)",
        description="They are angry",
        location="+49 30 1",
        url="tel:1",
        cancelled=True,
        sequence=3,
        alarm_minutes=15,
    )
    text = calendar_text([said], name="followup")
    event = events_of(text)["1@followup"]
    assert (str(event["SUMMARY"]), str(event["STATUS"]), event["SEQUENCE"]) == ("cancelled", "CANCELLED", 3)
    for word in (b"Anna", b"angry", b"+49", b"tel:", b"VALARM"):
        assert word not in text


@pytest.mark.parametrize(("minutes", "trigger"), [(15, b"-PT15M"), (0, b"P0D"), (-540, b"PT9H"), (1440, b"-P1D")])
def test_an_alarm_rings_before_or_after_the_beginning(minutes: int, trigger: bytes) -> None:
    text = calendar_text([entry(alarm_minutes=minutes)], name="")
    assert b"BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:Anna: call\r\nTRIGGER:" + trigger + b"\r\n" in text


def test_a_feed_has_a_name_and_says_when_to_look_again_and_an_entry_on_a_server_does_not() -> None:
    feed = calendar_text([entry()], name="followup: Anna, Bea; C\\o")
    assert b"METHOD:PUBLISH\r\nX-WR-CALNAME:followup: Anna\\, Bea\\; C\\\\o\r\n" in feed
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\nX-PUBLISHED-TTL:PT1H\r\n" in feed
    stored = calendar_text([entry()], name="", method="")
    for word in (b"METHOD", b"X-", b"REFRESH"):
        assert word not in stored


def test_an_empty_calendar_is_one() -> None:
    assert lines_of(calendar_text([], name=""))[0] == b"BEGIN:VCALENDAR"
    assert events_of(calendar_text([], name="")) == {}


def test_entries_stand_in_the_order_of_their_days() -> None:
    said = [
        entry(uid="c", on=date(2026, 1, 8)),
        entry(uid="b", on=date(2026, 1, 7), at=time(9)),
        entry(uid="a", on=date(2026, 1, 7), at=time(10)),
        entry(uid="d", on=date(2026, 1, 7)),
    ]
    assert [*events_of(calendar_text(said, name=""))] == ["d", "b", "a", "c"]
