"""Words of customers inside HTML and Markdown: they stay words, whatever they look like."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from followup.core.visible import visible
from followup.render.html import html_element, html_lines, html_list, html_page, html_text
from followup.render.markdown import markdown_heading, markdown_quote, markdown_text
from tests.trust.naughty import NAUGHTY

HARMLESS = {"paragraph_open", "paragraph_close", "inline", "text"}
MARKUP = [
    *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</body></html>", "<!--", "-->", "]]>", "&lt;b&gt;"),
    *("[x](javascript:alert(1))", "![x](http://x.example/p.png)", "<http://x.example>", "http://x.example/?a=b&c=d"),
    *("www.x.example", "[ref]: http://x.example", "[^1]", "`code`", "``` fence", "~~~", "~~gone~~", "**bold**"),
    *("__bold__", "_it_", "# heading", "heading\n===", "heading\n---", "---", "***", "- item", "+ item", "* item"),
    *("1. item", "12) item", "> quote", "    code", "\tcode", "a  \nb", "a\\\nb", "| a | b |\n|---|---|", "a|b"),
    *("&copy;", "&#60;b&#62;", "\\", "\\*", "$x$", ":smile:", "{.class}", "{{7*7}}", "Smith & Sons", "a@b.example"),
    *('quote" onload="x', "it's", "", " ", "#", "# closed #", "===", "=", "-", "!", "![", "x <y> z"),
]
ALL = [*MARKUP, *NAUGHTY]


def tokens(markdown: str) -> list[Token]:
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    return [each for token in parser.parse(markdown) for each in (token, *(token.children or []))]


def shown(markdown: str) -> str:
    return "".join(token.content for token in tokens(markdown) if token.type == "text")


def bare(text: str) -> str:
    return visible(text).strip()


class Text(HTMLParser):
    """Reads the words and the tags of a piece of HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


def read(html: str) -> Text:
    reader = Text()
    reader.feed(html)
    reader.close()
    return reader


# Markdown


def types(markdown: str) -> set[str]:
    return {token.type for token in tokens(markdown)}


def test_words_at_the_beginning_of_a_line_of_markdown_stay_words() -> None:
    for text in ALL:
        markdown = markdown_text(text)
        assert "\n" not in markdown
        assert types(markdown) <= HARMLESS, text
        assert shown(markdown) == bare(text)


@pytest.mark.parametrize("around", ["x {} y", "- {}", "“{}”", "> {}"])
def test_words_inside_a_line_of_markdown_stay_words(around: str) -> None:
    usual = types(around.format("word"))
    for text in filter(bare, ALL):
        markdown = around.format(markdown_text(text))
        assert types(markdown) == usual, text
        assert shown(markdown) == shown(around.format("@")).replace("@", bare(text))


def test_a_quote_is_the_words_between_marks() -> None:
    for text in ALL:
        assert shown(markdown_quote(text)) == f"“{bare(text)}”"


def test_a_heading_keeps_its_words_and_its_level() -> None:
    for text in ALL:
        found = tokens(markdown_heading(2, text))
        assert [token.tag for token in found if token.type.startswith("heading")] == ["h2", "h2"]
        assert {token.type for token in found} <= {"heading_open", "heading_close", "inline", "text"}
        assert "".join(token.content for token in found if token.type == "text") == bare(text)


@given(st.text())
@example("1.")
@example("-\u200b")
@example("&amp;lt;")
def test_any_text_comes_out_of_markdown_as_it_went_in(text: str) -> None:
    assert {token.type for token in tokens(markdown_text(text))} <= HARMLESS
    assert shown(markdown_text(text)) == bare(text)


@pytest.mark.parametrize(
    "address", ["http://x.example", "https://x.example/a", "ftp://x", "www.x.example", "mailto:a@b"]
)
def test_no_dialect_makes_a_link_of_an_address(address: str) -> None:
    """Some link bare addresses by themselves: they find none to begin with."""
    assert not re.search(r"\w://|\w:[a-z]|www\.", markdown_text(address), re.IGNORECASE)


def test_plain_words_stay_readable_as_they_are() -> None:
    for text in (
        "Smith & Sons, 12-14 High St.",
        "It works. Good!",
        "50% off (really)",
        "10:30",
        "o'clock",
        "a@b.example",
    ):
        assert markdown_text(text) == text


# HTML


def test_words_in_html_stay_words() -> None:
    for text in ALL:
        for html, tags in ((html_text(text), []), (html_element("p", html_text(text)), ["p"])):
            reader = read(html)
            assert (reader.tags, reader.text) == (tags, visible(text))
        assert read(html_list([html_text(text)])).tags == ["ul", "li"]


def test_words_in_an_attribute_end_where_they_end() -> None:
    for text in ALL:
        reader = Text()
        reader.feed(f'<p title="{html_text(text)}">')
        assert reader.attributes == [("title", visible(text))]


@given(st.text())
def test_any_text_comes_out_of_html_as_it_went_in(text: str) -> None:
    assert read(html_text(text)).text == visible(text)


def test_lines_of_a_longer_text_are_kept() -> None:
    assert html_lines("a <b>\nc\r\nd") == "a &lt;b&gt;<br>\nc<br>\nd"


def test_a_page_says_its_language_and_title_and_forbids_itself_everything() -> None:
    page = html_page("A <b> & c", "<p>x</p>", lang="de")
    assert page.startswith('<!DOCTYPE html>\n<html lang="de">\n')
    assert "<title>A &lt;b&gt; &amp; c</title>" in page
    assert "default-src &#x27;none&#x27;" in page
    assert "@media print" in page
    assert set(read(page).tags) == {"html", "head", "meta", "title", "style", "body", "p"}
    assert not re.search(r"https?:|//|url\(|@import|script", page)


def test_a_list_without_items_is_nothing() -> None:
    assert html_list([]) == ""
