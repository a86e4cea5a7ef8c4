"""`import`: any table in. All rows or none; the same file again changes nothing.

An import has two halves. `prepare` reads the file from end to end and changes nothing: which column is what, three
rows as they will be read, every bad row. `carry_out` takes the good rows in, a chunk at a time, in one transaction.
Only a chunk is ever in memory.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from shlex import quote
from typing import IO, Any

from followup.actions.context import Context
from followup.actions.exporting import kind_of
from followup.actions.import_customers import CustomerIntake, Terms
from followup.actions.intake import MOST_LINES, Intake
from followup.actions.results import Dialect, Imported, ImportPreview, Rejected, SampleRow
from followup.errors import BadFileError, FollowupError, Problem
from followup.files.csv_out import PROBLEM_COLUMN, private_file, rejects_records, write_private
from followup.files.customer_mapping import CustomerMapping, map_customers
from followup.files.customer_rows import RowProblem
from followup.files.header_words import looks_like_sales
from followup.files.mapping_file import mapping_text, read_mapping_file
from followup.files.tables import Row, Table, read_table

CUSTOMERS, SALES = "customers", "sales"
KINDS = (CUSTOMERS, SALES, "contacts", "activities", "readings", "concerns", "promises")
CHUNK = 1000  # rows
SAMPLES = 3
MOST_REJECTED = 100_000  # told one by one; all of them go to the rejects file

Progress = Callable[[str, int, int], None]
"""Called now and then with what is being done, how many rows are through, and of how many (0: not known yet)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportWish:
    """What to import and how. `name` is what the user called the file; an empty `kind` means what the headings say.

    `only` takes rows with that tag alone; `skip_bad` is where bad rows go; `save_map` is where the mapping goes.
    """

    source: Path
    name: str = ""
    kind: str = ""
    map_file: Path | None = None
    save_map: Path | None = None
    playbook: str = ""
    signed: date | None = None
    date_format: str | None = None
    skip_bad: Path | None = None
    only: str = ""
    encoding: str = ""

    @property
    def called(self) -> str:
        """The file as messages and hints name it."""
        return self.name or str(self.source)


def import_table(context: Context, wish: ImportWish) -> Imported:
    """Both halves at once, for scripts. Raises as `prepare` and `carry_out` do."""
    with prepare(context, wish) as prepared:
        return carry_out(context, prepared)


# ------------------------------------------------------------------------------------- first half


@dataclass(slots=True, kw_only=True)
class Prepared:
    """A table that was read from end to end and found fit; a context manager, since bad rows wait in a file."""

    wish: ImportWish
    kind: str
    table: Table
    intake: Intake[Any]
    rejects: Rejects
    rows: int = 0
    samples: list[SampleRow] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def __enter__(self) -> Prepared:
        return self

    def __exit__(self, *raised: object) -> None:
        self.rejects.close()

    def preview(self, context: Context) -> ImportPreview:
        """What the user agrees to."""
        return ImportPreview(
            today=context.today,
            notices=tuple(self.notices),
            source=self.wish.called,
            kind=self.kind,
            rows=self.rows,
            rejected_count=self.rejects.count,
            mapping=self.intake.mapping.named,
            unmapped=self.intake.mapping.unmapped,
            samples=tuple(self.samples),
            dialect=_dialect(self.table),
        )


def prepare(context: Context, wish: ImportWish, progress: Progress | None = None) -> Prepared:
    """Read the whole table and change nothing.

    Raises BadFileError for a file that cannot be read safely, and with every bad row when there are any and `skip_bad`
    is not given; NotFoundError and FollowupError for a wish that cannot be fulfilled.
    """
    _refuse_to_overwrite(wish.skip_bad)
    table = read_table(wish.source, source_name=wish.called, encoding=wish.encoding)
    if not table.headers:
        raise BadFileError(f"{wish.called} holds no rows", hint="is it the right file?")
    kind, notices = _kind(wish, table)
    intake = _intake(context, wish, kind, table)
    with ExitStack() as stack:
        prepared = Prepared(
            wish=wish,
            kind=kind,
            table=table,
            intake=intake,
            rejects=stack.enter_context(Rejects(table, keep=wish.skip_bad is not None)),
        )
        for chunk in _chunks(table):
            _look_at(prepared, chunk)
            if progress:
                progress("Reading", prepared.rows, 0)
        if prepared.rejects.count and wish.skip_bad is None:
            raise _refused(wish.called, prepared.rejects)
        if wish.save_map is not None:
            write_private(wish.save_map, mapping_text(intake.mapping).encode())
        stack.pop_all()
    prepared.notices = [*table.notices, *notices]  # what stands at the end of a file is known only now
    return prepared


