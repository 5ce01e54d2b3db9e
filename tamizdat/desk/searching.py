"""The desk's search, over an archive of any size: Wagtail's own, without what grows with it.

Wagtail's search on SQLite ranks every match by a query of its own over all matches, so a common
word in a hundred thousand articles never answers; and on both databases it reads the whole index
at every save, to know how long titles are on average. Here what is found on SQLite comes newest
first, which is what a desk looks for anyhow, and the average is taken when the whole index is made
anew (`update_index`); until then a new title counts as one of middling length.
"""

from typing import Any

from django.db import connection
from modelsearch.backends.database.postgres import postgres
from modelsearch.backends.database.sqlite import sqlite


class _NoAverage:
    """An index that asks for the average length of titles only when it is made anew."""

    def _refresh_title_norms(self, full: bool = False) -> None:  # noqa: FBT001, FBT002  Wagtail's signature
        if full:
            super()._refresh_title_norms(full=True)  # type: ignore[misc]  the index beside us has it


class _SQLiteIndex(_NoAverage, sqlite.SQLiteIndex):  # type: ignore[misc]  Wagtail is untyped
    def _refresh_title_norms(self, full: bool = False) -> None:  # noqa: FBT001, FBT002  Wagtail's signature
        """Leave it: nothing is ranked here."""


class _PostgresIndex(_NoAverage, postgres.PostgresIndex):  # type: ignore[misc]  Wagtail is untyped
    pass


class _NewestFirst:
    """Questions whose answers come newest first, unless the list is sorted by something."""

    queryset: Any
    order_by_relevance: bool

    def search(self, *args: Any, **kwargs: Any) -> Any:
        if self.order_by_relevance:
            self.queryset, self.order_by_relevance = self.queryset.order_by("-pk"), False
        return super().search(*args, **kwargs)  # type: ignore[misc]  the questions beside us


class _Questions(_NewestFirst, sqlite.SQLiteSearchQueryCompiler):  # type: ignore[misc]  Wagtail is untyped
    pass


class _Beginnings(_NewestFirst, sqlite.SQLiteAutocompleteQueryCompiler):  # type: ignore[misc]  Wagtail is untyped
    pass


class OnSqlite(sqlite.SQLiteSearchBackend):  # type: ignore[misc]  Wagtail is untyped
    index_class = _SQLiteIndex
    query_compiler_class = _Questions
    autocomplete_query_compiler_class = _Beginnings


class OnPostgresql(postgres.PostgresSearchBackend):  # type: ignore[misc]  Wagtail is untyped
    index_class = _PostgresIndex


def SearchBackend(params: Any) -> Any:  # noqa: N802  the name Wagtail asks for
    """Return the search of the database that the desk runs on."""
    return (OnPostgresql if connection.vendor == "postgresql" else OnSqlite)(params)
