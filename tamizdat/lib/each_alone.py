"""Many rows of one kind, each tried alone: one that fails waits, and one alert tells of all."""

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from tamizdat.lib.alerts import Alert, Attempt, clear, raise_alert
from tamizdat.lib.database_trouble import trouble
from tamizdat.lib.failures import where


class EachAlone:
    """What became of rows that were tried one after the other."""

    def __init__(self) -> None:
        self._failed: set[Hashable] = set()
        self._cause = ""

    @property
    def failed(self) -> int:
        """How many rows failed, each counted once."""
        return len(self._failed)

    @property
    def rows(self) -> frozenset[Hashable]:
        """Which rows failed."""
        return frozenset(self._failed)

    def has_failed(self, row: Hashable) -> bool:
        """Say whether this row failed."""
        return row in self._failed

    @contextmanager
    def one(self, row: Hashable) -> Iterator[Attempt]:
        """Try one row in a block: its failure stops no other. `row` is what it is known by.

        Raises:
            django.db.Error: the database is lost. Nothing is wrong with the row, and no other
                row can be tried either.
        """
        attempt = Attempt()
        try:
            yield attempt
        except Exception as error:
            if trouble(error):
                raise
            attempt.failed = True
            self._failed.add(row)
            self._cause = self._cause or where(error)

    def tell(self, data: Path, alert: Alert, at: datetime) -> None:
        """Raise an alert if some failed, with the cause of the first; clear it if none did.

        `{failed}` in its `what` becomes how many. Call it when all were tried.
        """
        if not self.failed:
            clear(data, alert.key)
            return
        what = alert.what.format(failed=self.failed)
        raise_alert(data, replace(alert, what=what, cause=self._cause), at)
