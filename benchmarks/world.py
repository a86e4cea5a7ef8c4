"""A made-up year: sixty customers with a truth that no plan can see, the same for every schedule.

Each customer's mood follows the playbook's curve with a depth and a speed of their own; problems and doubts come more
often while it is low. Contact does not change the truth: the figures compare schedules, they prove no effect.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from random import Random

from followup.core.curve import mood_at
from followup.core.dates import Calendar
from followup.core.model.history import NO_HISTORY
from followup.core.model.plan import CurveShape
from followup.core.model.playbook import Playbook
from followup.core.model.sale import Profile, Sale
from followup.core.model.stage import StageMap
from followup.core.planner import plan
from followup.files.playbook_reader import read_playbook
from followup.files.shipped import shipped_playbook_names, shipped_playbook_text

ONE_DAY = timedelta(days=1)
FIRST_DAY = date(2026, 1, 5)  # a Monday
LAST_DAY = date(2027, 1, 1)  # the Friday 52 weeks later: 260 working days, ten of them off
HOLIDAY = (date(2026, 7, 27), date(2026, 8, 9))  # two weeks in which nothing is done; the plan does not know of them
CUSTOMERS = 60
OLD_CUSTOMERS = 10  # bought before the year and come into the plan on its first day
ADDED_WITHIN = 170  # days in which the others buy
CALENDAR = Calendar()

# A working day's risk, and how much more of it there is in the dip.
TROUBLE, DOUBT, CALL = 0.002, 0.003, 0.006
IN_THE_DIP = 4.0
LAST_NAMES = (
    "Adler",
    "Brandt",
    "Conti",
    "Dubois",
    "Evans",
    "Fischer",
    "Garcia",
    "Haas",
    "Ito",
    "Jensen",
    "Kunz",
    "Lund",
)
FIRST_NAMES = ("Anna", "Bela", "Clara", "Dario", "Elif")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something that goes wrong on a day: whether the customer calls in at once, and how long mending takes."""

    on: date
    calls_in: bool
    days_to_mend: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """A customer as they really are. The plan knows what they were told: name, playbook, dates, profile."""

    number: int
    seed: int
    name: str
    playbook: str
    kind: str
    tier: str
    usage: str
    channel: str
    added_on: date
    anchors: Mapping[str, date]
    live_told_on: date  # the day on which the real start of use becomes known
    second_sale_on: date | None
    away: tuple[date, date] | None  # asks not to be contacted from, until
    stages: StageMap
    live_on: date
    curve: CurveShape
    answers: float  # the chance to reach them at a try by phone
    result_on: date | None
    troubles: tuple[Trouble, ...]
    doubts: tuple[date, ...]
    calls: tuple[date, ...]  # calls in without any trouble

    def mood_on(self, day: date) -> float:
        """Their true mood, 0-1."""
        return mood_at(self.curve, (day - self.live_on).days)

    def is_low(self, day: date) -> bool:
        """True in the dip that is really theirs."""
        return self.mood_on(day) < self.curve.effectiveness - 0.05 and day >= self.live_on

    def luck(self, day: date, what: str) -> Random:
        """The chance of one matter on one day: the same whatever the schedule."""
        return Random(f"{self.seed}/{self.number}/{day}/{what}")

    def is_reached(self, day: date, channel: str) -> bool:
        """Whether a contact on this day by this channel reaches them."""
        by_channel = {"phone": self.answers, "email": self.answers + 0.1, "message": self.answers + 0.15, "letter": 1.0}
        return self.luck(day, "reached").random() < by_channel.get(channel, 0.95)


@cache
def playbooks() -> Mapping[str, Playbook]:
    """The shipped playbooks, by key."""
    found = {}
    for key in sorted(shipped_playbook_names()):
        playbook, _ = read_playbook(shipped_playbook_text(key), source=key)
        assert playbook is not None
        found[key] = playbook
    return found


def people(seed: int, count: int = CUSTOMERS) -> list[Buyer]:
    """Everybody who is a customer in this year, spread over all playbooks."""
    keys = list(playbooks())
    return [_buyer(seed, number, keys[number % len(keys)]) for number in range(count)]


def working_days(first: date = FIRST_DAY, last: date = LAST_DAY) -> Iterator[date]:
    """Monday to Friday, the holiday included."""
    day = first
    while day <= last:
        if CALENDAR.is_working_day(day):
            yield day
        day += ONE_DAY


def on_holiday(day: date) -> bool:
    """True in the two weeks off."""
    return HOLIDAY[0] <= day <= HOLIDAY[1]


