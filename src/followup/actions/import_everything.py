"""`import --all`: a whole data file back from the tables that `export --all` wrote, under the same numbers and keys.

Facts are taken as they were; the plan follows from them. A touchpoint gets the number back that it had.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TypeVar

from followup.actions.context import Context
from followup.actions.exporting import ALIASES, KINDS, SCHEMA, TEXTS_FOLDER, text_name
from followup.actions.library import Volume, bad_playbook
from followup.actions.planning import replan
from followup.actions.readings import check_value
from followup.actions.results import Written
from followup.core.model.activity import ACTIVITY_KINDS, Activity
from followup.core.model.channel import CHANNELS
from followup.core.model.concern import CATEGORIES, SEVERITIES, Concern
from followup.core.model.customer import Contact, Customer
from followup.core.model.outcome import MILESTONES, OUTCOMES
from followup.core.model.playbook import COMPLEXITIES, EXTENSIVENESS, LIFE_CYCLES, TIERS, USAGES
from followup.core.model.playbook import KINDS as CUSTOMER_KINDS
from followup.core.model.promise import ABOUT, ANSWERS, Promise
from followup.core.model.reading import READING_KINDS, Reading
from followup.core.model.sale import Profile, Sale
from followup.core.model.stage import STAGES
from followup.errors import BadFileError, FollowupError, Problem
from followup.files.exported import ExportedRow, Reader, exported_rows, format_of
from followup.store.restoring import ExportedAlias
from followup.store.values import Alias

T = TypeVar("T")

CHUNK = 1000  # rows
MOST_PROBLEMS = 200  # told one by one
ELSEWHERE = "followup --db NEW.db import --all DIR"


def import_all(context: Context, folder: Path) -> Written:
    """Take everything that `export --all` wrote into a folder into an empty data file, all or nothing.

    Raises NotFoundError for no such folder, BadFileError for tables that are missing, foreign, of a newer followup, or
    changed so that they do not fit together, and FollowupError where the data file holds customers already.
    """
    ending = format_of(folder, [*KINDS])
    with context.write("import --all") as entry:
        if context.store.customer_count():
            raise FollowupError(
                f"{context.store.path} holds customers already: a whole export goes into an empty data file",
                hint=ELSEWHERE,
            )
        restored = Restored(context, folder, ending)
        restored.take_all()
        restored.refuse_problems()
        entry.summary = f"{restored.counts['customers']} customers, {restored.counts['sales']} sales"
        replan(context, None)
    counted = (
        f"{restored.counts[name]} {kind.row if restored.counts[name] == 1 else name}"
        for name, kind in KINDS.items()
        if name != "referrals"
    )
    return Written(
        today=context.today,
        command="import --all",
        said=(f"from {folder}: {', '.join(counted)}",),
        dry_run=context.dry_run,
    )


@dataclass(slots=True)
class Restored:
    """The tables of one folder on their way in. Only inside a write."""

    context: Context
    folder: Path
    ending: str
    counts: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    _customers: dict[str, int] = field(default_factory=dict)  # key -> number
    _sales: dict[int, str] = field(default_factory=dict)  # number -> key of the customer
    _texts: dict[str, int] = field(default_factory=dict)  # name of a pinned text -> its number
    _numbers: set[int] = field(default_factory=set)  # of the table in hand

    def take_all(self) -> None:
        """Table after table, each after those that it needs."""
        store = self.context.store
        self._take("customers", self._customer, lambda rows: store.add_customers(rows))
        self._take("contacts", self._contact, lambda rows: store.add_contacts(rows))
        self._take("sales", self._sale, lambda rows: store.add_sales(rows))
        self._take("activities", self._activity, lambda rows: store.add_activities(rows))
        self._take("concerns", self._concern, store.restore_concerns)
        self._take("promises", self._promise, store.restore_promises)
        self._take("readings", self._reading, lambda rows: store.add_readings(rows))
        self._take("touchpoints", self._touchpoint, store.keep_touchpoint_numbers)
        self._take("referrals", lambda _: None, lambda _: None)  # follows from customers
        if (self.folder / f"{ALIASES.name}.{self.ending}").exists():
            self._take(ALIASES.name, self._alias, store.restore_aliases)

    def refuse_problems(self) -> None:
        """Raise BadFileError when anything was wrong."""
        if not self.problems:
            return
        first = self.problems[0]
        more = f" (and {len(self.problems) - 1} more)" if len(self.problems) > 1 else ""
        raise BadFileError(
            f"{self.folder / first.source}, line {first.line}: {first.message}{more}; nothing was imported",
            hint="take the tables as `followup export --all DIR` wrote them",
            problems=self.problems[:MOST_PROBLEMS],
        )

    def _take(self, name: str, read: Callable[[Reader], T], keep: Callable[[list[T]], object]) -> None:
        """Read a table and keep its rows, a chunk at a time; after the first problem they are only looked at."""
        kind = KINDS.get(name, ALIASES)
        path = self.folder / f"{name}.{self.ending}"
        reader = Reader(path.name)
        self._numbers.clear()
        count = 0
        rows = exported_rows(path, kind.headings, SCHEMA)
        while chunk := [*islice(rows, CHUNK)]:
            count += len(chunk)
            values = [self._read(reader, row, read) for row in chunk]
            if not self.problems and not reader.problems:
                keep(values)
            if len(reader.problems) > MOST_PROBLEMS:
                break
        self.counts[name] = count
        self.problems += reader.problems

    def _read(self, reader: Reader, row: ExportedRow, read: Callable[[Reader], T]) -> T:
        reader.row = row
        number = reader.id()
        if number in self._numbers:
            reader.refuse("id", "two rows have this number")
        self._numbers.add(number)
        return read(reader)

    # Rows

    def _customer(self, row: Reader) -> Customer:
        customer = Customer(
            id=row.id(),
            key=row.needed("key"),
            name=row.needed("name"),
            company=row.text("company"),
            kind=row.choice("kind", CUSTOMER_KINDS),
            country=row.text("country"),
            subdivision=row.text("subdivision"),
            timezone=row.text("timezone"),
            usage=row.choice("usage", USAGES),
            tier=row.choice("tier", TIERS),
            tags=row.names("tags"),
            do_not_contact=row.flag("do_not_contact"),
            notes=row.text("notes"),
            extra=row.mapping("extra"),
            external_id=row.text("external_id"),
        )
        if customer.key in self._customers:
            row.refuse("key", "two customers have this key")
        self._customers[customer.key] = customer.id
        return customer

    def _contact(self, row: Reader) -> Contact:
        return Contact(
            id=row.id(),
            customer_id=self._owner(row),
            name=row.text("name"),
            first_name=row.text("first_name"),
            role=row.text("role"),
            email=row.text("email"),
            phone=row.text("phone"),
            channel=row.choice("channel", ("", *CHANNELS)),
            do_not_contact=row.flag("own_do_not_contact"),
            is_main=row.flag("is_main"),
        )

    def _sale(self, row: Reader) -> tuple[Sale, int]:
        sale = Sale(
            number=row.id(),
            key=row.text("sale_key"),
            customer_id=self._owner(row),
            product=row.text("product"),
            goal=row.text("goal"),
            playbook=row.text("playbook"),
            anchors=row.days("anchors"),
            added_on=row.day("added_on"),
            profile=Profile(
                life_cycle=row.choice("life_cycle", ("", *LIFE_CYCLES)),
                extensiveness=row.choice("extensiveness", ("", *EXTENSIVENESS)),
                complexity=row.choice("complexity", ("", *COMPLEXITIES)),
            ),
            external_id=row.text("external_id"),
            value=row.amount("value"),
            extra=row.mapping("extra"),
        )
        self._sales[sale.number] = row.text("customer_key")
        return sale, self._pinned(row)

    def _activity(self, row: Reader) -> Activity:
        outcomes = row.names("outcomes")
        if not set(outcomes) <= set(OUTCOMES):
            row.refuse("outcomes", f"outcomes are {', '.join(OUTCOMES)}")
        return Activity(
            id=row.id(),
            sale_id=self._sale_of(row),
            kind=row.choice("kind", ACTIVITY_KINDS),
            on=row.day("on"),
            direction=row.choice("direction", ("outbound", "inbound")),
            channel=row.choice("channel", ("", *CHANNELS)),
            outcomes=outcomes,
            note=row.text("note"),
            score=row.maybe_number("score"),
            minutes=row.maybe_number("minutes"),
            step=row.text("step"),
            occurrence=row.number("occurrence"),
            purpose=row.text("purpose"),
            stage=row.choice("stage", ("", *(stage.value for stage in STAGES))),
            due_on=row.maybe_day("due_on"),
            opens_on=row.maybe_day("opens_on"),
            closes_on=row.maybe_day("closes_on"),
            to_on=row.maybe_day("to_on"),
            to_time=row.maybe_time("to_time"),
            milestone=row.choice("milestone", ("", *MILESTONES)),
            external_id=row.text("external_id"),
        )

    def _concern(self, row: Reader) -> Concern:
        return Concern(
            id=row.id(),
            sale_id=self._sale_of(row),
            number=row.id("number"),
            text=row.text("text"),
            severity=row.choice("severity", SEVERITIES),
            category=row.choice("category", CATEGORIES),
            opened_on=row.day("opened_on"),
            resolved_on=row.maybe_day("resolved_on"),
        )

    def _promise(self, row: Reader) -> Promise:
        return Promise(
            id=row.id(),
            sale_id=self._sale_of(row),
            number=row.id("number"),
            text=row.text("text"),
            by=row.day("by"),
            done_on=row.maybe_day("done_on"),
            told_on=row.maybe_day("told_on"),
            about=row.choice("about", ABOUT),
            concern=row.number("concern"),
            answer=row.choice("answer", ANSWERS),
        )

    def _reading(self, row: Reader) -> Reading:
        reading = Reading(
            id=row.id(),
            sale_id=self._sale_of(row),
            kind=row.choice("kind", READING_KINDS),
            value=row.text("value"),
            on=row.day("on"),
            note=row.text("note"),
        )
        try:
            check_value(reading.kind, reading.value) if reading.kind in READING_KINDS else None
        except FollowupError as error:
            row.refuse("value", error.sentence)
        return reading

    def _touchpoint(self, row: Reader) -> tuple[int, str, int, int]:
        return self._sale_of(row), row.needed("step"), row.number("occurrence"), row.id()

    def _alias(self, row: Reader) -> ExportedAlias:
        return ExportedAlias(
            id=row.id(),
            customer_id=self._owner(row),
            customer=row.text("customer"),
            customer_key=row.text("customer_key"),
            alias=Alias(
                key=row.text("key"),
                external_id=row.text("external_id"),
                name=row.text("name"),
                company=row.text("company"),
            ),
        )

    # What a row points at

    def _owner(self, row: Reader) -> int:
        """The number of the customer whose row it is."""
        number = self._customers.get(row.text("customer_key"))
        if number is None:
            row.refuse("customer_key", f"customers.{self.ending} has no such customer")
        return number or 0

    def _sale_of(self, row: Reader) -> int:
        """The sale that a row is about, which must be a sale of the customer whose row it is."""
        number = row.id("sale")
        if self._sales.get(number) != row.text("customer_key"):
            row.refuse("sale", f"sales.{self.ending} has no such sale of this customer")
        return number

    def _pinned(self, row: Reader) -> int:
        """The number of the text that a sale follows; stored at its first use."""
        name, key = row.text("playbook_text"), row.text("playbook")
        if name not in self._texts:
            volume = self._volume(row, name, key)
            self._texts[name] = self.context.library.pin(self.context.store, volume) if volume is not None else 0
        return self._texts[name]

    def _volume(self, row: Reader, name: str, key: str) -> Volume | None:
        from followup.files.playbook_reader import read_playbook
        from followup.files.text_files import read_small_text

        path = self.folder / TEXTS_FOLDER / f"{name}.yaml"
        text = read_small_text(path) if name and Path(name).name == name else None
        if text is None:
            row.refuse("playbook_text", f"there is no {TEXTS_FOLDER}/{name}.yaml in the folder")
            return None
        if text_name(key, text) != name:
            row.refuse("playbook_text", f"{TEXTS_FOLDER}/{name}.yaml was changed after the export")
            return None
        playbook, problems = read_playbook(text, source=str(path))
        if playbook is None:
            raise bad_playbook(str(path), problems)
        return Volume(playbook=playbook, text=text, source=str(path))
