"""`followup calendar push` with a real CalDAV server, and with servers that misbehave."""

from __future__ import annotations

import http.client
import io
import json
import re
import socket
import sqlite3
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from icalendar import Calendar, Event

from followup.delivery import calendar_server
from followup.delivery.calendar_server import checked_url, target_of
from followup.errors import FollowupError

if TYPE_CHECKING:
    from tests.conftest import Answer, Cli

pytest.importorskip("caldav", reason="the extra caldav is not installed")
pytest.importorskip("radicale", reason="no CalDAV server to test with")

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")

MONDAY = "2026-01-05"
USER, PASSWORD = "ann", "correct horse Bättery-staple"
Middle = Callable[[Any, Any, Any], Any]


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True


@dataclass
class Server:
    """Radicale with one user. `seen` are the requests; `middle` may stand between it and the client."""

    port: int
    seen: list[tuple[str, str]] = field(default_factory=list)
    middle: Middle | None = None
    calendars: int = 0

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def request(self, method: str, path: str, body: str = "", **headers: str) -> tuple[int, bytes]:
        """A request of somebody else: the owner of the calendar with an app of theirs."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)) as connection:
            login = "Basic " + b64encode(f"{USER}:{PASSWORD}".encode()).decode()
            sent = {"Authorization": login, **{name.replace("_", "-"): value for name, value in headers.items()}}
            connection.request(method, path, body.encode(), sent)
            answer = connection.getresponse()
            return answer.status, answer.read()

    def wrote(self) -> list[str]:
        """What was put and deleted since this was asked last, in order."""
        methods = [method for method, _ in self.seen if method in ("PUT", "DELETE")]
        self.seen.clear()
        return methods

    def events(self, path: str) -> dict[str, Any]:
        status, text = self.request("GET", path)
        assert status == 200
        return {str(event["UID"]): event for event in Calendar.from_ical(text).walk("VEVENT")}


@pytest.fixture(scope="module")
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    from radicale import Application, config

    folder = tmp_path_factory.mktemp("radicale")
    (folder / "users").write_text(f"{USER}:{PASSWORD}\n", encoding="utf-8")
    settings = config.load()
    auth = {
        "type": "htpasswd",
        "htpasswd_filename": str(folder / "users"),
        "htpasswd_encryption": "plain",
        "delay": "0",
    }
    storage = {"filesystem_folder": str(folder / "store"), "_filesystem_fsync": "False"}
    settings.update({"auth": auth, "storage": storage, "logging": {"level": "critical"}}, "test", privileged=True)
    application = Application(settings)
    server = Server(port=0)

    def outer(environ: Any, start: Any) -> Any:
        server.seen.append((environ["REQUEST_METHOD"], environ["PATH_INFO"]))
        return application(environ, start) if server.middle is None else server.middle(application, environ, start)

    with make_server("127.0.0.1", 0, outer, server_class=Threaded, handler_class=Quiet) as web:
        server.port = web.server_port
        thread = threading.Thread(target=web.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server
        web.shutdown()
        thread.join()


@pytest.fixture
def server(radicale: Server) -> Iterator[Server]:
    yield radicale
    radicale.middle = None
    radicale.seen.clear()


@pytest.fixture
def calendar(server: Server) -> str:
    """The path of a new empty calendar."""
    server.calendars += 1
    path = f"/{USER}/calendar-{server.calendars}/"
    assert server.request("MKCALENDAR", path)[0] == 201
    server.seen.clear()
    return path


@dataclass(frozen=True)
class Seller:
    """Somebody with one customer, who pushes."""

    cli: Cli
    server: Server

    def __call__(self, *args: str | Path) -> Answer:
        return self.cli(*args)

    def does(self, *args: str | Path) -> str:
        answer = self.cli(*args)
        assert answer.code == 0, answer
        return answer.out

    def push(self, path: str, *more: str) -> Any:
        """Push what must succeed, and give the numbers."""
        answer = self.cli("calendar", "push", self.server.root + path.lstrip("/"), "--json", *more)
        assert answer.code == 0, answer
        return answer.json

    def number(self, step: str, customer: str = "anna-meyer") -> str:
        sale = json.loads(self.does("show", customer, "--json"))["sales"][-1]
        return str(next(each["id"] for each in sale["touchpoints"] if each["step"] == step))

    def open_count(self) -> int:
        return len([1 for each in json.loads(self.does("due", "--days", "3000", "--all", "--json"))["items"] if each])

    def told(self) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.cli.db)) as connection:
            return connection.execute("SELECT uid, sequence, content FROM calendar_entry ORDER BY uid").fetchall()


@pytest.fixture
def seller(cli: Cli, server: Server, monkeypatch: pytest.MonkeyPatch) -> Seller:
    monkeypatch.setenv("FOLLOWUP_TODAY", MONDAY)
    monkeypatch.setenv("CALENDAR_PASSWORD", PASSWORD)
    monkeypatch.setattr(calendar_server, "TIMEOUT", 5.0)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    cli.config.write_text(
        f'[caldav]\nuser = "{USER}"\npassword_env = "CALENDAR_PASSWORD"\n[calendar]\ntimezone = "Europe/Berlin"\n',
        encoding="utf-8",
    )
    mine = Seller(cli, server)
    mine.does("add", "Anna Meyer", "--email", "anna@meyer.example", "--playbook", "saas", "--signed", MONDAY)
    return mine


# ------------------------------------------------------------------------------------ what stands there


def test_every_open_contact_stands_on_the_server_and_a_second_push_writes_nothing(
    seller: Seller, server: Server, calendar: str
) -> None:
    first = seller.push(calendar)
    assert first["schema"] == "followup.calendar/1"
    assert first["url"] == server.root + calendar.lstrip("/")
    assert first["added"] == first["entries"] == seller.open_count() == len(server.events(calendar))
    assert server.wrote() == ["PUT"] * first["added"]
    second = seller.push(calendar)
    assert (second["unchanged"], second["added"], second["written"]) == (first["added"], 0, False)
    assert server.wrote() == []


def test_what_changes_is_put_and_what_is_done_is_removed(seller: Seller, server: Server, calendar: str) -> None:
    seller.push(calendar)
    before = server.events(calendar)
    seller.does("done", seller.number("welcome_note"), "good")
    seller.does("snooze", seller.number("first_job"), "2026-03-29", "02:30")
    server.wrote()
    pushed = seller.push(calendar)
    wrote = server.wrote()
    assert wrote.count("DELETE") == pushed["cancelled"] >= 1
    assert wrote.count("PUT") == pushed["changed"] + pushed["added"] >= 1
    after = server.events(calendar)
    assert len(after) == pushed["entries"] == seller.open_count()
    (moved,) = [event for event in after.values() if "education (screen share)" in str(event["SUMMARY"])]
    assert moved["DTSTART"].dt.isoformat() == "2026-03-29T03:30:00+02:00"
    assert moved["SEQUENCE"] == before[str(moved["UID"])]["SEQUENCE"] + 1
    assert seller.push(calendar)["written"] is False


def test_undo_brings_an_entry_back_with_a_higher_count(seller: Seller, server: Server, calendar: str) -> None:
    seller.push(calendar)
    (uid,) = [uid for uid, event in server.events(calendar).items() if ": welcome" in str(event["SUMMARY"])]
    seller.does("done", seller.number("welcome_note"), "good")
    seller.push(calendar)
    assert uid not in server.events(calendar)
    seller.does("undo")
    seller.push(calendar)
    assert server.events(calendar)[uid]["SEQUENCE"] == 2


def test_whoever_must_be_left_alone_is_gone_from_the_server(seller: Seller, server: Server, calendar: str) -> None:
    seller.push(calendar)
    seller.does("dnc", "anna-meyer")
    pushed = seller.push(calendar)
    assert (pushed["entries"], server.events(calendar)) == (0, {})
    assert "Anna" not in json.dumps(pushed)


def test_an_entry_deleted_or_moved_by_hand_follows_the_plan_again(
    seller: Seller, server: Server, calendar: str
) -> None:
    seller.push(calendar)
    first, second, *_ = sorted(server.events(calendar))
    assert server.request("DELETE", f"{calendar}{first.partition('@')[0]}.ics")[0] == 200
    href = f"{calendar}{second.partition('@')[0]}.ics"
    text = server.request("GET", href)[1].decode()
    moved = re.sub(r"DTSTART;VALUE=DATE:\d+", "DTSTART;VALUE=DATE:20300101", text)
    moved = re.sub(r"DTEND;VALUE=DATE:\d+", "DTEND;VALUE=DATE:20300102", moved)
    assert server.request("PUT", href, moved, Content_Type="text/calendar")[0] in (200, 201, 204)
    pushed = seller.push(calendar)
    assert (pushed["added"], pushed["changed"]) == (1, 1)
    after = server.events(calendar)
    assert (after[first]["SEQUENCE"], after[second]["SEQUENCE"]) == (1, 1)
    assert after[second]["DTSTART"].dt.year < 2030
    assert seller.push(calendar)["written"] is False


def test_a_note_that_the_user_added_there_stays(seller: Seller, server: Server, calendar: str) -> None:
    seller.push(calendar)
    uid = min(server.events(calendar))
    href = f"{calendar}{uid.partition('@')[0]}.ics"
    text = server.request("GET", href)[1].decode().replace("DESCRIPTION:", "DESCRIPTION:bring the samples\\n", 1)
    server.request("PUT", href, text, Content_Type="text/calendar")
    server.wrote()
    seller.push(calendar)
    assert server.wrote() == []
    assert "bring the samples" in str(server.events(calendar)[uid]["DESCRIPTION"])


def test_one_customer_at_a_time_touches_nobody_else(seller: Seller, server: Server, calendar: str) -> None:
    seller.does("add", "Bea", "--playbook", "saas", "--signed", MONDAY)
    both = seller.push(calendar)
    seller.does("done", seller.number("welcome_note", "bea"), "good")
    seller.does("done", seller.number("welcome_note"), "good")
    seller.push(calendar, "--customer", "bea")
    left = [str(event["SUMMARY"]) for event in server.events(calendar).values() if ": welcome" in str(event["SUMMARY"])]
    assert left == ["Anna Meyer: welcome (email)"]
    assert seller.push(calendar)["cancelled"] == 1
    assert len(server.events(calendar)) < both["entries"]


def test_alarms_go_along(seller: Seller, server: Server, calendar: str) -> None:
    seller.push(calendar)
    pushed = seller.push(calendar, "--alarm", "08:30")
    assert pushed["changed"] == pushed["entries"]
    assert all(event.walk("VALARM") for event in server.events(calendar).values())
    assert seller.push(calendar, "--alarm", "08:30")["written"] is False


# ------------------------------------------------------------------------------------ what is not ours


def foreign(uid: str, summary: str) -> str:
    calendar, event = Calendar(), Event()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//somebody else//EN")
    event.add("uid", uid)
    event.add("summary", summary)
    event["dtstart"] = event["dtstamp"] = "20260105T090000Z"
    calendar.add_component(event)
    text: str = calendar.to_ical().decode()
    return text


def test_entries_of_somebody_else_are_never_touched(seller: Seller, server: Server, calendar: str) -> None:
    mine = {"dentist": "Dentist", "0b6d2f6e-aaaa-5bbb-8ccc-000000000000@followup": "of another data file"}
    for number, (uid, summary) in enumerate(mine.items()):
        path = f"{calendar}{number}.ics"
        assert server.request("PUT", path, foreign(uid, summary), Content_Type="text/calendar")[0] == 201
    before = {uid: event.to_ical() for uid, event in server.events(calendar).items()}
    seller.push(calendar)
    seller.does("dnc", "anna-meyer")
    seller.push(calendar)
    assert {uid: event.to_ical() for uid, event in server.events(calendar).items()} == before


def test_the_same_contacts_in_another_data_file_are_left_until_told_otherwise(
    seller: Seller, server: Server, calendar: str, tmp_path: Path
) -> None:
    first = seller.push(calendar)
    seller.does("export", "--all", tmp_path / "tables")
    other = ("--db", tmp_path / "other.db")
    seller.does(*other, "import", "--all", tmp_path / "tables")
    seller.does(*other, "done", seller.number("welcome_note"), "good")
    server.wrote()
    url = server.root + calendar.lstrip("/")
    left = seller(*other, "calendar", "push", url, "--json").json
    assert left["left_count"] >= 1
    assert "--take-over" in left["notices"][0]
    assert "DELETE" not in server.wrote()
    assert seller(*other, "calendar", "push", url, "--take-over", "--json").json["left_count"] == 0
    assert len(server.events(calendar)) >= first["entries"]
    assert seller(*other, "calendar", "push", url, "--json").json["written"] is False


# ------------------------------------------------------------------------------------ servers differ


def rewritten(text: str) -> str:
    """The same entries as another server might give them: other order, more properties, no alarm, its own folding."""
    lines = text.replace("\r\n ", "").replace("\n ", "").replace("\r\n", "\n").split("\n")
    out: list[str] = []
    block: list[str] = []
    inside = ringing = False
    for line in lines:
        if line == "BEGIN:VALARM":
            ringing = True
        elif line == "END:VALARM":
            ringing = False
        elif ringing:
            continue
        elif line == "BEGIN:VEVENT":
            inside = True
            out.append(line)
        elif line == "END:VEVENT":
            extra = ["CREATED:20260105T000000Z", "X-SERVER-COLOR:#ff0000", "CLASS:PUBLIC"]
            out += [*sorted(block, reverse=True), *extra, line]
            block, inside = [], False
        elif inside:
            if not line.startswith(("DTSTAMP", "TRANSP", "LAST-MODIFIED")):
                block.append(line.replace("DESCRIPTION:Why now:", "DESCRIPTION:  Why  now:"))
        else:
            out.append(line)
    return "\r\n".join(out)


def test_a_server_that_writes_everything_anew_is_told_nothing_twice(
    seller: Seller, server: Server, calendar: str
) -> None:
    def middle(application: Any, environ: Any, start: Any) -> Any:
        if environ["REQUEST_METHOD"] == "PUT":
            length = int(environ["CONTENT_LENGTH"])
            text = rewritten(environ["wsgi.input"].read(length).decode()).encode()
            environ.update({"wsgi.input": io.BytesIO(text), "CONTENT_LENGTH": str(len(text))})
        return application(environ, start)

    server.middle = middle
    seller.push(calendar, "--alarm", "15")
    assert b"X-SERVER-COLOR" in server.request("GET", calendar)[1]
    server.wrote()
    assert seller.push(calendar, "--alarm", "15")["written"] is False
    assert server.wrote() == []


def test_a_server_that_knows_no_filter_is_read_whole(seller: Seller, server: Server, calendar: str) -> None:
    def middle(application: Any, environ: Any, start: Any) -> Any:
        if environ["REQUEST_METHOD"] == "REPORT":
            length = int(environ["CONTENT_LENGTH"])
            body = environ["wsgi.input"].read(length)
            if b"prop-filter" in body:
                start("403 Forbidden", [("Content-Type", "text/xml")])
                return [b'<d:error xmlns:d="DAV:" xmlns:c="x"><c:supported-filter/></d:error>']
            environ["wsgi.input"] = io.BytesIO(body)
        return application(environ, start)

    assert server.request("PUT", f"{calendar}1.ics", foreign("dentist", "Dentist"), Content_Type="text/calendar")
    seller.push(calendar)
    server.middle = middle
    server.wrote()
    assert seller.push(calendar)["written"] is False
    assert server.wrote() == []


@pytest.mark.parametrize("path", ["", f"{USER}/", f"{USER}"])
def test_the_only_calendar_is_found_from_the_server_or_the_user(
    seller: Seller, server: Server, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = re.findall(rb"<href>(/ann/[^<]+)</href>", server.request("PROPFIND", f"/{USER}/", Depth="1")[1])
    for each in listed:
        server.request("DELETE", each.decode())
    server.request("MKCALENDAR", f"/{USER}/only/")
    pushed = seller.push(path)
    assert pushed["url"] == f"{server.root}{USER}/only/"
    assert len(server.events(f"/{USER}/only/")) == pushed["entries"]
    server.request("MKCALENDAR", f"/{USER}/second/")
    answer = seller("calendar", "push", server.root + path)
    assert answer.code == 1
    assert "there are 2 calendars" in answer.err
    assert f"/{USER}/only/" in answer.err
    assert f"/{USER}/second/" in answer.err
    for name in ("only", "second"):
        server.request("DELETE", f"/{USER}/{name}/")
    answer = seller("calendar", "push", server.root + path)
    assert (answer.code, "there is no calendar at" in answer.err) == (1, True)


def test_the_address_may_stand_in_the_configuration(seller: Seller, server: Server, calendar: str) -> None:
    seller.does("config", "set", "caldav.url", server.root + calendar.lstrip("/"))
    assert seller.does("calendar", "push").startswith(f"{seller.open_count()} contacts in http://127.0.0.1:")
    assert len(server.events(calendar)) == seller.open_count()


# ------------------------------------------------------------------------------------ refused


def refused(answer: Answer, *, code: int, says: str) -> None:
    first, *_, last = answer.err.splitlines()
    assert answer.code == code, answer
    assert says in first, answer.err
    assert last.startswith("Try: ")
    assert PASSWORD not in answer.err + answer.out
    assert "Traceback" not in answer.err


@pytest.mark.parametrize(("user", "password"), [(USER, "wrong"), ("bob", PASSWORD), (USER, None), ("", None)])
def test_a_wrong_password_is_refused(
    seller: Seller,
    server: Server,
    calendar: str,
    user: str,
    password: str | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seller.cli.config.write_text('[caldav]\npassword_env = "CALENDAR_PASSWORD"\n' if password else "", encoding="utf-8")
    monkeypatch.setenv("CALENDAR_PASSWORD", password or "")
    monkeypatch.setattr("followup.delivery.secrets._from_keyring", lambda *_: None, raising=False)
    options = ("--user", user) if user else ()
    answer = seller("calendar", "push", server.root + calendar.lstrip("/"), *options)
    refused(answer, code=1, says="does not accept the user name or the password")
    assert (server.events(calendar), seller.told()) == ({}, [])


def test_a_calendar_that_is_not_there_is_named(seller: Seller, server: Server) -> None:
    refused(seller("calendar", "push", f"{server.root}{USER}/nope/"), code=1, says="there is no calendar at")
    assert seller.told() == []


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://calendar.example.org/ann/", "without TLS"),
        ("https://ann:secret@calendar.example.org/", "does not belong in the address"),
        ("calendar.example.org", "is not the address of a calendar"),
        ("ftp://127.0.0.1/ann/", "is not the address of a calendar"),
        ("file:///etc/passwd", "is not the address of a calendar"),
        ("https://", "is not the address of a calendar"),
        ("https://[::1/", "is not the address of a calendar"),
        ("https://host:port/", "is not the address of a calendar"),
        ("https://host/a\nb", "is not the address of a calendar"),
        ("https://host/\x1b[2J", "is not the address of a calendar"),
    ],
)
def test_an_address_that_would_give_the_password_away_is_refused(seller: Seller, url: str, says: str) -> None:
    answer = seller("calendar", "push", "--", url)
    refused(answer, code=1, says=says)
    assert "\x1b" not in answer.err
    assert "secret" not in answer.err


def test_without_an_address_it_says_where_to_write_one(seller: Seller) -> None:
    refused(seller("calendar", "push"), code=1, says="no calendar is named")


def test_without_the_library_it_says_what_to_install(seller: Seller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "caldav.davclient", None)
    answer = seller("calendar", "push", "https://127.0.0.1:1/")
    refused(answer, code=1, says="needs the library caldav")
    assert "pip install 'followup[caldav]'" in answer.err


@pytest.mark.parametrize(
    ("url", "same"),
    [
        ("https://host/ann/work/", "https://HOST:443/ann/work"),
        ("http://localhost:5232/a%40b/", "http://127.0.0.1:5232/a@b/"),
    ],
)
def test_one_calendar_by_two_spellings_is_one(url: str, same: str) -> None:
    assert target_of(checked_url(url)) == target_of(checked_url(same))
    assert target_of(url) != target_of(url + "x/")


# ------------------------------------------------------------------------------------ servers that misbehave


@contextmanager
def answering(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    """A web server that answers everything in one way; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

        def handle_any(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            answer(self)

        do_PROPFIND = do_REPORT = do_PUT = do_DELETE = do_GET = handle_any  # noqa: N815

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as web:
        web.daemon_threads = True
        web.block_on_close = False
        thread = threading.Thread(target=web.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{web.server_port}/ann/work/"
        web.shutdown()
        thread.join()


def plain(status: int, body: bytes = b"", **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY x SYSTEM "file:///etc/passwd">]><d:multistatus xmlns:d="DAV:"><d:response><d:href>&x;&b;</d:href>'
    b"</d:response></d:multistatus>"
)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (plain(500, b"Traceback (most recent call last)"), 75),
        (plain(503, Retry_After="600"), 75),
        (plain(429), 75),
        (plain(200, b"<html>Welcome</html>", Content_Type="text/html"), 1),
        (plain(207, b"no xml at all", Content_Type="text/xml"), 1),
        (plain(207, b"", Content_Type="text/xml"), 1),
        (plain(207, BOMB, Content_Type="text/xml"), 1),
        (plain(403), 1),
        (plain(401, WWW_Authenticate="Negotiate"), 1),
        (plain(404), 1),
        (plain(405), 1),
        (plain(301, Location="https://evil.example.org/"), 1),
        (plain(302, Location="http://127.0.0.2:9/"), 1),
        (plain(307, Location="//evil.example.org/ann/"), 1),
        (plain(308), 1),
        (lambda handler: handler.connection.shutdown(socket.SHUT_RDWR), 75),
    ],
)
def test_a_server_that_is_none_is_one_sentence_and_nothing_is_remembered(
    seller: Seller, answer: Callable[[BaseHTTPRequestHandler], None], code: int
) -> None:
    with answering(answer) as url:
        result = seller("calendar", "push", url)
    refused(result, code=code, says="")
    assert "root:" not in result.err
    assert seller.told() == []


