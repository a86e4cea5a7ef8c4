"""The data file: facts, the projected plan and the journal in one SQLite file. All SQL lives here."""

from followup.store.exports import ExportedTouchpoint, Owner
from followup.store.failures import MissingFileError
from followup.store.identities import comparable
from followup.store.journal import Entry
from followup.store.store import Store
from followup.store.values import (
    Alias,
    CustomerFacts,
    DueRow,
    HistoryEntry,
    Identity,
    PlanChange,
    Reverted,
    SaleFacts,
    StepText,
    StoredTouchpoint,
    Undone,
    Wanted,
)

__all__ = [
    "Alias",
    "CustomerFacts",
    "DueRow",
    "Entry",
    "ExportedTouchpoint",
    "HistoryEntry",
    "Identity",
    "MissingFileError",
    "Owner",
    "PlanChange",
    "Reverted",
    "SaleFacts",
    "StepText",
    "Store",
    "StoredTouchpoint",
    "Undone",
    "Wanted",
    "comparable",
]
