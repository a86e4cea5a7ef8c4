"""Whole tables for an export: one query for each kind, read row by row, in the order of the numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from followup.core.model.activity import Activity
from followup.core.model.concern import Concern
from followup.core.model.customer import Contact, Customer
from followup.core.model.evidence import Evidence, Relationship
from followup.core.model.plan import CurveShape
from followup.core.model.promise import Promise
from followup.core.model.reading import Reading
from followup.core.model.stage import StageMap
from followup.core.model.touchpoint import Touchpoint
from followup.store.convert import Parameters, Row, day, evidence, mapping, relationship, texts
from followup.store.customers import contact_from, customer_from
from followup.store.failures import translated
from followup.store.happenings import activity_from, concern_from, promise_from, reading_from
from followup.store.journal import Journal
from followup.store.plans import curve_from, stages_from, touchpoint_from

# Of a person who must be left alone no address leaves with the customer.
_CUSTOMERS = """
    SELECT customer.*, person.role AS role, person.email AS email, person.phone AS phone, person.channel AS channel
    FROM customer
    LEFT JOIN contact AS person ON person.do_not_contact = 0
      AND person.id = (SELECT main.id FROM contact AS main WHERE main.customer_id = customer.id
                       ORDER BY main.is_main DESC, main.id LIMIT 1)
    ORDER BY customer.id
    """
_CONTACTS = """
    SELECT contact.*, customer.name AS owner, customer.key AS owner_key,
           customer.do_not_contact AS owner_do_not_contact
    FROM contact JOIN customer ON customer.id = contact.customer_id
    ORDER BY contact.id
    """
_STAGES = """plan.live_on, plan.before_sale_on, plan.novelty_on, plan.learning_on, plan.effectiveness_on,
           plan.maintenance_on, plan.trough_on"""
_NOT_CONTACTABLE = "NOT EXISTS (SELECT 1 FROM contactable WHERE contactable.customer_id = customer.id)"
_SALES = f"""
    SELECT sale.*, playbook.key AS playbook, customer.name AS owner, customer.key AS owner_key,
           {_NOT_CONTACTABLE} AS owner_do_not_contact,
           (SELECT json_group_object(name, on_date)
            FROM (SELECT name, on_date FROM anchor WHERE anchor.sale_id = sale.id ORDER BY anchor.id)) AS dates,
           {_STAGES}
    FROM sale
    JOIN customer ON customer.id = sale.customer_id
    JOIN playbook ON playbook.id = sale.playbook_id
    JOIN plan ON plan.sale_id = sale.id
    ORDER BY sale.id
    """  # noqa: S608 - texts of this module
_TOUCHPOINTS = f"""
    SELECT touchpoint.*, customer.name AS owner, customer.key AS owner_key, customer.tier, customer.usage,
           {_NOT_CONTACTABLE} AS owner_do_not_contact,
           (SELECT name
            FROM (SELECT person.name, person.is_main, person.id,
                         person.role <> '' AND person.role = touchpoint.to_role AS has_role
                  FROM contact AS person
                  WHERE person.customer_id = customer.id AND person.do_not_contact = 0
                    AND customer.do_not_contact = 0)
            ORDER BY has_role DESC, is_main DESC, id LIMIT 1) AS contact,
           sale.product, playbook.key AS playbook, step.goal, step.gives, step.ask,
           plan.curve_novelty, plan.curve_effectiveness, plan.curve_depth, plan.curve_dip_starts,
           plan.curve_trough, plan.curve_recovered, plan.curve_base_trough, plan.curve_effort,
           plan.curve_concerns, plan.evidence, plan.relationship, {_STAGES}
    FROM touchpoint
    JOIN customer ON customer.id = touchpoint.customer_id
    JOIN sale ON sale.id = touchpoint.sale_id
    JOIN playbook ON playbook.id = sale.playbook_id
    JOIN plan ON plan.sale_id = touchpoint.sale_id
    LEFT JOIN step ON step.playbook_id = sale.playbook_id AND step.step = touchpoint.step
    ORDER BY touchpoint.id
    """  # noqa: S608 - texts of this module
_OF_A_SALE = """
    SELECT {table}.*, customer.name AS owner, customer.key AS owner_key,
           customer.do_not_contact AS owner_do_not_contact, customer.tags AS owner_tags
    FROM {table}
    JOIN sale ON sale.id = {table}.sale_id
    JOIN customer ON customer.id = sale.customer_id
    ORDER BY {table}.id
    """
_REFERRALS = f"""
    SELECT customer.id, customer.name AS owner, customer.key AS owner_key,
           {_NOT_CONTACTABLE} AS owner_do_not_contact,
           coalesce(referrer.key, json_extract(customer.extra, :path)) AS referrer_key, referrer.name AS referrer,
           person.email, person.phone, person.channel,
           (SELECT count(*) FROM sale WHERE sale.customer_id = customer.id) AS sales
    FROM customer
    LEFT JOIN customer AS referrer ON referrer.id = coalesce(
          (SELECT id FROM customer AS named WHERE named.key = json_extract(customer.extra, :path)),
          (SELECT customer_id FROM alias WHERE alias.key = json_extract(customer.extra, :path) AND alias.key <> ''))
    LEFT JOIN contact AS person ON person.do_not_contact = 0
      AND person.id = (SELECT main.id FROM contact AS main WHERE main.customer_id = customer.id
                       ORDER BY main.is_main DESC, main.id LIMIT 1)
    WHERE json_extract(customer.extra, :path) IS NOT NULL
    ORDER BY customer.id
    """  # noqa: S608 - texts of this module

# An address that asked for silence anywhere stays silent everywhere, under whatever name it is known besides.
_MAILING = f"""
    SELECT contactable.contact_id, contactable.name, contactable.first_name, contactable.role, contactable.email,
           customer.company, customer.name AS owner, customer.key AS owner_key,
           customer.do_not_contact AS owner_do_not_contact,
           sale.id AS sale_id, sale.product, {_STAGES}
    FROM contactable
    JOIN customer ON customer.id = contactable.customer_id
    LEFT JOIN sale ON sale.customer_id = customer.id
    LEFT JOIN plan ON plan.sale_id = sale.id
    WHERE trim(contactable.email) <> ''
      AND lower(trim(contactable.email)) NOT IN (
          SELECT lower(trim(silent.email))
          FROM contact AS silent JOIN customer AS house ON house.id = silent.customer_id
          WHERE silent.do_not_contact = 1 OR house.do_not_contact = 1)
    ORDER BY contactable.customer_id, contactable.is_main DESC, contactable.contact_id, sale.id
    """  # noqa: S608 - texts of this module


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose row it is. `do_not_contact`: the customer is to be left alone; where it says so, or everybody there.

    `tags` are read with what happened only.
    """

    name: str
    key: str
    do_not_contact: bool
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedSale:
    """A sale with the dates that are known of it, and its stages; `do_not_contact` of the owner counts everybody."""

    id: int
    owner: Owner
    product: str
    playbook: str
    goal: str
    life_cycle: str
    extensiveness: str
    complexity: str
    added_on: date
    anchors: Mapping[str, str]
    stages: StageMap
    external_id: str
    value: float | None
    extra: Mapping[str, str]
    key: str
    playbook_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedTouchpoint:
    """A touchpoint with whose it is, the person to speak to (None: nobody known), and what its mood follows from.

    `goal` is empty where the pinned playbook has no words for the step.
    """

    id: int
    sale_id: int
    touchpoint: Touchpoint
    owner: Owner
    contact: str | None
    tier: str
    usage: str
    product: str
    playbook: str
    goal: str
    gives: str
    ask: tuple[str, ...]
    live_on: date | None
    stages: StageMap
    curve: CurveShape | None
    evidence: Evidence | None
    relationship: Relationship | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedReferral:
    """Somebody whom a customer named. `referrer` is None where `referrer_key` is no customer's key (any more)."""

    id: int
    owner: Owner
    referrer: str | None
    referrer_key: str
    email: str
    phone: str
    channel: str
    sales: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MailingRow:
    """Somebody to whom a mail may go, with what the customer bought and the stages of those sales."""

    name: str
    first_name: str
    email: str
    role: str
    company: str
    owner: Owner
    products: tuple[str, ...]
    stages: tuple[StageMap, ...]


