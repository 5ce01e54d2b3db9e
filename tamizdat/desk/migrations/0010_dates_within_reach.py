"""Bring dates before 1900 and after 2199 to the nearest that can be looked at in all time zones."""

from datetime import UTC, datetime
from typing import Any

from django.db import migrations

FIRST, LAST = datetime(1900, 1, 2, tzinfo=UTC), datetime(2199, 12, 30, tzinfo=UTC)
KEPT = (
    ("wagtailcore", "Page", "go_live_at"),
    ("wagtailcore", "Page", "expire_at"),
    ("wagtailcore", "Revision", "approved_go_live_at"),
    ("desk", "Correction", "at"),
)


def _within_reach(apps: Any, _editor: Any) -> None:
    for app, model, field in KEPT:
        rows = apps.get_model(app, model).objects
        rows.filter(**{f"{field}__lt": datetime(1900, 1, 1, tzinfo=UTC)}).update(**{field: FIRST})
        rows.filter(**{f"{field}__gte": datetime(2200, 1, 1, tzinfo=UTC)}).update(**{field: LAST})


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0009_wrong_guesses"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [migrations.RunPython(_within_reach, migrations.RunPython.noop)]
