"""`followup message`: the words to send, personal, in the customer's own words, and nothing recorded (C4-C7, C13)."""

from __future__ import annotations

import json
import re
import shlex
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from followup.cli.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Desk, Program

BOUGHT = ("--product", "Ledgerline", "--goal", "g", "--signed", "today")
NOON = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
FIELDS = {
    *("schema", "today", "notices", "id", "customer", "customer_key", "contact", "role", "channel", "channel_reasons"),
    *("reach", "subject", "body", "ask", "gives", "goal", "resources", "notes", "last_words", "values", "link"),
    *("copied", "opened", "then", "text", "step", "occurrence", "purpose", "stage", "due_on", "sale", "product"),
}


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """It is noon on the Monday, in the seller's zone too; the clock can be set."""

    def set_clock(now: datetime) -> None:
        monkeypatch.setattr(Session, "now", now)

    set_clock(NOON)
    return set_clock


SELLER = """
[me]
name = "Ben Seller"
company = "Ledger Ltd"
phone = "+49 30 99"

[calendar]
timezone = "UTC"
"""

SIGNED = "\n\nBen Seller\nLedger Ltd\n+49 30 99"


def introduce_seller(desk: Desk) -> None:
    desk.cli.config.write_text(SELLER, encoding="utf-8")


@pytest.fixture
def seller(anna: Desk) -> Desk:
    """Anna's desk, with a seller who has a name, a company and a number."""
    introduce_seller(anna)
    return anna


def draft(desk: Desk, which: str, *args: str, today: str | None = None) -> Any:
    return desk.json("message", which, *args, today=today)


def piped(desk: Desk, which: str, *args: str) -> str:
    answer = desk("message", which, *args)
    assert answer.code == 0, answer
    return answer.out


def terminal(desk: Desk, which: str, *args: str) -> str:
    answer = desk("--color", "always", "message", which, *args)
    assert answer.code == 0, answer
    return re.sub(r"\x1b\[[0-9;]*m", "", answer.out)


# What comes out


def test_the_draft_is_personal_and_in_the_customers_own_words(seller: Desk) -> None:
    """C4, C5: name, purchase and goal; A17: whom to call."""
    made = draft(seller, seller.number("welcome_note"))
    assert made["subject"] == "Welcome: your first three steps with Ledgerline and one number to call"
    assert made["body"].startswith("Anna, thank you for choosing Ledgerline. ")
    assert 'Your aim, in your words: "close the month in three days". That is what' in made["body"]
    assert "call me: +49 30 99" in made["body"]
    assert "planning call. Does Tuesday 6 January suit you?" in made["body"]
    assert made["body"].endswith(SIGNED)
    assert made["values"] == {
        "first_name": "Anna",
        "goal": "close the month in three days",
        "next_date": "Tuesday 6 January",
        "product": "Ledgerline",
        "seller_phone": "+49 30 99",
    }


def test_json_has_every_field_and_null_for_what_is_absent(seller: Desk) -> None:
    made = draft(seller, "anna")
    assert made["schema"] == "followup.message/1"
    assert made.keys() >= FIELDS
    assert (made["customer_key"], made["contact"], made["role"]) == ("anna-meyer", "Anna Meyer", None)
    assert (made["channel"], made["reach"]) == ("email", "anna@meyer.example")
    assert made["ask"] == [
        "Who besides you should have a login this week?",
        "Which day suits you for the planning call?",
    ]
    assert made["then"] == f'followup done {made["id"]} good "..."'
    assert (made["copied"], made["opened"]) == (False, False)
    for reason in made["channel_reasons"]:
        assert reason.keys() == {"rule", "text", "inputs"}
    for resource in made["resources"]:
        assert resource.keys() == {"title", "link", "mode", "form", "fee"}


def test_a_pipe_gets_the_subject_a_blank_line_and_the_body(seller: Desk) -> None:
    made = draft(seller, "anna")
    assert piped(seller, "anna") == f"{made['subject']}\n\n{made['body']}\n" == made["text"]


def test_a_channel_without_subjects_gets_the_body_alone(seller: Desk) -> None:
    made = draft(seller, "anna", "--channel", "message")
    assert made["text"] == f"{made['body']}\n"
    assert piped(seller, "anna", "--channel", "message") == made["text"]


def test_nothing_is_recorded(seller: Desk) -> None:
    seller.does("due")
    before = seller.facts(), seller.rows("touchpoint"), seller.rows("journal_entry")
    for args in (["anna"], ["anna", "--json"], ["anna", "--dry-run"], ["anna", "--channel", "phone"]):
        piped(seller, *args)
    assert (seller.facts(), seller.rows("touchpoint"), seller.rows("journal_entry")) == before


def test_a_terminal_shows_whom_how_and_what_to_type_afterwards(seller: Desk) -> None:
    shown = terminal(seller, "anna")
    assert "email anna@meyer.example" in shown
    assert "Subject: Welcome: your first three steps with Ledgerline" in shown
    assert "Questions to choose from\n  Who besides you" in shown
    assert "Goal: Confirm the decision in writing" in shown
    assert shown.rstrip().endswith(f'After sending: followup done {seller.number("welcome_note")} good "..."')


def test_on_a_call_the_questions_are_talking_points(seller: Desk) -> None:
    shown = terminal(seller, "anna", "--channel", "phone")
    assert "\nAsk\n  Who besides you" in shown


