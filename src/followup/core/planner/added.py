"""Added contacts: what no playbook writes but the situation asks for (DOMAIN 5.1 step 5, 4.5, B12, B25)."""

from __future__ import annotations

from datetime import date, timedelta

from followup.core.curve import mood_at
from followup.core.model.concern import Concern
from followup.core.model.plan import CurveShape
from followup.core.model.playbook import Duration, Step, When
from followup.core.model.purpose import PURPOSES, Purpose
from followup.core.model.stage import Stage
from followup.core.numbers import Numbers, WatchNumbers
from followup.core.planner.draft import Draft, day_text
from followup.core.planner.expand import Situation
from followup.core.planner.placing import Diary
from followup.core.strength import days_until

ONE_DAY = timedelta(days=1)
CONCERN_DAYS = 2  # days of use after which an open concern is taken up (DOMAIN 5.1, step 5)
CONCERN_WORKING_DAYS = 2  # working days within which a new concern is taken up (DOMAIN 5.4)

DIP_WATCH = Step(
    id="dip_watch",
    purpose="prevention",
    when=When("live"),
    channel="phone",
    goal="Look after the mood before it falls too low: nothing else is planned these days.",
    gives="A fix or a workaround for whatever is in the way.",
    ask=("What took longer than you thought since we last spoke?", "What is still done the old way?"),
    subject="A short check",
    message=(
        "{first_name}, a short word about {product}: what got in the way lately? "
        "Tell me the most annoying thing and I will see to it first."
    ),
)
CONCERN = Step(
    id="concern",
    purpose="concern_resolution",
    when=When("live", Duration(CONCERN_DAYS)),
    channel="phone",
    goal="Take up the open concern before it comes back by itself.",
    gives="A straight answer or a dated promise.",
    ask=("You had a doubt before; what has become of it?", "What would settle it for you?"),
    subject="Your question",
    message="{first_name}, you mentioned {concern}. I would like to settle that with you. Does {next_date} suit you?",
)
CONCERN_AGAIN = Step(
    id="concern_again",
    purpose="concern_resolution",
    when=When("learning"),
    channel="phone",
    goal="Settle the concern that is still open as learning starts.",
    gives="What was done about it, or an honest no.",
    ask=("What is left of that worry now that you use it?",),
    subject="Your question, again",
    message="{first_name}, {concern} is still open with us. Here is where it stands with {product}; what is missing?",
)
CATCH_UP = Step(
    id="catch_up",
    purpose="feedback",
    when=When("sale"),
    channel="phone",
    goal="Find out how they are doing: there is no contact on record since the sale.",
    gives="An open ear and help with the first thing they name.",
    ask=("What has gone well with it so far?", "What would you change about it?"),
    subject="How is it going?",
    message="{first_name}, it is a while since you chose {product}. What do you use it for today, and what gets in the way?",
)
KEEP_IN_TOUCH = Step(
    id="keep_in_touch",
    purpose="feedback",
    when=When("maintenance"),
    channel="phone",
    goal="Keep the relationship alive: nothing else is planned.",
    gives="Something useful for their situation.",
    ask=("What has changed for you since we last spoke?", "What comes next on your side?"),
    subject="A word from me",
    message="{first_name}, what has changed for you and {product} since we last spoke?",
)
ADDED_STEPS: tuple[Step, ...] = (DIP_WATCH, CONCERN, CONCERN_AGAIN, CATCH_UP, KEEP_IN_TOUCH)
WATCH_CHANNELS = ("phone", "message", "email")
UNCAPPED_CHANNEL = "video"


def added_draft(step: Step, occurrence: int, day: date, purpose: Purpose | None = None) -> Draft:
    """A draft of an added step on `day`; its window is that day until placing widens it."""
    return Draft(
        step=step,
        purpose=purpose or PURPOSES[step.purpose],
        occurrence=occurrence,
        channel=step.channel,
        nominal=day,
        opens=day,
        closes=day,
        added=True,
    )


