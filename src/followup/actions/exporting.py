"""`export`: every table out, for spreadsheets (guarded CSV), for other programs (`raw`) and as JSON.

The headings are the field names of the JSON. A table is read row by row from one state of the data file, and a file
gets its name only when it is complete.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date, time
from difflib import get_close_matches
from pathlib import Path

from followup.actions.context import Context
from followup.actions.prospects import REFERRED_BY
from followup.actions.refresh import refresh
from followup.actions.results import Written
from followup.actions.views import Feeling, built_in_words, feeling_on, priority_of, stand_in_for
from followup.core.model.customer import Contact
from followup.core.model.touchpoint import Touchpoint
from followup.errors import EXIT_USAGE, FollowupError
from followup.files.cells import read_tags
from followup.files.csv_out import PROBLEM_COLUMN, csv_records, private_file, private_folder
from followup.store import ExportedTouchpoint, Owner, Store

FORMATS = ("csv", "json")
CALENDAR = "ics"
DATED = "touchpoints"  # the only table that can be a calendar as well
SCHEMA = "followup.export/1"
TEXTS_FOLDER = "playbooks"  # beside the tables: the texts that sales follow

Values = tuple[object, ...]
Dumps = Callable[[object], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One table: its name, what a row of it is called, the headings, and its rows in the order of the headings."""

    name: str
    row: str
    headings: tuple[str, ...]
    rows: Callable[[Store, date], Iterator[Values]]
    plural: str = ""  # of what a row is called, where that is not the name of the table


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportWish:
    """How tables go out: `csv` or `json`; `raw` guards no cell against spreadsheets."""

    format: str = "csv"
    raw: bool = False


def kind_named(name: str) -> Kind:
    """The kind with this name. Raises FollowupError with the nearest one."""
    if name in _NAMED:
        return _NAMED[name]
    near = get_close_matches(name.casefold(), _NAMED, n=1, cutoff=0.5)
    hint = f"followup export {near[0]}" if near else f"followup export {' or '.join(_NAMED)}"
    raise FollowupError(f"there is no table {name!r} to export", hint=hint)


def kind_of(headings: Collection[str]) -> Kind | None:
    """Whose table this is, when all headings are of one of these kinds and the rows say whose they are."""
    known = {name for name in headings if name != PROBLEM_COLUMN}
    if not known & {"key", "customer_key"}:
        return None
    return next((kind for kind in KINDS.values() if known <= {*kind.headings}), None)


def check_format(name: str, target: Path | None, kind: str = "") -> str:
    """The format with this name; without one, what the ending of the target says, else csv. Raises FollowupError.

    Touchpoints can be a calendar as well (`ics`), of what is open for people who may be contacted.
    """
    if not name:
        ending = "" if target is None else target.suffix.casefold().removeprefix(".")
        name = ending if ending in (*FORMATS, CALENDAR) else "csv"
    if name == CALENDAR:
        if kind != DATED:
            hint = f"--format csv or --format json; for a calendar: followup export {DATED} --format {CALENDAR}"
            sentence = f"only {DATED} can be exported as {CALENDAR!r}, a calendar"
            raise FollowupError(sentence, hint=hint, exit_code=EXIT_USAGE)
        return name
    if name not in FORMATS:
        raise FollowupError(
            f"tables cannot be exported as {name!r}", hint="--format csv or --format json", exit_code=EXIT_USAGE
        )
    return name


def table_text(context: Context, kind: Kind, wish: ExportWish, *, dumps: Dumps) -> Generator[str, None, None]:
    """A table as text, record by record. `dumps` gives a value as JSON on one line.

    JSON gives every value as it is; in CSV lists are parted by commas (or are JSON where a comma would be taken for
    one), objects are JSON, nothing is an empty cell.
    """
    with context.store.one_state():
        if wish.format == "json":
            yield from _json_text(context, kind, dumps)
            return
        store, today = context.store, context.today
        yield from csv_records(kind.headings, lambda: map(_cells, kind.rows(store, today)), raw=wish.raw)


def plan_of_today(context: Context) -> tuple[str, ...]:
    """Bring plans up to date before they leave; gives what there is to say about it (see `refresh`)."""
    notice = refresh(context)
    return (notice,) if notice else ()


