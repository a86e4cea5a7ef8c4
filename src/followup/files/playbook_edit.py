"""Changing single numbers inside the text of a playbook: comments, order and layout stay as the author wrote them.

Every function gives a new text in which nothing differs but the number. What stands in the text in another way than
can be changed safely is refused with its line, never guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from followup.errors import FollowupError
from followup.files.yaml_reader import MappingNode, Node, ScalarNode, read_yaml

LEARNING, TROUGH, EFFECTIVENESS, MAINTENANCE = "learning", "trough", "effectiveness", "maintenance"
STAGE_DAYS: tuple[str, ...] = (LEARNING, TROUGH, EFFECTIVENESS, MAINTENANCE)
_KEYS = {LEARNING: ("learning", "from"), TROUGH: ("learning", "trough")}
_BEFORE = ("stages", "steps")  # a new section is put in front of the first of these

_DAYS = re.compile(r"(?P<quote>[\"']?)(?P<base>live|sale) *\+ *(?P<days>[0-9]{1,6}) ?d?(?P=quote)")
_NUMBER = re.compile(r"(?P<quote>[\"']?)(?P<number>[0-9.+-]+)(?P=quote)")
_LINE_END = re.compile(r"\r\n|\r|\n")
_COMMENT = re.compile(r"#[^\r\n]*")


@dataclass(frozen=True, slots=True)
class StageDay:
    """Where a stage or the trough begins, as written. `days` after `base` (`live` or `sale`); None for other dates."""

    name: str
    written: str
    line: int
    base: str = ""
    days: int | None = None


def stage_days(text: str, *, source: str) -> dict[str, StageDay]:
    """What the text says about `learning`, `trough`, `effectiveness`, `maintenance`; those not written are missing."""
    root = _root(text, source)
    found = {name: _stage_node(root, name) for name in STAGE_DAYS}
    return {name: _stage_day(name, node, text) for name, node in found.items() if node is not None}


def with_stage_day(text: str, name: str, days: int, *, source: str) -> str:
    """The text in which `learning`, `trough`, `effectiveness` or `maintenance` begins `days` after its anchor.

    Raises FollowupError where it is not written as days after `live` or `sale`.
    """
    node = _stage_node(_root(text, source), name)
    if node is None:
        raise FollowupError(f"{source}: no day is written for {name}", hint=f"write {name} under stages:")
    match = _DAYS.fullmatch(text, node.begin, node.end)
    if match is None:
        raise FollowupError(
            f"{source}:{node.line}: {name} begins at {node.text}, not some days after live or sale",
            hint=f"change it by hand, then: followup playbook check {source}",
        )
    return _spliced(text, *match.span("days"), str(days))


def has_number(text: str, section: str, name: str, *, source: str) -> bool:
    """True where the text writes this number of a section such as `curve` itself."""
    node = _root(text, source).get(section)
    return isinstance(node, MappingNode) and node.get(name) is not None


def with_number(text: str, section: str, name: str, number: str, *, source: str) -> str:
    """The text with a number of a section such as `curve` changed, or added where it is not written yet.

    A section that is missing gets a line of its own before `stages:` or `steps:`. Raises FollowupError where something
    else than a number stands there.
    """
    root = _root(text, source)
    for key, node in root.pairs:
        if key.text == section:
            if not isinstance(node, MappingNode):
                raise _not_a_number(source, node.line, section)
            return _in_section(text, key, node, name, number, source)
    return _with_section(text, root, f"{section}: {{{name}: {number}}}", source)


def _in_section(text: str, key: ScalarNode, section: MappingNode, name: str, number: str, source: str) -> str:
    value = section.get(name)
    if value is not None:
        match = _NUMBER.fullmatch(text, value.begin, value.end) if isinstance(value, ScalarNode) else None
        if match is None:
            raise _not_a_number(source, value.line, f"{key.text}: {name}")
        return _spliced(text, *match.span("number"), number)
    if not section.pairs:
        brace = text.index("{", key.end) + 1
        return _spliced(text, brace, brace, f"{name}: {number}")
    first = section.pairs[0][0]
    return _spliced(text, first.begin, first.begin, f"{name}: {number}{_gap(text, key.end, first.begin)}")


def _with_section(text: str, root: MappingNode, line: str, source: str) -> str:
    """A new section in front of the stages, above the comment that belongs to them."""
    key = next((key for name in _BEFORE for key, _ in root.pairs if key.text == name), None)
    if key is None:
        raise FollowupError(f"{source} has no steps", hint=f"followup playbook check {source}")
    if _is_flow(text, 0, root.pairs[0][0].begin):
        return _spliced(text, key.begin, key.begin, f"{line}, ")
    starts = [0, *(end.end() for end in _LINE_END.finditer(text))]
    indent = key.column - 1
    row = key.line - 1
    while row > 0 and text.startswith("#", starts[row - 1] + indent) and not text[starts[row - 1] :][:indent].strip():
        row -= 1
    at = starts[row]
    newline = end.group() if (end := _LINE_END.search(text)) else "\n"
    apart = newline if row > 0 and not text[starts[row - 1] : at].strip() else ""
    return _spliced(text, at, at, f"{' ' * indent}{line}{newline}{apart}")


def _gap(text: str, after: int, begin: int) -> str:
    """What stands between two keys of a section: a comma in braces, else a line of the same indent."""
    if _is_flow(text, after, begin):
        return ", "
    before = text[:begin]
    start = max(before.rfind("\n"), before.rfind("\r")) + 1
    newline = end.group() if (end := _LINE_END.search(text)) else "\n"
    return newline + before[start:]


def _is_flow(text: str, begin: int, end: int) -> bool:
    return "{" in _COMMENT.sub("", text[begin:end])


def _stage_node(root: MappingNode, name: str) -> ScalarNode | None:
    stage, key = _KEYS.get(name, (name, "from"))
    node: Node | None = root
    for step in ("stages", stage, key):
        node = node.get(step) if isinstance(node, MappingNode) else None
    return node if isinstance(node, ScalarNode) else None


def _stage_day(name: str, node: ScalarNode, text: str) -> StageDay:
    match = _DAYS.fullmatch(text, node.begin, node.end)
    if match is None:
        return StageDay(name, node.text, node.line)
    return StageDay(name, node.text, node.line, match["base"], int(match["days"]))


def _root(text: str, source: str) -> MappingNode:
    root, problems = read_yaml(text, source=source)
    if problems or not isinstance(root, MappingNode) or not root.pairs:
        raise FollowupError(
            f"{source} cannot be changed: it has problems", hint=f"followup playbook check {source}", problems=problems
        )
    return root


def _spliced(text: str, begin: int, end: int, new: str) -> str:
    return text[:begin] + new + text[end:]


def _not_a_number(source: str, line: int, name: str) -> FollowupError:
    return FollowupError(
        f"{source}:{line}: {name} cannot be changed: no plain number stands there",
        hint=f"change it by hand, then: followup playbook check {source}",
    )


__all__: Sequence[str] = (
    "STAGE_DAYS",
    "StageDay",
    "has_number",
    "stage_days",
    "with_number",
    "with_stage_day",
)
