"""A whole data file out and in again: what the tables of an export lack, and rows under the numbers that they had."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from followup.core.model.concern import Concern
from followup.core.model.promise import Promise
from followup.store.convert import Row
from followup.store.happenings import concern_row, promise_row
from followup.store.journal import Journal
from followup.store.values import Alias

_ALIASES = """
    SELECT alias.*, customer.name AS owner, customer.key AS owner_key
    FROM alias JOIN customer ON customer.id = alias.customer_id
    ORDER BY alias.id
    """
_PINNED = "SELECT id, key, text FROM playbook WHERE id IN (SELECT playbook_id FROM sale) ORDER BY id"
_ADD_CONCERN = """
    INSERT INTO concern (id, sale_id, number, text, severity, category, opened_on, resolved_on)
    VALUES (:id, :sale_id, :number, :text, :severity, :category, :opened_on, :resolved_on)
    """
_ADD_PROMISE = """
    INSERT INTO promise (id, sale_id, number, text, by_date, done_on, told_on, about, concern, answer)
    VALUES (:id, :sale_id, :number, :text, :by_date, :done_on, :told_on, :about, :concern, :answer)
    """
_ADD_ALIAS = """
    INSERT INTO alias (id, customer_id, key, external_id, name, company)
    VALUES (:id, :customer_id, :key, :external_id, :name, :company)
    """
_KEEP_NUMBER = """
    INSERT OR REPLACE INTO dropped_touchpoint (sale_id, step, occurrence, id)
    VALUES (:sale_id, :step, :occurrence, :id)
    """
_NUMBERS_IN_USE = """
    SELECT max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'touchpoint'), 0),
               coalesce((SELECT max(id) FROM dropped_touchpoint), 0)) AS highest
    """
_FORGET_COUNT = "DELETE FROM sqlite_sequence WHERE name = 'touchpoint'"
_COUNT_FROM = "INSERT INTO sqlite_sequence (name, seq) VALUES ('touchpoint', ?)"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedAlias:
    """By what else a customer is known, with whose it is."""

    id: int
    customer_id: int
    customer: str
    customer_key: str
    alias: Alias


@dataclass(frozen=True, slots=True, kw_only=True)
class PinnedText:
    """The text of a playbook that sales follow."""

    id: int
    key: str
    text: str


class Restoring(Journal):
    """What only a whole export and its way back need."""

    def exported_aliases(self) -> Iterator[ExportedAlias]:
        """By what else customers are known, in the order of the numbers."""
        for row in self._all(_ALIASES):
            yield ExportedAlias(
                id=row["id"],
                customer_id=row["customer_id"],
                customer=row["owner"],
                customer_key=row["owner_key"],
                alias=Alias(key=row["key"], external_id=row["external_id"], name=row["name"], company=row["company"]),
            )

    def pinned_texts(self) -> list[PinnedText]:
        """The texts that sales follow, in the order in which they were pinned."""
        return [PinnedText(**row) for row in self._all(_PINNED)]

    def restore_concerns(self, concerns: Iterable[Concern]) -> None:
        """Keep concerns under their own id and number."""
        rows = [{**concern_row(each), "number": each.number} for each in concerns]
        self._add("concern", _ADD_CONCERN, rows)

    def restore_promises(self, promises: Iterable[Promise]) -> None:
        """Keep promises under their own id and number."""
        rows = [{**promise_row(each), "number": each.number} for each in promises]
        self._add("promise", _ADD_PROMISE, rows)

    def restore_aliases(self, aliases: Iterable[ExportedAlias]) -> None:
        """Keep by what else customers are known, under their own ids."""
        rows: list[Row] = [
            {
                "id": each.id,
                "customer_id": each.customer_id,
                "key": each.alias.key,
                "external_id": each.alias.external_id,
                "name": each.alias.name,
                "company": each.alias.company,
            }
            for each in aliases
        ]
        self._add("alias", _ADD_ALIAS, rows)

    def keep_touchpoint_numbers(self, numbers: Iterable[tuple[int, str, int, int]]) -> None:
        """Give touchpoints (sale, step, occurrence, id) their number when they are planned; no other gets it then."""
        self._write_only()
        names = ("sale_id", "step", "occurrence", "id")
        self._run_many(_KEEP_NUMBER, [dict(zip(names, each, strict=True)) for each in numbers])
        highest = self._all(_NUMBERS_IN_USE)[0]["highest"]
        self._run(_FORGET_COUNT)
        self._run(_COUNT_FROM, (highest,))