def concern_drafts(concerns: list[Concern], situation: Situation) -> list[Draft]:
    """One contact for each open concern two days into use, another at the start of learning (B12, DOMAIN 5.1)."""
    stages, live = situation.timeline.stages, situation.timeline.anchors.get("live")
    learning, calendar = stages[Stage.LEARNING].begin, situation.calendar
    drafts = []
    for concern in concerns:
        if not concern.is_open:
            continue
        soon = calendar.add_working_days(concern.opened_on, CONCERN_WORKING_DAYS)
        early = live + timedelta(days=CONCERN_DAYS) if live is not None else soon
        first = early if concern.opened_on <= early else soon
        drafts.append(_concern_draft(CONCERN, concern, max(first, situation.floor), situation))
        if learning is not None and first < learning and concern.opened_on < learning >= situation.floor:
            drafts.append(_concern_draft(CONCERN_AGAIN, concern, learning, situation))
    return drafts


def _concern_draft(step: Step, concern: Concern, day: date, situation: Situation) -> Draft:
    allowed = situation.timeline.stages.on(day) in PURPOSES["concern_resolution"].stages
    draft = added_draft(step, concern.number, day, PURPOSES["concern_resolution" if allowed else "prevention"])
    draft.closes = day + timedelta(days=CONCERN_WORKING_DAYS)
    draft.earliest = situation.floor
    draft.say(
        "concern",
        f"a {concern.severity} concern is open since {day_text(concern.opened_on)}; it would come back by itself",
        severity=concern.severity,
        category=concern.category,
    )
    return draft


def absorbs(planned: Draft, added: Draft, days: int) -> bool:
    """True when a planned contact of the same service kind lies so near that it covers the added one (DOMAIN 4.5)."""
    if planned.due is None or planned.added or planned.purpose.service != added.purpose.service:
        return False
    return abs((planned.due - added.nominal).days) <= days


def add_watch(
    situation: Situation,
    shape: CurveShape,
    placed: list[Draft],
    diary: Diary,
    contacts: list[date],
    first_number: int,
    fixed: list[Draft],
) -> list[Draft]:
    """The dip watch: a prevention check wherever too much low mood would pass unattended (DOMAIN 4.5, B6).

    `contacts` are the days of real contacts; planned ones count as contacts on their day. Dates on days off move
    back, since the largest gap is a limit. Days of use are counted from the start of use.
    """
    live = situation.timeline.anchors.get("live")
    if live is None:
        return []
    numbers = situation.numbers.watch
    by_day = {draft.due: draft for draft in placed + fixed if draft.due is not None}
    touched = sorted({*by_day, *contacts})
    begin = max(live, situation.floor)
    end = live + timedelta(days=_watched_until(situation, shape, live))
    taken = {draft.occurrence for draft in fixed}
    added: list[Draft] = []
    last, exposure, day = begin, 0.0, begin
    while (day := day + ONE_DAY) <= end:
        if day in by_day or day in contacts:
            last, exposure = day, 0.0
            continue
        exposure += _exposure(shape, numbers, (day - live).days)
        if not _is_due(shape, numbers, (day - live).days, (day - last).days, exposure):
            continue
        following = next((other for other in touched if other > day), None)
        if following is not None and _covers(following, day, last, by_day, numbers):
            _note_cover(by_day.get(following), day)
            last, exposure, day = following, 0.0, following
            continue
        chosen = _watch_day(day, last, following, situation, diary, numbers)
        while first_number in taken:
            first_number += 1
        draft = _watch_draft(chosen, day, last, first_number, exposure, situation, diary)
        first_number += 1
        added.append(draft)
        diary.note(chosen, draft.channel)
        last, exposure, day = chosen, 0.0, chosen
    return added


def _watched_until(situation: Situation, shape: CurveShape, live: date) -> float:
    """Until the curve has recovered, and in any case to the end of learning as written (B6)."""
    end = situation.timeline.stages[Stage.LEARNING].end
    return max(shape.recovered, (end - live).days if end is not None else 0)


def _exposure(shape: CurveShape, numbers: WatchNumbers, day: int) -> float:
    weight = numbers.falling_factor if day <= shape.base_trough else 1.0
    return max(0.0, shape.effectiveness - mood_at(shape, day)) * weight


def _is_due(shape: CurveShape, numbers: WatchNumbers, day: int, gap: int, exposure: float) -> bool:
    longest = numbers.max_gap_falling if day <= shape.base_trough else numbers.max_gap_rising
    return gap >= longest or (exposure >= numbers.theta and gap >= numbers.min_gap)


