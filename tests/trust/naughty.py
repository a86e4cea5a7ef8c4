"""Texts that break programs, by what they break (`naughty_strings.json`): more than 515, and 45 for this program.

A text with NUL is not among them: no table may hold it (see `test_bar_18_round_trip`). Blanks around a text belong
to it.
"""

from __future__ import annotations

import json
from pathlib import Path

_FILE = Path(__file__).with_name("naughty_strings.json")

BY_CATEGORY: dict[str, list[str]] = json.loads(_FILE.read_text(encoding="utf-8"))
"""Made for these tests: reserved words, numbers, formulas, quotes, scripts of the world, terminal sequences, ..."""

OWN = tuple(BY_CATEGORY["for this program"])
"""Its own marks and separators, names of commands and playbooks, whole rows inside of a cell."""

NAUGHTY = tuple(text for texts in BY_CATEGORY.values() for text in texts)
"""All of them, in the order of the file."""

assert len(set(NAUGHTY)) == len(NAUGHTY) >= 515 + 45
assert len(OWN) >= 45
