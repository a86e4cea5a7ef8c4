"""One e-mail to one person, whatever the text says (TRUST 2.6, bar 29)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes, policy
from email.headerregistry import Address
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from followup.core.visible import visible, visible_lines
from followup.errors import FollowupError
from followup.files.mail import MAIL_HEADERS, SUBJECT_LENGTH, check_address, compose_mail

NOW = datetime(2026, 1, 5, 7, 30, tzinfo=timezone(timedelta(hours=1)))
FULL = settings.default is not None and settings.default.max_examples >= 1000
EXAMPLES = 1000 if FULL else 200

# What means something in a mail, and anything else, lone surrogates too.
HOSTILE = st.lists(
    st.one_of(
        st.sampled_from(
            [
                *("\r", "\n", "\r\n", "\x00", "\x1b", "\x85", "\u2028", "\t", " ", ".", "..", "\n.\n", "From ", "--"),
                *("Bcc: evil@example.com", "\r\nBcc: evil@example.com\r\n\r\n", "=?utf-8?q?x=0ABcc:_e@x?=", "=?", "?="),
                *(
                    ",",
                    ";",
                    "<",
                    ">",
                    '"',
                    "\\",
                    "(",
                    ")",
                    "@",
                    ":",
                    "=",
                    "=0D=0A",
                    "ü",
                    "語",
                    "🙂",
                    "\ud800",
                    "a" * 998,
                ),
            ]
        ),
        st.text(alphabet=st.characters(exclude_categories=()), max_size=20),
    ),
    max_size=25,
).map("".join)


def composed(**given: Any) -> bytes:
    usual = {"subject": "s", "sender": "ann@a.example", "to": "bob@b.example", "text": "t", "date": NOW}
    return compose_mail(**{**usual, **given}).as_bytes()


def parsed(data: bytes) -> Any:
    """A mail as its reader parses it, after what every mail must keep to."""
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert b"\r" not in data.replace(b"\r\n", b"")
    assert b"\0" not in data
    assert max(map(len, data.split(b"\r\n"))) <= 998
    mail = message_from_bytes(data, policy=policy.default)
    assert sorted(mail.keys()) == sorted(MAIL_HEADERS)
    assert not mail.defects
    assert [one.addr_spec for one in mail["To"].addresses] == ["bob@b.example"]
    assert [one.addr_spec for one in mail["From"].addresses] == ["ann@a.example"]
    return mail


def lines_of(part: Any) -> list[str]:
    return str(part.get_content()).replace("\r\n", "\n").rstrip("\n").split("\n")


def shown(text: str) -> list[str]:
    return "\n".join(visible_lines(text)).rstrip("\n").split("\n")


@settings(max_examples=EXAMPLES)
@given(subject=HOSTILE, name=HOSTILE, text=HOSTILE, html=HOSTILE | st.none(), calendar=st.booleans())
def test_any_text_makes_a_mail_with_one_recipient_and_the_known_headers(
    subject: str, name: str, text: str, html: str | None, calendar: bool
) -> None:
    ics = "BEGIN:VCALENDAR\r\nX:ü\r\nEND:VCALENDAR\r\n"
    attached = ics if calendar else None
    data = composed(subject=subject, sender_name=name, text=text, html=html, calendar=attached)
    mail = parsed(data)
    assert lines_of(mail.get_body(("plain",))) == shown(text)
    if html is not None:
        assert lines_of(mail.get_body(("html",))) == shown(html)
    assert [part.get_payload(decode=True).decode() for part in mail.iter_attachments() if calendar] == [ics] * calendar
    whole = " ".join(visible(subject[: 4 * SUBJECT_LENGTH]).split())
    assert mail["Subject"] == (whole if len(whole) <= SUBJECT_LENGTH else mail["Subject"])
    assert len(mail["Subject"]) <= SUBJECT_LENGTH
    assert mail["Subject"].removesuffix("…").rstrip() == whole[: len(mail["Subject"].removesuffix("…"))].rstrip()
    assert composed(subject=subject, sender_name=name, text=text, html=html, calendar=attached) == data


@pytest.mark.parametrize(
    ("subject", "says"),
    [
        ("Hello\r\nBcc: evil@example.com", "Hello Bcc: evil@example.com"),
        ("Hello\rBcc: evil@example.com", r"Hello\rBcc: evil@example.com"),
        ("Hello\x00there", r"Hello\x00there"),
        ("\x1b]0;owned\x07", r"\x1b]0;owned\x07"),
        ("=?utf-8?q?x=0ABcc:_evil=40example.com?=", "=?utf-8?q?x=0ABcc:_evil=40example.com?="),
        ("=?utf-8?b?SGFsbG8=?= =?utf-8?b?SGFsbG8=?=", "=?utf-8?b?SGFsbG8=?= =?utf-8?b?SGFsbG8=?="),
        ("ab\u202ecd", r"ab\u202ecd"),
        ("lone \ud800", r"lone \ud800"),
        ("Grüße 語 🙂", "Grüße 語 🙂"),
        ("", ""),
        ("  much   space\t", "much space"),
        ("2 due: Café Ünïcödé & Sons, " * 4, ("2 due: Café Ünïcödé & Sons, " * 4).strip()),
    ],
)
def test_a_subject_is_one_harmless_line_and_nothing_more(subject: str, says: str) -> None:
    assert parsed(composed(subject=subject))["Subject"] == says


def test_a_long_subject_is_cut_where_all_can_see_it() -> None:
    subject = parsed(composed(subject="ü" * 10_000))["Subject"]
    assert subject == "ü" * (SUBJECT_LENGTH - 1) + "…"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("Smith, John", "Smith, John"),
        ('John "Jack" Smith', 'John "Jack" Smith'),
        ("back\\slash", "back\\slash"),
        ("evil@example.com, Ann", "evil@example.com, Ann"),
        ("Ann <evil@example.com>", "Ann <evil@example.com>"),
        ("Jörg, Müller; & Söhne", "Jörg, Müller; & Söhne"),
        ("=?utf-8?q?evil=40example.com=2C?=", "=?utf-8?q?evil=40example.com=2C?="),
        ("Ann\r\nBcc: evil@example.com", "Ann Bcc: evil@example.com"),
        ("", ""),
    ],
)
def test_a_sender_has_one_address_whatever_the_name_says(name: str, says: str) -> None:
    assert parsed(composed(sender_name=name))["From"].addresses == (Address(says, addr_spec="ann@a.example"),)


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("john@j.example", "john@j.example"),
        (" john@j.example ", "john@j.example"),
        ("John <john@j.example>", "john@j.example"),
        ("Smith, John <j@x>", "j@x"),
        ('"Smith, John" <john@j.example>', "john@j.example"),
        ("<john@j.example>", "john@j.example"),
        ("o'neil+tag@sub.j.example", "o'neil+tag@sub.j.example"),
        ("john@müller.example", "john@xn--mller-kva.example"),
        ("John@J.Example", "John@J.Example"),
        ("jörg@j.example", "jörg@j.example"),
    ],
)
def test_an_address_is_taken_as_one(given: str, address: str) -> None:
    assert check_address(given) == address


@pytest.mark.parametrize(
    "given",
    [
        *("", " ", "john", "@", "john@", "@j.example", "john@j..example", "john@-j.example", "john@j.example."),
        *("a@x.example, evil@y.example", "a@x.example;evil@y.example", "a@x.example evil@y.example"),
        *("<a@x.example> <evil@y.example>", "<a@x.example>, evil@y.example", "a@x.example <evil@y.example"),
        *("a@x.example\r\nBcc: evil@y.example", "a@x.example\nRCPT TO:<evil@y.example>", "a\x00@x.example"),
        *("a b@x.example", '"a b"@x.example', "a.@x.example", ".a@x.example", "a@[127.0.0.1]", "a@x_y.example"),
        *("a\u202eb@x.example", "a\ud800@x.example", "a@\ud800.example", "a\u00a0b@x.example", "a@b@x.example"),
        *(
            "a" * 65 + "@x.example",
            "a@" + "x." * 130 + "example",
            "ü" * 33 + "@x.example",
            "a@" + "ü" * 70 + ".example",
        ),
        *("undisclosed-recipients:;", "group: a@x.example, b@y.example;", "john@straße.example", "a(b)@x.example"),
    ],
)
def test_what_is_not_one_address_is_refused_with_a_sentence(given: str) -> None:
    for role in ("to", "sender"):
        with pytest.raises(FollowupError) as caught:
            composed(**{role: given})
        assert caught.value.exit_code == 1
        assert caught.value.hint
        said = caught.value.sentence + caught.value.hint
        assert visible(said) == said


@settings(max_examples=EXAMPLES)
@given(HOSTILE | st.from_regex(r"[a-z.,;<>\"@\s]{1,30}@[a-z.,@ ]{1,20}", fullmatch=True))
def test_an_address_is_one_or_none(text: str) -> None:
    try:
        address = check_address(text)
    except FollowupError:
        return
    mail = message_from_bytes(composed(to=text), policy=policy.default)
    assert [one.domain for one in mail["To"].addresses] == [address.rpartition("@")[2]]
    assert check_address(address) == address
    assert not re.search(r"[\s,;<>\"()\x00-\x20]", address)


def test_a_mail_says_that_a_program_wrote_it_and_when() -> None:
    mail = parsed(composed())
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime == NOW
    assert re.fullmatch(r"<[0-9a-f]{32}@a\.example>", mail["Message-ID"])


def test_another_text_or_another_moment_is_another_message() -> None:
    identities = {
        parsed(composed(**more))["Message-ID"]
        for more in ({}, {"text": "u"}, {"subject": "u"}, {"date": NOW.astimezone(UTC) + timedelta(days=1)})
    }
    assert len(identities) == 4
    assert parsed(composed(message_id_domain="müller.example"))["Message-ID"].endswith("@xn--mller-kva.example>")


def test_the_forms_of_one_mail_are_found_by_a_mail_program() -> None:
    mail = parsed(composed(text="Grüße\n", html="<p>Grüße</p>\n", calendar="BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"))
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    (attached,) = mail.iter_attachments()
    assert attached.get_filename() == "followup.ics"
    assert attached.get_content_charset() == "utf-8"
    assert attached.get_payload(decode=True) == b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
