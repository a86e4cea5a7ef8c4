"""Do letters stand as the words of the West have them, or were the bytes of another code page taken for Windows-1252?

A single byte says nothing: `ø` may be Danish, or the `ř` of a Czech name. Three things tell: signs within words,
accents that no Western language has together in one word, and accents where no Western language puts them.
"""

from __future__ import annotations

import re
from functools import lru_cache

_ACCENTED = "À-ÖØ-öø-ÿŒœŠšŸŽž"
_LETTER = f"[A-Za-z{_ACCENTED}]"
_SIGN = "£¥¤¢¦§¨¬¯±¶¸¼½¾÷†‡ˆ‰˜ƒ"
_ODD = re.compile(
    rf"(?<!{_LETTER})[{_ACCENTED}]{{3,}}(?!{_LETTER})|[{_ACCENTED}]{{4,}}"  # words of accented letters alone
    rf"|(?<={_LETTER})[{_SIGN}‚]|[{_SIGN}](?={_LETTER})"  # a sign beside a letter
    rf"|(?<={_LETTER})[“‘„«»‹›¹²³¡¿ª°©®™µ](?={_LETTER})"  # a sign within a word
    rf"|(?<={_LETTER})‘(?!{_LETTER})"  # a word that ends in an opening quote
    r"|(?<=[a-z])–(?=[a-z])"  # Pe–a for Peña
    rf"|(?<=[a-z{_ACCENTED}])[ŒŠŸŽ]|(?<=[A-Z])[ŒŠŸŽ](?=[a-z])"  # a capital inside a word of small letters
)
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_WORD = re.compile(rf"[A-Za-z]*[{_ACCENTED}]{_LETTER}*")

# What one word may hold together, by language: German, French, Spanish, Portuguese, Italian, Dutch, Nordic,
# Icelandic, Estonian and Finnish, Catalan, Albanian, Welsh. Czech and Slovak only with what Windows-1252 has of them.
_ALPHABETS = tuple(
    map(
        frozenset,
        (
            *("äöüß", "àâçéèêëîïôœùûüÿ", "áéíóúüñç", "ãáâàçéêíóôõúü", "àèéìíîòóùú", "éèëïöüêç", "åäöøæéüôá"),
            *("áðéíóúýþæö", "äõöüšžå", "àçéèíïóòúü", "ëç", "âêîôûëï", "áéíóúýšžäô"),
        ),
    )
)
# Letters whose bytes are other letters in Central Europe, the Baltic and Turkey: only they tell anything.
_TELLING = frozenset("àãåæèêìïðñòõøùûþÿ")
_MISPLACED = re.compile(
    r"ì(?=[a-z])"  # Nìmec for Němec: the Italian ì ends its word
    r"|è(?=[aeiouyáéíóú])"  # Kuèera for Kučera: the French and Italian è stands before a consonant
    r"|ù(?=[a-z])"  # Martinù, Bùžek for Martinů, Bůžek
    r"|iæ$"  # Horvatiæ for Horvatić
    r"|(?<!h)œ(?=[bcklmnptw])"  # Wiœniewski for Wiśniewski
    r"|ñ(?=[bcdfghjklmpqrstvwxz])"  # Kamiñski for Kamiński
    r"|ã(?![enos]|$)"  # Pãun for Păun: the Portuguese ã is followed by e or o, or ends its word
    r"|þ$|(?<=n)þ"  # Constanþa for Constanţa
)
_HUNGARIAN = re.compile(r"õ(?!e)")
_TURKISH = re.compile(r"[ðþý]")

_ODD_SIGNS = 0.15  # of all letters beyond ASCII
_ODD_WORDS = 0.2  # of all words that tell anything


class WesternWords:
    """Gathers, text by text, what speaks for Western words and what against them."""

    def __init__(self) -> None:
        self._letters = self._signs = 0
        self._kinds: dict[str, int] = {}

    def look(self, text: str) -> None:
        """Take a text into account that was read as Windows-1252."""
        self._letters += len(_NOT_ASCII.findall(text))
        self._signs += sum(len(_NOT_ASCII.findall(match[0])) for match in _ODD.finditer(text))
        for word in _WORD.findall(text):
            kind = _kind(word)
            self._kinds[kind] = self._kinds.get(kind, 0) + 1

    @property
    def are_western(self) -> bool:
        """True when nearly all of the text reads like Western words."""
        if self._signs > _ODD_SIGNS * self._letters:
            return False
        kinds = {"odd": 0, "western": 0, "õ": 0, "þ": 0, "acute": 0, "umlaut": 0, "ü": 0} | self._kinds
        odd, western = kinds["odd"] + self._signs, kinds["western"]
        # Estonian has õ beside ä and ü, Hungarian beside á and é; Icelandic has þ and ð beside á, Turkish beside ü.
        if kinds["acute"] > kinds["umlaut"]:
            odd += kinds["õ"]
        if kinds["ü"] + kinds["umlaut"] > kinds["acute"]:
            odd += kinds["þ"]
        return odd <= _ODD_WORDS * (odd + western + kinds["õ"] + kinds["þ"])


@lru_cache(maxsize=20_000)
def _kind(word: str) -> str:
    """What one word says: `odd`, `western`, or something that only the other words can decide."""
    plain = word.lower()
    accents = frozenset(char for char in plain if char > "\x7f")
    if _MISPLACED.search(plain) or not any(accents <= alphabet for alphabet in _ALPHABETS):
        return "odd"
    if _HUNGARIAN.search(plain):
        return "õ"
    if _TURKISH.search(plain) and not accents & frozenset("áéíóúæö"):
        return "þ"
    if accents & _TELLING:
        return "western"
    if accents & frozenset("áéíóú"):
        return "acute"
    return "ü" if accents & frozenset("üç") else "umlaut" if accents & frozenset("äß") else "plain"
