"""Facts, not the order in which somebody typed them, make the plan (DESIGN 3: deterministic, order-independent)."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Desk

TODAY = "2026-01-21"
SALE = ("add", "Anna Meyer", "--playbook", "saas", "--signed", "2026-01-05", "--anchor", "renewal=2027-01-05")

# Each fact of January as it is typed on the 21st; a step stands for its number.
FACTS: tuple[tuple[str, ...], ...] = (
    ("done", "welcome_note", "good", "--on", "2026-01-05"),
    ("done", "plan_together", "great", "--on", "2026-01-07"),
    ("done", "dip_call", "ok", "--on", "2026-01-20"),
    ("concern", "add", "anna-meyer", "the import takes hours"),
    ("set", "anna-meyer", "usage", "heavy"),
    ("contact", "add", "anna-meyer", "Cem Kaya", "--role", "user"),
    ("snooze", "result_letter", "2026-03-18"),
    ("set", "anna-meyer", "tier", "A"),
)


def plan_after(desk: Desk, facts: list[tuple[str, ...]]) -> tuple[list[dict[str, Any]], Any]:
    """What is planned ahead and what is behind, without numbers, and the curve."""
    for path in desk.cli.db.parent.glob(desk.cli.db.name + "*"):
        path.unlink()
    desk.does(*SALE, today="2026-01-05")
    for fact in facts:
        step = fact[1] if fact[0] in ("done", "snooze") else ""
        typed = [desk.number(step, today=TODAY) if step and word == step else word for word in fact]
        desk.does(*typed, today=TODAY)
    sale = desk.sale(today=TODAY)
    kept = ("step", "occurrence", "status", "due_on", "opens_on", "closes_on", "channel", "stage", "reasons", "contact")
    rows = [{name: one[name] for name in kept} for one in sale["touchpoints"]]
    rows.sort(key=lambda row: (row["step"], row["occurrence"]))
    return rows, (sale["curve"], sale["stages"], sale["mood"])


@pytest.mark.parametrize("seed", range(2))
def test_the_same_facts_in_another_order_make_the_same_plan(desk: Desk, seed: int) -> None:
    shuffled = random.Random(seed).sample(FACTS, len(FACTS))
    assert shuffled != list(FACTS)
    assert plan_after(desk, shuffled) == plan_after(desk, list(FACTS))
