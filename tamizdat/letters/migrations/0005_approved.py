"""What was approved before has no digest, and is approved once more."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('letters', '0004_doubts'),
    ]

    operations = [
        migrations.AddField(
            model_name='issue',
            name='approved',
            field=models.CharField(blank=True, default='', max_length=64),
            preserve_default=False,
        ),
    ]
