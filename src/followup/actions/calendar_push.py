"""`calendar push`: the open contacts as entries of a calendar on a CalDAV server.

What the server has is read first, and only what is new or different is put. Only entries that this data file is known
to have pushed there are ever changed or removed: each is claimed before it is put for the first time, so that a push
that was interrupted goes on the next time. A plan is the truth about its entries: one that was deleted or moved on the
server comes back with the next push.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from followup.actions.calendar_entries import (
    ADDED,
    CANCELLED,
    CHANGED,
    UID_DOMAIN,
    UNCHANGED,
    Alarm,
    CalendarResult,
    WallClock,
    begins_of,
    cancellation,
    content_of,
    item_of,
    told,
    uid_of,
)
from followup.actions.calendar_feed import name_of, wanted_entries
from followup.actions.context import Context
from followup.actions.refresh import refresh
from followup.core.model.customer import Customer
from followup.delivery.calendar_server import (
    CalendarServer,
    ConflictError,
    OnServer,
    RefusedError,
    checked_url,
    target_of,
)
from followup.errors import DataFileError, FollowupError, NotDeliveredError
from followup.files.ics import Entry, calendar_text
from followup.store.calendar_entries import NOTHING, ToldEntry

LEFT, FAILED = "left", "failed"
BEFORE_FIRST = -1  # sequence of an entry that is about to be put for the first time

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PushWish:
    """Where to push (else as configured), and what. `take_over`: also over entries of another data file."""

    url: str = ""
    user: str = ""
    environment: Mapping[str, str]
    customer: Customer | None = None
    clock: WallClock
    alarm: Alarm | None = None
    take_over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """What to do about one entry. `there` is what the server has; `known` what it was told before."""

    change: str
    entry: Entry
    there: OnServer | None = None
    known: ToldEntry | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Push:
    """One push under way."""

    context: Context
    server: CalendarServer
    target: str


def push_entries(context: Context, wish: PushWish) -> CalendarResult:
    """Bring a calendar on a server up to date. With a customer, only what is theirs is put, changed or removed.

    A dry run reads the server and changes nothing. Raises FollowupError for a wrong address or a missing library,
    DataFileError when it could not be remembered, NotDeliveredError (exit 1) when the server does not let us in, (75)
    when it does not answer: what was done until then is remembered; BusyError when another push does not end.
    """
    from followup.delivery.secrets import CALDAV_SERVICE, find_password

    settings = context.config.caldav
    url = checked_url(wish.url or settings.url or _no_url())
    if not context.dry_run and not context.store.writable:
        raise DataFileError("the data file cannot be written, so that nothing could be remembered of a push")
    user = wish.user or settings.user
    password = find_password(
        command=settings.password_command,
        variable=settings.password_env,
        environment=wish.environment,
        service=CALDAV_SERVICE,
        user=user,
    )
    notice = refresh(context)
    alone = nullcontext() if context.dry_run else context.store.one_at_a_time("calendar push")
    with alone, CalendarServer.open(url, user=user, password=password) as server:
        push = _Push(context=context, server=server, target=target_of(server.url))
        steps = _steps(push, wish)
        if not context.dry_run:
            steps = _carry_out(push, steps)
    return _result(context, wish, server.url, steps, [notice] if notice else [])


def _no_url() -> str:
    raise FollowupError("no calendar is named", hint="followup calendar push https://HOST/PATH, or caldav.url")


# ----------------------------------------------------------------------------------------- deciding


def _steps(push: _Push, wish: PushWish) -> list[_Step]:
    """What to do, in the order of the plan; removals last."""
    context = push.context
    now = context.now.astimezone(UTC).replace(microsecond=0)
    customer_id = None if wish.customer is None else wish.customer.id
    there = push.server.entries(UID_DOMAIN)
    with context.store.one_state():
        wanted = wanted_entries(context, clock=wish.clock, alarm=wish.alarm, customer_id=customer_id, changed_at=now)
        known = context.store.told_entries(push.target)
        theirs = None if customer_id is None else _uids_of(context, customer_id)
    steps = [_wanted(entry, there.get(entry.uid), known.get(entry.uid), take_over=wish.take_over) for entry in wanted]
    uids = {entry.uid for entry in wanted}
    gone = (old for uid, old in known.items() if uid not in uids and (theirs is None or uid in theirs))
    for old in gone:
        if old.uid in there or old.content != NOTHING:
            steps.append(_Step(change=CANCELLED, entry=cancellation(old, now), there=there.get(old.uid), known=old))
    return steps


def _wanted(entry: Entry, there: OnServer | None, known: ToldEntry | None, *, take_over: bool) -> _Step:
    """What to do about an open contact."""
    if known is None and there is not None and not take_over:
        return _Step(change=LEFT, entry=replace(entry, sequence=there.sequence or 0), there=there)
    if known is None and there is None:
        return _Step(change=ADDED, entry=entry)
    last = max(
        BEFORE_FIRST if known is None else known.sequence, 0 if there is None else there.sequence or 0, BEFORE_FIRST
    )
    if there is not None:
        if known is not None and known.content == content_of(entry) and _stands(there, entry, known):
            changed_at = known.changed_at
            return _Step(
                change=UNCHANGED,
                entry=replace(entry, sequence=known.sequence, changed_at=changed_at),
                there=there,
                known=known,
            )
        if _says(there, entry):  # put by a push that was interrupted, or before the data file was restored
            return _Step(change=UNCHANGED, entry=replace(entry, sequence=last), there=there, known=known)
    change = CHANGED if there is not None else ADDED
    return _Step(change=change, entry=replace(entry, sequence=last + 1), there=there, known=known)


def _stands(there: OnServer, entry: Entry, known: ToldEntry) -> bool:
    """True when the server still has what it was told: servers write the text anew in their own way, so that only
    what nobody changes by accident is compared. Notes that the user added there stay.
    """
    same_sequence = there.sequence is None or there.sequence == known.sequence
    return same_sequence and not there.cancelled and _same_time(there, entry) and _same(there.summary, entry.summary)


def _says(there: OnServer, entry: Entry) -> bool:
    """True when the server has exactly what it should be told."""
    alarms = () if entry.alarm_minutes is None else (timedelta(minutes=-entry.alarm_minutes),)
    texts = ((there.summary, entry.summary), (there.description, entry.description), (there.location, entry.location))
    return (
        not there.cancelled
        and there.alarms == alarms
        and _same_time(there, entry)
        and all(_same(one, other) for one, other in texts)
    )


def _same_time(there: OnServer, entry: Entry) -> bool:
    begins = begins_of(entry)
    if there.begins != begins or isinstance(there.begins, datetime) != isinstance(begins, datetime):
        return False
    lasts = timedelta(minutes=entry.minutes) if isinstance(begins, datetime) else _DAY
    return there.lasts is None or there.lasts == lasts


def _same(one: str, other: str) -> bool:
    """True for the same words: servers differ in spaces and line ends."""
    from followup.core.visible import visible

    return visible(one).split() == visible(other).split()


def _uids_of(context: Context, customer_id: int) -> Collection[str]:
    """The uids of everything that was ever planned for a customer."""
    planned = context.store.ever_planned(customer_id)
    keys = context.store.sale_keys({sale_id for sale_id, _, _ in planned})
    return {uid_of(sale_id, keys[sale_id], step, occurrence) for sale_id, step, occurrence in planned}


# ------------------------------------------------------------------------------------------- doing


def _carry_out(push: _Push, steps: Sequence[_Step]) -> list[_Step]:
    """Do what was decided, and give what came of it. What is done is remembered at once.

    A failure in the middle says how far it came; what was not even tried is claimed no more.
    """
    done: list[_Step] = []
    _claim(push, steps)
    try:
        for step in steps:
            done.append(_carried_out(push, step))
    except BaseException as error:
        with suppress(FollowupError):
            _give_up(push, steps[len(done) + 1 :])
        if isinstance(error, NotDeliveredError) and done:
            so_far = f"{error.sentence}; {len(done)} of {len(steps)} entries were done and are remembered"
            raise NotDeliveredError(so_far, hint=error.hint, exit_code=error.exit_code) from None
        raise
    return done


def _carried_out(push: _Push, step: _Step) -> _Step:
    try:
        _send(push.server, step)
    except ConflictError:
        return _give_up_one(push, step)
    except RefusedError:
        return _give_up_one(push, step)
    now_told = told(step.entry)
    if step.change != LEFT and now_told != step.known:
        with push.context.write("calendar push"):
            push.context.store.keep_told_entries(push.target, [now_told])
    return step


def _send(server: CalendarServer, step: _Step) -> None:
    if step.change == CANCELLED:
        if step.there is not None:
            server.remove(step.there)
    elif step.change in (ADDED, CHANGED):
        text = calendar_text([step.entry], name="", method="")
        if step.there is None:
            server.add(step.entry.uid, text)
        else:
            server.replace(step.there, text)


def _claims(steps: Iterable[_Step]) -> list[ToldEntry]:
    """What is remembered of entries that are about to be put for the first time."""
    first = (step.entry for step in steps if step.change in (ADDED, CHANGED) and step.known is None)
    return [replace(told(entry), sequence=BEFORE_FIRST, content=NOTHING) for entry in first]


def _claim(push: _Push, steps: Iterable[_Step]) -> None:
    if claims := _claims(steps):
        with push.context.write("calendar push"):
            push.context.store.keep_told_entries(push.target, claims)


def _give_up(push: _Push, steps: Iterable[_Step]) -> None:
    """Claim no more what was not put, unless another push has put it meanwhile."""
    if claims := {claim.uid for claim in _claims(steps)}:
        with push.context.write("calendar push"):
            known = push.context.store.told_entries(push.target)
            unused = [uid for uid in claims if uid in known and known[uid].sequence == BEFORE_FIRST]
            push.context.store.forget_told_entries(push.target, unused)


def _give_up_one(push: _Push, step: _Step) -> _Step:
    _give_up(push, [step])
    return replace(step, change=FAILED)


# ----------------------------------------------------------------------------------------- the result


def _result(context: Context, wish: PushWish, url: str, steps: list[_Step], notices: list[str]) -> CalendarResult:
    counts = Counter(step.change for step in steps)
    if counts[LEFT]:
        notices.append(
            f"{counts[LEFT]} {_entries(counts[LEFT])} with these contacts stand there already, from another data file,"
            " and were left as they are; --take-over makes them this file's"
        )
    if counts[FAILED]:
        notices.append(
            f"{counts[FAILED]} {_entries(counts[FAILED])} could not be written: changed there at the same time, or"
            " refused by the server; push again"
        )
    return CalendarResult(
        today=context.today,
        notices=tuple(notices),
        url=url,
        customer=None if wish.customer is None else name_of(context, wish.customer),
        customer_key=None if wish.customer is None else wish.customer.key,
        entries=sum(not step.entry.cancelled for step in steps),
        added=counts[ADDED],
        changed=counts[CHANGED],
        cancelled=counts[CANCELLED],
        unchanged=counts[UNCHANGED],
        left_count=counts[LEFT],
        failed_count=counts[FAILED],
        written=not context.dry_run and bool(counts[ADDED] or counts[CHANGED] or counts[CANCELLED]),
        items=tuple(item_of(step.change, step.entry) for step in steps),
        dry_run=context.dry_run,
    )


def _entries(number: int) -> str:
    return "entry" if number == 1 else "entries"
