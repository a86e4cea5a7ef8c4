"""The names of months and days as exports write them: English, German, French, Spanish, and their neighbours."""

from __future__ import annotations

import unicodedata

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

_NAMES = """
january jan januar janner jan janvier janv enero ene januari gennaio gen janeiro
february feb februar feber fevrier fevr fev febrero februari febbraio fevereiro
march mar marz mrz maerz mars marzo maart mrt marco
april apr avril avr abril abr aprile
may mai mayo mei maggio mag maio
june jun juni juin junio giugno giu junho
july jul juli juillet juil julio luglio lug julho
august aug aout aou agosto ago augustus
september sep sept septembre septiembre setiembre set settembre setembro
october oct oktober okt octobre octubre ottobre ott outubro out
november nov novembre noviembre novembro
december dec dezember dez decembre diciembre dic dicembre dezembro
"""
_BY_NAME = {name: month for month, line in enumerate(_NAMES.strip().splitlines(), start=1) for name in line.split()}
_DAYS = frozenset(
    """
    monday tuesday wednesday thursday friday saturday sunday mon tue tues wed weds thu thur thurs fri sat sun
    montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so
    lundi mardi mercredi jeudi vendredi samedi dimanche lun mar mer jeu ven sam dim
    lunes martes miercoles jueves viernes sabado domingo mie jue vie sab dom
    """.split()  # noqa: SIM905 - a list of words reads better than sixty quotes
)


def month_named(name: str) -> int:
    """Give the number of a month by its name or abbreviation in any case and with or without accents, 0 for others."""
    return _BY_NAME.get(_plain(name), 0)


def is_day_name(name: str) -> bool:
    """True for the name or abbreviation of a day of the week."""
    return _plain(name) in _DAYS


def _plain(name: str) -> str:
    folded = unicodedata.normalize("NFD", name.casefold())
    return "".join(char for char in folded if not unicodedata.combining(char)).rstrip(".")
