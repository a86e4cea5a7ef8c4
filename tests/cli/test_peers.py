"""What users of other tools stumbled over, each case through the commands (threads of other issue trackers).

Those about export, and about reminders and the digest for cron (brought once, never lost), follow with these commands.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Desk, WriteTable

HEAD = """playbook: {key}
version: 1
title: {key}
goal: g
kpi: nps
complexity: simple
anchors:
  sale: signed
{anchors}steps:
{steps}"""
STEP = "  - {{id: {id}, {what}, channel: phone, goal: g, gives: x, ask: [What got in the way?]}}\n"


def write(desk: Desk, key: str, steps: dict[str, str], anchors: str = "") -> Path:
    """Give the user a playbook of their own: step -> what is special about it."""
    folder = desk.cli.config.parent / "playbooks"
    folder.mkdir(exist_ok=True)
    path = folder / f"{key}.yaml"
    lines = "".join(STEP.format(id=name, what=what) for name, what in steps.items())
    path.write_text(HEAD.format(key=key, anchors=anchors, steps=lines), encoding="utf-8")
    return path


def own(desk: Desk, steps: dict[str, str], *options: str, anchors: str = "", today: str | None = None) -> None:
    """Add Olga, who is followed up by a playbook with these steps alone."""
    write(desk, "mine", steps, anchors)
    desk.does("add", "Olga Ray", "--playbook", "mine", *options, today=today)


def due(desk: Desk, today: str, who: str = "olga") -> dict[str, str]:
    """What is still open for Olga: step -> date."""
    return {name.split("/")[0]: on for name, on in desk.open_dates(who, today=today).items()}


def gap(one: str, other: str) -> int:
    return (date.fromisoformat(other) - date.fromisoformat(one)).days


# The schedule heeds that they have talked


TALK = {"talk": "stage: maintenance, when: live+100, every: 60d, window: [-7, 7], purpose: feedback"}


def add_olga_with_talks(desk: Desk) -> None:
    own(desk, TALK, "--signed", "2026-01-05")


@pytest.mark.parametrize("planned", [True, False])
def test_a_call_two_days_before_it_is_due_moves_the_next_one(desk: Desk, planned: bool) -> None:
    """Monica 6571, 1814: the clock runs from the last real contact, planned and made early, or one that just came."""
    add_olga_with_talks(desk)
    early = "2026-04-13"
    assert due(desk, early)["talk"] == "2026-04-15"
    if planned:
        desk.does("done", desk.number("talk", "olga", today=early), "good", today=early)
    else:
        desk.does("log", "olga", "good", "we spoke", "--purpose", "feedback", today=early)
    assert due(desk, early)["talk"] == "2026-06-12", "60 days after the call, not after the old date"


@pytest.mark.parametrize("direction", [(), ("--inbound",)])
def test_whoever_called(anna: Desk, direction: tuple[str, ...]) -> None:
    """Monica 1814: any real contact counts for the rhythm, and a try does not."""
    anna.does("log", "anna", "no-answer", *direction, today="2026-09-14")
    tried = anna.sale(today="2026-09-14")["strength"]
    anna.does("log", "anna", "good", *direction, today="2026-09-14")
    assert anna.sale(today="2026-09-14")["strength"] > tried


def test_a_back_dated_call_older_than_the_newest_moves_nothing(desk: Desk) -> None:
    """Monica 6571, the other way round."""
    add_olga_with_talks(desk)
    desk.does("log", "olga", "good", "--purpose", "feedback", today="2026-04-13")
    before = due(desk, "2026-04-14")
    desk.does(
        "log", "olga", "good", "found in my notes", "--purpose", "feedback", "--on", "2026-04-09", today="2026-04-14"
    )
    assert due(desk, "2026-04-14") == before


def test_a_back_dated_call_newer_than_the_newest_does(desk: Desk) -> None:
    """It counts from the day of the call, not from the day on which it was written down."""
    add_olga_with_talks(desk)
    desk.does("log", "olga", "good", "--purpose", "feedback", "--on", "2026-04-13", today="2026-04-20")
    assert due(desk, "2026-04-20")["talk"] == "2026-06-12"


# Weekends, holidays, working days


def test_a_sunday_before_a_holiday_becomes_tuesday_and_what_follows_slides(desk: Desk) -> None:
    """Outreach: later steps slide along and do not play catch-up. Easter Monday 2026 is 6 April."""
    desk.does("config", "set", "calendar.country", "DE")
    steps = {"look": "stage: maintenance, when: sale+90, every: 30d, window: [-5, 10], purpose: prevention"}
    own(desk, steps, "--signed", "2026-01-05", "--country", "DE")
    moved = desk.step("look", "olga")
    assert moved["due_on"] == "2026-04-07", "5 April is Easter Sunday, 6 April a holiday"
    assert "is a Sunday: moved forward to Tue 7 April 2026" in " ".join(one["text"] for one in moved["reasons"])
    desk.does("done", str(moved["id"]), "good", today="2026-04-07")
    following = due(desk, "2026-04-07")["look"]
    assert gap("2026-04-07", following) >= 30, "counted from the contact, no catch-up"
    assert following == "2026-05-07"


def test_three_days_are_not_three_working_days(desk: Desk) -> None:
    """Topydo 182: `3d` moves to a working day, `3bd` does not count the days off."""
    steps = {
        "shifted": "stage: novelty, when: sale+3d, purpose: prevention",
        "counted": "stage: novelty, when: sale+3bd, window: [0, 1], purpose: welcome",
    }
    own(desk, steps, "--signed", "2026-01-08", today="2026-01-08")
    found = {step: desk.step(step, "olga", today="2026-01-08") for step in steps}
    assert "Sun 11 January" in found["shifted"]["reasons"][0]["text"]
    assert "Tue 13 January" in found["counted"]["reasons"][0]["text"]


@pytest.mark.parametrize(("word", "day"), [("3d", "2026-01-11"), ("3bd", "2026-01-13")])
def test_so_it_is_when_something_is_put_off(anna: Desk, word: str, day: str) -> None:
    """The same two meanings on the command line; the day by hand is the one that was said."""
    anna.does("snooze", anna.number("week_one"), word, today="2026-01-08")
    assert anna.step("week_one", today="2026-01-08")["due_on"] == day


# Skip, hold, resume


CHAIN = {
    "first": "stage: learning, when: live+4, window: [-1, 2], purpose: prevention",
    "second": "stage: learning, when: live+11, window: [-1, 2], purpose: education",
}


@pytest.mark.parametrize("skipped_on", ["2026-01-09", "2026-01-12"])
def test_skipping_leaves_the_dates_of_all_that_follows(desk: Desk, skipped_on: str) -> None:
    """Amplemarket: skipping what is due keeps the original dates, also when it is late already."""
    own(desk, CHAIN, "--signed", "2026-01-05")
    before = due(desk, skipped_on)["second"]
    said = desk.does("skip", desk.number("first", "olga", today=skipped_on), today=skipped_on)
    assert "skipped: first" in said
    assert due(desk, skipped_on)["second"] == before == "2026-01-16"


@pytest.mark.parametrize(("skipped_on", "following"), [("2026-04-15", "2026-06-15"), ("2026-04-24", "2026-06-23")])
def test_skipping_what_repeats_begins_a_new_interval(desk: Desk, skipped_on: str, following: str) -> None:
    """Amplemarket: due keeps the rhythm as it was, overdue begins it anew from the day of the skip."""
    add_olga_with_talks(desk)
    desk.does("skip", desk.number("talk", "olga", today=skipped_on), today=skipped_on)
    assert due(desk, skipped_on)["talk"] == following


def test_hold_two_days_into_a_wait_of_three_leaves_one(desk: Desk) -> None:
    """HubSpot: what remains of the delay runs on after the pause."""
    own(desk, {"call": "stage: novelty, when: sale+3d, any_day: true, purpose: prevention"}, "--signed", "2026-01-05")
    assert due(desk, "2026-01-07")["call"] == "2026-01-08"
    desk.does("hold", "olga", today="2026-01-07")
    assert due(desk, "2026-01-14") == {}
    desk.does("resume", "olga", today="2026-01-21")
    assert due(desk, "2026-01-21")["call"] == "2026-01-22"


def test_three_weeks_on_hold_end_without_a_burst(anna: Desk) -> None:
    """Mautic 3340: at most one contact is due, and the rest is planned anew with its distances."""
    for step, day in (("welcome_note", "05"), ("plan_together", "06"), ("first_job", "07"), ("who_else", "08")):
        anna.does("done", anna.number(step), "good", today=f"2026-01-{day}")
    anna.does("done", anna.number("week_one"), "good", today="2026-01-12")
    before = due(anna, "2026-01-14", "anna")
    anna.does("hold", "anna", today="2026-01-14")
    assert anna.json("due", today="2026-01-28")["items"] == []
    anna.does("resume", "anna", today="2026-02-04")
    assert len(anna.json("due", "--all", today="2026-02-04")["items"]) <= 1
    after = due(anna, "2026-02-04", "anna")
    for step in ("dip_call", "lesson_one", "progress_call", "you_said_we_did"):
        assert 21 <= gap(before[step], after[step]) <= 24, step


# A playbook is edited


def test_an_edited_playbook_reaches_people_only_when_asked(desk: Desk) -> None:
    """Mautic 838, 4144, 11634: pinned until `replan`, and a day set by hand survives it."""
    own(desk, CHAIN, "--signed", "2026-01-05")
    desk.does("snooze", desk.number("second", "olga"), "2026-01-20")
    write(
        desk,
        "mine",
        {name: what.replace("live+4", "live+8").replace("live+11", "live+15") for name, what in CHAIN.items()},
    )
    desk.does("plan", "--rebuild")
    assert due(desk, "2026-01-05") | {"first": "2026-01-09", "second": "2026-01-20"} == due(desk, "2026-01-05")
    told = desk.json("replan")["items"][0]["changes"]
    assert {one["step"] for one in told} & set(CHAIN) == {"first"}
    assert due(desk, "2026-01-05")["first"] == "2026-01-13"
    assert due(desk, "2026-01-05")["second"] == "2026-01-20"


# Many customers


def test_levelling_never_piles_everything_on_the_last_day(desk: Desk, table: WriteTable) -> None:
    """Anki 3643: two hundred old sales are spread, and the last day allowed is a day like any other."""
    rows = [{"Name": f"Person {n:03}", "Email": f"p{n}@x.example", "Signed": "2024-03-01"} for n in range(200)]
    told = desk.json("import", table(rows), "--playbook", "saas")
    assert told["created"] == 200
    items = desk.json("due", "--all", "--days", "3660")["items"]
    assert len({item["customer_key"] for item in items}) == 200
    days = Counter(item["due_on"] for item in items)
    assert len(days) >= 40
    assert max(days.values()) <= 12, "never more than a day's capacity"
    assert days[max(days)] <= 200 // 20


def test_quiet_hours_hide_nothing_from_the_list(anna: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Munin 636: a list made at midnight is the same as one made at noon."""
    anna.does("config", "set", "calendar.timezone", "UTC")
    monkeypatch.delenv("FOLLOWUP_TODAY")
    lists = []
    for hour in (0, 5, 12, 23):
        at(monkeypatch, datetime.fromisoformat(f"2026-01-06T{hour:02}:30:00+00:00"))
        told = anna.json("due")
        assert told["today"] == "2026-01-06"
        lists.append([item["id"] for item in told["items"]])
    assert lists[0] != []
    assert lists == [lists[0]] * 4


