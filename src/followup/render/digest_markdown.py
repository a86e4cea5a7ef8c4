"""The digest as Markdown: for a note, a wiki, a chat that understands it."""

from __future__ import annotations

from followup.actions.reminded import Digest
from followup.core.visible import visible
from followup.render.digest import CLOSING, Card, Fact, cards, digest_summary, long_day
from followup.render.markdown import markdown_heading, markdown_quote, markdown_text


def digest_markdown(digest: Digest) -> str:
    """The digest as Markdown in which the words of customers are never markup."""
    full, brief = cards(digest)
    blocks = [markdown_heading(1, f"followup, {long_day(digest.today)}"), f"{digest_summary(digest)}."]
    for card in full:
        blocks += [markdown_heading(2, f"{card.number} {card.title}"), markdown_text(card.what)]
        blocks.append("\n".join(line for fact in card.facts for line in _fact(fact)))
    if brief:
        blocks += [markdown_heading(2, "Then"), "\n".join(map(_line, brief))]
    blocks += [f"Note: {markdown_text(notice)}" for notice in digest.notices]
    return "\n\n".join([*blocks, CLOSING]) + "\n"


def _fact(fact: Fact) -> list[str]:
    texts = [_text(text, fact) for text in fact.texts if text.strip()]
    if fact.kind != "list":
        return [f"- **{fact.label}:** {text}" for text in texts]
    return [f"- **{fact.label}:**", *(f"  - {text}" for text in texts)]


def _text(text: str, fact: Fact) -> str:
    if fact.kind == "command":
        return f"`{visible(text)}`"  # ours: no backtick in it
    return markdown_quote(text) if fact.kind == "quote" else markdown_text(text)


def _line(card: Card) -> str:
    return f"- **{card.number}** {markdown_text(card.title)}: {markdown_text(card.what)}"
