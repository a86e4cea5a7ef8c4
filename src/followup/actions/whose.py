"""Whose a row of facts is, and which sale it is about: only where the row leaves no doubt."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from shlex import quote

from followup.actions.context import Context
from followup.core.planner.anchors import SALE
from followup.files.customer_rows import RowProblem
from followup.files.fact_mapping import FactMapping
from followup.files.fact_rows import FactRow, Whose
from followup.files.fact_words import CONTACTS
from followup.store import CustomerFacts, SaleFacts, comparable
from followup.store.people_index import COMPANY, EMAIL, ID, KEY, NAME, PERSON, PHONE, Mark, PeopleIndex, mark

MOST_NAMED = 5  # customers in a message
# Which field of a row a message points to, the one that says most first.
_TELLING = ("customer_key", "customer_id", "customer", "company", "email", "name", "first_name", "phone", "related")
# Words that thousands of names share.
_NOT_TELLING = {
    "",
    "the",
    "and",
    "und",
    "et",
    "y",
    "of",
    "de",
    "co",
    "inc",
    "ltd",
    "llc",
    "plc",
    "gmbh",
    "ag",
    "kg",
    "ug",
}
_NOT_TELLING |= {"sa", "sarl", "sas", "sl", "srl", "spa", "bv", "nv", "ab", "as", "oy", "company", "corp", "group"}


class Finder:
    """Finds the customers of rows, a chunk at a time."""

    def __init__(self, context: Context, mapping: FactMapping) -> None:
        self._context = context
        self._mapping = mapping
        self._index: PeopleIndex | None = None
        self._by_mark: dict[Mark, tuple[int, ...]] = {}
        self._facts: dict[int, CustomerFacts] = {}

    def look_up(self, rows: Iterable[FactRow]) -> None:
        """Read everybody whom these rows may be about."""
        if self._index is None:
            self._index = PeopleIndex(self._context.store)
        wanted = {each for row in rows for each in _marks(row.whose)}
        self._by_mark = self._index.find(wanted)
        numbers = {number for found in self._by_mark.values() for number in found}
        self._facts = {facts.customer.id: facts for facts in self._context.store.customer_facts(numbers)}

    def read_again(self, customer_id: int) -> CustomerFacts:
        """A customer about whom something was recorded meanwhile."""
        [facts] = self._context.store.customer_facts([customer_id])
        self._facts[customer_id] = facts
        return facts

    def find(self, row: FactRow) -> CustomerFacts | RowProblem:
        """Whose the row is, or why nobody can be named."""
        found = self._search(row.whose)
        if len(found) == 1:
            return self._facts[found[0]]
        field, said = self._said(row)
        if not found:
            name = next(iter((*row.whose.names, *row.whose.companies)), "NAME")
            return RowProblem(
                line=row.line,
                column=field,
                value=said,
                message="no customer in the data file is meant by this row",
                hint=f"followup import CUSTOMERS.csv first, or: followup add {quote(name)}",
            )
        keys = [self._facts[number].customer.key for number in found]
        listed = ", ".join(keys[:MOST_NAMED]) + (", ..." if len(keys) > MOST_NAMED else "")
        return RowProblem(
            line=row.line,
            column=field,
            value=said,
            message=f"this may be {len(keys)} customers: {listed}",
            hint=f"say which in a column customer_key, for example: {keys[0]}",
        )

    def _said(self, row: FactRow) -> tuple[str, str]:
        """The heading of the column that says most about whose the row is, and what it says."""
        whose = row.whose
        said = {
            "customer_key": whose.key,
            "customer_id": "; ".join(whose.ids),
            "company": "; ".join(whose.companies),
            "email": "; ".join(whose.emails),
            "phone": "; ".join(whose.phones),
            "related": "; ".join(whose.related),
            **dict.fromkeys(("customer", "name", "first_name"), "; ".join(whose.names)),
        }
        for field in _TELLING:
            column = self._mapping.first(field)
            if column >= 0 and said[field]:
                return self._mapping.headers[column], said[field]
        return "", ""

    # The search

    def _search(self, whose: Whose) -> list[int]:
        """The customers who may be meant: one where the row leaves no doubt."""
        if whose.key:
            return self._known((KEY, [whose.key]))
        steps = [self._by_id, self._by_email, self._by_company, self._by_name]
        if self._mapping.kind == CONTACTS:  # e-mail and name are those of the person
            steps = [self._by_company, self._by_id, self._by_email, self._by_name]
        for step in steps:
            if found := step(whose):
                return self._narrowed(found, whose)
        return self._known((PHONE, whose.phones)) or self._known((NAME, whose.related), (COMPANY, whose.related))

    def _by_id(self, whose: Whose) -> list[int]:
        """By the id of another tool, unless everything else speaks against it: many tools count from 1."""
        return [number for number in self._known((ID, whose.ids)) if not self._is_somebody_else(number, whose)]

    def _by_email(self, whose: Whose) -> list[int]:
        return self._known((EMAIL, whose.emails))

    def _by_company(self, whose: Whose) -> list[int]:
        """By company; the people who are customers of their own there are told apart by name."""
        return self._known((COMPANY, whose.companies), (NAME, whose.companies))

    def _by_name(self, whose: Whose) -> list[int]:
        """By a name alone: nobody who is known to have another company or other e-mails."""
        found = self._known((NAME, whose.names), (PERSON, whose.names), (COMPANY, whose.names))
        return [number for number in found if not self._has_other_reach(number, whose)]

    def _narrowed(self, found: list[int], whose: Whose) -> list[int]:
        """Of several customers those who share more with the row; none of them is left out without a reason."""
        for more in (self._by_email(whose), self._by_company(whose), self._named(whose)):
            both = [number for number in found if number in more]
            if len(found) > 1 and both:
                found = both
        return found

    def _named(self, whose: Whose) -> list[int]:
        return self._known((NAME, whose.names), (PERSON, whose.names))

    def _known(self, *wanted: tuple[str, Collection[str]]) -> list[int]:
        numbers = {
            number
            for what, texts in wanted
            for text in texts
            for number in self._by_mark.get(mark(what, text), ())
            if number in self._facts
        }
        return sorted(numbers)

    def _is_somebody_else(self, number: int, whose: Whose) -> bool:
        """True where nothing but the id is the same, although the row says more."""
        says_more = bool(whose.emails or whose.names or whose.companies)
        shares = number in {*self._by_email(whose), *self._by_company(whose), *self._named(whose)}
        return says_more and not shares and not self._shares_a_word(number, whose)

    def _shares_a_word(self, number: int, whose: Whose) -> bool:
        facts = self._facts[number]
        known = (facts.customer.name, facts.customer.company, *(person.name for person in facts.contacts))
        return bool(_telling_words((*whose.names, *whose.companies)) & _telling_words(known))

    def _has_other_reach(self, number: int, whose: Whose) -> bool:
        facts = self._facts[number]
        companies = {comparable(text) for text in (*whose.companies,)}
        known = {comparable(facts.customer.company), comparable(facts.customer.name)} - {""}
        emails = {comparable(person.email) for person in facts.contacts if person.email}
        mine = {comparable(email) for email in whose.emails}
        other_company = bool(companies and facts.customer.company) and not companies & known
        return other_company or (bool(mine and emails) and not mine & emails)


def _telling_words(texts: Iterable[str]) -> set[str]:
    return {word.strip(".,&") for text in texts for word in comparable(text).split()} - _NOT_TELLING


def _marks(whose: Whose) -> set[Mark]:
    """Everything by which a row's customer may be known."""
    names = (*whose.names, *whose.companies, *whose.related)
    wanted = {mark(what, text) for what in (NAME, PERSON, COMPANY) for text in names}
    wanted |= {mark(ID, text) for text in whose.ids} | {mark(EMAIL, text) for text in whose.emails}
    wanted |= {mark(PHONE, text) for text in whose.phones}
    return wanted | ({mark(KEY, whose.key)} if whose.key else set())


