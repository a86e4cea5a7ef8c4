"""Time zones by their IANA name: Europe/Berlin, and nothing that is a path."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from difflib import get_close_matches
from functools import lru_cache

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*")
_NO_NAMES = ("posix", "right", "posixrules", "localtime", "Factory")


@lru_cache(maxsize=1024)
def is_zone(name: str) -> bool:
    """True for a zone that `zoneinfo` knows. Only this one zone is looked up: listing all of them takes 30 ms."""
    from zoneinfo import ZoneInfo

    if not _NAME.fullmatch(name) or name.split("/", 1)[0] in _NO_NAMES:
        return False
    try:
        ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        return False
    return True


def nearest_zone(name: str) -> str:
    """Give a hint with the zone that was probably meant: `did you mean Europe/Berlin?`."""
    from zoneinfo import available_timezones

    zones = {zone.casefold(): zone for zone in sorted(available_timezones())}
    word = name.strip().casefold().replace(" ", "_")
    cities = {zone.rsplit("/", 1)[-1]: full for zone, full in zones.items()}
    if found := zones.get(word) or cities.get(word.rsplit("/", 1)[-1]):
        return f"did you mean {found}?"
    near = get_close_matches(word, zones, n=1)
    return f"did you mean {zones[near[0]]}?" if near else "write a zone such as Europe/Berlin"


def meant_instead(on: date, at: time, zone: str) -> datetime | None:
    """What a clock of `zone` shows at a time that it skips: 03:30 for 02:30; None for a time that exists.

    The time counts by the offset before the gap (RFC 5545, 3.3.5). None as well for a zone that does not exist.
    """
    from zoneinfo import ZoneInfo

    if not is_zone(zone):
        return None
    wall = datetime.combine(on, at.replace(tzinfo=None, fold=0))
    try:
        shown = wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    except OverflowError:
        return None
    return shown if shown != wall else None
