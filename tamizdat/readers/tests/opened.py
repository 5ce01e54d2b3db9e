"""Open what the counter sealed, in tests of rooms that may not open anything themselves."""

from base64 import b64decode

from tamizdat.readers import unattended
from tamizdat.readers.opening import open_record, private_key


def open_submission(payload, folder):
    """Return the record in a submission, opened with its unattended key."""
    second = payload["sealed"]["unattended"]
    key = private_key(second["key"], unattended.secret(folder, second["key"]))
    return open_record(b64decode(second["sealed"]), key)
