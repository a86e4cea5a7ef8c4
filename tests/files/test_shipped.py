"""The playbooks and samples that come with followup are found, whatever the way it was installed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from followup.errors import FollowupError, NotFoundError
from followup.files import shipped
from followup.files.shipped import shipped_example, shipped_playbook_names, shipped_playbook_text

SEVEN = ("equipment", "event_hotel", "real_estate", "retail", "saas", "services", "vehicle")


def test_seven_playbooks_are_shipped() -> None:
    assert shipped_playbook_names() == SEVEN


@pytest.mark.parametrize("key", SEVEN)
def test_a_playbook_is_found_under_its_own_key(key: str) -> None:
    keys = re.findall(r"^playbook: *([a-z0-9_-]+)", shipped_playbook_text(key), flags=re.MULTILINE)

    assert keys == [key]


def test_the_sample_customers_can_be_read() -> None:
    assert len(shipped_example("customers.csv").read_bytes().splitlines()) > 1


@pytest.mark.parametrize(
    ("look_up", "wanted", "hint"),
    [
        (shipped_playbook_text, "sass", "Did you mean saas?"),
        (shipped_playbook_text, "event-hotel", "Did you mean event_hotel?"),
        (shipped_playbook_text, "xyz", f"Shipped are: {', '.join(SEVEN)}"),
        (shipped_example, "customer.csv", "Did you mean customers.csv?"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest_one(
    look_up: Callable[[str], object], wanted: str, hint: str
) -> None:
    with pytest.raises(NotFoundError) as refusal:
        look_up(wanted)

    assert refusal.value.hint == hint


@pytest.mark.parametrize("wanted", ["", ".", "..", "../pyproject", "/etc/passwd", "saas.yaml", "sub/saas"])
def test_a_name_cannot_lead_out_of_the_folder(wanted: str) -> None:
    with pytest.raises(NotFoundError):
        shipped_playbook_text(wanted)
    with pytest.raises(NotFoundError):
        shipped_example(wanted)


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty package `followup` in a made-up tree, which `shipped` takes for the installed one."""
    package = tmp_path / "src" / "followup"
    package.mkdir(parents=True)
    monkeypatch.setattr(shipped, "files", lambda _name: package)
    return package


def put_playbook(folder: Path, key: str) -> None:
    folder.mkdir(parents=True)
    (folder / f"{key}.yaml").write_text(f"playbook: {key}\n", encoding="utf-8")


def test_a_checkout_uses_the_folder_at_its_top(package: Path, tmp_path: Path) -> None:
    put_playbook(tmp_path / "playbooks", "checkout")

    assert shipped_playbook_names() == ("checkout",)


def test_a_wheel_uses_its_own_folder_first(package: Path, tmp_path: Path) -> None:
    put_playbook(tmp_path / "playbooks", "checkout")
    put_playbook(package / "data" / "playbooks", "wheel")

    assert shipped_playbook_names() == ("wheel",)


def test_a_broken_installation_is_said_in_one_sentence(package: Path) -> None:
    with pytest.raises(FollowupError, match=r"^This installation of followup lacks its playbooks\.$"):
        shipped_playbook_names()
