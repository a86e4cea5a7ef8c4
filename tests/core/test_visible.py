"""Customer text is data: nothing that a terminal would obey comes through."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.core.visible import visible, visible_lines

ANY_TEXT = st.text(st.characters(codec=None) | st.sampled_from("\x1b\x07\x9b\u202e\u200d\ud800\U0001f469"))
DANGEROUS = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Acme Ltd", "Acme Ltd"),
        ("Müller & Söhne", "Müller & Söhne"),
        ("株式会社さくら", "株式会社さくら"),
        ("Acme [/b] [red]Ltd :smile:", "Acme [/b] [red]Ltd :smile:"),
        ("\x1b[2J", r"\x1b[2J"),
        ("\x1b]0;pwn\x07", r"\x1b]0;pwn\x07"),
        ("\x1b]52;c;cHdu\x1b\\", r"\x1b]52;c;cHdu\x1b" + "\\"),
        ("\x9b31m", r"\x9b31m"),
        ("\x00\x08\x7f\x85", r"\x00\x08\x7f\x85"),
        ("two\nlines", "two lines"),
        ("two\r\nlines", "two lines"),
        ("a\tb", "a b"),
        ("over\rwritten", r"over\rwritten"),
        ("\u202egpj.exe\u202c", r"\u202egpj.exe\u202c"),
        ("a\u2028b\u2029c", r"a\u2028b\u2029c"),
        ("zero\u200bwidth\ufeff", r"zero\u200bwidth\ufeff"),
        ("joined\u200dletters", r"joined\u200dletters"),
        ("lone\ud800", r"lone\ud800"),
        ("tag\U000e0001", r"tag\U000e0001"),
        ("\U0001f469\u200d\U0001f467", "\U0001f469\u200d\U0001f467"),
        ("\U0001f3f3\ufe0f\u200d\U0001f308", "\U0001f3f3\ufe0f\u200d\U0001f308"),
        ("", ""),
    ],
)
def test_what_a_terminal_would_obey_is_shown_instead(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(ANY_TEXT)
def test_nothing_dangerous_is_left_and_a_second_time_changes_nothing(text: str) -> None:
    shown = visible(text)
    assert not DANGEROUS.search(shown)
    assert visible(shown) == shown
    shown.encode("utf-8")


@given(st.text(st.characters(categories=["L", "N", "P", "S"])))
def test_letters_digits_and_signs_stay_as_they_are(text: str) -> None:
    assert visible(text) == text


def test_a_longer_text_keeps_its_lines() -> None:
    assert visible_lines("Dear Jane,\r\n\x1b[2Jhello\n") == ["Dear Jane,", r"\x1b[2Jhello", ""]
