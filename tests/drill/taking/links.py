"""Open what looks like a letter's own link: `letters.key` lies on the machine, and opens it."""

import re
from collections.abc import Iterator
from pathlib import Path

from tamizdat.readers.keys import letters_key
from tamizdat.readers.sealing.opening import OpeningError, open_link

_LINK = re.compile(rb"[a-z2-7]{36,240}")


def opened(raw: bytes, copy: Path) -> Iterator[str]:
    """Yield the addresses of the links in these bytes, as a log or a browser's history has them."""
    texts = {found[0].decode() for found in _LINK.finditer(raw)}
    yield from filter(None, (address_in(text, copy) for text in texts))


def address_in(text: str, copy: Path) -> str | None:
    """Return the address in a link; None if it is none of ours."""
    try:
        return open_link(text, letters_key(next(copy.rglob("letters.key")).parent))
    except OpeningError:
        return None
