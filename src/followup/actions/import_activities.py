"""Activities on their way in: what other tools logged counts like a contact that was typed with `log --on DAY`.

Rows of followup's own table are taken as they were recorded, of every kind; what came with them (concerns, promises,
milestones) stands in tables and rows of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from operator import attrgetter

from followup.actions.context import Context
from followup.actions.import_facts import REPEAT, FactIntake, Same
from followup.actions.outcomes import added_facts
from followup.actions.planning import replan
from followup.actions.record import ASKED_AGAIN_WORKING_DAYS
from followup.actions.told import About, Told, activity_about, check_score, check_told, read_outcomes
from followup.core.model.activity import Activity
from followup.errors import FollowupError
from followup.files.customer_rows import RowProblem
from followup.files.fact_rows import OPEN, ActivityRow, FactReader
from followup.store import CustomerFacts, SaleFacts

# Outcomes after which more is recorded than the contact itself (DOMAIN 5.4).
ADDING = frozenset(("concern", "stop", "idea", "purchase", "postponed"))
TOLD_FIELDS = ("on", "direction", "channel", "outcomes", "note", "score", "minutes")
_NOT_COMPARED = ("id", "sale_id", "external_id")
_COMPARED = attrgetter(*(each.name for each in fields(Activity) if each.name not in _NOT_COMPARED))
HELD, WRITTEN, VAGUE = "held", "written", "vague"  # what was concluded from rows


@dataclass(slots=True)
class _Known:
    """The stored activities of one customer: by their id in the other tool, by all that is compared, and by number."""

    by_id: dict[str, Activity]
    same: Same
    stored: dict[int, Activity]


class ActivityIntake(FactIntake[ActivityRow]):
    """Contacts that took place, tries that reached nobody, and in followup's own table all else that was recorded."""

    def __init__(self, context: Context, reader: FactReader) -> None:
        super().__init__(context, reader)
        self._known: dict[int, _Known] = {}
        self._ids: set[int] = set()  # hashes of customer and id in the other tool that a row of this table has
        self._concluded = Counter[str]()

    def why_left_out(self, row: ActivityRow) -> str:
        """As the row says; a contact on a day to come that is not said to be done is not done yet."""
        to_come = not row.is_own and not row.is_done and row.activity.on > self.context.today
        return row.left_out or (OPEN if to_come else "")

    def check_row(self, row: ActivityRow, facts: CustomerFacts) -> Iterator[RowProblem]:
        """A day that is past, a sale, outcomes that go together, and a score on the scale of its playbook."""
        activity = row.activity
        yield from self.check_past(row, activity.on, "on" if self.mapping.first("on") >= 0 else "made_on")
        if problems := [*self.check_sale(row, facts, activity.on)]:
            yield from problems
            return
        if activity.kind != "contacted":
            return
        told, sale = _told(activity), self.sale(row, facts, activity.on)
        try:
            read_outcomes(",".join(activity.outcomes))
            check_told(self.context, replace(told, on=min(told.on, self.context.today)))
            check_score(self.context.library.pinned(self.context.store, sale.playbook_id), told)
        except FollowupError as error:
            yield self.problem(row, error.sentence, error.hint)

    def take_rows(self, rows: Sequence[ActivityRow]) -> None:
        """Store what is not known yet, in the order in which it happened."""
        self._known.clear()
        new: list[Activity] = []
        for row in sorted(rows, key=lambda each: (each.activity.on, each.at, each.line)):
            facts = self.owner(row)
            sale = self.sale(row, facts, row.activity.on)
            activity = replace(row.activity, sale_id=sale.sale.number)
            if self._is_repeat(facts, activity):
                self.leave_out(row, REPEAT)
                continue
            old = self._old(row, facts, activity)
            if old is not None:
                self._meet(row, facts, sale, old)
                continue
            self.tally.created += 1
            self.touched.add(facts.customer.id)
            self._count_conclusions(row)
            if row.is_own or not ADDING & {*activity.outcomes}:
                new.append(activity)
                continue
            self._store(new)
            self._add_with_more(facts, sale, activity)
        self._store(new)

    def finish(self) -> None:
        """Plan anew, and say what was concluded."""
        super().finish()
        concluded = (
            ("contacts without a plain result that are said to have taken place count as reached (ok)", HELD),
            ("e-mails and messages that went out count as left-message, since nobody was spoken to", WRITTEN),
            ("lengths without a unit left out (call the column minutes, or seconds)", VAGUE),
        )
        self.tally.notices += [f"{said}: {self._concluded[what]}" for said, what in concluded if self._concluded[what]]

    # What is known

    def _is_repeat(self, facts: CustomerFacts, activity: Activity) -> bool:
        """True for a second row of the table about one activity of the other tool."""
        if not activity.external_id:
            return False
        name = hash((facts.customer.id, activity.external_id))
        again = name in self._ids
        self._ids.add(name)
        return again

    def _old(self, row: ActivityRow, facts: CustomerFacts, activity: Activity) -> Activity | None:
        """The stored activity that a row is, by its id, else because all that was recorded is the same."""
        known = self._known.get(facts.customer.id)
        if known is None:
            self._known[facts.customer.id] = known = self._known_of(facts)
        if activity.external_id in known.by_id:
            found = known.by_id[activity.external_id]
            self.used.add(found.id)
            return found
        keys = [_key(activity, activity.sale_id), *([] if row.whose.sale is not None else [_key(activity, 0)])]
        number = known.same.take(*keys)
        return known.stored[number] if number is not None else None

    def _known_of(self, facts: CustomerFacts) -> _Known:
        known = _Known({}, Same(self.used), {})
        for sale in facts.sales:
            for one in sale.history.activities:
                known.stored[one.id] = one
                if one.external_id:
                    known.by_id[one.external_id] = one
                known.same.learn(_key(one, one.sale_id), one.id)
                known.same.learn(_key(one, 0), one.id)
        return known

    def _meet(self, row: ActivityRow, facts: CustomerFacts, sale: SaleFacts, old: Activity) -> None:
        """Bring a known activity up to date with a row that says something else."""
        new = row.activity
        changes = {name: getattr(new, name) for name in TOLD_FIELDS if getattr(new, name) != getattr(old, name)}
        for name, value in changes.items():
            self.change(facts.customer, row, name, getattr(old, name), value)
        if new.external_id and not old.external_id:
            changes["external_id"] = new.external_id
        if not changes:
            self.tally.unchanged += 1
            return
        self.context.store.update_activity(old.id, **changes)
        self.tally.updated += 1
        self.touched.add(facts.customer.id)
        gained = tuple(code for code in new.outcomes if code not in old.outcomes)
        if ADDING & {*gained} and not row.is_own:
            self._add_more(facts, sale, replace(new, outcomes=gained))

    # New activities

    def _store(self, new: list[Activity]) -> None:
        """Store in bulk what waits; no row of this table is one of them."""
        self.used.update(self.context.store.add_activities(new))
        new.clear()

    def _add_with_more(self, facts: CustomerFacts, sale: SaleFacts, activity: Activity) -> None:
        """Store a contact after which more is recorded, against the plan as it stands that day."""
        replan(self.context, [facts.customer.id])
        self.used.add(self.context.store.add_activity(activity))
        self._add_more(facts, sale, activity)

    def _add_more(self, facts: CustomerFacts, sale: SaleFacts, activity: Activity) -> None:
        """Record what follows from a contact, as `log` does."""
        context, number = self.context, sale.sale.number
        facts = self.finder.read_again(facts.customer.id)
        before = len(facts.sales)
        plan = context.store.stored_plan(number)
        told = _told(activity)
        about = About(
            customer=facts.customer,
            sale=next(each for each in facts.sales if each.sale.number == number),
            playbook=context.library.pinned(context.store, sale.playbook_id),
            stages=plan.stages if plan is not None else None,
        )
        added_facts(context, about, told)
        if "postponed" in told.outcomes:
            self._put_off(facts, number, told)
        self.tally.sales_created += len(self.finder.read_again(facts.customer.id).sales) - before

    def _put_off(self, facts: CustomerFacts, sale: int, told: Told) -> None:
        """They asked for another day: what was open next is asked again some working days later."""
        stored = self.context.store.stored_touchpoints([sale])
        opened = [each for each in stored if each.touchpoint.is_open and each.touchpoint.due_on is not None]
        if opened:
            calendar = self.context.calendars.of(facts.customer)
            day = calendar.add_working_days(told.on, ASKED_AGAIN_WORKING_DAYS)
            agreed = activity_about(opened[0], kind="agreed", on=told.on, to_on=day)
            self.context.store.add_activity(agreed)

    def _count_conclusions(self, row: ActivityRow) -> None:
        self._concluded[row.assumed] += 1
        self._concluded[VAGUE] += row.has_vague_duration


def _told(activity: Activity) -> Told:
    return Told(
        outcomes=activity.outcomes,
        on=activity.on,
        note=activity.note,
        inbound=activity.direction == "inbound",
        channel=activity.channel,
        score=activity.score,
        minutes=activity.minutes,
    )


def _key(activity: Activity, sale: int) -> Hashable:
    """All that was recorded, but its number and its id in another tool."""
    return sale, _COMPARED(activity)
