"""Which encoding a file of text is in, proved on the whole of it before anything is read.

A byte order mark, else UTF-16 or UTF-32 by their pattern of NULs, else strict UTF-8, else Windows-1252 with a notice
and only where the letters stand as Western words have them. Everything else is refused with the encoding it may be.
Nothing is ever read as Latin-1, and a file that is written in two encodings is refused with the line that differs.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import NamedTuple

from followup.errors import FollowupError
from followup.files.code_pages import likely_code_page
from followup.files.file_kinds import refuse_binary
from followup.files.sources import MAX_LINE, SAVE_AGAIN, Source, line_ends
from followup.files.western_words import WesternWords

_HEAD = 4096
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_WIDE_MARKS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NO_FILES = ("idna", "punycode", "raw-unicode-escape", "unicode-escape")  # no tool writes a table so
_CUT_HINT = "it was cut off: copy or export it again"


class Encoding(NamedTuple):
    """An encoding as Python names it, and what there is to say about it."""

    name: str
    notices: tuple[str, ...] = ()


def find_encoding(source: Source) -> Encoding:
    """Tell the encoding of a file. Raises BadFileError with the line that cannot be read."""
    head = source.head(_HEAD)
    if len(head) < _HEAD and not head.strip(b"\x00\t\n\r ,;|\xef\xbb\xbf\xfe\xff"):
        source.refuse("the file is empty", hint="export it again with a line of headings")
    for mark, encoding, said in _MARKS:
        if head.startswith(mark):
            _refuse_unless(source, encoding, said)
            return Encoding(encoding, _twice_encoded(source, encoding))
    for encoding in _wide_without_mark(head):
        _refuse_unless(source, encoding, encoding.upper())
        return Encoding(encoding)
    refuse_binary(source)
    if _first_fault(source, "utf-8") is None:
        return Encoding("utf-8", _twice_encoded(source, "utf-8"))
    return _windows_1252(source)


def given_encoding(source: Source, encoding: str) -> Encoding:
    """Give the encoding that the user names. Raises FollowupError for one that does not exist or does not fit."""
    try:
        name = codecs.lookup(encoding).name
        "".encode(name)
        if name in _NO_FILES:
            raise LookupError(name)
    except (LookupError, TypeError, ValueError):
        raise FollowupError(
            f"there is no encoding called {encoding!r}", hint="for example utf-8, cp1252, cp1250"
        ) from None
    head = source.head(_HEAD)
    if name == "utf-8" and head.startswith(codecs.BOM_UTF8):
        name = "utf-8-sig"
    if name in ("utf-16", "utf-32") and not head.startswith(_WIDE_MARKS):
        name = next(iter(_wide_without_mark(head)), name)
    if fault := _first_fault(source, name):
        hint = _CUT_HINT if fault.cut else f"{SAVE_AGAIN}, or leave --encoding out"
        source.refuse(f"this line is not {encoding}", line=fault.line, hint=hint)
    if not name.startswith(("utf-16", "utf-32")):
        refuse_binary(source)
    return Encoding(name)


class _Fault(NamedTuple):
    """The first line that an encoding cannot read; `cut` when the file ends within a character."""

    line: int
    cut: bool


def _first_fault(source: Source, encoding: str) -> _Fault | None:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    done, ended = 0, False
    try:
        for chunk in source.chunks():
            decoder.decode(chunk)
            done += 1
        ended = True
        decoder.decode(b"", final=True)
    except UnicodeError as error:
        line = 1 + sum(line_ends(chunk) for chunk in _again(source, encoding, done))
        if isinstance(error, UnicodeDecodeError):
            line += line_ends(error.object[: error.start].decode(encoding, "replace"))
        return _Fault(line, cut=ended)
    return None


def _again(source: Source, encoding: str, count: int) -> Iterator[str]:
    """The text of the first chunks, which are known to be good. CR LF may be parted here: a last CR is kept back."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    kept = ""
    for chunk in islice(source.chunks(), count):
        text = kept + decoder.decode(chunk)
        kept = "\r" if text.endswith("\r") else ""
        yield text.removesuffix("\r") if kept else text
    yield kept


def _refuse_unless(source: Source, encoding: str, said: str) -> None:
    if fault := _first_fault(source, encoding):
        if fault.cut:
            source.refuse("the file ends in the middle of a character", line=fault.line, hint=_CUT_HINT)
        source.refuse(f"the file begins as {said}, but this line is not", line=fault.line, hint=SAVE_AGAIN)


# ------------------------------------------------------------------------------------ UTF-16 and UTF-32


