"""Delimiter-separated files with headings, as any tool exports them: text with positions, nothing guessed silently.

The encoding is proved on the whole file before the first row is given: a byte order mark, else UTF-16 by its pattern
of NULs, else strict UTF-8, else Windows-1252 with a notice and only where the letters stand as Western words have
them. Everything else is refused with the encoding it may be. Rows are read one at a time, so a file may be larger
than memory.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice, pairwise
from pathlib import Path
from typing import BinaryIO, NamedTuple, NoReturn, TextIO

from followup.errors import BadFileError, FollowupError, NotFoundError, Problem
from followup.files.csv_out import GUARD_COLUMN, unguard
from followup.files.header_words import is_known_heading

DELIMITERS = (",", ";", "\t", "|")
MAX_CELL = 1024 * 1024  # characters; the csv module's own limit of 131,072 is met by long notes
MAX_LINE = 8 * 1024 * 1024  # characters of one physical line
MAX_PREAMBLE = 10  # records before the headings, such as the notes on top of some exports
_SAMPLE = 20  # records that decide about the delimiter
_CHUNK = 1024 * 1024
_DELIMITER_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


class Row(NamedTuple):
    """One record: the physical line it begins on (from 1), its cells, and what is wrong with its shape, or ''.

    A tuple, because a large file makes millions of them.
    """

    line: int
    cells: tuple[str, ...]
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How the file was read: encoding as Python names it, and the delimiter itself."""

    encoding: str
    delimiter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table file. `rows` gives a new iterator each time; faults that end the file raise BadFileError on the way.

    A heading that stands twice is told apart as `email` and `email (2)`; `duplicates` names all that are concerned.
    """

    source: str
    headers: tuple[str, ...]
    dialect: Dialect
    notices: tuple[str, ...] = ()
    duplicates: frozenset[str] = frozenset()
    header_line: int = 1
    _rows: Callable[[], Iterator[Row]] = field(repr=False, compare=False)

    @property
    def rows(self) -> Iterator[Row]:
        """All rows from the top; blank lines are left out, ragged rows come with their `fault`."""
        return self._rows()

    def sample(self, count: int = 200) -> list[Row]:
        """The first rows, for guessing what the columns hold."""
        return list(islice(self.rows, count))


def read_table(source: Path | bytes, *, source_name: str = "", encoding: str = "") -> Table:
    """Open a delimiter-separated file with headings: comma, semicolon, tab or bar, told by the headings.

    `source` is the path of a regular file, or its bytes; `source_name` is what messages call it. `encoding` overrides
    the detection. Raises NotFoundError, or BadFileError with the line, for a file that cannot be read as a whole; the
    shape of the rows is looked at only when they are read.
    """
    name = source_name or (source.name if isinstance(source, Path) else "input")
    data = _Source(source, name)
    found, notices = (_given_encoding(data, encoding), ()) if encoding else _find_encoding(data)
    layout = _find_layout(data, found)
    if layout.notice:
        notices = (*notices, layout.notice)
    headers, duplicates = _headings(layout.cells)
    guarded = GUARD_COLUMN in headers
    table_headers = tuple(unguard(h) for h in headers if h != GUARD_COLUMN) if guarded else headers
    return Table(
        source=name,
        headers=table_headers,
        dialect=Dialect(encoding=found, delimiter=layout.delimiter),
        notices=notices,
        duplicates=duplicates,
        header_line=layout.line,
        _rows=lambda: _rows(data, found, layout, headers),
    )


# ---------------------------------------------------------------------------------- bytes and encoding


@dataclass(frozen=True, slots=True)
class _Source:
    """A file or bytes that can be opened again from the start."""

    what: Path | bytes
    name: str

    def open(self) -> BinaryIO:
        if isinstance(self.what, bytes):
            return io.BytesIO(self.what)
        try:
            mode = self.what.stat().st_mode
            if stat.S_ISDIR(mode):
                raise BadFileError(f"{self.name} is a folder, not a table", hint="name a CSV file in it")
            if not stat.S_ISREG(mode):
                raise BadFileError(f"{self.name} is not a regular file", hint="save the table as a file first")
            return self.what.open("rb")
        except FileNotFoundError:
            raise NotFoundError(f"there is no file {self.what}", hint="check the name and the folder") from None
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or str(error)
            raise BadFileError(f"{self.name} cannot be read: {why.lower()}") from error

    def text(self, encoding: str) -> TextIO:
        return io.TextIOWrapper(self.open(), encoding=encoding, errors="strict", newline="")

    def refuse(self, message: str, *, line: int = 0, column: int = 0, hint: str = "") -> NoReturn:
        """Raise BadFileError with the sentence and, the same again with its position, as the one problem."""
        place = f"{self.name}, line {line}" if line else self.name
        problem = Problem(source=self.name, line=line, column=column, message=message, hint=hint)
        raise BadFileError(f"{place}: {message}", hint=hint, problems=[problem])


_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def _find_encoding(data: _Source) -> tuple[str, tuple[str, ...]]:
    with data.open() as file:
        head = file.read(4096)
    if len(head) < 4096 and not head.strip(b"\x00\t\n\r ,;|\xef\xbb\xbf\xfe\xff"):
        data.refuse("the file is empty", hint="export it again with a line of headings")
    marked = next((encoding for mark, encoding in _MARKS if head.startswith(mark)), "")
    tries = [marked] if marked else [*_wide_without_mark(head), "utf-8"]
    for encoding in tries:
        if not (line := _first_bad_line(data, encoding)):
            return encoding, ()
        if encoding == marked or encoding.startswith("utf-16"):
            data.refuse(f"the file begins as {encoding.upper()}, but this line is not", line=line, hint=_SAVE_AGAIN)
    if _first_bad_line(data, "cp1252") or not _reads_western(data):
        _refuse_encoding(data)
    notice = f"{data.name} is not UTF-8; it was read as Windows-1252: have a look at names with accents"
    return "cp1252", (notice,)


def _refuse_encoding(data: _Source) -> NoReturn:
    guess = _likely_encoding(data)
    name = f"perhaps --encoding {guess}" if guess else "such as --encoding cp1250"
    hint = f"{_SAVE_AGAIN}, or name its encoding, {name}"
    data.refuse("the file is neither UTF-8 nor Windows-1252", line=_first_bad_line(data, "utf-8"), hint=hint)


_SAVE_AGAIN = "save it again as CSV UTF-8"


def _given_encoding(data: _Source, encoding: str) -> str:
    try:
        name = codecs.lookup(encoding).name
        "".encode(name)
    except (LookupError, TypeError, ValueError):
        raise FollowupError(
            f"there is no encoding called {encoding!r}", hint="for example utf-8, cp1252, cp1250"
        ) from None
    if name == "utf-8":
        with data.open() as file:
            name = "utf-8-sig" if file.read(3) == codecs.BOM_UTF8 else name
    if line := _first_bad_line(data, name):
        data.refuse(f"this line is not {encoding}", line=line, hint=_SAVE_AGAIN)
    return name


def _wide_without_mark(head: bytes) -> list[str]:
    """UTF-16 without a mark: headings are mostly plain letters, so every other byte of the first line is NUL."""
    first = re.split(rb"\n\x00|\x00\n|\r\x00|\x00\r", head[:2048], maxsplit=1)[0]
    half = len(first) // 2
    even, odd = first[::2].count(0), first[1::2].count(0)
    if half and odd >= 0.6 * half and even <= 0.05 * half:
        return ["utf-16-le"]
    if half and even >= 0.6 * half and odd <= 0.05 * half:
        return ["utf-16-be"]
    return []


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    return iter(lambda: file.read(_CHUNK), b"")


def _first_bad_line(data: _Source, encoding: str) -> int:
    """Give the line of the first byte that `encoding` cannot read, or 0 when the whole file is fine."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    line = 1
    with data.open() as file:
        try:
            for chunk in _chunks(file):
                line += _line_ends(decoder.decode(chunk))
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            return line + _line_ends(error.object[: error.start].decode(encoding, "replace"))
    return 0