class Exports(Journal):
    """Tables on their way out. Nothing is kept in memory but the row in hand."""

    def one_state(self) -> AbstractContextManager[None]:
        """Everything read inside sees the same state of the file, whoever writes meanwhile."""
        return self._snapshot()

    def exported_customers(self) -> Iterator[tuple[Customer, Contact | None]]:
        """Customers, each with role, e-mail, phone and channel of the main person, None where there is nobody or
        that person is to be left alone.
        """
        for row in self._stream(_CUSTOMERS):
            known = row["email"] is not None
            reach = {name: row[name] for name in ("role", "email", "phone", "channel")} if known else {}
            yield customer_from(row), Contact(name=row["name"], **reach) if known else None

    def exported_contacts(self) -> Iterator[tuple[Contact, Owner]]:
        """All people."""
        return ((contact_from(row), _owner(row)) for row in self._stream(_CONTACTS))

    def exported_sales(self) -> Iterator[ExportedSale]:
        """All sales."""
        return map(_sale, self._stream(_SALES))

    def exported_touchpoints(self) -> Iterator[ExportedTouchpoint]:
        """All touchpoints of the plans as they are stored, whatever their status."""
        return map(_touchpoint, self._stream(_TOUCHPOINTS))

    def exported_activities(self) -> Iterator[tuple[Activity, Owner]]:
        """All that was recorded."""
        return ((activity_from(row), _owner(row)) for row in self._stream(_OF_A_SALE.format(table="activity")))

    def exported_concerns(self) -> Iterator[tuple[Concern, Owner]]:
        """All concerns, open and resolved."""
        return ((concern_from(row), _owner(row)) for row in self._stream(_OF_A_SALE.format(table="concern")))

    def exported_promises(self) -> Iterator[tuple[Promise, Owner]]:
        """All promises, kept or not."""
        return ((promise_from(row), _owner(row)) for row in self._stream(_OF_A_SALE.format(table="promise")))

    def exported_readings(self) -> Iterator[tuple[Reading, Owner]]:
        """All measured values."""
        return ((reading_from(row), _owner(row)) for row in self._stream(_OF_A_SALE.format(table="reading")))

    def exported_referrals(self, referred_by: str) -> Iterator[ExportedReferral]:
        """Customers whose extra field `referred_by` (a plain word) names another customer's key."""
        return map(_referral, self._stream(_REFERRALS, {"path": f"$.{referred_by}"}))

    def exported_mailing(self) -> Iterator[MailingRow]:
        """Everybody with an e-mail who may be contacted, by customer; whose address asked for silence is not there."""
        for _, rows in groupby(self._stream(_MAILING), key=lambda row: row["contact_id"]):
            yield _mailing_row([*rows])

    def _stream(self, sql: str, parameters: Parameters = ()) -> Iterator[Row]:
        with translated(self.path):
            cursor = self._connection.execute(sql, parameters)
            names = [column[0] for column in cursor.description]
            for row in cursor:
                yield dict(zip(names, row, strict=True))


