"""The texts for the schedulers: what each of them reads out of its own text is the command that was meant."""

from __future__ import annotations

import plistlib
import re
import shlex
import shutil
import subprocess
from dataclasses import replace
from datetime import date, time
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.actions.scheduling import (
    Place,
    Schedule,
    crontab_text,
    crontab_word,
    plist_text,
    read_weekdays,
    schedule,
    service_text,
    systemd_word,
    task_text,
    timer_text,
)
from followup.core.visible import visible
from followup.errors import FollowupError
from followup.files.config_file import CalendarSettings, Config, HookSettings, Me, RemindSettings, SmtpSettings

DAY = date(2026, 1, 5)
HALF_PAST_SEVEN = time(7, 30)
WEEK = range(5)
ANNA = Place(program=("/home/anna/.local/bin/followup",), home="/home/anna")

WORDS = st.text(min_size=1, max_size=30).filter(lambda text: visible(text) == text)
"""What may stand in a path: everything but what no line can hold."""

SIGNS = st.text(alphabet="a \\%'\"$`!*~&;|<>(){}[]#?=é\u65e5", min_size=1, max_size=20)
"""The signs that mean something to a shell, to cron, to systemd, to XML."""


def plan(config: Config | None = None, place: Place = ANNA, **options: Any) -> Schedule:
    asked = {"system": "cron", "at": HALF_PAST_SEVEN, "today": DAY} | options
    return schedule(config or Config(), place, **asked)


def line(text: str) -> str:
    return text.splitlines()[1]


# ------------------------------------------------------------------------------------------------ cron


def as_cron_reads(command: str, *, pairs: bool) -> str:
    r"""What cron gives to the shell. Debian's takes `\\` for one backslash (`pairs`), others leave it alone."""
    read, index = "", 0
    while index < len(command):
        sign = command[index]
        following = command[index + 1 : index + 2]
        if sign == "\\" and (following == "%" or (pairs and following == "\\")):
            read += following
            index += 2
            continue
        assert sign != "%", f"cron ends the command here: {command[:index]}"
        read += sign
        # a backslash escapes what follows, whatever it is
        if sign == "\\" and following:
            read += following
            index += 1
        index += 1
    return read


@pytest.mark.parametrize(
    ("word", "written"),
    [
        ("/usr/bin/followup", "/usr/bin/followup"),
        ("/home/anna/my data.db", "'/home/anna/my data.db'"),
        ("/tmp/100%.db", r"/tmp/100\%.db"),
        ("/tmp/100 %.db", r"'/tmp/100 \%.db'"),
        ("/tmp/it's", """'/tmp/it'"'"'s'"""),
        ("/tmp/$HOME", "'/tmp/$HOME'"),
        ("~/x", "'~/x'"),
        (r"a\b", r"'a\''b'"),
        (r"a\%b", r"'a\''\%b'"),
        (r"a\\b", r"'a\''\''b'"),
    ],
)
def test_a_word_in_a_crontab(word: str, written: str) -> None:
    assert crontab_word(word) == written


@pytest.mark.parametrize("pairs", [True, False])
@given(words=st.lists(WORDS | SIGNS, min_size=1, max_size=5))
def test_what_cron_and_the_shell_make_of_the_line_is_the_command(words: list[str], pairs: bool) -> None:
    text = crontab_text(words, at=HALF_PAST_SEVEN, weekdays=WEEK, last_hour=17)

    comment, job = text.splitlines()

    assert comment.startswith("# ")
    times, command = job[: len("30 7-17 * * 1-5 ")], job[len("30 7-17 * * 1-5 ") :]
    assert times == "30 7-17 * * 1-5 "
    assert shlex.split(as_cron_reads(command, pairs=pairs)) == words


@given(words=st.lists(SIGNS, min_size=1, max_size=4))
def test_the_shell_itself_reads_the_words(words: list[str]) -> None:
    command = as_cron_reads(" ".join(map(crontab_word, words)), pairs=True)

    read = subprocess.run(["/bin/sh", "-c", f"printf '%s\\0' {command}"], capture_output=True, check=True, timeout=20)

    assert read.stdout.decode().split("\0")[:-1] == words


def test_a_variable_stands_before_the_command() -> None:
    text = crontab_text(["/bin/x"], at=time(8), weekdays=WEEK, last_hour=8, variables=["A=1 % 2"])

    assert line(text) == r"0 8 * * 1-5 A='1 \% 2' /bin/x"


