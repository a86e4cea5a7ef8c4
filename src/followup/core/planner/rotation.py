"""Rotation: in maintenance the relationship has a rhythm, and six kinds of calls take turns in it (DOMAIN 4.6, B26)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import count

from followup.core.model.evidence import Relationship
from followup.core.model.stage import Stage
from followup.core.numbers import MaintenanceNumbers, Numbers
from followup.core.planner.built_in import KEEP_IN_TOUCH, ROTATION
from followup.core.planner.draft import Draft, added_draft, day_text
from followup.core.planner.expand import Settled, still_wanted
from followup.core.planner.permission import permission_for
from followup.core.planner.profile import Setting
from followup.core.planner.situation import Situation
from followup.core.strength import interval_days, next_stability

WINDOW_DAYS = 7


def relationship_of(situation: Situation) -> Relationship | None:
    """The clocks of the relationship since maintenance began; None before it, and while nobody was ever reached.

    Every contact of value starts the clock anew; an empty one and no answer do not (DOMAIN 4.6).
    """
    begin = situation.timeline.stages[Stage.MAINTENANCE].begin
    if begin is None or situation.today < begin:
        return None
    numbers = situation.numbers.maintenance
    stability = numbers.start_stability_days
    clocks = [] if situation.sale.added_on > begin else [(begin, stability)]
    by_day: dict[date, list[str]] = {}
    for contact in situation.valuable:
        if contact.on >= begin:
            by_day.setdefault(contact.on, []).extend(contact.outcomes)
        elif not clocks:
            clocks = [(begin, stability)]
    for on, outcomes in by_day.items():
        stability = next_stability(stability, outcomes, numbers)
        clocks.append((on, stability))
    return Relationship(clocks=tuple(clocks)) if clocks else None


def rhythm_tier(setting: Setting) -> str:
    """The tier whose rhythm holds: for B customers a simple product asks less, a complex one more (DOMAIN 3.14)."""
    if setting.tier != "B":
        return setting.tier
    return {"simple": "C", "complex": "A"}.get(setting.complexity, "B")


def cap_days(tier: str, kind: str, numbers: Numbers) -> int:
    """The longest interval without a contact in maintenance; private buyers have their own (DOMAIN 4.6)."""
    caps = numbers.maintenance.cap_days
    return caps["private"] if kind == "person" else caps[tier]


def rhythm_days(setting: Setting, numbers: Numbers, stability: float | None = None) -> int:
    """Days until the next contact in maintenance: when strength has fallen to the target, at most the cap (4.6)."""
    tier, rhythm = rhythm_tier(setting), numbers.maintenance
    start = rhythm.start_stability_days if stability is None else stability
    return interval_days(start, _target(tier, rhythm), cap_days(tier, setting.kind, numbers))


def _target(tier: str, rhythm: MaintenanceNumbers) -> float:
    return rhythm.target.get(tier, 0.85)


def rhythm_contact(
    relationship: Relationship | None, planned: Iterable[Draft], fell_away: Iterable[Draft], situation: Situation
) -> list[Draft | Settled]:
    """The contact that keeps the rhythm, when nothing that is planned keeps it: one of the six kinds, in turn.

    Those tried in vain come along; the rhythm goes on from the last try. It is never asked for in hindsight: what fell
    away until today kept the rhythm as long as it stood.
    """
    if relationship is None:
        return []
    gone = [draft.due for draft in fell_away if draft.due is not None and draft.due <= situation.today]
    not_before = max([situation.told_on, *gone])
    planned = [draft for draft in planned if draft.due is not None]
    days = rhythm_days(situation.setting, situation.numbers, relationship.stability)
    given_up: list[Draft | Settled] = []
    since = relationship.since
    for _ in range(len(ROTATION) * 2):
        wanted = max(situation.timeline.run_on(since, since + timedelta(days=days)), situation.floor, not_before)
        until = wanted + timedelta(days=WINDOW_DAYS)
        if any(draft.due is not None and draft.due <= until for draft in planned):
            return given_up
        draft = _in_turn(wanted, planned, given_up, situation)
        if draft is None:
            return given_up
        text = f"the rhythm of this relationship: {days} days after {day_text(since)} (assumption)"
        draft.say("rhythm", text, days=days, stability=round(relationship.stability, 1))
        (found,) = still_wanted(draft, situation)
        if isinstance(found, Draft):
            return [*given_up, found]
        given_up.append(found)
        since = found.by.on
    return given_up


def _in_turn(
    wanted: date, planned: Iterable[Draft], given_up: Iterable[Draft | Settled], situation: Situation
) -> Draft | None:
    """The kind of call whose turn it is: under way already, else the one made longest ago whose gate is open."""
    vain = {one.draft.step.id: one for one in given_up if isinstance(one, Settled)}
    soon = {draft.purpose.name for draft in planned if draft.due is not None and abs((draft.due - wanted).days) <= 60}
    drafts = []
    for place, step in enumerate(ROTATION):
        facts = situation.facts_of(step.id)
        last = vain.get(step.id)
        draft = added_draft(step, facts.last_closed + 1 if last is None else last.draft.occurrence + 1, wanted)
        draft.closes += timedelta(days=WINDOW_DAYS)
        draft.earliest = situation.floor
        if draft.occurrence in facts.moved or draft.occurrence in facts.tries:
            return draft
        made_on = [contact.on for contact in situation.valuable if contact.purpose == step.purpose]
        made_on += [activity.on for activity in facts.closed.values()]
        made_on += [last.by.on] if last is not None else []
        drafts.append((step.purpose in soon, max(made_on, default=date.min), place, draft))
    for _, made, _, draft in sorted(drafts, key=lambda one: one[:3]):
        permission = permission_for(draft, situation)
        if not permission.shut and permission.since <= wanted and not permission.instead:
            draft.say("rotation", f"the turn of {draft.purpose.name}, last {_when(made)}")
            return draft
    return None


def _when(day: date) -> str:
    return "never" if day == date.min else f"on {day_text(day)}"


def keep_in_touch(situation: Situation) -> list[Draft | Settled]:
    """No sale without a next date (B25): when nothing is planned, one contact by the maintenance rhythm.

    Those that were tried in vain come along; the rhythm goes on from the last try.
    """
    facts = situation.facts_of(KEEP_IN_TOUCH.id)
    seen = [contact.on for contact in situation.valuable]
    seen += [activity.due_on or activity.on for activity in facts.closed.values()]
    begin = situation.timeline.stages[Stage.NOVELTY].begin or date.min
    days = rhythm_days(situation.setting, situation.numbers)
    made: list[Draft | Settled] = []
    for number in count(facts.last_closed + 1):
        start = max([*(seen or [situation.floor]), begin])
        draft = added_draft(KEEP_IN_TOUCH, number, situation.timeline.run_on(start, start + timedelta(days=days)))
        draft.closes += timedelta(days=WINDOW_DAYS)
        draft.earliest = situation.floor
        text = f"nothing else is planned: {days} days after {day_text(start)} (assumption)"
        draft.say("rhythm", text, days=days)
        (found,) = still_wanted(draft, situation)
        made.append(found)
        if isinstance(found, Draft):
            break
        seen.append(found.by.on)
    return made
