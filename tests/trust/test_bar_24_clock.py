"""Bar 24: whatever the clock does, a reminder comes once a day; by hand and under cron it is the same day.

In this process the clock is replaced, so that whole days go by hour for hour; a few runs are those of the installed
program with `faketime` in front and cron's poor environment around it.
"""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.trust.installed import FULL, Installed, command

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
CUSTOMERS = ("Anna Meyer", "Bo Li", "Cem Aydin")

ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Africa/Cairo",  # its clocks go forward at midnight: one day has none
    "America/Santiago",  # the same, and back at midnight: one day has two
    "Australia/Lord_Howe",  # half an hour
    "Pacific/Apia",  # a day ahead of most of the world
    "Pacific/Niue",  # a day behind it, and no summer time
    "America/Havana",
    "Asia/Beirut",
    "Atlantic/Azores",
    "Asia/Kathmandu",
    "Pacific/Chatham",
)


def transitions(zone: str, year: int = 2026) -> list[datetime]:
    """The first hours (UTC) of a year with another offset than the hour before; else noon of 1 June."""
    name = ZoneInfo(zone)
    first = datetime(year, 1, 2, tzinfo=UTC)
    hours = (first + HOUR * number for number in range(363 * 24))
    found = [at for at in hours if (at - HOUR).astimezone(name).utcoffset() != at.astimezone(name).utcoffset()]
    return found or [datetime(year, 6, 1, 12, tzinfo=UTC)]


TURNS = [(zone, at) for zone in ZONES for at in transitions(zone)]


