"""Where dates of a playbook lie against each other before any sale exists, as far as that is certain.

Every date is days from a root anchor: the sale, or an anchor without a default. Months, years and working
days have a shortest and a longest length, so a date is a range; only what holds for the whole range is
certain.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from followup.core.model.playbook import AnchorRule, Duration, Playbook, StageRule, Unit, When
from followup.core.model.stage import STAGES, Stage
from followup.core.numbers import CurveNumbers, playbook_numbers
from followup.core.planner.stages import stage_rules

_SHORTEST = {Unit.DAY: 1.0, Unit.WORKING_DAY: 1.0, Unit.WEEK: 7.0, Unit.MONTH: 28.0, Unit.YEAR: 365.0}
_LONGEST = {Unit.DAY: 1.0, Unit.WORKING_DAY: 1.4, Unit.WEEK: 7.0, Unit.MONTH: 31.0, Unit.YEAR: 366.0}
_LONGEST_BREAK = 14  # calendar days that weekends and holidays may add around a run of working days


def day_range(duration: Duration) -> tuple[float, float]:
    """The least and the greatest number of calendar days that a duration can be."""
    slack = _LONGEST_BREAK if duration.unit is Unit.WORKING_DAY and duration.amount else 0
    near = duration.amount * _SHORTEST[duration.unit]
    far = duration.amount * _LONGEST[duration.unit] + (slack if duration.amount > 0 else -slack)
    return min(near, far), max(near, far)


@dataclass(frozen=True, slots=True)
class Place:
    """Days from a root anchor: certainly not before `low` and not after `high`."""

    root: str
    low: float
    high: float

    @property
    def middle(self) -> float:
        """The middle of the range: for comparing, never for refusing."""
        return (self.low + self.high) / 2

    def later(self, low: float, high: float | None = None) -> Place:
        """This place moved by a number of days, or by a range of them."""
        return Place(self.root, self.low + low, self.high + (low if high is None else high))


def before(one: Place | None, other: Place | None) -> bool:
    """True when `one` certainly lies before `other`."""
    return one is not None and other is not None and one.root == other.root and one.high < other.low


def distance(one: Place | None, other: Place | None) -> float | None:
    """About how many days lie from `one` to `other`; None where that is not known."""
    if one is None or other is None or one.root != other.root:
        return None
    return other.middle - one.middle


@dataclass(frozen=True, slots=True)
class Chart:
    """The dates of one playbook. Missing stages follow from its complexity, as they do in a plan."""

    anchors: Mapping[str, AnchorRule]
    stages: Mapping[Stage, StageRule]
    curve: CurveNumbers
    known: dict[str, Place | None] = field(default_factory=dict, compare=False)

    def anchor(self, name: str) -> Place | None:
        """Where an anchor lies; None when it is unknown or its defaults go round in a circle."""
        if name not in self.known:
            self.known[name] = None  # until it is found: a circle of defaults ends here
            rule = self.anchors.get(name)
            if rule is not None:
                self.known[name] = Place(name, 0, 0) if rule.default is None else self.place(rule.default)
        return self.known[name]

    def place(self, when: When) -> Place | None:
        """Where a written date lies, or None where that depends on something unknown."""
        base = self._base(when.base)
        if base is None:
            return None
        if when.percent is None:
            return base.later(*day_range(when.offset))
        stage = Stage(when.base)
        return self._share(stage, when.percent / 100)

    def begin(self, stage: Stage) -> Place | None:
        """Where a stage begins."""
        return self.place(self.stages[stage].begins)

    def end(self, stage: Stage) -> Place | None:
        """Where a stage ends: where the next one begins. Maintenance has no end."""
        following = STAGES.index(stage) + 1
        return self.begin(STAGES[following]) if following < len(STAGES) else None

    def days(self, stage: Stage) -> float | None:
        """About how long a stage is, in days."""
        return distance(self.begin(stage), self.end(stage))

    def trough(self) -> Place | None:
        """Where the lowest day of the dip lies."""
        written = self.stages[Stage.LEARNING].trough
        if written is not None:
            return self.place(written)
        fall, whole = self.curve.trough - self.curve.dip_start, self.curve.recovered - self.curve.dip_start
        return self._share(Stage.LEARNING, fall / whole) if whole > 0 else None

    def _share(self, stage: Stage, share: float) -> Place | None:
        begin, end = self.begin(stage), self.end(stage)
        if begin is None or end is None or begin.root != end.root:
            return None
        return Place(
            begin.root,
            begin.low + round((end.low - begin.low) * share),
            begin.high + round((end.high - begin.high) * share),
        )

    def _base(self, name: str) -> Place | None:
        if name == "trough":
            return self.trough()
        if name in tuple(STAGES):
            return self.begin(Stage(name))
        return self.anchor(name)


def chart_of(playbook: Playbook) -> Chart:
    """The chart of a playbook."""
    curve = playbook_numbers(playbook).curve
    return Chart(playbook.anchors, stage_rules(playbook, curve), curve)
