"""What each calendar was told: stable entries, counted changes, one cancellation."""

from __future__ import annotations

from followup.store.journal import Journal


class CalendarEntries(Journal):
    """The entries of calendars."""
