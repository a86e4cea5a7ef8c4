"""JSON is the contract for scripts: schema first, every field there, valid on any stream."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.actions import results as r
from followup.errors import AmbiguousError, BadFileError, FollowupError, Problem
from followup.render import error_json, to_json

HOSTILE = '\x1b]52;c;x\x07 \x9b \u202e \u2028 \ud800 \U0001f469 [red] \U000e0041 "\\'
ANY_TEXT = st.text(st.characters(codec=None))


def test_every_result_is_one_line_of_json_with_schema_and_today_first(
    result_kind: type[r.Result], filled: Callable[[type[Any], str], Any]
) -> None:
    text = to_json(filled(result_kind, "Acme"))
    assert text.endswith("}\n")
    assert text.count("\n") == 1
    found = json.loads(text)
    assert list(found)[:2] == ["schema", "today"]
    assert found["schema"] == result_kind.SCHEMA
    assert found["today"] == "2026-03-12"


def test_every_field_is_there_under_its_own_name(
    result_kind: type[r.Result], filled: Callable[[type[Any], str], Any]
) -> None:
    found = json.loads(to_json(filled(result_kind, "Acme")))
    assert set(found) == {field.name for field in dataclasses.fields(result_kind)} | {"schema"}


def test_hostile_text_comes_back_exactly_and_no_terminal_obeys_it(
    result_kind: type[r.Result], filled: Callable[[type[Any], str], Any]
) -> None:
    text = to_json(filled(result_kind, HOSTILE))
    assert text[:-1].isprintable()
    text.encode("utf-8")
    assert json.dumps(HOSTILE) in json.dumps(json.loads(text))


@given(ANY_TEXT, st.sampled_from(["utf-8", "cp1252", "ascii"]))
def test_any_text_round_trips_on_any_stream(text: str, encoding: str) -> None:
    written = to_json(r.ConfigView(today=date(2026, 3, 12), path=text), encoding=encoding)
    assert json.loads(written.encode(encoding).decode(encoding))["path"] == text


def test_absent_values_are_null_dates_and_times_are_iso(samples: Mapping[str, r.Result]) -> None:
    items = json.loads(to_json(samples["due"]))["items"]
    assert items[3]["mood"] is None
    assert items[0]["due_on"] == "2026-03-11"
    assert items[2]["agreed_time"] == "14:30"
    assert items[0]["agreed_time"] is None
    assert items[0]["ask"] == []


def test_a_change_says_from_and_to(samples: Mapping[str, r.Result]) -> None:
    moved = json.loads(to_json(samples["recorded"]))["changes"][0]
    assert (moved["from"], moved["to"]) == ("2026-03-14", "2026-03-17")
    assert "from_on" not in moved
    assert moved["reason"] == "public holiday"


def test_a_reason_keeps_its_rule_and_numbers(samples: Mapping[str, r.Result]) -> None:
    reason = json.loads(to_json(samples["why"]))["reasons"][1]
    assert reason == {
        "rule": "dip_watch",
        "text": "Inside the dip a contact is due every ten days.",
        "inputs": {"gmax": 10, "day": 16.5},
    }


def test_the_mood_line_is_a_list_of_pairs_with_at_most_six_decimals(samples: Mapping[str, r.Result]) -> None:
    text = to_json(samples["customer"])
    pairs = json.loads(text)["sales"][0]["mood_line"]
    assert pairs[0] == [0, 0.85]
    assert all(len(str(value).partition(".")[2]) <= 6 for _, value in pairs)
    assert abs(pairs[10][1] - 0.8327) < 0.00005  # DOMAIN 4.3


def test_a_problem_reads_from_its_place_to_its_hint(samples: Mapping[str, r.Result]) -> None:
    problem = json.loads(to_json(samples["checked"]))["problems"][0]
    assert list(problem)[:6] == ["source", "line", "column", "severity", "message", "hint"]


def test_no_number_is_ever_nan() -> None:
    result = r.Why(
        today=date(2026, 3, 12),
        touchpoint=None,  # type: ignore[arg-type]
        reasons=(),
        curve=None,
        mood=None,
        priority_parts={"risk": float("nan")},
        factors={},
        assumptions=(),
        would_change=(),
    )
    with pytest.raises(ValueError, match="JSON"):
        to_json(result)


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_a_failure_has_its_own_schema(encoding: str) -> None:
    problem = Problem(source="ü.csv", line=3, column=2, message="no such day", hint="write 2026-03-04")
    error = BadFileError("The file cannot be used.", hint="followup import ü.csv", problems=[problem])
    text = error_json(error, date(2026, 3, 12), encoding=encoding)
    found = json.loads(text.encode(encoding))
    assert found["schema"] == "followup.error/1"
    assert (found["error"], found["hint"]) == ("The file cannot be used.", "followup import ü.csv")
    assert found["problems"][0]["line"] == 3
    assert found["today"] == "2026-03-12"


def test_a_failure_without_hint_or_day_says_null() -> None:
    found = json.loads(error_json(FollowupError("no"), None))
    assert (found["hint"], found["today"], found["problems"]) == (None, None, [])


def test_an_unclear_name_lists_its_candidates() -> None:
    error = AmbiguousError("Two customers match.", candidates=["acme", "acme-2"])
    assert json.loads(error_json(error, None))["candidates"] == ["acme", "acme-2"]
