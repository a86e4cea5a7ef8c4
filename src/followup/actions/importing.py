"""`import`: a table of customers in. All rows or none; the same file again changes nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from followup.actions.context import Context
from followup.actions.enrol import check_anchor, lacks_goal, make_key
from followup.actions.library import Volume
from followup.actions.planning import replan
from followup.actions.results import Dialect, Imported, Rejected
from followup.core.model.activity import Activity
from followup.core.model.customer import Contact
from followup.core.model.sale import Sale
from followup.core.planner.anchors import SALE
from followup.errors import BadFileError, FollowupError, NotFoundError, Problem
from followup.files.csv_out import PROBLEM_COLUMN, write_private
from followup.files.customer_mapping import CustomerMapping, map_customers, read_mapping_file
from followup.files.customer_rows import CustomerRow, RowProblem, read_customers, rejects_csv
from followup.files.tables import Table, read_table
from followup.store import CustomerFacts, Identity, Store

MOST_LINES = 10  # named in a notice
CONTACT_FIELDS = ("name", "first_name", "role", "email", "phone", "channel")
CUSTOMER_FIELDS = (
    "name",
    "company",
    "kind",
    "country",
    "subdivision",
    "timezone",
    "usage",
    "tier",
    "tags",
    "notes",
    "external_id",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportWish:
    """What to import and how. `only` takes rows with that tag alone; `skip_bad` is where bad rows go."""

    source: Path
    map_file: Path | None = None
    playbook: str = ""
    signed: date | None = None
    date_format: str | None = None
    skip_bad: Path | None = None
    only: str = ""
    encoding: str = ""


@dataclass(slots=True)
class Tally:
    """What an import did, while it is doing it."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    sales_created: int = 0
    without_sale: int = 0
    without_goal: set[int] = field(default_factory=set)  # customers whose new sale should state one (D4)
    repeats: list[int] = field(default_factory=list)  # lines about a customer whom an earlier line named
    touched: set[int] = field(default_factory=set)
    agreed: dict[int, date] = field(default_factory=dict)


def import_customers(context: Context, wish: ImportWish) -> Imported:
    """Customers, contacts and sales from a delimiter-separated file, in one transaction (CLI.md, Import).

    Raises BadFileError with every bad row when there are any and `skip_bad` is not given: nothing is imported then.
    """
    table = read_table(wish.source, source_name=str(wish.source), encoding=wish.encoding)
    mapping = map_customers(table, read_mapping_file(wish.map_file) if wish.map_file else None)
    rows, problems = read_customers(table, mapping, date_format=wish.date_format)
    shelf = Shelf(context, wish.playbook)
    rows, more = shelf.sort_out(map(_with_last_contact, rows))
    problems = sorted([*problems, *more], key=lambda problem: problem.line)
    if problems and wish.skip_bad is None:
        raise _refused(wish.source, problems)
    _refuse_to_overwrite(wish.skip_bad)
    if wish.only:
        rows = [row for row in rows if wish.only in row.customer.tags]
    tally = Tally()
    with context.write("import") as entry:
        _take_in(context, rows, wish, shelf, tally)
        entry.summary = f"{tally.created} new, {tally.updated} updated, {tally.sales_created} sales"
        if problems and wish.skip_bad is not None and not context.dry_run:
            # Before the rows are kept: where bad rows cannot be written, no row is taken.
            write_private(wish.skip_bad, rejects_csv(table, problems).encode())
    return _result(context, wish, table, mapping, problems, tally, len(rows))


def _refuse_to_overwrite(rejects: Path | None) -> None:
    """Only a rejects file of an earlier import may be replaced: never the table itself, or another file of the user."""
    if rejects is None or not rejects.is_file():
        return
    with rejects.open("rb") as file:
        ours = PROBLEM_COLUMN.encode() in file.read(len(PROBLEM_COLUMN) + 8)
    if not ours:
        raise FollowupError(f"{rejects} exists already and holds something else", hint="--skip-bad rejects.csv")


