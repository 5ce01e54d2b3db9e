"""The pretend service's book: a file of its own, each change one transaction."""

import json
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

TABLES = """
CREATE TABLE IF NOT EXISTS secret (value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS gift (
    ref TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE, asked TEXT NOT NULL, card TEXT NOT NULL,
    minor INTEGER NOT NULL, currency TEXT NOT NULL, interval TEXT NOT NULL, back TEXT NOT NULL,
    state TEXT NOT NULL, reason TEXT, turn INTEGER NOT NULL DEFAULT 0, begun TEXT NOT NULL,
    number INTEGER NOT NULL DEFAULT 0, tries INTEGER NOT NULL DEFAULT 0, wakes TEXT);
CREATE INDEX IF NOT EXISTS gift_wakes ON gift (wakes) WHERE wakes IS NOT NULL;
CREATE TABLE IF NOT EXISTS charge (
    ref TEXT PRIMARY KEY, gift TEXT NOT NULL REFERENCES gift, minor INTEGER NOT NULL,
    currency TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS event (
    id INTEGER PRIMARY KEY AUTOINCREMENT, gift TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS bank (card TEXT NOT NULL, asked TEXT NOT NULL, at TEXT NOT NULL);
"""


class Book:
    """The rows of the pretend service. Times are kept as ISO text in UTC."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with closing(sqlite3.connect(path, timeout=20)) as db:
            db.executescript("PRAGMA journal_mode=WAL;" + TABLES)
        with self.change() as db:
            if db.execute("SELECT 1 FROM secret").fetchone() is None:
                db.execute("INSERT INTO secret VALUES (?)", (secrets.token_hex(32),))

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """One transaction, held against all other processes; undone by any exception."""
        db = sqlite3.connect(self.path, timeout=20, isolation_level=None)
        db.row_factory = sqlite3.Row
        try:
            db.execute("BEGIN IMMEDIATE")
            yield db
            db.execute("COMMIT")
        finally:
            db.close()

    @property
    def secret(self) -> bytes:
        """The key with which webhook events are signed."""
        with self.change() as db:
            row = db.execute("SELECT value FROM secret").fetchone()
        return bytes.fromhex(row["value"])


def gift(db: sqlite3.Connection, name: str) -> sqlite3.Row | None:
    """Return the gift of a ref or of a key."""
    found: sqlite3.Row | None = db.execute(
        "SELECT * FROM gift WHERE ref = :name OR key = :name", {"name": name}
    ).fetchone()
    return found


def charges(db: sqlite3.Connection, ref: str) -> list[sqlite3.Row]:
    """Return what a gift has paid, oldest first."""
    return db.execute("SELECT * FROM charge WHERE gift = ? ORDER BY at, ref", (ref,)).fetchall()


def move(db: sqlite3.Connection, ref: str, at: datetime, **fields: object) -> None:
    """Change a gift, count its turn, and leave an event to be told and listed."""
    written = ", ".join(f"{name} = :{name}" for name in fields)
    values = {"ref": ref, **fields}
    db.execute(f"UPDATE gift SET turn = turn + 1, {written} WHERE ref = :ref", values)  # noqa: S608  our own field names
    db.execute("INSERT INTO event (gift, at) VALUES (?, ?)", (ref, at.isoformat()))


def ask_bank(db: sqlite3.Connection, card: str, what: str, at: datetime) -> None:
    """Note that the issuing bank was asked. Tests read it: a refused card must not be here."""
    db.execute("INSERT INTO bank VALUES (?, ?, ?)", (card, what, at.isoformat()))


def fingerprint(*asked: object) -> str:
    """Return what makes two calls the same call."""
    return json.dumps(asked)
