"""Calendars: working days, public holidays and closed days, by configuration and by customer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache

from followup.core.dates import WEEKDAYS, Calendar, no_holidays
from followup.core.model.customer import Customer
from followup.errors import FollowupError
from followup.files.config_file import Config
from followup.files.countries import country_code


class CalendarBook:
    """Gives the calendar that holds for a customer: their country's holidays, else those of the configuration."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._calendars: dict[tuple[str, str], Calendar] = {}

    @property
    def own(self) -> Calendar:
        """The seller's own calendar."""
        return self.at("", "")

    def of(self, customer: Customer) -> Calendar:
        """The calendar of a customer."""
        return self.at(customer.country, customer.subdivision)

    def at(self, country: str, subdivision: str) -> Calendar:
        """The calendar of a country, or of the configuration where the country is not known."""
        place = (
            (country, subdivision) if country else (self._config.calendar.country, self._config.calendar.subdivision)
        )
        if place not in self._calendars:
            self._calendars[place] = self._build(*place)
        return self._calendars[place]

    def _build(self, country: str, subdivision: str) -> Calendar:
        return Calendar(
            weekdays=frozenset(WEEKDAYS.index(day) for day in self._config.calendar.working_days),
            closed=frozenset(self._config.calendar.closed),
            holiday_name=holiday_names(country, subdivision) if country else no_holidays,
        )


def calendar_for(code: str) -> Calendar:
    """The calendar of `CC` or `CC-SUB`, with Saturday and Sunday off. Raises FollowupError for an unknown country."""
    country, _, subdivision = code.partition("-")
    if not country:
        return Calendar()
    country = country_code(country) or country.upper()
    names = holiday_names(country, subdivision)
    if names is no_holidays or (subdivision and names is holiday_names(country, "")):
        raise FollowupError(
            f"no public holidays are known for {code!r}", hint="use a country code such as DE, US or US-CA"
        )
    return Calendar(holiday_name=names)


@cache
def holiday_names(country: str, subdivision: str) -> Callable[[date], str]:
    """A function from a day to the name of its public holiday, '' on other days; none at all for unknown places."""
    import holidays

    try:
        days = holidays.country_holidays(country, subdiv=subdivision or None, language="en_US")
    except NotImplementedError:
        if subdivision:
            return holiday_names(country, "")
        return no_holidays
    known: dict[date, str] = {}

    def name_of(day: date) -> str:
        if day not in known:
            known[day] = days.get(day) or ""
        return known[day]

    return name_of