def _with_last_contact(row: CustomerRow) -> CustomerRow:
    """Keep a last-contact date of another tool with the customer: nothing of a row is lost."""
    if row.last_contact_on is None:
        return row
    extra = {**row.customer.extra, "last_contact_on": row.last_contact_on.isoformat()}
    return replace(row, customer=replace(row.customer, extra=extra))


class Shelf:
    """The playbooks that the rows of one import name, each read once."""

    def __init__(self, context: Context, named: str) -> None:
        self._context = context
        self._default = named or context.config.defaults.playbook
        self._volumes: dict[str, Volume] = {}
        self._pinned: dict[str, int] = {}
        if self._default:
            self._volume(self._default)

    def _volume(self, key: str) -> Volume:
        if key not in self._volumes:
            self._volumes[key] = self._context.library.volume(key)
        return self._volumes[key]

    def of(self, row: CustomerRow) -> Volume | None:
        """The playbook that follows the sale of a row, None when nobody said."""
        key = row.playbook or self._default
        return self._volume(key) if key else None

    def pin(self, volume: Volume) -> int:
        """The number of the pinned text; stored at its first use."""
        key = volume.playbook.key
        if key not in self._pinned:
            self._pinned[key] = self._context.library.pin(self._context.store, volume)
        return self._pinned[key]

    def sort_out(self, rows: Iterable[CustomerRow]) -> tuple[list[CustomerRow], list[RowProblem]]:
        """Rows whose playbook and anchors are known, and problems for the others."""
        good, bad = [], []
        for row in rows:
            try:
                volume = self.of(row)
                for name in row.anchors if volume is not None else ():
                    if name != SALE:
                        check_anchor(volume.playbook, name) if volume is not None else None
            except NotFoundError as error:
                bad.append(RowProblem(line=row.line, column="playbook", value=row.playbook, message=error.sentence))
            except FollowupError as error:
                bad.append(RowProblem(line=row.line, column="", value="", message=error.sentence, hint=error.hint))
            else:
                good.append(row)
        return good, bad


def _refused(source: Path, problems: list[RowProblem]) -> BadFileError:
    told = [
        Problem(
            source=str(source),
            line=problem.line,
            message=f"{problem.column}: {problem.message}" if problem.column else problem.message,
            hint=problem.hint,
            value=problem.value,
        )
        for problem in problems
    ]
    lines = len({problem.line for problem in problems})
    return BadFileError(
        f"{lines} row{'s' if lines != 1 else ''} of {source} cannot be taken; nothing was imported",
        hint=f"mend them, or: followup import {source} --skip-bad rejects.csv",
        problems=told,
    )


class Known:
    """Who is in the data file already: found by id, then e-mail, then name and company (never wrongly merged)."""

    def __init__(self, store: Store) -> None:
        self._by_id: dict[str, Identity] = {}
        self._by_email: dict[str, Identity] = {}
        self._by_name: dict[tuple[str, str], list[Identity]] = {}
        for identity in store.identities():
            self.learn(identity)

    def learn(self, identity: Identity) -> None:
        """Remember somebody."""
        if identity.external_id:
            self._by_id.setdefault(identity.external_id, identity)
        for email in identity.emails:
            self._by_email.setdefault(email.casefold(), identity)
        self._by_name.setdefault(_name_key(identity.name, identity.company), []).append(identity)

    def find(self, row: CustomerRow, claimed: Collection[int]) -> Identity | None:
        """Who the row is about, or None for somebody new. Two people with one name stay two.

        `claimed` are customers whom earlier rows of the same table are about.
        """
        own_id = row.customer.external_id
        if own_id and own_id in self._by_id:
            return self._by_id[own_id]
        emails = {contact.email.casefold() for contact in row.contacts if contact.email}
        for email in emails:
            found = self._by_email.get(email)
            if found is not None and not (own_id and found.external_id):
                return found
        alike = []
        for found in self._by_name.get(_name_key(row.customer.name, row.customer.company), ()):
            other_id = own_id and found.external_id and own_id != found.external_id
            other_email = emails and found.emails and not emails & {e.casefold() for e in found.emails}
            if not other_id and not other_email:
                alike.append(found)
        phones = {_digits(contact.phone) for contact in row.contacts if contact.phone}
        by_phone = [found for found in alike if phones & {_digits(phone) for phone in found.phones}]
        free = [found for found in alike if found.customer_id not in claimed]
        repeated = [found for found in alike if not (phones and found.phones)]
        return next(iter((*by_phone, *free, *repeated)), None)


