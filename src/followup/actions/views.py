"""From stored rows and planned values to what is shown."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from followup.actions.results import (
    ActivityView,
    ConcernView,
    ContactView,
    CurveView,
    CustomerView,
    MoodView,
    PromiseView,
    SpanView,
    TouchpointView,
)
from followup.core.curve import mood_at
from followup.core.model.activity import Activity
from followup.core.model.concern import Concern
from followup.core.model.customer import Contact, Customer
from followup.core.model.evidence import Clue, Evidence, Relationship
from followup.core.model.plan import CurveShape
from followup.core.model.promise import Promise
from followup.core.model.stage import Stage, StageMap
from followup.core.model.touchpoint import Reason, Status, Touchpoint
from followup.core.mood import NO_EVIDENCE, Mood, is_measured, last_score, mood_on, strength_on
from followup.core.priority import PROMISE, Priority, prioritise
from followup.store import DueRow

if TYPE_CHECKING:
    from followup.core.model.playbook import Playbook

IMPROVING, DECAYING = "improving", "decaying"
SPOKEN = {"phone", "message"}
FALLING_NOTABLY = 0.03  # a week; below that the fall is not worth a word
USUAL_LEVEL = 0.85  # while nothing is known about the mood, it is taken as normal


@dataclass(frozen=True, slots=True)
class Feeling:
    """Where a sale stands today: its mood, the normal level 0-1, and the last score given."""

    mood: Mood
    level: float
    score: Clue | None
    today: date

    @property
    def trend(self) -> str:
        """One of two words: a relationship never rests (B38)."""
        return IMPROVING if self.mood.improving else DECAYING

    @property
    def estimate(self) -> int:
        """The estimated mood as a whole number 0-100."""
        return round(100 * self.mood.estimate)


def feeling_on(
    curve: CurveShape | None,
    live_on: date | None,
    today: date,
    *,
    evidence: Evidence | None = None,
    relationship: Relationship | None = None,
    stages: StageMap | None = None,
) -> Feeling | None:
    """The mood of a day, estimated from curve, evidence and strength; None while the start of use is unknown."""
    if curve is None or live_on is None:
        return None
    heard = evidence or NO_EVIDENCE
    begin = stages[Stage.MAINTENANCE].begin if stages is not None else None
    mood = mood_on(curve, live_on, today, evidence=heard, relationship=relationship, maintenance_on=begin)
    return Feeling(mood, curve.effectiveness, last_score(heard, today), today)


def mood_view(feeling: Feeling | None) -> MoodView | None:
    """Mood as whole numbers 0-100, never with decimals (trap 10)."""
    if feeling is None:
        return None
    mood, score = feeling.mood, feeling.score
    return MoodView(
        model=round(100 * mood.model),
        evidence=None if mood.evidence is None else round(100 * mood.evidence),
        estimate=feeling.estimate,
        measured_on=mood.measured_on,
        measured=None if score is None else round(100 * score.value),
        label="measured" if is_measured(score, feeling.today) else "estimated",
    )


def strength_view(relationship: Relationship | None, today: date) -> int | None:
    """Relationship strength as a whole number 0-100; None before maintenance (DOMAIN 4.6)."""
    if relationship is None or today < relationship.clocks[0][0]:
        return None
    return round(100 * strength_on(relationship, today))


def curve_view(curve: CurveShape | None) -> CurveView | None:
    """The curve as JSON shows it."""
    if curve is None:
        return None
    return CurveView(
        novelty_level=round(curve.novelty, 6),
        effectiveness_level=round(curve.effectiveness, 6),
        depth=round(curve.depth, 6),
        dip_starts=round(curve.dip_starts, 6),
        trough=round(curve.trough, 6),
        recovered=round(curve.recovered, 6),
        effort=round(curve.effort, 6),
        concerns=round(curve.concerns, 6),
    )


def mood_line(curve: CurveShape | None, stages: StageMap, live_on: date | None) -> tuple[tuple[int, float], ...]:
    """The curve day by day from the start of use to maintenance; levels 0-1."""
    if curve is None or live_on is None:
        return ()
    begin = stages[Stage.MAINTENANCE].begin
    days = max((begin - live_on).days if begin is not None else 0, round(curve.recovered) + 1)
    return tuple((day, round(mood_at(curve, day), 6)) for day in range(days + 1))


def spans(stages: StageMap) -> dict[str, SpanView]:
    """Stages by name."""
    return {span.stage.value: SpanView(begin=span.begin, end=span.end) for span in stages}


def stage_day(stages: StageMap, today: date) -> tuple[str, int | None, int | None]:
    """The stage of a day, which day of it that is (the first is 1), and how many it has."""
    stage = stages.on(today)
    span = stages[stage]
    if span.begin is None or span.begin > today:
        return stage.value, None, span.days
    return stage.value, (today - span.begin).days + 1, span.days


def day_within(stage: str, stages: StageMap, today: date) -> tuple[int | None, int | None]:
    """Which day of a stage today is, and how many it has; no day when today lies in another stage."""
    now, day, days = stage_day(stages, today)
    return (day, days) if now == stage else (None, stages[Stage(stage)].days)


def priority_of(touchpoint: Touchpoint, feeling: Feeling | None, tier: str, usage: str, today: date) -> Priority:
    """Lane and score of a dated touchpoint (DOMAIN 4.9)."""
    due = touchpoint.due_on or today
    return prioritise(
        purpose=touchpoint.purpose,
        due_on=due,
        opens_on=touchpoint.opens_on or due,
        closes_on=touchpoint.closes_on or due,
        deadline_on=touchpoint.deadline_on,
        today=today,
        mood=feeling.mood.estimate if feeling else USUAL_LEVEL,
        effectiveness=feeling.level if feeling else USUAL_LEVEL,
        weekly_fall=feeling.mood.fall if feeling else 0.0,
        tier=tier,
        usage=usage,
        step=touchpoint.step,
    )


def why_now(touchpoint: Touchpoint, feeling: Feeling | None, today: date) -> str:
    """One short clause: how late or near it is, and what the mood does."""
    parts = []
    if touchpoint.due_on is not None and touchpoint.due_on < today:
        late = (today - touchpoint.due_on).days
        parts.append(f"{late} day{'s' if late > 1 else ''} late")
    if touchpoint.deadline_on is not None and (touchpoint.deadline_on - today) <= timedelta(days=7):
        parts.append(f"deadline {touchpoint.deadline_on:%d %b}")
    elif touchpoint.closes_on is not None and today <= touchpoint.closes_on <= today + timedelta(days=2):
        parts.append("window closes " + ("today" if touchpoint.closes_on == today else f"{touchpoint.closes_on:%a}"))
    if touchpoint.tries:
        parts.append(f"try {touchpoint.tries + 1}")
    if touchpoint.step == PROMISE:
        parts.append(f"you promised: {about}" if (about := _about(touchpoint, "promise")) else "you promised it")
    parts += [_occasion(touchpoint, rule) for rule in _OCCASIONS if any(r.rule == rule for r in touchpoint.reasons)]
    if feeling is not None and feeling.mood.fall >= FALLING_NOTABLY:
        parts.append("mood is falling")
    elif feeling is not None and feeling.level - feeling.mood.estimate > 0.2:
        parts.append("mood is low")
    return "; ".join(parts) or _OTHERWISE.get(touchpoint.purpose, "planned for now")


def _occasion(touchpoint: Touchpoint, rule: str) -> str:
    if rule == "by_hand" and touchpoint.agreed_time is not None:
        return "agreed with them"
    about = _about(touchpoint, rule)
    return f"{_OCCASIONS[rule]}: {about}" if about else _OCCASIONS[rule]


def _about(touchpoint: Touchpoint, rule: str) -> str:
    """The words of the promise or concern behind a touchpoint, where its reason gives them."""
    return next((str(r.inputs["about"]) for r in touchpoint.reasons if r.rule == rule and "about" in r.inputs), "")


_OCCASIONS = {
    "catch_up": "no contact on record",
    "concern": "an open concern",
    "rhythm": "nothing else is planned",
    "by_hand": "you set this date",
}
_OTHERWISE = {
    "recovery": "a problem is open",
    "welcome": "they have just bought",
    "co_planning": "early effort makes the dip gentler",
    "education": "they are learning",
    "fit_check": "before they sign",
    "concern_resolution": "doubts come back if they stay",
    "encouragement": "the expected low point",
    "feedback": "silence is not satisfaction",
    "close_loop": "they are owed an answer",
    "reminder": "put good news on file",
    "informative": "keeps you useful to them",
    "lead_generation": "a good moment to ask",
    "needs_assessment": "needs change unnoticed",
    "decision_criteria": "before they choose again",
    "persuasive": "follows a need they named",
    "renewal": "the term is ending",
    "prevention": "finding faults early is cheap",
}


def reach_of(channel: str, email: str, phone: str) -> str:
    """The number or address for a channel; '' where none is known. To set up a visit or a meeting either will do."""
    if channel == "email":
        return email
    return phone if channel in SPOKEN else phone or email


def read_reasons(text: str) -> tuple[Reason, ...]:
    """Reasons from their stored JSON."""
    return tuple(Reason(item["rule"], item["text"], item.get("inputs", {})) for item in json.loads(text or "[]"))


def feeling_of(row: DueRow, today: date) -> Feeling | None:
    """The mood behind a due row."""
    return feeling_on(
        row.curve, row.live_on, today, evidence=row.evidence, relationship=row.relationship, stages=row.stages
    )


def touchpoint_of(row: DueRow, *, reasons: bool = True) -> Touchpoint:
    """The touchpoint inside a due row."""
    return Touchpoint(
        step=row.step,
        occurrence=row.occurrence,
        purpose=row.purpose,
        service=row.service,
        channel=row.channel,
        stage=Stage(row.stage),
        status=Status(row.status),
        due_on=row.due_on,
        opens_on=row.opens_on,
        closes_on=row.closes_on,
        deadline_on=row.deadline_on,
        agreed_time=row.agreed_time,
        by_hand=row.by_hand,
        extra=row.extra,
        to=row.to,
        tries=row.tries,
        reasons=read_reasons(row.reasons_json) if reasons else (),
    )


def stand_in_for(reasons: Iterable[Reason]) -> str:
    """The built-in step whose words a contact takes as long as what it needs is missing; '' for its own."""
    return next((str(reason.inputs.get("step", "")) for reason in reasons if reason.rule == "instead"), "")


def words_of(row: DueRow) -> tuple[str, str, tuple[str, ...]]:
    """Goal, gives and questions of a step; what the program has learned since the playbook was pinned has its own."""
    stand_in = stand_in_for(row.reasons) if '"instead"' in row.reasons_json else ""
    if row.goal and not stand_in:
        return row.goal, row.gives, row.ask
    return built_in_words(stand_in or row.step) or ("", row.gives, row.ask)


def built_in_words(step: str) -> tuple[str, str, tuple[str, ...]] | None:
    """Goal, gives and questions of a step that plans get by themselves; None for any other step."""
    from followup.core.planner.built_in import BUILT_IN

    found = BUILT_IN.get(step)
    return (found.goal, found.gives, found.ask) if found is not None else None


def due_view(row: DueRow, today: date, *, folded: int = 0, last_words: str = "") -> TouchpointView:
    """A due row as the list shows it."""
    touchpoint = touchpoint_of(row)
    feeling = feeling_of(row, today)
    ranked = priority_of(touchpoint, feeling, row.tier, row.usage, today)
    day, days = day_within(row.stage, row.stages, today)
    goal, gives, ask = words_of(row)
    return TouchpointView(
        id=row.touchpoint_id,
        customer=row.customer,
        customer_key=row.customer_key,
        contact=row.contact or None,
        sale=row.sale_id,
        product=row.product,
        playbook=row.playbook,
        goal=goal,
        gives=gives,
        ask=ask,
        folded_count=folded,
        reach=reach_of(row.channel, row.email, row.phone),
        stage_day=day,
        stage_days=days,
        last_words=last_words,
        lane=ranked.lane,
        priority=ranked.score,
        why_now=why_now(touchpoint, feeling, today),
        **_common(touchpoint, feeling, today),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose touchpoint it is, for showing one outside the due list. All empty in a preview."""

    playbook: Playbook
    sale: int | None = None
    product: str | None = None
    customer: Customer | None = None
    contacts: tuple[Contact, ...] = ()
    stages: StageMap | None = None
    curve: CurveShape | None = None
    live_on: date | None = None
    evidence: Evidence | None = None
    relationship: Relationship | None = None

    def feeling(self, today: date) -> Feeling | None:
        """The mood of the sale on a day."""
        return feeling_on(
            self.curve,
            self.live_on,
            today,
            evidence=self.evidence,
            relationship=self.relationship,
            stages=self.stages,
        )


