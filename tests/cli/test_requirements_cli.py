"""Requirements that no other test of the commands holds, each named by its id (DOMAIN 2)."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Desk, WriteTable

LEARNING = "2026-01-19"


def test_the_log_has_room_for_what_matters(anna: Desk) -> None:
    """A20, A6, C11: satisfaction, usage, their voice and openness to more are kept; each has a place of its own."""
    anna.does(
        *("done", "1", "good", "asked who else uses it", "--score", "8", "--usage", "up"),
        *("--opportunity", "a second site"),
    )
    first, second = anna.json("show", "anna")["sales"]
    [fact] = [one for one in first["activities"] if one["kind"] == "contacted"]
    assert (fact["score"], fact["note"]) == (8, "asked who else uses it")
    assert second["product"] == "a second site"
    usage = [one for one in anna.rows("reading") if "up" in one]
    assert len(usage) == 1


def test_an_idea_of_a_heavy_user_is_no_complaint(anna: Desk) -> None:
    """A10: it is owed an answer, opens no recovery and no concern."""
    anna.does("set", "anna", "usage", "heavy")
    anna.does("log", "anna", "good,idea", "a dark mode", "--purpose", "feedback", today=LEARNING)
    sale = anna.sale(today=LEARNING)
    assert [one["text"] for one in sale["promises"]] == ["a dark mode"]
    assert sale["concerns"] == []
    assert "recovery_acknowledge" not in [one["step"] for one in sale["touchpoints"]]


def test_a_complaint_that_comes_in_by_itself_starts_a_recovery(anna: Desk) -> None:
    """A21, A3, E4: whoever called, at once and above everything else."""
    anna.does("log", "anna", "problem", "the import fails", "--inbound", today=LEARNING)
    first = anna.json("due", today=LEARNING)["items"][0]
    assert (first["step"], first["lane"], first["due_on"]) == ("recovery_acknowledge", 1, LEARNING)


def test_doubts_about_the_seller_are_a_category_of_their_own(anna: Desk) -> None:
    """B13: reputation is none of product, price, delivery or support."""
    anna.does("concern", "add", "anna", "will you exist in a year?", "--category", "company")
    assert [one["category"] for one in anna.sale()["concerns"]] == ["company"]
    assert "company" in anna.does("concern", "list")


def test_nobody_who_is_followed_up_is_without_a_next_date(anna: Desk) -> None:
    """B25: on no day of two years, whatever is left undone."""
    anna.does("add", "Rita Bloom", "--playbook", "retail", "--signed", "today")
    anna.does("add", "Carl Fox", "--playbook", "vehicle", "--signed", "2w")
    for day in ("2026-01-06", "2026-02-23", "2026-05-11", "2026-08-31", "2026-12-28", "2027-07-05", "2028-01-03"):
        items = anna.json("list", today=day)["items"]
        assert len(items) == 3
        assert [item["customer"] for item in items if item["next"] is None] == [], day


def test_results_are_kept_beside_problems(anna: Desk) -> None:
    """B27: both stay on the page of the customer; the result is what later good news stands on."""
    anna.does("log", "anna", "problem", "the import failed", today="2026-01-13")
    anna.does("log", "anna", "great", "month closed in two days", "--milestone", "first_result", today="2026-02-10")
    said = anna.does("show", "anna", today="2026-02-10")
    for words in ("the import failed", "month closed in two days", "milestone first result"):
        assert words in said, words


def test_how_it_really_happened_counts(anna: Desk) -> None:
    """C8: the channel can be another one than planned, and it is the real one that counts towards a cap."""
    for step, day in (("week_one", "2026-01-12"), ("dip_call", "2026-01-19"), ("progress_call", "2026-02-02")):
        assert anna.step(step, today=day)["channel"] == "phone"
        anna.does("done", anna.number(step, today=day), "good", "--channel", "visit", today=day)
    calls = [one["channel"] for one in anna.sale(today="2026-02-02")["activities"] if one["kind"] == "contacted"]
    assert calls == ["visit"] * 3
    look = anna.step("dip_watch", today="2026-02-02")
    assert look["channel"] == "phone", "no call was made: there is room for one"


def test_who_wants_no_contact_gets_none_whatever_the_channel_or_the_deadline(anna: Desk) -> None:
    """C6, E11: do-not-contact stands above preference, plan and recorded dates."""
    anna.does("set", "anna", "channel", "email")
    anna.does("dnc", "anna")
    assert anna.json("due", "--all", "--days", "3660")["items"] == []
    assert anna.open_dates(today="2026-12-01") == {}


def test_the_preferred_channel_comes_first(anna: Desk) -> None:
    """C6: before what the playbook says, where nobody has to meet."""
    before = {one["step"]: one["channel"] for one in anna.sale()["touchpoints"]}
    anna.does("set", "anna", "channel", "message")
    after = {one["step"]: one["channel"] for one in anna.sale()["touchpoints"]}
    assert (before["week_one"], after["week_one"]) == ("phone", "message")
    assert before["plan_together"] == after["plan_together"] == "meeting"
    assert "as the customer prefers" in anna.does("why", anna.number("week_one"))


def test_personal_notes_are_at_hand_before_a_call(anna: Desk) -> None:
    """C22: what they care about is kept and shown with the customer."""
    anna.does("set", "anna", "notes", "two daughters, sails on Sundays")
    assert "two daughters, sails on Sundays" in anna.does("show", "anna")
    assert anna.json("show", "anna")["customer"]["notes"] == "two daughters, sails on Sundays"


def test_the_goal_they_stated_is_kept(anna: Desk) -> None:
    """D4, C1: what they bought it for belongs to the sale and can be put right."""
    assert anna.sale()["goal"] == "close the month in three days"
    anna.does("set", "anna", "goal", "close it in two days")
    assert "close it in two days" in anna.does("show", "anna")


def test_customers_whom_nobody_ever_called_are_seen(anna: Desk) -> None:
    """D11: doing nothing after the sale is the failure; a try is not a contact."""
    anna.does("add", "Ben Ode", "--playbook", "saas", "--signed", "today")
    anna.does("done", "1", "good")
    anna.does("log", "ben", "no-answer")
    items = {item["customer"]: item for item in anna.json("list", today="2026-03-02")["items"]}
    assert items["Anna Meyer"]["last_contact_on"] == "2026-01-05"
    assert items["Ben Ode"]["last_contact_on"] is None
    assert {"complacency", "neglected"} & {flag["rule"] for flag in items["Ben Ode"]["flags"]}


def test_what_is_known_from_elsewhere_may_come_with_the_table(desk: Desk, table: WriteTable) -> None:
    """E10, E1: usage, dates and background come in by CSV, none of it is a must, and nothing is scheduled by hand."""
    rows = [
        {"Name": "Anna Meyer", "Signed": "2026-01-05", "Usage": "heavy", "Renewal": "2027-01-05", "Notes": "sails"},
        {"Name": "Ben Ode", "Signed": "2026-01-05"},
    ]
    desk.does("import", table([{**row, "Goal": "fewer errors"} for row in rows]), "--playbook", "saas")
    page = desk.json("show", "anna-meyer")
    assert (page["customer"]["usage"], page["sales"][0]["anchors"]["renewal"]) == ("heavy", "2027-01-05")
    assert "pulse" in [one["step"] for one in page["sales"][0]["touchpoints"]]
    assert "pulse" not in [one["step"] for one in desk.sale("ben-ode")["touchpoints"]]
    assert desk.open_dates("ben-ode") != {}


def test_several_people_are_reached_by_what_they_do(anna: Desk) -> None:
    """E19: the user is taught, the one who decides is asked about the terms, everything else goes to the main one."""
    anna.does("contact", "add", "anna", "Cem Kaya", "--role", "user")
    anna.does("contact", "add", "anna", "Dora Fink", "--role", "decider")
    whom = {one["step"]: one["contact"] for one in anna.sale()["touchpoints"]}
    assert whom["dip_call"] == "Cem Kaya"
    assert whom["renewal_terms"] == "Dora Fink"
    assert whom["week_one"] == "Anna Meyer"


def test_the_effort_is_kept_in_minutes(anna: Desk) -> None:
    """E20: with the purpose it was spent on."""
    anna.does("done", "1", "good", "--minutes", "25")
    [fact] = [one for one in anna.sale()["activities"] if one["kind"] == "contacted"]
    assert (fact["minutes"], fact["purpose"]) == (25, "welcome")


def test_everything_runs_without_a_network(desk: Desk, table: WriteTable, monkeypatch: pytest.MonkeyPatch) -> None:
    """E22, E16: no service is asked and nothing is sent: a whole day with every socket forbidden."""

    def forbidden(*_args: Any, **_more: Any) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", forbidden)
    monkeypatch.setattr(socket, "create_connection", forbidden)
    monkeypatch.setattr(socket, "getaddrinfo", forbidden)
    row = {"Name": "Anna", "Signed": "2026-01-05", "Country": "DE", "Goal": "fewer errors"}
    desk.does("import", table([row]), "--playbook", "saas")
    for args in (("due",), ("done", "1", "good,idea"), ("log", "anna", "problem"), ("show", "anna"), ("why", "anna")):
        desk.does(*args)
    desk.does("plan", "--rebuild")


# The worked example of DOMAIN appendix C and its five variations, typed

EARLY = {
    "welcome_note": "2026-01-05",
    "plan_together": "2026-01-06",
    "first_job": "2026-01-07",
    "who_else": "2026-01-08",
    "week_one": "2026-01-12",
}


def until_the_dip(desk: Desk, last: str = "good") -> None:
    """Everything up to week one is done on its day; `last` is how that call went."""
    for step, day in EARLY.items():
        desk.does("done", desk.number(step, today=day), last if step == "week_one" else "good", today=day)


def steps(desk: Desk, today: str) -> dict[str, tuple[str, str]]:
    """Step -> date and status of what the playbook wrote or a problem brought, without the looks that are added."""
    found = desk.json("show", "anna", today=today)["sales"][0]["touchpoints"]
    return {one["step"]: (one["due_on"], one["status"]) for one in found if one["step"] != "dip_watch"}


def test_variation_a_a_major_concern_is_left_open(anna: Desk) -> None:
    """B11, B12: an extra contact about 7 January, the dip begins on day 6."""
    calm = anna.sale()["curve"]
    anna.does("concern", "add", "anna", "will my data be safe?", "--severity", "major")
    sale = anna.sale()
    assert anna.step("concern")["due_on"] == "2026-01-07"
    assert round(sale["curve"]["dip_starts"]) == 6
    assert sale["curve"]["depth"] > calm["depth"]


def test_variation_b_great_in_week_one(anna: Desk) -> None:
    """B7: nothing after it changes."""
    for step, day in list(EARLY.items())[:-1]:
        anna.does("done", anna.number(step, today=day), "good", today=day)
    before = steps(anna, "2026-01-12")
    anna.does("done", anna.number("week_one", today="2026-01-12"), "great", today="2026-01-12")
    after = steps(anna, "2026-01-12")
    assert {step: found for step, found in after.items() if step != "week_one"} == {
        step: found for step, found in before.items() if step != "week_one"
    }


def test_variation_c_a_problem_on_19_january(anna: Desk) -> None:
    """A21, B16, C18: recovery, a lesson that waits until it is verified, no selling until 14 days after."""
    until_the_dip(anna)
    written = steps(anna, LEARNING)["lesson_one"]
    said = anna.does("done", anna.number("dip_call", today=LEARNING), "problem", "the import fails", today=LEARNING)
    assert "nothing is sold until 14 days after they confirmed that it works" in said
    found = steps(anna, LEARNING)
    assert {step: on for step, (on, _) in found.items() if step.startswith("recovery")} == {
        "recovery_acknowledge": "2026-01-19",
        "recovery_update": "2026-01-22",
        "recovery_fix": "2026-01-23",
        "recovery_verify": "2026-01-26",
        "recovery_recheck": "2026-02-09",
    }
    assert written == ("2026-01-26", "open")
    assert found["lesson_one"][1] == "held"

    for step, day in (("acknowledge", LEARNING), ("fix", "2026-01-22"), ("verify", "2026-01-26")):
        listed = anna.json("due", "--all", today=day)["items"]
        assert {item["purpose"] for item in listed} == {"recovery"}, day
        anna.does("done", anna.number(f"recovery_{step}", today=day), "good", today=day)
    found = steps(anna, "2026-01-26")
    assert found["lesson_one"] == ("2026-01-27", "open")
    assert found["recovery_recheck"] == ("2026-02-09", "open")
    selling = [one for one in anna.sale(today="2026-01-26")["touchpoints"] if one["status"] in ("open", "held")]
    selling = [one for one in selling if one["purpose"] in ("lead_generation", "persuasive", "renewal")]
    assert len(selling) >= 4
    assert min(one["due_on"] for one in selling) >= "2026-02-09"


def test_variation_d_heavy_use_from_20_january(anna: Desk) -> None:
    """A4, A8, A9: prevention 2.0, education 0.75 (the extra lesson is out), feedback 1.5 (`pulse` is in)."""
    until_the_dip(anna)
    anna.does("done", anna.number("dip_call", today=LEARNING), "good", today=LEARNING)
    before = steps(anna, "2026-01-20")
    anna.does("set", "anna", "usage", "heavy", today="2026-01-20")
    after = steps(anna, "2026-01-20")
    assert set(after) - set(before) == {"pulse"}
    assert set(before) - set(after) == {"choosing_well"}
    assert after["pulse"] == ("2026-02-19", "open")
    assert {step: found for step, found in after.items() if found[1] == "done"} == {
        step: found for step, found in before.items() if found[1] == "done"
    }
    told = anna.does("why", anna.number("pulse", today="2026-01-20"), today="2026-01-20")
    for words in ("prevention 2", "education 0.75", "feedback 1.5", "assumption"):
        assert words in told, told


def test_variation_e_the_early_ask_is_not_made(anna: Desk) -> None:
    """B32: it expires the day after, and comes nowhere in learning."""
    assert steps(anna, "2026-01-08")["who_else"] == ("2026-01-08", "open")
    for today in ("2026-01-09", "2026-02-02"):
        assert steps(anna, today)["who_else"] == ("2026-01-08", "expired")
    assert "Already expired" in anna.does("snooze", anna.number("who_else"), "2026-01-20", today="2026-01-09")
