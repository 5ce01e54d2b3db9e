"""Let readers leave by the letters that went to a subscription before it became one with another."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('readers', '0009_former_leave_token'),
    ]

    operations = [
        migrations.CreateModel(
            name='FormerLeaveLink',
            fields=[
                ('token', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('subscription', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_links', to='readers.subscription')),
            ],
        ),
    ]
