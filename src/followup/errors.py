"""What can go wrong, said so that a person can mend it.

`FollowupError` is an expected failure: one sentence, one hint that can be typed, an exit code of CLI.md.
`Problem` is one thing wrong in a user's file, with its position; all problems of a file are reported at once.
Anything else that is raised is a bug.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

EXIT_OK = 0
EXIT_REFUSED = 1
EXIT_USAGE = 2
EXIT_DATA_FILE = 3
EXIT_DUE = 10
EXIT_BUG = 70
EXIT_BUSY = 75
EXIT_INTERRUPTED = 130

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something wrong in a user's file. `line` and `column` count from 1; 0 means the whole file."""

    source: str
    message: str
    line: int = 0
    column: int = 0
    hint: str = ""
    severity: Severity = "error"
    value: str = ""

    def __str__(self) -> str:
        """Give `file:line:column: what is wrong - how to mend it`."""
        place = self.source
        if self.line:
            place += f":{self.line}"
            if self.column:
                place += f":{self.column}"
        mark = "warning: " if self.severity == "warning" else ""
        tail = f" - {self.hint}" if self.hint else ""
        return f"{place}: {mark}{self.message}{tail}"


class FollowupError(Exception):
    """An expected failure: one sentence for the user, one hint to type next, and an exit code."""

    def __init__(
        self,
        sentence: str,
        *,
        hint: str = "",
        exit_code: int = EXIT_REFUSED,
        problems: Sequence[Problem] = (),
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.hint = hint
        self.exit_code = exit_code
        self.problems = tuple(problems)


class NotFoundError(FollowupError):
    """Nothing has this name, key or number."""


class AmbiguousError(FollowupError):
    """Several things match; `candidates` lists them and nothing was changed."""

    def __init__(self, sentence: str, *, candidates: Sequence[str], hint: str = "") -> None:
        super().__init__(sentence, hint=hint)
        self.candidates = tuple(candidates)


class DataFileError(FollowupError):
    """The data file is corrupt, foreign, newer, unwritable or on a full disk; nothing was changed."""

    def __init__(self, sentence: str, *, hint: str = "") -> None:
        super().__init__(sentence, hint=hint, exit_code=EXIT_DATA_FILE)


class BusyError(FollowupError):
    """Another process holds the data file; trying again later helps."""

    def __init__(self, sentence: str, *, hint: str = "") -> None:
        super().__init__(sentence, hint=hint, exit_code=EXIT_BUSY)


class NotDeliveredError(FollowupError):
    """Something that should have gone out certainly did not; it may be tried again. Busy (75) unless it is refused."""

    def __init__(self, sentence: str, *, hint: str = "", exit_code: int = EXIT_BUSY) -> None:
        super().__init__(sentence, hint=hint, exit_code=exit_code)


class DeliveryUnknownError(FollowupError):
    """Something went out, and nobody can say whether it arrived; it is never sent again by itself."""

    def __init__(self, sentence: str, *, hint: str = "") -> None:
        super().__init__(sentence, hint=hint, exit_code=EXIT_BUSY)


class BadFileError(FollowupError):
    """A user's file cannot be used as it is; `problems` says where and why, all at once."""
