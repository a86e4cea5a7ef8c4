"""A failure says what, where, and what to type next; never a traceback, never an obeyed escape."""

from __future__ import annotations

import io

import pytest

from followup.errors import AmbiguousError, BadFileError, DataFileError, FollowupError, NotFoundError, Problem
from followup.render import render_error


def shown(error: FollowupError) -> str:
    stream = io.StringIO()
    render_error(error, stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (NotFoundError("No customer is called Acme."), "Error: No customer is called Acme.\n"),
        (
            DataFileError("The data file is damaged.", hint="followup restore FILE"),
            "Error: The data file is damaged.\nTry: followup restore FILE\n",
        ),
        (
            AmbiguousError("Two customers match.", candidates=["acme  Acme", "ac  Ac\nme"], hint="use the key"),
            "Error: Two customers match.\n  acme  Acme\n  ac  Ac me\nTry: use the key\n",
        ),
        (
            BadFileError(
                "2 problems in mine.yaml.",
                problems=[
                    Problem(source="mine.yaml", line=3, column=7, message="no such key", hint="write channel"),
                    Problem(source="mine.yaml", message="too large"),
                ],
            ),
            "Error: 2 problems in mine.yaml.\n  mine.yaml:3:7: no such key - write channel\n  mine.yaml: too large\n",
        ),
    ],
)
def test_a_failure_in_words(error: FollowupError, text: str) -> None:
    assert shown(error) == text


def test_hostile_names_in_a_failure_are_only_text() -> None:
    name = "\x1b]0;pwn\x07\u202e\nError: all is well"
    text = shown(AmbiguousError(f"{name} is not clear.", candidates=[name], hint=name))
    assert text.count("\n") == 3
    assert text.replace("\n", "").isprintable()


def test_a_stream_without_the_letters_still_gets_the_sentence() -> None:
    buffer = io.BytesIO()
    stream = io.TextIOWrapper(buffer, encoding="ascii", newline="")
    render_error(NotFoundError("No customer is called Jürgen \ud800."), stream)
    stream.flush()
    assert buffer.getvalue() == rb"Error: No customer is called J\xfcrgen \ud800." + b"\n"