def _kind(wish: ImportWish, table: Table) -> tuple[str, list[str]]:
    """What the rows are: as the user says, else customers, or sales where the headings are plainly those of deals."""
    if wish.kind and wish.kind not in KINDS:
        near = get_close_matches(wish.kind.casefold(), KINDS, n=1)
        hint = f"--kind {near[0]}" if near else f"--kind {', '.join(KINDS[:-1])} or {KINDS[-1]}"
        raise FollowupError(f"{wish.kind!r} is nothing that can be imported", hint=hint)
    if wish.kind:
        return wish.kind, []
    if own := kind_of(table.headers):
        if own.name not in KINDS:
            raise FollowupError(
                f"{wish.called} is a table of {own.name}, which follow from other tables",
                hint="import what they follow from, or the whole folder: followup import --all DIR",
            )
        return own.name, []
    if not looks_like_sales(table.headers):
        return CUSTOMERS, []
    return SALES, [
        "the headings are those of a table of sales: every won row is taken as a sale (else: --kind customers)"
    ]


def _intake(context: Context, wish: ImportWish, kind: str, table: Table) -> Intake[Any]:
    told = read_mapping_file(wish.map_file) if wish.map_file else None
    if kind in (CUSTOMERS, SALES):
        terms = Terms(playbook=wish.playbook, signed=wish.signed, only=wish.only, each_a_sale=kind == SALES)
        return CustomerIntake(
            context, table, map_customers(table, told, kind=kind), terms, date_format=wish.date_format
        )
    for option, given in (("--playbook", wish.playbook), ("--signed", wish.signed), ("--only", wish.only)):
        if given:
            raise FollowupError(f"{option} is for customers and sales, not for {kind}", hint="leave it out")
    from followup.actions.import_facts import facts_intake

    made: Intake[Any] = facts_intake(context, table, kind, told, date_format=wish.date_format)
    return made


def _chunks(table: Table) -> Iterator[list[Row]]:
    rows = table.rows
    return iter(lambda: list(islice(rows, CHUNK)), [])


def _look_at(prepared: Prepared, rows: Sequence[Row]) -> None:
    """Read and check some rows: what is wrong with them, and the first good ones as samples."""
    _, bad = _read(prepared.intake, rows)
    wrong = {row.line: row for row in rows} if bad else {}
    for line, problems in sorted(bad.items()):
        prepared.rejects.add(wrong[line], problems)
    prepared.rows += len(rows)
    for row in rows if len(prepared.samples) < SAMPLES else ():
        if row.line not in bad and len(prepared.samples) < SAMPLES:
            prepared.samples.append(_sample(prepared.intake.mapping, row))


def _read(intake: Intake[Any], rows: Sequence[Row]) -> tuple[list[Any], dict[int, list[RowProblem]]]:
    """The values of good rows, and the problems of bad ones by line."""
    good: list[Any] = []
    bad: dict[int, list[RowProblem]] = {}
    for row in rows:
        read = intake.read(row)
        if isinstance(read, tuple):
            bad[row.line] = [*read]
        else:
            good.append(read)
    for problem in intake.check(good):
        bad.setdefault(problem.line, []).append(problem)
    return good, bad


def _sample(mapping: CustomerMapping, row: Row) -> SampleRow:
    cells = {
        name if place == 1 else f"{name}_{place}": row.cells[column]
        for name, columns in mapping.columns.items()
        for place, column in enumerate(columns, start=1)
    }
    return SampleRow(line=row.line, values={name: cell for name, cell in cells.items() if cell.strip()})


class Rejects:
    """The bad rows of a table: counted, the first ones with their problems, all of them in a file without a name."""

    def __init__(self, table: Table, *, keep: bool) -> None:
        self.table = table
        self.count = 0
        self.lines: set[int] = set()
        self.problems: list[RowProblem] = []
        self._skipped = int(table.headers[:1] == (PROBLEM_COLUMN,))  # what was wrong the last time
        self._rows: IO[str] | None = None
        if keep:
            self._rows = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - closed by `close`

    def __enter__(self) -> Rejects:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def close(self) -> None:
        """Forget the rows."""
        if self._rows is not None:
            self._rows.close()

    def add(self, row: Row, problems: Sequence[RowProblem]) -> None:
        """Set a row aside."""
        self.count += 1
        self.lines.add(row.line)
        if self.count <= MOST_REJECTED:
            self.problems += [replace(problem, cells=()) for problem in problems]
        if self._rows is not None:
            said = "; ".join(f"{each.column}: {each.message}" if each.column else each.message for each in problems)
            self._rows.write(json.dumps([said, *row.cells[self._skipped :]]) + "\n")

    def write(self, target: Path) -> None:
        """Write a CSV that can be mended and imported again: what is wrong, then the row as it was."""
        with private_file(target) as write:
            for text in rejects_records(self.table.headers[self._skipped :], self._kept()):
                write(text.encode())

    def _kept(self) -> Iterator[tuple[str, list[str]]]:
        if self._rows is not None:
            self._rows.seek(0)
            for said, *cells in map(json.loads, self._rows):
                yield said, cells


