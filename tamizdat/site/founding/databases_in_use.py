"""What is in the databases that the environment names, before a newsroom is founded on them.

A new newsroom has new keys. In a database that holds readers they would open nobody's address.
"""

import os
from pathlib import Path

import psycopg

from tamizdat.lib.newsroom import NewsroomError
from tamizdat.site.databases.settings import VARIABLES, postgresql

PATIENCE_S = 10
MIGRATIONS, READERS = "django_migrations", "readers_reader"
#: What an `init` that was killed may have left: no reader.
BEGUN = ("a newsroom's tables", "a newsroom with 0 readers")
# Tables of all schemas, without the server's own and those that belong to an extension.
TABLES = """
    SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE relkind IN ('r', 'p') AND nspname <> 'information_schema' AND nspname !~ '^pg_'
    AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE classid = 'pg_class'::regclass
                    AND objid = pg_class.oid AND deptype = 'e')
"""


def refuse_in_use(unfinished: Path) -> None:
    """Refuse databases that hold anything, down to one empty table. Nothing is changed.

    Where `unfinished` lies an `init` was killed: it may have filled them, and there is no folder
    that somebody could bring back.

    Raises:
        NewsroomError: one holds something, cannot be reached, or has no address that can be one.
    """
    for variable in VARIABLES.values():
        address = os.environ.get(variable, "")
        if address in ("", "sqlite"):
            continue
        if held := _held(variable, address):
            raise NewsroomError(
                f"{variable} names a database that holds {held}. New keys could open nothing in "
                f"it, so nothing was made. {_what_to_do(held, unfinished)}"
            )


def _what_to_do(held: str, unfinished: Path) -> str:
    if unfinished.is_dir() and held in BEGUN:
        return (
            f"An earlier `tamizdat init` was broken off here: {unfinished} is what it left. If "
            "these are the databases that it began to fill, drop them, make empty ones and run it "
            "again; no newsroom needs them. If not, name empty databases."
        )
    return (
        "Name an empty database; or, to go on with what is "
        "there, bring that newsroom's folder and keys back and run `tamizdat serve`."
    )


def _held(variable: str, address: str) -> str:
    where = postgresql(variable, address)
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST"}
    given = {name: where[key] for name, key in (names | {"port": "PORT"}).items() if where[key]}
    options = where["OPTIONS"] | {"connect_timeout": PATIENCE_S}
    try:
        with psycopg.connect(**given, **options) as connection:
            return _said(connection, {name for (name,) in connection.execute(TABLES)})
    except psycopg.Error as error:
        raise NewsroomError(
            f"The database that {variable} names cannot be read ({type(error).__name__}). "
            "Check the address, and that the server runs and lets this machine in, with TLS where "
            "the address demands it."
        ) from None


def _said(connection: "psycopg.Connection[tuple[int]]", tables: set[str]) -> str:
    if not tables:
        return ""
    if MIGRATIONS not in tables:
        return f"{len(tables)} tables already"
    if READERS not in tables:
        return "a newsroom's tables"
    rows = connection.execute(f"SELECT count(*) FROM {READERS}").fetchone()  # noqa: S608  a constant
    return f"a newsroom with {rows[0] if rows else 0} readers"
