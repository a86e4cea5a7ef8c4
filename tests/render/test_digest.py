"""The digest in words: what it counts, what a person at a terminal is told beside it, and what never breaks it."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.actions.reminded import Delivery, Digest, DigestEntry, Reminded, Trial
from followup.actions.results import TouchpointView
from followup.core.visible import visible
from followup.render import make_screen
from followup.render.digest import digest_notification, digest_subject, digest_summary, digest_text
from followup.render.digest_html import digest_html
from followup.render.digest_markdown import digest_markdown
from followup.render.measure import width
from followup.render.reminded import doubt_sentences, reminded_lines
from followup.render.screen import lines_text

TODAY = date(2026, 1, 5)


def view(number: int = 1, **more: Any) -> TouchpointView:
    values: dict[str, Any] = {
        "id": number,
        "customer": "Anna Meyer",
        "customer_key": "anna-meyer",
        "contact": "Anna Meyer",
        "playbook": "saas",
        "step": "week_one",
        "occurrence": 1,
        "stage": "novelty",
        "purpose": "prevention",
        "service": "prevention",
        "channel": "phone",
        "due_on": TODAY,
        "opens_on": TODAY,
        "closes_on": TODAY,
        "status": "open",
        "reach": "030 1",
    }
    return TouchpointView(**(values | more))


def digest(*entries: DigestEntry, notices: tuple[str, ...] = ()) -> Digest:
    items = tuple(each for entry in entries for each in (entry.first, *entry.others))
    return Digest(today=TODAY, entries=entries, items=items, notices=notices)


def entries(*days_overdue: int) -> list[DigestEntry]:
    return [DigestEntry(first=view(number, days_overdue=days)) for number, days in enumerate(days_overdue, start=1)]


@pytest.mark.parametrize(
    ("overdue", "said"),
    [
        ([0], "1 customer to contact"),
        ([3], "1 customer to contact, overdue"),
        ([0, 0], "2 customers to contact"),
        ([2, 0, 0], "3 customers to contact, 1 of them overdue"),
        ([2, 1], "2 customers to contact, all of them overdue"),
    ],
)
def test_the_first_line_counts_customers(overdue: list[int], said: str) -> None:
    whole = digest(*entries(*overdue))

    assert digest_summary(whole) == said
    assert digest_subject(whole) == f"followup Mon 5 Jan: {said}"
    assert f"\n{said}.\n" in digest_text(whole)


def test_a_customer_counts_as_overdue_when_anything_of_theirs_is() -> None:
    entry = DigestEntry(first=view(1), others=(view(2, days_overdue=4),))

    assert digest_summary(digest(entry)) == "1 customer to contact, overdue"
    assert "prevention by phone (2), 4 days late" in digest_text(digest(entry))


@pytest.mark.parametrize("channel", ["email", "message", "letter", "phone", "visit"])
def test_a_draft_is_offered_where_something_is_written(channel: str) -> None:
    text = digest_text(digest(DigestEntry(first=view(7, channel=channel))))

    assert ("followup message 7" in text) is (channel in ("email", "message", "letter"))
    assert 'followup done 7 good "what was said"' in text


def test_an_unknown_number_is_told_with_what_supplies_it() -> None:
    text = digest_text(digest(DigestEntry(first=view(channel="phone", reach=""))))

    assert "followup set anna-meyer phone PHONE" in text


def test_a_notification_names_the_first_and_counts_the_rest() -> None:
    said = digest_notification(digest(*entries(*[0] * 7)))

    assert len(said.splitlines()) == 5
    assert said.splitlines()[-1] == "and 3 more: followup"


TEXTS = st.text(min_size=1, max_size=60)


@given(name=TEXTS, words=TEXTS, give=TEXTS, ask=st.lists(TEXTS, max_size=3), notes=TEXTS, phone=TEXTS, email=TEXTS)
def test_whatever_somebody_is_called_it_stays_words(
    name: str, words: str, give: str, ask: list[str], notes: str, phone: str, email: str
) -> None:
    """Bar 26: the same lines as for ordinary words, no wider, and nothing in them that a terminal obeys."""
    first = view(customer=name, contact=name, last_words=words, gives=give, reach=phone)
    entry = DigestEntry(first=first, company=name, ask=tuple(ask), notes=notes, phone=phone, email=email, wants=words)
    whole = digest(entry, notices=(words,))
    text, markdown, html = digest_text(whole), digest_markdown(whole), digest_html(whole)

    for line in [*text.split("\n"), *markdown.split("\n")]:
        assert visible(line) == line
    assert text.count("\n    Record:     followup done 1 ") == 1
    copied = ("    Phone:", "    E-mail:")
    assert all(width(line) <= 72 for line in text.split("\n") if not line.startswith(copied))
    assert markdown.count("\n## ") == 1
    assert [html.count(tag) for tag in ("<h1", "<h2", "<script", "<img", "<div")] == [1, 1, 0, 0, 2]


def test_html_loads_nothing_and_sets_no_colour_of_text() -> None:
    """It is as readable in the dark as in the light."""
    html = digest_html(digest(*entries(0, 3), notices=("a notice",)))

    assert "http" not in html.replace("http-equiv", "")
    assert "background" not in html
    assert "color:" not in html.replace("color-scheme:", "").replace("supported-color-schemes:", "")


@pytest.mark.parametrize(
    ("phone", "email", "links"),
    [
        ("+49 30 123", "anna@meyer.example", ["tel:+4930123", "mailto:anna@meyer.example"]),
        ("ask Bo", "a@x?bcc=evil@y", []),
        ("１２３", "a@x,b@y", []),
        ("030/99-1", "<a@x>", ["tel:030991"]),
    ],
)
def test_only_plain_numbers_and_addresses_can_be_tapped(phone: str, email: str, links: list[str]) -> None:
    html = digest_html(digest(DigestEntry(first=view(), phone=phone, email=email)))

    assert [part.split('"')[0] for part in html.split('href="')[1:]] == links


def delivery(target: str = "email:me@example.com", **more: Any) -> Delivery:
    values: dict[str, Any] = {"day": TODAY, "id": 1, "customer_key": "anna-meyer", "step": "call", "occurrence": 1}
    return Delivery(target=target, **(values | more))


@pytest.mark.parametrize(
    ("target", "typed"),
    [
        ("stdout", "followup remind --via stdout --force"),
        ("email:me@example.com", "followup remind --via email --force"),
        ("desktop", "followup remind --via desktop --force"),
        ("slack:0123456789ab", "followup remind --force"),
    ],
)
def test_a_doubt_is_told_with_what_to_type(target: str, typed: str) -> None:
    result = Reminded(today=TODAY, unknown=(delivery(target), delivery(target, id=2)))

    assert doubt_sentences(result) == [
        f"2 touchpoints of Mon 2026-01-05 may not have reached {target}: look there, and if not: {typed}"
    ]


def test_the_person_at_the_terminal_is_told_where_it_went() -> None:
    screen = make_screen(io.StringIO(), isatty=True)
    result = Reminded(today=TODAY, sent=(delivery(), delivery(id=2), delivery("desktop")))

    assert lines_text(reminded_lines(result, screen)).splitlines() == [
        "Sent 2 touchpoints to email:me@example.com.",
        "Sent 1 touchpoint to desktop.",
    ]


def test_a_test_message_is_told_with_where_to_look() -> None:
    screen = make_screen(io.StringIO(), isatty=True, columns="100")
    tested = (Trial(target="email:me@example.com", sent=True), Trial(target="desktop", sent=False, error="no"))

    assert lines_text(reminded_lines(Reminded(today=TODAY, tested=tested), screen)).splitlines() == [
        "A test message went to me@example.com: look into the inbox, and into the spam."
    ]
