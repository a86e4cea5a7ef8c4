"""`remind`: one digest a day for each target, claimed before it goes out and marked after it.

What to send is decided and claimed in one transaction, it goes out outside of any, and a second transaction marks it.
Making the digest readable and sending it is what the caller brings along (`compose`, `send`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from followup.actions.context import Context
from followup.actions.digesting import digest_of
from followup.actions.due import ranked_rows
from followup.actions.refresh import READ_ONLY_NOTICE, lapsed, refresh
from followup.actions.reminded import Delivery, Digest, Outcome, Reminded, Target, Trial
from followup.actions.results import TouchpointView
from followup.errors import BusyError, DataFileError, DeliveryUnknownError, FollowupError, Problem
from followup.store import DueRow

if TYPE_CHECKING:
    from followup.files.config_file import Config
    from followup.store import Store
    from followup.store.deliveries import Claim, InDoubt, Touched

Content = TypeVar("Content")
Compose = Callable[[Digest, Target, Reminded], Content]
Send = Callable[[Target, Content], None]

PATIENCE = 10.0  # seconds; a reminder waits longer for the data file than a list that only looks
_HASH_LENGTH = 12
_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://.+", re.DOTALL)
_MAIL_SETTINGS = (
    ("smtp.host", "the mail server", "followup config set smtp.host mail.example.com"),
    ("smtp.to", "who gets the digest (or me.email)", "followup config set smtp.to you@example.com"),
    ("smtp.from", "the sender (or me.email)", "followup config set smtp.from you@example.com"),
)


def targets_of(via: Iterable[str], config: Config) -> tuple[Target, ...]:
    """The targets that `--via` or the configuration names, each once: an e-mail is one for each recipient.

    In the ledger a URL is known by its scheme and a digest, because it may hold a password. Raises FollowupError for
    a word that is no way out.
    """
    found: dict[str, Target] = {}
    for word in via:
        for target in _targets(word.strip(), config):
            found.setdefault(target.name, target)
    if not found:
        raise FollowupError("no way to remind is named", hint="followup config set remind.via email")
    return tuple(found.values())


def _targets(word: str, config: Config) -> Iterator[Target]:
    match word.casefold():
        case "stdout":
            yield Target(name="stdout", way="stdout")
        case "desktop":
            yield Target(name="desktop", way="desktop")
        case "email":
            people = config.smtp.to or tuple(filter(None, [config.me.email]))
            for address in people:
                yield Target(name=f"email:{address}", way="email", address=address)
            if not people:
                yield Target(name="email", way="email")
        case _:
            match = _URL.fullmatch(word)
            if match is None:
                raise FollowupError(
                    f"{word!r} is no way to remind: there are stdout, email, desktop, and the URL of a service",
                    hint="followup remind --via email",
                )
            digest = hashlib.sha256(word.encode("utf-8", "surrogateescape")).hexdigest()
            yield Target(name=f"{match[1].lower()}:{digest[:_HASH_LENGTH]}", way="url", address=word)


def missing_settings(targets: Iterable[Target], config: Config) -> FollowupError | None:
    """What the configuration lacks for mail, all of it at once; None when nothing is missing or no mail is meant."""
    if not any(target.way == "email" for target in targets):
        return None
    there = {
        "smtp.host": bool(config.smtp.host),
        "smtp.to": bool(config.smtp.to or config.me.email),
        "smtp.from": bool(config.smtp.sender or config.me.email),
    }
    problems = [
        Problem(source=name, message=f"{what} is not known yet", hint=hint)
        for name, what, hint in _MAIL_SETTINGS
        if not there[name]
    ]
    if not problems:
        return None
    names = ", ".join(problem.source for problem in problems)
    return FollowupError(f"mail needs settings that are missing: {names}", hint=problems[0].hint, problems=problems)


def remind(
    context: Context,
    targets: Sequence[Target],
    *,
    compose: Compose[Content],
    send: Send[Content],
    again: bool = False,
    with_uids: bool = False,
) -> Outcome:
    """Send each target what is due and what it did not get yet today; `again` sends what it got as well.

    `compose` gets the digest, the target and the result as it will be if this target gets it; `send` gets what it made
    and raises NotDeliveredError (or another FollowupError) when that certainly did not go out, DeliveryUnknownError
    when it may have. `with_uids` gives the digest what a calendar needs besides.

    One target that fails does not stop the others. After anything else that is raised, what was being sent stays in
    doubt. Raises DataFileError for a file that cannot be written: without a ledger nothing is sent; BusyError when
    another reminder or writer does not end.
    """
    store, today = context.store, context.today
    if not store.writable:
        raise DataFileError(
            f"{store.path} cannot be written, so nobody could tell what was sent: nothing is sent.",
            hint="followup remind --dry-run",
        )
    run = _Run(context, again=again, with_uids=with_uids)
    if not (store.sales_to_refresh(today) or store.open_counts(today)):
        return run.outcome(targets)
    with store.one_at_a_time("remind"):
        said = refresh(context, patience=PATIENCE)
        run.notices += [each for each in (said or store.notice,) if each]
        run.in_doubt = [_doubtful(each) for each in store.in_doubt(today)]
        for target in targets:
            run.deliver(target, compose, send)
    return run.outcome(targets)


class _Run:
    """One run of `remind`: what became of each target so far."""

    def __init__(self, context: Context, *, again: bool, with_uids: bool) -> None:
        self.context = context
        self.again = again
        self.with_uids = with_uids
        self.notices: list[str] = []
        self.items: list[TouchpointView] = []
        self.sent: list[Delivery] = []
        self.in_doubt: list[Delivery] = []
        self.failed: list[Delivery] = []
        self.errors: list[tuple[str, FollowupError]] = []

    def deliver(self, target: Target, compose: Compose[Content], send: Send[Content]) -> None:
        """Claim, send, mark: what is new for one target."""
        context = self.context
        claimed: list[Claim] = []
        entries: list[Delivery] = []
        try:
            with context.write("remind"):
                rows = ranked_rows(context.store.due(until=context.today), context.today)
                claims = context.store.claim(target.name, context.today, map(_touched, rows), again=self.again)
                if not claims:
                    return
                wanted = {claim.touched for claim in claims}
                new = [row for row in rows if _touched(row) in wanted]
                digest = digest_of(context, new, self.notices, with_uids=self.with_uids)
                entries = [_delivery(target, context.today, view) for view in digest.items]
                self._show(digest.items)
                content = compose(digest, target, self._result(sent=entries))
            claimed = claims
            send(target, content)
        except DeliveryUnknownError as error:
            self._doubt(entries, target, error)
        except FollowupError as error:
            if not claimed and isinstance(error, BusyError | DataFileError):
                raise  # it is not the target that fails
            self._fail(claimed, entries, target, error)
        else:
            self._mark(claimed, entries, target)

    def _show(self, items: Iterable[TouchpointView]) -> None:
        shown = {view.id for view in self.items}
        self.items += [view for view in items if view.id not in shown]

    def _mark(self, claims: Iterable[Claim], entries: list[Delivery], target: Target) -> None:
        try:
            with self.context.write("remind"):
                self.context.store.mark_sent(claims)
        except (BusyError, DataFileError) as error:
            said = f"it went out, but that could not be noted: {error.sentence}"
            self._doubt(entries, target, DeliveryUnknownError(said, hint=error.hint))
            return
        self.sent += entries
        self.in_doubt = self._left_in_doubt(entries)

    def _fail(self, claims: Iterable[Claim], entries: list[Delivery], target: Target, error: FollowupError) -> None:
        try:
            with self.context.write("remind"):
                self.context.store.release(claims)
        except (BusyError, DataFileError) as failure:
            self.errors.append((target.name, failure))
        self.failed += [replace(each, error=error.sentence) for each in entries]
        self.errors.append((target.name, error))

    def _doubt(self, entries: list[Delivery], target: Target, error: FollowupError) -> None:
        self.in_doubt = self._left_in_doubt(entries) + [replace(each, error=error.sentence) for each in entries]
        self.errors.append((target.name, error))

    def _left_in_doubt(self, entries: Iterable[Delivery]) -> list[Delivery]:
        known = {(each.target, each.id) for each in entries}
        return [each for each in self.in_doubt if (each.target, each.id) not in known]

    def _result(self, sent: Sequence[Delivery] = ()) -> Reminded:
        """The result so far, as it is when `sent` goes out too."""
        return Reminded(
            today=self.context.today,
            notices=tuple(self.notices),
            items=tuple(self.items),
            sent=(*self.sent, *sent),
            unknown=tuple(self._left_in_doubt(sent)),
            failed=tuple(self.failed),
        )

    def outcome(self, targets: Iterable[Target]) -> Outcome:
        """What became of it all. What an earlier day left in doubt is shown, and no reason to try again today."""
        names = {target.name for target in targets}
        today = self.context.today
        return Outcome(
            result=self._result(),
            errors=tuple(self.errors),
            in_doubt=any(each.target in names and each.day >= today for each in self.in_doubt),
        )


def look_ahead(context: Context, targets: Sequence[Target], *, again: bool = False, with_uids: bool = False) -> Outcome:
    """What `remind` would send where, without sending, claiming or planning anything for good (a dry run).

    The digest holds what is new for any of the targets. A file that cannot be written is read as it is.
    """
    store, today = context.store, context.today
    with _undone(context) as notices:
        rows = ranked_rows(store.due(until=today), today)
        got = {target.name: _got(store, target, today, rows, again=again) for target in targets}
        new = [row for row in rows if any(_touched(row) not in each for each in got.values())]
        digest = digest_of(context, new, notices, with_uids=with_uids) if new else None
        in_doubt = [_doubtful(each) for each in store.in_doubt(today)]
    touched = {row.touchpoint_id: _touched(row) for row in new}
    result = Reminded(
        today=today,
        notices=tuple(notices),
        items=digest.items if digest else (),
        unknown=tuple(in_doubt),
        would_send=tuple(
            _delivery(target, context.today, view)
            for target in targets
            for view in (digest.items if digest else ())
            if touched[view.id or 0] not in got[target.name]
        ),
        dry_run=True,
    )
    return Outcome(result=result, digest=digest)


def result_for(digest: Digest, target: Target) -> Reminded:
    """The result as one target gets it: what is in its own digest, and nothing about other targets."""
    sent = tuple(_delivery(target, digest.today, view) for view in digest.items)
    return Reminded(today=digest.today, notices=digest.notices, items=digest.items, sent=sent)


@contextmanager
def _undone(context: Context) -> Iterator[list[str]]:
    """The data file with plans of today; nothing of it stays. Gives what to say beside it."""
    store = context.store
    stale = store.sales_to_refresh(context.today)
    notices = [store.notice] if store.notice else []
    if not stale or not store.writable:
        yield [*notices, *([READ_ONLY_NOTICE] if stale else [])]
        return
    from followup.actions.planning import replan

    with store.write(command="remind", now=context.now, dry_run=True):
        said = lapsed(context, replan(context, stale))
        yield [*notices, *([said] if said else [])]


def send_tests(targets: Iterable[Target], send: Callable[[Target], None], *, today: date) -> Outcome:
    """Send each target a test message, past the ledger, and tell what became of each."""
    tested: list[Trial] = []
    errors: list[tuple[str, FollowupError]] = []
    for target in targets:
        try:
            send(target)
        except FollowupError as error:
            errors.append((target.name, error))
            tested.append(Trial(target=target.name, sent=False, error=error.sentence))
        else:
            tested.append(Trial(target=target.name, sent=True))
    return Outcome(result=Reminded(today=today, tested=tuple(tested)), errors=tuple(errors))


def _got(store: Store, target: Target, today: date, rows: Iterable[DueRow], *, again: bool) -> set[Touched]:
    """Which of these a target is not to get now."""
    if again:
        return set()
    return set(map(_touched, rows)) if store.is_ahead(target.name, today) else store.delivered(target.name, today)


def _touched(row: DueRow) -> Touched:
    return row.sale_id, row.step, row.occurrence


def _delivery(target: Target, day: date, view: TouchpointView) -> Delivery:
    return Delivery(
        target=target.name,
        day=day,
        id=view.id,
        customer_key=view.customer_key,
        step=view.step,
        occurrence=view.occurrence,
    )


def _doubtful(left: InDoubt) -> Delivery:
    return Delivery(
        target=left.target,
        day=left.day,
        id=left.touchpoint_id,
        customer_key=left.customer_key,
        step=left.step,
        occurrence=left.occurrence,
    )
