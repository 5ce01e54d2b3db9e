"""Leave each colleague one address to sign in with: the one that the desk shows.

The library's own list of addresses kept another where one was changed at the desk.
"""

from typing import Any

from django.db import migrations
from django.db.models.functions import Lower


def _one_address(apps: Any, _editor: Any) -> None:
    apps.get_model("account", "EmailAddress").objects.all().delete()
    apps.get_model("auth", "User").objects.update(email=Lower("email"))


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0007_sign_in_state"),
        ("account", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [migrations.RunPython(_one_address, migrations.RunPython.noop)]
