"""The digest as HTML for a mail program: one column, styles at the elements, nothing loaded from anywhere.

It sets no background and no colour of text, so that it is as readable in the dark as in the light: emphasis comes from
weight and from lines whose colour shows on both.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from followup.actions.reminded import Digest
from followup.render.digest import CLOSING, Card, Fact, cards, digest_summary, long_day
from followup.render.html import html_page, html_text

_PAGE = """\
:root { color-scheme: light dark; supported-color-schemes: light dark; }
body { margin: 0; padding: 12px; overflow-wrap: anywhere; }
"""
_BODY = "max-width:600px;margin:0 auto;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif"
_H1 = "font-size:20px;line-height:1.3;margin:0 0 4px"
_H2 = "font-size:17px;line-height:1.3;margin:0"
_CARD = "margin:20px 0;padding:2px 0 2px 12px;border-left:4px solid {}"
_LATE, _DUE = "#d9660d", "#3f83c4"  # both show on white and on black
_LINE = "margin:4px 0"
_WHAT = "margin:0 0 8px;opacity:.75"
_LIST = "margin:2px 0;padding-left:20px"
_CODE = "font-family:ui-monospace,Menlo,Consolas,monospace;font-size:14px"
_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+")
_FEWEST_DIGITS = 3


def digest_html(digest: Digest) -> str:
    """The digest as a whole HTML page. Phone numbers and addresses can be tapped."""
    full, brief = cards(digest)
    day = long_day(digest.today)
    blocks = [_tag("h1", html_text(day), _H1), _tag("p", html_text(f"{digest_summary(digest)}."), _LINE)]
    blocks += map(_card, full)
    if brief:
        blocks += [_tag("h2", "Then", _H2), _tag("ul", "\n".join(map(_line, brief)), _LIST)]
    blocks += [_tag("p", f"Note: {html_text(notice)}", _LINE) for notice in digest.notices]
    blocks.append(_tag("p", html_text(CLOSING), f"{_LINE};opacity:.75"))
    return html_page(f"followup, {day}", _tag("div", "\n".join(blocks), _BODY), style=_PAGE)


def _tag(tag: str, content: str, style: str) -> str:
    """An element with a style of ours; `content` is HTML already."""
    return f'<{tag} style="{html_text(style)}">{content}</{tag}>'


def _card(card: Card) -> str:
    lines = [_tag("h2", f"{html_text(card.number)}&nbsp; {html_text(card.title)}", _H2)]
    lines.append(_tag("p", html_text(card.what), _WHAT))
    lines += [_fact(fact) for fact in card.facts]
    return _tag("div", "\n".join(lines), _CARD.format(_LATE if card.late else _DUE))


def _fact(fact: Fact) -> str:
    texts = [_text(text, fact) for text in fact.texts if text]
    label = f"<b>{html_text(fact.label)}:</b>"
    if fact.kind != "list":
        return "\n".join(_tag("p", f"{label} {text}", _LINE) for text in texts)
    items = "\n".join(f"<li>{text}</li>" for text in texts)
    return f"{_tag('p', label, _LINE)}\n{_tag('ul', items, _LIST)}"


def _text(text: str, fact: Fact) -> str:
    shown = html_text(text)
    match fact.kind:
        case "command":
            return _tag("code", shown, _CODE)
        case "quote":
            return f"&ldquo;{shown}&rdquo;"
        case "phone":
            digits = re.sub(r"[^0-9]", "", text) if text.isascii() else ""
            number = f"{'+' if text.strip().startswith('+') else ''}{digits}"
            return f'<a href="tel:{number}">{shown}</a>' if len(digits) >= _FEWEST_DIGITS else shown
        case "email":
            # anything but a plain address stays text: no link carries a subject or a second recipient
            if _ADDRESS.fullmatch(text):
                return f'<a href="mailto:{html_text(quote(text, safe="@"))}">{shown}</a>'
            return shown
    return shown


def _line(card: Card) -> str:
    return f"<li><b>{html_text(card.number)}</b> {html_text(card.title)}: {html_text(card.what)}</li>"
