"""Tell the counter, from the desk, which public keys to seal to."""

import logging
from pathlib import Path

from tamizdat.readers import keys
from tamizdat.readers.counter import published

FORMER_FILES = ("published.json", "published_support.json")

log = logging.getLogger(__name__)


def publish_keys(folder: Path) -> bool:
    """Publish the public keys in `folder` to the counter; return whether anything changed.

    Keys that are missing or damaged are not published: the counter goes on with the old ones.
    """
    try:
        reader, errand = _sound(folder, "reader"), _sound(folder, "errand")
    except keys.KeysError as error:
        log.warning("No public keys are published to the counter: %s", error)
        return False
    return published.write_keys(reader, "errand", errand)


def _sound(folder: Path, name: keys.KeyName) -> bytes:
    raw = keys.public_bytes(folder, name)
    keys.public_from(raw, name)
    return raw


def remove_former_files(data: Path) -> None:
    """Remove the files in which an older program published to the counter."""
    for name in FORMER_FILES:
        (data / name).unlink(missing_ok=True)
