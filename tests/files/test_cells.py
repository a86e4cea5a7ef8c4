"""What cells say: addresses, tags, channels, roles, kinds, zones."""

from __future__ import annotations

import pytest

from followup.files.cells import (
    CellError,
    read_channel,
    read_choice,
    read_email,
    read_kind,
    read_role,
    read_tags,
    read_zone,
    split_values,
)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("ann@x.example", "ann@x.example"),
        (" INFO@ACME.EXAMPLE ", "INFO@ACME.EXAMPLE"),
        ("Ann Lee <ann@x.example>", "ann@x.example"),
        ("o'neil+tag@x-y.example", "o'neil+tag@x-y.example"),
        ("zoë@bücher.example", "zoë@bücher.example"),
        ("", ""),
        ("n/a", ""),
        ("-", ""),
    ],
)
def test_addresses_are_kept_as_written(text: str, address: str) -> None:
    assert read_email(text) == address


@pytest.mark.parametrize(
    "text",
    ["ann", "ann@", "@x.example", "a@b@c", "a b@x.example", "a\x00@x", "a\n@x.example", "a,b@x", "<a@x>>", "a\x7f@x"],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(CellError, match="is not an e-mail address"):
        read_email(text)


def test_several_values_in_one_cell() -> None:
    assert split_values("+234 800 ::: +234 801") == ["+234 800", "+234 801"]
    assert split_values("030; ext 4") == ["030; ext 4"]  # a phone is kept exactly
    assert split_values("a@x ::: b@x; c@x\nd@x", addresses=True) == ["a@x", "b@x", "c@x", "d@x"]
    assert split_values("Lee, Ann <a@x>", addresses=True) == ["Lee, Ann <a@x>"]
    assert split_values(" ::: ") == []


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("pilot; fair 2026,  VIP ", ("pilot", "fair 2026", "VIP")),
        ("* myContacts ::: Customers ::: * starred", ("Customers",)),
        ('["a, b", "c"]', ("a, b", "c")),
        ("[VIP] one|two", ("[VIP] one", "two")),
        ("a;a;;a", ("a",)),
        ("", ()),
    ],
)
def test_tags(text: str, tags: tuple[str, ...]) -> None:
    assert read_tags(text) == tags


def test_channels_and_their_usual_names() -> None:
    words = {"Phone": "phone", "call": "phone", "E-Mail": "email", "WhatsApp": "message", "in person": "in_person"}

    assert {word: read_channel(word) for word in words} == words
    assert read_channel("Any") == read_channel("") == ""
    with pytest.raises(CellError) as caught:
        read_channel("emial")
    assert (caught.value.message, caught.value.hint) == ("'emial' is not a channel", "did you mean email?")


def test_roles_come_from_roles_and_not_from_titles() -> None:
    words = {"DECISION_MAKER": "decider", "End User": "user", "champion": "champion", "Billing": "finance", "CTO": ""}

    assert {word: read_role(word) for word in words} == words


def test_choices_take_any_case_and_name_the_nearest() -> None:
    assert read_choice(" HEAVY ", ("heavy", "normal"), noun="usage") == "heavy"
    with pytest.raises(CellError) as caught:
        read_choice("hevy", ("heavy", "normal"), noun="usage")
    assert (caught.value.message, caught.value.hint) == ("'hevy' is not a usage", "did you mean heavy?")


def test_kinds_of_customers() -> None:
    assert [read_kind(text) for text in ("Organisation", "Person", "", "Firma")] == ["company", "person", "", "company"]
    with pytest.raises(CellError, match="neither company nor person"):
        read_kind("robot")


@pytest.mark.parametrize("text", ["../../etc/passwd", "/etc/passwd", "EST5", "posix/UTC", "Mars/Olympus"])
def test_zones_are_names_and_no_paths(text: str) -> None:
    """TRUST 2.3: a zone is a key of the zone database, never a file name."""
    with pytest.raises(CellError, match="is not a time zone"):
        read_zone(text)


def test_the_nearest_zone_is_named() -> None:
    assert read_zone("Europe/Berlin") == "Europe/Berlin"
    with pytest.raises(CellError) as caught:
        read_zone("Europe/Berln")
    assert caught.value.hint == "did you mean Europe/Berlin?"
