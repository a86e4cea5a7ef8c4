"""Stages: boundaries from anchors and playbook days, squeezed where anchors lie too close (DOMAIN 5.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise
from math import inf
from types import MappingProxyType

from followup.core.dates import Calendar, add, approximate_days
from followup.core.model.playbook import Duration, Playbook, StageRule, Unit, When
from followup.core.model.stage import STAGES, Stage, StageMap, StageSpan
from followup.core.numbers import CurveNumbers
from followup.core.planner.anchors import LIVE, SALE, Anchors, anchor_rules
from followup.core.planner.holds import Hold, run_on

BEFORE_SALE_DAYS = 21
TROUGH = "trough"


@dataclass(frozen=True, slots=True)
class Squeeze:
    """Between two anchors that lie closer together than the stages assume, offsets shrink by `factor` (0-1).

    It concerns offsets after `earlier`, up to `reach` days, and before `later`, of steps in `stages` only. Nothing of
    them crosses `last`, the day of the later anchor, or comes before `first`, that of the earlier one.
    """

    earlier: str
    later: str
    first: date
    last: date
    needed_days: int
    stages: tuple[Stage, ...]
    reach: float

    @property
    def found_days(self) -> int:
        """How many days lie between the two anchors."""
        return (self.last - self.first).days

    @property
    def factor(self) -> float:
        """How much shorter everything between the two anchors gets, 0-1."""
        return self.found_days / self.needed_days

    def shortens(self, when: When) -> bool:
        """True for an offset that lies between the two anchors."""
        if when.base == self.earlier:
            return 0 < approximate_days(when.offset) <= self.reach
        return when.base == self.later and when.offset.amount < 0


@dataclass(frozen=True, slots=True)
class Timeline:
    """Stages and anchors of one sale, ready to date what a playbook writes.

    `written_ends` are the ends of stages that came to an end earlier than written: what was written for them still
    has its time.
    """

    stages: StageMap
    anchors: Anchors
    rules: Mapping[Stage, StageRule]
    squeezes: tuple[Squeeze, ...] = ()
    calendar: Calendar = field(default_factory=Calendar)
    holds: tuple[Hold, ...] = ()
    written_ends: Mapping[Stage, date] = field(default_factory=lambda: MappingProxyType({}))

    def end_for_steps(self, stage: Stage) -> date | None:
        """The last day on which a step of a stage may be dated; None while the stage is open."""
        return self.written_ends.get(stage) or self.stages[stage].end

    def run_on(self, base: date, day: date) -> date:
        """A delay from `base` to `day` with the holds in between left out."""
        return run_on(self.holds, base, day) if self.holds else day

    def squeeze_of(self, when: When, stage: Stage | None) -> Squeeze | None:
        """The squeeze that shortens this offset, if any."""
        return next((s for s in self.squeezes if stage in s.stages and s.shortens(when)), None)

    def date_of(self, when: When, stage: Stage | None = None) -> date | None:
        """The day that `when` means for a step of `stage`; None while something it hangs on is unknown."""
        base = self._base(when.base)
        if base is None:
            return None
        if when.percent is not None:
            days = self.stages[Stage(when.base)].days
            return None if days is None else base + timedelta(days=round(days * when.percent / 100))
        squeeze = self.squeeze_of(when, stage) if self.squeezes else None
        if squeeze is not None:
            return base + timedelta(days=round(approximate_days(when.offset) * squeeze.factor))
        day = add(base, when.offset, self.calendar)
        return self.run_on(base, day) if self._stands_still(when.base) else day

    def days_on_hold(self, when: When, stage: Stage | None = None) -> int:
        """How many days later a date is because the sale was on hold."""
        if not self.holds:
            return 0
        held, straight = self.date_of(when, stage), replace(self, holds=()).date_of(when, stage)
        return (held - straight).days if held is not None and straight is not None else 0

    @staticmethod
    def _stands_still(base: str) -> bool:
        """True for what a hold stops: delays from the sale, the start of use, a stage. Outside dates go on."""
        return base in (SALE, LIVE, TROUGH) or base in STAGES

    def missing_for(self, when: When) -> str:
        """The anchor, stage or `trough` whose date must be known before `when` has one; '' when none is missing."""
        if self._base(when.base) is None:
            return self._missing_base(when.base)
        if when.percent is not None and self.stages[Stage(when.base)].days is None:
            following = STAGES[STAGES.index(Stage(when.base)) + 1 :]
            return next((self._missing_base(stage) for stage in following), when.base)
        return ""

    def _missing_base(self, name: str) -> str:
        """The anchor behind an unknown stage or trough."""
        if name == TROUGH:
            rule = self.rules[Stage.LEARNING].trough
            missing = self.missing_for(rule) if rule is not None else ""
            return missing or self.missing_for(When(Stage.LEARNING, percent=50)) or name
        if name in STAGES:
            return self.missing_for(self.rules[Stage(name)].begins) or name
        return self.anchors.missing.get(name, name)

    def _base(self, name: str) -> date | None:
        if name == TROUGH:
            return self.stages.trough
        if name in STAGES:
            return self.stages[Stage(name)].begin
        return self.anchors.get(name)


def stage_rules(playbook: Playbook, numbers: CurveNumbers) -> Mapping[Stage, StageRule]:
    """The rule of every stage: as written, else from the complexity's preset days (DOMAIN 3.14)."""
    if len(playbook.stages) == len(STAGES):
        return playbook.stages
    preset = {
        Stage.BEFORE_SALE: StageRule(When(SALE, Duration(-BEFORE_SALE_DAYS))),
        Stage.NOVELTY: StageRule(When(SALE)),
        Stage.LEARNING: StageRule(_use_day(numbers.dip_start), _use_day(numbers.trough)),
        Stage.EFFECTIVENESS: StageRule(_use_day(numbers.recovered)),
        Stage.MAINTENANCE: StageRule(_use_day(numbers.maintenance)),
    }
    return MappingProxyType({**preset, **playbook.stages})


