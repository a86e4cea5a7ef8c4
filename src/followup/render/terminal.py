"""Lines to a terminal: rich turns roles into colours. The only module that imports rich.

One hue carries one meaning: red is late or wrong. What is due today stands in bold, what is coming stays
dim. Red, bold and dim can be read on light and dark backgrounds and by people who do not tell red from
green; words and marks say the same.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from itertools import groupby

from rich.console import Console
from rich.text import Text

from followup.core.visible import visible
from followup.render.line import Line, Role, Span
from followup.render.screen import Screen

_STYLES: dict[Role, str] = {"": "", "late": "bold red", "strong": "bold", "dim": "dim"}


def print_lines(lines: Iterable[Line], screen: Screen) -> None:
    """Write laid out lines in one piece; the text in them is only ever text, never markup."""
    buffer = io.StringIO()
    console = Console(
        file=buffer,
        width=screen.width,
        force_terminal=screen.emphasis,
        color_system="standard" if screen.emphasis else None,
        no_color=not screen.color,
        markup=False,
        emoji=False,
        highlight=False,
        legacy_windows=False,
        _environ={},  # what may be shown was decided by cli
    )
    for line in lines:
        text = Text(end="")
        for span in _merged(line):
            text.append(visible(span.text), style=_STYLES[span.role])
        text.rstrip()
        console.print(text, soft_wrap=True)
    screen.write(buffer.getvalue())


def _merged(line: Line) -> list[Span]:
    """Neighbours with the same role as one span: fewer escape sequences, and words stay together."""
    return [Span("".join(part.text for part in same), role) for role, same in groupby(line, key=lambda part: part.role)]
