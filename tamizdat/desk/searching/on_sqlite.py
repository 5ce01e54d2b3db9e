"""Search on SQLite: nothing is ranked, so nothing is kept for ranking."""

import re
from copy import copy
from typing import Any

from modelsearch.backends.database.sqlite import sqlite
from modelsearch.backends.database.sqlite.query import MatchExpression, normalize
from modelsearch.query import MatchAll, Not, Phrase, PlainText
from modelsearch.utils import get_descendants_content_types_pks
from wagtail.search.models import IndexEntry

from tamizdat.desk.searching import MOST_WORDS, damage

NOTHING = "-"  # has no word in it, so nothing is found
_SAYS = re.compile(r"[^\W_]").search
_MARKS = re.compile('["\0]')


class Index(sqlite.SQLiteIndex):
    def _refresh_title_norms(self, full: bool = False) -> None:  # noqa: FBT001, FBT002  Wagtail's signature
        """Leave the lengths of titles alone: only a rank would use them."""

    def add_items(self, model: Any, objs: Any) -> None:
        damage.written(lambda: super(Index, self).add_items(model, objs))

    def delete_item(self, item: Any) -> None:
        damage.written(lambda: super(Index, self).delete_item(item))


class _NewestFirst:
    """Questions whose answers come newest first, unless the list is sorted by something.

    The words are looked for once, by a query of their own. Beside the table of what is indexed, as
    Wagtail asks, SQLite may look for all words anew at each of its rows: a letter in twenty
    thousand articles took eighty seconds.
    """

    queryset: Any
    query: Any
    fields: Any
    order_by_relevance: bool

    def search(self, config: Any, start: Any, stop: Any, score_field: Any = None) -> Any:
        asked = normalize(self.query)
        without = isinstance(asked, Not)
        words = asked.subquery if without else asked
        if isinstance(words, MatchAll):
            return super().search(config, start, stop, score_field)  # type: ignore[misc]  # what it stands beside has it
        found = self._found(words, config)
        of = self.queryset.exclude(pk__in=found) if without else self.queryset.filter(pk__in=found)
        if self.order_by_relevance or not of.query.order_by:
            of = of.order_by("-pk")
        return of[start:stop]

    def build_search_query_content(self, query: Any, config: Any = None) -> Any:
        """Return what SQLite is to look for.

        A quotation mark would end its string: it is a gap. What has no letter, such as a dash
        between words, is in no text. Words nest in each other, so there are not too many.
        """
        if isinstance(query, (PlainText, Phrase)):
            words = [word for word in _MARKS.sub(" ", query.query_string).split() if _SAYS(word)]
            query = copy(query)
            query.query_string = " ".join(words[:MOST_WORDS]) or NOTHING
        return super().build_search_query_content(query, config)  # type: ignore[misc]  # as above

    def _found(self, words: Any, config: Any) -> Any:
        """Return the query for the numbers of what these words stand in."""
        kinds = get_descendants_content_types_pks(self.queryset.model)
        said = self.build_search_query(words, config=config)  # type: ignore[attr-defined]  # as above
        standing = MatchExpression(self.fields or self.FTS_TABLE_FIELDS, said)  # type: ignore[attr-defined]  # as above
        rows = sqlite.SQLiteFTSIndexEntry.objects.filter(standing).values("pk")
        entries = IndexEntry.objects.filter(pk__in=rows, content_type__in=kinds)
        return entries.values("object_id")


class Questions(_NewestFirst, sqlite.SQLiteSearchQueryCompiler):
    pass


class Beginnings(_NewestFirst, sqlite.SQLiteAutocompleteQueryCompiler):
    pass


class Search(sqlite.SQLiteSearchBackend):
    index_class = Index
    query_compiler_class = Questions
    autocomplete_query_compiler_class = Beginnings