def plan_view(touchpoint: Touchpoint, owner: Owner, today: date, *, number: int | None = None) -> TouchpointView:
    """A planned touchpoint as `show`, `why`, `done` and `preview` show it."""
    from followup.core.planner.plan import step_named

    feeling = owner.feeling(today)
    customer = owner.customer
    step = step_named(owner.playbook, stand_in_for(touchpoint.reasons) or touchpoint.step)
    tier, usage = (customer.tier, customer.usage) if customer else ("B", "normal")
    ranked = priority_of(touchpoint, feeling, tier, usage, today)
    person = person_for(touchpoint.to, owner.contacts)
    day, days = day_within(touchpoint.stage, owner.stages, today) if owner.stages is not None else (None, None)
    return TouchpointView(
        id=number,
        customer=customer.name if customer else None,
        customer_key=customer.key if customer else None,
        contact=person.name if person else None,
        sale=owner.sale,
        product=owner.product,
        playbook=owner.playbook.key,
        goal=step.goal if step else "",
        gives=step.gives if step else "",
        ask=step.ask if step else (),
        reach=reach_of(touchpoint.channel, person.email, person.phone) if person else "",
        stage_day=day,
        stage_days=days,
        lane=ranked.lane,
        priority=ranked.score,
        why_now=why_now(touchpoint, feeling, today) if touchpoint.is_open else "",
        **_common(touchpoint, feeling, today),
    )


