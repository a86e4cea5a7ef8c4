"""What an outcome adds: facts with a day on them, each of them said (DOMAIN 5.4)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Desk

LEARNING = "2026-01-19"


def add_retail(desk: Desk) -> None:
    desk.does("add", "Rita Bloom", "--playbook", "retail", "--signed", "2026-01-05", "--product", "Grinder")


@pytest.fixture
def rita(built: Callable[..., Desk]) -> Desk:
    """Somebody who bought a thing that needs refills."""
    return built("rita", add_retail)


def promises(desk: Desk) -> list[dict[str, Any]]:
    """Promises as they are stored, by number."""
    columns = ("text", "by_date", "done_on", "told_on", "about", "concern")
    return select(desk, "promise", columns)


def concerns(desk: Desk) -> list[dict[str, Any]]:
    return select(desk, "concern", ("text", "severity", "category", "opened_on", "resolved_on"))


def milestones(desk: Desk) -> list[str]:
    return [row["milestone"] for row in select(desk, "activity", ("kind", "milestone")) if row["kind"] == "milestone"]


def select(desk: Desk, table: str, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(desk.cli.db)) as connection:
        rows = connection.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY id").fetchall()
    return [dict(zip(columns, row, strict=True)) for row in rows]


class TestConcern:
    """E5: A worry becomes a record, an answer by a day, and a check (C14)."""

    def test_the_note_is_its_text_and_an_answer_is_promised(self, anna: Desk) -> None:
        said = anna.does("done", "1", "concern", "worried about the price")
        assert "a moderate concern is open now: worried about the price" in said
        assert "next: promised by Wed 7 January 2026, answer: worried about the price" in said
        (concern,) = concerns(anna)
        assert (concern["text"], concern["severity"], concern["category"]) == (
            "worried about the price",
            "moderate",
            "other",
        )
        (promise,) = promises(anna)
        assert (promise["by_date"], promise["about"], promise["concern"]) == ("2026-01-07", "concern", 1)

    def test_its_own_words_severity_and_category(self, anna: Desk) -> None:
        anna.does(
            *("done", "1", "good", "a fine talk", "--concern", "delivery in May?"),
            *("--severity", "minor", "--category", "delivery"),
        )
        (concern,) = concerns(anna)
        assert (concern["text"], concern["severity"], concern["category"]) == ("delivery in May?", "minor", "delivery")

    def test_without_words_it_says_when_it_was_voiced(self, anna: Desk) -> None:
        anna.does("done", "1", "concern")
        assert concerns(anna)[0]["text"] == "a doubt voiced on Mon 5 January 2026"

    @pytest.mark.parametrize(
        ("severity", "on", "by"),
        [
            ("moderate", "2026-01-05", "2026-01-07"),
            ("major", "2026-01-05", "2026-01-06"),
            ("minor", "2026-01-12", "2026-01-14"),
            ("moderate", "2026-01-12", "2026-01-13"),
            ("moderate", "2026-01-16", "2026-01-19"),
            ("moderate", "2026-01-09", "2026-01-12"),
            ("moderate", "2026-08-07", "2026-08-11"),
        ],
    )
    def test_b14_in_late_novelty_and_learning_one_severity_higher(
        self, anna: Desk, severity: str, on: str, by: str
    ) -> None:
        """B14: novelty lasts until 12 January; a Friday's answer is due after the weekend."""
        anna.does("log", "anna", "concern", "slow", "--severity", severity, today=on)
        assert promises(anna)[0]["by_date"] == by

    def test_a_promise_made_with_it_is_the_answer(self, anna: Desk) -> None:
        said = anna.does("done", "1", "concern", "slow", "--promise", "a faster export", "--by", "2026-01-20")
        assert "promised by Tue 20 January 2026, a faster export" in said
        (promise,) = promises(anna)
        assert (promise["text"], promise["about"], promise["concern"]) == ("a faster export", "concern", 1)

    def test_a_contact_about_it_that_goes_well_settles_it(self, anna: Desk) -> None:
        anna.does("done", "1", "concern", "slow")
        said = anna.does("done", anna.number("concern"), "good", "shown the shortcut", today="2026-01-08")
        assert "concern 1 is resolved: slow" in said
        assert "kept and told: answer: slow" in said
        assert concerns(anna)[0]["resolved_on"] == "2026-01-08"
        (promise,) = promises(anna)
        assert (promise["done_on"], promise["told_on"]) == ("2026-01-08", "2026-01-08")

    def test_only_the_one_it_was_about(self, anna: Desk) -> None:
        anna.does("concern", "add", "anna", "first")
        anna.does("concern", "add", "anna", "second")
        second = next(t for t in anna.sale()["touchpoints"] if (t["step"], t["occurrence"]) == ("concern", 2))
        anna.does("done", str(second["id"]), "great", today="2026-01-07")
        assert [one["resolved_on"] for one in concerns(anna)] == [None, "2026-01-07"]

    @pytest.mark.parametrize("outcome", ["ok", "flat", "no-answer"])
    def test_less_than_good_settles_nothing(self, anna: Desk, outcome: str) -> None:
        anna.does("done", "1", "concern", "slow")
        anna.does("done", anna.number("concern"), outcome, today="2026-01-08")
        assert concerns(anna)[0]["resolved_on"] is None

    @pytest.mark.parametrize("outcome", ["concern", "good,concern"])
    def test_the_same_doubt_again_is_no_second_one(self, anna: Desk, outcome: str) -> None:
        anna.does("done", "1", "concern", "slow")
        said = anna.does("done", anna.number("concern"), outcome, "still slow", today="2026-01-08")
        assert "concern 1 stays open: slow" in said
        assert len(concerns(anna)) == len(promises(anna)) == 1
        assert concerns(anna)[0]["resolved_on"] is None

    def test_another_doubt_put_into_words_is_a_second_one(self, anna: Desk) -> None:
        anna.does("done", "1", "concern", "slow")
        anna.does("done", anna.number("concern"), "concern", "--concern", "dear", today="2026-01-08")
        assert [one["text"] for one in concerns(anna)] == ["slow", "dear"]

    def test_a_check_that_goes_well_settles_all_that_are_open(self, anna: Desk) -> None:
        anna.does("concern", "add", "anna", "first")
        anna.does("concern", "add", "anna", "second")
        for day in ("2026-01-08", "2026-01-14", "2026-01-20", "2026-01-28", "2026-02-04", "2026-02-11"):
            due = [one for one in anna.sale(today=day)["touchpoints"] if one["status"] == "open"]
            for one in due:
                if one["step"] == "concern_check":
                    said = anna.does("done", str(one["id"]), "good", today=day)
                    assert "concern 1 is resolved: first" in said
                    assert "concern 2 is resolved: second" in said
                    return
                if one["due_on"] <= day:
                    anna.cli("done", str(one["id"]), "ok", today=day)
        pytest.fail("nobody looked at the open concerns again")


