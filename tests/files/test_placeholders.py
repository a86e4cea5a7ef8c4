"""Messages are taken apart in one pass, and every wrong brace or name is said (DOMAIN 6, C4, C5)."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.files.placeholders import (
    PLACEHOLDERS,
    Group,
    Literal,
    Slot,
    parse_message,
    placeholder,
    placeholder_names,
    slots_of,
)
from followup.files.playbook_reader import read_playbook
from followup.files.shipped import shipped_playbook_names, shipped_playbook_text


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ()),
        ("no names", (Literal("no names"),)),
        ("Hello {first_name}.", (Literal("Hello "), Slot("first_name", None, 6), Literal("."))),
        ("{first_name|there}, hi", (Slot("first_name", "there", 0), Literal(", hi"))),
        ("{goal|what you want: more}", (Slot("goal", "what you want: more", 0),)),
        ("{{goal}}", (Literal("{goal}"),)),
        ("{{{goal}}}", (Literal("{"), Slot("goal", None, 2), Literal("}"))),
        ("100 % of $5 and %s", (Literal("100 % of $5 and %s"),)),
        ("{goal}{goal}", (Slot("goal", None, 0), Slot("goal", None, 6))),
        ("line\n{product}\n", (Literal("line\n"), Slot("product", None, 5), Literal("\n"))),
        ("{extra.plan_tier}", (Slot("extra.plan_tier", None, 0),)),
        ("On {extra.plan_tier|your plan}!", (Literal("On "), Slot("extra.plan_tier", "your plan", 3), Literal("!"))),
        ("{extra.2nd_seat}{extra.тариф}", (Slot("extra.2nd_seat", None, 0), Slot("extra.тариф", None, 16))),
    ],
)
def test_a_message_falls_into_text_and_names(text: str, parts: tuple[object, ...]) -> None:
    assert parse_message(text) == (parts, [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hi {first_nmae}", "message:1:4: {first_nmae} is not a placeholder - did you mean {first_name}?"),
        ("Hi {First_Name}", "message:1:4: {First_Name} is not a placeholder - did you mean {first_name}?"),
        ("Hi {firstname}", "message:1:4: {firstname} is not a placeholder - did you mean {first_name}?"),
        (
            "a\nb {zzz}",
            (
                "message:2:3: {zzz} is not a placeholder - add it under placeholders:"
                " if it is to be typed when drafting, or write {extra.zzz} for a column of your table"
            ),
        ),
        (
            "{goal.__class__}",
            "message:1:1: only a bare name may stand in braces, not {goal.__class__} - write {goal}",
        ),
        ("{goal!r}", "message:1:1: only a bare name may stand in braces, not {goal!r} - write {goal}"),
        ("{goal:>9999}", "message:1:1: only a bare name may stand in braces, not {goal:>9999} - write {goal}"),
        ("{goal[0]}", "message:1:1: only a bare name may stand in braces, not {goal[0]} - write {goal}"),
        ("{ goal }", "message:1:1: only a bare name may stand in braces, not { goal } - write {goal}"),
        ("{0}", "message:1:1: only a bare name may stand in braces, not {0} - write {{ and }} for plain braces"),
        ("{}", "message:1:1: there is no name in the braces - write a name such as {first_name}"),
        ("{goal|}", "message:1:1: the fallback of {goal} is empty - write {goal|words} or {goal}"),
        (
            "Hi {goal",
            'message:1:4: the brace "{" is never closed - close it with }, or write {{ for a plain brace',
        ),
        (
            "a\nb {extra.Plan Tier}",
            "message:2:3: {extra.Plan Tier} is not the plain name of a column - write {extra.plan_tier}",
        ),
        (
            "{extra.planTier}",
            "message:1:1: {extra.planTier} is not the plain name of a column - write {extra.plan_tier}",
        ),
        (
            "{extra.plan-tier}",
            "message:1:1: {extra.plan-tier} is not the plain name of a column - write {extra.plan_tier}",
        ),
        ("{extra.Größe}", "message:1:1: {extra.Größe} is not the plain name of a column - write {extra.grosse}"),
        (
            "{extra.plan.tier}",
            "message:1:1: {extra.plan.tier} is not the plain name of a column - write {extra.plan_tier}",
        ),
        ("{extra.seats!r}", "message:1:1: {extra.seats!r} is not the plain name of a column - write {extra.seats_r}"),
        ("{Extra.seats}", "message:1:1: {Extra.seats} is not the plain name of a column - write {extra.seats}"),
        ("{ extra . seats }", "message:1:1: { extra . seats } is not the plain name of a column - write {extra.seats}"),
        (
            "{extra.}",
            "message:1:1: {extra.} names no column - name a column of your table in plain words: {extra.plan_tier}",
        ),
        (
            "{extra.__}",
            "message:1:1: {extra.__} names no column - name a column of your table in plain words: {extra.plan_tier}",
        ),
        (
            "{extra}",
            "message:1:1: {extra} names no column - name a column of your table in plain words: {extra.plan_tier}",
        ),
        (
            "{extra.seats| }",
            "message:1:1: the fallback of {extra.seats} is empty - write {extra.seats|words} or {extra.seats}",
        ),
        ("Hi }", 'message:1:4: the brace "}" closes nothing - delete it, or write }} for a plain brace'),
    ],
)
def test_what_is_wrong_in_a_message_is_said_with_its_place(text: str, expected: str) -> None:
    _, problems = parse_message(text)
    assert [str(problem) for problem in problems] == [expected]


def test_the_table_names_a_command_for_every_placeholder() -> None:
    for known in PLACEHOLDERS.values():
        assert known.says
        assert known.supplied_by.startswith("followup ")
        assert (known.group is Group.DATES) or not known.anchors


@pytest.mark.parametrize("name", ["first_name", "company", "product", "seller_name", "contact_for_trouble"])
def test_identity_is_never_asked_for_when_drafting(name: str) -> None:
    assert PLACEHOLDERS[name].group is Group.IDENTITY


def test_a_playbook_adds_dates_of_its_anchors_and_own_names() -> None:
    own = {"coordinator_shift": "who is on duty"}
    date = placeholder("harvest_date", anchors=["harvest"])
    assert date is not None
    assert (date.group, date.supplied_by) == (Group.DATES, "followup anchor set CUSTOMER harvest DATE")
    typed = placeholder("coordinator_shift", own=own)
    assert typed is not None
    assert typed.group is Group.ONCE
    assert placeholder("harvest_date") is None
    assert {"harvest_date", "coordinator_shift", "goal"} <= set(placeholder_names(anchors=["harvest"], own=own))


def test_the_value_of_an_extra_name_comes_from_a_column_of_the_import() -> None:
    found = placeholder("extra.plan_tier")
    assert found is not None
    assert (found.group, found.says, found.personal) == (
        Group.EXTRA,
        'the column "plan tier" of an imported table',
        True,
    )
    assert found.supplied_by == 'followup set CUSTOMER extra.plan_tier "..."'
    for name in ("extra.Plan", "extra.", "extra", "extra.plan tier", "extra.a.b"):
        assert placeholder(name) is None


def test_a_playbook_may_have_an_own_name_extra_beside_the_columns() -> None:
    assert parse_message("{extra} {extra.seats}", known=("extra",))[1] == []


@pytest.mark.parametrize("key", shipped_playbook_names())
def test_every_placeholder_of_the_shipped_playbooks_is_known(key: str) -> None:
    playbook, _ = read_playbook(shipped_playbook_text(key), source=key)
    assert playbook is not None
    texts = [text for step in playbook.steps for text in (step.message, step.subject, *step.ask)]
    names = {name for text in texts for name in slots_of(text)}
    assert "first_name" in names
    known = placeholder_names(anchors=playbook.anchors, own=playbook.placeholders)
    assert names <= set(known)


@given(st.text(max_size=60))
def test_text_without_braces_comes_back_as_it_was(text: str) -> None:
    plain = re.sub("[{}]", "", text)
    assert parse_message(plain) == (((Literal(plain),) if plain else ()), [])


@given(st.text(alphabet="{}|ab_.:! \n", max_size=40))
def test_a_message_either_has_problems_or_can_be_put_together_again(text: str) -> None:
    parts, problems = parse_message(text, known=("a", "b", "ab", "a_b"))
    again = "".join(
        part.text.replace("{", "{{").replace("}", "}}")
        if isinstance(part, Literal)
        else "{" + part.name + ("" if part.fallback is None else f"|{part.fallback}") + "}"
        for part in parts
    )
    if not problems:
        assert parse_message(again, known=("a", "b", "ab", "a_b"))[1] == []
        assert len(again) <= len(text)
    for problem in problems:
        assert "\n" not in str(problem)