def _line_ends(text: str) -> int:
    return text.count("\n") + text.count("\r") - text.count("\r\n")


# Signs that bytes of another code page were taken for Windows-1252: what no Western word puts together.
_ACCENTED = "À-ÖØ-öø-ÿŒœŠšŸŽž"
_LETTER = f"[A-Za-z{_ACCENTED}]"
_SIGN = "£¥¤¢¦§¨¬¯±¶¸¼½¾÷†‡ˆ‰˜ƒ"
_ODD = re.compile(
    rf"(?<!{_LETTER})[{_ACCENTED}]{{3,}}(?!{_LETTER})|[{_ACCENTED}]{{4,}}"  # words of accented letters alone
    rf"|(?<={_LETTER})[{_SIGN}‚]|[{_SIGN}](?={_LETTER})"  # a sign beside a letter
    rf"|(?<={_LETTER})[“‘„«»‹›¹²³¡¿ª°©®™µ](?={_LETTER})"  # a sign within a word
    rf"|(?<={_LETTER})‘(?!{_LETTER})"  # a word that ends in an opening quote
    rf"|(?<=[a-z{_ACCENTED}])[ŒŠŸŽ]|(?<=[A-Z])[ŒŠŸŽ](?=[a-z])"  # a capital inside a word of small letters
)
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_ODD_SHARE = 0.15
_ENOUGH_TO_GUESS = 60  # bytes above 127: a guess from fewer names is as often wrong as right


