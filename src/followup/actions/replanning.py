"""`replan`: sales move to the edited text of their playbook, or to another playbook; the diff comes first (DESIGN 3).

A sale keeps the text that was pinned to it until somebody asks for this. What was done stays done, and a day set by
hand stays, because both are facts; only what is still open moves.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from followup.actions.context import Context
from followup.actions.finding import facts_of, find_customer, find_sale
from followup.actions.library import Volume
from followup.actions.planning import change_view, replan, up_to_date
from followup.actions.results import ReplanItem, Replanned
from followup.actions.telling import ReasonsGiven, reasons_given
from followup.core.model.playbook import Playbook
from followup.errors import FollowupError, NotFoundError
from followup.store import CustomerFacts, PlanChange, SaleFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A sale that goes from one playbook text to another."""

    sale: SaleFacts
    was: Playbook
    volume: Volume


@dataclass(slots=True)
class Moves:
    """Which sales move, and whose they are; how many have nothing to move to; playbooks that are gone."""

    context: Context
    by_sale: dict[int, Move] = field(default_factory=dict)
    customers: list[CustomerFacts] = field(default_factory=list)
    unchanged_count: int = 0
    gone: Counter[str] = field(default_factory=Counter)
    _texts: dict[int, tuple[str, str]] = field(default_factory=dict)
    _volumes: dict[str, Volume | None] = field(default_factory=dict)

    def look_at(self, facts: CustomerFacts, sale: SaleFacts, volume: Volume | None = None) -> None:
        """Take a sale in if `volume`, or the newest text of its own playbook, is not what it follows."""
        key, text = self._text_of(sale.playbook_id)
        target = volume or self._newest(key)
        if target is None:
            self.gone[key] += 1
        elif (target.playbook.key, target.text) == (key, text):
            self.unchanged_count += 1
        else:
            was = self.context.library.pinned(self.context.store, sale.playbook_id)
            self.by_sale[sale.sale.number] = Move(sale=sale, was=was, volume=target)
            if not self.customers or self.customers[-1] is not facts:
                self.customers.append(facts)

    def key_of(self, sale: SaleFacts) -> str:
        """The key of the playbook that a sale follows."""
        return self._text_of(sale.playbook_id)[0]

    def _text_of(self, playbook_id: int) -> tuple[str, str]:
        if playbook_id not in self._texts:
            self._texts[playbook_id] = self.context.store.playbook_text(playbook_id)
        return self._texts[playbook_id]

    def _newest(self, key: str) -> Volume | None:
        if key not in self._volumes:
            try:
                self._volumes[key] = self.context.library.volume(key)
            except NotFoundError:
                self._volumes[key] = None
        return self._volumes[key]


def replan_sales(context: Context, *, which: str = "", playbook: str = "", sale: int | None = None) -> Replanned:
    """Move sales to the newest text of their playbook and tell what changes, sale by sale.

    With a customer only theirs (or the one `sale`), and `playbook` may be another than the one they follow. Without
    one `playbook` says whose sales are meant. Raises NotFoundError for an unknown playbook, and BadFileError with all
    problems of a text that cannot be used; nothing is changed then.
    """
    volume = context.library.volume(playbook) if playbook else None
    with context.write("replan") as entry:
        moves = Moves(context)
        if which:
            _look_at_customer(moves, facts_of(context, find_customer(context, which).id), volume, sale)
        else:
            _look_at_everybody(moves, volume)
        notices = up_to_date(context, [facts.customer.id for facts in moves.customers])
        items = _move(moves)
        entry.summary = f"{len(moves.by_sale)} sale{'s' if len(moves.by_sale) != 1 else ''}"
    return Replanned(
        today=context.today,
        notices=(*notices, *(_gone_sentence(key, number) for key, number in sorted(moves.gone.items()))),
        items=items,
        unchanged_count=moves.unchanged_count,
        dry_run=context.dry_run,
    )


def _look_at_everybody(moves: Moves, volume: Volume | None) -> None:
    """All sales; with a playbook those that follow it."""
    for facts in moves.context.store.customer_facts():
        for sale in facts.sales:
            if volume is None or moves.key_of(sale) == volume.playbook.key:
                moves.look_at(facts, sale, volume)


def _look_at_customer(moves: Moves, facts: CustomerFacts, volume: Volume | None, number: int | None) -> None:
    """The sales of one customer. Raises FollowupError when it is not plain which one changes its playbook."""
    only = find_sale(moves.context, facts, number)
    sales = [only] if number is not None else list(facts.sales)
    if volume is not None and len(sales) > 1:
        sales = [sale for sale in sales if moves.key_of(sale) == volume.playbook.key]
        if not sales:
            named = ", ".join(f"{sale.sale.number} ({moves.key_of(sale)})" for sale in facts.sales)
            raise FollowupError(
                f"{facts.customer.name} has {len(facts.sales)} sales: which one moves to {volume.playbook.key}?",
                hint=f"--sale with one of: {named}",
            )
    for sale in sales:
        moves.look_at(facts, sale, volume)


def _move(moves: Moves) -> tuple[ReplanItem, ...]:
    """Pin the texts, plan anew, and tell it sale by sale. Only inside a write."""
    if not moves.by_sale:
        return ()
    context = moves.context
    pinned: dict[tuple[str, str], int] = {}
    for number, move in moves.by_sale.items():
        name = (move.volume.playbook.key, move.volume.text)
        if name not in pinned:
            pinned[name] = context.library.pin(context.store, move.volume)
        context.store.update_sale(number, playbook_id=pinned[name])
    changes: defaultdict[int, list[PlanChange]] = defaultdict(list)
    for change in replan(context, [facts.customer.id for facts in moves.customers]):
        changes[change.sale_id].append(change)
    given = reasons_given(context, list(changes))
    return tuple(_items(moves, changes, given))


def _items(moves: Moves, changes: Mapping[int, list[PlanChange]], given: ReasonsGiven) -> Iterator[ReplanItem]:
    """Every sale that moved, and sales of the same customers whose dates make room for it."""
    for facts in moves.customers:
        for sale in facts.sales:
            number, move = sale.sale.number, moves.by_sale.get(sale.sale.number)
            mine = changes.get(number, [])
            if move is None and not mine:
                continue
            was = moves.key_of(sale)
            yield ReplanItem(
                customer=facts.customer.name,
                customer_key=facts.customer.key,
                sale=number,
                product=sale.sale.product,
                was=was,
                playbook=move.volume.playbook.key if move is not None else was,
                changes=tuple(
                    change_view(change, _reason(change, move, given), status=given.status(change)) for change in mine
                ),
            )


def _reason(change: PlanChange, move: Move | None, given: ReasonsGiven) -> str:
    """Why a date differs: the step is gone or new in the text, else what the planner says."""
    if move is not None:
        before, after = move.was.step(change.step), move.volume.playbook.step(change.step)
        if change.change == "dropped" and before is not None and after is None:
            return "the playbook has this step no more"
        if change.change == "added" and before is None and after is not None:
            return "new in the playbook"
        if change.change == "moved" and before is not None and after is not None and before.when != after.when:
            return f"written as {after.when}, before as {before.when}"
    return given.of(change)


def _gone_sentence(key: str, number: int) -> str:
    kept = "1 sale keeps its text" if number == 1 else f"{number} sales keep their text"
    return f"the playbook {key} is not to be found any more: {kept}"
