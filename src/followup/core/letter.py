"""Words of a letter: how somebody is addressed, how a day is said, how trouble is acknowledged. Pure text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

NEAR_DAYS = 60  # a day this near is said with its weekday, a farther one with its year where that differs
MOST_TOLD = 3  # troubles that an opening repeats
LONGEST_TOLD = 300  # letters of one trouble that an opening repeats

_TITLE_WORDS = """
    dr prof professor mr mrs ms miss mx sir dame rev herr frau fr hr monsieur madame mme mlle
    signor signora sig señor señora sr sra dhr mevr ing dipl dipl-ing mag
"""
_COMPANY_WORDS = """
    gmbh ag kg ohg ug ev eg se ltd limited inc incorporated llc llp plc corp corporation company co sarl sas sa srl spa
    bv nv oy oyj ab as aps pty pte kft sro doo sl slu
"""
_NOBODY_WORDS = "customer unknown nobody test info office sales team none contact admin na n/a tbd"
_BETWEEN_WORDS = "van von vom de del della den der di da dos du la le el al bin ten ter zu zum zur af av"
_TITLES, _COMPANIES, _NOBODY, _BETWEEN = (
    frozenset(words.split()) for words in (_TITLE_WORDS, _COMPANY_WORDS, _NOBODY_WORDS, _BETWEEN_WORDS)
)


def address_name(first_name: str, name: str, *, companies: Sequence[str] = ()) -> str:
    """What to call somebody in a letter: the first name; with nothing but a title the title and the name; else ''.

    '' for what names no person: an e-mail address, a company (one of `companies`, or with a legal form in its name),
    a stand-in such as `info`. `Weber, Anna` and `Dr. Anna Weber` are both `Anna`.
    """
    full = " ".join(name.split())
    if not _is_a_person(full, companies):
        return _given_word(first_name, full)
    last, comma, given = full.partition(",")
    words = [*given.split(), *last.split()] if comma and given.strip() else full.split()
    written = first_name.strip().strip(",")
    if words[0] in _BETWEEN and not given.strip():  # van der Berg: no first name is known
        return full
    if written and written not in _BETWEEN and not _is_title(written) and not (comma and written == last.strip()):
        return written if _is_a_person(written, ()) else ""
    bare = [word for word in words if not _is_title(word)]
    if len(bare) > 1:
        return bare[0].strip(",")
    return " ".join(words)


def _given_word(first_name: str, name: str) -> str:
    """A first name that is no part of the company's name beside it."""
    word = " ".join(first_name.split())
    is_theirs = word.casefold() not in (part.casefold() for part in (name, *name.split()))
    return word if is_theirs and _is_a_person(word, ()) and not _is_title(word) else ""


def _is_title(word: str) -> bool:
    return all(part.strip(".").casefold() in _TITLES for part in word.split())


def _is_a_person(name: str, companies: Sequence[str]) -> bool:
    folded = name.casefold()
    if not any(char.isalpha() for char in name) or "@" in name or "://" in name:
        return False
    if folded in (company.casefold().strip() for company in companies if company.strip()):
        return False
    words = name.split()
    if len(words) == 1:
        return folded.strip(".,;()") not in _NOBODY
    return not _is_legal_form(words[-1])


def _is_legal_form(word: str) -> bool:
    """True for `GmbH`, `Ltd.`, `AG`; two small letters are a surname more often than a company (`Sa`, `Co`)."""
    bare = word.strip(",;()").replace(".", "")
    return bare.casefold() in _COMPANIES and (len(bare) > 2 or bare.isupper() or "." in word or bare == "Oy")


def day_words(day: date, today: date) -> str:
    """A day as somebody writes it: `Monday 12 January`; far from `today` `12 May`, in another year `5 January 2027`."""
    plain = f"{day.day} {day:%B}"
    if abs((day - today).days) <= NEAR_DAYS:
        return f"{day:%A} {plain}"
    return plain if day.year == today.year else f"{plain} {day.year}"


def month_words(day: date, today: date) -> str:
    """A month as somebody writes it: `January`, in another year `January 2025`."""
    return f"{day:%B}" if day.year == today.year else f"{day:%B} {day.year}"


def listed(words: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return "".join(words) if len(words) < 2 else f"{', '.join(words[:-1])} and {words[-1]}"


def quoted(words: str) -> str:
    """Somebody's own words between quotation marks, cut where they go on for too long."""
    text = " ".join(words.split())
    return f'"{text if len(text) <= LONGEST_TOLD else text[: LONGEST_TOLD - 1] + "…"}"'


def capital(text: str) -> str:
    """A line as it begins a mail: with a capital letter, but a name such as `iPhone` or `eBay` stays as it is."""
    first = text.split(" ", 1)[0]
    is_plain = first.islower() and len(text[:1].upper()) == 1 and text[:1].isalpha()
    return text[:1].upper() + text[1:] if is_plain else text


_SORRY = re.compile(r"\b(sorry|apolog\w*|regret|should not have happened|let you down)\b", re.IGNORECASE)
_FIRST_SENTENCE = re.compile(r".+?(?:[.!?](?=\s|$)|$)", re.DOTALL)


def names_first(template: str, *names: str) -> bool:
    """True when one of these names stands in the first sentence of a message as it is written."""
    first = _first_sentence(template)
    return any(re.search(r"\{" + name + r"[|}]", first) for name in names)


def is_sorry(template: str) -> bool:
    """True when the first sentence of a message as it is written says that something should not have happened."""
    return _SORRY.search(_first_sentence(template)) is not None


def _first_sentence(template: str) -> str:
    found = _FIRST_SENTENCE.match(template.strip())
    return found.group() if found else ""


def opening_about_problem(words: str, product: str) -> str:
    """The first lines of an answer while something is broken, in the customer's words where there are any (C13)."""
    about = f" with {product}" if product else ""
    if words:
        told = f"I am sorry about the trouble you have{about}. You told me: {quoted(words)}."
    else:
        told = f"I am sorry about the trouble you have{about}."
    return f"{told} That should not have happened, and it comes first for me."


def opening_about_concerns(words: Sequence[str]) -> str:
    """The first lines of an answer while doubts are open, in the customer's words (C13)."""
    told = listed([quoted(each) for each in words[:MOST_TOLD]])
    settled = "it is not settled" if len(words) == 1 else "they are not settled"
    return f"You told me: {told}. I take that seriously and have not forgotten it; {settled} before you say so."
