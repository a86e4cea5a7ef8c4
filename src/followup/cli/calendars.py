"""Calendars: a feed in a file, or entries on a server."""

from __future__ import annotations

import typer

from followup.errors import FollowupError

calendar = typer.Typer(help="Your contacts in a calendar.", invoke_without_command=True)


@calendar.callback()
def feed(context: typer.Context) -> int:
    """Write the calendar feed."""
    raise FollowupError("not built yet")
