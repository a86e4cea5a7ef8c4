"""A calendar on a CalDAV server (RFC 4791): what of ours stands there, put, replaced, removed.

Careful on three sides. Passwords go to the host that the user named and nowhere else: TLS is verified, plain HTTP is
for this machine only, redirects to other servers are refused. Nothing is overwritten blindly: every write names the
version that was read. And an answer that does not come is never taken for a yes.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_address
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit
from xml.sax.saxutils import escape

from followup.core.visible import visible
from followup.errors import EXIT_REFUSED, FollowupError, NotDeliveredError

if TYPE_CHECKING:
    from caldav.davclient import DAVClient
    from caldav.response import DAVResponse

TIMEOUT = 30.0
"""Seconds to wait for an answer."""

_DAV, _CALDAV = "{DAV:}", "{urn:ietf:params:xml:ns:caldav}"
_NAMESPACES = 'xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"'
_ABOUT = f"""<?xml version="1.0" encoding="utf-8"?>
<d:propfind {_NAMESPACES}><d:prop><d:resourcetype/><d:displayname/><d:current-user-principal/><c:calendar-home-set/>
<c:supported-calendar-component-set/></d:prop></d:propfind>"""
_QUERY = f"""<?xml version="1.0" encoding="utf-8"?>
<c:calendar-query {_NAMESPACES}><d:prop><d:getetag/><c:calendar-data/></d:prop>
<c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT">{{filter}}</c:comp-filter></c:comp-filter>
</c:filter></c:calendar-query>"""
_OURS = '<c:prop-filter name="UID"><c:text-match collation="i;ascii-casemap">{text}</c:text-match></c:prop-filter>'
_REDIRECTS = range(300, 400)
_GONE = (404, 410)
_FORBIDDEN = 403
_MULTISTATUS = 207
_MOST_NAMED = 10
_MOST_CHANGES = 2**31 - 1  # RFC 5545: an integer of 32 bits


class ConflictError(Exception):
    """Somebody else changed, made or removed the entry since it was read; nothing was written."""


class RefusedError(Exception):
    """The server does not take this entry, and says so; the others may go on. The status is the argument."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnServer:
    """An entry as the server has it. `begins` is a day or an instant; `sequence` None where the server keeps none."""

    href: str
    etag: str
    uid: str
    sequence: int | None
    begins: date | datetime | None
    lasts: timedelta | None
    summary: str
    description: str
    location: str
    cancelled: bool
    alarms: tuple[timedelta, ...]


def checked_url(url: str) -> str:
    """Give the URL if a password may be sent there: https, or http to this machine. Raises FollowupError."""
    hint = "write https://HOST/PATH, as the calendar's settings on the server show it"
    cleaned = url.strip()
    try:
        parts = urlsplit(cleaned)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, SplitResult("", "", "", "", "")
    if not host or parts.scheme not in ("http", "https") or visible(cleaned) != cleaned or " " in cleaned:
        raise FollowupError(f"{visible(url)[:200]!r} is not the address of a calendar", hint=hint)
    if parts.username is not None or parts.password is not None:
        raise FollowupError(
            "a user name or password does not belong in the address",
            hint="--user NAME, and the password by caldav.password_command, caldav.password_env or the keyring",
        )
    if parts.scheme == "http" and not _is_here(host):
        raise FollowupError("without TLS the password could be read on its way", hint="write https://")
    return parts._replace(fragment="").geturl()


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.casefold() == "localhost"


def target_of(url: str) -> str:
    """Under what a calendar on a server is remembered: the address may hold a name, so that only its hash is kept."""
    parts = urlsplit(url)
    path = unquote(parts.path).rstrip("/")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    host = (parts.hostname or "").casefold()
    same = f"{'localhost' if _is_here(host) else host}:{port}{path}?{parts.query}"
    return f"caldav:{hashlib.sha256(same.encode(errors='surrogateescape')).hexdigest()[:32]}"


