"""Channels: how we make contact, by what rule, and which cap a channel counts towards (C7, DOMAIN 3.7, 3.10)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

CHANNELS: tuple[str, ...] = (
    "phone",
    "email",
    "message",
    "letter",
    "visit",
    "meeting",
    "video",
    "screen_share",
    "in_person",
)

CAPPED: tuple[str, ...] = ("phone", "email", "message", "letter")

REMOTE: tuple[str, ...] = ("phone", "email", "message", "video")  # where a preference may take another's place

ROLES: tuple[str, ...] = ("decider", "user", "champion", "finance")

USUAL = "email"  # routine and documents (C7)

# DOMAIN 3.10: the channel of a task for a simple, moderate and complex product; "" where it names none. Of two with
# "or" a simple product has the lighter one, the others the richer one; of two with "plus" or "then" the first counts.
_TALKS = ("email", "meeting", "meeting")
_TROUBLE = ("phone", "phone", "phone")
TASK_CHANNELS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "welcome": ("message", "email", "email"),
        "co_planning": ("", "meeting", "meeting"),
        "education": ("message", "screen_share", "visit"),
        "prevention": ("message", "phone", "visit"),
        "encouragement": ("", "phone", "visit"),
        "feedback": ("email", "phone", "visit"),
        "concern_resolution": _TROUBLE,
        "recovery": _TROUBLE,
        "reminder": ("email", "email", "letter"),
        "informative": ("email", "email", "email"),
        "lead_generation": ("email", "phone", "in_person"),
        "needs_assessment": _TALKS,
        "decision_criteria": _TALKS,
        "persuasive": _TALKS,
        "renewal": _TALKS,
    }
)
_COLUMNS = ("simple", "moderate", "complex")


def task_channel(purpose: str, complexity: str) -> str:
    """The channel of a contact whose author named none (C7, DOMAIN 3.10).

    E-mail for a purpose that the table does not have, such as one of a playbook's own, and where it names no channel.
    """
    if complexity not in _COLUMNS or purpose not in TASK_CHANNELS:
        return USUAL
    return TASK_CHANNELS[purpose][_COLUMNS.index(complexity)] or USUAL