def _reads_western(data: _Source) -> bool:
    odd = total = 0
    with data.text("cp1252") as text:
        for part in iter(lambda: text.read(_CHUNK), ""):
            total += len(_NOT_ASCII.findall(part))
            odd += sum(len(_NOT_ASCII.findall(match[0])) for match in _ODD.finditer(part))
    return odd <= _ODD_SHARE * total


def _likely_encoding(data: _Source) -> str:
    from charset_normalizer import from_bytes  # only for files that are refused: it costs 0.1 s

    with data.open() as file:
        lines = (line for chunk in _chunks(file) for line in chunk.split(b"\n") if not line.isascii())
        sample = b"\n".join(islice(lines, 400))[: 64 * 1024]
    if sum(byte > 127 for byte in sample) < _ENOUGH_TO_GUESS:
        return ""
    best = from_bytes(sample).best()
    return best.encoding if best else ""


# ----------------------------------------------------------------------------------- records of a file


class _Lines:
    """The physical lines of a text, counted, each with its line end; the csv reader pulls them one by one.

    `record` keeps the lines of the record in hand, so that a fault can be shown where it began.
    """

    def __init__(self, data: _Source, text: TextIO) -> None:
        self.data = data
        self.text = text
        self.number = 0
        self.record: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self.text.readline(MAX_LINE + 1)
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) > MAX_LINE:
            self.data.refuse("the line is longer than 8 MiB", line=self.number, hint="is this a table with line ends?")
        if "\0" in line:
            column = line.index("\0") + 1
            self.data.refuse(
                "the line holds a NUL character",
                line=self.number,
                column=column,
                hint="export the table again",
            )
        self.record.append(line)
        return line


def _records(lines: _Lines, delimiter: str, skip_space: bool) -> Iterator[tuple[int, list[str]]]:
    """Give (first physical line, cells) of every record; refuse what cannot be told apart safely."""
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=skip_space)
    while True:
        first = lines.number + 1
        lines.record.clear()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            opened, broken = _quotes("".join(lines.record), delimiter, skip_space)
            _refuse_record(lines.data, first, opened, broken, too_long="field larger" in str(error))
        yield first, cells


