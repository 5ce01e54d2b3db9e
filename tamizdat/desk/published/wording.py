"""The words of an article as plain text, for the search: nothing that its page does not show.

Only html with tags that no page of ours shows goes through the cleaning, which is slower.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from html import unescape
from typing import Any

from tamizdat.desk import cleaning

_TAG = re.compile(
    r"</?(?P<name>a|b|strong|i|em|br|sub|sup|code|small|p|ul|ol|li)"
    r"(?:\s+[\w-]+=\"[^\"<>]*\")*\s*/?>",
    re.IGNORECASE,
)
_PARTS = frozenset({"p", "ul", "ol", "li", "br"})  # tags that part words


def wording(raw: Iterable[Any]) -> str:
    """Return all words of a body's stored blocks."""
    known = (block for block in raw if block["type"] in _SAID)
    return "\n".join(said for block in known for said in _SAID[block["type"]](block["value"]))


def _of_quote(value: Any) -> Iterator[str]:
    yield from (cleaning.text(value.get(name)) for name in ("text", "attribution"))


def _of_facts(value: Any) -> Iterator[str]:
    yield cleaning.line(value.get("title"))
    yield _plain(value["html"])


def _of_list(value: Any) -> Iterator[str]:
    for one in value.get("items") or []:
        yield _plain(one["value"] if isinstance(one, dict) else one)


def _of_table(value: Any) -> Iterator[str]:
    if not value:
        return
    yield cleaning.line(value.get("caption"))
    yield from (cleaning.line(column.get("heading")) for column in value.get("columns") or [])
    for row in value.get("rows") or []:
        yield from (cleaning.line(cell) for cell in row["values"])


def _plain(html: str) -> str:
    """Return html without its tags; what is unusual in it (a comment, a script) is cleaned away."""
    bare = _TAG.sub(_gap, html)
    if "<" in bare:
        bare = _TAG.sub(_gap, cleaning.html(html, lambda _page: None))
    return cleaning.text(unescape(bare))


def _gap(tag: re.Match[str]) -> str:
    return " " if tag["name"].lower() in _PARTS else ""


_SAID: dict[str, Callable[[Any], Iterable[str]]] = {
    "text": lambda value: (_plain(value),),
    "heading": lambda value: (cleaning.line(value),),
    "picture": lambda value: (cleaning.line(value.get("caption")),),
    "embed": lambda value: (cleaning.line(value.get("title")),),
    "quote": _of_quote,
    "facts": _of_facts,
    "list": _of_list,
    "table": _of_table,
}
