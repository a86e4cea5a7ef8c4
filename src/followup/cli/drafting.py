"""What to write: message."""

from __future__ import annotations

import typer

from followup.errors import FollowupError


def message(context: typer.Context) -> int:
    """The message to send, filled in. You send it."""
    raise FollowupError("not built yet")
