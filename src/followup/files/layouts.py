"""Where the table begins in a file of text, what parts and quotes its cells, and what its headings are."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from followup.errors import BadFileError
from followup.files.header_words import is_known_heading
from followup.files.records import Form, lines, records
from followup.files.report_rows import is_units_line
from followup.files.sources import Source

DELIMITERS = (",", ";", "\t", "|")
MAX_PREAMBLE = 20  # records before the headings, such as the notes on top of some exports
_SAMPLE = 40  # records that decide about the delimiter
_EVEN = 0.9  # of the lines in quotes as a whole, the share that has as many cells as the headings
_HEADINGS_HINT = "export it again with a line of headings"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where the table begins and how its cells are parted. `sample` are whole records below the headings."""

    form: Form
    skip_records: int  # records up to the headings, and a line of units below them
    line: int  # of the headings
    cells: tuple[str, ...]
    known: int = 0
    even: float = 0.0
    sample: tuple[tuple[str, ...], ...] = ()
    notices: tuple[str, ...] = ()


_SEP_LINE = re.compile(r'\ufeff?"?sep=([^\r\n])"?[,;\t|]*(?:\r\n|\r|\n|$)', re.IGNORECASE)


def find_layout(source: Source, encoding: str) -> Layout:
    """Choose the delimiter whose headings are known, then the one that parts most and evenly; `sep=;` is obeyed.

    Raises BadFileError where there are no headings, only one column that is not known, or headings that are values.
    """
    stated = _SEP_LINE.fullmatch(next(lines(source, encoding), "")[:24])
    if stated and stated[1] not in DELIMITERS:
        source.refuse(f"the first line asks for {stated[1]!r} between cells", line=1, hint="use one of , ; tab |")
    layouts: list[Layout] = []
    failures: list[BadFileError] = []
    for delimiter in [stated[1]] if stated else DELIMITERS:
        try:
            layouts.append(_try_form(source, encoding, Form(delimiter, skip_space=True), preamble=1 if stated else 0))
        except BadFileError as error:
            failures.append(error)
    if not layouts:
        _refuse_other_delimiter(source, encoding)
        raise max(failures, key=lambda error: error.problems[0].line if error.problems else 0)
    best = max(layouts, key=_worth)
    if _filled(best.cells) == 1 and not best.known:
        best = _within_quotes(source, encoding, best)
    _refuse_values_as_headings(source, best)
    _refuse_one_column(source, best)
    _refuse_other_quotes(source, best)
    _refuse_lying_on_its_side(source, best)
    return replace(best, form=best.form._replace(skip_space=_is_spaced(source, encoding, best)))


def _worth(layout: Layout) -> tuple[int, float, int]:
    return layout.known, layout.even, len(layout.cells)


def _within_quotes(source: Source, encoding: str, found: Layout) -> Layout:
    """The table inside quotes that stand around every line as a whole, or `found` when there is none."""
    layouts = []
    heading_line = next(filter(str.strip, found.cells))
    for delimiter in filter(heading_line.__contains__, DELIMITERS):
        with contextlib.suppress(BadFileError):
            form = Form(delimiter, skip_space=True, wrapped=True)
            layouts.append(_try_form(source, encoding, form, preamble=0))
    best = max(layouts, key=_worth, default=found)
    if best is found or not best.known or best.even < _EVEN:
        return found
    notice = "every line stands in quotes as a whole: what is within them was read"
    return replace(best, notices=(*best.notices, notice))


def headings(cells: tuple[str, ...]) -> tuple[tuple[str, ...], frozenset[str]]:
    """Give the headings, each once: the second `email` becomes `email (2)`, an empty one `column 7`.

    The set names those that stood twice. Empty headings at the end are left out.
    """
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    names: dict[str, None] = {}
    twice: set[str] = set()
    for number, cell in enumerate(cells, start=1):
        plain = " ".join(cell.replace("\ufeff", "").split()) or f"column {number}"
        name, count = plain, 1
        while name in names:
            count += 1
            name = f"{plain} ({count})"
        if count > 1:
            twice |= {plain, name}
        names[name] = None
    return tuple(names), frozenset(twice)


