"""Mail goes out over a verified connection or not at all, and it is known whether it can have arrived (TRUST 2.6)."""

from __future__ import annotations

import base64
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

import pytest

from followup.delivery.smtp import MailServer, send_mail
from followup.errors import DeliveryUnknownError, FollowupError, NotDeliveredError
from followup.files.mail import compose_mail

if TYPE_CHECKING:
    from collections.abc import Callable
    from email.message import EmailMessage

    from tests.delivery.conftest import Authority, Real, Scripted

    StartReal = Callable[..., Real]
    StartScripted = Callable[..., Scripted]

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH")  # aiosmtpd, of a sign-in without encryption

PASSWORD = "correct horse Bättery-staple"
SHORT = 0.4  # seconds: how long these tests wait for a server that says nothing
LONG = 20.0  # seconds for one that answers, on a machine that does much else


def plain(port: int, **more: Any) -> MailServer:
    return MailServer(host="127.0.0.1", port=port, security="none", **more)


def failure(
    kind: type[FollowupError],
    message: EmailMessage,
    server: MailServer,
    password: str | None = None,
    *,
    timeout: float = LONG,
) -> FollowupError:
    """Send what must fail, quickly, and give the failure; it tells nothing that it should not."""
    began = time.monotonic()
    with pytest.raises(FollowupError) as caught:
        send_mail(message, server, password=password, timeout=timeout)
    assert time.monotonic() - began < 2 * timeout + 5
    error = caught.value
    assert type(error) is kind, repr(error)
    told = f"{error} {error.sentence} {error.hint}"
    assert error.hint
    assert "\n" not in told
    assert len(error.sentence) < 300
    for secret in ("Zyxwvut", "love the reports", PASSWORD, base64.b64encode(PASSWORD.encode()).decode()):
        assert secret not in told
    return error


# ---------------------------------------------------------------------------------------------- what arrives


def test_a_message_arrives_byte_for_byte(real_server: StartReal, message: EmailMessage) -> None:
    real = real_server()
    send_mail(message, plain(real.port), password=None)
    (taken,) = real.inbox.taken
    assert (taken.mail_from, taken.rcpt_tos) == ("ann@followup.example", ["ann@followup.example"])
    assert taken.original_content == message.as_bytes()
    arrived = message_from_bytes(taken.original_content, policy=policy.default)
    assert arrived.get_content().replace("\r\n", "\n") == "Zyxwvut GmbH said:\n.\n.. they love the reports\n"


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_an_encrypted_message_arrives_when_the_certificate_is_right(
    security: str, real_server: StartReal, trusted: Authority, message: EmailMessage
) -> None:
    real = real_server(**{security: trusted.server()})
    server = MailServer(host="localhost", port=real.port, security=security)
    send_mail(message, server, password=None)
    assert len(real.inbox.taken) == 1
    assert real.inbox.secure == [True]


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize("kind", ["self-signed", "another host", "expired", "unknown authority"])
def test_a_certificate_that_does_not_hold_is_refused(
    kind: str, security: str, real_server: StartReal, trusted: Authority, message: EmailMessage
) -> None:
    real = real_server(**{security: trusted.server(kind)}, sign_in=True)
    server = MailServer(host="localhost", port=real.port, security=security, user="ann")
    error = failure(NotDeliveredError, message, server, PASSWORD)
    assert error.exit_code == 1
    assert "certificate" in error.sentence
    assert real.inbox.taken == []


def test_the_right_certificate_of_an_authority_that_is_not_trusted_is_refused(
    real_server: StartReal, authority: Authority, message: EmailMessage
) -> None:
    real = real_server(starttls=authority.server())
    server = MailServer(host="localhost", port=real.port, security="starttls")
    assert "SSL_CERT_FILE" in failure(NotDeliveredError, message, server).hint


