"""The user's own mail program: a draft handed over as a mailto: link (RFC 6068). Nothing is sent by that."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from urllib.parse import quote

from followup.core.visible import visible, visible_lines
from followup.errors import FollowupError

LONGEST_LINK = 2000  # letters; several systems cut longer ones off
PATIENCE = 5.0  # seconds after which a program that is still there counts as open

_PLAIN_ADDRESS = re.compile(
    r"(?!.{255})[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*"
    r"@[^\W_](?:[\w-]*[^\W_])?(?:\.[^\W_](?:[\w-]*[^\W_])?)*"
)

_UNSAFE = frozenset(" %'\"&;|$`")  # a command line rather than the name of a program

Which = Callable[[str, str | None], str | None]


def _which(name: str, path: str | None) -> str | None:
    return shutil.which(name, path=path)


def is_plain_address(address: str) -> bool:
    """True for one bare address such as `anna@example.com`: no name, no list, no quotes, no comment, no space."""
    return _PLAIN_ADDRESS.fullmatch(address) is not None and visible(address) == address


def mailto_link(address: str, subject: str, body: str) -> str:
    """A mailto: link with exactly one recipient, a subject and a body; '' for an address that cannot be written to.

    Everything is percent-encoded, spaces as %20 and line ends as %0D%0A, so that no text adds a header or a recipient
    (RFC 6068). The subject is one line.
    """
    if not is_plain_address(address):
        return ""
    local, _, domain = address.partition("@")
    lines = "\r\n".join(visible_lines(body))
    fields = f"subject={quote(visible(subject), safe='')}&body={quote(lines, safe='')}"
    return f"mailto:{quote(local, safe='')}@{quote(domain, safe='')}?{fields}"


def open_link(
    link: str,
    *,
    environment: Mapping[str, str],
    platform: str = sys.platform,
    which: Which = _which,
    patience: float = PATIENCE,
) -> str:
    """Open a mailto: link in the user's mail program; gives the name of the program that took it.

    It is started without a shell and in a session of its own, so that closing this terminal does not close it. Raises
    FollowupError for a link that is too long, and when there is no such program or none that works.
    """
    if len(link) > LONGEST_LINK:
        raise FollowupError(
            f"the draft is too long for a mail program to be handed over ({len(link):,} letters of {LONGEST_LINK:,})",
            hint="followup message ID --copy",
        )
    commands = _commands(environment, platform)
    found = [(name, [path, *rest]) for name, *rest in commands if (path := which(name, environment.get("PATH")))]
    for name, command in found:
        if _started([*command, link], environment, patience):
            return name
    said = f"{', '.join(name for name, _ in found)} failed" if found else "no program for it was found"
    raise FollowupError(f"the mail program could not be opened: {said}", hint="followup message ID --copy")


def _commands(environment: Mapping[str, str], platform: str) -> list[list[str]]:
    if platform == "darwin":
        return [["open"]]
    if platform == "win32":
        return [["rundll32.exe", "url.dll,FileProtocolHandler"]]
    chosen = [[name] for name in environment.get("BROWSER", "").split(":") if name and not _UNSAFE.intersection(name)]
    return [["xdg-open"], ["gio", "open"], ["wslview"], *chosen]


def _started(command: list[str], environment: Mapping[str, str], patience: float) -> bool:
    """True when a program took the link: it ended well, or is still open after a while."""
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=dict(environment),
            start_new_session=True,
        )
    except OSError:
        return False
    try:
        return process.wait(timeout=patience) == 0
    except subprocess.TimeoutExpired:
        process.returncode = 0  # it stays open on purpose: nobody waits for it, and nothing is to be said about that
        return True
