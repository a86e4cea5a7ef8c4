"""Filling in is one pass: values are never looked at again, and nothing in braces is ever run (bar 28, TRUST 2.5)."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.core.visible import visible
from followup.errors import BadFileError, FollowupError
from followup.files.letters import LONGEST_TEXT, fill_in, place_of
from followup.files.placeholders import PLACEHOLDERS

VALUES = {"first_name": "Anna", "product": "Ledgerline", "goal": "close early.", "news": " \t ", "extra.seats": "12"}


def value_of(name: str) -> str:
    return VALUES.get(name, "")


@pytest.mark.parametrize(
    ("text", "expected", "missing"),
    [
        ("Hi {first_name}!", "Hi Anna!", ()),
        ("{first_name}{product}", "AnnaLedgerline", ()),
        ("{goal}.", "close early.", ()),
        ("{goal}, so", "close early., so", ()),
        ("{{goal}} is {goal}", "{goal} is close early.", ()),
        ("{news|nothing new}", "nothing new", ()),
        ("{company} and {news} and {company}", " and  and ", ("company", "news")),
        ("{company|your firm}", "your firm", ()),
        ("{extra.seats} of {extra.rooms|some}", "12 of some", ()),
        ("{extra.rooms}", "", ("extra.rooms",)),
        ("", "", ()),
        ("two\nlines {first_name}\n", "two\nlines Anna\n", ()),
    ],
)
def test_names_become_values(text: str, expected: str, missing: tuple[str, ...]) -> None:
    """C4: what has neither value nor fallback is told, and nothing is left behind in braces."""
    filled = fill_in(text, value_of)
    assert (filled.text, filled.missing) == (expected, missing)


def test_the_values_that_were_used_are_told_without_those_from_fallbacks() -> None:
    filled = fill_in("{first_name} {news|none} {product}", value_of)
    assert dict(filled.values) == {"first_name": "Anna", "product": "Ledgerline"}


ATTACKS = [
    "{0}",
    "{}",
    "{{}",
    "{first_name.__class__}",
    "{first_name.__init__.__globals__[SMTP_PASSWORD]}",
    "{first_name!r}",
    "{first_name:>300000000}",
    "{first_name:{product}}",
    "{first_name[0]}",
    "{first_name()}",
    "{__import__('os').system('id')}",
    "{self}",
    "{PATH}",
    "{os.environ}",
    "{extra}",
    "{extra.__class__}",
    "{extra.a.b}",
    "{ first_name}",
    "{FIRST_NAME}",
    "{first_name|}",
    "{first_name|{product}}",
    "{first_name\n}",
    "{password}",
    "{" * 5001,
    "}" * 5001,
    "{first_name" * 2000,
    "{a|" * 3000 + "}" * 3000,
]
LITERAL = [
    "{{7*7}}",
    "{{ first_name }}",
    "${first_name}",
    "%(first_name)s %s %d %n",
    "$first_name ${{HOME}}",
    "{{% for x in y %}}",
    "<%= 7*7 %> <script>alert(1)</script>",
    "`id` $(id) ;rm -rf /",
    "\\{{first_name\\}}",
    "{{config}}",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_in_a_template_is_refused(attack: str) -> None:
    """Bar 28: refused at once, with its place, and nothing of it is run."""
    begun = time.perf_counter()
    with pytest.raises(BadFileError) as refused:
        fill_in(attack, value_of)
    assert refused.value.problems
    assert all(problem.line >= 1 for problem in refused.value.problems)
    assert time.perf_counter() - begun < 1
    assert len(str(refused.value)) < 1000


@pytest.mark.parametrize("text", LITERAL)
def test_other_template_languages_are_plain_text(text: str) -> None:
    """Bar 28: what is no name of ours stays as it stands; double braces are braces."""
    expected = text.replace("{{", "{").replace("}}", "}").replace("{first_name}", "{first_name}")
    filled = fill_in(text, value_of)
    assert filled.text == expected.replace("${first_name}", "$Anna")
    assert filled.missing == ()


@pytest.mark.parametrize("attack", [*ATTACKS, *LITERAL])
def test_an_attack_in_a_value_is_a_value(attack: str) -> None:
    """Bar 28: braces of a customer are letters."""
    begun = time.perf_counter()
    filled = fill_in("before {goal} after {product|x}", lambda name: attack if name == "goal" else "")
    assert filled.text == f"before {visible(attack).strip()} after x"
    assert time.perf_counter() - begun < 1


@given(st.text(min_size=1, max_size=200), st.text(max_size=200))
def test_each_value_appears_exactly_once_and_unexpanded(value: str, other: str) -> None:
    """Bar 28: whatever the value is, it stands where its name stood, once, harmless, and brings in nothing else."""
    values = {"goal": value, "product": other}
    filled = fill_in("<{goal}|{product|-}>", lambda name: values[name])
    shown, second = visible(value).strip(), visible(other).strip() or "-"
    assert filled.text == f"<{shown}|{second}>"
    assert ("goal" in filled.missing) == (not shown)


@given(st.dictionaries(st.sampled_from(sorted(PLACEHOLDERS)), st.text(max_size=80), max_size=8), st.data())
def test_no_value_can_reach_another_one(values: dict[str, str], data: st.DataObject) -> None:
    names = data.draw(st.permutations(sorted(values)))
    text = " / ".join(f"{{{name}|?}}" for name in names)
    expected = " / ".join(visible(values[name]).strip() or "?" for name in names)
    assert fill_in(text, lambda name: values[name]).text == expected


def test_a_text_that_grows_without_bound_is_refused() -> None:
    """Bar 28: <= 1 MB, whatever the playbook repeats."""
    with pytest.raises(FollowupError, match="longer than"):
        fill_in("{goal}" * 40_000, lambda _: "x" * 20_000)
    assert len(fill_in("{goal}" * 4, lambda _: "x" * 20_000).text) <= LONGEST_TEXT


def test_the_place_of_a_name_is_found_in_the_file() -> None:
    text = "playbook: x\nsteps:\n  - id: a\n    message: >-\n      Hi {first_name},\n      {goal|aim} and {goal_b}\n"
    assert place_of(text, "first_name", from_line=3) == (5, 10)
    assert place_of(text, "goal", from_line=3) == (6, 7)
    assert place_of(text, "goal_b", from_line=3) == (6, 22)
    assert place_of(text, "nowhere", from_line=3) == (3, 0)
    assert place_of(text, "first_name", from_line=999) == (999, 0)


def test_filling_in_knows_no_format_language() -> None:
    """TRUST 2.5: no str.format, no template engine on text that people wrote."""
    source = Path(fill_in.__code__.co_filename).read_text(encoding="utf-8")
    assert ".format(" not in source
    assert "eval(" not in source
    assert "Template(" not in source
