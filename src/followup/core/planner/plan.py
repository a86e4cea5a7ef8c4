"""The heart: `plan` dates every contact of one sale and says why (DESIGN 3, DOMAIN 5.1).

The answer depends on its arguments alone, not on the order of the history, and planning twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from hashlib import blake2b

from followup.core.curve import bend, concern_level, open_severities
from followup.core.dates import Calendar, add
from followup.core.model.activity import Activity
from followup.core.model.history import History
from followup.core.model.outcome import reached
from followup.core.model.plan import CurveShape, Plan
from followup.core.model.playbook import Duration, Playbook, Step, Unit
from followup.core.model.purpose import PURPOSES, Purpose
from followup.core.model.sale import Sale
from followup.core.model.stage import Stage
from followup.core.model.touchpoint import Reason, Status, Touchpoint
from followup.core.numbers import CurveNumbers, Numbers, playbook_numbers
from followup.core.planner.added import (
    ADDED_STEPS,
    CATCH_UP,
    CONCERN_AGAIN,
    DIP_WATCH,
    KEEP_IN_TOUCH,
    absorbs,
    add_watch,
    added_draft,
    cap_days,
    concern_drafts,
    rhythm_days,
)
from followup.core.planner.anchors import LIVE, SALE, resolve_anchors
from followup.core.planner.draft import Draft, day_text
from followup.core.planner.expand import Situation, Waiting, chosen_steps, drafts_of
from followup.core.planner.facts import StepFacts, last_contact_on, real_contacts, step_facts
from followup.core.planner.placing import Diary, count_known, place, settle, working_candidates
from followup.core.planner.profile import factors_of, setting_of
from followup.core.planner.stages import Timeline, build_timeline

ONE_DAY = timedelta(days=1)
CATCH_UP_PURPOSES = ("needs_assessment", "feedback")
WORKING_SHARE = 5 / 7
BUILT_IN = {step.id: step for step in ADDED_STEPS}


def plan(
    playbook: Playbook,
    sale: Sale,
    history: History,
    calendar: Calendar,
    *,
    today: date,
    effort: float | None = None,
    occurrences: int = 1,
) -> Plan:
    """Stages, curve, touchpoints and reasons of one sale.

    `effort` (0-1) is early effort; without it the prior holds. `occurrences` is how many dates of a repeating step
    are planned; one is what the due list needs. Nothing is dated before the sale came into the plan.
    """
    setting = setting_of(sale.profile, playbook)
    numbers = playbook_numbers(playbook, setting.complexity)
    anchors = resolve_anchors(playbook, sale.anchors, calendar)
    timeline = build_timeline(playbook, anchors, calendar, numbers.curve)
    shape = curve_of(playbook, numbers, timeline, history, effort)
    factors = factors_of(setting, numbers.modifiers)
    situation = Situation(playbook, sale, setting, factors, numbers, timeline, calendar, today)
    facts = step_facts(history.activities)
    past = [_closed(facts_of, number) for facts_of in facts.values() for number in facts_of.closed]
    result = Plan(
        stages=timeline.stages,
        anchors=anchors.dates,
        assumed_anchors=tuple(sorted(anchors.assumed)),
        live_on=anchors.get(LIVE),
        curve=shape,
        factors=factors,
        touchpoints=_in_order(past),
    )
    if over := _over(sale, history):
        return replace(result, left_out=(over,))
    drafts, waiting, left_out = _expand(situation, facts, history, occurrences)
    diary = _diary(situation, history)
    late, hidden = _late_in_maintenance(situation, history), list[Draft]()
    if late:
        drafts, hidden = _one_at_a_time(drafts, situation)
    else:
        drafts += _catch_up(drafts, situation, history, facts)
    placed, given_way = _place_all(drafts, situation, diary)
    left_out += given_way
    if not late:
        placed += _watch(situation, shape, placed, diary, history, facts)
    placed += _keep_in_touch(placed, situation, history, facts)
    upcoming = [_touchpoint(draft, situation) for draft in placed]
    return replace(
        result,
        touchpoints=_in_order([*past, *upcoming, *(_waiting(w, situation) for w in waiting)]),
        left_out=tuple(left_out),
        refresh_on=_refresh_on(placed, hidden, today),
    )


def curve_of(
    playbook: Playbook, numbers: Numbers, timeline: Timeline, history: History, effort: float | None
) -> CurveShape:
    """The sale's curve: days from its stages, levels from the preset, bent by effort and concerns (DOMAIN 4.1, 4.2)."""
    curve = numbers.curve
    concerns = concern_level(open_severities(history.concerns), curve.concerns)
    written = set(playbook.overrides.get("curve", ()))
    return bend(
        _with_stage_days(curve, timeline, written),
        effort=curve.effort.prior if effort is None else effort,
        concerns=concerns,
    )


