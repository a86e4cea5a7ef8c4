"""What every kind of import has in common: reading its rows, checking them against the data file, taking them in.

`importing` drives an intake: it reads the whole table once to find every bad row, and then, when there is none or the
bad ones are set aside, once more to take the rows in, a chunk at a time and all in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from followup.actions.results import FieldChange
from followup.files.customer_mapping import CustomerMapping
from followup.files.customer_rows import RowProblem
from followup.files.tables import Row

MOST_CHANGES = 1000  # told one by one; more of them are counted
MOST_LINES = 10  # named in a notice

R = TypeVar("R")


@dataclass(slots=True)
class Tally:
    """What an import did, while it is doing it.

    `created`, `updated`, `unchanged` and `skipped` count what the rows are about: customers, or the facts of another
    kind. `left_out` are rows that were not asked for; `repeats` the first lines about a customer whom an earlier line
    named.
    """

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    sales_created: int = 0
    left_out: int = 0
    changes_count: int = 0
    changes: list[FieldChange] = field(default_factory=list)
    repeats: list[int] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def change(self, change: FieldChange) -> None:
        """Note that a field of somebody known got another value."""
        self.changes_count += 1
        if len(self.changes) < MOST_CHANGES:
            self.changes.append(change)

    def repeat(self, line: int) -> None:
        """Note a row about a customer whom an earlier row is about."""
        self.skipped += 1
        if len(self.repeats) <= MOST_LINES:
            self.repeats.append(line)


class Intake(Protocol[R]):
    """One kind of rows on their way in. `mapping` says which column is what; `tally` what was done so far."""

    mapping: CustomerMapping
    tally: Tally

    def read(self, row: Row) -> R | tuple[RowProblem, ...]:
        """What a row says, or everything that is wrong with it. Looks at nothing but the row."""

    def check(self, values: Sequence[R]) -> Iterator[RowProblem]:
        """What is wrong with rows that can be read, seen from the data file: nobody of that name, no such playbook.

        Problems carry the line; the driver adds the cells of the row.
        """

    def take(self, values: Sequence[R]) -> None:
        """Store what rows without problems say. Only inside a write; called with one chunk after the other."""

    def finish(self) -> None:
        """Do what can only be done when all rows are in, and add notices to the tally. Only inside a write."""
