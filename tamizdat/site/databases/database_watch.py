"""What a process knows of its databases: which does not answer, cannot be written, is lost.

Any thread that meets an error notices it. One thread of the process then looks every two seconds
until all is well and told: what it sees it raises as alerts, and takes them back. So nobody else
has to ask a database only to find out whether it is there. A process that does not begin a watch,
as most commands, notices nothing.
"""

import logging
import os
import threading
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import Error, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from tamizdat.lib import alerts, clock
from tamizdat.lib.database_trouble import Trouble, trouble
from tamizdat.lib.failures import where
from tamizdat.lib.newsroom import Newsroom
from tamizdat.site.databases import (
    database_alerts,
    database_versions,
    lost_parts,
    sqlite_files,
    trial,
)
from tamizdat.site.databases.database_alerts import State, closer
from tamizdat.site.databases.settings import make_private

LOOK_EVERY_S = 2.0
TELL_EVERY_S = 60.0
FIRST_LOOK_S = 5.0  # a request waits for it at most so long
GOOD: tuple[State, ...] = ("well", "ahead")
SERVES: tuple[State, ...] = (*GOOD, "unwritable")

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Watch:
    """Watches the databases of one process.

    `mend` brings a database that is too old up to date, where that is this process's to do;
    `back` is called when one answers again that did not.
    """

    newsroom: Newsroom
    mend: Callable[[str], None] | None = None
    back: Callable[[], None] | None = None
    _states: dict[str, State] = field(default_factory=dict)
    _told_at: dict[str, float] = field(default_factory=dict)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _looks: bool = False
    #: Files that were found damaged, by what changes when they are replaced.
    _judged: dict[str, tuple[int, int, int]] = field(default_factory=dict)

    def begin(self) -> None:
        """Look at every database once, and go on with those that are not well."""
        with self._changed:
            self._states = dict.fromkeys(_aliases(), "unknown")
            self._start_looking()

    def notice(self, alias: str, found: Trouble, error: BaseException) -> None:
        """Hear of an error that a database caused."""
        with self._changed:
            if self.state(alias) in GOOD:
                if found == "missing":  # the look says whether all is lost, or too old
                    self._states[_own(alias)] = "unknown"
                else:
                    self._judged.pop(_own(alias), None)
                    self._become(_own(alias), closer(alias, error), where(error))
            self._keep_looking()

    def state(self, alias: str) -> State:
        """Return how a database was when it was last looked at."""
        return self._states.get(_own(alias), "well")

    def is_ready(self, alias: str) -> bool:
        """Say whether a database answers and has the tables that are needed.

        It does not ask the database; only at the beginning it waits for the first look.
        """
        with self._changed:
            self._keep_looking()
            self._changed.wait_for(lambda: self.state(alias) != "unknown", FIRST_LOOK_S)
            return self.state(alias) in SERVES

    def wait_for(self, alias: str, states: Collection[State], seconds: float) -> bool:
        """Wait until a database is in one of these states, at most so long; say whether it is."""
        with self._changed:
            return self._changed.wait_for(lambda: self.state(alias) in states, seconds)

    def _keep_looking(self) -> None:
        """Look on where something is not well. Whoever asks next tries again if no thread began."""
        if self._unwell():
            with suppress(RuntimeError):
                self._start_looking()

    def _start_looking(self) -> None:
        if not self._looks:
            threading.Thread(target=self._look, name="databases", daemon=True).start()
            self._looks = True

    def _look(self) -> None:
        try:
            while self._goes_on():
                for alias in self._unwell():
                    self._examine(alias)
                if not alerts.again() or self._unwell():
                    time.sleep(LOOK_EVERY_S)
        except BaseException:  # nobody looks now: who asks next has another thread do it
            with self._changed:
                self._looks = False
            raise

    def _goes_on(self) -> bool:
        with self._changed:
            self._looks = bool(self._unwell()) or alerts.are_open()
            return self._looks

    def _unwell(self) -> list[str]:
        return [alias for alias, state in self._states.items() if state not in GOOD]

    def _examine(self, alias: str) -> None:
        before = self._states[alias]
        try:
            found, cause = self._found(alias)
        except Exception as error:  # noqa: BLE001  whatever it is, the database is not well
            found, cause = closer(alias, error), where(error)
        finally:
            _close_connections()
        with self._changed:
            self._become(alias, found, cause)
        if self.back and before not in (*GOOD, "unknown") and found in GOOD:
            self.back()

    def _found(self, alias: str) -> tuple[State, str]:
        connection = connections[alias]
        if self._is_damaged(alias):
            return "damaged", ""
        if database_alerts.is_closed(alias):  # SQLite may read it, and fails where it writes
            return "closed", ""
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if self._has_failed(alias) and trial.waits_for_a_lock(connection):
            return "held", ""
        found = database_versions.version(alias)
        if found in ("behind", "empty") and self.mend:
            self.mend(alias)
            found = database_versions.version(alias)
        if found in GOOD and not _is_writable(connection):
            return "unwritable", ""
        if found in GOOD and self._has_failed(alias):
            trial.write(connection)  # what it refuses is told as what was refused before
        return found, ""

    def _has_failed(self, alias: str) -> bool:
        """Say whether something failed here before this look, or in another process that told it.

        That it answers does not say that this is over.
        """
        if self._states[alias] != "unknown":
            return True
        told = {database_alerts.key(_name(alias), each) for each in database_alerts.TOLD}
        return any(each.key in told for each in alerts.standing(self.newsroom.data))

    def _is_damaged(self, alias: str) -> bool:
        """Say whether a file is still damaged that was: all of it is read, once for each file.

        What asks for little of a damaged file may meet nothing of it.
        """
        if self._states[alias] != "damaged" or connections[alias].vendor != "sqlite":
            return False
        path = Path(connections[alias].settings_dict["NAME"])
        version = sqlite_files.version(path)
        if version is None or self._judged.get(alias) != version:
            self._judged.pop(alias, None)
            if version is None or sqlite_files.is_whole(path):
                return False
            self._judged[alias] = version
        return True

    def _become(self, alias: str, state: State, cause: str) -> None:
        """Note a state, and tell it: also later, in case there was no room for an alert."""
        changed = state != self._states[alias]
        self._states[alias] = state
        self._changed.notify_all()
        now = time.monotonic()
        if changed or now >= self._told_at.get(alias, now) + TELL_EVERY_S:
            self._told_at[alias] = now
            self._tell(_name(alias), state, cause)

    def _tell(self, name: str, state: State, cause: str) -> None:
        for other in database_alerts.TOLD:
            if other != state:
                alerts.clear(self.newsroom.data, database_alerts.key(name, other))
        if state in database_alerts.TOLD:
            told = database_alerts.alert(name, state, cause)
            alerts.raise_alert(self.newsroom.data, told, clock.now())


