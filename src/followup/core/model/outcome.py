"""Outcomes: how a contact went (DOMAIN 5.4; `flat` is a contact in which nothing of value was given)."""

from __future__ import annotations

from functools import lru_cache

OUTCOMES: tuple[str, ...] = (
    "great",
    "good",
    "ok",
    "flat",
    "concern",
    "problem",
    "no-answer",
    "left-message",
    "postponed",
    "referral",
    "purchase",
    "idea",
    "wrong-contact",
    "stop",
)

UNREACHED = frozenset({"no-answer", "left-message", "wrong-contact"})

TONES: tuple[str, ...] = ("relaxed", "neutral", "tense")

MILESTONES: tuple[str, ...] = (
    "signed",
    "live",
    "first_use",
    "first_result",
    "renewed",
    "repurchased",
    "left",
)


@lru_cache(maxsize=512)
def reached(outcomes: tuple[str, ...]) -> bool:
    """True when somebody was really spoken to: a contact that no clock ignores (DOMAIN 4.6, trap 8)."""
    return bool(outcomes) and not UNREACHED.intersection(outcomes)


@lru_cache(maxsize=512)
def valuable(outcomes: tuple[str, ...]) -> bool:
    """True when the contact gave something of value and restarts clocks (B24, DOMAIN 4.6)."""
    return reached(outcomes) and "flat" not in outcomes and "postponed" not in outcomes
