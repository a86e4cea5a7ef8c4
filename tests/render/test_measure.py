"""Widths as terminals count them: nothing is wider than its place, nothing is lost by wrapping."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth, wcwidth

from followup.core.visible import visible
from followup.render.line import Span
from followup.render.measure import _NARROW, cut, line_width, pad, width, wrap

TEXT = st.text().map(visible)


@given(TEXT)
def test_width_is_the_width_of_wcwidth(text: str) -> None:
    assert wcswidth(f"a {text}") == 2 + width(text)
    assert wcswidth(text) <= width(text)


@pytest.mark.parametrize(
    ("text", "cells"), [("", 0), ("Acme", 4), ("Müller", 6), ("さくら", 6), ("\U0001f1e9\U0001f1ea", 2), ("e\u0301", 1)]
)
def test_known_widths(text: str, cells: int) -> None:
    assert width(text) == cells


def test_every_letter_that_is_taken_as_narrow_takes_one_cell() -> None:
    wrong = [hex(code) for code in range(0x20, 0x3000) if _NARROW.fullmatch(chr(code)) and wcwidth(chr(code)) != 1]
    assert wrong == []


@given(TEXT, st.integers(0, 30), st.sampled_from(["…", "..."]))
def test_cut_text_fits_and_says_that_something_is_missing(text: str, limit: int, ellipsis: str) -> None:
    short = cut(text, limit, ellipsis)
    assert width(short) <= limit
    if width(text) <= limit:
        assert short == text
    elif limit >= len(ellipsis):
        assert short.endswith(ellipsis)


def test_a_cut_does_not_end_inside_an_emoji() -> None:
    family = "\U0001f469\u200d\U0001f469\u200d\U0001f467"
    assert "\u200d…" not in cut(f"ab{family} and more", 4)


@pytest.mark.parametrize("cells", [6, 7, 20])
def test_padding_fills_by_cells_on_either_side(cells: int) -> None:
    assert width(pad("さくら", cells)) == cells
    assert pad("さくら", cells, right=True).endswith("さくら")


@given(TEXT, st.integers(20, 60), st.integers(0, 6), st.integers(0, 6))
def test_wrapped_lines_fit_and_keep_every_word(text: str, limit: int, indent: int, hang: int) -> None:
    lines = wrap([Span(text)], limit, indent=indent, hang=hang)
    assert all(line_width(line) <= limit for line in lines)
    said = "".join(span.text for line in lines for span in line)
    assert said.replace(" ", "") == text.replace(" ", "")


def test_roles_survive_wrapping() -> None:
    lines = wrap([Span("late ", "late"), Span("and plain words that go on")], 22)
    assert next((span.text, span.role) for span in lines[0] if span.text.strip()) == ("late", "late")
    assert {span.role for span in lines[-1]} == {""}


def test_in_a_pipe_nothing_is_wrapped() -> None:
    assert len(wrap([Span("word " * 100)], None)) == 1
