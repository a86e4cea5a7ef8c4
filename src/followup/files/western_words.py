"""Do letters stand as the words of the West have them, or were the bytes of another code page taken for Windows-1252?

A single byte says nothing: `ø` may be Danish, or the `ř` of a Czech name. Three things tell: signs within words,
accents that no Western language has together in one word, and accents where no Western language puts them.
"""

from __future__ import annotations

import re
from functools import lru_cache

_ACCENTED = "À-ÖØ-öø-ÿŒœŠšŸŽž"
_LETTER = f"[A-Za-z{_ACCENTED}]"
_SMALL = "[a-zà-öø-ÿœšž]"
_SIGN = "£¥¤¢¦§¨¬¯±¶¸¼½¾÷†‡ˆ‰˜ƒ"
_ODD = re.compile(
    rf"(?<!{_LETTER})[{_ACCENTED}]{{3,}}(?!{_LETTER})|[{_ACCENTED}]{{4,}}"  # words of accented letters alone
    rf"|(?<={_LETTER})[{_SIGN}‚]|[{_SIGN}](?={_LETTER})"  # a sign beside a letter
    rf"|(?<={_LETTER})[“‘„«»‹›¹²³¡¿ª°©®™µ](?={_LETTER})"  # a sign within a word
    rf"|(?<={_LETTER})‘(?!{_LETTER})"  # a word that ends in an opening quote
    rf"|(?<={_SMALL})–(?={_SMALL})"  # Pe–a for Peña
    r"|\b[A-Z]—(?=[a-z])|(?<=[a-z]{2})—(?=n\b)"  # L—pez and Ram—n for López and Ramón
    r"|(?<=[A-Za-z][a-z]{2})’(?=(?:as?|n(?:ez)?|guez|os?|z)\b)"  # Garc’a, Mart’nez, Rodr’guez for García ...
    rf"|(?<={_LETTER})[”•](?={_LETTER})"  # Bj”rn for Björn, na•ve for naïve
    rf"|(?<=[A-Za-z]{{3}})³(?!{_LETTER})"  # Pawe³ for Paweł, but cm³
    rf"|(?<={_SMALL})[ŒŠŸŽ]|(?<=[A-Z])[ŒŠŸŽ](?=[a-z])"  # a capital inside a word of small letters
)
_PLAIN_RUN = re.compile(r"([\x00-\x7f]{20})[\x00-\x7f]+([\x00-\x7f]{20})")
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
    r"|è(?=[aeiouyáéíóú])|[dklnrtvš]iè$"  # Kuèera, Paliè for Kučera, Palič: French and Italian è before a consonant
    r"|ù(?=[a-z])"  # Martinù, Bùžek for Martinů, Bůžek
    r"|iæ$|æ(?=w)|[aeiou]æ"  # Horvatiæ, Æwik, Maæek for Horvatić, Ćwik, Maćek
    r"|(?<!h)œ(?=[bcklmnptw])|œs?$"  # Wiœniewski, Jaœ for Wiśniewski, Jaś, and Jesœs for Jesús
    r"|ñ(?=[bcdfghjklmpqrstvwxz])|(?<=[a-z])ñ$"  # Kamiñski, Toruñ for Kamiński, Toruń
    r"|iê(?!n)|ê(?=[bgkw])|êd[rz]|êpa"  # Ziêba, Dêbski, Jêdrzej, Kêpa for Zięba, Dębski, Jędrzej, Kępa
    r"|zeò$|[a-z]oò$"  # Plzeò for Plzeň
    r"|ã(?![enos]|$)"  # Pãun for Păun: the Portuguese ã is followed by e or o, or ends its word
    r"|[aiouyáíóúé]ø|eø(?!y)|ø[a-z]*á|øej|^[kpt]øe(?!r|$)|^bøet|støe"  # Tesaø, Dvoøák, Ondøej for Tesař, Dvořák, Ondřej
    r"|õ$|(?:sz|cs|zs|gy)[a-z]*õ(?!e)|õ(?!e)[a-z]*(?:sz|cs|zs|gy|c)"  # Ernõ, Gyõr, Kõszeg for Ernő, Győr, Kőszeg
    r"|[aeiouáéöü][b-df-hj-np-tv-z]+õ(?!e)"  # Erdõs for Erdős: the Estonian õ stands in the first syllable
    r"|(?:sz|cs|zs|gy)û|û(?:sz|cs|zs|gy)"  # Szûcs for Szűcs
    r"|[bcdfghjklmnprstvw]š(?=[bdfghlmnrw])"  # Bjšrn for Björn, as a Mac has it
    r"|íi"  # Íirsis for Ķirsis
    r"|^yý|ý[a-z]*ý|^ý(?!mi|rr?$|d)|cý$|[a-z][dklrsty]ýn$|[dkt]ýk"  # Yýlmaz, Ýnan, Avcý, Aydýn for Yılmaz, İnan ...
    r"|þ$|[a-z]þ(?!ó|or|jó|ing|r[úá]|ur|ý[ðs])"  # Constanþa, Ayþe for Constanţa, Ayşe: within an Icelandic word few
    r"|^þ(?!ó|o[kr]|[jrvúáæýö]|u[lr]|ei|ett|ing|að|ar$|ess)"  # Þahin, Þukauskas for Şahin, Žukauskas
)
# Doðan, Tuðba, Anðela, Jonuðka for Doğan, Tuğba, Anđela, Jonuška: ð in what no Icelandic or Faroese word has before it.
_ICELANDIC_ETH = re.compile(
    r"(?<=gu|[ae]i|au|ey|vi|bö|lý|þý)ð|(?<=[aeiouóöú]r)ð|(?<=[áéíóúæ])ð|(?<=fri)ð"
    r"|^að(?=al|f|v)|(?<!^u)ð(?=ir$|ur$|um$|inn$|s?son|s?dótt|þ|v[aö]|nir?$)"
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
        text = _PLAIN_RUN.sub(r"\1\n\2", text)  # only what stands near an accent says anything
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
    if (
        _MISPLACED.search(plain)
        or "ð" in _ICELANDIC_ETH.sub("", plain)
        or not any(accents <= alphabet for alphabet in _ALPHABETS)
    ):
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
