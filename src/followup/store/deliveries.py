"""The ledger of reminders: claimed before they are sent, marked sent after it, so that nothing goes out twice.

A row is a target, a day and a touchpoint. It is claimed in one transaction, then the digest goes out, then a second
transaction marks it sent. Whoever dies in between leaves it claimed: it may have arrived, and nobody can know. It is
shown as in doubt, and not sent again by itself on that day.

A row blocks its touchpoint on its own day. A target that has rows of the next two days has had the digest of a later
day: a clock went back a day, or somebody flew west. It gets nothing until that day has come. A row that a clock wrote
while it ran a year ahead blocks nothing when it is right again.

Nothing here is a fact about customers: none of it is in the journal, and no undo takes back what was sent.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from followup.store.convert import Row, iso
from followup.store.journal import Journal

Touched = tuple[int, str, int]
"""A touchpoint as facts and the ledger know it: number of the sale, step, occurrence."""

AHEAD = timedelta(days=2)  # a digest of a later day counts: a clock may go back, a traveller may fly west
IN_DOUBT = timedelta(days=3)  # so long what may have arrived is shown; the digests since then have brought it again
KEPT_DAYS = 40  # counted in days on which something went out, not by the calendar: a clock that jumps forgets nothing

_NEAR = """
    SELECT day, sale_id, step, occurrence, state, at FROM delivery
    WHERE target = :target AND day BETWEEN :day AND :last
    """
_CLAIM = """
    INSERT INTO delivery (target, day, sale_id, step, occurrence, state, at)
    VALUES (:target, :day, :sale_id, :step, :occurrence, 'claimed', :at)
    ON CONFLICT (target, day, sale_id, step, occurrence) DO UPDATE SET state = 'claimed', at = excluded.at
    """
_THIS = "target = :target AND sale_id = :sale_id AND step = :step AND occurrence = :occurrence"
_SENT = f"UPDATE delivery SET state = 'sent', at = :at WHERE {_THIS} AND day = :day"  # noqa: S608 - names of this module
_NO_DOUBT = f"DELETE FROM delivery WHERE {_THIS} AND day <> :day AND state = 'claimed'"  # noqa: S608
_TAKE_BACK = f"DELETE FROM delivery WHERE {_THIS} AND day = :day"  # noqa: S608
_PUT_BACK = f"UPDATE delivery SET state = :before, at = :before_at WHERE {_THIS} AND day = :day"  # noqa: S608
_IN_DOUBT = """
    SELECT delivery.target, delivery.day, delivery.sale_id, delivery.step, delivery.occurrence,
           touchpoint.id AS touchpoint_id, customer.key AS customer_key
    FROM delivery
    JOIN touchpoint ON touchpoint.sale_id = delivery.sale_id AND touchpoint.step = delivery.step
                   AND touchpoint.occurrence = delivery.occurrence
    JOIN customer ON customer.id = touchpoint.customer_id
    WHERE delivery.state = 'claimed' AND delivery.day BETWEEN :first AND :last
      AND touchpoint.status = 'open' AND touchpoint.due_on <= delivery.day
      AND EXISTS (SELECT 1 FROM contactable WHERE contactable.customer_id = touchpoint.customer_id)
    ORDER BY delivery.target, delivery.day, touchpoint.id
    """
_FORGET = """
    WITH RECURSIVE latest (day, place) AS (
        SELECT max(day), 1 FROM delivery WHERE target = :target
        UNION ALL
        SELECT (SELECT max(day) FROM delivery WHERE target = :target AND day < latest.day), place + 1
        FROM latest WHERE latest.day IS NOT NULL AND place < :kept
    )
    DELETE FROM delivery
    WHERE target = :target AND day < (SELECT day FROM latest WHERE place = :kept)
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A touchpoint that may be sent to a target now; `before` is what the ledger said of it that day, '' for nothing.

    Give it to `mark_sent` or to `release`; whoever gives it to neither leaves it in doubt.
    """

    target: str
    day: date
    sale_id: int
    step: str
    occurrence: int
    before: str = ""
    before_at: str = ""

    @property
    def touched(self) -> Touched:
        """The touchpoint."""
        return self.sale_id, self.step, self.occurrence


@dataclass(frozen=True, slots=True, kw_only=True)
class InDoubt:
    """A touchpoint that may have reached a target on a day, or may not."""

    target: str
    day: date
    sale_id: int
    step: str
    occurrence: int
    touchpoint_id: int
    customer_key: str


class Deliveries(Journal):
    """What was sent where, and when."""

    def delivered(self, target: str, day: date) -> set[Touched]:
        """What a target got, or may have got, on this day or by a clock up to two days ahead of it."""
        return {_touched(row) for row in self._near(target, day)}

    def is_ahead(self, target: str, day: date) -> bool:
        """True when a target got the digest of one of the next two days: this day's clock is behind."""
        return any(row["day"] > iso(day) for row in self._near(target, day))

    def claim(self, target: str, day: date, touchpoints: Iterable[Touched], *, again: bool = False) -> list[Claim]:
        """Claim for a target what it did not get yet, in the order given; with `again` whatever it got.

        Nothing while the target is ahead of this day. Inside a write: of several who claim, each touchpoint goes to
        one. What may be in doubt counts as got.
        """
        at = self._write_only().at.isoformat(timespec="seconds")
        if not again and self.is_ahead(target, day):
            return []
        near = self._near(target, day)
        got = set() if again else {_touched(row) for row in near}
        today = {_touched(row): row for row in near if row["day"] == iso(day)}
        claims = [
            Claim(
                target=target,
                day=day,
                sale_id=each[0],
                step=each[1],
                occurrence=each[2],
                before=today[each]["state"] if each in today else "",
                before_at=today[each]["at"] if each in today else "",
            )
            for each in touchpoints
            if each not in got
        ]
        self._run_many(_CLAIM, [{**_key(claim), "at": at} for claim in claims])
        return claims

    def mark_sent(self, claims: Iterable[Claim]) -> None:
        """Note that these went out. What was in doubt about them on other days is settled: it is there now."""
        at = self._write_only().at.isoformat(timespec="seconds")
        keys = [_key(claim) for claim in claims]
        self._run_many(_SENT, [{**key, "at": at} for key in keys])
        self._run_many(_NO_DOUBT, keys)
        for target in {key["target"] for key in keys}:
            self._change(_FORGET, {"target": target, "kept": KEPT_DAYS})

    def release(self, claims: Iterable[Claim]) -> None:
        """Take claims back that certainly did not go out: the ledger says again what it said before."""
        self._write_only()
        for claim in claims:
            if claim.before:
                self._change(_PUT_BACK, {**_key(claim), "before": claim.before, "before_at": claim.before_at})
            else:
                self._change(_TAKE_BACK, _key(claim))

    def in_doubt(self, day: date) -> list[InDoubt]:
        """What was claimed in the last days and never marked, as far as it is still to be done and may be.

        Only while nobody else reminds (`one_at_a_time`): a running one has claims too.
        """
        rows = self._all(_IN_DOUBT, {"first": iso(day - IN_DOUBT), "last": iso(day + AHEAD)})
        return [InDoubt(**{**row, "day": date.fromisoformat(row["day"])}) for row in rows]

    def _near(self, target: str, day: date) -> list[Row]:
        return self._all(_NEAR, {"target": target, "day": iso(day), "last": iso(day + AHEAD)})


def _touched(row: Row) -> Touched:
    return row["sale_id"], row["step"], row["occurrence"]


def _key(claim: Claim) -> dict[str, str | int | float | None]:
    return {
        "target": claim.target,
        "day": claim.day.isoformat(),
        "sale_id": claim.sale_id,
        "step": claim.step,
        "occurrence": claim.occurrence,
    }
