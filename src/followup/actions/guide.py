"""`guide`: the purposes of a contact, and how to hold such a conversation (C20)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from followup.actions.results import Result
from followup.core.model.purpose import PURPOSES
from followup.errors import BadFileError, NotFoundError
from followup.files.guides import GUIDES, Guide
from followup.files.placeholders import nearest

if TYPE_CHECKING:
    from followup.actions.library import Library
    from followup.core.model.playbook import Playbook
    from followup.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class PurposeLine:
    """A purpose in one line, and where it may stand."""

    purpose: str
    summary: str
    stages: tuple[str, ...]
    service: str
    selling: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidePage(Result):
    """All purposes, or one of them with its guide."""

    SCHEMA: ClassVar[str] = "followup.guide/1"
    items: tuple[PurposeLine, ...]
    guide: Guide | None = None


def purpose_named(text: str) -> str:
    """The built-in purpose that is written so, however its words are joined: `lead-generation`; '' for any other."""
    typed = "_".join(text.strip().casefold().replace("-", " ").replace("_", " ").split())
    return typed if typed in GUIDES else ""


def list_guides(*, today: date) -> GuidePage:
    """Every purpose in one line."""
    return GuidePage(today=today, items=tuple(map(_line, GUIDES)))


def guide_for(text: str, *, today: date, library: Library, store: Store | None) -> GuidePage:
    """How to hold a conversation of this purpose.

    Raises NotFoundError for a purpose that a playbook made for itself (found in the user's own playbooks, and in those
    that sales of `store` follow), and for an unknown one, naming the nearest.
    """
    if purpose := purpose_named(text):
        return GuidePage(today=today, items=(_line(purpose),), guide=GUIDES[purpose])
    for playbook in _own_playbooks(library, store):
        if text.strip() in playbook.purposes:
            raise NotFoundError(
                f"{text.strip()!r} is a purpose that the playbook {playbook.key} made for itself: followup has no guide"
                " for it",
                hint=f"followup playbook show {playbook.key}, or a guide for one of: {' '.join(GUIDES)}",
            )
    near = nearest(text, GUIDES)
    hint = f"followup guide {near}" if near else "followup guide"
    raise NotFoundError(f"there is no purpose {text!r}", hint=hint)


def _line(name: str) -> PurposeLine:
    purpose = PURPOSES[name]
    return PurposeLine(
        purpose=name,
        summary=GUIDES[name].summary,
        stages=tuple(stage.value for stage in purpose.stages),
        service=purpose.service.value,
        selling=purpose.selling,
    )


def _own_playbooks(library: Library, store: Store | None) -> Iterator[Playbook]:
    """The user's own playbooks that can be read, and those that sales follow."""
    from followup.actions.library import SHIPPED

    for key, source in library.keys().items():
        if source != SHIPPED:
            try:
                yield library.volume(key).playbook
            except BadFileError:
                continue
    if store is None:
        return
    for pinned in store.pinned_texts():
        try:
            yield library.pinned(store, pinned.id)
        except BadFileError:
            continue