class TestPromise:
    """Closed only when the customer was told (C14)."""

    @pytest.mark.parametrize("outcome", ["great", "good", "ok"])
    def test_the_contact_about_it_closes_it(self, anna: Desk, outcome: str) -> None:
        anna.does("done", "1", "good", "--promise", "send the guide", "--by", "2026-01-07")
        said = anna.does("done", anna.number("promise"), outcome, today="2026-01-07")
        assert "kept and told: send the guide" in said
        assert [(one["done_on"], one["told_on"]) for one in promises(anna)] == [("2026-01-07", "2026-01-07")]

    @pytest.mark.parametrize("outcome", ["no-answer", "flat", "problem"])
    def test_anything_else_leaves_it_open(self, anna: Desk, outcome: str) -> None:
        anna.does("done", "1", "good", "--promise", "send the guide", "--by", "2026-01-07")
        anna.does("done", anna.number("promise"), outcome, today="2026-01-07")
        assert [one["told_on"] for one in promises(anna)] == [None]


class TestProblem:
    """DOMAIN 3.9: what follows is said with its hours and days."""

    def test_a_new_customer_waits_four_days(self, anna: Desk) -> None:
        said = anna.does("log", "anna", "problem", "the import fails", today=LEARNING)
        assert "next: acknowledge it within 4 working hours" in said
        assert "news every 3 days, solved by Fri 23 January 2026 (4 days, a new customer)" in said
        assert "verified 2 days after that, looked at again after 14 days" in said
        assert "nothing is sold until 14 days after they confirmed that it works" in said
        assert promises(anna) == concerns(anna) == []

    def test_a_regular_seven(self, anna: Desk) -> None:
        said = anna.does("log", "anna", "problem", "the import fails", today="2026-09-07")
        assert "solved by Mon 14 September 2026 (7 days)" in said

    def test_a_second_one_within_ninety_days_escalates(self, anna: Desk) -> None:
        anna.does("log", "anna", "problem", "first", "--on", "2026-02-02", today="2026-02-02")
        assert "second problem within 90 days" in anna.does("log", "anna", "problem", "again", today="2026-04-30")
        anna.does("undo")
        assert "second problem" not in anna.does("log", "anna", "problem", "again", today="2026-06-30")

    def test_a_promise_made_with_it_belongs_to_it(self, anna: Desk) -> None:
        anna.does("log", "anna", "problem", "--promise", "a fix", "--by", "2026-01-08")
        assert [(one["text"], one["about"]) for one in promises(anna)] == [("a fix", "problem")]