def test_another_process_trusts_what_ssl_cert_file_names(real_server: StartReal, authority: Authority) -> None:
    real = real_server(tls=authority.server())
    script = (
        "import sys, datetime\n"
        "from followup.delivery.smtp import MailServer, send_mail\n"
        "from followup.files.mail import compose_mail\n"
        "now = datetime.datetime(2026, 1, 5, tzinfo=datetime.UTC)\n"
        "mail = compose_mail(subject='s', sender='a@b.example', to='a@b.example', text='t', date=now)\n"
        "send_mail(mail, MailServer(host='localhost', port=int(sys.argv[1]), security='tls'), password=None)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script, str(real.port)],
        env={"SSL_CERT_FILE": str(authority.bundle), "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert len(real.inbox.taken) == 1


def test_without_starttls_nothing_is_sent(real_server: StartReal, message: EmailMessage) -> None:
    real = real_server(sign_in=True)
    server = MailServer(host="localhost", port=real.port, security="starttls", user="ann")
    error = failure(NotDeliveredError, message, server, PASSWORD)
    assert error.exit_code == 1
    assert "STARTTLS" in error.sentence
    assert error.hint == "followup config set smtp.security tls"


def test_encryption_from_the_start_with_a_server_that_speaks_plainly_names_the_other_way(
    scripted: StartScripted, message: EmailMessage
) -> None:
    server = MailServer(host="localhost", port=scripted().port, security="tls")
    error = failure(NotDeliveredError, message, server)
    assert "followup config set smtp.security starttls" in error.hint
    assert error.exit_code == 1


@pytest.mark.parametrize("host", ["192.0.2.1", "mail.example.com", "0.0.0.0", "::ffff:192.0.2.1"])
def test_an_unencrypted_connection_leaves_this_machine_never(
    host: str, message: EmailMessage, monkeypatch: pytest.MonkeyPatch
) -> None:
    if host == "mail.example.com":
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.1", 25))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: found)
    error = failure(NotDeliveredError, message, MailServer(host=host, port=25, security="none"))
    assert (error.exit_code, error.hint) == (1, "followup config set smtp.security starttls")


# ----------------------------------------------------------------------------------------------- signing in


@pytest.mark.parametrize("mechanisms", [[], ["PLAIN"]], ids=["PLAIN", "LOGIN"])
def test_the_right_password_signs_in(mechanisms: list[str], real_server: StartReal, message: EmailMessage) -> None:
    real = real_server(sign_in=True, auth_exclude_mechanism=mechanisms)
    send_mail(message, plain(real.port, user="ann"), password=PASSWORD)
    assert len(real.inbox.taken) == 1


def test_cram_md5_signs_in_where_nothing_else_is_offered(scripted: StartScripted, message: EmailMessage) -> None:
    server = scripted(EHLO=b"250-here\r\n250 AUTH CRAM-MD5", AUTH=b"334 " + base64.b64encode(b"<17@here>"))
    server.answers[base64.b64encode(b"ann x").decode().upper()] = b"235 ok"
    error = failure(NotDeliveredError, message, plain(server.port, user="ann"), PASSWORD)
    assert "refuses the sign-in of ann" in error.sentence
    proof = base64.b64decode(server.heard[-1]).decode()
    import hmac

    assert proof == "ann " + hmac.new(PASSWORD.encode(), b"<17@here>", "md5").hexdigest()


@pytest.mark.parametrize("mechanisms", [[], ["PLAIN"]], ids=["PLAIN", "LOGIN"])
def test_a_wrong_password_is_refused_for_good(
    mechanisms: list[str], real_server: StartReal, message: EmailMessage
) -> None:
    real = real_server(sign_in=True, auth_exclude_mechanism=mechanisms)
    error = failure(NotDeliveredError, message, plain(real.port, user="ann"), "wrong")
    assert error.exit_code == 1
    assert "refuses the sign-in of ann: 535" in error.sentence
    assert real.inbox.taken == []


def test_a_sign_in_that_is_refused_for_now_may_be_tried_again(scripted: StartScripted, message: EmailMessage) -> None:
    server = scripted(AUTH=b"454 4.7.0 later")
    error = failure(NotDeliveredError, message, plain(server.port, user="ann"), PASSWORD)
    assert error.exit_code == 75
    assert error.sentence.endswith("454 4.7.0")


@pytest.mark.parametrize(("offered", "says"), [(b"", "(none)"), (b"\r\n250 AUTH XOAUTH2", "(only XOAUTH2)")])
def test_a_server_that_offers_no_known_sign_in_is_told_so(
    offered: bytes, says: str, scripted: StartScripted, message: EmailMessage
) -> None:
    server = scripted(EHLO=b"250-here" + offered if offered else b"250 here")
    error = failure(NotDeliveredError, message, plain(server.port, user="ann"), PASSWORD)
    assert says in error.sentence
    assert not any(line.startswith(b"AUTH") for line in server.heard)


def test_a_user_without_a_password_is_told_before_anything_is_connected(message: EmailMessage) -> None:
    error = failure(NotDeliveredError, message, plain(1, user="ann"))
    assert error.exit_code == 1
    assert "smtp.password_env" in error.hint


ECHOES = {
    "plain": PASSWORD,
    "upper": PASSWORD.upper(),
    "base64": base64.b64encode(PASSWORD.encode()).decode(),
    "AUTH PLAIN": base64.b64encode(f"\0ann\0{PASSWORD}".encode()).decode(),
    "over lines": PASSWORD.replace(" ", "\r\n550-"),
}


@pytest.mark.parametrize(
    ("stage", "echo"),
    [
        *((stage, echo) for stage in ("AUTH", "MAIL", "RCPT", "DATA", "end") for echo in ECHOES.values()),
        ("end", "\x1b]0;owned\x07 Zyxwvut GmbH"),
    ],
)
def test_what_a_server_repeats_is_not_told(
    stage: str, echo: str, scripted: StartScripted, message: EmailMessage
) -> None:
    server = scripted(**{stage: f"550-5.7.1 {echo}\r\n550 no".encode()})
    error = failure(NotDeliveredError, message, plain(server.port, user="ann"), PASSWORD)
    assert "550 5.7.1" in error.sentence
    assert "attery" not in error.sentence


def test_what_a_server_says_moves_no_cursor(scripted: StartScripted, message: EmailMessage) -> None:
    server = scripted(RCPT=b"550 \x1b]0;owned\x07\xe2\x80\xae" + b"x" * 400)
    error = failure(NotDeliveredError, message, plain(server.port))
    assert error.sentence.isprintable()
    assert r"\x1b]0;owned\x07\u202e" in error.sentence


# ------------------------------------------------------------------------------------ what goes wrong, and when

BEFORE = ("greeting", "EHLO", "MAIL", "RCPT", "DATA")


@pytest.mark.parametrize("how", ["silent", "drip", "drop"])
@pytest.mark.parametrize("stage", BEFORE)
def test_what_fails_before_the_end_of_the_message_was_certainly_not_delivered(
    stage: str, how: str, scripted: StartScripted, message: EmailMessage
) -> None:
    server = scripted(**{stage: how})
    error = failure(NotDeliveredError, message, plain(server.port), timeout=LONG if how == "drop" else SHORT)
    assert error.exit_code == 75
    assert ("closed the connection" if how == "drop" else "did not answer in time") in error.sentence
    assert b"." not in server.heard


@pytest.mark.parametrize("how", ["silent", "drip", "drop", b"", b"nonsense", b"354 go on", b"150 wait"])
def test_what_fails_after_the_end_of_the_message_is_unknown(
    how: str | bytes, scripted: StartScripted, message: EmailMessage
) -> None:
    server = scripted(end=how)
    patience = 3 * SHORT if how in ("silent", "drip") else LONG
    error = failure(DeliveryUnknownError, message, plain(server.port), timeout=patience)
    assert error.exit_code == 75
    assert "may have arrived" in error.sentence
    assert "--force" in error.hint
    assert server.heard[-1] == b"."


@pytest.mark.parametrize("code", [421, 450, 500, 554])
@pytest.mark.parametrize("stage", [*BEFORE, "end"])
def test_a_refusal_is_for_now_or_for_good(
    stage: str, code: int, scripted: StartScripted, message: EmailMessage
) -> None:
    answers = {stage: b"%d because" % code}
    if stage == "EHLO":
        answers["HELO"] = answers["EHLO"]
    server = scripted(**answers)
    error = failure(NotDeliveredError, message, plain(server.port))
    assert error.exit_code == (75 if code < 500 else 1)
    assert str(code) in error.sentence
    assert ("because" in error.sentence) is (stage != "end")


@pytest.mark.parametrize("how", ["silent", "drop", b"500 no", b"nonsense"])
def test_a_message_that_was_taken_is_delivered_whatever_happens_to_the_farewell(
    how: str | bytes, scripted: StartScripted, message: EmailMessage
) -> None:
    server = scripted(QUIT=how)
    began = time.monotonic()
    send_mail(message, plain(server.port), password=None, timeout=3 * SHORT if how == "silent" else LONG)
    assert time.monotonic() - began < 10


def test_an_old_server_that_knows_only_helo_is_fine(scripted: StartScripted, message: EmailMessage) -> None:
    server = scripted(EHLO=b"502 what?", HELO=b"250 hello")
    send_mail(message, plain(server.port), password=None)
    assert b".." in server.heard  # the line with a dot of the text


def test_a_server_without_end_is_not_listened_to_for_ever(message: EmailMessage) -> None:
    """However much time there is: what it says would fill the memory."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def talk() -> None:
            connection, _ = listening.accept()
            with connection, suppress(OSError):
                while True:
                    connection.sendall(b"220-" + b"x" * 500 + b"\r\n")

        thread = threading.Thread(target=talk)
        thread.start()
        began = time.monotonic()
        with pytest.raises(NotDeliveredError) as caught:
            send_mail(message, plain(listening.getsockname()[1]), password=None, timeout=60)
        assert time.monotonic() - began < 30
        thread.join(5)
    assert caught.value.exit_code == 75


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_server_that_is_silent_when_encryption_begins_is_given_up(
    security: str, scripted: StartScripted, message: EmailMessage
) -> None:
    answers: dict[str, bytes | str] = {"EHLO": b"250-here\r\n250 STARTTLS", "STARTTLS": b"220 go on"}
    if security == "tls":
        answers = {"greeting": "silent"}
    server = MailServer(host="localhost", port=scripted(**answers).port, security=security)
    error = failure(NotDeliveredError, message, server, timeout=SHORT)
    assert (error.exit_code, "did not answer in time" in error.sentence) == (75, True)


def test_a_message_that_the_server_does_not_read_is_given_up(message: EmailMessage) -> None:
    message.set_payload(("x" * 70 + "\n") * 300_000)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        done = threading.Event()

        def talk() -> None:
            connection, _ = listening.accept()
            with connection:
                for answer in (b"220 a", b"250 b", b"250 c", b"250 d", b"354 e"):
                    connection.sendall(answer + b"\r\n")
                done.wait(20)

        thread = threading.Thread(target=talk)
        thread.start()
        error = failure(NotDeliveredError, message, plain(listening.getsockname()[1]), timeout=3 * SHORT)
        done.set()
        thread.join(5)
    assert (error.exit_code, "in time" in error.sentence) == (75, True)


def test_a_port_where_nobody_listens_may_be_tried_again(message: EmailMessage) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    error = failure(NotDeliveredError, message, plain(port))
    assert error.exit_code == 75
    assert f"port {port}" in error.sentence


@pytest.mark.parametrize("number", [socket.EAI_NONAME, socket.EAI_AGAIN])
def test_a_name_that_is_not_found_may_be_tried_again(
    number: int, message: EmailMessage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody(*_args: Any, **_more: Any) -> Any:
        raise socket.gaierror(number, "no such name")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    server = MailServer(host="mail.nowhere.example", port=587)
    error = failure(NotDeliveredError, message, server)
    assert error.exit_code == 75
    assert "mail.nowhere.example is not found" in error.sentence


@pytest.mark.parametrize(
    "server",
    [
        MailServer(host="", port=25),
        MailServer(host="localhost", port=25, security="ssl"),
        MailServer(host="a" * 300, port=25),
        MailServer(host=".", port=25),
        MailServer(host="a\0b", port=25),
        MailServer(host="a b\x1b[2J", port=25),
    ],
)
def test_a_server_that_cannot_be_is_a_sentence(server: MailServer, message: EmailMessage) -> None:
    error = failure(NotDeliveredError, message, server)
    assert "\x1b" not in error.sentence


# -------------------------------------------------------------------------------------------- one recipient


def test_a_message_to_several_people_is_not_sent(message: EmailMessage, scripted: StartScripted) -> None:
    server = scripted()
    message["Cc"] = "evil@example.com"
    with pytest.raises(FollowupError, match="exactly one"):
        send_mail(message, plain(server.port), password=None)
    assert server.heard == []


def test_the_recipient_is_named_once(message: EmailMessage, scripted: StartScripted) -> None:
    server = scripted()
    send_mail(message, plain(server.port), password=None)
    assert [line for line in server.heard if line.startswith(b"rcpt")] == [b"rcpt TO:<ann@followup.example>"]


@pytest.mark.parametrize("offered", [True, False])
def test_an_address_beyond_ascii_needs_a_server_that_takes_it(offered: bool, real_server: StartReal) -> None:
    now = datetime(2026, 1, 5, tzinfo=UTC)
    mail = compose_mail(subject="ü", sender="ann@b.example", to="jörg@müller.example", text="ü", date=now)
    real = real_server(enable_SMTPUTF8=offered)
    if not offered:
        error = failure(NotDeliveredError, mail, plain(real.port))
        assert (error.exit_code, real.inbox.taken) == (1, [])
        return
    send_mail(mail, plain(real.port), password=None)
    assert real.inbox.taken[0].rcpt_tos == ["jörg@xn--mller-kva.example"]
    assert "To: jörg@xn--mller-kva.example\r\n".encode() in real.inbox.taken[0].original_content


def test_no_name_service_is_asked_who_we_are(
    scripted: StartScripted, message: EmailMessage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(*_args: Any) -> Any:
        raise AssertionError

    monkeypatch.setattr(socket, "getfqdn", asked)
    server = scripted()
    send_mail(message, plain(server.port), password=None)
    assert server.heard[0] == b"ehlo [127.0.0.1]"
