"""What a screen can show follows from facts: terminal or pipe, COLUMNS, NO_COLOR, TERM, the encoding."""

from __future__ import annotations

import io
from typing import Any

import pytest

from followup.render import Screen, make_screen
from followup.render.screen import lines_text, put


def screen(encoding: str = "utf-8", **facts: Any) -> Screen:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    return make_screen(stream, **{"isatty": True, "term": "xterm", **facts})


@pytest.mark.parametrize(
    ("columns", "size", "width"),
    [
        ("132", (80, 24), 132),
        (None, (100, 24), 100),
        ("", (100, 24), 100),
        ("no number", (100, 24), 100),
        ("0", (0, 0), 80),
        (None, None, 80),
        ("7", None, 20),
        ("٣٠", None, 80),
        ("9" * 400, None, 999_999),
    ],
)
def test_the_width_is_columns_then_the_terminal_then_eighty(
    columns: str | None, size: tuple[int, int] | None, width: int
) -> None:
    assert screen(columns=columns, size=size).width == width


@pytest.mark.parametrize(
    ("facts", "color", "emphasis"),
    [
        ({}, True, True),
        ({"no_color": "1"}, False, True),
        ({"no_color": ""}, True, True),
        ({"term": "dumb"}, False, False),
        ({"color": "never"}, False, False),
        ({"isatty": False}, False, False),
        ({"isatty": False, "color": "always"}, True, True),
        ({"color": "always", "no_color": "1", "term": "dumb"}, True, True),
    ],
)
def test_colour_follows_the_option_then_no_color_then_the_terminal(
    facts: dict[str, Any], color: bool, emphasis: bool
) -> None:
    made = screen(**facts)
    assert (made.color, made.emphasis) == (color, emphasis)


@pytest.mark.parametrize(
    ("encoding", "term", "unicode"),
    [("utf-8", "xterm", True), ("cp1252", "xterm", False), ("ascii", "xterm", False), ("utf-8", "dumb", False)],
)
def test_boxes_are_ascii_where_nothing_else_can_be_drawn(encoding: str, term: str, unicode: bool) -> None:
    assert screen(encoding, term=term).unicode is unicode


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [("utf-8", "Jürgen さ"), ("cp1252", r"Jürgen \u3055"), ("ascii", r"J\xfcrgen \u3055")],
)
def test_text_is_measured_as_it_will_appear(encoding: str, shown: str) -> None:
    assert screen(encoding).clean("Jürgen さ") == shown


def test_a_character_that_cannot_be_encoded_becomes_an_escape_and_no_error() -> None:
    buffer = io.BytesIO()
    stream = io.TextIOWrapper(buffer, encoding="ascii", newline="")
    put(stream, "ü さ \ud800\n")
    stream.flush()
    assert buffer.getvalue() == rb"\xfc \u3055 \ud800" + b"\n"


def test_lines_become_bare_words_without_spaces_at_the_end() -> None:
    from followup.render.line import Span

    assert lines_text([(Span("a\x1b"), Span(" b  ", "dim")), ()]) == "a\\x1b b\n\n"
