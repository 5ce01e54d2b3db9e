"""The subject as readers get it is frozen, too; introductions of articles left out are kept."""

from django.db import migrations, models


def freeze_subjects(apps, _editor):
    begun = apps.get_model('letters', 'Issue').objects.exclude(html='')
    begun.update(letter_subject=models.F('subject'))


class Migration(migrations.Migration):

    dependencies = [
        ('letters', '0006_digests'),
    ]

    operations = [
        migrations.AddField(
            model_name='issue',
            name='letter_subject',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='issueitem',
            name='included',
            field=models.BooleanField(default=True),
        ),
        migrations.RunPython(freeze_subjects, migrations.RunPython.noop),
    ]
