"""Open what the counter sealed, in tests of rooms that may not open anything themselves."""

from base64 import b64decode

from tamizdat.readers import keys
from tamizdat.readers.keys import unattended
from tamizdat.readers.models import Reader
from tamizdat.readers.sealing.opening import open_record, open_sealed, private_key


def open_submission(payload, folder):
    """Return the record in a submission, opened with its unattended key."""
    second = payload["sealed"]["unattended"]
    key = private_key(second["key"], unattended.secret(folder, second["key"]))
    return open_record(b64decode(second["sealed"]), key)


def addresses_on_record(reader_secret):
    """Return the addresses of all readers, the oldest reader's first."""
    key = private_key(keys.READER, bytearray(reader_secret))
    return [open_sealed(bytes(reader.sealed), key) for reader in Reader.objects.order_by("pk")]
