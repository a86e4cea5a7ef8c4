"""The due list is the product: who, how, what for, why now, at every width."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth

from followup.actions.results import DueList, TouchpointView

Show = Callable[..., Any]
Make = Callable[..., TouchpointView]
TODAY = date(2026, 3, 12)


def listing(*items: TouchpointView, **facts: Any) -> DueList:
    return DueList(today=TODAY, items=items, due_count=len(items), customer_count=9, **facts)


def test_at_eighty_columns(samples: Mapping[str, DueList], show: Show) -> None:
    assert show(samples["due"], 80).text == (
        "Thursday 2026-03-12 · the first 4 of 8: 2 overdue, 2 today, 1 coming\n"
        "\n"
        "  ID  Due          Who                             For               Mood (est.)\n"
        "First: a problem, a broken promise or a deadline\n"
        "  41  1 day late   Nordwind Logistik GmbH, Petra…  recovery          38 ↓\n"
        "      phone +49 40 5559812 · problem open for 2 days · learning, day 22 of 59\n"
        "Overdue\n"
        "  12  2 days late  Acme Tooling, Jane Doe          prevention +2     52 ↓\n"
        "      phone +49 30 1234567 · mood is falling · learning, day 16 of 59\n"
        "Today\n"
        "   7  today 14:30  Hotel Berghof                   feedback          71 ↑\n"
        "      email reservierung@hotel-berghof.example · window closes tomorrow\n"
        "      effectiveness, day 3 of 114\n"
        "  30  today        Bluebird Bikes, Tom             needs assessment\n"
        "      phone +44 20 79460991 · no contact for 88 days · maintenance, day 212\n"
        "Coming\n"
        "  55  2026-03-16   株式会社さくら, 田中太郎        renewal           66 ↓\n"
        "      email tanaka@sakura.example · renewal in 45 days · maintenance\n"
        "\n"
        "Done today: 5 · left: 8\n"
        "4 more beyond the limit: followup due --limit 8 or followup due --all\n"
        'Record: followup done 41 good "what was said" · why: followup why 41\n'
    )


def test_at_a_hundred_and_forty_columns(samples: Mapping[str, DueList], show: Show) -> None:
    lines = show(samples["due"], 140).lines
    assert lines[2:8] == [
        (
            "  ID  Due          Who                                    How to reach                              "
            "For               Mood (est.)"
        ),
        "First: a problem, a broken promise or a deadline",
        (
            "  41  1 day late   Nordwind Logistik GmbH, Petra Lindner  phone +49 40 5559812                      "
            "recovery          38 ↓"
        ),
        (
            '      problem open for 2 days · learning, day 22 of 59 · "the import lost our March orders"'
            " · give: a fix, or a date for one"
        ),
        "Overdue",
        (
            "  12  2 days late  Acme Tooling, Jane Doe                 phone +49 30 1234567                      "
            "prevention +2     52 ↓"
        ),
    ]


def test_at_forty_columns_each_customer_is_a_stack(samples: Mapping[str, DueList], show: Show) -> None:
    assert "\n".join(show(samples["due"], 40).lines[3:17]) == (
        "First: a problem, a broken promise or a\n"
        "deadline\n"
        "41 Nordwind Logistik GmbH, Petra Lindner\n"
        "    2026-03-11\n"
        "    1 day late; problem open for 2 days\n"
        "    phone +49 40 5559812\n"
        "    recovery · learning, day 22 of 59\n"
        "    mood (est.) 38 ↓\n"
        "\n"
        "Overdue\n"
        "12 Acme Tooling, Jane Doe\n"
        "    2026-03-10\n"
        "    2 days late; mood is falling\n"
        "    phone +49 30 1234567"
    )


@pytest.mark.parametrize("width", [20, 40, 60, 80, 120, 200])
def test_number_date_name_and_purpose_are_readable_at_every_width(
    samples: Mapping[str, DueList], show: Show, width: int
) -> None:
    said = re.sub(r"\s+", " ", show(samples["due"], width).text)
    for view in samples["due"].items:
        assert view.customer is not None
        assert view.due_on is not None
        assert f"{view.id} " in said
        assert view.customer[:10] in said
        assert view.purpose.replace("_", " ") in said
        late = f"{view.days_overdue} day" if view.days_overdue else "today"
        assert view.due_on.isoformat() in said or late in said


@pytest.mark.parametrize("width", [40, 60, 80, 140])
def test_the_number_to_call_is_never_cut(samples: Mapping[str, DueList], show: Show, width: int) -> None:
    said = show(samples["due"], width).text
    assert all(view.reach in said for view in samples["due"].items)


@pytest.mark.parametrize("width", [40, 60, 80, 140])
def test_why_now_is_said_and_lateness_only_once(show: Show, make_touchpoint: Make, width: int) -> None:
    said = show(listing(make_touchpoint(why_now="2 days late; mood is falling")), width).text
    assert "mood is falling" in said
    assert said.count("2 days late") == 1


def test_lateness_is_said_even_when_the_reason_does_not(show: Show, make_touchpoint: Make) -> None:
    said = show(listing(make_touchpoint(why_now="an open concern")), kind="pipe").text
    assert "2 days late; an open concern" in said


def test_what_is_estimated_says_so(samples: Mapping[str, DueList], show: Show) -> None:
    for width in (20, 40, 80, 200):
        assert "est.)" in re.sub(r"\s+", " ", show(samples["due"], width).text)


def test_problems_promises_and_deadlines_stand_first_whatever_their_date(show: Show, make_touchpoint: Make) -> None:
    recovery = make_touchpoint(id=2, customer="Broken Ltd", due_on=TODAY, lane=1)
    late = make_touchpoint(id=1, customer="Late Ltd")
    lines = show(listing(recovery, late)).lines
    first, second = (next(row for row, text in enumerate(lines) if name in text) for name in ("Broken", "Late Ltd"))
    assert first < second
    assert "First" in lines[first - 1]


def test_the_order_given_is_kept_inside_a_section(show: Show, make_touchpoint: Make) -> None:
    items = [make_touchpoint(id=number, customer=f"Customer {number}") for number in (5, 3, 9)]
    said = show(listing(*items)).text
    assert said.index("Customer 5") < said.index("Customer 3") < said.index("Customer 9")


def test_the_contact_is_named_only_where_it_is_somebody_else(show: Show, make_touchpoint: Make) -> None:
    said = show(listing(make_touchpoint(customer="Jane Doe", contact="jane doe")), 100).text
    assert said.count("oe") == 1


def test_folded_touchpoints_are_counted(show: Show, make_touchpoint: Make) -> None:
    for width in (40, 80):
        assert "prevention +2" in show(listing(make_touchpoint(folded_count=2)), width).text


def test_what_lies_beyond_the_limit_is_counted_with_the_way_to_see_it(show: Show, make_touchpoint: Make) -> None:
    said = show(listing(make_touchpoint(), hidden_count=7)).text
    assert "7 more beyond the limit" in said
    assert "followup due --limit 8" in said
    assert "followup due --all" in said


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (
            DueList(today=TODAY, items=(), next_due_on=TODAY + timedelta(4), customer_count=3, done_today=5),
            "Nothing due today. Next: Mon 2026-03-16.\nDone today: 5\n",
        ),
        (DueList(today=TODAY, items=(), customer_count=3), "Nothing due today, and nothing planned after it.\n"),
        (DueList(today=TODAY, items=()), "Nothing due today: there are no customers yet."),
    ],
)
def test_an_empty_list_says_when_the_next_one_is_due(show: Show, result: DueList, said: str) -> None:
    assert said in show(result).text


def test_with_only_coming_contacts_nothing_is_due_today(show: Show, make_touchpoint: Make) -> None:
    result = DueList(
        today=TODAY,
        items=(make_touchpoint(due_on=TODAY + timedelta(2)),),
        next_due_on=TODAY + timedelta(2),
        customer_count=1,
    )
    said = show(result).text
    assert "Coming" in said
    assert "Nothing due today. Next: Sat 2026-03-14." in said


def test_notices_stand_below_the_list(show: Show, make_touchpoint: Make) -> None:
    result = listing(make_touchpoint(), notices=("the data file cannot be written; the plan may be a day old",))
    assert show(result, 100).lines[-1] == "Note: the data file cannot be written; the plan may be a day old"


def test_colours_say_late_today_coming_and_words_say_it_too(samples: Mapping[str, DueList], show: Show) -> None:
    coloured = show(samples["due"], color="auto").text
    assert "\x1b[1;31m2 days late\x1b[0m" in coloured
    assert "\x1b[1mtoday 14:30\x1b[0m" in coloured
    assert "\x1b[2m2026-03-16\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == show(samples["due"]).text


def test_without_colour_bold_stays_and_no_colour_is_sent(samples: Mapping[str, DueList], show: Show) -> None:
    codes = set(re.findall(r"\x1b\[([\d;]*)m", show(samples["due"], color="auto", no_color="1").text))
    assert codes == {"0", "1", "2"}


def test_a_dumb_terminal_gets_ascii_and_no_escape(samples: Mapping[str, DueList], show: Show) -> None:
    result = dataclasses.replace(samples["due"], items=samples["due"].items[:4])
    raw = show(result, color="auto", term="dumb").raw
    assert raw.isascii()
    assert b"\x1b" not in raw
    assert b"38 down" in raw


@given(
    name=st.text(min_size=1, max_size=300),
    reach=st.text(max_size=80),
    words=st.text(max_size=200),
    width=st.integers(20, 200),
    encoding=st.sampled_from(["utf-8", "cp1252", "ascii"]),
)
def test_no_line_is_wider_than_the_screen(
    show: Show, make_touchpoint: Make, name: str, reach: str, words: str, width: int, encoding: str
) -> None:
    result = listing(
        make_touchpoint(customer=name, contact=words, reach=reach, why_now=words, last_words=name, gives=words),
        make_touchpoint(due_on=TODAY, lane=2, folded_count=12),
    )
    shown = show(result, width, encoding=encoding)
    for line in shown.raw.decode(encoding).split("\n"):
        assert 0 <= wcswidth(line) <= width