@pytest.mark.parametrize(
    ("at", "hours", "once", "times"),
    [
        ("07:30", "09:00-18:00", False, "30 7-17"),
        ("07:00", "09:00-18:00", False, "0 7-18"),
        ("07:30", "09:00-18:30", False, "30 7-18"),
        ("07:30", "09:00-18:00", True, "30 7"),
        ("18:45", "09:00-18:00", False, "45 18"),
        ("00:00", "00:00-24:00", False, "0 0-23"),
        ("23:59", "09:00-18:00", False, "59 23"),
    ],
)
def test_cron_catches_up_every_hour_of_the_working_day(at: str, hours: str, once: bool, times: str) -> None:
    config = Config(calendar=CalendarSettings(hours=hours))

    found = plan(config, at=time.fromisoformat(at), once=once)

    assert line(found.text).startswith(f"{times} * * 1-5 /home/anna")


@pytest.mark.parametrize(
    ("days", "cron", "systemd", "weekdays"),
    [
        ("mon-fri", "1-5", "Mon..Fri ", [1, 2, 3, 4, 5]),
        ("Mon,Wed,Fri", "1,3,5", "Mon,Wed,Fri ", [1, 3, 5]),
        ("sat-sun", "0,6", "Sat,Sun ", [6, 0]),
        ("sun-thu", "0-4", "Mon..Thu,Sun ", [1, 2, 3, 4, 0]),
        ("fri-mon", "0-1,5-6", "Mon,Fri..Sun ", [1, 5, 6, 0]),
        ("tuesday", "2", "Tue ", [2]),
        ("tue thu", "2,4", "Tue,Thu ", [2, 4]),
        ("daily", "*", "", None),
        ("mon-sun", "*", "", None),
    ],
)
def test_days_in_every_scheduler(days: str, cron: str, systemd: str, weekdays: list[int] | None) -> None:
    found = read_weekdays(days)

    job = line(crontab_text(["x"], at=HALF_PAST_SEVEN, weekdays=found, last_hour=7))
    when = re.findall("^OnCalendar=(.*)$", timer_text(at=HALF_PAST_SEVEN, weekdays=found), re.MULTILINE)
    agent = plistlib.loads(plist_text(["x"], at=HALF_PAST_SEVEN, weekdays=found, home="/h").encode())
    task = ElementTree.fromstring(task_text(["x"], at=HALF_PAST_SEVEN, weekdays=found, begins_on=DAY))

    assert job == f"30 7 * * {cron} x"
    assert when == [f"{systemd}*-*-* 07:30:00"]
    starts = agent["StartCalendarInterval"]
    each = [{"Weekday": day, "Hour": 7, "Minute": 30} for day in weekdays or ()]
    assert starts == (each or {"Hour": 7, "Minute": 30})
    (listed,) = task.iter("{http://schemas.microsoft.com/windows/2004/02/mit/task}DaysOfWeek")
    assert len(listed) == len(found)


@pytest.mark.parametrize(
    "when",
    ["Mon..Fri *-*-* 07:30:00", "Mon..Thu,Sun *-*-* 07:30:00", "*-*-* 07:30:00", "Tue *-*-* 07:30:00 Europe/Berlin"],
)
def test_systemd_reads_such_times(when: str) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("no systemd-analyze on this machine")

    read = subprocess.run([analyze, "calendar", when], capture_output=True, text=True, check=False, timeout=20)

    assert f"Normalized form: {when}" in read.stdout, read.stderr


def test_without_days_it_is_the_working_days_of_the_configuration() -> None:
    config = Config(calendar=CalendarSettings(working_days=("mon", "tue", "sun")))

    found = plan(config)

    assert line(found.text).split()[4] == "0-2"
    assert found.days == ("mon", "tue", "sun")


@pytest.mark.parametrize("days", ["weekdays", "mon-", "mo", ",", "m", "1-5"])
def test_days_that_nobody_knows_are_refused(days: str) -> None:
    with pytest.raises(FollowupError) as refused:
        read_weekdays(days)

    assert refused.value.hint == "followup cron --days mon-fri"


# --------------------------------------------------------------------------------------------- systemd


def as_systemd_reads(value: str) -> list[str]:
    """The words of an `ExecStart=` as systemd.service(5) explains them: quotes, C escapes, `%%`, `$$`."""
    words: list[str] = []
    for quoted, bare in re.findall(r'"((?:[^"\\]|\\.)*)"|(\S+)', value):
        assert quoted or not re.search(r"[\"'\\;]", bare), bare
        text = re.sub(r"\\(.)", r"\1", quoted) if quoted else bare
        assert not re.search(r"(?<!%)(?:%%)*%(?!%)", text), f"{text} holds a specifier"
        words.append(re.sub(r"\$\$", "$", text.replace("%%", "%")))
    return words


