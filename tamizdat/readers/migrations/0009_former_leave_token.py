"""Let readers leave by the letters from before `tamizdat resetkey`."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('readers', '0008_founded_keys'),
    ]

    operations = [
        migrations.AddField(
            model_name='subscription',
            name='former_leave_token',
            field=models.CharField(blank=True, db_index=True, default='', max_length=64),
        ),
    ]
