"""Extra fields: what a user's own columns say about a customer, under names that can be typed in a playbook."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

PREFIX = "extra."  # before the name, where other names may stand as well: {extra.plan_tier}
_ACCENT = 200  # combining classes from here on are accents; smaller ones are parts of letters (Thai, Hindi, kana)


@lru_cache(maxsize=4096)
def extra_name(heading: str) -> str:
    """The name of a column in playbooks: `Plan Tier`, `plan_tier` and `planTier` are all `plan_tier`.

    Small letters without accents and digits of any script, in words joined by `_`; '' where nothing is left. The name
    of a name is that name.
    """
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading)
    lower = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", parted).casefold())
    bare = "".join(c for c in lower if unicodedata.combining(c) < _ACCENT)
    bare = bare.replace("#", " number ").replace("'s ", " ").replace("’s ", " ")
    words = "".join(c if c.isalnum() or unicodedata.category(c).startswith("M") else " " for c in bare).split()
    name = re.sub(r"\be mail(s?)\b", r"email\1", " ".join(words)).replace(" ", "_")
    return unicodedata.normalize("NFC", name)


def is_extra_name(name: str) -> bool:
    """True for a name as `extra_name` gives it."""
    return bool(name) and extra_name(name) == name


def plain_extra(*extras: Mapping[str, str]) -> Mapping[str, str]:
    """What stands under each plain name, without empty values and headings without a name; the last `extra` wins.

    Where several headings of one have the same name, the one that is written like the name counts, else the first.
    """
    found: dict[str, str] = {}
    for extra in extras:
        mine: dict[str, str] = {}
        for heading, value in extra.items():
            name, text = extra_name(heading), str(value).strip()
            if name and text and (name not in mine or heading == name):
                mine[name] = text
        found |= mine
    return MappingProxyType(found)


def extra_value(extra: Mapping[str, str], name: str) -> str | None:
    """What a customer's `extra` says under a plain name such as `plan_tier`; None where it says nothing."""
    return plain_extra(extra).get(name)


def with_extra(extra: Mapping[str, str], name: str, value: str) -> dict[str, str]:
    """`extra` with a value under a plain name; '' takes the field away.

    A heading that has this name already is kept, so that the next import of its table finds it.
    """
    others = {heading: text for heading, text in extra.items() if extra_name(heading) != name}
    if not value:
        return others
    known = [heading for heading in extra if extra_name(heading) == name]
    heading = known[0] if known and name not in known else name
    return {**extra, heading: value}


def merged_extra(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """`old` with the values of `new` laid over it; what is new under a known name takes the heading that is there.

    Where `new` itself has several headings of one name, and for headings without a name, the headings decide.
    """
    names = [extra_name(heading) for heading in new]
    known = {extra_name(heading): heading for heading in reversed(list(old))}
    known |= {heading: heading for heading in old if is_extra_name(heading)}
    merged = dict(old)
    for (heading, text), name in zip(new.items(), names, strict=True):
        single = heading not in old and names.count(name) == 1
        merged[known.get(name, heading) if name and single else heading] = text
    return merged


def same_value(one: str, other: str) -> bool:
    """True when two texts differ in upper case, spaces or the way accents are stored at most."""
    return _folded(one) == _folded(other)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split()).casefold())
