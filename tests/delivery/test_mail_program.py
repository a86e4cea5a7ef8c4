"""A draft in the user's own mail program: one recipient, no header of anybody else, nothing too long (RFC 6068)."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from email.utils import getaddresses
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.core.visible import visible, visible_lines
from followup.delivery.mail_program import LONGEST_LINK, is_plain_address, mailto_link, open_link
from followup.errors import FollowupError

Tool = Callable[..., Path]


@pytest.fixture
def tool(tmp_path: Path) -> Tool:
    """Make a program that notes its arguments and ends with `code`."""

    def make(name: str, *, code: int = 0, wait: float = 0) -> Path:
        folder = tmp_path / "bin"
        folder.mkdir(exist_ok=True)
        path = folder / name
        path.write_text(
            f'#!/bin/sh\nfor arg in "$@"; do printf "%s\\n" "$arg" >> "$NOTES"; done\nsleep {wait}\nexit {code}\n'
        )
        path.chmod(0o700)
        return folder

    return make


def test_a_link_says_spaces_and_line_ends_as_the_standard_has_them() -> None:
    link = mailto_link("anna@meyer.example", "Two weeks in", "Anna,\n\nwhat now? 100 % & more = good+new")
    assert link == (
        "mailto:anna@meyer.example?subject=Two%20weeks%20in"
        "&body=Anna%2C%0D%0A%0D%0Awhat%20now%3F%20100%20%25%20%26%20more%20%3D%20good%2Bnew"
    )


@pytest.mark.parametrize(
    "address",
    [
        "",
        "anna",
        "a@x.example, evil@y.example",
        "a@x.example;evil@y.example",
        "Smith, John <j@x.example>",
        "j@x.example?cc=evil@y.example",
        "j@x.example\r\nBcc: evil@y.example",
        "j@x.example\n",
        "j@x.example ",
        '"a,b"@x.example',
        "a@b@c.example",
        "a@x.example\x00",
        "a@\u202ex.example",
        "a(comment)@x.example",
        "@x.example",
        "a@",
        "a@.x",
        "a..b@x.example",
        "mailto:a@x.example",
        "a" * 300 + "@x.example",
    ],
)
def test_what_is_not_one_bare_address_gets_no_link(address: str) -> None:
    assert mailto_link(address, "s", "b") == ""


@pytest.mark.parametrize(
    "address", ["anna@meyer.example", "a.b+c_d@x-y.example", "jörg@müller.example", "o'neil@x.example", "a@localhost"]
)
def test_usual_addresses_do(address: str) -> None:
    assert is_plain_address(address)
    parts = urlsplit(mailto_link(address, "s", "b"))
    assert unquote(parts.path) == address


HOSTILE = st.text(max_size=120) | st.sampled_from(
    [
        "\r\nBcc: evil@y.example",
        "&bcc=evil@y.example",
        "?to=evil@y.example",
        "#&cc=x@y",
        "%0D%0ABcc:x",
        "\x00",
        "\ud800",
    ]
)


@given(HOSTILE, HOSTILE, HOSTILE)
def test_no_text_adds_a_header_or_a_recipient(address: str, subject: str, body: str) -> None:
    for recipient in ("anna@meyer.example", address, f"a{address}@x.example"):
        link = mailto_link(recipient, subject, body)
        if not link:
            continue
        assert link.isascii()
        assert link.isprintable()
        parts = urlsplit(link)
        assert parts.fragment == ""
        assert getaddresses([unquote(parts.path)]) == [("", recipient)]
        fields = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=True)
        assert fields == [("subject", visible(subject)), ("body", "\r\n".join(visible_lines(body)))]
        assert "\n" not in fields[0][1]
        assert "\r" not in fields[0][1]


def opened(folder: Path, link: str, platform: str = "linux", *, patience: float = 5, **more: str) -> str:
    """Open a link where only the programs of a folder are there; gives which one took it."""
    return open_link(
        link,
        environment={"PATH": "/usr/bin:/bin", "NOTES": str(folder / "notes"), **more},
        platform=platform,
        which=lambda name, _: shutil.which(name, path=str(folder)),
        patience=patience,
    )


@pytest.mark.parametrize("name", ["xdg-open", "gio", "wslview"])
def test_the_program_of_the_desktop_gets_the_link_and_nothing_else(name: str, tool: Tool) -> None:
    folder = tool(name)
    assert opened(folder, "mailto:a@x?body=b") == name
    notes = (folder / "notes").read_text().splitlines()
    assert notes == ["mailto:a@x?body=b"] if name != "gio" else ["open", "mailto:a@x?body=b"]


def test_browser_is_the_last_resort_and_is_no_command_line(tool: Tool) -> None:
    folder = tool("my-mail")
    assert opened(folder, "mailto:a@x", BROWSER="my-mail") == "my-mail"
    with pytest.raises(FollowupError, match="no program"):
        opened(folder, "mailto:a@x", BROWSER="my-mail %s; id")


def test_a_program_that_fails_gives_way_to_the_next(tool: Tool) -> None:
    tool("xdg-open", code=3)
    assert opened(tool("gio"), "mailto:a@x") == "gio"


def test_a_program_that_stays_open_is_not_waited_for(tool: Tool) -> None:
    assert opened(tool("xdg-open", wait=3), "mailto:a@x", patience=0.2) == "xdg-open"


def test_without_a_program_the_hint_is_the_clipboard(tmp_path: Path) -> None:
    with pytest.raises(FollowupError, match="no program for it was found") as refused:
        opened(tmp_path, "mailto:a@x")
    assert refused.value.hint == "followup message ID --copy"


def test_when_all_fail_they_are_named(tool: Tool) -> None:
    with pytest.raises(FollowupError, match="xdg-open failed"):
        opened(tool("xdg-open", code=4), "mailto:a@x")


def test_a_link_that_programs_would_cut_is_refused(tool: Tool) -> None:
    folder = tool("xdg-open")
    with pytest.raises(FollowupError, match="too long") as refused:
        opened(folder, "mailto:a@x?body=" + "b" * LONGEST_LINK)
    assert "--copy" in refused.value.hint
    assert not (folder / "notes").exists()


@pytest.mark.parametrize(("platform", "name"), [("darwin", "open"), ("win32", "rundll32.exe")])
def test_other_systems_have_their_own_program(platform: str, name: str, tool: Tool) -> None:
    assert opened(tool(name), "mailto:a@x", platform) == name
