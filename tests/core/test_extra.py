"""Columns of the user's own have names that can be typed, and say the same whoever wrote the heading."""

from __future__ import annotations

import sys
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.core.model.extra import (
    extra_name,
    extra_value,
    is_extra_name,
    merged_extra,
    plain_extra,
    same_value,
    with_extra,
)
from followup.files.header_words import header_key


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Plan Tier", "plan_tier"),
        ("plan_tier", "plan_tier"),
        ("planTier", "plan_tier"),
        ("PLAN-TIER", "plan_tier"),
        ("  Plan / Tier: ", "plan_tier"),
        ("Anzahl Nutzer", "anzahl_nutzer"),
        ("Größe (m²)", "grosse_m2"),
        ("Gro\u0308ße", "grosse"),
        ("N° client", "n_client"),
        ("Nº client", "no_client"),
        ("# Seats", "number_seats"),
        ("Customer's Plan", "customer_plan"),
        ("E-Mail 2", "email_2"),
        ("Address 1: ZIP/Postal Code", "address_1_zip_postal_code"),
        ("Plan Tier (2)", "plan_tier_2"),
        ("Тариф", "тариф"),
        ("料金プラン", "料金プラン"),
        ("요금제", "요금제"),
        ("ชื่อ", "ชื่อ"),
        ("=cmd|' /C calc'!A0", "cmd_c_calc_a0"),
        ("", ""),
        ("-- ? --", ""),
        ("💥", ""),
    ],
)
def test_a_heading_has_a_plain_name(heading: str, name: str) -> None:
    assert extra_name(heading) == name
    assert is_extra_name(name) is bool(name)
    assert is_extra_name(heading) is (heading == name != "")


@given(st.text(max_size=30))
def test_the_name_of_a_name_is_that_name(heading: str) -> None:
    name = extra_name(heading)
    assert extra_name(name) == name
    assert not set(name) & set(" \n\t.{}|:!-'\"#")
    assert not name.startswith("_")


def test_the_name_of_every_single_sign_is_stable() -> None:
    signs = (chr(number) for number in range(sys.maxunicode + 1) if not 0xD800 <= number < 0xE000)
    assert [sign for sign in signs if (name := extra_name.__wrapped__(sign)) != extra_name.__wrapped__(name)] == []


@given(st.text(st.characters(max_codepoint=0x24F), max_size=30))
def test_names_are_headings_in_the_words_by_which_an_import_knows_them(heading: str) -> None:
    assert extra_name(heading).replace("_", " ") == header_key(heading)


EXTRA = {"Plan Tier": "Gold", "Anzahl Nutzer": "25", "Note": "", "???": "lost", "last_contact_on": "2026-01-05"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("plan_tier", "Gold"),
        ("anzahl_nutzer", "25"),
        ("last_contact_on", "2026-01-05"),
        ("note", None),
        ("Plan Tier", None),
        ("seats", None),
        ("", None),
    ],
)
def test_a_value_is_found_by_the_plain_name(name: str, value: str | None) -> None:
    assert extra_value(EXTRA, name) == value


def test_of_several_headings_with_one_name_the_plain_one_counts_then_the_first() -> None:
    assert extra_value({"Plan Tier": "", "PLAN TIER": "gold", "planTier": "silver"}, "plan_tier") == "gold"
    assert extra_value({"Plan Tier": "gold", "plan_tier": "silver"}, "plan_tier") == "silver"
    assert extra_value({"plan_tier": " ", "Plan Tier": "gold"}, "plan_tier") == "gold"


def test_what_a_sale_says_beats_what_its_customer_says() -> None:
    both = plain_extra({"Plan Tier": "gold", "Seats": "9"}, {"planTier": "silver", "seats": ""})
    assert dict(both) == {"plan_tier": "silver", "seats": "9"}


def test_a_value_is_put_under_the_heading_that_has_its_name() -> None:
    assert with_extra(EXTRA, "plan_tier", "Silver") == {**EXTRA, "Plan Tier": "Silver"}
    assert with_extra(EXTRA, "seats", "9") == {**EXTRA, "seats": "9"}
    both = {"Plan Tier": "gold", "plan_tier": "silver"}
    assert with_extra(both, "plan_tier", "x") == {"Plan Tier": "gold", "plan_tier": "x"}
    assert with_extra({**both, "seats": "9"}, "plan_tier", "") == {"seats": "9"}


HEADINGS = st.sampled_from(["Plan Tier", "plan_tier", "planTier", "Seats", "seats", "?", "Ort"])


@given(
    st.dictionaries(HEADINGS, st.sampled_from(["", "gold", " silver "]), max_size=6),
    st.sampled_from(["plan_tier", "seats", "ort"]),
    st.sampled_from(["", "gold", "x"]),
)
def test_what_is_put_in_comes_out_and_nothing_else_changes(extra: dict[str, str], name: str, value: str) -> None:
    after = with_extra(MappingProxyType(extra), name, value)
    assert extra_value(after, name) == (value or None)
    others = {other: text for other, text in plain_extra(extra).items() if other != name}
    assert {other: text for other, text in plain_extra(after).items() if other != name} == others


@pytest.mark.parametrize(
    ("old", "new", "merged"),
    [
        ({"plan_tier": "gold"}, {"Plan Tier": "silver"}, {"plan_tier": "silver"}),
        ({"Plan Tier": "gold"}, {"planTier": "silver", "Ort": "Ulm"}, {"Plan Tier": "silver", "Ort": "Ulm"}),
        ({"PLAN TIER": "a", "plan_tier": "b"}, {"planTier": "c"}, {"PLAN TIER": "a", "plan_tier": "c"}),
        ({"?": "a"}, {"!": "b"}, {"?": "a", "!": "b"}),
        ({}, {"Plan Tier": "a", "planTier": "b"}, {"Plan Tier": "a", "planTier": "b"}),
        (
            {"plan_tier": "x"},
            {"Plan Tier": "a", "planTier": "b"},
            {"plan_tier": "x", "Plan Tier": "a", "planTier": "b"},
        ),
    ],
)
def test_new_values_go_under_the_headings_that_are_there(
    old: dict[str, str], new: dict[str, str], merged: dict[str, str]
) -> None:
    assert merged_extra(old, new) == merged


TABLES = st.dictionaries(HEADINGS, st.sampled_from(["gold", "silver", "9"]), max_size=6)


@given(TABLES, TABLES)
def test_the_same_table_twice_changes_nothing_and_every_value_of_it_is_there(
    old: dict[str, str], new: dict[str, str]
) -> None:
    once = merged_extra(old, new)
    assert merged_extra(once, new) == once
    assert set(new.values()) <= set(once.values())
    assert set(plain_extra(once)) == {*plain_extra(old), *plain_extra(new)}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Gold", " gold ", True),
        ("Gold  Plus", "gold\u00a0plus", True),
        ("Straße", "STRASSE", True),
        ("köln", "ko\u0308ln", True),
        ("gold", "golden", False),
        ("25", "25.0", False),
        ("köln", "koln", False),
    ],
)
def test_values_are_compared_without_case_and_spaces(one: str, other: str, same: bool) -> None:
    assert same_value(one, other) is same
    assert same_value(other, one) is same
