"""A bar for what takes long, on a terminal only: drawn on the notes' stream, gone when the work is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

LONG = 5000
"""Rows from which a bar is worth drawing."""


@contextmanager
def progress_bar(stream: TextIO, *, shown: bool) -> Iterator[Callable[[str, int, int], None]]:
    """Give what to call with (what is done, how many rows, of how many; 0 where that is not known yet)."""
    bar = _Bar(stream)
    try:
        yield bar.move if shown else _say_nothing
    finally:
        bar.close()


def _say_nothing(what: str, done: int, total: int) -> None:
    """For pipes and scripts."""


class _Bar:
    """rich is loaded when the bar is drawn for the first time."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._progress: Progress | None = None
        self._tasks: dict[str, TaskID] = {}

    def move(self, what: str, done: int, total: int) -> None:
        if self._progress is None:
            if max(done, total) < LONG:
                return
            self._progress = self._start()
        if what not in self._tasks:
            for task in self._tasks.values():
                self._progress.remove_task(task)
            self._tasks = {what: self._progress.add_task(what, total=total or None)}
        self._progress.update(self._tasks[what], completed=done)

    def _start(self) -> Progress:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(file=self._stream, markup=False, emoji=False, highlight=False),
            transient=True,
        )
        progress.start()
        return progress

    def close(self) -> None:
        """Take the bar away; the lines below begin where it was."""
        if self._progress is not None:
            self._progress.stop()
            self._progress, self._tasks = None, {}
