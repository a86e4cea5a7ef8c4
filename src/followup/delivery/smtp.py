"""Hand one message to a mail server, and know afterwards whether it can have arrived.

A server answers for a message with what it says after its end, a line with a single dot. So everything that fails
before that line is sent did certainly not go out; everything that fails between it and the answer is unknown; what
happens after the answer changes nothing.
"""

from __future__ import annotations

import hmac
import re
import smtplib
import socket
import ssl
import time
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from ipaddress import ip_address
from typing import Any, NoReturn

from followup.core.visible import visible
from followup.errors import EXIT_BUSY, EXIT_REFUSED, DeliveryUnknownError, FollowupError, NotDeliveredError

SECURITIES = ("starttls", "tls", "none")
_PIECE = 16_384
_MOST_SAID = 262_144  # bytes of answers in one conversation
_GOODBYE = 3.0  # seconds for the answer to QUIT, which no longer matters
_QUOTED = 120
_TEST = "followup remind --test"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """A mail server: `security` is `starttls`, `tls` or `none` (this machine only); `user` is '' for no sign-in."""

    host: str
    port: int
    security: str = "starttls"
    user: str = ""


def send_mail(message: EmailMessage, server: MailServer, *, password: str | None, timeout: float = 30.0) -> None:
    """Deliver `message` from its one From to its one To; returning means that the server took it.

    Everything up to the end of the message takes at most `timeout` seconds, the answer to it as many again, however
    slowly the server speaks; only the system's name service has limits of its own. Certificates are checked against
    those the system trusts, or SSL_CERT_FILE. Raises NotDeliveredError when it certainly did not go out: exit 75
    where trying again may help, 1 where it is refused for good; DeliveryUnknownError when the end of the message was
    sent and no answer came. No error contains the password or text of the message.
    """
    sender, recipient = _only_address(message, "From"), _only_address(message, "To")
    _check(server, password)
    talk = _Talk(server, password, time.monotonic() + timeout)
    smtp = _Conversation(talk)
    try:
        with talk.certain("connecting"):
            smtp.open()
        with talk.certain("greeting"):
            beyond_ascii = _greet(smtp, talk, sender, recipient)
        with talk.certain("signing in"):
            _sign_in(smtp, talk, password or "")
        with talk.certain("delivery"):
            # As it was composed: header lines are not folded anew.
            form = (SMTPUTF8 if beyond_ascii else SMTP).clone(refold_source="none")
            data = message.as_bytes(policy=form)
            options = ["SMTPUTF8", "BODY=8BITMIME"] if beyond_ascii else []
            options += [f"SIZE={len(data)}"] if smtp.has_extn("size") else []
            _address(smtp, talk, sender, recipient, options)
            smtp.send(_stuffed(data))
        talk.until = time.monotonic() + timeout
        _end(smtp, talk)
        talk.until = time.monotonic() + min(timeout, _GOODBYE)
        with suppress(OSError, smtplib.SMTPException):
            smtp.quit()
    finally:
        smtp.close()


class _TooSlowError(TimeoutError):
    """The time for the whole conversation is up."""