def _use_day(day: float) -> When:
    return When(LIVE, Duration(round(day)))


def build_timeline(
    playbook: Playbook,
    anchors: Anchors,
    calendar: Calendar,
    numbers: CurveNumbers,
    holds: tuple[Hold, ...] = (),
) -> Timeline:
    """Stage boundaries in order, each stage ending where the next begins (B1), and the trough as written."""
    rules = stage_rules(playbook, numbers)
    squeezes = tuple(_squeezes(playbook, rules, anchors))
    loose = Timeline(_NO_STAGES, anchors, rules, squeezes, calendar, holds)
    begins = _in_order([loose.date_of(rules[stage].begins, stage) for stage in STAGES])
    spans = tuple(
        StageSpan(stage, begins[i], next((b for b in begins[i + 1 :] if b is not None), None))
        for i, stage in enumerate(STAGES)
    )
    trough = _trough(loose, spans[STAGES.index(Stage.LEARNING)], numbers)
    return replace(loose, stages=StageMap(spans, trough))


def with_moves(timeline: Timeline, moves: Mapping[Stage, date]) -> Timeline:
    """The timeline with stages that begin on another day than written (DOMAIN 4.4); the rest keeps its order."""
    if not moves:
        return timeline
    stages = timeline.stages
    begins = _with_moves(stages, moves)
    spans = tuple(
        StageSpan(stage, begins[i], next((b for b in begins[i + 1 :] if b is not None), None))
        for i, stage in enumerate(STAGES)
    )
    ends = {
        new.stage: old.end
        for old, new in zip(stages, spans, strict=True)
        if old.end is not None and new.end is not None and new.end < old.end
    }
    learning, trough = spans[STAGES.index(Stage.LEARNING)], stages.trough
    if trough is not None and learning.begin is not None:
        trough = max(learning.begin, min(trough, learning.end or trough))
    return replace(timeline, stages=StageMap(spans, trough), written_ends=MappingProxyType(ends))