class CalendarServer:
    """One calendar on a server; a context manager. `url` is the calendar itself, with a slash at its end."""

    def __init__(self, client: DAVClient, url: str) -> None:
        self._client = client
        self.url = url

    @classmethod
    def open(cls, url: str, *, user: str, password: str | None, timeout: float | None = None) -> CalendarServer:
        """Find the calendar behind a URL: the calendar itself, or the only one of a home or of a user.

        Raises FollowupError when the library is missing, the URL is none (`checked_url`), nothing is there or several
        calendars are; NotDeliveredError (exit 1) when the server does not let us in, (75) when it does not answer.
        """
        address = checked_url(url)
        client = _client(address, user, password, TIMEOUT if timeout is None else timeout)
        try:
            server = cls(client, address)
            server.url = server._find(address)
        except BaseException:
            client.close()
            raise
        return server

    def __enter__(self) -> CalendarServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def entries(self, uid_ending: str) -> dict[str, OnServer]:
        """The entries whose uid ends so, by uid. What cannot be read as a calendar is not in it."""
        ours = _OURS.format(text=escape(uid_ending))
        try:
            answer = self._request("REPORT", self.url, _QUERY.format(filter=ours), {"Depth": "1"})
        except RefusedError:
            answer = None
        if answer is None or answer.status != _MULTISTATUS:  # some servers know no such filter
            answer = self._list_all()
        self._check(answer, "does not list its entries")
        found: dict[str, OnServer] = {}
        for href, properties in _responses(answer):
            data, etag = properties.get(f"{_CALDAV}calendar-data"), properties.get(f"{_DAV}getetag")
            entry = _read(self._here(href), "" if etag is None else etag.text or "", "" if data is None else data.text)
            if entry is not None and entry.uid.endswith(uid_ending):
                found[entry.uid] = entry
        return found

    def _list_all(self) -> DAVResponse:
        try:
            return self._request("REPORT", self.url, _QUERY.format(filter=""), {"Depth": "1"})
        except RefusedError:
            raise _not_let_in(self.url, _FORBIDDEN) from None

    def add(self, uid: str, text: bytes) -> None:
        """Put an entry that is not there yet. Raises ConflictError, RefusedError, NotDeliveredError."""
        name = quote(uid.partition("@")[0], safe="")
        self._put(urljoin(self.url, f"{name}.ics"), text, {"If-None-Match": "*"})

    def replace(self, old: OnServer, text: bytes) -> None:
        """Put an entry in place of one that was read. Raises ConflictError, RefusedError, NotDeliveredError."""
        self._put(old.href, text, _as_read(old))

    def remove(self, old: OnServer) -> None:
        """Remove an entry that was read; one that is gone already is fine. Raises as `replace` does."""
        answer = self._request("DELETE", old.href, "", _as_read(old))
        if answer.status not in _GONE:
            self._check_entry(answer)

    def _put(self, href: str, text: bytes, versions: Mapping[str, str]) -> None:
        headers = {"Content-Type": "text/calendar; charset=utf-8", **versions}
        self._check_entry(self._request("PUT", href, text.decode(), headers))

    # Finding the calendar

    def _find(self, url: str) -> str:
        answer = self._request("PROPFIND", url, _ABOUT, {"Depth": "0"}, follow=True)
        if answer.status in _GONE or answer.status == 405:
            raise FollowupError(f"there is no calendar at {_shown(url)}", hint=_where())
        self._check(answer, "is no CalDAV server")
        about = _first(answer)
        here = self._here(_href_of(answer) or url)
        if _is_calendar(about):
            return _with_slash(here)
        home = _inner_href(about, f"{_CALDAV}calendar-home-set")
        principal = _inner_href(about, f"{_DAV}current-user-principal")
        if home is None and principal is not None:
            answer = self._request("PROPFIND", self._here(principal), _ABOUT, {"Depth": "0"})
            self._check(answer, "does not say whose calendars it has")
            home = _inner_href(_first(answer), f"{_CALDAV}calendar-home-set")
        candidates = {} if home is None else self._calendars(self._here(home))
        inside = {at: name for at, name in candidates.items() if at.startswith(_with_slash(here))}
        return _only(inside or candidates or self._calendars(here), url)

    def _calendars(self, home: str) -> dict[str, str]:
        """Calendars right below a collection: address -> name."""
        answer = self._request("PROPFIND", _with_slash(home), _ABOUT, {"Depth": "1"})
        if answer.status != _MULTISTATUS:
            return {}
        found = {}
        for href, properties in _responses(answer):
            if _is_calendar(properties):
                name = properties.get(f"{_DAV}displayname")
                found[_with_slash(self._here(href))] = "" if name is None else name.text or ""
        return found

    def _here(self, href: str) -> str:
        """An address that the server named, which must be its own. Raises NotDeliveredError."""
        address = urljoin(self.url, href)
        if _origin(address) != _origin(self.url):
            raise NotDeliveredError(
                f"{_host(self.url)} sends to another server, {_shown(address)}; nothing was sent there",
                hint="name the calendar by its address on that server, if it is yours",
                exit_code=EXIT_REFUSED,
            )
        return address

    # Talking

    def _request(
        self, method: str, url: str, body: str, headers: Mapping[str, str], *, follow: bool = False
    ) -> DAVResponse:
        """One request and its answer. `follow` takes a redirect within the same server, once."""
        with _understood(self.url, method):
            answer = self._client.request(url, method, body, dict(headers))
        if answer.status in _REDIRECTS:
            to = self._here(_header(answer, "Location"))
            if not follow:
                raise NotDeliveredError(
                    f"{_host(url)} has moved the calendar to {_shown(to)}",
                    hint="name it by that address",
                    exit_code=EXIT_REFUSED,
                )
            return self._request(method, to, body, headers)
        if answer.status >= 500:
            raise NotDeliveredError(f"{_host(url)} cannot do it now (status {answer.status})", hint="push again later")
        return answer

    def _check(self, answer: DAVResponse, otherwise: str) -> None:
        if answer.status != _MULTISTATUS or answer.tree is None:
            raise NotDeliveredError(
                f"{_host(self.url)} {otherwise} (status {answer.status})", hint=_where(), exit_code=EXIT_REFUSED
            )

    def _check_entry(self, answer: DAVResponse) -> None:
        if answer.status in (409, 412) or answer.status in _GONE:
            raise ConflictError
        if not 200 <= answer.status < 300:
            raise RefusedError(answer.status)


