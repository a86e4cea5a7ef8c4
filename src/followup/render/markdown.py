"""Markdown in which the words of other people stay words: no markup, no link, no HTML."""

from __future__ import annotations

import re

from followup.core.visible import visible

_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}  # understood by every dialect, unlike a backslash
_SPECIAL = re.compile(
    r"[\\`*_\[\]{}#|~$^<>]"  # emphasis, code, links, headings, tables, formulas, footnotes, HTML
    r"|&(?=[#A-Za-z])"  # an entity
    r"|:(?=[^\s\d])"  # https://..., mailto:..., :smile:
    r"|(?<=www)\."  # an address that some dialects link by themselves
    r"|^[-+=!]",  # a list, a line under a heading
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"^(\d+)([.)])")


def markdown_text(text: str) -> str:
    """Text as one line of Markdown that shows exactly that text, at the beginning of a line as well as inside one.

    Spaces at the ends are gone: they would mean code or a line end. What a reader could not see is an escape (see
    `core/visible`).
    """
    line = visible(text).strip()
    return _NUMBERED.sub(r"\1\\\2", _SPECIAL.sub(_literal, line))


def _literal(found: re.Match[str]) -> str:
    return _ENTITIES.get(found[0]) or f"\\{found[0]}"


def markdown_heading(level: int, text: str) -> str:
    """A heading of plain text; `level` counts from 1."""
    return f"{'#' * level} {markdown_text(text)}"


def markdown_quote(text: str) -> str:
    """Somebody's words between quotation marks, as one line."""
    return f"“{markdown_text(text)}”"
