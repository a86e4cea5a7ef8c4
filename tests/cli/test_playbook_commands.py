"""`playbook list|show|check|preview|new|schema`: the author's commands; none needs a data file."""

from __future__ import annotations

import json
import stat
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Desk

SHIPPED = ("equipment", "event_hotel", "real_estate", "retail", "saas", "services", "vehicle")


def test_list_names_the_shipped_ones_and_your_own(desk: Desk) -> None:
    desk.does("playbook", "new", "mine")
    items = {item["playbook"]: item for item in desk.json("playbook", "list")["items"]}
    assert set(items) == {*SHIPPED, "mine"}
    assert items["saas"]["source"] == "shipped"
    assert items["mine"]["source"].endswith("playbooks/mine.yaml")
    assert not desk.cli.db.exists()


def test_list_counts_the_sales_that_follow_each(anna: Desk) -> None:
    counted = {item["playbook"]: item["sales_count"] for item in anna.json("playbook", "list")["items"]}
    assert counted == {**dict.fromkeys(SHIPPED, 0), "saas": 1}


def test_a_broken_file_of_yours_is_listed_as_such_and_stops_nothing(desk: Desk) -> None:
    own = desk.cli.config.with_name("playbooks")
    own.mkdir()
    (own / "broken.yaml").write_text("playbook: broken\nstepz: []\n", encoding="utf-8")
    items = {item["playbook"]: item for item in desk.json("playbook", "list")["items"]}
    assert "followup playbook check" in items["broken"]["title"]
    desk.refuses("add", "Anna", "--playbook", "broken", says="cannot be used", hint="followup playbook check")


@pytest.mark.parametrize("key", SHIPPED)
def test_every_shipped_one_can_be_shown_checked_and_previewed(desk: Desk, key: str) -> None:
    page = desk.json("playbook", "show", key)
    assert page["steps"]
    assert all(step["goal"] for step in page["steps"])
    assert [one for one in desk.json("playbook", "check", key)["problems"] if one["severity"] == "error"] == []
    plan = desk.json("playbook", "preview", key, "--signed", "2026-01-05", "--country", "US-CA")
    assert plan["touchpoints"]
    assert page["title"] in desk.does("playbook", "show", key)


def test_check_names_every_problem_with_its_place(desk: Desk) -> None:
    path = desk.cli.db.with_name("bad.yaml")
    path.write_text(
        "playbook: bad\ntitle: Bad\ngoal: x\nsteps:\n"
        "  - {id: a, stage: lerning, when: live+3, purpose: prevention, chanel: phone, goal: g, gives: h}\n"
        "  - {id: a, stage: learning, when: liv+3, purpose: welcom, goal: g, gives: h}\n",
        encoding="utf-8",
    )
    answer = desk("playbook", "check", path)
    assert answer.code == 1
    for words in (f"{path}:5:", f"{path}:6:", "channel", "learning", "welcome", "live"):
        assert words in answer.out, words
    told = desk("playbook", "check", path, "saas", "--json")
    assert told.code == 1
    problems = told.json["problems"]
    assert len(problems) >= 4
    assert all(one["line"] and one["column"] for one in problems if one["severity"] == "error")


def test_strict_makes_warnings_errors(desk: Desk) -> None:
    path = desk.cli.db.with_name("thin.yaml")
    path.write_text(
        "playbook: thin\ntitle: Thin\ngoal: g\nsteps:\n"
        "  - {id: a, stage: novelty, when: sale, purpose: welcome, channel: email, goal: g, gives: h, message: Hi}\n",
        encoding="utf-8",
    )
    loose, strict = desk("playbook", "check", path), desk("playbook", "check", path, "--strict")
    assert (loose.code, strict.code) == (0, 1)
    assert "warning" in loose.out


def test_new_starts_from_another_and_never_overwrites(desk: Desk) -> None:
    path = desk.cli.db.with_name("mine.yaml")
    said = desk.does("playbook", "new", "mine", "--from", "retail", "--output", path)
    assert f"wrote {path}" in said
    assert path.read_text(encoding="utf-8").count("playbook: mine") == 1
    assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    desk.does("playbook", "check", path)
    before = path.read_bytes()
    desk.refuses("playbook", "new", "mine", "--output", path, says="exists already", hint="followup playbook check")
    assert path.read_bytes() == before