def _client(url: str, user: str, password: str | None, timeout: float) -> DAVClient:
    """The library's client, kept from following redirects and from talking to the terminal."""
    try:
        from caldav.davclient import DAVClient
        from caldav.lib import error
    except ImportError:
        hint = "pip install 'followup[caldav]'"
        raise FollowupError("pushing to a calendar server needs the library caldav", hint=hint) from None
    error.debug_dump_communication = False
    logging.getLogger("caldav").setLevel(logging.CRITICAL + 1)
    client: Any = DAVClient(
        url=url,
        username=user or None,
        password=password,
        timeout=timeout,  # type: ignore[arg-type]
        ssl_verify_cert=True,
        enable_rfc6764=False,
        headers={"User-Agent": "followup"},
    )
    send = client.session.request
    client.session.request = lambda method, address, **more: send(method, address, **{**more, "allow_redirects": False})
    return client  # type: ignore[no-any-return]


@contextmanager
def _understood(url: str, method: str) -> Iterator[None]:
    """What the library raises, as what it means to the user. No message of the library or the server is passed on.

    A server that names the condition which an entry or a question does not meet refuses that, not us.
    """
    from caldav.lib import error
    from caldav.lib.http_sync import requests

    host = _host(url)
    try:
        yield
    except error.AuthorizationError as refused:
        if method in ("PUT", "DELETE", "REPORT") and refused.status == _FORBIDDEN and refused.preconditions:
            raise RefusedError(refused.status) from None
        raise _not_let_in(url, refused.status or 401) from None
    except error.RateLimitError:
        raise NotDeliveredError(f"{host} wants to be asked less often", hint="push again later") from None
    except requests.exceptions.Timeout:
        raise NotDeliveredError(f"{host} does not answer", hint="push again later") from None
    except requests.exceptions.SSLError:
        raise NotDeliveredError(
            f"the certificate of {host} cannot be trusted; nothing was sent",
            hint="check the address; for a server of your own let the system trust its certificate",
            exit_code=EXIT_REFUSED,
        ) from None
    except (requests.exceptions.RequestException, OSError):
        raise NotDeliveredError(f"{host} cannot be reached, or broke off", hint="push again later") from None
    except (error.DAVError, NotImplementedError, ValueError, SyntaxError, LookupError):  # lxml's errors are SyntaxError
        raise NotDeliveredError(
            f"{host} does not answer as a CalDAV server does", hint=_where(), exit_code=EXIT_REFUSED
        ) from None


def _not_let_in(url: str, status: int) -> NotDeliveredError:
    if status == _FORBIDDEN:
        sentence = f"{_host(url)} does not let this user read or change the calendar"
    else:
        sentence = f"{_host(url)} does not accept the user name or the password"
    hint = "check --user or caldav.user, and the password: caldav.password_command, caldav.password_env or the keyring"
    return NotDeliveredError(sentence, hint=hint, exit_code=EXIT_REFUSED)


def _only(calendars: Mapping[str, str], url: str) -> str:
    """The only calendar. Raises FollowupError that lists several, or says that there is none."""
    if len(calendars) == 1:
        return next(iter(calendars))
    if not calendars:
        raise FollowupError(f"there is no calendar at {_shown(url)}", hint=_where())
    named = [f"{_shown(at)} ({visible(name)[:60]})" if name else _shown(at) for at, name in sorted(calendars.items())]
    more = f" and {len(named) - _MOST_NAMED} more" if len(named) > _MOST_NAMED else ""
    listed = ", ".join(named[:_MOST_NAMED])
    hint = f"followup calendar push {_shown(min(calendars))}"
    raise FollowupError(f"there are {len(calendars)} calendars: {listed}{more}", hint=hint)