@dataclass(frozen=True, slots=True)
class Seller:
    """A data file with three customers to whom something is owed since long: there is something due on every day."""

    folder: Path

    @classmethod
    def in_zone(cls, folder: Path, zone: str, *, owed: date) -> Seller:
        seller = cls(folder)
        text = f'[calendar]\ntimezone = "{zone}"\n' if zone else ""
        (folder / "config.toml").write_text(text, encoding="utf-8")
        before = Installed(folder, folder / "followup.db")
        for name in CUSTOMERS:
            before.does("--today", owed.isoformat(), "add", name, "--playbook", "saas", "--signed", owed.isoformat())
            before.does("--today", owed.isoformat(), "promise", "add", name, "a list", "--by", owed.isoformat())
        return seller

    def arguments(self, *args: str) -> list[str]:
        return ["--db", str(self.folder / "followup.db"), "--config", str(self.folder / "config.toml"), *args]

    def at(self, instant: datetime, *args: str) -> Any:
        """Run a command in this process when the clock shows an instant; give its JSON."""
        import time_machine

        from followup.cli.main import main

        out, err = io.StringIO(), io.StringIO()
        with time_machine.travel(instant, tick=False), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(self.arguments(*args, "--json"))
        assert code == 0, (instant, args, out.getvalue(), err.getvalue())
        return json.loads(out.getvalue())

    def reminded(self, instant: datetime) -> list[tuple[str, str, int]]:
        """What a run of `remind` sent: customer, step, occurrence."""
        told = self.at(instant, "remind", "--via", "stdout")
        assert told["unknown"] == []
        assert told["failed"] == []
        return [(one["customer_key"], one["step"], one["occurrence"]) for one in told["sent"]]

    def process(self, instant: datetime, *args: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run the installed program with the clock moved, and nothing in its environment but what is given."""
        off = round(instant.timestamp() - time.time())
        faked = ["faketime", "-f", f"{off:+d}"]
        bare = ["env", "-i", *(f"{name}={value}" for name, value in environment.items())]
        return subprocess.run(
            [*bare, *faked, *command(), *self.arguments(*args)],
            cwd="/",
            env={"PATH": "/usr/bin:/bin"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )


@pytest.fixture
def needs_faketime() -> None:
    if shutil.which("faketime") is None:
        pytest.skip("no faketime on this machine")


@pytest.fixture
def system_in_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine whose own zone is none of the seller's, as cron's often is."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def hours_around(at: datetime) -> list[datetime]:
    """Every hour of three days, or those around the midnights and the turn of the clock."""
    every = [at + HOUR * number for number in range(-36, 37)]
    return every if FULL else [*every[::11], *every[34:40]]


@pytest.mark.trust
@pytest.mark.usefixtures("system_in_utc")
@pytest.mark.parametrize(
    ("zone", "at"), TURNS if FULL else TURNS[:7], ids=lambda each: str(each).replace(" ", "T").removesuffix(":00+00:00")
)
def test_hourly_runs_over_a_turn_of_the_clock_remind_once_a_day(tmp_path: Path, zone: str, at: datetime) -> None:
    seller = Seller.in_zone(tmp_path, zone, owed=(at - 10 * DAY).date())
    name = ZoneInfo(zone)

    digests: Counter[date] = Counter()
    sent: Counter[tuple[date, tuple[str, str, int]]] = Counter()
    for instant in sorted(hours_around(at)):
        day = instant.astimezone(name).date()
        items = seller.reminded(instant)
        digests[day] += bool(items)
        sent.update((day, item) for item in items)

    days = {instant.astimezone(name).date() for instant in hours_around(at)}
    assert set(digests) == days
    assert set(digests.values()) == {1}
    assert set(sent.values()) == {1}
    owed = {(customer, step, occurrence) for _, (customer, step, occurrence) in sent if step.startswith("promise")}
    assert len(owed) == len(CUSTOMERS)
    assert all((day, item) in sent for day in days for item in owed)


JUMPS = {
    "an hour back": -HOUR,
    "a day back": -DAY,
    "two days back": -2 * DAY,
    "an hour ahead": HOUR,
    "a year ahead": 365 * DAY,
    "a year back": -365 * DAY,
    "ten years ahead": 3652 * DAY,
}


@pytest.mark.trust
@pytest.mark.usefixtures("system_in_utc")
@pytest.mark.parametrize("jump", JUMPS)
@pytest.mark.parametrize("hour", [6, 12, 22, 23] if FULL else [6, 23])
def test_a_clock_that_jumps_and_comes_back_repeats_nothing_and_silences_nothing(
    tmp_path: Path, jump: str, hour: int
) -> None:
    """Right, wrong, right again on the same day, then the next days: one digest for each day there was."""
    right = datetime(2026, 11, 24, hour, 30, tzinfo=UTC)
    seller = Seller.in_zone(tmp_path, "Europe/Berlin", owed=date(2026, 11, 10))
    day = right.astimezone(ZoneInfo("Europe/Berlin")).date()
    wrong = right + JUMPS[jump]
    wrong_day = wrong.astimezone(ZoneInfo("Europe/Berlin")).date()

    first = seller.reminded(right)
    while_wrong = [*seller.reminded(wrong), *seller.reminded(wrong + 5 * timedelta(minutes=1))]
    again = seller.reminded(right + timedelta(minutes=20))
    listed = {one["step"] for one in seller.at(right + timedelta(minutes=20), "due", "--all")["items"]}
    next_days = [seller.reminded(right + DAY * number) for number in (1, 2, 3)]

    assert len(first) == len(set(first)) >= len(CUSTOMERS)
    assert again == [], "the day had its digest"
    assert len(while_wrong) == len(set(while_wrong))
    near = day - 2 * DAY <= wrong_day <= day
    if near:
        assert while_wrong == [], "the same digest under the name of another day"
    promised = {item for item in first if item[1].startswith("promise")}
    assert {step for _, step, _ in promised} <= listed
    # Where the wrong clock ran into tomorrow, tomorrow has had its digest.
    ahead = (wrong_day - day).days
    for number, items in enumerate(next_days, start=1):
        assert len(items) == len(set(items))
        assert promised <= set(items) or number <= ahead <= 3


@pytest.mark.trust
@pytest.mark.usefixtures("system_in_utc")
def test_with_a_ledger_that_knows_one_day_only_a_clock_going_back_would_repeat(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A planted fault: the test above sees it."""
    monkeypatch.setattr("followup.store.deliveries.AHEAD", timedelta(0))

    with pytest.raises(AssertionError, match="under the name of another day"):
        test_a_clock_that_jumps_and_comes_back_repeats_nothing_and_silences_nothing(tmp_path, "a day back", 6)


@pytest.mark.trust
@pytest.mark.usefixtures("system_in_utc")
@pytest.mark.parametrize("ahead", [30, 365, 3652] if FULL else [365])
def test_a_look_ahead_takes_nothing_off_the_list(tmp_path: Path, ahead: int) -> None:
    """A clock that was ahead for one run, or `--today` of somebody curious: the plan follows from facts."""
    right = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
    seller = Seller.in_zone(tmp_path, "Europe/Berlin", owed=date(2026, 11, 10))
    listed = seller.at(right, "due", "--all", "--days", "60")["items"]

    seller.at(right + ahead * DAY, "due")
    seller.at(right + ahead * DAY, "remind", "--via", "stdout")

    assert seller.at(right, "due", "--all", "--days", "60")["items"] == listed


@pytest.mark.trust
@pytest.mark.usefixtures("system_in_utc")
@pytest.mark.parametrize("missed", [1, 2, 3, 7, 30] if FULL else [1, 7])
def test_days_without_a_run_are_made_up_for_by_one_digest(tmp_path: Path, missed: int) -> None:
    begin = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
    seller = Seller.in_zone(tmp_path, "Europe/Berlin", owed=date(2026, 11, 10))
    seller.reminded(begin)
    back = begin + DAY * (missed + 1)
    due = {(one["customer_key"], one["step"]) for one in seller.at(back, "due", "--all")["items"]}

    runs = [seller.reminded(back + HOUR * number) for number in range(11)]

    assert [bool(items) for items in runs] == [True] + [False] * 10
    assert {(customer, step) for customer, step, _ in runs[0]} == due


@pytest.mark.trust
@pytest.mark.usefixtures("needs_faketime")
@pytest.mark.parametrize(
    ("zone", "at"),
    [
        ("Pacific/Auckland", datetime(2026, 11, 23, 13, 30, tzinfo=UTC)),  # Tuesday there, Monday in UTC
        ("America/Los_Angeles", datetime(2026, 11, 24, 4, 30, tzinfo=UTC)),  # Monday there, Tuesday in UTC
        *([("Africa/Cairo", datetime(2026, 4, 23, 22, 10, tzinfo=UTC))] if FULL else []),
        *([("Europe/Berlin", datetime(2026, 10, 24, 22, 30, tzinfo=UTC))] if FULL else []),
        *([("Pacific/Kiritimati", datetime(2026, 12, 31, 10, 30, tzinfo=UTC))] if FULL else []),
    ],
)
def test_today_is_the_same_by_hand_and_under_cron(tmp_path: Path, zone: str, at: datetime) -> None:
    """By hand: TZ of the desk. Under cron: `env -i`. The digest sent by the one is not sent again by the other."""
    day = at.astimezone(ZoneInfo(zone)).date()
    seller = Seller.in_zone(tmp_path, zone, owed=day - 14 * DAY)

    by_hand = seller.process(at, "due", "--json", TZ=zone, HOME=str(tmp_path), LANG="C.UTF-8")
    by_cron = seller.process(at, "due", "--json")
    reminded = seller.process(at, "remind", "--via", "stdout", "--json")
    again = seller.process(at + HOUR / 4, "remind", "--via", "stdout", TZ=zone, HOME=str(tmp_path))

    assert (by_hand.stderr, by_cron.stderr) == ("", "")
    assert json.loads(by_hand.stdout)["today"] == json.loads(by_cron.stdout)["today"] == day.isoformat()
    assert json.loads(by_hand.stdout)["items"] == json.loads(by_cron.stdout)["items"]
    assert {one["day"] for one in json.loads(reminded.stdout)["sent"]} == {day.isoformat()}
    assert (again.returncode, again.stdout) == (0, "")


@pytest.mark.trust
@pytest.mark.usefixtures("needs_faketime")
def test_without_a_configured_zone_the_days_do_differ(tmp_path: Path) -> None:
    """What the test above would see without the setting: it can fail."""
    at = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)
    seller = Seller.in_zone(tmp_path, "", owed=date(2026, 11, 10))

    by_hand = seller.process(at, "due", "--json", TZ="Pacific/Auckland")
    by_cron = seller.process(at, "due", "--json", TZ="UTC")

    assert json.loads(by_hand.stdout)["today"] == "2026-11-24"
    assert json.loads(by_cron.stdout)["today"] == "2026-11-23"


