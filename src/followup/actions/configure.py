"""`config get|set|path|show`: the settings, one dotted name each."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from followup.actions.library import Library
from followup.actions.results import ConfigView, Written
from followup.files.config_file import Config, config_values, get_value, set_value

PLANNED_BY = ("calendar.", "contact.")  # settings that plans are made with


def show_config(config: Config, path: Path, *, today: date) -> ConfigView:
    """All settings with their values."""
    return ConfigView(today=today, path=str(path), values=config_values(config))


def get_config(config: Config, path: Path, name: str, *, today: date) -> ConfigView:
    """One setting. Raises NotFoundError with the nearest name."""
    return ConfigView(today=today, path=str(path), values={name: get_value(config, name)})


def set_config(library: Library, path: Path, name: str, value: str, *, today: date, dry_run: bool) -> Written:
    """Change one setting, keeping the file's comments. Raises FollowupError for a value that is not allowed."""
    if name == "defaults.playbook" and value:
        library.volume(value)
    if dry_run:
        _try(path, name, value)
    else:
        set_value(path, name, value)
    said = [f"{name} = {value}"]
    if name.startswith(PLANNED_BY) and name != "contact.capacity":
        said.append("what is planned keeps its dates until: followup plan --rebuild")
    return Written(today=today, command="config set", said=tuple(said), dry_run=dry_run)


def _try(path: Path, name: str, value: str) -> None:
    """Set it in a copy: what would be refused is refused, and nothing is changed."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="followup-") as folder:
        copy = Path(folder) / path.name
        if path.exists():
            copy.write_bytes(path.read_bytes())
        set_value(copy, name, value)


def show_paths(config: Path, data: Path, *, today: date) -> ConfigView:
    """Where the configuration and the data file are."""
    return ConfigView(today=today, path=str(config), values={"config": str(config), "data": str(data)})
