"""The ledger of reminders: nothing twice, nothing lost, what may have arrived stays visible (TRUST 0.3)."""

from __future__ import annotations

import multiprocessing
import stat
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from followup.errors import BusyError, DataFileError
from followup.store import Store
from followup.store.deliveries import IN_DOUBT, KEPT_DAYS, Claim, Touched

MAIL = "email:me@example.com"
DESK = "desktop"
DAY = date(2026, 1, 5)
NOW = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)


def after(days: int) -> date:
    return DAY + timedelta(days)


@pytest.fixture
def touched(store: Store, sample: Any) -> list[Touched]:
    """Three touchpoints of one sale, all due on the sample day."""
    sale = sample.sell(store).sale_id
    sample.save(store, sale, *(sample.touchpoint(occurrence=number) for number in (1, 2, 3)))
    return [(sale, "call", number) for number in (1, 2, 3)]


def claim(
    store: Store, touchpoints: Iterable[Touched], day: date = DAY, target: str = MAIL, *, again: bool = False
) -> list[Claim]:
    with store.write(command="remind", now=NOW):
        return store.claim(target, day, touchpoints, again=again)


def send(store: Store, touchpoints: Iterable[Touched], day: date = DAY, target: str = MAIL) -> list[Touched]:
    """Claim and mark; what a whole digest does."""
    claims = claim(store, touchpoints, day, target)
    with store.write(command="remind", now=NOW):
        store.mark_sent(claims)
    return [each.touched for each in claims]


def release(store: Store, claims: Iterable[Claim]) -> None:
    with store.write(command="remind", now=NOW):
        store.release(claims)


def test_what_was_sent_is_not_sent_again_on_that_day(store: Store, touched: list[Touched]) -> None:
    assert send(store, touched) == touched
    assert send(store, touched) == []


def test_only_what_is_new_is_sent(store: Store, touched: list[Touched]) -> None:
    send(store, touched[:2])

    assert send(store, touched) == touched[2:]


def test_the_next_day_everything_is_sent_again(store: Store, touched: list[Touched]) -> None:
    send(store, touched)

    assert send(store, touched, after(1)) == touched


def test_each_target_has_a_ledger_of_its_own(store: Store, touched: list[Touched]) -> None:
    send(store, touched)

    assert send(store, touched, target=DESK) == touched


@pytest.mark.parametrize(
    ("first", "second", "is_sent"),
    [
        pytest.param(0, -1, False, id="the clock went back a day"),
        pytest.param(0, -2, False, id="the clock went back two days"),
        pytest.param(0, -7, True, id="a week ago is another day"),
        pytest.param(1, 0, False, id="a flight to the west"),
        pytest.param(365, 0, True, id="the clock was a year ahead"),
        pytest.param(0, 365, True, id="the clock is a year ahead"),
        pytest.param(0, 1, True, id="the next morning"),
    ],
)
def test_a_clock_that_jumps_sends_nothing_twice_and_silences_nothing(
    store: Store, touched: list[Touched], first: int, second: int, is_sent: bool
) -> None:
    """Bar 24."""
    send(store, touched, after(first))

    assert bool(send(store, touched, after(second))) is is_sent


def test_a_year_ahead_and_back_sends_nothing_twice_on_either_day(store: Store, touched: list[Touched]) -> None:
    for day in (DAY, after(365), DAY, after(365)):
        send(store, touched, day)

    assert claim(store, touched, DAY) == []
    assert claim(store, touched, after(365)) == []


def test_what_is_released_is_as_if_it_had_never_been_claimed(store: Store, touched: list[Touched]) -> None:
    release(store, claim(store, touched))

    assert store.in_doubt(DAY) == []
    assert send(store, touched) == touched


def test_a_claim_alone_is_in_doubt_and_not_sent_again_that_day(store: Store, touched: list[Touched]) -> None:
    claim(store, touched)

    assert claim(store, touched) == []
    assert [(each.target, each.day, each.occurrence) for each in store.in_doubt(DAY)] == [
        (MAIL, DAY, 1),
        (MAIL, DAY, 2),
        (MAIL, DAY, 3),
    ]
    assert {each.customer_key for each in store.in_doubt(DAY)} == {"acme"}


def test_doubt_ends_when_the_same_arrives_on_another_day(store: Store, touched: list[Touched]) -> None:
    claim(store, touched)
    send(store, touched[:2], after(1))

    assert [each.occurrence for each in store.in_doubt(after(1))] == [3]


def test_doubt_is_shown_for_a_few_days_only(store: Store, touched: list[Touched]) -> None:
    claim(store, touched)

    assert store.in_doubt(DAY + IN_DOUBT)
    assert store.in_doubt(DAY + IN_DOUBT + timedelta(1)) == []
    assert store.in_doubt(after(-1)), "a clock that went back a day still sees it"


