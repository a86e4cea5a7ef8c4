"""`followup calendar`: a feed that stays the same while nothing changes, counts what does, and takes back once."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from icalendar import Calendar

from followup.cli.calendars import system_zone

if TYPE_CHECKING:
    from tests.cli.conftest import Desk, Program

PERSONAL = ("Anna", "Meyer", "anna@", "1234567", "Ledgerline")


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    return tmp_path / "contacts.ics"


@pytest.fixture
def berlin(anna: Desk) -> Desk:
    """Anna, and a seller in Berlin."""
    anna.does("config", "set", "calendar.timezone", "Europe/Berlin")
    return anna


def events(source: Path | str) -> dict[str, Any]:
    """The events of a feed by uid."""
    text = source.read_bytes() if isinstance(source, Path) else source.encode()
    return {str(event["UID"]): event for event in Calendar.from_ical(text).walk("VEVENT")}


def one(found: dict[str, Any], words: str) -> Any:
    """The one open event whose summary has these words."""
    (event,) = [each for each in found.values() if words in str(each["SUMMARY"])]
    return event


def cancelled(found: dict[str, Any]) -> list[Any]:
    return [event for event in found.values() if event["STATUS"] == "CANCELLED"]


def sequences(found: dict[str, Any]) -> dict[str, int]:
    return {uid: int(event["SEQUENCE"]) for uid, event in found.items()}


def written(desk: Desk, feed: Path, *more: str, today: str | None = None) -> dict[str, Any]:
    desk.does("calendar", "-o", feed, *more, today=today)
    return events(feed)


# ------------------------------------------------------------------------------------ what is in it


def test_every_open_contact_is_an_all_day_entry_on_its_day(anna: Desk, feed: Path) -> None:
    found = written(anna, feed)
    days = sorted(str(event["DTSTART"].dt) for event in found.values())
    assert days == sorted(anna.open_dates().values())
    assert {int(event["SEQUENCE"]) for event in found.values()} == {0}
    assert {event["TRANSP"] for event in found.values()} == {"TRANSPARENT"}
    assert all(uid.endswith("@followup") for uid in found)


def test_an_entry_says_why_what_for_how_and_what_to_type(anna: Desk, feed: Path) -> None:
    touchpoint = anna.step("week_one")
    found = written(anna, feed)
    (event,) = [each for each in found.values() if str(each["DTSTART"].dt) == touchpoint["due_on"]]
    said = str(event["DESCRIPTION"])
    assert str(event["SUMMARY"]) == "Anna Meyer: prevention (phone)"
    assert "Why now: " in said
    assert f"Goal: {touchpoint['goal']}" in said
    assert f"Give: {touchpoint['gives']}" in said
    assert all(f"\n- {question}" in said for question in touchpoint["ask"])
    assert f'followup done {touchpoint["id"]} good "..."' in said
    assert "+49 30 1234567" in said or "anna@meyer.example" in said
    assert str(event["LOCATION"]) in said


def test_the_feed_goes_to_standard_output_without_a_file_and_with_a_dash(anna: Desk) -> None:
    first, second = anna.does("calendar"), anna.does("calendar", "-o", "-")
    assert first == second
    assert "\r\nMETHOD:PUBLISH\r\n" in first
    assert len(events(first)) == len(anna.open_dates())


def test_one_customer_has_a_feed_of_their_own(two_annas: Desk, feed: Path, tmp_path: Path) -> None:
    everybody = written(two_annas, feed)
    mine = written(two_annas, tmp_path / "anna.ics", "--customer", "anna-meyer")
    assert mine
    assert set(mine) < set(everybody)
    assert all("Anna Meyer" in str(event["SUMMARY"]) for event in mine.values())
    assert b"X-WR-CALNAME:followup: Anna Meyer\r\n" in (tmp_path / "anna.ics").read_bytes()
    assert b"X-WR-CALNAME:followup\r\n" in feed.read_bytes()
    assert written(two_annas, feed) == everybody


def test_a_feed_is_not_called_by_the_name_of_who_must_be_left_alone(desk: Desk, feed: Path) -> None:
    """TRUST bar 15: the customer goes by their company, else by who may be written to."""
    for name, more, called in (("Pers One", ("--company", "Comp One"), "Comp One"), ("Dora Day", (), "Bert Two")):
        desk.does("add", name, *more, "--email", "a@b.example", "--playbook", "saas", "--signed", "2026-01-05")
        key = name.lower().replace(" ", "-")
        desk.does("contact", "add", key, "Bert Two", "--email", "bert@b.example")
        desk.does("dnc", key, "--contact", name)
        said = desk.json("calendar", "-o", feed, "--customer", key)
        assert f"X-WR-CALNAME:followup: {called}\r\n".encode() in feed.read_bytes()
        assert name.encode() not in feed.read_bytes()
        assert said["customer"] == called
        feed.unlink()


# ------------------------------------------------------------------------------------ questions


@pytest.fixture
def harbor(desk: Desk, tmp_path: Path) -> Desk:
    """A customer of whom little is known, and a playbook that asks about dates, the last contact and the renewal."""
    book = tmp_path / "mine.yaml"
    asks = (
        "At {company}, what has changed since {last_contact}?",
        "Does {date} suit you, or rather {next_date}?",
        "What has to be settled before {renewal_date}?",
        "Is {goal} still the aim?",
    )
    text = (Path(__file__).parents[2] / "playbooks" / "saas.yaml").read_text(encoding="utf-8")
    head, found, tail = text.partition("    ask:\n")
    assert found
    lines = "".join(f"      - '{ask}'\n" for ask in asks)
    book.write_text(f"{head}{found}{lines}{tail.replace(found, found + lines)}", encoding="utf-8")
    desk.does(
        *("add", "Maria Lopez", "--company", "Harbor Foods", "--email", "m@h.example", "--product", "Relay"),
        *("--playbook", book, "--signed", "2025-11-03", "--anchor", "renewal=2026-11-03"),
    )
    desk.does("log", "maria-lopez", "good", "it works", "--on", "2025-12-30")
    return desk


def test_a_question_never_goes_out_with_a_hole_in_it(harbor: Desk, feed: Path) -> None:
    """C4: what is known stands in the question, and a question that lacks something is not asked."""
    written(harbor, feed)
    for text in (feed.read_bytes().decode(), harbor.does("export", "touchpoints", "--format", "ics")):
        said = [str(event["DESCRIPTION"]) for event in events(text).values()]
        assert said
        assert not [each for each in said if "{" in each]
        assert [each for each in said if "- At Harbor Foods, what has changed since " in each]
        assert [each for each in said if " suit you, or rather " in each]
        assert [each for each in said if "- What has to be settled before 3 November" in each]
        assert not [each for each in said if "still the aim" in each]


def test_a_value_that_becomes_known_changes_the_entries_that_ask_about_it(harbor: Desk, feed: Path) -> None:
    before = written(harbor, feed)
    harbor.does("set", "maria-lopez", "goal", "shorter invoice runs")
    after = written(harbor, feed)
    changed = {uid for uid, number in sequences(after).items() if number}
    assert changed
    assert all("shorter invoice runs" in str(after[uid]["DESCRIPTION"]) for uid in changed)
    assert all("shorter invoice runs" not in str(before[uid]["DESCRIPTION"]) for uid in changed)


def test_a_new_morning_changes_no_question(harbor: Desk, feed: Path) -> None:
    """Days in a question are said as of the day of the contact, not as of today."""
    said = [str(event["DESCRIPTION"]) for event in written(harbor, feed).values()]
    assert [each for each in said if "since Tuesday 30 December?" in each]  # near that contact
    assert [each for each in said if "since 30 December" in each]
    first = feed.read_bytes()
    for day in ("2026-01-05", "2026-01-06"):
        harbor.does("calendar", "-o", feed, today=day)
        assert feed.read_bytes() == first


def test_questions_are_read_in_bulk(harbor: Desk, feed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three more customers ask the data file nothing more often."""
    from followup.store import Store

    asked: list[str] = []
    every = Store._all

    def counting(store: Store, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return every(store, sql, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(Store, "_all", counting)
        written(harbor, feed)
        once = len(asked)
        for name in ("One", "Two", "Three"):
            harbor.does("add", name, "--email", "a@b.example", "--playbook", "saas", "--signed", "2025-11-03")
        asked.clear()
        written(harbor, feed)
    assert len(asked) <= once + 2  # one more playbook


def test_a_playbook_that_cannot_be_read_any_more_asks_what_has_no_names(
    harbor: Desk, feed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from followup.actions.library import Library
    from followup.errors import BadFileError

    harbor.does("due")

    def broken(*_: Any) -> None:
        raise BadFileError("it cannot be used", hint="", problems=[])

    with monkeypatch.context() as patch:
        patch.setattr(Library, "pinned", broken)
        said = [str(event["DESCRIPTION"]) for event in written(harbor, feed).values()]
    assert [each for each in said if "Ask:" in each]
    assert not [each for each in said if "{" in each]


def test_nobody_is_found_under_a_name_that_nobody_has(anna: Desk, feed: Path) -> None:
    anna.refuses("calendar", "-o", feed, "--customer", "zoe", says="no customer matches 'zoe'")
    assert not feed.exists()


def test_an_empty_data_file_gives_an_empty_calendar(anna: Desk, feed: Path) -> None:
    anna.does("undo")
    assert written(anna, feed) == {}


# ------------------------------------------------------------------------------------ what changes


def test_five_feeds_are_the_same_bytes_and_the_file_is_left_alone(anna: Desk, feed: Path) -> None:
    anna.does("calendar", "-o", feed)
    first = feed.read_bytes()
    os.utime(feed, (1, 1))
    for day in (None, None, "2026-01-05", "2026-01-06"):
        anna.cli("calendar", "-o", feed, today=day)
        assert feed.read_bytes() == first
    assert feed.stat().st_mtime == 1
    assert "\nThe file is as it was.\n" in anna.does("calendar", "-o", feed)


def test_an_entry_keeps_its_uid_when_it_moves_and_counts_the_change(anna: Desk, feed: Path) -> None:
    before = written(anna, feed)
    number = anna.number("first_job")
    uid = str(one(before, "Anna Meyer: education (screen share)")["UID"])
    anna.does("snooze", number, "2026-01-09")
    after = written(anna, feed)
    assert str(after[uid]["DTSTART"].dt) == "2026-01-09"
    assert sequences(after)[uid] == 1
    assert before[uid]["LAST-MODIFIED"].dt <= after[uid]["LAST-MODIFIED"].dt
    same = [each for each in before if each in after and before[each].to_ical() == after[each].to_ical()]
    assert same
    assert {sequences(after)[each] for each in same} == {0}


def test_what_is_done_is_cancelled_once_and_then_absent(anna: Desk, feed: Path) -> None:
    before = written(anna, feed)
    gone = str(one(before, ": welcome (email)")["UID"])
    anna.does("done", anna.number("welcome_note"), "good")
    after = written(anna, feed)
    assert gone in {str(event["UID"]) for event in cancelled(after)}
    assert (str(after[gone]["SUMMARY"]), after[gone]["SEQUENCE"]) == ("cancelled", 1)
    assert after[gone]["DTSTART"].dt == before[gone]["DTSTART"].dt
    assert "DESCRIPTION" not in after[gone]
    again = written(anna, feed)
    assert cancelled(again) == []
    assert gone not in again
    assert {uid: event.to_ical() for uid, event in after.items() if event["STATUS"] == "CONFIRMED"} == {
        uid: event.to_ical() for uid, event in again.items()
    }


@pytest.mark.parametrize(
    "command",
    [("dnc", "anna-meyer"), ("undo",), ("merge", "anna-mayer", "anna-meyer")],
)
def test_whoever_is_gone_or_left_alone_is_taken_back_once_without_a_personal_word(
    two_annas: Desk, tmp_path: Path, command: tuple[str, ...]
) -> None:
    """TRUST 2.7 and bar 15: one cancellation, then nothing; neither names anybody."""
    mayer = command[0] != "dnc"
    path = tmp_path / "feed.ics"
    before = written(two_annas, path, "--customer", "anna-mayer" if mayer else "anna-meyer")
    two_annas.cli(*command)
    if command[0] == "dnc":
        after = written(two_annas, path, "--customer", "anna-meyer")
        assert set(after) == set(before)
        assert all(event["STATUS"] == "CANCELLED" for event in after.values())
        assert not [word for word in PERSONAL if word.encode() in path.read_bytes()]
        assert written(two_annas, path, "--customer", "anna-meyer") == {}
        assert not [word for word in PERSONAL if word.encode() in path.read_bytes()]
    else:
        after = written(two_annas, path)
        gone = [uid for uid in before if uid not in after or after[uid]["STATUS"] == "CANCELLED"]
        assert all(str(after[uid]["SUMMARY"]) == "cancelled" for uid in gone)
        assert bool(gone) == (command[0] == "undo")
        assert cancelled(written(two_annas, path)) == []


def test_undo_brings_an_entry_back_with_a_higher_count(anna: Desk, feed: Path) -> None:
    before = written(anna, feed)
    uid = str(one(before, ": welcome (email)")["UID"])
    for round_trip in (1, 3):
        anna.does("done", anna.number("welcome_note"), "good")
        assert sequences(written(anna, feed))[uid] == round_trip
        assert uid not in written(anna, feed)
        anna.does("undo")
        back = written(anna, feed)
        assert sequences(back)[uid] == round_trip + 1
        assert back[uid]["STATUS"] == "CONFIRMED"
        assert back[uid]["DESCRIPTION"] == before[uid]["DESCRIPTION"]


def test_do_not_contact_off_brings_them_back(anna: Desk, feed: Path) -> None:
    before = written(anna, feed)
    anna.does("dnc", "anna-meyer")
    written(anna, feed)
    anna.does("dnc", "anna-meyer", "--off")
    back = written(anna, feed)
    assert set(back) == set(before)
    assert set(sequences(back).values()) == {2}


def test_a_uid_survives_a_new_plan_a_merge_and_the_way_out_and_back(two_annas: Desk, tmp_path: Path) -> None:
    before = written(two_annas, tmp_path / "a.ics")
    two_annas.does("plan", "--rebuild")
    assert set(written(two_annas, tmp_path / "b.ics")) == set(before)
    two_annas.does("export", "--all", tmp_path / "tables")
    two_annas.does("--db", tmp_path / "other.db", "import", "--all", tmp_path / "tables")
    two_annas.does("--db", tmp_path / "other.db", "calendar", "-o", tmp_path / "c.ics")
    assert set(events(tmp_path / "c.ics")) == set(before)
    two_annas.does("merge", "anna-meyer", "anna-mayer")
    merged = written(two_annas, tmp_path / "d.ics")
    assert set(merged) & set(before)
    assert set(merged) <= set(before)


def test_each_file_and_standard_output_count_for_themselves(anna: Desk, feed: Path, tmp_path: Path) -> None:
    written(anna, feed)
    anna.does("done", anna.number("welcome_note"), "good")
    assert cancelled(written(anna, feed))
    assert not cancelled(written(anna, tmp_path / "fresh.ics"))
    assert not cancelled(events(anna.does("calendar")))
    anna.does("done", anna.number("plan_together"), "good")
    assert cancelled(events(anna.does("calendar")))
    assert cancelled(written(anna, feed))


def test_the_same_file_by_another_name_is_the_same_calendar(
    anna: Desk, feed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(anna, feed)
    anna.does("done", anna.number("welcome_note"), "good")
    monkeypatch.chdir(feed.parent)
    anna.does("calendar", "-o", "contacts.ics")
    assert cancelled(events(feed))


def test_what_a_calendar_was_told_holds_nothing_about_anybody_and_cannot_be_undone(anna: Desk, tmp_path: Path) -> None:
    """TRUST 2.9: what went out is out."""
    anna.does("calendar", "-o", tmp_path / "anna-meyer.ics")
    told = rows(anna, "calendar_entry")
    assert told
    text = json.dumps(told)
    assert not [word for word in (*PERSONAL, "anna-meyer", str(tmp_path)) if word in text]
    history = anna.json("history")["items"]
    assert "calendar" not in {entry["command"] for entry in history}
    anna.does("undo")
    assert rows(anna, "calendar_entry") == told


def rows(desk: Desk, table: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(desk.cli.db)) as connection:
        return connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()


# ------------------------------------------------------------------------------------ agreed times


def test_an_agreed_time_has_its_hour_and_its_zone(berlin: Desk, feed: Path) -> None:
    berlin.does("snooze", berlin.number("first_job"), "2026-01-09", "14:30")
    found = written(berlin, feed)
    event = one(found, "education (screen share)")
    text = feed.read_bytes()
    assert b"DTSTART;TZID=Europe/Berlin:20260109T143000\r\nDTEND;TZID=Europe/Berlin:20260109T150000\r\n" in text
    assert b"TZID:Europe/Berlin\r\n" in text
    assert event["DTSTART"].dt.isoformat() == "2026-01-09T14:30:00+01:00"
    assert "TRANSP" not in event


@pytest.mark.parametrize(
    ("day", "at", "shown"),
    [("2026-03-29", "02:30", "20260329T033000"), ("2026-10-25", "02:30", "20261025T023000")],
)
def test_an_hour_that_does_not_exist_counts_on_as_if_the_clocks_had_not_moved(
    berlin: Desk, feed: Path, day: str, at: str, shown: str
) -> None:
    berlin.does("snooze", berlin.number("first_job"), day, at)
    written(berlin, feed)
    assert f"DTSTART;TZID=Europe/Berlin:{shown}\r\n".encode() in feed.read_bytes()


def test_a_cancelled_appointment_names_its_hour_and_nobody(berlin: Desk, feed: Path) -> None:
    berlin.does("snooze", berlin.number("first_job"), "2026-01-09", "14:30")
    uid = str(one(written(berlin, feed), "education (screen share)")["UID"])
    berlin.does("dnc", "anna-meyer")
    event = written(berlin, feed)[uid]
    assert event["DTSTART"].dt.isoformat() == "2026-01-09T13:30:00+00:00"
    assert not [word for word in PERSONAL if word.encode() in feed.read_bytes()]


def test_without_a_zone_of_ones_own_the_time_is_that_of_the_machine(
    anna: Desk, feed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna.does("snooze", anna.number("first_job"), "2026-01-09", "14:30")
    for zone, line in (
        ("America/New_York", b"DTSTART;TZID=America/New_York:20260109T143000\r\n"),
        ("EST5EDT,M3.2.0,M11.1.0", b"DTSTART:20260109T193000Z\r\n"),  # no name, and yet a clock
    ):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        try:
            written(anna, feed)
        finally:
            monkeypatch.delenv("TZ")
            time.tzset()
        assert line in feed.read_bytes()


@pytest.mark.parametrize(
    ("tz", "target", "name"),
    [
        (":Europe/Berlin", "/nowhere", "Europe/Berlin"),
        ("/usr/share/zoneinfo/Asia/Tokyo", "/nowhere", "Asia/Tokyo"),
        ("../../etc/passwd", "/nowhere", ""),
        ("CET-1CEST", "/nowhere", ""),
        ("", "/nowhere", ""),
    ],
)
def test_the_zone_of_the_machine_by_its_name(tz: str, target: str, name: str) -> None:
    assert system_zone({"TZ": tz}, Path(target)) == name


def test_the_zone_of_the_machine_is_the_one_its_clock_points_at(tmp_path: Path) -> None:
    place = tmp_path / "zoneinfo" / "Europe" / "Berlin"
    place.parent.mkdir(parents=True)
    place.touch()
    (tmp_path / "localtime").symlink_to(place)
    assert system_zone({}, tmp_path / "localtime") == "Europe/Berlin"


# ------------------------------------------------------------------------------------ alarms


@pytest.mark.parametrize(
    ("alarm", "whole_day", "agreed"),
    [("15", b"TRIGGER:PT9H\r\n", b"TRIGGER:-PT15M\r\n"), ("07:45", b"TRIGGER:PT7H45M\r\n", b"TRIGGER:-PT15M\r\n")],
)
def test_entries_ring_when_they_are_told_to(
    berlin: Desk, feed: Path, alarm: str, whole_day: bytes, agreed: bytes
) -> None:
    before = written(berlin, feed)
    berlin.does("snooze", berlin.number("first_job"), "2026-01-09", "14:30")
    after = written(berlin, feed, "--alarm", alarm)
    assert feed.read_bytes().count(b"BEGIN:VALARM\r\n") == len(after)
    assert feed.read_bytes().count(whole_day) == len(after) - 1
    assert feed.read_bytes().count(agreed) == 1
    assert set(sequences(after).values()) == {1}
    assert set(after) == set(before)


@pytest.mark.parametrize("alarm", ["soon", "25:00", "-5", "40321", "9" * 400, "١٥"])
def test_an_alarm_that_is_none_is_refused(anna: Desk, feed: Path, alarm: str) -> None:
    anna.refuses("calendar", "-o", feed, f"--alarm={alarm}", says="", hint="--alarm 15")
    assert not feed.exists()


# ------------------------------------------------------------------------------------ files


def test_the_file_is_for_its_owner_only(anna: Desk, feed: Path) -> None:
    written(anna, feed)
    assert stat.S_IMODE(feed.stat().st_mode) == 0o600
    assert [path.name for path in feed.parent.iterdir() if path.suffix == ".tmp"] == []


def test_links_folders_and_the_data_file_are_no_place_for_a_feed(anna: Desk, feed: Path, tmp_path: Path) -> None:
    (tmp_path / "real.ics").write_bytes(b"mine")
    feed.symlink_to(tmp_path / "real.ics")
    anna.refuses("calendar", "-o", feed, says="is a symbolic link; nothing was written")
    anna.refuses("calendar", "-o", tmp_path, says="is a folder; nothing was written")
    anna.refuses("calendar", "-o", tmp_path / "no" / "feed.ics", says="there is no folder")
    anna.refuses("calendar", "-o", anna.cli.db, says="is the data file itself")
    assert (tmp_path / "real.ics").read_bytes() == b"mine"
    assert rows(anna, "calendar_entry") == []


def test_a_link_to_the_same_bytes_is_refused_too(anna: Desk, feed: Path, tmp_path: Path) -> None:
    written(anna, feed)
    (tmp_path / "link.ics").symlink_to(feed)
    anna.refuses("calendar", "-o", tmp_path / "link.ics", says="is a symbolic link")


def test_a_feed_that_was_deleted_or_scribbled_on_is_whole_again(anna: Desk, feed: Path) -> None:
    written(anna, feed)
    first = feed.read_bytes()
    feed.unlink()
    written(anna, feed)
    assert feed.read_bytes() == first
    feed.write_bytes(first[:100])
    written(anna, feed)
    assert feed.read_bytes() == first


def test_killed_between_the_file_and_its_memory_a_cancellation_is_told_again(
    anna: Desk, feed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from followup.store import Store

    before = written(anna, feed)
    uid = str(one(before, ": welcome (email)")["UID"])
    anna.does("done", anna.number("welcome_note"), "good")

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Store, "keep_told_entries", killed)
        assert anna.cli("calendar", "-o", feed).code == 130
    assert events(feed)[uid]["STATUS"] == "CANCELLED"
    again = written(anna, feed)
    assert (again[uid]["STATUS"], again[uid]["SEQUENCE"]) == ("CANCELLED", 1)
    assert uid not in written(anna, feed)


def test_a_reader_who_goes_away_takes_no_cancellation_along(anna: Desk, program: Program) -> None:
    anna.does("calendar")
    anna.does("done", anna.number("welcome_note"), "good")
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as nobody:
        assert program("calendar", stdout=nobody).code in (0, 141)
    assert cancelled(events(anna.does("calendar")))
    assert not cancelled(events(anna.does("calendar")))


def test_the_program_writes_the_feed_byte_for_byte(anna: Desk, program: Program, feed: Path) -> None:
    run = program("calendar", env=program.environment(PYTHONIOENCODING="ascii", LC_ALL="C"))
    assert (run.code, run.err) == (0, b"")
    assert run.out.count(b"\n") == run.out.count(b"\r\n")
    assert program("calendar", "-o", feed).code == 0
    assert set(events(feed)) == set(events(run.out.decode()))


def test_a_data_file_that_cannot_be_written_still_gives_its_feed(
    anna: Desk, feed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(anna, feed)
    anna.does("done", anna.number("welcome_note"), "good")
    with monkeypatch.context() as patch:
        patch.setattr("followup.store.location.is_writable", lambda path: False)
        for _ in range(2):
            answer = anna.cli("calendar", "-o", feed)
            assert answer.code == 0
            assert "not remembered" in answer.err
            assert cancelled(events(feed))
    assert cancelled(written(anna, feed))
    assert not cancelled(written(anna, feed))


# ------------------------------------------------------------------------------------ reports


def test_the_numbers_say_what_changed(anna: Desk, feed: Path) -> None:
    first = anna.json("calendar", "-o", feed)
    open_count = len(anna.open_dates())
    expected = {"entries": open_count, "added": open_count, "changed": 0, "cancelled": 0, "unchanged": 0}
    assert {name: first[name] for name in expected} == expected
    assert (first["schema"], first["path"], first["url"]) == ("followup.calendar/1", str(feed), None)
    assert len(first["items"]) == open_count
    anna.does("snooze", anna.number("first_job"), "2026-01-09")
    anna.does("done", anna.number("welcome_note"), "good")
    second = anna.json("calendar", "-o", feed)
    assert second["cancelled"] >= 1
    assert second["changed"] >= 1
    assert second["entries"] == second["added"] + second["changed"] + second["unchanged"] == len(anna.open_dates())
    third = anna.json("calendar", "-o", feed)
    assert third["unchanged"] == third["entries"] == second["entries"]
    assert (third["written"], anna.json("calendar", "-o", feed)["written"]) == (True, False)


@pytest.mark.parametrize("options", [("--dry-run",), ("--dry-run", "--json"), ("--json",)])
def test_a_dry_run_and_a_report_without_a_file_change_nothing(
    anna: Desk, tmp_path: Path, options: tuple[str, ...]
) -> None:
    anna.does("calendar")
    anna.does("done", anna.number("welcome_note"), "good")
    anna.does("calendar", *options)
    if "--dry-run" in options:
        anna.does("calendar", "-o", tmp_path / "feed.ics", *options)
    assert not (tmp_path / "feed.ics").exists()
    assert cancelled(events(anna.does("calendar")))


def test_options_of_push_stand_behind_its_name(anna: Desk) -> None:
    anna.refuses("calendar", "--customer", "anna", "push", says="stand behind its name", code=2)


# ------------------------------------------------------------------------------------ hostile customers

HOSTILE = (
    "Eve\nBEGIN:VALARM\nACTION:EMAIL\nATTENDEE:mailto:evil@example.org\nEND:VALARM",
    "Eve\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
    "Eve \x1b[2J\x07 \u202eevil\u2028ATTENDEE:x",
    "日本語" * 60,
    "C:\\New; a,b:c\"d'",
    "=cmd|' /C calc'!A0",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_and_no_note_changes_the_calendar(desk: Desk, feed: Path, name: str) -> None:
    desk.does("add", name, "--product", name, "--goal", name, "--playbook", "saas", "--signed", "2026-01-05")
    key = desk.json("list")["items"][0]["customer_key"]
    desk.cli("set", key, "notes", name)
    found = written(desk, feed)
    assert len(found) == len(desk.open_dates(key))
    calendar = Calendar.from_ical(feed.read_bytes())
    assert {each.name for each in calendar.walk()} == {"VCALENDAR", "VEVENT"}
    assert "ATTENDEE" not in {heading for each in calendar.walk() for heading in each}
    for line in feed.read_bytes().removesuffix(b"\r\n").split(b"\r\n"):
        assert len(line) <= 75
        assert not set(line.decode()) & {*map(chr, range(32)), "\x7f", "\u2028", "\u202e"}


# ------------------------------------------------------------------------------------ export


def test_touchpoints_go_out_as_a_calendar_that_nothing_is_remembered_of(
    two_annas: Desk, feed: Path, tmp_path: Path
) -> None:
    two_annas.does("dnc", "anna-mayer")
    out = two_annas.does("export", "touchpoints", "--format", "ics")
    assert out == two_annas.does("export", "touchpoints", "--format", "ics")
    assert len(events(out)) == len(two_annas.open_dates("anna-meyer"))
    assert "Mayer" not in out
    assert rows(two_annas, "calendar_entry") == []
    said = two_annas.does("export", "touchpoints", "-o", feed)
    assert said == f"{len(events(out))} touchpoints written to {feed}\n"
    assert feed.read_bytes() == out.encode()
    assert stat.S_IMODE(feed.stat().st_mode) == 0o600
    assert set(events(out)) <= set(written(two_annas, tmp_path / "feed.ics"))


def test_with_json_the_calendar_goes_into_a_file(anna: Desk, feed: Path) -> None:
    """Standard output has one JSON object or the calendar, never one where the other is expected."""
    answer = anna.cli("export", "touchpoints", "--format", "ics", "--json")
    assert answer.code == 2
    assert "BEGIN:VCALENDAR" not in answer.out
    assert "give -o FILE" in json.loads(answer.out or answer.err)["error"]
    said = anna.json("export", "touchpoints", "--format", "ics", "-o", feed)["said"]
    assert said == [f"{len(events(feed))} touchpoints written to {feed}"]


@pytest.mark.parametrize("command", [("export", "customers", "--format", "ics"), ("export", "sales", "-o", "x.ics")])
def test_no_other_table_is_a_calendar(anna: Desk, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(anna.cli.db.parent)
    anna.refuses(*command, says="only touchpoints can be exported as 'ics'", hint="--format csv", code=2)
    assert not Path("x.ics").exists()
