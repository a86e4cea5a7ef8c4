"""The clipboard, through the tool that the system brings: text on standard input, no shell, a time limit."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Mapping

from followup.errors import FollowupError

PATIENCE = 10.0  # seconds that a tool may take

_TOOLS: Mapping[str, tuple[str, ...]] = {
    "pbcopy": (),
    "wl-copy": (),
    "xclip": ("-selection", "clipboard"),
    "xsel": ("--clipboard", "--input"),
    "clip.exe": (),
    "termux-clipboard-set": (),
}
_ENCODINGS = {"clip.exe": "utf-16"}
_USUAL = ("pbcopy", "xclip", "xsel", "wl-copy", "clip.exe", "termux-clipboard-set")
_WAYLAND = ("wl-copy", "pbcopy", "xclip", "xsel", "clip.exe", "termux-clipboard-set")

Which = Callable[[str, str | None], str | None]


def _which(name: str, path: str | None) -> str | None:
    return shutil.which(name, path=path)


def copy_text(text: str, *, environment: Mapping[str, str], which: Which = _which, patience: float = PATIENCE) -> str:
    """Put a text into the clipboard; gives the name of the tool that did it.

    Tools are looked for on the PATH of `environment`, in the order that fits the screen. Raises FollowupError when
    there is none, or when each of them failed.
    """
    order = _WAYLAND if environment.get("WAYLAND_DISPLAY") else _USUAL
    found = [(name, path) for name in order if (path := which(name, environment.get("PATH")))]
    for name, path in found:
        if _fed(name, path, text, environment, patience):
            return name
    if found:
        raise FollowupError(
            f"the clipboard could not be reached: {', '.join(name for name, _ in found)} failed",
            hint="is a screen there? else save it to a file: followup message ID > draft.txt",
        )
    raise FollowupError(
        "no program for the clipboard was found",
        hint="install wl-clipboard, xclip or xsel, or save it to a file: followup message ID > draft.txt",
    )


def _fed(name: str, path: str, text: str, environment: Mapping[str, str], patience: float) -> bool:
    """True when a tool took the text. Its output goes nowhere: a part of it that stays would hold ours open."""
    data = text.encode(_ENCODINGS.get(name, "utf-8"), "backslashreplace")
    try:
        done = subprocess.run(
            [path, *_TOOLS[name]],
            input=data,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=dict(environment),
            timeout=patience,
            check=False,
            start_new_session=True,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0
