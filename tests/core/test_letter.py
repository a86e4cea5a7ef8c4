"""Words of a letter: nobody is called "customer" or "Dr.", and a day is said as people say it (C4, C13)."""

from __future__ import annotations

from datetime import date

import pytest

from followup.core.letter import (
    address_name,
    capital,
    day_words,
    is_sorry,
    listed,
    month_words,
    names_first,
    opening_about_concerns,
    opening_about_problem,
    quoted,
)

TODAY = date(2026, 1, 5)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("merging two accounts", "Merging two accounts"),
        ("the house: one question", "The house: one question"),
        ("étage 4", "Étage 4"),
        ("iPhone 15", "iPhone 15"),
        ("eBay: your shop", "eBay: your shop"),
        ("3 things", "3 things"),
        ('"slow" and more', '"slow" and more'),
        ("ßtraße", "ßtraße"),
        ("Relay", "Relay"),
        ("", ""),
    ],
)
def test_a_line_begins_with_a_capital_and_a_name_stays_as_it_is(text: str, expected: str) -> None:
    assert capital(text) == expected


@pytest.mark.parametrize(
    ("first_name", "name", "expected"),
    [
        ("Anna", "Anna Meyer", "Anna"),
        ("", "Anna Meyer", "Anna"),
        ("", "Anna", "Anna"),
        ("Dr.", "Dr. Anna Meyer", "Anna"),
        ("Prof.", "Prof. Dr. Anna Meyer", "Anna"),
        ("Herr", "Herr Meyer", "Herr Meyer"),
        ("", "Mrs. O'Neil", "Mrs. O'Neil"),
        ("Meyer,", "Meyer, Anna", "Anna"),
        ("Meyer", "Meyer, Anna", "Anna"),
        ("", "Meyer, Dr. Anna", "Anna"),
        ("Anna Maria", "Anna Maria Meyer", "Anna Maria"),
        ("  Zoë ", "Zoë", "Zoë"),
        ("田中", "田中 一郎", "田中"),
        ("", "Meyer GmbH", ""),
        ("Meyer", "Meyer GmbH & Co. KG", ""),
        ("Anna", "Meyer GmbH & Co. KG", "Anna"),
        ("Meyer", "Meyer", "Meyer"),
        ("", "Northwind Ltd.", ""),
        ("", "Nordlicht AG", ""),
        ("", "Peters & Co.", ""),
        ("", "Vestas A.S.", ""),
        ("Marcelo", "Marcelo Sa", "Marcelo"),
        ("Jin", "Jin Co", "Jin"),
        ("", "Team", ""),
        ("", "info@meyer.example", ""),
        ("", "info", ""),
        ("", "Customer", ""),
        ("", "---", ""),
        ("", "", ""),
        ("", "12345", ""),
        ("", "https://meyer.example", ""),
        ("van", "van der Berg", "van der Berg"),
        ("", "de la Cruz", "de la Cruz"),
        ("van", "van der Berg, Joost", "Joost"),
        ("Van", "Van Nguyen", "Van"),
    ],
)
def test_whom_a_letter_addresses(first_name: str, name: str, expected: str) -> None:
    """C4: a first name, else a title with a name, else nobody at all."""
    assert address_name(first_name, name) == expected


def test_a_contact_called_like_the_company_is_no_person() -> None:
    assert address_name("", "Blue Harbour", companies=("Blue Harbour",)) == ""
    assert address_name("", "Blue Harbour", companies=("Blue Harbour AG",)) == "Blue"


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 1, 12), "Monday 12 January"),
        (date(2025, 12, 31), "Wednesday 31 December"),
        (date(2026, 3, 6), "Friday 6 March"),
        (date(2026, 5, 12), "12 May"),
        (date(2027, 1, 5), "5 January 2027"),
        (date(2024, 2, 29), "29 February 2024"),
    ],
)
def test_a_day_is_said_as_people_write_it(day: date, expected: str) -> None:
    assert day_words(day, TODAY) == expected


def test_a_month_has_its_year_only_when_it_is_another_one() -> None:
    assert month_words(date(2026, 7, 1), TODAY) == "July"
    assert month_words(date(2025, 7, 1), TODAY) == "July 2025"


@pytest.mark.parametrize(
    ("words", "expected"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_a_list_reads_like_a_sentence(words: list[str], expected: str) -> None:
    assert listed(words) == expected


def test_the_opening_repeats_the_customers_own_words_before_anything_else() -> None:
    """C13."""
    assert opening_about_problem("the close was lost", "Ledgerline").startswith(
        'I am sorry about the trouble you have with Ledgerline. You told me: "the close was lost".'
    )
    assert opening_about_problem("", "").startswith("I am sorry about the trouble you have. ")
    assert opening_about_concerns(["it is slow"]).startswith('You told me: "it is slow". I take that seriously')
    two = opening_about_concerns(["a", "b", "c", "d"])
    assert two.startswith('You told me: "a", "b" and "c". ')


def test_a_very_long_complaint_is_cut_in_the_opening() -> None:
    assert len(quoted("word " * 1000)) < 310
    assert quoted("two\n lines") == '"two lines"'


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{first_name}, you mentioned {concern}. I have an answer.", True),
        ("{first_name}, you mentioned {concern|something}. I have an answer.", True),
        ("{first_name}, here is the fix. It is about {concern}.", False),
        ("{first_name}, {{concern}} is spelled out.", False),
        ("", False),
    ],
)
def test_only_the_first_sentence_can_acknowledge(template: str, expected: bool) -> None:
    """C13: the trouble comes before the fix."""
    assert names_first(template.replace("{{concern}}", "concern"), "concern") is expected


def test_an_apology_further_down_does_not_count() -> None:
    assert is_sorry("I am sorry, {first_name}. Here is what happens next.")
    assert not is_sorry("{first_name}, here is the new version. I am sorry for the wait.")