class TestReferral:
    """B33: who referred whom is kept; thanks within a day, word of it within 14."""

    def test_each_name_is_a_prospect_who_knows_who_named_them(self, anna: Desk) -> None:
        said = anna.does("log", "anna", "referral", "--referred", "Bob Stone", "--referred", "Eva Fox")
        assert "new prospect: Bob Stone (bob-stone), referred by Anna Meyer" in said
        assert "next: thank Anna Meyer within a day, and tell them by Mon 19 January 2026 what came of it" in said
        page = anna.json("show", "bob-stone")
        assert page["customer"]["tags"] == ["prospect"]
        assert page["customer"]["extra"] == {"referred_by": "anna-meyer"}
        assert page["sales"] == []
        assert [one["name"] for one in page["contacts"]] == ["Bob Stone"]
        anna.does("set", "eva-fox", "phone", "030 1")

    @pytest.mark.parametrize("name", ["Bob Stone", "bob stone", "BOB STONE", "bob-stone", " Bob Stone "])
    def test_nobody_is_made_twice(self, anna: Desk, name: str) -> None:
        anna.does("log", "anna", "referral", "--referred", "Bob Stone")
        said = anna.does("log", "anna", "referral", "--referred", name, "--referred", name)
        assert said.count("is known already as bob-stone; not added again") == 2
        assert len(anna.rows("customer")) == 2

    def test_without_a_name_it_says_how_to_add_one(self, anna: Desk) -> None:
        said = anna.does("log", "anna", "referral")
        assert 'followup add "First Last" --tag prospect' in said
        assert len(anna.rows("customer")) == 1


