"""Customers on their way in, each with contact and sale; and sales on their way in, each with its customer.

Who a row is about is found by followup's own key, by the id of the other tool, by e-mail, then by name and company;
two people with one name, or with one e-mail and two names, stay two. An empty cell empties nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from followup.actions.context import Context
from followup.actions.enrol import check_anchor, lacks_goal
from followup.actions.identity import Known, identity_of, name_key, wanted
from followup.actions.import_changes import Teller, leave_alone, same_sale, update_customer, update_person, update_sale
from followup.actions.intake import Tally
from followup.actions.keys import NewKeys
from followup.actions.library import Volume
from followup.actions.planning import replan
from followup.core.model.activity import Activity
from followup.core.model.customer import Contact
from followup.core.model.sale import Profile, Sale
from followup.core.planner.anchors import SALE
from followup.errors import FollowupError, NotFoundError
from followup.files.customer_mapping import CustomerMapping
from followup.files.customer_rows import CustomerReader, CustomerRow, RowProblem
from followup.files.tables import Row, Table
from followup.store import CustomerFacts, Identity, comparable


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On which terms rows become sales: the playbook and sale date of rows that name none; `only` takes one tag.

    `each_a_sale`: the table lists sales, so that every row is one, however many a customer has.
    """

    playbook: str = ""
    signed: date | None = None
    only: str = ""
    each_a_sale: bool = False


