"""What the trust tests share: the installed program with a folder for itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.trust.installed import Installed


@pytest.fixture
def installed(tmp_path: Path) -> Installed:
    """The installed program; there is no data file yet."""
    return Installed.new(tmp_path)
