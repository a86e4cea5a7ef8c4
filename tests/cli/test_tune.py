"""`playbook tune`: what one's own log says, how sure that is, and what `--apply` writes (A22, DOMAIN 4.7)."""

from __future__ import annotations

import re
import stat
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from followup.core.model.activity import Activity
from followup.core.model.reading import Reading
from followup.files.playbook_lint import check_playbook
from followup.files.shipped import shipped_playbook_text
from followup.store import Store

if TYPE_CHECKING:
    from tests.cli.conftest import Build, Desk

MONDAY = date(2026, 1, 5)
JUNE = "2026-06-01"
DEEP = ((14, 4), (21, 3), (28, 2), (35, 3), (45, 5), (60, 8))  # scores 0-10 of customers who dip deeper
FAST = ((10, 4), (14, 3), (18, 4), (24, 6), (32, 8), (45, 9))
SLOW = ((14, 8), (28, 6), (40, 4), (55, 5), (75, 7), (100, 8))
USUAL = ((14, 8), (21, 6), (28, 6), (35, 6), (45, 7), (60, 8))


def log(desk: Desk, *facts: Activity | Reading) -> None:
    """Record facts as they would have been recorded on their day."""
    with Store.open(desk.cli.db) as store, store.write(command="test", now=datetime(2026, 5, 1, tzinfo=UTC)):
        for fact in facts:
            if isinstance(fact, Reading):
                store.add_reading(fact)
            else:
                store.add_activity(fact)


def scores(sale: int, told: tuple[tuple[int, int], ...]) -> list[Reading]:
    return [Reading(sale_id=sale, kind="nps", value=str(nps), on=MONDAY + timedelta(day)) for day, nps in told]


def call(sale: int, day: int, *outcomes: str, channel: str = "phone", purpose: str = "prevention") -> Activity:
    on = MONDAY + timedelta(day)
    return Activity(sale_id=sale, kind="contacted", on=on, channel=channel, purpose=purpose, outcomes=outcomes)


def milestone(sale: int, day: int, name: str) -> Activity:
    return Activity(sale_id=sale, kind="milestone", on=MONDAY + timedelta(day), milestone=name)


def add_six(desk: Desk) -> None:
    for name in ("Anna", "Bert", "Cara", "Dora", "Emil", "Fred"):
        desk.does("add", name, "--playbook", "saas", "--signed", "2026-01-05")


@pytest.fixture
def six(built: Callable[[str, Build], Desk]) -> Desk:
    """Six customers who signed for saas on 5 January."""
    return built("six", add_six)


def tuned(desk: Desk, *options: str, key: str | Path = "saas") -> Any:
    return desk.json("playbook", "tune", key, *options, today=JUNE)


def own(desk: Desk, key: str = "saas") -> Path:
    return desk.cli.config.with_name("playbooks") / f"{key}.yaml"


def test_without_anything_logged_nothing_is_proposed_or_written(six: Desk) -> None:
    told = tuned(six, "--apply")

    assert told["schema"] == "followup.tune/1"
    assert (told["sales_count"], told["customers_count"], told["readings_count"]) == (6, 0, 0)
    assert (told["depth_before"], told["depth_proposed"], told["stretch_proposed"]) == (0.35, 0.35, 1.0)
    assert (told["confidence"], told["applied"], told["path"]) == ("nothing yet", False, None)
    assert not own(six).exists()
    assert "Nothing is known yet" in six.does("playbook", "tune", "saas", today=JUNE)


def test_a22_deeper_dips_are_found_and_said_with_how_sure_that_is(six: Desk) -> None:
    """A22."""
    for sale in range(1, 4):
        log(six, *scores(sale, DEEP))
    few = tuned(six)
    for sale in range(4, 7):
        log(six, *scores(sale, DEEP))
    more = tuned(six)

    assert 0.35 < few["depth_proposed"] <= more["depth_proposed"]
    assert (few["confidence"], few["customers_count"]) == ("mostly the playbook", 3)
    assert (more["confidence"], more["customers_count"], more["readings_count"]) == ("blend", 6, 36)
    said = six.does("playbook", "tune", "saas", today=JUNE)
    assert "points deeper than the playbook" in said
    assert "not causes" in said
    assert "followup playbook tune saas --apply" in said
    assert not own(six).exists()


