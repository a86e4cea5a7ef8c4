"""`list`: customers with stage, mood, last contact and next touchpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Desk


@pytest.fixture
def shop(anna: Desk) -> Desk:
    anna.does("add", "Ben Ode", "--playbook", "saas", "--signed", "2025-12-15", "--tag", "pilot")
    anna.does("add", "Cara Diaz", "--playbook", "retail", "--signed", "2025-05-05", "--tier", "A")
    anna.does("add", "Dan Eko")
    return anna


def test_one_line_per_sale_by_name_and_customers_without_one(shop: Desk) -> None:
    shop.does("sale", "add", "anna", "--playbook", "retail", "--signed", "today", "--product", "Mistral")
    lines = [line.split("\t") for line in shop.does("list").splitlines()]
    assert [line[0] for line in lines] == ["anna-meyer", "anna-meyer", "ben-ode", "cara-diaz", "dan-eko"]
    assert lines[0][1:6] == ["Anna Meyer", "1", "Ledgerline", "saas", "novelty"]
    assert lines[4][2:6] == ["", "", "", ""]
    assert {len(line) for line in lines} == {17}


def test_where_they_stand(shop: Desk) -> None:
    shop.does("done", "1", "good")
    items = {item["customer"]: item for item in shop.json("list")["items"]}
    anna, ben, cara, dan = (items[name] for name in ("Anna Meyer", "Ben Ode", "Cara Diaz", "Dan Eko"))
    assert (anna["stage"], anna["stage_day"], anna["stage_days"]) == ("novelty", 1, 7)
    assert (anna["last_contact_on"], anna["next"]["step"]) == ("2026-01-05", "plan_together")
    assert (ben["stage"], ben["trend"]) == ("learning", "decaying")
    assert ben["mood"] < anna["mood"], "in the dip"
    assert (cara["stage"], cara["tier"]) == ("maintenance", "A")
    assert cara["strength"] is None, "nobody knows before the first contact"
    shop.does("done", "cara", "good")
    (cara,) = shop.json("list", "cara")["items"]
    assert (cara["strength"], cara["trend"]) == (100, "improving")
    assert [dan[name] for name in ("sale", "playbook", "stage", "mood", "next")] == [None] * 5


@pytest.mark.parametrize(
    ("args", "names"),
    [
        (("--stage", "learning"), ["Ben Ode"]),
        (("--stage", "MAINTENANCE"), ["Cara Diaz"]),
        (("--tag", "pilot"), ["Ben Ode"]),
        (("--tier", "a"), ["Cara Diaz"]),
        (("--playbook", "retail"), ["Cara Diaz"]),
        (("an",), ["Anna Meyer", "Dan Eko"]),
        (("nobody",), []),
        (("--tag", "nothing"), []),
        (("--stage", "learning", "--tier", "A"), []),
    ],
)
def test_filters(shop: Desk, args: tuple[str, ...], names: list[str]) -> None:
    """An empty list is a success."""
    assert [item["customer"] for item in shop.json("list", *args)["items"]] == names


@pytest.mark.parametrize(
    ("args", "says", "hint", "code"),
    [
        (("--stage", "lerning"), "'lerning' is not a stage", "did you mean learning?", 1),
        (("--tier", "D"), "'D' is not a tier", "A B C", 1),
        (("--playbook", "retial"), "no playbook is called 'retial'", "did you mean retail?", 1),
        (("--frob",), "--frob", "followup list --help", 2),
    ],
)
def test_refusals(shop: Desk, args: tuple[str, ...], says: str, hint: str, code: int) -> None:
    shop.refuses("list", *args, says=says, hint=hint, code=code)


def test_without_a_data_file_it_says_how_to_begin(desk: Desk) -> None:
    desk.refuses("list", says="no data file", hint="followup import FILE")
    assert not desk.cli.db.exists()


def test_b40_neglect_behind_a_good_mood_is_listed(anna: Desk) -> None:
    """B40: Nobody has called for a month in effectiveness, and the mood is fine."""
    anna.does("done", "1", "good")
    anna.does("done", anna.number("dip_call", today="2026-01-19"), "good", "--milestone", "first_result")

    def flags(day: str) -> list[str]:
        (item,) = anna.json("list", today=day)["items"]
        return [flag["rule"] for flag in item["flags"]]

    assert flags("2026-01-12") == []
    assert "complacency" in flags("2026-05-20")
    assert "complacency" in anna.does("list", today="2026-05-20").split("\t")[-1]
    assert "complacency" in anna.does("show", "anna", today="2026-05-20")


def test_c16_risk_shows_before_a_complaint(anna: Desk) -> None:
    """C16."""
    anna.does("done", "1", "ok", "--score", "2", today="2026-01-19")
    (item,) = anna.json("list", today="2026-01-20")["items"]
    assert "low_mood" in [flag["rule"] for flag in item["flags"]]
