"""An article as feeds carry it: whole, in plain HTML, with whole addresses.

Many readers behind a blockade get us through a feed reader's server, so the feed holds the
text and not only the headline.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup, escape

from tamizdat.desk.published import Article
from tamizdat.press.pages import blocks
from tamizdat.press.pages.blocks import Block
from tamizdat.press.pages.context import RenderContext
from tamizdat.press.pages.images import TEXT, Image, image
from tamizdat.press.pages.links import Links

# XML 1.0, section 2.2: what may not stand in a document even as a reference.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One article of a feed. `html` is clean; all text is free of what XML forbids."""

    address: str
    title: str
    summary: str
    html: str
    published: datetime
    updated: datetime
    names: tuple[str, ...]
    tags: tuple[str, ...]
    image: str


def entry(run: RenderContext, article: Article, links: Links) -> Entry:
    """Return an article as an entry of a feed; `links` must make whole addresses."""
    card = article.card
    lead = image(card.lead, links, TEXT) if card.lead else None
    section = (card.section.name,) if card.section else ()
    return Entry(
        address=run.address(card.path),
        title=legal(card.headline),
        summary=legal(card.standfirst),
        html=legal("\n".join(_html(article, lead, links))),
        published=card.published,
        updated=article.updated or card.published,
        names=tuple(legal(name) for name in card.names),
        tags=tuple(legal(tag) for tag in (*section, *(topic.name for topic in article.topics))),
        image=lead.src if lead else "",
    )


def legal(text: str) -> str:
    """Return a text without the characters that XML forbids."""
    return _FORBIDDEN.sub("", text)


def _html(article: Article, lead: Image | None, links: Links) -> list[str]:
    said = [f"<p><strong>{escape(article.card.standfirst)}</strong></p>"]
    said += [_figure(lead)] if lead else []
    said += [_block(block) for block in blocks.body(article.body, links)]
    said += [
        f"<p><em>{fix.at:%Y-%m-%d}: {escape(fix.text)}</em></p>" for fix in article.corrections
    ]
    return said


def _block(block: Block) -> str:
    match block:
        case blocks.Heading():
            return f"<h2>{escape(block.text)}</h2>"
        case blocks.Figure():
            return _figure(block.image)
        case blocks.Embed():
            return f'<p><a href="{escape(block.address)}">{escape(block.title)}</a></p>'
        case _:
            return _words(block)


def _words(block: blocks.Text | blocks.Quote | blocks.Items | blocks.Facts | blocks.Table) -> str:
    match block:
        case blocks.Text():
            return block.html
        case blocks.Quote():
            by = f"<p>{escape(block.attribution)}</p>" if block.attribution else ""
            return f"<blockquote><p>{escape(block.text)}</p>{by}</blockquote>"
        case blocks.Items():
            tag = "ol" if block.ordered else "ul"
            return f"<{tag}>{''.join(f'<li>{item}</li>' for item in block.items)}</{tag}>"
        case blocks.Facts():
            return f"<h3>{escape(block.title)}</h3>{block.html}"
        case blocks.Table():
            return _table(block)


def _figure(shown: Image) -> str:
    words = " ".join(escape(part) for part in (shown.caption, shown.credit) if part)
    return (
        f'<figure><img src="{escape(shown.src)}" alt="{escape(shown.alt)}" '
        f'width="{shown.width}" height="{shown.height}"><figcaption>{words}</figcaption></figure>'
    )


def _table(table: blocks.Table) -> str:
    head = "".join(f"<th>{escape(cell)}</th>" for cell in table.header)
    rows = "".join(
        f"<tr>{Markup().join(Markup('<td>{}</td>').format(cell) for cell in row)}</tr>"
        for row in table.rows
    )
    return f"<table><caption>{escape(table.caption)}</caption><tr>{head}</tr>{rows}</table>"
