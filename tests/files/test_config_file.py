"""The settings file: one table of settings, every problem at once, comments kept (CLI.md, Configuration)."""

from __future__ import annotations

import stat
import subprocess
import sys
import tomllib
from dataclasses import fields
from datetime import date
from pathlib import Path
from zoneinfo import available_timezones

import pytest

from followup.core.numbers import ContactNumbers, override
from followup.errors import BadFileError, FollowupError, NotFoundError
from followup.files.config_file import (
    CONFIG_SPEC,
    Config,
    config_values,
    get_value,
    read_config,
    set_value,
)
from followup.files.zones import is_zone


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


FULL = """\
# my settings
[me]
name = "Sam Seller"
email = "sam@seller.example"
signature = '''
Best regards
Sam'''

[calendar]
country = "de"           # where I work
subdivision = "BY"
working_days = ["thu", "Monday", "tue"]
hours = "8:30 - 17:00"
timezone = "Europe/Berlin"
closed = [2026-12-24, "2026-12-31"]

[defaults]
playbook = "saas"
tier = "a"
usage = "light"
channel = "phone"

[contact]
capacity = 8
caps_90_days = {phone = 2}

[contact.min_gap_days]
default = 7

[smtp]
host = "mail.seller.example"
security = "tls"
user = "sam"
password_command = "pass show 'mail account'"
from = "sam@seller.example"
to = ["sam@seller.example", "pat@seller.example"]

[remind]
via = ["stdout", "email"]
format = "markdown"

[hooks]
on_done = ["notify", "it's done"]
"""


def test_a_whole_file_is_read_into_typed_values(tmp_path: Path) -> None:
    config = read_config(written(tmp_path, FULL), thorough=True)

    assert (config.me.name, config.me.signature) == ("Sam Seller", "Best regards\nSam")
    calendar = config.calendar
    assert (calendar.country, calendar.subdivision, calendar.timezone) == ("DE", "BY", "Europe/Berlin")
    assert (calendar.working_days, calendar.hours) == (("mon", "tue", "thu"), "08:30-17:00")
    assert calendar.closed == (date(2026, 12, 24), date(2026, 12, 31))
    assert (config.defaults.playbook, config.defaults.tier, config.defaults.usage) == ("saas", "A", "light")
    assert (config.smtp.port, config.smtp.sender) == (465, "sam@seller.example")
    assert config.smtp.password_command == ("pass", "show", "mail account")
    assert config.smtp.to == ("sam@seller.example", "pat@seller.example")
    assert (config.remind.via, config.remind.format) == (("stdout", "email"), "markdown")
    assert (config.hooks.on_done, config.hooks.on_due) == (("notify", "it's done"), ())


def test_the_numbers_of_contact_lie_over_those_of_the_core(tmp_path: Path) -> None:
    """DOMAIN appendix B: only what is written replaces a default."""
    config = read_config(written(tmp_path, FULL))
    numbers = override(ContactNumbers(), config.contact.overrides)

    assert config.contact.capacity == 8
    assert dict(numbers.caps_90_days) == {"phone": 2, "email": 4, "message": 4, "letter": 9}
    assert dict(numbers.min_gap_days) == {"novelty": 1, "learning": 3, "default": 7}


def test_the_settings_of_contact_are_those_of_the_core() -> None:
    keys = {setting.key.split(".")[0] for setting in CONFIG_SPEC if setting.section == "contact"}

    assert keys == {field.name for field in fields(ContactNumbers)} | {"capacity"}
    for name in ("caps_90_days", "min_gap_days", "pressure_email_when_calls"):
        inner = {s.key.split(".")[1]: int(s.default) for s in CONFIG_SPEC if s.name.startswith(f"contact.{name}.")}
        assert inner == dict(getattr(ContactNumbers(), name))


def test_no_file_means_the_defaults(tmp_path: Path) -> None:
    assert read_config(None) == read_config(tmp_path / "none.toml") == read_config(written(tmp_path, "")) == Config()


def test_every_default_in_the_table_is_the_default_in_force(tmp_path: Path) -> None:
    defaults = {s.name: s.default for s in CONFIG_SPEC} | {"smtp.port": "587"}

    assert config_values(Config()) == defaults
    for name, text in defaults.items():
        if text:
            set_value(tmp_path / "config.toml", name, text)
    config = read_config(tmp_path / "config.toml")
    assert config_values(config) == defaults
    assert (config.calendar, config.defaults, config.smtp, config.remind) == (
        Config().calendar,
        Config().defaults,
        Config().smtp,
        Config().remind,
    )


