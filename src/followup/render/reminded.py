"""What `remind` did, for the person who typed it: the digest itself is never repeated here."""

from __future__ import annotations

from collections.abc import Iterable

from followup.actions.reminded import Delivery, Reminded, Trial
from followup.render.line import Line, strong
from followup.render.screen import Screen
from followup.render.words import count, day


def reminded_lines(result: Reminded, screen: Screen) -> list[Line]:
    """Where it went, or would go; and what became of test messages. Failures and doubts are said beside it."""
    lines = [line for one in result.tested for line in _tested(one, screen)]
    verb = "Would send" if result.dry_run else "Sent"
    for target, entries in _by_target(result.would_send if result.dry_run else result.sent).items():
        lines += screen.paragraph(f"{verb} {count(len(entries), 'touchpoint')} to ", strong(target), ".")
    return lines


def doubt_sentences(result: Reminded) -> list[str]:
    """For each target and day what is not known to have arrived, and what to type when it did not."""
    groups: dict[tuple[str, str], list[Delivery]] = {}
    for each in result.unknown:
        groups.setdefault((each.target, day(each.day)), []).append(each)
    return [
        f"{count(len(entries), 'touchpoint')} of {on} may not have reached {target}: look there, and if not: "
        f"{_again(target)}"
        for (target, on), entries in groups.items()
    ]


def _again(target: str) -> str:
    """What to type to send again. The address of a service is nobody's to show."""
    via = target.partition(":")[0]
    named = f" --via {via}" if via in ("stdout", "email", "desktop") else ""
    return f"followup remind{named} --force"


def _by_target(deliveries: Iterable[Delivery]) -> dict[str, list[Delivery]]:
    groups: dict[str, list[Delivery]] = {}
    for each in deliveries:
        groups.setdefault(each.target, []).append(each)
    return groups


def _tested(one: Trial, screen: Screen) -> list[Line]:
    if not one.sent:
        return []  # said as a failure
    where = {"email": ": look into the inbox, and into the spam", "desktop": ": look at the screen"}
    look = where.get(one.target.partition(":")[0], "")
    address = one.target.removeprefix("email:")
    return screen.paragraph("A test message went to ", strong(address), f"{look}.")
