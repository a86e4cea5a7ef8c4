"""`add`: customer, contact and sale in one go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Desk


def test_one_line_makes_customer_contact_and_sale_with_a_plan(desk: Desk) -> None:
    said = desk.does(
        *("add", "Anna Meyer", "--company", "Meyer GmbH", "--email", "anna@meyer.example", "--phone", "+49 30 1"),
        *("--role", "decider", "--channel", "phone", "--country", "Germany", "--usage", "heavy", "--tier", "a"),
        *("--tag", "pilot", "--tag", "vip", "--product", "Ledgerline", "--goal", "fewer errors"),
        *("--playbook", "saas", "--signed", "2026-01-05", "--live", "mon"),
    )
    assert "added Anna Meyer as anna-meyer" in said
    assert "sale 1 follows saas from Mon 5 January 2026" in said
    assert "planned" in said
    assert "Next: Mon 2026-01-05, welcome by" in said
    page = desk.json("show", "anna-meyer")
    assert page["customer"] | {"id": 1} == {
        **page["customer"],
        "key": "anna-meyer",
        "name": "Anna Meyer",
        "company": "Meyer GmbH",
        "kind": "company",
        "country": "DE",
        "usage": "heavy",
        "tier": "A",
        "tags": ["pilot", "vip"],
        "do_not_contact": False,
    }
    (person,) = page["contacts"]
    assert (person["name"], person["first_name"], person["role"]) == ("Anna Meyer", "Anna", "decider")
    assert (person["email"], person["phone"], person["channel"]) == ("anna@meyer.example", "+49 30 1", "phone")
    assert person["is_main"]
    (sale,) = page["sales"]
    assert (sale["product"], sale["goal"], sale["playbook"]) == ("Ledgerline", "fewer errors", "saas")
    assert sale["anchors"]["sale"] == "2026-01-05"
    assert sale["anchors"]["live"] == "2026-01-12", "a weekday looks forward, today's name means in a week"
    assert sale["assumed_anchors"] == ["renewal"]


def test_the_worked_example_is_dated_as_the_domain_says(anna: Desk) -> None:
    """DOMAIN appendix C: every nominal date, weekends moved forward, no step in learning sells."""
    dates = anna.open_dates()
    expected = {
        "welcome_note": "2026-01-05",
        "plan_together": "2026-01-06",
        "first_job": "2026-01-07",
        "who_else": "2026-01-08",
        "week_one": "2026-01-12",
        "dip_call": "2026-01-19",
        "lesson_one": "2026-01-26",
        "progress_call": "2026-02-02",
        "you_said_we_did": "2026-02-09",
        "dip_watch": "2026-02-19",
        "result_letter": "2026-03-16",
        "relationship_score": "2026-04-06",
        "introduction": "2026-05-20",
        "needs_review": "2026-07-06",
        "renewal_value": "2026-10-07",
    }
    assert {step: dates[f"{step}/1"] for step in expected} == expected
    assert "pulse/1" not in dates, "an extra feedback step needs more than growth and normal use"


def test_without_a_playbook_there_is_no_sale_and_it_says_how_to_get_one(desk: Desk) -> None:
    said = desk.does("add", "Ben Ode", "--signed", "2025-12-01")
    assert "added Ben Ode as ben-ode" in said
    assert "followup sale add ben-ode --playbook saas --signed 2025-12-01" in said, "the date that was given"
    assert desk.json("show", "ben")["sales"] == []


def test_the_configured_playbook_and_defaults_are_used(desk: Desk) -> None:
    for name, value in (("playbook", "retail"), ("tier", "C"), ("usage", "light"), ("channel", "email")):
        desk.does("config", "set", f"defaults.{name}", value)
    desk.does("add", "Cara Diaz")
    page = desk.json("show", "cara")
    assert (page["customer"]["tier"], page["customer"]["usage"]) == ("C", "light")
    assert page["contacts"][0]["channel"] == "email"
    assert page["sales"][0]["playbook"] == "retail"
    assert page["sales"][0]["anchors"]["sale"] == "2026-01-05", "without a date it counts from today"


def test_two_people_of_one_name_get_two_keys(anna: Desk) -> None:
    said = anna.does("add", "Anna Meyer")
    assert "added Anna Meyer as anna-meyer-2" in said


@pytest.mark.parametrize(
    ("name", "key"),
    [("42", "c-42"), ("株式会社", "customer"), ("Zoë  Çelik-Ødegård", "zoe-celik-degard"), ("x" * 300, "x" * 24)],
)
def test_any_name_gets_a_key_that_can_be_typed(desk: Desk, name: str, key: str) -> None:
    desk.does("add", name)
    assert desk.json("show", key)["customer"]["name"] == name


def test_a_playbook_may_be_a_file(desk: Desk) -> None:
    own = desk.cli.db.with_name("mine.yaml")
    desk.does("playbook", "new", "mine", "--from", "retail", "--output", own)
    said = desk.does("add", "Anna", "--playbook", own, "--signed", "today")
    assert "sale 1 follows mine from Mon 5 January 2026" in said


@pytest.mark.parametrize(
    ("options", "says", "hint"),
    [
        ((), "name is empty", "quotes"),
        (("--playbook", "saass"), "no playbook is called 'saass'", "did you mean saas?"),
        (("--playbook", "missing.yaml"), "missing.yaml", ""),
        (("--playbook", "saas", "--anchor", "renewl=2027-01-05"), "no anchor 'renewl'", "did you mean renewal?"),
        (("--playbook", "saas", "--signed", "tomorow"), "'tomorow' is not a date", "tomorrow"),
        (("--signed", "2026-02-30"), "not a day of the calendar", "2026-12-01"),
        (("--live", "soon"), "'soon' is not a date", "3d"),
        (("--signed", "99999m"), "outside the calendar", ""),
        (("--usage", "hevy"), "'hevy' is not a usage", "did you mean heavy?"),
        (("--tier", "D"), "'D' is not a tier", "A B C"),
        (("--role", "decidr"), "'decidr' is not a role", "did you mean decider?"),
        (("--channel", "emial"), "'emial' is not a channel", "did you mean email?"),
        (("--life-cycle", "grwth"), "is not a life_cycle", "did you mean growth?"),
        (("--extensiveness", "hi"), "is not a extensiveness", "low medium high"),
        (("--complexity", "simpel"), "is not a complexity", "did you mean simple?"),
        (("--email", "anna"), "'anna' is not an e-mail address", "--email"),
        (("--email", "a@b\nBcc: x@y"), "is not an e-mail address", "--email"),
        (("--country", "Narnia"), "'Narnia' is not a country", "DE"),
        (("--country", "Germny"), "'Germny' is not a country", "Germany"),
    ],
)
def test_a_mistyped_word_is_refused_and_the_nearest_is_named(
    desk: Desk, options: tuple[str, ...], says: str, hint: str
) -> None:
    name = "Anna Meyer" if options else " \t "
    desk.refuses("add", name, *options, says=says, hint=hint)
    assert desk.json("due")["items"] == []
    assert desk.facts().get("customer", []) == []


@pytest.mark.parametrize("name", ["", " ", "\t\n"])
def test_a_name_must_say_something(desk: Desk, name: str) -> None:
    desk.refuses("add", name, says="the name is empty", hint="quotes")


@pytest.mark.parametrize(("option", "value"), [("--anchor", "renewal"), ("--tag", None), ("--frob", "1")])
def test_wrong_usage_is_exit_2_with_the_help_to_read(desk: Desk, option: str, value: str | None) -> None:
    args = [option] if value is None else [option, value]
    desk.refuses("add", "Anna", *args, says=option, hint="--help", code=2)


GOAL_MISSING = "what they want to reach is missing: followup set"


@pytest.mark.parametrize(
    ("playbook", "goal", "said"),
    [
        ("saas", (), True),  # moderate
        ("equipment", (), True),  # complex
        ("retail", (), False),  # simple
        ("saas", ("--goal", "fewer errors"), False),
        ("saas", ("--goal", "  "), True),
    ],
)
def test_d4_a_missing_goal_is_said_and_never_refused(
    desk: Desk, playbook: str, goal: tuple[str, ...], said: bool
) -> None:
    """D4: in moderate and complex playbooks, with what to type, which does it."""
    told = desk.does("add", "Dan Eko", "--playbook", playbook, "--signed", "today", *goal)
    lines = [line for line in told.splitlines() if GOAL_MISSING in line]
    assert len(lines) == said
    if said:
        assert 'followup set dan-eko goal "..."' in lines[0]
        desk.does("set", "dan-eko", "goal", "fewer errors")
        assert desk.sale("dan-eko")["goal"] == "fewer errors"


def test_d4_without_a_sale_no_goal_is_missing(desk: Desk) -> None:
    """D4."""
    assert GOAL_MISSING not in desk.does("add", "Dan Eko")
