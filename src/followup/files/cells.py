"""What a cell of a table says: e-mail addresses, tags, codes, amounts. Text in, value or `CellError` out.

Dates have their own module (`cell_dates`), and so has the wish to be left alone (`opt_outs`).
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches

from followup.core.model.channel import CHANNELS, ROLES
from followup.files.header_words import phrase_set, plain_words, word_set
from followup.files.zones import is_zone, nearest_zone


class CellError(ValueError):
    """A cell does not say what its column promises; the text is a sentence, `hint` how to mend it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


_ADDRESS = re.compile(r"[^\s@<>,;\x00-\x1f\x7f-\x9f]+@[^\s@<>,;\x00-\x1f\x7f-\x9f]+")
_PLAIN_ADDRESS = re.compile(r"[\w!#$%&'*+/=?^`{|}~.-]+@[\w-]+(?:\.[\w-]+)+")
_NAMED_ADDRESS = re.compile(r"([^<>]*)<([^<>]+)>")
_PERSON_AND_ADDRESS = re.compile(r"(.*?\S)\s*\(([^\s()@]+@[^\s()@]+)\)", re.DOTALL)
_LABELLED_ADDRESS = re.compile(r"(\S+@\S+)\s+\([^\W\d_]+\)")  # `ann@x.example (Work)`
_SEVERAL = re.compile(r"\s*:::\s*")
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"
_SIGNS_FOR_NOTHING = phrase_set(
    """
    -, --, ---, –, —, ., ..., ?, /, n/a, #n/a, (blank), (none), (empty), (null), (no value), (not set)
    [blank], [none], <blank>, <null>, <none>
    """
)
_WORDS_FOR_NOTHING = phrase_set("null, none, na, nan, nil, no value, not set, not provided, undefined")
MAY_SAY_NOTHING = frozenset(
    first for sign in _SIGNS_FOR_NOTHING | _WORDS_FOR_NOTHING for first in sign[0] + sign[0].upper()
)
"""With which character any placeholder begins: a quick look before `is_placeholder`."""
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


def is_placeholder(text: str, *, words: bool = True) -> bool:
    """True for what tools and people write where there is nothing: `-`, `n/a`, `(blank)`, and as `words` `NULL`.

    Only the other cells of a row can tell whether it may be a name after all.
    """
    if len(text) > 40 or not (text := text.strip()) or text[0] not in MAY_SAY_NOTHING:
        return False
    plain = text.casefold()
    return plain in _SIGNS_FOR_NOTHING or (words and plain in _WORDS_FOR_NOTHING)


def split_values(text: str, *, addresses: bool = False) -> list[str]:
    """Give the single values of a cell that holds several (` ::: `).

    Addresses also part at `;`, `,`, `|` and line ends; phones at `;` and line ends where every part is one.
    """
    text = text.strip()
    parts = [part.strip() for part in _SEVERAL.split(text)] if ":::" in text else [text]
    if addresses and text.count("@") > 1:
        parts = [piece for part in parts for piece in _split_addresses(part)]
    elif not addresses and (";" in text or "\n" in text):
        parts = [piece for part in parts for piece in _split_phones(part)]
    return [part for part in parts if part]


def _split_addresses(text: str) -> list[str]:
    """`Lee, Ann <a@x>; b@x` are two: a piece without an address belongs to the one behind it."""
    found: list[str] = []
    name = ""
    for piece in re.split(r"([;,|\n\r]+|\s+/\s+)", text):
        if "@" in piece:
            found.append((name + piece).strip())
            name = ""
        elif name or not re.fullmatch(r"[\s;,|/]*", piece):
            name += piece
    if rest := name.strip(" ;,|/\t\n\r"):
        found.append(rest)
    return found


def _split_phones(text: str) -> list[str]:
    pieces = [piece.strip() for piece in re.split(r"[;\n\r]+", text) if piece.strip()]
    return pieces if all(looks_like_phone(piece) for piece in pieces) else [text]


_WRAPPED = re.compile(r"\s*(?:'(?=[+0-9])|tel:\s*|=\"(?=[-+0-9 ()./]+\"\s*$))", re.IGNORECASE)
_WRAPPED_DIGITS = re.compile(r'="([0-9]+)"')
_ROUNDED = re.compile(r"[0-9](?:[.,][0-9]+)?E\+?[0-9]{1,2}", re.IGNORECASE)


def unwrap_phone(text: str) -> str:
    """Give a phone without blanks around it and what tools write so that a spreadsheet leaves it alone.

    That is one `'` before a plus sign or a digit, `="0301234567"`, and `tel:`. The phone itself is never touched.
    """
    if match := _WRAPPED.match(text):
        text = text[match.end() :]
        if match[0].endswith('"'):
            text = text.rstrip().removesuffix('"')
    return text.strip()


def unwrap_digits(text: str) -> str:
    """Give the digits in `="00042"`, which keeps a spreadsheet from making 42 of them; any other text as it is."""
    match = _WRAPPED_DIGITS.fullmatch(text)
    return match[1] if match else text


