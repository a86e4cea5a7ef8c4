"""A mapping of columns as a file: written with what an import chose, edited by hand, read again.

A line says `field = Column`. What follows the sign is the heading as it stands in the table; in double quotes it is
text as JSON writes it, so that any heading can be said.
"""

from __future__ import annotations

import json
from pathlib import Path

from followup.errors import BadFileError, NotFoundError, Problem
from followup.files.customer_mapping import (
    ANCHOR_PREFIX,
    LEAVE_OUT,
    SALES,
    CustomerMapping,
    column_by_place,
    guessable_fields,
)
from followup.files.text_files import read_small_text

_HEAD = """\
# Which column fills which field. Change a line and import with: --map THIS_FILE
#   field = Column    takes the field from that column
#   field = -         leaves the field out, whatever the headings say
#   phone_2 = Column  is a second column of a field: it counts where the first is empty
"""


def read_mapping_file(path: Path) -> dict[str, str]:
    """Give field -> column from a file of lines `field = column` (or `field: column`); # begins a comment line.

    Quotes around the column are taken off; `-` leaves a field out. A JSON object is read as well. Raises
    NotFoundError, or BadFileError with all lines that are neither.
    """
    text = read_small_text(path)
    if text is None:
        raise NotFoundError(f"there is no file {path}", hint="check the name and the folder")
    if text.lstrip().startswith("{"):
        return _json_mapping(text, path)
    told: dict[str, str] = {}
    problems: list[Problem] = []
    for number, line in enumerate(text.split("\n"), start=1):
        plain = line.strip()
        if not plain or plain.startswith("#"):
            continue
        cut = min((place for mark in "=:" if (place := _mark(plain, mark)) > 0), default=-1)
        name = plain[:cut].strip().strip("\"'") if cut > 0 else ""
        if not name or name in told:
            message = f"{name} is mapped twice" if name else "expected a line such as: email = E-mail Address"
            problems.append(Problem(source=path.name, line=number, message=message))
            continue
        told[name] = _unquoted(plain[cut + 1 :].strip())
    if problems:
        raise BadFileError(f"{path.name} is not a mapping of columns", problems=problems)
    return told


def mapping_text(mapping: CustomerMapping) -> str:
    """Give a mapping as a file that `read_mapping_file` reads as the same mapping, with comments on how to change it.

    Fields that the headings would fill, but that this mapping leaves out, are left out in the file as well.
    """
    lines = [_HEAD]
    if mapping.kind == SALES:
        lines.append("# The rows are sales: import with --kind sales\n")
    lines.append("\n")
    lines += [f"{name} = {_written(heading, mapping)}\n" for name, heading in mapping.named.items()]
    lines += [f"{name} = -\n" for name in guessable_fields(mapping) if name not in mapping.columns]
    if mapping.unmapped:
        lines.append("\n# Columns that fill no field; they are kept with the customer:\n")
        lines += [f"# {_as_comment(heading)}\n" for heading in mapping.unmapped]
    return "".join(lines)


def _written(heading: str, mapping: CustomerMapping) -> str:
    """A heading as a line of the file says it: bare where that is read as the same text."""
    if heading.strip() in LEAVE_OUT:
        return column_by_place(mapping.headers, mapping.headers.index(heading))
    bare = heading == heading.strip() and heading.isprintable() and heading[0] not in "\"'"
    return heading if bare else json.dumps(heading)


def _as_comment(heading: str) -> str:
    return heading if heading.isprintable() else json.dumps(heading)


def _mark(line: str, mark: str) -> int:
    """Where the field ends: `anchor:service = Due` has its colon inside the field."""
    return line.find(mark, len(ANCHOR_PREFIX) if line.startswith(ANCHOR_PREFIX) else 0)


def _unquoted(text: str) -> str:
    if len(text) < 2 or text[0] != text[-1] or text[0] not in "\"'":
        return text
    if text[0] == '"':
        try:
            told = json.loads(text)
        except ValueError:
            told = None
        if isinstance(told, str):
            return told
    return text[1:-1]


def _json_mapping(text: str, path: Path) -> dict[str, str]:
    try:
        told = json.loads(text)
    except ValueError as error:
        line = getattr(error, "lineno", 0)
        problem = Problem(source=path.name, line=line, message="this is not JSON")
        raise BadFileError(f"{path.name}, line {line}: this is not JSON", problems=[problem]) from None
    if not isinstance(told, dict) or not all(isinstance(value, str) for value in told.values()):
        raise BadFileError(f"{path.name} must map each field to the heading of one column, as text")
    return told
