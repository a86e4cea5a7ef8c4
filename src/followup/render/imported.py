"""What an import is about to take, what it took, what it changed, and what it refused."""

from __future__ import annotations

from followup.actions.results import FieldChange, Imported, ImportPreview, Rejected, SampleRow
from followup.render.line import BLANK, Line, Part, dim, joined, late, strong
from followup.render.screen import Screen
from followup.render.table import Column, table
from followup.render.words import count, more_line, shown, spoken

_DELIMITERS = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "bar", " ": "space"}

_REJECTED = (
    Column(title="Line", right=True),
    Column(title="Column", most=24, drop=1),
    Column(title="Value", least=10, most=30, drop=2, wrap=True),
    Column(title="What is wrong", least=24, most=80, wrap=True),
)
_CHANGED = (
    Column(title="Customer", least=12, most=30),
    Column(title="Field", least=6, most=24),
    Column(title="Was", least=8, most=40, wrap=True),
    Column(title="Is", least=8, most=40, wrap=True),
)


def preview_lines(result: ImportPreview, screen: Screen) -> list[Line]:
    """Which column is what, with the first rows beside it; then the columns that are kept as they are."""
    delimiter = _DELIMITERS.get(result.dialect.delimiter, result.dialect.delimiter)
    parted = f", separated by {delimiter}" if delimiter else ""
    lines = screen.paragraph(
        strong(result.source),
        f": {count(result.rows, 'row')} of {result.kind}. ",
        dim(f"Read as {result.dialect.encoding}{parted}."),
        hang=2,
    )
    lines += _mapping(result, screen)
    if result.unmapped:
        kept = "Kept as they are: " if result.kind in ("customers", "sales") else "Not taken: "
        lines += screen.paragraph(dim(kept), ", ".join(result.unmapped), indent=2, hang=4)
    if result.rejected_count:
        lines += screen.paragraph(late(f"{count(result.rejected_count, 'row')} cannot be taken."), indent=2)
    return lines


def _mapping(result: ImportPreview, screen: Screen) -> list[Line]:
    """One line for each field: the column it comes from, and what the first rows have there."""
    columns = [
        Column(title="Field", least=16, most=20),
        Column(title="Column", least=18, most=40, wrap=True, label=True),
        *(
            Column(title=f"Line {row.line}", least=12, most=32, drop=place, label=True)
            for place, row in _placed(result)
        ),
    ]
    rows: list[list[Part]] = [
        [strong(spoken(field)), heading, *(" ".join(row.values.get(field, "").split()) for row in result.samples)]
        for field, heading in result.mapping.items()
    ]
    return table(columns, rows, screen)


def _placed(result: ImportPreview) -> list[tuple[int, SampleRow]]:
    """The sample rows with the order in which they give way where the screen is narrow; the first one stays."""
    return [*enumerate(result.samples)]


def imported_lines(result: Imported, screen: Screen) -> list[Line]:
    """The counts, what changed field by field, then the rows that were not taken."""
    counts: list[list[Part]] = [
        [strong(str(number)), f" {word}"]
        for number, word in (
            (result.created, "new"),
            (result.updated, "updated"),
            (result.unchanged, "unchanged"),
            (result.skipped, "skipped"),
        )
        if number
    ] or [["nothing new"]]
    noun = "customers" if result.kind == "sales" else result.kind
    lines = screen.paragraph(
        strong(result.source), f": {count(result.rows, 'row')}; {noun}: ", *joined(counts, ", "), hang=2
    )
    if result.sales_created:
        lines += screen.paragraph(f"{count(result.sales_created, 'sale')} followed up from now on.", indent=2)
    lines += _changed(result, screen)
    lines += _rejected(result, screen)
    if result.map_file:
        lines += screen.paragraph("The mapping is kept in ", strong(result.map_file), ".", indent=2)
    if result.dry_run:
        lines += screen.paragraph(strong("Dry run: nothing was changed."))
    return lines


def _changed(result: Imported, screen: Screen) -> list[Line]:
    if not result.changes:
        return []
    limit = shown(len(result.changes), screen)
    lines: list[Line] = [BLANK, *screen.paragraph(strong(f"{count(result.changes_count, 'field')} changed"))]
    lines += table(_CHANGED, [_changed_row(change) for change in result.changes[:limit]], screen)
    return lines + more_line(result.changes_count - limit, screen)


def _changed_row(change: FieldChange) -> list[Part]:
    return [strong(change.customer), spoken(change.field), dim(change.old or "-"), change.new]


def _rejected(result: Imported, screen: Screen) -> list[Line]:
    if not result.rejected:
        return []
    limit = shown(len(result.rejected), screen)
    lines: list[Line] = [BLANK, *screen.paragraph(late(f"{count(result.rejected_count, 'row')} not taken"))]
    lines += table(_REJECTED, [_rejected_row(row) for row in result.rejected[:limit]], screen)
    lines += more_line(max(result.rejected_count, len(result.rejected)) - limit, screen)
    if result.rejects_file:
        lines += screen.paragraph("Mend them in ", strong(result.rejects_file), " and import that file.", indent=2)
    return lines


def _rejected_row(row: Rejected) -> list[Part]:
    return [strong(str(row.line)), row.column, row.value, row.message]