def test_contact_hours_and_days_stand_in_for_those_of_the_calendar(tmp_path: Path) -> None:
    text = '[contact]\nhours = "10:00-12:00"\nworking_days = ["sat"]\n'
    alone = read_config(written(tmp_path, text))
    beside = read_config(written(tmp_path, f'{text}[calendar]\nhours = "08:00-09:00"\n'))

    assert (alone.calendar.hours, alone.calendar.working_days) == ("10:00-12:00", ("sat",))
    assert (beside.calendar.hours, beside.calendar.working_days) == ("08:00-09:00", ("sat",))
    assert get_value(alone, "calendar.hours") == "10:00-12:00"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[me]\nnme = 'Sam'", "config.toml:2: there is no setting 'nme' in [me] - did you mean name?"),
        ("[calender]\ncountry = 'DE'", "config.toml:1: there is no section [calender] - did you mean calendar?"),
        ("country = 'DE'", "config.toml:1: country stands in no section - it belongs under [calendar]"),
        ("me = 'Sam'", "config.toml:1: me is a section - write [me] on a line of its own"),
        ("[me]\nname = 3", 'config.toml:2: me.name takes text - write name = "..."'),
        ('[me]\nname = "a\\nb"', "config.toml:2: me.name takes one line of text - take the line ends out"),
        ("[me]\nemail = 'sam'", "config.toml:2: me.email: 'sam' is not an e-mail address - write name@host"),
        (
            "[calendar]\ncountry = 'Germany'",
            "config.toml:2: 'Germany' is not the code of a country - write country = \"DE\"",
        ),
        (
            "[calendar]\nsubdivision = 'BY'",
            "config.toml:2: a subdivision needs its country - followup config set calendar.country DE",
        ),
        (
            "[calendar]\n\nworking_days = []",
            'config.toml:3: calendar.working_days needs at least one day - write working_days = ["mon", "tue", "wed"]',
        ),
        (
            "[calendar]\nworking_days = ['mon', 'tusday']",
            "config.toml:2: calendar.working_days: 'tusday' is not a day - did you mean tuesday?",
        ),
        (
            "[calendar]\nhours = '18:00-09:00'",
            "config.toml:2: calendar.hours cannot be '18:00-09:00' - write hours = \"09:00-18:00\"",
        ),
        (
            "[calendar]\ntimezone = 'Europe/Berln'",
            "config.toml:2: 'Europe/Berln' is not a time zone - did you mean Europe/Berlin?",
        ),
        (
            "[calendar]\ntimezone = '../../etc/passwd'",
            "config.toml:2: '../../etc/passwd' is not a time zone - write a zone such as Europe/Berlin",
        ),
        (
            "[calendar]\nclosed = ['2026-02-30']",
            "config.toml:2: calendar.closed: '2026-02-30' is not a day of the calendar - write closed = [2026-12-24]",
        ),
        (
            "[calendar]\nclosed = [2026-12-24T10:00:00]",
            (
                "config.toml:2: calendar.closed takes dates, not datetime.datetime(2026, 12, 24, 10, 0) - "
                "write closed = [2026-12-24]"
            ),
        ),
        ("[defaults]\ntier = 'D'", "config.toml:2: defaults.tier cannot be 'D' - there are: A, B, C"),
        ("[defaults]\nchannel = 'emial'", "config.toml:2: defaults.channel cannot be 'emial' - did you mean email?"),
        ("[contact]\ncapacity = 0", "config.toml:2: contact.capacity cannot be 0 - write a number from 1 to 1000"),
        ("[contact]\ncapacity = true", "config.toml:2: contact.capacity takes a whole number - write capacity = 12"),
        (
            "[contact]\ncaps_90_days = 3",
            (
                "config.toml:2: contact.caps_90_days takes several numbers - "
                "write [contact.caps_90_days] and under it phone, email, message, letter"
            ),
        ),
        (
            "[contact.caps_90_days]\nfone = 3",
            "config.toml:2: there is no setting 'caps_90_days.fone' in [contact] - did you mean caps_90_days.phone?",
        ),
        (
            "[smtp]\npassword = 'hunter2'",
            "config.toml:2: passwords do not belong in this file - use password_command or password_env",
        ),
        (
            "[smtp]\nhost = 'mail.example'\nsecurity = 'none'",
            (
                "config.toml:3: mail to mail.example would go over the network unencrypted - "
                'write security = "starttls" or security = "tls"'
            ),
        ),
        (
            '[hooks]\non_done = "notify \'x"',
            "config.toml:2: hooks.on_done: no closing quotation - close the quote",
        ),
        ("[remind]\nvia = 3", 'config.toml:2: remind.via takes text or a list of texts - write via = ["stdout"]'),
    ],
)
def test_what_a_file_may_not_say_is_told_with_its_line_and_how_to_mend_it(
    tmp_path: Path, text: str, problem: str
) -> None:
    with pytest.raises(BadFileError) as caught:
        read_config(written(tmp_path, text))

    assert [str(p) for p in caught.value.problems] == [problem]