def _buyer(seed: int, number: int, key: str) -> Buyer:
    chance = Random(f"{seed}/{number}")
    playbook = playbooks()[key]
    old = number < OLD_CUSTOMERS
    added_on = FIRST_DAY if old else _working(FIRST_DAY + timedelta(days=chance.randrange(ADDED_WITHIN)))
    signed = added_on - timedelta(days=chance.randrange(10, 300) if old else chance.choice((0, 0, 1, 2, 5)))
    if not old and chance.random() < 0.3:
        signed = added_on + timedelta(days=chance.randrange(4, 20))  # still deciding
    anchors = _anchors(key, signed, chance)
    tier = chance.choices("ABC", (2, 5, 3))[0]
    usage = chance.choices(("heavy", "normal", "light"), (2, 5, 3))[0]
    business = key in ("saas", "services", "equipment", "event_hotel")
    kind = "company" if business else "person"
    sale = Sale(key="truth/1", anchors=anchors, added_on=min(signed, added_on), profile=Profile(tier=tier, usage=usage))
    made = plan(playbook, sale, NO_HISTORY, CALENDAR, today=sale.added_on)
    assert made.curve is not None
    assert made.live_on is not None
    curve = _own_curve(made.curve, chance)
    result_on = made.live_on + timedelta(days=round(curve.recovered * chance.uniform(0.7, 1.2)))
    buyer = Buyer(
        number=number,
        seed=seed,
        name=f"{FIRST_NAMES[number % 5]} {LAST_NAMES[number % 12]}",
        playbook=key,
        kind=kind,
        tier=tier,
        usage=usage,
        channel=chance.choice(("", "", "phone", "email", "message")),
        added_on=added_on,
        anchors=anchors,
        live_told_on=min(anchors.get("live", added_on), added_on + timedelta(days=chance.choice((0, 0, 0, 7)))),
        second_sale_on=FIRST_DAY + timedelta(days=chance.randrange(200, 300)) if number % 12 == 5 else None,
        away=_away(added_on, chance) if number % 10 == 3 else None,
        stages=made.stages,
        live_on=made.live_on,
        curve=curve,
        answers=chance.uniform(0.55, 0.85),
        result_on=result_on if chance.random() < 0.9 else None,
        troubles=(),
        doubts=(),
        calls=(),
    )
    return replace(
        buyer,
        troubles=tuple(
            Trouble(on=day, calls_in=chance.random() < 0.7, days_to_mend=chance.randrange(2, 7))
            for day in _strokes(buyer, TROUBLE, chance)
        ),
        doubts=tuple(_strokes(buyer, DOUBT, chance)),
        calls=tuple(day for day in working_days(added_on) if chance.random() < CALL),
    )


def _working(day: date) -> date:
    return CALENDAR.next_working_day(day)


def _anchors(key: str, signed: date, chance: Random) -> dict[str, date]:
    """The dates of a sale as they really are; where a playbook needs none, use starts with the signature."""
    after = {"equipment": (40, 75), "real_estate": (35, 60), "vehicle": (7, 30), "services": (7, 20)}
    anchors = {"sale": signed}
    if key in after:
        anchors["live"] = signed + timedelta(days=chance.randrange(*after[key]))
    if key == "services":
        anchors["finish"] = anchors["live"] + timedelta(days=chance.randrange(40, 80))
    if key == "event_hotel":
        anchors["event"] = signed + timedelta(days=chance.randrange(60, 200))
        anchors["event_end"] = anchors["event"] + timedelta(days=chance.randrange(3))
    return anchors


def _own_curve(curve: CurveShape, chance: Random) -> CurveShape:
    depth = curve.depth * math.exp(chance.gauss(0, 0.3))
    pace = math.exp(chance.gauss(0, 0.15))
    return replace(
        curve,
        depth=min(0.75, depth),
        dip_starts=curve.dip_starts * pace,
        trough=curve.trough * pace,
        recovered=curve.recovered * pace,
    )


def _away(added_on: date, chance: Random) -> tuple[date, date]:
    first = _working(added_on + timedelta(days=chance.randrange(20, 150)))
    return first, first + timedelta(days=chance.randrange(10, 35))


def _strokes(buyer: Buyer, risk: float, chance: Random) -> Iterator[date]:
    """Working days on which something befalls them, after they have begun to use it."""
    for day in working_days(max(buyer.added_on, buyer.live_on)):
        low = (buyer.curve.effectiveness - buyer.mood_on(day)) / buyer.curve.effectiveness
        if chance.random() < risk * (1 + IN_THE_DIP * low / 0.4):
            yield day
