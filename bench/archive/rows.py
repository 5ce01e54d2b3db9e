"""Many rows at once, past the CMS's one-by-one saving but through its models' own fields.

`bulk_create` refuses models with a parent table, which every page has, so the statement is
made here.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models

Row = Mapping[str, Any]


def insert(model: type[models.Model], rows: Sequence[Row]) -> None:
    """Insert rows, given by their columns' field names; what a row leaves out gets its default."""
    if not rows:
        return
    fields = [
        field
        for field in model._meta.local_concrete_fields  # noqa: SLF001  Django's own name
        if not field.primary_key or field.attname in rows[0]
    ]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    table = quote(model._meta.db_table)  # noqa: SLF001  Django's own name
    prepared = [_prepared(field, rows) for field in fields]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({columns}) VALUES ({marks})",
            list(zip(*prepared, strict=True)),
        )


def settle_numbers(of: Iterable[type[models.Model]]) -> None:
    """Tell the database's counters of the ids that were given by hand (PostgreSQL)."""
    statements = connection.ops.sequence_reset_sql(no_style(), list(of))
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _prepared(field: Any, rows: Sequence[Row]) -> list[Any]:
    """Return a column's values as the database takes them."""
    name = field.attname
    if name not in rows[0]:
        value = None if field.null and not field.has_default() else field.get_default()
        return [field.get_db_prep_save(value, connection)] * len(rows)
    return [field.get_db_prep_save(row[name], connection) for row in rows]
