"""A mail server on this machine that keeps what it takes, in a thread of its own."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

_TO_TYPE = re.compile(r"followup done (\d+) good")
_ALSO_DUE = re.compile(r"\((\d+)\)")


class Sink:
    """The mails it took, in the order in which it answered for them; `thinks` is how many seconds each answer takes."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.port = 0
        self.thinks = 0.0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd calls it so
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        await asyncio.sleep(self.thinks)
        return "250 OK"

    def settings(self) -> str:
        """The part of a configuration that sends mail here."""
        return (
            f'[me]\nname = "Zoe Seller"\nphone = "+49 30 1"\nemail = "zoe@seller.example"\n'
            f'[smtp]\nhost = "127.0.0.1"\nport = {self.port}\nsecurity = "none"\n'
        )

    def touchpoints(self, since: int = 0) -> Counter[int]:
        """How often each touchpoint is in the mails behind the first `since`, by its number."""
        return sum(map(touchpoints_of, self.mails[since:]), Counter())


class _Controller(Controller):
    """The port is chosen by the system."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mail_sink() -> Iterator[Sink]:
    """A running server."""
    sink = Sink()
    controller = _Controller(sink, hostname="127.0.0.1", port=0)
    controller.start()
    sink.port = controller.port
    try:
        yield sink
    finally:
        controller.stop()


def words_of(mail: EmailMessage) -> str:
    """Everything a mail says: headers, and each part decoded."""
    headers = "\n".join(f"{name}: {value}" for name, value in mail.items())
    parts = (part.get_content() for part in mail.walk() if not part.is_multipart())
    return "\n".join([headers, *(part if isinstance(part, str) else part.decode() for part in parts)])


def touchpoints_of(mail: EmailMessage) -> Counter[int]:
    """How often each touchpoint is in a mail, by its number; text and HTML have the same."""
    found = []
    for kind in ("plain", "html"):
        part = mail.get_body((kind,))
        assert part is not None
        text = part.get_content()
        found.append(Counter(int(number) for wanted in (_TO_TYPE, _ALSO_DUE) for number in wanted.findall(text)))
    assert found[0] == found[1]
    return found[0]
