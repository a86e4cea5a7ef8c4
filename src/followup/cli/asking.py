"""Questions to the person at the terminal. In a pipe nothing is ever asked."""

from __future__ import annotations

import sys

import typer


def somebody_is_there() -> bool:
    """True when a person can read a question and answer it."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def agrees(question: str) -> bool:
    """The answer to a yes-or-no question on standard error; an empty one is no."""
    return typer.confirm(question, default=False, err=True)


def words(question: str) -> str:
    """A line of text, '' for none; nothing is asked where nobody is there."""
    if not somebody_is_there():
        return ""
    answer: str = typer.prompt(question, default="", show_default=False, err=True)
    return answer.strip()