def _digits(phone: str) -> str:
    return "".join(char for char in phone if char.isdecimal())


def _name_key(name: str, company: str) -> tuple[str, str]:
    return " ".join(name.casefold().split()), " ".join(company.casefold().split())


def _take_in(context: Context, rows: list[CustomerRow], wish: ImportWish, shelf: Shelf, tally: Tally) -> None:
    """Sort the rows into new, known and repeated ones, and store what they say. Only inside a write."""
    known = Known(context.store)
    new: list[CustomerRow] = []
    old: list[tuple[int, CustomerRow]] = []
    seen: set[int] = set()
    for row in rows:
        found = known.find(row, seen)
        if found is None:
            number = -len(new) - 1  # not stored yet; a later row about the same customer is a repeat
            new.append(row)
            known.learn(_identity_of(number, row))
            seen.add(number)
        elif found.customer_id in seen:
            tally.skipped += 1
            tally.repeats.append(row.line)
        else:
            old.append((found.customer_id, row))
            seen.add(found.customer_id)
    _add_new(context, new, wish, shelf, tally)
    _update_old(context, old, wish, shelf, tally)
    replan(context, sorted(tally.touched)) if tally.touched else None
    _agree(context, tally)


def _identity_of(number: int, row: CustomerRow) -> Identity:
    return Identity(
        customer_id=number,
        external_id=row.customer.external_id,
        name=row.customer.name,
        company=row.customer.company,
        emails=tuple(contact.email for contact in row.contacts if contact.email),
        phones=tuple(contact.phone for contact in row.contacts if contact.phone),
    )


def _add_new(context: Context, rows: list[CustomerRow], wish: ImportWish, shelf: Shelf, tally: Tally) -> None:
    """Store new customers with their people and sales, in bulk."""
    store, taken = context.store, context.store.all_keys()
    defaults = context.config.defaults
    customers = []
    for row in rows:
        key = make_key(row.customer.name, taken)
        taken.add(key)
        customers.append(
            replace(
                row.customer,
                key=key,
                usage=row.customer.usage if "usage" in row.given else defaults.usage,
                tier=row.customer.tier if "tier" in row.given else defaults.tier,
            )
        )
    numbers = store.add_customers(customers)
    people = [
        replace(contact, customer_id=number)
        for number, row in zip(numbers, rows, strict=True)
        for contact in row.contacts
    ]
    store.add_contacts(people)
    sales: list[tuple[Sale, int]] = []
    for number, customer, row in zip(numbers, customers, rows, strict=True):
        tally.created += 1
        tally.touched.add(number)
        made = _sale_of(context, row, number, f"{customer.key}/1", wish, shelf)
        if made is None:
            tally.without_sale += 1
        else:
            sales.append(made)
            _note_goal(made[0], row, shelf, tally)
            if row.next_contact_on is not None:
                tally.agreed[number] = row.next_contact_on
    store.add_sales(sales)
    tally.sales_created += len(sales)


def _sale_of(
    context: Context, row: CustomerRow, customer_id: int, key: str, wish: ImportWish, shelf: Shelf
) -> tuple[Sale, int] | None:
    """The sale of a row, or None where the playbook or the sale date is not known."""
    volume = shelf.of(row)
    signed = row.anchors.get(SALE) or wish.signed
    if volume is None or signed is None:
        return None
    sale = Sale(
        key=key,
        customer_id=customer_id,
        product=row.product,
        goal=row.goal,
        playbook=volume.playbook.key,
        anchors={**row.anchors, SALE: signed},
        added_on=context.today,
    )
    return sale, shelf.pin(volume)


