"""Sales with their anchors, and the playbook texts pinned to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

from followup.core.model.customer import Contact, Customer
from followup.core.model.extra import plain_extra
from followup.core.model.sale import Profile, Sale
from followup.errors import NotFoundError
from followup.store.convert import Row, iso, mapping, to_json
from followup.store.journal import Journal
from followup.store.values import StepText

_PLAYBOOK = "SELECT key, text FROM playbook WHERE id = ?"
_PINNED = "SELECT id FROM playbook WHERE key = ? AND digest = ?"
_PIN = "INSERT INTO playbook (id, key, digest, title, text) VALUES (:id, :key, :digest, :title, :text)"
_ADD_STEP = """
    INSERT INTO step (playbook_id, step, purpose, goal, gives, ask)
    VALUES (:playbook_id, :step, :purpose, :goal, :gives, :ask)
    ON CONFLICT DO NOTHING
    """
_PLAYBOOK_SALES = """
    SELECT playbook.key, count(*) AS sales FROM sale JOIN playbook ON playbook.id = sale.playbook_id
    GROUP BY playbook.key ORDER BY playbook.key
    """

_SALE = "SELECT * FROM sale WHERE id = ?"
_ADD_SALE = """
    INSERT INTO sale (id, key, customer_id, playbook_id, product, goal, life_cycle, extensiveness,
                      complexity, added_on, external_id, value, extra)
    VALUES (:id, :key, :customer_id, :playbook_id, :product, :goal, :life_cycle, :extensiveness,
            :complexity, :added_on, :external_id, :value, :extra)
    """
_UPDATE_SALE = """
    UPDATE sale
    SET playbook_id = :playbook_id, product = :product, goal = :goal, life_cycle = :life_cycle,
        extensiveness = :extensiveness, complexity = :complexity, external_id = :external_id, value = :value,
        extra = :extra
    WHERE id = :id
    """
_CHANGEABLE = (
    *("playbook_id", "product", "goal", "life_cycle", "extensiveness", "complexity"),
    *("external_id", "value", "extra"),
)
_MOVE_SALES = "UPDATE sale SET customer_id = :new WHERE customer_id = :old"

_ADD_ANCHOR = "INSERT INTO anchor (sale_id, name, on_date) VALUES (?, ?, ?)"
_SET_ANCHOR = f"{_ADD_ANCHOR} ON CONFLICT (sale_id, name) DO UPDATE SET on_date = excluded.on_date"
_DROP_ANCHOR = "DELETE FROM anchor WHERE sale_id = ? AND name = ?"


class Sales(Journal):
    """Purchases being followed up."""

    def pin_playbook(self, *, key: str, title: str, text: str, steps: Iterable[StepText]) -> int:
        """Keep the text of a playbook as it is now, with the words of its steps, and give its number.

        The same text under the same key is kept once, with words for steps that it had none for. Of several steps with
        one name the first counts.
        """
        import hashlib  # not needed to read, and slow to load

        digest = hashlib.sha256(text.encode()).hexdigest()
        pinned = self._first(_PINNED, (key, digest))
        if pinned is not None:
            playbook_id = int(pinned["id"])
        else:
            row: Row = {"id": 0, "key": key, "digest": digest, "title": title, "text": text}
            [playbook_id] = self._add("playbook", _PIN, [row])
        self._run_many(_ADD_STEP, [step_row(playbook_id, step) for step in steps])
        return playbook_id

    def playbook_text(self, playbook_id: int) -> tuple[str, str]:
        """Key and text of a pinned playbook. Raises NotFoundError."""
        row = self._first(_PLAYBOOK, (playbook_id,))
        if row is None:
            raise NotFoundError(f"There is no pinned playbook number {playbook_id}.", hint="followup playbook list")
        return row["key"], row["text"]

    def playbook_sales(self) -> dict[str, int]:
        """How many sales follow each playbook, by its key."""
        return {row["key"]: row["sales"] for row in self._all(_PLAYBOOK_SALES)}

    def add_sale(self, sale: Sale, *, playbook_id: int) -> int:
        """Keep a new sale with its anchors; gives its number: `sale.number`, or the next one if that is 0.

        Of its profile only what is the sale's own is kept: life cycle, extensiveness, complexity.
        """
        return self.add_sales([(sale, playbook_id)])[0]

    def add_sales(self, sales: Sequence[tuple[Sale, int]]) -> list[int]:
        """Keep new sales with their playbooks' numbers, fast, and give their numbers in the same order."""
        numbers = self._add("sale", _ADD_SALE, [sale_row(sale, playbook_id) for sale, playbook_id in sales])
        self._run_many(
            _ADD_ANCHOR,
            [
                (number, name, on.isoformat())
                for number, (sale, _) in zip(numbers, sales, strict=True)
                for name, on in sale.anchors.items()
            ],
        )
        return numbers

    def update_sale(self, sale_id: int, **fields: Any) -> None:
        """Change playbook_id, product, goal, life_cycle, extensiveness, complexity, external_id, value or extra.

        Raises NotFoundError; TypeError for any other field.
        """
        unknown = fields.keys() - {*_CHANGEABLE}
        if unknown:
            raise TypeError(f"a sale's {', '.join(sorted(unknown))} cannot be changed")
        if "extra" in fields:
            fields["extra"] = to_json(dict(fields["extra"]))
        self._change(_UPDATE_SALE, {**self._sale_columns(sale_id), **fields})

    def move_sales(self, customer_id: int, *, to: int) -> int:
        """Give all sales of a customer, with everything about them, to another one; gives how many there are."""
        return self._change(_MOVE_SALES, {"old": customer_id, "new": to})

    def set_anchor(self, sale_id: int, name: str, on: date | None) -> None:
        """Record or change the date of an anchor; None makes it unknown again. Raises NotFoundError."""
        self._sale_columns(sale_id)
        if on is None:
            self._change(_DROP_ANCHOR, (sale_id, name))
        else:
            self._change(_SET_ANCHOR, (sale_id, name, iso(on)))

    def _sale_columns(self, sale_id: int) -> Row:
        row = self._first(_SALE, (sale_id,))
        if row is None:
            raise NotFoundError(f"There is no sale number {sale_id}.", hint="followup list")
        return row


