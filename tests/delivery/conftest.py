"""Mail servers for the delivery tests: real ones, and one that misbehaves at any point of the conversation."""

from __future__ import annotations

import datetime
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from followup.files.mail import compose_mail

PASSWORD = "correct horse Bättery-staple"
USER = "ann"


@dataclass
class Inbox:
    """What a real server took."""

    taken: list[Envelope] = field(default_factory=list)
    secure: list[bool] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.taken.append(envelope)
        self.secure.append(session.ssl is not None or server.transport.get_extra_info("sslcontext") is not None)
        return "250 OK"


class _Controller(Controller):
    """The port is chosen by the system."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def _authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and data == LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)


@dataclass(frozen=True)
class Real:
    """A running aiosmtpd server."""

    port: int
    inbox: Inbox


StartReal = Callable[..., Real]


@pytest.fixture
def real_server() -> Iterator[StartReal]:
    """Start real servers: `real_server(tls=context)`, `real_server(starttls=context)`, `real_server(sign_in=True)`."""
    with ExitStack() as running:

        def start(
            *,
            tls: ssl.SSLContext | None = None,
            starttls: ssl.SSLContext | None = None,
            sign_in: bool = False,
            **more: Any,
        ) -> Real:
            inbox = Inbox()
            if starttls is not None:
                more |= {"tls_context": starttls, "require_starttls": True}
            if sign_in:
                more |= {"authenticator": _authenticate, "auth_required": True, "auth_require_tls": False}
            controller = _Controller(inbox, hostname="127.0.0.1", port=0, ssl_context=tls, **more)
            controller.start()
            running.callback(controller.stop)
            return Real(port=controller.port, inbox=inbox)

        yield start


@dataclass(frozen=True)
class Authority:
    """A certificate authority of the test, and certificates that something is wrong with."""

    ca: trustme.CA
    stranger: trustme.CA
    bundle: Path

    def server(self, kind: str = "right") -> ssl.SSLContext:
        """The context of a server whose certificate is right, expired, of another host, or from nobody we know."""
        past = datetime.datetime(2020, 1, 2, tzinfo=datetime.UTC)
        if kind == "another host":
            issued = self.ca.issue_cert("mail.elsewhere.example")
        elif kind == "expired":
            issued = self.ca.issue_cert("localhost", not_after=past, not_before=past - datetime.timedelta(days=1))
        elif kind == "unknown authority":
            issued = self.stranger.issue_cert("localhost")
        else:
            issued = self.ca.issue_cert("localhost", "127.0.0.1")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if kind == "self-signed":
            with self.stranger.cert_pem.tempfile() as cert, self.stranger.private_key_pem.tempfile() as key:
                context.load_cert_chain(cert, key)
        else:
            issued.configure_cert(context)
        return context


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Certificates for localhost."""
    ca = trustme.CA()
    bundle = tmp_path_factory.mktemp("authority") / "ca.pem"
    ca.cert_pem.write_to_path(str(bundle))
    return Authority(ca=ca, stranger=trustme.CA(), bundle=bundle)


@pytest.fixture
def trusted(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """The authority, trusted as a user trusts a private one: through SSL_CERT_FILE."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.bundle))
    return authority


STAGES = ("greeting", "EHLO", "MAIL", "RCPT", "DATA", "end", "QUIT")
_USUAL = {
    "greeting": b"220 here",
    "EHLO": b"250-here\r\n250-SIZE 100000\r\n250 AUTH PLAIN LOGIN",
    "AUTH": b"235 2.7.0 welcome",
    "MAIL": b"250 ok",
    "RCPT": b"250 ok",
    "DATA": b"354 go on",
    "end": b"250 taken",
    "QUIT": b"221 bye",
}


class Scripted:
    """A server that does as told at one stage and well at all others: one connection, in a thread of its own.

    An answer is bytes, or `silent`, `drop`, `drip` (one byte each 50 ms, for ever).
    """

    def __init__(self, **answers: bytes | str) -> None:
        self.answers: dict[str, bytes | str] = {**_USUAL, **answers}
        self.heard: list[bytes] = []
        self.stop = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        """End the server and wait for it."""
        self.stop.set()
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        self._thread.join(5)
        self._listening.close()

    def _serve(self) -> None:
        connection, _ = self._listening.accept()
        with connection, suppress(OSError):
            connection.settimeout(0.05)
            if self._answer(connection, "greeting"):
                self._converse(connection)

    def _converse(self, connection: socket.socket) -> None:
        stage, read = "", b""
        while not self.stop.is_set():
            try:
                piece = connection.recv(65_536)
            except TimeoutError:
                continue
            if not piece:
                return
            read += piece
            while b"\r\n" in read:
                line, _, read = read.partition(b"\r\n")
                self.heard.append(line)
                if stage == "DATA":
                    if line != b".":
                        continue
                    stage = "end"
                else:
                    stage = line.split(b" ")[0].decode().upper()
                if not self._answer(connection, stage) or stage == "QUIT":
                    return

    def _answer(self, connection: socket.socket, stage: str) -> bool:
        """Answer; False when the connection is over."""
        answer = self.answers.get(stage, b"500 what?")
        if isinstance(answer, bytes):
            connection.sendall(answer + b"\r\n")
            return True
        if answer == "drip":
            while not self.stop.is_set():
                connection.sendall(b"2")
                time.sleep(0.05)
        elif answer == "silent":
            self.stop.wait(30)
        return False


StartScripted = Callable[..., Scripted]


@pytest.fixture
def scripted() -> Iterator[StartScripted]:
    """Start misbehaving servers: `scripted(MAIL="silent")`, `scripted(end=b"451 later")`."""
    with ExitStack() as running:

        def start(**answers: bytes | str) -> Scripted:
            server = Scripted(**answers)
            running.callback(server.close)
            return server

        yield start


@pytest.fixture
def message() -> EmailMessage:
    """A message whose text no failure may repeat."""
    return compose_mail(
        subject="Two to call: Zyxwvut GmbH",
        sender="ann@followup.example",
        to="ann@followup.example",
        text="Zyxwvut GmbH said:\n.\n.. they love the reports\n",
        date=datetime.datetime(2026, 1, 5, 7, 0, tzinfo=datetime.UTC),
    )
