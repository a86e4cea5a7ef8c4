"""Purposes: why we make contact; service and value move follow from the purpose (DOMAIN 1, A1, A2, E2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from followup.core.model.stage import AFTER_SALE, STAGES, Stage


class Service(StrEnum):
    """The service kind of a contact (A1)."""

    PREVENTION = "prevention"
    EDUCATION = "education"
    FEEDBACK = "feedback"
    NONE = "none"


class Move(StrEnum):
    """The value move of a contact (E2)."""

    INSPIRE = "inspire"
    MOTIVATE = "motivate"
    EDUCATE = "educate"
    ADJUST = "adjust"


@dataclass(frozen=True, slots=True)
class Purpose:
    """One reason to make contact: its service kind, value move, allowed stages and weight in the due list.

    `weight` is 0-1 (DOMAIN 4.9). `effort` is the weight of the purpose in early effort (DOMAIN 4.2; 0 = none).
    `solicited` contacts do not count towards caps and minimum gaps (DOMAIN 3.7).
    """

    name: str
    service: Service
    move: Move
    stages: tuple[Stage, ...]
    weight: float
    selling: bool = False
    solicited: bool = False
    effort: float = 0.0


_LATE = (Stage.EFFECTIVENESS, Stage.MAINTENANCE)

_ALL = (
    Purpose("fit_check", Service.FEEDBACK, Move.ADJUST, (Stage.BEFORE_SALE,), 0.5, solicited=True, effort=0.5),
    Purpose("concern_resolution", Service.PREVENTION, Move.ADJUST, STAGES[:3], 0.9, solicited=True, effort=0.75),
    Purpose("co_planning", Service.PREVENTION, Move.MOTIVATE, STAGES[:2], 0.75, solicited=True, effort=2.0),
    Purpose("welcome", Service.PREVENTION, Move.INSPIRE, (Stage.NOVELTY,), 0.5, solicited=True, effort=0.5),
    Purpose("prevention", Service.PREVENTION, Move.ADJUST, AFTER_SALE, 0.8, effort=1.0),
    Purpose("education", Service.EDUCATION, Move.EDUCATE, AFTER_SALE, 0.6, effort=1.0),
    Purpose("feedback", Service.FEEDBACK, Move.ADJUST, AFTER_SALE, 0.5),
    Purpose("encouragement", Service.EDUCATION, Move.MOTIVATE, (Stage.LEARNING,), 0.75),
    Purpose("close_loop", Service.FEEDBACK, Move.ADJUST, AFTER_SALE, 0.6, solicited=True),
    Purpose("recovery", Service.PREVENTION, Move.ADJUST, AFTER_SALE, 1.0, solicited=True),
    Purpose("reminder", Service.NONE, Move.MOTIVATE, _LATE, 0.4),
    Purpose("informative", Service.EDUCATION, Move.INSPIRE, _LATE, 0.3),
    Purpose("lead_generation", Service.NONE, Move.INSPIRE, (Stage.NOVELTY, *_LATE), 0.35, selling=True),
    Purpose("needs_assessment", Service.FEEDBACK, Move.ADJUST, _LATE, 0.45),
    Purpose("decision_criteria", Service.EDUCATION, Move.EDUCATE, (Stage.MAINTENANCE,), 0.3),
    Purpose("persuasive", Service.NONE, Move.INSPIRE, (Stage.MAINTENANCE,), 0.3, selling=True),
    Purpose("renewal", Service.NONE, Move.MOTIVATE, (Stage.MAINTENANCE,), 0.8, selling=True),
)

PURPOSES: Mapping[str, Purpose] = MappingProxyType({purpose.name: purpose for purpose in _ALL})