def _with_stage_days(curve: CurveNumbers, timeline: Timeline, written: set[str]) -> CurveNumbers:
    """Dip start, trough and recovery in days of use as the stages lie, unless the playbook wrote the curve's own."""
    stages, live = timeline.stages, timeline.anchors.get(LIVE)
    learning, trough = stages[Stage.LEARNING], stages.trough
    if live is None or learning.begin is None or learning.end is None or trough is None:
        return curve
    start = float((learning.begin - live).days) if "dip_start" not in written else curve.dip_start
    low = float((trough - live).days) if "trough" not in written else curve.trough
    recovered = float((learning.end - live).days) if "recovered" not in written else curve.recovered
    low = max(low, start + 1)
    return replace(curve, dip_start=start, trough=low, recovered=max(recovered, low + 1))


def _over(sale: Sale, history: History) -> Reason | None:
    """Why nothing more is planned for this sale, or None."""
    if sale.do_not_contact:
        return Reason("do_not_contact", "the customer does not want to be contacted")
    if any(a.kind == "milestone" and a.milestone == "left" for a in history.activities):
        return Reason("left", "the customer has left")
    return None


def _expand(
    situation: Situation, facts: dict[str, StepFacts], history: History, occurrences: int
) -> tuple[list[Draft], list[Waiting], list[Reason]]:
    """Drafts of all steps that apply and of open concerns; steps that wait for an anchor; what is left out."""
    chosen, left_out = chosen_steps(situation)
    last_of = _last_by_purpose(history)
    drafts: list[Draft] = []
    waiting: list[Waiting] = []
    for step, why in chosen:
        mine = facts.get(step.id, StepFacts())
        for made in drafts_of(step, why, mine, situation, last_of.get(step.purpose), occurrences):
            if isinstance(made, Draft):
                drafts.append(made)
            elif isinstance(made, Waiting):
                waiting.append(made)
            else:
                left_out.append(made)
    for draft in concern_drafts(list(history.concerns), situation):
        mine = facts.get(draft.step.id, StepFacts())
        if draft.occurrence not in mine.closed:
            _moved_by_hand(draft, mine)
            drafts.append(draft)
    for draft in drafts:
        _retry(draft, facts.get(draft.step.id), situation)
    return drafts, waiting, left_out


def _last_by_purpose(history: History) -> dict[str, date]:
    """The last real contact of each purpose."""
    return {activity.purpose: activity.on for activity in real_contacts(history.activities) if activity.purpose}


def _moved_by_hand(draft: Draft, facts: StepFacts) -> None:
    moved = facts.moved.get(draft.occurrence)
    if moved is not None and moved.to_on is not None:
        draft.by_hand, draft.agreed_time = moved.to_on, moved.to_time


def _retry(draft: Draft, facts: StepFacts | None, situation: Situation) -> None:
    """After no answer the contact is due again by the retry ladder, counted from the first try (DOMAIN 3.8)."""
    tries = facts.tries.get(draft.occurrence, []) if facts is not None else []
    if not tries or draft.by_hand is not None and draft.by_hand > tries[-1].on:
        return
    waits = _ladder(draft, situation.numbers)
    draft.tries = len(tries)
    if len(tries) > len(waits):
        draft.latest = date.min
        draft.say("retry", f"not reached in {len(tries)} tries: no more for this contact")
        return
    draft.by_hand = None
    wanted = add(tries[0].on, waits[len(tries) - 1], situation.calendar)
    wanted = max(wanted, tries[-1].on + ONE_DAY)
    draft.nominal = wanted
    draft.closes = max(draft.closes, wanted)
    draft.earliest = max(draft.earliest, tries[-1].on + ONE_DAY)
    if draft.step.fallback and len(tries) % 2:
        draft.channel = draft.step.fallback
    draft.say("retry", f"not reached on {day_text(tries[-1].on)}: try {len(tries) + 1}", tries=len(tries))