@pytest.mark.trust
@pytest.mark.usefixtures("needs_faketime")
def test_processes_with_a_clock_that_jumps_send_one_digest(tmp_path: Path) -> None:
    """The installed program, its clock moved by faketime: an hour, a day back; a year ahead; right again."""
    right = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
    seller = Seller.in_zone(tmp_path, "Europe/Berlin", owed=date(2026, 11, 10))
    jumps = [timedelta(0), -HOUR, -DAY, HOUR, 365 * DAY, 365 * DAY + HOUR, 2 * HOUR, DAY]

    runs = [seller.process(right + jump, "remind", "--via", "stdout") for jump in jumps]

    assert [(run.returncode, run.stderr) for run in runs] == [(0, "")] * len(runs)
    assert [bool(run.stdout) for run in runs] == [True, False, False, False, True, False, False, True]


POOR = {
    "nothing": {},
    "the C locale": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "a locale that is not there": {"LANG": "xx_YY.UTF-8", "LC_ALL": "xx_YY.UTF-8"},
    "a home that is not there": {"HOME": "/nonexistent"},
    "a zone that is not there": {"TZ": "No/Where"},
    "what cron gives": {"HOME": "/root", "LOGNAME": "root", "PATH": "/usr/bin:/bin", "SHELL": "/bin/sh"},
}


@pytest.mark.parametrize("environment", POOR)
def test_a_poor_environment_changes_nothing_but_the_letters(tmp_path: Path, environment: str) -> None:
    """`env -i /absolute/followup --db ... remind`, from the root folder, without a terminal or anything to read."""
    seller = Seller.in_zone(tmp_path, "Europe/Berlin", owed=date(2026, 11, 10))
    Installed(tmp_path, tmp_path / "followup.db").does("set", "Bo Li", "name", "李波")
    arguments = seller.arguments("--today", "2026-11-24", "remind", "--via", "stdout")

    ran = subprocess.run(
        [
            "/usr/bin/env",
            "-i",
            *(f"{name}={value}" for name, value in POOR[environment].items()),
            *command(),
            *arguments,
        ],
        cwd="/",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=60,
    )

    assert (ran.returncode, ran.stderr) == (0, b""), ran
    shown = ran.stdout.decode()
    assert "Anna Meyer" in shown
    assert "李波" in shown or r"\u674e\u6ce2" in shown
