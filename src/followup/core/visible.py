"""Text of customers made harmless: what a terminal would obey is shown as a visible escape.

Names, notes and addresses come from CSV files and other people. A terminal obeys escape sequences in them:
it can clear the list, write into the clipboard, or let a name read backwards. `visible` stands at every
place where text leaves the program.
"""

from __future__ import annotations

import re

# A zero-width joiner between two of these holds one emoji together; anywhere else it hides something.
_EMOJI = "\u2190-\u21ff\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"

_HARMFUL = re.compile(
    r"\r\n|[\t\n]"  # space
    r"|[\x00-\x1f\x7f-\x9f"  # C0 with ESC, DEL, C1 with CSI and OSC
    r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidirectional controls
    r"\u2028\u2029"  # line and paragraph separators
    r"\u00ad\u180e\u200b\u200c\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb"  # nothing to be seen
    r"\U000e0000-\U000e001f"
    r"\ud800-\udfff]"  # lone surrogates
    rf"|(?<![{_EMOJI}\ufe0f])\u200d|\u200d(?![{_EMOJI}])"
)


def _escape(found: re.Match[str]) -> str:
    char = found[0]
    if char in ("\t", "\n", "\r\n"):
        return " "
    return escape(char)


def escape(char: str) -> str:
    r"""One character as a person can read and name it: `\r`, `\x1b`, `\u202e`, `\U000e0001`."""
    if char == "\r":
        return r"\r"
    code = ord(char)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def visible(text: str) -> str:
    r"""Give `text` as one line that no terminal obeys: what it would obey becomes `\x1b`, `\u202e`, ...

    Tabs and line ends become a space. A zero-width joiner stays inside an emoji. Everything else stays as
    it is, and what comes out goes through unchanged a second time.
    """
    if text.isprintable():  # nearly all text; no character of the list above counts as printable
        return text
    return _HARMFUL.sub(_escape, text)


def visible_lines(text: str) -> list[str]:
    """Give the lines of a longer text (a draft message), each made harmless by `visible`."""
    return [visible(line) for line in text.replace("\r\n", "\n").split("\n")]
