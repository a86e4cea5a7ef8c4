"""Bar 29, calendars: customers with the worst of names, one component for each contact, and the same bytes five times.

What single entries may say is tested beside the writer (`tests/files/test_ics.py`). Here a whole data file goes through
the program: all naughty texts under `make trust`, every twelfth one otherwise.
"""

from __future__ import annotations

from typing import Any

import pytest
from icalendar import Calendar

from followup.core.visible import visible
from tests.trust.installed import FULL, TODAY, Installed, write_table
from tests.trust.naughty import NAUGHTY, OWN

pytestmark = [
    pytest.mark.trust,
    pytest.mark.timeout(900),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:vobject"),
]

TEXTS = [text for text in (NAUGHTY if FULL else (*NAUGHTY[::12], *OWN[::4])) if text.strip()]


@pytest.fixture
def many(installed: Installed) -> Installed:
    """A customer for each text, who is called so, wants so and bought so."""
    head = ("external_id", "name", "goal", "product", "notes")
    rows = [(str(number), text, text, text, text) for number, text in enumerate(TEXTS)]
    table = write_table(installed.folder / "naughty.csv", [head, *rows])
    rejects = installed.folder / "rejects.csv"
    installed.does("import", table, "--playbook", "retail", "--signed", TODAY, "--skip-bad", rejects)
    return installed


def feed_of(installed: Installed) -> bytes:
    installed.does("calendar", "-o", installed.folder / "feed.ics")
    return (installed.folder / "feed.ics").read_bytes()


def by_uid(text: bytes) -> dict[str, Any]:
    return {str(event["UID"]): event for event in Calendar.from_ical(text).walk("VEVENT")}


def test_a_file_of_naughty_customers_is_a_calendar_that_two_readers_agree_on(many: Installed) -> None:
    import vobject

    items = many.told("due", "--days", "3000", "--all")["items"]
    assert len({item["customer_key"] for item in items}) > len(TEXTS) * 0.9
    first = feed_of(many)
    for _ in range(4):
        (many.folder / "feed.ics").unlink()
        assert feed_of(many) == first
    lines = first.removesuffix(b"\r\n").split(b"\r\n")
    assert max(map(len, lines)) <= 75
    for line in lines:
        assert visible(line.decode()) == line.decode()
    calendar = Calendar.from_ical(first)
    assert {component.name for component in calendar.walk()} == {"VCALENDAR", "VEVENT"}
    mine = by_uid(first)
    theirs = {event.uid.value: event for event in vobject.readOne(first.decode()).vevent_list}
    assert len(mine) == len(theirs) == len(items)
    assert sorted((str(event["DTSTART"].dt), str(event["SUMMARY"])) for event in mine.values()) == sorted(
        (
            item["due_on"],
            visible(f"{item['customer']}: {item['purpose'].replace('_', ' ')} ({item['channel'].replace('_', ' ')})"),
        )
        for item in items
    )
    for uid, event in mine.items():
        assert theirs[uid].summary.value == str(event["SUMMARY"])
        assert theirs[uid].description.value == str(event["DESCRIPTION"])
        assert theirs[uid].dtstart.value == event["DTSTART"].dt


def test_uids_stay_through_edits_and_whoever_goes_is_taken_back_once(many: Installed) -> None:
    before = by_uid(feed_of(many))
    items = many.told("due", "--days", "3000", "--all")["items"]
    moved, done, gone = (
        items[0],
        items[-1],
        next(item for item in items if item["customer_key"] != items[0]["customer_key"]),
    )
    many.does("snooze", str(moved["id"]), "2026-06-01")
    many.does("done", str(done["id"]), "good")
    many.does("dnc", gone["customer_key"])
    text = feed_of(many)
    after = by_uid(text)
    assert set(before) <= set(after)
    taken_back = {uid for uid, event in after.items() if event["STATUS"] == "CANCELLED"}
    assert len(taken_back) > 1
    assert {str(after[uid]["SUMMARY"]) for uid in taken_back} == {"cancelled"}
    assert all("DESCRIPTION" not in after[uid] and after[uid]["SEQUENCE"] == 1 for uid in taken_back)
    last = by_uid(feed_of(many))
    assert set(last) == set(after) - taken_back
    assert all(last[uid].to_ical() == after[uid].to_ical() for uid in last)
