"""Sales that come into the plan late: no burst of overdue contacts, one sensible first one (trap 6, E1)."""

from __future__ import annotations

from datetime import date, timedelta

from followup.core.model.stage import Stage
from followup.core.planner.arranging import spread
from followup.core.planner.built_in import CATCH_UP
from followup.core.planner.draft import Draft, added_draft, day_text
from followup.core.planner.expand import Settled, still_wanted
from followup.core.planner.retries import take_over
from followup.core.planner.rotation import cap_days
from followup.core.planner.situation import Situation

FIRST_PURPOSES = ("needs_assessment", "feedback")
WORKING_SHARE = 5 / 7


def is_late(situation: Situation) -> bool:
    """True when the sale came in after its maintenance began and nothing was done about it since."""
    begin = situation.timeline.stages[Stage.MAINTENANCE].begin
    untouched = not situation.contacts and not any(facts.closed for facts in situation.facts.values())
    return begin is not None and situation.floor > begin and untouched


def one_at_a_time(drafts: list[Draft], situation: Situation) -> tuple[list[Draft], list[Draft]]:
    """What an old sale gets now, besides what an open concern asks for, and what outside dates demand later.

    One sensible first contact: what an outside date demands already, else the playbook's own needs or feedback
    step, else a built-in one, spread by hash over the interval that the tier allows. The rest is planned once that
    contact was made or given up; outside dates come in as their windows open.
    """
    asked_for = [draft for draft in drafts if draft.added]
    written = [draft for draft in drafts if not draft.added]
    outside = [draft for draft in written if _hangs_on_outside_date(draft, situation)]
    outside.sort(key=lambda draft: (draft.deadline or draft.closes, draft.step.id))
    now = [draft for draft in written if draft.by_hand is not None or draft.tries]
    if not now:
        now = [d for d in outside if d.opens <= situation.today and not _is_over(d, situation.today)][:1]
    if not now and (first := _first_contact(written, situation)) is not None:
        now = [first]
    if not now:
        return drafts, []
    return now + asked_for, [draft for draft in outside if draft not in now]


def _hangs_on_outside_date(draft: Draft, situation: Situation) -> bool:
    """True for a step that a recorded outside date demands; a date that is only assumed demands nothing."""
    recorded = draft.step.when.base not in situation.timeline.anchors.assumed
    return recorded and (draft.step.any_stage or draft.deadline is not None)


def _is_over(draft: Draft, today: date) -> bool:
    return draft.deadline is not None and draft.deadline < today


def _first_contact(drafts: list[Draft], situation: Situation) -> Draft | None:
    """The first contact of an old sale; None when somebody tried in vain already."""
    usual = [draft for name in FIRST_PURPOSES for draft in drafts if draft.purpose.name == name]
    draft = usual[0] if usual else added_draft(CATCH_UP, 1, situation.floor)
    tier = situation.setting.tier
    days = cap_days(tier, "company", situation.numbers)
    draft.reasons = []
    _spread_from_floor(draft, days, situation)
    draft.say(
        "catch_up",
        f"the sale came in on {day_text(situation.floor)} with no contact on record: one first contact, "
        f"spread over the {days} days that tier {tier} allows; the rest follows from it",
        days=days,
        tier=tier,
    )
    given_up = draft.occurrence > 1 if usual else take_over(draft, situation) is not None
    return None if given_up else draft


def _spread_from_floor(draft: Draft, days: int, situation: Situation) -> None:
    """Put a draft on a working day within `days` after the sale came in, chosen by hash."""
    begin = situation.calendar.next_working_day(situation.floor)
    slots = max(1, round(days * WORKING_SHARE))
    number = spread(situation.sale.key, "first contact", slots)
    draft.nominal = situation.calendar.add_working_days(begin, number)
    draft.opens, draft.closes = begin, max(draft.nominal, begin + timedelta(days=days))
    draft.earliest, draft.latest, draft.deadline = situation.floor, date.max, None


def catch_up(drafts: list[Draft], situation: Situation) -> list[Draft | Settled]:
    """A sale that came in during effectiveness is first asked how it goes, unless that is near anyway.

    It comes before the first contact that asks for something.
    """
    floor, begin = situation.floor, situation.timeline.stages[Stage.EFFECTIVENESS].begin
    if begin is None or floor <= begin or situation.contacts:
        return []
    within = situation.numbers.watch.max_gap_effective
    soon = floor + timedelta(days=within)
    if any(draft.nominal <= soon and not draft.purpose.selling for draft in drafts):
        return []
    asks = min((draft.nominal for draft in drafts if draft.purpose.selling), default=soon)
    gap = situation.numbers.contact.min_gap_days["default"]
    draft = added_draft(CATCH_UP, 1, floor)
    _spread_from_floor(draft, max(1, min(within, (asks - floor).days - 2 * gap)), situation)
    draft.say("catch_up", f"the sale came in on {day_text(floor)} and nothing else is near: one first contact")
    return still_wanted(draft, situation)