def test_the_password_goes_to_no_other_server(seller: Seller) -> None:
    """A redirect, or an address inside an answer, that leads elsewhere is not followed."""
    asked: list[str | None] = []

    def listening(handler: BaseHTTPRequestHandler) -> None:
        asked.append(handler.headers.get("Authorization"))
        plain(404)(handler)

    with answering(listening) as other:
        home = (
            f'<d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:response><d:href>/ann/work/'
            f"</d:href><d:propstat><d:prop><c:calendar-home-set><d:href>{other}</d:href></c:calendar-home-set>"
            "</d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response></d:multistatus>"
        ).encode()
        for answer in (plain(301, Location=other), plain(307, Location=other), plain(207, home)):
            with answering(answer) as url:
                refused(seller("calendar", "push", url), code=1, says="sends to another server")
    assert asked == []


def test_a_redirect_within_the_server_is_followed_once(seller: Seller, server: Server, calendar: str) -> None:
    def middle(application: Any, environ: Any, start: Any) -> Any:
        if environ["PATH_INFO"] == "/.well-known/caldav":
            start("301 Moved", [("Location", calendar), ("Content-Length", "0")])
            return [b""]
        return application(environ, start)

    server.middle = middle
    assert seller.push(".well-known/caldav")["url"] == server.root + calendar.lstrip("/")

    def loop(application: Any, environ: Any, start: Any) -> Any:
        start("301 Moved", [("Location", "/loop/"), ("Content-Length", "0")])
        return [b""]

    server.middle = loop
    refused(seller("calendar", "push", f"{server.root}loop/"), code=1, says="has moved the calendar")


