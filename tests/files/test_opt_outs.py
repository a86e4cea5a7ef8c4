"""Yes, no, and the wish to be left alone, in the words of many tools."""

from __future__ import annotations

import pytest

from followup.files.cells import CellError
from followup.files.opt_outs import are_subscription_states, is_subscription_state, read_opt_out, read_yes_no


@pytest.mark.parametrize(
    "text",
    [
        *("yes", "Y", "TRUE", "1", "x", "Ja", "oui", "sí", "Wahr", "verdadero"),
        *("✓", "1.0", "1,0", "✔", "✔\ufe0f", "☑", "✅"),
    ],
)
def test_yes_in_five_languages(text: str) -> None:
    assert read_yes_no(text) is True


@pytest.mark.parametrize(
    "text", ["", "  ", "no", "N", "False", "0", "nein", "non", "off", "falso", "-", "0.0", "0,0", "☐"]
)
def test_no_in_five_languages(text: str) -> None:
    assert read_yes_no(text) is False


@pytest.mark.parametrize(
    ("yes", "no"),
    [
        *(("checked", "unchecked"), ("on", "off"), ("wahr", "falsch"), ("vrai", "faux"), ("verdadero", "falso")),
        *(("sì", "no"), ("vero", "falso"), ("sim", "não"), ("áno", "nie"), ("ano", "ne"), ("tak", "nie")),
        *(("да", "нет"), ("ja", "nej"), ("kyllä", "ei"), ("igen", "nem"), ("evet", "hayır"), ("はい", "いいえ")),
    ],
)
def test_yes_and_no_of_tools_and_languages(yes: str, no: str) -> None:
    assert [read_yes_no(yes), read_yes_no(yes.upper()), read_yes_no(no), read_yes_no(no.title())] == [
        *(True, True, False, False)
    ]


@pytest.mark.parametrize("text", ["maybe", "2", "yes and no", "ask Bob"])
def test_neither_yes_nor_no_is_not_guessed(text: str) -> None:
    with pytest.raises(CellError, match="is neither yes nor no"):
        read_yes_no(text)


@pytest.mark.parametrize(
    ("text", "kind", "out"),
    [
        ("true", "flag", True),
        ("0", "flag", False),
        ("", "flag", False),
        ("Do Not Allow", "flag", True),
        ("Allow", "flag", False),
        ("Opted out", "flag", True),
        ("no", "may", True),
        ("yes", "may", False),
        ("", "may", False),
        ("X", "flag", True),
        ("checked", "flag", True),
        ("unchecked", "flag", False),
        ("2026-01-02", "flag", True),
        ("ja", "flag", True),
        ("oui", "flag", True),
        ("sí", "flag", True),
        ("désabonné", "flag", True),
        ("2026-01-02", "may", False),
        ("2026-01-02 10:00", "time", True),
        ("", "time", False),
        ("no", "time", False),
        ("Unsubscribed", "state", True),
        ("OPTED_OUT", "state", True),
        ("Non-marketing contact", "state", False),
        ("NEVER_SUBSCRIBED", "state", False),
        ("bounced", "state", False),
        ("whatever", "state", False),
        ("opted_out", "flag", True),
        ("OPTED-OUT", "flag", True),
        ("complaint", "state", True),
        ("Spam complaint", "state", True),
        ("spam", "state", True),
        ("Marked as spam", "flag", True),
        ("hard bounced", "state", False),
        ("Bounced", "flag", False),
        ("1.0", "flag", True),
        ("0.0", "flag", False),
        ("0,0", "may", True),
    ],
)
def test_a_wish_to_be_left_alone(text: str, kind: str, out: bool) -> None:
    assert read_opt_out(text, kind=kind) is out


@pytest.mark.parametrize("kind", ["flag", "may"])
def test_an_unclear_wish_is_refused(kind: str) -> None:
    with pytest.raises(CellError, match="'sometimes' is neither yes nor no"):
        read_opt_out("sometimes", kind=kind)


def test_states_of_a_subscription_are_known_by_what_only_they_say() -> None:
    """`Active` may be said of anything."""
    assert is_subscription_state("UNSUBSCRIBED")
    assert not any(map(is_subscription_state, ["active", "yes", "canceled", ""]))
    assert are_subscription_states(["Active", "Unsubscribed"])
    assert not are_subscription_states(["Active", "Bounced"])
    assert not are_subscription_states(["Unsubscribed", "Customer"])