def _try_form(source: Source, encoding: str, form: Form, *, preamble: int) -> Layout:
    """Lay the file out by one delimiter; a table in single quotes is read as such."""
    head = _head(source, encoding, form, preamble)
    found = _lay_out(source, form, head, preamble)
    filled = [cell for cell in found.cells if cell.strip()]
    if len(filled) > 1 and all(len(cell) > 1 and cell[0] == cell[-1] == "'" for cell in filled):
        form = form._replace(quote="'")
        return _lay_out(source, form, _head(source, encoding, form, preamble), preamble)
    return found


def _head(source: Source, encoding: str, form: Form, preamble: int) -> list[tuple[int, list[str]]]:
    head: list[tuple[int, list[str]]] = []
    try:
        for first, _, cells in islice(records(source, encoding, form), _SAMPLE):
            head.append((first, cells))
    except BadFileError:
        # A fault further down is told when the rows are read; here it only matters if it spoils the headings.
        if not any(_filled(cells) for _, cells in head[preamble:]):
            raise
    return head


def _lay_out(source: Source, form: Form, head: list[tuple[int, list[str]]], preamble: int) -> Layout:
    candidates = [
        (index, line, cells) for index, (line, cells) in enumerate(head) if index >= preamble and _filled(cells)
    ]
    if not candidates:
        source.refuse("the file has no line of headings", hint=_HEADINGS_HINT)
    index, line, cells = _headings_among(candidates)
    notices = [f"what stands before the headings on line {line} was left out"] if index > candidates[0][0] else []
    below = next(((at, where, row) for at, where, row in candidates if at > index), None)
    skip = index
    if below and is_units_line(below[2]) and len(below[2]) <= len(cells) and _known(cells):
        skip = below[0]
        notices.append(f"line {below[1]} was left out: it says what the columns hold, and is nobody's row")
    rest = [tuple(row) for at, _, row in candidates if at > skip]
    return Layout(
        form=form,
        skip_records=skip + 1,
        line=line,
        cells=tuple(cells),
        known=_known(cells),
        even=_evenness(len(cells), rest),
        sample=tuple(rest),
        notices=tuple(notices),
    )


def _evenness(width: int, rows: Sequence[Sequence[str]]) -> float:
    """The share of rows as long as the headings; one column counts for little, so that `Beta & Co, KG` stays whole."""
    share = sum(len(row) == width for row in rows) / len(rows) if rows else 1.0
    return share if width > 1 or not rows else share / 1000


def _headings_among(candidates: Sequence[tuple[int, int, list[str]]]) -> tuple[int, int, list[str]]:
    """The first record, unless it is narrow and unknown and a wider one further down has headings that are known."""
    first = candidates[0]
    filled, known = _filled(first[2]), _known(first[2])
    if filled > 3 or known > 1:
        return first
    for place, later in enumerate(candidates[1 : MAX_PREAMBLE + 1], start=1):
        if _filled(later[2]) <= max(filled, 1) or len(later[2]) < len(first[2]):
            continue
        wide = [cells for _, _, cells in candidates[place:]]
        if _known(later[2]) >= max(2, known + 1):
            return later
        if filled == 1 and len(wide) > 2 and len(wide[0]) > 2 and all(len(row) == len(wide[0]) for row in wide):
            return later
    return first


_QUOTED_AND_PARTED = re.compile(r'\ufeff?"[^"\r\n]*" ?([^\s"\w,;|]) ?"')


def _refuse_other_delimiter(source: Source, encoding: str) -> None:
    """`"Name"^"E-Mail"`: what no delimiter known here can part."""
    if found := _QUOTED_AND_PARTED.match(next(lines(source, encoding), "")):
        source.refuse(f"the cells are parted by {found[1]!r}", line=1, hint="part them with one of , ; tab |")


