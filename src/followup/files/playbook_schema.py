"""Every key of the playbook language in one table: the reader checks by it, the JSON Schema is made from it.

The numbers of DOMAIN appendix B are taken from `followup.core.numbers`: a new number there is a new key here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from enum import StrEnum
from typing import Any

from followup.core.model.channel import CHANNELS, ROLES
from followup.core.model.outcome import MILESTONES, OUTCOMES
from followup.core.model.playbook import (
    COMPLEXITIES,
    EXTENSIVENESS,
    KINDS,
    KPIS,
    LIFE_CYCLES,
    TIERS,
    USAGES,
)
from followup.core.model.purpose import PURPOSES, Move, Service
from followup.core.model.stage import STAGES
from followup.core.numbers import Numbers

VERSION = 1
KEY_PATTERN = r"[a-z0-9][a-z0-9_-]*"
NAME_PATTERN = r"[a-z][a-z0-9_]*"
AMOUNT_PATTERN = r"[0-9]{1,6}"
DURATION_PATTERN = rf"{AMOUNT_PATTERN}(d|bd|w|m|y)?"
WHEN_PATTERN = rf"{NAME_PATTERN}( *[+-] *{AMOUNT_PATTERN}(d|bd|w|m|y)?)?"
PERCENT_PATTERN = rf"({'|'.join(STAGES)}) *\+ *[0-9]{{1,3}}(\.[0-9]+)?%"
EXTRA_PATTERN = r"[^\s!-/:-@A-Z\[-`{-~]+(_[^\s!-/:-@A-Z\[-`{-~]+)*"  # no class of letters means the same everywhere
NUMBER_PATTERN = r"-?[0-9]{1,9}(\.[0-9]{1,9})?"
HOURS_PATTERN = r"([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-4]):[0-5][0-9]"
YES = ("true", "yes", "on")
NO = ("false", "no", "off")
TROUGH = "trough"
CYCLE = "cycle"
LONGEST_DAYS = 36_600  # a century: longer is a typing error


class Kind(StrEnum):
    """The kinds of value that a key may have."""

    TEXT = "text"
    TEXTS = "texts"
    MESSAGE = "message"
    KEY = "key"
    CHOICE = "choice"
    CHOICES = "choices"
    WORDS = "words"
    REFERENCE = "reference"
    REFERENCES = "references"
    FLAG = "flag"
    WHOLE = "whole"
    NUMBER = "number"
    NUMBERS = "numbers"
    WHOLES = "wholes"
    HOURS = "hours"
    DURATION = "duration"
    DURATIONS = "durations"
    EVERY = "every"
    WINDOW = "window"
    WHEN = "when"
    ANCHOR_WHEN = "anchor_when"
    TABLE = "table"
    NAMED = "named"
    NAMED_TEXTS = "named_texts"
    NAMED_WORDS = "named_words"
    TABLES = "tables"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One key: its name, the kind of its value, what it means, and what is allowed.

    `noun` is what a value is called in a problem. `low` and `high` bound numbers, both included; `length` is
    how many values a list of numbers must have (0 = any). `short` is the key of `table` that a plain text
    stands for.
    """

    name: str
    kind: Kind
    help: str
    required: bool = False
    allowed: tuple[str, ...] = ()
    noun: str = ""
    low: float = 0
    high: float = LONGEST_DAYS
    length: int = 0
    may_be_empty: bool = False
    table: Table | None = None
    short: str = ""

    @property
    def word(self) -> str:
        """What a value of this key is called."""
        return self.noun or self.name.replace("_", " ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The keys that may stand together; `moved` says what to write instead of keys from elsewhere.

    `besides` is what a hint says where an unknown key looks like none of these.
    """

    name: str
    fields: tuple[Field, ...]
    moved: Mapping[str, str] = field(default_factory=dict)
    besides: str = ""

    def get(self, name: str) -> Field | None:
        """The key of this name, or None."""
        return next((known for known in self.fields if known.name == name), None)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all keys."""
        return tuple(known.name for known in self.fields)


# The numbers of DOMAIN appendix B.

_RANGES: Mapping[str, tuple[float, float]] = {
    "curve.novelty": (0.1, 1),
    "curve.effectiveness": (0.1, 1),
    "curve.depth": (0, 0.95),
    "curve.effort": (0, 1),
    "curve.concerns": (0, 1),
    "curve": (0, 3650),
    "watch.theta": (0.1, 100),
    "watch.falling_factor": (0.1, 10),
    "watch.absorb_days": (0, 365),
    "watch": (1, 365),
    "maintenance.target": (0.1, 0.99),
    "maintenance.growth": (0.1, 10),
    "maintenance": (1, 3650),
    "modifiers": (0.1, 10),
    "contact.caps_90_days": (0, 90),
    "contact.pressure_email_when_calls": (0, 90),
    "contact.min_gap_days": (0, 90),
    "retry.routine.tries": (1, 20),
    "retry.urgent.tries": (1, 20),
    "retry": (0, 365),
    "recovery.acknowledge_hours": (1, 720),
    "recovery.acknowledge_hard_hours": (1, 720),
    "recovery": (0, 3650),
    "feedback.low_score_callback_hours": (1, 720),
    "feedback.max_questions": (1, 10),
    "feedback": (1, 3650),
    "lead_generation": (0, 3650),
    "evidence.prior_weight": (0, 100),
    "evidence": (1, 3650),
    "readings": (0, 1),
    "rhythm": (0, 100),
    "effort_weights": (0, 10),
    "renewal_chain": (1, 3650),
}
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FLAT = "write the numbers without it: they hold for every complexity"


def _range(path: str) -> tuple[float, float]:
    while path:
        if path in _RANGES:
            return _RANGES[path]
        path = path.rpartition(".")[0]
    return 0, LONGEST_DAYS


def _number(path: str, value: Any, kind: str) -> Field:
    """The key for one number; `value` is its default, `kind` its annotation in `followup.core.numbers`."""
    name = path.rpartition(".")[2]
    low, high = _range(path)
    text = f"{name.replace('_', ' ')}; default {_default(value)}"
    if is_dataclass(value):
        return Field(name=name, kind=Kind.TABLE, help=_first_sentence(value), table=_numbers(path, value))
    if isinstance(value, Mapping):
        inner = "float" if "float" in kind else "int"
        inner = f"tuple[{inner}, ...]" if "tuple" in kind else inner
        keys = tuple(_number(f"{path}.{key}", item, inner) for key, item in value.items())
        return Field(name=name, kind=Kind.TABLE, help=name.replace("_", " "), table=Table(name=name, fields=keys))
    if isinstance(value, bool):
        return Field(name=name, kind=Kind.FLAG, help=text)
    if isinstance(value, str):
        return Field(name=name, kind=Kind.HOURS, help=text)
    if isinstance(value, tuple):
        if isinstance(value[0], str):
            return Field(name=name, kind=Kind.CHOICES, help=text, allowed=_WEEKDAYS, noun="weekday")
        if "float" in kind:
            return Field(name=name, kind=Kind.NUMBERS, help=text, low=low, high=high, length=len(value))
        return Field(name=name, kind=Kind.WHOLES, help=text, low=low, high=high, may_be_empty=name == "voicemail_on")
    return Field(name=name, kind=Kind.WHOLE if kind == "int" else Kind.NUMBER, help=text, low=low, high=high)


def _default(value: Any) -> str:
    return "[" + ", ".join(str(item) for item in value) + "]" if isinstance(value, tuple) else str(value)


def _first_sentence(section: Any) -> str:
    return (type(section).__doc__ or "").partition("\n")[0].partition(". ")[0].rstrip(".")


def _numbers(path: str, section: Any) -> Table:
    keys = tuple(
        _number(f"{path}.{known.name}", getattr(section, known.name), str(known.type)) for known in fields(section)
    )
    return Table(name=path.rpartition(".")[2], fields=keys)


def _sections() -> tuple[Field, ...]:
    """The top-level sections with numbers, under the names of appendix B, nested or on their own."""
    defaults = Numbers()
    found = {
        known.name: _number(known.name, getattr(defaults, known.name), str(known.type)) for known in fields(defaults)
    }
    curve = found["curve"].table
    assert curve is not None
    weights = Table(
        name="effort_weights",
        fields=tuple(
            Field(name=name, kind=Kind.NUMBER, help=f"default {purpose.effort:g}", low=0, high=10)
            for name, purpose in PURPOSES.items()
            if purpose.effort
        ),
    )
    effort_weights = Field(
        name="effort_weights",
        kind=Kind.TABLE,
        help="How much a kept early contact counts, by purpose",
        table=weights,
    )
    whole_curve = Table(
        name="curve",
        fields=(*curve.fields, effort_weights, found["evidence"], found["readings"]),
        moved={"presets": _FLAT},
    )
    watch = found["watch"].table
    assert watch is not None
    by_complexity = dict.fromkeys(COMPLEXITIES, _FLAT)
    replaced = {
        "curve": Field(
            name="curve",
            kind=Kind.TABLE,
            help="The motivation curve: levels 0-1, days of use",
            table=whole_curve,
        ),
        "watch": Field(
            name="watch",
            kind=Kind.TABLE,
            help=found["watch"].help,
            table=Table(name="watch", fields=watch.fields, moved=by_complexity),
        ),
    }
    top = {**found, **replaced, "effort_weights": effort_weights}
    for name in ("effort", "concerns"):
        nested = curve.get(name)
        assert nested is not None
        top[name] = nested
    return tuple(top.values())


NUMBER_SECTIONS = _sections()

# The language itself.

ANCHOR = Table(
    name="anchor",
    fields=(
        Field(name="says", kind=Kind.TEXT, help="What this date means, in plain words"),
        Field(name="default", kind=Kind.ANCHOR_WHEN, help="How to guess the date while it is unknown: sale+1y"),
        Field(name="repeats", kind=Kind.DURATION, help="After how long the date comes again: 1y", low=1),
    ),
)
STAGE = Table(
    name="stage",
    fields=(
        Field(name="from", kind=Kind.ANCHOR_WHEN, help="The first day of the stage: live+7", required=True),
        Field(name="trough", kind=Kind.ANCHOR_WHEN, help="Only for learning: the lowest day of the dip: live+28"),
    ),
    moved={"to": "delete it: a stage ends where the next begins"},
)
STAGE_TABLE = Table(
    name="stages",
    fields=tuple(
        Field(name=stage.value, kind=Kind.TABLE, help=f"Where {stage.value} begins", table=STAGE) for stage in STAGES
    ),
)
RESOURCE = Table(
    name="resource",
    fields=(
        Field(name="title", kind=Kind.TEXT, help="What it is called", required=True),
        Field(
            name="mode",
            kind=Kind.CHOICE,
            help="passive: they read or watch; active: a person helps",
            allowed=("passive", "active"),
        ),
        Field(name="form", kind=Kind.TEXT, help="video, manual, guide, qa, help_desk, class, case_study, ..."),
        Field(name="link", kind=Kind.TEXT, help="Where it is found"),
        Field(name="fee", kind=Kind.FLAG, help="Whether it costs the customer something"),
    ),
)
REACTION = Table(
    name="outcome",
    fields=(
        Field(name="says", kind=Kind.TEXT, help="Words for the seller"),
        Field(name="check", kind=Kind.DURATION, help="Look again after this time: 3d", low=1),
        Field(name="retry", kind=Kind.DURATIONS, help="When to try again: [2bd, 5bd]; [] means never"),
        Field(name="recovery", kind=Kind.FLAG, help="Whether the recovery chain starts"),
        Field(name="milestone", kind=Kind.CHOICE, help="The milestone that is reached", allowed=MILESTONES),
    ),
)
OUTCOME_TABLE = Table(
    name="outcomes",
    fields=tuple(
        Field(
            name=outcome,
            kind=Kind.TABLE,
            help=f"What {outcome} leads to",
            table=REACTION,
            short="says",
            noun="outcome",
        )
        for outcome in OUTCOMES
    ),
)
CONDITION = Table(
    name="if",
    fields=(
        Field(name="usage", kind=Kind.CHOICES, help="How much the customer uses it", allowed=USAGES),
        Field(name="tier", kind=Kind.CHOICES, help="The customer's tier", allowed=TIERS),
        Field(name="life_cycle", kind=Kind.CHOICES, help="Of the product on the market", allowed=LIFE_CYCLES),
        Field(
            name="extensiveness",
            kind=Kind.CHOICES,
            help="Contact the purchase brings by itself",
            allowed=EXTENSIVENESS,
        ),
        Field(name="complexity", kind=Kind.CHOICES, help="Of the sale", allowed=COMPLEXITIES),
        Field(name="kind", kind=Kind.CHOICES, help="Who bought", allowed=KINDS),
        Field(name="tag", kind=Kind.WORDS, help="One of the customer's tags"),
        Field(
            name="extra",
            kind=Kind.NAMED_WORDS,
            help="Columns of your own table, by plain name: {plan_tier: [gold, silver]}",
            noun="column",
        ),
    ),
    besides="a column of your own table goes under extra:",
)
PURPOSE = Table(
    name="purpose",
    fields=(
        Field(
            name="stages",
            kind=Kind.CHOICES,
            help="The stages in which it is allowed",
            required=True,
            allowed=tuple(STAGES),
            noun="stage",
        ),
        Field(name="service", kind=Kind.CHOICE, help="The service it does", allowed=tuple(Service)),
        Field(name="move", kind=Kind.CHOICE, help="What it does for the customer", allowed=tuple(Move)),
        Field(name="weight", kind=Kind.NUMBER, help="Its weight in the due list, 0-1; default 0.5", high=1),
        Field(name="selling", kind=Kind.FLAG, help="Whether it sells or asks a favour"),
        Field(name="solicited", kind=Kind.FLAG, help="Whether the customer expects it; then no cap counts it"),
        Field(name="effort", kind=Kind.NUMBER, help="How much it counts as early effort", high=10),
    ),
)
STEP = Table(
    name="step",
    fields=(
        Field(name="id", kind=Kind.KEY, help="Names the step; unique in the file", required=True),
        Field(name="stage", kind=Kind.CHOICE, help="The stage it belongs to", allowed=tuple(STAGES)),
        Field(
            name="when",
            kind=Kind.WHEN,
            help="An anchor, a stage or trough, then +N or -N with d, bd, w, m, y; or learning+25%",
            required=True,
        ),
        Field(name="window", kind=Kind.WINDOW, help="Days before and after that are still fine: [-2, 2]"),
        Field(
            name="every",
            kind=Kind.EVERY,
            help="Comes again after this time (180d), or with its anchor (cycle)",
        ),
        Field(name="until", kind=Kind.REFERENCE, help="The anchor at which repeating ends", noun="anchor"),
        Field(name="deadline", kind=Kind.REFERENCE, help="The anchor past which it must not move", noun="anchor"),
        Field(name="any_stage", kind=Kind.FLAG, help="Hangs on its date, whatever the stage"),
        Field(name="any_day", kind=Kind.FLAG, help="May fall on a weekend or holiday"),
        Field(
            name="channel",
            kind=Kind.CHOICE,
            help="How to make contact; left out, it follows from the purpose and the complexity of the playbook",
            allowed=CHANNELS,
        ),
        Field(
            name="fallback",
            kind=Kind.CHOICE,
            help="The channel for the second try",
            allowed=CHANNELS,
            noun="channel",
        ),
        Field(
            name="to",
            kind=Kind.CHOICE,
            help="The role it is meant for; default the main contact",
            allowed=ROLES,
            noun="role",
        ),
        Field(name="purpose", kind=Kind.REFERENCE, help="Why we make contact", required=True),
        Field(
            name="need",
            kind=Kind.CHOICE,
            help="core: always planned; extra: comes in by profile",
            allowed=("core", "extra"),
        ),
        Field(name="if", kind=Kind.TABLE, help="Plain conditions on facts; all must hold", table=CONDITION),
        Field(name="goal", kind=Kind.TEXT, help="What the contact is to reach", required=True),
        Field(name="gives", kind=Kind.TEXT, help="What the customer gets out of it", required=True),
        Field(name="ask", kind=Kind.TEXTS, help="One to three questions, open and about behaviour"),
        Field(name="subject", kind=Kind.MESSAGE, help="The subject line of a written message"),
        Field(name="message", kind=Kind.MESSAGE, help="The draft, with {placeholders}"),
        Field(name="resources", kind=Kind.REFERENCES, help="What is handed over, by key", noun="resource"),
        Field(name="outcomes", kind=Kind.TABLE, help="What to do after each outcome", table=OUTCOME_TABLE),
    ),
    moved={
        "extra": "write need: extra",
        "needs": "delete it: the gates hold by themselves; conditions on facts go under if:",
        "service": "delete it: the service follows from the purpose",
        "on": "write when:",
        "date": "write when:",
        "questions": "write ask:",
        "role": "write to:",
    },
)
PLAYBOOK = Table(
    name="playbook",
    fields=(
        Field(name="playbook", kind=Kind.KEY, help="The key of the playbook: a-z, 0-9, _ and -", required=True),
        Field(name="version", kind=Kind.WHOLE, help="The version of this language", low=VERSION, high=VERSION),
        Field(name="title", kind=Kind.TEXT, help="What it is for, in one line", required=True),
        Field(name="goal", kind=Kind.TEXT, help="What following it is to reach"),
        Field(name="kpi", kind=Kind.CHOICE, help="The one scale it is judged by", allowed=KPIS),
        Field(
            name="complexity",
            kind=Kind.CHOICE,
            help="Presets for curve, watch and gaps",
            allowed=COMPLEXITIES,
        ),
        Field(name="life_cycle", kind=Kind.CHOICE, help="Of the product on the market", allowed=LIFE_CYCLES),
        Field(
            name="extensiveness",
            kind=Kind.CHOICE,
            help="Contact that the purchase brings by itself",
            allowed=EXTENSIVENESS,
        ),
        Field(
            name="anchors",
            kind=Kind.NAMED,
            help="Every date a step may hang on; sale and live always exist",
            table=ANCHOR,
            short="says",
            noun="anchor",
        ),
        Field(
            name="stages",
            kind=Kind.TABLE,
            help="Where each stage begins; left out ones follow from the complexity",
            table=STAGE_TABLE,
            noun="stage",
        ),
        Field(name="first_result", kind=Kind.TEXT, help="How to tell that the customer has a first result"),
        Field(name="resources", kind=Kind.NAMED, help="What can be handed over", table=RESOURCE, noun="resource"),
        Field(
            name="placeholders",
            kind=Kind.NAMED_TEXTS,
            help="Own words to be typed when drafting",
            noun="placeholder",
        ),
        Field(name="purposes", kind=Kind.NAMED, help="Own purposes", table=PURPOSE, noun="purpose"),
        *NUMBER_SECTIONS,
        Field(name="steps", kind=Kind.TABLES, help="The contacts, in any order", required=True, table=STEP),
    ),
    moved={
        "touchpoints": "write steps:",
        "short_lead": "delete it: offsets are squeezed where anchors lie close together",
        "key": "write playbook:",
        "name": "write playbook: for the key and title: for the words",
    },
)


def every_key(table: Table = PLAYBOOK, path: str = "") -> Iterator[tuple[str, Field]]:
    """Every key of the language with its path, such as ("steps.when", Field), in the order of the table."""
    for known in table.fields:
        here = f"{path}.{known.name}" if path else known.name
        yield here, known
        if known.table is not None:
            yield from every_key(known.table, here)


# JSON Schema, so that editors complete and check while typing. Editors read YAML with numbers and booleans,
# so both spellings are allowed where followup takes text.

Schema = dict[str, Any]


def playbook_json_schema() -> Schema:
    """The JSON Schema (2020-12) of a playbook file, made from the table above."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"followup playbook, version {VERSION}",
        **_object(PLAYBOOK),
    }


def _object(table: Table) -> Schema:
    schema: Schema = {
        "type": "object",
        "properties": {known.name: _described(known) for known in table.fields},
        "additionalProperties": False,
    }
    if required := [known.name for known in table.fields if known.required]:
        schema["required"] = required
    return schema


def _described(known: Field) -> Schema:
    return {"description": known.help, **_value(known)}


def _pattern(pattern: str) -> Schema:
    return {"type": "string", "pattern": f"^({pattern})$"}


def _or_list(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "array", "items": schema}]}


def _numeric(known: Field) -> Schema:
    kind = "integer" if known.kind in (Kind.WHOLE, Kind.WHOLES) else "number"
    return {"type": kind, "minimum": known.low, "maximum": known.high}


_TEXT: Schema = {"type": ["string", "number", "boolean"]}
_DAYS: Schema = {"type": "integer", "minimum": 0, "maximum": LONGEST_DAYS}
_DURATION: Schema = {"anyOf": [_DAYS, _pattern(DURATION_PATTERN)]}
_PLAIN: Mapping[Kind, Schema] = {
    Kind.TEXT: _TEXT,
    Kind.MESSAGE: _TEXT,
    Kind.TEXTS: _or_list(_TEXT),
    Kind.WORDS: _or_list(_TEXT),
    Kind.KEY: _pattern(KEY_PATTERN),
    Kind.FLAG: {"anyOf": [{"type": "boolean"}, {"enum": [*YES, *NO]}]},
    Kind.HOURS: _pattern(HOURS_PATTERN),
    Kind.DURATION: _DURATION,
    Kind.DURATIONS: _or_list(_DURATION),
    Kind.EVERY: {"anyOf": [{"const": CYCLE}, *_DURATION["anyOf"]]},
    Kind.WHEN: {"anyOf": [_pattern(WHEN_PATTERN), _pattern(PERCENT_PATTERN)]},
    Kind.ANCHOR_WHEN: _pattern(WHEN_PATTERN),
    Kind.WINDOW: {
        "anyOf": [
            _DAYS,
            {
                "type": "array",
                "prefixItems": [
                    {"type": "integer", "minimum": -LONGEST_DAYS, "maximum": 0},
                    {"type": "integer", "minimum": 0, "maximum": LONGEST_DAYS},
                ],
                "minItems": 2,
                "maxItems": 2,
            },
        ]
    },
}


def _value(known: Field) -> Schema:
    match known.kind:
        case Kind.CHOICE:
            return {"enum": list(known.allowed)}
        case Kind.CHOICES:
            return _or_list({"enum": list(known.allowed)})
        case Kind.REFERENCE if known.name == "purpose":
            return {"anyOf": [{"enum": list(PURPOSES)}, _pattern(NAME_PATTERN)]}
        case Kind.REFERENCE:
            return _pattern(NAME_PATTERN)
        case Kind.REFERENCES:
            return _or_list(_pattern(KEY_PATTERN))
        case Kind.WHOLE | Kind.NUMBER:
            return _numeric(known)
        case Kind.NUMBERS | Kind.WHOLES:
            least = 0 if known.may_be_empty else 1
            exact = {"minItems": known.length, "maxItems": known.length} if known.length else {"minItems": least}
            return {"type": "array", "items": _numeric(known), **exact}
        case Kind.NAMED_TEXTS:
            return {"type": "object", "propertyNames": _pattern(NAME_PATTERN), "additionalProperties": _TEXT}
        case Kind.NAMED_WORDS:
            word = {**_TEXT, "pattern": r"\S"}
            words = {"anyOf": [word, {"type": "array", "minItems": 1, "items": word}]}
            return {"type": "object", "propertyNames": _pattern(EXTRA_PATTERN), "additionalProperties": words}
        case Kind.TABLES:
            assert known.table is not None
            return {"type": "array", "minItems": 1, "items": _object(known.table)}
        case Kind.TABLE | Kind.NAMED:
            assert known.table is not None
            inner = _object(known.table)
            value = {"anyOf": [_TEXT, inner]} if known.short else inner
            if known.kind is Kind.TABLE:
                return value
            names = KEY_PATTERN if known.name == "resources" else NAME_PATTERN
            return {"type": "object", "propertyNames": _pattern(names), "additionalProperties": value}
        case _:
            return dict(_PLAIN[known.kind])
