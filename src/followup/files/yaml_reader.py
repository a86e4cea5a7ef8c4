"""YAML read safely: plain text with positions, and every problem as a sentence.

All scalars stay text, so `NO`, `on`, `12:30`, `08` and `2026-02-30` mean what the author typed. Anchors,
aliases, tags, duplicate keys, tabs, odd indents and anything large or deep are refused in one pass over the
events of the parser, before any value is built; nothing is ever expanded or constructed.
"""

from __future__ import annotations

import os
import re
import stat
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from followup.errors import FollowupError, NotFoundError, Problem

MAX_BYTES = 256 * 1024
MAX_NODES = 20_000
MAX_DEPTH = 30
MAX_PROBLEMS = 100
QUOTE_HINT = "put the text in quotes"


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """Text as typed. `style` is plain, single, double, literal or folded; `begin` and `end` are offsets.

    `cut` is what stood behind ` #` on the last line of a plain text and was taken as a comment.
    """

    text: str
    line: int
    column: int
    style: str = "plain"
    begin: int = 0
    end: int = 0
    cut: str = ""

    @property
    def quoted(self) -> bool:
        """True when the author marked it as text: quotes, `|` or `>`."""
        return self.style != "plain"


@dataclass(frozen=True, slots=True)
class SequenceNode:
    """A list."""

    items: tuple[Node, ...]
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class MappingNode:
    """Keys with values, in the order of the file; a key that came twice keeps its first value."""

    pairs: tuple[tuple[ScalarNode, Node], ...]
    line: int
    column: int

    def get(self, key: str) -> Node | None:
        """The value of a key, or None."""
        return next((value for name, value in self.pairs if name.text == key), None)


Node = ScalarNode | SequenceNode | MappingNode


def read_yaml(text: str | bytes, *, source: str) -> tuple[Node | None, list[Problem]]:
    """The one document of a file as nodes, and what is wrong with it, sorted by position.

    The node is None when nothing could be read, and where anchors make more of the file than stands there.
    Lines and columns count from 1, columns in characters. Never raises for the content.
    """
    try:
        text = _decoded(text)
    except _BadText as bad:
        return None, [Problem(source=source, line=bad.line, column=bad.column, message=bad.message, hint=bad.hint)]
    text = text.removeprefix("\ufeff")
    if problems := list(_odd_characters(text, source)):
        return None, problems
    reader = _Reader(source, text)
    return reader.read(), reader.problems


def read_file(path: Path, *, limit: int = MAX_BYTES) -> bytes:
    """The bytes of a regular file of at most `limit` bytes.

    Raises `NotFoundError` when it is missing and `FollowupError` for folders, pipes, devices, files that may
    not be read and files that are too large; it never waits for a pipe.
    """
    try:
        _refuse_odd_file(path, path.stat())
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(descriptor, "rb") as file:
            _refuse_odd_file(path, os.fstat(descriptor))
            content = file.read(limit + 1)
    except FileNotFoundError:
        raise NotFoundError(f"there is no file {path}", hint="check the path, or: followup playbook list") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FollowupError(f"{path} cannot be read: {reason.lower()}", hint="check the path") from None
    if len(content) > limit:
        raise FollowupError(
            f"{path} is larger than {limit // 1024} KiB",
            hint="a playbook is a few pages of text: is this the right file?",
        )
    return content


