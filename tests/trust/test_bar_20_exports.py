"""Bar 20: the exports of other tools through the installed program: every row, once; nothing before it is wanted.

Which column is which field is tested beside the reader (`tests/files/test_crm_exports.py`). Here the same files go
through the program: all of them under `make trust`, every twelfth one otherwise.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import pytest

from followup.files.customer_mapping import looks_like_sales
from tests.trust.installed import FULL, Installed

pytestmark = [pytest.mark.trust, pytest.mark.timeout(600)]

EXPORTS = Path(__file__).parents[1] / "files" / "exports"
ALL = sorted(path.stem for path in EXPORTS.glob("*.csv"))
DEALS = [name for name in ALL if re.search(r"deals|opportunities|transactions|geschaefte", name)]
CHOSEN = ALL if FULL else sorted({*ALL[::12], *DEALS[:1], "google_2024", "salesforce_contacts_report"})
ROWS = 3  # in every one of these files

CONTRACT: dict[str, type | tuple[type, ...]] = {
    "schema": str,
    "today": str,
    "rows": int,
    "created": int,
    "updated": int,
    "unchanged": int,
    "skipped": int,
    "rejected": list,
    "mapping": dict,
    "unmapped": list,
    "dialect": dict,
    "notices": list,
    "dry_run": bool,
}


def not_won(told: Any) -> int:
    """How many deals were left out, as the import says it."""
    found = [re.match(r"(\d+) sales? not won", notice) for notice in told["notices"]]
    return sum(int(match[1]) for match in found if match)


def check_twice(installed: Installed, path: Path, *options: str, process: bool = False) -> Any:
    """A dry run changes nothing, the import takes every row, and the same file again is neither new nor changed."""

    def told(*more: str) -> Any:
        return (installed.runs if process else installed.does)("import", path, "--json", *options, *more).json

    before = installed.facts()
    files = sorted(each.name for each in installed.folder.iterdir() if each.name not in ("out", "err"))
    foreseen = told("--dry-run")
    assert installed.facts() == before
    assert sorted(each.name for each in installed.folder.iterdir() if each.name not in ("out", "err")) == files

    first = told()
    assert {name: first[name] for name in ("rows", "created", "mapping", "unmapped", "dialect")} == {
        name: foreseen[name] for name in ("rows", "created", "mapping", "unmapped", "dialect")
    }
    assert (first["rows"], first["rejected"], first["updated"]) == (ROWS, [], 0)
    assert first["skipped"] == not_won(first)
    assert first["created"] + first["skipped"] == ROWS
    assert installed.count("customer") == first["created"]

    kept = installed.facts()
    again = told()
    assert (again["rows"], again["created"], again["updated"], again["sales_created"]) == (ROWS, 0, 0, 0)
    assert again["unchanged"] == first["created"]
    assert installed.facts() == kept
    return first


@pytest.mark.parametrize("name", CHOSEN)
def test_every_row_comes_in_and_no_row_twice(installed: Installed, name: str) -> None:
    """Bar 20: 100 % of the rows, dry run first; the second import has 0 new and 0 changed."""
    told = check_twice(installed, EXPORTS / f"{name}.csv")
    assert {field: type(told.get(field)) for field in CONTRACT} == CONTRACT
    assert (told["schema"], told["dry_run"]) == ("followup.import/1", False)
    assert set(told["dialect"]) >= {"encoding", "delimiter"}
    with (EXPORTS / f"{name}.csv").open(encoding=told["dialect"]["encoding"], newline="") as file:
        records = list(csv.reader(file, delimiter=told["dialect"]["delimiter"]))
    (headings,) = (record for record in records[:4] if {*told["unmapped"], *told["mapping"].values()} <= {*record})
    assert len(records) - 1 - records.index(headings) >= ROWS
    assert not {*told["unmapped"]} & {*told["mapping"].values()}


@pytest.mark.parametrize("name", CHOSEN if FULL else CHOSEN[:2])
def test_with_sales_as_well(installed: Installed, name: str) -> None:
    """Bar 20: with a playbook and a sale date every customer gets one sale, and the second time none."""
    told = check_twice_with_sales(installed, name)
    assert told["sales_created"] == told["created"]


def check_twice_with_sales(installed: Installed, name: str) -> Any:
    path = EXPORTS / f"{name}.csv"
    said = installed.here("import", path, "--json", "--playbook", "vehicle", "--signed", "2026-01-05", "--dry-run")
    if said.code:  # a date of the table has no meaning in this playbook: named by line, and another one takes it
        assert all(problem["line"] > 1 and "vehicle" in problem["message"] for problem in said.json["problems"]), said
        return check_twice(installed, path, "--playbook", "saas", "--signed", "2026-01-05")
    return check_twice(installed, path, "--playbook", "vehicle", "--signed", "2026-01-05")


@pytest.mark.parametrize("name", ["google_2024", "hubspot_contacts", "salesforce_contacts_report"][: 3 if FULL else 1])
def test_in_processes_of_their_own(installed: Installed, name: str) -> None:
    """Bar 20: the program as a shell starts it."""
    check_twice(installed, EXPORTS / f"{name}.csv", process=True)


def test_there_are_enough_of_them() -> None:
    """Bar 20: fourteen tools and more; deals among them, and the headings of each tell what they are."""
    assert len(ALL) >= 14
    assert len(DEALS) >= 5
    for name in DEALS:
        with (EXPORTS / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            assert any(
                looks_like_sales(tuple(line.rstrip("\r\n").replace('"', "").split(sign)))
                for line in file
                for sign in ",;\t"
            )


def test_somebody_who_is_not_found_again_is_found_out(installed: Installed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bar 20 can fail: an import that knows nobody takes everybody twice."""
    from followup.actions.identity import Known

    monkeypatch.setattr(Known, "find", lambda *_: None)
    with pytest.raises(AssertionError):
        check_twice(installed, EXPORTS / "google_2024.csv")


def test_a_dry_run_that_writes_is_found_out(installed: Installed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bar 20 can fail: a dry run that is none."""
    from followup.cli import data

    right = data._take_in
    monkeypatch.setattr(
        data, "_take_in", lambda session, wish, **options: right(session, wish, **{**options, "dry_run": False})
    )
    with pytest.raises(AssertionError):
        check_twice(installed, EXPORTS / "google_2024.csv")
