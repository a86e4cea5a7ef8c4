"""Desktop notifications, chats and a hundred other services, through the library apprise (extra `notify`).

apprise says only that something failed, not whether it arrived. So its requests are watched: when every one of them
was turned away or found no server, certainly nothing arrived; anything else that failed is unknown. What apprise and
the libraries below it log and warn of is kept from the terminal, because it holds addresses with their tokens.
"""

from __future__ import annotations

import html as html_entities
import logging
import os
import re
import shutil
import ssl
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from followup.core.visible import visible, visible_lines
from followup.errors import EXIT_BUSY, EXIT_REFUSED, DeliveryUnknownError, FollowupError, NotDeliveredError

DESKTOP = "desktop"
"""The target that means a notification on this desktop, whatever desktop it is."""

TITLE_LENGTH = 150
_TIMEOUT = 10.0
_DESKTOP_LENGTH = 1000  # more than any desktop shows
_AGAIN = "followup remind --test"

# What a desktop brings along takes words as words; apprise knows the rest, where the library it needs is installed.
_PROGRAMS = {
    "darwin": (
        "osascript",
        *("-e", "on run argv"),
        *("-e", "display notification (item 2 of argv) with title (item 1 of argv)"),
        *("-e", "end run", "--"),
    ),
    "linux": ("notify-send", "--app-name=followup", "--"),
}
_DESKTOP_URLS = {"darwin": "macosx://", "win32": "windows://"}

# Chats would call everybody for a customer who is named so.
_CALLS = re.compile(r"@(?=(?:everyone|here|channel|all|room|team)\b)|<(?=[@!#])", re.IGNORECASE)
# A server between us and the service gave up on it.
_NO_ANSWER_BEHIND = (408, 502, 504)


def notify(
    url: str, *, title: str, body: str, html: bool = False, environment: Mapping[str, str] | None = None
) -> None:
    """Send one notification to `url` (an apprise URL, or DESKTOP); returning means that the service took it.

    `html` says that `body` is HTML, else it is plain text; both may be any text and are made harmless, also for chats
    that call people by name. What is too long for a service is sent in parts. `environment` is that of this run, for
    programs of the desktop. Raises FollowupError (exit 1) when apprise is not installed or the URL is not one of a
    service; NotDeliveredError when it certainly did not go out (exit 1 when the service does not know us, else 75);
    DeliveryUnknownError otherwise. No error contains the URL, title or body.
    """
    title = _unaddressed(" ".join(visible(title[: 4 * TITLE_LENGTH]).split()))[:TITLE_LENGTH]
    body = _unaddressed("\n".join(visible_lines(body))) or title
    if url.strip() == DESKTOP and (program := _desktop_program(environment)):
        _show(program, title, _as_text(body) if html else body, environment)
        return
    with _quiet():
        service, name = _service(url)
        if url.strip() == DESKTOP and not html:
            body = html_entities.escape(body, quote=False)  # desktops take a little markup
        _send(service, name, title, body, html=html)


def check_target(url: str, *, environment: Mapping[str, str] | None = None) -> None:
    """Raise the FollowupError that `notify` would raise for this target before it sends anything."""
    if url.strip() == DESKTOP and _desktop_program(environment):
        return
    with _quiet():
        _service(url)


def _unaddressed(text: str) -> str:
    return _CALLS.sub(lambda found: f"{found[0]} ", text)


def _as_text(html: str) -> str:
    return html_entities.unescape(re.sub(r"<[^<>]*>", "", html))


# ---------------------------------------------------------------------------------------------- the desktop


def _desktop_program(environment: Mapping[str, str] | None) -> tuple[str, ...]:
    """The program of this desktop with its words; () where there is none."""
    program = _PROGRAMS.get(sys.platform, ())
    path = environment.get("PATH") if environment is not None else None
    found = shutil.which(program[0], path=path) if program else None
    return (found, *program[1:]) if found else ()


def _show(program: tuple[str, ...], title: str, body: str, environment: Mapping[str, str] | None) -> None:
    from followup.delivery.processes import run_program

    if sys.platform == "linux":
        body = html_entities.escape(body, quote=False)
    words = [*program, title, body[:_DESKTOP_LENGTH]]
    try:
        ended = run_program(words, environment=_with_bus(environment), timeout=_TIMEOUT)
    except OSError:
        raise NotDeliveredError("the desktop's notification program could not be started", hint=_AGAIN) from None
    if ended.code is None:
        raise DeliveryUnknownError("the desktop did not say whether it shows the notification", hint=_AGAIN)
    if ended.code != 0:
        raise NotDeliveredError(
            "no desktop took the notification; is somebody logged in on this machine?",
            hint=_AGAIN,
        )


