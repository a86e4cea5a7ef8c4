"""HTML that a file or a mail carries alone: no script, nothing loaded from elsewhere, every text escaped."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from followup.core.visible import visible, visible_lines

STYLE = """\
body { margin: 2rem auto; max-width: 46rem; padding: 0 1rem; background: #fff; color: #1a1a1a;
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1, h2, h3 { line-height: 1.25; margin: 1.5em 0 .4em; }
h1 { font-size: 1.6rem; margin-top: 0; }
h2 { font-size: 1.25rem; border-bottom: 1px solid #bbb; }
h3 { font-size: 1rem; }
ul { margin: .3em 0; padding-left: 1.2rem; }
li { margin: .2em 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15em 1rem; margin: .3em 0; }
dt { color: #555; }
dd { margin: 0; }
table { border-collapse: collapse; margin: .3em 0; }
th, td { text-align: left; vertical-align: top; padding: .2em .8em .2em 0; }
footer, .aside { color: #555; font-size: .9rem; }
@media print {
  body { margin: 0; max-width: none; font-size: 11pt; }
  h1, h2, h3 { break-after: avoid; }
  li, dd, tr { break-inside: avoid; }
}
"""
"""Dark on light, narrow enough to read, and fit to be printed."""

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def html_text(text: str) -> str:
    """Text as one line of HTML that shows exactly that text, in an element or in a quoted attribute.

    What a reader could not see, or what would turn the line around, is an escape (see `core/visible`).
    """
    return escape(visible(text), quote=True)


def html_lines(text: str) -> str:
    """A longer text as HTML, its line ends kept as `<br>`."""
    return "<br>\n".join(escape(line, quote=True) for line in visible_lines(text))


def html_element(tag: str, content: str, *, css: str = "") -> str:
    """`<tag>content</tag>`; `content` is HTML already, `css` a class of ours."""
    kind = f' class="{css}"' if css else ""
    return f"<{tag}{kind}>{content}</{tag}>"


def html_list(items: Iterable[str]) -> str:
    """An unordered list of items that are HTML already; '' when there are none."""
    lines = "\n".join(html_element("li", item) for item in items)
    return f"<ul>\n{lines}\n</ul>" if lines else ""


def html_page(title: str, body: str, *, lang: str = "en", style: str = STYLE) -> str:
    """A whole page in one piece. `title` is plain text, `body` is HTML already, `style` is CSS of ours.

    The page forbids itself scripts, and anything that would be loaded or sent.
    """
    return f"""\
<!DOCTYPE html>
<html lang="{html_text(lang)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{html_text(_POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{html_text(title)}</title>
<style>
{style}</style>
</head>
<body>
{body}
</body>
</html>
"""