def watch_days(shape: CurveShape, numbers: WatchNumbers, *, start: int = 0) -> list[int]:
    """The bare dip watch: days of use on which it falls due if nothing else is planned (DOMAIN 4.5, vectors)."""
    days: list[int] = []
    last, exposure, day = start, 0.0, start
    while (day := day + 1) <= shape.recovered:
        exposure += _exposure(shape, numbers, day)
        if _is_due(shape, numbers, day, day - last, exposure):
            days.append(day)
            last, exposure = day, 0.0
    return days


def _covers(following: date, day: date, last: date, by_day: dict[date, Draft], numbers: WatchNumbers) -> bool:
    """A planned contact within three days, or whose window holds the day, covers it unless the gap grows too long."""
    if (following - last).days > numbers.max_gap_rising:
        return False
    draft = by_day.get(following)
    near = (following - day).days <= numbers.absorb_days
    return near or (draft is not None and draft.opens <= day <= draft.closes)


def _note_cover(draft: Draft | None, day: date) -> None:
    if draft is not None:
        draft.say("watch", f"also covers the dip watch of {day_text(day)}", day=day)


def _watch_day(
    day: date, last: date, following: date | None, situation: Situation, diary: Diary, numbers: WatchNumbers
) -> date:
    """The working day for a watch: the day itself or earlier, never too close to its neighbours if that can be."""
    calendar = situation.calendar
    upper = day
    if following is not None:
        upper = min(day, following - timedelta(days=numbers.min_gap))
    lower = last + timedelta(days=numbers.min_gap)
    for i in range((upper - lower).days + 1):
        candidate = upper - timedelta(days=i)
        if calendar.is_working_day(candidate) and diary.too_close(candidate) is None:
            return candidate
    limit = last + timedelta(days=numbers.max_gap_rising)
    for i in range(1, (limit - day).days + 1):
        candidate = day + timedelta(days=i)
        if calendar.is_working_day(candidate) and diary.too_close(candidate) is None:
            return candidate
    candidate = calendar.previous_working_day(day)
    return candidate if candidate > last else calendar.next_working_day(day)


def _watch_draft(
    chosen: date, day: date, last: date, number: int, exposure: float, situation: Situation, diary: Diary
) -> Draft:
    draft = added_draft(DIP_WATCH, number, chosen)
    draft.due, draft.nominal = chosen, day
    draft.opens, draft.closes = chosen, max(chosen, day)
    draft.earliest = situation.floor
    preferred = situation.sale.profile.channel
    order = sorted(WATCH_CHANNELS, key=lambda channel: channel != preferred)
    channels = [channel for channel in order if not diary.over_cap(chosen, channel)]
    draft.channel = channels[0] if channels else UNCAPPED_CHANNEL
    theta = situation.numbers.watch.theta
    draft.say(
        "watch",
        f"dip watch: {(chosen - last).days} days without contact since {day_text(last)}, "
        f"{exposure:.1f} of {theta:g} mood-days unattended (assumption)",
        exposure=round(exposure, 4),
        theta=theta,
        gap=(chosen - last).days,
        last=last,
    )
    if draft.channel != order[0]:
        draft.say("cap", f"by {draft.channel}: the cap for {order[0]} in 90 days is reached")
    if chosen != day:
        draft.say("working_day", f"{day_text(day)} does not suit: moved to {day_text(chosen)}", day=day)
    return draft


def rhythm_days(tier: str, kind: str, numbers: Numbers) -> int:
    """Days until the next contact in maintenance from the starting stability (DOMAIN 4.6), at most the cap."""
    rhythm = numbers.maintenance
    days = days_until(rhythm.target.get(tier, 0.85), rhythm.start_stability_days)
    return min(round(days), cap_days(tier, kind, numbers))


def cap_days(tier: str, kind: str, numbers: Numbers) -> int:
    """The longest interval without a contact in maintenance, by tier; private buyers have their own (DOMAIN 4.6)."""
    caps = numbers.maintenance.cap_days
    return caps["private"] if kind == "person" else caps[tier]
