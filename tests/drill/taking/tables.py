"""Every row of every database in a copy."""

import json
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

import psycopg

from tests.postgres import Server

DATABASES = ("desk", "counter", "till")
Value = str | bytes | int | float | None


@dataclass(frozen=True)
class Table:
    """One table: its rows begin with where they lie (rowid, ctid). `parents`: column to table."""

    database: str
    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    parents: dict[str, str]

    @property
    def label(self) -> str:
        return f"{self.database}:{self.name}"

    def values(self, column: str) -> list[Value]:
        place = self.columns.index(column)
        return [row[place] for row in self.rows]


def read(copy: Path) -> list[Table]:
    """Return all tables, read from a second copy: looking must not change what was taken."""
    with tempfile.TemporaryDirectory() as scratch:
        cluster = copy / "postgresql/cluster"
        found = _postgresql(cluster) if cluster.exists() else _sqlite(copy, Path(scratch))
        return list(found)


def _sqlite(copy: Path, scratch: Path) -> Iterator[Table]:
    for path in sorted(copy.rglob("*.sqlite3")):
        for each in path.parent.glob(f"{path.name}*"):
            shutil.copy(each, scratch)
        with closing(sqlite3.connect(scratch / path.name)) as database:
            names = "SELECT name FROM sqlite_master WHERE type = 'table'"
            for (name,) in database.execute(names).fetchall():
                yield _sqlite_table(database, path.stem, name)


def _sqlite_table(database: sqlite3.Connection, stem: str, name: str) -> Table:
    try:
        cursor = database.execute(f'SELECT rowid AS place, * FROM "{name}"')
    except sqlite3.Error:  # a table of the search index that has no rowid
        cursor = database.execute(f'SELECT 0 AS place, * FROM "{name}"')
    columns = tuple(column[0] for column in cursor.description)
    rows = tuple(tuple(plain(value) for value in row) for row in cursor)
    keys = database.execute(f'PRAGMA foreign_key_list("{name}")').fetchall()
    return Table(stem, name, columns, rows, {key[3]: key[2] for key in keys})


PARENTS = """
SELECT a.attname, c.confrelid::regclass::text FROM pg_constraint c
JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
WHERE c.contype = 'f' AND c.conrelid = %s::regclass
"""


def _postgresql(cluster: Path) -> Iterator[Table]:
    server = Server()
    try:
        subprocess.run(["cp", "-a", str(cluster), str(server.folder / "cluster")], check=True)
        (server.folder / "cluster/postmaster.pid").unlink(missing_ok=True)
        server.start()
        for name in DATABASES:
            with psycopg.connect(server.address(name)) as database:
                yield from _postgresql_tables(database, name)
    finally:
        server.remove()


def _postgresql_tables(database: psycopg.Connection, name: str) -> Iterator[Table]:
    database.execute("SET TIME ZONE 'UTC'")
    tables = database.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    for (table,) in tables.fetchall():
        cursor = database.execute(f'SELECT ctid::text AS place, * FROM "{table}"')
        columns = tuple(column[0] for column in cursor.description)
        rows = tuple((_ctid(row[0]), *map(plain, row[1:])) for row in cursor)
        parents = dict(database.execute(PARENTS, [table]).fetchall())
        yield Table(name, table, columns, rows, parents)


def _ctid(text: str) -> int:
    page, item = text.strip("()").split(",")
    return int(page) << 16 | int(item)


def plain(value: object) -> Value:
    """Return a value as SQLite would give it, so that both databases are compared alike."""
    if isinstance(value, bytes | memoryview):
        return bytes(value)
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime | date):
        return value.isoformat().replace("T", " ").removesuffix("+00:00")
    if isinstance(value, dict | list):
        return json.dumps(value)
    return value if isinstance(value, str | int | float) else None
