"""What makes `remind` come by itself on this machine: a text for cron, systemd, launchd or the Windows task scheduler.

Nothing is installed here: the text goes into a pipe or a file, and stays in the hands of the person who asked.

Each scheduler catches up in its own way. Cron forgets a run that was missed, so its line runs every hour of the
working day, and `remind`, which speaks once a day, keeps still after the first time. The others run once: they make up
for a missed run when the computer is awake again, and an hourly one would wake them on a free Saturday for it.
"""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from difflib import get_close_matches
from types import MappingProxyType
from typing import ClassVar
from xml.sax.saxutils import escape

from followup.actions.results import Result
from followup.core.dates import WEEKDAYS
from followup.core.visible import visible
from followup.errors import EXIT_USAGE, FollowupError
from followup.files.config_file import Config

SYSTEMS = ("cron", "systemd", "launchd", "windows")
PARTS = ("service", "timer")
TARGETS = ("stdout", "email", "desktop")
LABEL = "com.followup.remind"
TASK = "followup"

_COMMAND_LENGTH = 990  # cron refuses a command of 1000 bytes
_PATHS = {
    "cron": "/usr/bin:/bin",
    "systemd": "/usr/local/bin:/usr/bin:/bin",
    "launchd": "/usr/bin:/bin:/usr/sbin:/sbin",
}
_SESSION_BUS = re.compile(r"unix:path=/run/user/[0-9]+/bus")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Facts about this machine and the command that was typed, gathered by `cli`.

    `program` starts followup (absolute), `options` are the global ones that choose files, `typed` is the whole command
    as it can be typed again. `session_bus` is DBUS_SESSION_BUS_ADDRESS, `zone_differs` is True where the clock of the
    machine is not that of `calendar.timezone`, `passing` where the program lies in a place that is cleaned up.
    """

    program: tuple[str, ...]
    options: tuple[str, ...] = ()
    typed: tuple[str, ...] = ("followup", "cron")
    home: str = ""
    session_bus: str = ""
    zone_differs: bool = False
    passing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule(Result):
    """The text for one scheduler, where it belongs (null: only the scheduler knows) and what installs it.

    `command` is what will be run. `parts` holds the files by name where the text is for more than one.
    """

    SCHEMA: ClassVar[str] = "followup.cron/1"
    system: str
    text: str
    install: tuple[str, ...]
    path: str | None
    command: tuple[str, ...]
    at: time
    days: tuple[str, ...]
    parts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def schedule(
    config: Config,
    place: Place,
    *,
    system: str,
    at: time,
    today: date,
    days: str = "",
    via: Sequence[str] = (),
    once: bool = False,
    part: str = "",
) -> Schedule:
    """Give the text that makes `remind` come at `at` on `days` (the working days of the configuration without).

    `via` are the targets to name in the command; without them `remind` asks the configuration each time. `once` makes
    cron run once a day, without the later runs that catch up. `part` gives one of the two files of systemd.
    Raises FollowupError for a scheduler, day or target that is not known, and for a path that cannot be written safely.
    """
    if system not in SYSTEMS:
        raise FollowupError(f"no scheduler {system!r} is known", hint=_near(system, SYSTEMS, "followup cron --system"))
    if part and (system != "systemd" or part not in PARTS):
        raise FollowupError(
            f"there is no part {part!r} for {system}",
            hint="followup cron --system systemd --part timer",
            exit_code=EXIT_USAGE,
        )
    weekdays = read_weekdays(days) if days else tuple(WEEKDAYS.index(day) for day in config.calendar.working_days)
    targets = tuple(dict.fromkeys(via))
    for target in targets:
        _check_target(target)
    command = (*place.program, *place.options, "remind", *(word for target in targets for word in ("--via", target)))
    _check_words(command)

    reached = targets or config.remind.via
    notices = tuple(_notices(config, place, system=system, reached=reached))
    parts: dict[str, str] = {}
    path: str | None = None
    if system == "cron":
        bus = place.session_bus if _SESSION_BUS.fullmatch(place.session_bus) else ""
        variables = (f"DBUS_SESSION_BUS_ADDRESS={bus}",) if bus and _needs_session(config, reached) else ()
        last = at.hour if once else _last_hour(at, config.calendar.hours)
        text = crontab_text(command, at=at, weekdays=weekdays, last_hour=last, variables=variables)
    elif system == "systemd":
        folder = "~/.config/systemd/user"
        parts = {
            "followup.service": service_text(command),
            "followup.timer": timer_text(at=at, weekdays=weekdays, zone=config.calendar.timezone),
        }
        chosen = f"followup.{part}" if part else ""
        path = f"{folder}/{chosen}" if chosen else folder
        text = parts[chosen] if chosen else "\n".join(f"# {folder}/{name}\n{body}" for name, body in parts.items())
    elif system == "launchd":
        path = f"~/Library/LaunchAgents/{LABEL}.plist"
        text = plist_text(command, at=at, weekdays=weekdays, home=place.home)
    else:
        text = task_text(command, at=at, weekdays=weekdays, begins_on=today)
    return Schedule(
        today=today,
        notices=notices,
        system=system,
        text=text,
        install=tuple(_install(system, place.typed)),
        path=path,
        command=command,
        at=at,
        days=tuple(WEEKDAYS[day] for day in weekdays),
        parts=MappingProxyType(parts),
    )


def read_weekdays(text: str) -> tuple[int, ...]:
    """Give the weekdays (Monday is 0) of `mon-fri`, `mon,wed,fri`, `sat-mon` or `daily`, in the order of the week."""
    if text.strip().casefold() in ("daily", "all", "*"):
        return tuple(range(7))
    found: set[int] = set()
    for part in filter(None, re.split(r"[,\s]+", text.casefold())):
        first, dash, last = part.partition("-")
        begin = _weekday(first)
        end = _weekday(last) if dash else begin
        found |= {(begin + step) % 7 for step in range((end - begin) % 7 + 1)}
    if not found:
        raise FollowupError("no day is named", hint="followup cron --days mon-fri")
    return tuple(sorted(found))


def _weekday(word: str) -> int:
    for number, short in enumerate(WEEKDAYS):
        if word == short or (len(word) > 3 and _LONG_DAYS[number] == word):
            return number
    raise FollowupError(f"{word!r} is not a day", hint="followup cron --days mon-fri")


_LONG_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _check_target(target: str) -> None:
    if target in TARGETS:
        return
    if ":" in target:
        raise FollowupError(
            "the address of a service may hold a secret, and everybody on this machine can read command lines",
            hint="followup config set remind.via ADDRESS, then followup cron without --via",
        )
    raise FollowupError(f"there is no target {target!r}", hint=_near(target, TARGETS, "followup cron --via"))


def _near(word: str, words: Sequence[str], before: str) -> str:
    return f"{before} {(get_close_matches(word, words, n=1) or [words[0]])[0]}"


def _check_words(words: Iterable[str]) -> None:
    """Refuse what no line can hold: line ends, control characters, signs that nobody sees, names that are not UTF-8."""
    for word in words:
        if visible(word) != word:
            raise FollowupError(
                f"{visible(word)} holds a character that cannot stand in a command line of a scheduler",
                hint="give the folder or file another name, or choose another place with --db and --config",
            )


def _last_hour(at: time, hours: str) -> int:
    """The hour of the last run that catches up: within the working day `HH:MM-HH:MM`, and never before the first."""
    end_hour, end_minute = map(int, hours.rpartition("-")[2].split(":"))
    last = min(end_hour if at.minute <= end_minute else end_hour - 1, 23)
    return max(at.hour, last)


# ----------------------------------------------------------------------------------------------- cron


def crontab_word(word: str) -> str:
    r"""Give a word as it stands in a command of a crontab.

    The shell's quotes, and `\%` for the percent sign that cron would take for a line end. Some crons also take `\\` for
    one backslash and some do not, so no backslash of the word is followed by another one or by a percent sign: between
    them the quotes are closed and opened again.
    """
    return shlex.quote(word).replace("\\", "\\''").replace("%", "\\%")


def crontab_text(
    command: Sequence[str], *, at: time, weekdays: Sequence[int], last_hour: int, variables: Sequence[str] = ()
) -> str:
    """Give a comment and the line of a crontab; hourly from `at` to `last_hour` where that is later.

    `variables` (`NAME=value`) go before the command. Raises FollowupError for a command longer than cron takes.
    """
    assigned = [f"{name}={crontab_word(value)}" for name, _, value in (one.partition("=") for one in variables)]
    typed = " ".join([*assigned, *map(crontab_word, command)])
    if len(typed.encode()) > _COMMAND_LENGTH:
        raise FollowupError("the command is longer than cron takes", hint="choose shorter paths with --db and --config")
    hours = f"{at.hour}-{last_hour}" if last_hour > at.hour else str(at.hour)
    later = "; the later runs catch up and repeat nothing" if last_hour > at.hour else ""
    return (
        f"# followup, {_spoken_days(weekdays)} at {at:%H:%M}{later}\n"
        f"{at.minute} {hours} * * {_cron_days(weekdays)} {typed}\n"
    )


def _cron_days(weekdays: Sequence[int]) -> str:
    """`1-5`, `1,3,5`, `0,6`, `*`: in a crontab Sunday is 0 and Monday 1."""
    if len(weekdays) == 7:
        return "*"
    return ",".join(
        str(first) if first == last else f"{first}-{last}" for first, last in _runs((day + 1) % 7 for day in weekdays)
    )


def _spoken_days(weekdays: Sequence[int]) -> str:
    if len(weekdays) == 7:
        return "daily"
    return ",".join(
        WEEKDAYS[first] if first == last else f"{WEEKDAYS[first]}-{WEEKDAYS[last]}" for first, last in _runs(weekdays)
    )


def _runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Give (first, last) of each row of neighbours, in order: 1 2 3 5 is (1, 3), (5, 5)."""
    ordered = sorted(numbers)
    begin = 0
    for index in range(1, len(ordered) + 1):
        if index == len(ordered) or ordered[index] != ordered[index - 1] + 1:
            yield ordered[begin], ordered[index - 1]
            begin = index