def test_the_same_table_three_times_makes_nobody_twice(desk: Desk, table: WriteTable) -> None:
    """Monica 5932: also with another order of rows and columns, and other capitals."""
    rows = [
        {"Name": "Anna Meyer", "Email": "anna@x.example", "Signed": "2026-01-05"},
        {"Name": "Ben Ode", "Email": "ben@x.example", "Signed": "2025-12-01"},
    ]
    again = [{"Email": row["Email"].upper(), "Signed": row["Signed"], "Name": row["Name"]} for row in reversed(rows)]
    for turn, path in enumerate((table(rows), table(rows), table(again, "again.csv"))):
        told = desk.json("import", path, "--playbook", "saas")
        assert told["created"] == (2 if turn == 0 else 0)
    assert len(desk.rows("customer")) == len(desk.rows("sale")) == len(desk.rows("contact")) == 2


def test_do_not_contact_survives_another_import(desk: Desk, table: WriteTable) -> None:
    """Mautic 11679: a table that knows nothing of it, or says no, takes it from nobody."""
    row = {"Name": "Anna Meyer", "Email": "anna@x.example", "Signed": "2026-01-05", "Goal": "fewer errors"}
    desk.does("import", table([row]), "--playbook", "saas")
    desk.does("dnc", "anna")
    for more in ({}, {"Do Not Contact": "no"}, {"Do Not Contact": ""}):
        desk.does("import", table([{**row, **more}]), "--playbook", "saas")
        assert desk.json("show", "anna")["customer"]["do_not_contact"] is True
        assert desk.json("due", "--all", "--days", "3660")["items"] == []