def _note_goal(sale: Sale, row: CustomerRow, shelf: Shelf, tally: Tally) -> None:
    volume = shelf.of(row)
    if volume is not None and lacks_goal(sale, volume.playbook):
        tally.without_goal.add(sale.customer_id)


def _update_old(
    context: Context, rows: list[tuple[int, CustomerRow]], wish: ImportWish, shelf: Shelf, tally: Tally
) -> None:
    """Bring known customers up to date with what their rows really say; nothing is emptied by an empty cell."""
    by_id = dict(rows)
    for facts in list(context.store.customer_facts(sorted(by_id))) if by_id else ():
        row = by_id[facts.customer.id]
        changed = _update_customer(context.store, facts, row)
        changed |= _update_main_contact(context.store, facts, row)
        changed |= _update_sale(context, facts, row, wish, shelf, tally)
        if changed:
            tally.updated += 1
            tally.touched.add(facts.customer.id)
        else:
            tally.unchanged += 1


def _update_customer(store: Store, facts: CustomerFacts, row: CustomerRow) -> bool:
    old, new = facts.customer, row.customer
    changes: dict[str, object] = {
        name: getattr(new, name)
        for name in CUSTOMER_FIELDS
        if name in row.given and getattr(new, name) != getattr(old, name) and getattr(new, name)
    }
    extra = {**old.extra, **new.extra}
    if extra != dict(old.extra):
        changes["extra"] = extra
    if new.do_not_contact and not old.do_not_contact:
        changes["do_not_contact"] = True
    if changes:
        store.update_customer(old.id, **changes)
    return bool(changes)


def _update_main_contact(store: Store, facts: CustomerFacts, row: CustomerRow) -> bool:
    new = next(iter(row.contacts), None)
    if new is None:
        return False
    # The name by which the customer is known already says nothing about what the person is called.
    said = [name for name in CONTACT_FIELDS if getattr(new, name)]
    said = [name for name in said if name != "name" or new.name != facts.customer.name]
    old = _same_person(facts.contacts, new)
    if old is None:
        if said:
            store.add_contact(replace(new, customer_id=facts.customer.id, is_main=not facts.contacts))
        return bool(said)
    changes = {name: getattr(new, name) for name in said if getattr(new, name) != getattr(old, name)}
    if new.do_not_contact and not old.do_not_contact:
        changes["do_not_contact"] = True
    if changes:
        store.update_contact(old.id, **changes)
    return bool(changes)


def _same_person(people: Iterable[Contact], new: Contact) -> Contact | None:
    """The known person that a row means: same e-mail, else same name, else the main one."""
    known = list(people)
    by_email = [p for p in known if new.email and p.email.casefold() == new.email.casefold()]
    by_name = [p for p in known if p.name.casefold() == new.name.casefold()]
    main = [p for p in known if p.is_main]
    return next(iter((*by_email, *by_name, *main)), None)


def _update_sale(
    context: Context, facts: CustomerFacts, row: CustomerRow, wish: ImportWish, shelf: Shelf, tally: Tally
) -> bool:
    """A sale for a customer who had none of this playbook and product; else its dates, where the row has others."""
    made = _sale_of(context, row, facts.customer.id, f"{facts.customer.key}/{len(facts.sales) + 1}", wish, shelf)
    if made is None:
        tally.without_sale += not facts.sales
        return False
    new, playbook_id = made
    old = _same_sale([s.sale for s in facts.sales], new)
    agrees = _agrees_anew(context, facts, row, tally)
    if old is None:
        context.store.add_sales([(new, playbook_id)])
        tally.sales_created += 1
        _note_goal(new, row, shelf, tally)
        return True
    words = {
        name: getattr(new, name)
        for name in ("product", "goal")
        if getattr(new, name) and getattr(new, name) != getattr(old, name)
    }
    if words:
        context.store.update_sale(old.number, **words)
    different = {name: day for name, day in row.anchors.items() if old.anchors.get(name) != day}
    for name, day in different.items():
        context.store.set_anchor(old.number, name, day)
    return bool(different or words or agrees)


