"""Who may be contacted: the view `contactable`, the only source of people for everything that goes out."""

from __future__ import annotations

from collections.abc import Iterable

from followup.core.model.customer import Contact
from followup.store.convert import id_list
from followup.store.customers import contact_from
from followup.store.journal import Journal

# What a customer is called where it is about a `person` who may be contacted (of `contactable`): somebody who must be
# left alone is not named, not even where the customer has their name.
OUTWARD_NAME = """
    CASE WHEN EXISTS (SELECT 1 FROM contact AS silent
                      WHERE silent.customer_id = customer.id AND silent.do_not_contact = 1
                        AND silent.name = customer.name COLLATE NOCASE)
         THEN coalesce(nullif(customer.company, ''), person.name, customer.name)
         ELSE customer.name END
    """
_REACHABLE = """
    SELECT customer_id, contact_id AS id, name, first_name, role, email, phone, channel, 0 AS do_not_contact, is_main
    FROM contactable WHERE customer_id IN (SELECT value FROM json_each(?))
    ORDER BY customer_id, is_main DESC, contact_id
    """


class Reachable(Journal):
    """People who may be contacted."""

    def reachable(self, customer_ids: Iterable[int]) -> dict[int, list[Contact]]:
        """The people of these customers who may be contacted, the main one first.

        Whoever must be left alone is not in it; a customer of whom no person is known has an empty list.
        """
        people: dict[int, list[Contact]] = {}
        for row in self._all(_REACHABLE, (id_list(customer_ids),)):
            mine = people.setdefault(row["customer_id"], [])
            if row["id"] is not None:
                mine.append(contact_from(row))
        return people
