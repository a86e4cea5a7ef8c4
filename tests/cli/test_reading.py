"""`reading add`: scores on one scale for each playbook, usage, and what they mean (E7, DOMAIN 4.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Desk

IN_THE_DIP = "2026-02-02"  # day 28 of use, the trough as written


def test_a_score_is_recorded_and_told_in_words(anna: Desk) -> None:
    said = anna.does("reading", "add", "anna", "nps", "2", "--note", "too slow", today=IN_THE_DIP)
    assert "recorded: nps 2 of Anna Meyer on Mon 2 February 2026" in said
    assert "unhappy: it reads as a mood of 20 of 100; the model says " in said
    [row] = anna.rows("reading")
    assert row[1:] == (1, "nps", "2", IN_THE_DIP, "too slow")


@pytest.mark.parametrize(
    ("value", "word", "mood"),
    [
        ("0", "unhappy", 0),
        ("6", "unhappy", 60),
        ("7", "in between", 70),
        ("8", "in between", 80),
        ("9", "glad", 90),
        ("10", "glad", 100),
        (" 7 ", "in between", 70),
        ("07", "in between", 70),
    ],
)
def test_what_an_nps_score_means(anna: Desk, value: str, word: str, mood: int) -> None:
    """DOMAIN 4.4: NPS is read as score/10."""
    said = anna.does("reading", "add", "anna", "nps", value)
    assert f"{word}: it reads as a mood of {mood} of 100" in said
    assert anna.rows("reading")[0][3] == str(int(value))


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("up", "they use it more: it reads as a mood of 80 of 100"),
        ("Steady", "they use it as before: it reads as a mood of 65 of 100"),
        ("down", "they use it less: it reads as a mood of 35 of 100"),
    ],
)
def test_usage_fits_every_playbook(anna: Desk, value: str, says: str) -> None:
    assert says in anna.does("reading", "add", "anna", "usage", value, today=IN_THE_DIP)


@pytest.mark.parametrize(("value", "mood"), [("1", 0), ("3", 50), ("5", 100)])
def test_another_playbook_another_scale(anna: Desk, value: str, mood: int) -> None:
    """E7: the scale is that of the pinned playbook of the sale."""
    anna.does("sale", "add", "anna", "--playbook", "retail", "--signed", "today")
    assert f"a mood of {mood} of 100" in anna.does("reading", "add", "anna", "csat", value)
    anna.refuses(
        *("reading", "add", "anna", "nps", "9"),
        says="retail measures with csat, not with nps: scales are not mixed",
        hint="followup reading add anna-meyer csat VALUE",
    )
    anna.does("reading", "add", "anna", "nps", "9", "--sale", "1")


def test_everybody_is_glad_in_novelty(anna: Desk) -> None:
    """B7: a high score in novelty does not raise the estimate, and that is said."""
    before = anna.sale(today="2026-01-07")["mood"]["estimate"]
    said = anna.does("reading", "add", "anna", "nps", "10", today="2026-01-07")
    assert "everybody is glad in novelty: it does not raise the estimate" in said
    assert f"the estimated mood of today stays {before}" in said
    assert "novelty" not in anna.does("reading", "add", "anna", "nps", "2", today="2026-01-07")


def test_a_reading_of_another_day(anna: Desk) -> None:
    anna.does("reading", "add", "anna", "nps", "7", "--on", "-3d", today="2026-02-05")
    assert anna.rows("reading")[0][4] == IN_THE_DIP


def test_before_the_start_of_use_there_is_no_curve(anna: Desk) -> None:
    anna.does("add", "Ben Ode", "--playbook", "saas", "--signed", "today", "--live", "2w")
    said = anna.does("reading", "add", "ben", "nps", "5")
    assert "unhappy: it reads as a mood of 50 of 100; use had not started, so there is no curve" in said


@pytest.mark.parametrize(
    ("args", "says", "hint"),
    [
        (("anna", "npz", "9"), "'npz' is not a kind of reading", "did you mean nps?"),
        (("anna", "", "9"), "'' is not a kind of reading", "nps csat ces usage"),
        (("anna", "csat", "4"), "saas measures with nps, not with csat", "followup reading add anna-meyer nps VALUE"),
        (("anna", "nps", "11"), "'11' is no nps score", "from 0 to 10"),
        (("anna", "nps", "-1"), "'-1' is no nps score", "from 0 to 10"),
        (("anna", "nps", "8.5"), "'8.5' is no nps score", "whole number"),
        (("anna", "nps", "٣"), "is no nps score", "whole number"),
        (("anna", "nps", ""), "'' is no nps score", "whole number"),
        (("anna", "nps", "9" * 5000), "is no nps score", "whole number"),
        (("anna", "usage", "sideways"), "'sideways' is not a usage reading", "up steady down"),
        (("anna", "usage", "stedy"), "'stedy' is not a usage reading", "did you mean steady?"),
        (("anna", "nps", "9", "--on", "2026-01-06"), "Tue 6 January 2026 lies in the future", "followup reading add"),
        (("Anna Meyer", "nps", "9", "--on", "6d"), "lies in the future", "followup reading add 'Anna Meyer' nps 9"),
        (("anna", "nps", "9", "--sale", "7"), "Anna Meyer has no sale 7", "--sale with one of: 1"),
        (("nobody", "nps", "9"), "no customer matches 'nobody'", "followup list"),
    ],
)
def test_refusals(anna: Desk, args: tuple[str, ...], says: str, hint: str) -> None:
    anna.refuses("reading", "add", *args, says=says, hint=hint)


def test_a_dry_run_changes_nothing_and_undo_takes_it_back(anna: Desk) -> None:
    command = ("reading", "add", "anna", "nps", "3")
    before, plan = anna.facts(), anna.open_dates()
    assert "Dry run: nothing was changed." in anna.does(*command, "--dry-run")
    assert anna.facts() == before
    told = anna.json(*command)
    assert (told["schema"], told["command"], told["id"], told["sale"]) == ("followup.written/1", "reading add", 1, 1)
    anna.does("undo")
    assert (anna.facts(), anna.open_dates()) == (before, plan)


def test_a6_a20_whether_they_understood_fits_every_playbook_and_is_no_mood(anna: Desk) -> None:
    """A6, A20: nothing is said about mood, and the estimate stays."""
    before = anna.sale(today=IN_THE_DIP)["mood"]
    said = anna.does("reading", "add", "anna", "understood", "no", today=IN_THE_DIP)
    assert "recorded: understood no of Anna Meyer on Mon 2 February 2026" in said
    assert "no referral is asked for and nothing is offered until they understand it" in said
    assert "reads as a mood" not in said
    assert "estimated mood" not in said
    assert anna.sale(today=IN_THE_DIP)["mood"] == before


def test_a6_understood_is_shown_where_readings_are(anna: Desk) -> None:
    """A6: in `show` and `why`, the last word alone; nothing while nobody asked."""
    assert (anna.sale()["understood"], anna.sale()["understood_on"]) == (None, None)
    assert "understood" not in anna.does("show", "anna") + anna.does("why", "anna")
    anna.does("reading", "add", "anna", "understood", "no", "--on", "2026-01-05", today=IN_THE_DIP)
    anna.does("reading", "add", "anna", "understood", "YES", today=IN_THE_DIP)
    number = anna.number("week_one", today=IN_THE_DIP)
    for told in (anna.sale(today=IN_THE_DIP), anna.json("why", number, today=IN_THE_DIP)):
        assert (told["understood"], told["understood_on"]) == ("yes", IN_THE_DIP)
    for said in (anna.does("show", "anna", today=IN_THE_DIP), anna.does("why", number, today=IN_THE_DIP)):
        assert f"understood yes, {IN_THE_DIP}" in said


@pytest.mark.parametrize("value", ["maybe", "1", ""])
def test_a6_understood_is_yes_or_no(anna: Desk, value: str) -> None:
    """A6."""
    anna.refuses("reading", "add", "anna", "understood", value, says="is not a word for understood", hint="yes no")
