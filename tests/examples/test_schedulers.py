"""The files for schedulers in examples/: what `followup cron` prints, and what the schedulers themselves say to it."""

from __future__ import annotations

import plistlib
import re
import shutil
import subprocess
from datetime import date, time
from pathlib import Path
from xml.etree import ElementTree

import pytest

from followup.actions.scheduling import Place, Schedule, schedule
from followup.files.config_file import Config

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
MADE = {
    "followup.service": ("systemd", "service", "/home/anna/.local/bin/followup"),
    "followup.timer": ("systemd", "timer", "/home/anna/.local/bin/followup"),
    "com.followup.remind.plist": ("launchd", "", "/Users/anna/.local/bin/followup"),
    "followup-task.xml": ("windows", "", r"C:\Users\anna\.local\bin\followup.exe"),
}
WINDOWS = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"


def printed(system: str, part: str, program: str) -> Schedule:
    """What `followup cron` gives on Anna's machine."""
    home = program.split("/.local")[0] if "/" in program else ""
    place = Place(program=(program,), home=home)
    return schedule(Config(), place, system=system, at=time(7, 30), today=date(2026, 1, 5), part=part)


def made(name: str) -> str:
    return printed(*MADE[name]).text


def test_every_file_for_a_scheduler_is_known_here() -> None:
    assert {path.name for path in (EXAMPLES / "schedulers").iterdir()} == set(MADE)


@pytest.mark.parametrize("name", MADE)
def test_a_file_is_what_followup_cron_prints(name: str) -> None:
    assert (EXAMPLES / "schedulers" / name).read_text(encoding="utf-8") == made(name)


def test_the_crontab_begins_with_what_followup_cron_prints() -> None:
    text = (EXAMPLES / "crontab").read_text(encoding="utf-8")

    ours = printed("cron", "", "/home/anna/.local/bin/followup")

    assert ours.text in text
    assert ours.install[0] in text


def jobs(text: str) -> list[str]:
    return [line for line in text.splitlines() if line and not line.startswith("#") and not re.match(r"\w+=", line)]


def test_every_line_of_the_crontab_has_five_times_and_an_absolute_program() -> None:
    lines = jobs((EXAMPLES / "crontab").read_text(encoding="utf-8"))

    assert len(lines) == 2
    assert all(re.match(r"([0-9*,-]+ ){5}(said=\$\()?/home/anna/", line) for line in lines)


def test_cron_takes_the_crontab(tmp_path: Path) -> None:
    """`-n` of Debian or `-T` of cronie: the syntax is checked, nothing is installed."""
    crontab = shutil.which("crontab")
    if crontab is None:
        pytest.skip("no crontab on this machine")
    wrong = tmp_path / "wrong"
    wrong.write_text("30 7 * * fridays /bin/true\n", encoding="utf-8")
    for option in ("-n", "-T"):
        checked = subprocess.run([crontab, option, wrong], capture_output=True, text=True, check=False, timeout=20)
        if "usage" not in checked.stderr and checked.returncode != 0:
            break
    else:
        pytest.skip("this crontab cannot check a file without installing it")

    answer = subprocess.run(
        [crontab, option, EXAMPLES / "crontab"], capture_output=True, text=True, check=False, timeout=20
    )

    assert (answer.returncode, "errors" in answer.stderr) == (0, False), answer


def test_systemd_finds_nothing_wrong_with_its_units(tmp_path: Path) -> None:
    """The program must exist to be verified: the units stand here with one that does."""
    verify = shutil.which("systemd-analyze")
    if verify is None:
        pytest.skip("no systemd-analyze on this machine")
    program = tmp_path / "a folder" / "50% $off" / "followup"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    for name in ("followup.service", "followup.timer"):
        text = printed("systemd", name.partition(".")[2], str(program)).text
        (tmp_path / name).write_text(text, encoding="utf-8")
    runtime = tmp_path / "run"
    runtime.mkdir(mode=0o700)

    answer = subprocess.run(
        [verify, "--user", "verify", tmp_path / "followup.service", tmp_path / "followup.timer"],
        env={"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(runtime), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    if "Failed to initialize manager" in answer.stderr:
        pytest.skip(f"systemd-analyze cannot work here: {answer.stderr.strip()}")
    said = [line for line in answer.stderr.splitlines() if "followup" in line]
    assert (answer.returncode, said) == (0, []), answer.stderr


def test_systemd_understands_when() -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("no systemd-analyze on this machine")
    (when,) = re.findall(r"^OnCalendar=(.*)$", made("followup.timer"), re.MULTILINE)

    answer = subprocess.run([analyze, "calendar", when], capture_output=True, text=True, check=False, timeout=20)

    assert answer.returncode == 0, answer.stderr
    assert "Normalized form: Mon..Fri *-*-* 07:30:00" in answer.stdout


def test_launchd_gets_a_property_list_with_the_keys_it_knows() -> None:
    agent = plistlib.loads((EXAMPLES / "schedulers" / "com.followup.remind.plist").read_bytes())

    assert agent["Label"] == "com.followup.remind"
    assert agent["ProgramArguments"] == ["/Users/anna/.local/bin/followup", "remind"]
    assert [when["Weekday"] for when in agent["StartCalendarInterval"]] == [1, 2, 3, 4, 5]
    assert {(when["Hour"], when["Minute"]) for when in agent["StartCalendarInterval"]} == {(7, 30)}
    assert agent["StandardErrorPath"] == "/Users/anna/Library/Logs/followup.log"
    assert agent["Umask"] == 0o077
    assert set(agent) == {"Label", "ProgramArguments", "StartCalendarInterval", "StandardErrorPath", "Umask"}


def test_the_task_of_windows_has_its_elements_in_the_order_of_the_schema() -> None:
    """Within a trigger the schema asks for this order; everywhere the names must be these."""
    task = ElementTree.parse(EXAMPLES / "schedulers" / "followup-task.xml").getroot()

    assert task.tag == f"{WINDOWS}Task"
    assert task.attrib == {"version": "1.2"}
    assert [each.tag.removeprefix(WINDOWS) for each in task] == ["RegistrationInfo", "Triggers", "Settings", "Actions"]
    (trigger,) = task.findall(f".//{WINDOWS}CalendarTrigger")
    assert [each.tag.removeprefix(WINDOWS) for each in trigger] == ["StartBoundary", "Enabled", "ScheduleByWeek"]
    (days,) = trigger.iter(f"{WINDOWS}DaysOfWeek")
    assert [day.tag.removeprefix(WINDOWS) for day in days] == ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]
    (run,) = task.iter(f"{WINDOWS}Exec")
    assert [(each.tag.removeprefix(WINDOWS), each.text) for each in run] == [
        ("Command", r"C:\Users\anna\.local\bin\followup.exe"),
        ("Arguments", "remind"),
    ]
    settings = {each.tag.removeprefix(WINDOWS): each.text for each in task.iter() if each.text}
    assert settings["StartWhenAvailable"] == "true"
    assert settings["DisallowStartIfOnBatteries"] == "false"


@pytest.mark.parametrize("name", ["com.followup.remind.plist", "followup-task.xml"])
def test_xmllint_reads_it(name: str) -> None:
    xmllint = shutil.which("xmllint")
    if xmllint is None:
        pytest.skip("no xmllint on this machine")

    answer = subprocess.run(
        [xmllint, "--noout", "--nonet", EXAMPLES / "schedulers" / name],
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )

    assert (answer.returncode, answer.stderr) == (0, "")