class CustomerIntake:
    """Rows of a table of customers, or with `terms.each_a_sale` of a table of sales."""

    def __init__(
        self, context: Context, table: Table, mapping: CustomerMapping, terms: Terms, *, date_format: str | None
    ) -> None:
        self.mapping = mapping
        self.tally = Tally()
        self._context = context
        self._terms = terms
        self._reader = CustomerReader(table, mapping, date_format=date_format)
        self._shelf = Shelf(context, terms.playbook)
        self._keys = NewKeys(context.store)
        self._claimed: set[int] = set()  # customers whom a row of this table is about
        self._without_sale = 0
        self._without_goal: set[int] = set()  # customers whose new sale should state one (D4)
        self._not_wanted = 0
        self._not_won = 0

    def read(self, row: Row) -> CustomerRow | tuple[RowProblem, ...]:
        """The customer of a row, or what is wrong with it."""
        read = self._reader.read(row)
        return self._settled(read) if isinstance(read, CustomerRow) else read

    def _settled(self, row: CustomerRow) -> CustomerRow:
        """A last-contact date of another tool stays with the customer; unknown columns of a sale stay with the sale."""
        if row.last_contact_on is None or self._terms.each_a_sale:
            return row
        extra = {**row.customer.extra, "last_contact_on": row.last_contact_on.isoformat()}
        return replace(row, customer=replace(row.customer, extra=extra))

    def check(self, values: Sequence[CustomerRow]) -> Iterator[RowProblem]:
        """Rows whose playbook is not known, or does not know a date of theirs."""
        for row in values:
            try:
                volume = self._shelf.of(row)
                if volume is not None:
                    for name in row.anchors:
                        if name != SALE:
                            check_anchor(volume.playbook, name)
            except NotFoundError as error:
                yield RowProblem(
                    line=row.line, column="playbook", value=row.playbook, message=error.sentence, hint=error.hint
                )
            except FollowupError as error:
                yield RowProblem(line=row.line, column="", value="", message=error.sentence, hint=error.hint)

    def take(self, values: Sequence[CustomerRow]) -> None:
        """Sort the rows into new customers, known ones and repeats, and store what they say."""
        store = self._context.store
        rows = [row for row in values if self._is_wanted(row)]
        store.index_identities()
        known = Known(store.candidates([*map(wanted, rows)]))
        new: list[CustomerRow] = []
        about: list[_About] = []
        for row in rows:
            found = known.find(row, self._claimed)
            if found is None:
                new.append(row)
                found = identity_of(row, number=-len(new))  # not stored yet
                known.learn(found)
            else:
                about.append(_About(found, row, again=found.customer_id in self._claimed))
            self._claimed.add(found.customer_id)
        numbers, sold_to = self._add_new(new)
        self._claimed.difference_update(range(-len(new), 0))
        self._claimed.update(numbers)
        for each in about:
            each.is_stored(numbers)
        changed = self._update(about)
        store.learn_identities(changed.union(numbers))
        if planned := changed | sold_to:
            replan(self._context, sorted(planned))
        self._agree([*zip(numbers, new, strict=True), *((each.number, each.row) for each in about)])

    def finish(self) -> None:
        """Say what the rows left open."""
        said = self.tally.notices
        said += self._reader.notices
        if self._not_wanted:
            said.append(f"{_count(self._not_wanted, 'row')} without the tag {self._terms.only} left out")
        if self._not_won:
            said.append(f"{_count(self._not_won, 'sale')} not won (yet) left out")
        if self._without_goal:
            have = "has" if len(self._without_goal) == 1 else "have"
            said.append(
                f"{_count(len(self._without_goal), 'customer')} of moderate or complex playbooks {have} no goal: "
                'followup set CUSTOMER goal "...", or a column goal and the same import again'
            )

    @property
    def without_sale(self) -> int:
        """How many customers have no sale, because playbook or date are not known."""
        return self._without_sale

    def _is_wanted(self, row: CustomerRow) -> bool:
        if self._terms.only and self._terms.only not in row.customer.tags:
            self._not_wanted += 1
            self.tally.left_out += 1
            return False
        if row.won is False:
            self._not_won += 1
            self.tally.skipped += 1
            return False
        return True

    # New customers

    def _add_new(self, rows: list[CustomerRow]) -> tuple[list[int], set[int]]:
        """Store new customers with their people and sales, in bulk; gives their numbers, and those who have a sale."""
        if not rows:
            return [], set()
        store, defaults = self._context.store, self._context.config.defaults
        customers = [
            replace(
                row.customer,
                key=key,
                usage=row.customer.usage if "usage" in row.given else defaults.usage,
                tier=row.customer.tier if "tier" in row.given else defaults.tier,
                extra={} if self._terms.each_a_sale else row.customer.extra,
            )
            for row, key in zip(rows, self._keys.of([row.customer for row in rows]), strict=True)
        ]
        numbers = store.add_customers(customers)
        store.add_contacts(
            [
                replace(contact, customer_id=number)
                for number, row in zip(numbers, rows, strict=True)
                for contact in row.contacts
            ]
        )
        sales: list[tuple[Sale, int]] = []
        for number, customer, row in zip(numbers, customers, rows, strict=True):
            self.tally.created += 1
            made = self._sale_of(row, number, f"{customer.key}/1")
            if made is None:
                self._without_sale += 1
            else:
                sales.append(made)
                self._note_goal(made[0], row)
        store.add_sales(sales)
        self.tally.sales_created += len(sales)
        return numbers, {sale.customer_id for sale, _ in sales}

    def _sale_of(self, row: CustomerRow, customer_id: int, key: str) -> tuple[Sale, int] | None:
        """The sale of a row with the number of its playbook, or None where playbook or sale date are not known."""
        volume = self._shelf.of(row)
        signed = row.anchors.get(SALE) or self._terms.signed
        if volume is None or signed is None:
            return None
        sale = Sale(
            key=key,
            customer_id=customer_id,
            product=row.product,
            goal=row.goal,
            value=row.value,
            external_id=row.sale_id,
            extra=row.customer.extra if self._terms.each_a_sale else {},
            playbook=volume.playbook.key,
            anchors={**row.anchors, SALE: signed},
            added_on=row.added_on or self._context.today,
            profile=Profile(life_cycle=row.life_cycle, extensiveness=row.extensiveness, complexity=row.complexity),
        )
        return sale, self._shelf.pin(volume)

    def _note_goal(self, sale: Sale, row: CustomerRow) -> None:
        volume = self._shelf.of(row)
        if volume is not None and lacks_goal(sale, volume.playbook):
            self._without_goal.add(sale.customer_id)

    # Known customers

    def _update(self, rows: Sequence[_About]) -> set[int]:
        """Bring known customers up to date with what their rows really say; gives the numbers of those that changed.

        Several rows about one customer go one after the other, each seeing what the one before changed.
        """
        changed: set[int] = set()
        while rows:
            now: dict[int, _About] = {}
            later = [each for each in rows if now.setdefault(each.number, each) is not each]
            for facts in list(self._context.store.customer_facts(sorted(now))):
                if self._bring_in(facts, now[facts.customer.id]):
                    changed.add(facts.customer.id)
            rows = later
        return changed

    def _bring_in(self, facts: CustomerFacts, about: _About) -> bool:
        """One row. A repeat may only add: what is not known yet, a sale of its own, the wish to be left alone."""
        store, row, say = self._context.store, about.row, Teller(self.tally, facts.customer, about.row.line)
        if self._terms.each_a_sale:
            changed = leave_alone(store, facts, row, say)
        else:
            former = about.again or about.names_former
            aside = former or about.names_other(facts.contacts)
            changed = update_customer(store, facts, row, say, only_empty=aside, merged=bool(about.found.aliases))
            changed |= update_person(store, facts, row, say, only_empty=former)
        changed |= self._update_sale(facts, row, say, again=about.again)
        if changed:
            self.tally.updated += 1
        elif about.again and not self._terms.each_a_sale:
            self.tally.repeat(row.line)
        else:
            self.tally.unchanged += 1
        return changed

    def _update_sale(self, facts: CustomerFacts, row: CustomerRow, say: Teller, *, again: bool) -> bool:
        """A sale for a customer who had none like it; else its words and dates, where the row has others."""
        made = self._sale_of(row, facts.customer.id, f"{facts.customer.key}/{len(facts.sales) + 1}")
        if made is None:
            self._without_sale += not facts.sales and not again
            return False
        new, playbook_id = made
        old = same_sale([each.sale for each in facts.sales], new, strict=again or self._terms.each_a_sale)
        if old is None:
            self._context.store.add_sales([(new, playbook_id)])
            self.tally.sales_created += 1
            self._note_goal(new, row)
            return True
        if again and not self._terms.each_a_sale:
            return False
        return update_sale(self._context.store, old, new, row, say) or self._agrees_anew(facts, row)

    def _agrees_anew(self, facts: CustomerFacts, row: CustomerRow) -> bool:
        """True when the next contact of a row was not agreed on before."""
        day = row.next_contact_on
        if day is None or day < self._context.today:
            return False
        said = (activity for sale in facts.sales for activity in sale.history.activities)
        return not any(activity.kind == "agreed" and activity.to_on == day for activity in said)

    # Dates agreed on

    def _agree(self, rows: Iterable[tuple[int, CustomerRow]]) -> None:
        """A next-contact column becomes an agreed date for the first touchpoint (CLI.md, Import)."""
        today = self._context.today
        days = {
            number: row.next_contact_on
            for number, row in rows
            if row.next_contact_on is not None and row.next_contact_on >= today
        }
        agreed = []
        for facts in list(self._context.store.customer_facts(sorted(days))) if days else ():
            day = days[facts.customer.id]
            said = (activity for sale in facts.sales for activity in sale.history.activities)
            if not facts.sales or any(each.kind == "agreed" and each.to_on == day for each in said):
                continue
            sale = facts.sales[-1].sale.number
            opened = [
                one.touchpoint for one in self._context.store.stored_touchpoints([sale]) if one.touchpoint.is_open
            ]
            first = min(opened, key=lambda one: one.due_on or date.max, default=None)
            if first is not None:
                self._context.store.add_activity(_agreed(first.step, first.occurrence, sale, day, today))
                agreed.append(facts.customer.id)
        if agreed:
            replan(self._context, agreed)