def test_scores_outcomes_and_usage_of_use_count_and_nothing_else(six: Desk) -> None:
    """DOMAIN 4.4, 4.7: one reading a contact, none for silence, none before use or in maintenance, no early highs."""
    log(
        six,
        call(1, 14, "concern"),
        call(1, 21, "good", "problem"),
        call(1, 22, "no-answer"),
        call(1, 23, "flat"),
        Activity(sale_id=1, kind="contacted", on=MONDAY + timedelta(30), outcomes=("good",), score=3),
        Reading(sale_id=2, kind="usage", value="down", on=MONDAY + timedelta(30)),
        Reading(sale_id=2, kind="csat", value="2", on=MONDAY + timedelta(30)),
        call(3, 3, "great"),
        call(3, -4, "problem"),
        Reading(sale_id=4, kind="nps", value="1", on=MONDAY + timedelta(185)),
    )
    told = six.json("playbook", "tune", "saas", today="2026-08-01")

    assert (told["readings_count"], told["customers_count"], told["left_out_count"]) == (5, 2, 1)


def test_customers_lost_before_the_trough_count_as_very_low(six: Desk) -> None:
    for sale in range(1, 6):
        log(six, *scores(sale, USUAL))
    survivors = tuned(six)
    log(six, milestone(6, 20, "left"))
    everybody = tuned(six)

    assert (survivors["lost_count"], everybody["lost_count"]) == (0, 1)
    assert everybody["readings_count"] == survivors["readings_count"] + 1
    assert everybody["depth_proposed"] >= survivors["depth_proposed"]
    log(six, milestone(5, 100, "left"))
    assert tuned(six)["lost_count"] == 1, "a loss after the trough says nothing about the dip"


def test_other_playbooks_and_their_sales_have_no_part(six: Desk) -> None:
    six.does("add", "Gina", "--playbook", "retail", "--signed", "2026-01-05")
    log(six, *scores(7, DEEP))

    assert tuned(six)["customers_count"] == 0
    assert tuned(six, key="retail")["sales_count"] == 1


def words_only(text: str) -> list[str]:
    """The lines without the days of the stages and without the curve."""
    lines = [re.sub(r"live\+[0-9]+", "", line) if "from:" in line else line for line in text.splitlines()]
    return [line for line in lines if line and not line.startswith("curve:")]


@pytest.mark.parametrize("told", [DEEP, FAST, SLOW])
def test_apply_copies_a_shipped_playbook_and_keeps_all_but_the_numbers(
    six: Desk, told: tuple[tuple[int, int], ...]
) -> None:
    for sale in range(1, 7):
        log(six, *scores(sale, told))
    facts = six.facts()
    found = tuned(six, "--apply")

    path = own(six)
    assert (found["applied"], found["path"], found["source"]) == (True, str(path), "shipped")
    text, shipped = path.read_text(encoding="utf-8"), shipped_playbook_text("saas")
    assert check_playbook(text, source="saas") == []
    assert words_only(text) == words_only(shipped)
    assert text.count("#") == shipped.count("#")
    assert six.facts() == facts, "existing sales do not change"
    assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    assert six.json("playbook", "show", "saas")["curve"]["depth"] == found["depth_proposed"]
    assert any("replan" in words for words in found["said"])


def test_a_faster_dip_moves_the_stages_as_far_as_their_steps_leave_room(six: Desk) -> None:
    for sale in range(1, 7):
        log(six, *scores(sale, FAST))
    found = tuned(six, "--apply")

    assert found["stretch_proposed"] < 0.9
    days = {day["name"]: day for day in found["days"]}
    assert list(days) == ["learning", "trough", "effectiveness"]
    for day in days.values():
        assert day["proposed"] == pytest.approx(found["stretch_proposed"] * day["before"], abs=0.8)
        assert day["proposed"] <= day["written"] <= day["before"]
        assert bool(day["note"]) == (day["written"] != day["proposed"])
    stages = six.json("playbook", "show", "saas")["stages"]
    assert stages["effectiveness"] == f"from live+{days['effectiveness']['written']}"
    assert days["learning"]["written"] == 7, "week_one is dated live+7 and belongs to novelty"
    assert "week" not in days["learning"]["note"]
    assert "live+7 lies after novelty ends" in days["learning"]["note"]