def _same_sale(known: Iterable[Sale], new: Sale) -> Sale | None:
    """The known sale that a row means: same product, else same day, else any where the row names no product."""
    mine = [sale for sale in known if sale.playbook == new.playbook]
    by_product = [sale for sale in mine if sale.product == new.product]
    by_day = [sale for sale in mine if sale.anchors.get(SALE) == new.anchors[SALE]]
    return next(iter((*by_product, *by_day, *(mine if not new.product else ()))), None)


def _agrees_anew(context: Context, facts: CustomerFacts, row: CustomerRow, tally: Tally) -> bool:
    """True when the next contact of a row was not agreed on before; it is noted for `_agree`."""
    day = row.next_contact_on
    if day is None or day < context.today:
        return False
    said = (activity for sale in facts.sales for activity in sale.history.activities)
    if any(activity.kind == "agreed" and activity.to_on == day for activity in said):
        return False
    tally.agreed[facts.customer.id] = day
    return True


def _agree(context: Context, tally: Tally) -> None:
    """A next-contact column becomes an agreed date for the first touchpoint (CLI.md, Import)."""
    late = {customer_id: day for customer_id, day in tally.agreed.items() if day >= context.today}
    for facts in list(context.store.customer_facts(sorted(late))) if late else ():
        sale = facts.sales[-1].sale.number
        opened = [one for one in context.store.stored_touchpoints([sale]) if one.touchpoint.is_open]
        first = min(opened, key=lambda one: one.touchpoint.due_on or date.max, default=None)
        if first is not None:
            context.store.add_activity(
                _agreed(
                    first.touchpoint.step, first.touchpoint.occurrence, sale, late[facts.customer.id], context.today
                )
            )
    if late:
        replan(context, sorted(late))


def _agreed(step: str, occurrence: int, sale_id: int, day: date, today: date) -> Activity:
    return Activity(sale_id=sale_id, kind="agreed", on=today, step=step, occurrence=occurrence, to_on=day)


def _customers(number: int) -> str:
    return f"{number} customer{'s' if number != 1 else ''}"


def _result(
    context: Context,
    wish: ImportWish,
    table: Table,
    mapping: CustomerMapping,
    problems: list[RowProblem],
    tally: Tally,
    taken: int,
) -> Imported:
    notices = list(table.notices)
    if tally.repeats:
        lines = ", ".join(map(str, tally.repeats[:MOST_LINES])) + (", ..." if len(tally.repeats) > MOST_LINES else "")
        notices.append(f"skipped as repeats of a customer on an earlier line: {lines}")
    if tally.without_sale:
        notices.append(
            f"{_customers(tally.without_sale)} came in without a sale: name a playbook and a sale date, "
            f"for example: followup import {wish.source} --playbook saas --signed {context.today}"
        )
    if tally.without_goal:
        have = "has" if len(tally.without_goal) == 1 else "have"
        notices.append(
            f"{_customers(len(tally.without_goal))} of moderate or complex playbooks {have} no goal: "
            'followup set CUSTOMER goal "...", or a column goal and the same import again'
        )
    rejected = tuple(
        Rejected(line=problem.line, column=problem.column, value=problem.value, message=problem.message)
        for problem in problems
    )
    named: Mapping[str, str] = mapping.named
    return Imported(
        today=context.today,
        notices=tuple(notices),
        source=str(wish.source),
        rows=taken + len({problem.line for problem in problems}),
        created=tally.created,
        updated=tally.updated,
        unchanged=tally.unchanged,
        skipped=tally.skipped + len({problem.line for problem in problems}),
        sales_created=tally.sales_created,
        rejected=rejected,
        mapping=named,
        unmapped=mapping.unmapped,
        dialect=Dialect(encoding=table.dialect.encoding, delimiter=table.dialect.delimiter),
        without_sale=tally.without_sale,
        rejects_file=str(wish.skip_bad) if problems and wish.skip_bad is not None else None,
        dry_run=context.dry_run,
    )
