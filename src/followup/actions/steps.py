"""Steps in sentences: one of a playbook by its own name, one that the plan adds in words; and why it is not due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from followup.core.model.touchpoint import Reason, Status

ADDED: Mapping[str, str] = MappingProxyType(
    {
        "dip_watch": "dip watch",
        "concern": "concern",
        "concern_again": "concern, once more",
        "concern_check": "check on the concerns",
        "catch_up": "first contact after a silence",
        "keep_in_touch": "keeping in touch",
        "recovery_acknowledge": "recovery: answer",
        "recovery_update": "recovery: news",
        "recovery_fix": "recovery: solve",
        "recovery_verify": "recovery: verify",
        "recovery_recheck": "recovery: recheck",
        "recovery_visit": "recovery: visit",
        "low_score_call": "low score call",
        "find_successor": "who decides now",
        "meet_successor": "introduction",
        "look_again": "extra check",
        "referral_thanks": "thanks for a name",
        "referral_report": "report back",
        "promise": "promise",
        "rhythm_needs": "talk about needs",
        "rhythm_news": "some news",
        "rhythm_good_news": "good news",
        "rhythm_criteria": "talk about criteria",
        "rhythm_name": "asking for a name",
        "rhythm_proposal": "next proposal",
        "renewal_review": "renewal: value review",
        "renewal_terms_talk": "renewal: terms",
        "renewal_talks": "renewal: talks",
        "renewal_signature": "renewal: signature",
        "renewal_last_check": "renewal: last check",
        "renewal_record": "renewal: record of results",
        "ask_result": "asking for a result",
    }
)
"""Names of the steps that the plan adds by itself. Those of a playbook are the author's own words."""


def step_words(step: str, occurrence: int = 1) -> str:
    """A step in a sentence: `dip watch #2`, `week_one`."""
    return ADDED.get(step, step) + (f" #{occurrence}" if occurrence > 1 else "")


_WHY_NOT: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        Status.HELD: ("on_hold", "recovery", "gate"),
        Status.ABSORBED: ("absorbed", "folded"),
        Status.EXPIRED: ("expired",),
    }
)
"""The rules of the reasons that say why something is not to be done now, by what became of it."""


def why_not(status: str, reasons: Sequence[Reason]) -> str:
    """Why a touchpoint is held, folded into another or expired: the newest reason of that kind; '' for all others."""
    rules = _WHY_NOT.get(status, ())
    told = [reason.text for reason in reasons if reason.rule in rules]
    return told[-1].removeprefix(f"{status}: ") if told else ""
