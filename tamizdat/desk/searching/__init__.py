"""The desk's search, over an archive of any size: Wagtail's own, without what grows with it.

Wagtail's search on SQLite ranks every match by a query of its own over all matches, so a common
word in a hundred thousand articles never answers; and on both databases it reads the whole index
at every save, to know how long titles are on average. Here what is found on SQLite comes newest
first, which is what a desk looks for anyhow, and the average is taken when the whole index is made
anew (`update_index`); until then a new title counts as one of middling length.
"""

from importlib import import_module
from typing import Any

from django.db import connection

MOST_WORDS = 50  # of one question


def SearchBackend(params: Any) -> Any:  # noqa: N802  the name Wagtail asks for
    """Return the search of the database that the desk runs on; the other's cannot be imported."""
    return import_module(f"{__name__}.on_{connection.vendor}").Search(params)