def step_row(playbook_id: int, step: StepText) -> Row:
    """The words of a step as columns."""
    return {
        "playbook_id": playbook_id,
        "step": step.step,
        "purpose": step.purpose,
        "goal": step.goal,
        "gives": step.gives,
        "ask": to_json(list(step.ask)),
    }


def sale_row(sale: Sale, playbook_id: int) -> Row:
    """A sale as columns; its anchors are rows of their own."""
    return {
        "id": sale.number,
        "key": sale.key,
        "customer_id": sale.customer_id,
        "playbook_id": playbook_id,
        "product": sale.product,
        "goal": sale.goal,
        "life_cycle": sale.profile.life_cycle,
        "extensiveness": sale.profile.extensiveness,
        "complexity": sale.profile.complexity,
        "added_on": iso(sale.added_on),
        "external_id": sale.external_id,
        "value": sale.value,
        "extra": to_json(dict(sale.extra)),
    }


def sale_from(row: Row, anchors: Mapping[str, date], customer: Customer, contacts: Sequence[Contact]) -> Sale:
    """The sale that a row (with `playbook`, the playbook's key) says, and the profile its customer gives it.

    The preferred channel is that of the first contact who may be contacted. Of the columns of the user's own those of
    the sale beat those of the customer. A sale is not to be followed up
    when the customer, or everybody there, is not to be contacted.
    """
    reachable = [contact for contact in contacts if not contact.do_not_contact]
    return Sale(
        key=row["key"],
        number=row["id"],
        customer_id=row["customer_id"],
        product=row["product"],
        goal=row["goal"],
        need=str(customer.extra.get("need", "")),
        playbook=row["playbook"],
        anchors=MappingProxyType(anchors),
        added_on=date.fromisoformat(row["added_on"]),
        profile=Profile(
            usage=customer.usage,
            tier=customer.tier,
            kind=customer.kind,
            tags=customer.tags,
            life_cycle=row["life_cycle"],
            extensiveness=row["extensiveness"],
            complexity=row["complexity"],
            channel=reachable[0].channel if reachable else "",
            extra=plain_extra(customer.extra, mapping(row["extra"])),
        ),
        do_not_contact=customer.do_not_contact or (bool(contacts) and not reachable),
        external_id=row["external_id"],
        value=row["value"],
        extra=mapping(row["extra"]),
    )
