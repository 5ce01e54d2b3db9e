"""Search on PostgreSQL, which ranks well enough."""

from modelsearch.backends.database.postgres import postgres


class Index(postgres.PostgresIndex):
    def _refresh_title_norms(self, full: bool = False) -> None:  # noqa: FBT001, FBT002  Wagtail's signature
        """Ask for the average length of titles only when all are indexed anew."""
        if full:
            super()._refresh_title_norms(full=True)


class Search(postgres.PostgresSearchBackend):
    index_class = Index