def _wide_without_mark(head: bytes) -> list[str]:
    """UTF-16 and UTF-32 without a mark: delimiters and line ends have a NUL on one side, and all else is text."""
    if b"\0" not in head:
        return []
    for encoding, width in (("utf-32-le", 4), ("utf-32-be", 4), ("utf-16-le", 2), ("utf-16-be", 2)):
        text = head[: len(head) // width * width].decode(encoding, "replace")
        plain = sum(1 for char in text if char in ",;\t|\n\r" or " " <= char <= "~")
        odd = text.count("\ufffd")
        controls = sum(1 for char in text if char < " " and char not in "\t\n\r\f\v")
        is_text = plain >= 0.1 * len(text) and odd <= 0.05 * len(text) and controls <= 0.3 * len(text)
        if is_text and re.search(r"[\n\r]|[,;\t|:{\[].", text):
            return [encoding]
    return []


# ----------------------------------------------------------------------------------------- Windows-1252


class _HighLines:
    """What the lines with bytes above 127 are: UTF-8, Western words in Windows-1252, or neither."""

    def __init__(self, source: Source) -> None:
        self.utf8 = self.others = self.first_utf8 = self.first_other = 0
        self.words = WesternWords()
        self.is_cp1252 = True
        self.cut: tuple[bytes, bytes] | None = None  # the last line before and in the character that it breaks off in
        self._blocks = 0
        for lines in _high_lines(source):
            self._look(lines)

    def _look(self, lines: list[tuple[int, bytes]]) -> None:
        others = []
        for number, line in lines:
            self.cut = None
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as error:
                self.first_other = self.first_other or number
                others.append(line)
                if error.reason == "unexpected end of data":
                    self.cut = line[: error.start], line[error.start :]
            else:
                self.first_utf8 = self.first_utf8 or number
        self._blocks += bool(others)
        self.others += len(others)
        self.utf8 += len(lines) - len(others)
        try:
            text = b"\n".join(others).decode("cp1252")
        except UnicodeDecodeError:
            self.is_cp1252 = False
            return
        # Names repeat: the first megabytes, and samples of what follows, say enough about the words.
        if self._blocks <= _BLOCKS_TO_WEIGH or self._blocks % _BLOCKS_TO_WEIGH == 0:
            self.words.look(text)


def _windows_1252(source: Source) -> Encoding:
    """Read a file that is not UTF-8 as Windows-1252 where that gives Western words; else refuse it."""
    lines = _HighLines(source)
    if _is_cut(source, lines):
        source.refuse("the file ends in the middle of a character", line=lines.first_other, hint=_CUT_HINT)
    if lines.utf8 and lines.utf8 >= lines.others:
        source.refuse("the file is UTF-8, but this line is not", line=lines.first_other, hint=SAVE_AGAIN)
    if not (lines.is_cp1252 and lines.words.are_western):
        guess = _likely_encoding(source)
        name = f"perhaps --encoding {guess}" if guess else "such as --encoding cp1250"
        hint = f"{SAVE_AGAIN}, or name its encoding, {name}"
        source.refuse("the file is neither UTF-8 nor Windows-1252", line=lines.first_other, hint=hint)
    if lines.utf8:
        source.refuse("the file is Windows-1252, but this line is UTF-8", line=lines.first_utf8, hint=SAVE_AGAIN)
    notice = (
        f"{source.name} is not UTF-8; it was read as Windows-1252: where names with accents look wrong, "
        f"{SAVE_AGAIN} or name its encoding, such as --encoding cp1250"
    )
    return Encoding("cp1252", (notice,))


def _is_cut(source: Source, lines: _HighLines) -> bool:
    """True when only the very last character is not UTF-8, and it is no letter that may end a Western word."""
    if lines.others != 1 or source.tail(1) < b"\x80" or not lines.cut:
        return False
    before, part = lines.cut
    return bool(lines.utf8 or len(part) > 1 or not before.isascii() or (part == b"\xc3" and before[-1:].islower()))


_BLOCKS_TO_WEIGH = 16


def _high_lines(source: Source) -> Iterator[list[tuple[int, bytes]]]:
    """The lines that have bytes above 127, each with its number, a block of the file at a time."""
    first, kept = 1, b""
    for chunk in chain(source.chunks(), [b""]):
        block = kept + chunk
        cut = max(block.rfind(b"\n"), block.rfind(b"\r", 0, -1)) + 1 if chunk else len(block)
        lines = block[:cut].splitlines()
        yield [(number, line) for number, line in enumerate(lines, first) if not line.isascii()]
        first += len(lines)
        kept = block[cut:]
        if len(kept) > MAX_LINE:
            source.refuse("the line is longer than 8 MiB", line=first, hint="is this a table with line ends?")


def _likely_encoding(source: Source) -> str:
    lines = (line for block in _high_lines(source) for _, line in block)
    return likely_code_page(b"\n".join(islice(lines, 400))[: 64 * 1024])


# -------------------------------------------------------------------------- text that was encoded twice

_CONTINUED = "\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_TWICE = re.compile(rf"[ÃÅÄ](?![“”’](?:\W|$))[{_CONTINUED}]|Â[\x80-\xbf]|â€[{_CONTINUED}]|â‚¬")
_TWICE_BYTES = re.compile(rb"\xc3[\x82-\x85][\xc2\xc5\xc6\xcb\xe2]|\xc3\xa2\xe2[\x80\x82][\x9a\xac]")


def _twice_encoded(source: Source, encoding: str) -> tuple[str, ...]:
    """A notice when the text reads like UTF-8 that was taken for Windows-1252 and saved again: `MÃ¼ller`."""
    line = count = 0
    first = ""
    number = 1
    for part in source.text(encoding) if _may_be_twice_encoded(source) else ():
        for match in _TWICE.finditer(part):
            count += 1
            if not line:
                line = number + line_ends(part[: match.start()])
                first = _word_around(part, match.start(), match.end())
        number += line_ends(part)
    if not line:
        return ()
    mended = _mended(first)
    meant = f" for {mended!r}" if mended else ""
    more = f" and {count - 1} more like it" if count > 1 else ""
    notice = (
        f"line {line} has {first!r}{meant}{more}: some tool took UTF-8 for Windows-1252; "
        "the letters were left as they are, export the table again as UTF-8 to mend them"
    )
    return (notice,)


def _may_be_twice_encoded(source: Source) -> bool:
    kept = b""
    for chunk in source.chunks():
        if _TWICE_BYTES.search(kept + chunk):
            return True
        kept = chunk[-8:]
    return False


def _word_around(text: str, start: int, end: int) -> str:
    before = re.search(r"[^\s,;|\"]{0,20}$", text[max(0, start - 20) : start])
    after = re.match(r"[^\s,;|\"]{0,20}", text[end : end + 20])
    return (before[0] if before else "") + text[start:end] + (after[0] if after else "")


def _mended(word: str) -> str:
    try:
        return word.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return ""
