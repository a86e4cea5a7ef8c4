"""Yes, no, and the wish to be left alone, in the words of many tools and languages."""

from __future__ import annotations

from collections.abc import Sequence

from followup.files.cell_dates import looks_like_date
from followup.files.cells import CellError, short
from followup.files.header_words import phrase_set, plain_words

_YES = phrase_set(
    """
    1, 1.0, true, t, yes, y, x, on, checked, v, ja, j, wahr, oui, o, vrai, si, s, verdadero, verdad, vero, sim
    verdadeiro, waar, ano, tak, да, истина, kylla, igen, evet, はい, 是, sand, sant
    ✓, ✔, ☑, ✅, √
    """
) | {"1,0"}
_NO = phrase_set(
    """
    0, 0.0, false, f, no, n, off, unchecked, nein, falsch, non, faux, falso, nao, nee, -, –, onwaar, nie, ne, нет, ложь
    nej, nei, ei, nem, hayir, hayır, いいえ, 否, usand, falskt, ☐
    """
) | {"0,0"}
_LEFT = frozenset(
    (
        "do not contact",
        "do not allow",
        "nicht zulassen",
        "ne pas autoriser",
        "no permitir",
        "dnc",
        "opted out",
        "opt out",
        "optout",
        "optedout",
        "unsubscribed",
        "unsubscribe",
        "unsub",
        "globally unsubscribed",
        "blocked",
        "blacklisted",
        "blocklisted",
        "stop",
        "never contact",
        "complained",
        "complaint",
        "complaints",
        "spam",
        "spam complaint",
        "spam complaints",
        "reported as spam",
        "reported spam",
        "marked as spam",
        "abuse",
        "abuse complaint",
        "abgemeldet",
        "gesperrt",
        "desabonne",
        "desinscrit",
        "desabonnee",
        "desinscrite",
        "disiscritto",
        "disiscritta",
        "uitgeschreven",
        "afgemeld",
        "wypisany",
        "wypisana",
        "отписан",
        "отписался",
        "descadastrado",
        "cancelou inscricao",
        "suscripcion cancelada",
        "nicht kontaktieren",
        "ne pas contacter",
        "no contactar",
        "dado de baja",
        "baja",
    )
)
_STAYED = frozenset(
    (
        "allow",
        "zulassen",
        "autoriser",
        "permitir",
        "allowed",
        "opted in",
        "opt in",
        "optin",
        "subscribed",
        "active",
        "contact",
        "ok",
        "none",
        "null",
        "n a",
        "na",
        "not opted out",
        "never subscribed",
        "not subscribed",
        "no consent",
        "unknown",
        "pending",
        "unconfirmed",
        "bounced",
        "hard bounced",
        "soft bounced",
        "hard bounce",
        "soft bounce",
        "cleaned",
        "archived",
    )
)


def read_yes_no(text: str) -> bool:
    """Give True or False for a yes-or-no cell in the words of many languages; empty is no.

    Raises CellError for anything else: a wish to be left alone is not guessed.
    """
    word = text.strip().casefold().removesuffix("\ufe0f")
    plain = plain_words(text)
    if not word or word in _NO or plain in _NO:
        return False
    if word in _YES or plain in _YES:
        return True
    raise CellError(f"{short(text)} is neither yes nor no", "write yes or no")


_SUBSCRIPTION = phrase_set(
    """
    unsubscribed, subscribed, opted out, opted in, opt out, opt in, optout, optin, never subscribed, not subscribed
    non subscribed, nonsubscribed, single opt in, double opt in, confirmed opt in, unsub, globally unsubscribed, cleaned
    transactional, blacklisted, blocklisted, abgemeldet, desabonne, desinscrit, dado de baja, reported as spam
    no consent, complaint, spam complaint, marked as spam, uitgeschreven, disiscritto, descadastrado
    desabonnee, desinscrite, wypisany, отписан
    """
)


def is_subscription_state(text: str) -> bool:
    """True for what mailing tools say of a subscription: only then does a column of states tell who was left."""
    return plain_words(text) in _SUBSCRIPTION


def are_subscription_states(texts: Sequence[str]) -> bool:
    """True when nothing but states of a subscription stands in a column, and at least one that is nothing else."""
    known = all(is_subscription_state(text) or plain_words(text) in _STAYED for text in texts)
    return known and any(map(is_subscription_state, texts))


def read_opt_out(text: str, *, kind: str) -> bool:
    """True when the cell says that the customer must not be contacted; empty never does.

    `kind` tells the column apart: `flag` (yes means leave alone), `may` (no means leave alone), `time` (when it was
    asked for: any entry means leave alone) and `state` (words such as `unsubscribed`; every other state means
    nothing). Raises CellError where a flag is neither yes nor no.
    """
    plain = plain_words(text)
    if not text.strip():
        return False
    if plain in _LEFT:
        return True
    if kind == "state":
        return False
    if plain in _STAYED:
        return False
    if kind == "time":
        return text.strip().casefold() not in _NO
    if looks_like_date(text):  # the day on which it was asked for
        return kind == "flag"
    answer = read_yes_no(text)
    return not answer if kind == "may" else answer