class TestPurchase:
    """Bought again: which clock goes on is said, and how to get the other."""

    def test_a_new_sale_with_clocks_of_its_own(self, anna: Desk) -> None:
        said = anna.does("log", "anna", "purchase", today="2026-09-07")
        assert "bought again: sale 2 follows saas from Mon 7 September 2026, with clocks of its own" in said
        assert "followup undo, then the same with the outcome good" in said
        assert "sale 2: planned" in said
        old, new = anna.json("show", "anna", today="2026-09-07")["sales"]
        assert (new["product"], new["goal"], new["playbook"]) == (old["product"], old["goal"], "saas")
        assert new["anchors"]["sale"] == "2026-09-07"

    def test_its_plan_is_no_list_of_changes(self, anna: Desk) -> None:
        told = anna.json("log", "anna", "purchase", "--playbook", "services")
        assert any(one["step"] == "start_letter" for one in anna.sale()["touchpoints"])
        assert "start_letter" not in [one["step"] for one in told["changes"]]

    def test_another_product_or_playbook(self, anna: Desk) -> None:
        anna.does("log", "anna", "purchase", "--product", "Training", "--playbook", "services", today="2026-09-07")
        sale = anna.sale(today="2026-09-07")
        assert (sale["product"], sale["playbook"], sale["goal"]) == ("Training", "services", "")

    def test_where_purchases_come_again_the_rhythm_goes_on(self, rita: Desk) -> None:
        said = rita.does("log", "rita", "purchase", today="2026-04-07")
        assert "the rhythm of this sale goes on from here" in said
        assert "followup undo, then the same with --product NAME" in said
        assert len(rita.rows("sale")) == 1
        assert milestones(rita) == ["repurchased"]

    @pytest.mark.parametrize("other", [("--product", "Kettle"), ("--playbook", "saas")])
    def test_something_else_is_a_sale_of_its_own_all_the_same(self, rita: Desk, other: tuple[str, str]) -> None:
        rita.does("log", "rita", "purchase", *other, today="2026-04-07")
        assert len(rita.rows("sale")) == 2
        assert milestones(rita) == []


class TestIdea:
    """C15: a suggestion gets an answer: adopted, planned or declined."""

    def test_it_is_owed_an_answer_in_fourteen_days(self, anna: Desk) -> None:
        said = anna.does("done", "1", "good,idea", "a dark mode")
        assert "next: say by Mon 19 January 2026 what becomes of their idea (adopted, planned or declined)" in said
        (promise,) = promises(anna)
        assert (promise["text"], promise["about"], promise["by_date"]) == ("a dark mode", "idea", "2026-01-19")

    def test_without_words_it_says_when_it_was_voiced(self, anna: Desk) -> None:
        anna.does("done", "1", "idea")
        assert promises(anna)[0]["text"] == "an idea voiced on Mon 5 January 2026"


class TestOpportunity:
    """B37: a need that was found opens a sale before its signature."""

    def test_it_opens_a_sale_before_its_signature(self, anna: Desk) -> None:
        today = "2026-09-07"
        said = anna.does("log", "anna", "good", "--opportunity", "a second site", today=today)
        assert "opportunity: sale 2 follows saas from before the sale" in said
        assert "followup anchor set anna-meyer sale DATE --sale 2" in said
        sale = anna.sale(today=today)
        assert (sale["product"], sale["stage"], sale["stages"]["before_sale"]["begin"]) == (
            "a second site",
            "before_sale",
            today,
        )
        assert sale["anchors"]["sale"] == "2026-09-28"
        assert any(one["step"] == "fit_check" and one["status"] == "open" for one in sale["touchpoints"])

    def test_another_playbook_may_follow_it(self, anna: Desk) -> None:
        anna.does("log", "anna", "good", "--opportunity", "help with the move", "--playbook", "services")
        assert anna.sale()["playbook"] == "services"


class TestPostponed:
    """The customer asked for another date: pinned to it, and no clock restarts."""

    def test_the_day_they_asked_for(self, anna: Desk) -> None:
        said = anna.does("done", "2", "postponed", "in the fair week", "--to", "2026-01-20", "--at", "9:30")
        assert "recorded: plan_together, postponed, on Mon 5 January 2026; it stays open" in said
        assert "next: plan_together on Tue 20 January 2026 at 09:30, as agreed" in said
        step = anna.step("plan_together")
        assert (step["due_on"], step["agreed_time"], step["status"]) == ("2026-01-20", "09:30", "open")
        kinds = [(one["kind"], one["outcomes"]) for one in anna.sale()["activities"]]
        assert kinds == [("contacted", ["postponed"]), ("agreed", [])]

    def test_without_a_day_it_is_asked_again_five_working_days_later(self, anna: Desk) -> None:
        said = anna.does("done", "2", "postponed")
        assert "next: plan_together is asked again on Mon 12 January 2026, 5 working days later" in said
        assert "another day: followup snooze 2 DATE" in said
        assert anna.step("plan_together")["due_on"] == "2026-01-12"

    def test_a_day_that_may_not_be_is_refused(self, anna: Desk) -> None:
        """B32, C18: what sells keeps to its gate, whoever asks for another day."""
        number = anna.number("introduction")
        anna.refuses(
            "done", number, "postponed", "--to", "2026-02-09", says="introduction cannot be on Mon 9 February 2026"
        )

    def test_a_warning_where_its_window_has_closed(self, anna: Desk) -> None:
        said = anna.does("done", "6", "postponed", "--to", "2026-01-31")
        assert "warning: its window closes on Wed 21 January 2026" in said

    def test_it_can_be_done_on_its_day(self, anna: Desk) -> None:
        anna.does("done", "2", "postponed", "--to", "2026-01-20")
        anna.does("done", "2", "good", today="2026-01-20")
        assert anna.step("plan_together", today="2026-01-20")["status"] == "done"