def _refuse_record(
    data: _Source, first: int, opened: tuple[int, int], broken: tuple[int, int] | None, *, too_long: bool
) -> NoReturn:
    """Say which quote is at fault: where it was opened, and where text follows the one that closes it."""
    line = first + opened[0]
    if too_long:
        data.refuse(
            "the cell that begins on this line is longer than 1 MiB",
            line=line,
            hint="is its quote ever closed?",
        )
    if broken is None:
        data.refuse(
            "the quote opened on this line is never closed",
            line=line,
            column=opened[1],
            hint="close it with a second quote, or take it away",
        )
    end = first + broken[0]
    since = "" if end == line else f" (the quote was opened on line {line})"
    data.refuse(
        f"text follows the closing quote of a cell{since}",
        line=end,
        column=broken[1],
        hint='write a quote inside a cell twice: ""',
    )


def _quotes(text: str, delimiter: str, skip_space: bool) -> tuple[tuple[int, int], tuple[int, int] | None]:
    """Walk through a record: where its last quoted cell opens, and where text follows a closing quote.

    Places are (lines after the first, column from 1).
    """
    row = column = 0
    opened: tuple[int, int] = (0, 1)
    state = "start"
    ends = (delimiter, "\n", "\r")
    for previous, char in pairwise(f"\n{text}"):
        if previous == "\r" and char != "\n":
            row, column = row + 1, 0
        column += 1
        if state == "quoted":
            state = "closing" if char == '"' else state
        elif state == "closing" and char == '"':
            state = "quoted"
        elif char in ends:
            state = "start"
        elif state == "closing":
            return opened, (row, column)
        elif char == '"' and state == "start":
            state, opened = "quoted", (row, column)
        elif not (char == " " and state == "start" and skip_space):
            state = "plain"
        if char == "\n":
            row, column = row + 1, 0
    return opened, None


