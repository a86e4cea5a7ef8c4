"""The records of a delimiter-separated text, each with the physical line it begins on; quoting faults with their place.

The csv module parts the cells. What it cannot tell apart safely is refused here: a quote that is never closed, one
that is closed by chance further down and would swallow the rows between, text behind a closing quote, NUL.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import chain, islice, pairwise
from typing import NamedTuple, NoReturn

from followup.files.sources import MAX_LINE, Source, line_ends

MAX_CELL = 1024 * 1024  # characters; the csv module's own limit of 131,072 is met by long notes
_SPLIT_HINT = "is this a table with line ends?"


class Form(NamedTuple):
    """How the cells of a file are written: what parts and quotes them, and whether a space follows the delimiter.

    `wrapped`: every line is in quotes as a whole, with the cells inside.
    """

    delimiter: str
    quote: str = '"'
    skip_space: bool = False
    wrapped: bool = False


def lines(source: Source, encoding: str) -> Iterator[str]:
    """Give the physical lines, each with its line end. Raises BadFileError for NUL and for lines above 8 MiB."""
    return chain.from_iterable(_blocks(source, encoding))


def _blocks(source: Source, encoding: str) -> Iterator[io.StringIO]:
    """The text in blocks of whole lines; a StringIO parts them at LF, CR LF and CR, and at nothing else."""
    number, kept = 1, ""
    for text in source.text(encoding):
        if "\0" in text:
            _refuse_nul(source, number, kept + text)
        block = kept + text if kept else text
        cut = max(block.rfind("\n"), block.rfind("\r")) + 1
        # A CR at the very end of a block is a line end: `Source.text` never parts CR LF.
        kept = block[cut:]
        if len(block) > MAX_LINE:
            for line, written in enumerate(io.StringIO(block, newline=""), start=number):
                if len(written) > MAX_LINE:
                    source.refuse("the line is longer than 8 MiB", line=line, hint=_SPLIT_HINT)
        if cut:
            yield io.StringIO(block[:cut], newline="")
            number += line_ends(block[:cut])
    if kept := kept.rstrip("\x1a"):  # the last sign of old DOS files
        yield io.StringIO(kept, newline="")


def _refuse_nul(source: Source, number: int, text: str) -> NoReturn:
    before = text[: text.index("\0")]
    column = len(before) - max(before.rfind("\n"), before.rfind("\r"))
    if not text[len(before) :].strip("\0\r\n\x1a"):
        hint = "it was not written to its end: export or copy it again"
        source.refuse("the file ends in NUL characters", line=number + line_ends(before), column=column, hint=hint)
    source.refuse(
        "the line holds a NUL character",
        line=number + line_ends(before),
        column=column,
        hint="export the table again; no text has NUL in it",
    )


def records(source: Source, encoding: str, form: Form) -> Iterator[tuple[int, int, list[str]]]:
    """Give (first physical line, last physical line, cells) of every record; an empty line is a record of no cells.

    Raises BadFileError where a cell is longer than 1 MiB or quotes do not pair.
    """
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(
        lines(source, encoding),
        delimiter=form.delimiter,
        quotechar=form.quote,
        strict=True,
        skipinitialspace=form.skip_space,
    )
    first = 1
    try:
        for cells in reader:
            last = reader.line_num
            yield first, last, (unwrapped(cells, form) or cells) if form.wrapped else cells
            first = last + 1
    except csv.Error as error:
        text = "".join(islice(lines(source, encoding), first - 1, reader.line_num))
        _refuse_record(source, first, _quotes(text, form), too_long="field larger" in str(error))


def unwrapped(cells: Sequence[str], form: Form) -> list[str]:
    """Give the cells of a line that is in quotes as a whole, `"Ann;""a; b"";a@x.example"`, or none when it is not."""
    if not cells or form.delimiter not in cells[0] or any(cells[1:]):
        return []
    written = io.StringIO(cells[0], newline="")
    try:
        found = list(csv.reader(written, delimiter=form.delimiter, quotechar=form.quote, strict=True))
    except csv.Error:
        return []
    return found[0] if len(found) == 1 else []


class _Quotes(NamedTuple):
    """Where the last quoted cell of a record opens, and where text follows the closing quote of one.

    Places are (lines after the first, column from 1).
    """

    opened: tuple[int, int]
    broken: tuple[int, int] | None = None
    escaped: bool = False


def _refuse_record(source: Source, first: int, quotes: _Quotes, *, too_long: bool) -> NoReturn:
    """Say which quote is at fault, at the line where it was opened."""
    opened, broken, escaped = quotes
    line = first + opened[0]
    if too_long:
        hint = "is its quote ever closed?"
        source.refuse("the cell that begins on this line is longer than 1 MiB", line=line, hint=hint)
    if broken is None:
        hint = "close it with a second quote, or take it away"
        source.refuse("the quote opened on this line is never closed", line=line, column=opened[1], hint=hint)
    end = first + broken[0]
    if end != line:
        source.refuse(
            f"the quote opened on this line meets another one on line {end}, and text follows that",
            line=line,
            column=opened[1],
            hint='close it on its own line, or take it away; a quote inside a cell is written twice: ""',
        )
    hint = 'write a quote inside a cell twice: ""'
    if escaped:
        hint = 'write a quote inside a cell twice, "", not as \\"'
    source.refuse("text follows the closing quote of a cell", line=end, column=broken[1], hint=hint)


def _quotes(text: str, form: Form) -> _Quotes:
    row = column = 0
    opened: tuple[int, int] = (0, 1)
    state = "start"
    ends = (form.delimiter, "\n", "\r")
    before = ""
    for previous, char in pairwise(f"\n{text}"):
        if previous == "\r" and char != "\n":
            row, column = row + 1, 0
        column += 1
        if state == "quoted":
            if char == form.quote:
                state, before = "closing", previous
        elif state == "closing" and char == form.quote:
            state = "quoted"
        elif char in ends:
            state = "start"
        elif state == "closing":
            return _Quotes(opened, (row, column), escaped=before == "\\")
        elif char == form.quote and state == "start":
            state, opened = "quoted", (row, column)
        elif not (char == " " and state == "start" and form.skip_space):
            state = "plain"
        if char == "\n":
            row, column = row + 1, 0
    return _Quotes(opened)