def _ladder(draft: Draft, numbers: Numbers) -> tuple[Duration, ...]:
    """How long after the first try each further one comes: the step's own rule, else the default ladder."""
    reaction = draft.step.outcomes.get("no-answer")
    if reaction is not None and reaction.retry is not None:
        return reaction.retry
    urgent = draft.purpose.name in ("renewal", "recovery") or draft.deadline is not None
    ladder = numbers.retry.urgent if urgent else numbers.retry.routine
    return tuple(Duration(days, Unit.WORKING_DAY) for days in ladder.working_days[1 : ladder.tries])


def _diary(situation: Situation, history: History) -> Diary:
    """Unsolicited contacts that already count: real ones of this sale and those of the person's other sales."""
    diary = Diary(situation.timeline.stages, situation.numbers.contact)
    purposes = situation.playbook.purposes
    count_known(diary, ((t.on, t.channel) for t in history.taken if not t.solicited))
    for activity in real_contacts(history.activities):
        purpose = purposes.get(activity.purpose) or PURPOSES.get(activity.purpose)
        if activity.direction == "outbound" and not (purpose is not None and purpose.solicited):
            diary.note(activity.on, activity.channel)
    return diary


def _place_all(drafts: list[Draft], situation: Situation, diary: Diary) -> tuple[list[Draft], list[Reason]]:
    """Date all drafts: those set by hand stand, then the rest in order of their written dates."""
    placed: list[Draft] = []
    given_way: list[Reason] = []
    for draft in drafts:
        if draft.by_hand is not None:
            _stand(draft, situation)
            placed.append(draft)
            if not draft.solicited:
                diary.note(draft.by_hand, draft.channel)
    rest = [draft for draft in drafts if draft.by_hand is None]
    rest.sort(key=lambda d: (d.nominal, d.step.extra, -d.purpose.weight, d.step.id, d.occurrence))
    for draft in rest:
        if draft.step is CONCERN_AGAIN and any(absorbs(other, draft, 3) for other in placed + rest if other.due):
            continue
        target = _target(draft, situation)
        if place(draft, target, situation.calendar, diary):
            placed.append(draft)
            if not draft.solicited and draft.due is not None:
                diary.note(draft.due, draft.channel)
                if _in_conflict(draft):
                    placed, dropped = _make_room(draft, target, placed, situation, diary)
                    given_way += dropped
        else:
            given_way.append(_not_placed(draft))
    return placed, given_way


def _stand(draft: Draft, situation: Situation) -> None:
    """A date set by hand holds whatever the rules say; a passed deadline or a missed window is said aloud."""
    day = draft.by_hand
    if day is None:
        return
    draft.due = day
    draft.say("by_hand", f"set by hand to {day_text(day)}", day=day)
    if draft.deadline is not None and day > draft.deadline:
        draft.say("warning", f"past its deadline of {day_text(draft.deadline)}", deadline=draft.deadline)
    elif not draft.opens <= day <= draft.closes:
        draft.say("warning", f"outside its window, {day_text(draft.opens)} to {day_text(draft.closes)}")
    draft.opens, draft.closes = min(draft.opens, day), max(draft.closes, day)


def _target(draft: Draft, situation: Situation) -> date:
    """Where placing starts: the written date, moved into its bounds; spread by hash when it was missed (DESIGN 3).

    Many sales that come in on one day would otherwise fall due on that day together.
    """
    first, last = max(draft.opens, draft.earliest), min(draft.closes, draft.latest)
    floor = situation.floor
    if draft.nominal < floor <= draft.closes and not draft.added and first <= last:
        days = (last - first).days + 1
        target = first + timedelta(days=spread(situation.sale.key, draft.step.id, days))
        draft.say("spread", f"its date had passed when the sale came in: spread over the {days} days still open")
        return target
    target = draft.nominal
    if draft.earliest <= draft.latest:
        target = min(max(target, draft.earliest), draft.latest)
    if target != draft.nominal:
        draft.say("bounds", f"moved to {day_text(target)}: its stage, gate or deadline leaves no earlier or later day")
        draft.opens, draft.closes = min(draft.opens, target), max(draft.closes, target)
    draft.opens = max(draft.opens, min(target, draft.earliest))
    draft.closes = min(draft.closes, max(target, draft.latest))
    return target


