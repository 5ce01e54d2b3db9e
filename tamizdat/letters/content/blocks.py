"""An article's blocks in a letter: as HTML of few, plain elements, and as text.

Letters load nothing, so pictures become their captions.
"""

import re
from collections.abc import Callable
from html import escape
from typing import Any

from tamizdat.desk.published import (
    Block,
    Embed,
    Facts,
    Figure,
    Heading,
    Items,
    Quote,
    Table,
    Text,
)

_OWN = re.compile(r'href="((?:article|plain):\d+)"')

#: Makes a whole address of "article:12"; "" where it is not published.
Link = Callable[[str], str]


def html_of(block: Block, link: Link) -> str:
    """Return a block as HTML, its own links made whole."""
    made: str = _MAKERS[type(block)](block)
    return _OWN.sub(
        lambda found: f'href="{escape(link(found[1]))}"' if link(found[1]) else "", made
    )


def _text(block: Text) -> str:
    return block.html


def _heading(block: Heading) -> str:
    return f"<h3>{escape(block.text)}</h3>"


def _figure(block: Figure) -> str:
    words = block.use.caption or block.use.alt
    return f'<p class="small">[{escape(words)}]</p>' if words else ""


def _quote(block: Quote) -> str:
    who = f"<br>— {escape(block.attribution)}" if block.attribution else ""
    return f"<blockquote><p>{escape(block.text)}{who}</p></blockquote>"


def _items(block: Items) -> str:
    name = "ol" if block.ordered else "ul"
    return f"<{name}>{''.join(f'<li>{item}</li>' for item in block.items)}</{name}>"


def _facts(block: Facts) -> str:
    return f"<h3>{escape(block.title)}</h3>{block.html}"


def _table(block: Table) -> str:
    """Return a table as a list of rows: few mail programs can show one on a telephone."""
    rows = [
        "<br>".join(
            f"{escape(name)}: {escape(cell)}" if name else escape(cell)
            for name, cell in zip(block.header or ("",) * len(row), row, strict=False)
        )
        for row in block.rows
    ]
    return f"<h3>{escape(block.caption)}</h3>" + "".join(f"<p>{row}</p>" for row in rows)


def _embed(block: Embed) -> str:
    words = escape(f"{block.title} ({block.provider})")
    return f'<p><a href="{escape(block.address)}">{words}</a></p>'


_MAKERS: dict[type[Any], Callable[[Any], str]] = {
    Text: _text,
    Heading: _heading,
    Figure: _figure,
    Quote: _quote,
    Items: _items,
    Facts: _facts,
    Table: _table,
    Embed: _embed,
}