@pytest.mark.parametrize(
    ("word", "written"),
    [
        ("/usr/bin/followup", "/usr/bin/followup"),
        ("a b", '"a b"'),
        ("100%", "100%%"),
        ("$HOME", '"$$HOME"'),
        ('say "hi"', '"say \\"hi\\""'),
        ("C:\\x", '"C:\\\\x"'),
        ("it's", '"it\'s"'),
        (";", '";"'),
        ("é", '"é"'),
    ],
)
def test_a_word_in_a_unit(word: str, written: str) -> None:
    assert systemd_word(word) == written


@given(words=st.lists(WORDS | SIGNS, min_size=1, max_size=5))
def test_what_systemd_makes_of_the_unit_is_the_command(words: list[str]) -> None:
    text = service_text(["/bin/x", *words])

    (value,) = re.findall("^ExecStart=(.*)$", text, re.MULTILINE)

    assert as_systemd_reads(value) == ["/bin/x", *words]


@pytest.mark.parametrize("program", ["/a b/$x", "/it's/x", '/"/x', "/a\\b"])
def test_a_program_with_signs_that_systemd_refuses_is_started_by_env(program: str) -> None:
    (value,) = re.findall("^ExecStart=(.*)$", service_text([program, "remind"]), re.MULTILINE)

    assert as_systemd_reads(value) == ["/usr/bin/env", program, "remind"]


def test_a_timer_goes_by_the_configured_zone_and_makes_up_for_what_it_missed() -> None:
    config = Config(calendar=CalendarSettings(timezone="Europe/Berlin"))

    text = plan(config, system="systemd", part="timer").text

    assert "OnCalendar=Mon..Fri *-*-* 07:30:00 Europe/Berlin\nPersistent=true\n" in text


def test_both_units_stand_in_one_text_with_their_places() -> None:
    found = plan(system="systemd")

    assert list(found.parts) == ["followup.service", "followup.timer"]
    assert all(body in found.text for body in found.parts.values())
    assert found.text.count("# ~/.config/systemd/user/followup.") == 2
    assert found.text.endswith("WantedBy=timers.target\n")


# --------------------------------------------------------------------------------------- launchd, Windows


@given(words=st.lists(WORDS | SIGNS, min_size=1, max_size=5))
def test_what_launchd_reads_is_the_command(words: list[str]) -> None:
    agent = plistlib.loads(plist_text(words, at=HALF_PAST_SEVEN, weekdays=WEEK, home="/Users/a & b").encode())

    assert agent["ProgramArguments"] == words
    assert agent["StandardErrorPath"] == "/Users/a & b/Library/Logs/followup.log"