class _Talk:
    """One conversation: with whom, until when, and how its failures are told."""

    def __init__(self, server: MailServer, password: str | None, until: float) -> None:
        self.server = server
        self.until = until
        self.place = f"the mail server {visible(server.host)[:_QUOTED]}"
        self._secrets = _forms_of(password or "", server.user)

    def left(self) -> float:
        """Seconds that are left; raises where there are none."""
        left = self.until - time.monotonic()
        if left <= 0:
            raise _TooSlowError
        return left

    @contextmanager
    def certain(self, what: str) -> Iterator[None]:
        """Whatever goes wrong in here went wrong before the end of a message was sent."""
        try:
            yield
        except ssl.SSLCertVerificationError as error:
            self._distrusted(error)
        except (smtplib.SMTPServerDisconnected, ssl.SSLEOFError, ConnectionResetError, BrokenPipeError) as error:
            if isinstance(error.__context__, TimeoutError):  # smtplib tells both alike
                raise self._too_slow(what) from None
            sentence = f"{self.place} closed the connection ({what})"
            raise NotDeliveredError(sentence, hint=f"{_TEST}, or {self._other_security()}") from None
        except ssl.SSLError as error:
            reason = visible(error.reason or "no reason given").lower().replace("_", " ")
            raise NotDeliveredError(
                f"no encrypted connection to {self.place} ({reason})",
                hint=f"{self._other_security()}; then {_TEST}",
                exit_code=EXIT_REFUSED,
            ) from None
        except TimeoutError:
            raise self._too_slow(what) from None
        except socket.gaierror as error:
            raise self._unknown_name(error) from None
        except ConnectionRefusedError:
            sentence = f"{self.place} does not take connections at port {self.server.port}"
            raise NotDeliveredError(sentence, hint="followup config set smtp.port 587") from None
        except (UnicodeError, ValueError):
            raise _misconfigured(f"{self.place} cannot be spoken to", "followup config get smtp.host") from None
        except (OSError, smtplib.SMTPException) as error:
            reason = f": {error.strerror.lower()}" if error.strerror else ""
            raise NotDeliveredError(f"no connection to {self.place} ({what}){reason}", hint=_TEST) from None

    def refused(self, what: str, code: int, said: bytes, *, hint: str = _TEST, quote: bool = True) -> NoReturn:
        """Tell that the server said no: 4xx may be tried again, anything else not."""
        words = self._words(said) if quote else _enhanced(said)
        again = 400 <= code <= 499 or code == -1
        told = f"{code} {words}".strip() if code > 0 else "an answer that makes no sense"
        raise NotDeliveredError(
            f"{self.place} {what}: {told}", hint=hint, exit_code=EXIT_BUSY if again else EXIT_REFUSED
        )

    def _words(self, said: bytes) -> str:
        """What a server said, on one harmless line, unless it repeats a secret."""
        line = visible(" ".join(said.decode("utf-8", "replace").split()))
        if any(secret in "".join(line.split()).casefold() for secret in self._secrets):
            return _enhanced(said)
        return line if len(line) <= _QUOTED else line[: _QUOTED - 1] + "…"

    def _distrusted(self, error: ssl.SSLCertVerificationError) -> NoReturn:
        reason = visible(error.verify_message or "it cannot be verified").strip().rstrip(".")
        raise NotDeliveredError(
            f"the certificate of {self.place} is not trusted: {reason[:200]}",
            hint="check smtp.host: followup config get smtp.host; a private authority is named in SSL_CERT_FILE",
            exit_code=EXIT_REFUSED,
        ) from None

    def _too_slow(self, what: str) -> NotDeliveredError:
        return NotDeliveredError(f"{self.place} did not answer in time ({what})", hint=_TEST)

    def _unknown_name(self, error: socket.gaierror) -> NotDeliveredError:
        again = error.errno == getattr(socket, "EAI_AGAIN", None)
        sentence = f"{self.place} is not found" + (": the name service does not answer" if again else "")
        hint = _TEST if again else "followup config get smtp.host"
        return NotDeliveredError(sentence, hint=hint)

    def _other_security(self) -> str:
        other = "tls" if self.server.security == "starttls" else "starttls"
        return f"followup config set smtp.security {other}"


class _Conversation(smtplib.SMTP):
    """smtplib's protocol over a connection of ours, where every wait ends with the time for the whole."""

    def __init__(self, talk: _Talk) -> None:
        super().__init__(local_hostname="localhost")  # without a host it does not connect, and asks no name service
        self._talk = talk

    def open(self) -> None:
        """Connect, encrypted at once with `tls`. Raises OSError."""
        server = self._talk.server
        self.sock = _connect(self._talk)
        self.local_hostname = _own_name(self.sock)
        if server.security == "tls":
            self.encrypt()

    def encrypt(self) -> None:
        """Go on over TLS. What was said before, or slipped in behind it, is forgotten (RFC 3207)."""
        self.sock = _context().wrap_socket(self.connection(), server_hostname=self._talk.server.host)
        self.file = None
        self.helo_resp = self.ehlo_resp = None
        self.esmtp_features = {}
        self.does_esmtp = False

    def getreply(self) -> tuple[int, bytes]:
        """The next answer."""
        if self.file is None:
            self.file = _Answers(self.connection(), self._talk)
        return super().getreply()

    def send(self, s: Any) -> None:
        """Send text or bytes, piece by piece."""
        data = memoryview(s.encode(self.command_encoding) if isinstance(s, str) else s)
        for begin in range(0, len(data), _PIECE):
            self.connection().sendall(data[begin : begin + _PIECE])

    def connection(self) -> socket.socket:
        """The open connection, for an operation that takes no longer than there is time."""
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        self.sock.settimeout(self._talk.left())
        return self.sock


