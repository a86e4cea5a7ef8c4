"""Runs the ```console blocks of a Markdown file and shows or renews what they print.

    python docs/transcripts.py README.md          # says which blocks are stale, exit 1 if any is
    python docs/transcripts.py README.md --write  # renews them

A block holds lines `$ followup ...`, each followed by what the command prints on a terminal 80 columns wide;
`sqlite-utils` and `cat` can be run as well, and `>/dev/null` behind a command leaves out what it prints. All blocks of
a file run in order on one data file, `followup.db`; the tables of `examples/` lie beside it, the day is that of the
samples.
"""

from __future__ import annotations

import os
import pty
import re
import select
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TODAY = "2026-11-23"
WIDTH = 80
EXAMPLES = ROOT / "examples"
PROGRAMS = {
    "followup": (sys.executable, "-m", "followup"),
    "sqlite-utils": (sys.executable, "-m", "sqlite_utils"),
    "cat": ("cat",),
}
QUIET = ">/dev/null"
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
STYLE = re.compile(r"\x1b\[[0-9;]*m")


def on_a_terminal(command: list[str], folder: Path, environment: dict[str, str]) -> str:
    """What a command prints on a terminal, without colours."""
    reader, writer = pty.openpty()
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=writer, stderr=writer, close_fds=True
    )
    os.close(writer)
    printed = b""
    while True:
        ready, _, _ = select.select([reader], [], [], 60)
        try:
            chunk = os.read(reader, 65536) if ready else b""
        except OSError:  # the other end is closed: Linux says so with an error
            chunk = b""
        if not chunk:
            break
        printed += chunk
    os.close(reader)
    process.wait(timeout=60)
    text = STYLE.sub("", printed.decode()).replace("\r\n", "\n")
    return "\n".join(line.rstrip() for line in text.splitlines()).strip("\n")


def environment_in(folder: Path) -> dict[str, str]:
    """Nobody's home, a fixed day and a fixed width."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("FOLLOWUP", "XDG", "LC_"))}
    return kept | {
        "HOME": str(folder),
        "FOLLOWUP_DB": str(folder / "followup.db"),
        "FOLLOWUP_CONFIG": str(folder / "config.toml"),
        "FOLLOWUP_TODAY": TODAY,
        "COLUMNS": str(WIDTH),
        "TERM": "xterm-256color",
        "NO_COLOR": "1",
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(ROOT / "src"),
    }


def run_block(block: str, folder: Path) -> str:
    """The block with everything its commands print now. Everything after `$ followup` is typed as it stands."""
    lines = []
    for line in block.splitlines():
        if not line.startswith("$ "):
            continue
        words = shlex.split(line[2:])
        if words[0] not in PROGRAMS:
            raise ValueError(f"only {', '.join(PROGRAMS)} can be run: {line}")
        silent = words[-1] == QUIET
        typed = words[1:-1] if silent else words[1:]
        printed = on_a_terminal([*PROGRAMS[words[0]], *typed], folder, environment_in(folder))
        if silent:
            printed = ""
        lines += [line, printed, ""] if printed else [line, ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def renewed(text: str) -> str:
    """The Markdown with all blocks run anew, in order, on one data file."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for sample in (EXAMPLES / "customers.csv", *(EXAMPLES / "imports").iterdir()):
            shutil.copy(sample, folder)
        return BLOCK.sub(lambda found: f"```console\n{run_block(found.group(1), folder)}```", text)


def main(arguments: list[str]) -> int:
    """Check or renew the named files."""
    stale = 0
    for name in (argument for argument in arguments if not argument.startswith("--")):
        path = Path(name)
        text = path.read_text(encoding="utf-8")
        now = renewed(text)
        if now != text and "--write" in arguments:
            path.write_text(now, encoding="utf-8")
            print(f"{name}: renewed")
        elif now != text:
            print(f"{name}: stale; python docs/transcripts.py {name} --write")
            stale = 1
    return stale


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