@pytest.mark.parametrize("when", ["at once", "at the fifth entry"])
def test_a_silent_server_is_given_up(
    seller: Seller, server: Server, calendar: str, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calendar_server, "TIMEOUT", 0.5)
    puts: list[str] = []

    def middle(application: Any, environ: Any, start: Any) -> Any:
        if environ["REQUEST_METHOD"] == "PUT":
            puts.append(environ["PATH_INFO"])
        if when == "at once" or len(puts) == 5:
            time.sleep(1.5)
        return application(environ, start)

    server.middle = middle
    begin = time.monotonic()
    answer = seller("calendar", "push", server.root + calendar.lstrip("/"))
    assert time.monotonic() - begin < 10
    refused(answer, code=75, says="does not answer")
    server.middle = None
    if when == "at once":
        assert seller.told() == []
        return
    assert "4 of " in answer.err
    assert len([1 for _, _, content in seller.told() if content]) == 4
    time.sleep(1.5)  # the fifth arrives after all
    server.wrote()
    rest = seller.push(calendar)
    assert server.wrote() == ["PUT"] * (rest["entries"] - 5)
    assert len(server.events(calendar)) == rest["entries"]
    assert {int(event["SEQUENCE"]) for event in server.events(calendar).values()} == {0}


@pytest.mark.parametrize("arrives", [True, False], ids=["it arrived", "it did not arrive"])
def test_an_interrupted_push_goes_on_the_next_time(
    seller: Seller, server: Server, calendar: str, arrives: bool
) -> None:
    puts: list[str] = []

    def middle(application: Any, environ: Any, start: Any) -> Any:
        if environ["REQUEST_METHOD"] == "PUT":
            puts.append(environ["PATH_INFO"])
            if len(puts) == 3:
                if arrives:
                    list(application(environ, lambda *_: None))
                raise ConnectionAbortedError
        return application(environ, start)

    server.middle = middle
    assert seller("calendar", "push", server.root + calendar.lstrip("/")).code == 75
    server.middle = None
    assert len(server.events(calendar)) == 2 + arrives
    server.wrote()
    rest = seller.push(calendar)
    assert server.wrote() == ["PUT"] * (rest["entries"] - 2 - arrives)
    assert len(server.events(calendar)) == rest["entries"]
    assert seller.push(calendar)["written"] is False