def _where() -> str:
    return "the settings of the calendar on the server show its CalDAV address; or name the server: https://HOST/"


def _as_read(old: OnServer) -> Mapping[str, str]:
    """The header that allows a write only over the version that was read; a weak tag cannot say that."""
    return {"If-Match": old.etag} if old.etag and not old.etag.startswith("W/") else {}


# --------------------------------------------------------------------------------------------- reading


def _read(href: str, etag: str, text: str | None) -> OnServer | None:
    """The first event of a calendar object; None where there is none that can be read."""
    from icalendar import Calendar

    try:
        event: Any = next(iter(Calendar.from_ical(text or "").walk("VEVENT")), None)
        if event is None or not event.get("UID"):
            return None
        begin, end = event.get("DTSTART"), event.get("DTEND")
        begins = None if begin is None else _moment(begin.dt)
        lasts = None if event.get("DURATION") is None else event["DURATION"].dt
        if end is not None and begins is not None:
            lasts = _between(begins, _moment(end.dt))
        alarms = [alarm["TRIGGER"].dt for alarm in event.walk("VALARM") if "TRIGGER" in alarm]
        sequence = int(event.get("SEQUENCE", -1))
        return OnServer(
            href=href,
            etag=etag,
            uid=str(event["UID"]),
            sequence=sequence if 0 <= sequence < _MOST_CHANGES else None,
            begins=begins,
            lasts=lasts,
            summary=str(event.get("SUMMARY", "")),
            description=str(event.get("DESCRIPTION", "")),
            location=str(event.get("LOCATION", "")),
            cancelled=str(event.get("STATUS", "")).upper() == "CANCELLED",
            alarms=tuple(sorted(alarm for alarm in alarms if isinstance(alarm, timedelta))),
        )
    except (ValueError, TypeError, AttributeError, LookupError, OverflowError, RecursionError):
        return None


def _moment(value: date | datetime) -> date | datetime:
    if not isinstance(value, datetime):
        return value
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _between(begin: date | datetime, end: date | datetime) -> timedelta | None:
    if isinstance(begin, datetime) and isinstance(end, datetime):
        return end - begin
    return None if isinstance(begin, datetime) or isinstance(end, datetime) else end - begin


# --------------------------------------------------------------------------------------------- answers

_NO_PROPERTIES: Mapping[str, Any] = MappingProxyType({})


def _responses(answer: DAVResponse) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each resource of a multistatus with the properties that were found, by qualified name."""
    if answer.tree is None:
        return
    for response in answer.tree.iter(f"{_DAV}response"):
        href = response.find(f"{_DAV}href")
        if href is None or not href.text:
            continue
        properties: dict[str, Any] = {}
        for propstat in response.iterfind(f"{_DAV}propstat"):
            status = propstat.find(f"{_DAV}status")
            if status is None or " 200" in (status.text or ""):
                properties |= {child.tag: child for prop in propstat.iterfind(f"{_DAV}prop") for child in prop}
        yield href.text.strip(), properties


def _first(answer: DAVResponse) -> Mapping[str, Any]:
    return next((properties for _, properties in _responses(answer)), _NO_PROPERTIES)


def _href_of(answer: DAVResponse) -> str | None:
    return next((href for href, _ in _responses(answer)), None)


def _inner_href(properties: Mapping[str, Any], name: str) -> str | None:
    found = properties.get(name)
    href = None if found is None else found.find(f"{_DAV}href")
    return None if href is None or not href.text else str(href.text).strip()


def _is_calendar(properties: Mapping[str, Any]) -> bool:
    """True for a calendar that takes events."""
    kind = properties.get(f"{_DAV}resourcetype")
    if kind is None or kind.find(f"{_CALDAV}calendar") is None:
        return False
    takes = properties.get(f"{_CALDAV}supported-calendar-component-set")
    return takes is None or not len(takes) or any(each.get("name") == "VEVENT" for each in takes)


def _header(answer: DAVResponse, name: str) -> str:
    return str(answer.headers.get(name) or "")


def _origin(url: str) -> tuple[str, str, int]:
    parts = urlsplit(url)
    return parts.scheme, (parts.hostname or "").casefold(), parts.port or (443 if parts.scheme == "https" else 80)


def _host(url: str) -> str:
    return visible(urlsplit(url).hostname or "the server")[:200]


def _shown(url: str) -> str:
    """An address in a message: without anything that might be a secret in it, harmless and not too long."""
    parts = urlsplit(url)
    host = f"{parts.hostname or ''}:{parts.port}" if parts.port else parts.hostname or ""
    return visible(f"{parts.scheme}://{host}{parts.path}")[:300]


def _with_slash(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(path=f"{parts.path.rstrip('/')}/").geturl()
