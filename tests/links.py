"""Every link of an edition, followed."""

from collections.abc import Mapping
from html.parser import HTMLParser
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urlsplit


class _Addresses(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name in ("href", "src") and value:
                self.found.append(value)
            if name == "srcset" and value:
                self.found += [one.split()[0] for one in value.split(",")]


def dead_ends(files: Mapping[str, bytes], origin: str) -> list[str]:
    """Return every link of an edition that leads to nothing in it, as "page -> link"."""
    dead = []
    for path, raw in files.items():
        if not path.endswith(".html"):
            continue
        parser = _Addresses()
        parser.feed(raw.decode())
        for link in parser.found:
            target = _target(path, link.removeprefix(origin))
            if target is not None and target not in files:
                dead.append(f"{path} -> {link}")
    return dead


def _target(path: str, link: str) -> str | None:
    parts = urlsplit(link)
    if parts.scheme or parts.netloc or not parts.path:
        return None
    way = unquote(parts.path)
    target = way.lstrip("/") if way.startswith("/") else normpath(join(dirname(path), way))
    return join(target, "index.html") if way.endswith("/") else target
