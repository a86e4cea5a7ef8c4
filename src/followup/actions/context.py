"""What a use case works with: the data file, the configuration, and the day and instant the command took."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime

from followup.actions.calendars import CalendarBook
from followup.actions.library import Library
from followup.files.config_file import Config
from followup.store import Entry, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Handed to every use case. `today` is the user's day, `now` a UTC instant; `dry_run` changes nothing."""

    store: Store
    config: Config
    library: Library
    today: date
    now: datetime
    dry_run: bool = False
    calendars: CalendarBook = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "calendars", CalendarBook(self.config))

    @contextmanager
    def write(self, command: str) -> Iterator[Entry]:
        """One transaction for one command, with its journal entry; rolled back in a dry run."""
        with self.store.write(command=command, now=self.now, dry_run=self.dry_run) as entry:
            yield entry
