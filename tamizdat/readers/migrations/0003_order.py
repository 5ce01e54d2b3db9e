"""Let rows lie in no order of arrival.

SQLite numbers the rows of a table as they come, whatever their key is. A trigger gives each row
that holds an address a random number. Make it again whenever a migration makes such a table again.
PostgreSQL's rows are laid by their ids whenever what was deleted is erased (readers/privacy/erasing.py).
"""

from django.db import migrations

TABLES = ("readers_sealedrecord", "readers_unattendedcopy", "readers_pending")
TRIGGER = """
CREATE TRIGGER {table}_in_no_order AFTER INSERT ON {table} BEGIN
  UPDATE {table} SET rowid = random() & 4611686018427387903 WHERE rowid = NEW.rowid;
END
"""


def lay(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        return
    for table in TABLES:
        schema_editor.execute(f"UPDATE {table} SET rowid = random() & 4611686018427387903")
        schema_editor.execute(TRIGGER.format(table=table))


def undo(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        return
    for table in TABLES:
        schema_editor.execute(f"DROP TRIGGER {table}_in_no_order")


class Migration(migrations.Migration):

    dependencies = [
        ('readers', '0002_seals'),
    ]

    operations = [
        migrations.RunPython(lay, undo),
    ]
