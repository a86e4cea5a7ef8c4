"""A year in the life: sixty customers on all seven playbooks, through the use cases of the commands, day by day."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from benchmarks.simulation import CAPACITY, live_a_year
from benchmarks.world import CUSTOMERS, FIRST_DAY, people, playbooks
from followup.core.model.outcome import OUTCOMES

MOST_SHOWN = 25  # of what went wrong
SEED = 1


@pytest.mark.timeout(300)
def test_a_year_in_the_life(tmp_path: Path) -> None:
    """B6, B25, B32, C18, invariants 1, 2, 8, 10: on each of 250 working days, with two weeks of holiday in between.

    The list stays within the capacity and what is urgent; every customer has a next date; caps and gaps hold; nobody
    in the dip is left alone beyond the limit, but for the holiday and the days after it; whoever asked to be left
    alone is; at the end of each month a plan made from the facts alone is the one that is stored.
    """
    year = live_a_year(tmp_path, SEED)

    assert not year.findings, "\n".join(
        [f"seed {SEED}, {len(year.findings)} findings", *map(str, year.findings[:MOST_SHOWN])]
    )
    assert len(year.loads) == 250
    assert max(year.loads.values()) <= CAPACITY
    assert {buyer.playbook for buyer in year.buyers} == set(playbooks())
    # A year in which nothing happens would prove nothing.
    assert {*year.outcomes} == {*OUTCOMES}
    assert {*year.commands} == {"done", "log", "skip", "snooze", "hold", "sale add", "anchor set", "concern resolve"}
    assert len({made.buyer for made in year.made}) == CUSTOMERS


def test_the_same_seed_is_the_same_year(tmp_path: Path) -> None:
    """Chance is seeded: two runs are the same to the last contact, another seed is another year."""
    first, second = tmp_path / "first", tmp_path / "second"
    until = FIRST_DAY + timedelta(days=40)
    for folder in (first, second):
        folder.mkdir()
    made = [live_a_year(folder, SEED, count=14, last=until).made for folder in (first, second)]

    assert made[0] == made[1] != []
    assert people(SEED, 14) != people(SEED + 1, 14)