def _refuse_one_column(source: Source, layout: Layout) -> None:
    if _filled(layout.cells) > 1 or layout.known:
        return
    name = next(filter(str.strip, layout.cells), "").strip()
    shown = name if len(name) <= 60 else name[:59] + "…"
    hint = "part the cells with commas, semicolons, tabs or bars, and begin with a line of headings"
    if any(delimiter in name for delimiter in DELIMITERS):
        hint = "every line is in quotes as a whole: take the quotes around the lines away"
    elif layout.sample and all(_PLAIN_ADDRESS.fullmatch("".join(row).strip()) for row in layout.sample):
        hint = "call the column Email"
    source.refuse(f"only one column was found, {shown!r}", line=layout.line, hint=hint)


_PLAIN_ADDRESS = re.compile(r"[\w.+'-]+@[\w.-]+\.\w+")
_QUOTED_OTHERWISE = re.compile(r"[“”„«»‘’‹›].*[“”«»‘’‹›]")


def _refuse_other_quotes(source: Source, layout: Layout) -> None:
    """`“Name”,“E-Mail”`: the commas inside such quotes cannot be told from those between the cells."""
    cells = [cell.strip() for cell in layout.cells if cell.strip()]
    if all(map(_QUOTED_OTHERWISE.fullmatch, cells)):
        message = f"the cells are in typographic quotes, {cells[0]}"
        source.refuse(message, line=layout.line, hint='put plain quotes, ", in their place')


def _refuse_lying_on_its_side(source: Source, layout: Layout) -> None:
    """`Name,Ann,Bob` above `Email,a@x.example,b@x.example`: the headings stand in the first column."""
    first_cells = {row[0] for row in layout.sample}
    if (
        1 < len(first_cells) == len(layout.sample) < _SAMPLE - MAX_PREAMBLE
        and len(layout.cells) > 1
        and all(map(is_known_heading, first_cells))
        and not any(map(is_known_heading, layout.cells[1:]))
    ):
        source.refuse(
            "the table lies on its side: its headings stand in the first column",
            line=layout.line,
            hint="turn it in a spreadsheet (copy, then paste transposed) and export it again",
        )


_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_VALUE = re.compile(
    r"\+?[0-9][0-9 ()/.-]{6,}|\([0-9]{2,5}\)[0-9 ()/.-]{5,}|[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}(?:[ T].*)?"
)


def _refuse_values_as_headings(source: Source, layout: Layout) -> None:
    """A first line with an address, a number or a date in it is somebody's row: the headings are missing."""
    cells = [cell.strip() for cell in layout.cells]
    value = next(filter(_ADDRESS.fullmatch, cells), "")
    if not value and layout.known * 2 < _filled(layout.cells):
        value = next(filter(_VALUE.fullmatch, cells), "") if layout.known < 2 else ""
    if value:
        source.refuse(
            f"the headings are missing: {value!r} is a value",
            line=layout.line,
            column=cells.index(value) + 1,
            hint="put a line of headings above it, such as: name,email,phone",
        )


def _is_spaced(source: Source, encoding: str, layout: Layout) -> bool:
    """True for `name, email`, where a space follows every delimiter and belongs to the file, not to the cells."""
    if len(layout.cells) < 2:
        return False
    form = layout.form._replace(skip_space=False)
    try:
        found = next((cells for first, _, cells in records(source, encoding, form) if first == layout.line), [])
    except BadFileError:  # `name, "e-mail"`: a quote behind a space is read as one only when spaces are skipped
        return True
    return len(found) > 1 and all(cell.startswith(" ") for cell in found[1:])


def _known(cells: Sequence[str]) -> int:
    return sum(map(is_known_heading, cells))


def _filled(cells: Sequence[str]) -> int:
    return sum(1 for cell in cells if cell.strip())