# -------------------------------------------------------------------------- delimiter, headings, shape


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the table begins and how its cells are parted."""

    delimiter: str
    skip_space: bool
    skip_records: int  # records before the headings
    line: int  # of the headings
    cells: tuple[str, ...]
    known: int
    even: int
    notice: str = ""


_SEP_LINE = re.compile(r'"?sep=([^\r\n])"?(?:\r\n|\r|\n|$)', re.IGNORECASE)


def _find_layout(data: _Source, encoding: str) -> _Layout:
    """Choose the delimiter whose headings are known, then the one that parts most and evenly; `sep=;` is obeyed."""
    with data.text(encoding) as text:
        stated = _SEP_LINE.fullmatch(text.readline(16))
    if stated and stated[1] not in DELIMITERS:
        data.refuse(f"the first line asks for {stated[1]!r} between cells", line=1, hint="use one of , ; tab |")
    layouts: list[_Layout] = []
    failures: list[FollowupError] = []
    for delimiter in [stated[1]] if stated else DELIMITERS:
        try:
            layouts.append(_try_layout(data, encoding, delimiter, preamble=1 if stated else 0))
        except BadFileError as error:
            failures.append(error)
    if not layouts:
        raise failures[0]
    best = max(layouts, key=lambda layout: (layout.known, layout.even, len(layout.cells)))
    if len(best.cells) == 1 and not best.known:
        shown = best.cells[0] if len(best.cells[0]) <= 60 else best.cells[0][:59] + "…"
        data.refuse(
            f"only one column was found, {shown!r}",
            line=best.line,
            hint="part the cells with commas, semicolons, tabs or bars, and begin with a line of headings",
        )
    return best


def _try_layout(data: _Source, encoding: str, delimiter: str, *, preamble: int) -> _Layout:
    with data.text(encoding) as text:
        lines = _Lines(data, text)
        head: list[tuple[int, list[str]]] = []
        try:
            for record in islice(_records(lines, delimiter, skip_space=True), _SAMPLE):
                head.append(record)
        except BadFileError:
            # A fault further down is told when the rows are read; here it only matters if it spoils the
            # headings.
            if len(head) <= preamble:
                raise
    candidates = [
        (index, line, cells) for index, (line, cells) in enumerate(head) if index >= preamble and _filled(cells)
    ]
    if not candidates:
        data.refuse("the file has no line of headings", hint="export it again with a line of headings")
    index, line, cells = candidates[0]
    if _known(cells) < 2 and _filled(cells) <= 1:
        for later in candidates[1:MAX_PREAMBLE]:
            if _known(later[2]) >= 2 and len(later[2]) > len(cells):
                index, line, cells = later
                break
    skipped = f"what stands before the headings on line {line} was left out" if index > preamble else ""
    spaced = len(cells) > 1 and all(cell.startswith(" ") for cell in _raw_cells(data, encoding, delimiter, index)[1:])
    rest = [cells for _, cells in head[index + 1 :] if _filled(cells)]
    return _Layout(
        delimiter=delimiter,
        skip_space=spaced,
        skip_records=index,
        line=line,
        cells=tuple(cells),
        known=_known(cells),
        even=len(cells) > 1 and all(len(row) == len(cells) for row in rest),
        notice=skipped,
    )


def _raw_cells(data: _Source, encoding: str, delimiter: str, index: int) -> list[str]:
    """The headings with their leading spaces; `name, email` means that a space follows every delimiter."""
    with data.text(encoding) as text:
        try:
            return next(islice(_records(_Lines(data, text), delimiter, skip_space=False), index, None))[1]
        except BadFileError:  # `name, "e-mail"`: a quote behind a space is read as one only when spaces are skipped
            return ["", " "]


def _known(cells: list[str]) -> int:
    return sum(is_known_heading(cell) for cell in cells)


def _filled(cells: list[str]) -> int:
    return sum(1 for cell in cells if cell.strip())


def _headings(cells: tuple[str, ...]) -> tuple[tuple[str, ...], frozenset[str]]:
    """Give the headings, each once: the second `email` becomes `email (2)`, an empty one `column 7`."""
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    names: list[str] = []
    twice: set[str] = set()
    for number, cell in enumerate(cells, start=1):
        plain = " ".join(cell.replace("\ufeff", "").split()) or f"column {number}"
        name, count = plain, 1
        while name in names:
            count += 1
            name = f"{plain} ({count})"
        if count > 1:
            twice |= {plain, name}
        names.append(name)
    return tuple(names), frozenset(twice)


_FOOTER = re.compile(r"copyright \(c\) .*|confidential information.*|generated by:.*", re.IGNORECASE | re.DOTALL)


def _rows(data: _Source, encoding: str, layout: _Layout, headers: tuple[str, ...]) -> Iterator[Row]:
    """Give the rows below the headings. A guard written by followup is taken off again.

    Single cells behind the last blank line are the footer of a report when one of them says so, and no rows.
    """
    width = len(headers)
    guard = headers.index(GUARD_COLUMN) if GUARD_COLUMN in headers else -1
    footer: list[Row] = []
    after_blank = False
    with data.text(encoding) as text:
        records = _records(_Lines(data, text), layout.delimiter, layout.skip_space)
        for line, cells in islice(records, layout.skip_records + 1, None):
            count = len(cells)
            if not count or not "".join(cells).strip():
                after_blank = True
                continue
            row = Row(line, tuple(cells)) if count == width else _fit(line, cells, width)
            if row.fault and count == 1 < width and (after_blank or 0 < len(footer) < MAX_PREAMBLE):
                footer.append(row)
                after_blank = False
                continue
            yield from footer
            footer.clear()
            after_blank = False
            yield _unguarded(row, guard) if guard >= 0 and not row.fault else row
    if not any(_FOOTER.fullmatch(row.cells[0].strip()) for row in footer):
        yield from footer


def _fit(line: int, cells: list[str], width: int) -> Row:
    """A row of another length than the headings: empty cells too many are no loss, anything else is a fault."""
    if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
        return Row(line, tuple(cells[:width]))
    count = len(cells)
    plural = "cell" if count == 1 else "cells"
    return Row(line, tuple(cells), f"this row has {count} {plural}, the headings have {width}")


def _unguarded(row: Row, guard: int) -> Row:
    kept = row.cells[:guard] + row.cells[guard + 1 :]
    return Row(row.line, tuple(unguard(cell) for cell in kept) if row.cells[guard].strip() else kept)


def delimiter_name(delimiter: str) -> str:
    """Give a delimiter in words, for sentences: `semicolons`."""
    return _DELIMITER_NAMES.get(delimiter, repr(delimiter))
