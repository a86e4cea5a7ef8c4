"""Draft: what `message` gives back, the words to send with everything that a person wants beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from followup.actions.results import NOTHING, Result
from followup.core.model.touchpoint import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceView:
    """Something to hand over. `fee` is announced wherever it is named (D3)."""

    title: str
    link: str
    mode: str
    form: str
    fee: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft(Result):
    """A message filled in. Nothing of it is recorded, and nobody has got it yet.

    `text` is what is copied and what a pipe gets: the subject line where the channel has one, a blank line, the body.
    `link` opens it in a mail program; None without an address that can be written to. `values` are those that the
    words used, by name; `then` is what to type after it was sent.
    """

    SCHEMA: ClassVar[str] = "followup.message/1"
    id: int
    customer: str
    customer_key: str
    contact: str | None
    role: str | None
    sale: int
    product: str | None
    playbook: str
    step: str
    occurrence: int
    stage: str
    purpose: str
    due_on: date | None
    channel: str
    channel_reasons: tuple[Reason, ...]
    reach: str | None
    subject: str
    body: str
    text: str
    ask: tuple[str, ...] = ()
    goal: str = ""
    gives: str = ""
    resources: tuple[ResourceView, ...] = ()
    notes: str | None = None
    last_words: str | None = None
    values: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    link: str | None = None
    copied: bool = False
    opened: bool = False
    then: str = ""
