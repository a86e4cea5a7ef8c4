"""What commands give back. Each field is a field of the JSON contract; `render` shows them to people.

A result names its JSON schema in `SCHEMA`; every result carries `today`, the day the command took as today.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from types import MappingProxyType
from typing import ClassVar

from followup.core.model.touchpoint import Reason
from followup.errors import Problem

NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The day the command took as today, and what it wants said beside its data."""

    SCHEMA: ClassVar[str] = "followup.result/1"
    today: date
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TouchpointView:
    """A touchpoint as it is shown. `priority` and `mood` are whole numbers 0-100; `mood` is estimated."""

    id: int | None = None
    customer: str | None = None
    customer_key: str | None = None
    contact: str | None = None
    sale: int | None = None
    product: str | None = None
    playbook: str
    step: str
    occurrence: int
    stage: str
    purpose: str
    service: str
    channel: str
    due_on: date | None
    opens_on: date | None
    closes_on: date | None
    status: str
    days_overdue: int = 0
    lane: int = 3
    priority: int = 0
    mood: int | None = None
    trend: str | None = None
    goal: str = ""
    gives: str = ""
    ask: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    folded_count: int = 0
    agreed_time: time | None = None
    reach: str = ""  # the phone number, address or the like for this channel
    why_now: str = ""  # one short clause, for example "2 days late; mood is falling"
    stage_day: int | None = None  # "learning, day 16 of 59" is stage_day 16, stage_days 59
    stage_days: int | None = None
    deadline_on: date | None = None
    last_words: str = ""  # what the customer last said
    done_on: date | None = None
    by_hand: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DueList(Result):
    """Today's list: lanes, then priority; one line per customer unless unfolded. Coming items come after due ones."""

    SCHEMA: ClassVar[str] = "followup.due/1"
    items: tuple[TouchpointView, ...]
    hidden_count: int = 0  # due, but beyond the limit
    done_today: int = 0
    due_count: int = 0
    next_due_on: date | None = None  # the next day on which something is due, when nothing is due now
    customer_count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactView:
    """A person at a customer."""

    id: int
    name: str
    first_name: str
    role: str
    email: str
    phone: str
    channel: str
    do_not_contact: bool
    is_main: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerView:
    """A customer's own facts."""

    id: int
    key: str
    name: str
    company: str
    kind: str
    country: str
    subdivision: str
    timezone: str
    usage: str
    tier: str
    tags: tuple[str, ...]
    do_not_contact: bool
    notes: str
    extra: Mapping[str, str]
    external_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityView:
    """A recorded fact."""

    id: int
    kind: str
    on: date
    direction: str
    channel: str
    outcomes: tuple[str, ...]
    note: str
    score: int | None
    minutes: int | None
    step: str
    occurrence: int
    purpose: str
    to_on: date | None = None
    milestone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernView:
    """A doubt of a customer."""

    id: int
    sale: int
    customer: str
    customer_key: str
    text: str
    severity: str
    category: str
    opened_on: date
    resolved_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseView:
    """Something we owe a customer."""

    id: int
    sale: int
    customer: str
    customer_key: str
    text: str
    by: date
    done_on: date | None
    told_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanView:
    """The days [begin, end) of a stage; null while unknown or open."""

    begin: date | None
    end: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveView:
    """The motivation curve: levels 0-1, days from the start of use."""

    novelty_level: float
    effectiveness_level: float
    depth: float
    dip_starts: float
    trough: float
    recovered: float
    effort: float = 0.5
    concerns: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MoodView:
    """Estimated motivation, 0-100: the model, what evidence says, and the estimate.

    `measured` is the last score, given on `measured_on`; `label` is `measured` for a week after it, else `estimated`
    (E13).
    """

    model: int
    evidence: int | None
    estimate: int
    measured_on: date | None
    measured: int | None = None
    label: str = "estimated"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingView:
    """What was heard about the mood: 0-100, and how much it weighs today (a fresh score weighs 1)."""

    on: date
    value: int
    weight: float
    source: str
    measured: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleView:
    """One sale with its plan."""

    id: int
    product: str
    playbook: str
    goal: str
    stage: str
    stage_day: int | None
    stage_days: int | None
    stages: Mapping[str, SpanView]
    anchors: Mapping[str, date | None]
    assumed_anchors: tuple[str, ...]  # anchors that follow from a default, not from a recorded date
    curve: CurveView | None
    mood: MoodView | None
    mood_line: tuple[tuple[int, float], ...]  # (day of use, 0-1), for drawing
    live_on: date | None
    strength: int | None
    trend: str | None
    touchpoints: tuple[TouchpointView, ...]
    activities: tuple[ActivityView, ...]
    concerns: tuple[ConcernView, ...]
    promises: tuple[PromiseView, ...]
    flags: tuple[Reason, ...] = ()  # what to look at: stuck, silent, on_hold, complacency, low_mood, ...
    understood: str | None = None  # yes or no, as they said last; it says nothing about mood
    understood_on: date | None = None
    value: float | None = None  # what it is worth, as the other tool says
    external_id: str = ""  # its id in the other tool
    extra: Mapping[str, str] = field(default_factory=dict)  # columns of its table that followup does not know


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerPage(Result):
    """Everything about one customer (`show`)."""

    SCHEMA: ClassVar[str] = "followup.customer/1"
    customer: CustomerView
    contacts: tuple[ContactView, ...]
    sales: tuple[SaleView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListItem:
    """One sale in the list of customers, or a customer without one; `next` is its next open touchpoint."""

    customer: str
    customer_key: str
    sale: int | None = None
    product: str | None = None
    playbook: str | None = None
    stage: str | None = None
    stage_day: int | None = None
    stage_days: int | None = None
    mood: int | None = None
    strength: int | None = None
    trend: str | None = None
    tier: str
    tags: tuple[str, ...]
    last_contact_on: date | None = None
    next: TouchpointView | None = None
    flags: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerList(Result):
    """Customers with where they stand (`list`)."""

    SCHEMA: ClassVar[str] = "followup.list/1"
    items: tuple[ListItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference between the plan before and after: added, moved or dropped."""

    step: str
    occurrence: int
    change: str
    from_on: date | None  # `from` in JSON
    to_on: date | None  # `to` in JSON
    reason: str
    customer: str | None = None
    customer_key: str | None = None
    status: str | None = None  # of what was dropped and is still in the plan: held, absorbed, expired


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded(Result):
    """What done, skip, snooze and the like changed, and what comes next."""

    SCHEMA: ClassVar[str] = "followup.done/1"
    verb: str  # "done", "skipped", "snoozed", ...
    customer: str
    customer_key: str
    activity: ActivityView | None
    next: tuple[TouchpointView, ...] = ()
    changes: tuple[Change, ...] = ()
    already: bool = False
    dry_run: bool = False
    said: tuple[str, ...] = ()  # sentences for people: what was recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class Written(Result):
    """What a writing command (add, sale add, contact add, concern, anchor, set, undo, config set ...) did."""

    SCHEMA: ClassVar[str] = "followup.written/1"
    command: str
    said: tuple[str, ...]  # sentences for people
    customer: str | None = None
    customer_key: str | None = None
    sale: int | None = None
    id: int | None = None
    next: tuple[TouchpointView, ...] = ()
    changes: tuple[Change, ...] = ()
    dry_run: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned(Result):
    """What `plan` brought up to date."""

    SCHEMA: ClassVar[str] = "followup.plan/1"
    sales_count: int
    touchpoints_count: int
    changes: tuple[Change, ...]
    rebuilt: bool = False
    dry_run: bool = False
    said: tuple[str, ...] = ()  # what left the list by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Why(Result):
    """Every rule and number behind one touchpoint (`why`). `priority_parts` are the addends of DOMAIN 4.9."""

    SCHEMA: ClassVar[str] = "followup.why/1"
    touchpoint: TouchpointView
    reasons: tuple[Reason, ...]
    curve: CurveView | None
    mood: MoodView | None
    priority_parts: Mapping[str, float]
    factors: Mapping[str, float]  # prevention, education, feedback
    assumptions: tuple[str, ...]  # which of the numbers are conventions
    would_change: tuple[str, ...]  # what would move the date
    lane_reason: str = ""  # why this lane
    priority_reasons: tuple[Reason, ...] = ()  # the same addends in words, rule = name of the part
    readings: tuple[ReadingView, ...] = ()  # oldest first
    effort: tuple[Reason, ...] = ()  # what counted as early effort, and what did not
    strength: int | None = None  # of the relationship, 0-100; null before maintenance
    stability_days: float | None = None  # days until strength has fallen to 90
    strength_since: date | None = None  # the day from which it falls
    flags: tuple[Reason, ...] = ()  # what to look at about the whole sale
    understood: str | None = None  # yes or no, as they said last; it says nothing about mood
    understood_on: date | None = None
    notes: str = ""  # the customer's personal notes


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """One row that was not taken."""

    line: int
    column: str
    value: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """A field of somebody known that an import gave another value."""

    customer: str
    customer_key: str
    field: str
    old: str
    new: str
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How a table file was read."""

    encoding: str
    delimiter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleRow:
    """One row of a table as it is about to be taken: field -> cell."""

    line: int
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPreview(Result):
    """What an import is about to do: which column is what, with the first rows. Nothing was changed yet."""

    SCHEMA: ClassVar[str] = "followup.import_preview/1"
    source: str
    kind: str
    rows: int
    rejected_count: int
    mapping: Mapping[str, str]
    unmapped: tuple[str, ...]
    samples: tuple[SampleRow, ...]
    dialect: Dialect


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported(Result):
    """What an import did.

    `created`, `updated`, `unchanged` and `skipped` count customers, or what else `kind` says. Of many rejected rows
    and changed fields the first ones are listed and all are counted.
    """

    SCHEMA: ClassVar[str] = "followup.import/1"
    source: str
    rows: int
    created: int
    updated: int
    unchanged: int
    skipped: int
    sales_created: int
    rejected: tuple[Rejected, ...]
    mapping: Mapping[str, str]
    unmapped: tuple[str, ...]
    dialect: Dialect
    without_sale: int = 0
    rejects_file: str | None = None
    dry_run: bool = False
    kind: str = "customers"
    rejected_count: int = 0
    changes: tuple[FieldChange, ...] = ()
    changes_count: int = 0
    samples: tuple[SampleRow, ...] = ()
    map_file: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview(Result):
    """A playbook's plan without any data file."""

    SCHEMA: ClassVar[str] = "followup.preview/1"
    playbook: str
    title: str
    stages: Mapping[str, SpanView]
    anchors: Mapping[str, date | None]
    assumed_anchors: tuple[str, ...]
    curve: CurveView | None
    mood: tuple[tuple[int, float], ...]
    live_on: date | None
    factors: Mapping[str, float]
    touchpoints: tuple[TouchpointView, ...]
    left_out: tuple[Reason, ...] = ()  # rule = step id, text = why the step is not planned


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaybookLine:
    """One known playbook."""

    playbook: str
    title: str
    complexity: str
    steps_count: int
    source: str  # "shipped", or the file
    sales_count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaybookList(Result):
    """The playbooks that can be named."""

    SCHEMA: ClassVar[str] = "followup.playbooks/1"
    items: tuple[PlaybookLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """One step as written."""

    step: str
    stage: str | None
    when: str
    every: str | None
    window: tuple[int, int]
    channel: str
    purpose: str
    service: str
    need: str
    goal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaybookPage(Result):
    """One playbook: stages, steps, curve."""

    SCHEMA: ClassVar[str] = "followup.playbook/1"
    playbook: str
    title: str
    goal: str
    kpi: str
    complexity: str
    life_cycle: str
    extensiveness: str
    source: str
    anchors: Mapping[str, str]
    stages: Mapping[str, str]
    first_result: str
    resources: Mapping[str, str]
    steps: tuple[StepLine, ...]
    curve: CurveView | None
    mood: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked(Result):
    """What `playbook check` found."""

    SCHEMA: ClassVar[str] = "followup.check/1"
    files: tuple[str, ...]
    problems: tuple[Problem, ...]
    strict: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """One journal entry: one command that wrote."""

    id: int
    at: str  # UTC instant, ISO
    command: str
    summary: str
    undone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class History(Result):
    """What was written, newest first."""

    SCHEMA: ClassVar[str] = "followup.history/1"
    items: tuple[HistoryLine, ...]
    activities: tuple[ActivityView, ...] = ()
    customer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernList(Result):
    """Concerns, open ones first."""

    SCHEMA: ClassVar[str] = "followup.concerns/1"
    items: tuple[ConcernView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigView(Result):
    """Configuration values that were asked for, by dotted name, and where the file is."""

    SCHEMA: ClassVar[str] = "followup.config/1"
    path: str
    values: Mapping[str, str] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseLine(PromiseView):
    """A promise in the list: what it was born from, what became of an idea, and how it stands.

    `state` is `broken` (past its day and not done), `tell` (done, but they were not told), `open`, `kept` or `late`
    (closed, done in time or not).
    """

    about: str
    answer: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseList(Result):
    """Promises, broken ones first. The counts are of all promises asked for, whether listed or not (E18)."""

    SCHEMA: ClassVar[str] = "followup.promises/1"
    items: tuple[PromiseLine, ...]
    kept_count: int = 0
    late_count: int = 0
    broken_count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StageLine:
    """Where one sale stands: its stage, the next one, and what would move it."""

    sale: int
    product: str
    playbook: str
    stage: str
    stage_day: int | None
    stage_days: int | None
    since: date | None
    next_stage: str | None
    next_on: date | None
    flags: tuple[Reason, ...] = ()  # what has moved it, or keeps it
    would_move: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerStages(Result):
    """The stage of each sale of a customer (`stage`)."""

    SCHEMA: ClassVar[str] = "followup.stage/1"
    customer: str
    customer_key: str
    items: tuple[StageLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice(Result):
    """The one thing to do next for a customer (`next`): what, why, and what to type."""

    SCHEMA: ClassVar[str] = "followup.next/1"
    customer: str
    customer_key: str
    touchpoint: TouchpointView | None
    text: str
    reason: str
    command: str
    notes: str = ""  # the customer's personal notes, for the contact itself


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplanItem:
    """One sale that moves to another text: of its playbook (`was` is the same key) or of another one."""

    customer: str
    customer_key: str
    sale: int
    product: str
    was: str
    playbook: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replanned(Result):
    """What `replan` changed; `unchanged_count` sales follow the newest text already."""

    SCHEMA: ClassVar[str] = "followup.replan/1"
    items: tuple[ReplanItem, ...]
    unchanged_count: int = 0
    dry_run: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TunedDay:
    """A day that moves with the dip: a stage or `trough` of `stages:`, or a day of `curve:`.

    `before` and `proposed` are days after the anchor, None where the date does not count such days. `written` is
    how far the steps of the playbook leave room, with the reason in `note`.
    """

    name: str
    text: str
    before: int | None
    proposed: int | None
    written: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TunedChannel:
    """How often people were reached for a purpose on a channel, 0-1; `suggested` only if clearly better."""

    purpose: str
    channel: str
    tried_count: int
    answered_count: int
    rate: float
    usual_rate: float
    suggested: str | None = None
    suggested_rate: float | None = None
    steps: tuple[str, ...] = ()  # those of the playbook that use this channel for this purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class TunedResult:
    """When first results come: the day of use that the playbook expects, and the one the log suggests."""

    expected_day: int
    proposed_day: int
    factor: float
    reached_count: int
    waiting_count: int
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuned(Result):
    """What the user's own log says about a playbook: a proposal, with how sure it is. Depth and rates are 0-1."""

    SCHEMA: ClassVar[str] = "followup.tune/1"
    playbook: str
    title: str
    source: str
    sales_count: int
    customers_count: int
    readings_count: int
    lost_count: int  # customers who left before the trough
    left_out_count: int  # readings in novelty above the curve
    confidence: str  # nothing yet, mostly the playbook, blend or your data
    depth_before: float
    depth_proposed: float
    stretch_before: float
    stretch_proposed: float  # multiplies the days on which the dip starts, is lowest and ends
    days: tuple[TunedDay, ...]
    channels: tuple[TunedChannel, ...]
    first_result: TunedResult
    said: tuple[str, ...] = ()
    path: str | None = None
    diff: tuple[str, ...] = ()
    applied: bool = False
    dry_run: bool = False
