"""A year with sixty customers under three schedules, as many contacts in each: python -m benchmarks.year [SEED]...

The living plan is lived day by day through the program. The other two know nothing of what happened: contacts every 30
days, and the steps of the playbook on the dates as written. Both are brought to the living plan's number of contacts
for each customer: contacts are added in the middle of the longest pauses, or left out evenly. Moods, problems, and who
can be reached on which day are the same for all three. Contact changes no mood here: nothing is said about effects.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.simulation import Made, Year, live_a_year
from benchmarks.world import CALENDAR, LAST_DAY, ONE_DAY, Buyer, on_holiday, playbooks
from followup.core.model.history import NO_HISTORY
from followup.core.model.sale import Profile, Sale
from followup.core.model.stage import Stage
from followup.core.planner import plan

EVERY = 30  # days
LONG = 7  # days after the last contact from which a day in the dip counts as unattended
BAD_MOOD = 0.6
MANY = 60  # occurrences of a repeating step that are laid out
FIRST_ASK, ASK_EVERY = 90, 180  # days: a schedule without purposes asks for a referral every half year


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What one schedule comes to. Mood-days are days times what is missing to the normal level (0-1)."""

    contacts: int
    reached: int
    unattended: float  # mood-days in the dip, more than a week after the last contact, per customer
    longest: float  # days of the longest pause inside the dip, mean over customers
    problems: int
    met: int
    asks: int
    bad_asks: int


def main(seeds: Sequence[int]) -> int:
    """Print the figures of each year."""
    for seed in seeds:
        with TemporaryDirectory() as folder:
            year = live_a_year(Path(folder), seed)
        print_year(year)
    return 0


def print_year(year: Year) -> None:
    """The table of one year, and what the living plan did that it should not."""
    loads = sorted(year.loads.values())
    print(f"seed {year.seed}: {len(year.buyers)} customers, {len(year.loads)} working days")
    print(f"  list: {sum(loads) / len(loads):.1f} contacts a day, at most {loads[-1]}; "
          f"{sum(year.urgent.values())} urgent ones besides")  # fmt: skip
    rows = [(name, figures(year.buyers, made)) for name, made in schedules(year)]
    print(f"  {'':34}" + "".join(f"{name:>16}" for name, _ in rows))
    for label, show in LINES:
        print(f"  {label:34}" + "".join(f"{show(one):>16}" for _, one in rows))
    for finding in year.findings:
        print(f"  should not be: {finding}")


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole}" + (f" ({100 * part / whole:.0f}%)" if whole else "")


LINES: tuple[tuple[str, Callable[[Figures], str]], ...] = (
    ("contacts tried", lambda one: f"{one.contacts}"),
    ("customers reached", lambda one: f"{one.reached}"),
    ("dip unattended, mood-days each", lambda one: f"{one.unattended:.2f}"),
    ("longest pause in the dip, days", lambda one: f"{one.longest:.0f}"),
    ("problems met within 24 h", lambda one: _share(one.met, one.problems)),
    ("referral asks at a bad moment", lambda one: _share(one.bad_asks, one.asks)),
)


def schedules(year: Year) -> list[tuple[str, list[Made]]]:
    """The living plan and the two plain ones, with as many contacts for each customer."""
    living = [one for one in year.made if not one.inbound]
    fixed: list[Made] = []
    written: list[Made] = []
    for buyer in year.buyers:
        count = sum(1 for one in living if one.buyer == buyer.number)
        fixed += every_thirty_days(buyer, count)
        written += as_written(buyer, count)
    return [("living plan", living), (f"every {EVERY} days", fixed), ("as written", written)]


def every_thirty_days(buyer: Buyer, count: int) -> list[Made]:
    """A contact every 30 days from the day they were added, by phone and e-mail in turn."""
    days = [buyer.added_on + timedelta(days=EVERY * number) for number in range(1, 13)]
    made = [_made(buyer, _working(day), "", "email") for day in days if _working(day) <= LAST_DAY]
    return _with_asks(buyer, _brought_to(buyer, made, count))


def as_written(buyer: Buyer, count: int) -> list[Made]:
    """The core steps of the playbook on their dates, whatever happens; nothing is added and nothing waits."""
    playbook = playbooks()[buyer.playbook]
    profile = Profile(tier=buyer.tier, usage=buyer.usage, kind=buyer.kind, channel=buyer.channel)
    sale = Sale(key="written/1", anchors=buyer.anchors, added_on=buyer.added_on, profile=profile)
    laid_out = plan(playbook, sale, NO_HISTORY, CALENDAR, today=buyer.added_on, occurrences=MANY)
    made = [
        _made(buyer, _working(one.due_on), one.purpose, one.channel)
        for one in laid_out.touchpoints
        if playbook.step(one.step) and one.due_on is not None and buyer.added_on <= one.due_on <= LAST_DAY
    ]
    return _brought_to(buyer, sorted(made, key=lambda one: one.on), count)


