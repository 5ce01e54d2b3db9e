"""Frozen issues get a stand-in of their own for the link by which a reader leaves.

All had the same, which anybody could write into an article: of an issue that is being sent, only
links that are nothing but the old stand-in become the new one.
"""

import re
from secrets import token_hex

from django.db import migrations, models

OLD = re.escape('https://leave.invalid/')
IN_HTML = re.compile(rf'(<a\b[^<>]*?\shref=")({OLD})(?=")')
IN_TEXT = re.compile(rf'(?<!\S)()({OLD})(?!\S)')


def give_each_its_own(apps, _editor):
    issues = apps.get_model('letters', 'Issue').objects
    for pk in list(issues.exclude(html='').values_list('pk', flat=True)):
        issue = issues.get(pk=pk)
        stand_in = f'https://{token_hex(16)}.invalid/'
        issues.filter(pk=pk).update(
            leave_stand_in=stand_in,
            text=IN_TEXT.sub(rf'\g<1>{stand_in}', issue.text),
            html=IN_HTML.sub(rf'\g<1>{stand_in}', issue.html),
        )


class Migration(migrations.Migration):

    dependencies = [
        ('letters', '0007_as_sent'),
    ]

    operations = [
        migrations.AddField(
            model_name='issue',
            name='leave_stand_in',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.RunPython(give_each_its_own, migrations.RunPython.noop),
    ]