def spread(key: str, salt: str, days: int) -> int:
    """A number in [0, days) that depends on the key alone: load is spread without chance (STYLE: no randomness)."""
    digest = blake2b(f"{key}\0{salt}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % days


def _in_conflict(draft: Draft) -> bool:
    return any(r.rule in ("gap", "cap") and "not dropped" in r.text for r in draft.reasons)


def _make_room(
    draft: Draft, target: date, placed: list[Draft], situation: Situation, diary: Diary
) -> tuple[list[Draft], list[Reason]]:
    """A core step found no free day: an extra neighbour gives way, or a core neighbour moves inside its window."""
    for other in sorted(placed, key=lambda o: abs(((o.due or target) - target).days)):
        movable = other is not draft and not other.solicited and other.by_hand is None and other.due is not None
        if not movable or draft.due is None or other.due is None or not _rivals(draft, other, diary):
            continue
        before, due = other.due, draft.due
        diary.forget(before, other.channel)
        diary.forget(due, draft.channel)
        mine = _free_day(draft, target, situation, diary)
        if mine is not None:
            diary.note(mine, draft.channel)
            theirs = None if other.step.extra else _free_day(other, before, situation, diary)
            if other.step.extra or theirs is not None:
                _clear_conflict(draft)
                settle(draft, target, mine, situation.calendar)
                if theirs is None:
                    other.say("gives_way", f"an extra step gives way to {draft.step.id}")
                    return [p for p in placed if p is not other], [_not_placed(other)]
                settle(other, before, theirs, situation.calendar)
                diary.note(theirs, other.channel)
                if theirs != before:
                    other.say("gap", f"moved to {day_text(theirs)} inside its window, to leave room for {draft.step.id}")
                return placed, []
            diary.forget(mine, draft.channel)
        diary.note(before, other.channel)
        diary.note(due, draft.channel)
    return placed, []


def _rivals(draft: Draft, other: Draft, diary: Diary) -> bool:
    if draft.due is None or other.due is None:
        return False
    distance = abs((draft.due - other.due).days)
    same_cap = draft.channel == other.channel and distance < 90
    return distance < max(diary.gap_on(draft.due), diary.gap_on(other.due)) or same_cap


def _free_day(draft: Draft, target: date, situation: Situation, diary: Diary) -> date | None:
    days = working_candidates(draft, target, situation.calendar)
    return next((d for d in days if diary.too_close(d) is None and not diary.over_cap(d, draft.channel)), None)


def _clear_conflict(draft: Draft) -> None:
    draft.reasons = [r for r in draft.reasons if not (r.rule in ("gap", "cap") and "not dropped" in r.text)]


def _not_placed(draft: Draft) -> Reason:
    last = draft.reasons[-1] if draft.reasons else None
    told = last.text if last is not None and last.rule in ("gives_way", "gate", "retry") else ""
    if not told:
        told = "expires: no allowed working day is left for it"
    return Reason(draft.step.id, told, {"occurrence": draft.occurrence, "nominal": draft.nominal.isoformat()})


def _late_in_maintenance(situation: Situation, history: History) -> bool:
    """True when the sale came in after its maintenance began and nobody has been reached since."""
    begin = situation.timeline.stages[Stage.MAINTENANCE].begin
    return begin is not None and situation.floor > begin and last_contact_on(history.activities) is None


def _one_at_a_time(drafts: list[Draft], situation: Situation) -> tuple[list[Draft], list[Draft]]:
    """What an old sale gets now, and what outside dates will demand later (trap 6).

    One sensible first contact: what an outside date demands already, else the playbook's own needs or feedback
    step, else a built-in one, spread by hash over the interval that the tier allows. The rest is planned once that
    contact was made; outside dates come in as their windows open.
    """
    now = [d for d in drafts if d.by_hand is not None or d.added or _demanded(d, situation)]
    later = [d for d in drafts if d not in now and _hangs_on_outside_date(d, situation)]
    return now or [_first_contact(drafts, situation)], later


def _demanded(draft: Draft, situation: Situation) -> bool:
    return _hangs_on_outside_date(draft, situation) and draft.opens <= situation.today


def _hangs_on_outside_date(draft: Draft, situation: Situation) -> bool:
    """True for a step that a recorded outside date demands; a date that is only assumed demands nothing."""
    recorded = draft.step.when.base not in situation.timeline.anchors.assumed
    return recorded and (draft.step.any_stage or draft.deadline is not None)


def _first_contact(candidates: list[Draft], situation: Situation) -> Draft:
    setting, calendar = situation.setting, situation.calendar
    days = cap_days(setting.tier, "company", situation.numbers)
    usual = [d for name in CATCH_UP_PURPOSES for d in candidates if d.purpose.name == name and d.occurrence == 1]
    draft = usual[0] if usual else added_draft(CATCH_UP, 1, situation.floor)
    _spread_from_floor(draft, days, situation)
    draft.reasons = []
    draft.say(
        "catch_up",
        f"the sale came in on {day_text(situation.floor)} with no contact on record: one first contact, "
        f"spread over the {days} days that tier {setting.tier} allows; the rest follows from it",
        days=days,
        tier=setting.tier,
    )
    return draft


def _spread_from_floor(draft: Draft, days: int, situation: Situation) -> None:
    """Put a draft on a working day within `days` after the sale came in, chosen by hash."""
    begin = situation.calendar.next_working_day(situation.floor)
    slots = max(1, round(days * WORKING_SHARE))
    number = spread(situation.sale.key, "first contact", slots)
    draft.nominal = situation.calendar.add_working_days(begin, number)
    draft.opens, draft.closes = begin, max(draft.nominal, begin + timedelta(days=days))
    draft.earliest, draft.latest = situation.floor, date.max


def _watch(
    situation: Situation,
    shape: CurveShape,
    placed: list[Draft],
    diary: Diary,
    history: History,
    facts: dict[str, StepFacts],
) -> list[Draft]:
    """Dip-watch contacts: those the user moved by hand, and whatever else is needed."""
    mine = facts.get(DIP_WATCH.id, StepFacts())
    fixed = []
    for number, activity in sorted(mine.moved.items()):
        if number not in mine.closed and activity.to_on is not None:
            draft = added_draft(DIP_WATCH, number, activity.to_on)
            draft.by_hand, draft.agreed_time = activity.to_on, activity.to_time
            _stand(draft, situation)
            diary.note(activity.to_on, draft.channel)
            fixed.append(draft)
    contacts = [activity.on for activity in real_contacts(history.activities)]
    attended = [a.due_on for a in mine.closed.values() if a.kind == "skipped" and a.due_on is not None]
    free = mine.last_closed + 1
    return fixed + add_watch(situation, shape, placed, diary, contacts + attended, free, fixed)


def _catch_up(
    drafts: list[Draft], situation: Situation, history: History, facts: dict[str, StepFacts]
) -> list[Draft]:
    """A sale that came in late, during effectiveness, is first asked how it goes unless that is near anyway (trap 6).

    It comes before the first contact that asks for something.
    """
    floor, stages = situation.floor, situation.timeline.stages
    begin = stages[Stage.EFFECTIVENESS].begin
    if begin is None or floor <= begin or last_contact_on(history.activities) or facts.get(CATCH_UP.id):
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
    return [draft]


def _keep_in_touch(
    placed: list[Draft], situation: Situation, history: History, facts: dict[str, StepFacts]
) -> list[Draft]:
    """No sale without a next date (B25): when nothing is planned, one contact by the maintenance rhythm."""
    if any(not _has_expired(draft, situation.today) for draft in placed):
        return []
    setting, stages = situation.setting, situation.timeline.stages
    mine = facts.get(KEEP_IN_TOUCH.id, StepFacts())
    start = last_contact_on(history.activities) or situation.floor
    closed = [a.due_on or a.on for a in mine.closed.values()]
    start = max([start, *closed, stages[Stage.NOVELTY].begin or start])
    days = rhythm_days(setting.tier, setting.kind, situation.numbers)
    draft = added_draft(KEEP_IN_TOUCH, mine.last_closed + 1, start + timedelta(days=days))
    draft.say("rhythm", f"nothing else is planned: {days} days after {day_text(start)} (assumption)", days=days)
    _moved_by_hand(draft, mine)
    if draft.by_hand is not None:
        _stand(draft, situation)
    else:
        settle(draft, draft.nominal, situation.calendar.next_working_day(draft.nominal), situation.calendar)
    return [draft]


def _touchpoint(draft: Draft, situation: Situation) -> Touchpoint:
    due = draft.due or draft.nominal
    expired = _has_expired(draft, situation.today)
    if expired:
        draft.say("expired", "it was not done in its time and is not made up for later")
    return Touchpoint(
        step=draft.step.id,
        occurrence=draft.occurrence,
        purpose=draft.purpose.name,
        service=draft.purpose.service.value,
        channel=draft.channel,
        stage=situation.timeline.stages.on(due),
        status=Status.EXPIRED if expired else Status.OPEN,
        due_on=due,
        opens_on=draft.opens,
        closes_on=draft.closes,
        deadline_on=draft.deadline,
        agreed_time=draft.agreed_time,
        by_hand=draft.by_hand is not None,
        extra=draft.step.extra,
        to=draft.step.to,
        tries=draft.tries,
        reasons=tuple(draft.reasons),
    )


def _has_expired(draft: Draft, today: date) -> bool:
    """An early referral ask and a passed deadline are not made up for later; everything else stays until handled."""
    if draft.due is None or draft.by_hand is not None and draft.by_hand >= today:
        return False
    if draft.deadline is not None and today > draft.deadline:
        return True
    return _is_early_ask(draft) and today > draft.closes


def _is_early_ask(draft: Draft) -> bool:
    return draft.purpose.name == "lead_generation" and draft.step.stage is Stage.NOVELTY


def _closed(facts: StepFacts, number: int) -> Touchpoint:
    activity = facts.closed[number]
    return Touchpoint(
        step=activity.step,
        occurrence=number,
        purpose=activity.purpose,
        service=_service(activity.purpose),
        channel=activity.channel,
        stage=Stage(activity.stage) if activity.stage else Stage.MAINTENANCE,
        status=Status.SKIPPED if activity.kind == "skipped" else Status.DONE,
        due_on=activity.due_on or activity.on,
        opens_on=activity.opens_on or activity.due_on or activity.on,
        closes_on=activity.closes_on or activity.due_on or activity.on,
        done_on=activity.on,
        reasons=(Reason("fact", _fact_text(activity)),),
    )


def _service(purpose: str) -> str:
    known: Purpose | None = PURPOSES.get(purpose)
    return known.service.value if known is not None else "none"


def _fact_text(activity: Activity) -> str:
    if activity.kind == "skipped":
        return f"skipped on {day_text(activity.on)}"
    how = ", ".join(activity.outcomes) if reached(activity.outcomes) else "recorded"
    return f"done on {day_text(activity.on)}: {how}"


def _waiting(waiting: Waiting, situation: Situation) -> Touchpoint:
    step = waiting.step
    purpose = situation.playbook.purposes[step.purpose]
    return Touchpoint(
        step=step.id,
        occurrence=1,
        purpose=purpose.name,
        service=purpose.service.value,
        channel=step.channel,
        stage=step.stage or situation.timeline.stages.on(situation.today),
        status=Status.WAITING,
        due_on=None,
        opens_on=None,
        closes_on=None,
        extra=step.extra,
        to=step.to,
        reasons=(
            Reason(
                "waiting",
                f"written as {step.when}: waits for the date of {waiting.anchor}",
                {"anchor": waiting.anchor, "when": str(step.when)},
            ),
        ),
    )


def _in_order(touchpoints: Iterable[Touchpoint]) -> tuple[Touchpoint, ...]:
    return tuple(sorted(touchpoints, key=lambda t: (t.due_on or date.max, t.step, t.occurrence)))


def _refresh_on(placed: list[Draft], hidden: list[Draft], today: date) -> date | None:
    """The first day after today on which time alone changes the plan: something expires or a window opens."""
    days = [draft.opens for draft in hidden]
    for draft in placed:
        if draft.deadline is not None:
            days.append(draft.deadline + ONE_DAY)
        if draft.step.until or _is_early_ask(draft):
            days.append(draft.closes + ONE_DAY)
    return min((day for day in days if day > today), default=None)


def step_named(playbook: Playbook, step_id: str) -> Step | None:
    """A step of the playbook or a built-in added one, by id."""
    return playbook.step(step_id) or BUILT_IN.get(step_id)


__all__ = ["SALE", "plan"]