class _Answers:
    """The lines a server sends: read as they come, for as long as there is time. Stands in for a file."""

    def __init__(self, sock: socket.socket, talk: _Talk) -> None:
        self._sock = sock
        self._talk = talk
        self._read = b""
        self._total = 0

    def readline(self, limit: int) -> bytes:
        while b"\n" not in self._read and len(self._read) < limit:
            self._sock.settimeout(self._talk.left())
            piece = self._sock.recv(4096)
            if not piece:
                break
            self._read += piece
            self._total += len(piece)
            if self._total > _MOST_SAID:
                raise ConnectionAbortedError
        end = min(self._read.find(b"\n") + 1 or limit, limit)
        line, self._read = self._read[:end], self._read[end:]
        return line

    def close(self) -> None:
        self._read = b""


def _check(server: MailServer, password: str | None) -> None:
    """Refuse what cannot work before anything is connected."""
    if not server.host:
        raise _misconfigured("no mail server is named", "followup config set smtp.host mail.example.com")
    if server.security not in SECURITIES:
        raise _misconfigured(f"{visible(server.security)} is no security", "followup config set smtp.security starttls")
    if server.user and not password:
        raise _misconfigured(
            f"there is no password for {visible(server.user)} at the mail server {visible(server.host)}",
            "followup config set smtp.password_env FOLLOWUP_SMTP_PASSWORD",
        )


def _misconfigured(sentence: str, hint: str) -> NotDeliveredError:
    return NotDeliveredError(sentence, hint=hint, exit_code=EXIT_REFUSED)


def _only_address(message: EmailMessage, header: str) -> str:
    """The one address of a header; a message to several people is not sent by this program."""
    values = message.get_all(header, [])
    found = [address.addr_spec for value in values for address in getattr(value, "addresses", ())]
    if len(found) != 1 or not found[0] or "Cc" in message or "Bcc" in message:
        raise FollowupError(f"a message needs exactly one address in {header}", hint="followup config get smtp.to")
    return str(found[0])


def _connect(talk: _Talk) -> socket.socket:
    """The first address of the server that answers; with security `none` only this machine's own."""
    server = talk.server
    addresses = socket.getaddrinfo(server.host, server.port, type=socket.SOCK_STREAM)
    if server.security == "none":
        addresses = [address for address in addresses if _is_loopback(str(address[4][0]))]
        if not addresses:
            raise _misconfigured(
                f"mail to {visible(server.host)} would go over the network unencrypted",
                "followup config set smtp.security starttls",
            )
    last: OSError = OSError("no address")
    for number, (family, kind, protocol, _, address) in enumerate(addresses):
        sock = socket.socket(family, kind, protocol)
        try:
            sock.settimeout(talk.left() / (len(addresses) - number))  # a dead address leaves time for the others
            sock.connect(address)
        except OSError as error:
            sock.close()
            last = error
        else:
            return sock
    raise last