# -------------------------------------------------------------------------------------------- systemd


def systemd_word(word: str) -> str:
    """Give a word of `ExecStart=`: `%` and `$` doubled, quoted and escaped as in C where it must be."""
    text = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return text if re.fullmatch(r"[A-Za-z0-9%@+=:,./_-]+", text) else f'"{text}"'


def service_text(command: Sequence[str]) -> str:
    """Give the service: one run, tried again for an hour when a server did not answer (exit 75)."""
    program, *rest = command
    # systemd takes no quote, backslash or dollar sign in the name of the program itself.
    words = ["/usr/bin/env", program, *rest] if re.search(r"[\"'\\$]", program) else [program, *rest]
    return "\n".join(
        (
            "[Unit]",
            "Description=followup: what is due",
            "StartLimitIntervalSec=8h",
            "StartLimitBurst=12",
            "",
            "[Service]",
            f"ExecStart={' '.join(map(systemd_word, words))}",
            "Restart=on-failure",
            "RestartSec=5min",
            "RestartPreventExitStatus=1 2 3 70",
            "",
        )
    )


def timer_text(*, at: time, weekdays: Sequence[int], zone: str = "") -> str:
    """Give the timer; in the configured time zone where there is one, and made up for when it was missed."""
    days = "" if len(weekdays) == 7 else ",".join(_systemd_run(first, last) for first, last in _runs(weekdays)) + " "
    return "\n".join(
        (
            "[Unit]",
            "Description=followup: every morning",
            "",
            "[Timer]",
            f"OnCalendar={days}*-*-* {at:%H:%M}:00{' ' + zone if zone else ''}",
            "Persistent=true",
            "",
            "[Install]",
            "WantedBy=timers.target",
            "",
        )
    )


