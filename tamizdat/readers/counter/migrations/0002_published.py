"""The table that the counter may read, and a trigger that lets no submission be replaced."""

from typing import Any

from django.db import migrations, models

# INSERT OR REPLACE deletes a row with the same key, and SQLite asks the authorizer only about the
# insert. A BEFORE trigger sees -1 where a statement names no rowid; a named one is refused below
# that, so that none that SQLite chooses by itself is ever -1.
GUARD = """
    CREATE TRIGGER counter_envelope_once BEFORE INSERT ON counter_envelope
    WHEN NEW.rowid < -1 OR EXISTS (
        SELECT 1 FROM counter_envelope
        WHERE id = NEW.id OR (rowid = NEW.rowid AND NEW.rowid <> -1)
    )
    BEGIN SELECT RAISE(ABORT, 'this key was used'); END
"""


def guard(_apps: Any, editor: Any) -> None:
    """PostgreSQL needs none: replacing takes the right to update."""
    if editor.connection.vendor == "sqlite":
        editor.execute(GUARD)


def unguard(_apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "sqlite":
        editor.execute("DROP TRIGGER counter_envelope_once")


class Migration(migrations.Migration):
    dependencies = [("counter", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Published",
            fields=[
                (
                    "name",
                    models.CharField(max_length=32, primary_key=True, serialize=False),
                ),
                ("text", models.TextField()),
            ],
        ),
        migrations.RunPython(guard, unguard),
    ]
