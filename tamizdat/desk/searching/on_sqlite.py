"""Search on SQLite: nothing is ranked, so nothing is kept for ranking."""

from typing import Any

from modelsearch.backends.database.sqlite import sqlite


class Index(sqlite.SQLiteIndex):
    def _refresh_title_norms(self, full: bool = False) -> None:  # noqa: FBT001, FBT002  Wagtail's signature
        """Leave the lengths of titles alone: only a rank would use them."""


class _NewestFirst:
    """Questions whose answers come newest first, unless the list is sorted by something."""

    queryset: Any
    order_by_relevance: bool

    def search(self, *args: Any, **kwargs: Any) -> Any:
        if self.order_by_relevance:
            self.queryset, self.order_by_relevance = self.queryset.order_by("-pk"), False
        return super().search(*args, **kwargs)  # type: ignore[misc]  # what it stands beside has it


class Questions(_NewestFirst, sqlite.SQLiteSearchQueryCompiler):
    pass


class Beginnings(_NewestFirst, sqlite.SQLiteAutocompleteQueryCompiler):
    pass


class Search(sqlite.SQLiteSearchBackend):
    index_class = Index
    query_compiler_class = Questions
    autocomplete_query_compiler_class = Beginnings