def _is_loopback(address: str) -> bool:
    found = ip_address(address.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_loopback


def _own_name(sock: socket.socket) -> str:
    """How this machine introduces itself (RFC 5321 4.1.3): its address, which needs no name service."""
    address = str(sock.getsockname()[0]).partition("%")[0]
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"


def _context() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _greet(smtp: _Conversation, talk: _Talk, sender: str, recipient: str) -> bool:
    """Hear the greeting, introduce ourselves, encrypt; gives True when the addresses go beyond ASCII."""
    code, said = smtp.getreply()
    if code != 220:
        talk.refused("does not take mail now", code, said)
    _introduce(smtp, talk)
    if talk.server.security == "starttls":
        if not smtp.has_extn("starttls"):
            raise _misconfigured(
                f"{talk.place} offers no encryption (STARTTLS); nothing was sent",
                "followup config set smtp.security tls",
            )
        code, said = smtp.docmd("STARTTLS")
        if code != 220:
            talk.refused("refuses encryption", code, said, hint="followup config set smtp.security tls")
        smtp.encrypt()
        _introduce(smtp, talk)
    beyond_ascii = not (sender.isascii() and recipient.isascii())
    if beyond_ascii and not smtp.has_extn("smtputf8"):
        raise _misconfigured(
            f"{talk.place} takes only addresses in plain ASCII letters", "followup config set smtp.to ann@example.com"
        )
    return beyond_ascii


def _introduce(smtp: _Conversation, talk: _Talk) -> None:
    code, said = smtp.ehlo()
    if not 200 <= code <= 299:
        code, said = smtp.helo()
    if not 200 <= code <= 299:
        talk.refused("does not take mail from here", code, said)


def _sign_in(smtp: _Conversation, talk: _Talk, password: str) -> None:
    """Say who we are; over the network that is encrypted by now (`_connect`, `_greet`)."""
    user = talk.server.user
    if not user:
        return
    offered = smtp.esmtp_features.get("auth", "").upper().split()
    if "PLAIN" in offered:
        code, said = smtp.docmd("AUTH", f"PLAIN {_base64(f'{chr(0)}{user}{chr(0)}{password}')}")
    elif "LOGIN" in offered:
        code, said = smtp.docmd("AUTH", f"LOGIN {_base64(user)}")
        if code == 334:
            code, said = smtp.docmd(_base64(password))
    elif "CRAM-MD5" in offered:
        code, said = smtp.docmd("AUTH", "CRAM-MD5")
        if code == 334:
            proof = hmac.new(password.encode(), b64decode(said), "md5").hexdigest()
            code, said = smtp.docmd(_base64(f"{user} {proof}"))
    else:
        known = f"only {visible(' '.join(offered))[:80]}" if offered else "none"
        raise _misconfigured(
            f"{talk.place} offers no way to sign in that is known here ({known})",
            "followup config set smtp.user ''" if not offered else "ask the provider for an app password",
        )
    if code != 235:
        hint = "followup config get smtp.user; many providers want an app password"
        talk.refused(f"refuses the sign-in of {visible(user)}", code, said, hint=hint, quote=False)


def _address(smtp: _Conversation, talk: _Talk, sender: str, recipient: str, options: list[str]) -> None:
    """Name sender and recipient, and begin the message."""
    code, said = smtp.mail(sender, options)
    if code != 250:
        hint = f"followup config get smtp.{'from' if talk.server.user else 'user'}"
        talk.refused(f"refuses the sender {visible(sender)}", code, said, hint=hint)
    code, said = smtp.rcpt(recipient)
    if code not in (250, 251):
        talk.refused(f"refuses the recipient {visible(recipient)}", code, said, hint="followup config get smtp.to")
    code, said = smtp.docmd("DATA")
    if code != 354:
        talk.refused("refuses the message", code, said)


def _end(smtp: _Conversation, talk: _Talk) -> None:
    """End the message and hear what became of it. What is said about its text is not repeated."""
    try:
        smtp.send(b".\r\n")
        code, said = smtp.getreply()
    except (OSError, smtplib.SMTPException):
        code, said = 0, b""
    if 400 <= code <= 599:
        talk.refused("refuses the message", code, said, quote=False)
    if not 200 <= code <= 299:
        raise DeliveryUnknownError(
            f"{talk.place} was given the mail and did not say that it took it: it may have arrived",
            hint="look into the mailbox; followup remind --force sends it again",
        )


def _stuffed(data: bytes) -> bytes:
    """A message as it is sent: every line that begins with a dot gets a second one, the last line ends."""
    ended = data if data.endswith(b"\r\n") else data + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", ended)


def _base64(text: str) -> str:
    return b64encode(text.encode()).decode("ascii")


def _forms_of(password: str, user: str) -> list[str]:
    """The forms in which a server could repeat a password."""
    if not password:
        return []
    forms = (password, visible(password), _base64(password), _base64(f"\0{user}\0{password}"))
    return ["".join(form.split()).casefold() for form in forms]


def _enhanced(said: bytes) -> str:
    """The status code of RFC 3463 in an answer, such as 5.7.1; '' without one."""
    found = re.search(rb"\b[245]\.\d{1,3}\.\d{1,3}\b", said)
    return found[0].decode("ascii") if found else ""
