"""Addresses found in old texts: which may stand in ours, and where they led on the old site."""

import re
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

_BLANKS = re.compile(r"[\x00-\x20\x7f\u00a0\u200b-\u200f\u202a-\u202e\u2066-\u2069]+")
_LONGEST = 2000


def whole(address: str, base: str) -> str:
    """Return the absolute http, https or mailto address meant, "" for any other and for none."""
    bare = _BLANKS.sub("", address)
    try:
        joined = urljoin(f"{base}/", bare) if bare else ""
        parts = urlsplit(joined)
        reachable = bool(parts.hostname) and parts.port is not False
    except ValueError:
        return ""
    if parts.scheme == "mailto" and re.fullmatch(r"[^@/?]+@[^@/?]+(\?.*)?", parts.path):
        return joined
    if parts.scheme not in ("http", "https") or not reachable or len(joined) > _LONGEST:
        return ""
    return "" if parts.username or parts.password else joined


def same_page(address: str) -> str:
    """Return what an address says about which page it leads to, without how it gets there.

    Old sites moved from http to https and dropped their "www." without touching old texts.
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    query = f"?{parts.query}" if re.fullmatch(r"(p|page_id|attachment_id)=\d+", parts.query) else ""
    return f"{_host(parts)}{unquote(parts.path).rstrip('/').lower()}{query}"


def host(address: str) -> str:
    """Return an address's host without "www.", "" if it has none."""
    try:
        return _host(urlsplit(address))
    except ValueError:
        return ""


def _host(parts: SplitResult) -> str:
    return (parts.hostname or "").removeprefix("www.")
