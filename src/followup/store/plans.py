"""The projected plan: what planning gave for each sale, kept so that the due list need not plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date

from followup.core.model.plan import CurveShape, Plan
from followup.core.model.stage import STAGES, Stage, StageMap, StageSpan
from followup.core.model.touchpoint import Status, Touchpoint
from followup.errors import NotFoundError
from followup.store.convert import (
    Row,
    chunks,
    clock,
    day,
    evidence,
    evidence_text,
    id_list,
    iso,
    mapping,
    reasons,
    reasons_text,
    relationship,
    relationship_text,
    texts,
    to_json,
)
from followup.store.journal import Journal
from followup.store.values import PlanChange, StoredTouchpoint

_TO_REFRESH = """
    SELECT sale.customer_id FROM plan INDEXED BY plan_refresh JOIN sale ON sale.id = plan.sale_id
    WHERE plan.refresh_on <= :today
    UNION
    SELECT sale.customer_id FROM plan INDEXED BY plan_made JOIN sale ON sale.id = plan.sale_id
    WHERE plan.made_on > :today
    ORDER BY customer_id
    """
_CUSTOMERS_OF_SALES = "SELECT id, customer_id FROM sale WHERE id IN (SELECT value FROM json_each(?))"
_PLANS = "SELECT * FROM plan WHERE sale_id IN (SELECT value FROM json_each(?)) ORDER BY sale_id"
_UPDATE_PLAN = """
    UPDATE plan
    SET refresh_on = :refresh_on, live_on = :live_on, before_sale_on = :before_sale_on,
        novelty_on = :novelty_on, learning_on = :learning_on, effectiveness_on = :effectiveness_on,
        maintenance_on = :maintenance_on, trough_on = :trough_on, curve_novelty = :curve_novelty,
        curve_effectiveness = :curve_effectiveness, curve_depth = :curve_depth,
        curve_dip_starts = :curve_dip_starts, curve_trough = :curve_trough,
        curve_recovered = :curve_recovered, curve_base_trough = :curve_base_trough,
        curve_effort = :curve_effort, curve_concerns = :curve_concerns, factors = :factors,
        anchors = :anchors, assumed_anchors = :assumed_anchors, left_out = :left_out,
        evidence = :evidence, relationship = :relationship, flags = :flags,
        made_on = :made_on
    WHERE sale_id = :sale_id
    """

_TOUCHPOINT = "SELECT * FROM touchpoint WHERE id = ?"
_TOUCHPOINTS = """
    SELECT * FROM touchpoint WHERE sale_id IN (SELECT value FROM json_each(?))
    ORDER BY sale_id, due_on IS NULL, due_on, step, occurrence
    """
_ADD_TOUCHPOINT = """
    INSERT INTO touchpoint (id, sale_id, customer_id, step, occurrence, purpose, service, channel, stage,
                            status, due_on, opens_on, closes_on, deadline_on, agreed_time, by_hand,
                            extra, to_role, tries, done_on, reasons)
    VALUES (:id, :sale_id, :customer_id, :step, :occurrence, :purpose, :service, :channel, :stage, :status,
            :due_on, :opens_on, :closes_on, :deadline_on, :agreed_time, :by_hand, :extra, :to_role,
            :tries, :done_on, :reasons)
    """
_UPDATE_TOUCHPOINT = """
    UPDATE touchpoint
    SET purpose = :purpose, service = :service, channel = :channel, stage = :stage, status = :status,
        due_on = :due_on, opens_on = :opens_on, closes_on = :closes_on, deadline_on = :deadline_on,
        agreed_time = :agreed_time, by_hand = :by_hand, extra = :extra, to_role = :to_role,
        tries = :tries, done_on = :done_on, reasons = :reasons
    WHERE id = :id
    """
_DROP_TOUCHPOINT = "DELETE FROM touchpoint WHERE id = :id"

# What was on a screen is typed later, perhaps after an undo: a number belongs to its touchpoint for good.
_KEEP_NUMBER = """
    INSERT OR IGNORE INTO dropped_touchpoint (sale_id, step, occurrence, id)
    VALUES (:sale_id, :step, :occurrence, :id)
    """
_NUMBERS_KEPT = """
    SELECT sale_id, step, occurrence, id FROM dropped_touchpoint
    WHERE sale_id IN (SELECT value FROM json_each(?))
    """

_CHUNK = 500
CURVE_NUMBERS: tuple[str, ...] = tuple(each.name for each in fields(CurveShape))
_AHEAD = frozenset({Status.OPEN.value, Status.WAITING.value})
_TAKEN_CARE_OF = frozenset({Status.DONE.value, Status.SKIPPED.value})


class Plans(Journal):
    """Plans and their touchpoints."""

    def sales_to_refresh(self, today: date) -> list[int]:
        """The customers of sales without a plan, or whose plan a changed fact or mere time has overtaken.

        A plan that was made on a later day is out of date as well.
        """
        return [row["customer_id"] for row in self._all(_TO_REFRESH, {"today": iso(today)})]

    def save_plans(self, plans: Iterable[tuple[int, Plan]]) -> list[PlanChange]:
        """Make the stored plans of these sales equal to `plans`, by sale number, and tell which dates differ.

        A touchpoint has one number for good: one that was dropped and is planned again, after an undo for example,
        takes it back, and no other is given it. What did not change is not written. Only dates ahead of the seller
        count as changes: touchpoints open or waiting.
        """
        self._write_only()
        return [change for chunk in chunks(plans, _CHUNK) for change in self._save(dict(chunk))]

    def stored_plan(self, sale_id: int) -> Plan | None:
        """The plan of a sale as it was saved, touchpoints by due date; None before the first planning."""
        return self.stored_plans([sale_id]).get(sale_id)

    def stored_plans(self, sale_ids: Iterable[int]) -> dict[int, Plan]:
        """The saved plans of these sales; those that were never planned are missing."""
        ids = list(sale_ids)
        with self._snapshot():
            rows = self._all(_PLANS, (id_list(ids),))
            touchpoints: dict[int, list[Touchpoint]] = {}
            for stored in self.stored_touchpoints(ids):
                touchpoints.setdefault(stored.sale_id, []).append(stored.touchpoint)
        return {row["sale_id"]: plan_from(row, touchpoints.get(row["sale_id"], ())) for row in rows if row["anchors"]}

    def touchpoint(self, touchpoint_id: int) -> StoredTouchpoint:
        """The touchpoint with this number. Raises NotFoundError."""
        row = self._first(_TOUCHPOINT, (touchpoint_id,))
        if row is None:
            raise NotFoundError(f"There is no touchpoint number {touchpoint_id}.", hint="followup due")
        return _stored(row)

    def stored_touchpoints(self, sale_ids: Iterable[int]) -> list[StoredTouchpoint]:
        """The touchpoints of these sales: by sale, then due date (undated last), step and occurrence."""
        return [_stored(row) for row in self._all(_TOUCHPOINTS, (id_list(sale_ids),))]

    def _save(self, plans: dict[int, Plan]) -> list[PlanChange]:
        ids = (id_list(plans),)
        customers = {row["id"]: row["customer_id"] for row in self._all(_CUSTOMERS_OF_SALES, ids)}
        missing = plans.keys() - customers.keys()
        if missing:
            raise NotFoundError(f"There is no sale number {min(missing)}.", hint="followup list")
        stored = {row["sale_id"]: row for row in self._all(_PLANS, ids)}
        work = _Difference()
        for row in self._all(_TOUCHPOINTS, ids):
            work.stored[row["sale_id"], row["step"], row["occurrence"]] = row
        for sale_id, plan in plans.items():
            for touchpoint in plan.touchpoints:
                work.plan(touchpoint_row(sale_id, customers[sale_id], touchpoint))
        work.drop_the_rest()
        self._run_many(_KEEP_NUMBER, work.drops)
        self._run_many(_DROP_TOUCHPOINT, work.drops)
        self._run_many(_UPDATE_TOUCHPOINT, work.updates)
        self._add_touchpoints(work.inserts)
        touched = work.touched()
        rows = [_plan_row(sale_id, plan, stored[sale_id], sale_id in touched) for sale_id, plan in plans.items()]
        self._run_many(_UPDATE_PLAN, [row for row in rows if stored[row["sale_id"]] != row])
        return work.changes

    def _add_touchpoints(self, rows: list[Row]) -> None:
        """Insert touchpoints: each under the number that it had before, else under the next one of the table."""
        if not rows:
            return
        kept = {
            (row["sale_id"], row["step"], row["occurrence"]): row["id"]
            for row in self._all(_NUMBERS_KEPT, (id_list({row["sale_id"] for row in rows}),))
        }
        for row in rows:
            row["id"] = kept.get((row["sale_id"], row["step"], row["occurrence"]))
        self._run_many(_ADD_TOUCHPOINT, rows)


@dataclass(slots=True)
class _Difference:
    """What leads from the stored touchpoints to the planned ones; `stored` shrinks meanwhile."""

    stored: dict[tuple[int, str, int], Row] = field(default_factory=dict)
    inserts: list[Row] = field(default_factory=list)
    updates: list[Row] = field(default_factory=list)
    drops: list[Row] = field(default_factory=list)
    changes: list[PlanChange] = field(default_factory=list)

    def touched(self) -> set[int]:
        """The sales of which a touchpoint differs."""
        return {row["sale_id"] for row in (*self.inserts, *self.updates, *self.drops)}

    def plan(self, new: Row) -> None:
        """Take in one planned touchpoint. One that was taken care of is not ahead, but was not dropped."""
        old = self.stored.pop((new["sale_id"], new["step"], new["occurrence"]), None)
        if old is None:
            self.inserts.append(new)
            if new["status"] in _AHEAD:
                self._note("added", new, to_on=new["due_on"])
            return
        planned = new | {"id": old["id"]}
        if old == planned:
            return
        self.updates.append(planned)
        match old["status"] in _AHEAD, new["status"] in _AHEAD:
            case True, True if old["due_on"] != new["due_on"]:
                self._note("moved", new, from_on=old["due_on"], to_on=new["due_on"])
            case False, True:
                self._note("added", new, to_on=new["due_on"])
            case True, False if new["status"] not in _TAKEN_CARE_OF:
                self._note("dropped", new, from_on=old["due_on"])

    def drop_the_rest(self) -> None:
        """What is stored and was not planned goes."""
        for old in self.stored.values():
            self.drops.append(old)
            if old["status"] in _AHEAD:
                self._note("dropped", old, from_on=old["due_on"])

    def _note(self, change: str, row: Row, *, from_on: str | None = None, to_on: str | None = None) -> None:
        self.changes.append(
            PlanChange(
                sale_id=row["sale_id"],
                step=row["step"],
                occurrence=row["occurrence"],
                change=change,
                from_on=day(from_on),
                to_on=day(to_on),
            )
        )


def _plan_row(sale_id: int, plan: Plan, stored: Row, touched: bool) -> Row:
    """A plan as all its columns. One that is as it was before keeps the first day on which it was made."""
    row = plan_row(sale_id, plan)
    made, before = iso(plan.made_on), stored["made_on"]
    same = not touched and all(stored[name] == value for name, value in row.items())
    return row | {"made_on": before if same and before and made and before <= made else made}


def plan_row(sale_id: int, plan: Plan) -> Row:
    """A plan as columns, without the day on which it was made."""
    return {
        "sale_id": sale_id,
        "refresh_on": iso(plan.refresh_on),
        "live_on": iso(plan.live_on),
        **{f"{stage}_on": iso(plan.stages[stage].begin) for stage in STAGES},
        "trough_on": iso(plan.stages.trough),
        **{f"curve_{name}": plan.curve and getattr(plan.curve, name) for name in CURVE_NUMBERS},
        "factors": to_json(dict(plan.factors)),
        "anchors": to_json({name: iso(on) for name, on in plan.anchors.items()}),
        "assumed_anchors": to_json(list(plan.assumed_anchors)),
        "left_out": reasons_text(plan.left_out),
        "evidence": evidence_text(plan.evidence),
        "relationship": relationship_text(plan.relationship),
        "flags": reasons_text(plan.flags),
    }


def plan_from(row: Row, touchpoints: Iterable[Touchpoint]) -> Plan:
    """The plan that a row says, with its touchpoints."""
    return Plan(
        stages=stages_from(row),
        anchors={name: day(on) for name, on in mapping(row["anchors"]).items()},
        assumed_anchors=texts(row["assumed_anchors"]),
        live_on=day(row["live_on"]),
        curve=curve_from(row),
        factors=mapping(row["factors"]),
        touchpoints=tuple(touchpoints),
        left_out=reasons(row["left_out"]),
        evidence=evidence(row["evidence"]),
        relationship=relationship(row["relationship"]),
        flags=reasons(row["flags"]),
        refresh_on=day(row["refresh_on"]),
        made_on=day(row["made_on"]),
    )


def stages_from(row: Row) -> StageMap:
    """Stages from the days on which they begin: each ends where the next known one begins."""
    begins = [day(row[f"{stage}_on"]) for stage in STAGES]
    spans = []
    end: date | None = None
    for stage, begin in zip(reversed(STAGES), reversed(begins), strict=True):
        spans.append(StageSpan(stage, begin, end))
        end = begin or end
    return StageMap(tuple(reversed(spans)), day(row["trough_on"]))


def curve_from(row: Row) -> CurveShape | None:
    """The curve that a row says; None while the start of use is unknown."""
    if row["curve_novelty"] is None:
        return None
    return CurveShape(**{name: row[f"curve_{name}"] for name in CURVE_NUMBERS})


def touchpoint_row(sale_id: int, customer_id: int, touchpoint: Touchpoint) -> Row:
    """A touchpoint as columns, without its number."""
    return {
        "sale_id": sale_id,
        "customer_id": customer_id,
        "step": touchpoint.step,
        "occurrence": touchpoint.occurrence,
        "purpose": touchpoint.purpose,
        "service": touchpoint.service,
        "channel": touchpoint.channel,
        "stage": touchpoint.stage.value,
        "status": touchpoint.status.value,
        "due_on": iso(touchpoint.due_on),
        "opens_on": iso(touchpoint.opens_on),
        "closes_on": iso(touchpoint.closes_on),
        "deadline_on": iso(touchpoint.deadline_on),
        "agreed_time": iso(touchpoint.agreed_time),
        "by_hand": int(touchpoint.by_hand),
        "extra": int(touchpoint.extra),
        "to_role": touchpoint.to,
        "tries": touchpoint.tries,
        "done_on": iso(touchpoint.done_on),
        "reasons": reasons_text(touchpoint.reasons),
    }


def touchpoint_from(row: Row) -> Touchpoint:
    """The touchpoint that a row says."""
    return Touchpoint(
        step=row["step"],
        occurrence=row["occurrence"],
        purpose=row["purpose"],
        service=row["service"],
        channel=row["channel"],
        stage=Stage(row["stage"]),
        status=Status(row["status"]),
        due_on=day(row["due_on"]),
        opens_on=day(row["opens_on"]),
        closes_on=day(row["closes_on"]),
        deadline_on=day(row["deadline_on"]),
        agreed_time=clock(row["agreed_time"]),
        by_hand=bool(row["by_hand"]),
        extra=bool(row["extra"]),
        to=row["to_role"],
        tries=row["tries"],
        done_on=day(row["done_on"]),
        reasons=reasons(row["reasons"]),
    )


def _stored(row: Row) -> StoredTouchpoint:
    return StoredTouchpoint(
        id=row["id"],
        sale_id=row["sale_id"],
        customer_id=row["customer_id"],
        touchpoint=touchpoint_from(row),
    )