def test_your_own_one_hides_a_shipped_one_of_that_name(desk: Desk) -> None:
    desk.does("playbook", "new", "saas", "--from", "retail")
    assert desk.json("playbook", "show", "saas")["source"].endswith("playbooks/saas.yaml")


def test_schema_is_one_json_schema_and_can_go_to_a_file(desk: Desk) -> None:
    schema = json.loads(desk.does("playbook", "schema"))
    assert schema["$schema"].startswith("https://json-schema.org/")
    assert {"playbook", "title", "steps"} <= set(schema["required"])
    path = desk.cli.db.with_name("schema.json")
    desk.does("playbook", "schema", "--output", path)
    assert json.loads(path.read_text(encoding="utf-8")) == schema
    desk.refuses("playbook", "schema", "--output", path, says="cannot be written", hint="--output")


def test_preview_takes_today_as_the_day_before_everything(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FOLLOWUP_TODAY")
    told = desk.json("playbook", "preview", "saas", "--signed", "2026-01-05", "--anchor", "renewal=2027-01-05")
    assert told["today"] == "2025-12-14", "the day before the first stage begins"
    dates = {one["step"]: one["due_on"] for one in told["touchpoints"] if one["occurrence"] == 1}
    assert (dates["fit_check"], dates["open_worries"]) == ("2025-12-22", "2025-12-31")
    assert dates["progress_call"] == "2026-02-02"
    assert {one[key] for one in told["touchpoints"] for key in ("id", "customer", "sale")} == {None}
    assert not desk.cli.db.exists()


def test_preview_bends_with_what_is_said(desk: Desk) -> None:
    def curve(*options: str) -> dict[str, float]:
        curve: dict[str, float] = desk.json("playbook", "preview", "saas", "--signed", "today", *options)["curve"]
        return curve

    plain = curve("--effort", "0")
    assert curve("--effort", "1")["depth"] < plain["depth"]
    assert curve("--effort", "0", "--concern", "major")["depth"] > plain["depth"]
    assert (plain["depth"], plain["trough"], plain["recovered"]) == (0.35, 28, 66)
    said = desk.json("playbook", "preview", "saas", "--signed", "today", "--usage", "heavy")
    assert "pulse" in {one["step"] for one in said["touchpoints"]}
    more = desk.json("playbook", "preview", "saas", "--signed", "today", "--occurrences", "3")
    assert max(one["occurrence"] for one in more["touchpoints"] if one["step"] == "needs_review") == 3


@pytest.mark.parametrize(
    ("args", "says", "hint", "code"),
    [
        (("show", "sass"), "no playbook is called 'sass'", "did you mean saas?", 1),
        (("check", "nowhere.yaml"), "no file nowhere.yaml", "", 1),
        (("check",), "FILE", "followup playbook check --help", 2),
        (("preview", "sass"), "no playbook is called 'sass'", "did you mean saas?", 1),
        (("preview", "saas", "--signed", "someday"), "'someday' is not a date", "", 1),
        (("preview", "saas", "--anchor", "renewl=today"), "no anchor 'renewl'", "did you mean renewal?", 1),
        (("preview", "saas", "--anchor", "renewal"), "NAME=DATE", "", 2),
        (("preview", "saas", "--usage", "hevy"), "'hevy' is not a usage", "did you mean heavy?", 1),
        (("preview", "saas", "--concern", "big"), "'big' is not a severity", "minor moderate major", 1),
        (("preview", "saas", "--effort", "2"), "--effort", "followup playbook preview --help", 2),
        (("preview", "saas", "--country", "ZZ"), "no public holidays are known for 'ZZ'", "US-CA", 1),
        (("preview", "saas", "--country", "DE-XX"), "no public holidays are known for 'DE-XX'", "US-CA", 1),
        (("new", "My Book"), "'My Book' is not a playbook key", "my_saas", 1),
        (("new", "../x"), "'../x' is not a playbook key", "", 1),
        (("new", "mine", "--from", "sass"), "no playbook is called 'sass'", "did you mean saas?", 1),
        ((), "", "", 2),
    ],
)
def test_refusals(desk: Desk, args: tuple[str, ...], says: str, hint: str, code: int) -> None:
    before = desk.files()
    if args:
        desk.refuses("playbook", *args, says=says, hint=hint, code=code)
    else:
        assert desk("playbook").code == code
    assert desk.files() == before
