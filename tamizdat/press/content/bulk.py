"""Write many rows of a few plain columns: no model is made for each, which would be felt."""

from collections.abc import Iterable
from datetime import datetime
from itertools import chain
from typing import Any, TypeVar, cast

from django.db import connection
from django.db.models import Model

from tamizdat.lib.batches import batches

AT_ONCE = 200  # rows of one query
T = TypeVar("T")


def insert(model: type[Model], fields: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    """Insert rows, each the values of these columns in their order; all others must be given too.

    Five times as fast as Django's bulk_create, and never all in memory. Values are texts, bytes,
    numbers, booleans, None and moments with their zone, these in the same columns of each row.
    """
    names, marks = ", ".join(map(_quoted, fields)), ", ".join(["%s"] * len(fields))
    _each(f"INSERT INTO {_table(model)} ({names}) VALUES ({marks})", rows)  # noqa: S608  no text of anybody's


def insert_and_name(
    model: type[Model], fields: tuple[str, ...], rows: Iterable[tuple[Any, ...]]
) -> list[int]:
    """Insert rows like `insert`, and return their primary keys, in no order."""
    one = f"({', '.join(['%s'] * len(fields))})"
    into = f"INSERT INTO {_table(model)} ({', '.join(map(_quoted, fields))}) VALUES"
    named: list[int] = []
    with connection.cursor() as cursor:
        for some in batches(rows, AT_ONCE):
            values = [_stored(value) for row in some for value in row]
            every = ", ".join([one] * len(some))
            cursor.execute(f"{into} {every} RETURNING {_quoted('id')}", values)
            named.extend(pk for (pk,) in cursor.fetchall())
    return named


def overwrite(
    model: type[Model], fields: tuple[str, ...], key: str, rows: Iterable[tuple[Any, ...]]
) -> None:
    """Set columns of rows that are there, each found by its key, which comes last in its values."""
    said = ", ".join(f"{_quoted(name)} = %s" for name in fields)
    _each(f"UPDATE {_table(model)} SET {said} WHERE {_quoted(key)} = %s", rows)  # noqa: S608  no text of anybody's


def _each(statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
    ahead = iter(rows)
    first = next(ahead, None)
    if first is None:
        return
    moments = {at for at, one in enumerate(first) if isinstance(one, datetime)}
    every: Iterable[tuple[Any, ...]] = chain([first], ahead)
    if moments:
        every = (
            tuple(_stored(one) if at in moments else one for at, one in enumerate(row))
            for row in every
        )
    with connection.cursor() as cursor:
        # Django's types ask for a list; both databases take rows one by one.
        cursor.executemany(statement, cast("Any", every))


def _table(model: type[Model]) -> str:
    return _quoted(model._meta.db_table)  # noqa: SLF001  Django's documented name


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _stored(value: Any) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value
