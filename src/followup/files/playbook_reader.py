"""A playbook file as typed values, and everything that is wrong with it, all at once and with positions.

`read_playbook` gives values and problems, never an exception: the playbook is None as soon as one of them is
an error.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import pairwise
from types import MappingProxyType
from typing import Any, cast

from followup.core.model.channel import task_channel
from followup.core.model.extra import PREFIX
from followup.core.model.playbook import (
    AnchorRule,
    Condition,
    Duration,
    Playbook,
    Reaction,
    Resource,
    StageRule,
    Step,
    When,
)
from followup.core.model.purpose import PURPOSES, Move, Purpose, Service
from followup.core.model.stage import STAGES, Stage
from followup.core.numbers import numbers_for
from followup.core.planner.built_in import BUILT_IN
from followup.errors import Problem
from followup.files.placeholders import nearest, placeholder_names
from followup.files.playbook_checks import StepCheck
from followup.files.playbook_dates import Chart, before, chart_of
from followup.files.playbook_schema import CYCLE, NUMBER_SECTIONS, PLAYBOOK, TROUGH, VERSION
from followup.files.playbook_values import Record, TooManyError, ValueReader, some
from followup.files.yaml_reader import MappingNode, Node, ScalarNode, SequenceNode, read_yaml

Places = Mapping[tuple[str, ...], tuple[int, int]]
_LIVE = AnchorRule("live", "use starts", When("sale"))
_SALE = AnchorRule("sale", "signature")
MOST_DEFAULTS = 20


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says. With errors among the problems, `playbook` holds only what could be understood.

    `places` gives line and column of a value by path, such as ("dip_call", "ask", "0") or ("", "goal").
    """

    playbook: Playbook
    problems: tuple[Problem, ...]
    places: Places

    @property
    def sound(self) -> bool:
        """True when nothing is an error."""
        return not any(problem.severity == "error" for problem in self.problems)


def read_playbook(text: str | bytes, *, source: str) -> tuple[Playbook | None, list[Problem]]:
    """The playbook of a file and all problems, sorted by line; None when one of them is an error.

    `source` names the file in the problems. Warnings ride along; the domain lints are in `playbook_lint`.
    """
    reading = read_with_places(text, source=source)
    return (reading.playbook if reading.sound else None), list(reading.problems)


def read_with_places(text: str | bytes, *, source: str) -> Reading:
    """What a file says together with its positions, for the lints; never raises for the content."""
    node, problems = read_yaml(text, source=source)
    content = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    reader = _PlaybookReader(source, content.removeprefix("\ufeff"), problems)
    playbook = Playbook(key="", title="")
    if node is not None:
        with suppress(TooManyError):
            playbook = reader.playbook(node)
    found = sorted(reader.problems, key=lambda problem: (problem.line, problem.column))
    return Reading(playbook, tuple(found), reader.places)


