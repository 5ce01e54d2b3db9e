"""Rows in the counter's box that no counter of ours can have made: deleted before any is loaded.

Whoever may INSERT there can make a row of any size, and in SQLite of any type and in no encoding.
A few would fill our memory. One that cannot be read would end the collection for all others.
"""

import logging
from collections.abc import Mapping
from typing import Any

from django.db import connections, router

from tamizdat.readers.counter.models import Envelope
from tamizdat.readers.counter.submissions import MOST_BYTES

_TABLE = "counter_envelope"
# SQLite's GLOB ends at NUL, and so does length() of a text: the two lengths differ then.
_ON_SQLITE = """
       typeof(id) <> 'text' OR length(CAST(id AS BLOB)) <> 32 OR length(id) <> 32
    OR id GLOB '*[^0-9a-f]*'
    OR typeof(day) <> 'text' OR length(CAST(day AS BLOB)) <> 10
    OR date(day, '+0 days') IS NOT day OR day < '0001-01-01'
    OR typeof(kind) <> 'text' OR length(CAST(kind AS BLOB)) > 32
    OR length(kind) <> length(CAST(kind AS BLOB)) OR kind GLOB '*[^ -~]*'
    OR typeof(payload) <> 'text' OR length(CAST(payload AS BLOB)) > %s
    OR NOT is_utf8(CAST(payload AS BLOB))
"""
_ON_POSTGRESQL = """
       octet_length(payload) > %s OR day NOT BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'
"""
_MALFORMED: Mapping[str, str] = {"sqlite": _ON_SQLITE, "postgresql": _ON_POSTGRESQL}
log = logging.getLogger(__name__)


def delete_malformed_rows() -> int:
    """Delete what no counter of ours can have made, and return how many rows it was.

    One line in the log counts them. Where there are none nothing is locked.

    Raises:
        django.db.Error: the counter's database is lost.
    """
    connection = connections[router.db_for_write(Envelope)]
    malformed = _MALFORMED[connection.vendor]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            _teach(connection.connection)
        cursor.execute(f"SELECT count(*) FROM {_TABLE} WHERE {malformed}", [MOST_BYTES])  # noqa: S608  our own words
        (found,) = cursor.fetchone()
        if found:
            cursor.execute(f"DELETE FROM {_TABLE} WHERE {malformed}", [MOST_BYTES])  # noqa: S608  our own words
            log.warning(
                "%s submissions were thrown away: no counter of ours makes such rows", found
            )
    return int(found)


def _teach(sqlite: Any) -> None:
    sqlite.create_function("is_utf8", 1, _is_utf8, deterministic=True)


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True
