"""What a use case works with: the data file, the configuration, and the day and instant the command took."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from followup.actions.calendars import CalendarBook
    from followup.actions.library import Library
    from followup.files.config_file import Config
    from followup.store import Entry, Store


@dataclass(frozen=True, kw_only=True)
class Context:
    """Handed to every use case. `today` is the user's day, `now` a UTC instant; `dry_run` changes nothing."""

    store: Store
    config: Config
    library: Library
    today: date
    now: datetime
    dry_run: bool = False

    @cached_property
    def calendars(self) -> CalendarBook:
        """Working days and holidays, by customer; loaded only where a date is placed or checked."""
        from followup.actions.calendars import CalendarBook

        return CalendarBook(self.config)

    @contextmanager
    def write(self, command: str) -> Iterator[Entry]:
        """One transaction for one command, with its journal entry; rolled back in a dry run."""
        with self.store.write(command=command, now=self.now, dry_run=self.dry_run) as entry:
            yield entry
