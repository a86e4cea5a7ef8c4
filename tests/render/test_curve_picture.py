"""The curve drawn: the dip where it is, today on its column, touchpoints on the axis, at any width and in ASCII."""

from __future__ import annotations

import builtins
import dataclasses
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from wcwidth import wcswidth

from followup.actions.results import CustomerPage, CustomerView, SaleView

Show = Callable[..., Any]
LIVE = date(2026, 2, 18)
RECOVERED = 66


@pytest.fixture
def page(acme_sale: SaleView) -> Callable[..., CustomerPage]:
    def made(today: date = date(2026, 3, 12), **changed: Any) -> CustomerPage:
        customer = CustomerView(
            id=1,
            key="acme",
            name="Acme",
            company="",
            kind="company",
            country="",
            subdivision="",
            timezone="",
            usage="",
            tier="",
            tags=(),
            do_not_contact=False,
            notes="",
            extra={},
        )
        sale = dataclasses.replace(acme_sale, **changed)
        return CustomerPage(today=today, customer=customer, contacts=(), sales=(sale,))

    return made


def canvas(text: str) -> list[str]:
    """The rows between the word `today` and the axis, without the scale."""
    rows = text.split("\n")
    axis = next(index for index, row in enumerate(rows) if re.match(r" +[└+][─┴+-]", row))
    first = next(index for index, row in enumerate(rows) if re.match(r" +100 [│|]", row))
    return [row[7:] for row in rows[first:axis]]


def day_of_use(column: int) -> float:
    """The day at a column of the picture at 80 columns: from two days before the start of use to day 93."""
    return column / (80 - 1 - 2 - 5 - 1) * 95 - 2


@pytest.mark.parametrize("width", [34, 40, 60, 80, 140])
def test_the_line_falls_into_the_dip_and_comes_back(page: Callable[..., CustomerPage], show: Show, width: int) -> None:
    rows = canvas(show(page(today=date(2030, 1, 1)), width).text)
    drawn = [(row, column) for row, text in enumerate(rows) for column, sign in enumerate(text) if sign != " "]
    lowest = max(row for row, _ in drawn)
    columns = max(column for _, column in drawn) + 1
    at_the_bottom = [column for row, column in drawn if row == lowest]
    end = RECOVERED * 1.4
    middle = sum(at_the_bottom) / len(at_the_bottom) / columns * end
    assert abs(middle - 28) < 6
    first = min(row for row, column in drawn if column == 0)
    last = min(row for row, column in drawn if column == columns - 1)
    assert first == last < lowest


def test_today_is_marked_on_its_column(page: Callable[..., CustomerPage], show: Show) -> None:
    said = show(page(), 80).text
    rows = canvas(said)
    column = {text.index("│") for text in rows if "│" in text}
    assert len(column) == 1
    assert abs(day_of_use(column.pop()) - 22) < 1
    assert "today, mood (est.) 52" in said


@pytest.mark.parametrize(
    ("days", "said"),
    [(-40, "today is 40 days before the start of use"), (-5, "today"), (500, "today is day 500 →")],
)
def test_today_outside_the_picture_is_said_in_words(
    page: Callable[..., CustomerPage], show: Show, days: int, said: str
) -> None:
    assert said in show(page(today=LIVE + timedelta(days)), 80).text


def test_touchpoints_stand_on_the_axis_at_their_day(page: Callable[..., CustomerPage], show: Show) -> None:
    rows = show(page(), 80).text.split("\n")
    marks = next(row for row in rows if "!" in row and "○" in row)[7:]
    days = [day_of_use(column) for column, sign in enumerate(marks) if sign != " "]
    assert days == pytest.approx([-2, 20, 25], abs=1)
    assert "● done  ○ planned  ! late" in "\n".join(rows)


@pytest.mark.parametrize(("encoding", "term"), [("ascii", "xterm"), ("cp1252", "xterm"), ("utf-8", "dumb")])
def test_where_only_ascii_can_be_drawn_the_picture_is_ascii(
    page: Callable[..., CustomerPage], show: Show, encoding: str, term: str
) -> None:
    raw = show(page(), 80, encoding=encoding, term=term).raw
    assert raw.isascii()
    assert b"*****" in raw
    assert b"\\u" not in raw


@pytest.mark.parametrize("width", [20, 25, 31])
def test_a_very_narrow_screen_gets_the_words_alone(page: Callable[..., CustomerPage], show: Show, width: int) -> None:
    text = show(page(), width).text
    assert "100 │" not in text
    assert "is deepest on day 28" in re.sub(r"\s+", " ", text)


def test_a_pipe_gets_the_words_alone(page: Callable[..., CustomerPage], show: Show) -> None:
    text = show(page(), kind="pipe").text
    assert "│" not in text
    assert "The dip begins on day 7 (Wed 2026-02-25)" in text


def test_without_plotext_the_words_stay(
    page: Callable[..., CustomerPage], show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def refuse(name: str, *rest: Any, **named: Any) -> Any:
        if name == "plotext":
            raise ImportError("its compiled part was not built")
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", refuse)
    text = show(page(), 80).text
    assert "100 │" not in text
    assert "The dip begins on day 7" in text


@pytest.mark.parametrize(
    "changed",
    [
        {"mood_line": ()},
        {"mood_line": ((0, 0.85),)},
        {"mood_line": ((0, 0.0), (1, 0.0))},
        {"curve": None},
        {"live_on": None},
        {"mood": None},
        {"touchpoints": ()},
        {"curve": None, "live_on": None, "mood": None, "touchpoints": ()},
    ],
)
def test_what_is_not_known_is_left_out(page: Callable[..., CustomerPage], show: Show, changed: dict[str, Any]) -> None:
    for width in (40, 80):
        shown = show(page(**changed), width)
        assert max(wcswidth(line) for line in shown.lines) <= width
        assert "Reporting Suite" in shown.text


def test_a_curve_without_a_dip_says_so(page: Callable[..., CustomerPage], acme_sale: SaleView, show: Show) -> None:
    assert acme_sale.curve is not None
    flat = dataclasses.replace(acme_sale.curve, depth=0.0)
    assert "No dip is expected" in show(page(curve=flat), 80).text
