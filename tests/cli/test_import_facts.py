"""`import --kind activities|readings|contacts|concerns|promises`: facts of known customers, safe to repeat (E10)."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Build, Desk, WriteTable

MONDAY = "2026-01-05"
TODAY = "2026-06-01"
FACTS = ("activities", "readings", "concerns", "promises", "contacts")


def settle(desk: Desk) -> None:
    """Customers as another tool gave them, with sales that began in winter."""
    desk.does(
        *("add", "Anna Meyer", "--company", "Meyer GmbH", "--email", "anna@meyer.example", "--phone", "+49 30 1234567"),
        *("--playbook", "saas", "--signed", MONDAY, "--live", "2026-01-12", "--product", "Ledgerline", "--goal", "x"),
    )
    desk.does(
        "add", "Bo Li", "--company", "Acme Inc", "--email", "bo@acme.example", "--playbook", "saas", "--signed", MONDAY
    )
    desk.does("add", "Cy Ohm", "--company", "Acme Inc", "--playbook", "retail", "--signed", "2026-02-02")
    desk.does("add", "Dee Ray", "--email", "dee@ray.example")


@pytest.fixture
def known(built: Callable[[str, Build], Desk]) -> Desk:
    return built("facts", settle)


def take(desk: Desk, path: Path, kind: str, *options: str | Path, today: str = TODAY) -> Any:
    """Import and give what it says as JSON."""
    answer = desk("import", path, "--kind", kind, *options, "--json", today=today)
    assert answer.code == 0, answer
    return answer.json


def counts(told: Any) -> tuple[int, ...]:
    return tuple(told[name] for name in ("created", "updated", "unchanged", "skipped"))


def exported(desk: Desk, kind: str, *, today: str = TODAY) -> list[dict[str, Any]]:
    return list(desk.json("export", kind, today=today)["items"])


def plans(desk: Desk, *, today: str = TODAY) -> list[dict[str, Any]]:
    """All touchpoints but for their numbers: what is planned, whatever was recorded first."""
    told = exported(desk, "touchpoints", today=today)
    return sorted(({**one, "id": 0} for one in told), key=lambda one: (one["sale"], one["step"], one["occurrence"]))


CALLS = [
    {"Record ID": "1", "Call outcome": "Connected", "Activity date": "2026-03-02 10:00", "Call notes": "glad"},
    {"Record ID": "2", "Call outcome": "Left voicemail", "Activity date": "2026-02-02 10:00", "Call notes": ""},
    {"Record ID": "3", "Call outcome": "No answer", "Activity date": "2026-02-10 10:00", "Call notes": ""},
]


def calls(write: WriteTable, *, email: str = "anna@meyer.example", rows: list[dict[str, str]] = CALLS) -> Path:
    return write([{**row, "Contact email": email} for row in rows], name="calls.csv")


# The plan goes on from the last real contact


def test_what_another_tool_logged_counts_as_if_it_had_been_typed(
    known: Desk, table: WriteTable, tmp_path: Path
) -> None:
    """Contacts are replayed in the order in which they happened, whatever the order of the rows."""
    typed = tmp_path / "typed.db"
    typed.write_bytes(known.cli.db.read_bytes())
    told = take(known, calls(table), "activities")
    assert counts(told) == (3, 0, 0, 0)
    for outcome, day, note in (
        *(("left-message", "2026-02-02", ""), ("no-answer", "2026-02-10", "")),
        ("ok", "2026-03-02", "glad"),
    ):
        known.does("--db", typed, "log", "anna-meyer", outcome, note, "--on", day, "--channel", "phone", today=TODAY)
    mine = plans(known)
    theirs = sorted(
        ({**one, "id": 0} for one in known.json("--db", typed, "export", "touchpoints", today=TODAY)["items"]),
        key=lambda one: (one["sale"], one["step"], one["occurrence"]),
    )
    assert mine == theirs
    listed = {one["customer_key"]: one["last_contact_on"] for one in known.json("list", today=TODAY)["items"]}
    assert listed["anna-meyer"] == "2026-03-02"


def test_what_follows_from_an_outcome_follows_here_too(known: Desk, table: WriteTable, tmp_path: Path) -> None:
    """DOMAIN 5.4: a doubt is a record with an answer by a day, an idea is owed an answer, stop is stop."""
    typed = tmp_path / "typed.db"
    typed.write_bytes(known.cli.db.read_bytes())
    rows = [
        {"Customer": "Anna Meyer", "Date": "2026-03-02", "Outcome": "concern", "Note": "too dear"},
        {"Customer": "Anna Meyer", "Date": "2026-03-09", "Outcome": "good,idea", "Note": "more colours"},
        {"Customer": "Cy Ohm", "Date": "2026-04-01", "Outcome": "stop", "Note": ""},
    ]
    path = table(rows, name="talks.csv")
    assert counts(take(known, path, "activities")) == (3, 0, 0, 0)
    for who, outcome, note, day in (
        ("anna-meyer", "concern", "too dear", "2026-03-02"),
        ("anna-meyer", "good,idea", "more colours", "2026-03-09"),
        ("cy-ohm", "stop", "", "2026-04-01"),
    ):
        known.does("--db", typed, "log", who, outcome, note, "--on", day, today=TODAY)
    for kind in ("concerns", "promises", "customers"):
        assert exported(known, kind) == known.json("--db", typed, "export", kind, today=TODAY)["items"]
    assert counts(take(known, path, "activities")) == (0, 0, 3, 0)
    assert len(exported(known, "concerns")) == 1


def test_plans_are_those_of_a_rebuild(known: Desk, table: WriteTable) -> None:
    take(known, calls(table), "activities")
    before = plans(known)
    known.does("plan", "--rebuild", today=TODAY)
    assert plans(known) == before


# Safe to repeat


def test_the_same_file_again_changes_nothing(known: Desk, table: WriteTable) -> None:
    path = calls(table)
    take(known, path, "activities")
    before = known.facts()
    assert counts(take(known, path, "activities")) == (0, 0, 3, 0)
    assert known.facts() == before


def test_two_rows_that_say_the_same_are_two_contacts_and_stay_two(known: Desk, table: WriteTable) -> None:
    row = {"Customer": "Anna Meyer", "Date": "2026-03-02", "Outcome": "ok", "Note": "called"}
    path = table([row, row, {**row, "Note": "other"}], name="talks.csv")
    assert counts(take(known, path, "activities")) == (3, 0, 0, 0)
    assert counts(take(known, path, "activities")) == (0, 0, 3, 0)
    more = table([row, row, row], name="more.csv")
    assert counts(take(known, more, "activities")) == (1, 0, 2, 0)


def test_a_row_that_was_edited_changes_what_is_known_by_its_id(known: Desk, table: WriteTable) -> None:
    take(known, calls(table), "activities")
    edited = [{**CALLS[0], "Call notes": "very glad", "Call outcome": "good"}, *CALLS[1:]]
    told = take(known, calls(table, rows=edited), "activities")
    assert counts(told) == (0, 1, 2, 0)
    assert [(one["field"], one["old"], one["new"], one["line"]) for one in told["changes"]] == [
        ("outcomes", "ok", "good", 2),
        ("note", "glad", "very glad", 2),
    ]
    assert len(exported(known, "activities")) == 3
    assert counts(take(known, calls(table, rows=edited), "activities")) == (0, 0, 3, 0)


def test_a_contact_stays_one_when_another_sale_begins(known: Desk, table: WriteTable) -> None:
    path = table([{"Customer": "Anna Meyer", "Date": "2026-03-02", "Outcome": "ok"}], name="talks.csv")
    take(known, path, "activities")
    known.does("sale", "add", "anna-meyer", "--playbook", "retail", "--signed", "2026-02-20", today=TODAY)
    assert counts(take(known, path, "activities")) == (0, 0, 1, 0)


def test_a_second_row_with_the_same_id_is_no_second_contact(known: Desk, table: WriteTable) -> None:
    told = take(known, calls(table, rows=[CALLS[0], CALLS[0]]), "activities")
    assert counts(told) == (1, 0, 0, 1)
    assert any("same as an earlier line left out: line 3" in said for said in told["notices"])


@pytest.mark.parametrize("options", [(), ("--raw",)], ids=str)
@pytest.mark.parametrize("kind", FACTS)
def test_our_own_table_comes_in_again_unchanged(
    known: Desk, tmp_path: Path, kind: str, options: tuple[str, ...]
) -> None:
    (number, *_) = [str(one["id"]) for one in known.json("due", "--days", "30", "--all")["items"]]
    known.does("done", number, "good,idea", "=1+1", "--score", "9", "--minutes", "5", "--concern", "dear")
    known.does("reading", "add", "anna-meyer", "nps", "9", "--note", "+1")
    known.does("hold", "bo-li", "--until", "2026-02-02")
    known.does("dnc", "anna-meyer", "--contact", "anna", today="2026-02-02")
    path = tmp_path / f"{kind}.csv"
    known.does("export", kind, "-o", path, *options, today=TODAY)
    before = known.facts()
    told = take(known, path, kind)
    assert before["activity"]
    assert (told["created"], told["updated"], told["skipped"]) == (0, 0, 0)
    assert told["unchanged"] == told["rows"] > 0
    assert told["unmapped"] == []
    assert known.facts() == before


# What is left out, and what was concluded


def test_what_is_planned_or_no_talk_is_left_out_and_said(known: Desk, table: WriteTable) -> None:
    rows = [
        ("Call", "Completed", "2026-03-02"),
        ("Call", "Scheduled", "2026-08-02"),
        ("Note", "", "2026-03-02"),
        ("Email", "Sent", "2026-03-03"),
    ]
    path = table(
        [{"Company": "Meyer GmbH", "Type": kind, "Status": state, "Date": day} for kind, state, day in rows],
        name="log.csv",
    )
    told = take(known, path, "activities")
    assert counts(told) == (2, 0, 0, 2)
    said = "\n".join(told["notices"])
    assert "1 row that is not done (planned, called off or not delivered) left out: line 3" in said
    assert "1 note or task, which is no contact, left out: line 4" in said
    assert "count as reached (ok): 1" in said
    assert "count as left-message, since nobody was spoken to: 1" in said
    assert [(one["channel"], one["outcomes"]) for one in exported(known, "activities")] == [
        ("phone", ["ok"]),
        ("email", ["left-message"]),
    ]


def test_a_day_to_come_is_not_done_yet_unless_it_is_said_to_be(known: Desk, table: WriteTable) -> None:
    row = {"Company": "Meyer GmbH", "Outcome": "ok", "Date": "2026-08-02"}
    assert counts(take(known, table([row], name="log.csv"), "activities")) == (0, 0, 0, 1)
    done = table([{**row, "Status": "Completed"}], name="done.csv")
    known.refuses("import", done, "--kind", "activities", says="1 row of", hint="--skip-bad", today=TODAY)


# Whose a row is


@pytest.mark.parametrize(("row", "key"), [
    ({"customer_key": "cy-ohm"}, "cy-ohm"),
    ({"Email": "BO@acme.example"}, "bo-li"),
    ({"Company": "meyer  gmbh"}, "anna-meyer"),
    ({"Company": "Acme Inc", "Contact": "Cy Ohm"}, "cy-ohm"),
    ({"Company": "Acme Inc", "Email": "bo@acme.example"}, "bo-li"),
    ({"Contact": "Anna Meyer"}, "anna-meyer"),
    ({"Customer": "Meyer GmbH"}, "anna-meyer"),
    ({"Phone": "0049 (30) 123-4567"}, "anna-meyer"),
    ({"Related To": "Meyer GmbH"}, "anna-meyer"),
    ({"Company": "Meyer GmbH", "Contact": "Somebody New", "Email": "new@meyer.example"}, "anna-meyer"),
], ids=str)  # fmt: skip
def test_the_customer_is_found_by_what_the_row_says(
    known: Desk, table: WriteTable, row: dict[str, str], key: str
) -> None:
    take(known, table([{**row, "Date": "2026-03-02", "Outcome": "ok"}], name="log.csv"), "activities")
    assert [one["customer_key"] for one in exported(known, "activities")] == [key]


@pytest.mark.parametrize(("row", "says"), [
    ({"Company": "Acme Inc"}, "this may be 2 customers: bo-li, cy-ohm"),
    ({"Company": "Nobody Ltd"}, "no customer in the data file is meant"),
    ({"Contact": "Anna Meyer", "Email": "anna@other.example"}, "no customer in the data file is meant"),
    ({"Contact": "Anna Meyer", "Company": "Other GmbH"}, "no customer in the data file is meant"),
    ({"customer_key": "anna", "Contact": "Anna Meyer"}, "no customer in the data file is meant"),
    ({"Email": "dee@ray.example"}, "Dee Ray has no sale yet"),
], ids=str)  # fmt: skip
def test_a_row_that_leaves_a_doubt_is_refused(known: Desk, table: WriteTable, row: dict[str, str], says: str) -> None:
    path = table([{**row, "Date": "2026-03-02", "Outcome": "ok"}], name="log.csv")
    answer = known.refuses("import", path, "--kind", "activities", says="1 row of", hint="--skip-bad", today=TODAY)
    assert "log.csv:2: " in answer.err
    assert says in answer.err


def test_where_there_is_one_sale_its_product_may_have_any_name(known: Desk, table: WriteTable) -> None:
    row = {"Email": "anna@meyer.example", "Product": "Oven", "Date": "2026-03-02", "Outcome": "ok"}
    take(known, table([row], name="log.csv"), "activities")
    assert [one["sale"] for one in exported(known, "activities")] == [1]


def test_bad_rows_can_be_set_aside_and_mended(known: Desk, table: WriteTable, tmp_path: Path) -> None:
    rows = [{"Company": name, "Date": "2026-03-02", "Outcome": "ok"} for name in ("Meyer GmbH", "Acme Inc", "Nobody")]
    path, rejects = table(rows, name="log.csv"), tmp_path / "rejects.csv"
    told = take(known, path, "activities", "--skip-bad", rejects)
    assert counts(told) == (1, 0, 0, 2)
    mended = rejects.read_text().replace("Acme Inc", "Meyer GmbH").replace("Nobody", "Meyer GmbH")
    rejects.write_text(mended)
    assert counts(take(known, rejects, "activities")) == (1, 0, 1, 0)  # one of the two is what is known already


def test_the_sale_is_the_one_named_or_the_newest_that_had_begun(known: Desk, table: WriteTable) -> None:
    known.does(
        "sale", "add", "anna-meyer", "--playbook", "retail", "--signed", "2026-04-01", "--product", "Oven", today=TODAY
    )
    days = [("2026-03-02", ""), ("2026-05-01", ""), ("2026-05-02", "ledgerline"), ("2025-06-01", "")]
    rows = [{"Customer": "Anna Meyer", "Date": day, "Product": product, "Outcome": "ok"} for day, product in days]
    take(known, table(rows, name="log.csv"), "activities")
    assert {one["on"]: one["sale"] for one in exported(known, "activities")} == {
        "2026-03-02": 1,
        "2026-05-01": 4,
        "2026-05-02": 1,
        "2025-06-01": 1,
    }
    other = table(
        [{"Customer": "Anna Meyer", "Date": "2026-05-03", "Product": "Kettle", "Outcome": "ok"}], name="o.csv"
    )
    answer = known.refuses("import", other, "--kind", "activities", says="1 row of", today=TODAY)
    assert "has no sale of 'Kettle'" in answer.err


# Readings


def test_scores_come_in_on_the_scale_of_the_playbook(known: Desk, table: WriteTable) -> None:
    rows = [{"Email": "anna@meyer.example", "NPS": "9", "Comment": "=glad", "Submitted at": "2026-03-02"}] * 2
    path = table([*rows, {**rows[0], "NPS": ""}], name="nps.csv")
    assert counts(take(known, path, "readings")) == (2, 0, 0, 1)
    assert counts(take(known, path, "readings")) == (0, 0, 2, 1)
    assert [(one["kind"], one["value"], one["note"]) for one in exported(known, "readings")] == [
        ("nps", "9", "=glad")
    ] * 2


@pytest.mark.parametrize(("heading", "value", "says"), [
    ("CSAT", "4", "measures with nps, not with csat: scales are not mixed"),
    ("NPS", "11", "is no nps score"),
    ("NPS", "8,5", "is no nps score"),
], ids=str)  # fmt: skip
def test_e7_scores_off_the_scale_are_refused(
    known: Desk, table: WriteTable, heading: str, value: str, says: str
) -> None:
    path = table([{"Email": "anna@meyer.example", heading: value, "Date": "2026-03-02"}], name="nps.csv")
    answer = known.refuses("import", path, "--kind", "readings", says="1 row of", today=TODAY)
    assert says in answer.err


def test_a_score_belongs_to_the_sale_that_is_measured_on_its_scale(known: Desk, table: WriteTable) -> None:
    known.does("sale", "add", "anna-meyer", "--playbook", "retail", "--signed", "2026-02-01", today=TODAY)
    kpis = {one["playbook"]: one["id"] for one in exported(known, "sales") if one["customer_key"] == "anna-meyer"}
    path = table([{"Email": "anna@meyer.example", "NPS": "9", "Date": "2026-03-02"}], name="nps.csv")
    take(known, path, "readings")
    assert [one["sale"] for one in exported(known, "readings")] == [kpis["saas"]]


def test_usage_in_words(known: Desk, table: WriteTable) -> None:
    path = table([{"Customer": "Anna Meyer", "Usage": "Declining", "Date": "2026-03-02"}], name="usage.csv")
    take(known, path, "readings")
    assert [(one["kind"], one["value"]) for one in exported(known, "readings")] == [("usage", "down")]


def test_a_column_of_dates_that_can_be_read_two_ways_is_refused(known: Desk, table: WriteTable) -> None:
    path = table([{"Email": "anna@meyer.example", "NPS": "9", "Date": "01/02/2026"}], name="nps.csv")
    known.refuses(
        "import", path, "--kind", "readings", says="1 February or 2 January", hint="--date-format", today=TODAY
    )
    take(known, path, "readings", "--date-format", "mdy")
    assert [one["on"] for one in exported(known, "readings")] == ["2026-01-02"]


# People


def test_people_of_a_customer(known: Desk, table: WriteTable) -> None:
    rows = [
        {"Company": "Meyer GmbH", "Name": "Zoe Kurz", "Email": "zoe@meyer.example", "Role": "finance", "Opt out": ""},
        {"Company": "Meyer GmbH", "Name": "Anna Meyer", "Email": "anna@meyer.example", "Role": "", "Opt out": "yes"},
        {"Company": "Meyer GmbH", "Name": "Zoe Kurz", "Email": "zoe@meyer.example", "Role": "user", "Opt out": ""},
    ]
    path = table(rows, name="people.csv")
    told = take(known, path, "contacts")
    assert counts(told) == (1, 1, 0, 1)
    people = {one["name"]: one for one in exported(known, "contacts") if one["customer_key"] == "anna-meyer"}
    assert (people["Zoe Kurz"]["role"], people["Zoe Kurz"]["is_main"]) == ("finance", False)
    assert people["Anna Meyer"]["own_do_not_contact"] is True
    assert people["Anna Meyer"]["phone"] == "+49 30 1234567"  # an empty cell empties nothing
    before = known.facts()
    assert counts(take(known, path, "contacts")) == (0, 0, 2, 1)
    assert known.facts() == before


def test_an_opt_out_is_never_taken_back_by_a_table(known: Desk, table: WriteTable) -> None:
    known.does("dnc", "anna-meyer", "--contact", "anna", today=TODAY)
    path = table([{"Company": "Meyer GmbH", "Name": "Anna Meyer", "Do not contact": "no"}], name="people.csv")
    assert counts(take(known, path, "contacts")) == (0, 0, 1, 0)
    assert next(one for one in exported(known, "contacts") if one["name"] == "Anna Meyer")["own_do_not_contact"]


# Doubts and promises


def test_doubts_come_in_and_are_resolved_by_a_later_table(known: Desk, table: WriteTable) -> None:
    row = {"Customer": "Anna Meyer", "Text": "slow", "Severity": "high", "Opened on": "2026-03-02", "Resolved on": ""}
    path = table([row], name="doubts.csv")
    assert counts(take(known, path, "concerns")) == (1, 0, 0, 0)
    assert counts(take(known, path, "concerns")) == (0, 0, 1, 0)
    told = take(known, table([{**row, "Resolved on": "2026-03-09"}], name="doubts.csv"), "concerns")
    assert counts(told) == (0, 1, 0, 0)
    assert [(one["severity"], one["resolved_on"]) for one in exported(known, "concerns")] == [("major", "2026-03-09")]
    assert counts(take(known, path, "concerns")) == (0, 0, 1, 0)  # an empty cell opens nothing again


def test_promises_come_in_and_are_kept_by_a_later_table(known: Desk, table: WriteTable) -> None:
    row = {"Customer": "Anna Meyer", "Promise": "offer", "Due date": "2026-07-01", "Done on": "", "Told on": ""}
    path = table([row], name="promises.csv")
    assert counts(take(known, path, "promises")) == (1, 0, 0, 0)
    assert [one["due_on"] for one in plans(known) if one["step"] == "promise"] == ["2026-07-01"]
    kept = table([{**row, "Done on": "2026-05-04", "Told on": "2026-05-05"}], name="promises.csv")
    assert counts(take(known, kept, "promises")) == (0, 1, 0, 0)
    assert [(one["done_on"], one["told_on"]) for one in exported(known, "promises")] == [("2026-05-04", "2026-05-05")]


# The mapping


def test_a_mapping_that_was_kept_reads_the_same_table_the_same_way(
    known: Desk, table: WriteTable, tmp_path: Path
) -> None:
    row = {"Company": "Meyer GmbH", "Date": "2026-03-02", "Outcome": "ok", "Notes": "a", "Summary": "b", "Owner": "me"}
    path, mapping = table([row], name="log.csv"), tmp_path / "columns.txt"
    told = take(known, path, "activities", "--save-map", mapping)
    assert told["mapping"]["note_2"] == "Summary"
    again = take(known, path, "activities", "--map", mapping)
    assert (again["mapping"], counts(again)) == (told["mapping"], (0, 0, 1, 0))
    mapping.write_text(mapping.read_text().replace("note = Notes\nnote_2 = Summary\n", "note = Owner\n"))
    assert counts(take(known, path, "activities", "--map", mapping)) == (1, 0, 0, 0)
    assert [one["note"] for one in exported(known, "activities")] == ["a\nb", "me"]
    mapping.write_text("oucome = Outcome\n")
    known.refuses("import", path, "--kind", "activities", "--map", mapping, says="no field 'oucome'", hint="outcomes")


# Bigger, and taken back


def test_a_log_of_thousands_of_rows_in_any_order_is_taken_once(known: Desk, tmp_path: Path) -> None:
    """More rows than one chunk holds, newest first; two chunks about one customer."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["Customer", "Date", "Outcome", "Note"])
    for number in range(1200, 0, -1):
        writer.writerow(["Anna Meyer", f"2026-0{1 + number % 4}-{1 + number % 28:02}", "ok", f"talk {number % 700}"])
    path = tmp_path / "long.csv"
    path.write_text(text.getvalue())
    assert counts(take(known, path, "activities")) == (1200, 0, 0, 0)
    assert counts(take(known, path, "activities")) == (0, 0, 1200, 0)


def test_one_undo_takes_an_import_back(known: Desk, table: WriteTable) -> None:
    before = known.facts(), plans(known)
    take(known, calls(table), "activities")
    known.does("undo", today=TODAY)
    assert (known.facts(), plans(known)) == before


def test_a_dry_run_changes_nothing(known: Desk, table: WriteTable) -> None:
    before = known.facts()
    assert counts(take(known, calls(table), "activities", "--dry-run")) == (3, 0, 0, 0)
    assert known.facts() == before
