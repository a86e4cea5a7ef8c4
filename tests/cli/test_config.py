"""`config get|set|path|show`: the settings, one dotted name each."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Desk


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("me.name", "Eva [red] Berg"),
        ("me.email", "eva@shop.example"),
        ("me.signature", "Kind regards\nEva"),
        ("calendar.country", "DE"),
        ("calendar.working_days", "mon tue wed thu"),
        ("calendar.timezone", "Europe/Berlin"),
        ("calendar.closed", "2026-12-24 2026-12-31"),
        ("calendar.hours", "08:30-17:00"),
        ("defaults.playbook", "saas"),
        ("defaults.tier", "C"),
        ("contact.capacity", "7"),
        ("contact.caps_90_days.phone", "2"),
        ("smtp.port", "465"),
        ("remind.via", "email"),
    ],
)
def test_what_is_set_can_be_got(desk: Desk, name: str, value: str) -> None:
    said = desk.does("config", "set", name, value)
    assert f"{name} = " in said
    assert desk.json("config", "get", name)["values"] == {name: value}
    assert desk.json("config", "show")["values"][name] == value


def test_comments_survive_and_the_file_stays_private(desk: Desk) -> None:
    desk.cli.config.write_text("# my settings\n[contact]\ncapacity = 9  # a long day\n", encoding="utf-8")
    desk.does("config", "set", "calendar.country", "AT")
    text = desk.cli.config.read_text(encoding="utf-8")
    assert "# my settings" in text
    assert "capacity = 9  # a long day" in text
    assert stat.S_IMODE(desk.cli.config.stat().st_mode) & 0o077 == 0


def test_the_settings_work(anna: Desk) -> None:
    """Closed days, working days and capacity are heeded by the plan and the list."""
    anna.does("config", "set", "calendar.closed", "2026-01-19")
    anna.does("plan", "--rebuild")
    assert anna.step("dip_call")["due_on"] == "2026-01-20"
    anna.does("config", "set", "calendar.working_days", "tue wed thu")
    anna.does("plan", "--rebuild")
    assert anna.step("progress_call")["due_on"] == "2026-02-03"


def test_path_says_where_everything_is(desk: Desk) -> None:
    assert desk.json("config", "path")["values"] == {
        "config": str(desk.cli.config),
        "data": str(desk.cli.db),
    }
    assert desk.does("config", "path") == f"config\t{desk.cli.config}\ndata\t{desk.cli.db}\n"


def test_in_a_pipe_each_setting_is_a_line(desk: Desk) -> None:
    lines = desk.does("config", "show").splitlines()
    assert "contact.capacity\t12" in lines
    assert all(line.count("\t") == 1 for line in lines)


def test_a_dry_run_changes_no_byte_and_refuses_what_would_be_refused(desk: Desk) -> None:
    before = desk.files()
    assert "Dry run" in desk.does("config", "set", "me.name", "Eva", "--dry-run")
    desk.refuses("config", "set", "smtp.port", "0", "--dry-run", says="smtp.port cannot be 0")
    assert desk.files() == before


@pytest.mark.parametrize(
    ("args", "says", "hint", "code"),
    [
        (("get", "calendr.country"), "no setting 'calendr.country'", "did you mean calendar.country?", 1),
        (("set", "contact.capcity", "3"), "no setting 'contact.capcity'", "did you mean contact.capacity?", 1),
        (("set", "contact.capacity", "many"), "contact.capacity takes a whole number", "12", 1),
        (("set", "contact.capacity", "0"), "contact.capacity cannot be 0", "12", 1),
        (("set", "calendar.country", "Narnia"), "'Narnia'", "DE", 1),
        (("set", "calendar.timezone", "Mars/Base"), "'Mars/Base' is not a time zone", "Europe/Berlin", 1),
        (("set", "calendar.working_days", "funday"), "'funday' is not a day", "", 1),
        (("set", "calendar.closed", "2026-02-30"), "2026-02-30", "", 1),
        (("set", "defaults.playbook", "sass"), "no playbook is called 'sass'", "did you mean saas?", 1),
        (("set", "defaults.tier", "Z"), "defaults.tier cannot be 'Z'", "", 1),
        (("set", "me.email", "eva"), "'eva' is not an e-mail address", "", 1),
        (("set", "me.name"), "VALUE", "followup config set --help", 2),
        (("get",), "NAME", "followup config get --help", 2),
    ],
)
def test_refusals(desk: Desk, args: tuple[str, ...], says: str, hint: str, code: int) -> None:
    before = desk.files()
    desk.refuses("config", *args, says=says, hint=hint, code=code)
    assert desk.files() == before


@pytest.mark.parametrize(
    ("text", "says", "line"),
    [
        ("[calender]\ncountry = 'DE'\n", "calender", 1),
        ("[contact]\ncapacity = 'many'\n", "capacity", 2),
        ("[contact\n", "", 1),
    ],
)
def test_a_broken_file_stops_every_command_with_the_line(anna: Desk, text: str, says: str, line: int) -> None:
    anna.cli.config.write_text(text, encoding="utf-8")
    for args in (("due",), ("done", "1", "good"), ("config", "show")):
        answer = anna(*args)
        assert (answer.code, answer.out) == (1, "")
        assert says in answer.err
        assert f"{anna.cli.config}:{line}" in answer.err or f"line {line}" in answer.err
    assert anna.rows("activity") == []