def is_rounded(text: str) -> bool:
    """True for `4.42056E+11`: a spreadsheet took the number for a quantity, and its last digits are lost."""
    return _ROUNDED.fullmatch(text.strip()) is not None


def looks_like_phone(text: str) -> bool:
    """True for five digits or more and nothing that stands in an address or a date with its time of day."""
    return sum(map(str.isdigit, text)) >= 5 and "@" not in text


def is_plain_address(text: str) -> bool:
    """True for an e-mail address as nearly all are written: nothing around it, one @, a dot behind it."""
    return _PLAIN_ADDRESS.fullmatch(text) is not None


def read_email(text: str) -> str:
    """Give the address in a cell, '' for an empty one; `Ann <ann@x.example>` gives the address between the brackets.

    An address has exactly one @ with something on both sides and neither spaces nor control characters; letters stay
    as they are written, `mailto:` and a dot or semicolon behind it are taken off. Raises CellError otherwise.
    """
    return _read_address(text)[0]


def read_addresses(text: str) -> list[tuple[str, str]]:
    """Give every address of a cell with the name beside it or ''. Raises CellError as `read_email`."""
    found = [_read_address(part) for part in split_values(text, addresses=True)]
    return [each for each in found if each[0]]


def read_people(text: str) -> list[tuple[str, str]]:
    """Give (name, address) of cells such as `Ann Lee (ann@x.example);Bo (bo@x.example)`; nothing of any other."""
    found = []
    for part in re.split(r"\)\s*[;,]\s*", text.strip()):
        match = _PERSON_AND_ADDRESS.fullmatch(part if part.endswith(")") else f"{part})")
        if not match:
            return []
        found.append((match[1], match[2]))
    return found


def _read_address(text: str) -> tuple[str, str]:
    """Give (address, name beside it)."""
    whole = text
    text = text.strip().strip(_INVISIBLE)
    display = ""
    if is_placeholder(text):
        return "", ""
    if match := _NAMED_ADDRESS.fullmatch(text.rstrip(" ;,.")):
        display, text = match[1].strip().strip("\"'").strip(), match[2].strip()
    elif people := read_people(text):
        display, text = people[0]
    elif match := _LABELLED_ADDRESS.fullmatch(text):
        text = match[1]
    if text[:7].casefold() == "mailto:":
        text = text[7:].partition("?")[0]
    text = text.strip().strip('"').rstrip(".;, ")
    if text and not _ADDRESS.fullmatch(text):
        raise CellError(f"{short(whole)} is not an e-mail address", "write name@host, or leave the cell empty")
    return text, "" if display == text else display


def read_tags(text: str) -> tuple[str, ...]:
    """Give the tags of a cell: parted by ` ::: `, `;`, `,` or `|`, or a JSON list; each once, in the order written.

    The groups that an address book makes by itself (`* myContacts`) are no tags; in a JSON list they are what it says.
    """
    text = text.strip()
    if text.startswith("["):
        try:
            listed = json.loads(text)
        except ValueError:
            listed = None
        if isinstance(listed, list) and all(isinstance(part, str) for part in listed):
            return tuple(dict.fromkeys(tag for part in listed if (tag := part.strip())))
    parts = map(str.strip, re.split(r":::|[;,|\n\r]", text))
    return tuple(dict.fromkeys(tag for tag in parts if tag and not tag.startswith("* ")))


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


# --------------------------------------------------------------------------------------------- amounts

_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)*|[.,][0-9]+")
_MONEY = word_set(
    """
    eur usd gbp chf jpy cny cad aud nzd sek nok dkk isk pln czk huf ron bgn try inr brl mxn ars clp cop pen zar ils aed
    sar sgd hkd krw thb myr idr php vnd uah euro euros dollar dollars us r c a nz s hk kr zł kč ft fr sfr rs lei лв
    """
)
_LARGE = Decimal(10) ** 15


@dataclass(slots=True)
class AmountColumn:
    """Gathers, cell by cell, which decimal sign a column of amounts has."""

    points: bool = False
    commas: bool = False

    def look(self, text: str) -> None:
        """Take one cell into account."""
        number = _bare_number(text) if text else ""
        if number and (sign := _decimal_sign(number)) in (".", ","):
            self.points |= sign == "."
            self.commas |= sign == ","

    def decimal(self) -> str:
        """`.` or `,`; '' where no cell tells, or where two tell different things."""
        if self.points == self.commas:
            return ""
        return "." if self.points else ","


def read_amount(text: str, decimal: str = "") -> Decimal | None:
    """Give the number in an amount such as `1.234,56 €`, `CHF 1'234.50` or `(12.00)`; None where it is not sure.

    `decimal` is the decimal sign of the column (see `AmountColumn`). Without one, `1,234` may be a thousand or a one
    and gives None; so do `12k`, texts, and numbers of more than fifteen digits before the decimal sign.
    """
    number = _bare_number(text)
    if not number:
        return None
    negative = number.startswith("-")
    number = number.removeprefix("-")
    sign = _decimal_sign(number)
    if sign == "?":
        sign = decimal
        if not sign:
            return None
    if sign == "!" or (decimal and sign in (".", ",") and sign != decimal and not _has_both(number)):
        return None
    whole, _, part = number.partition(sign) if sign else (number, "", "")
    digits = whole.replace(".", "").replace(",", "")
    amount = Decimal(f"{digits or '0'}.{part or '0'}")
    return None if amount >= _LARGE else -amount if negative else amount


