"""The hundred invented customers of the playground."""

from __future__ import annotations

import runpy
import sys
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from followup.files.customer_mapping import map_customers
from followup.files.customer_rows import read_customers
from followup.files.sample import HEADERS, sample_csv, sample_rows
from followup.files.tables import read_table

EXAMPLES = Path(__file__).parents[2] / "examples"
FIXED = date(2026, 11, 23)
DAYS = [FIXED, date(2024, 2, 29), date(2027, 1, 1), date(2026, 11, 28)]


@pytest.mark.parametrize("today", DAYS)
def test_the_same_day_gives_the_same_customers(today: date) -> None:
    rows = sample_rows(today)

    assert rows == sample_rows(today)
    assert len(rows) == 100
    assert all(tuple(row) == HEADERS for row in rows)


@pytest.mark.parametrize("today", DAYS)
def test_all_of_them_come_in_unaided(today: date) -> None:
    table = read_table(sample_csv(today).encode())
    mapping = map_customers(table)
    good, bad = read_customers(table, mapping)

    assert (len(good), bad, mapping.unmapped) == (100, [], ())
    assert {row.customer.kind for row in good} == {"company", "person"}
    assert sum(row.customer.do_not_contact for row in good) == 2
    assert all(row.playbook and row.product and row.goal and "sale" in row.anchors for row in good)
    assert all(row.customer.country and row.contacts[0].email.endswith(".example") for row in good)
    assert all(" 555 01" in row.contacts[0].phone for row in good)
    assert all(not row.customer.extra for row in good)


def test_no_two_are_the_same() -> None:
    rows = sample_rows(FIXED)

    for heading in ("Customer ID", "Email", "Phone"):
        assert len({row[heading] for row in rows}) == 100
    assert len({(row["First Name"], row["Last Name"]) for row in rows}) == 100
    assert len({row["Country"] for row in rows}) >= 8


@pytest.mark.parametrize("today", DAYS)
def test_the_playground_is_alive_on_any_day(today: date) -> None:
    """A few before signature, some in the dip, many beyond, most in maintenance; and dates that belong together."""
    rows = sample_rows(today)
    ages = {playbook: [] for playbook in Counter(row["Playbook"] for row in rows)}
    for row in rows:
        signed = date.fromisoformat(row["Signed"])
        ages[row["Playbook"]].append((today - signed).days)
        assert not row["Live"] or date.fromisoformat(row["Live"]) > signed
        assert not row["Renewal"] or date.fromisoformat(row["Renewal"]) > max(today, signed)
        assert not row["Last Contact"] or signed < date.fromisoformat(row["Last Contact"]) < today
        assert not row["Next Contact"] or today < date.fromisoformat(row["Next Contact"]) < today + timedelta(days=14)
        assert not row["Company"] or signed.weekday() < 5

    assert set(ages) == {"saas", "services", "equipment", "vehicle", "retail", "event_hotel", "real_estate"}
    saas = Counter(
        "before" if age < 0 else "novelty" if age < 7 else "learning" if age < 66 else "later" if age < 180 else "long"
        for age in ages["saas"]
    )
    assert saas["before"] == 2
    assert min(saas.values()) == 2
    assert saas["long"] > saas["learning"] > saas["before"]
    assert sum(age < 0 for found in ages.values() for age in found) >= 4


def test_the_committed_file_is_what_the_script_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "again.csv"
    monkeypatch.setattr(sys, "argv", ["make_customers.py", str(path)])
    with pytest.raises(SystemExit) as caught:
        runpy.run_path(str(EXAMPLES / "make_customers.py"), run_name="__main__")

    assert not caught.value.code
    assert path.read_bytes() == (EXAMPLES / "customers.csv").read_bytes() == sample_csv(FIXED).encode()
