"""What to look at before anybody complains: neglect behind a good mood, silence, a mood below the model (B40, C16).

The bounds are conventions: nobody has measured them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from followup.core.model.stage import Stage
from followup.core.model.touchpoint import Reason

if TYPE_CHECKING:
    from followup.core.mood import Mood
    from followup.core.numbers import Numbers

LOW = 0.15  # below the normal level: no longer a good mood (DOMAIN 4.4 extends learning by the same bound)
WORSE = 0.05  # below the model: what was heard is worse than what is usual on such a day


def allowed_gap(stage: Stage, numbers: Numbers, *, tier: str, kind: str) -> int | None:
    """The most days without a contact of value (B6, DOMAIN 4.5, 4.6); None before learning."""
    match stage:
        case Stage.LEARNING:
            return numbers.watch.max_gap_rising
        case Stage.EFFECTIVENESS:
            return numbers.watch.max_gap_effective
        case Stage.MAINTENANCE:
            return numbers.maintenance.cap_days["private" if kind == "person" else tier]
    return None


def alarms(
    mood: Mood | None, level: float, *, silent_days: int, allowed_days: int | None, awaits_result: bool
) -> tuple[Reason, ...]:
    """The alarms of one sale on one day: `complacency` or `neglected`, `low_mood`, `no_result`.

    `level` is the normal mood 0-1. `silent_days` counts from the last contact of value. `awaits_result` is true when
    a first result should have been there by now.
    """
    return tuple(_alarms(mood, level, silent_days, allowed_days, awaits_result))


def _alarms(
    mood: Mood | None, level: float, silent_days: int, allowed_days: int | None, awaits_result: bool
) -> Iterator[Reason]:
    if allowed_days is not None and silent_days > allowed_days:
        good = mood is not None and mood.estimate >= level - LOW
        silence = f"nothing of value was given for {silent_days} days; at most {allowed_days} are allowed (assumption)"
        inputs = {"days": silent_days, "allowed": allowed_days}
        if good:
            yield Reason("complacency", f"the mood is good, but {silence}", inputs)
        else:
            yield Reason("neglected", silence, inputs)
    if mood is not None and mood.estimate < min(level - LOW, mood.model - WORSE):
        estimate, model = round(100 * mood.estimate), round(100 * mood.model)
        text = f"mood is estimated at {estimate} where {model} is usual: look before they complain"
        yield Reason("low_mood", text, {"estimate": estimate, "model": model})
    if awaits_result:
        yield Reason("no_result", "no first result is on record, and by now there should be one", {})
