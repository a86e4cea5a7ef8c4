"""Keys of many customers at once: short, typeable, and never the same twice."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.actions.keys import LONGEST_KEY, NewKeys, key_base
from followup.core.model.customer import Customer
from followup.store import Store

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("Anna Meyer", "anna-meyer"),
        ("  Zoë -- Núñez ", "zoe-nunez"),
        ("李 小龍", "customer"),
        ("42", "c-42"),
        ("../../etc/passwd", "etc-passwd"),
        ("A" * 90, "a" * LONGEST_KEY),
    ],
)
def test_a_key_is_made_of_the_name(name: str, base: str) -> None:
    assert key_base(name) == base


NAMES = st.lists(st.sampled_from(["Anna", "Anna 2", "Anna-2", "Anna 3", "anna 2 2", "Bob", "", "7"]), max_size=12)


@given(chunks=st.lists(NAMES, max_size=4))
def test_nobody_gets_the_key_of_another(tmp_path_factory: pytest.TempPathFactory, chunks: list[list[str]]) -> None:
    """Chunk after chunk, also where somebody is really called Anna 2."""
    path: Path = tmp_path_factory.mktemp("keys") / "followup.db"
    with Store.open(path, create=True) as store, store.write(command="try", now=NOW):
        keys = NewKeys(store)
        for names in chunks:
            people = [Customer(name=name) for name in names]
            made = keys.of(people)
            assert all(key.startswith(key_base(name)) for name, key in zip(names, made, strict=True))
            store.add_customers([Customer(name=name, key=key) for name, key in zip(names, made, strict=True)])
        assert len(store.all_keys()) == sum(map(len, chunks))
