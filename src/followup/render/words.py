"""The words that several screens share: dates, touchpoints and reasons as people say them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time

from followup.actions.results import Change, TouchpointView
from followup.actions.steps import ADDED, step_words
from followup.core.model.touchpoint import Reason, Scalar
from followup.render.line import Line, Part, Role, Span, dim, joined, strong
from followup.render.screen import Glyphs, Screen

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

# What the plan adds for something that happened is known by that; its purpose alone would not tell one from another.
_TOLD_APART = ("promise", "referral_", "low_score_call", "find_successor", "meet_successor", "recovery_")
_BECAME = {"held": "waits", "absorbed": "folded into another", "expired": "expired"}

SHOWN = 8
"""Rows of a long table on a terminal before the rest is only counted."""


def spoken(name: str) -> str:
    """An identifier such as `screen_share` as words."""
    return name.replace("_", " ")


def day(on: date | None) -> str:
    """A date as it can be typed again, with its weekday: `Mon 2026-03-16`; `no date yet` for None."""
    return f"{WEEKDAYS[on.weekday()][:3]} {on.isoformat()}" if on else "no date yet"


def iso(on: date | None) -> str:
    """A date as it can be typed again, empty for None."""
    return on.isoformat() if on else ""


def clock(at: time | None) -> str:
    """A time of day as 14:30, empty for None."""
    return at.strftime("%H:%M") if at else ""


def named(values: Iterable[tuple[str, str]], *, mark: str = " ", separator: str = ", ") -> list[Span]:
    """Names and values in a row, the names dim: `prevention 1.5, education 2`."""
    groups: list[list[Part]] = [[dim(f"{spoken(name)}{mark}"), value] for name, value in values]
    return joined(groups, separator)


def numbers(values: Mapping[str, float]) -> list[Span]:
    """Named numbers in a row: `risk 18.2, purpose 20`."""
    return named((name, number(value)) for name, value in values.items())


def count(number: int, noun: str, plural: str = "") -> str:
    """`1 customer`, `2 customers`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def listed(words: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def who(customer: str | None, contact: str | None) -> str:
    """The customer, and the person when that is somebody else."""
    if not customer:
        return contact or ""
    return f"{customer}, {contact}" if contact and contact.casefold() != customer.casefold() else customer


def stage_day(stage: str | None, stage_day: int | None, stage_days: int | None) -> str:
    """`learning, day 16 of 59`; less where less is known."""
    if not stage:
        return ""
    if stage_day is None:
        return spoken(stage)
    of = f" of {stage_days}" if stage_days is not None else ""
    return f"{spoken(stage)}, day {stage_day}{of}"


def arrow(trend: str | None, glyphs: Glyphs) -> str:
    """The sign of a trend, empty when there is none."""
    return {"improving": glyphs.up, "decaying": glyphs.down}.get(trend or "", "")


def mood(value: int | None, trend: str | None, glyphs: Glyphs) -> str:
    """`52 ↓`; empty when there is no estimate."""
    return "" if value is None else f"{value:>2} {arrow(trend, glyphs)}".rstrip()


def lateness(days: int) -> str:
    """`2 days late`, empty when it is not late."""
    return f"{count(days, 'day')} late" if days > 0 else ""


def why_now(view: TouchpointView) -> str:
    """Why this touchpoint is due now; how late it is stands first."""
    late_by = lateness(view.days_overdue)
    if not late_by or "late" in view.why_now:
        return view.why_now
    return f"{late_by}; {view.why_now}" if view.why_now else late_by


def due_role(on: date | None, today: date) -> Role:
    """The role of a date in a list: late, today, coming."""
    if on is None or on > today:
        return "dim"
    return "late" if on < today else "strong"


def number(value: float) -> str:
    """A number without a needless tail: 1.5, 2, 0.6667."""
    return f"{value:.4f}".rstrip("0").rstrip(".")


def scalar(value: Scalar) -> str:
    """A value behind a reason, as text."""
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else number(value)


def inputs(reason: Reason) -> str:
    """The numbers behind a reason: `day 14, window 5`."""
    return ", ".join(f"{spoken(name)} {scalar(value)}" for name, value in reason.inputs.items())


def reason_lines(reasons: Iterable[Reason], screen: Screen, *, indent: int = 2) -> list[Line]:
    """Reasons, one after the other: the sentence, then the rule and its numbers, dim."""
    lines: list[Line] = []
    for reason in reasons:
        numbers = inputs(reason)
        tail = f"{reason.rule}: {numbers}" if numbers else reason.rule
        lines += screen.paragraph(reason.text, *([dim(f" ({tail})")] if tail else []), indent=indent, hang=indent + 2)
    return lines


def notice_lines(notices: Iterable[str], screen: Screen) -> list[Line]:
    """What a command wants said beside its data."""
    return [line for notice in notices for line in screen.paragraph(dim("Note: "), notice, hang=6)]


def touch_words(view: TouchpointView) -> str:
    """A touchpoint in a few words: `prevention by phone`."""
    return f"{what_for(view)} by {spoken(view.channel)}"


def what_for(view: TouchpointView) -> str:
    """What a contact is for: its purpose, or what it is about where the plan added it for something that happened."""
    own = view.step in ADDED and view.step.startswith(_TOLD_APART)
    return step_words(view.step) if own else spoken(view.purpose)


def change_parts(change: Change) -> list[Part]:
    """A difference between two plans in words: `dip_call moved from Mon 2026-03-16 to Tue 2026-03-17`."""
    became = _BECAME.get(change.status or "", change.change)
    parts: list[Part] = [strong(step_words(change.step, change.occurrence)), f" {became}"]
    if change.change == "moved":
        parts.append(f" from {day(change.from_on)} to {day(change.to_on)}")
    elif change.change == "added":
        parts.append(f" on {day(change.to_on)}")
    elif change.from_on:
        parts.append(f", it was due on {day(change.from_on)}")
    if change.reason:
        parts.append(dim(f": {change.reason}"))
    if change.customer:
        parts.insert(0, f"{change.customer}: ")
    return parts


def more_line(hidden: int, screen: Screen, hint: str = "", *, indent: int = 2) -> list[Line]:
    """`and 9 more: followup ...` when something is not shown."""
    if hidden <= 0:
        return []
    parts: list[Part] = [dim(f"and {hidden:,} more")]
    if hint:
        parts += [dim(": "), hint]
    return screen.paragraph(*parts, indent=indent)


def shown(total: int, screen: Screen, limit: int = SHOWN) -> int:
    """How many rows of a long table are shown here: all of them in a pipe."""
    return total if screen.kind == "pipe" else min(total, limit)


def note_lines(notes: str, screen: Screen) -> list[Line]:
    """What to know about a customer before speaking to them, on one line (C22)."""
    said = " ".join(notes.split())
    return screen.paragraph(dim("About them: "), said, indent=2, hang=4) if said else []


def understood_words(understood: str | None, on: date | None) -> str:
    """Whether they understood what they were taught: `understood no, 2026-01-19`; '' when nobody asked (A6)."""
    return f"understood {understood}, {iso(on)}" if understood else ""
