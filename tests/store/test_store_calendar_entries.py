"""What calendars were told: each calendar for itself, outside the journal, never about a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from followup.store import Store
from followup.store.calendar_entries import NOTHING, ToldEntry

TOLD = ToldEntry(
    uid="1@followup",
    sequence=0,
    content="a" * 64,
    begins=date(2026, 1, 7),
    changed_at=datetime(2026, 1, 5, 9, 30, tzinfo=UTC),
)
TIMED = replace(TOLD, uid="2@followup", begins=datetime(2026, 3, 29, 1, 0, tzinfo=UTC))


def keep(store: Store, sample: Any, target: str, *entries: ToldEntry, **more: Any) -> None:
    with store.write(command="calendar", now=sample.now, **more):
        store.keep_told_entries(target, entries)


def test_what_is_kept_is_read_again_by_uid(store: Store, sample: Any) -> None:
    keep(store, sample, "file:1", TIMED, TOLD)
    assert store.told_entries("file:1") == {"1@followup": TOLD, "2@followup": TIMED}


def test_each_calendar_is_told_for_itself(store: Store, sample: Any) -> None:
    keep(store, sample, "file:1", TOLD)
    keep(store, sample, "stdout", replace(TOLD, sequence=7))
    assert store.told_entries("file:1")["1@followup"].sequence == 0
    assert store.told_entries("stdout")["1@followup"].sequence == 7
    assert store.told_entries("caldav:1") == {}


def test_what_was_told_later_stands(store: Store, sample: Any) -> None:
    keep(store, sample, "stdout", TOLD)
    later = replace(TOLD, sequence=1, content=NOTHING, begins=TIMED.begins, changed_at=sample.now + timedelta(days=1))
    keep(store, sample, "stdout", later)
    assert store.told_entries("stdout") == {"1@followup": later}


def test_instants_are_kept_in_utc_to_the_second(store: Store, sample: Any) -> None:
    berlin = timezone(timedelta(hours=1))
    at = datetime(2026, 1, 5, 10, 30, 0, 999_999, tzinfo=berlin)
    keep(store, sample, "stdout", replace(TOLD, begins=at, changed_at=at))
    kept = store.told_entries("stdout")["1@followup"]
    assert kept.changed_at == kept.begins == datetime(2026, 1, 5, 9, 30, tzinfo=UTC)


def test_nothing_is_kept_outside_a_write_or_after_a_dry_run(store: Store, sample: Any) -> None:
    with pytest.raises(RuntimeError):
        store.keep_told_entries("stdout", [TOLD])
    with pytest.raises(RuntimeError):
        store.forget_told_entries("stdout", ["1@followup"])
    keep(store, sample, "stdout", TOLD, dry_run=True)
    assert store.told_entries("stdout") == {}


def test_it_is_no_entry_of_the_journal_and_no_undo_takes_it_back(store: Store, sample: Any) -> None:
    """TRUST 2.9: what went out is out."""
    sample.sell(store)
    keep(store, sample, "stdout", TOLD)
    assert [entry.command for entry in store.history()] == ["add"]
    with store.write(command="undo", now=sample.now):
        store.undo()
    assert store.told_entries("stdout") == {"1@followup": TOLD}


def test_what_was_never_told_in_the_end_is_forgotten(store: Store, sample: Any) -> None:
    keep(store, sample, "stdout", TOLD, TIMED)
    keep(store, sample, "file:1", TOLD)
    with store.write(command="calendar", now=sample.now):
        store.forget_told_entries("stdout", ["1@followup", "unknown"])
    assert set(store.told_entries("stdout")) == {"2@followup"}
    assert set(store.told_entries("file:1")) == {"1@followup"}


def test_many_entries_are_kept_at_once(store: Store, sample: Any) -> None:
    keep(store, sample, "stdout", *(replace(TOLD, uid=f"{number}@followup") for number in range(2_001)))
    assert len(store.told_entries("stdout")) == 2_001


def test_keys_of_sales(store: Store, sample: Any) -> None:
    one, other = sample.sell(store), sample.sell(store, "bea")
    assert store.sale_keys({one.sale_id, other.sale_id, 999}) == {one.sale_id: "acme-1", other.sale_id: "bea-1"}


def test_everything_that_was_ever_planned_for_a_customer(store: Store, sample: Any) -> None:
    one, other = sample.sell(store), sample.sell(store, "bea")
    for plan in (
        sample.plan(sample.touchpoint("call"), sample.touchpoint("gone")),
        sample.plan(sample.touchpoint("call")),
    ):
        with store.write(command="plan", now=sample.now):
            store.save_plans([(one.sale_id, plan), (other.sale_id, plan)])
    assert store.ever_planned(one.customer_id) == [(one.sale_id, "call", 1), (one.sale_id, "gone", 1)]
