"""`playbook tune`: what the user's own log says about a playbook; written into its file only when asked (A22).

Rates are shown, never causes: who gets more contacts is often who has trouble (DOMAIN 4.7).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from followup.actions.context import Context
from followup.actions.library import SHIPPED, Library
from followup.actions.results import Tuned, TunedChannel, TunedDay, TunedResult
from followup.core.curve import concern_level
from followup.core.dates import Calendar
from followup.core.model.history import History
from followup.core.model.outcome import reached
from followup.core.model.playbook import Playbook
from followup.core.model.stage import Stage
from followup.core.numbers import CurveNumbers, Numbers, playbook_numbers
from followup.core.planner.anchors import LIVE, SALE, resolve_anchors
from followup.core.planner.clues import SCALES, USAGE, mood_code, score_level
from followup.core.planner.facts import in_order
from followup.core.planner.holds import holds_of
from followup.core.planner.profile import setting_of
from followup.core.planner.stages import build_timeline
from followup.core.planner.standing import with_stage_days
from followup.core.tuning import (
    LOST,
    AnswerRate,
    Base,
    CurveFit,
    Heard,
    Wait,
    answer_rates,
    better_channel,
    confidence,
    first_result_factor,
    fit_curve,
)
from followup.errors import FollowupError
from followup.files.csv_out import write_private
from followup.files.playbook_edit import STAGE_DAYS, StageDay, has_number, stage_days, with_number, with_stage_day
from followup.files.playbook_lint import check_playbook
from followup.store import CustomerFacts, SaleFacts

CURVE_DAYS: Mapping[str, str] = {
    "learning": "dip_start",
    "trough": "trough",
    "effectiveness": "recovered",
    "maintenance": "maintenance",
}
BOM = "\ufeff"


def tune(context: Context, key: str, *, apply: bool) -> Tuned:
    """What the log says about depth and speed of the dip, answers and first results; with `apply` it is written.

    A shipped playbook is copied into the user's folder first. Raises NotFoundError, or BadFileError for a playbook
    with problems.
    """
    volume = context.library.volume(key)
    playbook = volume.playbook
    log = _gather(context, playbook)
    fit = fit_curve(log.heard, depth=playbook_numbers(playbook).curve.depth)
    page = _page(context.library, key)
    draft = _drafted(page.text, fit, playbook, page.name)
    result = Tuned(
        today=context.today,
        playbook=playbook.key,
        title=playbook.title,
        source=page.name,
        sales_count=log.sales,
        customers_count=fit.customers,
        readings_count=fit.readings,
        lost_count=log.lost,
        left_out_count=fit.left_out,
        confidence=fit.confidence,
        depth_before=round(fit.depth_before, 2),
        depth_proposed=round(fit.depth, 2),
        stretch_before=1.0,
        stretch_proposed=round(fit.stretch, 2),
        days=tuple(draft.days),
        channels=_channels(playbook, answer_rates(log.tries)),
        first_result=_first_result(log, _as_written(playbook, context.today).recovered),
        dry_run=context.dry_run,
    )
    if draft.text == page.text:
        nothing = "nothing to write: the log agrees with the playbook" if fit.readings else _NOTHING_LOGGED
        return replace(result, said=(nothing,))
    if not apply:
        return replace(result, said=(f"nothing was written; to write it: followup playbook tune {key} --apply",))
    return _applied(result, page, draft.text, context)


_NOTHING_LOGGED = "nothing to write: no outcome or score of a sale with this playbook says anything about the dip yet"


# What the log says


@dataclass(slots=True)
class _Log:
    """What was logged for all sales that follow one playbook."""

    heard: list[Heard] = field(default_factory=list)
    tries: list[tuple[str, str, bool]] = field(default_factory=list)
    waits: list[Wait] = field(default_factory=list)
    sales: int = 0
    lost: int = 0


def _gather(context: Context, playbook: Playbook) -> _Log:
    log = _Log()
    for facts in context.store.customer_facts():
        sales = [sale for sale in facts.sales if sale.sale.playbook == playbook.key]
        plans = context.store.stored_plans(sale.sale.number for sale in sales) if sales else {}
        for sale in sales:
            stored = plans.get(sale.sale.number)
            bent = stored.curve if stored is not None else None
            log.sales += 1
            log.tries += _tries(sale.history)
            use = _use_of(context, playbook, facts, sale, effort=bent.effort if bent is not None else 0.0)
            if use is not None:
                log.heard += use.heard()
                log.lost += use.lost_on is not None
                log.waits += use.waits()
    return log


def _tries(history: History) -> Iterator[tuple[str, str, bool]]:
    """Purpose, channel and whether somebody was reached, of every contact that we began."""
    for activity in history.activities:
        if activity.kind == "contacted" and activity.direction == "outbound" and activity.purpose:
            yield activity.purpose, activity.channel, reached(activity.outcomes)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Use:
    """One sale in days of use: its curve as the playbook has it now, and what was heard until maintenance."""

    sale: SaleFacts
    customer: int
    kpi: str
    numbers: Numbers
    curve: CurveNumbers
    effort: float
    awaits_result: bool
    live_on: date
    until: date | None
    today: date

    @property
    def left_on(self) -> date | None:
        """The day on which the customer left."""
        return min((a.on for a in self.sale.history.activities if a.milestone == "left"), default=None)

    @property
    def lost_on(self) -> date | None:
        """The day of a loss before the trough: it says that the dip was deep (DOMAIN 4.7)."""
        left = self.left_on
        return left if left is not None and 0 <= self.day(left) < self.curve.trough else None

    def day(self, on: date) -> int:
        """The day of use."""
        return (on - self.live_on).days

    def heard(self) -> Iterator[Heard]:
        """Every reading while the product is in use, until maintenance; a loss before the trough is one, too."""
        lost = [(self.lost_on, LOST)] if self.lost_on is not None else []
        for on, value in (*self._readings(), *lost):
            if self.day(on) >= 0 and (self.until is None or on < self.until) and on <= self.today:
                base = Base(curve=self.curve, effort=self.effort, concerns=self._concerns(on))
                yield Heard(customer=self.customer, day=self.day(on), value=value, base=base)

    def _readings(self) -> Iterator[tuple[date, float]]:
        """Day and mood 0-1 (DOMAIN 4.4); a score given in a contact stands for its outcome."""
        for activity in self.sale.history.activities:
            if activity.kind != "contacted":
                continue
            if activity.score is not None:
                yield activity.on, score_level(self.kpi, activity.score)
            elif code := mood_code(activity.outcomes):
                yield activity.on, float(getattr(self.numbers.readings, code))
        for reading in self.sale.history.readings:
            if reading.kind in SCALES:
                yield reading.on, score_level(reading.kind, float(reading.value))
            elif reading.value in USAGE:
                yield reading.on, USAGE[reading.value]

    def _concerns(self, on: date) -> float:
        """What was open on the eve of a day."""
        concerns = self.sale.history.concerns
        known = [c for c in concerns if c.opened_on < on and (c.resolved_on is None or c.resolved_on >= on)]
        return concern_level([concern.severity for concern in known], self.curve.concerns)

    def waits(self) -> Iterator[Wait]:
        """The time to the first result, or the time waited so far where one is expected and was from the beginning."""
        results = [a.on for a in self.sale.history.activities if a.milestone == "first_result"]
        if results:
            yield Wait(days=self.day(min(results)), recovered=self.curve.recovered, reached=True)
        elif self.awaits_result and self.day(self.sale.sale.added_on) <= self.curve.recovered:
            end = min(self.left_on or self.today, self.today)
            yield Wait(days=self.day(end), recovered=self.curve.recovered, reached=False)


def _use_of(
    context: Context, playbook: Playbook, facts: CustomerFacts, sale: SaleFacts, *, effort: float
) -> _Use | None:
    """None while nobody knows when use starts."""
    calendar = context.calendars.of(facts.customer)
    numbers = playbook_numbers(playbook, setting_of(sale.sale.profile, playbook).complexity)
    anchors = resolve_anchors(playbook, sale.sale.anchors, calendar)
    live_on = anchors.get(LIVE)
    if live_on is None:
        return None
    holds = holds_of(in_order(sale.history.activities))
    timeline = build_timeline(playbook, anchors, calendar, numbers.curve, holds)
    return _Use(
        sale=sale,
        customer=facts.customer.id,
        kpi=context.library.pinned(context.store, sale.playbook_id).kpi,
        numbers=numbers,
        curve=with_stage_days(numbers.curve, playbook, live_on, timeline.stages),
        effort=effort,
        awaits_result=bool(playbook.first_result),
        live_on=live_on,
        until=timeline.stages[Stage.MAINTENANCE].begin,
        today=context.today,
    )


def _as_written(playbook: Playbook, today: date) -> CurveNumbers:
    """The curve of a sale of today."""
    calendar, numbers = Calendar(), playbook_numbers(playbook)
    anchors = resolve_anchors(playbook, {SALE: today, LIVE: today}, calendar)
    stages = build_timeline(playbook, anchors, calendar, numbers.curve).stages
    return with_stage_days(numbers.curve, playbook, today, stages)


# What is proposed


def _channels(playbook: Playbook, rates: Sequence[AnswerRate]) -> tuple[TunedChannel, ...]:
    found = []
    for rate in rates:
        steps = tuple(s.id for s in playbook.steps if (s.purpose, s.channel) == (rate.purpose, rate.channel))
        better = better_channel(rate, rates) if steps else None
        found.append(
            TunedChannel(
                purpose=rate.purpose,
                channel=rate.channel,
                tried_count=rate.tried,
                answered_count=rate.answered,
                rate=rate.rate,
                usual_rate=rate.prior,
                suggested=better.channel if better is not None else None,
                suggested_rate=better.rate if better is not None else None,
                steps=steps,
            )
        )
    return tuple(found)


def _first_result(log: _Log, expected: float) -> TunedResult:
    counted = [wait for wait in log.waits if wait.counts]
    factor = first_result_factor(counted)
    return TunedResult(
        expected_day=round(expected),
        proposed_day=round(expected * factor),
        factor=factor,
        reached_count=sum(wait.reached for wait in counted),
        waiting_count=sum(not wait.reached for wait in counted),
        confidence=confidence(len(counted)),
    )


@dataclass(slots=True)
class _Draft:
    """The text of a playbook with the proposal worked in, as far as its steps leave room."""

    text: str
    days: list[TunedDay] = field(default_factory=list)


def _drafted(text: str, fit: CurveFit, playbook: Playbook, name: str) -> _Draft:
    draft = _Draft(text)
    if round(fit.depth, 2) != round(fit.depth_before, 2):
        draft.text = with_number(text, "curve", "depth", f"{fit.depth:.2f}", source=name)
    if round(fit.stretch, 2) != 1:
        _stretch(draft, fit.stretch, playbook, name)
    return draft


Change = Callable[[str, int], str]


def _stretch(draft: _Draft, k: float, playbook: Playbook, name: str) -> None:
    """Move the begin of each stage as far as its steps leave room, the one that goes ahead first."""
    wrong = _complaints(draft.text, name)
    days = list(_stage_moves(draft.text, k, playbook, name))
    for day, change in reversed(days) if k > 1 else days:
        if change is None or day.before is None or day.proposed is None:
            draft.days.append(day)
            continue
        draft.text, reached_day, note = _as_far_as(draft.text, change, day.before, day.proposed, wrong, name)
        draft.days.append(replace(day, written=reached_day, note=note))
    draft.days.sort(key=lambda day: (*STAGE_DAYS, *CURVE_DAYS.values()).index(day.name))


def _stage_moves(text: str, k: float, playbook: Playbook, name: str) -> Iterator[tuple[TunedDay, Change | None]]:
    """Each day that moves with the dip, and how to write it; None for one that must be moved by hand."""
    written, curve = stage_days(text, source=name), playbook_numbers(playbook).curve
    recovered = k * _days_of(written, "effectiveness", curve.recovered)
    for stage in STAGE_DAYS:
        if stage == "maintenance" and recovered < _days_of(written, stage, curve.maintenance):
            continue
        number = CURVE_DAYS[stage]
        if found := written.get(stage):
            new = None if found.days is None else round(k * found.days)
            day = TunedDay(name=stage, text=found.written, before=found.days, proposed=new)
            if found.days is None:
                note = (
                    f"{found.written} does not count days from live or sale: left alone, move it by hand if you agree"
                )
                yield replace(day, note=note), None
            else:
                yield day, _stage_change(stage, name)
        if has_number(text, "curve", number, source=name) or (not found and not _hangs_on(stage, playbook)):
            before = round(getattr(curve, number))
            day = TunedDay(name=number, text=f"day {before} of use", before=before, proposed=round(k * before))
            yield day, _number_change(number, name)


def _stage_change(stage: str, name: str) -> Change:
    return lambda text, day: with_stage_day(text, stage, day, source=name)


def _number_change(number: str, name: str) -> Change:
    return lambda text, day: with_number(text, "curve", number, str(day), source=name)


def _days_of(written: Mapping[str, StageDay], stage: str, otherwise: float) -> float:
    found = written.get(stage)
    return otherwise if found is None or found.days is None else found.days


def _hangs_on(stage: str, playbook: Playbook) -> bool:
    """True for a trough that nobody wrote in a learning stage that is written: it moves with the stage."""
    return stage == "trough" and Stage.LEARNING in playbook.stages


def _as_far_as(
    text: str, change: Change, before: int, wanted: int, wrong: Sequence[str], name: str
) -> tuple[str, int, str]:
    """The text changed as far towards `wanted` as `playbook check` has nothing new to say, and why not further."""

    def complaint(day: int) -> str:
        return next(iter(_new_complaints(change(text, day), wrong, name)), "")

    if wanted == before or not complaint(wanted):
        return change(text, wanted), wanted, ""
    fits, too_far = before, wanted
    while abs(too_far - fits) > 1:
        middle = (fits + too_far) // 2
        if complaint(middle):
            too_far = middle
        else:
            fits = middle
    return change(text, fits), fits, f"further only after you moved its steps: {complaint(too_far)}"


def _complaints(text: str, name: str) -> list[str]:
    """What `playbook check` says about a text, without places, which move with the text."""
    return [problem.message for problem in check_playbook(text, source=name)]


def _new_complaints(text: str, wrong: Sequence[str], name: str) -> Iterator[str]:
    """What `playbook check` did not say before; numbers in its words do not make it new."""
    known = Counter(re.sub(r"[0-9]+", "", words) for words in wrong)
    for words in _complaints(text, name):
        kind = re.sub(r"[0-9]+", "", words)
        known[kind] -= 1
        if known[kind] < 0:
            yield words


# Writing it


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """The text of a playbook, where it came from, and the file of the user's that a change goes to."""

    text: str
    name: str
    path: Path
    shipped: bool
    mark: str = ""  # a byte order mark, kept where the author's editor wrote one


