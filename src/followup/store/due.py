"""The due list: one indexed query, from people who may be contacted only (view `contactable`)."""

from __future__ import annotations

from datetime import date

from followup.store.convert import Row, clock, day, iso
from followup.store.journal import Journal
from followup.store.plans import curve_from, stages_from
from followup.store.reachable import OUTWARD_NAME
from followup.store.values import DueRow

DUE = f"""
    SELECT touchpoint.id AS touchpoint_id, touchpoint.sale_id, touchpoint.customer_id, touchpoint.step,
           touchpoint.occurrence, touchpoint.purpose, touchpoint.service, touchpoint.channel,
           touchpoint.stage, touchpoint.status, touchpoint.due_on, touchpoint.opens_on,
           touchpoint.closes_on, touchpoint.deadline_on, touchpoint.agreed_time, touchpoint.by_hand,
           touchpoint.extra, touchpoint.to_role, touchpoint.tries, touchpoint.reasons,
           {OUTWARD_NAME} AS customer, customer.key AS customer_key, customer.company, customer.kind,
           customer.tier, customer.usage, person.contact_id, person.name AS contact,
           person.role AS contact_role, person.email, person.phone, sale.product,
           playbook.key AS playbook, step.goal, step.gives, step.ask, plan.live_on, plan.before_sale_on,
           plan.novelty_on, plan.learning_on, plan.effectiveness_on, plan.maintenance_on,
           plan.trough_on, plan.curve_novelty, plan.curve_effectiveness, plan.curve_depth,
           plan.curve_dip_starts, plan.curve_trough, plan.curve_recovered, plan.curve_base_trough,
           plan.curve_effort, plan.curve_concerns, plan.evidence, plan.relationship
    FROM touchpoint INDEXED BY touchpoint_due
    JOIN contactable AS person ON person.customer_id = touchpoint.customer_id
    JOIN customer ON customer.id = touchpoint.customer_id
    JOIN sale ON sale.id = touchpoint.sale_id
    JOIN playbook ON playbook.id = sale.playbook_id
    JOIN plan ON plan.sale_id = touchpoint.sale_id
    LEFT JOIN step ON step.playbook_id = sale.playbook_id AND step.step = touchpoint.step
    WHERE touchpoint.status = 'open' AND touchpoint.due_on <= :until
      AND (:stage IS NULL OR touchpoint.stage = :stage)
      AND (:purpose IS NULL OR touchpoint.purpose = :purpose)
      AND (:channel IS NULL OR touchpoint.channel = :channel)
      AND (:customer_id IS NULL OR touchpoint.customer_id = :customer_id)
      AND NOT EXISTS (
            SELECT 1 FROM contactable AS better
            WHERE better.customer_id = touchpoint.customer_id
              AND (better.role <> '' AND better.role = touchpoint.to_role, better.is_main,
                   -better.contact_id)
                > (person.role <> '' AND person.role = touchpoint.to_role, person.is_main,
                   -person.contact_id))
    ORDER BY touchpoint.due_on, touchpoint.id
    """  # noqa: S608 - a text of this program
NEXT_DUE = """
    SELECT touchpoint.due_on FROM touchpoint INDEXED BY touchpoint_due
    WHERE touchpoint.status = 'open' AND touchpoint.due_on > ?
      AND EXISTS (SELECT 1 FROM contactable WHERE contactable.customer_id = touchpoint.customer_id)
    ORDER BY touchpoint.due_on LIMIT 1
    """
OPEN_COUNTS = """
    SELECT touchpoint.due_on, count(*) AS touchpoints FROM touchpoint INDEXED BY touchpoint_due
    WHERE touchpoint.status = 'open' AND touchpoint.due_on <= ?
      AND EXISTS (SELECT 1 FROM contactable WHERE contactable.customer_id = touchpoint.customer_id)
    GROUP BY touchpoint.due_on
    """


class Due(Journal):
    """What is to be done, and for whom it may be done."""

    def due(
        self,
        *,
        until: date,
        stage: str | None = None,
        purpose: str | None = None,
        channel: str | None = None,
        customer_id: int | None = None,
    ) -> list[DueRow]:
        """The open touchpoints due on or before `until`, oldest first, narrowed by what is given."""
        rows = self._all(
            DUE,
            {
                "until": iso(until),
                "stage": stage,
                "purpose": purpose,
                "channel": channel,
                "customer_id": customer_id,
            },
        )
        return [due_row_from(row) for row in rows]

    def next_due_on(self, after: date) -> date | None:
        """The first day after `after` on which something is due."""
        row = self._first(NEXT_DUE, (iso(after),))
        return None if row is None else day(row["due_on"])

    def open_counts(self, until: date) -> dict[date, int]:
        """How many open touchpoints are due on each day up to and including `until`, overdue days as well."""
        return {date.fromisoformat(row["due_on"]): row["touchpoints"] for row in self._all(OPEN_COUNTS, (iso(until),))}


def due_row_from(row: Row) -> DueRow:
    """The due row that a row says."""
    return DueRow(
        touchpoint_id=row["touchpoint_id"],
        sale_id=row["sale_id"],
        customer_id=row["customer_id"],
        step=row["step"],
        occurrence=row["occurrence"],
        purpose=row["purpose"],
        service=row["service"],
        channel=row["channel"],
        stage=row["stage"],
        status=row["status"],
        due_on=date.fromisoformat(row["due_on"]),
        opens_on=day(row["opens_on"]),
        closes_on=day(row["closes_on"]),
        deadline_on=day(row["deadline_on"]),
        agreed_time=clock(row["agreed_time"]),
        by_hand=bool(row["by_hand"]),
        extra=bool(row["extra"]),
        to=row["to_role"],
        tries=row["tries"],
        reasons_json=row["reasons"],
        customer=row["customer"],
        customer_key=row["customer_key"],
        company=row["company"],
        kind=row["kind"],
        tier=row["tier"],
        usage=row["usage"],
        contact_id=row["contact_id"],
        contact=row["contact"] or "",
        contact_role=row["contact_role"] or "",
        email=row["email"] or "",
        phone=row["phone"] or "",
        product=row["product"],
        playbook=row["playbook"],
        goal=row["goal"] or "",
        gives=row["gives"] or "",
        ask_json=row["ask"] or "[]",
        live_on=day(row["live_on"]),
        stages=stages_from(row),
        curve=curve_from(row),
        evidence_json=row["evidence"],
        relationship_json=row["relationship"],
    )