def _agreed(step: str, occurrence: int, sale_id: int, day: date, today: date) -> Activity:
    return Activity(sale_id=sale_id, kind="agreed", on=today, step=step, occurrence=occurrence, to_on=day)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' if number != 1 else ''}"


# --------------------------------------------------------------------------------------- playbooks


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
        """The playbook that follows the sale of a row, None when nobody said. Raises NotFoundError, BadFileError."""
        key = row.playbook or self._default
        return self._volume(key) if key else None

    def pin(self, volume: Volume) -> int:
        """The number of the pinned text; stored at its first use."""
        key = volume.playbook.key
        if key not in self._pinned:
            self._pinned[key] = self._context.library.pin(self._context.store, volume)
        return self._pinned[key]


# ----------------------------------------------------------------------------------------- updates


@dataclass(slots=True)
class _About:
    """A row about a known customer; `again` where an earlier row of the table is about the same one."""

    found: Identity
    row: CustomerRow
    again: bool
    number: int = 0

    def is_stored(self, numbers: Sequence[int]) -> None:
        """Take the number that the customer has by now; those of the same chunk are counted from -1 down."""
        known = self.found.customer_id
        self.number = known if known > 0 else numbers[-known - 1]

    @property
    def names_former(self) -> bool:
        """True when the row means a customer by what it was called before a merge: it only fills what is empty."""
        said = self.row.customer
        if said.external_id:
            return any(alias.external_id == said.external_id for alias in self.found.aliases)
        name = name_key(said.name, said.company)
        return any(name == name_key(alias.name, alias.company) for alias in self.found.aliases)

    def names_other(self, people: Sequence[Contact]) -> bool:
        """True when the row has the address of somebody there who is not the main person."""
        emails = {comparable(contact.email) for contact in self.row.contacts if contact.email}
        known = {comparable(person.email): person for person in reversed(people) if person.email}
        meant = [known[email] for email in emails if email in known]
        return bool(meant) and not any(person.is_main for person in meant)
