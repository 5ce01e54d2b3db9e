"""Every link of an edition, followed."""

from collections.abc import Mapping
from functools import lru_cache
from html.parser import HTMLParser
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urlsplit


class _Addresses(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []
        self.ids = {"top"}

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name == "id":
                self.ids.add(value)
            if name in ("href", "src") and value:
                self.found.append(value)
            if name == "srcset" and value:
                self.found += [one.split()[0] for one in value.split(",")]


def dead_ends(files: Mapping[str, bytes], origin: str) -> list[str]:
    """Return every link of an edition that leads to nothing in it, as "page -> link".

    A link to a part of a page (#part) leads to nothing where no element there bears its id.
    """
    pages = {path: _read(raw) for path, raw in files.items() if path.endswith(".html")}
    return [
        f"{path} -> {link}"
        for path, page in pages.items()
        for link in page.found
        if _is_dead(path, link.removeprefix(origin), files, pages)
    ]


def links_of(path: str, raw: bytes) -> list[str]:
    """Return the paths of the edition that a page leads to; `path` may be that of a folder."""
    page = f"{path}index.html" if not path or path.endswith("/") else path
    found = (_target(page, link) for link in _read(raw).found)
    return sorted({target for target in found if target})


@lru_cache(1000)
def _read(raw: bytes) -> _Addresses:
    """Stories look at an edition again and again, of which few pages have changed."""
    parser = _Addresses()
    parser.feed(raw.decode())
    return parser


def _is_dead(
    path: str, link: str, files: Mapping[str, bytes], pages: Mapping[str, _Addresses]
) -> bool:
    target, part = _target(path, link), unquote(urlsplit(link).fragment)
    if target is None:
        return link.startswith("#") and part not in pages[path].ids
    if target not in files:
        return True
    return bool(part) and target in pages and part not in pages[target].ids


def _target(path: str, link: str) -> str | None:
    parts = urlsplit(link)
    if parts.scheme or parts.netloc or not parts.path:
        return None
    way = unquote(parts.path)
    target = way.lstrip("/") if way.startswith("/") else normpath(join(dirname(path), way))
    return join(target, "index.html") if way.endswith("/") else target