@pytest.mark.parametrize("state", ["sent", "claimed"])
def test_sent_again_and_failed_the_ledger_says_what_it_said(store: Store, touched: list[Touched], state: str) -> None:
    if state == "sent":
        send(store, touched)
    else:
        claim(store, touched)

    again = claim(store, touched, again=True)
    assert [each.touched for each in again] == touched
    assert {each.before for each in again} == {state}
    release(store, again)

    assert claim(store, touched) == []
    assert len(store.in_doubt(DAY)) == (3 if state == "claimed" else 0)


def test_doubt_is_not_about_people_who_must_be_left_alone(store: Store, touched: list[Touched], sample: Any) -> None:
    """Bar 15: they are in nothing that goes out, not even in what may have gone out."""
    claim(store, touched)
    other = sample.sell(store, "quiet")
    sample.save(store, other.sale_id, sample.touchpoint())
    claim(store, [(other.sale_id, "call", 1)])
    assert {each.customer_key for each in store.in_doubt(DAY)} == {"acme", "quiet"}

    with store.write(command="dnc", now=NOW):
        store.update_customer(other.customer_id, do_not_contact=True)

    assert {each.customer_key for each in store.in_doubt(DAY)} == {"acme"}


def test_a_claim_is_part_of_its_write(store: Store, touched: list[Touched]) -> None:
    with store.write(command="remind", now=NOW, dry_run=True):
        assert store.claim(MAIL, DAY, touched)

    assert store.delivered(MAIL, DAY) == set()


def test_the_ledger_is_no_part_of_the_history(store: Store, touched: list[Touched]) -> None:
    before = store.history()
    send(store, touched)

    assert store.history() == before
    with store.write(command="undo", now=NOW):
        store.undo()
    assert store.delivered(MAIL, DAY) == set(), "the sale is gone, and what was sent about it"


def test_the_ledger_stays_small_and_forgets_by_days_that_it_has(store: Store, touched: list[Touched]) -> None:
    for number in range(KEPT_DAYS + 5):
        send(store, touched, after(number))
    send(store, touched, after(1000))

    days = {row["day"] for row in store._all("SELECT DISTINCT day FROM delivery")}
    assert len(days) == KEPT_DAYS
    assert max(days) == after(1000).isoformat()
    assert claim(store, touched, after(KEPT_DAYS + 4)) == [], "a jump of the clock forgets nothing of yesterday"


# ------------------------------------------------------------------------------------------------ one at a time


def test_the_lock_is_a_private_file_beside_the_data_file(store: Store) -> None:
    with store.one_at_a_time("remind"):
        path = store.path.with_name(store.path.name + ".remind-lock")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert path.read_bytes() == b""


def test_who_waits_too_long_is_told_to_try_again(store: Store) -> None:
    with (
        Store.open(store.path) as other,
        store.one_at_a_time("remind"),
        pytest.raises(BusyError, match="Another followup remind") as caught,
        other.one_at_a_time("remind", patience=0.2),
    ):
        raise AssertionError("two at a time")

    assert caught.value.exit_code == 75


def test_commands_wait_for_their_own_kind_only(store: Store) -> None:
    with store.one_at_a_time("remind"), store.one_at_a_time("calendar push", patience=0):
        pass


def test_the_lock_can_be_had_again(store: Store) -> None:
    for _ in range(3):
        with store.one_at_a_time("remind", patience=0):
            pass


def test_a_link_in_the_place_of_the_lock_is_refused(store: Store, tmp_path: Path) -> None:
    target = tmp_path / "precious"
    target.write_text("mine", encoding="utf-8")
    store.path.with_name(store.path.name + ".remind-lock").symlink_to(target)

    with pytest.raises(DataFileError, match="cannot be locked"), store.one_at_a_time("remind", patience=0):
        raise AssertionError("followed a link")

    assert target.read_text(encoding="utf-8") == "mine"


def race(path: Path, number: int, touchpoints: list[Touched], barrier: Any, answers: Any) -> None:
    with Store.open(path) as store:
        barrier.wait()
        with store.write(command="remind", now=NOW):
            answers.put((number, [each.touched for each in store.claim(MAIL, DAY, touchpoints)]))


def test_of_several_who_claim_at_once_each_touchpoint_goes_to_one(new_file: Callable[[], Path], sample: Any) -> None:
    """Bar 7, small: the lock is not even needed for it."""
    path = new_file()
    with Store.open(path) as store:
        sale = sample.sell(store).sale_id
        sample.save(store, sale, *(sample.touchpoint(occurrence=number) for number in range(1, 31)))
    touchpoints = [(sale, "call", number) for number in range(1, 31)]
    methods = multiprocessing.get_context("spawn")
    barrier, answers = methods.Barrier(3), methods.Queue()
    runs = [methods.Process(target=race, args=(path, n, touchpoints, barrier, answers)) for n in range(3)]
    for run in runs:
        run.start()
    claimed = [touched for _ in runs for touched in answers.get(timeout=60)[1]]
    for run in runs:
        run.join(timeout=60)

    assert sorted(claimed) == touchpoints