def as_windows_parts(text: str) -> list[str]:
    """The arguments of a command line by the rules of the C runtime: n backslashes before a quote count as n/2."""
    words: list[str] = []
    word, inside, open_word = "", False, False
    for slashes, sign in re.findall(r"(\\*)([^\\]|$)", text):
        if sign == '"':
            word += "\\" * (len(slashes) // 2)
            if len(slashes) % 2:
                word += '"'
            else:
                inside = not inside
            open_word = True
        else:
            word += slashes
            open_word = open_word or bool(slashes)
            if sign and (inside or sign not in " \t"):
                word += sign
                open_word = True
            elif open_word:
                words.append(word)
                word, open_word = "", False
    return words


@given(words=st.lists(WORDS | SIGNS, max_size=5))
def test_what_windows_reads_is_the_command(words: list[str]) -> None:
    text = task_text(["C:\\a & <b>\\followup.exe", *words], at=HALF_PAST_SEVEN, weekdays=WEEK, begins_on=DAY)

    task = ElementTree.fromstring(text)

    assert text.isascii()
    found = {each.tag.partition("}")[2]: each.text for each in task.iter()}
    assert found["Command"] == "C:\\a & <b>\\followup.exe"
    assert as_windows_parts(found["Arguments"] or "") == words
    assert found["StartBoundary"] == "2026-01-05T07:30:00"


def test_an_hourly_trigger_belongs_to_cron_alone() -> None:
    """The others make up for a missed run by themselves, and would do so on a free day."""
    assert "Repetition" not in plan(system="windows").text
    assert len(plistlib.loads(plan(system="launchd").text.encode())["StartCalendarInterval"]) == 5


# ---------------------------------------------------------------------------------- the command, notices


def test_the_targets_stand_in_the_command_only_when_they_are_asked_for() -> None:
    config = Config(remind=RemindSettings(via=("email",)))

    assert plan(config).command == (*ANNA.program, "remind")
    assert plan(config, via=["desktop", "email", "desktop"]).command[1:] == (
        "remind", "--via", "desktop", "--via", "email",
    )  # fmt: skip


@pytest.mark.parametrize("target", ["slack://token-a/token-b", "mailto://anna:secret@example.com", "json:x"])
def test_an_address_that_may_hold_a_secret_is_not_written_into_a_command_line(target: str) -> None:
    with pytest.raises(FollowupError) as refused:
        plan(via=[target])

    assert "secret" in refused.value.sentence
    assert target not in refused.value.sentence + refused.value.hint
    assert "remind.via" in refused.value.hint


@pytest.mark.parametrize("sign", ["\n", "\r", "\0", "\x1b", "\u202e", "\u2028", "\udc80", "\t", "\u200b"])
@pytest.mark.parametrize("system", ["cron", "systemd", "launchd", "windows"])
def test_a_path_that_no_line_can_hold_is_refused(system: str, sign: str) -> None:
    with pytest.raises(FollowupError) as refused:
        plan(place=replace(ANNA, options=("--db", f"/home/anna/a{sign}b.db")), system=system)

    assert sign not in refused.value.sentence


def test_a_command_longer_than_cron_takes_is_refused() -> None:
    with pytest.raises(FollowupError, match="longer than cron takes"):
        plan(place=replace(ANNA, options=("--db", "/" + "a" * 1000)))


MAIL = SmtpSettings(host="smtp.example.com", user="anna", to=("anna@example.com",))
BUS = "unix:path=/run/user/1000/bus"


@pytest.mark.parametrize(
    ("system", "config", "place", "said"),
    [
        ("cron", Config(), {}, "only where this machine has a mail system"),
        ("systemd", Config(), {}, "nobody sees that here"),
        ("cron", Config(remind=RemindSettings(via=("email",))), {}, "followup config set smtp.host"),
        (
            "cron",
            Config(remind=RemindSettings(via=("email",)), smtp=SmtpSettings(host="smtp.example.com")),
            {},
            "followup config set me.email",
        ),
        ("cron", Config(remind=RemindSettings(via=("email",)), smtp=MAIL), {}, "neither your desktop nor its keyring"),
        ("cron", Config(remind=RemindSettings(via=("desktop",))), {}, "followup cron --system systemd"),
        (
            "launchd",
            Config(remind=RemindSettings(via=("email",)), smtp=replace(MAIL, password_env="MAIL_PASSWORD")),
            {},
            "launchd does not know the variable MAIL_PASSWORD",
        ),
        (
            "cron",
            Config(remind=RemindSettings(via=("email",)), smtp=replace(MAIL, password_command=("no-such-keeper", "x"))),
            {},
            "cron does not find no-such-keeper: write its whole path in smtp.password_command",
        ),
        (
            "cron",
            Config(remind=RemindSettings(via=("desktop", "email")), hooks=HookSettings(on_due=("./hook",))),
            {"session_bus": BUS},
            "write its whole path in hooks.on_due",
        ),
        (
            "cron",
            Config(calendar=CalendarSettings(timezone="Asia/Tokyo")),
            {"zone_differs": True},
            "not the one of Asia/Tokyo",
        ),
        ("cron", Config(), {"passing": True}, "install followup for good"),
    ],
)
def test_what_would_go_wrong_is_said(system: str, config: Config, place: dict[str, Any], said: str) -> None:
    found = plan(config, replace(ANNA, **place), system=system)

    assert said in " | ".join(found.notices)


@pytest.mark.parametrize("system", ["cron", "systemd", "launchd", "windows"])
def test_nothing_is_said_where_everything_is_in_order(system: str) -> None:
    smtp = replace(MAIL, to=(), password_command=("sh", "-c", "echo secret"))
    config = Config(remind=RemindSettings(via=("email",)), smtp=smtp, me=Me(email="anna@example.com"))

    assert plan(config, system=system).notices == ()


def test_cron_is_given_the_way_to_the_desktop_where_there_is_one() -> None:
    config = Config(remind=RemindSettings(via=("desktop",)))

    found = plan(config, replace(ANNA, session_bus=BUS))

    assert line(found.text).endswith(f"DBUS_SESSION_BUS_ADDRESS={BUS} /home/anna/.local/bin/followup remind")
    assert found.notices == ()


@pytest.mark.parametrize("bus", ["unix:path=/tmp/dbus-x", "unix:path=/run/user/1000/bus; rm -rf /", "autolaunch:"])
def test_another_address_of_a_session_is_not_written_down(bus: str) -> None:
    """One that the next login changes, or something else altogether."""
    found = plan(Config(remind=RemindSettings(via=("desktop",))), replace(ANNA, session_bus=bus))

    assert "DBUS" not in found.text


def test_the_secret_is_in_no_text() -> None:
    smtp = replace(MAIL, password_env="MAIL_PASSWORD", password_command=("echo", "hunter2"))
    for system in ("cron", "systemd", "launchd", "windows"):
        found = plan(Config(remind=RemindSettings(via=("email",)), smtp=smtp), system=system)
        assert "hunter2" not in found.text + " ".join(found.notices)