def _refuse_to_overwrite(rejects: Path | None) -> None:
    """Only a rejects file of an earlier import may be replaced: never the table itself, or another file of the user."""
    if rejects is not None and not rejects.parent.is_dir():
        raise FollowupError(f"{rejects} could not be written: there is no such folder", hint="make it first")
    if rejects is None or not rejects.is_file():
        return
    with rejects.open("rb") as file:
        ours = PROBLEM_COLUMN.encode() in file.read(len(PROBLEM_COLUMN) + 8)
    if not ours:
        raise FollowupError(f"{rejects} exists already and holds something else", hint="--skip-bad rejects.csv")


def _refused(source: str, rejects: Rejects) -> BadFileError:
    told = [
        Problem(
            source=source,
            line=problem.line,
            message=f"{problem.column}: {problem.message}" if problem.column else problem.message,
            hint=problem.hint,
            value=problem.value,
        )
        for problem in rejects.problems
    ]
    return BadFileError(
        f"{rejects.count} row{'s' if rejects.count != 1 else ''} of {source} cannot be taken; nothing was imported",
        hint=f"mend them, or: followup import {quote(source)} --skip-bad rejects.csv",
        problems=told,
    )


# ------------------------------------------------------------------------------------ second half


def carry_out(context: Context, prepared: Prepared, progress: Progress | None = None) -> Imported:
    """Take the good rows in, all in one transaction; bad ones go to the rejects file before anything is kept."""
    wish, intake, rejects = prepared.wish, prepared.intake, prepared.rejects
    done = 0
    with context.write("import") as entry:
        for chunk in _chunks(prepared.table):
            good, bad = _read(intake, [row for row in chunk if row.line not in rejects.lines])
            if bad:
                raise _changed_meanwhile(wish.called, bad)
            intake.take(good)
            done += len(chunk)
            if progress:
                progress("Taking in", done, prepared.rows)
        intake.finish()
        tally = intake.tally
        entry.summary = f"{tally.created} new, {tally.updated} updated, {tally.sales_created} sales"
        if rejects.count and wish.skip_bad is not None and not context.dry_run:
            rejects.write(wish.skip_bad)
    return _result(context, prepared)


def _changed_meanwhile(source: str, bad: Mapping[int, Sequence[RowProblem]]) -> FollowupError:
    line = min(bad)
    return FollowupError(
        f"{source}, line {line}: {bad[line][0].message}; nothing was imported",
        hint="the data changed while the table was read: type the command again",
    )


def _dialect(table: Table) -> Dialect:
    return Dialect(encoding=table.dialect.encoding, delimiter=table.dialect.delimiter)


def _result(context: Context, prepared: Prepared) -> Imported:
    wish, intake, rejects, tally = prepared.wish, prepared.intake, prepared.rejects, prepared.intake.tally
    notices = [*prepared.notices]
    if tally.repeats:
        lines = ", ".join(map(str, tally.repeats[:MOST_LINES])) + (", ..." if len(tally.repeats) > MOST_LINES else "")
        notices.append(f"skipped as repeats of a customer on an earlier line: {lines}")
    without_sale = intake.without_sale if isinstance(intake, CustomerIntake) else 0
    if without_sale and (tally.created or tally.updated):
        notices.append(_without_sale(context, wish, without_sale))
    return Imported(
        today=context.today,
        notices=(*notices, *tally.notices),
        source=wish.called,
        kind=prepared.kind,
        rows=prepared.rows - tally.left_out,
        created=tally.created,
        updated=tally.updated,
        unchanged=tally.unchanged,
        skipped=tally.skipped + rejects.count,
        sales_created=tally.sales_created,
        rejected=tuple(
            Rejected(line=each.line, column=each.column, value=each.value, message=each.message)
            for each in rejects.problems
        ),
        rejected_count=rejects.count,
        mapping=intake.mapping.named,
        unmapped=intake.mapping.unmapped,
        samples=tuple(prepared.samples),
        dialect=_dialect(prepared.table),
        changes=tuple(tally.changes),
        changes_count=tally.changes_count,
        without_sale=without_sale,
        rejects_file=str(wish.skip_bad) if rejects.count and wish.skip_bad is not None else None,
        map_file=str(wish.save_map) if wish.save_map is not None else None,
        dry_run=context.dry_run,
    )


def _without_sale(context: Context, wish: ImportWish, number: int) -> str:
    noun = "customer" if number == 1 else "customers"
    return (
        f"{number} {noun} without a sale: name a playbook and a sale date, "
        f"for example: followup import {quote(wish.called)} --playbook saas --signed {context.today}"
    )
