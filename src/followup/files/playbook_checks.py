"""What must hold for one step against the rest of its playbook."""

from __future__ import annotations

from dataclasses import dataclass

from followup.core.model.playbook import Playbook, Step
from followup.core.model.purpose import Purpose, Service
from followup.core.model.stage import STAGES, Stage
from followup.errors import Severity
from followup.files.placeholders import OFFERS, slots_of, split_message
from followup.files.playbook_dates import Chart, Place, before
from followup.files.playbook_schema import TROUGH
from followup.files.playbook_values import Record, ValueReader
from followup.files.yaml_reader import Node, ScalarNode, SequenceNode, shown


@dataclass(frozen=True, slots=True)
class StepCheck:
    """What must hold for one step against the rest of its playbook."""

    reader: ValueReader
    record: Record
    step: Step
    playbook: Playbook
    chart: Chart
    placeholders: frozenset[str]

    def run(self) -> None:
        """All checks, in the order of the keys."""
        self.purpose_in_stage()
        self.date_in_stage()
        self.repeating()
        self.deadline()
        self.messages()
        self.service_does_not_sell()
        self.referral_window()

    def add(self, key: str, message: str, hint: str, *, severity: Severity = "error") -> None:
        """Note a problem at the value of a key."""
        self.reader.add(self.record.at(key), message, hint, severity=severity)

    @property
    def purpose(self) -> Purpose | None:
        """The purpose, or None when it could not be read."""
        return self.playbook.purposes.get(self.step.purpose)

    @property
    def bound_to(self) -> Stage | None:
        """The stage that the step must stay in, or None."""
        return None if self.step.any_stage else self.step.stage

    def purpose_in_stage(self) -> None:
        """The purpose is allowed in the stage (DOMAIN 1)."""
        stage, purpose = self.bound_to, self.purpose
        if stage is None or purpose is None or not purpose.stages or stage in purpose.stages:
            return
        allowed = ", ".join(purpose.stages)
        self.add("purpose", f"{purpose.name} is not allowed in {stage}", f"it may stand in: {allowed}")

    def date_in_stage(self) -> None:
        """The date lies in the stage, first and last day included, where that is certain."""
        stage = self.bound_to
        if stage is None:
            return
        place, begin, end = self.chart.place(self.step.when), self.chart.begin(stage), self.chart.end(stage)
        if before(place, begin):
            edge = f"begins ({self.chart.stages[stage].begins})"
            self.add("when", f"{self.step.when} lies before {stage} {edge}", self._stage_hint(place))
        elif before(end, place):
            following = STAGES[STAGES.index(stage) + 1]
            edge = f"ends ({self.chart.stages[following].begins})"
            self.add("when", f"{self.step.when} lies after {stage} {edge}", self._stage_hint(place))

    def _stage_hint(self, place: Place | None) -> str:
        for stage in STAGES:
            begin, end = self.chart.begin(stage), self.chart.end(stage)
            if begin is None or begin.root != (place.root if place else "") or before(place, begin):
                continue
            if stage is not STAGES[-1] and (end is None or not before(place, end)):
                continue
            return f"write stage: {stage}, or any_stage: true"
        return "write any_stage: true if it hangs on a date, whatever the stage"

    def repeating(self) -> None:
        """`every`, `until` and `cycle` make sense together."""
        step = self.step
        if step.until and not step.repeating:
            self.add("until", "until: goes with every:", "add every: 7d, or write deadline:")
        if step.until and before(self.chart.anchor(step.until), self.chart.place(step.when)):
            self.add(
                "until",
                f"{step.until} lies before {step.when}: the step never happens",
                "choose a later anchor",
            )
        if step.cycle and (step.when.base in (*STAGES, TROUGH)):
            self.add(
                "every",
                f"every: cycle needs an anchor in when:, and {step.when.base} is none",
                "write every: 180d",
            )
        if step.every is not None and step.deadline:
            self.add(
                "deadline",
                "every: and deadline: do not go together",
                "write until: for the last date of a repeat",
            )

    def deadline(self) -> None:
        """The date does not lie past its own deadline."""
        step = self.step
        if step.deadline and before(self.chart.anchor(step.deadline), self.chart.place(step.when)):
            self.add(
                "deadline",
                f"{step.when} lies after its deadline, {step.deadline}",
                f"write when: {step.deadline}-30",
            )

    def messages(self) -> None:
        """Every placeholder in a text for the customer exists."""
        for key in ("ask", "subject", "message"):
            node = self.record.nodes.get(key)
            for item in node.items if isinstance(node, SequenceNode) else (node,):
                if item is not None:
                    self._message(item)

    def _message(self, node: Node) -> None:
        """Braces and names of a text for the customer; each problem at its place in the file."""
        if not isinstance(node, ScalarNode):
            return
        _, faults = split_message(node.text, known=self.placeholders)
        raw = self.reader.text[node.begin : node.end]
        cursor = 0
        for fault in faults:
            found = raw.find(fault.token, cursor)
            line, column = node.line, node.column
            if found >= 0:
                cursor = found + len(fault.token)
                line, column = self.reader.lines.position(node.begin + found)
            self.reader.add_at(line, column, fault.message, fault.hint, value=shown(fault.token))

    def service_does_not_sell(self) -> None:
        """A contact that does a service makes no offer (A2)."""
        if self.purpose is None or self.purpose.service is Service.NONE:
            return
        for key in ("subject", "message"):
            for name in OFFERS.intersection(slots_of(getattr(self.step, key))):
                message = f"a contact for {self.purpose.service} must not sell, and {{{name}}} is an offer"
                self.add(key, message, "move the offer to a step with the purpose persuasive")

    def referral_window(self) -> None:
        """A referral is asked for early in novelty or late in effectiveness (B32)."""
        if self.step.purpose != "lead_generation":
            return
        place, stage = self.chart.place(self.step.when), self.bound_to
        if place is None or stage not in (Stage.NOVELTY, Stage.EFFECTIVENESS):
            return
        first, last = place.later(self.step.window[0]), place.later(self.step.window[1])
        if stage is Stage.NOVELTY:
            limit = _half_way(self.chart.anchor("live") or self.chart.begin(stage), self.chart.end(stage))
            where, outside, partly = "the first half of novelty", before(limit, first), before(limit, last)
        else:
            limit = _half_way(self.chart.begin(stage), self.chart.end(stage))
            where, outside, partly = (
                "the second half of effectiveness",
                before(last, limit),
                before(first, limit),
            )
        if outside or partly:
            part = "lies" if outside else "reaches"
            message = f"the window of a referral {part} outside {where}"
            hint = "move the date" if outside else "narrow the window"
            self.add(
                "window" if "window" in self.record.nodes else "when",
                message,
                hint,
                severity="error" if outside else "warning",
            )


def _half_way(begin: Place | None, end: Place | None) -> Place | None:
    if begin is None or end is None or begin.root != end.root:
        return None
    return Place(begin.root, (begin.low + end.low) / 2, (begin.high + end.high) / 2)
