"""What an article says, for whoever compares articles: plain words, roughly, and quickly."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

from tamizdat.desk.published import rows
from tamizdat.lib.batches import batches

AT_ONCE = 200  # rows of one query
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Gist:
    """A published article's words. They are not clean: compare them, never show them."""

    id: int
    headline: str
    text: str


def gists(ids: Iterable[int], length: int) -> Iterator[Gist]:
    """Yield those of these articles that are published, each with its text's beginning.

    Args:
        ids: Of the articles.
        length: Characters after which no further block is read.
    """
    listed = list(dict.fromkeys(ids))
    for some in batches(listed, AT_ONCE):
        found = rows.published().filter(pk__in=some)
        for pk, title, standfirst, body in found.values_list("pk", "title", "standfirst", "body"):
            yield Gist(pk, title, _beginning(standfirst, body.raw_data, length))


def _beginning(standfirst: str, raw: Iterable[Any], length: int) -> str:
    """Return the same; of a body that nobody can read, nothing: it holds up no other article."""
    try:
        return beginning(standfirst, raw, length)
    except (AttributeError, KeyError, TypeError, ValueError):
        return standfirst


def beginning(standfirst: str, raw: Iterable[Any], length: int) -> str:
    """Return the words of a standfirst and of the stored blocks after it."""
    said, total = [standfirst], len(standfirst)
    for block in raw:
        for html in _said(block["type"], block["value"]):
            said.append(bare(html))
            total += len(said[-1])
        if total >= length:
            break
    return "\n".join(said)


def bare(html: str) -> str:
    """Return html without its tags."""
    words = _TAG.sub(" ", html)
    return unescape(words) if "&" in words else words


def _said(kind: str, value: Any) -> list[str]:
    if kind in ("text", "heading"):
        return [value or ""]
    if kind == "quote":
        return [value.get("text") or ""]
    if kind == "facts":
        return [value.get("html") or ""]
    if kind == "list":
        listed = value.get("items") or []
        return [one["value"] if isinstance(one, dict) else one for one in listed]
    return []
