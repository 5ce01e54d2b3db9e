"""The digests have names that say of what. Tests of issues that wait keep theirs."""

from django.db import migrations


def rename_in_tests(apps, _editor):
    for letter in apps.get_model('letters', 'Letter').objects.filter(kind='trial'):
        if 'version' in letter.context:
            letter.context['draft_digest'] = letter.context.pop('version')
            letter.save(update_fields=['context'])


class Migration(migrations.Migration):

    dependencies = [
        ('letters', '0005_approved'),
    ]

    operations = [
        migrations.RenameField('issue', 'approved', 'approved_digest'),
        migrations.RunPython(rename_in_tests, migrations.RunPython.noop),
    ]