def export_file(context: Context, kind: Kind, target: Path, wish: ExportWish, *, dumps: Dumps) -> Written:
    """Write one table to a file, whole or not at all, readable by its owner only. Raises FollowupError."""
    return _export(context, {kind.name: target}, wish, dumps)


def export_all(context: Context, folder: Path, wish: ExportWish, *, dumps: Dumps) -> Written:
    """Write every table of one state of the data file into a folder, which is made for the owner only (0700).

    With them goes what the tables lack: the playbook texts that sales follow, in a folder of their own, and by what
    else merged customers are known. No file gets its name before all are complete. Raises FollowupError.
    """
    private_folder(folder)
    targets = {name: folder / f"{name}.{wish.format}" for name in KINDS}
    aliases = folder / f"{ALIASES.name}.{wish.format}"
    if aliases.exists() or any(context.store.exported_aliases()):
        targets[ALIASES.name] = aliases
    return _export(context, targets, wish, dumps, texts=folder / TEXTS_FOLDER)


def _export(
    context: Context, targets: Mapping[str, Path], wish: ExportWish, dumps: Dumps, *, texts: Path | None = None
) -> Written:
    refuse_own_file(context, targets.values())
    notices = plan_of_today(context)
    said = []
    with ExitStack() as files:
        files.enter_context(context.store.one_state())
        writers = {name: files.enter_context(private_file(path)) for name, path in targets.items()}
        for name, write in writers.items():
            counted = _Counted({**_NAMED, ALIASES.name: ALIASES}[name])
            for text in table_text(context, counted.kind, wish, dumps=dumps):
                write(text.encode())
            said.append(f"{counted} written to {targets[name]}")
        if texts is not None and (pinned := context.store.pinned_texts()):
            private_folder(texts)
            for each in pinned:
                write = files.enter_context(private_file(texts / f"{text_name(each.key, each.text)}.yaml"))
                write(each.text.encode())
            noun = "playbook text" if len(pinned) == 1 else "playbook texts"
            said.append(f"{len(pinned)} {noun} written to {texts}")
    return Written(today=context.today, notices=notices, command="export", said=tuple(said))


