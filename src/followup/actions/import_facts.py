"""Facts on their way in: contacts, activities, readings, concerns and promises of customers who are known already.

A row that is a fact already changes nothing, and two rows that say the same are two facts. What is not plain is refused
or left out with a notice; it is never guessed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Generic, TypeVar, cast

from followup.actions.context import Context
from followup.actions.intake import MOST_LINES, Intake, Tally
from followup.actions.planning import replan
from followup.actions.readings import check_value
from followup.actions.results import FieldChange
from followup.actions.whose import Finder, NoSale, sale_for
from followup.core.model.concern import Concern
from followup.core.model.customer import Contact, Customer
from followup.core.model.promise import Promise
from followup.core.model.reading import Reading
from followup.core.planner.clues import SCALES
from followup.core.planner.draft import day_text
from followup.errors import FollowupError
from followup.files import fact_rows as reasons
from followup.files.customer_mapping import CustomerMapping
from followup.files.customer_rows import RowProblem
from followup.files.fact_mapping import map_facts
from followup.files.fact_rows import ConcernRow, ContactRow, FactReader, FactRow, PromiseRow, ReadingRow
from followup.files.fact_words import ACTIVITIES, CONCERNS, CONTACTS, PROMISES, READINGS
from followup.files.tables import Row, Table
from followup.store import CustomerFacts, SaleFacts, comparable

R = TypeVar("R", bound=FactRow)

REPEAT = "repeat"
CONTACT_FIELDS = ("name", "first_name", "role", "email", "phone", "channel")


def facts_intake(
    context: Context, table: Table, kind: str, told: Mapping[str, str] | None, *, date_format: str | None
) -> Intake[Any]:
    """The intake for a table of `kind`. `told` is the mapping that the user gave. Raises as `map_facts` does."""
    mapping = map_facts(table, kind, told)
    reader = FactReader(table, mapping, date_format=date_format)
    if kind == ACTIVITIES:
        from followup.actions.import_activities import ActivityIntake

        return ActivityIntake(context, reader)
    return cast("Intake[Any]", _INTAKES[kind](context, reader))


class FactIntake(Generic[R]):
    """What all kinds of facts have in common."""

    def __init__(self, context: Context, reader: FactReader) -> None:
        self.mapping: CustomerMapping = reader.mapping
        self.tally = Tally()
        self.context = context
        self.finder = Finder(context, reader.mapping)
        self.touched: set[int] = set()  # customers whose plan is to be made anew
        self.used: set[int] = set()  # numbers of stored facts that a row of this table stands for
        self.left_out: defaultdict[str, Lines] = defaultdict(Lines)
        self._reader = reader
        self._looked_up: Sequence[R] | None = None

    def read(self, row: Row) -> R | tuple[RowProblem, ...]:
        """What a row says, or everything that is wrong with it."""
        return cast("R | tuple[RowProblem, ...]", self._reader.read(row))

    def check(self, values: Sequence[R]) -> Iterator[RowProblem]:
        """Rows of which it is not known whose they are, or that cannot be recorded."""
        wanted = [row for row in values if not self.why_left_out(row)]
        self.finder.look_up(wanted)
        self._looked_up = values
        for row in wanted:
            found = self.finder.find(row)
            if isinstance(found, RowProblem):
                yield found
            else:
                yield from self.check_row(row, found)

    def take(self, values: Sequence[R]) -> None:
        """Store what is new, change what is known and different, count what is known and the same."""
        wanted = []
        for row in values:
            if why := self.why_left_out(row):
                self.leave_out(row, why)
            else:
                wanted.append(row)
        if values is not self._looked_up:
            self.finder.look_up(wanted)
        self._looked_up = None
        self.take_rows(wanted)

    def finish(self) -> None:
        """Plan everybody anew whom the rows told something about, and say what was left out."""
        if self.touched:
            replan(self.context, sorted(self.touched))
        said = self.tally.notices
        for why, (one, many) in _LEFT_OUT.items():
            if lines := self.left_out.get(why):
                said.append(f"{lines.count} {one if lines.count == 1 else many} left out: {lines}")

    # What each kind says for itself

    def why_left_out(self, row: R) -> str:
        """Why a row is no fact, '' where it is one."""
        return row.left_out

    def check_row(self, row: R, facts: CustomerFacts) -> Iterator[RowProblem]:
        """What is wrong with a row of a customer."""
        yield from ()

    def take_rows(self, rows: Sequence[R]) -> None:
        """Store rows without problems."""
        raise NotImplementedError

    # Help

    def leave_out(self, row: R, why: str) -> None:
        """Count a row that is no fact, or none of its own."""
        self.left_out[why].add(row.line)
        self.tally.skipped += 1

    def owner(self, row: R) -> CustomerFacts:
        """The customer of a row without problems."""
        found = self.finder.find(row)
        if isinstance(found, RowProblem):
            raise FollowupError(f"line {row.line}: {found.message}", hint=found.hint)
        return found

    def sale(self, row: R, facts: CustomerFacts, on: date, among: Sequence[SaleFacts] | None = None) -> SaleFacts:
        """The sale of a row without problems."""
        found = sale_for(facts, row.whose, on, among=among)
        if isinstance(found, NoSale):
            raise FollowupError(f"line {row.line}: {found.message}", hint=found.hint)
        return found

    def check_sale(self, row: R, facts: CustomerFacts, on: date) -> Iterator[RowProblem]:
        """A row needs a sale to be about."""
        found = sale_for(facts, row.whose, on)
        if isinstance(found, NoSale):
            yield self.problem(row, found.message, found.hint)

    def check_past(self, row: R, on: date, field: str) -> Iterator[RowProblem]:
        """What was not yet cannot be recorded."""
        if on > self.context.today:
            yield self.problem(row, f"{day_text(on)} lies in the future", "mend the day, or delete the row", field)

    def problem(self, row: R, message: str, hint: str = "", field: str = "") -> RowProblem:
        """What is wrong with a row, or with its cell of a field."""
        column = self.mapping.first(field) if field else -1
        heading = self.mapping.headers[column] if column >= 0 else ""
        return RowProblem(line=row.line, column=heading, value="", message=message, hint=hint)

    def change(self, customer: Customer, row: R, field: str, old: object, new: object) -> None:
        """Note that a field of a known fact got another value."""
        self.tally.change(
            FieldChange(
                customer=customer.name,
                customer_key=customer.key,
                field=field,
                old=_shown(old),
                new=_shown(new),
                line=row.line,
            )
        )


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return str(value)


@dataclass(slots=True)
class Lines:
    """How many rows, and the first of their lines."""

    count: int = 0
    first: tuple[int, ...] = ()

    def add(self, line: int) -> None:
        """Count one row."""
        self.count += 1
        if self.count <= MOST_LINES:
            self.first += (line,)

    def __str__(self) -> str:
        noun = "line" if self.count == 1 else "lines"
        return f"{noun} {', '.join(map(str, self.first))}{', ...' if self.count > len(self.first) else ''}"


_LEFT_OUT: Mapping[str, tuple[str, str]] = {
    reasons.OPEN: (
        "row that is not done (planned, called off or not delivered)",
        "rows that are not done (planned, called off or not delivered)",
    ),
    reasons.NOTE: ("note or task, which is no contact,", "notes and tasks, which are no contacts,"),
    reasons.MISSED: ("call of theirs that nobody took", "calls of theirs that nobody took"),
    reasons.UNANSWERED_SCORE: ("row without an answer", "rows without an answer"),
    REPEAT: ("row about the same as an earlier line", "rows about the same as earlier lines"),
}


class Same:
    """Which stored facts are what rows say: each stands for one row, so that two that are alike stay two."""

    def __init__(self, used: set[int]) -> None:
        self._used = used
        self._alike: defaultdict[Hashable, list[int]] = defaultdict(list)

    def learn(self, key: Hashable, number: int) -> None:
        """Note a stored fact; `key` is all that is compared."""
        if number not in self._used:
            self._alike[key].append(number)

    def take(self, *keys: Hashable) -> int | None:
        """The number of a stored fact that no row stands for yet, by the first key that any has; None without one."""
        for key in keys:
            for number in self._alike.get(key, ()):
                if number not in self._used:
                    self._used.add(number)
                    return number
        return None


# ------------------------------------------------------------------------------------------ contacts


class ContactIntake(FactIntake[ContactRow]):
    """People of known customers."""

    def take_rows(self, rows: Sequence[ContactRow]) -> None:
        """Add people, or bring what is known of them up to date; a wish to be left alone is never taken back."""
        for row in rows:
            facts = self.owner(row)
            old = _same_person(facts.contacts, row.contact)
            if old is not None and old.id in self.used:
                changed = self._leave_alone(row, old)
                self.leave_out(row, REPEAT)
            else:
                changed = self._add(facts, row) if old is None else self._update(facts, row, old)
            if changed:
                self.touched.add(facts.customer.id)
                self.finder.read_again(facts.customer.id)

    def _leave_alone(self, row: ContactRow, old: Contact) -> bool:
        """All that a second row about a person may change."""
        asked = row.contact.do_not_contact and not old.do_not_contact
        if asked:
            self.context.store.update_contact(old.id, do_not_contact=True)
        return asked

    def _add(self, facts: CustomerFacts, row: ContactRow) -> bool:
        store, person = self.context.store, replace(row.contact, customer_id=facts.customer.id, is_main=False)
        number = store.add_contact(person)
        self.used.add(number)
        if row.contact.is_main or not facts.contacts:
            store.set_main_contact(number)
        self.tally.created += 1
        return True

    def _update(self, facts: CustomerFacts, row: ContactRow, old: Contact) -> bool:
        store, new = self.context.store, row.contact
        self.used.add(old.id)
        fields: dict[str, object] = {
            name: getattr(new, name)
            for name in CONTACT_FIELDS
            if name in row.given and getattr(new, name) and getattr(new, name) != getattr(old, name)
        }
        if new.do_not_contact and not old.do_not_contact:
            fields["do_not_contact"] = True
        for name, value in fields.items():
            self.change(facts.customer, row, f"{name} of {old.name}", getattr(old, name), value)
        if fields:
            store.update_contact(old.id, **fields)
        becomes_main = new.is_main and not old.is_main
        if becomes_main:
            self.change(facts.customer, row, f"main contact {old.name}", False, True)
            store.set_main_contact(old.id)
        changed = bool(fields) or becomes_main
        self.tally.updated += changed
        self.tally.unchanged += not changed
        return changed


def _same_person(people: Iterable[Contact], new: Contact) -> Contact | None:
    """The known person that a row means: two people with one e-mail, or with one name and two e-mails, stay two."""
    email, name = comparable(new.email), comparable(new.name)
    for one in people:
        other_email, other_name = comparable(one.email), comparable(one.name)
        same_email = bool(email) and email == other_email
        if name == other_name and (same_email or not email or not other_email):
            return one
        if same_email and (name == email or other_name == email):
            return one
    return None


# ------------------------------------------------------------------------------------------ readings


class ReadingIntake(FactIntake[ReadingRow]):
    """Scores, usage and knowledge."""

    def check_row(self, row: ReadingRow, facts: CustomerFacts) -> Iterator[RowProblem]:
        """A day that is past, a sale, its scale, and a value on it (E7)."""
        yield from self.check_past(row, row.on, "on")
        if problems := [*self.check_sale(row, facts, row.on)]:
            yield from problems
            return
        for one in row.measured:
            sale = self._sale(row, facts, one.kind)
            playbook = self.context.library.pinned(self.context.store, sale.playbook_id)
            if one.kind in SCALES and one.kind != playbook.kpi:
                yield RowProblem(
                    line=row.line,
                    column=one.column,
                    value=one.value,
                    message=f"{playbook.key} measures with {playbook.kpi}, not with {one.kind}: scales are not mixed",
                    hint=f"leave the column out with --map FILE and the line: {one.kind} = -",
                )
                continue
            try:
                check_value(one.kind, one.value)
            except FollowupError as error:
                yield RowProblem(
                    line=row.line, column=one.column, value=one.value, message=error.sentence, hint=error.hint
                )

    def _sale(self, row: ReadingRow, facts: CustomerFacts, kind: str) -> SaleFacts:
        """The sale that was measured: where the row names none, one whose playbook has the scale."""
        pinned = self.context.library.pinned
        fits = [each for each in facts.sales if pinned(self.context.store, each.playbook_id).kpi == kind]
        return self.sale(row, facts, row.on, fits if kind in SCALES else None)

    def take_rows(self, rows: Sequence[ReadingRow]) -> None:
        """Add readings that are not known yet."""
        known: dict[int, Same] = {}
        new: list[Reading] = []
        for row in sorted(rows, key=lambda each: (each.on, each.line)):
            facts = self.owner(row)
            if facts.customer.id not in known:
                same = Same(self.used)
                known[facts.customer.id] = same
                for sale in facts.sales:
                    for reading in sale.history.readings:
                        same.learn(_reading_key(reading, sale.sale.number), reading.id)
                        same.learn(_reading_key(reading, 0), reading.id)
            for one in row.measured:
                sale = self._sale(row, facts, one.kind)
                number = sale.sale.number
                reading = Reading(sale_id=number, kind=one.kind, value=one.value, on=row.on, note=row.note)
                anywhere = () if row.whose.sale is not None else (_reading_key(reading, 0),)
                if known[facts.customer.id].take(_reading_key(reading, number), *anywhere) is None:
                    new.append(reading)
                    self.tally.created += 1
                    self.touched.add(facts.customer.id)
                else:
                    self.tally.unchanged += 1
        self.used.update(self.context.store.add_readings(new))


def _reading_key(reading: Reading, sale: int) -> Hashable:
    return sale, reading.kind, reading.value, reading.on, reading.note


# ------------------------------------------------------------------------------ concerns and promises


class NotedIntake(FactIntake[R]):
    """What was noted once and may be settled later: known by its text and one day."""

    def fact(self, row: R) -> Any:
        """The concern or the promise of a row, without its sale."""
        raise NotImplementedError

    def day(self, fact: Any) -> date:
        """The day by which it is known."""
        raise NotImplementedError

    def noted(self, sale: SaleFacts) -> Sequence[Any]:
        """What is noted about a sale already."""
        raise NotImplementedError

    def add(self, fact: Any, sale: SaleFacts) -> int:
        """Keep a new one and give its number."""
        raise NotImplementedError

    def settle(self, number: int, **fields: Any) -> None:
        """Change a known one."""
        raise NotImplementedError

    def take_rows(self, rows: Sequence[R]) -> None:
        """Add what is not known yet, in the order in which it was noted, and take over what has changed since."""
        known: dict[int, tuple[Same, dict[int, Any]]] = {}
        for row in sorted(rows, key=lambda each: (self.day(self.fact(each)), self.fact(each).number, each.line)):
            facts, fact = self.owner(row), self.fact(row)
            sale = self.sale(row, facts, min(self.day(fact), self.context.today))
            if facts.customer.id not in known:
                known[facts.customer.id] = self._known(facts)
            same, stored = known[facts.customer.id]
            number = same.take(*_keys(fact.text, self.day(fact), sale.sale.number, anywhere=row.whose.sale is None))
            if number is None:
                self.used.add(self.add(fact, sale))
                self.tally.created += 1
                self.touched.add(facts.customer.id)
            elif self._update(facts, row, stored[number]):
                self.tally.updated += 1
                self.touched.add(facts.customer.id)
            else:
                self.tally.unchanged += 1

    def _known(self, facts: CustomerFacts) -> tuple[Same, dict[int, Any]]:
        same, stored = Same(self.used), {}
        for sale in facts.sales:
            for one in self.noted(sale):
                stored[one.id] = one
                for key in _keys(one.text, self.day(one), sale.sale.number, anywhere=True):
                    same.learn(key, one.id)
        return same, stored

    def _update(self, facts: CustomerFacts, row: R, old: Any) -> bool:
        """What the row really says and is different; an empty cell empties nothing."""
        new = self.fact(row)
        given = sorted(getattr(row, "given", ()))
        fields = {name: getattr(new, name) for name in given if getattr(new, name) != getattr(old, name)}
        for name, value in fields.items():
            self.change(facts.customer, row, name, getattr(old, name), value)
        if fields:
            self.settle(old.id, **fields)
        return bool(fields)


class ConcernIntake(NotedIntake[ConcernRow]):
    """Doubts. One is known by its text and the day on which it was opened."""

    def fact(self, row: ConcernRow) -> Concern:
        """The concern of a row."""
        return row.concern

    def day(self, fact: Concern) -> date:
        """When it was opened."""
        return fact.opened_on

    def noted(self, sale: SaleFacts) -> Sequence[Concern]:
        """Concerns of a sale."""
        return sale.history.concerns

    def add(self, fact: Concern, sale: SaleFacts) -> int:
        """Keep a new concern."""
        return self.context.store.add_concern(replace(fact, sale_id=sale.sale.number))

    def settle(self, number: int, **fields: Any) -> None:
        """Resolve a known one, or mend its severity and category."""
        self.context.store.update_concern(number, **fields)

    def check_row(self, row: ConcernRow, facts: CustomerFacts) -> Iterator[RowProblem]:
        """Days that are past, and a sale."""
        yield from self.check_past(row, row.concern.opened_on, "opened_on")
        if row.concern.resolved_on is not None:
            yield from self.check_past(row, row.concern.resolved_on, "resolved_on")
        yield from self.check_sale(row, facts, row.concern.opened_on)


class PromiseIntake(NotedIntake[PromiseRow]):
    """What is owed to customers. A promise is known by its text and the day by which it is to be kept."""

    def fact(self, row: PromiseRow) -> Promise:
        """The promise of a row."""
        return row.promise

    def day(self, fact: Promise) -> date:
        """By when it is to be kept."""
        return fact.by

    def noted(self, sale: SaleFacts) -> Sequence[Promise]:
        """Promises of a sale."""
        return sale.history.promises

    def add(self, fact: Promise, sale: SaleFacts) -> int:
        """Keep a new promise, with the concern that it answers where that came in as well."""
        answers = fact.concern in {each.number for each in sale.history.concerns}
        made = replace(fact, sale_id=sale.sale.number, concern=fact.concern if answers else 0)
        return self.context.store.add_promise(made)

    def settle(self, number: int, **fields: Any) -> None:
        """Note when a known one was kept and told."""
        self.context.store.update_promise(number, **fields)

    def check_row(self, row: PromiseRow, facts: CustomerFacts) -> Iterator[RowProblem]:
        """What was done is past; and a sale."""
        for name in ("done_on", "told_on"):
            if (day := getattr(row.promise, name)) is not None:
                yield from self.check_past(row, day, name)
        yield from self.check_sale(row, facts, row.promise.by)


def _keys(text: str, on: date, sale: int, *, anywhere: bool) -> tuple[Hashable, ...]:
    """What a doubt or a promise is known by: in its sale, else in another sale of the customer."""
    return (text, on, sale), *([(text, on, 0)] if anywhere else [])


_INTAKES: Mapping[str, Callable[[Context, FactReader], FactIntake[Any]]] = {
    CONTACTS: ContactIntake,
    READINGS: ReadingIntake,
    CONCERNS: ConcernIntake,
    PROMISES: PromiseIntake,
}
