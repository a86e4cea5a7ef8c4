"""What a cell of a table says: e-mail addresses, tags, codes. Text in, value or `CellError` out.

Dates have their own module (`cell_dates`), and so has the wish to be left alone (`opt_outs`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from difflib import get_close_matches

from followup.core.model.channel import CHANNELS, ROLES
from followup.files.header_words import plain_words
from followup.files.zones import is_zone, nearest_zone


class CellError(ValueError):
    """A cell does not say what its column promises; the text is a sentence, `hint` how to mend it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


_ADDRESS = re.compile(r"[^\s@<>,;\x00-\x1f\x7f-\x9f]+@[^\s@<>,;\x00-\x1f\x7f-\x9f]+")
_NAMED_ADDRESS = re.compile(r"[^<>]*<([^<>]+)>")
_NOTHING = frozenset(("-", "–", "n/a", "na", "none", "null", "(none)", "(empty)"))
_SEVERAL = re.compile(r"\s*:::\s*")
_CHANNEL_WORDS = {
    "call": "phone",
    "telephone": "phone",
    "tel": "phone",
    "mobile": "phone",
    "phone call": "phone",
    "telefon": "phone",
    "telefono": "phone",
    "anruf": "phone",
    "email": "email",
    "mail": "email",
    "courriel": "email",
    "correo": "email",
    "sms": "message",
    "text": "message",
    "text message": "message",
    "whatsapp": "message",
    "chat": "message",
    "post": "letter",
    "brief": "letter",
    "lettre": "letter",
    "carta": "letter",
    "zoom": "video",
    "video call": "video",
    "teams": "video",
    "in person": "in_person",
    "screen share": "screen_share",
    "besuch": "visit",
    "visite": "visit",
    "visita": "visit",
}
_ROLE_WORDS = {
    "decision maker": "decider",
    "decisionmaker": "decider",
    "decider": "decider",
    "economic buyer": "decider",
    "entscheider": "decider",
    "decideur": "decider",
    "decisor": "decider",
    "user": "user",
    "end user": "user",
    "anwender": "user",
    "nutzer": "user",
    "utilisateur": "user",
    "usuario": "user",
    "champion": "champion",
    "sponsor": "champion",
    "executive sponsor": "champion",
    "finance": "finance",
    "billing": "finance",
    "accounting": "finance",
    "budget holder": "finance",
    "buchhaltung": "finance",
    "finanzen": "finance",
    "finances": "finance",
    "finanzas": "finance",
}


def split_values(text: str, *, addresses: bool = False) -> list[str]:
    """Give the single values of a cell that holds several (` ::: `); addresses also part at `;`, `,` and LF."""
    parts = [part.strip() for part in _SEVERAL.split(text)] if ":::" in text else [text.strip()]
    if addresses and text.count("@") > 1:
        parts = [piece.strip() for part in parts for piece in re.split(r"[;,\n\r]+", part)]
    return [part for part in parts if part]


def read_email(text: str) -> str:
    """Give the address in a cell, '' for an empty one; `Ann <ann@x.example>` gives the address between the brackets.

    An address has exactly one @ with something on both sides and neither spaces nor control characters; letters stay
    as they are written. Raises CellError otherwise.
    """
    text = text.strip()
    if text.casefold() in _NOTHING:
        return ""
    if match := _NAMED_ADDRESS.fullmatch(text):
        text = match[1].strip()
    if text and not _ADDRESS.fullmatch(text):
        raise CellError(f"{short(text)} is not an e-mail address", "write name@host, or leave the cell empty")
    return text


def read_tags(text: str) -> tuple[str, ...]:
    """Give the tags of a cell: parted by ` ::: `, `;`, `,` or `|`, or a JSON list; each once, in the order written.

    The groups that an address book makes by itself (`* myContacts`) are no tags.
    """
    text = text.strip()
    parts: Iterable[str] = re.split(r":::|[;,|\n\r]", text)
    if text.startswith("["):
        try:
            listed = json.loads(text)
        except ValueError:
            listed = None
        if isinstance(listed, list) and all(isinstance(part, str) for part in listed):
            parts = listed
    return tuple(dict.fromkeys(tag for part in parts if (tag := part.strip()) and not tag.startswith("* ")))


def read_channel(text: str) -> str:
    """Give one of the channels, '' for an empty cell or `any`; raise CellError with the nearest channel otherwise."""
    plain = plain_words(text)
    name = plain.replace(" ", "_")
    if name in CHANNELS:
        return name
    if not plain or plain in ("any", "all", "none"):
        return ""
    if plain in _CHANNEL_WORDS:
        return _CHANNEL_WORDS[plain]
    raise CellError(f"{short(text)} is not a channel", _nearest(plain, CHANNELS))


def read_role(text: str) -> str:
    """Give the role (decider, user, champion, finance) that a cell names, or '' when it names something else."""
    plain = plain_words(text)
    return plain if plain in ROLES else _ROLE_WORDS.get(plain, "")


def read_choice(text: str, choices: tuple[str, ...], *, noun: str) -> str:
    """Give the one of `choices` that a cell names, in any case; '' when empty; CellError with the nearest one."""
    word = text.strip().casefold()
    if not word:
        return ""
    for choice in choices:
        if word == choice.casefold():
            return choice
    raise CellError(f"{short(text)} is not a {noun}", _nearest(word, choices))


_KIND_WORDS = {
    "company": "company",
    "organization": "company",
    "organisation": "company",
    "business": "company",
    "firma": "company",
    "unternehmen": "company",
    "societe": "company",
    "entreprise": "company",
    "empresa": "company",
    "person": "person",
    "individual": "person",
    "private": "person",
    "privat": "person",
    "personne": "person",
    "particulier": "person",
    "persona": "person",
    "particular": "person",
}


def read_kind(text: str) -> str:
    """Give `company` or `person`, '' for an empty cell; raise CellError for anything else."""
    plain = plain_words(text)
    if not plain or plain in _KIND_WORDS:
        return _KIND_WORDS.get(plain, "")
    raise CellError(f"{short(text)} is neither company nor person", "write company or person")


def read_zone(text: str) -> str:
    """Give a time zone such as Europe/Berlin, '' for an empty cell; else CellError with the nearest one."""
    zone = text.strip()
    if not zone or is_zone(zone):
        return zone
    raise CellError(f"{short(text)} is not a time zone", nearest_zone(zone))


def _nearest(word: str, choices: tuple[str, ...]) -> str:
    near = get_close_matches(word, choices, n=1)
    return f"did you mean {near[0]}?" if near else f"write one of {', '.join(choices)}"


def short(text: str, width: int = 40) -> str:
    """A cell as a sentence quotes it: one line, not longer than `width`."""
    line = " ".join(text.split())
    return repr(line if len(line) <= width else line[: width - 1] + "…")
