"""Tell the counter, from the desk, which public keys to seal to."""

import logging
from datetime import datetime
from pathlib import Path

from tamizdat.lib.newsroom import Newsroom
from tamizdat.readers import keys
from tamizdat.readers.counter import published, version
from tamizdat.readers.keys import founded_keys, unattended

FORMER_FILES = ("published.json", "published_support.json")

log = logging.getLogger(__name__)


def change_keys(newsroom: Newsroom, at: datetime) -> bool:
    """Have an unattended key in use, destroy those that are over, and tell the counter.

    Returns whether anything changed there. Keys that are missing, damaged, another newsroom's or
    cannot be written are not published: the counter goes on with the old ones, and all else that is
    due is done.
    """
    folder = newsroom.keys
    try:
        pair = unattended.rotate(folder, at)
        if not founded_keys.verified(newsroom.data, folder, founded_keys.READER_PUBLIC, at):
            return False
        reader = founded_keys.reader_public(folder).raw
        second = unattended.public(folder, pair.name).raw
    except keys.KeysError as error:
        log.warning("No public keys are published to the counter: %s", error)
        return False
    return published.write_keys(reader, pair.name, second)


def tell_version() -> bool:
    """Tell the counter which tables it has now, and return whether that changed."""
    return published.write(version.NAME, version.needed())


def remove_former_files(data: Path) -> None:
    """Remove the files in which an older program published to the counter."""
    for name in FORMER_FILES:
        (data / name).unlink(missing_ok=True)
