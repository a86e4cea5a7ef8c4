"""Session: what one run of the program took from the command line, the environment and the clock."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from followup.actions.results import Result
from followup.errors import EXIT_OK, FollowupError
from followup.render import Screen, make_screen, render, to_json

if TYPE_CHECKING:
    from followup.actions.context import Context
    from followup.actions.library import Library
    from followup.core.dates import Calendar
    from followup.files.config_file import Config

APP = "followup"


@dataclass
class Session:
    """The global options of one run, and what follows from them."""

    db_option: Path | None = None
    config_option: Path | None = None
    today_option: str = ""
    color: str = "auto"

    @cached_property
    def now(self) -> datetime:
        """The instant of this run, UTC."""
        return datetime.now(UTC)

    @cached_property
    def config_path(self) -> Path:
        """Where the configuration is: option, FOLLOWUP_CONFIG, else the usual place."""
        named = self.config_option or os.environ.get("FOLLOWUP_CONFIG")
        if named:
            return Path(named).expanduser()
        from platformdirs import user_config_path

        return user_config_path(APP) / "config.toml"

    @cached_property
    def db_path(self) -> Path:
        """Where the data file is: option, FOLLOWUP_DB, else the usual place."""
        named = self.db_option or os.environ.get("FOLLOWUP_DB")
        if named:
            return Path(named).expanduser()
        from platformdirs import user_data_path

        return user_data_path(APP) / "followup.db"

    @cached_property
    def config(self) -> Config:
        """The configuration; a missing file means the defaults."""
        from followup.files.config_file import read_config

        return read_config(self.config_path)

    @cached_property
    def today(self) -> date:
        """The user's day, decided once: option, FOLLOWUP_TODAY, else the day it is in the configured time zone."""
        text = self.today_option or os.environ.get("FOLLOWUP_TODAY", "")
        if text:
            try:
                return date.fromisoformat(text)
            except ValueError:
                raise FollowupError(f"{text!r} is not a day", hint="--today 2026-12-01") from None
        zone = self.config.calendar.timezone
        if zone:
            from zoneinfo import ZoneInfo

            return self.now.astimezone(ZoneInfo(zone)).date()
        return self.now.astimezone().date()

    @property
    def given_today(self) -> date | None:
        """The day that the `--today` of this run names, None without it: a preview has a day of its own."""
        return self.today if self.today_option else None

    @cached_property
    def calendar(self) -> Calendar:
        """The seller's own working days."""
        from followup.actions.calendars import CalendarBook

        return CalendarBook(self.config).own

    @cached_property
    def library(self) -> Library:
        """The playbooks that can be named."""
        from followup.actions.library import Library

        return Library(self.config_path.parent / "playbooks")

    @cached_property
    def screen(self) -> Screen:
        """Where results are shown: laid out on a terminal, plain lines in a pipe."""
        return self._screen(as_terminal=sys.stdout.isatty())

    def lay_out(self) -> None:
        """Show results laid out as on a terminal even in a pipe, there without colours: for people, not for scripts."""
        color = self.color if self.color != "auto" or sys.stdout.isatty() else "never"
        self.screen = self._screen(as_terminal=True, color=color)

    def _screen(self, *, as_terminal: bool, color: str = "") -> Screen:
        size = shutil.get_terminal_size((0, 0)) if sys.stdout.isatty() else None
        return make_screen(
            sys.stdout,
            isatty=as_terminal,
            notes=sys.stderr,
            columns=os.environ.get("COLUMNS"),
            size=(size.columns, size.lines) if size else None,
            color=color or self.color,  # type: ignore[arg-type]
            no_color=os.environ.get("NO_COLOR"),
            term=os.environ.get("TERM"),
        )

    def day(self, text: str, *, past: bool = False) -> date:
        """The day that a DATE means (CLI.md)."""
        from followup.core.dates import parse_date

        return parse_date(text, today=self.today, calendar=self.calendar, past=past)

    def clock(self, text: str) -> time:
        """The time of day that a TIME means."""
        import re

        if match := re.fullmatch(r"([01]?\d|2[0-3])[:.]([0-5]\d)", text.strip()):
            return time(int(match[1]), int(match[2]))
        raise FollowupError(f"{text!r} is not a time of day", hint="write 14:30")

    def has_data_file(self) -> bool:
        """True when there is something at the place of the data file, whatever it is."""
        return self.db_path.exists() or self.db_path.is_symlink()

    @contextmanager
    def open(self, *, create: bool = False, read_only: bool = False, dry_run: bool = False) -> Iterator[Context]:
        """The data file opened for one use case. `create` makes it when it is not there yet."""
        from tempfile import TemporaryDirectory

        from followup.actions.context import Context
        from followup.store import Store

        config, today = self.config, self.today
        with ExitStack() as stack:
            path = self.db_path
            fresh = create and not self.has_data_file()
            if create and dry_run and (fresh or _is_empty(path)):
                path = Path(stack.enter_context(TemporaryDirectory(prefix="followup-"))) / "dry-run.db"
            elif fresh:
                stack.enter_context(_taken_away_if_refused(path))
            store = stack.enter_context(Store.open(path, create=create, read_only=read_only))
            yield Context(store=store, config=config, library=self.library, today=today, now=self.now, dry_run=dry_run)

    def show(self, result: Result, *, as_json: bool = False) -> int:
        """Show a result; gives exit code 0."""
        if as_json:
            sys.stdout.write(to_json(result, encoding=sys.stdout.encoding or "utf-8"))
        else:
            render(result, self.screen)
        return EXIT_OK


def _is_empty(path: Path) -> bool:
    return path.is_file() and path.stat().st_size == 0


@contextmanager
def _taken_away_if_refused(path: Path) -> Iterator[None]:
    """A first command that fails leaves no data file: nothing was changed. One that others write stays."""
    try:
        yield
    except BaseException:
        from followup.store import Store

        if path.is_file() and not path.is_symlink():
            with suppress(FollowupError, OSError):
                with Store.open(path) as store:
                    unused = not store.history(limit=1) and not store.customer_count()
                logs = [path.with_name(path.name + suffix) for suffix in ("-wal", "-shm")]
                if unused and not any(log.exists() for log in logs):
                    path.unlink()
        raise
