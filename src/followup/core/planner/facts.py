"""What the history says about steps: done, skipped, snoozed, tried. Independent of the order of recording."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from followup.core.model.activity import Activity
from followup.core.model.outcome import reached, valuable


@dataclass(slots=True)
class StepFacts:
    """What happened to the occurrences of one step."""

    closed: dict[int, Activity] = field(default_factory=dict)  # done or skipped, by occurrence
    moved: dict[int, Activity] = field(default_factory=dict)  # the last snooze or agreement, by occurrence
    tries: dict[int, list[Activity]] = field(default_factory=dict)  # not reached, by occurrence

    @property
    def last_closed(self) -> int:
        """The highest occurrence that is done or skipped, 0 when there is none."""
        return max(self.closed, default=0)


def in_order(activities: Iterable[Activity]) -> list[Activity]:
    """Activities in the order in which they happened; the order of recording only settles the same day."""
    return sorted(activities, key=lambda a: (a.on, a.id, a.kind, a.step, a.occurrence, a.note))


def step_facts(activities: Iterable[Activity]) -> dict[str, StepFacts]:
    """The facts of every step that anything happened to."""
    return facts_in_order(in_order(activities))


def facts_in_order(ordered: Iterable[Activity]) -> dict[str, StepFacts]:
    """The same from activities that are in order already."""
    facts: dict[str, StepFacts] = {}
    for activity in ordered:
        if not activity.step:
            continue
        mine = facts.setdefault(activity.step, StepFacts())
        match activity.kind:
            case "contacted" if closes(activity):
                mine.closed[activity.occurrence] = activity
            case "contacted" if not reached(activity.outcomes):
                mine.tries.setdefault(activity.occurrence, []).append(activity)
            case "skipped":
                mine.closed[activity.occurrence] = activity
            case "snoozed" | "agreed":
                mine.moved[activity.occurrence] = activity
    return facts


def closes(activity: Activity) -> bool:
    """True when a contact was made, so that its touchpoint is done; not being reached leaves it open."""
    return reached(activity.outcomes) and "postponed" not in activity.outcomes


def real_contacts(activities: Iterable[Activity]) -> list[Activity]:
    """Contacts in which somebody was reached, planned or not, in order (DOMAIN 5.5, trap 8)."""
    return [a for a in in_order(activities) if is_contact(a)]


def is_contact(activity: Activity) -> bool:
    """True when somebody was reached."""
    return activity.kind == "contacted" and reached(activity.outcomes)


def is_valuable(activity: Activity) -> bool:
    """True when something of value was given."""
    return activity.kind == "contacted" and valuable(activity.outcomes)


def valuable_contacts(activities: Iterable[Activity]) -> list[Activity]:
    """Contacts that gave something of value, in order: they restart clocks (B24, DOMAIN 4.6)."""
    return [a for a in in_order(activities) if a.kind == "contacted" and valuable(a.outcomes)]


def last_contact_on(activities: Iterable[Activity]) -> date | None:
    """The day of the last real contact, or None."""
    contacts = real_contacts(activities)
    return contacts[-1].on if contacts else None