def _close_connections() -> None:
    """Close all that a look opened, under whatever name, in the thread that looks.

    Counter and till know their one database by two names. One that broke would be met again.
    """
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            with suppress(Error):
                connection.close()


_watch: Watch | None = None


def begin(
    *, mend: Callable[[str], None] | None = None, back: Callable[[], None] | None = None
) -> Watch:
    """Watch the databases of this process from now on."""
    global _watch  # noqa: PLW0603  there is one for all threads, as of the databases
    for database in settings.DATABASES.values():
        with suppress(OSError):
            make_private(database)
    _watch = Watch(settings.NEWSROOM, mend, back)
    _watch.begin()
    return _watch


def end() -> None:
    """Watch no more: nothing is noticed, and nothing held to be away."""
    global _watch  # noqa: PLW0603  see `begin`
    _watch = None


def notice(alias: str, found: Trouble, error: BaseException) -> None:
    """Hear of an error that a database caused."""
    if _watch:
        _watch.notice(alias, found, error)


def watches() -> bool:
    """Say whether this process watches its databases: then nobody has to ask them."""
    return _watch is not None


def is_ready(alias: str) -> bool:
    """Say whether a database answers and has the needed tables. True where nobody watches."""
    return _watch is None or _watch.is_ready(alias)


def tells(error: BaseException) -> bool:
    """Say whether an alert of the watch tells what an error was about, or will in a moment.

    Where a table is missing in a database that is well otherwise, none does. Who watches nothing
    told at its start which database was lost (site/databases/migrating.py), and nothing else.
    """
    found = trouble(error)
    if _watch is None:
        return found == "missing" and _is_one_lost()
    if found is None:
        return False
    return found != "missing" or not all(map(_watch.is_ready, _aliases()))


os.register_at_fork(after_in_child=end)  # the watching thread stays with its process


def _aliases() -> list[str]:
    return list(settings.DATABASES) if settings.ROLE == "desk" else [settings.ROLE]


def _is_one_lost() -> bool:
    with suppress(Error):
        return any(lost_parts.is_lost(settings.NEWSROOM, each) for each in _aliases())
    return False


def _own(alias: str) -> str:
    """Return the one name of a database: counter and till know their only one by two."""
    return alias if settings.ROLE == "desk" else str(settings.ROLE)


def _name(alias: str) -> str:
    return "desk" if alias == "default" else alias


def _is_writable(connection: BaseDatabaseWrapper) -> bool:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SHOW transaction_read_only")
            return bool(cursor.fetchone() == ("off",))
    return sqlite_files.is_writable(Path(connection.settings_dict["NAME"]))
