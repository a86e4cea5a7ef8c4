"""Choosing: which steps apply to a profile, and why the others do not (DOMAIN 5.2)."""

from __future__ import annotations

from datetime import date

from followup.core.model.playbook import Step
from followup.core.model.purpose import Purpose
from followup.core.model.touchpoint import Reason
from followup.core.planner.profile import THIN_OUT_AT, extra_is_in, thinned_out, unmet_conditions
from followup.core.planner.renewals import chain_steps
from followup.core.planner.situation import Situation

Chosen = list[tuple[Step, list[Reason]]]


def chosen_steps(situation: Situation) -> tuple[Chosen, list[Reason]]:
    """The steps that apply to this profile with the reasons, and the reasons of those left out (DOMAIN 5.2)."""
    thins = min(situation.factors.values()) <= THIN_OUT_AT
    thin = thinned_out(_by_date(situation), situation.factors) if thins else set()
    chosen: Chosen = []
    left_out: list[Reason] = []
    for step in situation.playbook.steps:
        if unmet := tuple(unmet_conditions(step, situation.setting)):
            said = "only for " + ", and for ".join(map(str, unmet))
            left_out.append(Reason(step.id, said, {each.fact: ", ".join(each.here) for each in unmet}))
        elif not step.extra and step.id not in thin:
            chosen.append((step, []))
        else:
            is_in, reason = _by_profile(step, situation)
            if is_in:
                chosen.append((step, [reason]))
            else:
                left_out.append(reason)
    text = "the renewal chain for a sale of this complexity (assumption)"
    chosen += [(step, [Reason("renewal_chain", text)]) for step in chain_steps(situation)]
    return chosen, left_out


def _by_date(situation: Situation) -> list[tuple[Step, Purpose]]:
    """All steps in order of their written dates, unknown ones last."""
    steps = [(step, situation.playbook.purposes[step.purpose]) for step in situation.playbook.steps]
    date_of = situation.timeline.date_of
    return sorted(steps, key=lambda pair: date_of(pair[0].when, pair[0].bound_to) or date.max)


def _by_profile(step: Step, situation: Situation) -> tuple[bool, Reason]:
    """Whether the profile brings in an extra step, and why; a core step that comes here is thinned out."""
    purpose, tier = situation.playbook.purposes[step.purpose], situation.setting.tier
    factor = situation.factors.get(purpose.service, 1.0)
    said = f"{purpose.service} factor {factor:.2f} (assumption)"
    inputs = {"factor": round(factor, 4), "kind": purpose.service.value, "tier": tier}
    if not step.extra:
        return False, Reason(step.id, f"every second core step of its kind is dropped: {said}", inputs)
    if extra_is_in(purpose, situation.factors, tier):
        return True, Reason("profile", f"an extra step, brought in by {said}", inputs)
    return False, Reason(step.id, f"an extra step; {said} does not bring it in for tier {tier}", inputs)
