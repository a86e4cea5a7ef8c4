"""What `remind` gives back, and what it sends: the digest, where it goes, what went out and what is not known."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, Literal

from followup.actions.results import Result, TouchpointView
from followup.errors import EXIT_BUSY, EXIT_OK, EXIT_REFUSED, FollowupError

Way = Literal["stdout", "email", "desktop", "url"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a digest goes. `name` stands in the ledger and may be shown.

    `address` is the e-mail address or the URL of a service, which may hold a password and is never shown; '' for an
    e-mail whose recipient nobody has named.
    """

    name: str
    way: Way
    address: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One touchpoint on its way to one target on one day; `id` is the number to type. `error` is why, if it failed."""

    target: str
    day: date
    id: int | None
    customer_key: str | None
    step: str
    occurrence: int
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What became of a test message (`remind --test`)."""

    target: str
    sent: bool
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded(Result):
    """What went out now (`items`, `sent`), what may have (`unknown`, earlier ones too), and what did not (`failed`).

    `items` are the touchpoints of the digest, none folded into another. `would_send` is filled in a dry run only.
    """

    SCHEMA: ClassVar[str] = "followup.remind/1"
    items: tuple[TouchpointView, ...] = ()
    sent: tuple[Delivery, ...] = ()
    unknown: tuple[Delivery, ...] = ()
    failed: tuple[Delivery, ...] = ()
    would_send: tuple[Delivery, ...] = ()
    tested: tuple[Trial, ...] = ()
    dry_run: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestEntry:
    """One customer in the digest: what comes first for them, what else is due, whom to reach and how.

    `first.last_words` is what they last said, `wants` what they bought it for, `ask` the questions of `first` with
    names and dates filled in, `notes` what the seller wants to know about them. Only entries that are `full` are
    written out; of the others the digest says one line.
    """

    first: TouchpointView
    others: tuple[TouchpointView, ...] = ()
    company: str = ""
    role: str = ""
    email: str = ""
    phone: str = ""
    wants: str = ""
    ask: tuple[str, ...] = ()
    notes: str = ""
    full: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What one target gets: its customers, the most important first, and the same touchpoints one by one.

    `uids` are the names that calendars know the items by, one for each; none where no calendar was asked for.
    """

    today: date
    entries: tuple[DigestEntry, ...]
    items: tuple[TouchpointView, ...]
    notices: tuple[str, ...] = ()
    uids: tuple[str, ...] = ()

    @property
    def overdue_count(self) -> int:
        """Customers of whom something is overdue."""
        return sum(any(view.days_overdue > 0 for view in (each.first, *each.others)) for each in self.entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What `remind` did, and the failures behind it, each with the name of its target.

    `digest` is what a dry run would send. `in_doubt` says that something for these targets may not have arrived.
    """

    result: Reminded
    errors: tuple[tuple[str, FollowupError], ...] = ()
    digest: Digest | None = None
    in_doubt: bool = False

    @property
    def exit_code(self) -> int:
        """0; 75 when something did not go out, or may not have, that another run may bring; 1 when all is refused."""
        codes = {error.exit_code for _, error in self.errors}
        if self.in_doubt or EXIT_BUSY in codes:
            return EXIT_BUSY
        return EXIT_REFUSED if codes else EXIT_OK
