"""Take WordPress's block comments off a text: what they wrap is HTML already.

`<!-- wp:image {"id":7} --><figure>…</figure><!-- /wp:image -->` leaves the figure. Blocks
that WordPress would only fill when it serves the page (`<!-- wp:latest-posts /-->`) have
nothing to carry, which is noted.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tamizdat.desk.importing.html.pieces import Notes
from tamizdat.lib.whole_letters import whole

_BLOCK = re.compile(r"\s*(/)?wp:([a-z][a-z0-9_/-]*)\s*(\{.*\})?\s*(/)?\s*", re.DOTALL)
_LOOKS_ONLY = frozenset({"spacer", "separator", "more", "nextpage", "html", "shortcode", "missing"})
_FILLED_HERE = frozenset({"post-title", "post-date", "post-excerpt", "post-featured-image"})


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a text. In a classic one, an empty line parts paragraphs."""

    html: str
    classic: bool


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    name: str
    attributes: Mapping[str, object]
    turn: int  # 1 opens, -1 closes, 0 does both


def stretches(content: str, notes: Notes) -> list[Stretch]:
    """Return the content without block comments, parted where it was not written in blocks."""
    found: list[Stretch] = []
    inside: list[str] = []
    depth = at = 0
    for mark in _marks(content):
        between = content[at : mark.start]
        at = mark.end
        if depth:
            inside.append(between)
        else:
            found.append(Stretch(between, classic=True))
        inside.append(_instead_of(mark, notes))
        depth = max(0, depth + mark.turn)
        if not depth:
            found.append(Stretch("".join(inside), classic=False))
            inside = []
    found.append(Stretch("".join(inside), classic=False))
    found.append(Stretch(content[at:], classic=not depth))
    return [stretch for stretch in found if stretch.html.strip()]


def _marks(content: str) -> Iterator[_Mark]:
    start = content.find("<!--")
    while start >= 0:
        end = content.find("-->", start)
        if end < 0:
            return
        found = _BLOCK.fullmatch(content, start + 4, end)
        if found:
            closes, name, attributes, void = found.groups()
            turn = -1 if closes else 0 if void else 1
            yield _Mark(start, end + 3, name, _attributes(attributes), turn)
        start = content.find("<!--", end)


def _attributes(raw: str | None) -> Mapping[str, object]:
    try:
        said = whole(json.loads(raw or "{}"))
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _instead_of(mark: _Mark, notes: Notes) -> str:
    """Return the HTML that stands for a comment; only embeds of old need some."""
    name = mark.name.removeprefix("core/")
    if mark.turn or name in _LOOKS_ONLY or name in _FILLED_HERE:
        return ""
    if (name == "embed" or name.startswith("core-embed/")) and mark.attributes.get("url"):
        return f"<p>{str(mark.attributes['url']).replace('<', '').replace('&', '&amp;')}</p>"
    notes.leave_out(f"block “{name}”: WordPress fills it on its own pages, it holds no text")
    return ""
