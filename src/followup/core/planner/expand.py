"""Expanding: from steps as written to drafts with a written date, window and hard bounds (DOMAIN 5.1, 3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from followup.core.model.activity import Activity
from followup.core.model.channel import REMOTE
from followup.core.model.playbook import Step
from followup.core.model.stage import STAGES, Stage
from followup.core.model.touchpoint import Reason
from followup.core.planner.backlog import overtaken_by
from followup.core.planner.bounds import bound, pass_gate
from followup.core.planner.draft import Draft, day_text
from followup.core.planner.retries import take_over
from followup.core.planner.situation import Situation
from followup.core.planner.slots import Slot, slots_of, stage_end
from followup.core.planner.stages import Squeeze
from followup.core.planner.waiting import wait_for_recovery

MOST_LOOKED_AT = 400  # dates of a repeating step that are looked at before it is taken for impossible


@dataclass(frozen=True, slots=True)
class Waiting:
    """A step that hangs on an anchor nobody knows yet."""

    step: Step
    occurrence: int
    anchor: str


@dataclass(frozen=True, slots=True)
class Settled:
    """An occurrence that needs no more: another contact covered it, or it was tried in vain often enough.

    `by` is that contact (DOMAIN 5.1 step 6, A18) or the last try.
    """

    draft: Draft
    by: Activity
    covered: bool


Made = Draft | Waiting | Settled | Reason


def drafts_of(step: Step, why: list[Reason], situation: Situation, wanted: int) -> Iterator[Made]:
    """The next `wanted` occurrences of a step; what it waits for; or the reason why there is none."""
    facts, timeline = situation.facts_of(step.id), situation.timeline
    following = facts.last_closed + 1
    if facts.closed and not step.repeating:
        return
    if missing := _missing(step, situation):
        yield Waiting(step, following, missing)
        return
    first = timeline.date_of(step.when, step.bound_to)
    assert first is not None
    if step.repeating:
        yield from _series(step, why, first, facts.closed.get(facts.last_closed), following, situation, wanted)
    else:
        yield _occurrence(step, why, 1, Slot(first, anchor_on=timeline.anchors.get(step.when.base)), situation)


def _missing(step: Step, situation: Situation) -> str:
    """The anchor whose date must be known before this step has one, or ''."""
    timeline = situation.timeline
    if missing := timeline.missing_for(step.when):
        return missing
    if step.bound_to is not None and timeline.stages[step.bound_to].begin is None:
        return timeline.missing_for(timeline.rules[step.bound_to].begins) or step.bound_to.value
    return timeline.anchors.missing.get(step.until, "") if step.until else ""


def _series(
    step: Step,
    why: list[Reason],
    first: date,
    last: Activity | None,
    occurrence: int,
    situation: Situation,
    wanted: int,
) -> Iterator[Made]:
    """The next occurrences of a repeating step, from the first that can still be met."""
    end, none_yet = stage_end(step, situation), True
    for slot in islice(slots_of(step, first, last, occurrence, situation), MOST_LOOKED_AT):
        if slot.on > end and slot.on > first:
            break
        made = _occurrence(step, why, slot.number or occurrence, slot, situation, last)
        if isinstance(made, Settled):
            yield made
            if not step.until:
                following = made.draft.occurrence + 1
                yield from _series(step, why, first, made.by, following, situation, wanted)
                return
        elif isinstance(made, Draft) and made.earliest <= made.latest:
            if step.until and made.by_hand is None:
                made.vanishes_after = max(made.closes, slot.on + timedelta(days=step.window[1]))
            yield made
            none_yet, occurrence = False, made.occurrence + 1
            wanted -= not made.has_expired(situation.today)
            if not wanted:
                return
    if none_yet:
        ended = f"its series until {step.until} has ended"
        yield Reason(step.id, ended if step.until else "its stage, gate or deadline allows none of its dates")


def _occurrence(
    step: Step, why: list[Reason], number: int, slot: Slot, situation: Situation, last: Activity | None = None
) -> Draft | Settled | Reason:
    """One occurrence with its window and hard bounds; or settled already; or why it is not planned.

    `last` is what the occurrence before it ended with.
    """
    draft = _written(step, why, number, slot, situation)
    if (contact := _covering(draft, situation, after=last.on if last is not None else date.min)) is not None:
        return Settled(draft, contact, covered=True)
    if not step.until and draft.closes >= situation.floor and (contact := overtaken_by(draft, situation)) is not None:
        draft.say("folded", f"the contact of {day_text(contact.on)} came after its window and made up for it")
        return Settled(draft, contact, covered=True)
    if _has_no_day(draft, situation):
        return Reason(step.id, f"{step.bound_to} has no day for this sale")
    closes = draft.closes
    bound(draft, slot, situation)
    if (last_try := take_over(draft, situation, since=slot.since)) is not None:
        return Settled(draft, last_try, covered=False)
    if closes < situation.floor and draft.by_hand is None and not draft.tries:
        return Reason(step.id, f"its window closed on {day_text(closes)}, before the sale came into the plan")
    _let_go(draft, situation)
    wait_for_recovery(draft, situation)
    pass_gate(draft, slot, situation)
    return draft


def _let_go(draft: Draft, situation: Situation) -> None:
    """What makes sense in early stages only is gone with them: no welcome in learning, no fit check after the sale."""
    allowed = draft.purpose.stages
    if draft.by_hand is not None or draft.tries or draft.step.any_stage or not allowed or Stage.MAINTENANCE in allowed:
        return
    end = situation.timeline.end_for_steps(max(allowed, key=STAGES.index))
    if end is not None:
        draft.vanishes_after = max(draft.closes, end - timedelta(days=1))


def _has_no_day(draft: Draft, situation: Situation) -> bool:
    """True when its stage is empty, as where anchors lie out of order, and begins outside its window."""
    if draft.step.bound_to is None:
        return False
    span = situation.timeline.stages[draft.step.bound_to]
    return span.days == 0 and not draft.opens <= (span.begin or date.min) <= draft.closes


def _written(step: Step, why: list[Reason], number: int, slot: Slot, situation: Situation) -> Draft:
    """One occurrence as written, with its window; both squeezed where anchors lie too close together."""
    timeline, nominal = situation.timeline, slot.on
    draft = Draft(
        step=step,
        purpose=situation.playbook.purposes[step.purpose],
        occurrence=number,
        channel=step.channel,
        nominal=nominal,
        opens=nominal + timedelta(days=step.window[0]),
        closes=nominal + timedelta(days=step.window[1]),
    )
    when = str(step.when)
    draft.say("written", f"written as {when}: {day_text(nominal)}", when=when, nominal=nominal)
    draft.reasons.extend(why)
    if step.when.base in timeline.anchors.assumed:
        draft.say("assumed", f"the date of {step.when.base} is assumed", anchor=step.when.base)
    if days := timeline.days_on_hold(step.when, step.bound_to):
        draft.say("hold", f"{days} day{'s' if days > 1 else ''} later, for the time on hold", days=days)
    _prefer_channel(draft, situation)
    squeeze = timeline.squeeze_of(step.when, step.bound_to) if timeline.squeezes else None
    if squeeze is not None:
        _squeeze(draft, squeeze)
    if slot.words:
        draft.say("repeats", slot.words)
    return draft


def _prefer_channel(draft: Draft, situation: Situation) -> None:
    """The customer's preference comes before the playbook's channel, except where people meet (C6)."""
    preferred, written = situation.sale.profile.channel, draft.channel
    if preferred in REMOTE and written in REMOTE and preferred != written:
        draft.channel = preferred
        draft.say("preference", f"by {preferred}, as the customer prefers, instead of {written}", written=written)


def _squeeze(draft: Draft, squeeze: Squeeze) -> None:
    """Shrink the window like the offset, and let nothing cross either anchor."""
    before, after = draft.step.window
    draft.opens = draft.nominal + timedelta(days=round(before * squeeze.factor))
    draft.closes = draft.nominal + timedelta(days=round(after * squeeze.factor))
    draft.earliest, draft.latest = squeeze.first, squeeze.last
    draft.say(
        "squeeze",
        f"{squeeze.earlier} and {squeeze.later} are {squeeze.found_days} days apart where the playbook needs "
        f"{squeeze.needed_days}: offsets shrink to {squeeze.factor:.0%}",
        factor=round(squeeze.factor, 4),
    )


def _covering(draft: Draft, situation: Situation, *, after: date) -> Activity | None:
    """A contact outside the plan that did what this occurrence is for, inside its window (DOMAIN 5.1 step 6).

    It needs the same purpose; where the purchase brings much contact anyway, the same service kind (A18). A contact
    up to `after` belongs to an earlier occurrence.
    """
    facts = situation.facts_of(draft.step.id)
    if not situation.valuable or draft.occurrence in facts.moved or draft.occurrence in facts.tries:
        return None
    often = situation.setting.extensiveness == "high" and draft.purpose.service in situation.factors
    for contact in situation.valuable:
        if contact.step or contact.on <= after or not draft.opens <= contact.on <= draft.closes:
            continue
        purpose = situation.purpose_named(contact.purpose)
        if purpose is not None and (
            purpose.name == draft.purpose.name or (often and purpose.service is draft.purpose.service)
        ):
            return contact
    return None


def still_wanted(draft: Draft, situation: Situation) -> list[Draft | Settled]:
    """What becomes of an added contact by the facts: nothing once it is done, else the draft, or settled in vain."""
    if draft.occurrence in situation.facts_of(draft.step.id).closed:
        return []
    last_try = take_over(draft, situation)
    if last_try is not None:
        return [Settled(draft, last_try, covered=False)]
    wait_for_recovery(draft, situation)
    return [draft]