def _with_bus(environment: Mapping[str, str] | None) -> Mapping[str, str] | None:
    """The environment with the place of the user's desktop bus, which cron does not know."""
    if sys.platform != "linux" or environment is None or environment.get("DBUS_SESSION_BUS_ADDRESS"):
        return environment
    bus = Path(f"/run/user/{os.getuid()}/bus")
    return {**environment, "DBUS_SESSION_BUS_ADDRESS": f"unix:path={bus}"} if bus.exists() else environment


# --------------------------------------------------------------------------------------------- the services


def _service(url: str) -> tuple[Any, str]:
    """The apprise service of a target, and a name for it that holds no secret."""
    try:
        import apprise
    except ImportError:
        sentence = "notifications need the library apprise"
        raise FollowupError(sentence, hint="pip install 'followup[notify]'") from None
    target = _DESKTOP_URLS.get(sys.platform, "dbus://") if url.strip() == DESKTOP else url.strip()
    found = re.match(r"([A-Za-z][A-Za-z0-9+-]{0,29})://", target)
    name = f"{found[1].lower()}://" if found else "this target"
    asset = apprise.AppriseAsset(
        app_id="followup", app_desc="followup", app_url="", image_url_mask="", image_url_logo="", async_mode=False
    )
    service = apprise.Apprise.instantiate(target, asset=asset) if found else None
    if service is not None:
        if "overflow" not in target:
            service.overflow_mode = apprise.OverflowMode.SPLIT
        return service, name
    if url.strip() == DESKTOP:
        hint = "sudo apt install libnotify-bin" if sys.platform == "linux" else "followup remind --via email"
        raise FollowupError("there is no program here that shows notifications on a desktop", hint=hint)
    raise FollowupError(
        f"{name} is not the URL of a service, or needs something that is not installed",
        hint="use stdout, email, desktop or a URL such as ntfy://TOPIC (see github.com/caronc/apprise)",
    )


def _send(service: Any, name: str, title: str, body: str, *, html: bool) -> None:
    import apprise

    sender = apprise.Apprise(asset=service.asset)
    sender.add(service)
    form = apprise.NotifyFormat.HTML if html else apprise.NotifyFormat.TEXT
    with _watched() as attempts:
        try:
            if sender.notify(title=title, body=body, body_format=form):
                return
        except Exception:  # noqa: BLE001 - a hundred plug-ins; their words may hold addresses with tokens
            attempts.append(None)
    if not attempts or None in attempts:
        raise DeliveryUnknownError(
            f"{name} failed, and it is not known whether the notification arrived",
            hint="look there; followup remind --force sends it again",
        )
    refused = [status for status in attempts if status]
    if not refused:
        raise NotDeliveredError(f"{name} could not be reached", hint=_AGAIN)
    final = 400 <= refused[-1] <= 499 and refused[-1] != 429
    raise NotDeliveredError(
        f"{name} refuses the notification (HTTP {refused[-1]})",
        hint="check the URL of the target and its token" if final else _AGAIN,
        exit_code=EXIT_REFUSED if final else EXIT_BUSY,
    )


@contextmanager
def _watched() -> Iterator[list[int | None]]:
    """Give the attempts made in here: an HTTP status that says no, 0 for no server found, None for anything else."""
    from requests.adapters import HTTPAdapter

    attempts: list[int | None] = []
    send = HTTPAdapter.send

    def watched(self: HTTPAdapter, *args: Any, **options: Any) -> Any:
        try:
            response = send(self, *args, **options)
        except Exception as error:
            attempts.append(0 if _found_no_server(error) else None)
            raise
        status = response.status_code
        attempts.append(status if status >= 300 and status not in _NO_ANSWER_BEHIND else None)
        return response

    HTTPAdapter.send = watched  # type: ignore[method-assign]
    try:
        yield attempts
    finally:
        HTTPAdapter.send = send  # type: ignore[method-assign]


def _found_no_server(error: Exception) -> bool:
    """True when a request failed before anything of it was sent: no name, no connection, no trust."""
    from requests.exceptions import ConnectTimeout
    from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, SSLError

    reason = getattr(error.args[0] if error.args else None, "reason", None)
    if isinstance(reason, SSLError):
        return any(isinstance(why, ssl.SSLCertVerificationError) for why in reason.args)
    return isinstance(error, ConnectTimeout) or isinstance(reason, ConnectTimeoutError | NewConnectionError)


@contextmanager
def _quiet() -> Iterator[None]:
    """Nothing that is logged or warned of in here reaches the terminal."""
    names = ("apprise", "requests", "urllib3")
    before = [(logger := logging.getLogger(name), logger.propagate, list(logger.handlers)) for name in names]
    for logger, _, _ in before:
        logger.propagate, logger.handlers = False, [logging.NullHandler()]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, propagate, handlers in before:
            logger.propagate, logger.handlers = propagate, handlers
