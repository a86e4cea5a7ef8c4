"""Stages: boundaries from anchors and playbook days, squeezed where anchors lie too close together (DOMAIN 5.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType

from followup.core.dates import Calendar, add, approximate_days
from followup.core.model.playbook import Duration, Playbook, StageRule, Unit, When
from followup.core.model.stage import STAGES, Stage, StageMap, StageSpan
from followup.core.numbers import CurveNumbers
from followup.core.planner.anchors import LIVE, SALE, Anchors

BEFORE_SALE_DAYS = 21


@dataclass(frozen=True, slots=True)
class Squeeze:
    """Between two anchors that lie closer together than the stages assume, offsets shrink by `factor` (0-1).

    It concerns offsets after `earlier` and before `later`, of steps in `stages` only.
    """

    earlier: str
    later: str
    factor: float
    needed_days: int
    found_days: int
    stages: tuple[Stage, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Stages and anchors of one sale, ready to date what a playbook writes."""

    stages: StageMap
    anchors: Anchors
    squeezes: tuple[Squeeze, ...] = ()
    calendar: Calendar = field(default_factory=Calendar)

    def squeeze_of(self, when: When, stage: Stage | None) -> Squeeze | None:
        """The squeeze that shortens this offset, if any."""
        for squeeze in self.squeezes:
            if stage not in squeeze.stages:
                continue
            amount = when.offset.amount
            if (when.base == squeeze.earlier and amount > 0) or (when.base == squeeze.later and amount < 0):
                return squeeze
        return None

    def date_of(self, when: When, stage: Stage | None = None) -> date | None:
        """The day that `when` means for a step of `stage`; None while something it hangs on is unknown."""
        base = self._base(when.base)
        if base is None:
            return None
        if when.percent is not None:
            days = self.stages[Stage(when.base)].days
            return None if days is None else base + timedelta(days=round(days * when.percent / 100))
        squeeze = self.squeeze_of(when, stage)
        if squeeze is not None:
            return base + timedelta(days=_shrunk(when, squeeze.factor))
        return add(base, when.offset, self.calendar)

    def _base(self, name: str) -> date | None:
        if name == "trough":
            return self.stages.trough
        if name in STAGES:
            return self.stages[Stage(name)].begin
        return self.anchors.get(name)


def _shrunk(when: When, factor: float) -> int:
    return round(approximate_days(when.offset) * factor)


def stage_rules(playbook: Playbook, numbers: CurveNumbers) -> Mapping[Stage, StageRule]:
    """The rule of every stage: as written, else from the complexity's preset days (DOMAIN 3.14)."""
    start = When(SALE, Duration(-BEFORE_SALE_DAYS))
    preset = {
        Stage.BEFORE_SALE: StageRule(start),
        Stage.NOVELTY: StageRule(When(SALE)),
        Stage.LEARNING: StageRule(_use_day(numbers.dip_start), _use_day(numbers.trough)),
        Stage.EFFECTIVENESS: StageRule(_use_day(numbers.recovered)),
        Stage.MAINTENANCE: StageRule(_use_day(numbers.maintenance)),
    }
    return MappingProxyType({**preset, **playbook.stages})


def _use_day(day: float) -> When:
    return When(LIVE, Duration(round(day)))


def build_timeline(
    playbook: Playbook, anchors: Anchors, calendar: Calendar, numbers: CurveNumbers
) -> Timeline:
    """Stage boundaries in order, each stage ending where the next begins (B1), and the trough as written."""
    rules = stage_rules(playbook, numbers)
    squeezes = _squeezes(playbook, rules, anchors)
    loose = Timeline(_no_stages(), anchors, squeezes, calendar)
    begins: list[date | None] = []
    latest: date | None = None
    for stage in STAGES:
        begin = loose.date_of(rules[stage].begins, stage)
        if begin is not None and latest is not None:
            begin = max(begin, latest)
        latest = begin or latest
        begins.append(begin)
    spans = tuple(
        StageSpan(stage, begins[i], next((b for b in begins[i + 1 :] if b is not None), None))
        for i, stage in enumerate(STAGES)
    )
    learning = spans[STAGES.index(Stage.LEARNING)]
    written = rules[Stage.LEARNING].trough
    trough = loose.date_of(written, Stage.LEARNING) if written is not None else _preset_trough(learning, numbers)
    if trough is not None and learning.begin is not None:
        trough = max(trough, learning.begin)
        if learning.end is not None:
            trough = min(trough, learning.end)
    return Timeline(StageMap(spans, trough), anchors, squeezes, calendar)




def _no_stages() -> StageMap:
    return StageMap(tuple(StageSpan(stage, None, None) for stage in STAGES), None)


def _preset_trough(learning: StageSpan, numbers: CurveNumbers) -> date | None:
    if learning.begin is None or learning.days is None:
        return None
    share = (numbers.trough - numbers.dip_start) / (numbers.recovered - numbers.dip_start)
    return learning.begin + timedelta(days=round(learning.days * share))


def _squeezes(
    playbook: Playbook, rules: Mapping[Stage, StageRule], anchors: Anchors
) -> tuple[Squeeze, ...]:
    """One squeeze for each stage that begins on one anchor and ends on a later one which lies too near."""
    found = []
    for stage, following in zip(STAGES[1:], STAGES[2:], strict=False):
        earlier, later = rules[stage].begins.base, rules[following].begins.base
        first, last = anchors.get(earlier), anchors.get(later)
        if earlier == later or first is None or last is None or first >= last:
            continue
        after, before = _extents(playbook, rules, stage, earlier, later)
        room = (last - first).days
        if after + before > room:
            concerned = STAGES[1 : STAGES.index(stage) + 1]
            found.append(Squeeze(earlier, later, room / (after + before), after + before, room, concerned))
    return tuple(found)


def _extents(
    playbook: Playbook, rules: Mapping[Stage, StageRule], stage: Stage, earlier: str, later: str
) -> tuple[int, int]:
    """How far the stage reaches after the earlier anchor and before the later one, in days, as written."""
    written = [rules[stage].begins]
    if rules[stage].trough is not None:
        written.append(rules[stage].trough)  # type: ignore[arg-type]
    written += [step.when for step in playbook.steps if step.stage is stage and not step.until]
    days = [(when.base, approximate_days(when.offset)) for when in written if _plain(when)]
    after = max((amount for base, amount in days if base == earlier), default=0)
    before = max((-amount for base, amount in days if base == later), default=0)
    return round(max(0, after)), round(max(0, before))


def _plain(when: When) -> bool:
    return when.percent is None and when.offset.unit is not Unit.WORKING_DAY
