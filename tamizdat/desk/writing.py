"""Body blocks as plain data, for whoever writes articles without the desk's forms.

`ArticlePage(body=[text("<p>…</p>"), heading("…")])`. Links to own pages are
`<a linktype="page" id="12">`; everything is cleaned when it is read.
"""

from collections.abc import Sequence
from typing import Any

Raw = dict[str, Any]


def text(html: str) -> Raw:
    return {"type": "text", "value": html}


def heading(words: str) -> Raw:
    return {"type": "heading", "value": words}


def picture(picture_id: int, caption: str, alt: str) -> Raw:
    return {"type": "picture", "value": {"picture": picture_id, "caption": caption, "alt": alt}}


def quote(words: str, attribution: str = "") -> Raw:
    return {"type": "quote", "value": {"text": words, "attribution": attribution}}


def items(html: Sequence[str], *, ordered: bool = False) -> Raw:
    """Return a list; each item is inline html."""
    return {"type": "list", "value": {"ordered": ordered, "items": list(html)}}


def facts(title: str, html: str) -> Raw:
    return {"type": "facts", "value": {"title": title, "html": html}}


def table(caption: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Raw:
    return {
        "type": "table",
        "value": {
            "caption": caption,
            "columns": [{"type": "text", "heading": words} for words in header],
            "rows": [{"values": list(row)} for row in rows],
        },
    }


def embed(address: str, title: str, provider: str = "", still: Raw | None = None) -> Raw:
    """Return a link to something that plays elsewhere; `still` is what `picture` returns."""
    shown = still["value"] if still else {"picture": None, "caption": "", "alt": ""}
    return {
        "type": "embed",
        "value": {
            "address": address,
            "title": title,
            "provider": provider,
            "still": shown["picture"],
            "caption": shown["caption"],
            "alt": shown["alt"],
        },
    }