def _page(library: Library, key: str) -> _Page:
    raw, source = library.text_of(key)
    text = raw if isinstance(raw, str) else raw.decode("utf-8")
    shipped = library.keys().get(key) == SHIPPED
    own = (library.folder or Path()) / f"{key}.yaml"
    return _Page(
        text=text.removeprefix(BOM),
        name=SHIPPED if shipped else source,
        path=own if shipped else Path(source),
        shipped=shipped,
        mark=BOM if text.startswith(BOM) else "",
    )


def _applied(result: Tuned, page: _Page, text: str, context: Context) -> Tuned:
    """The proposal written to the user's own file, or shown as a difference in a dry run."""
    from difflib import unified_diff

    wrong = list(_new_complaints(text, _complaints(page.text, page.name), page.name))
    if wrong:
        raise FollowupError(
            f"{page.name} was not changed: afterwards {wrong[0]}", hint=f"followup playbook check {page.name}"
        )
    before, after = page.text.splitlines(), text.splitlines()
    diff = tuple(unified_diff(before, after, fromfile=page.name, tofile=str(page.path), lineterm=""))
    if not context.dry_run:
        _write(page, text)
    said = [f"{'would write' if context.dry_run else 'wrote'} {page.path}"]
    if page.shipped:
        said.append(f"it is a copy of the shipped one; from now on {result.playbook} means your copy")
    if result.sales_count:
        said.append("existing sales do not change until: followup replan CUSTOMER")
        said.append("tune again when more was logged: the same log would pull once more")
    return replace(result, said=tuple(said), path=str(page.path), diff=diff, applied=not context.dry_run)


def _write(page: _Page, text: str) -> None:
    """Write the file whole or not at all; one that exists keeps who may read it, a link keeps pointing to it."""
    path = page.path.resolve()
    mode = path.stat().st_mode if path.exists() else None
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise FollowupError(f"{path.parent} cannot be made: {error.strerror}", hint="make it first") from error
    write_private(path, (page.mark + text).encode("utf-8"))
    if mode is not None:
        path.chmod(mode & 0o777)
