"""The tables that followup wrote of a whole data file, read again: CSV (guarded or not) or JSON, row by row.

What was written comes back exactly; a table of another program or a newer followup, or one that lost a column, is
refused.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from pathlib import Path
from typing import Any, TypeVar

from followup.errors import BadFileError, NotFoundError, Problem
from followup.files.cells import read_tags, short
from followup.files.csv_out import GUARD_COLUMN, unguard

T = TypeVar("T")

FORMATS = ("csv", "json")
_AGAIN = "write it anew: followup export --all DIR"
_NEWER = "pip install --upgrade followup"
_LARGEST = 2**63 - 1
_LONGEST_CELL = 2**30  # characters


@dataclass(frozen=True, slots=True)
class ExportedRow:
    """One row: the line it stands on, and its values by heading; texts in CSV, anything JSON has in JSON."""

    line: int
    values: Mapping[str, Any]


def format_of(folder: Path, names: Sequence[str]) -> str:
    """`csv` or `json`: how all tables of these names lie in a folder.

    Raises NotFoundError for a folder that is none, and BadFileError where a table is missing or there twice.
    """
    if not folder.is_dir():
        what = "is a file, not a folder" if folder.exists() else "does not exist"
        raise NotFoundError(f"{folder} {what}", hint="name the folder that `followup export --all DIR` wrote")
    there = {each: [name for name in names if (folder / f"{name}.{each}").exists()] for each in FORMATS}
    if all(there.values()):
        raise BadFileError(
            f"{folder} holds tables both as CSV and as JSON: which are meant is not plain",
            hint="keep one kind of them in the folder",
        )
    found = max(FORMATS, key=lambda each: len(there[each]))
    missing = [f"{name}.{found}" for name in names if name not in there[found]]
    if len(missing) == len(names):
        raise BadFileError(
            f"{folder} holds no tables of followup", hint="name the folder that `followup export --all DIR` wrote"
        )
    if missing:
        problems = [Problem(source=str(folder), message=f"{name} is missing") for name in missing]
        raise BadFileError(
            f"{folder} is not complete: {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing",
            hint=_AGAIN,
            problems=problems,
        )
    return found


def exported_rows(path: Path, headings: Sequence[str], schema: str) -> Iterator[ExportedRow]:
    """The rows of one table. `schema` is what JSON must say of itself.

    Raises BadFileError for a table with other headings, and on the way for rows that are none.
    """
    return _json_rows(path, headings, schema) if path.suffix == ".json" else _csv_rows(path, headings)


def _csv_rows(path: Path, headings: Sequence[str]) -> Iterator[ExportedRow]:
    """Strictly what `csv_out` writes: nothing is guessed, whatever stands in the cells."""
    csv.field_size_limit(_LONGEST_CELL)
    last = 0
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file, strict=True)
            names = next(reader, [])
            guarded = names[-1:] == [GUARD_COLUMN]
            _check_headings(path, names[:-1] if guarded else names, headings)
            last = reader.line_num
            for cells in reader:
                line, last = last + 1, reader.line_num
                if len(cells) != len(names):
                    raise _refused(path, line, f"this row has {len(cells)} cells, the headings have {len(names)}")
                values = [*map(unguard, cells[:-1])] if guarded and cells[-1] else cells
                yield ExportedRow(line, dict(zip(headings, values, strict=False)))
    except csv.Error:
        raise _refused(path, last + 1, "this is not as followup writes it") from None
    except UnicodeDecodeError:
        raise _refused(path, last + 1, "this is not UTF-8") from None
    except OSError as error:
        raise _unreadable(path, error) from error


def _json_rows(path: Path, headings: Sequence[str], schema: str) -> Iterator[ExportedRow]:
    """Every row is a line of its own, so that a large file is never in memory as a whole."""
    try:
        with path.open(encoding="utf-8") as file:
            head = file.readline().rstrip("\n")
            is_empty = head.endswith("]}")
            about = _json(path, 1, head if is_empty else f"{head}]}}")
            _check_schema(path, about, schema)
            if is_empty:
                return
            for line, text in enumerate(file, start=2):
                plain = text.rstrip("\n")
                if plain == "]}":
                    return
                values = _json(path, line, plain.removesuffix(","))
                _check_headings(path, [*values], headings)
                yield ExportedRow(line, values)
    except UnicodeDecodeError:
        raise _refused(path, 0, "it is not UTF-8") from None
    except OSError as error:
        raise _unreadable(path, error) from error
    raise _refused(path, line, "the end is missing")


def _json(path: Path, line: int, text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise _refused(path, line, "this is not as followup writes it")
    return value


def _check_schema(path: Path, about: Mapping[str, Any], schema: str) -> None:
    said = about.get("schema")
    if said == schema:
        return
    name, _, version = schema.rpartition("/")
    if isinstance(said, str) and said.startswith(f"{name}/") and said[len(name) + 1 :].isdecimal():
        raise BadFileError(f"{path} was written by a newer followup: {said}; this one knows {version}", hint=_NEWER)
    raise BadFileError(f"{path} is not a table of followup", hint=_AGAIN)


def _check_headings(path: Path, found: Sequence[str], headings: Sequence[str]) -> None:
    missing = [name for name in headings if name not in found]
    unknown = [name for name in found if name not in headings]
    if len(missing) > len(headings) / 2:
        raise BadFileError(f"{path} is not a table of followup", hint=_AGAIN)
    if missing:
        raise BadFileError(f"{path} lacks the column {missing[0]}: an older followup wrote it", hint=_AGAIN)
    if not unknown and [*found] != [*headings]:
        raise BadFileError(f"{path} has its columns in another order", hint=_AGAIN)
    if unknown:
        raise BadFileError(
            f"{path} has a column {short(unknown[0])} that this followup does not know: a newer one wrote it",
            hint=_NEWER,
        )


def _unreadable(path: Path, error: OSError) -> BadFileError:
    return BadFileError(
        f"{path} cannot be read: {(error.strerror or str(error)).lower()}", hint="check who may read it"
    )


def _refused(path: Path, line: int, message: str) -> BadFileError:
    problem = Problem(source=path.name, line=line, message=message, hint=_AGAIN)
    place = f"{path}, line {line}" if line else str(path)
    return BadFileError(f"{place}: {message}", hint=_AGAIN, problems=[problem])


# ------------------------------------------------------------------------------------------- values


@dataclass(slots=True)
class Reader:
    """Takes values out of rows, one after the other, and gathers what is wrong with them."""

    source: str
    row: ExportedRow = field(default_factory=lambda: ExportedRow(0, {}))
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, name: str, message: str) -> None:
        """Note what is wrong with a value of the row in hand."""
        value = short(str(self.row.values.get(name, ""))) if name else ""
        self.problems.append(
            Problem(
                source=self.source, line=self.row.line, message=f"{name}: {message}" if name else message, value=value
            )
        )

    def text(self, name: str) -> str:
        """A text, exactly as it was."""
        value = self.row.values[name]
        if value is None:
            return ""
        if not isinstance(value, str):
            self.refuse(name, "this is not a text")
            return ""
        return value

    def needed(self, name: str) -> str:
        """A text that is not empty."""
        value = self.text(name)
        if not value.strip():
            self.refuse(name, "this is missing")
        return value

    def choice(self, name: str, choices: Sequence[str]) -> str:
        """One of some words."""
        value = self.text(name)
        if value not in choices:
            self.refuse(name, f"{short(value)} is none of {', '.join(filter(None, choices))}")
        return value

    def number(self, name: str) -> int:
        """A whole number from 0 up."""
        return self._read(name, _whole, "this is not a whole number", 0)

    def id(self, name: str = "id") -> int:
        """A number under which something is stored, from 1 up."""
        value = self.number(name)
        if not value:
            self.refuse(name, "this is not a number from 1 up")
        return value

    def maybe_number(self, name: str) -> int | None:
        """A whole number, or None."""
        return None if self._is_empty(name) else self.number(name)

    def amount(self, name: str) -> float | None:
        """A number, or None."""
        return None if self._is_empty(name) else self._read(name, _amount, "this is not a number", 0.0)

    def flag(self, name: str) -> bool:
        """True or False."""
        return self._read(name, _flag, "this is neither true nor false", False)

    def day(self, name: str) -> date:
        """A day."""
        return self._read(name, date.fromisoformat, "this is not a day such as 2026-12-01", date.min)

    def maybe_day(self, name: str) -> date | None:
        """A day, or None."""
        return None if self._is_empty(name) else self.day(name)

    def maybe_time(self, name: str) -> time | None:
        """A time of day, or None."""
        if self._is_empty(name):
            return None
        return self._read(name, time.fromisoformat, "this is not a time such as 14:30", time.min)

    def names(self, name: str) -> tuple[str, ...]:
        """Some texts."""
        return () if self._is_empty(name) else self._read(name, _names, "this is not a list of texts", ())

    def mapping(self, name: str) -> dict[str, Any]:
        """An object."""
        return {} if self._is_empty(name) else self._read(name, _mapping, "this is not a JSON object", {})

    def days(self, name: str) -> dict[str, date]:
        """Days by name, in their order."""
        try:
            return {each: date.fromisoformat(day) for each, day in self.mapping(name).items()}
        except (TypeError, ValueError):
            self.refuse(name, "this is not an object of days")
            return {}

    def _is_empty(self, name: str) -> bool:
        value = self.row.values[name]
        return value is None or value in ("", [], {})

    def _read(self, name: str, read: Callable[[Any], T], message: str, nothing: T) -> T:
        try:
            return read(self.row.values[name])
        except (TypeError, ValueError):
            self.refuse(name, message)
            return nothing


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not (isinstance(value, int) or (isinstance(value, str) and value.isdecimal())):
        raise ValueError
    number = int(value) if not isinstance(value, str) or len(value) < 20 else _LARGEST + 1
    if not 0 <= number <= _LARGEST:
        raise ValueError
    return number


def _amount(value: Any) -> float:
    number = float(value)
    if isinstance(value, bool) or number != number or number in (float("inf"), float("-inf")):
        raise ValueError
    return number


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}[value] if value in ("true", "false") else _not(value)


def _not(value: object) -> bool:
    raise ValueError(value)


def _names(value: Any) -> tuple[str, ...]:
    listed = value
    if isinstance(value, str):
        if not value.startswith("["):
            return read_tags(value)
        try:
            listed = json.loads(value)
        except ValueError:
            return read_tags(value)
    if not (isinstance(listed, list) and all(isinstance(each, str) for each in listed)):
        raise ValueError
    return tuple(listed)


def _mapping(value: Any) -> dict[str, Any]:
    told = json.loads(value) if isinstance(value, str) else value
    if not isinstance(told, dict):
        raise ValueError
    return told