def looks_like_amount(text: str) -> bool:
    """True for an amount, also for one that may be read two ways."""
    return any(read_amount(text, decimal) is not None for decimal in ("", ".", ","))


def _bare_number(text: str) -> str:
    """The number of an amount without currency and spaces, a minus sign before it; '' when there is another text."""
    plain = unicodedata.normalize("NFKC", text).strip()
    negative = plain.startswith("(") and plain.endswith(")")
    plain = plain[1:-1] if negative else plain
    letters = "".join(c if c.isalpha() else " " for c in plain).casefold().split()
    if len(plain) > 40 or len(letters) > 2 or not all(word in _MONEY for word in letters):
        return ""
    bare = re.sub(r"[^\W\d_]+\.?", "", plain)  # `Fr.` goes with its dot
    bare = "".join(c for c in bare if not (c in " '’`\t" or unicodedata.category(c) == "Sc"))
    bare = re.sub(r"[.,][-–—]$", "", bare).replace("−", "-")
    if bare.endswith("-") or bare.startswith("-"):
        negative, bare = not negative, bare.strip("-")
    bare = bare.removeprefix("+")
    if not _NUMBER.fullmatch(bare) or not bare.isascii() or not _spaces_part_thousands(plain):
        return ""
    return f"-{bare}" if negative else bare


def _spaces_part_thousands(plain: str) -> bool:
    """False for `12 34` and `2026 12`: blanks and apostrophes inside a number stand before three digits."""
    return not re.search(r"[0-9][ '’`\t]+(?![0-9]{3}(?![0-9]))[0-9]", plain)


def _has_both(number: str) -> bool:
    return "." in number and "," in number


def _decimal_sign(number: str) -> str:
    """Which sign parts off the decimals: `.`, `,`, '' for none, `?` when open, `!` when it is no number after all."""
    number = number.removeprefix("-")
    signs = [c for c in number if c in ".,"]
    if not signs:
        return ""
    last = signs[-1]
    whole, _, part = number.rpartition(last)
    other = "," if last == "." else "."
    if other in whole:  # 1.234,56: the last sign parts off the decimals, the other thousands
        return last if last not in whole and _is_grouped(whole, other) else "!"
    if last in whole:  # 1.234.567: thousands only, so the decimals have the other sign
        return other if _is_grouped(number, last) else "!"
    if len(part) != 3 or len(whole) > 3 or whole in ("", "0"):
        return last
    return "?"


def _is_grouped(number: str, sign: str) -> bool:
    """True for groups of three digits, or of two before the last three (1,23,45,678)."""
    first, *groups = number.split(sign)
    if not 0 < len(first) <= 3 or len(groups[-1]) != 3:
        return False
    return all(len(group) == 3 for group in groups) or all(len(group) == 2 for group in groups[:-1])


# ----------------------------------------------------------------------------------------------- deals

_WON = word_set(
    """
    won closedwon gewonnen gagne gagnee gagnes gagnees gane ganado ganada ganados vinto vinta ganho ganha vunnet vundet
    paid completed complete fulfilled shipped delivered signed invoiced processing
    bezahlt abgeschlossen unterzeichnet geliefert signe signee paye payee livre livree termine terminee
    firmado firmada pagado pagada completado completada entregado entregada
    """
)
_NOT_WON = word_set(
    """
    not nicht pas lost closedlost verloren perdu perdue perdido perdida open offen ouvert ouverte abierto abierta
    abandoned dead cancelled canceled refunded failed pending draft rejected declined disqualified unqualified qualified
    void voided expired unpaid negotiation proposal qualification prospecting discovery
    storniert abgelehnt abgebrochen annule annulee refuse cancelado cancelada rechazado rechazada pendiente
    """
)
_YES = word_set("1 100 yes true y x ja wahr oui vrai si verdadero")
_NO = word_set("0 no false n nein falsch non faux falso")


def read_deal_stage(text: str) -> str:
    """Give what a stage of another tool means: `won`, `lost` (or still open), '' for a stage with a name of its own."""
    plain = plain_words(text)
    words = plain.split()
    if plain in _NO or any(word in _NOT_WON for word in words):
        return "lost"
    return "won" if plain in _YES or any(word in _WON for word in words) else ""


def _nearest(word: str, choices: tuple[str, ...]) -> str:
    near = get_close_matches(word, choices, n=1)
    return f"did you mean {near[0]}?" if near else f"write one of {', '.join(choices)}"


def short(text: str, width: int = 40) -> str:
    """A cell as a sentence quotes it: one line, not longer than `width`."""
    line = " ".join(text.split())
    return repr(line if len(line) <= width else line[: width - 1] + "…")