def test_all_problems_are_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = "[remind]\nformat = 'pdf'\n[me]\nnme = 'x'\nphon = 'y'\n"
    with pytest.raises(BadFileError) as caught:
        read_config(written(tmp_path, text))

    assert [problem.line for problem in caught.value.problems] == [2, 4, 5]
    assert caught.value.sentence == "config.toml, line 2: remind.format cannot be 'pdf' (and 2 more)"


@pytest.mark.parametrize(
    ("text", "line"), [("[me\nname = 'x'", 1), ("[me]\nname = Sam", 2), ("[me]\nname = 'a'\nname = 'b'", 3)]
)
def test_what_is_not_toml_is_told_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    with pytest.raises(BadFileError) as caught:
        read_config(written(tmp_path, text))

    assert caught.value.problems[0].line == line
    assert "at line" not in caught.value.sentence


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "::1", "[::1]"])
def test_mail_may_go_unencrypted_to_this_machine_only(tmp_path: Path, host: str) -> None:
    config = read_config(written(tmp_path, f"[smtp]\nhost = '{host}'\nsecurity = 'none'\n"))

    assert (config.smtp.host, config.smtp.port) == (host, 25)


def test_places_without_known_holidays_are_told_when_asked_thoroughly(tmp_path: Path) -> None:
    path = written(tmp_path, "[calendar]\ncountry = 'DE'\nsubdivision = 'by'\n")
    with pytest.raises(BadFileError) as caught:
        read_config(path, thorough=True)

    assert [str(p) for p in caught.value.problems] == [
        "config.toml:3: no public holidays are known for 'by' in DE - did you mean BY?"
    ]
    assert read_config(path).calendar.subdivision == "by"


def test_every_zone_is_a_zone_and_no_path_is() -> None:
    """TRUST 2.3."""
    zones = available_timezones() - {"Factory", "localtime"}

    assert [zone for zone in sorted(zones) if not is_zone(zone)] == []
    assert [
        z for z in ("", "/etc/passwd", "../UTC", "posix/UTC", "UTC\0", "Europe", "Factory", "EST5") if is_zone(z)
    ] == []


# Changing


def test_changing_one_setting_keeps_comments_and_layout(tmp_path: Path) -> None:
    path = written(tmp_path, FULL)
    set_value(path, "calendar.subdivision", "")
    set_value(path, "calendar.country", "Austria")
    set_value(path, "contact.caps_90_days.phone", "4")
    after = path.read_text(encoding="utf-8")

    expected = FULL.replace('country = "de" ', 'country = "AT" ').replace('subdivision = "BY"\n', "")
    assert after == expected.replace("{phone = 2}", "{phone = 4}")


@pytest.mark.parametrize(
    ("name", "text", "shown", "toml"),
    [
        ("calendar.working_days", "mon-fri", "mon tue wed thu fri", ["mon", "tue", "wed", "thu", "fri"]),
        ("calendar.working_days", "sat-mon", "mon sat sun", ["mon", "sat", "sun"]),
        ("calendar.working_days", "tue, mon tue", "mon tue", ["mon", "tue"]),
        ("calendar.closed", "2026-12-31 2026-12-24", "2026-12-24 2026-12-31", [date(2026, 12, 24), date(2026, 12, 31)]),
        ("calendar.country", "United Kingdom", "GB", "GB"),
        ("calendar.hours", "8:00-16:30", "08:00-16:30", "08:00-16:30"),
        ("contact.capacity", "20", "20", 20),
        ("me.signature", "Best\\nSam", "Best\nSam", "Best\nSam"),
        ("remind.via", "stdout email", "stdout email", ["stdout", "email"]),
        ("smtp.to", "a@x.example, b@x.example", "a@x.example b@x.example", ["a@x.example", "b@x.example"]),
        ("hooks.on_due", "notify-send 'it is due'", "notify-send 'it is due'", "notify-send 'it is due'"),
        ("me.name", 'Sam "S" [x] # y', 'Sam "S" [x] # y', 'Sam "S" [x] # y'),
    ],
)
def test_a_setting_is_typed_as_text_and_shown_as_it_can_be_typed(
    tmp_path: Path, name: str, text: str, shown: str, toml: object
) -> None:
    path = tmp_path / "config.toml"
    set_value(path, name, text)
    section, key = name.split(".")

    assert get_value(read_config(path), name) == shown
    assert tomllib.loads(path.read_text(encoding="utf-8")) == {section: {key: toml}}
    set_value(path, name, shown)
    assert get_value(read_config(path), name) == shown


