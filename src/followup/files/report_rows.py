"""Lines of a report that are nobody's row: totals and notes at its end, headings again in its middle, a line of units.

A customer may be called Total Wine or Count Dracula: only whole cells are looked at, and only in rows that hold nothing
but such a word, with at most sums beside it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from followup.files.cell_dates import looks_like_date

NO_FOOTER, AT_THE_END, ANYWHERE, NOTE, FIGURES = range(5)
"""What a row says of itself: nothing, a sum at the end of the table, a sum wherever it stands, a note of the report, or
nothing but figures, which belong to a sum on the line above.
"""

_SUBTOTAL = re.compile(
    r"(?:sub-?\s?totals?|grand[ -]?totals?|zwischensumme[n]?|gesamtsumme|endsumme|sous-total|total g[ée]n[ée]ral"
    r"|total general|gran total|subtotal(?:es)?|totale generale|subtotaal|eindtotaal)(?:\s*[:(][^)@]{0,40}\)?)?",
    re.IGNORECASE,
)
_THINGS = (
    r"(?:records?|rows?|lines?|entries|entry|items?|results?|contacts?|customers?|clients?|accounts?|leads?|people|persons?"
    r"|members?|subscribers?|companies|datens[äa]tze?|zeilen?|eintr[äa]ge?|kontakte?|kunden|enregistrements?|lignes?"
    r"|clientes?|registros?|filas?|contactos?|contatti|righe)"
)
_TOTAL = re.compile(
    rf"(?:totals?|totale|totaux|totales|totaal|summe[n]?|gesamt|insgesamt|suma|somme|sum|count|anzahl|nombre|number)"
    rf"(?:\s+(?:of\s+|de\s+|der\s+)?{_THINGS})?\s*[:=]?\s*(?:\(?\d[\d.,' ]*\)?)?(?:\s*{_THINGS})?"
    rf"|(?:record|row|contact|customer|item|line)s?\s+(?:count|total)\s*[:=]?\s*\d*"
    rf"|{_THINGS}\s*[:=]\s*\d[\d.,' ]*",
    re.IGNORECASE,
)
_NOTE = re.compile(
    rf"\(?\d[\d.,' ]*\s*{_THINGS}(?:\s+(?:affected|found|exported|selected|in total|total|trouv[ée]s|gefunden))?\)?[.]?"
    r"|(?:copyright\s*)?(?:©|\(c\))\s.*|copyright\s+\d{4}.*|.*\ball rights reserved\.?.*"
    r"|confidential(?:\s+information\b.*)?|vertraulich|confidentiel|confidencial"
    r"|(?:generated|exported)\s*(?:by|on|at|from|with|:)[\s:].*"
    r"|(?:report|export|file|list)\s+(?:generated|created|exported|printed|produced|downloaded|run)[\s:].*"
    r"|(?:created|printed|produced|downloaded|run)\s*(?:on|at|:)[\s:].*\d.*"
    r"|(?:erstellt|exportiert|gedruckt)\s+(?:am|von|mit)\s.*|(?:g[ée]n[ée]r[ée]|export[ée]|cr[ée][ée])\s+(?:le\s.*\d|par\s).*"
    r"|(?:generado|exportado|creado)\s+(?:el|por)\s.*"
    r"|[*=#\-\s]*end of (?:the )?(?:report|file|list|export|data)[.*=#\-\s]*|[*=\-\s]*ende des berichts[*=\-\s]*"
    r"|fin du rapport|fin del (?:informe|reporte)"
    r"|(?:page|seite|p[áa]gina|pagina)\s+\d+\s*(?:of|von|de|sur|di|van|/)\s*\d+|[-=*_#~+]{3,}|\x1a+",
    re.IGNORECASE | re.DOTALL,
)
SUM_LETTERS = frozenset("TtSsGgZzEeIiCcAaNnMmWwFf")
may_be_sum = re.compile(
    r"(?:grand|gran |tot|sub|sum|som|sous|ges|zwi|end|ein|ins|count|anz|n[ou]m"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day$)",
    re.IGNORECASE,
).match
"""Gives something when a cell may begin the sums of a table; most names do not, and need no closer look."""
_BY_WHOM = (
    r"(?:printed|generated|exported|created|produced|prepared|downloaded|run|gedruckt|erstellt|exportiert|erzeugt"
    r"|imprim[ée]e?|g[ée]n[ée]r[ée]e?|export[ée]e?|[ée]dit[ée]e?|cr[ée][ée]e?|impreso|generado|exportado|creado|impresso"
    r"|gerado|stampato|generato|esportato|creato|afgedrukt|gegenereerd|ge[ëe]xporteerd|aangemaakt|wygenerowano|wydrukowano)"
)
_LONE_NOTE = re.compile(
    rf"(?:(?:this |the |dieser |diese |ce |este )?(?:report|export|file|list|bericht|liste|rapport|informe|reporte"
    rf"|relat[óo]rio|rapporto|lijst|raport)\s+)?(?:was |wurde |a [ée]t[ée] |fue )?{_BY_WHOM}"
    r"(?:\s+(?:by|on|at|from|with|using|via|in|am|um|vom|von|durch|mit|aus|le|la|par|el|por|em|il|da|op|door|dnia|przez)\b|\s*:)\s*\S.*"
    r"|(?:report|export|print|run)?\s*(?:date|datum|fecha|data)(?:\s+of (?:report|export))?\s*[:.]?\s*\d.*"
    r"|(?:last )?(?:updated|refreshed|modified|data|stand|[ée]tat|situation)?\s*(?:as of|as at)\s*:?\s*\S*\s*\d.*"
    r"|(?:last )?(?:updated|refreshed|modified|stand|[ée]tat|situation)\s*(?:on|vom|per|zum|au|am|:)\s*:?\s*\S*\s*\d.*"
    r"|stand\s+\d.*|(?:accrual|cash) basis\b.*|[-–—\s]*(?:page|seite|p[áa]gina|pagina|strona)\s+\d+[-–—\s]*",
    re.IGNORECASE | re.DOTALL,
)
_TIME_ZONE = re.compile(r"\s*\(?(?:(?:GMT|UTC)\S{0,6}|Z|[A-Z]{2,5}T|Uhr)\)?\s*$")
_CLAUSE = re.compile(r"(?:copyright\s*)?(?:©|\(c\))\s|copyright\s+\d{4}|confidential information\b", re.IGNORECASE)
_LABEL = re.compile(
    r"(?:(?:report|export|file|list)\s+)?(?:generated|exported|created|printed|run)(?:\s+(?:by|on|at|from|with))?\s*:?",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    r"[(-]?\s*(?:[A-Z]{3}\s?|[€$£¥]\s?)?-?(?:0|[1-9][0-9]{0,2}(?:[.,' \u00a0\u202f][0-9]{3})+|[1-9][0-9]{0,14})?"
    r"(?:[.,][0-9]{1,4})?\)?\s?(?:[A-Z]{3}|[€$£¥%])?"
)
_UNITS = frozenset(
    """
    eur usd gbp chf € $ £ % kg mg km cm mm ml min days hours months years tage stunden monate jahre pcs stk stück units
    text string str varchar char date datetime timestamp number numeric integer int float double decimal boolean bool
    yes/no y/n url enum required optional mandatory yyyy-mm-dd dd.mm.yyyy dd/mm/yyyy mm/dd/yyyy
    """.split()  # noqa: SIM905 - a list of words reads better than seventy quotes
)
_BRACKETED = re.compile(r"\([^()@]{1,20}\)|\[[^\[\]@]{1,20}\]|<[^<>@]{1,20}>")
_RULE = re.compile(r"[-=_*+]{2,}")
_BOX_RULE = re.compile(r"\+?(?:-{3,}\+)+(?:-{3,}\+?)?")  # of a table drawn on a terminal


def footer_kind(cells: Sequence[str]) -> int:
    """Say what a row is by its cells: NO_FOOTER for all that may be somebody's row."""
    filled = [text for cell in cells if (text := cell.strip())]
    if not filled or any("@" in text for text in filled):
        return NO_FOOTER
    if len(filled) > 2 and not may_be_sum(filled[0]):
        return NO_FOOTER
    if len(filled) == 2 and _LABEL.fullmatch(filled[0]) and _NOTE.fullmatch(" ".join(filled)):
        return NOTE
    if _CLAUSE.match(filled[0]) and all(cell[:1] == " " for cell in cells[1:] if cell.strip()):
        return NOTE  # also where the commas of the sentence parted it
    if len(filled) > 1 and filled[0].lower().endswith("day") and is_lone_note(cells):
        return NOTE  # `Friday, Nov 20, 2026`, parted at its commas
    words = [text for text in filled if not _AMOUNT.fullmatch(text)]
    if len(words) != 1:
        return NO_FOOTER if words else FIGURES
    word = words[0]
    if _SUBTOTAL.fullmatch(word):
        return ANYWHERE
    if _TOTAL.fullmatch(word):
        return AT_THE_END
    if len(filled) <= 2 and _NOTE.fullmatch(word):
        return NOTE
    return NOTE if len(filled) == 1 < len(cells) and is_stamp(word) else NO_FOOTER