def _systemd_run(first: int, last: int) -> str:
    names = [WEEKDAYS[day].capitalize() for day in (first, last)]
    return names[0] if first == last else ",".join(names) if last == first + 1 else "..".join(names)


# -------------------------------------------------------------------------------------------- launchd


def plist_text(command: Sequence[str], *, at: time, weekdays: Sequence[int], home: str) -> str:
    """Give the agent of launchd: once on each day, after waking up where the computer slept then."""
    import plistlib

    one = {"Hour": at.hour, "Minute": at.minute}
    when = one if len(weekdays) == 7 else [{"Weekday": (day + 1) % 7, **one} for day in weekdays]
    agent = {
        "Label": LABEL,
        "ProgramArguments": list(command),
        "StartCalendarInterval": when,
        "StandardErrorPath": f"{home.rstrip('/')}/Library/Logs/followup.log",
        "Umask": 0o077,
    }
    return plistlib.dumps(agent, sort_keys=False).decode()


# -------------------------------------------------------------------------------------------- Windows

_TASK = """\
<?xml version="1.0"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>followup: what is due</Description>
  </RegistrationInfo>
  <Triggers>
    <CalendarTrigger>
      <StartBoundary>{begins}</StartBoundary>
      <Enabled>true</Enabled>
      <ScheduleByWeek>
        <DaysOfWeek>
{days}
        </DaysOfWeek>
        <WeeksInterval>1</WeeksInterval>
      </ScheduleByWeek>
    </CalendarTrigger>
  </Triggers>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>PT1H</ExecutionTimeLimit>
  </Settings>
  <Actions>
    <Exec>
      <Command>{program}</Command>
      <Arguments>{arguments}</Arguments>
    </Exec>
  </Actions>
</Task>
"""


