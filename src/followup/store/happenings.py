"""What happened with a sale: activities, concerns, promises, readings; rows <-> model."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from followup.core.model.activity import Activity
from followup.core.model.concern import Concern
from followup.core.model.customer import Customer
from followup.core.model.promise import Promise
from followup.core.model.reading import Reading
from followup.errors import NotFoundError
from followup.store.convert import Row, clock, day, id_list, iso, texts, to_json
from followup.store.customers import customer_from
from followup.store.journal import Journal

_ADD_ACTIVITY = """
    INSERT INTO activity (id, sale_id, kind, on_date, direction, channel, outcomes, note, score,
                          minutes, step, occurrence, purpose, stage, due_on, opens_on, closes_on, to_on,
                          to_time, milestone, external_id)
    VALUES (:id, :sale_id, :kind, :on_date, :direction, :channel, :outcomes, :note, :score, :minutes,
            :step, :occurrence, :purpose, :stage, :due_on, :opens_on, :closes_on, :to_on, :to_time,
            :milestone, :external_id)
    """
_ACTIVITY = "SELECT * FROM activity WHERE id = ?"
_UPDATE_ACTIVITY = """
    UPDATE activity
    SET kind = :kind, on_date = :on_date, direction = :direction, channel = :channel, outcomes = :outcomes,
        note = :note, score = :score, minutes = :minutes, step = :step, occurrence = :occurrence,
        purpose = :purpose, stage = :stage, due_on = :due_on, opens_on = :opens_on, closes_on = :closes_on,
        to_on = :to_on, to_time = :to_time, milestone = :milestone, external_id = :external_id
    WHERE id = :id
    """
_DONE_COUNT = "SELECT count(*) AS done FROM activity WHERE on_date = ? AND kind = 'contacted'"
_LAST_WORDS = """
    SELECT sale.customer_id, activity.note, max(activity.on_date || printf('%020d', activity.id))
    FROM activity JOIN sale ON sale.id = activity.sale_id
    WHERE sale.customer_id IN (SELECT value FROM json_each(?))
      AND activity.kind = 'contacted' AND activity.note <> ''
    GROUP BY sale.customer_id
    """

_ADD_CONCERN = """
    INSERT INTO concern (id, sale_id, number, text, severity, category, opened_on, resolved_on)
    VALUES (:id, :sale_id, (SELECT coalesce(max(number), 0) + 1 FROM concern WHERE sale_id = :sale_id),
            :text, :severity, :category, :opened_on, :resolved_on)
    """
_RESOLVE = "UPDATE concern SET resolved_on = ? WHERE id = ?"
_UPDATE_CONCERN = """
    UPDATE concern
    SET text = :text, severity = :severity, category = :category, opened_on = :opened_on, resolved_on = :resolved_on
    WHERE id = :id
    """
_CONCERN = "SELECT * FROM concern WHERE id = ?"
_CONCERNS = """
    SELECT concern.*, sale.customer_id
    FROM concern JOIN sale ON sale.id = concern.sale_id
    WHERE (:customer_id IS NULL OR sale.customer_id = :customer_id)
      AND (:include_resolved OR concern.resolved_on IS NULL)
    ORDER BY concern.resolved_on IS NOT NULL, concern.opened_on, concern.id
    """

_ADD_PROMISE = """
    INSERT INTO promise (id, sale_id, number, text, by_date, done_on, told_on, about, concern, answer)
    VALUES (:id, :sale_id, (SELECT coalesce(max(number), 0) + 1 FROM promise WHERE sale_id = :sale_id),
            :text, :by_date, :done_on, :told_on, :about, :concern, :answer)
    """
_UPDATE_PROMISE = """
    UPDATE promise
    SET text = :text, by_date = :by_date, done_on = :done_on, told_on = :told_on, about = :about,
        concern = :concern, answer = :answer
    WHERE id = :id
    """
_PROMISE = "SELECT * FROM promise WHERE id = ?"
_PROMISES = """
    SELECT promise.*, sale.customer_id
    FROM promise JOIN sale ON sale.id = promise.sale_id
    WHERE :customer_id IS NULL OR sale.customer_id = :customer_id
    ORDER BY promise.told_on IS NOT NULL, promise.by_date, promise.id
    """

_ADD_READING = """
    INSERT INTO reading (id, sale_id, kind, value, on_date, note)
    VALUES (:id, :sale_id, :kind, :value, :on_date, :note)
    """
_READINGS = """
    SELECT reading.* FROM reading JOIN sale ON sale.id = reading.sale_id
    WHERE sale.customer_id = ?
    ORDER BY reading.on_date, reading.id
    """
_CUSTOMERS = "SELECT * FROM customer WHERE id IN (SELECT value FROM json_each(?))"


class Happenings(Journal):
    """What was done, said, doubted, promised and measured."""

    def add_activity(self, activity: Activity) -> int:
        """Keep what happened and give its number."""
        return self.add_activities([activity])[0]

    def add_activities(self, activities: Iterable[Activity]) -> list[int]:
        """Keep many, fast."""
        return self._add("activity", _ADD_ACTIVITY, [activity_row(each) for each in activities])

    def activity(self, activity_id: int) -> Activity:
        """The activity with this number. Raises NotFoundError."""
        row = self._first(_ACTIVITY, (activity_id,))
        if row is None:
            raise NotFoundError(f"There is no activity number {activity_id}.", hint="followup list")
        return activity_from(row)

    def update_activity(self, activity_id: int, **fields: Any) -> None:
        """Change what was recorded, but not whose it is. Raises NotFoundError; TypeError for an unknown field."""
        self._change(_UPDATE_ACTIVITY, activity_row(replace(self.activity(activity_id), **fields)))

    def done_count(self, on: date) -> int:
        """How many contacts were made on a day."""
        return int(self._all(_DONE_COUNT, (iso(on),))[0]["done"])

    def last_words(self, customer_ids: Iterable[int]) -> dict[int, str]:
        """The note of the last contact that has one, by customer."""
        return {row["customer_id"]: row["note"] for row in self._all(_LAST_WORDS, (id_list(customer_ids),))}

    def add_concern(self, concern: Concern) -> int:
        """Keep a concern as the next of its sale (its `number` is counted here) and give its id."""
        return self._add("concern", _ADD_CONCERN, [concern_row(concern)])[0]

    def resolve_concern(self, concern_id: int, on: date | None) -> None:
        """Close a concern on a day; None opens it again. Raises NotFoundError."""
        self.concern(concern_id)
        self._change(_RESOLVE, (iso(on), concern_id))

    def update_concern(self, concern_id: int, **fields: Any) -> None:
        """Change what a concern says. Raises NotFoundError; TypeError for an unknown field."""
        self._change(_UPDATE_CONCERN, concern_row(replace(self.concern(concern_id), **fields)))

    def concern(self, concern_id: int) -> Concern:
        """The concern with this id. Raises NotFoundError."""
        row = self._first(_CONCERN, (concern_id,))
        if row is None:
            raise NotFoundError(f"There is no concern number {concern_id}.", hint="followup concern list")
        return concern_from(row)

    def concerns(
        self, *, customer_id: int | None = None, include_resolved: bool = True
    ) -> list[tuple[Concern, Customer]]:
        """Concerns with whose they are: open ones first, then the oldest."""
        rows = self._all(_CONCERNS, {"customer_id": customer_id, "include_resolved": include_resolved})
        customers = self._customers_of(rows)
        return [(concern_from(row), customers[row["customer_id"]]) for row in rows]

    def add_promise(self, promise: Promise) -> int:
        """Keep a promise as the next of its sale (its `number` is counted here) and give its id."""
        return self._add("promise", _ADD_PROMISE, [promise_row(promise)])[0]

    def update_promise(self, promise_id: int, **fields: Any) -> None:
        """Change what a promise says. Raises NotFoundError; TypeError for an unknown field."""
        self._change(_UPDATE_PROMISE, promise_row(replace(self.promise(promise_id), **fields)))

    def promise(self, promise_id: int) -> Promise:
        """The promise with this id. Raises NotFoundError."""
        row = self._first(_PROMISE, (promise_id,))
        if row is None:
            raise NotFoundError(f"There is no promise number {promise_id}.", hint="followup promise list")
        return promise_from(row)

    def promises(self, *, customer_id: int | None = None) -> list[tuple[Promise, Customer]]:
        """Promises with whose they are: those to keep first, then the earliest."""
        rows = self._all(_PROMISES, {"customer_id": customer_id})
        customers = self._customers_of(rows)
        return [(promise_from(row), customers[row["customer_id"]]) for row in rows]

    def readings(self, customer_id: int) -> list[Reading]:
        """What was measured of a customer, of all sales, oldest first."""
        return [reading_from(row) for row in self._all(_READINGS, (customer_id,))]

    def add_reading(self, reading: Reading) -> int:
        """Keep a measured value and give its number."""
        return self.add_readings([reading])[0]

    def add_readings(self, readings: Iterable[Reading]) -> list[int]:
        """Keep many, fast."""
        return self._add("reading", _ADD_READING, [reading_row(each) for each in readings])

    def _customers_of(self, rows: list[Row]) -> dict[int, Customer]:
        ids = {row["customer_id"] for row in rows}
        return {row["id"]: customer_from(row) for row in self._all(_CUSTOMERS, (id_list(ids),))}


def activity_row(activity: Activity) -> Row:
    """An activity as columns."""
    return {
        "id": activity.id,
        "sale_id": activity.sale_id,
        "kind": activity.kind,
        "on_date": iso(activity.on),
        "direction": activity.direction,
        "channel": activity.channel,
        "outcomes": to_json(list(activity.outcomes)),
        "note": activity.note,
        "score": activity.score,
        "minutes": activity.minutes,
        "step": activity.step,
        "occurrence": activity.occurrence,
        "purpose": activity.purpose,
        "stage": activity.stage,
        "due_on": iso(activity.due_on),
        "opens_on": iso(activity.opens_on),
        "closes_on": iso(activity.closes_on),
        "to_on": iso(activity.to_on),
        "to_time": iso(activity.to_time),
        "milestone": activity.milestone,
        "external_id": activity.external_id,
    }


def activity_from(row: Row) -> Activity:
    """The activity that a row says."""
    return Activity(
        id=row["id"],
        sale_id=row["sale_id"],
        kind=row["kind"],
        on=date.fromisoformat(row["on_date"]),
        direction=row["direction"],
        channel=row["channel"],
        outcomes=texts(row["outcomes"]),
        note=row["note"],
        score=row["score"],
        minutes=row["minutes"],
        step=row["step"],
        occurrence=row["occurrence"],
        purpose=row["purpose"],
        stage=row["stage"],
        due_on=day(row["due_on"]),
        opens_on=day(row["opens_on"]),
        closes_on=day(row["closes_on"]),
        to_on=day(row["to_on"]),
        to_time=clock(row["to_time"]),
        milestone=row["milestone"],
        external_id=row["external_id"],
    )


def concern_row(concern: Concern) -> Row:
    """A concern as columns, except its number, which is counted."""
    return {
        "id": concern.id,
        "sale_id": concern.sale_id,
        "text": concern.text,
        "severity": concern.severity,
        "category": concern.category,
        "opened_on": iso(concern.opened_on),
        "resolved_on": iso(concern.resolved_on),
    }


def concern_from(row: Row) -> Concern:
    """The concern that a row says."""
    return Concern(
        id=row["id"],
        sale_id=row["sale_id"],
        number=row["number"],
        text=row["text"],
        severity=row["severity"],
        category=row["category"],
        opened_on=date.fromisoformat(row["opened_on"]),
        resolved_on=day(row["resolved_on"]),
    )


def promise_row(promise: Promise) -> Row:
    """A promise as columns, except its number, which is counted."""
    return {
        "id": promise.id,
        "sale_id": promise.sale_id,
        "text": promise.text,
        "by_date": iso(promise.by),
        "done_on": iso(promise.done_on),
        "told_on": iso(promise.told_on),
        "about": promise.about,
        "concern": promise.concern,
        "answer": promise.answer,
    }


def promise_from(row: Row) -> Promise:
    """The promise that a row says."""
    return Promise(
        id=row["id"],
        sale_id=row["sale_id"],
        number=row["number"],
        text=row["text"],
        by=date.fromisoformat(row["by_date"]),
        done_on=day(row["done_on"]),
        told_on=day(row["told_on"]),
        about=row["about"],
        concern=row["concern"],
        answer=row["answer"],
    )


def reading_row(reading: Reading) -> Row:
    """A reading as columns."""
    return {
        "id": reading.id,
        "sale_id": reading.sale_id,
        "kind": reading.kind,
        "value": reading.value,
        "on_date": iso(reading.on),
        "note": reading.note,
    }


def reading_from(row: Row) -> Reading:
    """The reading that a row says."""
    return Reading(
        id=row["id"],
        sale_id=row["sale_id"],
        kind=row["kind"],
        value=row["value"],
        on=date.fromisoformat(row["on_date"]),
        note=row["note"],
    )
