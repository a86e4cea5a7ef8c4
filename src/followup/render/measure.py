"""How wide text is in a terminal, and cutting, padding and wrapping by that width.

`wcwidth` decides, as it does for most terminals; rich counts some flags and newer emoji otherwise, so lines
are laid out here and rich only colours them. All functions expect text that went through `visible`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from followup.render.line import Line, Role, Span

# Letters, digits and drawing characters that take one cell each. They save the import of wcwidth, which
# costs more time than the whole list: most lists hold nothing else.
_NARROW = re.compile(
    "[ -~\u00a0-\u00ac\u00ae-\u02ff\u0388-\u03a1\u03a3-\u03ff\u0400-\u0482\u048a-\u052f\u1e00-\u1eff"
    "\u2010-\u2027\u2030-\u205e\u20ac\u2190-\u2193\u2500-\u257f\u25cb\u25cf\u2800-\u28ff]*"
)


def width(text: str) -> int:
    """Cells that `text` takes in a line. A mark without a letter counts as it does after a space, where it shows."""
    if text.isascii() or _NARROW.fullmatch(text):
        return len(text)
    from wcwidth import wcswidth, wcwidth

    cells = max(wcswidth(text), wcswidth(f" {text}") - 1)
    return cells if cells >= 0 else sum(max(wcwidth(char), 0) for char in text)


def cut(text: str, limit: int, ellipsis: str = "…") -> str:
    """The beginning of `text` in at most `limit` cells; `ellipsis` says that something is missing."""
    if width(text) <= limit:
        return text
    if limit <= len(ellipsis):
        return ellipsis[: max(limit, 0)]
    head = _fitting(text, limit - len(ellipsis))
    return head.rstrip() + ellipsis


def _fitting(text: str, limit: int) -> str:
    """The longest beginning of `text` in at most `limit` cells that does not end inside an emoji."""
    end = min(len(text), limit * 4 + 16)  # enough for letters with several accents, and bounded for hostile ones
    while end > 0 and width(text[:end]) > limit:
        end -= 1
    while end > 0 and text[end - 1] == "\u200d":
        end -= 1
    return text[:end]


def pad(text: str, cells: int, *, right: bool = False) -> str:
    """`text` filled with spaces to `cells`; on the left when the text stands `right`."""
    fill = " " * max(cells - width(text), 0)
    return fill + text if right else text + fill


def line_width(line: Line) -> int:
    """Cells of a whole line."""
    return width("".join(span.text for span in line))


def wrap(spans: Iterable[Span], limit: int | None, *, indent: int = 0, hang: int | None = None) -> list[Line]:
    """Break a paragraph between words into lines of at most `limit` cells; None means one line, however long.

    The first line is indented by `indent`, the others by `hang` (the same when None). A word wider than a
    line is broken.
    """
    if limit is None:
        return [(Span(" " * indent), *spans)]
    following = indent if hang is None else hang
    following = min(following, max(limit - 10, 0))  # narrow terminals: words before indents
    start = min(indent, max(limit - 10, 0))
    lines: list[list[Span]] = [[Span(" " * start)]]
    room = limit - start
    used = 0
    for word in _words(spans):
        cells = width("".join(span.text for span in word))
        gap = 1 if used else 0
        if used and used + gap + cells > room:
            lines.append([Span(" " * following)])
            room, used, gap = limit - following, 0, 0
        if gap:
            role = lines[-1][-1].role
            lines[-1].append(Span(" ", role if role == word[0].role else ""))
        if cells <= room:
            lines[-1].extend(word)
            used += gap + cells
            continue
        for piece in _broken(word, room, limit - following):
            if used:
                lines.append([Span(" " * following)])
                room = limit - following
            lines[-1].append(piece)
            used = width(piece.text)
    return [tuple(line) for line in lines]


def _words(spans: Iterable[Span]) -> list[list[Span]]:
    """The words of a paragraph; a word may change its role in the middle."""
    words: list[list[Span]] = [[]]
    for span in spans:
        for index, piece in enumerate(span.text.split(" ")):
            if index and words[-1]:
                words.append([])
            if piece:
                words[-1].append(Span(piece, span.role))
    return [word for word in words if word]


def _broken(word: list[Span], first: int, rest: int) -> list[Span]:
    """A word wider than a line, in pieces that fit."""
    role: Role = word[0].role
    text = "".join(span.text for span in word)
    pieces: list[Span] = []
    while text:
        head = _fitting(text, rest if pieces else first) or text[0]
        pieces.append(Span(head, role))
        text = text[len(head) :]
    return pieces
