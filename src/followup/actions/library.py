"""The library of playbooks: shipped ones, the user's own folder, and texts pinned to sales.

Reading YAML is loaded only when a playbook is really read: the due list does without.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from followup.errors import BadFileError, NotFoundError, Problem

if TYPE_CHECKING:
    from followup.core.model.playbook import Playbook
    from followup.store import Store

SHIPPED = "shipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """One playbook with its text and where it came from."""

    playbook: Playbook
    text: str
    source: str


class Library:
    """Finds playbooks by key or file. `folder` is where the user keeps own ones; a file there hides a shipped key."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self._pinned: dict[int, Playbook] = {}

    def keys(self) -> dict[str, str]:
        """Every known key with its source."""
        from followup.files.shipped import shipped_playbook_names

        found = dict.fromkeys(shipped_playbook_names(), SHIPPED)
        if self.folder is not None and self.folder.is_dir():
            found |= {path.stem: str(path) for path in sorted(self.folder.glob("*.yaml"))}
        return found

    def text_of(self, key_or_file: str) -> tuple[str | bytes, str]:
        """Text (or bytes of a file) and source of a playbook named by key or by file. Raises NotFoundError."""
        from followup.files.shipped import shipped_playbook_text
        from followup.files.yaml_reader import read_file

        keys = self.keys()
        if key_or_file in keys:
            source = keys[key_or_file]
            if source == SHIPPED:
                return shipped_playbook_text(key_or_file), f"{key_or_file}.yaml"
            return read_file(Path(source)), source
        path = Path(key_or_file)
        if path.suffix in (".yaml", ".yml") or "/" in key_or_file or path.exists():
            return read_file(path), key_or_file
        from difflib import get_close_matches

        near = get_close_matches(key_or_file, keys, n=1)
        meant = f"did you mean {near[0]}? " if near else ""
        raise NotFoundError(
            f"no playbook is called {key_or_file!r}",
            hint=f"{meant}followup playbook list (known: {', '.join(keys)})",
        )

    def volume(self, key_or_file: str) -> Volume:
        """A playbook ready for use. Raises NotFoundError, or BadFileError with all problems of the file."""
        from followup.files.playbook_reader import read_playbook

        raw, source = self.text_of(key_or_file)
        playbook, problems = read_playbook(raw, source=source)
        if playbook is None:
            raise bad_playbook(source, problems)
        text = raw.decode("utf-8-sig") if isinstance(raw, bytes) else raw
        return Volume(playbook=playbook, text=text, source=source)

    def volumes(self) -> Iterator[tuple[str, str, Volume | None]]:
        """Every known playbook: key, source, and the volume or None where its file has errors."""
        for key, source in self.keys().items():
            try:
                yield key, source, self.volume(key)
            except BadFileError:
                yield key, source, None

    def pinned(self, store: Store, playbook_id: int) -> Playbook:
        """The playbook as it was when it was pinned to a sale."""
        if playbook_id not in self._pinned:
            from followup.files.playbook_reader import read_playbook

            key, text = store.playbook_text(playbook_id)
            playbook, problems = read_playbook(text, source=f"{key} (pinned)")
            if playbook is None:
                raise bad_playbook(key, problems)
            self._pinned[playbook_id] = playbook
        return self._pinned[playbook_id]

    def pin(self, store: Store, volume: Volume) -> int:
        """Store the text of a playbook with the words the due list needs; the same text is stored once."""
        from followup.core.planner.built_in import ADDED_STEPS
        from followup.store import StepText

        playbook = volume.playbook
        words = [
            StepText(step=step.id, purpose=step.purpose, goal=step.goal, gives=step.gives, ask=step.ask)
            for step in (*playbook.steps, *ADDED_STEPS)
        ]
        playbook_id = store.pin_playbook(key=playbook.key, title=playbook.title, text=volume.text, steps=words)
        self._pinned[playbook_id] = playbook
        return playbook_id


def bad_playbook(source: str, problems: list[Problem]) -> BadFileError:
    """The error for a playbook that cannot be used: all its problems at once."""
    errors = [problem for problem in problems if problem.severity == "error"]
    count = f"{len(errors)} problem{'s' if len(errors) != 1 else ''}"
    return BadFileError(f"{source} cannot be used: {count}", hint=f"followup playbook check {source}", problems=errors)
