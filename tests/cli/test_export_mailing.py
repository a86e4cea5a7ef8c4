"""`export mailing`: everybody with an e-mail who may be written to, and nobody else (E11, C6)."""

from __future__ import annotations

import csv
import io
import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from followup.files.csv_out import guard, unguard
from tests.trust.naughty import OWN

if TYPE_CHECKING:
    from tests.cli.conftest import Build, Desk

HEADINGS = ["name", "first_name", "company", "customer_key", "email", "role", "products", "stages"]
HOSTILE = ["=cmd|' /C calc'!A0", "+1+1", "@SUM(A1)", "-2", "Eve\u202egnp.exe", 'O"Neil, Ann', "＝1", *OWN[::7]]


def people(desk: Desk) -> None:
    """Two houses and a person: three who may be written to, and everybody who may not."""
    desk.does(
        *("add", "Anna Meyer", "--company", "Meyer GmbH", "--email", "anna@meyer.example", "--playbook", "saas"),
        *("--signed", "2026-01-05", "--product", "Ledgerline"),
    )
    desk.does("sale", "add", "anna-meyer", "--product", "Paybook", "--playbook", "saas", "--signed", "2025-06-02")
    desk.does("contact", "add", "anna-meyer", "Dora Decider", "--role", "decider", "--email", "dora@meyer.example")
    desk.does("contact", "add", "anna-meyer", "Paul Phone", "--phone", "+49 30 7")
    desk.does("contact", "add", "anna-meyer", "Hidden Hans", "--email", "hans@meyer.example")
    desk.does("dnc", "anna-meyer", "--contact", "Hidden Hans")
    desk.does("add", "Zoe Quick", "--email", "zoe@quick.example")
    desk.does("add", "Silent Sam", "--email", "sam@silent.example", "--playbook", "saas", "--signed", "2026-01-05")
    desk.does("contact", "add", "silent-sam", "Silent Sue", "--email", "sue@silent.example")
    desk.does("dnc", "silent-sam")


@pytest.fixture
def crowd(built: Callable[[str, Build], Desk]) -> Desk:
    return built("mailing", people)


def rows(desk: Desk, *args: str) -> list[dict[str, str]]:
    answer = desk("export", "mailing", *args)
    assert answer.code == 0, answer
    head, *cells = csv.reader(io.StringIO(answer.out, newline=""), strict=True)
    return [dict(zip(head, row, strict=True)) for row in cells]


def addresses(desk: Desk) -> list[str]:
    return [row["email"] for row in rows(desk)]


def items(desk: Desk) -> list[dict[str, Any]]:
    told = desk("export", "mailing", "--json").json
    assert (told["schema"], told["kind"]) == ("followup.export/1", "mailing")
    return list(told["items"])


def test_everybody_who_may_be_written_to_has_a_row(crowd: Desk) -> None:
    """E19: each person, the main one first; without an e-mail there is none."""
    found = rows(crowd)
    assert [*found[0]] == HEADINGS
    assert [(row["name"], row["email"], row["role"]) for row in found] == [
        ("Anna Meyer", "anna@meyer.example", ""),
        ("Dora Decider", "dora@meyer.example", "decider"),
        ("Zoe Quick", "zoe@quick.example", ""),
    ]


def test_what_they_bought_and_where_they_stand_goes_with_them(crowd: Desk) -> None:
    """Lists as everywhere: names parted by commas in a table, lists in JSON; nothing for who bought nothing yet."""
    anna, dora, zoe = rows(crowd)
    assert (anna["first_name"], anna["company"], anna["customer_key"]) == ("Anna", "Meyer GmbH", "anna-meyer")
    assert (anna["products"], anna["stages"]) == ("Ledgerline,Paybook", "novelty,maintenance")
    assert dora["products"] == anna["products"]
    assert (zoe["products"], zoe["stages"]) == ("", "")
    assert items(crowd)[0] == {
        **{name: anna[name] for name in HEADINGS[:6]},
        "products": ["Ledgerline", "Paybook"],
        "stages": ["novelty", "maintenance"],
    }
    assert items(crowd)[2]["products"] == []


