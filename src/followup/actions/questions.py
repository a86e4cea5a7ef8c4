"""The questions of a contact as they go out: with names and dates filled in, and never one with a hole in it (C4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from followup.actions.context import Context
from followup.actions.views import person_for, stand_in_for, touchpoint_of, words_of
from followup.errors import FollowupError
from followup.store import CustomerFacts, DueRow

if TYPE_CHECKING:
    from followup.core.model.customer import Contact
    from followup.core.model.plan import Plan
    from followup.core.model.playbook import Playbook
    from followup.core.model.touchpoint import Touchpoint

_BRACE = "{"
_NEXT_DATE = "next_date"


def filled_questions(
    context: Context, rows: Iterable[DueRow], *, today: date | None = None
) -> dict[int, tuple[str, ...]]:
    """The questions of these contacts by the number of the touchpoint; one that lacks a value is left out.

    Days are said as of `today`; without it as of the day of each contact, so that a new morning changes no word. All
    is read in bulk, and a playbook only where a question has a name in braces, because that takes time.
    """
    asked = {row.touchpoint_id: (row, words_of(row)[2]) for row in rows}
    with_names = [row for row, asks in asked.values() if any(_BRACE in ask for ask in asks)]
    found = _Found.of(context, [(row, asked[row.touchpoint_id][1]) for row in with_names]) if with_names else None
    return {
        number: tuple(found.filled(row, asks, today or row.due_on))
        if found is not None and any(_BRACE in ask for ask in asks)
        else asks
        for number, (row, asks) in asked.items()
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What is on record about the customers of some contacts: facts and people by customer, plans by sale."""

    context: Context
    facts: Mapping[int, CustomerFacts]
    people: Mapping[int, Sequence[Contact]]
    playbooks: Mapping[int, Playbook]
    plans: Mapping[int, Plan]

    @classmethod
    def of(cls, context: Context, asked: Sequence[tuple[DueRow, tuple[str, ...]]]) -> _Found:
        store = context.store
        ids = {row.customer_id for row, _ in asked}
        facts = {each.customer.id: each for each in store.customer_facts(ids)}
        pinned = {sale.sale.number: sale.playbook_id for each in facts.values() for sale in each.sales}
        playbooks = {row.sale_id: _playbook(context, pinned.get(row.sale_id)) for row, _ in asked}
        known = {sale_id: playbook for sale_id, playbook in playbooks.items() if playbook is not None}
        dated = {row.sale_id for row, asks in asked if row.sale_id in known and _wants_plan(known[row.sale_id], asks)}
        return cls(
            context=context,
            facts=facts,
            people=store.reachable(ids),
            playbooks=known,
            plans=store.stored_plans(sorted(dated)) if dated else {},
        )

    def filled(self, row: DueRow, asks: tuple[str, ...], today: date) -> Iterator[str]:
        """The questions that have all their values."""
        from followup.actions.draft_values import Subject, Values, called
        from followup.core.planner.plan import step_named
        from followup.files.letters import fill_in
        from followup.files.placeholders import placeholder_names

        playbook, facts = self.playbooks.get(row.sale_id), self.facts.get(row.customer_id)
        people = self.people.get(row.customer_id)
        if playbook is None or facts is None or people is None:
            yield from (ask for ask in asks if _BRACE not in ask)
            return
        touchpoint, plan = touchpoint_of(row), self.plans.get(row.sale_id)
        others = plan.touchpoints if plan is not None else ()
        named = [person for person in people if called(person, facts.customer)]
        values = Values(
            Subject(
                touchpoint=touchpoint,
                number=row.touchpoint_id,
                facts=facts,
                sale=next(sale for sale in facts.sales if sale.sale.number == row.sale_id),
                plan=plan,
                playbook=playbook,
                step=step_named(playbook, stand_in_for(touchpoint.reasons) or touchpoint.step),
                person=person_for(row.to, named or people),
                people=people,
                others=[one for one in others if one.is_open and _name(one) != _name(touchpoint)],
                me=self.context.config.me,
                calendar=self.context.calendars.of(facts.customer),
                today=today,
            )
        )
        known = placeholder_names(anchors=playbook.anchors, own=playbook.placeholders)
        for ask in asks:
            try:
                said = fill_in(ask, values, known=known)
            except FollowupError:  # one question less is better than no digest and no calendar
                continue
            if not said.missing:
                yield said.text


def _playbook(context: Context, playbook_id: int | None) -> Playbook | None:
    """The pinned playbook; None for one that cannot be read any more, which is no reason to send nothing."""
    try:
        return None if playbook_id is None else context.library.pinned(context.store, playbook_id)
    except FollowupError:
        return None


def _wants_plan(playbook: Playbook, asks: Iterable[str]) -> bool:
    """True for questions about a date of the sale or the next contact: nothing else needs the plan."""
    from followup.files.placeholders import placeholder, slots_of

    for name in {name for ask in asks for name in slots_of(ask)}:
        known = placeholder(name, anchors=playbook.anchors, own=playbook.placeholders)
        if name == _NEXT_DATE or (known is not None and known.anchors):
            return True
    return False


def _name(touchpoint: Touchpoint) -> tuple[str, int]:
    return touchpoint.step, touchpoint.occurrence