def _with_moves(stages: StageMap, moves: Mapping[Stage, date]) -> list[date | None]:
    """Begins with the moved ones in place: a later stage never begins before one in front of it that was moved."""
    begins = [moves.get(span.stage, span.begin) for span in stages]
    for i, span in enumerate(stages):
        if span.stage in moves:  # a stage that begins early ends those in front of it
            begins[:i] = [min(b, moves[span.stage]) if b is not None else None for b in begins[:i]]
    return _in_order(begins)


_NO_STAGES = StageMap(tuple(StageSpan(stage, None, None) for stage in STAGES), None)


def _in_order(begins: list[date | None]) -> list[date | None]:
    """No stage begins before the one in front of it, in whatever order the anchors lie."""
    ordered: list[date | None] = []
    latest = date.min
    for begin in begins:
        if begin is not None:
            begin = latest = max(begin, latest)
        ordered.append(begin)
    return ordered


def _trough(loose: Timeline, learning: StageSpan, numbers: CurveNumbers) -> date | None:
    """The lowest day: as written, else at the preset's share of learning; never outside learning."""
    written = loose.rules[Stage.LEARNING].trough
    if learning.begin is None:
        return None
    if written is not None:
        trough = loose.date_of(written, Stage.LEARNING)
    else:
        trough = _preset_trough(learning.begin, learning.days, numbers)
    if trough is None:
        return None
    return max(learning.begin, min(trough, learning.end or trough))


def _preset_trough(begin: date, days: int | None, numbers: CurveNumbers) -> date:
    if days is None:
        return begin + timedelta(days=round(numbers.trough - numbers.dip_start))
    share = (numbers.trough - numbers.dip_start) / max(1.0, numbers.recovered - numbers.dip_start)
    return begin + timedelta(days=round(days * share))


def _squeezes(playbook: Playbook, rules: Mapping[Stage, StageRule], anchors: Anchors) -> list[Squeeze]:
    """One squeeze for each stage that begins on one anchor and ends on a later one which lies too near."""
    found = []
    for stage, following in pairwise(STAGES[1:]):
        earlier, later = rules[stage].begins.base, rules[following].begins.base
        first, last = anchors.get(earlier), anchors.get(later)
        if earlier == later or first is None or last is None or first >= last:
            continue
        reach = _assumed_days(playbook, earlier, later)
        needed = _needed_days(playbook, rules, stage, earlier, later, reach)
        if needed > (last - first).days:
            concerned = STAGES[1 : STAGES.index(stage) + 1]
            found.append(Squeeze(earlier, later, first, last, needed, concerned, reach))
    return found


def _assumed_days(playbook: Playbook, earlier: str, later: str) -> float:
    """How far apart two anchors lie by default: what is written beyond that was never meant to lie between them.

    Infinite where the defaults do not say.
    """
    rules, days, seen = anchor_rules(playbook), 0.0, {later}
    while later != earlier:
        rule = rules.get(later)
        if rule is None or rule.default is None or rule.default.base in seen:
            return inf
        days, later = days + approximate_days(rule.default.offset), rule.default.base
        seen.add(later)
    return days


def _needed_days(
    playbook: Playbook, rules: Mapping[Stage, StageRule], stage: Stage, earlier: str, later: str, reach: float
) -> int:
    """How many days a stage needs between two anchors as written: after the one and before the other."""
    rule = rules[stage]
    written = [rule.begins, *([rule.trough] if rule.trough is not None else [])]
    written += [step.when for step in playbook.steps if step.bound_to is stage and not step.until]
    days = [(when.base, approximate_days(when.offset)) for when in written if _plain(when)]
    after = max((amount for base, amount in days if base == earlier and amount <= reach), default=0.0)
    before = max((-amount for base, amount in days if base == later), default=0.0)
    return round(max(0.0, after)) + round(max(0.0, before))


def _plain(when: When) -> bool:
    return when.percent is None and when.offset.unit is not Unit.WORKING_DAY
