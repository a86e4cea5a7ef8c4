"""A seller who does what the due list says, every working day of a year, through the use cases of the commands.

Gives what was done, and everything that should not have happened, with day and customer.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from random import Random

from benchmarks.world import (
    CALENDAR,
    FIRST_DAY,
    HOLIDAY,
    LAST_DAY,
    ONE_DAY,
    Buyer,
    Trouble,
    on_holiday,
    people,
    playbooks,
    working_days,
)
from followup.actions.context import Context
from followup.actions.due import DueFilter, due
from followup.actions.enrol import NewCustomer, NewSale, add, add_sale, set_anchor
from followup.actions.finding import facts_of, find_customer
from followup.actions.holding import hold
from followup.actions.library import Library, Volume
from followup.actions.planning import bring_up_to_date
from followup.actions.record import done, log, skip, snooze
from followup.actions.results import TouchpointView
from followup.actions.told import Told
from followup.core.model.channel import CAPPED
from followup.core.model.purpose import PURPOSES, Purpose
from followup.core.model.stage import STAGES, Stage, StageMap, StageSpan
from followup.core.numbers import ContactNumbers, Numbers, playbook_numbers
from followup.core.priority import URGENT
from followup.errors import FollowupError
from followup.files.config_file import Config
from followup.store import Store

CAPACITY = 12
EVERYTHING = 10_000  # lines
CATCH_UP = 10  # working days after the holiday in which somebody in the dip may still wait: as many as were missed
WORK_OFF = 15  # working days after the holiday in which things may roll over
CAP_DAYS = 90
ASKING = ("lead_generation", "persuasive")
MOST_ROLLING = 5  # working days in a row on which something may roll over: a week
SKIPS, SNOOZES, POSTPONES, LEAVES, STOPS, IDEAS, REFERRALS, BUYS = 0.02, 0.04, 0.02, 0.004, 0.003, 0.04, 0.3, 0.15
NOT_REACHED = ("no-answer", "left-message")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What should not have happened: which rule, when, to whom, and the facts in words."""

    rule: str
    on: date
    customer: str
    text: str

    def __str__(self) -> str:
        return f"{self.rule} {self.on} {self.customer}: {self.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One contact as it was made, or tried. `asked` is True when the plan asked for it on that very day."""

    buyer: int
    sale: int
    on: date
    step: str
    purpose: str
    channel: str
    reached: bool
    asked: bool = False
    excused: bool = False  # the plan said that a gap or a cap gives way here, or the day was set by hand
    solicited: bool = False
    inbound: bool = False


@dataclass(slots=True)
class Customer:
    """A buyer as the seller knows them: key, sales, when somebody last looked after them, what is known to be wrong."""

    buyer: Buyer
    key: str
    sales: dict[int, date]  # number -> the day it was added
    attended_on: date
    touched_on: dict[int, date] = field(default_factory=dict)  # by sale: the last time the seller moved something
    troubles: dict[Trouble, date] = field(default_factory=dict)  # known since
    doubts: int = 0
    gone: bool = False
    owes_live: bool = False  # the real start of use is not in the plan yet
    told_to_wait: bool = False
    has_result: bool = False
    recovering: set[int] = field(default_factory=set)  # sales with a problem that was not verified as solved

    def trouble(self, day: date) -> Trouble | None:
        """What has gone wrong and is not known yet."""
        news = (one for one in self.buyer.troubles if one.on <= day and one not in self.troubles)
        return next(news, None)

    def is_on_hold(self, day: date) -> bool:
        """True while they have asked to be left alone."""
        return self.buyer.away is not None and self.buyer.away[0] <= day < self.buyer.away[1]

    def back_on(self, day: date) -> date:
        """The day on which their hold ended, long ago without one."""
        return self.buyer.away[1] if self.buyer.away is not None and self.buyer.away[1] <= day else date.min


@dataclass(slots=True)
class Year:
    """What became of a year: contacts, findings, and the length of the list on each working day, urgent ones apart."""

    seed: int
    buyers: list[Buyer]
    made: list[Made] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    loads: dict[date, int] = field(default_factory=dict)
    urgent: dict[date, int] = field(default_factory=dict)
    outcomes: Counter[str] = field(default_factory=Counter)
    commands: Counter[str] = field(default_factory=Counter)


