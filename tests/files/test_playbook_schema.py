"""One table of keys: the reader and the JSON Schema never disagree."""

from __future__ import annotations

import json
import re
from dataclasses import fields, is_dataclass
from typing import Any

import pytest
import yaml

from followup.core.numbers import Numbers
from followup.files.playbook_reader import read_playbook
from followup.files.playbook_schema import PLAYBOOK, STEP, Field, Kind, every_key, playbook_json_schema
from followup.files.playbook_starter import starter_playbook
from followup.files.shipped import shipped_playbook_names, shipped_playbook_text

SCHEMA = playbook_json_schema()
TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}


def faults(schema: dict[str, Any], value: Any, path: str = "") -> list[str]:
    """Where a value does not fit, for the keywords that the schema of playbooks uses."""
    unknown = set(schema) - KEYWORDS
    assert not unknown, f"this check does not know {unknown}"
    found: list[str] = []
    kinds = schema.get("type")
    if kinds is not None:
        allowed = tuple(t for kind in ([kinds] if isinstance(kinds, str) else kinds) for t in TYPES[kind])
        fits = isinstance(value, allowed) and (bool in allowed or not isinstance(value, bool))
        found += [] if fits else [f"{path}: {value!r} is not {kinds}"]
    if "anyOf" in schema and all(faults(inner, value, path) for inner in schema["anyOf"]):
        found.append(f"{path}: {value!r} fits none")
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{path}: {value!r} is not one of {schema['enum']}")
    if "const" in schema and value != schema["const"]:
        found.append(f"{path}: {value!r} is not {schema['const']}")
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        found.append(f"{path}: {value!r} does not match")
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        found.append(f"{path}: {value!r} is out of range")
    if isinstance(value, list):
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
            found.append(f"{path}: {len(value)} items")
        for index, item in enumerate(value):
            found += faults(schema.get("items", {}), item, f"{path}[{index}]")
        for inner, item in zip(schema.get("prefixItems", []), value, strict=False):
            found += faults(inner, item, path)
    if isinstance(value, dict):
        found += [f"{path}: no {name}" for name in schema.get("required", []) if name not in value]
        more = schema.get("additionalProperties", True)
        for name, item in value.items():
            found += faults(schema.get("propertyNames", {}), name, f"{path}.{name}")
            if name in schema.get("properties", {}):
                found += faults(schema["properties"][name], item, f"{path}.{name}")
            elif more is False:
                found.append(f"{path}: unknown {name}")
            elif isinstance(more, dict):
                found += faults(more, item, f"{path}.{name}")
    return found


KEYWORDS = {
    "$schema", "title", "description", "type", "anyOf", "enum", "const", "pattern", "minimum", "maximum",
    "items", "prefixItems", "minItems", "maxItems", "properties", "required", "additionalProperties", "propertyNames",
}  # fmt: skip

SMALL = {
    "playbook": "demo",
    "title": "Demo",
    "steps": [{"id": "a", "stage": "learning", "when": "live+14", "purpose": "prevention", "goal": "g", "gives": "x"}],
}


def small(**changes: Any) -> dict[str, Any]:
    """A small playbook whose only step is changed; None takes a key away, `top_` puts one at the top."""
    top = {name.removeprefix("top_"): value for name, value in changes.items() if name.startswith("top_")}
    step = {**SMALL["steps"][0], **{n.rstrip("_"): v for n, v in changes.items() if not n.startswith("top_")}}
    whole = {**SMALL, **top, "steps": [{name: value for name, value in step.items() if value is not None}]}
    return {name: value for name, value in whole.items() if value is not None}


@pytest.mark.parametrize("key", shipped_playbook_names())
def test_the_schema_accepts_the_shipped_playbooks(key: str) -> None:
    assert faults(SCHEMA, yaml.safe_load(shipped_playbook_text(key))) == []


def test_the_schema_accepts_the_playbook_to_start_from() -> None:
    assert faults(SCHEMA, yaml.safe_load(starter_playbook("mine"))) == []


