"""Which database holds what: the desk's, the counter's submissions, the till's books."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tamizdat.lib.newsroom import Newsroom, NewsroomError, database_address
from tamizdat.lib.processes import environment
from tamizdat.site.saying import say

VARIABLES = {
    "default": "DATABASE_URL",
    "counter": "COUNTER_DATABASE_URL",
    "till": "TILL_DATABASE_URL",
}
FILES = {"default": "desk.sqlite3", "counter": "counter.sqlite3", "till": "till.sqlite3"}
HOLDERS = {"counter": "counter", "till": "till"}  # app label -> alias
OWN = {"desk": "default", "counter": "counter", "till": "till"}  # role -> alias

POSTGRESQL = "tamizdat.site.backends.postgresql"
SQLITE = "tamizdat.site.backends.sqlite"
SQLITE_COUNTER = "tamizdat.site.backends.sqlite_counter"

SQLITE_OPTIONS: Mapping[str, Any] = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
    "PRAGMA secure_delete=ON;",
}


# A server that is gone is noticed in seconds, not after the two hours that a kernel takes. That
# does not help against one that is only stopped: see site/backends/patience.py.
POSTGRESQL_OPTIONS: Mapping[str, Any] = {
    "connect_timeout": 3,  # seconds
    "tcp_user_timeout": 5000,  # milliseconds
    "keepalives": 1,
    "keepalives_idle": 10,  # seconds
    "keepalives_interval": 3,  # seconds
    "keepalives_count": 3,
}


def databases(newsroom: Newsroom, role: str) -> dict[str, dict[str, Any]]:
    """Return Django's DATABASES for a role; counter and till see nothing but their own.

    What another machine holds is left out.

    Raises:
        NewsroomError: another machine holds the role's own.
    """
    refuse_elsewhere(newsroom, role)
    if role in ("counter", "till"):
        own = _for_the_public(_database(newsroom, role), role)
        return {"default": own | {"ATOMIC_REQUESTS": False}, role: own}
    here = (alias for alias in FILES if not newsroom.is_elsewhere(alias))
    return {alias: _database(newsroom, alias) for alias in here}


def refuse_elsewhere(newsroom: Newsroom, role: str) -> None:
    """Refuse to do here what is done on the machine that holds a role's database.

    Raises:
        NewsroomError: another machine holds it; or it does, and a variable names it here, too.
    """
    if newsroom.is_elsewhere(OWN[role]):
        raise NewsroomError(
            f"The {role}'s database is on another machine, as tamizdat.toml says "
            f'([databases] {OWN[role]} = "elsewhere"): do this there.'
        )
    if newsroom.demonstration:  # which heeds no variable
        return
    for alias, variable in VARIABLES.items():
        if newsroom.is_elsewhere(alias) and os.environ.get(variable):
            raise NewsroomError(
                f'tamizdat.toml says [databases] {alias} = "elsewhere", but {variable} is set. '
                "Take one of them away: a password should lie on no machine that does not need it."
            )


def _for_the_public(own: Mapping[str, Any], role: str) -> dict[str, Any]:
    """Return what is different where everybody waits for the answer: fewer rights, no patience."""
    if own["ENGINE"] == POSTGRESQL:
        return {**own, "OPTIONS": own["OPTIONS"] | {"gives_up": True}}
    return {**own, "ENGINE": SQLITE_COUNTER if role == "counter" else own["ENGINE"]}


def _database(newsroom: Newsroom, alias: str) -> dict[str, Any]:
    """Return one database. A demonstration heeds no variable: it may name one in earnest."""
    named = "" if newsroom.demonstration else os.environ.get(VARIABLES[alias], "")
    address = named or newsroom.databases.get(alias, "")
    if not address or address == "sqlite":
        return _sqlite(newsroom.data / FILES[alias])
    setting = f"databases.{alias} in tamizdat.toml"
    return postgresql(VARIABLES[alias] if named else setting, address)


def postgresql(where: str, address: str) -> dict[str, Any]:
    """Return Django's settings for an address such as postgresql://user:password@host/name.

    What the address does not say is from then on not taken from the environment either, but for
    demands of encryption: every process has to reach the same server.

    Raises:
        NewsroomError: it is no such address. It says `where` the address stands and nothing of it.
    """
    parts = database_address.parse(address)
    if parts is None:
        raise NewsroomError(f"{where} must be {database_address.MAY_BE}, or left out.")
    if others := environment.forget_others_of_libpq():
        say(f"Not heeded: {', '.join(others)}. Write it into the database's address.", err=True)
    return {
        "ENGINE": POSTGRESQL,
        "NAME": parts.name,
        "USER": parts.user,
        "PASSWORD": parts.password,
        "HOST": parts.host,
        "PORT": parts.port,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**POSTGRESQL_OPTIONS, **parts.options},
        "TEST": {"DEPENDENCIES": []},
    }


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": SQLITE,
        "NAME": str(path),
        "OPTIONS": dict(SQLITE_OPTIONS),
        "TEST": {"NAME": str(path.with_name(f"test-{path.name}")), "DEPENDENCIES": []},
    }


def make_private(database: Mapping[str, Any]) -> None:
    """Make a SQLite file that is not there yet, for its owner's eyes; its -wal and -shm follow.

    Made by SQLite itself it could be read by every user of the machine.
    """
    if database["ENGINE"] != POSTGRESQL:
        path = Path(database["NAME"])
        if not path.exists():
            path.touch(mode=0o600)


def make_no_file(databases: Mapping[str, dict[str, Any]]) -> None:
    """Have SQLite open only files that are there, in this process, before a database is opened.

    Else a look at a database that was lost would put an empty one in its place.
    """
    for database in databases.values():
        if database["ENGINE"] != POSTGRESQL:
            there = f"{Path(database['NAME']).absolute().as_uri()}?mode=rw"
            database["OPTIONS"] = {**database["OPTIONS"], "database": there}


class ByRoom:
    """Django's database router: an app's label decides, and rooms are never joined."""

    def db_for_read(self, model: Any, **_hints: Any) -> str:
        return HOLDERS.get(model._meta.app_label, "default")  # noqa: SLF001  Django's own name

    db_for_write = db_for_read

    def allow_relation(self, one: Any, other: Any, **_hints: Any) -> bool:
        return self.db_for_read(one) == self.db_for_read(other)

    def allow_migrate(self, db: str, app_label: str, **_hints: Any) -> bool:
        return HOLDERS.get(app_label, "default") == db
