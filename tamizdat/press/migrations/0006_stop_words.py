"""Read more counts no stop words from now on, so what was counted with them goes.

The next publication, or the next minute of `work`, counts all words of each language anew. What
stands under an article stays until the background has related it by the new rule.
"""

from django.db import migrations


def forget_counts(apps, schema_editor):
    apps.get_model("press", "TermPrefix").objects.using(schema_editor.connection.alias).all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("press", "0005_standard_names"),
    ]

    operations = [migrations.RunPython(forget_counts, migrations.RunPython.noop)]
