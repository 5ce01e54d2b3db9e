"""Give notes of an older newsroom a reply token, as all other records have one.

Nobody could answer them, and whoever held `letters.key` could see that.
"""

import base64
import hashlib
import hmac

from django.conf import settings
from django.db import migrations

from tamizdat.readers.keys import KeysError, shared_secret


def hashed_reply(secret, pk):
    """Return what is kept of a record's reply token, as this was made when it was written."""
    keyed = hmac.digest(secret, f"reply|{pk.hex}".encode(), "sha256")
    token = base64.b32encode(keyed).decode().lower()[:26]
    return hashlib.sha256(token.encode()).hexdigest()


def derive(apps, _schema_editor):
    found = apps.get_model("readers", "SealedRecord").objects
    numbers = list(found.values_list("pk", flat=True))
    try:
        secret = shared_secret(settings.NEWSROOM.keys, "letters.key")
    except KeysError:  # an alert names it; a newsroom without it must begin all the same
        return
    for pk in numbers:
        reply = hashed_reply(secret, pk)
        found.filter(pk=pk).exclude(reply=reply).update(reply=reply)


class Migration(migrations.Migration):

    dependencies = [
        ("readers", "0006_order_of_unanswered"),
    ]

    operations = [
        migrations.RunPython(derive, migrations.RunPython.noop),
    ]
