"""Facts in bulk: whole customers with all that planning needs, in a few queries for a thousand of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import TypeVar

from followup.core.model.history import History
from followup.errors import NotFoundError
from followup.store.convert import Row, chunks, id_list
from followup.store.customers import contact_from, customer_from
from followup.store.happenings import activity_from, concern_from, promise_from, reading_from
from followup.store.journal import Journal
from followup.store.sales import sale_from
from followup.store.values import CustomerFacts, SaleFacts

_CHUNK = 1000
_NEXT_IDS = "SELECT id FROM customer WHERE id > ? ORDER BY id LIMIT ?"
_CUSTOMER_OF_SALE = "SELECT customer_id FROM sale WHERE id = ?"

_CUSTOMERS = "SELECT * FROM customer WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id"
_CONTACTS = """
    SELECT * FROM contact WHERE customer_id IN (SELECT value FROM json_each(?)) ORDER BY customer_id,
           is_main DESC, id
    """
_SALES = """
    SELECT sale.*, playbook.key AS playbook
    FROM sale JOIN playbook ON playbook.id = sale.playbook_id
    WHERE sale.customer_id IN (SELECT value FROM json_each(?))
    ORDER BY sale.id
    """
_ANCHORS = "SELECT * FROM anchor WHERE sale_id IN (SELECT value FROM json_each(?)) ORDER BY id"
_ACTIVITIES = "SELECT * FROM activity WHERE sale_id IN (SELECT value FROM json_each(?)) ORDER BY id"
_CONCERNS = "SELECT * FROM concern WHERE sale_id IN (SELECT value FROM json_each(?)) ORDER BY id"
_READINGS = "SELECT * FROM reading WHERE sale_id IN (SELECT value FROM json_each(?)) ORDER BY id"
_PROMISES = "SELECT * FROM promise WHERE sale_id IN (SELECT value FROM json_each(?)) ORDER BY id"

T = TypeVar("T")


class Facts(Journal):
    """Everything that is known about customers and their sales."""

    def customer_facts(self, customer_ids: Iterable[int] | None = None) -> Iterator[CustomerFacts]:
        """Customers (all of them without `customer_ids`) in the order of their numbers, a thousand at a time.

        A thousand are read as of one instant; numbers that nobody has are passed over.
        """
        groups = self._all_ids() if customer_ids is None else chunks(sorted(set(customer_ids)), _CHUNK)
        for ids in groups:
            yield from self._facts_of(ids)

    def sale_facts(self, sale_id: int) -> tuple[CustomerFacts, SaleFacts]:
        """A sale and its whole customer. Raises NotFoundError."""
        row = self._first(_CUSTOMER_OF_SALE, (sale_id,))
        if row is None:
            raise NotFoundError(f"There is no sale number {sale_id}.", hint="followup list")
        [facts] = self._facts_of([row["customer_id"]])
        return facts, next(each for each in facts.sales if each.sale.number == sale_id)

    def _all_ids(self) -> Iterator[list[int]]:
        last = 0
        while ids := [row["id"] for row in self._all(_NEXT_IDS, (last, _CHUNK))]:
            yield ids
            last = ids[-1]

    def _facts_of(self, customer_ids: list[int]) -> list[CustomerFacts]:
        with self._snapshot():
            customers = [customer_from(row) for row in self._all(_CUSTOMERS, (id_list(customer_ids),))]
            contacts = self._grouped(_CONTACTS, customer_ids, "customer_id", contact_from)
            sales = self._all(_SALES, (id_list(customer_ids),))
            sale_ids = [row["id"] for row in sales]
            anchors = self._grouped(_ANCHORS, sale_ids, "sale_id", _anchor_from)
            activities = self._grouped(_ACTIVITIES, sale_ids, "sale_id", activity_from)
            concerns = self._grouped(_CONCERNS, sale_ids, "sale_id", concern_from)
            readings = self._grouped(_READINGS, sale_ids, "sale_id", reading_from)
            promises = self._grouped(_PROMISES, sale_ids, "sale_id", promise_from)
        by_id = {customer.id: customer for customer in customers}
        of_customer: defaultdict[int, list[SaleFacts]] = defaultdict(list)
        for row in sales:
            number, customer_id = row["id"], row["customer_id"]
            of_customer[customer_id].append(
                SaleFacts(
                    sale=sale_from(row, dict(anchors[number]), by_id[customer_id], contacts[customer_id]),
                    playbook_id=row["playbook_id"],
                    history=History(
                        activities=tuple(activities[number]),
                        concerns=tuple(concerns[number]),
                        readings=tuple(readings[number]),
                        promises=tuple(promises[number]),
                    ),
                )
            )
        return [
            CustomerFacts(
                customer=customer,
                contacts=tuple(contacts[customer.id]),
                sales=tuple(of_customer[customer.id]),
            )
            for customer in customers
        ]

    def _grouped(self, sql: str, ids: list[int], owner: str, read: Callable[[Row], T]) -> defaultdict[int, list[T]]:
        groups: defaultdict[int, list[T]] = defaultdict(list)
        for row in self._all(sql, (id_list(ids),)):
            groups[row[owner]].append(read(row))
        return groups


def _anchor_from(row: Row) -> tuple[str, date]:
    return row["name"], date.fromisoformat(row["on_date"])