def live_a_year(folder: Path, seed: int, *, count: int = 60, last: date = LAST_DAY) -> Year:
    """A year in the life of a seller on a data file in `folder`."""
    seller = Seller(folder / f"year-{seed}-{count}.db", Year(seed, people(seed, count)))
    for day in working_days(FIRST_DAY, last):
        if not on_holiday(day):
            seller.work(day)
    seller.year.findings += too_soon(seller.year, seller.stages)
    return seller.year


class Seller:
    """One person with a due list."""

    def __init__(self, path: Path, year: Year) -> None:
        self.year = year
        self.stages: dict[int, StageMap] = {}
        self._path = path
        self._config = Config()
        self._library = Shelf()
        self._customers: dict[str, Customer] = {}
        self._waiting = list(year.buyers)
        self._rolling = 0
        self._back_on = CALENDAR.add_working_days(HOLIDAY[1], CATCH_UP)

    def work(self, day: date) -> None:
        """One working day: who is new, who calls, what the list says; and a look at whether all is as it should be."""
        try:
            with Store.open(self._path, create=True) as store:
                store._run("PRAGMA synchronous = OFF")  # no power fails here, and a year has many transactions
                now = datetime.combine(day, time(8), UTC)
                self._work(Context(store=store, config=self._config, library=self._library, today=day, now=now))
        except Exception as error:
            error.add_note(f"in the year of seed {self.year.seed}, on {day}")
            raise

    def _work(self, context: Context) -> None:
        self._note_the_new(context)
        self._take_calls(context)
        listed = due(context, DueFilter(limit=EVERYTHING)).items
        self._check_morning(context, listed)
        for item in todays(listed):
            self._do(context, item)
        self._check_evening(context)

    # The day

    def _note_the_new(self, context: Context) -> None:
        today = context.today
        for buyer in [one for one in self._waiting if one.added_on <= today]:
            self._waiting.remove(buyer)
            self._add(context, buyer)
        for customer in self._customers.values():
            buyer = customer.buyer
            if customer.gone:
                continue
            if customer.owes_live and buyer.live_told_on <= today:
                customer.owes_live = False
                set_anchor(context, customer.key, "live", buyer.anchors["live"], sale=min(customer.sales))
                self._touch(customer, today)
                self._count("anchor set")
            if customer.is_on_hold(today) and not customer.told_to_wait:
                customer.told_to_wait = True
                hold(context, customer.key, until=buyer.away[1] if buyer.away else None, why="on leave")
                self._count("hold")
            if _is_news(buyer.second_sale_on, today):
                self._sell_again(context, customer)

    def _add(self, context: Context, buyer: Buyer) -> None:
        known = dict(buyer.anchors)
        signed = known.pop("sale")
        live = known.pop("live", None)
        owes_live = live is not None and buyer.live_told_on > buyer.added_on
        written = add(
            context,
            NewCustomer(
                name=buyer.name,
                company=f"{buyer.name.split()[1]} {buyer.number}" if buyer.kind == "company" else "",
                email=f"{buyer.number}@example.com",
                channel=buyer.channel,
                usage=buyer.usage,
                tier=buyer.tier,
            ),
            NewSale(
                playbook=buyer.playbook,
                signed=signed,
                live=None if owes_live else live,
                product="the first one",
                goal="less work",
                anchors=known,
            ),
        )
        assert written.customer_key is not None
        assert written.sale is not None
        self._customers[written.customer_key] = Customer(
            buyer, written.customer_key, {written.sale: context.today}, attended_on=context.today, owes_live=owes_live
        )

    def _sell_again(self, context: Context, customer: Customer) -> None:
        playbook, today = customer.buyer.playbook, context.today
        anchors = {"event": today + timedelta(days=120)} if playbook == "event_hotel" else {}
        new = NewSale(playbook=playbook, signed=today, product="the next one", anchors=anchors)
        number = add_sale(context, customer.key, new).sale
        assert number is not None
        customer.sales[number] = today
        self._count("sale add")

    def _take_calls(self, context: Context) -> None:
        """Customers who call by themselves, about trouble or about something else."""
        for customer in self._customers.values():
            trouble = customer.trouble(context.today)
            if customer.gone:
                continue
            if trouble is not None and trouble.calls_in and trouble.on >= context.today - timedelta(days=3):
                customer.troubles[trouble] = context.today
                self._log(context, customer, "problem", "it stands still")
            elif context.today in customer.buyer.calls:
                self._log(context, customer, "ok", "a question")

    def _log(self, context: Context, customer: Customer, outcome: str, note: str) -> None:
        sale, today = max(customer.sales), context.today
        log(context, customer.key, Told(outcomes=(outcome,), note=note, on=today, inbound=True), sale=sale)
        self._count("log", (outcome,))
        if outcome == "problem":
            customer.recovering.add(sale)
        made = Made(
            buyer=customer.buyer.number,
            sale=sale,
            on=today,
            step="",
            purpose="",
            channel="phone",
            reached=True,
            inbound=True,
        )
        self._note(customer, made)

    def _do(self, context: Context, item: TouchpointView) -> None:
        assert item.customer_key is not None
        customer = self._customers[item.customer_key]
        with suppress(FollowupError):
            if self._leave(context, customer, item):
                return
        try:
            self._contact(context, customer, item)
        except Exception as error:  # noqa: BLE001  a command that breaks is a finding, and the year goes on
            self._find("crash", context.today, customer.key, f"done {item.step} {item.occurrence}: {error!r}")

    def _leave(self, context: Context, customer: Customer, item: TouchpointView) -> bool:
        """Now and then something is left out or put off. Raises FollowupError where the plan does not take the day."""
        chance = customer.buyer.luck(context.today, f"leave {item.step}")
        drawn = chance.random()
        if item.lane in URGENT or item.purpose == "recovery" or drawn >= SKIPS + SNOOZES:
            return False
        if drawn < SKIPS:
            skip(context, str(item.id), why="not now")
            self._count("skip")
        else:
            snooze(context, str(item.id), CALENDAR.add_working_days(context.today, chance.randrange(1, 5)))
            self._count("snooze")
        self._touch(customer, context.today, item.sale)
        return True

    def _contact(self, context: Context, customer: Customer, item: TouchpointView) -> None:
        told = self._how_it_went(context, customer, item)
        try:
            done(context, str(item.id), told)
        except FollowupError:  # the plan does not take the day that was agreed
            told = Told(outcomes=("ok",), on=context.today)
            done(context, str(item.id), told)
        self._count("done", told.outcomes)
        reached = not set(told.outcomes) & {*NOT_REACHED, "wrong-contact"}
        if "postponed" in told.outcomes:
            self._touch(customer, context.today, item.sale)
        if reached and item.step.startswith("concern"):
            self._settle(context, customer, item)
        if "problem" in told.outcomes:
            customer.recovering.add(item.sale or 0)
        elif reached and item.step == "recovery_verify":
            customer.recovering.discard(item.sale or 0)
        if "purchase" in told.outcomes:
            for sale in facts_of(context, find_customer(context, customer.key).id).sales:
                customer.sales.setdefault(sale.sale.number, context.today)
        if "stop" in told.outcomes or told.milestone == "left":
            customer.gone = True
        assert item.sale is not None
        purpose = purpose_of(item.playbook, item.purpose)
        made = Made(
            buyer=customer.buyer.number,
            sale=item.sale,
            on=context.today,
            step=item.step,
            purpose=item.purpose,
            channel=item.channel,
            reached=reached,
            asked=item.due_on == context.today,
            excused=item.by_hand or any(reason.inputs.get("kept") for reason in item.reasons),
            solicited=item.agreed_time is not None or purpose.solicited,
        )
        self._note(customer, made)

    def _settle(self, context: Context, customer: Customer, item: TouchpointView) -> None:
        from followup.actions.concerns import resolve_concern

        opened = [one for one, owner in context.store.concerns(include_resolved=False) if owner.key == customer.key]
        if opened and customer.buyer.luck(context.today, "settle").random() < 0.7:
            resolve_concern(context, opened[0].id)
            self._count("concern resolve")

    # How it went

    def _how_it_went(self, context: Context, customer: Customer, item: TouchpointView) -> Told:
        today, buyer = context.today, customer.buyer
        waits = item.purpose == "recovery"
        if not (waits or buyer.is_reached(today, item.channel)):
            return Told(outcomes=(buyer.luck(today, "voicemail").choice(NOT_REACHED),), on=today)
        chance = buyer.luck(today, f"outcome {item.step}")
        rare = chance.random()
        if not waits and rare < POSTPONES:
            agreed = CALENDAR.add_working_days(today, chance.randrange(2, 6))
            return Told(outcomes=("postponed",), on=today, to_on=agreed, to_time=time(10))
        if not waits and rare > 1 - STOPS:
            return Told(outcomes=("stop",), on=today)
        if not waits and rare > 1 - STOPS - LEAVES:
            return Told(outcomes=("wrong-contact",), on=today)
        if (trouble := customer.trouble(today)) is not None:
            customer.troubles[trouble] = today
            return Told(outcomes=("problem",), note="it stands still", on=today)
        if len([day for day in buyer.doubts if day <= today]) > customer.doubts and not waits:
            customer.doubts += 1
            return Told(outcomes=("concern",), note="not sure", on=today, concern=chance.choice(("", "is it worth it")))
        return self._fair_weather(customer, item, chance, today)

    def _fair_weather(self, customer: Customer, item: TouchpointView, chance: Random, today: date) -> Told:
        buyer, mood = customer.buyer, customer.buyer.mood_on(today)
        outcomes = [chance.choices(("great", "good", "ok", "flat"), _weights(mood))[0]]
        milestone = ""
        if item.purpose == "lead_generation" and mood > 0.7 and chance.random() < REFERRALS:
            outcomes.append("referral")
        if item.purpose in ("persuasive", "renewal", "needs_assessment") and mood > 0.7 and chance.random() < BUYS:
            outcomes.append("purchase")
        if item.service == "feedback" and chance.random() < IDEAS:
            outcomes.append("idea")
        if not customer.has_result and buyer.result_on is not None and today >= buyer.result_on:
            customer.has_result, milestone = True, "first_result"
        elif item.step.endswith("renewal_close"):
            milestone = "renewed" if chance.random() < 0.9 else "left"
        promised = chance.random() < 0.04
        return Told(
            outcomes=tuple(outcomes),
            note="as they said",
            on=today,
            score=_score(item, mood, chance),
            milestone=milestone,
            promise="send the figures" if promised else "",
            promise_by=CALENDAR.add_working_days(today, 3) if promised else None,
        )

    # The books

    def _note(self, customer: Customer, made: Made) -> None:
        customer.attended_on = made.on
        self.year.made.append(made)

    def _touch(self, customer: Customer, day: date, sale: int | None = None) -> None:
        for number in customer.sales if sale is None else (sale,):
            customer.touched_on[number] = day

    def _count(self, command: str, outcomes: Iterable[str] = ()) -> None:
        self.year.commands[command] += 1
        self.year.outcomes.update(outcomes)

    def _find(self, rule: str, on: date, customer: str, text: str) -> None:
        self.year.findings.append(Finding(rule=rule, on=on, customer=customer, text=text))

    # What must hold on every day

    def _is_catching_up(self, day: date) -> bool:
        return HOLIDAY[0] <= day <= self._back_on

    def _check_morning(self, context: Context, listed: Sequence[TouchpointView]) -> None:
        today = context.today
        self._check_load(today, listed)
        for item in listed:
            self._check_item(today, item)
        standing = list(standings(self._path))
        self.stages = {one.sale: one.stages for one in standing}
        self._check_next_dates(today, standing)
        self._check_the_dip(today, standing)

    def _check_item(self, today: date, item: TouchpointView) -> None:
        """Nothing is asked of somebody in learning or with an open problem; who said stop or wait is left alone."""
        assert item.customer_key is not None
        customer = self._customers[item.customer_key]
        if item.purpose in ASKING and item.stage == Stage.LEARNING:
            self._find("gate", today, customer.key, f"{item.step} is due inside learning")
        if item.purpose in ASKING and customer.recovering:
            self._find("gate", today, customer.key, f"{item.step} is due while a problem is open")
        if customer.gone:
            self._find("stop", today, customer.key, f"{item.step} is due after the customer has gone")
        stays = item.purpose == "recovery" or item.step == "promise" or item.deadline_on is not None
        if customer.is_on_hold(today) and not stays:
            self._find("hold", today, customer.key, f"{item.step} is due while they are on hold")

    def _check_load(self, today: date, listed: Sequence[TouchpointView]) -> None:
        """A day holds the capacity and what is urgent; what rolls over beyond that is worked off within days."""
        urgent = sum(1 for item in listed if item.lane in URGENT)
        self.year.urgent[today], self.year.loads[today] = urgent, len(todays(listed)) - urgent
        rolls_over = len(listed) - len(todays(listed))
        self._rolling = self._rolling + 1 if rolls_over else 0
        worked_off_on = CALENDAR.add_working_days(HOLIDAY[1], WORK_OFF)
        if self._rolling > MOST_ROLLING and not HOLIDAY[0] <= today <= worked_off_on:
            self._find("load", today, "", f"{rolls_over} roll over, on {self._rolling} working days in a row")

    def _check_next_dates(self, today: date, standing: Iterable[Standing]) -> None:
        """B25: every sale has a contact ahead or overdue."""
        for one in standing:
            if one.next_on is None and not self._customers[one.customer_key].gone:
                self._find("next date", today, one.customer_key, f"sale {one.sale} has nothing open")

    def _check_the_dip(self, today: date, standing: Iterable[Standing]) -> None:
        """B6: nobody in learning is left alone for longer than the limit; a try counts."""
        if self._is_catching_up(today):
            return
        for one in standing:
            learning, customer = one.stages[Stage.LEARNING], self._customers[one.customer_key]
            if customer.gone or customer.is_on_hold(today) or not learning.holds(today) or learning.begin is None:
                continue
            last = max(customer.attended_on, learning.begin, customer.sales[one.sale], customer.back_on(today))
            limit = numbers_of(one.playbook).watch.max_gap_rising
            by_choice = customer.touched_on.get(one.sale, date.min)
            if (today - last).days > limit and by_choice < last:
                text = f"alone since {last}, more than {limit} days; {one.next_step} is next, on {one.next_on}"
                self._find("dip", today, one.customer_key, text)

    def _check_evening(self, context: Context) -> None:
        """At the end of a month: a plan made from the facts alone is the plan that is stored."""
        if (CALENDAR.next_working_day(context.today + ONE_DAY)).month == context.today.month:
            return
        before = _stored(context)
        bring_up_to_date(context, customer_id=None, rebuild=True)
        for key, text in _differences(before, _stored(context)):
            self._find("rebuild", context.today, key, text)