def test_maintenance_moves_only_where_it_would_come_too_early(desk: Desk) -> None:
    path = desk.cli.db.with_name("quick.yaml")
    path.write_text(QUICK, encoding="utf-8")
    for name in ("Anna", "Bert", "Cara", "Dora", "Emil", "Fred"):
        desk.does("add", name, "--playbook", path, "--signed", "2026-01-05")
    for sale in range(1, 7):
        log(desk, *scores(sale, ((5, 8), (10, 7), (14, 6), (18, 6), (22, 6), (25, 7))))
    found = tuned(desk, "--apply", key=path)

    days = {day["name"]: day["written"] for day in found["days"]}
    assert found["stretch_proposed"] > 1.3
    assert days["learning"] < days["trough"] < days["effectiveness"] < days["maintenance"]
    text = path.read_text(encoding="utf-8")
    assert "# our own words" in text
    assert f"maintenance: {{from: live+{days['maintenance']}}}" in text


QUICK = """\
# our own words
playbook: quick
title: Quick
complexity: simple
stages:
  novelty: {from: sale}
  learning: {from: live+3, trough: live+10}  # soon
  effectiveness: {from: live+21}
  maintenance: {from: live+26}
steps:
  - {id: hello, stage: novelty, when: sale, purpose: welcome, goal: g, gives: h}
"""


def test_dates_that_count_from_something_else_are_left_alone_and_named(desk: Desk) -> None:
    for name in ("Anna", "Bert", "Cara", "Dora", "Emil"):
        when = ("--anchor", "event=2026-07-05", "--anchor", "event_end=2026-07-06")
        desk.does("add", name, "--playbook", "event_hotel", "--signed", "2026-01-05", *when)
    for sale in range(1, 6):
        log(desk, *scores(sale, ((20, 6), (30, 5), (45, 4), (60, 4), (80, 4), (100, 3))))
    found = tuned(desk, "--apply", key="event_hotel")

    days = {day["name"]: day for day in found["days"]}
    assert days["learning"]["before"] == 14
    assert (days["trough"]["proposed"], days["trough"]["written"]) == (None, None)
    assert "event-21 does not count days from live or sale" in days["trough"]["note"]
    assert "trough: event-21" in own(desk, "event_hotel").read_text(encoding="utf-8")


def test_dry_run_shows_the_difference_and_writes_nothing(six: Desk) -> None:
    for sale in range(1, 7):
        log(six, *scores(sale, DEEP))
    before = six.files()
    found = tuned(six, "--apply", "--dry-run")

    assert (found["applied"], found["dry_run"]) == (False, True)
    assert f"+curve: {{depth: {found['depth_proposed']:.2f}}}" in found["diff"]
    assert found["diff"][:2] == ["--- shipped", f"+++ {own(six)}"]
    said = six.does("playbook", "tune", "saas", "--apply", "--dry-run", today=JUNE)
    assert "\n+curve: {depth: " in said
    assert "Dry run: nothing was changed." in said
    assert six.files() == before


def test_ones_own_file_is_changed_in_place(six: Desk) -> None:
    """By key and by path alike; permissions, byte order mark and line ends stay."""
    path = own(six)
    path.parent.mkdir()
    text = "\ufeff" + shipped_playbook_text("saas").replace("\n", "\r\n")
    path.write_bytes(text.encode("utf-8"))
    path.chmod(0o640)
    for sale in range(1, 7):
        log(six, *scores(sale, DEEP))
    found = tuned(six, "--apply")

    after = path.read_bytes().decode("utf-8")
    assert found["source"] == found["path"] == str(path)
    assert after.startswith("\ufeff")
    assert after.count("\r\n") == after.count("\n") == text.count("\n") + 2
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert not any("copy" in words for words in found["said"])
    assert [entry.name for entry in path.parent.iterdir()] == ["saas.yaml"]