def is_stamp(text: str) -> bool:
    """True for nothing but a date, with or without a time and its zone, as reports put it below their last row."""
    return looks_like_date(text) or looks_like_date(_TIME_ZONE.sub("", text))


def is_lone_note(cells: Sequence[str]) -> bool:
    """True when a row shorter than the headings is a note of the report: a stamp, `Exported by Sam`, `Stand: 1.1.2026`.

    Also where its own commas parted it, which then have a space behind them. `Printed by Hand Ltd` is a customer where
    the row has all of its cells, so only short rows are to be asked about.
    """
    if "@" in "".join(cells) or not all(cell[:1] == " " for cell in cells[1:] if cell.strip()):
        return False
    text = ",".join(cells).strip(" ,")
    return is_stamp(text) or (len(text) <= 200 and _LONE_NOTE.fullmatch(text) is not None)


def is_units_line(cells: Sequence[str]) -> bool:
    """True for the line below the headings that says in what the columns are counted, or a line of dashes."""
    filled = [text for cell in cells if (text := cell.strip().casefold())]
    if len(filled) == 1 and _BOX_RULE.fullmatch(filled[0]):
        return True
    if len(cells) < 2 or not filled:
        return False
    if len(filled) > 1 and all(map(_RULE.fullmatch, filled)):
        return True
    if len(filled) == 1:
        return bool(_BRACKETED.fullmatch(filled[0])) and filled[0][1:-1] in _UNITS
    return all(text in _UNITS or _BRACKETED.fullmatch(text) for text in filled)


def lines_in_words(lines: Sequence[int]) -> str:
    """Give line numbers for a sentence: `line 7`, `lines 7-9`, `lines 7, 12 and 30`."""
    if len(lines) == 1:
        return f"line {lines[0]}"
    if len(lines) > 2 and lines[-1] - lines[0] == len(lines) - 1:
        return f"lines {lines[0]}-{lines[-1]}"
    shown = [str(line) for line in lines[:10]]
    if len(lines) > 10:
        return f"lines {', '.join(shown)} and {len(lines) - 10} more"
    return f"lines {', '.join(shown[:-1])} and {shown[-1]}"
