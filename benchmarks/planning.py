"""How long planning takes: python -m benchmarks.planning. Microseconds of processor time; also into results.json.

One sale of each playbook is lived through until it has 50 activities, then planned anew many times. Beside it stand a
fresh sale and a plain Python loop, which tells how fast the machine is just now: the runs of all take turns.
"""

from __future__ import annotations

import gc
import json
import platform
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from itertools import cycle
from pathlib import Path
from statistics import median, quantiles
from time import process_time_ns

from benchmarks.world import CALENDAR, playbooks
from followup.core.model.activity import Activity
from followup.core.model.concern import Concern
from followup.core.model.history import NO_HISTORY, History
from followup.core.model.plan import Plan
from followup.core.model.sale import Profile, Sale
from followup.core.model.touchpoint import Touchpoint
from followup.core.planner import plan

RUNS = 400
WARM_UP = 40
ACTIVITIES = 50
GOAL = 2000  # microseconds for one sale with 50 activities
LOOP = 10_000  # additions in the plain loop
PLAIN = "plain loop"
SIGNED = date(2026, 1, 5)
RESULTS = Path(__file__).with_name("results.json")
WENT = ("good", "no-answer", "great", "ok", "good", "left-message", "concern", "ok", "good", "flat")


def main() -> int:
    """Measure, print, and keep the figures."""
    work: dict[str, Callable[[], object]] = {PLAIN: plain_loop}
    for key in playbooks():
        work[f"fresh sale, {key}"] = partial(plan_of, key, NO_HISTORY, SIGNED)
        work[f"{ACTIVITIES} activities, {key}"] = partial(plan_of, key, *lived(key))
    timed = measured(work)
    show(timed)
    keep(timed)
    return 0


def plan_of(key: str, history: History, today: date) -> Plan:
    """One sale planned from its facts alone."""
    anchors = {"sale": SIGNED, **({"event": SIGNED + timedelta(days=150)} if key == "event_hotel" else {})}
    sale = Sale(key="bench/1", anchors=anchors, added_on=SIGNED, profile=Profile())
    return plan(playbooks()[key], sale, history, CALENDAR, today=today)


def lived(key: str) -> tuple[History, date]:
    """A history of 50 activities, each of them what the plan asked for next, and the day on which it ends."""
    history, today, outcomes = NO_HISTORY, SIGNED, cycle(WENT)
    while len(history.activities) < ACTIVITIES:
        made = plan_of(key, history, today)
        asked = min((one for one in made.touchpoints if one.is_open and one.due_on), key=_order)
        assert asked.due_on is not None
        today = max(today, asked.due_on)
        number, outcome = len(history.activities) + 1, next(outcomes)
        history = replace(history, activities=(*history.activities, _contact(asked, today, number, outcome)))
        if outcome == "concern":
            settled_on = today + timedelta(days=20)
            doubt = Concern(number=len(history.concerns) + 1, opened_on=today, resolved_on=settled_on)
            history = replace(history, concerns=(*history.concerns, doubt))
    return history, today


def _order(one: Touchpoint) -> tuple[date | None, str, int]:
    return one.due_on, one.step, one.occurrence


def _contact(asked: Touchpoint, today: date, number: int, outcome: str) -> Activity:
    return Activity(
        id=number,
        kind="contacted",
        on=today,
        outcomes=(outcome,),
        channel=asked.channel,
        step=asked.step,
        occurrence=asked.occurrence,
        purpose=asked.purpose,
        stage=asked.stage.value,
        due_on=asked.due_on,
        opens_on=asked.opens_on,
        closes_on=asked.closes_on,
    )


def plain_loop() -> int:
    """Ten thousand additions."""
    total = 0
    for number in range(LOOP):
        total += number
    return total


def measured(work: Mapping[str, Callable[[], object]]) -> dict[str, list[float]]:
    """Microseconds of processor time of each of many runs, without the garbage collector."""
    times: dict[str, list[float]] = {name: [] for name in work}
    for one in work.values():
        for _ in range(WARM_UP):
            one()
    gc.collect()
    gc.disable()
    try:
        for _ in range(RUNS):
            for name, one in work.items():
                begin = process_time_ns()
                one()
                times[name].append((process_time_ns() - begin) / 1000)
    finally:
        gc.enable()
    return times


def show(timed: Mapping[str, list[float]]) -> None:
    """A line for each: the median, what nine of ten runs stay below, and the median in plain loops."""
    print(f"planning, microseconds, {RUNS} runs each (Python {platform.python_version()}, {platform.machine()})")
    print(f"{'':32}{'median':>10}{'9 of 10':>10}{'loops':>10}")
    loop = median(timed[PLAIN])
    for name, times in timed.items():
        print(f"{name:32}{median(times):10.0f}{_nine_of_ten(times):10.0f}{median(times) / loop:10.1f}")
    slowest = max(median(times) for name, times in timed.items() if name.startswith(str(ACTIVITIES)))
    said = "within" if slowest < GOAL else "OVER"
    print(f"one sale with {ACTIVITIES} activities: {slowest:.0f} microseconds at most, {said} the goal of {GOAL}")


def keep(timed: Mapping[str, list[float]]) -> None:
    """The figures as JSON beside this file."""
    figures = {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "runs": RUNS,
        "goal_us": GOAL,
        "median_us": {name: round(median(times), 1) for name, times in timed.items()},
        "nine_of_ten_us": {name: round(_nine_of_ten(times), 1) for name, times in timed.items()},
    }
    RESULTS.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def _nine_of_ten(times: list[float]) -> float:
    return quantiles(times, n=10)[-1]


if __name__ == "__main__":
    sys.exit(main())
