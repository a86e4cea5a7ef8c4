"""`playbook list|show|check|preview|new|schema`: the author's commands. None but `list` opens a data file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from followup.actions.calendars import calendar_for
from followup.actions.enrol import check_anchor
from followup.actions.library import Library
from followup.actions.results import (
    Checked,
    PlaybookLine,
    PlaybookList,
    PlaybookPage,
    Preview,
    StepLine,
    Written,
)
from followup.actions.views import Owner, curve_view, mood_line, plan_view, spans
from followup.core.curve import bend
from followup.core.dates import Calendar
from followup.core.model.concern import Concern
from followup.core.model.history import History
from followup.core.model.playbook import Playbook, Step
from followup.core.model.sale import Profile, Sale
from followup.core.model.touchpoint import Status
from followup.core.numbers import playbook_numbers
from followup.core.planner import plan
from followup.core.planner.anchors import LIVE, SALE, resolve_anchors
from followup.core.planner.stages import build_timeline, stage_rules
from followup.errors import BadFileError, FollowupError, Problem
from followup.files.playbook_lint import check_playbook
from followup.files.playbook_schema import playbook_json_schema
from followup.files.playbook_starter import starter_playbook

ONE_DAY = timedelta(days=1)
SHOWN = (Status.OPEN, Status.WAITING)


def list_playbooks(library: Library, sales: Mapping[str, int], *, today: date) -> PlaybookList:
    """Every playbook that can be named, with how many sales follow it."""
    items = []
    for key, source, volume in library.volumes():
        playbook = volume.playbook if volume is not None else None
        items.append(
            PlaybookLine(
                playbook=key,
                title=playbook.title if playbook else "has problems: followup playbook check " + source,
                complexity=playbook.complexity if playbook else "",
                steps_count=len(playbook.steps) if playbook else 0,
                source=source,
                sales_count=sales.get(key, 0),
            )
        )
    return PlaybookList(today=today, items=tuple(items))


def show_playbook(library: Library, key: str, *, today: date) -> PlaybookPage:
    """Stages, steps and the curve of a playbook, with nothing bent and a sale today for drawing."""
    volume = library.volume(key)
    playbook = volume.playbook
    numbers = playbook_numbers(playbook)
    rules = stage_rules(playbook, numbers.curve)
    shape = bend(numbers.curve, effort=0.0, concerns=0.0)
    anchors = resolve_anchors(playbook, {SALE: today}, Calendar())
    timeline = build_timeline(playbook, anchors, Calendar(), numbers.curve)
    return PlaybookPage(
        today=today,
        playbook=playbook.key,
        title=playbook.title,
        goal=playbook.goal,
        kpi=playbook.kpi,
        complexity=playbook.complexity,
        life_cycle=playbook.life_cycle,
        extensiveness=playbook.extensiveness,
        source=volume.source,
        anchors={name: _anchor_text(playbook, name) for name in dict.fromkeys((SALE, LIVE, *playbook.anchors))},
        stages={
            stage.value: f"from {rule.begins}" + (f", trough {rule.trough}" if rule.trough else "")
            for stage, rule in rules.items()
        },
        first_result=playbook.first_result,
        resources={
            key: f"{found.title} ({found.form or found.mode}{', for a fee' if found.fee else ''})"
            for key, found in playbook.resources.items()
        },
        steps=tuple(_step_line(playbook, step) for step in playbook.steps),
        curve=curve_view(shape),
        mood=mood_line(shape, timeline.stages, anchors.get(LIVE)),
    )


def _anchor_text(playbook: Playbook, name: str) -> str:
    rule = playbook.anchors.get(name)
    if rule is None:
        return "use starts (sale unless you say otherwise)" if name == LIVE else "the day of signature"
    parts = [rule.says]
    if rule.default is not None:
        parts.append(f"assumed {rule.default}")
    if rule.repeats is not None:
        parts.append(f"every {rule.repeats}")
    return ", ".join(part for part in parts if part)


def _step_line(playbook: Playbook, step: Step) -> StepLine:
    return StepLine(
        step=step.id,
        stage=step.stage.value if step.stage else None,
        when=str(step.when),
        every="cycle" if step.cycle else (str(step.every) if step.every else None),
        window=step.window,
        channel=step.channel,
        purpose=step.purpose,
        service=playbook.purposes[step.purpose].service.value,
        need="extra" if step.extra else "core",
        goal=step.goal,
    )


def check(library: Library, files: Iterable[str], *, strict: bool, today: date) -> Checked:
    """Every problem of every file at once. `strict` is kept for the verdict (`is_refused`)."""
    names, problems = tuple(files), list[Problem]()
    for name in names:
        raw, source = library.text_of(name)
        problems += check_playbook(raw, source=source)
    return Checked(today=today, files=names, problems=tuple(problems), strict=strict)


def is_refused(checked: Checked) -> bool:
    """True when `playbook check` must exit with 1."""
    return any(problem.severity == "error" or checked.strict for problem in checked.problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewWish:
    """What a preview is drawn for."""

    signed: date
    live: date | None = None
    anchors: Mapping[str, date] = field(default_factory=dict)
    profile: Profile = field(default_factory=Profile)
    concerns: tuple[str, ...] = ()
    effort: float | None = None
    country: str = ""
    today: date | None = None
    occurrences: int = 1


def preview(library: Library, key_or_file: str, wish: PreviewWish, *, calendar: Calendar | None = None) -> Preview:
    """Stages, curve and dated touchpoints of a playbook; no data file is opened (`playbook preview`).

    Without a day of its own, today is the day before the first stage begins, so that nothing is missed yet.
    """
    playbook = library.volume(key_or_file).playbook
    days = calendar_for(wish.country) if wish.country else (calendar or Calendar())
    anchors = {SALE: wish.signed} | ({LIVE: wish.live} if wish.live is not None else {})
    for name, day in wish.anchors.items():
        check_anchor(playbook, name)
        anchors[name] = day
    today = wish.today or _before_everything(playbook, anchors, days, wish.profile.complexity)
    history = History(
        concerns=tuple(
            Concern(number=number, severity=severity, opened_on=min(today, wish.signed))
            for number, severity in enumerate(wish.concerns, start=1)
        )
    )
    sale = Sale(key=f"preview/{playbook.key}", anchors=anchors, added_on=today, profile=wish.profile)
    made = plan(playbook, sale, history, days, today=today, effort=wish.effort, occurrences=max(1, wish.occurrences))
    owner = Owner(playbook=playbook, stages=made.stages, curve=made.curve, live_on=made.live_on)
    return Preview(
        today=today,
        playbook=playbook.key,
        title=playbook.title,
        stages=spans(made.stages),
        anchors=made.anchors,
        assumed_anchors=made.assumed_anchors,
        curve=curve_view(made.curve),
        mood=mood_line(made.curve, made.stages, made.live_on),
        live_on=made.live_on,
        factors={name: round(value, 6) for name, value in made.factors.items()},
        touchpoints=tuple(plan_view(found, owner, today) for found in made.touchpoints if found.status in SHOWN),
        left_out=made.left_out,
    )


def _before_everything(playbook: Playbook, known: Mapping[str, date], calendar: Calendar, complexity: str) -> date:
    numbers = playbook_numbers(playbook, complexity)
    anchors = resolve_anchors(playbook, known, calendar)
    timeline = build_timeline(playbook, anchors, calendar, numbers.curve)
    begins = [span.begin for span in timeline.stages if span.begin is not None]
    return min([*begins, known[SALE]]) - ONE_DAY


def schema() -> dict[str, Any]:
    """JSON Schema of the language, for editors; made from the validator's own table."""
    return playbook_json_schema()


