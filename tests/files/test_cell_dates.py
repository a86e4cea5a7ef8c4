"""Dates in cells: day and month decided per column, ISO never swapped, partial dates refused (TRUST 2.3)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.files.cell_dates import DateColumn, looks_like_date, no_date, read_date
from followup.files.cells import CellError


def column(*cells: str, given_order: str = "") -> DateColumn:
    found = DateColumn(given=given_order)
    for line, text in enumerate(cells, start=2):
        found.look(text, line)
    return found


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-04", date(2026, 3, 4)),
        ("2026/3/4", date(2026, 3, 4)),
        ("2026.03.04", date(2026, 3, 4)),
        ("20260304", date(2026, 3, 4)),
        (" 2026-03-04 ", date(2026, 3, 4)),
        ("2026-11-02 09:30", date(2026, 11, 2)),
        ("2026-11-02T09:30:15.123456+02:00", date(2026, 11, 2)),
        ("2026-11-02 23:59:59Z", date(2026, 11, 2)),
        ("2026-11-02 9:30 PM", date(2026, 11, 2)),
        ("20261102T093000Z", date(2026, 11, 2)),
        ("2024-02-29", date(2024, 2, 29)),
        ("21 Nov 2026", date(2026, 11, 21)),
        ("21-Nov-2026", date(2026, 11, 21)),
        ("Nov 21, 2026", date(2026, 11, 21)),
        ("November 21, 2026 8:05 am", date(2026, 11, 21)),
        ("1st Sept 2026", date(2026, 9, 1)),
        ("2026-03-29T02:30:00Z", date(2026, 3, 29)),
        ("2026-03-29T02:30:00.000+0000", date(2026, 3, 29)),
        ("2026-03-29 02:30 UTC", date(2026, 3, 29)),
        ("2026-03-29 02:30 Europe/Berlin", date(2026, 3, 29)),
        ("2026-03-29 2:30\u202fPM", date(2026, 3, 29)),
        ("29. März 2026", date(2026, 3, 29)),
        ("29. Mär. 2026", date(2026, 3, 29)),
        ("29.Mrz.2026", date(2026, 3, 29)),
        ("1. Jänner 2026, 14:05 Uhr", date(2026, 1, 1)),
        ("29 mars 2026", date(2026, 3, 29)),
        ("1er février 2026 à 14:05", date(2026, 2, 1)),
        ("29 févr. 2024", date(2024, 2, 29)),
        ("3 août 2026", date(2026, 8, 3)),
        ("29 de marzo de 2026", date(2026, 3, 29)),
        ("29 dic. 2026", date(2026, 12, 29)),
        ("29/abr/2026", date(2026, 4, 29)),
        ("Mar 29, 2026", date(2026, 3, 29)),
        ("Mar. 29, 2026", date(2026, 3, 29)),
        ("MARCH 29 2026", date(2026, 3, 29)),
        ("29-MAR-2026 02:30:00", date(2026, 3, 29)),
        ("29. DÉCEMBRE 2026", date(2026, 12, 29)),
        ("2026-Mar-29", date(2026, 3, 29)),
        ("Nov 2, 2026 at 2:30 PM", date(2026, 11, 2)),
        ("Sun, 29 Mar 2026 02:30:00 +0100", date(2026, 3, 29)),
        ("Sonntag, 29. März 2026", date(2026, 3, 29)),
        ("Sun Mar 29 2026 02:30:00 GMT+0100 (Central European Standard Time)", date(2026, 3, 29)),
        ("mar. 31 mars 2026", date(2026, 3, 31)),  # mardi, not March
        ("Di, 31. März 2026", date(2026, 3, 31)),
    ],
)
@pytest.mark.parametrize("order", ["dmy", "mdy", "ymd"])
def test_a_date_that_says_which_part_is_which_is_never_swapped(text: str, day: date, order: str) -> None:
    """TRUST 2.3: ISO first; the order of the column does not touch it."""
    assert read_date(text, order) == day
    assert looks_like_date(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2026-02-30", "'2026-02-30' is not a day of the calendar"),
        ("2025-02-29", "'2025-02-29' is not a day of the calendar"),
        ("2026-13-01", "'2026-13-01' is not a day of the calendar"),
        ("31/04/2026", "'31/04/2026' is not a day of the calendar"),
        ("00/04/2026", "'00/04/2026' is not a day of the calendar"),
        ("04/13/2026", "'04/13/2026' is no date in the order day, month, year"),
        ("2026", "'2026' is not a whole date"),
        ("may", "'may' is not a whole date"),
        ("May 2026", "'May 2026' is not a whole date"),
        ("10", "'10' is not a whole date"),
        ("1.5", "'1.5' is not a whole date"),
        ("99", "'99' is not a whole date"),
        ("-5", "'-5' is not a whole date"),
        ("tomorrow", "'tomorrow' is not a whole date"),
        ("03/04/26", "'03/04/26' has a year of two digits, and its century is not guessed"),
        ("29-Mar-26", "'29-Mar-26' has a year of two digits, and its century is not guessed"),
        ("Mar 29, '26", '"Mar 29, \'26" has a year of two digits, and its century is not guessed'),
        ("29. März 26", "'29. März 26' has a year of two digits, and its century is not guessed"),
        ("03/2026", "'03/2026' is not a whole date"),
        ("Q1 2026", "'Q1 2026' is not a whole date"),
        ("2026-W12", "'2026-W12' is not a whole date"),
        ("2026 03", "'2026 03' is not a whole date"),
        ("TBD", "'TBD' is not a whole date"),
        ("29. Foo 2026", "'29. Foo 2026' names no month that is known here"),
        ("31 février 2026", "'31 février 2026' is not a day of the calendar"),
        ("1774750800000", "'1774750800000' is not a whole date"),
        ("2026-03", "'2026-03' is not a whole date"),
        ("2026-03/04", "'2026-03/04' is not a whole date"),
        ("--02-29", "'--02-29' is not a whole date"),
        ("46328", "'46328' is not a whole date"),
        ("1" * 40, f"'{'1' * 40}' is not a whole date"),
        ("1" * 41, f"'{'1' * 39}…' is not a whole date"),
        ("٢٠٢٦-٠٣-٠٤", "'٢٠٢٦-٠٣-٠٤' is not a whole date"),
        ("0001-01-01", "'0001-01-01' lies outside the years 1900-2199"),
        ("9999-12-31", "'9999-12-31' lies outside the years 1900-2199"),
        ("21 Foo 2026", "'21 Foo 2026' names no month that is known here"),
        ("2026-03-04 EST", "'2026-03-04 EST' is not a whole date"),
    ],
)
def test_partial_impossible_and_worded_dates_are_refused(text: str, message: str) -> None:
    with pytest.raises(CellError) as caught:
        read_date(text, "dmy")

    assert caught.value.message == message


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("29.03.2026 02:30", date(2026, 3, 29)),
        ("29.03.2026, 02:30 Uhr", date(2026, 3, 29)),
        ("29. 3. 2026", date(2026, 3, 29)),
        ("Mo, 30.03.2026", date(2026, 3, 30)),
        ("29/03/2026 2:30:15 p. m.", date(2026, 3, 29)),
    ],
)
def test_a_day_first_date_with_a_time(text: str, day: date) -> None:
    assert read_date(text, column(text).order()) == day
    assert looks_like_date(text)


def test_a_month_first_date_with_a_time() -> None:
    assert read_date("3/29/2026 2:30 PM", column("3/29/2026 2:30 PM").order()) == date(2026, 3, 29)


@pytest.mark.parametrize(
    "text",
    [
        *("", "  ", "-", "–", "n/a", "N/A", "#N/A", "None", "null", "NULL", "(empty)", "NaN", "NaT", "Never"),
        *(
            "0000-00-00",
            "0000-00-00 00:00:00",
            "0000-00-00T00:00:00Z",
            "0/0/00",
            "00/00/0000",
            "0/0/0000",
            "00.00.0000",
        ),
        *("1/0/1900", "00.01.1900", "0"),
    ],
)
def test_what_stands_for_no_date_is_no_date(text: str) -> None:
    assert no_date(text)
    assert column(text, "13/04/2026", text).order() == "dmy"
    assert column("46328", text, "46329").order() == "serial"


@pytest.mark.parametrize("text", ["TBD", "tba", "soon", "2026-01-01", "46328", "1/1/1900", "10", "0001-01-01", "?"])
def test_what_promises_a_date_is_not_taken_for_none(text: str) -> None:
    assert not no_date(text)


@pytest.mark.parametrize("text", ["12 Baker 2026", "Room 12, 2026", "May 2026", "Mars 12", "Mo 12", "2026"])
def test_words_beside_numbers_are_no_dates(text: str) -> None:
    assert not looks_like_date(text)


def test_a_spreadsheet_number_among_dates_is_refused_with_the_reason() -> None:
    with pytest.raises(CellError) as caught:
        read_date("46328", column("46328", "2026-01-02").order())

    assert "counted from 1900" in caught.value.hint


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (("2026-03-04", "29.03.2026", "04.03.2026"), "dmy"),  # ISO among others
        (("03/04/2026", "13/04/2026"), "dmy"),
        (("03/04/2026", "04/13/2026"), "mdy"),
        (("13.04.2026",), "dmy"),
        (("04-30-2026", "", "2026-01-02"), "mdy"),
        (("2026-03-04", "2026/3/4"), "dmy"),
        (("05/05/2026", "12/12/2026"), "dmy"),  # the same day either way
        (("03/04/2026 09:30", "31/12/2026 10:00"), "dmy"),
        (("46328", "46329.5"), "serial"),
        ((), "dmy"),
    ],
)
def test_one_cell_above_12_settles_the_column(cells: tuple[str, ...], order: str) -> None:
    assert column(*cells).order() == order


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (("03/04/2026",), "03/04/2026 (line 2) may be 3 April or 4 March, and no other cell tells"),
        (
            ("x", "2026-01-31", "11.12.2026"),
            "11.12.2026 (line 4) may be 11 December or 12 November, and no other cell tells",
        ),
        (
            ("13/04/2026", "04/13/2026"),
            "13/04/2026 (line 2) and 04/13/2026 (line 3) write day and month in two orders",
        ),
        (("40/04/2026", "04/03/2026"), "04/03/2026 (line 3) may be 4 March or 3 April, and no other cell tells"),
    ],
)
def test_a_column_that_leaves_both_readings_open_is_refused(cells: tuple[str, ...], message: str) -> None:
    with pytest.raises(CellError) as caught:
        column(*cells).order()

    assert caught.value.message == message


@pytest.mark.parametrize("order", ["dmy", "mdy", "ymd"])
def test_a_given_date_format_settles_everything(order: str) -> None:
    assert column("03/04/2026", "13/04/2026", "04/13/2026", given_order=order).order() == order


def test_serial_numbers_are_dates_only_when_the_whole_column_is_serial() -> None:
    assert read_date("46328", column("46328", "45000").order()) == date(2026, 11, 2)
    assert read_date("46328.4", "serial") == date(2026, 11, 2)
    assert column("46328", "2026-01-02").order() == "dmy"
    assert column("46328", "02134").order() == "dmy"  # a postal code is no date


days = st.dates(date(1900, 1, 1), date(2199, 12, 31))


@given(st.lists(days, min_size=1, max_size=20), st.sampled_from(["dmy", "mdy"]), st.sampled_from("/.-"))
def test_ambiguous_columns_are_refused_and_decidable_ones_are_right(dates: list[date], order: str, mark: str) -> None:
    """Bar 25: 100 % of the undecidable columns refused, 100 % of the decidable right."""
    shape = {"dmy": "{0.day:02}{1}{0.month:02}{1}{0.year}", "mdy": "{0.month}{1}{0.day}{1}{0.year}"}[order]
    cells = [shape.format(day, mark) for day in dates]
    decidable = any(day.day > 12 for day in dates) or all(day.day == day.month for day in dates)

    if decidable:
        found = column(*cells).order()
        assert [read_date(cell, found) for cell in cells] == dates
    else:
        with pytest.raises(CellError, match="may be"):
            column(*cells).order()


@given(st.lists(days, min_size=1, max_size=10), st.sampled_from(["", "dmy", "mdy", "ymd"]))
def test_iso_is_iso_whatever_the_column(dates: list[date], given_order: str) -> None:
    cells = [day.isoformat() for day in dates]
    order = column(*cells, given_order=given_order).order()

    assert [read_date(cell, order) for cell in cells] == dates


@given(st.text(max_size=30), st.sampled_from(["dmy", "mdy", "ymd", "serial"]))
def test_any_text_is_a_date_or_a_sentence(text: str, order: str) -> None:
    """TRUST 2.3: no OverflowError, no filling in from today."""
    try:
        day = read_date(text, order)
    except CellError:
        return
    assert date(1900, 1, 1) <= day < date(2200, 1, 1)


@given(st.integers(20_000, 79_999))
def test_serials_count_days(serial: int) -> None:
    assert read_date(str(serial), "serial") == date(1899, 12, 30) + timedelta(days=serial)
