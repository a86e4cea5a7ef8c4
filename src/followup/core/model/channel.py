"""Channels: how we make contact, and which cap a channel counts towards (DOMAIN 3.7)."""

from __future__ import annotations

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
