"""Outcomes: the facts that a contact adds by how it went, and what follows from it in words (DOMAIN 5.4).

Every outcome that creates something says so, and every concern, problem and idea becomes something with a day on it
(C14).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta

from followup.actions.context import Context
from followup.actions.prospects import add_prospects
from followup.actions.purchases import add_following_sale, opens_before_sale
from followup.actions.told import About, Told
from followup.core.model.activity import Activity
from followup.core.model.concern import SEVERITIES, Concern
from followup.core.model.playbook import Reaction
from followup.core.model.promise import Promise
from followup.core.model.reading import UNDERSTOOD, Reading
from followup.core.model.stage import Stage
from followup.core.numbers import Numbers, playbook_numbers
from followup.core.planner.anchors import LIVE, SALE
from followup.core.planner.draft import day_text
from followup.core.planner.profile import setting_of

SETTLING = ("great", "good")
KEEPING = ("great", "good", "ok")
ABOUT_CONCERNS = ("concern", "concern_again", "concern_check")
MILESTONE_ANCHORS = {"signed": SALE, "live": LIVE}
# Days after which a milestone may come again by itself; every other one is reached once in a sale.
COMES_AGAIN = {"renewed": 180, "repurchased": 1}
ANSWER_WORKING_DAYS, URGENT_ANSWER_WORKING_DAYS = 2, 1  # DOMAIN 5.4; a major concern waits a day less
IDEA_DAYS = 14
REORDER = "reorder"


def added_facts(context: Context, about: About, told: Told) -> list[str]:
    """Record what came with a contact, and tell each of it. Only inside a write; `about` is what was known before."""
    return [sentence for rule in _RULES for sentence in rule(context, about, told)]


def words_of(about: About, told: Told) -> Iterator[str]:
    """What the playbook says to the seller about an outcome of this step; great means good where it says nothing."""
    for code in told.outcomes:
        words = [reaction.says for reaction in _reactions(about, code) if reaction.says]
        if words:
            yield f"the playbook says: {words[0]}"


def _reactions(about: About, code: str) -> Iterator[Reaction]:
    codes = (code, "good") if code == "great" else (code,)
    if about.step is not None:
        yield from (about.step.outcomes[name] for name in codes if name in about.step.outcomes)


def _flat(context: Context, about: About, told: Told) -> Iterator[str]:
    """Reached, but nothing of value was given: said aloud, since the seller may think that it counts (B24)."""
    if "flat" in told.outcomes:
        yield "nothing of value was given: no clock starts anew"


def _stop(context: Context, about: About, told: Told) -> Iterator[str]:
    """No more contact, at once and everywhere (DOMAIN 5.4, C6)."""
    if "stop" in told.outcomes:
        context.store.update_customer(about.customer.id, do_not_contact=True)
        yield "do not contact: everything that was planned is cancelled"


def _milestones(context: Context, about: About, told: Told) -> Iterator[str]:
    if told.milestone:
        yield from _reach(context, about, told.milestone, told.on)
    for name in _reached_by_itself(about, told):
        yield from _reach(context, about, name, told.on)


def _reached_by_itself(about: About, told: Told) -> Iterator[str]:
    """Milestones that the playbook ties to this outcome, and the purchase that keeps a rhythm going."""
    wanted = [r.milestone for code in told.outcomes for r in _reactions(about, code) if r.milestone]
    if "purchase" in told.outcomes and _keeps_rhythm(about, told):
        wanted.append("repurchased")
    for name in dict.fromkeys(wanted):
        if name != told.milestone and not _was_reached(about, name, told.on):
            yield name


def _was_reached(about: About, name: str, on: date) -> bool:
    days = [a.on for a in about.sale.history.activities if a.kind == "milestone" and a.milestone == name]
    if name not in COMES_AGAIN:
        return bool(days)
    return any(abs((on - day).days) < COMES_AGAIN[name] for day in days)


def _reach(context: Context, about: About, name: str, on: date) -> Iterator[str]:
    """Signature and start of use are anchors as well; signing with open concerns is said aloud (B10)."""
    context.store.add_activity(Activity(sale_id=about.sale_id, kind="milestone", on=on, milestone=name))
    yield f"milestone: {name}"
    anchor = MILESTONE_ANCHORS.get(name)
    if anchor is None:
        return
    context.store.set_anchor(about.sale_id, anchor, on)
    yield f"{anchor} is {day_text(on)}"
    opened = _open_concerns(about)
    if anchor == SALE and opened:
        yield f"warning: signed with {_count(len(opened), 'open concern')}; the dip will be deeper"
        yield from (f"  {concern.severity}: {concern.text}" for concern in opened)


def _usage(context: Context, about: About, told: Told) -> Iterator[str]:
    """Usage heard in a contact is a reading (A6, A20)."""
    if told.usage:
        context.store.add_reading(Reading(sale_id=about.sale_id, kind="usage", value=told.usage, on=told.on))
        yield f"usage: {told.usage}"


def _understood(context: Context, about: About, told: Told) -> Iterator[str]:
    """Whether they understood is a reading as well; until they do nothing is asked of them (A6, A20)."""
    if told.understood:
        knowledge = Reading(sale_id=about.sale_id, kind=UNDERSTOOD, value=told.understood, on=told.on)
        context.store.add_reading(knowledge)
        yield f"understood: {told.understood}"
        if told.understood == "no":
            yield from not_understood(about.customer.key, about.sale_id)


def not_understood(key: str, sale: int) -> Iterator[str]:
    """What follows from a lesson that was not understood, and what to type when it is (D6)."""
    yield "no referral is asked for and nothing is offered until they understand it"
    yield f"when they do: followup reading add {key} {UNDERSTOOD} yes --sale {sale}"


def _settled(context: Context, about: About, told: Told) -> Iterator[str]:
    """A contact about a concern that went well settles it; so does a check, for all that are open."""
    if about.step_id not in ABOUT_CONCERNS or not _went_well(told, SETTLING):
        return
    everything = about.step_id == "concern_check"
    for concern in _open_concerns(about):
        if everything or concern.number == about.occurrence:
            context.store.resolve_concern(concern.id, max(told.on, concern.opened_on))
            yield f"concern {concern.id} is resolved: {concern.text}"
            yield from answer_given(context, concern, about.sale.history.promises, told.on)


def answer_given(context: Context, concern: Concern, promises: Iterable[Promise], on: date) -> Iterator[str]:
    """A concern that is settled was answered: what was promised for it is kept and told. Only inside a write."""
    yield from _kept(context, (p for p in promises if p.about == "concern" and p.concern == concern.number), on)


def _promise_told(context: Context, about: About, told: Told) -> Iterator[str]:
    """A contact in which we told them closes the promise (C14)."""
    if about.step_id == "promise" and _went_well(told, KEEPING):
        owed = (promise for promise in about.sale.history.promises if promise.number == about.occurrence)
        yield from _kept(context, owed, told.on)


def _kept(context: Context, promises: Iterable[Promise], on: date) -> Iterator[str]:
    for promise in promises:
        if promise.is_open:
            context.store.update_promise(promise.id, done_on=promise.done_on or on, told_on=on)
            yield f"kept and told: {promise.text}"


def _went_well(told: Told, codes: tuple[str, ...]) -> bool:
    return any(code in told.outcomes for code in codes) and not {"concern", "problem"} & {*told.outcomes}


def _concern(context: Context, about: About, told: Told) -> Iterator[str]:
    """A doubt is a record, and an answer by a day (DOMAIN 5.4, C14)."""
    if not _opens_concern(about, told):
        if "concern" in told.outcomes:
            yield from (f"concern {concern.id} stays open: {concern.text}" for concern in _taken_up(about))
        return
    severity = told.severity or "moderate"
    text = told.concern.strip() or told.note.strip() or f"a doubt voiced on {day_text(told.on)}"
    opened = Concern(
        sale_id=about.sale_id,
        text=text,
        severity=severity,
        category=told.category or "other",
        opened_on=told.on,
    )
    number = context.store.concern(context.store.add_concern(opened)).number
    yield f"a {severity} concern is open now: {text}; it bends the curve and gets a contact of its own"
    by = told.promise_by or context.calendars.of(about.customer).add_working_days(
        told.on, answer_working_days(about, severity, told.on)
    )
    answer = told.promise.strip() or f"answer: {text}"
    context.store.add_promise(Promise(sale_id=about.sale_id, text=answer, by=by, about="concern", concern=number))
    yield f"next: promised by {day_text(by)}, {answer}; it stays due until they were told"


def _opens_concern(about: About, told: Told) -> bool:
    """A doubt repeated in a contact about it is no second one, unless it is put into words."""
    if told.concern:
        return True
    return "concern" in told.outcomes and not _taken_up(about)


def _taken_up(about: About) -> list[Concern]:
    """The open concerns that this contact was about."""
    if about.step_id not in ABOUT_CONCERNS:
        return []
    everything = about.step_id == "concern_check"
    return [one for one in _open_concerns(about) if everything or one.number == about.occurrence]


def answer_working_days(about: About, severity: str, on: date) -> int:
    """Working days within which a concern is answered; in late novelty and learning one severity higher (B14)."""
    felt = SEVERITIES.index(severity) + is_touchy(about, on)
    return URGENT_ANSWER_WORKING_DAYS if felt >= SEVERITIES.index("major") else ANSWER_WORKING_DAYS


def is_touchy(about: About, on: date) -> bool:
    """True in learning and in the second half of novelty, when small faults weigh more (B14)."""
    if about.stages is None:
        return False
    stage = about.stages.on(on)
    span = about.stages[stage]
    if stage is Stage.NOVELTY and span.begin is not None and span.days is not None:
        return (on - span.begin).days * 2 >= span.days
    return stage is Stage.LEARNING


def _problem(context: Context, about: About, told: Told) -> Iterator[str]:
    """What follows from a problem: the plan derives the whole chain from the contact itself (DOMAIN 3.9)."""
    if "problem" not in told.outcomes:
        return
    rules = _numbers(about).recovery
    is_new = about.stages is None or about.stages.on(told.on) is not Stage.MAINTENANCE
    days = rules.solve_days_new_customer if is_new else rules.solve_days
    solve = told.on + timedelta(days=days)
    yield f"next: acknowledge it within {rules.acknowledge_hours} working hours, and say what happens then"
    yield (
        f"then: news every {rules.update_every_days} days, solved by {day_text(solve)} ({days} days"
        f"{', a new customer' if is_new else ''}), verified {rules.verify_after_days} days after that, "
        f"looked at again after {rules.recheck_after_days} days"
    )
    yield f"nothing is sold until {rules.block_selling_after_verify_days} days after they confirmed that it works"
    window = rules.repeat_window_days
    earlier = [a.on for a in about.sale.history.activities if a.kind == "contacted" and "problem" in a.outcomes]
    if any(0 <= (told.on - day).days <= window for day in earlier):
        yield f"the second problem within {window} days: take it to whoever can decide, and visit them"


def _promise(context: Context, about: About, told: Told) -> Iterator[str]:
    """A promise of its own; one that came with a doubt is its answer already."""
    if not told.promise or told.promise_by is None or _opens_concern(about, told):
        return
    cause = "problem" if "problem" in told.outcomes else ""
    text = told.promise.strip()
    context.store.add_promise(Promise(sale_id=about.sale_id, text=text, by=told.promise_by, about=cause))
    yield f"promised by {day_text(told.promise_by)}: {text}"


def _idea(context: Context, about: About, told: Told) -> Iterator[str]:
    """A suggestion is owed an answer: adopted, planned or declined (C14, C15)."""
    if "idea" not in told.outcomes:
        return
    text, by = told.note.strip() or f"an idea voiced on {day_text(told.on)}", told.on + timedelta(days=IDEA_DAYS)
    context.store.add_promise(Promise(sale_id=about.sale_id, text=text, by=by, about="idea"))
    yield f"next: say by {day_text(by)} what becomes of their idea (adopted, planned or declined): {text}"


def _referral(context: Context, about: About, told: Told) -> Iterator[str]:
    """Who referred whom is kept (B33); thanks come soon, and word of what came of it."""
    if "referral" not in told.outcomes:
        return
    yield from add_prospects(context, about.customer, told.referred)
    if not told.referred:
        yield 'to keep the name: followup add "First Last" --tag prospect'
    rules = _numbers(about).lead_generation
    report = told.on + timedelta(days=rules.report_back_days)
    within = "a day" if rules.thank_days == 1 else f"{rules.thank_days} days"
    yield f"next: thank {about.customer.name} within {within}, and tell them by {day_text(report)} what came of it"


def _purchase(context: Context, about: About, told: Told) -> Iterator[str]:
    """Bought again: the rhythm goes on, or a new sale begins; which clock restarts is said (DOMAIN 5.4)."""
    if "purchase" not in told.outcomes:
        return
    if _keeps_rhythm(about, told):
        yield "bought again: the rhythm of this sale goes on from here"
        yield "for a sale of its own instead: followup undo, then the same with --product NAME or --playbook NAME"
        return
    number, key = add_following_sale(context, about, told)
    yield f"bought again: sale {number} follows {key} from {day_text(told.on)}, with clocks of its own"
    yield "if it belongs to the sale before: followup undo, then the same with the outcome good"


def _keeps_rhythm(about: About, told: Told) -> bool:
    """True where the playbook expects purchases to come again, and nothing says that this is another sale."""
    rule = about.playbook.anchors.get(REORDER)
    return rule is not None and rule.repeats is not None and not told.product and not told.playbook


def _opportunity(context: Context, about: About, told: Told) -> Iterator[str]:
    """A need that was found opens a sale before its signature: the buying process starts again (B37)."""
    if not told.opportunity:
        return
    number, key, signature = opens_before_sale(context, about, told)
    yield f"opportunity: sale {number} follows {key} from before the sale; signature is taken for {day_text(signature)}"
    yield f"when the day is known: followup anchor set {about.customer.key} sale DATE --sale {number}"


def _wrong_contact(context: Context, about: About, told: Told) -> Iterator[str]:
    """Whoever we knew is not the one: find who is (B28)."""
    if "wrong-contact" in told.outcomes:
        yield f"next: find out who is in charge at {about.customer.company or about.customer.name} now"
        yield f'when you know: followup contact add {about.customer.key} "First Last" --main'


def _open_concerns(about: About) -> list[Concern]:
    return [concern for concern in about.sale.history.concerns if concern.is_open]


def _numbers(about: About) -> Numbers:
    return playbook_numbers(about.playbook, setting_of(about.sale.sale.profile, about.playbook).complexity)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' if number != 1 else ''}"


_RULES: tuple[Callable[[Context, About, Told], Iterator[str]], ...] = (
    _flat,
    _stop,
    _milestones,
    _usage,
    _understood,
    _settled,
    _promise_told,
    _concern,
    _problem,
    _promise,
    _idea,
    _referral,
    _purchase,
    _opportunity,
    _wrong_contact,
)
