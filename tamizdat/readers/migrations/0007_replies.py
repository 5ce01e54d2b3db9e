"""Give notes of an older newsroom a reply token, as all other records have one.

Nobody could answer them, and whoever held `letters.key` could see that.
"""

from django.conf import settings
from django.db import migrations


def derive(apps, _schema_editor):
    from tamizdat.readers import tokens, waiting

    found = apps.get_model("readers", "SealedRecord").objects
    for pk in list(found.values_list("pk", flat=True)):
        reply = tokens.digest(waiting.reply_token(settings.NEWSROOM.keys, pk))
        found.filter(pk=pk).exclude(reply=reply).update(reply=reply)


class Migration(migrations.Migration):

    dependencies = [
        ("readers", "0006_order_of_unanswered"),
    ]

    operations = [
        migrations.RunPython(derive, migrations.RunPython.noop),
    ]