@pytest.mark.parametrize(
    ("name", "text", "sentence", "hint"),
    [
        ("calendar.contry", "DE", "there is no setting 'calendar.contry'", "did you mean calendar.country?"),
        ("capacity", "3", "there is no setting 'capacity'", "did you mean contact.capacity?"),
        ("nonsense", "3", "there is no setting 'nonsense'", "followup config show"),
        (
            "smtp.password",
            "hunter2",
            "passwords do not belong in the settings file",
            "followup config set smtp.password_command 'pass show mail'",
        ),
        (
            "contact.capacity",
            "many",
            "contact.capacity takes a whole number",
            "followup config set contact.capacity 12",
        ),
        ("calendar.timezone", "Berlin", "'Berlin' is not a time zone", "did you mean Europe/Berlin?"),
        (
            "calendar.working_days",
            ",",
            "calendar.working_days needs at least one day",
            "followup config set calendar.working_days 'mon tue wed thu fri'",
        ),
        ("calendar.subdivision", "BY", "a subdivision needs its country", "followup config set calendar.country DE"),
        ("remind.format", "pdf", "remind.format cannot be 'pdf'", "followup config set remind.format text"),
    ],
)
def test_a_value_that_cannot_be_is_refused_before_anything_is_written(
    tmp_path: Path, name: str, text: str, sentence: str, hint: str
) -> None:
    path = tmp_path / "config.toml"
    with pytest.raises(FollowupError) as caught:
        set_value(path, name, text)

    assert (caught.value.sentence, caught.value.hint) == (sentence, hint)
    assert not path.exists()


def test_a_file_that_is_not_in_order_is_not_touched(tmp_path: Path) -> None:
    path = written(tmp_path, "[me]\nnme = 'x'\n")
    with pytest.raises(BadFileError, match="there is no setting 'nme'"):
        set_value(path, "me.name", "Sam")

    assert path.read_text(encoding="utf-8") == "[me]\nnme = 'x'\n"


def test_a_new_file_and_its_folder_are_for_their_owner_only(tmp_path: Path) -> None:
    """DESIGN 4: files 0600, folders 0700."""
    path = tmp_path / "followup" / "config.toml"
    set_value(path, "me.name", "Sam")

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_file_behind_a_link_is_changed_where_it_lies(tmp_path: Path) -> None:
    real, link = written(tmp_path, "[me]\n"), tmp_path / "link.toml"
    link.symlink_to(real)
    set_value(link, "me.name", "Sam")

    assert link.is_symlink()
    assert read_config(real).me.name == "Sam"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: path.mkdir(), "is a folder, not a file"),
        (lambda path: path.write_bytes(b"#" * 300_000), "is larger than 256 KiB"),
        (lambda path: path.write_bytes(b"[me]\nname = '\xff'\n"), "line 2: the line is not UTF-8"),
        (lambda path: path.symlink_to("/dev/zero"), "is not a regular file"),
    ],
)
def test_odd_files_are_refused_at_once(tmp_path: Path, make: object, message: str) -> None:
    path = tmp_path / "config.toml"
    make(path)  # type: ignore[operator]
    with pytest.raises(FollowupError, match=message):
        read_config(path)


def test_an_unknown_setting_cannot_be_read() -> None:
    with pytest.raises(NotFoundError, match=r"there is no setting 'me\.nme'") as caught:
        get_value(Config(), "me.nme")
    assert caught.value.hint == "did you mean me.name?"


def test_reading_loads_nothing_heavy(tmp_path: Path) -> None:
    """Every command reads the settings: neither the holiday library nor the writer of TOML is needed for it."""
    path = written(tmp_path, FULL)
    code = (
        "import sys; from pathlib import Path; from followup.files.config_file import read_config\n"
        f"read_config(Path({str(path)!r}))\n"
        "print(sorted({'holidays', 'tomlkit', 'tempfile', 'charset_normalizer'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