def person_for(role: str, contacts: Iterable[Contact]) -> Contact | None:
    """Whom to speak to: who has the role, else the main contact; never one who must not be contacted."""
    willing = [contact for contact in contacts if not contact.do_not_contact]
    by_role = [contact for contact in willing if role and contact.role == role]
    main = [contact for contact in willing if contact.is_main]
    return next(iter((*by_role, *main, *willing)), None)


def _common(touchpoint: Touchpoint, feeling: Feeling | None, today: date) -> dict[str, Any]:
    overdue = (today - touchpoint.due_on).days if touchpoint.due_on is not None and touchpoint.is_open else 0
    return {
        "step": touchpoint.step,
        "occurrence": touchpoint.occurrence,
        "stage": touchpoint.stage.value,
        "purpose": touchpoint.purpose,
        "service": touchpoint.service,
        "channel": touchpoint.channel,
        "due_on": touchpoint.due_on,
        "opens_on": touchpoint.opens_on,
        "closes_on": touchpoint.closes_on,
        "deadline_on": touchpoint.deadline_on,
        "status": touchpoint.status.value,
        "days_overdue": max(0, overdue),
        "mood": feeling.estimate if feeling else None,
        "trend": feeling.trend if feeling else None,
        "reasons": touchpoint.reasons,
        "agreed_time": touchpoint.agreed_time,
        "by_hand": touchpoint.by_hand,
        "done_on": touchpoint.done_on,
    }


