"""Lead old links to the pages that the old ones became."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

from tamizdat.desk.importing.html.pieces import Piece
from tamizdat.desk.published.values import Facts, Items, Text

_LINK = re.compile(r'<a href="([^"]*)">')

Resolve = Callable[[str], int | None]


def addresses(body: tuple[Any, ...]) -> Iterator[str]:
    """Yield the addresses that a draft's body links to."""
    for piece in body:
        for html in _htmls(piece):
            yield from (unescape(found) for found in _LINK.findall(html))


def relink(value: Any, resolve: Resolve) -> Any:
    """Return stored blocks with links to own pages where `resolve` knows the page of an address."""
    if isinstance(value, str):
        return _LINK.sub(lambda found: _link(found, resolve), value)
    if isinstance(value, list):
        return [relink(one, resolve) for one in value]
    if isinstance(value, dict):
        return {name: relink(one, resolve) for name, one in value.items()}
    return value


def _link(found: re.Match[str], resolve: Resolve) -> str:
    page = resolve(unescape(found[1]))
    return found[0] if page is None else f'<a linktype="page" id="{page}">'


def _htmls(piece: Piece) -> tuple[str, ...]:
    match piece:
        case Text(html) | Facts(_, html):
            return (html,)
        case Items(items):
            return items
        case _:
            return ()
