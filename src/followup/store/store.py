"""Store: the data file as the actions see it. Each table group has its module; this puts them together."""

from __future__ import annotations

from followup.store.calendar_entries import CalendarEntries
from followup.store.customers import Customers
from followup.store.deliveries import Deliveries
from followup.store.due import Due
from followup.store.exports import Exports
from followup.store.facts import Facts
from followup.store.happenings import Happenings
from followup.store.identities import Identities
from followup.store.plans import Plans
from followup.store.reachable import Reachable
from followup.store.restoring import Restoring
from followup.store.sales import Sales
from followup.store.settings import Settings


class Store(
    Customers,
    Identities,
    Sales,
    Happenings,
    Settings,
    Facts,
    Plans,
    Due,
    Exports,
    Restoring,
    Reachable,
    Deliveries,
    CalendarEntries,
):
    """One open data file, a context manager. Every change belongs inside `with store.write(...)`."""