class _Counted:
    """A kind that counts its rows while they are written."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self.count = 0
        self.kind = replace(kind, rows=self._rows)

    def _rows(self, store: Store, today: date) -> Iterator[Values]:
        self.count = 0
        for row in self._kind.rows(store, today):
            self.count += 1
            yield row

    def __str__(self) -> str:
        return f"{self.count} {self._kind.row if self.count == 1 else self._kind.plural or self._kind.name}"


def refuse_own_file(context: Context, targets: Iterable[Path]) -> None:
    """The data file, and the logs beside it, are no place for a table."""
    own = context.store.path
    files = [own, *(own.with_name(own.name + suffix) for suffix in ("-wal", "-shm", "-journal"))]
    for target in targets:
        if target.resolve() in files or (target.exists() and target.samefile(own)):
            raise FollowupError(f"{target} is the data file itself; nothing was written", hint="name another file")


def _json_text(context: Context, kind: Kind, dumps: Dumps) -> Iterator[str]:
    head = dumps({"schema": SCHEMA, "today": context.today.isoformat(), "kind": kind.name, "items": []})
    yield head.removesuffix("]}")
    between = ""
    for row in kind.rows(context.store, context.today):
        values = zip(kind.headings, map(_plain, row), strict=True)
        yield f"{between}\n{dumps(dict(values))}"
        between = ","
    yield "\n]}\n" if between else "]}\n"


# ------------------------------------------------------------------------------------------ values


def _plain(value: object) -> object:
    """A value as JSON has it."""
    if isinstance(value, time):
        return value.isoformat("minutes" if value.second == 0 else "seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [*map(_plain, value)]
    return dict(value) if isinstance(value, Mapping) else value


def _cells(row: Values) -> list[str]:
    return [*map(_cell, row)]


def _cell(value: object) -> str:
    """A value as the text of a cell; a tuple holds names, a list sentences."""
    if isinstance(value, str):
        return value
    if value is None or value in ((), [], {}):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        listed = ",".join(value) if all(isinstance(each, str) for each in value) else ""
        if listed and read_tags(listed) == value:
            return listed
    plain = _plain(value)
    return json.dumps(plain, ensure_ascii=False) if isinstance(plain, list | dict) else str(plain)


# ------------------------------------------------------------------------------------------- kinds


def _customers(store: Store, today: date) -> Iterator[Values]:
    for one, person in store.exported_customers():
        reach = person or Contact(name="")
        yield (
            *(one.id, one.key, one.name, one.company, one.kind, one.country, one.subdivision, one.timezone),
            *(reach.role, reach.email, reach.phone, reach.channel, one.usage, one.tier, one.tags),
            *(one.do_not_contact, one.notes, one.extra, one.external_id),
        )


def _contacts(store: Store, today: date) -> Iterator[Values]:
    for one, owner in store.exported_contacts():
        yield (
            *(one.id, owner.name, owner.key, one.name, one.first_name, one.role, one.email, one.phone, one.channel),
            *(one.do_not_contact or owner.do_not_contact, one.do_not_contact, one.is_main),
        )


def _sales(store: Store, today: date) -> Iterator[Values]:
    pinned = {each.id: text_name(each.key, each.text) for each in store.pinned_texts()}
    for one in store.exported_sales():
        yield (
            *(one.id, one.owner.name, one.owner.key, one.product, one.playbook, one.stages.on(today).value),
            *(one.goal, one.life_cycle, one.extensiveness, one.complexity, one.added_on, one.anchors),
            *(one.owner.do_not_contact, one.external_id, _plain_number(one.value), one.extra),
            *(one.key, pinned[one.playbook_id]),
        )


def text_name(key: str, text: str) -> str:
    """The name of a pinned text: the playbook and the beginning of the SHA-256 of its text."""
    return f"{key}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def _plain_number(value: float | None) -> float | None:
    """A whole number without the `.0` that only a program would write."""
    return int(value) if value is not None and value.is_integer() else value


def _touchpoints(store: Store, today: date) -> Iterator[Values]:
    sale, feeling = 0, None
    for one in store.exported_touchpoints():
        if one.sale_id != sale:
            sale, feeling = one.sale_id, _feeling(one, today)
        yield _touchpoint(one, feeling, today)


def _feeling(one: ExportedTouchpoint, today: date) -> Feeling | None:
    return feeling_on(
        one.curve, one.live_on, today, evidence=one.evidence, relationship=one.relationship, stages=one.stages
    )


def _touchpoint(one: ExportedTouchpoint, feeling: Feeling | None, today: date) -> Values:
    it, owner = one.touchpoint, one.owner
    ranked = priority_of(it, feeling, one.tier, one.usage, today)
    overdue = max(0, (today - it.due_on).days) if it.due_on is not None and it.is_open else 0
    goal, gives, ask = _words(one, it)
    reasons = tuple({"rule": each.rule, "text": each.text, "inputs": dict(each.inputs)} for each in it.reasons)
    return (
        *(one.id, owner.name, owner.key, one.contact, one.sale_id, one.product, one.playbook, it.step),
        *(it.occurrence, it.stage.value, it.purpose, it.service, it.channel, it.due_on, it.opens_on, it.closes_on),
        *(it.deadline_on, it.agreed_time, it.status.value, it.done_on, overdue, ranked.lane, ranked.score),
        *(feeling.estimate if feeling else None, feeling.trend if feeling else None),
        *(goal, gives, [*ask], reasons, it.by_hand, 0, owner.do_not_contact),
    )


def _words(one: ExportedTouchpoint, it: Touchpoint) -> tuple[str, str, tuple[str, ...]]:
    """Goal, gives and questions, as the due list has them."""
    stand_in = stand_in_for(it.reasons)
    if one.goal and not stand_in:
        return one.goal, one.gives, one.ask
    return built_in_words(stand_in or it.step) or ("", one.gives, one.ask)


def _activities(store: Store, today: date) -> Iterator[Values]:
    for one, owner in store.exported_activities():
        yield (
            *_whose(one.id, one.sale_id, owner),
            *(one.kind, one.on, one.direction, one.channel, one.outcomes, one.note, one.score, one.minutes),
            *(one.step, one.occurrence, one.purpose, one.stage, one.due_on, one.opens_on, one.closes_on),
            *(one.to_on, one.to_time, one.milestone, one.external_id, owner.tags),
        )


def _concerns(store: Store, today: date) -> Iterator[Values]:
    for one, owner in store.exported_concerns():
        yield (
            *_whose(one.id, one.sale_id, owner),
            *(one.number, one.text, one.severity, one.category, one.opened_on, one.resolved_on, owner.tags),
        )


def _promises(store: Store, today: date) -> Iterator[Values]:
    for one, owner in store.exported_promises():
        yield (
            *_whose(one.id, one.sale_id, owner),
            *(one.number, one.text, one.by, one.done_on, one.told_on, one.about, one.concern, one.answer),
            owner.tags,
        )


def _readings(store: Store, today: date) -> Iterator[Values]:
    for one, owner in store.exported_readings():
        yield (*_whose(one.id, one.sale_id, owner), one.kind, one.value, one.on, one.note, owner.tags)


def _aliases(store: Store, today: date) -> Iterator[Values]:
    for one in store.exported_aliases():
        known = one.alias
        yield one.id, one.customer, one.customer_key, known.key, known.external_id, known.name, known.company


def _referrals(store: Store, today: date) -> Iterator[Values]:
    for one in store.exported_referrals(REFERRED_BY):
        yield (
            *(one.id, one.owner.name, one.owner.key, one.referrer, one.referrer_key),
            *(one.email, one.phone, one.channel, one.sales, one.owner.do_not_contact),
        )


def _mailing(store: Store, today: date) -> Iterator[Values]:
    for one in store.exported_mailing():
        stages = dict.fromkeys(each.on(today).value for each in one.stages)
        yield (
            *(one.name, one.first_name, one.company, one.owner.key, one.email, one.role),
            *(tuple(dict.fromkeys(filter(None, one.products))), tuple(stages)),
        )


def _whose(number: int, sale: int, owner: Owner) -> Values:
    return number, owner.name, owner.key, sale


def _headings(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_WHOSE = "id customer customer_key sale"
_ALL = (
    Kind(
        name="customers",
        row="customer",
        headings=_headings(
            "id key name company kind country subdivision timezone role email phone channel usage tier tags "
            "do_not_contact notes extra external_id"
        ),
        rows=_customers,
    ),
    Kind(
        name="contacts",
        row="contact",
        headings=_headings(
            "id customer customer_key name first_name role email phone channel do_not_contact own_do_not_contact "
            "is_main"
        ),
        rows=_contacts,
    ),
    Kind(
        name="sales",
        row="sale",
        headings=_headings(
            "id customer customer_key product playbook stage goal life_cycle extensiveness complexity added_on anchors "
            "do_not_contact external_id value extra sale_key playbook_text"
        ),
        rows=_sales,
    ),
    Kind(
        name="touchpoints",
        row="touchpoint",
        headings=_headings(
            "id customer customer_key contact sale product playbook step occurrence stage purpose service channel "
            "due_on opens_on closes_on deadline_on agreed_time status done_on days_overdue lane priority mood trend "
            "goal gives ask reasons by_hand folded_count do_not_contact"
        ),
        rows=_touchpoints,
    ),
    Kind(
        name="activities",
        row="activity",
        headings=_headings(
            f"{_WHOSE} kind on direction channel outcomes note score minutes step occurrence purpose stage due_on "
            "opens_on closes_on to_on to_time milestone external_id tags"
        ),
        rows=_activities,
    ),
    Kind(
        name="concerns",
        row="concern",
        headings=_headings(f"{_WHOSE} number text severity category opened_on resolved_on tags"),
        rows=_concerns,
    ),
    Kind(
        name="promises",
        row="promise",
        headings=_headings(f"{_WHOSE} number text by done_on told_on about concern answer tags"),
        rows=_promises,
    ),
    Kind(name="readings", row="reading", headings=_headings(f"{_WHOSE} kind value on note tags"), rows=_readings),
    Kind(
        name="referrals",
        row="referral",
        headings=_headings(
            "id customer customer_key referred_by referred_by_key email phone channel sales do_not_contact"
        ),
        rows=_referrals,
    ),
)
KINDS: dict[str, Kind] = {kind.name: kind for kind in _ALL}
ALIASES = Kind(
    name="aliases",
    row="alias",
    headings=_headings("id customer customer_key key external_id name company"),
    rows=_aliases,
)
"""By what else customers are known after a merge; goes with all tables, where there are any."""
MAILING = Kind(
    name="mailing",
    row="person",
    headings=_headings("name first_name company customer_key email role products stages"),
    rows=_mailing,
    plural="people",
)
"""Whom a mail may go to. No table of the data: it does not go with all of them."""
_NAMED = {**KINDS, MAILING.name: MAILING}