STANDINGS = """
    SELECT sale.id, customer.key, playbook.key, plan.before_sale_on, plan.novelty_on, plan.learning_on,
           plan.effectiveness_on, plan.maintenance_on, plan.trough_on, touchpoint.step, min(touchpoint.due_on)
    FROM sale JOIN customer ON customer.id = sale.customer_id JOIN playbook ON playbook.id = sale.playbook_id
         JOIN plan ON plan.sale_id = sale.id
         LEFT JOIN touchpoint ON touchpoint.sale_id = sale.id AND touchpoint.status = 'open'
                                 AND touchpoint.due_on IS NOT NULL
    GROUP BY sale.id
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a sale stands in the data file: its stages and what is open next."""

    sale: int
    customer_key: str
    playbook: str
    stages: StageMap
    next_step: str | None
    next_on: str | None


def standings(path: Path) -> Iterator[Standing]:
    """Every sale, looked up past the program."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        for sale, key, playbook, *days, step, on in connection.execute(STANDINGS):
            *begins, trough = (date.fromisoformat(day) if day else None for day in days)
            yield Standing(
                sale=sale,
                customer_key=key,
                playbook=playbook,
                stages=StageMap(_spans(begins), trough),
                next_step=step,
                next_on=on,
            )


def _spans(begins: list[date | None]) -> tuple[StageSpan, ...]:
    spans: list[StageSpan] = []
    for stage, begin in reversed(list(zip(STAGES, begins, strict=True))):
        end = next((one.begin for one in reversed(spans) if one.begin is not None), None)
        spans.append(StageSpan(stage, begin, end))
    return tuple(reversed(spans))


class Shelf(Library):
    """The shipped playbooks, each read once."""

    def __init__(self) -> None:
        super().__init__()
        self._volumes: dict[str, Volume] = {}

    def volume(self, key_or_file: str) -> Volume:
        """A playbook ready for use."""
        if key_or_file not in self._volumes:
            self._volumes[key_or_file] = super().volume(key_or_file)
        return self._volumes[key_or_file]


def todays(listed: Sequence[TouchpointView]) -> list[TouchpointView]:
    """What is done of a list: all that is urgent, and of the rest what the capacity allows, in its order."""
    rest = [item for item in listed if item.lane not in URGENT]
    return [item for item in listed if item.lane in URGENT] + rest[:CAPACITY]


Rows = dict[tuple[str, str], dict[str, object]]


def _stored(context: Context) -> Rows:
    """Everything that is planned, by customer and by sale, step and occurrence, with its number."""
    rows: Rows = {}
    for facts in context.store.customer_facts():
        for one in context.store.stored_touchpoints([sale.sale.number for sale in facts.sales]):
            name = f"sale {one.sale_id} {one.touchpoint.step} {one.touchpoint.occurrence}"
            columns = {column.name: getattr(one.touchpoint, column.name) for column in fields(one.touchpoint)}
            rows[facts.customer.key, name] = {"id": one.id, **columns}
    return rows


def _differences(before: Rows, after: Rows) -> Iterator[tuple[str, str]]:
    """Customer, and what is not the same in words."""
    for key, name in sorted(before.keys() | after.keys()):
        old, new = before.get((key, name), {}), after.get((key, name), {})
        changed = [column for column in old | new if old.get(column) != new.get(column)]
        if changed:
            told = (f"{column} {_in_words(old.get(column))} -> {_in_words(new.get(column))}" for column in changed)
            yield key, f"{name}: {'; '.join(told)}"


def _in_words(value: object) -> object:
    return [reason.text for reason in value] if isinstance(value, tuple) else value


def _is_news(day: date | None, today: date) -> bool:
    return day is not None and CALENDAR.next_working_day(day) == today and not on_holiday(today)


def _weights(mood: float) -> tuple[float, ...]:
    """How likely great, good, ok and flat are at this mood."""
    if mood >= 0.8:
        return (0.3, 0.55, 0.13, 0.02)
    if mood >= 0.65:
        return (0.05, 0.45, 0.45, 0.05)
    return (0.0, 0.15, 0.7, 0.15)


SCALES: dict[str, Callable[[float], int]] = {
    "nps": lambda mood: round(10 * mood),
    "csat": lambda mood: 1 + round(4 * mood),
    "ces": lambda mood: 1 + round(6 * mood),
}


def _score(item: TouchpointView, mood: float, chance: Random) -> int | None:
    if item.purpose != "feedback" or chance.random() < 0.5:
        return None
    said = min(1.0, max(0.0, mood + chance.gauss(0, 0.08)))
    return SCALES[playbooks()[item.playbook].kpi](said)


def numbers_of(playbook: str) -> Numbers:
    """The numbers that hold for a playbook."""
    return playbook_numbers(playbooks()[playbook])


def purpose_of(playbook: str, name: str) -> Purpose:
    """A purpose of the playbook or a built-in one."""
    return playbooks()[playbook].purposes.get(name) or PURPOSES[name]


# Caps and gaps, over the contacts that were made


def too_soon(year: Year, stages: Mapping[int, StageMap]) -> list[Finding]:
    """Contacts for which the plan asked too early: inside a minimum gap or over the cap of 90 days (DOMAIN 3.7).

    Looked at are those made on the very day for which the plan asked; counted before them is every real one that was
    not expected. What the plan kept for a reason that it shows is excused.
    """
    found: list[Finding] = []
    for buyer in year.buyers:
        before: list[Made] = []
        numbers = numbers_of(buyer.playbook).contact
        for made in year.made:
            if made.buyer != buyer.number or made.inbound or made.solicited:
                continue
            if made.asked and not made.excused:
                gap = partial(_gap, numbers.min_gap_days, stages)
                for rule, text in (("gap", too_near(made, before, gap)), ("cap", too_many(made, before, numbers))):
                    if text:
                        found.append(Finding(rule=rule, on=made.on, customer=buyer.name, text=text))
            if made.reached:
                before.append(made)
    return found


def _gap(gaps: Mapping[str, int], stages: Mapping[int, StageMap], made: Made) -> int:
    """The minimum gap that holds in the stage of a contact."""
    return gaps.get(stages[made.sale].on(made.on), gaps["default"]) if made.sale in stages else 0


def too_near(made: Made, before: Sequence[Made], gap: Callable[[Made], int]) -> str:
    """What is wrong with the pause before a contact; '' if nothing is."""
    if not before or before[-1].on == made.on or before[-1].excused:
        return ""
    last, pause = before[-1], (made.on - before[-1].on).days
    wanted = min(gap(last), gap(made))  # a stage that has moved since is given the benefit of the doubt
    return f"{made.step} {pause} days after {last.step}, not {wanted}" if pause < wanted else ""


def too_many(made: Made, before: Sequence[Made], numbers: ContactNumbers) -> str:
    """What is wrong with the number of contacts by this channel within 90 days; '' if nothing is."""
    near = [one for one in before if one.channel == made.channel and (made.on - one.on).days < CAP_DAYS]
    if made.channel not in CAPPED or len(near) < numbers.caps_90_days[made.channel]:
        return ""
    return f"{made.step} by {made.channel} after {', '.join(f'{one.step} {one.on}' for one in near)}"
