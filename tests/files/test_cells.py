"""What cells say: addresses, tags, channels, roles, kinds, zones."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.files.cells import (
    AmountColumn,
    CellError,
    is_placeholder,
    is_plain_address,
    is_rounded,
    looks_like_amount,
    read_addresses,
    read_amount,
    read_channel,
    read_choice,
    read_deal_stage,
    read_email,
    read_kind,
    read_people,
    read_role,
    read_tags,
    read_zone,
    split_values,
    unwrap_phone,
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
        ("NULL", ""),
        ("(blank)", ""),
        ("mailto:ann@x.example", "ann@x.example"),
        ("MAILTO:ann@x.example?subject=Hi", "ann@x.example"),
        ("ann@x.example.", "ann@x.example"),
        ("ann@x.example (Work)", "ann@x.example"),
        ("ann@x.example;", "ann@x.example"),
        ("<ann@x.example>;", "ann@x.example"),
        ("\ufeffann@x.example\u200b", "ann@x.example"),
        ('"Lee, Ann" <mailto:ann@x.example>', "ann@x.example"),
        ("Ann Lee (ann@x.example)", "ann@x.example"),
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
    ("cell", "phones"),
    [
        ("030 555 0101; 0170 555 0102", ["030 555 0101", "0170 555 0102"]),
        ("+49 30 5550101\n+49 30 5550102", ["+49 30 5550101", "+49 30 5550102"]),
        ("030 555 0101 ::: 0170 555 0102;0170 555 0103", ["030 555 0101", "0170 555 0102", "0170 555 0103"]),
        ("030/555 01 01", ["030/555 01 01"]),
        ("030 555 0101; ext. 4", ["030 555 0101; ext. 4"]),
        ("0301234, 0304567", ["0301234, 0304567"]),
        ("  007 ", ["007"]),
    ],
)
def test_phones_are_parted_only_where_every_part_is_one(cell: str, phones: list[str]) -> None:
    """TRUST 2.2: a phone number is never touched, leading zeros and + stay."""
    assert split_values(cell) == phones


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("ann@x.example", [("ann@x.example", "")]),
        ("Ann <ann@x.example>", [("ann@x.example", "Ann")]),
        ("ann@x.example <ann@x.example>", [("ann@x.example", "")]),
        (
            '"Lee, Ann" <a@x.example>; "Ruiz, Bo" <b@x.example>',
            [("a@x.example", "Lee, Ann"), ("b@x.example", "Ruiz, Bo")],
        ),
        ("a@x.example | b@x.example / c@x.example", [("a@x.example", ""), ("b@x.example", ""), ("c@x.example", "")]),
        ("a@x.example; n/a; b@x.example", None),
        ("a@x.example; ; b@x.example;", [("a@x.example", ""), ("b@x.example", "")]),
        ("n/a", []),
        ("", []),
    ],
)
def test_addresses_come_with_the_name_beside_them(cell: str, found: list[tuple[str, str]] | None) -> None:
    if found is None:
        with pytest.raises(CellError):
            read_addresses(cell)
    else:
        assert read_addresses(cell) == found


def test_people_with_their_addresses() -> None:
    assert read_people("Ann Lee (a@x.example);Bo (b@x.example)") == [("Ann Lee", "a@x.example"), ("Bo", "b@x.example")]
    assert read_people("Ann (of Lee Ltd)") == read_people("a@x.example") == []


def test_a_plain_address_needs_no_second_look() -> None:
    assert is_plain_address("o'neil+tag@x-y.example")
    assert not any(map(is_plain_address, ["ann@x", "ann@x.example;", "Ann <a@x.example>", "a@b@c.example", ""]))


@given(st.from_regex(r"[\w.+'-]{1,20}@[\w-]{1,10}\.[a-z]{2,6}", fullmatch=True))
def test_a_plain_address_is_read_as_it_is(text: str) -> None:
    if is_plain_address(text):
        assert read_email(text) == text


@pytest.mark.parametrize("text", ["-", "--", " – ", "n/a", "N/A", "(blank)", "(None)", "#N/A", "[blank]", "."])
def test_signs_for_nothing(text: str) -> None:
    assert is_placeholder(text)
    assert is_placeholder(text, words=False)


@pytest.mark.parametrize("text", ["NULL", "None", "nan", "undefined"])
def test_words_for_nothing_may_be_names(text: str) -> None:
    assert is_placeholder(text)
    assert not is_placeholder(text, words=False)


@pytest.mark.parametrize("text", ["", "0", "no", "-2+3 Consulting", "N.A. Meyer", "None Ltd", "x", "na" * 30])
def test_what_is_something(text: str) -> None:
    assert not is_placeholder(text)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1.234,56 €", "1234.56"),
        ("1,234.56", "1234.56"),
        ("CHF 1'234.50", "1234.50"),
        ("Fr. 1’234.50", "1234.50"),
        ("$12,000.00", "12000.00"),
        ("US$ 12", "12"),
        ("1 234,5 €", "1234.5"),
        ("1\u202f234,56\u00a0€", "1234.56"),
        ("12.-", "12"),
        ("1.234.567", "1234567"),
        ("1,23,456.78", "123456.78"),
        ("(1,234.50)", "-1234.50"),
        ("-5", "-5"),
        ("5-", "-5"),
        ("−5", "-5"),
        (".5", "0.5"),
        ("0.125", "0.125"),
        ("1234,567", "1234.567"),
        ("0", "0"),
        ("１２", "12"),
        ("1200.00 EUR", "1200.00"),
    ],
)
def test_amounts_in_the_numbers_of_each_country(text: str, amount: str) -> None:
    assert read_amount(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "1,234", "1.234", "$12k", "12 34", "12.11.2026", "2026-01-02", "10:30", "50 %", "n/a", "about 5"),
        *("1.2.3", "1,2,3", "1.234.56", "1,234,56", "1.234,567.8", "9" * 16, "٣", "=1+1", "1e5", "NaN", "∞", "EUR"),
        "12 x 3",
    ],
)
def test_what_is_not_surely_an_amount_is_none(text: str) -> None:
    """A thousand that may be a one is not guessed."""
    assert read_amount(text) is None


@pytest.mark.parametrize(
    ("cells", "decimal", "amounts"),
    [
        (["1,234", "5.50"], ".", ["1234", "5.50"]),
        (["1,234", "5,50"], ",", ["1.234", "5.50"]),
        (["1.234", "12.345.678"], ",", ["1234", "12345678"]),
        (["1.234", "12"], "", [None, "12"]),
        (["1.234", "5,5", "5.5"], "", [None, "5.5", "5.5"]),
        (["1.234,50 €", "2.000 €", "n/a"], ",", ["1234.50", "2000", None]),
    ],
)
def test_one_cell_settles_the_decimal_sign_of_its_column(
    cells: list[str], decimal: str, amounts: list[str | None]
) -> None:
    column = AmountColumn()
    for cell in cells:
        column.look(cell)

    assert column.decimal() == decimal
    assert [read_amount(cell, decimal) for cell in cells] == [Decimal(one) if one else None for one in amounts]


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2), st.sampled_from([",.", ".,", " ,", "'.", " ."]))
def test_a_written_amount_is_read_back(amount: Decimal, signs: str) -> None:
    group, point = signs[0], signs[1]
    text = f"{amount:,.2f}".replace(",", "G").replace(".", point).replace("G", group)

    assert read_amount(text) == amount


@given(st.text(max_size=20))
def test_any_text_is_an_amount_or_none(text: str) -> None:
    amount = read_amount(text)

    assert amount is None or amount.is_finite()
    assert looks_like_amount(text) or amount is None


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("Closed Won", "won"),
        ("closedwon", "won"),
        ("Closed Won (Sales Pipeline)", "won"),
        ("Won", "won"),
        ("gewonnen", "won"),
        ("Fermé gagné", "won"),
        ("Cierre ganado", "won"),
        ("TRUE", "won"),
        ("paid", "won"),
        ("Contract signed", "won"),
        ("Closed Lost", "lost"),
        ("Open", "lost"),
        ("not won", "lost"),
        ("Perdu", "lost"),
        ("0", "lost"),
        ("refunded", "lost"),
        ("Proposal delivered", "lost"),
        ("Discovery call booked", "lost"),
        ("Phase X", ""),
        ("", ""),
    ],
)
def test_what_became_of_a_deal(text: str, stage: str) -> None:
    assert read_deal_stage(text) == stage


@given(st.text(st.sampled_from("+0123456789 ()/.-xA'"), max_size=20))
def test_unwrapping_takes_nothing_of_the_phone_itself(phone: str) -> None:
    """However often: what is unwrapped once stays as it is, and no digit goes."""
    for wrapped in (phone, f"tel:{phone}", f" {phone} "):
        once = unwrap_phone(wrapped)
        assert [char for char in once if char.isdigit()] == [char for char in phone if char.isdigit()]
    assert unwrap_phone(phone.strip("' ")) == phone.strip("' ")


@pytest.mark.parametrize("text", ["4.42056E+11", "1e5", "4,4E+12", "9E12"])
def test_a_number_that_a_spreadsheet_rounded_is_known(text: str) -> None:
    assert is_rounded(text)


@pytest.mark.parametrize("text", ["+49 30 555", "E11", "4.4", "0301234E", "12 E 5", "1e2345", "010E5550101"])
def test_a_phone_is_not_taken_for_one_that_was_rounded(text: str) -> None:
    assert not is_rounded(text)


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("pilot; fair 2026,  VIP ", ("pilot", "fair 2026", "VIP")),
        ("* myContacts ::: Customers ::: * starred", ("Customers",)),
        ('["a, b", "c"]', ("a, b", "c")),
        ('["* myContacts", "a"]', ("* myContacts", "a")),
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