ACCEPTED: list[dict[str, Any]] = [
    {"window": [-2, 2]}, {"window": 3}, {"every": 180}, {"every": "6m"}, {"every": "cycle"}, {"when": "learning+25%"},
    {"when": "trough"}, {"when": "live + 2w"}, {"ask": "What went well?"}, {"ask": ["What?", "Where?"]},
    {"any_day": "yes"}, {"any_day": True}, {"need": "extra"}, {"if_": {"usage": "heavy", "tag": ["x"]}},
    {"if_": {"extra": {"plan_tier": ["gold", "Silver"], "seats": "25"}}}, {"if_": {"extra": {"тариф": "а"}}},
    {"outcomes": {"good": "Note it.", "no-answer": {"retry": ["2bd", 5]}, "problem": {"recovery": True}}},
    {"outcomes": {"no-answer": {"retry": []}}}, {"to": "user"}, {"fallback": "letter"},
    {"top_curve": {"depth": 0.3, "effort": {"depth": 0.4}}}, {"top_renewal_chain": [90, 30]},
    {"top_anchors": {"renewal": "end of the term", "live": {"default": "sale+2w", "repeats": "1y"}}},
    {"top_stages": {"learning": {"from": "live+7", "trough": "live+20"}}},
    {"top_retry": {"routine": {"tries": 2}, "voicemail_on": [], "alternate_channel": False}},
    {"top_contact": {"hours": "09:00-17:30", "working_days": ["mon", "sat"]}},
    {"top_modifiers": {"usage": {"heavy": [1.5, 0.5, 1.5]}}},
    {"top_purposes": {"site_audit": {"stages": ["learning"], "service": "prevention"}}, "purpose": "site_audit"},
    {"top_placeholders": {"shift": "who is on duty"}, "message": "Hi {first_name}, {shift}"},
]  # fmt: skip
REFUSED: list[dict[str, Any]] = [
    {"window": [2, 2]}, {"window": [-2]}, {"window": -1}, {"every": "weekly"}, {"every": -3}, {"when": "live 14"},
    {"when": "2026-02-30"}, {"when": None}, {"stage": "lerning"}, {"channel": "fone"}, {"to": "boss"}, {"id": "A b"},
    {"need": "perhaps"}, {"any_day": "perhaps"}, {"if_": {"usage": "hevy"}}, {"if_": {"colour": "red"}},
    {"if_": {"extra": {"Plan Tier": "gold"}}}, {"if_": {"extra": {"planTier": "gold"}}}, {"if_": {"extra": "gold"}},
    {"if_": {"extra": {"plan_tier": ""}}}, {"if_": {"extra": {"plan_tier": []}}}, {"if_": {"extra": {"a": {"b": "c"}}}},
    {"if_": {"extra": {"": "gold"}}}, {"if_": {"extra": {"plan-tier": "gold"}}}, {"if_": {"extra": {"_x": "gold"}}},
    {"outcomes": {"no_answer": "x"}}, {"outcomes": {"good": {"chek": "3d"}}}, {"gives": None}, {"goal": None},
    {"chanel": "phone"}, {"resources": ["No Good"]}, {"ask": {"a": "b"}}, {"message": ["x"]},
    {"top_kpi": "NPS"}, {"top_version": 2}, {"top_curve": {"depth": 1.2}}, {"top_curve": {"dept": 0.3}},
    {"top_watch": {"moderate": {"theta": 2}}}, {"top_retry": {"routine": {"tries": 1.5}}}, {"top_title": None},
    {"top_anchors": {"Bad Name": "x"}}, {"top_contact": {"working_days": ["funday"]}},
    {"top_modifiers": {"usage": {"heavy": [1, 2]}}}, {"top_recovery": {"solve_days": "soon"}}, {"top_touchpoints": []},
]  # fmt: skip


@pytest.mark.parametrize("changes", ACCEPTED, ids=str)
def test_reader_and_schema_accept_the_same(changes: dict[str, Any]) -> None:
    data = small(**changes)
    playbook, problems = read_playbook(json.dumps(data), source="f")
    assert [str(problem) for problem in problems] == []
    assert playbook is not None
    assert faults(SCHEMA, data) == []


@pytest.mark.parametrize("changes", REFUSED, ids=str)
def test_reader_and_schema_refuse_the_same(changes: dict[str, Any]) -> None:
    data = small(**changes)
    playbook, problems = read_playbook(json.dumps(data), source="f")
    assert problems
    assert playbook is None
    assert faults(SCHEMA, data) != []


def test_every_key_says_what_it_is_for() -> None:
    paths = [path for path, _ in every_key()]
    assert {"steps.when", "stages.learning.trough", "steps.outcomes.no-answer.retry"} <= set(paths)
    assert all(known.help for _, known in every_key())


def test_every_default_number_can_be_written_in_a_playbook() -> None:
    """Appendix B: a number that is added to the defaults is a key of the language at once."""

    def check(section: Any, path: str) -> None:
        for known in fields(section):
            value = getattr(section, known.name)
            here = f"{path}.{known.name}".lstrip(".")
            assert here in paths
            if is_dataclass(value):
                check(value, here)

    paths = dict(every_key())
    check(Numbers(), "")


def test_every_default_number_lies_in_its_own_range() -> None:
    data = small(top_curve={"novelty": 0.85, "effectiveness": 0.85, "depth": 0.35, "dip_start": 7, "trough": 28})
    assert faults(SCHEMA, data) == []
    for known, value in numbers_with_defaults():
        values = value if isinstance(value, tuple) else (value,)
        assert all(known.low <= number <= known.high for number in values), known.name


def numbers_with_defaults() -> list[tuple[Field, Any]]:
    """Every key for a number with its default."""
    found = []

    def walk(table: Any, section: Any) -> None:
        for known in table.fields:
            if isinstance(section, dict) or hasattr(section, "keys"):
                value = section.get(known.name)
            else:
                value = getattr(section, known.name, None)
            if known.table is not None and value is not None:
                walk(known.table, value)
            elif known.kind in (Kind.WHOLE, Kind.NUMBER, Kind.NUMBERS, Kind.WHOLES) and value is not None:
                found.append((known, value))

    walk(PLAYBOOK, Numbers())
    assert len(found) > 90
    return found


def test_the_playbook_to_start_from_names_every_key_of_a_step() -> None:
    text = starter_playbook("mine")
    missing = [name for name in (*STEP.names, *PLAYBOOK.names[:14]) if not re.search(rf"\b{name}\b", text)]
    assert missing == []


def test_the_schema_is_plain_json() -> None:
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA
    assert SCHEMA["required"] == ["playbook", "title", "steps"]
