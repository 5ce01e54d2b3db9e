"""Let the counts of mailboxes lie in no order of arrival, as the tables of 0003."""

from importlib import import_module

from django.db import migrations

TABLE = "readers_unanswered"
before = import_module("tamizdat.readers.migrations.0003_order")


def lay(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(f"UPDATE {TABLE} SET rowid = random() & 4611686018427387903")
        schema_editor.execute(before.TRIGGER.format(table=TABLE))


def undo(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(f"DROP TRIGGER {TABLE}_in_no_order")


class Migration(migrations.Migration):

    dependencies = [
        ("readers", "0005_older"),
    ]

    operations = [
        migrations.RunPython(lay, undo),
    ]
