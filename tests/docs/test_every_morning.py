"""The daily mail from the README alone: its commands as they stand, against a mail server with TLS and a password.

Only the server's address is another one; `crontab` and `pass` are small programs in their place.
"""

from __future__ import annotations

import re
import shlex
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

if TYPE_CHECKING:
    from tests.conftest import Cli

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGE = (ROOT / "docs" / "every-morning.md").read_text(encoding="utf-8")
PASSWORD = "correct horse"


def blocks(text: str) -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def setup(text: str) -> str:
    """The block that sets up the daily mail."""
    (found,) = [block for block in blocks(text) if "smtp.host" in block]
    return found


@dataclass
class Provider:
    """A mail provider on this machine: STARTTLS, a password, and what it took."""

    port: int
    certificate: Path
    mails: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd calls it so
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"


def signed_in(server: Any, session: Any, envelope: Any, mechanism: Any, data: Any) -> AuthResult:
    right = (data.login, data.password) == (b"you@example.com", PASSWORD.encode())
    return AuthResult(success=right, handled=right)


@pytest.fixture
def provider(tmp_path: Path) -> Iterator[Provider]:
    authority = trustme.CA()
    certificate = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    provider = Provider(port, certificate)
    server = Controller(
        provider,
        hostname="localhost",
        port=port,
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        authenticator=signed_in,
    )
    server.start()
    yield provider
    server.stop()


@dataclass(frozen=True)
class User:
    """Somebody with followup, crontab and pass on the path, and nothing set up."""

    home: Path
    certificate: Path

    @property
    def path(self) -> str:
        return f"{self.home / 'bin'}:/usr/bin:/bin"

    def types(self, script: str) -> subprocess.CompletedProcess[str]:
        """Run a block of commands; the first that fails ends it."""
        environment = {
            "HOME": str(self.home),
            "PATH": self.path,
            "SSL_CERT_FILE": str(self.certificate),
            "FOLLOWUP_TODAY": "2026-11-23",
        }
        return subprocess.run(
            ["/bin/sh", "-ec", script], env=environment, capture_output=True, text=True, check=False, timeout=100
        )

    def under_cron(self, job: str) -> subprocess.CompletedProcess[str]:
        """Run the command of a crontab line as cron does, on the day of the sample."""
        command = job.split(maxsplit=5)[5].replace("\\%", "%")
        environment = {
            "HOME": str(self.home),
            "LOGNAME": "you",
            "SHELL": "/bin/sh",
            "PATH": self.path,  # for `pass`, which others have in /usr/bin
            "SSL_CERT_FILE": str(self.certificate),
            "FOLLOWUP_TODAY": "2026-11-23",
        }
        return subprocess.run(
            ["/bin/sh", "-c", command],
            env=environment,
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )


@pytest.fixture
def user(tmp_path: Path, provider: Provider) -> User:
    home = tmp_path / "home of you"
    programs = home / "bin"
    programs.mkdir(parents=True)
    start = f"import sys; sys.path.insert(0, {str(ROOT / 'src')!r}); sys.argv[0] = {str(programs / 'followup')!r}"
    written = {
        "followup": f'exec {sys.executable} -c "{start}; from followup.cli.main import run; run()" "$@"',
        "pass": f'[ "$*" = "show mail" ] && echo {shlex.quote(PASSWORD)}',
        "crontab": '[ "$1" = -l ] && exec cat "$HOME/table"; cat >"$HOME/new" && mv "$HOME/new" "$HOME/table"',
    }
    for name, text in written.items():
        (programs / name).write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        (programs / name).chmod(0o755)
    return User(home, provider.certificate)


@pytest.mark.parametrize("text", [README, PAGE], ids=["README", "the page"])
def test_the_daily_mail_comes_with_the_commands_as_they_stand(user: User, provider: Provider, text: str) -> None:
    """Settings, the test message, the line in the crontab, and then the morning: one mail, and no second one."""
    sample = ROOT / "examples" / "imports" / "hubspot-contacts.csv"
    taken = user.types(f"followup import {shlex.quote(str(sample))} --playbook saas --yes")
    assert taken.returncode == 0, taken.stderr
    block = setup(text)
    typed = block.replace("smtp.example.com", "localhost").replace(
        "followup remind --test", f"followup config set smtp.port {provider.port}\nfollowup remind --test"
    )
    typed = typed.replace("(crontab", "set +e  # there is no table yet\n(crontab")
    assert typed.count("localhost") == typed.count("smtp.port") == 1

    ran = user.types(typed)

    assert ran.returncode == 0, ran.stderr
    (test,) = provider.mails
    assert test["To"] == "you@example.com"
    assert "test message" in test["Subject"]
    comment, job = (user.home / "table").read_text(encoding="utf-8").splitlines()
    assert comment.startswith("# followup")
    assert job.endswith("/bin/followup' remind")

    morning, later = user.under_cron(job), user.under_cron(job)

    assert [(each.returncode, each.stdout, each.stderr) for each in (morning, later)] == [(0, "", "")] * 2
    _, digest = provider.mails
    assert digest["To"] == "you@example.com"
    body = digest.get_body(("plain",))
    assert body is not None
    assert "Tomás Ibarra" in body.get_content()
    kept = [path for path in user.home.rglob("*") if path.is_file() and path.parent.name != "bin"]
    assert [path for path in kept if PASSWORD.encode() in path.read_bytes()] == []


def test_a_wrong_password_is_said_by_the_test_message(user: User, provider: Provider) -> None:
    (user.home / "bin" / "pass").write_text("#!/bin/sh\necho wrong\n", encoding="utf-8")
    block = setup(README).replace("smtp.example.com", "localhost")

    ran = user.types(
        block.replace("followup remind", f"followup config set smtp.port {provider.port}\nfollowup remind")
    )

    assert ran.returncode == 1
    assert "password" in ran.stderr
    assert "wrong" not in ran.stderr
    assert provider.mails == []


def typed_commands() -> list[str]:
    """Every command of the page and of its tables, without what needs a network or another machine."""
    lines = [line.split(" #")[0].strip() for block in blocks(PAGE) for line in block.splitlines()]
    lines += re.findall(r"`(followup (?:config set|cron) [^`]*)`", PAGE)
    found = [line for line in lines if line.startswith("followup ") and not line.endswith("--test")]
    return [line for line in dict.fromkeys(found) if line.count(" ") > 3 or "set" not in line]


@pytest.mark.parametrize("typed", typed_commands())
def test_every_other_command_of_the_page_is_taken(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    monkeypatch.chdir(tmp_path)
    cli("add", "Anna Meyer", "--playbook", "saas", "--signed", "2026-11-20", today="2026-11-23")

    answer = cli(*shlex.split(typed)[1:], today="2026-11-23")

    assert answer.code == 0, answer
    assert answer.out


def test_the_line_that_the_page_shows_is_the_one_of_the_example() -> None:
    (shown,) = [block for block in blocks(PAGE) if "/home/anna/.local/bin/followup remind" in block]

    assert shown in (ROOT / "examples" / "crontab").read_text(encoding="utf-8")


def test_the_way_without_a_password_manager_works_as_it_stands(user: User, provider: Provider) -> None:
    """The file of the README: only its owner can read it, and `cat` gives the password."""
    (made,) = re.findall(r"`(\(umask 077; cat >[^`]*\))`", README)

    user.types(f"printf '%s\\n' {shlex.quote(PASSWORD)} | {made}")

    kept = user.home / ".followup-mail"
    assert kept.read_text(encoding="utf-8") == f"{PASSWORD}\n"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert "/bin/cat /home/you/.followup-mail" in README