# --------------------------------------------------------------------------------------------- sales


@dataclass(frozen=True, slots=True)
class NoSale:
    """Why no sale can be named, and what to type."""

    message: str
    hint: str


def sale_for(
    facts: CustomerFacts, whose: Whose, on: date, *, among: Sequence[SaleFacts] | None = None
) -> SaleFacts | NoSale:
    """The sale that a row is about: the one it names, else the newest that had begun by that day, else the first one.

    `among` are the sales that come into question where the row names none.
    """
    customer, sales = facts.customer, facts.sales
    if not sales:
        return NoSale(
            f"{customer.name} has no sale yet",
            f"followup sale add {customer.key} --playbook saas --signed {on}",
        )
    if whose.sale is not None:
        named = [each for each in sales if each.sale.number == whose.sale]
        listed = ", ".join(str(each.sale.number) for each in sales)
        return named[0] if named else NoSale(f"{customer.name} has no sale {whose.sale}", f"use one of: {listed}")
    if by_id := [each for each in sales if each.sale.external_id and each.sale.external_id in whose.sale_ids]:
        return by_id[-1]
    if whose.product:
        named = _called(sales, whose.product)
        if not named and len(sales) > 1:
            listed = ", ".join(repr(each.sale.product) for each in sales)
            return NoSale(f"{customer.name} has no sale of {whose.product!r}", f"use one of: {listed}")
        sales = tuple(named) or sales
    elif named := _called(sales, whose.deal):
        sales = tuple(named)
    elif among:
        sales = tuple(among)
    begun = [each for each in sales if _begins(each) <= on]
    return max(begun, key=_age) if begun else min(sales, key=_age)


def _called(sales: Sequence[SaleFacts], name: str) -> list[SaleFacts]:
    return [each for each in sales if name and comparable(each.sale.product) == comparable(name)]


def _begins(sale: SaleFacts) -> date:
    return sale.sale.anchors.get(SALE) or sale.sale.added_on


def _age(sale: SaleFacts) -> tuple[date, int]:
    return _begins(sale), sale.sale.number
