"""Every address that the desk answers."""

import re

from django.urls import URLPattern


def paths(patterns, prefix=""):
    for pattern in patterns:
        part = str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield prefix + part
        else:
            yield from paths(pattern.url_patterns, prefix + part)


def as_address(pattern):
    """Fill a pattern's arguments with something that fits."""
    plain = re.sub(r"<(int:)?[a-z_]*(id|pk)[a-z_]*>", "1", pattern)
    plain = re.sub(r"<[^>]+>", "a", plain)
    plain = re.sub(r"\(\?P<\w+>[^)]*\)|\(.*?\)", "a", plain)
    return "/" + plain.replace("^", "").replace("$", "").replace("\\", "").replace(".*", "")
