"""strace in front of the program: system calls counted, and death at the so many-th of them."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest


def can_trace() -> bool:
    """True where strace is installed and may do its work."""
    strace = shutil.which("strace")
    if strace is None:
        return False
    tried = subprocess.run([strace, "-f", "-qq", "-e", "trace=none", "true"], capture_output=True, check=False)
    return tried.returncode == 0


needs_strace = pytest.mark.skipif(not can_trace(), reason="strace is not installed, or may not trace here")


def traced(call: str, *options: str) -> list[str]:
    """What stands before a command whose system calls of a kind are looked at."""
    return ["strace", "-f", "-qq", "-e", f"trace={call}", *options]


def killed_at(call: str, number: int) -> list[str]:
    """What stands before a command that dies at the so many-th system call of a kind, before that is done."""
    return traced(call, "-o", os.devnull, "-e", f"inject={call}:signal=SIGKILL:when={number}")