def customer_view(customer: Customer) -> CustomerView:
    """A customer's own facts."""
    return CustomerView(**{name: getattr(customer, name) for name in CustomerView.__dataclass_fields__})


def contact_view(contact: Contact) -> ContactView:
    """A person's own facts."""
    return ContactView(**{name: getattr(contact, name) for name in ContactView.__dataclass_fields__})


def activity_view(activity: Activity) -> ActivityView:
    """A recorded fact."""
    return ActivityView(**{name: getattr(activity, name) for name in ActivityView.__dataclass_fields__})


def concern_view(concern: Concern, customer: Customer) -> ConcernView:
    """A concern with whose it is."""
    return ConcernView(
        id=concern.id,
        sale=concern.sale_id,
        customer=customer.name,
        customer_key=customer.key,
        text=concern.text,
        severity=concern.severity,
        category=concern.category,
        opened_on=concern.opened_on,
        resolved_on=concern.resolved_on,
    )


def promise_view(promise: Promise, customer: Customer) -> PromiseView:
    """A promise with whose it is."""
    return PromiseView(
        id=promise.id,
        sale=promise.sale_id,
        customer=customer.name,
        customer_key=customer.key,
        text=promise.text,
        by=promise.by,
        done_on=promise.done_on,
        told_on=promise.told_on,
    )
