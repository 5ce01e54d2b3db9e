"""The media type of a file of the edition, by its name alone."""

TYPES = {
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "xml": "application/xml",
    "txt": "text/plain; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "avif": "image/avif",
    "webp": "image/webp",
    "jpg": "image/jpeg",
    "png": "image/png",
    "ico": "image/x-icon",
    "epub": "application/epub+zip",
    "zim": "application/x-zim",
    "ics": "text/calendar; charset=utf-8",
    "eml": "message/rfc822",
}
FEED_TYPES = {
    "feed.rss.xml": "application/rss+xml; charset=utf-8",
    "feed.atom.xml": "application/atom+xml; charset=utf-8",
    "feed.json": "application/feed+json",
}
COMPRESSED = frozenset({"html", "json", "xml", "txt", "css", "js", "svg", "ics"})


def type_of(path: str) -> str:
    """Return the media type of a file."""
    name = path.rsplit("/", 1)[-1]
    return FEED_TYPES.get(name) or TYPES.get(_ending(name), "application/octet-stream")


def compressible(path: str) -> bool:
    """Say whether a file of this name gets smaller by packing."""
    return _ending(path) in COMPRESSED


def _ending(path: str) -> str:
    return path.rsplit(".", 1)[-1]
