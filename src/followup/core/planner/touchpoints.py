"""Touchpoints: from drafts and facts to what the due list shows, and when time alone changes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from followup.core.model.activity import Activity
from followup.core.model.outcome import reached
from followup.core.model.stage import Stage
from followup.core.model.touchpoint import Reason, Status, Touchpoint
from followup.core.planner.built_in import LOW_SCORE, PROMISE
from followup.core.planner.draft import Draft, day_text
from followup.core.planner.expand import Settled, Waiting
from followup.core.planner.situation import Situation

ONE_DAY = timedelta(days=1)


def in_order(touchpoints: Iterable[Touchpoint]) -> tuple[Touchpoint, ...]:
    """By date, those without one last."""
    return tuple(sorted(touchpoints, key=lambda t: (t.due_on or date.max, t.step, t.occurrence)))


def planned(draft: Draft, situation: Situation) -> Touchpoint:
    """A placed draft: open, held while it has to wait, folded into another, or expired when its time has passed."""
    due = draft.due
    assert due is not None
    status = _status(draft, due, situation)
    if status is Status.EXPIRED:
        draft.say("expired", "it was not done in its time and is not made up for later")
    return Touchpoint(
        step=draft.step.id,
        occurrence=draft.occurrence,
        purpose=draft.purpose.name,
        service=draft.purpose.service.value,
        channel=draft.channel,
        stage=situation.timeline.stages.on(due),
        status=status,
        due_on=due,
        opens_on=draft.opens,
        closes_on=draft.closes,
        deadline_on=draft.deadline,
        agreed_time=draft.moved.to_time if draft.moved is not None else None,
        by_hand=draft.by_hand is not None,
        extra=draft.step.extra,
        to=draft.step.to,
        tries=draft.tries,
        reasons=tuple(draft.reasons),
    )


def _status(draft: Draft, due: date, situation: Situation) -> Status:
    if draft.has_expired(situation.today):
        return Status.EXPIRED
    if draft.folded_into:
        return Status.ABSORBED
    if is_held(draft, due, situation):
        if _on_hold(draft, due, situation):
            _say_on_hold(draft, situation)
        return Status.HELD
    return Status.OPEN


def is_held(draft: Draft, due: date, situation: Situation) -> bool:
    """True for what must wait although it is planned: for a recovery, the end of a hold, or a gate to open."""
    return bool(draft.waits) or meets_shut_gate(draft, due, situation) or _on_hold(draft, due, situation)


def meets_shut_gate(draft: Draft, due: date, situation: Situation) -> bool:
    """True once the day of a contact has come and its gate is still shut; a day set by hand stands."""
    return bool(draft.shut) and due <= situation.today and draft.by_hand is None


def _on_hold(draft: Draft, due: date, situation: Situation) -> bool:
    hold = situation.hold
    return hold is not None and not goes_on(draft) and (hold.end is None or due < hold.end)


def _say_on_hold(draft: Draft, situation: Situation) -> None:
    hold = situation.hold
    assert hold is not None
    until = f" until {day_text(hold.end)}" if hold.end is not None else ""
    draft.say("on_hold", f"on hold since {day_text(hold.begin)}{until}: what remains of its delay runs on after it")


def goes_on(draft: Draft) -> bool:
    """True for what a hold does not stop: recovery, a low score, promises, deadlines."""
    return draft.purpose.name == "recovery" or draft.deadline is not None or draft.step in (PROMISE, LOW_SCORE)


def closed(activity: Activity, number: int, situation: Situation) -> Touchpoint:
    """What was done or skipped, with the dates that were planned when it was recorded."""
    due = activity.due_on or activity.on
    return Touchpoint(
        step=activity.step,
        occurrence=number,
        purpose=activity.purpose,
        service=_service(activity.purpose, situation),
        channel=activity.channel,
        stage=Stage(activity.stage) if activity.stage else situation.timeline.stages.on(due),
        status=Status.SKIPPED if activity.kind == "skipped" else Status.DONE,
        due_on=due,
        opens_on=activity.opens_on or due,
        closes_on=activity.closes_on or due,
        done_on=activity.on,
        reasons=(Reason("fact", _fact_text(activity)),),
    )


def _service(purpose: str, situation: Situation) -> str:
    known = situation.purpose_named(purpose)
    return known.service.value if known is not None else "none"


def _fact_text(activity: Activity) -> str:
    if activity.kind == "skipped":
        return f"skipped on {day_text(activity.on)}"
    how = ", ".join(activity.outcomes) if reached(activity.outcomes) else "recorded"
    return f"done on {day_text(activity.on)}: {how}"


def settled(found: Settled, situation: Situation) -> Touchpoint:
    """A step that needs no more: another contact did what it is for (A18), or it was tried in vain often enough."""
    draft, by = found.draft, found.by
    if found.covered and not any(reason.rule == "folded" for reason in draft.reasons):
        draft.say("absorbed", f"the contact of {day_text(by.on)} did what it is for ({by.purpose})", on=by.on)
    due = draft.nominal if found.covered else by.due_on or draft.nominal
    return Touchpoint(
        step=draft.step.id,
        occurrence=draft.occurrence,
        purpose=draft.purpose.name,
        service=draft.purpose.service.value,
        channel=draft.channel,
        stage=situation.timeline.stages.on(due),
        status=Status.ABSORBED if found.covered else Status.EXPIRED,
        due_on=due,
        opens_on=min(draft.opens, due),
        closes_on=max(draft.closes, due),
        extra=draft.step.extra,
        to=draft.step.to,
        tries=draft.tries,
        done_on=by.on if found.covered else None,
        reasons=tuple(draft.reasons),
    )


def waiting(found: Waiting, situation: Situation) -> Touchpoint:
    """A step that waits for the date of an anchor."""
    step = found.step
    purpose = situation.playbook.purposes[step.purpose]
    text = f"written as {step.when}: waits for the date of {found.anchor}"
    return Touchpoint(
        step=step.id,
        occurrence=found.occurrence,
        purpose=purpose.name,
        service=purpose.service.value,
        channel=step.channel,
        stage=step.stage or Stage.MAINTENANCE,
        status=Status.WAITING,
        due_on=None,
        opens_on=None,
        closes_on=None,
        extra=step.extra,
        to=step.to,
        reasons=(Reason("waiting", text, {"anchor": found.anchor, "when": str(step.when)}),),
    )


def refresh_on(
    drafts: Sequence[Draft], hidden: Iterable[Draft], others: Iterable[date | None], today: date
) -> date | None:
    """The first day after today on which time alone changes the plan: something expires, opens, folds or is held."""
    days = [draft.opens for draft in hidden]
    for draft in drafts:
        if (last := draft.last_day) is not None:
            days.append(last + ONE_DAY)
        if draft.shut and draft.due is not None:
            days.append(draft.due)
    days += [day for day in (*(draft.turns_on for draft in drafts), *others) if day is not None]
    return min((day for day in days if day > today), default=None)
