"""The data file: facts, the projected plan and the journal in one SQLite file. All SQL lives here."""

from followup.store.exports import ExportedTouchpoint, Owner
from followup.store.failures import MissingFileError
from followup.store.journal import Entry
from followup.store.store import Store
from followup.store.values import (
    CustomerFacts,
    DueRow,
    HistoryEntry,
    Identity,
    PlanChange,
    SaleFacts,
    StepText,
    StoredTouchpoint,
    Undone,
)

__all__ = [
    "CustomerFacts",
    "DueRow",
    "Entry",
    "ExportedTouchpoint",
    "HistoryEntry",
    "Identity",
    "MissingFileError",
    "Owner",
    "PlanChange",
    "SaleFacts",
    "StepText",
    "Store",
    "StoredTouchpoint",
    "Undone",
]
