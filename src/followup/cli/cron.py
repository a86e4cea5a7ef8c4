"""The line that makes the digest come by itself: cron."""

from __future__ import annotations

import typer

from followup.errors import FollowupError


def cron(context: typer.Context) -> int:
    """The line for the scheduler of this machine."""
    raise FollowupError("not built yet")
