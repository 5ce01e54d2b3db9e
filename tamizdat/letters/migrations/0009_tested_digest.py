"""An issue keeps which letter was tested: one that an older version tested is tested again."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('letters', '0008_leave_stand_ins'),
    ]

    operations = [
        migrations.AddField(
            model_name='issue',
            name='tested_digest',
            field=models.CharField(blank=True, max_length=64),
        ),
    ]
