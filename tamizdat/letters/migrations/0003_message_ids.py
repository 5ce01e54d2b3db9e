from django.db import migrations, models


def forget(apps, _schema_editor):
    """Forget Message-IDs that were made of rows. Those of letters that wait go in the first round."""
    Letter = apps.get_model("letters", "Letter")
    Letter.objects.filter(state__in=("handed", "refused", "suppressed")).update(message_id="")


class Migration(migrations.Migration):

    dependencies = [
        ('letters', '0002_seals'),
    ]

    operations = [
        migrations.AlterField(
            model_name='letter',
            name='message_id',
            field=models.CharField(blank=True, max_length=128),
        ),
        migrations.RunPython(forget, migrations.RunPython.noop),
    ]