def task_text(command: Sequence[str], *, at: time, weekdays: Sequence[int], begins_on: date) -> str:
    """Give the task for `schtasks /XML`: started when the computer is there again, on batteries as well.

    Other letters than ASCII are character references: whatever encoding a console gives the file, it stays the same.
    """
    from subprocess import list2cmdline

    program, *arguments = command
    days = "\n".join(f"          <{_LONG_DAYS[day].capitalize()} />" for day in weekdays)
    text = _TASK.format(
        begins=f"{begins_on.isoformat()}T{at:%H:%M}:00",
        days=days,
        program=escape(program),
        arguments=escape(list2cmdline(arguments)),
    )
    return text.encode("ascii", "xmlcharrefreplace").decode()


# ------------------------------------------------------------------------------- installing, and notices


def _install(system: str, typed: Sequence[str]) -> Iterator[str]:
    command = shlex.join(typed)
    if system == "cron":
        yield f"(crontab -l 2>/dev/null; {command}) | crontab -"
    elif system == "systemd":
        folder = "~/.config/systemd/user"
        yield f"mkdir -p {folder}"
        for part in PARTS:
            yield f"{command} --part {part} >{folder}/followup.{part}"
        yield "systemctl --user daemon-reload && systemctl --user enable --now followup.timer"
    elif system == "launchd":
        yield f"{command} >~/Library/LaunchAgents/{LABEL}.plist"
        yield f"launchctl bootstrap gui/$(id -u) ~/Library/LaunchAgents/{LABEL}.plist"
    else:
        yield f"{command} >followup-task.xml"
        yield f"schtasks /Create /TN {TASK} /XML followup-task.xml"


def _from_keyring(config: Config) -> bool:
    smtp = config.smtp
    return bool(smtp.user) and not smtp.password_command and not smtp.password_env


def _needs_session(config: Config, reached: Sequence[str]) -> bool:
    """Does what goes out need the desktop of the person: a notification, or a keyring that was unlocked there?"""
    asks = config.smtp.password_command[:1]
    return "desktop" in reached or ("email" in reached and (_from_keyring(config) or asks == ("secret-tool",)))


def _notices(config: Config, place: Place, *, system: str, reached: Sequence[str]) -> Iterator[str]:
    """What would go wrong although the text is right, each with what to type."""
    if place.passing:
        yield f"{place.program[0]} lies in a folder that is cleaned up: install followup for good (pipx install .)"
    if reached == ("stdout",):
        yield _printed(system)
    if "email" in reached:
        yield from _about_mail(config, system)
    if system == "cron" and _needs_session(config, reached) and not _SESSION_BUS.fullmatch(place.session_bus):
        yield "cron reaches neither your desktop nor its keyring from here: followup cron --system systemd"
    commands = {"hooks.on_due": config.hooks.on_due}
    if "email" in reached:
        commands["smtp.password_command"] = config.smtp.password_command
    for name, words in commands.items():
        if words and system in _PATHS and shutil.which(words[0], path=_PATHS[system]) is None:
            yield f"{system} does not find {words[0]}: write its whole path in {name}"
    if place.zone_differs and system != "systemd":
        yield (
            f"{_CLOCK[system]} goes by the clock of this machine, which is not the one of {config.calendar.timezone} "
            "(calendar.timezone): choose --at for that clock; the day itself is taken from the configuration"
        )


_CLOCK = {"cron": "cron", "launchd": "launchd", "windows": "the task scheduler"}


def _printed(system: str) -> str:
    if system == "cron":
        return (
            "remind prints, and cron mails what is printed only where this machine has a mail system; "
            "to get a mail in any case: followup config set remind.via email"
        )
    return "remind prints, and nobody sees that here: followup config set remind.via email (or desktop)"


def _about_mail(config: Config, system: str) -> Iterator[str]:
    smtp = config.smtp
    if not smtp.host:
        yield "no mail server is known yet: followup config set smtp.host smtp.example.com"
    elif not (smtp.to or config.me.email):
        yield "nobody is named who gets the mail: followup config set me.email you@example.com"
    if smtp.password_env and not smtp.password_command and system != "windows":
        name = "launchd" if system == "launchd" else system
        yield (
            f"{name} does not know the variable {smtp.password_env} of your shell: "
            "followup config set smtp.password_command 'COMMAND THAT PRINTS THE PASSWORD'"
        )