class TestMilestones:
    """What the playbook ties to an outcome is recorded by itself, once."""

    def test_a_good_outcome_reaches_it(self, anna: Desk) -> None:
        said = anna.does("done", anna.number("first_job"), "good", today="2026-01-07")
        assert "milestone: first_use" in said
        assert "the playbook says: Log the milestone first_use." in said
        assert milestones(anna) == ["first_use"]

    def test_great_means_good_where_the_playbook_says_no_more(self, anna: Desk) -> None:
        anna.does("done", anna.number("first_job"), "great", today="2026-01-07")
        assert milestones(anna) == ["first_use"]

    def test_good_does_not_mean_great(self, rita: Desk) -> None:
        number = rita.number("how_did_it_go", "rita")
        said = rita.does("done", number, "good", "--dry-run", today="2026-01-29")
        assert "milestone: first_result" not in said
        assert "milestone: first_result" in rita.does("done", number, "great", today="2026-01-29")

    @pytest.mark.parametrize("outcome", ["ok", "concern", "no-answer"])
    def test_less_does_not(self, anna: Desk, outcome: str) -> None:
        anna.does("done", anna.number("first_job"), outcome, today="2026-01-07")
        assert milestones(anna) == []

    def test_once_in_a_sale(self, anna: Desk) -> None:
        anna.does("log", "anna", "good", "--milestone", "first_use")
        said = anna.does("done", anna.number("first_job"), "good", today="2026-01-07")
        assert "milestone:" not in said
        assert milestones(anna) == ["first_use"]

    def test_said_and_reached_is_one(self, anna: Desk) -> None:
        anna.does("done", anna.number("first_job"), "good", "--milestone", "first_use", today="2026-01-07")
        assert milestones(anna) == ["first_use"]

    def test_every_purchase_counts(self, rita: Desk) -> None:
        number = rita.number("refill_due", "rita", today="2026-03-30")
        rita.does("done", number, "good,purchase", today="2026-03-30")
        assert milestones(rita) == ["repurchased"]
        rita.does("log", "rita", "purchase", today="2026-06-22")
        assert milestones(rita) == ["repurchased", "repurchased"]

    def test_b10_signing_with_open_concerns_is_said_aloud(self, anna: Desk) -> None:
        """B10."""
        anna.does("concern", "add", "anna", "slow")
        said = anna.does("done", "1", "good", "--milestone", "signed")
        assert "warning: signed with 1 open concern; the dip will be deeper" in said
        assert "  moderate: slow" in said


def test_wrong_contact_says_whom_to_find(anna: Desk) -> None:
    """B28: a new decision maker is found first."""
    said = anna.does("done", "1", "wrong-contact", "she has left")
    assert "next: find out who is in charge at Meyer GmbH now" in said
    assert 'followup contact add anna-meyer "First Last" --main' in said


def test_c12_the_tone_stays_with_the_note(anna: Desk) -> None:
    """C12."""
    assert anna.json("done", "1", "ok", "fine, thanks", "--tone", "tense")["activity"]["note"] == (
        "fine, thanks (tone: tense)"
    )
    assert anna.json("log", "anna", "ok", "--tone", "relaxed")["activity"]["note"] == "(tone: relaxed)"


