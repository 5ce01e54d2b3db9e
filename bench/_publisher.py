"""Publish articles one by one in a newsroom of its own: `python -m bench._publisher DIR LETTERS`.

First a newsroom is laid out with some articles, its keys and so many letters that wait. Then each
line on stdin has one more article published; the answer is the seconds until readers have it.
"""

import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from tamizdat.lib.newsroom import Newsroom
from tamizdat.site.boot import boot
from tests.databases import OnSqlite
from tests.newsdesk import NewsDesk

ARTICLES = 40
PORTION = 1_000


def main(folder: Path, letters: int) -> None:
    """Lay out, say so, and publish as often as asked."""
    newsroom = boot(folder)
    OnSqlite().of_its_own(folder)
    from tamizdat.lib import clock
    from tamizdat.press.actions import hold

    desk = cast("Any", NewsDesk)(newsroom)  # the tests' own, which has no types
    with hold():
        for number in range(ARTICLES):
            desk.article(f"Article {number}")
    _queue(newsroom, letters, clock.now())
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for number, _ in enumerate(sys.stdin):
        with hold():
            desk.article(f"Measured {number}")
            begun = time.perf_counter()
        sys.stdout.write(f"{time.perf_counter() - begun}\n")
        sys.stdout.flush()


def _queue(newsroom: Newsroom, letters: int, at: datetime) -> None:
    """Have receipts wait, sealed to the unattended key: no passphrase is needed to send them."""
    from tamizdat.letters.models import Letter
    from tamizdat.letters.outbox import midnight
    from tamizdat.readers import keys
    from tamizdat.readers.keys import unattended
    from tamizdat.readers.models import UnattendedCopy
    from tamizdat.readers.sealed_records import store
    from tamizdat.readers.sealing import records
    from tamizdat.readers.sealing.records import Record

    keys.make(newsroom.keys, "a passphrase for the measurement")
    name = unattended.rotate(newsroom.keys, at).name
    shown = {"amount": "€5", "interval": "once", "manage_href": ""}
    record = Record("letter", "reader@example.org", "en", shown)
    public = keys.reader_public(newsroom.keys)
    copy = bytes(records.seal(record, unattended.public(newsroom.keys, name)))
    until, due = at + store.COPY_LASTS, midnight(at)
    for begin in range(0, letters, PORTION):
        copies = UnattendedCopy.objects.bulk_create(
            UnattendedCopy(key=name, sealed=copy, until=until) for _ in range(PORTION)
        )
        Letter.objects.bulk_create(
            Letter(
                id=begin + number + 1, kind="receipt", about=f"r{begin + number}", language="en",
                template="receipt", context={}, sealed=records.seal(record, public),
                copy=of_letter, due_at=due, queued_at=due,
            )
            for number, of_letter in enumerate(copies)
        )  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
