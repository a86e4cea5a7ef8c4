"""Told: what the user says about a contact, checked before anything is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from difflib import get_close_matches

from followup.actions.context import Context
from followup.core.model.activity import Activity
from followup.core.model.customer import Customer
from followup.core.model.outcome import OUTCOMES, UNREACHED
from followup.core.model.playbook import Playbook, Step
from followup.core.model.stage import StageMap
from followup.core.planner.clues import SCALES
from followup.core.planner.plan import step_named
from followup.errors import FollowupError
from followup.store import SaleFacts, StoredTouchpoint

NOBODY_SPOKEN_TO = ("no-answer", "left-message")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the user says about a contact. Empty or None where nothing was said."""

    outcomes: tuple[str, ...]
    on: date
    note: str = ""
    inbound: bool = False
    purpose: str = ""
    channel: str = ""
    score: int | None = None
    minutes: int | None = None
    tone: str = ""
    usage: str = ""
    understood: str = ""
    milestone: str = ""
    concern: str = ""
    severity: str = ""
    category: str = ""
    promise: str = ""
    promise_by: date | None = None
    to_on: date | None = None
    to_time: time | None = None
    referred: tuple[str, ...] = ()
    product: str = ""
    playbook: str = ""
    opportunity: str = ""

    @property
    def words(self) -> str:
        """The note, with the tone where one was heard (C11, C12): `wants a call (tone: tense)`."""
        return " ".join(part for part in (self.note, f"(tone: {self.tone})" if self.tone else "") if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a contact was about: a sale with its playbook and stages, and a touchpoint if it was planned."""

    customer: Customer
    sale: SaleFacts
    playbook: Playbook
    stages: StageMap | None
    stored: StoredTouchpoint | None = None

    @property
    def sale_id(self) -> int:
        """The number of the sale."""
        return self.sale.sale.number

    @property
    def step_id(self) -> str:
        """The step of the touchpoint, '' for a contact that was not planned."""
        return self.stored.touchpoint.step if self.stored is not None else ""

    @property
    def occurrence(self) -> int:
        """The occurrence of the touchpoint, 0 for a contact that was not planned."""
        return self.stored.touchpoint.occurrence if self.stored is not None else 0

    @property
    def step(self) -> Step | None:
        """The step as the pinned playbook writes it."""
        return step_named(self.playbook, self.step_id) if self.step_id else None


def read_outcomes(text: str) -> tuple[str, ...]:
    """Outcome codes from `good,idea`. Raises FollowupError naming the nearest code."""
    codes = tuple(dict.fromkeys(word.strip().lower().replace("_", "-") for word in text.split(",") if word.strip()))
    for code in codes or ("",):
        if code not in OUTCOMES:
            near = get_close_matches(code, OUTCOMES, n=1)
            meant = f"did you mean {near[0]}? " if near else ""
            raise FollowupError(f"{code!r} is not an outcome", hint=f"{meant}use one of: {' '.join(OUTCOMES)}")
    _refuse_contradiction(codes)
    return codes


def _refuse_contradiction(codes: tuple[str, ...]) -> None:
    spoken = [code for code in codes if code not in NOBODY_SPOKEN_TO]
    unanswered = [code for code in codes if code in NOBODY_SPOKEN_TO]
    if spoken and unanswered:
        raise FollowupError(
            f"{spoken[0]} and {unanswered[0]} contradict each other",
            hint=f"give one of the two: {spoken[0]} if you spoke to somebody, {unanswered[0]} if not",
        )


def check_told(context: Context, told: Told) -> None:
    """Refuse what cannot be: a contact in the future, empty words, options without the outcome they belong to."""
    if told.on > context.today:
        raise FollowupError(
            f"{told.on} lies in the future: a contact that has not happened cannot be recorded",
            hint="followup snooze ID DATE",
        )
    texts = {"concern": told.concern, "promise": told.promise, "opportunity": told.opportunity}
    for what, text in (*texts.items(), *(("referred", name) for name in told.referred)):
        if text and not text.strip():
            raise FollowupError(f"the {what} is empty", hint=f'--{what} "what was said"')
    if bool(told.promise) != (told.promise_by is not None):
        lacking = "a promise needs a day by which it is kept" if told.promise else "--by is the day of a promise"
        raise FollowupError(lacking, hint='--promise "send the guide" --by fri')
    _check_companions(told)
    _check_somebody_spoke(told)


def _check_companions(told: Told) -> None:
    """Some options say more about one outcome; without it they would be lost in silence."""
    belongs = (
        ("--to", told.to_on is not None, "postponed"),
        ("--referred", bool(told.referred), "referral"),
        ("--severity", bool(told.severity) and not told.concern, "concern"),
        ("--category", bool(told.category) and not told.concern, "concern"),
        ("--product", bool(told.product) and not told.opportunity, "purchase"),
        ("--playbook", bool(told.playbook) and not told.opportunity, "purchase"),
    )
    for option, given, outcome in belongs:
        if given and outcome not in told.outcomes:
            both = ",".join(code for code in (*told.outcomes, outcome) if code not in UNREACHED)
            raise FollowupError(f"{option} belongs to the outcome {outcome}", hint=f"give the outcome as: {both}")
    if told.to_time is not None and told.to_on is None:
        raise FollowupError("a time needs its day", hint="--to fri --at 14:30")
    if told.to_on is not None and told.to_on < told.on:
        raise FollowupError(f"{told.to_on} lies before the contact", hint="--to fri")


def _check_somebody_spoke(told: Told) -> None:
    """What the customer said or showed in a contact cannot come from a try that reached nobody."""
    heard = {
        "--score": told.score is not None,
        "--tone": bool(told.tone),
        "--understood": bool(told.understood),
        "--concern": bool(told.concern),
    }
    option = next((name for name, given in heard.items() if given), "")
    if option and set(told.outcomes) <= {*NOBODY_SPOKEN_TO}:
        raise FollowupError(
            f"{option} is what the customer said, and nobody was reached: {', '.join(told.outcomes)}",
            hint="give the outcome of the talk, or record it as: followup reading add, followup concern add",
        )


def check_score(playbook: Playbook, told: Told) -> None:
    """A score belongs to the one scale of the playbook. Raises FollowupError with its ends."""
    if told.score is None:
        return
    lowest, highest = SCALES[playbook.kpi]
    if not lowest <= told.score <= highest:
        raise not_on_scale(playbook.kpi, str(told.score))


def not_on_scale(kind: str, given: str) -> FollowupError:
    """The failure of a score that a scale does not have, with its ends."""
    lowest, highest = SCALES[kind]
    return FollowupError(f"{given} is no {kind} score", hint=f"give a whole number from {lowest} to {highest}")


def activity_about(stored: StoredTouchpoint, *, kind: str, on: date, channel: str = "", **fields: object) -> Activity:
    """An activity about a touchpoint: it keeps what was planned, so that a rebuilt plan shows the same past."""
    touchpoint = stored.touchpoint
    return Activity(
        sale_id=stored.sale_id,
        kind=kind,
        on=on,
        channel=channel or touchpoint.channel,
        step=touchpoint.step,
        occurrence=touchpoint.occurrence,
        purpose=touchpoint.purpose,
        stage=touchpoint.stage.value,
        due_on=touchpoint.due_on,
        opens_on=touchpoint.opens_on,
        closes_on=touchpoint.closes_on,
        **fields,  # type: ignore[arg-type]
    )
