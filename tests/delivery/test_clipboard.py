"""The clipboard: through the system's own tool, text on its input, no shell; a clear refusal without one."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from followup.delivery.clipboard import Which, copy_text
from followup.errors import FollowupError

TEXT = "Grüße an Anna\n\n„Wie läuft es?“ 100 % $HOME `id` 田中\n"


def fake(folder: Path, name: str, script: str) -> None:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o700)


def only_in(folder: Path) -> Which:
    """Look for programs in one folder, whatever else this machine has."""
    return lambda name, _: shutil.which(name, path=str(folder))


def env(folder: Path, **more: str) -> dict[str, str]:
    return {"PATH": f"{folder}:/bin", "OUT": str(folder / "clipboard"), **more}


@pytest.mark.parametrize("name", ["pbcopy", "xclip", "xsel", "wl-copy", "termux-clipboard-set"])
def test_the_tool_gets_the_whole_text_on_its_input(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "bin"
    fake(folder, name, 'cat > "$OUT"; echo "$@" > "$OUT.args"')
    assert copy_text(TEXT, environment=env(folder), which=only_in(folder)) == name
    assert (folder / "clipboard").read_bytes() == TEXT.encode()
    assert TEXT[:5] not in (folder / "clipboard.args").read_text()


def test_windows_gets_the_text_in_its_own_encoding(tmp_path: Path) -> None:
    folder = tmp_path / "bin"
    fake(folder, "clip.exe", 'cat > "$OUT"')
    assert copy_text(TEXT, environment=env(folder), which=only_in(folder)) == "clip.exe"
    assert (folder / "clipboard").read_bytes().decode("utf-16") == TEXT


def test_wayland_comes_first_where_it_runs(tmp_path: Path) -> None:
    folder = tmp_path / "bin"
    for name in ("xclip", "wl-copy"):
        fake(folder, name, "cat > /dev/null")
    assert copy_text(TEXT, environment=env(folder), which=only_in(folder)) == "xclip"
    assert copy_text(TEXT, environment=env(folder, WAYLAND_DISPLAY="wayland-0"), which=only_in(folder)) == "wl-copy"


def test_a_tool_that_fails_gives_way_to_the_next(tmp_path: Path) -> None:
    folder = tmp_path / "bin"
    fake(folder, "xclip", "exit 1")
    fake(folder, "xsel", 'cat > "$OUT"')
    assert copy_text(TEXT, environment=env(folder), which=only_in(folder)) == "xsel"


def test_a_tool_that_hangs_is_given_up(tmp_path: Path) -> None:
    folder = tmp_path / "bin"
    fake(folder, "xclip", "exec sleep 30")
    begun = time.monotonic()
    with pytest.raises(FollowupError, match="xclip failed"):
        copy_text(TEXT, environment=env(folder), which=only_in(folder), patience=0.3)
    assert time.monotonic() - begun < 10


def test_a_tool_that_stays_behind_to_serve_the_text_holds_nobody_up(tmp_path: Path) -> None:
    folder = tmp_path / "bin"
    fake(folder, "xclip", 'cat > "$OUT"; (sleep 5) &')
    begun = time.monotonic()
    assert copy_text(TEXT, environment=env(folder), which=only_in(folder)) == "xclip"
    assert time.monotonic() - begun < 4


def test_without_a_tool_the_refusal_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(FollowupError, match="no program for the clipboard") as refused:
        copy_text(TEXT, environment={"PATH": str(tmp_path)})
    assert "xclip" in refused.value.hint
    assert "> draft.txt" in refused.value.hint


@pytest.fixture
def display() -> Iterator[str]:
    """A screen that nobody sees."""
    server = shutil.which("Xvfb")
    if server is None:
        pytest.skip("no Xvfb on this machine")
    read, write = os.pipe()
    process = subprocess.Popen(
        [server, "-displayfd", str(write), "-nolisten", "tcp"],
        pass_fds=[write],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as said:
        number = said.readline().strip()
    try:
        if not number:
            pytest.skip("Xvfb does not start on this machine")
        yield f":{number}"
    finally:
        process.terminate()
        process.wait(10)


@pytest.mark.parametrize("name", ["xclip", "xsel"])
def test_a_real_clipboard_gives_the_text_back(name: str, display: str, tmp_path: Path) -> None:
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"no {name} on this machine")
    here = {**os.environ, "DISPLAY": display}
    only = lambda wanted, _: path if wanted == name else None  # noqa: E731
    assert copy_text(TEXT, environment=here, which=only) == name
    read = [path, "-selection", "clipboard", "-o"] if name == "xclip" else [path, "--clipboard", "--output"]
    until = time.monotonic() + 10
    back = b""
    while not back and time.monotonic() < until:  # xsel takes the clipboard over after it has come back
        back = subprocess.run(read, env=here, capture_output=True, check=True, timeout=10).stdout
    assert back == TEXT.encode()