# The calendar


def test_the_end_of_january_and_a_month(desk: Desk) -> None:
    """31 January + 1m is the last day of February, and the month after that is 31 March again: never chained."""
    check = "when: sale, every: 1m, until: finish, window: [0, 0], any_stage: true, any_day: true, purpose: prevention"
    more = "  finish: {says: the end}\n"
    own(desk, {"check": check}, "--signed", "2026-01-31", "--anchor", "finish=2026-06-30", anchors=more)
    days = []
    for _ in range(5):
        step = desk.step("check", "olga")
        days.append(step["due_on"])
        desk.does("done", str(step["id"]), "good", today=step["due_on"])
    assert days == ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]


@pytest.mark.parametrize(("word", "day"), [("1m", "2026-02-28"), ("2m", "2026-03-31"), ("-1m", "2025-12-31")])
def test_months_that_are_typed_end_with_the_month(desk: Desk, word: str, day: str) -> None:
    desk.does("add", "Olga Ray", "--playbook", "saas", "--signed", word, today="2026-01-31")
    assert desk.sale("olga")["anchors"]["sale"] == day


def test_an_anniversary_of_29_february(desk: Desk) -> None:
    """On 28 February in a common year, on 29 February in a leap year."""
    steps = {"birthday": "when: yearly, every: cycle, any_stage: true, any_day: true, purpose: prevention"}
    more = "  yearly: {says: the day it was bought, repeats: 1y}\n"
    day = "2024-02-29"
    own(desk, steps, "--signed", day, "--anchor", f"yearly={day}", anchors=more, today=day)
    days = []
    for year in range(2024, 2030):
        step = desk.step("birthday", "olga", today=f"{year}-02-28" if year > 2024 else day)
        days.append(step["due_on"])
        desk.does("done", str(step["id"]), "good", today=step["due_on"])
    assert days == [day, "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29", "2029-02-28"]


