"""Tables to look at with other programs (sqlite3, Datasette, sqlite-utils): names and columns that stay.

No function of Python is used in them, and nobody who must be left alone is in them with an address. The plan that they
show is the one that is stored: `followup plan` brings it up to date.
"""

from __future__ import annotations

from followup.core.model.outcome import UNREACHED
from followup.store.reachable import OUTWARD_NAME

_NOBODY_REACHED = ", ".join(f"'{outcome}'" for outcome in sorted(UNREACHED))
_CONTACTABLE = "EXISTS (SELECT 1 FROM contactable WHERE contactable.customer_id = {})"
_REACHED = f"""activity.kind = 'contacted' AND activity.outcomes <> '[]'
              AND NOT EXISTS (SELECT 1 FROM json_each(activity.outcomes) AS outcome
                              WHERE outcome.value IN ({_NOBODY_REACHED}))"""  # noqa: S608 - words of this program
_STAND_IN = '"rule":"instead"'  # in the reasons of a touchpoint: it is about something else for the time being

# One row for each customer. The person is the main contact, or else the first of those who may be contacted.
CUSTOMERS = f"""
    CREATE VIEW customers AS
    SELECT customer.id, customer.key, customer.name, customer.company, customer.kind, customer.country,
           customer.subdivision, customer.tier, customer.usage, customer.tags, customer.do_not_contact,
           customer.notes, customer.external_id, person.name AS contact, person.role, person.email, person.phone,
           (SELECT count(*) FROM sale WHERE sale.customer_id = customer.id) AS sales,
           (SELECT max(activity.on_date) FROM sale JOIN activity ON activity.sale_id = sale.id
            WHERE sale.customer_id = customer.id AND {_REACHED}) AS last_contact_on,
           (SELECT min(touchpoint.due_on) FROM touchpoint
            WHERE touchpoint.customer_id = customer.id AND touchpoint.status = 'open'
              AND {_CONTACTABLE.format("customer.id")}) AS next_due_on
    FROM customer
    LEFT JOIN contact AS person
      ON person.id = (SELECT reach.contact_id FROM contactable AS reach WHERE reach.customer_id = customer.id
                      ORDER BY reach.is_main DESC, reach.contact_id LIMIT 1)
    """  # noqa: S608 - texts of this module

# One row for each open touchpoint with a date, overdue or still to come, with the person to speak to, as the due list
# has them. `goal` and `gives` are the words of the
# playbook: empty where the program has words of its own instead.
DUE = f"""
    CREATE VIEW due AS
    SELECT touchpoint.id, customer.key AS customer_key, {OUTWARD_NAME} AS customer, customer.company,
           person.name AS contact, person.email, person.phone, sale.product, playbook.key AS playbook,
           touchpoint.stage, touchpoint.purpose, touchpoint.channel, touchpoint.step, touchpoint.occurrence,
           touchpoint.due_on, touchpoint.opens_on, touchpoint.closes_on, touchpoint.deadline_on,
           CASE WHEN instr(touchpoint.reasons, '{_STAND_IN}') THEN '' ELSE coalesce(step.goal, '') END AS goal,
           CASE WHEN instr(touchpoint.reasons, '{_STAND_IN}') THEN '' ELSE coalesce(step.gives, '') END AS gives
    FROM touchpoint
    JOIN contactable AS person ON person.customer_id = touchpoint.customer_id
    JOIN customer ON customer.id = touchpoint.customer_id
    JOIN sale ON sale.id = touchpoint.sale_id
    JOIN playbook ON playbook.id = sale.playbook_id
    LEFT JOIN step ON step.playbook_id = sale.playbook_id AND step.step = touchpoint.step
    WHERE touchpoint.status = 'open' AND touchpoint.due_on IS NOT NULL
      AND NOT EXISTS (
            SELECT 1 FROM contactable AS better
            WHERE better.customer_id = touchpoint.customer_id
              AND (better.role <> '' AND better.role = touchpoint.to_role, better.is_main, -better.contact_id)
                > (person.role <> '' AND person.role = touchpoint.to_role, person.is_main, -person.contact_id))
    """  # noqa: S608 - texts of this module

# One row for each sale, and where it stands on this day, which is the machine's.
PIPELINE = f"""
    CREATE VIEW pipeline AS
    SELECT sale.id, customer.key AS customer_key, customer.name AS customer, customer.company, sale.product, sale.value,
           playbook.key AS playbook,
           (SELECT on_date FROM anchor WHERE anchor.sale_id = sale.id AND anchor.name = 'sale') AS signed_on,
           plan.live_on,
           (SELECT on_date FROM anchor WHERE anchor.sale_id = sale.id AND anchor.name = 'renewal') AS renewal_on,
           CASE WHEN plan.maintenance_on <= date('now', 'localtime') THEN 'maintenance'
                WHEN plan.effectiveness_on <= date('now', 'localtime') THEN 'effectiveness'
                WHEN plan.learning_on <= date('now', 'localtime') THEN 'learning'
                WHEN plan.novelty_on <= date('now', 'localtime') THEN 'novelty'
                ELSE 'before_sale' END AS stage,
           plan.novelty_on, plan.learning_on, plan.effectiveness_on, plan.maintenance_on,
           (SELECT max(activity.on_date) FROM activity
            WHERE activity.sale_id = sale.id AND {_REACHED}) AS last_contact_on,
           following.due_on AS next_due_on, following.purpose AS next_purpose
    FROM sale
    JOIN customer ON customer.id = sale.customer_id
    JOIN playbook ON playbook.id = sale.playbook_id
    JOIN plan ON plan.sale_id = sale.id
    LEFT JOIN touchpoint AS following
      ON following.id = (SELECT touchpoint.id FROM touchpoint
                         WHERE touchpoint.sale_id = sale.id AND touchpoint.status = 'open'
                           AND touchpoint.due_on IS NOT NULL AND {_CONTACTABLE.format("sale.customer_id")}
                         ORDER BY touchpoint.due_on, touchpoint.id LIMIT 1)
    """  # noqa: S608 - texts of this module

VIEWS: tuple[str, ...] = (CUSTOMERS, DUE, PIPELINE)