@pytest.mark.parametrize("columns", ["20", "40", "60", "120"])
def test_no_line_is_wider_than_the_terminal(seller: Desk, columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    shown = terminal(seller, "anna")
    links = [line for line in shown.splitlines() if len(line) > int(columns)]
    assert links == []
    assert "Anna" in shown


def test_last_words_and_notes_stand_beside_the_draft(seller: Desk) -> None:
    """C11, C22."""
    seller.does("set", "anna", "notes", "Runs marathons.")
    seller.does("log", "anna", "good", "wants it in Spanish too")
    made = draft(seller, seller.number("week_one"), "--set", "plan_item=the import")
    assert (made["notes"], made["last_words"]) == ("Runs marathons.", "wants it in Spanish too")
    assert "marathons" not in made["text"]


# Values


def test_missing_values_are_listed_all_at_once_with_line_and_command(anna: Desk) -> None:
    """C4, bar 28: exit 1, every missing value, its place in the playbook and what to type; nothing on stdout."""
    number = anna.number("welcome_note")
    answer = anna("message", number, "--json")
    assert answer.code == 1
    error = answer.json
    assert error["schema"] == "followup.error/1"
    assert "{seller_phone}" in error["error"]
    (problem,) = error["problems"]
    assert (problem["source"], problem["hint"]) == ("saas.yaml", 'followup config set me.phone "..."')
    source = Path(__file__).parents[2] / "playbooks" / "saas.yaml"
    line = source.read_text(encoding="utf-8").splitlines()[problem["line"] - 1]
    assert line[problem["column"] - 1 :].startswith("{seller_phone}")


def test_several_missing_values_each_name_their_own_command(seller: Desk) -> None:
    """C4."""
    number = seller.number("result_letter")
    answer = seller("message", number)
    assert (answer.code, answer.out) == (1, "")
    assert "needs 2 values" in answer.err
    assert 'followup log anna-meyer good "..."' in answer.err
    assert 'followup contact add anna-meyer "NAME" --role decider' in answer.err
    assert len(re.findall(r"saas\.yaml:\d+:\d+: ", answer.err)) == 2


def test_a_missing_value_of_an_edited_playbook_has_the_line_of_the_pinned_text(seller: Desk, tmp_path: Path) -> None:
    own = tmp_path / "playbooks"
    own.mkdir()
    text = (Path(__file__).parents[2] / "playbooks" / "saas.yaml").read_text(encoding="utf-8")
    (own / "saas.yaml").write_text(f"# mine\n{text}", encoding="utf-8")
    answer = seller("message", seller.number("lesson_one"), "--json")
    assert {problem["source"] for problem in answer.json["problems"]} == {"saas (pinned)"}


def test_the_commands_that_are_named_supply_the_values(seller: Desk) -> None:
    """C4: what the refusal says to type works as it stands."""
    number = seller.number("result_letter")
    seller.does("log", "anna-meyer", "good", "the January close took four days")
    seller.does("contact", "add", "anna-meyer", "Petra Berg", "--role", "decider")
    made = draft(seller, number)
    assert "since 5 January" in made["subject"] or "since Monday 5 January" in made["subject"]
    assert 'you have told me: "the January close took four days". Please correct me' in made["body"]
    assert "I have Petra Berg down as the one who decides" in made["body"]


def test_once_only_values_are_given_for_this_message_alone(seller: Desk) -> None:
    number = seller.number("first_job")
    made = draft(seller, number, "--set", "first_task=the December close")
    assert "Bring this one with you: the December close." in made["body"]
    seller.refuses("message", number, says="{first_task}", hint=f'followup message {number} --set first_task="..."')


def test_a_value_that_the_message_has_no_place_for_is_refused(seller: Desk) -> None:
    seller.refuses(
        "message", "anna", "--set", "gaol=x", says="{gaol} does not stand in this message", hint="did you mean goal?"
    )


@pytest.mark.parametrize("text", ["first_task", "=x", "first_task=", "first_task=  "])
def test_a_value_must_be_given_as_name_and_value(seller: Desk, text: str) -> None:
    answer = seller("message", seller.number("first_job"), "--set", text)
    assert answer.code == 1
    assert "--set" in answer.err


def test_a_column_of_the_users_own_fills_its_place(seller: Desk, tmp_path: Path) -> None:
    playbook = tmp_path / "mine.yaml"
    text = (Path(__file__).parents[2] / "playbooks" / "saas.yaml").read_text(encoding="utf-8")
    text = text.replace("playbook: saas", "playbook: mine").replace(
        "thank you for choosing {product}.", "thank you for {product} on {extra.plan_tier} in {extra.city|your town}."
    )
    playbook.write_text(text, encoding="utf-8")
    seller.does(
        "sale", "add", "anna", "--playbook", playbook, "--product", "Ledgerline", "--goal", "g", "--signed", "today"
    )
    number = seller.number("welcome_note")
    seller.refuses("message", number, says="{extra.plan_tier}", hint='followup set anna-meyer extra.plan_tier "..."')
    seller.does("set", "anna", "extra.plan_tier", "gold")
    assert "thank you for Ledgerline on gold in your town." in draft(seller, number)["body"]


def test_a_question_that_lacks_a_value_is_left_out_and_said(seller: Desk) -> None:
    made = draft(seller, seller.number("dip_call"))
    assert len(made["ask"]) == 2
    assert any('followup set anna-meyer old_way "..."' in notice for notice in made["notices"])
    seller.does("set", "anna", "old_way", "spreadsheets")
    assert 'Where do people go back to the old way: "spreadsheets"?' in draft(seller, seller.number("dip_call"))["ask"]


def test_an_assumed_date_is_said(desk: Desk) -> None:
    desk.does("add", "Anna Meyer", "--playbook", "saas", *BOUGHT)
    made = draft(desk, desk.number("renewal_value"))
    assert "Your term ends on 5 January 2027." not in made["body"]
    assert "your term ends on 5 January 2027." in made["body"]
    assert any("followup anchor set anna-meyer renewal DATE" in notice for notice in made["notices"])


# At a terminal


@pytest.fixture
def at_terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Make standard input and output a terminal on which somebody types."""

    def sit_down(typed: str) -> None:
        monkeypatch.setattr("followup.cli.asking.somebody_is_there", lambda: True)
        answers = iter(typed.split("\n"))
        monkeypatch.setattr("followup.cli.asking.typer.prompt", lambda *_, **__: next(answers))

    return sit_down


def test_a_terminal_asks_for_once_only_values(seller: Desk, at_terminal: Callable[[str], None]) -> None:
    at_terminal("the December close")
    assert "Bring this one with you: the December close." in piped(seller, seller.number("first_job"))


def test_no_answer_is_a_refusal(seller: Desk, at_terminal: Callable[[str], None]) -> None:
    at_terminal("")
    seller.refuses("message", seller.number("first_job"), says="{first_task}")


def test_values_that_belong_on_record_are_never_asked_for(seller: Desk, at_terminal: Callable[[str], None]) -> None:
    """DOMAIN 6: a missing value of the first three groups is an error with a hint."""
    at_terminal("never read")
    seller.refuses("message", seller.number("result_letter"), says="{last_result}")


# Trouble


def test_an_answer_to_a_problem_begins_with_their_own_words(seller: Desk) -> None:
    """C13."""
    seller.does("done", seller.number("welcome_note"), "problem", "the December close was lost")
    made = draft(seller, seller.number("recovery_acknowledge"))
    first = made["body"].split(". ")[0]
    assert first == 'Anna, I am sorry about the trouble with Ledgerline: "the December close was lost"'
    assert made["purpose"] == "recovery"


@pytest.mark.parametrize("step", ["recovery_update", "recovery_fix", "recovery_verify", "recovery_recheck"])
def test_every_contact_of_a_recovery_names_the_trouble_first(seller: Desk, step: str) -> None:
    """C13."""
    seller.does("done", seller.number("welcome_note"), "problem", "the December close was lost")
    body = draft(seller, seller.number(step))["body"]
    assert '"the December close was lost"' in body.split(". ")[0]


def test_a_problem_without_words_is_acknowledged_too(seller: Desk) -> None:
    """C13."""
    seller.does("done", seller.number("welcome_note"), "problem")
    body = draft(seller, seller.number("recovery_acknowledge"))["body"]
    assert body.startswith("Anna, I am sorry about the trouble with Ledgerline: it does not do what you need.")


def test_an_answer_to_a_doubt_begins_with_the_doubt(seller: Desk) -> None:
    """C13."""
    seller.does("done", seller.number("welcome_note"), "concern", "the import is slow")
    body = draft(seller, seller.number("concern"))["body"]
    assert body.startswith('Anna, you told me: "the import is slow". That is a fair worry')


def test_an_open_doubt_comes_first_in_every_other_message_and_the_author_keeps_the_words(seller: Desk) -> None:
    """C13."""
    before = draft(seller, seller.number("dip_call"))["body"]
    seller.does("concern", "add", "anna", "the import is slow")
    seller.does("concern", "add", "anna", "nobody answers on Fridays", "--severity", "major")
    body = draft(seller, seller.number("dip_call"))["body"]
    assert body.startswith('You told me: "nobody answers on Fridays" and "the import is slow". I take that seriously')
    assert body.endswith(before)


def test_an_author_who_begins_with_the_doubt_gets_no_second_opening(seller: Desk) -> None:
    """C13: authors' messages that mention {concern} at the start stay as they are."""
    seller.does("add", "Cara Diaz", "--product", "Ledgerline", "--goal", "g", "--playbook", "saas", "--signed", "6d")
    seller.does("concern", "add", "cara", "moving the data")
    body = draft(seller, seller.number("open_worries", "cara-diaz"))["body"]
    assert body.startswith('Cara, you told me: "moving the data". I have an answer for you')


def test_a_promise_is_quoted_and_an_idea_gets_its_answer(seller: Desk) -> None:
    seller.does("done", seller.number("welcome_note"), "good,idea", "a dark theme")
    body = draft(seller, seller.number("promise"))["body"]
    assert body.startswith('Anna, you suggested this for Ledgerline: "a dark theme". It has not been lost')


def test_a_promise_that_is_not_done_is_never_called_done(seller: Desk) -> None:
    """No false statement stands in a draft by itself."""
    seller.does("promise", "add", "anna", "send the price list", "--by", "today")
    number = seller.number("promise")
    still = draft(seller, number)["body"]
    assert 'I owe you something about Ledgerline: "send the price list". I have not forgotten it' in still
    assert "done" not in still.replace("when it is done", "")
    assert "Here you are." in draft(seller, number, "--set", "status=Here you are")["body"]
    seller.does("promise", "done", "1")
    assert '"send the price list". It is done.' in draft(seller, number)["body"]


def test_the_answer_that_a_doubt_is_owed_quotes_the_doubt(seller: Desk) -> None:
    seller.does("done", seller.number("welcome_note"), "concern", "the import is slow")
    still = draft(seller, seller.number("promise"))["body"]
    assert 'I owe you an answer about Ledgerline: "the import is slow". I want it to be a straight one' in still
    seller.does("promise", "done", "1")
    assert '"the import is slow". I have seen to it.' in draft(seller, seller.number("promise"))["body"]


@pytest.mark.parametrize("note", ["", "invoices go out in two days now"])
def test_a_result_is_called_unknown_only_where_none_is_on_record(seller: Desk, note: str) -> None:
    """B34: what the plan wants to ask for may stand in the last note already."""
    if note:
        seller.does("log", "anna", "good", note)
    letter = seller.step("result_letter")
    body = draft(seller, str(letter["id"]), today=letter["due_on"])["body"]
    assert ("I have no result of yours on file yet" in body) is (not note)
    assert (f"noted from you about Ledgerline: {note or '-'}." in body) is bool(note)


def test_whom_they_named_is_named(seller: Desk) -> None:
    """B33."""
    seller.does("log", "anna", "referral", "glad to help", "--referred", "Anna Chan", "--referred", "Bo Diddley")
    assert "thank you for naming Anna Chan and Bo Diddley." in draft(seller, seller.number("referral_thanks"))["body"]
    told = draft(seller, seller.number("referral_report"), "--set", "status=we meet on Friday")["body"]
    assert "you named Anna Chan and Bo Diddley, and you should hear what came of it: we meet on Friday." in told


def test_a_name_that_nobody_wrote_down_is_somebody(seller: Desk) -> None:
    seller.does("log", "anna", "referral", "glad to help")
    assert "thank you for naming somebody to me." in draft(seller, seller.number("referral_thanks"))["body"]


def test_of_several_occasions_each_has_its_own_name(seller: Desk) -> None:
    seller.does("log", "anna", "referral", "a first", "--referred", "Anna Chan")
    seller.does("done", seller.number("referral_thanks"), "good")
    seller.does("log", "anna-meyer", "referral", "a second", "--referred", "Bo Diddley", today="2026-01-06")
    made = draft(seller, seller.number("referral_thanks", today="2026-01-06"), today="2026-01-06")
    assert (made["occurrence"], "thank you for naming Bo Diddley." in made["body"]) == (2, True)


def test_somebody_who_must_be_left_alone_is_named_to_nobody(seller: Desk) -> None:
    """C6, bar 15."""
    seller.does("log", "anna", "referral", "glad to help", "--referred", "Anna Chan")
    seller.does("dnc", "anna-chan")
    made = draft(seller, seller.number("referral_thanks"))
    assert "thank you for naming somebody to me." in made["body"]
    assert "Chan" not in made["body"]


# What goes along


def test_resources_are_named_with_their_links_free_ones_first_and_fees_said(seller: Desk) -> None:
    """D2, D3, D5."""
    made = draft(seller, seller.number("lesson_one"), "--set", "task=the VAT report")
    body = made["body"]
    assert (
        "Choose what suits you best:\n- Two-minute guide to one feature (guide): https://example.com/saas/guides\n"
        in body
    )
    assert (
        "- Half-day class for the whole team (class): https://example.com/saas/class (this one costs extra)\n" in body
    )
    assert body.count("(this one costs extra)") == 1
    assert [resource["fee"] for resource in made["resources"]] == [False, False, False, True]
    assert len({resource["form"] for resource in made["resources"]}) > 1


def test_the_signature_is_the_one_of_the_seller(seller: Desk) -> None:
    seller.does("config", "set", "me.signature", "Ben Seller\nLedger Ltd\n+49 30 99")
    assert draft(seller, "anna")["body"].endswith("\n\nBen Seller\nLedger Ltd\n+49 30 99")
    assert draft(seller, "anna", "--channel", "message")["body"].endswith("\n\nBen Seller")


@pytest.mark.parametrize(
    ("known", "signed"),
    [
        ({"name": "Ben Seller", "company": "Ledger Ltd", "phone": "+49 30 99"}, "Ben Seller\nLedger Ltd\n+49 30 99"),
        ({"name": "Ben Seller", "phone": "+49 30 99"}, "Ben Seller\n+49 30 99"),
        ({"name": "Ben Seller", "company": "Ben Seller", "phone": "+49 30 99"}, "Ben Seller\n+49 30 99"),
        ({"company": "Ledger Ltd", "phone": "+49 30 99"}, "Ledger Ltd\n+49 30 99"),
    ],
)
def test_without_a_signature_name_company_and_number_stand_there(
    anna: Desk, known: dict[str, str], signed: str
) -> None:
    """A customer knows who writes, and where to call."""
    for name, value in known.items():
        anna.does("config", "set", f"me.{name}", value)
    assert draft(anna, "anna")["body"].endswith(f"\n\n{signed}")
    assert draft(anna, "anna", "--channel", "message")["body"].endswith("\n\n" + signed.split("\n", 1)[0])


def test_without_a_name_the_draft_says_that_nobody_signs(anna: Desk) -> None:
    anna.does("config", "set", "me.phone", "+49 30 99")
    assert any('followup config set me.name "..."' in notice for notice in draft(anna, "anna")["notices"])


def test_feedback_on_a_product_in_introduction_asks_for_ideas(seller: Desk) -> None:
    """A15."""
    number = seller.number("relationship_score")
    assert not any("change one thing" in question for question in draft(seller, number)["ask"])
    seller.does("set", "anna", "life_cycle", "introduction")
    made = draft(seller, seller.number("relationship_score"))
    question = "If you could change one thing about Ledgerline, what would make the biggest difference to you?"
    assert question in made["ask"]
    assert question in made["body"]


def test_talk_about_criteria_differs_by_how_practised_they_are(seller: Desk) -> None:
    """B36."""
    seller.does("set", "anna", "tier", "A")
    number = seller.number("choosing_well")
    plain = draft(seller, number)
    assert any("extra.sophistication" in notice for notice in plain["notices"])
    seller.does("set", "anna", "extra.sophistication", "low")
    low = draft(seller, number)["body"]
    high = draft(seller, number, "--set", "sophistication=high")["body"]
    assert "a simple way to decide" in low
    assert "lay my own criteria open" in high
    assert low != high


def test_news_says_whose_turn_it_is(seller: Desk) -> None:
    """B31."""
    made = draft(
        seller, seller.number("whats_new"), "--set", "news=VAT rises", "--set", "why_it_matters=you bill in EUR"
    )
    assert "news takes turns, this time: your products" in made["notices"]


# Channel


def test_the_preference_beats_the_task_and_the_playbook(seller: Desk) -> None:
    """C6."""
    plain = draft(seller, seller.number("week_one"), "--set", "plan_item=x")
    assert [reason["rule"] for reason in plain["channel_reasons"]] == ["task"]
    seller.does("set", "anna", "channel", "message")
    made = draft(seller, seller.number("week_one"), "--set", "plan_item=x")
    assert made["channel"] == "message"
    assert made["channel_reasons"][0]["rule"] == "preference"


def test_another_channel_can_be_asked_for(seller: Desk) -> None:
    made = draft(seller, "anna", "--channel", "phone")
    assert (made["channel"], made["reach"]) == ("phone", "+49 30 1234567")
    assert made["channel_reasons"][-1] == {
        "rule": "chosen",
        "text": "by phone: you asked for it",
        "inputs": {"planned": "email"},
    }
    seller.refuses("message", "anna", "--channel", "pigeon", says="'pigeon' is not a channel")


def test_another_person_gets_their_own_name_address_and_preference(seller: Desk) -> None:
    """C6."""
    seller.does(
        "contact",
        "add",
        "anna",
        "Petra Berg",
        "--email",
        "petra@meyer.example",
        "--role",
        "user",
        "--channel",
        "message",
    )
    made = draft(seller, "anna", "--contact", "petra")
    assert made["body"].startswith("Petra, thank you")
    assert (made["contact"], made["role"], made["channel"]) == ("Petra Berg", "user", "message")
    assert made["link"].startswith("mailto:petra@meyer.example?")
    assert made["channel_reasons"][0]["rule"] == "preference"


def test_the_role_of_the_step_decides_whom_the_draft_is_for(seller: Desk) -> None:
    seller.does("contact", "add", "anna", "Petra Berg", "--email", "petra@meyer.example", "--role", "user")
    assert draft(seller, seller.number("dip_call"))["contact"] == "Petra Berg"


@pytest.mark.parametrize(
    ("at", "zone", "fine", "says"),
    [
        ("2026-01-05T12:00", "", True, "calls are fine now"),
        ("2026-01-05T08:59", "", False, "it is 08:59 here; fine again today, 09:00-18:00"),
        ("2026-01-05T18:00", "", False, "fine again on Tue 2026-01-06, 09:00-18:00"),
        (
            "2026-01-05T12:00",
            "America/New_York",
            False,
            "it is 07:00 where they are (America/New_York)",
        ),
        ("2026-01-05T12:00", "Asia/Tokyo", False, "it is 21:00 where they are (Asia/Tokyo)"),
        ("2026-01-05T12:00", "Europe/Berlin", True, "calls are fine now"),
    ],
)
def test_a_call_outside_the_hours_is_noticed(
    seller: Desk, noon: Callable[[datetime], None], at: str, zone: str, fine: bool, says: str
) -> None:
    """C6, DOMAIN 3.13: legal hours stand before preference, by the customer's own clock."""
    if zone:
        seller.does("set", "anna", "timezone", zone)
    noon(datetime.fromisoformat(at).replace(tzinfo=UTC))
    made = draft(seller, "anna", "--channel", "phone")
    hours = made["channel_reasons"][0]
    assert hours["rule"] == "hours"
    assert hours["inputs"]["fine"] is fine
    assert says in hours["text"]
    assert any(notice == hours["text"] for notice in made["notices"]) is not fine


def test_nobody_is_called_on_a_holiday_or_a_weekend(seller: Desk, noon: Callable[[datetime], None]) -> None:
    seller.does("set", "anna", "country", "DE")
    seller.does("set", "anna", "subdivision", "BY")
    noon(datetime(2026, 1, 6, 12, tzinfo=UTC))
    told = draft(seller, "anna", "--channel", "phone", today="2026-01-06")
    assert "it is Epiphany; fine again on Wed 2026-01-07" in told["channel_reasons"][0]["text"]
    assert told["notices"][-1] == told["channel_reasons"][0]["text"]


@pytest.mark.parametrize("now", ["2026-01-04T12:00", "2026-01-03T12:00", "2026-03-01T12:00"])
def test_the_day_is_the_one_of_the_program_and_the_time_of_day_is_now(
    seller: Desk, noon: Callable[[datetime], None], now: str
) -> None:
    """With --today the Sunday on the machine does not matter."""
    noon(datetime.fromisoformat(now).replace(tzinfo=UTC))
    number = seller.number("plan_together")
    made = draft(seller, number, "--channel", "phone", today="2026-01-06")
    assert made["channel_reasons"][0]["inputs"]["fine"] is True
    late = draft(seller, number, "--channel", "phone", today="2026-01-10")
    assert "it is a Saturday; fine again on Mon 2026-01-12" in late["channel_reasons"][0]["text"]


def test_where_it_is_tomorrow_already_the_day_is_theirs(seller: Desk, noon: Callable[[datetime], None]) -> None:
    """DOMAIN 3.13: Friday evening here is Saturday morning in Auckland."""
    seller.does("set", "anna", "timezone", "Pacific/Auckland")
    noon(datetime(2026, 1, 9, 21, tzinfo=UTC))
    made = draft(seller, seller.number("plan_together"), "--channel", "phone", today="2026-01-09")
    assert "no calls now: it is a Saturday" in made["channel_reasons"][0]["text"]


def test_a_call_that_is_not_due_yet_has_no_hours(seller: Desk, noon: Callable[[datetime], None]) -> None:
    noon(datetime(2026, 1, 5, 23, tzinfo=UTC))
    made = draft(seller, seller.number("week_one"), "--channel", "phone", "--set", "plan_item=x")
    assert [reason["rule"] for reason in made["channel_reasons"]] == ["chosen"]
    assert not any("no calls" in notice for notice in made["notices"])


def test_letters_and_mails_have_no_hours(seller: Desk, noon: Callable[[datetime], None]) -> None:
    noon(datetime(2026, 1, 5, 3, tzinfo=UTC))
    assert not any("no calls" in notice for notice in draft(seller, "anna")["notices"])


# Who must be left alone


def test_there_is_no_draft_for_who_must_be_left_alone(seller: Desk) -> None:
    """C6: do-not-contact beats everything."""
    number = seller.number("welcome_note")
    seller.does("dnc", "anna")
    seller.refuses("message", "anna", says="Anna Meyer is not to be contacted: there is no draft")
    seller.refuses("message", number, says=f"no touchpoint number {number}")
    answer = seller("message", number, "--json")
    assert "meyer.example" not in answer.out + answer.err


def test_nor_for_a_person_who_must_be_left_alone(seller: Desk) -> None:
    seller.does("contact", "add", "anna", "Petra Berg", "--email", "petra@meyer.example", "--role", "user")
    number = seller.number("dip_call")
    seller.does("dnc", "anna", "--contact", "petra")
    seller.refuses("message", number, "--contact", "petra", says="Petra Berg is not to be contacted")
    assert draft(seller, number)["contact"] == "Anna Meyer"
    assert "petra" not in json.dumps(draft(seller, number)).lower()


def test_a_company_of_which_nobody_is_known_is_refused_with_the_command(desk: Desk) -> None:
    """C4: never "Dear customer"."""
    introduce_seller(desk)
    desk.does("add", "Northwind Ltd.", "--playbook", "saas", *BOUGHT)
    command = 'followup contact add northwind-ltd "First Last"'
    desk.refuses("message", "northwind", says="{first_name}", hint=command)
    desk.does("contact", "add", "northwind-ltd", "Petra Berg")
    assert draft(desk, "northwind")["body"].startswith("Petra, thank you for choosing Ledgerline.")


def test_the_address_of_a_company_goes_along_to_the_person_who_is_added(desk: Desk) -> None:
    introduce_seller(desk)
    desk.does("add", "Northwind Ltd.", "--email", "office@northwind.example", "--playbook", "saas", *BOUGHT)
    command = 'followup contact add northwind-ltd "First Last" --email office@northwind.example'
    desk.refuses("message", "northwind", says="{first_name}", hint=command)
    desk.does(*shlex.split(command.replace("First Last", "Petra Berg"))[1:])
    assert draft(desk, "northwind")["reach"] == "office@northwind.example"


def test_who_must_be_left_alone_is_not_named_even_where_the_customer_has_their_name(desk: Desk) -> None:
    """C6, bar 15."""
    introduce_seller(desk)
    desk.does("add", "Pers One", "--company", "Comp One", "--email", "a@b.example", "--playbook", "saas", *BOUGHT)
    desk.does("contact", "add", "pers-one", "Bert Two", "--email", "bert@b.example")
    desk.does("dnc", "pers-one", "--contact", "Pers One")
    answer = desk("message", "pers-one", "--json")
    assert (answer.json["customer"], answer.json["contact"]) == ("Comp One", "Bert Two")
    assert "Pers One" not in answer.out + answer.err
    desk.does("set", "pers-one", "company", "")
    made = draft(desk, desk.number("welcome_note", "pers-one"))
    assert made["customer"] == "Bert Two"
    assert "Pers One" not in json.dumps(made)
    lacking = desk("message", desk.number("plan_together", "pers-one"), "--json")
    assert "needs 1 value that nobody has given: {company}" in lacking.out
    assert "Pers One" not in lacking.out


# The person that a hint is about


@pytest.fixture
def carla(anna: Desk) -> Desk:
    """Somebody else decides, of whom no address is known."""
    introduce_seller(anna)
    anna.does("contact", "add", "anna", "Carla Chief", "--role", "decider")
    return anna


def command_in(texts: list[str], about: str) -> list[str]:
    """The words to type that a notice ends with."""
    found = next(text for text in texts if about in text)
    return shlex.split(found[found.index(": followup ") + len(": followup ") :])


@pytest.mark.parametrize(
    ("channel", "about", "reach"),
    [
        ("email", "no e-mail address of Carla Chief is known", "carla@x.example"),
        ("phone", "no number or address of Carla Chief is known", "+49 1 2"),
    ],
)
def test_the_command_that_is_named_mends_the_person_it_is_about(
    carla: Desk, channel: str, about: str, reach: str
) -> None:
    """Not the main contact, whose address would be overwritten."""
    before = carla.rows("contact")[0]
    asked = ("--contact", "carla", "--channel", channel)
    typed = command_in(draft(carla, "anna", *asked)["notices"], about)
    carla.does(*(reach if word == "..." else word for word in typed))
    assert draft(carla, "anna", *asked)["reach"] == reach
    assert carla.rows("contact")[0] == before


def test_of_two_people_with_one_name_the_command_names_the_number(carla: Desk) -> None:
    carla.does("contact", "add", "anna", "carla chief")
    made = draft(carla, "anna", "--contact", "3", "--channel", "email")
    typed = command_in(made["notices"], "no e-mail address")
    assert typed[-2:] == ["--contact", "3"]
    carla.does(*("c@x.example" if word == "..." else word for word in typed))
    assert draft(carla, "anna", "--contact", "3", "--channel", "email")["reach"] == "c@x.example"


def test_the_main_contact_needs_no_name_in_the_command(desk: Desk) -> None:
    introduce_seller(desk)
    desk.does("add", "Anna Meyer", "--playbook", "saas", *BOUGHT)
    assert any(text.endswith('followup set anna-meyer email "..."') for text in draft(desk, "anna")["notices"])


def test_open_without_an_address_mends_the_person_it_is_about(carla: Desk) -> None:
    answer = carla("message", "anna", "--contact", "carla", "--open")
    assert "followup set anna-meyer email NAME@HOST --contact 'Carla Chief'" in answer.err


def test_a_date_that_waits_for_an_anchor_names_the_anchor(desk: Desk) -> None:
    """`snooze` would be refused: there is no date yet that could be moved."""
    introduce_seller(desk)
    desk.does("add", "Anna Meyer", "--playbook", "event_hotel", *BOUGHT)
    number = desk.number("pre_con")
    desk.refuses("message", number, says="{date}", hint="followup anchor set anna-meyer event DATE")
    desk.does("anchor", "set", "anna-meyer", "event", "2026-06-01")
    assert "{date}" not in desk("message", number, "--json").out


# What they raised


def raised(desk: Desk, today: str) -> str:
    """What a message says about the points they raised."""
    value: str = draft(desk, desk.number("you_said_we_did", today=today), "--set", "status=x", today=today)["values"][
        "feedback_items"
    ]
    return value


@pytest.fixture
def wishes(seller: Desk, tmp_path: Path) -> Desk:
    """Anna on a playbook whose report asks for nothing but what was raised."""
    playbook = tmp_path / "mine.yaml"
    text = (Path(__file__).parents[2] / "playbooks" / "saas.yaml").read_text(encoding="utf-8")
    text = re.sub(
        r"(  - id: you_said_we_did\n(?:(?!  - id:).*\n)*?    message: >-\n)(?:      .*\n)+",
        r"\1      {first_name}, what you raised about {product}: {feedback_items}. {status}\n",
        text.replace("playbook: saas", "playbook: mine"),
    )
    playbook.write_text(text, encoding="utf-8")
    seller.does(
        *("sale", "add", "anna", "--playbook", playbook, "--product", "Ledgerline", "--goal", "g"), "--signed", "today"
    )
    return seller


def test_what_they_raised_comes_with_its_state(wishes: Desk) -> None:
    """What was done, what comes, what will not be, each said of the point itself (C14, C15)."""
    sale = ("--sale", "2")
    for text, day in (("the export button", "2026-01-09"), ("a dark theme", "2026-01-09"), ("fax", "2026-01-09")):
        wishes.does("promise", "add", "anna", text, "--by", day, "--about", "idea", *sale)
    wishes.does("promise", "add", "anna", "a faster import.", "--by", "2026-01-30", "--about", "problem", *sale)
    wishes.does("promise", "add", "anna", "send the price list", "--by", "2026-01-30", *sale)
    wishes.does("concern", "add", "anna", "it is slow", *sale)
    wishes.does("promise", "done", "1", "--answer", "adopted", today="2026-01-07")
    wishes.does("promise", "done", "3", "--told", "--answer", "declined", today="2026-01-07")
    assert raised(wishes, "2026-01-12") == (
        "the export button (adopted, done on Wednesday 7 January); "
        "a dark theme (late: it was promised for Friday 9 January); "
        "a faster import (promised for Friday 30 January); it is slow (still open); fax (we will not do it)"
    )


def test_a_doubt_that_a_promise_answers_stands_there_once(wishes: Desk) -> None:
    number = wishes.number("welcome_note")
    wishes.does("done", number, "concern", "moving the data takes weeks")
    told = raised(wishes, "2026-01-05")
    assert told.startswith("moving the data takes weeks (promised for ")
    assert ";" not in told
    wishes.does("concern", "resolve", "1", today="2026-01-06")
    assert raised(wishes, "2026-01-07") == "moving the data takes weeks (settled on Tuesday 6 January)"


def test_what_they_were_told_of_is_not_told_again(wishes: Desk) -> None:
    sale = ("--sale", "2")
    wishes.does("concern", "add", "anna", "it is slow", *sale)
    wishes.does("concern", "add", "anna", "it is grey", *sale)
    wishes.does("concern", "resolve", "1", today="2026-01-06")
    number = wishes.number("you_said_we_did")
    assert raised(wishes, "2026-01-07") == "it is slow (settled on Tuesday 6 January); it is grey (still open)"
    wishes.does("done", number, "good", today="2026-01-08")
    told = draft(wishes, number, "--set", "status=x", today="2026-01-09")["values"]["feedback_items"]
    assert told == "it is grey (still open)"


def test_without_points_of_theirs_what_they_were_promised_stands_there(wishes: Desk) -> None:
    wishes.does("promise", "add", "anna", "send the price list", "--by", "2026-01-30", "--sale", "2")
    assert raised(wishes, "2026-01-05") == "send the price list (promised for Friday 30 January)"
    wishes.does("set", "anna", "feedback_items", "the colour, the price")
    assert raised(wishes, "2026-01-05") == "the colour, the price"


# Subjects


@pytest.mark.parametrize(
    ("subject", "product", "expected"),
    [
        ("", "Relay", "How it goes with Relay"),
        ("", "", "A word from me"),
        ("{product}: one question", "the house at Elm Street 4", "The house at Elm Street 4: one question"),
        ("{product}: one question", "iPhone 15", "iPhone 15: one question"),
        ("how it goes", "Relay", "How it goes"),
    ],
)
def test_a_subject_says_what_it_is_about_and_begins_with_a_capital(
    desk: Desk, tmp_path: Path, subject: str, product: str, expected: str
) -> None:
    introduce_seller(desk)
    playbook = tmp_path / "mine.yaml"
    text = (Path(__file__).parents[2] / "playbooks" / "saas.yaml").read_text(encoding="utf-8")
    text = re.sub(
        r"(  - id: relationship_score\n(?:(?!  - id:|    message:|    subject:).*\n)*)(?:    subject:.*\n)?"
        r"(    message: >-\n)(?:      .*\n)+",
        rf'\1    subject: "{subject}"\n\2      {{first_name}}, since you chose it: {{goal}}. What has changed?\n'
        if subject
        else r"\1\2      {first_name}, since you chose it: {goal}. What has changed?\n",
        text.replace("playbook: saas", "playbook: mine"),
    )
    playbook.write_text(text, encoding="utf-8")
    named = ("--product", product) if product else ()
    desk.does("add", "Anna Meyer", "--playbook", playbook, *named, "--goal", "g", "--signed", "today")
    made = draft(desk, desk.number("relationship_score"))
    assert made["subject"] == expected
    assert made["text"].startswith(f"{expected}\n\nAnna, since you chose it: g.")


# Clipboard and mail program


def fake_tool(folder: Path, name: str, monkeypatch: pytest.MonkeyPatch, *, code: int = 0) -> Path:
    out = folder / "out"
    path = folder / name
    path.write_text(
        f'#!/bin/sh\nfor arg in "$@"; do printf "%s\\n" "$arg"; done > {out}.args\n/bin/cat > {out}\nexit {code}\n'
    )
    path.chmod(0o700)
    monkeypatch.setenv("PATH", str(folder))
    return out


def test_copy_puts_exactly_the_piped_text_into_the_clipboard(
    seller: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = piped(seller, "anna")
    out = fake_tool(tmp_path, "xclip", monkeypatch)
    assert draft(seller, "anna", "--copy")["copied"] is True
    assert out.read_text(encoding="utf-8") == text
    assert "Copied." in terminal(seller, "anna", "--copy")


def test_without_a_clipboard_the_draft_is_shown_and_the_refusal_is_clear(
    seller: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = piped(seller, "anna")
    monkeypatch.setenv("PATH", str(tmp_path))
    answer = seller("message", "anna", "--copy")
    assert (answer.code, answer.out) == (1, text)
    assert "Error: no program for the clipboard was found" in answer.err
    assert f"followup message {seller.number('welcome_note')} > draft.txt" in answer.err
    failed = seller("message", "anna", "--copy", "--json")
    assert (failed.code, failed.json["schema"]) == (1, "followup.error/1")
    given = seller("message", "anna", "--set", "product=the new one", "--copy").err
    assert "--set 'product=the new one' > draft.txt" in given, "what was typed is in what is to be typed"


def test_a_value_given_twice_is_no_guess(seller: Desk) -> None:
    seller.refuses("message", "anna", "--set", "product=A", "--set", "product=B", says="product is given twice")


def test_a_dry_run_copies_and_opens_nothing(seller: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = fake_tool(tmp_path, "xclip", monkeypatch)
    made = draft(seller, "anna", "--copy", "--open", "--dry-run")
    assert (made["copied"], made["opened"], out.exists()) == (False, False, False)
    assert "nothing was copied: this is a dry run" in made["notices"]


@pytest.mark.skipif(sys.platform != "linux", reason="xdg-open is how a Linux desktop opens things")
def test_open_hands_a_mailto_link_to_the_mail_program(
    seller: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = draft(seller, "anna")
    out = fake_tool(tmp_path, "xdg-open", monkeypatch)
    assert draft(seller, "anna", "--open")["opened"] is True
    (link,) = Path(f"{out}.args").read_text(encoding="utf-8").splitlines()
    assert link == made["link"]
    parts = urlsplit(link)
    assert (parts.scheme, unquote(parts.path)) == ("mailto", "anna@meyer.example")
    fields = parse_qs(parts.query)
    assert fields["subject"] == [made["subject"]]
    assert fields["body"] == [made["body"].replace("\n", "\r\n")]
    assert "+" not in parts.query


def test_open_without_an_address_names_the_command(desk: Desk) -> None:
    introduce_seller(desk)
    desk.does("add", "Anna Meyer", "--playbook", "saas", *BOUGHT)
    made = draft(desk, "anna")
    assert (made["link"], made["reach"]) == (None, None)
    assert any('followup set anna-meyer email "..."' in notice for notice in made["notices"])
    answer = desk("message", "anna", "--open")
    assert answer.code == 1
    assert answer.out == made["text"]
    assert "followup set anna-meyer email NAME@HOST" in answer.err


def test_a_draft_too_long_for_a_link_is_for_the_clipboard(
    seller: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seller.does("set", "anna", "goal", "close the month " * 200)
    out = fake_tool(tmp_path, "xdg-open", monkeypatch)
    answer = seller("message", "anna", "--open")
    assert answer.code == 1
    assert f"followup message {seller.number('welcome_note')} --copy" in answer.err
    assert not out.exists()


# Hostile customers


HOSTILE = {
    "escape": "Eve\x1b[2J\x1b[1;1HMallory",
    "clipboard": "Eve\x1b]52;c;ZXZpbA==\x07",
    "c1": "Eve\x9b31mred\x9d0;title\x9c",
    "bidi": "Eve\u202egnp.exe\u2066x",
    "newline": "Eve\nBcc: evil@y.example\r\n\r\nhello",
    "markup": "Eve [red]Ltd[/red] [/b] :smile:",
    "braces": "{seller_phone} {{7*7}} {goal} %s %(x)s $HOME `id`",
    "separator": "Eve\u2028Mallory\x85Trent",
    "quotes": "\"Anna\" 'O\u2019Neil' \\",
    "html": "<script>alert(1)</script>",
    "long": "Ann " * 500,
}
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_customer_is_only_text(seller: Desk, kind: str) -> None:
    """TRUST 2.4, 2.5: harmless at every sink, expanded nowhere."""
    text = HOSTILE[kind]
    seller.does("set", "anna", "goal", text)
    seller.does("set", "anna", "product", text)
    seller.does("concern", "add", "anna", text)
    number = seller.number("welcome_note")
    made = draft(seller, number)
    assert not OBEYED.search(made["body"] + made["subject"] + made["text"])
    assert "\n" not in made["subject"]
    assert "+49 30 99" not in made["values"]["goal"]
    assert "49 " not in made["subject"].replace("+49 30 99", "")
    assert not OBEYED.search(piped(seller, number))
    assert not OBEYED.search(terminal(seller, number))
    fields = parse_qs(urlsplit(made["link"]).query)
    assert set(fields) == {"subject", "body"}


@pytest.mark.parametrize("name", ["Eve\x1b[2J Mallory", "{seller_phone} X", "Eve\nBcc: x", "[/b] Eve"])
def test_a_hostile_name_is_only_a_name(desk: Desk, name: str) -> None:
    introduce_seller(desk)
    desk.does("add", name, "--playbook", "saas", *BOUGHT)
    key = desk.json("list")["items"][0]["customer_key"]
    made = draft(desk, key)
    assert not OBEYED.search(made["body"])
    assert made["body"].removesuffix(SIGNED).count("+49 30 99") == 1
    assert made["body"].startswith(made["values"]["first_name"] + ", thank you")


def test_an_address_that_smuggles_a_recipient_gets_no_link(seller: Desk) -> None:
    seller.does("set", "anna", "email", "anna@meyer.example?bcc=evil.example")
    made = draft(seller, "anna")
    assert made["link"] is None
    assert any("is not one that can be written to" in notice for notice in made["notices"])


# The program itself


def test_the_program_answers_in_a_pipe_without_loading_what_draws(program: Program, anna: Desk) -> None:
    anna.does("config", "set", "me.phone", "1")
    code = (
        "import sys; from followup.cli.main import main; main(sys.argv[1:]); "
        "sys.stderr.write(' '.join(m for m in ('rich', 'sqlite_utils', 'yaml.dumper.none') if m in sys.modules))"
    )
    import subprocess

    run = subprocess.run(
        [sys.executable, "-c", code, "message", "anna"], env=program.environment(), capture_output=True, check=True
    )
    assert run.stdout.startswith(b"Welcome: your first three steps with Ledgerline")
    assert b"rich" not in run.stderr.split(b"\n")[-1]


def test_help_tells_the_options(desk: Desk) -> None:
    out = desk.does("message", "--help")
    for option in ("--copy", "--open", "--set", "--channel", "--contact", "--json", "--dry-run"):
        assert option in out


def test_an_unknown_touchpoint_is_refused(anna: Desk) -> None:
    anna.refuses("message", "99999", says="no touchpoint number 99999")
    anna.refuses("message", "nobody-here", says="no customer matches")


def test_a_contact_that_is_done_says_so(seller: Desk) -> None:
    number = seller.number("welcome_note")
    seller.does("done", number, "good")
    assert "this contact is done since 2026-01-05" in draft(seller, number)["notices"]
