"""How to hold a conversation, and the record of results: guide, file."""

from __future__ import annotations

import typer

from followup.errors import FollowupError


def guide(context: typer.Context) -> int:
    """How to hold a conversation of this purpose."""
    raise FollowupError("not built yet")


def customer_file(context: typer.Context) -> int:
    """The record of results and problems, for somebody new who decides."""
    raise FollowupError("not built yet")
