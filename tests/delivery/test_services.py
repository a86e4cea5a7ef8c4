"""Notifications through real requests to a server of the test, and through programs that stand in for a desktop's."""

from __future__ import annotations

import json
import logging
import os
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from followup.delivery.services import DESKTOP, check_target, notify
from followup.errors import DeliveryUnknownError, FollowupError, NotDeliveredError

if TYPE_CHECKING:
    from tests.delivery.conftest import Authority

TOKEN = "t0ken-s3cret"
TITLE = "2 due today"
BODY = "Zyxwvut GmbH\nloves the reports"
SAID = ("Zyxwvut", TOKEN, TITLE, "loves")


@dataclass
class Service:
    """A web service: answers with `status`, or does what `how` says."""

    port: int = 0
    status: int = 200
    how: str = ""
    got: list[dict[str, Any]] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """Where it is, with a token that nobody shall see."""
        return f"json://ann:{TOKEN}@127.0.0.1:{self.port}/{TOKEN}?rto={0.4 if self.how == 'silent' else 20}"


@pytest.fixture
def service() -> Iterator[Service]:
    made = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            made.got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            if made.how == "silent":
                made.stop.wait(5)
            elif made.how != "drop":
                self.send_response(made.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

        def log_message(self, *_args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        made.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield made
        made.stop.set()
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Neither apprise nor a library below it writes anything: it would hold tokens and names."""
    yield
    assert capfd.readouterr() == ("", "")


def fails(kind: type[FollowupError], url: str, **more: Any) -> FollowupError:
    with pytest.raises(FollowupError) as caught:
        notify(url, title=TITLE, body=BODY, **more)
    error = caught.value
    assert type(error) is kind, repr(error)
    assert error.hint
    for text in (error.sentence, error.hint, str(error)):
        assert not any(said in text for said in SAID)
        assert "\n" not in text
    return error


# --------------------------------------------------------------------------------------------- web services


def test_a_notification_arrives_once(service: Service) -> None:
    notify(service.url, title=TITLE, body=BODY)
    (got,) = service.got
    assert (got["title"], got["message"]) == (TITLE, BODY)


def test_html_is_said_to_be_html(service: Service) -> None:
    notify(service.url + "&format=html", title=TITLE, body="<p>Jörg &amp; S&ouml;hne</p>", html=True)
    assert service.got[0]["message"] == "<p>Jörg &amp; S&ouml;hne</p>"
    notify(service.url + "&format=html", title=TITLE, body="<b>Jörg</b>")
    assert service.got[1]["message"] == "&lt;b&gt;Jörg&lt;/b&gt;"


@pytest.mark.parametrize(
    ("text", "arrives"),
    [
        ("a\x00b\x1b]0;x\x07", r"a\x00b\x1b]0;x\x07"),
        ("lone \ud800", r"lone \ud800"),
        ("call @everyone, @HERE and <!channel> <@U123>", "call @ everyone, @ HERE and < !channel> < @U123>"),
        ("ann@example.com", "ann@example.com"),
        (":smile: {{7*7}} $HOME %s \\n", ":smile: {{7*7}} $HOME %s \\n"),
    ],
)
def test_any_text_arrives_harmless(text: str, arrives: str, service: Service) -> None:
    notify(service.url, title=text, body=text)
    (got,) = service.got
    assert (got["title"], got["message"]) == (arrives, arrives)


def test_an_empty_text_is_no_failure(service: Service) -> None:
    notify(service.url, title=TITLE, body="")
    assert len(service.got) == 1


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [
        (400, NotDeliveredError, 1),
        (401, NotDeliveredError, 1),
        (404, NotDeliveredError, 1),
        (429, NotDeliveredError, 75),
        (500, NotDeliveredError, 75),
        (503, NotDeliveredError, 75),
        (502, DeliveryUnknownError, 75),
        (504, DeliveryUnknownError, 75),
    ],
)
def test_what_a_service_refuses_did_not_go_out(
    status: int, kind: type[FollowupError], code: int, service: Service
) -> None:
    service.status = status
    error = fails(kind, service.url)
    assert error.exit_code == code
    assert len(service.got) == 1
    if kind is NotDeliveredError:
        assert str(status) in error.sentence


@pytest.mark.parametrize("how", ["silent", "drop"])
def test_a_service_that_got_it_and_does_not_answer_is_unknown(how: str, service: Service) -> None:
    service.how = how
    began = time.monotonic()
    error = fails(DeliveryUnknownError, service.url)
    assert time.monotonic() - began < 15
    assert "--force" in error.hint
    assert len(service.got) == 1


def test_a_service_that_is_not_there_may_be_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    error = fails(NotDeliveredError, f"json://127.0.0.1:{port}/{TOKEN}")
    assert error.exit_code == 75
    assert error.sentence == "json:// could not be reached"


def test_a_service_whose_name_is_not_found_may_be_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_args: Any, **_more: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    assert fails(NotDeliveredError, f"json://{TOKEN}.example/").exit_code == 75


def test_a_service_with_a_certificate_of_nobody_gets_nothing(authority: Authority) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def talk() -> None:
            connection, _ = listening.accept()
            with connection:
                try:
                    authority.server("unknown authority").wrap_socket(connection, server_side=True).close()
                except OSError:
                    return

        thread = threading.Thread(target=talk)
        thread.start()
        error = fails(NotDeliveredError, f"jsons://localhost:{listening.getsockname()[1]}/{TOKEN}")
        thread.join(5)
    assert error.exit_code == 75


def test_what_partly_arrived_is_unknown(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    from apprise.plugins.custom_json import NotifyJSON

    monkeypatch.setattr(NotifyJSON, "body_maxlen", 500)
    notify(service.url, title=TITLE, body="line of text\n" * 100)
    assert len(service.got) >= 3
    assert sum(one["message"].count("line of text") for one in service.got) == 100
    send = NotifyJSON.send

    def failing_later(self: Any, *args: Any, **more: Any) -> Any:
        service.status = 200 if len(service.got) < 1 else 500
        return send(self, *args, **more)

    service.got.clear()
    monkeypatch.setattr(NotifyJSON, "send", failing_later)
    with pytest.raises(DeliveryUnknownError):
        notify(service.url, title=TITLE, body="line of text\n" * 100)


# --------------------------------------------------------------------------------------------- bad targets


@pytest.mark.parametrize(
    "url",
    [
        *("", " ", "stdoutt", TOKEN, f"nosuchservice://{TOKEN}", "json://", f"https://example.com/{TOKEN}"),
        *(f"slack://{TOKEN}", f"telegram {TOKEN}", f"javascript:{TOKEN}", f"://{TOKEN}", f"\x1b]0;x\x07://{TOKEN}"),
        *(f"file:///etc/{TOKEN}", "dbus://"),
    ],
)
def test_a_target_that_is_no_service_is_refused_without_showing_it(url: str) -> None:
    error = fails(FollowupError, url)
    assert error.exit_code == 1
    assert "\x1b" not in error.sentence
    with pytest.raises(FollowupError) as checked:
        check_target(url)
    assert checked.value.sentence == error.sentence


def test_a_target_that_is_a_service_can_be_checked_without_sending(service: Service) -> None:
    check_target(service.url)
    assert service.got == []


def test_two_targets_in_one_are_not_two_notifications(service: Service) -> None:
    url = f"json://127.0.0.1:{service.port}/"
    try:
        notify(f"{url}, {url}", title=TITLE, body=BODY)
    except FollowupError:
        assert service.got == []
    assert len(service.got) <= 1


def test_without_apprise_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    error = fails(FollowupError, f"json://localhost/{TOKEN}")
    assert (error.exit_code, error.hint) == (1, "pip install 'followup[notify]'")


@pytest.mark.parametrize("status", [200, 500])
def test_a_process_of_its_own_says_nothing_of_targets_and_texts(status: int, service: Service) -> None:
    """Without handlers Python prints what libraries warn of; here nothing stands between them and the terminal."""
    service.status = status
    script = (
        "import sys, warnings\n"
        "from followup.delivery.services import check_target, notify\n"
        "from followup.errors import FollowupError\n"
        "for url in sys.argv[1:]:\n"
        "    try:\n"
        "        notify(url, title='Zyxwvut', body='loves')\n"
        "    except FollowupError as error:\n"
        "        print(error.sentence)\n"
    )
    urls = [service.url, f"slack://{TOKEN}", f"nosuch://{TOKEN}", f"jsons://127.0.0.1:{service.port}/{TOKEN}?verify=no"]
    run = subprocess.run(
        [sys.executable, "-c", script, *urls],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert len(run.stdout.splitlines()) == (3 if status == 200 else 4)
    assert not any(said in run.stdout for said in SAID)


def test_logging_is_as_it_was(service: Service) -> None:
    from requests.adapters import HTTPAdapter

    logger, send = logging.getLogger("apprise"), HTTPAdapter.send
    before = (list(logger.handlers), logger.propagate)
    service.status = 500
    fails(NotDeliveredError, service.url)
    assert (list(logger.handlers), logger.propagate) == before
    assert HTTPAdapter.send is send


# ---------------------------------------------------------------------------------------------- the desktop


@pytest.fixture
def desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A desktop on this PATH: `notify-send` writes its words into a file, and ends as the file `code` says."""
    monkeypatch.setattr(sys, "platform", "linux")
    program = tmp_path / "notify-send"
    script = (
        f"#!{sys.executable}\nimport json, os, pathlib, sys, time\n"
        f"here = pathlib.Path({str(tmp_path)!r})\n"
        "bus = os.environ.get('DBUS_SESSION_BUS_ADDRESS')\n"
        "(here / 'words').write_text(json.dumps([sys.argv[1:], bus]))\n"
        "sys.exit(int((here / 'code').read_text()) if (here / 'code').exists() else 0)\n"
    )
    program.write_text(script, encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return tmp_path


def environment(folder: Path) -> dict[str, str]:
    return {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/here"}


def test_the_desktop_gets_words_that_are_no_options_and_no_markup(desktop: Path) -> None:
    body = "<b>Zyxwvut</b> & <a href='x'>"
    notify(DESKTOP, title="--urgency=critical\x1b", body=body, environment=environment(desktop))
    words, bus = json.loads((desktop / "words").read_text(encoding="utf-8"))
    assert words[-3:] == ["--", "--urgency=critical\\x1b", "&lt;b&gt;Zyxwvut&lt;/b&gt; &amp; &lt;a href='x'&gt;"]
    assert bus == "unix:path=/here"


def test_the_desktop_gets_html_as_text_and_not_more_than_it_can_show(desktop: Path) -> None:
    notify(DESKTOP, title=TITLE, body="<p>J&ouml;rg</p>" + "x" * 500_000, html=True, environment=environment(desktop))
    words, _ = json.loads((desktop / "words").read_text(encoding="utf-8"))
    assert words[-1].startswith("Jörgxxx")
    assert len(words[-1]) == 1000


def test_a_desktop_that_takes_nothing_is_told(desktop: Path) -> None:
    (desktop / "code").write_text("1", encoding="utf-8")
    error = fails(NotDeliveredError, DESKTOP, environment=environment(desktop))
    assert error.exit_code == 75
    check_target(DESKTOP, environment=environment(desktop))


def test_without_a_desktop_it_is_said_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    error = fails(FollowupError, DESKTOP, environment={"PATH": str(tmp_path)})
    assert (error.exit_code, error.hint) == (1, "sudo apt install libnotify-bin")
