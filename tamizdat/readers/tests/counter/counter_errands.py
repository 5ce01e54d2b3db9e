"""Run as a program, in the counter's role: do what readers do, and try what nobody may do.

It prints one JSON object. The test gives it a newsroom and, by COUNTER_DATABASE_URL, a database.
"""

import json
import os
import sys
from functools import partial

ADDRESS = "planted.reader@example.org"
TOKEN = "abcdefghijklmnopqrstuvwxyz"
KEY = "00000000000000000000000000000001"
ROW = f"'{KEY}', 'kept', '2026-11-20', 'as it was'"
COLUMNS = "id, kind, day, payload"
OTHER = "'00000000000000000000000000000002', 'x', '2026-11-20', 'x'"

STATEMENTS = (
    "DELETE FROM counter_envelope",
    "SELECT 1 FROM counter_envelope",
    "INSERT INTO counter_envelope SELECT * FROM counter_envelope",
    f"INSERT INTO counter_envelope VALUES ({OTHER}) RETURNING payload",
    f"INSERT INTO counter_envelope VALUES ({ROW})",
    f"INSERT INTO counter_envelope VALUES ({ROW}) ON CONFLICT (id) DO UPDATE SET kind = 'x'",
    "INSERT INTO counter_published SELECT name, 'x' FROM counter_published",
    "SELECT text, (SELECT payload FROM counter_envelope) FROM counter_published",
    "CREATE TABLE other (id integer)",
    "CREATE VIEW other AS SELECT payload FROM counter_envelope",
    "DROP TABLE counter_envelope",
    "ALTER TABLE counter_published RENAME TO other",
)
OWN = {
    "sqlite": (
        f"INSERT OR REPLACE INTO counter_envelope VALUES ({ROW})",
        f"INSERT OR IGNORE INTO counter_envelope VALUES ({ROW})",
        f"INSERT OR REPLACE INTO counter_envelope (rowid, {COLUMNS}) VALUES (1, {OTHER})",
        f"INSERT INTO counter_envelope (rowid, {COLUMNS}) VALUES (-2, {OTHER})",
        "INSERT OR REPLACE INTO counter_published SELECT name, 'x' FROM counter_published",
        "SELECT name FROM sqlite_master",
        "SELECT name FROM pragma_table_list",
        "PRAGMA table_info(counter_envelope)",
        "PRAGMA secure_delete=OFF",
        "PRAGMA writable_schema=ON",
        "ATTACH DATABASE 'data/desk.sqlite3' AS desk",
        "VACUUM INTO 'data/copy.sqlite3'",
        "SELECT load_extension('x')",
        "SELECT readfile('tamizdat.toml')",
        "SELECT count(*) FROM counter_published",
        "CREATE TEMP TABLE other (id integer)",
        "CREATE TEMP TRIGGER t AFTER INSERT ON counter_envelope BEGIN SELECT 1; END",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n",
        "ANALYZE",
        "REINDEX",
    ),
    "postgresql": (
        "TRUNCATE counter_envelope",
        "COPY counter_envelope TO STDOUT",
        "COPY counter_published FROM PROGRAM 'echo x'",
        "COPY counter_published TO PROGRAM 'cat'",
        "COPY counter_published TO '/tmp/x'",
        "SELECT pg_read_file('PG_VERSION')",
        "SELECT pg_ls_dir('.')",
        "SELECT rolpassword FROM pg_authid",
        "SELECT * FROM pg_user_mapping",
        "SELECT name FROM django_migrations",
        "CREATE TEMP TABLE other (id integer)",
        "CREATE SCHEMA other",
        "CREATE ROLE other",
        "SET ROLE owner",
        "ALTER TABLE counter_envelope OWNER TO counter",
    ),
}  # fmt: skip


def main() -> None:
    os.environ["TAMIZDAT_ROLE"] = "counter"
    os.environ["DJANGO_SETTINGS_MODULE"] = "tamizdat.site.settings"
    import django

    django.setup()
    from django.test import Client

    client = Client(raise_request_exception=False)
    answers = {
        "form": client.get("/en/subscribe"),
        "subscribe": client.post("/en/subscribe", sign_up()),
        "again": client.post("/en/subscribe", sign_up()),
        "confirm page": client.get(f"/ru/confirm/{TOKEN}"),
        "confirm": client.post(f"/ru/confirm/{TOKEN}"),
        "leave page": client.get(f"/fa/leave/{TOKEN}"),
        "leave": client.post(f"/fa/leave/{TOKEN}", {"List-Unsubscribe": "One-Click"}),
        "nowhere": client.get("/en/nowhere"),
        "too long": client.post("/en/subscribe", {"address": "a" * 30_000}),
    }
    said = {
        "status": {name: answer.status_code for name, answer in answers.items()},
        "cookies": sum(len(answer.cookies) for answer in answers.values()),
        "headers": {name: dict(answer.headers) for name, answer in answers.items()},
        "same answer": answers["subscribe"].content == answers["again"].content,
        "refused": refused(),
        "loaded": sorted(name for name in sys.modules if name.startswith(("wagtail", "tamizdat"))),
    }
    sys.stdout.write(json.dumps(said))


def sign_up() -> dict[str, object]:
    return {"address": ADDRESS, "newsletter": ["friday"], "consent": "1.0", "stamp": ""}


def refused() -> dict[str, str]:
    """Try what the counter may not do, past Django and through it; return why each was refused."""
    from django.db import DatabaseError, connection

    from tamizdat.readers.counter.models import Envelope, Published

    def raw(statement: str) -> object:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else None

    raw(f"INSERT INTO counter_envelope VALUES ({ROW})")
    through_django = {
        "read": lambda: list(Envelope.objects.all()),
        "count": Envelope.objects.count,
        "change": lambda: Envelope.objects.update(kind="x"),
        "publish": lambda: Published.objects.create(name="x", text="x"),
        "change what is published": lambda: Published.objects.update(text="x"),
        "take back what is published": lambda: raw("DELETE FROM counter_published"),
    }
    past_django = {each: partial(raw, each) for each in (*STATEMENTS, *OWN[connection.vendor])}
    results = {}
    for name, attempt in (through_django | past_django).items():
        try:
            attempt()
        except DatabaseError as error:
            results[name] = _why(error)
        else:
            results[name] = "it was done"
    return results


def _why(error: Exception) -> str:
    """Return PostgreSQL's name of the error, or SQLite's sentence."""
    cause = error.__cause__
    return str(cause) if "sqlite3" in type(cause).__module__ else type(cause).__name__


if __name__ == "__main__":
    main()
