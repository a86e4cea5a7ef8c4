"""Bar 24, with cron itself: the lines that `followup cron` prints, installed as it says, at the minute they name.

Cron runs in a mount namespace of its own, where its tables lie in memory: no table of this machine is read or written,
and nothing stays, however the test ends. `faketime` shows it the morning a few seconds before the minute.
"""

from __future__ import annotations

import os
import shlex
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from tests.trust.installed import FULL, command

pytestmark = pytest.mark.trust

NEEDED = ("cron", "crontab", "faketime", "unshare", "mount")
SBIN = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
TODAY = "2026-11-24"
NEVER = [f"{TODAY} 06:29:57", f"{TODAY} 18:29:57", "2026-11-22 07:29:57"] if FULL else []
"""Too early, too late, a Sunday."""

_OWN_TABLES = """
set -e
mount --make-rprivate /
for place in /etc/cron.d /var/spool/cron /run; do mount -t tmpfs none "$place"; done
mkdir /var/spool/cron/crontabs
chown root:crontab /var/spool/cron/crontabs && chmod 1730 /var/spool/cron/crontabs
mount --bind /dev/null /etc/crontab
"""


@pytest.fixture(scope="module")
def real_cron() -> str:
    """Where cron is; skips where it cannot be run apart from the machine's own."""
    missing = [name for name in NEEDED if shutil.which(name, path=SBIN) is None]
    if sys.platform != "linux" or missing:
        pytest.skip(f"not on this machine: {', '.join(missing) or 'cron of Linux'}")
    if os.geteuid() != 0:
        pytest.skip("cron can be started by root only")
    tried = subprocess.run(
        ["unshare", "--mount", "sh", "-c", _OWN_TABLES], capture_output=True, text=True, check=False, timeout=30
    )
    if tried.returncode:
        pytest.skip(f"no mount namespace for cron here: {tried.stderr.strip()}")
    found = shutil.which("cron", path=SBIN)
    assert found is not None
    return found


class Inbox:
    """What a mail server took."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd calls it so
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"


@pytest.fixture
def mail_server() -> Iterator[tuple[Inbox, int]]:
    """A mail server on this machine, and its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    inbox = Inbox()
    server = Controller(inbox, hostname="127.0.0.1", port=port)
    server.start()
    yield inbox, port
    server.stop()


@pytest.fixture
def desk(tmp_path: Path) -> list[str]:
    """The program with a data file and a configuration in folders whose names need every quote, something due."""
    folder = tmp_path / "Anna's 100% \\% $HOME & più"
    folder.mkdir()
    words = [*command(), "--db", str(folder / "my data.db"), "--config", str(folder / "config.toml")]
    for typed in (["add", "Anna Meyer", "--playbook", "saas", "--signed", TODAY],):
        subprocess.run([*words, "--today", TODAY, *typed], check=True, capture_output=True, timeout=60)
    return words


def mornings(
    cron: str, folder: Path, install: str, *, times: list[str], table: str
) -> subprocess.CompletedProcess[str]:
    """Install a table as the user is told to, then run cron over each of the times; gives the table as installed."""
    lines = [_OWN_TABLES, f"printf %s {shlex.quote(table)} | crontab -", install, "crontab -l"]
    lines += [f"timeout 9 faketime {shlex.quote(at)} {cron} -f || true" for at in times]
    return subprocess.run(
        ["unshare", "--mount", "sh", "-c", "\n".join(lines)],
        cwd=folder,
        env={**os.environ, "PATH": f"{Path(sys.executable).parent}:{SBIN}", "TZ": "UTC"},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


def printed(desk: list[str], *options: str) -> tuple[str, str]:
    """The text of `followup cron`, and the command that installs it."""
    typed = [*desk, "cron", "--system", "cron", *options]
    text = subprocess.run(typed, check=True, capture_output=True, text=True, timeout=60).stdout
    return text, f"(crontab -l 2>/dev/null; {shlex.join(typed)}) | crontab -"


def test_cron_mails_the_digest_in_the_morning_and_nothing_an_hour_later(
    real_cron: str, desk: list[str], mail_server: tuple[Inbox, int], tmp_path: Path
) -> None:
    inbox, port = mail_server
    settings = {
        "me.email": "anna@example.com",
        "smtp.host": "127.0.0.1",
        "smtp.port": str(port),
        "smtp.security": "none",
        "remind.via": "email",
    }
    for name, value in settings.items():
        subprocess.run([*desk, "config", "set", name, value], check=True, capture_output=True, timeout=60)
    text, install = printed(desk)
    before = f'MAILTO=""\nFOLLOWUP_TODAY={TODAY}\n'

    ran = mornings(
        real_cron,
        tmp_path,
        install,
        times=[f"{TODAY} 07:29:57", f"{TODAY} 08:29:57", *NEVER],
        table=before,
    )

    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.endswith(before + text), "what was there stays, and the line comes behind it"
    waited = 0
    while not inbox.mails and waited < 200:  # a slow machine
        time.sleep(0.1)
        waited += 1
    assert [mail["To"] for mail in inbox.mails] == ["anna@example.com"]
    assert "Anna Meyer" in inbox.mails[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_under_cron_stdout_is_the_digest_alone(real_cron: str, desk: list[str], tmp_path: Path) -> None:
    """What cron would mail: written to a file here. Every sign of the paths arrives as it was."""
    text, _ = printed(desk, "--via", "stdout", "--days", "daily", "--at", "07:31")
    out, err = tmp_path / "out", tmp_path / "err"
    table = f'MAILTO=""\nFOLLOWUP_TODAY={TODAY}\n{text.rstrip()} >{out} 2>{err}\n'

    ran = mornings(real_cron, tmp_path, "true", times=["2026-11-22 07:30:57"], table=table)

    assert ran.returncode == 0, ran.stderr
    assert err.read_text(encoding="utf-8") == ""
    assert "Anna Meyer" in out.read_text(encoding="utf-8")