def new_playbook(
    library: Library, key: str, *, model: str | None, target: Path | None, today: date, dry_run: bool
) -> Written:
    """A commented playbook to start from. Never overwrites a file."""
    import re

    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", key):
        raise FollowupError(f"{key!r} is not a playbook key", hint="use a-z, 0-9, _ and -, for example my_saas")
    text_of_model = None
    if model is not None:
        raw, _ = library.text_of(model)
        text_of_model = raw.decode("utf-8-sig") if isinstance(raw, bytes) else raw
    path = target or (library.folder / f"{key}.yaml" if library.folder is not None else Path(f"{key}.yaml"))
    if path.exists() or path.is_symlink():
        raise FollowupError(f"{path} exists already", hint=f"followup playbook check {path}")
    text = starter_playbook(key, text_of_model=text_of_model)
    if not dry_run:
        _write_new(path, text)
    said = (f"wrote {path}" if not dry_run else f"would write {path}", f"edit it, then: followup playbook check {path}")
    return Written(today=today, command="playbook new", said=said, dry_run=dry_run)


def _write_new(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise BadFileError(
            f"{path} cannot be written: {error.strerror}", hint="choose another place with --output"
        ) from error


def write_schema(path: Path, text: str, *, today: date) -> Written:
    """Write the schema to a new file. Never overwrites one."""
    _write_new(path, text)
    return Written(today=today, command="playbook schema", said=(f"wrote {path}",))
