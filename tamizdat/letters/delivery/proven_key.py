"""Know our own letters.key again by what the desk sealed with it.

Each token whose hash the desk keeps may be gone when the file is put back: the last sign-up
expired, and the note of it was kept without the key. The desk's mark is left, inside the seal. Who
has another newsroom's key has no record that opens with its mark, and no counter can make one.
"""

from contextlib import suppress
from datetime import datetime

from django.conf import settings

from tamizdat.letters.delivery.round_keys import EndedError, RoundKeys, round_keys
from tamizdat.lib.batches import batches
from tamizdat.readers import keys
from tamizdat.readers.keys import founded_keys
from tamizdat.readers.models import SealedRecord
from tamizdat.readers.sealing.opening import OpeningError, PrivateKey, open_record

AT_ONCE = 200  # rows of one query


def prove(_at: datetime) -> None:
    """Take letters.key for ours from now on, if one record opens with its mark.

    Only the reader key can show that, and it is asked only where nothing else says whose it is.
    """
    newsroom = settings.NEWSROOM
    try:
        secret = founded_keys.unproven_letters_key(newsroom.keys)
    except keys.KeysError:
        return
    if secret is None:
        return
    with round_keys(newsroom) as unlocked, suppress(EndedError):
        if unlocked.reader is not None and _sealed_any(secret, unlocked, unlocked.reader):
            founded_keys.replace(founded_keys.LETTERS_KEY, secret)


def _sealed_any(letters_key: bytes, unlocked: RoundKeys, reader: PrivateKey) -> bool:
    """Say whether the desk sealed any record with this key's mark.

    Raises:
        EndedError: the reader key was locked meanwhile.
    """
    mark = keys.desk_mark(letters_key)
    numbers = list(SealedRecord.objects.order_by("pk").values_list("pk", flat=True))
    for portion in batches(numbers, AT_ONCE):
        rows = SealedRecord.objects.filter(pk__in=portion)
        for sealed in list(rows.values_list("sealed", flat=True)):
            unlocked.check()
            with suppress(OpeningError):
                open_record(bytes(sealed), reader, mark)
                return True
    return False