def test_a_link_keeps_pointing_to_the_file_that_is_changed(six: Desk, tmp_path: Path) -> None:
    real, path = tmp_path / "kept-elsewhere.yaml", own(six)
    real.write_text(shipped_playbook_text("saas"), encoding="utf-8")
    path.parent.mkdir()
    path.symlink_to(real)
    for sale in range(1, 7):
        log(six, *scores(sale, DEEP))
    tuned(six, "--apply")

    assert path.is_symlink()
    assert "curve: {depth: " in real.read_text(encoding="utf-8")


def test_a_depth_of_ones_own_is_replaced_where_it_stands(six: Desk) -> None:
    path = own(six)
    path.parent.mkdir()
    text = shipped_playbook_text("saas").replace(
        "\nstages:", "\ncurve: {novelty: 0.9, depth: 0.30}  # a guess\n\nstages:"
    )
    path.write_text(text, encoding="utf-8")
    for sale in range(1, 7):
        log(six, *scores(sale, DEEP))
    found = tuned(six, "--apply")

    assert found["depth_before"] == 0.30
    depth = f"{found['depth_proposed']:.2f}"
    assert f"curve: {{novelty: 0.9, depth: {depth}}}  # a guess\n" in path.read_text(encoding="utf-8")


def test_effort_and_concerns_do_not_make_the_playbook_wrong(six: Desk) -> None:
    """Readings on the curve of each sale, bent as it is, leave the depth of the playbook about as it is."""
    for sale, key in enumerate(("anna", "bert", "cara", "dora", "emil", "fred"), start=1):
        curve = six.sale(key)["curve"]
        assert curve["depth"] < 0.30, "early effort has made the dip gentler"
        low = round(10 * (0.85 - curve["depth"]))
        log(six, *scores(sale, ((round(curve["trough"]), low),)))

    assert abs(tuned(six)["depth_proposed"] - 0.35) <= 0.06


def test_answer_rates_and_a_better_channel(six: Desk) -> None:
    """C8."""
    log(six, *(call(1, day, "no-answer") for day in range(20, 26)))
    log(six, *(call(2, 20 + n, "ok" if n < 4 else "left-message", purpose="feedback") for n in range(6)))
    log(six, call(3, 20, "good", channel="letter"), call(3, 21, "good", purpose=""))
    rates = {(one["purpose"], one["channel"]): one for one in tuned(six)["channels"]}

    assert set(rates) == {("prevention", "phone"), ("feedback", "phone")}
    worst, best = rates["prevention", "phone"], rates["feedback", "phone"]
    assert (worst["answered_count"], worst["tried_count"], round(worst["rate"], 2)) == (0, 6, 0.22)
    assert (worst["suggested"], worst["suggested_rate"]) == ("message", 0.45)
    assert "dip_call" in worst["steps"]
    assert (best["answered_count"], best["tried_count"], round(best["rate"], 2)) == (4, 6, 0.47)
    assert best["suggested"] is None
    assert "message, 45 %" in six.does("playbook", "tune", "saas", today=JUNE)


def test_first_results_with_those_who_still_wait(six: Desk) -> None:
    assert tuned(six)["first_result"]["reached_count"] == 0
    log(six, milestone(1, 33, "first_result"), milestone(2, 33, "first_result"), milestone(3, 40, "left"))
    found = tuned(six)["first_result"]

    assert (found["expected_day"], found["reached_count"], found["waiting_count"]) == (66, 2, 3)
    early = six.json("playbook", "tune", "saas", today="2026-02-20")["first_result"]
    assert (early["reached_count"], early["waiting_count"]) == (2, 0), "before day 66 nobody is late"
    assert early["factor"] == pytest.approx(0.5 ** (2 / 8))
    assert early["proposed_day"] == round(66 * early["factor"])


def test_refusals(desk: Desk, six: Desk) -> None:
    six.refuses("playbook", "tune", "sass", says="no playbook is called 'sass'", hint="did you mean saas?")
    path = own(six, "broken")
    path.parent.mkdir()
    path.write_text("playbook: broken\nstepz: []\n", encoding="utf-8")
    before = six.files()
    six.refuses("playbook", "tune", "broken", "--apply", says="cannot be used", hint="followup playbook check")
    assert six.files() == before


def test_without_a_data_file_there_is_no_log(desk: Desk) -> None:
    desk.refuses("playbook", "tune", "saas", says="no data file", hint="followup", code=1)