def _made(buyer: Buyer, day: date, purpose: str, channel: str) -> Made:
    reached = buyer.is_reached(day, channel)
    return Made(buyer=buyer.number, sale=0, on=day, step="", purpose=purpose, channel=channel, reached=reached)


def _working(day: date) -> date:
    """The day itself, or the next one on which work is done."""
    while on_holiday(day) or not CALENDAR.is_working_day(day):
        day += ONE_DAY
    return day


def _brought_to(buyer: Buyer, made: list[Made], count: int) -> list[Made]:
    """So many contacts: left out evenly, or added in the middle of the longest pauses."""
    if len(made) > count:
        made = [made[number * len(made) // count] for number in range(count)]
    while len(made) < count:
        stops = [buyer.added_on, *sorted(one.on for one in made), LAST_DAY]
        before, after = max(pairwise(stops), key=lambda pair: pair[1] - pair[0])
        day = min(_working(before + (after - before) / 2), LAST_DAY)
        made.append(_made(buyer, day, "", ("phone", "email")[len(made) % 2]))
    return sorted(made, key=lambda one: one.on)


def _with_asks(buyer: Buyer, made: list[Made]) -> list[Made]:
    """The first contact after three months asks for a referral, then one every half year."""
    due_on = buyer.added_on + timedelta(days=FIRST_ASK)
    asked = []
    for one in made:
        asks = one.on >= due_on
        due_on = one.on + timedelta(days=ASK_EVERY) if asks else due_on
        asked.append(replace(one, purpose="lead_generation") if asks else one)
    return asked


# The figures


def figures(buyers: Iterable[Buyer], made: Sequence[Made]) -> Figures:
    """What a schedule comes to, measured on the truth."""
    found = [_figures_of(buyer, [one for one in made if one.buyer == buyer.number]) for buyer in buyers]
    return Figures(
        contacts=sum(one.contacts for one in found),
        reached=sum(one.reached for one in found),
        unattended=sum(one.unattended for one in found) / len(found),
        longest=sum(one.longest for one in found) / len(found),
        problems=sum(one.problems for one in found),
        met=sum(one.met for one in found),
        asks=sum(one.asks for one in found),
        bad_asks=sum(one.bad_asks for one in found),
    )


def _figures_of(buyer: Buyer, made: Sequence[Made]) -> Figures:
    contacts = sorted({one.on for one in made if one.reached})
    unattended, longest = _alone(buyer, contacts)
    troubles = [one for one in buyer.troubles if one.on >= buyer.added_on and not on_holiday(_tomorrow(one.on))]
    asks = [one for one in made if one.purpose == "lead_generation"]
    return Figures(
        contacts=len(made),
        reached=sum(one.reached for one in made),
        unattended=unattended,
        longest=longest,
        problems=len(troubles),
        met=sum(any(one.on <= day <= _tomorrow(one.on) for day in contacts) for one in troubles),
        asks=len(asks),
        bad_asks=sum(_is_bad_moment(buyer, one.on, contacts) for one in asks),
    )


def _tomorrow(day: date) -> date:
    return CALENDAR.next_working_day(day + ONE_DAY)


def _alone(buyer: Buyer, contacts: Sequence[date]) -> tuple[float, float]:
    """Mood-days in the dip more than a week after the last contact; the longest pause there, in days."""
    unattended, longest = 0.0, 0
    last = max(buyer.added_on, buyer.live_on)
    day = last
    while day <= LAST_DAY:
        last = day if day in contacts else last
        if buyer.is_low(day):
            longest = max(longest, (day - last).days)
            if (day - last).days > LONG:
                unattended += buyer.curve.effectiveness - buyer.mood_on(day)
        day += ONE_DAY
    return unattended, longest


def _is_bad_moment(buyer: Buyer, day: date, contacts: Sequence[date]) -> bool:
    """In learning, in low spirits, or with a problem that is not mended: it is once somebody met it and had time."""
    if buyer.stages.on(day) is Stage.LEARNING or buyer.mood_on(day) < BAD_MOOD:
        return True
    for trouble in buyer.troubles:
        met_on = next((contact for contact in contacts if contact >= trouble.on), date.max)
        if trouble.on <= day and (met_on == date.max or day < met_on + timedelta(days=trouble.days_to_mend)):
            return True
    return False


if __name__ == "__main__":
    sys.exit(main([int(word) for word in sys.argv[1:]] or [1]))
