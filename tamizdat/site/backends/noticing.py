"""Notice in every process, at the one place that all database errors pass, that one is away."""

from types import TracebackType

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import DatabaseErrorWrapper
from django.utils.functional import cached_property

from tamizdat.lib.database_trouble import is_of_an_index, trouble
from tamizdat.site.databases import database_watch


class Wrapper(DatabaseErrorWrapper):
    """Passes an error on as Django does. It tells the watch if the database is in trouble.

    A damaged index of the search is told by itself.

    A connection that met trouble is not used again after the request or round.
    """

    wrapper: BaseDatabaseWrapper

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        passed: TracebackType | None,
    ) -> None:
        if error is not None and (found := trouble(error)):
            database_watch.notice(self.wrapper.alias, found, error)
            self.wrapper.close_at = 0.0  # or a session that may only read would stay what it is
        elif error is not None and is_of_an_index(error):
            from tamizdat.desk.searching import damage  # only the desk has one, and it is ready

            damage.note()
        super().__exit__(kind, error, passed)


class Noticing(BaseDatabaseWrapper):
    """A database whose errors are noticed."""

    @cached_property
    def wrap_database_errors(self) -> DatabaseErrorWrapper:
        return Wrapper(self)
