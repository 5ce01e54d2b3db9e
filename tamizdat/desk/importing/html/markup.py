"""Parse HTML as browsers do, drop what could do harm, and write what may stand in a paragraph."""

import html
import re
from collections.abc import Mapping

import nh3
from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from tamizdat.desk.importing.addresses import whole
from tamizdat.desk.importing.html.pieces import Notes

MOST_TAGS = 20_000  # deep nesting costs the parser its square: 20,000 levels take a second
DEEPEST = 50

_ACTIVE = {
    "script": "script",
    "form": "form",
    "svg": "drawing (svg)",
    "math": "formula (MathML)",
    "canvas": "canvas",
    "applet": "applet",
}
_ACTIVE_TAG = re.compile(rf"<\s*({'|'.join(_ACTIVE)})\b", re.IGNORECASE)
_GONE = {"script", "style", "svg", "math", "select", "textarea", "template", "title", "noscript"}
_INLINE = frozenset(
    re.findall(
        r"\w+",
        """a abbr acronym b bdi bdo big cite code del dfn em font i ins kbd label mark q s samp
        small span strike strong sub sup time tt u var""",
    )
)
_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        """address article aside audio blockquote button caption center col colgroup dd details div
        dl dt embed fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr iframe img
        legend li main nav object ol p picture pre section source summary table tbody td tfoot th
        thead tr ul video""",
    )
)
_ATTRIBUTES = {
    "*": {"class"},
    "a": {"href"},
    "img": {"src", "alt", "title", "width", "height", "data-src", "data-id"},
    "figure": {"data-gallery"},
    "iframe": {"src", "title"},
    "embed": {"src"},
    "object": {"data"},
    "audio": {"src"},
    "video": {"src"},
    "source": {"src"},
    "td": {"colspan"},
    "th": {"colspan"},
}
_WRITTEN: Mapping[str, str] = {
    **dict.fromkeys(("b", "strong"), "strong"),
    **dict.fromkeys(("i", "em", "cite", "dfn"), "em"),
    **dict.fromkeys(("code", "kbd", "samp", "tt", "var"), "code"),
    **{name: name for name in ("sub", "sup")},
}


def parse(source: str, notes: Notes) -> BeautifulSoup:
    """Return the tree of what a browser would make of the source, without anything active."""
    for found in {tag.lower() for tag in _ACTIVE_TAG.findall(source)}:
        notes.leave_out(f"{_ACTIVE[found]}: nothing active is carried")
    if source.count("<") > MOST_TAGS:
        notes.leave_out("markup: more than 20,000 tags; only the words were kept")
        source = html.escape(re.sub(r"<[^<>]*>", " ", source))
    clean = nh3.clean(
        source,
        tags=set(_INLINE | _BLOCKS | {"br"}),
        clean_content_tags=_GONE,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "data"},
        link_rel=None,
    )
    # Within an element, for else the parser warns of texts that look like a file or an address.
    return BeautifulSoup(f"<div>{clean}</div>", "html.parser")


def plain(source: str) -> str:
    """Return the words of some HTML in one line."""
    return words(parse(source, Notes()))


def words(node: Tag) -> str:
    """Return the words in a node in one line."""
    return " ".join(node.get_text(" " if node.find("br") else "").split())


def has_blocks(node: Tag) -> bool:
    return node.find(lambda tag: tag.name in _BLOCKS) is not None


def is_inline(node: Tag) -> bool:
    """Return whether a node may stand inside a paragraph, with all that is in it."""
    return node.name == "br" or (node.name in _INLINE and not has_blocks(node))


def image_words(node: Tag) -> str:
    """Return the letter that a picture of a smiling face stands for, "" for other pictures."""
    kinds = classes(node)
    return attribute(node, "alt") if {"emoji", "wp-smiley"} & set(kinds) else ""


def classes(node: Tag) -> tuple[str, ...]:
    return tuple(attribute(node, "class").split())


def attribute(node: Tag, name: str) -> str:
    """Return an attribute's text, "" if there is none."""
    value = node.get(name) or ""
    return value if isinstance(value, str) else " ".join(value)


class Inline:
    """Writes runs of text as clean HTML. `base` is where relative links started."""

    def __init__(self, base: str, notes: Notes) -> None:
        self._base = base
        self._notes = notes

    def html(self, node: Tag | NavigableString, depth: int = 0) -> str:
        """Return a node as clean inline HTML; line ends in the source stay as they are."""
        if not isinstance(node, Tag):
            return html.escape(str(node), quote=False)
        if node.name == "br":
            return "<br>"
        if depth > DEEPEST:
            return html.escape(words(node), quote=False)
        inner = "".join(
            self.html(child, depth + 1)
            for child in node.children
            if isinstance(child, Tag | NavigableString)
        )
        return self._wrapped(node, inner)

    def _wrapped(self, node: Tag, inner: str) -> str:
        if not inner.strip():
            return inner and " "
        if node.name == "a":
            return self._link(node, inner)
        if node.name == "q":
            return f"“{inner}”"
        if node.name in ("del", "s", "strike"):
            self._notes.adjust("struck-out words were kept, without the line through them")
        name = _WRITTEN.get(node.name)
        return f"<{name}>{inner}</{name}>" if name else inner

    def _link(self, node: Tag, inner: str) -> str:
        href = attribute(node, "href").strip()
        if not href or href.startswith("#"):
            return inner
        address = whole(href, self._base)
        if not address:
            self._notes.adjust("a link that leads nowhere safe was turned into text")
            return inner
        return f'<a href="{html.escape(address)}">{inner}</a>'