def _owner(row: Row) -> Owner:
    return Owner(
        name=row["owner"],
        key=row["owner_key"],
        do_not_contact=bool(row["owner_do_not_contact"]),
        tags=texts(row.get("owner_tags", "[]")),
    )


def _sale(row: Row) -> ExportedSale:
    return ExportedSale(
        id=row["id"],
        owner=_owner(row),
        product=row["product"],
        playbook=row["playbook"],
        goal=row["goal"],
        life_cycle=row["life_cycle"],
        extensiveness=row["extensiveness"],
        complexity=row["complexity"],
        added_on=date.fromisoformat(row["added_on"]),
        anchors=mapping(row["dates"]),
        stages=stages_from(row),
        external_id=row["external_id"],
        value=row["value"],
        extra=mapping(row["extra"]),
        key=row["key"],
        playbook_id=row["playbook_id"],
    )


def _touchpoint(row: Row) -> ExportedTouchpoint:
    return ExportedTouchpoint(
        id=row["id"],
        sale_id=row["sale_id"],
        touchpoint=touchpoint_from(row),
        owner=_owner(row),
        contact=row["contact"],
        tier=row["tier"],
        usage=row["usage"],
        product=row["product"],
        playbook=row["playbook"],
        goal=row["goal"] or "",
        gives=row["gives"] or "",
        ask=texts(row["ask"] or "[]"),
        live_on=day(row["live_on"]),
        stages=stages_from(row),
        curve=curve_from(row),
        evidence=evidence(row["evidence"]),
        relationship=relationship(row["relationship"]),
    )


def _mailing_row(rows: list[Row]) -> MailingRow:
    first = rows[0]
    sales = [row for row in rows if row["sale_id"] is not None]
    return MailingRow(
        name=first["name"],
        first_name=first["first_name"],
        email=first["email"],
        role=first["role"],
        company=first["company"],
        owner=_owner(first),
        products=tuple(row["product"] for row in sales),
        stages=tuple(stages_from(row) for row in sales),
    )


def _referral(row: Row) -> ExportedReferral:
    return ExportedReferral(
        id=row["id"],
        owner=_owner(row),
        referrer=row["referrer"],
        referrer_key=str(row["referrer_key"]),
        email=row["email"] or "",
        phone=row["phone"] or "",
        channel=row["channel"] or "",
        sales=row["sales"],
    )
