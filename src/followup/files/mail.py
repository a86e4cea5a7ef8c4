"""One e-mail to one person, made from text that nobody vouches for.

Whatever a subject, a name or a body says, the message has one recipient and the headers of MAIL_HEADERS, each once.
The header lines are written here in their final form, because libraries decode and fold headers in ways that differ
between versions of Python: a subject that looks like an encoded word would be decoded, and a long name with a comma
would lose its quotes and become two people.
"""

from __future__ import annotations

import re
from datetime import datetime
from email import policy
from email.header import Header
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256

from followup.core.visible import visible, visible_lines
from followup.errors import FollowupError

MAIL_HEADERS = (
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
)
"""Every header that a message of ours carries, each exactly once, and no other."""

SUBJECT_LENGTH = 150
"""A subject has at most so many characters; a longer one ends in an ellipsis."""
NAME_LENGTH = 60
"""The same for the name of the sender."""

ADDRESS_LENGTH = 254  # RFC 5321 4.5.3.1: what fits into a path
LOCAL_LENGTH = 64
_LINE = 76

# RFC 5322 dot-atom; beyond ASCII whatever is printable (RFC 6532). Quoted local parts are refused.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\x80-\U0010ffff-]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE)
_WITH_NAME = re.compile(r"[^<>]*<([^<>]*)>")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9 !#$%&'*+/^_`{|}~-]+")


def compose_mail(
    *,
    subject: str,
    sender: str,
    sender_name: str = "",
    to: str,
    text: str,
    html: str | None = None,
    calendar: str | None = None,
    date: datetime,
    message_id_domain: str = "",
) -> EmailMessage:
    """Give a message to exactly one person.

    `sender` and `to` are addresses (`ann@example.com`, also `Ann <ann@example.com>`, whose name is left out);
    FollowupError for one that is not. `subject`, `sender_name`, `text` and `html` take any text whatever: made
    harmless by `visible`, line ends kept; `html` must already be escaped where it quotes somebody. `calendar` is
    iCalendar text, attached unchanged as `followup.ics`. `date` is aware. The same arguments give the same bytes,
    Message-ID included; `message_id_domain` stands behind its @, by default the domain of the sender.
    """
    from_address, to_address = check_address(sender), check_address(to)
    beyond_ascii = not (from_address.isascii() and to_address.isascii())
    message = EmailMessage(policy=(policy.SMTPUTF8 if beyond_ascii else policy.SMTP).clone(refold_source="none"))
    written = (subject, sender_name, from_address, to_address, text, html or "", calendar or "", date.isoformat())
    mark = sha256("\0".join(written).encode("utf-8", "surrogatepass")).hexdigest()[:32]
    domain = _ascii_domain(message_id_domain or from_address.rpartition("@")[2], message_id_domain)
    message.set_raw("From", _named(sender_name, from_address))
    message.set_raw("To", to_address)
    message.set_raw("Subject", _encoded(_one_line(subject, SUBJECT_LENGTH), room=_LINE - len("Subject: ")))
    message.set_raw("Date", format_datetime(date))
    message.set_raw("Message-ID", f"<{mark}@{domain}>")
    message.set_raw("Auto-Submitted", "auto-generated")  # RFC 3834: no absence notes in return
    _set_bodies(message, text, html, calendar, mark)
    return message


def check_address(text: str) -> str:
    """Give the one plain address (`ann@example.com`) that `text` is, its domain in ASCII.

    `Ann <ann@example.com>` and `Smith, John <j@example.com>` are one address each; `a@x, b@y` is none. A domain such
    as `müller.example` becomes `xn--mller-kva.example`. Raises FollowupError otherwise.
    """
    address = text.strip(" ")
    harmless = visible(address) == address
    if named := _WITH_NAME.fullmatch(address):
        address = named[1].strip()
    harmless = harmless and address.isprintable() and not re.search(r"\s", address)
    local, at, domain = address.rpartition("@")
    if not at or not harmless or not _LOCAL.fullmatch(local):
        raise _no_address(text)
    domain = _ascii_domain(domain, text)
    if len(local.encode()) > LOCAL_LENGTH or len(f"{local}@{domain}".encode()) > ADDRESS_LENGTH:
        raise _no_address(text)
    return f"{local}@{domain}"


def _ascii_domain(domain: str, whole: str) -> str:
    """A domain in the form that the name service knows."""
    if not domain.isascii():
        try:
            ascii_form = domain.encode("idna").decode("ascii")
            meant = ascii_form.encode("ascii").decode("idna")
        except UnicodeError:
            raise _no_address(whole) from None
        # The encoding folds some letters (`ß` to `ss`), which would be a domain of somebody else.
        if meant != domain.lower():
            raise FollowupError(
                f"it is not certain which domain {_shown(domain)} means",
                hint=f"if it is {visible(ascii_form)}, write it so; else write it in its form that begins with xn--",
            )
        domain = ascii_form
    if not all(_LABEL.fullmatch(label) for label in domain.split(".")):
        raise _no_address(whole)
    return domain


def _no_address(text: str) -> FollowupError:
    return FollowupError(f"{_shown(text)} is not one e-mail address", hint="write it like ann@example.com")


def _shown(text: str) -> str:
    return f'"{_one_line(text, 80)}"'


def _one_line(text: str, length: int) -> str:
    """Any text as one harmless line of at most `length` characters."""
    line = " ".join(visible(text[: 4 * length]).split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def _named(name: str, address: str) -> str:
    """`name <address>` as the header has it: one address, whatever the name says."""
    name = _one_line(name, NAME_LENGTH)
    if not name:
        return address
    if _PLAIN_NAME.fullmatch(name):
        shown = name
    elif name.isascii() and "=?" not in name:
        shown = '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'
    else:
        shown = _encoded(name, room=_LINE - len("From: "))
    return f"{shown}\n <{address}>" if len(shown) + len(address) > _LINE - len("From:  <>") else f"{shown} <{address}>"


def _encoded(line: str, *, room: int) -> str:
    """One line as the value of a header: as it is, else as encoded words (RFC 2047) that fit their lines."""
    if line.isascii() and "=?" not in line and len(line) <= room:
        return line
    return Header(line, charset="utf-8", maxlinelen=_LINE - 1, header_name="Subject").encode(linesep="\n")


def _set_bodies(message: EmailMessage, text: str, html: str | None, calendar: str | None, mark: str) -> None:
    """Text, then its HTML form, then the attachment, nested as deep as there is something to hold."""
    message.set_content(_clean(text), cte="quoted-printable")
    if html is not None:
        message.add_alternative(_clean(html), subtype="html", cte="quoted-printable")
    if calendar is not None:
        message.add_attachment(
            calendar.encode("utf-8", "replace"),
            maintype="text",
            subtype="calendar",
            filename="followup.ics",
            params={"charset": "utf-8"},
        )
    for number, several in enumerate(part for part in message.walk() if part.is_multipart()):
        # A boundary of its own makes the bytes the same each time; neither encoding writes `=_`.
        several.set_boundary(f"=_followup-{number}-{mark}")
    for inner in message.iter_parts():
        del inner["MIME-Version"]
    if message.is_multipart():
        message["Content-Transfer-Encoding"] = "7bit"


def _clean(text: str) -> str:
    return "\n".join(visible_lines(text)).rstrip("\n") + "\n"
