"""`export`: every table out, safe in a spreadsheet, exact for programs, whole or not at all."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import stat
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from followup.files import csv_out

if TYPE_CHECKING:
    from tests.cli.conftest import Build, Desk, Program, WriteTable

KINDS = (
    *("customers", "contacts", "sales", "touchpoints", "activities", "concerns", "promises", "readings"),
    "referrals",
)
RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠")
HOSTILE = [
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("https://x.example","click")',
    "+1+1",
    "-2+3",
    "@SUM(A1:A9)",
    "＝1+1",
    "'=already guarded",
    "''=twice",
    "'plain quote",
    'O\'Neil, Anna "Annie"',
    "a\nb\r\nc\rd",
    "a\tb;c|d",
    "Eve\x1b[2J\x1b]52;c;ZXZpbA==\x07",
    "Eve\u202egnp.exe",
    "Eve\u2028Mallory\x85Trent",
    "Zoë 👩‍👩‍👧‍👦 🇩🇪",
    "株式会社 田中商店",
    "01234",
    "1e5",
    "NULL",
    "Robert'); DROP TABLE customer;--",
    "{name} {{7*7}} %s",
    "[red]Acme[/b] :smile:",
]


def records(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def rows(text: str) -> list[dict[str, str]]:
    head, *rest = records(text)
    return [dict(zip(head, cells, strict=True)) for cells in rest]


def items(desk: Desk, kind: str) -> list[dict[str, Any]]:
    told = desk.json("export", kind)
    assert (told["schema"], told["today"], told["kind"]) == ("followup.export/1", "2026-01-05", kind)
    return list(told["items"])


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def fill(desk: Desk) -> None:
    """A sale in which everything that can be exported has happened."""
    desk.does(
        *("add", "Anna Meyer", "--company", "Meyer GmbH", "--email", "anna@meyer.example", "--phone", "+49 30 123"),
        *("--playbook", "saas", "--signed", "2026-01-05", "--product", "Ledgerline", "--goal", "close in three days"),
        *("--tag", "vip", "--tag", "north, south", "--anchor", "renewal=2027-01-05"),
    )
    first = str(desk.json("due", "--days", "9")["items"][0]["id"])
    desk.does(
        *("done", first, "good,referral", "=1+1", "--referred", "Zoe Quick", "--score", "9", "--minutes", "12"),
        *("--concern", "too dear", "--promise", "an offer", "--by", "fri"),
    )
    desk.does("reading", "add", "anna-meyer", "nps", "9", "--note", "on the phone")


@pytest.fixture
def busy(built: Callable[[str, Build], Desk]) -> Desk:
    return built("export", fill)


@pytest.fixture
def crowd(built: Callable[[str, Build], Desk]) -> Desk:
    return built("export crowd", gather)


def gather(desk: Desk) -> None:
    for number, name in enumerate(HOSTILE):
        desk.does(
            *("add", "--company", name, "--phone", name, "--email", f"n{number}@x.example", "--tag", name),
            *("--", name),
        )
        desk.does("set", f"n{number}@x.example", "notes", "--", name)


# What comes out


@pytest.mark.parametrize("kind", KINDS)
def test_csv_and_json_of_a_kind_say_the_same(busy: Desk, kind: str) -> None:
    told = items(busy, kind)
    table = rows(busy.does("export", kind, "--raw"))
    assert told
    assert [list(row) for row in table] == [list(item) for item in told]  # headings are the field names
    for row, item in zip(table, told, strict=True):
        for name, value in item.items():
            cell = row[name]
            if value is None or value in ([], {}):
                assert cell == ""
            elif isinstance(value, bool):
                assert cell == str(value).lower()
            elif isinstance(value, list | dict):
                assert cell.split(",") == value or json.loads(cell) == value
            else:
                assert cell == str(value)


def test_every_kind_says_what_was_recorded(busy: Desk) -> None:
    anna, zoe = items(busy, "customers")
    assert (anna["name"], anna["company"], anna["email"], anna["tags"]) == (
        *("Anna Meyer", "Meyer GmbH", "anna@meyer.example"),
        ["vip", "north, south"],
    )
    assert (zoe["name"], zoe["extra"]) == ("Zoe Quick", {"referred_by": "anna-meyer"})
    assert [(one["customer_key"], one["is_main"]) for one in items(busy, "contacts")] == [
        ("anna-meyer", True),
        ("zoe-quick", True),
    ]
    (sale,) = items(busy, "sales")
    assert (sale["product"], sale["playbook"], sale["stage"], sale["goal"]) == (
        *("Ledgerline", "saas", "novelty"),
        "close in three days",
    )
    assert sale["anchors"] == {"sale": "2026-01-05", "renewal": "2027-01-05"}
    (contacted,) = [one for one in items(busy, "activities") if one["kind"] == "contacted"]
    assert (contacted["outcomes"], contacted["note"], contacted["score"], contacted["minutes"]) == (
        *(["good", "referral"], "=1+1"),
        *(9, 12),
    )
    (concern,) = items(busy, "concerns")
    assert (concern["text"], concern["severity"], concern["resolved_on"]) == ("too dear", "moderate", None)
    assert ("an offer", "2026-01-09") in [(one["text"], one["by"]) for one in items(busy, "promises")]
    assert ("nps", "9", "on the phone") in [(one["kind"], one["value"], one["note"]) for one in items(busy, "readings")]
    (referral,) = items(busy, "referrals")
    assert (referral["customer"], referral["referred_by"], referral["referred_by_key"], referral["sales"]) == (
        *("Zoe Quick", "Anna Meyer", "anna-meyer"),
        0,
    )


def test_feedback_leaves_with_the_tags_of_who_gave_it(busy: Desk) -> None:
    """C17: product and marketing sort what was said by tag, subject, weight and stage; the sale knows the product."""
    busy.does("concern", "add", "anna-meyer", "no export", "--severity", "major", "--category", "product")
    busy.does("set", "anna-meyer", "tags", "beta,vip")
    (contacted,) = [one for one in items(busy, "activities") if one["kind"] == "contacted"]
    assert {name: contacted[name] for name in ("customer_key", "tags", "note", "outcomes", "score", "on")} == {
        "customer_key": "anna-meyer",
        "tags": ["beta", "vip"],
        "note": "=1+1",
        "outcomes": ["good", "referral"],
        "score": 9,
        "on": "2026-01-05",
    }
    assert contacted["stage"] in {"before_sale", "novelty"}
    concerns = {one["text"]: one for one in items(busy, "concerns")}
    assert {name: concerns["no export"][name] for name in ("tags", "severity", "category", "opened_on")} == {
        "tags": ["beta", "vip"],
        "severity": "major",
        "category": "product",
        "opened_on": "2026-01-05",
    }
    for kind in ("activities", "concerns", "promises", "readings"):
        told, table = items(busy, kind), rows(busy.does("export", kind))
        assert {tuple(one["tags"]) for one in told} == {("beta", "vip")}
        assert {row["tags"] for row in table} == {"beta,vip"}
        products = {one["id"]: one["product"] for one in items(busy, "sales")}
        assert {products[one["sale"]] for one in told} == {"Ledgerline"}, "the product is that of the sale"


def test_a_touchpoint_leaves_as_the_due_list_shows_it(busy: Desk) -> None:
    exported = {one["id"]: one for one in items(busy, "touchpoints")}
    due = busy.json("due", "--days", "400", "--all")["items"]
    assert len(due) > 5
    for shown in due:
        mine = exported[shown["id"]]
        assert {name: mine[name] for name in mine if name in shown} == {
            name: shown[name] for name in mine if name in shown
        }
    shown = busy.sale()["touchpoints"]
    assert {one["id"]: one["status"] for one in shown} == {number: one["status"] for number, one in exported.items()}


def test_the_plan_that_leaves_is_the_plan_of_the_day(busy: Desk) -> None:
    later = "2026-08-03"
    told = busy("export", "touchpoints", "--json", today=later).json["items"]
    shown = busy.sale(today=later)["touchpoints"]
    assert {one["id"]: one["status"] for one in told} == {one["id"]: one["status"] for one in shown}
    assert "expired" in {one["status"] for one in told}


def test_do_not_contact_goes_along_wherever_somebody_could_be_called(busy: Desk) -> None:
    busy.does("contact", "add", "anna-meyer", "Ben Meyer", "--email", "ben@meyer.example")
    busy.does("dnc", "anna-meyer", "--contact", "ben")
    assert {one["name"]: one["do_not_contact"] for one in items(busy, "contacts")} == {
        "Anna Meyer": False,
        "Ben Meyer": True,
        "Zoe Quick": False,
    }
    assert not any(one["do_not_contact"] for kind in ("customers", "sales", "touchpoints") for one in items(busy, kind))
    busy.does("dnc", "anna-meyer")
    for kind in ("customers", "sales", "touchpoints", "contacts"):
        mine = [one for one in items(busy, kind) if "anna-meyer" in (one.get("key"), one.get("customer_key"))]
        assert mine
        assert all(one["do_not_contact"] for one in mine)
    own = {one["name"]: one["own_do_not_contact"] for one in items(busy, "contacts")}
    assert (own["Anna Meyer"], own["Ben Meyer"]) == (False, True)
    assert all(one["contact"] is None for one in items(busy, "touchpoints"))
    busy.does("dnc", "zoe-quick")
    assert [one["do_not_contact"] for one in items(busy, "referrals")] == [True]


def test_no_address_of_a_person_who_must_be_left_alone_leaves_with_the_customer(busy: Desk) -> None:
    busy.does("dnc", "anna-meyer", "--contact", "anna")
    anna = items(busy, "customers")[0]
    assert (anna["email"], anna["phone"]) == ("", "")


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_data_file_gives_headings_alone(desk: Desk, kind: str, tmp_path: Path) -> None:
    desk.does("add", "Anna")
    desk.does("undo")
    assert len(records(desk.does("export", kind))) == 1
    assert items(desk, kind) == []
    desk.does("export", kind, "-o", tmp_path / "out.csv")
    assert records((tmp_path / "out.csv").read_text()) == records(desk.does("export", kind))


# Hostile values


def test_no_cell_is_a_formula_unless_it_is_asked_for_raw(crowd: Desk) -> None:
    guarded = records(crowd.does("export", "customers"))
    raw = records(crowd.does("export", "customers", "--raw"))
    assert not [cell for row in guarded for cell in row if cell.startswith(RUN_BY_SPREADSHEETS)]
    assert guarded[0] == [*raw[0], csv_out.GUARD_COLUMN]
    assert [row[raw[0].index("name")] for row in raw[1:]] == HOSTILE
    for safe, plain in zip(guarded[1:], raw[1:], strict=True):
        assert [csv_out.unguard(cell) if safe[-1] else cell for cell in safe[:-1]] == plain


def test_json_gives_every_value_back(crowd: Desk) -> None:
    told = items(crowd, "customers")
    assert [one["name"] for one in told] == HOSTILE
    assert [one["notes"] for one in told] == HOSTILE
    assert [one["company"] for one in told] == HOSTILE


@pytest.mark.parametrize("options", [(), ("--raw",), ("--format", "json")], ids=str)
def test_a_file_and_a_pipe_get_the_same_bytes(crowd: Desk, program: Program, tmp_path: Path, options: Any) -> None:
    target = tmp_path / "out"
    assert program("export", "customers", *options, "-o", target).code == 0
    piped = program("export", "customers", *options, env=program.environment(PYTHONIOENCODING="ascii"))
    dashed = program("export", "customers", *options, "-o", "-")
    assert piped.code == dashed.code == 0
    assert piped.out == dashed.out == target.read_bytes()


def test_a_terminal_obeys_nothing_of_a_table(crowd: Desk, program: Program) -> None:
    import pty

    main, other = pty.openpty()
    process = program.start("export", "customers", "--raw", stdout=other, stderr=subprocess.PIPE)
    os.close(other)
    shown = b""
    with suppress(OSError):  # how the end of a terminal is told
        while part := os.read(main, 65536):
            shown += part
    _, err = process.communicate(timeout=60)
    os.close(main)
    assert (process.returncode, err) == (0, b"")
    assert b"\x1b" not in shown
    assert b"\\x1b]52" in shown
    assert len(shown.split(b"\n")) == len(HOSTILE) + 2  # the headings, and what stands behind the last line end


# And in again


@pytest.mark.parametrize("options", [(), ("--raw",)], ids=str)
def test_customers_come_in_again_unchanged(crowd: Desk, tmp_path: Path, options: tuple[str, ...]) -> None:
    before = crowd.facts()
    crowd.does("export", "customers", "-o", tmp_path / "out.csv", *options)
    told = crowd.json("import", tmp_path / "out.csv")
    assert (told["rows"], told["unchanged"]) == (len(HOSTILE), len(HOSTILE))
    assert (told["created"], told["updated"], told["skipped"], told["unmapped"]) == (0, 0, 0, [])
    assert crowd.facts() == before


@pytest.mark.parametrize("options", [(), ("--raw",)], ids=str)
def test_an_empty_file_takes_the_customers_and_gives_the_same_table(
    crowd: Desk, tmp_path: Path, options: tuple[str, ...]
) -> None:
    first, second, other = tmp_path / "one.csv", tmp_path / "two.csv", tmp_path / "other.db"
    crowd.does("export", "customers", "-o", first, *options)
    crowd.json("--db", other, "import", first)
    crowd.does("--db", other, "export", "customers", "-o", second, *options)
    mine, theirs = (rows(path.read_bytes().decode()) for path in (first, second))
    assert [{**row, "key": ""} for row in mine] == [{**row, "key": ""} for row in theirs]  # keys are made anew


def test_what_a_customer_can_have_comes_in_again_unchanged(busy: Desk, tmp_path: Path) -> None:
    """Also a company whose person has another name, somebody without an address, and a person to be left alone."""
    busy.does("set", "anna-meyer", "name", "Meyer and Daughters")
    busy.does("contact", "add", "zoe-quick", "Zara Quick", "--email", "zara@quick.example", "--main")
    busy.does("add", "Cleo Ohm", "--phone", "0151 1", "--tag", "a;b")
    busy.does("dnc", "cleo-ohm")
    before = busy.facts()
    busy.does("export", "customers", "-o", tmp_path / "out.csv")
    told = busy.json("import", tmp_path / "out.csv")
    assert (told["created"], told["updated"], told["unchanged"]) == (0, 0, 3)
    assert busy.facts() == before


# Files


def test_a_file_is_private_and_replaced_only_when_complete(
    busy: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out.csv"
    target.write_text("old")
    target.chmod(0o644)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(csv_out.os, "fsync", full)
        busy.refuses("export", "sales", "-o", target, says="the disk is full", code=3)
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    said = busy.does("export", "sales", "-o", target)
    assert "1 sale written to" in said
    assert mode(target) == 0o600
    assert target.read_text() == busy.does("export", "sales")


def test_the_format_is_what_the_file_ends_in_unless_it_is_named(busy: Desk, tmp_path: Path) -> None:
    busy.does("export", "sales", "-o", tmp_path / "out.json")
    assert json.loads((tmp_path / "out.json").read_text())["items"] == items(busy, "sales")
    busy.does("export", "sales", "-o", tmp_path / "out.json", "--format", "csv")
    assert records((tmp_path / "out.json").read_text())[0][0] == "id"


@pytest.mark.parametrize(("args", "says", "hint", "code"), [
    (("custmers",), "no table 'custmers'", "followup export customers", 1),
    (("Sale",), "no table 'Sale'", "followup export sales", 1),
    (("xyzzy",), "no table 'xyzzy'", "referrals", 1),
    ((), "name one table", "--help", 2),
    (("sales", "--all", "there"), "name one table", "--help", 2),
    (("sales", "--format", "ics"), "as 'ics'", "--format json", 2),
    (("sales", "-o", "no/such/folder.csv"), "there is no folder no/such", "make it first", 1),
    (("--all", "no/such"), "there is no folder no", "make it first", 1),
    (("sales", "-o", "."), "is a folder", "name a plain file", 1),
], ids=str)  # fmt: skip
def test_what_cannot_be_exported_is_refused_in_a_sentence(
    busy: Desk, args: tuple[str, ...], says: str, hint: str, code: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    busy.refuses("export", *args, says=says, hint=hint, code=code)


def test_a_folder_that_cannot_be_written_is_said(busy: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(**_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(csv_out.tempfile, "mkstemp", locked)
    busy.refuses("export", "sales", "-o", tmp_path / "out.csv", says="permission denied", hint="name another place")
    busy.refuses("export", "--all", tmp_path / "out", says="permission denied", hint="name another place")


def test_the_data_file_is_no_place_for_a_table(busy: Desk, tmp_path: Path) -> None:
    before = busy.cli.db.read_bytes()
    os.link(busy.cli.db, tmp_path / "same.csv")
    for target in (busy.cli.db, tmp_path / "same.csv", Path(f"{busy.cli.db}-wal")):
        busy.refuses("export", "sales", "-o", target, says="the data file itself")
    assert busy.cli.db.read_bytes() == before


def test_without_a_data_file_there_is_nothing_to_export(desk: Desk) -> None:
    desk.refuses("export", "sales", says="no data file", hint="followup import")
    assert not desk.cli.db.exists()


def test_all_tables_go_into_a_private_folder(busy: Desk, tmp_path: Path) -> None:
    busy.does("export", "--all", tmp_path / "out")
    assert mode(tmp_path / "out") == 0o700
    assert {path.name for path in (tmp_path / "out").iterdir()} == {f"{kind}.csv" for kind in KINDS} | {"playbooks"}
    for kind in KINDS:
        path = tmp_path / "out" / f"{kind}.csv"
        assert mode(path) == 0o600
        assert path.read_bytes().decode() == busy.does("export", kind)
    busy.does("export", "--all", tmp_path / "out", "--format", "json")
    assert json.loads((tmp_path / "out" / "sales.json").read_text())["items"] == items(busy, "sales")


def test_all_tables_or_none(busy: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "sales.csv").write_text("old")
    (folder / "referrals.csv").mkdir()
    busy.refuses("export", "--all", folder, says="referrals.csv is a folder")
    assert {path.name for path in folder.iterdir()} == {"sales.csv", "referrals.csv"}
    assert (folder / "sales.csv").read_text() == "old"


def test_what_was_written_is_told_as_json_too(busy: Desk, tmp_path: Path) -> None:
    told = busy.json("export", "sales", "-o", tmp_path / "out.csv")
    assert (told["schema"], told["command"]) == ("followup.written/1", "export")
    assert told["said"] == [f"1 sale written to {tmp_path / 'out.csv'}"]


def test_exporting_records_nothing(busy: Desk, tmp_path: Path) -> None:
    before = busy.facts(), busy.json("history")
    busy.does("export", "--all", tmp_path / "out")
    assert (busy.facts(), busy.json("history")) == before


def test_a_thousand_customers_go_out_come_in_and_a_reader_may_leave(
    desk: Desk, table: WriteTable, program: Program, tmp_path: Path
) -> None:
    known = table(
        [
            {"Name": f"Customer {number}", "Email": f"c{number}@x.example", "Company": f"=Firm {number}", "Size": "9"}
            for number in range(1000)
        ]
    )
    desk.json("import", known)
    desk.does("export", "customers", "-o", tmp_path / "out.csv")
    assert len(records((tmp_path / "out.csv").read_text())) == 1001
    told = desk.json("import", tmp_path / "out.csv")
    assert (told["unchanged"], told["created"], told["updated"]) == (1000, 0, 0)
    process = program.start("export", "customers", stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=60) in (0, 141)
    assert err == b""
