"""What an import took, how it read the file, and what it refused."""

from __future__ import annotations

from followup.actions.results import Imported, Rejected
from followup.render.line import BLANK, Line, Part, dim, joined, late, strong
from followup.render.screen import Screen
from followup.render.table import Column, table
from followup.render.words import count, more_line, named, shown

_DELIMITERS = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "bar", " ": "space"}

_REJECTED = (
    Column(title="Line", right=True),
    Column(title="Column", most=24, drop=1),
    Column(title="Value", least=10, most=30, drop=2, wrap=True),
    Column(title="What is wrong", least=24, most=80, wrap=True),
)


def imported_lines(result: Imported, screen: Screen) -> list[Line]:
    """The counts, the mapping of columns, then the rows that were not taken."""
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
    lines = screen.paragraph(
        strong(result.source), f": {count(result.rows, 'row')}; customers: ", *joined(counts, ", "), hang=2
    )
    if result.sales_created:
        lines += screen.paragraph(f"{count(result.sales_created, 'sale')} followed up from now on.", indent=2)
    if result.without_sale:
        lines += screen.paragraph(
            f"{count(result.without_sale, 'customer')} without a sale: name a playbook and a sale date, ",
            strong("followup import FILE --playbook KEY"),
            " or ",
            strong("followup sale add CUSTOMER"),
            indent=2,
            hang=4,
        )
    lines += _reading(result, screen)
    lines += _rejected(result, screen)
    if result.dry_run:
        lines += screen.paragraph(strong("Dry run: nothing was changed."))
    return lines


def _reading(result: Imported, screen: Screen) -> list[Line]:
    """How the file was read, so that a wrong guess is seen at once."""
    delimiter = _DELIMITERS.get(result.dialect.delimiter, result.dialect.delimiter)
    lines = screen.paragraph(dim(f"Read as {result.dialect.encoding}, separated by {delimiter}."), indent=2)
    if result.mapping:
        pairs = named(result.mapping.items(), mark=" from ")
        lines += screen.paragraph(dim("Columns: "), *pairs, indent=2, hang=4)
    if result.unmapped:
        lines += screen.paragraph(dim("Kept as they are: "), ", ".join(result.unmapped), indent=2, hang=4)
    return lines


def _rejected(result: Imported, screen: Screen) -> list[Line]:
    if not result.rejected:
        return []
    limit = shown(len(result.rejected), screen)
    lines: list[Line] = [BLANK, *screen.paragraph(late(f"{count(len(result.rejected), 'row')} not taken"))]
    lines += table(_REJECTED, [_rejected_row(row) for row in result.rejected[:limit]], screen)
    lines += more_line(len(result.rejected) - limit, screen)
    if result.rejects_file:
        lines += screen.paragraph("Mend them in ", strong(result.rejects_file), " and import that file.", indent=2)
    return lines


def _rejected_row(row: Rejected) -> list[Part]:
    return [strong(str(row.line)), row.column, row.value, row.message]