@pytest.mark.parametrize(
    "instant", ["2026-03-28T23:30:00+00:00", "2026-03-29T00:30:00+00:00", "2026-03-29T21:59:00+00:00"]
)
def test_the_day_on_which_the_clocks_change_is_one_day(
    anna: Desk, monkeypatch: pytest.MonkeyPatch, instant: str
) -> None:
    """In Berlin 29 March 2026 has 23 hours: it begins at 23:00 UTC and ends at 22:00 UTC."""
    anna.does("config", "set", "calendar.timezone", "Europe/Berlin")
    monkeypatch.delenv("FOLLOWUP_TODAY")
    at(monkeypatch, datetime.fromisoformat(instant))
    assert anna.json("due")["today"] == "2026-03-29"


def test_nothing_moves_over_the_change_of_the_clocks(desk: Desk) -> None:
    """Dates are days: a week after 26 March is 2 April."""
    desk.does("config", "set", "calendar.timezone", "Europe/Berlin")
    steps = {"call": "stage: learning, when: live+7d, window: [0, 0], purpose: prevention"}
    own(desk, steps, "--signed", "2026-03-26", today="2026-03-26")
    assert due(desk, "2026-03-26")["call"] == "2026-04-02"
    desk.does("snooze", desk.number("call", "olga", today="2026-03-26"), "1w", "14:30", today="2026-03-26")
    step = desk.step("call", "olga", today="2026-03-26")
    assert (step["due_on"], step["agreed_time"]) == ("2026-04-02", "14:30")


def at(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    """Let the clock of the command line stand still."""
    from followup.cli import session

    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return now.astimezone(tz)

    monkeypatch.setattr(session, "datetime", Clock)


def test_a_traveller_decides_what_today_is(anna: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """SuiteCRM 822, Monica 428: the configured time zone says which day it is, for what is due and what is recorded."""
    monkeypatch.delenv("FOLLOWUP_TODAY")
    at(monkeypatch, datetime.fromisoformat("2026-01-06T03:00:00+00:00"))
    for zone, today in (("America/Los_Angeles", "2026-01-05"), ("Asia/Tokyo", "2026-01-06")):
        anna.does("config", "set", "calendar.timezone", zone)
        told = anna.json("due", "--all")
        assert told["today"] == today
        assert ("plan_together" in [item["step"] for item in told["items"]]) is (today == "2026-01-06")
    anna.does("done", "1", "good")
    assert anna.sale(today="2026-01-06")["activities"][0]["on"] == "2026-01-06"


def test_due_today_is_not_overdue_and_without_a_date_nothing_is(desk: Desk) -> None:
    """Ultralist 169, todo.txt: late begins the day after; what waits for a date is on no list."""
    steps = {
        "call": "stage: learning, when: live+4, window: [0, 0], purpose: prevention",
        "permit": "when: handover-3, any_stage: true, purpose: prevention",
    }
    own(desk, steps, "--signed", "2026-01-05", anchors="  handover: {says: keys}\n")

    def listed(today: str) -> dict[str, int]:
        return {item["step"]: item["days_overdue"] for item in desk.json("due", "--all", today=today)["items"]}

    assert listed("2026-01-09") == {"call": 0}
    assert listed("2026-01-12") == {"call": 3}
    waiting = desk.step("permit", "olga")
    assert (waiting["status"], waiting["due_on"], waiting["days_overdue"]) == ("waiting", None, 0)
    desk.does("anchor", "set", "olga", "handover", "2026-01-15")
    assert desk.step("permit", "olga")["due_on"] == (date(2026, 1, 15) - timedelta(days=3)).isoformat()
