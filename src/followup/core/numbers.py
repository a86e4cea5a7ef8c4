"""Every default number of the schedule in one place (DOMAIN appendix B), and how a playbook overrides it.

Most of these are conventions, not measurements; `why` calls them assumptions. A number that a playbook writes
beats the preset of any complexity.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from types import MappingProxyType
from typing import Any

from followup.core.model.playbook import Playbook

Overrides = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class EffortNumbers:
    """How early effort bends the curve (DOMAIN 4.2). `prior` is the effort assumed before anything was due."""

    depth: float = 0.5
    trough_shift: float = 0.25
    rise: float = 0.25
    floor: float = 0.25
    prior: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernNumbers:
    """How open concerns bend the curve, and what a severity weighs (DOMAIN 4.2)."""

    depth: float = 0.4
    trough_shift: float = 0.25
    rise: float = 0.5
    start: float = 0.3
    minor: float = 0.10
    moderate: float = 0.25
    major: float = 0.50


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveNumbers:
    """Levels and depth 0-1, days of use (DOMAIN 4.1). `maintenance` is the day of use on which it starts (3.14)."""

    novelty: float = 0.85
    effectiveness: float = 0.85
    depth: float = 0.35
    dip_start: float = 7
    trough: float = 28
    recovered: float = 66
    maintenance: float = 180
    effort: EffortNumbers = EffortNumbers()
    concerns: ConcernNumbers = ConcernNumbers()


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchNumbers:
    """The dip watch (DOMAIN 4.5): theta in mood-days on the 0-1 scale, gaps in days."""

    theta: float = 2.5
    min_gap: int = 3
    max_gap_falling: int = 7
    max_gap_rising: int = 10
    max_gap_effective: int = 30
    falling_factor: float = 1.5
    absorb_days: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class MaintenanceNumbers:
    """Rhythm in maintenance (DOMAIN 4.6): days, target strength 0-1, growth factors by outcome."""

    start_stability_days: float = 30
    target: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({"A": 0.85, "B": 0.85, "C": 0.80}))
    growth: Mapping[str, float] = field(
        default_factory=lambda: MappingProxyType(
            {"great": 1.6, "good": 1.35, "ok": 1.15, "flat": 1.0, "concern": 0.8, "problem": 0.4}
        )
    )
    min_stability_days: float = 7
    cap_days: Mapping[str, int] = field(
        default_factory=lambda: MappingProxyType({"A": 90, "B": 120, "C": 180, "private": 365})
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ModifierNumbers:
    """Factors for prevention, education and feedback by profile (DOMAIN 5.2); source A, sizes mostly assumed."""

    usage: Mapping[str, tuple[float, ...]] = field(
        default_factory=lambda: MappingProxyType(
            {"heavy": (1.5, 0.5, 1.5), "normal": (1.0, 1.0, 1.0), "light": (1.0, 1.5, 0.75)}
        )
    )
    life_cycle: Mapping[str, tuple[float, ...]] = field(
        default_factory=lambda: MappingProxyType(
            {
                "introduction": (0.75, 0.75, 1.5),
                "growth": (1.5, 1.5, 1.0),
                "maturity": (1.0, 1.0, 1.0),
                "decline": (1.0, 0.75, 0.75),
            }
        )
    )
    extensiveness: Mapping[str, float] = field(
        default_factory=lambda: MappingProxyType({"low": 1.25, "medium": 1.0, "high": 0.75})
    )
    clamp: tuple[float, ...] = (0.5, 2.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactNumbers:
    """Caps per person and 90 days, minimum gaps in days by stage, and when people may be contacted (DOMAIN 3.7)."""

    caps_90_days: Mapping[str, int] = field(
        default_factory=lambda: MappingProxyType({"phone": 3, "email": 4, "message": 4, "letter": 9})
    )
    pressure_email_when_calls: Mapping[str, int] = field(
        default_factory=lambda: MappingProxyType({"0": 5, "1": 5, "2": 4, "3": 3})
    )
    min_gap_days: Mapping[str, int] = field(
        default_factory=lambda: MappingProxyType({"novelty": 1, "learning": 3, "default": 5})
    )
    hours: str = "09:00-18:00"
    working_days: tuple[str, ...] = ("mon", "tue", "wed", "thu", "fri")


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderNumbers:
    """A retry ladder: how many tries, and after how many working days each (DOMAIN 3.8)."""

    tries: int = 3
    working_days: tuple[int, ...] = (0, 2, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryNumbers:
    """What happens after no answer (DOMAIN 3.8)."""

    routine: LadderNumbers = LadderNumbers()
    urgent: LadderNumbers = LadderNumbers(tries=6, working_days=(0, 1, 3, 6, 10, 15))
    voicemail_on: tuple[int, ...] = (1, 2)
    alternate_channel: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryNumbers:
    """The recovery chain after a problem (DOMAIN 3.9)."""

    acknowledge_hours: int = 4
    acknowledge_hard_hours: int = 24
    update_every_days: int = 3
    solve_days: int = 7
    solve_days_new_customer: int = 4
    verify_after_days: int = 2
    recheck_after_days: int = 14
    block_selling_after_verify_days: int = 14
    repeat_window_days: int = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackNumbers:
    """How often scores may be asked (DOMAIN 3.4)."""

    relationship_score_min_days: int = 180
    event_score_min_days: int = 90
    low_score_callback_hours: int = 24
    max_questions: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadGenerationNumbers:
    """How often referrals may be asked for (DOMAIN 3.11)."""

    min_days_between: int = 180
    thank_days: int = 1
    report_back_days: int = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceNumbers:
    """How readings count (DOMAIN 4.4)."""

    half_life_days: float = 21
    maintenance_half_life_days: float = 45
    prior_weight: float = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingNumbers:
    """What an outcome says about mood, 0-1 (DOMAIN 4.4)."""

    great: float = 0.95
    good: float = 0.85
    ok: float = 0.65
    concern: float = 0.40
    problem: float = 0.20
    silent: float = 0.45


@dataclass(frozen=True, slots=True, kw_only=True)
class RhythmNumbers:
    """Personal reorder rhythm (DOMAIN 4.8)."""

    prior_gaps: float = 2
    due: float = 0.85
    late: float = 1.25
    at_risk: float = 1.5
    dormant: float = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """All numbers for one complexity, by section; section and field names are those a playbook may write."""

    curve: CurveNumbers = CurveNumbers()
    watch: WatchNumbers = WatchNumbers()
    maintenance: MaintenanceNumbers = MaintenanceNumbers()
    modifiers: ModifierNumbers = ModifierNumbers()
    contact: ContactNumbers = ContactNumbers()
    retry: RetryNumbers = RetryNumbers()
    recovery: RecoveryNumbers = RecoveryNumbers()
    feedback: FeedbackNumbers = FeedbackNumbers()
    lead_generation: LeadGenerationNumbers = LeadGenerationNumbers()
    evidence: EvidenceNumbers = EvidenceNumbers()
    readings: ReadingNumbers = ReadingNumbers()
    rhythm: RhythmNumbers = RhythmNumbers()
    renewal_chain: tuple[int, ...] = (90, 60, 30)


PRESETS: Mapping[str, Numbers] = MappingProxyType(
    {
        "simple": Numbers(
            curve=CurveNumbers(depth=0.20, dip_start=3, trough=10, recovered=21, maintenance=60),
            watch=WatchNumbers(theta=2.0, min_gap=3, max_gap_falling=4, max_gap_rising=7, max_gap_effective=30),
            renewal_chain=(30, 7),
        ),
        "moderate": Numbers(),
        "complex": Numbers(
            curve=CurveNumbers(depth=0.45, dip_start=14, trough=60, recovered=150, maintenance=330),
            watch=WatchNumbers(theta=4.0, min_gap=4, max_gap_falling=10, max_gap_rising=14, max_gap_effective=45),
            renewal_chain=(120, 90, 60, 30, 7),
        ),
    }
)


def override(base: Any, written: Mapping[str, Any]) -> Any:
    """`base`, one of the dataclasses here, with what was written replaced, section by section.

    Unknown names are ignored: the reader of the file has refused them.
    """
    known = {f.name for f in fields(base)}
    changes: dict[str, Any] = {}
    for name, value in written.items():
        if name not in known:
            continue
        old = getattr(base, name)
        if is_dataclass(old) and isinstance(value, Mapping):
            changes[name] = override(old, value)
        elif isinstance(old, Mapping) and isinstance(value, Mapping):
            changes[name] = MappingProxyType({**old, **value})
        else:
            changes[name] = value
    return replace(base, **changes)


def numbers_for(complexity: str, overrides: Overrides) -> Numbers:
    """The numbers of a complexity with what the playbook wrote laid over them (PLAYBOOKS, overrides)."""
    preset = PRESETS[complexity]
    numbers: Numbers = override(preset, overrides) if overrides else preset
    return numbers


def playbook_numbers(playbook: Playbook, complexity: str = "") -> Numbers:
    """The numbers that hold for a playbook, optionally with another complexity than it names."""
    return numbers_for(complexity or playbook.complexity, playbook.overrides)
