"""The digest: remind."""

from __future__ import annotations

import typer

from followup.errors import FollowupError


def remind(context: typer.Context) -> int:
    """The digest of the day, once for each target."""
    raise FollowupError("not built yet")
