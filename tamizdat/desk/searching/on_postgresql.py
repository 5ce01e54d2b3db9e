"""Search on PostgreSQL, which ranks well enough."""

from typing import Any

from modelsearch.backends.database.postgres import postgres

from tamizdat.desk.searching import MOST_WORDS


class Index(postgres.PostgresIndex):
    def _refresh_title_norms(self, full: bool = False) -> None:  # noqa: FBT001, FBT002  Wagtail's signature
        """Ask for the average length of titles only when all are indexed anew."""
        if full:
            super()._refresh_title_norms(full=True)


class Search(postgres.PostgresSearchBackend):
    index_class = Index

    def _search(self, compiler: Any, query: Any, *args: Any, **kwargs: Any) -> Any:
        """Look for the first words of a long text: they nest in each other, and break at 330."""
        if isinstance(query, str):
            query = " ".join(query.split()[:MOST_WORDS])
        return super()._search(compiler, query, *args, **kwargs)
