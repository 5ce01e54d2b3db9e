"""Gifts are called contributions, and strays unmatched charges: as everywhere else. Rows stay."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('till', '0002_receipt_wished'),
    ]

    operations = [
        migrations.RemoveConstraint('gift', 'one_gift_per_ref'),
        migrations.RemoveConstraint('gift', 'gift_is_of_something'),
        migrations.RemoveConstraint('stray', 'one_stray_per_ref'),
        migrations.RenameModel('Gift', 'Contribution'),
        migrations.RenameModel('Stray', 'UnmatchedCharge'),
        migrations.RenameField('contribution', 'turn', 'version'),
        migrations.RenameField('charge', 'gift', 'contribution'),
        migrations.RenameIndex(
            'contribution', new_name='contribution_not_settled', old_name='gift_not_settled'
        ),
        migrations.AddConstraint(
            'contribution',
            models.UniqueConstraint(models.F('provider'), models.F('ref'), name='one_contribution_per_ref'),
        ),
        migrations.AddConstraint(
            'contribution',
            models.CheckConstraint(condition=models.Q(('minor__gt', 0)), name='contribution_is_of_something'),
        ),
        migrations.AddConstraint(
            'unmatchedcharge',
            models.UniqueConstraint(models.F('provider'), models.F('ref'), name='one_unmatched_charge_per_ref'),
        ),
    ]
