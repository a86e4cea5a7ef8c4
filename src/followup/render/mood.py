"""How mood and warnings are said on several screens: measured or estimated, and what to look at."""

from __future__ import annotations

from collections.abc import Iterable

from followup.actions.results import MoodView
from followup.core.model.touchpoint import Reason
from followup.render.line import Line, dim, late
from followup.render.screen import Screen
from followup.render.words import inputs, iso, spoken

MEASURED = "measured"


def mood_title(mood: MoodView | None) -> str:
    """A heading that says whether the mood was measured within the last days (E13)."""
    return "Mood (measured)" if mood is not None and mood.label == MEASURED else "Mood (estimated)"


def measured_words(mood: MoodView) -> str:
    """`measured 60 on 2026-03-09`; empty where no score was ever given."""
    if mood.measured_on is None:
        return ""
    value = "" if mood.measured is None else f"{mood.measured} on "
    return f"measured {value}{iso(mood.measured_on)}"


def flag_lines(flags: Iterable[Reason], screen: Screen, *, with_numbers: bool = False) -> list[Line]:
    """What to look at, one after the other: the name, the sentence, and where asked for its numbers, dim."""
    lines: list[Line] = []
    for flag in flags:
        numbers = inputs(flag) if with_numbers else ""
        tail = [dim(f" ({numbers})")] if numbers else []
        lines += screen.paragraph(late(spoken(flag.rule)), ": ", flag.text, *tail, indent=2, hang=4)
    return lines


def flag_words(flags: Iterable[Reason]) -> str:
    """What to look at in a few words: `stuck, on hold`."""
    return ", ".join(spoken(flag.rule) for flag in flags)
