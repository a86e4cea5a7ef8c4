"""`stage`: where each sale stands, what would move it, and a stage set by hand (B3, B4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Desk


@pytest.mark.parametrize(
    ("today", "stage", "day", "words"),
    [
        ("2026-01-06", "novelty", 2, "a problem, or 2 concerns, start learning at once"),
        ("2026-01-20", "learning", None, "brings effectiveness within 7 days"),
        ("2026-01-20", "learning", None, "extends learning by 14 days, at most 3 times; then the sale is stuck"),
    ],
)
def test_the_stage_is_shown_with_what_would_move_it(
    anna: Desk, today: str, stage: str, day: int | None, words: str
) -> None:
    (line,) = anna.json("stage", "anna", today=today)["items"]
    assert (line["sale"], line["stage"], line["playbook"]) == (1, stage, "saas")
    assert day is None or line["stage_day"] == day
    assert any(words in sentence for sentence in line["would_move"])
    said = anna.does("stage", "anna", today=today)
    assert stage in said
    assert words in said


def test_before_the_signature(anna: Desk) -> None:
    anna.does("add", "Ben Ode", "--playbook", "saas", "--signed", "2026-01-12")
    (line,) = anna.json("stage", "ben")["items"]
    assert (line["stage"], line["next_stage"], line["next_on"]) == ("before_sale", "novelty", "2026-01-12")
    assert "followup anchor set ben-ode sale DATE" in anna.does("stage", "ben")


def test_a_year_later_it_is_maintenance(anna: Desk) -> None:
    anna.does("add", "Cara Diaz", "--playbook", "saas", "--signed", "2024-12-20")
    said = anna.does("stage", "cara")
    assert "maintenance, day " in said
    assert "a new purchase is a sale of its own: followup sale add cara-diaz --playbook saas" in said
    assert "by hand" not in said, "there is no later stage"


def test_each_sale_has_its_stage(anna: Desk) -> None:
    anna.does("sale", "add", "anna", "--playbook", "retail", "--signed", "2026-03-02", "--product", "Mistral")
    told = anna.json("stage", "anna")
    assert told["schema"] == "followup.stage/1"
    assert [(one["sale"], one["product"], one["stage"]) for one in told["items"]] == [
        (1, "Ledgerline", "novelty"),
        (2, "Mistral", "before_sale"),
    ]
    assert [one["sale"] for one in anna.json("stage", "anna", "--sale", "2")["items"]] == [2]
    assert "followup stage anna-meyer learning --sale 1" in anna.does("stage", "anna")


def test_a_stage_set_by_hand_is_recorded(anna: Desk) -> None:
    said = anna.does("stage", "anna", "Learning", today="2026-01-07")
    assert "Anna Meyer is in learning from Wed 7 January 2026, was in novelty" in said
    activity = anna.sale()["activities"][-1]
    assert (activity["kind"], activity["on"]) == ("stage_moved", "2026-01-07")
    assert anna.sale(today="2026-01-07")["stage"] == "learning"
    anna.refuses(
        *("stage", "anna", "learning"),
        today="2026-01-07",
        says="Anna Meyer is in learning already, since Wed 7 January 2026",
        hint="followup stage anna-meyer",
    )


def test_why_a_stage_was_moved_is_shown(anna: Desk) -> None:
    """What the plan says about the stage: that it was set by hand; not what it says about other things."""
    anna.does("stage", "anna", "learning")
    (line,) = anna.json("stage", "anna")["items"]
    assert [flag["rule"] for flag in line["flags"]] == ["stage"]
    assert "learning set by hand on Mon 5 January 2026" in anna.does("stage", "anna")


def test_it_may_have_begun_on_another_day(anna: Desk) -> None:
    anna.does("stage", "anna", "learning", "--on", "-1d", today="2026-01-08")
    assert anna.sale(today="2026-01-08")["activities"][-1]["on"] == "2026-01-07"


def test_one_of_several_sales(anna: Desk) -> None:
    anna.does("sale", "add", "anna", "--playbook", "saas", "--signed", "today", "--product", "Plus")
    said = anna.does("stage", "anna", "learning", "--sale", "1")
    assert "sale 1 (Ledgerline) of Anna Meyer is in learning from Mon 5 January 2026" in said
    assert [one["stage"] for one in anna.json("stage", "anna")["items"]] == ["learning", "novelty"]


@pytest.mark.parametrize(
    ("args", "says", "hint"),
    [
        (("anna", "lerning"), "'lerning' is not a stage", "did you mean learning?"),
        (("anna", "phase"), "'phase' is not a stage", "before_sale novelty learning effectiveness maintenance"),
        (
            ("anna", "novelty"),
            "Anna Meyer is in novelty already, since Mon 5 January 2026",
            "followup stage anna-meyer",
        ),
        (("anna", "before_sale"), "sale 1 was signed on 2026-01-05: before_sale is over", "followup sale add"),
        (("anna", "before sale"), "sale 1 was signed on 2026-01-05", "followup sale add"),
        (("anna", "learning", "--on", "tomorrow"), "lies in the future", "followup stage anna learning"),
        (("Anna Meyer", "learning", "--on", "6d"), "lies in the future", "followup stage 'Anna Meyer' learning"),
        (("anna", "learning", "--on", "-2d"), "sale 1 is signed on 2026-01-05 only", "followup anchor set anna-meyer"),
        (("anna", "learning", "--sale", "7"), "Anna Meyer has no sale 7", "--sale with one of: 1"),
        (("anna", "--sale", "7"), "Anna Meyer has no sale 7", "--sale with one of: 1"),
        (("nobody",), "no customer matches 'nobody'", "followup list"),
        (("nobody", "learning"), "no customer matches 'nobody'", "followup list"),
    ],
)
def test_refusals(anna: Desk, args: tuple[str, ...], says: str, hint: str) -> None:
    anna.refuses("stage", *args, says=says, hint=hint)


def test_a_day_alone_says_nothing(anna: Desk) -> None:
    anna.refuses("stage", "anna", "--on", "today", says="--on", hint="followup stage --help", code=2)


def test_a_dry_run_changes_nothing_and_undo_takes_it_back(anna: Desk) -> None:
    before, plan = anna.facts(), anna.open_dates()
    assert "Dry run: nothing was changed." in anna.does("stage", "anna", "learning", "--dry-run")
    assert anna.facts() == before
    told = anna.json("stage", "anna", "learning")
    assert (told["schema"], told["command"], told["sale"]) == ("followup.written/1", "stage", 1)
    anna.does("undo")
    assert (anna.facts(), anna.open_dates()) == (before, plan)