def test_killed_before_it_is_remembered_an_entry_is_still_ours(
    seller: Seller, server: Server, calendar: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from followup.store import Store

    keep = Store.keep_told_entries
    calls: list[int] = []

    def dying(store: Store, target: str, entries: Any) -> None:
        calls.append(1)
        if len(calls) == 4:
            raise KeyboardInterrupt
        keep(store, target, entries)

    with monkeypatch.context() as patch:
        patch.setattr(Store, "keep_told_entries", dying)
        assert seller("calendar", "push", server.root + calendar.lstrip("/")).code == 130
    assert len(server.events(calendar)) == 3
    seller.does("dnc", "anna-meyer")
    seller.push(calendar)
    assert server.events(calendar) == {}


def test_a_change_made_there_meanwhile_is_not_overwritten_blindly(
    seller: Seller, server: Server, calendar: str
) -> None:
    seller.push(calendar)
    seller.does("snooze", seller.number("first_job"), "2026-01-09")
    done: list[int] = []

    def middle(application: Any, environ: Any, start: Any) -> Any:
        if environ["REQUEST_METHOD"] == "PUT" and not done:
            done.append(1)
            href = environ["PATH_INFO"]
            text = server.request("GET", href)[1].decode().replace("SUMMARY:", "SUMMARY:(moved!) ")
            server.request("PUT", href, text, Content_Type="text/calendar")
        return application(environ, start)

    server.middle = middle
    answer = seller("calendar", "push", server.root + calendar.lstrip("/"), "--json")
    assert (answer.code, answer.json["failed_count"]) == (1, 1)
    assert any("(moved!)" in str(event["SUMMARY"]) for event in server.events(calendar).values())
    server.middle = None
    assert seller.push(calendar)["changed"] == 1
    assert not any("(moved!)" in str(event["SUMMARY"]) for event in server.events(calendar).values())


def test_an_entry_that_the_server_refuses_does_not_stop_the_others(
    seller: Seller, server: Server, calendar: str
) -> None:
    refusals: list[str] = []

    def middle(application: Any, environ: Any, start: Any) -> Any:
        if environ["REQUEST_METHOD"] == "PUT" and not refusals:
            refusals.append(environ["PATH_INFO"])
        if environ["REQUEST_METHOD"] == "PUT" and environ["PATH_INFO"] in refusals:
            start("403 Forbidden", [("Content-Type", "text/xml")])
            return [b'<d:error xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><c:max-resource-size/></d:error>']
        return application(environ, start)

    server.middle = middle
    answer = seller("calendar", "push", server.root + calendar.lstrip("/"), "--json")
    assert (answer.code, answer.json["failed_count"]) == (1, 1)
    assert len(server.events(calendar)) == answer.json["entries"] - 1 == answer.json["added"]
    assert len(seller.told()) == answer.json["added"]
    server.middle = None
    assert seller.push(calendar)["added"] == 1


def test_a_dry_run_reads_and_writes_nothing(seller: Seller, server: Server, calendar: str) -> None:
    planned = seller.push(calendar, "--dry-run")
    assert planned["added"] == seller.open_count()
    assert (server.wrote(), seller.told()) == ([], [])
    assert "Dry run: nothing was changed." in seller.does("calendar", "push", planned["url"], "--dry-run")


def test_nothing_is_pushed_that_could_not_be_remembered(
    seller: Seller, server: Server, calendar: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("followup.store.location.is_writable", lambda path: False)
    assert seller("calendar", "push", server.root + calendar.lstrip("/")).code == 3
    assert server.seen == []


def test_no_secret_and_no_customer_is_kept_about_a_server(seller: Seller, server: Server, calendar: str) -> None:
    seller.push(calendar)
    with closing(sqlite3.connect(seller.cli.db)) as connection:
        kept = str(connection.execute("SELECT * FROM calendar_entry").fetchall())
    for word in (PASSWORD, USER + "/", "127.0.0.1", "Anna", "anna"):
        assert word not in kept


def test_an_address_is_checked_before_anything_else() -> None:
    with pytest.raises(FollowupError, match="without TLS"):
        checked_url("http://192.0.2.1/")
    assert checked_url(" https://calendar.example.org/ann/#x ") == "https://calendar.example.org/ann/"
