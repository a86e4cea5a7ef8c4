"""Countries by whatever name a table gives them."""

from __future__ import annotations

import time

import pytest
from holidays.registry import COUNTRIES
from hypothesis import given
from hypothesis import strategies as st

from followup.files.countries import ISO_CODES, country_code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Antigua and Barbuda", "AG"),
        ("United States", "US"),
        ("U.S.A.", "US"),
        ("usa", "US"),
        ("US", "US"),
        ("United States of America", "US"),
        ("the Netherlands", "NL"),
        ("Deutschland", "DE"),
        ("DEU", "DE"),
        ("Österreich", "AT"),
        ("España", "ES"),
        ("Côte d’Ivoire", "CI"),
        ("UK", "GB"),
        ("Scotland", "GB"),
        ("Türkiye", "TR"),
        ("日本", "JP"),
        ("대한민국", "KR"),
        ("Россия", "RU"),
        ("St. Lucia", "LC"),
        ("Svalbard & Jan Mayen Islands", "SJ"),
        ("Bouvet Island (Bouvetoya)", "BV"),
        ("Cocos (Keeling) Islands", "CC"),
        ("Slovakia (Slovak Republic)", "SK"),
        ("Holy See (Vatican City State)", "VA"),
        ("Libyan Arab Jamahiriya", "LY"),
        ("Congo", "CG"),
        ("Congo (Kinshasa)", "CD"),
        ("Korea, Republic of", "KR"),
        ("  germany ", "DE"),
    ],
)
def test_a_country_by_its_name_its_code_or_what_people_say(text: str, code: str) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize(
    "text", ["", " ", "Korea", "Netherlands Antilles", "Atlantis", "XX", "Congo (somewhere)", "Europe", "Berlin", "12"]
)
def test_what_is_not_sure_has_no_code(text: str) -> None:
    assert country_code(text) == ""


def test_every_country_of_the_holiday_library_is_known() -> None:
    assert {entry[1] for entry in COUNTRIES.values()} == ISO_CODES
    assert {name: country_code(name.replace("_", " ").title()) for name in COUNTRIES} == {
        name: entry[1] for name, entry in COUNTRIES.items()
    }
    assert all(country_code(entry[2]) == entry[1] for entry in COUNTRIES.values())


@given(st.text(max_size=30))
def test_any_text_is_a_code_or_nothing(text: str) -> None:
    assert country_code(text) in ISO_CODES | {""}


def test_a_million_rows_do_not_ask_a_million_times() -> None:
    country_code("Germany")
    begun = time.perf_counter()
    for _ in range(100_000):
        country_code("Germany")
    assert time.perf_counter() - begun < 1


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("U.K.", "GB"),
        ("Chine", "CN"),
        ("Pérou", "PE"),
        ("Zypern", "CY"),
        ("Émirats arabes unis", "AE"),
        ("Países Bajos", "NL"),
        ("Saudi-Arabien", "SA"),
        ("República Dominicana", "DO"),
    ],
)
def test_names_in_the_languages_of_exports(name: str, code: str) -> None:
    assert country_code(name) == code