def test_who_asked_for_silence_is_in_no_form_of_it(crowd: Desk, tmp_path: Path) -> None:
    """C6, DOMAIN 3.13: neither a person, nor anybody of a customer who must be left alone."""
    target = tmp_path / "mailing.json"
    crowd.does("export", "mailing", "-o", target)
    everything = crowd("export", "mailing").out + crowd("export", "mailing", "--raw").out
    everything += crowd("export", "mailing", "--json").out + target.read_text(encoding="utf-8")
    for absent in ("Hans", "hans@", "Silent", "sam@", "sue@"):
        assert absent not in everything


def test_an_address_that_asked_for_silence_stays_silent_under_any_name(crowd: Desk) -> None:
    """C6: one person known twice is one address."""
    crowd.does("contact", "add", "zoe-quick", "Hans H.", "--email", "HANS@meyer.example")
    crowd.does("contact", "add", "zoe-quick", "Sam S.", "--email", "sam@silent.example")
    assert addresses(crowd) == ["anna@meyer.example", "dora@meyer.example", "zoe@quick.example"]
    crowd.does("dnc", "silent-sam", "--off")
    assert "sam@silent.example" in addresses(crowd)
    assert "HANS@meyer.example" not in addresses(crowd)


def test_silence_counts_at_once_and_can_be_taken_back(crowd: Desk) -> None:
    crowd.does("dnc", "zoe-quick")
    assert "zoe@quick.example" not in addresses(crowd)
    crowd.does("dnc", "zoe-quick", "--off")
    assert "zoe@quick.example" in addresses(crowd)
    crowd.does("dnc", "anna-meyer", "--contact", "Dora Decider")
    assert addresses(crowd) == ["anna@meyer.example", "zoe@quick.example"]
    crowd.does("log", "anna-meyer", "stop")
    assert addresses(crowd) == ["zoe@quick.example"]


def test_it_is_no_table_of_the_data(crowd: Desk, tmp_path: Path) -> None:
    """It does not go with `--all`, and coming back is not its purpose."""
    folder = tmp_path / "out"
    answer = crowd("export", "--all", folder)
    assert answer.code == 0
    assert "mailing" not in answer.out
    assert not any("mailing" in path.name for path in folder.iterdir())


def test_a_file_of_it_is_private_and_counted_in_people(crowd: Desk, tmp_path: Path) -> None:
    target = tmp_path / "mailing.csv"
    assert crowd.does("export", "mailing", "-o", target).splitlines() == [f"3 people written to {target}"]
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    crowd.does("dnc", "anna-meyer")
    assert "1 person written to" in crowd.does("export", "mailing", "-o", target)


def test_without_anybody_there_are_headings_only(desk: Desk) -> None:
    desk.does("add", "Paul Phone", "--phone", "+49 30 7")
    assert desk.does("export", "mailing") == ",".join(HEADINGS) + "\n"
    assert json.loads(desk.does("export", "mailing", "--json"))["items"] == []


@pytest.mark.parametrize("typed", ["mailings", "mail", "maling"])
def test_it_is_found_when_it_is_misspelt(crowd: Desk, typed: str) -> None:
    crowd.refuses("export", typed, says="there is no table", hint="followup export mailing")


def test_hostile_names_are_guarded_in_a_table_and_exact_for_programs(desk: Desk) -> None:
    """Bar 20: a spreadsheet runs nothing, JSON and `--raw` say exactly what is stored."""
    for number, name in enumerate(HOSTILE):
        house = ("--company", name, "--product", name, "--playbook", "saas", "--signed", "2026-01-05")
        desk.does("add", *house, "--email", f"n{number}@x.example", "--", name)
    stored = {each["email"]: each["name"] for each in desk.json("export", "contacts")["items"]}
    assert len(stored) == len(HOSTILE)
    assert {each["email"]: each["name"] for each in items(desk)} == stored
    assert {row["email"]: row["name"] for row in rows(desk, "--raw")} == stored
    guarded = rows(desk)
    assert {row["email"]: row["name"] for row in guarded} == {mail: guard(name) for mail, name in stored.items()}
    for row in guarded:
        for cell in row.values():
            assert cell == guard(unguard(cell))
            assert not cell.startswith(("=", "+", "@", "-", "＝", "\t", "\r"))
