"""Which code page the bytes of a refused file may be in: the one in which most words are words of some language."""

from __future__ import annotations

import re
from collections.abc import Iterable

_CZECH = "áäčďéěíĺľňóôŕřšťúůýž"
_CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґў№"
_GREEK = "αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊϋ"
_WEST = "àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿßœ"
_TURKISH = "çğıöşüâî"

# The order decides where two pages explain the same bytes: the more widely used comes first.
_ALPHABETS: tuple[tuple[str, str], ...] = (
    ("cp1250", "ąćęłńóśźż"),
    ("cp1250", _CZECH),
    ("cp1250", "áéíóöőúüű"),
    ("cp1250", "čćđšž"),
    ("cp1250", "ăâîşţ"),
    ("cp1254", _TURKISH),
    ("cp1257", "āčēģīķļņōŗšūžąęėįųõäöü"),
    ("iso8859_2", "ąćęłńóśźż"),
    ("iso8859_2", _CZECH),
    ("cp1255", "".join(map(chr, range(0x5D0, 0x5EB)))),
    ("cp1251", _CYRILLIC),
    ("koi8_r", _CYRILLIC),
    ("cp866", _CYRILLIC),
    ("mac_cyrillic", _CYRILLIC),
    ("iso8859_5", _CYRILLIC),
    ("cp1253", _GREEK),
    ("cp1256", "".join(map(chr, range(0x621, 0x653))) + "پچژگی"),
    ("cp1250", "ąćęłńóśźżőűđăâîşţäöüß" + _CZECH),
    ("mac_roman", _WEST),
    ("cp850", _WEST),
    ("cp852", "ąćęłńóśźż" + _CZECH),
    ("cp437", _WEST),
    ("tis_620", "".join(map(chr, range(0xE01, 0xE4F)))),
    ("mac_turkish", _TURKISH),
)
# Pages of two bytes a letter: the first bytes of the letters that are used most.
_EASTERN: tuple[tuple[str, Iterable[int]], ...] = (
    ("cp932", (0x81, 0x82, 0x83, *range(0x88, 0x98))),
    ("big5", (0xA1, *range(0xA4, 0xC7))),
    ("euc_kr", (*range(0xB0, 0xC9),)),
    ("euc_jp", (0xA1, 0xA4, 0xA5, *range(0xB0, 0xD0))),
    ("gb18030", (0xA1, *range(0xB0, 0xD8))),
)
_LATIN = frozenset(_CZECH + _WEST + _TURKISH + "ćăā")
_BESIDE_LATIN = re.compile(r"[A-Za-z][^\x00-\x7f]|[^\x00-\x7f][A-Za-z]")
_HALF_WIDTH = range(0xFF61, 0xFFA0)  # single bytes, which other pages have as letters too
_WORD = re.compile(r"[^\W\d_]+")
_CASES = re.compile(r"[A-ZÀ-ÞĀ-ŽА-ЯЀ-ЏΑ-ΩΆΈΉΊΌΎΏ]")
_ENOUGH = 0.75  # of all words with bytes above 127
_ENOUGH_TO_ASK = 60  # bytes above 127: with fewer the library guesses as often wrong as right


def likely_code_page(sample: bytes) -> str:
    """Give the code page, as Python names it, that some lines with bytes above 127 may be in, or '' when none fits."""
    best, share = "", 0.0
    for page, leads in _EASTERN:
        if (found := _share_of_leads(sample, page, frozenset(leads))) > share:
            best, share = page, found
    for page, alphabet in _ALPHABETS:
        if (found := _share_of_words(sample, page, frozenset(alphabet))) > share:
            best, share = page, found
    if share >= _ENOUGH:
        return best
    if sum(byte > 127 for byte in sample) < _ENOUGH_TO_ASK:
        return ""
    from charset_normalizer import from_bytes  # only for files that are refused: it costs 0.1 s

    asked = from_bytes(sample).best()
    return asked.encoding if asked else ""


def _share_of_words(sample: bytes, page: str, alphabet: frozenset[str]) -> float:
    try:
        text = sample.decode(page)
    except UnicodeDecodeError:
        return 0.0
    signs = sum(1 for char in text if char > "\x7f" and not char.isalpha())
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    mixed = alphabet & _LATIN  # only then may the word have plain letters beside them
    good = sum(
        1
        for word in words
        if _is_cased(word) and alphabet.issuperset(c for c in word.lower() if c > "\x7f" or not mixed)
    )
    return good / (len(words) + signs) if words else 0.0


def _is_cased(word: str) -> bool:
    return word.islower() or word.isupper() or word[1:].islower() or not _CASES.search(word)


def _share_of_leads(sample: bytes, page: str, leads: frozenset[int]) -> float:
    try:
        text = sample.decode(page)
    except UnicodeDecodeError:
        return 0.0
    letters = [char for char in text if char > "\x7f"]
    if _BESIDE_LATIN.search(text) or not all(char.isalpha() or char.isspace() for char in letters):
        return 0.0
    used = sum(0.8 if ord(char) in _HALF_WIDTH else char.encode(page)[0] in leads for char in letters)
    return used / len(letters) if letters else 0.0