def _refuse_odd_file(path: Path, status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise FollowupError(f"{path} is a folder, not a file", hint="name the file itself")
    if not stat.S_ISREG(status.st_mode):
        raise FollowupError(f"{path} is not a regular file", hint="save the text to a file first")


class _BadText(Exception):  # noqa: N818
    def __init__(self, line: int, column: int, message: str, hint: str) -> None:
        super().__init__(message)
        self.line, self.column, self.message, self.hint = line, column, message, hint


def _decoded(text: str | bytes) -> str:
    if isinstance(text, str):
        size = len(text) if len(text) > MAX_BYTES else len(text.encode("utf-8", "surrogatepass"))
    else:
        size = len(text)
    if size > MAX_BYTES:
        raise _BadText(
            0,
            0,
            f"the file is larger than {MAX_BYTES // 1024} KiB",
            "a playbook is a few pages of text: split it",
        )
    if isinstance(text, str):
        return text
    if text.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _BadText(1, 1, "the file is UTF-16", "save it as UTF-8")
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError as error:
        before = text[: error.start].decode("utf-8")
        line, column = Lines(before).position(len(before))
        raise _BadText(
            line, column, f"the byte 0x{text[error.start]:02x} is not UTF-8", "save the file as UTF-8"
        ) from None


_LINE_END = re.compile(r"\r\n|\r|\n")
_NOT_PRINTABLE = re.compile("[^\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]|[\u2028\u2029]")
_ODD_INDENT = re.compile("(?:^|(?<=[\n\r])) *([\xa0\u1680\u2000-\u200f\u202f\u205f\u2060\u3000])")
_ODD_SPACE = re.compile("[\xa0\u1680\u2000-\u200f\u202f\u205f\u2060\u3000]")
_NAMES = {
    "\t": "a tab",
    "\x00": "a NUL character",
    "\x1b": "an ESC character",
    "\x85": "an invisible line break (U+0085)",
    "\u2028": "an invisible line break (U+2028)",
    "\u2029": "an invisible line break (U+2029)",
    "\ufeff": "a byte order mark (U+FEFF)",
    "\xa0": "a non-breaking space (U+00A0)",
    "\u3000": "a wide space (U+3000)",
}


class Lines:
    """Where offsets in a text lie."""

    def __init__(self, text: str) -> None:
        self.starts = [0, *(match.end() for match in _LINE_END.finditer(text))]

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both from 1."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1


def _odd_characters(text: str, source: str) -> Iterator[Problem]:
    """Characters that no playbook needs and that YAML would misread, one problem a line at most."""
    found: dict[int, tuple[int, str, str]] = {}
    lines = Lines(text)
    for match in islice(_NOT_PRINTABLE.finditer(text), 10_000):
        line, column = lines.position(match.start())
        name = _NAMES.get(match.group(), f"a control character (U+{ord(match.group()):04X})")
        hint = "use spaces" if match.group() == "\t" else "delete it"
        found.setdefault(line, (column, f"{name} is not allowed here", hint))
        if len(found) >= MAX_PROBLEMS:
            break
    for match in _ODD_INDENT.finditer(text):
        line, column = lines.position(match.start(1))
        name = _NAMES.get(match.group(1), f"an odd space (U+{ord(match.group(1)):04X})")
        found.setdefault(line, (column, f"{name} stands in the indent", "indent with plain spaces"))
        if len(found) >= MAX_PROBLEMS:
            break
    for line, (column, message, hint) in sorted(found.items()):
        yield Problem(source=source, line=line, column=column, message=message, hint=hint)


@dataclass(slots=True)
class _Open:
    """A list or mapping that is being read. `key` waits for its value."""

    mark: Any
    items: list[Node] | None = None
    pairs: list[tuple[ScalarNode, Node]] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    key: ScalarNode | None = None
    bad_key: bool = False


class _TooMuch(Exception):  # noqa: N818
    """The file is refused as a whole; its problem is already noted."""


_STYLES = {None: "plain", "": "plain", "'": "single", '"': "double", "|": "literal", ">": "folded"}


class _Reader:
    """One pass over the events of the parser, with an own stack instead of recursion."""

    def __init__(self, source: str, text: str) -> None:
        self.source = source
        self.text = text
        self.problems: list[Problem] = []
        self.stack: list[_Open] = []
        self.root: Node | None = None
        self.count = 0
        self.documents = 0
        self.anchors = False

    def read(self) -> Node | None:
        import yaml

        loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
        whole = True
        try:
            for event in yaml.parse(self.text, Loader=loader):
                self._take(event, yaml)
        except yaml.MarkedYAMLError as error:
            line, column, message, hint = explain(error, self.text)
            self._add(line, column, message, hint)
            whole = False
        except _TooMuch:
            whole = False
        except (yaml.YAMLError, RecursionError, ValueError):
            self._add(1, 1, "the file cannot be read as YAML", QUOTE_HINT)
            whole = False
        if whole and self.documents == 0:
            self._add(1, 1, "the file is empty", "start from an example: followup playbook new my_playbook")
        self.problems.sort(key=lambda problem: (problem.line, problem.column))
        return self.root if whole and not self.anchors else None

    def _add(self, line: int, column: int, message: str, hint: str) -> None:
        self.problems.append(Problem(source=self.source, line=line, column=column, message=message, hint=hint))
        if len(self.problems) >= MAX_PROBLEMS:
            raise _TooMuch

    def _at(self, mark: Any, message: str, hint: str) -> None:
        self._add(mark.line + 1, mark.column + 1, message, hint)

    def _take(self, event: Any, yaml: Any) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._count(event)
            self._refuse_marks(event)
            self._put(self._scalar(event))
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._count(event)
            self._refuse_marks(event)
            if len(self.stack) >= MAX_DEPTH:
                self._at(event.start_mark, f"nested deeper than {MAX_DEPTH} levels", "a playbook needs about five")
                raise _TooMuch
            items: list[Node] | None = [] if isinstance(event, yaml.SequenceStartEvent) else None
            self.stack.append(_Open(event.start_mark, items))
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            done = self.stack.pop()
            line, column = done.mark.line + 1, done.mark.column + 1
            if done.items is None:
                self._put(MappingNode(tuple(done.pairs), line, column))
            else:
                self._put(SequenceNode(tuple(done.items), line, column))
        elif isinstance(event, yaml.AliasEvent):
            self._count(event)
            self._at(
                event.start_mark,
                f"*{shown(event.anchor)} is read as a reference, and references are not allowed",
                QUOTE_HINT,
            )
            self._put(ScalarNode("", event.start_mark.line + 1, event.start_mark.column + 1))
        elif isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if event.tags:
                self._at(event.start_mark, "tags are not allowed", "delete the line that begins with %TAG")
            if self.documents > 1:
                self._at(
                    event.start_mark,
                    "a second document begins here",
                    "delete the line ---: one file, one playbook",
                )
                raise _TooMuch

    def _count(self, event: Any) -> None:
        self.count += 1
        if self.count > MAX_NODES:
            self._at(event.start_mark, f"more than {MAX_NODES:,} values", "split the file")
            raise _TooMuch

    def _refuse_marks(self, event: Any) -> None:
        if event.anchor is not None:
            self.anchors = True
            message = f"&{shown(event.anchor)} is read as an anchor, and anchors are not allowed"
            self._at(event.start_mark, message, f"write the text out, or {QUOTE_HINT}")
        if event.tag is not None:
            tag = shown(event.tag.replace("tag:yaml.org,2002:", "!!"))
            message = f"{tag} is read as a tag, and tags are not allowed"
            self._at(event.start_mark, message, f"delete it, or {QUOTE_HINT}")

    def _scalar(self, event: Any) -> ScalarNode:
        start, end = event.start_mark, event.end_mark
        style = _STYLES.get(event.style, "plain")
        cut = self._cut_after(end.index) if style == "plain" else ""
        return ScalarNode(event.value, start.line + 1, start.column + 1, style, start.index, end.index, cut)

    def _cut_after(self, offset: int) -> str:
        rest = self.text[offset : offset + 2]
        if not rest.startswith(" ") or "#" not in self.text[offset : offset + 200]:
            return ""
        rest = _LINE_END.split(self.text[offset : offset + 1000], maxsplit=1)[0].strip()
        return rest if rest.startswith("#") else ""

    def _put(self, node: Node) -> None:
        if not self.stack:
            self.root = node
            return
        top = self.stack[-1]
        if top.items is not None:
            top.items.append(node)
        elif top.key is None and not top.bad_key:
            self._put_key(top, node)
        else:
            if top.key is not None:
                top.pairs.append((top.key, node))
            top.key, top.bad_key = None, False

    def _put_key(self, top: _Open, node: Node) -> None:
        if not isinstance(node, ScalarNode):
            kind = "mapping" if isinstance(node, MappingNode) else "list"
            self._add(node.line, node.column, f"found a {kind} where a key should be", QUOTE_HINT)
            top.bad_key = True
        elif not node.text:
            self._add(node.line, node.column, "a key is missing before the colon", QUOTE_HINT)
            top.bad_key = True
        elif (odd := _ODD_SPACE.search(node.text)) is not None:
            name = _NAMES.get(odd.group(), f"an odd space (U+{ord(odd.group()):04X})")
            self._add(node.line, node.column, f'the key "{shown(node.text)}" holds {name}', "use plain spaces")
            top.bad_key = True
        elif node.text in top.lines:
            first = top.lines[node.text]
            place = f"lines {first} and {node.line}" if first != node.line else f"line {first}, twice"
            self._add(node.line, node.column, f'the key "{shown(node.text)}" stands on {place}', "keep one of them")
            top.bad_key = True
        else:
            top.lines[node.text] = node.line
            top.key = node


def shown(text: str, limit: int = 40) -> str:
    """A piece of a user's text as it may stand in a sentence: one line, short, without control characters."""
    flat = "".join(c if c.isprintable() else " " for c in " ".join(text.split()))
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"


# What the parser says, in plain words. Each row: a pattern for its words, the sentence, the hint, and whether
# the place is where the construct began (True) or where the parser gave up.
_SENTENCES: tuple[tuple[str, str, str, bool], ...] = (
    (r"mapping values are not allowed", 'a colon followed by a space is read as "key: value"', "", False),
    (
        r"sequence entries are not allowed",
        '"- " in this place is read as a list',
        "put the list on lines of its own, or " + QUOTE_HINT,
        False,
    ),
    (r"cannot start any token", "text cannot begin with {char}", QUOTE_HINT, False),
    (
        r"escape|hexdecimal|Unicode",
        "a backslash in double quotes begins an escape that does not exist",
        "use single quotes",
        True,
    ),
    (
        r"unexpected end of stream|unexpected document separator|unexpected document indicator",
        "the quote that opens here is never closed",
        "add the closing quote",
        True,
    ),
    (
        r"comment or (a )?line break|chomping or indentation|indentation indicator",
        'text that begins with "|" or ">" is read as a block that starts on the next line',
        QUOTE_HINT,
        True,
    ),
    (
        r"could not find expected ':'",
        'this line has no "key:"',
        "indent it further than the line it continues, or " + QUOTE_HINT,
        True,
    ),
    (
        r"expected ',' or '[\]}]'",
        "this list or mapping is never closed: ] or } is missing",
        "add the bracket, or " + QUOTE_HINT,
        True,
    ),
    (r"alphabetic or numeric character", 'text cannot begin with "*" or "&"', QUOTE_HINT, True),
    (
        r"(?i)incompatible YAML|%YAML|directive",
        "lines that begin with % are not part of the language",
        "delete the line",
        False,
    ),
    (r"tag", "text that begins with ! is read as a tag, and tags are not allowed", QUOTE_HINT, True),
    (r"<document start>", "this line does not belong to the document above", "check the indentation", False),
    (r"node content", "{char} cannot stand here", QUOTE_HINT, False),
    (r"tab", "a tab is not allowed here", "use spaces", False),
)


def explain(error: Any, text: str) -> tuple[int, int, str, str]:
    """Line, column, sentence and hint for an error of the YAML parser."""
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return 1, 1, "the file cannot be read as YAML", QUOTE_HINT
    lines = _LINE_END.split(text)
    at = min(mark.line, len(lines) - 1)
    char = lines[at][mark.column : mark.column + 1] if at == mark.line else ""
    before = lines[at][: mark.column].rstrip() if at == mark.line else lines[at].rstrip()
    for pattern, sentence, hint, at_start in _SENTENCES:
        if re.search(pattern, error.problem or ""):
            place = error.context_mark if at_start and error.context_mark is not None else mark
            if "{char}" in sentence and not char:
                sentence, hint = "something is missing here", "write a value, or delete the line"
            hint = hint or _quoted_line(lines[at], mark.column)
            return _place(place, lines, sentence.replace("{char}", f'"{char}"'), hint)
    if before.endswith(('"', "'", "]", "}")):
        closed = "quote" if before[-1] in "\"'" else f'"{before[-1]}"'
        return _place(mark, lines, f"text goes on after the closing {closed}", f"{QUOTE_HINT}, the whole of it")
    if char and char in "]}":
        return _place(mark, lines, f'"{char}" closes nothing', f"delete it, or {QUOTE_HINT}")
    return _place(mark, lines, "this line does not fit the lines above", "check its indentation")


def _place(mark: Any, lines: list[str], sentence: str, hint: str) -> tuple[int, int, str, str]:
    """A problem at a mark; one behind the end of the file is put at the end of its last line."""
    if mark.line >= len(lines):
        return len(lines), len(lines[-1]) + 1, sentence, hint
    line = lines[mark.line]
    odd = _ODD_SPACE.search(line)
    if odd is not None:
        name = _NAMES.get(odd.group(), f"an odd space (U+{ord(odd.group()):04X})")
        hint = f"replace {name} by a plain space, or {hint}"
    return mark.line + 1, mark.column + 1, sentence, hint


def _quoted_line(line: str, column: int) -> str:
    """The hint for `key: text: more`: the line as it should be, where it is short enough to show."""
    match = re.match(r"\s*(?:- )*([\w-]+): +(.+)$", line)
    if match is None or match.start(2) > column:
        return f"{QUOTE_HINT}, or check the indentation"
    value = match.group(2).strip()
    if len(value) > 60 or '"' in value or "\\" in value:
        return QUOTE_HINT
    return f'{QUOTE_HINT}: {match.group(1)}: "{value}"'
