"""Mark the records of an older newsroom: what the desk sealed had no mark of its own then.

They are believed as they are, and sealed anew at the next look. SQLite makes the table again, so
the trigger that lays its rows in no order has to be made again, too (0003_order).
"""

from importlib import import_module

from django.db import migrations, models

TABLE = "readers_sealedrecord"
TRIGGER = import_module("tamizdat.readers.migrations.0003_order").TRIGGER


def lay(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_in_no_order")
        schema_editor.execute(TRIGGER.format(table=TABLE))


class Migration(migrations.Migration):

    dependencies = [
        ('readers', '0004_unanswered'),
        ('support', '0002_seals'),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, lay),
        migrations.AddField(
            model_name='sealedrecord',
            name='older',
            field=models.BooleanField(default=True),
        ),
        migrations.AlterField(
            model_name='sealedrecord',
            name='older',
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(lay, migrations.RunPython.noop),
    ]
