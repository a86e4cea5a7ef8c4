"""The playbooks and sample files that come with followup, in a wheel and in a checkout alike."""

from __future__ import annotations

from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path

from followup.errors import FollowupError, NotFoundError


def shipped_playbook_names() -> tuple[str, ...]:
    """Give the keys of the shipped playbooks, in alphabetical order."""
    return tuple(sorted(path.stem for path in _folder("playbooks").glob("*.yaml")))


def shipped_playbook_text(key: str) -> str:
    """Give the YAML text of the shipped playbook `key`; `NotFoundError` names the nearest key."""
    names = shipped_playbook_names()
    if key not in names:
        raise _unknown("playbook", key, names)
    return (_folder("playbooks") / f"{key}.yaml").read_text(encoding="utf-8")


def shipped_example(name: str) -> Path:
    """Give the path of the shipped sample `name`, for reading only; `NotFoundError` names the nearest one."""
    folder = _folder("examples")
    names = tuple(sorted(path.name for path in folder.iterdir() if path.is_file()))
    if name not in names:
        raise _unknown("example", name, names)
    return folder / name


def _folder(name: str) -> Path:
    """Give the folder in the installed package or, in a checkout, the one at the top of the repository."""
    package = Path(str(files("followup")))
    for folder in (package / "data" / name, package.parents[1] / name):
        if folder.is_dir():
            return folder
    raise FollowupError(
        f"This installation of followup lacks its {name}.",
        hint="pip install --force-reinstall followup",
    )


def _unknown(noun: str, wanted: str, names: tuple[str, ...]) -> NotFoundError:
    near = get_close_matches(wanted, names, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"Shipped are: {', '.join(names)}"
    return NotFoundError(f"No {noun} called {wanted!r} comes with followup.", hint=hint)