class _PlaybookReader(ValueReader):
    """Puts a playbook together from the values of its file."""

    def __init__(self, source: str, text: str, problems: list[Problem]) -> None:
        super().__init__(source, text, problems)
        self.places: dict[tuple[str, ...], tuple[int, int]] = {}
        self.anchor_names: set[str] = set()
        self.placeholder_names: frozenset[str] = frozenset()

    # The playbook

    def playbook(self, node: Node) -> Playbook:
        """The playbook as far as it could be understood."""
        if not isinstance(node, MappingNode):
            found = "a list" if isinstance(node, SequenceNode) else "text"
            self.add(
                node,
                f"expected the keys of a playbook, found {found}",
                "begin the file with playbook: my_playbook",
            )
            return Playbook(key="", title="")
        record = self.record(PLAYBOOK, node, "the playbook")
        assert isinstance(record, Record)
        for name, key in record.keys.items():
            self.places["", name] = (key.line, key.column)
        values = record.values
        self.anchor_names = {"sale", "live", *_key_names(record.nodes.get("anchors"))}
        own = values.get("placeholders", {})
        own_names = (*own, *_key_names(record.nodes.get("placeholders")))
        self.placeholder_names = frozenset(placeholder_names(anchors=self.anchor_names, own=own_names))
        numbers = self._overrides(record)
        purposes = self._purposes(values.get("purposes", {}), numbers.pop("effort_weights", {}))
        draft = Playbook(
            key=values.get("playbook", ""),
            title=values.get("title", ""),
            goal=values.get("goal", ""),
            version=values.get("version", VERSION),
            **{name: values[name] for name in ("kpi", "complexity", "life_cycle", "extensiveness") if name in values},
            anchors=self._anchors(values.get("anchors", {})),
            stages=self._stages(values.get("stages")),
            first_result=values.get("first_result", ""),
            resources=self._resources(values.get("resources", {})),
            placeholders=MappingProxyType(own),
            purposes=MappingProxyType(purposes),
            overrides=MappingProxyType(numbers),
        )
        chart = chart_of(draft)
        self._check_stage_order(record, draft, chart)
        names = _Names(
            anchors=frozenset(self.anchor_names),
            resources=frozenset(_key_names(record.nodes.get("resources"))),
            purposes=frozenset((*purposes, *_key_names(record.nodes.get("purposes")))),
        )
        return replace(draft, steps=self._steps(values.get("steps", []), draft, chart, names))

    def _anchors(self, records: Mapping[str, Record]) -> Mapping[str, AnchorRule]:
        rules = {}
        for name, record in records.items():
            key = record.keys[""]
            if name in tuple(STAGES) or name == TROUGH:
                self.add(key, f'"{name}" is a stage and cannot be an anchor', "choose another name")
                continue
            default = record.values.get("default")
            if default is not None and not self._known_anchor(default, record.at("default"), "default"):
                default = None
            rules[name] = AnchorRule(name, record.values.get("says", ""), default, record.values.get("repeats"))
        sale = rules.get("sale")
        if sale is not None and sale.default is not None:
            node = records["sale"].at("default")
            self.add(node, "sale has no default: every sale has this date", "delete the default")
            rules["sale"] = replace(sale, default=None)
        return MappingProxyType(self._without_circles(records, {"sale": _SALE, "live": _LIVE, **rules}))

    def _without_circles(self, records: Mapping[str, Record], rules: dict[str, AnchorRule]) -> dict[str, AnchorRule]:
        """The anchors without defaults that come back to themselves or hang on each other too deep."""
        seen: set[str] = set()
        good = dict(rules)
        for name in rules:
            chain = _chain(name, rules)
            circle = len(chain) > 1 and chain[0] == chain[-1]
            if not circle and len(chain) <= MOST_DEFAULTS:
                continue
            good[name] = replace(rules[name], default=None)
            leads_to_circle = not circle and len(set(chain)) < len(chain)
            if name in seen or leads_to_circle or name not in records:
                continue
            seen.update(chain)
            message = f"more than {MOST_DEFAULTS} defaults hang on each other"
            if circle:
                message = f"the defaults go round in a circle: {' -> '.join(chain)}"
            self.add(records[name].at("default"), message, "give one of them no default")
        return good

    def _known_anchor(self, when: When, node: Node, where: str) -> bool:
        if when.base in self.anchor_names and when.percent is None:
            return True
        options = sorted(self.anchor_names)
        if when.base in (*STAGES, TROUGH):
            hint = f"use an anchor: {some(options)}"
            self.add(node, f"{where}: must hang on an anchor, and {when.base} is a stage", hint)
        elif isinstance(node, ScalarNode):
            self.unknown(replace(node, text=when.base), "anchor", options, self._anchor_hint(when.base, options))
        return False

    def _anchor_hint(self, name: str, options: Collection[str]) -> str:
        near = nearest(name, options)
        return f'did you mean "{near}"?' if near else f"add it under anchors:, or use: {some(options)}"

    def _stages(self, record: Record | None) -> Mapping[Stage, StageRule]:
        rules: dict[Stage, StageRule] = {}
        for name, inner in (record.values if record is not None else {}).items():
            begins, trough = inner.values.get("from"), inner.values.get("trough")
            if trough is not None and name != Stage.LEARNING:
                self.add(inner.keys["trough"], f"only learning has a trough, not {name}", "move it to learning:")
                trough = None
            if trough is not None and not self._known_anchor(trough, inner.at("trough"), "trough"):
                trough = None
            if begins is not None and self._known_anchor(begins, inner.at("from"), "from"):
                rules[Stage(name)] = StageRule(begins, trough)
        return MappingProxyType({stage: rules[stage] for stage in STAGES if stage in rules})

    def _check_stage_order(self, record: Record, playbook: Playbook, chart: Chart) -> None:
        """Boundaries in order and the trough inside learning, as far as that is certain (B1)."""
        stages = record.values.get("stages")
        if not isinstance(stages, Record):
            return
        for earlier, later in pairwise(STAGES):
            if before(chart.begin(later), chart.begin(earlier)):
                at = later if later in playbook.stages else earlier
                if at not in playbook.stages:
                    continue
                node = stages.values[at].at("from")
                one, two = chart.stages[earlier].begins, chart.stages[later].begins
                message = f"{later} ({two}) begins before {earlier} ({one})"
                self.add(node, message, "put the stages in order")
        self._check_learning(stages, playbook, chart)

    def _check_learning(self, stages: Record, playbook: Playbook, chart: Chart) -> None:
        """Learning has days, and its lowest is neither the first nor the last, as far as that is certain."""
        begin, end = chart.begin(Stage.LEARNING), chart.end(Stage.LEARNING)
        rule = playbook.stages.get(Stage.LEARNING)
        if begin is not None and begin == end and (rule or Stage.EFFECTIVENESS in playbook.stages):
            at = Stage.EFFECTIVENESS if Stage.EFFECTIVENESS in playbook.stages else Stage.LEARNING
            self.add(stages.values[at].at("from"), "learning has no days", "let effectiveness begin later")
        elif rule is not None and rule.trough is not None:
            place = chart.place(rule.trough)
            if (before(place, begin) or before(end, place)) or (place is not None and place in (begin, end)):
                node = stages.values[Stage.LEARNING].at("trough")
                message = f"the trough ({rule.trough}) does not lie inside learning"
                self.add(node, message, "put it between the first and the last day")

    def _resources(self, records: Mapping[str, Record]) -> Mapping[str, Resource]:
        found = {}
        for key, record in records.items():
            if "title" in record.values:
                found[key] = Resource(key=key, **record.values)
        return MappingProxyType(found)

    def _purposes(self, records: Mapping[str, Record], weights: Mapping[str, float]) -> dict[str, Purpose]:
        purposes = {
            name: replace(purpose, effort=weights[name]) if name in weights else purpose
            for name, purpose in PURPOSES.items()
        }
        for name, record in records.items():
            key, values = record.keys[""], record.values
            if name in PURPOSES:
                self.add(key, f'the purpose "{name}" already exists', "choose another name")
                continue
            service = Service(values.get("service", "none"))
            if values.get("selling") and service is not Service.NONE:
                self.add(
                    record.at("selling"),
                    f'the purpose "{name}" sells and does a service in one',
                    "write service: none",
                )
                continue
            purposes[name] = Purpose(
                name,
                service,
                Move(values.get("move", "adjust")),
                tuple(stage for stage in STAGES if stage in values.get("stages", ())),
                values.get("weight", 0.5),
                values.get("selling", False),
                values.get("solicited", False),
                values.get("effort", 0.0),
            )
        return purposes

    # Numbers

    def _overrides(self, record: Record) -> dict[str, Any]:
        """The numbers that the author wrote, by section, as `followup.core.numbers` takes them."""
        found: dict[str, Any] = {}
        for known in NUMBER_SECTIONS:
            value = record.values.get(known.name)
            if isinstance(value, Record):
                found[known.name] = _plain(value)
            elif value is not None:
                found[known.name] = value
        curve = dict(found.get("curve", {}))
        for name in ("evidence", "readings", "effort_weights"):
            if name in curve:
                found[name] = MappingProxyType({**curve.pop(name), **found.get(name, {})})
        for name in ("effort", "concerns"):
            if name in found:
                curve[name] = MappingProxyType({**curve.get(name, {}), **found.pop(name)})
        if curve:
            found["curve"] = MappingProxyType(curve)
        return self._in_order(record, found)

    def _in_order(self, record: Record, found: dict[str, Any]) -> dict[str, Any]:
        """The sections whose numbers, laid over the presets, are in an order that makes sense."""
        numbers = numbers_for(record.values.get("complexity", "moderate"), found)
        for section, pairs in _IN_ORDER.items():
            written = record.values.get(section)
            if not isinstance(written, Record):
                continue
            for low, high in pairs:
                first, last = (
                    getattr(getattr(numbers, section), low),
                    getattr(getattr(numbers, section), high),
                )
                wrong = first >= last if section == "curve" else first > last
                if wrong and (low in written.values or high in written.values):
                    node = written.at(high if high in written.values else low)
                    self.add(node, f"{high} ({last:g}) must be larger than {low} ({first:g})", "put them in order")
                    found.pop(section, None)
        least, most = numbers.modifiers.clamp
        if least > most:
            node = record.values["modifiers"].at("clamp")
            self.add(node, "clamp: the first number is larger than the second", "write [0.5, 2.0]")
            found.pop("modifiers", None)
        return found

    # Steps

    def _steps(self, records: list[Record], playbook: Playbook, chart: Chart, names: _Names) -> tuple[Step, ...]:
        steps: dict[str, Step] = {}
        for record in records:
            self._check_names(record, names)
            step = self._step(record, playbook.complexity)
            if step is None:
                continue
            if step.id in steps:
                lines = f"lines {steps[step.id].line} and {step.line}"
                self.add(
                    record.at("id"),
                    f'the step "{step.id}" stands twice, on {lines}',
                    "give each step its own id",
                )
                continue
            if step.id in BUILT_IN:
                self.add(
                    record.at("id"),
                    f'"{step.id}" is the name of a contact that followup plans by itself',
                    f"call it {step.id}_call, for example",
                )
            steps[step.id] = step
            self._remember(step.id, record)
            StepCheck(self, record, step, playbook, chart, self.placeholder_names).run()
        return tuple(steps.values())

    def _remember(self, step_id: str, record: Record) -> None:
        for name, node in record.nodes.items():
            self.places[step_id, name] = (node.line, node.column)
            items = node.items if isinstance(node, SequenceNode) else ()
            for index, item in enumerate(items):
                self.places[step_id, name, str(index)] = (item.line, item.column)

    def _check_names(self, record: Record, names: _Names) -> None:
        """Anchors, purposes and resources that a step names must exist."""
        when = record.values.get("when")
        if isinstance(when, When) and when.base not in names.anchors and when.base not in (*STAGES, TROUGH):
            node = cast(ScalarNode, record.at("when"))
            options = (*sorted(names.anchors), TROUGH, *STAGES)
            self.unknown(replace(node, text=when.base), "anchor", options, self._anchor_hint(when.base, options))
            del record.values["when"]
        for key in ("until", "deadline"):
            if key in record.values and record.values[key] not in names.anchors:
                node = cast(ScalarNode, record.at(key))
                known = sorted(names.anchors)
                self.unknown(node, "anchor", known, self._anchor_hint(node.text, known))
                del record.values[key]
        if "purpose" in record.values and record.values["purpose"] not in names.purposes:
            self.unknown(cast(ScalarNode, record.at("purpose")), "purpose", sorted(names.purposes))
            del record.values["purpose"]
        if "resources" in record.values:
            self._check_resources(record, names)

    def _check_resources(self, record: Record, names: _Names) -> None:
        node = record.at("resources")
        items = node.items if isinstance(node, SequenceNode) else (node,)
        for item in items:
            if isinstance(item, ScalarNode) and item.text.strip() not in names.resources:
                near = nearest(item.text, names.resources)
                self.unknown(
                    item,
                    "resource",
                    names.resources,
                    f'did you mean "{near}"?' if near else "add it under resources:",
                )
        record.values["resources"] = tuple(key for key in record.values["resources"] if key in names.resources)

    def _step(self, record: Record, complexity: str) -> Step | None:
        """The typed step, by the channel of its task where none is written (C7).

        None when a key without which it means nothing is missing or wrong.
        """
        values = record.values
        if not all(name in values for name in ("id", "when", "purpose")):
            return None
        every = values.get("every")
        stage = values.get("stage") or _stage_of(values["when"])
        if stage is None and not values.get("any_stage") and "stage" not in record.nodes:
            self.add(record.node, f'the step "{values["id"]}" has no stage:', "add stage:, or any_stage: true")
            return None
        condition = values.get("if")
        return Step(
            id=values["id"],
            purpose=values["purpose"],
            goal=values.get("goal", ""),
            gives=values.get("gives", ""),
            stage=Stage(stage) if stage else None,
            when=values["when"],
            every=every if isinstance(every, Duration) else None,
            cycle=every == CYCLE,
            until=values.get("until", ""),
            window=values.get("window", (0, 0)),
            deadline=values.get("deadline", ""),
            any_stage=values.get("any_stage", False),
            any_day=values.get("any_day", False),
            channel=values.get("channel") or task_channel(values["purpose"], complexity),
            fallback=values.get("fallback", ""),
            to=values.get("to", ""),
            extra=values.get("need") == "extra",
            condition=_condition(condition) if isinstance(condition, Record) else Condition(),
            ask=values.get("ask", ()),
            subject=values.get("subject", ""),
            message=values.get("message", ""),
            resources=values.get("resources", ()),
            outcomes=_reactions(values.get("outcomes")),
            line=record.node.line,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Names:
    """What a step may refer to."""

    anchors: frozenset[str]
    resources: frozenset[str]
    purposes: frozenset[str]


_IN_ORDER: Mapping[str, tuple[tuple[str, str], ...]] = {
    "curve": (("dip_start", "trough"), ("trough", "recovered"), ("recovered", "maintenance")),
    "watch": (("min_gap", "max_gap_falling"), ("min_gap", "max_gap_rising")),
    "recovery": (("acknowledge_hours", "acknowledge_hard_hours"),),
    "rhythm": (("due", "late"), ("late", "at_risk"), ("at_risk", "dormant")),
}


def _key_names(node: Node | None) -> list[str]:
    """The names that a mapping gives, also where their values are wrong."""
    return [key.text for key, _ in node.pairs] if isinstance(node, MappingNode) else []


def _chain(name: str, rules: Mapping[str, AnchorRule]) -> list[str]:
    """The anchors that hang on each other, beginning with this one; in a circle it is also the last."""
    path = [name]
    while len(path) <= MOST_DEFAULTS:
        rule = rules.get(path[-1])
        if rule is None or rule.default is None:
            break
        path.append(rule.default.base)
        if path[-1] == name:
            break
    return path


def _stage_of(when: When) -> str | None:
    """The stage that a date names itself."""
    if when.base == TROUGH:
        return Stage.LEARNING
    return when.base if when.base in tuple(STAGES) else None


def _plain(record: Record) -> Mapping[str, Any]:
    """The values of a record with those of the records inside."""
    values = {name: _plain(value) if isinstance(value, Record) else value for name, value in record.values.items()}
    return MappingProxyType(values)


def _condition(record: Record) -> Condition:
    """Facts with their allowed values; the user's own columns stand beside the others, with a prefix."""
    columns = record.values.get("extra", {})
    facts = {name: value for name, value in record.values.items() if name != "extra"}
    return Condition(allowed=MappingProxyType({**facts, **{PREFIX + name: words for name, words in columns.items()}}))


def _reactions(record: Record | None) -> Mapping[str, Reaction]:
    if record is None:
        return MappingProxyType({})
    return MappingProxyType({name: Reaction(**inner.values) for name, inner in record.values.items()})
