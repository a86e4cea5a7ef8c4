"""The ledger of reminders: claimed before they are sent, marked sent after it, so that nothing goes out twice."""

from __future__ import annotations

from followup.store.journal import Journal


class Deliveries(Journal):
    """What was sent where, and when."""