@pytest.mark.parametrize("trend", ["up", "steady", "down"])
def test_a6_a20_usage_heard_in_a_contact_is_a_reading(anna: Desk, trend: str) -> None:
    """A6, A20."""
    assert f"usage: {trend}" in anna.does("done", "1", "good", "--usage", trend)
    assert select(anna, "reading", ("kind", "value", "on_date")) == [
        {"kind": "usage", "value": trend, "on_date": "2026-01-05"}
    ]


@pytest.mark.parametrize("value", ["yes", "no", "No"])
@pytest.mark.parametrize("command", [("done", "1"), ("log", "anna", "--purpose", "education")], ids=" ".join)
def test_a6_a20_whether_they_understood_is_a_reading(anna: Desk, command: tuple[str, ...], value: str) -> None:
    """A6, A20."""
    clean = value.lower()
    told = anna.does(*command, "good", "--understood", value)
    assert f"understood: {clean}" in told
    assert select(anna, "reading", ("kind", "value", "on_date")) == [
        {"kind": "understood", "value": clean, "on_date": "2026-01-05"}
    ]
    typed = "followup reading add anna-meyer understood yes --sale 1"
    assert (typed in told) == (clean == "no")
    if clean == "no":
        anna.does(*typed.split()[1:])
        assert anna.sale()["understood"] == "yes"


def test_a6_understood_is_yes_or_no(anna: Desk) -> None:
    """A6."""
    anna.refuses(
        "done", "1", "good", "--understood", "maybe", says="'maybe' is not a word for understood", hint="yes no"
    )


WITH_FACTS = {
    "concern": ("concern", "slow"),
    "good,idea": ("good,idea", "a dark mode"),
    "problem": ("problem", "broken", "--promise", "a fix", "--by", "fri"),
    "referral": ("referral", "--referred", "Bob Stone"),
    "purchase": ("purchase", "--product", "Training"),
    "postponed": ("postponed", "--to", "2026-01-20"),
    "wrong-contact": ("wrong-contact",),
    "stop": ("stop",),
    "opportunity": ("good", "--opportunity", "a second site"),
    "milestone": ("good", "--milestone", "signed", "--usage", "up"),
    "understood": ("good", "--understood", "no"),
}


@pytest.mark.parametrize("args", WITH_FACTS.values(), ids=WITH_FACTS)
def test_a_dry_run_says_it_and_changes_nothing(anna: Desk, args: tuple[str, ...]) -> None:
    before, plan = anna.facts(), anna.open_dates()
    said = anna.does("done", "2", *args, "--dry-run")
    assert "Dry run: nothing was changed." in said
    assert anna.facts() == before
    assert anna.open_dates() == plan
    really = anna.does("done", "2", *args)
    assert said.replace("Dry run: nothing was changed.\n", "") == really, "the same words"


@pytest.mark.parametrize("args", WITH_FACTS.values(), ids=WITH_FACTS)
def test_undo_takes_every_fact_back_in_one_step(anna: Desk, args: tuple[str, ...]) -> None:
    before, plan = anna.facts(), anna.open_dates()
    anna.does("done", "2", *args)
    changed = {table for table, rows in anna.facts().items() if rows != before[table] and not table.startswith("jour")}
    assert "activity" in changed
    anna.does("undo")
    after = anna.facts()
    assert {table for table in changed if after[table] != before[table]} - {"playbook", "step"} == set()
    assert anna.open_dates() == plan


@pytest.mark.parametrize("args", WITH_FACTS.values(), ids=WITH_FACTS)
def test_planning_from_the_facts_alone_gives_the_same(anna: Desk, args: tuple[str, ...]) -> None:
    """Facts are stored, the plan is derived (DESIGN 3, rule 4)."""
    anna.does("done", "2", *args)
    before = json.dumps(anna.json("show", "anna"))
    anna.does("plan", "--rebuild")
    assert json.dumps(anna.json("show", "anna")) == before
